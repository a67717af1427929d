"""
Reliable indications (DSP1054): order is repaired, duplicates are dropped, gaps are told.
"""

from __future__ import annotations

from typing import Any, List, Tuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pywbem._indication_sequence import MAX_NUMBER, Sequencer

PATIENCE = 5.0


def push_all(sequencer: Sequencer, numbers: List[int], context: str = "c") -> Tuple[Any, int, Any]:
    """Push numbers as their own indications; return delivered, duplicates and gaps."""
    ready: List[int] = []
    gaps: List[Tuple[str, int, int]] = []
    duplicates = 0
    for number in numbers:
        outcome = sequencer.push(number, context, number, 0.0)
        ready += outcome.ready
        duplicates += outcome.duplicates
        gaps += outcome.gaps
    return ready, duplicates, gaps


@pytest.mark.parametrize(
    "numbers, ready, duplicates, gaps",
    [
        pytest.param([0, 1, 2], [0, 1, 2], 0, [], id="in order"),
        pytest.param([7, 8], [7, 8], 0, [], id="begun in the middle"),
        pytest.param([0, 0, 1, 0, 1], [0, 1], 3, [], id="duplicates"),
        pytest.param([0, 2, 1, 3], [0, 1, 2, 3], 0, [], id="two swapped"),
        pytest.param([0, 3, 2, 1, 4], [0, 1, 2, 3, 4], 0, [], id="reversed"),
        pytest.param([0, 2, 2, 1, 2], [0, 1, 2], 2, [], id="duplicate of one that is held"),
        pytest.param([0, 2], [0], 0, [], id="held"),
        pytest.param([0, 2, 3, 4, 5], [0, 2, 3, 4, 5], 0, [("c", 1, 1)], id="gap, limit reached"),
        pytest.param(
            [0, 9, 7, 5, 3], [0, 3], 0, [("c", 1, 2)], id="gap before the first one that is held"
        ),
        pytest.param(
            [0, 3, 4, 5, 6, 1, 2, 1], [0, 3, 4, 5, 6, 1, 2], 1, [("c", 1, 2)], id="late, once each"
        ),
        pytest.param([5, 3, 4, 3, 6], [5, 3, 4, 6], 1, [], id="earlier than the first"),
        pytest.param(
            [MAX_NUMBER - 1, MAX_NUMBER, 0, 1],
            [MAX_NUMBER - 1, MAX_NUMBER, 0, 1],
            0,
            [],
            id="wraps to 0",
        ),
    ],
)
def test_push(numbers: List[int], ready: List[int], duplicates: int, gaps: Any) -> None:
    assert push_all(Sequencer(3, PATIENCE), numbers) == (ready, duplicates, gaps)


def test_sequences_are_independent() -> None:
    sequencer = Sequencer(3, PATIENCE)
    assert push_all(sequencer, [0, 2], "one")[0] == [0]
    assert push_all(sequencer, [0, 1, 2], "two")[0] == [0, 1, 2]
    assert push_all(sequencer, [1], "one")[0] == [1, 2]


def test_limit_of_zero_holds_nothing() -> None:
    assert push_all(Sequencer(0, PATIENCE), [0, 2, 1, 3]) == ([0, 2, 1, 3], 0, [("c", 1, 1)])


def test_time() -> None:
    sequencer = Sequencer(10, PATIENCE)
    assert sequencer.next_due() is None
    sequencer.push("a", "c", 0, 0.0)
    assert sequencer.next_due() is None
    sequencer.push("b", "c", 2, 1.0)
    sequencer.push("c", "c", 5, 2.0)
    assert (sequencer.held, sequencer.next_due()) == (2, 6.0)
    assert sequencer.due(5.9).ready == []
    assert sequencer.due(6.0) == (["b"], 0, [("c", 1, 1)])
    assert sequencer.next_due() == 11.0
    assert sequencer.due(11.0) == (["c"], 0, [("c", 3, 2)])
    assert (sequencer.held, sequencer.next_due()) == (0, None)


def test_flush() -> None:
    sequencer = Sequencer(10, PATIENCE)
    push_all(sequencer, [0, 2, 3, 6], "one")
    push_all(sequencer, [0, 9], "two")
    outcome = sequencer.flush()
    assert outcome.ready == [2, 3, 6, 9]
    assert outcome.gaps == [("one", 1, 1), ("one", 4, 2), ("two", 1, 8)]
    assert sequencer.held == 0


def test_oldest_sequence_is_forgotten_but_nothing_is_lost() -> None:
    sequencer = Sequencer(10, PATIENCE)
    push_all(sequencer, [0, 2], "first")
    delivered: List[int] = []
    for index in range(2000):
        delivered += sequencer.push(index, f"context {index}", 0, 0.0).ready
    assert delivered.count(2) == 2
    assert len(delivered) == 2001
    assert sequencer.held == 0


@given(data=st.data(), limit=st.integers(1, 8), count=st.integers(1, 40))
def test_any_disorder_within_the_limit_is_repaired(
    data: st.DataObject, limit: int, count: int
) -> None:
    # An indication that is overtaken by no more than `limit` others waits for none in vain.
    waiting = list(range(1, count))
    arriving = [0]
    while waiting:
        overtaken = sum(number > waiting[0] for number in arriving)
        index = 0 if overtaken >= limit else data.draw(st.integers(0, len(waiting) - 1))
        arriving.append(waiting.pop(index))
    doubled = [n for n in arriving for _ in range(data.draw(st.integers(1, 2)))]
    ready, duplicates, gaps = push_all(Sequencer(limit, PATIENCE), doubled)
    assert (ready, gaps) == (list(range(count)), [])
    assert duplicates == len(doubled) - count


@given(numbers=st.lists(st.integers(0, 60)), limit=st.integers(0, 5))
def test_nothing_is_lost_and_nothing_delivered_twice(numbers: List[int], limit: int) -> None:
    sequencer = Sequencer(limit, PATIENCE)
    ready, duplicates, _ = push_all(sequencer, numbers)
    ready += sequencer.flush().ready
    assert sorted(ready) == sorted(set(numbers))
    assert duplicates == len(numbers) - len(set(numbers))
