# Made from ../_async/namespace.py by tools/make_sync.py: change that file.
"""
A namespace of a server, whose classes are attributes.
"""

from __future__ import annotations

import contextlib
from typing import Any, Dict, Optional, Tuple, Type, TypeVar, cast, overload

from ..._cim_obj import CIMClass, CIMInstance, CIMInstanceName
from ..._client._sync.connection import WBEMConnection
from ..._exceptions import CIMError
from ..._nocasedict import NocaseDict
from ..state import embedded
from .instance import Instance
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
            name (str): Name of the namespace.  None means the default one of the connection.
        """
        #: Connection to the server.
        self.conn = conn
        #: Name of the namespace.
        self.name: str = (name or conn.default_namespace).strip("/")
        # By what they derive from, and the names of the CIM classes.
        self._classes: Dict[Tuple[Any, str], Any] = {}
        self._cim_classes: NocaseDict[CIMClass] = NocaseDict()
        # Of all namespaces of the server.
        self._namespaces: NocaseDict[Namespace] = NocaseDict({self.name: self})
        self._all_classes = NocaseDict({self.name: self._cim_classes})

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
        """The Python class for the name of a CIM class, or for a typed class of a module."""
        if isinstance(cls, str):
            return self._derived(self[Instance], cls)
        if not (isinstance(cls, type) and issubclass(cls, Instance)):
            raise TypeError(f"{cls!r} is neither the name of a class nor an Instance class")
        return self._derived(cls, cls._classname)

    def _derived(self, base: Any, classname: str) -> Any:
        """Return the Python class of a CIM class in this namespace, derived from another one."""
        key = classname.casefold()
        kind = self._classes.get((base, key))
        if kind is None:
            members: Any = {"_classname": classname, "_namespace": self, "_schema": None}
            members.update(_base=base._base or base, __slots__=(), __module__=base.__module__)
            kind = type(base)(classname, (base,), members)
            self._classes[base, key] = self._classes[kind, key] = kind
        if kind._schema is None and classname in self._cim_classes:
            kind._bind(self._cim_classes[classname])
        return kind

    def _over(self, conn: Any, name: Optional[str] = None) -> Namespace:
        """Return this or another namespace of the server, over any connection to it."""
        other = Namespace(conn, name or self.name)
        other._all_classes = self._all_classes
        other._cim_classes = self._all_classes.setdefault(other.name, other._cim_classes)
        return other

    def _beside(self, name: Optional[str]) -> Namespace:
        """Return this or another namespace of the server."""
        if not name or name == self.name:
            return self
        if name not in self._namespaces:
            other = self._namespaces[name] = self._over(self.conn, name)
            other._namespaces = self._namespaces
        return self._namespaces[name]

    def _cim_class(self, classname: str) -> CIMClass:
        known: Optional[CIMClass] = self._cim_classes.get(classname)
        if known is None:
            known = self._cim_classes[classname] = self.conn.GetClass(
                classname, namespace=self.name, LocalOnly=False, IncludeQualifiers=True
            )
        return known

    def _kind(self, base: Any, instance: CIMInstance) -> Any:
        """Return the Python class of an instance, which derives from another one."""
        path = instance.path
        namespace = self._beside(path.namespace if path is not None else None)
        kind = namespace._derived(base, instance.classname)
        if (kind._ready()).embedded:
            namespace._fetch(instance)
        return kind

    def _fetch(self, value: Any) -> None:
        """Fetch the classes of the instances in a value, so that reading them asks no server."""
        for instance in embedded(value):
            # Without class, it is read as it is.
            with contextlib.suppress(CIMError):
                self._cim_class(instance.classname)

    def _wrapped(self, value: Any) -> Any:
        """Return the object of a path or of an instance whose class is known, or such objects."""
        if isinstance(value, list):
            return [self._wrapped(item) for item in value]
        if isinstance(value, CIMInstanceName):
            return Reference(value, self)
        is_known = isinstance(value, CIMInstance) and value.classname in self._cim_classes
        return self[value.classname](value) if is_known else value

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
        base, state = cls or Instance, [instance]
        if isinstance(instance, Instance):
            base = cls or instance._base
            state = [instance._instance, instance._only, instance._changed]
        if not isinstance(state[0], CIMInstance):
            raise TypeError(f"An instance is wrapped, not {instance!r}")
        return (self._kind(self[base], state[0]))(*state)

    @classmethod
    def _restored(cls, base: Any, name: str, kept: Any, *state: Any) -> Any:
        """Return the object that was pickled, in a namespace without connection."""
        namespace = cls(cast(Any, None), name)
        namespace._cim_classes.update(kept)
        return namespace._derived(base, state[0].classname)(*state)
