"""
What a verbose compiler tells: lines that programs and people know.
"""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import List, Optional, Type

import pytest

from pywbem._mof_compiler import MOFCompiler, MOFWBEMConnection
from pywbem_mock import FakedWBEMConnection

NS = "root/v"
KEY = "Qualifier Key : boolean = false, Scope(property), Flavor(DisableOverride);\n"
EMBEDDED = "Qualifier EmbeddedInstance : string = null, Scope(property);\n"
ONE = KEY + "class A { [Key] string K; string S; };\n"


TEXTS = {
    "new": (
        "",
        ONE + 'instance of A { K = "1"; };',
        [
            f"Target namespace '{NS}'",
            f"Setting qualifier {NS}:Key",
            f"Creating class {NS}:A",
            f"Creating instance of class {NS}:A",
        ],
    ),
    "class exists": (
        ONE,
        "class A { [Key] string K; };",
        [
            f"Target namespace '{NS}'",
            f"Creating class {NS}:A",
            f"Class already exists - modifying class {NS}:A",
        ],
    ),
    "instance exists": (
        ONE + 'instance of A { K = "1"; };',
        'instance of A { K = "1"; S = "s"; };',
        [
            f"Target namespace '{NS}'",
            f"Creating instance of class {NS}:A",
            f"Instance already exists - retrieving its class {NS}:A",
            f'Modifying instance {NS}:A.K="1"',
        ],
    ),
    "embedded instance": (
        EMBEDDED + ONE + 'class E { [EmbeddedInstance("A")] string E; };',
        r'instance of E { E = "instance of A { K = \"1\"; };"; };',
        [
            f"Target namespace '{NS}'",
            f"Target namespace '{NS}'",
            f"Creating instance of class {NS}:A",
            f"Creating instance of class {NS}:E",
        ],
    ),
}


@pytest.mark.filterwarnings("ignore::pywbem.MissingKeybindingsWarning")
@pytest.mark.parametrize("before, mof, expected", TEXTS.values(), ids=TEXTS.keys())
def test_lines(before: str, mof: str, expected: List[str]) -> None:
    log: List[str] = []
    conn = FakedWBEMConnection(NS)
    conn.compile_mof_string(before)
    MOFCompiler(conn, verbose=True, log_func=log.append).compile_string(mof, NS)
    assert log == expected


def test_namespace(capsys: pytest.CaptureFixture[str]) -> None:
    FakedWBEMConnection(NS).compile_mof_string(
        '#pragma namespace ("root/new")\nclass A { };', verbose=True
    )
    assert [line for line in capsys.readouterr().out.splitlines() if line] == [
        f"Target namespace '{NS}'",
        "Switching target namespace to 'root/new'",
        "Creating class root/new:A",
        "Creating namespace root/new (in MOF compiler)",
    ]


@pytest.mark.parametrize(
    "name, expected, raised",
    [
        ("x/main.mof", ["x/main.mof", "x/B.mof"], None),
        ("x/missing.mof", ["x/missing.mof", "x/nope.mof"], OSError),
        ("B.mof", ["B.mof"], None),
        ("nope.mof", ["nope.mof"], OSError),
    ],
    ids=["include-found", "include-missing", "top-found", "top-missing"],
)
def test_file_asked_for(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    expected: List[str],
    raised: Optional[Type[Exception]],
) -> None:
    """The name of a file is told as it was asked for, before it is looked for."""
    for path, text in (
        ("x/main.mof", '#pragma include ("B.mof")'),
        ("x/missing.mof", '#pragma include ("nope.mof")'),
        ("y/z/B.mof", "class B { };"),
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    log: List[str] = []
    compiler = MOFCompiler(
        MOFWBEMConnection(), search_paths=["y"], verbose=True, log_func=log.append
    )
    with pytest.raises(raised) if raised else nullcontext():
        compiler.compile_file(name, NS)
    assert [line for line in log if line.startswith("Compiling")] == [
        f"Compiling file '{path}'" for path in expected
    ]


def test_search_path(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name, text in (
        ("qualifiers.mof", EMBEDDED + KEY),
        ("sub/S.mof", "class S { };"),
        ("R.mof", 'class R { [EmbeddedInstance("S")] string s; };'),
        ("I.mof", "class I { [Key] string K; };"),
        ("main.mof", 'class A : S { };\n#pragma include ("R.mof")\ninstance of I { K = "1"; };'),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
    log: List[str] = []
    paths = [str(tmp_path)]
    compiler = MOFCompiler(
        MOFWBEMConnection(), search_paths=paths, verbose=True, log_func=log.append
    )
    compiler.compile_file(str(tmp_path / "main.mof"), NS)
    assert [line.replace(str(tmp_path) + "/", "") for line in log] == [
        "Compiling file 'main.mof'",
        f"Target namespace '{NS}'",
        "Compiling file 'R.mof'",
        f"Target namespace '{NS}'",
        f"Creating class {NS}:A",
        "Compiling file 'sub/S.mof'",
        f"Target namespace '{NS}'",
        f"Creating class {NS}:S",
        f"Creating class {NS}:A",
        "Compiling file 'qualifiers.mof'",
        f"Target namespace '{NS}'",
        f"Setting qualifier {NS}:EmbeddedInstance",
        f"Setting qualifier {NS}:Key",
        f"Creating class {NS}:R",
        "Class 'I' does not exist",
        "Compiling file 'I.mof'",
        f"Target namespace '{NS}'",
        f"Creating class {NS}:I",
        f"Creating instance of class {NS}:I",
    ]
