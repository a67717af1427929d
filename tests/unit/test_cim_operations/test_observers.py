"""
What recorders and statistics of a connection see of its operations.
"""

from __future__ import annotations

import copy
import pickle
import threading
import time
from typing import Any, Dict, List, Tuple

import pytest

from pywbem._cim_obj import CIMInstance, CIMInstanceName
from pywbem._cim_operations import WBEMConnection
from pywbem._cim_xml.records import ExtrinsicResponse
from pywbem._exceptions import CIMError, CIMXMLParseError, ConnectionError, HTTPError
from pywbem._recorder import BaseOperationRecorder
from tests.unit.test_cim_operations.fake import (
    HOST,
    RecordConnection,
    Reply,
    empty_response,
    failure,
    message,
    returned,
    wired,
)

Step = Tuple[Any, ...]

NO_REPLY: List[Step] = [("response1", None, None, None, None), ("response2", None)]


class Recorder:
    """Remembers what it is told."""

    def __init__(self) -> None:
        self.enabled = True
        self.steps: List[Step] = []
        self.conn_ids: List[str] = []

    def enable(self) -> None:
        self.enabled = True

    def disable(self) -> None:
        self.enabled = False

    def copy(self) -> Recorder:
        return type(self)()

    def reset(self, pull_op: Any = None) -> None:
        self.steps.append(("reset", pull_op))

    def stage_wbem_connection(self, wbem_connection: Any) -> None:
        self.steps.append(("connection", wbem_connection.conn_id))

    def stage_pywbem_args(self, method: str, **kwargs: Any) -> None:
        self.steps.append(("args", method, list(kwargs.items())))

    def stage_http_request(
        self,
        conn_id: str,
        version: int,
        url: str,
        target: str,
        method: str,
        headers: Any,
        payload: bytes,
    ) -> None:
        self.conn_ids.append(conn_id)
        self.steps.append(("request", version, url, target, method, dict(headers), payload))

    def stage_http_response1(
        self, conn_id: str, version: Any, status: Any, reason: Any, headers: Any
    ) -> None:
        self.conn_ids.append(conn_id)
        self.steps.append(("response1", version, status, reason, headers))

    def stage_http_response2(self, payload: Any) -> None:
        self.steps.append(("response2", payload))

    def stage_pywbem_result(self, ret: Any, exc: Any) -> None:
        self.steps.append(("result", ret, exc))

    def record_staged(self) -> None:
        self.steps.append(("record",))


class OtherRecorder(Recorder):
    """One of another class."""


def recorded(conn: WBEMConnection) -> Recorder:
    """Attach a recorder to a connection, and forget that it was."""
    recorder = Recorder()
    conn.add_operation_recorder(recorder)
    recorder.steps.clear()
    return recorder


GET_CLASS_ARGS = [
    ("namespace", None),
    ("ClassName", "C"),
    ("LocalOnly", None),
    ("IncludeQualifiers", None),
    ("IncludeClassOrigin", None),
    ("PropertyList", "p"),
]


def begun(request: bytes) -> List[Step]:
    """The steps of a GetClass until the request is sent."""
    headers = {"CIMOperation": "MethodCall", "CIMMethod": "GetClass", "CIMObject": "root/def"}
    return [
        ("reset", False),
        ("args", "GetClass", GET_CLASS_ARGS),
        ("request", 11, f"http://{HOST}", "/cimom", "POST", headers, request),
        *NO_REPLY,
    ]


def test_success() -> None:
    reply = Reply(message("GetClass", '<IRETURNVALUE><CLASS NAME="C"/></IRETURNVALUE>'))
    conn, transport = wired(reply)
    recorder = recorded(conn)
    result = conn.GetClass("C", PropertyList="p")
    assert recorder.steps == [
        *begun(transport.requests[0][0]),
        ("response1", 11, 200, "OK", reply.headers),
        ("response2", reply.body),
        ("result", result, None),
        ("record",),
    ]
    assert set(recorder.conn_ids) == {conn.conn_id}


