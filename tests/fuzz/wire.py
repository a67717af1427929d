"""
An HTTP endpoint without sockets: bytes of a client in, requests and responses out.
"""

from __future__ import annotations

import asyncio
import logging
import re
from typing import Any, Callable, Dict, List, Optional, Tuple

from pywbem._cim_xml.records import IntrinsicResponse
from pywbem._endpoint import cim
from pywbem._endpoint.connection import Connection, KnownHead, Limits
from pywbem._endpoint.messages import Request, Response, ResponseHeads

# What an endpoint answers tells the time.  What it says of bytes that are no request, and whether
# it waits for more of them, depends on how far it came.
_VARIES = re.compile(rb"Date: [^\r]*\r\n|(?s:HTTP/1.1 400.*)")
# They are dear, and the same for all.
_HEADS = ResponseHeads("test")
_SILENT = logging.getLogger("tests.fuzz.wire")
_SILENT.setLevel(logging.CRITICAL + 1)


class _Transport(asyncio.Transport):
    """Keeps what is written; is open until somebody closes it."""

    def __init__(self) -> None:
        super().__init__()
        self.written = bytearray()
        self._closing = False
        self._reading = True

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return ("127.0.0.1", 1) if name == "peername" else default

    def write(self, data: Any) -> None:
        self.written += data

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        pass

    def is_closing(self) -> bool:
        return self._closing

    def close(self) -> None:
        self._closing = True

    def abort(self) -> None:
        self._closing = True

    def is_reading(self) -> bool:
        return self._reading

    def pause_reading(self) -> None:
        self._reading = False

    def resume_reading(self) -> None:
        self._reading = True


class _Loop:
    """The one thing that a connection wants of its loop."""

    def __init__(self) -> None:
        self._due: List[Callable[[], Any]] = []

    def call_soon(self, callback: Callable[[], Any]) -> None:
        self._due.append(callback)

    def run(self) -> None:
        while self._due:
            self._due.pop(0)()


class WireEndpoint:
    """
    The endpoint of the connections of a test; it keeps the heads that it knows.

    What a request is answered with says what was understood of it.
    """

    def __init__(self) -> None:
        self.limits = Limits(head_size=4096, body_size=16384)
        self.heads = _HEADS
        self.known_heads: Dict[bytes, KnownHead] = {}
        self.logger = _SILENT
        self.loop: Any = _Loop()
        self.stopping = False
        self.requests = self.refused = 0
        self.buffered = 0
        self.handled: List[Tuple[Any, ...]] = []

    def connection_made(self, connection: Connection) -> None:
        pass

    def connection_lost(self, connection: Connection) -> None:
        pass

    def buffer(self, size: int) -> None:
        self.buffered += size

    def accept(self, request: Request) -> Optional[Response]:
        try:
            cim.check_head(_service(request), request)
        except cim.Refused as exc:
            return exc.response
        return None

    def handle(self, connection: Connection, request: Request) -> Optional[Response]:
        service = _service(request)
        kept = (request.method, request.target, dict(request.headers), request.body)
        try:
            call, message_id = cim.read_call(service, request)
            cim.check_call(service, request, call)
        except cim.Refused as exc:
            self.handled.append((*kept, str(exc)))
            return exc.response
        self.handled.append((*kept, call, message_id))
        return cim.cim_response(service, IntrinsicResponse(call.name, []), message_id)


def _service(request: Request) -> cim.Service:
    return cim.EXPORTS if "cimexport" in request.headers else cim.OPERATIONS


def talk(endpoint: WireEndpoint, pieces: List[bytes]) -> Tuple[List[Tuple[Any, ...]], bytes]:
    """
    Have a client send these pieces and no more; return the requests that were handled,
    and what was answered.
    """
    endpoint.handled = []
    transport = _Transport()
    connection = Connection(endpoint, False)
    connection.connection_made(transport)
    for piece in pieces:
        if not transport.is_closing():
            connection.data_received(piece)
            endpoint.loop.run()
    if not transport.is_closing():
        connection.eof_received()
        endpoint.loop.run()
    connection.connection_lost(None)
    assert endpoint.buffered == 0, f"{endpoint.buffered} bytes of bodies are counted at the end"
    return endpoint.handled, _VARIES.sub(b"", bytes(transport.written))
