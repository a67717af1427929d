"""
Undoing: after a failed compilation by itself, after others by `rollback()`.
"""

from __future__ import annotations

from typing import Any, List

import pytest

import pywbem
from pywbem._mof_compiler import (
    MOFCompileError,
    MOFCompiler,
    MOFWBEMConnection,
)
from tests.unit.test_mof_compiler.repositories import (
    NAMESPACE,
    QUALIFIERS,
    Repository,
    compiled,
    content,
)

FIRST = (
    QUALIFIERS
    + """
class TST_A { [Key] string Id; uint8 Old; };
class TST_B : TST_A { };
instance of TST_A as $a { Id = "a"; Old = 1; };
"""
)
# Creates and modifies something of each kind.
SECOND = """
Qualifier MaxLen : uint64 = 5, Scope(any);
Qualifier TST_Q : boolean, Scope(any);
class TST_A { [Key] string Id; uint8 New; };
class TST_C : TST_A { [TST_Q] TST_B REF b; };
instance of TST_C { Id = "c"; b = $b; };
instance of TST_B as $b { Id = "b"; };
instance of TST_A { Id = "a"; };
"""
FAULTS = {
    "syntax": "class {",
    "superclass": "class TST_D : Missing { };",
    "value": 'instance of TST_A { Id = "d"; New = 256; };',
    "property": 'instance of TST_A { Id = "d"; Missing = 1; };',
    "qualifier": "[Missing] class TST_D { };",
    "namespace": '#pragma namespace ("//host/x")',
    "include": '#pragma include ("missing.mof")',
    "key": 'instance of TST_A { Id = "d"; }; instance of TST_B as $b { Id = "b"; New = "x"; };',
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
@pytest.mark.parametrize("kind", ["memory", "repository"])
def test_failed_compilation(kind: str, fault: str) -> None:
    handle: Any = MOFWBEMConnection() if kind == "memory" else Repository()
    state = content if kind == "memory" else Repository.state
    compiler = MOFCompiler(handle, log_func=None)
    compiler.compile_string(FIRST, NAMESPACE)
    before = state(handle)
    with pytest.raises((MOFCompileError, OSError)):
        compiler.compile_string(SECOND + fault, NAMESPACE)
    assert state(handle) == before
    # The compiler still works, and knows nothing of what was undone.
    compiler.compile_string(SECOND, NAMESPACE)
    assert state(handle) != before


@pytest.mark.parametrize("kind", ["memory", "repository"])
def test_rollback(kind: str) -> None:
    handle: Any = MOFWBEMConnection() if kind == "memory" else Repository()
    state = content if kind == "memory" else Repository.state
    empty = state(handle)
    other = MOFCompiler(handle, log_func=None)
    other.compile_string(FIRST, NAMESPACE)
    before = state(handle)
    compiler = MOFCompiler(handle, log_func=None)
    compiler.compile_string(SECOND.replace("b = $b; ", ""), NAMESPACE)
    compiler.compile_string("class TST_D { };", NAMESPACE)
    with pytest.raises(MOFCompileError):
        compiler.compile_string("class TST_E { }; class {", NAMESPACE)
    assert state(handle) != before
    compiler.rollback()
    assert state(handle) == before
    compiler.rollback(verbose=True)
    assert state(handle) == before
    other.rollback()
    assert state(handle) == empty


def test_rollback_tells() -> None:
    log: List[str] = []
    compiler = MOFCompiler(Repository(), log_func=log.append)
    compiler.compile_string("class TST_A { };", NAMESPACE)
    compiler.rollback(verbose=True)
    assert log == [f"Rollback: deleting class {NAMESPACE}:TST_A"]


def test_what_cannot_be_undone_is_told() -> None:
    log: List[str] = []
    repository = Repository()
    compiler = MOFCompiler(repository, log_func=log.append)
    compiler.compile_string("class TST_A { }; class TST_B { };", NAMESPACE)
    repository.fail["DeleteClass"] = pywbem.CIMError(pywbem.CIM_ERR_ACCESS_DENIED, "no")
    compiler.rollback()
    assert [line.partition(": ")[2].partition(": ")[0] for line in log] == [
        f"deleting class {NAMESPACE}:TST_B",
        f"deleting class {NAMESPACE}:TST_A",
    ]


def test_connection_that_is_gone() -> None:
    """The exception of the operation is passed on; what is left can be undone later."""
    log: List[str] = []
    repository = Repository()
    before = repository.state()
    compiler = MOFCompiler(repository, log_func=log.append)
    gone = pywbem.ConnectionError("gone")

    def fail(*args: Any, **kwargs: Any) -> None:
        for name in ("CreateClass", "CreateInstance", "DeleteClass", "DeleteQualifier"):
            repository.fail[name] = gone
        raise gone

    repository.CreateInstance = fail  # type: ignore[method-assign]
    with pytest.raises(pywbem.ConnectionError) as caught:
        compiler.compile_string(FIRST, NAMESPACE)
    assert caught.value is gone
    assert len(log) == 1
    assert "Rollback stopped with" in log[0]
    repository.fail.clear()
    compiler.rollback()
    assert repository.state() == before


@pytest.mark.parametrize("exception", [KeyboardInterrupt, SystemExit, ZeroDivisionError])
def test_interrupted_compilation(exception: Any) -> None:
    repository = Repository()
    before = repository.state()
    compiler = MOFCompiler(repository, log_func=None)

    def fail(*args: Any, **kwargs: Any) -> None:
        raise exception

    repository.CreateInstance = fail  # type: ignore[method-assign]
    with pytest.raises(exception):
        compiler.compile_string(FIRST, NAMESPACE)
    assert repository.state() == before


@pytest.mark.parametrize("verbose", [False, True])
def test_log_that_fails(verbose: bool) -> None:
    """What was done is undone, also if nobody can be told."""

    def log(message: str) -> None:
        if "error" in message or "Rollback" in message:
            raise BrokenPipeError("nobody reads")

    repository = Repository()
    before = repository.state()
    compiler = MOFCompiler(repository, verbose=verbose, log_func=log)
    with pytest.raises(BrokenPipeError):
        compiler.compile_string(FIRST + "class TST_D : Missing { };", NAMESPACE)
    assert repository.state() == before


def test_qualifier_that_cannot_be_replaced() -> None:
    """Some servers create qualifier declarations, but do not modify them."""

    class Strict(Repository):
        def SetQualifier(self, QualifierDeclaration: Any, namespace: Any = None) -> None:
            if (NAMESPACE, QualifierDeclaration.name.lower()) in self.qualifiers:
                raise pywbem.CIMError(pywbem.CIM_ERR_NOT_SUPPORTED, "exists")
            super().SetQualifier(QualifierDeclaration, namespace)

    repository = Strict()
    compiler = MOFCompiler(repository, log_func=None)
    compiler.compile_string("Qualifier Q : uint8, Scope(any);", NAMESPACE)
    compiler.compile_string("Qualifier Q : uint16, Scope(any);", NAMESPACE)
    assert repository.qualifiers[NAMESPACE, "q"].type == "uint16"


def test_instance_that_cannot_be_restored() -> None:
    """A repository without GetInstance does not tell what an instance was before."""

    class Without(Repository):
        GetInstance = None  # type: ignore[assignment]

    log: List[str] = []
    repository = Without()
    compiler = MOFCompiler(repository, log_func=log.append)
    compiler.compile_string(FIRST, NAMESPACE)
    with pytest.raises(MOFCompileError):
        compiler.compile_string(
            'instance of TST_A { Id = "a"; Old = 2; }; class A : B { };', NAMESPACE
        )
    assert any("Rollback failed: restoring instance" in line for line in log)


# Removing from an underlying connection


def test_nothing_is_written_to_an_underlying_connection() -> None:
    repository = Repository()
    MOFCompiler(repository, log_func=None).compile_string(FIRST, NAMESPACE)
    before = repository.state()
    handle = MOFWBEMConnection(repository)
    compiler = MOFCompiler(handle, log_func=None)
    compiler.compile_string(SECOND.replace("$b", "$bb") + "class TST_Z : TST_B { };", NAMESPACE)
    assert repository.state() == before
    merged = handle.GetClass("TST_B", namespace=NAMESPACE, LocalOnly=False)
    assert "Old" in merged.properties
    with pytest.raises(MOFCompileError):
        compiler.compile_string("class {", NAMESPACE)
    assert repository.state() == before


def test_removal(capsys: pytest.CaptureFixture[str]) -> None:
    repository = Repository()
    before = repository.state()
    mof = QUALIFIERS + "class TST_A { [Key] string Id; }; class TST_B : TST_A { };"
    mof += 'instance of TST_A { Id = "a"; }; instance of TST_B { Id = "b"; };'
    MOFCompiler(repository, log_func=None).compile_string(mof, NAMESPACE)
    compiler = MOFCompiler(MOFWBEMConnection(repository), log_func=None)
    compiler.compile_string(mof, NAMESPACE)
    repository.calls.clear()
    compiler.rollback(verbose=True)
    assert repository.state() == before
    deleted = [call for call in repository.calls if call.startswith("Delete")]
    assert deleted[:4] == [
        f'DeleteInstance {NAMESPACE}:TST_B.Id="b"',
        f'DeleteInstance {NAMESPACE}:TST_A.Id="a"',
        "DeleteClass TST_B",
        "DeleteClass TST_A",
    ]
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == [
        f'Deleting instance {NAMESPACE}:TST_B.Id="b"',
        f'Deleting instance {NAMESPACE}:TST_A.Id="a"',
        f"Deleting class {NAMESPACE}:TST_B",
    ]
    repository.calls.clear()
    compiler.rollback()
    assert repository.calls == []


def test_removal_keeps_qualifiers_in_use(capsys: pytest.CaptureFixture[str]) -> None:
    repository = Repository()
    compiler = MOFCompiler(repository, log_func=None)
    compiler.compile_string(FIRST, NAMESPACE)
    remover = MOFCompiler(MOFWBEMConnection(repository), log_func=None)
    remover.compile_string(QUALIFIERS + "class Missing { };", NAMESPACE)
    remover.rollback()
    assert [name for _, name in repository.qualifiers] == ["key"]
    assert capsys.readouterr().out.startswith(f"Error deleting class {NAMESPACE}:Missing\n     6 ")


def test_removal_where_classes_cannot_be_enumerated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(Repository, "EnumerateClasses")
    repository = Repository()
    MOFCompiler(repository, log_func=None).compile_string(QUALIFIERS, NAMESPACE)
    before = repository.state()
    remover = MOFCompiler(MOFWBEMConnection(repository), log_func=None)
    remover.compile_string(QUALIFIERS, NAMESPACE)
    remover.rollback()
    assert repository.state() == before


def test_rollback_of_the_handle() -> None:
    """A handle of a program that has a method rollback does it itself."""

    class Own(Repository):
        def rollback(self, verbose: bool = False) -> None:
            self.calls.append(f"rollback {verbose}")

    repository = Own()
    compiler = MOFCompiler(repository, log_func=None)
    compiler.compile_string("class A { };", NAMESPACE)
    compiler.rollback(verbose=True)
    assert repository.calls == ["CreateClass A", "rollback True"]


def test_rollback_of_a_repository_in_memory() -> None:
    handle = compiled(FIRST)
    handle.rollback()
    assert content(handle) == content(MOFWBEMConnection())
