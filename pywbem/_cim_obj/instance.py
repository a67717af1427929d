"""CIM instances."""

from __future__ import annotations

from collections.abc import Mapping
from typing import (
    TYPE_CHECKING,
    Any,
    Dict,
    ItemsView,
    Iterable,
    Iterator,
    KeysView,
    Optional,
    Tuple,
    Type,
    TypeVar,
    Union,
    ValuesView,
    cast,
)

from pywbem._nocasedict import NocaseDict
from pywbem._warnings import warn_caller

from . import forms
from ._base import CIMObject, object_element, object_text
from .fields import (
    Attribute,
    cim_class,
    copied_value,
    eq_name,
    items_field,
    name_field,
    path_field,
    required_name,
    to_text,
)
from .instance_name import CIMInstanceName, deprecated_iter
from .items import listed_items
from .property import CIMProperty
from .property_views import PropertyItemsView, PropertyValuesView
from .qualifier import CIMQualifier, qualifier_dict
from .values import PLAIN_NUMBERS, cimvalue

if TYPE_CHECKING:
    from xml.dom.minidom import Element

    from .cim_class import CIMClass

    _SelfT = TypeVar("_SelfT", bound="CIMInstance")

__all__ = ["CIMInstance"]


def _copied_path(path: Any) -> Optional[CIMInstanceName]:
    if path is None:
        return None
    if isinstance(path, CIMInstanceName):
        return path.copy()
    # The classes of the exceptions are part of the interface.
    exception = TypeError if hasattr(path, "copy") else AttributeError
    raise exception(f"The path of an instance must be a CIMInstanceName, but is: {type(path)}")


def _all_of(items: NocaseDict, item_class: type) -> bool:
    """Return whether all items of a dictionary are of a class."""
    for _, item in items._data.values():  # noqa: SIM110 - all() is slower
        if item.__class__ is not item_class:
            return False
    return True


def _property_dict(value: Any) -> Optional[NocaseDict]:
    """
    Return the dictionary for a properties input object of an instance, or `None` if there are none.

    Raises:
        TypeError: The value is not iterable or has an item that is neither a tuple nor a property.
        ValueError: As `_property`, or a tuple has not two items.
    """
    if not value:
        return None
    data: Dict[Optional[str], Tuple[Any, Any]] = {}
    is_mapping = hasattr(value, "items")
    for name, item in (
        value.items() if is_mapping else listed_items(value, "properties", CIMProperty)
    ):
        if name.__class__ is not str:
            name = to_text(name)
        prop = _property(name, item)
        data[name.casefold()] = (name, prop)
    return NocaseDict._trusted(data) if data else None


def _property(name: Any, item: Any) -> CIMProperty:
    """
    Return the property to be stored under a name for a property or a value.

    Raises:
        ValueError: The name is `None` or is not that of the property, or the value has no CIM type.
    """
    if name is None:
        raise ValueError("Property name must not be None")
    if not isinstance(item, CIMProperty):
        return CIMProperty(name, item)
    if item._name != name and not eq_name(item._name, to_text(name)):
        raise ValueError(f"CIMProperty.name must be dictionary key {name!r}, but is {item._name!r}")
    return item


# Classes of values that say no CIM type of a number.
_WITHOUT_TYPE = frozenset((int, float, list))


def _in_type_of(prop: Any, value: Any) -> Any:
    """
    Return a number, or a list of them, in the type of the property that it is to replace.

    What cannot be converted without loss is returned as it is.

    Raises:
        ValueError: It is out of the range of the type.
    """
    is_array = value.__class__ is list
    if not isinstance(prop, CIMProperty) or prop.is_array is not is_array:
        return value
    accepted = PLAIN_NUMBERS.get(prop.type, ())
    numbers = [item for item in value if item is not None] if is_array else [value]
    if not numbers or any(item.__class__ not in accepted for item in numbers):
        return value
    return cimvalue(value, prop.type)


def _set_properties(instance: CIMInstance, value: Any) -> None:
    """Set the properties to a properties input object, and keybindings of the path to them."""
    instance._properties = properties = _property_dict(value)
    path = instance._path
    if properties and path is not None and path._keybindings:
        for name, prop in properties._data.values():
            _update_keybinding(path, name, prop)


def _update_keybinding(path: Optional[CIMInstanceName], name: str, prop: CIMProperty) -> None:
    """Set the keybinding of a path that has the name of a property, if there is one."""
    keybindings = path._keybindings if path is not None else None
    if not keybindings or name not in keybindings:
        return
    try:
        if keybindings[name] == prop.value:
            return
    except TypeError:
        pass  # values of different kinds
    keybindings[name] = prop.value
    warn_caller(
        cast(Any, DeprecationWarning),
        "The propagation of key property values of pywbem.CIMInstance to its path keybindings "
        "is deprecated and will be removed in a future version of pywbem",
    )


