"""
The providers of namespaces and of indication subscriptions.
"""

from __future__ import annotations

from typing import Any, List

import pytest

from pywbem import (
    CIMClass,
    CIMError,
    CIMInstance,
    CIMInstanceName,
    CIMQualifier,
    Uint16,
    Uint64,
)
from pywbem_mock import (
    CIMIndicationFilterProvider,
    CIMNamespaceProvider,
    FakedWBEMConnection,
    config,
)
from tests.unit.test_pywbem_mock.model import key, prop, qualifiers

INTEROP = "root/interop"
INVALID_PARAMETER = 4
NOT_SUPPORTED = 7
ALREADY_EXISTS = 11
FAILED = 1

KEYS = [key("SystemCreationClassName"), key("SystemName"), key("CreationClassName"), key("Name")]


def classes() -> List[CIMClass]:
    end = {"type": "reference"}
    return [
        CIMClass(
            "CIM_Namespace",
            [
                *KEYS[:2],
                key("ObjectManagerCreationClassName"),
                key("ObjectManagerName"),
                *KEYS[2:],
                prop("ClassType", "uint16"),
            ],
        ),
        CIMClass(
            "CIM_IndicationFilter",
            [
                *KEYS,
                prop("IndividualSubscriptionSupported", "boolean"),
                prop("Query"),
                prop("Description"),
            ],
        ),
        CIMClass(
            "CIM_ListenerDestinationCIMXML",
            [*KEYS, prop("Destination"), prop("Protocol", "uint16"), prop("Caption")],
        ),
        CIMClass(
            "CIM_IndicationSubscription",
            [
                key("Filter", **end, reference_class="CIM_IndicationFilter"),
                key("Handler", **end, reference_class="CIM_ListenerDestinationCIMXML"),
                prop("SubscriptionState", "uint16"),
                prop("SubscriptionDuration", "uint64"),
                prop("SubscriptionTimeRemaining", "uint64"),
                prop("TimeOfLastStateChange", "datetime"),
                prop("SubscriptionStartTime", "datetime"),
                prop("OnFatalErrorPolicy", "uint16"),
            ],
            qualifiers=[CIMQualifier("Association", True)],
        ),
    ]


@pytest.fixture
def conn() -> FakedWBEMConnection:
    """A server with the classes in the Interop namespace."""
    conn = FakedWBEMConnection()
    conn.add_namespace(INTEROP)
    conn.add_namespace("root/x")
    conn.add_cimobjects([qualifiers(), classes()], namespace=INTEROP)
    return conn


def represented(conn: FakedWBEMConnection) -> List[str]:
    return [found["Name"] for found in conn.EnumerateInstances("CIM_Namespace", INTEROP)]


def namespace(name: Any, **values: Any) -> CIMInstance:
    values = {"CreationClassName": "CIM_Namespace", "Name": name, **values}
    present = {key: value for key, value in values.items() if value is not None}
    return CIMInstance("CIM_Namespace", present)


# -- Namespaces ---------------------------------------------------------------


def test_existing_namespaces_are_represented(conn: FakedWBEMConnection) -> None:
    conn.install_namespace_provider(INTEROP)
    assert represented(conn) == ["root/cimv2", INTEROP, "root/x"]
    found = conn.EnumerateInstances("CIM_Namespace", INTEROP)[0]
    assert found["SystemName"] == config.SYSTEMNAME
    assert found["ObjectManagerName"] == config.OBJECTMANAGERNAME
    assert found.path["CreationClassName"] == "CIM_Namespace"
    conn.install_namespace_provider(INTEROP)
    assert len(represented(conn)) == 3


def test_system_names_are_those_of_the_configuration(
    conn: FakedWBEMConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config, "SYSTEMNAME", "mine")
    conn.install_namespace_provider(INTEROP)
    found = conn.EnumerateInstances("CIM_Namespace", INTEROP)
    assert {instance["SystemName"] for instance in found} == {"mine"}


