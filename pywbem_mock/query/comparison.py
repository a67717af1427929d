"""
Comparison of CIM values, by their types.
"""

from __future__ import annotations

from contextlib import suppress
from operator import eq, ge, gt, le, lt, ne
from typing import Any, Callable, Dict, Iterator, List, Tuple

from pywbem._cim_obj import CIMInstance, CIMInstanceName
from pywbem._cim_types import CIMDateTime

__all__ = ["ClassName", "Incomparable", "compare", "describe"]

_OPERATORS: Dict[str, Callable[[Any, Any], bool]] = {
    "=": eq,
    "<>": ne,
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
}

_ORDERED = frozenset(("a number", "a string", "a datetime", "a class name"))


class Incomparable(Exception):
    """Two values cannot be compared, or not with this operator."""


class ClassName(str):
    """The name of a class: compared without regard to case."""

    __slots__ = ()


def describe(value: object) -> str:
    """Return what kind of value it is, for example ``a number``."""
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, str):
        return "a class name" if isinstance(value, ClassName) else "a string"
    if isinstance(value, CIMDateTime):
        return "a datetime"
    if isinstance(value, list):
        return "an array"
    if isinstance(value, CIMInstanceName):
        return "a reference"
    return "an instance" if isinstance(value, CIMInstance) else "an object"


def compare(operator: str, left: Any, right: Any) -> bool:
    """
    Return the result of a comparison of two values that are not NULL.

    Numbers are compared by value whatever their types; strings by code point, with regard to case
    (DSP0004 5.2); datetimes as moments or as lengths of time (DSP0004 5.2.4), also with a string
    that is a datetime; references also with a string that is their WBEM URI; arrays item by item.
    Booleans, references, instances and arrays can only be equal or not.

    Raises:
        Incomparable: The types do not go together, or not with the operator.
    """
    kind = describe(left)
    if kind != describe(right):
        kind, left, right = _converted(left, right)
    if kind not in _ORDERED and operator not in ("=", "<>"):
        raise Incomparable(f"expected = or <> for {kind}, got {operator}")
    if kind == "an array":
        return _equal_arrays(left, right) == (operator == "=")
    if kind == "a class name":
        left, right = left.casefold(), right.casefold()
    elif kind == "a datetime":
        if left.is_interval != right.is_interval:
            raise Incomparable("a point in time cannot be compared with an interval")
        left = left.timedelta if left.is_interval else left.datetime
        right = right.timedelta if right.is_interval else right.datetime
    elif kind == "a string":
        left, right = str(left), str(right)
    return _OPERATORS[operator](left, right)


def _converted(left: Any, right: Any) -> Tuple[str, Any, Any]:
    """Return two values of different kinds as values of one kind, and that kind."""
    kinds = (describe(left), describe(right))
    if "a string" in kinds:
        text, other = (left, right) if kinds[0] == "a string" else (right, left)
        if "a datetime" in kinds:
            try:
                datetime = CIMDateTime(str(text))
            except ValueError as exc:
                raise Incomparable(str(exc)) from None
            return (
                ("a datetime", datetime, right) if text is left else ("a datetime", left, datetime)
            )
        if "a class name" in kinds:
            return "a class name", left, right
        if "a reference" in kinds:
            # The string is the path, or it is not: there is nothing else to compare.
            return "a reference", text in _uris(other), True
    raise Incomparable(f"{kinds[0]} cannot be compared with {kinds[1]}")


def _uris(path: CIMInstanceName) -> Iterator[str]:
    """Yield the WBEM URIs of a path: in every format, with and without host and namespace."""
    if not path.keybindings:
        return
    names = [
        path,
        CIMInstanceName(path.classname, path.keybindings, namespace=path.namespace),
        CIMInstanceName(path.classname, path.keybindings),
    ]
    for name in names:
        for format_ in ("standard", "canonical", "cimobject", "historical"):
            # A path with an unnamed keybinding has no URI.
            with suppress(TypeError):
                yield name.to_wbem_uri(format_)


def _equal_arrays(left: List[Any], right: List[Any]) -> bool:
    """Return whether two arrays have equal items at equal indexes; NULL items are equal."""
    if len(left) != len(right):
        return False
    return all(
        one is other if one is None or other is None else compare("=", one, other)
        for one, other in zip(left, right)
    )
