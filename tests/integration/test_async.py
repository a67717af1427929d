"""
Tasks and event loops: cancellation, connections that are shared, and their end.
"""

from __future__ import annotations

import asyncio
import collections
import contextlib
import gc
import logging
import re
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Awaitable, Callable, Iterator, List, Tuple, Type, TypeVar

import pytest

import pywbem
from tests.integration import test_threads
from tests.integration.conftest import Authority
from tests.integration.faultserver import FaultServer, Peer, Script, answer, chunked, reply
from tests.integration.test_http_auth import tunnel
from tests.integration.test_http_connections import lookup
from tests.integration.test_streaming import END, START, keys, named, waits
from tests.responder import Responder
from tests.shared_data import ROOT

T = TypeVar("T")

OK = answer(reply(START + named(1) + END))


def run(work: Callable[[], Awaitable[T]], debug: bool = False) -> T:
    """Run a coroutine in a new event loop, in which nothing may go wrong behind its back."""
    complaints: List[Any] = []

    async def watched() -> T:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _loop, context: complaints.append(context))
        result = await asyncio.wait_for(work(), 60)
        gc.collect()
        await asyncio.sleep(0)
        return result

    result = asyncio.run(watched(), debug=debug)
    gc.collect()
    assert complaints == []
    return result


async def until(true: Callable[[], Any], seconds: float = 20) -> None:
    """Wait until something is true."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        await asyncio.sleep(0.005)


# Cancelling


def stays(peer: Peer) -> None:
    """Wait for the end of the connection."""
    while peer.sock.recv(65536):
        pass


def hangs_after_request(peer: Peer) -> None:
    if peer.read_request() is not None:
        stays(peer)


def hangs_in_body(peer: Peer) -> None:
    if peer.read_request() is not None:
        peer.send(reply(START + named(1), length="99999"))
        stays(peer)


def hangs_in_tunnel(peer: Peer) -> None:
    peer.read_request()
    peer.send(b"HTTP/1.1 200 OK\r\n\r\n")
    stays(peer)


CANCELLED = [
    ("connected", "http", hangs_after_request),
    ("body", "http", hangs_in_body),
    ("unread", "http", stays),
    ("handshake", "https", stays),
    ("proxy", "proxy", hangs_after_request),
    ("handshake-through-proxy", "proxy", hangs_in_tunnel),
]


@pytest.mark.parametrize("after", [0.0, 0.15], ids=["at-once", "later"])
@pytest.mark.parametrize(
    "scheme, script", [case[1:] for case in CANCELLED], ids=[case[0] for case in CANCELLED]
)
def test_cancelling_closes_the_socket(scheme: str, script: Script, after: float) -> None:
    """And nothing else: another task goes on over its own, and nothing is sent again."""
    with FaultServer(script) as server:
        url, proxies = server.url.replace("http:", f"{scheme}:"), None
        if scheme == "proxy":
            url, proxies = "https://wbem.example", {"https": server.url}

        async def work() -> None:
            async with pywbem.AsyncWBEMConnection(url, proxies=proxies) as conn:
                other = asyncio.ensure_future(conn.EnumerateInstances("C"))
                await until(lambda: server.connections == 1)
                task = asyncio.ensure_future(conn.EnumerateInstances("C"))
                await (asyncio.sleep(after) if after else until(lambda: server.connections == 2))
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
                await until(lambda: server.open == 1)
                assert not other.done()
                other.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await other
                await until(lambda: server.open == 0)
                sent = len(server.requests)
                await asyncio.sleep(0.05)
                assert len(server.requests) == sent <= 2

        run(work)


@pytest.mark.parametrize("steps", range(12))
def test_cancelling_in_any_round_of_the_loop(steps: int, authority: Authority) -> None:
    with FaultServer(OK, authority.server_context("127.0.0.1")) as server:

        async def work() -> None:
            async with pywbem.AsyncWBEMConnection(
                server.url, ca_certs=authority.file, max_connections=1
            ) as conn:
                task = asyncio.ensure_future(conn.EnumerateInstances("C"))
                for _ in range(steps):
                    await asyncio.sleep(0)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
                # The place is free again.
                assert keys(await conn.EnumerateInstances("C")) == ["1"]

        run(work, debug=True)
        assert server.all_closed()


def test_cancelling_while_waiting_for_a_place() -> None:
    with FaultServer(hangs_after_request) as server:

        async def work() -> None:
            async with pywbem.AsyncWBEMConnection(server.url, max_connections=1) as conn:
                first, *others = [
                    asyncio.ensure_future(conn.EnumerateInstances("C")) for _ in range(4)
                ]
                await until(lambda: server.requests)
                others[0].cancel()
                # The place and the cancellation come in the same moment.
                first.cancel()
                await asyncio.sleep(0)
                others[1].cancel()
                await until(lambda: len(server.requests) == 2)
                others[2].cancel()
                results = await asyncio.gather(first, *others, return_exceptions=True)
                assert [type(result) for result in results] == [asyncio.CancelledError] * 4
                assert server.connections == 2

        run(work)


def test_place_of_a_call_that_no_longer_waits() -> None:
    """A place that is given back in the moment of its cancellation is for the next."""
    go = threading.Event()
    with FaultServer(waits(START + named(1), END, go=go)) as server:

        async def work() -> None:
            async with pywbem.AsyncWBEMConnection(server.url, timeout=5, max_connections=1) as conn:
                instances = conn.IterEnumerateInstances("C")
                assert (await instances.__anext__())["K"] == "1"
                waiting = asyncio.ensure_future(conn.EnumerateInstances("C"))
                for _ in range(10):
                    await asyncio.sleep(0)
                waiting.cancel()
                await instances.aclose()
                go.set()
                assert keys(await conn.EnumerateInstances("C")) == ["1"]
                with pytest.raises(asyncio.CancelledError):
                    await waiting

        run(work)


def test_cancelling_a_stream() -> None:
    go = threading.Event()
    with FaultServer(waits(START + named(1), named(2), END, go=go)) as server:

        async def work() -> None:
            async with pywbem.AsyncWBEMConnection(server.url) as conn:
                got = []

                async def read() -> None:
                    async for instance in conn.IterEnumerateInstances("C"):
                        got.append(instance["K"])

                task = asyncio.ensure_future(read())
                await until(lambda: got)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
                go.set()
                await until(lambda: server.open == 0)
                assert keys([item async for item in conn.IterEnumerateInstances("C")]) == ["1", "2"]

        run(work)


def test_timeout_covers_the_wait_for_a_place() -> None:
    with FaultServer(hangs_after_request) as server:

        async def work() -> None:
            async with pywbem.AsyncWBEMConnection(
                server.url, timeout=0.7, max_connections=1
            ) as conn:
                started = time.monotonic()
                results = await asyncio.gather(
                    *(conn.EnumerateInstances("C") for _ in range(3)), return_exceptions=True
                )
                assert time.monotonic() - started < 4
                assert {type(result) for result in results} == {pywbem.TimeoutError}
                # Who began last may have some time left when the place is free.
                assert len(server.requests) < 3
                # And there are not more places than before.
                await until(lambda: server.open == 0)
                calls = [asyncio.ensure_future(conn.EnumerateInstances("C")) for _ in range(3)]
                await until(lambda: server.open)
                await asyncio.sleep(0.1)
                assert server.open == 1
                await asyncio.gather(*calls, return_exceptions=True)

        run(work)


def test_stream_that_uses_the_only_connection() -> None:
    """That there is no connection left is no fault of the server."""

    def script(peer: Peer) -> None:
        peer.read_request()
        peer.send(chunked([START + named(1)])[: -len(b"0\r\n\r\n")])
        peer.hang()

    with FaultServer(script) as server:

        async def work() -> None:
            async with pywbem.AsyncWBEMConnection(
                server.url, timeout=0.4, max_connections=1
            ) as conn:
                stream = conn.IterEnumerateInstances("C")
                await stream.__anext__()
                with pytest.raises(pywbem.TimeoutError, match="max_connections"):
                    await conn.EnumerateInstances("C")
                await stream.aclose()

        run(work)
        assert len(server.requests) == 1


def test_name_service_that_answers_after_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    done = threading.Event()

    def slow() -> List[Any]:
        done.wait(20)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", lookup(slow))

    async def work() -> None:
        async with pywbem.AsyncWBEMConnection("http://slow.example") as conn:
            task = asyncio.ensure_future(conn.EnumerateInstances("C"))
            await asyncio.sleep(0.05)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    run(work)
    done.set()
    for thread in threading.enumerate():
        if thread.name == "pywbem-resolve":
            thread.join(20)


def test_name_service_that_raises_something_else(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> List[Any]:
        raise UnicodeError("label too long")

    monkeypatch.setattr(socket, "getaddrinfo", lookup(fails))

    async def work() -> None:
        async with pywbem.AsyncWBEMConnection("http://odd.example") as conn:
            with pytest.raises(pywbem.ConnectionError, match="label too long"):
                await conn.EnumerateInstances("C")

    run(work)


# Connections


@pytest.mark.parametrize(
    "limit, exception",
    [(0, ValueError), (-1, ValueError), (None, ValueError), (2.5, TypeError), ("2", TypeError)],
)
def test_max_connections_is_a_number(limit: Any, exception: Type[Exception]) -> None:
    with pytest.raises(exception, match="max_connections"):
        pywbem.AsyncWBEMConnection("http://127.0.0.1", max_connections=limit)


@pytest.mark.parametrize("limit", [1, 3, 10])
def test_max_connections(limit: int) -> None:
    with FaultServer(OK) as server:

        async def work() -> None:
            async with pywbem.AsyncWBEMConnection(server.url, max_connections=limit) as conn:
                assert conn.max_connections == conn.copy().max_connections == limit
                results = await asyncio.gather(*(conn.EnumerateInstances("C") for _ in range(40)))
                assert [keys(result) for result in results] == [["1"]] * 40

        run(work)
        assert 1 <= server.connections <= limit
        assert server.all_closed()


def test_close_lets_operations_finish() -> None:
    go = threading.Event()
    with FaultServer(waits(START + named(1), END, go=go)) as server:

        async def work() -> None:
            conn = pywbem.AsyncWBEMConnection(server.url)
            task = asyncio.ensure_future(conn.EnumerateInstances("C"))
            await until(lambda: server.requests)
            await conn.close()
            go.set()
            assert keys(await task) == ["1"]
            await until(lambda: server.open == 0)
            with pytest.raises(pywbem.ConnectionError, match="closed"):
                await conn.EnumerateInstances("C")

        run(work)


@pytest.mark.parametrize("secure", [True, False], ids=["https", "http"])
def test_one_connection_in_several_event_loops(secure: bool, authority: Authority) -> None:
    with FaultServer(OK, authority.server_context("127.0.0.1") if secure else None) as server:
        conn = pywbem.AsyncWBEMConnection(server.url, ca_certs=authority.file)
        for count in range(1, 4):
            assert keys(run(lambda: conn.EnumerateInstances("C"))) == ["1"]
            # Nobody has closed it; the sockets end with their loop.
            assert server.all_closed()
            assert server.connections == count
        run(conn.close)


def test_connection_object_that_is_lost() -> None:
    with FaultServer(OK) as server:

        async def work() -> None:
            conn = pywbem.AsyncWBEMConnection(server.url)
            await conn.EnumerateInstances("C")
            assert server.open == 1
            del conn
            gc.collect()
            await until(lambda: server.open == 0)

        run(work)


@pytest.mark.parametrize("reset", [True, False], ids=["reset", "close"])
def test_server_closes_while_the_loop_is_held(reset: bool) -> None:
    closed = threading.Event()

    def script(peer: Peer) -> None:
        peer.read_request()
        peer.send(reply(START + END))
        if reset:
            time.sleep(0.1)
            peer.reset()
        peer.sock.close()
        closed.set()

    with FaultServer(script) as server:

        async def work() -> None:
            async with pywbem.AsyncWBEMConnection(server.url) as conn:
                for _ in range(3):
                    closed.clear()
                    assert await conn.EnumerateInstances("C") == []
                    # Work that keeps the loop from seeing the end of the connection.
                    closed.wait(20)
                    time.sleep(0.05)

        run(work)
        assert (server.connections, len(server.requests)) == (3, 3)


def test_reply_that_comes_before_the_request_is_sent() -> None:
    def script(peer: Peer) -> None:
        peer.sock.recv(1000)
        peer.send(reply(b"", "413 Content Too Large"))
        peer.sock.shutdown(socket.SHUT_WR)
        while peer.sock.recv(1_000_000):
            pass

    with FaultServer(script) as server:
        instance = pywbem.CIMInstance("C", {"K": "x" * 10_000_000})

        async def work() -> None:
            async with pywbem.AsyncWBEMConnection(server.url) as conn:
                with pytest.raises(pywbem.HTTPError) as caught:
                    await conn.CreateInstance(instance)
                assert caught.value.status == 413

        run(work)


@pytest.mark.parametrize(
    "proxy, text",
    [
        ("socks5://user:Secret!@127.0.0.1:1", "goes through HTTP proxies"),
        ("https://user:Secret!@127.0.0.1:1", "goes through HTTP proxies"),
        ("http://user:Secret!@127.0.0.1:1", "Connection refused"),
    ],
)
def test_proxies_that_cannot_be_used(proxy: str, text: str) -> None:
    async def work() -> None:
        proxies = {"http": proxy}
        async with pywbem.AsyncWBEMConnection("http://wbem.example", proxies=proxies) as conn:
            for _ in range(2):
                with pytest.raises(pywbem.ConnectionError, match=text) as caught:
                    await conn.EnumerateInstances("C")
                assert "Secret!" not in str(caught.value) + repr(conn)

    run(work)


def test_many_tasks_through_a_tunnel(authority: Authority) -> None:
    with FaultServer(tunnel(authority.server_context("wbem.example"))) as proxy:

        async def work() -> None:
            async with pywbem.AsyncWBEMConnection(
                "https://wbem.example",
                proxies={"https": proxy.url.replace("//", "//p:p\u20ac@")},
                ca_certs=authority.file,
                max_connections=3,
            ) as conn:
                results = await asyncio.gather(
                    *(conn.EnumerateInstances("C") for _ in range(12)), return_exceptions=True
                )
                # The tunnel answers with something that is no CIM-XML.
                assert {type(result) for result in results} == {pywbem.CIMXMLParseError}

        run(work)
        assert proxy.connections <= 12
        assert proxy.all_closed()


def test_no_event_loop_is_held() -> None:
    """A large reply is decoded in pieces, between which other tasks go on."""
    body = START + b"".join(named(key) for key in range(5000)) + END
    with FaultServer(answer(chunked([body]))) as server:

        async def work() -> None:
            rounds = 0

            async def count() -> None:
                nonlocal rounds
                while True:
                    rounds += 1
                    await asyncio.sleep(0)

            counting = asyncio.ensure_future(count())
            async with pywbem.AsyncWBEMConnection(server.url) as conn:
                assert len(await conn.EnumerateInstances("C")) == 5000
            counting.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await counting
            assert rounds > 3

        run(work)


# Observers


class Recorder(pywbem.BaseOperationRecorder):
    """Keeps the token of the request and the token of the result."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: List[Tuple[str, bool]] = []

    def record(self, pywbem_args: Any, pywbem_result: Any, *http: Any) -> None:
        match = re.search(r"token_[0-9a-z_]+", str(pywbem_args))
        assert match
        # Deleting returns nothing that could be told from that of another.
        answered = http[1:] if pywbem_args.method != "DeleteInstance" else ()
        parts = [http[0].payload, *(response.payload for response in answered)]
        self.seen.append((match.group(), all(match.group() in str(part) for part in parts)))


