"""
The elements of a class (properties, parameters, methods): how their values are read and
written, and what their qualifiers say to people.
"""

from __future__ import annotations

import contextlib
import inspect
import keyword
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Type, TypeVar

from .._cim_obj import CIMClass, CIMInstance, CIMInstanceName, CIMMethod, CIMParameter, CIMProperty
from .._cim_types import CIMDateTime
from .._units import siunit_obj
from .enumeration import Items, enumeration, value_items, value_of


class _Omitted:
    def __repr__(self) -> str:
        return "OMITTED"


#: In the place of a parameter of a method: it is not sent.
OMITTED: Any = _Omitted()

PLAIN: Dict[str, Any] = {"string": (str, bytes), "char16": str, "boolean": bool}

V = TypeVar("V", CIMProperty, CIMParameter)


def qualified(declared: Any, name: str) -> Any:
    """Return the value of a qualifier of a class or of an element, None if there is none."""
    qualifier = declared.qualifiers.get(name)
    return None if qualifier is None else qualifier.value


def description(declared: Any) -> str:
    """Return the description of a class or of an element, empty if there is none."""
    return str(qualified(declared, "Description") or "").strip()


class Element:
    # A property (then it is an attribute of a Python class), a parameter or a return value.

    def __init__(self, declared: Any, made: Any = None, is_array: Optional[bool] = None) -> None:
        # A method is declared as its return value; the enumeration may have been made already.
        self.name = declared.name
        self.key = declared.name.casefold()
        self.declared = declared
        self.type: str = getattr(declared, "type", None) or declared.return_type
        self.is_array = getattr(declared, "is_array", False) if is_array is None else is_array
        self.embedded: Optional[str] = None
        if qualified(declared, "EmbeddedInstance"):
            self.embedded = "instance"
        elif qualified(declared, "EmbeddedObject"):
            self.embedded = "object"
        has_values = "Values" in declared.qualifiers
        if has_values and made is not None:
            self.enumeration = made
        #: Whether values are read as they are.
        self.plain = self.embedded is None and self.type != "reference" and not has_values

    @cached_property
    def items(self) -> Optional[Items]:
        """The entries of the value map."""
        return value_items(self.declared)

    @cached_property
    def enumeration(self) -> Any:
        """The enumeration of the values, made when first asked for; None without value map."""
        return enumeration(self.name, self.type != "string", self.items) if self.items else None

    def __get__(self, obj: Any, owner: Any) -> Any:
        return owner._member(self, self) if obj is None else obj._read(self)

    def __set__(self, obj: Any, value: Any) -> None:
        obj._write(self, value)

    def read(self, value: Any, wrap: Optional[Callable[[Any], Any]] = None) -> Any:
        """Return a value of CIM as a program reads it; ``wrap`` is for paths and instances."""
        if isinstance(value, list):
            return [self.read(item, wrap) for item in value]
        if value is None or self.plain:
            return value
        if self.enumeration is not None:
            return self.enumeration(value)
        is_object = isinstance(value, (CIMInstanceName, CIMInstance))
        return wrap(value) if is_object and wrap is not None else value

    def write(self, value: Any) -> Any:
        """Return a value of a program as that of CIM, not yet checked by the object model."""
        if isinstance(value, (list, tuple)):
            return [self.write(item) for item in value]
        made = self.enumeration
        if made is not None:
            text = isinstance(value, str) and not isinstance(value, made)
            return value_of(made, value) if text else getattr(value, "value", value)
        if isinstance(value, (datetime, timedelta)):
            return CIMDateTime(value)
        # The object model takes anything for these.
        expected = PLAIN.get(self.type)
        if expected and not (value is None or self.embedded or isinstance(value, expected)):
            raise TypeError(f"{self.name} is a {self.type}, which cannot be: {value!r}")
        instance = getattr(value, "_instance", value)
        if self.type == "reference" and value is not None:
            path = getattr(instance, "path", instance)
            if path is None:
                raise ValueError(f"{self.name} cannot reference an object without path: {value!r}")
            return path
        return instance if instance is value else value._current()

    def holding(self, kind: Type[V], value: Any) -> V:
        """Return the property or parameter with a value, which the object model checks."""
        return kind(
            name=self.name,
            type=self.type,
            value=self.write(value),
            is_array=self.is_array,
            embedded_object=self.embedded,
        )

    def test(self, wanted: Any) -> Callable[[Any], bool]:
        """
        Return what tells whether a value of CIM is the one that is wanted, or, if that is no
        list, whether an array has it.  A text may be that of a range.
        """
        if self.is_array and not isinstance(wanted, (list, tuple, type(None))):
            item = Element(self.declared, self.enumeration, is_array=False).test(wanted)
            return lambda value: any(map(item, value or ()))
        made = self.enumeration
        if isinstance(wanted, str) and made and wanted in dict(made.__items__).values():
            return lambda value: value is not None and made(value).text == wanted
        expected = self.holding(CIMProperty, wanted).value
        return lambda value: same(value, expected)

    # -- What is said to people -----------------------------------------------

    @property
    def __doc__(self) -> str:  # type: ignore[override]
        kind = self.type + ("[]" if self.is_array else "")
        if self.type == "reference":
            kind = f"{getattr(self.declared, 'reference_class', None) or ''} {kind}".strip()
        elif self.embedded is not None:
            kind = f"{qualified(self.declared, 'EmbeddedInstance') or 'object'} in {kind}"
        with contextlib.suppress(ValueError, TypeError):  # a unit that no one knows
            unit = siunit_obj(self.declared)
            kind = f"{kind} in {unit}" if unit else kind
        text = f"{self.name} ({kind}): {description(self.declared)}".rstrip(" :")
        return "\n".join([text, *self.value_lines()])

    def value_lines(self) -> List[str]:
        """Return the entries of the value map, a line each."""
        lines = []
        for mapped, text in self.items or ():
            shown = "{}..{}".format(*mapped) if isinstance(mapped, tuple) else mapped
            lines.append(f"    {'others' if shown is None else shown}: {text}")
        return lines


