"""
The example and the demonstration, as a user runs them.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import List

import pytest

from tests.responder import RecordedTraffic, Responder
from tests.shared_data import ROOT

TRAFFIC = ROOT / "tests" / "traffic"


def run(*command: str) -> subprocess.CompletedProcess[str]:
    environment = dict(os.environ, PYTHONIOENCODING="utf-8", COLUMNS="79")
    environment["PYWBEM_TEST_DATA"] = "absent"
    # Run where the checkout is not installed, too.
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def example(*arguments: str) -> subprocess.CompletedProcess[str]:
    return run("-W", "error", "examples/enumerate_instances.py", *arguments)


def test_demo() -> None:
    """HTTP, HTTPS, and a refused certificate, with the traffic of the repository."""
    done = run("tests/demo.py")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 of 3 runs ended as they must" in done.stdout
    assert 'DeviceID = "sda";' in done.stdout
    assert "certificate" in done.stderr


def test_mof_and_table() -> None:
    """Instances with values of several types, as MOF and in columns."""
    with Responder(RecordedTraffic(TRAFFIC)) as responder:
        done = example(responder.url, "TST_Disk", "--namespace", "root/tst")
    assert (done.returncode, done.stderr) == (0, "")
    assert "instance of TST_Disk {" in done.stdout
    assert 'Tags = { "caf\u00e9 <4>", NULL };' in done.stdout
    assert "DeviceID  Size           Online" in done.stdout
    assert "sda       1099511627776  True" in done.stdout
    assert done.stdout.endswith("3 instances of TST_Disk in root/tst\n")


def test_server_reports_error() -> None:
    """A CIM error has an exit code of its own and names the status."""
    with Responder(RecordedTraffic(TRAFFIC)) as responder:
        done = example(responder.url, "TST_NoSuch", "-n", "root/tst")
    assert (done.returncode, done.stdout) == (1, "")
    assert "CIM_ERR_INVALID_CLASS" in done.stderr
    assert "There is no class TST_NoSuch" in done.stderr


WRONG: List[List[str]] = [
    ["http://127.0.0.1:1"],
    ["ftp://127.0.0.1:1", "TST_Disk"],
    ["https://127.0.0.1:1", "TST_Disk", "--ca", "/no/such/file"],
    ["https://127.0.0.1:1", "TST_Disk", "--ca", "x", "--no-verify"],
]


@pytest.mark.parametrize("arguments", WRONG, ids=["no-class", "scheme", "no-ca", "ca-and-none"])
def test_wrong_arguments(arguments: List[str]) -> None:
    """A wrong argument is told without a traceback."""
    done = example(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert done.stderr


def test_no_server() -> None:
    """Nobody listens."""
    done = example("http://127.0.0.1:1", "TST_Disk")
    assert (done.returncode, done.stdout) == (3, "")
    assert "ConnectionError" in done.stderr
    assert "Traceback" not in done.stderr


def test_help() -> None:
    """The help tells the exit codes."""
    done = example("--help")
    assert done.returncode == 0
    assert "exit codes:" in done.stdout
