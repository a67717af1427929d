"""
The elements of a class (properties, parameters, methods): how their values are read and
written, and what their qualifiers say to people.
"""

from __future__ import annotations

import contextlib
import copy
import inspect
import keyword
from functools import cached_property
from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional, Sequence, Type, TypeVar

from .._cim_obj import CIMClass, CIMInstanceName, CIMMethod, CIMParameter, CIMProperty
from .._client.value_table import ValueTable
from .._exceptions import ModelError
from .._nocasedict import NocaseDict
from .._units import siunit_obj
from .enumeration import Items, enumeration, value_of


class _Omitted:
    def __repr__(self) -> str:
        return "OMITTED"


#: In the place of a parameter of a method: it is not sent.
OMITTED: Any = _Omitted()

# The object model takes anything for these.
STRICT: Dict[str, Any] = {"string": (str, bytes), "char16": str, "boolean": bool}

V = TypeVar("V", CIMProperty, CIMParameter)


def qualified(declared: Any, name: str) -> Any:
    """Return the value of a qualifier of a class or of an element, None if there is none."""
    qualifier = declared.qualifiers.get(name)
    return None if qualifier is None else qualifier.value


def named(elements: Iterable[Any]) -> NocaseDict[Any]:
    """Return elements by their names, in any case of letters."""
    return NocaseDict((item.name, item) for item in elements)


def description(declared: Any) -> str:
    """Return the description of a class or of an element, empty if there is none."""
    return str(qualified(declared, "Description") or "").strip()


class Element:
    # A property (then it is an attribute of a Python class), a parameter or a return value.

    def __init__(self, declared: Any, made: Any = None) -> None:
        # The enumeration may have been made already.
        self.name = declared.name
        self.key = declared.name.casefold()
        self.declared = declared
        self.type: str = getattr(declared, "type", None) or declared.return_type
        self.is_array = getattr(declared, "is_array", False)
        kinds = [kind for kind in ("Instance", "Object") if qualified(declared, "Embedded" + kind)]
        self.embedded: Optional[str] = kinds[0].lower() if kinds else None
        has_values = "Values" in declared.qualifiers
        if has_values and made is not None:
            self.enumeration = made
        #: Whether values are read as they are.
        self.plain = self.embedded is None and self.type != "reference" and not has_values

    @cached_property
    def items(self) -> Optional[Items]:
        """The entries of the value map; None if there is none, or none that DSP0004 allows."""
        table = ValueTable()
        try:
            table._set_items(self.declared)
        except (ValueError, ModelError):
            return None
        return tuple(table.items())

    @cached_property
    def enumeration(self) -> Any:
        """The enumeration of the values, made when first asked for; None without value map."""
        return enumeration(self.name, self.type != "string", self.items) if self.items else None

    def __get__(self, obj: Any, owner: Any) -> Any:
        if obj is None:
            return owner._member(self.name, self)
        return self.read(obj._value(self), obj._namespace._wrapped)

    def __set__(self, obj: Any, value: Any) -> None:
        obj._changed[self.key] = self.holding(CIMProperty, value)

    def read(self, value: Any, wrap: Callable[[Any], Any]) -> Any:
        """Return a value of CIM as a program reads it; ``wrap`` is for paths and instances."""
        if isinstance(value, list):
            return [self.read(item, wrap) for item in value]
        if value is None or self.plain:
            return value
        return wrap(value) if self.enumeration is None else self.enumeration(value)

    def write(self, value: Any) -> Any:
        """Return a value of a program as that of CIM, not yet checked by the object model."""
        if isinstance(value, (list, tuple)):
            return [self.write(item) for item in value]
        if value is None:
            return None
        if self.enumeration is not None:
            return value_of(self.enumeration, value)
        expected = STRICT.get(self.type)
        if expected and not (self.embedded or isinstance(value, expected)):
            raise TypeError(f"{self.name} is a {self.type}, which cannot be: {value!r}")
        instance = value._current() if hasattr(value, "_current") else value
        if self.type != "reference":
            return instance
        path = getattr(instance, "path", instance)
        if path is None:
            raise ValueError(f"{self.name} cannot reference an object without path: {value!r}")
        return path

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
            item = copy.copy(self)
            item.is_array = False
            test = item.test(wanted)
            return lambda value: any(map(test, value or ()))
        made = self.enumeration
        if isinstance(wanted, str) and made and wanted in dict(made.__items__).values():
            return lambda value: value is not None and made(value).text == wanted
        expected = self.holding(CIMProperty, wanted).value
        return lambda value: same(value, expected)

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


