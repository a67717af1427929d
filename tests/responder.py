"""
A small HTTP(S) server on the loopback interface, for tests, demo and benchmarks.

It reads whole requests and sends what a function answers, keeps connections open
as HTTP/1.1 does, and can break them on purpose.  It knows nothing of pywbem.
"""

from __future__ import annotations

import enum
import re
import socket
import ssl
import struct
import threading
import xml.etree.ElementTree as ET
from collections import deque
from pathlib import Path
from types import TracebackType
from typing import Any, Callable, Deque, Dict, List, NamedTuple, Optional, Tuple, Type, Union

PIECE = 1 << 18


class Request(NamedTuple):
    """An HTTP request; the names of its headers are in lower case."""

    method: str
    target: str
    headers: Dict[str, str]
    body: bytes


class Reply(NamedTuple):
    """An HTTP response; Content-Length is added when it is sent."""

    body: bytes = b""
    status: int = 200
    reason: str = "OK"
    headers: Tuple[Tuple[str, str], ...] = (
        ("Content-Type", 'application/xml; charset="utf-8"'),
        ("CIMOperation", "MethodResponse"),
    )


class Fault(enum.Enum):
    """What happens to a connection instead of an answer."""

    RESET = "the connection is reset once the request has been read"
    SILENCE = "the request is read and never answered"


Answer = Callable[[Request], Union[Reply, Fault]]


