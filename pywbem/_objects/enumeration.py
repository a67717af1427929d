"""
The values of an element with a value map, as members of an enumeration of Python.
"""

from __future__ import annotations

import enum
import keyword
import re
from functools import lru_cache
from typing import Any, Dict, List, Optional, Tuple, Type, Union

from .._cim_obj import CIMMethod
from .._client.value_table import Element, Mapped, ValueTable
from .._exceptions import ModelError

Items = Tuple[Tuple[Mapped, str], ...]


class _Mapped:
    """
    What the enumerations of integers and of strings have in common.
    """

    __items__: Items
    name: str
    value: Any

    @property
    def text(self) -> str:
        """
        str: The text of the qualifier ``Values``, or the value itself if the
        value map has none for it.
        """
        found = _text(type(self), self.value)
        return str(self.value) if found is None else found

    @classmethod
    def _missing_(cls, value: Any) -> Any:
        # Values of ranges, of vendors and outside of the map, by the text that they have.
        base: Any = int if issubclass(cls, int) else str
        if not isinstance(value, base) or isinstance(value, bool):
            return None
        value = base(value)
        member: Any = base.__new__(cls, value)
        found = _text(cls, value)
        member._name_ = identifier(str(value) if found is None else found, base)
        member._value_ = value
        return member

    def __repr__(self) -> str:
        return f"<{type(self).__name__}.{self.name}: {self.value!r}>"

    def __str__(self) -> str:
        return self.text

    def __format__(self, format_spec: str) -> str:
        return format(self.value if format_spec else self.text, format_spec)


class IntEnumeration(_Mapped, int, enum.Enum):
    """
    A value of an integer with a value map: it equals its number.
    """


class StrEnumeration(_Mapped, str, enum.Enum):
    """
    A value of a string with a value map: it equals its string.
    """


def _text(cls: Any, value: Any) -> Optional[str]:
    unclaimed = None
    for mapped, text in cls.__items__:
        if mapped is None:
            unclaimed = text
        elif isinstance(mapped, tuple):
            if mapped[0] <= value <= mapped[1]:
                return str(text)
        elif mapped == value:
            return str(text)
    return unclaimed


def identifier(text: str, base: type) -> str:
    """
    The name of a member in Python for a text of ``Values``.

    Parameters:
        text (str): The text.
        base (type): int or str: names of its attributes are no names of members.
    """
    name = re.sub(r"\W+", "_", text).strip("_") or "_"
    if name[0].isdigit() or name == "_":
        name = "Value_" + name.strip("_")
    taken = keyword.iskeyword(name) or hasattr(base, name) or name in ("mro", "name", "text")
    name = name + "_" if taken or name == "value" else name
    return name if name.isidentifier() else "Value_"


def members(items: Items, base: type) -> List[Tuple[str, Union[int, str]]]:
    """
    The members of an enumeration, by names that differ: the single values of
    the map.  Of two texts for one value the first counts.

    Parameters:
        items (tuple): The entries of the value map.
        base (type): int or str.
    """
    found: Dict[str, Union[int, str]] = {}
    for mapped, text in items:
        if mapped is None or isinstance(mapped, tuple) or mapped in found.values():
            continue
        name = stem = identifier(text, base)
        count = 2
        while name in found:
            name, count = f"{stem.rstrip('_')}_{count}", count + 1
        found[name] = mapped
    return list(found.items())


@lru_cache(maxsize=None)
def _made(name: str, base: Any, items: Items) -> Any:
    plain = int if issubclass(base, int) else str
    made = base(name, members(items, plain), module=__name__)
    made.__items__ = items
    made.__reduce_ex__ = _reduced
    return made


def _reduced(member: Any, _protocol: int) -> Any:
    cls = type(member)
    return _member, (cls.__name__, issubclass(cls, int), cls.__items__, member.value)


def _member(name: str, is_int: bool, items: Items, value: Any) -> Any:
    return _made(name, IntEnumeration if is_int else StrEnumeration, items)(value)


def value_items(element: Element) -> Optional[Items]:
    """
    The entries of the value map of an element.

    Parameters:
        element (CIMProperty, CIMMethod or CIMParameter): The element of a class.

    Returns:
        tuple: Of (value, text), see :meth:`pywbem.ValueMapping.items`; None if
        there is no value map, or none that DSP0004 allows.
    """
    if "Values" not in element.qualifiers:
        return None
    table = ValueTable()
    table._propname = element.name
    try:
        table._set_items(element)
    except (ValueError, ModelError):
        return None
    return tuple(table.items())


def enumeration(element: Element) -> Optional[Type[Any]]:
    """
    The enumeration of the values of an element, None if it has no value map.

    Parameters:
        element (CIMProperty, CIMMethod or CIMParameter): The element of a class.
    """
    items = value_items(element)
    if not items:
        return None
    cimtype = element.return_type if isinstance(element, CIMMethod) else element.type
    return _made(  # type: ignore[no-any-return]
        element.name, StrEnumeration if cimtype == "string" else IntEnumeration, items
    )


def number_of(cls: Any, text: str) -> Any:
    """
    The value of an enumeration for a text or the name of a member.

    Parameters:
        cls (type): The enumeration.
        text (str): The text, or the name.

    Raises:
        ValueError: There is no such text, or it stands for a range.
    """
    known = [mapped for mapped, entry in cls.__items__ if entry == text]
    single = [mapped for mapped in known if mapped is not None and not isinstance(mapped, tuple)]
    if single:
        return single[-1]
    member = cls.__members__.get(text)
    if member is not None:
        return member.value
    if known:
        raise ValueError(f"{text!r} of {cls.__name__} stands for several values; give a number")
    texts = ", ".join(repr(entry) for _, entry in cls.__items__)
    raise ValueError(f"{cls.__name__} has no value {text!r} (its texts are: {texts})")
