"""
What is lost when: each line of the table in docs/listener.rst, for all forms of a listener.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List

import pytest

import pywbem
from tests.integration.exporter import Exporter, export_request
from tests.integration.journal_process import Process, forker, is_accepted, rows
from tests.integration.listener_forms import FORMS, Running
from tests.integration.receiver import Receiver, eventually


@pytest.fixture(scope="module")
def starter() -> Iterator[Any]:
    with forker() as process:
        yield process


class Case:
    """What a line of the table has at hand."""

    def __init__(self, form: str, folder: Path, starter: Any, caplog: Any) -> None:
        self.form = form
        self.folder = folder
        self.journal = folder / "journal"
        self.starter = starter
        self.receiver = Receiver()
        self.go = threading.Event()
        self._caplog = caplog

    def slow(self, indication: pywbem.CIMInstance, host: str) -> None:
        """A callback that waits until it may go on."""
        assert self.go.wait(20)
        self.receiver(indication, host)

    def failing(self, indication: pywbem.CIMInstance, host: str) -> None:
        """A callback that raises when it is called for the first time."""
        self.receiver(indication, host)
        if len(self.receiver.texts) == 1:
            raise ValueError("a defect")

    def lines(self, level: int) -> List[str]:
        return [one.getMessage() for one in self._caplog.records if one.levelno == level]


def queue_is_full(case: Case) -> None:
    accepted = []
    with Running(case.form, case.slow, max_ind_queue_size=3) as listener:
        for number in range(8):
            if is_accepted(listener.ask(number)):
                accepted.append(str(number))
        case.go.set()
    assert 3 <= len(accepted) < 8
    assert case.receiver.texts == accepted
    assert listener.counters.dropped == 8 - len(accepted)
    assert any("Indication queue is full (size 3)" in one for one in case.lines(logging.WARNING))


def does_not_arrive(case: Case) -> None:
    with Running(case.form, case.receiver, reorder_time=0.1) as listener:
        with Exporter(listener.port) as client:
            for number in (0, 1, 4):
                assert is_accepted(client.ask(export_request(number, "c", number)))
        assert eventually(lambda: case.receiver.texts == ["0", "1", "4"])
    assert listener.counters.missing == 2
    (line,) = case.lines(logging.WARNING)
    assert line.startswith("Missing 2 indication(s) of sequence 'c', from number 2 on")


def is_stopped(case: Case) -> None:
    with Running(case.form, case.slow, reorder_time=60) as listener:
        with Exporter(listener.port) as client:
            for number in (0, 1, 3, 4):
                assert is_accepted(client.ask(export_request(number, "c", number)))
        threading.Timer(0.1, case.go.set).start()
        listener.stop()
    assert case.receiver.texts == ["0", "1", "3", "4"]
    assert listener.counters[1:4] == (4, 4, 0)


def callback_raises(case: Case) -> None:
    with Running(case.form, case.failing) as listener:
        listener.listener.add_callback(case.receiver)
        with Exporter(listener.port) as client:
            for text in ("bad", "good"):
                assert is_accepted(client.ask(export_request(text)))
    assert case.receiver.texts == ["bad", "bad", "good", "good"]
    assert (listener.counters.delivered, listener.counters.failed) == (2, 1)
    assert len(case.lines(logging.ERROR)) == 1


def callback_raises_and_it_is_kept(case: Case) -> None:
    options: Dict[str, Any] = {"on_error": "keep", "error_retry_time": 60.0}
    for text in ("bad", "next life"):
        with Running(case.form, case.failing, journal=case.journal, **options) as listener:
            assert is_accepted(listener.ask(text))
            assert eventually(lambda: text in case.receiver.texts)  # noqa: B023
    assert case.receiver.texts == ["bad", "bad", "next life"]
    assert rows(case.journal) == rows(case.journal, "failures") == []


def process_ends_without_a_journal(case: Case) -> None:
    arguments = (case.starter, case.folder, case.form)
    with Process(*arguments, pause=60, with_journal=False) as process:
        with Exporter(process.port) as client:
            assert is_accepted(client.ask(export_request("lost")))
        process.kill()
    with Process(*arguments, with_journal=False) as process:
        process.stop()
    assert process.delivered() == []


def process_ends_with_a_journal(case: Case) -> None:
    with Process(case.starter, case.folder, case.form, pause=60) as process:
        with Exporter(process.port) as client:
            for number in range(5):
                assert is_accepted(client.ask(export_request(number)))
        process.kill()
    with Process(case.starter, case.folder, case.form) as process:
        assert eventually(lambda: len(process.delivered()) == 5)
        process.stop()
    assert process.delivered() == [f"{number} 1" for number in range(5)]
    assert rows(case.journal) == []


def journal_cannot_be_written(case: Case) -> None:
    with Running(case.form, journal=case.journal):
        pass
    with closing(sqlite3.connect(str(case.journal))) as db:
        db.execute(
            "CREATE TRIGGER full BEFORE INSERT ON indications"
            " BEGIN SELECT RAISE(FAIL, 'the disk is full'); END"
        )
    with Running(case.form, case.receiver, journal=case.journal) as listener:
        assert b"the disk is full" in listener.ask("text").body
    assert case.receiver.texts == []
    assert len(case.lines(logging.ERROR)) == 1


def block_is_left(case: Case) -> None:
    started = time.monotonic()
    with Running(case.form) as listener, Exporter(listener.port) as client:
        assert is_accepted(client.ask(export_request("text")))
    assert time.monotonic() - started < 5
    assert listener.counters[1:4] == (1, 0, 1)
    (line,) = case.lines(logging.WARNING)
    assert line.startswith("Not delivered before the listener was stopped: TST_Indication")


def block_is_left_with_a_journal(case: Case) -> None:
    with Running(case.form, journal=case.journal) as listener:
        assert is_accepted(listener.ask("text"))
    assert case.lines(logging.WARNING) == []
    assert len(rows(case.journal)) == 1
    with Running(case.form, case.receiver, journal=case.journal):
        assert eventually(lambda: case.receiver.texts == ["text"])
    assert rows(case.journal) == []


LOSSES: List[Callable[[Case], None]] = [
    queue_is_full,
    does_not_arrive,
    is_stopped,
    process_ends_without_a_journal,
    process_ends_with_a_journal,
    journal_cannot_be_written,
]
# A loop over the listener has its exceptions for itself, and who iterates not is told at the end.
OF_CALLBACKS = [callback_raises, callback_raises_and_it_is_kept]
OF_LOOPS = [block_is_left, block_is_left_with_a_journal]


@pytest.mark.parametrize(
    "form, case",
    [
        *((form, case) for case in LOSSES for form in FORMS),
        *((form, case) for case in OF_CALLBACKS for form in ("threads", "callbacks")),
        *(("loop", case) for case in OF_LOOPS),
    ],
    ids=lambda value: value if isinstance(value, str) else value.__name__.replace("_", " "),
)
def test_what_is_lost_when(
    form: str,
    case: Callable[[Case], None],
    tmp_path: Path,
    starter: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    case(Case(form, tmp_path, starter, caplog))
