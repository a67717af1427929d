"""
The elements of a class (properties, parameters, return values): how their values are read
and written.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Callable, Dict, List, Optional, Union

from .._cim_obj import (
    CIMClass,
    CIMInstance,
    CIMInstanceName,
    CIMMethod,
    CIMParameter,
    CIMProperty,
)
from .._cim_types import CIMDateTime
from .enumeration import enumeration, number_of

# What makes an object of the layer of a path or of an embedded instance.
Wrap = Callable[[Any], Any]


class Element:
    """
    A property, a parameter or the return value of a method.
    """

    __slots__ = ("name", "declared", "type", "is_array", "embedded", "_enumeration", "plain")

    def __init__(self, declared: Union[CIMProperty, CIMParameter, CIMMethod]) -> None:
        self.name = declared.name
        self.declared = declared
        method = isinstance(declared, CIMMethod)
        self.type: str = declared.return_type if method else declared.type  # type: ignore
        self.is_array = bool(getattr(declared, "is_array", False))
        self.embedded: Optional[str] = None
        qualifiers = declared.qualifiers
        if "EmbeddedInstance" in qualifiers and qualifiers["EmbeddedInstance"].value:
            self.embedded = "instance"
        elif "EmbeddedObject" in qualifiers and qualifiers["EmbeddedObject"].value:
            self.embedded = "object"
        #: Whether values are read as they are.
        self.plain = (
            self.embedded is None and self.type != "reference" and "Values" not in qualifiers
        )
        self._enumeration: Any = None if self.plain else Element

    @property
    def enumeration(self) -> Any:
        """
        The enumeration of the values, made when it is first asked for.
        """
        if self._enumeration is Element:
            self._enumeration = enumeration(self.declared)
        return self._enumeration

    def use(self, made: Any) -> None:
        """
        Read values as members of an enumeration that exists.
        """
        self._enumeration = made

    def read(self, value: Any, wrap: Wrap) -> Any:
        """
        A value of CIM as it is read by a program.
        """
        if value is None or self.plain:
            return list(value) if isinstance(value, list) else value
        if isinstance(value, list):
            return [self.read(item, wrap) for item in value]
        made = self.enumeration
        if made is not None:
            return made(value)
        return wrap(value) if isinstance(value, (CIMInstanceName, CIMInstance)) else value

    def write(self, value: Any) -> Any:
        """
        A value of a program as that of CIM, not yet checked.

        Raises:
            ValueError: It is a text that the value map does not have.
        """
        if isinstance(value, (list, tuple)):
            return [self.write(item) for item in value]
        made = self.enumeration
        if made is not None and isinstance(value, str) and not isinstance(value, made):
            # A string that is a value of the map itself is no text of it.
            if issubclass(made, str) and value in {mapped for mapped, _ in made.__items__}:
                return value
            return number_of(made, value)
        if isinstance(value, (datetime, timedelta)):
            return CIMDateTime(value)
        if self.type == "reference":
            instance = getattr(value, "_instance", None)
            return getattr(value, "path", value) if instance is None else instance.path
        if self.embedded is not None:
            return value._current() if hasattr(value, "_current") else value
        return getattr(value, "value", value) if made is not None else value

    def as_property(self, value: Any) -> CIMProperty:
        """
        The property with a value, checked and converted by the object model.

        Raises:
            ValueError, TypeError: The value does not fit.
        """
        return CIMProperty(
            self.name,
            self.write(value),
            self.type,
            is_array=self.is_array,
            embedded_object=self.embedded,
        )

    def as_parameter(self, value: Any) -> CIMParameter:
        """
        The parameter with a value, checked and converted by the object model.

        Raises:
            ValueError, TypeError: The value does not fit.
        """
        return CIMParameter(
            self.name,
            self.type,
            is_array=self.is_array,
            value=self.write(value),
            embedded_object=self.embedded,
        )


class Method:
    """
    A method of a class, with its parameters.
    """

    def __init__(self, declared: CIMMethod) -> None:
        self.name = declared.name
        self.declared = declared
        self.result = Element(declared)
        self.inputs: List[Element] = []
        self.outputs: Dict[str, Element] = {}
        for parameter in declared.parameters.values():
            element = Element(parameter)
            given = parameter.qualifiers.get("In")
            if given is None or given.value is not False:
                self.inputs.append(element)
            if "Out" in parameter.qualifiers and parameter.qualifiers["Out"].value:
                self.outputs[parameter.name.casefold()] = element

    @property
    def is_static(self) -> bool:
        """
        Whether it is invoked on the class.
        """
        static = self.declared.qualifiers.get("Static")
        return static is not None and bool(static.value)

    def parameters(self, args: Any, kwargs: Dict[str, Any]) -> List[CIMParameter]:
        """
        The parameters of a call; what is None is not sent.

        Raises:
            TypeError: There are too many, one twice, or one that is not declared.
            ValueError: A value does not fit.
        """
        if len(args) > len(self.inputs):
            raise TypeError(
                f"{self.name}() takes {len(self.inputs)} parameters, but {len(args)} were given"
            )
        given = {element.name.casefold(): value for element, value in zip(self.inputs, args)}
        for name, value in kwargs.items():
            if name.casefold() in given:
                raise TypeError(f"{self.name}() got several values for parameter {name!r}")
            given[name.casefold()] = value
        sent = []
        for element in self.inputs:
            value = given.pop(element.name.casefold(), None)
            if value is not None:
                sent.append(element.as_parameter(value))
        if given:
            raise TypeError(f"{self.name}() has no input parameter {next(iter(given))!r}")
        return sent


class Schema:
    """
    The elements of a class by their names, in any case of letters.
    """

    def __init__(self, cim_class: CIMClass) -> None:
        self.cim_class = cim_class
        self.classname: str = cim_class.classname
        self.properties: Dict[str, Element] = {
            name.casefold(): Element(declared) for name, declared in cim_class.properties.items()
        }
        self.methods: Dict[str, Method] = {
            name.casefold(): Method(declared) for name, declared in cim_class.methods.items()
        }
        self.embedded = [
            element.name for element in self.properties.values() if element.embedded is not None
        ]

    def property(self, name: str) -> Element:
        """
        The property of a name.

        Raises:
            AttributeError: There is none.
        """
        try:
            return self.properties[name.casefold()]
        except KeyError:
            raise AttributeError(f"{self.classname} has no property {name!r}") from None
