"""CIMQualifierDeclaration: the declaration of a qualifier in a namespace."""

from __future__ import annotations

from typing import Any, Optional

from pywbem._nocasedict import NocaseDict

from . import forms
from ._base import CIMObject
from .fields import (
    Attribute,
    cim_class,
    flag_field,
    items_field,
    name_field,
    plain_field,
    required_name,
    to_bool,
)
from .values import (
    QUALIFIER_TYPES,
    checked_is_array,
    checked_qualifier_type,
    element_value,
    element_value_field,
    type_field,
)

__all__ = ["SCOPES", "CIMQualifierDeclaration"]

#: The kinds of element that can have a qualifier, in the order of DSP0004 annex A (metaElement).
SCOPES = (
    "CLASS",
    "ASSOCIATION",
    "INDICATION",
    "PROPERTY",
    "REFERENCE",
    "METHOD",
    "PARAMETER",
    "ANY",
)


def scope_dict(value: Any) -> Optional[NocaseDict]:
    """Return a copy of a dictionary of scopes, or `None` if there are none."""
    return (NocaseDict(value) or None) if value else None


class CIMQualifierDeclaration(CIMObject, metaclass=cim_class):
    """
    The declaration of a qualifier, also called qualifier type (DSP0004).

    Declarations are equal if their attributes are; the name and the names of the scopes are
    compared without regard to case. They are hashable as long as they are not changed.

    Parameters:
        name (:class:`str`): Name of the qualifier. Must not be `None`.
        type (:class:`str`): CIM type, e.g. ``"uint8"``; neither `None` nor ``"reference"``.
        value (:term:`CIM data type`): Default value, converted to the type as
            :func:`~pywbem.cimvalue` does. `None` is NULL.
        is_array (:class:`bool`): Whether the qualifier is an array. `None` takes it from the value;
            a NULL is taken as a scalar.
        array_size (:class:`int`): Size of a fixed-size array. `None` for arrays of any size and for
            scalars.
        scopes (:class:`dict` or :class:`NocaseDict`): The kinds of element that can have the
            qualifier, as booleans by name: ``"CLASS"``, ``"ASSOCIATION"``, ``"REFERENCE"``,
            ``"PROPERTY"``, ``"METHOD"``, ``"PARAMETER"``, ``"INDICATION"``, ``"ANY"``. The
            dictionary is copied.
        overridable (:class:`bool`): Flavor: whether subclasses may change the value. `None` if not
            given, here and for the other flavors.
        tosubclass (:class:`bool`): Flavor: whether subclasses inherit the value.
        toinstance (:class:`bool`): Flavor: whether instances inherit the value.
        translatable (:class:`bool`): Flavor: whether the value can be translated.

    Raises:
        ValueError: The name is `None`, the type is not valid, the value is none of the type's, or
            it is an array and the qualifier is not, or the reverse.
        TypeError: The Python type of the value does not suit the CIM type, or the scopes are no
            dictionary.
    """

    # How many of the fields str() shows.
    _shown_short = 4

    name = name_field("Name of the qualifier (:class:`str`). Never `None`.")
    value = element_value_field(
        "qualifier declaration",
        "Default value of the qualifier (:term:`CIM data type`). `None` is NULL.",
    )
    type = type_field("qualifier declaration", checked_qualifier_type)
    is_array: Attribute[bool] = plain_field(
        "Whether the qualifier is an array (:class:`bool`).", to_bool
    )
    array_size: Attribute[Optional[int]] = plain_field(
        "Size of a fixed-size array (:class:`int`). `None` for arrays of any size and scalars."
    )
    scopes: Attribute[NocaseDict[bool]] = items_field(
        scope_dict,
        "The kinds of element that can have the qualifier (:class:`NocaseDict` of booleans by "
        'name, e.g. ``"CLASS"``). What it is set to is copied.',
    )
    tosubclass = flag_field(
        "Flavor: whether subclasses inherit the value (:class:`bool`). `None` if not given."
    )
    overridable = flag_field(
        "Flavor: whether subclasses may change the value (:class:`bool`). `None` if not given."
    )
    translatable = flag_field(
        "Flavor: whether the value can be translated (:class:`bool`). `None` if not given."
    )
    toinstance = flag_field(
        "Flavor: whether instances inherit the value (:class:`bool`). `None` if not given."
    )

    def __init__(
        self,
        name: str,
        type: str,
        value: Any = None,
        is_array: Optional[bool] = False,
        array_size: Optional[int] = None,
        scopes: Any = None,
        overridable: Optional[bool] = None,
        tosubclass: Optional[bool] = None,
        toinstance: Optional[bool] = None,
        translatable: Optional[bool] = None,
    ) -> None:
        self._name = name = (
            name if name.__class__ is str else required_name(name, "CIMQualifierDeclaration")
        )
        self._is_array = (
            isinstance(value, list)
            if is_array is None
            else checked_is_array(is_array, value, "qualifier declaration", name)
        )
        self._type = type = (
            type
            if type in QUALIFIER_TYPES
            else checked_qualifier_type(type, "qualifier declaration", name)
        )
        self._value = element_value(value, type, "qualifier declaration", name)
        self._array_size = array_size
        self._scopes = scope_dict(scopes) if scopes else None
        self._overridable = overridable if overridable is None else bool(overridable)
        self._tosubclass = tosubclass if tosubclass is None else bool(tosubclass)
        self._toinstance = toinstance if toinstance is None else bool(toinstance)
        self._translatable = translatable if translatable is None else bool(translatable)

    def copy(self) -> CIMQualifierDeclaration:
        """Return a copy of the declaration; it has its own scopes and list of an array value."""
        return self._copied()

    def tomof(self, maxline: int = 80) -> str:
        """
        Return the MOF of the declaration (DSP0004 annex A, ``qualifierDeclaration``).

        Parameters:
            maxline (:class:`int`): Length of a line at which it is folded.

        Returns:
            :class:`str`: The MOF, with line end.

        Raises:
            ValueError: `maxline` leaves no room for the default value.
            TypeError: The value is none of the type, which was set later.
        """
        return forms.mof.qualifier_declaration_mof(self, maxline)