@pytest.mark.parametrize(
    "body, exception",
    [
        (message("GetClass", '<ERROR CODE="6" DESCRIPTION="nix"/>'), CIMError),
        (message("GetClass", "<IRETURNVALUE><VALUE>x</VALUE></IRETURNVALUE>"), CIMXMLParseError),
        (message("GetInstance", ""), CIMXMLParseError),
    ],
    ids=["error", "wrong-result", "wrong-name"],
)
def test_error_response(body: bytes, exception: Any) -> None:
    """Of a response that is an error, the recorder sees all, and the exception."""
    reply = Reply(body)
    conn, transport = wired(reply)
    recorder = recorded(conn)
    with pytest.raises(exception) as excinfo:
        conn.GetClass("C", PropertyList="p")
    assert recorder.steps == [
        *begun(transport.requests[0][0]),
        ("response1", 11, 200, "OK", reply.headers),
        ("response2", body),
        ("result", None, excinfo.value),
        ("record",),
    ]


def test_http_error() -> None:
    conn, transport = wired(HTTPError(500, "Oops", None, {"PGErrorDetail": "x"}))
    recorder = recorded(conn)
    with pytest.raises(HTTPError) as excinfo:
        conn.GetClass("C", PropertyList="p")
    assert recorder.steps == [
        *begun(transport.requests[0][0]),
        ("response1", 11, 500, "Oops", {"PGErrorDetail": "x"}),
        ("result", None, excinfo.value),
        ("record",),
    ]


def test_connection_error() -> None:
    conn, transport = wired(ConnectionError("refused"))
    recorder = recorded(conn)
    with pytest.raises(ConnectionError) as excinfo:
        conn.GetClass("C", PropertyList="p")
    assert recorder.steps == [
        *begun(transport.requests[0][0]),
        ("result", None, excinfo.value),
        ("record",),
    ]


def test_rejected_arguments() -> None:
    """Arguments are recorded as they were given, even wrong ones."""
    conn, _ = wired()
    recorder = recorded(conn)
    with pytest.raises(TypeError) as excinfo:
        conn.DeleteInstance("C")  # type: ignore[arg-type]
    assert recorder.steps == [
        ("reset", False),
        ("args", "DeleteInstance", [("InstanceName", "C")]),
        ("result", None, excinfo.value),
        ("record",),
    ]


PATH = CIMInstanceName("C", {"k": "v"})
ENDED = {"EndOfSequence": True}

# (operation, arguments, whether it is a pull operation, names of the recorded arguments)
OPERATIONS: List[Tuple[str, Tuple[Any, ...], bool, List[str]]] = [
    ("ExecQuery", ("L", "q"), False, ["namespace", "QueryLanguage", "Query"]),
    ("CreateClass", (None,), False, ["namespace", "NewClass"]),
    ("CloseEnumeration", (("x", "n"),), False, ["context"]),
    ("EnumerationCount", (("x", "n"),), False, ["context"]),
    ("OpenEnumerateInstancePaths", ("C",), True, [
        "namespace", "ClassName", "FilterQueryLanguage", "FilterQuery", "OperationTimeout",
        "ContinueOnError", "MaxObjectCount",
    ]),
    ("PullInstances", (("x", "n"), 3), True, ["context", "MaxObjectCount"]),
    ("ReferenceNames", (PATH,), False, ["ObjectName", "ResultClass", "Role"]),
    ("ExportIndication", (CIMInstance("C"),), False, ["NewIndication"]),
    ("InvokeMethod", ("M", "C", [("P", "x")]), False, ["MethodName", "ObjectName", "Params"]),
]  # fmt: skip


@pytest.mark.parametrize(
    "operation, args, pull, names", OPERATIONS, ids=[row[0] for row in OPERATIONS]
)
def test_operations(operation: str, args: Any, pull: bool, names: List[str]) -> None:
    """The name and the arguments of operations, in the order of their log."""
    conn = RecordConnection(returned(**ENDED)) if pull else RecordConnection()
    recorder = recorded(conn)
    try:
        getattr(conn, operation)(*args)
    except TypeError:
        assert args == (None,)
    assert recorder.steps[0] == ("reset", pull)
    assert recorder.steps[1][1] == operation
    assert [name for name, _ in recorder.steps[1][2]] == names
    assert recorder.steps[-1] == ("record",)


