"""
The repository: object stores, namespaces, copies, indexes and observers.
"""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any, Callable, List

import pytest

from pywbem import (
    CIMClass,
    CIMDateTime,
    CIMInstance,
    CIMInstanceName,
    CIMProperty,
    CIMQualifierDeclaration,
    Uint8,
)
from pywbem_mock import (
    BaseObjectStore,
    BaseRepository,
    InMemoryObjectStore,
    InMemoryRepository,
)
from tests.unit.test_pywbem_mock.model import (
    NAMESPACE,
    classes,
    declaration,
    element,
    element_path,
    server,
)


def path(classname: str = "A", namespace: str = "ns", **keys: Any) -> CIMInstanceName:
    return CIMInstanceName(classname, keys or {"k": "1"}, namespace=namespace)


def test_store_finds_names_in_any_case() -> None:
    store = InMemoryObjectStore(CIMClass)
    store.create("Foo", CIMClass("Foo"))
    assert store.object_exists("FOO")
    assert store.get("foo").classname == "Foo"
    assert list(store.iter_names()) == ["Foo"]
    assert store.len() == 1


@pytest.mark.parametrize(
    "same",
    [
        path(),
        path("a", "NS", K="1"),
        CIMInstanceName("A", {"k": "1"}, namespace="ns", host="h"),
    ],
    ids=["same", "case", "host"],
)
def test_paths_of_the_same_instance(same: CIMInstanceName) -> None:
    store = InMemoryObjectStore(CIMInstance)
    store.create(path(), CIMInstance("A", path=path()))
    assert store.object_exists(same)


@pytest.mark.parametrize(
    "other",
    [path(k="2"), path(k="1", l="2"), path("B"), path(namespace="other"), path(k=1)],
    ids=["value", "more keys", "class", "namespace", "type"],
)
def test_paths_of_other_instances(other: CIMInstanceName) -> None:
    store = InMemoryObjectStore(CIMInstance)
    store.create(path(), CIMInstance("A", path=path()))
    assert not store.object_exists(other)
    with pytest.raises(KeyError, match="does not exist"):
        store.get(other)


def test_paths_with_keys_in_another_order_and_of_another_number_type() -> None:
    store = InMemoryObjectStore(CIMInstance)
    store.create(path(a=Uint8(1), b="x"), CIMInstance("A"))
    assert store.object_exists(path(b="x", a=1))


def test_datetime_key_can_be_given_as_text() -> None:
    text = "20260101000000.000000+000"
    store = InMemoryObjectStore(CIMInstance)
    store.create(path(k=CIMDateTime(text)), CIMInstance("A"))
    assert store.object_exists(path(k=text))


def test_reference_key_without_namespace_is_local() -> None:
    store = InMemoryObjectStore(CIMInstance)
    store.create(path(r=path("B", "ns")), CIMInstance("A"))
    assert store.object_exists(path(r=CIMInstanceName("B", {"k": "1"})))
    assert not store.object_exists(path(r=path("B", "other")))


def test_objects_that_go_in_and_out_are_copies() -> None:
    store = InMemoryObjectStore(CIMInstance)
    embedded = CIMInstance("E", {"x": "inner"})
    given = CIMInstance("A", {"k": "1", "list": ["a"], "e": embedded}, path=path())
    store.create(given.path, given)
    given.properties["k"].value = "changed"
    given["list"].append("changed")
    embedded["x"] = "changed"
    given.path["k"] = "changed"
    first = store.get(path())
    assert (first["k"], first["list"], first["e"]["x"]) == ("1", ["a"], "inner")
    first.properties["list"].value.append("changed")
    first["e"]["x"] = "changed"
    first.path["k"] = "changed"
    second = store.get(path())
    assert (second["list"], second["e"]["x"], second.path) == (["a"], "inner", path())
    assert store.get(path(), copy=False) is store.get(path(), copy=False)


def test_names_that_go_out_are_copies() -> None:
    store = InMemoryObjectStore(CIMInstance)
    store.create(path(), CIMInstance("A"))
    next(store.iter_names())["k"] = "changed"
    assert list(store.iter_names()) == [path()]


def test_update_and_delete() -> None:
    store = InMemoryObjectStore(CIMClass)
    store.create("A", CIMClass("A"))
    store.update("a", CIMClass("A", [CIMProperty("p", None, "string")]))
    assert [len(cls.properties) for cls in store.iter_values()] == [1]
    store.delete("a")
    assert store.len() == 0


@pytest.mark.parametrize(
    "change, exception",
    [
        (lambda store: store.create("a", CIMClass("A")), ValueError),
        (lambda store: store.update("b", CIMClass("B")), KeyError),
        (lambda store: store.delete("b"), KeyError),
        (lambda store: store.get("b"), KeyError),
        (lambda store: store.create("b", CIMInstance("B")), TypeError),
        (lambda store: store.update("a", CIMInstance("B")), TypeError),
    ],
    ids=["create", "update", "delete", "get", "create other kind", "update other kind"],
)
def test_store_rejects(change: Callable[[Any], Any], exception: type) -> None:
    store = InMemoryObjectStore(CIMClass)
    store.create("A", CIMClass("A"))
    with pytest.raises(exception):
        change(store)
    assert list(store.iter_names()) == ["A"]


def test_store_of_what_is_no_kind_of_object() -> None:
    with pytest.raises(TypeError, match="CIMClass, CIMInstance or"):
        InMemoryObjectStore(int)  # type: ignore[type-var]


