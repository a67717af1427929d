"""
WBEMListener without a network: arguments, properties, and what it accepts and answers.
"""

from __future__ import annotations

import copy
import functools
import logging
import pickle
import re
import ssl
import subprocess
import sys
import warnings
import xml.etree.ElementTree as ET
from typing import Any, Callable, Dict, Optional, Tuple, Type

import pytest

import pywbem
from pywbem._endpoint import Request
from pywbem._listener import (
    ListenerCertificateError,
    ListenerError,
    ListenerPortError,
    ListenerPromptError,
    ListenerQueueFullError,
    ListenerStartError,
    WBEMListener,
    callback_interface,
)
from pywbem._listener.export import Refused, check_head, cim_error, read_indication, success
from tests.integration.exporter import HEADERS, export_body, indication
from tests.shared_data import ROOT, TRAFFIC

HOST = "127.0.0.1"

# Arguments and properties


@pytest.mark.parametrize(
    "arguments, http_port, https_port",
    [
        pytest.param({"http_port": 5988}, 5988, None, id="int"),
        pytest.param({"http_port": "5988"}, 5988, None, id="str"),
        pytest.param({"http_port": " 5988 "}, 5988, None, id="str with spaces"),
        pytest.param({"http_port": 0}, 0, None, id="any port"),
        pytest.param(
            {"https_port": "5989", "certfile": "c", "keyfile": "k"}, None, 5989, id="https"
        ),
        pytest.param(
            {"http_port": 1, "https_port": 2, "certfile": "c", "keyfile": "k"}, 1, 2, id="both"
        ),
    ],
)
def test_ports(
    arguments: Dict[str, Any], http_port: Optional[int], https_port: Optional[int]
) -> None:
    listener = WBEMListener(HOST, **arguments)
    assert (listener.http_port, listener.https_port) == (http_port, https_port)
    assert listener.host == HOST


CONTEXT = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)


