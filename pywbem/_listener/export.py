"""
Export requests over HTTP (DSP0200): what a listener accepts, and what it
answers.  No socket and no queue here.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import Any, Hashable, NamedTuple, Optional

from .._cim_constants import CIM_ERR_INVALID_PARAMETER, CIM_ERR_NOT_SUPPORTED
from .._cim_obj import CIMInstance
from .._cim_xml.records import Correlators, ErrorRecord, ExportCall, ExportResponse
from .._endpoint import Request, Response, cim
from .._endpoint.cim import EXPORTS, Refused
from .._nocasedict import NocaseDict
from .sequences import Place

__all__ = [
    "EXPORT_HEADERS",
    "Indication",
    "Refused",
    "check_head",
    "cim_error",
    "message_id_of",
    "read_indication",
    "success",
]

#: The header fields of a request that :func:`read_indication` takes.
EXPORT_HEADERS = {"cimexport": "MethodRequest", "cimexportmethod": "ExportIndication"}

# What is answered again and again; most message IDs are as this one.
_SUCCESS = cim.cim_response(EXPORTS, ExportResponse("ExportIndication"), "4711.0")
_SUCCESS_START, _, _SUCCESS_END = _SUCCESS.body.partition(b"4711.0")
_PLAIN_ID = re.compile(r"[\w.:-]*", re.ASCII).fullmatch

_MESSAGE_ID = re.compile(rb"""<MESSAGE\s[^>]*?\bID\s*=\s*["']([\w.:-]*)["']""")


class Indication(NamedTuple):
    """
    An indication that was exported to this listener, the size of its request in bytes,
    its place in a sequence if it is a reliable one, and the correlators of the request.

    In a journal it has a key and the number of times that its delivery was tried, and
    whether it was there when the listener was started.
    """

    instance: CIMInstance
    host: str
    message_id: str
    size: int
    place: Optional[Place]
    correlators: Correlators = ()
    key: int = 0
    tries: int = 0
    redelivered: bool = False


def cim_error(name: str, message_id: str, code: int, description: str) -> Refused:
    """
    The refusal of an export call with a CIM status code.
    """
    record = ExportResponse(name, ErrorRecord(code, description, []))
    response = cim.cim_response(EXPORTS, record, message_id)
    return Refused(response, f"CIM status {code}: {description}")


def success(message_id: str) -> Response:
    """
    The response to an indication that was accepted.
    """
    if _PLAIN_ID(message_id) is None:
        return cim.cim_response(EXPORTS, ExportResponse("ExportIndication"), message_id)
    body = _SUCCESS_START + message_id.encode("ascii") + _SUCCESS_END
    return Response(_SUCCESS.status, _SUCCESS.headers, body)


def check_head(request: Request) -> None:
    """
    Check method and header fields of a request.

    Raises:
        Refused: The listener does not accept it.
    """
    cim.check_head(EXPORTS, request)


def message_id_of(request: Request) -> Optional[str]:
    """
    The message ID of a request that is not decoded; None if it cannot be told easily.
    """
    match = _MESSAGE_ID.search(request.body, 0, 1000)
    return None if match is None else match[1].decode("ascii", "replace")


def read_indication(request: Request) -> Indication:
    """
    The indication in an export request.

    Raises:
        Refused: There is none.
    """
    call, message_id = cim.read_call(EXPORTS, request)
    assert isinstance(call, ExportCall)
    # Says more than that the header field names another method.
    if call.name != "ExportIndication":
        description = f"Unknown export method: {call.name!r}"
        raise cim_error(call.name, message_id, CIM_ERR_NOT_SUPPORTED, description)
    cim.check_call(EXPORTS, request, call)
    names = [name for name, _ in call.params]
    if set(names) != {"NewIndication"}:
        got = ", ".join(map(repr, names)) or "none"
        description = f"Expecting one parameter NewIndication, got {got}"
        raise cim_error(call.name, message_id, CIM_ERR_INVALID_PARAMETER, description)
    instance = call.params[-1][1]
    if instance is None:
        description = "NewIndication parameter is not a CIM instance, but None"
        raise cim_error(call.name, message_id, CIM_ERR_INVALID_PARAMETER, description)
    return Indication(
        instance,
        request.host,
        message_id,
        len(request.body),
        _place(request, instance),
        call.correlators,
    )


def _place(request: Request, instance: CIMInstance) -> Optional[Place]:
    """
    The place of a reliable indication (DSP1054), or None.
    """
    properties = instance._properties
    if properties is None:
        return None
    context = _value(properties, "sequencecontext")
    number = _value(properties, "sequencenumber")
    if not isinstance(context, str) or not isinstance(number, int) or number < 0:
        return None
    # Behind one address may be several servers that call the listener by several names.
    called = request.headers.get("host")
    sender = f"{request.host} (Host {called})" if called else request.host
    return Place(sender, context, int(number), _content(request, properties))


def _value(properties: NocaseDict, key: str) -> Any:
    item = properties._data.get(key)
    return None if item is None else item[1].value


def _content(request: Request, properties: NocaseDict) -> Hashable:
    """
    What tells an indication from all others, and is the same when it is sent again.
    """
    identifier = _value(properties, "indicationidentifier")
    if isinstance(identifier, str) and identifier:
        # Some servers count their indications and begin again when they are restarted.
        return identifier, _value(properties, "indicationtime")
    body = request.body
    exported = body[max(body.find(b"<INSTANCE"), 0) : body.rfind(b"</EXPPARAMVALUE")]
    return blake2b(exported, digest_size=16).digest()
