"""
What the parser makes of MOF text: plain records, before anything is looked up.

A ``pos`` is an offset in the text.
"""

from __future__ import annotations

from typing import Any, Dict, List, NamedTuple, Optional, Tuple, Union

__all__ = [
    "FLAVORS",
    "NO_VALUE",
    "Alias",
    "ClassDeclaration",
    "Declaration",
    "Feature",
    "InstanceDeclaration",
    "Parameter",
    "Pragma",
    "Qualifier",
    "QualifierDeclaration",
    "Setting",
]


#: Stands for the value of a qualifier, a property or a qualifier declaration that has none.
NO_VALUE: Any = ...

#: What each flavor says of a qualifier: an attribute and its value.
FLAVORS: Dict[str, Tuple[str, bool]] = {
    "enableoverride": ("overridable", True),
    "disableoverride": ("overridable", False),
    "tosubclass": ("tosubclass", True),
    "restricted": ("tosubclass", False),
    "toinstance": ("toinstance", True),
    "translatable": ("translatable", True),
}

# (name, value, flavors, pos); tuples, because there are many of them.
Qualifier = Tuple[str, Any, Tuple[str, ...], int]


class Alias(NamedTuple):
    """An alias in the place of a value."""

    name: str
    pos: int


class Parameter(NamedTuple):
    """A parameter of a method; for a reference, the type is the name of its class."""

    qualifiers: List[Qualifier]
    type: str
    is_reference: bool
    name: str
    # None for a scalar, 0 for an array of any size.
    array: Optional[int]
    pos: int


class Feature(NamedTuple):
    """A property or a method of a class; for a reference, the type is the name of its class."""

    qualifiers: List[Qualifier]
    type: str
    is_reference: bool
    name: str
    array: Optional[int]
    value: Any
    pos: int
    value_pos: int
    # None for a property.
    parameters: Optional[List[Parameter]]


class Setting(NamedTuple):
    """The value of a property in an instance."""

    name: str
    value: Any
    pos: int
    value_pos: int


class Pragma(NamedTuple):
    """A compiler directive."""

    name: str
    value: str
    pos: int
    value_pos: int


class QualifierDeclaration(NamedTuple):
    """A qualifier type."""

    name: str
    type: str
    array: Optional[int]
    value: Any
    scopes: Tuple[str, ...]
    flavors: Tuple[str, ...]
    pos: int
    value_pos: int


class ClassDeclaration(NamedTuple):
    """A class, an association or an indication."""

    qualifiers: List[Qualifier]
    name: str
    alias: Optional[str]
    superclass: Optional[str]
    features: List[Feature]
    pos: int
    superclass_pos: int


class InstanceDeclaration(NamedTuple):
    """An instance; also an instance in the place of a value."""

    classname: str
    alias: Optional[str]
    settings: List[Setting]
    pos: int
    class_pos: int


Declaration = Union[Pragma, QualifierDeclaration, ClassDeclaration, InstanceDeclaration]
