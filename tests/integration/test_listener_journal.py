"""
The journal of a listener: what was answered is delivered, whatever happens.
"""

from __future__ import annotations

import asyncio
import logging
import random
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Tuple

import pytest

import pywbem
from pywbem import AsyncWBEMListener, ListenerStartError, WBEMListener
from tests.integration.exporter import Exporter, export_request
from tests.integration.journal_process import Process, forker, is_accepted, rows
from tests.integration.listener_forms import FORMS, AnyListener, Running
from tests.integration.receiver import HOST, Receiver, eventually


@pytest.fixture(scope="module")
def starter() -> Iterator[Any]:
    with forker() as process:
        yield process


@pytest.mark.parametrize("form", FORMS)
def test_what_is_delivered_is_removed(tmp_path: Path, form: str) -> None:
    journal, receiver = tmp_path / "journal", Receiver()
    for turn in range(2):
        with Running(form, receiver, journal=journal) as listener:
            for number in range(20):
                assert is_accepted(listener.ask(f"{turn} {number}"))
        assert listener.counters.delivered == 20
        assert rows(journal) == []
    assert receiver.texts == [f"{turn} {number}" for turn in range(2) for number in range(20)]


@pytest.mark.parametrize("form", FORMS)
def test_what_is_delivered_is_removed_soon(tmp_path: Path, form: str, starter: Any) -> None:
    with Process(starter, tmp_path, form) as process, Exporter(process.port) as client:
        assert is_accepted(client.ask(export_request("text")))
        assert eventually(lambda: process.delivered() == ["text 0"])
        time.sleep(0.5)
        process.kill()
    assert rows(process.journal) == []


@pytest.mark.parametrize("form", FORMS)
def test_what_is_left_is_delivered_first(tmp_path: Path, form: str, starter: Any) -> None:
    with Process(starter, tmp_path, form, pause=60) as process, Exporter(process.port) as client:
        for number in (57, 59, 58, 60):
            assert is_accepted(client.ask(export_request(number, "c", number)))
        assert is_accepted(client.ask(export_request("unnumbered")))
        process.kill()
    assert len(rows(process.journal)) == 5
    started = time.monotonic()
    with Process(starter, tmp_path, form) as process, Exporter(process.port) as client:
        assert is_accepted(client.ask(export_request(61, "c", 61)))
        process.stop()
    # Nothing is waited for: the sequence goes on where it was.
    assert time.monotonic() - started < 4.5
    assert process.delivered() == ["57 1", "58 1", "59 1", "60 1", "unnumbered 1", "61 0"]
    assert rows(process.journal) == []
    with Process(starter, tmp_path, form) as process, Exporter(process.port) as client:
        assert is_accepted(client.ask(export_request(62, "c", 62)))
        assert eventually(lambda: process.delivered()[-1] == "62 0", 3)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("sent_again", [57, 58], ids=["first", "last"])
def test_duplicate_that_is_left_is_removed(
    tmp_path: Path, form: str, starter: Any, sent_again: int
) -> None:
    """It is written before it is known to be one; a kill may come before it is removed."""
    with Process(starter, tmp_path, form, pause=60) as process, Exporter(process.port) as client:
        for number in (57, 58):
            assert is_accepted(client.ask(export_request(number, "c", number)))
        process.kill()
    with closing(sqlite3.connect(str(process.journal))) as db, db:
        db.execute(
            "INSERT INTO indications (host, called, request)"
            f" SELECT host, called, request FROM indications WHERE id = {sent_again - 56}"
        )
    for _ in range(2):
        with Process(starter, tmp_path, form) as process:
            process.stop()
        assert rows(process.journal) == []
        assert process.delivered() == ["57 1", "58 1"]


def load(tmp_path: Path, form: str, starter: Any, kills: int) -> None:
    """Kill a listener under the load of four senders; count what they had an answer for."""
    answered: Dict[str, int] = {}
    number = [0] * 4

    def send(sender: int, port: int) -> None:
        try:
            with Exporter(port) as client:
                while True:
                    text = f"{sender}.{number[sender]}"
                    # The sender tries again what was not answered, with the same number.
                    request = export_request(text, f"c{sender}", number[sender])
                    if is_accepted(client.ask(request)):
                        answered[text] = answered.get(text, 0) + 1
                        number[sender] += 1
        except OSError:
            pass

    for _ in range(kills):
        with Process(starter, tmp_path, form) as process:
            threads = [threading.Thread(target=send, args=(n, process.port)) for n in range(4)]
            for thread in threads:
                thread.start()
            time.sleep(random.uniform(0.02, 0.3))
            process.kill()
            for thread in threads:
                thread.join(20)
    with Process(starter, tmp_path, form) as process:
        process.stop()
    delivered = [line.split()[0] for line in process.delivered()]
    assert set(answered) - set(delivered) == set()
    assert len(answered) > kills
    assert rows(process.journal) == []
    # In order, but for what is delivered once more.
    for sender in range(4):
        mine = [int(text.split(".")[1]) for text in delivered if text.startswith(f"{sender}.")]
        first = [n for index, n in enumerate(mine) if n not in mine[:index]]
        assert first == sorted(first)


