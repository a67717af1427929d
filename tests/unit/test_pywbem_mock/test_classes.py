"""
Operations on classes and qualifier declarations, and the resolution of classes.
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple

import pytest

from pywbem import (
    CIMClass,
    CIMClassName,
    CIMError,
    CIMInstance,
    CIMMethod,
    CIMParameter,
    CIMProperty,
    CIMQualifier,
    CIMQualifierDeclaration,
    Uint8,
    Uint32,
)
from pywbem_mock import FakedWBEMConnection
from tests.unit.test_pywbem_mock.model import (
    HOST,
    NAMESPACE,
    declaration,
    element_path,
    key,
    override,
    prop,
    server,
)

INVALID_NAMESPACE = 3
INVALID_PARAMETER = 4
INVALID_CLASS = 5
NOT_FOUND = 6
CLASS_HAS_CHILDREN = 8
CLASS_HAS_INSTANCES = 9
INVALID_SUPERCLASS = 10
ALREADY_EXISTS = 11
FAILED = 1

ASSOCIATION = [CIMQualifier("Association", True)]
UNDECLARED = [CIMQualifier("Nix", True)]


def flavors(qualifier: CIMQualifier) -> Tuple[Any, ...]:
    return (
        qualifier.value,
        qualifier.propagated,
        qualifier.overridable,
        qualifier.tosubclass,
        qualifier.translatable,
    )


def elements(items: Any) -> Dict[str, Tuple[Optional[str], Optional[bool]]]:
    return {name: (item.class_origin, item.propagated) for name, item in items.items()}


# -- What GetClass returns ----------------------------------------------------


def test_class_has_what_it_inherits(conn: FakedWBEMConnection) -> None:
    cls = conn.GetClass("fastdisk", LocalOnly=False, IncludeClassOrigin=True)
    assert cls.classname == "FastDisk"
    assert cls.path == CIMClassName("FastDisk", HOST, NAMESPACE)
    assert elements(cls.properties) == {
        "Speed": ("FastDisk", False),
        "Level": ("Disk", True),
        "Label": ("Element", True),
        "Id": ("Element", True),
        "Size": ("Element", True),
        "Tags": ("Element", True),
    }
    assert elements(cls.methods) == {"Reset": ("Element", True), "Count": ("Element", True)}


def test_qualifiers_of_a_property_that_overrides(conn: FakedWBEMConnection) -> None:
    label = conn.GetClass("Disk", LocalOnly=False).properties["Label"]
    assert {name: flavors(value) for name, value in label.qualifiers.items()} == {
        "Override": ("Label", False, True, False, None),
        "Description": ("of a disk", False, True, True, True),
        "MaxLen": (64, True, True, True, None),
    }


@pytest.mark.parametrize(
    "own, expected",
    [
        (CIMQualifier("MaxLen", Uint32(64)), (64, False, True, True, None)),
        (CIMQualifier("MaxLen", Uint32(10)), (10, False, True, True, None)),
        (CIMQualifier("Version", "2"), ("2", True, None, None, None)),
        (CIMQualifier("Key", True), (True, True, None, None, None)),
    ],
    ids=["same", "other", "restricted", "not overridable"],
)
def test_qualifier_that_the_overridden_property_has(
    conn: FakedWBEMConnection, own: CIMQualifier, expected: Tuple[Any, ...]
) -> None:
    conn.SetQualifier(declaration("Version", "string", tosubclass=False))
    above = [
        CIMQualifier("MaxLen", Uint32(64)),
        CIMQualifier("Version", "1"),
        CIMQualifier("Key", True),
    ]
    conn.CreateClass(CIMClass("Above", [prop("p", qualifiers=above)]))
    below = prop("p", qualifiers=override("p", own))
    conn.CreateClass(CIMClass("Below", [below], superclass="Above"))
    found = conn.GetClass("Below", LocalOnly=False).properties["p"].qualifiers
    assert flavors(found[own.name]) == expected


def test_qualifiers_of_an_inherited_property(conn: FakedWBEMConnection) -> None:
    label = conn.GetClass("FastDisk", LocalOnly=False).properties["Label"]
    assert all(qualifier.propagated for qualifier in label.qualifiers.values())
    assert flavors(conn.GetClass("FastDisk", LocalOnly=False).properties["Id"].qualifiers["key"])[
        :4
    ] == (True, True, False, True)


def test_qualifiers_of_a_class_get_the_flavors_of_their_declarations(
    conn: FakedWBEMConnection,
) -> None:
    found = conn.GetClass("Element").qualifiers
    assert flavors(found["Description"]) == ("what it is", False, True, True, True)
    assert flavors(found["Version"]) == ("1.0", False, True, False, None)
    assert "Version" not in conn.GetClass("Disk").qualifiers


def test_flavors_that_are_given_stay(conn: FakedWBEMConnection) -> None:
    given = CIMQualifier(
        "Description", "x", overridable=False, tosubclass=False, translatable=False
    )
    conn.CreateClass(CIMClass("New", qualifiers=[given]))
    assert flavors(conn.GetClass("New").qualifiers["Description"]) == (
        "x",
        False,
        False,
        False,
        False,
    )


@pytest.mark.parametrize(
    "flags, properties, methods",
    [
        ({}, ["Level"], []),
        ({"LocalOnly": True}, ["Level"], []),
        (
            {"LocalOnly": False},
            ["Level", "Label", "Id", "Size", "Tags"],
            ["Reset", "Count"],
        ),
        ({"LocalOnly": False, "PropertyList": ["size", "LEVEL"]}, ["Level", "Size"], None),
        ({"LocalOnly": False, "PropertyList": "Size"}, ["Size"], None),
        ({"LocalOnly": False, "PropertyList": []}, [], None),
        ({"LocalOnly": False, "PropertyList": ["nix"]}, [], None),
        ({"LocalOnly": True, "PropertyList": ["Size"]}, [], []),
    ],
    ids=lambda value: repr(value) if isinstance(value, dict) else "",
)
def test_elements_of_a_class_by_flags(
    conn: FakedWBEMConnection,
    flags: Dict[str, Any],
    properties: List[str],
    methods: Optional[List[str]],
) -> None:
    cls = conn.GetClass("Disk", **flags)
    assert list(cls.properties) == properties
    if methods is not None:
        assert list(cls.methods) == methods


def test_qualifiers_and_class_origin_are_left_out(conn: FakedWBEMConnection) -> None:
    cls = conn.GetClass("Element", IncludeQualifiers=False)
    elements_and_class = [cls, *cls.properties.values(), *cls.methods.values()]
    elements_and_class += cls.methods["Reset"].parameters.values()
    assert not any(item.qualifiers for item in elements_and_class)
    assert cls.properties["Id"].class_origin is None
    assert cls.methods["Reset"].class_origin is None


def test_class_that_is_returned_is_a_copy(conn: FakedWBEMConnection) -> None:
    cls = conn.GetClass("Element")
    cls.properties["Id"].qualifiers["Key"].value = False
    cls.methods["Reset"].parameters["Hard"].name = "changed"
    del cls.properties["Tags"]
    again = conn.GetClass("Element")
    assert again.properties["Id"].qualifiers["Key"].value is True
    assert "Tags" in again.properties
    assert again.methods["Reset"].parameters["Hard"].name == "Hard"


# -- Enumerating --------------------------------------------------------------


TOP = ["Element", "Slot", "Kind", "Uses", "Contains"]


@pytest.mark.parametrize(
    "args, names",
    [
        ({}, TOP),
        ({"DeepInheritance": True}, [*TOP, "Disk", "FastDisk", "UsesMuch"]),
        ({"ClassName": "ELEMENT"}, ["Disk"]),
        ({"ClassName": "Element", "DeepInheritance": True}, ["Disk", "FastDisk"]),
        ({"ClassName": "Slot", "DeepInheritance": True}, []),
    ],
    ids=["top", "all", "direct", "below", "leaf"],
)
def test_enumerated_classes(
    conn: FakedWBEMConnection, args: Dict[str, Any], names: List[str]
) -> None:
    assert conn.EnumerateClassNames(**args) == names
    assert [cls.classname for cls in conn.EnumerateClasses(**args)] == names


def test_all_classes_come_level_by_level_below_each() -> None:
    conn = FakedWBEMConnection()
    for name, superclass in ["A", None], ["B", None], ["A1", "A"], ["A11", "A1"], ["A2", "A"]:
        conn.CreateClass(CIMClass(str(name), superclass=superclass))
    assert conn.EnumerateClassNames(DeepInheritance=True) == ["A", "B", "A1", "A2", "A11"]


def test_enumerated_classes_by_flags(conn: FakedWBEMConnection) -> None:
    [cls] = conn.EnumerateClasses(
        ClassName="Element", LocalOnly=False, IncludeQualifiers=False, IncludeClassOrigin=True
    )
    assert cls.properties["Size"].class_origin == "Element"
    assert not cls.properties["Size"].qualifiers


@pytest.mark.parametrize("operation", ["EnumerateClasses", "EnumerateClassNames"])
def test_enumerate_below_unknown_class(conn: FakedWBEMConnection, operation: str) -> None:
    with pytest.raises(CIMError) as info:
        getattr(conn, operation)(ClassName="Nix")
    assert info.value.status_code == INVALID_CLASS


# -- Creating -----------------------------------------------------------------


def method(name: str, *params: CIMParameter, type: str = "uint32", **more: Any) -> CIMMethod:
    return CIMMethod(name, type, params, **more)


REFERENCE = {"type": "reference", "reference_class": "Element"}
HARD, LOG = CIMParameter("Hard", "boolean"), CIMParameter("Log", "string")

CLASSES: List[Tuple[str, CIMClass, Optional[int]]] = [
    ("exists", CIMClass("element"), ALREADY_EXISTS),
    ("superclass", CIMClass("N", superclass="Nix"), INVALID_SUPERCLASS),
    ("superclass in another case", CIMClass("N", superclass="ELEMENT"), None),
    ("undeclared qualifier", CIMClass("N", qualifiers=UNDECLARED), 4),
    ("undeclared on property", CIMClass("N", [prop("p", qualifiers=UNDECLARED)]), 4),
    ("scope class", CIMClass("N", qualifiers=[CIMQualifier("Key", True)]), 4),
    ("scope property", CIMClass("N", [prop("p", qualifiers=ASSOCIATION)]), 4),
    ("scope method", CIMClass("N", methods=[method("m", qualifiers=ASSOCIATION)]), 4),
    (
        "scope parameter",
        CIMClass("N", methods=[method("m", CIMParameter("p", "string", qualifiers=ASSOCIATION))]),
        4,
    ),
    ("type of qualifier", CIMClass("N", qualifiers=[CIMQualifier("Description", Uint8(1))]), 4),
    ("reference in no association", CIMClass("N", [prop("r", **REFERENCE)]), 4),
    ("association", CIMClass("N", [prop("r", **REFERENCE)], qualifiers=ASSOCIATION), None),
    (
        "reference to unknown class",
        CIMClass("N", [prop("r", "reference", reference_class="Nix")], qualifiers=ASSOCIATION),
        4,
    ),
    ("reference without class", CIMClass("N", [prop("r", "reference")], qualifiers=ASSOCIATION), 4),
    (
        "reference to itself",
        CIMClass("N", [prop("r", "reference", reference_class="n")], qualifiers=ASSOCIATION),
        None,
    ),
    (
        "parameter of unknown class",
        CIMClass("N", methods=[method("m", CIMParameter("p", "reference", "Nix"))]),
        4,
    ),
    (
        "embedded instance of unknown class",
        CIMClass("N", [prop("p", qualifiers=[CIMQualifier("EmbeddedInstance", "Nix")])]),
        4,
    ),
    ("association below none", CIMClass("N", superclass="Element", qualifiers=ASSOCIATION), 4),
    ("same property", CIMClass("N", [prop("Size", "uint32")], superclass="Element"), 4),
    (
        "override",
        CIMClass("N", [prop("size", "uint32", qualifiers=override("SIZE"))], superclass="Element"),
        None,
    ),
    (
        "override of another type",
        CIMClass("N", [prop("Size", "uint8", qualifiers=override("Size"))], superclass="Element"),
        4,
    ),
    (
        "override as array",
        CIMClass(
            "N",
            [prop("Size", "uint32", is_array=True, qualifiers=override("Size"))],
            superclass="Element",
        ),
        4,
    ),
    (
        "override of another property",
        CIMClass("N", [prop("Label", qualifiers=override("Size"))], superclass="Element"),
        4,
    ),
    (
        "override of no property",
        CIMClass("N", [prop("Label", qualifiers=override("Nix"))], superclass="Element"),
        4,
    ),
    (
        "qualifier that cannot be overridden",
        CIMClass(
            "N",
            [prop("Id", qualifiers=override("Id", CIMQualifier("Key", False)))],
            superclass="Element",
        ),
        4,
    ),
    (
        "same value of such a qualifier",
        CIMClass(
            "N",
            [prop("Id", qualifiers=override("Id", CIMQualifier("Key", True)))],
            superclass="Element",
        ),
        None,
    ),
    ("same method", CIMClass("N", methods=[method("Reset", HARD, LOG)], superclass="Element"), 4),
    (
        "override of a method",
        CIMClass(
            "N",
            methods=[method("Reset", HARD, LOG, qualifiers=override("Reset"))],
            superclass="Element",
        ),
        None,
    ),
    (
        "other return type",
        CIMClass(
            "N",
            methods=[method("Reset", HARD, LOG, type="string", qualifiers=override("Reset"))],
            superclass="Element",
        ),
        4,
    ),
    (
        "other parameters",
        CIMClass(
            "N",
            methods=[method("Reset", HARD, qualifiers=override("Reset"))],
            superclass="Element",
        ),
        4,
    ),
]


@pytest.mark.parametrize(
    "cls, status", [row[1:] for row in CLASSES], ids=[row[0] for row in CLASSES]
)
def test_create_class(conn: FakedWBEMConnection, cls: CIMClass, status: Optional[int]) -> None:
    before = conn.EnumerateClassNames(DeepInheritance=True)
    if status is None:
        conn.CreateClass(cls)
        assert conn.GetClass(cls.classname).superclass == cls.superclass
    else:
        with pytest.raises(CIMError) as info:
            conn.CreateClass(cls)
        assert info.value.status_code == status
        assert conn.EnumerateClassNames(DeepInheritance=True) == before


@pytest.mark.parametrize("strict", [False, True], ids=["default", "strict"])
@pytest.mark.parametrize("name", ["CreateClass", "ModifyClass", "add_cimobjects"])
def test_class_that_is_given_stays_as_it_is(name: str, strict: bool) -> None:
    conn = FakedWBEMConnection(strict=strict)
    conn.compile_mof_string(
        "Qualifier Key : boolean = false, Scope(property);"
        "Qualifier Override : string = null, Scope(property);"
        "class Above { [Key] string k; };"
    )
    given = CIMClass("Below", [prop("k", qualifiers=override("k"))], superclass="Above")
    if name == "ModifyClass":
        conn.CreateClass(given)
    before = given.tocimxmlstr()
    getattr(conn, name)(given)
    assert given.tocimxmlstr() == before


def test_declaration_that_changes_counts_at_once(conn: FakedWBEMConnection) -> None:
    given = [CIMQualifier("Late", True)]
    conn.SetQualifier(CIMQualifierDeclaration("Late", "boolean", scopes={"CLASS": True}))
    conn.CreateClass(CIMClass("First", qualifiers=given))
    conn.SetQualifier(CIMQualifierDeclaration("Late", "boolean", scopes={"METHOD": True}))
    with pytest.raises(CIMError) as info:
        conn.CreateClass(CIMClass("Second", qualifiers=given))
    assert info.value.status_code == INVALID_PARAMETER
    conn.DeleteClass("First")
    conn.DeleteQualifier("Late")
    with pytest.raises(CIMError) as info:
        conn.CreateClass(CIMClass("Third", qualifiers=given))
    assert info.value.status_code == INVALID_PARAMETER


def test_class_that_is_created_is_a_copy(conn: FakedWBEMConnection) -> None:
    cls = CIMClass("New", [key("k")])
    conn.CreateClass(cls)
    cls.properties["k"].qualifiers["Key"].value = False
    assert conn.GetClass("New").properties["k"].qualifiers["Key"].value is True
    assert cls.properties["k"].class_origin is None
    assert cls.properties["k"].qualifiers["Key"].propagated is None


# -- Modifying and deleting ---------------------------------------------------


def test_modify_class(conn: FakedWBEMConnection) -> None:
    conn.CreateClass(CIMClass("New", superclass="Element"))
    order = conn.EnumerateClassNames()
    conn.ModifyClass(CIMClass("New", [prop("added")], superclass="element"))
    cls = conn.GetClass("New", LocalOnly=False)
    assert cls.properties["added"].propagated is False
    assert cls.properties["Id"].propagated is True
    assert conn.EnumerateClassNames() == order


@pytest.mark.parametrize(
    "cls, status",
    [
        (CIMClass("Nix"), NOT_FOUND),
        (CIMClass("Element", [key("Id")]), CLASS_HAS_CHILDREN),
        (CIMClass("Slot", [key("Number")]), CLASS_HAS_INSTANCES),
        (CIMClass("Kind", superclass="Slot"), INVALID_SUPERCLASS),
        (CIMClass("Kind", qualifiers=[CIMQualifier("Nix", True)]), INVALID_PARAMETER),
    ],
    ids=["unknown", "subclasses", "instances", "superclass", "qualifier"],
)
def test_modify_class_fails(conn: FakedWBEMConnection, cls: CIMClass, status: int) -> None:
    with pytest.raises(CIMError) as info:
        conn.ModifyClass(cls)
    assert info.value.status_code == status
    assert "Name" in conn.GetClass("Kind").properties


def test_delete_class_takes_subclasses_and_instances_along(conn: FakedWBEMConnection) -> None:
    conn.DeleteClass("DISK")
    assert conn.EnumerateClassNames(ClassName="Element", DeepInheritance=True) == []
    assert len(conn.EnumerateInstanceNames("Element")) == 2
    conn.CreateClass(CIMClass("Disk", superclass="Element"))
    assert len(conn.EnumerateInstanceNames("Element")) == 2


def test_delete_unknown_class(conn: FakedWBEMConnection) -> None:
    with pytest.raises(CIMError) as info:
        conn.DeleteClass("Nix")
    assert info.value.status_code == NOT_FOUND


# -- Qualifier declarations ---------------------------------------------------


def test_qualifier_declarations(conn: FakedWBEMConnection) -> None:
    count = len(conn.EnumerateQualifiers())
    conn.SetQualifier(declaration("New", "uint32", value=Uint32(3)))
    assert len(conn.EnumerateQualifiers()) == count + 1
    assert conn.GetQualifier("NEW").value == 3
    conn.SetQualifier(declaration("new", "uint32", value=Uint32(4)))
    assert len(conn.EnumerateQualifiers()) == count + 1
    assert conn.GetQualifier("New").value == 4
    conn.DeleteQualifier("nEw")
    assert len(conn.EnumerateQualifiers()) == count


@pytest.mark.parametrize("name", ["Key", "version", "Static", "MaxLen", "Association"])
def test_qualifier_in_use_is_not_deleted(conn: FakedWBEMConnection, name: str) -> None:
    with pytest.raises(CIMError) as info:
        conn.DeleteQualifier(name)
    assert info.value.status_code == FAILED
    assert conn.GetQualifier(name)


@pytest.mark.parametrize("operation", ["GetQualifier", "DeleteQualifier"])
def test_unknown_qualifier(conn: FakedWBEMConnection, operation: str) -> None:
    with pytest.raises(CIMError) as info:
        getattr(conn, operation)("Nix")
    assert info.value.status_code == NOT_FOUND


# -- Namespaces ---------------------------------------------------------------


@pytest.mark.parametrize(
    "operation, args",
    [
        ("GetClass", ["Element"]),
        ("EnumerateClasses", []),
        ("EnumerateClassNames", []),
        ("CreateClass", [CIMClass("N")]),
        ("ModifyClass", [CIMClass("Element")]),
        ("DeleteClass", ["Element"]),
        ("EnumerateQualifiers", []),
        ("GetQualifier", ["Key"]),
        ("SetQualifier", [declaration("Key")]),
        ("DeleteQualifier", ["Key"]),
        ("EnumerateInstances", ["Element"]),
        ("EnumerateInstanceNames", ["Element"]),
        ("CreateInstance", [CIMInstance("Element", {"Id": "x"})]),
        ("ExecQuery", ["WQL", "SELECT * FROM Element"]),
        ("OpenEnumerateInstances", ["Element"]),
        ("OpenEnumerateInstancePaths", ["Element"]),
        ("OpenQueryInstances", ["DMTF:CQL", "SELECT * FROM Element"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_unknown_namespace(conn: FakedWBEMConnection, operation: str, args: List[Any]) -> None:
    with pytest.raises(CIMError) as info:
        getattr(conn, operation)(*args, namespace="root/nix")
    assert info.value.status_code == INVALID_NAMESPACE


def test_namespaces_are_apart() -> None:
    conn = server()
    conn.add_namespace("root/other")
    assert conn.EnumerateClassNames(namespace="root/other") == []
    with pytest.raises(CIMError) as info:
        conn.GetInstance(element_path(1, namespace="root/other"))
    assert info.value.status_code == INVALID_CLASS


def test_property_without_qualifiers_in_a_class_that_is_sent(conn: FakedWBEMConnection) -> None:
    conn.CreateClass(CIMClass("Plain", [CIMProperty("p", "v")]))
    cls = conn.GetClass("Plain", IncludeClassOrigin=True)
    assert elements(cls.properties) == {"p": ("Plain", False)}
