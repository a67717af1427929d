"""
What a program feels that was written for the released package: references, embedded objects,
keys, associations, open enumerations, statistics and displays of the mock server.
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional

import pytest

from pywbem import (
    CIMClass,
    CIMClassName,
    CIMDateTime,
    CIMError,
    CIMInstance,
    CIMInstanceName,
    CIMParameter,
    CIMProperty,
    ToleratedSchemaIssueWarning,
)
from pywbem_mock import FakedWBEMConnection, InMemoryRepository

NAMESPACE = "root/a"
OTHER = "vendor/b"
INVALID_PARAMETER = 4

QUALIFIERS = """
Qualifier Abstract : boolean = false, Scope(class, association), Flavor(Restricted);
Qualifier Association : boolean = false, Scope(association), Flavor(DisableOverride, ToSubclass);
Qualifier EmbeddedInstance : string = null, Scope(property, parameter);
Qualifier EmbeddedObject : boolean = false, Scope(property, parameter);
Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride, ToSubclass);
Qualifier Static : boolean = false, Scope(method);
"""
MODEL = (
    QUALIFIERS
    + """
class T_Part { string Name; };
class T_Other { string Name; };
class T_Thing {
    [Key] string Id;
    string Text;
    string Texts[];
    [EmbeddedInstance("T_Part")] string Part;
    [EmbeddedInstance("T_Part")] string Parts[];
    [EmbeddedObject] string Anything;
    [Static] uint32 Do(
        string Text, string Texts[], datetime When,
        [EmbeddedInstance("T_Part")] string Part, [EmbeddedObject] string Anything);
};
class T_Event { [Key] datetime When; };
[Abstract] class T_Abstract { [Key] string Id; };
[Association] class T_Link { [Key] string Id; T_Thing REF Left; T_Thing REF Right; string Note; };
[Association] class T_Pair { [Key] T_Thing REF Left; [Key] T_Thing REF Right; string Note; };
instance of T_Thing as $a { Id = "a"; };
instance of T_Thing as $b { Id = "b"; };
instance of T_Link { Id = "l"; Left = $a; Right = $b; };
instance of T_Pair { Left = $a; Right = $b; };
"""
)


@pytest.fixture
def conn() -> FakedWBEMConnection:
    result = FakedWBEMConnection(default_namespace=NAMESPACE)
    result.compile_mof_string(MODEL)
    return result


def thing(ident: str, **attributes: Any) -> CIMInstanceName:
    attributes = {"namespace": NAMESPACE, **attributes}
    return CIMInstanceName("T_Thing", {"Id": ident}, **attributes)


def status(call: Any, *args: Any, **kwargs: Any) -> int:
    with pytest.raises(CIMError) as info:
        call(*args, **kwargs)
    return info.value.status_code


# -- References ------------------------------------------------------------------------------

NULL = CIMProperty("Left", None, type="reference", reference_class="T_Thing")
LINK = CIMInstanceName("T_Link", {"Id": "l"}, namespace=NAMESPACE)
PAIR = CIMInstanceName("T_Pair", {"Left": thing("a"), "Right": thing("b")}, namespace=NAMESPACE)


@pytest.mark.parametrize("path", [LINK, PAIR], ids=["no key", "key"])
def test_a_reference_is_not_modified_to_null(
    conn: FakedWBEMConnection, path: CIMInstanceName
) -> None:
    modified = CIMInstance(path.classname, [NULL])
    modified.path = path.copy()
    assert status(conn.ModifyInstance, modified) == INVALID_PARAMETER
    assert conn.GetInstance(path)["Left"] == thing("a")


def test_a_reference_is_not_modified_to_the_null_of_its_class(conn: FakedWBEMConnection) -> None:
    modified = CIMInstance("T_Link", {"Note": "n"}, path=LINK)
    call = conn.ModifyInstance
    assert status(call, modified, PropertyList=["Note", "Right"]) == INVALID_PARAMETER
    assert conn.GetInstance(LINK)["Right"] == thing("b")


@pytest.mark.parametrize("classname", ["T_Link", "T_Pair"])
def test_an_association_is_not_created_with_null(conn: FakedWBEMConnection, classname: str) -> None:
    properties: List[Any] = [NULL, ("Right", thing("b"))]
    if classname == "T_Link":
        properties.append(("Id", "new"))
    new = CIMInstance(classname, properties)
    assert status(conn.CreateInstance, new) == INVALID_PARAMETER
    assert len(conn.EnumerateInstanceNames(classname)) == 1


def test_the_same_reference_without_namespace_is_no_change(conn: FakedWBEMConnection) -> None:
    modified = CIMInstance("T_Pair", {"Left": thing("a", namespace=None), "Note": "n"})
    modified.path = PAIR.copy()
    conn.ModifyInstance(modified)
    assert conn.GetInstance(PAIR)["Note"] == "n"


def test_the_host_of_a_stored_reference_is_kept(conn: FakedWBEMConnection) -> None:
    far = thing("a", host="other:5988")
    new = CIMInstance("T_Link", {"Id": "far", "Left": far, "Right": thing("b")})
    path = conn.CreateInstance(new)
    assert conn.GetInstance(path)["Left"] == far
    paths = conn.AssociatorNames(thing("b"), AssocClass="T_Link")
    assert [item.host for item in paths] == ["FakedUrl:5988"]  # what the first link says
    conn.DeleteInstance(LINK)
    assert conn.AssociatorNames(thing("b"), AssocClass="T_Link") == [far]


# -- Embedded objects ------------------------------------------------------------------------

PART = CIMInstance("T_Part", {"Name": "p"})


@pytest.mark.parametrize(
    "name, value, accepted",
    [
        ("Part", PART, True),
        ("Parts", [PART, None], True),
        ("Anything", CIMInstance("T_Other"), True),
        ("Anything", CIMClass("T_Other"), True),
        ("Part", "text", True),
        ("Text", PART, False),
        ("Text", CIMClass("T_Part"), False),
        ("Texts", [PART], False),
        ("Part", CIMClass("T_Part"), False),
        ("Part", CIMInstance("T_Other"), False),
        ("Parts", [PART, CIMInstance("T_Other")], False),
    ],
    ids=lambda value: None if isinstance(value, list) else str(value)[:20],
)
def test_embedded_objects_of_properties(
    conn: FakedWBEMConnection, name: str, value: Any, accepted: bool
) -> None:
    new = CIMInstance("T_Thing", {"Id": "new", name: value})
    old = CIMInstance("T_Thing", {name: value}, path=thing("a"))
    if accepted:
        conn.CreateInstance(new)
        conn.ModifyInstance(old)
        assert conn.GetInstance(thing("a"))[name] == value
    else:
        assert status(conn.CreateInstance, new) == INVALID_PARAMETER
        assert status(conn.ModifyInstance, old) == INVALID_PARAMETER


@pytest.mark.parametrize(
    "param, expected",
    [
        (("Part", PART), 17),
        (("Anything", CIMClass("T_Other")), 17),
        (("Text", "text"), 17),
        (("Text", PART), INVALID_PARAMETER),
        (("Text", CIMClass("T_Part")), INVALID_PARAMETER),
        (("Texts", [PART]), INVALID_PARAMETER),
        (("When", PART), INVALID_PARAMETER),
        (CIMParameter("Text", "string", embedded_object="instance"), INVALID_PARAMETER),
        (CIMParameter("Text", "string", is_array=True, value=None), INVALID_PARAMETER),
        (CIMParameter("Texts", "string", is_array=True, value=None), 17),
    ],
    ids=lambda value: str(value)[:40] if not isinstance(value, int) else None,
)
def test_embedded_objects_of_parameters(
    conn: FakedWBEMConnection, param: Any, expected: int
) -> None:
    # The provider that is there by default has no methods: 17 means that nothing was wrong.
    assert status(conn.InvokeMethod, "Do", "T_Thing", [param]) == expected


def test_instance_of_an_abstract_class(conn: FakedWBEMConnection) -> None:
    with pytest.warns(ToleratedSchemaIssueWarning, match="T_Abstract"):
        conn.CreateInstance(CIMInstance("T_Abstract", {"Id": "x"}))


# -- Keys ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "when",
    [
        CIMDateTime("20240101120000.000000+060"),
        CIMDateTime("20240101110000.000000+000"),
        "20240101110000.000000+000",
    ],
    ids=["same", "other offset", "text"],
)
def test_keys_that_are_the_same_moment(conn: FakedWBEMConnection, when: Any) -> None:
    conn.CreateInstance(CIMInstance("T_Event", {"When": CIMDateTime("20240101120000.000000+060")}))
    path = CIMInstanceName("T_Event", {"When": when})
    assert conn.GetInstance(path)["When"] == CIMDateTime("20240101110000.000000+000")
    new = CIMInstance("T_Event", {"When": CIMDateTime("20240101130000.000000+120")})
    assert status(conn.CreateInstance, new) == 11
    conn.DeleteInstance(path)
    assert conn.EnumerateInstanceNames("T_Event") == []


# -- Associations ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "filters",
    [{"Role": ""}, {"ResultRole": ""}, {"AssocClass": ""}, {"ResultClass": ""}],
    ids=lambda filters: next(iter(filters)),
)
@pytest.mark.parametrize("source", [thing("a"), "T_Thing"], ids=["instance", "class"])
def test_empty_filters_are_none(
    conn: FakedWBEMConnection, source: Any, filters: Dict[str, str]
) -> None:
    assert conn.AssociatorNames(source, **filters) == conn.AssociatorNames(source)
    assert conn.AssociatorNames(source) != []


@pytest.fixture
def two() -> FakedWBEMConnection:
    """A profile in one namespace, and a system that conforms to it in another."""
    result = FakedWBEMConnection(default_namespace=NAMESPACE)
    result.add_namespace(OTHER)
    common = (
        QUALIFIERS
        + """
        class T_Element { [Key] string Id; };
        [Association] class T_Conforms {
            [Key] T_Element REF Standard; [Key] T_Element REF Managed; };
        """
    )
    result.compile_mof_string(common + "class T_Profile : T_Element { };", NAMESPACE)
    vendor = """
        class T_System : T_Element { };
        class V_System : T_System { };
        [Association] class V_Conforms : T_Conforms { };
    """
    result.compile_mof_string(common + vendor, OTHER)
    profile = CIMInstanceName("T_Profile", {"Id": "p"}, namespace=NAMESPACE)
    system = CIMInstanceName("V_System", {"Id": "s"}, namespace=OTHER)
    ends = {"Standard": profile, "Managed": system}
    for path in (profile, system):
        new = CIMInstance(path.classname, path.keybindings, path=path)
        result.add_cimobjects(new, path.namespace)
    link = CIMInstanceName("T_Conforms", ends, namespace=NAMESPACE)
    result.add_cimobjects(CIMInstance("T_Conforms", ends, path=link))
    odd = CIMInstanceName("V_Conforms", ends, namespace=NAMESPACE)
    result.add_cimobjects(CIMInstance("V_Conforms", ends, path=odd))
    return result


PROFILE = CIMInstanceName("T_Profile", {"Id": "p"}, namespace=NAMESPACE)


@pytest.mark.parametrize(
    "filters, expected",
    [
        ({}, ["V_System"]),
        ({"ResultClass": "T_System"}, ["V_System"]),
        ({"ResultClass": "v_system"}, ["V_System"]),
        ({"ResultClass": "T_Element"}, ["V_System"]),
        ({"ResultClass": "T_Profile"}, []),
        ({"AssocClass": "T_Conforms"}, ["V_System"]),
        ({"AssocClass": "V_Conforms"}, ["V_System"]),
        ({"AssocClass": "V_Conforms", "ResultClass": "T_System", "Role": "Standard"}, ["V_System"]),
        ({"ResultClass": "T_System", "Role": "Managed"}, []),
    ],
    ids=str,
)
def test_classes_of_the_other_end(
    two: FakedWBEMConnection, filters: Dict[str, str], expected: List[str]
) -> None:
    found = two.Associators(PROFILE, **filters)
    assert [item.classname for item in found] == expected
    paths = two.AssociatorNames(PROFILE, **filters)
    assert [(path.classname, path.namespace) for path in paths] == [
        (name, OTHER) for name in expected
    ]
    pulled = two.OpenAssociatorInstances(PROFILE, MaxObjectCount=9, **filters)
    assert [item.classname for item in pulled.instances] == expected


def test_association_classes_of_the_other_end(two: FakedWBEMConnection) -> None:
    found = two.ReferenceNames(PROFILE, ResultClass="V_Conforms")
    assert [path.classname for path in found] == ["V_Conforms"]


@pytest.mark.parametrize("name", ["AssocClass", "ResultClass"])
def test_class_that_is_at_no_end(two: FakedWBEMConnection, name: str) -> None:
    assert status(two.AssociatorNames, PROFILE, **{name: "T_Nix"}) == INVALID_PARAMETER
    two.DeleteInstance(two.ReferenceNames(PROFILE, ResultClass="T_Conforms")[0])
    lonely = CIMInstanceName("T_Profile", {"Id": "lonely"}, namespace=NAMESPACE)
    assert status(two.AssociatorNames, lonely, **{name: "T_System"}) == INVALID_PARAMETER


def test_association_class_without_a_superclass_of_its_own(conn: FakedWBEMConnection) -> None:
    conn.compile_mof_string("class T_Sub : T_Thing { };")
    names = [path.classname for path in conn.AssociatorNames("T_Sub")]
    assert names == [path.classname for path in conn.AssociatorNames("T_Thing")] == ["T_Thing"]


# -- The server behind a connection ----------------------------------------------------------


def test_copy_serves_the_enumerations_of_its_original(conn: FakedWBEMConnection) -> None:
    copy = conn.copy()
    for one, other in ((conn, copy), (copy, conn)):
        opened = one.OpenEnumerateInstances("T_Thing", MaxObjectCount=1)
        pulled = other.PullInstancesWithPath(opened.context, 9)
        assert [item["Id"] for item in pulled.instances] == ["b"]
        assert pulled.eos
        opened = one.OpenEnumerateInstancePaths("T_Thing", MaxObjectCount=1)
        other.CloseEnumeration(opened.context)
        assert status(one.PullInstancePaths, opened.context, 9) == 21
    copy.disable_pull_operations = True
    assert conn.disable_pull_operations is False


def test_attributes_of_the_main_provider(conn: FakedWBEMConnection) -> None:
    provider = conn._mainprovider
    assert provider.host == conn.host
    assert provider.enumeration_contexts == {}
    context: Any = conn.OpenEnumerateInstances("T_Thing", MaxObjectCount=1).context
    assert list(provider.enumeration_contexts) == [context[0]]
    conn.CloseEnumeration(context)
    assert provider.enumeration_contexts == {}
    dispatcher = provider.providerdispatcher
    assert dispatcher.cimrepository is conn.cimrepository
    assert list(dispatcher.provider_registry.provider_namespaces()) == []


def test_empty_namespaces(conn: FakedWBEMConnection) -> None:
    conn.add_cimobjects(CIMClass("T_New"), namespace="")
    assert conn.GetClass("T_New").classname == "T_New"
    assert list(InMemoryRepository("").namespaces) == []
    with pytest.raises(ValueError):
        conn.cimrepository.get_class_store(NAMESPACE).object_exists(None)  # type: ignore[arg-type]


def test_interop_namespace_must_be_named(
    conn: FakedWBEMConnection, capsys: pytest.CaptureFixture[str]
) -> None:
    for install in (conn.install_namespace_provider, conn.install_subscription_providers):
        with pytest.raises(ValueError):
            install(None)  # type: ignore[arg-type]
    with pytest.raises(OSError):
        conn.install_namespace_provider("interop", "/nix", verbose=True)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "cls, text",
    [
        ("T_Thing", "Class 'T_Thing' namespace 'root/a' cannot be modified"),
        ("T_Part", "Class 'T_Part' namespace 'root/a' cannot be modified"),
    ],
)
def test_text_of_a_class_that_cannot_be_modified(
    conn: FakedWBEMConnection, cls: str, text: str
) -> None:
    conn.compile_mof_string("class T_SubPart : T_Part { };")
    with pytest.raises(CIMError) as info:
        conn.ModifyClass(CIMClass(cls))
    assert str(info.value.status_description).startswith(text)


def test_statistics_of_filling_a_repository() -> None:
    conn = FakedWBEMConnection(default_namespace=NAMESPACE, stats_enabled=True)
    conn.compile_mof_string(MODEL)
    with pytest.raises(CIMError):
        conn.add_cimobjects(CIMClass("T_New"), namespace="nix")
    counts = {name: (item.count, item.exception_count) for name, item in conn.statistics.snapshot()}
    assert counts["compile_mof_string(ns=None)"] == (1, 0)
    assert counts["add_cimobjects(ns='nix')"] == (1, 0)
    assert counts["SetQualifier"] == (6, 0)
    assert counts["CreateClass"] == (7, 0)
    assert counts["CreateInstance"] == (4, 0)


# -- Display ---------------------------------------------------------------------------------


def lines(text: str) -> List[str]:
    return [line.split("(")[0] for line in text.splitlines()]


@pytest.mark.parametrize(
    "output_format, expected",
    [
        (
            "repr",
            [
                "========Mock Repo Display fmt=repr namespaces=all =========",
                "",
                "",
                "NAMESPACE 'B'",
                "",
                "Namespace 'B': contains 0 Qualifier Declarations ",
                "",
                "Namespace 'B': contains 0 Classes ",
                "",
                "Namespace 'B': contains 0 Instances ",
                "",
                "",
                "NAMESPACE 'a'",
                "",
                "Namespace 'a': contains 0 Qualifier Declarations ",
                "",
                "Namespace 'a': contains 2 Classes ",
                "",
                "CIMClass",
                "CIMClass",
                "Namespace 'a': contains 1 Instances ",
                "",
                "Path:",
                "CIMInstanceName",
                "Inst:",
                "CIMInstance",
                "",
                "============End Repository=================",
            ],
        ),
        (
            "mof",
            [
                "// ========Mock Repo Display fmt=mof namespaces=all =========",
                "",
                "",
                "// NAMESPACE 'B'",
                "",
                "// Namespace 'B': contains 0 Qualifier Declarations ",
                "",
                "// Namespace 'B': contains 0 Classes ",
                "",
                "// Namespace 'B': contains 0 Instances ",
                "",
                "",
                "// NAMESPACE 'a'",
                "",
                "// Namespace 'a': contains 0 Qualifier Declarations ",
                "",
                "// Namespace 'a': contains 2 Classes ",
                "",
                "class X {",
                "",
                "};",
                "",
                "class y {",
                "",
                "};",
                "",
                "// Namespace 'a': contains 1 Instances ",
                "",
                '//  Path=/a:y.K="k" ',
                "instance of y {",
                "};",
                "",
                "// ============End Repository=================",
            ],
        ),
    ],
    ids=["repr", "mof"],
)
def test_display(
    capsys: pytest.CaptureFixture[str], output_format: str, expected: List[str]
) -> None:
    conn = FakedWBEMConnection(default_namespace="a")
    conn.add_namespace("B")
    path = CIMInstanceName("y", {"K": "k"}, namespace="a")
    conn.add_cimobjects([CIMClass("y"), CIMClass("X"), CIMInstance("y", path=path)])
    conn.display_repository(output_format=output_format)
    assert lines(capsys.readouterr().out) == expected


def test_order_of_a_display(conn: FakedWBEMConnection, capsys: pytest.CaptureFixture[str]) -> None:
    conn.CreateInstance(CIMInstance("T_Thing", {"Id": "0"}))
    conn.display_repository()
    out = capsys.readouterr().out
    paths: List[Optional[str]] = [
        line.rpartition(":")[2].strip() for line in out.splitlines() if line.startswith("//  Path=")
    ]
    assert paths[:2] == ['T_Thing.Id="a"', 'T_Thing.Id="b"']
    assert paths[-1] == 'T_Thing.Id="0"'


def test_class_paths_are_those_of_the_server(conn: FakedWBEMConnection) -> None:
    [(path, cls)] = conn.Associators("T_Thing", AssocClass="T_Link")
    assert path == cls.path == CIMClassName("T_Thing", "FakedUrl:5988", NAMESPACE)