@pytest.mark.parametrize(
    "arguments, error, text",
    [
        pytest.param({}, ValueError, "at least one active port", id="no port"),
        pytest.param({"http_port": "abc"}, ValueError, "invalid literal", id="no number"),
        pytest.param({"http_port": ""}, ValueError, "invalid literal", id="empty"),
        pytest.param({"http_port": 1.5}, TypeError, "type for http_port", id="float"),
        pytest.param({"http_port": b"1"}, TypeError, "type for http_port", id="bytes"),
        pytest.param({"https_port": [1]}, TypeError, "type for https_port", id="list"),
        pytest.param({"https_port": 1}, ValueError, "requires certfile", id="no certificate"),
        pytest.param(
            {"https_port": 1, "keyfile": "k"}, ValueError, "requires certfile", id="only a key"
        ),
        pytest.param(
            {"https_port": 1, "certfile": "c"}, ValueError, "requires keyfile", id="no key"
        ),
        pytest.param(
            {"https_port": 1, "certfile": "c", "ssl_context": CONTEXT},
            ValueError,
            "cannot be combined",
            id="context and certificate",
        ),
        pytest.param(
            {"https_port": 1, "client_ca_certs": "c", "ssl_context": CONTEXT},
            ValueError,
            "cannot be combined",
            id="context and client certificates",
        ),
        pytest.param(
            {"http_port": 1, "max_ind_queue_size": -1}, ValueError, "negative", id="negative size"
        ),
        pytest.param(
            {"http_port": 1, "max_ind_queue_size": "5"}, TypeError, "integer", id="size as str"
        ),
        pytest.param(
            {"http_port": 1, "max_ind_queue_size": None}, TypeError, "integer", id="size is None"
        ),
    ],
)
def test_arguments_refused(arguments: Dict[str, Any], error: Type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        WBEMListener(HOST, **arguments)


def test_extensions_are_keywords() -> None:
    with pytest.raises(TypeError, match="positional"):
        WBEMListener(HOST, 1, None, None, None, 5000, "password")  # type: ignore[call-arg]


def test_files_are_for_https() -> None:
    listener = WBEMListener(HOST, 5988, None, "cert.pem", "key.pem")
    assert (listener.certfile, listener.keyfile) == (None, None)
    listener = WBEMListener(HOST, None, 5989, "cert.pem", "key.pem")
    assert (listener.certfile, listener.keyfile) == ("cert.pem", "key.pem")


def test_defaults() -> None:
    listener = WBEMListener(HOST, 5988)
    assert listener.max_ind_queue_size == 5000
    assert (listener.http_started, listener.https_started) == (False, False)
    assert listener.ind_queue_exists() is False
    assert listener.ind_queue_empty() is None
    assert listener.ind_queue_size() is None
    assert listener.counters == (0, 0, 0, 0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    "name",
    """certfile counters host http_port http_started https_port https_started keyfile logger
    max_ind_queue_size""".split(),
)
def test_properties_cannot_be_set(name: str) -> None:
    with pytest.raises(AttributeError):
        setattr(WBEMListener(HOST, 5988), name, 1)


@pytest.mark.parametrize(
    "make", [copy.copy, copy.deepcopy, lambda listener: pickle.loads(pickle.dumps(listener))],
    ids=["copy", "deepcopy", "pickle"],
)  # fmt: skip
def test_copies(make: Callable[[WBEMListener], WBEMListener]) -> None:
    listener = WBEMListener(HOST, 0, max_ind_queue_size=7)
    listener.add_callback(callback_interface)
    copied = make(listener)
    assert repr(copied) == repr(listener)
    with copied:
        copied.start()
        assert (copied.http_started, listener.http_started) == (True, False)
        with pytest.raises(TypeError, match="started"):
            make(copied)


def test_queue_get_timeout_is_kept() -> None:
    listener = WBEMListener(HOST, 5988)
    assert listener.queue_get_timeout == 2
    listener.queue_get_timeout = 1


def test_stop_before_start() -> None:
    listener = WBEMListener(HOST, 5988)
    listener.stop()
    with listener as entered:
        assert entered is listener
        assert not listener.http_started


def test_logger() -> None:
    one, other = WBEMListener(HOST, 5988), WBEMListener(HOST, 5988)
    assert one.logger is one.logger
    assert one.logger is not other.logger
    assert re.fullmatch(r"pywbem\.listener\.\d+", one.logger.name)
    assert one.logger.level == logging.NOTSET
    assert one.logger.handlers == []


def test_texts() -> None:
    listener = WBEMListener(HOST, "5988", 5989, "cert.pem", "key.pem", 10, keyfile_password="guess")
    listener.add_callback(callback_interface)
    assert str(listener) == (
        "WBEMListener(_host='127.0.0.1', _http_port=5988, _https_port=5989, ...)"
    )
    assert repr(listener) == (
        "WBEMListener(_host='127.0.0.1', _http_port=5988, _https_port=5989, "
        f"_certfile='cert.pem', _keyfile='key.pem', _logger={listener.logger!r}, "
        f"_callbacks=[{callback_interface!r}], _max_ind_queue_size=10)"
    )


class Callbacks:
    def method(self, indication: pywbem.CIMInstance, host: str) -> None:
        """Is the same method each time it is named."""


@pytest.mark.parametrize("callback", [None, "name", 1])
def test_callback_must_be_callable(callback: Any) -> None:
    with pytest.raises(TypeError, match="callback must be callable"):
        WBEMListener(HOST, 5988).add_callback(callback)


def test_callback_is_added_once() -> None:
    listener = WBEMListener(HOST, 5988)
    callbacks = Callbacks()
    for _ in range(2):
        listener.add_callback(callbacks.method)
        listener.add_callback(callback_interface)
    listener.add_callback(functools.partial(callback_interface, host="h"))
    assert repr(listener).count("bound method") == 1
    assert repr(listener).count("function callback_interface") == 2


# Exceptions


@pytest.mark.parametrize(
    "error, bases",
    [
        (ListenerError, (Exception,)),
        (ListenerStartError, (ListenerError,)),
        (ListenerPortError, (ListenerStartError, ListenerError)),
        (ListenerCertificateError, (ListenerError,)),
        (ListenerPromptError, (ListenerError,)),
        (ListenerQueueFullError, (ListenerError,)),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_exceptions(error: Type[ListenerError], bases: Tuple[type, ...]) -> None:
    exc = error(message="what")
    assert exc.args == ("what",)
    assert str(exc) == "what"
    assert error.__mro__[1 : len(bases) + 1] == bases
    assert not isinstance(exc, pywbem.Error)
    with pytest.raises(TypeError):
        error()  # type: ignore[call-arg]


# Requests


def make_request(body: bytes = b"", method: str = "POST", **changes: Optional[str]) -> Request:
    headers = {name.lower(): value for name, value in HEADERS.items()}
    for name, value in changes.items():
        if value is None:
            del headers[name.replace("_", "-")]
        else:
            headers[name.replace("_", "-")] = value
    return Request(method, "/", headers, body, "192.0.2.1")


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({}, id="as pywbem sends it"),
        pytest.param({"content_type": "text/xml"}, id="text/xml"),
        pytest.param({"content_type": 'TEXT/XML ; charset="UTF-8"'}, id="charset in quotes"),
        pytest.param({"content_type": "application/xml;charset=utf-8;x=y"}, id="more parameters"),
        pytest.param({"accept": "text/html, application/xml;q=0.5"}, id="accept xml"),
        pytest.param({"accept": "*/*"}, id="accept all"),
        pytest.param({"accept": ""}, id="accept nothing in particular"),
        pytest.param({"accept_charset": "iso-8859-1, UTF-8"}, id="accept utf-8"),
        pytest.param({"accept_charset": "*"}, id="accept all charsets"),
        pytest.param({"content_encoding": "Identity"}, id="identity"),
        pytest.param({"cimexport": "methodrequest"}, id="CIMExport in lower case"),
        pytest.param({"cimprotocolversion": "1.4"}, id="compared later"),
        pytest.param({"accept_language": "de", "cimbatch": ""}, id="headers of no concern"),
    ],
)
def test_head_accepted(changes: Dict[str, Optional[str]]) -> None:
    check_head(make_request(**changes))


@pytest.mark.parametrize(
    "changes, status, cimerror",
    [
        *[
            pytest.param({"method": method}, 405, None, id=method)
            for method in "GET HEAD PUT DELETE OPTIONS TRACE CONNECT PATCH".split()
        ],
        pytest.param({"method": "M-POST"}, 501, None, id="M-POST"),
        pytest.param({"method": "post"}, 501, None, id="post"),
        pytest.param({"content_type": None}, 406, "header-mismatch", id="no Content-Type"),
        pytest.param({"content_type": "text/plain"}, 406, "header-mismatch", id="text/plain"),
        pytest.param(
            {"content_type": "text/xml; charset=iso-8859-1"}, 406, "header-mismatch", id="charset"
        ),
        pytest.param({"accept": "text/html"}, 406, "header-mismatch", id="Accept"),
        pytest.param({"accept_charset": "iso-8859-1"}, 406, "header-mismatch", id="Accept-Charset"),
        pytest.param({"content_encoding": "gzip"}, 406, "header-mismatch", id="Content-Encoding"),
        pytest.param({"accept": "text/xml; q=0"}, 406, "header-mismatch", id="Accept nothing"),
        pytest.param({"range": "bytes=0-1"}, 406, "header-mismatch", id="Range"),
        pytest.param({"accept_range": "bytes"}, 406, "header-mismatch", id="Accept-Range"),
        pytest.param({"cimexport": None}, 400, None, id="no CIMExport"),
        pytest.param(
            {"cimexport": None, "cimoperation": "MethodCall"}, 400, None, id="CIMOperation"
        ),
        pytest.param({"cimexport": "MethodCall"}, 400, "unsupported-operation", id="CIMExport"),
        pytest.param({"cimexport": ""}, 400, "unsupported-operation", id="CIMExport empty"),
        pytest.param({"cimexportmethod": None}, 400, "header-mismatch", id="no CIMExportMethod"),
        pytest.param(
            {"cimexportbatch": "", "cimexportmethod": None},
            501,
            "multiple-requests-unsupported",
            id="CIMExportBatch",
        ),
    ],
)
def test_head_refused(changes: Dict[str, Any], status: int, cimerror: Optional[str]) -> None:
    with pytest.raises(Refused) as caught:
        check_head(make_request(**changes))
    response = caught.value.response
    headers = dict(response.headers)
    assert (response.status, headers.get("CIMError"), response.body) == (status, cimerror, b"")
    assert headers["CIMExport"] == "MethodResponse"
    assert headers.get("Allow") == ("POST" if status == 405 else None)


def test_read_indication() -> None:
    sent = indication("a < b & \u20ac")
    received = read_indication(make_request(export_body(sent, "4&amp;2")))
    assert (received.host, received.message_id) == ("192.0.2.1", "4&2")
    assert received.size > len(sent.tocimxmlstr())
    assert received.place is None
    assert received.instance.classname == "TST_Indication"
    assert received.instance["Text"] == sent["Text"]
    assert received.instance.path is None


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"cimexportmethod": "exportINDICATION"}, id="method in another case"),
        pytest.param({"cimexportmethod": "Export%49ndication"}, id="method with escapes"),
        pytest.param({"cimprotocolversion": "1.0"}, id="protocol version"),
    ],
)
def test_header_agrees_with_body(headers: Dict[str, str]) -> None:
    received = read_indication(make_request(export_body(indication("a")), **headers))
    assert received.instance["Text"] == "a"


