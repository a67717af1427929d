"""
MockServer: what its connections share, and what its lock covers.
"""

from __future__ import annotations

import asyncio
import logging
import os
import pickle
import threading
from typing import Any, List

import pytest

import pywbem
from pywbem_mock import (
    AsyncFakedWBEMConnection,
    FakedWBEMConnection,
    InstanceWriteProvider,
    MethodProvider,
    MockServer,
    WBEMServerThread,
)

MOF = """
Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride, ToSubclass);
class T_Disk { [Key] string Id; uint32 Go(); };
instance of T_Disk { Id = "a"; };
instance of T_Disk { Id = "b"; };
instance of T_Disk { Id = "c"; };
"""
DISK = pywbem.CIMInstanceName("T_Disk", {"Id": "a"})
NEW = pywbem.CIMInstance("T_Disk", {"Id": "new"})


@pytest.fixture
def server() -> MockServer:
    server = MockServer()
    server.compile_mof_string(MOF)
    return server


class Waits(MethodProvider):
    """
    Returns 0 if another client goes on meanwhile.
    """

    provider_classnames = "T_Disk"
    arrived: threading.Event
    go_on: threading.Event
    registered_through: Any = None

    def post_register_setup(self, conn: Any) -> None:
        """
        Remember what it is registered through.
        """
        self.registered_through = conn

    def InvokeMethod(self, methodname: str, localobject: Any, params: Any) -> Any:
        """
        Wait.
        """
        self.arrived.set()
        return (0 if self.go_on.wait(20) else 1), []


class WaitsToo(InstanceWriteProvider):
    """
    Creates an instance after another client has gone on.
    """

    provider_classnames = "T_Disk"
    arrived: threading.Event
    go_on: threading.Event

    def CreateInstance(self, namespace: str, new_instance: Any) -> Any:
        """
        Wait, and create it.
        """
        if new_instance["Id"] == "slow":
            self.arrived.set()
            assert self.go_on.wait(20)
        return super().CreateInstance(namespace, new_instance)


def waiting(cls: Any, server: MockServer) -> Any:
    provider = cls(server.cimrepository)
    provider.arrived, provider.go_on = threading.Event(), threading.Event()
    server.register_provider(provider)
    return provider


def test_connections_share_a_server(server: MockServer) -> None:
    one, other = FakedWBEMConnection(server=server), FakedWBEMConnection(server=server)
    aio = AsyncFakedWBEMConnection(server=server)
    assert one.server is other.server is aio.server is one.copy().server is server
    one.CreateInstance(NEW)
    opened = one.OpenEnumerateInstances("T_Disk", MaxObjectCount=1)
    assert len(other.PullInstancesWithPath(opened.context, 9).instances) == 3
    assert len(asyncio.run(aio.EnumerateInstances("T_Disk"))) == 4
    with WBEMServerThread(server=server) as thread:
        assert thread.server is server
        with pywbem.WBEMConnection(thread.url) as conn:
            assert len(conn.EnumerateInstances("T_Disk")) == 4
    one.close()
    assert len(other.EnumerateInstances("T_Disk")) == 4


def test_connection_to_another_server_is_refused(server: MockServer) -> None:
    with pytest.raises(ValueError, match="different servers"):
        WBEMServerThread(FakedWBEMConnection(), server=server)


def test_settings_of_a_server_are_those_of_its_connections() -> None:
    server = MockServer("root/blue", "https://blue:1", disable_pull_operations=True)
    conn = FakedWBEMConnection(server=server)
    assert conn.default_namespace == "root/blue"
    assert conn.url == server.url == "https://blue:1"
    assert conn.disable_pull_operations is True


def test_statistics_are_those_of_the_connection(server: MockServer) -> None:
    one = FakedWBEMConnection(server=server, stats_enabled=True)
    other = FakedWBEMConnection(server=server, stats_enabled=True)
    one.compile_mof_string("class T_Other { };")
    assert len(one.statistics.snapshot()) > 0
    assert other.statistics.snapshot() == []


def test_hook_of_a_provider_gets_what_it_is_registered_through(server: MockServer) -> None:
    conn = FakedWBEMConnection(server=server)
    provider = waiting(Waits, server)
    assert provider.registered_through is server
    conn.register_provider(provider)
    assert provider.registered_through is conn


@pytest.mark.parametrize("kind", ["method", "create", "compile"])
def test_other_clients_go_on_while_a_provider_waits(server: MockServer, kind: str) -> None:
    conn = FakedWBEMConnection(server=server)
    provider = waiting(Waits if kind == "method" else WaitsToo, server)
    slow = pywbem.CIMInstance("T_Disk", {"Id": "slow"})
    results: List[Any] = []
    calls = {
        "method": lambda: conn.InvokeMethod("Go", DISK)[0],
        "create": lambda: conn.CreateInstance(slow)["Id"],
        "compile": lambda: conn.compile_mof_string('instance of T_Disk { Id = "slow"; };'),
    }
    thread = threading.Thread(target=lambda: results.append(calls[kind]()))
    thread.start()
    assert provider.arrived.wait(20)
    other = FakedWBEMConnection(server=server)
    other.CreateInstance(NEW)
    assert len(other.EnumerateInstanceNames("T_Disk")) == 4
    assert results == []
    provider.go_on.set()
    thread.join(20)
    assert results == [{"method": 0, "create": "slow", "compile": None}[kind]]


