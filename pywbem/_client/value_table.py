"""
The tables of a value mapping: what the qualifiers Values and ValueMap of an element say
(DSP0004).
"""

from __future__ import annotations

import re
from typing import Any, Dict, Iterator, List, NoReturn, Optional, Tuple, Type, Union, overload

from .._cim_obj import CIMClass, CIMMethod, CIMParameter, CIMProperty
from .._cim_types import CIMInt, type_from_name
from .._exceptions import ModelError

Element = Union[CIMProperty, CIMMethod, CIMParameter]
# The value of an entry of ValueMap: a value, a range, or None for all unclaimed values.
Mapped = Union[int, str, Tuple[int, int], None]

_UNCLAIMED = ".."

# DSP0004 annex A: binaryValue, octalValue, hexValue, decimalValue.
_INTEGERS = (
    (2, re.compile(r"([+-]?[01]+)b", re.IGNORECASE | re.ASCII)),
    (8, re.compile(r"([+-]?0[0-7]+)")),
    (16, re.compile(r"([+-]?0x[0-9a-f]+)", re.IGNORECASE | re.ASCII)),
    (10, re.compile(r"([+-]?(?:0|[1-9][0-9]*))")),
)


class ValueTable:
    """
    The tables of an element, and the translation in both directions.
    """

    def __init__(self) -> None:
        self._conn: Any = None
        self._namespace: Optional[str] = None
        self._classname: Optional[str] = None
        self._propname: Optional[str] = None
        self._methodname: Optional[str] = None
        self._parametername: Optional[str] = None
        self._values_default: Optional[str] = None
        self._element: Optional[Element] = None
        self._python_type: type = int
        self._items: List[Tuple[Mapped, str]] = []
        self._single: Dict[Union[int, str], str] = {}
        self._ranges: List[Tuple[int, int, str]] = []
        # The text for unclaimed values, in a tuple: it may be anything.
        self._unclaimed: Optional[Tuple[str]] = None
        self._binary: Dict[str, Mapped] = {}

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(conn={self._conn!r}, namespace={self._namespace!r}, "
            f"classname={self._classname!r}, propname={self._propname!r}, "
            f"methodname={self._methodname!r}, parametername={self._parametername!r}, "
            f"values_default={self._values_default!r}, element={self._element!r}, "
            f"items={self._items!r})"
        )

    # -- Making the tables ----------------------------------------------------

    def _raise_missing(self, class_: CIMClass, missing: str) -> NoReturn:
        where = f"{self._classname!r} (in {self._namespace!r})"
        if self._parametername is not None and self._methodname in class_.methods:
            raise KeyError(
                f"Method {self._methodname!r} in class {where} does not have a parameter "
                f"{self._parametername!r}"
            ) from None
        raise KeyError(f"Class {where} {missing}") from None

    def _set_items(self, element: Element) -> None:
        """
        Make the tables from the qualifiers of the element.
        """
        cimtype = element.return_type if isinstance(element, CIMMethod) else element.type
        value_map = _qualifier_list(element, "ValueMap")
        values = _qualifier_list(element, "Values")
        of_type = str if cimtype in (None, "reference", "void") else type_from_name(cimtype)
        if issubclass(of_type, CIMInt):
            self._python_type = int
        elif cimtype == "string" and value_map is not None:
            self._python_type = str
        else:
            self._raise_model(f"is not integer-typed, but has CIM type: {cimtype}")
        if values is None:
            raise ValueError(f"The {self._who} has no Values qualifier defined")
        mapped: List[Mapped] = list(range(len(values)))
        if value_map is not None:
            values = self._fit(values, value_map)
            if issubclass(of_type, CIMInt):
                mapped = self._read_integers(value_map, of_type)
            else:
                mapped = [None if entry == _UNCLAIMED else entry for entry in value_map]
        self._items = list(zip(mapped, values))
        self._index()

    def _fit(self, values: List[str], value_map: List[str]) -> List[str]:
        """
        The Values array in the length of the ValueMap array.
        """
        count = len(value_map)
        if self._values_default is not None:
            return values[:count] + [self._values_default] * (count - len(values))
        if len(values) > count:
            self._raise_model(
                "has a Values qualifier that specifies more items than its ValueMap qualifier: "
                f"{values[count:]!r}"
            )
        if len(values) < count:
            self._raise_model(
                "has a ValueMap qualifier that specifies more items than its Values qualifier: "
                f"{value_map[len(values) :]!r}"
            )
        return values

    def _read_integers(self, value_map: List[str], int_type: Type[CIMInt]) -> List[Mapped]:
        """
        The values and ranges that the ValueMap entries of an integer stand for.
        """
        # Bounds as they are written; None for the open end of a range.
        bounds = [self._bounds(entry) for entry in value_map if entry != _UNCLAIMED]
        claimed: List[Mapped] = []
        for i, (low, high) in enumerate(bounds):
            if low is None:
                low = self._beside(bounds[i - 1][1], 1) if i else int_type.minvalue
            if high is None:
                last = i == len(bounds) - 1
                high = int_type.maxvalue if last else self._beside(bounds[i + 1][0], -1)
            assert low is not None and high is not None
            claimed.append(low if low == high else (low, high))
        entries = iter(claimed)
        return [None if entry == _UNCLAIMED else next(entries) for entry in value_map]

    def _bounds(self, entry: Any) -> Tuple[Optional[int], Optional[int]]:
        """
        The bounds of a ValueMap entry as they are written.
        """
        if isinstance(entry, str) and _UNCLAIMED in entry:
            low, _, high = entry.rpartition(_UNCLAIMED)
            return (
                self._integer(low) if low else None,
                self._integer(high) if high else None,
            )
        value = self._integer(entry)
        return value, value

    def _integer(self, text: Any) -> int:
        if isinstance(text, str):
            for base, pattern in _INTEGERS:
                match = pattern.fullmatch(text)
                if match:
                    return int(match[1], base)
        self._raise_model(f"has an invalid integer representation in a ValueMap entry: {text!r}")

    def _beside(self, bound: Optional[int], step: int) -> int:
        """
        The open end of a range that reaches up to the bound of its neighbour.
        """
        if bound is None:
            self._raise_model("has two neighbouring ValueMap entries that are open to each other")
        return bound + step

    def _index(self) -> None:
        """
        Make the tables for looking up.
        """
        for mapped, text in self._items:
            self._binary[text] = mapped
            if mapped is None:
                self._unclaimed = (text,)
            elif isinstance(mapped, tuple):
                self._ranges.append((*mapped, text))
            else:
                self._single[mapped] = text

    @property
    def _who(self) -> str:
        """
        The element, for messages.
        """
        if self._propname is not None:
            element = f"property {self._propname!r}"
        elif self._parametername is not None:
            element = f"parameter {self._parametername!r} of method {self._methodname!r}"
        else:
            element = f"method {self._methodname!r}"
        return f"value-mapped {element} in class {self._classname!r} (in {self._namespace!r})"

    def _raise_model(self, problem: str) -> NoReturn:
        conn_id = self._conn.conn_id if self._conn is not None else None
        raise ModelError(f"The {self._who} {problem}", conn_id=conn_id)

    # -- What is mapped -------------------------------------------------------

    @property
    def namespace(self) -> Optional[str]:
        """
        str: Namespace of the class, as passed.
        """
        return self._namespace

    @property
    def classname(self) -> Optional[str]:
        """
        str: Name of the class.
        """
        return self._classname

    @property
    def propname(self) -> Optional[str]:
        """
        str: Name of the property.  None if no property is mapped.
        """
        return self._propname

    @property
    def methodname(self) -> Optional[str]:
        """
        str: Name of the method that is mapped or has the parameter.  None if
        a property is mapped.
        """
        return self._methodname

    @property
    def parametername(self) -> Optional[str]:
        """
        str: Name of the parameter.  None if no parameter is mapped.
        """
        return self._parametername

    @property
    def values_default(self) -> Optional[str]:
        """
        str: What fills up ``Values``, as passed.
        """
        return self._values_default

    @property
    def element(self) -> Optional[Element]:
        """
        :class:`~pywbem.CIMProperty`, :class:`~pywbem.CIMMethod` or
        :class:`~pywbem.CIMParameter`: The element that is mapped.
        """
        return self._element

    # -- Mapping --------------------------------------------------------------

    @overload
    def tovalues(self, element_value: None) -> None: ...

    @overload
    def tovalues(self, element_value: Union[int, str]) -> str: ...

    @overload
    def tovalues(self, element_value: Union[List[Any], Tuple[Any, ...]]) -> List[str]: ...

    def tovalues(self, element_value: Any) -> Any:
        """
        Return the ``Values`` text for a value of the element.

        Parameters:
            element_value (int, str, or list or tuple of them): The value, or
                several ones, whether the element is an array or not.  None is
                returned as it is.

        Returns:
            str, or list of str: The text, or for several values their texts.

        Raises:
            ValueError: ``ValueMap`` has no entry for the value.
            TypeError: The value is no integer, or for a string no string.
        """
        if element_value is None:
            return None
        if isinstance(element_value, (list, tuple)):
            return [self._text(value) for value in element_value]
        return self._text(element_value)

    def _text(self, value: Any) -> str:
        expected: Any = self._python_type
        if not isinstance(value, expected):
            kind = "integer" if expected is int else "string"
            raise TypeError(
                f"The value for {self._who} is not {kind}-typed, but has Python type: {type(value)}"
            )
        if value in self._single:
            return self._single[value]
        for low, high, text in self._ranges:
            if low <= value <= high:
                return text
        if self._unclaimed is not None:
            return self._unclaimed[0]
        shown = int(value) if isinstance(value, int) else repr(value)
        raise ValueError(
            f"The value for {self._who} is outside of the set defined by its ValueMap "
            f"qualifier: {shown}"
        )

    def tobinary(self, values_str: str) -> Mapped:
        """
        Return the value of the element for a ``Values`` text.

        Parameters:
            values_str (str): The text.

        Returns:
            int, str or tuple: The value, or for a range the tuple of its lowest
            and highest value, or None for the unclaimed values.  If ``Values``
            has the text more than once, its last entry counts.

        Raises:
            ValueError: ``Values`` has no such text.
            TypeError: It is no string.
        """
        if not isinstance(values_str, str):
            raise TypeError(
                f"The values string for {self._who} is not string-typed, but has Python type: "
                f"{type(values_str)}"
            )
        try:
            return self._binary[values_str]
        except KeyError:
            raise ValueError(
                f"The values string for {self._who} is outside of the set defined by its Values "
                f"qualifier: {values_str!r}"
            ) from None

    def items(self) -> Iterator[Tuple[Mapped, str]]:
        """
        Iterate over the entries of the qualifiers, in their order.

        Returns:
            iterator of tuple: The value as :meth:`tobinary` returns it, and the
            ``Values`` text.
        """
        yield from self._items


def _qualifier_list(element: Element, name: str) -> Optional[List[Any]]:
    """
    The value of an array qualifier.  One that has no value is like none.
    """
    qualifier = element.qualifiers.get(name)
    if qualifier is None or qualifier.value is None:
        return None
    value = qualifier.value
    return list(value) if isinstance(value, (list, tuple)) else [value]
