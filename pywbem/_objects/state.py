"""
An object of a CIM class: its instance, what was changed in it, how it is read and written.
"""

from __future__ import annotations

import inspect
from typing import Any, ClassVar, Dict, FrozenSet, Iterator, List, Optional, Union

from .._cim_obj import CIMClass, CIMInstance, CIMInstanceName, CIMProperty
from .elements import Element, Method, Schema

_set = object.__setattr__


def shown(value: Any) -> str:
    """Return a value in the repr of an object: numbers of CIM as numbers, datetimes as text."""
    if isinstance(value, list):
        return f"[{', '.join(shown(item) for item in value)}]"
    if type(value).__module__.startswith("pywbem._cim_types"):
        return str(value)
    return repr(value)


def embedded(instance: CIMInstance) -> Iterator[CIMInstance]:
    """Return the embedded instances of an instance, and those in them."""
    for prop in instance.properties.values():
        for item in prop.value if isinstance(prop.value, list) else [prop.value]:
            if isinstance(item, CIMInstance):
                yield item
                yield from embedded(item)


class InstanceState:
    """The state of an object, and the access to it, which asks no server."""

    __slots__ = ("_changed", "_instance", "_only")

    #: The properties that were assigned to and not saved, by their keys.
    _changed: Dict[str, CIMProperty]
    _instance: CIMInstance
    #: The keys of the properties that were retrieved, None for all.
    _only: Optional[FrozenSet[str]]

    _classname: ClassVar[str] = ""
    _namespace: ClassVar[Any] = None
    _schema: ClassVar[Any] = None
    #: Enumerations by the names of properties, of typed classes.
    _enumerations: ClassVar[Dict[str, Any]] = {}
    #: Without namespace, the classes of embedded instances by their names in lower case.
    _kept: ClassVar[Any] = None

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
    def _bind(cls, cim_class: CIMClass) -> None:
        """Give a Python class the elements of its CIM class."""
        schema = Schema(cim_class, cls._enumerations)
        cls.__doc__ = schema.doc
        own: List[Union[Method, Element]] = [*schema.methods.values(), *schema.properties.values()]
        for element in own:
            # What Python and this layer need themselves begins so; then it is an item only.
            if not (element.name.startswith("_") and cls._is_taken(element.name)):
                setattr(cls, element.name, element)
        cls._schema = schema  # the last: now other threads use it

    @classmethod
    def _is_taken(cls, name: str) -> bool:
        """Return whether an attribute is one of Python or of this layer."""
        found = inspect.getattr_static(cls, name, Element)
        return found is not Element and not isinstance(found, (Element, Method))

    def _wrapped(self, value: Any) -> Any:
        """Return the object of a path or of an embedded instance."""
        raise NotImplementedError

    # -- Reading and writing --------------------------------------------------

    def _value(self, element: Element) -> Any:
        """Return the value of CIM of a property that was retrieved."""
        prop = self._changed.get(element.key) if self._changed else None
        if prop is None:
            prop = self._instance.properties.get(element.name)
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

    def _read(self, element: Element) -> Any:
        value = self._value(element)
        if element.plain and not isinstance(value, list):
            return value
        return element.read(value, self._wrapped)

    def _write(self, element: Element, value: Any) -> None:
        self._changed[element.key] = element.holding(CIMProperty, value)

    def __getattr__(self, name: str) -> Any:
        # Names in another case of letters than that of the class.
        schema, key = self._schema, name.casefold()
        if schema is None:
            raise AttributeError(name)
        found = schema.properties.get(key) or schema.methods.get(key)
        if found is None:
            raise AttributeError(f"{schema.classname} has no property or method {name!r}")
        return found.__get__(self, type(self))

    def __setattr__(self, name: str, value: Any) -> None:
        element = self._schema.property(name)
        if self._is_taken(name):
            raise AttributeError(
                f"{name} is a name of this layer; the property is the item {element.name!r}"
            )
        self._write(element, value)

    def __getitem__(self, name: str) -> Any:
        """The value of a property, or a method, of any name."""
        try:
            return self.__getattr__(name)
        except AttributeError as exc:
            raise KeyError(str(exc)) from None

    def __setitem__(self, name: str, value: Any) -> None:
        """Set a property of any name."""
        try:
            element = self._schema.property(name)
        except AttributeError as exc:
            raise KeyError(str(exc)) from None
        self._write(element, value)

    # -- The object itself ----------------------------------------------------

    @property
    def path(self) -> Optional[CIMInstanceName]:
        """:class:`~pywbem.CIMInstanceName`: Path of the instance.  None for embedded instances."""
        return self._instance.path

    @property
    def instance(self) -> CIMInstance:
        """
        :class:`~pywbem.CIMInstance`: The instance as a new object, with what was changed and
        is not saved yet.
        """
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
        shows = []
        for key, element in self._schema.properties.items():
            if element.name in self._instance.properties or key in self._changed:
                value = self._read(element)
                if value is not None:
                    shows.append(f"{element.name}={shown(value)}")
        return f"{self._instance.classname}({', '.join(shows)})"

    def __dir__(self) -> List[str]:
        return [name for name in super().__dir__() if name == "__doc__" or name[0] != "_"]
