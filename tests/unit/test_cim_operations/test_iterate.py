"""
The Iter... methods: pull operations, traditional operations, and how one
follows the other.
"""

from __future__ import annotations

import gc
import inspect
from typing import Any, Callable, Dict, List, NamedTuple, Tuple

import pytest

from pywbem import AsyncIterQueryInstancesReturn, config
from pywbem._cim_obj import CIMClass, CIMClassName, CIMInstance, CIMInstanceName
from pywbem._cim_operations import IterQueryInstancesReturn, WBEMConnection
from pywbem._cim_xml.records import IntrinsicCall
from pywbem._exceptions import CIMError, ConnectionError, TimeoutError
from pywbem._recorder import BaseOperationRecorder
from tests.integration.receiver import eventually
from tests.integration.shells import Blocking, Loop
from tests.unit.test_cim_operations.fake import (
    HOST,
    Answer,
    AsyncRecordConnection,
    RecordConnection,
    failure,
    returned,
)


@pytest.fixture(params=["sync", "async"], autouse=True)
def shell(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, loop: Loop) -> str:
    """The shell that a test is about, each in turn."""

    def connection(*answers: Answer, **settings: Any) -> Any:
        return Blocking(AsyncRecordConnection(*answers, **settings), loop)

    if request.param == "async":
        monkeypatch.setitem(globals(), "RecordConnection", connection)
    return str(request.param)


SOURCE = CIMInstanceName("S", {"s": "t"}, namespace="n/s")


def path(key: int, host: Any = "h") -> CIMInstanceName:
    return CIMInstanceName("C", {"k": str(key)}, namespace="n/s", host=host)


def inst(key: int, host: Any = "h") -> CIMInstance:
    return CIMInstance("C", {"p": str(key)}, path=path(key, host))


def row(key: int, host: Any = "h") -> CIMInstance:
    return CIMInstance("C", {"p": str(key)})


class Method(NamedTuple):
    """An Iter... method and what it is made of."""

    name: str
    args: Tuple[Any, ...]
    open: str
    pull: str
    traditional: str
    item: Callable[..., Any]


METHODS = [
    Method("IterEnumerateInstances", ("C", "n/s"), "OpenEnumerateInstances",
           "PullInstancesWithPath", "EnumerateInstances", inst),
    Method("IterEnumerateInstancePaths", ("C", "n/s"), "OpenEnumerateInstancePaths",
           "PullInstancePaths", "EnumerateInstanceNames", path),
    Method("IterReferenceInstances", (SOURCE,), "OpenReferenceInstances",
           "PullInstancesWithPath", "References", inst),
    Method("IterReferenceInstancePaths", (SOURCE,), "OpenReferenceInstancePaths",
           "PullInstancePaths", "ReferenceNames", path),
    Method("IterAssociatorInstances", (SOURCE,), "OpenAssociatorInstances",
           "PullInstancesWithPath", "Associators", inst),
    Method("IterAssociatorInstancePaths", (SOURCE,), "OpenAssociatorInstancePaths",
           "PullInstancePaths", "AssociatorNames", path),
    Method("IterQueryInstances", ("L", "q", "n/s"), "OpenQueryInstances",
           "PullInstances", "ExecQuery", row),
]  # fmt: skip

each_method = pytest.mark.parametrize("method", METHODS, ids=[method.name for method in METHODS])


def generator(conn: RecordConnection, method: Method, **kwargs: Any) -> Any:
    """The generator of the method."""
    result = getattr(conn, method.name)(*method.args, **kwargs)
    if method.name == "IterQueryInstances":
        assert type(getattr(result, "wrapped", result)) in (
            IterQueryInstancesReturn,
            AsyncIterQueryInstancesReturn,
        )
        return result.generator
    return result


def page(*items: Any, more: bool = False, context: str = "x") -> Answer:
    return returned(*items, EndOfSequence=not more, EnumerationContext=context if more else None)


def sent(conn: RecordConnection, name: str) -> List[Any]:
    """The values of a parameter in the calls of a connection."""
    calls = [call for call in conn.calls if isinstance(call, IntrinsicCall)]
    return [dict(call.params).get(name) for call in calls]


