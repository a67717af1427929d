"""
The tokens of MOF (DSP0004 annex A).

One compiled pattern takes a token off the text together with the white space and comments before
it.  All constants are tokens of one type, whose Python value tells what they are.  Neighbouring
string literals, which MOF concatenates, are one token.  So are parentheses around one string, and
braces around nothing but strings, with all that is between them: most of a schema consists of
these.

MOF allows names that are also keywords (a property ``class``, a qualifier ``Class``).  Whether such
a word is a name can be told from the token before it and the character behind it, and is decided
here: the grammar knows only tokens of the type ``IDENT``.

What is no token becomes one of the type ``BAD`` that has the message as its value, so that reading
can go on behind it.
"""

from __future__ import annotations

import re
import sys
from typing import Any, Dict, Iterator, List, Match, Optional, Tuple

from pywbem._cim_types import Char16

__all__ = ["LITERAL_PATTERN", "SKIP_PATTERN", "WS_PATTERN", "Token", "joined_literals", "tokenize"]

WS_PATTERN = r"[ \t\r\n\f\v]"
# DSP0004 annex A: letters are those of ASCII, the underscore, and U+0080 to U+FFEF.
# To compile a set of all these takes long; therefore names in ASCII are apart.
_ASCII = "[A-Za-z_][0-9A-Za-z_]*"
_OTHER_LETTER = "[^\x00-\x7f](?<![\ufff0-\U0010ffff])"
_IDENT = (
    rf"(?:{_ASCII}(?![0-9A-Za-z_]|[^\x00-\x7f])"
    rf"|(?:{_ASCII}|(?={_OTHER_LETTER}))(?:{_OTHER_LETTER}[0-9A-Za-z_]*)*)"
)
_WS = WS_PATTERN
# White space and comments.
SKIP_PATTERN = rf"(?:{_WS}+|//[^\n]*|/\*.*?\*/)*"
LITERAL_PATTERN = _LITERAL = r'"[^"\\\n]*(?:\\[^\n][^"\\\n]*)*"'
_STRINGS = rf"{_LITERAL}(?:{_WS}*{_LITERAL})*"

# The last alternatives match any character and the end, therefore the skipped part before is never
# tried twice.
_MASTER = re.compile(
    rf"""
    {SKIP_PATTERN}
    (?:(\{{{_WS}*{_STRINGS}(?:{_WS}*,{_WS}*{_STRINGS})*{_WS}*\}})
      |(\({_WS}*{_STRINGS}{_WS}*\))
      |([][(){{}},;:=\#])
      |({_STRINGS})
      |({_IDENT})
      |([+-]?\.?[0-9](?:[eE][+-][0-9]|[0-9A-Za-z_.])*)
      |(\$(?:{_IDENT})?)
      |('(?:[^'\\\n]|\\(?:[xX][0-9a-fA-F]{{1,4}}|[^\nxX]))')
      |\Z
      |("[^\n]*|/\*|'[^'\n]*'?|.)
    )""",
    re.VERBOSE | re.DOTALL,
)
_ARRAY, _ENCLOSED, _PUNCTUATION, _STRING, _NAME, _NUMBER, _ALIAS, _CHAR, _BAD = range(1, 10)

_SKIP = re.compile(SKIP_PATTERN, re.DOTALL)
_NAME_RE = re.compile(_IDENT)
_BEHIND_STRING = frozenset(",);}")
_LITERAL_RE = re.compile(_LITERAL)
_ESCAPE = re.compile(r"\\(?:([xX])([0-9a-fA-F]{1,4})|(.))", re.DOTALL)
_ESCAPES = {
    "b": "\b",
    "t": "\t",
    "n": "\n",
    "f": "\f",
    "r": "\r",
    '"': '"',
    "'": "'",
    "\\": "\\",
}
# A backslash in the name of a file is more often meant as itself than as the begin of an escape.
_BEFORE_INCLUDE_NAME = re.compile(r"#\s*pragma\s+include\s*\Z", re.IGNORECASE)
# MOF escapes UCS-2 code units; two of them can stand for one character.
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")

_KEYWORDS: Dict[str, str] = {
    name: name.upper() for name in "class instance of as ref qualifier pragma".split()
}
DATATYPES = frozenset(
    "uint8 uint16 uint32 uint64 sint8 sint16 sint32 sint64 real32 real64 boolean string char16 "
    "datetime".split()
)
_KEYWORDS.update(dict.fromkeys(DATATYPES, "DT"))
_CONSTANTS: Dict[str, Optional[bool]] = {"true": True, "false": False, "null": None}
_SPECIAL = frozenset(_KEYWORDS) | frozenset(_CONSTANTS) | {"nan", "void"}

TOKENS = (
    "IDENT VALUE ENCLOSED STRINGS NAN ALIAS DT CLASS INSTANCE OF AS REF QUALIFIER PRAGMA".split()
    # A list of declarations, made by the parser.
    + ["INSTANCES"]
    # Taken by no rule: a place where the text has no token.
    + ["BAD"]
)
LITERALS = "[](){},;:=#"

