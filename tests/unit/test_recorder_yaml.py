"""
What TestClientRecorder writes.
"""

from __future__ import annotations

import io
import json
import threading
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Optional

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pywbem import (
    AuthError,
    Char16,
    CIMClass,
    CIMClassName,
    CIMDateTime,
    CIMError,
    CIMInstance,
    CIMInstanceName,
    CIMMethod,
    CIMParameter,
    CIMProperty,
    CIMQualifier,
    CIMQualifierDeclaration,
    ConnectionError,
    HeaderParseError,
    HTTPError,
    NocaseDict,
    Real64,
    TimeoutError,
    Uint8,
    WBEMConnection,
    XMLParseError,
)
from pywbem._observers import yaml_recorder
from pywbem._observers.yaml_recorder import with_lines
from pywbem._recorder import HttpResponse, TestClientRecorder
from tests.unit.staging import REQUEST, RESPONSE, stage
from tests.vectors.runner import built

# -- Plain data ----------------------------------------------------------------

KEY = CIMQualifier("Key", True, propagated=False)
KEY_DATA = {
    "pywbem_object": "CIMQualifier",
    "name": "Key",
    "value": True,
    "type": "boolean",
    "propagated": False,
    "tosubclass": None,
    "toinstance": None,
    "overridable": None,
    "translatable": None,
}
PATH = CIMInstanceName("C", [("s", "x"), ("n", Uint8(3))], host="h", namespace="n")
PATH_DATA = {
    "pywbem_object": "CIMInstanceName",
    "classname": "C",
    "namespace": "n",
    "host": "h",
    "keybindings": {"s": "x", "n": 3},
}
PROPERTY_DATA = {
    "pywbem_object": "CIMProperty",
    "name": "P",
    "value": [1, None],
    "type": "uint8",
    "reference_class": None,
    "embedded_object": None,
    "is_array": True,
    "array_size": 2,
    "class_origin": "O",
    "propagated": True,
    "qualifiers": {"Key": KEY_DATA},
}
PROPERTY = CIMProperty(
    "P", [Uint8(1), None], array_size=2, class_origin="O", propagated=True, qualifiers=[KEY]
)
PARAMETER_DATA = {
    "pywbem_object": "CIMParameter",
    "name": "P",
    "type": "reference",
    "reference_class": "R",
    "embedded_object": None,
    "is_array": True,
    "array_size": None,
    "qualifiers": {},
}
PARAMETER = CIMParameter("P", "reference", reference_class="R", is_array=True)


class Result(NamedTuple):
    """A result with named fields."""

    paths: List[Any]
    eos: bool
    context: Optional[Any]


