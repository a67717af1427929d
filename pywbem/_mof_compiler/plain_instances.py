"""
Instances as most of them are, read without the grammar.

A file of instances consists of thousands of declarations of one form: names with constants, a
string, a number, a boolean, an alias, or an array of strings or numbers.  One pattern takes a
setting of that form off the text, which is ten times as fast as to follow the tables for each of
its tokens.  Whatever has another form, or is wrong, is left to the parser: what is returned here is
what the parser would return.
"""

from __future__ import annotations

import re
import sys
from typing import Any, Dict, List, Optional, Tuple

from .declarations import Alias, InstanceDeclaration, Setting
from .lexer import LITERAL_PATTERN, SKIP_PATTERN, WS_PATTERN, joined_literals

__all__ = ["plain_instance"]

_WS = WS_PATTERN
# Names with other letters are left to the parser, too: a pattern for them takes long to compile.
_IDENT = "[A-Za-z_][0-9A-Za-z_]*"
_STRING = r'"[^"\\\n]*"'
_STRINGS = rf"{LITERAL_PATTERN}(?:{_WS}*{LITERAL_PATTERN})*"
# A leading zero is that of an octal number.
_INTEGER = r"[+-]?(?:0|[1-9][0-9]{0,18})"
_REAL = r"[+-]?[0-9]{0,20}\.[0-9]{1,30}(?:[eE][+-]?[0-9]{1,4})?"


def _array(item: str) -> str:
    return rf"\{{{_WS}*{item}(?:{_WS}*,{_WS}*{item})*{_WS}*\}}"


# No pattern begins with what can be skipped in several ways: where it fails, it fails at once.
_SKIP = re.compile(SKIP_PATTERN, re.DOTALL)
_BEGIN = re.compile(
    rf"(instance){_WS}+of{_WS}+({_IDENT}){_WS}*(?:as{_WS}+(\${_IDENT}){_WS}*)?\{{",
    re.IGNORECASE | re.ASCII,
)
_SETTING = re.compile(
    rf"""
    {_WS}*
    (?:({_IDENT}){_WS}*={_WS}*
       (?:({_STRINGS})|({_INTEGER})|({_IDENT})|(\${_IDENT})
          |({_array(_STRING)})|({_array(_INTEGER)})|({_REAL}))
       {_WS}*;
      |\}}{_WS}*;)
    """,
    re.VERBOSE,
)
_TEXT, _NUMBER, _WORD, _ALIAS, _TEXTS, _NUMBERS, _FRACTION = range(2, 9)
_WORDS: Dict[str, Optional[bool]] = {"true": True, "false": False, "null": None}
_intern = sys.intern


def plain_instance(text: str, pos: int) -> Optional[Tuple[InstanceDeclaration, int]]:
    """
    Return the instance that is declared at an offset and the offset behind it; None if there is
    none, or one for the parser.

    Parameters:
        text (str): The text.
        pos (int): Offset behind another declaration, or of the begin.
    """
    begin = _BEGIN.match(text, _behind_comments(text, pos))
    if begin is None:
        return None
    settings: List[Setting] = []
    pos = begin.end()
    match_setting = _SETTING.match
    while True:
        match = match_setting(text, pos) or match_setting(text, _behind_comments(text, pos))
        if match is None:
            return None
        pos = match.end()
        kind = match.lastindex
        if kind is None:
            break
        raw = match[kind]
        start = match.start(kind)
        value: Any
        if kind == _TEXT:
            value = joined_literals(raw)
            if value is None:
                return None
        elif kind == _NUMBER:
            value = int(raw)
        elif kind == _TEXTS:
            value = raw.split('"')[1::2]
        elif kind == _NUMBERS:
            value = [int(item) for item in raw[1:-1].split(",")]
        elif kind == _FRACTION:
            value = float(raw)
        elif kind == _ALIAS:
            value = Alias(raw, start)
        else:
            value = _WORDS.get(raw.lower(), _WORDS)
            if value is _WORDS:
                return None
        settings.append(Setting(_intern(match[1]), value, match.start(1), start))
    declaration = InstanceDeclaration(
        _intern(begin[2]), begin[3], settings, begin.start(1), begin.start(2)
    )
    return declaration, pos


def _behind_comments(text: str, pos: int) -> int:
    match = _SKIP.match(text, pos)
    return match.end() if match else pos
