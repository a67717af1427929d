"""
Modules of typed classes: the same classes give the same text.
"""

from __future__ import annotations

import keyword
import re
import textwrap
from typing import Dict, Iterable, Iterator, List, Optional, Set

from .._cim_obj import CIMClass
from .described import class_text, method_text, property_text
from .elements import Element, Method, Schema
from .enumeration import members, value_items

HEAD = '''"""
Typed classes of CIM classes, written by python -m pywbem.objects.
"""

from __future__ import annotations

{imports}

'''
PYTHON = {"string": "str", "char16": "str", "boolean": "bool", "datetime": "CIMDateTime"}
# What the classes may use of other modules.
IMPORTED = {
    "typing": ("Any", "ClassVar", "Dict", "List", "Optional", "Union"),
    "pywbem": ("CIMDateTime", "CIMInstance", "CIMInstanceName"),
    "pywbem.objects": (
        *("AsyncInstance", "AsyncMethodResult", "AsyncReference", "Instance", "IntEnumeration"),
        *("MethodResult", "Reference", "StrEnumeration"),
    ),
}
# Names that a typed class cannot have as attributes of their own.
TAKEN = frozenset("cim_class instances get create refresh save delete associated".split()) | {
    "references",
    "path",
    "instance",
    "changes",
}


def module(classes: Iterable[CIMClass], asynchronous: bool = False) -> str:
    """
    Return the text of a module with a typed class for each CIM class.

    Parameters:
        classes (iterable of CIMClass): The classes, with qualifiers and inherited
            elements.
        asynchronous (bool): Their methods are coroutine functions.

    Returns:
        str: The text, superclasses first, otherwise in the order of the names.
    """
    schemas = {cls.classname.casefold(): Schema(cls) for cls in classes}
    writer = Writer(schemas, "Async" if asynchronous else "")
    done: Set[str] = set()
    body: List[str] = []
    for key in sorted(schemas):
        for ready in _with_superclasses(schemas, key):
            if ready not in done:
                done.add(ready)
                body += writer.class_lines(schemas[ready])
    return HEAD.format(imports=_imports("\n".join(body))) + "\n".join(body) + "\n"


def _imports(body: str) -> str:
    """
    The imports of what a module uses, strings and comments counted.
    """
    words = set(re.findall(r"\w+", body))
    lines = []
    for source, names in IMPORTED.items():
        used = [name for name in names if name in words]
        if used:
            lines.append("\n".join([f"from {source} import (", *(f"    {n}," for n in used), ")"]))
    return "\n".join(lines)


def _with_superclasses(schemas: Dict[str, Schema], key: str) -> List[str]:
    chain = []
    while key in schemas and key not in chain:
        chain.append(key)
        key = (schemas[key].cim_class.superclass or "").casefold()
    return chain[::-1]


