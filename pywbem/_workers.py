"""
Threads for what may take long.
"""

from __future__ import annotations

import threading
from collections import deque
from contextlib import contextmanager, suppress
from typing import Any, Callable, Deque, Iterator, Optional, Tuple, TypeVar

from . import _process

_T = TypeVar("_T")

#: Seconds after which a thread ends that has nothing to do: not every pool is told that it
#: is not needed any more.
IDLE_TIME = 5.0


class TooManyWait(Exception):
    """
    Too many threads of a pool wait already.
    """


class Workers:
    """
    A pool of threads, which begin when there is work for them, and end when there was none
    for some seconds.

    What hangs in one keeps neither the end of the pool nor that of the process: those of
    concurrent.futures are waited for.

    Parameters:
        size (int): How many may work at once.
        name (str): Name of the threads.
        waiting (int): How many may wait beside them.
    """

    def __init__(self, size: int, name: str, waiting: int = 0) -> None:
        self._size = size
        self._name = name
        self._limit = waiting
        self._make_empty()

    def _make_empty(self) -> None:
        self._generation = _process.generation
        self._changed = threading.Condition()
        self._jobs: Deque[Callable[[], Any]] = deque()
        self._threads = 0
        self._idle = 0
        self._waiting = 0
        self._ended = False

    def submit(self, job: Callable[[], Any]) -> None:
        """
        Have a function called by one of the threads.

        Parameters:
            job (callable): The function, which raises nothing.

        Raises:
            RuntimeError: The interpreter is ending and starts no threads any more.
        """
        if self._generation != _process.generation:
            # A child of fork has none of the threads.
            self._make_empty()
        with self._changed:
            self._jobs.append(job)
            if self._idle >= len(self._jobs):
                self._changed.notify()
                return
            try:
                self._grow()
            except RuntimeError:
                self._jobs.remove(job)
                raise

    def _grow(self) -> None:
        if self._threads - self._waiting < self._size:
            threading.Thread(target=self._work, name=self._name, daemon=True).start()
            self._threads += 1

    def _work(self) -> None:
        while True:
            with self._changed:
                # After a wait there may be more threads than work is allowed for.
                self._idle += 1
                self._changed.wait_for(
                    lambda: self._jobs or self._ended or self._superfluous, IDLE_TIME
                )
                self._idle -= 1
                if self._superfluous or not self._jobs:
                    self._threads -= 1
                    # It may have been woken for a job, in the place of one that stays.
                    self._changed.notify()
                    return
                job = self._jobs.popleft()
            job()
            # It may keep much alive.
            del job

    @property
    def _superfluous(self) -> bool:
        return self._threads - self._waiting > self._size

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """
        The context in which a thread of the pool may wait; another one works meanwhile.

        Raises:
            TooManyWait: As many wait as may.
        """
        with self._changed:
            if self._waiting >= self._limit:
                raise TooManyWait(f"{self._waiting} requests wait for providers already")
            self._waiting += 1
            if self._jobs and not self._idle:
                # Without another thread, the jobs wait, too.
                with suppress(RuntimeError):
                    self._grow()
        try:
            yield
        finally:
            with self._changed:
                self._waiting -= 1

    async def run(self, function: Callable[..., _T], *args: Any) -> _T:
        """
        Have a function called by one of the threads, and wait for its result.

        Parameters:
            function (callable): The function.
            args: Its arguments.
        """
        # Most programs have no loop, and the import takes its time.
        import asyncio

        loop = asyncio.get_running_loop()
        # With what was raised as a value: a future takes no StopIteration.
        future: asyncio.Future[Tuple[Any, Optional[BaseException]]] = loop.create_future()

        def settle(outcome: Tuple[Any, Optional[BaseException]]) -> None:
            if not future.done():
                future.set_result(outcome)

        def job() -> None:
            outcome: Tuple[Any, Optional[BaseException]]
            try:
                outcome = function(*args), None
            except BaseException as exc:
                outcome = None, exc
            try:
                loop.call_soon_threadsafe(settle, outcome)
            except RuntimeError:
                pass  # the loop has ended meanwhile

        self.submit(job)
        result: _T
        result, error = await future
        if error is None:
            return result
        try:
            raise error
        finally:
            # Its traceback has this frame.
            del error

    def end(self) -> None:
        """
        Let the threads end when they have nothing to do.
        """
        with self._changed:
            self._ended = True
            self._changed.notify_all()
