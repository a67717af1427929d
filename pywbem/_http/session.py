"""
One exchange of request and reply over requests and urllib3.

:class:`Adapter` is the transport adapter that a ``requests.Session`` uses for a
WBEM server.  Proxies, pools of connections and TLS are those of urllib3; sockets
keep to the deadline of the call, replies are read by :mod:`pywbem._http.reply`,
and a request is sent once: only a connection that could not be established is
tried again, before anything was sent.
"""

from __future__ import annotations

import math
import re
import socket
import ssl
import time
from email.message import Message
from typing import Any, Dict, Iterator, List, Mapping, Optional, Tuple

import requests
from requests.adapters import HTTPAdapter
from requests.cookies import RequestsCookieJar, extract_cookies_to_jar
from requests.structures import CaseInsensitiveDict
from requests.utils import select_proxy, urldefragauth
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, ProxyError

from .. import _process, config
from .errors import ANSWERED, CONNECT, RECEIVE, SEND, Failures
from .pools import bounded_pool, establish, give_back, taken_from, tunnelled
from .reply import (
    END,
    PIECE,
    BadReply,
    EarlyEnd,
    Head,
    Inflater,
    ReplyReader,
    Trailers,
    decoded,
    framing_of,
    inflaters,
)
from .request import proxy_credentials, proxy_target, request_body, request_head, tunnel_request
from .sockets import RESET, BoundSocket, Deadline, read_head, receive
from .tls import (
    BadTLSSettings,
    TLSSettings,
    certificate_names,
    context_of,
    versions_of,
)
from .url import proxy_url

#: How often a connection that could not be established is tried again.
CONNECT_RETRIES = 2
CONNECT_BACKOFF = 0.2

_KEEP_ALIVE = re.compile(r"\btimeout=(\d{1,9})")


def _methods() -> Tuple[Any, ...]:
    return (
        requests.Session.post,
        requests.Session.request,
        requests.Session.send,
        requests.Session.get_adapter,
        HTTPAdapter.send,
        HTTPConnectionPool.urlopen,
        HTTPConnectionPool.ConnectionCls.__init__,
        HTTPSConnectionPool.ConnectionCls.__init__,
    )


# Of requests and urllib3 itself; this module may be imported when they are replaced.
_FILES = [
    function.__code__.co_filename
    for function in (
        requests.Session.__init__,
        HTTPAdapter.__init__,
        HTTPConnectionPool.__init__,
        HTTPConnection.__init__,
    )
]
_genuine: Tuple[Any, ...] = ()


def methods_replaced() -> bool:
    """
    Return whether something, for instance a library for tests, has put its own in the
    place of what sends requests in requests and urllib3.
    """
    global _genuine
    methods = _methods()
    if methods != _genuine:
        codes = [getattr(method, "__code__", None) for method in methods]
        if not all(code is not None and code.co_filename in _FILES for code in codes):
            return True
        _genuine = methods
    return False


class Session(requests.Session):
    """
    A session that follows no redirect, since an operation is not sent a second time,
    and in which what the program has set comes before what the environment says.
    """

    def __init__(self) -> None:
        super().__init__()
        # What the replies are decoded from, whatever other packages are installed.
        self.headers["Accept-Encoding"] = "gzip, deflate"

    def get_redirect_target(self, resp: requests.Response) -> None:
        """
        Return None, whatever the reply is.
        """
        return None

    def merge_environment_settings(
        self, url: Any, proxies: Any, stream: Any, verify: Any, cert: Any
    ) -> Any:
        """
        Return the settings for a request, those of this session before those of the
        environment.
        """
        if verify is None and self.verify is not True:
            verify = self.verify
        return super().merge_environment_settings(
            url, {**(self.proxies or {}), **(proxies or {})}, stream, verify, cert
        )

    def prepare_request(self, request: requests.Request) -> requests.PreparedRequest:
        """
        Return the request as it is sent; the Authorization that it has is not replaced
        by that of a netrc file.
        """
        if request.auth is None and self.auth is None and "Authorization" in request.headers:
            request.auth = _unchanged
        return super().prepare_request(request)


