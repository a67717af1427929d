"""
Sockets whose every wait ends at the deadline of the call.

A socket timeout of Python bounds one system call; a server that sends a byte now
and then holds such a client for ever.  Here a call has a :class:`Deadline`, and
each connect, TLS handshake, send and receive gets the time that is left.  No
thread watches and no signal interrupts.

:mod:`pywbem._http.pools` makes the connection pools of urllib3 use such sockets.
"""

from __future__ import annotations

import contextlib
import math
import selectors
import socket
import ssl
import threading
import time
from typing import Any, List, Optional, Tuple, Union

from urllib3.util.connection import allowed_gai_family

from .reply import PIECE, Head, ReplyReader
from .url import HTTP_CONNECT_TIMEOUT

# poll() counts milliseconds in a C int; a wait of a week is as good as endless.
_LONGEST_WAIT = 7 * 24 * 3600.0

# What a socket that must not wait says, plain or TLS.
_NOT_NOW = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)

#: What a socket says of a connection that the other side has given up; whether it is said
#: to who sends or to who receives, and by which of them, is a matter of moments.
RESET = (BrokenPipeError, ConnectionResetError, ssl.SSLEOFError, ssl.SSLZeroReturnError)

_AddrInfo = Tuple[Any, Any, int, str, Any]
_Buffer = Union[bytes, bytearray, memoryview]


class DeadlineExceeded(Exception):
    """
    The time of the call is over.
    """


class ConnectLimitExceeded(Exception):
    """
    A server did not complete one step of connecting within its limit.
    """


class Deadline(tuple):  # type: ignore[type-arg]
    """
    The end of a call: ``timeout`` seconds from now, or never if None.

    For requests and the adapters of others, it is what they take as a timeout: seconds
    to connect and seconds for each read.
    """

    def __new__(cls, timeout: Optional[float]) -> Deadline:
        return super().__new__(cls, (HTTP_CONNECT_TIMEOUT, timeout))

    def __init__(self, timeout: Optional[float]) -> None:
        self.timeout = timeout
        self._end = None if timeout is None else time.monotonic() + timeout

    def restart(self) -> None:
        """
        Give the whole time again.
        """
        if self.timeout is not None:
            self._end = time.monotonic() + self.timeout

    def remaining(self) -> Optional[float]:
        """
        Return the seconds that are left, or None for no limit.

        Raises:
            DeadlineExceeded: No time is left.
        """
        if self._end is None:
            return None
        left = self._end - time.monotonic()
        if left <= 0:
            raise DeadlineExceeded
        return min(left, _LONGEST_WAIT)

    def leaves(self, seconds: float) -> bool:
        """
        Return whether there is still time after these seconds.
        """
        return self._end is None or time.monotonic() + seconds < self._end

    def step(self) -> float:
        """
        Return the seconds for one step of connecting.

        Raises:
            DeadlineExceeded: No time is left.
        """
        left = self.remaining()
        return HTTP_CONNECT_TIMEOUT if left is None else min(left, HTTP_CONNECT_TIMEOUT)

    def step_exceeded(self) -> Exception:
        """
        Return the exception for a step of connecting that ran out of time.
        """
        try:
            self.remaining()
        except DeadlineExceeded as exc:
            return exc
        return ConnectLimitExceeded()


class BoundSocket:
    """
    A connected socket, plain or TLS, together with the deadline of the call that
    uses it.

    It has what urllib3 and ``http.client`` ask of a socket; the rest is asked of
    the wrapped one.
    """

    def __init__(self, sock: Any, deadline: Deadline) -> None:
        self._sock = sock
        self.deadline = deadline
        #: A reply has come over this connection.
        self.answered = False
        #: When the server is going to close it, as it said.
        self.expires = math.inf
        #: What came while a request was sent.
        self._early = b""

    def recv(self, size: int) -> bytes:
        """
        Receive up to ``size`` bytes, none at the end of the connection.
        """
        if self._early:
            data, self._early = self._early[:size], self._early[size:]
            return data
        self._sock.settimeout(self.deadline.remaining())
        try:
            return self._sock.recv(size)  # type: ignore[no-any-return]
        except socket.timeout:
            raise DeadlineExceeded from None
        except RESET:
            if self.secured:
                return b""
            raise

    @property
    def secured(self) -> bool:
        """
        bool: With TLS.  Its reset is its end, as its close without close_notify, which many
        servers leave out: Python 3.10 to 3.12 does not tell them from each other.  What is
        missing then, the reply knows (RFC 9112 9.8).
        """
        return isinstance(self._sock, ssl.SSLSocket)

    def sendall(self, data: _Buffer) -> None:
        """
        Send all of these bytes.

        Not with the ``sendall`` of the socket, which for TLS gives each part the
        whole time again.
        """
        view = memoryview(data)
        while len(view):
            self._sock.settimeout(self.deadline.remaining())
            try:
                sent = self._sock.send(view)
            except socket.timeout:
                raise DeadlineExceeded from None
            view = view[sent:]

    def send_unanswered(self, data: _Buffer) -> bool:
        """
        Send these bytes, or until the server answers: it may refuse a large request
        without reading it, and keep the connection open.

        Returns whether all were sent.
        """
        view = memoryview(data)
        # What stands for a socket may lose bytes when it must not wait.
        if isinstance(self._sock, socket.socket):
            self._sock.setblocking(False)
            with selectors.DefaultSelector() as selector:
                selector.register(self._sock, selectors.EVENT_READ | selectors.EVENT_WRITE)
                while len(view) and not self._early:
                    ready = selector.select(self.deadline.remaining())
                    if any(events & selectors.EVENT_READ for _, events in ready):
                        with contextlib.suppress(*_NOT_NOW):
                            self._early = self._sock.recv(PIECE)
                            if not self._early:
                                break
                    if ready:
                        with contextlib.suppress(*_NOT_NOW):
                            view = view[self._sock.send(view[:PIECE]) :]
            # Neither the end nor an interim answer (RFC 9110 15.2) is a refusal.
            if self._early.startswith(b"HTTP/1.") and self._early[9:10] not in (b"", b"1"):
                return not len(view)
        self.sendall(view)
        return True

    def settimeout(self, _timeout: Optional[float]) -> None:
        """
        Do nothing: the deadline decides.
        """

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


