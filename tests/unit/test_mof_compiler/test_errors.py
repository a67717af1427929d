"""
What exceptions say, what is logged, and that one run finds all errors.
"""

from __future__ import annotations

from typing import Any, List, Tuple

import pytest

import pywbem
from pywbem._mof_compiler import (
    MOFCompileError,
    MOFCompiler,
    MOFDependencyError,
    MOFParseError,
    MOFRepositoryError,
    MOFWBEMConnection,
)
from pywbem_mock import FakedWBEMConnection
from tests.unit.test_mof_compiler.repositories import NAMESPACE, QUALIFIERS, THING, Repository

SEVERAL = {
    "properties": (
        "class A {\n  strin a;\n  string b;\n  strin c;\n  string d = ;\n};",
        [(2, 3), (4, 3), (5, 14)],
    ),
    "values": (
        "instance of A {\n  a = ;\n  b = 1;\n  c = 1 2;\n};",
        [(2, 7), (4, 9)],
    ),
    "declarations": (
        "class { };\nQualifier Q;\ninstance A { };\nclass B { };\nclass C {} ;\nclass D : { };",
        [(1, 7), (2, 12), (3, 10), (6, 11)],
    ),
    "brace missing": (
        "class A {\n  string a;\nclass B { };\nclass C { strin c; };",
        [(3, 1), (4, 11)],
    ),
    "semicolon missing": ("class A { }\nclass B { }\nclass C { };", [(2, 1), (3, 1)]),
    "one feature with two errors": ("class A { strin a strin b; string c; };", [(1, 11)]),
    "strings not closed": (
        'class A {\n  string a = "x;\n  string b = "y;\n  string c;\n  strin d;\n};',
        [(2, 14), (5, 3)],
    ),
    "method": ("class A {\n  uint8 f(string);\n  uint8 g();\n  h();\n};", [(2, 17), (4, 4)]),
    "bad characters": ("?\nclass A { ? };\n? class B { };", [(1, 1), (2, 11), (3, 1)]),
    "end": ("class A { strin a; };\nclass B {", [(1, 11), (2, 10)]),
    "pragma": ('#pragma include ("x"\nclass A { strin s; };', [(2, 22)]),
}


@pytest.mark.parametrize("mof, expected", SEVERAL.values(), ids=SEVERAL.keys())
def test_all_errors(mof: str, expected: List[Tuple[int, int]]) -> None:
    log: List[str] = []
    with pytest.raises(MOFParseError) as caught:
        MOFCompiler(None, log_func=log.append).compile_string(mof, NAMESPACE)
    errors = caught.value.errors
    assert [(error.lineno, error.column) for error in errors] == expected
    assert errors[0] is caught.value
    assert log == [error.get_err_msg() for error in errors]


def test_number_of_errors_is_limited() -> None:
    with pytest.raises(MOFParseError) as caught:
        MOFCompiler(None, log_func=None).compile_string("class { };\n" * 1000, NAMESPACE)
    assert len(caught.value.errors) == 50


def test_message() -> None:
    mof = (
        "class L1 { };\nclass L2 { };\nclass L3 { };\nclass L4 {\n  string a;\n  size d e; // x\n};"
    )
    with pytest.raises(MOFParseError) as caught:
        MOFCompiler(None, log_func=None).compile_string(mof, NAMESPACE, "dir/a.mof")
    error = caught.value
    assert error.error_kind == "MOF parsing error"
    assert (error.file, error.lineno, error.column) == ("dir/a.mof", 6, 3)
    assert error.msg == "MOF grammar error: 'size' is no data type"
    assert error.context == [
        "class L2 { };",
        "class L3 { };",
        "class L4 {",
        "  string a;",
        "  size d e; // x",
        "  ^^^^",
    ]
    text = "MOF parsing error:dir/a.mof:6:3 MOF grammar error: 'size' is no data type\n"
    assert error.get_err_msg() == text + "\n".join(error.context)
    assert str(error) == error.get_err_msg()
    assert error.args == (6, 3, "dir/a.mof", error.context)


def test_message_of_a_string() -> None:
    with pytest.raises(MOFDependencyError) as caught:
        MOFCompiler(None, log_func=None).compile_string("\tclass A : Missing { };", NAMESPACE)
    error = caught.value
    assert error.file is None
    assert error.get_err_msg().splitlines() == [
        f"MOF dependency error:String:1:12 {error.msg}",
        "\tclass A : Missing { };",
        "\t          ^^^^^^^",
    ]


