"""
The server side of call records: a call in, the response out.

A connection in the process and the HTTP server use the same handler; neither
knows of providers, and no provider of records.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, FrozenSet, List, NamedTuple, Optional, Tuple, Type, Union

from pywbem._cim_constants import CIM_ERR_NOT_SUPPORTED
from pywbem._cim_obj import (
    CIMClass,
    CIMClassName,
    CIMInstance,
    CIMInstanceName,
    CIMParameter,
    CIMQualifierDeclaration,
)
from pywbem._cim_types import cimtype
from pywbem._cim_xml.records import (
    Call,
    ErrorRecord,
    ExportCall,
    ExportResponse,
    ExtrinsicCall,
    ExtrinsicResponse,
    IntrinsicCall,
    IntrinsicResponse,
    Response,
)
from pywbem._exceptions import CIMError
from pywbem._nocasedict import NocaseDict

from ..providers.base import CORRELATORS
from ..providers.dispatcher import ProviderDispatcher
from ..store.copying import copy_path
from ..store.errors import invalid_parameter
from . import MainProvider
from .faults import Faults

Args = Dict[str, Any]
# The children of IRETURNVALUE, or None, and the output parameters.
Result = Tuple[Optional[List[Any]], List[Tuple[str, Any]]]

_CLASSNAME: Any = (CIMClassName, str)

# The classes that a value of a parameter may have.
_TYPES: Dict[str, Any] = {
    "AssocClass": _CLASSNAME,
    "ClassName": _CLASSNAME,
    "ContinueOnError": bool,
    "DeepInheritance": bool,
    "EnumerationContext": str,
    "FilterQuery": str,
    "FilterQueryLanguage": str,
    "IncludeClassOrigin": bool,
    "IncludeQualifiers": bool,
    "InstanceName": CIMInstanceName,
    "NewValue": (str, list, CIMInstanceName),
    "PropertyName": str,
    "LocalOnly": bool,
    "MaxObjectCount": int,
    "ModifiedClass": CIMClass,
    "ModifiedInstance": CIMInstance,
    "NewClass": CIMClass,
    "NewInstance": CIMInstance,
    "ObjectName": (CIMInstanceName, CIMClassName, str),
    "OperationTimeout": int,
    "PropertyList": (list, tuple),
    "QualifierDeclaration": CIMQualifierDeclaration,
    "QualifierName": str,
    "Query": str,
    "QueryLanguage": str,
    "ResultClass": _CLASSNAME,
    "ResultRole": str,
    "ReturnQueryResultClass": bool,
    "Role": str,
}


class _Operation(NamedTuple):
    """
    An intrinsic operation: its parameters by their names in lower case, those
    that must be given, how it is performed, and what becomes of its result.
    """

    params: Dict[str, str]
    required: FrozenSet[str]
    perform: Callable[[CallHandler, str, Args], Any]
    result: Callable[[Any], Result]


# -- What becomes of a result -------------------------------------------------


def _nothing(result: Any) -> Result:
    return None, []


def _objects(result: Any) -> Result:
    return result, []


def _object(result: Any) -> Result:
    return [result], []


def _instance(result: CIMInstance) -> Result:
    # GetInstance and its like return an instance without its path.
    result._path = None
    return [result], []


def _names_of_classes(result: List[str]) -> Result:
    return [CIMClassName._trusted(name, None, None) for name in result], []


def _local_paths(result: List[CIMInstanceName]) -> Result:
    for path in result:
        path._namespace = None
    return result, []


def _associated(result: List[Any]) -> Result:
    return [item[1] if isinstance(item, tuple) else item for item in result], []


def _part(result: Any) -> Result:
    """
    A part of an enumeration: a tuple of the objects, the end and the context.
    """
    context = None if result.context is None else result.context[0]
    params = [("EndOfSequence", result.eos), ("EnumerationContext", context)]
    if len(result) > 3 and result.query_result_class is not None:
        params.append(("QueryResultClass", result.query_result_class))
    return result[0], params


# -- How operations are performed ---------------------------------------------


def _main(name: str) -> Callable[[CallHandler, str, Args], Any]:
    """
    An operation of the main provider that takes the namespace.
    """

    def perform(handler: CallHandler, namespace: str, args: Args) -> Any:
        return getattr(handler.mainprovider, name)(namespace, **args)

    return perform


def _pull(name: str) -> Callable[[CallHandler, str, Args], Any]:
    """
    An operation of the main provider on an open enumeration.
    """

    def perform(handler: CallHandler, namespace: str, args: Args) -> Any:
        return getattr(handler.mainprovider, name)(**args)

    return perform


def _get_instance(handler: CallHandler, namespace: str, args: Args) -> CIMInstance:
    path = args["InstanceName"]
    # Nothing of it is kept or changed.
    args["InstanceName"] = CIMInstanceName._trusted(
        path._classname, path._keybindings, path._host, namespace
    )
    if handler.shares:
        args["shares"] = True
    return handler.mainprovider.GetInstance(**args)


def _create_instance(handler: CallHandler, namespace: str, args: Args) -> CIMInstanceName:
    path = handler.dispatcher.CreateInstance(namespace, args["NewInstance"])
    path._namespace = None
    return path


def _modify_instance(handler: CallHandler, namespace: str, args: Args) -> None:
    modified = args["ModifiedInstance"]
    if modified.path is None:
        raise invalid_parameter("The parameter ModifiedInstance has no instance path")
    args["ModifiedInstance"] = CIMInstance._trusted(
        modified._classname,
        modified._properties,
        modified._qualifiers,
        copy_path(modified.path, namespace),
    )
    handler.dispatcher.ModifyInstance(**args)


def _delete_instance(handler: CallHandler, namespace: str, args: Args) -> None:
    handler.dispatcher.DeleteInstance(copy_path(args["InstanceName"], namespace))


def _operation(
    params: str,
    perform: Callable[[CallHandler, str, Args], Any],
    result: Callable[[Any], Result],
) -> _Operation:
    """
    An operation; the names of the parameters that must be given are marked.
    """
    names = params.split()
    return _Operation(
        {name.rstrip("!").lower(): name.rstrip("!") for name in names},
        frozenset(name[:-1] for name in names if name.endswith("!")),
        perform,
        result,
    )


_INSTANCE_FLAGS = "LocalOnly IncludeQualifiers IncludeClassOrigin PropertyList"
_ASSOC_FILTER = "AssocClass ResultClass Role ResultRole"
_OPEN = "FilterQueryLanguage FilterQuery OperationTimeout ContinueOnError MaxObjectCount"
_VIEW = "IncludeQualifiers IncludeClassOrigin PropertyList"
_PULLED_VIEW = "IncludeClassOrigin PropertyList"

_MAIN: Dict[str, Tuple[str, Callable[[Any], Result]]] = {
    "EnumerateClasses": (
        "ClassName DeepInheritance LocalOnly IncludeQualifiers IncludeClassOrigin",
        _objects,
    ),
    "EnumerateClassNames": ("ClassName DeepInheritance", _names_of_classes),
    "GetClass": (f"ClassName! {_INSTANCE_FLAGS}", _object),
    "CreateClass": ("NewClass!", _nothing),
    "ModifyClass": ("ModifiedClass!", _nothing),
    "DeleteClass": ("ClassName!", _nothing),
    "EnumerateQualifiers": ("", _objects),
    "GetQualifier": ("QualifierName!", _object),
    "SetQualifier": ("QualifierDeclaration!", _nothing),
    "DeleteQualifier": ("QualifierName!", _nothing),
    "EnumerateInstances": (f"ClassName! DeepInheritance {_INSTANCE_FLAGS}", _objects),
    "EnumerateInstanceNames": ("ClassName!", _local_paths),
    "ExecQuery": ("QueryLanguage! Query!", _objects),
    "GetProperty": ("InstanceName! PropertyName!", _object),
    "SetProperty": ("InstanceName! PropertyName! NewValue", _nothing),
    "ReferenceNames": ("ObjectName! ResultClass Role", _objects),
    "References": (f"ObjectName! ResultClass Role {_VIEW}", _associated),
    "AssociatorNames": (f"ObjectName! {_ASSOC_FILTER}", _objects),
    "Associators": (f"ObjectName! {_ASSOC_FILTER} {_VIEW}", _associated),
    "OpenEnumerateInstances": (f"ClassName! DeepInheritance {_PULLED_VIEW} {_OPEN}", _part),
    "OpenEnumerateInstancePaths": (f"ClassName! {_OPEN}", _part),
    "OpenReferenceInstances": (f"InstanceName! ResultClass Role {_PULLED_VIEW} {_OPEN}", _part),
    "OpenReferenceInstancePaths": (f"InstanceName! ResultClass Role {_OPEN}", _part),
    "OpenAssociatorInstances": (f"InstanceName! {_ASSOC_FILTER} {_PULLED_VIEW} {_OPEN}", _part),
    "OpenAssociatorInstancePaths": (f"InstanceName! {_ASSOC_FILTER} {_OPEN}", _part),
    "OpenQueryInstances": (
        "FilterQueryLanguage! FilterQuery! ReturnQueryResultClass OperationTimeout "
        "ContinueOnError MaxObjectCount",
        _part,
    ),
}
_PULLS: Dict[str, Tuple[str, Callable[[Any], Result]]] = {
    "PullInstancesWithPath": ("EnumerationContext! MaxObjectCount!", _part),
    "PullInstancePaths": ("EnumerationContext! MaxObjectCount!", _part),
    "PullInstances": ("EnumerationContext! MaxObjectCount!", _part),
    "CloseEnumeration": ("EnumerationContext!", _nothing),
    "EnumerationCount": ("EnumerationContext!", _object),
}
OPERATIONS: Dict[str, _Operation] = {
    **{name: _operation(params, _main(name), result) for name, (params, result) in _MAIN.items()},
    **{name: _operation(params, _pull(name), result) for name, (params, result) in _PULLS.items()},
    "GetInstance": _operation(f"InstanceName! {_INSTANCE_FLAGS}", _get_instance, _instance),
    "CreateInstance": _operation("NewInstance!", _create_instance, _object),
    "ModifyInstance": _operation(
        "ModifiedInstance! IncludeQualifiers PropertyList", _modify_instance, _nothing
    ),
    "DeleteInstance": _operation("InstanceName!", _delete_instance, _nothing),
}


# Names of operations, and of their parameters, are compared without regard to case.
_BY_NAME = {name.lower(): (name, operation) for name, operation in OPERATIONS.items()}


class CallHandler:
    """
    Performs calls on the providers of a mock server; clients may be in several threads.
    The lock of the repository is not held while a method of a user-defined provider runs.

    Parameters:
        mainprovider (MainProvider): The provider of most operations.
        dispatcher (ProviderDispatcher): The dispatcher of the other operations.
        faults (Faults): What was injected.
        shares (bool): Whether responses may have parts of the repository, which must not be
            changed: for who makes CIM-XML of them.
    """

    def __init__(
        self,
        mainprovider: MainProvider,
        dispatcher: ProviderDispatcher,
        faults: Faults,
        shares: bool = False,
    ) -> None:
        self.mainprovider = mainprovider
        self.dispatcher = dispatcher
        self.faults = faults
        self.shares = shares

    def sharing(self) -> CallHandler:
        """
        Return one that does the same, but whose responses may have parts of the repository.
        """
        return type(self)(self.mainprovider, self.dispatcher, self.faults, shares=True)

    def __call__(self, call: Call) -> Response:
        """
        Perform a call.

        Parameters:
            call (Call): The call record.  Its objects are not changed, and the
                repository keeps none of them.

        Returns:
            The response record.  A CIMError of a provider is its error.

        Raises:
            Broken: A fault was injected that keeps the response from the client.
            Whatever else a user-defined provider raises.
        """
        given = call.correlators
        token = None if given is CORRELATORS.get() else CORRELATORS.set(given)
        try:
            if not self.faults:
                return self._perform(call)
            return self.faults.perform(call, self._perform)
        except CIMError as exc:
            return failed(call, exc)
        finally:
            if token is not None:
                CORRELATORS.reset(token)

    def _perform(self, call: Call) -> Response:
        try:
            # What is changed before it is given back is kept as a whole.
            with self.dispatcher.cimrepository.lock:
                if isinstance(call, IntrinsicCall):
                    return self._intrinsic(call)
                if isinstance(call, ExtrinsicCall):
                    return self._extrinsic(call)
            raise CIMError(CIM_ERR_NOT_SUPPORTED, f"Export method {call.name!r} not supported")
        except CIMError as exc:
            return failed(call, exc)

    def _check(self, call: Call) -> None:
        """
        Check what comes before the parameters of an operation.
        """

    def _intrinsic(self, call: IntrinsicCall) -> IntrinsicResponse:
        found = _BY_NAME.get(call.name.lower())
        if found is None:
            raise CIMError(CIM_ERR_NOT_SUPPORTED, f"Operation {call.name!r} not supported")
        name, operation = found
        self._check(call)
        args = _arguments(call, operation)
        outcome = operation.perform(self, call.namespace.strip("/"), args)
        result, params = operation.result(outcome)
        return IntrinsicResponse(name, result, params)

    def _extrinsic(self, call: ExtrinsicCall) -> ExtrinsicResponse:
        # Before the call, which may delete its target.
        self._check(call)
        _, method = self.dispatcher.find_method(call.name, call.path)
        given = NocaseDict([(param.name, param) for param in call.params])
        value, output = self.dispatcher.InvokeMethod(call.name, call.path, given)
        params = []
        for name, item in output.items():
            declared: Optional[CIMParameter] = method.parameters.get(name)
            params.append(_output(name, item, declared))
        return ExtrinsicResponse(call.name, value, params, return_type=method.return_type)


_RESPONSES: Dict[type, Callable[..., Response]] = {
    IntrinsicCall: IntrinsicResponse,
    ExtrinsicCall: ExtrinsicResponse,
    ExportCall: ExportResponse,
}


def failed(call: Call, exc: CIMError) -> Response:
    """
    The response to a call that failed.
    """
    error = ErrorRecord(exc.status_code, exc.status_description, list(exc.instances or ()))
    return _RESPONSES[type(call)](call.name, error=error)


def _arguments(call: IntrinsicCall, operation: _Operation) -> Args:
    """
    The arguments of a call, as the providers take them.

    Raises:
        CIMError: CIM_ERR_INVALID_PARAMETER: One is missing, unknown or of a
            wrong type.
    """
    args: Args = {}
    for given, value in call.params:
        name = operation.params.get(given.lower())
        if name is None:
            raise invalid_parameter(f"The operation {call.name} has no parameter {given!r}")
        if value is None:
            continue
        _check_type(call.name, name, value)
        if isinstance(value, CIMClassName):
            value = value.classname
        args[name] = value
    for name in operation.required:
        if name not in args:
            raise invalid_parameter(f"The operation {call.name} needs the parameter {name!r}")
    return args


def _check_type(operation: str, name: str, value: Any) -> None:
    expected: Union[Type[Any], Tuple[Type[Any], ...]] = _TYPES[name]
    valid = isinstance(value, expected)
    if expected is int:
        valid = valid and not isinstance(value, bool) and value >= 0
    elif name == "PropertyList":
        valid = valid and all(isinstance(item, str) for item in value)
    if not valid:
        raise invalid_parameter(
            f"The parameter {name!r} of the operation {operation} has an invalid value: {value!r}"
        )


def _output(name: str, value: Any, declared: Optional[CIMParameter]) -> CIMParameter:
    """
    An output parameter of a method; it has the type that the class declares.
    """
    items = [item for item in (value if isinstance(value, list) else [value]) if item is not None]
    embedded = items[0]._embedded_as_value if items and _is_embedded(items[0]) else None
    if declared is not None:
        param_type = declared.type
    else:
        param_type = cimtype(items[0]) if items else "string"
    return CIMParameter._trusted(
        name, param_type, None, isinstance(value, list), None, None, value, embedded
    )


def _is_embedded(value: Any) -> bool:
    return isinstance(value, (CIMInstance, CIMClass))
