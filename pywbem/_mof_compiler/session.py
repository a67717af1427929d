"""
What one compilation has of its compiler.
"""

from __future__ import annotations

from typing import Any, Callable, List, NamedTuple, Optional

from .journal import Journal
from .parser import MOFParser

__all__ = ["Session"]


class Session(NamedTuple):
    """
    What goes down from the compiler to all that takes part in a compilation.
    """

    #: The connection to the repository.
    handle: Any
    journal: Journal
    mof_parser: MOFParser
    #: What later compilations know of earlier ones, as attributes: the parser of PLY.
    parser: Any
    search_paths: List[str]
    include_root: Optional[str]
    encoding: str
    log: Callable[[str], None]
    verbose_log: Callable[[str], None]
    progress: Optional[Callable[[int, int], None]]
