"""
HTTP/1.1 replies: from received bytes to status, headers, body and trailers (RFC 9112).

No socket here, and nothing that waits: :class:`ReplyReader` is fed with what was
received and hands out what is finished.  It does what ``http.client`` does not: it
keeps the trailers of a chunked reply, in which a WBEM server tells of a late error,
notices a body that ends early in every framing, hands the body out as it arrives,
and knows when a reply has no end that can be waited for.
"""

from __future__ import annotations

import enum
import re
import zlib
from typing import Any, Callable, Iterable, Iterator, List, NamedTuple, Optional, Tuple, Union

#: Largest piece of a body, and the size of a receive.
PIECE = 65536

# Beyond what servers send by a factor of hundred; http.client has 64 KiB a line.
_HEAD_LIMIT = 256 * 1024
_LINE_LIMIT = 65536

_HTTP = b"HTTP/"
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_STATUS_LINE = re.compile(r"HTTP/1\.(\d) +([1-9]\d{2})(?: +(.*)|)")


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


class Trailers(NamedTuple):
    """
    The fields after a chunked body, as (name, value) in order.
    """

    fields: List[Tuple[str, str]]


class Signal(enum.Enum):
    """
    What :meth:`ReplyReader.next_event` returns beside parts of the reply.
    """

    #: There is nothing before more is fed.
    NEED_DATA = "need data"
    #: The reply is complete.
    END = "end"


NEED_DATA, END = Signal.NEED_DATA, Signal.END

Event = Union[Head, bytes, Trailers, Signal]


class ReplyReader:
    """
    Reads one reply: :meth:`feed` it, and take the events.

    They are a :class:`Head`, any number of pieces of the body, still in their content
    coding, for some chunked bodies :class:`Trailers`, and :data:`END`; before more is
    fed :data:`NEED_DATA`.  However the received bytes are cut, the events are the same,
    but for the limits of the pieces.
    """

    def __init__(self) -> None:
        self._data = b""
        self._at = 0
        # Up to here, what is looked for was not found.
        self._searched = 0
        # Size of what came before the head (line ends, informational replies), then of
        # the trailers: a server could send them without end.
        self._aside = 0
        self._length = 0
        # What is missing of the body, or of a chunk.
        self._left = 0
        self._trailers: List[str] = []
        self._closed = False
        self._head: Optional[Head] = None
        self._read: Callable[[], Optional[Event]] = self._read_head
        #: The body has been received; what may be missing are trailers.
        self.whole = False
        #: The request was not sent to its end: the connection can carry no other.
        self.unsent = False
        #: The reply has been read to its end and the connection can carry another.
        self.reusable = False

    def feed(self, data: bytes) -> None:
        """
        Take what was received.
        """
        self._data = self._data[self._at :] + data
        self._searched -= self._at
        self._at = 0

    def close(self) -> None:
        """
        Take note that the connection has ended.
        """
        self._closed = True

    def next_event(self) -> Event:
        """
        Return the next part of the reply, or :data:`NEED_DATA`.

        Raises:
            EarlyEnd: The connection ended before the reply.
            BadReply: This is not HTTP/1.x, or too long.
            BadHeader: A line is no header field, or the length of the body none.
        """
        while True:
            event = self._read()
            if event is not None:
                return event

    # -- Head -----------------------------------------------------------------

    def _read_head(self) -> Optional[Event]:
        # Some servers end a body with a line end that its length does not count.
        start = self._at
        while self._data[start : start + 1] in (b"\r", b"\n"):
            start += 1
        self._aside += start - self._at
        self._at = start
        match = _HEAD_END.search(self._data, max(start, self._searched))
        end = len(self._data) if match is None else match.end()
        # Five bytes say what it is instead.
        enough = self._closed or end - start >= len(_HTTP)
        if match is None and enough and not _HTTP.startswith(self._data[start : start + 5]):
            raise BadReply(_foreign(self._data[start:]))
        if self._aside + end - start > _HEAD_LIMIT:
            raise BadReply(f"the header fields are longer than {_HEAD_LIMIT} bytes")
        if match is None:
            self._searched = end - 3
            return self._need_data("inside the header fields" if end > start else "")
        text = self._data[start : match.start()].decode("latin-1")
        head = _parse_head(text.replace("\r\n", "\n").split("\n"))
        self._at = end
        # 101 would mean another protocol, for which nobody asked.
        if 100 <= head.status < 200 and head.status != 101:
            self._aside += end - start
            return None
        self._head = head
        self._aside = 0
        self._read = self._begin_body
        return head

    def _need_data(self, where: str) -> Event:
        if self._closed:
            raise EarlyEnd(where)
        return NEED_DATA

    # -- Body -----------------------------------------------------------------

    def _begin_body(self) -> None:
        assert self._head is not None
        framing = framing_of(self._head)
        if framing == "chunked":
            self._read = self._read_chunk_size
        elif framing == "close":
            self._read = self._read_until_close
        else:
            self._length = self._left = 0 if framing == "none" else int(framing)
            self._read = self._read_counted

    def _taken(self, size: int) -> bytes:
        piece = self._data[self._at : self._at + size]
        self._at += len(piece)
        return piece

    def _read_counted(self) -> Event:
        if self._left == 0:
            return self._end()
        piece = self._taken(self._left)
        self._left -= len(piece)
        read = self._length - self._left
        return piece or self._need_data(f"{read} of {self._length} bytes into the body")

    def _read_until_close(self) -> Event:
        return self._taken(len(self._data)) or (END if self._closed else NEED_DATA)

    def _read_chunk_size(self) -> Optional[Event]:
        # RFC 9112 7.1.
        line = self._line()
        if not line:
            return self._need_data("between two chunks of the body")
        self._left = _chunk_size(line)
        self.whole = self._left == 0
        self._read = self._read_trailer if self.whole else self._read_chunk
        return None

    def _read_chunk(self) -> Event:
        piece = self._taken(self._left)
        self._left -= len(piece)
        if self._left == 0:
            self._read = self._read_chunk_end
        return piece or self._need_data("inside a chunk of the body")

    def _read_chunk_end(self) -> Optional[Event]:
        line = self._line()
        if not line:
            return self._need_data("between two chunks of the body")
        if line.strip("\r\n"):
            raise BadReply("a chunk of the body is longer than its size says")
        self._read = self._read_chunk_size
        return None

    def _read_trailer(self) -> Optional[Event]:
        line = self._line()
        if not line and not self._closed:
            return NEED_DATA
        field = line.rstrip("\r\n")
        # Some servers close the connection after the last chunk, without the empty line
        # that ends the trailers: then a part of a field is not one.
        if field and (line.endswith("\n") or ":" in line):
            self._trailers.append(field)
            self._aside += len(field)
            if self._aside > _HEAD_LIMIT:
                raise BadReply(f"the trailers are longer than {_HEAD_LIMIT} bytes")
            return None
        self._read = self._end
        return Trailers(_parse_fields(self._trailers)) if self._trailers else None

    def _line(self) -> str:
        """
        Return the next line with its end, or nothing if it has not come; the last line
        ends with the connection, too.
        """
        end = self._data.find(b"\n", max(self._at, self._searched))
        size = (end + 1 if end >= 0 else len(self._data)) - self._at
        if size > _LINE_LIMIT:
            raise BadReply(f"a line between chunks is longer than {_LINE_LIMIT} bytes")
        if end < 0 and not self._closed:
            self._searched = len(self._data)
            return ""
        return self._taken(size).decode("latin-1")

    def _end(self) -> Event:
        assert self._head is not None
        persistent = (self._head.get("Connection") or "").lower()
        keep = "keep-alive" in persistent if self._head.version < 11 else "close" not in persistent
        # Bytes after the reply belong to no request: such a connection is not trusted.
        rest = self._closed or self.unsent
        self.reusable = keep and not rest and self._at == len(self._data)
        return END


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

    Raises:
        BadHeader: Content-Length is not one number.
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