# Behind these, a keyword is a name: `string class;`
_NAME_AFTER = frozenset(("DT", "REF", "CLASS", "OF", "QUALIFIER", "PRAGMA"))
# Otherwise the character behind a keyword tells that it is a name, depending on the token before:
# superclasses `: Class {`, in lists `, Class (`, and elsewhere settings `class = 1;`
_NAME_BEFORE = {
    ":": frozenset("{"),
    "[": frozenset(",(]:{"),
    ",": frozenset(",)(]:{"),
    "(": frozenset(",)"),
}

_NUMBERS: Tuple[Tuple[str, Any], ...] = (
    (r"[+-]?(?:0|[1-9][0-9]*)", int),
    (r"[+-]?[01]+[bB]", lambda text: int(text[:-1], 2)),
    (r"[+-]?0[0-7]+", lambda text: int(text, 8)),
    (r"[+-]?0[xX][0-9a-fA-F]+", lambda text: int(text, 16)),
    (r"[+-]?[0-9]*\.[0-9]+(?:[eE][+-]?[0-9]+)?", float),
)
_NUMBER_RES = [(re.compile(pattern + r"\Z").match, convert) for pattern, convert in _NUMBERS]

# The time to convert a decimal number grows with the square of its length.
_MAX_NUMBER = 1000

_new = object.__new__
_intern = sys.intern


class Token:
    """
    A token: its type, its value, and its offset in the text, with the names that PLY has for them.

    Punctuation has no value.
    """

    __slots__ = ("lexpos", "type", "value")

    type: str
    value: Any
    lexpos: int


def tokenize(text: str, pos: int = 0) -> Iterator[Optional[Token]]:
    """
    Yield the tokens of a text from an offset on, and None at its end.
    """
    previous = ""
    resume = pos
    new, special, punctuation, name = _new, _SPECIAL, _PUNCTUATION, _NAME
    for match in _MASTER.finditer(text, pos):
        index = match.lastindex
        if index is None:
            break
        start = match.start(index)
        if start < resume:
            continue
        token = new(Token)
        token.lexpos = start
        value: Any = match[index]
        if index == punctuation:
            token.type = previous = value
            yield token
            continue
        if index == name:
            if value.lower() in special:
                _word(token, text, value, previous)
            else:
                token.type = "IDENT"
                token.value = _intern(value)
        elif index == _STRING:
            resume = _string(token, text, value)
        elif index == _ENCLOSED:
            _enclosed(token, text, value)
        elif index == _ARRAY:
            _array(token, value)
        else:
            _other(token, match, index)
            if value == "/*":
                yield token
                break
        previous = token.type
        yield token
    yield None


def _bad(token: Token, message: str) -> None:
    token.type = "BAD"
    token.value = message


def _word(token: Token, text: str, word: str, previous: str) -> None:
    """
    Make the token of a keyword, of the constants TRUE, FALSE and NULL, or of a name like them.
    """
    lower = word.lower()
    if lower in _CONSTANTS:
        token.type = "VALUE"
        token.value = _CONSTANTS[lower]
        return
    token.value = lower if lower in DATATYPES else word
    end = token.lexpos + len(word)
    if lower == "void":
        # DSP0004 has no such methods; MOF of classes that have them says so.  Elsewhere, and
        # as the class of a reference, it is a name.
        method = previous in ("{", ";", "]") and _method_follows(text, end)
        token.type = "DT" if method else "IDENT"
        token.value = lower if method else word
        return
    if lower == "nan":
        # There is no other name where a value stands.
        token.type = "NAN" if previous in ("=", "{", ",", "(") else "IDENT"
        if token.type == "NAN" and not _followed_by(text, end, ",;)}"):
            token.type = "IDENT"
        return
    if text[end + 1 : end + 2].isalpha() and text[end] == " " and previous not in _NAME_AFTER:
        token.type = _KEYWORDS[lower]
        return
    if previous in _NAME_AFTER or _followed_by(text, end, _NAME_BEFORE.get(previous, "=")):
        token.type = "IDENT"
        token.value = word
        return
    token.type = _KEYWORDS[lower]


def _method_follows(text: str, pos: int) -> bool:
    """
    Return whether the name of a method comes behind white space and comments.
    """
    skipped = _SKIP.match(text, pos)
    name = _NAME_RE.match(text, skipped.end() if skipped else pos)
    return name is not None and _followed_by(text, name.end(), "(")


def _followed_by(text: str, pos: int, characters: Any) -> bool:
    """
    Return whether one of the characters comes behind white space and comments.
    """
    match = _SKIP.match(text, pos)
    end = match.end() if match else pos
    return end < len(text) and text[end] in characters


def _string(token: Token, text: str, raw: str) -> int:
    """
    Make the token of neighbouring string literals; return the offset behind them.

    The pattern takes literals with white space between them; those behind a comment are added here.
    """
    end = token.lexpos + len(raw)
    while text[end : end + 1] not in _BEHIND_STRING:
        match = _SKIP.match(text, end)
        following = match.end() if match else end
        literal = _LITERAL_RE.match(text, following)
        if literal is None:
            break
        end = literal.end()
        raw += literal[0]
    token.type = "VALUE"
    _joined(token, raw)
    if token.type == "BAD":
        _bad_escape(token, text[token.lexpos : end])
    return end