class CountingRecorder(BaseOperationRecorder):
    """Keeps the names of operations."""

    def __init__(self) -> None:
        super().__init__()
        self.names: List[Any] = []

    def record(self, pywbem_args: Any, *rest: Any) -> None:
        self.names.append(pywbem_args.method)


@each_method
def test_pull(method: Method) -> None:
    """Pages are fetched until the end, each with the context of the one before."""
    conn = RecordConnection(
        page(method.item(1), method.item(2), more=True, context="x1"),
        page(more=True, context="x2"),
        page(method.item(3)),
        use_pull_operations=True,
    )
    items = generator(conn, method, MaxObjectCount=2)
    assert list(items) == [method.item(1), method.item(2), method.item(3)]
    assert conn.names == [method.open, method.pull, method.pull]
    assert sent(conn, "MaxObjectCount") == [2, 2, 2]
    assert sent(conn, "EnumerationContext") == [None, "x1", "x2"]
    assert all(isinstance(call, IntrinsicCall) and call.namespace == "n/s" for call in conn.calls)


@each_method
def test_pages_are_fetched_when_needed(method: Method) -> None:
    """A generator does not fetch the next page before the present one is used up."""
    conn = RecordConnection(
        page(method.item(1), more=True), page(method.item(2)), use_pull_operations=True
    )
    items = generator(conn, method)
    assert next(items) == method.item(1)
    assert conn.names == [method.open]
    assert next(items) == method.item(2)
    assert conn.names == [method.open, method.pull]


@each_method
def test_default_page_size(method: Method) -> None:
    conn = RecordConnection(page(), use_pull_operations=True)
    assert list(generator(conn, method)) == []
    assert sent(conn, "MaxObjectCount") == [1000]


@each_method
def test_traditional(method: Method) -> None:
    """Without pull operations the traditional operation is used."""
    items = [method.item(1), method.item(2)]
    conn = RecordConnection(returned(*items), use_pull_operations=False)
    found = list(generator(conn, method))
    assert conn.names == [method.traditional]
    assert len(found) == 2
    assert all(left is right for left, right in zip(found, items))


@each_method
@pytest.mark.parametrize("code", [7, 1], ids=["not-supported", "failed"])
def test_fallback(method: Method, code: int) -> None:
    """A server without pull operations is asked only once for each operation."""
    conn = RecordConnection(
        failure(code),
        returned(method.item(1)),
        returned(method.item(2)),
        use_pull_operations=None,
    )
    assert len(list(generator(conn, method))) == 1
    assert len(list(generator(conn, method))) == 1
    assert conn.names == [method.open, method.traditional, method.traditional]


def test_fallback_is_known_for_each_operation() -> None:
    """That one pull operation is missing does not say that another one is."""
    conn = RecordConnection(failure(7), returned(), page(), use_pull_operations=None)
    assert list(conn.IterEnumerateInstances("C")) == []
    assert list(conn.IterEnumerateInstancePaths("C")) == []
    assert conn.names == [
        "OpenEnumerateInstances",
        "EnumerateInstances",
        "OpenEnumerateInstancePaths",
    ]


@each_method
def test_no_fallback_after_success(method: Method) -> None:
    """A server that has had pull operations has them."""
    conn = RecordConnection(page(), failure(7), use_pull_operations=None)
    assert list(generator(conn, method)) == []
    with pytest.raises(CIMError):
        list(generator(conn, method))
    assert conn.names == [method.open, method.open]


@each_method
@pytest.mark.parametrize("code", [2, 4, 5], ids=["denied", "parameter", "class"])
def test_no_fallback_on_other_errors(method: Method, code: int) -> None:
    """Another error is reported, and nothing is learned from it."""
    conn = RecordConnection(failure(code), page(), use_pull_operations=None)
    with pytest.raises(CIMError) as excinfo:
        list(generator(conn, method))
    assert excinfo.value.status_code == code
    assert list(generator(conn, method)) == []
    assert conn.names == [method.open, method.open]


