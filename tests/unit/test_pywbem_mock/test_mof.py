"""
MOF compiled into the repository of the mock server.
"""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path
from typing import Any, List

import pytest

from pywbem import CIMError, CIMInstance, CIMInstanceName
from pywbem._mof_compiler import MOFCompileError
from pywbem_mock import FakedWBEMConnection, InstanceWriteProvider
from tests.shared_data import ROOT
from tests.unit.test_pywbem_mock.model import ids

QUALIFIERS = """
Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride, ToSubclass);
Qualifier Override : string = null, Scope(property, reference, method), Flavor(Restricted);
Qualifier Association : boolean = false, Scope(association), Flavor(DisableOverride, ToSubclass);
Qualifier Description : string = null, Scope(any), Flavor(EnableOverride, ToSubclass, Translatable);
"""
ELEMENT = 'class Element { [Key] string Id; [Description("how big")] uint32 Size = 7; };\n'
DISK = 'class Disk : Element { [Override("Size")] uint32 Size = 8; string Labels[]; };\n'
LINK = "[Association] class Link { [Key] Element REF From; [Key] Disk REF To; };\n"
INSTANCES = """
instance of Element as $e { Id = "e1"; Size = 1; };
instance of Disk as $d { Id = "d1"; Labels = {"a", "b"}; };
instance of Link { From = $e; To = $d; };
"""


def quiet(conn: FakedWBEMConnection) -> List[int]:
    """The sizes of the stores."""
    repository = conn.cimrepository
    return [
        store.len()
        for store in (
            repository.get_qualifier_store("root/cimv2"),
            repository.get_class_store("root/cimv2"),
            repository.get_instance_store("root/cimv2"),
        )
    ]


def test_compile_string() -> None:
    conn = FakedWBEMConnection()
    conn.compile_mof_string(QUALIFIERS + ELEMENT + DISK + LINK)
    conn.compile_mof_string(INSTANCES)
    assert conn.EnumerateClassNames(DeepInheritance=True) == ["Element", "Link", "Disk"]
    size = conn.GetClass("Disk", LocalOnly=False).properties["Size"]
    assert (size.value, size.propagated) == (8, True)
    assert size.qualifiers["Description"].propagated is True
    assert ids(conn.EnumerateInstances("Element")) == ["Element e1", "Disk d1"]
    source = CIMInstanceName("Element", {"Id": "e1"})
    assert ids(conn.Associators(source)) == ["Disk d1"]
    assert conn.Associators(source)[0]["Labels"] == ["a", "b"]


def test_compile_file_into_a_namespace(tmp_path: Path) -> None:
    (tmp_path / "qualifiers.mof").write_text(QUALIFIERS)
    (tmp_path / "all.mof").write_text('#pragma include ("qualifiers.mof")\n' + ELEMENT)
    conn = FakedWBEMConnection()
    conn.add_namespace("root/b")
    conn.compile_mof_file(str(tmp_path / "all.mof"), "root/b")
    assert conn.EnumerateClassNames("root/b") == ["Element"]
    assert conn.EnumerateClassNames() == []


def test_namespace_pragma_creates_the_namespace() -> None:
    conn = FakedWBEMConnection()
    conn.compile_mof_string('#pragma namespace ("root/new")\n' + QUALIFIERS + ELEMENT)
    assert conn.EnumerateClassNames("root/new") == ["Element"]


def test_instance_that_exists_is_modified() -> None:
    conn = FakedWBEMConnection()
    conn.compile_mof_string(QUALIFIERS + ELEMENT + 'instance of Element { Id = "1"; Size = 1; };')
    conn.compile_mof_string('instance of Element { Id = "1"; Size = 2; };')
    assert [found["Size"] for found in conn.EnumerateInstances("Element")] == [2]


@pytest.mark.parametrize(
    "mof",
    [
        DISK + "syntax error",
        DISK + "class N : Nix { };",
        DISK + "class Element { [Key] uint8 Id; };",
        DISK + 'instance of Disk { Id = "1"; }; instance of Disk { Nix = "2"; };',
        'Qualifier New : boolean; instance of Element { Id = "1"; Size = 9; };\n'
        "instance of Element { Size = 2; };",
        '#pragma namespace ("root/new")\nclass N : Nix { };',
    ],
    ids=["syntax", "superclass", "class in use", "property", "key", "namespace"],
)
def test_failed_compilation_leaves_the_repository_as_it_was(mof: str) -> None:
    conn = FakedWBEMConnection()
    conn.compile_mof_string(QUALIFIERS + ELEMENT + 'instance of Element { Id = "1"; Size = 1; };')
    before = quiet(conn)
    with pytest.raises(MOFCompileError):
        conn.compile_mof_string(mof)
    assert quiet(conn) == before
    assert [found["Size"] for found in conn.EnumerateInstances("Element")] == [1]
    assert list(conn.namespaces) == ["root/cimv2"]


