"""
Both shells tell the same: whatever a server or a proxy does wrong, a connection for threads
and one for asyncio raise the same exception with the same text, or return the same.  So
does one for threads whose session a program has.
"""

from __future__ import annotations

import contextlib
import datetime
import gzip
import os
import ssl
import zlib
from typing import Any, Callable, Dict, Iterator, List, Optional

import pytest

import pywbem
from tests.integration.conftest import Authority
from tests.integration.faultserver import (
    CIM_HEADERS,
    FaultServer,
    Peer,
    Script,
    answer,
    chunked,
    reply,
)
from tests.integration.shells import Blocking, Loop
from tests.integration.test_faults import FAULTS, FINE, drips, lingers, sends, then

DOCUMENT = (
    b'<?xml version="1.0" encoding="utf-8"?>'
    b'<CIM CIMVERSION="2.0" DTDVERSION="2.0"><MESSAGE ID="1001" PROTOCOLVERSION="1.0">'
    b'<SIMPLERSP><IMETHODRESPONSE NAME="EnumerateClassNames"><IRETURNVALUE>'
    b'<CLASSNAME NAME="CIM_\xc3\x84"/></IRETURNVALUE></IMETHODRESPONSE></SIMPLERSP></MESSAGE></CIM>'
)
OK = reply(DOCUMENT)
HEAD = OK[: -len(DOCUMENT)]
WITHOUT_LENGTH = reply(DOCUMENT, length=None)
LARGE = "x" * 4_000_000
NAMES = ["127.0.0.1", "wbem.example"]
LONG_AGO = datetime.datetime(2002, 1, 1)


def fields(*more: Any, **options: Any) -> Script:
    """Answers with the document and these header fields."""
    return answer(reply(DOCUMENT, headers=[*CIM_HEADERS, *more], **options))


def line(status: bytes) -> Script:
    """Answers with this status line."""
    return answer(OK.replace(b"HTTP/1.1 200 OK", status))


def refuses(status: str, *more: Any) -> Script:
    """Answers with an error."""
    return answer(reply(b"<html>no</html>", status, more))


def coded(data: bytes, coding: str = "gzip") -> Script:
    """Answers with a body in a content coding."""
    return answer(reply(data, headers=[*CIM_HEADERS, ("Content-Encoding", coding)]))


def chunks(old: bytes, new: bytes) -> Script:
    """Answers with chunks in which something is replaced."""
    return then(sends(chunked([DOCUMENT[:90], DOCUMENT[90:]]).replace(old, new)))


def at_once(*steps: Callable[[Peer], Any]) -> Script:
    """Takes these steps without reading anything."""

    def script(peer: Peer) -> None:
        for step in steps:
            step(peer)

    return script


def hello(peer: Peer) -> None:
    """A step: read what begins a handshake, so that the end that follows is no reset."""
    peer.sock.recv(65536)


def greeted(*steps: Callable[[Peer], Any]) -> Script:
    """Reads what begins a handshake, and takes these steps."""
    return at_once(hello, *steps)


def one_then(first: bytes, *steps: Callable[[Peer], Any]) -> Script:
    """Answers a first request, and takes these steps on the second."""
    return then(sends(first), Peer.read_request, *steps)


def notifies(peer: Peer) -> None:
    """A step: end TLS as it is to be ended (RFC 8446 6.1), without waiting for the client."""
    assert isinstance(peer.sock, ssl.SSLSocket)
    peer.sock.settimeout(0.05)
    with contextlib.suppress(OSError):
        peer.sock.unwrap()


def below_tls(data: bytes) -> Callable[[Peer], None]:
    """A step: send bytes that TLS knows nothing of."""

    def step(peer: Peer) -> None:
        os.write(peer.sock.fileno(), data)
        lingers(peer)

    return step


def reads_until_end(peer: Peer) -> None:
    """A step: the client is not reset because of what was not read."""
    while peer.sock.recv(65536):
        pass


def alert(code: int) -> bytes:
    """A fatal TLS alert as it is sent before there are keys (RFC 8446 6)."""
    return bytes([0x15, 3, 3, 0, 2, 2, code])


