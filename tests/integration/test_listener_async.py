"""
AsyncWBEMListener: what it has beside the other form, in the loop of the program.
"""

from __future__ import annotations

import asyncio
import logging
import pickle
import threading
import time
from pathlib import Path
from typing import Any, Awaitable, Callable, Dict, List, Optional, Tuple

import pytest

import pywbem
from pywbem import AsyncWBEMListener
from tests.integration.exporter import export_body, indication, request
from tests.integration.receiver import HOST

TIME_LIMIT = 30


def run(main: Callable[[], Awaitable[Any]]) -> Any:
    """Run a coroutine function, which must end."""

    async def limited() -> Any:
        return await asyncio.wait_for(main(), TIME_LIMIT)

    return asyncio.run(limited())


async def export(
    listener: AsyncWBEMListener, *texts: object, context: Optional[str] = None
) -> List[bool]:
    """Export indications, numbered from 0 in a context; return what was accepted."""
    reader, writer = await asyncio.open_connection(HOST, listener.http_port)
    accepted = []
    for number, text in enumerate(texts):
        place = None if context is None else number
        writer.write(request(export_body(indication(text, context, place))))
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        accepted.append(b"<ERROR" not in await reader.readexactly(length))
    writer.close()
    return accepted


def test_loop() -> None:
    async def main() -> None:
        texts = []
        async with AsyncWBEMListener(HOST, 0) as listener:
            assert (listener.http_started, listener.https_started) == (True, False)
            assert await export(listener, *range(5)) == [True] * 5
            assert listener.ind_queue_size() == 5
            async for item in listener:
                instance, host = item
                assert (host, item.host, item.indication is instance) == (HOST, HOST, True)
                assert (instance.classname, instance.path, item.redelivered) == (
                    "TST_Indication", None, False,
                )  # fmt: skip
                texts.append(instance["Text"])
                if len(texts) == 5:
                    break
        assert texts == list("01234")
        assert (listener.http_started, listener.http_port) == (False, 0)
        assert listener.ind_queue_exists() is False
        assert listener.counters[:4] == (1, 5, 5, 0)

    run(main)


@pytest.mark.parametrize("kind", ["coroutine", "function", "awaitable"])
def test_callbacks(kind: str) -> None:
    calls: List[Tuple[str, str, int]] = []

    async def coroutine(instance: pywbem.CIMInstance, host: str) -> None:
        await asyncio.sleep(0.001)
        function(instance, host)

    def function(instance: pywbem.CIMInstance, host: str) -> None:
        calls.append((instance["Text"], host, threading.get_ident()))

    def awaitable(instance: pywbem.CIMInstance, host: str) -> Any:
        return asyncio.ensure_future(coroutine(instance, host))

    async def main() -> None:
        listener = AsyncWBEMListener(HOST, 0)
        kinds: Dict[str, Any] = {"coroutine": coroutine, "function": function}
        listener.add_callback(kinds.get(kind, awaitable))
        before = threading.active_count()
        async with listener:
            await export(listener, *range(50))
            assert threading.active_count() == before
        assert calls == [(str(number), HOST, threading.get_ident()) for number in range(50)]
        assert listener.counters.delivered == 50

    run(main)


def test_callback_added_when_indications_wait() -> None:
    texts: List[str] = []

    async def callback(instance: pywbem.CIMInstance, host: str) -> None:
        texts.append(instance["Text"])

    async def main() -> None:
        async with AsyncWBEMListener(HOST, 0) as listener:
            await export(listener, "a", "b")
            listener.add_callback(callback)
            with pytest.raises(RuntimeError, match="The callbacks of the listener get"):
                await listener.__anext__()
        assert texts == ["a", "b"]

    run(main)


