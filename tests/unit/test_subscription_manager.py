"""
WBEMSubscriptionManager with a server in memory.
"""

from __future__ import annotations

import re
import socket
from typing import Any, Dict, Iterator, List, Tuple, Type

import pytest

import pywbem
from pywbem import CIMError, CIMInstance, CIMInstanceName, Uint16
from pywbem._cim_http import parse_url
from pywbem._exceptions import ConnectionError
from pywbem._server import WBEMServer
from pywbem._subscription_manager import (
    DESTINATION_CLASSNAME,
    FILTER_CLASSNAME,
    SUBSCRIPTION_CLASSNAME,
    WBEMSubscriptionManager,
)
from pywbem._warnings import OldNameDestinationWarning, OldNameFilterWarning
from tests.integration import shells
from tests.integration.shells import Loop
from tests.unit.interop import (
    DESTINATION,
    FILTER,
    SUBSCRIPTION,
    InteropServer,
    Waited,
    existing,
    instance_name,
    subscription,
)


@pytest.fixture(params=["sync", "async"], autouse=True)
def shell(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, loop: Loop) -> str:
    """The shell that a test is about, each in turn."""
    if request.param == "async":
        for cls in (pywbem.AsyncWBEMServer, pywbem.AsyncWBEMSubscriptionManager):
            name = cls.__name__.replace("Async", "")
            monkeypatch.setitem(globals(), name, Waited(cls, loop))
    return str(request.param)


URL = "http://listener:5000"
QUERY = "SELECT * FROM CIM_Indication"


class Setup:
    """A subscription manager with a server."""

    def __init__(self, *instances: CIMInstance, manager_id: str = "sm") -> None:
        self.conn = InteropServer(*instances)
        self.manager = WBEMSubscriptionManager(manager_id)
        self.server_id = self.manager.add_server(WBEMServer(self.conn))
        self.conn.calls.clear()

    def filter(self, filter_id: str = "f", **kwargs: Any) -> CIMInstance:
        return self.manager.add_filter(
            self.server_id, "root/cimv2", QUERY, filter_id=filter_id, **kwargs
        )

    def destination(self, destination_id: str = "d", url: str = URL) -> CIMInstance:
        return self.manager.add_destination(self.server_id, url, destination_id=destination_id)

    def permanent(self) -> Tuple[CIMInstance, CIMInstance]:
        return (
            self.manager.add_filter(self.server_id, None, QUERY, owned=False, name="pf"),
            self.manager.add_destination(self.server_id, URL, owned=False, name="pd"),
        )

    @property
    def owned(self) -> List[str]:
        return [
            instance_name(instance)
            for instances in (
                self.manager.get_owned_filters(self.server_id),
                self.manager.get_owned_destinations(self.server_id),
                self.manager.get_owned_subscriptions(self.server_id),
            )
            for instance in instances
        ]


@pytest.fixture
def setup() -> Iterator[Setup]:
    yield Setup()


def test_class_names() -> None:
    assert FILTER_CLASSNAME == "CIM_IndicationFilter"
    assert DESTINATION_CLASSNAME == "CIM_ListenerDestinationCIMXML"
    assert SUBSCRIPTION_CLASSNAME == "CIM_IndicationSubscription"


# -- The manager and its servers ----------------------------------------------


@pytest.mark.parametrize(
    ("manager_id", "exception"),
    [
        pytest.param(None, ValueError, id="none"),
        pytest.param("a:b", ValueError, id="colon"),
        pytest.param(5, TypeError, id="int"),
    ],
)
def test_invalid_manager_id(manager_id: Any, exception: Type[Exception]) -> None:
    with pytest.raises(exception):
        WBEMSubscriptionManager(manager_id)