def test_method_arguments_and_result() -> None:
    """Keyword parameters of a method are recorded under their names."""
    conn = RecordConnection(ExtrinsicResponse("M", 0))
    recorder = recorded(conn)
    result = conn.InvokeMethod("M", "C", [("P", "x")], Q="y")
    assert recorder.steps[1][2] == [
        ("MethodName", "M"),
        ("ObjectName", "C"),
        ("Params", [("P", "x")]),
        ("Q", "y"),
    ]
    assert recorder.steps[-2] == ("result", result, None)


def test_add() -> None:
    """A connection has one recorder of each class."""
    conn = WBEMConnection(HOST)
    recorder = Recorder()
    conn.add_operation_recorder(recorder)
    assert recorder.steps == [("reset", None), ("connection", conn.conn_id)]
    with pytest.raises(ValueError, match="Recorder"):
        conn.add_operation_recorder(Recorder())
    with pytest.raises(ValueError, match="None"):
        conn.add_operation_recorder(None)  # type: ignore[arg-type]
    other = OtherRecorder()
    conn.add_operation_recorder(other)
    assert conn.operation_recorders == (recorder, other)
    assert "recorders=['Recorder', 'OtherRecorder']" in repr(conn)


def test_enabled() -> None:
    """A connection switches its recorders; a recorder decides what that means."""
    conn = RecordConnection()
    recorder, other = Recorder(), OtherRecorder()
    conn.add_operation_recorder(recorder)
    conn.add_operation_recorder(other)
    assert conn.operation_recorder_enabled is True
    conn.operation_recorder_enabled = False
    assert conn.operation_recorder_enabled is recorder.enabled is other.enabled is False
    other.enable()
    assert conn.operation_recorder_enabled is True
    conn.operation_recorder_enabled = True
    assert recorder.enabled is True


def test_low_level_methods() -> None:
    """Programs that stand in for a connection stage operations themselves."""
    conn = RecordConnection()
    recorder = recorded(conn)
    conn.operation_recorder_reset()
    conn.operation_recorder_reset(pull_op=True)
    conn.operation_recorder_stage_pywbem_args("Foo", a=1)
    conn.operation_recorder_stage_result(5, None)
    assert recorder.steps == [
        ("reset", False),
        ("reset", True),
        ("args", "Foo", [("a", 1)]),
        ("result", 5, None),
        ("record",),
    ]


def test_copies() -> None:
    """A copy of a connection has copies of its recorders."""
    conn = RecordConnection()
    recorder = recorded(conn)
    (copied,) = conn.copy().operation_recorders
    assert type(copied) is Recorder
    assert copied is not recorder
    for other in (copy.copy(conn), pickle.loads(pickle.dumps(conn))):
        assert len(other.operation_recorders) == 1


def test_threads() -> None:
    """
    Operations of several threads wait for the server at the same time; the steps
    that a recorder is told of them do not mix.
    """
    count = 8
    together = threading.Barrier(count)

    def answer(call: Any) -> Any:
        together.wait(10)  # breaks if the operations run one after the other
        return empty_response(call)

    conn = RecordConnection(*[answer] * 5 * count)
    recorder = recorded(conn)

    def work() -> None:
        for _ in range(5):
            conn.EnumerateClassNames()

    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    names = [step[0] for step in recorder.steps]
    assert names == ["reset", "args", "result", "record"] * 5 * count


