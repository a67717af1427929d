"""
The tasks of an asynchronous listener: those that take indications, and the one that
writes the journal if there is one.
"""

from __future__ import annotations

import asyncio
import inspect
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Callable, Dict, List, Optional, TypeVar

from .delivery import Call, Callback, Delivery
from .export import Indication

if TYPE_CHECKING:
    from .journal import Journal

_Result = TypeVar("_Result")

# Seconds after which what delivers lets others of the loop have their turn.
_TURN = 0.005
# Seconds that a callback has to end when it is cancelled.
_CANCEL_TIME = 0.3
_NEVER = float("inf")


async def _wait(event: asyncio.Event, seconds: Optional[float]) -> bool:
    """
    Wait for an event; return whether it came in time.
    """
    if seconds is None:
        return await event.wait()
    try:
        return await asyncio.wait_for(event.wait(), seconds)
    except asyncio.TimeoutError:
        return False


class Takers:
    """
    Hands out what a delivery has, to a task that calls the callbacks, or to the tasks of
    the program that ask for it.

    What a task got is delivered when it asks for the next one.  Belongs to the running
    loop.
    """

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self._delivery: Delivery
        self._turn_ends = 0.0
        # What the callbacks are called with, and in which task.
        self._task: Optional[asyncio.Task[None]] = None
        self._calling: Optional[Call] = None
        self._cancelled = False
        # What tasks of the program have got, and how many wait for more.
        self._in_hand: Dict[asyncio.Task[object], Call] = {}
        self._waiting = 0
        # Whether one of those has changed.
        self._changed = asyncio.Event()

    def wake(self) -> None:
        """
        Have the tasks look what is to be delivered.
        """
        self._event.set()

    def begin(self, delivery: Delivery) -> None:
        """
        Begin to hand out.

        Parameters:
            delivery (Delivery): What is delivered.
        """
        self._delivery = delivery

    # What the callbacks take

    def call_back(self) -> None:
        """
        Have a task call the callbacks from now on.
        """
        if self._task is None:
            self._task = asyncio.ensure_future(self._call_back())

    async def _call_back(self) -> None:
        while not self._cancelled:
            call = await self._next()
            if call is None:
                break
            self._calling = call
            for callback in call.callbacks:
                await self._call(callback, call)
            self._calling = None
            self._delivery.done(call)

    async def _call(self, callback: Callback, call: Call) -> None:
        indication = call.indication
        keywords = self._delivery.keywords(callback, indication)
        try:
            result = callback(indication.instance, indication.host, **keywords)
            if inspect.isawaitable(result):
                await result
        except (KeyboardInterrupt, GeneratorExit):
            raise
        except asyncio.CancelledError as exc:
            if self._cancelled:
                raise
            # It is something that the callback waited for that was cancelled.
            self._delivery.failed(call, callback, exc)
        except BaseException as exc:  # sys.exit() ends no listener
            self._delivery.failed(call, callback, exc)

    # What tasks of the program take

    async def take(self) -> Optional[Indication]:
        """
        Wait for an indication; the one that the task got before is delivered.

        Returns:
            Indication: That; None if there will be no more.
        """
        task = asyncio.current_task()
        assert task is not None
        self._release(task)
        self._waiting += 1
        try:
            call = await self._next()
        finally:
            self._waiting -= 1
            self._changed.set()
        if call is None:
            return None
        self._in_hand[task] = call
        return call.indication

    def _release(self, task: asyncio.Task[object]) -> None:
        call = self._in_hand.pop(task, None)
        if call is not None:
            self._delivery.done(call)
            self._changed.set()

    async def _next(self) -> Optional[Call]:
        """
        Wait for what is to be delivered; return None if there will be no more.
        """
        while True:
            if time.monotonic() >= self._turn_ends:
                # Before something is taken, which would be lost if the task is cancelled.
                await asyncio.sleep(0)
                self._turn_ends = time.monotonic() + _TURN
            self._event.clear()
            call = self._delivery.next()
            if call is not None or self._delivery.ended:
                return call
            due = self._delivery.next_due()
            await _wait(self._event, None if due == _NEVER else max(0.0, due - time.monotonic()))

    # The end

    async def drain(self, end: float) -> None:
        """
        Wait until those who take indications have all that there are.

        Parameters:
            end (float): Until when.
        """
        task = self._task
        if task is not None and task is not asyncio.current_task():
            await asyncio.wait([task], timeout=None if end == _NEVER else end - time.monotonic())
        while self._busy() and time.monotonic() < end:
            self._changed.clear()
            await _wait(self._changed, None if end == _NEVER else end - time.monotonic())

    def _busy(self) -> bool:
        """
        Whether another task is going to take more.
        """
        here = asyncio.current_task()
        return self._waiting > 0 or any(
            task is not here and not task.done() for task in self._in_hand
        )

    async def end(self, succeeded: bool) -> None:
        """
        Hand out no more.

        Parameters:
            succeeded (bool): Whether this task is through with what it got.
        """
        left: List[Call] = []
        if self._task is not None:
            self._cancelled = True
            self._task.cancel()
            # A callback may take its time to end, but not for ever.
            await asyncio.wait([self._task], timeout=_CANCEL_TIME)
            if self._calling is not None:
                left.append(self._calling)
        if succeeded:
            here = asyncio.current_task()
            assert here is not None
            self._release(here)
        self._delivery.abandon(left, list(self._in_hand.values()))
        self._in_hand.clear()


class JournalTask:
    """
    Writes a journal until that is closed, the disk in a thread for that.  Belongs to the
    running loop.
    """

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self._executor = ThreadPoolExecutor(1, "pywbem-listener-journal")
        self._journal: Journal
        self._task: asyncio.Task[None]

    def wake(self) -> None:
        """
        Have the task look what is to be written.
        """
        self._event.set()

    async def run(self, function: Callable[..., _Result], *args: object) -> _Result:
        """
        Have the thread of the disk call a function.

        Parameters:
            function (callable): The function.
            args: Its arguments.

        Returns:
            What it returns.
        """
        return await asyncio.get_event_loop().run_in_executor(self._executor, function, *args)

    def start(self, journal: Journal) -> None:
        """
        Start the task.

        Parameters:
            journal (Journal): The journal.
        """
        self._journal = journal
        self._task = asyncio.ensure_future(self._write())

    async def _write(self) -> None:
        journal = self._journal
        late = False
        while True:
            self._event.clear()
            batch = journal.take(late)
            late = False
            if batch is not None:
                journal.finish(batch, await self.run(journal.write, batch))
            elif journal.closed:
                break
            else:
                late = not await _wait(self._event, journal.pause())

    async def end(self) -> None:
        """
        Write what is to be written, and close the file.
        """
        try:
            self._journal.close()
            await asyncio.wait([self._task])
        finally:
            await self.close_file(self._journal)

    async def close_file(self, journal: Optional[Journal]) -> None:
        """
        Close the file, and do without the thread from now on.

        Parameters:
            journal (Journal): The journal; None if none was opened.
        """
        try:
            if journal is not None:
                await self.run(journal.close_file)
        finally:
            self._executor.shutdown(wait=False)
