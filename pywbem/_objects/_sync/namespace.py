# Made from ../_async/namespace.py by tools/make_sync.py: change that file.
"""
A namespace of a server, whose classes are attributes.
"""

from __future__ import annotations

import contextlib
from typing import Any, Dict, Optional, Tuple, Type, TypeVar, overload

from ..._cim_obj import CIMClass, CIMInstance, CIMInstanceName
from ..._client._sync.connection import WBEMConnection
from ..._exceptions import CIMError
from ..elements import Element
from ..state import embedded
from .instance import Instance, bound_class
from .reference import Reference

T = TypeVar("T", bound=Instance)


class Namespace:
    """
    A namespace: ``namespace.CIM_DiskDrive`` and ``namespace["CIM_DiskDrive"]`` are a
    Python class for a CIM class.

    A class is fetched when it is first used, and kept.  What asks the server raises the
    exceptions of :class:`~pywbem.WBEMConnection`.
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
        self._classes: Dict[Tuple[Any, str], Any] = {}
        self._untyped = self._derived(Instance, "")
        # Of all namespaces of the server, by namespace and class.
        self._cim_classes: Dict[Tuple[str, str], CIMClass] = {}
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
        if not (isinstance(cls, type) and issubclass(cls, Instance)):
            raise TypeError(f"{cls!r} is neither the name of a class nor an Instance class")
        return self._derived(cls, cls._classname)

    def _derived(self, base: Any, classname: str) -> Any:
        """Return the Python class of a CIM class that derives from another one."""
        if base._namespace is self and base._classname.casefold() == classname.casefold():
            return base
        key = (base, classname.casefold())
        if key not in self._classes:
            self._classes[key] = bound_class(base, classname, self)
        return self._classes[key]

    def _beside(self, name: Optional[str]) -> Namespace:
        """Return this or another namespace of the same server."""
        key = (name or self.name).casefold()
        if key not in self._namespaces:
            other = self._namespaces[key] = Namespace(self.conn, name)
            other._namespaces, other._cim_classes = self._namespaces, self._cim_classes
        return self._namespaces[key]

    def _over(self, conn: Any) -> Namespace:
        """Return this namespace over another connection to the server."""
        other = Namespace(conn, self.name)
        other._cim_classes = self._cim_classes
        return other

    def _known(self, classname: str) -> Optional[CIMClass]:
        return self._cim_classes.get((self.name.casefold(), classname.casefold()))

    def _cim_class(self, classname: str) -> CIMClass:
        known = self._known(classname)
        if known is None:
            known = self.conn.GetClass(
                classname, namespace=self.name, LocalOnly=False, IncludeQualifiers=True
            )
            self._cim_classes[self.name.casefold(), classname.casefold()] = known
        return known

    def _fetch_embedded(self, instance: CIMInstance) -> None:
        """Fetch the classes of embedded instances, so that reading them asks no server."""
        for value in embedded(instance):
            # Without class, it is read as it is.
            with contextlib.suppress(CIMError):
                self._cim_class(value.classname)

    def _output(self, element: Optional[Element], value: Any) -> Any:
        """Return the value of an output parameter as a program reads it."""
        if isinstance(value, list):
            return [self._output(element, item) for item in value]
        if isinstance(value, CIMInstance):
            return self.wrap(value)
        if isinstance(value, CIMInstanceName):
            return Reference(value, self)
        return value if element is None else element.read(value)

    def get(self, path: CIMInstanceName, cls: Optional[Type[T]] = None) -> Any:
        """
        Return the instance of a path.

        Parameters:
            path (:class:`~pywbem.CIMInstanceName`): The path.  Without a namespace, this
                namespace is used.
            cls (class of a namespace): The class or superclass, for its type.
        """
        if isinstance(path, CIMInstanceName) and path.namespace is None:
            path = path.copy()
            path.namespace = self.name
        return self.wrap(self.conn.GetInstance(path), cls)

    def wrap(self, instance: Any, cls: Optional[Type[T]] = None) -> Any:
        """
        Return the object of an instance, or of an object that was unpickled.

        Parameters:
            instance (:class:`~pywbem.CIMInstance` or Instance): The instance.
            cls (class of a namespace): The class or superclass, for its type.
        """
        state: Any = instance if isinstance(instance, Instance) else None
        found = instance if state is None else state._instance
        if not isinstance(found, CIMInstance):
            raise TypeError(f"An instance is wrapped, not {found!r}")
        base: Any = cls or (Instance if state is None else state._base())
        kind = self[base]._kind(found)
        self._fetch_embedded(found)
        return kind(found) if state is None else kind(found, state._only, state._changed)
