"""
The life of connections with a server: made within the timeout, kept, shared, given up.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Callable, List, Optional

import pytest

import pywbem
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
from tests.integration.receiver import eventually
from tests.integration.test_faults import (
    ANSWER,
    BODY,
    HEADERS,
    SLACK,
    TIMEOUT,
    ask,
    error,
    lingers,
    sends,
    then,
)

# Connecting


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@pytest.mark.parametrize("timeout", [None, 10, 0.1])
def test_connection_refused(transport: MakeTransport, timeout: Optional[float]) -> None:
    """It is tried again, but not when the time would be over then: the reason is told."""
    with pytest.raises(pywbem.ConnectionError, match="Connection refused") as caught:
        ask(transport(f"http://127.0.0.1:{free_port()}", timeout=timeout))
    assert type(caught.value) is pywbem.ConnectionError


def test_connection_refused_and_time_lost(
    transport: MakeTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine stands still while it is tried again: still the reason is told."""
    stand_still = time.sleep

    async def pause_of_a_task(_seconds: float) -> None:
        stand_still(0.3)

    monkeypatch.setattr(time, "sleep", lambda _seconds: stand_still(0.3))
    monkeypatch.setattr(asyncio, "sleep", pause_of_a_task)
    with pytest.raises(pywbem.ConnectionError, match="Connection refused") as caught:
        ask(transport(f"http://127.0.0.1:{free_port()}", timeout=0.25))
    assert type(caught.value) is pywbem.ConnectionError


