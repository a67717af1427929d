"""The sessions, by subject; each module has a function `sessions`."""

from __future__ import annotations

import functools
import importlib
from pathlib import Path
from typing import List

from tests.differential.sessions import Session


@functools.lru_cache(maxsize=None)
def all_sessions() -> List[Session]:
    """Return the sessions of all subjects."""
    found: List[Session] = []
    for path in sorted(Path(__file__).parent.glob("*_cases.py")):
        module = importlib.import_module(f"{__name__}.{path.stem}")
        found += module.sessions()
    return found
