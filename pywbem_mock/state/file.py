"""
The file in which a repository lives: a SQLite database.

While a server has it, no other process can open it.  The changes are in a second file beside
it, FILE-wal, until SQLite moves them; when the server is closed, there is one file again.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import threading
import uuid
import weakref
from pathlib import Path
from typing import Any, Iterable, Iterator, List, NamedTuple, Optional, Tuple, Type

from pywbem._cim_obj import CIMInstance, CIMInstanceName, CIMQualifierDeclaration
from pywbem._process import resting_collector

from ..store.memory import InMemoryRepository
from .encoding import alike, decode, encode

# "pymk": what says that a database is a state file.
_APPLICATION = 0x70796D6B
#: The version of the format.
VERSION = 1

_TABLES = (
    "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID",
    "CREATE TABLE namespaces (number INTEGER PRIMARY KEY, name TEXT)",
    # kind: 0 class, 1 instance, 2 qualifier declaration; seq: the order of creation; name: if
    # it is another than that in the object.
    "CREATE TABLE objects (namespace INTEGER, kind INTEGER, seq INTEGER, name TEXT, object TEXT, "
    "PRIMARY KEY (namespace, kind, seq)) WITHOUT ROWID",
    f"PRAGMA application_id = {_APPLICATION}",
    f"PRAGMA user_version = {VERSION}",
)

# The pages that the second file has at most when its content is moved, and its size.  To write
# over what is there costs the disk less than to make it longer: its length is no longer written
# with each change.
_WAITING_PAGES = 1000
_WAITING_SIZE = 4_500_000

# What SQLite says, and what that means here; it has codes for it as of Python 3.11 only.
_NO_DATABASE = "not a database"
_IN_USE = "locked"
_CANNOT = "unable to open"
_DAMAGE = ("no such", "malformed", "Could not decode")


class Row(NamedTuple):
    """
    A change of the file: of an object, or with the kind -1 of a namespace, which gets a text,
    or disappears without one.
    """

    namespace: int
    kind: int = -1
    seq: int = 0
    name: Optional[str] = None
    text: Optional[str] = None


def row_of(namespace: int, kind: int, seq: int, name: Any, obj: Any) -> Row:
    """
    Return the row of an object.

    Parameters:
        namespace (int): The number of its namespace.
        kind (int): Its place among the stores of a namespace.
        seq (int): Its place in the order of creation.
        name (str or CIMInstanceName): The name under which it is stored.
        obj (CIM object): The object.

    Raises:
        TypeError: It has a value that cannot be kept.
    """
    stored, own = None, _own_name(obj)
    if not alike(name, own):
        stored = encode(name)
        if stored == encode(own):
            stored = None
    return Row(namespace, kind, seq, stored, encode(obj))


def _own_name(obj: Any) -> Any:
    if isinstance(obj, CIMInstance):
        return obj._path
    return obj._name if isinstance(obj, CIMQualifierDeclaration) else obj._classname


class StateFile:
    """
    A file that is read, and then written as long as it is open.

    Parameters:
        path (str or path-like): Path of the file.  It is made if it does not exist.
        default_namespace (str): The default namespace of the server, for a new file.

    Raises:
        OSError: It cannot be opened or written, or a server has it.
        ValueError: It is no state file, or a damaged one, or has the format of a later version.
    """

    def __init__(self, path: Any, default_namespace: str) -> None:
        self.path: str = os.fsdecode(path)
        # Wherever this process goes.
        self._place = os.path.abspath(self.path)
        self._beside = _second(self._place)
        self._shared = _second(self._place, "-shm")
        self._process = os.getpid()
        self._database: Optional[sqlite3.Connection] = None
        # Nobody closes it under one who writes.
        self._lock = threading.Lock()
        #: str: The default namespace of the server that was its first.
        self.default_namespace: str
        #: bool: Whether it was ever given an object.
        self.filled: bool
        with _explained(self.path, writing=True):
            self._database = database = _connect(self.path, "rwc")
            try:
                database.execute("PRAGMA locking_mode = EXCLUSIVE")
                new = _checked(database, self.path)
                database.execute("PRAGMA journal_mode = WAL").fetchall()
                # Each transaction is on the disk when it ends.
                database.execute("PRAGMA synchronous = FULL")
                database.execute(f"PRAGMA wal_autocheckpoint = {_WAITING_PAGES}").fetchall()
                database.execute(f"PRAGMA journal_size_limit = {_WAITING_SIZE}").fetchall()
                database.execute("BEGIN IMMEDIATE")
                if new:
                    _make_tables(database, default_namespace)
                database.execute("COMMIT")
                self.default_namespace, self.filled = _settings(database, self.path)
            except BaseException:
                self.close()
                raise
        _lengthen(self._beside)
        self._marks = _mark(self._place), _mark(self._beside)
        _OPEN.add(self)

    def load(self, repository: InMemoryRepository) -> None:
        """
        Fill an empty repository.

        Parameters:
            repository (InMemoryRepository): The repository.

        Raises:
            OSError, ValueError: The file cannot be read.
        """
        with _explained(self.path):
            _load(self._used(), repository, self.path)

    def _used(self) -> sqlite3.Connection:
        if self._database is None:
            raise ValueError("the file is closed")
        return self._database

    def check(self) -> None:
        """
        Check that this process has the file.

        Raises:
            ValueError: It has not.
        """
        if os.getpid() != self._process:
            raise ValueError(f"the file is that of process {self._process}, which was forked")
        self._used()

    def write(self, rows: Iterable[Row]) -> None:
        """
        Write changes: all of them, or none.

        Parameters:
            rows (iterable of Row): The changes.

        Raises:
            ValueError, sqlite3.Error: They could not be written.
        """
        changes = list(rows)
        with self._lock:
            self.check()
            self._check_place()
            self._write(self._used(), changes)

    def _write(self, database: sqlite3.Connection, changes: List[Row]) -> None:
        if self.filled and len(changes) == 1 and changes[0].kind >= 0:
            # A statement by itself is a transaction.
            _write(database, changes[0])
            return
        filled = self.filled or any(row.kind >= 0 for row in changes)
        database.execute("BEGIN IMMEDIATE")
        try:
            for row in changes:
                _write(database, row)
            if filled and not self.filled:
                database.execute("INSERT INTO settings VALUES ('filled', 'true')")
            database.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                database.execute("ROLLBACK")
            raise
        self.filled = filled

    def _check_place(self) -> None:
        """
        Check that a new start would find what is written.

        Raises:
            ValueError: The files were moved or deleted.
        """
        if self._marks != (_mark(self._place), _mark(self._beside)):
            raise ValueError(
                "it, or the file beside it with -wal in its name, was moved, replaced or deleted"
            )

    def close(self) -> None:
        """
        Close the file; without effect if it is closed.
        """
        with self._lock:
            database, self._database = self._database, None
            if database is None:
                return
            with contextlib.suppress(sqlite3.Error):
                # One file, which can be copied, and read where nothing can be written.
                database.execute("PRAGMA journal_mode = DELETE").fetchall()
                # Who has read what a killed server left has left this.
                with contextlib.suppress(OSError):
                    os.unlink(self._shared)
            database.close()

    def leave(self) -> None:
        """
        Leave the file, in a child of fork, to the process that has it.
        """
        # A thread that is not in the child may have held it.
        self._lock = threading.Lock()
        database, self._database = self._database, None
        if database is not None:
            # To close it would delete the second file under the other process, even at the end
            # of this one.
            with contextlib.suppress(ImportError, AttributeError):
                import ctypes

                ctypes.pythonapi.Py_IncRef(ctypes.py_object(database))


_OPEN: weakref.WeakSet[StateFile] = weakref.WeakSet()


def _in_child() -> None:
    for file in list(_OPEN):
        file.leave()
    _OPEN.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_child)


# -- Files that no server has -------------------------------------------------------


def is_state_file(path: str) -> bool:
    """
    Return whether a file is a state file, also one that a server has.

    Parameters:
        path (str): Path of the file.
    """
    # A file must not be opened in another way: that would end the lock of a server in this
    # process.
    try:
        with contextlib.closing(_connect(path, "ro")) as database:
            return _number(database, "application_id") == _APPLICATION
    except sqlite3.Error as exc:
        # What another one may have: changes that a killed server has left are not read where
        # nothing can be written.
        return _IN_USE in str(exc) or (_CANNOT in str(exc) and os.path.exists(_second(path)))


def read_state(path: Any) -> Tuple[InMemoryRepository, str]:
    """
    Read a state file, which is not changed.

    Parameters:
        path (str or path-like): Path of the file.

    Returns:
        tuple: What was in it: a repository, and the default namespace of the server.

    Raises:
        OSError: It cannot be read, or a server has it.
        ValueError: It is no state file, or a damaged one, or has the format of a later version.
    """
    name = os.fsdecode(path)
    repository = InMemoryRepository()
    with _explained(name), contextlib.closing(_connect(name, "ro")) as database:
        if _checked(database, name):
            raise ValueError(f"{name} is not a state file: it is empty")
        _load(database, repository, name)
        return repository, _settings(database, name)[0]


def save_state(path: Any, repository: InMemoryRepository, default_namespace: str) -> None:
    """
    Write a state file: it is there as a whole, or not at all.

    Parameters:
        path (str or path-like): Path of the file; one that exists is replaced.
        repository (InMemoryRepository): What it gets.
        default_namespace (str): The default namespace of the server.

    Raises:
        OSError: It cannot be written, or a server has it.
        ValueError: What is there is no state file.
        TypeError: An object has a value that cannot be kept.
    """
    name = os.fsdecode(path)
    if os.path.exists(name) or os.path.exists(_second(name)):
        # What it had beside it would be taken for changes of the new file.
        StateFile(name, default_namespace).close()
    # The objects are never changed, only replaced.
    with repository.lock:
        spaces = [
            (space.number, space.name, _content(space.stores)) for space in repository.spaces()
        ]
    # A link stays one.
    place = os.path.realpath(name)
    new = f"{place}.{uuid.uuid4().hex[:8]}.new"
    try:
        with _explained(name, writing=True), contextlib.closing(_connect(new, "rwc")) as database:
            # There is no way back but to delete it.
            database.execute("PRAGMA journal_mode = OFF").fetchall()
            database.execute("BEGIN")
            _make_tables(database, default_namespace)
            for number, space, content in spaces:
                _write(database, Row(number, text=encode(space)))
                for item in content:
                    _write(database, row_of(number, *item))
            if any(content for *_, content in spaces):
                database.execute("INSERT INTO settings VALUES ('filled', 'true')")
            database.execute("COMMIT")
        os.replace(new, place)
        _sync_directory(os.path.dirname(place))
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(new)


def _content(stores: Any) -> List[Tuple[int, int, Any, Any]]:
    return [
        (kind, entry.seq, entry.name, entry.obj)
        for kind, store in enumerate(stores)
        for entry in store.entries()
    ]


def _sync_directory(path: str) -> None:
    """
    Have the new name of a file on the disk, where directories can be opened.
    """
    if os.name == "posix":
        directory = os.open(path, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


# -- What is in the database ----------------------------------------------------------


def _connect(path: str, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{Path(path).absolute().as_uri()}?mode={mode}",
        timeout=0,
        isolation_level=None,
        # Who writes has a lock of its own.
        check_same_thread=False,
        uri=True,
    )


def _second(path: str, suffix: str = "-wal") -> str:
    """
    The path of a file beside a database: where a link leads to.
    """
    return f"{os.path.realpath(path)}{suffix}"


def _mark(path: str) -> Optional[Tuple[int, int]]:
    """
    What tells a file from another one that comes into its place.
    """
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _lengthen(path: str) -> None:
    """
    Give the second file the length that it is to have; what it has beyond its last change does not
    count.  It is none of those whose locks end when they are closed.
    """
    # Where there is no room, it grows as far as it must.
    with contextlib.suppress(OSError), open(path, "r+b") as file:
        missing = _WAITING_SIZE - file.seek(0, os.SEEK_END)
        if missing > 0:
            file.write(bytes(missing))


def _number(database: sqlite3.Connection, pragma: str) -> int:
    ((number,),) = database.execute(f"PRAGMA {pragma}")
    return int(number)


def _checked(database: sqlite3.Connection, path: str) -> bool:
    """
    Check that a database is a state file that is understood; return whether it is a new one.
    """
    application, version = _number(database, "application_id"), _number(database, "user_version")
    if application == _APPLICATION:
        if version > VERSION:
            raise ValueError(
                f"{path} is a state file of a later version of pywbem_mock: its format is "
                f"{version}, and the last one known is {VERSION}"
            )
        return False
    ((tables,),) = database.execute("SELECT count(*) FROM sqlite_master")
    if application or version or tables:
        raise ValueError(f"{path} is not a state file: it is another SQLite database")
    return True


def _make_tables(database: sqlite3.Connection, default_namespace: str) -> None:
    for statement in _TABLES:
        database.execute(statement)
    value = encode(default_namespace)
    database.execute("INSERT INTO settings VALUES ('default_namespace', ?)", (value,))


def _settings(database: sqlite3.Connection, path: str) -> Tuple[str, bool]:
    """
    The default namespace, and whether there ever was an object.
    """
    settings = dict(database.execute("SELECT name, value FROM settings"))
    with _undamaged(path):
        return _text(settings.get("default_namespace")), "filled" in settings


def _text(value: Any) -> str:
    text = decode(value)
    if text.__class__ is not str:
        raise ValueError(f"Not a name: {value!r}")
    return str(text)


def _load(database: sqlite3.Connection, repository: InMemoryRepository, path: str) -> None:
    query = "SELECT seq, name, object FROM objects WHERE namespace = ? AND kind = ? ORDER BY seq"
    with resting_collector(), _undamaged(path):
        for number, name in database.execute("SELECT number, name FROM namespaces ORDER BY number"):
            space = repository.load_namespace(number, _text(name))
            for kind, store in enumerate(space.stores):
                store.load(_items(database.execute(query, (number, kind)), store._cim_object_type))


def _items(
    rows: Iterable[Tuple[int, Optional[str], str]], expected: Type[Any]
) -> Iterator[Tuple[int, Any, Any]]:
    for seq, name, text in rows:
        obj = decode(text)
        if obj.__class__ is not expected:
            raise ValueError(f"Not a {expected.__name__}: {text!r:.80}")
        stored = _own_name(obj) if name is None else decode(name)
        named = isinstance(stored, str) or (
            expected is CIMInstance and isinstance(stored, CIMInstanceName)
        )
        if not named or seq.__class__ is not int:
            raise ValueError(f"Not the name and place of a {expected.__name__}: {name!r}, {seq!r}")
        yield seq, stored, obj


def _write(database: sqlite3.Connection, row: Row) -> None:
    if row.kind < 0 and row.text is None:
        database.execute("DELETE FROM objects WHERE namespace = ?", row[:1])
        database.execute("DELETE FROM namespaces WHERE number = ?", row[:1])
    elif row.kind < 0:
        database.execute("REPLACE INTO namespaces VALUES (?, ?)", (row.namespace, row.text))
    elif row.text is None:
        database.execute(
            "DELETE FROM objects WHERE namespace = ? AND kind = ? AND seq = ?", row[:3]
        )
    else:
        database.execute("REPLACE INTO objects VALUES (?, ?, ?, ?, ?)", row)


@contextlib.contextmanager
def _undamaged(path: str) -> Iterator[None]:
    """
    Say of which file the content is not what it should be.
    """
    try:
        yield
    except ValueError as exc:
        raise ValueError(f"{path} is a damaged state file: {exc}") from exc


# -- Errors -----------------------------------------------------------------------------


@contextlib.contextmanager
def _explained(path: str, writing: bool = False) -> Iterator[None]:
    """
    Raise what SQLite says about a file as what it means.
    """
    try:
        yield
    except sqlite3.Error as exc:
        raise _meaning(path, str(exc), writing) from exc
    except UnicodeDecodeError as exc:
        # SQLite names what it has found in the file.
        raise ValueError(f"{path} is a damaged state file: {exc}") from exc


def _meaning(path: str, text: str, writing: bool) -> Exception:
    if _IN_USE in text:
        return BlockingIOError(errno.EAGAIN, "a running server has it as its state file", path)
    if _NO_DATABASE in text:
        return ValueError(f"{path} is not a state file")
    if any(sign in text for sign in _DAMAGE):
        return ValueError(f"{path} is a damaged state file: {text}")
    # An empty path is that of the directory where this process is.
    if os.path.isdir(os.path.abspath(path)):
        return IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    if not os.path.exists(path) and not (writing and os.path.isdir(os.path.dirname(path) or ".")):
        return FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
    barred = writing and os.path.exists(path) and not os.access(path, os.W_OK)
    if _CANNOT in text or "readonly" in text or barred:
        if writing:
            text = "it and its directory must be writable"
        elif os.path.exists(_second(path)) and os.access(path, os.R_OK):
            text = "its directory must be writable: a killed server has left changes beside it"
        return PermissionError(errno.EACCES, text, path)
    return OSError(errno.EIO, text, path)
