"""
A connection of asyncio whose every wait ends at the deadline of the call.

A protocol, not a stream: TLS can begin later (``StreamWriter.start_tls`` came with
Python 3.11), and a wait costs a timer, no task.

Not ``asyncio.wait_for()``: until Python 3.11 it loses a cancellation, or the result,
if both come in the same moment.
"""

from __future__ import annotations

import asyncio
import collections
import contextlib
import functools
import math
import os
import socket
import ssl
import threading
import time
from typing import Any, Awaitable, Callable, Deque, List, Optional, TypeVar

from urllib3.util import wait_for_read
from urllib3.util.connection import allowed_gai_family

from .reply import PIECE
from .sockets import RESET, Deadline, DeadlineExceeded, numeric_addresses
from .url import Target

T = TypeVar("T")

# Received and not yet read; beyond this the server has to wait.
_HIGH_WATER = 8 * PIECE


class Wire(asyncio.Protocol):
    """
    A connected socket, plain or TLS.

    It is used by one call at a time; :meth:`abort` ends it at once.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._transport: Any = None
        # Where the system takes the bytes from; below the transport, with TLS.
        self._lowest: Any = None
        self._received: Deque[bytes] = collections.deque()
        self._size = 0
        self._waiter: Optional[asyncio.Future[None]] = None
        self._ended = False
        self._lost = False
        self._failure: Optional[BaseException] = None
        self._congested = False
        #: A reply has come over this connection.
        self.answered = False
        #: When the server is going to close it, as it said.
        self.expires = math.inf

    # -- What the event loop calls ----------------------------------------------

    def connection_made(self, transport: Any) -> None:
        self._transport = self._lowest = transport

    def data_received(self, data: bytes) -> None:
        for at in range(0, len(data), PIECE):
            self._received.append(data[at : at + PIECE])
        self._size += len(data)
        if self._size > _HIGH_WATER:
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> None:
        self._ended = True
        self._wake()

    def connection_lost(self, exc: Optional[BaseException]) -> None:
        self._ended = self._lost = True
        self._failure = exc
        self._wake()

    def pause_writing(self) -> None:
        self._congested = True

    def resume_writing(self) -> None:
        self._congested = False
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    # -- What a call does --------------------------------------------------------

    async def _wait(self, deadline: Deadline) -> None:
        """
        Wait until something happens.

        Raises:
            DeadlineExceeded: Nothing did in time.
        """
        left = deadline.remaining()
        loop = asyncio.get_running_loop()
        self._waiter = loop.create_future()
        timer = None if left is None else loop.call_later(left, self._wake)
        try:
            await self._waiter
        finally:
            self._waiter = None
            if timer is not None:
                timer.cancel()
        # Data that came together with the end of the time is still refused.
        deadline.remaining()

    async def receive(self, deadline: Deadline) -> bytes:
        """
        Return up to 64 KiB of what has been received, none at the end of the connection.

        Raises:
            DeadlineExceeded: Nothing came in time.
            OSError: The connection broke.
        """
        # Of a server that sends without end, too.
        deadline.remaining()
        while not self._received:
            if self._ended:
                secured = self._transport is not self._lowest
                # See :attr:`BoundSocket.secured`.
                if self._failure is None or (secured and isinstance(self._failure, RESET)):
                    return b""
                raise self._failure
            await self._wait(deadline)
        data = self._received.popleft()
        full = self._size > _HIGH_WATER
        self._size -= len(data)
        if full and self._size <= _HIGH_WATER and not self._ended:
            self._transport.resume_reading()
        return data

    async def send(self, data: bytes, deadline: Deadline) -> None:
        """
        Send all of these bytes, or until the server answers: it may refuse a large
        request without reading it, and keep the connection open.

        Raises:
            DeadlineExceeded: They could not be sent in time.
        """
        deadline.remaining()
        self._transport.write(data)
        while self._congested and not self._ended and not self._received:
            await self._wait(deadline)

    async def start_tls(self, context: ssl.SSLContext, name: str, deadline: Deadline) -> None:
        """
        Go on with TLS.

        Raises:
            ssl.SSLError: The handshake failed.
        """
        loop = asyncio.get_running_loop()
        plain = self._lowest
        # At once: what comes before the handshake has begun belongs to it.
        plain.pause_reading()
        self._transport = await _in_step(
            _handshake(lambda: loop.start_tls(plain, self, context, server_hostname=name)),
            deadline,
            _nothing,
        )

    @property
    def sent(self) -> bool:
        """
        bool: The system has taken all that was to be sent.
        """
        return not (self._transport.get_write_buffer_size() or self._lowest.get_write_buffer_size())

    @property
    def usable(self) -> bool:
        """
        bool: Nothing speaks against sending another request.
        """
        return (
            not self._ended
            and not self._received
            and not self._transport.is_closing()
            and self.expires > time.monotonic()
            # What the event loop has not seen, because the program kept it busy: the end
            # of the connection, or what belongs to no request.
            and not wait_for_read(self._sock, 0)
        )

    def abort(self) -> None:
        """
        Close the connection at once, whatever is under way.

        Not with the close of TLS, which waits for an answer of the server.
        """
        if self._transport is None:
            self._sock.close()
        elif self._lost:
            # asyncio has closed it, but abort() may not know of that, and until Python 3.10
            # TLS reports what nobody has closed.
            self._transport.close()
        else:
            self._transport.abort()


async def _in_time(step: Awaitable[T], seconds: Optional[float], undo: Callable[[], None]) -> T:
    """
    Wait for a step.

    Parameters:
        step (awaitable): The step.
        seconds (float): How long it may take, or None for no limit.
        undo (callable): Is called after the end of a step whose result is not returned: it
            failed, came too late, or the task that waited has been cancelled.

    Raises:
        asyncio.TimeoutError: It took longer.
    """
    task = asyncio.ensure_future(step)
    try:
        await asyncio.wait([task], timeout=seconds)
        if not task.done():
            raise asyncio.TimeoutError
        return task.result()
    except BaseException:
        task.cancel()
        task.add_done_callback(functools.partial(_left, undo))
        raise


def _left(undo: Callable[[], None], task: asyncio.Future[Any]) -> None:
    # asyncio reports exceptions that nobody has asked for.
    _ = task.cancelled() or task.exception()
    undo()


def _nothing() -> None:
    pass


async def _in_step(step: Awaitable[T], deadline: Deadline, undo: Callable[[], None]) -> T:
    """
    Wait for one step of connecting.
    """
    seconds = deadline.step()
    try:
        return await _in_time(step, seconds, undo)
    except asyncio.TimeoutError:
        raise deadline.step_exceeded() from None


async def _handshake(connect: Callable[[], Awaitable[T]]) -> T:
    try:
        return await connect()
    except ConnectionResetError as exc:
        if exc.errno is not None:
            raise
        # What asyncio makes of a server that closes the connection.
        ended = ssl.SSLEOFError(ssl.SSL_ERROR_EOF, "EOF occurred in violation of protocol")
        ended.reason = "UNEXPECTED_EOF_WHILE_READING"
        raise ended from exc


async def addresses_of(host: str, port: int, deadline: Deadline) -> List[Any]:
    """
    Return the addresses of a host, within the deadline.

    The name service of the system knows no timeout; the question is put in a
    thread that is left alone when the time is over.

    Raises:
        OSError: The host is not known (``socket.gaierror``).
    """
    numeric = numeric_addresses(host, port)
    if numeric:
        return numeric
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[List[Any]] = loop.create_future()

    def told(tell: Callable[[Any], None], value: Any) -> None:
        if not answer.done():
            tell(value)

    def ask() -> None:
        tell: Callable[[Any], None] = answer.set_result
        try:
            value: Any = socket.getaddrinfo(host, port, allowed_gai_family(), socket.SOCK_STREAM)
        except Exception as exc:
            tell, value = answer.set_exception, exc
        # The event loop may have been closed meanwhile.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(told, tell, value)

    left = deadline.remaining()
    threading.Thread(target=ask, name="pywbem-resolve", daemon=True).start()
    try:
        return await _in_time(answer, left, _nothing)
    except asyncio.TimeoutError:
        raise DeadlineExceeded from None


async def connected(target: Target, context: Optional[ssl.SSLContext], deadline: Deadline) -> Wire:
    """
    Return a connection with the first address that answers, with TLS if there is
    a context.

    The time is shared by the addresses, so that a silent one leaves time for the
    next.

    Raises:
        OSError: No address accepted; the error of the last one.
        ssl.SSLError: The TLS handshake failed.
        DeadlineExceeded: The time of the call is over.
        ConnectLimitExceeded: The host stayed silent.
    """
    addresses = await addresses_of(target.host, target.port, deadline)
    failure: Exception = OSError("the name service gave no address")
    for index, (family, kind, proto, _name, address) in enumerate(addresses):
        share = deadline.step() / (len(addresses) - index)
        sock = socket.socket(family, kind, proto)
        try:
            await _in_time(_dial(sock, address), share, sock.close)
        except asyncio.TimeoutError:
            failure = deadline.step_exceeded()
        except OSError as exc:
            failure = exc
        else:
            return await _wired(sock, context, target.server_name, deadline)
    raise failure


async def _dial(sock: socket.socket, address: Any) -> None:
    sock.setblocking(False)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        await asyncio.get_running_loop().sock_connect(sock, address)
    except OSError as exc:
        # asyncio tells of the address in place of the reason.
        if exc.errno:
            exc.strerror = os.strerror(exc.errno)
        raise


async def _wired(
    sock: socket.socket, context: Optional[ssl.SSLContext], name: str, deadline: Deadline
) -> Wire:
    loop = asyncio.get_running_loop()
    wire = Wire(sock)
    try:
        await loop.create_connection(lambda: wire, sock=sock)
        if context is not None:
            await wire.start_tls(context, name, deadline)
    except BaseException:
        wire.abort()
        raise
    return wire