def test_add_server_asks_in_this_order() -> None:
    conn = InteropServer()
    assert WBEMSubscriptionManager("sm").add_server(WBEMServer(conn)) == "http://server:5988"
    assert conn.taken() == [
        ("EnumerateInstanceNames", "CIM_Namespace"),
        ("EnumerateInstances", "CIM_ObjectManager"),
        ("EnumerateInstances", DESTINATION),
        ("EnumerateInstances", FILTER),
        ("EnumerateInstances", SUBSCRIPTION),
    ]


def test_add_server_twice(setup: Setup) -> None:
    with pytest.raises(ValueError, match="already known by listener: 'http://server:5988'"):
        setup.manager.add_server(WBEMServer(setup.conn))


def test_add_no_server() -> None:
    with pytest.raises(TypeError, match=r"must be a (Async)?WBEMServer"):
        WBEMSubscriptionManager("sm").add_server(InteropServer())  # type: ignore[arg-type]


def test_server_that_fails_is_not_added() -> None:
    conn = InteropServer()
    conn.refuse["EnumerateInstances", FILTER] = 1
    manager = WBEMSubscriptionManager("sm")
    server = WBEMServer(conn)
    with pytest.raises(CIMError):
        manager.add_server(server)
    conn.refuse.clear()
    assert manager.add_server(server) == server.url


@pytest.mark.parametrize("status", [5, 6, 0])
def test_server_without_object_manager(status: int) -> None:
    conn = InteropServer()
    if status:
        conn.refuse["EnumerateInstances", "CIM_ObjectManager"] = status
    else:
        conn.cimom = []
    manager = WBEMSubscriptionManager("sm")
    server_id = manager.add_server(WBEMServer(conn))
    created = manager.add_filter(server_id, None, QUERY, filter_id="f")
    assert created["SystemName"] == "server"


METHODS: List[Tuple[str, Tuple[Any, ...], Dict[str, Any]]] = [
    ("remove_server", (), {}),
    ("add_destination", (URL,), {"destination_id": "d"}),
    ("get_owned_destinations", (), {}),
    ("get_all_destinations", (), {}),
    ("remove_destinations", ([],), {}),
    ("add_filter", (None, QUERY), {"filter_id": "f"}),
    ("get_owned_filters", (), {}),
    ("get_all_filters", (), {}),
    ("remove_filter", (CIMInstanceName(FILTER),), {}),
    ("add_subscriptions", (CIMInstanceName(FILTER),), {}),
    ("get_owned_subscriptions", (), {}),
    ("get_all_subscriptions", (), {}),
    ("remove_subscriptions", ([],), {}),
]


@pytest.mark.parametrize(("method", "args", "kwargs"), METHODS, ids=[m[0] for m in METHODS])
def test_unknown_server(
    setup: Setup, method: str, args: Tuple[Any, ...], kwargs: Dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match="'x' not known by subscription manager"):
        getattr(setup.manager, method)("x", *args, **kwargs)


def test_text(setup: Setup) -> None:
    setup.filter()
    assert "_subscription_manager_id='sm'" in str(setup.manager)
    assert "pywbemfilter:sm:f" in repr(setup.manager)


# -- Filters ------------------------------------------------------------------


def test_owned_filter(setup: Setup) -> None:
    created = setup.filter()
    assert list(created.properties.items()) == list(
        CIMInstance(
            FILTER,
            [
                ("CreationClassName", FILTER),
                ("SystemCreationClassName", "CIM_ComputerSystem"),
                ("SystemName", "sys"),
                ("Name", "pywbemfilter:sm:f"),
                ("SourceNamespaces", ["root/cimv2"]),
                ("Query", QUERY),
                ("QueryLanguage", "WQL"),
            ],
        ).properties.items()
    )
    assert created.path == setup.conn.store[0].path
    assert setup.conn.taken() == [
        ("EnumerateInstances", FILTER),
        ("CreateInstance", "pywbemfilter:sm:f"),
        ("GetInstance", "pywbemfilter:sm:f"),
    ]
    assert setup.manager.get_owned_filters(setup.server_id) == [created]
    assert setup.conn.taken() == []
    assert setup.manager.get_all_filters(setup.server_id) == [created]
    assert setup.conn.taken() == [("EnumerateInstances", FILTER)]