def same(value: Any, expected: Any) -> bool:
    """Return whether values of CIM are equal; all paths are of one server."""
    if isinstance(value, CIMInstanceName) and isinstance(expected, CIMInstanceName):
        value, expected = value.copy(), expected.copy()
        value.host = expected.host = None
        value.namespace = value.namespace if expected.namespace else None
    return bool(value == expected)


class Method:
    # A method of a class, which is an attribute of a Python class, with its parameters.

    def __init__(self, declared: CIMMethod) -> None:
        self.name = declared.name
        self.key = declared.name.casefold()
        self.declared = declared
        self.result = Element(declared)
        #: Whether it is invoked on the class.
        self.is_static = bool(qualified(declared, "Static"))
        elements = [Element(parameter) for parameter in declared.parameters.values()]
        # DSP0004: the qualifier In is true by default, Out is not.
        self.inputs = [item for item in elements if qualified(item.declared, "In") is not False]
        self.outputs = {item.key: item for item in elements if qualified(item.declared, "Out")}
        #: Whether ``check`` is a parameter of the method itself.
        self.own_check = any(item.name == "check" for item in self.inputs)

    def __get__(self, obj: Any, owner: Any) -> Any:
        bound = owner._bound(self.name, obj, self)
        return owner._member(self, bound) if obj is None else bound

    def parameters(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> List[CIMParameter]:
        """Return the parameters of a call; those that are OMITTED are not sent, None is NULL."""
        if len(args) > len(self.inputs):
            raise TypeError(
                f"{self.name}() takes {len(self.inputs)} parameters, but {len(args)} were given"
            )
        known = {item.key: item for item in self.inputs}
        given = dict(zip(known, args))
        for name, value in kwargs.items():
            key = name.casefold()
            if key not in known:
                raise TypeError(f"{self.name}() has no input parameter {name!r}")
            if key in given:
                raise TypeError(f"{self.name}() got several values for parameter {name!r}")
            given[key] = value
        return [
            item.holding(CIMParameter, given[key])
            for key, item in known.items()
            if given.get(key, OMITTED) is not OMITTED
        ]

    def document(self, function: Any) -> None:
        """Give a function that invokes the method its name, signature and documentation."""
        kinds = inspect.Parameter
        named = [
            kinds(item.name, kinds.POSITIONAL_OR_KEYWORD, default=OMITTED)
            for item in self.inputs
            if item.name.isidentifier() and not keyword.iskeyword(item.name)
        ]
        if not self.own_check:
            named.append(kinds("check", kinds.KEYWORD_ONLY, default=False))
        function.__name__ = function.__qualname__ = self.name
        function.__doc__ = self.__doc__
        function.__signature__ = inspect.Signature(named)

    @property
    def __doc__(self) -> str:  # type: ignore[override]
        lines = [description(self.declared), ""]
        outputs = self.outputs.values()
        for title, elements in (("Parameters:", self.inputs), ("Output parameters:", outputs)):
            if elements:
                lines.append(title)
                for item in elements:
                    lines += ["    " + line for line in item.__doc__.splitlines()]
        values = self.result.value_lines()
        return "\n".join(lines + (["Returned values:", *values] if values else [])).strip()


class Schema:
    """The properties and methods of a class by their names, in any case of letters."""

    def __init__(self, cim_class: CIMClass, enumerations: Mapping[str, Any]) -> None:
        # The enumerations are those of a typed class, by the names of properties.
        self.cim_class = cim_class
        self.classname: str = cim_class.classname
        self.properties: Dict[str, Element] = {}
        for declared in cim_class.properties.values():
            element = Element(declared, enumerations.get(declared.name))
            self.properties[element.key] = element
        methods = [Method(declared) for declared in cim_class.methods.values()]
        self.methods: Dict[str, Method] = {method.key: method for method in methods}
        self.keys = [
            item.name for item in self.properties.values() if qualified(item.declared, "Key")
        ]
        self.embedded = any(item.embedded for item in self.properties.values())

    @property
    def doc(self) -> str:
        """The documentation of the class."""
        return description(self.cim_class) or f"The CIM class {self.classname}."

    def property(self, name: str) -> Element:
        """Return the property of a name, or raise AttributeError."""
        try:
            return self.properties[name.casefold()]
        except KeyError:
            raise AttributeError(f"{self.classname} has no property {name!r}") from None
