"""
Where files are looked for, and what includes may read.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, List, Optional

import pytest

from pywbem._mof_compiler import MOFCompileError, MOFCompiler, MOFDependencyError, MOFParseError
from pywbem._mof_compiler.reading import MAX_INCLUDED_FILES
from pywbem_mock import FakedWBEMConnection
from tests.unit.test_mof_compiler.repositories import NAMESPACE

FILES = {
    "app/main.mof": '#pragma include ("{}")',
    "app/own.mof": "class Own { };",
    "app/dir/own.mof": "class OwnDir { };",
    "first/deep/er/only.mof": "class Only { };",
    "first/deep/near.mof": '#pragma include ("beside.mof")',
    "first/deep/beside.mof": "class Beside { };",
    "first/deep/both.mof": "class First { };",
    "second/both.mof": "class Second { };",
    "second/dir/relative.mof": "class Relative { };",
    "second/aaa/relative.mof": "class NotRelative { };",
    "app/own2.mof": "class OwnTwo { };",
    "second/own2.mof": "class NotOwn { };",
}
# The name, and the class that is found; None for nothing.
NAMES = {
    "own": ("own.mof", "Own"),
    "own, in a directory": ("dir/own.mof", "OwnDir"),
    "own, through a directory": ("dir/../own.mof", "Own"),
    "own first": ("own2.mof", "OwnTwo"),
    "below a search directory": ("only.mof", "Only"),
    "in other case": ("ONLY.Mof", "Only"),
    "in a directory that is not there": ("x/y/only.mof", "Only"),
    "of the including file": ("near.mof", "Beside"),
    "the first search directory": ("both.mof", "First"),
    "relative to a search directory": ("dir/relative.mof", "Relative"),
    "nowhere": ("nowhere.mof", None),
    "empty": ("", None),
    "backslash": ("dir\\\\own.mof", "OwnDir"),
    "backslash, no escape": ("dir\\own.mof", "OwnDir"),
    "backslashes, search path": ("..\\dir\\relative.mof", "NotRelative"),
}


def folder(tmp_path: Path, name: str) -> None:
    for filename, text in FILES.items():
        path = tmp_path / filename
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("{}", name), encoding="utf-8")


@pytest.mark.parametrize("name, expected", NAMES.values(), ids=NAMES.keys())
@pytest.mark.parametrize("how", ["file", "string", "mock"])
def test_included_file(
    how: str, name: str, expected: Optional[str], tmp_path: Path, monkeypatch: Any
) -> None:
    if name.startswith(".."):
        expected = "NotRelative"
    folder(tmp_path, name)
    monkeypatch.chdir(tmp_path / "app")
    paths = [str(tmp_path / "first"), str(tmp_path / "second")]
    conn = FakedWBEMConnection(NAMESPACE)

    def compile_it() -> None:
        if how == "mock":
            conn.compile_mof_file("main.mof", search_paths=paths)
            return
        compiler = MOFCompiler(conn, search_paths=paths, log_func=None)
        if how == "file":
            compiler.compile_file(str(tmp_path / "app" / "main.mof"), NAMESPACE)
        else:
            compiler.compile_string(FILES["app/main.mof"].replace("{}", name), NAMESPACE)

    if expected is None:
        with pytest.raises(OSError, match="No such file"):
            compile_it()
    else:
        compile_it()
    assert conn.EnumerateClassNames() == ([] if expected is None else [expected])


@pytest.mark.parametrize(
    "name, expected",
    [("only.mof", "Only"), ("ONLY.MOF", "Only"), ("x/only.mof", "Only"), ("nowhere.mof", None)],
)
def test_compiled_file(
    name: str, expected: Optional[str], tmp_path: Path, monkeypatch: Any
) -> None:
    folder(tmp_path, "")
    monkeypatch.chdir(tmp_path / "app")
    conn = FakedWBEMConnection(NAMESPACE)
    if expected is None:
        with pytest.raises(OSError, match=r"nowhere\.mof"):
            conn.compile_mof_file(name, search_paths=[str(tmp_path / "first")])
    else:
        conn.compile_mof_file(name, search_paths=[str(tmp_path / "first")])
        assert conn.EnumerateClassNames() == [expected]


def test_error_names_the_file_that_was_found(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "bad.mof").write_text("class A { strng S; };", encoding="utf-8")
    compiler = MOFCompiler(None, search_paths=[str(tmp_path)], log_func=None)
    with pytest.raises(MOFParseError) as caught:
        compiler.compile_string('#pragma include ("bad.mof")', NAMESPACE)
    assert caught.value.file == str(tmp_path / "deep" / "bad.mof")


# What includes may read


def root(tmp_path: Path) -> MOFCompiler:
    (tmp_path / "in" / "sub").mkdir(parents=True)
    (tmp_path / "in" / "a.mof").write_text("class A { };", encoding="utf-8")
    (tmp_path / "in" / "sub" / "b.mof").write_text('#pragma include ("../a.mof")', encoding="utf-8")
    (tmp_path / "in" / "sub" / "c.mof").write_text(
        '#pragma include ("../../out.mof")', encoding="utf-8"
    )
    (tmp_path / "inner.mof").write_text("class Inner { };", encoding="utf-8")
    (tmp_path / "out.mof").write_text("class Out { };", encoding="utf-8")
    (tmp_path / "in" / "link.mof").symlink_to(tmp_path / "out.mof")
    return MOFCompiler(
        None, search_paths=[str(tmp_path)], log_func=None, include_root=str(tmp_path / "in")
    )


@pytest.mark.parametrize("name", ["a.mof", "sub/b.mof", "x/a.mof", "sub\\b.mof"])
def test_include_below_the_root(name: str, tmp_path: Path) -> None:
    compiler = root(tmp_path)
    compiler.compile_string(f'#pragma include ("{name}")', NAMESPACE, str(tmp_path / "in" / "x"))
    assert list(compiler.handle.classes[NAMESPACE]) == ["A"]


@pytest.mark.parametrize(
    "name", ["../out.mof", "link.mof", "sub/c.mof", "/etc/passwd", "../missing.mof", "..\\out.mof"]
)
def test_include_outside_the_root(name: str, tmp_path: Path) -> None:
    compiler = root(tmp_path)
    with pytest.raises(MOFDependencyError, match="confined"):
        compiler.compile_string(
            f'#pragma include ("{name}")', NAMESPACE, str(tmp_path / "in" / "x")
        )


def test_include_below_the_root_that_is_missing(tmp_path: Path) -> None:
    compiler = root(tmp_path)
    for name in ("missing.mof", "inner.mof"):
        with pytest.raises(OSError, match="No such file"):
            compiler.compile_string(
                f'#pragma include ("{name}")', NAMESPACE, str(tmp_path / "in" / "x")
            )


def test_files_that_include_the_next_twice(tmp_path: Path) -> None:
    for number in range(40):
        text = f'#pragma include ("{number + 1}.mof")\n' * 2
        (tmp_path / f"{number}.mof").write_text(text, encoding="utf-8")
    (tmp_path / "40.mof").write_text("class A { };", encoding="utf-8")
    log: List[str] = []
    with pytest.raises(MOFCompileError, match=f"More than {MAX_INCLUDED_FILES} files"):
        MOFCompiler(None, log_func=log.append).compile_file(str(tmp_path / "0.mof"), NAMESPACE)
    assert len(log) <= 50


def test_missing_file_and_other_errors(tmp_path: Path) -> None:
    mof = f'#pragma include ("{os.path.basename(str(tmp_path))}.mof")\nclass {{ }};'
    with pytest.raises(MOFParseError) as caught:
        MOFCompiler(None, log_func=None).compile_string(mof, NAMESPACE)
    assert [error.lineno for error in caught.value.errors] == [2, 1]