def test_tasks_go_on_while_methods_wait(server: MockServer) -> None:
    provider = waiting(Waits, server)
    conn = AsyncFakedWBEMConnection(server=server)

    async def run() -> List[Any]:
        methods = [asyncio.ensure_future(conn.InvokeMethod("Go", DISK)) for _ in range(20)]
        while not provider.arrived.is_set():
            await asyncio.sleep(0.001)
        await conn.CreateInstance(NEW)
        assert len(await conn.EnumerateInstanceNames("T_Disk")) == 4
        provider.go_on.set()
        return [result[0] for result in await asyncio.gather(*methods)]

    assert asyncio.run(run()) == [0] * 20


@pytest.mark.parametrize("fails", [False, True], ids=["succeeds", "fails"])
@pytest.mark.parametrize("how", ["compile", "add"])
def test_indications_wait_for_success(
    server: MockServer, monkeypatch: pytest.MonkeyPatch, how: str, fails: bool
) -> None:
    sent: List[str] = []
    service = server.indications
    monkeypatch.setattr(service, "_subscriptions", lambda: iter([SUBSCRIPTION]))

    class Record:
        url = SUBSCRIPTION.url

        def submit(self, indication: Any) -> None:
            sent.append(indication["SourceInstance"]["Id"])

    service._deliveries[SUBSCRIPTION.destination] = Record()  # type: ignore[assignment]
    names = ["x", "y", "a" if fails else "z"]

    def fill() -> None:
        if how == "compile":
            # One that exists is modified by a compilation: a class that is absent fails.
            texts = [f'instance of T_Disk {{ Id = "{name}"; }};' for name in names]
            server.compile_mof_string("".join(texts) + ("instance of T_No { };" if fails else ""))
        else:
            server.add_cimobjects(
                [
                    pywbem.CIMInstance(
                        "T_Disk",
                        {"Id": name},
                        path=pywbem.CIMInstanceName("T_Disk", {"Id": name}),
                    )
                    for name in names
                ]
            )
        assert not fails

    if fails:
        with pytest.raises((pywbem.MOFCompileError, ValueError)):
            fill()
        assert sent == []
    else:
        fill()
        assert sent == names
    service._deliveries.clear()


def _subscription() -> Any:
    from pywbem_mock import query
    from pywbem_mock.indications.changes import Subscription

    query = query.parse("WQL", "SELECT * FROM CIM_InstIndication")
    return Subscription("f", query, ("root/cimv2",), ("n", "d", ()), "http://nobody")


SUBSCRIPTION = _subscription()


def test_oldest_enumeration_is_closed_beyond_the_limit(caplog: pytest.LogCaptureFixture) -> None:
    server = MockServer(max_enumerations=2)
    server.compile_mof_string(MOF)
    conn = FakedWBEMConnection(server=server)
    with caplog.at_level(logging.WARNING, "pywbem_mock.server"):
        contexts = [
            conn.OpenEnumerateInstances("T_Disk", OperationTimeout=0, MaxObjectCount=1).context
            for _ in range(3)
        ]
    assert [record.name for record in caplog.records] == ["pywbem_mock.server"]
    with pytest.raises(pywbem.CIMError) as excinfo:
        conn.PullInstancesWithPath(contexts[0], 1)
    assert excinfo.value.status_code == pywbem.CIM_ERR_INVALID_ENUMERATION_CONTEXT
    for context in contexts[1:]:
        assert len(conn.PullInstancesWithPath(context, 1).instances) == 1


@pytest.mark.parametrize("timeout", [None, 0])
def test_timeout_of_enumerations(timeout: Any) -> None:
    server = MockServer(enumeration_timeout=0.01)
    server.compile_mof_string(MOF)
    conn = FakedWBEMConnection(server=server)
    opened = conn.OpenEnumerateInstances("T_Disk", OperationTimeout=timeout, MaxObjectCount=1)
    threading.Event().wait(0.03)
    with pytest.raises(pywbem.CIMError) as excinfo:
        conn.PullInstancesWithPath(opened.context, 1)
    assert excinfo.value.status_code == pywbem.CIM_ERR_INVALID_ENUMERATION_CONTEXT


@pytest.mark.parametrize(
    "args",
    [
        {"max_enumerations": 0},
        {"max_enumerations": "10"},
        {"max_enumerations": 1.5},
        {"enumeration_timeout": 0},
        {"enumeration_timeout": float("nan")},
        {"enumeration_timeout": "10"},
    ],
    ids=lambda args: "-".join(map(str, *args.items())),
)
def test_limits_must_be_positive(args: Any) -> None:
    with pytest.raises(ValueError, match="positive"):
        MockServer(**args)


@pytest.mark.parametrize("name", [None, "", "///"])
def test_a_default_namespace_without_a_name(name: Any) -> None:
    server = MockServer(default_namespace=name)
    assert server.repository.namespaces == [server.default_namespace] == ["root/cimv2"]


def test_unpickled_connections_share_a_server(server: MockServer) -> None:
    one, other = FakedWBEMConnection(server=server), FakedWBEMConnection(server=server)
    one, other = pickle.loads(pickle.dumps((one, other)))
    assert one.server is other.server is not server
    one.CreateInstance(NEW)
    assert len(other.EnumerateInstanceNames("T_Disk")) == 4


@pytest.mark.skipif(not hasattr(os, "fork"), reason="The system has no fork")
def test_child_is_not_locked_out(server: MockServer) -> None:
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with server.cimrepository.lock:
            held.set()
            done.wait(20)

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(20)
    child = os.fork()
    if not child:
        try:
            FakedWBEMConnection(server=server).CreateInstance(NEW)
            os._exit(0)
        finally:
            os._exit(1)
    done.set()
    thread.join(20)
    assert os.waitpid(child, 0)[1] == 0