def test_store_shows_its_kind_and_size() -> None:
    store = InMemoryObjectStore(CIMQualifierDeclaration)
    store.create("Key", declaration("Key"))
    assert repr(store) == "InMemoryObjectStore(type=CIMQualifierDeclaration, size=1)"


def test_interfaces_are_abstract() -> None:
    with pytest.raises(NotImplementedError):
        BaseObjectStore(CIMClass).len()
    with pytest.raises(NotImplementedError):
        BaseRepository().validate_namespace("x")


# -- Namespaces ---------------------------------------------------------------


def test_namespaces_are_found_in_any_case_and_with_slashes() -> None:
    repository = InMemoryRepository("root/a")
    repository.add_namespace("/root/B/")
    assert list(repository.namespaces) == ["root/a", "root/B"]
    repository.validate_namespace("ROOT/b")
    assert repository.get_class_store("/root/b") is repository.get_class_store("root/B")


@pytest.mark.parametrize(
    "method",
    [
        "validate_namespace",
        "remove_namespace",
        "get_class_store",
        "get_instance_store",
        "get_qualifier_store",
    ],
)
def test_unknown_namespace(method: str) -> None:
    repository = InMemoryRepository("a")
    with pytest.raises(KeyError, match="'b' does not exist"):
        getattr(repository, method)("b")
    with pytest.raises(ValueError, match="must not be None"):
        getattr(repository, method)(None)


def test_namespace_that_exists_is_not_added() -> None:
    repository = InMemoryRepository("a")
    with pytest.raises(ValueError, match="already exists"):
        repository.add_namespace("A")


def test_only_an_empty_namespace_is_removed() -> None:
    repository = InMemoryRepository("a")
    repository.get_class_store("a").create("C", CIMClass("C"))
    with pytest.raises(ValueError, match="not empty"):
        repository.remove_namespace("a")
    repository.get_class_store("a").delete("C")
    repository.remove_namespace("A")
    assert list(repository.namespaces) == []


def test_pickled_repository_can_be_loaded() -> None:
    conn = server()
    other = InMemoryRepository()
    other.load(pickle.loads(pickle.dumps(conn.cimrepository)))
    assert list(other.namespaces) == [NAMESPACE]
    store = other.get_instance_store(NAMESPACE)
    assert store.get(element_path(1)) == conn.GetInstance(element_path(1))
    changes: List[Any] = []
    other.add_observer(lambda *change: changes.append(change))
    store.delete(element_path(1))
    assert len(changes) == 1


def test_print(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    repository = InMemoryRepository("a")
    repository.get_class_store("a").create("C", CIMClass("C"))
    repository.print_repository()
    shown = capsys.readouterr().out
    assert "NAMESPACES: a\n" in shown
    assert "CLASSES: Namespace: a Repo: class len:1\nCIMClass(classname='C', ...)\n" in shown
    repository.print_repository(str(tmp_path / "out"))
    assert (tmp_path / "out").read_text() == shown


# -- Indexes ------------------------------------------------------------------


def test_subclasses_follow_changes() -> None:
    store = InMemoryObjectStore(CIMClass)
    for cls in classes():
        store.create(cls.classname, cls)

    def subclasses(name: Any) -> List[str]:
        return [cls.classname for cls in store.index.all_subclasses(name)]

    assert subclasses("element") == ["Disk", "FastDisk"]
    store.create("SlowDisk", CIMClass("SlowDisk", superclass="disk"))
    assert subclasses("Element") == ["Disk", "FastDisk", "SlowDisk"]
    store.update("SlowDisk", CIMClass("SlowDisk"))
    assert subclasses("Element") == ["Disk", "FastDisk"]
    assert "SlowDisk" in subclasses(None)
    store.delete("FastDisk")
    assert subclasses("Element") == ["Disk"]


def test_references_follow_changes() -> None:
    conn = server()
    store = conn.cimrepository.get_instance_store(NAMESPACE)
    uses = conn.ReferenceNames(element_path(2), ResultClass="Uses")[0]
    uses.host = None
    changed = store.get(uses)
    changed.properties["User"].value = element_path(3, "Disk")
    store.update(uses, changed)
    assert conn.ReferenceNames(element_path(2), ResultClass="Uses") == []
    assert len(conn.ReferenceNames(element_path(3, "Disk"), ResultClass="Uses")) == 2
    store.delete(uses)
    assert len(conn.ReferenceNames(element_path(3, "Disk"), ResultClass="Uses")) == 1


# -- Observers ----------------------------------------------------------------


def test_observers_see_the_changes_of_instances() -> None:
    conn = server()
    seen: List[Any] = []

    def observer(namespace: str, before: Any, after: Any) -> None:
        seen.append((namespace, before and before["Label"], after and after["Label"]))

    conn.cimrepository.add_observer(observer)
    conn.CreateInstance(element(9, Label="a"))
    conn.ModifyInstance(CIMInstance("Element", {"Label": "b"}, path=element_path(9)))
    conn.DeleteInstance(element_path(9))
    assert seen == [(NAMESPACE, None, "a"), (NAMESPACE, "a", "b"), (NAMESPACE, "b", None)]
    conn.cimrepository.remove_observer(observer)
    conn.CreateInstance(element(9))
    assert len(seen) == 3
    with pytest.raises(ValueError):
        conn.cimrepository.remove_observer(observer)
