"""
The command ``mof_compiler`` as a process: servers that go away, signals, terminals.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Sequence, Tuple, Union

import pytest

from pywbem_mock import InstanceWriteProvider
from pywbem_mock.http.server import WBEMServerThread

from .mof_command import (
    NAMESPACE,
    TIMEOUT,
    Command,
    content,
    environment,
    faked,
    finished,
    head,
    names,
    write_files,
)


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Command:
    result = Command(tmp_path_factory.mktemp("mof"))
    write_files(result.folder)
    return result


@pytest.fixture
def server() -> Iterator[WBEMServerThread]:
    with WBEMServerThread(faked()) as result:
        yield result


# -- The server goes away -------------------------------------------------------------------


class Leaving(InstanceWriteProvider):
    """A provider that stops its server; with ``seconds``, it starts again after that time."""

    provider_classnames = "T_Disk"

    def __init__(self, server: WBEMServerThread, seconds: Optional[float]) -> None:
        super().__init__(server.conn.cimrepository)
        self._server = server
        self._seconds = seconds
        self._thread: Optional[threading.Thread] = None

    def _leave(self) -> None:
        self._server.stop()
        if self._seconds is not None:
            time.sleep(self._seconds)
            self._server.start()

    def CreateInstance(self, namespace: str, new_instance: Any) -> Any:
        self._thread = threading.Thread(target=self._leave)
        self._thread.start()
        time.sleep(0.3)
        return super().CreateInstance(namespace, new_instance)

    def join(self) -> None:
        assert self._thread is not None
        self._thread.join(TIMEOUT)


def test_server_gone_for_a_moment(command: Command, server: WBEMServerThread) -> None:
    before = content(server)
    provider = Leaving(server, 0.4)
    server.conn.register_provider(provider)
    code, out, err = command("a.mof", "new.mof", "-s", server.url)
    provider.join()
    assert (code, err) == (1, "")
    assert out.splitlines()[-1].startswith("mof_compiler: ConnectionError: "), out
    assert content(server) == before


def test_server_gone(command: Command, server: WBEMServerThread) -> None:
    provider = Leaving(server, None)
    server.conn.register_provider(provider)
    code, out, err = command("a.mof", "new.mof", "-s", server.url)
    provider.join()
    assert (code, err) == (1, "")
    remains, last = out.splitlines()[-2:]
    assert remains == "mof_compiler: 5 changes to the WBEM server could not be undone"
    assert last.startswith("mof_compiler: ConnectionError: "), out


# -- Nobody reads the output ------------------------------------------------------------------


def test_removal_of_which_nobody_reads(
    command: Command, server: WBEMServerThread, tmp_path: Path
) -> None:
    before = content(server)
    # More text than what is kept before it is written.
    classes = "".join(f"class T_{'long' * 60}_{i} {{ string X; }};\n" for i in range(40))
    (tmp_path / "long.mof").write_text(classes, encoding="utf-8")
    server.conn.compile_mof_file(str(tmp_path / "long.mof"))
    arguments = ["-r", "-v", str(tmp_path / "long.mof"), "-s", server.url]
    with command.start(*arguments, env=environment(PYTHONUNBUFFERED="")) as process:
        assert process.stdout is not None
        process.stdout.close()
        process.stdout = None
        assert finished(process) == (0, "", "")
    assert content(server) == before


# -- Signals ---------------------------------------------------------------------------------


def wait_for(server: WBEMServerThread, classname: str) -> None:
    """Wait until the server has a class."""
    deadline = time.monotonic() + TIMEOUT
    store = server.conn.cimrepository.get_class_store(NAMESPACE)
    while not store.object_exists(classname):
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143)],
    ids=["interrupt", "terminate"],
)
def test_signal(command: Command, server: WBEMServerThread, number: int, code: int) -> None:
    before = content(server)
    server.conn.response_delay = 0.05
    with command.start("a.mof", "many.mof", "-s", server.url) as process:
        wait_for(server, "T_3")
        process.send_signal(number)
        result = finished(process)
    assert result == (
        code,
        f"{head(server)}mof_compiler: interrupted\n",
        "mof_compiler: interrupted, waiting for the operation in progress; once more breaks it "
        "off\n",
    )
    assert content(server) == before


def test_second_signal_does_not_wait(command: Command, server: WBEMServerThread) -> None:
    server.conn.response_delay = 8
    env = dict(environment(), PYTHONUNBUFFERED="1")
    args = ["plain.mof", "-v", "-s", server.url]
    with command.start(*args, env=env, bufsize=0) as process:
        assert process.stdout is not None and process.stderr is not None
        while b"Creating class" not in process.stdout.readline():
            assert process.poll() is None
        started = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert select.select([process.stderr], [], [], TIMEOUT)[0]
        process.send_signal(signal.SIGINT)
        code, out, _ = finished(process)
    assert (code, out) == (130, "mof_compiler: interrupted\n")
    assert time.monotonic() - started < 6


# -- The terminal ----------------------------------------------------------------------------


class Terminal:
    """A pseudo terminal; ``side`` is for the process."""

    def __init__(self) -> None:
        self._master, self.side = pty.openpty()
        size = struct.pack("HHHH", 25, 80, 0, 0)
        fcntl.ioctl(self.side, termios.TIOCSWINSZ, size)
        self.text = ""

    def read(self, until: Optional[str] = None) -> str:
        """Read until a text appears, or until the process has ended."""
        while until is None or until not in self.text:
            assert select.select([self._master], [], [], TIMEOUT)[0]
            try:
                data = os.read(self._master, 65536)
            except OSError:
                # Linux says so when nobody has the other side any more.
                data = b""
            if not data:
                assert until is None, self.text
                break
            self.text += data.decode("utf-8")
        return self.text

    def write(self, text: str) -> None:
        os.write(self._master, text.encode())

    def given(self) -> None:
        """The process has its side: close ours."""
        os.close(self.side)

    def close(self) -> None:
        os.close(self._master)


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    result = Terminal()
    yield result
    result.close()


@pytest.mark.parametrize(("typed", "code"), [("s3cret", 0), ("wr0ng", 1)], ids=["right", "wrong"])
def test_password_is_asked_for_and_not_shown(
    command: Command, terminal: Terminal, typed: str, code: int
) -> None:
    with WBEMServerThread(faked(), users={"me": "s3cret"}) as server:
        side = terminal.side
        with command.start(
            "a.mof", "-s", server.url, "-u", "me", stdin=side, stdout=side, stderr=side
        ) as process:
            terminal.given()
            terminal.read("Enter password for me: ")
            terminal.write(f"{typed}\n")
            text = terminal.read()
            assert finished(process).code == code
        assert typed not in text
        assert f"MOF repository: Namespace {NAMESPACE} in WBEM server {server.url}" in text
        assert ("T_A" in names(server.conn)) == (code == 0)


NO_PASSWORD: Dict[str, Tuple[Sequence[str], str]] = {
    "no input": (["a.mof"], "No password for user me: give it by --password"),
    "the input is the MOF": (["-"], "The standard input has the MOF: give the password by"),
}


@pytest.mark.parametrize(("files", "message"), NO_PASSWORD.values(), ids=NO_PASSWORD)
def test_no_password(
    command: Command, server: WBEMServerThread, files: Sequence[str], message: str
) -> None:
    before = content(server)
    stdin = b"class T_X { };\n" if "-" in files else b""
    code, out, _ = command(*files, "-s", server.url, "-u", "me", stdin=stdin)
    assert code == 1
    assert out.startswith(f"mof_compiler: {message}")
    assert content(server) == before


@pytest.mark.parametrize(
    ("options", "shown"),
    [([], True), (["-v"], False)],
    ids=["quiet", "verbose"],
)
def test_progress_bar(
    command: Command,
    server: WBEMServerThread,
    terminal: Terminal,
    options: List[str],
    shown: bool,
) -> None:
    server.conn.response_delay = 0.03
    with command.start("many.mof", "-s", server.url, *options, stderr=terminal.side) as process:
        terminal.given()
        text = terminal.read()
        assert finished(process).code == 0
    assert ("many.mof: " in text and "declarations" in text) == shown
    if not shown:
        assert text == ""


def test_no_progress_bar_without_a_terminal(command: Command, server: WBEMServerThread) -> None:
    server.conn.response_delay = 0.03
    assert command("many.mof", "-s", server.url) == (0, head(server), "")


def test_import_is_light(command: Command) -> None:
    """What only some runs need is not loaded by all."""
    code = "import sys, mof_compiler; print([m for m in sys.argv[1:] if m in sys.modules])"
    result: Union[bytes, str] = subprocess.check_output(
        [sys.executable, "-c", code, "tqdm", "yaml", "pywbem_mock", "http.server"],
        env=environment(),
        timeout=TIMEOUT,
    )
    assert result.strip() == b"[]"
