"""
Servers that misbehave: each fault gives the documented exception, within the timeout,
and the request is sent once.
"""

from __future__ import annotations

import gzip
import time
import zlib
from typing import Any, Callable, Dict, NamedTuple, Type

import pytest

import pywbem
from pywbem._cim_http import HTTPTransport
from tests.integration.conftest import MakeTransport
from tests.integration.faultserver import (
    CIM_HEADERS,
    FaultServer,
    Peer,
    Script,
    answer,
    chunked,
    reply,
)

BODY = b"<CIM>" + b"question " * 40 + b"</CIM>"
ANSWER = b"<CIM>" + b"answer " * 60 + b"</CIM>"
HEADERS = {"CIMOperation": "MethodCall", "CIMMethod": "GetClass", "CIMObject": "root/cimv2"}

# The machines that run this may be slow; a call without bound hangs far longer.
SLACK = 10.0
TIMEOUT = 0.7


def ask(transport: HTTPTransport, body: bytes = BODY) -> bytes:
    """Post a body and return that of the reply."""
    with transport.post(body, HEADERS) as answered:
        return b"".join(answered)


def then(*steps: Callable[[Peer], Any]) -> Script:
    """A script that reads the request and then takes these steps."""

    def script(peer: Peer) -> None:
        peer.read_request()
        for step in steps:
            step(peer)

    return script


def sends(data: bytes, times: int = 1) -> Callable[[Peer], None]:
    """A step."""

    def step(peer: Peer) -> None:
        for _ in range(times):
            peer.send(data)

    return step


def drips(data: bytes, seconds: float = 0.02) -> Callable[[Peer], None]:
    """A step."""
    return lambda peer: peer.drip(data, seconds)


def lingers(_peer: Peer) -> None:
    """A step: what was sent arrives before the reset that follows."""
    time.sleep(0.2)


def error(status: str = "500 Internal Server Error", *headers: Any, **options: Any) -> bytes:
    """An error reply."""
    return reply(b"<html>no</html>", status, headers, **options)


class Fault(NamedTuple):
    """What a server does, the exception for it, and what its text has."""

    id: str
    script: Script
    exception: Type[pywbem.Error]
    text: str
    #: The answer is not complete, or never comes: only the timeout ends the wait.
    waits: bool = False
    requests: int = 1


HEAD = reply(ANSWER)[: -len(ANSWER)]

