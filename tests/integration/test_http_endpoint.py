"""
The HTTP endpoint: what it understands, what it refuses, and what no client can make it do.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from contextlib import ExitStack, contextmanager
from typing import Any, Callable, Iterator, List, Optional

import pytest

from pywbem._endpoint import HTTPEndpoint, Limits, Request, Response
from tests.integration.conftest import Authority
from tests.integration.exporter import Exporter, request
from tests.integration.receiver import eventually

LIMITS = Limits(
    connections=20,
    head_size=2000,
    body_size=10000,
    buffered=25000,
    handshake_time=0.5,
    head_time=0.5,
    body_time=1.0,
    idle_time=2.0,
    send_time=1.0,
    stop_time=1.0,
)

# Five seconds are promised; a machine that does much else adds its own.
PROMPT = 8.0


def echo(asked: Request) -> Response:
    """Answer with what arrived."""
    headers = [("X-Method", asked.method), ("X-Target", asked.target), ("X-Host", asked.host)]
    return Response(200, headers, asked.body or b"nothing")


@contextmanager
def running(
    handler: Callable[[Request], Response] = echo,
    context: Optional[ssl.SSLContext] = None,
    host: str = "127.0.0.1",
    **options: Any,
) -> Iterator[Any]:
    """An endpoint; yields it with its port as `port`."""
    options.setdefault("limits", LIMITS)
    endpoint = HTTPEndpoint(handler, **options)
    port = endpoint.bind(host, 0, context)
    endpoint.start()
    endpoint.port = port  # type: ignore[attr-defined]
    try:
        yield endpoint
    finally:
        started = time.monotonic()
        endpoint.stop()
        assert time.monotonic() - started < PROMPT


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of an endpoint that many tests use."""
    with running() as endpoint:
        yield endpoint.port


# Requests that are understood


def chunked(body: bytes, size: int) -> bytes:
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


BODY = b"<body>" + b"0123456789" * 50 + b"</body>"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(request(BODY), id="Content-Length"),
        pytest.param(request(BODY, Content_Length=f"{len(BODY):010}"), id="zero-padded"),
        pytest.param(request(BODY, TE="chunked, trailers"), id="TE"),
        pytest.param(
            request(length=False, Transfer_Encoding="chunked") + chunked(BODY, 100), id="chunked"
        ),
        pytest.param(
            request(length=False, Transfer_Encoding="chunked") + chunked(BODY, 1), id="tiny chunks"
        ),
        pytest.param(
            request(length=False, Transfer_Encoding="chunked", Trailer="X-End")
            + chunked(BODY, 100)[:-2]
            + b"X-End: yes\r\n\r\n",
            id="trailers",
        ),
        pytest.param(
            request(length=False, Transfer_Encoding="chunked")
            + chunked(BODY, 100).replace(b"64\r\n", b"64;name=value\r\n"),
            id="chunk extensions",
        ),
        pytest.param(b"\r\n" + request(BODY), id="empty line before"),
        pytest.param(request(BODY, Host=None), id="no Host"),
        pytest.param(b"\r\n" + request(BODY, Host=None, X_Host="a"), id="no Host, empty line"),
        pytest.param(request(BODY, Host=None).replace(b"\r\n", b"\n", 6), id="no Host, LF alone"),
        pytest.param(request(BODY, Expect="200-ok"), id="unknown expectation"),
        pytest.param(request(BODY).replace(b"\r\n", b"\n", 6), id="LF alone"),
    ],
)
@pytest.mark.parametrize("size", [0, 7], ids=["at once", "in pieces"])
def test_request(port: int, data: bytes, size: int) -> None:
    with Exporter(port) as client:
        for _ in range(2):
            for start in range(0, len(data), size or len(data)):
                client.send(data[start : start + (size or len(data))])
            answer = client.answer()
            assert (answer.status, answer.reason, answer.body) == (200, "OK", BODY)
            assert answer.headers["x-host"] == "127.0.0.1"
            assert "connection" not in answer.headers
            assert answer.headers["date"].endswith("GMT")


@pytest.mark.parametrize(
    "method, target",
    [("POST", "/cimom"), ("GET", "/"), ("OPTIONS", "*"), ("M-POST", "http://listener/x?y=z")],
)
def test_methods_and_targets(port: int, method: str, target: str) -> None:
    with Exporter(port) as client:
        answer = client.ask(request(method=method, target=target))
        assert (answer.headers["x-method"], answer.headers["x-target"]) == (method, target)


