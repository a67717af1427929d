"""
The way of a request to its server and of the reply back: status, header fields,
trailers, and who decides how it is sent.

:class:`HTTPTransport` has a ``requests.Session``.  As long as nobody has seen it, a
request takes a short way through it; from then on requests decides, so that
everything a program sets or mounts there has its effect.  requests is imported when a
transport is first used.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, Callable, Dict, Iterator, Mapping, Optional

from .._exceptions import ConnectionError, Error
from .._process import ProcessLock
from .._warnings import RequestExceptionWarning
from .cim import (
    CONTENT_TYPE,
    REST_SIZE,
    checked_timeout,
    content_type_error,
    server_response_time,
    status_error,
    trailer_error,
    with_reply,
)
from .reply import PIECE
from .url import masked_before_at, target_of

if TYPE_CHECKING:
    import ssl

    import requests

    from .cim import Credentials
    from .errors import Failures
    from .session import Session
    from .sockets import Deadline


class Reply:
    """
    The reply to a request, of status 200: an iterable of the pieces of its body, as
    they arrive, and a context manager.

    Leaving the context gives the connection back to the pool, or closes it if the
    body was not read to its end.

    Parameters:
        response (requests.Response): What requests returned, or what a test puts in its place.
        failures (Failures): Makes the exceptions of the connection.
        deadline (Deadline): The deadline of the call, if the body is still to be received.
    """

    def __init__(
        self, response: requests.Response, failures: Failures, deadline: Optional[Deadline]
    ) -> None:
        self._response = response
        self._raw = getattr(response, "raw", None)
        self._failures = failures
        self._deadline = deadline
        self._streamed = deadline is not None
        version = getattr(self._raw, "version", None)
        #: HTTP version, 10 or 11.
        self.version: int = version if isinstance(version, int) else 11
        self.status: int = response.status_code
        self.reason: str = getattr(response, "reason", None) or ""
        #: Header fields, with names in any case.
        self.headers: Mapping[str, str] = response.headers
        if not self._streamed:
            from requests.structures import CaseInsensitiveDict

            self.headers = CaseInsensitiveDict(response.headers or {})

    @property
    def server_response_time(self) -> Optional[float]:
        """
        Seconds that the server needed, from its WBEMServerResponseTime header, which
        has microseconds; None if there is none.
        """
        return server_response_time(self.headers)

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

        Raises:
            pywbem.TimeoutError: The timeout of the call has passed.
            pywbem.ConnectionError: The connection broke, or the end is missing.
            pywbem.HTTPError: A trailer says that the server failed on the way.
            pywbem.CIMError: A trailer says so with a CIM status.
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
            yield from self._response.iter_content(PIECE)
        else:
            yield self._response.content

    def _check_trailers(self) -> None:
        trailers = getattr(self._raw, "trailers", None)
        if isinstance(trailers, dict):
            error = trailer_error(trailers, self.status, self.reason, self._failures.conn_id)
            if error is not None:
                raise error

    def restart_timeout(self) -> None:
        """
        Give the server the whole timeout again: the caller has worked meanwhile.
        """
        if self._deadline is not None:
            self._deadline.restart()

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
                if size > REST_SIZE:
                    break
        except Exception:
            pieces.append(b"...")
        finally:
            self.close()
        return b"".join(pieces).decode("utf-8", "replace")

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


class HTTPTransport:
    """
    Carries requests to one WBEM server or listener; threads may share it.

    Parameters:
        url (str): URL of the server, see :func:`parse_url`.
        creds (Credentials): Userid and password for Basic authentication (bytes are UTF-8), or
            an authentication object of requests, or None.
        x509 (mapping): Client certificate, a dictionary with ``cert_file`` and ``key_file``.
        ca_certs (str): File or directory of the CA certificates that are trusted; None:
            what REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE name, or those of requests.
        no_verification (bool): Accept any certificate.
        timeout (float): Seconds that a call may take, or None for no limit.
        proxies (mapping): URLs of proxies by URL scheme; those of the environment apply to
            schemes that are not there.
        ssl_context (ssl.SSLContext): Used as it is, in place of all other TLS arguments.
        conn_id (str): Id of the connection, for exceptions.
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
        self._session_arguments = (x509, ca_certs, no_verification, proxies)
        self._ssl_context = ssl_context
        self._lock = ProcessLock()
        self._closed = False
        self._session: Optional[requests.Session] = None
        # Somebody has the session, and may have changed it.
        self._shown = False
        self._failures: Failures
        self._cimom_url: str
        self._settings: Dict[str, Any]
        self._headers: Dict[str, str]
        self._authorization: Dict[str, str] = {}
        self._auth: Optional[Callable[..., Any]] = None

    def __repr__(self) -> str:
        # With "@" it is refused when it is used.
        url = masked_before_at(self.url)
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

        Parameters:
            body (bytes): The CIM-XML message.
            headers (mapping): The header fields of :func:`request_headers`.

        Raises:
            pywbem.ConnectionError: The connection could not be established or
                broke, or the transport is closed.
            pywbem.TimeoutError: The timeout has passed.
            pywbem.AuthError: Status 401.
            pywbem.HTTPError: Another status than 200.  Redirects are not followed.
            pywbem.HeaderParseError: The reply is not XML by its Content-Type.
            ValueError: The timeout is not a number above 0.
        """
        session = self._opened()
        from .session import methods_replaced

        self._failures.timeout = timeout = checked_timeout(self.timeout)
        if self._shown or methods_replaced():
            reply = self._by_requests(session, body, headers, timeout)
        else:
            reply = self._directly(session, body, headers, timeout)
        error: Optional[Error]
        if reply.status != 200:
            credentials = bool(self._authorization) or reply.had_credentials
            error = status_error(
                reply.status, reply.reason, reply.headers, body, credentials, self._failures
            )
        else:
            error = content_type_error(reply.headers, body, self.conn_id)
        if error is None:
            return reply
        raise with_reply(error, reply, reply.rest())

    def _directly(
        self,
        session: requests.Session,
        body: bytes,
        headers: Mapping[str, str],
        timeout: Optional[float],
    ) -> Reply:
        from .sockets import Deadline

        deadline: Any = Deadline(timeout)
        request = self._request(session, body, headers)
        try:
            response = session.send(
                request,
                stream=True,
                timeout=deadline,
                allow_redirects=False,
                **self._settings,
            )
        except Error:
            raise
        except Exception as exc:
            raise self._failures.translate(exc, "receive") from exc
        return Reply(response, self._failures, deadline)

    def _by_requests(
        self,
        session: requests.Session,
        body: bytes,
        headers: Mapping[str, str],
        timeout: Optional[float],
    ) -> Reply:
        from requests import RequestException
        from urllib3.exceptions import HTTPError as LibraryError

        from .sockets import Deadline

        deadline: Any = Deadline(timeout)
        length = {"Content-length": str(len(body))}
        fields = {**CONTENT_TYPE, **length, **headers, **self._authorization}
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
        return Reply(response, self._failures, None)

    def close(self) -> None:
        """
        Close the connections with the server; no request can be sent after this.

        A request that is under way in another thread is completed.
        """
        with self._lock():
            self._closed = True
            session, self._session = self._session, None
        if session is not None:
            session.close()

    def _opened(self) -> requests.Session:
        session = self._session
        if session is None:
            with self._lock():
                if self._closed:
                    raise ConnectionError("WBEMConnection is closed", conn_id=self.conn_id)
                session = self._session
                if session is None:
                    session = self._session = self._open()
        return session

    def _open(self) -> Session:
        # Loaded when the first request is made: importing pywbem stays fast.
        from .errors import Failures
        from .request import authentication
        from .session import Adapter, new_session

        try:
            target = target_of(self.url)
        except ValueError as exc:
            raise ConnectionError(
                f"Cannot connect to the WBEM server: {exc}", conn_id=self.conn_id
            ) from None
        self._cimom_url = target.cimom_url
        self._failures = Failures(target, checked_timeout(self.timeout), self.conn_id)
        session = new_session(*self._session_arguments)
        adapter = Adapter(self._failures, self._ssl_context)
        session.mount("http://", adapter)
        session.mount("https://", adapter)
        self._auth, self._authorization = authentication(self._creds, self._cimom_url)
        if self._creds is not None:
            session.auth = self._auth
        self._settings = session.merge_environment_settings(self._cimom_url, {}, True, None, None)
        del self._settings["stream"]
        self._headers = {**session.headers, **CONTENT_TYPE, **self._authorization}  # type: ignore[dict-item]
        return session

    def _request(
        self, session: requests.Session, body: bytes, headers: Mapping[str, str]
    ) -> requests.PreparedRequest:
        from requests import RequestException
        from requests.structures import CaseInsensitiveDict

        from .request import prepared_request

        fields: CaseInsensitiveDict[str] = CaseInsensitiveDict(self._headers)
        fields.update(headers)
        try:
            return prepared_request(self._cimom_url, body, fields, session.cookies, self._auth)
        except RequestException as exc:
            # Of the authentication, which may itself ask a server.
            raise self._failures.translate(exc, "connect") from exc