def test_recorder_of_several_connections() -> None:
    """It is told one operation after the other, whichever connection performs them."""

    class Keeping(BaseOperationRecorder):
        """Keeps in attributes what it is told, for longer than a thread has its turn."""

        def copy(self) -> Keeping:
            return self

        def stage_pywbem_args(self, method: str, **kwargs: Any) -> None:
            super().stage_pywbem_args(method, **kwargs)
            self.namespace = kwargs["namespace"]
            time.sleep(0.001)

        def record(self, pywbem_args: Any, *rest: Any) -> None:
            assert pywbem_args.args["namespace"] == self.namespace

    recorder = Keeping()
    failures: List[BaseException] = []

    def work(namespace: str) -> None:
        conn = RecordConnection()
        conn.add_operation_recorder(recorder)
        try:
            for _ in range(10):
                conn.EnumerateClassNames(namespace=namespace)
        except BaseException as exc:
            failures.append(exc)

    threads = [threading.Thread(target=work, args=(f"n{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_recorder_sees_what_the_connection_remembers() -> None:
    """When it records an operation, that is the last one of the connection."""
    conn, _ = wired(Reply(message("EnumerateClassNames", "<IRETURNVALUE/>")))
    seen: List[Any] = []

    class Looking(Recorder):
        def record_staged(self) -> None:
            seen.append(conn.last_raw_reply)

    conn.add_operation_recorder(Looking())
    conn.EnumerateClassNames()
    assert seen == [message("EnumerateClassNames", "<IRETURNVALUE/>")]


def test_nested_operation() -> None:
    """A recorder may use the connection itself."""
    conn = RecordConnection()
    names: List[Any] = []

    class Asking(BaseOperationRecorder):
        def copy(self) -> Asking:
            return self

        def record(self, pywbem_args: Any, *rest: Any) -> None:
            names.append(pywbem_args.method)
            if len(names) == 1:
                conn.EnumerateClasses()

    conn.add_operation_recorder(Asking())
    conn.EnumerateClassNames()
    assert names == ["EnumerateClassNames", "EnumerateClasses"]


# -- Statistics ----------------------------------------------------------------


def test_statistics() -> None:
    """Operations are counted by name, with their failures and sizes."""
    reply = Reply(message("GetClass", '<IRETURNVALUE><CLASS NAME="C"/></IRETURNVALUE>'), 0.5)
    conn, _ = wired(reply, reply, HTTPError(500, "Oops"), stats_enabled=True)
    conn.GetClass("C")
    conn.GetClass("C")
    with pytest.raises(HTTPError):
        conn.GetClass("C")
    with pytest.raises(TypeError):
        conn.GetClass(5)  # type: ignore[arg-type]
    statistic = conn.statistics.get_op_statistic("GetClass")
    assert (statistic.count, statistic.exception_count) == (4, 2)
    assert statistic.max_request_len == statistic.min_request_len == conn.last_request_len
    assert statistic.avg_request_len == conn.last_request_len
    assert statistic.max_reply_len == len(reply.body)
    assert statistic.min_reply_len == 0
    assert [name for name, _ in conn.statistics.snapshot()] == ["GetClass"]


def test_rejected_arguments_take_nothing_from_their_row() -> None:
    """An operation that was not performed has a time, and no size and server time."""
    reply = Reply(message("GetClass", '<IRETURNVALUE><CLASS NAME="C"/></IRETURNVALUE>'), 0.5)
    conn, _ = wired(reply, reply, stats_enabled=True)

    def reject() -> None:
        with pytest.raises(TypeError):
            conn.GetClass(5)  # type: ignore[arg-type]

    reject()
    assert "ServerTime" not in conn.statistics.formatted()
    conn.GetClass("C")
    reject()
    stat = conn.statistics.get_op_statistic("GetClass")
    assert (stat.count, stat.exception_count) == (3, 2)
    assert stat.avg_server_time == stat.min_server_time == stat.max_server_time == 0.5
    assert stat.avg_request_len == stat.min_request_len == stat.max_request_len
    assert stat.avg_reply_len == stat.min_reply_len == len(reply.body)


def test_statistics_without_requests() -> None:
    """A connection to something that is no server counts its operations with size 0."""
    conn = RecordConnection(stats_enabled=True)
    conn.EnumerateClasses()
    stat = conn.statistics.get_op_statistic("EnumerateClasses")
    assert (stat.min_request_len, stat.max_request_len) == (0, 0)
    assert "ServerTime" not in conn.statistics.formatted()
    assert "RequestLen" not in conn.statistics.formatted()


def test_statistics_of_iteration() -> None:
    """What an Iter... method does is counted, not the method."""
    conn = RecordConnection(failure(7), returned(), use_pull_operations=None, stats_enabled=True)
    assert list(conn.IterEnumerateInstances("C")) == []
    counts: Dict[str, Tuple[int, int]] = {
        name: (statistic.count, statistic.exception_count)
        for name, statistic in conn.statistics.snapshot()
    }
    assert counts == {"OpenEnumerateInstances": (1, 1), "EnumerateInstances": (1, 0)}


def test_statistics_disabled() -> None:
    conn = RecordConnection()
    conn.EnumerateClasses()
    assert conn.statistics.snapshot() == []
    assert conn.last_operation_time is None
