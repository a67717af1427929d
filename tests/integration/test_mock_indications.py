"""
Indications of the mock server: which ones arrive at a listener, over real sockets.
"""

from __future__ import annotations

import pickle
import threading
from typing import Any, Callable, Dict, Iterator, List, Tuple

import pytest

import pywbem
from pywbem._listener import WBEMListener
from pywbem_mock import FakedWBEMConnection, WBEMServerThread
from pywbem_mock.filling.counted_mof_connection import CountedMOFConnection
from tests.integration.indication_receivers import (
    ALL,
    INTEROP,
    INTEROP_MOF,
    MODEL_MOF,
    NAMESPACE,
    Received,
    delivery_threads,
    disk,
    life,
    listening,
    new_connection,
    numbers,
    subscribe,
    until,
)


@pytest.fixture
def conn() -> Iterator[FakedWBEMConnection]:
    """A server with a model, and subscription providers that retry at once."""
    with new_connection() as result:
        yield result


@pytest.fixture
def received() -> Iterator[Received]:
    """What a listener of this package receives."""
    yield from listening(WBEMListener("127.0.0.1", http_port=0))


# -- What is delivered -----------------------------------------------------------------------


def test_the_life_of_an_instance(conn: FakedWBEMConnection, received: Received) -> None:
    subscribe(conn, received.url)
    life(conn, "a", 5)
    created, modified, deleted = received.wait(3)
    assert [item.classname for item in (created, modified, deleted)] == [
        "CIM_InstCreation",
        "CIM_InstModification",
        "CIM_InstDeletion",
    ]
    embedded = [
        created["SourceInstance"],
        modified["PreviousInstance"],
        modified["SourceInstance"],
        deleted["SourceInstance"],
    ]
    assert [(item.classname, item.path) for item in embedded] == [("T_Disk", None)] * 4
    assert [(item["Id"], item["Size"]) for item in embedded] == [
        ("a", 5), ("a", 5), ("a", 99), ("a", 99)
    ]  # fmt: skip
    assert "PreviousInstance" not in created
    assert "PreviousInstance" not in deleted
    for item in (created, modified, deleted):
        assert item["SourceInstanceModelPath"] == 'root/cimv2:T_Disk.Id="a"'
        assert item["IndicationFilterName"] == "x"
        assert isinstance(item["IndicationTime"], pywbem.CIMDateTime)
        assert item.properties["SourceInstance"].embedded_object == "object"
        assert item["SequenceContext"] == created["SequenceContext"]
        assert isinstance(item["SequenceNumber"], pywbem.Sint64)
    assert numbers([created, modified, deleted]) == [0, 1, 2]
    assert len({item["IndicationIdentifier"] for item in received}) == 3
    assert conn.indications.flush(10)
    assert conn.indications.counters == (0, 3, 0)


LIFE = ["CIM_InstCreation", "CIM_InstModification", "CIM_InstDeletion"]
# The filter, and how many of the indications of `test_filters` it selects, by class.
FILTERS: Dict[str, Tuple[Dict[str, Any], List[int]]] = {
    "all": ({"query": ALL}, [3, 3, 3]),
    "root class": ({"query": "select * from cim_indication"}, [3, 3, 3]),
    "creations": ({"query": "SELECT * FROM CIM_InstCreation"}, [3, 0, 0]),
    "CQL": ({"query": "SELECT * FROM CIM_InstDeletion", "language": "DMTF:CQL"}, [0, 0, 3]),
    "no language": ({"query": ALL, "language": None}, [3, 3, 3]),
    "class": (
        {"query": f"{ALL} WHERE SourceInstance ISA T_Disk", "language": "DMTF:CQL"},
        [2, 2, 2],
    ),
    "subclass": ({"query": f"{ALL} WHERE SourceInstance ISA T_BigDisk"}, [1, 1, 1]),
    "value": (
        {"query": f"{ALL} WHERE SourceInstance.Size > 50", "language": "DMTF:CQL"},
        [0, 2, 2],
    ),
    "changed value": (
        {
            "query": "SELECT * FROM CIM_InstModification WHERE PreviousInstance.Size = 7 "
            "AND SourceInstance.Size <> 7",
            "language": "DMTF:CQL",
        },
        [0, 1, 0],
    ),
    "namespaces": ({"query": ALL, "SourceNamespaces": ["/ROOT/other/", "x"]}, [1, 1, 1]),
    "one namespace": ({"query": ALL, "SourceNamespace": "root/other"}, [1, 1, 1]),
    # The subscription itself
    "own namespace": ({"query": ALL, "SourceNamespaces": None}, [1, 0, 0]),
    "other indications": ({"query": "SELECT * FROM CIM_AlertIndication"}, [0, 0, 0]),
    "invalid": ({"query": "SELECT"}, [0, 0, 0]),
    "unknown language": ({"query": ALL, "language": "X"}, [0, 0, 0]),
}


