"""
How providers say that an operation failed.
"""

from __future__ import annotations

from pywbem._cim_constants import CIM_ERR_INVALID_NAMESPACE, CIM_ERR_INVALID_PARAMETER
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
