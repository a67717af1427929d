"""
A client that talks HTTP byte by byte, and the indications that it exports.
"""

from __future__ import annotations

import socket
import ssl
from types import TracebackType
from typing import Dict, List, NamedTuple, Optional, Tuple, Type

import pywbem

HEADERS = {
    "Host": "listener",
    "Content-Type": "application/xml; charset=utf-8",
    "CIMExport": "MethodRequest",
    "CIMExportMethod": "ExportIndication",
}


def indication(
    text: object = "text", context: Optional[str] = None, number: Optional[int] = None
) -> pywbem.CIMInstance:
    """An indication, with its place in a sequence if that is given."""
    instance = pywbem.CIMInstance("TST_Indication", {"Text": str(text)})
    if context is not None:
        instance["SequenceContext"] = context
    if number is not None:
        instance["SequenceNumber"] = pywbem.Sint64(number)
    return instance


def export_body(instance: pywbem.CIMInstance, message_id: object = "1") -> bytes:
    """The request message that exports an indication."""
    return (
        '<?xml version="1.0" encoding="utf-8" ?>\n'
        f'<CIM CIMVERSION="2.0" DTDVERSION="2.0"><MESSAGE ID="{message_id}" '
        'PROTOCOLVERSION="1.0"><SIMPLEEXPREQ><EXPMETHODCALL NAME="ExportIndication">'
        f'<EXPPARAMVALUE NAME="NewIndication">{instance.tocimxmlstr()}</EXPPARAMVALUE>'
        "</EXPMETHODCALL></SIMPLEEXPREQ></MESSAGE></CIM>"
    ).encode()


def request(
    body: bytes = b"",
    method: str = "POST",
    target: str = "/",
    version: str = "1.1",
    length: bool = True,
    **headers: Optional[str],
) -> bytes:
    """
    An HTTP request; a header that is None is left out, underscores in names stand for hyphens.
    """
    fields: Dict[str, Optional[str]] = dict(HEADERS)
    if length:
        fields["Content-Length"] = str(len(body))
    fields.update({name.replace("_", "-"): value for name, value in headers.items()})
    lines = [f"{method} {target} HTTP/{version}"]
    lines += [f"{name}: {value}" for name, value in fields.items() if value is not None]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def export_request(
    text: object = "text",
    context: Optional[str] = None,
    number: Optional[int] = None,
    message_id: object = "1",
) -> bytes:
    """The HTTP request that exports an indication."""
    return request(export_body(indication(text, context, number), message_id))


class Answer(NamedTuple):
    """A response; the names of its headers are in lower case."""

    status: int
    reason: str
    headers: Dict[str, str]
    body: bytes


class Exporter:
    """A connection with a listener; a context manager."""

    def __init__(
        self,
        port: int,
        context: Optional[ssl.SSLContext] = None,
        address: str = "127.0.0.1",
        timeout: float = 10,
    ) -> None:
        self.sock = socket.create_connection((address, port), timeout=timeout)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if context is not None:
            try:
                self.sock = context.wrap_socket(self.sock, server_hostname="127.0.0.1")
            except BaseException:
                self.sock.close()
                raise
        self._received = b""

    def __enter__(self) -> Exporter:
        return self

    def __exit__(
        self,
        exc_type: Optional[Type[BaseException]],
        exc: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self.sock.close()

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def ask(self, data: bytes) -> Answer:
        self.send(data)
        return self.answer()

    def answer(self, to_head: bool = False) -> Answer:
        """Read one response; one to HEAD has no body."""
        while b"\r\n\r\n" not in self._received:
            self._receive()
        head, _, self._received = self._received.partition(b"\r\n\r\n")
        status_line, *lines = head.decode("latin-1").split("\r\n")
        _, status, reason = status_line.split(" ", 2)
        fields: List[Tuple[str, str]] = []
        for line in lines:
            name, _, value = line.partition(":")
            fields.append((name.lower(), value.strip()))
        headers = dict(fields)
        assert len(headers) == len(fields), "a header field is repeated"
        length = 0 if to_head else int(headers.get("content-length", 0))
        while len(self._received) < length:
            self._receive()
        body, self._received = self._received[:length], self._received[length:]
        return Answer(int(status), reason, headers, body)

    def _receive(self) -> None:
        data = self.sock.recv(65536)
        if not data:
            raise ConnectionError(f"closed after {self._received!r}")
        self._received += data

    def is_closed(self, within: float = 10) -> bool:
        """Whether the other side closes the connection and sends nothing before."""
        self.sock.settimeout(within)
        try:
            return not self._received and self.sock.recv(1) == b""
        except socket.timeout:
            return False
        except OSError:
            return True
