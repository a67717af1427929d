"""
What all CIM objects have in common.

``CIMObject`` is their base class. The rest are the pieces from which the class files are made:
attributes that normalise what is assigned to them, the forms in which a dictionary of a CIM object
can be given, and the comparison, hashing and representation of such dictionaries.

An empty dictionary is not allocated: its slot holds `None` until the attribute is read or something
is put into it. Code inside the library reads the slot and takes `None` as empty.
"""

from __future__ import annotations

import operator
import re
from functools import lru_cache
from typing import (
    TYPE_CHECKING,
    Any,
    Callable,
    ClassVar,
    Dict,
    Generic,
    Match,
    Optional,
    Tuple,
    TypeVar,
    Union,
)

from pywbem._cim_type_base import _CIMComparisonMixin
from pywbem._cim_types import CIMFloat, CIMInt, _register_object_type
from pywbem._nocasedict import NocaseDict

if TYPE_CHECKING:
    from xml.dom.minidom import Element

    _T_co = TypeVar("_T_co", covariant=True)

    class Attribute(Generic[_T_co]):
        """What type checkers see of the properties below: anything can be set, one type is read."""

        def __get__(self, obj: object, cls: Optional[type] = None) -> _T_co: ...
        def __set__(self, obj: object, value: Any) -> None: ...


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
    # For repr() and str(): the attributes in their order, and how many of them str() shows.
    _shown: ClassVar[Tuple[str, ...]] = ()
    _shown_short: ClassVar[int] = 0
    _shown_class: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Tell `cimtype()` the type of the objects of the class, and keep its name."""
        super().__init_subclass__(**kwargs)
        if "_shown" in cls.__dict__:
            cls._shown_class = cls.__name__
        type_as_value = cls.__dict__.get("_type_as_value")
        if type_as_value is not None:
            _register_object_type(cls, type_as_value)

    def __repr__(self) -> str:
        """Return a text of all attributes, in ASCII; dictionaries are in their order."""
        return f"{self._shown_class}({self._shown_text(self._shown)})"

    def __str__(self) -> str:
        """Return a short text of the main attributes, in ASCII."""
        return f"{self._shown_class}({self._shown_text(self._shown[: self._shown_short])}, ...)"

    def _shown_text(self, names: Tuple[str, ...]) -> str:
        return ", ".join(
            [
                f"{name}={(dict_repr if name in _DICTS else to_repr)(getattr(self, '_' + name))}"
                for name in names
            ]
        )

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
            TypeError: The indent is neither a string nor an integer.
        """
        return object_text(self, indent)


def not_comparable(obj: CIMObject, other: object) -> TypeError:
    """Return the exception for ``==`` with an object of another class."""
    return TypeError(f"other must be {type(obj).__name__}, but is: {type(other)}")


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


# Attributes. The getters are C functions, and so as cheap as a slot read through a property can be.


def to_text(value: Any) -> Any:
    """Return a byte string decoded from UTF-8, and anything else as it is."""
    return value.decode("utf-8") if isinstance(value, bytes) else value


def to_bool(value: Any) -> Optional[bool]:
    """Return the truth value of something, and `None` for `None`."""
    return value if value is None else bool(value)


def attribute(slot: str, convert: Callable[[Any], Any], doc: str) -> Any:
    """Return a property over a slot whose setter stores ``convert(value)``."""

    def set_value(obj: Any, value: Any) -> None:
        setattr(obj, slot, convert(value))

    return property(operator.attrgetter(slot), set_value, None, doc)


def plain_attribute(slot: str, doc: str) -> Any:
    """Return a property over a slot whose setter stores what it is given."""

    def set_value(obj: Any, value: Any) -> None:
        setattr(obj, slot, value)

    return property(operator.attrgetter(slot), set_value, None, doc)


def text_attribute(slot: str, doc: str) -> Any:
    """Return a property over a slot for an optional string; byte strings are decoded from UTF-8."""
    return attribute(slot, to_text, doc)


def bool_attribute(slot: str, doc: str) -> Any:
    """Return a property over a slot for an optional boolean; any value is taken by its truth."""
    return attribute(slot, to_bool, doc)


def name_attribute(slot: str, doc: str) -> Any:
    """Return a property over a slot for a name that must not be `None`."""
    attribute_name = slot[1:]

    def set_name(obj: Any, value: Any) -> None:
        setattr(obj, slot, required_name(value, type(obj).__name__, attribute_name))

    return property(operator.attrgetter(slot), set_name, None, doc)


