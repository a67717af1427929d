"""CIMParameter: the declaration of a method parameter, or its value in a method invocation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Optional, Union

from pywbem._nocasedict import NocaseDict

from . import forms
from ._base import CIMObject, object_element, object_text
from .fields import (
    Attribute,
    cim_class,
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
    type_field,
)

if TYPE_CHECKING:
    from xml.dom.minidom import Element


__all__ = ["CIMParameter"]


class CIMParameter(CIMObject, metaclass=cim_class):
    """
    A method parameter (DSP0004): its declaration, or its value in a method invocation.

    `value` and `embedded_object` have a meaning only for values, `qualifiers` for declarations.

    Parameters are equal if their attributes are; `name` and `reference_class` are compared without
    regard to case, and the order of the qualifiers does not count. They are hashable as long as
    they are not changed.

    Parameters:
        name (:class:`str`): Name of the parameter. Must not be `None`.
        type (:class:`str`): CIM type, e.g. ``"uint8"``. Must not be `None`.
        reference_class (:class:`str`): Name of the class that a reference parameter refers to.
            `None` if not specified.
        is_array (:class:`bool`): Whether the parameter is an array. `None` takes it from the value;
            a NULL is taken as a scalar.
        array_size (:class:`int`): Size of a fixed-size array. `None` for arrays of any size and for
            scalars.
        qualifiers (:term:`qualifiers input object`): Qualifiers of a declaration.
        value (:term:`CIM data type`): Value, converted to the type as :func:`~pywbem.cimvalue`
            does. A list for an array, whose items may be `None`. `None` is NULL.
        embedded_object (:class:`str`): ``"instance"`` for embedded instances, ``"object"`` for
            embedded objects; the type is then ``"string"``. `None` takes it from the value, `False`
            says that the value is not embedded.

    Raises:
        ValueError: The name is `None`, the type is not valid, the value is none of the type's, or
            the parameters contradict each other.
        TypeError: The Python type of the value does not suit the CIM type, or the qualifiers are no
            qualifiers input object.
    """

    # How many of the fields str() shows.
    _shown_short = 4

    name = name_field("Name of the parameter (:class:`str`). Never `None`.")
    type = type_field("parameter")
    reference_class = text_field(
        "Name of the class that a reference parameter refers to (:class:`str`). `None` if not "
        "specified."
    )
    is_array: Attribute[bool] = plain_field(
        "Whether the parameter is an array (:class:`bool`).", to_bool
    )
    array_size: Attribute[Optional[int]] = plain_field(
        "Size of a fixed-size array (:class:`int`). `None` for arrays of any size and scalars."
    )
    qualifiers: Attribute[NocaseDict[CIMQualifier]] = items_field(
        qualifier_dict,
        "Qualifiers of the declaration (:class:`NocaseDict` of :class:`CIMQualifier` by name), in "
        "their order. Can be set to a :term:`qualifiers input object`.",
    )
    value = element_value_field(
        "parameter",
        "Value of the parameter in a method invocation (:term:`CIM data type`). `None` is NULL.",
    )
    embedded_object: Attribute[Optional[str]] = plain_field(
        '``"instance"`` if the value is an embedded instance, ``"object"`` if it is an embedded '
        "object (instance or class), otherwise `None` (:class:`str`).",
        embedded_object_input,
    )

    def __init__(
        self,
        name: str,
        type: str,
        reference_class: Optional[str] = None,
        is_array: Optional[bool] = None,
        array_size: Optional[int] = None,
        qualifiers: Any = None,
        value: Any = None,
        embedded_object: Any = None,
    ) -> None:
        self._name = name = name if name.__class__ is str else required_name(name, "CIMParameter")
        self._is_array = (
            isinstance(value, list)
            if is_array is None
            else checked_is_array(is_array, value, "parameter", name)
        )
        self._type = type = type if type in CIM_TYPES else checked_type(type, "parameter", name)
        if embedded_object is not None or isinstance(value, (CIMObject, list)):
            embedded_object, _ = checked_embedded_object(
                embedded_object, value, type, "parameter", name
            )
        self._embedded_object = embedded_object
        self._reference_class = (
            reference_class if reference_class is None else to_text(reference_class)
        )
        self._array_size = array_size
        self._qualifiers = qualifier_dict(qualifiers) if qualifiers else None
        self._value = element_value(value, type, "parameter", name)

    def copy(self) -> CIMParameter:
        """
        Return a copy of the parameter.

        The copy has its own qualifiers dictionary and its own list of an array value; it shares the
        :class:`CIMQualifier` objects and the items of the array with the original.
        """
        return self._copied()

    def tocimxml(self, as_value: bool = False) -> Element:
        """
        Return the CIM-XML element of the parameter (DSP0201 5.3.5, 5.3.6.5).

        Parameters:
            as_value (:class:`bool`): `True` for a `PARAMVALUE` element, the value in an invocation;
                `False` for the declaration, one of the `PARAMETER` elements.

        Returns:
            :class:`xml.dom.minidom.Element`: The element.

        Raises:
            TypeError, ValueError: Something in it has no CIM-XML, such as a value that is none of
                its type, or a character that XML does not allow.
        """
        return object_element(self, as_value=as_value)

    def tocimxmlstr(self, indent: Union[str, int, None] = None, as_value: bool = False) -> str:
        """
        Return the CIM-XML of the parameter as text (DSP0201 5.3.5, 5.3.6.5).

        Parameters:
            indent (:class:`str` or :class:`int`): Indentation for each level of nested elements, as
                a string or a number of blanks. `None` gives one line.
            as_value (:class:`bool`): As for :meth:`tocimxml`.

        Returns:
            :class:`str`: The CIM-XML.

        Raises:
            TypeError, ValueError: As `tocimxml`, or the indent is neither a string nor an integer.
        """
        return object_text(self, indent, as_value=as_value)

    def tomof(self, indent: int = 0, maxline: int = 80) -> str:
        """
        Return the MOF of the parameter as a declaration (DSP0004 annex A, ``parameter``).

        Parameters:
            indent (:class:`int`): Blanks before each line.
            maxline (:class:`int`): Length of a line at which it is folded.

        Returns:
            :class:`str`: The MOF.

        Raises:
            ValueError: `maxline` leaves no room for the value of a qualifier.
            TypeError: A reference lacks its `reference_class`.
        """
        return forms.mof.parameter_mof(self, indent, maxline)


def parameter_dict(value: Any) -> Optional[NocaseDict]:
    """
    Return the dictionary for a parameters input object, or `None` if there are none.

    Raises:
        TypeError, ValueError: As `input_dict` and `check_item`.
    """
    return input_dict(value, "parameters", CIMParameter, _parameter)


def _parameter(name: str, item: Any) -> Any:
    return check_item(name, item, "parameters", CIMParameter)
