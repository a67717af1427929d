"""
The thread of a listener that calls the callbacks.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from typing import Callable, List, Optional

from .._cim_obj import CIMInstance
from .backlog import Backlog, QueueFull, Refusals, report
from .counters import Counts
from .export import Indication
from .sequences import NOTHING

Callback = Callable[[CIMInstance, str], object]


class Delivery:
    """
    Takes indications from the endpoint and calls the callbacks with them, in
    a thread of its own.

    Parameters:
        callbacks (list of Callback): The list of callbacks; additions are seen.
        backlog (Backlog): What waits.
        counts (Counts): Is kept up to date.
        soon (callable): Calls a function in the thread that called it, soon; it is used to
            wake the thread of the callbacks once for several indications.
        go_on (callable): Is called when there is room again after indications were refused.
        logger (logging.Logger): The logger of the listener.
    """

    def __init__(
        self,
        callbacks: List[Callback],
        backlog: Backlog,
        counts: Counts,
        soon: Callable[[Callable[[], None]], object],
        go_on: Callable[[], object],
        logger: logging.Logger,
    ) -> None:
        self._callbacks = callbacks
        self._backlog = backlog
        self._counts = counts
        self._soon = soon
        self._go_on = go_on
        self._logger = logger
        self._refusals = Refusals()
        self._bell: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._rung = False
        # Guards the backlog, the refusals, and whether the bell was rung.
        self._lock = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="pywbem-listener-callbacks")

    def start(self) -> None:
        """
        Start the thread.
        """
        self._thread.start()

    def check_room(self, host: str, size: int) -> None:
        """
        Refuse an indication before it is decoded if there is no room for it.

        Raises:
            QueueFull: There is none.
        """
        why = self._backlog.full(size)
        if why is not None:
            self._refuse(host, why)

    def put(self, indication: Indication) -> None:
        """
        Queue an indication.

        Raises:
            QueueFull: There is no room for it.
        """
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
        elif outcome is not NOTHING:
            report(outcome, indication, self._logger)

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
            indication = self._next()
            if indication is None:
                break
            self._deliver(indication)

    def _next(self) -> Optional[Indication]:
        """
        Wait for an indication; return None if there will be no more.
        """
        while True:
            count = 0
            with self._lock:
                now = time.monotonic()
                indication, outcome = self._backlog.get(now)
                closed = self._closed
                if indication is None and closed:
                    flushed = self._backlog.flush()
                    indication, _ = self._backlog.get(now)
                    outcome = flushed if flushed.gaps else outcome
                self._rung = indication is not None
                due = self._backlog.next_due()
                room = bool(self._refusals) and self._backlog.has_room()
                if room:
                    count = self._refusals.end()
            if outcome is not NOTHING:
                report(outcome, None, self._logger)
            if room:
                self._go_on()
            if count:
                self._log_refusals(count, "Indication queue was full")
            if indication is not None or closed:
                return indication
            try:
                self._bell.get(timeout=None if due == float("inf") else max(0.0, due - now))
            except queue.Empty:
                pass  # what was held is due

    def _deliver(self, indication: Indication) -> None:
        debug = self._logger.isEnabledFor(logging.DEBUG)
        for callback in list(self._callbacks):
            if debug:
                self._logger.debug(
                    "Calling callback function %r to deliver %s with message ID %s",
                    _name(callback), indication.instance.classname, indication.message_id,
                )  # fmt: skip
            try:
                callback(indication.instance, indication.host)
            except BaseException as exc:  # sys.exit() ends no listener
                self._counts.failed += 1
                self._logger.error(
                    "Callback function %r raised %s: %s",
                    _name(callback), type(exc).__name__, exc, exc_info=True,
                )  # fmt: skip
        self._counts.delivered += 1


def _name(callback: Callback) -> str:
    return getattr(callback, "__name__", None) or repr(callback)
