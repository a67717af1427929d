"""
The state file of a mock server: what it holds, and what is said where it cannot be used.
"""

from __future__ import annotations

import math
import os
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Callable, Dict, List, Tuple, Type

import pytest

from pywbem import (
    Char16,
    CIMClass,
    CIMDateTime,
    CIMError,
    CIMInstance,
    CIMInstanceName,
    CIMMethod,
    CIMParameter,
    CIMProperty,
    CIMQualifier,
    CIMQualifierDeclaration,
    MOFCompileError,
    Real32,
    Real64,
    Sint64,
    Uint8,
    Uint64,
)
from pywbem_mock import FakedWBEMConnection, MockServer
from tests.shared_data import ROOT

NS = "root/cimv2"
INNER = CIMInstance("Inner", [CIMProperty("R", Real32(1.5)), CIMProperty("N", None, "uint8")])
REF = CIMInstanceName("Item", {"Id": "x"}, host="other:5989", namespace="root/b")

KEYS: Dict[str, Any] = {
    "string": 'a"\u00e4\U0001f600\n',
    "uint8": Uint8(7),
    "uint64": Uint64(2**64 - 1),
    "sint64": Sint64(-(2**63)),
    "real32": Real32(0.1),
    "real64": Real64(1e300),
    "boolean": True,
    "char16": Char16("\u00e4"),
    "datetime": CIMDateTime("20240229123456.654321-300"),
    "interval": CIMDateTime("00000183132542.23****:000"),
    "reference": REF,
}
PROPERTIES: Dict[str, CIMProperty] = {
    "nan": CIMProperty("P", Real64(math.nan)),
    "infinity": CIMProperty("P", [Real32(math.inf), Real32(-math.inf)]),
    "embedded instance": CIMProperty("P", INNER, embedded_object="instance"),
    "embedded class": CIMProperty(
        "P", CIMClass("C", [CIMProperty("Q", None, "string")]), embedded_object="object"
    ),
    "embedded array": CIMProperty("P", [INNER, None], embedded_object="instance"),
    "null": CIMProperty("P", None, "datetime"),
    "null array": CIMProperty("P", None, "uint8", is_array=True, array_size=3),
    "empty array": CIMProperty("P", [], "string", is_array=True),
    "array with null": CIMProperty("P", [None, Uint8(1), None], "uint8"),
    "reference": CIMProperty("P", REF, reference_class="Item"),
    "null reference": CIMProperty("P", None, "reference", reference_class="Item"),
    "origin": CIMProperty("P", "x", class_origin="Base", propagated=True),
    "not propagated": CIMProperty("P", "x", propagated=False),
    "lone surrogate": CIMProperty("P", "\ud800"),
    "qualified": CIMProperty(
        "P",
        True,
        qualifiers=[CIMQualifier("Q", ["a", None], "string", tosubclass=False, propagated=True)],
    ),
}


def shown(value: Any) -> Any:
    """Everything in an object, with its types, letter case and order."""
    if hasattr(type(value), "__slots__") and type(value).__module__.startswith("pywbem"):
        slots = type(value).__slots__
        if slots and type(value).__name__.startswith("CIM") and not isinstance(value, CIMDateTime):
            return type(value).__name__, [shown(getattr(value, slot)) for slot in slots]
    if hasattr(value, "items"):
        # An empty dictionary may be None inside.
        return [(name, shown(item)) for name, item in value.items()] or shown(None)
    if isinstance(value, list):
        return [shown(item) for item in value]
    return type(value).__name__, repr(value)


def content(server: MockServer) -> Any:
    return [
        (
            space,
            [
                [(shown(item)) for item in store.iter_values()]
                for store in (
                    server.repository.get_qualifier_store(space),
                    server.repository.get_class_store(space),
                    server.repository.get_instance_store(space),
                )
            ],
        )
        for space in server.namespaces
    ]


def class_with_everything() -> CIMClass:
    mark = CIMQualifier("Mark", "m", overridable=False, tosubclass=True, translatable=True)
    param = CIMParameter("pA", "uint8", is_array=True, array_size=2, qualifiers=[mark])
    ref = CIMParameter("Ref", "reference", reference_class="iTem")
    method = CIMMethod("Do", "real32", [param, ref], class_origin="Item", qualifiers=[mark])
    properties = [CIMProperty("z", "default"), CIMProperty("A", None, "uint8", qualifiers=[mark])]
    return CIMClass("iTem", properties, [method], qualifiers=[mark])


