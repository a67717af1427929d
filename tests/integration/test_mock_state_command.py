"""
``python -m pywbem_mock serve --state``: what clients made outlives the process.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, List

import pytest

import pywbem
from tests.integration.processes import environment

COMMAND = [sys.executable, "-m", "pywbem_mock"]
MOF = """
Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride, ToSubclass);
class T_Disk { [Key] string Id; };
instance of T_Disk { Id = "a"; };
"""


class Served:
    """
    A process that serves a state file.
    """

    def __init__(self, folder: Path, *options: str) -> None:
        self._options = ["--state", "disks.state", "--mof", "disks.mof", *options]
        self._folder = folder

    def __enter__(self) -> Served:
        self.process = subprocess.Popen(
            [*COMMAND, "serve", "--port", "0", *self._options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self._folder,
            env=environment(PYTHONWARNINGS="error"),
        )
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert " at http" in line
        self.conn = pywbem.WBEMConnection(line.split()[-1])
        return self

    def __exit__(self, *_exc: object) -> None:
        self.conn.close()
        self.end(signal.SIGTERM)

    def end(self, number: int) -> str:
        """End the process by a signal; return what it has written to standard error."""
        self.process.send_signal(number)
        return self.process.communicate(timeout=20)[1]

    def disks(self) -> List[Any]:
        return sorted(path["Id"] for path in self.conn.EnumerateInstanceNames("T_Disk"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "disks.mof").write_text(MOF, encoding="utf-8")
    return tmp_path


def run(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *args],
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment(PYTHONWARNINGS="error"),
        timeout=30,
        check=False,
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["ended", "killed"])
def test_it_keeps_what_clients_made(folder: Path, number: int) -> None:
    with Served(folder) as first:
        first.conn.CreateInstance(pywbem.CIMInstance("T_Disk", {"Id": "b"}))
        first.conn.DeleteInstance(pywbem.CIMInstanceName("T_Disk", {"Id": "a"}))
        first.end(number)
    with Served(folder) as second:
        # The MOF is that of the first time only.
        assert second.disks() == ["b"]
        assert "--mof: nothing is compiled, disks.state" in second.end(signal.SIGTERM)


def test_two_servers_cannot_have_it(folder: Path) -> None:
    with Served(folder):
        second = run(folder, "serve", "--port", "0", "--state", "disks.state")
    assert second.returncode == 1
    assert "--state: Cannot open disks.state: a running server has it" in second.stderr


def test_first_time_that_fails(folder: Path) -> None:
    (folder / "wrong.mof").write_text(MOF + "class T_Disk", encoding="utf-8")
    done = run(folder, "serve", "--port", "0", "--state", "disks.state", "--mof", "wrong.mof")
    assert done.returncode == 1
    with Served(folder) as served:
        assert served.disks() == ["a"]


@pytest.mark.parametrize(
    "path, message",
    [
        ("disks.mof", "disks.mof is not a state file"),
        ("none/disks.state", "Cannot open none/disks.state: No such file or directory"),
        (".", "Cannot open .: Is a directory"),
    ],
    ids=["another-file", "no-directory", "directory"],
)
def test_file_that_cannot_be_used(folder: Path, path: str, message: str) -> None:
    done = run(folder, "serve", "--port", "0", "--state", path)
    assert (done.returncode, done.stdout) == (1, "")
    assert message in done.stderr


def test_diff_of_state_files(folder: Path) -> None:
    with Served(folder) as served:
        served.end(signal.SIGTERM)
        shutil.copy(folder / "disks.state", folder / "before.state")
    before = (folder / "before.state").read_bytes()
    with Served(folder) as served:
        served.conn.CreateInstance(pywbem.CIMInstance("T_Disk", {"Id": "b"}))
    equal = run(folder, "diff", "before.state", "disks.mof", "--instances")
    assert (equal.returncode, equal.stderr) == (0, "")
    different = run(folder, "diff", "before.state", "disks.state", "--instances")
    assert different.returncode == 1
    assert 't_disk.id="b"' in different.stdout
    assert (folder / "before.state").read_bytes() == before
