"""
What ``mof_compiler`` prints.
"""

from __future__ import annotations

import os
import sys
from typing import Any, Callable


def guarded(function: Callable[..., Any], *args: Any) -> None:
    """
    Call a function that writes to the standard output.

    If nobody reads that any more, what is written from now on is dropped: the work on the server
    goes on, and so does undoing it.
    """
    try:
        function(*args)
    except BrokenPipeError:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)


def say(message: str) -> None:
    """
    Print a message on the standard output.
    """
    guarded(print, message)


def finish() -> None:
    """
    Write what has not been written.
    """
    guarded(sys.stdout.flush)