class Case:
    """
    What a server does.

    ``scheme`` is that of the URL; ``tls``, the server has TLS before the script begins;
    ``proxy``, the server is the proxy on the way to another; ``calls``, how many operations
    are done; ``timeout`` for each; ``large``, the request is.
    """

    def __init__(
        self,
        script: Script,
        scheme: str = "http",
        tls: bool = False,
        proxy: bool = False,
        calls: int = 1,
        timeout: float = 30,
        large: bool = False,
    ) -> None:
        self.script = script
        self.scheme = "https" if tls else scheme
        self.tls = tls
        self.proxy = proxy
        self.calls = calls
        self.timeout = timeout
        self.large = large


#: A timeout that is going to pass.
SHORT = 0.15


def tunnel(*steps: Callable[[Peer], Any]) -> Case:
    """A proxy that takes these steps after CONNECT."""
    return Case(then(*steps), "https", proxy=True)


ESTABLISHED = sends(b"HTTP/1.1 200 Connection established\r\n\r\n")

CASES: Dict[str, Case] = {
    # Status lines.
    "status-line-four-digits": Case(line(b"HTTP/1.1 2000 OK")),
    "status-line-two-digits": Case(line(b"HTTP/1.1 20 OK")),
    "status-line-tab": Case(line(b"HTTP/1.1\t200 OK")),
    "status-line-two-blanks": Case(line(b"HTTP/1.1  200  OK")),
    "status-line-small": Case(line(b"http/1.1 200 OK")),
    "status-line-1.2": Case(line(b"HTTP/1.2 200 OK")),
    "status-line-3": Case(line(b"HTTP/3 200 OK")),
    "status-line-icy": Case(line(b"ICY 200 OK")),
    "status-line-alone": Case(line(b"HTTP/1.1")),
    "status-line-nul": Case(line(b"HTTP/1.1 500 N\x00\xe4")),
    "status-000": Case(line(b"HTTP/1.1 000 Nothing")),
    "status-999": Case(line(b"HTTP/1.1 999 Much")),
    "status-101": Case(then(sends(reply(b"", "101 Switching", [("Upgrade", "x")], None)))),
    "status-101-and-open": Case(
        then(sends(reply(b"", "101 Switching", [("Upgrade", "x")], None)), Peer.hang)
    ),
    "status-100-alone": Case(then(sends(b"HTTP/1.1 100 Continue\r\n\r\n"))),
    "status-103-before": Case(answer(b"HTTP/1.1 103 Early\r\nLink: x\r\n\r\n" + OK)),
    "status-204-with-body": Case(refuses("204 No Content"), calls=2),
    "status-205": Case(refuses("205 Reset Content"), calls=2),
    "status-206": Case(refuses("206 Partial", ("Content-Range", "bytes 0-5/9"))),
    "status-304-with-body": Case(refuses("304 Not Modified"), calls=2),
    "status-303": Case(refuses("303 See Other", ("Location", "http://a.example/x"))),
    "status-307-twice": Case(refuses("307 Here", ("Location", "/a"), ("Location", "/b"))),
    "status-401": Case(refuses("401 Unauthorized")),
    "status-401-basic": Case(refuses("401 Who", ("WWW-Authenticate", 'Basic realm="x, y"'))),
    "status-401-others": Case(
        refuses("401 Who", ("WWW-Authenticate", "Negotiate"), ("WWW-Authenticate", "Digest a=b"))
    ),
    "status-401-broken-challenge": Case(refuses("401 Who", ("WWW-Authenticate", ',,"="'))),
    "status-401-cim-error": Case(
        refuses("401 Who", ("CIMError", "access"), ("PGErrorDetail", "p%20q"))
    ),
    "status-401-without-end": Case(
        then(sends(reply(b"", "401 Who", length=None)), Peer.hang),
    ),
    "status-407-of-a-server": Case(refuses("407 Proxy", ("Proxy-Authenticate", "Basic"))),
    "status-413": Case(refuses("413 Too Large")),
    "status-500-cut": Case(then(sends(reply(b"no", "500 No", length="50")))),
    "status-503-chunked-bad": Case(
        answer(chunked([b"no"]).replace(b"200 OK", b"503 No").replace(b"2\r\nno", b"zz\r\nno"))
    ),
    "status-500-content-length": Case(refuses("500 No", ("Content-Length", "7"))),
    # Header fields.
    "headers-none": Case(then(sends(b"HTTP/1.1 200 OK\r\n\r\n" + DOCUMENT))),
    "header-folded-first": Case(line(b"HTTP/1.1 200 OK\r\n folded: x")),
    "header-empty-name": Case(fields(("", "x"))),
    "header-blank-in-name": Case(fields(("X Y", "x"))),
    "header-nul": Case(fields(("X", "a\x00b"))),
    "header-latin-1": Case(fields(("X-\xe4", "\xff"))),
    "header-carriage-return": Case(fields(("X", "a\rContent-Length: 5"))),
    "header-one-too-long": Case(fields(("X", "y" * 300_000))),
    "header-very-many": Case(fields(*[("X", "y")] * 60_000)),
    "content-type-twice": Case(fields(("Content-Type", "text/html"))),
    "content-type-other": Case(answer(reply(DOCUMENT, headers=[("Content-Type", "text/plain")]))),
    "content-length-negative": Case(fields(length="-5")),
    "content-length-plus": Case(fields(length="+5")),
    "content-length-hexadecimal": Case(fields(length="0x5")),
    "content-length-empty": Case(fields(length="")),
    "content-length-long": Case(fields(length="9" * 30)),
    "content-length-arabic": Case(fields(length="\xb2")),
    "content-length-differs": Case(fields(("Content-Length", "5"))),
    "content-length-list": Case(fields(length=f"{len(DOCUMENT)}, {len(DOCUMENT)}")),
    "content-length-list-differs": Case(fields(length=f"{len(DOCUMENT)}, 5")),
    "content-length-short": Case(fields(length=str(len(DOCUMENT) - 3)), calls=2),
    "content-length-0": Case(fields(length="0"), calls=2),
    "transfer-encoding-gzip": Case(
        then(
            sends(
                reply(DOCUMENT, headers=[*CIM_HEADERS, ("Transfer-Encoding", "gzip")], length=None)
            )
        )
    ),
    "transfer-encoding-identity": Case(fields(("Transfer-Encoding", "identity"))),
    "transfer-encoding-and-no-chunks": Case(
        then(sends(reply(DOCUMENT, headers=[*CIM_HEADERS, ("Transfer-Encoding", "chunked")])))
    ),
    "transfer-encoding-twice": Case(
        answer(chunked([DOCUMENT], headers=[*CIM_HEADERS, ("Transfer-Encoding", "chunked")]))
    ),
    "transfer-encoding-xchunked": Case(chunks(b": chunked", b": xchunked")),
    "transfer-encoding-with-length": Case(chunks(b": chunked", b": chunked\r\nContent-Length: 5")),
    "transfer-encoding-of-1.0": Case(chunks(b"HTTP/1.1", b"HTTP/1.0")),
    # Chunks.
    "chunk-size-negative": Case(chunks(b"\r\n5a\r\n", b"\r\n-5a\r\n")),
    "chunk-size-0x": Case(chunks(b"\r\n5a\r\n", b"\r\n0x5a\r\n")),
    "chunk-size-underscore": Case(chunks(b"\r\n5a\r\n", b"\r\n5_a\r\n")),
    "chunk-size-empty": Case(chunks(b"\r\n5a\r\n", b"\r\n\r\n")),
    "chunk-size-only-extension": Case(chunks(b"\r\n5a\r\n", b"\r\n;a=b\r\n")),
    "chunk-size-huge": Case(chunks(b"\r\n5a\r\n", b"\r\n" + b"f" * 20 + b"\r\n")),
    "chunk-size-endless": Case(chunks(b"\r\n5a\r\n", b"\r\n" + b"0" * 70_000 + b"5a\r\n")),
    "chunk-size-latin-1": Case(chunks(b"\r\n5a\r\n", b"\r\n\xb25a\r\n")),
    "chunk-short": Case(chunks(b"\r\n5a\r\n", b"\r\n59\r\n")),
    "chunk-long": Case(chunks(b"\r\n5a\r\n", b"\r\n5b\r\n")),
    "chunk-line-feeds": Case(chunks(b"\r\n5a\r\n", b"\r\n5a\n")),
    "chunk-last-twice": Case(chunks(b"0\r\n\r\n", b"0\r\n0\r\n\r\n")),
    "chunk-trailer-without-colon": Case(chunks(b"0\r\n\r\n", b"0\r\nX\r\n\r\n")),
    "chunk-none": Case(then(sends(chunked([])))),
    # What follows the answer.
    "rest-after-length": Case(answer(OK + b"rest"), calls=2),
    "rest-after-chunks": Case(answer(chunked([DOCUMENT]) + b"rest"), calls=2),
    "rest-line-end": Case(answer(OK + b"\r\n"), calls=2),
    "rest-second-answer": Case(answer(OK + reply(b"<x/>")), calls=2),
    "rest-late": Case(one_then(OK + b" ", sends(OK)), calls=2),
    "closed-as-announced": Case(
        then(sends(reply(DOCUMENT, headers=[*CIM_HEADERS, ("Connection", "close")]))), calls=2
    ),
    "closed-with-second": Case(one_then(OK), calls=2),
    "reset-with-second": Case(one_then(OK, Peer.reset), calls=2),
    "garbage-with-second": Case(one_then(OK, sends(b"garbage")), calls=2),
    "cut-with-second": Case(one_then(OK, sends(HEAD[:30])), calls=2),
    # Content codings and character sets.
    "gzip-without-end": Case(coded(gzip.compress(DOCUMENT)[:-4])),
    "gzip-wrong-checksum": Case(coded(gzip.compress(DOCUMENT)[:-8] + b"\0" * 8)),
    "gzip-broken-inside": Case(
        coded(gzip.compress(DOCUMENT)[:40] + b"\xff" * 30 + gzip.compress(DOCUMENT)[70:])
    ),
    "gzip-and-garbage": Case(coded(gzip.compress(DOCUMENT) + b"garbage")),
    "gzip-empty": Case(coded(b"")),
    "gzip-twice": Case(coded(gzip.compress(gzip.compress(DOCUMENT)), "gzip, gzip")),
    "gzip-is-deflate": Case(coded(zlib.compress(DOCUMENT))),
    "gzip-cut-with-connection": Case(
        then(
            sends(
                reply(
                    gzip.compress(DOCUMENT)[:50],
                    headers=[*CIM_HEADERS, ("Content-Encoding", "gzip")],
                    length=None,
                )
            )
        )
    ),
    "deflate-is-gzip": Case(coded(gzip.compress(DOCUMENT), "deflate")),
    "deflate-broken": Case(coded(b"\x78garbage", "deflate")),
    "coding-unknown": Case(coded(DOCUMENT, "br")),
    "charset-unknown": Case(
        answer(reply(DOCUMENT, headers=[("Content-Type", "text/xml;charset=?")]))
    ),
    "charset-latin-1": Case(answer(reply(DOCUMENT.replace(b"\xc3\x84", b"\xc4")))),
    "charset-utf-16": Case(answer(reply(DOCUMENT.decode().encode("utf-16")))),
    "charset-declared-other": Case(answer(reply(DOCUMENT.replace(b"utf-8", b"latin9")))),
    "body-empty": Case(answer(reply(b""))),
    "body-html": Case(answer(reply(b"<html><p>no</html>"))),
    "body-nul": Case(answer(reply(b"\x00" + DOCUMENT))),
    # The end and the reset, by how much came before, on a new connection and a used one.
    **{
        f"{how}-{size}{'-with-second' if first else ''}{'-of-tls' if tls else ''}": Case(
            one_then(OK, sends(OK[:size]), *steps) if first else then(sends(OK[:size]), *steps),
            tls=tls,
            calls=1 + first,
        )
        for size in (1, 5, 13, 17)
        for first in (False, True)
        for tls in (False, True)
        for how, steps in (("close", ()), ("reset", (lingers, Peer.reset)))
    },
    "1xx-with-length": Case(then(sends(b"HTTP/1.1 100 C\r\nContent-Length: 5\r\n\r\nhello" + OK))),
    "1xx-and-reset": Case(then(sends(b"HTTP/1.1 102 P\r\n\r\n"), lingers, Peer.reset)),
    "1xx-and-garbage": Case(then(sends(b"HTTP/1.1 102 P\r\n\r\ngarbage"))),
    "1xx-bad-header": Case(answer(b"HTTP/1.1 102 P\r\ngarbage\r\n\r\n" + OK)),
    # Slow ones.
    "slow-1xx": Case(then(drips(b"HTTP/1.1 102 Processing\r\n\r\n" * 40, 0.005)), timeout=SHORT),
    "slow-chunks": Case(then(drips(chunked([b"x"] * 300), 0.005)), timeout=SHORT),
    "slow-trailers": Case(
        then(sends(chunked([DOCUMENT])[:-2]), drips(b"X: y\r\n" * 90, 0.005)), timeout=SHORT
    ),
    "slow-end": Case(then(sends(reply(DOCUMENT, length=None)), Peer.hang), timeout=SHORT),
    "slow-error": Case(
        then(sends(reply(b"", "500 No", length="90")), drips(b"x" * 80)), timeout=SHORT
    ),
    # Large requests.
    "large-never-read": Case(at_once(Peer.hang), large=True, timeout=SHORT),
    "large-reset": Case(at_once(lingers, Peer.reset), large=True),
    "large-refused": Case(
        at_once(sends(reply(b"no", "413 Too Large")), reads_until_end), large=True
    ),
    "large-garbage": Case(at_once(sends(b"garbage"), reads_until_end), large=True),
    # TLS.
    "tls-fine": Case(answer(OK), tls=True, calls=2),
    "tls-reset": Case(then(Peer.reset), tls=True),
    "tls-reset-unread": Case(at_once(Peer.reset), tls=True),
    "tls-close-unread": Case(at_once(), tls=True),
    "tls-close": Case(then(), tls=True),
    "tls-cut-in-head": Case(then(sends(HEAD[:40])), tls=True),
    "tls-reset-in-head": Case(then(sends(HEAD[:40]), lingers, Peer.reset), tls=True),
    "tls-reset-in-body": Case(then(sends(OK[:-9]), lingers, Peer.reset), tls=True),
    "tls-reset-in-chunk": Case(
        then(sends(chunked([DOCUMENT])[:-19]), lingers, Peer.reset), tls=True
    ),
    "tls-reset-with-second": Case(one_then(OK, Peer.reset), tls=True, calls=2),
    "tls-large-reset": Case(at_once(lingers, Peer.reset), tls=True, large=True),
    "tls-large-never-read": Case(at_once(Peer.hang), tls=True, large=True, timeout=SHORT),
    "tls-large-refused": Case(
        at_once(sends(reply(b"no", "413 Too Large")), reads_until_end), tls=True, large=True
    ),
    # What ends with the connection: the released package takes a reset with TLS as its end.
    "tls-ends-by-close": Case(then(sends(WITHOUT_LENGTH)), tls=True),
    "tls-ends-by-notify": Case(then(sends(WITHOUT_LENGTH), notifies), tls=True),
    "tls-ends-by-reset": Case(then(sends(WITHOUT_LENGTH), lingers, Peer.reset), tls=True),
    "tls-ends-by-reset-cut": Case(then(sends(WITHOUT_LENGTH[:-9]), lingers, Peer.reset), tls=True),
    "tls-ends-by-reset-empty": Case(
        then(sends(reply(b"", length=None)), lingers, Peer.reset), tls=True
    ),
    "tls-ends-by-reset-error": Case(
        then(sends(reply(b"no", "500 No", length=None)), lingers, Peer.reset), tls=True
    ),
    "ends-by-reset": Case(then(sends(WITHOUT_LENGTH), lingers, Peer.reset)),
    "tls-notify": Case(then(notifies), tls=True),
    "tls-notify-unread": Case(at_once(notifies), tls=True),
    "tls-notify-in-head": Case(then(sends(HEAD[:40]), notifies), tls=True),
    "tls-notify-in-body": Case(then(sends(OK[:-9]), notifies), tls=True),
    "tls-large-notify": Case(at_once(notifies), tls=True, large=True),
    "tls-below-garbage": Case(then(below_tls(b"garbage, garbage")), tls=True),
    "tls-below-http": Case(then(below_tls(OK)), tls=True),
    "tls-below-record": Case(then(below_tls(b"\x17\x03\x03\x00\x20" + b"x" * 32)), tls=True),
    "tls-below-in-body": Case(then(sends(OK[:-9]), below_tls(b"garbage, garbage")), tls=True),
    "tls-below-at-end": Case(then(sends(WITHOUT_LENGTH), below_tls(b"garbage, garbage")), tls=True),
    "tls-drips": Case(then(sends(HEAD), drips(DOCUMENT, 0.01)), tls=True, timeout=SHORT),
    "https-handshake-silent": Case(greeted(Peer.hang), "https", timeout=SHORT),
    "https-handshake-drips": Case(
        greeted(drips(b"\x16\x03\x03\x40\x00" + b"x" * 90, 0.005)), "https", timeout=SHORT
    ),
    "https-plain-http": Case(greeted(sends(OK)), "https"),
    "https-ssh": Case(greeted(sends(b"SSH-2.0-x\r\n")), "https"),
    "https-smtp": Case(greeted(sends(b"220 mail.example ESMTP\r\n"), Peer.hang), "https"),
    "https-closed": Case(greeted(), "https"),
    "https-reset": Case(greeted(Peer.reset), "https"),
    "https-half-a-record": Case(greeted(sends(b"\x16\x03\x03\x40\x00abc")), "https"),
    "https-nul": Case(greeted(sends(b"\0" * 50)), "https"),
    "http-tls-record": Case(greeted(sends(b"\x16\x03\x01\x02\x00")), "http"),
    # Proxies.
    "proxy-silent": Case(then(Peer.hang), "https", proxy=True, timeout=SHORT),
    "proxy-drips": Case(
        then(drips(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 50, 0.005)),
        "https",
        proxy=True,
        timeout=SHORT,
    ),
    "proxy-closes": tunnel(),
    "proxy-resets": tunnel(Peer.reset),
    "proxy-cut": tunnel(sends(b"HTTP/1.1 200 C")),
    "proxy-garbage": tunnel(sends(b"garbage\r\n\r\n")),
    "proxy-http-0.9": tunnel(sends(b"<html></html>")),
    "proxy-http-2": tunnel(sends(b"HTTP/2 200\r\n\r\n")),
    "proxy-speaks-tls": tunnel(sends(alert(40))),
    "proxy-header-without-colon": tunnel(sends(b"HTTP/1.1 200 OK\r\ngarbage\r\n\r\n")),
    "proxy-header-endless": tunnel(sends(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 300_000)),
    "proxy-headers-many": tunnel(sends(b"HTTP/1.1 502 No\r\n" + b"X: y\r\n" * 200 + b"\r\n")),
    "proxy-1xx-endless": tunnel(sends(b"HTTP/1.1 100 Continue\r\n\r\n" * 20_000)),
    "proxy-101": tunnel(sends(b"HTTP/1.1 101 Switching\r\n\r\n")),
    "proxy-204": tunnel(sends(b"HTTP/1.1 204 Fine\r\n\r\n")),
    "proxy-302": tunnel(sends(b"HTTP/1.1 302 There\r\nLocation: http://x/\r\n\r\n")),
    "proxy-401": tunnel(sends(b"HTTP/1.1 401 Who\r\n\r\n")),
    "proxy-407": tunnel(
        sends(b"HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n")
    ),
    "proxy-407-without-reason": tunnel(sends(b"HTTP/1.1 407\r\n\r\n")),
    "proxy-502-with-body": tunnel(sends(reply(b"no", "502 Bad Gateway"))),
    "proxy-established-1.0": tunnel(sends(b"HTTP/1.0 200 Established\r\n\r\n"), hello),
    "proxy-established-and-closed": tunnel(ESTABLISHED, hello),
    "proxy-established-and-reset": tunnel(ESTABLISHED, hello, Peer.reset),
    "proxy-established-and-garbage": tunnel(ESTABLISHED, hello, sends(b"garbage, garbage")),
    "proxy-established-and-http": tunnel(ESTABLISHED, hello, sends(OK)),
    "proxy-established-and-alert": tunnel(ESTABLISHED, hello, sends(alert(48))),
    **{
        f"proxy-{name}": tunnel(sends(data), lingers, Peer.reset)
        for name, data in {
            "100-before": b"HTTP/1.1 100 C\r\n\r\nHTTP/1.1 403 No\r\n\r\n",
            "201": b"HTTP/1.1 201 Made\r\n\r\n",
            "200-with-body": reply(b"hello"),
            "200-bad-length": reply(b"", length="x"),
            "407-chunked": chunked([b"x"]).replace(b"200 OK", b"407 Who"),
            "502-nul": b"HTTP/1.1 502 a\x00b\r\n\r\n",
            "502-latin-1": b"HTTP/1.1 502 \xe4\r\n\r\n",
            "502-long": b"HTTP/1.1 502 " + b"x" * 70_000 + b"\r\n\r\n",
            "503-cut": b"HTTP/1.1 503 No\r\nX: ",
            "000": b"HTTP/1.1 000 x\r\n\r\n",
            "line-feeds": b"HTTP/1.1 403 No\n\n",
            "folded-first": b"HTTP/1.1 200 OK\r\n x\r\n\r\n",
            "ssh": b"SSH-2.0-x\r\n",
            "nul": b"\0" * 40,
        }.items()
    },
    "proxy-established-and-silent": Case(
        then(ESTABLISHED, hello, Peer.hang), "https", proxy=True, timeout=SHORT
    ),
    "proxy-forwards-reset": Case(then(Peer.reset), proxy=True),
    "proxy-forwards-cut": Case(then(sends(OK[:-9])), proxy=True),
    "proxy-forwards-silence": Case(then(Peer.hang), proxy=True, timeout=SHORT),
    "proxy-forwards-tls": Case(then(sends(alert(40))), proxy=True),
    "proxy-forwards-407": Case(refuses("407 Who"), proxy=True),
    "proxy-forwards-502": Case(refuses("502 Bad Gateway"), proxy=True),
    "proxy-forwards-nothing": Case(then(), proxy=True),
    "proxy-forwards-garbage": Case(then(sends(b"garbage")), proxy=True),
    **{
        f"tls-alert-{code}": Case(greeted(sends(alert(code))), "https")
        for code in (
            0,
            10,
            20,
            22,
            40,
            42,
            43,
            44,
            45,
            46,
            47,
            48,
            49,
            50,
            51,
            70,
            71,
            80,
            86,
            90,
            109,
            110,
            112,
            113,
            115,
            116,
            120,
        )
    },
    **{
        f"fault-{fault.id}": Case(fault.script, timeout=SHORT if fault.waits else 30)
        for fault in FAULTS
        # What meets a connection that is just made is a matter of moments.
        if fault.requests
    },
    **{f"fine-{name}": Case(script) for name, script in FINE.items()},
}


