"""
Input parameters of a method: from what a caller gives to what is sent.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Iterable, List, Mapping, Optional, Tuple, Union

from .._cim_obj import CIMClass, CIMClassName, CIMInstance, CIMInstanceName, CIMParameter
from .._cim_types import CIMDateTime, CIMType, cimtype
from .arguments import reject, required_string, with_path

ParamsArg = Union[None, Iterable[Union[CIMParameter, Tuple[str, Any]]], Mapping[str, Any]]


def _type_of(name: str, value: Any) -> Tuple[str, Optional[str]]:
    """
    The CIM type of an input value, and its kind of embedded object.
    """
    if isinstance(value, CIMInstance):
        return "string", "instance"
    if isinstance(value, CIMClass):
        return "string", "object"
    if isinstance(value, (CIMInstanceName, CIMClassName)):
        return "reference", None
    if isinstance(value, (str, bool, CIMType)):
        return cimtype(value), None
    hint = ""
    if isinstance(value, (int, float)):
        hint = ", for example Uint32 for an integer or Real64 for a floating point number"
    raise TypeError(
        f"The value of the method parameter {name} has the type {type(value).__name__}, which is "
        f"no CIM data type; use a CIM data type{hint}, or pass a CIMParameter"
    )


def _cim_value(value: Any) -> Any:
    """
    An input value: a datetime of Python as that of CIM, an embedded instance
    without its path.
    """
    if isinstance(value, list):
        return [_cim_value(item) for item in value]
    if isinstance(value, (datetime, timedelta)):
        return CIMDateTime(value)
    if isinstance(value, CIMInstance) and value.path is not None:
        return with_path(value, None)
    return value


def method_parameter(name: str, value: Any) -> CIMParameter:
    """
    The parameter for an input value, whose type is inferred from the value.

    Without a value there is no type, which DSP0201 permits.
    """
    required_string("(name of a method parameter)", name)
    is_array = isinstance(value, list)
    value = _cim_value(value)
    known = [item for item in (value if is_array else [value]) if item is not None]
    type_name: Any = None
    embedded_object = None
    if known:
        type_name, embedded_object = _type_of(name, known[0])
    return CIMParameter._trusted(
        name, type_name, None, is_array, None, None, value, embedded_object
    )


def _sent(param: CIMParameter) -> CIMParameter:
    """
    A parameter of the caller as it is sent.
    """
    if param.embedded_object is None:
        return param
    param = param.copy()
    param._value = _cim_value(param.value)
    return param


def method_parameters(Params: Any, params: Mapping[str, Any]) -> List[CIMParameter]:
    """
    The input parameters of a method: first those of the positional argument,
    then the keyword arguments.
    """
    if Params is None or Params == "":
        Params = ()
    elif isinstance(Params, Mapping):
        Params = Params.items()
    elif isinstance(Params, str) or not isinstance(Params, Iterable):
        reject("Params", Params, "an iterable of CIMParameter or (name, value)")
    result = []
    for index, item in enumerate(Params):
        if isinstance(item, CIMParameter):
            result.append(_sent(item))
        elif isinstance(item, (tuple, list)) and len(item) >= 2:
            result.append(method_parameter(item[0], item[1]))
        else:
            reject(f"Params[{index}]", item, "a CIMParameter or (name, value)")
    result.extend(method_parameter(name, value) for name, value in params.items())
    return result