@pytest.mark.parametrize(
    "error", [ValueError("a defect"), SystemExit("a defect"), asyncio.CancelledError()], ids=repr
)
def test_callback_that_raises(error: BaseException, caplog: pytest.LogCaptureFixture) -> None:
    texts: List[str] = []

    async def failing(instance: pywbem.CIMInstance, host: str) -> None:
        raise error

    async def main() -> None:
        listener = AsyncWBEMListener(HOST, 0)
        listener.add_callback(failing)
        listener.add_callback(lambda instance, host: texts.append(instance["Text"]))
        async with listener:
            await export(listener, 1, 2)
        assert listener.counters[:5] == (1, 2, 2, 0, 2)

    run(main)
    assert texts == ["1", "2"]
    lines = [one.getMessage() for one in caplog.records if one.levelno == logging.ERROR]
    assert lines == [f"Callback function 'failing' raised {type(error).__name__}: {error}"] * 2


def test_loops_end_when_the_listener_is_stopped() -> None:
    async def main() -> None:
        texts: List[List[str]] = [[], []]

        async def consume(mine: List[str]) -> None:
            async for instance, _ in listener:
                await asyncio.sleep(0.001)
                mine.append(instance["Text"])

        async with AsyncWBEMListener(HOST, 0) as listener:
            tasks = [asyncio.ensure_future(consume(mine)) for mine in texts]
            await export(listener, *range(40))
        await asyncio.gather(*tasks)
        # Each got others, in order.
        assert all(mine == sorted(mine, key=int) and mine for mine in texts)
        assert sorted(texts[0] + texts[1], key=int) == [str(number) for number in range(40)]
        assert listener.counters.delivered == 40
        with pytest.raises(StopAsyncIteration):
            await listener.__anext__()

    run(main)


@pytest.mark.parametrize("where", ["in the loop", "in a callback", "in another task"])
def test_stop(where: str) -> None:
    texts: List[str] = []

    async def callback(instance: pywbem.CIMInstance, host: str) -> None:
        if not texts:
            await events[0].wait()
            await listener.stop()
            assert not listener.http_started
        texts.append(instance["Text"])

    async def main() -> None:
        events.append(asyncio.Event())
        if where == "in a callback":
            listener.add_callback(callback)
        async with listener:
            await export(listener, *range(9))
            events[0].set()
            if where == "in another task":
                stopping = asyncio.ensure_future(listener.stop())
            if where != "in a callback":
                async for instance, host in listener:
                    if where == "in the loop":
                        await callback(instance, host)
                    else:
                        texts.append(instance["Text"])
            if where == "in another task":
                await stopping
        assert listener.counters[1:4] == (9, 9, 0)

    listener = AsyncWBEMListener(HOST, 0)
    events: List[asyncio.Event] = []
    run(main)
    assert texts == [str(number) for number in range(9)]


