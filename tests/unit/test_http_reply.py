"""
Reading of HTTP replies: any bytes, in any pieces.
"""

from __future__ import annotations

import gzip
import zlib
from typing import Any, List, Tuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pywbem._http.reply import (
    END,
    NEED_DATA,
    BadHeader,
    BadReply,
    EarlyEnd,
    Event,
    Head,
    ReplyReader,
    Trailers,
    decoded,
    framing_of,
    inflaters,
)

FAILURES = (BadHeader, BadReply, EarlyEnd)


def events(pieces: List[bytes]) -> Tuple[List[Event], List[Any]]:
    """The events for these pieces and the end, those of the body joined, and the failure."""
    reader = ReplyReader()
    found: List[Event] = []
    left = [*pieces, b""]
    try:
        while END not in found:
            event = reader.next_event()
            if event is NEED_DATA:
                piece = left.pop(0)
                if left:
                    reader.feed(piece)
                else:
                    reader.close()
            elif isinstance(event, bytes) and isinstance(found[-1], bytes):
                found[-1] += event
            else:
                found.append(event)
    except FAILURES as exc:
        return found, [type(exc), str(exc)]
    return found, []


def outcome(pieces: List[bytes]) -> Tuple[Any, ...]:
    """What is read from these pieces."""
    found, failure = events(pieces)
    if failure:
        return tuple(failure)
    head = found.pop(0)
    assert isinstance(head, Head)
    body = iter([event for event in found if isinstance(event, bytes)])
    trailers = [event.fields for event in found if isinstance(event, Trailers)]
    try:
        text = b"".join(decoded(body, inflaters(head.get("Content-Encoding")), True))
    except FAILURES as exc:
        return type(exc), str(exc)
    return head, text, {name.lower(): value for fields in trailers for name, value in fields}


def cut(data: bytes, size: int) -> List[bytes]:
    """The same bytes in pieces of this size."""
    return [data[at : at + size] for at in range(0, len(data), size)]


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"

#: Complete replies, their bodies and trailers.
REPLIES = [
    (HEAD + b"Content-Length: 5\r\n\r\nhello", b"hello", {}),
    (HEAD + b"Content-Length: 0\r\n\r\n", b"", {}),
    (HEAD + b"\r\nhello", b"hello", {}),
    (
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;x=y\r\n!\r\n0\r\n\r\n",
        b"hello!",
        {},
    ),
    (
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nCIMError: x\r\n\r\n",
        b"hello",
        {"cimerror": "x"},
    ),
    (
        HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"hello" * 50, mtime=0),
        b"hello" * 50,
        {},
    ),
    (
        HEAD
        + b"Content-Encoding: deflate, gzip\r\n\r\n"
        + gzip.compress(zlib.compress(b"hello"), mtime=0),
        b"hello",
        {},
    ),
    (HEAD + b"Content-Encoding: unknown\r\n\r\nhello", b"hello", {}),
    (b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + HEAD + b"\r\nhello", b"hello", {}),
    (b"\n" + HEAD + b"Content-Length: 5\r\n\r\nhello", b"hello", {}),
]

REPLY_IDS = [
    "length",
    "empty",
    "until the end",
    "chunked",
    "trailer",
    "gzip",
    "gzip of deflate",
    "unknown coding",
    "early hints",
    "line feed before",
]


@pytest.mark.parametrize("data, body, trailers", REPLIES, ids=REPLY_IDS)
@pytest.mark.parametrize("size", [1, 2, 3, 7, 50, 100000])
def test_complete_replies(data: bytes, body: bytes, trailers: object, size: int) -> None:
    head, read, found = outcome(cut(data, size))
    assert (head.status, head.reason, head.version) == (200, "OK", 11)
    assert head.get("content-TYPE") == "text/xml"
    assert (read, found) == (body, trailers)


