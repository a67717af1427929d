"""
Association operations.
"""

from __future__ import annotations

from typing import Any, Dict, List

import pytest

from pywbem import CIMClassName, CIMError, CIMInstanceName
from pywbem_mock import FakedWBEMConnection
from tests.unit.test_pywbem_mock.model import (
    HOST,
    NAMESPACE,
    element_path,
    ids,
    link,
    server,
    slot_path,
)

E1, E2 = element_path(1), element_path(2)
D3, F4 = element_path(3, "Disk"), element_path(4, "FastDisk")


@pytest.mark.parametrize(
    "source, filters, expected",
    [
        (E1, {}, ["Uses", "Uses", "Contains", "Contains"]),
        (E1, {"ResultClass": "USES"}, ["Uses", "Uses"]),
        (E1, {"Role": "whole"}, ["Contains", "Contains"]),
        (E1, {"Role": "Part"}, []),
        (E1, {"Role": "Nix"}, []),
        (E1, {"ResultClass": "Uses", "Role": "Whole"}, []),
        (E2, {}, ["Uses", "Contains"]),
        (D3, {"ResultClass": "Uses"}, ["UsesMuch"]),
        (D3, {"ResultClass": "UsesMuch"}, ["UsesMuch"]),
        (D3, {}, ["UsesMuch", "Contains", "Contains"]),
        (slot_path(3), {}, ["UsesMuch"]),
        (element_path(3), {}, []),
        (element_path(9), {}, []),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else None,
)
def test_references(
    conn: FakedWBEMConnection,
    source: CIMInstanceName,
    filters: Dict[str, Any],
    expected: List[str],
) -> None:
    paths = conn.ReferenceNames(source, **filters)
    assert [path.classname for path in paths] == expected
    assert all(path.host == HOST and path.namespace == NAMESPACE for path in paths)
    assert [found.path for found in conn.References(source, **filters)] == paths


@pytest.mark.parametrize(
    "source, filters, expected",
    [
        (E1, {}, ["Slot 1 b", "Slot 2 b", "Element e2", "Disk e3"]),
        (E1, {"AssocClass": "contains"}, ["Element e2", "Disk e3"]),
        (E1, {"ResultClass": "Disk"}, ["Disk e3"]),
        (E1, {"ResultClass": "Element"}, ["Element e2", "Disk e3"]),
        (E1, {"Role": "User"}, ["Slot 1 b", "Slot 2 b"]),
        (E1, {"ResultRole": "part"}, ["Element e2", "Disk e3"]),
        (E1, {"ResultRole": "Whole"}, []),
        (
            E1,
            {"AssocClass": "Uses", "ResultClass": "Slot", "Role": "User", "ResultRole": "Used"},
            ["Slot 1 b", "Slot 2 b"],
        ),
        (E2, {}, ["Slot 1 b", "Element e1"]),
        (D3, {"AssocClass": "UsesMuch"}, ["Slot 3 b"]),
        (D3, {"AssocClass": "Uses"}, ["Slot 3 b"]),
        (D3, {"Role": "Part"}, ["Element e1"]),
        (D3, {"Role": "Whole"}, ["FastDisk e4"]),
        (slot_path(1), {}, ["Element e1", "Element e2"]),
        (element_path(9), {}, []),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else None,
)
def test_associators(
    conn: FakedWBEMConnection,
    source: CIMInstanceName,
    filters: Dict[str, Any],
    expected: List[str],
) -> None:
    paths = conn.AssociatorNames(source, **filters)
    assert ids(paths) == expected
    assert all(path.host == HOST and path.namespace == NAMESPACE for path in paths)
    assert ids(conn.Associators(source, **filters)) == expected


def test_source_in_another_case_and_without_namespace(conn: FakedWBEMConnection) -> None:
    source = CIMInstanceName("ELEMENT", {"ID": "e1"}, host="elsewhere")
    assert conn.AssociatorNames(source) == conn.AssociatorNames(E1)


def test_association_of_an_instance_with_itself() -> None:
    conn = server()
    conn.CreateInstance(link("Contains", Whole=F4, Part=F4))
    assert ids(conn.AssociatorNames(F4)) == ["Disk e3"]
    assert ids(conn.AssociatorNames(F4, Role="Whole")) == []
    assert "Contains" in [path.classname for path in conn.ReferenceNames(F4)]


def test_result_that_two_associations_reach_comes_once() -> None:
    conn = server()
    conn.CreateInstance(link("Contains", Whole=E2, Part=E1))
    assert ids(conn.AssociatorNames(E1)).count("Element e2") == 1


def test_associated_instance_that_was_deleted() -> None:
    conn = server()
    conn.DeleteInstance(E2)
    assert "Element e2" in ids(conn.AssociatorNames(E1))
    assert "Element e2" not in ids(conn.Associators(E1))


@pytest.mark.parametrize(
    "property_list, expected", [(None, ["Id", "Size", "Level"]), (["LEVEL"], ["Level"]), ([], [])]
)
def test_properties(conn: FakedWBEMConnection, property_list: Any, expected: List[str]) -> None:
    [disk] = conn.Associators(E1, ResultClass="Disk", PropertyList=property_list)
    assert list(disk) == expected


def test_properties_of_references(conn: FakedWBEMConnection) -> None:
    found = conn.References(E1, ResultClass="Uses", PropertyList=["since"])
    assert [dict(instance.items()) for instance in found] == [{"Since": "1999"}, {}]


def test_references_without_namespaces_in_added_instances() -> None:
    conn = server()
    source = element_path(2, namespace=None)
    conn.add_cimobjects(link("Contains", Whole=source, Part=element_path(4, "FastDisk", None)))
    assert "FastDisk e4" in ids(conn.AssociatorNames(E2))
    assert "FastDisk e4" in ids(conn.Associators(E2))
    assert ids(conn.Associators(F4)) == ["Disk e3", "Element e2"]


@pytest.mark.parametrize(
    "operation", ["ReferenceNames", "References", "AssociatorNames", "Associators"]
)
@pytest.mark.parametrize(
    "source, filters",
    [
        (CIMInstanceName("Nix", {"a": "b"}), {}),
        ("Nix", {}),
        (E1, {"ResultClass": "Nix"}),
        ("Element", {"ResultClass": "Nix"}),
    ],
    ids=["instance", "class", "ResultClass", "ResultClass of class"],
)
def test_unknown_class(
    conn: FakedWBEMConnection, operation: str, source: Any, filters: Dict[str, Any]
) -> None:
    with pytest.raises(CIMError) as info:
        getattr(conn, operation)(source, **filters)
    assert info.value.status_code == 4


def test_unknown_association_class(conn: FakedWBEMConnection) -> None:
    for source in (E1, "Element"):
        with pytest.raises(CIMError) as info:
            conn.AssociatorNames(source, AssocClass="Nix")
        assert info.value.status_code == 4


# -- Of classes ---------------------------------------------------------------


@pytest.mark.parametrize(
    "source, filters, expected",
    [
        ("Element", {}, ["Uses", "UsesMuch", "Contains"]),
        ("fastdisk", {}, ["Uses", "UsesMuch", "Contains"]),
        ("Slot", {}, ["Uses", "UsesMuch"]),
        ("Slot", {"ResultClass": "UsesMuch"}, ["UsesMuch"]),
        ("Element", {"Role": "user"}, ["Uses", "UsesMuch"]),
        ("Element", {"Role": "Used"}, []),
        ("Uses", {}, []),
    ],
    ids=str,
)
def test_reference_classes(
    conn: FakedWBEMConnection, source: str, filters: Dict[str, Any], expected: List[str]
) -> None:
    paths = conn.ReferenceNames(source, **filters)
    assert paths == [CIMClassName(name, HOST, NAMESPACE) for name in expected]
    found = conn.References(source, **filters)
    assert [path for path, _ in found] == paths
    assert [cls.path for _, cls in found] == paths


@pytest.mark.parametrize(
    "source, filters, expected",
    [
        ("Element", {}, ["Slot", "Element"]),
        ("Disk", {}, ["Element", "Slot"]),
        ("Slot", {}, ["Element"]),
        ("Element", {"AssocClass": "Uses"}, ["Slot"]),
        ("Element", {"ResultClass": "Slot"}, ["Slot"]),
        ("Element", {"Role": "Whole"}, ["Element"]),
        ("Element", {"ResultRole": "used"}, ["Slot"]),
        ("Slot", {"Role": "User"}, []),
    ],
    ids=str,
)
def test_associated_classes(
    conn: FakedWBEMConnection, source: str, filters: Dict[str, Any], expected: List[str]
) -> None:
    paths = conn.AssociatorNames(source, **filters)
    assert paths == [CIMClassName(name, HOST, NAMESPACE) for name in expected]
    assert [path for path, _ in conn.Associators(source, **filters)] == paths


def test_classes_by_flags(conn: FakedWBEMConnection) -> None:
    [(_, cls)] = conn.Associators(
        "Slot", IncludeQualifiers=False, IncludeClassOrigin=True, PropertyList=["Id"]
    )
    assert list(cls.properties) == ["Id"]
    assert cls.properties["Id"].class_origin == "Element"
    assert not cls.properties["Id"].qualifiers
