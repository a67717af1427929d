"""
One connection of an HTTP endpoint: bytes to requests, responses to bytes.

The protocol is that of :mod:`h11`, which does no I/O; the bytes come from and
go to an asyncio transport.  No task and no future is made for a request: what
has arrived is worked off in the callback that brings it.  Every phase of a
connection has a deadline; the endpoint looks after them.

Clients send the same head again and again.  What h11 has made of a head is
kept, and a request that arrives whole with a head that is known, byte for byte,
is answered without asking h11 again: that halves the work for a small request.
"""

from __future__ import annotations

import asyncio
import enum
import logging
import re
import time
from typing import Dict, NamedTuple, Optional, Protocol, Type, Union

import h11

from .messages import Request, Response, ResponseHeads

#: Events that a connection may work off before the others have their turn.
EVENTS_PER_TURN = 300

#: After a response that ends a connection, what the client was still sending
#: is read for this many seconds, so that the response is not lost by a reset
#: (RFC 9112, 9.6).
LINGER_TIME = 2.0
#: The same while the endpoint is stopped.
STOP_LINGER_TIME = 0.3


class KnownHead:
    """
    What h11 made of a head: of HTTP/1.1, with nothing out of the ordinary, and
    a body of ``length`` bytes.  One stands for all requests with these bytes, and is equal
    to itself only.
    """

    __slots__ = ("headers", "length", "method", "target")

    def __init__(self, method: str, target: str, headers: Dict[str, str], length: int) -> None:
        self.method = method
        self.target = target
        self.headers = headers
        self.length = length


# Header fields up to one that is Host.
_HOST = re.compile(rb"(?:[^\r\n]+\r?\n)*?host[ \t]*:", re.IGNORECASE)
# RFC 9112 2.2: empty lines before a request are to be ignored.
_LINE_ENDS = b"\r\n"
# Header fields of which the effect is left to h11.
_NOT_PLAIN = ("connection", "expect", "transfer-encoding", "upgrade")
# The heads that are known: how many, and of which size, at most.
_KNOWN_HEADS = 500
_KNOWN_SIZE = 2048


class Phase(enum.Enum):
    """
    What a connection waits for.
    """

    IDLE = "the first byte of a request"
    HEAD = "the rest of the head"
    BODY = "the rest of the body"
    HANDLING = "the handler"
    PAUSED = "the time to answer"
    SENDING = "the client to take the response"
    ENDING = "the client to close"


# What the client waits for in these is the answer, not the other way round.
_BUSY = (Phase.HANDLING, Phase.PAUSED, Phase.SENDING)


class Limits(NamedTuple):
    """
    What the clients of an endpoint may use; sizes in bytes, times in seconds.
    """

    #: Open connections.  Beyond that, those are closed that idle longest.
    connections: int = 500
    #: Request line and header fields of a request.
    head_size: int = 32 * 1024
    #: Body of a request.
    body_size: int = 16 * 1024 * 1024
    #: All bodies together that are being received or handled.
    buffered: int = 64 * 1024 * 1024
    #: From the connection to the end of the TLS handshake.
    handshake_time: float = 10.0
    #: From the connection or the first byte of a request to the end of its head.
    head_time: float = 15.0
    #: From the end of the head to the end of the body.
    body_time: float = 60.0
    #: Between a response and the next request.
    idle_time: float = 300.0
    #: For the client to take the responses that wait for it.
    send_time: float = 30.0
    #: For requests at hand when the endpoint is stopped.
    stop_time: float = 2.0


class Endpoint(Protocol):
    """
    What a connection uses of its endpoint.
    """

    limits: Limits
    heads: ResponseHeads
    known_heads: Dict[bytes, KnownHead]
    logger: logging.Logger
    loop: asyncio.AbstractEventLoop
    stopping: bool
    requests: int
    refused: int

    def read_buffer(self) -> memoryview:
        """Return the memory into which a connection reads."""

    def connection_made(self, connection: Connection) -> None:
        """The connection is open."""

    def connection_lost(self, connection: Connection) -> None:
        """The connection is closed."""

    def accept(self, request: Request) -> Optional[Response]:
        """Return the refusal of a request by its head, or None."""

    def buffer(self, size: int) -> None:
        """Count bytes of bodies that are kept."""

    def handle(self, connection: Connection, request: Request) -> Optional[Response]:
        """Return the response, or None if it comes later."""