def dict_attribute(slot: str, convert: Callable[[Any], Optional[NocaseDict]], doc: str) -> Any:
    """
    Return a property over a slot for a dictionary.

    Reading it allocates the dictionary if the slot holds `None`; setting it stores
    ``convert(value)``.
    """
    get_slot = operator.attrgetter(slot)

    def get_dict(obj: Any) -> NocaseDict:
        value: Optional[NocaseDict] = get_slot(obj)
        if value is None:
            value = NocaseDict()
            setattr(obj, slot, value)
        return value

    def set_dict(obj: Any, value: Any) -> None:
        setattr(obj, slot, convert(value))

    return property(get_dict, set_dict, None, doc)


def required_name(value: Any, class_name: str, attribute_name: str = "name") -> Any:
    """
    Return the name as text.

    Raises:
        ValueError: The name is `None`.
    """
    if value is None:
        raise ValueError(f"{class_name} {attribute_name!r} parameter must not be None")
    return value.decode("utf-8") if isinstance(value, bytes) else value


# Dictionaries


def input_dict(
    value: Any, kind: str, item_class: type, convert: Callable[[str, Any], Any]
) -> Optional[NocaseDict]:
    """
    Return a new dictionary from any form in which the items of a CIM object can be given.

    Parameters:
        value: `None`, a mapping (anything with a method `items`), or an iterable of tuples
            (name, item) or of objects of `item_class`, whose attribute `name` is then the name. The
            order is kept; of items with the same name the last one stays.
        kind (:class:`str`): What the items are in the plural, for messages; e.g. ``"qualifiers"``.
        item_class (:class:`type`): Class of the objects that an iterable may contain beside tuples.
        convert: Function (name, item) that checks the item, converts it and returns what is stored
            for it. For objects of an iterable, item is the object.

    Returns:
        The dictionary, or `None` when there are no items.

    Raises:
        TypeError: The value is not iterable, or has an item that is neither a tuple nor of
            `item_class`.
        ValueError: A name is `None`, or a tuple has not two items. What `convert` raises is not
            caught.
    """
    if not value:
        return None
    pairs = None if isinstance(value, (list, tuple)) else getattr(value, "items", None)
    try:
        entries = iter(value if pairs is None else pairs())
    except TypeError:
        raise TypeError(
            f"Input object for {kind} must be a mapping, or an iterable of tuples (name, value) or "
            f"{item_class.__name__} objects, but is: {value!r}"
        ) from None
    data: Dict[Optional[str], Tuple[Any, Any]] = {}
    for entry in entries:
        if pairs is not None:
            name, item = entry
        elif isinstance(entry, item_class):
            name, item = entry.name, entry  # type: ignore[attr-defined]
        elif isinstance(entry, tuple):
            name, item = _unpacked(entry, kind)
        else:
            raise TypeError(
                f"Input object for {kind} has invalid item in iterable: {entry!r} (items must be "
                f"tuples (name, value) or {item_class.__name__} objects)"
            )
        if name.__class__ is not str:
            name = item_name(name, kind)
        data[name.casefold()] = (name, convert(name, item))
    return NocaseDict._trusted(data) if data else None


def _unpacked(entry: Tuple[Any, ...], kind: str) -> Tuple[Any, Any]:
    if len(entry) != 2:
        raise ValueError(
            f"Input object for {kind} has a tuple that is not (name, value): {entry!r}"
        )
    return entry


_SINGULAR = {"properties": "Property"}


def singular(kind: str) -> str:
    """Return the name of one item of a kind, e.g. ``"Qualifier"`` for ``"qualifiers"``."""
    return _SINGULAR.get(kind) or kind[:-1].capitalize()


def item_name(name: Any, kind: str) -> str:
    """
    Return the name of an item of an input object as text.

    Raises:
        ValueError: The name is `None`.
        AttributeError: The name is neither a string nor a byte string.
    """
    if name is None:
        raise ValueError(f"{singular(kind)} name must not be None")
    name = to_text(name)
    if not isinstance(name, str):
        # The class of the exception is part of the interface.
        raise AttributeError(f"{singular(kind)} name must be a string, but is: {name!r}")
    return name


def check_item(name: str, item: Any, kind: str, item_class: type) -> Any:
    """
    Return an item of an input object, after checking its class and that its name is its key.

    Raises:
        TypeError: The item is not of `item_class`.
        ValueError: The item has another name than its key, lexical case ignored.
    """
    if not isinstance(item, item_class):
        raise TypeError(
            f"{singular(kind)} must be a {item_class.__name__} object, but is: {type(item)} "
            f"(item {name!r})"
        )
    item_name: str = item.name  # type: ignore[attr-defined]
    if item_name != name and item_name.lower() != name.lower():
        raise ValueError(
            f"{item_class.__name__}.name must be dictionary key {name!r}, but is {item_name!r}"
        )
    return item


def copy_dict(value: Optional[NocaseDict]) -> Optional[NocaseDict]:
    """Return a copy of the dictionary of a slot that shares its items."""
    return value.copy() if value else None


