"""
The progress bar of ``mof_compiler``: on a terminal, for compilations that take
long.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any, Optional

from . import output

# Compilations that are done before need no bar.
_SECONDS_BEFORE = 1.0


class Progress:
    """
    Shows how many of the declarations of a file were carried out.

    There is no bar if the standard error is no terminal, or if ``quiet`` says
    so: then messages tell the progress.
    """

    def __init__(self, quiet: bool) -> None:
        self._shown = not quiet and sys.stderr.isatty()
        self._started = time.monotonic()
        self._name = ""
        self._bar: Optional[Any] = None

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._close()

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def begin(self, name: str) -> None:
        """
        Start again for a file.
        """
        self._close()
        self._name = os.path.basename(name)

    def update(self, done: int, total: int) -> None:
        """
        Show that so many declarations were carried out.
        """
        if not self._shown:
            return
        if self._bar is None:
            if time.monotonic() - self._started < _SECONDS_BEFORE:
                return
            from tqdm import tqdm

            self._bar = tqdm(
                desc=self._name, total=total, unit=" declarations", leave=False, file=sys.stderr
            )
        # Files that are found on the way add declarations.
        self._bar.total = total
        self._bar.update(done - self._bar.n)

    def print(self, message: str) -> None:
        """
        Print a message on the standard output, around the bar.
        """
        if self._bar is None:
            output.say(message)
        else:
            output.guarded(self._bar.write, message)
