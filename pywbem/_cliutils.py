"""
Import path in use: the help formatter of scripts.
"""

from __future__ import annotations

import argparse
from typing import List

__all__ = ["SmartFormatter"]


class SmartFormatter(argparse.HelpFormatter):
    """
    Keeps the lines of the help of an argument as they are, if it begins with ``R|``.
    """

    def _split_lines(self, text: str, width: int) -> List[str]:
        if text.startswith("R|"):
            return text[2:].splitlines()
        return super()._split_lines(text, width)
