"""MOF text of CIM objects, which their ``tomof()`` returns; rules are named as in DSP0004 annex A.

Every function reads one object and returns text. Values fold like this: a value that does not fit
behind what stands before it moves to a new line; a string that does not fit there either becomes
several literals, which MOF concatenates (``stringValue``), broken behind the last space that fits
or, in a long word, at the margin, but never inside an escape sequence. Names and keywords do not
fold. Programs compare this text, therefore the places where lines break are fixed by tests.

The text is collected in lists and joined: the time is linear in its size.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, List, Mapping, Optional, Union

from ._base import CIMObject
from .qualifier_declaration import SCOPES

if TYPE_CHECKING:
    from .cim_class import CIMClass
    from .instance import CIMInstance
    from .method import CIMMethod
    from .parameter import CIMParameter
    from .property import CIMProperty
    from .qualifier import CIMQualifier
    from .qualifier_declaration import CIMQualifierDeclaration

__all__ = [
    "class_mof",
    "escaped",
    "instance_mof",
    "method_mof",
    "parameter_mof",
    "property_mof",
    "qualifier_declaration_mof",
    "qualifier_mof",
]

#: Columns by which a nested construct is indented.
MOF_INDENT = 3

#: Room to keep behind the value or the array item of a property and of a qualifier, for what may
#: follow: ``;``, `` };``, `` )]``. Where lines break is text that programs compare, so the last one
#: is wider than `` }]`` needs.
_PROPERTY_SCALAR = 1
_PROPERTY_ITEM = 3
_QUALIFIER_SCALAR = 3
_QUALIFIER_ITEM = 5

#: stringEscapeSequence: control characters with an escape sequence of their own; the others become
#: ``\xHHHH``, always with four digits, so that a digit that follows is not read as part of it.
_CONTROLS = {chr(code): f"\\x{code:04X}" for code in range(0x20)}
_CONTROLS.update({"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"})
_CONTROL = re.compile("[\x00-\x1f]")
_LONGEST_ESCAPE = 6

#: The types whose values MOF writes in quotes.
_QUOTES = {"string": '"', "char16": "'", "datetime": '"', "reference": '"'}


class _Writer:
    """
    Collects the text of a value and knows the column where the next piece starts.

    Behind a value it keeps room for ``reserve`` characters. The ``lead`` of a value precedes it if
    it stays on the line; if it moves to a new line, the indentation does. With ``whole``, a string
    that must be folded moves; otherwise its first literal stays if it can be broken at a space.
    """

    __slots__ = ("column", "indent", "maxline", "newline", "parts", "reserve", "whole")

    def __init__(self, indent: int, maxline: int, column: int = 0, whole: bool = True) -> None:
        self.parts: List[str] = []
        self.column = column
        self.indent = indent
        self.maxline = maxline
        self.newline = "\n" + " " * indent
        self.reserve = 0
        self.whole = whole

    def text(self, text: str) -> None:
        """Write a piece that stays on the line in any case."""
        self.parts.append(text)
        self.column += len(text)

    def atom(self, text: str, lead: str) -> bool:
        """Write a number, a boolean or NULL; return whether it moved to a new line."""
        column = self.column + len(lead) + len(text)
        if column + self.reserve > self.maxline:
            lead, column = self.newline, self.indent + len(text)
            if column + self.reserve > self.maxline:
                raise self._no_room(text, column + self.reserve)
        self.column = column
        self.parts += (lead, text)
        return lead is self.newline

    def literal(self, text: str, quote: str, lead: str) -> bool:
        """Write an escaped text in quotes; return whether it moved to a new line."""
        size = len(text)
        column = self.column + len(lead) + 2
        if column + size + self.reserve <= self.maxline:
            self.column = column + size
            self.parts += (lead, quote, text, quote)
            return False
        if self.whole:
            lead, column = self.newline, self.indent + 2
        moved = lead is self.newline
        start = 0
        while True:
            room = self.maxline - column
            end = size
            if size - start > room - self.reserve:
                end = text.rfind(" ", start, max(start, start + room)) + 1
                if end == 0 and lead is not self.newline:
                    lead, column, moved = self.newline, self.indent + 2, True
                    continue
                if end == 0 and text:
                    end = self._margin(text, start, room)
            self.parts += (lead, quote, text[start:end], quote)
            if end == size:
                break
            start, lead, column = end, self.newline, self.indent + 2
        self.column = column + end - start
        return moved

    def _margin(self, text: str, start: int, room: int) -> int:
        """
        Return where a literal ends that starts at ``start`` and has no space to break it at.

        That is behind ``room`` characters, but before an escape sequence that would be cut, and
        behind it if the literal has nothing else.
        """
        if room <= 0:
            raise self._no_room(f'"{text[start : start + 40]}"', self.indent + 3)
        end = min(start + room, len(text))
        backslash = text.rfind("\\", max(start, end - _LONGEST_ESCAPE + 1), end)
        run = backslash
        while run > start and text[run - 1] == "\\":
            run -= 1
        if backslash < 0 or (backslash - run) % 2:  # none, or the second half of an escaped one
            return end
        escape_end = backslash + (_LONGEST_ESCAPE if text[backslash + 1] == "x" else 2)
        if escape_end <= end:
            return end
        return backslash if backslash > start else escape_end

    def _no_room(self, text: str, needed: int) -> ValueError:
        return ValueError(
            f"Cannot fit the value {text} onto a MOF line of {self.maxline} characters indented by "
            f"{self.indent}; maxline must be at least {needed}"
        )


# Values


def escaped(text: str, quotes: str = "\"'") -> str:
    """Return a text with its stringEscapeSequences, of the two quotes those that are given."""
    text = text.replace("\\", "\\\\")
    for quote in quotes:
        if quote in text:
            text = text.replace(quote, "\\" + quote)
    if text.isprintable():
        return text
    return _CONTROL.sub(lambda match: _CONTROLS[match.group()], text)


def _text_of(value: Any, cimtype: str) -> str:
    """Return the text between the quotes for a value of a type that MOF writes in quotes."""
    if isinstance(value, str) and cimtype != "reference":
        return value
    if cimtype == "string" and isinstance(value, CIMObject) and value._embedded_as_value:
        return str(value.tomof())  # type: ignore[attr-defined]
    if cimtype == "reference" and isinstance(value, CIMObject) and value._is_path:
        return str(value.to_wbem_uri())  # type: ignore[attr-defined]
    if cimtype == "datetime":
        return str(value)
    raise _other_type(value, cimtype)


def _other_type(value: Any, cimtype: str) -> TypeError:
    """Return the exception for a value that is none of its CIM type: the type was set later."""
    return TypeError(f"Cannot represent the value {value!a} of {type(value)} in MOF as {cimtype}")


def _real_text(value: float) -> str:
    """Return the realValue of a number, which has digits behind a decimal point."""
    text = repr(float(value))
    if "e" in text and "." not in text:
        return text.replace("e", ".0e")
    # A literal may exceed the range of real64, and then stands for infinity. NaN has no MOF.
    return text.replace("inf", "1.0e+999")


def _write_scalar(writer: _Writer, value: Any, cimtype: str, lead: str) -> bool:
    """
    Write the constantValue of a value or an array item of any CIM type.

    Returns whether it moved to a new line.
    """
    if value is None:
        return writer.atom("NULL", lead)
    if cimtype in _QUOTES:
        is_text = value.__class__ is str and cimtype != "reference"
        text = value if is_text else _text_of(value, cimtype)
        return writer.literal(escaped(text), _QUOTES[cimtype], lead)
    if cimtype == "boolean":
        return writer.atom("true" if value else "false", lead)
    if isinstance(value, float):
        return writer.atom(_real_text(value), lead)
    if isinstance(value, bool) or not isinstance(value, int):
        raise _other_type(value, cimtype)
    return writer.atom(int.__repr__(value), lead)


def _write_array(writer: _Writer, items: List[Any], cimtype: str, lead: str) -> None:
    """Write the items between the braces of an arrayInitializer."""
    first = True
    for item in items:
        if not first:
            writer.parts.append(",")
        moved = _write_scalar(writer, item, cimtype, lead)
        # Room for the comma to come; but behind an item that moved, the first one excepted, lines
        # have always been a character longer.
        writer.column += first or not moved
        first, lead = False, " "


# Qualifiers


def qualifier_mof(
    obj: CIMQualifier, indent: int = MOF_INDENT, maxline: int = 80, line_pos: int = 0
) -> str:
    """
    Return the MOF of a qualifier value: its name and value, without flavors.

    Parameters:
        obj (CIMQualifier): The qualifier.
        indent (int): Indentation of all lines but the first.
        maxline (int): Length that no line shall exceed.
        line_pos (int): Column where the first line starts.

    Raises:
        ValueError: ``maxline`` leaves no room for a value.
    """
    writer = _Writer(indent, maxline, line_pos)
    writer.text(obj._name)
    if isinstance(obj._value, list):
        writer.text(" {")
        writer.reserve = _QUALIFIER_ITEM
        _write_array(writer, obj._value, obj._type, " ")
        writer.text(" }")
    else:
        writer.text(" (")
        writer.reserve = _QUALIFIER_SCALAR
        _write_scalar(writer, obj._value, obj._type, " ")
        writer.text(" )")
    return "".join(writer.parts)


def _qualifiers_mof(
    qualifiers: Optional[Mapping[str, CIMQualifier]], indent: int, maxline: int
) -> str:
    """Return the qualifierList whose bracket stands at ``indent``, or nothing if there is none."""
    if not qualifiers:
        return ""
    # The names stand in one column, behind that of the bracket.
    indent += 1
    separator = ",\n" + " " * indent
    text = separator.join(
        qualifier_mof(qualifier, indent + MOF_INDENT, maxline, indent)
        for qualifier in qualifiers.values()
    )
    return f"{' ' * (indent - 1)}[{text}]\n"


def qualifier_declaration_mof(obj: CIMQualifierDeclaration, maxline: int = 80) -> str:
    """
    Return the MOF of a qualifier type declaration (``qualifierDeclaration``).

    The scopes and the flavors that are known stand on lines of their own. There is no MOF for the
    flavor ``toinstance``.

    Parameters:
        obj (CIMQualifierDeclaration): The qualifier declaration.
        maxline (int): Length that the lines of the default value shall not exceed.

    Raises:
        ValueError: ``maxline`` leaves no room for the default value.
    """
    writer = _Writer(MOF_INDENT, maxline, whole=False)
    writer.text(f"Qualifier {obj._name} : {obj._type}{_array_suffix(obj)}")
    if isinstance(obj._value, list):
        writer.text(" = { ")
        writer.reserve = _QUALIFIER_ITEM
        _write_array(writer, obj._value, obj._type, "")
        writer.text(" }")
    elif obj._value is not None:
        writer.text(" = ")
        writer.reserve = _QUALIFIER_SCALAR
        _write_scalar(writer, obj._value, obj._type, "")
    scopes: Mapping[str, Any] = obj._scopes or {}
    writer.text(f",\n    Scope({', '.join(name.lower() for name in SCOPES if scopes.get(name))})")
    flavors = _flavors(obj)
    if flavors:
        writer.text(f",\n    Flavor({', '.join(flavors)})")
    writer.text(";\n")
    return "".join(writer.parts)


def _flavors(obj: CIMQualifierDeclaration) -> List[str]:
    flavors = []
    if obj._overridable is not None:
        flavors.append("EnableOverride" if obj._overridable else "DisableOverride")
    if obj._tosubclass is not None:
        flavors.append("ToSubclass" if obj._tosubclass else "Restricted")
    if obj._translatable:
        flavors.append("Translatable")
    return flavors


# Elements of a class


def _array_suffix(obj: Union[CIMParameter, CIMProperty, CIMQualifierDeclaration]) -> str:
    """Return the array part of a declaration (``array``): empty, ``[]`` or ``[size]``."""
    if not obj._is_array:
        return ""
    return "[]" if obj._array_size is None else f"[{obj._array_size}]"


def _type_text(obj: Union[CIMParameter, CIMProperty]) -> str:
    """Return the data type or the objectRef in front of the name of a property or parameter."""
    if obj._type != "reference":
        return obj._type
    if obj._reference_class is None:
        raise TypeError(
            f"The reference {obj._name} has no reference_class, which its MOF declaration needs"
        )
    return f"{obj._reference_class} REF"


def property_mof(
    obj: CIMProperty,
    is_instance: bool = True,
    indent: int = 0,
    maxline: int = 80,
    line_pos: int = 0,
) -> str:
    """
    Return the MOF of a property.

    Parameters:
        obj (CIMProperty): The property.
        is_instance (bool): Return the value in an instance (``valueInitializer``), which has no
            qualifiers, instead of the declaration in a class (``propertyDeclaration``).
        indent (int): Indentation of the line with the name.
        maxline (int): Length that no line shall exceed.
        line_pos (int): Not used; a property starts on a line of its own.

    Raises:
        ValueError: ``maxline`` leaves no room for a value.
        TypeError: The declaration of a reference lacks its ``reference_class``.
    """
    writer = _Writer(indent + MOF_INDENT, maxline)
    if not is_instance:
        writer.parts.append(_qualifiers_mof(obj._qualifiers, indent + MOF_INDENT, maxline))
    writer.text(" " * indent)
    if not is_instance:
        writer.text(f"{_type_text(obj)} ")
    writer.text(obj._name)
    if not is_instance:
        writer.text(_array_suffix(obj))
    if isinstance(obj._value, list):
        writer.text(" = {")
        writer.reserve = _PROPERTY_ITEM
        _write_array(writer, obj._value, obj._type, " ")
        writer.text(" }")
    elif is_instance or obj._value is not None:
        writer.text(" =")
        writer.reserve = _PROPERTY_SCALAR
        _write_scalar(writer, obj._value, obj._type, " ")
    writer.text(";\n")
    return "".join(writer.parts)


def parameter_mof(obj: CIMParameter, indent: int = 0, maxline: int = 80) -> str:
    """
    Return the MOF of a parameter declaration (``parameter``), without its value.

    Parameters:
        obj (CIMParameter): The parameter.
        indent (int): Indentation of the line with the name.
        maxline (int): Length that no line shall exceed.

    Raises:
        ValueError: ``maxline`` leaves no room for the value of a qualifier.
        TypeError: A reference lacks its ``reference_class``.
    """
    qualifiers = _qualifiers_mof(obj._qualifiers, indent + MOF_INDENT, maxline)
    return f"{qualifiers}{' ' * indent}{_type_text(obj)} {obj._name}{_array_suffix(obj)}"


def method_mof(obj: CIMMethod, indent: int = 0, maxline: int = 80) -> str:
    """
    Return the MOF of a method declaration (``methodDeclaration``).

    Parameters:
        obj (CIMMethod): The method.
        indent (int): Indentation of the line with the name.
        maxline (int): Length that no line shall exceed.

    Raises:
        ValueError: ``maxline`` leaves no room for the value of a qualifier.
        TypeError: A parameter that is a reference lacks its ``reference_class``.
    """
    qualifiers = _qualifiers_mof(obj._qualifiers, indent + MOF_INDENT, maxline)
    parameters = ""
    if obj._parameters:
        parameters = "\n" + ",\n".join(
            parameter_mof(parameter, indent + MOF_INDENT, maxline)
            for parameter in obj._parameters.values()
        )
    return f"{qualifiers}{' ' * indent}{obj._return_type} {obj._name}({parameters});\n"


# Classes and instances


def class_mof(obj: CIMClass, maxline: int = 80) -> str:
    """
    Return the MOF of a class declaration (``classDeclaration``), without its path.

    Parameters:
        obj (CIMClass): The class.
        maxline (int): Length that no line shall exceed.

    Raises:
        ValueError: ``maxline`` leaves no room for a value.
        TypeError: A reference lacks its ``reference_class``.
    """
    superclass = "" if obj._superclass is None else f" : {obj._superclass}"
    parts = [
        _qualifiers_mof(obj._qualifiers, MOF_INDENT, maxline)
        + f"class {obj._classname}{superclass} {{\n"
    ]
    if obj._properties:
        parts += (property_mof(p, False, MOF_INDENT, maxline) for p in obj._properties.values())
    if obj._methods:
        parts += (method_mof(m, MOF_INDENT, maxline) for m in obj._methods.values())
    parts.append("};\n")
    return "\n".join(parts)


def instance_mof(obj: CIMInstance, maxline: int = 80) -> str:
    """
    Return the MOF of an instance (``instanceDeclaration``), without its path and its qualifiers.

    Parameters:
        obj (CIMInstance): The instance.
        maxline (int): Length that no line shall exceed.

    Raises:
        ValueError: ``maxline`` leaves no room for a value.
    """
    parts = [f"instance of {obj._classname} {{\n"]
    if obj._properties:
        parts += (property_mof(p, True, MOF_INDENT, maxline) for p in obj._properties.values())
    parts.append("};\n")
    return "".join(parts)
