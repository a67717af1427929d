"""
The thread of a listener that calls the callbacks.
"""

from __future__ import annotations

import inspect
import logging
import queue
import threading
import time
from typing import TYPE_CHECKING, Callable, List, Optional, Tuple

from .backlog import Backlog, QueueFull, Refusals, report
from .counters import Counts
from .export import Indication
from .retries import Retries, Retry
from .sequences import NOTHING

if TYPE_CHECKING:
    from .journal import Journal

Callback = Callable[..., object]


class Delivery:
    """
    Takes indications from the endpoint, or from a journal, and calls the callbacks with
    them, in a thread of its own.

    Parameters:
        callbacks (list of Callback): The list of callbacks; additions are seen.
        backlog (Backlog): What waits.
        counts (Counts): Is kept up to date.
        soon (callable): Calls a function in the thread that called it, soon; it is used to
            wake the thread of the callbacks once for several indications.
        go_on (callable): Is called when there is room again after indications were refused.
        logger (logging.Logger): The logger of the listener.
        journal (Journal): What keeps the indications until they are delivered, or None; it
            is closed at the end.
        retries (Retries): What callbacks get again that raised, or None.
    """

    def __init__(
        self,
        callbacks: List[Callback],
        backlog: Backlog,
        counts: Counts,
        soon: Callable[[Callable[[], None]], object],
        go_on: Callable[[], object],
        logger: logging.Logger,
        journal: Optional[Journal] = None,
        retries: Optional[Retries] = None,
    ) -> None:
        self._callbacks = callbacks
        self._backlog = backlog
        self._counts = counts
        self._soon = soon
        self._go_on = go_on
        self._logger = logger
        self._journal = journal
        self._retries = retries
        self._refusals = Refusals()
        self._bell: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._rung = False
        # Guards the backlog, the refusals, and whether the bell was rung.
        self._lock = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="pywbem-listener-callbacks")

    def start(self) -> None:
        """
        Start the thread; what is left in the journal is delivered first.
        """
        if self._journal is not None:
            left = self._journal.left()
            self._backlog.begin(self._journal.sequences(), left)
            now = time.monotonic()
            for indication in left:
                self._counts.received += 1
                report(self._backlog.put(indication, now), indication, self._logger)
            if left:
                self._logger.info("%d indication(s) are left in the journal", len(left))
            self._journal.start(self.put, self.next_number)
        self._thread.start()

    def next_number(self, sender: str, context: str) -> int:
        """
        The number that a sequence goes on with.

        Parameters:
            sender (str): The sender.
            context (str): The context.

        Returns:
            int: The number; 0 if the sequence is not known.
        """
        with self._lock:
            return self._backlog.next_number(sender, context)

    def check_room(self, host: str, size: int) -> None:
        """
        Refuse an indication before it is decoded if there is no room for it.

        Raises:
            QueueFull: There is none.
        """
        why = self._backlog.full(size)
        if why is not None:
            self._refuse(host, why)

    def put(self, indication: Indication) -> bool:
        """
        Queue an indication.

        Returns:
            bool: False if it is a duplicate and dropped.

        Raises:
            QueueFull: There is no room for it.
        """
        outcome = NOTHING
        with self._lock:
            why = "The listener is being stopped"
            if not self._closed:
                why = self._backlog.full(indication.size) or ""
            if not why:
                self._counts.received += 1
                outcome = self._backlog.put(indication, time.monotonic())
                if not self._rung:
                    self._rung = True
                    self._soon(self._ring)
        if why:
            self._refuse(indication.host, why)
        if outcome is not NOTHING:
            report(outcome, indication, self._logger)
        return not outcome.duplicate

    def _refuse(self, host: str, why: str) -> None:
        with self._lock:
            self._counts.received += 1
            self._counts.overflowed += 1
            pause, count = self._refusals.refuse(host, time.monotonic())
        if count:
            self._log_refusals(count, f"{why}, the last one is from {host}")
        raise QueueFull(why, pause)

    def _log_refusals(self, count: int, why: str) -> None:
        self._logger.warning("Refused %d indication(s): %s", count, why)

    def _ring(self) -> None:
        self._bell.put(None)

    def close(self) -> None:
        """
        Deliver what has been queued, then end.  Called in a callback, it
        returns before that.
        """
        with self._lock:
            self._closed = True
            self._ring()
        if self._thread is not threading.current_thread() and self._thread.ident is not None:
            self._thread.join()

    # The thread

    def _run(self) -> None:
        while True:
            item = self._next()
            if item is None:
                break
            self._deliver(*item)
        if self._journal is not None:
            self._journal.close()

    def _next(self) -> Optional[Retry]:
        """
        Wait for an indication, for all callbacks or for those that get it again; return
        None if there will be no more.
        """
        while True:
            now = time.monotonic()
            retry = None if self._retries is None or self._closed else self._retries.get(now)
            if retry is not None:
                return retry
            closed = False
            # The usual case needs no lock.
            indication = None if self._refusals else self._backlog.take(now)
            if indication is None and (
                self._refusals or self._closed or self._backlog.next_due() <= now
            ):
                indication, closed = self._look_after(now)
            if indication is not None:
                return Retry(indication, list(self._callbacks))
            if closed:
                # What is to be tried again is in the journal.
                return None
            self._rung = False
            # Who put something before that did not ring.
            if not self._backlog.ready:
                self._wait(now)

    def _look_after(self, now: float) -> Tuple[Optional[Indication], bool]:
        """
        Look after refusals, held indications, and the end; return the next indication,
        and whether there will be no more.
        """
        count = 0
        with self._lock:
            indication, outcome = self._backlog.get(now)
            closed = self._closed
            if indication is None and closed:
                outcome = self._backlog.flush()
                indication, _ = self._backlog.get(now)
            room = bool(self._refusals) and self._backlog.has_room()
            if room:
                count = self._refusals.end()
        report(outcome, None, self._logger)
        if room:
            self._go_on()
        if count:
            self._log_refusals(count, "Indication queue was full")
        return indication, closed

    def _wait(self, now: float) -> None:
        due = self._backlog.next_due()
        if self._retries is not None:
            due = min(due, self._retries.next_due())
        try:
            self._bell.get(timeout=None if due == float("inf") else max(0.0, due - now))
        except queue.Empty:
            pass  # what was held, or is to be tried again, is due

    def _deliver(self, indication: Indication, callbacks: List[Callback]) -> None:
        failed: List[Callback] = []
        error = ""
        for callback in callbacks:
            try:
                self._call(callback, indication)
            except BaseException as exc:  # sys.exit() ends no listener
                self._counts.failed += 1
                failed.append(callback)
                error = f"{type(exc).__name__}: {exc}"
                self._logger.error(
                    "Callback function %r raised %s", _name(callback), error, exc_info=True
                )
        if failed and self._retries is not None and self._journal is not None:
            if self._retries.add(indication, failed, time.monotonic()):
                self._journal.failed(indication, None)
                return
            self._journal.failed(indication, error)
            self._logger.error(
                "Indication %d of the journal is moved to its failures after %d tries",
                indication.key, indication.tries + 1,
            )  # fmt: skip
        elif self._journal is not None:
            self._journal.delivered(indication)
        self._counts.delivered += 1

    def _call(self, callback: Callback, indication: Indication) -> None:
        if self._logger.isEnabledFor(logging.DEBUG):
            self._logger.debug(
                "Calling callback function %r to deliver %s with message ID %s",
                _name(callback), indication.instance.classname, indication.message_id,
            )  # fmt: skip
        if self._journal is not None and takes_redelivered(callback):
            again = indication.redelivered or indication.tries > 0
            callback(indication.instance, indication.host, redelivered=again)
        else:
            callback(indication.instance, indication.host)


def takes_redelivered(callback: Callback) -> bool:
    """
    Whether a callback is told that an indication may have been delivered before.

    Parameters:
        callback (Callback): The callback.

    Returns:
        bool: Whether it has a parameter of the name ``redelivered``.
    """
    try:
        return "redelivered" in inspect.signature(callback).parameters
    except (TypeError, ValueError):
        return False  # not all builtins tell


def _name(callback: Callback) -> str:
    return getattr(callback, "__name__", None) or repr(callback)