def test_line_feeds_alone_between_chunks() -> None:
    data = HEAD + b"Transfer-Encoding: chunked\n\n5\nhello\n5\nworld\n0\nX: y\n\n"
    for at in range(1, len(data)):
        assert outcome([data[:at], data[at:]])[1:] == (b"helloworld", {"x": "y"})


@pytest.mark.parametrize("size", [100, 100000])
def test_informational_replies_of_a_server_that_works_long(size: int) -> None:
    data = b"HTTP/1.1 102 Processing\r\n\r\n" * 500 + HEAD + b"Content-Length: 5\r\n\r\nhello"
    head, read, _ = outcome(cut(data, size))
    assert (head.status, read) == (200, b"hello")


@pytest.mark.parametrize("data, body, trailers", REPLIES, ids=REPLY_IDS)
def test_every_cut_is_noticed(data: bytes, body: bytes, trailers: object) -> None:
    ends_with_connection = b"Length" not in data and b"chunked" not in data
    last_chunk = data.find(b"\r\n0\r\n")
    for end in range(len(data)):
        result = outcome([data[:end]])
        if 0 < last_chunk < end - 2:
            # Nothing of the body is missing.
            assert result[1] == body
        elif ends_with_connection and b"Encoding: g" not in data and b"Encoding: d" not in data:
            # Nothing tells that more was to come.
            assert result[0] is EarlyEnd or body.startswith(result[1])
        else:
            assert result[0] in FAILURES or (result[1:] == (b"", {}) and ends_with_connection)


CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"


@pytest.mark.parametrize(
    "end, trailers",
    [
        (b"0\r\n\r\n", {}),
        (b"0\r\n", {}),
        (b"0\n", {}),
        (b"0\r", {}),
        (b"0", {}),
        (b"000;x=y\r\n", {}),
        (b"0\r\nX: 1\r\n", {"x": "1"}),
        (b"0\r\nX: 1\r\nY: 2", {"x": "1", "y": "2"}),
        (b"0\r\nX: 1\r\nY", {"x": "1"}),
        (b"0\r\n\r", {}),
    ],
)
def test_nothing_is_missing_after_the_last_chunk(end: bytes, trailers: object) -> None:
    for pieces in ([CHUNKED + end], cut(CHUNKED + end, 1)):
        assert outcome(pieces)[1:] == (b"hello", trailers)


@pytest.mark.parametrize("end", [b"", b"\r\n", b"1\r\n", b"1\r\n!", b"1", b"0a", b"x"])
def test_the_last_chunk_is_missing(end: bytes) -> None:
    for pieces in ([CHUNKED + end], cut(CHUNKED + end, 1)):
        assert outcome(pieces)[0] in (EarlyEnd, BadReply)


