"""
``python -m pywbem_mock serve --state``: what clients made outlives the process.
"""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any, List

import pytest

import pywbem
from pywbem_mock import MockServer
from tests.integration.processes import ServedMock, run_mock
from tests.shared_data import ROOT

MOF = """
Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride, ToSubclass);
class T_Disk { [Key] string Id; };
instance of T_Disk { Id = "a"; };
"""


class Served(ServedMock):
    """
    A process that serves a state file.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__("--state", "disks.state", "--mof", "disks.mof", folder=folder)
        assert " at http" in self.line

    def disks(self) -> List[Any]:
        with self.client() as conn:
            return sorted(path["Id"] for path in conn.EnumerateInstanceNames("T_Disk"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "disks.mof").write_text(MOF, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["ended", "killed"])
def test_it_keeps_what_clients_made(folder: Path, number: int) -> None:
    with Served(folder) as first:
        with first.client() as conn:
            conn.CreateInstance(pywbem.CIMInstance("T_Disk", {"Id": "b"}))
            conn.DeleteInstance(pywbem.CIMInstanceName("T_Disk", {"Id": "a"}))
        first.end(number)
    with Served(folder) as second:
        # The MOF is that of the first time only.
        assert second.disks() == ["b"]
    assert "--mof: nothing is compiled, disks.state" in second.err


def test_two_servers_cannot_have_it(folder: Path) -> None:
    with Served(folder):
        second = run_mock("serve", "--port", "0", "--state", "disks.state", folder=folder)
    assert second.returncode == 1
    assert "--state: Cannot open disks.state: a running server has it" in second.stderr


def test_first_time_that_fails(folder: Path) -> None:
    (folder / "wrong.mof").write_text(MOF + "class T_Disk", encoding="utf-8")
    options = ["--state", "disks.state", "--mof", "wrong.mof"]
    done = run_mock("serve", "--port", "0", *options, folder=folder)
    assert done.returncode == 1
    with Served(folder) as served:
        assert served.disks() == ["a"]


@pytest.mark.parametrize(
    "path, message",
    [
        ("disks.mof", "disks.mof is not a state file"),
        ("later.state", "later.state is a state file of a later version of pywbem_mock"),
        ("damaged.state", "damaged.state is a damaged state file"),
        ("none/disks.state", "Cannot open none/disks.state: No such file or directory"),
        (".", "Cannot open .: Is a directory"),
        ("", "Is a directory"),
    ],
    ids=["another-file", "later-version", "damaged", "no-directory", "directory", "empty"],
)
def test_file_that_cannot_be_used(folder: Path, path: str, message: str) -> None:
    for name, statement in (
        ("later.state", "PRAGMA user_version = 99"),
        ("damaged.state", "DELETE FROM settings"),
    ):
        MockServer(state=folder / name).close()
        with closing(sqlite3.connect(str(folder / name), isolation_level=None)) as database:
            database.execute(statement)
    done = run_mock("serve", "--port", "0", "--state", path, folder=folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert "--state: " in done.stderr
    assert message in done.stderr


@pytest.mark.parametrize(
    "ends",
    ["os.kill(os.getpid(), 9)", "raise ValueError('no')", "conn.CreateClass(wrong)"],
    ids=["killed", "fails", "operation-fails"],
)
def test_filling_that_does_not_end(folder: Path, ends: str) -> None:
    """The next start fills the file, as a whole, and those after it do not."""
    (folder / "end.py").write_text(
        "import os, pywbem\n"
        "def setup(conn, server, verbose):\n"
        "    wrong = pywbem.CIMClass('T_Wrong', superclass='T_Absent')\n"
        "    conn.CreateInstance(pywbem.CIMInstance('T_Disk', {'Id': 'half'}))\n"
        f"    {ends}\n",
        encoding="utf-8",
    )
    options = ["--state", "disks.state", "--mof", "disks.mof", "--provider", "end.py"]
    done = run_mock("serve", "--port", "0", *options, folder=folder)
    assert done.returncode in (1, -signal.SIGKILL)
    for _ in range(2):
        with Served(folder) as served:
            assert served.disks() == ["a"]


# -- Where nothing can be written ------------------------------------------------------


# Is root at first, to read what the interpreter needs.
NOBODY = """
import os, sys
import pywbem_mock, pywbem_mock.__main__ as command
path = sys.argv[1]
os.chdir(os.path.dirname(path))
os.setuid(65534)
try:
    print(pywbem_mock.MockServer.load(path).namespaces, flush=True)
except OSError as exc:
    print(exc, flush=True)
sys.exit(command.main(['serve', '--port', '0', '--state', path]))
"""
READ_ONLY = {
    "closed": (signal.SIGTERM, "['root/cimv2']"),
    "killed": (signal.SIGKILL, "a killed server has left changes beside it"),
}


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can")
@pytest.mark.parametrize("number, loaded", READ_ONLY.values(), ids=READ_ONLY)
def test_read_only(folder: Path, number: int, loaded: str) -> None:
    """Who may only read it can load it, if the server was not killed."""
    with Served(folder) as served:
        served.end(number)
    for parent in folder.parents:
        if os.path.commonpath([parent, tempfile.gettempdir()]) != str(parent):
            parent.chmod(0o755)
        elif not parent.stat().st_mode & 0o001:
            pytest.skip(f"others have no access to {parent}")
    folder.chmod(0o755)
    path = folder / "disks.state"
    done = subprocess.run(
        [sys.executable, "-c", NOBODY, str(path)],
        capture_output=True,
        text=True,
        cwd=str(ROOT),
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    assert loaded in done.stdout
    assert f"--state: Cannot open {path}: it and its directory must be writable" in done.stderr


def test_disk_full(folder: Path) -> None:
    """A change that finds no room is refused; the server lives on, and so does what it answered."""
    resource = pytest.importorskip("resource")
    if not hasattr(resource, "prlimit"):
        pytest.skip("the limits of another process cannot be changed")
    none = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    names: List[str] = ["a"]
    with Served(folder) as served, served.client() as conn:
        # No file of the process may grow beyond this.
        resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE, (5_000_000, none[1]))
        with pytest.raises(pywbem.CIMError) as caught:
            while len(names) < 200:
                name = f"{len(names):03}{'x' * 100_000}"
                conn.CreateInstance(pywbem.CIMInstance("T_Disk", {"Id": name}))
                names.append(name)
        assert caught.value.status_code == pywbem.CIM_ERR_FAILED
        assert "disks.state" in caught.value.status_description
        assert served.disks() == sorted(names)
        resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE, none)
        conn.CreateInstance(pywbem.CIMInstance("T_Disk", {"Id": "b"}))
        served.end(signal.SIGKILL)
    with Served(folder) as again:
        assert again.disks() == sorted([*names, "b"])


def test_diff_of_state_files(folder: Path) -> None:
    with Served(folder) as served:
        served.end(signal.SIGTERM)
        shutil.copy(folder / "disks.state", folder / "before.state")
    before = (folder / "before.state").read_bytes()
    with Served(folder) as served, served.client() as conn:
        conn.CreateInstance(pywbem.CIMInstance("T_Disk", {"Id": "b"}))
    equal = run_mock("diff", "before.state", "disks.mof", "--instances", folder=folder)
    assert (equal.returncode, equal.stderr) == (0, "")
    different = run_mock("diff", "before.state", "disks.state", "--instances", folder=folder)
    assert different.returncode == 1
    assert 't_disk.id="b"' in different.stdout
    assert (folder / "before.state").read_bytes() == before