def receive(sock: BoundSocket, reader: ReplyReader) -> None:
    """
    Feed a reader with what the server has sent, or its end.
    """
    try:
        data = sock.recv(PIECE)
    except Exception:
        # A server that neither ends its trailers nor the connection; nothing is missing.
        if not reader.whole:
            raise
        data = b""
    if data:
        reader.feed(data)
    else:
        reader.close()


def read_head(sock: BoundSocket, reader: ReplyReader) -> Head:
    """
    Return the head of a reply.
    """
    while True:
        event = reader.next_event()
        if isinstance(event, Head):
            return event
        receive(sock, reader)


def _with_zone_number(host: str) -> str:
    # The C library takes the name of an interface as a zone of link-local addresses only.
    address, percent, zone = host.partition("%")
    if percent and not zone.isdigit():
        with contextlib.suppress(OSError):
            return f"{address}%{socket.if_nametoindex(zone)}"
    return host


def numeric_addresses(host: str, port: int) -> List[_AddrInfo]:
    """
    Return the addresses of a host that is given by its IP address; else none.
    """
    with contextlib.suppress(OSError):
        return socket.getaddrinfo(
            _with_zone_number(host),
            port,
            allowed_gai_family(),
            socket.SOCK_STREAM,
            0,
            socket.AI_NUMERICHOST,
        )
    return []


def addresses_of(host: str, port: int, deadline: Deadline) -> List[_AddrInfo]:
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
    family = allowed_gai_family()
    if deadline.timeout is None:
        return socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)
    answers: List[Union[List[_AddrInfo], Exception]] = []

    def ask() -> None:
        try:
            answers.append(socket.getaddrinfo(host, port, family, socket.SOCK_STREAM))
        except Exception as exc:
            answers.append(exc)

    thread = threading.Thread(target=ask, name="pywbem-resolve", daemon=True)
    thread.start()
    thread.join(deadline.remaining())
    if not answers:
        raise DeadlineExceeded
    answer = answers[0]
    if isinstance(answer, Exception):
        raise answer
    return answer


def connect(
    host: str, port: int, deadline: Deadline, options: Any = None, source: Any = None
) -> socket.socket:
    """
    Return a TCP socket that is connected with the first address that answers.

    The time is shared by the addresses, so that a silent one leaves time for the
    next.

    Raises:
        OSError: No address accepted; the error of the last one.
        DeadlineExceeded: The time of the call is over.
        ConnectLimitExceeded: The host stayed silent.
    """
    addresses = addresses_of(host, port, deadline)
    failure: Exception = OSError("the name service gave no address")
    for index, (family, kind, proto, _name, address) in enumerate(addresses):
        step = deadline.step() / (len(addresses) - index)
        try:
            return _connect_one(family, kind, proto, address, step, options, source)
        except socket.timeout:
            failure = deadline.step_exceeded()
        except OSError as exc:
            failure = exc
    raise failure


def _connect_one(
    family: Any, kind: Any, proto: int, address: Any, seconds: float, options: Any, source: Any
) -> socket.socket:
    sock = socket.socket(family, kind, proto)
    try:
        for option in options or ():
            sock.setsockopt(*option)
        if source:
            sock.bind(source)
        sock.settimeout(seconds)
        sock.connect(address)
    except BaseException:
        sock.close()
        raise
    return sock
