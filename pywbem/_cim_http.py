"""
CIM operations over HTTP (DSP0200): a request goes out, a reply comes in.

Bytes and header fields only; what is in the body is the matter of
:mod:`pywbem._cim_xml`.  :func:`request_headers` makes the CIM header fields of a
call, :class:`HTTPTransport` carries requests to one server.  The modules below it
have one subject each: :mod:`~pywbem._http_url` URLs, :mod:`~pywbem._http_session`
the exchange, :mod:`~pywbem._http_socket` deadlines, :mod:`~pywbem._http_reply`
the bytes of a reply, :mod:`~pywbem._http_tls` trust, :mod:`~pywbem._http_errors`
exceptions.  requests is imported when a transport is first used.
"""

from __future__ import annotations

import base64
import os
import re
import threading
from typing import TYPE_CHECKING, Any, Dict, Iterator, Mapping, Optional, Tuple, Union
from urllib.parse import unquote

from . import config
from ._cim_constants import DEFAULT_URL_PORT_HTTP, DEFAULT_URL_PORT_HTTPS, DEFAULT_URL_SCHEME
from ._cim_obj import CIMClassName, CIMInstanceName
from ._cim_xml.records import Call, ExportCall, ExtrinsicCall
from ._exceptions import CIMError, ConnectionError, Error, HeaderParseError, HTTPError
from ._http_url import HTTP_CONNECT_TIMEOUT, parse_url, target_of

if TYPE_CHECKING:
    import ssl

    import requests
    from requests.auth import AuthBase

    from ._http_errors import Failures
    from ._http_session import Session

    Credentials = Union[Tuple[str, str], "list[str]", AuthBase]

__all__ = [
    "DEFAULT_URL_PORT_HTTP",
    "DEFAULT_URL_PORT_HTTPS",
    "DEFAULT_URL_SCHEME",
    "HTTPTransport",
    "HTTP_CONNECT_TIMEOUT",
    "Reply",
    "check_ca_certs",
    "check_proxies",
    "check_x509",
    "get_cimobject_header",
    "parse_url",
    "request_headers",
]

# DSP0200 6.3: what may not stand in a header value, and "%" itself, so that the
# encoding can be undone.
_NOT_IN_HEADER = re.compile(r"[^\x20-\x24\x26-\x7e]")

# SFCB wants another header field with the one method that an expired password leaves.
_SFCB_METHOD = ("sfcb_account", "updateexpiredpassword")

_CONTENT_TYPES = ("application/xml", "text/xml")

_ALWAYS_SENT = {
    "Accept": "*/*",
    "Accept-Encoding": "gzip, deflate",
    "Connection": "keep-alive",
    "Content-type": 'application/xml; charset="utf-8"',
}


