"""
Text of VALUE and KEYVALUE elements to CIM values (DSP0201 5.3.3, 5.3.4).

A converter takes the text and returns the value, or raises :exc:`ValueError`
that tells what is wrong with it.
"""

from __future__ import annotations

import math
import re
import threading
from typing import Any, Callable, Dict, Optional, Type, Union

from ... import config
from ..._cim_obj import CIMInstanceName
from ..._cim_types import (
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
from ..._warnings import ToleratedServerIssueWarning, Warning, warn_caller

Converter = Callable[[str], Any]


class _Reading(threading.local):
    """
    Whose message this thread reads.
    """

    #: Whether it came from a client.
    request = False


reading = _Reading()


def warn_of_server(category: Type[Warning], message: str) -> None:
    """
    Warn of what a server sent; what a client sent is no matter of the server.
    """
    if not reading.request:
        warn_caller(category, message)


# The other integers of CIM-XML are decimal, whatever they start with: octal and
# binary are notations of MOF.
_HEX = re.compile(r"[+-]?0[xX][0-9a-fA-F]+").fullmatch


def number(text: str) -> Union[int, float]:
    """
    A number of unknown type: an ``int`` if its text is one, else a ``float``.
    """
    text = text.strip()
    if _HEX(text):
        return int(text, 16)
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"invalid numeric value {text[:80]!r}") from None


#: Values of each integer type that are kept: in CIM most integers are one of
#: a few codes.  The same number of texts is kept, of up to this length.
_MAX_KEPT = 1024
_LONGEST_KEPT = 128


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
        warn_of_server(
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


_texts: Dict[str, str] = {}

#: Is called at the end of a response: a text that stays keeps the memory around it.
forget_texts = _texts.clear


def _string(text: str) -> str:
    # Instances of a class have many texts in common (names of systems and classes,
    # descriptions of states): those that were seen lately are one object.
    found = _texts.get(text)
    if found is not None:
        return found
    if len(text) <= _LONGEST_KEPT:
        if len(_texts) >= _MAX_KEPT:
            _texts.clear()
        _texts[text] = text
    return text


def REFERENCE(text: str) -> Optional[CIMInstanceName]:
    """
    The path that a text says as a URI (DSP0207): some servers send references
    so.  An empty text is None.
    """
    return CIMInstanceName.from_wbem_uri(text) if text.strip() else None


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
