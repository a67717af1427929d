"""
The values of MOF as values of CIM types.

Compilers accept more than DSP0004 does, and MOF in the field makes use of it: a number for a
boolean, a text with a number for a number.  What would lose information is an error.
"""

from __future__ import annotations

from typing import Any, Callable, Dict

from pywbem import config
from pywbem._cim_obj import CIMInstanceName
from pywbem._cim_types import Char16, CIMDateTime, type_from_name

__all__ = ["mof_value"]


def mof_value(value: Any, cimtype: str) -> Any:
    """
    Return the value of a MOF initializer, or of an array of them, in a CIM type.

    Parameters:
        value: What the lexer made of the constants, in a list for an array.
        cimtype (str): The name of the CIM type.

    Raises:
        ValueError: The value is none of the type's; the text says why.
    """
    convert = _CONVERT[cimtype]
    if value.__class__ is list:
        return [item if item is None else convert(item) for item in value]
    return value if value is None else convert(value)


def _string(value: Any) -> Any:
    if value.__class__ is str:
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return str(value)


def _char16(value: Any) -> str:
    if isinstance(value, str):
        if len(value) != 1:
            raise ValueError(f"{value!r} is not one character")
        return str(value)
    if isinstance(value, int) and 0 <= value <= 0xFFFF:
        return chr(value)
    raise ValueError(f"{value!r} is no char16 value")


def _boolean(value: Any) -> bool:
    if isinstance(value, str):
        # MOF in the field has words such as yes.
        return bool(value) and value.lower() != "false"
    return bool(value)


def _integer(cimtype: str) -> Callable[[Any], Any]:
    cls: Any = type_from_name(cimtype)
    low, high, new = cls.minvalue, cls.maxvalue, int.__new__

    def convert(value: Any) -> Any:
        if value.__class__ is not int:
            value = _to_int(value, cimtype)
        if not low <= value <= high and config.ENFORCE_INTEGER_RANGE:
            raise ValueError(f"{value} is out of range for {cimtype} ({low} to {high})")
        return new(cls, value)

    return convert


def _to_int(value: Any, cimtype: str) -> int:
    if isinstance(value, float) and not value.is_integer():
        raise ValueError(f"{value} is no integer, as {cimtype} needs")
    try:
        return int(value)
    except ValueError:
        raise ValueError(f"{value!r} is no integer, as {cimtype} needs") from None


def _real(cimtype: str) -> Callable[[Any], Any]:
    cls = type_from_name(cimtype)

    def convert(value: Any) -> Any:
        try:
            return cls(value)
        except (ValueError, OverflowError):
            raise ValueError(f"{value!r} is no number, as {cimtype} needs") from None

    return convert


def _datetime(value: Any) -> CIMDateTime:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no datetime value: a string in the format of DSP0004")
    return CIMDateTime(str(value))


def _reference(value: Any) -> Any:
    if isinstance(value, str) and not isinstance(value, Char16):
        return CIMInstanceName.from_wbem_uri(value)
    raise ValueError(f"{value!r} is no reference: an alias or a string with an instance path")


_CONVERT: Dict[str, Callable[[Any], Any]] = {
    "string": _string,
    "char16": _char16,
    "boolean": _boolean,
    "datetime": _datetime,
    "reference": _reference,
    "real32": _real("real32"),
    "real64": _real("real64"),
}
for _bits in (8, 16, 32, 64):
    for _cimtype in (f"uint{_bits}", f"sint{_bits}"):
        _CONVERT[_cimtype] = _integer(_cimtype)
