"""
The two shells do the same: every operation, with its result or exception, its request,
its statistics, and what recorders see of it.
"""

from __future__ import annotations

import inspect
import io
import re
from typing import Any, Callable, Dict, List, Tuple

import pytest

import pywbem
import pywbem_mock
from tests.integration import mock_session, test_mock_session
from tests.integration.faultserver import FaultServer, answer, reply
from tests.integration.shells import Blocking, Loop
from tests.storage_server import storage_responder

MESSAGE = (
    b'<CIM CIMVERSION="2.0" DTDVERSION="2.0"><MESSAGE ID="1001" PROTOCOLVERSION="1.0">'
    b"<SIMPLERSP>%s</SIMPLERSP></MESSAGE></CIM>"
)
DELETED = reply(MESSAGE % b'<IMETHODRESPONSE NAME="DeleteInstance"/>')

# Random, or of this run.
VARYING = (
    (r"127\.0\.0\.1:\d+", "HOST"),
    (r"[0-9a-f]{8}-[0-9a-f-]{27}", "CONTEXT"),
    (r"WBEMServerResponseTime: '?\d+'?", "TIME"),
    (r"server_response_time: [0-9.]+", "TIME"),
    (r"(?i)\bdate: .*", "DATE"),
    (r"(?i)content-length: .*", "LENGTH"),
)


def constant(text: str) -> str:
    for pattern, value in VARYING:
        text = re.sub(pattern, value, text)
    return text


def observed(conn: Any) -> Tuple[List[Any], Dict[str, Any], str]:
    """The results of a session, its statistics, and the output of a recorder."""
    file = io.StringIO()
    conn.add_operation_recorder(pywbem.TestClientRecorder(file))
    results = [(name, constant(str(result))) for name, result in mock_session.session(conn)]
    counts = {
        name: (statistic.count, statistic.exception_count, statistic.avg_request_len)
        for name, statistic in conn.statistics.snapshot()
    }
    return results, counts, constant(file.getvalue())


OPTIONS: Dict[str, Any] = {"stats_enabled": True, "timeout": 30}


@pytest.mark.parametrize("pull", [True, False, None], ids=["pull", "traditional", "either"])
def test_session_over_http(pull: Any) -> None:
    seen = []
    for cls in (pywbem.WBEMConnection, pywbem.AsyncWBEMConnection):
        with Loop() as loop, pywbem_mock.WBEMServerThread(test_mock_session.connection()) as server:
            made: Any = cls(server.url, use_pull_operations=pull, **OPTIONS)
            with made if cls is pywbem.WBEMConnection else Blocking(made, loop) as conn:
                seen.append(observed(conn))
    (results, counts, recorded), expected = seen[1], seen[0]
    for result, wanted in zip(results, expected[0]):
        assert result == wanted
    for name, (count, failed, size) in expected[1].items():
        assert counts[name][:2] == (count, failed)
        # The host in paths has a port of this run.
        assert counts[name][2] == pytest.approx(size, abs=20)
    assert "EnumerateInstances" in recorded
    assert recorded == expected[2]


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({}, id="plain"),
        pytest.param({"creds": ("us\u00e9r", "p\u20acss")}, id="creds"),
        pytest.param({"default_namespace": "root/\u00e4"}, id="namespace"),
    ],
)
def test_requests_are_the_same(options: Dict[str, Any]) -> None:
    path = pywbem.CIMInstanceName("T_Disk", {"Id": "\u00e4&<"})
    with Loop() as loop, FaultServer(answer(DELETED), host="localhost") as server:
        for conn in (
            pywbem.WBEMConnection(server.url, **options),
            Blocking(pywbem.AsyncWBEMConnection(server.url, **options), loop),
        ):
            with conn:
                conn.DeleteInstance(path)
        first, second = server.requests
    assert (first.method, first.target, first.body) == (second.method, second.target, second.body)
    assert sorted(first.headers) == sorted(second.headers)


def wrapped(conn: Any) -> Any:
    return getattr(conn, "wrapped", conn)


SERVER: Dict[str, Callable[[Any], Any]] = {
    "interop_ns": lambda s: s.interop_ns,
    "namespaces": lambda s: s.namespaces,
    "namespace_paths": lambda s: sorted(path.keybindings["Name"] for path in s.namespace_paths),
    "brand": lambda s: [s.brand, s.version, s.cimom_inst["Name"]],
    "profiles": lambda s: [profile["RegisteredName"] for profile in s.profiles],
    "selected": lambda s: [p["RegisteredVersion"] for p in s.get_selected_profiles("DMTF")],
    "namespace": lambda s: [s.create_namespace("root/new"), s.namespaces],
    "namespace again": lambda s: s.create_namespace("root/new"),
    "namespace deleted": lambda s: [s.delete_namespace("root/new"), s.namespaces],
    "central": lambda s: s.get_central_instances(s.profiles[0].path),
}