class Connection(asyncio.BufferedProtocol):
    """
    The server side of a connection.

    Parameters:
        endpoint (Endpoint): Whose connection it is.
        tls (bool): Whether it is encrypted.
    """

    def __init__(self, endpoint: Endpoint, tls: bool) -> None:
        self._endpoint = endpoint
        self._limits = endpoint.limits
        self._tls = tls
        self._host = ""
        self._transport: asyncio.Transport
        self._protocol = self._new_protocol()
        self._request: Optional[Request] = None
        self._refusal: Optional[Response] = None
        self._postponed: Optional[Response] = None
        self._body = bytearray()
        self._read_buffer: Optional[memoryview] = None
        self._writable = True
        self._turn_is_due = False
        # The head that h11 reads now, if it may become a known one.
        self._new_head: Optional[bytes] = None
        # Whether the request that is handled is one that h11 has not seen.
        self._shortcut = False
        self.phase = Phase.IDLE
        self.deadline = 0.0
        #: Bytes of the body that is being received or handled.
        self.buffered = 0
        self.requests = 0

    # What asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        peer = transport.get_extra_info("peername")
        self._host = str(peer[0]) if peer else ""
        self._enter(Phase.IDLE, self._limits.head_time)
        self._endpoint.connection_made(self)

    def connection_lost(self, exc: Optional[Exception]) -> None:
        self._forget_body()
        self.phase = Phase.ENDING
        self._endpoint.connection_lost(self)

    def get_buffer(self, sizehint: int) -> memoryview:
        # Memory for each piece that may arrive costs more than to copy what has arrived.
        if self._read_buffer is None:
            self._read_buffer = self._endpoint.read_buffer()
        return self._read_buffer

    def buffer_updated(self, nbytes: int) -> None:
        assert self._read_buffer is not None
        self.data_received(bytes(self._read_buffer[:nbytes]))

    def data_received(self, data: bytes) -> None:
        """
        Take what has arrived.
        """
        if self.phase is Phase.ENDING:
            return
        if self.phase is Phase.IDLE and not self._turn_is_due:
            data = data.lstrip(_LINE_ENDS)
            while data and self.phase is Phase.IDLE:
                rest = self._known_request(data)
                if rest is None:
                    self._enter(Phase.HEAD, self._limits.head_time)
                else:
                    data = rest.lstrip(_LINE_ENDS)
            if not data:
                return
        self._protocol.receive_data(data)
        self._turn()

    def eof_received(self) -> Optional[bool]:
        if self.phase is Phase.ENDING:
            return False
        self._protocol.receive_data(b"")
        self._turn()
        # A client that has said all may still want the answers.
        busy = self._turn_is_due or self.phase in _BUSY
        return busy and not self._tls

    def pause_writing(self) -> None:
        self._writable = False

    def resume_writing(self) -> None:
        self._writable = True
        if self.phase is Phase.SENDING:
            self._enter(Phase.IDLE, self._limits.idle_time)
            self._transport.resume_reading()
            self._turn()

    # What the endpoint calls

    def time_out(self) -> None:
        """
        The deadline of the phase has passed.
        """
        if self.phase in (Phase.HEAD, Phase.BODY):
            self.refuse(408, f"no complete request within the time: waited for {self.phase.value}")
        elif self.phase is Phase.PAUSED:
            self.go_on()
        else:
            self._transport.abort()

    def shut_down(self) -> None:
        """
        Close the connection if no request is at hand, or else once that is answered.
        """
        if self.phase is Phase.IDLE and not self._turn_is_due:
            self._finish()

    def abort(self) -> None:
        """
        Close the connection at once.
        """
        self._transport.abort()

    def respond(self, response: Response) -> None:
        """
        Send the response of a handler that ran in a thread.
        """
        if self.phase is not Phase.HANDLING:
            return
        if response.pause > 0 and not self._endpoint.stopping:
            self._postpone(response)
        elif self._send(response):
            self._transport.resume_reading()
            self._turn()

    def go_on(self) -> None:
        """
        Send the response that was put off, if one was.
        """
        response, self._postponed = self._postponed, None
        if self.phase is Phase.PAUSED and response is not None and self._send(response):
            self._transport.resume_reading()
            self._turn()

    def refuse(self, status: int, why: str) -> None:
        """
        Answer a request that is not complete, and end the connection.
        """
        self._endpoint.refused += 1
        self._endpoint.logger.warning(
            "Refused a request of %s with HTTP status %d: %s", self._host, status, why
        )
        self._end_with(Response(status, body=f"{why}\n".encode("utf-8", "replace")))

    # Requests with a known head

    def _known_request(self, data: bytes) -> Optional[bytes]:
        """
        Handle the request at the begin of the data; return what comes after
        it, or None if it is one for h11.
        """
        end = data.find(b"\r\n\r\n") + 4
        head = data[:end]
        known = self._endpoint.known_heads.get(head)
        if known is None:
            # What h11 takes for the end of a head may come earlier.
            first_end = b"\n\n" not in head and head.find(b"\n\r\n") == end - 3
            self._new_head = head if first_end and 3 < end <= _KNOWN_SIZE else None
            return None
        self._new_head = None
        body_end = end + known.length
        if len(data) < body_end:
            return None
        self._shortcut = True
        self._count_request()
        self._request = request = Request(
            known.method, known.target, known.headers, b"", self._host, self._tls, known
        )
        refusal = self._endpoint.accept(request)
        if refusal is not None:
            self._send(refusal)
        else:
            request.body = data[end:body_end]
            self._handle(request)
            if self.phase is not Phase.IDLE and self._request is request:
                # It is kept until the answer is there.
                self.buffered = known.length
                self._endpoint.buffer(known.length)
        return data[body_end:]

    def _learn(self, head: Optional[bytes], request: Request, length: int) -> None:
        if head is None or request.method in ("HEAD", "CONNECT"):
            return
        if not any(name in request.headers for name in _NOT_PLAIN):
            known = KnownHead(request.method, request.target, dict(request.headers), length)
            heads = self._endpoint.known_heads
            if len(heads) >= _KNOWN_HEADS:
                heads.clear()
            heads[head] = known

    def _count_request(self) -> None:
        self._endpoint.requests += 1
        self.requests += 1

    # Reading

    def _enter(self, phase: Phase, seconds: float) -> None:
        self.phase = phase
        self.deadline = time.monotonic() + seconds

    def _turn(self) -> None:
        """
        Work off what has arrived, but let the other connections have their turn.
        """
        if self._turn_is_due or self.phase in _BUSY or self.phase is Phase.ENDING:
            return
        try:
            for _ in range(EVENTS_PER_TURN):
                if not self._next():
                    return
        except h11.RemoteProtocolError as exc:
            if self._protocol.trailing_data[1]:
                self._endpoint.logger.debug("%s broke off: %s", self._host, exc)
                self._transport.close()
            else:
                self.refuse(exc.error_status_hint, str(exc))
            return
        self._turn_is_due = True
        self._transport.pause_reading()
        self._endpoint.loop.call_soon(self._next_turn)

    def _next_turn(self) -> None:
        self._turn_is_due = False
        if not self._transport.is_closing():
            self._transport.resume_reading()
            self._turn()

    def _next(self) -> bool:
        """
        Handle one event; return whether another one may be at hand.
        """
        event = self._next_event()
        if isinstance(event, h11.Request):
            return self._head(event)
        if isinstance(event, h11.Data):
            return self._data(event.data)
        if isinstance(event, h11.EndOfMessage):
            return self._complete()
        if isinstance(event, h11.ConnectionClosed):
            self._transport.close()
            return False
        if event is h11.NEED_DATA:
            if self.phase is Phase.IDLE and self._protocol.trailing_data[0]:
                self._enter(Phase.HEAD, self._limits.head_time)
            elif self.phase is Phase.BODY and self._protocol.they_are_waiting_for_100_continue:
                self._write(h11.InformationalResponse(status_code=100, headers=[]))
        return False

    def _next_event(self) -> Union[h11.Event, Type[h11.NEED_DATA], Type[h11.PAUSED]]:
        """
        The next event of h11, which takes no empty line before a request and insists on a
        Host header field (RFC 9112 3.2); senders of indications are known that have none.
        """
        data, closed = b"", False
        if self.phase in (Phase.IDLE, Phase.HEAD):
            data, closed = self._protocol.trailing_data
            if data[:1] in (b"\r", b"\n"):
                data = data.lstrip(_LINE_ENDS)
                self._protocol = self._new_protocol(data, closed)
        try:
            return self._protocol.next_event()
        except h11.RemoteProtocolError:
            line, end, fields = data.partition(b"\n")
            if not end or _HOST.match(fields):
                raise
        self._protocol = self._new_protocol(line + b"\nHost:\r\n" + fields, closed)
        return self._protocol.next_event()

    def _new_protocol(self, data: bytes = b"", closed: bool = False) -> h11.Connection:
        """
        What has read nothing yet, and will read this.
        """
        protocol = h11.Connection(h11.SERVER, max_incomplete_event_size=self._limits.head_size)
        if data:
            protocol.receive_data(data)
        if closed:
            protocol.receive_data(b"")
        return protocol

    def _head(self, event: h11.Request) -> bool:
        # Of this request, and of none that comes after it.
        new_head, self._new_head = self._new_head, None
        self._enter(Phase.BODY, self._limits.body_time)
        self._count_request()
        if not event.http_version.startswith(b"1."):
            self.refuse(505, "the HTTP version is not supported")
            return False
        headers: Dict[str, str] = {}
        size = len(event.target)
        for raw_name, raw_value in event.headers:
            size += len(raw_name) + len(raw_value)
            name, value = raw_name.decode("ascii"), raw_value.decode("latin-1")
            if headers.get(name, value) != value:
                value = f"{headers[name]}, {value}"
            headers[name] = value
        self._request = Request(
            event.method.decode("ascii"),
            event.target.decode("ascii"),
            headers,
            b"",
            self._host,
            self._tls,
        )
        # h11 limits only a head that is not complete yet.
        if size > self._limits.head_size:
            self.refuse(431, f"the head is larger than {self._limits.head_size} bytes")
            return False
        length = int(headers.get("content-length", 0))
        if length > self._limits.body_size:
            self._too_large()
            return False
        if event.http_version == b"1.1":
            self._learn(new_head, self._request, length)
        self._refusal = self._endpoint.accept(self._request)
        if self._refusal is not None and self._protocol.they_are_waiting_for_100_continue:
            # The client waits for a word before it sends the body.
            self._end_with(self._refusal)
            return False
        return True

    def _data(self, data: bytes) -> bool:
        self.buffered += len(data)
        if self.buffered > self._limits.body_size:
            self._too_large()
            return False
        # A refused body is counted, too, but not kept.
        if self._refusal is None:
            self._body += data
            self._endpoint.buffer(len(data))
        return self.phase is Phase.BODY

    def _too_large(self) -> None:
        self.refuse(413, f"the body is larger than {self._limits.body_size} bytes")

    def _forget_body(self) -> None:
        if self.buffered:
            if self._refusal is None:
                self._endpoint.buffer(-self.buffered)
            self.buffered = 0
        if self._body:
            self._body = bytearray()

    # Answering

    def _complete(self) -> bool:
        assert self._request is not None
        if self._refusal is not None:
            return self._send(self._refusal)
        self._request.body = bytes(self._body)
        self._body = bytearray()
        return self._handle(self._request)

    def _handle(self, request: Request) -> bool:
        self.phase = Phase.HANDLING
        self.deadline = float("inf")
        response = self._endpoint.handle(self, request)
        if response is None:
            self._transport.pause_reading()
            return False
        if response.pause > 0 and not self._endpoint.stopping:
            self._transport.pause_reading()
            self._postpone(response)
            return False
        return self._send(response)

    def _postpone(self, response: Response) -> None:
        self._postponed = response
        self._enter(Phase.PAUSED, response.pause)

    def _send(self, response: Response) -> bool:
        """
        Send a response to the request that was received; return whether the
        next one can be read.
        """
        self._forget_body()
        self._refusal = None
        if response.cut is not None:
            self._break_off(response, response.cut)
            return False
        closing = self._endpoint.stopping
        if self._shortcut:
            self._shortcut = False
            head = self._endpoint.heads.sent(response, closing)
            self._transport.write(head + response.body)
        else:
            self._write_response(response, closing)
            closing = closing or self._protocol.our_state is h11.MUST_CLOSE
            if not closing:
                self._protocol.start_next_cycle()
        self._request = None
        if closing:
            self._finish()
            return False
        if self._writable:
            self._enter(Phase.IDLE, self._limits.idle_time)
            return True
        # A client that takes no responses gets no more of them.
        self._enter(Phase.SENDING, self._limits.send_time)
        self._transport.pause_reading()
        return False

    def _break_off(self, response: Response, cut: int) -> None:
        """
        Send the begin of a response, or nothing, and close the connection.
        """
        self._enter(Phase.ENDING, LINGER_TIME)
        if cut >= 0:
            self._transport.write(self._endpoint.heads.sent(response, False) + response.body[:cut])
        self._transport.close()

    def _end_with(self, response: Response) -> None:
        """
        Send a response to a request that is not read to its end.
        """
        self._forget_body()
        if self.phase is Phase.ENDING or self._transport.is_closing():
            return
        self._enter(Phase.ENDING, LINGER_TIME)
        try:
            self._write_response(response, True)
        except h11.LocalProtocolError:
            self._transport.abort()
            return
        self._half_close()

    def _finish(self) -> None:
        """
        End the connection: what the client sends from now on is not answered, but that
        must not cost it an answer that is under way.
        """
        self._enter(Phase.ENDING, STOP_LINGER_TIME if self._endpoint.stopping else LINGER_TIME)
        if not self._half_close():
            self._transport.close()

    def _half_close(self) -> bool:
        if not self._transport.can_write_eof():
            return False
        try:
            self._transport.write_eof()
        except OSError:
            # The client has reset the connection meanwhile; the loop has not seen it yet.
            return False
        if not self._transport.is_reading():
            self._transport.resume_reading()
        return True

    def _write_response(self, response: Response, closing: bool) -> None:
        data = self._protocol.send(self._endpoint.heads.make(response, closing))
        assert data is not None
        if response.body and not (self._request and self._request.method == "HEAD"):
            data += self._protocol.send(h11.Data(data=response.body)) or b""
        data += self._protocol.send(h11.EndOfMessage()) or b""
        self._transport.write(data)

    def _write(self, event: h11.InformationalResponse) -> None:
        data = self._protocol.send(event)
        if data:
            self._transport.write(data)
