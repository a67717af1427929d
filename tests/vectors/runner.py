"""
Runs recorded exchanges (vectors) over real sockets.

A vector tells a call, the HTTP request that it must make, the HTTP response, and
the result or exception; its elements are described in the README of the shared
test data.  The call is made with a ``WBEMConnection``, a responder on the loopback
interface notes the request and answers with the response of the vector.

Vectors are written for a server at acme.com:80.  Where that name stands as the
server's own (the URL, and hosts in requests, responses and results) the address of
the responder is put in its place before anything else happens, so that no part of
the client is replaced.  Lengths that a vector tells are corrected by the difference.

A fault is caused by the socket where that is possible (a reset for
``requests_connection_error``, silence for ``requests_read_timeout``).  The others
have no cause on the wire of a plain HTTP connection: there the exception of the
requests package is raised in the place where requests would send.
"""

from __future__ import annotations

import re
import warnings
import xml.etree.ElementTree as ET
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Tuple
from unittest import mock
from urllib.parse import urlsplit

import requests
import yaml

import pywbem
from tests.responder import Fault, Reply, Request, Responder
from tests.shared_data import dtd_errors

SERVER = "acme.com:80"
FAULT_TIMEOUT = 1  # seconds that a call waits for an answer that does not come

SOCKET_FAULTS = {
    "requests_connection_error": Fault.RESET,
    "requests_read_timeout": Fault.SILENCE,
}
RAISED_FAULTS = {
    "requests_http_error": requests.exceptions.HTTPError,
    "requests_retry_error": requests.exceptions.RetryError,
    "requests_ssl_error": requests.exceptions.SSLError,
}

# Elements whose text is data: white space in them counts.
PCDATA = frozenset(["VALUE", "KEYVALUE", "HOST"])

# Elements that are told from their siblings by name: their order does not count.
NAMED = re.compile(r"I?PARAMVALUE|KEYBINDING|PROPERTY(\.\w+)?|QUALIFIER|METHOD")

Vector = Dict[str, Any]


class Outcome(NamedTuple):
    """What came out of a call."""

    result: Any
    exception: Optional[Exception]
    requests: List[Request]
    connection: pywbem.WBEMConnection


def load(path: Path) -> List[Vector]:
    """Return the vectors of a file that are not marked to be ignored."""
    with path.open(encoding="utf-8") as file:
        vectors = yaml.safe_load(file)
    return [vector for vector in vectors if not vector.get("ignore_test")]


def relocated(value: Any, host: str) -> Any:
    """Return the vector with `host` in the place of the server's name, at any depth."""
    if isinstance(value, dict):
        return {key: relocated(item, host) for key, item in value.items()}
    if isinstance(value, list):
        return [relocated(item, host) for item in value]
    return value.replace(SERVER, host) if isinstance(value, str) else value


def built(value: Any) -> Any:
    """Return the value with each ``pywbem_object`` constructed, at any depth."""
    if isinstance(value, list):
        return [built(item) for item in value]
    if not isinstance(value, dict):
        return value
    arguments = {key: built(item) for key, item in value.items() if key != "pywbem_object"}
    if "pywbem_object" in value:
        with warnings.catch_warnings():
            # Vectors give keys as properties and in the path, too.
            warnings.simplefilter("ignore", DeprecationWarning)
            return getattr(pywbem, value["pywbem_object"])(**arguments)
    return arguments


# --- running ------------------------------------------------------------------


@contextmanager
def raising(exception: Exception, sent: List[Request]) -> Iterator[None]:
    """Note requests and raise `exception` where requests would send them."""

    def send(_: Any, prepared: requests.PreparedRequest, *args: Any, **kwargs: Any) -> None:
        headers = {name.lower(): str(value) for name, value in prepared.headers.items()}
        body = prepared.body or b""
        data = body.encode("utf-8") if isinstance(body, str) else body
        sent.append(Request(str(prepared.method), prepared.path_url, headers, data))
        raise exception

    with mock.patch("requests.adapters.HTTPAdapter.send", send), mock.patch(
        "requests.Session.send", send
    ):
        yield


def run(vector: Vector, responder: Responder, fault: Optional[str]) -> Outcome:
    """Make the call of a relocated vector."""
    call = vector["pywbem_request"]
    operation = dict(call["operation"])
    method = operation.pop("pywbem_method")
    arguments = built(operation)
    connection = pywbem.WBEMConnection(
        call["url"],
        tuple(call["creds"]),
        default_namespace=call["namespace"],
        timeout=FAULT_TIMEOUT if fault in SOCKET_FAULTS else call["timeout"],
        stats_enabled=call.get("stats-enabled", False),
    )
    connection.debug = call["debug"]
    sent = responder.requests
    result = caught = None
    with connection:
        try:
            if fault in RAISED_FAULTS:
                with raising(RAISED_FAULTS[fault]("raised by a test"), sent):
                    result = getattr(connection, method)(**arguments)
            else:
                result = getattr(connection, method)(**arguments)
        except Exception as exc:  # compared with the exception that the vector names
            caught = exc
    return Outcome(result, caught, sent, connection)