FAULTS = [
    Fault("reset-at-once", lambda peer: peer.reset(), pywbem.ConnectionError, "", requests=0),
    Fault("reset-before-headers", then(Peer.reset), pywbem.ConnectionError, "broke"),
    Fault(
        "reset-inside-headers",
        then(sends(HEAD[:40]), lingers, Peer.reset),
        pywbem.ConnectionError,
        "broke",
    ),
    Fault(
        "reset-after-headers",
        then(sends(HEAD), lingers, Peer.reset),
        pywbem.ConnectionError,
        "broke",
    ),
    Fault(
        "reset-inside-body",
        then(sends(HEAD + ANSWER[:50]), lingers, Peer.reset),
        pywbem.ConnectionError,
        "broke",
    ),
    Fault("close-before-headers", then(), pywbem.ConnectionError, "without an answer"),
    Fault("close-inside-headers", then(sends(HEAD[:40])), pywbem.ConnectionError, "header fields"),
    Fault(
        "close-after-headers",
        then(sends(HEAD)),
        pywbem.ConnectionError,
        f"0 of {len(ANSWER)} bytes",
    ),
    Fault(
        "truncated-body",
        then(sends(HEAD + ANSWER[:50])),
        pywbem.ConnectionError,
        f"50 of {len(ANSWER)} bytes",
    ),
    Fault(
        "content-length-too-long",
        then(sends(reply(ANSWER, length="9999"))),
        pywbem.ConnectionError,
        "of 9999 bytes",
    ),
    Fault(
        "content-length-too-long-kept-open",
        then(sends(reply(ANSWER, length="9999")), Peer.hang),
        pywbem.TimeoutError,
        "the answer was not complete",
        waits=True,
    ),
    Fault(
        "content-length-not-a-number",
        answer(reply(ANSWER, length="many")),
        pywbem.HeaderParseError,
        "Content-Length",
    ),
    Fault(
        "content-length-negative",
        answer(reply(ANSWER, length="-5")),
        pywbem.HeaderParseError,
        "Content-Length",
    ),
    Fault(
        "content-length-twice-differently",
        answer(reply(ANSWER, headers=[*CIM_HEADERS, ("Content-Length", "5")])),
        pywbem.HeaderParseError,
        "Content-Length",
    ),
    Fault(
        "silence", then(Peer.hang), pywbem.TimeoutError, "the answer was not complete", waits=True
    ),
    Fault(
        "silence-inside-headers",
        then(sends(HEAD[:40]), Peer.hang),
        pywbem.TimeoutError,
        "the answer was not complete",
        waits=True,
    ),
    Fault(
        "silence-inside-body",
        then(sends(HEAD + ANSWER[:50]), Peer.hang),
        pywbem.TimeoutError,
        "the answer was not complete",
        waits=True,
    ),
    Fault(
        "slow-drip-of-headers",
        then(drips(reply(ANSWER))),
        pywbem.TimeoutError,
        "the answer was not complete",
        waits=True,
    ),
    Fault(
        "slow-drip-of-body",
        then(sends(HEAD), drips(ANSWER)),
        pywbem.TimeoutError,
        "the answer was not complete",
        waits=True,
    ),
    Fault(
        "slow-drip-of-chunks",
        then(drips(chunked([b"x"] * 500))),
        pywbem.TimeoutError,
        "the answer was not complete",
        waits=True,
    ),
    Fault(
        "slow-drip-of-error-body",
        then(sends(error(length="500")[:-10]), drips(b"x" * 400)),
        pywbem.HTTPError,
        "500",
        waits=True,
    ),
    Fault(
        "garbage",
        then(sends(b"\x00\x01\x02 garbage \xff\r\n\r\n"), Peer.hang),
        pywbem.ConnectionError,
        "does not speak HTTP",
    ),
    Fault(
        "garbage-without-line-end",
        then(sends(b"garbage"), Peer.hang),
        pywbem.ConnectionError,
        "does not speak HTTP",
    ),
    Fault("http-0.9", then(sends(ANSWER)), pywbem.ConnectionError, "does not speak HTTP"),
    Fault(
        "http-2",
        answer(reply(ANSWER).replace(b"HTTP/1.1", b"HTTP/2.0")),
        pywbem.ConnectionError,
        "does not speak HTTP",
    ),
    Fault(
        "status-not-a-number",
        answer(reply(ANSWER, "OK 200")),
        pywbem.ConnectionError,
        "does not speak HTTP",
    ),
    Fault(
        "other-protocol-ssh",
        then(sends(b"SSH-2.0-OpenSSH_9.7\r\n"), Peer.hang),
        pywbem.ConnectionError,
        "speaks SSH",
    ),
    Fault(
        "tls-alert-on-plain-http",
        then(sends(b"\x15\x03\x03\x00\x02\x02\x16")),
        pywbem.ConnectionError,
        "use https://",
    ),
    Fault(
        "header-without-colon",
        answer(HEAD.replace(b"CIMOperation:", b"CIMOperation")),
        pywbem.HeaderParseError,
        "Invalid header field",
    ),
    Fault(
        "header-line-endless",
        then(sends(b"HTTP/1.1 200 OK\r\nX: "), sends(b"v" * 65536, 200)),
        pywbem.ConnectionError,
        "longer than",
    ),
    Fault(
        "headers-endless",
        then(sends(b"HTTP/1.1 200 OK\r\n"), sends(b"X: y\r\n" * 10000, 200)),
        pywbem.ConnectionError,
        "longer than",
    ),
    Fault(
        "informational-replies-endless",
        then(*[sends(b"HTTP/1.1 102 Processing\r\n\r\n"), lingers] * 50),
        pywbem.TimeoutError,
        "the answer was not complete",
        waits=True,
    ),
    Fault(
        "content-type-html",
        answer(reply(ANSWER, headers=[("Content-Type", "text/html")])),
        pywbem.HeaderParseError,
        "Content-type header: 'text/html'",
    ),
    Fault(
        "content-type-empty",
        answer(reply(ANSWER, headers=[("Content-Type", "")])),
        pywbem.HeaderParseError,
        "Content-type header: ''",
    ),
    Fault(
        "chunk-size-not-a-number",
        answer(chunked([ANSWER]).replace(b"\r\n0\r\n", b"\r\nzz\r\n")),
        pywbem.ConnectionError,
        "'zz' is not the size of a chunk",
    ),
    Fault(
        "chunk-longer-than-its-size",
        answer(chunked([ANSWER]).replace(b"</CIM>", b"</CIM>xx")),
        pywbem.ConnectionError,
        "longer than its size",
    ),
    Fault(
        "chunk-truncated",
        then(sends(chunked([ANSWER])[:-60])),
        pywbem.ConnectionError,
        "inside a chunk",
    ),
    Fault(
        "last-chunk-missing",
        then(sends(chunked([ANSWER])[:-5])),
        pywbem.ConnectionError,
        "between two chunks",
    ),
    Fault(
        "trailers-truncated",
        then(sends(chunked([ANSWER], [("CIMError", "x")])[:-4])),
        pywbem.HTTPError,
        "200 (OK), CIMError: x",
    ),
    Fault(
        "trailers-endless",
        then(sends(chunked([ANSWER])[:-2]), sends(b"X: y\r\n" * 10000, 200)),
        pywbem.ConnectionError,
        "longer than",
    ),
    Fault(
        "trailer-in-part",
        then(sends(chunked([ANSWER])[:-2] + b"CIMStatusCode: 6\r\nCIMStatusCodeDescr")),
        pywbem.CIMError,
        "6 (CIM_ERR_NOT_FOUND)",
    ),
    Fault(
        "line-ends-endless",
        then(sends(b"\r\n" * 5000, 200)),
        pywbem.ConnectionError,
        "longer than",
    ),
    Fault(
        "continue-endless",
        then(sends(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000, 200)),
        pywbem.ConnectionError,
        "longer than",
    ),
    Fault(
        "trailer-with-cim-error",
        answer(
            chunked(
                [ANSWER[:9]],
                [("CIMError", "request-not-valid"), ("CIMErrorDetails", "all%20wrong")],
            )
        ),
        pywbem.HTTPError,
        "200 (OK), CIMError: request-not-valid, CIMErrorDetails: all wrong",
    ),
    Fault(
        "trailer-with-cim-status",
        answer(
            chunked(
                [ANSWER[:9]],
                [("CIMStatusCode", "1"), ("CIMStatusCodeDescription", "out%20of%20memory")],
            )
        ),
        pywbem.CIMError,
        "1 (CIM_ERR_FAILED): out of memory",
    ),
    Fault(
        "gzip-that-is-none",
        answer(reply(ANSWER, headers=[("Content-Encoding", "gzip")])),
        pywbem.ConnectionError,
        "cannot be decoded as gzip",
    ),
    Fault(
        "gzip-that-is-deflate",
        answer(reply(zlib.compress(ANSWER), headers=[("Content-Encoding", "gzip")])),
        pywbem.ConnectionError,
        "cannot be decoded as gzip",
    ),
    Fault(
        "gzip-truncated",
        answer(reply(gzip.compress(ANSWER)[:-20], headers=[("Content-Encoding", "gzip")])),
        pywbem.ConnectionError,
        "ends inside the gzip data",
    ),
    Fault(
        "redirect-300",
        answer(error("300 Multiple Choices", ("Location", "/x")), reply(ANSWER)),
        pywbem.HTTPError,
        "300 (Multiple Choices), Location: /x",
    ),
    Fault(
        "redirect-301",
        answer(error("301 Moved", ("Location", "/x")), reply(ANSWER)),
        pywbem.HTTPError,
        "301 (Moved), Location: /x",
    ),
    Fault(
        "redirect-399",
        answer(error("399 Somewhere", ("Location", "/x")), reply(ANSWER)),
        pywbem.HTTPError,
        "399 (Somewhere), Location: /x",
    ),
    Fault(
        "redirect-without-location",
        answer(error("302 Found")),
        pywbem.HTTPError,
        "302 (Found)",
    ),
    Fault(
        "redirect-302",
        answer(error("302 Found", ("Location", "/x")), reply(ANSWER)),
        pywbem.HTTPError,
        "302 (Found)",
    ),
    Fault(
        "redirect-307",
        answer(error("307 Temporary", ("Location", "/x")), reply(ANSWER)),
        pywbem.HTTPError,
        "307 (Temporary)",
    ),
    Fault(
        "redirect-308",
        answer(error("308 Permanent", ("Location", "/x")), reply(ANSWER)),
        pywbem.HTTPError,
        "308 (Permanent)",
    ),
    Fault(
        "redirect-without-end",
        then(sends(error("302 Found", ("Location", "/x"), length=None)), Peer.hang),
        pywbem.HTTPError,
        "302 (Found)",
    ),
    Fault("status-201", answer(reply(ANSWER, "201 Created")), pywbem.HTTPError, "201 (Created)"),
    Fault(
        "status-204",
        answer(reply(b"", "204 No Content", length=None)),
        pywbem.HTTPError,
        "204 (No Content)",
    ),
    Fault(
        "status-400-without-end",
        then(
            sends(error("400 Bad Request", ("CIMError", "request-not-valid"), length=None)),
            Peer.hang,
        ),
        pywbem.HTTPError,
        "400 (Bad Request), CIMError: request-not-valid",
    ),
    Fault(
        "status-400-bad-length",
        answer(error("400 Bad Request", length="x")),
        pywbem.HTTPError,
        "400 (Bad Request)",
    ),
    Fault(
        "status-400-bad-gzip",
        answer(error("400 Bad Request", ("Content-Encoding", "gzip"))),
        pywbem.HTTPError,
        "400 (Bad Request)",
    ),
    Fault(
        "status-500-with-cim-error",
        answer(
            error(
                "500 ISE",
                ("CIMError", "header-mismatch"),
                ("CIMErrorDetails", "a%20b"),
                ("PGErrorDetail", "c%3Ad"),
            )
        ),
        pywbem.HTTPError,
        "500 (ISE), CIMError: header-mismatch, CIMErrorDetails: a b, PGErrorDetail: c:d",
    ),
    Fault("status-500-truncated", then(sends(error(length="999"))), pywbem.HTTPError, "500"),
    Fault("status-501", answer(error("501 Not Implemented")), pywbem.HTTPError, "501"),
    Fault(
        "status-503",
        answer(error("503 Service Unavailable", ("Retry-After", "1"))),
        pywbem.HTTPError,
        "503 (Service Unavailable)",
    ),
    Fault("status-without-reason", answer(error("404")), pywbem.HTTPError, "404 ()"),
]


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.id for fault in FAULTS])
def test_fault(transport: MakeTransport, fault: Fault) -> None:
    with FaultServer(fault.script) as server:
        client = transport(
            server.url, timeout=TIMEOUT if fault.waits else 30, conn_id="conn", creds=("U", "Pwd")
        )
        started = time.monotonic()
        with pytest.raises(fault.exception) as caught:
            ask(client)
        elapsed = time.monotonic() - started
        assert len(server.requests) == fault.requests
        assert server.connections == 1
        assert not server.failures
    assert type(caught.value) is fault.exception
    assert caught.value.conn_id == "conn"
    text = str(caught.value)
    assert fault.text in text
    assert "Pwd" not in text + repr(caught.value)
    assert elapsed < (TIMEOUT if fault.waits else 0) + SLACK
    if fault.waits:
        assert elapsed >= TIMEOUT * 0.9


