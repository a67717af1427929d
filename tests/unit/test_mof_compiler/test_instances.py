"""
Instances: paths, aliases, embedded objects.
"""

from __future__ import annotations

from typing import Any, Dict, List

import pytest

import pywbem
from pywbem._mof_compiler import MOFCompileError, MOFCompiler, MOFWBEMConnection
from pywbem_mock import FakedWBEMConnection, WBEMServerThread
from tests.unit.test_mof_compiler.repositories import (
    NAMESPACE,
    QUALIFIERS,
    THING,
    Repository,
    compiled,
    last_instance,
)

LINKS = """
[Association] class TST_Link { [Key] TST_Thing REF From; [Key] TST_Thing REF To; string Note; };
class TST_Default { [Key] string Id = "default"; [Key] uint8 Number = 7; string S; };
[Association] class TST_Any { [Key] TST_Default REF One; [Key] string Other = "o"; };
class TST_Node { [Key] string Id; TST_Node REF Next; TST_Node REF Before; };
"""


def paths(handle: MOFWBEMConnection) -> List[str]:
    return [str(instance.path) for instance in handle.instances[NAMESPACE]]


def test_path_and_properties() -> None:
    handle = compiled(QUALIFIERS, THING, 'instance of tst_thing { ID = "x"; u8 = 5; S = NULL; };')
    instance = last_instance(handle)
    assert instance.path == pywbem.CIMInstanceName("TST_Thing", {"Id": "x"}, namespace=NAMESPACE)
    assert [(prop.name, prop.value, prop.type) for prop in instance.properties.values()] == [
        ("Id", "x", "string"),
        ("U8", 5, "uint8"),
        ("S", None, "string"),
    ]
    assert {prop.class_origin for prop in instance.properties.values()} == {"TST_Thing"}


def test_instance_is_as_one_made_by_hand() -> None:
    """Nothing of a property's declaration is told that a program would not tell."""
    connection = FakedWBEMConnection(default_namespace=NAMESPACE)
    connection.compile_mof_string(
        QUALIFIERS
        + "class A { [Key] string Id; [EmbeddedObject] string E; uint8 U[]; };"
        + "class B : A { datetime D; };"
        + 'instance of B { Id = "x"; E = "instance of A { U = {1}; };"; U = {2, NULL}; D = NULL; };'
        + 'instance of B { Id = "y"; E = NULL; };'
    )
    expected = [
        pywbem.CIMInstance(
            "B",
            [
                pywbem.CIMProperty("Id", "x"),
                pywbem.CIMProperty(
                    "E",
                    pywbem.CIMInstance("A", {"U": [pywbem.Uint8(1)]}),
                    embedded_object="object",
                ),
                pywbem.CIMProperty("U", [pywbem.Uint8(2), None]),
                pywbem.CIMProperty("D", None, "datetime"),
            ],
        ),
        pywbem.CIMInstance("B", {"Id": "y", "E": pywbem.CIMProperty("E", None, "string")}),
    ]
    found = connection.EnumerateInstances("A", LocalOnly=False)
    assert all("PROPAGATED" not in instance.tocimxmlstr() for instance in found)
    for instance in found:
        instance.path = None
    assert found == expected


def test_instance_without_values() -> None:
    handle = compiled(QUALIFIERS, LINKS + THING, "instance of TST_Default { };")
    assert last_instance(handle).path.keybindings == {"Id": "default", "Number": 7}


def test_key_of_an_overridden_property() -> None:
    """The qualifier Key is inherited by properties that override (DSP0004)."""
    handle = compiled(
        QUALIFIERS,
        THING,
        'class TST_Sub : TST_Thing { [Override("Id")] string Id; };'
        'instance of TST_Sub { Id = "s"; };',
    )
    assert paths(handle) == [f'{NAMESPACE}:TST_Sub.Id="s"']


LINK = "instance of TST_Link { From = $a; To = $b; };"
A = 'instance of TST_Thing as $a { Id = "a"; };'
B = 'instance of TST_Thing as $b { Id = "b"; };'


