"""CIMClass: the declaration of a class."""

from __future__ import annotations

from typing import Any, Optional

from pywbem._nocasedict import NocaseDict

from . import forms
from ._base import CIMObject
from .class_name import CIMClassName
from .fields import (
    Attribute,
    cim_class,
    items_field,
    name_field,
    path_field,
    required_name,
    text_field,
    to_text,
)
from .method import CIMMethod, method_dict
from .property import CIMProperty, property_dict
from .qualifier import CIMQualifier, qualifier_dict

__all__ = ["CIMClass"]


def _copied_path(path: Any) -> Optional[CIMClassName]:
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


class CIMClass(CIMObject, metaclass=cim_class):
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
        AssertionError: The path is not a :class:`~pywbem.CIMClassName`.
    """

    _type_as_value = "string"
    _embedded_as_value = "object"

    # How many of the fields str() shows.
    _shown_short = 1

    classname = name_field("Name of the class (:class:`str`). Never `None`.")
    superclass = text_field("Name of the superclass (:class:`str`). `None` for a top-level class.")
    properties: Attribute[NocaseDict[CIMProperty]] = items_field(
        property_dict,
        "Declarations of the properties (:class:`NocaseDict` of :class:`CIMProperty` by name), in "
        "their order. Can be set to a :term:`properties input object`.",
    )
    methods: Attribute[NocaseDict[CIMMethod]] = items_field(
        method_dict,
        "Declarations of the methods (:class:`NocaseDict` of :class:`CIMMethod` by name), in their "
        "order. Can be set to a :term:`methods input object`.",
    )
    qualifiers: Attribute[NocaseDict[CIMQualifier]] = items_field(
        qualifier_dict,
        "Qualifiers (:class:`NocaseDict` of :class:`CIMQualifier` by name), in their order. Can be "
        "set to a :term:`qualifiers input object`.",
    )
    path: Attribute[Optional[CIMClassName]] = path_field(
        "Class path (:class:`~pywbem.CIMClassName`). `None` if not specified. What it is set to is "
        "copied. Classes that a WBEM server returned have it.",
        _copied_path,
    )

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
        self._path = _copied_path(path)

    def copy(self) -> CIMClass:
        """
        Return a copy of the class.

        The copy has its own dictionaries and its own path; it shares the :class:`CIMProperty`,
        :class:`CIMMethod` and :class:`CIMQualifier` objects with the original.
        """
        return self._copied()

    def tomof(self, maxline: int = 80) -> str:
        """
        Return the MOF of the class (DSP0004 annex A, ``classDeclaration``).

        Parameters:
            maxline (:class:`int`): Length of a line at which it is folded.

        Returns:
            :class:`str`: The MOF, with line end.

        Raises:
            ValueError: `maxline` leaves no room for a value.
            TypeError: A reference lacks its `reference_class`.
        """
        return forms.mof.class_mof(self, maxline)
