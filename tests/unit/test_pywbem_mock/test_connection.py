"""
FakedWBEMConnection: settings, filling and showing the repository, observers, and
the handling of call records.
"""

from __future__ import annotations

import pickle
import threading
import time
from pathlib import Path
from typing import Any, Dict, List, Tuple

import pytest

from pywbem import (
    CIMClass,
    CIMError,
    CIMInstance,
    CIMInstanceName,
    CIMProperty,
    CIMQualifier,
)
from pywbem._cim_obj import CIMClassName
from pywbem._cim_xml.records import ExportCall, ExtrinsicCall, IntrinsicCall
from pywbem_mock import FakedWBEMConnection
from pywbem_mock.operations.call_handler import OPERATIONS
from tests.unit.test_pywbem_mock.model import (
    NAMESPACE,
    classes,
    declaration,
    element,
    element_path,
    qualifiers,
    slot,
)

# -- Settings -----------------------------------------------------------------


def test_defaults() -> None:
    conn = FakedWBEMConnection()
    assert conn.url == "http://FakedUrl:5988"
    assert conn.default_namespace == "root/cimv2"
    assert list(conn.namespaces) == ["root/cimv2"]
    assert conn.timeout == 30
    assert conn.response_delay is None
    assert conn.disable_pull_operations is False
    assert str(conn) == (
        "FakedWBEMConnection(response_delay=None, super=WBEMConnection("
        "url='http://FakedUrl:5988', creds=None, default_namespace='root/cimv2', ...))"
    )
    assert repr(conn).startswith(
        "FakedWBEMConnection(response_delay=None, disable_pull_operations=False "
        "super=WBEMConnection(url='http://FakedUrl:5988'"
    )


def test_settings() -> None:
    conn = FakedWBEMConnection("/a/b/", True, True, 5, 0.5, True, "https://server:1")
    assert list(conn.namespaces) == ["a/b"]
    assert (conn.use_pull_operations, conn.stats_enabled, conn.timeout) == (True, True, 5)
    assert (conn.response_delay, conn.disable_pull_operations) == (0.5, True)
    assert conn.host == "server:1"
    conn.response_delay = None
    conn.disable_pull_operations = None  # type: ignore[assignment]
    assert (conn.response_delay, conn.disable_pull_operations) == (None, False)


@pytest.mark.parametrize("delay", [-1, "x", True])
def test_invalid_delay(delay: Any) -> None:
    with pytest.raises(ValueError, match="response_delay"):
        FakedWBEMConnection(response_delay=delay)
    conn = FakedWBEMConnection()
    with pytest.raises(ValueError, match="response_delay"):
        conn.response_delay = delay


@pytest.mark.parametrize("flag", ["x", 1])
def test_invalid_flag(flag: Any) -> None:
    with pytest.raises(ValueError, match="disable_pull_operations"):
        FakedWBEMConnection(disable_pull_operations=flag)


def test_response_delay() -> None:
    conn = FakedWBEMConnection(response_delay=0.05)
    start = time.monotonic()
    conn.EnumerateClassNames()
    assert time.monotonic() - start >= 0.05


def test_copy_shares_the_server(conn: FakedWBEMConnection) -> None:
    conn.disable_pull_operations = True
    other = conn.copy()
    assert type(other) is FakedWBEMConnection
    assert other.cimrepository is conn.cimrepository
    assert other.provider_dependent_registry is conn.provider_dependent_registry
    assert other.disable_pull_operations is True
    assert other.conn_id != conn.conn_id
    other.CreateInstance(element(9))
    assert conn.GetInstance(element_path(9))


def test_pickled_connection_has_its_own_server(conn: FakedWBEMConnection) -> None:
    conn.disable_pull_operations = True
    other = pickle.loads(pickle.dumps(conn))
    other.DeleteInstance(element_path(1))
    assert conn.GetInstance(element_path(1))
    assert other.disable_pull_operations is True


# -- Namespaces ---------------------------------------------------------------


