"""
Indications that a callback could not take and that it gets again.  No thread and no
clock here.
"""

from __future__ import annotations

import heapq
from typing import Any, List, NamedTuple, Optional, Tuple

from .export import Indication

_LONGEST_PAUSE = 60.0


class Retry(NamedTuple):
    """
    An indication, and the callbacks that are to get it again.
    """

    indication: Indication
    callbacks: List[Any]


class Retries:
    """
    What is to be tried again, after pauses that double.

    Parameters:
        limit (int): How often an indication is tried again.
        pause (float): Seconds before the first time.
    """

    def __init__(self, limit: int, pause: float) -> None:
        self._limit = limit
        self._pause = pause
        self._waiting: List[Tuple[float, int, Retry]] = []

    def add(self, indication: Indication, callbacks: List[Any], now: float) -> bool:
        """
        Try again later.

        Parameters:
            indication (Indication): The indication.
            callbacks (list): The callbacks that are to get it.
            now (float): The time.

        Returns:
            bool: False if it was tried too often.
        """
        if indication.tries >= self._limit:
            return False
        pause = min(_LONGEST_PAUSE, self._pause * 2 ** min(indication.tries, 30))
        retry = Retry(indication._replace(tries=indication.tries + 1), callbacks)
        heapq.heappush(self._waiting, (now + pause, indication.key, retry))
        return True

    def get(self, now: float) -> Optional[Retry]:
        """
        What is to be tried now.

        Parameters:
            now (float): The time.

        Returns:
            Retry: That, or None.
        """
        return heapq.heappop(self._waiting)[2] if self.next_due() <= now else None

    def next_due(self) -> float:
        """
        The time when :meth:`get` has something.

        Returns:
            float: That, or infinity.
        """
        return self._waiting[0][0] if self._waiting else float("inf")