@pytest.mark.parametrize("form", FORMS)
def test_killed_under_load(tmp_path: Path, form: str, starter: Any) -> None:
    load(tmp_path, form, starter, 3)


@pytest.mark.slow
@pytest.mark.parametrize("form", ["threads", "callbacks"])
def test_killed_often_under_load(tmp_path: Path, form: str, starter: Any) -> None:
    load(tmp_path, form, starter, 25)


class Failing:
    """A callback that fails with some indications, a number of times each."""

    def __init__(self, times: int) -> None:
        self.times = times
        self.calls: List[Tuple[str, Optional[bool]]] = []

    def __call__(
        self, indication: pywbem.CIMInstance, host: str, redelivered: Optional[bool] = None
    ) -> None:
        text = indication["Text"]
        self.calls.append((text, redelivered))
        if text == "bad" and len([one for one in self.calls if one[0] == "bad"]) <= self.times:
            raise ValueError("a defect")


@pytest.mark.parametrize("form", ["threads", "callbacks"])
def test_callback_gets_again_what_it_failed_with(tmp_path: Path, form: str) -> None:
    journal, failing, receiver = tmp_path / "journal", Failing(2), Receiver()
    options: Dict[str, Any] = {"on_error": "keep", "error_retry_time": 0.05}
    with Running(form, failing, journal=journal, **options) as listener:
        listener.listener.add_callback(receiver)
        with Exporter(listener.port) as client:
            for text in ("bad", "good"):
                assert is_accepted(client.ask(export_request(text)))
        assert eventually(lambda: listener.counters.delivered == 2)
    assert [call for call in failing.calls if call[0] == "good"] == [("good", False)]
    assert [call for call in failing.calls if call[0] == "bad"] == [
        ("bad", False),
        ("bad", True),
        ("bad", True),
    ]
    # The others do not get it again, and the next ones do not wait for it.
    assert receiver.texts == ["bad", "good"]
    assert listener.counters.failed == 2
    assert rows(journal) == rows(journal, "failures") == []


@pytest.mark.parametrize("form", ["threads", "callbacks"])
def test_what_fails_too_often(tmp_path: Path, form: str, caplog: pytest.LogCaptureFixture) -> None:
    journal, failing = tmp_path / "journal", Failing(100)
    options: Dict[str, Any] = {"on_error": "keep", "error_retries": 2, "error_retry_time": 0.01}
    with Running(form, failing, journal=journal, **options) as listener, Exporter(
        listener.port
    ) as client:
        assert is_accepted(client.ask(export_request("bad")))
        assert eventually(lambda: listener.counters.delivered == 1)
    assert len(failing.calls) == 3
    assert rows(journal) == []
    ((_, host, _, request, error, _),) = rows(journal, "failures")
    assert (host, error) == (HOST, "ValueError: a defect")
    assert b"<VALUE>bad</VALUE>" in request
    assert "moved to its failures after 3 tries" in caplog.text


@pytest.mark.parametrize("form", ["threads", "callbacks"])
def test_sequence_goes_on_after_what_failed(
    tmp_path: Path, form: str, caplog: pytest.LogCaptureFixture
) -> None:
    """What came between it and the next number was delivered: that is no gap."""
    journal, calls = tmp_path / "journal", []

    def callback(indication: pywbem.CIMInstance, host: str) -> None:
        calls.append(indication["Text"])
        if calls.count(indication["Text"]) == 1 and indication["Text"] in ("0", "2"):
            raise ValueError("a defect")

    options: Dict[str, Any] = {"on_error": "keep", "error_retry_time": 60, "reorder_time": 60}
    for turn in range(2):
        with Running(form, callback, journal=journal, **options) as listener, Exporter(
            listener.port
        ) as client:
            for number in range(4 * turn, 4 * turn + 4):
                assert is_accepted(client.ask(export_request(number, "c", number)))
            assert eventually(lambda turn=turn: len(calls) == 4 + 6 * turn)  # type: ignore[misc]
    assert calls == ["0", "1", "2", "3", "0", "2", "4", "5", "6", "7"]
    assert rows(journal) == []
    assert "Missing" not in caplog.text


@pytest.mark.parametrize("form", ["threads", "callbacks"])
def test_what_failed_is_kept_when_stopped(tmp_path: Path, form: str) -> None:
    journal = tmp_path / "journal"
    calls = []
    for times in (100, 0):
        failing = Failing(times)
        with Running(form, failing, journal=journal, on_error="keep") as listener:
            if times:
                with Exporter(listener.port) as client:
                    assert is_accepted(client.ask(export_request("bad")))
            assert eventually(lambda: len(failing.calls) == 1)  # noqa: B023
        calls += failing.calls
    assert calls == [("bad", False), ("bad", True)]
    assert rows(journal) == []


