"""
Invocation of the methods of classes (DSP0200).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Iterable, List, Mapping, Optional, Tuple, Union

from .._cim_obj import CIMClass, CIMClassName, CIMInstance, CIMInstanceName, CIMParameter
from .._cim_types import CIMDateTime, CIMType, cimtype
from .._cim_xml.records import ExtrinsicCall, ExtrinsicResponse
from .._nocasedict import NocaseDict
from .arguments import (
    ObjectNameArg,
    object_name,
    own_namespace,
    reject,
    required_string,
    with_path,
)
from .operation import Operation, OperationRunner

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


def _make_result(response: ExtrinsicResponse) -> Tuple[Any, NocaseDict]:
    output = NocaseDict()
    for param in response.params:
        output[param.name] = param.value
    return response.return_value, output


class MethodOperations(OperationRunner):
    """
    The operation that invokes a method.
    """

    def InvokeMethod(
        self,
        MethodName: str,
        ObjectName: ObjectNameArg,
        Params: ParamsArg = None,
        **params: Any,
    ) -> Tuple[Any, NocaseDict]:
        """
        Invoke a method on an instance, or a static method on a class
        (DSP0200).

        Parameters:

          MethodName (str): Name of the method, without parentheses.

          ObjectName (CIMInstanceName, or str or CIMClassName): The target: the
            path of an instance, or the name or path of a class.  Without a
            namespace, the default namespace of the connection is used.  Its
            host is ignored.

          Params (iterable of CIMParameter or (name, value)): Input parameters.
            A value is of a CIM data type, a CIM object (which is sent as
            embedded object), a path (a reference), a list of these, or None.
            Numbers must have a CIM data type such as
            :class:`~pywbem.Uint32`, because Python does not know how many
            bits they have.

          **params: More input parameters as keyword arguments; they follow
            those of ``Params``.

        Returns:

          tuple: (return value, output parameters).  The return value has a CIM
          data type, or is None; the output parameters are a
          :class:`~pywbem.NocaseDict` of values by name.

        Raises:

          :exc:`~pywbem.Error`: See :class:`~pywbem.WBEMConnection`.

          TypeError, ValueError: An argument is wrong.
        """

        def make_call() -> ExtrinsicCall:
            name = required_string("MethodName", MethodName)
            path = object_name("ObjectName", ObjectName)
            path._namespace = own_namespace(ObjectName)
            if path._namespace is None:
                path._namespace = self.default_namespace
            return ExtrinsicCall(name, path, method_parameters(Params, params))

        args = {"MethodName": MethodName, "ObjectName": ObjectName, "Params": Params, **params}
        return self._run(Operation("InvokeMethod", args, make_call, _make_result))