def check_observed(conn: Any, recorder: Recorder, count: int, failed: int) -> None:
    assert len(recorder.seen) == count
    assert len({token for token, _ in recorder.seen}) == count
    assert all(right for _token, right in recorder.seen)
    statistics = [statistic for _, statistic in conn.statistics.snapshot()]
    assert sum(statistic.count for statistic in statistics) == count
    assert sum(statistic.exception_count for statistic in statistics) == failed


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Callable[[Any], None]]:
    """Logs a connection to a file; at the end each operation must be in there."""
    loggers = [logging.getLogger(name) for name in ("pywbem.api", "pywbem.http")]
    before = [(logger.level, list(logger.handlers)) for logger in loggers]
    path = tmp_path / "wbem.log"
    yield lambda conn: pywbem.configure_logger(
        "all", log_dest="file", log_filename=str(path), detail_level="summary", connection=conn
    )
    for logger, (level, handlers) in zip(loggers, before):
        for handler in set(logger.handlers) - set(handlers):
            logger.removeHandler(handler)
            handler.close()
        logger.setLevel(level)
    counts = collections.Counter(
        line.split("-pywbem.")[1].split(":")[0] for line in path.read_text().splitlines()
    )
    ends = ("Request", "Response", "Return", "Exception")
    api, http = (
        [
            sum(n for key, n in counts.items() if key.startswith(area) and key.endswith(end))
            for end in ends
        ]
        for area in ("api", "http")
    )
    assert api[0] == http[0] == http[1] == api[2] + api[3] > 0, counts


