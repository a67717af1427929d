"""
Correlators (DSP0201 2.4): from a client to those at the server who ask for them.
"""

from __future__ import annotations

import asyncio
import io
import pickle
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Mapping

import pytest

import pywbem
from pywbem import AsyncWBEMConnection, AsyncWBEMListener, WBEMConnection, WBEMListener
from pywbem_mock import (
    AsyncFakedWBEMConnection,
    FakedWBEMConnection,
    InstanceWriteProvider,
    MethodProvider,
    WBEMServerThread,
)

MOF = """
Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride, ToSubclass);
class T_Disk { [Key] string Id; uint32 Go(); };
instance of T_Disk { Id = "a"; };
"""
DISK = pywbem.CIMInstanceName("T_Disk", {"Id": "a"}, namespace="root/cimv2")
CORRELATORS = {"ACME:Job": "nightly <7>", "ACME:Step": pywbem.Uint32(3), "ACME:Dry": True}
INDICATION = pywbem.CIMInstance("T_Indication", {"Text": "x"})


class Goes(MethodProvider):
    """Notes the correlators; its operations on the server are calls of their own."""

    provider_classnames = "T_Disk"

    def __init__(self, conn: Any, seen: List[Dict[str, Any]]) -> None:
        super().__init__(conn.cimrepository)
        self.conn = conn
        self.seen = seen

    def InvokeMethod(self, methodname: str, localobject: Any, params: Any) -> Any:
        self.seen.append(self.correlators)
        self.conn.CreateInstance(pywbem.CIMInstance("T_Disk", {"Id": f"b{len(self.seen)}"}))
        self.seen.append(self.correlators)
        return pywbem.Uint32(0), []


class Creates(InstanceWriteProvider):
    """Notes the correlators of the creation of an instance."""

    provider_classnames = "T_Disk"

    def __init__(self, conn: Any, seen: List[Dict[str, Any]]) -> None:
        super().__init__(conn.cimrepository)
        self.seen = seen

    def CreateInstance(self, namespace: str, new_instance: Any) -> Any:
        self.seen.append(self.correlators)
        return super().CreateInstance(namespace, new_instance)


@pytest.fixture
def seen() -> List[Dict[str, Any]]:
    """What the providers noted."""
    return []


@pytest.fixture
def faked(seen: List[Dict[str, Any]]) -> FakedWBEMConnection:
    conn = FakedWBEMConnection()
    conn.compile_mof_string(MOF)
    conn.register_provider(Goes(conn, seen))
    conn.register_provider(Creates(conn, seen))
    return conn


@pytest.fixture
def log() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def server(faked: FakedWBEMConnection, log: io.StringIO) -> Iterator[WBEMServerThread]:
    with WBEMServerThread(faked, log=log) as thread:
        yield thread


def in_process(faked: FakedWBEMConnection, url: str) -> None:
    conn = faked.copy()
    conn.correlators = CORRELATORS
    conn.InvokeMethod("Go", DISK)


def over_http(faked: FakedWBEMConnection, url: str) -> None:
    with WBEMConnection(url, correlators=CORRELATORS) as conn:
        conn.InvokeMethod("Go", DISK)


def asynchronous(faked: FakedWBEMConnection, url: str) -> None:
    async def main() -> None:
        async with AsyncWBEMConnection(url, correlators=CORRELATORS) as conn:
            await conn.InvokeMethod("Go", DISK)

    asyncio.run(main())


def asynchronous_in_process(faked: FakedWBEMConnection, url: str) -> None:
    async def main() -> None:
        conn = faked.copy()
        conn.correlators = CORRELATORS
        await AsyncFakedWBEMConnection.of(conn).copy().InvokeMethod("Go", DISK)

    asyncio.run(main())