@pytest.mark.parametrize(
    "mof",
    [A + B + LINK, A + LINK + B, LINK + A + B, LINK.replace("$a", "$A") + A + B],
    ids=["behind", "between", "before", "other case"],
)
def test_alias_anywhere(mof: str) -> None:
    handle = compiled(QUALIFIERS, THING + LINKS, mof)
    link = next(item for item in handle.instances[NAMESPACE] if item.classname == "TST_Link")
    assert link["From"] == pywbem.CIMInstanceName("TST_Thing", {"Id": "a"}, namespace=NAMESPACE)
    assert link["To"] == pywbem.CIMInstanceName("TST_Thing", {"Id": "b"}, namespace=NAMESPACE)
    assert link.path.keybindings["To"] == link["To"]


def test_alias_defined_again() -> None:
    again = 'instance of TST_Thing as $a { Id = "again"; };'
    handle = compiled(QUALIFIERS, THING + LINKS, A + B + LINK + again + LINK)
    links = [item for item in handle.instances[NAMESPACE] if item.classname == "TST_Link"]
    assert [link["From"]["Id"] for link in links] == ["a", "again"]


def test_alias_of_an_earlier_compilation() -> None:
    handle = compiled(QUALIFIERS, THING + LINKS, A + B, LINK)
    assert last_instance(handle)["To"]["Id"] == "b"


def test_alias_of_a_failed_compilation_is_gone() -> None:
    compiler = MOFCompiler(MOFWBEMConnection(), log_func=None)
    compiler.compile_string(QUALIFIERS + THING + LINKS + B, NAMESPACE)
    with pytest.raises(MOFCompileError):
        compiler.compile_string(A + "instance of Missing { };", NAMESPACE)
    with pytest.raises(MOFCompileError, match="alias '\\$a' is not defined"):
        compiler.compile_string(LINK, NAMESPACE)


def test_keys_from_defaults() -> None:
    handle = compiled(
        QUALIFIERS,
        THING + LINKS,
        'instance of TST_Any { One = $d; }; instance of TST_Default as $d { S = "s"; };',
    )
    default, one = handle.instances[NAMESPACE]
    assert one["One"] == default.path
    assert default.path.keybindings == {"Id": "default", "Number": 7}
    assert one.path.keybindings["Other"] == "o"


def test_aliases_of_aliases() -> None:
    handle = compiled(
        QUALIFIERS,
        THING + LINKS,
        "[Association] class TST_Link2 { [Key] TST_Link REF L; [Key] TST_Link REF M; };"
        "instance of TST_Link2 { L = $l; M = $l; };"
        + LINK.replace("TST_Link ", "TST_Link as $l ")
        + A
        + B,
    )
    link, link2 = handle.instances[NAMESPACE][-2:]
    assert link2["L"] == link2["M"] == link.path


def test_references_in_a_circle() -> None:
    handle = compiled(
        QUALIFIERS,
        THING + LINKS,
        'instance of TST_Node as $1 { Id = "1"; Next = $2; };'
        'instance of TST_Node as $2 { Id = "2"; Next = $1; Before = $2; };'.replace("$", "$n"),
    )
    second, first = handle.instances[NAMESPACE]
    assert (first["Next"], second["Next"], second["Before"]) == (
        second.path,
        first.path,
        second.path,
    )


def test_keys_from_the_repository() -> None:
    """An instance whose keys the repository assigns is created before those that refer to it."""
    repository = Repository()
    compiler = MOFCompiler(repository, log_func=None)
    compiler.compile_string(QUALIFIERS + THING + LINKS, NAMESPACE)
    compiler.compile_string(
        "instance of TST_Link { From = $a; To = $b; };"
        "instance of TST_Thing as $a { U8 = 1; }; instance of TST_Thing as $b { U8 = 2; };",
        NAMESPACE,
    )
    created = [call for call in repository.calls if call.startswith("CreateInstance")]
    assert created == ["CreateInstance TST_Thing"] * 2 + ["CreateInstance TST_Link"]
    link = next(iter(item for key, item in repository.instances.items() if "TST_Link" in key[1]))
    assert (link["From"]["Id"], link["To"]["Id"]) == ("assigned 0", "assigned 1")


