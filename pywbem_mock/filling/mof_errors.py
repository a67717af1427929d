"""
Errors of the MOF compiler, for programs whose users write MOF.
"""

from __future__ import annotations

import contextlib
import sys
from typing import Iterator

from pywbem._mof_compiler import MOFCompileError


@contextlib.contextmanager
def errors_shown() -> Iterator[None]:
    """
    Print all errors of a compilation that fails in this context, with the lines around them, on
    the standard error; its exception goes on.
    """
    try:
        yield
    except MOFCompileError as exc:
        for error in exc.errors:
            print(error.get_err_msg(), file=sys.stderr)
        raise
