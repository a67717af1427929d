"""
The tokens of the query languages, and errors that say where in a query they are.
"""

from __future__ import annotations

import re
from typing import Callable, List, Mapping, Match, NamedTuple, Optional, Pattern

from pywbem._cim_constants import CIM_ERR_INVALID_QUERY
from pywbem._exceptions import CIMError

__all__ = [
    "C_ESCAPES",
    "FQL_TOKENS",
    "TOKENS",
    "Escapes",
    "Source",
    "Token",
    "tokenize",
    "unescape",
]

# Far above any query that people write; it bounds the time that one query can take.
_MAX_LENGTH = 65536


def _tokens(reals: str) -> Pattern[str]:
    """A pattern for one token; reals without an exponent are told."""
    return re.compile(
        rf"""
        (?P<space>    [ \t\r\n\f\v]+ )
      | (?P<name>     [^\W\d]\w* )
      | (?P<number>   [+-]? (?: 0[xX][0-9a-fA-F]+
                              | [01]+[bB]
                              | (?: {reals} )(?:[eE][+-]?[0-9]+)?
                              | [0-9]+(?:[eE][+-]?[0-9]+)? ) (?!\w) )
      | (?P<string>   '(?:[^'\\]|\\.)*' | "(?:[^"\\]|\\.)*" )
      | (?P<operator> <= | >= | <> | != | :: | [=<>().,*\[\]{{}}] )
        """,
        re.VERBOSE | re.DOTALL,
    )


TOKENS = _tokens(r"[0-9]*\.[0-9]+")
# DSP0212: a real may end in its point.
FQL_TOKENS = _tokens(r"[0-9]*\.[0-9]+ | [0-9]+\.")


class Escapes(NamedTuple):
    """
    What a backslash in strings of a language may stand before: characters and what they mean, and
    a regular expression for code points, which are ``u`` or ``U`` and digits; `None` for no code
    points.
    """

    characters: Mapping[str, str]
    code_points: Optional[str] = None

    @property
    def pattern(self) -> Pattern[str]:
        """An escape; what stands behind the backslash is its group."""
        code_points = "" if self.code_points is None else f"{self.code_points}|"
        return re.compile(rf"\\({code_points}.)", re.DOTALL)


# DSP0202, string literals.
C_ESCAPES = Escapes(
    {"\\": "\\", "'": "'", '"': '"', "b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"},
    "u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}",
)


class Token(NamedTuple):
    """A token: its kind is name, number, string, operator or end."""

    kind: str
    text: str
    offset: int


class Source:
    """The text of a query, and the language it is in."""

    __slots__ = ("language", "text")

    def __init__(self, language: str, text: str) -> None:
        self.language = language
        self.text = text

    def error(self, offset: int, message: str) -> CIMError:
        """Return the exception for something wrong at an offset of the query."""
        line = self.text.count("\n", 0, offset) + 1
        column = offset - self.text.rfind("\n", 0, offset)
        return CIMError(
            CIM_ERR_INVALID_QUERY,
            f"Invalid {self.language} query at line {line}, column {column}: {message}",
        )


def tokenize(source: Source, pattern: Pattern[str]) -> List[Token]:
    """
    Return the tokens of a query; the last one is of the kind end.

    Parameters:
        pattern (Pattern): The tokens of the language.

    Raises:
        CIMError: CIM_ERR_INVALID_QUERY for what is no token, or too long a query.
    """
    text = source.text
    if len(text) > _MAX_LENGTH:
        raise source.error(
            _MAX_LENGTH, f"expected at most {_MAX_LENGTH} characters, got {len(text)}"
        )
    tokens = []
    offset = 0
    while offset < len(text):
        match = pattern.match(text, offset)
        if match is None:
            raise _no_token(source, offset)
        kind = str(match.lastgroup)
        if kind != "space":
            tokens.append(Token(kind, match.group(), offset))
        offset = match.end()
    tokens.append(Token("end", "", offset))
    return tokens


def _no_token(source: Source, offset: int) -> CIMError:
    found = source.text[offset]
    if found in "'\"":
        return source.error(offset, f"expected a closing {found} for the string that begins here")
    if found in "+-.0123456789":
        return source.error(offset, "expected a number")
    return source.error(offset, f"expected a name, literal or operator, got {found!a}")


def unescape(source: Source, token: Token, escapes: Escapes, keep_others: bool = False) -> str:
    """
    Return the value of a string token.

    Parameters:
        escapes (Escapes): The escapes of the language.
        keep_others (bool): Whether other escapes are kept as they are, for a pattern that has
            its own.

    Raises:
        CIMError: CIM_ERR_INVALID_QUERY for another escape.
    """
    content = token.text[1:-1]
    if "\\" not in content:
        return content
    return escapes.pattern.sub(_replacer(source, token.offset + 1, escapes, keep_others), content)


def _replacer(
    source: Source, start: int, escapes: Escapes, keep_others: bool
) -> Callable[[Match[str]], str]:
    def replacement(match: Match[str]) -> str:
        code = match.group(1)
        if code in escapes.characters:
            return escapes.characters[code]
        if len(code) > 1:
            number = int(code[1:], 16)
            # Surrogates are no characters.
            if number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF:
                return chr(number)
        elif keep_others:
            return match.group()
        raise source.error(
            start + match.start(),
            f"expected an escape of {source.language} strings, got {match.group()!a}",
        )

    return replacement