def test_keys_from_the_repository_in_a_circle() -> None:
    repository = Repository()
    compiler = MOFCompiler(repository, log_func=None)
    compiler.compile_string(QUALIFIERS + THING + LINKS, NAMESPACE)
    before = repository.state()
    with pytest.raises(MOFCompileError, match="must be created first") as caught:
        compiler.compile_string(
            "instance of TST_Node as $a { Next = $b; };\n"
            "instance of TST_Node as $b { Next = $a; };",
            NAMESPACE,
        )
    assert (caught.value.lineno, caught.value.column) == (2, 37)
    assert repository.state() == before


def test_long_chain_of_instances() -> None:
    repository = Repository()
    compiler = MOFCompiler(repository, log_func=None)
    compiler.compile_string(QUALIFIERS + LINKS + THING, NAMESPACE)
    count = 1500
    compiler.compile_string(
        "".join(
            f"instance of TST_Node as $n{number} {{ Next = $n{number + 1}; }};"
            for number in range(count)
        )
        + f"instance of TST_Node as $n{count} {{ }};",
        NAMESPACE,
    )
    assert len(repository.instances) == count + 1


def test_keys_that_are_paths_of_each_other() -> None:
    with pytest.raises(MOFCompileError, match="levels deep"):
        compiled(
            QUALIFIERS,
            "[Association] class A { [Key] A REF a; [Key] A REF b; };"
            "instance of A as $x { a = $y; b = $y; }; instance of A as $y { a = $x; b = $x; };",
        )


def test_alias_of_a_class() -> None:
    handle = compiled(
        QUALIFIERS,
        "class A as $A { }; [Association] class B { [Key] string Id; A REF a; };"
        'instance of B { Id = "b"; a = $A; };',
    )
    assert last_instance(handle)["a"] == pywbem.CIMClassName("A", namespace=NAMESPACE)


INNER = 'instance of TST_Thing { Id = "i"; U8 = 1; };'
TEXT = INNER.replace('"', '\\"')
EMBEDDED: Dict[str, Any] = {
    "text": ("EI", f'"{TEXT}"', 1),
    "text, concatenated": ("EI", '"instance of TST_Thing " "{ U8 = 1; };"', 1),
    "literal": ("EI", INNER[:-1], 1),
    "alias": ("EI", "$a", 9),
    "object, text": ("EO", f'"{TEXT}"', 1),
    "object, literal": ("EO", INNER[:-1], 1),
    "object, alias": ("EO", "$a", 9),
    "array of texts": ("EIA", f'{{ "{TEXT}", "{TEXT}" }}', [1, 1]),
    "array of everything": ("EIA", f'{{ "{TEXT}", $a, NULL, {INNER[:-1]} }}', [1, 9, None, 1]),
    "array of objects": ("EOA", f'{{ {INNER[:-1]}, "{TEXT}" }}', [1, 1]),
    "NULL": ("EI", "NULL", None),
}


@pytest.mark.parametrize("name, mof, expected", EMBEDDED.values(), ids=EMBEDDED.keys())
def test_embedded_objects(name: str, mof: str, expected: Any) -> None:
    handle = compiled(
        QUALIFIERS,
        THING,
        f'instance of TST_Thing {{ Id = "x"; {name} = {mof}; }};'
        'instance of TST_Thing as $a { Id = "a"; U8 = 9; };',
    )
    prop = handle.instances[NAMESPACE][0].properties[name]
    expected_kind = "instance" if "EI" in name else "object"
    assert prop.embedded_object == (None if expected is None else expected_kind)

    def number(value: Any) -> Any:
        if value is None:
            return None
        assert isinstance(value, pywbem.CIMInstance)
        assert value.path is None
        assert type(value["U8"]) is pywbem.Uint8
        return value["U8"]

    value = prop.value
    assert ([number(item) for item in value] if prop.is_array else number(value)) == expected


