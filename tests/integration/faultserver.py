"""
A server on a real loopback socket that does what a test tells it, right or wrong.

A test gives a *script*: a function that is called with a :class:`Peer` for each
accepted connection, in a thread of its own, and works on the bare socket.  It
reads requests when it likes, answers with any bytes, drips them, cuts them off
or resets the connection.  The server counts connections and keeps every request
that was read, so that a test can tell how often the client sent one.

Manner: urllib3's socket-level dummy server.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
import time
from typing import Callable, Iterable, List, NamedTuple, Optional, Set, Tuple

Headers = Iterable[Tuple[str, str]]

#: Headers of a CIM-XML reply (DSP0200 6.3), without those of its length.
CIM_HEADERS = (
    ("Content-type", 'application/xml; charset="utf-8"'),
    ("CIMOperation", "MethodResponse"),
)


class Request(NamedTuple):
    """
    One HTTP request as it was read: request line, headers in order, body.
    """

    method: str
    target: str
    headers: List[Tuple[str, str]]
    body: bytes

    def header(self, name: str) -> Optional[str]:
        """
        Return the value of the first header of this name in any case, or None.
        """
        for given, value in self.headers:
            if given.lower() == name.lower():
                return value
        return None


def reply(
    body: bytes = b"",
    status: str = "200 OK",
    headers: Headers = CIM_HEADERS,
    length: Optional[str] = "exact",
) -> bytes:
    """
    Return the bytes of an HTTP/1.1 reply.

    ``length`` is the value of Content-Length; ``"exact"`` stands for the right
    one, None leaves the header out.
    """
    lines = ["HTTP/1.1 " + status]
    lines += [f"{name}: {value}" for name, value in headers]
    if length is not None:
        lines.append("Content-Length: " + (str(len(body)) if length == "exact" else length))
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def chunked(
    pieces: Iterable[bytes], trailers: Headers = (), headers: Headers = CIM_HEADERS
) -> bytes:
    """
    Return the bytes of a reply in chunked transfer coding, with trailers.
    """
    head = reply(b"", headers=(*headers, ("Transfer-Encoding", "chunked")), length=None)
    body = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    ends = "".join(f"{name}: {value}\r\n" for name, value in trailers).encode("latin-1")
    return head + body + b"0\r\n" + ends + b"\r\n"


class Peer:
    """
    The server's side of one connection, as a script sees it.
    """

    def __init__(self, server: FaultServer, sock: socket.socket) -> None:
        self.server = server
        self.sock = sock
        self._buffer = b""

    def start_tls(self, context: ssl.SSLContext) -> None:
        """
        Go on with TLS.
        """
        self.sock = self.server.secured(self.sock, context)

    def read_request(self) -> Optional[Request]:
        """
        Read one request to its end and keep it in the list of the server.

        Returns None when the client has closed the connection.
        """
        while b"\r\n\r\n" not in self._buffer:
            if not self._more():
                return None
        head, self._buffer = self._buffer.split(b"\r\n\r\n", 1)
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _version = first.split(" ")
        headers = [(name, value.strip()) for name, value in (x.split(":", 1) for x in lines)]
        request = Request(method, target, headers, b"")
        length = int(request.header("Content-Length") or 0)
        while len(self._buffer) < length:
            if not self._more():
                return None
        body, self._buffer = self._buffer[:length], self._buffer[length:]
        request = request._replace(body=body)
        self.server.note(request)
        return request

    def _more(self) -> bool:
        data = self.sock.recv(65536)
        self._buffer += data
        return bool(data)

    def send(self, data: bytes) -> None:
        """
        Send these bytes.
        """
        self.sock.sendall(data)

    def drip(self, data: bytes, seconds: float = 0.05) -> None:
        """
        Send these bytes one by one, with a pause after each, until the server stops.
        """
        for at in range(len(data)):
            self.sock.sendall(data[at : at + 1])
            if self.server.stopping.wait(seconds):
                return

    def hang(self) -> None:
        """
        Do nothing until the server stops.
        """
        self.server.stopping.wait()

    def reset(self) -> None:
        """
        Close the connection with a TCP reset.
        """
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()


Script = Callable[[Peer], None]


def answer(*replies: bytes) -> Script:
    """
    Return a script that answers each request of a connection with the next of
    these replies (the last one again and again), until the client closes.
    """

    def script(peer: Peer) -> None:
        count = 0
        while peer.read_request() is not None:
            peer.send(replies[min(count, len(replies) - 1)])
            count += 1

    return script


class FaultServer:
    """
    Listens on a loopback address from ``__enter__`` to ``__exit__``.

    Parameters: ``script`` is what happens on each connection; ``tls`` the server
    side SSL context, or None for plain HTTP; ``host`` and ``port`` where to listen, by
    default on a free port.
    """

    def __init__(
        self,
        script: Script,
        tls: Optional[ssl.SSLContext] = None,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.script = script
        self.tls = tls
        self.host = host
        self.port = port
        #: Set when the server is told to stop; scripts that wait, wait on it.
        self.stopping = threading.Event()
        #: Every request that was read to its end, over all connections.
        self.requests: List[Request] = []
        #: How many connections were accepted, and how many are open now.
        self.connections = 0
        self.open = 0
        #: Exceptions of scripts and of TLS handshakes, other than of the network.
        self.failures: List[BaseException] = []
        self._lock = threading.Lock()
        self._threads: List[threading.Thread] = []
        self._sockets: Set[socket.socket] = set()

    @property
    def url(self) -> str:
        """
        The URL of the server.
        """
        return self.url_for("[::1]" if ":" in self.host else self.host)

    def url_for(self, host: str) -> str:
        """
        The URL of the server under another name of its host.
        """
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}"

    def note(self, request: Request) -> None:
        """
        Keep a request that was read.
        """
        with self._lock:
            self.requests.append(request)

    def all_closed(self, seconds: float = 20) -> bool:
        """
        Wait until all connections are closed; return whether they are.
        """
        end = time.monotonic() + seconds
        while self.open and time.monotonic() < end:
            time.sleep(0.005)
        return self.open == 0

    def __enter__(self) -> FaultServer:
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        self._listener = socket.socket(family, socket.SOCK_STREAM)
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind((self.host, self.port))
        self._listener.listen(64)
        self.port = self._listener.getsockname()[1]
        self._start(self._accept)
        return self

    def __exit__(self, *_exc: object) -> None:
        self.stopping.set()
        # A connection wakes the accepting thread, portably.
        with contextlib.suppress(OSError):
            socket.create_connection(self._listener.getsockname()[:2], timeout=1).close()
        with self._lock:
            for sock in self._sockets:
                with contextlib.suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)
            threads = list(self._threads)
        for thread in threads:
            thread.join(10)
        self._listener.close()

    def secured(self, sock: socket.socket, context: ssl.SSLContext) -> ssl.SSLSocket:
        """
        Return the socket with TLS, in the place of the one without.
        """
        secured = context.wrap_socket(sock, server_side=True)
        with self._lock:
            self._sockets.discard(sock)
            self._sockets.add(secured)
        return secured

    def _start(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        with self._lock:
            self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                sock, _address = self._listener.accept()
            except OSError:
                return
            if self.stopping.is_set():
                sock.close()
                return
            with self._lock:
                self.connections += 1
                self.open += 1
                self._sockets.add(sock)
            self._start(self._serve, sock)

    def _serve(self, sock: socket.socket) -> None:
        peer: Optional[Peer] = None
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.tls is not None:
                sock = self.secured(sock, self.tls)
            peer = Peer(self, sock)
            self.script(peer)
        except OSError as exc:
            # ssl.SSLError is an OSError: a client that refuses the certificate.
            if isinstance(exc, ssl.SSLError):
                self.failures.append(exc)
        except Exception as exc:
            self.failures.append(exc)
        finally:
            used = sock if peer is None else peer.sock
            with contextlib.suppress(OSError):
                used.close()
            with self._lock:
                self._sockets.discard(used)
                self.open -= 1
