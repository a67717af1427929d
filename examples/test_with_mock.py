"""
A pytest suite that tests a program against the mock WBEM server.

The fixtures and the marker come with pywbem:  ``pytest examples/test_with_mock.py``
"""

from __future__ import annotations

from typing import Any, Dict

import pytest

import pywbem

pytestmark = pytest.mark.wbem_mof("models/acme_storage.mof")


def sizes_by_system(conn: pywbem.WBEMConnection) -> Dict[str, int]:
    """Return the size of the disks of each system: the program that is tested."""
    sizes = {}
    for path in conn.EnumerateInstanceNames("ACME_ComputerSystem"):
        disks = conn.IterAssociatorInstances(path, AssocClass="ACME_SystemDisk")
        sizes[path["Name"]] = sum(disk["Size"] for disk in disks)
    return sizes


def test_in_the_process(faked_wbem_connection: Any) -> None:
    """Without sockets: fast, and the repository is at hand."""
    assert sizes_by_system(faked_wbem_connection)["beta"] == 512110190592


def test_over_http(wbem_server: Any) -> None:
    """With a client of its own, as in production."""
    with pywbem.WBEMConnection(wbem_server.url) as conn:
        assert sizes_by_system(conn) == {"alpha": 8001574060032, "beta": 512110190592}


def test_each_test_has_its_own_server(faked_wbem_connection: Any) -> None:
    """What a test changes, the next one does not see."""
    for path in faked_wbem_connection.EnumerateInstanceNames("ACME_SystemDisk"):
        faked_wbem_connection.DeleteInstance(path)
    assert set(sizes_by_system(faked_wbem_connection).values()) == {0}


@pytest.mark.wbem_mof(text='instance of ACME_ComputerSystem { Name = "gamma"; };')
def test_with_more_mof(faked_wbem_connection: Any) -> None:
    """A marker of the test adds to that of the module."""
    assert sizes_by_system(faked_wbem_connection)["gamma"] == 0
