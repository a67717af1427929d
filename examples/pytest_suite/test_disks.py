"""
How to test a program that talks to a WBEM server, without one.

Run it with ``python -m pytest examples/pytest_suite``.  The fixtures and the marker come with
pywbem, there is nothing to set up (where pywbem is not installed, add
``-p pywbem_mock.pytest_plugin``):

* ``@pytest.mark.wbem_mof("disks.mof")`` says what the server has: the classes and instances of
  MOF files beside the test, or of a text.  ``pytestmark`` does so for all tests of a module.
* ``faked_wbem_connection`` is a connection to this server, which lives in the process.  It is
  for programs that are given a connection.
* ``wbem_server`` is the same server over HTTP.  It is for programs that are given a URL, in any
  language; ``wbem_server.conn`` looks at its repository from inside.

Each test has a server of its own.
"""

from __future__ import annotations

import subprocess
import sys
from typing import Any, List, Tuple

import pytest

import pywbem
import pywbem_mock

pytestmark = pytest.mark.wbem_mof("disks.mof", namespace="root/cimv2")

# -- The program under test ------------------------------------------------------------------

MAJOR_FAILURE = 20


def total_size(conn: pywbem.WBEMConnection) -> int:
    """Return the size of all disks, in bytes."""
    return sum(disk["Size"] for disk in conn.IterEnumerateInstances("ACME_Disk"))


def failed_disks(conn: pywbem.WBEMConnection) -> List[str]:
    """Return the IDs of the disks that have failed."""
    disks = conn.EnumerateInstances("ACME_Disk", PropertyList=["DeviceID", "HealthState"])
    return [disk["DeviceID"] for disk in disks if disk["HealthState"] >= MAJOR_FAILURE]


def reset_failed_disks(conn: pywbem.WBEMConnection) -> int:
    """Reset the disks that have failed, and return how many there were."""
    failed = failed_disks(conn)
    for ident in failed:
        path = pywbem.CIMInstanceName("ACME_Disk", {"DeviceID": ident}, namespace="root/cimv2")
        conn.InvokeMethod("Reset", path)
    return len(failed)


# -- A connection in the process -------------------------------------------------------------


def test_total_size(faked_wbem_connection: pywbem_mock.FakedWBEMConnection) -> None:
    """The model is what the marker of the module says."""
    assert total_size(faked_wbem_connection) == 12 * 10**12


def test_a_disk_fails(faked_wbem_connection: pywbem_mock.FakedWBEMConnection) -> None:
    """A test can change the model."""
    conn = faked_wbem_connection
    (path, _) = conn.EnumerateInstanceNames("ACME_Disk")
    disk = conn.GetInstance(path)
    disk.path = path
    disk["HealthState"] = pywbem.Uint16(MAJOR_FAILURE)
    conn.ModifyInstance(disk)
    assert failed_disks(conn) == ["disk-0", "disk-1"]


@pytest.mark.wbem_mof(text='instance of ACME_Disk { DeviceID = "new"; Size = 1; };')
def test_one_more_disk(faked_wbem_connection: pywbem_mock.FakedWBEMConnection) -> None:
    """The marker of a test adds to that of the module."""
    assert total_size(faked_wbem_connection) == 12 * 10**12 + 1


class Resets(pywbem_mock.MethodProvider):
    """Plays the method of the class, and notes for which disks it was called."""

    provider_classnames = "ACME_Disk"

    def __init__(self, conn: pywbem_mock.FakedWBEMConnection) -> None:
        super().__init__(conn.cimrepository)
        self.called_for: List[str] = []

    def InvokeMethod(self, methodname: str, localobject: Any, params: Any) -> Tuple[Any, Any]:
        """Note the disk and return 0."""
        self.called_for.append(localobject["DeviceID"])
        return pywbem.Uint32(0), []


def test_reset(faked_wbem_connection: pywbem_mock.FakedWBEMConnection) -> None:
    """Providers answer method calls."""
    resets = Resets(faked_wbem_connection)
    faked_wbem_connection.register_provider(resets, "root/cimv2")
    assert reset_failed_disks(faked_wbem_connection) == 1
    assert resets.called_for == ["disk-1"]


# -- A server over HTTP ----------------------------------------------------------------------

PROGRAM = """
import sys, pywbem
with pywbem.WBEMConnection(sys.argv[1]) as conn:
    for path in conn.EnumerateInstanceNames("ACME_Disk"):
        print(path["DeviceID"])
"""


def test_a_program_of_its_own(wbem_server: pywbem_mock.WBEMServerThread) -> None:
    """Another process reaches the server by its URL."""
    output = subprocess.check_output([sys.executable, "-c", PROGRAM, wbem_server.url])
    assert output.decode().split() == ["disk-0", "disk-1"]


def test_what_a_client_has_changed(wbem_server: pywbem_mock.WBEMServerThread) -> None:
    """The test sees in the process what a client did over HTTP."""
    with pywbem.WBEMConnection(wbem_server.url) as client:
        for path in client.EnumerateInstanceNames("ACME_Disk"):
            client.DeleteInstance(path)
    assert total_size(wbem_server.conn) == 0