@pytest.fixture(scope="module", name="loop")
def loop_fixture() -> Iterator[Loop]:
    """The event loop of the asynchronous connections."""
    with Loop() as loop:
        yield loop


def outcomes(connection: Any, case: Case) -> List[Any]:
    """What the operations return or raise."""
    found: List[Any] = []
    for _ in range(case.calls):
        try:
            found.append(
                connection.EnumerateClassNames("root", ClassName=LARGE if case.large else None)
            )
        except Exception as exc:
            found.append((type(exc), str(exc)))
    return found


def without_body(outcome: Any) -> Any:
    """An outcome without what was received of the body."""
    if isinstance(outcome, tuple):
        return outcome[0], outcome[1].partition("\nCIM-XML response:")[0]
    return outcome


def check_same(case: Case, loop: Loop, ca: str, context: Optional[ssl.SSLContext]) -> List[Any]:
    """Do it with each kind of connection; return what came of it."""
    with FaultServer(case.script, context) as server:
        threads, by_requests, tasks = each(case, loop, ca, server, case.timeout)
        if not tasks == threads == by_requests and case.timeout == SHORT:
            # A machine that is busy may not even come to the place where time is to pass.
            threads, by_requests, tasks = each(case, loop, ca, server, 8 * SHORT)
    assert tasks == threads
    assert list(map(without_body, by_requests)) == list(map(without_body, threads))
    return tasks


