"""
DMTF:CQL, the CIM Query Language (DSP0202), its feature Basic Query without functions.
"""

from __future__ import annotations

from .grammar import SelectGrammar
from .lexer import Token, unescape
from .like import Pattern, basic_pattern

__all__ = ["CQL"]


class CQL(SelectGrammar):
    """The grammar of CQL, and of its LIKE patterns with the feature Basic Like (DSP0202)."""

    language = "DMTF:CQL"

    def pattern(self, token: Token) -> Pattern:
        """Return the pattern of a string token."""
        return basic_pattern(unescape(self.source, token, self.escapes, keep_others=True))