def test_namespaces(capsys: pytest.CaptureFixture[str]) -> None:
    conn = FakedWBEMConnection()
    conn.add_namespace("/root/b/", verbose=True)
    assert "root/b" in capsys.readouterr().out
    assert list(conn.namespaces) == ["root/cimv2", "root/b"]
    conn.remove_namespace("ROOT/b", verbose=True)
    assert "ROOT/b" in capsys.readouterr().out
    assert list(conn.namespaces) == ["root/cimv2"]


@pytest.mark.parametrize(
    "operation, namespace, status",
    [
        ("add_namespace", "ROOT/cimv2", 11),
        ("add_namespace", "root/interop", 11),
        ("remove_namespace", "nix", 6),
        ("remove_namespace", "root/cimv2", 20),
        ("remove_namespace", "interop", 3),
    ],
)
def test_namespace_errors(
    conn: FakedWBEMConnection, operation: str, namespace: str, status: int
) -> None:
    conn.add_namespace("interop")
    with pytest.raises(CIMError) as info:
        getattr(conn, operation)(namespace)
    assert info.value.status_code == status
    with pytest.raises(ValueError, match="None"):
        getattr(conn, operation)(None)


def test_interop_namespace() -> None:
    conn = FakedWBEMConnection()
    assert list(conn.interop_namespace_names) == ["interop", "root/interop", "root/PG_Interop"]
    assert conn.is_interop_namespace("Root/Interop")
    assert not conn.is_interop_namespace("root/cimv2")
    assert conn.find_interop_namespace() is None
    conn.add_namespace("root/PG_INTEROP")
    assert conn.find_interop_namespace() == "root/PG_INTEROP"


# -- Adding objects -----------------------------------------------------------


def test_added_instance_is_a_copy_in_the_namespace() -> None:
    conn = FakedWBEMConnection("root/a")
    given = CIMInstance("A", {"x": "1"}, path=CIMInstanceName("A", {"k": "v"}, "h", "root/b"))
    conn.add_cimobjects([[CIMClass("A")], given])
    assert given.path.namespace == "root/b"
    [found] = conn.EnumerateInstances("A")
    assert found.path == CIMInstanceName("A", {"k": "v"}, namespace="root/a")
    given.properties["x"].value = "2"
    assert conn.GetInstance(found.path)["x"] == "1"


def test_added_instance_whose_properties_were_put_in_directly() -> None:
    conn = FakedWBEMConnection()
    given = CIMInstance("A", path=CIMInstanceName("A", {"k": "v"}))
    given.properties["x"] = "text"
    conn.add_cimobjects([CIMClass("A"), given])
    assert conn.EnumerateInstances("A")[0].properties["x"].type == "string"


def test_added_class_gets_its_flavors() -> None:
    conn = FakedWBEMConnection()
    conn.add_cimobjects(declaration("Key", tosubclass=True, overridable=False))
    conn.add_cimobjects(
        CIMClass("A", [CIMProperty("k", None, "string", qualifiers=[CIMQualifier("Key", True)])])
    )
    found = conn.GetClass("A").properties["k"].qualifiers["Key"]
    assert (found.overridable, found.tosubclass, found.propagated) == (False, True, False)


@pytest.mark.parametrize(
    "obj, exception",
    [
        (None, TypeError),
        ("x", TypeError),
        (CIMInstanceName("A"), TypeError),
        (CIMClass("Element"), ValueError),
        (CIMClass("N", superclass="Nix"), ValueError),
        (CIMClass("N", qualifiers=[CIMQualifier("Nix", True)]), CIMError),
        (declaration("KEY"), ValueError),
        (CIMInstance("Element"), ValueError),
        (element(1), ValueError),
    ],
    ids=[
        "None",
        "string",
        "path",
        "class exists",
        "superclass",
        "qualifier",
        "declaration exists",
        "no path",
        "instance exists",
    ],
)
def test_objects_are_added_all_or_none(
    conn: FakedWBEMConnection, obj: Any, exception: type
) -> None:
    counts = [store.len() for store in stores(conn)]
    with pytest.raises(exception):
        conn.add_cimobjects([declaration("New"), CIMClass("New"), element(9), obj])
    assert [store.len() for store in stores(conn)] == counts


