"""
The repository in memory, and the compiler's attributes and interface.
"""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

import pywbem
from pywbem._mof_compiler import (
    BaseRepositoryConnection,
    MOFCompiler,
    MOFWBEMConnection,
)
from tests.shared_data import ROOT
from tests.unit.test_mof_compiler.repositories import (
    NAMESPACE,
    QUALIFIERS,
    THING,
    Repository,
    compiled,
)


def test_import_of_pywbem_loads_neither_ply_nor_the_compiler() -> None:
    code = "import pywbem, sys; print([n for n in sys.modules if 'ply' in n or '_mof_' in n])"
    found = subprocess.run(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, check=True, encoding="utf-8"
    )
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize("flag", ["-OO", "-I"])
def test_compiler_without_docstrings_and_writable_folders(flag: str, tmp_path: Any) -> None:
    """The grammar does not live in docstrings, and its tables are written nowhere."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); sys.dont_write_bytecode = True\n"
        "from pywbem._mof_compiler import MOFCompiler, MOFWBEMConnection\n"
        "handle = MOFWBEMConnection()\n"
        "MOFCompiler(handle).compile_string('class A { };', 'root/x')\n"
        "print(list(handle.classes['root/x']))\n"
    )
    found = subprocess.run(
        [sys.executable, flag, "-c", code, str(ROOT)],
        stdout=subprocess.PIPE,
        check=True,
        encoding="utf-8",
        cwd=str(tmp_path),
    )
    assert found.stdout.strip() == "['A']"
    assert list(tmp_path.iterdir()) == []


def test_base_class_is_abstract() -> None:
    with pytest.raises(TypeError, match="abstract"):
        BaseRepositoryConnection()  # type: ignore[abstract]


def test_default_namespace() -> None:
    handle = MOFWBEMConnection()
    assert handle.default_namespace == handle.getns() == "root/cimv2"
    handle.default_namespace = "root/x"
    assert handle.getns() == "root/x"
    handle.setns("root/y")
    assert handle.default_namespace == "root/y"
    MOFCompiler(handle, log_func=None).compile_string("class A { };", None)
    assert list(handle.classes) == ["root/y"]


def test_default_namespace_of_an_underlying_connection() -> None:
    repository = Repository()
    handle = MOFWBEMConnection(repository)
    assert handle.default_namespace == NAMESPACE
    handle.default_namespace = "root/x"
    assert repository.default_namespace == "root/x"


def test_get_class() -> None:
    handle = compiled(QUALIFIERS, "class A { string a; uint8 f(); }; class B : A { string b; };")
    merged = handle.GetClass("b", namespace=NAMESPACE, LocalOnly=False, IncludeQualifiers=True)
    assert (list(merged.properties), list(merged.methods)) == (["b", "a"], ["f"])
    for local in (
        handle.GetClass(ClassName="B", namespace=NAMESPACE, LocalOnly=True),
        handle.GetClass("B", namespace=NAMESPACE),
        handle.classes[NAMESPACE]["B"],
    ):
        assert (list(local.properties), list(local.methods)) == (["b"], [])
    merged.properties["new"] = pywbem.CIMProperty("new", "x")
    assert "new" not in handle.GetClass("B", namespace=NAMESPACE).properties
    with pytest.raises(pywbem.CIMError) as caught:
        handle.GetClass("C", namespace=NAMESPACE)
    assert caught.value.status_code == pywbem.CIM_ERR_NOT_FOUND


def test_create_class_needs_its_superclass() -> None:
    with pytest.raises(pywbem.CIMError) as caught:
        MOFWBEMConnection().CreateClass(pywbem.CIMClass("A", superclass="B"))
    assert caught.value.status_code == pywbem.CIM_ERR_INVALID_SUPERCLASS


def test_subclass_overrides() -> None:
    handle = compiled("class A { string s; }; class B : A { uint8 S; };")
    cls = handle.GetClass("B", namespace=NAMESPACE, LocalOnly=False)
    (prop,) = cls.properties.values()
    assert (prop.name, prop.type, prop.class_origin) == ("S", "uint8", "B")


def test_qualifiers() -> None:
    handle = compiled("Qualifier Q : boolean, Scope(any);")
    (declaration,) = handle.EnumerateQualifiers(namespace=NAMESPACE)
    assert handle.GetQualifier("q", namespace=NAMESPACE) is declaration
    assert handle.EnumerateQualifiers() == []
    with pytest.raises(pywbem.CIMError) as caught:
        handle.GetQualifier("R", namespace=NAMESPACE)
    assert caught.value.status_code == pywbem.CIM_ERR_NOT_FOUND


@pytest.mark.parametrize(
    "operation",
    [
        "ModifyClass",
        "DeleteClass",
        "EnumerateInstanceNames",
        "ModifyInstance",
        "DeleteInstance",
        "DeleteQualifier",
    ],
)
def test_operations_that_are_not_needed(operation: str) -> None:
    with pytest.raises(pywbem.CIMError) as caught:
        getattr(MOFWBEMConnection(), operation)("A")
    assert caught.value.status_code == pywbem.CIM_ERR_FAILED


def test_underlying_connection_is_read_once() -> None:
    repository = Repository()
    MOFCompiler(repository, log_func=None).compile_string(QUALIFIERS + THING, NAMESPACE)
    repository.calls.clear()
    handle = MOFWBEMConnection(repository)
    compiler = MOFCompiler(handle, log_func=None)
    compiler.compile_string(
        "class A : TST_Thing { [Description] string Extra; };"
        'instance of A { Id = "a"; Extra = "e"; };',
        NAMESPACE,
    )
    assert repository.calls == ["GetClass TST_Thing", "EnumerateQualifiers "]
    assert "Id" in handle.GetClass("A", namespace=NAMESPACE, LocalOnly=False).properties
    assert list(handle.GetClass("A", namespace=NAMESPACE).properties) == ["Extra"]
    assert "Id" in handle.GetClass("TST_Thing", namespace=NAMESPACE).properties
    # What was only read is not what was created.
    assert handle.class_names == {NAMESPACE: ["A"]}
    assert {item.name for item in handle.EnumerateQualifiers(namespace=NAMESPACE)} >= {"Key"}
    assert handle.GetQualifier("Key", namespace=NAMESPACE).type == "boolean"


def test_compiler_attributes() -> None:
    """Programs look at these."""
    repository = Repository()
    compiler = MOFCompiler(repository, search_paths=["a"], verbose=False, log_func=None)
    assert compiler.handle is repository
    assert compiler.parser.handle is repository
    assert compiler.parser.mofcomp is compiler
    assert compiler.parser.search_paths == ["a"]
    assert compiler.server is None
    compiler.conn_close()
    MOFCompiler(MOFWBEMConnection(repository), log_func=None).conn_close()


def test_connection_to_a_server() -> None:
    conn = pywbem.WBEMConnection("http://localhost", default_namespace="root/x")
    compiler = MOFCompiler(conn, log_func=None)
    assert compiler.handle is conn
    assert compiler.conn is conn
    assert compiler.server.conn is conn
    compiler.conn_close()
    with pytest.raises(pywbem.ConnectionError):
        conn.EnumerateClassNames()


def test_two_compilers_at_a_time() -> None:
    """Compilers do not share state, although they share the tables of the grammar."""
    first = compiled("class A { };")
    inner = MOFWBEMConnection()

    class Nested(Repository):
        def CreateClass(self, NewClass: Any, namespace: Any = None) -> None:
            MOFCompiler(inner, log_func=None).compile_string("class Inner { };", NAMESPACE)
            super().CreateClass(NewClass, namespace)

    repository = Nested()
    MOFCompiler(repository, log_func=None).compile_string("class A { }; class B { };", NAMESPACE)
    assert [name for _, name in repository.classes] == ["a", "b"]
    assert list(inner.classes[NAMESPACE]) == ["Inner"]
    assert list(first.classes[NAMESPACE]) == ["A"]
