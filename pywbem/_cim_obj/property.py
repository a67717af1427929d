"""CIMProperty: the value of a property in an instance, or its declaration in a class."""

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
    text_field,
    to_bool,
    to_text,
)
from .items import check_item, input_dict
from .qualifier import CIMQualifier, qualifier_dict
from .values import (
    CIM_TYPES,
    checked_embedded_object,
    checked_is_array,
    checked_type,
    element_value,
    element_value_field,
    embedded_object_input,
    inferred_type,
    type_field,
)

__all__ = ["CIMProperty"]


class CIMProperty(CIMObject, metaclass=cim_class):
    """
    A property (DSP0004): its value in a CIM instance, or its declaration in a CIM class.

    In a declaration `value` is the default value. Arrays of references do not exist in CIM.

    Properties are equal if their attributes are; `name`, `class_origin` and `reference_class` are
    compared without regard to case, and the order of the qualifiers does not count. They are
    hashable as long as they are not changed.

    Parameters:
        name (:class:`str`): Name of the property. Must not be `None`.
        value (:term:`CIM data type`): Value, converted to the type as :func:`~pywbem.cimvalue`
            does. A list for an array, whose items may be `None`. `None` is NULL.
        type (:class:`str`): CIM type, e.g. ``"uint8"``. `None` takes it from the value, which must
            then have a CIM type: `None`, an empty list and Python numbers have none.
        class_origin (:class:`str`): Name of the class that defines or overrides the property.
            `None` if not known.
        array_size (:class:`int`): Size of a fixed-size array. `None` for arrays of any size and for
            scalars.
        propagated (:class:`bool`): Whether the property is inherited. `None` if not known.
        is_array (:class:`bool`): Whether the property is an array. `None` takes it from the value;
            a NULL is taken as a scalar.
        reference_class (:class:`str`): Name of the class that a reference property refers to.
            `None` if not specified.
        qualifiers (:term:`qualifiers input object`): Qualifiers of a declaration.
        embedded_object (:class:`str`): ``"instance"`` for embedded instances, ``"object"`` for
            embedded objects; the type is then ``"string"``. `None` takes it from the value, `False`
            says that the value is not embedded.

    Raises:
        ValueError: The name is `None`, the type is not valid or cannot be inferred, the value is
            none of the type's, or the parameters contradict each other.
        TypeError: The Python type of the value does not suit the CIM type, or the qualifiers are no
            qualifiers input object.
    """

    # How many of the fields str() shows.
    _shown_short = 6

    name = name_field("Name of the property (:class:`str`). Never `None`.")
    value = element_value_field(
        "property",
        "Value of the property, or default value in a declaration (:term:`CIM data type`).",
    )
    type = type_field("property")
    reference_class = text_field(
        "Name of the class that a reference property refers to (:class:`str`). `None` if not "
        "specified; DSP0201 recommends that for instances."
    )
    embedded_object: Attribute[Optional[str]] = plain_field(
        '``"instance"`` if the value is an embedded instance, ``"object"`` if it is an embedded '
        "object (instance or class), otherwise `None` (:class:`str`).",
        embedded_object_input,
    )
    is_array: Attribute[bool] = plain_field(
        "Whether the property is an array (:class:`bool`).", to_bool
    )
    array_size: Attribute[Optional[int]] = plain_field(
        "Size of a fixed-size array (:class:`int`). `None` for arrays of any size and scalars."
    )
    class_origin = text_field(
        "Name of the class that defines or overrides the property (:class:`str`). `None` if not "
        "known."
    )
    propagated = flag_field(
        "Whether the property is inherited (:class:`bool`). `None` if not known."
    )
    qualifiers: Attribute[NocaseDict[CIMQualifier]] = items_field(
        qualifier_dict,
        "Qualifiers of the declaration (:class:`NocaseDict` of :class:`CIMQualifier` by name), in "
        "their order. Can be set to a :term:`qualifiers input object`.",
    )

    def __init__(
        self,
        name: str,
        value: Any,
        type: Optional[str] = None,
        class_origin: Optional[str] = None,
        array_size: Optional[int] = None,
        propagated: Optional[bool] = None,
        is_array: Optional[bool] = None,
        reference_class: Optional[str] = None,
        qualifiers: Any = None,
        embedded_object: Any = None,
    ) -> None:
        self._name = name = name if name.__class__ is str else required_name(name, "CIMProperty")
        self._is_array = is_array = (
            isinstance(value, list)
            if is_array is None
            else checked_is_array(is_array, value, "property", name)
        )
        if embedded_object is None and not isinstance(value, (CIMObject, list)):
            if type is None:
                type = inferred_type(value, "property", name)
        else:
            embedded_object, type = checked_embedded_object(
                embedded_object, value, type, "property", name
            )
        self._embedded_object = embedded_object
        if reference_class is not None and is_array:
            raise ValueError(
                f"Property {name!r} specifies reference_class {reference_class!r} but is an array "
                "property"
            )
        self._type = type = type if type in CIM_TYPES else checked_type(type, "property", name)
        self._value = element_value(value, type, "property", name)
        self._class_origin = class_origin if class_origin is None else to_text(class_origin)
        self._array_size = array_size
        self._propagated = propagated if propagated is None else bool(propagated)
        self._reference_class = (
            reference_class if reference_class is None else to_text(reference_class)
        )
        self._qualifiers = qualifier_dict(qualifiers) if qualifiers else None

    def copy(self) -> CIMProperty:
        """
        Return a copy of the property.

        The copy has its own qualifiers dictionary and its own list of an array value; it shares the
        :class:`CIMQualifier` objects and the items of the array with the original.
        """
        return self._copied()

    def tomof(
        self, is_instance: bool = True, indent: int = 0, maxline: int = 80, line_pos: int = 0
    ) -> str:
        """
        Return the MOF of the property (DSP0004 annex A).

        Parameters:
            is_instance (:class:`bool`): `True` for the value in an instance, without qualifiers;
                `False` for the declaration in a class.
            indent (:class:`int`): Blanks before each line.
            maxline (:class:`int`): Length of a line at which it is folded.
            line_pos (:class:`int`): Length of the line to which the text will be appended.

        Returns:
            :class:`str`: The MOF, with line end.

        Raises:
            ValueError: `maxline` leaves no room for a value.
            TypeError: The declaration of a reference lacks its `reference_class`, or a value is
                none of its type, which was set later.
        """
        return forms.mof.property_mof(self, is_instance, indent, maxline, line_pos)


def property_dict(value: Any) -> Optional[NocaseDict]:
    """
    Return the dictionary for a properties input object of a class, or `None` if there are none.

    Raises:
        TypeError, ValueError: As `input_dict` and `check_item`.
    """
    return input_dict(value, "properties", CIMProperty, _property)


def _property(name: str, item: Any) -> Any:
    return check_item(name, item, "properties", CIMProperty)
