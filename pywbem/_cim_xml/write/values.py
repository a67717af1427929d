"""
Text of CIM-XML: escaping, and the text of values of the CIM data types
(DSP0201, DSP0004 5.2).

Most text needs no escaping, so it is asked first whether it does: ``str``
answers that faster than any replacement runs.  Everything here returns text
that an XML parser gives back unchanged; characters that no XML document can
hold (XML 1.0, 2.2) are refused.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Callable, Dict, List, Tuple, Type

from ..._cim_types import (
    Char16,
    CIMDateTime,
    Real32,
    Real64,
    Sint8,
    Sint16,
    Sint32,
    Sint64,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
)
from ..._cim_types.scalars import REAL32_FORMAT, REAL64_FORMAT, real_text

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]").search

_INTEGERS: Tuple[Type[int], ...] = (
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    Sint8,
    Sint16,
    Sint32,
    Sint64,
)


class Unfit(Exception):
    """
    Something that CIM-XML cannot express.

    The element functions add what surrounds it on its way up; the public
    functions raise :meth:`error` in its place.
    """

    def __init__(self, kind: Type[Exception], reason: str) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason
        self.around: List[str] = []

    def within(self, label: str) -> Unfit:
        """Add the label of the next element outwards, and return self."""
        self.around.append(label)
        return self

    def error(self) -> Exception:
        """The exception for the caller: what, where and why."""
        what = " of ".join(self.around) or "a value"
        return self.kind(f"Cannot convert {what} to CIM-XML: {self.reason}")


def brief(value: object) -> str:
    """The representation of a value for a message, cut where it gets long."""
    shown = repr(value)
    return shown if len(shown) <= 200 else shown[:197] + "..."


def _check(value: str) -> None:
    """Refuse the characters that XML 1.0 cannot hold, not even escaped."""
    bad = _FORBIDDEN(value)
    if bad is not None:
        raise Unfit(
            ValueError,
            f"the character U+{ord(bad.group()):04X} at index {bad.start()} of "
            f"{brief(value)} is not allowed in XML 1.0",
        )


def quote(value: str) -> str:
    """
    Escape text that holds no forbidden characters, such as CIM-XML that is put
    into a VALUE.
    """
    value = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # A parser turns a literal CR into LF (XML 1.0, 2.11).
    return value.replace('"', "&quot;").replace("\r", "&#13;")


def text(value: str) -> str:
    """Escape character data."""
    if value.isprintable():
        if "&" not in value and "<" not in value and ">" not in value and '"' not in value:
            return value
    else:
        # Printable text has none of the forbidden characters.
        _check(value)
    return quote(value)


def attribute_text(value: str) -> str:
    """Escape the value of an attribute, without the quotes around it."""
    value = text(value)
    if value.isprintable():
        return value
    # A parser turns literal white space into blanks (XML 1.0, 3.3.3).
    return value.replace("\t", "&#9;").replace("\n", "&#10;")


def name_text(value: str) -> str:
    """Escape the value of an attribute that is a name, most likely an identifier."""
    return value if value.isidentifier() else attribute_text(value)


def _boolean(value: bool) -> str:
    return "TRUE" if value else "FALSE"


def _real32(value: float) -> str:
    return real_text(value, REAL32_FORMAT)


def _real64(value: float) -> str:
    return real_text(value, REAL64_FORMAT)


def _key_real(value: float) -> str:
    """A real number as a key: the shortest text that brings it back."""
    number = float.__repr__(value)
    if number in ("nan", "inf", "-inf"):
        return "NaN" if number == "nan" else number.upper()
    return number


def _string(value: str) -> str:
    # The characters of a subclass, whatever its __str__ shows.
    return text(str.__str__(value))


def _bytes(value: bytes) -> str:
    return text(value.decode("utf-8"))


def _datetime(value: datetime) -> str:
    return str(CIMDateTime(value))


Maker = Callable[[Any], str]

# The type of a value -> its text.
_TEXTS: Dict[type, Maker] = {
    str: text,
    bool: _boolean,
    int: int.__repr__,
    float: _real64,
    bytes: _bytes,
    datetime: _datetime,
    CIMDateTime: str,
    Char16: _string,
    Real32: _real32,
    Real64: _real64,
}
for _type in _INTEGERS:
    _TEXTS[_type] = int.__repr__

# The type of a key -> the attributes of KEYVALUE and the text.
_KEYS: Dict[type, Tuple[str, Maker]] = {
    str: (' VALUETYPE="string" TYPE="string"', text),
    bytes: (' VALUETYPE="string" TYPE="string"', _bytes),
    bool: (' VALUETYPE="boolean" TYPE="boolean"', _boolean),
    # The CIM type of a plain number is unknown: no TYPE rather than a wrong one.
    int: (' VALUETYPE="numeric"', int.__repr__),
    float: (' VALUETYPE="numeric"', _key_real),
    Real32: (' VALUETYPE="numeric" TYPE="real32"', _key_real),
    Real64: (' VALUETYPE="numeric" TYPE="real64"', _key_real),
    CIMDateTime: (' VALUETYPE="string" TYPE="datetime"', str),
    Char16: (' VALUETYPE="string" TYPE="char16"', _string),
}
for _type in _INTEGERS:
    _KEYS[_type] = (f' VALUETYPE="numeric" TYPE="{_type.cimtype}"', int.__repr__)  # type: ignore[attr-defined]


def text_maker(value: object) -> Maker:
    """The function that makes the text of a value and of others of its type."""
    maker = _TEXTS.get(type(value))
    if maker is not None:
        return maker
    for base in type(value).__mro__:
        if base in _TEXTS:
            return _string if base is str else _TEXTS[base]
    raise Unfit(
        TypeError,
        f"the value {brief(value)} has the type {type(value)}, which is no CIM data type",
    )


def value_text(value: object) -> str:
    """The escaped text of a scalar value, whatever its CIM type."""
    maker = _TEXTS.get(type(value))
    if maker is None:
        maker = text_maker(value)
    return maker(value)


def key_value_xml(value: object) -> str:
    """The KEYVALUE element of a key that is not a reference."""
    entry = _KEYS.get(type(value))
    if entry is None:
        entry = _key_entry(value)
    return f"<KEYVALUE{entry[0]}>{entry[1](value)}</KEYVALUE>"


def _key_entry(value: object) -> Tuple[str, Maker]:
    """The entry of :data:`_KEYS` for a value of a subclass."""
    for base in type(value).__mro__:
        if base in _KEYS:
            attributes, maker = _KEYS[base]
            return attributes, _string if base is str else maker
    raise Unfit(
        TypeError,
        f"the value {brief(value)} has the type {type(value)}, "
        "but a key needs a CIM data type or CIMInstanceName",
    )