class Method(Element):
    # A method of a class, declared as its return value, with its parameters.

    def __init__(self, declared: CIMMethod) -> None:
        super().__init__(declared)
        #: Whether it is invoked on the class.
        self.is_static = bool(qualified(declared, "Static"))
        elements = [Element(parameter) for parameter in declared.parameters.values()]
        # DSP0004: the qualifier In is true by default, Out is not.
        self.inputs = [item for item in elements if qualified(item.declared, "In") is not False]
        self.outputs = named(item for item in elements if qualified(item.declared, "Out"))
        #: Whether ``check`` is a parameter of the method itself.
        self.own_check = any(item.name == "check" for item in self.inputs)

    def __get__(self, obj: Any, owner: Any) -> Any:
        bound = owner._bound(self.name, obj)
        self.document(bound)
        return owner._member(self.name, bound) if obj is None else bound

    def parameters(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> List[CIMParameter]:
        """Return the parameters of a call; those that are OMITTED are not sent, None is NULL."""
        if len(args) > len(self.inputs):
            raise TypeError(f"{self.name}() takes {len(self.inputs)} parameters, not {len(args)}")
        known = named(self.inputs)
        given = NocaseDict(zip(known, args))
        for name, value in kwargs.items():
            if name not in known:
                raise TypeError(f"{self.name}() has no input parameter {name!r}")
            if name in given:
                raise TypeError(f"{self.name}() got several values for parameter {name!r}")
            given[name] = value
        return [
            item.holding(CIMParameter, given[name])
            for name, item in known.items()
            if given.get(name, OMITTED) is not OMITTED
        ]

    def document(self, function: Any) -> None:
        """Give a function that invokes the method its name, signature and documentation."""
        kinds = inspect.Parameter
        parameters = [
            kinds(item.name, kinds.POSITIONAL_OR_KEYWORD, default=OMITTED)
            for item in self.inputs
            if item.name.isidentifier() and not keyword.iskeyword(item.name)
        ]
        if not self.own_check:
            parameters.append(kinds("check", kinds.KEYWORD_ONLY, default=False))
        function.__name__ = function.__qualname__ = self.name
        function.__doc__ = self.__doc__
        function.__signature__ = inspect.Signature(parameters)

    @property
    def __doc__(self) -> str:  # type: ignore[override]
        lines = [description(self.declared), ""]
        outputs = self.outputs.values()
        for title, elements in (("Parameters:", self.inputs), ("Output parameters:", outputs)):
            found = [f"    {line}" for item in elements for line in item.__doc__.splitlines()]
            lines += [title, *found] if found else []
        values = self.value_lines()
        return "\n".join(lines + (["Returned values:", *values] if values else [])).strip()


class Schema:
    """The properties and methods of a class by their names, in any case of letters."""

    def __init__(self, cim_class: CIMClass, enumerations: Mapping[str, Any]) -> None:
        # The enumerations are those of a typed class, by the names of properties.
        self.cim_class = cim_class
        self.classname = cim_class.classname
        properties = cim_class.properties.values()
        self.properties = named(Element(item, enumerations.get(item.name)) for item in properties)
        self.methods = named(Method(declared) for declared in cim_class.methods.values())
        self.keys = [item.name for item in properties if qualified(item, "Key")]
        self.embedded = any(item.embedded for item in self.properties.values())
        self.doc = description(cim_class) or f"The CIM class {self.classname}."

    def find(self, kinds: str, name: str, error: Type[Exception] = AttributeError) -> Any:
        """Return the "property", the "method" or either of a name, or raise the error."""
        for kind, elements in (("property", self.properties), ("method", self.methods)):
            if kind in kinds and name in elements:
                return elements[name]
        raise error(f"{self.classname} has no {kinds} {name!r}")

    def holding(self, values: Mapping[str, Any]) -> List[CIMProperty]:
        """Return properties with values, which the object model checks."""
        return [self.find("property", name).holding(CIMProperty, values[name]) for name in values]