def _enclosed(token: Token, text: str, raw: str) -> None:
    """
    Make the token of neighbouring string literals in parentheses.
    """
    token.type = "ENCLOSED"
    if "\\" in raw and _BEFORE_INCLUDE_NAME.search(text, max(0, token.lexpos - 100), token.lexpos):
        token.value = "".join([literal[1:-1] for literal in _LITERAL_RE.findall(raw)])
        token.value = token.value.replace("\\\\", "\\")
        token.lexpos += raw.index('"')
        return
    _joined(token, raw)
    if token.type == "BAD":
        _bad_escape(token, raw)
    else:
        # Messages are about the string.
        token.lexpos += raw.index('"')


def joined_literals(raw: str) -> Optional[str]:
    """
    Return the text of all literals in a text, which has white space and comments beside them; None
    if an escape sequence is wrong.

    Parameters:
        raw (str): The text.
    """
    if "\\" not in raw:
        # Then every quote begins or ends a literal.
        return "".join(raw.split('"')[1::2])
    literals = _LITERAL_RE.findall(raw)
    if any(_wrong_escape(literal) for literal in literals):
        return None
    return _unescaped("".join([literal[1:-1] for literal in literals]))


def _joined(token: Token, raw: str) -> None:
    """
    Give a token the text of all literals in a text, or make it a bad one.
    """
    text = joined_literals(raw)
    if text is None:
        token.type = "BAD"
    else:
        token.value = text


def _array(token: Token, raw: str) -> None:
    """
    Make the token of strings in braces.
    """
    token.type = "STRINGS"
    if "\\" not in raw:
        parts = raw.split('"')
        token.value = parts[1::2]
        separators = parts[2:-1:2]
    else:
        literals = _LITERAL_RE.findall(raw)
        if any(_wrong_escape(literal) for literal in literals):
            _bad_escape(token, raw)
            return
        token.value = [_unescaped(literal[1:-1]) for literal in literals]
        separators = _LITERAL_RE.sub('"', raw).split('"')[1:-1]
    if not all("," in separator for separator in separators):
        values: List[str] = token.value[:1]
        for separator, value in zip(separators, token.value[1:]):
            if "," in separator:
                values.append(value)
            else:
                values[-1] += value
        token.value = values


def _bad_escape(token: Token, raw: str) -> None:
    """
    Make the token a bad one, at the first wrong escape sequence in its text.
    """
    wrong = _wrong_escape(raw)
    if wrong is not None:
        token.lexpos += wrong.start()
        _bad(token, f"Illegal escape sequence {wrong[0]} in a string")


def _wrong_escape(text: str) -> Optional[Match[str]]:
    for match in _ESCAPE.finditer(text):
        if match[3] is not None and match[3] not in _ESCAPES:
            return match
    return None


def _unescaped(value: str) -> str:
    value = _ESCAPE.sub(
        lambda match: chr(int(match[2], 16)) if match[1] else _ESCAPES[match[3]], value
    )
    if _SURROGATES.search(value):
        return _SURROGATES.sub(
            lambda match: match[0].encode("utf-16", "surrogatepass").decode("utf-16"), value
        )
    return value


def _other(token: Token, match: Match[str], index: int) -> None:
    """
    Make the token of a number, an alias, a char16 value, or of what is no token.
    """
    value = match[index]
    token.value = value
    if index == _NUMBER:
        _number(token, value)
    elif index == _ALIAS:
        token.type = "ALIAS"
        if value == "$":
            _bad(token, "Illegal character '$': the name of an alias is missing")
    elif index == _CHAR:
        wrong = _wrong_escape(value[1:-1])
        if wrong is not None:
            _bad(token, f"Illegal escape sequence {wrong[0]} in a char16 value")
        else:
            token.type = "VALUE"
            token.value = Char16(_unescaped(value[1:-1]))
    elif value[0] == '"':
        _bad(token, "Illegal character '\"': the string is not closed on its line")
    elif value[0] == "'":
        _bad(token, 'Illegal character "\'": a char16 value is one character in single quotes')
    elif value == "/*":
        _bad(token, "Illegal character '/': the comment is not closed")
    else:
        _bad(token, f"Illegal character {value!r}")


def _number(token: Token, text: str) -> None:
    if len(text) > _MAX_NUMBER:
        _bad(token, f"Number is too long: {text[:20]}...")
        return
    for matches, convert in _NUMBER_RES:
        if matches(text):
            token.type = "VALUE"
            token.value = convert(text)
            return
    digits = text.lstrip("+-")
    if digits[-1] in "bB" and digits[:-1].isdigit():
        kind = "binary number"
    elif digits[:2] in ("0x", "0X"):
        kind = "hexadecimal number"
    elif digits[0] == "0" and digits.isdigit():
        kind = "octal number"
    else:
        kind = "number"
    _bad(token, f"Invalid {kind} {text!r}")