def test_permanent_filter(setup: Setup) -> None:
    created, _ = setup.permanent()
    assert created["Name"] == "pf"
    assert setup.owned == []


@pytest.mark.parametrize(
    ("namespaces", "old_namespace", "properties"),
    [
        pytest.param("a", None, {"SourceNamespaces": ["a"]}, id="str"),
        pytest.param(["a", "b"], None, {"SourceNamespaces": ["a", "b"]}, id="list"),
        pytest.param(("a", "b"), None, {"SourceNamespaces": ["a", "b"]}, id="tuple"),
        pytest.param(None, None, {}, id="none"),
        pytest.param([], None, {}, id="empty"),
        pytest.param(None, "x", {"SourceNamespace": "x"}, id="old"),
        pytest.param(["a"], "x", {"SourceNamespaces": ["a"], "SourceNamespace": "x"}, id="both"),
    ],
)
def test_source_namespaces(
    setup: Setup, namespaces: Any, old_namespace: Any, properties: Dict[str, Any]
) -> None:
    created = setup.manager.add_filter(
        setup.server_id, namespaces, QUERY, filter_id="f", source_namespace=old_namespace
    )
    found = {name: created[name] for name in created if name.startswith("SourceNamespace")}
    assert found == properties


@pytest.mark.parametrize(
    ("kwargs", "exception", "message"),
    [
        pytest.param({}, ValueError, "owned filters, the 'filter_id'", id="no-id"),
        pytest.param(
            {"filter_id": "f", "name": "n"}, ValueError, "'name' parameter must not", id="name"
        ),
        pytest.param({"filter_id": "a:b"}, ValueError, "Filter ID contains ':'", id="colon"),
        pytest.param({"filter_id": 5}, TypeError, "Invalid type for filter ID", id="int"),
        pytest.param({"owned": False}, ValueError, "'name' parameter must be", id="no-name"),
        pytest.param(
            {"owned": False, "name": "n", "filter_id": "f"},
            ValueError,
            "'filter_id' parameter must not",
            id="permanent-id",
        ),
        pytest.param(
            {"filter_id": "f", "source_namespaces": 5}, TypeError, "source_namespaces", id="ns"
        ),
    ],
)
def test_invalid_filter(
    setup: Setup, kwargs: Dict[str, Any], exception: Type[Exception], message: str
) -> None:
    arguments = {"source_namespaces": "n", "query": QUERY, **kwargs}
    with pytest.raises(exception, match=re.escape(message)):
        setup.manager.add_filter(setup.server_id, **arguments)
    assert setup.conn.calls == []


def test_filter_exists(setup: Setup) -> None:
    setup.filter()
    with pytest.raises(CIMError, match="Name='pywbemfilter:sm:f' already exists") as exc_info:
        setup.filter()
    assert exc_info.value.status_code == 11
    assert len(setup.conn.store) == 1


# -- Destinations -------------------------------------------------------------


@pytest.mark.parametrize(
    ("kwargs", "name", "persistence"),
    [
        pytest.param({"destination_id": "d"}, "pywbemdestination:sm:d", 3, id="owned"),
        pytest.param(
            {"destination_id": "d", "persistence_type": "permanent"},
            "pywbemdestination:sm:d",
            2,
            id="owned-permanent",
        ),
        pytest.param(
            {"destination_id": "d", "persistence_type": "Transient"},
            "pywbemdestination:sm:d",
            3,
            id="owned-transient",
        ),
        pytest.param({"owned": False, "name": "n"}, "n", None, id="permanent"),
        pytest.param(
            {"owned": False, "name": "n", "persistence_type": "transient"},
            "n",
            3,
            id="permanent-transient",
        ),
    ],
)
def test_destination(setup: Setup, kwargs: Dict[str, Any], name: str, persistence: Any) -> None:
    created = setup.manager.add_destination(setup.server_id, URL, **kwargs)
    assert created["Name"] == name
    assert created["Destination"] == URL
    assert created.get("PersistenceType") == persistence
    assert setup.conn.taken() == [
        ("EnumerateInstances", DESTINATION),
        ("CreateInstance", name),
        ("GetInstance", name),
    ]
    assert setup.manager.get_all_destinations(setup.server_id) == [created]


