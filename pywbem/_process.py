"""
What belongs to the process as a whole, and must survive threads and fork.

A thread that is not the one that forks does not exist in the child: what it held or
changed for a moment, it holds there for ever.  So a lock is a new one in a child, and
the garbage collector is as it was before it rested.
"""

from __future__ import annotations

import gc
import os
import threading
from contextlib import contextmanager
from typing import Any, Callable, Dict, Iterator, Optional, Set, Tuple

#: How many forks lie between the first process and this one.
generation = 0


class ProcessLock:
    """
    A reentrant lock of one process: ``with lock(): ...``.

    In a child of fork, in a copy and after unpickling it is another one, which nobody
    holds; what a ``with`` statement has taken, it gives back.

    Parameters:
        make (callable): Makes the lock of a process.
    """

    __slots__ = ("_locks", "_make")

    def __init__(self, make: Callable[[], Any] = threading.RLock) -> None:
        self._locks: Dict[int, Any] = {}
        self._make = make

    def __call__(self) -> Any:
        lock = self._locks.get(generation)
        # Of several threads that come here at once, one makes the lock of all.
        return self._locks.setdefault(generation, self._make()) if lock is None else lock

    def __reduce__(self) -> Tuple[Any, ...]:
        return ProcessLock, (self._make,)


#: While the collector rests, it looks for cycles after so many new objects: few enough that
#: they are still at hand, for the processor, too.  It is never off: whoever sees it rest, and
#: restores that later, has a working collector.
RESTING_THRESHOLD = 10_000
#: But only among these: to look again through what has survived that, each time that there
#: is much more of it, costs as much as to build it.
_RESTING_OLDER = 1_000_000

_collector_lock = ProcessLock()
_resting: Set[object] = set()
_thresholds: Optional[Tuple[int, int, int]] = None


@contextmanager
def resting_collector() -> Iterator[None]:
    """
    Let the garbage collector rest while much is built that is kept: to look for cycles
    in it again and again would cost half of the time.

    Not to be used around something that waits.
    """
    me = object()
    try:
        _rest(me)
        yield
    finally:
        _wake(me)


@contextmanager
def resting_while_much_is_built() -> Iterator[None]:
    """
    The same around what builds hundreds of thousands of objects that have no cycles: they are
    not looked through afterwards either, which would cost as much as to build them.
    """
    # Who has frozen or disabled something knows what for.
    ages = gc.isenabled() and not gc.get_freeze_count()
    if ages:
        # What is young now may have cycles.
        gc.collect(1)
    with resting_collector():
        yield
        if ages:
            # All become old in one step.
            gc.freeze()
            gc.unfreeze()


def _rest(who: object) -> None:
    global _thresholds
    with _collector_lock():
        _resting.add(who)
        present = gc.get_threshold()
        # 0 means that the program has switched it off.
        if _thresholds is None and 0 < present[0] < RESTING_THRESHOLD:
            _thresholds = present
            gc.set_threshold(RESTING_THRESHOLD, _RESTING_OLDER, _RESTING_OLDER)


def _wake(who: object) -> None:
    with _collector_lock():
        _resting.discard(who)
        if not _resting:
            _restore()


def _restore() -> None:
    global _thresholds
    # A program may have set others in between; they stay.
    if _thresholds is not None and gc.get_threshold()[0] == RESTING_THRESHOLD:
        gc.set_threshold(*_thresholds)
    _thresholds = None


def _in_child() -> None:
    global generation
    generation += 1
    _resting.clear()
    _restore()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_child)
