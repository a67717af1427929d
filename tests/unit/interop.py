"""
Servers in memory for what asks several operations: one that answers with a table of
functions, and one that stores the instances of its Interop namespace.
"""

from __future__ import annotations

import inspect
from functools import cached_property
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple, Union

from pywbem import AsyncWBEMConnection
from pywbem._cim_obj import CIMInstance, CIMInstanceName
from pywbem._cim_operations import WBEMConnection
from pywbem._cim_xml.records import (
    Call,
    ErrorRecord,
    ExtrinsicCall,
    ExtrinsicResponse,
    IntrinsicResponse,
    Response,
)
from pywbem._observers.exchange import Exchange
from tests.integration.shells import Blocking, Loop

INTEROP = "interop"
FILTER = "CIM_IndicationFilter"
DESTINATION = "CIM_ListenerDestinationCIMXML"
SUBSCRIPTION = "CIM_IndicationSubscription"

# What a function of the table returns: objects, an error code, a whole response, or nothing.
Result = Union[List[Any], int, Response, None]
Answer = Union[Result, Callable[..., Result]]


class TableConnection(WBEMConnection):
    """
    Answers operations from a table: by name, the result, or a function of the
    namespace and the parameters.  Operations that are not in the table are not
    supported.  ``calls`` holds the calls as (name, namespace, parameters).
    """

    def __init__(
        self, table: Optional[Mapping[str, Answer]] = None, url: str = "http://server"
    ) -> None:
        super().__init__(url)
        self.table: Dict[str, Answer] = dict(table or {})
        self.calls: List[Tuple[str, str, Dict[str, Any]]] = []

    @cached_property
    def asynchronous(self) -> AsyncTable:
        """An asynchronous connection with the same server."""
        return AsyncTable(self)

    def _exchange(self, call: Call, exchange: Exchange) -> Response:
        if isinstance(call, ExtrinsicCall):
            namespace = call.path.namespace or ""
            params: Dict[str, Any] = {param.name: param.value for param in call.params}
        else:
            namespace = getattr(call, "namespace", "")
            params = dict(call.params)
        self.calls.append((call.name, namespace, params))
        return self._response(call, self.answer(call.name, namespace, params))

    def answer(self, name: str, namespace: str, params: Dict[str, Any]) -> Result:
        """The result of an operation."""
        answer = self.table.get(name, 7)
        if callable(answer):
            return answer(namespace, **params)
        return answer

    @staticmethod
    def _response(call: Call, result: Result) -> Response:
        if isinstance(result, tuple):
            return result
        extrinsic = isinstance(call, ExtrinsicCall)
        if isinstance(result, int):
            error = ErrorRecord(result, f"status {result}", [])
            if extrinsic:
                return ExtrinsicResponse(call.name, error=error)
            return IntrinsicResponse(call.name, error=error)
        return IntrinsicResponse(call.name, result)

    def taken(self) -> List[Tuple[str, str]]:
        """The calls since the last time, as (name, class name or namespace)."""
        result = [(name, short(namespace, params)) for name, namespace, params in self.calls]
        self.calls.clear()
        return result


class AsyncTable(AsyncWBEMConnection):
    """An asynchronous connection with the server of another one."""

    def __init__(self, conn: TableConnection) -> None:
        super().__init__(conn.url)
        self._conn = conn

    def __eq__(self, other: object) -> bool:
        # For a test they are the same.
        return other is self or other is self._conn

    __hash__ = AsyncWBEMConnection.__hash__

    async def _exchange(self, call: Call, exchange: Exchange) -> Response:
        return self._conn._exchange(call, exchange)


class Waited:
    """
    An asynchronous class in the place of the one that is not: its objects and methods are
    waited for, and take connections and objects of both.
    """

    def __init__(self, cls: Any, loop: Loop) -> None:
        self._cls = cls
        self._loop = loop

    def __call__(self, *args: Any) -> Any:
        return Blocking(self._cls(*map(self._taken, args)), self._loop)

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._cls, name)
        if not callable(value):
            return value
        return lambda *args, **kwargs: self._waited(value(*map(self._taken, args), **kwargs))

    def _waited(self, value: Any) -> Any:
        return self._loop.run(value) if inspect.iscoroutine(value) else value

    @staticmethod
    def _taken(value: Any) -> Any:
        if isinstance(value, Blocking):
            return value.wrapped
        return value.asynchronous if isinstance(value, TableConnection) else value


