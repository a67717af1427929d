"""
Files: includes, search paths, encodings; namespaces and other pragmas.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any, Dict, List

import pytest

from pywbem._mof_compiler import (
    MOFCompileError,
    MOFCompiler,
    MOFDependencyError,
    MOFParseError,
    MOFRepositoryError,
    MOFWBEMConnection,
)
from tests.unit.test_mof_compiler.repositories import (
    NAMESPACE,
    QUALIFIERS,
    Repository,
    content,
)


def write(folder: Path, files: Dict[str, str]) -> str:
    """Write files; return the path name of the first."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
    return str(folder / next(iter(files)))


def classes(handle: MOFWBEMConnection) -> Dict[str, List[str]]:
    return {namespace: list(names) for namespace, names in handle.classes.items()}


def test_includes(tmp_path: Path) -> None:
    """Names are relative to the including file; the order is that of the text."""
    main = write(
        tmp_path,
        {
            "main.mof": '#pragma include ("sub/a.mof")\nclass M { };\n#pragma include ("b.mof")\n',
            "sub/a.mof": '#pragma include("a2.mof") class A { };',
            "sub/a2.mof": "class A2 { };",
            "b.mof": "class B { };",
        },
    )
    handle = MOFWBEMConnection()
    MOFCompiler(handle, log_func=None).compile_file(main, NAMESPACE)
    assert handle.compile_ordered_classnames == ["A2", "A", "M", "B"]


def test_includes_of_a_string(tmp_path: Path) -> None:
    name = write(tmp_path, {"main.mof": "", "sub/a.mof": "class A { };"})
    handle = MOFWBEMConnection()
    compiler = MOFCompiler(handle, log_func=None)
    compiler.compile_string('#pragma include ("sub/a.mof")', NAMESPACE, name)
    assert classes(handle) == {NAMESPACE: ["A"]}


def test_same_file_twice(tmp_path: Path) -> None:
    """To include a file again behind itself is no recursion."""
    main = write(
        tmp_path,
        {
            "main.mof": '#pragma include ("a.mof")\n#pragma include ("a.mof")\n',
            "a.mof": "class A { };",
        },
    )
    handle = MOFWBEMConnection()
    MOFCompiler(handle, log_func=None).compile_file(main, NAMESPACE)
    assert handle.compile_ordered_classnames == ["A", "A"]


@pytest.mark.parametrize(
    "files, faulty",
    [
        ({"a.mof": 'class A { };\n#pragma include ("a.mof")'}, "a.mof"),
        ({"a.mof": '\n#pragma include ("x/../a.mof")', "x/y.mof": ""}, "a.mof"),
        (
            {
                "a.mof": '#pragma include ("b.mof")',
                "b.mof": '#pragma include ("c.mof")',
                "c.mof": 'class C { };\n#pragma include ("a.mof")',
            },
            "c.mof",
        ),
    ],
    ids=["itself", "by another name", "in a circle"],
)
def test_recursive_include(files: Dict[str, str], faulty: str, tmp_path: Path) -> None:
    handle = MOFWBEMConnection()
    with pytest.raises(MOFParseError, match="includes itself") as caught:
        MOFCompiler(handle, log_func=None).compile_file(write(tmp_path, files), NAMESPACE)
    assert os.path.basename(str(caught.value.file)) == faulty
    assert caught.value.lineno == 2
    assert content(handle) == content(MOFWBEMConnection())


def test_recursive_include_by_a_link(tmp_path: Path) -> None:
    main = write(tmp_path, {"a.mof": '#pragma include ("link.mof")'})
    try:
        (tmp_path / "link.mof").symlink_to(tmp_path / "a.mof")
    except OSError:
        pytest.skip("no symbolic links here")
    with pytest.raises(MOFParseError, match="includes itself"):
        MOFCompiler(None, log_func=None).compile_file(main, NAMESPACE)


def test_includes_too_deep(tmp_path: Path) -> None:
    files = {f"{number}.mof": f'#pragma include ("{number + 1}.mof")' for number in range(150)}
    with pytest.raises(MOFParseError, match="levels deep"):
        MOFCompiler(None, log_func=None).compile_file(write(tmp_path, files), NAMESPACE)


@pytest.mark.parametrize("name", ["missing.mof", ".", "", "a\\x0000b"], ids=repr)
def test_include_that_cannot_be_read(name: str, tmp_path: Path) -> None:
    main = write(tmp_path, {"main.mof": f'class A {{ }};\n#pragma include ("{name}")'})
    handle = MOFWBEMConnection()
    with pytest.raises(OSError, match=r"included in .*, line 2\)|directory"):
        MOFCompiler(handle, log_func=None).compile_file(main, NAMESPACE)
    assert content(handle) == content(MOFWBEMConnection())


DIRECTORIES = {
    "file": ("{0}", ""),
    "include": ("{0}/main.mof", " (included in {0}/main.mof, line 2)"),
}


