"""
Text of VALUE and KEYVALUE elements to CIM values (DSP0201 5.2.3, 5.2.4).

A converter takes the text and returns the value, or raises :exc:`ValueError`
that tells what is wrong with it.
"""

from __future__ import annotations

import math
import re
from typing import Any, Callable, Dict, Optional, Type, Union

from .. import config
from .._cim_types import (
    CIMDateTime,
    CIMFloat,
    CIMInt,
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
from .._warnings import ToleratedServerIssueWarning, warn_caller

Converter = Callable[[str], Any]

# DSP0004 annex A: binaryValue, octalValue, hexValue.
_BASED = re.compile(
    r"(?P<sign>[+-]?)(?:(?P<bin>[01]+)[bB]|0[xX](?P<hex>[0-9a-fA-F]+)|0(?P<oct>[0-7]+))", re.ASCII
)


def _based(text: str) -> Optional[int]:
    match = _BASED.fullmatch(text)
    if match is None:
        return None
    if match["bin"]:
        result = int(match["bin"], 2)
    elif match["hex"]:
        result = int(match["hex"], 16)
    else:
        result = int(match["oct"], 8)
    return -result if match["sign"] == "-" else result


def number(text: str) -> Union[int, float]:
    """
    A number of unknown type: an ``int`` if its text is one, else a ``float``.
    """
    text = text.strip()
    based = _based(text)
    if based is not None:
        return based
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"invalid numeric value {text[:80]!r}") from None


#: Values of each integer type that are kept: in CIM most integers are one of
#: a few codes.
_MAX_KEPT = 1024


def _integer_converter(cls: Type[CIMInt]) -> Callable[[str], CIMInt]:
    kept: Dict[str, CIMInt] = {}
    find = kept.get
    new = int.__new__
    lowest, highest = cls.minvalue, cls.maxvalue
    assert lowest is not None and highest is not None

    def convert(text: str) -> CIMInt:
        result = find(text)
        if result is not None:
            return result
        # What starts with another character than 1 to 9 is rare.
        if text >= "1" or text == "0":
            try:
                result = new(cls, text)
            except ValueError:
                result = new(cls, _whole(text))
        else:
            result = new(cls, _whole(text))
        if lowest <= result <= highest:
            if len(kept) < _MAX_KEPT and len(text) < 8:
                kept[text] = result
            return result
        if not config.ENFORCE_INTEGER_RANGE:
            return result
        raise ValueError(
            f"value {text.strip()[:80]} out of the range {lowest} to {highest} of {cls.cimtype}"
        )

    return convert


def _whole(text: str) -> int:
    result = number(text)
    if isinstance(result, float) and not math.isfinite(result):
        raise ValueError(f"invalid integer value {text[:80]!r}")
    return int(result)


def _real_converter(cls: Type[CIMFloat]) -> Callable[[str], CIMFloat]:
    def convert(text: str) -> CIMFloat:
        try:
            return cls(text)
        except ValueError:
            return cls(number(text))

    return convert


_BOOLEANS = {"TRUE": True, "FALSE": False, "true": True, "false": False}


def BOOLEAN(text: str) -> Optional[bool]:
    """
    TRUE or FALSE in any case.  An empty text, which some servers send, is
    None.
    """
    result = _BOOLEANS.get(text)
    if result is not None:
        return result
    stripped = text.strip()
    if not stripped:
        warn_caller(
            ToleratedServerIssueWarning,
            "WBEM server sent an empty boolean value; it becomes None",
        )
        return None
    try:
        return _BOOLEANS[stripped.upper()]
    except KeyError:
        raise ValueError(f"invalid boolean value {text[:80]!r}") from None


def _char16(text: str) -> str:
    if len(text) != 1 or ord(text) > 0xFFFF:
        raise ValueError(f"invalid char16 value {text[:80]!r}, expected one UCS-2 character")
    return text


def _string(text: str) -> str:
    return text


#: The converter of each CIM type.
CONVERTERS: Dict[str, Converter] = {
    "string": _string,
    "boolean": BOOLEAN,
    "char16": _char16,
    "datetime": CIMDateTime,
    "real32": _real_converter(Real32),
    "real64": _real_converter(Real64),
    **{
        str(cls.cimtype): _integer_converter(cls)
        for cls in (Uint8, Uint16, Uint32, Uint64, Sint8, Sint16, Sint32, Sint64)
    },
}