def test_instance_creates_and_deletes_a_namespace(conn: FakedWBEMConnection) -> None:
    conn.install_namespace_provider(INTEROP)
    path = conn.CreateInstance(namespace("/root/new/"), INTEROP)
    assert path["Name"] == "root/new"
    assert path["SystemName"] == config.SYSTEMNAME
    assert "root/new" in conn.namespaces
    conn.DeleteInstance(path)
    assert "root/new" not in conn.namespaces
    assert len(represented(conn)) == 3


def test_namespaces_of_the_connection_are_represented(conn: FakedWBEMConnection) -> None:
    conn.install_namespace_provider(INTEROP)
    conn.add_namespace("root/new")
    assert represented(conn)[-1] == "root/new"
    conn.remove_namespace("ROOT/new")
    assert "root/new" not in represented(conn)


@pytest.mark.parametrize(
    "new, status",
    [
        (namespace(None), INVALID_PARAMETER),
        (namespace("a", CreationClassName=None), INVALID_PARAMETER),
        (namespace("a", CreationClassName="Other"), INVALID_PARAMETER),
        (namespace("root/x"), ALREADY_EXISTS),
        (namespace("interop"), ALREADY_EXISTS),
    ],
    ids=["no name", "no class", "other class", "exists", "second Interop namespace"],
)
def test_namespace_is_not_created(conn: FakedWBEMConnection, new: CIMInstance, status: int) -> None:
    conn.install_namespace_provider(INTEROP)
    before = list(conn.namespaces)
    with pytest.raises(CIMError) as info:
        conn.CreateInstance(new, INTEROP)
    assert info.value.status_code == status
    assert list(conn.namespaces) == before
    assert len(represented(conn)) == 3


def test_namespace_is_not_modified_or_deleted(conn: FakedWBEMConnection) -> None:
    conn.install_namespace_provider(INTEROP)
    paths = {path["Name"]: path for path in conn.EnumerateInstanceNames("CIM_Namespace", INTEROP)}
    conn.add_cimobjects(CIMClass("A"), "root/x")
    changed = CIMInstance("CIM_Namespace", {"ClassType": Uint16(1)}, path=paths["root/x"])
    for operation, argument, status in (
        (conn.ModifyInstance, changed, NOT_SUPPORTED),
        (conn.DeleteInstance, paths[INTEROP], INVALID_PARAMETER),
        (conn.DeleteInstance, paths["root/x"], 20),
    ):
        with pytest.raises(CIMError) as info:
            operation(argument)  # type: ignore[operator]
        assert info.value.status_code == status
    assert len(represented(conn)) == 3


def test_create_with_the_helper(conn: FakedWBEMConnection) -> None:
    conn.install_namespace_provider(INTEROP)
    cls = conn.GetClass("CIM_Namespace", INTEROP, LocalOnly=False)
    CIMNamespaceProvider.create_cimnamespace_instance(conn, "root/new", INTEROP, cls)
    assert "root/new" in conn.namespaces


@pytest.mark.parametrize("provider", [CIMNamespaceProvider, CIMIndicationFilterProvider])
def test_providers_need_an_interop_namespace(provider: Any) -> None:
    with pytest.raises(CIMError) as info:
        provider(FakedWBEMConnection().cimrepository)
    assert info.value.status_code == INVALID_PARAMETER


def test_installation_without_classes() -> None:
    conn = FakedWBEMConnection()
    with pytest.raises(ValueError, match="CIM_Namespace"):
        conn.install_namespace_provider("interop")
    assert "interop" in conn.namespaces
    with pytest.raises(ValueError, match="root/interop"):
        conn.install_subscription_providers("root/interop")


# -- Subscriptions ------------------------------------------------------------


def create(conn: FakedWBEMConnection, classname: str, **values: Any) -> CIMInstanceName:
    return conn.CreateInstance(CIMInstance(f"CIM_{classname}", values), INTEROP)


@pytest.fixture
def subscribed(conn: FakedWBEMConnection) -> Any:
    """A server with a subscription, and the paths of its parts."""
    conn.install_subscription_providers(INTEROP)
    filter_path = create(conn, "IndicationFilter", Name="f", Query="q", SystemName="ignored")
    handler = create(conn, "ListenerDestinationCIMXML", Name="d", Destination="http://x")
    duration = Uint64(60)
    subscription = create(
        conn,
        "IndicationSubscription",
        Filter=filter_path,
        Handler=handler,
        SubscriptionDuration=duration,
    )
    return conn, filter_path, handler, subscription


