"""CIMClass: the declaration of a class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Optional

from pywbem._nocasedict import NocaseDict

from ._base import (
    CIMObject,
    attribute,
    copy_dict,
    eq_dict,
    eq_name,
    hash_dict,
    hash_name,
    name_attribute,
    not_comparable,
    required_name,
    text_attribute,
    to_text,
)
from .class_name import CIMClassName
from .method import method_dict
from .property import property_dict
from .qualifier import qualifier_dict

if TYPE_CHECKING:
    from ._base import Attribute

__all__ = ["CIMClass"]

_new = object.__new__


def class_path(path: Any) -> Optional[CIMClassName]:
    """
    Return a copy of a class path, or `None` for `None`.

    Raises:
        AssertionError: The path is not a `CIMClassName`.
    """
    if path is None:
        return None
    # The class of the exception is part of the interface.
    if not isinstance(path, CIMClassName):
        raise AssertionError(f"path must be a CIMClassName object, but is: {type(path)}")
    return path.copy()


class CIMClass(CIMObject):
    """
    The declaration of a CIM class, including associations and indications (DSP0004).

    Classes are equal if their attributes are; class names are compared without regard to case, and
    the order of properties, methods and qualifiers does not count. They are hashable as long as
    they are not changed.

    Parameters:
        classname (:class:`str`): Name of the class. Must not be `None`.
        properties (:term:`properties input object`): Declarations of the properties.
        methods (:term:`methods input object`): Declarations of the methods.
        superclass (:class:`str`): Name of the superclass. `None` for a top-level class.
        qualifiers (:term:`qualifiers input object`): Qualifiers.
        path (:class:`~pywbem.CIMClassName`): Class path, which is copied. `None` if not specified.

    Raises:
        ValueError: The class name is `None`, or a key is not the name of its item.
        TypeError: The properties, methods or qualifiers are no such input object.
    """

    __slots__ = ("_classname", "_properties", "_methods", "_superclass", "_qualifiers", "_path")

    _type_as_value = "string"
    _embedded_as_value = "object"

    # The attributes in the text forms, and how many of them __str__() shows.
    _shown = (
        "classname",
        "superclass",
        "properties",
        "methods",
        "qualifiers",
        "path",
    )
    _shown_short = 1

    def __init__(
        self,
        classname: str,
        properties: Any = None,
        methods: Any = None,
        superclass: Optional[str] = None,
        qualifiers: Any = None,
        path: Optional[CIMClassName] = None,
    ) -> None:
        self._classname = required_name(classname, "CIMClass", "classname")
        self._properties = property_dict(properties) if properties else None
        self._methods = method_dict(methods) if methods else None
        self._superclass = superclass if superclass is None else to_text(superclass)
        self._qualifiers = qualifier_dict(qualifiers) if qualifiers else None
        self._path = class_path(path)

    @classmethod
    def _trusted(
        cls,
        classname: str,
        properties: Optional[NocaseDict],
        methods: Optional[NocaseDict],
        superclass: Optional[str],
        qualifiers: Optional[NocaseDict],
        path: Optional[CIMClassName],
    ) -> CIMClass:
        """Return a class of what is known to be valid; nothing is checked or copied."""
        self = _new(cls)
        self._classname = classname
        self._properties = properties
        self._methods = methods
        self._superclass = superclass
        self._qualifiers = qualifiers
        self._path = path
        return self

    classname: Attribute[str] = name_attribute(
        "_classname", "Name of the class (:class:`str`). Never `None`."
    )
    superclass: Attribute[Optional[str]] = text_attribute(
        "_superclass", "Name of the superclass (:class:`str`). `None` for a top-level class."
    )

    @property
    def properties(self) -> NocaseDict:
        """
        Declarations of the properties (:class:`NocaseDict` of :class:`CIMProperty` by name), in
        their order. Can be set to a :term:`properties input object`.
        """
        if self._properties is None:
            self._properties = NocaseDict()
        return self._properties

    @properties.setter
    def properties(self, value: Any) -> None:
        self._properties = property_dict(value)

    @property
    def methods(self) -> NocaseDict:
        """
        Declarations of the methods (:class:`NocaseDict` of :class:`CIMMethod` by name), in their
        order. Can be set to a :term:`methods input object`.
        """
        if self._methods is None:
            self._methods = NocaseDict()
        return self._methods

    @methods.setter
    def methods(self, value: Any) -> None:
        self._methods = method_dict(value)

    @property
    def qualifiers(self) -> NocaseDict:
        """
        Qualifiers (:class:`NocaseDict` of :class:`CIMQualifier` by name), in their order. Can be
        set to a :term:`qualifiers input object`.
        """
        if self._qualifiers is None:
            self._qualifiers = NocaseDict()
        return self._qualifiers

    @qualifiers.setter
    def qualifiers(self, value: Any) -> None:
        self._qualifiers = qualifier_dict(value)

    path: Attribute[Optional[CIMClassName]] = attribute(
        "_path",
        class_path,
        "Class path (:class:`~pywbem.CIMClassName`). `None` if not specified. What it is set to is "
        "copied. Classes that a WBEM server returned have it.",
    )

    def __eq__(self, other: object) -> bool:
        """Return whether the classes are equal; raises `TypeError` for another kind of object."""
        if self is other:
            return True
        if not isinstance(other, CIMClass):
            raise not_comparable(self, other)
        return (
            eq_name(self._classname, other._classname)
            and eq_name(self._superclass, other._superclass)
            and eq_dict(self._properties, other._properties)
            and eq_dict(self._methods, other._methods)
            and eq_dict(self._qualifiers, other._qualifiers)
            and self._path_equals(other._path)
        )

    def _path_equals(self, other: Optional[CIMClassName]) -> bool:
        if self._path is None or other is None:
            return self._path is other
        return self._path == other

    def __hash__(self) -> int:
        """Return a hash value of all attributes."""
        return hash(
            (
                hash_name(self._classname),
                hash_name(self._superclass),
                hash_dict(self._properties),
                hash_dict(self._methods),
                hash_dict(self._qualifiers),
                self._path,
            )
        )

    def copy(self) -> CIMClass:
        """
        Return a copy of the class.

        The copy has its own dictionaries and its own path; it shares the :class:`CIMProperty`,
        :class:`CIMMethod` and :class:`CIMQualifier` objects with the original.
        """
        return CIMClass._trusted(
            self._classname,
            copy_dict(self._properties),
            copy_dict(self._methods),
            self._superclass,
            copy_dict(self._qualifiers),
            None if self._path is None else self._path.copy(),
        )

    def tomof(self, maxline: int = 80) -> str:
        """
        Return the MOF of the class (DSP0004 annex A, ``classDeclaration``).

        Parameters:
            maxline (:class:`int`): Length of a line at which it is folded.

        Returns:
            :class:`str`: The MOF, with line end.
        """
        from . import mof

        return mof.class_mof(self, maxline)
