"""
What the processes that tests start have in common, and the command of the mock among them.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Dict, Optional, Tuple

import pywbem
from tests.shared_data import ROOT

MOCK = [sys.executable, "-m", "pywbem_mock"]


def environment(**variables: str) -> Dict[str, str]:
    """
    The environment of a process that imports what this one does, also where the checkout
    is not installed, with other variables.
    """
    path = os.pathsep.join([str(ROOT), *filter(None, sys.path)])
    return {**os.environ, "PYTHONPATH": path, **variables}


def run_mock(
    *args: str, folder: Optional[Path] = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run the command of the mock to its end, in a folder."""
    done = subprocess.run(
        [*MOCK, *args],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        cwd=folder,
        env=environment(PYTHONWARNINGS="error", **variables),
        timeout=120,
        check=False,
        start_new_session=True,  # no terminal to ask for a password
    )
    assert "Traceback" not in done.stderr
    return done


class ServedMock:
    """
    ``python -m pywbem_mock serve`` on a free port; a context manager that ends it.

    `line` is what it has printed first, `url` the end of it.  When it has ended, `code`, `out`
    and `err` are its exit code and what else it has written.
    """

    def __init__(self, *args: str, folder: Optional[Path] = None, **variables: str) -> None:
        self.process = subprocess.Popen(
            [*MOCK, "serve", "--port", "0", *args],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            cwd=folder,
            env=environment(PYTHONWARNINGS="error", **variables),
        )
        assert self.process.stdout is not None
        self.line = self.process.stdout.readline()
        self.url = self.line.strip().rpartition(" ")[2]
        self.code: Optional[int] = None
        self.out = self.err = ""

    def client(self, creds: Optional[Tuple[str, str]] = None) -> pywbem.WBEMConnection:
        return pywbem.WBEMConnection(self.url, creds, timeout=10)

    def end(self, number: int = signal.SIGTERM) -> None:
        """End it by a signal; one that has nothing printed ends by itself."""
        if self.code is None:
            if self.line:
                self.process.send_signal(number)
            try:
                self.out, self.err = self.process.communicate(timeout=20)
            finally:
                self.process.kill()
            self.code = self.process.wait()

    def __enter__(self) -> ServedMock:
        return self

    def __exit__(self, exc_type: object, *_exc: object) -> None:
        self.end(signal.SIGTERM if exc_type is None else signal.SIGKILL)