def test_read_recorded_indication() -> None:
    data = (TRAFFIC / "900-ExportIndication.request.http").read_bytes()
    head, _, body = data.partition(b"\r\n\r\n")
    fields = [line.split(": ", 1) for line in head.decode("ascii").split("\r\n")[1:]]
    request = Request("POST", "/", {name.lower(): value for name, value in fields}, body, HOST)
    check_head(request)
    received = read_indication(request)
    assert received.message_id == "1162"
    assert received.instance.classname.startswith("T")
    assert received.instance["SequenceNumber"] == 0
    assert received.instance["CorrelatedIndications"] == []


BODY = export_body(indication()).decode("ascii")
CALL = BODY[BODY.index("<SIMPLEEXPREQ") : BODY.index("</MESSAGE")]
PARAM = BODY[BODY.index("<EXPPARAMVALUE") : BODY.index("</EXPMETHODCALL")]
GET_CLASS = (
    '<SIMPLEREQ><IMETHODCALL NAME="GetClass"><LOCALNAMESPACEPATH><NAMESPACE NAME="root"/>'
    "</LOCALNAMESPACEPATH></IMETHODCALL></SIMPLEREQ>"
)


@pytest.mark.parametrize(
    "old, new, cimerror",
    [
        pytest.param(BODY, "", "request-not-well-formed", id="empty"),
        pytest.param(BODY, "no XML", "request-not-well-formed", id="no XML"),
        pytest.param("</CIM>", "</CI", "request-not-well-formed", id="cut off"),
        pytest.param(
            "<CIM ", "<!DOCTYPE CIM [<!ENTITY e ''>]><CIM ", "request-not-well-formed", id="DTD"
        ),
        pytest.param(">text<", ">\x01<", "request-not-well-formed", id="control character"),
        pytest.param(BODY, "<html/>", "request-not-valid", id="other XML"),
        pytest.param('TYPE="string"', 'TYPE="text"', "request-not-valid", id="CIM type"),
        pytest.param('TYPE="string"', 'TYPE="uint8"', "request-not-valid", id="value"),
        pytest.param('TYPE="string"', 'TYPE="string" A="b"', "request-not-valid", id="attribute"),
        pytest.param(CALL, GET_CLASS, "request-not-valid", id="operation"),
        pytest.param(CALL, "", "request-not-valid", id="no call"),
        pytest.param(
            CALL,
            f"<MULTIEXPREQ>{CALL}{CALL}</MULTIEXPREQ>",
            "header-mismatch",
            id="several calls",
        ),
        pytest.param(
            'CIMVERSION="2.0"', 'CIMVERSION="3.0"', "unsupported-cim-version", id="CIMVERSION"
        ),
        pytest.param(
            'DTDVERSION="2.0"', 'DTDVERSION="1.0"', "unsupported-dtd-version", id="DTDVERSION"
        ),
        pytest.param(
            'PROTOCOLVERSION="1.0"',
            'PROTOCOLVERSION="2.0"',
            "unsupported-protocol-version",
            id="PROTOCOLVERSION",
        ),
    ],
)
def test_body_refused(old: str, new: str, cimerror: str) -> None:
    body = BODY.replace(old, new)
    assert body != BODY
    with pytest.raises(Refused) as caught:
        read_indication(make_request(body.encode("utf-8")))
    response = caught.value.response
    headers = dict(response.headers)
    status = 501 if cimerror.startswith("unsupported-") else 400
    assert (response.status, headers["CIMError"]) == (status, cimerror)
    assert re.fullmatch(r"[ -~]{10,500}", headers["CIMErrorDetails"])


