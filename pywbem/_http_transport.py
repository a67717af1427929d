"""
The way of a request to its server and of the reply back: status, header fields,
trailers, and who decides how it is sent.

:class:`HTTPTransport` has a ``requests.Session``.  As long as nobody has seen it, a
request takes a short way through it; from then on requests decides, so that
everything a program sets or mounts there has its effect.  requests is imported when a
transport is first used.
"""

from __future__ import annotations

import base64
import os
import re
import threading
import warnings
from typing import TYPE_CHECKING, Any, Dict, Iterator, Mapping, Optional, Tuple, Union
from urllib.parse import unquote

from ._exceptions import CIMError, ConnectionError, Error, HeaderParseError, HTTPError
from ._http_url import target_of
from ._warnings import RequestExceptionWarning

if TYPE_CHECKING:
    import ssl

    import requests
    from requests.auth import AuthBase

    from ._http_errors import Failures
    from ._http_session import Session

    Credentials = Union[Tuple[str, str], "list[str]", Tuple[bytes, bytes], AuthBase]

_CONTENT_TYPES = ("application/xml", "text/xml")

_CONTENT_TYPE = {"Content-type": 'application/xml; charset="utf-8"'}

_PIECE = 65536


class Reply:
    """
    The reply to a request, of status 200: an iterable of the pieces of its body, as
    they arrive, and a context manager.

    Leaving the context gives the connection back to the pool, or closes it if the
    body was not read to its end.

    :param response: what requests returned, or what a test puts in its place.
    :param streamed: its body is still to be received.
    """

    def __init__(self, response: requests.Response, failures: Failures, streamed: bool) -> None:
        self._response = response
        self._raw = getattr(response, "raw", None)
        self._failures = failures
        self._streamed = streamed
        version = getattr(self._raw, "version", None)
        #: HTTP version, 10 or 11.
        self.version: int = version if isinstance(version, int) else 11
        self.status: int = response.status_code
        self.reason: str = getattr(response, "reason", None) or ""
        #: Header fields, with names in any case.
        self.headers: Mapping[str, str] = response.headers
        if not streamed:
            from requests.structures import CaseInsensitiveDict

            self.headers = CaseInsensitiveDict(response.headers or {})

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

    @property
    def had_credentials(self) -> bool:
        """
        Whether the request had an Authorization header, as far as the reply knows it.
        """
        headers = getattr(getattr(self._response, "request", None), "headers", None)
        return isinstance(headers, Mapping) and "Authorization" in headers

    def __iter__(self) -> Iterator[bytes]:
        """
        Return an iterator of the pieces, of up to 64 KiB each if they are received now.

        :raises pywbem.TimeoutError: the timeout of the call has passed.
        :raises pywbem.ConnectionError: the connection broke, or the end is missing.
        :raises pywbem.HTTPError: a trailer says that the server failed on the way.
        :raises pywbem.CIMError: a trailer says so with a CIM status.
        """
        try:
            yield from self._pieces()
        except Error:
            raise
        except Exception as exc:
            raise self._failures.translate(exc, "answered") from exc
        self._check_trailers()

    def _pieces(self) -> Iterator[bytes]:
        if self._streamed:
            yield from self._response.iter_content(_PIECE)
        else:
            yield self._response.content

    def _check_trailers(self) -> None:
        # When the status line was sent, the error was not known yet.  Besides CIMError,
        # OpenPegasus sends the CIM status of the operation.
        trailers = getattr(self._raw, "trailers", None)
        if not isinstance(trailers, dict):
            return
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
                details_of(trailers),
                conn_id=self._failures.conn_id,
            )

    def rest(self) -> str:
        """
        Return the body of a reply that is refused, and end the use of the connection.
        """
        # For the record only: that the body is cut off must not hide the error itself.
        pieces = []
        size = 0
        try:
            for piece in self._pieces():
                pieces.append(piece)
                size += len(piece)
                if size > 1_000_000:
                    break
        except Exception:
            pieces.append(b"...")
        finally:
            self.close()
        return b"".join(pieces).decode("utf-8", "replace")

    def refused(self, error: Error) -> Error:
        """
        Give the error for which this reply is refused its head, for observers.
        """
        head = (self.version, self.status, self.reason, dict(self.headers))
        error._reply_head = head  # type: ignore[attr-defined]
        return error

    def close(self) -> None:
        """
        End the use of the connection.
        """
        if self._streamed:
            self._response.close()

    def __enter__(self) -> Reply:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()