@pytest.mark.parametrize("how", ["callback", "loop", "nobody"])
def test_what_nobody_takes_is_logged(
    how: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of what it waits for when it stops, less.
    monkeypatch.setattr(AsyncWBEMListener.stop, "__defaults__", (0.5,))

    async def hang(instance: pywbem.CIMInstance, host: str) -> None:
        await asyncio.sleep(100)

    async def main() -> None:
        listener = AsyncWBEMListener(HOST, 0)
        if how == "callback":
            listener.add_callback(hang)
        async with listener:
            await export(listener, *range(4))
            # One that waits for an earlier one.
            await export(listener, "0", context="c")
            if how == "loop":
                async for _ in listener:
                    break
            await asyncio.sleep(0.01)
            started = time.monotonic()
        assert time.monotonic() - started < 5
        delivered = 1 if how == "loop" else 0
        assert listener.counters[1:4] == (5, delivered, 5 - delivered)
        assert f"pywbem_listener_indications_abandoned_total {5 - delivered}" in listener.metrics()

    run(main)
    lines = [one.getMessage() for one in caplog.records if one.levelno == logging.WARNING]
    start = "Not delivered before the listener was stopped: TST_Indication from 127.0.0.1 with"
    assert lines == [f"{start} message ID 1"] * (4 if how == "loop" else 5)


def test_leaving_the_block_takes_no_longer_than_five_seconds() -> None:
    async def hang(instance: pywbem.CIMInstance, host: str) -> None:
        try:
            await asyncio.sleep(100)
        except asyncio.CancelledError:
            await asyncio.sleep(100)

    async def main() -> None:
        listener = AsyncWBEMListener(HOST, 0)
        listener.add_callback(hang)
        async with listener:
            await export(listener, "text")
            reader, writer = await asyncio.open_connection(HOST, listener.http_port)
            writer.write(b"POST / HTTP/1.1\r\n")
            started = time.monotonic()
        assert 3 < time.monotonic() - started < 5
        assert await reader.read() == b""
        writer.close()

    run(main)


def test_journal_and_loop(tmp_path: Path) -> None:
    async def life(count: int, error: Optional[Exception] = None) -> List[Tuple[str, bool]]:
        got: List[Tuple[str, bool]] = []
        try:
            async with AsyncWBEMListener(HOST, 0, journal=tmp_path / "journal") as listener:
                if not lives:
                    await export(listener, *range(6), context="c")
                async for item in listener:
                    got.append((item.indication["Text"], item.redelivered))
                    if len(got) == count:
                        if error is not None:
                            raise error
                        break
        except ValueError:
            pass
        return got

    lives: List[List[Tuple[str, bool]]] = []

    async def main() -> None:
        lives.append(await life(2))
        # The body raises: the program is not through with the third one.
        lives.append(await life(1, ValueError("a defect")))
        lives.append(await life(4))

    run(main)
    assert lives == [
        [("0", False), ("1", False)],
        [("2", True)],
        [("2", True), ("3", True), ("4", True), ("5", True)],
    ]


def test_journal_that_cannot_be_used(tmp_path: Path) -> None:
    async def main() -> None:
        before = threading.active_count()
        listener = AsyncWBEMListener(HOST, 0, journal=tmp_path)
        with pytest.raises(pywbem.ListenerStartError, match="cannot be used"):
            await listener.__aenter__()
        assert (listener.http_started, listener.ind_queue_exists()) == (False, False)
        assert threading.active_count() == before

    run(main)


def test_started_twice_and_again() -> None:
    async def main() -> None:
        listener = AsyncWBEMListener(HOST, 0)
        pickle.loads(pickle.dumps(listener))
        await listener.stop()
        for _ in range(2):
            async with listener:
                with pytest.raises(AssertionError, match="started already"):
                    await listener.__aenter__()
                with pytest.raises(pywbem.ListenerPortError):
                    await AsyncWBEMListener(HOST, listener.http_port).__aenter__()
                await export(listener, "text")
                assert (await listener.__anext__()).indication["Text"] == "text"
        assert listener.counters[:3] == (2, 2, 2)
        pickle.loads(pickle.dumps(listener))

    run(main)


def test_task_that_is_cancelled_while_it_waits_takes_nothing() -> None:
    async def main() -> None:
        async with AsyncWBEMListener(HOST, 0) as listener:
            task = asyncio.ensure_future(listener.__anext__())
            await asyncio.sleep(0.01)
            task.cancel()
            await asyncio.wait([task])
            await export(listener, "text")
            assert (await listener.__anext__()).indication["Text"] == "text"

    run(main)


def test_program_that_is_cancelled(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        async def program() -> None:
            async with listener:
                async for _ in listener:
                    await asyncio.sleep(100)

        listener = AsyncWBEMListener(HOST, 0)
        task = asyncio.ensure_future(program())
        while not listener.http_started:
            await asyncio.sleep(0.001)
        await export(listener, 1, 2)
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()
        assert listener.counters[1:4] == (2, 1, 1)

    run(main)


def test_plain_callback_leaves_others_of_the_loop_their_turn() -> None:
    async def main() -> None:
        listener = AsyncWBEMListener(HOST, 0)
        async with listener:
            await export(listener, *range(100))
            listener.add_callback(lambda instance, host: time.sleep(0.002))
            pauses = []
            while listener.ind_queue_size():
                started = time.monotonic()
                await asyncio.sleep(0)
                pauses.append(time.monotonic() - started)
        assert len(pauses) > 10

    run(main)