def test_created_instances(subscribed: Any) -> None:
    conn, filter_path, handler, subscription = subscribed
    assert filter_path == CIMInstanceName(
        "CIM_IndicationFilter",
        {
            "SystemCreationClassName": config.SYSTEMCREATIONCLASSNAME,
            "SystemName": config.SYSTEMNAME,
            "CreationClassName": "CIM_IndicationFilter",
            "Name": "f",
        },
        namespace=INTEROP,
    )
    assert conn.GetInstance(filter_path)["IndividualSubscriptionSupported"] is True
    assert conn.GetInstance(handler)["Protocol"] == 2
    found = conn.GetInstance(subscription)
    assert (found["SubscriptionState"], found["SubscriptionTimeRemaining"]) == (2, 60)
    assert found["SubscriptionStartTime"] == found["TimeOfLastStateChange"]


def test_default_properties_without_declaration(subscribed: Any) -> None:
    conn, filter_path, handler, subscription = subscribed
    found = conn.GetInstance(filter_path).properties["SourceNamespace"]
    assert (found.value, found.type) == (None, "string")
    assert conn.GetInstance(handler)["Description"]
    found = conn.GetInstance(subscription)
    assert (found["OnFatalErrorPolicy"], found["SubscriptionInfo"]) == (2, None)


def test_parts_of_a_subscription_are_not_deleted(subscribed: Any) -> None:
    conn, filter_path, handler, subscription = subscribed
    for path in (filter_path, handler):
        with pytest.raises(CIMError) as info:
            conn.DeleteInstance(path)
        assert info.value.status_code == FAILED
    for path in (subscription, filter_path, handler):
        conn.DeleteInstance(path)
    assert conn.EnumerateInstances("CIM_IndicationFilter", INTEROP) == []


def change(path: CIMInstanceName, **values: Any) -> CIMInstance:
    return CIMInstance(path.classname, values, path=path)


def test_modifications(subscribed: Any) -> None:
    conn, filter_path, handler, subscription = subscribed
    conn.ModifyInstance(change(subscription, SubscriptionDuration=Uint64(5)))
    found = conn.GetInstance(subscription)
    assert (found["SubscriptionDuration"], found["SubscriptionTimeRemaining"]) == (5, 5)
    conn.ModifyInstance(change(subscription, SubscriptionState=Uint16(3)))
    for instance, status in (
        (change(subscription, OnFatalErrorPolicy=Uint16(3)), INVALID_PARAMETER),
        (change(filter_path, Query="new"), INVALID_PARAMETER),
        (change(filter_path, IndividualSubscriptionSupported=False), FAILED),
        (change(handler, Destination="new"), NOT_SUPPORTED),
    ):
        with pytest.raises(CIMError) as info:
            conn.ModifyInstance(instance)
        assert info.value.status_code == status
    conn.DeleteInstance(subscription)
    conn.ModifyInstance(change(filter_path, IndividualSubscriptionSupported=False))
    assert conn.GetInstance(filter_path)["IndividualSubscriptionSupported"] is False


def test_required_properties(subscribed: Any) -> None:
    conn, filter_path, handler, _ = subscribed
    nowhere = handler.copy()
    nowhere["Name"] = "nix"
    for classname, values in (
        ("IndicationFilter", {"Query": "q"}),
        ("ListenerDestinationCIMXML", {}),
        ("IndicationSubscription", {"Filter": filter_path}),
        ("IndicationSubscription", {"Filter": filter_path, "Handler": nowhere}),
    ):
        with pytest.raises(CIMError) as info:
            create(conn, classname, **values)
        assert info.value.status_code == INVALID_PARAMETER


def test_instances_that_exist(subscribed: Any) -> None:
    conn, filter_path, handler, _ = subscribed
    for classname, values in (
        ("IndicationFilter", {"Name": "f"}),
        ("IndicationSubscription", {"Filter": filter_path, "Handler": handler}),
    ):
        with pytest.raises(CIMError) as info:
            create(conn, classname, **values)
        assert info.value.status_code == ALREADY_EXISTS