def test_tasks_share_a_connection(log: Callable[[Any], None]) -> None:
    tasks, operations = 50, 20

    async def one(conn: Any, task: int) -> None:
        for count in range(operations):
            token = f"token_{task}_{count}"
            if count % 4 == 3:
                with pytest.raises(pywbem.CIMError, match=token):
                    await conn.GetQualifier(token)
            else:
                instance = await conn.GetInstance(test_threads.path(token))
                assert instance["Echo"] == token

    with Responder(test_threads.answer) as server:

        async def work() -> None:
            recorder = Recorder()
            async with pywbem.AsyncWBEMConnection(server.url, stats_enabled=True) as conn:
                conn.add_operation_recorder(recorder)
                log(conn)
                await asyncio.gather(*(one(conn, task) for task in range(tasks)))
                check_observed(conn, recorder, tasks * operations, tasks * operations // 4)

        run(work)


RESPONDER = """
import sys
from tests.integration.test_threads import answer
from tests.responder import Responder
with Responder(answer) as server:
    print(server.url, flush=True)
    sys.stdin.read()
"""


@contextlib.contextmanager
def responder_process() -> Iterator[str]:
    """The URL of a responder that does not share an interpreter with its clients."""
    with subprocess.Popen(
        [sys.executable, "-c", RESPONDER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=str(ROOT),
    ) as process:
        assert process.stdin and process.stdout
        yield process.stdout.readline().decode("ascii").strip()
        process.stdin.close()
        assert process.wait(20) == 0


@pytest.fixture
def restless() -> Iterator[None]:
    """Threads change more often than they do by themselves."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(before / 10)
    yield
    sys.setswitchinterval(before)


@pytest.mark.slow
@pytest.mark.usefixtures("restless")
def test_threads_share_a_connection(log: Callable[[Any], None]) -> None:
    threads, operations = 64, 4 * len(test_threads.KINDS)
    failures: List[BaseException] = []

    def one(conn: Any, thread: int) -> None:
        try:
            for count in range(operations):
                token = f"token_{thread}_{count}"
                test_threads.KINDS[count % len(test_threads.KINDS)](conn, token)
        except BaseException as exc:
            failures.append(exc)

    with responder_process() as url:
        recorder = Recorder()
        with pywbem.WBEMConnection(url, stats_enabled=True) as conn:
            conn.add_operation_recorder(recorder)
            log(conn)
            workers = [threading.Thread(target=one, args=(conn, n)) for n in range(threads)]
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join()
            assert failures == []
            index = test_threads.KINDS.index(test_threads.failing)
            failed = len(range(index, operations, len(test_threads.KINDS)))
            check_observed(conn, recorder, threads * operations, threads * failed)
