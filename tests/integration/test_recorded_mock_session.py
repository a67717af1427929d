"""
A session with the served mock, recorded with TestClientRecorder, replays.
"""

from __future__ import annotations

import io
from typing import Any, Iterator, List, Tuple

import pytest
import yaml

import pywbem
from pywbem._recorder import TestClientRecorder
from pywbem_mock.http.server import WBEMServerThread
from tests.vectors import runner

MOF = """
Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride, ToSubclass);
Qualifier Association : boolean = false, Scope(association), Flavor(DisableOverride, ToSubclass);
class T_Disk { [Key] string Id; uint32 Size; datetime Since; string Empty; boolean On[]; };
class T_BigDisk : T_Disk { uint64 More; };
[Association] class T_Beside { [Key] T_Disk REF Left; [Key] T_Disk REF Right; };
instance of T_Disk as $a { Id = "a"; Size = 5; Since = "20140924193040.654321+120"; Empty = ""; };
instance of T_BigDisk as $b { Id = "b\u00e4&<"; On = {true, false}; };
instance of T_Beside { Left = $a; Right = $b; };
"""
NAMESPACE = "root/test"
USER, PASSWORD = "operator-7", "s3cret-pass"
DISK = pywbem.CIMInstanceName("T_Disk", {"Id": "a"})


def use(conn: pywbem.WBEMConnection) -> Iterator[Any]:
    """Operations of all kinds; those that fail are wanted to."""
    yield conn.EnumerateClassNames(DeepInheritance=True)
    yield conn.EnumerateClasses()
    yield conn.GetClass("T_BigDisk", LocalOnly=False)
    yield conn.EnumerateQualifiers()
    yield conn.EnumerateInstanceNames("T_Disk")
    yield conn.EnumerateInstances("T_Disk")
    yield conn.GetInstance(DISK, PropertyList=["Size", "Since"])
    yield conn.AssociatorNames(DISK)
    yield conn.Associators(DISK)
    yield conn.ReferenceNames(DISK)
    opened = conn.OpenEnumerateInstances("T_Disk", MaxObjectCount=1)
    yield opened
    yield conn.PullInstancesWithPath(opened.context, MaxObjectCount=10)
    yield list(conn.IterEnumerateInstancePaths("T_Disk"))
    new = pywbem.CIMInstance("T_Disk", {"Id": "new", "Size": pywbem.Uint32(7)})
    path = conn.CreateInstance(new)
    yield path
    new.path = path
    new["Size"] = pywbem.Uint32(8)
    yield conn.ModifyInstance(new, PropertyList=["Size"])
    yield conn.DeleteInstance(path)
    for call in (
        lambda: conn.GetInstance(path),
        lambda: conn.GetClass("T_None", namespace="root/none"),
        lambda: conn.InvokeMethod("None", DISK, P=pywbem.Uint8(1)),
    ):
        with pytest.raises(pywbem.CIMError) as excinfo:
            call()
        yield excinfo.value


@pytest.fixture(scope="module")
def session() -> Tuple[str, str, List[Any]]:
    """The recorded text, the host of the server, and the results."""
    file = io.StringIO()
    with WBEMServerThread(
        users={USER: PASSWORD}, default_namespace=NAMESPACE
    ) as server, pywbem.WBEMConnection(
        server.url, (USER, PASSWORD), default_namespace=NAMESPACE
    ) as conn:
        server.conn.compile_mof_string(MOF)
        conn.add_operation_recorder(TestClientRecorder(file))
        results = list(use(conn))
        return file.getvalue(), conn.host, results


def test_session(session: Tuple[str, str, List[Any]]) -> None:
    """Each operation makes the same request again, and has the same result."""
    text, host, results = session
    vectors = yaml.safe_load(text)
    assert len(vectors) == len(results)
    for vector in vectors:
        assert "ignore_test" not in vector
        runner.check(vector)
    for secret in (USER, PASSWORD, host):
        assert secret not in text
