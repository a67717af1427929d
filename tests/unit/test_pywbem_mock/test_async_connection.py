"""
AsyncFakedWBEMConnection: an asynchronous connection to the mock in the process.
"""

from __future__ import annotations

import asyncio
import inspect
import threading
import time
from typing import Any, List

import pytest

import pywbem
import pywbem_mock

MOF = """
Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride, ToSubclass);
class T_Disk { [Key] string Id; uint32 Wait(); };
instance of T_Disk { Id = "a"; };
instance of T_Disk { Id = "b"; };
"""


def filled(**options: Any) -> pywbem_mock.AsyncFakedWBEMConnection:
    conn = pywbem_mock.AsyncFakedWBEMConnection(**options)
    conn.conn.compile_mof_string(MOF)
    return conn


def test_same_arguments() -> None:
    sync = inspect.signature(pywbem_mock.FakedWBEMConnection.__init__)
    other = inspect.signature(pywbem_mock.AsyncFakedWBEMConnection.__init__)
    assert sync.parameters == other.parameters


@pytest.mark.parametrize("pull", [True, False, None])
def test_operations(pull: Any) -> None:
    async def work() -> None:
        async with filled(use_pull_operations=pull, stats_enabled=True) as conn:
            names = [disk["Id"] async for disk in conn.IterEnumerateInstances("T_Disk")]
            assert names == ["a", "b"]
            with pytest.raises(pywbem.CIMError) as caught:
                await conn.GetClass("T_No")
            assert caught.value.status_code == pywbem.CIM_ERR_NOT_FOUND
            assert conn.last_request is None
            assert dict(conn.statistics.snapshot())["GetClass"].exception_count == 1
        with pytest.raises(pywbem.ConnectionError, match="closed"):
            await conn.EnumerateClassNames()

    asyncio.run(work())


def test_one_repository() -> None:
    conn = pywbem_mock.FakedWBEMConnection("root/a", use_pull_operations=True)
    conn.compile_mof_string(MOF)
    other = pywbem_mock.AsyncFakedWBEMConnection.of(conn)
    assert other.conn is conn
    assert (other.default_namespace, other.use_pull_operations) == ("root/a", True)
    assert repr(other).startswith("AsyncFakedWBEMConnection(")
    asyncio.run(other.CreateInstance(pywbem.CIMInstance("T_Disk", {"Id": "c"})))
    assert len(conn.EnumerateInstanceNames("T_Disk")) == 3
    conn.DeleteInstance(conn.EnumerateInstanceNames("T_Disk")[0])
    assert len(asyncio.run(other.copy().EnumerateInstanceNames("T_Disk"))) == 2


class Waiting(pywbem_mock.MethodProvider):
    """A provider that waits until all have come."""

    provider_classnames = "T_Disk"

    def __init__(self, repository: Any) -> None:
        super().__init__(repository)
        self.go = threading.Event()

    def InvokeMethod(self, methodname: str, localobject: Any, params: Any) -> Any:
        assert self.go.wait(20)
        return pywbem.Uint32(7), []


def test_provider_that_waits_does_not_hold_the_loop() -> None:
    async def work() -> None:
        conn = filled()
        provider = Waiting(conn.conn.cimrepository)
        conn.conn.register_provider(provider)
        path = (await conn.EnumerateInstanceNames("T_Disk"))[0]
        task = asyncio.ensure_future(conn.InvokeMethod("Wait", path))
        await asyncio.sleep(0.02)
        assert not task.done()
        provider.go.set()
        assert (await task)[0] == 7

    asyncio.run(work())


def test_delays_are_at_the_same_time() -> None:
    async def work() -> List[Any]:
        conn = filled(response_delay=0.1)
        return await asyncio.gather(*(conn.GetClass("T_Disk") for _ in range(50)))

    started = time.monotonic()
    assert len(asyncio.run(work())) == 50
    assert time.monotonic() - started < 3


def test_names_are_loaded_when_used() -> None:
    assert "AsyncFakedWBEMConnection" in pywbem_mock.__all__
    with pytest.raises(AttributeError):
        pywbem_mock.AsyncNothing  # noqa: B018