def test_message_of_long_lines() -> None:
    mof = "class A { " + "string s; " * 500 + "strin t; };"
    with pytest.raises(MOFParseError) as caught:
        MOFCompiler(None, log_func=None).compile_string(mof.replace("s;", "s\\;"), NAMESPACE)
    with pytest.raises(MOFParseError) as caught:
        MOFCompiler(None, log_func=None).compile_string(mof, NAMESPACE)
    line, caret = caught.value.context or []
    assert caught.value.column == len(mof) - 10
    assert len(line) <= 400
    assert line[caret.index("^") :].startswith("strin t; };")


def test_message_without_place() -> None:
    error = MOFCompileError("text")
    assert (error.file, error.lineno, error.column, error.context) == (None,) * 4
    assert str(error) == "MOF compile error: text"
    assert list(error.errors) == [error]


def test_place_of_a_token() -> None:
    """Programs that use PLY pass its tokens, whose lexer has the parser."""

    class Token:
        lexpos = 4
        value = "def"

        class lexer:
            class parser:
                file = "a.mof"
                mof = "abc\ndef"

    error = MOFParseError("text", Token)
    assert (error.file, error.lineno, error.column) == ("a.mof", 2, 1)
    assert error.context == ["abc", "def", "^^^"]


OPERATIONS = {
    "SetQualifier": "Qualifier Q : boolean, @Scope(any);",
    "EnumerateQualifiers": "[Q] class A { };",
    "CreateClass": "class A { };",
    "GetClass": "class B : A { };",
    "CreateInstance": "class A { }; instance of A { };",
}


@pytest.mark.parametrize("operation, mof", OPERATIONS.items(), ids=OPERATIONS.keys())
def test_error_of_the_repository(operation: str, mof: str) -> None:
    repository = Repository()
    cim_error = pywbem.CIMError(pywbem.CIM_ERR_ACCESS_DENIED, "not you", conn_id="id 1")
    repository.fail[operation] = cim_error
    before = repository.state()
    with pytest.raises(MOFRepositoryError) as caught:
        MOFCompiler(repository, log_func=None).compile_string(mof.replace("@", ""), NAMESPACE)
    error = caught.value
    assert error.cim_error is cim_error
    assert error.conn_id == "id 1"
    assert error.lineno == 1
    assert error.msg.endswith(f"returned an error for {operation}")
    assert str(error).splitlines()[-1] == str(cim_error)
    assert repository.state() == before


def test_error_for_modify_class() -> None:
    repository = Repository()
    compiler = MOFCompiler(repository, log_func=None)
    compiler.compile_string("class A { };", NAMESPACE)
    repository.fail["ModifyClass"] = pywbem.CIMError(pywbem.CIM_ERR_CLASS_HAS_INSTANCES, "has")
    with pytest.raises(MOFRepositoryError, match="ModifyClass"):
        compiler.compile_string("class A { string s; };", NAMESPACE)


@pytest.mark.parametrize("code", [pywbem.CIM_ERR_INVALID_SUPERCLASS, 4])
def test_repository_that_misses_something(code: int) -> None:
    repository = Repository()
    repository.fail["CreateClass"] = pywbem.CIMError(code, "needs more")
    with pytest.raises(MOFDependencyError, match="needs more"):
        MOFCompiler(repository, log_func=None).compile_string("class A { };", NAMESPACE)


@pytest.mark.parametrize(
    "exception",
    [
        pywbem.ConnectionError("gone"),
        pywbem.TimeoutError("late"),
        pywbem.AuthError("who"),
        KeyError(),
    ],
    ids=lambda exc: type(exc).__name__,
)
def test_other_exceptions_are_passed_on(exception: Exception) -> None:
    repository = Repository()
    repository.fail["CreateClass"] = exception
    with pytest.raises(type(exception)) as caught:
        MOFCompiler(repository, log_func=None).compile_string("class A { };", NAMESPACE)
    assert caught.value is exception


