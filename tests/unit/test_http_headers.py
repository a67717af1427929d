"""
Header fields of requests (DSP0200 6.3).
"""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any, Dict, Iterator, List, Tuple
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pywbem
from pywbem._cim_http import HTTPTransport, get_cimobject_header, request_headers
from pywbem._cim_xml.records import Call, ExportCall, ExtrinsicCall, IntrinsicCall
from tests.integration.faultserver import FaultServer, answer, reply


def intrinsic(name: str = "GetClass", namespace: str = "root/cimv2") -> IntrinsicCall:
    return IntrinsicCall(name, namespace, [])


def instance(value: Any, namespace: str = "root/cimv2") -> pywbem.CIMInstanceName:
    return pywbem.CIMInstanceName("CIM_Foo", {"Key": value}, namespace=namespace)


def test_intrinsic_call() -> None:
    assert request_headers(intrinsic()) == {
        "CIMOperation": "MethodCall",
        "CIMMethod": "GetClass",
        "CIMObject": "root/cimv2",
    }


def test_export_call() -> None:
    assert request_headers(ExportCall("ExportIndication", [])) == {
        "CIMExport": "MethodRequest",
        "CIMExportMethod": "ExportIndication",
    }


@pytest.mark.parametrize(
    "path, header",
    [
        (pywbem.CIMClassName("CIM_Foo", namespace="root/cimv2"), "root/cimv2:CIM_Foo"),
        (pywbem.CIMClassName("CIM_Foo", namespace="a/b", host="h"), "a/b:CIM_Foo"),
        (instance(1), "root/cimv2:CIM_Foo.Key=1"),
        (instance("x y"), 'root/cimv2:CIM_Foo.Key="x y"'),
        (instance('"\\'), 'root/cimv2:CIM_Foo.Key="\\"\\\\"'),
        (instance(True), "root/cimv2:CIM_Foo.Key=TRUE"),
        (instance("50%"), 'root/cimv2:CIM_Foo.Key="50%25"'),
        (instance("\u00e4\u20ac"), 'root/cimv2:CIM_Foo.Key="%C3%A4%E2%82%AC"'),
        (instance("\U0001f600"), 'root/cimv2:CIM_Foo.Key="%F0%9F%98%80"'),
        (instance("a\r\nb\t\x7f"), 'root/cimv2:CIM_Foo.Key="a\\r\\nb\\t%7F"'),
        (
            pywbem.CIMInstanceName("C", {"z": 1, "A": "x"}, host="h", namespace="n"),
            'n:C.A="x",z=1',
        ),
    ],
)
def test_extrinsic_call(path: Any, header: str) -> None:
    before = repr(path)
    assert request_headers(ExtrinsicCall("Do", path, [])) == {
        "CIMOperation": "MethodCall",
        "CIMMethod": "Do",
        "CIMObject": header,
    }
    assert repr(path) == before


@given(st.text(), st.text())
def test_encoding_can_be_sent_and_undone(name: str, namespace: str) -> None:
    # Surrogates alone are no characters; they cannot be in CIM-XML either.
    name, namespace = (re.sub("[\ud800-\udfff]", "", text) for text in (name, namespace))
    headers = request_headers(intrinsic(name, namespace))
    for header, text in (("CIMMethod", name), ("CIMObject", namespace)):
        assert re.fullmatch("[\x20-\x7e]*", headers[header])
        assert unquote(headers[header]) == text


PASSWORD_PATHS: List[Tuple[Any, str, bool]] = [
    (pywbem.CIMClassName("SFCB_Account", namespace="root"), "UpdateExpiredPassword", True),
    (
        pywbem.CIMInstanceName("SFCB_Account", {"k": 1}, namespace="root"),
        "UpdateExpiredPassword",
        True,
    ),
    (pywbem.CIMClassName("SFCB_Account", namespace="root"), "Other", False),
    (pywbem.CIMClassName("CIM_Foo", namespace="root"), "UpdateExpiredPassword", False),
]


