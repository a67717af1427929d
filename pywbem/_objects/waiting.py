"""
How both shells wait for a job: pauses that grow, and requests that end in time.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any, Iterator, Optional

from .._exceptions import TimeoutError

FIRST, LONGEST, GROWTH = 0.05, 5.0, 1.5

sleep = time.sleep
async_sleep = asyncio.sleep


class Bounded:
    """
    A copy of a connection whose requests all end at one time.

    Not the connection itself: its timeout is that of other threads and tasks, too.
    """

    def __init__(self, conn: Any, timeout: float) -> None:
        self.copy = conn.copy()
        self._timeout: Optional[float] = conn.timeout
        self._waits = timeout
        self._end = time.monotonic() + timeout

    def left(self) -> float:
        """Return the seconds that are left, or raise TimeoutError."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError(
                f"The job did not end within {self._waits} seconds", conn_id=self.copy.conn_id
            )
        return left

    def __getattr__(self, name: str) -> Any:
        left = self.left()
        self.copy.timeout = left if self._timeout is None else min(left, self._timeout)
        return getattr(self.copy, name)


def pauses(conn: Any) -> Iterator[float]:
    """
    Return the seconds between the looks at a job, which grow up to a limit.  Towards the end
    of a bounded connection they leave time for another look.
    """
    pause = FIRST
    while True:
        yield min(pause, max(conn.left() / 2, FIRST)) if isinstance(conn, Bounded) else pause
        pause = min(pause * GROWTH, LONGEST)
