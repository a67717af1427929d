"""
Deep copies of CIM objects.

The methods ``copy()`` of the objects share properties and qualifiers with the
original; what goes in and out of a repository shares nothing that can be
changed.  CIM values other than arrays, paths and embedded objects cannot.
"""

from __future__ import annotations

from typing import Any, Callable, Collection, List, Optional, Sequence, TypeVar

from pywbem._cim_obj import (
    CIMClass,
    CIMClassName,
    CIMInstance,
    CIMInstanceName,
    CIMMethod,
    CIMParameter,
    CIMProperty,
    CIMQualifier,
    CIMQualifierDeclaration,
)
from pywbem._cim_types import CIMDateTime, type_from_name
from pywbem._nocasedict import NocaseDict
from pywbem._process import resting_collector, resting_while_much_is_built

_T = TypeVar("_T")
_new = object.__new__

# The garbage collector rests while so many copies or more are made.
_MANY = 500
# And does not look through them later, either.
_VERY_MANY = 20_000

# The classes of most values: they cannot be changed, so that nothing is copied.
_PLAIN = frozenset(
    [str, bool, int, float, type(None), CIMDateTime]
    + [type_from_name(f"{kind}int{bits}") for kind in "us" for bits in (8, 16, 32, 64)]
    + [type_from_name(name) for name in ("real32", "real64", "char16")]
)

# Names of properties, in the form of the keys of NocaseDict.
Names = Optional[Collection[str]]


def _dict(items: Optional[NocaseDict], copy: Callable[[Any], Any]) -> Optional[NocaseDict]:
    """
    A dictionary with copies of its values.
    """
    if items is None:
        return None
    return NocaseDict._trusted(
        {key: (name, copy(item)) for key, (name, item) in items._data.items()}
    )


def _value(value: Any) -> Any:
    if isinstance(value, list):
        return [item if item.__class__ in _PLAIN else _value(item) for item in value]
    copy = _COPIES.get(type(value))
    return value if copy is None else copy(value)


def _qualifier(qualifier: CIMQualifier) -> CIMQualifier:
    value = qualifier._value
    return CIMQualifier._trusted(
        qualifier._name,
        value if value.__class__ in _PLAIN else _value(value),
        qualifier._type,
        qualifier._propagated,
        qualifier._overridable,
        qualifier._tosubclass,
        qualifier._toinstance,
        qualifier._translatable,
    )


def copy_property(
    prop: CIMProperty, qualifiers: bool = True, class_origin: bool = True
) -> CIMProperty:
    """
    Copy a property, without its qualifiers or class origin if so wanted.
    """
    value = prop._value
    return CIMProperty._trusted(
        prop._name,
        _value(value) if value.__class__ not in _PLAIN else value,
        prop._type,
        prop._class_origin if class_origin else None,
        prop._array_size,
        prop._propagated,
        prop._is_array,
        prop._reference_class,
        _dict(prop._qualifiers, _qualifier) if qualifiers and prop._qualifiers else None,
        prop._embedded_object,
    )


def copy_parameter(parameter: CIMParameter, qualifiers: bool = True) -> CIMParameter:
    """
    Copy a parameter, without its qualifiers if so wanted.
    """
    return CIMParameter._trusted(
        parameter._name,
        parameter._type,
        parameter._reference_class,
        parameter._is_array,
        parameter._array_size,
        _dict(parameter._qualifiers, _qualifier) if qualifiers else None,
        _value(parameter._value),
        parameter._embedded_object,
    )


def copy_method(method: CIMMethod, qualifiers: bool = True, class_origin: bool = True) -> CIMMethod:
    """
    Copy a method, without its qualifiers or class origin if so wanted.
    """
    return CIMMethod._trusted(
        method._name,
        method._return_type,
        _dict(method._parameters, lambda item: copy_parameter(item, qualifiers)),
        method._class_origin if class_origin else None,
        method._propagated,
        _dict(method._qualifiers, _qualifier) if qualifiers else None,
    )


def copy_qualifiers(qualifiers: Optional[NocaseDict]) -> Optional[NocaseDict]:
    """
    Copy a dictionary of qualifiers.
    """
    return _dict(qualifiers, _qualifier)