def test_destination_of_same_url_is_returned(setup: Setup) -> None:
    first = setup.destination("d1")
    assert setup.destination("d2") is first
    other = setup.manager.add_destination(
        setup.server_id, URL, destination_id="d3", persistence_type="permanent"
    )
    assert other["Name"] == "pywbemdestination:sm:d3"


def test_destination_exists(setup: Setup) -> None:
    setup.destination()
    with pytest.raises(CIMError, match="Name='pywbemdestination:sm:d' already exists"):
        setup.destination(url="http://other:1")


@pytest.mark.parametrize(
    ("url", "result"),
    [
        pytest.param("https://host:5000/", "https://host:5000", id="slash"),
        pytest.param("https://[::1]:5000", "https://[::1]:5000", id="ipv6"),
        pytest.param("http://a-25b:5000", "http://a-25b:5000", id="name"),
        *[
            pytest.param(f"http://[fe80::1{zone}]:5000", f"http://[fe80::1%25{name}]:5000", id=zone)
            for zone, name in [
                ("%25eth0", "eth0"),
                ("%eth0", "eth0"),
                ("-eth0", "eth0"),
                ("%252", "2"),
                ("%2", "2"),
                ("%2525", "25"),
                ("%25en-1", "en-1"),
            ]
        ],
    ],
)
def test_destination_url(setup: Setup, url: str, result: str) -> None:
    stored = setup.destination(url=url)["Destination"]
    assert stored == result
    # What reads it sees the host that was meant.
    assert parse_url(stored)[2] == parse_url(result)[2]


@pytest.mark.parametrize(
    ("kwargs", "exception"),
    [
        pytest.param({}, ValueError, id="no-id"),
        pytest.param({"destination_id": "d", "name": "n"}, ValueError, id="name"),
        pytest.param({"owned": False}, ValueError, id="no-name"),
        pytest.param(
            {"owned": False, "name": "n", "destination_id": "d"}, ValueError, id="permanent-id"
        ),
        pytest.param({"destination_id": "d", "persistence_type": "x"}, ValueError, id="type"),
        pytest.param({"destination_id": "d", "persistence_type": 2}, ValueError, id="int"),
        pytest.param({"destination_id": "d", "listener_url": "host:1"}, ValueError, id="scheme"),
        pytest.param({"destination_id": "d", "listener_url": "http://h"}, ValueError, id="port"),
    ],
)
def test_invalid_destination(
    setup: Setup, kwargs: Dict[str, Any], exception: Type[Exception]
) -> None:
    with pytest.raises(exception):
        setup.manager.add_destination(setup.server_id, **{"listener_url": URL, **kwargs})
    assert setup.conn.calls == []


# -- Subscriptions ------------------------------------------------------------


def test_owned_subscription(setup: Setup) -> None:
    filter_, destination = setup.filter(), setup.destination()
    setup.conn.calls.clear()
    assert filter_.path is not None
    (created,) = setup.manager.add_subscriptions(setup.server_id, filter_.path, destination.path)
    name = "pywbemfilter:sm:f -> pywbemdestination:sm:d"
    assert instance_name(created) == name
    assert setup.conn.taken() == [("CreateInstance", name), ("GetInstance", name)]
    again = setup.manager.add_subscriptions(setup.server_id, filter_.path, [destination.path])
    assert again == [created]
    assert setup.conn.taken() == []
    assert setup.manager.get_all_subscriptions(setup.server_id) == [created]


