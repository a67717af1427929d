"""
CIM objects as JSON, and back: exactly as they were, with everything that CIM-XML has no
place for, such as the CIM data type of a key, ``propagated`` of an instance, or a path that
differs from the keys.

An object is a list of its attributes, in the order of the list here, without those at the
end that are as usual.  A value is what JSON has for it, or ``{name of its type: content}``.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any, Callable, Dict, List, Optional, Tuple, Type

from pywbem._cim_obj import (
    CIMClass,
    CIMClassName,
    CIMInstance,
    CIMInstanceName,
    CIMMethod,
    CIMParameter,
    CIMProperty,
    CIMQualifier,
    CIMQualifierDeclaration,
)
from pywbem._cim_types import (
    Char16,
    CIMDateTime,
    MinutesFromUTC,
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
from pywbem._nocasedict import NocaseDict

_dumps = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode
_loads = json.JSONDecoder().decode

_Packer = Callable[[Any], Any]

# Values that JSON has.
_PLAIN = frozenset([str, bool, int, float, type(None)])
_NUMBERS: Dict[str, Tuple[Type[Any], Type[Any]]] = {
    **{
        kind.cimtype: (kind, int)
        for kind in (Uint8, Uint16, Uint32, Uint64, Sint8, Sint16, Sint32, Sint64)
    },
    **{kind.cimtype: (kind, float) for kind in (Real32, Real64)},
}

# Values that have the same text when they are equal.
_SIMPLE = frozenset([str, bool, int, *(kind for kind, base in _NUMBERS.values() if base is int)])


def encode(obj: Any) -> str:
    """
    Return an object or a value as text.

    Parameters:
        obj (CIM object or CIM value): The object.

    Raises:
        TypeError: It has a value of a type that is not known.
    """
    return _dumps(_packed_value(obj))


def decode(text: str) -> Any:
    """
    Return the object or value of a text.

    Parameters:
        text (str): What :func:`encode` has made of it.

    Raises:
        ValueError: It is something else.
    """
    try:
        return _value(_loads(text))
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as exc:
        raise ValueError(f"Not the text of an object: {text!r:.80}: {exc!r}") from exc


def alike(one: Any, other: Any) -> bool:
    """
    Return whether it is clear at a glance that two names have the same text.

    Parameters:
        one (str or CIMInstanceName): The one name.
        other (str or CIMInstanceName): The other name.
    """
    if one.__class__ is not CIMInstanceName or other.__class__ is not CIMInstanceName:
        return one.__class__ is str and other.__class__ is str and bool(one == other)
    if (one._classname, one._namespace, one._host) != (
        other._classname,
        other._namespace,
        other._host,
    ):
        return False
    keys, others = one._keybindings, other._keybindings
    if not keys or not others or keys.allow_unnamed_keys is not others.allow_unnamed_keys:
        return False
    return len(keys) == len(others) and all(
        mine == its and mine[1].__class__ is its[1].__class__ and mine[1].__class__ in _SIMPLE
        for mine, its in zip(keys._data.values(), others._data.values())
    )


# -- Values -----------------------------------------------------------------------


def _packed_value(value: Any) -> Any:
    kind = value.__class__
    if kind in _PLAIN:
        return value
    if kind is list:
        return [_packed_value(item) for item in value]
    for known in kind.__mro__:
        if known in _PACK:
            name, pack = _PACK[known]
            return {name: pack(value)}
        if known in _PLAIN:
            return known(value)
    raise TypeError(f"A value of type {kind.__name__} cannot be kept: {value!r:.100}")


def _value(packed: Any) -> Any:
    if packed.__class__ is dict:
        ((name, content),) = packed.items()
        return _UNPACK[name](content)
    if packed.__class__ is list:
        return [_value(item) for item in packed]
    return packed


def _number(kind: Type[Any], base: Type[Any]) -> Callable[[Any], Any]:
    # What is out of range was let in by the configuration of another process.
    return lambda content: base.__new__(kind, content)


def _pack_datetime(value: CIMDateTime) -> List[Any]:
    interval = value._timedelta
    if interval is not None:
        return [interval.days, interval.seconds, interval.microseconds, value._precision]
    moment: Any = value._datetime
    minutes = moment.utcoffset() / timedelta(minutes=1)
    return [
        *(moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second),
        moment.microsecond,
        int(minutes) if minutes == int(minutes) else minutes,
        value._precision,
    ]


def _datetime(content: List[Any]) -> CIMDateTime:
    value = CIMDateTime.__new__(CIMDateTime)
    *fields, value._precision = content
    value._datetime = value._timedelta = None
    if len(fields) == 3:
        value._timedelta = timedelta(*fields)
    else:
        *fields, offset = fields
        value._datetime = datetime(*fields).replace(tzinfo=MinutesFromUTC(offset))
    return value


# -- Dictionaries -----------------------------------------------------------------


def _pack_values(items: Optional[NocaseDict]) -> Optional[List[Any]]:
    """
    A dictionary of values.
    """
    if not items:
        return None
    pairs = [[name, _packed_value(value)] for name, value in items._data.values()]
    return [*pairs, True] if items.allow_unnamed_keys else pairs


def _values(packed: Optional[List[Any]]) -> Optional[NocaseDict]:
    if packed is None:
        return None
    unnamed = packed[-1] is True
    if unnamed:
        packed.pop()
    items = NocaseDict._trusted(
        {name if name is None else name.casefold(): (name, _value(item)) for name, item in packed}
    )
    if unnamed:
        items.allow_unnamed_keys = True
    return items


def _packer(pack: Callable[[Any], List[Any]]) -> Callable[[Any], Any]:
    """
    What packs a dictionary of objects, whose first attributes are their names.
    """

    def pack_dict(items: Optional[NocaseDict]) -> Optional[List[Any]]:
        if not items:
            return None
        return [
            packed if packed[0] == name else {name: packed}
            for name, packed in [(name, pack(item)) for name, item in items._data.values()]
        ]

    return pack_dict


def _unpacker(unpack: Callable[[List[Any]], Any]) -> Callable[[Any], Any]:
    def unpack_dict(packed: Optional[List[Any]]) -> Optional[NocaseDict]:
        if packed is None:
            return None
        data = {}
        for item in packed:
            if item.__class__ is list:
                name = item[0]
            else:
                ((name, item),) = item.items()
            data[name.casefold()] = (name, unpack(item))
        return NocaseDict._trusted(data)

    return unpack_dict


# -- Objects ----------------------------------------------------------------------


def _codec(kind: Type[Any], **inner: Tuple[_Packer, _Packer]) -> Tuple[_Packer, _Packer]:
    """
    What packs and unpacks the objects of a class; ``inner`` has those for the attributes that
    are not text or a flag.
    """
    packers = [(slot, inner.get(slot, (None, None))[0]) for slot in kind.__slots__]
    unpackers = [
        (place, inner[slot][1]) for place, slot in enumerate(kind.__slots__) if slot in inner
    ]
    usual = [False if slot == "_is_array" else None for slot in kind.__slots__]
    trusted = kind._trusted

    def pack(obj: Any) -> List[Any]:
        packed = []
        for slot, pack_one in packers:
            value = getattr(obj, slot)
            packed.append(value if pack_one is None or value is None else pack_one(value))
        while packed[-1] is usual[len(packed) - 1]:
            packed.pop()
        return packed

    def unpack(packed: List[Any]) -> Any:
        values = packed + usual[len(packed) :]
        for place, unpack_one in unpackers:
            if values[place] is not None:
                values[place] = unpack_one(values[place])
        return trusted(*values)

    return pack, unpack


def _dict_of(codec: Tuple[_Packer, _Packer]) -> Tuple[_Packer, _Packer]:
    return _packer(codec[0]), _unpacker(codec[1])


_VALUE = (_packed_value, _value)
_VALUES = (_pack_values, _values)
_QUALIFIER = _codec(CIMQualifier, _value=_VALUE)
_QUALIFIERS = _dict_of(_QUALIFIER)
_PROPERTY = _codec(CIMProperty, _value=_VALUE, _qualifiers=_QUALIFIERS)
_PARAMETER = _codec(CIMParameter, _value=_VALUE, _qualifiers=_QUALIFIERS)
_METHOD = _codec(CIMMethod, _parameters=_dict_of(_PARAMETER), _qualifiers=_QUALIFIERS)
_CLASS_NAME = _codec(CIMClassName)
_PATH = _codec(CIMInstanceName, _keybindings=_VALUES)

_CODECS: Dict[str, Tuple[Type[Any], Tuple[_Packer, _Packer]]] = {
    "class": (
        CIMClass,
        _codec(
            CIMClass,
            _properties=_dict_of(_PROPERTY),
            _methods=_dict_of(_METHOD),
            _qualifiers=_QUALIFIERS,
            _path=_CLASS_NAME,
        ),
    ),
    "instance": (
        CIMInstance,
        _codec(CIMInstance, _properties=_dict_of(_PROPERTY), _qualifiers=_QUALIFIERS, _path=_PATH),
    ),
    "qualifier": (
        CIMQualifierDeclaration,
        _codec(CIMQualifierDeclaration, _value=_VALUE, _scopes=_VALUES),
    ),
    "reference": (CIMInstanceName, _PATH),
    "classname": (CIMClassName, _CLASS_NAME),
    "datetime": (CIMDateTime, (_pack_datetime, _datetime)),
    "char16": (Char16, (str, Char16)),
    **{name: (kind, (base, _number(kind, base))) for name, (kind, base) in _NUMBERS.items()},
}
_PACK = {kind: (name, codec[0]) for name, (kind, codec) in _CODECS.items()}
_UNPACK = {name: codec[1] for name, (_, codec) in _CODECS.items()}