TOLERATED = {
    "empty boolean": ('<PROPERTY NAME="P" TYPE="boolean"><VALUE></VALUE></PROPERTY>', None),
    "path without keys": (
        '<PROPERTY.REFERENCE NAME="P"><VALUE.REFERENCE><INSTANCENAME CLASSNAME="C"/>'
        "</VALUE.REFERENCE></PROPERTY.REFERENCE>",
        pywbem.CIMInstanceName("C"),
    ),
    "empty boolean of an embedded instance": (
        '<PROPERTY NAME="P" TYPE="string" EmbeddedObject="instance"><VALUE>'
        '&lt;INSTANCE CLASSNAME="C">&lt;PROPERTY NAME="B" TYPE="boolean">&lt;VALUE>&lt;/VALUE>'
        "&lt;/PROPERTY>&lt;/INSTANCE></VALUE></PROPERTY>",
        pywbem.CIMInstance("C", [pywbem.CIMProperty("B", None, "boolean", propagated=False)]),
    ),
}


@pytest.mark.parametrize("xml, value", TOLERATED.values(), ids=TOLERATED)
def test_what_is_tolerated_of_servers_is_no_warning_of_a_listener(xml: str, value: Any) -> None:
    body = BODY.replace("</INSTANCE>", f"{xml}</INSTANCE>").encode("utf-8")
    for _ in range(3):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert read_indication(make_request(body)).instance["P"] == value


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"cimexportmethod": "ExportOther"}, id="method"),
        pytest.param({"cimexportmethod": ""}, id="empty method"),
        pytest.param({"cimprotocolversion": "1.4"}, id="protocol version"),
    ],
)
def test_header_differs_from_body(headers: Dict[str, str]) -> None:
    with pytest.raises(Refused) as caught:
        read_indication(make_request(BODY.encode("utf-8"), **headers))
    response = caught.value.response
    assert (response.status, dict(response.headers)["CIMError"]) == (400, "header-mismatch")


