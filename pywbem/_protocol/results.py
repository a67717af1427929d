"""
Response records to return values.

Each function checks that the response has what the operation returns, raises
:exc:`~pywbem.CIMXMLParseError` if not, and completes the paths of the returned
objects with the namespace of the call.
"""

from __future__ import annotations

from typing import Any, List, NamedTuple, Optional, Sequence, Tuple, Type, TypeVar, Union

from .._cim_obj import CIMClass, CIMClassName, CIMInstance, CIMInstanceName
from .._cim_types import Uint64
from .._cim_xml.read.values import CONVERTERS
from .._cim_xml.records import IntrinsicResponse
from .._exceptions import CIMXMLParseError
from .arguments import Context

_Object = TypeVar("_Object")

ClassTuple = Tuple[CIMClassName, CIMClass]


class pull_inst_result_tuple(NamedTuple):
    """
    Result of the open and pull operations that return instances.

    ``instances`` is a list of :class:`~pywbem.CIMInstance`, ``eos`` tells
    whether the enumeration is at its end, ``context`` is to be passed to the
    next pull or close operation, None at the end.
    """

    instances: List[CIMInstance]
    eos: bool
    context: Optional[Context]


class pull_path_result_tuple(NamedTuple):
    """
    Result of the open and pull operations that return instance paths.

    As :class:`pull_inst_result_tuple`, with ``paths``, a list of
    :class:`~pywbem.CIMInstanceName`.
    """

    paths: List[CIMInstanceName]
    eos: bool
    context: Optional[Context]


class pull_query_result_tuple(NamedTuple):
    """
    Result of OpenQueryInstances.

    As :class:`pull_inst_result_tuple`, with ``query_result_class``, the
    :class:`~pywbem.CIMClass` that describes the instances, or None if it was
    not asked for.
    """

    instances: List[CIMInstance]
    eos: bool
    context: Optional[Context]
    query_result_class: Optional[CIMClass]


def _kind(value: Any) -> str:
    return type(value).__name__


def _no_params(response: IntrinsicResponse) -> None:
    if response.params:
        names = ", ".join(name for name, _ in response.params)
        raise CIMXMLParseError(
            f"The response to {response.name} has output parameters (PARAMVALUE) that this "
            f"operation does not have: {names}"
        )


def _all(response: IntrinsicResponse, kind: Type[_Object]) -> List[_Object]:
    """
    The returned objects, each of the same kind; none if nothing was returned.
    """
    result = response.result
    if result is None:
        return []
    for item in result:
        if not isinstance(item, kind):
            raise CIMXMLParseError(
                f"The response to {response.name} returns a {_kind(item)} where a "
                f"{kind.__name__} is expected"
            )
    return result


def objects(response: IntrinsicResponse, kind: Type[_Object]) -> List[_Object]:
    """
    The returned objects of an operation without output parameters.
    """
    _no_params(response)
    return _all(response, kind)


def one(response: IntrinsicResponse, kind: Type[_Object]) -> _Object:
    """
    The returned object of an operation that returns one.
    """
    result = objects(response, kind)
    if not result:
        raise CIMXMLParseError(
            f"The response to {response.name} returns nothing; a {kind.__name__} is expected"
        )
    return result[0]


def nothing(response: IntrinsicResponse) -> None:
    """
    The result of an operation that returns nothing.
    """
    _no_params(response)
    if response.result is not None:
        raise CIMXMLParseError(
            f"The response to {response.name} has a return value (IRETURNVALUE); this operation "
            "returns nothing"
        )


def enumerated_instances(response: IntrinsicResponse, namespace: str) -> List[CIMInstance]:
    """
    Instances, whose paths get the namespace of the call.
    """
    result = objects(response, CIMInstance)
    for instance in result:
        path = instance.path
        if path is None:
            raise CIMXMLParseError(
                f"The response to {response.name} returns an instance of class "
                f"{instance.classname} without its path"
            )
        path._namespace = namespace
    return result


def enumerated_paths(response: IntrinsicResponse, namespace: str) -> List[CIMInstanceName]:
    """
    Instance paths, which get the namespace of the call.
    """
    result = objects(response, CIMInstanceName)
    for path in result:
        path._namespace = namespace
    return result


def queried_instances(response: IntrinsicResponse, namespace: str) -> List[CIMInstance]:
    """
    Instances of a query result; those that came without a path get one of
    their class and the namespace of the call, without keys.
    """
    result = objects(response, CIMInstance)
    for instance in result:
        if instance.path is None:
            instance.path = CIMInstanceName._trusted(instance.classname, None, None, namespace)
        else:
            instance.path._namespace = namespace
    return result


