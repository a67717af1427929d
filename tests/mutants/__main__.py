"""
Change the code here and there, and see whether the tests notice: `python -m tests.mutants`.

A mutant is the code with one comparison, operator, constant, condition, result or call of it
changed.  It is killed if a test that reaches the changed line fails, or takes three times as
long as without.  Which mutants are tried is decided by the seed; the survivors are printed.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Dict, List, Tuple

import pytest

from tests.mutants.trial import ROOT, Trials

#: The files of an area, and the tests that are to notice.
AREAS: Dict[str, Tuple[str, List[str]]] = {
    "cim_xml": ("pywbem/_cim_xml/**/*.py", ["tests/unit/test_cim_xml", "tests/fuzz/test_found.py"]),
    "http": (
        "pywbem/_http/*.py",
        [
            *(
                f"tests/unit/test_http_{name}.py"
                for name in ("errors", "headers", "pools", "reply", "url")
            ),
            "tests/unit/test_cim_operations/test_connection.py",
            *(
                f"tests/integration/test_http_{name}.py"
                for name in ("auth", "connections", "large", "shells")
            ),
            *(
                f"tests/integration/test_{name}.py"
                for name in ("async", "faults", "passwords", "session", "streaming", "tls")
            ),
        ],
    ),
    "sequences": ("pywbem/_listener/sequences.py", ["tests/unit/test_listener_sequences.py"]),
}
#: Of each area, so many of a hundred mutants are to be killed.
ENOUGH = 80


def fingerprint(paths: List[Path], tests: List[str]) -> str:
    """Return what is another as soon as the code or a test of an area is."""
    digest = hashlib.sha256()
    for path in [*paths, *(ROOT / name for name in tests)]:
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def try_area(name: str, args: argparse.Namespace, folder: Path) -> Trials:
    """Try mutants of an area; return what became of them."""
    pattern, tests = AREAS[name]
    paths = sorted(path for path in ROOT.glob(pattern) if path.name != "__init__.py")
    kept = ROOT / "build" / "mutants" / f"{name}-{fingerprint(paths, tests)}.json"

    def choose(counts: Dict[Path, int]) -> List[Any]:
        numbers = [
            (path, number)
            for path, count in counts.items()
            if not args.file or path.name in args.file
            for number in range(count)
        ]
        random.Random(args.seed).shuffle(numbers)
        return numbers[args.skip : None if args.all else args.skip + args.count]

    end = float("inf") if args.all else time.monotonic() + args.seconds
    trials = Trials(paths, choose, kept, end)
    # Nothing may rewrite what is compiled here: the plugin of the packages lets pytest do so.
    options = [
        "--assert=plain",
        "-q",
        "-s",
        "-p",
        "no:xdist",
        "-p",
        "no:cacheprovider",
        "--no-header",
    ]
    options += ["--no-summary", f"--basetemp={folder / name}"]
    if pytest.main([*options, *tests], plugins=[trials]) != 0:
        raise SystemExit(f"{name}: the mutants could not be tried")
    return trials


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("area", nargs="*", help="of " + ", ".join(AREAS) + "; default: all")
    parser.add_argument("--file", action="append", help="only of files of this name; repeatable")
    parser.add_argument("--count", type=int, default=100, help="mutants of each area")
    parser.add_argument("--skip", type=int, default=0, help="begin after so many of them")
    parser.add_argument("--all", action="store_true", help="all of them, without a time limit")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=600, help="for each area")
    args = parser.parse_args()
    os.chdir(ROOT)
    enough = True
    with tempfile.TemporaryDirectory() as folder:
        for name in args.area or AREAS:
            trials = try_area(name, args, Path(folder))
            tried = sum(trials.tried.values())
            killed = tried - len(trials.survivors)
            share = 100 * killed / max(1, tried)
            print(
                f"{name}: {killed} of {tried} killed, {share:.0f} %; {trials.there_are} there are"
            )
            enough &= 100 * killed >= ENOUGH * tried
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main())
