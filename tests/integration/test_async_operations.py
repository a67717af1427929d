"""
The two shells do the same: every operation, with its result or exception, its request,
its statistics, and what recorders see of it.
"""

from __future__ import annotations

import inspect
import io
import re
from typing import Any, Dict, List, Tuple

import pytest

import pywbem
import pywbem_mock
from tests.integration import mock_session, test_mock_session
from tests.integration.faultserver import FaultServer, answer, reply
from tests.integration.shells import Blocking, Loop

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
