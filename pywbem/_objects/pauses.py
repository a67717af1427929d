"""
How both shells wait between two looks at a job.
"""

from __future__ import annotations

import asyncio
import time
from typing import Iterator

__all__ = ["async_sleep", "pauses", "sleep"]

FIRST, LONGEST, GROWTH = 0.05, 5.0, 1.5

sleep = time.sleep
async_sleep = asyncio.sleep


def pauses() -> Iterator[float]:
    """
    Seconds, growing from pause to pause up to a limit.
    """
    pause = FIRST
    while True:
        yield pause
        pause = min(pause * GROWTH, LONGEST)
