"""
An object of a CIM class: its instance, what was changed in it, how it is read and written.
"""

from __future__ import annotations

import inspect
from typing import Any, ClassVar, Dict, FrozenSet, Iterator, List, Optional

from .._cim_obj import CIMClass, CIMInstance, CIMInstanceName, CIMProperty
from .._cim_types import CIMType
from .elements import Element, Schema

_set = object.__setattr__


def shown(value: Any) -> str:
    """Return a value in the repr of an object: numbers of CIM as numbers, datetimes as text."""
    if isinstance(value, list):
        return f"[{', '.join(map(shown, value))}]"
    return str(value) if isinstance(value, CIMType) else repr(value)


def embedded(value: Any) -> Iterator[CIMInstance]:
    """Return the instances that a value is or has in it."""
    if isinstance(value, list):
        for item in value:
            yield from embedded(item)
    elif isinstance(value, CIMInstance):
        yield value
        for prop in value.properties.values():
            yield from embedded(prop.value)


def connected(owner: Any) -> Any:
    """Return the namespace of a class, an object, …, if it has a connection."""
    if owner._namespace is None or owner._namespace.conn is None:
        raise ValueError(
            f"{getattr(owner, '__name__', type(owner).__name__)} has no connection: namespace.wrap"
            "(...) gives one to an unpickled object, namespace[...] to a typed class"
        )
    return owner._namespace


class InstanceType(type):
    """The type of the Python classes: a static method of a CIM class is an attribute."""

    def __getattr__(cls: Any, name: str) -> Any:
        if name.startswith("_") or cls._namespace is None:
            raise AttributeError(f"{cls.__name__} has no attribute {name!r}")
        return cls._bound(name, None)

    def __getitem__(cls: Any, name: str) -> Any:
        """A static method of any name."""
        return cls._bound(name, None)

    def __repr__(cls: Any) -> str:
        where = f" in {cls._namespace.name}" if cls._namespace is not None else ""
        return f"<CIM class {cls._classname or cls.__name__}{where}>"


class InstanceState(metaclass=InstanceType):
    """The state of an object, and the access to it, which asks no server."""

    __slots__ = ("_changed", "_instance", "_only")

    #: The properties that were assigned to and not saved, by their keys.
    _changed: Dict[str, CIMProperty]
    _instance: CIMInstance
    #: The keys of the properties that were retrieved, None for all.
    _only: Optional[FrozenSet[str]]

    _classname: ClassVar[str] = ""
    #: Where the class is; without connection for what was unpickled.
    _namespace: ClassVar[Any] = None
    #: The class, typed or not, in no namespace that it derives from.
    _base: ClassVar[Any] = None
    _schema: ClassVar[Any] = None
    #: Enumerations by the names of properties, of typed classes.
    _enumerations: ClassVar[Dict[str, Any]] = {}

    def __init__(
        self,
        instance: CIMInstance,
        only: Optional[FrozenSet[str]] = None,
        changed: Optional[Dict[str, CIMProperty]] = None,
    ) -> None:
        _set(self, "_instance", instance)
        _set(self, "_only", only)
        _set(self, "_changed", dict(changed or {}))

    @classmethod
    def _bind(cls, cim_class: CIMClass) -> Schema:
        """Give a Python class the elements of its CIM class, and return them."""
        schema = Schema(cim_class, cls._enumerations)
        cls.__doc__ = schema.doc
        for element in (*schema.methods.values(), *schema.properties.values()):
            # What Python and this layer need themselves begins so; then it is an item only.
            if not (element.name.startswith("_") and cls._is_taken(element.name)):
                setattr(cls, element.name, element)
        cls._schema = schema  # the last: now other threads use it
        return schema

    @classmethod
    def _is_taken(cls, name: str) -> bool:
        """Return whether an attribute is one of Python or of this layer."""
        found = inspect.getattr_static(cls, name, Element)
        return found is not Element and not isinstance(found, Element)

    def _value(self, element: Element) -> Any:
        """Return the value of CIM of a property that was retrieved."""
        prop = self._changed.get(element.key) or self._instance.properties.get(element.name)
        if prop is not None:
            return prop.value
        path = self._instance.path
        if path is not None and element.name in path.keybindings:
            return path.keybindings[element.name]
        if self._only is not None and element.key not in self._only:
            raise AttributeError(
                f"{element.name} of this {self._instance.classname} was not retrieved; "
                "refresh() retrieves all properties"
            )
        return None

    def __getattr__(self, name: str) -> Any:
        # Names in another case of letters than that of the class.
        return self._schema.find("property or method", name).__get__(self, type(self))

    def __setattr__(self, name: str, value: Any) -> None:
        element = self._schema.find("property", name)
        if self._is_taken(name):
            raise AttributeError(
                f"{name} is a name of this layer; the property is the item {element.name!r}"
            )
        element.__set__(self, value)

    def __getitem__(self, name: str) -> Any:
        """The value of a property, or a method, of any name."""
        try:
            return self.__getattr__(name)
        except AttributeError as exc:
            raise KeyError(str(exc)) from None

    def __setitem__(self, name: str, value: Any) -> None:
        """Set a property of any name."""
        self._schema.find("property", name, KeyError).__set__(self, value)

    @property
    def path(self) -> Optional[CIMInstanceName]:
        """:class:`~pywbem.CIMInstanceName`: Path of the instance.  None for embedded instances."""
        return self._instance.path

    @property
    def instance(self) -> CIMInstance:
        """:class:`~pywbem.CIMInstance`: A copy of the instance, with the changes not saved yet."""
        return self._current()

    def _current(self) -> CIMInstance:
        instance = self._instance.copy()
        instance.properties.update({prop.name: prop for prop in self._changed.values()})
        return instance

    @property
    def changes(self) -> List[str]:
        """list of str: Names of the properties that were changed and are not saved."""
        return [prop.name for prop in self._changed.values()]

    def __repr__(self) -> str:
        known = self._current().properties
        found = [item for item in self._schema.properties.values() if item.name in known]
        values = {item.name: item.__get__(self, type(self)) for item in found}
        shows = [f"{name}={shown(value)}" for name, value in values.items() if value is not None]
        return f"{self._instance.classname}({', '.join(shows)})"

    def __dir__(self) -> List[str]:
        return [name for name in super().__dir__() if name == "__doc__" or name[0] != "_"]