@pytest.mark.parametrize(
    "old, new, name, code, description",
    [
        pytest.param(
            'CALL NAME="ExportIndication"',
            'CALL NAME="Other"',
            "Other",
            "7",
            "Unknown export method: 'Other'",
            id="method",
        ),
        pytest.param(
            "NewIndication", "Other", "ExportIndication", "4", "got 'Other'", id="parameter"
        ),
        pytest.param(PARAM, "", "ExportIndication", "4", "got none", id="no parameter"),
        pytest.param(
            PARAM,
            '<EXPPARAMVALUE NAME="NewIndication"/>',
            "ExportIndication",
            "4",
            "not a CIM instance, but None",
            id="parameter without a value",
        ),
        pytest.param(
            PARAM,
            PARAM + PARAM.replace("NewIndication", "Other"),
            "ExportIndication",
            "4",
            "got 'NewIndication', 'Other'",
            id="two parameters",
        ),
    ],
)
def test_call_refused(old: str, new: str, name: str, code: str, description: str) -> None:
    with pytest.raises(Refused) as caught:
        read_indication(make_request(BODY.replace(old, new).encode("ascii")))
    response = caught.value.response
    assert response.status == 200
    called = ET.fromstring(response.body).find("MESSAGE/SIMPLEEXPRSP/EXPMETHODRESPONSE")
    assert called is not None
    error = called.find("ERROR")
    assert error is not None
    assert (called.get("NAME"), error.get("CODE")) == (name, code)
    assert description in str(error.get("DESCRIPTION"))


def test_responses() -> None:
    for response in (success("4<2"), cim_error("M", "4<2", 1, "a & b").response):
        headers = dict(response.headers)
        assert headers["CIMExport"] == "MethodResponse"
        assert headers["Content-Type"] == "text/xml"
        root = ET.fromstring(response.body)
        message = root.find("MESSAGE")
        assert message is not None
        assert message.get("ID") == "4<2"
        assert (root.get("DTDVERSION"), message.get("PROTOCOLVERSION")) == ("2.4", "1.4")


def test_interface_of_callbacks() -> None:
    with pytest.raises(NotImplementedError):
        pywbem.callback_interface(pywbem.CIMInstance("C"), "h")


# Import


def test_import_needs_no_server() -> None:
    code = "import sys, pywbem; print([m for m in ('asyncio', 'h11') if m in sys.modules])"
    output = subprocess.run(
        [sys.executable, "-c", code], check=True, stdout=subprocess.PIPE, cwd=str(ROOT)
    ).stdout
    assert output.strip() == b"[]"