@each_method
def test_no_fallback_if_pull_is_wanted(method: Method) -> None:
    conn = RecordConnection(failure(7), use_pull_operations=True)
    with pytest.raises(CIMError):
        list(generator(conn, method))
    assert conn.names == [method.open]


@each_method
def test_closed_early(method: Method) -> None:
    """A generator that is closed closes its enumeration."""
    conn = RecordConnection(
        page(method.item(1), method.item(2), more=True), use_pull_operations=True
    )
    items = generator(conn, method)
    next(items)
    items.close()
    # That of a query when nobody has its result any more, which an event loop does later.
    assert eventually(lambda: conn.names == [method.open, "CloseEnumeration"])
    assert sent(conn, "EnumerationContext") == [None, "x"]


@each_method
@pytest.mark.parametrize("how", ["closed", "collected"])
def test_outlives_its_connection(method: Method, how: str) -> None:
    """A generator that is left after the connection was closed is silent."""
    conn = RecordConnection(page(method.item(1), more=True), use_pull_operations=True)
    recorder = CountingRecorder()
    conn.add_operation_recorder(recorder)
    items = generator(conn, method)
    next(items)
    conn.close()
    if how == "closed":
        items.close()
    del items
    gc.collect()  # what is raised in a finalizer is a warning, and so an error here
    assert conn.names == recorder.names == [method.open]


@each_method
def test_closed_on_the_last_page(method: Method) -> None:
    """An enumeration that the server has ended is not closed."""
    conn = RecordConnection(page(method.item(1), method.item(2)), use_pull_operations=True)
    items = generator(conn, method)
    next(items)
    items.close()
    assert conn.names == [method.open]


@each_method
def test_error_in_the_middle(method: Method) -> None:
    """The enumeration is closed, and the error that is reported is the first one."""
    conn = RecordConnection(
        page(method.item(1), more=True), failure(4), failure(21), use_pull_operations=None
    )
    items = generator(conn, method)
    next(items)
    with pytest.raises(CIMError) as excinfo:
        next(items)
    assert excinfo.value.status_code == 4
    assert conn.names == [method.open, method.pull, "CloseEnumeration"]


@pytest.mark.parametrize(
    "exception", [ConnectionError("broken"), TimeoutError("late")], ids=["connection", "timeout"]
)
def test_server_gone_in_the_middle(exception: Exception) -> None:
    """A server that cannot be reached is not asked to close the enumeration."""
    conn = RecordConnection(page(inst(1), more=True), exception, use_pull_operations=True)
    items = conn.IterEnumerateInstances("C")
    next(items)
    with pytest.raises(type(exception)):
        next(items)
    assert conn.names == ["OpenEnumerateInstances", "PullInstancesWithPath"]


@each_method
def test_nothing_is_sent_before_the_first_item(method: Method) -> None:
    """The generators begin when they are asked; only a query is sent at once."""
    conn = RecordConnection(page(), use_pull_operations=True)
    getattr(conn, method.name)(*method.args)
    assert conn.names == ([method.open] if method.name == "IterQueryInstances" else [])


@each_method
@pytest.mark.parametrize("mode", [True, None, False], ids=["pull", "find-out", "traditional"])
@pytest.mark.parametrize(
    "kwargs, exception",
    [
        ({"MaxObjectCount": 0}, ValueError),
        ({"MaxObjectCount": None}, ValueError),
        ({"MaxObjectCount": -1}, ValueError),
        ({"MaxObjectCount": "5"}, TypeError),
        ({"OperationTimeout": -1}, ValueError),
        ({"OperationTimeout": "5"}, TypeError),
    ],
    ids=["zero", "none", "negative", "string", "timeout-negative", "timeout-string"],
)
def test_limits(method: Method, mode: Any, kwargs: Dict[str, Any], exception: Any) -> None:
    """The limits are checked, whichever operation is used."""
    conn = RecordConnection(use_pull_operations=mode)
    with pytest.raises(exception, match=next(iter(kwargs))):
        list(generator(conn, method, **kwargs))
    assert conn.calls == []


