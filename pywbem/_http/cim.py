"""
CIM operations over HTTP (DSP0200): the header fields of a request, and what the head
and the trailers of a reply mean.  Both shells use it.
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any, Dict, Mapping, Optional, Tuple, Union
from urllib.parse import unquote

from .. import config
from .._cim_obj import CIMClassName, CIMInstanceName
from .._cim_xml.records import Call, ExportCall, ExtrinsicCall
from .._exceptions import CIMError, Error, HeaderParseError, HTTPError

if TYPE_CHECKING:
    from requests.auth import AuthBase

    from .errors import Failures

    Credentials = Union[Tuple[str, str], "list[str]", Tuple[bytes, bytes], AuthBase]

#: How much of the body of a reply that is refused is received, for the record.
REST_SIZE = 1_000_000

CONTENT_TYPE = {"Content-type": 'application/xml; charset="utf-8"'}

_CONTENT_TYPES = ("application/xml", "text/xml")

# DSP0200 6.3: what may not stand in a header value, and "%" itself, so that the
# encoding can be undone.
_NOT_IN_HEADER = re.compile(r"[^\x20-\x24\x26-\x7e]")

# SFCB wants another header field with the one method that an expired password leaves.
_SFCB_METHOD = ("sfcb_account", "updateexpiredpassword")


def request_headers(call: Call) -> Dict[str, str]:
    """
    Return the CIM extension header fields of a call (DSP0200 6.3).

    Parameters:
        call (Call): The call record.

    Returns:
        dict: Header values by name, encoded as DSP0200 requires: characters that a
        header value cannot have are sent as ``%`` and two hexadecimal digits for each
        byte of their UTF-8 form.
    """
    if isinstance(call, ExportCall):
        return {"CIMExport": "MethodRequest", "CIMExportMethod": _encoded(call.name)}
    headers = {"CIMOperation": "MethodCall", "CIMMethod": _encoded(call.name)}
    if isinstance(call, ExtrinsicCall):
        path = call.path
        if path.host is not None:
            path = path.copy()
            path.host = None
        headers["CIMObject"] = _encoded(get_cimobject_header(path))
        called = (path.classname.lower(), call.name.lower())
        if config.AUTO_GENERATE_SFCB_UEP_HEADER and called == _SFCB_METHOD:
            headers["Pragma"] = "UpdateExpiredPassword"
    else:
        headers["CIMObject"] = _encoded(call.namespace)
    return headers


def get_cimobject_header(obj: Union[str, CIMClassName, CIMInstanceName]) -> str:
    """
    Return the value of the CIMObject header for an object (DSP0200 6.3.7), before it
    is encoded.

    Parameters:
        obj (str or CIMClassName or CIMInstanceName): A namespace, or the path of a class or
            instance.

    Raises:
        TypeError: Another type.
    """
    if isinstance(obj, (CIMClassName, CIMInstanceName)):
        return obj.to_wbem_uri(format="cimobject")
    if isinstance(obj, str):
        return obj
    raise TypeError(f"Invalid object type {type(obj)} to generate CIMObject header value from")


def _encoded(text: str) -> str:
    return _NOT_IN_HEADER.sub(
        lambda match: "".join(f"%{byte:02X}" for byte in match.group().encode("utf-8")), text
    )


def basic_authorization(userid: Any, password: Any) -> str:
    """
    Return the value of the Authorization header for Basic authentication.

    Raises:
        ValueError: There is no form in UTF-8; the message shows nothing of it.
    """
    # RFC 7617 2.1: UTF-8 is what servers agree on beyond ASCII.
    pair = b":".join([_utf8(userid), _utf8(password)])
    return "Basic " + base64.b64encode(pair).decode("ascii")


def _utf8(creds: Any) -> bytes:
    try:
        text = creds.decode("utf-8") if isinstance(creds, bytes) else str(creds)
        return text.encode("utf-8")
    except UnicodeError:
        raise ValueError("Userid or password in creds has no form in UTF-8") from None


def checked_timeout(timeout: Optional[float]) -> Optional[float]:
    """
    Return the timeout.

    Raises:
        ValueError: It is neither None nor a number above 0.
    """
    if timeout is None:
        return None
    if isinstance(timeout, bool) or not isinstance(timeout, (int, float)) or not timeout > 0:
        raise ValueError(f"Invalid timeout {timeout!r}: it must be None or a number above 0")
    return timeout


def server_response_time(headers: Mapping[str, str]) -> Optional[float]:
    """
    Return the seconds that the server needed, from its WBEMServerResponseTime header,
    which has microseconds; None if there is none.
    """
    try:
        return float(headers["WBEMServerResponseTime"]) / 1_000_000
    except (KeyError, ValueError):
        return None


def content_type_error(
    headers: Mapping[str, str], request: bytes, conn_id: Optional[str]
) -> Optional[HeaderParseError]:
    """
    Return the error for a reply that is not XML by its Content-Type, or None.
    """
    content_type = headers.get("Content-Type")
    # Servers that send none are known, and their replies are fine.
    if content_type is None or content_type.lower().startswith(_CONTENT_TYPES):
        return None
    return HeaderParseError(
        f"WBEM server returned invalid Content-type header: {content_type!r}",
        conn_id=conn_id,
        request_data=request,
    )


def status_error(
    status: int,
    reason: str,
    headers: Mapping[str, str],
    request: bytes,
    credentials: bool,
    failures: Failures,
) -> Error:
    """
    Return the error for a reply with another status than 200.

    Parameters:
        status (int): HTTP status code.
        reason (str): HTTP reason phrase.
        headers (mapping): Header fields of the reply.
        request (bytes): The CIM-XML request.
        credentials (bool): Whether the request had an Authorization header.
        failures (Failures): Makes the exceptions of the connection.
    """
    details = _details_of(headers)
    if status == 401:
        return failures.unauthorized(reason, headers.get("WWW-Authenticate"), credentials, details)
    if 300 <= status < 400 and "Location" in headers:
        # The operation is not sent a second time; the user may connect there.
        details["Location"] = headers["Location"]
    return HTTPError(
        status,
        reason,
        headers.get("CIMError"),
        details,
        conn_id=failures.conn_id,
        request_data=request,
    )


def trailer_error(
    trailers: Mapping[str, str], status: int, reason: str, conn_id: Optional[str]
) -> Optional[Error]:
    """
    Return the error that the trailers of a reply tell of, or None.

    When the status line was sent, the error was not known yet.  Besides CIMError,
    OpenPegasus sends the CIM status of the operation.
    """
    code = trailers.get("cimstatuscode", "")
    if re.fullmatch("[0-9]{1,9}", code) and int(code) != 0:
        description = unquote(trailers.get("cimstatuscodedescription", "")) or None
        return CIMError(int(code), description, conn_id=conn_id)
    if "cimerror" in trailers:
        details = _details_of(trailers)
        return HTTPError(status, reason, trailers["cimerror"], details, conn_id=conn_id)
    return None


def _details_of(headers: Mapping[str, str]) -> Dict[str, str]:
    """
    The header fields, or trailers, that explain an error.
    """
    details: Dict[str, str] = {}
    for name in ("CIMErrorDetails", "PGErrorDetail"):
        value = headers.get(name) or headers.get(name.lower())
        if value is not None:
            details[name] = unquote(value)
    return details


def with_reply(error: Error, reply: Any, body: str) -> Error:
    """
    Give the error for which a reply is refused what observers and users may look at:
    the head of the reply, and its body where the error has a place for it.
    """
    head = (reply.version, reply.status, reply.reason, dict(reply.headers))
    error._reply_head = head  # type: ignore[attr-defined]
    if getattr(error, "response_data", "") is None:
        error.response_data = body  # type: ignore[attr-defined]
    return error