def class_with_path(cls: CIMClass, namespace: str, host: str) -> CIMClass:
    """
    A class, which gets a path with the namespace of the call and the host of
    the connection.
    """
    cls._path = CIMClassName._trusted(cls.classname, host, namespace)
    return cls


def associated_objects(
    response: IntrinsicResponse, on_class: bool
) -> Union[List[CIMInstance], List[ClassTuple]]:
    """
    The objects of an association operation: instances for an instance, tuples
    (class path, class) for a class.
    """
    if not on_class:
        return objects(response, CIMInstance)
    result: List[ClassTuple] = []
    for cls in objects(response, CIMClass):
        if cls.path is None:
            raise CIMXMLParseError(
                f"The response to {response.name} returns the class {cls.classname} without its "
                "path"
            )
        result.append((cls.path, cls))
    return result


def associated_paths(
    response: IntrinsicResponse, on_class: bool
) -> Union[List[CIMInstanceName], List[CIMClassName]]:
    """
    The paths of an association operation.
    """
    if on_class:
        return objects(response, CIMClassName)
    return objects(response, CIMInstanceName)


def _output(params: Sequence[Tuple[str, Any]], name: str) -> Any:
    """
    The value of an output parameter, or None.
    """
    found = None
    for key, value in params:
        if key == name:
            found = value
    return found


# An array, a reference or an embedded object stands for no context.
_NO_CONTEXT = (list, CIMInstanceName, CIMClassName, CIMInstance, CIMClass)


def _progress(response: IntrinsicResponse, namespace: str) -> Tuple[bool, Optional[Context]]:
    """
    How far an enumeration is: (end of sequence, context for the next pull).

    DSP0200 5.4.2.24 requires both parameters; servers leave out one of them.
    """
    end = _output(response.params, "EndOfSequence")
    context = _output(response.params, "EnumerationContext")
    if isinstance(end, str):
        try:
            end = {"true": True, "false": False}[end.strip().lower()]
        except KeyError:
            raise CIMXMLParseError(
                f"The response to {response.name} has the output parameter EndOfSequence with a "
                f"value that is no boolean: {end!r}"
            ) from None
    if end:
        return True, None
    if context is None or isinstance(context, _NO_CONTEXT):
        raise CIMXMLParseError(
            f"The response to {response.name} has no output parameter EnumerationContext, and its "
            "EndOfSequence is " + ("missing" if end is None else "false")
        )
    # As it was sent: the server compares it, whatever type it gave.
    text = str(context)
    return False, (text.lower() if isinstance(context, bool) else text, namespace)


def pulled_instances(response: IntrinsicResponse, namespace: str) -> pull_inst_result_tuple:
    """
    The result of an open or pull operation for instances.
    """
    end, context = _progress(response, namespace)
    return pull_inst_result_tuple(_all(response, CIMInstance), end, context)


def pulled_paths(response: IntrinsicResponse, namespace: str) -> pull_path_result_tuple:
    """
    The result of an open or pull operation for instance paths.
    """
    end, context = _progress(response, namespace)
    return pull_path_result_tuple(_all(response, CIMInstanceName), end, context)


def opened_query(
    response: IntrinsicResponse, namespace: str, with_class: Optional[bool]
) -> pull_query_result_tuple:
    """
    The result of OpenQueryInstances.
    """
    end, context = _progress(response, namespace)
    cls = None
    if with_class:
        cls = _output(response.params, "QueryResultClass")
        if not isinstance(cls, CIMClass):
            what = "no" if cls is None else f"a {_kind(cls)} as"
            raise CIMXMLParseError(
                f"The response to {response.name} has {what} output parameter QueryResultClass; "
                "a CIMClass was asked for"
            )
    return pull_query_result_tuple(_all(response, CIMInstance), end, context, cls)


def counted(response: IntrinsicResponse) -> Optional[Uint64]:
    """
    The result of EnumerationCount: a number, or None if the server does not know it.
    """
    _no_params(response)
    value = response.result[0] if response.result else None
    if value is None or isinstance(value, Uint64):
        return value
    try:
        # VALUE says no type; an empty one is NULL.
        return CONVERTERS["uint64"](value.strip()) if value.strip() else None
    except (AttributeError, ValueError):
        raise CIMXMLParseError(
            f"The response to {response.name} returns {value!r}; a uint64 is expected"
        ) from None