def test_known_subscription_is_found_by_path_with_host(setup: Setup) -> None:
    filter_, destination = setup.filter(), setup.destination()
    assert filter_.path is not None
    first = setup.manager.add_subscriptions(setup.server_id, filter_.path)
    paths = [filter_.path.copy(), destination.path.copy()]  # type: ignore[union-attr]
    for path in paths:
        path.host = "server:5988"
    assert setup.manager.add_subscriptions(setup.server_id, paths[0], paths[1]) == first


def test_subscriptions_of_all_owned_destinations(setup: Setup) -> None:
    filter_ = setup.filter()
    for number in range(3):
        setup.destination(f"d{number}", f"http://listener:{5000 + number}")
    assert filter_.path is not None
    created = setup.manager.add_subscriptions(setup.server_id, filter_.path)
    assert [item["Handler"]["Name"] for item in created] == [
        f"pywbemdestination:sm:d{number}" for number in range(3)
    ]


def test_permanent_subscription(setup: Setup) -> None:
    filter_, destination = setup.permanent()
    assert filter_.path is not None
    setup.manager.add_subscriptions(setup.server_id, filter_.path, destination.path, owned=False)
    assert setup.owned == []
    setup.manager.remove_server(setup.server_id)
    assert setup.conn.names == ["pf", "pd", "pf -> pd"]


def test_permanent_subscription_with_owned_end(setup: Setup) -> None:
    owned = setup.filter().path, setup.destination().path
    permanent_filter, permanent_destination = setup.permanent()
    permanent = permanent_filter.path, permanent_destination.path
    for filter_path, destination_path in ((owned[0], permanent[1]), (permanent[0], owned[1])):
        assert filter_path is not None
        with pytest.raises(ValueError, match="Permanent subscription cannot be created on owned"):
            setup.manager.add_subscriptions(
                setup.server_id,
                filter_path,
                [permanent[1], destination_path],
                owned=False,  # type: ignore[list-item]
            )
    assert len(setup.conn.store) == 4


@pytest.mark.parametrize("wrong", [None, "x", CIMInstance(FILTER)], ids=["none", "str", "inst"])
def test_wrong_paths(setup: Setup, wrong: Any) -> None:
    path = CIMInstanceName(FILTER)
    for call in (
        lambda: setup.manager.add_subscriptions(setup.server_id, wrong),
        lambda: setup.manager.add_subscriptions(setup.server_id, path, [wrong]),
        lambda: setup.manager.remove_filter(setup.server_id, wrong),
        lambda: setup.manager.remove_destinations(setup.server_id, wrong),
        lambda: setup.manager.remove_subscriptions(setup.server_id, wrong),
    ):
        with pytest.raises(TypeError, match="must be a CIMInstanceName"):
            call()
    assert setup.conn.calls == []


# -- Removal ------------------------------------------------------------------


def test_removal_in_order(setup: Setup) -> None:
    filter_path, destination_path = setup.filter().path, setup.destination().path
    assert filter_path is not None and destination_path is not None
    (sub,) = setup.manager.add_subscriptions(setup.server_id, filter_path)
    for remove, path in (
        (setup.manager.remove_filter, filter_path),
        (setup.manager.remove_destinations, destination_path),
    ):
        with pytest.raises(CIMError, match="is referenced by subscriptions") as exc_info:
            remove(setup.server_id, path)
        assert exc_info.value.status_code == 1
    setup.conn.calls.clear()
    setup.manager.remove_subscriptions(setup.server_id, sub.path)
    setup.manager.remove_filter(setup.server_id, filter_path)
    setup.manager.remove_destinations(setup.server_id, [destination_path])
    assert [name for name, _ in setup.conn.taken()] == [
        "DeleteInstance",
        "ReferenceNames",
        "DeleteInstance",
        "ReferenceNames",
        "DeleteInstance",
    ]
    assert setup.owned == []
    assert setup.conn.store == []


