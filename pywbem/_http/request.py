"""
A request as it is sent: authentication, header fields, and its head as bytes.
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any, Callable, Dict, Mapping, Optional, Tuple, Union

import requests
from requests.auth import HTTPBasicAuth
from requests.cookies import RequestsCookieJar
from requests.structures import CaseInsensitiveDict
from requests.utils import get_auth_from_url, get_netrc_auth, urldefragauth
from urllib3.exceptions import LocationValueError
from urllib3.util import parse_url

from .cim import basic_authorization
from .url import Target

if TYPE_CHECKING:
    from .cim import Credentials
    from .reply import Head

# RFC 9110 5.1 and 5.5.
_FIELD_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_FIELD_VALUE = re.compile(r"[^\x00\r\n]*")


def authentication(
    creds: Optional[Credentials], url: str
) -> Tuple[Optional[Callable[..., Any]], Dict[str, str]]:
    """
    Return what authenticates the requests of a connection: an object of requests, and
    header fields.

    Raises:
        TypeError: The credentials are nothing of the kind; the message shows nothing of them.
    """
    if creds is None:
        login = get_netrc_auth(url)
        return (None if login is None else HTTPBasicAuth(*login)), {}
    if callable(creds):
        return creds, {}
    try:
        userid, password = creds[0], creds[1]
    except (TypeError, LookupError):
        raise TypeError(
            "The creds parameter must be (userid, password), or an authentication object of "
            f"requests; a {type(creds).__name__} without two such items is neither"
        ) from None
    return None, {"Authorization": basic_authorization(userid, password)}


def proxy_credentials(proxy: str) -> Dict[str, str]:
    """
    Return the header fields for a proxy.

    requests fails on a userid or password that is not in ISO 8859-1, and shows a part
    of it.
    """
    userid, password = get_auth_from_url(proxy)
    if not userid:
        return {}
    try:
        pair = f"{userid}:{password}".encode("latin-1")
    except UnicodeEncodeError:
        pair = f"{userid}:{password}".encode()
    return {"Proxy-Authorization": f"Basic {base64.b64encode(pair).decode('ascii')}"}


def proxy_target(proxy: str) -> Target:
    """
    Return where an HTTP proxy is.

    Raises:
        urllib3.exceptions.LocationValueError: The URL names no host, or is none.
    """
    parts = parse_url(proxy)
    if not parts.host:
        raise LocationValueError("No host specified.")
    return Target("http", parts.host.strip("[]"), parts.port or 80)


def tunnel_request(target: Target, fields: Mapping[str, str]) -> bytes:
    """
    Return what asks a proxy for a tunnel to a server (RFC 9110 9.3.6).
    """
    host = target.host_header
    lines = [f"CONNECT {host} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name}: {value}" for name, value in fields.items()]
    return "\r\n".join([*lines, "\r\n"]).encode("latin-1")


def check_tunnel(head: Head) -> None:
    """
    Raise ``OSError`` unless the answer of a proxy says that there is a tunnel.
    """
    if head.status != 200:
        raise OSError(f"Tunnel connection failed: {head.status} {head.reason}")


def prepared_request(
    url: str,
    body: bytes,
    fields: CaseInsensitiveDict[str],
    cookies: RequestsCookieJar,
    auth: Optional[Callable[..., Any]],
) -> requests.PreparedRequest:
    """
    Return the request that ``Session.prepare_request()`` would make, without merging
    what is known.
    """
    request = requests.PreparedRequest()
    request.method = "POST"
    request.url = url
    request.body = body
    fields["Content-Length"] = str(len(body))
    request.headers = fields
    request.hooks = {"response": []}
    # Authentication handlers look for cookies even if there are none.
    if len(cookies) or auth is not None:
        request.prepare_cookies(cookies)
    if auth is not None:
        request.prepare_auth(auth)
    return request


def request_body(request: requests.PreparedRequest) -> bytes:
    """
    Return the body; an authentication handler of others may have set another one.
    """
    body = request.body or b""
    return body.encode("utf-8") if isinstance(body, str) else body


def request_head(request: requests.PreparedRequest, host: str, forward: bool) -> bytes:
    """
    Return request line and header fields; ``forward`` is for a proxy that passes the
    request on (RFC 9112 3.2.2).

    Raises:
        ValueError: A field would break out of its line.
    """
    target = urldefragauth(str(request.url)) if forward else request.path_url
    lines = [f"{request.method} {target} HTTP/1.1", f"Host: {host}"]
    for name, value in request.headers.items():
        text = _text(value)
        if not _FIELD_NAME.fullmatch(name) or not _FIELD_VALUE.fullmatch(text):
            raise ValueError(f"The header field {name!a} of the request is not valid")
        if name.lower() != "host":
            lines.append(f"{name}: {text}")
    lines.append("\r\n")
    return "\r\n".join(lines).encode("latin-1")


def _text(value: Union[str, bytes]) -> str:
    # An authentication handler of others may set bytes.
    return value.decode("latin-1") if isinstance(value, bytes) else value
