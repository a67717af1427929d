"""
How providers say that an operation failed.
"""

from __future__ import annotations

from pywbem._cim_constants import (
    CIM_ERR_ALREADY_EXISTS,
    CIM_ERR_INVALID_CLASS,
    CIM_ERR_INVALID_NAMESPACE,
    CIM_ERR_INVALID_PARAMETER,
    CIM_ERR_NOT_FOUND,
)
from pywbem._cim_obj import CIMInstanceName
from pywbem._exceptions import CIMError


def invalid_parameter(message: str) -> CIMError:
    """
    The exception for CIM_ERR_INVALID_PARAMETER.
    """
    return CIMError(CIM_ERR_INVALID_PARAMETER, message)


def null_reference(name: str) -> CIMError:
    """
    The exception for a reference of an association that is NULL.
    """
    return invalid_parameter(
        f"Reference property {name!r} of an association is NULL, which is not allowed"
    )


def invalid_namespace(namespace: str) -> CIMError:
    """
    The exception for CIM_ERR_INVALID_NAMESPACE.
    """
    return CIMError(
        CIM_ERR_INVALID_NAMESPACE, f"Namespace does not exist in CIM repository: {namespace!r}"
    )


def not_in(classname: str, namespace: str) -> str:
    """
    The message that a class is not in a namespace.
    """
    return f"Class {classname!r} not found in namespace {namespace!r}."


def no_creation_class(classname: str, namespace: str, what: str) -> CIMError:
    """
    The exception for CIM_ERR_INVALID_CLASS: there is no class of what an operation is about.
    """
    return CIMError(
        CIM_ERR_INVALID_CLASS,
        f"Creation class {classname!r} of {what} does not exist in namespace {namespace!r} of the "
        "CIM repository.",
    )


def no_instance(path: CIMInstanceName, what: str = "Instance") -> CIMError:
    """
    The exception for an instance that does not exist.
    """
    return CIMError(CIM_ERR_NOT_FOUND, f"{what} does not exist in the CIM repository: {path!r}")


def instance_exists(path: CIMInstanceName) -> CIMError:
    """
    The exception for a new instance of which there is one.
    """
    return CIMError(
        CIM_ERR_ALREADY_EXISTS,
        f"New instance {path!r} already exists in namespace {path.namespace!r}.",
    )