@pytest.mark.parametrize("form", FORMS)
def test_duplicates_and_a_full_queue_leave_nothing_behind(tmp_path: Path, form: str) -> None:
    journal, receiver = tmp_path / "journal", Receiver()
    go = threading.Event()

    def slow(indication: pywbem.CIMInstance, host: str) -> None:
        assert go.wait(20)
        receiver(indication, host)

    answers = []
    with Running(form, slow, journal=journal, max_ind_queue_size=2) as listener:
        with Exporter(listener.port) as client:
            for number in (0, 0, 1, 1, 2, 3, 4):
                answers.append(is_accepted(client.ask(export_request(number, "c", number))))
                time.sleep(0.02)
        go.set()
    assert answers[:4] == [True] * 4 and not answers[-1]
    assert len(receiver.texts) + listener.counters.dropped == 7
    assert rows(journal) == []


@pytest.mark.parametrize("form", FORMS)
def test_journal_that_cannot_be_written(
    tmp_path: Path, form: str, caplog: pytest.LogCaptureFixture
) -> None:
    journal, receiver = tmp_path / "journal", Receiver()
    with Running(form, journal=journal):
        pass
    with closing(sqlite3.connect(str(journal))) as db:
        db.execute(
            "CREATE TRIGGER full BEFORE INSERT ON indications"
            " WHEN CAST(NEW.request AS TEXT) LIKE '%lost%'"
            " BEGIN SELECT RAISE(FAIL, 'the disk is full'); END"
        )
    with Running(form, receiver, journal=journal) as listener, Exporter(listener.port) as client:
        assert is_accepted(client.ask(export_request("before")))
        answer = client.ask(export_request("lost"))
        assert b"cannot be written: the disk is full" in answer.body
        assert is_accepted(client.ask(export_request("after")))
    assert receiver.texts == ["before", "after"]
    assert rows(journal) == []
    assert [one.levelno for one in caplog.records if "disk is full" in one.getMessage()] == [
        logging.ERROR
    ]


@pytest.mark.parametrize("form", ["threads", "callbacks"])
def test_what_cannot_be_written_is_not_tried_on_and_on(
    tmp_path: Path, form: str, caplog: pytest.LogCaptureFixture
) -> None:
    journal, failing = tmp_path / "journal", Failing(1)
    with Running(form, journal=journal):
        pass
    with closing(sqlite3.connect(str(journal))) as db:
        db.execute(
            "CREATE TRIGGER full BEFORE UPDATE ON indications"
            " BEGIN SELECT RAISE(FAIL, 'the disk is full'); END"
        )
    options: Dict[str, Any] = {"on_error": "keep", "error_retry_time": 0.2}
    with Running(form, failing, journal=journal, **options) as listener:
        assert is_accepted(listener.ask("bad"))
        assert eventually(lambda: listener.counters.delivered == 1)
    # What is delivered has no number of tries any more.
    assert rows(journal) == []
    assert 1 <= caplog.text.count("disk is full") <= 3


def start(listener: AnyListener) -> None:
    if isinstance(listener, WBEMListener):
        listener.start()
    else:
        asyncio.run(listener.__aenter__())


@pytest.mark.parametrize("kind", [WBEMListener, AsyncWBEMListener])
def test_journal_that_cannot_be_read(tmp_path: Path, kind: Any) -> None:
    """Nothing of the listener is left: neither its port nor its hold on the file."""
    journal = tmp_path / "journal"
    with closing(sqlite3.connect(str(journal))) as db:
        db.execute("CREATE TABLE indications (id INTEGER PRIMARY KEY)")
    with WBEMListener(HOST, 0) as other:
        other.start()
        port = other.http_port
    listener = kind(HOST, port, journal=journal)
    with pytest.raises(ListenerStartError, match=f"^The journal {journal} cannot be used: no such"):
        start(listener)
    assert (listener.http_started, listener.ind_queue_exists()) == (False, False)
    assert rows(journal) == []
    with WBEMListener(HOST, port) as other:
        other.start()


def test_journal_in_use_or_none(tmp_path: Path) -> None:
    with WBEMListener(HOST, 0, journal=tmp_path / "journal") as listener:
        listener.start()
        for path in (tmp_path / "journal", tmp_path):
            other = WBEMListener(HOST, 0, journal=path)
            with pytest.raises(ListenerStartError, match=f"^The journal {path} cannot be used: "):
                other.start()
            assert (other.http_started, other.ind_queue_exists()) == (False, False)


@pytest.mark.parametrize(
    "arguments, text",
    [
        ({"on_error": "retry"}, "on_error must be 'log' or 'keep', but is 'retry'"),
        ({"on_error": "keep"}, "on_error='keep' requires a journal"),
    ],
    ids=["unknown", "no journal"],
)
def test_arguments(arguments: Dict[str, Any], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        WBEMListener(HOST, 0, **arguments)
