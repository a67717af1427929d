"""
The indications that were accepted and not yet delivered: bounded, in order, once each.

This is the logic of a delivery without what moves it: no thread, no socket, no clock.
The caller sees to it that one call is made at a time, and says what time it is.
"""

from __future__ import annotations

import logging
from collections import deque
from typing import Deque, Dict, List, NamedTuple, Optional, Tuple

from .counters import Counts
from .export import Indication
from .sequences import MAX_NUMBER, NOTHING, Outcome, Sequencer

#: Seconds between two lines of the log about a full queue.
_LOG_INTERVAL = 1.0
# Seconds for which the answer to a sender is put off that is refused again: the first
# time, and at most.
_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 1.0
_MAX_HOSTS = 1000
_NEVER = float("inf")


class Entry(NamedTuple):
    """
    An indication, and when it arrived.
    """

    arrival: float
    indication: Indication

    @property
    def sequence(self) -> Optional[Tuple[str, str]]:
        """
        The sender and the context of a reliable indication.
        """
        place = self.indication.place
        return None if place is None else (place.sender, place.context)


class QueueFull(Exception):
    """
    There is no room for an indication.

    ``pause`` is for how many seconds the answer should be put off.
    """

    def __init__(self, why: str, pause: float) -> None:
        super().__init__(why)
        self.pause = pause


class Backlog:
    """
    What waits for its delivery.

    Parameters:
        max_size (int): How many indications, at most; 0 for no limit.
        max_bytes (int): How many bytes their requests had, at most; 0 for no limit.
        sequencer (Sequencer): The order of reliable indications; None leaves them as they come.
        counts (Counts): Is kept up to date.
    """

    def __init__(
        self, max_size: int, max_bytes: int, sequencer: Optional[Sequencer], counts: Counts
    ) -> None:
        self._max_size = max_size
        self._max_bytes = max_bytes
        self._sequencer = sequencer
        self._counts = counts
        self._waiting: Deque[Entry] = deque()
        # Bytes of the requests that came and went, each changed on one side only.
        self._bytes_in = 0
        self._bytes_out = 0
        # When held ones are due, at the earliest.
        self._due = _NEVER

    @property
    def bytes(self) -> int:
        """
        int: Bytes of the requests of all that waits.
        """
        return self._bytes_in - self._bytes_out

    @property
    def held(self) -> int:
        """
        int: How many wait for an earlier one.
        """
        return 0 if self._sequencer is None else self._sequencer.held

    @property
    def size(self) -> int:
        """
        int: How many wait, the held ones included.
        """
        return len(self._waiting) + self.held

    @property
    def ready(self) -> bool:
        """
        bool: Whether one can be delivered.
        """
        return bool(self._waiting)

    def full(self, size: int) -> Optional[str]:
        """
        Why there is no room for an indication of a size in bytes, or None.
        """
        if 0 < self._max_size <= self.size:
            return f"Indication queue is full (size {self._max_size})"
        if self.bytes and 0 < self._max_bytes < self.bytes + size:
            return f"Indication queue is full ({self._max_bytes} bytes)"
        return None

    def has_room(self) -> bool:
        """
        Whether at least half of the queue is free.
        """
        return 2 * self.size <= (self._max_size or self.size * 2) and (
            2 * self.bytes <= (self._max_bytes or self.bytes * 2)
        )

    def put(self, indication: Indication, now: float) -> Outcome:
        """
        Take an indication for which there is room.  Those that are ready are in the
        queue when this returns; the outcome is for the log.
        """
        entry = Entry(now, indication)
        place = indication.place
        if self._sequencer is None or place is None or self._sequencer.take_next(place):
            self._waiting.append(entry)
            self._bytes_in += indication.size
            return NOTHING
        # One place is left for what the held ones wait for.
        room = self._max_size - 1 - len(self._waiting) if self._max_size else _NEVER
        outcome = self._sequencer.push(entry, place, now, room)
        if outcome.duplicate:
            self._counts.duplicates += 1
        else:
            self._bytes_in += indication.size
        self._waiting.extend(outcome.ready)
        if self._sequencer.held:
            self._due = self._sequencer.next_due()
        self._count(outcome)
        return outcome

    def begin(
        self, sequences: List[Tuple[str, str, int]], left: List[Indication], now: float
    ) -> List[Tuple[Indication, Outcome]]:
        """
        Go on where another backlog ended.

        Parameters:
            sequences (list of tuple): Sender, context and the number that comes next of each.
            left (list of Indication): The indications that were not delivered.
            now (float): The time.

        Returns:
            list of tuple: Those, and the outcome of each.
        """
        if self._sequencer is not None:
            known = {(sender, context): number for sender, context, number in sequences}
            first = dict(known)
            for place in [one.place for one in left if one.place is not None]:
                key = place[:2]
                if key not in known:
                    first[key] = min(place.number, first.get(key, MAX_NUMBER))
            for (sender, context), number in first.items():
                self._sequencer.begin(sender, context, number)
            left = _in_order(left, known)
        return [(one, self._put_again(one, now)) for one in left]

    def _put_again(self, indication: Indication, now: float) -> Outcome:
        place = indication.place
        known = None
        if self._sequencer is not None and place is not None:
            known = self._sequencer.recall(place)
        if known is None:
            return self.put(indication, now)
        if known:
            self._counts.duplicates += 1
            return NOTHING._replace(duplicate=True)
        self._waiting.append(Entry(now, indication))
        self._bytes_in += indication.size
        return NOTHING

    def next_number(self, sender: str, context: str) -> int:
        """
        The number that a sequence goes on with.

        Parameters:
            sender (str): The sender.
            context (str): The context.

        Returns:
            int: The number; 0 if the sequence is not known.
        """
        return 0 if self._sequencer is None else self._sequencer.next_number(sender, context)

    def get(self, now: float) -> Tuple[Optional[Indication], Outcome]:
        """
        Take the indication to deliver next, or None; the outcome is for the log.
        """
        outcome = NOTHING
        if self._sequencer is not None:
            if self._due <= now:
                outcome = self._sequencer.due(now)
                for entry in outcome.ready:
                    self._insert(entry)
                self._count(outcome)
            self._due = self._sequencer.next_due()
        return self.take(now), outcome

    def take(self, now: float) -> Optional[Indication]:
        """
        The same if no held one is due; this may be called at the same time as :meth:`put`.

        Parameters:
            now (float): The time.

        Returns:
            Indication: That, or None if one is due or nothing waits.
        """
        if self._due <= now or not self._waiting:
            return None
        indication = self._waiting.popleft().indication
        self._bytes_out += indication.size
        return indication

    def next_due(self) -> float:
        """
        The time when :meth:`get` has something although nothing arrived.
        """
        return self._due

    def flush(self) -> Outcome:
        """
        Wait for none of the missing ones any more.
        """
        outcome = NOTHING if self._sequencer is None else self._sequencer.flush()
        self._waiting.extend(outcome.ready)
        self._count(outcome)
        return outcome

    def _insert(self, entry: Entry) -> None:
        """
        Put one that was held at its place in the order of arrival, but after those of
        its sequence.
        """
        later: List[Entry] = []
        while self._waiting:
            last = self._waiting[-1]
            if last.arrival <= entry.arrival or last.sequence == entry.sequence:
                break
            later.append(self._waiting.pop())
        self._waiting.append(entry)
        self._waiting.extend(reversed(later))

    def _count(self, outcome: Outcome) -> None:
        if outcome.gaps:
            self._counts.missing += sum(gap.missing for gap in outcome.gaps)
        if outcome.restarted:
            self._counts.restarts += 1