def test_server_that_is_just_starting(
    transport: MakeTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = FaultServer(answer(reply(ANSWER)), port=free_port())
    # While the client pauses before it tries again, the server starts.
    pauses: List[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            server.__enter__()

    async def pause_of_a_task(seconds: float) -> None:
        pause(seconds)

    monkeypatch.setattr(time, "sleep", pause)
    monkeypatch.setattr(asyncio, "sleep", pause_of_a_task)
    try:
        assert ask(transport(f"http://127.0.0.1:{server.port}")) == ANSWER
        assert len(server.requests) == 1
    finally:
        server.__exit__()


def test_host_unknown(transport: MakeTransport) -> None:
    with pytest.raises(pywbem.ConnectionError, match="Cannot find the host"):
        ask(transport("http://no-such-host.invalid"))


@pytest.mark.parametrize(
    "url, text",
    [
        ("http://localhost:65536", "65536 in the URL is not a port number"),
        ("http://localhost:0", "0 in the URL is not a port number"),
        ("http://lo calhost", "'lo calhost' in the URL is not a host name"),
        ("http://a\r\nX", "in the URL is not a host name"),
        ("http://[xyz]", "in the URL is not a host name"),
        ("http://" + "x" * 300, "in the URL is not a host name"),
    ],
)
def test_url_that_is_no_server(transport: MakeTransport, url: str, text: str) -> None:
    with pytest.raises(pywbem.ConnectionError) as caught:
        ask(transport(url))
    assert text in str(caught.value)


@pytest.mark.skipif(sys.platform != "linux", reason="needs the backlog of Linux")
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_host_that_does_not_accept(transport: MakeTransport, scheme: str) -> None:
    with socket.socket() as listener, socket.socket() as first, socket.socket() as second:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for filling in (first, second):
            filling.setblocking(False)
            filling.connect_ex(listener.getsockname())
        started = time.monotonic()
        with pytest.raises(pywbem.TimeoutError, match="connection was not established"):
            ask(transport(f"{scheme}://127.0.0.1:{listener.getsockname()[1]}", timeout=TIMEOUT))
        assert TIMEOUT * 0.9 <= time.monotonic() - started < TIMEOUT + SLACK


@pytest.mark.parametrize("timeout", [None, 60])
def test_handshake_has_its_own_limit(
    transport: MakeTransport, monkeypatch: pytest.MonkeyPatch, timeout: Optional[float]
) -> None:
    monkeypatch.setattr("pywbem._http.sockets.HTTP_CONNECT_TIMEOUT", 0.5)
    with FaultServer(Peer.hang) as server:
        started = time.monotonic()
        with pytest.raises(pywbem.ConnectionError, match="did not answer within"):
            ask(transport(server.url.replace("http:", "https:"), timeout=timeout))
        assert time.monotonic() - started < 0.5 + SLACK


def test_host_with_several_addresses(
    transport: MakeTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FaultServer(answer(reply(ANSWER))) as server:
        good = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.port))
        # TEST-NET-1: packets to it are dropped, or it is unreachable; both are to be passed over.
        bad = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.1", 9))
        monkeypatch.setattr(socket, "getaddrinfo", lookup(lambda: [bad, good]))
        started = time.monotonic()
        assert ask(transport(f"http://two.example:{server.port}", timeout=3)) == ANSWER
        assert time.monotonic() - started < 3


def test_name_service_that_does_not_answer(
    transport: MakeTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = threading.Event()

    def slow() -> List[Any]:
        done.wait(30)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", lookup(slow))
    started = time.monotonic()
    try:
        with pytest.raises(pywbem.TimeoutError):
            ask(transport("http://slow.example", timeout=TIMEOUT))
        assert time.monotonic() - started < TIMEOUT + SLACK
        # The thread that asks does not keep the program from its end.
        asking = [one for one in threading.enumerate() if one.name == "pywbem-resolve"]
        assert [one.daemon for one in asking] == [True]
    finally:
        done.set()


def lookup(result: Callable[[], List[Any]]) -> Callable[..., List[Any]]:
    """A name service that knows names, and no numeric addresses."""

    def getaddrinfo(_host: str, _port: int, *args: Any) -> List[Any]:
        if len(args) > 3:
            raise socket.gaierror("not numeric")
        return result()

    return getaddrinfo


def test_ipv6(transport: MakeTransport) -> None:
    try:
        server = FaultServer(answer(reply(ANSWER)), host="::1").__enter__()
    except OSError:
        pytest.skip("no IPv6 here")
    try:
        for url in (f"http://[::1]:{server.port}", f"[0:0:0:0:0:0:0:1]:{server.port}"):
            assert ask(transport(url)) == ANSWER
        assert [request.header("Host") for request in server.requests] == [
            f"[::1]:{server.port}",
            f"[0:0:0:0:0:0:0:1]:{server.port}",
        ]
    finally:
        server.__exit__()


@pytest.mark.parametrize("form", ["%25{}", "-{}", "%{}"], ids=["rfc6874", "minus", "percent"])
@pytest.mark.parametrize("by_name", [True, False], ids=["name", "number"])
def test_ipv6_zone(transport: MakeTransport, form: str, by_name: bool) -> None:
    """A zone is the name or number of an interface, and no matter of the server."""
    loopback = [item for item in socket.if_nameindex() if item[1] in ("lo", "lo0")]
    try:
        server = FaultServer(answer(reply(ANSWER)), host="::1").__enter__()
    except OSError:
        pytest.skip("no IPv6 here")
    try:
        if not loopback:
            pytest.skip("no loopback interface of a known name")
        zone = form.format(loopback[0][1 if by_name else 0])
        assert ask(transport(f"http://[::1{zone}]:{server.port}")) == ANSWER
        assert server.requests[0].header("Host") == f"[::1]:{server.port}"
    finally:
        server.__exit__()


# Timeouts


@pytest.mark.parametrize("timeout", [0, -1, 0.0, "5", True, float("nan"), [1]])
def test_timeout_that_is_none(transport: MakeTransport, timeout: Any) -> None:
    with pytest.raises(ValueError, match="timeout"):
        ask(transport("http://localhost", timeout=timeout))


@pytest.mark.parametrize("timeout", [None, 3.5, 10**20, float("inf")])
def test_timeout_that_is_long(transport: MakeTransport, timeout: Optional[float]) -> None:
    with FaultServer(answer(reply(ANSWER))) as server:
        for host in ("127.0.0.1", "localhost"):
            assert ask(transport(server.url_for(host), timeout=timeout)) == ANSWER


def test_timeout_is_for_each_call(transport: MakeTransport) -> None:
    def script(peer: Peer) -> None:
        while peer.read_request():
            time.sleep(0.25)
            peer.send(reply(ANSWER))

    with FaultServer(script) as server:
        client = transport(server.url, timeout=1)
        for _ in range(5):
            assert ask(client) == ANSWER
        assert server.connections == 1


def test_after_a_timeout_the_late_answer_is_not_taken(transport: MakeTransport) -> None:
    calls: List[bytes] = []
    timed_out = threading.Event()

    def script(peer: Peer) -> None:
        request = peer.read_request()
        while request is not None:
            calls.append(request.body)
            if request.body == b"slow":
                timed_out.wait(20)
            peer.send(reply(b"answer to " + request.body))
            request = peer.read_request()

    with FaultServer(script) as server:
        client = transport(server.url, timeout=0.3)
        with pytest.raises(pywbem.TimeoutError):
            ask(client, b"slow")
        timed_out.set()
        client.timeout = 20
        assert ask(client, b"next") == b"answer to next"
        assert calls == [b"slow", b"next"]


# Connections that are kept


def test_connection_is_kept(transport: MakeTransport) -> None:
    with FaultServer(answer(reply(ANSWER), chunked([ANSWER]), error(), reply(ANSWER))) as server:
        client = transport(server.url)
        ask(client)
        ask(client)
        with pytest.raises(pywbem.HTTPError):
            ask(client)
        ask(client)
        assert (server.connections, len(server.requests)) == (1, 4)


@pytest.mark.parametrize(
    "script",
    [
        then(sends(reply(ANSWER))),
        then(sends(reply(ANSWER)), lingers, Peer.reset),
        then(sends(reply(ANSWER)), sends(error("408 Request Timeout"))),
        answer(reply(ANSWER, headers=[*CIM_HEADERS, ("Connection", "close")])),
        answer(reply(ANSWER) + b"more than was announced"),
        answer(reply(ANSWER).replace(b"HTTP/1.1", b"HTTP/1.0")),
    ],
    ids=["closed", "reset", "408", "connection-close", "extra-bytes", "http-1.0"],
)
def test_connection_that_the_server_gave_up(transport: MakeTransport, script: Script) -> None:
    with FaultServer(script) as server:
        client = transport(server.url)
        for count in range(1, 4):
            assert ask(client) == ANSWER
            assert len(server.requests) == count
            assert server.all_closed()
        assert server.connections == 3


def test_connection_that_the_server_is_about_to_give_up(transport: MakeTransport) -> None:
    def kept_for(seconds: int) -> bytes:
        return reply(ANSWER, headers=[("Keep-Alive", f"timeout={seconds}, max=100")])

    with FaultServer(answer(kept_for(60), kept_for(60), kept_for(1))) as server:
        client = transport(server.url)
        for _ in range(6):
            ask(client)
        assert (server.connections, len(server.requests)) == (2, 6)
        # The one that cannot be used again does not stay open.
        assert eventually(lambda: server.open == 1)


def test_connection_that_breaks_with_the_second_request(transport: MakeTransport) -> None:
    def script(peer: Peer) -> None:
        peer.read_request()
        peer.send(reply(ANSWER))
        peer.read_request()

    with FaultServer(script) as server:
        client = transport(server.url)
        assert ask(client) == ANSWER
        with pytest.raises(pywbem.ConnectionError, match="not known whether the server performed"):
            ask(client)
        # Whether the server performed it is not known: it is not sent again.
        assert len(server.requests) == 2
        assert ask(client) == ANSWER


def test_reply_that_is_left_unread(transport: MakeTransport) -> None:
    big = reply(b"x" * 3_000_000)
    with FaultServer(answer(big)) as server:
        client = transport(server.url)
        with client.post(BODY, HEADERS) as answered:
            next(iter(answered))
        with client.post(BODY, HEADERS):
            pass
        assert len(ask(client)) == 3_000_000
        assert (server.connections, len(server.requests)) == (3, 3)


def test_close_releases_the_socket(transport: MakeTransport) -> None:
    with FaultServer(answer(reply(ANSWER))) as server:
        client = transport(server.url)
        ask(client)
        assert server.open == 1
        client.close()
        assert server.all_closed()
        with pytest.raises(pywbem.ConnectionError, match="WBEMConnection is closed"):
            ask(client)
        client.close()


def test_close_during_a_call(transport: MakeTransport) -> None:
    asked, go = threading.Event(), threading.Event()

    def script(peer: Peer) -> None:
        peer.read_request()
        asked.set()
        go.wait(20)
        peer.send(reply(ANSWER))
        peer.read_request()

    with FaultServer(script) as server, ThreadPoolExecutor(1) as pool:
        client = transport(server.url)
        future = pool.submit(ask, client)
        assert asked.wait(20)
        client.close()
        go.set()
        assert future.result(20) == ANSWER


def test_threads_share_a_transport(
    transport: MakeTransport, caplog: pytest.LogCaptureFixture
) -> None:
    def script(peer: Peer) -> None:
        request = peer.read_request()
        while request is not None:
            peer.send(chunked([b"answer to ", request.body]))
            request = peer.read_request()

    def work(thread: int) -> List[bytes]:
        return [ask(client, b"%d %d" % (thread, count)) for count in range(100)]

    with FaultServer(script) as server, ThreadPoolExecutor(8) as pool, caplog.at_level(
        logging.DEBUG
    ):
        client = transport(server.url)
        results = list(pool.map(work, range(8)))
        assert results == [
            [b"answer to %d %d" % (thread, count) for count in range(100)] for thread in range(8)
        ]
        assert len(server.requests) == 800
        assert server.connections <= 8
    assert "pool is full" not in caplog.text


def test_server_response_time(transport: MakeTransport) -> None:
    values = ["1500000", "0", "x"]
    replies = [reply(ANSWER, headers=[("WBEMServerResponseTime", value)]) for value in values]
    with FaultServer(answer(*replies, reply(ANSWER))) as server:
        client = transport(server.url)
        times = []
        for _ in range(4):
            with client.post(BODY, HEADERS) as answered:
                times.append(answered.server_response_time)
                assert b"".join(answered) == ANSWER
    assert times == [1.5, 0.0, None, None]


def test_reply_attributes(transport: MakeTransport) -> None:
    with FaultServer(answer(reply(ANSWER, "200 Fine"))) as server, transport(server.url).post(
        BODY, HEADERS
    ) as answered:
        assert (answered.version, answered.status, answered.reason) == (11, 200, "Fine")
        assert answered.headers["cimoperation"] == "MethodResponse"
