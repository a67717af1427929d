"""CIMQualifier: the value of a qualifier on a class, property, method, parameter or instance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Optional

from pywbem._nocasedict import NocaseDict

from ._base import (
    CIMObject,
    bool_attribute,
    check_item,
    eq_name,
    eq_value,
    hash_item,
    hash_name,
    input_dict,
    name_attribute,
    not_comparable,
    required_name,
)
from .values import (
    QUALIFIER_TYPES,
    checked_qualifier_type,
    copied_value,
    element_value,
    inferred_type,
    type_attribute,
)

if TYPE_CHECKING:
    from ._base import Attribute

__all__ = ["CIMQualifier"]

_new = object.__new__


class CIMQualifier(CIMObject):
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

    __slots__ = (
        "_name",
        "_value",
        "_type",
        "_propagated",
        "_overridable",
        "_tosubclass",
        "_toinstance",
        "_translatable",
    )

    # The attributes in the text forms, and how many of them __str__() shows.
    _shown = (
        "name",
        "value",
        "type",
        "tosubclass",
        "overridable",
        "translatable",
        "toinstance",
        "propagated",
    )
    _shown_short = 3

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

    @classmethod
    def _trusted(
        cls,
        name: str,
        value: Any,
        type: str,
        propagated: Optional[bool],
        overridable: Optional[bool],
        tosubclass: Optional[bool],
        toinstance: Optional[bool],
        translatable: Optional[bool],
    ) -> CIMQualifier:
        """Return a qualifier of what is known to be valid; nothing is checked or copied."""
        self = _new(cls)
        self._name = name
        self._value = value
        self._type = type
        self._propagated = propagated
        self._overridable = overridable
        self._tosubclass = tosubclass
        self._toinstance = toinstance
        self._translatable = translatable
        return self

    name: Attribute[str] = name_attribute(
        "_name", "Name of the qualifier (:class:`str`). Never `None`."
    )
    type: Attribute[str] = type_attribute(checked_qualifier_type, "qualifier")
    propagated: Attribute[Optional[bool]] = bool_attribute(
        "_propagated",
        "Whether the value is inherited from a superclass (:class:`bool`). `None` if not known.",
    )
    overridable: Attribute[Optional[bool]] = bool_attribute(
        "_overridable",
        "Flavor: whether subclasses may change the value (:class:`bool`). `None` if not given.",
    )
    tosubclass: Attribute[Optional[bool]] = bool_attribute(
        "_tosubclass",
        "Flavor: whether subclasses inherit the value (:class:`bool`). `None` if not given.",
    )
    toinstance: Attribute[Optional[bool]] = bool_attribute(
        "_toinstance",
        "Flavor: whether instances inherit the value (:class:`bool`). `None` if not given.",
    )
    translatable: Attribute[Optional[bool]] = bool_attribute(
        "_translatable",
        "Flavor: whether the value can be translated (:class:`bool`). `None` if not given.",
    )

    @property
    def value(self) -> Any:
        """Value of the qualifier (:term:`CIM data type`). `None` is NULL."""
        return self._value

    @value.setter
    def value(self, value: Any) -> None:
        self._value = element_value(value, self._type, "qualifier", self._name)

    def __eq__(self, other: object) -> bool:
        """Return whether the qualifiers are equal; raises `TypeError` for another class."""
        if self is other:
            return True
        if not isinstance(other, CIMQualifier):
            raise not_comparable(self, other)
        return (
            eq_name(self._name, other._name)
            and eq_value(self._value, other._value)
            and self._type == other._type
            and self._propagated is other._propagated
            and self._overridable is other._overridable
            and self._tosubclass is other._tosubclass
            and self._toinstance is other._toinstance
            and self._translatable is other._translatable
        )

    def __hash__(self) -> int:
        """Return a hash value of all attributes."""
        return hash(
            (
                hash_name(self._name),
                hash_item(self._value),
                self._type,
                self._propagated,
                self._overridable,
                self._tosubclass,
                self._toinstance,
                self._translatable,
            )
        )

    def copy(self) -> CIMQualifier:
        """Return a copy of the qualifier; it has its own list of an array value."""
        return CIMQualifier._trusted(
            self._name,
            copied_value(self._value),
            self._type,
            self._propagated,
            self._overridable,
            self._tosubclass,
            self._toinstance,
            self._translatable,
        )

    def tomof(self, indent: int = 3, maxline: int = 80, line_pos: int = 0) -> str:
        """
        Return the MOF of the qualifier as a qualifier value (DSP0004 annex A, ``qualifier``).

        Parameters:
            indent (:class:`int`): Blanks before each line after the first.
            maxline (:class:`int`): Length of a line at which it is folded.
            line_pos (:class:`int`): Length of the line to which the text will be appended.

        Returns:
            :class:`str`: The MOF, without line end.
        """
        from . import mof

        return mof.qualifier_mof(self, indent, maxline, line_pos)


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
