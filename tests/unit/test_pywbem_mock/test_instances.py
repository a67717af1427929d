"""
Operations on instances.
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional

import pytest

from pywbem import (
    CIMClass,
    CIMError,
    CIMInstance,
    CIMInstanceName,
    CIMProperty,
    CIMQualifier,
    Uint8,
    Uint32,
)
from pywbem_mock import FakedWBEMConnection, config
from tests.unit.test_pywbem_mock.model import (
    NAMESPACE,
    classes,
    element,
    element_path,
    ids,
    key,
    link,
    prop,
    qualifiers,
    server,
    slot,
    slot_path,
)

INVALID_NAMESPACE = 3
INVALID_PARAMETER = 4
INVALID_CLASS = 5
NOT_FOUND = 6
ALREADY_EXISTS = 11

ALL = ["Element e1", "Element e2", "Disk e3", "FastDisk e4"]


# -- Reading ------------------------------------------------------------------


@pytest.mark.parametrize(
    "classname, expected",
    [("Element", ALL), ("disk", ALL[2:]), ("FastDisk", ALL[3:]), ("Kind", [])],
)
def test_enumerate(conn: FakedWBEMConnection, classname: str, expected: List[str]) -> None:
    assert ids(conn.EnumerateInstances(classname)) == expected
    paths = conn.EnumerateInstanceNames(classname)
    assert ids(paths) == expected
    assert {(path.namespace, path.host) for path in paths} <= {(NAMESPACE, None)}


def test_enumerate_in_the_order_of_creation(conn: FakedWBEMConnection) -> None:
    conn.CreateInstance(element(5))
    conn.DeleteInstance(element_path(1))
    conn.CreateInstance(element(1))
    assert ids(conn.EnumerateInstances("Element")) == [*ALL[1:], "Element e5", "Element e1"]


@pytest.mark.parametrize(
    "flags, properties",
    [
        ({}, ["Id", "Size", "Level"]),
        ({"DeepInheritance": True, "LocalOnly": True}, ["Id", "Size", "Level"]),
        ({"DeepInheritance": False}, ["Id", "Size"]),
        ({"DeepInheritance": False, "PropertyList": ["SIZE", "Level"]}, ["Size"]),
        ({"PropertyList": ["LEVEL", "id"]}, ["Id", "Level"]),
        ({"PropertyList": "level"}, ["Level"]),
        ({"PropertyList": []}, []),
        ({"PropertyList": ["nix"]}, []),
    ],
    ids=repr,
)
def test_enumerate_by_flags(
    conn: FakedWBEMConnection, flags: Dict[str, Any], properties: List[str]
) -> None:
    disk = conn.EnumerateInstances("Element", **flags)[2]
    assert disk.classname == "Disk"
    assert list(disk) == properties


def test_get(conn: FakedWBEMConnection) -> None:
    found = conn.GetInstance(CIMInstanceName("ELEMENT", {"id": "e1"}))
    assert dict(found.items()) == {"Id": "e1", "Size": 1}
    assert found.classname == "Element"
    assert found.path == element_path(1)


def test_get_properties(conn: FakedWBEMConnection) -> None:
    assert list(conn.GetInstance(element_path(2), PropertyList=["label", "nix"])) == ["Label"]


@pytest.mark.parametrize(
    "path, status",
    [
        (element_path(9), NOT_FOUND),
        (element_path(3), NOT_FOUND),
        (CIMInstanceName("Element", {"Id": "E1"}), NOT_FOUND),
        (CIMInstanceName("Element", {"Id": "e1", "X": "y"}), NOT_FOUND),
        (CIMInstanceName("Element", {}), NOT_FOUND),
        (CIMInstanceName("Nix", {"Id": "e1"}), INVALID_CLASS),
        (element_path(1, namespace="root/nix"), INVALID_NAMESPACE),
    ],
    ids=["key", "subclass", "case of value", "more keys", "no keys", "class", "namespace"],
)
def test_get_what_does_not_exist(
    conn: FakedWBEMConnection, path: CIMInstanceName, status: int
) -> None:
    for operation in (conn.GetInstance, conn.DeleteInstance):
        with pytest.raises(CIMError) as info:
            operation(path)
        assert info.value.status_code == status


def test_what_is_returned_is_a_copy(conn: FakedWBEMConnection) -> None:
    first = conn.GetInstance(element_path(1))
    first.properties["Size"].value = Uint32(99)
    for found in conn.EnumerateInstances("Element"):
        found.properties["Id"].value = "changed"
    for path in conn.EnumerateInstanceNames("Element"):
        path["Id"] = "changed"
    assert conn.GetInstance(element_path(1))["Size"] == 1
    assert ids(conn.EnumerateInstances("Element")) == ALL


def test_qualifiers_and_class_origin_are_returned_if_so_configured(
    conn: FakedWBEMConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = CIMProperty(
        "Size", Uint32(9), class_origin="Element", qualifiers=[CIMQualifier("Description", "d")]
    )
    conn.CreateInstance(CIMInstance("Element", [CIMProperty("Id", "e9"), size]))
    flags = {"IncludeQualifiers": True, "IncludeClassOrigin": True}
    found = conn.GetInstance(element_path(9), **flags).properties["Size"]
    assert (found.class_origin, len(found.qualifiers)) == (None, 0)
    monkeypatch.setattr(config, "IGNORE_INSTANCE_ICO_PARAM", False)
    monkeypatch.setattr(config, "IGNORE_INSTANCE_IQ_PARAM", False)
    found = conn.GetInstance(element_path(9), **flags).properties["Size"]
    assert (found.class_origin, len(found.qualifiers)) == ("Element", 1)
    found = conn.GetInstance(element_path(9)).properties["Size"]
    assert (found.class_origin, len(found.qualifiers)) == (None, 0)


# -- Creating -----------------------------------------------------------------


def test_create(conn: FakedWBEMConnection) -> None:
    path = conn.CreateInstance(CIMInstance("slot", {"box": "c", "NUMBER": Uint32(7)}))
    assert path == CIMInstanceName("Slot", {"Number": 7, "Box": "c"}, namespace=NAMESPACE)
    assert list(path.keys()) == ["Number", "Box"]
    assert path.classname == "Slot"
    found = conn.GetInstance(path)
    assert [value.name for value in found.properties.values()] == ["Box", "Number"]


def test_what_is_created_is_a_copy(conn: FakedWBEMConnection) -> None:
    new = CIMInstance("Element", {"Id": "e9", "Tags": ["a"]})
    path = conn.CreateInstance(new)
    new["Tags"].append("changed")
    new.properties["Id"].value = "changed"
    path["Id"] = "changed"
    assert new.path is None
    assert conn.GetInstance(element_path(9))["Tags"] == ["a"]


@pytest.mark.parametrize(
    "new, status",
    [
        (CIMInstance("Element", {"Id": "e1"}), ALREADY_EXISTS),
        (CIMInstance("Element", {"Size": Uint32(1)}), INVALID_PARAMETER),
        (CIMInstance("Element", [CIMProperty("Id", None, "string")]), INVALID_PARAMETER),
        (CIMInstance("Element", {"Id": "e9", "Nix": "x"}), INVALID_PARAMETER),
        (CIMInstance("Element", {"Id": "e9", "Size": Uint8(1)}), INVALID_PARAMETER),
        (CIMInstance("Element", {"Id": "e9", "Label": ["x"]}), INVALID_PARAMETER),
        (CIMInstance("Element", {"Id": "e9", "Tags": "x"}), INVALID_PARAMETER),
        (CIMInstance("Nix", {"Id": "e9"}), INVALID_CLASS),
        (link("Uses", User=element_path(9), Used=slot_path(1)), INVALID_PARAMETER),
        (link("Uses", User=element_path(1), Used=slot_path(1, "root/x")), INVALID_PARAMETER),
        (link("Uses", User=element_path(1)), INVALID_PARAMETER),
    ],
    ids=[
        "exists",
        "no key",
        "key is NULL",
        "unknown property",
        "type",
        "array",
        "no array",
        "class",
        "end does not exist",
        "namespace of end does not exist",
        "end missing",
    ],
)
def test_create_fails(conn: FakedWBEMConnection, new: CIMInstance, status: int) -> None:
    before = conn.EnumerateInstanceNames("Element") + conn.EnumerateInstanceNames("Uses")
    with pytest.raises(CIMError) as info:
        conn.CreateInstance(new)
    assert info.value.status_code == status
    assert before == conn.EnumerateInstanceNames("Element") + conn.EnumerateInstanceNames("Uses")


def test_reference_without_namespace_gets_that_of_the_association(
    conn: FakedWBEMConnection,
) -> None:
    new = link("Uses", User=element_path(2, namespace=None), Used=slot_path(3, namespace=None))
    path = conn.CreateInstance(new)
    assert path["User"] == element_path(2)
    assert new["User"].namespace is None
    assert path in conn.EnumerateInstanceNames("Uses")


@pytest.mark.parametrize(
    "classname, status",
    [("Element", None), ("Disk", None), ("Slot", INVALID_PARAMETER)],
)
def test_class_of_an_embedded_instance(classname: str, status: Optional[int]) -> None:
    conn = server()
    emb = prop("Emb", qualifiers=[CIMQualifier("EmbeddedInstance", "Element")])
    emb.embedded_object = "instance"
    conn.CreateClass(CIMClass("Holder", [key("Id"), emb]))
    new = CIMInstance("Holder", {"Id": "1", "Emb": CIMInstance(classname, {})})
    if status is None:
        assert conn.GetInstance(conn.CreateInstance(new))["Emb"].classname == classname
    else:
        with pytest.raises(CIMError) as info:
            conn.CreateInstance(new)
        assert info.value.status_code == status


# -- Modifying ----------------------------------------------------------------


E2 = element_path(2)


def modified(path: CIMInstanceName = E2, **values: Any) -> CIMInstance:
    result = CIMInstance(path.classname, path=path)
    for name, value in values.items():
        prop_type = {"Size": "uint32"}.get(name, "string")
        given = value is not None and not isinstance(value, str)
        result.properties[name] = CIMProperty(name, value, None if given else prop_type)
    return result


@pytest.mark.parametrize(
    "values, property_list, expected",
    [
        ({"Label": "new"}, None, {"Size": 2, "Label": "new"}),
        ({"label": "new"}, None, {"Size": 2, "Label": "new"}),
        ({"Label": None}, None, {"Size": 2, "Label": None}),
        ({"Tags": ["a", "b"]}, None, {"Size": 2, "Label": "two", "Tags": ["a", "b"]}),
        ({"Label": "new", "Size": Uint32(9)}, ["label"], {"Size": 2, "Label": "new"}),
        ({"Label": "new", "Size": Uint32(9)}, "Size", {"Size": 9, "Label": "two"}),
        ({"Label": "new"}, [], {"Size": 2, "Label": "two"}),
        ({"Label": "new"}, ["Size"], {"Size": 7, "Label": "two"}),
        ({"Label": "new"}, ["Tags"], {"Size": 2, "Label": "two", "Tags": None}),
        ({"Id": "e2", "Label": "new"}, None, {"Size": 2, "Label": "new"}),
        ({"Label": "new"}, ["Id", "Label"], {"Size": 2, "Label": "new"}),
    ],
    ids=[
        "value",
        "case",
        "NULL",
        "added",
        "list",
        "name",
        "empty list",
        "default of class",
        "no default",
        "same key",
        "key in list",
    ],
)
def test_modify(
    conn: FakedWBEMConnection,
    values: Dict[str, Any],
    property_list: Any,
    expected: Dict[str, Any],
) -> None:
    conn.ModifyInstance(modified(**values), PropertyList=property_list)
    assert dict(conn.GetInstance(element_path(2)).items()) == {"Id": "e2", **expected}


def inconsistent() -> CIMInstance:
    result = modified()
    result.classname = "Disk"
    return result


@pytest.mark.parametrize(
    "instance, property_list, status",
    [
        (modified(element_path(9)), None, NOT_FOUND),
        (modified(CIMInstanceName("Nix", {"Id": "e2"})), None, INVALID_CLASS),
        (modified(element_path(2, namespace="root/nix")), None, INVALID_NAMESPACE),
        (modified(Nix="x"), None, INVALID_PARAMETER),
        (modified(Size=Uint8(1)), None, INVALID_PARAMETER),
        (modified(Id="e3"), None, INVALID_PARAMETER),
        (modified(Label="x"), ["Nix"], INVALID_PARAMETER),
        (inconsistent(), None, INVALID_PARAMETER),
    ],
    ids=["instance", "class", "namespace", "property", "type", "key", "list", "inconsistent"],
)
def test_modify_fails(
    conn: FakedWBEMConnection, instance: CIMInstance, property_list: Any, status: int
) -> None:
    before = conn.GetInstance(element_path(2))
    with pytest.raises(CIMError) as info:
        conn.ModifyInstance(instance, PropertyList=property_list)
    assert info.value.status_code == status
    assert conn.GetInstance(element_path(2)) == before


def test_modify_an_association(conn: FakedWBEMConnection) -> None:
    path = conn.ReferenceNames(element_path(2), ResultClass="Uses")[0]
    path.host = None
    conn.ModifyInstance(CIMInstance("Uses", {"Since": "2000"}, path=path))
    assert conn.GetInstance(path)["Since"] == "2000"


def test_delete(conn: FakedWBEMConnection) -> None:
    conn.DeleteInstance(CIMInstanceName("element", {"ID": "e1"}))
    assert ids(conn.EnumerateInstances("Element")) == ALL[1:]


# -- Associations over namespaces ---------------------------------------------


@pytest.fixture
def two() -> FakedWBEMConnection:
    """A server with the model in two namespaces."""
    conn = server()
    conn.add_namespace("root/two")
    conn.add_cimobjects([qualifiers(), classes(), slot(8)], namespace="root/two")
    return conn


def crossing(info: str = "x") -> CIMInstance:
    return link("Uses", User=element_path(2), Used=slot_path(8, "root/two"), Since=info)


def test_association_is_created_in_both_namespaces(two: FakedWBEMConnection) -> None:
    path = two.CreateInstance(crossing())
    assert path.namespace == NAMESPACE
    assert [found.namespace for found in two.EnumerateInstanceNames("Uses", "root/two")] == [
        "root/two"
    ]
    assert ids(two.AssociatorNames(slot_path(8, "root/two"))) == ["Element e2"]
    assert ids(two.Associators(element_path(2), ResultClass="Slot")) == ["Slot 1 b", "Slot 8 b"]
    with pytest.raises(CIMError) as info:
        two.CreateInstance(crossing())
    assert info.value.status_code == ALREADY_EXISTS


def test_association_is_modified_and_deleted_in_both_namespaces(two: FakedWBEMConnection) -> None:
    path = two.CreateInstance(crossing())
    two.ModifyInstance(CIMInstance("Uses", {"Since": "new"}, path=path))
    [other] = two.EnumerateInstances("Uses", "root/two")
    assert (other["Since"], two.GetInstance(path)["Since"]) == ("new", "new")
    two.DeleteInstance(path)
    assert two.EnumerateInstanceNames("Uses", "root/two") == []


def test_association_is_created_in_no_namespace_if_one_has_not_the_class(
    two: FakedWBEMConnection,
) -> None:
    two.DeleteClass("Uses", "root/two")
    before = two.EnumerateInstanceNames("Uses")
    with pytest.raises(CIMError) as info:
        two.CreateInstance(crossing())
    assert info.value.status_code == INVALID_CLASS
    assert two.EnumerateInstanceNames("Uses") == before
