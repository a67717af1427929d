"""
CIM messages in HTTP requests, as a server sees them (DSP0200 6 and 7): what is
accepted, and what is answered.  No socket here.

WBEM servers take operations, WBEM listeners take exports; the two differ in the
names of their header fields.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import List, NamedTuple, Optional, Tuple
from urllib.parse import unquote

from .._cim_xml.messages import decode_framed_request, encode_response
from .._cim_xml.records import Call, ExportCall, ExtrinsicCall, IntrinsicCall
from .._cim_xml.records import Response as ResponseRecord
from .._exceptions import (
    CIMVersionError,
    CIMXMLParseError,
    DTDVersionError,
    ProtocolVersionError,
    XMLParseError,
)
from .messages import Request, Response

# RFC 9110, 9: of these the server knows that it does not want them.
_HTTP_METHODS = frozenset("CONNECT DELETE GET HEAD OPTIONS PATCH PUT TRACE".split())
_XML_TYPES = frozenset(("text/xml", "application/xml"))
_DETAILS_SIZE = 500
_NO_QUALITY = re.compile(r"q *= *0(\.0*)?")
_PROTOCOL_VERSION = re.compile(rb"""<MESSAGE\s[^>]*?\bPROTOCOLVERSION\s*=\s*["']([^"']*)["']""")


class Service(NamedTuple):
    """
    Operations or exports: the header field that says so, its value in a
    request, the header fields that must agree with the body, of which the first
    has the name of the method, the one of a multiple request, and the content
    type of a response.
    """

    header: str
    request: str
    simple: Tuple[str, ...]
    batch: str
    content_type: str

    @property
    def method(self) -> str:
        """
        The header field with the name of the method.
        """
        return self.simple[0]

    @property
    def answer(self) -> Tuple[str, str]:
        """
        The header field that every response has.
        """
        return self.header, "MethodResponse"


#: DSP0200 6.3.3, 6.3.6 and 6.3.7.
OPERATIONS = Service(
    "CIMOperation",
    "MethodCall",
    ("CIMMethod", "CIMObject"),
    "CIMBatch",
    'application/xml; charset="utf-8"',
)
#: DSP0200 6.3.4 and 6.3.8.
EXPORTS = Service("CIMExport", "MethodRequest", ("CIMExportMethod",), "CIMExportBatch", "text/xml")

# The header fields of responses.
_HEADERS = {
    service.header: (("Content-Type", service.content_type), service.answer)
    for service in (OPERATIONS, EXPORTS)
}


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
        details = "".join(char for char in details if char.isprintable())
        # What is cut off must not leave a space at the end.
        details = details[:_DETAILS_SIZE].rstrip()
        headers += [("CIMError", cimerror), ("CIMErrorDetails", details)]
    if status == 405:
        headers.append(("Allow", "POST"))
    why = f"HTTP status {status}"
    return Refused(Response(status, headers), f"{why}, {cimerror}: {details}" if cimerror else why)


def cim_response(service: Service, response: ResponseRecord, message_id: str) -> Response:
    """
    The HTTP response with a response record.
    """
    return Response(200, _HEADERS[service.header], encode_response(response, message_id))


def check_head(service: Service, request: Request) -> None:
    """
    Check method and header fields of a request.

    Raises:
        Refused: The server does not accept it.
    """
    if request.method != "POST":
        # M-POST (RFC 2774) is not known, so that a client falls back to POST.
        raise http_error(service, 405 if request.method in _HTTP_METHODS else 501)
    _check_representation(service, request)
    headers = request.headers
    # DSP0200 6.3.3 and 6.3.4: without it, this is no request for this service.
    kind = headers.get(service.header.lower())
    if kind is None:
        raise http_error(service, 400)
    if kind.lower() != service.request.lower():
        raise http_error(service, 400, "unsupported-operation", f"{service.header} is {kind}")
    if service.batch.lower() in headers:
        details = f"{service.batch} is not supported"
        raise http_error(service, 501, "multiple-requests-unsupported", details)
    for name in service.simple:
        if name.lower() not in headers:
            raise http_error(service, 400, "header-mismatch", f"{name} is missing")


def _check_representation(service: Service, request: Request) -> None:
    """
    Check the header fields that say how the bodies of request and response are
    represented.
    """
    headers = request.headers
    if not _is_xml(headers.get("content-type")):
        wanted = "text/xml or application/xml in charset utf-8"
        raise _mismatch(service, request, "Content-Type", wanted)
    if not _accepts(headers.get("accept"), (*_XML_TYPES, "*/*", "text/*", "application/*")):
        raise _mismatch(service, request, "Accept", "text/xml, application/xml or */*")
    if not _accepts(headers.get("accept-charset"), ("utf-8", "*")):
        raise _mismatch(service, request, "Accept-Charset", "utf-8 or *")
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise _mismatch(service, request, "Content-Encoding", "identity")
    for name in ("Range", "Accept-Range"):
        if name.lower() in headers:
            raise _mismatch(service, request, name, "the whole response")


def _mismatch(service: Service, request: Request, name: str, wanted: str) -> Refused:
    value = request.headers.get(name.lower())
    have = "is missing" if value is None else f"is {value}"
    return http_error(service, 406, "header-mismatch", f"{name} {have}; needed is {wanted}")


@lru_cache(maxsize=100)
def _is_xml(value: Optional[str]) -> bool:
    if value is None:
        return False
    kind, *parameters = value.lower().split(";")
    for parameter in parameters:
        name, _, content = parameter.partition("=")
        if name.strip() == "charset" and content.strip(" \t\"'") not in ("utf-8", "utf8"):
            return False
    return kind.strip() in _XML_TYPES


def _accepts(value: Optional[str], accepted: Tuple[str, ...]) -> bool:
    if not value:
        return True
    for item in value.lower().split(","):
        kind, *parameters = (part.strip() for part in item.split(";"))
        if kind in accepted and not any(map(_NO_QUALITY.fullmatch, parameters)):
            return True
    return False


def read_call(service: Service, request: Request) -> Tuple[Call, str]:
    """
    The call record and the message ID in the body of a request.

    Raises:
        Refused: There is none.
    """
    try:
        call, message_id = decode_framed_request(request.body)
    except XMLParseError as exc:
        raise http_error(service, 400, "request-not-well-formed", exc.args[0]) from None
    except CIMXMLParseError as exc:
        # A multiple request has a header field of its own.
        several = b"<MULTIEXPREQ" in request.body or b"<MULTIREQ" in request.body
        cimerror = "header-mismatch" if several else "request-not-valid"
        raise http_error(service, 400, cimerror, exc.args[0]) from None
    except CIMVersionError as exc:
        raise http_error(service, 501, "unsupported-cim-version", exc.args[0]) from None
    except DTDVersionError as exc:
        raise http_error(service, 501, "unsupported-dtd-version", exc.args[0]) from None
    except ProtocolVersionError as exc:
        raise http_error(service, 501, "unsupported-protocol-version", exc.args[0]) from None
    if isinstance(call, ExportCall) is not (service is EXPORTS):
        what = "no export method" if service is EXPORTS else "an export method"
        raise http_error(service, 400, "request-not-valid", f"{call.name} is {what}")
    return call, message_id


def check_call(service: Service, request: Request, call: Call) -> None:
    """
    Check that header fields and body of a request agree.

    Keys of an instance may be written in many ways and are not compared.

    Raises:
        Refused: They do not.
    """
    _agree(service, request, service.method, call.name)
    if isinstance(call, IntrinsicCall):
        _agree(service, request, "CIMObject", call.namespace)
    elif isinstance(call, ExtrinsicCall):
        _agree(service, request, "CIMObject", f"{call.path.namespace}:{call.path.classname}")
    version = request.headers.get("cimprotocolversion")
    if version is not None:
        match = _PROTOCOL_VERSION.search(request.body)
        if match is not None and match[1].decode("latin-1") != version:
            details = f"CIMProtocolVersion is {version}, that of the message is another one"
            raise http_error(service, 400, "header-mismatch", details)


# Clients say the same again and again; what is longer than names are is not kept.
_SHORT = 500


@lru_cache(maxsize=1000)
def _agrees(name: str, value: str, wanted: str) -> bool:
    have = unquote(value)
    if name == "CIMObject":
        namespace, colon, path = have.partition(":")
        have = namespace.strip("/") + colon + path.partition(".")[0]
    return have.lower() == wanted.lower()


def _agree(service: Service, request: Request, name: str, wanted: str) -> None:
    value = request.headers.get(name.lower(), "")
    short = len(value) + len(wanted) <= _SHORT
    if not (_agrees if short else _agrees.__wrapped__)(name, value, wanted):
        raise http_error(service, 400, "header-mismatch", f"{name} is {value}, not {wanted}")
