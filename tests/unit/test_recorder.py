"""
Operation recorders: what they are told, and hand over.
"""

from __future__ import annotations

import copy
import pickle
from pathlib import Path
from typing import Any, Callable, List

import pytest

from pywbem import (
    CIMClassName,
    CIMInstanceName,
    HeaderParseError,
    HTTPError,
    NocaseDict,
    Uint8,
)
from pywbem._recorder import (
    BaseOperationRecorder,
    HttpRequest,
    HttpResponse,
    LogOperationRecorder,
    OpArgs,
    OpResult,
)
from tests.unit.staging import REQUEST, RESPONSE, stage
from tests.unit.test_cim_operations.fake import RecordConnection, Reply, message, wired

# -- The records ---------------------------------------------------------------

NO_REQUEST = HttpRequest(None, None, None, None, None, None)
NO_RESPONSE = HttpResponse(None, None, None, None, None)


@pytest.mark.parametrize(
    "record, text",
    [
        (OpArgs("M", {"a": ["\u00e4"]}), "OpArgs(method='M', args={'a': ['\\u00e4']})"),
        (OpArgs(None, None), "OpArgs(method=None, args=None)"),
        (OpResult((Uint8(3), "x"), None), "OpResult(ret=(3, 'x'), exc=None)"),
        (OpResult(None, ValueError("x")), "OpResult(ret=None, exc=ValueError('x'))"),
        (
            OpResult(NocaseDict({"A": Uint8(3)}), None),
            "OpResult(ret=NocaseDict({'A': 3}), exc=None)",
        ),
        (
            OpResult([CIMClassName("\u00c9")], 5),  # type: ignore[arg-type]
            "OpResult(ret=[CIMClassName(classname='\\u00c9', namespace=None, host=None)], exc=5)",
        ),
        (
            HttpRequest(11, "http://h", "/cimom", "POST", {"a": "b"}, b"<x>\n\xc3"),
            "HttpRequest(version=11, url='http://h', target='/cimom', method='POST', "
            "headers={'a': 'b'}, payload='<x>\\n\\xc3')",
        ),
        (
            HttpResponse(11, 200, "OK", None, None),
            "HttpResponse(version=11, status=200, reason='OK', headers=None, payload=None)",
        ),
    ],
    ids=["args", "no-args", "tuple", "exception", "nocasedict", "object", "request", "response"],
)  # fmt: skip
def test_repr(record: Any, text: str) -> None:
    assert repr(record) == str(record) == text


@pytest.mark.parametrize(
    "record",
    [
        REQUEST._replace(headers={"Authorization": "Basic c2VjcmV0"}),
        REQUEST._replace(headers={"proxy-authorization": "secret"}),
        RESPONSE._replace(headers={"Set-Cookie": "id=secret"}),
        OpArgs("M", {"Destination": "https://me:secret@listener/"}),
        OpArgs("M", {"path": CIMInstanceName("C", host="me:secret@h", namespace="n")}),
        OpResult(None, ValueError("cannot reach http://me:se@secret@proxy:80")),
    ],
    ids=["authorization", "proxy-authorization", "cookie", "argument", "host", "exception"],
)
def test_repr_shows_no_secret(record: Any) -> None:
    assert "XXX" in repr(record)
    assert "secret" not in repr(record)
    assert "c2VjcmV0" not in repr(record)


def test_tuples() -> None:
    """They are tuples with names."""
    assert OpArgs("M", {"a": 1}) == ("M", {"a": 1})
    assert REQUEST._fields == ("version", "url", "target", "method", "headers", "payload")
    assert RESPONSE._fields == ("version", "status", "reason", "headers", "payload")
    method, args = OpArgs(method="M", args={})
    assert (method, args) == ("M", {})
    assert pickle.loads(pickle.dumps(REQUEST)) == REQUEST


# -- The base class ------------------------------------------------------------


class Recorder(BaseOperationRecorder):
    """Keeps what is recorded."""

    def __init__(self) -> None:
        super().__init__()
        self.records: List[Any] = []

    def copy(self) -> Recorder:
        return type(self)()

    def record(
        self,
        pywbem_args: OpArgs,
        pywbem_result: OpResult,
        http_request: HttpRequest,
        http_response: HttpResponse,
    ) -> None:
        self.records.append((pywbem_args, pywbem_result, http_request, http_response))


def test_staging() -> None:
    """What was told is recorded as a whole."""
    recorder = Recorder()
    stage(recorder, args={"a": 1}, ret=5)
    assert recorder.records == [(("GetX", {"a": 1}), (5, None), REQUEST, RESPONSE)]
    assert type(recorder.records[0][2]) is HttpRequest
    recorder.reset()
    recorder.record_staged()
    assert recorder.records[1] == ((None, None), (None, None), NO_REQUEST, NO_RESPONSE)