def request_headers(call: Call) -> Dict[str, str]:
    """
    Return the CIM extension header fields of a call (DSP0200 6.3).

    :param call: the call record.
    :return: header values by name, encoded as DSP0200 requires: characters that a
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

    :param obj: a namespace, or the path of a class or instance.
    :raises TypeError: another type.
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


def check_x509(x509: Optional[Mapping[str, Optional[str]]]) -> None:
    """
    Check the ``x509`` argument of a connection.

    :raises TypeError: it is no dictionary, or an item no string.
    :raises ValueError: there is no item ``cert_file``.
    :raises OSError: a file does not exist.
    """
    if x509 is None:
        return
    if not isinstance(x509, dict):
        raise TypeError(f"The x509 parameter must be a dictionary but has type: {type(x509)}")
    if "cert_file" not in x509:
        raise ValueError(f"The x509 parameter does not have the required key 'cert_file': {x509}")
    for key, what in (("cert_file", "certificate"), ("key_file", "key")):
        path = x509.get(key)
        if path is None and key == "key_file":
            continue
        if not isinstance(path, str):
            raise TypeError(
                f"The {key!r} item in the x509 parameter must be a string but has type: "
                f"{type(path)}"
            )
        if not os.path.isfile(path):
            raise OSError(f"Client {what} file for TLS/SSL 2-way authentication not found: {path}")


def check_ca_certs(ca_certs: Optional[str]) -> None:
    """
    Check the ``ca_certs`` argument of a connection that verifies.

    :raises TypeError: it is neither None nor a string.
    :raises OSError: there is no such file or directory.
    """
    if ca_certs is None:
        return
    if not isinstance(ca_certs, str):
        raise TypeError(f"The ca_certs parameter has invalid type: {type(ca_certs)}")
    if not os.path.exists(ca_certs):
        raise OSError(f"CA certificate file or directory not found: {ca_certs}")


def check_proxies(proxies: Optional[Mapping[str, str]]) -> None:
    """
    Check the ``proxies`` argument of a connection.

    :raises TypeError: it is no dictionary.
    """
    if proxies is not None and not isinstance(proxies, dict):
        raise TypeError(f"The proxies parameter must be a dictionary but has type: {type(proxies)}")


class Reply:
    """
    The reply to a request, of status 200: an iterable of the pieces of its body, as
    they arrive, and a context manager.

    Leaving the context gives the connection back to the pool, or closes it if the
    body was not read to its end.
    """

    def __init__(self, response: requests.Response, failures: Failures) -> None:
        self._response = response
        self._failures = failures
        #: HTTP version, 10 or 11.
        self.version: int = getattr(response.raw, "version", 11)
        self.status: int = response.status_code
        self.reason: str = response.reason or ""
        #: Header fields, with names in any case.
        self.headers: Mapping[str, str] = response.headers

    @property
    def server_response_time(self) -> Optional[float]:
        """
        Seconds that the server needed, from its WBEMServerResponseTime header, which
        has microseconds; None if there is none.
        """
        try:
            return float(self.headers["WBEMServerResponseTime"]) / 1_000_000
        except (KeyError, ValueError):
            return None

    def __iter__(self) -> Iterator[bytes]:
        """
        Return an iterator of the pieces, of up to 64 KiB each.

        :raises pywbem.TimeoutError: the timeout of the call has passed.
        :raises pywbem.ConnectionError: the connection broke, or the end is missing.
        :raises pywbem.HTTPError: a trailer says that the server failed on the way.
        :raises pywbem.CIMError: a trailer says so with a CIM status.
        """
        try:
            yield from self._response.iter_content(65536)
        except Error:
            raise
        except Exception as exc:
            raise self._failures.translate(exc, "answered") from exc
        self._check_trailers()

    def _check_trailers(self) -> None:
        # When the status line was sent, the error was not known yet.  Besides CIMError,
        # OpenPegasus sends the CIM status of the operation.
        trailers: Mapping[str, str] = getattr(self._response.raw, "trailers", {})
        code = trailers.get("cimstatuscode", "")
        if re.fullmatch("[0-9]{1,9}", code) and int(code) != 0:
            raise CIMError(
                int(code),
                unquote(trailers.get("cimstatuscodedescription", "")) or None,
                conn_id=self._failures.conn_id,
            )
        if "cimerror" in trailers:
            raise HTTPError(
                self.status,
                self.reason,
                trailers["cimerror"],
                _details(trailers),
                conn_id=self._failures.conn_id,
            )

    def close(self) -> None:
        """
        End the use of the connection.
        """
        self._response.close()

    def __enter__(self) -> Reply:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()


def _details(headers: Mapping[str, str]) -> Dict[str, str]:
    details: Dict[str, str] = {}
    for name in ("CIMErrorDetails", "PGErrorDetail"):
        value = headers.get(name) or headers.get(name.lower())
        if value is not None:
            details[name] = unquote(value)
    return details


class HTTPTransport:
    """
    Carries requests to one WBEM server or listener; threads may share it.

    :param url: URL of the server, see :func:`parse_url`.
    :param creds: userid and password for Basic authentication, or an authentication
      object of requests, or None.
    :param x509: client certificate, a dictionary with ``cert_file`` and ``key_file``.
    :param ca_certs: file or directory of the CA certificates that are trusted; None:
      what REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE name, or those of requests.
    :param no_verification: accept any certificate.
    :param timeout: seconds that a call may take, or None for no limit.
    :param proxies: URLs of proxies by URL scheme; those of the environment apply to
      schemes that are not there.
    :param ssl_context: used as it is, in place of all other TLS arguments.
    :param conn_id: id of the connection, for exceptions.
    """

    def __init__(
        self,
        url: str,
        creds: Optional[Credentials] = None,
        x509: Optional[Mapping[str, Optional[str]]] = None,
        ca_certs: Optional[str] = None,
        no_verification: bool = False,
        timeout: Optional[float] = None,
        proxies: Optional[Mapping[str, str]] = None,
        ssl_context: Optional[ssl.SSLContext] = None,
        conn_id: Optional[str] = None,
    ) -> None:
        self.url = url
        self.timeout = timeout
        self.conn_id = conn_id
        self._creds = creds
        self._tls = (x509, ca_certs, no_verification, ssl_context)
        self._given_proxies = dict(proxies or {})
        self._lock = threading.Lock()
        self._closed = False
        self._process = os.getpid()
        self._session: Optional[Session] = None
        self._failures: Failures
        self._headers: Dict[str, str]
        self._auth: Optional[AuthBase] = None
        self._proxies: Dict[str, str] = {}

    def __repr__(self) -> str:
        return f"{type(self).__name__}(url={self.url!r}, timeout={self.timeout!r})"

    def post(self, body: bytes, headers: Mapping[str, str]) -> Reply:
        """
        Send one request and return its reply when the header fields are there.

        The request is sent once.  The timeout covers everything until the end of the
        body of the reply.

        :param body: the CIM-XML message.
        :param headers: the header fields of :func:`request_headers`.
        :raises pywbem.ConnectionError: the connection could not be established or
          broke, or the transport is closed.
        :raises pywbem.TimeoutError: the timeout has passed.
        :raises pywbem.AuthError: status 401.
        :raises pywbem.HTTPError: another status than 200.  Redirects are not followed.
        :raises pywbem.HeaderParseError: the reply is not XML by its Content-Type.
        :raises ValueError: the timeout is not a number above 0.
        """
        session = self._opened()
        from ._http_socket import Deadline

        failures = self._failures
        failures.timeout = timeout = _checked_timeout(self.timeout)
        deadline: Any = Deadline(timeout)
        try:
            response = session.send(
                self._request(session, body, headers),
                stream=True,
                timeout=deadline,
                allow_redirects=False,
                proxies=self._proxies,
                verify=True,
                cert=None,
            )
        except Error:
            raise
        except Exception as exc:
            raise failures.translate(exc, "receive") from exc
        if response.status_code != 200:
            raise _refusing(response, self._status_error(response, body))
        content_type = response.headers.get("Content-Type")
        # Servers that send none are known, and their replies are fine.
        if content_type is not None and not content_type.lower().startswith(_CONTENT_TYPES):
            error = HeaderParseError(
                f"WBEM server returned invalid Content-type header: {content_type!r}",
                conn_id=self.conn_id,
                request_data=body,
                response_data=_rest(response),
            )
            raise _refusing(response, error)
        return Reply(response, failures)

    def close(self) -> None:
        """
        Close the connections with the server; no request can be sent after this.

        A request that is under way in another thread is completed.
        """
        with self._lock:
            self._closed = True
            session, self._session = self._session, None
        if session is not None:
            session.close()

    def _opened(self) -> Session:
        if self._process != os.getpid():
            # Forked: the sockets are those of the parent, whose answers they bring.
            self._process, self._lock, self._session = os.getpid(), threading.Lock(), None
        session = self._session
        if session is None:
            with self._lock:
                if self._closed:
                    raise ConnectionError("WBEMConnection is closed", conn_id=self.conn_id)
                session = self._session
                if session is None:
                    session = self._session = self._open()
        return session

    def _open(self) -> Session:
        # Loaded when the first request is made: importing pywbem stays fast.
        from ._http_errors import Failures
        from ._http_session import Adapter, Session, environment_settings
        from ._http_tls import TLSSettings

        try:
            target = target_of(self.url)
        except ValueError as exc:
            raise ConnectionError(
                f"Cannot connect to WBEM server {self.url}: {exc}", conn_id=self.conn_id
            ) from None
        self._cimom_url = target.cimom_url
        self._failures = Failures(target, _checked_timeout(self.timeout), self.conn_id)
        session = Session()
        self._proxies, environment_ca = environment_settings(
            session, self._cimom_url, self._given_proxies
        )
        adapter = Adapter(self._failures, TLSSettings(*self._tls), environment_ca)
        session.mount("http://", adapter)
        session.mount("https://", adapter)
        self._headers = {"User-Agent": str(session.headers["User-Agent"]), **_ALWAYS_SENT}
        self._auth = self._authentication()
        return session

    def _authentication(self) -> Optional[AuthBase]:
        from requests.auth import AuthBase, HTTPBasicAuth
        from requests.utils import get_netrc_auth

        creds = self._creds
        if creds is None:
            login = get_netrc_auth(self._cimom_url)
            return None if login is None else HTTPBasicAuth(*login)
        if isinstance(creds, AuthBase):
            return creds
        # RFC 7617 2.1: UTF-8 is what servers agree on beyond ASCII.
        pair = f"{creds[0]}:{creds[1]}".encode()
        self._headers["Authorization"] = "Basic " + base64.b64encode(pair).decode("ascii")
        return None

    def _request(
        self, session: Session, body: bytes, headers: Mapping[str, str]
    ) -> requests.PreparedRequest:
        # What Session.prepare_request() would make, without merging what is known.
        from requests import PreparedRequest
        from requests.structures import CaseInsensitiveDict

        request = PreparedRequest()
        request.method = "POST"
        request.url = self._cimom_url
        request.body = body
        fields: CaseInsensitiveDict[str] = CaseInsensitiveDict(self._headers)
        fields.update(headers)
        fields["Content-Length"] = str(len(body))
        request.headers = fields
        request.hooks = {"response": []}
        # Authentication handlers look for cookies even if there are none.
        if len(session.cookies) or self._auth is not None:
            request.prepare_cookies(session.cookies)
        if self._auth is not None:
            request.prepare_auth(self._auth)
        return request

    def _status_error(self, response: requests.Response, body: bytes) -> Error:
        headers = response.headers
        status, reason = response.status_code, response.reason or ""
        details = _details(headers)
        data = _rest(response)
        if status == 401:
            return self._failures.unauthorized(
                reason,
                headers.get("WWW-Authenticate"),
                "Authorization" in response.request.headers,
                details,
            )
        if 300 <= status < 400 and "Location" in headers:
            # The operation is not sent a second time; the user may connect there.
            details["Location"] = headers["Location"]
        return HTTPError(
            status,
            reason,
            headers.get("CIMError"),
            details,
            conn_id=self.conn_id,
            request_data=body,
            response_data=data,
        )


def _refusing(response: requests.Response, error: Error) -> Error:
    """
    Give an error the head of the response that it refuses, for observers.
    """
    version = getattr(response.raw, "version", 11)
    head = (version, response.status_code, response.reason or "", dict(response.headers))
    error._reply_head = head  # type: ignore[attr-defined]
    return error


def _checked_timeout(timeout: Optional[float]) -> Optional[float]:
    if timeout is None:
        return None
    if isinstance(timeout, bool) or not isinstance(timeout, (int, float)) or not timeout > 0:
        raise ValueError(f"Invalid timeout {timeout!r}: it must be None or a number above 0")
    return timeout


def _rest(response: requests.Response) -> str:
    # For the record only: that the body is cut off must not hide the error itself.
    pieces = []
    size = 0
    try:
        for piece in response.iter_content(65536):
            pieces.append(piece)
            size += len(piece)
            if size > 1_000_000:
                break
    except Exception:
        pieces.append(b"...")
    finally:
        response.close()
    return b"".join(pieces).decode("utf-8", "replace")