@each_method
def test_operation_timeout_is_ignored_without_pull(method: Method) -> None:
    conn = RecordConnection(use_pull_operations=False)
    assert list(generator(conn, method, OperationTimeout=5)) == []
    assert conn.names == [method.traditional]


ONLY_PULLED = [
    pytest.param(method, kwargs, id=f"{method.name}-{name}")
    for method in METHODS
    for kwargs in ({"FilterQuery": "q"}, {"FilterQueryLanguage": "L"}, {"ContinueOnError": False})
    for name in kwargs
    # ExecQuery has a query, too.
    if method.traditional != "ExecQuery" or name == "ContinueOnError"
]


@pytest.mark.parametrize("method, kwargs", ONLY_PULLED)
def test_only_pulled(method: Method, kwargs: Dict[str, Any]) -> None:
    """Traditional operations do not ignore what only pull operations have."""
    conn = RecordConnection(use_pull_operations=False)
    with pytest.raises(ValueError, match=rf"{method.traditional} .* {next(iter(kwargs))}"):
        list(generator(conn, method, **kwargs))
    assert conn.calls == []


@pytest.mark.parametrize("shell", ["sync"], indirect=True)
@pytest.mark.parametrize("pull", [True, False], ids=["pull", "traditional"])
@pytest.mark.parametrize(
    "read", [iter, lambda result: result.generator], ids=["itself", "generator"]
)
def test_query_can_be_read_again(pull: bool, read: Any) -> None:
    """Each iteration is from the start; what was fetched is not fetched again."""
    pages: Any = [page(row(1), row(2), more=True), page(row(3))]
    conn = RecordConnection(
        *(pages if pull else [returned(row(1), row(2), row(3))]), use_pull_operations=pull
    )
    result = conn.IterQueryInstances("L", "q")
    first = result.generator
    assert next(first)["p"] == "1"
    names = ["OpenQueryInstances"] if pull else ["ExecQuery"]
    assert conn.names == names
    assert [item["p"] for item in read(result)] == ["1", "2", "3"]
    assert [item["p"] for item in read(result)] == ["1", "2", "3"]
    assert [item["p"] for item in first] == ["2", "3"]
    assert conn.names == [*names, *(["PullInstances"] if pull else [])]
    assert next(result.generator) is next(iter(result))


@pytest.mark.parametrize("shell", ["sync"], indirect=True)
def test_failed_query_does_not_look_complete() -> None:
    """An error in the middle is raised again by the next iteration."""
    conn = RecordConnection(page(row(1), more=True), failure(4), use_pull_operations=True)
    result = conn.IterQueryInstances("L", "q")
    for _ in range(2):
        items = iter(result)
        assert next(items) == row(1)
        with pytest.raises(CIMError):
            next(items)


def test_query_result_class() -> None:
    """The class of a query result, and that ExecQuery has none."""
    conn = RecordConnection(
        returned(row(1), EndOfSequence=True, QueryResultClass=CIMClass("C")),
        use_pull_operations=True,
    )
    result = conn.IterQueryInstances("L", "q", ReturnQueryResultClass=True)
    assert result.query_result_class == CIMClass("C")
    assert list(result.generator) == [row(1)]
    conn = RecordConnection(use_pull_operations=False)
    assert conn.IterQueryInstances("L", "q").query_result_class is None
    with pytest.raises(ValueError, match="ReturnQueryResultClass"):
        conn.IterQueryInstances("L", "q", ReturnQueryResultClass=False)


def test_host_of_enumerated_objects() -> None:
    """Traditional enumerations get the host of the connection where the server gave none."""
    conn = RecordConnection(returned(inst(1, None), inst(2)), use_pull_operations=False)
    assert [item.path.host for item in conn.IterEnumerateInstances("C")] == [HOST, "h"]
    conn = RecordConnection(returned(path(1, None), path(2)), use_pull_operations=False)
    assert [item.host for item in conn.IterEnumerateInstancePaths("C")] == [HOST, "h"]
    conn = RecordConnection(returned(inst(1, None)), use_pull_operations=False)
    assert [item.path.host for item in conn.IterReferenceInstances(SOURCE)] == [None]


