"""
Reliable indications (DSP1054): order, duplicates, gaps and restarts.

A WBEM server that sends indications reliably numbers them from 0 on: SequenceContext
names a sequence, SequenceNumber is the place in it, and what is not answered is sent
again.  So an indication may arrive twice, or after its successors; and a server that
was started again may begin again at 0 with the same context.  No I/O, no thread and no
clock here; the caller says what time it is.
"""

from __future__ import annotations

import heapq
from collections import OrderedDict
from typing import Any, Dict, Hashable, List, NamedTuple, Optional, Set, Tuple

#: SequenceNumber is a sint64; after the highest one comes 0.
MAX_NUMBER = 2**63 - 1

#: A server has a sequence for each subscribed destination.  More of them than
#: this are forgotten, the one that was silent longest first.
MAX_SEQUENCES = 1000
# Missing numbers that are remembered of a sequence, for late arrivals.
_MAX_MISSING = 1000
# Contents that are remembered of a sequence, to know duplicates.
_MAX_SEEN = 500

_NEVER = float("inf")


class Place(NamedTuple):
    """
    The place of an indication: whose it is, the context and the number in it, and
    what tells its content from that of any other.
    """

    sender: str
    context: str
    number: int
    content: Hashable


class Gap(NamedTuple):
    """
    Indications of a sequence that are missing.
    """

    sender: str
    context: str
    first: int
    missing: int


class Outcome(NamedTuple):
    """
    What follows from an indication or from time that went by: the indications to
    deliver now, what is missing before them, whether the one that arrived is a
    duplicate and dropped, and whether its sequence begins again with it.
    """

    ready: List[Any]
    gaps: List[Gap]
    duplicate: bool = False
    restarted: bool = False


NOTHING = Outcome([], [])


class _Held(NamedTuple):
    item: Any
    content: Hashable
    until: float


class _Sequence:
    """
    One sequence: what is expected next, and what has arrived too early.
    """

    def __init__(self, first: int) -> None:
        #: The first number, as far as is known, and the one that comes next.
        self.first = first
        self.expected = first
        self.held: Dict[int, _Held] = {}
        self.held_until = _NEVER
        #: The value of held_until that the sequencer knows.
        self.noted = _NEVER
        #: Numbers that were given up, before the one expected.
        self.missing: Set[int] = set()
        #: Contents by number, the latest last.
        self.seen: Dict[int, Hashable] = {}
        #: The life before a restart.
        self.other: Optional[_Sequence] = None

    def is_duplicate(self, number: int, content: Hashable) -> bool:
        if number in self.held:
            return self.held[number].content == content
        return self.seen.get(number, self) == content or (
            self.other is not None and self.other.seen.get(number, self) == content
        )

    def is_restart(self, number: int, limit: int) -> bool:
        """
        Whether an indication that is no duplicate shows that its sender began again.
        """
        if number in self.held or number in self.seen:
            return True
        if number >= self.expected or number in self.missing:
            return False
        # Either it is older than what is remembered, or it begins a new life of the
        # sequence; what was overtaken is not that far behind.
        return number <= limit and number + limit < self.expected

    def note(self, number: int, content: Hashable) -> None:
        self.seen[number] = content
        if len(self.seen) > _MAX_SEEN:
            del self.seen[next(iter(self.seen))]

    def hold(self, item: Any, number: int, content: Hashable, until: float) -> None:
        self.held[number] = _Held(item, content, until)
        self.held_until = min(self.held_until, until)

    def advance(self, number: int) -> None:
        if number < MAX_NUMBER:
            self.expected = number + 1
            return
        self.other = _Sequence(self.first)
        self.other.expected = number + 1
        self.other.seen, self.seen = self.seen, {}
        self.first = self.expected = 0
        self.missing.clear()

    def take_held(self, ready: List[Any]) -> None:
        """
        Take those of the held ones that can be delivered now.
        """
        before = len(ready)
        while self.expected in self.held:
            number = self.expected
            held = self.held.pop(number)
            ready.append(held.item)
            self.note(number, held.content)
            self.advance(number)
        if len(ready) > before:
            self.held_until = min((held.until for held in self.held.values()), default=_NEVER)

    def skip(self) -> Tuple[int, int]:
        """
        Give up on what is missing before the held ones; return it.
        """
        first, last = self.expected, min(self.held)
        if len(self.missing) + last - first <= _MAX_MISSING:
            self.missing.update(range(first, last))
        self.expected = last
        return first, last - first

    def take_late(self, number: int) -> None:
        """
        Note that an indication arrived after its successors were delivered.
        """
        self.missing.discard(number)
        if number < self.first:
            lowest = max(number + 1, self.first - _MAX_MISSING)
            self.missing.update(range(lowest, self.first))
            self.first = number