def _copied_properties(properties: Optional[NocaseDict]) -> Optional[NocaseDict]:
    """Return a copy; what was put into the dictionary directly is made a property now."""
    if not properties:
        return None
    return properties.copy() if _all_of(properties, CIMProperty) else _property_dict(properties)


def _copied_qualifiers(qualifiers: Optional[NocaseDict]) -> Optional[NocaseDict]:
    """Return a copy; what was put into the dictionary directly is made a qualifier now."""
    if not qualifiers:
        return None
    return qualifiers.copy() if _all_of(qualifiers, CIMQualifier) else qualifier_dict(qualifiers)


class CIMInstance(CIMObject, metaclass=cim_class):
    """
    A CIM instance (DSP0004): its creation class and property values, and optionally its
    path.

    The object can be used like a dictionary of its properties, from name to value; the attribute
    `properties` has the :class:`~pywbem.CIMProperty` objects.

    Instances are equal if their attributes are equal; the lexical case of all names and the order
    of properties do not count. They are hashable as long as they are not changed.
    """

    _type_as_value = "string"
    _embedded_as_value = "instance"

    # How many of the fields str() shows.
    _shown_short = 2

    classname = name_field(
        "Name of the creation class of the instance (:class:`str`). Never `None`."
    )
    path: Attribute[Optional[CIMInstanceName]] = path_field(
        """
        Path of the instance (:class:`CIMInstanceName`). `None` if unspecified.

        Setting it stores a copy, and leaves the properties as they are.
        """,
        _copied_path,
    )
    properties: Attribute[NocaseDict[CIMProperty]] = items_field(
        None,
        """
        Properties (:class:`NocaseDict` of :class:`CIMProperty` by name), in their order.

        Can be set to a :term:`properties input object`; that also sets keybindings of the path
        (deprecated, see the init parameter). Only :class:`CIMProperty` objects may be put into the
        dictionary itself, which does not set keybindings.
        """,
        copy=_copied_properties,
        store=_set_properties,
    )
    qualifiers: Attribute[NocaseDict[CIMQualifier]] = items_field(
        qualifier_dict,
        "Qualifiers (:class:`NocaseDict` of :class:`CIMQualifier` by name), in their order. Can be "
        "set to a :term:`qualifiers input object`. DSP0200 has deprecated qualifiers of instances.",
        copy=_copied_qualifiers,
    )

    def __init__(
        self,
        classname: str,
        properties: Any = None,
        qualifiers: Any = None,
        path: Optional[CIMInstanceName] = None,
    ) -> None:
        """
        Parameters:
            classname (:class:`str`): Name of the creation class. Must not be `None`.
            properties (:term:`properties input object`): The properties: a mapping from name to
                value, or an iterable of tuples (name, value) or of :class:`~pywbem.CIMProperty`
                objects. A value is a :term:`CIM data type` of which a property is made, or a
                :class:`~pywbem.CIMProperty` that is stored as it is.

                Deprecated: a property that has the name of a keybinding of the path but another
                value sets the keybinding.
            qualifiers (:term:`qualifiers input object`): The qualifiers. DSP0200 has deprecated
                qualifiers of instances.
            path (:class:`~pywbem.CIMInstanceName`): Path of the instance, which is copied. `None`
                if unspecified.

        Raises:
            ValueError: The class name is `None`, the name of a property or qualifier is `None` or
                differs from its key, or a value has no CIM type (such as :class:`int` and `None`).
            TypeError: The properties, the qualifiers or the path are not what they should be.
            AttributeError: The path has no method `copy`.
        """
        self._classname: str = required_name(classname, "CIMInstance", "classname")
        self._path = _copied_path(path)
        self._properties: Optional[NocaseDict]
        _set_properties(self, properties)
        self._qualifiers = qualifier_dict(qualifiers)

    def copy(self) -> CIMInstance:
        """
        Return a copy of the instance.

        The copy has its own path and dictionaries; it shares the :class:`CIMProperty` and
        :class:`CIMQualifier` objects with the original.
        """
        return self._copied()

    # The dictionary of property values

    def __contains__(self, key: str) -> bool:
        """Return whether there is a property with the name."""
        return key in self.properties

    def __getitem__(self, key: str) -> Any:
        """Return the value of a property; raises `KeyError` if there is none with the name."""
        return self.properties[key].value

    def __setitem__(self, key: str, value: Any) -> None:
        """
        Set a property to a :class:`CIMProperty`, or to one made of a :term:`CIM data type`.

        An :class:`int` or :class:`float`, or a list of them, is converted to the type that the
        property already has, if that is a number.

        Deprecated: if the path has a keybinding with the name, it is set as well.
        """
        if value.__class__ in _WITHOUT_TYPE:
            value = _in_type_of(self.properties.get(key), value)
        prop = _property(key, value)
        self.properties[key] = prop
        _update_keybinding(self._path, key, prop)

    def __delitem__(self, key: str) -> None:
        """Delete a property; raises `KeyError` if there is none with the name."""
        del self.properties[key]

    def __len__(self) -> int:
        """Return the number of properties."""
        properties = self._properties
        return len(properties) if properties is not None else 0

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names of the properties."""
        return iter(self.properties.keys())

    def get(self, key: str, default: Any = None) -> Any:
        """
        Return the value of a property.

        Parameters:
            key (:class:`str`): Name of the property, in any lexical case.
            default: Returned if there is no such property.
        """
        prop = self.properties.get(key)
        return default if prop is None else prop.value

    def has_key(self, key: str) -> bool:
        """
        Return whether there is a property.

        Parameters:
            key (:class:`str`): Name of the property, in any lexical case.
        """
        return key in self.properties

    def keys(self) -> KeysView[str]:
        """Return a view of the names of the properties, in their order."""
        return self.properties.keys()

    def values(self) -> ValuesView[Any]:
        """Return a view of the values of the properties, in their order."""
        return PropertyValuesView(self.properties)

    def items(self) -> ItemsView[str, Any]:
        """Return a view of tuples (name, value) of the properties, in their order."""
        return PropertyItemsView(self.properties)

    def iterkeys(self) -> Iterator[str]:
        """Return the names of the properties. Deprecated: use `keys`."""
        deprecated_iter("CIMInstance", "iterkeys")
        return iter(self.keys())

    def itervalues(self) -> Iterator[Any]:
        """Return the values of the properties. Deprecated: use `values`."""
        deprecated_iter("CIMInstance", "itervalues")
        return iter(self.values())

    def iteritems(self) -> Iterator[Tuple[str, Any]]:
        """Return tuples (name, value) of the properties. Deprecated: use `items`."""
        deprecated_iter("CIMInstance", "iteritems")
        return iter(self.items())

    def update(self, *args: Any, **kwargs: Any) -> None:
        """
        Set properties as by ``inst[name] = value``; other properties stay as they are.

        Parameters:
            *args: Each a mapping from name to value, an iterable of tuples (name, value), or an
                object with a method `items`, such as an instance or an instance path.
            **kwargs: Properties as keyword arguments.

        Raises:
            ValueError: As for the constructor, or a number is out of the range of its property.
            TypeError: An argument is not iterable.
        """
        for name, value in _given_items(args, kwargs):
            self[name] = value

    def update_existing(self, *args: Any, **kwargs: Any) -> None:
        """
        Set the values of those properties that the instance has already; others are ignored.

        The properties keep their type, to which the values are converted. Keybindings of the path
        stay as they are.

        Parameters:
            *args: Each a mapping from name to value, an iterable of tuples (name, value), or an
                object with a method `items`, such as an instance or an instance path.
            **kwargs: Values as keyword arguments.

        Raises:
            ValueError, TypeError: A value does not suit its property, or an argument is none of
                these.
        """
        for name, value in _given_items(args, kwargs):
            prop = self.properties.get(name)
            if prop is not None:
                prop.value = value

    # Conversion

    @staticmethod
    def from_class(
        klass: CIMClass,
        namespace: Optional[str] = None,
        property_values: Optional[Dict[str, Any]] = None,
        include_missing_properties: bool = True,
        include_path: bool = True,
        include_class_origin: bool = False,
    ) -> CIMInstance:
        """
        Return a new instance of a class, with values for some of the properties of the class.

        The properties of the instance have no qualifiers; otherwise they are as in the class.

        Parameters:
            klass (:class:`~pywbem.CIMClass`): The class. For a path, it must have been retrieved
                with qualifiers and inherited properties.
            namespace (:class:`str`): Namespace of the path, or `None`.
            property_values (:class:`dict` or :class:`NocaseDict`): Values by name of property; they
                are converted to the type of the property.
            include_missing_properties (:class:`bool`): Whether properties without a value in
                `property_values` are included, with the default value of the class or NULL.
            include_path (:class:`bool`): Whether the instance gets a path, made of the values of
                the properties that have a qualifier `Key` in the class.
            include_class_origin (:class:`bool`): Whether the properties have the class origin that
                they have in the class.

        Returns:
            :class:`~pywbem.CIMInstance`: The instance.

        Raises:
            ValueError: A name is not that of a property of the class, a value does not suit its
                property, or a path is to be made and a key property has no value.
            TypeError: The property values are not a dictionary, or the type of a value does not
                suit its property.
        """
        classname = klass.classname
        values = _values_for_class(klass, property_values)
        properties = NocaseDict()
        for name, prop in klass.properties.items():
            if name in values:
                value = values[name]
            elif include_missing_properties:
                value = copied_value(prop.value)
            else:
                continue
            properties[name] = CIMProperty(
                name,
                value,
                type=prop.type,
                class_origin=prop.class_origin if include_class_origin else None,
                array_size=prop.array_size,
                propagated=prop.propagated,
                is_array=prop.is_array,
                reference_class=prop.reference_class,
                embedded_object=prop.embedded_object,
            )
        inst = CIMInstance._trusted(classname, properties, None, None)
        if include_path:
            inst._path = CIMInstanceName.from_instance(
                klass, inst, namespace=namespace, strict=True
            )
        return inst

    def to_dict(self) -> Dict[str, Any]:
        """
        Return the instance as dictionaries, lists, text and numbers, which JSON can carry.

        It has the items `classname`, `properties` (by name, each with `type` and `value`) and,
        where there are any, `path` and `qualifiers`; a property has those of its other attributes
        that are set. Numbers are numbers, 64-bit integers whole; the real numbers that JSON has not
        are ``"NaN"``, ``"INF"`` and ``"-INF"``. Datetimes are text, NULL is `None`, arrays are
        lists, and references and embedded objects are dictionaries of the same form.

        Returns:
            :class:`dict`: The instance; `from_dict` returns an equal one.

        Raises:
            TypeError: A value is none of a CIM data type.
        """
        return forms.plain.object_form(self)

    @classmethod
    def from_dict(cls: Type[_SelfT], form: Mapping[str, Any]) -> _SelfT:
        """
        Return the instance of what `to_dict` returned.

        Parameters:
            form (:class:`dict`): The dictionary. What `to_dict` leaves out may be left out.

        Returns:
            :class:`~pywbem.CIMInstance`: The instance.

        Raises:
            TypeError: A value is of another kind than its CIM type.
            ValueError: There is an item that is unknown, a value that is out of range, or a value
                without a CIM type.
        """
        return forms.plain.object_from_form(cls, form)

    def tocimxml(self, ignore_path: bool = False) -> Element:
        """
        Return the CIM-XML element of the instance (DSP0201).

        It is an `INSTANCE` element without path, and otherwise a `VALUE.NAMEDINSTANCE` element if
        the path has no namespace, a `VALUE.OBJECTWITHLOCALPATH` element if the path has no host,
        and a `VALUE.INSTANCEWITHPATH` element if it has.

        Parameters:
            ignore_path (:class:`bool`): Leave out the path, as for an embedded instance.

        Returns:
            :class:`xml.dom.minidom.Element`: The element.

        Raises:
            TypeError, ValueError: Something in it has no CIM-XML, such as a value that is none of
                its type, or a character that XML does not allow.
        """
        return object_element(self, ignore_path=ignore_path)

    def tocimxmlstr(self, indent: Union[str, int, None] = None, ignore_path: bool = False) -> str:
        """
        Return the CIM-XML of the instance as text, see `tocimxml`.

        Parameters:
            indent (:class:`str` or :class:`int`): Indentation for each level of nested elements,
                as a string or a number of blanks. `None` gives one line without white space
                between the elements.
            ignore_path (:class:`bool`): Leave out the path, as for an embedded instance.

        Returns:
            :class:`str`: The CIM-XML.

        Raises:
            TypeError, ValueError: As `tocimxml`, or the indent is neither a string nor an integer.
        """
        return object_text(self, indent, ignore_path=ignore_path)

    def tomof(self, maxline: int = 80) -> str:
        """
        Return the MOF of the instance (DSP0004 annex A, instanceDeclaration).

        It has neither an alias nor qualifiers.

        Parameters:
            maxline (:class:`int`): Length of a line at which it is folded.

        Returns:
            :class:`str`: The MOF.

        Raises:
            ValueError: `maxline` leaves no room for a value.
            TypeError: A property has a value that is none of its type, which was set later.
        """
        return forms.mof.instance_mof(self, maxline)


def _given_items(args: Iterable[Any], kwargs: Dict[str, Any]) -> Iterator[Tuple[str, Any]]:
    """Return the items (name, value) of the arguments of an update method."""
    for arg in args:
        yield from arg.items() if hasattr(arg, "items") else arg
    yield from kwargs.items()


def _values_for_class(klass: CIMClass, property_values: Any) -> NocaseDict:
    """Return the property values given to `CIMInstance.from_class`, checked against the class."""
    if property_values is None:
        return NocaseDict()
    if not isinstance(property_values, (Mapping, NocaseDict)):
        raise TypeError(
            f"property_values param must be a dictionary. Type is {type(property_values)}"
        )
    values = NocaseDict(property_values)
    for name in values:
        if name not in klass.properties:
            raise ValueError(
                f"Property name {name!r} in property_values param but not in class "
                f"{klass.classname!r}"
            )
    return values