def test_head_has_no_body(port: int) -> None:
    with Exporter(port) as client:
        client.send(request(method="HEAD"))
        assert client.answer(to_head=True).headers["content-length"] == "7"
        assert client.ask(request(BODY)).body == BODY


def test_headers_are_given_to_the_handler() -> None:
    seen: List[Request] = []

    def handler(asked: Request) -> Response:
        seen.append(asked)
        return Response(204)

    with running(handler) as endpoint, Exporter(endpoint.port) as client:
        data = request(X_One="1").replace(b"\r\n\r\n", b"\r\nx-one:  2 \r\n\r\n")
        answer = client.ask(data)
        assert (answer.status, answer.reason) == (204, "No Content")
    assert seen[0].headers["x-one"] == "1, 2"
    assert seen[0].headers["cimexport"] == "MethodRequest"
    assert not seen[0].tls


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(request(BODY, Connection="close"), id="Connection: close"),
        pytest.param(request(BODY, version="1.0"), id="HTTP/1.0"),
    ],
)
def test_last_request(port: int, data: bytes) -> None:
    with Exporter(port) as client:
        answer = client.ask(data)
        assert (answer.body, answer.headers["connection"]) == (BODY, "close")
        assert client.is_closed()


def test_pipelined(port: int) -> None:
    with Exporter(port) as client:
        client.send(b"".join(request(b"%d" % number) for number in range(500)))
        assert [int(client.answer().body) for _ in range(500)] == list(range(500))


def test_client_that_says_no_more_gets_all_answers(port: int) -> None:
    with Exporter(port) as client:
        client.send(b"".join(request(b"%d" % number) for number in range(400)))
        client.sock.shutdown(socket.SHUT_WR)
        assert [int(client.answer().body) for _ in range(400)] == list(range(400))
        assert client.is_closed()


def test_values_that_are_repeated() -> None:
    def handler(asked: Request) -> Response:
        return Response(200, body=f"{asked.headers['a']}|{asked.headers['b']}".encode())

    data = request().replace(b"Host", b"A: 1\r\nB: 1\r\nA: 1\r\nB: 2\r\nHost", 1)
    with running(handler) as endpoint, Exporter(endpoint.port) as client:
        assert client.ask(data).body == b"1|1, 2"


def test_pipelined_without_host(port: int) -> None:
    data = request(BODY, Host=None) + request(BODY) + request(b"", Host=None)
    with Exporter(port) as client:
        client.send(data)
        assert [client.answer().body for _ in range(3)] == [BODY, BODY, b"nothing"]


@pytest.mark.parametrize("workers", [0, 1])
def test_heads_that_recur(workers: int) -> None:
    bodies = [b"%03d" % number for number in range(200)]
    first, second = (request(b"xxx", target=target)[:-3] for target in ("/first", "/second"))
    with running(workers=workers) as endpoint, Exporter(endpoint.port) as client:
        for body in bodies:
            assert client.ask(first + body).body == body
        client.send(b"".join(first + body + second + body for body in bodies))
        for body in bodies:
            for target in ("/first", "/second"):
                answer = client.answer()
                assert (answer.headers["x-target"], answer.body) == (target, body)
        for cut in (1, 20, len(first) - 2, len(first), len(first) + 1):
            data = first + b"abc" + first + b"def"
            client.send(data[:cut])
            time.sleep(0.02)
            client.send(data[cut:])
            assert [client.answer().body for _ in range(2)] == [b"abc", b"def"]
    assert endpoint.requests == 610


@pytest.mark.parametrize("workers", [0, 1])
@pytest.mark.parametrize("between", [b"\r\n", b"\n", b"\r\n\r\n"], ids=["CRLF", "LF", "two"])
def test_empty_lines_before_a_head_that_recurs(between: bytes, workers: int) -> None:
    """RFC 9112 2.2, with a request that arrives while another one is handled, too."""
    held, go = threading.Event(), threading.Event()
    go.set()

    def handler(asked: Request) -> Response:
        held.set()
        go.wait(10)
        return echo(asked)

    with running(handler, workers=workers) as endpoint, Exporter(endpoint.port) as client:
        assert client.ask(request(BODY)).body == BODY
        client.send(request(BODY) + between + request(BODY) + between)
        assert [client.answer().body for _ in range(2)] == [BODY, BODY]
        if workers:
            held.clear()
            go.clear()
        client.send(request(BODY))
        assert held.wait(10)
        client.send(between + request(BODY))
        go.set()
        assert [client.answer().status for _ in range(2)] == [200, 200]