@pytest.mark.parametrize(("given", "expected"), FILTERS.values(), ids=FILTERS)
def test_filters(
    conn: FakedWBEMConnection, received: Received, given: Dict[str, Any], expected: List[int]
) -> None:
    subscribe(conn, received.url, **given)
    life(conn, "a", 7)
    life(conn, "b", 8, "T_BigDisk")
    life(conn, "c", 8, "T_Disk", "root/other")
    other = pywbem.CIMInstance("T_Other", {"Id": "o"})
    if "namespace" not in str(given).lower():
        path = conn.CreateInstance(other)
        conn.ModifyInstance(pywbem.CIMInstance("T_Other", {}, path=path))
        conn.DeleteInstance(path)
    assert conn.indications.flush(10)
    classes = [item.classname for item in received.wait(conn.indications.counters.delivered)]
    assert [classes.count(name) for name in LIFE] == expected


def test_the_select_list(conn: FakedWBEMConnection, received: Received) -> None:
    subscribe(conn, received.url, "SELECT SourceInstance FROM CIM_InstCreation")
    life(conn, "a")
    (indication,) = received.wait(1)
    assert set(indication) == {
        "SourceInstance",
        "IndicationFilterName",
        "SequenceContext",
        "SequenceNumber",
    }


CHANGES: Dict[str, Callable[[FakedWBEMConnection], Any]] = {
    "add_cimobjects": lambda conn: conn.add_cimobjects(disk("a")),
    "MOF": lambda conn: conn.compile_mof_string('instance of T_Disk { Id = "a"; };'),
    "CreateInstance": lambda conn: conn.CreateInstance(disk("a")),
    "copy": lambda conn: conn.copy().CreateInstance(disk("a")),
    "store": lambda conn: conn.cimrepository.get_instance_store(NAMESPACE).create(
        disk("a").path,
        disk("a"),  # type: ignore[arg-type]
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_all_ways_of_change(
    conn: FakedWBEMConnection, received: Received, change: Callable[[FakedWBEMConnection], Any]
) -> None:
    subscribe(conn, received.url)
    change(conn)
    (indication,) = received.wait(1)
    assert indication["SourceInstance"]["Id"] == "a"


MOF = 'instance of T_Disk { Id = "a"; }; instance of T_Disk { Id = "b"; Size = 2; };'


def relayed(conn: FakedWBEMConnection) -> Any:
    """A repository of a program that hands all operations to the connection under it."""
    names = pywbem.BaseRepositoryConnection.__abstractmethods__
    members = {name: getattr(conn, name) for name in names}
    relay = type("Relay", (pywbem.BaseRepositoryConnection,), members)
    relay.conn = conn  # type: ignore[attr-defined]
    return relay()


def compile_with(handle: Any, mof: str) -> None:
    pywbem.MOFCompiler(handle, log_func=None).compile_string(mof, NAMESPACE)


COMPILERS: Dict[str, Callable[[FakedWBEMConnection, str], None]] = {
    "method": lambda conn, mof: conn.compile_mof_string(mof, NAMESPACE),
    "compiler": compile_with,
    "compiler of the server": lambda conn, mof: compile_with(
        CountedMOFConnection(conn, conn.server.mainprovider, conn.server.dispatcher), mof
    ),
    "relay": lambda conn, mof: compile_with(relayed(conn), mof),
}


@pytest.mark.parametrize("compiler", COMPILERS.values(), ids=COMPILERS)
def test_only_a_compilation_that_succeeds_is_told(
    conn: FakedWBEMConnection,
    received: Received,
    compiler: Callable[[FakedWBEMConnection, str], None],
) -> None:
    conn.CreateInstance(disk("b"))
    subscribe(conn, received.url)
    with pytest.raises(pywbem.MOFCompileError):
        compiler(conn, MOF + "instance of T_None { };")
    assert [path["Id"] for path in conn.EnumerateInstanceNames("T_Disk")] == ["b"]
    assert conn.indications.flush(10)
    assert conn.indications.counters == (0, 0, 0)
    compiler(conn, MOF)
    assert [item.classname for item in received.wait(2)] == LIFE[:2]
    conn.CreateInstance(disk("c"))
    received.wait(3)


def test_while_a_compilation_runs_others_are_told(
    conn: FakedWBEMConnection, received: Received
) -> None:
    subscribe(conn, received.url)
    compiler = pywbem.MOFCompiler(conn)
    seen: List[int] = []

    def progress(done: int, count: int) -> None:
        if done == count:
            thread = threading.Thread(target=lambda: conn.CreateInstance(disk("other")))
            thread.start()
            thread.join()
            seen.extend([len(received.wait(1)), conn.indications.counters.waiting])

    compiler.progress = progress
    compiler.compile_string('instance of T_Disk { Id = "a"; };', NAMESPACE)
    assert seen == [1, 0]
    assert [item["SourceInstance"]["Id"] for item in received.wait(2)] == ["other", "a"]


def test_changes_by_http(conn: FakedWBEMConnection, received: Received) -> None:
    with WBEMServerThread(conn) as server, pywbem.WBEMConnection(server.url) as client:
        subscribe(client, received.url)
        life(client, "a")
        assert [item.classname for item in received.wait(3)] == LIFE


def test_without_providers_nothing_is_delivered(
    conn: FakedWBEMConnection, received: Received
) -> None:
    path = subscribe(conn, received.url)
    with FakedWBEMConnection(default_namespace=INTEROP) as other:
        other.add_namespace(NAMESPACE)
        other.compile_mof_string(INTEROP_MOF)
        other.compile_mof_string(MODEL_MOF, NAMESPACE)
        for one in (path["Filter"], path["Handler"], path):
            instance = conn.GetInstance(one)
            instance.path = one
            other.add_cimobjects(instance)
        life(other, "a")
        assert other.send_indication(pywbem.CIMInstance("CIM_InstCreation"), NAMESPACE) == 0
        other.install_subscription_providers(INTEROP)
        assert other.send_indication(pywbem.CIMInstance("CIM_InstCreation"), NAMESPACE) == 1


# -- send_indication -------------------------------------------------------------------------


def test_send_indication(conn: FakedWBEMConnection, received: Received) -> None:
    subscribe(
        conn,
        received.url,
        "SELECT * FROM CIM_AlertIndication WHERE PerceivedSeverity > 3",
        "DMTF:CQL",
    )
    sent = pywbem.CIMInstance(
        "CIM_AlertIndication", {"PerceivedSeverity": pywbem.Uint16(6), "Message": "a<b"}
    )
    original = sent.copy()
    assert conn.send_indication(sent) == 1
    assert conn.send_indication(sent, namespace="root/other") == 0
    sent["PerceivedSeverity"] = pywbem.Uint16(3)
    assert conn.send_indication(sent) == 0
    (got,) = received.wait(1)
    assert got.classname == "CIM_AlertIndication"
    for name in original:
        assert got[name] == original[name]
    assert got["IndicationTime"] is not None
    assert got["SequenceNumber"] == 0
    assert set(sent) == set(original)


def test_given_identity_is_kept(conn: FakedWBEMConnection, received: Received) -> None:
    subscribe(conn, received.url, "SELECT * FROM T_Alert")
    when = pywbem.CIMDateTime("20260102030405.000000+000")
    given = {"IndicationIdentifier": "me:1", "IndicationTime": when}
    conn.send_indication(pywbem.CIMInstance("T_Alert", given))
    (got,) = received.wait(1)
    assert {name: got[name] for name in given} == given


def test_send_indication_of_a_subclass(conn: FakedWBEMConnection, received: Received) -> None:
    conn.compile_mof_string("class T_Alert { }; class T_DiskAlert : T_Alert { };")
    subscribe(conn, received.url, "SELECT * FROM T_Alert")
    assert conn.send_indication(pywbem.CIMInstance("T_DiskAlert")) == 1
    assert conn.send_indication(pywbem.CIMInstance("T_Other")) == 0
    assert [item.classname for item in received.wait(1)] == ["T_DiskAlert"]


def test_each_subscription_gets_it(conn: FakedWBEMConnection, received: Received) -> None:
    for name in ("one", "two"):
        subscribe(conn, received.url, "SELECT * FROM T_Alert", name=name)
    assert conn.send_indication(pywbem.CIMInstance("T_Alert")) == 2
    got = received.wait(2)
    assert {item["IndicationFilterName"] for item in got} == {"one", "two"}
    assert len({item["SequenceContext"] for item in got}) == 2
    assert numbers(got) == [0, 0]


def test_send_indication_refuses(conn: FakedWBEMConnection) -> None:
    with pytest.raises(TypeError, match="must be a CIMInstance"):
        conn.send_indication("x")  # type: ignore[arg-type]
    with pytest.raises(pywbem.CIMError) as excinfo:
        conn.send_indication(pywbem.CIMInstance("T_Alert"), namespace="no")
    assert excinfo.value.status_code == pywbem.CIM_ERR_INVALID_NAMESPACE


# -- Subscriptions ---------------------------------------------------------------------------


def test_disabled_subscriptions(conn: FakedWBEMConnection, received: Received) -> None:
    path = subscribe(conn, received.url, "SELECT * FROM T_Alert")

    def set_state(state: int) -> None:
        properties = {"SubscriptionState": pywbem.Uint16(state)}
        conn.ModifyInstance(pywbem.CIMInstance(path.classname, properties, path=path))

    sent = []
    for state in (2, 4, 3):
        set_state(state)
        sent.append(conn.send_indication(pywbem.CIMInstance("T_Alert")))
    assert sent == [1, 0, 1]
    assert numbers(received.wait(2)) == [0, 1]


def test_the_last_subscription_ends_the_thread(
    conn: FakedWBEMConnection, received: Received
) -> None:
    path = subscribe(conn, received.url, "SELECT * FROM T_Alert")
    assert delivery_threads() == []
    conn.send_indication(pywbem.CIMInstance("T_Alert"))
    assert len(delivery_threads()) == 1
    conn.DeleteInstance(path)
    assert conn.send_indication(pywbem.CIMInstance("T_Alert")) == 0
    until(lambda: delivery_threads() == [])
    assert numbers(received.wait(1)) == [0]
    # The destination is the same, so its sequence goes on.
    conn.CreateInstance(
        pywbem.CIMInstance(path.classname, dict(path.keybindings)), namespace=INTEROP
    )
    conn.send_indication(pywbem.CIMInstance("T_Alert"))
    assert numbers(received.wait(2)) == [0, 1]


def test_a_new_destination_has_a_new_sequence(
    conn: FakedWBEMConnection, received: Received
) -> None:
    for _ in range(2):
        path = subscribe(conn, received.url, "SELECT * FROM T_Alert")
        conn.send_indication(pywbem.CIMInstance("T_Alert"))
        conn.DeleteInstance(path)
        conn.DeleteInstance(path["Filter"])
        conn.DeleteInstance(path["Handler"])
    got = received.wait(2)
    assert numbers(got) == [0, 0]
    assert got[0]["SequenceContext"] != got[1]["SequenceContext"]
    until(lambda: delivery_threads() == [])


def test_pickled_connections(conn: FakedWBEMConnection, received: Received) -> None:
    subscribe(conn, received.url)
    with pickle.loads(pickle.dumps(conn)) as other:
        other.CreateInstance(disk("a"))
        (indication,) = received.wait(1)
    assert indication.classname == "CIM_InstCreation"
    assert conn.indications.counters == (0, 0, 0)