def test_embedded_in_each_other() -> None:
    mof = "instance of TST_Thing { U8 = 0; }"
    for level in range(1, 6):
        text = (mof + ";").replace("\\", "\\\\").replace('"', '\\"')
        value = mof if level % 2 else f'"{text}"'
        mof = f"instance of TST_Thing {{ U8 = {level}; EI = {value}; }}"
    instance = last_instance(compiled(QUALIFIERS, THING, mof + ";"))
    for level in range(5, -1, -1):
        assert instance["U8"] == level
        instance = instance.get("EI")
    assert instance is None


def test_embedded_in_each_other_without_end() -> None:
    mof = "instance of TST_Thing { U8 = 0; }"
    for _ in range(200):
        mof = f"instance of TST_Thing {{ EI = {mof}; }}"
    with pytest.raises(MOFCompileError, match="nested more than"):
        compiled(QUALIFIERS, THING, mof + ";")


def test_class_as_embedded_object() -> None:
    handle = compiled(
        QUALIFIERS, THING, 'instance of TST_Thing { Id = "x"; EO = "class New : Missing { };"; };'
    )
    assert last_instance(handle)["EO"] == pywbem.CIMClass("New", superclass="Missing")
    assert "New" not in handle.classes[NAMESPACE]


def test_compile_embedded_value() -> None:
    handle = compiled(QUALIFIERS, THING)
    compiler = MOFCompiler(handle, log_func=None)
    one = pywbem.CIMInstance("TST_Thing", {"U8": pywbem.Uint8(1)})
    one.properties["U8"].class_origin = "TST_Thing"
    mof = "instance of TST_Thing { U8 = 1; };"
    assert compiler.compile_embedded_value(mof, NAMESPACE) == [one]
    assert compiler.compile_embedded_value(mof + mof, NAMESPACE) == [one, one]
    assert compiler.compile_embedded_value([mof, mof], NAMESPACE) == [one, one]
    assert compiler.compile_embedded_value("", NAMESPACE) == []
    assert compiler.compile_embedded_value([], NAMESPACE) == []
    assert handle.instances == {}


@pytest.mark.parametrize(
    "mof", ["class A { };", "Qualifier Q : boolean, Scope(any);", "instance of Missing { };", "?"]
)
def test_compile_embedded_value_of_something_else(mof: str) -> None:
    handle = compiled(QUALIFIERS, THING)
    compiler = MOFCompiler(handle, log_func=None)
    with pytest.raises(MOFCompileError):
        compiler.compile_embedded_value(mof, NAMESPACE)
    assert "A" not in handle.classes[NAMESPACE]


LINKED = """
class TST_Node2 { [Key] string Id; };
[Association] class TST_Link2 { [Key] TST_Node2 REF From; [Key] TST_Node2 REF To; };
[Association] class TST_Link3 { [Key] TST_Link2 REF From; [Key] TST_Node2 REF To; };
instance of TST_Link3 { From = $l; To = $c; };
instance of TST_Link2 as $l { From = $a; To = $b; };
instance of TST_Node2 as $b { Id = "b"; };
instance of TST_Node2 as $a { Id = "a"; };
instance of TST_Node2 as $c { Id = "c"; };
"""


@pytest.mark.parametrize("kind", ["mock", "connection", "server"])
def test_alias_before_its_instance(kind: str) -> None:
    """What an association refers to must exist there."""
    conn = FakedWBEMConnection(NAMESPACE)
    if kind == "mock":
        conn.compile_mof_string(QUALIFIERS + LINKED)
    elif kind == "connection":
        MOFCompiler(conn, log_func=None).compile_string(QUALIFIERS + LINKED, NAMESPACE)
    else:
        with WBEMServerThread(conn) as server, pywbem.WBEMConnection(server.url) as client:
            MOFCompiler(client, log_func=None).compile_string(QUALIFIERS + LINKED, NAMESPACE)
    (outer,) = conn.EnumerateInstances("TST_Link3")
    link = conn.GetInstance(outer["From"])
    assert [path["Id"] for path in (link["From"], link["To"], outer["To"])] == ["a", "b", "c"]