def test_head_of_a_version_that_is_not_known() -> None:
    """It is not taken for the one of the request behind it."""
    first = request(BODY, version="1.2", target="/first")
    with running() as endpoint, Exporter(endpoint.port) as client:
        for _ in range(2):
            client.send(first + request(b"second", target="/second"))
            answers = [client.answer() for _ in range(2)]
            assert [answer.headers["x-target"] for answer in answers] == ["/first", "/second"]
            assert [answer.body for answer in answers] == [BODY, b"second"]


def test_head_that_recurs_may_be_refused_later() -> None:
    refused = threading.Event()

    def accept(asked: Request) -> Optional[Response]:
        return Response(403) if refused.is_set() else None

    with running(accept=accept) as endpoint, Exporter(endpoint.port) as client:
        assert [client.ask(request(BODY)).status for _ in range(3)] == [200] * 3
        refused.set()
        assert [client.ask(request(BODY)).status for _ in range(3)] == [403] * 3
        refused.clear()
        assert client.ask(request(BODY)).body == BODY


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"POST /a HTTP/1.1\nHost: x\n\n", id="LF"),
        pytest.param(b"POST /a HTTP/1.1\r\nHost: x\n\r\n", id="LF and CRLF"),
        pytest.param(b"POST /a HTTP/1.1\r\nHost: x\r\n\n", id="CRLF and LF"),
    ],
)
def test_end_of_head_is_the_same_each_time(port: int, head: bytes) -> None:
    # The first head has no body; what looks like the end of one head is that of the second.
    data = head + b"POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
    with Exporter(port) as client:
        for _ in range(3):
            client.send(data)
            answers = [client.answer() for _ in range(2)]
            assert [answer.headers["x-target"] for answer in answers] == ["/a", "/b"]
            assert [answer.body for answer in answers] == [b"nothing", b"abc"]


def test_expect_100_continue(port: int) -> None:
    data = request(BODY, Expect="100-continue")
    head, _, body = data.partition(b"\r\n\r\n")
    with Exporter(port) as client:
        assert client.ask(head + b"\r\n\r\n").status == 100
        assert client.ask(body).body == BODY
        assert client.ask(data).body == BODY


def test_expect_100_continue_of_a_refused_request() -> None:
    def accept(asked: Request) -> Response:
        return Response(401)

    with running(accept=accept) as endpoint, Exporter(endpoint.port) as client:
        head = request(BODY, Expect="100-continue").partition(b"\r\n\r\n")[0]
        answer = client.ask(head + b"\r\n\r\n")
        assert (answer.status, answer.headers["connection"]) == (401, "close")
        assert client.is_closed()


def test_refused_by_its_head_and_connection_kept() -> None:
    def accept(asked: Request) -> Optional[Response]:
        return None if asked.target == "/yes" else Response(404)

    with running(accept=accept) as endpoint, Exporter(endpoint.port) as client:
        assert client.ask(request(BODY, target="/no")).status == 404
        assert client.ask(request(BODY, target="/yes")).body == BODY


# Requests that are refused


