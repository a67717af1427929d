"""
CIM objects as dictionaries, lists, text and numbers, which JSON can carry, and back.

The form of an object is a dictionary of its fields. Those that say nothing are left out: `None`, an
empty dictionary, and `is_array` where the value tells it; `properties`, `keybindings`, `superclass`
and `value` are always there, so that an instance can be told from a class, a path of an instance
from that of a class, and NULL is seen. Dictionaries of objects are dictionaries of their forms by
name, in which the name is not repeated.
"""

from __future__ import annotations

import math
from typing import Any, Dict, List, Mapping, Optional, Tuple, Type, TypeVar

from pywbem._cim_types import Char16, CIMDateTime, CIMType, cimtype
from pywbem._cim_types.scalars import REAL64_FORMAT, real_text
from pywbem._nocasedict import NocaseDict

from ._base import CIMObject
from .cim_class import CIMClass
from .class_name import CIMClassName
from .instance import CIMInstance
from .instance_name import CIMInstanceName
from .method import CIMMethod
from .parameter import CIMParameter
from .property import CIMProperty
from .qualifier import CIMQualifier
from .values import PLAIN_NUMBERS, cimvalue

__all__ = ["object_form", "object_from_form", "to_json"]

_ObjectT = TypeVar("_ObjectT", bound=CIMObject)

_ALWAYS = frozenset(("properties", "keybindings", "superclass", "value"))
# What the dictionaries of an object hold.
_ITEMS: Dict[str, Type[CIMObject]] = {
    "properties": CIMProperty,
    "methods": CIMMethod,
    "parameters": CIMParameter,
    "qualifiers": CIMQualifier,
}


def to_json(value: Any) -> Any:
    """
    Return what stands in JSON for an object that Python's JSON encoder does not know, to be given
    to it: ``json.dumps(instances, default=pywbem.to_json)``.

    Parameters:
        value (:term:`CIM object`, :class:`CIMDateTime` or :class:`NocaseDict`): The object. The
            numbers and strings among the :term:`CIM data type` are known to the encoder.

    Returns:
        For an instance or instance path what its method `to_dict` returns, for another CIM object a
        :class:`dict` of its attributes in the same form, for a datetime its text, for a dictionary
        a :class:`dict`.

    Raises:
        TypeError: The object is none of these.
    """
    if isinstance(value, CIMObject):
        return object_form(value)
    if isinstance(value, CIMDateTime):
        return str(value)
    if isinstance(value, NocaseDict):
        return dict(value.items())
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


# To plain forms


def object_form(obj: CIMObject) -> Dict[str, Any]:
    """
    Return the form of a CIM object.

    Raises:
        TypeError: A value in it is none of a CIM type.
    """
    form: Dict[str, Any] = {}
    for key in obj._fields:
        item = _field_form(obj, key, getattr(obj, "_" + key))
        if key in _ALWAYS or not (item is None or item == {}):
            form[key] = item
    return form


def _field_form(obj: Any, key: str, value: Any) -> Any:
    """Return the form of a field, `None` if it can be left out."""
    if key in _ITEMS:
        return {name: _item_form(name, item) for name, item in value.items()} if value else {}
    if key == "keybindings":
        return _keybindings_form(value)
    if key == "scopes":
        return dict(value.items()) if value else {}
    if key == "is_array" and value is isinstance(obj._value, list):
        return None
    if key == "embedded_object" and value is None and _holds_objects(obj):
        return False
    return _value_form(value)


def _holds_objects(obj: Any) -> bool:
    """Return whether the value is what the constructor would take as embedded object."""
    value = obj._value
    first = value[0] if isinstance(value, list) and value else value
    return isinstance(first, CIMObject) and first._embedded_as_value is not None


def _item_form(name: str, item: CIMObject) -> Dict[str, Any]:
    form = object_form(item)
    if form["name"] == name:
        del form["name"]
    return form


def _keybindings_form(keybindings: Optional[NocaseDict]) -> Any:
    """Return keybindings by name, or a list of pairs if one has no name, as no JSON key can."""
    pairs = [(name, _key_form(value)) for name, value in (keybindings or {}).items()]
    if any(name is None for name, _ in pairs):
        return [list(pair) for pair in pairs]
    return dict(pairs)


def _key_form(value: Any) -> Any:
    """Return the value of a key: as it is, or with its type if it has one that JSON has not."""
    form = _value_form(value)
    if isinstance(value, (CIMType, CIMObject)):
        return {"type": cimtype(value), "value": form}
    if isinstance(value, float) and isinstance(form, str):
        return {"type": "real64", "value": form}
    return form