@pytest.mark.parametrize("verbose", [None, False, True])
@pytest.mark.parametrize("how", ["string", "file"])
def test_errors_are_printed_if_messages_are_asked_for(
    how: str, verbose: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    conn = FakedWBEMConnection()
    path = tmp_path / "some.mof"
    path.write_text("class T_A : T_None { };", encoding="utf-8")
    given = path.read_text(encoding="utf-8") if how == "string" else str(path)
    with pytest.raises(MOFCompileError):
        getattr(conn, f"compile_mof_{how}")(given, verbose=verbose)
    assert ("T_None" in capsys.readouterr().out) is bool(verbose)


def test_unknown_namespace_and_file(tmp_path: Path) -> None:
    conn = FakedWBEMConnection()
    for compile_mof, text in (
        (conn.compile_mof_string, ELEMENT),
        (conn.compile_mof_file, str(tmp_path / "x.mof")),
    ):
        with pytest.raises(CIMError) as info:
            compile_mof(text, "root/nix")
        assert info.value.status_code == 3
    with pytest.raises(OSError, match="No such file"):
        conn.compile_mof_file(str(tmp_path / "x.mof"))


@pytest.fixture
def schema(tmp_path: Path) -> str:
    """The schema pragma file of a small schema."""
    (tmp_path / "Core").mkdir()
    (tmp_path / "qualifiers.mof").write_text(QUALIFIERS)
    for name, text in (("Element", ELEMENT), ("Disk", DISK), ("Link", LINK)):
        (tmp_path / "Core" / f"{name}.mof").write_text(text)
    pragma_file = tmp_path / "schema.mof"
    pragma_file.write_text(
        '#pragma locale ("en_US")\n'
        + "".join(f'#pragma include ("Core/{name}.mof")\n' for name in ("Element", "Disk", "Link"))
    )
    return str(pragma_file)


@pytest.mark.parametrize(
    "names, expected",
    [
        ("Element", ["Element"]),
        (["disk"], ["Disk", "Element"]),
        (["Link"], ["Disk", "Element", "Link"]),
        (["Element", "Link"], ["Disk", "Element", "Link"]),
    ],
    ids=str,
)
def test_compile_schema_classes(schema: str, names: Any, expected: List[str]) -> None:
    conn = FakedWBEMConnection()
    conn.compile_schema_classes(names, [schema])
    assert sorted(conn.EnumerateClassNames(DeepInheritance=True)) == expected


def test_class_that_is_in_no_schema(schema: str) -> None:
    conn = FakedWBEMConnection()
    with pytest.raises(ValueError, match="'Nix'"):
        conn.compile_schema_classes(["Disk", "Nix"], schema)
    with pytest.raises(OSError):
        conn.compile_schema_classes("Disk", "/nowhere/schema.mof")
    with pytest.raises(CIMError):
        conn.compile_schema_classes("Disk", schema, "root/nix")
    assert conn.EnumerateClassNames() == []


def test_classes_of_a_provider_are_compiled(schema: str) -> None:
    class Provider(InstanceWriteProvider):
        provider_classnames = "Disk"

    conn = FakedWBEMConnection()
    conn.register_provider(Provider(conn.cimrepository), schema_pragma_files=schema)
    assert conn.EnumerateClassNames(ClassName="Element") == ["Disk"]


def test_ply_is_imported_only_to_compile() -> None:
    code = (
        "import sys; from pywbem_mock import FakedWBEMConnection; "
        "FakedWBEMConnection().EnumerateClassNames(); "
        "print([name for name in ('ply', 'yaml', 'h11') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("how", ["compile", "add"])
def test_filling_leaves_no_cycles(how: str) -> None:
    """Cycles would keep what was used alive, kilobytes of each instance."""
    conn = FakedWBEMConnection()
    conn.compile_mof_string(
        "Qualifier Key : boolean = false, Scope(property);"
        "class T_Leaf { [Key] string Id; uint32 Size; };"
    )
    mof = "".join(f'instance of T_Leaf {{ Id = "{number}"; Size = 1; }};' for number in range(300))
    gc.collect()
    gc.disable()
    try:
        if how == "compile":
            conn.compile_mof_string(mof)
        else:
            conn.add_cimobjects(
                [
                    CIMInstance(
                        "T_Leaf",
                        {"Id": str(number)},
                        path=CIMInstanceName("T_Leaf", {"Id": str(number)}),
                    )
                    for number in range(300)
                ]
            )
        # The compiler itself is one; none may be of an instance.
        found = gc.collect()
    finally:
        gc.enable()
    assert found < 600, found
