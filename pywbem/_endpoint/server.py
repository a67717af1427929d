"""
The HTTP(S) server of this package: indication listener and mock server use it.

An endpoint listens on any number of addresses, with and without TLS, in one
thread with an asyncio loop of its own, or in a loop of the caller.  For each
request it calls a handler, in that loop or, if handlers may take long, in a
pool of threads.  It trusts no client: everything that one can make it keep, or
wait for, has a limit.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
import ssl
import threading
import time
from typing import Any, Callable, ContextManager, Dict, List, Optional, Set, Tuple, Union

from .._workers import Workers
from .connection import Connection, KnownHead, Limits, Phase
from .messages import Later, Request, Response, ResponseHeads

__all__ = ["HTTPEndpoint"]

Handler = Callable[[Request], Union[Response, Later]]
Acceptor = Callable[[Request], Optional[Response]]
_Arrived = Tuple[socket.socket, Tuple[Any, ...], Optional[ssl.SSLContext]]

_LOGGER = logging.getLogger(__name__)

#: Seconds between two looks at the deadlines.
_SWEEP_TIME = 0.25
#: Connections that the operating system holds until they are accepted.
_BACKLOG = 1024
#: Seconds in which a request that is under way when the endpoint is stopped must arrive.
_GRACE = 0.1
#: Bytes that are read at once.
_READ_SIZE = 64 * 1024
#: Requests whose handlers can wait at once.
_WAITING = 256


class HTTPEndpoint:
    """
    A server for HTTP/1.1 over any number of listening sockets.

    Parameters:
        handler (Handler): Gets each request with its body and returns the response, or
            the one that is given later.  An exception of it is logged and answered with 500.
        accept (Acceptor): Gets each request when its head has arrived (the body is
            empty) and returns None, or the response that refuses it.
        limits (Limits): What clients may use.
        workers (int): Number of threads for the handler; 0 calls it in the
            thread of the endpoint, where it must be quick.
        inline_size (int): Requests with bodies up to this size are handled in
            the thread of the endpoint although there are workers; -1 for none.
        quick (callable): Gets each request before a worker would, in the thread of the
            endpoint, and returns the response, or None if that may take long.
        server (str): Value of the Server header field.
        logger (logging.Logger): Where refused requests and errors of handlers are logged.
        admit (callable): Gets the address of each client that connects and returns whether
            it may.
        daemon (bool): Whether the process may end while the endpoint runs.
    """

    def __init__(
        self,
        handler: Handler,
        *,
        accept: Optional[Acceptor] = None,
        limits: Optional[Limits] = None,
        workers: int = 0,
        inline_size: int = -1,
        quick: Optional[Acceptor] = None,
        server: str = "pywbem",
        logger: logging.Logger = _LOGGER,
        admit: Optional[Callable[[str], bool]] = None,
        daemon: bool = True,
    ) -> None:
        self.limits = limits or Limits()
        self.heads = ResponseHeads(server)
        #: Heads of requests that h11 need not read again.
        self.known_heads: Dict[bytes, KnownHead] = {}
        self._handler = handler
        self._accept_head = accept
        self._admit = admit
        self._workers = workers
        self._inline_size = inline_size
        self._quick = quick
        self.logger = logger
        self._daemon = daemon
        self._listening: List[Tuple[socket.socket, Optional[ssl.SSLContext]]] = []
        self._thread: Optional[threading.Thread] = None
        self._pool = Workers(workers, "pywbem-http-worker", _WAITING)
        self._stop_event: asyncio.Event
        self._connections: Set[Connection] = set()
        self._opening: Dict[asyncio.Task[None], float] = {}
        self._tasks: List[asyncio.Task[None]] = []
        self._buffered = 0
        self._read_buffer = memoryview(bytearray(_READ_SIZE))
        self._accepted = 0
        self.loop: asyncio.AbstractEventLoop
        #: Whether :meth:`stop` was called: requests at hand are the last ones.
        self.stopping = False
        #: Number of requests of which the head arrived.
        self.requests = 0
        #: Number of requests that were refused without asking the handler.
        self.refused = 0

    # What the owner calls

    @property
    def accepted(self) -> int:
        """
        int: Number of connections accepted since the start.
        """
        return self._accepted

    @property
    def open_connections(self) -> int:
        """
        int: Number of connections that are open now.
        """
        return len(self._connections) + len(self._opening)

    def bind(
        self, host: Optional[str], port: int, ssl_context: Optional[ssl.SSLContext] = None
    ) -> int:
        """
        Listen on all addresses of a host name; to be called before
        :meth:`start`.

        Parameters:
            host (str): Name or address; None or empty for all interfaces.
            port (int): Port number; 0 for any free port.
            ssl_context (ssl.SSLContext): The server side of TLS; None for plain HTTP.

        Returns:
            int: the port.

        Raises:
            OSError: The address cannot be used; ``errno`` is
                EADDRINUSE if somebody else listens on it.
        """
        sockets = _listening_sockets(host, port)
        self._listening.extend((sock, ssl_context) for sock in sockets)
        return int(sockets[0].getsockname()[1])

    def start(self, name: str = "pywbem-http") -> None:
        """
        Begin to serve; returns when connections are accepted.
        """
        ready = threading.Event()
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._run, args=(ready,), name=name, daemon=self._daemon
        )
        self._thread.start()
        ready.wait()

    def stop(self, timeout: float = 4.0) -> None:
        """
        Stop to listen, answer the requests that have arrived, and close all
        connections, all of that within ``timeout`` seconds.  May be called
        more than once and before :meth:`start`.
        """
        thread = self._thread
        if thread is None:
            for sock, _ in self._listening:
                sock.close()
            self._listening = []
            return
        try:
            self.loop.call_soon_threadsafe(self._stop_event.set)
        except RuntimeError:
            pass  # the loop has ended by itself
        thread.join(timeout)

    def go_on(self) -> None:
        """
        Send the responses that were put off.
        """
        try:
            self.loop.call_soon_threadsafe(self._send_postponed)
        except RuntimeError:
            pass  # stopped meanwhile

    def waiting(self) -> ContextManager[None]:
        """
        The context in which a handler may wait for long: other requests are handled
        meanwhile.

        Raises:
            TooManyWait: Too many do so already.
        """
        return self._pool.waiting()

    def _send_postponed(self) -> None:
        for connection in list(self._connections):
            connection.go_on()

    def soon(self, function: Callable[[], None]) -> None:
        """
        Call a function: after what this turn of the loop brought if the caller
        is in the thread of the endpoint, else at once.
        """
        if self._thread is threading.current_thread():
            self.loop.call_soon(function)
        else:
            function()

    # The thread

    def _run(self, ready: threading.Event) -> None:
        loop = self.loop
        asyncio.set_event_loop(loop)
        loop.set_exception_handler(self._log_loop_error)
        try:
            loop.run_until_complete(self._serve(ready))
        finally:
            ready.set()
            asyncio.set_event_loop(None)
            loop.close()
            # A handler that hangs must not keep the caller of stop().
            self._pool.end()

    async def _serve(self, ready: threading.Event) -> None:
        self._stop_event = asyncio.Event()
        self.open()
        ready.set()
        await self._stop_event.wait()
        await self.close()

    # The loop of the thread, or one of the caller

    def open(self) -> None:
        """
        Begin to serve in the running loop, without a thread; to be ended with :meth:`close`.
        """
        self.loop = asyncio.get_event_loop()
        self._tasks = [
            asyncio.ensure_future(self._accept_from(sock, context))
            for sock, context in self._listening
        ]
        self._tasks.append(asyncio.ensure_future(self._sweep()))

    async def close(self) -> None:
        """
        Stop to listen, answer the requests that have arrived, and close all connections,
        in less than four seconds.
        """
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        arrived = self._close_port()
        # From now on each response is the last one of its connection.
        self.stopping = True
        try:
            for client, address, context in arrived:
                await self._enter(client, address, context)
            self._send_postponed()
            await self._all_closed(_GRACE)
            opening = list(self._opening)
            for task in opening:
                task.cancel()
            await asyncio.gather(*opening, return_exceptions=True)
            for connection in list(self._connections):
                connection.shut_down()
            await self._all_closed(self.limits.stop_time)
        finally:
            for connection in list(self._connections):
                connection.abort()
        await self._all_closed(1.0)

    def _close_port(self) -> List[_Arrived]:
        """
        Close the sockets; return those who are connected in the eyes of their system.
        """
        arrived: List[_Arrived] = []
        for sock, context in self._listening:
            for _ in range(_BACKLOG if self._selecting else 0):
                try:
                    client, address = sock.accept()
                except OSError:
                    break
                client.setblocking(False)
                arrived.append((client, address, context))
            sock.close()
        self._listening = []
        return arrived

    async def _all_closed(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        pause = 0.001
        while (self._connections or self._opening) and time.monotonic() < end:
            await asyncio.sleep(pause)
            pause = min(2 * pause, 0.05)
            now = time.monotonic()
            for connection in list(self._connections):
                if connection.phase is Phase.ENDING and connection.deadline < now:
                    connection.abort()

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(_SWEEP_TIME)
            now = time.monotonic()
            late = [connection for connection in self._connections if connection.deadline < now]
            for connection in late:
                connection.time_out()

    # Connections

    def read_buffer(self) -> memoryview:
        """
        The memory into which a connection reads: the same for all where a loop reads when
        there is something, and hands it over at once.
        """
        return self._read_buffer if self._selecting else memoryview(bytearray(_READ_SIZE))

    async def _accept_from(self, sock: socket.socket, context: Optional[ssl.SSLContext]) -> None:
        while True:
            try:
                client, address = await self._accept(sock)
            except OSError as exc:
                # The client is gone, or file descriptors are used up.
                self.logger.warning("Cannot accept a connection: %s", exc)
                self._make_room()
                await asyncio.sleep(0.05)
                continue
            await self._enter(client, address, context)

    async def _enter(
        self, client: socket.socket, address: Tuple[Any, ...], context: Optional[ssl.SSLContext]
    ) -> None:
        """
        Let a client in.
        """
        if self._admit is not None and not self._admit(str(address[0])):
            self.refused += 1
            self.logger.warning("Closing a connection from %s: not allowed", address[0])
            client.close()
            return
        self._accepted += 1
        if self.open_connections >= self.limits.connections and not self._make_room():
            self.logger.warning("Closing a new connection: too many are open")
            client.close()
        elif context is None:
            try:
                await self._open(client, None)
            except asyncio.CancelledError:
                client.close()
                raise
        else:
            # A handshake takes as long as the client likes.
            self._open_later(client, context)

    @property
    def _selecting(self) -> bool:
        return isinstance(self.loop, asyncio.SelectorEventLoop)

    async def _accept(self, sock: socket.socket) -> Tuple[socket.socket, Tuple[Any, ...]]:
        """
        Wait for a client and return its socket and address.

        loop.sock_accept() loses a client that comes while it is cancelled.
        """
        if not self._selecting:
            return await self.loop.sock_accept(sock)
        while True:
            arrived = asyncio.Event()
            self.loop.add_reader(sock, arrived.set)
            try:
                await arrived.wait()
            finally:
                self.loop.remove_reader(sock)
            try:
                client, address = sock.accept()
            except (BlockingIOError, InterruptedError):
                continue
            client.setblocking(False)
            return client, address

    def _open_later(self, client: socket.socket, context: ssl.SSLContext) -> None:
        def done(task: asyncio.Task[None]) -> None:
            self._opening.pop(task, None)
            if task.cancelled():
                client.close()

        task = asyncio.ensure_future(self._open(client, context))
        self._opening[task] = time.monotonic()
        task.add_done_callback(done)

    async def _open(self, client: socket.socket, context: Optional[ssl.SSLContext]) -> None:
        options: Dict[str, Any] = {}
        if context is not None:
            options = {"ssl": context, "ssl_handshake_timeout": self.limits.handshake_time}
        try:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await self.loop.connect_accepted_socket(
                lambda: Connection(self, context is not None), client, **options
            )
        except (OSError, asyncio.TimeoutError) as exc:
            self.logger.debug("No connection: %s", exc or type(exc).__name__)
            client.close()

    def connection_made(self, connection: Connection) -> None:
        """
        A connection is there, its TLS handshake done.
        """
        self._connections.add(connection)

    def connection_lost(self, connection: Connection) -> None:
        """
        A connection is gone.
        """
        self._connections.discard(connection)

    def _make_room(self) -> bool:
        """
        Close what is of least use: a handshake, a connection without a
        request, one that idles, the oldest of its kind first.
        """
        if self._opening:
            oldest = min(self._opening, key=lambda task: self._opening[task])
            del self._opening[oldest]
            oldest.cancel()
            return True
        waiting = [one for one in self._connections if one.phase in (Phase.IDLE, Phase.HEAD)]
        if waiting:
            min(waiting, key=lambda one: (one.requests > 0, one.deadline)).abort()
        return bool(waiting)

    def buffer(self, size: int) -> None:
        """
        Count bytes of bodies that are kept; refuse the largest one if they
        are too many.
        """
        self._buffered += size
        if size > 0 and self._buffered > self.limits.buffered:
            receiving = [one for one in self._connections if one.phase is Phase.BODY]
            if receiving:
                largest = max(receiving, key=lambda one: one.buffered)
                largest.refuse(503, "too much is being received")

    # Requests

    def accept(self, request: Request) -> Optional[Response]:
        """
        Ask the owner whether a request is wanted.
        """
        if self._accept_head is None:
            return None
        try:
            return self._accept_head(request)
        except Exception:
            self.logger.exception("Cannot check a request of %s", request.host)
            return Response(500)

    def handle(self, connection: Connection, request: Request) -> Optional[Response]:
        """
        Return the response, or None if it is going to be given to the
        connection later.
        """
        if self._workers and len(request.body) > self._inline_size:
            if self._quick is not None:
                try:
                    at_once = self._quick(request)
                except Exception:
                    return self._failed(request)
                if at_once is not None:
                    return at_once
            try:
                self._pool.submit(lambda: self._work(connection, request))
                return None
            except RuntimeError:
                pass  # the interpreter is ending and starts no threads any more
        response = self._response(request)
        if isinstance(response, Response):
            return response
        response.attach(lambda answer: self._answer(connection, answer))
        return None

    def _work(self, connection: Connection, request: Request) -> None:
        response = self._response(request)
        if isinstance(response, Response):
            self._answer(connection, response)
        else:
            response.attach(lambda answer: self._answer(connection, answer))

    def _answer(self, connection: Connection, response: Response) -> None:
        try:
            self.loop.call_soon_threadsafe(connection.respond, response)
        except RuntimeError:
            pass  # stopped meanwhile

    def _response(self, request: Request) -> Union[Response, Later]:
        try:
            return self._handler(request)
        except Exception:
            return self._failed(request)

    def _failed(self, request: Request) -> Response:
        self.logger.exception("Cannot handle a request of %s", request.host)
        return Response(500)

    # Log

    def _log_loop_error(self, loop: asyncio.AbstractEventLoop, context: Dict[str, Any]) -> None:
        exc = context.get("exception")
        if isinstance(exc, (OSError, asyncio.TimeoutError)):
            # A client that breaks its connection is no error of ours.
            self.logger.debug("%s: %s", context.get("message"), exc)
        else:
            self.logger.error("%s", context.get("message"), exc_info=exc)


def _listening_sockets(host: Optional[str], port: int) -> List[socket.socket]:
    """
    Sockets that listen on all addresses of a host name, on one port.
    """
    if not 0 <= port <= 65535:
        # Some systems would take the lower 16 bits of it.
        raise OSError(errno.EINVAL, f"{port} is not a port number")
    infos = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    # A wildcard for both versions of IP is two sockets.
    several = len({info[0] for info in infos}) > 1
    sockets: List[socket.socket] = []
    problem: Optional[OSError] = None
    for family, kind, protocol, _, address in dict.fromkeys(infos):
        if sockets:
            address = (address[0], sockets[0].getsockname()[1], *address[2:])
        try:
            sockets.append(_listening_socket(family, kind, protocol, address, several))
        except OSError as exc:
            problem = exc
            if exc.errno == errno.EADDRINUSE:
                break
    if problem is not None and (not sockets or problem.errno == errno.EADDRINUSE):
        for sock in sockets:
            sock.close()
        raise problem
    return sockets


def _listening_socket(
    family: int, kind: int, protocol: int, address: Tuple[Any, ...], only_v6: bool
) -> socket.socket:
    sock = socket.socket(family, kind, protocol)
    try:
        # On Windows, this option would let two listen on one port.
        if hasattr(socket, "SO_REUSEADDR") and not hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(only_v6))
        sock.bind(address)
        sock.listen(_BACKLOG)
        sock.setblocking(False)
    except BaseException:
        sock.close()
        raise
    return sock
