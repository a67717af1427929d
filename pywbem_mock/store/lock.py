"""
The lock of a repository.
"""

from __future__ import annotations

import contextlib
import threading
from typing import Any, Iterator, Optional, Set

from .journal import Journal


class RepositoryLock:
    """
    A reentrant lock that its holder can give back for a while, however often it was taken.

    Parameters:
        journal (Journal): Is told when a thread gives it back for good; or None.
    """

    def __init__(self, journal: Optional[Journal] = None) -> None:
        self._lock = threading.RLock()
        self._journal = journal
        # Only the thread that holds the lock changes these.
        self._owner: Optional[int] = None
        self._depth = 0
        # Threads that have given it back for a while.
        self._away: Set[int] = set()

    def take(self) -> RepositoryLock:
        """
        Take the lock, as ``with`` does.
        """
        self._lock.acquire()
        self._owner = threading.get_ident()
        self._depth += 1
        return self

    def take_if_free(self) -> bool:
        """
        Take the lock if nobody else has it, and return whether it is taken now.
        """
        if not self._lock.acquire(blocking=False):
            return False
        self._owner = threading.get_ident()
        self._depth += 1
        return True

    def give_back(self, *exc_info: Any) -> None:
        """
        Give the lock back that was taken, as the end of ``with`` does.

        Parameters:
            exc_info: What ends a ``with`` statement; it does not matter.
        """
        self._depth -= 1
        keep = None
        if not self._depth:
            if self._journal is not None and self._owner not in self._away:
                keep = self._journal.end()
            self._owner = None
        self._lock.release()
        if keep is not None:
            keep()

    __enter__ = take
    __exit__ = give_back

    @contextlib.contextmanager
    def released(self) -> Iterator[None]:
        """
        Give the lock back, as far as this thread holds it, and take it again at the end.
        """
        me = threading.get_ident()
        depth = self._depth if self._owner == me else 0
        leaves = bool(depth) and me not in self._away
        if leaves:
            self._away.add(me)
        for _ in range(depth):
            self.give_back()
        try:
            yield
        finally:
            for _ in range(depth):
                self.take()
            if leaves:
                self._away.discard(me)
