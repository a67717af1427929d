"""
Invocation of the methods of classes (DSP0200).
"""

from __future__ import annotations

from typing import Any, Tuple

from ..._cim_xml.records import ExtrinsicCall, ExtrinsicResponse
from ..._nocasedict import NocaseDict
from ..._protocol.arguments import (
    ObjectNameArg,
    object_name,
    own_namespace,
    required_string,
)
from ..._protocol.method_parameters import ParamsArg, method_parameters
from ..._protocol.operation import Operation
from .runner import AsyncOperationRunner


def _make_result(response: ExtrinsicResponse) -> Tuple[Any, NocaseDict]:
    output = NocaseDict()
    for param in response.params:
        output[param.name] = param.value
    return response.return_value, output


class AsyncMethodOperations(AsyncOperationRunner):
    """
    The operation that invokes a method.
    """

    async def InvokeMethod(
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
            :exc:`~pywbem.Error`: See :class:`~pywbem.AsyncWBEMConnection`.
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
        return await self._run(Operation("InvokeMethod", args, make_call, _make_result))
