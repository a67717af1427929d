"""Views of a dictionary of properties by their values, as `CIMInstance` returns them."""

from __future__ import annotations

from typing import Any, Generator, ItemsView, Iterator, Tuple, ValuesView

from pywbem._nocasedict import NocaseDict

__all__ = ["PropertyItemsView", "PropertyValuesView"]


class PropertyValuesView(ValuesView[Any]):
    """View of the values of the properties."""

    _mapping: NocaseDict

    def __iter__(self) -> Generator[Any, None, None]:
        for _, prop in self._mapping._data.values():
            yield prop.value

    def __contains__(self, value: object) -> bool:
        return any(value is other or value == other for other in self)

    def __reversed__(self) -> Iterator[Any]:
        yield from reversed(list(self))

    def __repr__(self) -> str:
        return f"propvalue_values({self._mapping!r})"


class PropertyItemsView(ItemsView[str, Any]):
    """View of tuples (name, value) of the properties."""

    _mapping: NocaseDict

    def __iter__(self) -> Generator[Tuple[str, Any], None, None]:
        for name, prop in self._mapping._data.values():
            yield name, prop.value

    def __contains__(self, item: object) -> bool:
        return any(item == other for other in self)

    def __reversed__(self) -> Iterator[Tuple[str, Any]]:
        yield from reversed(list(self))

    def __repr__(self) -> str:
        return f"propvalue_items({self._mapping!r})"