class Responder:
    """
    Serve `answer` on a free port of 127.0.0.1 until closed; a context manager.

    Parameters:
      answer: is called with each request, in the thread of its connection.
      context: the server side of TLS, for HTTPS.
    """

    def __init__(self, answer: Answer, context: Optional[ssl.SSLContext] = None) -> None:
        self._answer = answer
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._connections: List[socket.socket] = []
        self._threads: List[threading.Thread] = []
        self._lock = threading.Lock()
        self._closed = False
        self.requests: List[Request] = []
        self.port: int = self._listener.getsockname()[1]
        self.host = f"127.0.0.1:{self.port}"
        self.url = f"{'https' if context else 'http'}://{self.host}"
        self._start(self._accept)

    def __enter__(self) -> Responder:
        return self

    def __exit__(
        self,
        exc_type: Optional[Type[BaseException]],
        exc: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self.close()

    def close(self) -> None:
        """Break all connections and wait for their threads."""
        with self._lock:
            self._closed = True
            connections = list(self._connections)
        # A thread in accept() wakes up by a last connection, not by closing the listener.
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
        except OSError:
            pass  # nobody accepts any more
        for connection in connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # the client was first
        for thread in self._threads:
            thread.join(timeout=10)
        self._listener.close()

    def _start(self, target: Callable[..., None], *args: Any) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            with self._lock:
                if self._closed:
                    connection.close()
                    return
                self._connections.append(connection)
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        # Answers go out at once (a small reply must not wait for an acknowledgement).
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        stream = connection
        try:
            if self._context:
                stream = self._context.wrap_socket(connection, server_side=True)
                with self._lock:
                    self._connections.append(stream)
            with stream.makefile("rb", PIECE) as reader:
                while self._serve_one(stream, reader):
                    pass
        except OSError:
            pass  # the client went away, or refused the certificate
        finally:
            stream.close()
            connection.close()

    def _serve_one(self, stream: socket.socket, reader: Any) -> bool:
        request = read_request(reader)
        if request is None:
            return False
        self.requests.append(request)
        reply = self._answer(request)
        if reply is Fault.RESET:
            # Closing with a linger time of 0 sends RST.
            stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return False
        if reply is Fault.SILENCE:
            stream.recv(1)  # until the client gives up
            return False
        assert isinstance(reply, Reply)
        stream.sendall(encode_reply(reply))
        return True


def read_request(reader: Any) -> Optional[Request]:
    """Read a request; return None if the client closed the connection instead."""
    line = reader.readline(PIECE)
    if not line:
        return None
    method, target, _ = line.decode("iso-8859-1").split(" ", 2)
    headers = {}
    while True:
        line = reader.readline(PIECE).decode("iso-8859-1").rstrip("\r\n")
        if not line:
            break
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    return Request(method, target, headers, reader.read(int(headers.get("content-length", "0"))))


def encode_reply(reply: Reply) -> bytes:
    """Return the bytes of a response with its Content-Length."""
    lines = [f"HTTP/1.1 {reply.status} {reply.reason}"]
    lines += [f"{name}: {value}" for name, value in reply.headers]
    lines += [f"Content-Length: {len(reply.body)}", "", ""]
    return "\r\n".join(lines).encode("iso-8859-1") + reply.body


# --- traffic that lies in files ---------------------------------------------

NOT_SUPPORTED = (
    '<?xml version="1.0" encoding="utf-8" ?>'
    '<CIM CIMVERSION="2.0" DTDVERSION="2.0"><MESSAGE ID="{id}" PROTOCOLVERSION="1.0">'
    '<SIMPLERSP><IMETHODRESPONSE NAME="{name}">'
    '<ERROR CODE="7" DESCRIPTION="There is no recorded answer to this request"/>'
    "</IMETHODRESPONSE></SIMPLERSP></MESSAGE></CIM>"
)


def call_key(body: bytes) -> Tuple[str, str, str]:
    """Return (operation, namespace, CIM-XML of the parameters) of a request."""
    message = ET.fromstring(body).find("MESSAGE")
    call = message.find("*/*") if message is not None else None
    if call is None:
        raise ValueError("not a simple CIM-XML request")
    namespace = "/".join(part.get("NAME", "") for part in call.iter("NAMESPACE"))
    parameters = b"".join(
        ET.tostring(part) for part in call if part.tag in ("IPARAMVALUE", "PARAMVALUE")
    )
    return call.get("NAME", ""), namespace, parameters.decode("ascii")


class RecordedTraffic:
    """
    Answers requests with the responses that lie in a folder.

    The files are ``NAME.request.http`` and ``NAME.response.http``, raw HTTP/1.1
    messages.  A request gets the response to the recorded request with the same
    operation, namespace and parameters; any other gets CIM_ERR_NOT_SUPPORTED.  Where
    the same request was recorded several times (pulling), the responses take turns.
    """

    def __init__(self, folder: Path) -> None:
        self._replies: Dict[Tuple[str, str, str], Deque[Path]] = {}
        for path in sorted(folder.glob("*.request.http")):
            body = path.read_bytes().partition(b"\r\n\r\n")[2]
            response = path.with_name(path.name.replace(".request.", ".response."))
            if response.exists():
                self._replies.setdefault(call_key(body), deque()).append(response)

    def __call__(self, request: Request) -> Reply:
        key = call_key(request.body)
        paths = self._replies.get(key)
        found = re.search(rb'<MESSAGE ID="([^"]*)"', request.body)
        message_id = found.group(1) if found else b"0"
        if paths is None:
            text = NOT_SUPPORTED.format(id=message_id.decode("ascii"), name=key[0])
            return Reply(text.encode("ascii"))
        path = paths[0]
        paths.rotate(-1)
        return self._read(path, message_id)

    @staticmethod
    def _read(path: Path, message_id: bytes) -> Reply:
        head, _, body = path.read_bytes().partition(b"\r\n\r\n")
        status_line, *lines = head.decode("iso-8859-1").split("\r\n")
        _, status, reason = status_line.split(" ", 2)
        headers = [
            (name.strip(), value.strip())
            for name, _, value in (line.partition(":") for line in lines)
            if name.strip().lower() != "content-length"
        ]
        body = re.sub(rb'(<MESSAGE ID=")[^"]*', rb"\g<1>" + message_id, body, count=1)
        return Reply(body, int(status), reason, tuple(headers))
