"""
Pulled enumerations and queries.
"""

from __future__ import annotations

import time
from typing import Any, Dict, List

import pytest

from pywbem import CIMError, Uint64
from pywbem_mock import FakedWBEMConnection, config
from pywbem_mock.operations.enumerations import Enumerations
from pywbem_mock.providers.dispatcher import ProviderDispatcher
from tests.unit.test_pywbem_mock.model import (
    HOST,
    NAMESPACE,
    element,
    element_path,
    ids,
    server,
)

E1 = element_path(1)
INVALID_PARAMETER = 4
NOT_SUPPORTED = 7
QUERY_LANGUAGE = 14
INVALID_QUERY = 15
INVALID_CONTEXT = 21
INVALID_TIMEOUT = 22

OPENING: List[Any] = [
    ("OpenEnumerateInstances", "Element", "EnumerateInstances"),
    ("OpenEnumerateInstancePaths", "Element", "EnumerateInstanceNames"),
    ("OpenReferenceInstances", E1, "References"),
    ("OpenReferenceInstancePaths", E1, "ReferenceNames"),
    ("OpenAssociatorInstances", E1, "Associators"),
    ("OpenAssociatorInstancePaths", E1, "AssociatorNames"),
]


def objects(result: Any) -> List[Any]:
    found: List[Any] = result[0]
    return found


@pytest.mark.parametrize("operation, target, other", OPENING, ids=[row[0] for row in OPENING])
def test_pulled_enumeration_returns_what_the_other_operation_does(
    conn: FakedWBEMConnection, operation: str, target: Any, other: str
) -> None:
    expected = getattr(conn, other)(target)
    result = getattr(conn, operation)(target, MaxObjectCount=1)
    found = objects(result)
    assert len(found) == 1
    pull = conn.PullInstancePaths if operation.endswith("Paths") else conn.PullInstancesWithPath
    while not result.eos:
        assert result.context[1] == NAMESPACE
        result = pull(result.context, MaxObjectCount=2)
        assert 0 < len(objects(result)) <= 2
        found += objects(result)
    assert result.context is None
    assert found == expected
    assert len(found) > 3


@pytest.mark.parametrize("operation, target, other", OPENING, ids=[row[0] for row in OPENING])
def test_open_all_at_once(
    conn: FakedWBEMConnection, operation: str, target: Any, other: str
) -> None:
    result = getattr(conn, operation)(target, MaxObjectCount=100)
    assert (result.eos, result.context) == (True, None)
    assert objects(result) == getattr(conn, other)(target)


def test_open_with_flags(conn: FakedWBEMConnection) -> None:
    result = conn.OpenEnumerateInstances(
        "Element", DeepInheritance=False, PropertyList=["SIZE", "Level"], MaxObjectCount=10
    )
    assert [list(instance) for instance in result.instances] == [["Size"]] * 4


def test_filters_of_associations(conn: FakedWBEMConnection) -> None:
    result = conn.OpenAssociatorInstancePaths(
        E1, AssocClass="Contains", ResultClass="Disk", Role="Whole", ResultRole="Part"
    )
    assert ids(result.paths) == ["Disk e3"]
    assert result.paths[0].host == HOST
    assert ids(conn.OpenReferenceInstances(E1, "Uses", "User", MaxObjectCount=1).instances)


