"""
A pool of threads, some of which wait.
"""

from __future__ import annotations

import threading
from typing import Iterator

import pytest

from pywbem._workers import TooManyWait, Workers

LONG = 10.0


@pytest.fixture(name="workers")
def workers_fixture() -> Iterator[Workers]:
    """Two threads, beside which one may wait."""
    workers = Workers(2, "test-worker", waiting=1)
    yield workers
    workers.end()


class Job:
    """A job of a pool, which works, or waits, until it is told to go on."""

    def __init__(self, workers: Workers, waits: bool = False) -> None:
        self._workers = workers
        self._waits = waits
        self.begun = threading.Event()
        self.go_on = threading.Event()
        self.goes_on = threading.Event()
        self.may_end = threading.Event()
        workers.submit(self._run)

    def _run(self) -> None:
        if self._waits:
            with self._workers.waiting():
                self.begun.set()
                self.go_on.wait(LONG)
        self.begun.set()
        self.goes_on.set()
        self.may_end.wait(LONG)


def all_idle(workers: Workers, count: int) -> None:
    """Wait until so many threads have nothing to do."""
    for _ in range(int(LONG * 1000)):
        with workers._changed:
            if workers._idle == count:
                return
        threading.Event().wait(0.001)
    raise AssertionError(f"{workers._idle} threads are idle")


def test_threads_end_when_nothing_is_to_do(
    workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pywbem._workers.IDLE_TIME", 0.01)
    for _ in range(3):
        jobs = [Job(workers), Job(workers)]
        assert all(job.begun.wait(LONG) for job in jobs)
        threads = [thread for thread in threading.enumerate() if thread.name == "test-worker"]
        for job in jobs:
            job.may_end.set()
        for thread in threads:
            thread.join(LONG)
        assert not any(thread.is_alive() for thread in threads)


def test_thread_that_becomes_superfluous_leaves_its_job_to_another(workers: Workers) -> None:
    waiting = Job(workers, waits=True)
    assert waiting.begun.wait(LONG)
    others = [Job(workers), Job(workers)]
    assert all(job.begun.wait(LONG) for job in others)
    for job in others:
        job.may_end.set()
    all_idle(workers, 2)
    # With the one that goes on, there are now three threads where two may work.
    waiting.go_on.set()
    assert waiting.goes_on.wait(LONG)
    last = Job(workers)
    assert last.begun.wait(LONG / 10)
    waiting.may_end.set()
    last.may_end.set()


def test_too_many_wait(workers: Workers) -> None:
    waiting = Job(workers, waits=True)
    assert waiting.begun.wait(LONG)
    with pytest.raises(TooManyWait, match="1 "), workers.waiting():
        pass
    waiting.go_on.set()
    assert waiting.goes_on.wait(LONG)
    with workers.waiting():
        pass
    waiting.may_end.set()


class NoThread(threading.Thread):
    """A thread that cannot be started."""

    def start(self) -> None:
        raise RuntimeError("can't start new thread")


def test_no_thread_for_the_one_that_waits(
    workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no thread takes over the work, who waits may wait all the same."""
    jobs = [Job(workers), Job(workers)]
    assert all(job.begun.wait(LONG) for job in jobs)
    queued = Job(workers)
    with monkeypatch.context() as patch:
        patch.setattr(threading, "Thread", NoThread)
        with workers.waiting():
            assert not queued.begun.is_set()
    with workers.waiting():
        assert queued.begun.wait(LONG)
    for job in (*jobs, queued):
        job.may_end.set()
