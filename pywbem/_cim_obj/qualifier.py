"""CIMQualifier: the value of a qualifier on a class, property, method, parameter or instance."""

from __future__ import annotations

from typing import Any, Optional

from pywbem._nocasedict import NocaseDict

from . import forms
from ._base import CIMObject
from .fields import cim_class, flag_field, name_field, required_name
from .items import check_item, input_dict
from .values import (
    QUALIFIER_TYPES,
    checked_qualifier_type,
    element_value,
    element_value_field,
    inferred_type,
    type_field,
)

__all__ = ["CIMQualifier"]


class CIMQualifier(CIMObject, metaclass=cim_class):
    """
    A qualifier value (DSP0004): specified on a CIM element, or effective on it.

    The flavors (`overridable`, `tosubclass`, `toinstance`, `translatable`) are `None` unless they
    are given; a qualifier value with a flavor implies a qualifier type, which DSP0004 deprecates.

    Qualifiers are equal if their attributes are; the name is compared without regard to case. They
    are hashable as long as they are not changed.

    Parameters:
        name (:class:`str`): Name of the qualifier. Must not be `None`.
        value (:term:`CIM data type`): Value, converted to the type as :func:`~pywbem.cimvalue`
            does. `None` is NULL.
        type (:class:`str`): CIM type, e.g. ``"uint8"``; not ``"reference"``. `None` takes it from
            the value.
        propagated (:class:`bool`): Whether the value is inherited from a superclass. `None` says
            that this is not known, here and for the flavors.
        overridable (:class:`bool`): Whether subclasses may change the value.
        tosubclass (:class:`bool`): Whether the value is inherited by subclasses.
        toinstance (:class:`bool`): Whether the value is inherited by instances.
        translatable (:class:`bool`): Whether the value can be translated.

    Raises:
        ValueError: The name is `None`, the type is not valid or cannot be inferred, or the value is
            none of the type's.
        TypeError: The Python type of the value does not suit the CIM type.
    """

    # How many of the fields str() shows.
    _shown_short = 3

    name = name_field("Name of the qualifier (:class:`str`). Never `None`.")
    value = element_value_field(
        "qualifier", "Value of the qualifier (:term:`CIM data type`). `None` is NULL."
    )
    type = type_field("qualifier", checked_qualifier_type)
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
    propagated = flag_field(
        "Whether the value is inherited from a superclass (:class:`bool`). `None` if not known."
    )

    def __init__(
        self,
        name: str,
        value: Any,
        type: Optional[str] = None,
        propagated: Optional[bool] = None,
        overridable: Optional[bool] = None,
        tosubclass: Optional[bool] = None,
        toinstance: Optional[bool] = None,
        translatable: Optional[bool] = None,
    ) -> None:
        self._name = name = name if name.__class__ is str else required_name(name, "CIMQualifier")
        if type is None:
            type = inferred_type(value, "qualifier", name)
        self._type = type = (
            type if type in QUALIFIER_TYPES else checked_qualifier_type(type, "qualifier", name)
        )
        self._value = element_value(value, type, "qualifier", name)
        self._propagated = propagated if propagated is None else bool(propagated)
        self._overridable = overridable if overridable is None else bool(overridable)
        self._tosubclass = tosubclass if tosubclass is None else bool(tosubclass)
        self._toinstance = toinstance if toinstance is None else bool(toinstance)
        self._translatable = translatable if translatable is None else bool(translatable)

    def copy(self) -> CIMQualifier:
        """Return a copy of the qualifier; it has its own list of an array value."""
        return self._copied()

    def tomof(self, indent: int = 3, maxline: int = 80, line_pos: int = 0) -> str:
        """
        Return the MOF of the qualifier as a qualifier value (DSP0004 annex A, ``qualifier``).

        Parameters:
            indent (:class:`int`): Blanks before each line after the first.
            maxline (:class:`int`): Length of a line at which it is folded.
            line_pos (:class:`int`): Length of the line to which the text will be appended.

        Returns:
            :class:`str`: The MOF, without line end.

        Raises:
            ValueError: `maxline` leaves no room for a value.
            TypeError: The value is none of the type, which was set later.
        """
        return forms.mof.qualifier_mof(self, indent, maxline, line_pos)


def qualifier_dict(value: Any) -> Optional[NocaseDict]:
    """
    Return the dictionary for a qualifiers input object, or `None` if there are none.

    A value that is no qualifier becomes one with the name of its key.

    Raises:
        TypeError, ValueError: As `input_dict`, `check_item` and `CIMQualifier`.
    """
    return input_dict(value, "qualifiers", CIMQualifier, _qualifier)


def _qualifier(name: str, item: Any) -> CIMQualifier:
    if isinstance(item, CIMQualifier):
        if item._name != name:
            check_item(name, item, "qualifiers", CIMQualifier)
        return item
    return CIMQualifier(name, item)