def short(namespace: str, params: Mapping[str, Any]) -> str:
    """What a call is about: its class, the name of its instance, or its namespace."""
    for name in ("ClassName", "InstanceName", "NewInstance", "ObjectName"):
        value = params.get(name)
        if value is None:
            continue
        if name == "NewInstance":
            value = value.path or value
        if isinstance(value, (CIMInstanceName, CIMInstance)):
            return instance_name(value)
        return str(getattr(value, "classname", value))
    return namespace


def instance_name(instance: Union[CIMInstance, CIMInstanceName]) -> str:
    """The name of a filter or destination; for a subscription those of its ends."""
    if "Filter" in instance:
        return f"{instance_name(instance['Filter'])} -> {instance_name(instance['Handler'])}"
    return str(instance.get("Name", instance.get("InstanceID")))


class InteropServer(TableConnection):
    """
    Stores the filters, destinations and subscriptions of its Interop
    namespace.  ``refuse`` holds the status codes of operations to be refused,
    by operation and class.
    """

    def __init__(self, *instances: CIMInstance, url: str = "http://server") -> None:
        super().__init__(url=url)
        self.store: List[CIMInstance] = list(instances)
        self.refuse: Dict[Tuple[str, str], int] = {}
        self.cimom: List[CIMInstance] = [
            CIMInstance(
                "CIM_ObjectManager",
                {"SystemName": "sys"},
                path=CIMInstanceName("CIM_ObjectManager", {"Name": "om"}, namespace=INTEROP),
            )
        ]

    def answer(self, name: str, namespace: str, params: Dict[str, Any]) -> Result:
        target = (
            params.get("ClassName")
            or params.get("NewInstance")
            or params.get("InstanceName")
            or params["ObjectName"]
        )
        if (name, target.classname) in self.refuse:
            return self.refuse[name, target.classname]
        if namespace != INTEROP:
            return 3
        result: Result = getattr(self, f"_{name}")(target)
        return result

    def _EnumerateInstanceNames(self, target: Any) -> Result:
        return [CIMInstanceName("CIM_Namespace", {"Name": INTEROP}, namespace=INTEROP)]

    def _EnumerateInstances(self, target: Any) -> Result:
        if target.classname == "CIM_ObjectManager":
            return [instance.copy() for instance in self.cimom]
        return [item.copy() for item in self.store if item.classname == target.classname]

    def _CreateInstance(self, target: Any) -> Result:
        instance = stored(target)
        if instance.path in self.paths:
            return 11
        self.store.append(instance)
        return [instance.path]

    def _GetInstance(self, target: Any) -> Result:
        return [item.copy() for item in self.store if item.path == local(target)] or 6

    def _DeleteInstance(self, target: Any) -> Result:
        if local(target) not in self.paths:
            return 6
        self.store = [item for item in self.store if item.path != local(target)]
        return None

    def _ReferenceNames(self, target: Any) -> Result:
        return [
            item.path
            for item in self.store
            if item.path is not None
            and item.classname == SUBSCRIPTION
            and local(target) in (item["Filter"], item["Handler"])
        ]

    @property
    def paths(self) -> List[Optional[CIMInstanceName]]:
        """The paths of the stored instances."""
        return [item.path for item in self.store]

    @property
    def names(self) -> List[str]:
        """The names of the stored instances."""
        return [instance_name(item) for item in self.store]


def local(path: CIMInstanceName) -> CIMInstanceName:
    """A path as this server stores it."""
    path = path.copy()
    path.host = None
    path.namespace = INTEROP
    return path


def stored(instance: CIMInstance) -> CIMInstance:
    """An instance with the path that it has on the server."""
    keys = ("SystemCreationClassName", "SystemName", "CreationClassName", "Name")
    if instance.classname == SUBSCRIPTION:
        keys = ("Filter", "Handler")  # type: ignore[assignment]
    instance = instance.copy()
    instance.path = CIMInstanceName(
        instance.classname, {key: instance[key] for key in keys}, namespace=INTEROP
    )
    return instance


def existing(classname: str, name: str, **properties: Any) -> CIMInstance:
    """A filter or destination that is on the server."""
    keys = {
        "SystemCreationClassName": "CIM_ComputerSystem",
        "SystemName": "sys",
        "CreationClassName": classname,
        "Name": name,
    }
    return stored(CIMInstance(classname, {**keys, **properties}))


def subscription(filter_: CIMInstance, destination: CIMInstance) -> CIMInstance:
    """A subscription that is on the server."""
    ends = {"Filter": filter_.path, "Handler": destination.path}
    return stored(CIMInstance(SUBSCRIPTION, ends))
