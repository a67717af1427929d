"""CIMMethod: the declaration of a method in a class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Optional

from pywbem._nocasedict import NocaseDict

from ._base import (
    CIMObject,
    bool_attribute,
    check_item,
    copy_dict,
    eq_dict,
    eq_name,
    hash_dict,
    hash_name,
    input_dict,
    name_attribute,
    not_comparable,
    required_name,
    text_attribute,
    to_text,
)
from .parameter import parameter_dict
from .qualifier import qualifier_dict
from .values import checked_type

if TYPE_CHECKING:
    from ._base import Attribute

__all__ = ["CIMMethod"]

_new = object.__new__


def checked_return_type(type: Any, name: str) -> str:
    """
    Return the return type of the method of a name as text.

    Raises:
        ValueError: It is no CIM type, or ``"reference"``: a `METHOD` element cannot have it.
    """
    return_type = checked_type(type, "return value of method", name)
    if return_type == "reference":
        raise ValueError(f"Method {name!r} cannot have a reference return type")
    return return_type


class CIMMethod(CIMObject):
    """
    The declaration of a method in a CIM class (DSP0004 5.1.2.9).

    Methods are equal if their attributes are; `name` and `class_origin` are compared without regard
    to case, and the order of parameters and qualifiers does not count. They are hashable as long as
    they are not changed.

    Parameters:
        name (:class:`str`): Name of the method, without parentheses. Must not be `None`.
        return_type (:class:`str`): CIM type of the return value, e.g. ``"uint32"``. Must not be
            `None`. CIM-XML has no way to declare references as return type, and CIM has neither
            arrays nor `void`.
        parameters (:term:`parameters input object`): Declarations of the parameters.
        class_origin (:class:`str`): Name of the class that defines or overrides the method. `None`
            if not known.
        propagated (:class:`bool`): Whether the method is inherited. `None` if not known.
        qualifiers (:term:`qualifiers input object`): Qualifiers.

    Raises:
        ValueError: The name is `None`, the return type is not valid, or a key is not the name of
            its item.
        TypeError: The parameters or qualifiers are no such input object.
    """

    __slots__ = (
        "_name",
        "_return_type",
        "_parameters",
        "_class_origin",
        "_propagated",
        "_qualifiers",
    )

    # The attributes in the text forms, and how many of them __str__() shows.
    _shown = (
        "name",
        "return_type",
        "class_origin",
        "propagated",
        "parameters",
        "qualifiers",
    )
    _shown_short = 2

    def __init__(
        self,
        name: Optional[str] = None,
        return_type: Optional[str] = None,
        parameters: Any = None,
        class_origin: Optional[str] = None,
        propagated: Optional[bool] = None,
        qualifiers: Any = None,
    ) -> None:
        self._name: str = required_name(name, "CIMMethod")
        self._return_type = checked_return_type(return_type, self._name)
        self._parameters = parameter_dict(parameters) if parameters else None
        self._class_origin = class_origin if class_origin is None else to_text(class_origin)
        self._propagated = propagated if propagated is None else bool(propagated)
        self._qualifiers = qualifier_dict(qualifiers) if qualifiers else None

    @classmethod
    def _trusted(
        cls,
        name: str,
        return_type: str,
        parameters: Optional[NocaseDict],
        class_origin: Optional[str],
        propagated: Optional[bool],
        qualifiers: Optional[NocaseDict],
    ) -> CIMMethod:
        """Return a method of what is known to be valid; nothing is checked or copied."""
        self = _new(cls)
        self._name = name
        self._return_type = return_type
        self._parameters = parameters
        self._class_origin = class_origin
        self._propagated = propagated
        self._qualifiers = qualifiers
        return self

    name: Attribute[str] = name_attribute(
        "_name", "Name of the method (:class:`str`). Never `None`."
    )

    @property
    def return_type(self) -> str:
        """CIM type of the return value (:class:`str`), e.g. ``"uint32"``. Never `None`."""
        return self._return_type

    @return_type.setter
    def return_type(self, value: Any) -> None:
        self._return_type = checked_return_type(value, self._name)

    @property
    def parameters(self) -> NocaseDict:
        """
        Declarations of the parameters (:class:`NocaseDict` of :class:`CIMParameter` by name), in
        their order. Can be set to a :term:`parameters input object`.
        """
        if self._parameters is None:
            self._parameters = NocaseDict()
        return self._parameters

    @parameters.setter
    def parameters(self, value: Any) -> None:
        self._parameters = parameter_dict(value)

    class_origin: Attribute[Optional[str]] = text_attribute(
        "_class_origin",
        "Name of the class that defines or overrides the method (:class:`str`). `None` if not "
        "known.",
    )
    propagated: Attribute[Optional[bool]] = bool_attribute(
        "_propagated", "Whether the method is inherited (:class:`bool`). `None` if not known."
    )

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

    def __eq__(self, other: object) -> bool:
        """Return whether the methods are equal; raises `TypeError` for another class."""
        if self is other:
            return True
        if not isinstance(other, CIMMethod):
            raise not_comparable(self, other)
        return (
            eq_name(self._name, other._name)
            and self._return_type == other._return_type
            and eq_dict(self._parameters, other._parameters)
            and eq_name(self._class_origin, other._class_origin)
            and self._propagated is other._propagated
            and eq_dict(self._qualifiers, other._qualifiers)
        )

    def __hash__(self) -> int:
        """Return a hash value of all attributes."""
        return hash(
            (
                hash_name(self._name),
                self._return_type,
                hash_dict(self._parameters),
                hash_name(self._class_origin),
                self._propagated,
                hash_dict(self._qualifiers),
            )
        )

    def copy(self) -> CIMMethod:
        """
        Return a copy of the method.

        The copy has its own dictionaries; it shares the :class:`CIMParameter` and
        :class:`CIMQualifier` objects with the original.
        """
        return CIMMethod._trusted(
            self._name,
            self._return_type,
            copy_dict(self._parameters),
            self._class_origin,
            self._propagated,
            copy_dict(self._qualifiers),
        )

    def tomof(self, indent: int = 0, maxline: int = 80) -> str:
        """
        Return the MOF of the method as a declaration (DSP0004 annex A, ``methodDeclaration``).

        Parameters:
            indent (:class:`int`): Blanks before each line.
            maxline (:class:`int`): Length of a line at which it is folded.

        Returns:
            :class:`str`: The MOF, with line end.
        """
        from . import mof

        return mof.method_mof(self, indent, maxline)


def method_dict(value: Any) -> Optional[NocaseDict]:
    """
    Return the dictionary for a methods input object, or `None` if there are none.

    Raises:
        TypeError, ValueError: As `input_dict` and `check_item`.
    """
    return input_dict(value, "methods", CIMMethod, _method)


def _method(name: str, item: Any) -> Any:
    return check_item(name, item, "methods", CIMMethod)
