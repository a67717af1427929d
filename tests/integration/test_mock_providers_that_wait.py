"""
Providers of users that wait, or hang, behind the served mock.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import Any, Iterator, List

import pytest

import pywbem
from pywbem_mock import MethodProvider, MockServer, WBEMServerThread

MOF = """
Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride, ToSubclass);
class T_Disk { [Key] string Id; uint32 Go(); };
instance of T_Disk { Id = "a"; };
"""
DISK = pywbem.CIMInstanceName("T_Disk", {"Id": "a"})

# A process whose provider hangs while the server is stopped; it must end by itself.
HANGS = """
import threading
import pywbem
from pywbem_mock import MethodProvider, WBEMServerThread

arrived = threading.Event()

class Hangs(MethodProvider):
    provider_classnames = "T_Disk"

    def InvokeMethod(self, methodname, localobject, params):
        arrived.set()
        threading.Event().wait()

server = WBEMServerThread()
server.start()
server.conn.compile_mof_string('''{mof}''')
server.conn.register_provider(Hangs(server.conn.cimrepository))

def call():
    try:
        pywbem.WBEMConnection(server.url).InvokeMethod(
            "Go", pywbem.CIMInstanceName("T_Disk", {{"Id": "a"}}, namespace="root/cimv2"))
    except pywbem.Error:
        pass

threading.Thread(target=call, daemon=True).start()
assert arrived.wait(20)
server.stop()
print("stopped")
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


def test_provider_that_hangs_delays_neither_stop_nor_exit() -> None:
    done = subprocess.run(
        [sys.executable, "-c", HANGS.format(mof=MOF)],
        stdout=subprocess.PIPE,
        text=True,
        timeout=30,
        check=True,
    )
    assert done.stdout == "stopped\n"