def eq_dict(left: Optional[NocaseDict], right: Optional[NocaseDict]) -> bool:
    """
    Return whether the dictionaries of two slots are equal: the case of names and the order of items
    do not count.

    Items that cannot be compared with each other are not equal.
    """
    if left is right:
        return True
    if not left or not right:
        return not left and not right
    data = right._data
    if len(left._data) != len(data):
        return False
    try:
        for key, (_, item) in left._data.items():
            if key not in data:
                return False
            other = data[key][1]
            if item is other or item == other:
                continue
            return False
    except TypeError:
        return False
    return True


def eq_value(left: Any, right: Any) -> bool:
    """
    Return whether two CIM values are equal; NULL is equal to nothing else.

    Raises:
        TypeError: They are CIM objects that cannot be compared with each other.
    """
    if left is None or right is None:
        return left is right
    return bool(left == right)


def eq_name(left: Optional[str], right: Optional[str]) -> bool:
    """Return whether two optional names are equal, lexical case ignored."""
    if left == right:
        return True
    return left is not None and right is not None and left.lower() == right.lower()


def hash_dict(value: Optional[NocaseDict]) -> int:
    """Return a hash value for the dictionary of a slot that agrees with `eq_dict`."""
    if not value:
        return 0
    return hash(frozenset([(key, hash_item(item)) for key, (_, item) in value._data.items()]))


def hash_name(name: Optional[str]) -> int:
    """Return a hash value for an optional name that agrees with `eq_name`."""
    return hash(name and name.lower())


def hash_item(value: Any) -> int:
    """Return a hash value for a CIM value; arrays are hashed by their items."""
    return hash(tuple(value)) if isinstance(value, list) else hash(value)


# Representation. The text is ASCII, so that it can be printed anywhere.

_DICTS = frozenset(["keybindings", "methods", "parameters", "properties", "qualifiers", "scopes"])
_HEX_ESCAPE = re.compile(r"\\(?:\\|x([0-9a-f]{2}))")


def to_repr(value: Any) -> str:
    """
    Return the representation of an attribute: strings in ASCII with ``\\u`` escapes, CIM numbers as
    plain numbers, and the items of lists likewise.
    """
    if isinstance(value, str):
        text = ascii(str.__str__(value))
        return _HEX_ESCAPE.sub(_u_escape, text) if "\\x" in text else text
    if isinstance(value, list):
        return f"[{', '.join([to_repr(item) for item in value])}]"
    if isinstance(value, CIMInt):
        return int.__repr__(value)
    if isinstance(value, CIMFloat):
        return float.__repr__(value)
    if isinstance(value, bytes):
        return to_repr(value.decode("utf-8", "backslashreplace"))
    return ascii(value)


def _u_escape(match: Match[str]) -> str:
    digits = match.group(1)
    return match.group() if digits is None else "\\u00" + digits


def dict_repr(value: Optional[NocaseDict]) -> str:
    """Return the representation of the dictionary of a slot."""
    if not value:
        return "NocaseDict({})"
    items = [f"{to_repr(name)}: {to_repr(item)}" for name, item in value._data.values()]
    return f"NocaseDict({{{', '.join(items)}}})"


# CIM-XML. The encoder is above this package, so it is imported when it is called.


def object_element(obj: CIMObject, **options: Any) -> Element:
    """Return the CIM-XML element of an object; the options are those of its ``tocimxml()``."""
    from pywbem._cim_xml.write import objects as encode

    return encode.element(encode.object_xml(obj, **options))


def object_text(obj: CIMObject, indent: Union[str, int, None], **options: Any) -> str:
    """Return the CIM-XML text of an object; the options are those of its ``tocimxml()``."""
    from pywbem._cim_xml.write import objects as encode

    text = encode.object_xml(obj, **options)
    return text if indent is None else encode.pretty(text, indent)


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
        ValueError: The value is `None`.
        TypeError: The value has no CIM-XML.
    """
    from pywbem._cim_xml.write import objects as encode

    return encode.element(_value_text(value))


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
        ValueError: The value is `None`.
        TypeError: The value has no CIM-XML, or the indent is neither a string nor an integer.
    """
    from pywbem._cim_xml.write import objects as encode

    text = encode.value_xml(value) if hasattr(value, "toxml") else _value_text(value)
    return text if indent is None else encode.pretty(text, indent)


def _value_text(value: Any) -> str:
    from pywbem._cim_xml.write import objects as encode

    if value is None:
        raise ValueError("The value parameter must not be None: NULL has no CIM-XML of its own")
    if isinstance(value, CIMObject):
        return encode.object_xml(value)
    return encode.value_xml(value)