def _in_order(left: List[Indication], known: Dict[Tuple[str, str], int]) -> List[Indication]:
    """
    Indications with those that come before the known number of their sequence in its order.
    """
    result = list(left)
    slots: Dict[Tuple[str, str], List[int]] = {}
    for index, indication in enumerate(left):
        place = indication.place
        if place is not None and place.number < known.get(place[:2], 0):
            slots.setdefault(place[:2], []).append(index)
    for indexes in slots.values():
        ordered = sorted((left[index] for index in indexes), key=_number)
        for index, indication in zip(indexes, ordered):
            result[index] = indication
    return result


def _number(indication: Indication) -> int:
    return 0 if indication.place is None else indication.place.number


def report(outcome: Outcome, indication: Optional[Indication], logger: logging.Logger) -> None:
    """
    Write into the log what an operator should know.

    Parameters:
        outcome (Outcome): What happened.
        indication (Indication): The indication that arrived, if one did.
        logger (logging.Logger): The logger of the listener.
    """
    for gap in outcome.gaps:
        logger.warning(
            "Missing %d indication(s) of sequence %r, from number %d on, sent by %s",
            gap.missing, gap.context, gap.first, gap.sender,
        )  # fmt: skip
    if indication is None or indication.place is None:
        return
    place = indication.place
    if outcome.duplicate:
        logger.warning(
            "Dropped a duplicate of indication %d of sequence %r from %s",
            place.number, place.context, place.sender,
        )  # fmt: skip
    if outcome.restarted:
        logger.info(
            "Sequence %r from %s begins again with number %d",
            place.context, place.sender, place.number,
        )  # fmt: skip


class Refusals:
    """
    Refusals because of a full queue: how long the answer is put off, so that those who
    send on and on do not keep the callbacks from working, and when they are logged.
    """

    def __init__(self) -> None:
        self._times: Dict[str, int] = {}
        self._unlogged = 0
        self._logged = float("-inf")

    def __bool__(self) -> bool:
        return bool(self._times)

    def refuse(self, host: str, now: float) -> Tuple[float, int]:
        """
        A sender is refused.

        Returns:
            tuple: for how long the answer is put off, and how many refusals are to be
            logged now.
        """
        if len(self._times) > _MAX_HOSTS:
            self._times.clear()
        times = self._times.get(host, 0)
        self._times[host] = times + 1
        pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(times - 1, 10)) if times else 0.0
        self._unlogged += 1
        return pause, self._to_log(now)

    def end(self) -> int:
        """
        There is room again; return how many refusals are to be logged now.
        """
        self._times.clear()
        return self._to_log(_NEVER)

    def _to_log(self, now: float) -> int:
        if not self._unlogged or now - self._logged < _LOG_INTERVAL:
            return 0
        count, self._unlogged = self._unlogged, 0
        if now < _NEVER:
            self._logged = now
        return count
