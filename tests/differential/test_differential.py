"""The instrument itself; ``make differential`` uses it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.differential.cases import all_sessions
from tests.differential.differences import DIFFERENCES, Difference, sift, terms
from tests.differential.pair import Found, compare, confirmed, run_pair
from tests.differential.sessions import Session, table


def test_reasons_are_documented() -> None:
    assert {entry.term for entry in DIFFERENCES} <= terms()


def test_enough_cases() -> None:
    assert sum(len(session.cases) for session in all_sessions()) >= 3000


FOUND = Found("types/one", "repr", "1", "a", "b")


@pytest.mark.parametrize(
    ("entry", "unlisted", "unused"),
    [
        pytest.param(Difference("types/*", "T", "r"), 0, 0, id="listed"),
        pytest.param(Difference("types/one", "T", "r", "repr"), 0, 0, id="listed-exactly"),
        pytest.param(Difference("types/one", "T", "r", "str"), 1, 1, id="other-aspect"),
        pytest.param(Difference("types/?ne", "T", "r"), 1, 1, id="no-other-wildcard"),
        pytest.param(Difference("types/two", "T", "r"), 1, 1, id="gone"),
    ],
)
def test_sift(entry: Difference, unlisted: int, unused: int) -> None:
    left, gone = sift([FOUND], [entry])
    assert (len(left), len(gone)) == (unlisted, unused)


def test_case_that_ends_the_process(tmp_path: Path) -> None:
    sessions = [table("s", {"before": "1", "end": "import os; os._exit(3)", "after": "2"})]
    first, second = run_pair(sys.executable, sys.executable, sessions, tmp_path)
    assert first == second
    assert first["s/end"] == {"raised": "the process ended with 3"}
    assert first["s/before"]["value"] == 1
    assert first["s/after"]["value"] == 2


def test_case_that_does_not_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.differential.pair.PATIENCE", 2.0)
    sessions = [table("s", {"hang": "while True: pass", "after": "2"})]
    first, _ = run_pair(sys.executable, sys.executable, sessions, tmp_path)
    assert first["s/hang"] == {"raised": "does not end in 2.0 s"}
    assert first["s/after"]["value"] == 2


def test_same_interpreter_has_no_differences() -> None:
    names = ("types", "objects", "replies", "mock")
    sessions = [item for item in all_sessions() if item.subject.startswith(names)][::7]
    found, _, _ = compare(sys.executable, sys.executable, sessions)
    assert found == []


def test_what_differs_once_is_not_confirmed(tmp_path: Path) -> None:
    # Who comes first makes the directory, in the first run only.
    made = str(tmp_path / "made")
    once = f"try:\n  os.mkdir({made!r})\nexcept OSError:\n  r = 0\nelse:\n  r = 1\nr"
    sessions = [
        table("s", {"once": once, "same": "1"}, setup="import os"),
        table("t", {"always": "os.getpid()"}, setup="import os"),
    ]
    found, _, _ = compare(sys.executable, sys.executable, sessions)
    assert {item.case for item in found} == {"s/once", "t/always"}
    left = confirmed(sys.executable, sys.executable, sessions, found)
    assert {item.case for item in left} == {"t/always"}


def test_session_ids_are_unique() -> None:
    twice = [Session("s", [("a", "1"), ("a", "2")])]
    with pytest.raises(ValueError, match="s/a"):
        compare(sys.executable, sys.executable, twice)