PAGE = [("Content-Type", "text/html")]


@pytest.mark.parametrize(
    "data, kept",
    [
        (reply(ANSWER, headers=PAGE), ANSWER.decode()),
        (reply(ANSWER, headers=PAGE, length="9999"), ANSWER.decode() + "..."),
        (reply(b"a\xff", headers=PAGE), "a\ufffd"),
    ],
    ids=["whole", "truncated", "not-utf-8"],
)
def test_body_of_a_refused_reply(transport: MakeTransport, data: bytes, kept: str) -> None:
    """Who looks at the exception sees what the server sent, as far as it came."""
    with FaultServer(then(sends(data))) as server:
        with pytest.raises(pywbem.HeaderParseError, match="text/html") as caught:
            ask(transport(server.url))
        assert caught.value.response_data == kept


def test_body_of_a_refused_reply_is_bounded(transport: MakeTransport) -> None:
    with FaultServer(answer(reply(b"x" * 5_000_000, headers=PAGE))) as server:
        with pytest.raises(pywbem.HeaderParseError) as caught:
            ask(transport(server.url))
        assert 60_000 < len(str(caught.value.response_data)) < 2_000_000


FINE: Dict[str, Script] = {
    "plain": answer(reply(ANSWER)),
    "content-length-zero-padded": answer(reply(ANSWER, length=f"{len(ANSWER):015d}")),
    "content-length-twice": answer(
        reply(ANSWER, headers=[*CIM_HEADERS, ("Content-Length", str(len(ANSWER)))])
    ),
    "chunked": answer(chunked([ANSWER[:1], ANSWER[1:50], ANSWER[50:]])),
    "chunked-by-the-byte": then(drips(chunked([ANSWER[:20], ANSWER[20:]]), 0.0005)),
    "chunk-extensions": answer(chunked([ANSWER]).replace(b"\r\n0\r\n", b"\r\n0000;a=b\r\n")),
    "chunked-with-content-length": answer(
        chunked([ANSWER], headers=[*CIM_HEADERS, ("Content-Length", "5")])
    ),
    "chunked-in-capitals": answer(chunked([ANSWER]).replace(b"chunked", b"CHUNKED")),
    "trailers-of-no-concern": answer(
        chunked([ANSWER], [("X", "y"), ("CIMStatusCode", "0"), ("CIMStatusCodeDescription", "ok")])
    ),
    "last-chunk-without-empty-line": then(sends(chunked([ANSWER])[:-2])),
    "last-chunk-without-line-end": then(sends(chunked([ANSWER])[:-4])),
    "last-chunk-and-half-an-end": then(sends(chunked([ANSWER])[:-1])),
    "trailer-without-empty-line": then(sends(chunked([ANSWER], [("X", "y")])[:-2])),
    "last-chunk-and-reset": lambda peer: (
        peer.read_request(),
        peer.send(chunked([ANSWER])[:-2]),
        time.sleep(0.2),
        peer.reset(),
    ),
    "end-with-connection": then(sends(reply(ANSWER, length=None))),
    "end-with-connection-in-pieces": then(
        sends(reply(ANSWER[:50], length=None)), lingers, sends(ANSWER[50:])
    ),
    "http-1.0": then(sends(reply(ANSWER, length=None).replace(b"HTTP/1.1", b"HTTP/1.0"))),
    "continue-before": answer(b"HTTP/1.1 100 Continue\r\n\r\n" + reply(ANSWER)),
    "line-feeds-only": answer(HEAD.replace(b"\r\n", b"\n") + ANSWER),
    "line-end-before": answer(b"\r\n" + reply(ANSWER)),
    "space-before-colon": answer(reply(ANSWER).replace(b"Length:", b"Length :")),
    "folded-header": answer(reply(ANSWER, headers=[("Content-Type", "text/xml;\r\n charset=x")])),
    "no-content-type": answer(reply(ANSWER, headers=[])),
    "content-type-capitals": answer(reply(ANSWER, headers=[("content-type", "Text/XML")])),
    "no-reason": answer(reply(ANSWER, "200")),
    "many-headers": answer(reply(ANSWER, headers=[(f"X-{i}", "y" * 400) for i in range(200)])),
    "gzip": answer(reply(gzip.compress(ANSWER), headers=[("Content-Encoding", "gzip")])),
    "gzip-in-two-members": answer(
        reply(
            gzip.compress(ANSWER[:9]) + gzip.compress(ANSWER[9:]),
            headers=[("Content-Encoding", "x-gzip")],
        )
    ),
    "deflate": answer(reply(zlib.compress(ANSWER), headers=[("Content-Encoding", "deflate")])),
    "deflate-raw": answer(
        reply(zlib.compress(ANSWER)[2:-4], headers=[("Content-Encoding", "deflate")])
    ),
}


