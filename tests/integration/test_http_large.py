"""
Large requests and replies: in pieces, bounded, and refused before they have been read.
"""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import time

import pytest

import pywbem
from tests.integration.conftest import Authority, MakeTransport
from tests.integration.faultserver import FaultServer, Peer, answer, reply
from tests.integration.test_faults import (
    ANSWER,
    BODY,
    HEADERS,
    SLACK,
    TIMEOUT,
    ask,
    error,
    then,
)


def test_body_comes_in_pieces_as_it_arrives(transport: MakeTransport) -> None:
    go = threading.Event()

    def script(peer: Peer) -> None:
        peer.read_request()
        peer.send(reply(b"first", length="1000005"))
        go.wait(20)
        peer.send(b"x" * 1_000_000)

    with FaultServer(script) as server, transport(server.url).post(BODY, HEADERS) as answered:
        pieces = iter(answered)
        assert next(pieces) == b"first"
        go.set()
        rest = list(pieces)
    assert sum(map(len, rest)) == 1_000_000
    assert max(map(len, rest)) <= 65536


def test_server_that_sends_faster_than_its_answer_is_read(transport: MakeTransport) -> None:
    """It has to wait: what has come and is not read is bounded."""
    sent = [0]

    def script(peer: Peer) -> None:
        peer.read_request()
        peer.send(reply(length="50000000"))
        for _ in range(1000):
            peer.send(b"x" * 50_000)
            sent[0] += 1

    with FaultServer(script) as server, transport(server.url).post(BODY, HEADERS):
        before = -1
        while before < sent[0]:
            before = sent[0]
            time.sleep(0.2)
        assert sent[0] < 1000


def test_gzip_bomb_comes_in_pieces(transport: MakeTransport) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    with FaultServer(
        answer(reply(bomb, headers=[("Content-Encoding", "gzip")]))
    ) as server, transport(server.url).post(BODY, HEADERS) as answered:
        sizes = [len(piece) for piece in answered]
    assert sum(sizes) == 50_000_000
    assert max(sizes) <= 65536


def test_request_larger_than_any_buffer(transport: MakeTransport) -> None:
    body = b"<" + b"y" * 10_000_000 + b">"
    with FaultServer(answer(reply(ANSWER))) as server:
        assert ask(transport(server.url), body) == ANSWER
        assert server.requests[0].body == body


def test_large_requests_over_one_connection(transport: MakeTransport) -> None:
    with FaultServer(answer(reply(ANSWER))) as server:
        client = transport(server.url)
        for _ in range(3):
            assert ask(client, b"y" * 300_000) == ANSWER
        assert (server.connections, len(server.requests)) == (1, 3)


def test_interim_answer_to_a_request_that_is_still_sent(transport: MakeTransport) -> None:
    """RFC 9110 15.2: it is no refusal, the rest of the request is sent."""
    body = b"y" * 10_000_000

    def script(peer: Peer) -> None:
        peer.send(b"HTTP/1.1 102 Processing\r\n\r\n")
        peer.read_request()
        peer.send(reply(ANSWER))

    with FaultServer(script) as server:
        assert ask(transport(server.url), body) == ANSWER
        assert server.requests[0].body == body


def test_request_that_nobody_reads(transport: MakeTransport) -> None:
    with FaultServer(Peer.hang) as server:
        started = time.monotonic()
        with pytest.raises(pywbem.TimeoutError, match="not sent completely"):
            ask(transport(server.url, timeout=TIMEOUT), b"y" * 50_000_000)
        assert time.monotonic() - started < TIMEOUT + SLACK


def test_large_request_that_is_not_answered(transport: MakeTransport) -> None:
    with FaultServer(then(Peer.hang)) as server:
        with pytest.raises(pywbem.TimeoutError, match="the answer was not complete"):
            ask(transport(server.url, timeout=2 * TIMEOUT), b"y" * 4_000_000)
        assert len(server.requests) == 1


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_answer_of_a_server_that_reads_no_further(
    transport: MakeTransport, scheme: str, tls: ssl.SSLContext, authority: Authority
) -> None:
    def script(peer: Peer) -> None:
        peer.sock.recv(1000)
        peer.send(reply(b"no", "413 Too Large", ()))
        # It neither closes the connection nor reads what else is sent.
        peer.hang()

    with FaultServer(script, tls=tls if scheme == "https" else None) as server:
        client = transport(server.url, timeout=30, ca_certs=authority.file)
        started = time.monotonic()
        with pytest.raises(pywbem.HTTPError, match="413"):
            ask(client, b"y" * 20_000_000)
        assert time.monotonic() - started < 20
        # What is left of the request is not taken for the beginning of the next.
        with pytest.raises(pywbem.HTTPError, match="413"):
            ask(client)
        assert server.connections == 2


def test_answer_before_the_end_of_the_request(transport: MakeTransport) -> None:
    def script(peer: Peer) -> None:
        peer.sock.recv(1000)
        peer.send(error("413 Too Large", ("Connection", "close")))
        peer.sock.shutdown(socket.SHUT_WR)
        # Read on for a while, as servers do, so that the answer is not lost to a reset.
        while peer.sock.recv(65536):
            pass

    with FaultServer(script) as server, pytest.raises(pywbem.HTTPError, match="413"):
        ask(transport(server.url), b"y" * 5_000_000)
