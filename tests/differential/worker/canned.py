"""A server on the loopback interface that answers with prepared bytes."""

from __future__ import annotations

import re
import socket
import struct
import threading
from typing import Any, Callable, List, Sequence, Tuple, Union

import pywbem

Reply = Union[bytes, Callable[[bytes, bytes], bytes]]
TYPE = ("Content-Type", 'application/xml; charset="utf-8"')
OPERATION = ("CIMOperation", "MethodResponse")
MESSAGE = (
    '<?xml version="1.0" encoding="utf-8" ?><CIM CIMVERSION="2.0" DTDVERSION="2.0">'
    '<MESSAGE ID="1001" PROTOCOLVERSION="1.0"><SIMPLERSP>{}</SIMPLERSP></MESSAGE></CIM>'
)


def http(
    body: Union[str, bytes],
    status: str = "200 OK",
    headers: Sequence[Tuple[str, str]] = (TYPE, OPERATION),
    length: bool = True,
) -> bytes:
    """Return a response."""
    data = body if isinstance(body, bytes) else body.encode("utf-8")
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers)]
    if length:
        lines.append(f"Content-Length: {len(data)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + data


def imethod(name: str, inner: str, wrap: bool = True) -> str:
    """Return the reply to an intrinsic operation."""
    content = f"<IRETURNVALUE>{inner}</IRETURNVALUE>" if wrap else inner
    return MESSAGE.format(f'<IMETHODRESPONSE NAME="{name}">{content}</IMETHODRESPONSE>')


def method(name: str, inner: str) -> str:
    """Return the reply to a method call."""
    return MESSAGE.format(f'<METHODRESPONSE NAME="{name}">{inner}</METHODRESPONSE>')


class CannedServer:
    """
    Answers each request with the next of `replies`, the last one again and again.

    An empty reply resets the connection; one without a length ends with the connection.
    """

    def __init__(self) -> None:
        self.replies: List[Reply] = []
        self.requests: List[Tuple[bytes, bytes]] = []
        self._open: List[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=16)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def forget(self) -> None:
        """Drop what a session prepared and received."""
        self.replies, self.requests = [], []
        while self._open:
            self._open.pop().close()

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection, connection.makefile("rb") as stream:
                if stream.peek(1)[:1] == b"\x16":  # TLS, which is not spoken here
                    connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
                    return
                while self._answer(connection, stream):
                    pass
        except (OSError, ValueError, IndexError):
            return  # the client went away, or the session is over

    def _answer(self, connection: socket.socket, stream: Any) -> bool:
        lines: List[bytes] = []
        while True:
            line = stream.readline()
            if not line:
                return False
            if line == b"\r\n":
                break
            lines.append(line)
        head = b"".join(lines)
        length = re.search(rb"(?im)^content-length:\s*(\d+)", head)
        body = stream.read(int(length.group(1))) if length else b""
        self.requests.append((head, body))
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        data = reply(head, body) if callable(reply) else reply
        if not data:
            reset = struct.pack("ii", 1, 0)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
            return False
        connection.sendall(data)
        low = data.partition(b"\r\n\r\n")[0].lower()
        return b"connection: close" not in low and (
            b"content-length" in low or b"transfer-encoding" in low
        )


SERVER = CannedServer()


def replying(*replies: Union[Reply, str], **arguments: Any) -> pywbem.WBEMConnection:
    """Return a connection to the server, which answers with these bodies or raw bytes."""
    SERVER.replies = [http(reply) if isinstance(reply, str) else reply for reply in replies]
    SERVER.requests = []
    arguments.setdefault("creds", None)
    arguments.setdefault("timeout", 5)
    url = f"http://127.0.0.1:{SERVER.port}"
    return pywbem.WBEMConnection(url, **arguments)


def request_of(index: int = -1) -> List[str]:
    """Return the lines of the head of a request, without those that every client sets."""
    head = SERVER.requests[index][0].decode("latin-1").splitlines()
    usual = re.compile(r"(?i)(host|user-agent|accept-encoding|connection|accept):")
    return [head[0]] + sorted(line for line in head[1:] if not usual.match(line))


def body_of(index: int = -1) -> str:
    """Return the body of a request."""
    return SERVER.requests[index][1].decode("utf-8", "replace")
