"""
Export requests over HTTP (DSP0200): what a listener accepts, and what it
answers.  No socket and no queue here.
"""

from __future__ import annotations

from typing import NamedTuple

from . import _http_cim
from ._cim_constants import CIM_ERR_INVALID_PARAMETER, CIM_ERR_NOT_SUPPORTED
from ._cim_obj import CIMInstance
from ._cim_xml.records import ErrorRecord, ExportCall, ExportResponse
from ._http_cim import EXPORTS, Refused
from ._http_endpoint import Request, Response

__all__ = ["Indication", "Refused", "check_head", "cim_error", "read_indication", "success"]


class Indication(NamedTuple):
    """
    An indication that was exported to this listener.
    """

    instance: CIMInstance
    host: str
    message_id: str


def cim_error(name: str, message_id: str, code: int, description: str) -> Refused:
    """
    The refusal of an export call with a CIM status code.
    """
    record = ExportResponse(name, ErrorRecord(code, description, []))
    response = _http_cim.cim_response(EXPORTS, record, message_id)
    return Refused(response, f"CIM status {code}: {description}")


def success(message_id: str) -> Response:
    """
    The response to an indication that was accepted.
    """
    return _http_cim.cim_response(EXPORTS, ExportResponse("ExportIndication"), message_id)


def check_head(request: Request) -> None:
    """
    Check method and header fields of a request.

    Raises:

        Refused: the listener does not accept it.
    """
    _http_cim.check_head(EXPORTS, request)


def read_indication(request: Request) -> Indication:
    """
    The indication in an export request.

    Raises:

        Refused: there is none.
    """
    call, message_id = _http_cim.read_call(EXPORTS, request)
    assert isinstance(call, ExportCall)
    # Says more than that the header field names another method.
    if call.name != "ExportIndication":
        description = f"Unknown export method: {call.name!r}"
        raise cim_error(call.name, message_id, CIM_ERR_NOT_SUPPORTED, description)
    _http_cim.check_call(EXPORTS, request, call)
    names = [name for name, _ in call.params]
    if set(names) != {"NewIndication"}:
        got = ", ".join(map(repr, names)) or "none"
        description = f"Expecting one parameter NewIndication, got {got}"
        raise cim_error(call.name, message_id, CIM_ERR_INVALID_PARAMETER, description)
    instance = call.params[-1][1]
    if instance is None:
        description = "NewIndication parameter is not a CIM instance, but None"
        raise cim_error(call.name, message_id, CIM_ERR_INVALID_PARAMETER, description)
    return Indication(instance, request.host, message_id)