def _value_form(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        # RFC 8259 6: JSON has no such numbers; DSP0201 writes them so.
        if not math.isfinite(value):
            return real_text(value, REAL64_FORMAT)
        return float(value)
    if isinstance(value, CIMDateTime):
        return str(value)
    if isinstance(value, list):
        return [_value_form(item) for item in value]
    if isinstance(value, CIMObject):
        return object_form(value)
    raise TypeError(f"Value {value!r} is none of a CIM data type: {type(value)}")


# From plain forms


def object_from_form(cls: Type[_ObjectT], form: Mapping[str, Any]) -> _ObjectT:
    """
    Return the object of a form, made by the constructor of its class.

    Raises:
        TypeError, ValueError: It is not the form of such an object.
    """
    _check_form(cls.__name__, form, cls._fields)
    name = "classname" if "classname" in cls._fields else "name"
    if not isinstance(form.get(name), str):
        raise TypeError(f"The form of {cls.__name__} needs {name!r}, which is a string")
    arguments = {key: _argument(key, item) for key, item in form.items()}
    if arguments.get("value") is not None:
        arguments["value"] = _value(arguments["value"], form.get("type"))
    path = arguments.pop("path", None)
    obj = cls(**arguments)
    if path is not None:
        # Not by the constructor, which would change keybindings to the values of properties.
        path_class = CIMInstanceName if isinstance(obj, CIMInstance) else CIMClassName
        obj.path = object_from_form(path_class, path)  # type: ignore[attr-defined]
    return obj


def _mapping(what: str, form: Any) -> Mapping[str, Any]:
    if not isinstance(form, Mapping):
        raise TypeError(f"The form of {what} must be a dictionary, but is: {form!r}")
    return form


def _check_form(what: str, form: Any, names: Tuple[str, ...]) -> None:
    unknown = [name for name in _mapping(what, form) if name not in names]
    if unknown:
        raise ValueError(
            f"The form of {what} has {unknown[0]!r}, which is none of: {', '.join(names)}"
        )


def _argument(key: str, item: Any) -> Any:
    """Return what the constructor takes for a field; values and paths are converted elsewhere."""
    item_class = _ITEMS.get(key)
    if item_class is not None:
        forms = {} if item is None else _mapping(key, item)
        return [
            (name, object_from_form(item_class, {"name": name, **_mapping(name, form)}))
            for name, form in forms.items()
        ]
    if key == "keybindings":
        return [(name, _key(value)) for name, value in _pairs(item)]
    return item


def _pairs(keybindings: Any) -> List[Tuple[Optional[str], Any]]:
    if isinstance(keybindings, list):
        if not all(isinstance(pair, (list, tuple)) and len(pair) == 2 for pair in keybindings):
            raise TypeError(f"A list of keybindings must be one of pairs, but is: {keybindings!r}")
        return [(name, value) for name, value in keybindings]
    return [] if keybindings is None else list(_mapping("keybindings", keybindings).items())


def _key(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    _check_form("keybinding", value, ("type", "value"))
    type_name = value.get("type")
    plain = _value(value.get("value"), type_name)
    return Char16(plain) if type_name == "char16" else cimvalue(plain, type_name)


# The classes of the plain values of a type; the conversions of constructors are wider.
_PLAIN: Dict[str, Tuple[type, ...]] = {
    **PLAIN_NUMBERS,
    "boolean": (bool,),
    "string": (str, Mapping),
    "char16": (str,),
    "datetime": (str,),
    "reference": (Mapping,),
}
_NO_NUMBERS = ("NaN", "INF", "-INF")


def _value(value: Any, type_name: Any) -> Any:
    """
    Return a value of a type from its plain form; numbers and text stay what they are.

    Raises:
        TypeError: The form is none of the type's.
        ValueError: There is no such type.
    """
    if isinstance(value, list):
        return [_value(item, type_name) for item in value]
    if type_name not in _PLAIN:
        raise ValueError(f"A value needs the name of its CIM type, but that is: {type_name!r}")
    if value is None or (type_name in ("real32", "real64") and value in _NO_NUMBERS):
        return value
    accepted = _PLAIN[type_name]
    if not isinstance(value, accepted) or (isinstance(value, bool) and bool not in accepted):
        raise TypeError(f"The form of a value of type {type_name} cannot be: {value!r}")
    if not isinstance(value, Mapping):
        return value
    if type_name == "reference":
        return object_from_form(CIMInstanceName if "keybindings" in value else CIMClassName, value)
    return object_from_form(CIMClass if "superclass" in value else CIMInstance, value)
