"""
Values of CIM objects: their CIM type, their conversion to it, and the checks of constructors.

DSP0004 5.2 defines the types. A scalar value may be `None` (NULL); an array is a list whose items
may be `None`.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, Optional, Tuple

from pywbem._cim_types import (
    Char16,
    CIMDateTime,
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
    cimtype,
)

from . import forms
from ._base import CIMObject
from .fields import Attribute, cim_type_field, to_text, value_field

__all__ = ["cimvalue"]


def cimvalue(value: Any, type: Optional[str]) -> Any:
    """
    Return a value as the object that represents it in a CIM type (DSP0004 5.2).

    A value that is of the type already, and `None`, are returned as they are. A list gives a new
    list of its items converted one by one. Embedded objects are taken as they are.

    Parameters:
        value: The value. Beside objects of the CIM type itself these can be converted: for
            ``"string"`` and ``"char16"`` byte strings (UTF-8); for integer and real types whatever
            :class:`int` and :class:`float` take; for ``"boolean"`` anything, by its truth; for
            ``"datetime"`` what :class:`~pywbem.CIMDateTime` takes; for ``"reference"`` a
            :class:`~pywbem.CIMInstanceName`, a :class:`~pywbem.CIMClassName`, or the WBEM URI of an
            instance path (:term:`DSP0207`).
        type (:class:`str`): Name of the CIM type of the value or of its items, e.g. ``"uint8"``.
            `None` takes the type that the value itself has.

    Returns:
        :term:`CIM data type`: The value in the type.

    Raises:
        ValueError: The type is not known, or the value is none of the type's.
        TypeError: The Python type of the value does not suit the CIM type.
        OverflowError: An infinite number cannot be an integer.
    """
    if value is None:
        return None
    if type is None:
        type = cimtype(value)
    convert = _CONVERT.get(type)
    if convert is None:
        if isinstance(value, list):
            return [cimvalue(item, type) for item in value]
        raise ValueError(
            f"Unknown CIM data type name: {type!r} (must be one of: {', '.join(_CONVERT)})"
        )
    return _converted(value, convert) if isinstance(value, list) else convert(value)


def _converted(value: Any, convert: Callable[[Any], Any]) -> Any:
    if isinstance(value, list):
        return [_converted(item, convert) for item in value]
    return None if value is None else convert(value)


def _to_datetime(value: Any) -> CIMDateTime:
    return value if isinstance(value, CIMDateTime) else CIMDateTime(value)


def _to_reference(value: Any) -> Any:
    if isinstance(value, CIMObject) and value._is_path:
        return value
    if isinstance(value, str):
        return forms.wbem_uri.instance_path(value)
    raise TypeError(
        f"Input value has invalid type for a CIM reference: {value!r} (must be a CIMInstanceName "
        "or CIMClassName object, or a string with the WBEM URI of an instance path)"
    )


def _to_integer(cls: Any) -> Callable[[Any], Any]:
    low, high, new = cls.minvalue, cls.maxvalue, int.__new__

    def convert(value: Any) -> Any:
        if isinstance(value, cls):
            return value
        if value.__class__ is int and low <= value <= high:
            return new(cls, value)
        return cls(value)

    return convert


def _to_real(cls: Any) -> Callable[[Any], Any]:
    return lambda value: value if isinstance(value, cls) else cls(value)


# The names of all CIM types (DSP0004 5.2), and how a value becomes one of the type.
_CONVERT: Dict[str, Callable[[Any], Any]] = {"string": to_text, "char16": to_text, "boolean": bool}
# The CIM types of values that are of a class itself, not of a subclass.
_TYPE_OF: Dict[type, str] = {str: "string", bytes: "string", bool: "boolean", Char16: "char16"}
for _cls in (Uint8, Uint16, Uint32, Uint64, Sint8, Sint16, Sint32, Sint64, Real32, Real64):
    _CONVERT[_cls.cimtype] = (_to_integer if issubclass(_cls, CIMInt) else _to_real)(_cls)
    _TYPE_OF[_cls] = _cls.cimtype
_CONVERT["datetime"] = _to_datetime
_CONVERT["reference"] = _to_reference
_TYPE_OF[CIMDateTime] = "datetime"
CIM_TYPES = frozenset(_CONVERT)
# The classes of plain numbers that the types of numbers take without loss.
PLAIN_NUMBERS: Dict[str, Tuple[type, ...]] = {
    **{f"{sign}int{bits}": (int,) for sign in "us" for bits in (8, 16, 32, 64)},
    "real32": (int, float),
    "real64": (int, float),
}
QUALIFIER_TYPES = CIM_TYPES - {"reference"}


def inferred_type(value: Any, kind: str, name: str) -> str:
    """
    Return the CIM type for an element of which none was specified.

    Parameters:
        value: The value of the element.
        kind (:class:`str`): What the element is, for messages; e.g. ``"property"``.
        name (:class:`str`): Its name, for messages.

    Raises:
        ValueError: The value has no CIM type of itself.
    """
    first = value[0] if value.__class__ is list and value else value
    found = _TYPE_OF.get(first.__class__)
    if found is not None:
        return found
    if value is None:
        raise ValueError(
            f"Cannot infer CIM type of {kind} {name!r} from its value when the value is None; "
            "specify the type"
        )
    try:
        return cimtype(value)
    except (TypeError, ValueError) as exc:
        raise ValueError(
            f"Cannot infer CIM type of {kind} {name!r} from its value: {exc}; specify the type, or "
            "give the value as an object of a CIM type (e.g. Uint32)"
        ) from exc


def checked_type(type: Any, kind: str, name: str) -> str:
    """
    Return the name of the CIM type of an element as text.

    Raises:
        ValueError: There is no such CIM type.
    """
    type = to_text(type)
    if type not in CIM_TYPES:
        raise ValueError(
            f"Invalid CIM type for {kind} {name!r}: {type!r} (must be one of: "
            f"{', '.join(_CONVERT)})"
        )
    return type  # type: ignore[no-any-return]


def checked_qualifier_type(type: Any, kind: str, name: str) -> str:
    """
    Return the name of the CIM type of a qualifier as text (DSP0004: no references).

    Raises:
        ValueError: There is no such CIM type, or it is ``"reference"``.
    """
    type = to_text(type)
    if type not in QUALIFIER_TYPES:
        raise ValueError(
            f"Invalid CIM type for {kind} {name!r}: {type!r} (must be one of: "
            f"{', '.join(name for name in _CONVERT if name in QUALIFIER_TYPES)})"
        )
    return type  # type: ignore[no-any-return]


def type_field(kind: str, convert: Callable[[Any, str, str], str] = checked_type) -> Attribute[str]:
    """
    Return the field `type` of a class, which is set to ``convert(value, kind, name)``.

    Parameters:
        kind (:class:`str`): What the objects of the class are, for messages; e.g. ``"property"``.
        convert (callable): `checked_type` or `checked_qualifier_type`.
    """

    def set_type(obj: Any, value: Any) -> None:
        obj._type = convert(value, kind, obj._name)

    return cim_type_field(
        f'CIM type of the {kind} (:class:`str`), e.g. ``"uint8"``. Never `None`. Setting it leaves '
        "the value as it is.",
        set_type,
    )


def element_value_field(kind: str, doc: str) -> Attribute[Any]:
    """
    Return the field `value` of a class, which is set to a value in the type of the object.

    Parameters:
        kind (:class:`str`): What the objects of the class are, for messages; e.g. ``"property"``.
        doc (:class:`str`): Docstring of the attribute.
    """

    def set_value(obj: Any, value: Any) -> None:
        obj._value = element_value(value, obj._type, kind, obj._name)

    return value_field(doc, set_value)


def element_value(value: Any, type: str, kind: str, name: str) -> Any:
    """
    Return ``cimvalue(value, type)`` for an element; exceptions say which element it is.

    Raises:
        ValueError, TypeError, OverflowError: As `cimvalue`.
    """
    if value is None:
        return None
    try:
        return _converted(value, _CONVERT[type])
    except (TypeError, ValueError, OverflowError) as exc:
        if exc.__class__ not in (TypeError, ValueError, OverflowError):
            raise
        raise exc.__class__(f"Invalid value for {kind} {name!r} of type {type}: {exc}") from exc


def checked_is_array(is_array: Any, value: Any, kind: str, name: str) -> bool:
    """
    Return whether an element is an array: as specified or, for `None`, as its value is.

    Raises:
        ValueError: The value is an array and the element is not, or the reverse.
    """
    if is_array is None:
        return isinstance(value, list)
    if value is not None and bool(is_array) is not isinstance(value, (list, tuple)):
        raise ValueError(
            f"The is_array parameter of {kind} {name!r} is {is_array} but value {value!r} "
            f"{'is not' if is_array else 'is'} an array."
        )
    return bool(is_array)


def checked_embedded_object(
    embedded_object: Any, value: Any, type: Optional[str], kind: str, name: str
) -> Tuple[Any, Optional[str]]:
    """
    Return (embedded_object, type) of an element, inferring what is `None` from the value.

    Parameters:
        embedded_object: ``"instance"`` or ``"object"``; `None` to infer it; `False` for none.
        value: The value of the element.
        type (:class:`str`): CIM type as specified, or `None` to infer it.
        kind (:class:`str`): What the element is, for messages; e.g. ``"property"``.
        name (:class:`str`): Its name, for messages.

    Raises:
        ValueError: The type cannot be inferred, `embedded_object` is another value, or it does not
            go with the type or the value.
    """
    first = value[0] if isinstance(value, list) and value else value
    embedded_as_value = first._embedded_as_value if isinstance(first, CIMObject) else None
    if embedded_object is None:
        embedded_object = embedded_as_value
    elif embedded_object and embedded_object not in ("instance", "object"):
        raise ValueError(
            f"{kind} {name!r} specifies an invalid value for embedded_object: {embedded_object!r} "
            "(must be 'instance' or 'object')"
        )
    if type is None:
        type = inferred_type(value, kind, name)
    if not embedded_object:
        return (None if embedded_object is False else embedded_object), type
    if type != "string":
        raise ValueError(
            f"{kind} {name!r} specifies embedded_object {embedded_object!r} but its CIM type is "
            f"invalid: {type!r} (must be 'string')"
        )
    is_empty_array = first is value and isinstance(value, list)
    if embedded_as_value is None and first is not None and not is_empty_array:
        raise ValueError(
            f"{kind} {name!r} specifies embedded_object {embedded_object!r} but the Python type of "
            f"its {'first array item' if value is not first else 'value'} is invalid: "
            f"{first.__class__} (must be CIMInstance or CIMClass)"
        )
    return embedded_object, type


def embedded_object_input(value: Any) -> Any:
    """Return what is stored for a value assigned to an `embedded_object` attribute."""
    return None if value is False else to_text(value)
