"""Runs sessions in two interpreters at a time, and says what differs."""

from __future__ import annotations

import difflib
import itertools
import json
import os
import queue
import subprocess
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Dict, Iterator, List, NamedTuple, Sequence, Tuple

from tests.differential.sessions import Session

WORKER = Path(__file__).with_name("worker")
PATIENCE = 20.0
"""Seconds within which a case has to end; one that does not is a result by itself."""

STARTING = 60.0
"""Seconds within which a worker has to be ready."""
ROUNDS = 10
"""How often a process is started again."""

Aspects = Dict[str, Any]
# What would make one side read other settings than the other.
FOREIGN = ("PYTHONPATH", "PYTHONHOME", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
FOREIGN += ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NETRC")


class Found(NamedTuple):
    """A difference: an aspect of a case, as released and as here."""

    case: str
    aspect: str
    source: str
    released: Any
    ours: Any

    def __str__(self) -> str:
        lines = difflib.unified_diff(
            shown(self.released), shown(self.ours), "released", "ours", lineterm="", n=1
        )
        return "\n".join([f"  [{self.aspect}]", *(f"  {line}" for line in list(lines)[3:])])


def report(found: Sequence[Found]) -> Iterator[str]:
    """Return a text for each case that differs."""
    for case, items in itertools.groupby(found, key=lambda item: item.case):
        group = list(items)
        source = "\n".join(f"    {line}" for line in group[0].source.strip().splitlines())
        yield "\n".join([case, source, *(str(item) for item in group), ""])


class Absent:
    """The aspect that only the other side has."""

    def __repr__(self) -> str:
        return "(absent)"


ABSENT = Absent()


def shown(value: Any) -> List[str]:
    """Return a value as lines for a person."""
    if isinstance(value, Absent):
        return [repr(value)]
    text = value if isinstance(value, str) else json.dumps(value, indent=1, ensure_ascii=False)
    return text.splitlines() or [""]


class Side:
    """
    The worker of one interpreter.

    Parameters:
      python: the interpreter.
      sessions: what it runs.
      directory: an empty directory for its files.
    """

    def __init__(self, python: str, sessions: Sequence[Session], directory: Path) -> None:
        self.outcomes: Dict[str, Aspects] = {}
        self._python = python
        self._sessions = sessions
        self._directory = directory
        self._thread = ThreadPoolExecutor(1)
        self._end = self._thread.submit(self._run)

    def join(self) -> Dict[str, Aspects]:
        """Return the outcomes, when there are no more."""
        with self._thread:
            self._end.result()
        return self.outcomes

    def _left(self) -> Iterator[Tuple[Session, List[Tuple[str, str]]]]:
        for session in self._sessions:
            cases = [
                (f"{session.subject}/{name}", source)
                for name, source in session.cases
                if f"{session.subject}/{name}" not in self.outcomes
            ]
            if cases:
                yield session, cases

    def _run(self) -> None:
        # Another round only after a case that did not end or ended the process.
        for _ in range(ROUNDS):
            left = list(self._left())
            if not left:
                return
            problem = self._process(left)
            if problem:
                stopped = next(self._left(), None)
                if stopped is not None:
                    self.outcomes[stopped[1][0][0]] = {"raised": problem}
        for _, cases in list(self._left()):
            self.outcomes.update((case, {"raised": "not run"}) for case, _ in cases)

    def _process(self, left: Sequence[Tuple[Session, List[Tuple[str, str]]]]) -> str:
        """Run a process over these sessions; return why it ended too early, if it did."""
        plan = self._directory / "sessions"
        with plan.open("w", encoding="utf-8") as file:
            for session, cases in left:
                record = {"setup": session.setup, "texts": session.texts, "cases": cases}
                file.write(json.dumps(record) + "\n")
        environment = {
            name: value for name, value in os.environ.items() if name.upper() not in FOREIGN
        }
        environment.update(HOME=str(self._directory), PYTHONHASHSEED="0", TZ="UTC")
        environment.update(PYTHONIOENCODING="utf-8", TMPDIR=str(self._directory))
        with (self._directory / "errors").open("ab") as errors:
            process = subprocess.Popen(
                [self._python, str(WORKER), str(plan)],
                cwd=self._directory,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        lines: queue.Queue[bytes] = queue.Queue()
        assert process.stdout is not None
        reader = threading.Thread(target=self._read, args=(process.stdout, lines))
        reader.start()
        try:
            line = lines.get(timeout=STARTING)  # says that it is ready
            while line:
                line = lines.get(timeout=PATIENCE)
                if line:
                    case, aspects = json.loads(line)
                    self.outcomes[case] = aspects
        except queue.Empty:
            return f"does not end in {PATIENCE} s"
        finally:
            process.kill()
            process.wait()
            reader.join()
            process.stdout.close()
        if not self.outcomes:
            raise RuntimeError((self._directory / "errors").read_text("utf-8", "replace"))
        return f"the process ended with {process.returncode}"

    @staticmethod
    def _read(stream: Any, lines: queue.Queue[bytes]) -> None:
        for line in stream:
            lines.put(line)
        lines.put(b"")


def run_pair(
    released: str, ours: str, sessions: Sequence[Session], directory: Path
) -> Tuple[Dict[str, Aspects], Dict[str, Aspects]]:
    """Run the sessions with both interpreters at once; return the outcomes."""
    sides = []
    for name, python in (("released", released), ("ours", ours)):
        work = directory / name
        work.mkdir()
        sides.append(Side(python, sessions, work))
    first, second = (side.join() for side in sides)
    return first, second


def aspects_that_differ(released: Aspects, ours: Aspects) -> Iterator[str]:
    """Name the aspects that differ; ours may have more attributes than the released one."""
    if released.get("raised") != ours.get("raised"):
        yield "raised"
        return
    for aspect in sorted({*released, *ours}):
        if aspect not in released and aspect.startswith(("attribute.", "raised.")):
            continue
        if released.get(aspect, ABSENT) != ours.get(aspect, ABSENT):
            yield aspect


def result(aspects: Aspects, aspect: str) -> Any:
    """Return what a person wants to see of an aspect."""
    if aspect == "raised":
        raised = aspects.get("raised")
        return f"raises {raised}" if raised else aspects.get("value", ABSENT)
    return aspects.get(aspect, ABSENT)


def differences_of(
    sessions: Sequence[Session], released: Dict[str, Aspects], ours: Dict[str, Aspects]
) -> List[Found]:
    """Compare the outcomes of both sides."""
    found: List[Found] = []
    for session in sessions:
        for name, text in session.cases:
            case = f"{session.subject}/{name}"
            first, second = released[case], ours[case]
            found += [
                Found(case, aspect, text, result(first, aspect), result(second, aspect))
                for aspect in aspects_that_differ(first, second)
            ]
    return found


def compare(released: str, ours: str, sessions: Sequence[Session]) -> Tuple[List[Found], int, int]:
    """Return the differences, the number of cases, and that of aspects compared."""
    ids = [f"{session.subject}/{name}" for session in sessions for name, _ in session.cases]
    twice = (
        sorted({name for name in ids if ids.count(name) > 1}) if len(set(ids)) < len(ids) else []
    )
    if twice:
        raise ValueError(f"ids that are used twice: {twice}")
    with tempfile.TemporaryDirectory(prefix="differential-") as directory:
        first, second = run_pair(released, ours, sessions, Path(directory))
    aspects = sum(len(item) for item in first.values())
    return differences_of(sessions, first, second), len(ids), aspects


def confirmed(
    released: str, ours: str, sessions: Sequence[Session], found: Sequence[Found]
) -> List[Found]:
    """
    Run what differs once more; return what differs again.

    A machine that stands still for seconds makes a case differ by its timeout.
    """
    cases = {item.case for item in found}
    affected = [
        session
        for session in sessions
        if any(f"{session.subject}/{name}" in cases for name, _ in session.cases)
    ]
    again, _, _ = compare(released, ours, affected)
    differing = {(item.case, item.aspect) for item in again}
    return [item for item in found if (item.case, item.aspect) in differing]