class Writer:
    """
    Writes the classes of one module.
    """

    def __init__(self, schemas: Dict[str, Schema], prefix: str) -> None:
        """
        Parameters:
            schemas (dict): The classes by their names in lower case.
            prefix (str): ``Async`` or nothing.
        """
        self.schemas = schemas
        self.prefix = prefix

    def class_lines(self, schema: Schema) -> List[str]:
        """
        The lines of a class, its enumerations before it.

        Parameters:
            schema (Schema): The class.
        """
        parent = self.schemas.get((schema.cim_class.superclass or "").casefold())
        name, base = schema.classname, parent.classname if parent else f"{self.prefix}Instance"
        before: List[str] = []
        enumerations: List[str] = []
        body = [*_docstring(class_text(schema.cim_class), "    "), ""]
        body.append(f"    _classname: ClassVar[str] = {name!r}")
        for key, element in sorted(schema.properties.items()):
            inherited = parent.properties.get(key) if parent else None
            made = self._enumeration_class(schema, element)
            if made is not None and made == f"{name}_{_plain(element.name)}":
                before += _enumeration_lines(made, element)
                enumerations.append(f"{element.name!r}: {made}")
            body += self._property_lines(schema, element, parent, inherited)
        if enumerations:
            inherited_map = f"**{base}._enumerations, " if parent else ""
            body.append("    _enumerations: ClassVar[Dict[str, Any]] = {")
            body.append(f"        {inherited_map}{', '.join(enumerations)}")
            body.append("    }")
        for _, method in sorted(schema.methods.items()):
            body += self._method_lines(schema, method, parent)
        return [*before, "", f"class {name}({base}):", *body, ""]

    def _enumeration_class(self, schema: Schema, element: Element) -> Optional[str]:
        """
        The name of the enumeration of a property: of the highest class that has the same.
        """
        items = value_items(element.declared)
        if not items:
            return None
        owner = schema
        while True:
            parent = self.schemas.get((owner.cim_class.superclass or "").casefold())
            inherited = parent.properties.get(element.name.casefold()) if parent else None
            if parent is None or inherited is None or value_items(inherited.declared) != items:
                return f"{owner.classname}_{_plain(element.name)}"
            owner = parent

    def _read_type(self, schema: Schema, element: Element) -> str:
        made = self._enumeration_class(schema, element)
        text = made or self._plain_type(element)
        if element.embedded is not None:
            text = "Any"
        elif element.type == "reference":
            text = f"{self.prefix}Reference"
        return f"Optional[List[{text}]]" if element.is_array else f"Optional[{text}]"

    def _plain_type(self, element: Element) -> str:
        return PYTHON.get(element.type) or ("float" if element.type[0] == "r" else "int")

    def _property_lines(
        self,
        schema: Schema,
        element: Element,
        parent: Optional[Schema],
        inherited: Optional[Element],
    ) -> Iterator[str]:
        if not _writable(element.name):
            return  # read and written as item
        kind = self._read_type(schema, element)
        ignore = ""
        if parent is not None and inherited is not None and inherited.name == element.name:
            before = self._read_type(parent, inherited)
            if kind == before:
                return
            ignore = "  # type: ignore[assignment,unused-ignore]"
        yield f"    {element.name}: {kind}{ignore}"
        yield from _docstring(property_text(element), "    ")

    def _method_lines(
        self, schema: Schema, method: Method, parent: Optional[Schema]
    ) -> Iterator[str]:
        if not _writable(method.name) or method.name.casefold() in schema.properties:
            return
        inherited = parent.methods.get(method.name.casefold()) if parent else None
        own, ignore = self._signature(method), ""
        if inherited is not None and inherited.name == method.name:
            if self._signature(inherited) == own:
                return
            ignore = "  # type: ignore[override,unused-ignore]"
        wait, start = ("await ", "async def") if self.prefix else ("", "def")
        arguments = ", ".join([repr(method.name), *(_plain(item.name) for item in method.inputs)])
        yield f"    {start} {method.name}({ignore}"
        yield f"        {own}"
        yield f"    ) -> {self.prefix}MethodResult:"
        yield from _docstring(method_text(method), "        ")
        yield f"        return {wait}self._invoke({arguments}, check=check)"
        yield ""

    def _signature(self, method: Method) -> str:
        named = [f"{_plain(item.name)}: {self._input_type(item)} = None" for item in method.inputs]
        return ", ".join(["self", *named, "*", "check: bool = False"])

    def _input_type(self, element: Element) -> str:
        """
        What a parameter may be given: numbers and texts of a value map, too.
        """
        text = self._plain_type(element)
        if element.embedded is not None:
            text = f"Union[CIMInstance, {self.prefix}Instance]"
        elif element.type == "reference":
            text = f"Union[CIMInstanceName, {self.prefix}Instance, {self.prefix}Reference]"
        elif value_items(element.declared) and text == "int":
            text = "Union[int, str]"
        return f"Optional[List[{text}]]" if element.is_array else f"Optional[{text}]"


def _writable(name: str) -> bool:
    """
    Whether Python can write a name as attribute that the layer does not have itself.
    """
    return name.isidentifier() and not keyword.iskeyword(name) and name not in TAKEN


def _plain(name: str) -> str:
    name = re.sub(r"\W", "_", name)
    return name + "_" if keyword.iskeyword(name) or name in ("check", "self") else name


def _docstring(text: str, indent: str) -> List[str]:
    text = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"').strip()
    if text.endswith('"'):
        text += " "
    lines = []
    for line in text.splitlines():
        blanks = line[: len(line) - len(line.lstrip())]
        width = 96 - len(indent)
        lines += textwrap.wrap(line, width, subsequent_indent=blanks) or [""]
    return [f'{indent}"""', *((indent + line).rstrip() for line in lines), f'{indent}"""']


def _enumeration_lines(name: str, element: Element) -> Iterator[str]:
    items = value_items(element.declared) or ()
    base = str if element.type == "string" else int
    yield ""
    yield f"class {name}({'StrEnumeration' if base is str else 'IntEnumeration'}):"
    yield f'    """The values of {element.name}."""'
    yield "    __items__ = ("
    for item in items:
        yield f"        {item!r},"
    yield "    )"
    for member, value in members(items, base):
        yield f"    {member} = {value!r}"
    yield ""
