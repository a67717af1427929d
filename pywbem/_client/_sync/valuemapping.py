# Made from ../_async/valuemapping.py by tools/make_sync.py: change that file.
"""
ValueMapping: translates between the values of an element of a class and the texts of
its Values qualifier (DSP0004).
"""

from __future__ import annotations

import re
from typing import (
    TYPE_CHECKING,
    Any,
    Callable,
    Dict,
    Iterator,
    List,
    NoReturn,
    Optional,
    Tuple,
    Type,
    Union,
)

from ..._cim_obj import CIMClass, CIMClassName, CIMMethod, CIMParameter, CIMProperty
from ..._cim_types import CIMInt, type_from_name
from ..._exceptions import ModelError
from .connection import WBEMConnection

if TYPE_CHECKING:
    from .server import WBEMServer

__all__ = ["ValueMapping"]

_Server = Union[WBEMConnection, "WBEMServer"]
_Element = Union[CIMProperty, CIMMethod, CIMParameter]
# The value of an entry of ValueMap: a value, a range, or None for all unclaimed values.
_Mapped = Union[int, str, Tuple[int, int], None]

_UNCLAIMED = ".."

# DSP0004 annex A: binaryValue, octalValue, hexValue, decimalValue.
_INTEGERS = (
    (2, re.compile(r"([+-]?[01]+)b", re.IGNORECASE | re.ASCII)),
    (8, re.compile(r"([+-]?0[0-7]+)")),
    (16, re.compile(r"([+-]?0x[0-9a-f]+)", re.IGNORECASE | re.ASCII)),
    (10, re.compile(r"([+-]?(?:0|[1-9][0-9]*))")),
)


