"""
Faults that are injected into a mock server, in the process and over HTTP.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import random
import time
from typing import Any, Callable, Dict, Iterator, List, Optional, Tuple

import pytest

import pywbem
from pywbem_mock import AsyncFakedWBEMConnection, FakedWBEMConnection, WBEMServerThread
from pywbem_mock.operations.faults import parse_fault

MOF = """
Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride, ToSubclass);
Qualifier Association : boolean = false, Scope(association), Flavor(DisableOverride, ToSubclass);
class T_Disk { [Key] string Id; uint32 Erase(); };
class T_Tape { [Key] string Id; };
[Association] class T_Beside { [Key] T_Disk REF Left; [Key] T_Disk REF Right; };
instance of T_Disk { Id = "a"; };
instance of T_Tape { Id = "t"; };
"""
DISK = pywbem.CIMInstanceName("T_Disk", {"Id": "a"}, namespace="root/cimv2")
NEW = pywbem.CIMInstance("T_Disk", {"Id": "new"})


@pytest.fixture
def conn() -> Iterator[FakedWBEMConnection]:
    with FakedWBEMConnection() as result:
        result.compile_mof_string(MOF)
        yield result


@contextlib.contextmanager
def serving(
    conn: FakedWBEMConnection, timeout: float = 10, **kwargs: Any
) -> Iterator[pywbem.WBEMConnection]:
    """A client by HTTP of the server of ``conn``."""
    with WBEMServerThread(conn, **kwargs) as server, pywbem.WBEMConnection(
        server.url, ("u", "wrong-one"), timeout=timeout
    ) as client:
        yield client


@pytest.fixture(params=["process", "http"])
def client(
    request: pytest.FixtureRequest, conn: FakedWBEMConnection
) -> Iterator[pywbem.WBEMConnection]:
    """A client of the server of ``conn``."""
    if request.param == "process":
        yield conn
        return
    with serving(conn) as result:
        yield result


OPERATIONS: Dict[str, Callable[[Any], Any]] = {
    "GetInstance": lambda conn: conn.GetInstance(DISK),
    "EnumerateInstances": lambda conn: conn.EnumerateInstances("T_Disk"),
    "EnumerateInstances T_Tape": lambda conn: conn.EnumerateInstances("T_Tape"),
    "CreateInstance": lambda conn: conn.CreateInstance(NEW),
    "GetClass": lambda conn: conn.GetClass("T_Disk"),
    "AssociatorNames": lambda conn: conn.AssociatorNames(DISK),
    "References of a class": lambda conn: conn.References("T_Disk"),
    "OpenEnumerateInstances": lambda conn: conn.OpenEnumerateInstances("T_Disk", MaxObjectCount=9),
    "ExecQuery": lambda conn: conn.ExecQuery("WQL", "select * from T_Disk"),
    "EnumerateClassNames": lambda conn: conn.EnumerateClassNames(),
    "Erase": lambda conn: conn.InvokeMethod("Erase", DISK),
}
DISK_OPERATIONS = set(OPERATIONS) - {"EnumerateInstances T_Tape", "EnumerateClassNames"}

MATCHES: Dict[str, Tuple[Dict[str, Any], Any]] = {
    "all": ({}, set(OPERATIONS)),
    "class": ({"classname": "T_Disk"}, DISK_OPERATIONS),
    "class in another case": ({"classname": "t_dISK"}, DISK_OPERATIONS),
    "class with wildcards": (
        {"classname": "T_[DT]*"},
        DISK_OPERATIONS | {"EnumerateInstances T_Tape"},
    ),
    "operation": ({"operation": "GetInstance"}, {"GetInstance"}),
    "operation in another case": ({"operation": "getinstance"}, {"GetInstance"}),
    "operation with wildcards": ({"operation": "get*"}, {"GetInstance", "GetClass"}),
    "method": ({"operation": "Erase"}, {"Erase"}),
    "all methods": ({"operation": "InvokeMethod"}, {"Erase"}),
    "both": ({"operation": "EnumerateInstances", "classname": "T_Tape"},
             {"EnumerateInstances T_Tape"}),
    "none": ({"classname": "T_Other"}, set()),
}  # fmt: skip


@pytest.mark.parametrize(("where", "expected"), MATCHES.values(), ids=MATCHES)
def test_the_requests_that_meet_a_fault(
    client: pywbem.WBEMConnection, conn: FakedWBEMConnection, where: Dict[str, Any], expected: Any
) -> None:
    met = set()
    fault = conn.inject(status="SERVER_LIMITS_EXCEEDED", **where)
    for name, operation in OPERATIONS.items():
        before = fault.count
        try:
            operation(client)
        except pywbem.CIMError as exc:
            if exc.status_code == pywbem.CIM_ERR_SERVER_LIMITS_EXCEEDED:
                met.add(name)
                assert fault.count == before + 1
    assert met == expected
    assert fault.count == len(expected)


STATUSES = {"number": 1, "name": "FAILED", "whole name": "CIM_ERR_FAILED", "letters": "failed"}


@pytest.mark.parametrize("status", STATUSES.values(), ids=STATUSES)
def test_status(client: pywbem.WBEMConnection, conn: FakedWBEMConnection, status: Any) -> None:
    fault = conn.inject(operation="CreateInstance", status=status)
    with fault, pytest.raises(pywbem.CIMError) as info:
        client.CreateInstance(NEW)
    assert info.value.status_code == pywbem.CIM_ERR_FAILED
    assert info.value.status_description == "Injected fault"
    # It was not performed, and the fault has ended.
    client.CreateInstance(NEW)


BROKEN: Dict[str, Tuple[Dict[str, Any], type, bool]] = {
    "drop": ({"drop": True}, pywbem.ConnectionError, False),
    "503": ({"http": 503}, pywbem.HTTPError, False),
    "404": ({"http": 404}, pywbem.HTTPError, False),
    "401": ({"http": 401}, pywbem.AuthError, False),
    "truncate": ({"truncate": True}, pywbem.ConnectionError, True),
}


@pytest.mark.parametrize(("what", "error", "performed"), BROKEN.values(), ids=BROKEN)
def test_answers_that_do_not_arrive(
    client: pywbem.WBEMConnection,
    conn: FakedWBEMConnection,
    what: Dict[str, Any],
    error: type,
    performed: bool,
) -> None:
    client.EnumerateClassNames()
    with conn.inject(**what) as fault:
        with pytest.raises(pywbem.Error) as info:
            client.CreateInstance(NEW)
        assert type(info.value) is error
        assert info.value.conn_id == client.conn_id
        # One request, never sent again.
        assert fault.count == 1
    if "http" in what and isinstance(info.value, pywbem.HTTPError):
        assert info.value.status == what["http"]
        assert info.value.reason
    names = [path["Id"] for path in client.EnumerateInstanceNames("T_Disk")]
    assert names == ["a"] + ["new"] * performed


def test_an_error_is_cut_off_too(client: pywbem.WBEMConnection, conn: FakedWBEMConnection) -> None:
    with conn.inject(truncate=True), pytest.raises(pywbem.ConnectionError):
        client.GetClass("T_Absent")


def test_a_fault_that_ends_a_request_follows_a_delay(
    client: pywbem.WBEMConnection, conn: FakedWBEMConnection
) -> None:
    slow = conn.inject(delay=0.05)
    busy = conn.inject(http=503, delay=0.05)
    started = time.monotonic()
    with pytest.raises(pywbem.HTTPError):
        client.GetInstance(DISK)
    assert time.monotonic() - started >= 0.1
    busy.end()
    client.GetInstance(DISK)
    assert (slow.count, busy.count) == (2, 1)


def test_the_first_fault_that_ends_a_request_is_the_only_one(conn: FakedWBEMConnection) -> None:
    first, second = conn.inject(status=5), conn.inject(status=6)
    with pytest.raises(pywbem.CIMError) as info:
        conn.GetInstance(DISK)
    assert (info.value.status_code, first.count, second.count) == (5, 1, 0)


def test_a_delay_that_a_client_does_not_wait_for(conn: FakedWBEMConnection) -> None:
    conn.inject(delay=0.5)
    with serving(conn, 0.2) as client, pytest.raises(pywbem.TimeoutError):
        client.GetInstance(DISK)


def test_a_delay_holds_nobody_else(conn: FakedWBEMConnection) -> None:
    async def work() -> List[str]:
        done: List[str] = []

        async def one(name: str, classname: str) -> None:
            await AsyncFakedWBEMConnection.of(conn).EnumerateInstanceNames(classname)
            done.append(name)

        await asyncio.gather(one("slow", "T_Disk"), one("quick", "T_Tape"))
        return done

    with conn.inject(classname="T_Disk", delay=0.2):
        assert asyncio.run(work()) == ["quick", "slow"]


@pytest.mark.parametrize(("what", "error", "performed"), BROKEN.values(), ids=BROKEN)
def test_asynchronous_clients(
    conn: FakedWBEMConnection, what: Dict[str, Any], error: type, performed: bool
) -> None:
    client = AsyncFakedWBEMConnection.of(conn)
    with conn.inject(**what), pytest.raises(pywbem.Error) as info:
        asyncio.run(client.EnumerateClassNames())
    assert type(info.value) is error


def failures(conn: FakedWBEMConnection, count: int) -> List[bool]:
    """Which of so many requests fail."""
    result = []
    for _ in range(count):
        try:
            conn.GetInstance(DISK)
        except pywbem.CIMError:
            result.append(True)
        else:
            result.append(False)
    return result


def test_times(conn: FakedWBEMConnection) -> None:
    fault = conn.inject(status=1, times=2)
    assert failures(conn, 4) == [True, True, False, False]
    assert fault.count == 2


def test_rate(conn: FakedWBEMConnection) -> None:
    runs = []
    for _ in range(2):
        random.seed(11)
        with conn.inject(status=1, rate=0.25) as fault:
            runs.append(failures(conn, 400))
            assert fault.count == sum(runs[-1])
    assert 60 <= sum(runs[0]) <= 140
    assert runs[0] == runs[1]


def test_ending(conn: FakedWBEMConnection) -> None:
    one, other = conn.inject(status=1), conn.inject(status=2)
    one.end()
    one.end()
    with pytest.raises(pywbem.CIMError) as info:
        conn.GetInstance(DISK)
    assert info.value.status_code == 2
    with pytest.raises(ZeroDivisionError), other:
        raise ZeroDivisionError
    conn.GetInstance(DISK)


def test_a_copy_has_the_faults_of_its_server(conn: FakedWBEMConnection) -> None:
    copy = conn.copy()
    with copy.inject(classname="T_Disk", status=1) as fault:
        assert failures(conn, 1) == [True]
    assert failures(copy, 1) == [False]
    assert repr(fault) == "Fault(class=T_Disk status=1, count=1)"


WRONG: Dict[str, Tuple[Dict[str, Any], str]] = {
    "nothing": ({}, "needs one of status, delay, drop, http and truncate"),
    "where only": ({"classname": "T"}, "needs one of"),
    "two": ({"status": 1, "http": 503}, "cannot have both status and http"),
    "two others": ({"drop": True, "truncate": True}, "cannot have both drop and truncate"),
    "status": ({"status": "NO_SUCH"}, "Unknown status 'NO_SUCH'"),
    "status number": ({"status": 0}, "status of a fault must be a whole number from 1, not 0"),
    "status type": ({"status": 1.5}, "status of a fault must be a whole number"),
    "delay": ({"delay": -1}, "delay of a fault must be a number from 0, not -1"),
    "delay type": ({"delay": "1"}, "delay of a fault must be a number from 0, not '1'"),
    "endless delay": ({"delay": float("nan")}, "delay of a fault must be a number"),
    "http": ({"http": 200}, "http of a fault must be a whole number from 400 to 599, not 200"),
    "drop": ({"drop": 1}, "drop of a fault must be True or False, not 1"),
    "rate": ({"drop": True, "rate": 1.5}, "rate of a fault must be a number from 0 to 1"),
    "no rate": ({"drop": True, "rate": 0}, "rate of a fault must be above 0"),
    "times": ({"drop": True, "times": 0}, "times of a fault must be a whole number from 1"),
    "class": ({"drop": True, "classname": 5}, "classname of a fault must be a name, not 5"),
    "operation": ({"drop": True, "operation": ""}, "operation of a fault must be a name, not ''"),
}


MISSPELT = {
    "letter": ("GetInstanc", "did you mean GetInstance?"),
    "case": ("getinstanc", "'getinstanc', and no class with such a method; did you mean GetIns"),
    "plural": ("EnumerateInstance", "did you mean EnumerateInstances?"),
    "letters": ("EnumInstances", "did you mean EnumerateInstances?"),
    "pull": ("PullInstancesWithPaths", "did you mean PullInstancesWithPath?"),
    "long": ("OpenEnumerateInstanceNames", "did you mean OpenEnumerateInstances?"),
    "query": ("ExecuteQuery", "did you mean ExecQuery?"),
    "methods": ("InvokeMethods", "did you mean InvokeMethod?"),
}
WRONG.update(
    (f"operation, {name}", ({"drop": True, "operation": given}, text))
    for name, (given, text) in MISSPELT.items()
)


@pytest.mark.parametrize(("arguments", "text"), WRONG.values(), ids=WRONG)
def test_wrong_arguments(conn: FakedWBEMConnection, arguments: Dict[str, Any], text: str) -> None:
    with pytest.raises(ValueError) as info:
        conn.inject(**arguments)
    assert text in str(info.value)
    conn.GetInstance(DISK)


def test_methods_may_have_any_name(conn: FakedWBEMConnection) -> None:
    """Those of the DMTF, and what looks like an operation as soon as a class declares it."""
    for name in ("DeleteIPInterface", "GetClassTypes", "ModifyNamespace", "Restart", "GetInstanc?"):
        conn.inject(operation=name, drop=True).end()
    conn.compile_mof_string("class T_Copier { uint32 getInstances(); };")
    conn.inject(operation="GetInstances", status=4)
    with pytest.raises(pywbem.CIMError) as info:
        conn.InvokeMethod("GetInstances", "T_Copier")
    assert info.value.status_code == 4


PARSED: Dict[str, Tuple[str, Dict[str, Any]]] = {
    "status": ("status=5", {"status": 5}),
    "name": ("class=CIM_A operation=GetInstance status=FAILED",
             {"classname": "CIM_A", "operation": "GetInstance", "status": "FAILED"}),
    "delay": ("delay=.5", {"delay": 0.5}),
    "flag": ("  drop ", {"drop": True}),
    "more": ("truncate rate=0.1 times=3", {"truncate": True, "rate": 0.1, "times": 3}),
    "http": ("http=503 delay=2", {"http": 503, "delay": 2.0}),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), PARSED.values(), ids=PARSED)
def test_faults_of_a_text(text: str, expected: Dict[str, Any]) -> None:
    assert parse_fault(text) == expected


NOT_PARSED = {
    "empty": ("", "needs one of"),
    "word": ("broken", "'broken' is not understood; a fault is '[class=NAME]"),
    "key": ("colour=red drop", "'colour=red' is not understood"),
    "no value": ("status=", "'status=' is not understood"),
    "value of a flag": ("drop=1", "'drop=1' is not understood"),
    "number": ("http=busy", "'http=busy' needs a number"),
    "twice": ("drop drop", "drop is given twice"),
    "range": ("http=99", "from 400 to 599, not 99"),
    "status": ("status=NO", "Unknown status 'NO'"),
}


@pytest.mark.parametrize(("text", "message"), NOT_PARSED.values(), ids=NOT_PARSED)
def test_texts_that_are_no_faults(text: str, message: str) -> None:
    with pytest.raises(ValueError) as info:
        parse_fault(text)
    assert message in str(info.value)


# -- The log of requests -----------------------------------------------------------------------


LOGGED: Dict[str, Tuple[Callable[[Any], Any], Optional[Dict[str, Any]], str]] = {
    "read": (lambda c: c.GetInstance(DISK), None, "GetInstance root/cimv2 T_Disk OK"),
    "no class": (lambda c: c.EnumerateClassNames(), None, "EnumerateClassNames root/cimv2 - OK"),
    "method": (lambda c: c.InvokeMethod("Erase", DISK), None,
               "Erase root/cimv2 T_Disk CIM_ERR_METHOD_NOT_FOUND"),
    "error": (lambda c: c.GetClass("T_No"), None, "GetClass root/cimv2 T_No CIM_ERR_NOT_FOUND"),
    "unknown code": (lambda c: c.GetClass("T_No"), {"status": 999},
                     "GetClass root/cimv2 T_No CIM_ERR_999"),
    "drop": (lambda c: c.GetClass("T_No"), {"drop": True}, "GetClass root/cimv2 T_No dropped"),
    "truncate": (lambda c: c.GetClass("T_No"), {"truncate": True},
                 "GetClass root/cimv2 T_No truncated"),
    "status": (lambda c: c.GetClass("T_No"), {"http": 503}, "GetClass root/cimv2 T_No HTTP 503"),
    "blanks and lines": (lambda c: c.GetClass("T_No OK 1\n2"), None,
                         "GetClass root/cimv2 T_No\\x20OK\\x201\\x0a2 CIM_ERR_NOT_FOUND"),
}  # fmt: skip


@pytest.mark.parametrize(("operation", "fault", "expected"), LOGGED.values(), ids=LOGGED)
def test_a_line_a_request(
    conn: FakedWBEMConnection,
    operation: Callable[[Any], Any],
    fault: Optional[Dict[str, Any]],
    expected: str,
) -> None:
    log = io.StringIO()
    if fault:
        conn.inject(**fault)
    with serving(conn, log=log) as client, contextlib.suppress(pywbem.Error):
        operation(client)
    (line,) = log.getvalue().splitlines()
    when, host, *words, milliseconds = line.split(" ")
    assert (when[-1], host) == ("Z", "127.0.0.1")
    assert " ".join(words) == expected
    assert 0 <= float(milliseconds) < 10_000


def test_refused_requests_are_logged(conn: FakedWBEMConnection) -> None:
    log = io.StringIO()
    with serving(conn, users={"u": "secret"}, log=log) as client, pytest.raises(pywbem.AuthError):
        client.EnumerateClassNames()
    assert " 127.0.0.1 - - - HTTP 401 " in log.getvalue()
    assert "wrong-one" not in log.getvalue()


def test_a_log_that_cannot_be_written_costs_no_answer(conn: FakedWBEMConnection) -> None:
    log = io.StringIO()
    log.close()
    with serving(conn, log=log) as client:
        assert client.GetInstance(DISK)["Id"] == "a"
