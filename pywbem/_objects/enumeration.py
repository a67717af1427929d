"""
The values of an element with a value map, as members of an enumeration of Python.
"""

from __future__ import annotations

import enum
import keyword
import re
from functools import lru_cache
from typing import Any, Dict, Tuple, Union

from .._client.value_table import Mapped

Items = Tuple[Tuple[Mapped, str], ...]


class _Mapped:
    """What the enumerations of integers and of strings have in common."""

    __items__: Items
    name: str
    value: Any

    @property
    def text(self) -> str:
        """str: The text of ``Values``, or the value itself if the value map has none for it."""
        entries = dict(self.__items__)
        for mapped, text in self.__items__:
            if isinstance(mapped, tuple) and mapped[0] <= self.value <= mapped[1]:
                entries.setdefault(self.value, text)
        return str(entries.get(self.value, entries.get(None, self.value)))

    @classmethod
    def _missing_(cls, value: Any) -> Any:
        # Values of ranges, of vendors and outside of the map, by the text that they have.
        base: Any = int if issubclass(cls, int) else str
        if not isinstance(value, base) or isinstance(value, bool):
            return None
        member: Any = base.__new__(cls, value)
        member._value_ = base(value)
        member._name_ = identifier(member.text, base)
        return member

    def __str__(self) -> str:
        return self.text

    def __format__(self, format_spec: str) -> str:
        number = format_spec[-1:].isalpha() and format_spec[-1] != "s"
        return format(self.value if number else self.text, format_spec)


class IntEnumeration(_Mapped, int, enum.Enum):
    """A value of an integer with a value map: it equals its number."""


class StrEnumeration(_Mapped, str, enum.Enum):
    """A value of a string with a value map: it equals its string."""


def identifier(text: str, base: type) -> str:
    """Return the name of a member for a text of ``Values``: no attribute of int or str."""
    name = re.sub(r"\W+", "_", text).strip("_")
    if not name or name[0].isdigit():
        name = f"Value_{name}"
    if keyword.iskeyword(name) or hasattr(base, name) or name in ("mro", "name", "text", "value"):
        name += "_"
    return name if name.isidentifier() else "Value_"


def single(items: Items) -> Dict[Union[int, str], str]:
    """Return the entries that are for one value: neither a range nor all other values."""
    return {key: text for key, text in items if not (key is None or isinstance(key, tuple))}


def members(items: Items, base: type) -> Dict[str, Union[int, str]]:
    """Return the members of an enumeration, the single values of the map, by names that differ."""
    found: Dict[str, Union[int, str]] = {}
    for value, text in single(items).items():
        name = stem = identifier(text, base)
        count = 2
        while name in found:
            name, count = f"{stem.rstrip('_')}_{count}", count + 1
        found[name] = value
    return found


@lru_cache(maxsize=None)
def enumeration(name: str, is_int: bool, items: Items) -> Any:
    """Return the enumeration of the entries of a value map."""
    base: Any = IntEnumeration if is_int else StrEnumeration
    made = base(name, list(members(items, int if is_int else str).items()), module=__name__)
    made.__items__ = items
    # Pickled by its entries: the module does not have it.
    made.__reduce_ex__ = lambda member, _protocol: (_member, (name, is_int, items, member.value))
    return made


def _member(name: str, is_int: bool, items: Items, value: Any) -> Any:
    return enumeration(name, is_int, items)(value)


def value_of(cls: Any, value: Any) -> Any:
    """Return the value of a member, or what a text, the name of a member or a value means."""
    if isinstance(value, cls) or not isinstance(value, str):
        return getattr(value, "value", value)
    entries, singles = dict(cls.__items__), single(cls.__items__)
    if issubclass(cls, str) and value in singles:
        return value
    found = [mapped for mapped, text in singles.items() if text == value]
    if found:
        return found[-1]
    if value in cls.__members__:
        return cls.__members__[value].value
    if value in entries.values():
        raise ValueError(f"{value!r} of {cls.__name__} stands for several values; give one of them")
    if issubclass(cls, str) and None in entries:
        return value
    texts = ", ".join(map(repr, entries.values()))
    raise ValueError(f"{cls.__name__} has no value {value!r} (its texts are: {texts})")
