"""
The connections of an asynchronous transport with one server.
"""

from __future__ import annotations

import asyncio
import collections
import contextlib
from typing import AsyncGenerator, Deque, List, Optional

from .sockets import Deadline, DeadlineExceeded
from .wire import Wire


class Pool:
    """
    At most ``limit`` connections, which belong to one event loop.

    A call takes a place, uses an idle connection or makes one, and gives both back.
    """

    def __init__(self, limit: int) -> None:
        self.loop = asyncio.get_running_loop()
        self._free = limit
        self._waiting: Deque[asyncio.Future[bool]] = collections.deque()
        self._idle: List[Wire] = []
        self._closed = False
        self._guard = _closing(self._idle)
        with contextlib.suppress(StopIteration):
            self._guard.__anext__().send(None)

    async def enter(self, deadline: Deadline) -> None:
        """
        Wait for a place.

        Raises:
            DeadlineExceeded: There was none in time.
        """
        if self._free:
            self._free -= 1
            return
        left = deadline.remaining()
        place: asyncio.Future[bool] = self.loop.create_future()
        self._waiting.append(place)
        timer = None if left is None else self.loop.call_later(left, _settle, place, False)
        try:
            if not await place:
                raise DeadlineExceeded
        except asyncio.CancelledError:
            # The place may have come in the same moment; it is for somebody else then.
            if place.done() and not place.cancelled() and place.result():
                self.leave()
            raise
        finally:
            if timer is not None:
                timer.cancel()
            with contextlib.suppress(ValueError):
                self._waiting.remove(place)

    def leave(self) -> None:
        """
        Give a place back.
        """
        while self._waiting:
            if _settle(self._waiting.popleft(), True):
                return
        self._free += 1

    def idle(self) -> Optional[Wire]:
        """
        Return the connection that was used last and can be used again, or None.
        """
        while self._idle:
            wire = self._idle.pop()
            if wire.usable:
                return wire
            wire.abort()
        return None

    def keep(self, wire: Wire) -> None:
        """
        Keep a connection for the next call.
        """
        if self._closed:
            wire.abort()
        else:
            self._idle.append(wire)

    def close(self) -> None:
        """
        Close the connections that are not in use; the others close after their use.
        """
        self._closed = True
        _abort(self._idle)


def _abort(wires: List[Wire]) -> None:
    while wires:
        wires.pop().abort()


async def _closing(wires: List[Wire]) -> AsyncGenerator[None, None]:
    # The event loop ends its asynchronous generators when it ends itself, or when they
    # are lost: connections that nobody has closed are closed then.
    try:
        yield
    finally:
        _abort(wires)


def _settle(place: asyncio.Future[bool], value: bool) -> bool:
    if place.done():
        return False
    place.set_result(value)
    return True