def test_verbose_log() -> None:
    log: List[str] = []
    compiler = MOFCompiler(Repository(), verbose=True, log_func=log.append)
    compiler.compile_string(
        "Qualifier Key : boolean, Scope(any); class A { [Key] string Id; };"
        'instance of A { Id = "a"; }; class A { [Key] string Id; };',
        NAMESPACE,
    )
    assert log == [
        f"Target namespace '{NAMESPACE}'",
        f"Setting qualifier {NAMESPACE}:Key",
        f"Creating class {NAMESPACE}:A",
        f"Creating instance of class {NAMESPACE}:A",
        f"Creating class {NAMESPACE}:A",
        f"Class already exists - modifying class {NAMESPACE}:A",
    ]


def test_log_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(MOFParseError) as caught:
        MOFCompiler(None).compile_string('class { string s = "\u20ac"; };', NAMESPACE)
    assert capsys.readouterr().out == caught.value.get_err_msg() + "\n"


@pytest.mark.parametrize("handle", [5, "x", object()], ids=["int", "str", "object"])
def test_wrong_handle(handle: Any) -> None:
    with pytest.raises(TypeError, match="handle"):
        MOFCompiler(handle)


# All semantic errors of a run

SEMANTIC = (
    QUALIFIERS
    + THING
    + """class A : Missing { };
class B : A { uint8 u = 256; [Nowhere] string s; [Nowhere] string t; };
class C { uint8 u = 300; boolean b[] = TRUE; uint8 F([Elsewhere] string p); };
Qualifier Bad : uint8 = 256, Scope(any);
class D { [Bad] string s; };
instance of A { };
instance of Unknown { a = 1; };
instance of Unknown { a = 2; };
instance of TST_Thing { Id = "1"; U8 = 256; S8 = -129; Missing = 1; };
instance of TST_Thing as $ok { Id = "2"; Ref = $nowhere; };
instance of TST_Thing { Id = "3"; Ref = $ok; };
class OK { };
instance of TST_Thing { Id = "4"; EI = "instance of TST_Thing { U8 = 256; S8 = 300; };"; };
"""
)
EXPECTED = [
    (1, "superclass 'Missing'"),
    (2, "'u' of class 'B'"),
    (2, "'Nowhere'"),
    (3, "'u' of class 'C'"),
    (3, "'b' of class 'C'"),
    (3, "'Elsewhere'"),
    (4, "'Bad'"),
    (7, "'Unknown'"),
    (9, "'U8'"),
    (9, "'S8'"),
    (9, "'Missing'"),
    (10, "'$nowhere'"),
    (13, "256 is out of range"),
    (13, "300 is out of range"),
]


@pytest.mark.parametrize("kind", ["memory", "mock", "repository"])
def test_all_semantic_errors(kind: str) -> None:
    """Each is told once; what follows from them is not told."""
    log: List[str] = []
    repository = Repository()
    handle: Any = {"memory": MOFWBEMConnection(), "mock": FakedWBEMConnection(NAMESPACE)}.get(
        kind, repository
    )
    before = repository.state()
    # Where references are only in associations.
    mof = SEMANTIC.replace("class TST_Thing {", "[Association] class TST_Thing {")
    with pytest.raises(MOFCompileError) as caught:
        MOFCompiler(handle, log_func=log.append).compile_string(mof, NAMESPACE)
    errors = caught.value.errors
    first = (QUALIFIERS + THING).count("\n")
    assert [(error.lineno or 0) - first for error in errors] == [line for line, _ in EXPECTED]
    for error, (_, text) in zip(errors, EXPECTED):
        assert text in error.msg
    assert log == [error.get_err_msg() for error in errors]
    assert repository.state() == before
    # After the first error nothing is written.
    assert not [call for call in repository.calls if "OK" in call]


def test_errors_of_embedded_values() -> None:
    compiler = MOFCompiler(None, log_func=None)
    compiler.compile_string(QUALIFIERS + THING, NAMESPACE)
    with pytest.raises(MOFCompileError) as caught:
        compiler.compile_embedded_value(
            ["instance of TST_Thing { U8 = 256; };", "instance of TST_Thing { Missing = 1; };"],
            NAMESPACE,
        )
    assert len(caught.value.errors) == 2


def test_a_repository_that_cannot_be_read_is_asked_twice_at_most() -> None:
    repository = Repository()
    repository.fail["GetClass"] = pywbem.CIMError(pywbem.CIM_ERR_ACCESS_DENIED, "no")
    mof = "".join(f"class A{number} : B{number} {{ }};" for number in range(100))
    with pytest.raises(MOFRepositoryError):
        MOFCompiler(repository, log_func=None).compile_string(mof, NAMESPACE)
    assert len(repository.calls) <= 3
