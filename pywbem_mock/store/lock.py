"""
The lock of a repository.
"""

from __future__ import annotations

import contextlib
import threading
from typing import Any, Iterator, Optional


class RepositoryLock:
    """
    A reentrant lock that its holder can give back for a while, however often it was taken.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        # Only the thread that holds the lock changes these.
        self._owner: Optional[int] = None
        self._depth = 0

    def __enter__(self) -> RepositoryLock:
        self._lock.acquire()
        self._owner = threading.get_ident()
        self._depth += 1
        return self

    def take_if_free(self) -> bool:
        """
        Take the lock if nobody else has it, and return whether it is taken now; then it is
        given back by ``__exit__()``.
        """
        if not self._lock.acquire(blocking=False):
            return False
        self._owner = threading.get_ident()
        self._depth += 1
        return True

    def __exit__(self, *exc_info: Any) -> None:
        self._depth -= 1
        if not self._depth:
            self._owner = None
        self._lock.release()

    @contextlib.contextmanager
    def released(self) -> Iterator[None]:
        """
        Give the lock back, as far as this thread holds it, and take it again at the end.
        """
        depth = self._depth if self._owner == threading.get_ident() else 0
        for _ in range(depth):
            self.__exit__()
        try:
            yield
        finally:
            for _ in range(depth):
                self.__enter__()
