# Made from ../_async/namespace.py by tools/make_sync.py: change that file.
"""
A namespace of a server, whose classes are attributes.
"""

from __future__ import annotations

from typing import Any, Dict, Optional, Tuple, Type, TypeVar, overload

from ..._cim_obj import CIMInstance, CIMInstanceName
from ..._client._sync.connection import WBEMConnection
from ..elements import Element, Schema
from .instance import Instance, bound_class
from .reference import Reference

T = TypeVar("T", bound=Instance)


class Namespace:
    """
    A namespace: ``namespace.CIM_DiskDrive`` and ``namespace["CIM_DiskDrive"]`` are a
    Python class for a CIM class.

    A class is fetched when it is first used, and kept.
    """

    def __init__(self, conn: WBEMConnection, name: Optional[str] = None) -> None:
        """
        Parameters:
            conn (WBEMConnection): Connection to the server.
            name (str): Name of the namespace.  None means the default namespace of
                the connection.
        """
        #: Connection to the server.
        self.conn = conn
        #: Name of the namespace.
        self.name: str = (name or conn.default_namespace).strip("/")
        self._untyped: Any = bound_class(Instance, "", self)
        self._schemas: Dict[str, Schema] = {}
        self._classes: Dict[Tuple[Any, str], Any] = {}
        self._namespaces: Dict[str, Namespace] = {self.name.casefold(): self}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name} of {self.conn.url}>"

    def __getattr__(self, name: str) -> Type[Instance]:
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]

    @overload
    def __getitem__(self, cls: str) -> Type[Instance]: ...

    @overload
    def __getitem__(self, cls: Type[T]) -> Type[T]: ...

    def __getitem__(self, cls: Any) -> Any:
        """
        The Python class for the name of a CIM class, or for a class of a module of
        typed classes.
        """
        if isinstance(cls, str):
            return self._derived(self._untyped, cls)
        return self._derived(cls, cls._classname)

    def _derived(self, base: Any, classname: str) -> Any:
        """
        The Python class of a CIM class that derives from another one.
        """
        if base._namespace is self and base._classname.casefold() == classname.casefold():
            return base
        key = (base, classname.casefold())
        if key not in self._classes:
            self._classes[key] = bound_class(base, classname, self)
        return self._classes[key]

    def _beside(self, name: Optional[str]) -> Namespace:
        """
        This or another namespace of the same server.
        """
        if name is None:
            return self
        found = self._namespaces.get(name.casefold())
        if found is None:
            found = Namespace(self.conn, name)
            self._namespaces[name.casefold()] = found
            found._namespaces = self._namespaces
        return found

    def _known(self, classname: str) -> Optional[Schema]:
        return self._schemas.get(classname.casefold())

    def _schema(self, classname: str) -> Schema:
        schema = self._known(classname)
        if schema is None:
            cim_class = self.conn.GetClass(
                classname, namespace=self.name, LocalOnly=False, IncludeQualifiers=True
            )
            schema = self._schemas[classname.casefold()] = Schema(cim_class)
        return schema

    def _output(self, element: Optional[Element], value: Any) -> Any:
        """
        The value of an output parameter as it is read by a program.
        """
        if isinstance(value, list):
            return [self._output(element, item) for item in value]
        if isinstance(value, CIMInstance):
            return self.wrap(value)
        if element is not None:
            return element.read(value, lambda path: Reference(path, self))
        return Reference(value, self) if isinstance(value, CIMInstanceName) else value

    def get(self, path: CIMInstanceName, cls: Optional[Type[T]] = None) -> Any:
        """
        Return the instance of a path.

        Parameters:
            path (:class:`~pywbem.CIMInstanceName`): The path.  Without a namespace, this
                namespace is used.
            cls (class of a namespace): The class or superclass, for its type.

        Returns:
            Instance: The instance.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.WBEMConnection`.
        """
        if path.namespace is None:
            path = path.copy()
            path.namespace = self.name
        return self.wrap(self.conn.GetInstance(path), cls)

    def wrap(self, instance: Any, cls: Optional[Type[T]] = None) -> Any:
        """
        Return the object of an instance, or of an object that was unpickled.

        Parameters:
            instance (:class:`~pywbem.CIMInstance` or Instance): The instance.
            cls (class of a namespace): The class or superclass, for its type.

        Returns:
            Instance: The object.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.WBEMConnection`.
        """
        state: Any = instance if isinstance(instance, Instance) else None
        found: CIMInstance = instance if state is None else state._instance
        kind = (self._untyped if cls is None else cls)._kind(found)
        kind._fetch_embedded(found)
        obj = kind._with_state(found, None if state is None else state._only)
        if state is not None:
            obj._changed = dict(state._changed)
        return obj
