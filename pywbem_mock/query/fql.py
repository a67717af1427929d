"""
DMTF:FQL, the Filter Query Language (DSP0212), for the FilterQuery of the Open... operations.
"""

from __future__ import annotations

from typing import List

from .conditions import Compare, Condition, Element, IsNull, Literal, Not, Operand, Path, Quantified
from .grammar import Grammar, Parsed
from .lexer import C_ESCAPES, FQL_TOKENS, Escapes, Token, unescape
from .like import Pattern, regular_expression

__all__ = ["FQL"]

_ESCAPES = Escapes(C_ESCAPES.characters, "u[0-9a-fA-F]{4,6}")


class FQL(Grammar):
    """
    The grammar of FQL::

        predicate  = [ "ANY" / "EVERY" ] path test
        test       = comparison ( path / literal / "NULL" / array )
                     / [ "NOT" ] "LIKE" string / "IS" [ "NOT" ] "NULL"
        array      = "{" [ literal *( "," literal ) ] "}"
        literal    = string / number / "TRUE" / "FALSE"

    NULL and an array can only be equal or not; with ANY and EVERY there is no array. A comparison
    with NULL is the same as IS NULL and IS NOT NULL. NOT and parentheses may stand anywhere.
    """

    language = "DMTF:FQL"
    escapes = _ESCAPES
    tokens = FQL_TOKENS
    reserved = frozenset("ANY EVERY AND OR NOT LIKE IS NULL TRUE FALSE".split())

    def parse(self) -> Parsed:
        """Return the parsed query."""
        condition = self.expression()
        if self.token.kind != "end":
            raise self.failure("AND, OR or the end of the query")
        return Parsed(None, None, condition, tuple(self.names))

    def predicate(self) -> Condition:
        """Return the condition that is next."""
        quantifier = self.advance().text.upper() if self.is_word("ANY", "EVERY") else None
        path = self._property("the name of a property")
        if quantifier is None:
            return self._test(path, arrays=True)
        return Quantified(
            quantifier == "EVERY", path, self._test(Element(path.offset), arrays=False)
        )

    def _property(self, expected: str) -> Path:
        start = self.token
        steps = self.path(expected, scoped=False)
        self.names.append((steps[0].name, start.offset))
        return Path(steps, start.offset)

    def _test(self, operand: Operand, arrays: bool) -> Condition:
        operator_token = self.token
        operator = self.comparison_operator()
        if operator is None:
            if self.accept_word("LIKE"):
                return self.like(operand)
            if self.accept_word("NOT"):
                if not self.accept_word("LIKE"):
                    raise self.failure("LIKE")
                return Not(self.like(operand))
            if self.accept_word("IS"):
                return self.null_test(operand)
            raise self.failure("a comparison operator, LIKE, NOT LIKE or IS")
        is_null = self.is_word("NULL")
        is_array = arrays and self.is_operator("{")
        if (is_null or is_array) and operator not in ("=", "<>"):
            raise self.failure(f"= or <> before {self.token.text}", operator_token)
        if is_null:
            self.advance()
            test = IsNull(operand)
            return test if operator == "=" else Not(test)
        if is_array:
            return Compare(operator, operand, self._array())
        if self.token.kind == "name" and not self.is_word("TRUE", "FALSE"):
            return Compare(operator, operand, self._property("a property or literal"))
        return Compare(operator, operand, self.literal("a property or literal"))

    def _array(self) -> Literal:
        offset = self.advance().offset
        items: List[Literal] = []
        if not self.accept("}"):
            items.append(self.literal("a literal or '}'"))
            while self.accept(","):
                items.append(self.literal("a literal"))
            self.expect("}", "',' or '}'")
        return Literal([item.constant for item in items], offset)

    def pattern(self, token: Token) -> Pattern:
        """Return the pattern of a string token."""
        return regular_expression(unescape(self.source, token, self.escapes, keep_others=True))