@pytest.mark.parametrize("path, method, expected", PASSWORD_PATHS)
def test_expired_password_at_sfcb(
    path: Any, method: str, expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = ExtrinsicCall(method, path, [])
    assert request_headers(call).get("Pragma") == ("UpdateExpiredPassword" if expected else None)
    monkeypatch.setattr(pywbem.config, "AUTO_GENERATE_SFCB_UEP_HEADER", False)
    assert "Pragma" not in request_headers(call)


@pytest.mark.parametrize(
    "obj, header",
    [
        ("root/cimv2", "root/cimv2"),
        (pywbem.CIMClassName("C"), ":C"),
        (pywbem.CIMClassName("C", namespace="n"), "n:C"),
        (instance("\u00e4"), 'root/cimv2:CIM_Foo.Key="\u00e4"'),
    ],
)
def test_cimobject_header(obj: Any, header: str) -> None:
    assert get_cimobject_header(obj) == header


@pytest.mark.parametrize("obj", [None, 5, b"root"])
def test_cimobject_header_refuses(obj: Any) -> None:
    with pytest.raises(TypeError, match="CIMObject"):
        get_cimobject_header(obj)


def test_import_is_cheap() -> None:
    code = "import pywbem._cim_http, sys; sys.exit('requests' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# On the wire


@pytest.fixture(scope="module")
def server() -> Iterator[FaultServer]:
    with FaultServer(answer(reply(b"<CIM/>"))) as running:
        yield running


def on_the_wire(server: FaultServer, call: Call, **options: Any) -> Dict[str, str]:
    """What a server reads of a call."""
    client = HTTPTransport(server.url, timeout=20, **options)
    try:
        with client.post(b"<CIM/>", request_headers(call)) as answered:
            assert b"".join(answered) == b"<CIM/>"
    finally:
        client.close()
    request = server.requests[-1]
    assert (request.method, request.target, request.body) == ("POST", "/cimom", b"<CIM/>")
    names = [name.lower() for name, _value in request.headers]
    assert len(names) == len(set(names))
    return {name: value for name, value in request.headers if name != "User-Agent"}


def test_all_header_fields(server: FaultServer) -> None:
    assert on_the_wire(server, intrinsic()) == {
        "Host": f"127.0.0.1:{server.port}",
        "Content-type": 'application/xml; charset="utf-8"',
        "Content-Length": "6",
        "Accept": "*/*",
        "Accept-Encoding": "gzip, deflate",
        "Connection": "keep-alive",
        "CIMOperation": "MethodCall",
        "CIMMethod": "GetClass",
        "CIMObject": "root/cimv2",
    }


def test_credentials_add_one_field(server: FaultServer) -> None:
    without = on_the_wire(server, intrinsic())
    headers = on_the_wire(server, intrinsic(), creds=("Aladdin", "open sesame"))
    # The example of RFC 7617.
    assert headers.pop("Authorization") == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
    assert headers == without


def test_hostile_names_stay_in_their_field(server: FaultServer) -> None:
    headers = on_the_wire(server, intrinsic("Get\r\nX-Injected: 1", "root\r\n\r\nGET / HTTP/1.1"))
    assert headers["CIMMethod"] == "Get%0D%0AX-Injected: 1"
    assert headers["CIMObject"] == "root%0D%0A%0D%0AGET / HTTP/1.1"
    assert "X-Injected" not in headers


@pytest.mark.parametrize(
    "name, value", [("X", "a\r\nY: b"), ("X", "a\nb"), ("X", "\0"), ("X y", "a"), ("", "a")]
)
def test_fields_that_break_out_are_not_sent(server: FaultServer, name: str, value: str) -> None:
    before = len(server.requests)
    client = HTTPTransport(server.url, timeout=20)
    with pytest.raises(pywbem.ConnectionError, match="header field"):
        client.post(b"<CIM/>", {name: value})
    client.close()
    assert len(server.requests) == before
