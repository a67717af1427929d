"""
HTTP/1.1 replies: from received bytes to status, headers, body and trailers (RFC 9112).

No socket here: :class:`ReplyReader` asks a function for more bytes.  It does what
``http.client`` does not: it keeps the trailers of a chunked reply, in which a WBEM
server tells of a late error, notices a body that ends early in every framing, hands
the body out as it arrives, and knows when a reply has no end that can be waited for.
"""

from __future__ import annotations

import re
import zlib
from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Optional, Tuple

#: Largest piece of a body, and the size of a receive.
PIECE = 65536

# Beyond what servers send by a factor of hundred; http.client has 64 KiB a line.
_HEAD_LIMIT = 256 * 1024
_LINE_LIMIT = 65536

_HEAD_END = re.compile(rb"\r?\n\r?\n")
_STATUS_LINE = re.compile(r"HTTP/1\.(\d) +(\d{3})(?: +(.*)|)")


class BadReply(Exception):
    """
    What was received is not an HTTP reply.
    """


class BadHeader(Exception):
    """
    A header field has no meaning that could be relied on.
    """


class EarlyEnd(Exception):
    """
    The connection ended before the reply.
    """


class Head(NamedTuple):
    """
    Status line and header fields; ``fields`` has (name, value) in order.
    """

    version: int
    status: int
    reason: str
    fields: List[Tuple[str, str]]

    def get(self, name: str) -> Optional[str]:
        """
        Return the values of a field in any case, joined with commas, or None.
        """
        lower = name.lower()
        values = [value for field, value in self.fields if field.lower() == lower]
        return ", ".join(values) if values else None


class ReplyReader:
    """
    Reads one reply from a function that returns received bytes, none at the end.
    """

    def __init__(self, receive: Callable[[int], bytes]) -> None:
        self._receive = receive
        self._data = b""
        self._at = 0
        #: Trailers of a chunked body, by name in lower case, once it has been read.
        self.trailers: Dict[str, str] = {}
        #: The reply has been read to its end and the connection can carry another.
        self.reusable = False

    def _more(self) -> bool:
        data = self._receive(PIECE)
        if not data:
            return False
        self._data = self._data[self._at :] + data
        self._at = 0
        return True

    @property
    def unread(self) -> bytes:
        """
        Bytes that were received and not yet read.
        """
        return self._data[self._at :]

    def head(self) -> Head:
        """
        Read status line and header fields; informational replies are passed over.

        :raises EarlyEnd: the connection ended before the reply began.
        :raises BadReply: this is not HTTP/1.x, or too long.
        :raises BadHeader: a line is no header field.
        """
        while True:
            head = _parse_head(self._head_lines())
            # 101 would mean another protocol, for which nobody asked.
            if not 100 <= head.status < 200 or head.status == 101:
                return head

    def _head_lines(self) -> List[str]:
        while True:
            # Some servers end a body with a line end that its length does not count.
            data = self.unread.lstrip(b"\r\n")
            match = _HEAD_END.search(data)
            if match is not None:
                self._data, self._at = data, match.end()
                text = data[: match.start()].decode("latin-1")
                return text.replace("\r\n", "\n").split("\n")
            if data and not b"HTTP/".startswith(data[:5]):
                raise BadReply(_foreign(data))
            if len(data) > _HEAD_LIMIT:
                raise BadReply(f"the header fields are longer than {_HEAD_LIMIT} bytes")
            if not self._more():
                raise EarlyEnd("inside the header fields" if data else "")

    def body(self, head: Head) -> Iterator[bytes]:
        """
        Return an iterator of the pieces of the body as they arrive, still in their
        content coding.

        :raises BadHeader: from the iteration, the length is none.
        :raises BadReply: from the iteration, the chunks are none.
        :raises EarlyEnd: from the iteration, the connection ended inside the body.
        """
        framing = framing_of(head)
        if framing == "none":
            self._finish(head)
        elif framing == "chunked":
            yield from self._chunked_body()
            self._finish(head)
        elif framing == "close":
            yield from self._endless_body()
        else:
            yield from self._counted_body(int(framing))
            self._finish(head)

    def _finish(self, head: Head) -> None:
        persistent = (head.get("Connection") or "").lower()
        keep = "keep-alive" in persistent if head.version < 11 else "close" not in persistent
        # Bytes after the reply belong to no request: such a connection is not trusted.
        self.reusable = keep and self._at == len(self._data)

    def _counted_body(self, length: int) -> Iterator[bytes]:
        left = length
        while left:
            if self._at == len(self._data) and not self._more():
                raise EarlyEnd(f"{length - left} of {length} bytes into the body")
            piece = self._data[self._at : self._at + min(left, PIECE)]
            self._at += len(piece)
            left -= len(piece)
            yield piece

    def _endless_body(self) -> Iterator[bytes]:
        while self._at < len(self._data) or self._more():
            piece = self._data[self._at : self._at + PIECE]
            self._at += len(piece)
            yield piece

    def _chunked_body(self) -> Iterator[bytes]:
        # RFC 9112 7.1.  What has been received at once goes out at once.
        pieces: List[bytes] = []
        while True:
            size = _chunk_size(self._line())
            if size == 0:
                break
            while size:
                if self._at == len(self._data):
                    if pieces:
                        yield b"".join(pieces)
                        pieces = []
                    if not self._more():
                        raise EarlyEnd("inside a chunk of the body")
                piece = self._data[self._at : self._at + size]
                self._at += len(piece)
                size -= len(piece)
                pieces.append(piece)
            if self._line():
                raise BadReply("a chunk of the body is longer than its size says")
        if pieces:
            yield b"".join(pieces)
        self._read_trailers()

    def _line(self) -> str:
        while True:
            end = self._data.find(b"\n", self._at)
            if end >= 0:
                line = self._data[self._at : end]
                self._at = end + 1
                return line.rstrip(b"\r").decode("latin-1")
            if len(self._data) - self._at > _LINE_LIMIT:
                raise BadReply(f"a line between chunks is longer than {_LINE_LIMIT} bytes")
            if not self._more():
                raise EarlyEnd("between two chunks of the body")

    def _read_trailers(self) -> None:
        lines: List[str] = []
        size = 0
        while True:
            line = self._line()
            if not line:
                break
            size += len(line)
            if size > _HEAD_LIMIT:
                raise BadReply(f"the trailers are longer than {_HEAD_LIMIT} bytes")
            lines.append(line)
        self.trailers = {name.lower(): value for name, value in _parse_fields(lines)}