@pytest.mark.parametrize(
    "data, status",
    [
        pytest.param(b"\x00\x01\x02 garbage\r\n\r\n", 400, id="garbage"),
        pytest.param(b"GET /\r\n\r\n", 400, id="HTTP/0.9"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\x01\r\n\r\n", 400, id="TLS"),
        pytest.param(request(BODY, version="2.0"), 505, id="HTTP/2.0"),
        pytest.param(
            request(BODY).replace(b"Host", b"Host: a\r\nHost"), 400, id="two Host headers"
        ),
        pytest.param(request(BODY, Content_Length="ten"), 400, id="length is no number"),
        pytest.param(request(BODY, Content_Length="-1"), 400, id="negative length"),
        pytest.param(request(BODY, Content_Length="5, 6"), 400, id="two lengths"),
        pytest.param(request(Content_Length=str(1 << 30)), 413, id="1 GB announced"),
        pytest.param(request(Content_Length="1" * 18), 413, id="huge length"),
        pytest.param(request(b"x" * 10001), 413, id="body too large"),
        pytest.param(
            request(length=False, Transfer_Encoding="chunked") + chunked(b"x" * 20000, 1000),
            413,
            id="chunked body too large",
        ),
        pytest.param(
            request(length=False, Transfer_Encoding="chunked") + b"xyz\r\n", 400, id="bad chunk"
        ),
        pytest.param(request(length=False, Transfer_Encoding="gzip"), 501, id="transfer coding"),
        pytest.param(request(X="y" * 3000), 431, id="head too large"),
        pytest.param(b"POST / HTTP/1.1\r\nX: " + b"y" * 3000, 431, id="head without end"),
    ],
)
def test_refused(port: int, data: bytes, status: int) -> None:
    with Exporter(port) as client:
        answer = client.ask(data)
        assert (answer.status, answer.headers["connection"]) == (status, "close")
        assert client.is_closed()
    with Exporter(port) as client:
        assert client.ask(request(BODY)).body == BODY


def test_answer_survives_what_the_client_still_sends(port: int) -> None:
    # Closing a socket with unread input resets the connection; the answer must come first.
    with Exporter(port) as client:
        client.send(request(Content_Length="1000000"))
        time.sleep(0.1)
        for _ in range(10):
            client.send(b"x" * 10000)
        assert client.answer().status == 413


@pytest.mark.parametrize("workers", [0, 2])
def test_handler_that_fails(workers: int, caplog: pytest.LogCaptureFixture) -> None:
    def handler(asked: Request) -> Response:
        raise ValueError("a defect")

    with running(handler, workers=workers) as endpoint, Exporter(endpoint.port) as client:
        assert client.ask(request(BODY)).status == 500
        assert client.ask(request(BODY)).status == 500
    assert caplog.text.count("ValueError: a defect") == 2


def test_acceptor_that_fails(caplog: pytest.LogCaptureFixture) -> None:
    def accept(asked: Request) -> None:
        raise ValueError("a defect")

    with running(accept=accept) as endpoint, Exporter(endpoint.port) as client:
        assert client.ask(request(BODY)).status == 500
    assert "ValueError: a defect" in caplog.text


# Worker threads


def test_slow_handlers_do_not_wait_for_each_other() -> None:
    barrier = threading.Barrier(3)

    def handler(asked: Request) -> Response:
        if asked.target == "/slow":
            barrier.wait(10)
        return echo(asked)

    with running(handler, workers=2, inline_size=3) as endpoint, ExitStack() as stack:
        clients = [stack.enter_context(Exporter(endpoint.port)) for _ in range(3)]
        for client in clients[:2]:
            client.send(request(BODY, target="/slow") + request(BODY, target="/next"))
        # Both workers are busy; a small request needs none.
        assert clients[2].ask(request(b"abc")).body == b"abc"
        barrier.wait(10)
        for client in clients[:2]:
            assert [client.answer().headers["x-target"] for _ in range(2)] == ["/slow", "/next"]


def test_client_that_leaves_while_its_request_is_handled() -> None:
    leave = threading.Event()

    def handler(asked: Request) -> Response:
        leave.wait(10)
        return echo(asked)

    with running(handler, workers=1) as endpoint:
        with Exporter(endpoint.port) as client:
            client.send(request(BODY))
            assert eventually(lambda: endpoint.requests == 1)
        leave.set()
        with Exporter(endpoint.port) as client:
            assert client.ask(request(BODY)).body == BODY


# Limits


@pytest.mark.parametrize(
    "opening, status, within",
    [
        pytest.param(b"", None, 0.5, id="silent"),
        pytest.param(b"POST / HT", 408, 0.5, id="half a head"),
        pytest.param(request(BODY)[:-10], 408, 1.0, id="half a body"),
        pytest.param(request(BODY), 200, 2.0, id="idle after a request"),
    ],
)
def test_silent_client(port: int, opening: bytes, status: Optional[int], within: float) -> None:
    with Exporter(port) as client:
        started = time.monotonic()
        client.send(opening)
        if status is not None:
            assert client.answer().status == status
        assert client.is_closed(within=10)
        assert within - 0.1 < time.monotonic() - started < within + 6.0


def test_slow_drip(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pywbem._endpoint.connection.LINGER_TIME", 0.2)
    with Exporter(port) as client:
        started = time.monotonic()
        with pytest.raises(OSError):
            for byte in request(BODY) * 10:
                client.send(bytes([byte]))
                time.sleep(0.02)
        assert time.monotonic() - started < 10


def test_client_that_takes_no_answers() -> None:
    def handler(asked: Request) -> Response:
        return Response(200, body=b"x" * 100000)

    with running(handler) as endpoint, Exporter(endpoint.port) as client:
        client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.send(request() * 100)
        assert eventually(lambda: endpoint.requests > 0)
        handled = endpoint.requests
        assert handled < 100
        assert eventually(lambda: endpoint.open_connections == 0)
        assert endpoint.requests < 100


def test_client_that_takes_answers_late() -> None:
    def handler(asked: Request) -> Response:
        return Response(200, body=b"x" * 100000)

    with running(handler) as endpoint, Exporter(endpoint.port) as client:
        client.send(request() * 100)
        time.sleep(0.3)
        assert [len(client.answer().body) for _ in range(100)] == [100000] * 100


def test_connections_are_limited() -> None:
    with running() as endpoint, ExitStack() as stack:
        useful = stack.enter_context(Exporter(endpoint.port))
        assert useful.ask(request(BODY)).status == 200
        # Those that have asked for nothing make room for others.
        for _ in range(50):
            stack.enter_context(Exporter(endpoint.port))
        assert eventually(lambda: endpoint.accepted == 51)
        assert endpoint.open_connections <= LIMITS.connections
        assert useful.ask(request(BODY)).status == 200
        with Exporter(endpoint.port) as late:
            assert late.ask(request(BODY)).status == 200


def test_handshakes_are_limited(authority: Authority, tls: ssl.SSLContext) -> None:
    trusting = ssl.create_default_context(cafile=authority.file)
    limits = LIMITS._replace(handshake_time=30)
    with running(context=tls, limits=limits) as endpoint, ExitStack() as stack:
        for _ in range(50):
            stack.enter_context(Exporter(endpoint.port))
        assert eventually(lambda: endpoint.accepted == 50)
        assert endpoint.open_connections <= LIMITS.connections
        with Exporter(endpoint.port, trusting) as client:
            assert client.ask(request(BODY)).body == BODY
        started = time.monotonic()
        endpoint.stop()
        assert time.monotonic() - started < PROMPT


def test_bodies_are_limited_together() -> None:
    limits = LIMITS._replace(body_time=30)
    with running(limits=limits) as endpoint, ExitStack() as stack:
        # 9000 bytes each of 10000 announced: the third one is too much.
        clients = [stack.enter_context(Exporter(endpoint.port)) for _ in range(3)]
        for size, client in zip((9000, 8900, 8800), clients):
            client.send(request(b"x" * 10000)[: size - 10000])
            time.sleep(0.1)
        assert clients[0].answer().status == 503
        for size, client in zip((8900, 8800), clients[1:]):
            client.send(b"x" * (10000 - size))
            assert client.answer().status == 200


# Addresses


@pytest.mark.parametrize(
    "host, addresses",
    [
        ("127.0.0.1", ["127.0.0.1"]),
        ("localhost", ["127.0.0.1"]),
        ("0.0.0.0", ["127.0.0.1"]),
        ("", ["127.0.0.1", "::1"]),
        ("::1", ["::1"]),
        ("::", ["127.0.0.1", "::1"]),
    ],
)
def test_addresses(host: str, addresses: List[str]) -> None:
    if ":" in host or "::1" in addresses:
        try:
            socket.create_server(("::1", 0), family=socket.AF_INET6).close()
        except OSError:
            pytest.skip("no IPv6")
    with running(host=host) as endpoint:
        for address in addresses:
            with Exporter(endpoint.port, address=address) as client:
                assert client.ask(request(BODY)).body == BODY


def test_port_in_use_leaves_nothing_open() -> None:
    with running() as endpoint:
        other = HTTPEndpoint(echo)
        with pytest.raises(OSError, match="in use"):
            other.bind("127.0.0.1", endpoint.port)
        other.stop()


@pytest.mark.parametrize(
    "host, port", [("no-such-host.invalid", 0), ("192.0.2.1", 0), ("127.0.0.1", 70000)]
)
def test_address_that_cannot_be_used(host: str, port: int) -> None:
    with pytest.raises(OSError):
        HTTPEndpoint(echo).bind(host, port)


# TLS


def test_tls_beside_plain(authority: Authority, tls: ssl.SSLContext) -> None:
    trusting = ssl.create_default_context(cafile=authority.file)
    endpoint = HTTPEndpoint(lambda asked: Response(200, body=b"%d" % asked.tls))
    plain_port = endpoint.bind("127.0.0.1", 0)
    tls_port = endpoint.bind("127.0.0.1", 0, tls)
    endpoint.start()
    try:
        with Exporter(plain_port) as client:
            assert [client.ask(request(BODY)).body for _ in range(2)] == [b"0", b"0"]
        with Exporter(tls_port, trusting) as client:
            assert [client.ask(request(BODY)).body for _ in range(2)] == [b"1", b"1"]
            client.send(request(BODY) * 200)
            assert [client.answer().status for _ in range(200)] == [200] * 200
    finally:
        endpoint.stop()


@pytest.mark.parametrize(
    "opening",
    [
        pytest.param(b"", id="silent"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01", id="half a handshake"),
        pytest.param(request(BODY), id="HTTP"),
    ],
)
def test_no_handshake(authority: Authority, tls: ssl.SSLContext, opening: bytes) -> None:
    with running(context=tls) as endpoint:
        with Exporter(endpoint.port) as client:
            client.send(opening)
            client.sock.settimeout(5)
            try:
                while client.sock.recv(1000):
                    pass  # an alert
            except ConnectionResetError:
                pass
        assert eventually(lambda: endpoint.open_connections == 0)
        trusting = ssl.create_default_context(cafile=authority.file)
        with Exporter(endpoint.port, trusting) as client:
            assert client.ask(request(BODY)).body == BODY


# Stopping


def test_stop_answers_what_has_arrived() -> None:
    go = threading.Event()

    def handler(asked: Request) -> Response:
        go.wait(10)
        return echo(asked)

    with running(handler, workers=1) as endpoint, Exporter(endpoint.port) as client:
        client.send(request(BODY))
        assert eventually(lambda: endpoint.requests == 1)
        threading.Timer(0.2, go.set).start()
        endpoint.stop()
        answer = client.answer()
        assert (answer.body, answer.headers["connection"]) == (BODY, "close")
        assert client.is_closed()


@pytest.mark.parametrize(
    "opening",
    [
        pytest.param(b"", id="silent"),
        pytest.param(b"POST / HT", id="half a head"),
        pytest.param(request(BODY)[:-10], id="half a body"),
        pytest.param(request(BODY), id="idle"),
        pytest.param(request(Content_Length="20000"), id="refused"),
        pytest.param(request(BODY) * 5000, id="takes no answers"),
    ],
)
@pytest.mark.parametrize("encrypted", [False, True], ids=["http", "https"])
def test_stop_does_not_wait_for_clients(
    authority: Authority, tls: ssl.SSLContext, opening: bytes, encrypted: bool
) -> None:
    trusting = ssl.create_default_context(cafile=authority.file) if encrypted else None
    before = threading.active_count()
    context = tls if encrypted else None
    with running(context=context) as endpoint, Exporter(endpoint.port, trusting) as client:
        sender = threading.Thread(target=send_quietly, args=(client, opening))
        sender.start()
        time.sleep(0.1)
        started = time.monotonic()
        endpoint.stop()
        assert time.monotonic() - started < PROMPT
        assert endpoint.open_connections == 0
        sender.join(10)
        assert not sender.is_alive()
    assert eventually(lambda: threading.active_count() <= before)


def send_quietly(client: Exporter, data: bytes) -> None:
    try:
        client.send(data)
    except OSError:
        pass  # that is what the test is about


def test_stop_twice_and_before_start() -> None:
    endpoint = HTTPEndpoint(echo)
    endpoint.stop()
    port = endpoint.bind("127.0.0.1", 0)
    endpoint.stop()
    with pytest.raises(ConnectionRefusedError):
        Exporter(port)
    with running() as endpoint:
        endpoint.stop()
        endpoint.stop()