def test_remove_server_deletes_what_is_owned(setup: Setup) -> None:
    setup.permanent()
    setup.destination()
    for name in ("f1", "f2"):
        path = setup.filter(name).path
        assert path is not None
        setup.manager.add_subscriptions(setup.server_id, path)
    setup.conn.calls.clear()
    setup.manager.remove_server(setup.server_id)
    destination = "pywbemdestination:sm:d"
    assert setup.conn.taken() == [
        ("DeleteInstance", f"pywbemfilter:sm:f2 -> {destination}"),
        ("DeleteInstance", f"pywbemfilter:sm:f1 -> {destination}"),
        ("DeleteInstance", "pywbemfilter:sm:f2"),
        ("DeleteInstance", "pywbemfilter:sm:f1"),
        ("DeleteInstance", destination),
    ]
    assert setup.conn.names == ["pf", "pd"]
    with pytest.raises(ValueError, match="not known"):
        setup.manager.remove_server(setup.server_id)


@pytest.mark.parametrize(
    ("refused", "remaining"),
    [
        pytest.param(FILTER, ["pywbemfilter:sm:f"], id="filter"),
        pytest.param(DESTINATION, ["pywbemdestination:sm:d"], id="destination"),
        pytest.param(
            SUBSCRIPTION,
            [
                "pywbemfilter:sm:f",
                "pywbemdestination:sm:d",
                "pywbemfilter:sm:f -> pywbemdestination:sm:d",
            ],
            id="subscription",
        ),
    ],
)
def test_refused_removal_can_be_repeated(setup: Setup, refused: str, remaining: List[str]) -> None:
    path = setup.filter().path
    setup.destination()
    assert path is not None
    setup.manager.add_subscriptions(setup.server_id, path)
    setup.conn.refuse["DeleteInstance", refused] = 1
    with pytest.raises(CIMError):
        setup.manager.remove_server(setup.server_id)
    assert setup.conn.names == remaining
    assert setup.owned == remaining
    setup.conn.refuse.clear()
    setup.manager.remove_server(setup.server_id)
    assert setup.conn.store == []


def test_what_is_gone_is_removed(setup: Setup) -> None:
    setup.filter()
    setup.conn.store.clear()
    setup.manager.remove_server(setup.server_id)
    assert setup.conn.store == []


def test_created_but_not_returned_is_removed(setup: Setup) -> None:
    setup.conn.refuse["GetInstance", FILTER] = 1
    with pytest.raises(CIMError):
        setup.filter()
    assert setup.owned == ["pywbemfilter:sm:f"]
    setup.manager.remove_server(setup.server_id)
    assert setup.conn.store == []


def test_several_servers() -> None:
    conns = [InteropServer(url=f"http://server{number}") for number in range(3)]
    with WBEMSubscriptionManager("sm") as manager:
        for conn in conns:
            server_id = manager.add_server(WBEMServer(conn))
            manager.add_filter(server_id, None, QUERY, filter_id="f")
            manager.add_destination(server_id, URL, destination_id="d")
        assert [len(conn.store) for conn in conns] == [2, 2, 2]
        manager.remove_server("http://server1:5988")
        assert [len(conn.store) for conn in conns] == [2, 0, 2]
    assert [conn.store for conn in conns] == [[], [], []]


def test_remove_all_goes_on_after_a_server_that_fails() -> None:
    class Broken(InteropServer):
        def _DeleteInstance(self, target: Any) -> Any:
            raise ConnectionError("broken")

    conns = [Broken(url="http://broken"), InteropServer()]
    manager = WBEMSubscriptionManager("sm")
    for conn in conns:
        server_id = manager.add_server(WBEMServer(conn))
        manager.add_filter(server_id, None, QUERY, filter_id="f")
    with pytest.raises(ConnectionError, match="broken"):
        manager.remove_all_servers()
    assert conns[1].store == []
    assert manager.get_owned_filters("http://broken:5988")