def each(case: Case, loop: Loop, ca: str, server: FaultServer, timeout: float) -> List[List[Any]]:
    """What came of it with threads, with a session that was seen, and with asyncio."""
    url = f"{case.scheme}://127.0.0.1:{server.port}"
    options: Dict[str, Any] = {"ca_certs": ca, "timeout": timeout}
    if case.proxy:
        options["proxies"] = {case.scheme: url.replace("https:", "http:")}
        url = f"{case.scheme}://wbem.example"
    with pywbem.WBEMConnection(url, **options) as connection:
        threads = outcomes(connection, case)
    with pywbem.WBEMConnection(url, **options) as connection:
        # Who has the session lets requests decide, which receives the whole before.
        assert connection.session is not None
        by_requests = outcomes(connection, case)
    connection = Blocking(pywbem.AsyncWBEMConnection(url, **options), loop)
    tasks = outcomes(connection, case)
    connection.__exit__(None, None, None)
    return [threads, by_requests, tasks]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_same(case: Case, loop: Loop, authority: Authority, tls: ssl.SSLContext) -> None:
    for outcome in check_same(case, loop, authority.file, tls if case.tls else None):
        if isinstance(outcome, tuple):
            assert issubclass(outcome[0], pywbem.Error)


@pytest.mark.parametrize(
    "names, options, text",
    [
        pytest.param(NAMES, {"not_after": LONG_AGO}, "has expired", id="expired"),
        pytest.param(["a.example"], {}, "not valid for", id="name"),
    ],
)
@pytest.mark.parametrize("proxy", [False, True], ids=["direct", "proxy"])
def test_same_handshake(
    names: List[str],
    options: Dict[str, Any],
    text: str,
    proxy: bool,
    loop: Loop,
    authority: Authority,
) -> None:
    context = authority.server_context(*names, **options)

    def answers(peer: Peer) -> None:
        if proxy:
            peer.read_request()
            ESTABLISHED(peer)
            peer.start_tls(context)
        reads_until_end(peer)

    case = Case(answers, "https", proxy=proxy)
    (outcome,) = check_same(case, loop, authority.file, None if proxy else context)
    assert outcome[0] is pywbem.ConnectionError
    assert text in outcome[1]


