"""
What the dispatcher checks: instances and parameters of a request against the class, before a
provider gets them, and what a provider returns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, List, Optional, Union

from pywbem._cim_obj import (
    CIMClass,
    CIMClassName,
    CIMInstance,
    CIMInstanceName,
    CIMMethod,
    CIMParameter,
    CIMProperty,
)
from pywbem._cim_types import cimtype
from pywbem._exceptions import CIMError
from pywbem._nocasedict import NocaseDict

from ..store.class_view import wanted_names
from ..store.copying import copy_instance, copy_property
from ..store.errors import invalid_parameter, null_reference
from ..store.indexes import path_key
from ..store.objects import InMemoryObjectStore
from ..store.resolver import find, is_true

Target = Union[CIMInstanceName, CIMClassName]

# -- Instances ---------------------------------------------------------------------


def check_property(
    prop: CIMProperty, cls: CIMClass, namespace: str, classes: InMemoryObjectStore[CIMClass]
) -> CIMProperty:
    """
    Check a property of an instance against its class.

    Parameters:
        prop (CIMProperty): The property.
        cls (CIMClass): The class.
        namespace (str): The namespace of the class, for messages.
        classes (InMemoryObjectStore): The classes of the namespace.

    Returns:
        CIMProperty: The declaration of the property.

    Raises:
        CIMError: CIM_ERR_INVALID_PARAMETER: The class has no such property, or one of
            another type.
    """
    found = cls.properties._data.get(prop.name.casefold())
    if found is None:
        raise invalid_parameter(
            f"Property {prop.name!r} in the instance does not exist in "
            f"{_creation_class(cls, namespace)}"
        )
    declared: CIMProperty = found[1]
    if prop._type != declared._type or prop._is_array != declared._is_array:
        raise _of_other_type(prop, declared, cls, namespace)
    _check_embedded(prop, declared, cls, namespace, classes)
    return declared


def _check_embedded(
    prop: CIMProperty,
    declared: CIMProperty,
    cls: CIMClass,
    namespace: str,
    classes: InMemoryObjectStore[CIMClass],
) -> None:
    """
    Check that a property may have embedded objects, and their classes.
    """
    values = prop._value if prop._is_array and prop._value else [prop._value]
    objects = [value for value in values if isinstance(value, (CIMInstance, CIMClass))]
    if not objects or is_true(declared._qualifiers, "EmbeddedObject"):
        return
    embedded = find(declared._qualifiers, "EmbeddedInstance")
    classname = None if embedded is None else embedded.value
    for value in objects:
        if classname is None:
            raise invalid_parameter(
                f"Property {prop.name!r} in the instance is an embedded object of class "
                f"{value.classname!r}, but the property declaration has neither "
                f"EmbeddedInstance nor EmbeddedObject set in {_creation_class(cls, namespace)}"
            )
        if isinstance(value, CIMClass):
            raise invalid_parameter(
                f"Property {prop.name!r} in the instance is an embedded class "
                f"{value.classname!r}, but the property declaration does not have "
                f"EmbeddedObject set in {_creation_class(cls, namespace)}"
            )
        if not _is_a(value.classname, classname, classes):
            raise invalid_parameter(
                f"Property {prop.name!r} in the instance is an embedded instance of class "
                f"{value.classname!r}, but should be of class {classname!r} according to "
                f"{_creation_class(cls, namespace)}"
            )


def _is_a(classname: str, superclass: str, classes: InMemoryObjectStore[CIMClass]) -> bool:
    wanted = superclass.casefold()
    name: Optional[str] = classname
    while name is not None and name.casefold() != wanted:
        cls = classes.find(name)
        name = None if cls is None else cls.superclass
    return name is not None


def _of_other_type(
    prop: CIMProperty, declared: CIMProperty, cls: CIMClass, namespace: str
) -> CIMError:
    """
    The exception for a property of an instance that has not the type of its declaration.
    """
    name = "type" if prop._type != declared._type else "is_array"
    return invalid_parameter(
        f"Property {prop.name!r} in the instance has incorrect {name}={getattr(prop, name)!r}, "
        f"but should have {name}={getattr(declared, name)!r} according to "
        f"{_creation_class(cls, namespace)}"
    )


def _creation_class(cls: CIMClass, namespace: str) -> str:
    return f"its creation class {cls.classname!r} in namespace {namespace!r} of the CIM repository"


def changed_key(name: str, cls: CIMClass, namespace: str) -> CIMError:
    """
    The exception for a modified instance whose key is another one.

    Parameters:
        name (str): The key property.
        cls (CIMClass): The class of the instance.
        namespace (str): Its namespace.
    """
    return invalid_parameter(
        f"Property {name!r} in the instance is a key property and thus cannot be modified, "
        f"according to {_creation_class(cls, namespace)}"
    )


def adjust_names(instance: CIMInstance, cls: CIMClass) -> None:
    """
    Give the properties of an instance the lexical case of their names in the
    class.
    """
    data = instance.properties._data
    declared = cls.properties._data
    for key, (name, prop) in data.items():
        known = declared[key][0]
        if name != known or prop._name != known:
            prop._name = known
            data[key] = (known, prop)


def reduced(
    modified: CIMInstance, cls: CIMClass, namespace: str, property_list: Optional[List[str]]
) -> CIMInstance:
    """
    A copy of a modified instance with exactly the properties to be modified
    (DSP0200 5.4.2.8).

    Parameters:
        modified (CIMInstance): The modified instance.
        cls (CIMClass): Its class.
        namespace (str): Its namespace.
        property_list (list of str): The names of the properties.  None means those that it has.

    Raises:
        CIMError: CIM_ERR_INVALID_PARAMETER: The class has no such property.
    """
    instance = copy_instance(modified, wanted_names(property_list))
    adjust_names(instance, cls)
    for name in property_list or ():
        declared = cls.properties.get(name)
        if declared is None:
            raise invalid_parameter(
                f"Property {name!r} in PropertyList does not exist in creation class "
                f"{cls.classname!r} in namespace {namespace!r} of the CIM repository"
            )
        if name not in instance.properties and not is_true(declared._qualifiers, "Key"):
            instance.properties[declared.name] = default_property(declared)
    return instance


def default_property(declared: CIMProperty) -> CIMProperty:
    """
    A property of an instance with the default value of its class.

    Parameters:
        declared (CIMProperty): The property of the class.
    """
    prop = copy_property(declared, qualifiers=False, class_origin=False)
    prop.propagated = None
    return prop


def check_references(instance: CIMInstance) -> None:
    """
    Check that no reference of an instance is NULL.
    """
    for prop in instance.properties.values():
        if prop.type == "reference" and prop.value is None:
            raise null_reference(prop.name)


def same_value(value: Any, other: Any, namespace: str) -> bool:
    """
    Whether two values of a key are equal; a reference without a namespace is
    one into the given.
    """
    if isinstance(value, CIMInstanceName) and isinstance(other, CIMInstanceName):
        default = namespace.casefold()
        return path_key(value, default) == path_key(other, default)
    same: bool = value == other
    return same


# -- Parameters and results of methods ------------------------------------------


def check_parameter(param: CIMParameter, method: CIMMethod, cls: CIMClass, target: Target) -> None:
    """
    Check an input parameter against its declaration.

    Parameters:
        param (CIMParameter): The parameter.
        method (CIMMethod): The method.
        cls (CIMClass): The class of the target, for messages.
        target (CIMInstanceName or CIMClassName): The target, for messages.

    Raises:
        CIMError: CIM_ERR_INVALID_PARAMETER: The method has no such parameter, or one of another
            type.
    """
    where = (
        f"method {method.name!r} in class {cls.classname!r} in namespace "
        f"{target.namespace!r} of the CIM repository"
    )
    declared: Optional[CIMParameter] = method.parameters.get(param.name)
    if declared is None:
        raise invalid_parameter(
            f"The specified input parameter {param.name!r} is not defined in {where}"
        )
    if param.type is not None and param.type != declared.type:
        raise invalid_parameter(
            f"The specified input parameter {param.name!r} has incorrect type={param.type!r}, but "
            f"should have type={declared.type!r} according to {where}"
        )
    # NULL for an array need not say that it is one.
    given_as_array = param.value is not None or param.is_array
    if given_as_array and bool(param.is_array) != bool(declared.is_array):
        raise invalid_parameter(
            f"The specified input parameter {param.name!r} has incorrect "
            f"is_array={param.is_array!r}, but should have is_array={declared.is_array!r} "
            f"according to {where}"
        )
    if param.embedded_object is not None and not is_embedded(declared):
        raise invalid_parameter(
            f"The specified input parameter {param.name!r} has incorrect "
            f"embedded_object={param.embedded_object!r}, but should have embedded_object=None "
            f"according to {where}"
        )


def is_embedded(declared: Union[CIMParameter, CIMProperty]) -> bool:
    """
    Whether the values of a parameter or property are embedded objects; a
    compiled class says so only in its qualifiers.

    Parameters:
        declared (CIMParameter or CIMProperty): The declaration.
    """
    instance = find(declared._qualifiers, "EmbeddedInstance")
    return (
        declared.embedded_object is not None
        or (instance is not None and instance.value is not None)
        or is_true(declared._qualifiers, "EmbeddedObject")
    )


def output_parameters(params: Any) -> NocaseDict:
    """
    The output parameters that a provider returned, as values by name.

    Parameters:
        params (any): What it returned.

    Raises:
        TypeError: It is something else.
    """
    result = NocaseDict()
    if isinstance(params, Mapping):
        for name, value in params.items():
            if isinstance(value, CIMParameter):
                value = value.value
            _check_value(name, value)
            result[name] = value
    elif isinstance(params, Sequence):
        for param in params:
            if not isinstance(param, CIMParameter):
                raise TypeError(
                    "The method InvokeMethod of the provider returned a sequence of output "
                    f"parameters with {param!r}; its items must be CIMParameter objects"
                )
            result[param.name] = param.value
    else:
        raise TypeError(
            f"The method InvokeMethod of the provider returned {params!r} as output parameters; "
            "they must be a sequence of CIMParameter objects or a mapping"
        )
    return result


def _check_value(name: str, value: Any) -> None:
    for item in value if isinstance(value, list) else [value]:
        if item is not None and not isinstance(item, (CIMInstance, CIMClass, CIMClassName)):
            try:
                cimtype(item)
            except (TypeError, ValueError):
                raise TypeError(
                    "The method InvokeMethod of the provider returned the output parameter "
                    f"{name!r} with the value {item!r}, which has no CIM data type"
                ) from None