def test_disable() -> None:
    recorder = Recorder()
    assert recorder.enabled is True
    recorder.disable()
    stage(recorder)
    assert recorder.enabled is False
    assert recorder.records == []
    recorder.enable()
    stage(recorder)
    assert len(recorder.records) == 1


@pytest.mark.parametrize(
    "call",
    [lambda base: base.copy(), lambda base: base.record(1, 2, 3, 4), lambda base: stage(base)],
    ids=["copy", "record", "stage"],
)
def test_abstract(call: Callable[[Any], Any]) -> None:
    with pytest.raises(NotImplementedError):
        call(BaseOperationRecorder())


@pytest.mark.parametrize(
    "mode, content", [("w", "new \u00e4\n"), ("a", "old\nnew \u00e4\n")], ids=["w", "a"]
)
def test_open_file(tmp_path: Path, mode: str, content: str) -> None:
    path = tmp_path / "records"
    path.write_text("old\n")
    with BaseOperationRecorder.open_file(str(path), mode) as file:
        file.write("new \u00e4\n")
    assert path.read_text(encoding="utf-8") == content


@pytest.mark.parametrize(
    "recorder",
    [Recorder(), LogOperationRecorder("1-2", {"api": "all"})],
    ids=["own", "log"],
)
@pytest.mark.parametrize(
    "duplicate",
    [copy.copy, copy.deepcopy, lambda recorder: pickle.loads(pickle.dumps(recorder))],
    ids=["copy", "deepcopy", "pickle"],
)
def test_duplicates(recorder: BaseOperationRecorder, duplicate: Callable[[Any], Any]) -> None:
    other = duplicate(recorder)
    assert type(other) is type(recorder)
    stage(other)


GET_CLASS = message("GetClass", '<IRETURNVALUE><CLASS NAME="C"/></IRETURNVALUE>')


def test_operation() -> None:
    """An operation of a connection is recorded with request and response."""
    conn, transport = wired(Reply(GET_CLASS))
    recorder = Recorder()
    conn.add_operation_recorder(recorder)
    result = conn.GetClass("C")
    ((args, op_result, request, response),) = recorder.records
    assert args.method == "GetClass"
    assert args.args["ClassName"] == "C"
    assert op_result == (result, None)
    assert request.payload == transport.requests[0][0]
    assert "Authorization" not in request.headers
    assert (response.status, response.payload) == (200, GET_CLASS)


def test_no_request() -> None:
    """Of an operation whose arguments are wrong there is no request."""
    recorder = Recorder()
    conn = RecordConnection()
    conn.add_operation_recorder(recorder)
    with pytest.raises(TypeError) as excinfo:
        conn.GetClass(5)  # type: ignore[arg-type]
    assert recorder.records[0][1:] == ((None, excinfo.value), NO_REQUEST, NO_RESPONSE)


def test_parameters_with_names_of_its_own() -> None:
    """Parameters of a CIM method may be called as those of the recorder."""
    recorder = Recorder()
    conn = RecordConnection()
    conn.add_operation_recorder(recorder)
    conn.InvokeMethod("M", "C", {"P": "x"}, method="y", Q="z")
    assert recorder.records[0][0].args == {
        "MethodName": "M",
        "ObjectName": "C",
        "Params": [("P", "x"), ("method", "y")],
        "Q": "z",
    }


STAGES = [
    "reset",
    "stage_pywbem_args",
    "stage_http_request",
    "stage_http_response1",
    "stage_http_response2",
    "stage_pywbem_result",
    "record_staged",
    "record",
]


@pytest.mark.parametrize("stage_name", STAGES)
def test_raising_recorder(stage_name: str) -> None:
    """What a recorder raises is raised from the operation."""
    conn, _ = wired(Reply(GET_CLASS))
    recorder = Recorder()
    conn.add_operation_recorder(recorder)

    def fail(*args: Any, **kwargs: Any) -> None:
        raise LookupError(stage_name)

    setattr(recorder, stage_name, fail)
    with pytest.raises(LookupError, match=stage_name):
        conn.GetClass("C")


@pytest.mark.parametrize("refusal", ["status", "content-type"])
def test_refused_response(refusal: str) -> None:
    """Of a response that the transport refuses, the head is recorded."""
    error: Any = HTTPError(500, "Oops")
    error._reply_head = (11, 500, "Oops", {"X": "1"})
    if refusal == "content-type":
        error = HeaderParseError("no XML")
        error._reply_head = (11, 200, "OK", {"Content-Type": "text/html"})
    conn, _ = wired(error)
    recorder = Recorder()
    conn.add_operation_recorder(recorder)
    with pytest.raises(type(error)):
        conn.GetClass("C")
    assert recorder.records[0][3] == (*error._reply_head, None)
