"""
The traffic of a server, a real one where it is at hand: the same operations make the same
requests, and its responses are understood.
"""

from __future__ import annotations

import re
from typing import List

import pytest

import pywbem
from tests.responder import Reply, Request, Responder
from tests.shared_data import (
    RECORDED,
    TRAFFIC,
    RecordedExchange,
    dtd_errors,
    recorded_exchanges,
)
from tests.vectors.request_objects import read_call
from tests.vectors.runner import canonical

EXPORT = TRAFFIC / "900-ExportIndication.request.http"
EXPORTED = (
    b'<?xml version="1.0" encoding="utf-8" ?><CIM CIMVERSION="2.0" DTDVERSION="2.0">'
    b'<MESSAGE ID="1001" PROTOCOLVERSION="1.0"><SIMPLEEXPRSP>'
    b'<EXPMETHODRESPONSE NAME="ExportIndication"/></SIMPLEEXPRSP></MESSAGE></CIM>'
)

# What the server said to requests that could not succeed.
FAILED = re.compile(rb'<ERROR CODE="(\d+)"')


def header(head: bytes, name: str) -> str:
    for line in head.decode("iso-8859-1").split("\r\n")[1:]:
        key, _, value = line.partition(":")
        if key.lower() == name.lower():
            return value.strip()
    raise AssertionError(f"no header {name} was recorded")


def exchange_ids(exchange: RecordedExchange) -> str:
    return exchange.name


def renumbered(body: bytes) -> bytes:
    """The number of a message is no part of what it asks."""
    return re.sub(rb'MESSAGE ID="\d+"', b'MESSAGE ID="1001"', body, count=1)


@pytest.mark.parametrize("exchange", recorded_exchanges(), ids=exchange_ids)
def test_exchange(exchange: RecordedExchange) -> None:
    """The request is the recorded one; the response becomes a result, or its CIMError."""
    call = read_call(exchange.request_body)
    headers = tuple(
        (name, header(exchange.response_head, name)) for name in ("Content-Type", "CIMOperation")
    )

    def answer(_: Request) -> Reply:
        return Reply(exchange.response_body, 200, "OK", headers)

    error = FAILED.search(exchange.response_body)
    with Responder(answer) as responder, pywbem.WBEMConnection(
        responder.url, default_namespace=call.namespace
    ) as connection:
        method = getattr(connection, call.method)
        if error:
            with pytest.raises(pywbem.CIMError) as caught:
                method(**call.arguments)
            assert caught.value.status_code == int(error.group(1))
        else:
            result = method(**call.arguments)
            assert count_objects(result) == expected_objects(exchange.response_body)

    assert len(responder.requests) == 1
    request = responder.requests[0]
    assert canonical(request.body) == canonical(renumbered(exchange.request_body))
    assert dtd_errors(request.body) == dtd_errors(exchange.request_body)
    assert request.target == exchange.request_head.split(b" ")[1].decode("ascii")
    for name in ("CIMOperation", "CIMMethod", "CIMObject"):
        assert request.headers[name.lower()] == header(exchange.request_head, name)


def count_objects(result: object) -> int:
    """Return how many objects an operation gave."""
    if result is None:
        return 0
    if isinstance(result, tuple) and hasattr(result, "eos"):
        return len(getattr(result, "instances", None) or getattr(result, "paths", None) or [])
    return len(result) if isinstance(result, list) else 1


OBJECTS = frozenset(
    [
        *("VALUE.OBJECTWITHPATH", "VALUE.OBJECTWITHLOCALPATH", "VALUE.INSTANCEWITHPATH"),
        *("VALUE.NAMEDINSTANCE", "VALUE.OBJECT", "OBJECTPATH", "INSTANCEPATH"),
        *("INSTANCENAME", "INSTANCE", "CLASS", "CLASSNAME", "QUALIFIER.DECLARATION"),
    ]
)


def expected_objects(body: bytes) -> int:
    """Count the children of IRETURNVALUE, or one RETURNVALUE, without the library."""
    response: List[object] = canonical(body)[3][0][3][0][3]  # type: ignore[assignment]
    _, _, _, children, _ = response[0]  # type: ignore[misc]
    for tag, _, _, items, _ in children:
        if tag == "IRETURNVALUE":
            return sum(item[0] in OBJECTS for item in items)
        if tag == "RETURNVALUE":
            return 1
    return 0


# A key that is a plain int has no CIM type: its KEYVALUE has no TYPE, which the DTD wants.
UNTYPED_KEY = {"010-GetInstance", "011-GetInstance"}


@pytest.mark.parametrize("exchange", recorded_exchanges(), ids=exchange_ids)
def test_recorded_request_is_valid(exchange: RecordedExchange) -> None:
    """What is compared with is valid, but for two that are known."""
    errors = dtd_errors(exchange.request_body)
    if TRAFFIC == RECORDED and exchange.name in UNTYPED_KEY:
        assert len(errors) == 1
        assert "KEYVALUE does not carry attribute TYPE" in errors[0]
    else:
        assert errors == []


def test_export() -> None:
    """An indication that a server exported is exported in the same form."""
    head, _, body = EXPORT.read_bytes().partition(b"\r\n\r\n")
    call = read_call(body)
    with Responder(lambda _: Reply(EXPORTED)) as responder, pywbem.WBEMConnection(
        responder.url
    ) as connection:
        assert connection.ExportIndication(**call.arguments) is None
    request = responder.requests[0]
    assert canonical(request.body) == canonical(renumbered(body))
    assert dtd_errors(request.body) == []
    for name in ("CIMExport", "CIMExportMethod"):
        assert request.headers[name.lower()] == header(head, name)


def test_everything_was_read() -> None:
    """A folder that cannot be read is not a reason to pass."""
    assert len(recorded_exchanges()) >= (59 if TRAFFIC == RECORDED else 16)