WAYS: List[Callable[[FakedWBEMConnection, str], None]] = [
    in_process, over_http, asynchronous, asynchronous_in_process,
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_providers_are_told(
    way: Any, faked: FakedWBEMConnection, server: WBEMServerThread, seen: List[Dict[str, Any]]
) -> None:
    way(faked, server.url)
    # The operation of the provider has none, and afterwards its own are there again.
    assert seen == [CORRELATORS, {}, CORRELATORS]
    assert [type(value) for value in seen[0].values()] == [str, pywbem.Uint32, bool]
    faked.InvokeMethod("Go", DISK)
    assert seen[3:] == [{}, {}, {}]


def test_log_of_the_served_mock(server: WBEMServerThread, log: io.StringIO) -> None:
    with WBEMConnection(server.url, correlators=CORRELATORS) as conn:
        conn.GetInstance(DISK)
        conn.correlators = None
        conn.GetInstance(DISK)
    words = [line.split() for line in log.getvalue().splitlines()]
    assert [line[7:] for line in words] == [
        ["ACME:Job=nightly\\x20<7>", "ACME:Step=3", "ACME:Dry=True"],
        [],
    ]


def test_all_requests_have_them(server: WBEMServerThread) -> None:
    """Those of an iteration, and those that are streamed, too."""
    with WBEMConnection(server.url, correlators={"c": "x"}) as conn:
        recorded = io.StringIO()
        conn.add_operation_recorder(pywbem.TestClientRecorder(recorded))
        requests = []
        for pull in (True, False):
            other = conn.copy()
            other._use_pull_operations = pull
            assert len(list(other.IterEnumerateInstances("T_Disk", MaxObjectCount=1))) == 1
            requests.append(other.last_raw_request)
        conn.EnumerateClassNames()
        requests.append(conn.last_raw_request)
    assert recorded.getvalue().count("<CORRELATOR NAME=") == 3
    for request in requests:
        assert '<CORRELATOR NAME="c" TYPE="string"><VALUE>x</VALUE></CORRELATOR>' in request


# -- The argument -------------------------------------------------------------

MAKERS: Dict[str, Callable[..., Any]] = {
    "synchronous": WBEMConnection,
    "asynchronous": AsyncWBEMConnection,
}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_setting(make: Any) -> None:
    given: Dict[str, Any] = {"a": "x"}
    conn = make("h", correlators=given)
    given["b"] = 1
    conn.correlators["c"] = 1
    assert conn.correlators == {"a": "x"}
    assert conn.copy().correlators == {"a": "x"}
    conn.correlators = {"b": pywbem.Sint8(-1)}
    assert conn.correlators == {"b": pywbem.Sint8(-1)}
    assert make("h").correlators == {}


def test_pickled() -> None:
    conn = WBEMConnection("h", correlators=CORRELATORS)
    assert pickle.loads(pickle.dumps(conn)).correlators == CORRELATORS


WRONG = {
    "no dictionary": [("a", "x")],
    "name": {1: "x"},
    "none": {"a": None},
    "plain integer": {"a": 1},
    "plain float": {"a": 0.5},
    "bytes": {"a": b"x"},
    "array": {"a": ["x"]},
    "path": {"a": DISK},
    "object": {"a": INDICATION},
}


@pytest.mark.parametrize("value", WRONG.values(), ids=WRONG)
def test_wrong_values(value: Any) -> None:
    conn = WBEMConnection("h")
    with pytest.raises(TypeError, match="correlator"):
        conn.correlators = value
    with pytest.raises(TypeError, match="correlator"):
        AsyncWBEMConnection("h", correlators=value)


# -- Indications --------------------------------------------------------------


def export(port: Any, correlators: Any) -> None:
    with WBEMConnection(f"http://127.0.0.1:{port}", correlators=correlators) as conn:
        conn.ExportIndication(INDICATION)


def test_callbacks_that_ask() -> None:
    got: List[Any] = []

    def asks(indication: pywbem.CIMInstance, host: str, correlators: Mapping[str, Any]) -> None:
        got.append(correlators)

    def asks_not(indication: pywbem.CIMInstance, host: str) -> None:
        got.append(indication["Text"])

    def takes_all(*args: Any, **kwargs: Any) -> None:
        got.append((len(args), kwargs))

    listener = WBEMListener("127.0.0.1", 0)
    for callback in (asks, asks_not, takes_all):
        listener.add_callback(callback)
    listener.start()
    for correlators in (CORRELATORS, None, {"n": pywbem.Uint8(1)}):
        export(listener.http_port, correlators)
    listener.stop()
    others = ["x", (2, {})]
    assert got == [CORRELATORS, *others, {}, *others, {"n": 1}, *others]


def test_loop_over_a_listener() -> None:
    async def main() -> List[Dict[str, Any]]:
        async with AsyncWBEMListener("127.0.0.1", 0) as listener:
            url = f"http://127.0.0.1:{listener.http_port}"
            async with AsyncWBEMConnection(url, correlators=CORRELATORS) as conn:
                await conn.ExportIndication(INDICATION)
                conn.correlators = None
                await conn.ExportIndication(INDICATION)
            return [dict((await listener.__anext__()).correlators) for _ in range(2)]

    assert asyncio.run(main()) == [CORRELATORS, {}]


def test_journal_keeps_them(tmp_path: Path) -> None:
    got: List[Any] = []

    def callback(indication: Any, host: str, redelivered: bool, correlators: Any) -> None:
        got.append((redelivered, correlators))
        raise ValueError("not now")

    journal = str(tmp_path / "journal")
    for life in range(2):
        listener = WBEMListener("127.0.0.1", 0, journal=journal, on_error="keep")
        listener.add_callback(callback)
        listener.start()
        if life == 0:
            export(listener.http_port, CORRELATORS)
        listener.stop()
    assert got == [(False, CORRELATORS), (True, CORRELATORS)]
