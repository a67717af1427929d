"""
What a test has of a listener in another process, see ``journal_listener``.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Iterator, List, Tuple

from tests.integration.exporter import Answer
from tests.shared_data import ROOT


def rows(journal: Path, table: str = "indications") -> List[Tuple[Any, ...]]:
    """What is in a table of a journal that no listener uses."""
    with closing(sqlite3.connect(str(journal))) as db:
        return db.execute(f"SELECT * FROM {table}").fetchall()


def is_accepted(answer: Answer) -> bool:
    return answer.status == 200 and b"ERROR" not in answer.body


@contextmanager
def forker() -> Iterator[Any]:
    """The process that starts listeners."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.integration.journal_listener"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=str(ROOT),
    )
    with process:
        yield process
        assert process.stdin
        process.stdin.close()
        assert process.wait(20) == 0


class Process:
    """A listener in a process of its own; a context manager that kills it."""

    def __init__(
        self,
        starter: Any,
        folder: Path,
        form: str = "threads",
        pause: float = 0.0,
        with_journal: bool = True,
    ) -> None:
        self._starter = starter
        self._ended = False
        self.journal = folder / "journal"
        self.file = folder / "delivered"
        arguments = [form, str(self.journal) if with_journal else "", str(self.file), pause]
        starter.stdin.write(json.dumps(arguments).encode() + b"\n")
        starter.stdin.flush()
        self._process, self.port = map(int, starter.stdout.readline().split())

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.kill()

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Have it stop its listener and end."""
        assert self._end(signal.SIGTERM) == 0

    def _end(self, how: signal.Signals) -> int:
        if self._ended:
            return 0
        self._ended = True
        os.kill(self._process, how)
        return int(self._starter.stdout.readline())

    def delivered(self) -> List[str]:
        """The lines about what was delivered: the text, and whether it was redelivered."""
        return self.file.read_text(encoding="ascii").splitlines() if self.file.exists() else []