def test_context_manager_removes_after_exception() -> None:
    conn = InteropServer()
    manager = WBEMSubscriptionManager("sm")
    with pytest.raises(KeyError), manager as entered:
        assert entered is manager
        server_id = manager.add_server(WBEMServer(conn))
        manager.add_filter(server_id, None, QUERY, filter_id="f")
        raise KeyError
    assert conn.store == []


# -- What an earlier run owned ------------------------------------------------


def test_discovery() -> None:
    owned_filter = existing(FILTER, "pywbemfilter:sm:f")
    owned_destination = existing(
        DESTINATION, "pywbemdestination:sm:d", Destination=URL, PersistenceType=Uint16(3)
    )
    other_filter, other_destination = existing(FILTER, "pf"), existing(DESTINATION, "pd")
    setup = Setup(
        owned_filter,
        other_filter,
        owned_destination,
        other_destination,
        *(
            subscription(filter_, destination)
            for filter_ in (owned_filter, other_filter)
            for destination in (owned_destination, other_destination)
        ),
    )
    assert setup.owned == [
        "pywbemfilter:sm:f",
        "pywbemdestination:sm:d",
        "pywbemfilter:sm:f -> pywbemdestination:sm:d",
        "pywbemfilter:sm:f -> pd",
        "pf -> pywbemdestination:sm:d",
    ]
    assert setup.destination("other").path == owned_destination.path
    setup.manager.remove_all_servers()
    assert setup.conn.names == ["pf", "pd", "pf -> pd"]


@pytest.mark.parametrize(
    ("name", "owned"),
    [
        pytest.param("sm:x", True, id="owned"),
        pytest.param("sm:", True, id="empty-id"),
        pytest.param("sm", False, id="no-id"),
        pytest.param("sm1:x", False, id="longer-manager"),
        pytest.param("SM:x", False, id="case"),
        pytest.param("other:sm:x", False, id="other-manager"),
        pytest.param("owned:host:sm:x", False, id="old-of-other-host"),
    ],
)
def test_discovery_by_name(name: str, owned: bool) -> None:
    setup = Setup(
        existing(FILTER, f"pywbemfilter:{name}"),
        existing(DESTINATION, f"pywbemdestination:{name}"),
    )
    assert len(setup.owned) == (2 if owned else 0)


def test_destination_id_with_colon_is_found_again(setup: Setup) -> None:
    setup.destination("host:5000")
    again = Setup(*setup.conn.store)
    assert again.owned == ["pywbemdestination:sm:host:5000"]


def test_manager_that_is_named_like_the_old_scheme() -> None:
    old = existing(DESTINATION, "pywbemdestination:owned:host:sm:uuid")
    assert Setup(old, manager_id="owned").owned == []


@pytest.mark.parametrize(
    ("classname", "name", "warning"),
    [
        pytest.param(FILTER, "pywbemfilter:owned:{}:sm:f:uuid", OldNameFilterWarning, id="filter"),
        pytest.param(
            DESTINATION,
            "pywbemdestination:owned:{}:sm:uuid",
            OldNameDestinationWarning,
            id="destination",
        ),
    ],
)
def test_old_names(classname: str, name: str, warning: Type[Warning], shell: str) -> None:
    old = existing(classname, name.format(socket.getfqdn()))
    with pytest.warns(warning, match="old name format") as caught:
        setup = Setup(old)
    # Who waits for a coroutine is in the shells of the tests.
    asking = __file__ if shell == "sync" else shells.__file__
    assert [item.filename for item in caught] == [asking]
    assert setup.owned == []
    setup.manager.remove_all_servers()
    assert setup.conn.store == [old]
