"""
What can be compared: servers, snapshots and MOF.
"""

from __future__ import annotations

import os
from typing import Any, Callable, Iterator, List, NamedTuple, Optional, Sequence, TypeVar

from pywbem._cim_obj import CIMClass, CIMInstance, CIMInstanceName
from pywbem._cim_types import Char16
from pywbem._exceptions import Error
from pywbem._mof_compiler import MOFCompileError
from pywbem._process import resting_collector

from .. import FakedWBEMConnection, MockServer
from ..filling.mof_errors import errors_shown
from ..state.file import is_state_file
from .building import as_sent, declaration_as_sent
from .layout import is_snapshot, is_unfinished, object_of, object_xml
from .loading import load_snapshot
from .options import Failed
from .reading import Reader, all_namespaces

_T = TypeVar("_T")


class Source(NamedTuple):
    """
    A server, of whatever kind, that is compared.

    Parameters:
        name (str): What the user calls it, without credentials.
        conn (WBEMConnection): A connection to it.
        namespaces (list of str): Its namespaces; empty if it has not been asked for them.
        close (callable): Ends its use.
    """

    name: str
    conn: Any
    namespaces: List[str]
    close: Callable[[], Any]

    def reader(self, namespace: str) -> Reader:
        """
        What reads a namespace.

        Parameters:
            namespace (str): The namespace.
        """
        local = isinstance(self.conn, FakedWBEMConnection)
        return (_StoreReader if local else Reader)(self.conn, namespace)


class _StoreReader(Reader):
    """
    Reads a repository in this process: classes, which are not changed, without copying them, and
    no object by CIM-XML, in which some of it is different.
    """

    def received(self, obj: _T) -> _T:
        """
        See :meth:`Reader.received`.
        """
        try:
            return object_of(object_xml(obj), type(obj))
        except (Error, ValueError, TypeError):
            # Its server answers with an error.
            return obj

    def instances(self, classname: str, has_subclasses: bool = False) -> Iterator[CIMInstance]:
        """
        See :meth:`Reader.instances`.
        """
        for instance in super().instances(classname, has_subclasses):
            path: Any = instance.path
            yield instance if _is_plain(path) else self.received(instance)

    def get_class(self, name: str) -> CIMClass:
        """
        See :meth:`Reader.get_class`.
        """
        cls: CIMClass = self._conn.cimrepository.get_class_store(self._namespace).get(name, False)
        return cls


def _is_plain(path: CIMInstanceName) -> bool:
    """
    Whether a path is received as it is: CIM-XML shortens real numbers, and says no char16.
    """
    return not any(
        not _is_plain(key) if isinstance(key, CIMInstanceName) else isinstance(key, (float, Char16))
        for key in path.keybindings.values()
    )


def open_source(
    text: str,
    connect: Callable[[str], Any],
    namespaces: Sequence[str] = (),
    include: Sequence[str] = (),
) -> Source:
    """
    Open something that can be compared.

    Parameters:
        text (str): The directory of a snapshot, a MOF file or a directory of MOF files, a
            state file that no server has, or the URL of a server.
        connect (callable): Makes a connection to the URL of a server.
        namespaces (list of str): The namespaces that are compared; empty for all that are there.
            A MOF file is compiled into the first of them.
        include (list of str): Directories in which MOF files look for what they need.

    Raises:
        Failed: It cannot be used.
        Error, OSError, ValueError: It could not be read.
    """
    given = [name.strip("/") for name in namespaces]
    if not os.path.exists(text):
        if _is_path(text):
            raise Failed(f"There is no file or directory {text}, and it is not the URL of a server")
        conn = connect(text)
        return Source(str(conn.url), conn, given, conn.close)
    if os.path.isdir(text) and (is_snapshot(text) or is_unfinished(text)):
        conn = FakedWBEMConnection()
        with errors_shown():
            found = load_snapshot(conn, text)
        return Source(text, conn, given or found, _nothing)
    if os.path.isfile(text) and is_state_file(text):
        conn = FakedWBEMConnection(server=MockServer.load(text))
        _make_as_sent(conn)
        return Source(text, conn, given or _filled(conn), _nothing)
    conn = FakedWBEMConnection(default_namespace=given[0] if given else None)
    _compile(conn, text, include)
    _make_as_sent(conn)
    return Source(text, conn, given or _filled(conn), _nothing)


def of_all_namespaces(source: Source) -> Source:
    """
    A server that has been asked for its namespaces.

    Parameters:
        source (Source): The server.

    Raises:
        Error: It could not be read.
    """
    if source.namespaces:
        return source
    return source._replace(namespaces=all_namespaces(source.conn))


def _nothing() -> None:
    """What is in memory needs no end."""


def _is_path(text: str) -> bool:
    return "://" not in text and (os.sep in text or text.endswith(".mof"))


def _filled(conn: Any) -> List[str]:
    """
    The namespaces in which there is something.
    """
    repository = conn.cimrepository
    names = [str(name) for name in conn.namespaces]
    return [
        name
        for name in names
        if repository.get_class_store(name).len() or repository.get_qualifier_store(name).len()
    ] or names


# -- MOF ---------------------------------------------------------------------------


def _compile(conn: FakedWBEMConnection, path: str, include: Sequence[str]) -> None:
    """
    Compile a MOF file, or the files of a directory.
    """
    if os.path.isdir(path):
        files, search = _files(path), [path, *include]
        if not files:
            raise Failed(f"There is no MOF file in {path}")
    else:
        files, search = [path], [os.path.dirname(path) or os.curdir, *include]
    try:
        with resting_collector(), errors_shown():
            for file in files:
                conn.compile_mof_file(file, search_paths=search)
    except MOFCompileError as exc:
        count = len(exc.errors)
        raise Failed(f"{path}: {count} error{'s' if count > 1 else ''} in MOF") from exc


def _make_as_sent(conn: FakedWBEMConnection) -> None:
    """
    Make what a server has of MOF what its clients receive.
    """
    repository = conn.cimrepository
    for namespace in conn.namespaces:
        for cls in repository.get_class_store(namespace).iter_values(copy=False):
            as_sent(cls)
        for declaration in repository.get_qualifier_store(namespace).iter_values(copy=False):
            declaration_as_sent(declaration)


def _files(directory: str) -> List[str]:
    """
    The files of a directory: the one that includes the others, as in the schemas of DMTF, or all.
    """
    files = sorted(
        os.path.join(directory, name)
        for name in os.listdir(directory)
        if name.lower().endswith(".mof")
    )
    including = [file for file in files if _includes(file)]
    return including[:1] if len(including) == 1 else files


def _includes(path: str) -> Optional[bool]:
    with open(path, encoding="utf-8", errors="replace") as file:
        return any(line.lstrip().lower().startswith("#pragma include") for line in file)
