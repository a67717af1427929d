"""
WBEM URIs of class paths and instance paths (DSP0207), in both directions.

Only untyped WBEM URIs exist here. Written are four formats (see `CIMInstanceName.to_wbem_uri`);
read is what any of them writes, plus the forms that earlier releases wrote or tolerated. The
untyped format loses types: numbers come back as :class:`int` and :class:`float`, and a string that
looks like a datetime or like an instance path comes back as one.
"""

from __future__ import annotations

import re
from contextlib import suppress
from math import isfinite, isnan
from typing import Any, Dict, List, Match, Optional, Tuple, cast

from pywbem._cim_types import Char16, CIMDateTime
from pywbem._nocasedict import NocaseDict
from pywbem._warnings import MissingKeybindingsWarning, warn_caller

from .class_name import CIMClassName
from .instance_name import CIMInstanceName
from .mof import escaped

__all__ = [
    "class_path",
    "classname_to_uri",
    "instance_path",
    "instancename_to_uri",
]

# Writing

_STRING_QUOTE, _CHAR_QUOTE = "\"'"

_FORMATS = frozenset(("standard", "canonical", "cimobject", "historical"))


def classname_to_uri(path: CIMClassName, format: str = "standard") -> str:
    """
    Return the WBEM URI of a class path.

    Raises:
        ValueError: The format is unknown.
    """
    _check_format(format)
    return _object_part(path._classname, path._host, path._namespace, format)


def instancename_to_uri(path: CIMInstanceName, format: str = "standard") -> str:
    """
    Return the WBEM URI of an instance path.

    A path without keybindings causes a `MissingKeybindingsWarning`.

    Raises:
        TypeError: A keybinding has no name, or a value that is not a value of a key.
        ValueError: The format is unknown.
    """
    _check_format(format)
    uri = _object_part(path._classname, path._host, path._namespace, format)
    keybindings = path._keybindings
    if not keybindings:
        warn_caller(
            MissingKeybindingsWarning,
            f"Instance path without keybindings encountered for classname {path._classname!r} "
            "when converting to WBEM URI - this not permitted according to DSP0004",
        )
        return uri
    return f"{uri}.{_keys_part(keybindings, format)}"


def _check_format(format: str) -> None:
    if format not in _FORMATS:
        raise ValueError(
            f"Invalid format argument: {format}; must be one of: "
            "standard, canonical, cimobject, historical"
        )


def _object_part(classname: str, host: Optional[str], namespace: Optional[str], format: str) -> str:
    """Return the URI up to the class name."""
    parts: List[str] = []
    if host is not None and format != "cimobject":
        parts += ("//", host)
    if host is not None or format in ("standard", "canonical"):
        parts.append("/")
    if namespace is not None:
        parts.append(namespace)
    if namespace is not None or format != "historical":
        parts.append(":")
    parts.append(classname)
    if format == "canonical":
        # One by one: the lower case of a letter can depend on what stands beside it.
        parts = [part.lower() for part in parts]
    return "".join(parts)


def _keys_part(keybindings: NocaseDict, format: str) -> str:
    """Return the part of the URI with the keybindings, in the order of their names."""
    values: Dict[str, Any] = {}
    for name, value in keybindings._data.values():
        if name is None:
            raise TypeError("An instance path with an unnamed keybinding has no WBEM URI")
        values[name.lower() if format == "canonical" else name] = value
    parts = []
    for name in sorted(values):
        parts.append(f"{name}={_value_to_uri(name, values[name], format)}")
    return ",".join(parts)


def _value_to_uri(name: str, value: Any, format: str) -> str:
    """Return a keybinding value as DSP0207 writes it, which is as DSP0004 annex A does."""
    if isinstance(value, str):
        if isinstance(value, Char16) and len(value) == 1:
            return f"'{escaped(value, quotes=_CHAR_QUOTE)}'"
        return _quoted(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, float):
        return _real_text(value)
    if isinstance(value, CIMDateTime):
        return f'"{value}"'
    if isinstance(value, CIMInstanceName):
        return _quoted(instancename_to_uri(value, format))
    if isinstance(value, bytes):
        return _quoted(value.decode("utf-8"))
    raise TypeError(f"Invalid type {type(value)} in keybinding value: {name!r}={value!r}")