def test_default_number_of_objects(
    conn: FakedWBEMConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert conn.OpenEnumerateInstances("Element").eos
    monkeypatch.setattr(config, "DEFAULT_MAX_OBJECT_COUNT", 3)
    assert len(conn.OpenEnumerateInstances("Element").instances) == 3


def test_no_objects_at_first(conn: FakedWBEMConnection) -> None:
    result = conn.OpenEnumerateInstances("Element", MaxObjectCount=0)
    assert (result.instances, result.eos) == ([], False)
    assert len(conn.PullInstancesWithPath(result.context, 10).instances) == 4


def test_enumeration_is_of_the_state_at_its_opening(conn: FakedWBEMConnection) -> None:
    result = conn.OpenEnumerateInstances("Element", MaxObjectCount=1)
    conn.DeleteInstance(element_path(2))
    conn.CreateInstance(element(9))
    rest = conn.PullInstancesWithPath(result.context, 10)
    assert ids(rest.instances) == ["Element e2", "Disk e3", "FastDisk e4"]


def test_iter_operations(conn: FakedWBEMConnection) -> None:
    pulling = server(use_pull_operations=True)
    for source in (conn, pulling):
        found = list(source.IterEnumerateInstances("Element", MaxObjectCount=1))
        assert ids(found) == ids(conn.EnumerateInstances("Element"))


# -- Contexts -----------------------------------------------------------------


def test_close(conn: FakedWBEMConnection) -> None:
    context = conn.OpenEnumerateInstances("Element", MaxObjectCount=1).context
    conn.CloseEnumeration(context)
    for operation in (
        conn.CloseEnumeration,
        conn.EnumerationCount,
        lambda c: conn.PullInstancesWithPath(c, 1),
    ):
        with pytest.raises(CIMError) as info:
            operation(context)
        assert info.value.status_code == INVALID_CONTEXT


def test_count(conn: FakedWBEMConnection) -> None:
    """The count is that of the whole enumeration, whatever is read of it."""
    result = conn.OpenEnumerateInstances("Element", MaxObjectCount=0)
    assert conn.EnumerationCount(result.context) == 4
    result = conn.PullInstancesWithPath(result.context, 3)
    count = conn.EnumerationCount(result.context)
    assert (type(count), count) == (Uint64, 4)
    assert len(conn.PullInstancesWithPath(result.context, 3).instances) == 1
    with pytest.raises(CIMError) as info:
        conn.EnumerationCount(result.context)
    assert info.value.status_code == INVALID_CONTEXT


@pytest.mark.parametrize("operation", ["PullInstances", "PullInstancePaths"])
def test_enumeration_is_continued_with_its_operation(
    conn: FakedWBEMConnection, operation: str
) -> None:
    context = conn.OpenEnumerateInstances("Element", MaxObjectCount=1).context
    with pytest.raises(CIMError) as info:
        getattr(conn, operation)(context, MaxObjectCount=1)
    assert info.value.status_code == INVALID_CONTEXT
    assert len(conn.PullInstancesWithPath(context, MaxObjectCount=9).instances) == 3


def test_unknown_context(conn: FakedWBEMConnection) -> None:
    with pytest.raises(CIMError) as info:
        conn.PullInstancePaths(("nix", NAMESPACE), MaxObjectCount=1)
    assert info.value.status_code == INVALID_CONTEXT


class Clock:
    """A clock that is set."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_enumeration_expires(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(time, "monotonic", clock)
    enumerations = Enumerations()

    def opened(timeout: int) -> str:
        part = enumerations.open("pull", "ns", [1, 2, 3, 4], str, timeout, 1)
        assert part.context is not None
        return part.context

    short, long, forever = opened(10), opened(20), opened(0)
    clock.now += 9
    assert enumerations.pull("pull", short, 1).objects == ["2"]
    clock.now += 9
    assert enumerations.pull("pull", short, 1).objects == ["3"]
    clock.now += 11
    for context in (short, long):
        with pytest.raises(CIMError) as info:
            enumerations.pull("pull", context, 1)
        assert info.value.status_code == INVALID_CONTEXT
    clock.now += 1e6
    assert enumerations.pull("pull", forever, 1).objects == ["2"]


def test_expired_enumerations_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(time, "monotonic", clock)
    enumerations = Enumerations()
    for _ in range(100):
        enumerations.open("pull", "ns", [1, 2], str, 5, 1)
        clock.now += 2
    assert len(enumerations.contexts) <= 4


@pytest.mark.parametrize("timeout, status", [(41, INVALID_TIMEOUT), (40, None), (0, None)])
def test_operation_timeout(conn: FakedWBEMConnection, timeout: int, status: Any) -> None:
    if status is None:
        assert conn.OpenEnumerateInstances("Element", OperationTimeout=timeout).instances
    else:
        with pytest.raises(CIMError) as info:
            conn.OpenEnumerateInstances("Element", OperationTimeout=timeout)
        assert info.value.status_code == status


@pytest.mark.parametrize(
    "operation, args",
    [
        ("OpenEnumerateInstances", ["Element"]),
        ("OpenEnumerateInstancePaths", ["Element"]),
        ("OpenAssociatorInstances", [E1]),
        ("OpenQueryInstances", ["DMTF:CQL", "SELECT * FROM Element"]),
        ("PullInstances", [("a", NAMESPACE), 1]),
        ("PullInstancesWithPath", [("a", NAMESPACE), 1]),
        ("PullInstancePaths", [("a", NAMESPACE), 1]),
        ("CloseEnumeration", [("a", NAMESPACE)]),
        ("EnumerationCount", [("a", NAMESPACE)]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_disabled(operation: str, args: List[Any]) -> None:
    conn = server(disable_pull_operations=True)
    with pytest.raises(CIMError) as info:
        getattr(conn, operation)(*args)
    assert info.value.status_code == NOT_SUPPORTED


# -- Filters and queries ------------------------------------------------------


@pytest.mark.parametrize(
    "operation, target, expected",
    [
        ("OpenEnumerateInstances", "Element", ["Disk e3", "FastDisk e4"]),
        ("OpenEnumerateInstancePaths", "Element", ["Disk e3", "FastDisk e4"]),
        ("OpenAssociatorInstances", E1, ["Disk e3"]),
        ("OpenAssociatorInstancePaths", E1, ["Disk e3"]),
    ],
)
def test_filter(
    conn: FakedWBEMConnection, operation: str, target: Any, expected: List[str]
) -> None:
    result = getattr(conn, operation)(
        target, FilterQueryLanguage="DMTF:FQL", FilterQuery="Size > 2", MaxObjectCount=10
    )
    assert ids(objects(result)) == expected


def test_filter_of_references(conn: FakedWBEMConnection) -> None:
    query = {"FilterQueryLanguage": "DMTF:FQL", "FilterQuery": "Since = '1999'"}
    for operation in (conn.OpenReferenceInstances, conn.OpenReferenceInstancePaths):
        assert len(objects(operation(E1, MaxObjectCount=9, **query))) == 1  # type: ignore[operator]


@pytest.mark.parametrize(
    "query, status",
    [
        ({"FilterQuery": "Size > 2"}, INVALID_PARAMETER),
        ({"FilterQueryLanguage": "WQL", "FilterQuery": "Size > 2"}, QUERY_LANGUAGE),
        ({"FilterQueryLanguage": "DMTF:FQL", "FilterQuery": "Size >"}, INVALID_QUERY),
        ({"FilterQueryLanguage": "DMTF:FQL", "FilterQuery": "the large ones"}, INVALID_QUERY),
        ({"FilterQueryLanguage": "DMTF:FQL", "FilterQuery": ""}, INVALID_QUERY),
    ],
    ids=["no language", "language", "syntax", "text", "empty"],
)
@pytest.mark.parametrize("operation, target, other", OPENING, ids=[row[0] for row in OPENING])
def test_filter_fails(
    conn: FakedWBEMConnection,
    operation: str,
    target: Any,
    other: str,
    query: Dict[str, str],
    status: int,
) -> None:
    with pytest.raises(CIMError) as info:
        getattr(conn, operation)(target, **query)
    assert info.value.status_code == status


@pytest.mark.parametrize(
    "language, query, expected",
    [
        ("WQL", "SELECT * FROM Element", ["Element e1", "Element e2", "Disk e3", "FastDisk e4"]),
        ("WQL", "SELECT * FROM Element WHERE Size >= 2 AND Label = 'two'", ["Element e2"]),
        ("WQL", "SELECT Size FROM disk WHERE Id LIKE '%4'", ["FastDisk e4"]),
        ("DMTF:CQL", "SELECT * FROM Disk", ["Disk e3", "FastDisk e4"]),
    ],
)
def test_query(conn: FakedWBEMConnection, language: str, query: str, expected: List[str]) -> None:
    found = conn.ExecQuery(language, query)
    assert ids(found) == expected
    if "Size FROM" in query:
        assert [list(instance) for instance in found] == [["Size"]]
    result = conn.OpenQueryInstances(language, query, MaxObjectCount=1)
    pulled = result.instances
    while not result.eos:
        result = conn.PullInstances(result.context, MaxObjectCount=1)  # type: ignore[assignment]
        pulled += result.instances
    assert [instance.path for instance in pulled] == [None] * len(expected)
    assert [instance.properties for instance in pulled] == [
        instance.properties for instance in found
    ]


def test_class_of_a_query_result(conn: FakedWBEMConnection) -> None:
    query = "SELECT Id, Level FROM Disk"
    result = conn.OpenQueryInstances("DMTF:CQL", query, ReturnQueryResultClass=True)
    cls = result.query_result_class
    assert cls is not None
    assert cls.classname == "Disk"
    assert sorted(cls.properties) == ["Id", "Level"]
    assert conn.OpenQueryInstances("DMTF:CQL", query).query_result_class is None


@pytest.mark.parametrize(
    "language, query, status",
    [
        ("SQL", "SELECT * FROM Element", QUERY_LANGUAGE),
        ("WQL", "SELECT * FROM Nix", 5),
        ("WQL", "SELECT * FROM", INVALID_QUERY),
        ("WQL", "SELECT Nix FROM Element", INVALID_QUERY),
    ],
    ids=["language", "class", "syntax", "property"],
)
def test_query_fails(conn: FakedWBEMConnection, language: str, query: str, status: int) -> None:
    for operation in (conn.ExecQuery, conn.OpenQueryInstances):
        with pytest.raises(CIMError) as info:
            operation(language, query)
        assert info.value.status_code == status


def test_result_of_a_query_is_a_copy(conn: FakedWBEMConnection) -> None:
    for found in conn.ExecQuery("WQL", "SELECT Size FROM Element"):
        found.properties["Size"].value = None
    assert conn.GetInstance(E1)["Size"] == 1


def test_open_enumerations_can_be_seen() -> None:
    conn = FakedWBEMConnection()
    conn.compile_mof_string(
        "Qualifier Key : boolean = false, Scope(property); class C { [Key] uint8 k; };"
        "instance of C { k = 1; }; instance of C { k = 2; };"
    )
    provider = conn._mainprovider
    assert (provider.host, provider.enumeration_contexts) == (conn.host, {})
    assert isinstance(provider.providerdispatcher, ProviderDispatcher)
    result = conn.OpenEnumerateInstances("C", MaxObjectCount=1, OperationTimeout=33)
    ((context, seen),) = provider.enumeration_contexts.items()
    assert context == result.context[0]
    assert [instance["k"] for instance in seen.pop("data")] == [2]
    assert seen == {
        "pull_type": "PullInstancesWithPath",
        "namespace": "root/cimv2",
        "interoptimeout": 33,
    }
    conn.PullInstancesWithPath(result.context, 1)
    assert provider.enumeration_contexts == {}