PLAIN: Dict[str, Any] = {
    "none": (None, None),
    "bool": (True, True),
    "str": ("ä", "ä"),
    "bytes": ("ä".encode(), "ä"),
    "int": (Uint8(3), 3),
    "real": (Real64(0.5), 0.5),
    "float": (1.5, 1.5),
    "char16": (Char16("x"), "x"),
    "datetime": (CIMDateTime("20140924193040.654321+120"), "20140924193040.654321+120"),
    "interval": (timedelta(days=3), "00000003000000.000000:000"),
    "python-datetime": (datetime(2014, 1, 2, tzinfo=timezone.utc), "20140102000000.000000+000"),
    "list": ([Uint8(1), "a"], [1, "a"]),
    "tuple": ((1, ("a",)), [1, ["a"]]),
    "dict": ({"b": Uint8(1), "a": None}, {"b": 1, "a": None}),
    "nocasedict": (NocaseDict([("B", 1), ("a", 2)]), {"B": 1, "a": 2}),
    "namedtuple": (Result([PATH], True, 5), {"paths": [PATH_DATA], "eos": True, "context": 5}),
    "instance-name": (PATH, PATH_DATA),
    "class-name": (
        CIMClassName("C", host="h"),
        {"pywbem_object": "CIMClassName", "classname": "C", "host": "h", "namespace": None},
    ),
    "instance": (
        CIMInstance("C", [PROPERTY], qualifiers=[KEY], path=PATH),
        {
            "pywbem_object": "CIMInstance",
            "classname": "C",
            "properties": {"P": PROPERTY_DATA},
            "qualifiers": {"Key": KEY_DATA},
            "path": PATH_DATA,
        },
    ),
    "class": (
        CIMClass(
            "C",
            superclass="S",
            properties=[PROPERTY],
            methods=[CIMMethod("M", "uint32", [PARAMETER], class_origin="O")],
        ),
        {
            "pywbem_object": "CIMClass",
            "classname": "C",
            "superclass": "S",
            "properties": {"P": PROPERTY_DATA},
            "methods": {
                "M": {
                    "pywbem_object": "CIMMethod",
                    "name": "M",
                    "return_type": "uint32",
                    "class_origin": "O",
                    "propagated": None,
                    "parameters": {"P": PARAMETER_DATA},
                    "qualifiers": {},
                }
            },
            "qualifiers": {},
            "path": None,
        },
    ),
    "property": (PROPERTY, PROPERTY_DATA),
    "qualifier": (KEY, KEY_DATA),
    "parameter": (PARAMETER, PARAMETER_DATA),
    "parameter-value": (
        CIMParameter("P", "reference", reference_class="R", is_array=True, value=[PATH]),
        {**PARAMETER_DATA, "value": [PATH_DATA]},
    ),
    "qualifier-declaration": (
        CIMQualifierDeclaration("Q", "string", ["a"], True, 4, {"CLASS": True}, toinstance=False),
        {
            "pywbem_object": "CIMQualifierDeclaration",
            "name": "Q",
            "type": "string",
            "value": ["a"],
            "is_array": True,
            "array_size": 4,
            "scopes": {"CLASS": True},
            "tosubclass": None,
            "toinstance": False,
            "overridable": None,
            "translatable": None,
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("value, data", PLAIN.values(), ids=PLAIN)
def test_toyaml(value: Any, data: Any) -> None:
    """Values as plain data: exactly these types, and elements in this order."""
    result = TestClientRecorder(io.StringIO()).toyaml(value)
    assert result == data
    assert json.dumps(result) == json.dumps(data)
    if hasattr(value, "tocimxml"):
        assert built(result) == value


@pytest.mark.parametrize(
    "value", [{1}, 1j, object, iter(())], ids=["set", "complex", "type", "iterator"]
)
def test_toyaml_rejects(value: Any) -> None:
    with pytest.raises(TypeError, match=f"type {type(value).__name__} "):
        TestClientRecorder(io.StringIO()).toyaml(value)


# -- Test cases ----------------------------------------------------------------


def recorded(conn: Optional[WBEMConnection] = None, **parts: Any) -> Any:
    """The test case that is written of an operation."""
    file = io.StringIO()
    recorder = TestClientRecorder(file)
    if conn:
        recorder.stage_wbem_connection(conn)
    stage(recorder, **parts)
    (case,) = yaml.safe_load(file.getvalue())
    return case


EXPECTED = """\
-   name: GetX
    description: Generated by TestClientRecorder
    pywbem_request:
        url: http://acme.com:80
        creds:
        - username
        - password
        namespace: root/cimv2
        timeout: 10
        debug: false
        operation:
            pywbem_method: GetX
            ClassName: C
            PropertyList:
            - a
            - b
    pywbem_response:
        result:
        -   pywbem_object: CIMInstanceName
            classname: C
            namespace: n
            host: h
            keybindings:
                s: x
                n: 3
    http_request:
        verb: POST
        url: http://acme.com:80/cimom
        headers:
            CIMOperation: MethodCall
        data: |-
            <?xml version="1.0" encoding="utf-8" ?>
            <CIM CIMVERSION="2.0">
            <MESSAGE ID="1001">ä</MESSAGE>
            </CIM>
    http_response:
        status: 200
        headers:
            Y: '2'
        data: <b/>
"""


def test_text() -> None:
    """The text of a test case; several make one list."""
    payload = (
        '<?xml version="1.0" encoding="utf-8" ?>\n<CIM CIMVERSION="2.0"><MESSAGE ID="1001">ä'
        "</MESSAGE></CIM>"
    ).encode()
    headers = {"CIMOperation": "MethodCall", "Authorization": "Basic x", "Content-Length": "5"}
    file = io.StringIO()
    recorder = TestClientRecorder(file)
    for _ in range(2):
        stage(
            recorder,
            args={"ClassName": "C", "PropertyList": ("a", "b")},
            request=REQUEST._replace(headers=headers, payload=payload),
            ret=[PATH],
        )
    assert file.getvalue() == EXPECTED * 2


@pytest.mark.parametrize(
    "parts, expected",
    [
        ({"ret": None}, {}),
        ({"ret": []}, {"result": []}),
        ({"ret": False}, {"result": False}),
        (
            {"ret": Result([], True, None), "pull_op": True},
            {"pullresult": {"paths": [], "eos": True, "context": None}},
        ),
        (
            {"ret": (Uint8(0), NocaseDict({"D": CIMDateTime("00000003000000.000000:000")}))},
            {
                "result": [
                    0,
                    {"D": {"pywbem_object": "CIMDateTime", "dtarg": "00000003000000.000000:000"}},
                ]
            },
        ),
        ({"exc": CIMError(6, "x")}, {"cim_status": 6}),
        ({"exc": ValueError("x")}, {"exception": "ValueError"}),
        ({"exc": XMLParseError("x")}, {"exception": "XMLParseError"}),
        ({"exc": AuthError("x")}, {"exception": "AuthError"}),
    ],
    ids=["none", "empty", "false", "pull", "datetime", "cim", "value", "xml", "auth"],
)
def test_result(parts: Dict[str, Any], expected: Any) -> None:
    assert recorded(**parts)["pywbem_response"] == expected


def test_error_instances() -> None:
    error = CIMError(5, instances=[CIMInstance("CIM_Error", {"a": "b"})])
    result = recorded(exc=error)["pywbem_response"]
    assert result["cim_status"] == 5
    assert built(result["error_instances"]) == error.instances


REAL = {"pywbem_object": "CIMParameter", "type": "real64"}


@pytest.mark.parametrize(
    "method, args, expected",
    [
        (
            "GetInstance",
            {"InstanceName": PATH},
            {
                "InstanceName": {
                    **PATH_DATA,
                    "keybindings": {"s": "x", "n": {"pywbem_object": "Uint8", "x": 3}},
                }
            },
        ),
        (
            "InvokeMethod",
            {"Params": [("A", Char16("x")), ("B", [Real64(0.5)])], "C": Real64(1.5), "D": "x"},
            {
                "Params": [
                    ["A", {"pywbem_object": "Char16", "content": "x"}],
                    {**REAL, "name": "B", "value": [0.5]},
                    {**REAL, "name": "C", "value": 1.5},
                ],
                "D": "x",
            },
        ),
    ],
    ids=["keybinding", "method"],
)  # fmt: skip
def test_types_of_arguments(method: str, args: Any, expected: Any) -> None:
    """Arguments keep the CIM type that is sent."""
    operation = recorded(method=method, args=args)["pywbem_request"]["operation"]
    assert operation == {"pywbem_method": method, **expected}


def test_namespace() -> None:
    """The default namespace is that of the connection, at that moment."""
    conn = WBEMConnection("http://h", default_namespace="root/x")
    assert recorded(conn)["pywbem_request"]["namespace"] == "root/x"
    recorder = TestClientRecorder(io.StringIO())
    conn.add_operation_recorder(recorder)
    conn.default_namespace = "root/y"
    assert recorder._namespace == "root/y"
    del conn
    assert recorder._namespace == "root/cimv2"


@pytest.mark.parametrize(
    "parts, expected",
    [
        (
            {"response": None, "exc": ConnectionError("x")},
            {"exception": "requests_connection_error"},
        ),
        (
            {"response": RESPONSE._replace(payload=None), "exc": TimeoutError("x")},
            {"exception": "requests_read_timeout"},
        ),
        (
            {
                "response": HttpResponse(11, 401, "No", {"WWW-Authenticate": "Basic"}, None),
                "exc": AuthError("x"),
            },
            {"status": 401, "headers": {"WWW-Authenticate": "Basic"}, "data": None},
        ),
        (
            {
                "response": HttpResponse(11, 200, "OK", {"Content-Type": "text/html"}, None),
                "exc": HeaderParseError("x"),
            },
            {"status": 200, "headers": {"Content-Type": "text/html"}, "data": None},
        ),
    ],
    ids=["connection", "timeout", "unauthorized", "content-type"],
)
def test_fault(parts: Dict[str, Any], expected: Any) -> None:
    """What the socket did, or the head of a response that was refused."""
    case = recorded(**parts)
    assert case["http_response"] == expected
    assert "ignore_test" not in case


def test_nothing_sent() -> None:
    case = recorded(request=None, response=None, exc=TypeError("x"))
    assert (case["http_request"], case["http_response"]) == (None, None)
    assert "ignore_test" not in case


@pytest.mark.parametrize(
    "parts, reason",
    [
        ({"args": {"x": {1}}}, "a value of type set has no YAML form"),
        ({"ret": 1j}, "a value of type complex has no YAML form"),
        ({"exc": KeyboardInterrupt()}, "it was ended by KeyboardInterrupt"),
        (
            {"request": None, "response": None, "exc": ConnectionError("closed")},
            "no request was sent",
        ),
        ({"request": None, "response": None, "ret": 5}, "no request was sent"),
        ({"response": RESPONSE._replace(payload=b"\xff")}, "a message is no UTF-8"),
        ({"exc": HTTPError(200, "OK")}, "the error came after the body"),
    ],
    ids=["argument", "result", "interrupt", "closed", "mock", "utf-8", "trailer"],
)
def test_not_replayable(parts: Dict[str, Any], reason: str) -> None:
    """It is recorded, marked, and the operation is not disturbed."""
    case = recorded(**parts)
    assert case["ignore_test"] is True
    assert case["description"] == (
        f"Generated by TestClientRecorder; it cannot be replayed: {reason}"
    )


HEADERS = {
    "CIMOperation": "MethodCall",
    "AUTHORIZATION": "Basic secret",
    "Proxy-Authorization": "secret",
    "cookie": "secret",
    "Set-Cookie": "secret",
    "Authentication-Info": "secret",
    "Content-Length": "5",
    "content-type": "text/xml",
    "Transfer-Encoding": "chunked",
    "Content-Encoding": "gzip",
    "Connection": "close",
    "X": "http://me:secret@h/",
}


@pytest.mark.parametrize("part", ["http_request", "http_response"])
def test_headers(part: str) -> None:
    """Neither secrets nor what belongs to one connection is written."""
    case = recorded(
        request=REQUEST._replace(headers=HEADERS), response=RESPONSE._replace(headers=HEADERS)
    )
    assert case[part]["headers"] == {"CIMOperation": "MethodCall", "X": "http://XXX@h/"}


def test_anonymous() -> None:
    """The server is acme.com:80 wherever it is named, and nobody else is."""
    other = "cim.example.org:59888 my.cim.example.org:5988 http://cim.example.org"
    case = recorded(
        request=REQUEST._replace(
            url="https://me:secret@cim.example.org:5988",
            payload=b"<HOST>cim.example.org:5988</HOST>",
        ),
        args={"other": other},
        ret=CIMInstanceName("C", host="me:secret@cim.example.org:5988", namespace="n"),
    )
    assert case["http_request"]["url"] == "http://acme.com:80/cimom"
    assert case["http_request"]["data"] == "<HOST>acme.com:80</HOST>"
    assert case["pywbem_response"]["result"]["host"] == "acme.com:80"
    assert case["pywbem_request"]["operation"]["other"] == other
    assert "secret" not in str(case)


TEXTS = st.text(st.characters(codec="utf-8")) | st.text("a \n\t\r\x85\u2028\u2029\ufeff'\"#:-|>")


@settings(deadline=None, max_examples=40)
@given(TEXTS, TEXTS, TEXTS)
def test_texts_survive(argument: str, result: str, payload: str) -> None:
    """Whatever a text is made of, it is read as it was written."""
    case = recorded(
        args={"list": [argument]}, ret=result, response=RESPONSE._replace(payload=payload.encode())
    )
    assert case["pywbem_request"]["operation"]["list"] == [argument]
    assert case["pywbem_response"]["result"] == result
    data = case["http_response"]["data"]
    assert data.replace("\n", "") == payload.replace("\n", "")


@pytest.mark.parametrize(
    "xml, expected",
    [
        ("<a><b/></a>", "<a>\n<b/>\n</a>"),
        ("<a><VALUE></VALUE></a>", "<a>\n<VALUE></VALUE>\n</a>"),
        ("<a><VALUE>x></VALUE><b/></a>", "<a>\n<VALUE>x></VALUE>\n<b/>\n</a>"),
        ("<VALUE><![CDATA[<a><b>]]></VALUE>", "<VALUE><![CDATA[<a><b>]]></VALUE>"),
        ("<VALUE><!-- <a><b> --></VALUE>", "<VALUE><!-- <a><b> --></VALUE>"),
        ("<a x='<\">' y=\"'>\"><b></b></a>", "<a x='<\">' y=\"'>\">\n<b></b>\n</a>"),
        ("<a>\n <b/> \n</a>\n", "<a>\n <b/> \n</a>\n"),
        ("<?xml version='1.0'?><a/>", "<?xml version='1.0'?>\n<a/>"),
        ("<a/><a></a>", "<a/>\n<a></a>"),
        ("<a <b><", "<a <b><"),
        ("", ""),
    ],
    ids=(
        "nested empty text cdata comment attribute lines declaration same malformed nothing"
    ).split(),
)
def test_with_lines(xml: str, expected: str) -> None:
    """Lines are broken between elements, never in their text."""
    assert with_lines(xml) == expected


def test_copy() -> None:
    """A copy writes to the same file, in turns."""
    file = io.StringIO()
    recorder = TestClientRecorder(file)
    recorder.disable()
    other = recorder.copy()
    assert other.enabled is True
    threads = [
        threading.Thread(target=lambda one=one: [stage(one, ret="x" * 200) for _ in range(30)])  # type: ignore[misc]
        for one in (other, other.copy(), other.copy())
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cases = yaml.safe_load(file.getvalue())
    assert len(cases) == 90
    assert {case["pywbem_response"]["result"] for case in cases} == {"x" * 200}


def test_flush(tmp_path: Path) -> None:
    """A test case is in the file as soon as the operation has ended."""
    path = tmp_path / "cases.yaml"
    with TestClientRecorder.open_file(str(path)) as file:
        recorder = TestClientRecorder(file)
        for count in (1, 2):
            stage(recorder, method="GetClass", args={"ClassName": "C"})
            assert len(yaml.safe_load(path.read_text(encoding="utf-8"))) == count


# Words that the emitters of PyYAML break, quote or escape each in its own way.
_PIECES = st.sampled_from(
    ["a", " ", "  ", "\n", "\n\n", "\t", "\r", "\x85", "\u2028", "\ufeff", "\xa0", "\u00e4",
     "\u4e2d", "\U0001f600", "\x7f", "'", '"', "\\", ": ", " #", "- ", "---", "...", "?", "&", "*",
     "!", "|", ">", "%", "@", "`", "{", "}", "[", "]", ",", "0", "true", "null", "~", "=", "<<",
     "2020-01-01", "words and words ", "longwordlongwordlongword", "<a>", "</a>\n"]
)  # fmt: skip
_TEXTS = st.lists(_PIECES, max_size=30).map("".join)
_LEAVES = st.one_of(_TEXTS, st.none(), st.booleans(), st.integers(), st.floats())
_KEYS = st.one_of(
    st.none(), st.sampled_from(["name", "Content-Type", "yes", "1", "k" * 200]), _TEXTS
)
_DATA = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(_KEYS, inner, max_size=4)),
    max_leaves=20,
)


@pytest.mark.skipif(not yaml.__with_libyaml__, reason="PyYAML has no emitter in C")
@settings(max_examples=120, deadline=None)
@given(st.lists(_DATA, max_size=3))
def test_emitters_agree(data: Any) -> None:
    """Whichever emitter is used, the text is that of the one in Python."""
    dumper = yaml_recorder._dumper(yaml, data)
    slow, fast = yaml_recorder._dumpers
    assert dumped(data, dumper) == dumped(data, slow)
    if yaml_recorder._alike(data):
        assert dumper is fast


def dumped(data: Any, dumper: Any) -> str:
    """Data as TestClientRecorder writes them, with an emitter."""
    text: str = yaml.dump(
        data, Dumper=dumper, allow_unicode=True, default_flow_style=False, indent=4, sort_keys=False
    )
    return text


def test_usual_case_is_emitted_fast() -> None:
    """A test case of plain texts is left to the emitter in C."""
    assert yaml_recorder._alike(
        [{"name": "GetClass", "a": [1, None, True, "x y", ""], "data": "<a>\n<b>\u00e4</b>\n</a>"}]
    )


def test_constants() -> None:
    """A subclass may change what is left out."""

    class Own(TestClientRecorder):
        TESTCASE_URL = "http://test:5988"
        EXCLUDE_RESPONSE_HEADERS = ["y"]

    file = io.StringIO()
    stage(Own(file))
    (case,) = yaml.safe_load(file.getvalue())
    assert case["pywbem_request"]["url"] == "http://test:5988"
    assert case["http_request"]["url"] == "http://test:5988/cimom"
    assert case["http_response"]["headers"] == {}