def _quoted(text: str) -> str:
    return f'"{escaped(text, quotes=_STRING_QUOTE)}"'


def _real_text(value: float) -> str:
    """Return a real number as realValue of DSP0004 annex A, which wants a dot with a digit."""
    if not isfinite(value):
        return "NAN" if isnan(value) else "INF" if value > 0 else "-INF"
    text = float.__repr__(value)
    if "." not in text:
        mantissa, _, exponent = text.partition("e")
        text = f"{mantissa}.0e{exponent}"
    return text


# Reading

# DSP0207: [namespaceType ":"] ["//" authority] "/" [namespacePath] ":" className, where the
# slash may be missing in front, and the colon if the class name is all there is. An authority
# (RFC 3986) has no character here that delimits something else, such as a comma or a semicolon.
_OBJECT_PART = (
    r"(?:(?:(?:([\w\-]+|(?i:cimxml\.wbems?)):)?(?://([\w.:@\[\]%\-]*))?/)?(\w+(?:/\w+)*)?:)?(\w+)"
)
_CLASS_PATTERN = re.compile(_OBJECT_PART + r"\n?\Z")
_INSTANCE_PATTERN = re.compile(_OBJECT_PART + r"\.(?=[^\n])")

# DSP0207: keyName "=" keyValue. An unquoted value is looked at later.
_KEY_PATTERN = re.compile(
    r"(\w+)=(?:"
    r'"([^"\\\n]*(?:\\.[^"\\\n]*)*)"|'
    r"'([^'\\\n]*(?:\\.[^'\\\n]*)*)'|"
    r"([^,\"'\\\n]+)"
    r")(?:,|\n?\Z)"
)
# DSP0004 7.12.1. A backslash before any other character is dropped.
_ESCAPE_PATTERN = re.compile(r"\\(?:[xX]([0-9a-fA-F]{1,4})|(.))")
_CONTROLS = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}

# DSP0004 annex A: integerValue (binary, octal, hexadecimal, decimal) and realValue. An octal number
# has one zero, in front: 0102 could as well be meant as decimal, and is refused. The special real
# numbers are those of DSP0201, in any lexical case.
_INTEGER_PATTERN = re.compile(
    r"(?P<binary>[+-]?[01]+)[bB]|(?P<octal>[+-]?0[1-7]+)|(?P<hex>[+-]?0[xX][0-9a-fA-F]+)"
    r"|(?P<decimal>[+-]?(?:[1-9][0-9]*|0))"
)
_BASES = {"binary": 2, "octal": 8, "hex": 16, "decimal": 10}
_REAL_PATTERN = re.compile(
    r"[+-]?[0-9]*\.[0-9]+(?:e[+-]?[0-9]+)?|-?inf|nan", re.IGNORECASE | re.ASCII
)

# DSP0004 5.2.4: the length of a datetime value.
_DATETIME_LENGTH = 25

# DSP0207, and two that earlier releases took for those with a dot.
_NAMESPACE_TYPES = frozenset(
    ("http", "https", "cimxml.wbem", "cimxml.wbems", "cimxml-wbem", "cimxml-wbems")
)


def class_path(uri: str) -> CIMClassName:
    """
    Return the class path of a WBEM URI.

    Raises:
        TypeError: The argument is not a string.
        ValueError: The string is not an untyped WBEM URI of a class path.
    """
    match = _CLASS_PATTERN.match(uri)
    if match is None:
        raise ValueError(f"Invalid format for a class path in WBEM URI: {uri!r}")
    namespace_type, host, namespace, classname = match.groups()
    _warn_namespace_type(namespace_type, uri)
    return CIMClassName._trusted(classname, host or None, namespace)


