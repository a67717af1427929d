"""
WQL, the WBEM Query Language (DSP0104 draft), as far as it selects instances.
"""

from __future__ import annotations

from .conditions import Step
from .grammar import SelectGrammar
from .lexer import Escapes, Token, unescape
from .like import Pattern, sql_pattern

__all__ = ["WQL"]


class WQL(SelectGrammar):
    """
    The grammar of WQL. Beside what it has in common with CQL, ``!=`` is the same as ``<>``,
    ``__CLASS`` is the name of the class and ``__THIS`` the instance; a backslash may stand before
    a quotation mark and before itself.
    """

    language = "WQL"
    comparisons = {**SelectGrammar.comparisons, "!=": "<>"}
    escapes = Escapes({"\\": "\\", "'": "'", '"': '"'})

    def pattern(self, token: Token) -> Pattern:
        """Return the pattern of a string token."""
        return sql_pattern(unescape(self.source, token, self.escapes))

    def is_this(self, name: str) -> bool:
        """Return whether a name at the beginning of a path stands for the instance."""
        return name.upper() == "__THIS" or super().is_this(name)

    def system_step(self, step: Step) -> Step:
        """Return the step for a property that is no property of the class."""
        return step._replace(name="") if step.name.upper() == "__CLASS" else step