@pytest.mark.parametrize(("name", "where"), DIRECTORIES.values(), ids=DIRECTORIES)
def test_directory_in_place_of_a_file(name: str, where: str, tmp_path: Path) -> None:
    write(tmp_path, {"main.mof": 'class A { };\n#pragma include (".")', "a.mof": "class B { };"})
    with pytest.raises(IsADirectoryError) as caught:
        MOFCompiler(None, log_func=None).compile_file(name.format(tmp_path), NAMESPACE)
    assert caught.value.errno == errno.EISDIR
    assert os.path.samefile(caught.value.filename, tmp_path)
    assert caught.value.strerror == (
        "Is a directory; name the MOF file in it that includes the others, or each file"
        + where.format(tmp_path)
    )


@pytest.mark.parametrize("name", ["missing.mof", "."])
def test_file_that_cannot_be_read(name: str, tmp_path: Path) -> None:
    with pytest.raises(OSError):
        MOFCompiler(None, log_func=None).compile_file(str(tmp_path / name), NAMESPACE)


def test_errors_of_all_files_are_reported(tmp_path: Path) -> None:
    main = write(
        tmp_path,
        {
            "main.mof": 'class { };\n#pragma include ("a.mof")\n#pragma include ("b.mof")\n',
            "a.mof": "class A { x };",
            "b.mof": '\n#pragma include ("missing.mof")',
        },
    )
    with pytest.raises(MOFParseError) as caught:
        MOFCompiler(None, log_func=None).compile_file(main, NAMESPACE)
    found = [(os.path.basename(str(exc.file)), exc.lineno) for exc in caught.value.errors]
    assert found == [("main.mof", 1), ("a.mof", 1), ("b.mof", 2)]