@pytest.mark.parametrize("shell", ["sync"], indirect=True)
@pytest.mark.parametrize(
    "name, operation, make",
    [
        ("IterEnumerateInstances", "EnumerateInstances", lambda path: CIMInstance("C", path=path)),
        ("IterEnumerateInstancePaths", "EnumerateInstanceNames", lambda path: path),
    ],
    ids=["instances", "paths"],
)
@pytest.mark.parametrize(
    "args, namespace",
    [
        (("C",), "n/default"),
        (("C", "n/arg"), "n/arg"),
        ((CIMClassName("C", namespace="n/class"),), "n/class"),
        ((CIMClassName("C", namespace="n/class"), "/n/arg/"), "n/arg"),
    ],
    ids=["default", "argument", "class", "both"],
)
@pytest.mark.parametrize(
    "own", [(None, None), ("n/own", None), (None, "own"), ("n/own", "own")],
    ids=["none", "namespace", "host", "namespace-and-host"],
)  # fmt: skip
def test_replaced_operation(
    name: str, operation: str, make: Any, args: Any, namespace: str, own: Any
) -> None:
    """What a program's own operation returns gets the namespace and host that it lacks."""
    conn = RecordConnection(use_pull_operations=False, default_namespace="n/default")
    place = {"namespace": own[0], "host": own[1]}
    setattr(conn, operation, lambda *_, **__: [make(CIMInstanceName("C", {"k": "1"}, **place))])
    (item,) = getattr(conn, name)(*args)
    path = item.path if isinstance(item, CIMInstance) else item
    assert (path.namespace, path.host) == (own[0] or namespace, own[1] or HOST)


@pytest.mark.parametrize("shell", ["sync"], indirect=True)
def test_replaced_operation_without_paths() -> None:
    conn = RecordConnection(use_pull_operations=False)
    conn.EnumerateInstances = lambda *_, **__: [CIMInstance("C")]  # type: ignore[method-assign]
    assert list(conn.IterEnumerateInstances("C")) == [CIMInstance("C")]


@each_method
def test_configured_page_size(method: Method, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is configured counts at the time of the call, unless a number is passed."""
    conn = RecordConnection(page(), page(), page(), use_pull_operations=True)
    for configured, kwargs in ((7, {}), (9, {}), (9, {"MaxObjectCount": 1000})):
        monkeypatch.setattr(config, "DEFAULT_ITER_MAXOBJECTCOUNT", configured)
        assert list(generator(conn, method, **kwargs)) == []
    assert sent(conn, "MaxObjectCount") == [7, 9, 1000]
    parameter = inspect.signature(getattr(WBEMConnection, method.name)).parameters
    assert parameter["MaxObjectCount"].default == 1000


def test_all_arguments_are_passed() -> None:
    """Pull and traditional operation each get the arguments that they have."""
    args: Dict[str, Any] = {
        "namespace": "n",
        "LocalOnly": True,
        "DeepInheritance": False,
        "IncludeQualifiers": True,
        "IncludeClassOrigin": False,
        "PropertyList": ["p"],
    }
    conn = RecordConnection(failure(7), use_pull_operations=None)
    assert list(conn.IterEnumerateInstances("C", OperationTimeout=5, **args)) == []
    opened, enumerated = conn.calls
    assert isinstance(opened, IntrinsicCall) and isinstance(enumerated, IntrinsicCall)
    assert [name for name, _ in opened.params] == [
        "ClassName", "DeepInheritance", "IncludeClassOrigin", "PropertyList", "OperationTimeout",
        "MaxObjectCount",
    ]  # fmt: skip
    assert [name for name, _ in enumerated.params] == [
        "ClassName", "LocalOnly", "DeepInheritance", "IncludeQualifiers", "IncludeClassOrigin",
        "PropertyList",
    ]  # fmt: skip
    assert opened.namespace == enumerated.namespace == "n"
