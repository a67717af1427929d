"""
CIM messages in HTTP requests, as a server sees them (DSP0200 6 and 7): what is
accepted, and what is answered.  No socket here.

WBEM servers take operations, WBEM listeners take exports; the two differ in the
names of their header fields.
"""

from __future__ import annotations

from typing import List, NamedTuple, Optional, Tuple
from urllib.parse import unquote

from ._cim_xml.messages import decode_request, encode_response
from ._cim_xml.records import Call, ExportCall
from ._cim_xml.records import Response as ResponseRecord
from ._exceptions import (
    CIMVersionError,
    CIMXMLParseError,
    DTDVersionError,
    ProtocolVersionError,
    XMLParseError,
)
from ._http_endpoint import Request, Response

# RFC 9110, 9: of these the server knows that it does not want them.
_HTTP_METHODS = frozenset("CONNECT DELETE GET HEAD OPTIONS PATCH PUT TRACE".split())
_XML_TYPES = frozenset(("text/xml", "application/xml"))
_CONTENT_TYPE = ("Content-Type", 'application/xml; charset="utf-8"')
_DETAILS_SIZE = 500


class Service(NamedTuple):
    """
    Operations or exports: the header field that says so, its value in a
    request, and the header field with the name of the method.
    """

    header: str
    request: str
    method: str

    @property
    def answer(self) -> Tuple[str, str]:
        """
        The header field that every response has.
        """
        return self.header, "MethodResponse"


#: DSP0200 6.3.3 and 6.3.6.
OPERATIONS = Service("CIMOperation", "MethodCall", "CIMMethod")
#: DSP0200 6.3.4 and 6.3.8.
EXPORTS = Service("CIMExport", "MethodRequest", "CIMExportMethod")


class Refused(Exception):
    """
    A request that is answered with an error.
    """

    def __init__(self, response: Response, why: str) -> None:
        super().__init__(why)
        self.response = response


def http_error(
    service: Service, status: int, cimerror: Optional[str] = None, details: str = ""
) -> Refused:
    """
    The refusal of a request with an HTTP status and the header CIMError.
    """
    headers: List[Tuple[str, str]] = [service.answer]
    if cimerror is not None:
        # One line of visible ASCII characters: it becomes a header field.
        details = " ".join(details.encode("ascii", "backslashreplace").decode("ascii").split())
        details = "".join(char for char in details if char.isprintable())[:_DETAILS_SIZE]
        headers += [("CIMError", cimerror), ("CIMErrorDetails", details)]
    if status == 405:
        headers.append(("Allow", "POST"))
    why = f"HTTP status {status}"
    return Refused(Response(status, headers), f"{why}, {cimerror}: {details}" if cimerror else why)


def cim_response(service: Service, response: ResponseRecord, message_id: str) -> Response:
    """
    The HTTP response with a response record.
    """
    headers = (_CONTENT_TYPE, service.answer)
    return Response(200, headers, encode_response(response, message_id))


def check_head(service: Service, request: Request) -> None:
    """
    Check method and header fields of a request.

    Raises:

        Refused: the server does not accept it.
    """
    if request.method != "POST":
        # M-POST (RFC 2774) is not known, so that a client falls back to POST.
        raise http_error(service, 405 if request.method in _HTTP_METHODS else 501)
    headers = request.headers
    if not _is_xml(headers.get("content-type")):
        wanted = "text/xml or application/xml in charset utf-8"
        raise _mismatch(service, request, "Content-Type", wanted)
    if not _names_one_of(headers.get("accept"), (*_XML_TYPES, "*/*", "text/*", "application/*")):
        raise _mismatch(service, request, "Accept", "text/xml, application/xml or */*")
    if not _names_one_of(headers.get("accept-charset"), ("utf-8", "*")):
        raise _mismatch(service, request, "Accept-Charset", "utf-8 or *")
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise _mismatch(service, request, "Content-Encoding", "identity")
    # Not every client sends this header field.
    kind = headers.get(service.header.lower(), service.request)
    if kind.lower() != service.request.lower():
        raise http_error(service, 400, "unsupported-operation", f"{service.header} is {kind}")


def _mismatch(service: Service, request: Request, name: str, wanted: str) -> Refused:
    value = request.headers.get(name.lower())
    have = "is missing" if value is None else f"is {value}"
    return http_error(service, 406, "header-mismatch", f"{name} {have}; needed is {wanted}")


def _is_xml(value: Optional[str]) -> bool:
    if value is None:
        return False
    kind, *parameters = value.lower().split(";")
    for parameter in parameters:
        name, _, content = parameter.partition("=")
        if name.strip() == "charset" and content.strip(" \t\"'") not in ("utf-8", "utf8"):
            return False
    return kind.strip() in _XML_TYPES


def _names_one_of(value: Optional[str], accepted: Tuple[str, ...]) -> bool:
    if not value:
        return True
    return any(item.split(";")[0].strip() in accepted for item in value.lower().split(","))


def read_call(service: Service, request: Request) -> Tuple[Call, str]:
    """
    The call record and the message ID in the body of a request.

    Raises:

        Refused: there is none, or header fields and body contradict each
          other.
    """
    try:
        call, message_id = decode_request(request.body)
    except XMLParseError as exc:
        raise http_error(service, 400, "request-not-well-formed", exc.args[0]) from None
    except CIMXMLParseError as exc:
        # DSP0200 5.1: multiple requests need not be supported.
        several = b"<MULTIEXPREQ" in request.body or b"<MULTIREQ" in request.body
        cimerror = "multiple-requests-unsupported" if several else "request-not-valid"
        raise http_error(service, 400, cimerror, exc.args[0]) from None
    except CIMVersionError as exc:
        raise http_error(service, 400, "unsupported-cim-version", exc.args[0]) from None
    except DTDVersionError as exc:
        raise http_error(service, 400, "unsupported-dtd-version", exc.args[0]) from None
    except ProtocolVersionError as exc:
        raise http_error(service, 400, "unsupported-protocol-version", exc.args[0]) from None
    if isinstance(call, ExportCall) is not (service is EXPORTS):
        what = "no export method" if service is EXPORTS else "an export method"
        raise http_error(service, 400, "request-not-valid", f"{call.name} is {what}")
    method = request.headers.get(service.method.lower(), call.name)
    if unquote(method) != call.name:
        details = f"{service.method} is {method}, the method of the request is {call.name}"
        raise http_error(service, 400, "header-mismatch", details)
    return call, message_id