def _foreign(data: bytes) -> str:
    # A TLS record of type alert or handshake (RFC 8446 5.1).
    if data[:2] in (b"\x15\x03", b"\x16\x03"):
        return "it speaks TLS; use https:// in the URL"
    if data[:4] == b"SSH-":
        return "it speaks SSH; check the port in the URL"
    return f"it does not speak HTTP/1.1, its answer begins with {data[:40]!r}"


def _parse_head(lines: List[str]) -> Head:
    match = _STATUS_LINE.fullmatch(lines[0])
    if match is None:
        raise BadReply(_foreign(lines[0].encode("latin-1")))
    reason = (match.group(3) or "").strip()
    return Head(10 + int(match.group(1)), int(match.group(2)), reason, _parse_fields(lines[1:]))


def _parse_fields(lines: List[str]) -> List[Tuple[str, str]]:
    fields: List[Tuple[str, str]] = []
    for line in lines:
        if line[:1] in (" ", "\t") and fields:
            # RFC 9112 5.2: a folded line continues the value.
            name, value = fields[-1]
            fields[-1] = (name, f"{value} {line.strip()}")
            continue
        name, colon, value = line.partition(":")
        if not colon or not name.strip():
            raise BadHeader(f"Invalid header field: {line[:80]!r}")
        fields.append((name.strip(), value.strip()))
    return fields


def _chunk_size(line: str) -> int:
    size = line.partition(";")[0].strip()
    try:
        if not size.isalnum():
            raise ValueError
        return int(size, 16)
    except ValueError:
        raise BadReply(f"{size[:40]!r} is not the size of a chunk of the body") from None


def framing_of(head: Head) -> str:
    """
    Return how the end of the body is found (RFC 9112 6.3): ``"none"`` (there is no
    body), ``"chunked"``, ``"close"`` (it ends with the connection), or its length in
    decimal digits.

    :raises BadHeader: Content-Length is not one number.
    """
    if head.status in (204, 304):
        return "none"
    coding = head.get("Transfer-Encoding")
    if coding is not None and "chunked" in coding.lower():
        return "chunked"
    length = head.get("Content-Length")
    if length is None:
        return "close"
    values = {text.strip().lstrip("0") or text.strip()[-1:] for text in length.split(",")}
    value = values.pop()
    if values or re.fullmatch(r"[0-9]{1,18}", value) is None:
        raise BadHeader(f"Invalid Content-Length header: {length[:80]!r}")
    return value


def decoded(pieces: Iterator[bytes], coding: Optional[str]) -> Iterator[bytes]:
    """
    Undo the content codings gzip and deflate; others are left to the reader.

    :raises BadReply: from the iteration, the bytes are not in this coding, or end early.
    """
    for name in reversed((coding or "").lower().split(",")):
        if name.strip() in ("gzip", "x-gzip"):
            pieces = _inflated(pieces, "gzip")
        elif name.strip() == "deflate":
            pieces = _inflated(pieces, "deflate")
    return pieces


def _inflated(pieces: Iterator[bytes], coding: str) -> Iterator[bytes]:
    # At most PIECE bytes at a time, however much a small input expands to.
    window = 31 if coding == "gzip" else 15
    inflate: Any = None
    padding = False
    for piece in pieces:
        data = piece
        while data and not padding:
            if inflate is None:
                # Some servers send deflate without the zlib header of RFC 9110 8.4.1.2.
                raw = coding == "deflate" and data[0] & 0x0F != 8
                inflate = zlib.decompressobj(-15 if raw else window)
            elif inflate.eof:
                # A gzip file can have several members; what follows otherwise is ignored.
                padding = coding != "gzip" or data[:1] != b"\x1f"
                if padding:
                    break
                inflate = zlib.decompressobj(window)
            try:
                out = inflate.decompress(data, PIECE)
            except zlib.error as exc:
                raise BadReply(f"its answer cannot be decoded as {coding}: {exc}") from None
            if out:
                yield out
            data = inflate.unused_data if inflate.eof else inflate.unconsumed_tail
    while inflate is not None and not inflate.eof:
        out = inflate.decompress(inflate.unconsumed_tail, PIECE)
        if not out:
            raise BadReply(f"its answer ends inside the {coding} data")
        yield out