def stores(conn: FakedWBEMConnection) -> List[Any]:
    repository = conn.cimrepository
    return [
        repository.get_qualifier_store(NAMESPACE),
        repository.get_class_store(NAMESPACE),
        repository.get_instance_store(NAMESPACE),
    ]


def test_objects_in_an_unknown_namespace(conn: FakedWBEMConnection) -> None:
    with pytest.raises(CIMError) as info:
        conn.add_cimobjects(CIMClass("N"), namespace="nix")
    assert info.value.status_code == 3


# -- Display ------------------------------------------------------------------


def small() -> FakedWBEMConnection:
    conn = FakedWBEMConnection()
    conn.add_cimobjects([q for q in qualifiers() if q.name == "Key"])
    conn.add_cimobjects([cls for cls in classes() if cls.classname == "Slot"])
    conn.add_cimobjects(slot(1))
    conn.add_namespace("root/empty")
    return conn


def test_display_mof(capsys: pytest.CaptureFixture[str]) -> None:
    conn = small()
    conn.display_repository()
    shown = capsys.readouterr().out
    assert shown.startswith("// ========Mock Repo Display fmt=mof namespaces=all =========\n")
    assert "// NAMESPACE 'root/empty'\n" in shown
    assert "contains 1 Classes" in shown
    assert "Qualifier Key : boolean" in shown
    assert "instance of Slot {" in shown
    assert '//  Path=/root/cimv2:Slot.Box="b",Number=1' in shown


@pytest.mark.parametrize(
    "output_format, text",
    [
        ("xml", '<CLASS NAME="Slot">'),
        ("repr", "CIMClass(classname='Slot'"),
        ("mof", "class Slot {"),
    ],
)
def test_display_formats(tmp_path: Path, output_format: str, text: str) -> None:
    conn = small()
    conn.display_repository(dest=str(tmp_path / "all"), output_format=output_format)
    assert text in (tmp_path / "all").read_text()
    conn.display_repository(["root/empty"], str(tmp_path / "one"), False, output_format)
    assert text not in (tmp_path / "one").read_text()
    conn.display_repository(dest=str(tmp_path / "sum"), summary=True, output_format=output_format)
    assert "contains 1 Instances" in (tmp_path / "sum").read_text()
    assert text not in (tmp_path / "sum").read_text()


def test_display_errors() -> None:
    conn = FakedWBEMConnection()
    with pytest.raises(ValueError, match="output format"):
        conn.display_repository(output_format="nix")
    with pytest.raises(CIMError):
        conn.display_repository("nix")


# -- Observers ----------------------------------------------------------------


class Noting:
    """An operation recorder."""

    enabled = True

    def __init__(self) -> None:
        self.seen: List[Tuple[Any, ...]] = []

    def reset(self, pull_op: Any = None) -> None:
        self.seen.append(("reset", pull_op))

    def stage_wbem_connection(self, wbem_connection: Any) -> None:
        pass

    def stage_pywbem_args(self, method: str, **kwargs: Any) -> None:
        self.seen.append((method, kwargs))

    def stage_pywbem_result(self, ret: Any, exc: Any) -> None:
        self.seen.append((type(ret).__name__, type(exc).__name__))

    def record_staged(self) -> None:
        self.seen.append(("recorded",))


def test_recorders_and_statistics(conn: FakedWBEMConnection) -> None:
    recorder: Any = Noting()
    conn.stats_enabled = True
    conn.add_operation_recorder(recorder)
    recorder.seen.clear()
    conn.EnumerateInstanceNames("Element")
    assert recorder.seen == [
        ("reset", False),
        ("EnumerateInstanceNames", {"namespace": None, "ClassName": "Element"}),
        ("list", "NoneType"),
        ("recorded",),
    ]
    recorder.seen.clear()
    with pytest.raises(CIMError):
        conn.GetInstance(element_path(9))
    assert recorder.seen[2] == ("NoneType", "CIMError")
    counts = {name: stat.count for name, stat in conn.statistics.snapshot()}
    assert counts == {"EnumerateInstanceNames": 1, "GetInstance": 1}
    assert conn.last_operation_time is not None
    assert conn.last_raw_request is None