class ValueMapping:
    """
    The translation between the values of a property, method or parameter of a
    class and the texts of its ``Values`` qualifier, in both directions, as its
    ``ValueMap`` qualifier says (DSP0004).

    Objects are made by :meth:`for_property`, :meth:`for_method` and
    :meth:`for_parameter`, which fetch the class from the server.  Each class is
    fetched once for a connection, and again once the connection has created,
    modified or deleted a class; :meth:`forget_classes` is for classes that
    others changed.

    The element is an integer or a string, or an array of them.  Entries of
    ``ValueMap`` for integers are integers in any representation of DSP0004
    (``11``, ``013``, ``0xB``, ``1011b``), closed ranges (``2..4``), and ranges
    that are open at one end (``..6``, ``7..``): these reach up to the
    neighbouring entry, or to the limit of the type if there is none.  The entry
    ``..`` stands for all values that no other entry has.  Without ``ValueMap``,
    the values of an integer are 0, 1, 2 and so on.
    """

    def __init__(self) -> None:
        self._conn: Optional[WBEMConnection] = None
        self._namespace: Optional[str] = None
        self._classname: Optional[str] = None
        self._propname: Optional[str] = None
        self._methodname: Optional[str] = None
        self._parametername: Optional[str] = None
        self._values_default: Optional[str] = None
        self._element: Optional[_Element] = None
        self._python_type: type = int
        self._items: List[Tuple[_Mapped, str]] = []
        self._single: Dict[Union[int, str], str] = {}
        self._ranges: List[Tuple[int, int, str]] = []
        # The text for unclaimed values, in a tuple: it may be anything.
        self._unclaimed: Optional[Tuple[str]] = None
        self._binary: Dict[str, _Mapped] = {}

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(conn={self._conn!r}, namespace={self._namespace!r}, "
            f"classname={self._classname!r}, propname={self._propname!r}, "
            f"methodname={self._methodname!r}, parametername={self._parametername!r}, "
            f"values_default={self._values_default!r}, element={self._element!r}, "
            f"items={self._items!r})"
        )

    # -- Making the mapping ---------------------------------------------------

    @classmethod
    def for_property(
        cls,
        server: _Server,
        namespace: Optional[str],
        classname: str,
        propname: str,
        values_default: Optional[str] = None,
    ) -> ValueMapping:
        """
        Return the mapping of a property.

        Parameters:

          server (:class:`~pywbem.WBEMConnection` or :class:`~pywbem.WBEMServer`):
            The server.

          namespace (str): Namespace of the class.  None means the default
            namespace of the connection.

          classname (str): Name of the class; the property may be inherited.

          propname (str): Name of the property.

          values_default (str): What fills up ``Values`` if it is shorter than
            ``ValueMap``; if it is longer, what is too much is left out.  None
            means that they must have the same length.

        Returns:

          :class:`~pywbem.ValueMapping`: The mapping.

        Raises:

          :exc:`~pywbem.Error`: See :class:`~pywbem.WBEMConnection`.

          KeyError: The class has no such property.

          ValueError: The property has no ``Values`` qualifier.

          :exc:`~pywbem.ModelError`: The property is no integer or string, an
            entry of ``ValueMap`` is invalid, or ``ValueMap`` and ``Values``
            differ in length.
        """
        mapping = cls._new(server, namespace, classname, values_default)
        mapping._propname = propname
        mapping._set_up(
            lambda cls_: cls_.properties[propname], f"does not have a property {propname!r}"
        )
        return mapping

    @classmethod
    def for_method(
        cls,
        server: _Server,
        namespace: Optional[str],
        classname: str,
        methodname: str,
        values_default: Optional[str] = None,
    ) -> ValueMapping:
        """
        Return the mapping of the return value of a method.

        Parameters:

          methodname (str): Name of the method.

        The other parameters, the result and the exceptions are those of
        :meth:`for_property`; :exc:`KeyError` means that the class has no such
        method.
        """
        mapping = cls._new(server, namespace, classname, values_default)
        mapping._methodname = methodname
        mapping._set_up(
            lambda class_: class_.methods[methodname], f"does not have a method {methodname!r}"
        )
        return mapping

    @classmethod
    def for_parameter(
        cls,
        server: _Server,
        namespace: Optional[str],
        classname: str,
        methodname: str,
        parametername: str,
        values_default: Optional[str] = None,
    ) -> ValueMapping:
        """
        Return the mapping of a parameter of a method.

        Parameters:

          methodname (str): Name of the method.

          parametername (str): Name of the parameter.

        The other parameters, the result and the exceptions are those of
        :meth:`for_property`; :exc:`KeyError` means that the class has no such
        method, or the method no such parameter.
        """
        mapping = cls._new(server, namespace, classname, values_default)
        mapping._methodname = methodname
        mapping._parametername = parametername
        mapping._set_up(
            lambda class_: class_.methods[methodname].parameters[parametername],
            f"does not have a method {methodname!r}",
        )
        return mapping

    @staticmethod
    def forget_classes(server: _Server) -> None:
        """
        Forget the classes that were fetched from a server, so that the next
        mapping fetches its class again.

        Parameters:

          server (:class:`~pywbem.WBEMConnection` or :class:`~pywbem.WBEMServer`):
            The server.
        """
        _connection(server)._known_classes.clear()

    @classmethod
    def _new(
        cls: Type[ValueMapping],
        server: _Server,
        namespace: Optional[str],
        classname: str,
        values_default: Optional[str],
    ) -> ValueMapping:
        mapping = cls()
        mapping._conn = _connection(server)
        mapping._namespace = namespace
        mapping._classname = classname
        mapping._values_default = values_default
        return mapping

    def _set_up(self, find: Callable[[CIMClass], _Element], missing: str) -> None:
        """
        Fetch the class, find the element in it and read its qualifiers.

        An element that is missing in a class fetched before may have been added
        since: the class is then fetched again.
        """
        assert self._conn is not None
        class_, is_new = _get_class(self._conn, self._namespace, self._classname)
        try:
            element = find(class_)
        except KeyError:
            if not is_new:
                class_, _ = _get_class(self._conn, self._namespace, self._classname, True)
            try:
                element = find(class_)
            except KeyError:
                self._raise_missing(class_, missing)
        self._element = element
        self._set_items(element)

    def _raise_missing(self, class_: CIMClass, missing: str) -> NoReturn:
        where = f"class {self._classname!r} (in {self._namespace!r})"
        if self._parametername is not None and self._methodname in class_.methods:
            raise KeyError(
                f"Method {self._methodname!r} in {where} does not have a parameter "
                f"{self._parametername!r}"
            ) from None
        raise KeyError(f"C{where[1:]} {missing}") from None

    def _set_items(self, element: _Element) -> None:
        """
        Make the tables from the qualifiers of the element.
        """
        cimtype = element.return_type if isinstance(element, CIMMethod) else element.type
        value_map = _qualifier_list(element, "ValueMap")
        values = _qualifier_list(element, "Values")
        int_type = type_from_name(cimtype) if cimtype and cimtype != "reference" else str
        if issubclass(int_type, CIMInt):
            self._python_type = int
        elif cimtype == "string" and value_map is not None:
            self._python_type = str
        else:
            self._raise_model(f"is not integer-typed, but has CIM type: {cimtype}")
        if values is None:
            raise ValueError(f"The {self._who} has no Values qualifier defined")
        mapped: List[_Mapped] = list(range(len(values)))
        if value_map is not None:
            values = self._fit(values, value_map)
            if issubclass(int_type, CIMInt):
                mapped = self._read_integers(value_map, int_type)
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

    def _read_integers(self, value_map: List[str], int_type: Type[CIMInt]) -> List[_Mapped]:
        """
        The values and ranges that the ValueMap entries of an integer stand for.
        """
        # Bounds as they are written; None for the open end of a range.
        bounds = [self._bounds(entry) for entry in value_map if entry != _UNCLAIMED]
        claimed: List[_Mapped] = []
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
    def conn(self) -> Optional[WBEMConnection]:
        """
        :class:`~pywbem.WBEMConnection`: Connection to the server.
        """
        return self._conn

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
    def element(self) -> Optional[_Element]:
        """
        :class:`~pywbem.CIMProperty`, :class:`~pywbem.CIMMethod` or
        :class:`~pywbem.CIMParameter`: The element that is mapped.
        """
        return self._element

    # -- Mapping --------------------------------------------------------------

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

    def tobinary(self, values_str: str) -> _Mapped:
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

    def items(self) -> Iterator[Tuple[_Mapped, str]]:
        """
        Iterate over the entries of the qualifiers, in their order.

        Returns:

          iterator of tuple: The value as :meth:`tobinary` returns it, and the
          ``Values`` text.
        """
        yield from self._items


def _connection(server: _Server) -> WBEMConnection:
    return server if isinstance(server, WBEMConnection) else server.conn


def _get_class(
    conn: WBEMConnection, namespace: Optional[str], classname: Any, again: bool = False
) -> Tuple[CIMClass, bool]:
    """
    A class with its qualifiers, and whether it was fetched just now.
    """
    where, name = namespace, classname
    if isinstance(classname, CIMClassName):
        where, name = where or classname.namespace, classname.classname
    key = (where or conn.default_namespace).strip("/").lower(), str(name).lower()
    classes = conn._known_classes
    # A test that replaces the method on the object may answer each call differently.
    replaced = "GetClass" in vars(conn)
    if key in classes and not again and not replaced:
        return classes[key], False
    class_ = classes[key] = conn.GetClass(
        ClassName=classname, namespace=namespace, LocalOnly=False, IncludeQualifiers=True
    )
    return class_, True


def _qualifier_list(element: _Element, name: str) -> Optional[List[Any]]:
    """
    The value of an array qualifier.  One that has no value is like none.
    """
    qualifier = element.qualifiers.get(name)
    if qualifier is None or qualifier.value is None:
        return None
    value = qualifier.value
    return list(value) if isinstance(value, (list, tuple)) else [value]
