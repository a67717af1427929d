"""
Reliable indications (DSP1054): order is repaired, duplicates are dropped, gaps are told,
restarts are seen.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, List, NamedTuple, Set, Tuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pywbem._listener.sequences import MAX_NUMBER, Outcome, Place, Sequencer

PATIENCE = 5.0


def push(
    sequencer: Sequencer,
    number: int,
    content: Any = None,
    context: str = "c",
    sender: str = "s",
    now: float = 0.0,
) -> Outcome:
    """Push a number as its own indication, with itself as its content unless one is given."""
    content = number if content is None else content
    return sequencer.push(content, Place(sender, context, number, content), now)


def push_all(sequencer: Sequencer, numbers: List[int], context: str = "c") -> Tuple[Any, int, Any]:
    """Push numbers; return what is delivered, duplicates and gaps."""
    outcomes = [push(sequencer, number, None, context) for number in numbers]
    return (
        [item for outcome in outcomes for item in outcome.ready],
        sum(outcome.duplicate for outcome in outcomes),
        [gap for outcome in outcomes for gap in outcome.gaps],
    )


@pytest.mark.parametrize(
    "numbers, ready, duplicates, gaps",
    [
        pytest.param([0, 1, 2], [0, 1, 2], 0, [], id="in order"),
        pytest.param([7, 8], [7, 8], 0, [], id="begun before"),
        pytest.param([0, 0, 1, 0, 1], [0, 1], 3, [], id="duplicates"),
        pytest.param([0, 2, 1, 3], [0, 1, 2, 3], 0, [], id="two swapped"),
        pytest.param([0, 3, 2, 1, 4], [0, 1, 2, 3, 4], 0, [], id="reversed"),
        pytest.param([2, 1, 0, 3], [0, 1, 2, 3], 0, [], id="reversed from the beginning"),
        pytest.param([1, 2, 3], [], 0, [], id="beginning waited for"),
        pytest.param([3], [], 0, [], id="beginning waited for, at the limit"),
        pytest.param([4], [4], 0, [], id="begun before, beyond the limit"),
        pytest.param([1, 2, 3, 4], [1, 2, 3, 4], 0, [("s", "c", 0, 1)], id="beginning is missing"),
        pytest.param([0, 2, 2, 1, 2], [0, 1, 2], 2, [], id="duplicate of one that is held"),
        pytest.param([0, 2], [0], 0, [], id="held"),
        pytest.param(
            [0, 2, 3, 4, 5], [0, 2, 3, 4, 5], 0, [("s", "c", 1, 1)], id="gap, limit reached"
        ),
        pytest.param(
            [0, 9, 7, 5, 3], [0, 3], 0, [("s", "c", 1, 2)], id="gap before the first one held"
        ),
        pytest.param(
            [0, 3, 4, 5, 6, 1, 2, 1],
            [0, 3, 4, 5, 6, 1, 2],
            1,
            [("s", "c", 1, 2)],
            id="late, once each",
        ),
        pytest.param([6, 4, 5, 4, 7], [6, 4, 5, 7], 1, [], id="earlier than the first"),
        pytest.param(
            [MAX_NUMBER - 1, MAX_NUMBER, 0, 1, MAX_NUMBER],
            [MAX_NUMBER - 1, MAX_NUMBER, 0, 1],
            1,
            [],
            id="wraps to 0",
        ),
    ],
)
def test_push(numbers: List[int], ready: List[int], duplicates: int, gaps: Any) -> None:
    assert push_all(Sequencer(3, PATIENCE), numbers) == (ready, duplicates, gaps)


@pytest.mark.parametrize(
    "arrivals, ready, restarts, duplicates",
    [
        pytest.param("0a 1a 2a 0b 1b 2b 3b", "0a 1a 2a 0b 1b 2b 3b", 1, 0, id="from 0"),
        pytest.param("0a 0b 0c 0c", "0a 0b 0c", 2, 1, id="again and again"),
        pytest.param("0a 1a 2a 1b 0b 2b", "0a 1a 2a 0b 1b 2b", 1, 0, id="disordered"),
        pytest.param("0a 1a 3a 0b 1b 2b", "0a 1a 3a 0b 1b 2b", 1, 0, id="while one is held"),
        pytest.param("0a 1a 2a 0b 2a 1b", "0a 1a 2a 0b 1b", 1, 1, id="duplicate of before"),
        pytest.param("0a 2a 2b 0b 1b", "0a 2a 0b 1b 2b", 1, 0, id="number of one that is held"),
        pytest.param("50a 51a 0b 1b", "50a 51a 0b 1b", 1, 0, id="begun before"),
        pytest.param("0a 0b 1a 1b 2a 2b", "0a 0b 1a 1b 2a 2b", 1, 0, id="two by turns"),
        # With a limit of 3: up to 3 may come first, and up to 3 may have been overtaken.
        pytest.param("50a 3b", "50a", 1, 0, id="not from 0"),
        pytest.param("50a 4a", "50a 4a", 0, 0, id="too high to begin with"),
        pytest.param("4a 5a 6a 3b", "4a 5a 6a", 1, 0, id="more than overtaken"),
        pytest.param("4a 5a 3a", "4a 5a 3a", 0, 0, id="overtaken"),
        pytest.param("4a 3a", "4a 3a", 0, 0, id="overtaken by the first"),
        pytest.param("4a 2a 5a 6a 7a 8a 3a", "4a 2a 5a 6a 7a 8a 3a", 0, 0, id="late for long"),
        pytest.param("4a 2a 5a 6a 7a 8a 3a 3b", "4a 2a 5a 6a 7a 8a 3a", 1, 0, id="after that"),
    ],
)
def test_sender_begins_again(arrivals: str, ready: str, restarts: int, duplicates: int) -> None:
    sequencer = Sequencer(3, PATIENCE)
    outcomes = [push(sequencer, int(text[:-1]), text) for text in arrivals.split()]
    assert [item for outcome in outcomes for item in outcome.ready] == ready.split()
    assert sum(outcome.restarted for outcome in outcomes) == restarts
    assert sum(outcome.duplicate for outcome in outcomes) == duplicates


def test_sequences_are_independent() -> None:
    sequencer = Sequencer(3, PATIENCE)
    assert push_all(sequencer, [0, 2], "one")[0] == [0]
    assert push_all(sequencer, [0, 1, 2], "two")[0] == [0, 1, 2]
    assert push(sequencer, 0, "other", "one", "other").ready == ["other"]
    assert push(sequencer, 0, None, "one", "other").ready == [0]
    assert push_all(sequencer, [1], "one")[0] == [1, 2]


def test_limit_of_zero_holds_nothing() -> None:
    assert push_all(Sequencer(0, PATIENCE), [0, 2, 1, 3]) == (
        [0, 2, 1, 3],
        0,
        [("s", "c", 1, 1)],
    )


def test_room_is_for_all_sequences() -> None:
    sequencer = Sequencer(10, PATIENCE)
    for context in "abc":
        assert push(sequencer, 0, None, context).ready == [0]
        outcome = sequencer.push(2, Place("s", context, 2, 2), 0.0, 2)
        assert outcome.ready == ([2] if context == "c" else [])
    assert sequencer.held == 2


def test_time() -> None:
    sequencer = Sequencer(10, PATIENCE)
    assert sequencer.next_due() == float("inf")
    push(sequencer, 0, now=0.0)
    assert sequencer.next_due() == float("inf")
    push(sequencer, 2, "b", now=1.0)
    push(sequencer, 5, "c", now=2.0)
    push(sequencer, 6, "d", now=3.0)
    assert (sequencer.held, sequencer.next_due()) == (3, 6.0)
    assert sequencer.due(5.9).ready == []
    assert sequencer.due(6.0) == (["b"], [("s", "c", 1, 1)], False, False)
    # Each is held for its own time, those of all sequences in turn.
    push(sequencer, 0, context="d", now=3.5)
    push(sequencer, 2, "e", context="d", now=3.5)
    assert sequencer.next_due() == 7.0
    assert sequencer.due(8.5) == (
        ["c", "d", "e"],
        [("s", "c", 3, 2), ("s", "d", 1, 1)],
        False,
        False,
    )
    assert (sequencer.held, sequencer.next_due()) == (0, float("inf"))


def test_flush() -> None:
    sequencer = Sequencer(10, PATIENCE)
    push_all(sequencer, [0, 2, 3, 6], "one")
    push_all(sequencer, [0, 9], "two")
    outcome = sequencer.flush()
    assert outcome.ready == [2, 3, 6, 9]
    assert [gap[1:] for gap in outcome.gaps] == [("one", 1, 1), ("one", 4, 2), ("two", 1, 8)]
    assert sequencer.held == 0


def test_oldest_sequence_is_forgotten_but_nothing_is_lost() -> None:
    sequencer = Sequencer(10, PATIENCE)
    push_all(sequencer, [0, 2], "first")
    delivered: List[Any] = []
    for index in range(2000):
        delivered += push(sequencer, 0, f"i{index}", f"context {index}").ready
    assert delivered.count(2) == 1
    assert len(delivered) == 2001
    assert sequencer.held == 0


def test_a_number_that_came_late_is_missing_no_more() -> None:
    sequencer = Sequencer(3, PATIENCE)
    numbers = [0, 3, 4, 5, 6, 1, *range(7, 600)]
    assert push_all(sequencer, numbers)[0] == numbers
    # What is remembered of the content of 1 is over.
    assert not push(sequencer, 2).restarted
    assert push(sequencer, 1).restarted


def test_many_missing_numbers_are_not_remembered() -> None:
    sequencer = Sequencer(2, PATIENCE)
    first, beyond = [0, 3, 4, 5], range(1003, 1007)
    assert push_all(sequencer, [*first, *beyond]) == (
        [*first, *beyond],
        0,
        [("s", "c", 1, 2), ("s", "c", 6, 997)],
    )
    assert not push(sequencer, 1).restarted
    for gap, remembered in [(1000, True), (1001, False)]:
        sequencer = Sequencer(2, PATIENCE)
        after = range(1 + gap, 4 + gap)
        assert push_all(sequencer, [0, *after])[2] == [("s", "c", 1, gap)]
        assert push(sequencer, 1).restarted is not remembered


def test_as_many_contents_are_remembered() -> None:
    sequencer = Sequencer(3, PATIENCE)
    push_all(sequencer, list(range(501)))
    assert push(sequencer, 1).duplicate
    assert not push(sequencer, 0).duplicate


# What a journal asks


def silent(count: int) -> Sequencer:
    """A sequencer of many sequences, each with number 0."""
    sequencer = Sequencer(3, PATIENCE)
    for index in range(count):
        push(sequencer, 0, context=str(index))
    return sequencer


TOUCHES: Dict[str, Callable[[Sequencer], Any]] = {
    "push": lambda sequencer: push(sequencer, 1, context="0"),
    "take_next": lambda sequencer: sequencer.take_next(Place("s", "0", 1, 1)),
}
NEW: Dict[str, Callable[[Sequencer], Any]] = {
    "push": lambda sequencer: push(sequencer, 0, context="new"),
    "begin": lambda sequencer: sequencer.begin("s", "new", 1),
}


@pytest.mark.parametrize("touch", TOUCHES.values(), ids=TOUCHES)
@pytest.mark.parametrize("new", NEW.values(), ids=NEW)
def test_the_sequence_that_was_silent_longest_is_forgotten(
    touch: Callable[[Sequencer], Any], new: Callable[[Sequencer], Any]
) -> None:
    sequencer = silent(1000)
    touch(sequencer)
    assert [sequencer.next_number("s", str(index)) for index in range(3)] == [2, 1, 1]
    new(sequencer)
    assert [sequencer.next_number("s", str(index)) for index in range(3)] == [2, 0, 1]
    assert sequencer.next_number("s", "new") == 1


def test_what_a_forgotten_sequence_held_is_not_given_at_its_time() -> None:
    sequencer = silent(999)
    push_all(sequencer, [0, 2], "held")
    for index in range(1000):
        sequencer.begin("s", f"new {index}", 5)
    assert (sequencer.held, sequencer.next_due()) == (0, float("inf"))


@pytest.mark.parametrize(
    ("before", "number", "taken"),
    [
        pytest.param([], 0, False, id="unknown sequence"),
        pytest.param([0, 1], 2, True, id="next"),
        pytest.param([0, 1], 1, False, id="again"),
        pytest.param([0, 1], 3, False, id="too early"),
        pytest.param([0, 2], 1, False, id="one is held"),
        pytest.param([MAX_NUMBER - 1], MAX_NUMBER, False, id="the last number"),
        pytest.param([MAX_NUMBER - 2], MAX_NUMBER - 1, True, id="the last but one"),
        pytest.param([MAX_NUMBER - 1, MAX_NUMBER], 0, True, id="wrapped to 0"),
    ],
)
def test_take_next(before: List[int], number: int, taken: bool) -> None:
    sequencer, other = Sequencer(3, PATIENCE), Sequencer(3, PATIENCE)
    for one in (sequencer, other):
        push_all(one, before)
    assert sequencer.take_next(Place("s", "c", number, number)) is taken
    if not taken:
        return
    # It is as if it had been pushed.
    assert push(other, number).ready == [number]
    for following in (number, number + 1, number + 2, number):
        assert push(sequencer, following) == push(other, following)
    assert sequencer.next_number("s", "c") == other.next_number("s", "c")


def test_take_next_of_a_number_that_the_life_before_had() -> None:
    sequencer = Sequencer(3, PATIENCE)
    push_all(sequencer, [0, 1])
    assert push(sequencer, 0, "new").restarted
    assert not sequencer.take_next(Place("s", "c", 1, 1))
    assert push(sequencer, 1).duplicate
    push(sequencer, 1, "new")
    assert sequencer.take_next(Place("s", "c", 2, 2))


def test_recall() -> None:
    sequencer = Sequencer(3, PATIENCE)
    assert sequencer.recall(Place("s", "c", 1, "a")) is None
    sequencer.begin("s", "c", 3)
    assert sequencer.next_number("s", "c") == 3
    assert sequencer.next_number("s", "other") == 0
    for number in (3, 4):
        assert sequencer.recall(Place("s", "c", number, "a")) is None
    for number in (2, 0):
        assert sequencer.recall(Place("s", "c", number, "a")) is False
        assert sequencer.recall(Place("s", "c", number, "a")) is True
        assert sequencer.recall(Place("s", "c", number, "b")) is False
    assert sequencer.recall(Place("other", "c", 2, "a")) is None
    # It goes on where it was said to begin.
    assert push(sequencer, 3).ready == [3]


# Properties


class Item(NamedTuple):
    """An indication: the life of its sequence and its number are in its content."""

    sender: str
    context: str
    life: int
    number: int

    @property
    def place(self) -> Place:
        return Place(self.sender, self.context, self.number, (self.life, self.number))


def disordered(draw: Any, items: List[Item], limit: int, first: int) -> List[Item]:
    """
    The items in an order in which none is overtaken by more than the limit.

    The first of them is one of the first, so that a restart can be told from progress.
    """
    waiting, arriving = list(items), []
    while waiting:
        overtaken = sum(item.number > waiting[0].number for item in arriving)
        last = 0 if overtaken >= limit else len(waiting) - 1
        if not arriving:
            last = min(last, limit, max(first - 1, 0))
        arriving.append(waiting.pop(draw(st.integers(0, last))))
    return arriving


def merged(draw: Any, streams: List[List[Item]]) -> List[Item]:
    """The items of streams that come at the same time."""
    streams = [list(stream) for stream in streams if stream]
    items = []
    while streams:
        index = draw(st.integers(0, len(streams) - 1))
        items.append(streams[index].pop(0))
        if not streams[index]:
            del streams[index]
    return items


@given(data=st.data(), limit=st.integers(1, 6))
def test_within_the_limits_each_is_delivered_once_in_order(data: st.DataObject, limit: int) -> None:
    draw = data.draw
    streams: List[List[Item]] = []
    expected: Dict[Tuple[str, str], List[Item]] = {}
    lost: Dict[Tuple[str, str], int] = {}
    for sender, context in draw(
        st.lists(st.sampled_from([("a", "1"), ("b", "1"), ("a", "2")]), unique=True, min_size=1)
    ):
        stream: List[Item] = []
        delivered: List[Item] = []
        before = limit + 1
        for life in range(draw(st.integers(1, 3))):
            items = [Item(sender, context, life, n) for n in range(draw(st.integers(1, 12)))]
            arriving = disordered(draw, items, limit, before)
            stream += [item for item in arriving for _ in range(draw(st.integers(1, 2)))]
            delivered += items
            # A third life that does not begin with 0 may look like the first one going on.
            before = len(items) if life == 0 else 1
        missing = draw(st.integers(0, 3))
        if missing:
            # What is lost is followed by more than is held for it.
            _, _, life, last = delivered[-1]
            numbers = range(last + 1 + missing, last + 2 + missing + limit)
            more = [Item(sender, context, life, number) for number in numbers]
            stream += more
            delivered += more
        streams.append(stream)
        expected[sender, context] = delivered
        lost[sender, context] = missing
    sequencer = Sequencer(limit, PATIENCE)
    got: Dict[Tuple[str, str], List[Item]] = {key: [] for key in expected}
    gaps: Dict[Tuple[str, str], int] = dict.fromkeys(expected, 0)
    arrivals = merged(draw, streams)
    seen: Set[Item] = set()
    for item in arrivals:
        outcome = sequencer.push(item, item.place, 0.0)
        assert outcome.duplicate is (item in seen)
        seen.add(item)
        for ready in outcome.ready:
            got[ready[:2]].append(ready)
        for gap in outcome.gaps:
            gaps[gap[:2]] += gap.missing
    assert got == expected
    assert gaps == lost
    assert sequencer.held == 0


@given(
    arrivals=st.lists(
        st.tuples(
            st.sampled_from("ab"),
            st.integers(0, 30),
            st.sampled_from("xyz"),
            st.floats(0, 3),
        )
    ),
    limit=st.integers(0, 5),
    room=st.integers(0, 8),
)
def test_whatever_arrives_is_delivered_or_told(
    arrivals: List[Tuple[str, int, str, float]], limit: int, room: int
) -> None:
    sequencer = Sequencer(limit, PATIENCE)
    now = 0.0
    delivered: List[int] = []
    duplicates: List[int] = []
    seen: Set[Tuple[str, int, str]] = set()
    arrived: List[float] = []
    for index, (context, number, content, pause) in enumerate(arrivals):
        now += pause
        delivered += sequencer.due(now).ready
        waiting = set(range(index)) - set(delivered) - set(duplicates)
        assert all(arrived[one] + PATIENCE > now for one in waiting)
        arrived.append(now)
        outcome = sequencer.push(index, Place("s", context, number, content), now, room)
        if outcome.duplicate:
            assert (context, number, content) in seen
            duplicates.append(index)
        seen.add((context, number, content))
        delivered += outcome.ready
        assert sequencer.held <= room
        assert sequencer.held == index + 1 - len(delivered) - len(duplicates)
        if sequencer.held:
            assert sequencer.next_due() <= now + PATIENCE
    delivered += sequencer.flush().ready
    assert sorted(delivered + duplicates) == list(range(len(arrivals)))
    assert sequencer.held == 0


@given(numbers=st.lists(st.integers(0, 60)), limit=st.integers(0, 5))
def test_nothing_is_delivered_twice(numbers: List[int], limit: int) -> None:
    sequencer = Sequencer(limit, PATIENCE)
    ready, duplicates, _ = push_all(sequencer, numbers)
    ready += sequencer.flush().ready
    assert sorted(ready) == sorted(set(numbers))
    assert duplicates == len(numbers) - len(set(numbers))


KEYS = [("a", "1"), ("b", "1"), ("a", "2")]


def numbers_of(gaps: List[Any]) -> List[int]:
    return [number for _, _, first, missing in gaps for number in range(first, first + missing)]


@given(data=st.data(), limit=st.integers(1, 6))
def test_within_the_limits_losses_are_told_and_all_others_in_order(
    data: st.DataObject, limit: int
) -> None:
    draw = data.draw
    streams: List[List[Item]] = []
    arrived: Dict[Tuple[str, str], List[int]] = {}
    for sender, context in draw(st.lists(st.sampled_from(KEYS), unique=True, min_size=1)):
        count = draw(st.integers(1, 25))
        items = [Item(sender, context, 0, number) for number in range(count)]
        lost = draw(st.sets(st.integers(0, count - 1)))
        stream = [one for one in disordered(draw, items, limit, 1) if one.number not in lost]
        arrived[sender, context] = sorted(one.number for one in stream)
        # What is sent again may come at any time after the first.
        for one in draw(st.lists(st.sampled_from(stream), max_size=5)) if stream else []:
            stream.insert(draw(st.integers(stream.index(one) + 1, len(stream))), one)
        streams.append(stream)
    if any(stream and stream[0].number > limit for stream in streams):
        return  # that one has begun before anybody listened
    sequencer = Sequencer(limit, PATIENCE)
    outcomes = []
    seen: Set[Item] = set()
    for item in merged(draw, streams):
        outcomes.append(sequencer.push(item, item.place, 0.0))
        assert outcomes[-1].duplicate is (item in seen)
        assert not outcomes[-1].restarted
        seen.add(item)
    outcomes.append(sequencer.flush())
    for key, numbers in arrived.items():
        ready = [one for outcome in outcomes for one in outcome.ready if one[:2] == key]
        gaps = [gap for outcome in outcomes for gap in outcome.gaps if gap[:2] == key]
        assert [one.number for one in ready] == numbers
        last = numbers[-1] if numbers else 0
        assert numbers_of(gaps) == [n for n in range(last) if n not in numbers]


@given(
    numbers=st.lists(st.integers(0, 40), min_size=1),
    limit=st.integers(0, 5),
    room=st.integers(0, 8),
    pauses=st.lists(st.floats(0, 4)),
)
def test_beyond_the_limits_it_is_told(
    numbers: List[int], limit: int, room: int, pauses: List[float]
) -> None:
    """Whatever is missing, or late, is in a gap that was told; nothing is delivered twice."""
    numbers.insert(0, 0)
    sequencer = Sequencer(limit, PATIENCE)
    delivered: List[int] = []
    told: Set[int] = set()
    now = 0.0

    def note(outcome: Outcome) -> None:
        told.update(numbers_of(outcome.gaps))
        for number in outcome.ready:
            assert number not in delivered
            assert number in told or number > max(delivered, default=-1)
            delivered.append(number)

    for index, number in enumerate(numbers):
        now += pauses[index] if index < len(pauses) else 0.0
        note(sequencer.due(now))
        note(sequencer.push(number, Place("s", "c", number, number), now, room))
    note(sequencer.flush())
    assert sorted(delivered) == sorted(set(numbers))
    assert set(range(max(numbers))) - set(numbers) <= told
