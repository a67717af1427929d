"""
An object of a CIM class: its instance, what was changed in it, how it is read and written.
"""

from __future__ import annotations

from typing import Any, ClassVar, Dict, FrozenSet, Iterable, List, Optional, Tuple

from .._cim_obj import CIMInstance, CIMInstanceName, CIMProperty
from .described import class_text, property_text
from .elements import Element, Method, Schema

_set = object.__setattr__


class PropertyOf:
    """
    A property as attribute of a Python class.
    """

    def __init__(self, element: Element) -> None:
        self._element = element
        self._key = element.name.casefold()

    @property
    def __doc__(self) -> str:  # type: ignore[override]
        return property_text(self._element)

    def __get__(self, obj: Any, owner: Any = None) -> Any:
        return self if obj is None else obj._read(self._element, self._key)

    def __set__(self, obj: Any, value: Any) -> None:
        obj._write(self._element, value)


class MethodOf:
    """
    A method as attribute of a Python class.
    """

    def __init__(self, method: Method) -> None:
        self._method = method

    def __get__(self, obj: Any, owner: Any) -> Any:
        return owner._bound_method(self._method, obj)


def shown(value: Any) -> str:
    """
    A value in the repr of an object: numbers of CIM as numbers, datetimes as text.
    """
    if isinstance(value, list):
        return f"[{', '.join(shown(item) for item in value)}]"
    if type(value).__module__.startswith("pywbem._cim_types"):
        return str(value)
    return repr(value)


class InstanceState:
    """
    The state of an object, and the access to it.
    """

    __slots__ = ("_changed", "_instance", "_only")

    _classname: ClassVar[str] = ""
    _schema: ClassVar[Any] = None
    _namespace: ClassVar[Any] = None
    #: Enumerations by property, of modules of typed classes.
    _enumerations: ClassVar[Dict[str, Any]] = {}

    _instance: CIMInstance
    _changed: Dict[str, CIMProperty]
    _only: Optional[FrozenSet[str]]

    @classmethod
    def _with_state(cls, instance: CIMInstance, only: Optional[FrozenSet[str]] = None) -> Any:
        obj = cls.__new__(cls)
        _set(obj, "_instance", instance)
        _set(obj, "_changed", {})
        _set(obj, "_only", only)
        return obj

    @classmethod
    def _bind(cls, schema: Schema) -> None:
        """
        Give a Python class the elements of its CIM class.
        """
        for element in schema.properties.values():
            made = cls._enumerations.get(element.name)
            if made is not None and element.enumeration is not None:
                element.use(made)
            setattr(cls, element.name, PropertyOf(element))
        for method in schema.methods.values():
            setattr(cls, method.name, MethodOf(method))
        cls.__doc__ = class_text(schema.cim_class)
        cls._schema = schema

    @classmethod
    def _bound_method(cls, method: Method, obj: Any) -> Any:
        raise NotImplementedError

    def _wrapped(self, value: Any) -> Any:
        raise NotImplementedError

    # -- Reading and writing --------------------------------------------------

    def _read(self, element: Element, key: str) -> Any:
        prop = self._changed.get(key) if self._changed else None
        if prop is None:
            prop = self._instance.properties.get(element.name)
        if prop is not None:
            value = prop.value
            return value if element.plain and not element.is_array else self._seen(element, value)
        path = self._instance.path
        if path is not None and element.name in path.keybindings:
            return self._seen(element, path.keybindings[element.name])
        if self._only is not None and key not in self._only:
            raise AttributeError(
                f"{element.name} of this {self._instance.classname} was not retrieved; "
                "refresh() retrieves all properties"
            )
        return None

    def _seen(self, element: Element, value: Any) -> Any:
        return element.read(value, self._wrapped)

    def _write(self, element: Element, value: Any) -> None:
        self._changed[element.name.casefold()] = element.as_property(value)

    def __getattr__(self, name: str) -> Any:
        # Names in another case of letters than that of the class.
        if name.startswith("_") or self._schema is None:
            raise AttributeError(name)
        key = name.casefold()
        method = self._schema.methods.get(key)
        if method is not None and key not in self._schema.properties:
            return self._bound_method(method, self)
        return self._read(self._schema.property(name), key)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in InstanceState.__slots__:
            _set(self, name, value)
        else:
            self._write(self._schema.property(name), value)

    def __getitem__(self, name: str) -> Any:
        """
        The value of a property, or a method, of any name.
        """
        key = name.casefold()
        try:
            if key in self._schema.properties:
                return self._read(self._schema.properties[key], key)
            return self._bound_method(self._schema.methods[key], self)
        except (KeyError, AttributeError) as exc:
            raise KeyError(name) from exc

    def __setitem__(self, name: str, value: Any) -> None:
        """
        Set a property of any name.
        """
        try:
            element = self._schema.property(name)
        except AttributeError:
            raise KeyError(name) from None
        self._write(element, value)

    # -- The object itself ----------------------------------------------------

    @property
    def path(self) -> Optional[CIMInstanceName]:
        """
        :class:`~pywbem.CIMInstanceName`: Path of the instance.  None for
        embedded instances.
        """
        return self._instance.path

    @property
    def instance(self) -> CIMInstance:
        """
        :class:`~pywbem.CIMInstance`: The instance as a new object, with what
        was changed and is not saved yet.
        """
        return self._current()

    def _current(self) -> CIMInstance:
        instance = self._instance.copy()
        for prop in self._changed.values():
            instance.properties[prop.name] = prop
        return instance

    @property
    def changes(self) -> List[str]:
        """
        list of str: Names of the properties that were changed and are not saved.
        """
        return [prop.name for prop in self._changed.values()]

    def _items(self) -> Iterable[Tuple[str, Any]]:
        for key, element in self._schema.properties.items():
            if element.name in self._instance.properties or key in self._changed:
                yield element.name, self._read(element, key)

    def __repr__(self) -> str:
        text = ", ".join(
            f"{name}={shown(value)}" for name, value in self._items() if value is not None
        )
        return f"{self._instance.classname}({text})"

    def __dir__(self) -> List[str]:
        return [name for name in super().__dir__() if name == "__doc__" or name[0] != "_"]