class Inflater:
    """
    Undoes the content codings gzip and deflate, piece by piece.

    At most ``PIECE`` bytes come out at a time, however much a small input expands to.
    """

    def __init__(self, coding: str) -> None:
        self._coding = coding
        self._inflate: Any = None
        self._padding = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """
        Return an iterator of the decoded pieces of what was received.

        Raises:
            BadReply: From the iteration, the bytes are not in this coding.
        """
        while data and self._ready(data):
            try:
                out = self._inflate.decompress(data, PIECE)
            except zlib.error as exc:
                raise BadReply(f"its answer cannot be decoded as {self._coding}: {exc}") from None
            if out:
                yield out
            inflate = self._inflate
            data = inflate.unused_data if inflate.eof else inflate.unconsumed_tail

    def _ready(self, data: bytes) -> bool:
        """
        Prepare for these bytes; return whether they are to be decoded.
        """
        if self._padding:
            return False
        if self._inflate is None:
            # Some servers send deflate without the zlib header of RFC 9110 8.4.1.2.
            raw = self._coding == "deflate" and data[0] & 0x0F != 8
            self._inflate = zlib.decompressobj(-15 if raw else 31 if self._coding == "gzip" else 15)
        elif self._inflate.eof:
            # A gzip file can have several members; what follows otherwise is ignored.
            self._padding = self._coding != "gzip" or data[:1] != b"\x1f"
            if not self._padding:
                self._inflate = zlib.decompressobj(31)
        return not self._padding

    def through(self, pieces: Iterable[bytes], last: bool) -> Iterator[bytes]:
        """
        Return an iterator of the decoded pieces; ``last`` says that no more follow.
        """
        for piece in pieces:
            yield from self.feed(piece)
        if last:
            yield from self.close()

    def close(self) -> Iterator[bytes]:
        """
        Return an iterator of what is left at the end.

        Raises:
            BadReply: From the iteration, the data ended early.
        """
        inflate = self._inflate
        while inflate is not None and not inflate.eof:
            out = inflate.decompress(inflate.unconsumed_tail, PIECE)
            if not out:
                raise BadReply(f"its answer ends inside the {self._coding} data")
            yield out


def inflaters(coding: Optional[str]) -> List[Inflater]:
    """
    Return what undoes a Content-Encoding, in the order in which it is to be applied;
    codings other than gzip and deflate are left to the reader.
    """
    found = []
    for name in reversed((coding or "").lower().split(",")):
        name = name.strip()
        if name in ("gzip", "x-gzip", "deflate"):
            found.append(Inflater(name.replace("x-", "")))
    return found


def decoded(pieces: Iterable[bytes], chain: List[Inflater], last: bool) -> Iterator[bytes]:
    """
    Return an iterator of the decoded pieces; ``last`` says that no more follow.

    Raises:
        BadReply: From the iteration, the bytes are not in their coding, or end early.
    """
    for inflater in chain:
        pieces = inflater.through(pieces, last)
    return iter(pieces)