def fill(server: MockServer) -> None:
    server.add_namespace("Root/B")
    declaration = CIMQualifierDeclaration(
        "Mark", "string", value="v", scopes={"ANY": True}, overridable=True, translatable=True
    )
    for space in (NS, "Root/B"):
        server.add_cimobjects([declaration, class_with_everything()], space)
        store = server.repository.get_instance_store(space)
        for name, key in KEYS.items():
            path = CIMInstanceName("iTem", {name: key, "B": "b"}, namespace=space)
            store.create(path, CIMInstance("iTem", {"z": name}, path=path))
        for number, item in enumerate(PROPERTIES.values()):
            path = CIMInstanceName("iTem", {"Id": f"P{number}"}, namespace=space)
            store.create(path, CIMInstance("iTem", [item], path=path))


def test_round_trip(tmp_path: Path) -> None:
    """Reopened, saved and loaded, it is what it was."""
    with MockServer(state=tmp_path / "s") as server:
        assert (server.state, server.restored) == (str(tmp_path / "s"), False)
        fill(server)
        expected = content(server)
        server.save(tmp_path / "saved")
    with MockServer(state=tmp_path / "s") as again:
        assert again.restored
        assert content(again) == expected
    loaded = MockServer.load(tmp_path / "saved")
    assert (loaded.state, loaded.restored) == (None, True)
    assert content(loaded) == expected


def test_loaded_into_another_file(tmp_path: Path) -> None:
    """From one file into a new one, but not in place of what one has."""
    with MockServer() as server:
        fill(server)
        expected = content(server)
        server.save(tmp_path / "a")
    with MockServer.load(tmp_path / "a", state=tmp_path / "b") as copy:
        FakedWBEMConnection(server=copy).compile_mof_string("class Of_B { string P; };")
        kept = content(copy)
    with pytest.raises(ValueError, match=r"has a repository.*name a new file"):
        MockServer.load(tmp_path / "a", state=tmp_path / "b")
    assert content(MockServer.load(tmp_path / "a")) == expected
    assert content(MockServer.load(tmp_path / "b")) == kept != expected


# -- Files that cannot be used ---------------------------------------------------------


def text(path: Path) -> None:
    path.write_text("no database, and long enough " * 50, encoding="ascii")


def other_database(path: Path) -> None:
    with closing(sqlite3.connect(str(path))) as database:
        database.execute("CREATE TABLE t (a)")


def later(path: Path) -> None:
    MockServer(state=path).close()
    with closing(sqlite3.connect(str(path))) as database:
        database.execute("PRAGMA user_version = 99")


def damaged(path: Path) -> None:
    with MockServer(state=path) as server:
        fill(server)
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))


def misnamed(path: Path) -> None:
    MockServer(state=path).close()
    path.write_bytes(path.read_bytes().replace(b"tableobjects", b"table\x87bjects"))


def edited(statement: str) -> Callable[[Path], None]:
    def edit(path: Path) -> None:
        with MockServer(state=path) as server:
            fill(server)
        with closing(sqlite3.connect(str(path))) as database:
            database.execute(statement)
            database.commit()

    return edit


# What is done to the database of a good file.
EDITED = {
    "no table": "DROP TABLE objects",
    "no settings": "DELETE FROM settings",
    "no default namespace": "UPDATE settings SET value = '5' WHERE name = 'default_namespace'",
    "no name of a namespace": "UPDATE namespaces SET name = NULL",
    "no object": "UPDATE objects SET object = '{'",
    "text that is not UTF-8": "UPDATE objects SET object = CAST(x'7b22ff227d' AS TEXT)",
    "setting that is not UTF-8": "UPDATE settings SET value = CAST(x'22ff22' AS TEXT)",
    "binary object": "UPDATE objects SET object = x'00ff'",
    "value in place of an object": "UPDATE objects SET object = '5'",
    "another kind": "UPDATE objects SET kind = 1, seq = seq + 1000 WHERE kind = 0",
    "another name": "UPDATE objects SET name = '5'",
    "no place": "UPDATE objects SET seq = 'x' || seq",
}


UNUSABLE: Dict[str, Tuple[Callable[[Path], Any], Type[Exception], str]] = {
    "text": (text, ValueError, "not a state file"),
    "other database": (other_database, ValueError, "not a state file"),
    "later version": (later, ValueError, "version"),
    "damaged": (damaged, ValueError, "damaged"),
    "damaged name of a table": (misnamed, ValueError, "damaged"),
    **{name: (edited(text), ValueError, "damaged") for name, text in EDITED.items()},
    "directory": (Path.mkdir, IsADirectoryError, "directory"),
    "in use here": (lambda path: MockServer(state=path), BlockingIOError, "running server"),
}


