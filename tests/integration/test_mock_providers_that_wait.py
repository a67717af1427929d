"""
Providers of users that wait, or hang, behind the served mock.
"""

from __future__ import annotations

import asyncio
import io
import subprocess
import sys
import threading
from typing import Any, Iterator, List

import pytest

import pywbem
from pywbem_mock import AsyncFakedWBEMConnection, MethodProvider, MockServer, WBEMServerThread

MOF = """
Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride, ToSubclass);
class T_Disk { [Key] string Id; uint32 Go(); };
instance of T_Disk { Id = "a"; };
"""
DISK = pywbem.CIMInstanceName("T_Disk", {"Id": "a"})

# A process whose provider hangs when the process has nothing else to do; it must end by itself.
HANGS = """
import asyncio
import threading
import pywbem
from pywbem_mock import AsyncFakedWBEMConnection, FakedWBEMConnection
from pywbem_mock import MethodProvider, WBEMServerThread

arrived = threading.Event()
disk = pywbem.CIMInstanceName("T_Disk", {{"Id": "a"}}, namespace="root/cimv2")

class Hangs(MethodProvider):
    provider_classnames = "T_Disk"

    def InvokeMethod(self, methodname, localobject, params):
        arrived.set()
        threading.Event().wait()

def fill(conn):
    conn.compile_mof_string('''{mof}''')
    conn.register_provider(Hangs(conn.cimrepository))
{program}
print("ended")
"""
SERVED = """
server = WBEMServerThread()
server.start()
fill(server.conn)

def call():
    try:
        pywbem.WBEMConnection(server.url).InvokeMethod("Go", disk)
    except pywbem.Error:
        pass

threading.Thread(target=call, daemon=True).start()
assert arrived.wait(20)
server.stop()
"""
ASYNCHRONOUS = """
async def main():
    conn = AsyncFakedWBEMConnection()
    fill(conn.conn)
    task = asyncio.create_task(conn.InvokeMethod("Go", disk))
    while not arrived.is_set():
        await asyncio.sleep(0.01)

asyncio.run(main())
"""


class Waits(MethodProvider):
    """
    Waits for what other clients do.
    """

    provider_classnames = "T_Disk"

    def __init__(self, server: MockServer) -> None:
        super().__init__(server.cimrepository)
        self.server = server
        self.arrived = threading.Semaphore(0)
        self.go_on = threading.Event()

    def InvokeMethod(self, methodname: str, localobject: Any, params: Any) -> Any:
        """
        Return 0 when it may go on, 1 if that takes too long.
        """
        self.arrived.release()
        return (0 if self.go_on.wait(20) else 1), []


@pytest.fixture
def provider() -> Iterator[Waits]:
    server = MockServer()
    server.compile_mof_string(MOF)
    waits = Waits(server)
    server.register_provider(waits)
    yield waits
    waits.go_on.set()


@pytest.fixture
def served(provider: Waits) -> Iterator[WBEMServerThread]:
    with WBEMServerThread(server=provider.server) as thread:
        yield thread


@pytest.mark.parametrize("calls", [1, 20], ids=["one", "more-than-workers"])
def test_reads_and_writes_go_on_while_methods_wait(
    provider: Waits, served: WBEMServerThread, calls: int
) -> None:
    results: List[Any] = []

    def invoke() -> None:
        with pywbem.WBEMConnection(served.url) as conn:
            results.append(conn.InvokeMethod("Go", DISK)[0])

    threads = [threading.Thread(target=invoke) for _ in range(calls)]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert provider.arrived.acquire(timeout=20)
    with pywbem.WBEMConnection(served.url) as conn:
        assert conn.GetInstance(DISK)["Id"] == "a"
        conn.CreateInstance(pywbem.CIMInstance("T_Disk", {"Id": "done"}))
        assert len(conn.EnumerateInstanceNames("T_Disk")) == 2
    assert results == []
    provider.go_on.set()
    for thread in threads:
        thread.join(20)
    assert results == [0] * calls


@pytest.mark.parametrize("program", [SERVED, ASYNCHRONOUS], ids=["served", "asynchronous"])
def test_provider_that_hangs_delays_neither_stop_nor_exit(program: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", HANGS.format(mof=MOF, program=program)],
        stdout=subprocess.PIPE,
        text=True,
        timeout=30,
        check=True,
    )
    assert done.stdout == "ended\n"


def test_more_calls_than_may_wait(provider: Waits, served: WBEMServerThread) -> None:
    """The next is refused at once, and only it: reads go on, and all others get their answer."""
    results: List[Any] = []

    def invoke() -> None:
        with pywbem.WBEMConnection(served.url) as conn:
            results.append(conn.InvokeMethod("Go", DISK)[0])

    threads = [threading.Thread(target=invoke) for _ in range(256)]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert provider.arrived.acquire(timeout=20)
    with pywbem.WBEMConnection(served.url) as conn:
        with pytest.raises(pywbem.CIMError, match="256 requests wait for providers") as caught:
            conn.InvokeMethod("Go", DISK)
        assert caught.value.status_code == pywbem.CIM_ERR_SERVER_LIMITS_EXCEEDED
        assert conn.GetInstance(DISK)["Id"] == "a"
    provider.go_on.set()
    for thread in threads:
        thread.join(20)
    assert results == [0] * 256


class Ends(MethodProvider):
    """Raises what is no error of a program."""

    provider_classnames = "T_Disk"
    exc: BaseException

    def InvokeMethod(self, methodname: str, localobject: Any, params: Any) -> Any:
        raise self.exc


@pytest.mark.parametrize(
    "exc", [SystemExit(3), KeyboardInterrupt(), GeneratorExit(), StopIteration()], ids=repr
)
def test_provider_that_ends_its_thread(exc: BaseException) -> None:
    """Its client is told, as often as it asks, and the threads of the server go on."""
    server = MockServer()
    server.compile_mof_string(MOF)
    provider = Ends(server.cimrepository)
    provider.exc = exc
    server.register_provider(provider)
    log = io.StringIO()
    with WBEMServerThread(server=server, log=log) as thread, pywbem.WBEMConnection(
        thread.url, timeout=20
    ) as conn:
        for _ in range(10):
            with pytest.raises(pywbem.HTTPError, match="500"):
                conn.InvokeMethod("Go", DISK)
        assert conn.GetInstance(DISK)["Id"] == "a"
    assert log.getvalue().count(f" T_Disk {type(exc).__name__} ") == 10


def test_asynchronous_client_of_a_provider_that_stops_an_iteration() -> None:
    """No future takes a StopIteration; the call does not wait for ever for one that does."""
    server = MockServer()
    server.compile_mof_string(MOF)
    provider = Ends(server.cimrepository)
    provider.exc = StopIteration("none left")
    server.register_provider(provider)

    async def invoke() -> None:
        async with AsyncFakedWBEMConnection(server=server) as conn:
            await asyncio.wait_for(conn.InvokeMethod("Go", DISK), 20)

    with pytest.raises(RuntimeError) as caught:
        asyncio.run(invoke())
    assert caught.value.__cause__ is provider.exc