def details_of(headers: Mapping[str, str]) -> Dict[str, str]:
    """
    Return the header fields, or trailers, that explain an error.
    """
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
    :param creds: userid and password for Basic authentication (bytes are UTF-8), or an
      authentication object of requests, or None.
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
        self._x509 = x509
        self._verify = False if no_verification else True if ca_certs is None else ca_certs
        self._given_proxies = dict(proxies or {})
        self._ssl_context = ssl_context
        self._lock = threading.Lock()
        self._closed = False
        self._process = os.getpid()
        self._session: Optional[requests.Session] = None
        # Somebody has the session, and may have changed it.
        self._shown = False
        self._failures: Failures
        self._cimom_url: str
        self._settings: Dict[str, Any]
        self._headers: Dict[str, str]
        self._authorization: Dict[str, str] = {}
        self._auth: Optional[AuthBase] = None

    def __repr__(self) -> str:
        # With "@" it is refused when it is used; until then it may have a password.
        url = re.sub(".*@", "XXX@", self.url, flags=re.DOTALL)
        return f"{type(self).__name__}(url={url!r}, timeout={self.timeout!r})"

    @property
    def session(self) -> Optional[requests.Session]:
        """
        The session that the requests go through, None when the transport is closed.
        Can be set.
        """
        if self._closed:
            return None
        self._shown = True
        return self._opened()

    @session.setter
    def session(self, session: Optional[requests.Session]) -> None:
        self._opened()
        self._shown = True
        self._session, self._closed = session, session is None

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
        from ._http_session import methods_replaced

        self._failures.timeout = timeout = _checked_timeout(self.timeout)
        if self._shown or methods_replaced():
            reply = self._by_requests(session, body, headers, timeout)
        else:
            reply = self._directly(session, body, headers, timeout)
        if reply.status != 200:
            raise reply.refused(self._status_error(reply, body))
        content_type = reply.headers.get("Content-Type")
        # Servers that send none are known, and their replies are fine.
        if content_type is not None and not content_type.lower().startswith(_CONTENT_TYPES):
            error = HeaderParseError(
                f"WBEM server returned invalid Content-type header: {content_type!r}",
                conn_id=self.conn_id,
                request_data=body,
                response_data=reply.rest(),
            )
            raise reply.refused(error)
        return reply

    def _directly(
        self,
        session: requests.Session,
        body: bytes,
        headers: Mapping[str, str],
        timeout: Optional[float],
    ) -> Reply:
        from ._http_socket import Deadline

        deadline: Any = Deadline(timeout)
        try:
            response = session.send(
                self._request(session, body, headers),
                stream=True,
                timeout=deadline,
                allow_redirects=False,
                **self._settings,
            )
        except Error:
            raise
        except Exception as exc:
            raise self._failures.translate(exc, "receive") from exc
        return Reply(response, self._failures, True)

    def _by_requests(
        self,
        session: requests.Session,
        body: bytes,
        headers: Mapping[str, str],
        timeout: Optional[float],
    ) -> Reply:
        from requests import RequestException
        from urllib3.exceptions import HTTPError as LibraryError

        from ._http_socket import Deadline

        deadline: Any = Deadline(timeout)
        length = {"Content-length": str(len(body))}
        fields = {**_CONTENT_TYPE, **length, **headers, **self._authorization}
        try:
            # With no other arguments: tests put objects of their own in the place of
            # the session.  Their exceptions, and those of hooks, are theirs.
            response = session.post(self._cimom_url, data=body, headers=fields, timeout=deadline)
        except RequestException as exc:
            raise self._failures.translate(exc, "receive") from exc
        except LibraryError as exc:
            warnings.warn(
                f"requests raised an urllib3 exception {type(exc)} directly",
                RequestExceptionWarning,
                stacklevel=2,
            )
            raise self._failures.translate(exc, "receive") from exc
        return Reply(response, self._failures, False)

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

    def _opened(self) -> requests.Session:
        if self._process != os.getpid():
            # Forked, perhaps while another thread had the lock.
            self._process, self._lock = os.getpid(), threading.Lock()
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
        from ._http_session import Adapter, Session

        try:
            target = target_of(self.url)
        except ValueError as exc:
            raise ConnectionError(
                f"Cannot connect to the WBEM server: {exc}", conn_id=self.conn_id
            ) from None
        self._cimom_url = target.cimom_url
        self._failures = Failures(target, _checked_timeout(self.timeout), self.conn_id)
        session = Session()
        adapter = Adapter(self._failures, self._ssl_context)
        session.mount("http://", adapter)
        session.mount("https://", adapter)
        session.verify = self._verify
        session.proxies = self._given_proxies
        if self._x509 is not None:
            cert_file, key_file = self._x509.get("cert_file"), self._x509.get("key_file")
            session.cert = (cert_file, key_file) if key_file else cert_file  # type: ignore[assignment]
        self._authenticate(session)
        self._settings = session.merge_environment_settings(self._cimom_url, {}, True, None, None)
        del self._settings["stream"]
        self._headers = {**session.headers, **_CONTENT_TYPE, **self._authorization}  # type: ignore[dict-item]
        return session

    def _authenticate(self, session: Session) -> None:
        from requests.auth import AuthBase, HTTPBasicAuth
        from requests.utils import get_netrc_auth

        creds = self._creds
        if creds is None:
            login = get_netrc_auth(self._cimom_url)
            self._auth = None if login is None else HTTPBasicAuth(*login)
        elif isinstance(creds, AuthBase):
            self._auth = session.auth = creds
        else:
            # RFC 7617 2.1: UTF-8 is what servers agree on beyond ASCII.
            pair = b":".join([_utf8(creds[0]), _utf8(creds[1])])
            credentials = base64.b64encode(pair).decode("ascii")
            self._authorization = {"Authorization": f"Basic {credentials}"}

    def _request(
        self, session: requests.Session, body: bytes, headers: Mapping[str, str]
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

    def _status_error(self, reply: Reply, body: bytes) -> Error:
        headers = reply.headers
        details = details_of(headers)
        data = reply.rest()
        if reply.status == 401:
            return self._failures.unauthorized(
                reply.reason,
                headers.get("WWW-Authenticate"),
                bool(self._authorization) or reply.had_credentials,
                details,
            )
        if 300 <= reply.status < 400 and "Location" in headers:
            # The operation is not sent a second time; the user may connect there.
            details["Location"] = headers["Location"]
        return HTTPError(
            reply.status,
            reply.reason,
            headers.get("CIMError"),
            details,
            conn_id=self.conn_id,
            request_data=body,
            response_data=data,
        )


def _utf8(creds: Any) -> bytes:
    """
    Return userid or password in UTF-8.

    :raises ValueError: it cannot be, or is not; the message shows nothing of it.
    """
    try:
        text = creds.decode("utf-8") if isinstance(creds, bytes) else str(creds)
        return text.encode("utf-8")
    except UnicodeError:
        raise ValueError("Userid or password in creds has no form in UTF-8") from None


def _checked_timeout(timeout: Optional[float]) -> Optional[float]:
    if timeout is None:
        return None
    if isinstance(timeout, bool) or not isinstance(timeout, (int, float)) or not timeout > 0:
        raise ValueError(f"Invalid timeout {timeout!r}: it must be None or a number above 0")
    return timeout
