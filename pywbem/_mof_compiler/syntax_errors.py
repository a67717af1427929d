"""
Syntax errors: what is said about text that is no MOF.
"""

from __future__ import annotations

from typing import Any

from .lexer import Token

__all__ = ["ENCLOSING", "Rejected", "expected_text", "unexpected"]


class Rejected(Exception):
    """
    The text is no MOF from a place on.
    """

    def __init__(self, message: str, pos: int, end: int) -> None:
        super().__init__(message)
        self.message = message
        self.pos = pos
        self.end = end


_KINDS = {
    "IDENT": "a name",
    "VALUE": "a value",
    "NAN": "nan",
    "ALIAS": "an alias",
    "DT": "a data type",
    "$end": "the end",
}
#: Tokens that start with one that the grammar has, too.
ENCLOSING = {"STRINGS": "{", "ENCLOSED": "("}
_UNTOLD = {*ENCLOSING, "INSTANCES"}
_CONSTANTS = {True: "TRUE", False: "FALSE", None: "NULL"}


def unexpected(token: Token, expected: str) -> Rejected:
    """
    Return the exception for a token that cannot stand where it does.
    """
    pos = token.lexpos
    if token.type == "BAD":
        return Rejected(str(token.value), pos, pos + 1)
    shown = getattr(token, "value", token.type)
    if token.type in ENCLOSING:
        shown = ENCLOSING[token.type]
    elif shown is None or isinstance(shown, bool):
        shown = _CONSTANTS[shown]
    elif token.type == "VALUE" and isinstance(shown, str):
        shown = f'"{shown}"'
    text = str(shown)
    length = len(text) if token.type != "VALUE" else 1
    return Rejected(
        f"MOF grammar error: unexpected {_short(text)!r}, expected {expected}", pos, pos + length
    )


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."


def expected_text(parser: Any) -> str:
    """
    Return what can follow in the present state of a parser, in words.
    """
    kinds = [
        _KINDS.get(kind) or (kind if len(kind) > 1 else f"'{kind}'")
        for kind in sorted(parser.action[parser.statestack[-1]])
        if kind not in _UNTOLD
    ]
    return " or ".join([", ".join(kinds[:-1]), kinds[-1]] if len(kinds) > 1 else kinds)
