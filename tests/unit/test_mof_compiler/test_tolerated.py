"""
MOF that is not quite MOF, but was always taken: it is compiled, and a warning line tells it.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any, Callable, List, Tuple

import pytest

import pywbem
from pywbem._mof_compiler import MOFCompiler, MOFWBEMConnection
from pywbem_mock import FakedWBEMConnection
from tests.unit.test_mof_compiler.repositories import (
    NAMESPACE,
    QUALIFIERS,
    THING,
    last_class,
    last_instance,
)

INNER = r"instance of TST_Thing { Id = \"%s\"; };"


def told(mof: str) -> Tuple[MOFWBEMConnection, List[str]]:
    """Compile a text; return the repository and what was told."""
    handle = MOFWBEMConnection()
    log: List[str] = []
    compiler = MOFCompiler(handle, log_func=log.append)
    compiler.compile_string(QUALIFIERS + THING, NAMESPACE)
    assert not log
    compiler.compile_string(mof, NAMESPACE)
    return handle, log


DUPLICATES = {
    "property": (
        "class A { string S; uint8 @s; string T; };",
        lambda cls: [(prop.name, prop.type) for prop in cls.properties.values()],
        [("s", "uint8"), ("T", "string")],
    ),
    "method": (
        "class A { uint8 F(); string @f(); };",
        lambda cls: [(method.name, method.return_type) for method in cls.methods.values()],
        [("f", "string")],
    ),
    "parameter": (
        "class A { uint8 F(string a, uint8 @A); };",
        lambda cls: [(par.name, par.type) for par in cls.methods["F"].parameters.values()],
        [("A", "uint8")],
    ),
    "qualifier of a class": (
        '[Description ("a"), @DESCRIPTION ("b")] class A { };',
        lambda cls: [(item.name, item.value) for item in cls.qualifiers.values()],
        [("DESCRIPTION", "b")],
    ),
    "qualifier of a property": (
        'class A { [Description ("a"), @Description ("b")] string S; };',
        lambda cls: [item.value for item in cls.properties["S"].qualifiers.values()],
        ["b"],
    ),
    "qualifier of a parameter": (
        'class A { uint8 F([Description ("a"), @Description ("b")] string S); };',
        lambda cls: [item.value for item in cls.methods["F"].parameters["S"].qualifiers.values()],
        ["b"],
    ),
}


@pytest.mark.parametrize("mof, found, expected", DUPLICATES.values(), ids=DUPLICATES.keys())
def test_the_last_of_two_elements_counts(
    mof: str, found: Callable[[Any], Any], expected: Any
) -> None:
    handle, log = told(mof.replace("@", ""))
    assert found(last_class(handle)) == expected
    (line,) = log
    assert line.startswith(f"Warning:String:1:{mof.index('@') + 1} ")
    assert "twice" in line


WORDS = {
    "string": ("S = abc;", "abc"),
    "key": ("Id = abc;", "abc"),
    "boolean": ("B = yes;", True),
    "boolean false": ("B = FALSE_;", True),
    "char16": ("C = c;", "c"),
    "real": ("R32 = inf;", float("inf")),
}


@pytest.mark.parametrize("setting, expected", WORDS.values(), ids=WORDS.keys())
def test_word_as_a_value(setting: str, expected: Any) -> None:
    handle, log = told(f"instance of TST_Thing {{ {setting} }};")
    assert last_instance(handle)[setting.split()[0]] == expected
    assert "without quotes" in log[0]
    assert all(line.startswith("Warning:String:1:") for line in log)


def test_word_as_a_default() -> None:
    handle, log = told("class A { string S = abc; }; Qualifier Q : string = def, Scope(any);")
    assert last_class(handle).properties["S"].value == "abc"
    assert handle.GetQualifier("Q", namespace=NAMESPACE).value == "def"
    assert len(log) == 2


@pytest.mark.parametrize(
    "value, expected",
    [
        ('"yes"', True),
        ('"true"', True),
        ('"False"', False),
        ('""', False),
        ("0", False),
        ("2", True),
    ],
)
def test_boolean_of_another_constant(value: str, expected: bool) -> None:
    handle, log = told(f'instance of TST_Thing {{ Id = "x"; B = {value}; }};')
    assert last_instance(handle)["B"] is expected
    assert len(log) == (1 if value in ('"yes"', '""') else 0)


def test_boolean_constant_of_a_string() -> None:
    handle, _ = told("instance of TST_Thing { Id = TRUE; S = false; };")
    assert (last_instance(handle)["Id"], last_instance(handle)["S"]) == ("TRUE", "FALSE")


EMBEDDED = {
    "empty": ("EI", '""', None, 1),
    "object, empty": ("EO", '""', None, 1),
    "two": ("EI", f'"{INNER % "a"} {INNER % "b"}"', "a", 1),
    "array with an empty one": ("EIA", f'{{ "", "{INNER % "a"}" }}', ["a"], 1),
    "array with two in one": ("EIA", f'{{ "{INNER % "a"} {INNER % "b"}" }}', ["a", "b"], 1),
    "array of a string": ("EIA", f'"{INNER % "a"}"', ["a"], 1),
    "empty for an array": ("EIA", '""', None, 1),
    "array for one": ("EI", f'{{ "{INNER % "a"}" }}', "a", 1),
}


@pytest.mark.parametrize("name, value, expected, lines", EMBEDDED.values(), ids=EMBEDDED.keys())
def test_embedded_instances(name: str, value: str, expected: Any, lines: int) -> None:
    handle, log = told(f'instance of TST_Thing {{ Id = "x"; {name} = {value}; }};')
    prop = last_instance(handle).properties[name]
    found = [item["Id"] for item in prop.value] if isinstance(prop.value, list) else prop.value
    assert (found["Id"] if isinstance(found, pywbem.CIMInstance) else found) == expected
    assert (prop.embedded_object is None) == (expected is None)
    assert len(log) == lines
    assert log[0].startswith("Warning:String:1:")


PRAGMAS = {
    "no parameter": "#pragma autorecover",
    "empty parentheses": "#pragma foo()",
    "string": '#pragma foo ("a")',
    "two strings": '#pragma classflags ("updateonly", "forceupdate")',
    "words": '#pragma deleteclass ("X", nofail)',
    "anything": "#pragma foo (1 {\"a\", 'c'} [class] $a; = : nan # of)",
}


@pytest.mark.parametrize("pragma", PRAGMAS.values(), ids=PRAGMAS.keys())
@pytest.mark.parametrize("behind", ["\nclass A { };", '\n#pragma locale ("en")\nclass A { };'])
def test_unknown_pragmas(pragma: str, behind: str) -> None:
    handle, log = told(pragma + behind)
    assert last_class(handle).classname == "A"
    (line,) = log
    assert line.startswith("Warning:String:1:1 Unknown pragma")


@pytest.mark.parametrize("abstract", ["memory", "mock", "subclass"])
def test_instance_of_an_abstract_class(abstract: str) -> None:
    mof = (
        "Qualifier Abstract : boolean = false, Scope(class), Flavor(Restricted);\n" + QUALIFIERS
    ) + '[Abstract] class A { [Key] string K; }; class B : A { }; instance of X { K = "k"; };'
    mof = mof.replace("X", "B" if abstract == "subclass" else "A")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        if abstract == "memory":
            MOFCompiler(None, log_func=None).compile_string(mof, NAMESPACE)
        else:
            FakedWBEMConnection().compile_mof_string(mof)
    assert {item.filename for item in caught} <= {__file__}
    found = [(item.category, "abstract class" in str(item.message)) for item in caught]
    expected = [] if abstract == "subclass" else [(pywbem.ToleratedSchemaIssueWarning, True)]
    assert found == expected


# Files of old editors and other systems

MOF = 'class A {\n  string S; // "a"\n};\nclass B { };\n'
FILES = {
    "line feeds": MOF.encode(),
    "carriage returns": MOF.replace("\n", "\r").encode(),
    "both": MOF.replace("\n", "\r\n").encode(),
    "mark in the middle": MOF.replace("};\nclass", "};\n\ufeffclass").encode(),
    "two marks": MOF.replace("};\nclass", "};\ufeff\ufeffclass").encode("utf-8-sig"),
    "Ctrl-Z": MOF.encode() + b"\x1a",
    "Ctrl-Z and more": MOF.encode() + b"\x1a\r\n\0\0",
    "NUL": MOF.encode() + b"\0",
    "UTF-16, little endian": b"\xff\xfe" + MOF.encode("utf-16-le"),
    "UTF-16, big endian": b"\xfe\xff" + MOF.encode("utf-16-be"),
    "UTF-32": b"\xff\xfe\0\0" + MOF.encode("utf-32-le"),
}


@pytest.mark.parametrize("data", FILES.values(), ids=FILES.keys())
def test_files(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.mof").write_bytes(data)
    handle = MOFWBEMConnection()
    MOFCompiler(handle, log_func=None).compile_file(str(tmp_path / "a.mof"), NAMESPACE)
    assert handle.compile_ordered_classnames == ["A", "B"]
    assert list(handle.classes[NAMESPACE]["A"].properties) == ["S"]


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"], ids=repr)
def test_place_with_any_end_of_line(end: str, tmp_path: Path) -> None:
    (tmp_path / "a.mof").write_bytes(f"class A {{{end}  string S;{end}  strng T;{end}}};".encode())
    with pytest.raises(pywbem.MOFParseError) as caught:
        MOFCompiler(None, log_func=None).compile_file(str(tmp_path / "a.mof"), NAMESPACE)
    error = caught.value
    assert (error.lineno, error.column) == (3, 3)
    assert error.context == ["class A {", "  string S;", "  strng T;", "  ^^^^^"]
    assert "'strng' is no data type" in error.msg


def test_string_with_carriage_returns() -> None:
    handle, _ = told("// c\rclass A { };\r")
    assert last_class(handle).classname == "A"


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-16-le", "shift_jis"])
def test_encoding(encoding: str, tmp_path: Path) -> None:
    text = "\u30c6" if encoding == "shift_jis" else "\u00e4"
    mof = f'#pragma include ("b.mof")\nclass A {{ string S = "{text}"; }};'
    (tmp_path / "a.mof").write_bytes(mof.encode(encoding))
    (tmp_path / "b.mof").write_bytes(b"\xef\xbb\xbf" + f"class {text} {{ }};".encode())
    handle = MOFWBEMConnection()
    compiler = MOFCompiler(handle, log_func=None, encoding=encoding)
    compiler.compile_file(str(tmp_path / "a.mof"), NAMESPACE)
    assert handle.classes[NAMESPACE]["A"].properties["S"].value == text
    assert text in handle.classes[NAMESPACE]


def test_wrong_encoding(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nonsense"):
        MOFCompiler(None, encoding="nonsense")
    (tmp_path / "a.mof").write_bytes(b"\n\xe4")
    with pytest.raises(pywbem.MOFParseError, match="not ASCII") as caught:
        MOFCompiler(None, log_func=None, encoding="ascii").compile_file(
            str(tmp_path / "a.mof"), NAMESPACE
        )
    assert (caught.value.lineno, caught.value.column) == (2, 1)
