"""
A connection of asyncio whose every wait ends at the deadline of the call.

A protocol, not a stream: TLS can begin later (``StreamWriter.start_tls`` came with
Python 3.11), and a wait costs a timer, no task.
"""

from __future__ import annotations

import asyncio
import collections
import math
import socket
import ssl
import threading
import time
from typing import Any, Callable, Deque, List, Optional

from .reply import PIECE
from .sockets import Deadline, DeadlineExceeded, numeric_addresses
from .url import Target

# Received and not yet read; beyond this the server has to wait.
_HIGH_WATER = 8 * PIECE


class Wire(asyncio.Protocol):
    """
    A connected socket, plain or TLS.

    It is used by one call at a time; :meth:`abort` ends it at once.
    """

    def __init__(self) -> None:
        self._transport: Any = None
        self._received: Deque[bytes] = collections.deque()
        self._size = 0
        self._waiter: Optional[asyncio.Future[None]] = None
        self._ended = False
        self._failure: Optional[BaseException] = None
        self._congested = False
        #: A reply has come over this connection.
        self.answered = False
        #: When the server is going to close it, as it said.
        self.expires = math.inf

    # -- What the event loop calls ----------------------------------------------

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received.append(data)
        self._size += len(data)
        if self._size > _HIGH_WATER:
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> None:
        self._ended = True
        self._wake()

    def connection_lost(self, exc: Optional[BaseException]) -> None:
        self._ended = True
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

        :raises DeadlineExceeded: nothing did in time.
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
        Return what has been received, none at the end of the connection.

        :raises DeadlineExceeded: nothing came in time.
        :raises OSError: the connection broke.
        """
        while not self._received:
            if self._ended:
                if self._failure is not None:
                    raise self._failure
                return b""
            await self._wait(deadline)
        data = b"".join(self._received)
        self._received.clear()
        if self._size > _HIGH_WATER and not self._ended:
            self._transport.resume_reading()
        self._size = 0
        return data

    async def send(self, data: bytes, deadline: Deadline) -> None:
        """
        Send all of these bytes.

        :raises DeadlineExceeded: they could not be sent in time.
        """
        deadline.remaining()
        self._transport.write(data)
        while self._congested and not self._ended:
            await self._wait(deadline)

    async def start_tls(self, context: ssl.SSLContext, name: str, deadline: Deadline) -> None:
        """
        Go on with TLS, after a proxy has connected.

        :raises ssl.SSLError: the handshake failed.
        """
        loop = asyncio.get_running_loop()
        self._transport = await _in_step(
            loop.start_tls(self._transport, self, context, server_hostname=name), deadline
        )

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
        )

    def close(self) -> None:
        """
        Close the connection.
        """
        self._transport.close()

    def abort(self) -> None:
        """
        Close the connection at once, whatever is under way.
        """
        self._transport.abort()


async def _in_step(waited_for: Any, deadline: Deadline) -> Any:
    """
    Wait for one step of connecting.
    """
    try:
        return await asyncio.wait_for(waited_for, deadline.step())
    except asyncio.TimeoutError:
        raise deadline.step_exceeded() from None


async def addresses_of(host: str, port: int, deadline: Deadline) -> List[Any]:
    """
    Return the addresses of a host, within the deadline.

    The name service of the system knows no timeout; the question is put in a
    thread that is left alone when the time is over.

    :raises OSError: the host is not known (``socket.gaierror``).
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
            value: Any = socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM)
        except OSError as exc:
            tell, value = answer.set_exception, exc
        if not loop.is_closed():
            loop.call_soon_threadsafe(told, tell, value)

    threading.Thread(target=ask, name="pywbem-resolve", daemon=True).start()
    try:
        return await asyncio.wait_for(answer, deadline.remaining())
    except asyncio.TimeoutError:
        raise DeadlineExceeded from None


async def connected(target: Target, context: Optional[ssl.SSLContext], deadline: Deadline) -> Wire:
    """
    Return a connection with the first address that answers, with TLS if there is
    a context.

    The time is shared by the addresses, so that a silent one leaves time for the
    next.

    :raises OSError: no address accepted; the error of the last one.
    :raises ssl.SSLError: the TLS handshake failed.
    :raises DeadlineExceeded: the time of the call is over.
    :raises ConnectLimitExceeded: the host stayed silent.
    """
    addresses = await addresses_of(target.host, target.port, deadline)
    failure: BaseException = OSError("the name service gave no address")
    for index, (family, kind, proto, _name, address) in enumerate(addresses):
        share = deadline.step() / (len(addresses) - index)
        sock = socket.socket(family, kind, proto)
        try:
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await asyncio.wait_for(asyncio.get_running_loop().sock_connect(sock, address), share)
        except asyncio.TimeoutError:
            sock.close()
            failure = deadline.step_exceeded()
        except OSError as exc:
            sock.close()
            failure = exc
        except BaseException:
            sock.close()
            raise
        else:
            return await _wire_on(sock, target, context, deadline)
    raise failure


async def _wire_on(
    sock: socket.socket, target: Target, context: Optional[ssl.SSLContext], deadline: Deadline
) -> Wire:
    loop = asyncio.get_running_loop()
    name = None if context is None else target.server_name
    try:
        _, wire = await _in_step(
            loop.create_connection(Wire, sock=sock, ssl=context, server_hostname=name), deadline
        )
    except BaseException:
        sock.close()
        raise
    assert isinstance(wire, Wire)
    return wire
