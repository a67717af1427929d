"""
The asynchronous shell: the requests of one connection, over asyncio.

It moves bytes and keeps the deadline; what they mean is said by the modules that the
synchronous shell uses, too.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from typing import TYPE_CHECKING, Any, Dict, Iterator, List, Mapping, Optional

import requests
from requests.cookies import RequestsCookieJar
from requests.structures import CaseInsensitiveDict
from requests.utils import select_proxy, urldefragauth

from .._exceptions import ConnectionError, Error
from .async_pool import Pool
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
from .errors import ANSWERED, CONNECT, RECEIVE, SEND, WAIT, Failures
from .reply import (
    END,
    NEED_DATA,
    PIECE,
    Event,
    Head,
    ReplyReader,
    Trailers,
    decoded,
    framing_of,
    inflaters,
)
from .request import (
    authentication,
    check_tunnel,
    prepared_request,
    proxy_credentials,
    proxy_target,
    request_body,
    request_head,
    tunnel_request,
)
from .session import (
    CONNECT_BACKOFF,
    CONNECT_RETRIES,
    header_fields,
    keep_cookies,
    kept_for,
    new_session,
)
from .sockets import Deadline, DeadlineExceeded
from .tls import BadTLSSettings, TLSSettings, certificate_names, context_of, versions_of
from .url import Target, masked_before_at, proxy_url, target_of
from .wire import Wire, connected

if TYPE_CHECKING:
    from .cim import Credentials


class AsyncReply:
    """
    The reply to a request: an asynchronous iterable of the pieces of its body, as they
    arrive, and an asynchronous context manager.

    Leaving the context keeps the connection for the next call, or closes it if the
    body was not read to its end.
    """

    def __init__(
        self,
        head: Head,
        reader: ReplyReader,
        wire: Wire,
        pool: Pool,
        deadline: Deadline,
        failures: Failures,
    ) -> None:
        #: Status line and header fields as they were received.
        self.head = head
        self._reader = reader
        self._wire: Optional[Wire] = wire
        self._pool = pool
        self._deadline = deadline
        self._failures = failures
        self._chain = inflaters(head.get("Content-Encoding"))
        # Received and not yet taken, and what comes after it.
        self._pieces: Iterator[bytes] = iter(())
        self._failure: Optional[Exception] = None
        self._trailers: Dict[str, str] = {}
        #: HTTP version, 10 or 11.
        self.version = head.version
        self.status = head.status
        self.reason = head.reason
        #: Header fields, with names in any case.
        self.headers = header_fields(head)

    @property
    def server_response_time(self) -> Optional[float]:
        """
        Seconds that the server needed, as it says, or None.
        """
        return server_response_time(self.headers)

    def restart_timeout(self) -> None:
        """
        Give the server the whole timeout again: the caller has worked meanwhile.
        """
        self._deadline.restart()

    def __aiter__(self) -> AsyncReply:
        """
        Return this: the iterator of the pieces; what has been received at once goes
        out at once.
        """
        return self

    async def __anext__(self) -> bytes:
        """
        Return the next piece of the body.

        Raises:
            pywbem.TimeoutError: The timeout of the call has passed.
            pywbem.ConnectionError: The connection broke, or the end is missing.
            pywbem.HTTPError: A trailer says that the server failed on the way.
            pywbem.CIMError: A trailer says so with a CIM status.
        """
        while True:
            try:
                # One by one: a little of what is compressed may become very much.
                for piece in self._pieces:
                    return piece
                if self._failure is not None:
                    raise self._failure
                if self._wire is None:
                    raise StopAsyncIteration
                await self._advance(self._wire)
            except Exception as exc:
                if isinstance(exc, (Error, StopAsyncIteration)):
                    raise
                raise self._failures.translate(exc, ANSWERED) from exc

    async def _advance(self, wire: Wire) -> None:
        """
        Take what has been received, or wait for it.
        """
        pieces: List[bytes] = []
        event: Optional[Event] = None
        try:
            while event is not END:
                event = self._reader.next_event()
                if isinstance(event, bytes):
                    if pieces and len(pieces[-1]) + len(event) <= PIECE:
                        pieces[-1] += event
                    else:
                        pieces.append(event)
                elif isinstance(event, Trailers):
                    self._trailers = {name.lower(): value for name, value in event.fields}
                elif event is NEED_DATA:
                    if pieces:
                        break
                    await _feed(self._reader, wire, self._deadline)
        except Exception as exc:
            # Behind what was received before it.
            self._failure = exc
        self._pieces = decoded(pieces, self._chain, event is END)
        if event is END:
            self._give_back()
            self._failure = trailer_error(
                self._trailers, self.status, self.reason, self._failures.conn_id
            )

    async def rest(self) -> str:
        """
        Return what is left of the body, or the beginning of it, for the record only:
        that it is cut off must not hide the error itself.

        An error reply that does not say where it ends is not waited for: OpenPegasus
        sends such replies and keeps the connection open.
        """
        data = b""
        try:
            if framing_of(self.head) == "close":
                self._reader.close()
            async for piece in self:
                data += piece
                if len(data) > REST_SIZE:
                    break
        except Exception:
            data += b"..."
        finally:
            self.close()
        return data.decode("utf-8", "replace")

    def _give_back(self) -> None:
        wire, self._wire = self._wire, None
        if wire is not None:
            if self._reader.reusable and wire.sent:
                wire.expires = time.monotonic() + kept_for(self.head)
                self._pool.keep(wire)
            else:
                wire.abort()
            self._pool.leave()

    def close(self) -> None:
        """
        End the use of the connection, closing it if the body was not read.
        """
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.abort()
            self._pool.leave()

    async def __aenter__(self) -> AsyncReply:
        return self

    async def __aexit__(self, *_exc: object) -> None:
        self.close()


async def _feed(reader: ReplyReader, wire: Wire, deadline: Deadline) -> None:
    try:
        data = await wire.receive(deadline)
    except Exception:
        # A server that neither ends its trailers nor the connection; nothing is missing.
        if not reader.whole:
            raise
        data = b""
    if data:
        reader.feed(data)
    else:
        reader.close()


async def _read_head(reader: ReplyReader, wire: Wire, deadline: Deadline) -> Head:
    while True:
        event = reader.next_event()
        if isinstance(event, Head):
            return event
        await _feed(reader, wire, deadline)


class AsyncHTTPTransport:
    """
    Carries requests to one WBEM server or listener; tasks of one event loop share it.

    The parameters are those of :class:`~pywbem._http.transport.HTTPTransport`, and:

    Parameters:
        max_connections (int): How many connections there may be at a time; further
            requests wait.
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
        max_connections: int = 10,
    ) -> None:
        self.url = url
        self.timeout = timeout
        self.conn_id = conn_id
        self._creds = creds
        self._session_arguments = (x509, ca_certs, no_verification, proxies)
        self._ssl_context = ssl_context
        self._max_connections = max_connections
        self._closed = False
        self._pool: Optional[Pool] = None
        self._opened_once = False
        self._target: Target
        self._failures: Failures
        self._tls: TLSSettings
        self._context: Optional[ssl.SSLContext] = None
        self._proxy: Optional[str] = None
        self._proxy_fields: Dict[str, str] = {}
        self._cookies = RequestsCookieJar()
        self._fields: Dict[str, str] = {}
        self._auth: Any = None

    def __repr__(self) -> str:
        # With "@" it is refused when it is used.
        url = masked_before_at(self.url)
        return f"{type(self).__name__}(url={url!r}, timeout={self.timeout!r})"

    async def post(self, body: bytes, headers: Mapping[str, str]) -> AsyncReply:
        """
        Send one request and return its reply when the header fields are there.

        The request is sent once.  The timeout covers everything until the end of the
        body of the reply.  A task that is cancelled closes its socket.

        Parameters and exceptions are those of the synchronous
        :meth:`~pywbem._http.transport.HTTPTransport.post`.
        """
        pool = self._opened()
        self._failures.timeout = timeout = checked_timeout(self.timeout)
        deadline = Deadline(timeout)
        request = self._request(body, headers)
        reply = await self._exchanged(pool, request, deadline)
        keep_cookies(self._cookies, request, reply.head)
        error: Optional[Error]
        if reply.status != 200:
            error = status_error(
                reply.status,
                reply.reason,
                reply.headers,
                body,
                "Authorization" in request.headers,
                self._failures,
            )
        else:
            error = content_type_error(reply.headers, body, self.conn_id)
        if error is None:
            return reply
        raise with_reply(error, reply, await reply.rest())

    async def _exchanged(
        self, pool: Pool, request: requests.PreparedRequest, deadline: Deadline
    ) -> AsyncReply:
        stage = WAIT
        wire: Optional[Wire] = None
        try:
            await pool.enter(deadline)
            stage = CONNECT
            wire = pool.idle() or await self._connect(deadline)
            stage = SEND
            data = request_head(request, self._target.host_header, self._forwards)
            await wire.send(data + request_body(request), deadline)
            stage = ANSWERED if wire.answered else RECEIVE
            reader = ReplyReader()
            head = await _read_head(reader, wire, deadline)
            wire.answered = True
        except BaseException as exc:
            if wire is not None:
                # With TLS, asyncio does not say when the system takes no more.
                if isinstance(exc, DeadlineExceeded) and not wire.sent:
                    stage = SEND
                wire.abort()
            if stage != WAIT:
                pool.leave()
            if not isinstance(exc, Exception):
                raise
            raise await self._translated(exc, stage, deadline) from exc
        return AsyncReply(head, reader, wire, pool, deadline, self._failures)

    async def close(self) -> None:
        """
        Close the connections with the server; no request can be sent after this.

        A request that is under way in another task is completed.
        """
        self._closed = True
        if self._pool is not None:
            self._pool.close()
            # The event loop closes the sockets in its next round.
            await asyncio.sleep(0)

    # -- What is done once ------------------------------------------------------

    def _opened(self) -> Pool:
        if self._closed:
            raise ConnectionError("WBEMConnection is closed", conn_id=self.conn_id)
        if not self._opened_once:
            self._open()
        pool = self._pool
        if pool is None or pool.loop is not asyncio.get_running_loop():
            # Connections live and end with their event loop.
            pool = self._pool = Pool(self._max_connections)
        return pool

    def _open(self) -> None:
        try:
            target = target_of(self.url)
        except ValueError as exc:
            raise ConnectionError(
                f"Cannot connect to the WBEM server: {exc}", conn_id=self.conn_id
            ) from None
        self._failures = Failures(target, checked_timeout(self.timeout), self.conn_id)
        with new_session(*self._session_arguments) as session:
            settings = session.merge_environment_settings(target.cimom_url, {}, True, None, None)
            self._fields = {**session.headers, **CONTENT_TYPE}  # type: ignore[dict-item]
        self._tls = TLSSettings(settings["verify"], settings["cert"], self._ssl_context)
        proxy = select_proxy(target.cimom_url, settings["proxies"])
        if proxy is not None:
            try:
                self._proxy = proxy_url(proxy)
                self._proxy_fields = proxy_credentials(self._proxy)
                self._failures.proxy = urldefragauth(self._proxy)
            except ValueError as exc:
                # Of urllib.parse, which takes it apart.
                raise self._failures.translate(exc, CONNECT) from exc
            if not self._proxy.lower().startswith("http://"):
                raise self._failures.error(
                    f"Cannot use the proxy {self._failures.proxy}: an asynchronous connection "
                    "goes through HTTP proxies (http://) only."
                )
        if target.scheme == "https":
            try:
                self._context = context_of(self._tls)
            except BadTLSSettings as exc:
                raise self._failures.error(f"{exc}.") from exc
            self._failures.versions = versions_of(self._context)
        self._auth, authorization = authentication(self._creds, target.cimom_url)
        self._fields.update(authorization)
        self._target = target
        self._opened_once = True

    @property
    def _forwards(self) -> bool:
        """
        bool: A proxy passes the requests on, rather than connecting.
        """
        return self._proxy is not None and self._context is None

    def _request(self, body: bytes, headers: Mapping[str, str]) -> requests.PreparedRequest:
        fields: CaseInsensitiveDict[str] = CaseInsensitiveDict(self._fields)
        fields.update(headers)
        if self._forwards:
            fields.update(self._proxy_fields)
        url = self._target.cimom_url
        try:
            request = prepared_request(url, body, fields, self._cookies, self._auth)
        except requests.RequestException as exc:
            # Of the authentication, which may itself ask a server.
            raise self._failures.translate(exc, CONNECT) from exc
        if request.hooks["response"]:
            raise ValueError(
                f"The authentication in creds ({type(self._auth).__name__}) answers to "
                "replies of the server; an asynchronous connection takes those that only set "
                "header fields"
            )
        return request

    # -- Connecting -------------------------------------------------------------

    async def _connect(self, deadline: Deadline) -> Wire:
        for attempt in range(CONNECT_RETRIES + 1):
            try:
                if self._proxy is None:
                    return await connected(self._target, self._context, deadline)
                return await self._connect_through(self._proxy, deadline)
            except ConnectionRefusedError:
                # The one failure of which it is certain that nothing was sent and
                # that may pass within the moment: a server that is just starting.
                seconds = CONNECT_BACKOFF * attempt
                if attempt == CONNECT_RETRIES or not deadline.leaves(seconds):
                    raise
                await asyncio.sleep(seconds)
                if not deadline.leaves(0):
                    raise
        raise AssertionError("unreachable")

    async def _connect_through(self, proxy: str, deadline: Deadline) -> Wire:
        wire = await connected(proxy_target(proxy), None, deadline)
        if self._context is None:
            return wire
        try:
            await wire.send(tunnel_request(self._target, self._proxy_fields), deadline)
            check_tunnel(await _read_head(ReplyReader(), wire, deadline))
            await wire.start_tls(self._context, self._target.server_name, deadline)
        except BaseException:
            wire.abort()
            raise
        return wire

    async def _translated(self, exc: Exception, stage: str, deadline: Deadline) -> Exception:
        names = ""
        if self._failures.is_name_mismatch(exc):
            names = await asyncio.get_running_loop().run_in_executor(
                None, certificate_names, self._tls, self._target, deadline
            )
        return self._failures.translate(exc, stage, names)
