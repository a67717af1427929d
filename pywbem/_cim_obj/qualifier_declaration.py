"""CIMQualifierDeclaration: the declaration of a qualifier in a namespace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Optional

from pywbem._nocasedict import NocaseDict

from ._base import (
    CIMObject,
    bool_attribute,
    copy_dict,
    eq_dict,
    eq_name,
    eq_value,
    hash_dict,
    hash_item,
    hash_name,
    name_attribute,
    not_comparable,
    plain_attribute,
    required_name,
)
from .values import (
    QUALIFIER_TYPES,
    checked_is_array,
    checked_qualifier_type,
    copied_value,
    element_value,
    type_attribute,
)

if TYPE_CHECKING:
    from ._base import Attribute

__all__ = ["CIMQualifierDeclaration"]

_new = object.__new__


def scope_dict(value: Any) -> Optional[NocaseDict]:
    """Return a copy of a dictionary of scopes, or `None` if there are none."""
    return (NocaseDict(value) or None) if value else None


class CIMQualifierDeclaration(CIMObject):
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
        TypeError: The Python type of the value does not suit the CIM type.
    """

    __slots__ = (
        "_name",
        "_type",
        "_value",
        "_is_array",
        "_array_size",
        "_scopes",
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
        "is_array",
        "array_size",
        "scopes",
        "tosubclass",
        "overridable",
        "translatable",
        "toinstance",
    )
    _shown_short = 4

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

    @classmethod
    def _trusted(
        cls,
        name: str,
        type: str,
        value: Any,
        is_array: bool,
        array_size: Optional[int],
        scopes: Optional[NocaseDict],
        overridable: Optional[bool],
        tosubclass: Optional[bool],
        toinstance: Optional[bool],
        translatable: Optional[bool],
    ) -> CIMQualifierDeclaration:
        """Return a declaration of what is known to be valid; nothing is checked or copied."""
        self = _new(cls)
        self._name = name
        self._type = type
        self._value = value
        self._is_array = is_array
        self._array_size = array_size
        self._scopes = scopes
        self._overridable = overridable
        self._tosubclass = tosubclass
        self._toinstance = toinstance
        self._translatable = translatable
        return self

    name: Attribute[str] = name_attribute(
        "_name", "Name of the qualifier (:class:`str`). Never `None`."
    )
    type: Attribute[str] = type_attribute(checked_qualifier_type, "qualifier declaration")
    is_array: Attribute[bool] = bool_attribute(
        "_is_array", "Whether the qualifier is an array (:class:`bool`)."
    )
    array_size: Attribute[Optional[int]] = plain_attribute(
        "_array_size",
        "Size of a fixed-size array (:class:`int`). `None` for arrays of any size and scalars.",
    )

    @property
    def scopes(self) -> NocaseDict:
        """
        The kinds of element that can have the qualifier (:class:`NocaseDict` of booleans by name
        CLASS
        """
        if self._scopes is None:
            self._scopes = NocaseDict()
        return self._scopes

    @scopes.setter
    def scopes(self, value: Any) -> None:
        self._scopes = scope_dict(value)

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
        """Default value of the qualifier (:term:`CIM data type`). `None` is NULL."""
        return self._value

    @value.setter
    def value(self, value: Any) -> None:
        self._value = element_value(value, self._type, "qualifier declaration", self._name)

    def __eq__(self, other: object) -> bool:
        """Return whether the declarations are equal; raises `TypeError` for another class."""
        if self is other:
            return True
        if not isinstance(other, CIMQualifierDeclaration):
            raise not_comparable(self, other)
        return (
            eq_name(self._name, other._name)
            and self._type == other._type
            and eq_value(self._value, other._value)
            and self._is_array == other._is_array
            and self._array_size == other._array_size
            and eq_dict(self._scopes, other._scopes)
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
                self._type,
                hash_item(self._value),
                self._is_array,
                self._array_size,
                hash_dict(self._scopes),
                self._overridable,
                self._tosubclass,
                self._toinstance,
                self._translatable,
            )
        )

    def copy(self) -> CIMQualifierDeclaration:
        """Return a copy of the declaration; it has its own scopes and list of an array value."""
        return CIMQualifierDeclaration._trusted(
            self._name,
            self._type,
            copied_value(self._value),
            self._is_array,
            self._array_size,
            copy_dict(self._scopes),
            self._overridable,
            self._tosubclass,
            self._toinstance,
            self._translatable,
        )

    def tomof(self, maxline: int = 80) -> str:
        """
        Return the MOF of the declaration (DSP0004 annex A, ``qualifierDeclaration``).

        Parameters:
            maxline (:class:`int`): Length of a line at which it is folded.

        Returns:
            :class:`str`: The MOF, with line end.
        """
        from . import mof

        return mof.qualifier_declaration_mof(self, maxline)
