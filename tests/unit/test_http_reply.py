"""
Reading of HTTP replies: any bytes, in any pieces.
"""

from __future__ import annotations

import gzip
import zlib
from typing import Any, Callable, List, Tuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pywbem._http_reply import BadHeader, BadReply, EarlyEnd, ReplyReader, decoded, framing_of

FAILURES = (BadHeader, BadReply, EarlyEnd)


def source(pieces: List[bytes]) -> Callable[[int], bytes]:
    """A connection that delivers these pieces and then ends."""
    left = [piece for piece in pieces if piece]
    return lambda size: left.pop(0) if left else b""


def outcome(pieces: List[bytes]) -> Tuple[Any, ...]:
    """What is read from these pieces."""
    reader = ReplyReader(source(pieces))
    try:
        head = reader.head()
        body = b"".join(decoded(reader.body(head), head.get("Content-Encoding")))
    except FAILURES as exc:
        return type(exc), str(exc)
    return head, body, reader.trailers


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
]


@pytest.mark.parametrize("data, body, trailers", REPLIES, ids=REPLY_IDS)
@pytest.mark.parametrize("size", [1, 2, 3, 7, 50, 100000])
def test_complete_replies(data: bytes, body: bytes, trailers: object, size: int) -> None:
    head, read, found = outcome(cut(data, size))
    assert (head.status, head.reason, head.version) == (200, "OK", 11)
    assert head.get("content-TYPE") == "text/xml"
    assert (read, found) == (body, trailers)


@pytest.mark.parametrize("data, body, trailers", REPLIES, ids=REPLY_IDS)
def test_every_cut_is_noticed(data: bytes, body: bytes, trailers: object) -> None:
    ends_with_connection = b"Length" not in data and b"chunked" not in data
    for end in range(len(data)):
        result = outcome([data[:end]])
        if ends_with_connection and b"Encoding: g" not in data and b"Encoding: d" not in data:
            # Nothing tells that more was to come.
            assert result[0] is EarlyEnd or body.startswith(result[1])
        else:
            assert result[0] in FAILURES or (result[1:] == (b"", {}) and ends_with_connection)


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


@given(ANY_BYTES, st.integers(1, 20))
@example(HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"x", mtime=0) + b"X\x1fY", 1)
@example(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloX\r\n0\r\n\r\n", 1)
def test_pieces_make_no_difference(data: bytes, size: int) -> None:
    whole, pieces = outcome([data]), outcome(cut(data, size))
    # What is quoted in a message depends on what has arrived; the rest does not.
    assert whole == pieces or (len(whole) == len(pieces) == 2 and whole[0] == pieces[0])


@given(ANY_BYTES)
def test_any_bytes_give_a_reply_or_a_failure(data: bytes) -> None:
    assert len(outcome([data])) in (2, 3)


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
    assert framing_of(ReplyReader(source([data])).head()) == framing
