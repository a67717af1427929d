"""
Compares this pywbem with the one of the interpreter that PEER_PYTHON names:

    PEER_PYTHON=/path/to/python python -m tests.differential [pattern of case ids]
"""

from __future__ import annotations

import os
import sys
import time
from typing import List

from tests.differential.cases import all_sessions
from tests.differential.differences import DIFFERENCES, matches, sift, terms
from tests.differential.pair import compare, confirmed, report


def main(patterns: List[str]) -> int:
    """Compare; return the exit status."""
    python = os.environ.get("PEER_PYTHON")
    if not python:
        print("PEER_PYTHON names no interpreter with the released pywbem")
        return 2
    started = time.monotonic()
    sessions = all_sessions()
    if patterns:
        sessions = [
            session
            for session in sessions
            if any(
                matches(pattern, f"{session.subject}/{name}")
                for pattern in patterns
                for name, _ in session.cases
            )
        ]
    found, cases, aspects = compare(python, sys.executable, sessions)
    unlisted, unused = sift(found, DIFFERENCES)
    listed = len(found) - len(unlisted)
    if unlisted:
        suspects, unlisted = unlisted, confirmed(python, sys.executable, sessions, unlisted)
        for item in suspects:
            if item not in unlisted:
                print(f"differed, but not again: {item.case} [{item.aspect}]")
    for text in report(unlisted):
        print(text)
    undocumented = [entry for entry in DIFFERENCES if entry.term not in terms()]
    for entry in undocumented:
        print(f"not in docs/migration.rst: {entry.term}")
    if patterns:
        unused = []
    for entry in unused:
        print(f"listed, but equal: {entry.cases} [{entry.aspect}]")
    print(
        f"{cases} cases, {aspects} aspects in {time.monotonic() - started:.1f} s: "
        f"{listed} differences listed, {len(unlisted)} not, "
        f"{len(unused)} listed but gone"
    )
    return 1 if unlisted or unused or undocumented else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