def new_session(
    x509: Optional[Mapping[str, Optional[str]]],
    ca_certs: Optional[str],
    no_verification: bool,
    proxies: Optional[Mapping[str, str]],
) -> Session:
    """
    Return a session with the arguments of a connection as its settings.
    """
    session = Session()
    session.verify = False if no_verification else True if ca_certs is None else ca_certs
    session.proxies = dict(proxies or {})
    if x509 is not None:
        cert_file, key_file = x509.get("cert_file"), x509.get("key_file")
        session.cert = (cert_file, key_file) if key_file else cert_file  # type: ignore[assignment]
    return session


def _unchanged(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


class RawReply:
    """
    The reply under a ``requests.Response``, in the part of urllib3's response
    interface that requests and its authentication handlers use.

    Its connection goes back to the pool when the body has been read to its end, and
    is closed when the reply is closed before.
    """

    def __init__(
        self, head: Head, reader: ReplyReader, pool: Any, connection: Any, failures: Failures
    ) -> None:
        self.version = head.version
        self.status = head.status
        self.reason = head.reason
        self.headers = header_fields(head)
        #: Where requests looks for cookies.
        self._original_response = _cookie_fields(head)
        #: Trailer fields, by name in lower case; complete after the body.
        self.trailers: Dict[str, str] = {}
        self._head = head
        self._reader = reader
        self._pool = pool
        self._connection = connection
        self._sock: BoundSocket = connection.sock
        self._failures = failures
        self._pieces = self._decoded(inflaters(head.get("Content-Encoding")))

    def _received(self) -> Iterator[bytes]:
        """
        The pieces of the body in their content coding; what has been received at once
        goes out at once.

        An error reply that does not say where it ends is not waited for: OpenPegasus
        sends such replies and keeps the connection open.
        """
        endless = self.status != 200 and framing_of(self._head) == "close"
        pieces: List[bytes] = []
        while True:
            try:
                event = self._reader.next_event()
            except Exception:
                # Behind what was received before it.
                if pieces:
                    yield b"".join(pieces)
                raise
            if isinstance(event, bytes):
                pieces.append(event)
            elif isinstance(event, Trailers):
                self.trailers = {name.lower(): value for name, value in event.fields}
            else:
                if pieces:
                    yield b"".join(pieces)
                    pieces = []
                if event is END or endless:
                    return
                receive(self._sock, self._reader)

    def _decoded(self, chain: List[Inflater]) -> Iterator[bytes]:
        for piece in self._received():
            yield from decoded((piece,), chain, False)
        yield from decoded((), chain, True)

    def stream(self, _amt: int = PIECE, decode_content: bool = True) -> Iterator[bytes]:
        """
        Return an iterator of the pieces of the body, decoded, as they arrive.

        Who reads them one by one may stop before; requests, which joins them, cannot.
        """
        size = 0
        try:
            for piece in self._pieces:
                yield piece
                size += len(piece)
                if size > config.MAX_MESSAGE_SIZE:
                    raise BadReply("its answer is larger than config.MAX_MESSAGE_SIZE")
        except Exception as exc:
            self.close()
            if self.status == 200:
                raise self._failures.translate(exc, ANSWERED) from exc
            # For the record only: that it is cut off must not hide the error itself.
            yield b"..."
        self._give_back()

    def read(self, _amt: Optional[int] = None, decode_content: bool = True) -> bytes:
        """
        Return the rest of the body.
        """
        return b"".join(self.stream())

    def _give_back(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            if self._reader.reusable:
                connection.sock.expires = time.monotonic() + kept_for(self._head)
            else:
                connection.close()
            give_back(self._pool, connection)

    def close(self) -> None:
        """
        End the use of the connection, closing it if the body was not read.
        """
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
            give_back(self._pool, connection)

    def release_conn(self) -> None:
        """
        Do nothing: the connection is given back with the end of the body.
        """


def header_fields(head: Head) -> CaseInsensitiveDict[str]:
    """
    Return the header fields of a reply, by names in any case; the values of one that was
    repeated are joined.
    """
    fields: CaseInsensitiveDict[str] = CaseInsensitiveDict()
    for name, value in head.fields:
        earlier = fields.get(name)
        fields[name] = value if earlier is None else f"{earlier}, {value}"
    return fields


def kept_for(head: Head) -> float:
    """
    Return for how many seconds a connection can be used again.

    A request that crosses the server's closing would be lost, so the last second of
    what the server announces is not used.
    """
    match = _KEEP_ALIVE.search(head.get("Keep-Alive") or "")
    return math.inf if match is None else int(match.group(1)) - 1.0


class _CookieFields:
    def __init__(self, message: Message) -> None:
        self.msg = message


class _CookieReply:
    def __init__(self, original: Any) -> None:
        self._original_response = original


def keep_cookies(jar: RequestsCookieJar, request: requests.PreparedRequest, head: Head) -> None:
    """
    Keep the cookies of a reply.
    """
    fields = _cookie_fields(head)
    if fields is not None:
        extract_cookies_to_jar(jar, request, _CookieReply(fields))  # type: ignore[no-untyped-call]


def _cookie_fields(head: Head) -> Optional[_CookieFields]:
    message = None
    for name, value in head.fields:
        if name.lower() == "set-cookie":
            message = message or Message()
            message[name] = value
    return None if message is None else _CookieFields(message)


class Adapter(HTTPAdapter):
    """
    Sends the requests of one connection to its server.

    Other requests, and all as long as something has replaced the methods of requests,
    are sent as requests would do it.
    """

    def __init__(self, failures: Failures, ssl_context: Optional[ssl.SSLContext]) -> None:
        self._failures = failures
        self._ssl_context = ssl_context
        self._pools: Dict[Any, Any] = {}
        self._lock = _process.ProcessLock()
        self._generation = _process.generation
        super().__init__(max_retries=0)

    def close(self) -> None:
        """
        Close all connections that are not in use; the others close after their use.
        """
        for pool in list(self._pools.values()):
            pool.close()
        super().close()

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Optional[Mapping[str, str]] = None,
    ) -> requests.Response:
        """
        Send a request and return the reply as soon as its header fields are there.

        Parameters:
            request (requests.PreparedRequest): The request.
            stream (bool): For requests, if the request is not of the connection.
            timeout: The :class:`Deadline` of the call; with anything else, the
                request is not of the connection.
            verify (bool or str): What is trusted, see :class:`TLSSettings`.
            cert (str or tuple): The client certificate, see :class:`TLSSettings`.
            proxies (mapping): URLs of proxies, by URL scheme.

        Raises:
            Error: The exceptions of pywbem for what failed.
        """
        if not isinstance(timeout, Deadline) or methods_replaced():
            return super().send(request, stream, timeout, verify, cert, proxies)
        deadline = timeout
        settings = TLSSettings(verify, cert, self._ssl_context)
        stage = CONNECT
        connection: Any = None
        try:
            proxy = select_proxy(str(request.url), dict(proxies or {}))
            proxy = proxy and proxy_url(proxy)
            pool = self._pool(proxy, settings)
            connection = taken_from(pool)
            connection.deadline = deadline
            if connection.sock is None:
                target = self._failures.target
                if proxy is None:
                    connection.dial = target.host
                else:
                    connection.tunnel = tunnel_request(target, self.proxy_headers(proxy))
                self._connect(pool, connection, deadline)
            sock: BoundSocket = connection.sock
            sock.deadline = deadline
            stage = SEND
            forward = pool.proxy is not None and not tunnelled(pool)
            sent = request_head(request, self._failures.target.host_header, forward)
            if forward:
                sent = self._with_proxy_headers(sent, str(proxy))
            reader = ReplyReader()
            refused = _send(sock, sent, request_body(request), reader)
            stage = ANSWERED if sock.answered else RECEIVE
            head = _read_head(sock, reader, refused)
            raw = RawReply(head, reader, pool, connection, self._failures)
            sock.answered = True
        except BaseException as exc:
            if connection is not None:
                connection.close()
                give_back(pool, connection)
            if not isinstance(exc, Exception):
                raise
            raise self._translated(exc, stage, deadline, settings) from exc
        return self.build_response(request, raw)

    def _translated(
        self, exc: Exception, stage: str, deadline: Deadline, settings: TLSSettings
    ) -> Exception:
        if isinstance(exc, BadTLSSettings):
            return self._failures.error(f"{exc}.")
        if isinstance(exc, ProxyError) and isinstance(exc.original_error, Exception):
            exc = exc.original_error
        if stage == CONNECT and isinstance(exc, (socket.timeout, ConnectTimeoutError)):
            exc = deadline.step_exceeded()
        names = ""
        if self._failures.is_name_mismatch(exc):
            names = certificate_names(settings, self._failures.target, deadline)
        return self._failures.translate(exc, stage, names)

    def proxy_headers(self, proxy: str) -> Dict[str, str]:
        """
        Return the header fields for a proxy.
        """
        return proxy_credentials(proxy)

    def build_response(self, req: requests.PreparedRequest, resp: Any) -> requests.Response:
        """
        Return the reply as an object of requests.
        """
        response = requests.Response()
        response.status_code = resp.status
        response.headers = resp.headers
        response.encoding = "utf-8"
        response.raw = resp
        response.reason = resp.reason
        response.url = str(req.url)
        response.request = req
        response.connection = self
        if resp._original_response is not None:
            extract_cookies_to_jar(response.cookies, req, resp)  # type: ignore[no-untyped-call]
        return response

    def _pool(self, proxy: Optional[str], settings: TLSSettings) -> Any:
        with self._lock():
            if self._generation != _process.generation:
                # Forked: the sockets are those of the parent, whose answers they bring.
                self._pools, self._generation = {}, _process.generation
            key = (proxy, settings)
            pool = self._pools.get(key)
            if pool is None:
                pool = self._pools[key] = self._new_pool(proxy, settings)
            return pool

    def _new_pool(self, proxy: Optional[str], settings: TLSSettings) -> Any:
        target = self._failures.target
        options: Dict[str, Any] = {"retries": False}
        if target.scheme == "https":
            context = context_of(settings)
            self._failures.versions = versions_of(context)
            options["ssl_context"] = context
            options["cert_reqs"] = context.verify_mode
            options["server_hostname"] = target.server_name
        if proxy is None:
            pool_class = bounded_pool(_POOLS[target.scheme])
            return pool_class(target.server_name, target.port, maxsize=1, **options)
        self._failures.proxy = urldefragauth(proxy)
        # urllib3 takes one without a host for this system in some of its ways.
        proxy_target(proxy)
        # Not the one of this adapter: a request of the program has no deadline.
        manager: Any = Adapter(self._failures, self._ssl_context).proxy_manager_for(proxy)
        manager.pool_classes_by_scheme = {
            scheme: bounded_pool(pool_class)
            for scheme, pool_class in manager.pool_classes_by_scheme.items()
        }
        return manager.connection_from_host(
            target.server_name, target.port, target.scheme, pool_kwargs={"maxsize": 1, **options}
        )

    def _connect(self, pool: Any, connection: Any, deadline: Deadline) -> None:
        for attempt in range(CONNECT_RETRIES + 1):
            try:
                establish(pool, connection)
                return
            except ConnectionRefusedError:
                # The one failure of which it is certain that nothing was sent and
                # that may pass within the moment: a server that is just starting.
                connection.close()
                pause = CONNECT_BACKOFF * attempt
                if attempt == CONNECT_RETRIES or not deadline.leaves(pause):
                    raise
                time.sleep(pause)
                if not deadline.leaves(0):
                    raise

    def _with_proxy_headers(self, head: bytes, proxy: str) -> bytes:
        first, rest = head.split(b"\r\n", 1)
        fields = [f"{name}: {value}" for name, value in self.proxy_headers(proxy).items()]
        return b"\r\n".join([first, *(field.encode("latin-1") for field in fields), rest])


_POOLS = {"http": HTTPConnectionPool, "https": HTTPSConnectionPool}


def _send(sock: BoundSocket, head: bytes, data: bytes, reader: ReplyReader) -> Optional[OSError]:
    """
    Send the request, as far as the server wants it, which the reader is told.

    Returns the error if the server has closed the connection before everything was
    sent: it may have answered before, for instance that the request is too large.
    """
    try:
        if len(data) <= PIECE:
            sock.sendall(head + data)
        else:
            sock.sendall(head)
            reader.unsent = not sock.send_unanswered(data)
    except RESET as exc:
        return exc
    return None


def _read_head(sock: BoundSocket, reader: ReplyReader, refused: Optional[OSError]) -> Head:
    try:
        return read_head(sock, reader)
    except EarlyEnd as exc:
        # What the socket said to the sender, it does not say again.
        if refused is None or sock.secured:
            raise
        raise refused from exc