# -- Call records -------------------------------------------------------------


def test_every_operation_is_known(conn: FakedWBEMConnection) -> None:
    names = {
        name
        for name in dir(conn)
        if name.startswith(
            ("Open", "Pull", "Get", "Enumerat", "Create", "Modify", "Delete", "Assoc", "Ref")
        )
    }
    names |= {"SetQualifier", "ExecQuery", "CloseEnumeration"}
    # Clients of old have these.
    assert names | {"GetProperty", "SetProperty"} == set(OPERATIONS)


@pytest.mark.parametrize(
    "name, params, status",
    [
        ("Nix", {}, 7),
        ("GetClass", {}, 4),
        ("GetClass", {"ClassName": CIMClassName("Slot"), "Nix": True}, 4),
        ("GetClass", {"ClassName": CIMClassName("Slot"), "LocalOnly": "true"}, 4),
        ("GetClass", {"ClassName": CIMClassName("Slot"), "PropertyList": [1]}, 4),
        ("GetClass", {"ClassName": CIMInstanceName("Slot")}, 4),
        ("GetInstance", {"InstanceName": CIMClassName("Slot")}, 4),
        ("ModifyInstance", {"ModifiedInstance": CIMInstance("Slot")}, 4),
        ("OpenEnumerateInstances", {"ClassName": CIMClassName("Slot"), "MaxObjectCount": -1}, 4),
        ("OpenEnumerateInstances", {"ClassName": CIMClassName("Slot"), "MaxObjectCount": True}, 4),
        ("PullInstances", {"EnumerationContext": "x"}, 4),
    ],
)
def test_calls_of_other_clients_are_checked(
    conn: FakedWBEMConnection, name: str, params: Dict[str, Any], status: int
) -> None:
    response = conn._handler(IntrinsicCall(name, NAMESPACE, list(params.items())))
    assert response.error is not None
    assert response.error.code == status
    assert response.name == name


def test_calls_with_null_parameters_and_slashes(conn: FakedWBEMConnection) -> None:
    call = IntrinsicCall("EnumerateClassNames", "/root/cimv2", [("ClassName", None)])
    response: Any = conn._handler(call)
    assert response.error is None
    assert CIMClassName("Slot") in response.result


def test_export_call(conn: FakedWBEMConnection) -> None:
    response = conn._handler(ExportCall("ExportIndication", []))
    assert response.error is not None
    assert response.error.code == 7


def test_response_of_a_method_has_the_declared_types(conn: FakedWBEMConnection) -> None:
    from tests.unit.test_pywbem_mock.test_providers import invoker

    invoker(conn, (None, {"log": None, "Hard": False}))
    response: Any = conn._handler(ExtrinsicCall("Reset", element_path(1), []))
    assert response.return_type == "uint32"
    assert [(param.name, param.type, param.value) for param in response.params] == [
        ("log", "string", None),
        ("Hard", "boolean", False),
    ]


def test_closed_connection(conn: FakedWBEMConnection) -> None:
    from pywbem import ConnectionError

    with conn:
        conn.EnumerateClassNames()
    assert conn.EnumerateClassNames()
    with pytest.raises(ConnectionError):
        conn.close()


def test_threads_share_a_server(conn: FakedWBEMConnection) -> None:
    failures: List[BaseException] = []

    def work(first: int) -> None:
        try:
            for number in range(first, first + 50):
                conn.CreateInstance(element(number))
                changed = CIMInstance("Element", {"Label": "x"}, path=element_path(number))
                conn.ModifyInstance(changed)
                conn.EnumerateInstances("Element", PropertyList=["Label"])
                if number % 2:
                    conn.DeleteInstance(element_path(number))
        except BaseException as exc:
            failures.append(exc)

    threads = [threading.Thread(target=work, args=(1000 * (n + 1),)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    found = conn.EnumerateInstances("Element")
    assert len(found) == 4 + 4 * 25
    assert {instance.get("Label") for instance in found} == {None, "two", "x"}