def copy_class(cls: CIMClass) -> CIMClass:
    """
    Copy a class.
    """
    return CIMClass._trusted(
        cls._classname,
        _dict(cls._properties, copy_property),
        _dict(cls._methods, copy_method),
        cls._superclass,
        _dict(cls._qualifiers, _qualifier),
        None if cls._path is None else copy_class_name(cls._path),
    )


def copy_class_name(path: CIMClassName) -> CIMClassName:
    """
    Copy a class path.
    """
    return CIMClassName._trusted(path._classname, path._host, path._namespace)


def copy_path(path: CIMInstanceName, namespace: Optional[str] = None) -> CIMInstanceName:
    """
    Copy an instance path, into another namespace if one is given.
    """
    keybindings = path._keybindings
    copies = None
    if keybindings is not None:
        data = keybindings._data.copy()
        for key, (name, value) in data.items():
            if value.__class__ not in _PLAIN:
                data[key] = (name, _value(value))
        copies = NocaseDict._trusted(data)
        if keybindings.allow_unnamed_keys:
            copies.allow_unnamed_keys = True
    return CIMInstanceName._trusted(
        path._classname,
        copies,
        path._host,
        path._namespace if namespace is None else namespace,
    )


def copy_instance(
    instance: CIMInstance,
    names: Names = None,
    qualifiers: bool = True,
    class_origin: bool = True,
) -> CIMInstance:
    """
    Copy an instance.

    Parameters:
        instance (CIMInstance): The instance.
        names (collection of str): Names of the properties that are wanted, case
            folded.  None means all.
        qualifiers (bool): Whether qualifiers are wanted.
        class_origin (bool): Whether the class origin of properties is wanted.
    """
    properties = instance._properties
    path = instance._path
    return CIMInstance._trusted(
        instance._classname,
        None
        if not properties
        else _instance_properties(properties, names, qualifiers, class_origin),
        _dict(instance._qualifiers, _qualifier) if qualifiers else None,
        None if path is None else copy_path(path),
    )


def _instance_properties(
    properties: NocaseDict, names: Names, qualifiers: bool, class_origin: bool
) -> NocaseDict:
    """
    Copies of the properties of an instance: what most of a repository consists of.  Therefore
    no function is called for one that has a plain value and no qualifiers.
    """
    data: Any = {}
    for key, (name, prop) in properties._data.items():
        if names is not None and key not in names:
            continue
        value = prop._value
        if value.__class__ not in _PLAIN:
            value = _value(value)
        copy = _new(CIMProperty)
        copy._name = prop._name
        copy._value = value
        copy._type = prop._type
        copy._class_origin = prop._class_origin if class_origin else None
        copy._array_size = prop._array_size
        copy._propagated = prop._propagated
        copy._is_array = prop._is_array
        copy._reference_class = prop._reference_class
        own = prop._qualifiers
        copy._qualifiers = _dict(own, _qualifier) if qualifiers and own else None
        copy._embedded_object = prop._embedded_object
        data[key] = (name, copy)
    return NocaseDict._trusted(data)


def copy_qualifier_declaration(declaration: CIMQualifierDeclaration) -> CIMQualifierDeclaration:
    """
    Copy a qualifier declaration.
    """
    copy = declaration.copy()
    copy._value = _value(copy._value)
    return copy


_COPIES: Any = {
    CIMClass: copy_class,
    CIMClassName: copy_class_name,
    CIMInstance: copy_instance,
    CIMInstanceName: copy_path,
    CIMProperty: copy_property,
    CIMQualifier: _qualifier,
    CIMQualifierDeclaration: copy_qualifier_declaration,
}


def copy_all(objects: Sequence[Any], copy: Callable[[Any], _T]) -> List[_T]:
    """
    Copies of many objects.

    The garbage collector would look through them while they are made, again and again;
    copies have no cycles.
    """
    if len(objects) < _MANY:
        return [copy(obj) for obj in objects]
    with resting_collector() if len(objects) < _VERY_MANY else resting_while_much_is_built():
        return [copy(obj) for obj in objects]


def deep_copy(obj: _T) -> _T:
    """
    Copy a CIM object, or return a CIM value that cannot be changed.
    """
    for kind in type(obj).__mro__:
        copy = _COPIES.get(kind)
        if copy is not None:
            try:
                result: _T = copy(obj)
            except AttributeError:
                # Its own copy() makes properties of what was put into a dictionary directly.
                result = copy(obj.copy())  # type: ignore[attr-defined]
            return result
    return obj
