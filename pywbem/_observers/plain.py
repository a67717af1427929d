"""
CIM objects as plain data for a recorded test case: dictionaries, lists and
scalars, from which the objects can be made again.

An object is a dictionary with its class as ``pywbem_object`` and the arguments
of the constructor.  A scalar is written as a plain one where its CIM type
stands beside it (the value of a property) or follows from what is compared.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Callable, Dict, Mapping, Optional, Tuple, Type

from .._cim_obj import (
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
from .._cim_obj._base import CIMObject
from .._cim_types import Char16, CIMDateTime, CIMFloat, CIMInt
from .._nocasedict import NocaseDict

Unknown = Callable[[Any], Any]
Kinds = Tuple[type, ...]

#: The scalars whose CIM type is sent, where an argument does not tell it.
ARGUMENT_KINDS: Kinds = (CIMInt, CIMFloat, CIMDateTime, Char16)

#: The scalars that are not equal to a plain one.
RESULT_KINDS: Kinds = (CIMDateTime,)

# The fields of a class are written in their order, but these come first: a recorded file is
# text that people compare.
_ORDER: Dict[Type[CIMObject], Tuple[str, ...]] = {
    CIMInstanceName: ("classname", "namespace", "host"),
    CIMInstance: ("classname", "properties", "qualifiers"),
    CIMClassName: ("classname", "host"),
    CIMClass: (),
    CIMProperty: (),
    CIMMethod: (),
    CIMParameter: ("name", "type", "reference_class", "embedded_object"),
    CIMQualifier: ("name", "value", "type", "propagated", "tosubclass", "toinstance"),
    CIMQualifierDeclaration: (
        *("name", "type", "value", "is_array", "array_size", "scopes"),
        *("tosubclass", "toinstance"),
    ),
}
_ATTRIBUTES: Dict[type, Tuple[str, ...]] = {
    kind: (*first, *[name for name in kind._fields if name not in first])
    for kind, first in _ORDER.items()
}


def reject(value: Any) -> Any:
    """
    The default for a value that cannot be written.
    """
    raise TypeError(
        f"A value of type {type(value).__name__} cannot be recorded as a test case: {value!a:.100}"
    )


def plain(value: Any, kinds: Kinds = (), unknown: Unknown = reject) -> Any:
    """
    A value as plain data.

    Parameters:
        value: The value: an argument or result of an operation.
        kinds (tuple of type): The CIM types whose scalars are written with their
            type, outside of properties.
        unknown (Unknown): Is called with a value of another type, and returns what is
            written for it.
    """
    if value is None or isinstance(value, (bool, str, bytes, int, float, datetime, timedelta)):
        return _scalar(value, kinds)
    if isinstance(value, CIMDateTime):
        return {"pywbem_object": "CIMDateTime", "dtarg": str(value)} if kinds else str(value)
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, (list, tuple)):
        return [plain(item, kinds, unknown) for item in value]
    if isinstance(value, (dict, NocaseDict)):
        return {key: plain(item, kinds, unknown) for key, item in value.items()}
    for kind, names in _ATTRIBUTES.items():
        if isinstance(value, kind):
            return _object(value, kind, names, kinds, unknown)
    return unknown(value)


def _scalar(value: Any, kinds: Kinds) -> Any:
    if isinstance(value, kinds):
        name = type(value).__name__
        if isinstance(value, CIMInt):
            return {"pywbem_object": name, "x": int(value)}
        if isinstance(value, Char16):
            return {"pywbem_object": name, "content": str.__str__(value)}
    if isinstance(value, bytes):
        return value.decode("utf-8")
    if isinstance(value, (datetime, timedelta)):
        return str(CIMDateTime(value))
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return kind(value)
    return value


def _object(
    value: Any, kind: type, names: Tuple[str, ...], kinds: Kinds, unknown: Unknown
) -> Dict[str, Any]:
    data: Dict[str, Any] = {"pywbem_object": kind.__name__}
    for name in names:
        item = getattr(value, name)
        if name == "keybindings":
            data[name] = keybindings(item, kinds, unknown)
        elif name == "value":
            # A parameter declaration has none.
            if item is not None or kind is not CIMParameter:
                data[name] = plain(item, (), unknown)
        else:
            data[name] = plain(item, kinds, unknown)
    return data


def keybindings(items: Mapping[Optional[str], Any], kinds: Kinds, unknown: Unknown) -> Any:
    """
    The keybindings of a path as plain data.
    """
    return {
        name: _of_type("CIMProperty", name, value)
        if isinstance(value, CIMFloat) and isinstance(value, kinds)
        else plain(value, kinds, unknown)
        for name, value in items.items()
    }


def _of_type(kind: str, name: Any, value: Any) -> Dict[str, Any]:
    # The constructors of the real types take no keyword argument.
    first = value[0] if isinstance(value, list) else value
    return {"pywbem_object": kind, "name": name, "type": first.cimtype, "value": plain(value)}


def _is_real(value: Any) -> bool:
    return isinstance(value[0] if isinstance(value, list) and value else value, CIMFloat)


def arguments(method: Optional[str], args: Mapping[str, Any], unknown: Unknown) -> Dict[str, Any]:
    """
    The arguments of an operation as plain data.

    Parameters:
        method (str): Name of the operation.
        args (dict): Its arguments, by name.
        unknown (Unknown): As for :func:`plain`.
    """
    data = {}
    reals = []
    for name, value in args.items():
        if method == "InvokeMethod" and name == "Params" and isinstance(value, (list, tuple)):
            data[name] = [_method_parameter(item, unknown) for item in value]
        elif method == "InvokeMethod" and _is_real(value):
            reals.append(_of_type("CIMParameter", name, value))
        else:
            data[name] = plain(value, ARGUMENT_KINDS, unknown)
    if reals:
        data["Params"] = [*(data.get("Params") or ()), *reals]
    return data


def _method_parameter(item: Any, unknown: Unknown) -> Any:
    if isinstance(item, (list, tuple)) and len(item) == 2 and _is_real(item[1]):
        return _of_type("CIMParameter", *item)
    return plain(item, ARGUMENT_KINDS, unknown)
