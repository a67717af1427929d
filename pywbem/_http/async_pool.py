"""
The connections of an asynchronous transport with one server.
"""

from __future__ import annotations

import asyncio
import collections
from typing import Deque, List, Optional

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

    async def enter(self, deadline: Deadline) -> None:
        """
        Wait for a place.

        :raises DeadlineExceeded: there was none in time.
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
            wire.close()
        else:
            self._idle.append(wire)

    def close(self) -> None:
        """
        Close the connections that are not in use; the others close after their use.
        """
        self._closed = True
        while self._idle:
            self._idle.pop().close()


def _settle(place: asyncio.Future[bool], value: bool) -> bool:
    if place.done():
        return False
    place.set_result(value)
    return True
