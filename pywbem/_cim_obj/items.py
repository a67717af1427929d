"""
The dictionaries of a CIM object, from the forms in which their items can be given.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterator, Optional, Tuple

from pywbem._nocasedict import NocaseDict

from .fields import to_text


def input_dict(
    value: Any, kind: str, item_class: type, convert: Callable[[str, Any], Any]
) -> Optional[NocaseDict]:
    """
    Return a new dictionary from any form in which the items of a CIM object can be given.

    Parameters:
        value: `None`, a mapping (anything with a method `items`), or an iterable of tuples
            (name, item) or of objects of `item_class`, whose attribute `name` is then the name. The
            order is kept; of items with the same name the last one stays.
        kind (:class:`str`): What the items are in the plural, for messages; e.g. ``"qualifiers"``.
        item_class (:class:`type`): Class of the objects that an iterable may contain beside tuples.
        convert (callable): Function (name, item) that checks the item, converts it and returns what
            is stored for it. For objects of an iterable, item is the object.

    Returns:
        The dictionary, or `None` when there are no items.

    Raises:
        TypeError: The value is not iterable, or has an item that is neither a tuple nor of
            `item_class`.
        ValueError: A name is `None`, or a tuple has not two items. What `convert` raises is not
            caught.
    """
    if not value:
        return None
    pairs = None if isinstance(value, (list, tuple)) else getattr(value, "items", None)
    try:
        entries = iter(value if pairs is None else pairs())
    except TypeError:
        raise TypeError(
            f"Input object for {kind} must be a mapping, or an iterable of tuples (name, value) or "
            f"{item_class.__name__} objects, but is: {value!r}"
        ) from None
    data: Dict[Optional[str], Tuple[Any, Any]] = {}
    for entry in entries:
        if pairs is not None:
            name, item = entry
        elif isinstance(entry, item_class):
            name, item = entry.name, entry  # type: ignore[attr-defined]
        elif isinstance(entry, tuple):
            name, item = _unpacked(entry, kind)
        else:
            raise _invalid_item(entry, kind, item_class)
        if name.__class__ is not str:
            name = item_name(name, kind)
        data[name.casefold()] = (name, convert(name, item))
    return NocaseDict._trusted(data) if data else None


def _unpacked(entry: Tuple[Any, ...], kind: str) -> Tuple[Any, Any]:
    if len(entry) != 2:
        raise ValueError(
            f"Input object for {kind} has a tuple that is not (name, value): {entry!r}"
        )
    return entry


def listed_items(value: Any, kind: str, item_class: type) -> Iterator[Tuple[Any, Any]]:
    """
    Yield the names and items of an input object that is no mapping.

    Parameters:
        value: An iterable of tuples (name, item) or of objects of `item_class`.
        kind (:class:`str`): What the items are in the plural, for messages; e.g. ``"keybindings"``.
        item_class (:class:`type`): Class of the objects that it may contain beside tuples.

    Raises:
        TypeError: The value is not iterable, or has an item that is neither a tuple nor of
            `item_class`.
        ValueError: A tuple has not two items.
    """
    for entry in value:
        if isinstance(entry, item_class):
            yield entry._name, entry  # type: ignore[attr-defined]
        elif isinstance(entry, tuple):
            yield entry if len(entry) == 2 else _unpacked(entry, kind)
        else:
            raise _invalid_item(entry, kind, item_class)


def _invalid_item(entry: Any, kind: str, item_class: type) -> TypeError:
    return TypeError(
        f"Input object for {kind} has invalid item in iterable: {entry!r} (items must be tuples "
        f"(name, value) or {item_class.__name__} objects)"
    )


_SINGULAR = {"properties": "Property"}


def singular(kind: str) -> str:
    """Return the name of one item of a kind, e.g. ``"Qualifier"`` for ``"qualifiers"``."""
    return _SINGULAR.get(kind) or kind[:-1].capitalize()


def item_name(name: Any, kind: str) -> str:
    """
    Return the name of an item of an input object as text.

    Raises:
        ValueError: The name is `None`.
        AttributeError: The name is neither a string nor a byte string.
    """
    if name is None:
        raise ValueError(f"{singular(kind)} name must not be None")
    name = to_text(name)
    if not isinstance(name, str):
        # The class of the exception is part of the interface.
        raise AttributeError(f"{singular(kind)} name must be a string, but is: {name!r}")
    return name


def check_item(name: str, item: Any, kind: str, item_class: type) -> Any:
    """
    Return an item of an input object, after checking its class and that its name is its key.

    Raises:
        TypeError: The item is not of `item_class`.
        ValueError: The item has another name than its key, lexical case ignored.
    """
    if not isinstance(item, item_class):
        raise TypeError(
            f"{singular(kind)} must be a {item_class.__name__} object, but is: {type(item)} "
            f"(item {name!r})"
        )
    item_name: str = item.name  # type: ignore[attr-defined]
    if item_name != name and item_name.lower() != name.lower():
        raise ValueError(
            f"{item_class.__name__}.name must be dictionary key {name!r}, but is {item_name!r}"
        )
    return item
