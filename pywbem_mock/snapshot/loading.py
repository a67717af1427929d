"""
Filling a mock server from a snapshot.
"""

from __future__ import annotations

import os
from typing import Any, Dict, Iterator, List, Sequence

from pywbem._cim_obj import CIMInstance
from pywbem._mof_compiler import MOFCompileError
from pywbem._process import resting_collector

from .. import FakedWBEMConnection
from ..store.indexes import path_key
from .building import Builder, Mark
from .layout import (
    ASSOCIATIONS,
    CLASSES,
    INSTANCES,
    QUALIFIERS,
    SIDE,
    TYPES,
    Record,
    digest,
    folder_of,
    mof_file,
    name_of,
    object_of,
    read_summary,
    records,
)

#: Characters of MOF that are compiled at once.
_PIECE = 2_000_000
_END = "};\n"


def load_snapshot(target: Any, directory: str) -> List[str]:
    """
    Fill a mock server with the objects of a snapshot: with all of them or, if something is wrong,
    with none.

    The namespaces are created if they do not exist.

    Parameters:
        target (FakedWBEMConnection or MockServer): Has the repository that is filled.
        directory (str): The directory of the snapshot.

    Returns:
        list of str: The namespaces of the snapshot.

    Raises:
        OSError: A file cannot be read.
        ValueError: The directory is not a snapshot, or the server has one of its objects.
        MOFCompileError: The MOF is not valid.
        Error: The side file is not valid.
    """
    summary = read_summary(directory)
    namespaces = list(summary["namespaces"])
    scratch = FakedWBEMConnection(default_namespace=namespaces[0] if namespaces else None)
    builder = Builder(scratch)
    with resting_collector():
        for namespace in namespaces:
            builder.add_namespace(namespace)
            folder = folder_of(directory, summary, namespace)
            load_declarations(builder, folder, namespace)
            load_instances(builder, folder, namespace)
        _adopt(target.cimrepository, scratch.cimrepository, namespaces)
    return namespaces


def _adopt(target: Any, source: Any, namespaces: List[str]) -> None:
    """
    Move the objects of a repository into another one.
    """
    with target.lock:
        for namespace in namespaces:
            if target.has_namespace(namespace):
                for store, other in _stores(target, source, namespace):
                    _check_absent(store, other, namespace)
        for namespace in namespaces:
            if not target.has_namespace(namespace):
                target.add_namespace(namespace)
            for store, other in _stores(target, source, namespace):
                for obj in other.iter_values(copy=False):
                    store.adopt(name_of(obj), obj)


def _stores(target: Any, source: Any, namespace: str) -> Iterator[Any]:
    for name in ("get_qualifier_store", "get_class_store", "get_instance_store"):
        yield getattr(target, name)(namespace), getattr(source, name)(namespace)


def _check_absent(store: Any, other: Any, namespace: str) -> None:
    if not store.len():
        return
    for obj in other.iter_values(copy=False):
        name = name_of(obj)
        if store.object_exists(name):
            raise ValueError(f"{name} of the snapshot exists in namespace {namespace} already")


# -- Declarations ---------------------------------------------------------------


def load_declarations(builder: Builder, folder: str, namespace: str) -> None:
    """
    Have the qualifier declarations and classes of a namespace in a builder.

    Parameters:
        builder (Builder): The repository.
        folder (str): The folder of the namespace.
        namespace (str): The namespace.

    Raises:
        OSError, ValueError, MOFCompileError, Error: See :func:`load_snapshot`.
    """
    side: Dict[str, List[Record]] = {QUALIFIERS: [], CLASSES: []}
    order: List[str] = []
    for record in records(os.path.join(folder, SIDE)):
        if record.get("kind") in side:
            side[record["kind"]].append(record)
        elif record.get("kind") == "order":
            order = record["classes"]
    for kind, kept in side.items():
        for record in kept:
            if record.get("mof") is None:
                builder.preset(kind, namespace, object_of(record["xml"], TYPES[kind]))
        path = mof_file(folder, kind)
        if os.path.exists(path):
            builder.compiler().compile_file(path, namespace)
        store = builder.store(kind, namespace)
        # All are looked at before one is replaced, as when they were written.
        for obj in [obj for obj in map(_Kept(store), kept) if obj is not None]:
            builder.replace(kind, namespace, obj)
    builder.reorder(namespace, order)


class _Kept:
    """
    The object of a record, if the MOF still says what it was made of.

    Parameters:
        store (InMemoryObjectStore): What the compiler has made.
    """

    def __init__(self, store: Any) -> None:
        self._store = store

    def __call__(self, record: Record) -> Any:
        """
        The object, or None.
        """
        if record.get("mof") is None:
            return None
        obj: Any = object_of(record["xml"], TYPES[record["kind"]])
        compiled = self._store.find(name_of(obj))
        return obj if compiled is not None and digest(compiled) == record["mof"] else None


