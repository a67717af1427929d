#!/usr/bin/env python3
"""
Search for inputs at which a target fails: `python -m tests.fuzz.search --seconds 60`.

With atheris the search is led by the lines that an input reaches, and goes on where the
last one ended: inputs that reached something new are kept in build/fuzz.  Without it
hypothesis changes valid inputs at random.  What fails is written to tests/fuzz/found,
one input for each place, where it is a test until the fault is mended, and after.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import time
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any, Dict, List, Set

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FOUND = HERE / "found"
CORPUS = ROOT / "build" / "fuzz"

#: A single input that takes longer is a fault.
INPUT_SECONDS = 10
MAX_SIZE = 4096


class Finder:
    """Feeds a target and keeps the first input of each place at which it fails."""

    def __init__(self, name: str) -> None:
        from tests.fuzz import targets

        self._targets = targets
        self._name = name
        self._places: Set[Any] = set()
        self.inputs = 0

    def feed(self, data: bytes) -> None:
        """Check an input; a failure is noted and does not end the search."""
        self.inputs += 1
        try:
            self._targets.check(self._name, data)
        except Exception as exc:
            place = self._targets.place_of(exc)
            if place not in self._places:
                self._places.add(place)
                path = keep(self._name, data)
                print(f"== {self._name}: {place[0]} at {place[1]}: {path}", flush=True)
                traceback.print_exc(limit=-4)


def keep(name: str, data: bytes) -> Path:
    """Write an input that fails to where the tests find it."""
    folder = FOUND / name
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / hashlib.sha256(data).hexdigest()[:12]
    path.write_bytes(data)
    return path.relative_to(ROOT)


def led_by_coverage(name: str, seconds: int) -> None:
    """Search with atheris; the process ends here."""
    import atheris  # type: ignore[import-not-found,unused-ignore]

    sys.setrecursionlimit(1000)
    with atheris.instrument_imports(include=["pywbem", "h11", "tests.fuzz.wire"]):
        finder = Finder(name)
    from tests.fuzz.targets import TARGETS

    folder = CORPUS / name
    seeds = CORPUS / f"{name}-seeds"
    for path in (folder, seeds):
        path.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(TARGETS[name].seeds):
        (seeds / f"{number:03}").write_bytes(data)
    words = CORPUS / f"{name}.dict"
    words.write_text(
        "".join(
            '"' + "".join(f"\\x{byte:02X}" for byte in word) + '"\n' for word in TARGETS[name].words
        ),
        encoding="ascii",
    )
    options = [
        f"-max_total_time={seconds}",
        f"-max_len={MAX_SIZE}",
        f"-timeout={INPUT_SECONDS}",
        f"-dict={words}",
        f"-artifact_prefix={folder.parent}/{name}-slow-",
        "-rss_limit_mb=1500",
        "-verbosity=0",
        "-print_final_stats=1",
    ]
    atheris.Setup([sys.argv[0], *options, str(folder), str(seeds)], finder.feed)
    atheris.Fuzz()


def at_random(name: str, seconds: int) -> None:
    """Search with hypothesis, in rounds until the time is over."""
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import strategies as st

    from tests.fuzz.documents import damaged_bytes
    from tests.fuzz.targets import TARGETS

    finder = Finder(name)
    target = TARGETS[name]
    changed = st.sampled_from(target.seeds).flatmap(damaged_bytes)
    spliced = st.lists(st.sampled_from([*target.words, *target.seeds]) | st.binary(max_size=4))

    @settings(
        max_examples=200,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(data=changed | spliced.map(b"".join))
    def one_round(data: bytes) -> None:
        finder.feed(data[:MAX_SIZE])

    end = time.monotonic() + seconds
    while time.monotonic() < end:
        one_round()
    print(f"{name}: {finder.inputs} inputs")


def search(name: str, seconds: int, random: bool) -> None:
    """Search one target, in this process."""
    if not random:
        with suppress(ImportError):
            led_by_coverage(name, seconds)
            return
        print("atheris is not installed: the search is at random")
    at_random(name, seconds)


def number_found() -> Dict[str, int]:
    """Return how many inputs that failed once there are of each target."""
    found: Dict[str, int] = {}
    for path in FOUND.glob("*/*"):
        found[path.parent.name] = found.get(path.parent.name, 0) + 1
    return found


def main() -> int:
    names = ["response", "request", "reply", "endpoint", "mof", "uri"]
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("target", nargs="*", choices=[[], *names], help="default: all of them")
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--random", action="store_true", help="use hypothesis in any case")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    chosen: List[str] = args.target or names
    if args.here:
        search(chosen[0], args.seconds, args.random)
        return 0
    # A process for each: the search ends its own, and one that hangs or dies is noticed.
    before, codes = number_found(), []
    for name in chosen:
        print(f"== {name}: {args.seconds} s", flush=True)
        command = [sys.executable, "-m", "tests.fuzz.search", "--here", name]
        command += ["--seconds", str(args.seconds), *(["--random"] if args.random else [])]
        codes.append(subprocess.run(command, cwd=ROOT, check=False).returncode)
    new = {name: count - before.get(name, 0) for name, count in number_found().items()}
    print("== found:", {name: count for name, count in new.items() if count} or "nothing")
    return 1 if any(codes) or any(new.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
