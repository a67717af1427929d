"""The base class of all CIM objects, and their CIM-XML."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Dict, Optional, Tuple, Type, TypeVar, Union

from pywbem._cim_types import _CIMComparisonMixin
from pywbem._cim_types.scalars import register_object_type

from . import forms
from .fields import written

if TYPE_CHECKING:
    from xml.dom.minidom import Element

    _SelfT = TypeVar("_SelfT", bound="CIMObject")

__all__ = ["tocimxml", "tocimxmlstr"]


class CIMObject(_CIMComparisonMixin):
    """Base class of all CIM objects: comparison, pickling, copying and CIM-XML."""

    __slots__ = ()

    # What an object of the class is when it stands as the value of a property, parameter or
    # qualifier. CIMInstance: "string" and "instance"; CIMClass: "string" and "object";
    # CIMInstanceName: "reference".
    _type_as_value: ClassVar[Optional[str]] = None
    _embedded_as_value: ClassVar[Optional[str]] = None
    # True for CIMInstanceName and CIMClassName.
    _is_path: ClassVar[bool] = False
    # The names of the fields, in the order in which they are shown.
    _fields: ClassVar[Tuple[str, ...]]

    if TYPE_CHECKING:
        # Made by `cim_class` for each class.
        @classmethod
        def _trusted(cls: Type[_SelfT], *values: Any) -> _SelfT: ...

    # Replaced in each class when one of them is called first.

    def _copied(self: _SelfT) -> _SelfT:
        """Return a copy with its own dictionaries and array; it shares their items."""
        copied: _SelfT = written(self)._copied(self)
        return copied

    def __eq__(self, other: object) -> bool:
        """Return whether all attributes are equal; raises `TypeError` for another class."""
        return bool(written(self).__eq__(self, other))

    def __hash__(self) -> int:
        """Return a hash value of all attributes."""
        return int(written(self).__hash__(self))

    def __repr__(self) -> str:
        """Return a text of all attributes, in ASCII; dictionaries are in their order."""
        return str(written(self).__repr__(self))

    def __str__(self) -> str:
        """Return a short text of the main attributes, in ASCII."""
        return str(written(self).__str__(self))

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Tell `cimtype()` the type of the objects of the class."""
        super().__init_subclass__(**kwargs)
        type_as_value = cls.__dict__.get("_type_as_value")
        if type_as_value is not None:
            register_object_type(cls, type_as_value)

    def __getstate__(self) -> Dict[str, Any]:
        """Return the state for pickling and copying: slots, and the ``__dict__`` of a subclass."""
        cls: Any = type(self)
        state = {slot: getattr(self, slot) for slot in all_slots(cls) if hasattr(self, slot)}
        state.update(getattr(self, "__dict__", ()))
        return state

    def __setstate__(self, state: Dict[str, Any]) -> None:
        """Restore a state that ``__getstate__()`` returned."""
        for name, value in state.items():
            setattr(self, name, value)

    def tocimxml(self) -> Element:
        """
        Return the CIM-XML element of this object (DSP0201).

        Returns:
            :class:`xml.dom.minidom.Element`: The element.

        Raises:
            TypeError, ValueError: Something in it has no CIM-XML, such as a value that is none of
                its type, or a character that XML does not allow.
        """
        return object_element(self)

    def tocimxmlstr(self, indent: Union[str, int, None] = None) -> str:
        """
        Return the CIM-XML of this object as text (DSP0201).

        Parameters:
            indent (:class:`str` or :class:`int`): Indentation for each level of nested elements, as
                a string or a number of blanks. `None` gives one line without white space between
                the elements.

        Returns:
            :class:`str`: The CIM-XML.

        Raises:
            TypeError, ValueError: As `tocimxml`, or the indent is neither a string nor an integer.
        """
        return object_text(self, indent)


@lru_cache(maxsize=None)
def all_slots(cls: type) -> Tuple[str, ...]:
    """Return the names of the slots of a class and of its base classes, in their order."""
    names: Dict[str, None] = {}
    for base in reversed(cls.__mro__):
        slots = base.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if name not in ("__dict__", "__weakref__"):
                names[name] = None
    return tuple(names)


def object_element(obj: Any, **options: Any) -> Element:
    """Return the CIM-XML element of an object; the options are those of its ``tocimxml()``."""
    return forms.cimxml.element(forms.cimxml.object_xml(obj, **options))


def object_text(obj: Any, indent: Union[str, int, None], **options: Any) -> str:
    """Return the CIM-XML text of an object; the options are those of its ``tocimxml()``."""
    text = forms.cimxml.object_xml(obj, **options)
    return text if indent is None else forms.cimxml.pretty(text, indent)


def tocimxml(value: Any) -> Element:
    """
    Return the CIM-XML element of a CIM object or a CIM value (DSP0201).

    Parameters:
        value (:term:`CIM object` or :term:`CIM data type`): The object or value; a number, a
            :class:`datetime.datetime`, or a list or tuple of these, too. Scalar values give a
            `VALUE` element, lists and tuples a `VALUE.ARRAY` element. Must not be `None`.

    Returns:
        :class:`xml.dom.minidom.Element`: The element.

    Raises:
        ValueError: The value is `None`, or has a character that XML does not allow.
        TypeError: The value has no CIM-XML.
    """
    return forms.cimxml.element(_value_text(value))


def tocimxmlstr(value: Any, indent: Union[str, int, None] = None) -> str:
    """
    Return the CIM-XML of a CIM object or a CIM value as text (DSP0201).

    Parameters:
        value (:term:`CIM object`, :term:`CIM data type` or :class:`xml.dom.minidom.Element`): The
            object or value, or an element that is its CIM-XML already. Must not be `None`.
        indent (:class:`str` or :class:`int`): Indentation for each level of nested elements, as a
            string or a number of blanks. `None` gives one line without white space between the
            elements.

    Returns:
        :class:`str`: The CIM-XML.

    Raises:
        ValueError: The value is `None`, or has a character that XML does not allow.
        TypeError: The value has no CIM-XML, or the indent is neither a string nor an integer.
    """
    text = forms.cimxml.value_xml(value) if hasattr(value, "toxml") else _value_text(value)
    return text if indent is None else forms.cimxml.pretty(text, indent)


def _value_text(value: Any) -> str:
    if value is None:
        raise ValueError("The value parameter must not be None: NULL has no CIM-XML of its own")
    if isinstance(value, CIMObject):
        return forms.cimxml.object_xml(value)
    return forms.cimxml.value_xml(value)