@pytest.mark.parametrize("use", [lambda path: MockServer(state=path), MockServer.load])
@pytest.mark.parametrize("make, error, message", UNUSABLE.values(), ids=UNUSABLE)
def test_unusable(
    tmp_path: Path, make: Any, error: Type[Exception], message: str, use: Any
) -> None:
    """Each has an error of its own, which names the file."""
    path = tmp_path / "file"
    made = make(path)
    try:
        with pytest.raises(error, match=message) as caught:
            use(path)
        assert str(path) in str(caught.value)
    finally:
        if isinstance(made, MockServer):
            made.close()


def test_in_use_by_another_process(tmp_path: Path) -> None:
    script = (
        "import sys; from pywbem_mock import MockServer; s = MockServer(state=sys.argv[1]); "
        "print(1, flush=True); sys.stdin.read()"
    )
    path = tmp_path / "s"
    with subprocess.Popen(
        [sys.executable, "-c", script, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=str(ROOT),
    ) as process:
        assert process.stdout and process.stdout.readline()
        for use in (lambda: MockServer(state=path), lambda: MockServer().save(path)):
            with pytest.raises(BlockingIOError, match="running server"):
                use()
    MockServer(state=path).close()


# -- Files that are taken away ---------------------------------------------------------


def moved(path: Path) -> None:
    path.rename(path.with_name("moved"))


def replaced(path: Path) -> None:
    MockServer(state=path.with_name("other")).close()
    path.with_name("other").replace(path)


needs_links = pytest.mark.skipif(os.name != "posix", reason="not everybody may make a link")

TAKEN: Dict[str, Callable[[Path], Any]] = {
    "moved": moved,
    "deleted": Path.unlink,
    "replaced": replaced,
    "folder moved": lambda path: moved(path.parent),
    "changes deleted": lambda path: path.with_name(path.name + "-wal").unlink(),
}


@pytest.mark.parametrize("take", TAKEN.values(), ids=TAKEN)
def test_taken_away(tmp_path: Path, take: Callable[[Path], Any]) -> None:
    """No change is answered with success that a new start would not find."""
    folder = tmp_path / "folder"
    folder.mkdir()
    with made(folder / "s") as server:
        before = content(server)
        take(folder / "s")
        with pytest.raises(CIMError, match="was moved, replaced or deleted"):
            server.add_cimobjects(item("a"))
        assert content(server) == before
        # All is still in the server.
        folder.mkdir(exist_ok=True)
        server.save(folder / "saved")
    assert content(MockServer.load(folder / "saved")) == before


@needs_links
@pytest.mark.parametrize("take", TAKEN.values(), ids=TAKEN)
def test_taken_away_where_a_link_leads_to(tmp_path: Path, take: Callable[[Path], Any]) -> None:
    """What SQLite has beside the file is there, and not beside the link."""
    folder = tmp_path / "folder"
    folder.mkdir()
    made(folder / "s").close()
    (tmp_path / "link").symlink_to(folder / "s")
    with MockServer(state=tmp_path / "link") as server:
        server.add_cimobjects(item("a"))
        take(folder / "s")
        with pytest.raises(CIMError, match="was moved, replaced or deleted"):
            server.add_cimobjects(item("b"))


@needs_links
def test_saved_where_a_link_leads_to(tmp_path: Path) -> None:
    """The link stays one: who follows it, and who does not, find the same."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "link").symlink_to(Path("folder", "s"))
    for _ in range(2):
        with MockServer() as server:
            server.add_cimobjects(item("a"))
            server.save(tmp_path / "link")
            for path in (tmp_path / "link", folder / "s"):
                assert content(MockServer.load(path)) == content(server)
    assert (tmp_path / "link").is_symlink()
    assert [file.name for file in folder.iterdir()] == ["s"]


def test_moved_back(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with made(path) as server:
        path.rename(tmp_path / "away")
        with pytest.raises(CIMError):
            server.add_cimobjects(item("a"))
        (tmp_path / "away").rename(path)
        server.add_cimobjects(item("b"))
        expected = content(server)
    assert content(MockServer.load(path)) == expected


def test_saved_where_a_file_was_deleted(tmp_path: Path) -> None:
    """What a killed server has left beside it is not taken for changes of the new file."""
    path = tmp_path / "s"
    server = made(path)
    server.add_cimobjects(item("a"))
    left = path.with_name("s-wal").read_bytes()
    server.close()
    path.unlink()
    path.with_name("s-wal").write_bytes(left)
    with MockServer() as other:
        other.add_namespace("root/other")
        other.save(path)
        assert content(MockServer.load(path)) == content(other)
    assert [file.name for file in tmp_path.iterdir()] == ["s"]


def test_another_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative path is that of the directory in which the file was opened."""
    monkeypatch.chdir(tmp_path)
    with made(Path("s")) as server:
        monkeypatch.chdir("/")
        server.add_cimobjects(item("a"))
        expected = content(server)
    assert content(MockServer.load(tmp_path / "s")) == expected


FORKED = """
import gc, os, sys, threading, time
from pywbem import CIMClass, CIMError
from pywbem_mock import MockServer
server = MockServer(state=sys.argv[1])
server.add_cimobjects(CIMClass("A"))
# Another thread is in the middle of a change.
go, store = threading.Event(), server.repository.get_class_store("root/cimv2")
server._file._database.set_trace_callback(lambda _: go.wait(20))
writer = threading.Thread(target=server.add_cimobjects, args=(CIMClass("T"),))
writer.start()
while not store.object_exists("T"):
    time.sleep(0.001)
time.sleep(0.01)
child = os.fork()
if not child:
    try:
        server.add_cimobjects(CIMClass("B"))
    except CIMError:
        {end}
    os._exit(1)
assert os.waitpid(child, 0)[1] == 0
go.set()
writer.join()
server.add_cimobjects(CIMClass("C"))
os.kill(os.getpid(), 9)
"""


ENDS = {
    "at once": "os._exit(0)",
    "in order": "sys.exit(0)",
    "closed": "server.close(); os._exit(0)",
    "collected": "del server; gc.collect(); os._exit(0)",
}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork()")
@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_forked(tmp_path: Path, end: str) -> None:
    """A child can change nothing, and takes nothing from its parent, however it ends."""
    path = tmp_path / "s"
    command = [sys.executable, "-W", "ignore", "-c", FORKED.format(end=end), str(path)]
    done = subprocess.run(
        command, cwd=str(ROOT), capture_output=True, text=True, timeout=30, check=False
    )
    assert (done.returncode, done.stderr) == (-9, "")
    server = MockServer.load(path)
    assert [item.classname for item in server.repository.get_class_store(NS).iter_values()] == [
        "A",
        "T",
        "C",
    ]


# -- What cannot be kept is undone -----------------------------------------------------


def made(path: Path) -> MockServer:
    server = MockServer(state=path)
    server.add_cimobjects(
        CIMClass("Item", [CIMProperty(name, None, "string") for name in ("Id", "Text")])
    )
    return server


def item(key: str, size: int = 0) -> CIMInstance:
    path = CIMInstanceName("Item", {"Id": key}, namespace=NS)
    return CIMInstance("Item", {"Id": key, "Text": "x" * size}, path=path)


def test_disk_full(tmp_path: Path) -> None:
    """The change is refused; memory and file are as before, and go on."""
    server = made(tmp_path / "s")
    database: Any = server._file and server._file._database
    (pages,) = database.execute("PRAGMA page_count").fetchone()
    database.execute(f"PRAGMA max_page_count = {pages + 1}").fetchall()
    before = content(server)
    with pytest.raises(CIMError) as caught:
        server.add_cimobjects([item("a"), item("b", 100_000)])
    assert caught.value.status_code_name == "CIM_ERR_FAILED"
    assert content(server) == before
    database.execute("PRAGMA max_page_count = 100000").fetchall()
    server.add_cimobjects(item("c"))
    expected = content(server)
    server.close()
    with MockServer(state=tmp_path / "s") as again:
        assert content(again) == expected != before


def test_failed_compilation(tmp_path: Path) -> None:
    """It leaves nothing on the disk."""
    server = made(tmp_path / "s")
    before = content(server)
    with pytest.raises(MOFCompileError):
        server.compile_mof_string("class A {}; class B {}; class C : Absent {};")
    assert content(server) == before
    server.close()
    with MockServer(state=tmp_path / "s") as again:
        assert content(again) == before


def test_namespaces(tmp_path: Path) -> None:
    """Those that are removed stay away; a new one of that name is empty."""
    with MockServer(state=tmp_path / "s") as server:
        for name in ("root/a", "root/b"):
            server.add_namespace(name)
        server.add_cimobjects(CIMClass("X"), "root/a")
        FakedWBEMConnection(server=server).DeleteClass("X", namespace="root/a")
        for name in ("root/a", "root/b"):
            server.remove_namespace(name)
        server.add_namespace("root/a")
    with MockServer(state=tmp_path / "s") as again:
        assert list(again.namespaces) == [NS, "root/a"]
        assert not again.repository.get_class_store("root/a").len()


@pytest.mark.parametrize("large", ["first", "another"])
def test_failure_of_several(tmp_path: Path, large: str) -> None:
    """Of threads that wait for one write none is told success if it fails."""
    server = made(tmp_path / "s")
    before = content(server)
    database: Any = server._file and server._file._database
    (pages,) = database.execute("PRAGMA page_count").fetchone()
    database.execute(f"PRAGMA max_page_count = {pages + 1}").fetchall()
    # The thread that writes waits here until the changes of all are made.
    count, go = 8, threading.Event()
    database.set_trace_callback(lambda _: go.wait(20))
    answers: Dict[str, str] = {}

    def change(key: str, size: int) -> None:
        try:
            server.add_cimobjects(item(key, size))
            answers[key] = "kept"
        except CIMError as exc:
            answers[key] = exc.status_code_name

    store = server.repository.get_instance_store(NS)
    threads = []
    for number in range(count):
        size = 100_000 if number == ("first", "another").index(large) else 0
        threads.append(threading.Thread(target=change, args=(str(number), size)))
        threads[-1].start()
        wait_for(lambda: store.len() == len(threads))
    # What waits is written with the next one.
    go.set()
    for thread in threads:
        thread.join(20)
    database.set_trace_callback(None)
    kept = [key for key in answers if answers[key] == "kept"]
    assert kept == ([] if large == "first" else ["0"])
    assert sorted(answers) == [str(number) for number in range(count)]
    assert set(answers.values()) <= {"kept", "CIM_ERR_FAILED"}
    assert [inst["Id"] for inst in store.iter_values()] == kept
    expected = content(server)
    assert (expected == before) is (not kept)
    server.close()
    with MockServer(state=tmp_path / "s") as again:
        assert content(again) == expected


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.001)


