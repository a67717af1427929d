"""
The served mock: what cannot wait is answered by the thread of the endpoint, and nothing else.
"""

from __future__ import annotations

import threading
from contextlib import closing
from http.client import HTTPConnection
from typing import Any, Iterator, List

import pytest

import pywbem
from pywbem_mock import InstanceWriteProvider, WBEMServerThread

MOF = """
Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride, ToSubclass);
class T_Disk { [Key] string Id; string Label; };
class T_Other { [Key] string Id; };
instance of T_Disk { Id = "a"; Label = "first"; };
"""
DISK = pywbem.CIMInstanceName("T_Disk", {"Id": "a"})
AT_ONCE = "pywbem-mock-server"


@pytest.fixture(name="served")
def _served() -> Iterator[WBEMServerThread]:
    with WBEMServerThread() as served:
        served.conn.compile_mof_string(MOF)
        yield served


def threads(served: WBEMServerThread) -> List[str]:
    """The threads in which instances are changed from now on."""
    names: List[str] = []
    served.server.cimrepository.add_observer(
        lambda *change: names.append(threading.current_thread().name)
    )
    return names


class Provider(InstanceWriteProvider):
    provider_classnames = "T_Other"


def nothing(served: WBEMServerThread) -> None:
    pass


def provider(served: WBEMServerThread) -> None:
    served.conn.register_provider(Provider(served.conn.cimrepository))


def delay(served: WBEMServerThread) -> None:
    served.conn.response_delay = 0.001


def fault(served: WBEMServerThread) -> None:
    served.server.inject(classname="T_None", status=1)


@pytest.mark.parametrize(
    "prepare, at_once",
    [(nothing, True), (provider, False), (delay, False), (fault, False)],
    ids=["nothing to wait for", "a provider of a user", "a delay", "a fault"],
)
def test_which_thread(served: WBEMServerThread, prepare: Any, at_once: bool) -> None:
    prepare(served)
    names = threads(served)
    with pywbem.WBEMConnection(served.url) as conn:
        path = conn.CreateInstance(pywbem.CIMInstance("T_Disk", {"Id": "b"}))
        conn.DeleteInstance(path)
    assert [name == AT_ONCE for name in names] == [at_once, at_once]


def test_own_providers_keep_nobody_waiting(served: WBEMServerThread) -> None:
    """Those of namespaces and subscriptions are no providers of a user."""
    interop = "interop"
    served.conn.add_namespace(interop)
    served.conn.compile_mof_string(
        """
        Qualifier Key : boolean = false, Scope(property, reference);
        class CIM_Namespace {
          [Key] string SystemCreationClassName; [Key] string SystemName;
          [Key] string ObjectManagerCreationClassName; [Key] string ObjectManagerName;
          [Key] string CreationClassName; [Key] string Name; uint16 ClassType; uint16 ClassInfo;
          string DescriptionOfClassInfo; string DescriptionOfClassType;
        };
        """,
        interop,
    )
    served.conn.install_namespace_provider(interop)
    names = threads(served)
    with pywbem.WBEMConnection(served.url) as conn:
        conn.CreateInstance(pywbem.CIMInstance("T_Disk", {"Id": "b"}))
    assert names == [AT_ONCE]


def test_lock_that_is_held(served: WBEMServerThread) -> None:
    """Who waits for the lock holds up neither other requests nor the end of the server."""
    held, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        with served.server.cimrepository.lock:
            held.set()
            go_on.wait(20)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(20)
    found: List[Any] = []

    def read() -> None:
        with pywbem.WBEMConnection(served.url, timeout=20) as conn:
            found.append(conn.GetInstance(DISK)["Label"])

    reader = threading.Thread(target=read)
    reader.start()
    try:
        # These need no lock, and are answered by the thread of the endpoint.
        for _ in range(20):
            with closing(HTTPConnection("127.0.0.1", served.port, timeout=10)) as other:
                other.request("PUT", "/cimom")
                assert other.getresponse().status == 405
        assert found == []
    finally:
        go_on.set()
        holder.join(20)
        reader.join(20)
    assert found == ["first"]


def test_errors(served: WBEMServerThread) -> None:
    with pywbem.WBEMConnection(served.url) as conn:
        for path, status in [
            (pywbem.CIMInstanceName("T_Disk", {"Id": "no"}), pywbem.CIM_ERR_NOT_FOUND),
            (pywbem.CIMInstanceName("T_No", {"Id": "no"}), pywbem.CIM_ERR_INVALID_CLASS),
        ]:
            with pytest.raises(pywbem.CIMError) as info:
                conn.GetInstance(path)
            assert info.value.status_code == status
