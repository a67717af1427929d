"""
Checks of the arguments of operations.

A check takes the name and the value of a parameter and returns what is sent
for it; None means that the parameter is left out.  Names of classes and
instances are sent without namespace and host (DSP0200 5.4.2): the namespace
belongs to the call.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Callable, Dict, List, Mapping, NoReturn, Optional, Tuple, Union

from .._cim_obj import (
    CIMClass,
    CIMClassName,
    CIMInstance,
    CIMInstanceName,
    CIMQualifierDeclaration,
)
from .._cim_types import CIMDateTime, CIMType
from .._cim_xml.records import Correlators

Check = Callable[[str, Any], Any]

# What the public methods take.
ClassNameArg = Union[str, CIMClassName]
ObjectNameArg = Union[str, CIMClassName, CIMInstanceName]
PropertyListArg = Union[None, str, List[str], Tuple[str, ...]]
Context = Tuple[str, str]


def reject(name: str, value: Any, expected: str) -> NoReturn:
    """
    Raise TypeError for an argument of a wrong type.
    """
    raise TypeError(
        f"The argument {name} has the type {type(value).__name__}; it must be {expected}"
    )


def boolean(name: str, value: Any) -> Optional[bool]:
    """
    An optional flag.
    """
    if value is not None and not isinstance(value, bool):
        reject(name, value, "a bool or None")
    return value


def string(name: str, value: Any) -> Optional[str]:
    """
    An optional string.
    """
    if value is not None and not isinstance(value, str):
        reject(name, value, "a string or None")
    return value


def required_string(name: str, value: Any) -> str:
    """
    A string that must be given.
    """
    if not isinstance(value, str):
        reject(name, value, "a string")
    return value


def class_name(name: str, value: Any) -> CIMClassName:
    """
    The name of a class that must be given.
    """
    if isinstance(value, CIMClassName):
        value = value.classname
    elif not isinstance(value, str):
        reject(name, value, "a class name, as a string or CIMClassName")
    return CIMClassName._trusted(value, None, None)


def optional_class_name(name: str, value: Any) -> Optional[CIMClassName]:
    """
    The name of a class, or None.
    """
    if value is None:
        return None
    if isinstance(value, CIMClassName):
        value = value.classname
    elif not isinstance(value, str):
        reject(name, value, "a class name, as a string or CIMClassName, or None")
    return CIMClassName._trusted(value, None, None)


def instance_name(name: str, value: Any) -> CIMInstanceName:
    """
    An instance path.
    """
    if not isinstance(value, CIMInstanceName):
        reject(name, value, "an instance path, as a CIMInstanceName")
    return CIMInstanceName._trusted(value.classname, value._keybindings, None, None)


def object_name(name: str, value: Any) -> Union[CIMClassName, CIMInstanceName]:
    """
    The path of an instance or the name of a class.
    """
    if isinstance(value, CIMInstanceName):
        return instance_name(name, value)
    if not isinstance(value, (str, CIMClassName)):
        reject(
            name,
            value,
            "an instance path, as a CIMInstanceName, or a class name, as a string or CIMClassName",
        )
    return class_name(name, value)


def property_list(name: str, value: Any) -> Optional[List[Any]]:
    """
    Names of properties: one as a string, or a list or tuple of them.
    """
    if value is None:
        return None
    if isinstance(value, str):
        return [value]
    if isinstance(value, (list, tuple)):
        return list(value)
    reject(name, value, "a string, or a list or tuple of strings, or None")


def with_path(instance: CIMInstance, path: Optional[CIMInstanceName]) -> CIMInstance:
    """
    An instance with another path, or with none; the rest is shared.
    """
    return CIMInstance._trusted(
        instance.classname, instance._properties, instance._qualifiers, path
    )


def new_instance(name: str, value: Any) -> CIMInstance:
    """
    An instance that is sent without its path.
    """
    if not isinstance(value, CIMInstance):
        reject(name, value, "a CIMInstance")
    return with_path(value, None)


def modified_instance(name: str, value: Any) -> CIMInstance:
    """
    An instance that must have a path.
    """
    if not isinstance(value, CIMInstance):
        reject(name, value, "a CIMInstance")
    if value.path is None:
        raise ValueError(
            f"The argument {name} has no path; set its attribute 'path' to the path of the "
            "instance that is to be modified"
        )
    return with_path(value, instance_name(name, value.path))


def class_declaration(name: str, value: Any) -> CIMClass:
    """
    A class; its path is not sent.
    """
    if not isinstance(value, CIMClass):
        reject(name, value, "a CIMClass")
    return value


def qualifier_declaration(name: str, value: Any) -> CIMQualifierDeclaration:
    """
    A qualifier declaration.
    """
    if not isinstance(value, CIMQualifierDeclaration):
        reject(name, value, "a CIMQualifierDeclaration")
    return value


def count(name: str, value: Any) -> Optional[int]:
    """
    A number of objects or seconds that is not negative, or None.
    """
    if value is None:
        return None
    if not isinstance(value, int):
        reject(name, value, "an integer or None")
    if value < 0:
        raise ValueError(f"The argument {name} is {value}; it must not be negative")
    return value


def positive_count(name: str, value: Any) -> int:
    """
    A number of objects that is greater than zero.
    """
    if value is not None and not isinstance(value, int):
        reject(name, value, "an integer")
    if value is None or value <= 0:
        raise ValueError(f"The argument {name} is {value!r}; it must be greater than 0")
    return value


def context(name: str, value: Any) -> Context:
    """
    The context of an open enumeration: (context string of the server, namespace).
    """
    if value is None:
        raise ValueError(
            f"The argument {name} is None: the enumeration has been read to its end, or was not "
            "opened"
        )
    if not isinstance(value, (list, tuple)):
        reject(name, value, "a tuple (context, namespace)")
    if len(value) != 2:
        raise ValueError(
            f"The argument {name} has {len(value)} items; it must be a tuple (context, namespace)"
        )
    server_context, namespace = value
    if not isinstance(namespace, str):
        reject(f"{name}[1]", namespace, "the namespace, as a string")
    return server_context, namespace.strip("/")


CHECKS: Dict[str, Check] = {
    "AssocClass": optional_class_name,
    "ClassName": class_name,
    "ContinueOnError": boolean,
    "DeepInheritance": boolean,
    "FilterQuery": string,
    "FilterQueryLanguage": string,
    "IncludeClassOrigin": boolean,
    "IncludeQualifiers": boolean,
    "InstanceName": instance_name,
    "LocalOnly": boolean,
    "MaxObjectCount": count,
    "ModifiedClass": class_declaration,
    "ModifiedInstance": modified_instance,
    "NewClass": class_declaration,
    "NewIndication": new_instance,
    "NewInstance": new_instance,
    "ObjectName": object_name,
    "OperationTimeout": count,
    "PropertyList": property_list,
    "QualifierDeclaration": qualifier_declaration,
    "QualifierName": required_string,
    "Query": required_string,
    "QueryLanguage": required_string,
    "ResultClass": optional_class_name,
    "ResultRole": string,
    "ReturnQueryResultClass": boolean,
    "Role": string,
}

# The operations that enumerate classes begin at the top if no class is given.
CHECKS_OPTIONAL_CLASS: Dict[str, Check] = {**CHECKS, "ClassName": optional_class_name}


def own_namespace(value: Any) -> Optional[str]:
    """
    The namespace that a path, or the path of an instance, names; else None.
    """
    if isinstance(value, CIMInstance):
        value = value.path
    if isinstance(value, (CIMClassName, CIMInstanceName)):
        return value.namespace
    return None


def target_namespace(args: Mapping[str, Any], default: str) -> str:
    """
    The namespace of a call: the argument ``namespace``, else the one of the
    object that the operation is about, which is its first other argument, else
    the default of the connection.
    """
    namespace = string("namespace", args.get("namespace"))
    if namespace is not None:
        return namespace.strip("/")
    for name, value in args.items():
        if name != "namespace":
            namespace = own_namespace(value)
            break
    return default if namespace is None else namespace


def correlators(value: Any) -> Correlators:
    """
    Names and values of correlators (DSP0201 2.4); each value is a scalar that tells its
    CIM data type.
    """
    if value is None:
        return ()
    if not isinstance(value, Mapping):
        reject("correlators", value, "a dictionary or None")
    return tuple((_correlator_name(name), _correlator(name, item)) for name, item in value.items())


def _correlator_name(name: Any) -> str:
    if not isinstance(name, str):
        raise TypeError(f"The name of a correlator is {name!r}; it must be a string")
    return name


def _correlator(name: str, value: Any) -> Any:
    if isinstance(value, (datetime, timedelta)):
        value = CIMDateTime(value)
    if isinstance(value, (str, bool, CIMType)) and not isinstance(value, CIMInstanceName):
        return value
    raise TypeError(
        f"The correlator {name!r} is {value!r}; it must be a string, a boolean or another value "
        "that tells its CIM data type"
    )
