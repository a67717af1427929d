"""
Requests and responses of an HTTP endpoint, and the heads of responses as they are sent.
"""

from __future__ import annotations

import threading
import time
from email.utils import formatdate
from http.client import responses
from typing import Callable, Dict, List, NamedTuple, Optional, Sequence, Tuple

import h11


class Request:
    """
    An HTTP request.

    The names in ``headers`` are in lower case; the values of a field that was
    repeated are joined by commas, unless they are the same.  ``host`` is the address of the client.
    ``known`` is an object that all requests have whose heads are the same, byte for byte, or None:
    what was found out of one head need not be found out again.
    """

    __slots__ = ("body", "headers", "host", "known", "method", "target", "tls")

    def __init__(
        self,
        method: str,
        target: str,
        headers: Dict[str, str],
        body: bytes = b"",
        host: str = "",
        tls: bool = False,
        known: Optional[object] = None,
    ) -> None:
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.host = host
        self.tls = tls
        self.known = known


class Response(NamedTuple):
    """
    An HTTP response.  The endpoint adds Date, Server, Content-Length and, at
    the end of a connection, Connection.  Header fields that differ from response to response
    are ``varying``: they have visible ASCII characters only.  It is sent after a pause, in
    seconds, or when the endpoint is told to go on.  With ``cut``, only so many bytes of the
    body are sent before the connection is broken; a negative one also leaves out the head.
    """

    status: int
    headers: Sequence[Tuple[str, str]] = ()
    body: bytes = b""
    reason: str = ""
    pause: float = 0.0
    cut: Optional[int] = None
    varying: Tuple[Tuple[str, str], ...] = ()


class Later:
    """
    A response that is given later, by any thread.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._response: Optional[Response] = None
        self._send: Optional[Callable[[Response], object]] = None

    def set(self, response: Response) -> None:
        """
        Give the response.

        Parameters:
            response (Response): The response.
        """
        with self._lock:
            self._response, send = response, self._send
        if send is not None:
            send(response)

    def attach(self, send: Callable[[Response], object]) -> None:
        """
        Have a function called with the response, once it is there.

        Parameters:
            send (callable): The function.
        """
        with self._lock:
            self._send, response = send, self._response
        if response is not None:
            send(response)


class ResponseHeads:
    """
    The heads of the responses of an endpoint.

    They recur, and to check and normalize one costs h11 more than all else
    that has to be done to send it, so they are kept while their Date is true.

    Parameters:
        server (str): Value of the Server header field.
    """

    def __init__(self, server: str) -> None:
        self._server = server
        self._second = 0
        self._date = ""
        self._made: Dict[Tuple[object, ...], Tuple[h11.Response, bytes]] = {}

    def make(self, response: Response, closing: bool) -> h11.Response:
        """
        The head of a response, as h11 has it; ``closing`` says that the response ends the
        connection.
        """
        head = self._kept(response, closing)[0]
        if not response.varying:
            return head
        varying = [
            (name.encode("ascii"), value.encode("ascii")) for name, value in response.varying
        ]
        headers: List[Tuple[bytes, bytes]] = [*head.headers, *varying]
        return h11.Response(status_code=head.status_code, headers=headers, reason=head.reason)

    def sent(self, response: Response, closing: bool) -> bytes:
        """
        The head of a response as it is sent to a client that keeps the connection.
        """
        data = self._kept(response, closing)[1]
        if not response.varying:
            return data
        lines = "".join([f"{name}: {value}\r\n" for name, value in response.varying])
        # The last two bytes are the empty line.
        return data[:-2] + lines.encode("ascii") + data[-2:]

    def _kept(self, response: Response, closing: bool) -> Tuple[h11.Response, bytes]:
        now = int(time.time())
        if now != self._second:
            self._second = now
            self._date = formatdate(now, usegmt=True)
            self._made.clear()
        length = len(response.body)
        key = (response.status, tuple(response.headers), length, response.reason, closing)
        made = self._made.get(key)
        if made is None:
            head = h11.Response(
                status_code=response.status,
                headers=[
                    ("Server", self._server),
                    ("Date", self._date),
                    *response.headers,
                    ("Content-Length", str(length)),
                    *([("Connection", "close")] if closing else []),
                ],
                reason=response.reason or responses.get(response.status, ""),
            )
            made = self._made[key] = head, _as_sent(head)
        return made


def _as_sent(head: h11.Response) -> bytes:
    protocol = h11.Connection(h11.SERVER)
    protocol.receive_data(b"POST / HTTP/1.1\r\nHost: any\r\n\r\n")
    protocol.next_event()
    return protocol.send(head) or b""