class Sequencer:
    """
    Puts the indications of all sequences in order.

    A sequence that is first seen with a number up to ``limit`` is taken to have begun
    now; one with a higher number, to have begun before anybody listened.

    Parameters:
        limit (int): How many indications of a sequence are held, at most,
            while an earlier one is missing; 0 delivers as they arrive.
        patience (float): How many seconds each of them is held, at most.
    """

    def __init__(self, limit: int, patience: float) -> None:
        self._limit = limit
        self._patience = patience
        self._sequences: OrderedDict[Tuple[str, str], _Sequence] = OrderedDict()
        # (when, key): when held ones are due.  Entries that are no longer true remain
        # until they come to the top.
        self._due: List[Tuple[float, Tuple[str, str]]] = []
        #: Number of indications that wait for an earlier one.
        self.held = 0

    def begin(self, sender: str, context: str, number: int) -> None:
        """
        Say which number of a sequence comes first, from what is known of it.

        Parameters:
            sender (str): The sender.
            context (str): The context.
            number (int): The number.
        """
        self._sequences[sender, context] = _Sequence(number)
        self._forget_oldest(Outcome([], []))

    def recall(self, place: Place) -> Optional[bool]:
        """
        An indication is there again that is known from before the sequence began here:
        what is between it and the first number was delivered.

        Parameters:
            place (Place): Its place.

        Returns:
            bool: Whether it is there twice; None if it does not come before the first number.
        """
        sequence = self._sequences.get((place.sender, place.context))
        if sequence is None or place.number >= sequence.first:
            return None
        if sequence.is_duplicate(place.number, place.content):
            return True
        sequence.note(place.number, place.content)
        return False

    def next_number(self, sender: str, context: str) -> int:
        """
        The number that a sequence goes on with.

        Parameters:
            sender (str): The sender.
            context (str): The context.

        Returns:
            int: The number; 0 if the sequence is not known.
        """
        sequence = self._sequences.get((sender, context))
        return 0 if sequence is None else sequence.expected

    def take_next(self, place: Place) -> bool:
        """
        The usual case of :meth:`push`: an indication has arrived that is the next one of
        its sequence while none is held.

        Parameters:
            place (Place): Its place.

        Returns:
            bool: Whether that is so.
        """
        sequence = self._sequences.get((place[0], place[1]))
        number = place.number
        if (
            sequence is None
            or number != sequence.expected
            or sequence.held
            or (sequence.other is not None and number in sequence.other.seen)
            or number == MAX_NUMBER
        ):
            return False
        self._sequences.move_to_end((place[0], place[1]))
        sequence.note(number, place.content)
        sequence.expected = number + 1
        return True

    def push(self, item: Any, place: Place, now: float, room: float = _NEVER) -> Outcome:
        """
        An indication has arrived.

        Parameters:
            item: The indication.
            place (Place): Its place.
            now (float): The time.
            room (int): How many indications of all sequences may be held.
        """
        key = (place.sender, place.context)
        number, content = place.number, place.content
        outcome = Outcome([], [])
        sequence = self._sequences.get(key)
        if sequence is None:
            sequence = self._sequences[key] = _Sequence(0 if number <= self._limit else number)
            self._forget_oldest(outcome)
        else:
            self._sequences.move_to_end(key)
        if sequence.is_duplicate(number, content):
            return outcome._replace(duplicate=True)
        if sequence.is_restart(number, self._limit):
            while sequence.held:
                self._give_up(key, sequence, outcome)
            # Two servers that cannot be told apart use the context by turns if this one
            # goes on where the other life ended.
            life = sequence.other
            if life is None or life.expected != number:
                life = _Sequence(0)
                outcome = outcome._replace(restarted=True)
            life.other, sequence.other = sequence, None
            self._sequences[key] = sequence = life
        if number > sequence.expected:
            sequence.hold(item, number, content, now + self._patience)
            self.held += 1
            while sequence.held and (len(sequence.held) > self._limit or self.held > room):
                self._give_up(key, sequence, outcome)
            self._note_due(key, sequence)
            return outcome
        outcome.ready.append(item)
        sequence.note(number, content)
        if number < sequence.expected:
            sequence.take_late(number)
        else:
            sequence.advance(number)
            if sequence.held:
                self._take_held(key, sequence, outcome)
        return outcome

    def next_due(self) -> float:
        """
        The time when :meth:`due` has something to do.
        """
        while self._due:
            when, key = self._due[0]
            sequence = self._sequences.get(key)
            if sequence is not None and sequence.held_until == when:
                return when
            heapq.heappop(self._due)
        return _NEVER

    def due(self, now: float) -> Outcome:
        """
        Give up waiting where it took too long.
        """
        outcome = Outcome([], [])
        while self._due and self.next_due() <= now:
            key = self._due[0][1]
            self._give_up(key, self._sequences[key], outcome)
        return outcome

    def flush(self) -> Outcome:
        """
        Give up waiting everywhere.
        """
        outcome = Outcome([], [])
        while self.next_due() < _NEVER:
            key = self._due[0][1]
            self._give_up(key, self._sequences[key], outcome)
        return outcome

    def _give_up(self, key: Tuple[str, str], sequence: _Sequence, outcome: Outcome) -> None:
        outcome.gaps.append(Gap(*key, *sequence.skip()))
        self._take_held(key, sequence, outcome)

    def _take_held(self, key: Tuple[str, str], sequence: _Sequence, outcome: Outcome) -> None:
        before = len(sequence.held)
        sequence.take_held(outcome.ready)
        self.held -= before - len(sequence.held)
        self._note_due(key, sequence)

    def _note_due(self, key: Tuple[str, str], sequence: _Sequence) -> None:
        if sequence.held_until != sequence.noted:
            sequence.noted = sequence.held_until
            if sequence.held:
                heapq.heappush(self._due, (sequence.held_until, key))

    def _forget_oldest(self, outcome: Outcome) -> None:
        if len(self._sequences) > MAX_SEQUENCES:
            key = next(iter(self._sequences))
            sequence = self._sequences[key]
            while sequence.held:
                self._give_up(key, sequence, outcome)
            del self._sequences[key]
