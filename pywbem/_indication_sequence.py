"""
Reliable indications (DSP1054 1.2): order and duplicates.

A WBEM server that sends indications reliably numbers them: SequenceContext
names a sequence, SequenceNumber is the place in it, and what is not answered
is sent again.  So an indication may arrive twice, or after its successors.
No I/O and no clock here; the caller says what time it is.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, Dict, List, NamedTuple, Optional, Set, Tuple

#: SequenceNumber is a sint64; after the highest one comes 0.
MAX_NUMBER = 2**63 - 1

# A server has a sequence for each subscribed destination.  More of them than
# this are forgotten, the one that was silent longest first.
_MAX_SEQUENCES = 1000
# Missing numbers that are remembered of a sequence, for late arrivals.
_MAX_MISSING = 1000


class Outcome(NamedTuple):
    """
    What follows from an indication or from time that went by.

    ``ready`` are the indications to deliver now, ``duplicates`` how many were
    dropped, ``gaps`` has (context, first missing number, how many).
    """

    ready: List[Any]
    duplicates: int = 0
    gaps: List[Tuple[str, int, int]] = []


class _Sequence:
    """
    One sequence: what is expected next, and what has arrived too early.
    """

    def __init__(self, first: int) -> None:
        self.first = first
        self.expected = first
        self.held: Dict[int, Any] = {}
        self.held_until = 0.0
        self.missing: Set[int] = set()

    def seen(self, number: int) -> bool:
        if number in self.held:
            return True
        # Numbers before the first one that arrived were perhaps overtaken by it.
        return self.first <= number < self.expected and number not in self.missing

    def take_held(self, ready: List[Any]) -> None:
        while self.expected in self.held:
            ready.append(self.held.pop(self.expected))
            self.advance(self.expected)

    def advance(self, number: int) -> None:
        if number == MAX_NUMBER:
            self.first = self.expected = 0
            self.missing.clear()
        else:
            self.expected = number + 1

    def skip(self) -> Tuple[int, int]:
        """
        Give up on what is missing before the held ones; return it.
        """
        first, last = self.expected, min(self.held)
        if len(self.missing) + last - first <= _MAX_MISSING:
            self.missing.update(range(first, last))
        self.expected = last
        return first, last - first


class Sequencer:
    """
    Puts the indications of all sequences in order.

    Parameters:

        limit (int): how many indications of a sequence are held, at most,
          while an earlier one is missing; 0 delivers as they arrive.

        patience (float): how many seconds they are held, at most.
    """

    def __init__(self, limit: int, patience: float) -> None:
        self._limit = limit
        self._patience = patience
        self._sequences: OrderedDict[str, _Sequence] = OrderedDict()
        self._holding: Set[str] = set()

    @property
    def held(self) -> int:
        """
        int: Number of indications that wait for an earlier one.
        """
        return sum(len(self._sequences[context].held) for context in self._holding)

    def push(self, item: Any, context: str, number: int, now: float) -> Outcome:
        """
        An indication has arrived.
        """
        sequence = self._sequences.get(context)
        outcome = Outcome([], 0, [])
        if sequence is None:
            sequence = self._sequences[context] = _Sequence(number)
            self._forget_oldest(outcome)
        else:
            self._sequences.move_to_end(context)
        if sequence.seen(number):
            return outcome._replace(duplicates=1)
        if number == sequence.expected:
            outcome.ready.append(item)
            sequence.advance(number)
            if sequence.held:
                sequence.take_held(outcome.ready)
                self._note_held(context, sequence, now)
        elif number < sequence.expected:
            # Late, but the sender was not told that it arrived before.
            outcome.ready.append(item)
            sequence.missing.discard(number)
            if number < sequence.first:
                sequence.missing.update(
                    range(max(number + 1, sequence.first - _MAX_MISSING), sequence.first)
                )
                sequence.first = number
        else:
            sequence.held[number] = item
            if len(sequence.held) == 1:
                self._note_held(context, sequence, now)
            while len(sequence.held) > self._limit:
                self._give_up(context, sequence, now, outcome)
        return outcome

    def next_due(self) -> Optional[float]:
        """
        The time when :meth:`due` has something to do, or None.
        """
        if not self._holding:
            return None
        return min(self._sequences[context].held_until for context in self._holding)

    def due(self, now: float) -> Outcome:
        """
        Give up waiting where it took too long.
        """
        outcome = Outcome([], 0, [])
        for context in sorted(self._holding):
            sequence = self._sequences[context]
            if sequence.held_until <= now:
                self._give_up(context, sequence, now, outcome)
        return outcome

    def flush(self) -> Outcome:
        """
        Give up waiting everywhere.
        """
        outcome = Outcome([], 0, [])
        for context in sorted(self._holding):
            self._release(context, self._sequences[context], outcome)
        return outcome

    def _give_up(self, context: str, sequence: _Sequence, now: float, outcome: Outcome) -> None:
        outcome.gaps.append((context, *sequence.skip()))
        sequence.take_held(outcome.ready)
        self._note_held(context, sequence, now)

    def _release(self, context: str, sequence: _Sequence, outcome: Outcome) -> None:
        while sequence.held:
            self._give_up(context, sequence, 0.0, outcome)

    def _note_held(self, context: str, sequence: _Sequence, now: float) -> None:
        if sequence.held:
            sequence.held_until = now + self._patience
            self._holding.add(context)
        else:
            self._holding.discard(context)

    def _forget_oldest(self, outcome: Outcome) -> None:
        if len(self._sequences) > _MAX_SEQUENCES:
            context = next(iter(self._sequences))
            self._release(context, self._sequences[context], outcome)
            del self._sequences[context]
