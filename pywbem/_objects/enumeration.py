"""
The values of an element with a value map, as members of an enumeration of Python.
"""

from __future__ import annotations

import enum
import keyword
import re
from functools import lru_cache
from typing import Any, Dict, Optional, Tuple, Union

from .._client.value_table import Element, Mapped, ValueTable
from .._exceptions import ModelError

Items = Tuple[Tuple[Mapped, str], ...]


class _Mapped:
    """What the enumerations of integers and of strings have in common."""

    __items__: Items
    name: str
    value: Any

    @property
    def text(self) -> str:
        """
        str: The text of the qualifier ``Values``, or the value itself if the value map has
        none for it.
        """
        return _text(type(self), self.value)

    @classmethod
    def _missing_(cls, value: Any) -> Any:
        # Values of ranges, of vendors and outside of the map, by the text that they have.
        base: Any = int if issubclass(cls, int) else str
        if not isinstance(value, base) or isinstance(value, bool):
            return None
        member: Any = base.__new__(cls, value)
        member._value_ = base(value)
        member._name_ = identifier(_text(cls, member._value_), base)
        return member

    def __repr__(self) -> str:
        return f"<{type(self).__name__}.{self.name}: {self.value!r}>"

    def __str__(self) -> str:
        return self.text

    def __format__(self, format_spec: str) -> str:
        number = format_spec[-1:].isalpha() and format_spec[-1] != "s"
        return format(self.value if number else self.text, format_spec)


class IntEnumeration(_Mapped, int, enum.Enum):
    """A value of an integer with a value map: it equals its number."""


class StrEnumeration(_Mapped, str, enum.Enum):
    """A value of a string with a value map: it equals its string."""


def _text(cls: Any, value: Any) -> str:
    entries = dict(cls.__items__)
    if value in entries:
        return str(entries[value])
    for mapped, text in entries.items():
        if isinstance(mapped, tuple) and mapped[0] <= value <= mapped[1]:
            return str(text)
    return str(entries.get(None, value))


def identifier(text: str, base: type) -> str:
    """Return the name of a member for a text of ``Values``: no attribute of int or str."""
    name = re.sub(r"\W+", "_", text).strip("_")
    if not name or name[0].isdigit():
        name = f"Value_{name}"
    if keyword.iskeyword(name) or hasattr(base, name) or name in ("mro", "name", "text", "value"):
        name += "_"
    return name if name.isidentifier() else "Value_"


def members(items: Items, base: type) -> Dict[str, Union[int, str]]:
    """Return the members of an enumeration, the single values of the map, by names that differ."""
    found: Dict[str, Union[int, str]] = {}
    for mapped, text in dict(items).items():
        if mapped is None or isinstance(mapped, tuple):
            continue
        name = stem = identifier(text, base)
        count = 2
        while name in found:
            name, count = f"{stem.rstrip('_')}_{count}", count + 1
        found[name] = mapped
    return found


def value_items(element: Element) -> Optional[Items]:
    """Return the entries of a value map; None if there is none, or none that DSP0004 allows."""
    if "Values" not in element.qualifiers:
        return None
    table = ValueTable()
    try:
        table._set_items(element)
    except (ValueError, ModelError):
        return None
    return tuple(table.items())


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
    entries = dict(cls.__items__)
    strings = issubclass(cls, str)
    if strings and value in entries:
        return value
    found = [mapped for mapped, text in entries.items() if text == value]
    single = [mapped for mapped in found if mapped is not None and not isinstance(mapped, tuple)]
    if single:
        return single[-1]
    if value in cls.__members__:
        return cls.__members__[value].value
    if found:
        raise ValueError(f"{value!r} of {cls.__name__} stands for several values; give one of them")
    if strings and None in entries:
        return value
    texts = ", ".join(map(repr, entries.values()))
    raise ValueError(f"{cls.__name__} has no value {value!r} (its texts are: {texts})")
