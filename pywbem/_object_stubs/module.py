"""
Modules of typed classes: the same classes give the same text.
"""

from __future__ import annotations

import keyword
import re
import textwrap
from typing import Any, Dict, Iterable, Iterator, List, Mapping, Optional, Tuple

from .._cim_obj import CIMClass
from .._nocasedict import NocaseDict
from .._objects._sync.instance import Instance
from .._objects.elements import Element, Method, Schema
from .._objects.enumeration import members

HEAD = '''"""
Typed classes of CIM classes, written by python -m pywbem.objects.
"""

from __future__ import annotations

{imports}

'''
PYTHON = {"string": "str", "char16": "str", "boolean": "bool", "datetime": "CIMDateTime"}
PYTHON.update(real32="float", real64="float")
# What the classes may use of other modules.
IMPORTED = {
    "typing": "Any ClassVar Dict List Optional Union",
    "pywbem": "CIMDateTime CIMInstance CIMInstanceName",
    "pywbem.objects": "AsyncInstance AsyncMethodResult AsyncReference Instance IntEnumeration"
    " MethodResult OMITTED Reference StrEnumeration",
}
TYPES = frozenset(" ".join(["int str bool float", *IMPORTED.values()]).split())


def module(classes: Iterable[CIMClass], asynchronous: bool = False) -> str:
    """
    Return the text of a module with a typed class for each CIM class: superclasses first,
    otherwise in the order of the names.

    Parameters:
        classes (iterable of CIMClass): The classes, with qualifiers and inherited elements.
        asynchronous (bool): Their methods are coroutine functions.
    """
    writer = Writer(classes, "Async" if asynchronous else "")
    lines: Dict[str, List[str]] = {}

    def write(schema: Schema) -> None:
        if schema.classname not in lines:
            parent = writer.parent(schema)
            if parent is not None:
                write(parent)
            lines[schema.classname] = writer.class_lines(schema)

    for _, schema in sorted_items(writer.schemas):
        write(schema)
    body = "\n".join(line for part in lines.values() for line in part)
    words = set(re.findall(r"\w+", body))
    imports = []
    for source, names in IMPORTED.items():
        used = [f"    {name}," for name in names.split() if name in words]
        if used:
            imports += [f"from {source} import (", *used, ")"]
    return HEAD.format(imports="\n".join(imports)) + body + "\n"


def sorted_items(named: Mapping[str, Any]) -> List[Tuple[str, Any]]:
    """Return what has names in the order of these, in any case of letters."""
    return sorted(named.items(), key=lambda item: item[0].casefold())