def check(vector: Vector) -> None:
    """Run a vector and compare the request and what came out."""
    response = vector.get("http_response") or {}
    fault = response.get("exception")

    def answer(_: Request) -> Any:
        if fault:
            return SOCKET_FAULTS[fault]
        return Reply(
            reply_body,
            response["status"],
            "OK" if response["status"] == 200 else "Error",
            tuple((name, str(value)) for name, value in response["headers"].items()),
        )

    with Responder(answer) as responder:
        here = relocated(vector, responder.host)
        reply_body = ((here.get("http_response") or {}).get("data") or "").encode("utf-8")
        outcome = run(here, responder, fault)
    check_outcome(here["pywbem_response"], outcome)
    check_requests(here.get("http_request"), outcome)
    check_lengths(vector, here, outcome)
    if here["pywbem_request"]["debug"] and outcome.requests:
        # What was sent, but for its XML declaration.
        raw_request = as_bytes(outcome.connection.last_raw_request)
        assert canonical(raw_request) == canonical(outcome.requests[-1].body)
        assert outcome.requests[-1].body.endswith(raw_request)
        # A reply that HTTP already refuses is not kept.
        if outcome.exception is None or isinstance(
            outcome.exception, (pywbem.CIMError, pywbem.XMLParseError, pywbem.CIMXMLParseError)
        ):
            assert as_bytes(outcome.connection.last_raw_reply) == reply_body


def as_bytes(text: Any) -> bytes:
    return text.encode("utf-8") if isinstance(text, str) else bytes(text)


# --- comparing ----------------------------------------------------------------


def check_requests(expected: Optional[Vector], outcome: Outcome) -> None:
    """Compare the request that arrived with the one that the vector tells."""
    if expected is None:
        assert outcome.requests == [], "a request was sent, the vector has none"
        return
    assert outcome.requests, "no request was sent"
    assert len(outcome.requests) == 1, "the request was sent more than once"
    request = outcome.requests[0]
    assert request.method == expected["verb"]
    assert request.target == urlsplit(expected["url"]).path
    for name, value in expected["headers"].items():
        assert request.headers.get(name.lower()) == value, name
    assert canonical(request.body) == canonical(expected["data"].encode("utf-8"))
    assert dtd_errors(request.body) == []


def check_outcome(expected: Vector, outcome: Outcome) -> None:
    """Compare the result or the exception with what the vector tells."""
    status = expected.get("cim_status", 0)
    name = "CIMError" if status else expected.get("exception")
    if outcome.exception is not None:
        if type(outcome.exception).__name__ != name:
            raise outcome.exception
        if status:
            assert isinstance(outcome.exception, pywbem.CIMError)
            assert outcome.exception.status_code == status
        if "error_instances" in expected:
            assert outcome.exception.instances == built(expected["error_instances"])
        return
    assert name is None, f"{name} was not raised, the result is {outcome.result!r}"
    if "pullresult" in expected:
        for field, value in built(expected["pullresult"]).items():
            equal(getattr(outcome.result, field), value, field)
    else:
        equal(outcome.result, built(expected.get("result")), "result")


def equal(actual: Any, expected: Any, where: str) -> None:
    """Compare, at any depth; a list of a vector also stands for a tuple."""
    if isinstance(expected, list):
        assert isinstance(actual, (list, tuple)), f"{where}: {actual!r}"
        assert len(actual) == len(expected), f"{where}: {actual!r}"
        for index, (one, other) in enumerate(zip(actual, expected)):
            equal(one, other, f"{where}[{index}]")
    elif isinstance(expected, dict):
        assert sorted(actual) == sorted(expected), f"{where}: {actual!r}"
        for key, other in expected.items():
            equal(actual[key], other, f"{where}[{key!r}]")
    else:
        assert isinstance(actual, type(expected)) or not hasattr(expected, "tocimxml"), where
        assert actual == expected, f"{where}: {actual!r} is not {expected!r}"


def check_lengths(vector: Vector, here: Vector, outcome: Outcome) -> None:
    """Compare the lengths of the messages, corrected by the name of the server."""
    for field, part in (("request_len", "http_request"), ("reply_len", "http_response")):
        if field in vector["pywbem_response"]:
            longer = len(here[part]["data"]) - len(vector[part]["data"])
            expected = vector["pywbem_response"][field] + longer
            assert getattr(outcome.connection, f"last_{field}") == expected


Canonical = Tuple[str, List[Tuple[str, str]], Any, List[Any], str]


def canonical(xml: bytes) -> Canonical:
    """
    Return XML in a form to compare.

    White space between elements does not count, nor the order of elements that have
    different names.  An embedded object, which is text, is compared as the XML it is.
    """
    return _canonical(ET.fromstring(xml), False)


def _canonical(element: ET.Element, embedded: bool) -> Canonical:
    text: Any = element.text or ""
    if element.tag not in PCDATA:
        text = text.strip()
    elif embedded and element.tag == "VALUE":
        text = canonical(text.strip().encode("utf-8"))
    embedded = "EmbeddedObject" in element.attrib or (element.tag == "VALUE.ARRAY" and embedded)
    children = [_canonical(child, embedded) for child in element]
    # Sorting is stable: only neighbours of one kind that are told apart by name change places.
    children.sort(
        key=lambda form: dict(form[1])["NAME"].lower() if NAMED.fullmatch(form[0]) else ""
    )
    tail = (element.tail or "").strip()
    return element.tag, sorted(element.attrib.items()), text, children, tail
