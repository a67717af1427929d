"""CIMMethod: the declaration of a method in a class."""

from __future__ import annotations

from typing import Any, Optional

from pywbem._nocasedict import NocaseDict

from . import forms
from ._base import CIMObject
from .fields import (
    Attribute,
    cim_class,
    cim_type_field,
    flag_field,
    items_field,
    name_field,
    required_name,
    text_field,
    to_text,
)
from .items import check_item, input_dict
from .parameter import CIMParameter, parameter_dict
from .qualifier import CIMQualifier, qualifier_dict
from .values import checked_type

__all__ = ["VOID", "CIMMethod"]

#: The return type of a method that returns nothing.  DSP0201 has such methods, DSP0004 has not.
VOID = "void"


def checked_return_type(type: Any, name: str) -> str:
    """
    Return the return type of the method of a name as text.

    Raises:
        ValueError: It is no CIM type and not `VOID`, or ``"reference"``: a `METHOD` element cannot
            have it.
    """
    if to_text(type) == VOID:
        return VOID
    return_type = checked_type(type, "return value of method", name)
    if return_type == "reference":
        raise ValueError(f"Method {name!r} cannot have a reference return type")
    return return_type


def _set_return_type(method: CIMMethod, value: Any) -> None:
    method._return_type = checked_return_type(value, method._name)


class CIMMethod(CIMObject, metaclass=cim_class):
    """
    The declaration of a method in a CIM class (DSP0004 5.1.2.9).

    Methods are equal if their attributes are; `name` and `class_origin` are compared without regard
    to case, and the order of parameters and qualifiers does not count. They are hashable as long as
    they are not changed.

    Parameters:
        name (:class:`str`): Name of the method, without parentheses. Must not be `None`.
        return_type (:class:`str`): CIM type of the return value, e.g. ``"uint32"``. Must not be
            `None`. CIM-XML has no way to declare references as return type, and CIM has no arrays.
            ``"void"`` is that of a method that returns nothing: CIM-XML can declare one, CIM
            (DSP0004) cannot, and servers do.
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

    # How many of the fields str() shows.
    _shown_short = 2

    name = name_field("Name of the method (:class:`str`). Never `None`.")
    return_type = cim_type_field(
        'CIM type of the return value (:class:`str`), e.g. ``"uint32"``, or ``"void"``. Never '
        "`None`.",
        _set_return_type,
    )
    class_origin = text_field(
        "Name of the class that defines or overrides the method (:class:`str`). `None` if not "
        "known."
    )
    propagated = flag_field("Whether the method is inherited (:class:`bool`). `None` if not known.")
    parameters: Attribute[NocaseDict[CIMParameter]] = items_field(
        parameter_dict,
        "Declarations of the parameters (:class:`NocaseDict` of :class:`CIMParameter` by name), in "
        "their order. Can be set to a :term:`parameters input object`.",
    )
    qualifiers: Attribute[NocaseDict[CIMQualifier]] = items_field(
        qualifier_dict,
        "Qualifiers (:class:`NocaseDict` of :class:`CIMQualifier` by name), in their order. Can be "
        "set to a :term:`qualifiers input object`.",
    )

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

    def copy(self) -> CIMMethod:
        """
        Return a copy of the method.

        The copy has its own dictionaries; it shares the :class:`CIMParameter` and
        :class:`CIMQualifier` objects with the original.
        """
        return self._copied()

    def tomof(self, indent: int = 0, maxline: int = 80) -> str:
        """
        Return the MOF of the method as a declaration (DSP0004 annex A, ``methodDeclaration``).

        Parameters:
            indent (:class:`int`): Blanks before each line.
            maxline (:class:`int`): Length of a line at which it is folded.

        Returns:
            :class:`str`: The MOF, with line end.

        Raises:
            ValueError: `maxline` leaves no room for the value of a qualifier.
            TypeError: A parameter that is a reference lacks its `reference_class`.
        """
        return forms.mof.method_mof(self, indent, maxline)


def method_dict(value: Any) -> Optional[NocaseDict]:
    """
    Return the dictionary for a methods input object, or `None` if there are none.

    Raises:
        TypeError, ValueError: As `input_dict` and `check_item`.
    """
    return input_dict(value, "methods", CIMMethod, _method)


def _method(name: str, item: Any) -> Any:
    return check_item(name, item, "methods", CIMMethod)