class Writer:
    """Writes the classes of one module."""

    def __init__(self, classes: Iterable[CIMClass], prefix: str) -> None:
        # The prefix of the names of the layer is "Async" or nothing.
        self.schemas = NocaseDict((cls.classname, Schema(cls, {})) for cls in classes)
        self.prefix = prefix

    def parent(self, schema: Schema) -> Optional[Schema]:
        """Return the superclass, if it is one of the classes."""
        found: Optional[Schema] = self.schemas.get(schema.cim_class.superclass or "")
        return found

    def class_lines(self, schema: Schema) -> List[str]:
        """Return the lines of a class, its enumerations before it."""
        parent, name = self.parent(schema), schema.classname
        base = parent.classname if parent else f"{self.prefix}Instance"
        before: List[str] = []
        enumerations: List[str] = []
        body = [*_docstring(schema.doc, "    "), "", f"    _classname: ClassVar[str] = {name!r}"]
        for _, element in sorted_items(schema.properties):
            made = self.enumeration(schema, element)
            if made == self.own_enumeration(schema, element):
                before += _enumeration_lines(made, element)
                enumerations.append(f"{element.name!r}: {made}")
            body += self.property_lines(schema, element, parent)
        if enumerations:
            inherited = [f"**{base}._enumerations"] if parent else []
            body.append("    _enumerations: ClassVar[Dict[str, Any]] = {")
            body.append(f"        {', '.join(inherited + enumerations)}")
            body.append("    }")
        for _, method in sorted_items(schema.methods):
            body += self.method_lines(schema, method, parent)
        return [*before, "", f"class {name}({base}):", *body, ""]

    def enumeration(self, schema: Schema, element: Element) -> Optional[str]:
        """Return the enumeration of a property: that of the highest class that has the same."""
        if not element.items:
            return None
        parent = self.parent(schema)
        inherited = parent.properties.get(element.name) if parent else None
        if parent and inherited and inherited.items == element.items:
            return self.enumeration(parent, inherited)
        return self.own_enumeration(schema, element)

    def own_enumeration(self, schema: Schema, element: Element) -> str:
        """Return the name of the enumeration of a property, not one of a class."""
        name = f"{schema.classname}_{_plain(element.name)}"
        return name + "_" if name in self.schemas else name

    def type_of(self, element: Element, plain: str, embedded: str, reference: str) -> str:
        """Return the type of an element of one of these kinds, an array or not."""
        text = plain if element.embedded is None else embedded
        if element.type == "reference":
            text = reference
        return f"Optional[List[{text}]]" if element.is_array else f"Optional[{text}]"

    def read_type(self, schema: Schema, element: Element) -> str:
        """Return the type of a property."""
        plain = self.enumeration(schema, element) or PYTHON.get(element.type, "int")
        return self.type_of(element, plain, "Any", f"{self.prefix}Reference")

    def input_type(self, element: Element) -> str:
        """Return what a parameter may be given: numbers and texts of a value map, too."""
        plain = PYTHON.get(element.type, "Union[int, str]" if element.items else "int")
        instance = f"{self.prefix}Instance"
        references = f"Union[CIMInstanceName, {instance}, {self.prefix}Reference]"
        return self.type_of(element, plain, f"Union[CIMInstance, {instance}]", references)

    def property_lines(
        self, schema: Schema, element: Element, parent: Optional[Schema]
    ) -> Iterator[str]:
        """Return the annotation of a property, unless the superclass has the same."""
        inherited = parent.properties.get(element.name) if parent else None
        kind, ignore = self.read_type(schema, element), ""
        if not self.writable(element.name):
            return  # read and written as item
        if parent and inherited and inherited.name == element.name:
            if kind == self.read_type(parent, inherited):
                return
            ignore = "  # type: ignore[assignment,unused-ignore]"
        yield f"    {element.name}: {kind}{ignore}"
        yield from _docstring(element.__doc__, "    ")

    def method_lines(
        self, schema: Schema, method: Method, parent: Optional[Schema]
    ) -> Iterator[str]:
        """Return the lines of a method, unless the superclass has the same."""
        if not self.writable(method.name) or method.name in schema.properties:
            return
        inherited = parent.methods.get(method.name) if parent else None
        own, ignore = self.signature(method), ""
        if inherited and inherited.name == method.name:
            if self.signature(inherited) == own:
                return
            ignore = "  # type: ignore[override,unused-ignore]"
        start, wait = ("async def", "await ") if self.prefix else ("def", "")
        arguments = ", ".join([repr(method.name), *(_plain(item.name) for item in method.inputs)])
        yield f"    {start} {method.name}({ignore}"
        yield f"        {own}"
        yield f"    ) -> {self.prefix}MethodResult:"
        yield from _docstring(method.__doc__, "        ")
        yield f"        return {wait}self._invoke({arguments}, check=check)"
        yield ""

    def signature(self, method: Method) -> str:
        """Return the parameters of a method."""
        named = [
            f"{_plain(item.name)}: {self.input_type(item)} = OMITTED" for item in method.inputs
        ]
        return ", ".join(["self", *named, "*", "check: bool = False"])

    def writable(self, name: str) -> bool:
        """Return whether Python can write an attribute: none of this layer, and no type."""
        own = keyword.iskeyword(name) or name.startswith("__") or hasattr(Instance, name)
        is_type = name in TYPES or name in self.schemas
        return name.isidentifier() and not own and not is_type


def _plain(name: str) -> str:
    name = re.sub(r"\W", "_", name)
    return name + "_" if keyword.iskeyword(name) or name in ("check", "self") else name


def _docstring(text: str, indent: str) -> List[str]:
    text = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"').strip()
    lines = []
    for line in (text + " " if text.endswith('"') else text).splitlines():
        blanks = line[: len(line) - len(line.lstrip())]
        lines += textwrap.wrap(line, 96 - len(indent), subsequent_indent=blanks) or [""]
    return [f'{indent}"""', *((indent + line).rstrip() for line in lines), f'{indent}"""']


def _enumeration_lines(name: str, element: Element) -> Iterator[str]:
    items = element.items or ()
    base = str if element.type == "string" else int
    yield from ("", f"class {name}({'StrEnumeration' if base is str else 'IntEnumeration'}):")
    yield f'    """The values of {element.name}."""'
    yield "    __items__ = ("
    for item in items:
        yield f"        {item!r},"
    yield "    )"
    for member, value in members(items, base).items():
        yield f"    {member} = {value!r}"
    yield ""