# -- Instances ------------------------------------------------------------------


def load_marks(builder: Builder, folder: str, namespace: str) -> None:
    """
    Read the marks of the instances of a namespace.

    Parameters:
        builder (Builder): Gets them.
        folder (str): The folder of the namespace.
        namespace (str): The namespace.

    Raises:
        OSError, ValueError: See :func:`load_snapshot`.
    """
    for record in records(os.path.join(folder, SIDE)):
        if record.get("kind") == "marks":
            key = namespace.casefold(), record["class"].casefold()
            marks = builder.marks.setdefault(key, {})
            marks.update((name, Mark(*item)) for name, item in record["properties"].items())


def load_instances(builder: Builder, folder: str, namespace: str) -> None:
    """
    Have the instances of a namespace, whose declarations are there, in a builder.

    Parameters:
        builder (Builder): The repository.
        folder (str): The folder of the namespace.
        namespace (str): The namespace.

    Raises:
        OSError, ValueError, MOFCompileError, Error: See :func:`load_snapshot`.
    """
    load_marks(builder, folder, namespace)
    side = os.path.join(folder, SIDE)
    moved = [record for record in records(side) if "compiled" in record]
    for kind in (INSTANCES, ASSOCIATIONS):
        path = mof_file(folder, kind)
        if os.path.exists(path):
            _compile_instances(builder, path, namespace, moved)
    store = builder.store(INSTANCES, namespace)
    for record in records(side):
        if record.get("kind") == INSTANCES and "compiled" not in record:
            _load_instance(store, record)


def _load_instance(store: Any, record: Record) -> None:
    instance: Any = object_of(record["xml"], CIMInstance)
    present = store.find(instance.path)
    if record.get("mof") is None:
        # Somebody may have written MOF for it.
        if present is None:
            store.adopt(instance.path, instance)
    elif present is not None and digest(present) == record["mof"]:
        store.replace(instance.path, instance)


class _Moved:
    """
    The instances of which the compiler makes paths that they have not: it may make the same one
    of several, or one that another instance has.

    Parameters:
        moved (list of dict): Their records.
    """

    def __init__(self, moved: Sequence[Record]) -> None:
        made: List[Any] = [object_of(item["compiled"], CIMInstance) for item in moved]
        self._paths = {path_key(instance.path) for instance in made}
        self._records: Dict[str, List[Record]] = {}
        for item in reversed(moved):
            self._records.setdefault(item["mof"], []).append(item)

    def instead_of(self, instance: CIMInstance) -> CIMInstance:
        """
        The instance that was read, or what the compiler has made if that is what is wanted.

        Parameters:
            instance (CIMInstance): What the compiler has made.
        """
        path: Any = instance.path
        if path_key(path) not in self._paths:
            return instance
        waiting = self._records.get(digest(instance))
        if not waiting:
            return instance
        return object_of(waiting.pop()["xml"], CIMInstance)


def _compile_instances(
    builder: Builder, path: str, namespace: str, moved: Sequence[Record]
) -> None:
    """
    Compile a file a piece at a time, so that not all of it is in memory as declarations.
    """
    added: List[Any] = []
    made = _Moved(moved)

    def take(instance: CIMInstance) -> None:
        wanted = made.instead_of(instance)
        builder.add_instance(wanted)
        added.append(wanted.path)

    builder.take = take
    compiler = builder.compiler()
    try:
        for piece in _pieces(path):
            compiler.compile_string(piece, namespace, path)
    except (_Undivided, MOFCompileError, UnicodeDecodeError):
        # As a whole it may be valid, and if not, the places in the file are right.
        store = builder.store(INSTANCES, namespace)
        for name in added:
            store.delete(name)
        made = _Moved(moved)
        builder.compiler().compile_file(path, namespace)


class _Undivided(Exception):
    """
    What stands in one piece of a file has an effect on the next one.
    """


def _pieces(path: str) -> Iterator[str]:
    """
    Yield the text of a file in pieces, each of which ends behind a declaration.
    """
    lines: List[str] = []
    size, pragmas = 0, 1
    with open(path, encoding="utf-8") as file:
        for line in file:
            lines.append(line)
            size += len(line)
            if size >= _PIECE and line == _END:
                yield _piece(lines, pragmas)
                lines, size, pragmas = [], 0, 0
    yield _piece(lines, pragmas)


def _piece(lines: List[str], pragmas: int) -> str:
    text = "".join(lines)
    # The one at the beginning names the namespace that is known.
    if text.count("#pragma") > pragmas:
        raise _Undivided
    return text
