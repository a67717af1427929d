"""
Methods of typed objects, and waiting for the jobs that they begin.
"""

from __future__ import annotations

import asyncio
import pickle
import socket
import time
from typing import Any, Dict, Iterator, List, Optional

import pytest

import pywbem
import pywbem_mock
from pywbem.objects import OMITTED, AsyncNamespace, JobError, MethodError, Namespace
from tests.objects_model import NAMESPACE, JobProvider, connection


@pytest.fixture(name="ns")
def _ns() -> Namespace:
    return Namespace(connection(), NAMESPACE)


@pytest.fixture(name="sda")
def _sda(ns: Namespace) -> Any:
    return ns.CIM_DiskDrive.get(Name="sda")


@pytest.mark.parametrize(
    "args, kwargs, sent",
    [
        pytest.param((), {}, {}, id="none"),
        pytest.param((None,), {}, {"RequestedState": None}, id="null"),
        pytest.param((), {"requestedstate": None}, {"RequestedState": None}, id="null-by-name"),
        pytest.param((OMITTED, None), {}, {"TimeoutPeriod": None}, id="omitted"),
        pytest.param((), {"RequestedState": OMITTED}, {}, id="omitted-by-name"),
        pytest.param((6,), {}, {"RequestedState": 6}, id="number"),
    ],
)
def test_null_is_sent_and_omitted_is_not(args: Any, kwargs: Any, sent: Dict[str, Any]) -> None:
    server = connection()
    provider = JobProvider(server.cimrepository)
    server.register_provider(provider)
    with pywbem_mock.WBEMServerThread(server) as served, pywbem.WBEMConnection(served.url) as conn:
        disk: Any = Namespace(conn, NAMESPACE).CIM_DiskDrive.get(Name="sda")
        disk.RequestStateChange(*args, **kwargs)
    assert provider.calls == [sent]


@pytest.mark.parametrize("state", ["Offline", 6, pywbem.Uint16(6)], ids=["text", "int", "cim"])
def test_job_that_completes(sda: Any, state: Any) -> None:
    result = sda.RequestStateChange(state, check=True)
    assert (result.value, result.value.name) == (4096, "Job_Started")
    seen: List[Any] = []
    assert result.wait(timeout=20, progress=seen.append) is result
    assert (seen[0].JobState.name, seen[-1].PercentComplete) == ("Running", 100)


def test_job_that_fails(sda: Any) -> None:
    with pytest.raises(JobError, match="Exception: spindle stopped") as caught:
        sda.RequestStateChange(RequestedState="Disabled").wait(timeout=20)
    assert caught.value.error.ErrorType.name == "Hardware_Error"


def test_job_that_is_cancelled(sda: Any) -> None:
    with pytest.raises(JobError, match="Killed"):
        sda.RequestStateChange().wait(timeout=20)


@pytest.mark.parametrize("timeout", [0, 0.1, 0.7])
def test_timeout_is_kept(timeout: float) -> None:
    sda: Any = Namespace(connection(takes=60)).CIM_DiskDrive.get(Name="sda")
    seen: List[Any] = []
    start = time.monotonic()
    with pytest.raises(pywbem.TimeoutError, match=f"did not end within {timeout} seconds"):
        sda.RequestStateChange("Offline").wait(timeout=timeout, progress=seen.append)
    assert timeout <= time.monotonic() - start < 10
    for job in seen[-1:]:
        job.refresh()


@pytest.fixture(name="silent")
def _silent() -> Iterator[Any]:
    """A server that stops answering: its URL, and what puts a silent one in its place."""
    sockets: List[socket.socket] = []
    with pywbem_mock.WBEMServerThread(connection(takes=0)) as served:

        def silence() -> None:
            served.stop()
            port = int(served.url.rpartition(":")[2])
            sockets.append(socket.create_server(("127.0.0.1", port)))

        yield served.url, silence
    for sock in sockets:
        sock.close()


@pytest.mark.parametrize("own", [None, 60, 0.3], ids=["endless", "longer", "shorter"])
def test_timeout_is_kept_by_a_silent_server(silent: Any, own: Optional[float]) -> None:
    url, silence = silent
    with pywbem.WBEMConnection(url, default_namespace=NAMESPACE, timeout=own) as conn:
        result = Namespace(conn).CIM_DiskDrive.get(Name="sda")["RequestStateChange"](6)
        silence()
        start = time.monotonic()
        with pytest.raises(pywbem.TimeoutError):
            result.wait(timeout=0.4)
        assert time.monotonic() - start < 10
        assert conn.timeout == own


def test_timeout_of_coroutines_is_kept_by_a_silent_server(silent: Any) -> None:
    url, silence = silent

    async def session() -> None:
        async with pywbem.AsyncWBEMConnection(url, default_namespace=NAMESPACE) as conn:
            sda = await AsyncNamespace(conn).CIM_DiskDrive.get(Name="sda")
            result = await sda.RequestStateChange("Offline")
            silence()
            start = time.monotonic()
            with pytest.raises(pywbem.TimeoutError, match=r"within 0\.2 seconds"):
                await result.wait(timeout=0.2)
            assert time.monotonic() - start < 10

    asyncio.run(session())


def test_method_errors_and_static_methods(ns: Namespace, sda: Any) -> None:
    with pytest.raises(MethodError, match=r"RequestStateChange returned 1 \(Not Supported\)"):
        sda.RequestStateChange("Enabled", check=True)
    assert sda.RequestStateChange("Enabled").wait().value == 1
    result: Any = ns.CIM_DiskDrive.count()
    assert (result.value, result.number, result["NUMBER"]) == (0, 2, 2)


@pytest.mark.parametrize(
    "args, kwargs, error",
    [
        pytest.param((1, 2, 3), {}, TypeError, id="too-many"),
        pytest.param((2,), {"requestedstate": 3}, TypeError, id="twice"),
        pytest.param((), {"Job": "x"}, TypeError, id="output-only"),
        pytest.param((70000,), {}, ValueError, id="range"),
        pytest.param(("Nothing",), {}, ValueError, id="no-text"),
    ],
)
def test_wrong_parameters(sda: Any, args: Any, kwargs: Any, error: Any) -> None:
    with pytest.raises(error):
        sda.RequestStateChange(*args, **kwargs)


@pytest.mark.parametrize("state, error", [(3, JobError), (2, MethodError)], ids=["job", "method"])
def test_errors_and_results_pickle(sda: Any, state: int, error: Any) -> None:
    with pytest.raises(error) as caught:
        sda.RequestStateChange(state, check=True).wait()
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value)
    result = pickle.loads(pickle.dumps(sda.RequestStateChange(6)))
    assert (result.value, result.job) == (4096, result.Job)
    with pytest.raises(ValueError, match="no connection"):
        result.wait()