def instance_path(uri: str) -> CIMInstanceName:
    """
    Return the instance path of a WBEM URI.

    Raises:
        TypeError: The argument is not a string.
        ValueError: The string is not an untyped WBEM URI of an instance path.
    """
    match = _INSTANCE_PATTERN.match(uri)
    if match is None:
        raise ValueError(f"Invalid format for an instance path in WBEM URI: {uri!r}")
    namespace_type, host, namespace, classname = match.groups()
    keybindings = _keys_from_uri(uri, match.end())
    _warn_namespace_type(namespace_type, uri)
    return CIMInstanceName._trusted(classname, keybindings, host or None, namespace)


def _warn_namespace_type(namespace_type: Optional[str], uri: str) -> None:
    if namespace_type and namespace_type.lower() not in _NAMESPACE_TYPES:
        warn_caller(
            cast(Any, UserWarning), f"Tolerating unknown namespace type in WBEM URI: {uri!r}"
        )


def _keys_from_uri(uri: str, start: int) -> NocaseDict:
    """Return the keybindings that start at a position of the URI."""
    data: Dict[Optional[str], Tuple[str, Any]] = {}
    position = start
    end = len(uri)
    while position < end or uri[position - 1] == ",":
        match = _KEY_PATTERN.match(uri, position)
        if match is None:
            raise ValueError(
                f"WBEM URI has an invalid format for its keybindings: {uri[start:]!r}, "
                f"at {uri[position:]!r}"
            )
        name, text, char, plain = match.groups()
        value: Any
        if text is not None:
            value = _text_value(_unescaped(text))
        elif char is not None:
            value = _char_value(name, char)
        else:
            value = _plain_value(name, plain)
        data[name.casefold()] = (name, value)
        position = match.end()
    return NocaseDict._trusted(data)


def _unescaped(text: str) -> str:
    return _ESCAPE_PATTERN.sub(_unescaped_character, text) if "\\" in text else text


def _unescaped_character(match: Match[str]) -> str:
    digits, character = match.groups()
    return chr(int(digits, 16)) if digits else _CONTROLS.get(character, character)


def _text_value(text: str) -> Any:
    """Return the value in double quotes: an instance path, a datetime, or else a string."""
    if "=" in text and text[-1] != "\n":
        try:
            return instance_path(text)
        except ValueError:
            return text
    value = _datetime_value(text)
    return text if value is None else value


def _datetime_value(text: str) -> Optional[CIMDateTime]:
    """Return the datetime that a text is, or `None` if it is something else."""
    if len(text) == _DATETIME_LENGTH:
        with suppress(ValueError):
            return CIMDateTime(text)
    return None


def _char_value(name: str, quoted: str) -> Char16:
    """Return the value in single quotes, a char16."""
    char = _unescaped(quoted)
    if len(char) != 1:
        raise ValueError(
            f"WBEM URI has a char16 keybinding with an incorrect length: {name!r}={quoted!r}"
        )
    return Char16(char)


def _plain_value(name: str, text: str) -> Any:
    """Return the value without quotes: a boolean, an integer, a real, or a datetime."""
    lower = text.lower()
    if lower in ("true", "false"):
        return lower == "true"
    match = _INTEGER_PATTERN.fullmatch(text)
    if match is not None and match.lastgroup:
        return int(match.group(match.lastgroup), _BASES[match.lastgroup])
    if _REAL_PATTERN.fullmatch(text):
        return float(text)
    value = _datetime_value(text)
    if value is None:
        raise ValueError(f"WBEM URI has invalid value format in a keybinding: {name!r}={text!r}")
    warn_caller(
        cast(Any, UserWarning),
        "Tolerating datetime value without surrounding double quotes in WBEM URI keybinding: "
        f"{name!r}={text!r}",
    )
    return value
