# Made from ../_async/valuemapping.py by tools/make_sync.py: change that file.
"""
ValueMapping: translates between the values of an element of a class and the texts of
its Values qualifier (DSP0004).
"""

from __future__ import annotations

from typing import Any, Callable, Optional, Protocol, Tuple, Type, Union

from ..._cim_obj import CIMClass, CIMClassName
from ..value_table import Element, ValueTable
from .connection import WBEMConnection

__all__ = ["ValueMapping"]


class _Connected(Protocol):
    """
    An :class:`~pywbem.WBEMServer`, as far as it is needed here.
    """

    @property
    def conn(self) -> WBEMConnection:
        """Connection to the server."""


_Server = Union[WBEMConnection, _Connected]


class ValueMapping(ValueTable):
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

    _conn: Optional[WBEMConnection]

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
            lambda class_: class_.properties[propname], f"does not have a property {propname!r}"
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
            server (:class:`~pywbem.WBEMConnection` or :class:`~pywbem.WBEMServer`):
                The server.
            namespace (str): Namespace of the class.  None means the default
                namespace of the connection.
            classname (str): Name of the class; the method may be inherited.
            methodname (str): Name of the method.
            values_default (str): What fills up ``Values`` if it is shorter than
                ``ValueMap``; if it is longer, what is too much is left out.  None
                means that they must have the same length.

        Returns:
            :class:`~pywbem.ValueMapping`: The mapping.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.WBEMConnection`.
            KeyError: The class has no such method.
            ValueError: The method has no ``Values`` qualifier.
            :exc:`~pywbem.ModelError`: It returns no integer or string, an
                entry of ``ValueMap`` is invalid, or ``ValueMap`` and ``Values``
                differ in length.
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
            server (:class:`~pywbem.WBEMConnection` or :class:`~pywbem.WBEMServer`):
                The server.
            namespace (str): Namespace of the class.  None means the default
                namespace of the connection.
            classname (str): Name of the class; the method may be inherited.
            methodname (str): Name of the method.
            parametername (str): Name of the parameter.
            values_default (str): What fills up ``Values`` if it is shorter than
                ``ValueMap``; if it is longer, what is too much is left out.  None
                means that they must have the same length.

        Returns:
            :class:`~pywbem.ValueMapping`: The mapping.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.WBEMConnection`.
            KeyError: The class has no such method, or the method no such parameter.
            ValueError: The parameter has no ``Values`` qualifier.
            :exc:`~pywbem.ModelError`: The parameter is no integer or string, an
                entry of ``ValueMap`` is invalid, or ``ValueMap`` and ``Values``
                differ in length.
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

    def _set_up(self, find: Callable[[CIMClass], Element], missing: str) -> None:
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

    @property
    def conn(self) -> Optional[WBEMConnection]:
        """
        :class:`~pywbem.WBEMConnection`: Connection to the server.
        """
        return self._conn


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
