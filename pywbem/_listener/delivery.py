"""
What happens to indications between the endpoint and the callbacks.

This is one text for both kinds of listener, whose shells (``threads``, ``tasks``) wait
and call the callbacks: no thread and no event loop here, and the clock is a parameter.
"""

from __future__ import annotations

import inspect
import logging
from typing import TYPE_CHECKING, Any, Callable, ContextManager, Dict, FrozenSet, List, Optional

from .backlog import Backlog, QueueFull, Refusals, report
from .counters import Counts
from .export import Indication
from .retries import Retries, Retry
from .sequences import NOTHING

if TYPE_CHECKING:
    from .journal import Journal

Callback = Callable[..., object]

# What callbacks may ask for by the names of their parameters.
_KEYWORDS = frozenset(("correlators", "redelivered"))


class Call:
    """
    An indication on its way through callbacks.

    Parameters:
        retry (Retry): The indication and the callbacks.
    """

    def __init__(self, retry: Retry) -> None:
        self.indication = retry.indication
        self.callbacks = retry.callbacks
        #: Callbacks that raised, and what the last one did.
        self.failed: List[Callback] = []
        self.error = ""


class Delivery:
    """
    Takes indications from the endpoint, or from a journal, and hands out what is to be
    delivered.

    Parameters:
        callbacks (list of Callback): The list of callbacks; additions are seen.
        backlog (Backlog): What waits.
        counts (Counts): Is kept up to date.
        logger (logging.Logger): The logger of the listener.
        journal (Journal): What keeps the indications until they are delivered, or None.
        retries (Retries): What callbacks get again that raised, or None.
        lock (context manager): Keeps threads from each other, if there are several.
        wake (callable): Is called when :meth:`next` may have something although nobody asked.
        go_on (callable): Is called when there is room again after indications were refused.
        clock (callable): Returns the time in seconds.
    """

    def __init__(
        self,
        callbacks: List[Callback],
        backlog: Backlog,
        counts: Counts,
        logger: logging.Logger,
        journal: Optional[Journal],
        retries: Optional[Retries],
        lock: ContextManager[Any],
        wake: Callable[[], object],
        go_on: Callable[[], object],
        clock: Callable[[], float],
    ) -> None:
        self._callbacks = callbacks
        self._backlog = backlog
        self._counts = counts
        self._logger = logger
        self._journal = journal
        self._retries = retries
        self._wake = wake
        self._go_on = go_on
        self._clock = clock
        self._refusals = Refusals()
        # Whether somebody was woken who has not asked yet.
        self._woken = False
        # Guards the backlog, the refusals, and what is above.
        self._lock = lock
        self._closed = False
        #: Whether there will be no more.
        self.ended = False
        # By the identity of a callback, which is in the list.
        self._wanted: Dict[int, FrozenSet[str]] = {}

    # Coming in

    def load(self) -> None:
        """
        Put what is left in the journal first.
        """
        if self._journal is None:
            return
        left = self._journal.left()
        sequences = self._journal.sequences()
        for indication, outcome in self._backlog.begin(sequences, left, self._clock()):
            self._counts.received += 1
            report(outcome, indication, self._logger)
            if outcome.duplicate:
                # It was written, and not removed any more before the end.
                self._journal.delivered(indication._replace(place=None))
        if left:
            self._logger.info("%d indication(s) are left in the journal", len(left))

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

        Parameters:
            host (str): Address of the sender.
            size (int): Bytes of the request.

        Raises:
            QueueFull: There is none.
        """
        why = self._backlog.full(size)
        if why is not None:
            self._refuse(host, why)

    def put(self, indication: Indication) -> bool:
        """
        Queue an indication.

        Parameters:
            indication (Indication): The indication.

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
                outcome = self._backlog.put(indication, self._clock())
                if not self._woken:
                    self._woken = True
                    self._wake()
        if why:
            self._refuse(indication.host, why)
        if outcome is not NOTHING:
            report(outcome, indication, self._logger)
        return not outcome.duplicate

    def _refuse(self, host: str, why: str) -> None:
        with self._lock:
            self._counts.received += 1
            self._counts.overflowed += 1
            pause, count = self._refusals.refuse(host, self._clock())
        if count:
            self._log_refusals(count, f"{why}, the last one is from {host}")
        raise QueueFull(why, pause)

    def _log_refusals(self, count: int, why: str) -> None:
        self._logger.warning("Refused %d indication(s): %s", count, why)

    def close(self) -> None:
        """
        Take no more; what was taken is handed out still.
        """
        with self._lock:
            self._closed = True
            self._wake()

    # Going out

    def next(self) -> Optional[Call]:
        """
        What is to be delivered now.

        Returns:
            Call: That; None if there is nothing until :meth:`next_due`, or before somebody
            is woken, or if it has ``ended``.
        """
        while True:
            now = self._clock()
            retry = None if self._retries is None or self._closed else self._retries.get(now)
            if retry is not None:
                return Call(retry)
            # The usual case needs no lock.
            indication = None if self._refusals else self._backlog.take(now)
            if indication is None and (
                self._refusals or self._closed or self._backlog.next_due() <= now
            ):
                indication = self._look_after(now)
            if indication is not None:
                return Call(Retry(indication, list(self._callbacks)))
            self._woken = False
            # Who put something before that woke nobody.
            if self.ended or not self._backlog.ready:
                return None

    def _look_after(self, now: float) -> Optional[Indication]:
        """
        Look after refusals, held indications, and the end; return the next indication.
        """
        count = 0
        with self._lock:
            indication, outcome = self._backlog.get(now)
            if indication is None and self._closed:
                outcome = self._backlog.flush()
                indication, _ = self._backlog.get(now)
                # What is to be tried again is in the journal.
                self.ended = indication is None
            room = bool(self._refusals) and self._backlog.has_room()
            if room:
                count = self._refusals.end()
        report(outcome, None, self._logger)
        if room:
            self._go_on()
        if count:
            self._log_refusals(count, "Indication queue was full")
        return indication

    def next_due(self) -> float:
        """
        The time when :meth:`next` has something although nothing arrived.

        Returns:
            float: That, or infinity.
        """
        due = self._backlog.next_due()
        return due if self._retries is None else min(due, self._retries.next_due())

    # Callbacks

    def keywords(self, callback: Callback, indication: Indication) -> Dict[str, Any]:
        """
        The keyword arguments of a callback that is going to be called.

        Parameters:
            callback (Callback): The callback.
            indication (Indication): What it gets.

        Returns:
            dict: The arguments.
        """
        if self._logger.isEnabledFor(logging.DEBUG):
            self._logger.debug(
                "Calling callback function %r to deliver %s with message ID %s",
                _name(callback), indication.instance.classname, indication.message_id,
            )  # fmt: skip
        wanted = self._wanted.get(id(callback))
        if wanted is None:
            wanted = self._wanted[id(callback)] = wanted_by(callback)
        keywords: Dict[str, Any] = {}
        if "redelivered" in wanted and self._journal is not None:
            keywords["redelivered"] = is_redelivered(indication)
        if "correlators" in wanted:
            keywords["correlators"] = dict(indication.correlators)
        return keywords

    def failed(self, call: Call, callback: Callback, exc: BaseException) -> None:
        """
        A callback has raised an exception, which is being handled.

        Parameters:
            call (Call): What it was called with.
            callback (Callback): The callback.
            exc (BaseException): The exception.
        """
        self._counts.failed += 1
        call.failed.append(callback)
        call.error = f"{type(exc).__name__}: {exc}"
        self._logger.error(
            "Callback function %r raised %s", _name(callback), call.error, exc_info=True
        )

    def done(self, call: Call) -> None:
        """
        All callbacks have returned, or raised.

        Parameters:
            call (Call): What they were called with.
        """
        indication = call.indication
        if self._journal is not None:
            if not call.failed or self._retries is None:
                self._journal.delivered(indication)
            elif self._retries.add(indication, call.failed, self._clock()):
                self._journal.failed(indication, None)
                return
            else:
                self._journal.failed(indication, call.error)
                self._logger.error(
                    "Indication %d of the journal is moved to its failures after %d tries",
                    indication.key, indication.tries + 1,
                )  # fmt: skip
        self._counts.delivered += 1

    def abandon(self, left: List[Call], unsure: List[Call]) -> None:
        """
        Deliver no more: what is left stays in the journal, or is logged.

        Parameters:
            left (list of Call): What was handed out and not delivered.
            unsure (list of Call): What was handed out and may be delivered.
        """
        call = self.next()
        while call is not None:
            left.append(call)
            call = self.next()
        if self._journal is not None:
            if left or unsure:
                count = len(left) + len(unsure)
                self._logger.info("%d indication(s) stay in the journal", count)
            return
        for call in unsure:
            self.done(call)
        self._counts.abandoned += len(left)
        for one in left:
            self._logger.warning(
                "Not delivered before the listener was stopped: %s from %s with message ID %s",
                one.indication.instance.classname, one.indication.host, one.indication.message_id,
            )  # fmt: skip


def is_redelivered(indication: Indication) -> bool:
    """
    Whether an indication may have been delivered before.

    Parameters:
        indication (Indication): The indication.

    Returns:
        bool: Whether it was in the journal, or is tried again.
    """
    return indication.redelivered or indication.tries > 0


def wanted_by(callback: Callback) -> FrozenSet[str]:
    """
    What a callback is told beside the indication and its sender.

    Parameters:
        callback (Callback): The callback.

    Returns:
        frozenset of str: Those of the names of its parameters that are known.
    """
    try:
        return _KEYWORDS & inspect.signature(callback).parameters.keys()
    except (TypeError, ValueError):
        return frozenset()  # not all builtins tell


def _name(callback: Callback) -> str:
    return getattr(callback, "__name__", None) or repr(callback)