# Encodings


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "byte-order mark"])
def test_utf8(mark: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.mof"
    path.write_bytes(mark + 'class \u00c4 { string s = "\u20ac\U0001f600"; };'.encode())
    handle = MOFWBEMConnection()
    MOFCompiler(handle, log_func=None).compile_file(str(path), NAMESPACE)
    assert handle.classes[NAMESPACE]["\u00c4"].properties["s"].value == "\u20ac\U0001f600"


def test_byte_order_mark_of_a_string() -> None:
    handle = MOFWBEMConnection()
    MOFCompiler(handle, log_func=None).compile_string("\ufeffclass A { };", NAMESPACE)
    assert classes(handle) == {NAMESPACE: ["A"]}


@pytest.mark.parametrize("included", [False, True], ids=["file", "included file"])
def test_not_utf8(included: bool, tmp_path: Path) -> None:
    path = tmp_path / "a.mof"
    path.write_bytes(b'class A {\n  string \xc3\xa4 = "\xff";\n};')
    main = write(tmp_path, {"main.mof": '#pragma include ("a.mof")'})
    with pytest.raises(MOFParseError, match="not UTF-8: byte 0xFF") as caught:
        MOFCompiler(None, log_func=None).compile_file(main if included else str(path), NAMESPACE)
    assert (caught.value.file, caught.value.lineno, caught.value.column) == (str(path), 2, 15)


# Dependencies


@pytest.fixture
def library(tmp_path: Path) -> Path:
    write(
        tmp_path,
        {
            "q/qualifiers.mof": QUALIFIERS,
            "q/qualifiers_optional.mof": "Qualifier Optional : boolean, Scope(any);",
            "deep/er/TST_Base.mof": (
                'class TST_Base : TST_Root { [Key, Optional] string Id = "b"; };'
            ),
            "deep/TST_Root.mof": "class TST_Root { };",
            "deep/TST_Emb.mof": "class TST_Emb { TST_Loop REF l; };",
            "deep/TST_Loop.mof": "class TST_Loop { TST_Emb REF e; };",
            "deep/TST_Bad.mof": "class TST_Bad {\n   ? };",
            "deep/TST_Other.mof": "class TST_Something { };",
        },
    )
    return tmp_path


NEEDS = {
    "superclass": ("class A : TST_Base { };", ["TST_Root", "TST_Base", "A"]),
    "reference": ("class A { tst_root REF r; };", ["TST_Root", "A"]),
    "embedded": (
        'class A { [EmbeddedInstance("TST_Emb")] string s; };',
        ["TST_Loop", "TST_Emb", "A"],
    ),
    "parameter": ("class A { uint8 f(TST_Root REF r); };", ["TST_Root", "A"]),
    "embedded parameter": (
        'class A { uint8 f([EmbeddedInstance("TST_Root")] string s); };',
        ["TST_Root", "A"],
    ),
    "instance": ("instance of TST_Base { };", ["TST_Root", "TST_Base"]),
    "embedded instance": (
        "class A { [Key] uint8 k; [EmbeddedObject] string s; };"
        "instance of A { s = instance of TST_Root { }; };",
        ["A", "TST_Root"],
    ),
}


@pytest.mark.parametrize("paths", ["iterable", "text"])
@pytest.mark.parametrize("mof, expected", NEEDS.values(), ids=NEEDS.keys())
def test_dependencies_on_the_search_path(
    mof: str, expected: List[str], paths: str, library: Path
) -> None:
    handle = MOFWBEMConnection()
    search: Any = str(library) if paths == "text" else iter([str(library)])
    compiler = MOFCompiler(handle, search_paths=search, log_func=None)
    compiler.compile_string(mof, NAMESPACE)
    assert handle.compile_ordered_classnames == expected


def test_what_the_repository_has_is_not_searched(library: Path) -> None:
    repository = Repository()
    MOFCompiler(repository, log_func=None).compile_string(
        QUALIFIERS + "class TST_Base { [Key] string Mine; };", NAMESPACE
    )
    repository.calls.clear()
    compiler = MOFCompiler(repository, search_paths=[str(library)], log_func=None)
    compiler.compile_string("[Description] class A : TST_Base { TST_Base REF r; };", NAMESPACE)
    assert repository.calls == [
        "GetClass TST_Base",
        "EnumerateQualifiers ",
        "CreateClass A",
    ]


def test_what_was_compiled_is_not_fetched() -> None:
    repository = Repository()
    MOFCompiler(repository, log_func=None).compile_string(
        "class A { }; class B : A { A REF r; }; class C : B { B REF s; };", NAMESPACE
    )
    assert repository.calls == ["CreateClass A", "CreateClass B", "CreateClass C"]


@pytest.mark.parametrize(
    "mof, exception, file",
    [
        ("class A : TST_Bad { };", MOFParseError, "TST_Bad.mof"),
        ("class A : TST_Other { };", MOFDependencyError, None),
        ("[Missing] class A { };", MOFDependencyError, None),
    ],
    ids=["syntax", "another class", "qualifier"],
)
def test_faults_on_the_search_path(mof: str, exception: Any, file: Any, library: Path) -> None:
    handle = MOFWBEMConnection()
    compiler = MOFCompiler(handle, search_paths=[str(library)], log_func=None)
    with pytest.raises(exception) as caught:
        compiler.compile_string(mof, NAMESPACE)
    found = caught.value.file
    assert (found and os.path.basename(found)) == file
    assert content(handle) == content(MOFWBEMConnection())


def test_find_mof(library: Path) -> None:
    compiler = MOFCompiler(None, search_paths=[str(library)], log_func=None)
    assert compiler.find_mof("TST_Base") == str(library / "deep" / "er" / "TST_Base.mof")
    assert compiler.find_mof("tst_base") == compiler.find_mof("TST_Base")
    assert compiler.find_mof("Missing") is None
    assert MOFCompiler(None, log_func=None).find_mof("TST_Base") is None


# Namespaces and other pragmas


def test_namespaces(tmp_path: Path) -> None:
    """A pragma holds from there on, also behind an included file that has it."""
    main = write(
        tmp_path,
        {
            "main.mof": 'class A { };\n#pragma namespace ("/root/one/")\nclass B { };\n'
            '#pragma include ("sub.mof")\nclass E { };',
            "sub.mof": 'class C { };\n#pragma namespace ("root/two")\nclass D { };',
        },
    )
    handle = MOFWBEMConnection()
    MOFCompiler(handle, log_func=None).compile_file(main, None)
    assert classes(handle) == {
        "root/cimv2": ["A"],
        "root/one": ["B", "C"],
        "root/two": ["D", "E"],
    }
    assert handle.default_namespace == "root/cimv2"


def test_namespace_is_created() -> None:
    repository = Repository()
    MOFCompiler(repository, log_func=None).compile_string(
        '#pragma namespace ("root/new")\nclass A { };', NAMESPACE
    )
    assert repository.calls == [
        "CreateClass A",
        "create_namespace root/new",
        "CreateClass A",
    ]
    assert ("root/new", "a") in repository.classes


def test_created_namespace_is_deleted_again() -> None:
    repository = Repository()
    before = repository.state()
    with pytest.raises(MOFCompileError):
        MOFCompiler(repository, log_func=None).compile_string(
            '#pragma namespace ("root/new")\nclass A { }; class B : Missing { };', NAMESPACE
        )
    assert repository.state() == before


def test_namespace_that_cannot_be_created(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(Repository, "create_namespace")
    with pytest.raises(MOFRepositoryError, match="cannot be created") as caught:
        MOFCompiler(Repository(), log_func=None).compile_string(
            '#pragma namespace ("root/new")\nclass A { };', NAMESPACE
        )
    assert caught.value.cim_error is not None
    assert (caught.value.lineno, caught.value.column) == (2, 7)


@pytest.mark.parametrize(
    "pragma",
    ["locale", "instancelocale", "nonlocal", "nonlocaltype", "source", "sourcetype", "Locale"],
)
def test_known_pragmas(pragma: str) -> None:
    log: List[str] = []
    compiler = MOFCompiler(None, log_func=log.append)
    compiler.compile_string(f'#pragma {pragma} ("x")', NAMESPACE)
    assert log == []


def test_unknown_pragma() -> None:
    log: List[str] = []
    handle = MOFWBEMConnection()
    compiler = MOFCompiler(handle, log_func=log.append)
    compiler.compile_string('class A { };\n  #pragma tst_new ("x")\nclass B { };', NAMESPACE)
    assert classes(handle) == {NAMESPACE: ["A", "B"]}
    assert log == ["Warning:String:2:3 Unknown pragma 'tst_new' is ignored"]
