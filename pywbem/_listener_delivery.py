"""
From the endpoint to the callbacks: the queue of a listener and its thread.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections import deque
from typing import Callable, Deque, List, NamedTuple, Optional, Tuple

from ._cim_obj import CIMInstance
from ._indication_sequence import Outcome, Sequencer
from ._listener_export import Indication

Callback = Callable[[CIMInstance, str], object]


class ListenerCounters(NamedTuple):
    """
    What a :class:`~pywbem.WBEMListener` has done since it was created.

    ``received`` = ``delivered`` + ``dropped`` + those that wait in the queue or
    for an earlier one.
    """

    #: Connections that were accepted.
    connections: int
    #: Indications that arrived.
    received: int
    #: Indications that were passed to all callbacks.
    delivered: int
    #: Indications that were refused because the queue was full, or that were
    #: duplicates of others.
    dropped: int
    #: Calls of callbacks that raised an exception.
    failed: int
    #: Requests that were answered with an error, except for a full queue.
    refused: int
    #: Duplicates of other indications (DSP1054), part of ``dropped``.
    duplicates: int
    #: Indications that are missing in their sequence (DSP1054).
    missing: int


class Counts:
    """
    The numbers behind :class:`ListenerCounters`.  Each has one thread that
    changes it.
    """

    def __init__(self) -> None:
        self.connections = 0
        self.received = 0
        self.delivered = 0
        self.overflowed = 0
        self.failed = 0
        self.refused = 0
        self.duplicates = 0
        self.missing = 0


class Delivery:
    """
    Takes indications from the endpoint and calls the callbacks with them, in
    a thread of its own.

    Parameters:

        callbacks: the list of callbacks; additions are seen.
        max_size (int): indications that wait, at most; 0 for no limit.
        sequencer: order of reliable indications.
        counts: is kept up to date.
        soon: calls a function in the thread that called it, soon; it is used to
          wake the thread of the callbacks once for several indications.
        logger: the logger of the listener.
    """

    def __init__(
        self,
        callbacks: List[Callback],
        max_size: int,
        sequencer: Sequencer,
        counts: Counts,
        soon: Callable[[Callable[[], None]], object],
        logger: logging.Logger,
    ) -> None:
        self._callbacks = callbacks
        self._max_size = max_size
        self._sequencer = sequencer
        self._counts = counts
        self._logger = logger
        self._soon = soon
        self._waiting: Deque[Indication] = deque()
        self._bell: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._rung = False
        self._lock = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="pywbem-listener-callbacks")

    def start(self) -> None:
        """
        Start the thread.
        """
        self._thread.start()

    def put(self, indication: Indication) -> bool:
        """
        Queue an indication; return whether there was room for it.
        """
        with self._lock:
            self._counts.received += 1
            if self._closed or 0 < self._max_size <= len(self._waiting):
                self._counts.overflowed += 1
                return False
            self._waiting.append(indication)
            if not self._rung:
                self._rung = True
                self._soon(self._ring)
            return True

    def _ring(self) -> None:
        self._bell.put(None)

    def size(self) -> int:
        """
        Number of indications in the queue.
        """
        return len(self._waiting)

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
            position = _sequence_position(indication.instance)
            if position is None:
                self._deliver(indication)
            else:
                outcome = self._sequencer.push(indication, *position, time.monotonic())
                self._act(outcome)
                if outcome.duplicates:
                    self._logger.info(
                        "Dropped a duplicate of indication %d of sequence %r from %s",
                        position[1], position[0], indication.host,
                    )  # fmt: skip
        self._act(self._sequencer.flush())

    def _next(self) -> Optional[Indication]:
        """
        Wait for an indication; return None if there will be no more.
        """
        while True:
            if self._waiting:
                return self._waiting.popleft()
            if self._closed:
                # What was queued before that is visible now.
                return self._waiting.popleft() if self._waiting else None
            self._rung = False
            if self._waiting:
                continue
            due = self._sequencer.next_due()
            try:
                self._bell.get(timeout=None if due is None else max(0.0, due - time.monotonic()))
            except queue.Empty:
                self._act(self._sequencer.due(time.monotonic()))

    def _act(self, outcome: Outcome) -> None:
        self._counts.duplicates += outcome.duplicates
        for context, first, count in outcome.gaps:
            self._counts.missing += count
            self._logger.warning(
                "Missing %d indication(s) of sequence %r, from number %d on", count, context, first
            )
        for indication in outcome.ready:
            self._deliver(indication)

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


def _sequence_position(instance: CIMInstance) -> Optional[Tuple[str, int]]:
    """
    Sequence and number of a reliable indication (DSP1054), or None.
    """
    properties = instance.properties
    if "SequenceContext" in properties and "SequenceNumber" in properties:
        context = properties["SequenceContext"].value
        number = properties["SequenceNumber"].value
        if isinstance(context, str) and isinstance(number, int) and number >= 0:
            return context, int(number)
    return None