@pytest.mark.parametrize("script", FINE.values(), ids=FINE.keys())
def test_odd_but_fine(transport: MakeTransport, script: Script) -> None:
    with FaultServer(script) as server:
        assert ask(transport(server.url)) == ANSWER
        (request,) = server.requests
        assert request.body == BODY
        assert {name: request.header(name) for name in HEADERS} == HEADERS
        assert request.header("Content-Length") == str(len(BODY))


@pytest.mark.parametrize("room", [0, 1], ids=["exactly", "one less"])
@pytest.mark.parametrize("chunks", [False, True], ids=["whole", "chunks"])
def test_limit_of_a_reply_that_is_joined(
    transport: MakeTransport, monkeypatch: pytest.MonkeyPatch, room: int, chunks: bool, shell: str
) -> None:
    """The decoder has the same one: who reads pieces may stop before."""
    monkeypatch.setattr(pywbem.config, "MAX_MESSAGE_SIZE", len(ANSWER) - room)
    with FaultServer(answer(chunked([ANSWER]) if chunks else reply(ANSWER))) as server:
        if room == 0 or shell == "async":
            assert ask(transport(server.url)) == ANSWER
            return
        with pytest.raises(pywbem.ConnectionError, match=r"larger than config\.MAX_MESSAGE_SIZE"):
            ask(transport(server.url))


def test_last_chunk_of_a_server_that_then_waits(transport: MakeTransport) -> None:
    """The timeout ends the wait for trailers; nothing of the reply is missing."""

    def script(peer: Peer) -> None:
        peer.read_request()
        peer.send(chunked([ANSWER])[:-2])
        peer.hang()

    with FaultServer(script) as server:
        client = transport(server.url, timeout=TIMEOUT)
        started = time.monotonic()
        assert ask(client) == ANSWER
        assert time.monotonic() - started < TIMEOUT + SLACK