def outcome(step: Callable[[Any], Any], on: Any) -> str:
    try:
        return constant(str(step(on)))
    except pywbem.Error as exc:
        return f"{type(exc).__name__} {getattr(exc, 'status_code_name', '')}"


def test_servers() -> None:
    seen = []
    for shell in ("sync", "async"):
        with Loop() as loop, storage_responder() as server, connected(
            shell, server.url, loop
        ) as conn:
            made = (
                pywbem.WBEMServer(conn)
                if shell == "sync"
                else Blocking(pywbem.AsyncWBEMServer(wrapped(conn)), loop)
            )
            seen.append([(name, outcome(step, made)) for name, step in SERVER.items()])
    assert seen[0] == seen[1]
    assert dict(seen[1])["interop_ns"] == "interop"


def connected(shell: str, url: str, loop: Loop) -> Any:
    if shell == "sync":
        return pywbem.WBEMConnection(url)
    return Blocking(pywbem.AsyncWBEMConnection(url), loop)


MAPPED = """
Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride, ToSubclass);
Qualifier ValueMap : string[], Scope(property, method, parameter);
Qualifier Values : string[], Scope(property, method, parameter), Flavor(Translatable);
class T_State { [Key] string Id; [ValueMap{"1", "2..4", ".."}, Values{"a", "b", "c"}] uint8 S; };
"""


def test_value_mappings() -> None:
    seen = []
    for shell in ("sync", "async"):
        with Loop() as loop, pywbem_mock.WBEMServerThread() as server:
            server.conn.compile_mof_string(MAPPED)
            with connected(shell, server.url, loop) as conn:
                mapping: Any
                if shell == "sync":
                    mapping = pywbem.ValueMapping.for_property(conn, None, "T_State", "S")
                else:
                    mapping = loop.run(
                        pywbem.AsyncValueMapping.for_property(wrapped(conn), None, "T_State", "S")
                    )
                seen.append(([mapping.tovalues(n) for n in range(1, 7)], list(mapping.items())))
    assert seen[0] == seen[1]
    assert seen[1][0] == ["a", "b", "b", "b", "c", "c"]


def subscribed(manager: Any, server: Any) -> List[Any]:
    server_id = manager.add_server(server)
    destination = manager.add_destination(server_id, "http://127.0.0.1:1", destination_id="d")
    query = "select * from CIM_InstIndication"
    chosen = manager.add_filter(server_id, "root/cimv2", query, filter_id="f")
    (path,) = manager.add_subscriptions(server_id, chosen.path, destination_paths=destination.path)
    result = [
        destination["Destination"],
        chosen["Query"],
        sorted(path.path.keybindings),
        len(manager.get_owned_subscriptions(server_id)),
        len(manager.get_all_filters(server_id)),
    ]
    manager.remove_subscriptions(server_id, path.path)
    result.append(len(manager.get_all_subscriptions(server_id)))
    return result


def test_subscription_managers() -> None:
    seen = []
    for shell in ("sync", "async"):
        with Loop() as loop, storage_responder() as server, connected(
            shell, server.url, loop
        ) as conn:
            manager: Any
            if shell == "sync":
                manager = pywbem.WBEMSubscriptionManager("me")
                target: Any = pywbem.WBEMServer(conn)
            else:
                manager = Blocking(pywbem.AsyncWBEMSubscriptionManager("me"), loop)
                target = pywbem.AsyncWBEMServer(wrapped(conn))
            with manager:
                seen.append(subscribed(manager, target))
            # What was owned is removed at the end.
            assert conn.EnumerateInstances("CIM_IndicationFilter", namespace="interop") == []
    assert seen[0] == seen[1]


@pytest.mark.parametrize(
    "name",
    ["WBEMConnection", "WBEMServer", "ValueMapping", "WBEMSubscriptionManager"],
)
def test_same_methods_and_parameters(name: str) -> None:
    sync, other = getattr(pywbem, name), getattr(pywbem, "Async" + name)
    for member in dir(sync):
        if member[0] == "_" or member == "session":
            continue
        function = getattr(sync, member)
        twin = getattr(other, member)
        if not inspect.isfunction(function):
            continue
        parameters = list(inspect.signature(function).parameters.values())
        others = list(inspect.signature(twin).parameters.values())
        assert [(p.name, p.kind, p.default) for p in parameters] == [
            (p.name, p.kind, p.default) for p in others
        ], member