ENDLESS = {
    "line ends": (b"", b"\r\n"),
    "line feeds": (b"", b"\n"),
    "informational replies": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "early hints": (b"", b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n\r\n"),
    "header fields": (HEAD, b"X: y\r\n"),
    "a header field": (HEAD + b"X: ", b"y" * 100),
    "a chunk size": (CHUNKED, b"0" * 100),
    "a chunk extension": (CHUNKED + b"5;", b"x" * 100),
    "a chunk that does not end": (CHUNKED + b"1\r\n!", b"!" * 100),
    "trailers": (CHUNKED + b"0\r\n", b"X: y\r\n"),
    "a trailer": (CHUNKED + b"0\r\nX: ", b"y" * 100),
}


@pytest.mark.parametrize("start, more", ENDLESS.values(), ids=ENDLESS)
@pytest.mark.parametrize("times", [1, 1000])
def test_nothing_goes_on_for_ever(start: bytes, more: bytes, times: int) -> None:
    reader = ReplyReader()
    reader.feed(start)
    size = 0
    with pytest.raises(BadReply):
        while size < 1_000_000:
            while reader.next_event() is not NEED_DATA:
                pass
            reader.feed(more * times)
            size += len(more) * times


def test_what_comes_after_is_no_part_of_the_reply() -> None:
    reader = ReplyReader()
    reader.feed(HEAD + b"Content-Length: 2\r\n\r\nhello")
    assert isinstance(reader.next_event(), Head)
    assert [reader.next_event(), reader.next_event()] == [b"he", END]
    assert not reader.reusable


@pytest.mark.parametrize(
    "data, meaning",
    [
        pytest.param(b"\x15\x03\x03\x00\x02\x02\x46", "it speaks TLS", id="tls"),
        pytest.param(b"SSH-2.0-OpenSSH_9.7\r\n", "it speaks SSH", id="ssh"),
        pytest.param(b"220 mail ESMTP\r\n", "it does not speak HTTP/1.1", id="smtp"),
        pytest.param(b"no", "it does not speak HTTP/1.1", id="short"),
    ],
)
@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_what_else_it_speaks_is_told_however_it_is_cut(
    data: bytes, meaning: str, size: int
) -> None:
    found, failure = events(cut(data, size))
    assert found == []
    assert failure[0] is BadReply
    assert failure[1].startswith(meaning)


PARTS = st.sampled_from(
    [
        b"HTTP/1.1 200 OK",
        b"HTTP/1.0 404",
        b"HTTP/1.1 100 Continue",
        b"\r\n",
        b"\n",
        b"\r\n\r\n",
        b"Content-Length: ",
        b"Transfer-Encoding: chunked",
        b"Content-Encoding: gzip",
        b"Content-Encoding: deflate",
        b"5",
        b"0",
        b"-1",
        b"ffffffffffffffffffff",
        b"hello",
        b": ",
        b"X: y",
        b" ",
        b"\xff",
        b"\x1f\x8b\x08",
        b"0\r\n",
        b"5\r\nhello\r\n",
    ]
)
ANY_BYTES = st.one_of(st.binary(max_size=200), st.lists(PARTS, max_size=20).map(b"".join))


@given(ANY_BYTES, st.lists(st.integers(0, 200)))
@example(HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"x", mtime=0) + b"X\x1fY", [])
@example(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloX\r\n0\r\n\r\n", [])
@example(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nx\r\n", [])
@example(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX\r\n", [])
def test_pieces_make_no_difference(data: bytes, cuts: List[int]) -> None:
    whole, failure = events([data])
    limits = sorted({0, len(data), *(at for at in cuts if at < len(data))})
    anywhere = [data[start:end] for start, end in zip(limits, limits[1:])]
    for pieces in (cut(data, 1), anywhere):
        # What is quoted in a message depends on what has arrived; the rest does not.
        found, other = events(pieces)
        assert (found, other[:1]) == (whole, failure[:1])


@given(ANY_BYTES)
def test_any_bytes_give_a_reply_or_a_failure(data: bytes) -> None:
    assert len(outcome([data])) in (2, 3)


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_what_follows_compressed_data_is_ignored(coding: str, size: int) -> None:
    data = (gzip.compress(b"text") if coding == "gzip" else zlib.compress(b"text")) + b"\0" * 50
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    assert b"".join(decoded(pieces, inflaters(coding), True)) == b"text"


@pytest.mark.parametrize(
    "status, fields, framing",
    [
        (200, [("Content-Length", "12")], "12"),
        (200, [("content-length", "0012")], "12"),
        (200, [("Content-Length", "000")], "0"),
        (200, [("Content-Length", "5, 5")], "5"),
        (200, [("Content-Length", "5"), ("Transfer-Encoding", "Chunked")], "chunked"),
        (200, [("Transfer-Encoding", "identity")], "close"),
        (200, [], "close"),
        (204, [("Content-Length", "5")], "none"),
        (304, [], "none"),
    ],
)
def test_framing(status: int, fields: List[Tuple[str, str]], framing: str) -> None:
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields)
    data = f"HTTP/1.1 {status} x\r\n{lines}\r\n".encode("ascii")
    head = events([data])[0][0]
    assert isinstance(head, Head)
    assert framing_of(head) == framing