def test_closed_by_another_thread(tmp_path: Path) -> None:
    """A change is kept as a whole and answered with success, or neither."""
    kept: List[str] = []

    def change(server: MockServer, number: int) -> None:
        with suppress(CIMError):
            for count in range(1000):
                server.add_cimobjects(item(f"{number}-{count}"))
                kept.append(f"{number}-{count}")

    made(tmp_path / "s").close()
    for turn in range(4):
        server = MockServer(state=tmp_path / "s")
        numbers = (2 * turn, 2 * turn + 1)
        threads = [threading.Thread(target=change, args=(server, number)) for number in numbers]
        for thread in threads:
            thread.start()
        wait_for(lambda: len(kept) % 7 == 3)
        server.close()
        for thread in threads:
            thread.join(20)
    store = MockServer.load(tmp_path / "s").repository.get_instance_store(NS)
    assert sorted(inst["Id"] for inst in store.iter_values()) == sorted(kept)
    assert [file.name for file in tmp_path.iterdir()] == ["s"]


def test_on_the_disk(tmp_path: Path) -> None:
    """SQLite waits for the disk at the end of each change, not only for the system."""
    with made(tmp_path / "s") as server:
        database: Any = server._file and server._file._database
        assert database.execute("PRAGMA synchronous").fetchall() == [(2,)]
        server.add_cimobjects(item("kept"))
        assert b'"kept"' in (tmp_path / "s-wal").read_bytes()


@pytest.mark.parametrize("size, expected", [(0, ["kept"]), (100_000, [])], ids=["kept", "refused"])
def test_when_kept(tmp_path: Path, size: int, expected: List[str]) -> None:
    """What waits for a change, such as an indication, is done only if the change is kept."""
    done: List[str] = []
    with made(tmp_path / "s") as server:
        database: Any = server._file and server._file._database
        (pages,) = database.execute("PRAGMA page_count").fetchone()
        database.execute(f"PRAGMA max_page_count = {pages + 1}").fetchall()

        def observer(*_: Any) -> None:
            server.repository.when_kept(lambda: done.append("kept"))

        server.repository.add_observer(observer)
        try:
            server.add_cimobjects(item("a", size))
        except CIMError:
            assert size
    assert done == expected
