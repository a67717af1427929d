"""
The declarations of one compilation, each with its place, its state and its errors.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Optional, Protocol, Sequence, Tuple

from pywbem._cim_obj import CIMClass, CIMQualifierDeclaration

from .build import Context, converted
from .declarations import Alias, Declaration, InstanceDeclaration
from .errors import MOFCompileError, MOFDependencyError
from .files import Files
from .parser import Parsed
from .session import Session
from .source import Source
from .target import Target

__all__ = ["ACTIVE", "DONE", "FAILED", "WAITING", "Item", "Run", "Spoiled"]

WAITING, ACTIVE, DONE, FAILED = range(4)


class Spoiled(Exception):
    """
    Something that a declaration depends on has failed, which was told already.
    """


class Run(Protocol):
    """
    What the parts of a compilation ask of the whole.
    """

    session: Session
    repository: Target
    files: Files
    #: The declarations in their order, and the first one of each class and qualifier.
    items: List[Item]
    classes: Dict[Tuple[str, str], Item]
    qualifiers: Dict[Tuple[str, str], Item]
    errors: List[MOFCompileError]
    known_qualifiers: Dict[str, Dict[str, CIMQualifierDeclaration]]
    #: Note that an item defines an alias.
    define_alias: Callable[[str, Item], None]
    #: The value that a property of an embedded object, an alias or a list of them has.
    object_value: Callable[[Any, str, Optional[str], str, int, Item], Any]

    def warn(self, message: str, source: Source, pos: int) -> None:
        """Tell that a place of the MOF is not as it should be."""

    def carry_out(self, item: Item) -> None:
        """Carry out a declaration, unless it has been."""

    def attempt(self, item: Item, work: Callable[[Item], None]) -> None:
        """Do what finishes a declaration; note what fails."""

    def qualifier_declaration(self, name: str, pos: int, item: Item) -> CIMQualifierDeclaration:
        """Return the declaration of a qualifier."""

    def class_of(self, declaration: InstanceDeclaration, item: Item) -> CIMClass:
        """Return the class of an instance with what it inherits."""

    def parsed(self, text: str) -> Tuple[Source, Parsed]:
        """Parse the text of an embedded object."""


class Item(Context):
    """
    A declaration, where it stands, and how far it is.
    """

    __slots__ = (
        "compilation",
        "declaration",
        "errors",
        "namespace",
        "path",
        "source",
        "spoiled",
        "state",
    )

    def __init__(
        self,
        compilation: Run,
        declaration: Optional[Declaration],
        source: Source,
        namespace: str,
    ) -> None:
        self.compilation = compilation
        self.declaration: Any = declaration
        self.source = source
        self.namespace = namespace
        self.state = WAITING
        #: The path of an instance, as soon as it is known, or of a class.
        self.path: Any = None
        # A list is made for the first one: there may be many items.
        self.errors: Sequence[MOFCompileError] = ()
        #: Something that it depends on has failed.
        self.spoiled = False

    @property
    def failed(self) -> bool:
        """Whether it cannot be carried out."""
        return self.spoiled or bool(self.errors)

    def key(self, name: str) -> Tuple[str, str]:
        """Return what a class or a qualifier of a name is looked up by."""
        return self.namespace.lower(), name.lower()

    def report(self, error: MOFCompileError) -> None:
        if not any((err.msg, err.args) == (error.msg, error.args) for err in self.errors):
            self.errors = [*self.errors, error]

    def warn(self, message: str, pos: int) -> None:
        self.compilation.warn(message, self.source, pos)

    def known_qualifiers(self) -> Dict[str, CIMQualifierDeclaration]:
        return self.compilation.known_qualifiers.setdefault(self.namespace, {})

    def qualifier_declaration(self, name: str, pos: int) -> Optional[CIMQualifierDeclaration]:
        try:
            return self.compilation.qualifier_declaration(name, pos, self)
        except MOFDependencyError as exc:
            self.report(exc)
        except Spoiled:
            self.spoiled = True
        return None

    def element_value(
        self, value: Any, cimtype: str, embedded_object: Optional[str], what: str, pos: int
    ) -> Any:
        if embedded_object is None and not isinstance(value, (Alias, InstanceDeclaration, list)):
            return converted(value, cimtype, what, pos, self)
        try:
            return self.compilation.object_value(value, cimtype, embedded_object, what, pos, self)
        except MOFCompileError as exc:
            self.report(exc)
        except Spoiled:
            self.spoiled = True
        return None
