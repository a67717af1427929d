"""
The fronts of a mock server: what they take, and the state file that they are given.
"""

from __future__ import annotations

import asyncio
import copy
import pickle
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Callable, Dict, List, Tuple, Type

import pytest

from pywbem import CIMClass, CIMError, CIMInstance, CIMInstanceName, WBEMConnection
from pywbem_mock import (
    AsyncFakedWBEMConnection,
    FakedWBEMConnection,
    MockServer,
    WBEMServerThread,
)

Fronts = Dict[str, Callable[..., Any]]

MOF = """
Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride, ToSubclass);
class T_Disk { [Key] string Id; string Text; };
instance of T_Disk { Id = "a"; };
"""
DISK = CIMInstanceName("T_Disk", {"Id": "a"}, namespace="root/cimv2")
CONNECTIONS: Fronts = {"sync": FakedWBEMConnection, "async": AsyncFakedWBEMConnection}


def classes(path: Path) -> List[str]:
    server = MockServer.load(path)
    store = server.repository.get_class_store(server.default_namespace)
    return [item.classname for item in store.iter_values()]


def create(conn: Any, name: str) -> None:
    FakedWBEMConnection(server=conn.server).CreateClass(CIMClass(name))


def close(conn: Any) -> None:
    done = conn.close()
    if done is not None:
        asyncio.run(done)


# -- What is no server -----------------------------------------------------------------


def test_server_thread_takes_a_server(tmp_path: Path) -> None:
    """Also as the first argument, and then it is the user's to close."""
    with MockServer(state=tmp_path / "s") as server:
        for args, kwargs in (
            ((server,), {}),
            ((server,), {"server": server}),
            ((), {"server": server}),
        ):
            with WBEMServerThread(*args, **kwargs) as thread:
                assert thread.server is server
                with WBEMConnection(thread.url) as conn:
                    conn.CreateClass(CIMClass(f"C{thread.port}"))
                    names = conn.EnumerateClassNames()
    assert classes(tmp_path / "s") == names


WRONG: Dict[str, Tuple[Callable[[], Any], Type[Exception], str]] = {
    "thread of a text": (lambda: WBEMServerThread("root/a"), TypeError, "conn must be"),  # type: ignore[arg-type]
    "thread of an asynchronous connection": (
        lambda: WBEMServerThread(AsyncFakedWBEMConnection()),  # type: ignore[arg-type]
        TypeError,
        "not a AsyncFakedWBEMConnection",
    ),
    "thread of a client": (
        lambda: WBEMServerThread(WBEMConnection("http://x")),  # type: ignore[arg-type]
        TypeError,
        "not a WBEMConnection",
    ),
    "thread of a class": (
        lambda: WBEMServerThread(MockServer),  # type: ignore[arg-type]
        TypeError,
        "not a type",
    ),
    "thread of two servers": (
        lambda: WBEMServerThread(MockServer(), server=MockServer()),
        ValueError,
        "different servers",
    ),
    "thread with no server": (
        lambda: WBEMServerThread(server=FakedWBEMConnection()),  # type: ignore[arg-type]
        TypeError,
        "server must be a MockServer",
    ),
    "connection with no server": (
        lambda: FakedWBEMConnection(server=FakedWBEMConnection()),  # type: ignore[arg-type]
        TypeError,
        "server must be a MockServer",
    ),
    "asynchronous with no server": (
        lambda: AsyncFakedWBEMConnection(server="http://x"),  # type: ignore[arg-type]
        TypeError,
        "server must be a MockServer",
    ),
    "asynchronous of a server": (
        lambda: AsyncFakedWBEMConnection.of(MockServer()),  # type: ignore[arg-type]
        TypeError,
        "conn must be a FakedWBEMConnection",
    ),
}


@pytest.mark.parametrize("make, error, message", WRONG.values(), ids=WRONG)
def test_what_is_no_server(make: Any, error: Type[Exception], message: str) -> None:
    """It is refused when the front is made, not by the first request."""
    with pytest.raises(error, match=message):
        make()


# -- The state file of a connection ----------------------------------------------------


@pytest.mark.parametrize("make", CONNECTIONS.values(), ids=CONNECTIONS)
def test_connection_with_a_state_file(tmp_path: Path, make: Callable[..., Any]) -> None:
    path = tmp_path / "s"
    for number, state in enumerate((path, str(path))):
        conn = make("root/a", state=state)
        assert (conn.server.state, conn.server.restored) == (str(path), bool(number))
        create(conn, f"C{number}")
        close(conn)
        # Nothing keeps it any more.
        with pytest.raises(CIMError, match="closed"):
            create(conn, "Late")
    # That of the file, as it has no root/cimv2.
    conn = make(state=path)
    assert conn.default_namespace == conn.server.default_namespace == "root/a"
    close(conn)
    assert classes(path) == ["C0", "C1"]