def test_same_stranger(loop: Loop, stranger: Authority, tls: ssl.SSLContext) -> None:
    (outcome,) = check_same(Case(answer(OK), "https"), loop, stranger.file, tls)
    assert "unknown CA" in outcome[1]


def test_reset_with_tls_is_the_end(loop: Loop, authority: Authority, tls: ssl.SSLContext) -> None:
    """A response without a length is complete if its document is."""
    with FaultServer(CASES["tls-ends-by-reset"].script, tls) as server:
        with pywbem.WBEMConnection(server.url, ca_certs=authority.file, timeout=30) as connection:
            assert connection.EnumerateClassNames("root") == ["CIM_\xc4"]
        connection = pywbem.AsyncWBEMConnection(server.url, ca_certs=authority.file, timeout=30)
        with Blocking(connection, loop) as blocking:
            assert blocking.EnumerateClassNames("root") == ["CIM_\xc4"]


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize(
    "proxy",
    ["http://x:999999", "http://x:-1", "http://x:y", "http://[::1", "http://a b:1", "http://:80"],
)
def test_proxy_that_is_none(proxy: str, scheme: str, loop: Loop) -> None:
    """What names no proxy is told in the same words."""
    options: Dict[str, Any] = {"timeout": 30, "proxies": {scheme: proxy}}
    url = f"{scheme}://wbem.example"
    case = Case(answer(OK))
    with pywbem.WBEMConnection(url, **options) as connection:
        threads = outcomes(connection, case)
    tasks = outcomes(Blocking(pywbem.AsyncWBEMConnection(url, **options), loop), case)
    assert tasks == threads
    assert tasks[0][0] is pywbem.ConnectionError