@pytest.mark.parametrize("make", CONNECTIONS.values(), ids=CONNECTIONS)
def test_copies_share_it(tmp_path: Path, make: Callable[..., Any]) -> None:
    """It is closed with the last of them."""
    conn = make(state=tmp_path / "s")
    one, other = conn.copy(), conn.copy()
    for number, item in enumerate((one, conn)):
        close(item)
        create(other, f"C{number}")
    close(other)
    assert classes(tmp_path / "s") == ["C0", "C1"]


def test_view_does_not_close_it(tmp_path: Path) -> None:
    """An asynchronous connection of another one leaves it to that."""
    with FakedWBEMConnection(state=tmp_path / "s") as conn:
        view = AsyncFakedWBEMConnection.of(conn)
        close(view.copy())
        close(view)
        create(conn, "C")
    assert classes(tmp_path / "s") == ["C"]


@pytest.mark.parametrize("make", CONNECTIONS.values(), ids=CONNECTIONS)
def test_connection_to_a_server_that_has_one(tmp_path: Path, make: Callable[..., Any]) -> None:
    with MockServer(state=tmp_path / "s") as server:
        close(make(server=server))
        close(make(server=server, state=tmp_path / "s"))
        with pytest.raises(ValueError, match="state="):
            make(server=server, state=tmp_path / "other")
        create(server, "C")
    with pytest.raises(ValueError, match="state="):
        make(server=MockServer(), state=tmp_path / "s")
    assert classes(tmp_path / "s") == ["C"]


@pytest.mark.parametrize("make", CONNECTIONS.values(), ids=CONNECTIONS)
def test_file_of_another_server(tmp_path: Path, make: Callable[..., Any]) -> None:
    with MockServer(state=tmp_path / "s"), pytest.raises(BlockingIOError, match="running server"):
        make(state=tmp_path / "s")


@pytest.mark.parametrize(
    "duplicate",
    [copy.deepcopy, lambda conn: pickle.loads(pickle.dumps(conn))],
    ids=["copied", "pickled"],
)
def test_duplicates_have_none(tmp_path: Path, duplicate: Callable[[Any], Any]) -> None:
    """Two servers cannot have one file."""
    with FakedWBEMConnection(state=tmp_path / "s") as conn:
        create(conn, "C")
        other = duplicate(conn)
        assert other.server.state is None
        create(other, "D")
        assert conn.EnumerateClassNames() == ["C"]
        other.close()
        create(conn, "E")
    assert classes(tmp_path / "s") == ["C", "E"]


# -- Who waits for the disk ------------------------------------------------------------


def get(conn: Any) -> str:
    return str(conn.GetInstance(DISK)["Id"])


@pytest.mark.parametrize("fails", [False, True], ids=["kept", "refused"])
def test_reads_do_not_wait_for_the_disk(tmp_path: Path, fails: bool) -> None:
    """A client reads while the change of another one is written, which may fail."""
    with MockServer(state=tmp_path / "s") as server:
        server.compile_mof_string(MOF)
        database: Any = server._file and server._file._database
        with WBEMServerThread(server) as thread, WBEMConnection(thread.url) as reader:
            get(reader)
            writing, written = threading.Event(), threading.Event()

            def hold(_: str) -> None:
                writing.set()
                assert written.wait(20)
                if fails:
                    database.interrupt()

            database.set_trace_callback(hold)
            answers: List[str] = []
            changer = threading.Thread(target=modify, args=(thread.url, answers))
            changer.start()
            assert writing.wait(20)
            assert get(reader) == get(FakedWBEMConnection(server=server)) == "a"
            assert answers == []
            written.set()
            changer.join(20)
            database.set_trace_callback(None)
            assert answers == (["CIM_ERR_FAILED"] if fails else ["kept"])
            assert reader.GetInstance(DISK).get("Text") == (None if fails else "new")


def modify(url: str, answers: List[str]) -> None:
    with WBEMConnection(url) as conn:
        try:
            conn.ModifyInstance(CIMInstance("T_Disk", {"Text": "new"}, path=DISK))
            answers.append("kept")
        except CIMError as exc:
            answers.append(exc.status_code_name)


@pytest.mark.parametrize("others", [0, 1, 8], ids=["alone", "with another", "with many"])
def test_changes_over_http(tmp_path: Path, others: int) -> None:
    """They are kept, and refused when they cannot be, whoever else is connected."""
    path = tmp_path / "s"
    with MockServer(state=path) as server, WBEMServerThread(server) as thread:
        server.compile_mof_string(MOF)
        with ExitStack() as stack:
            for _ in range(others):
                get(stack.enter_context(WBEMConnection(thread.url)))
            answers: List[str] = []
            modify(thread.url, answers)
            path.rename(tmp_path / "away")
            modify(thread.url, answers)
            (tmp_path / "away").rename(path)
            modify(thread.url, answers)
            assert answers == ["kept", "CIM_ERR_FAILED", "kept"]
