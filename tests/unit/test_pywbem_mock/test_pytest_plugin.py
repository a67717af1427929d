"""
The pytest plugin, in runs of pytest of their own, and the example suite that uses it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Dict, List, Tuple

import pytest

from tests.shared_data import ROOT

PLUGIN = "pywbem_mock.pytest_plugin"

MOF = """
Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride, ToSubclass);
class T_Disk { [Key] string Id; };
"""


def is_installed() -> bool:
    """Whether pytest finds the plugin by itself."""
    return any(
        entry.group == "pytest11" and entry.value == PLUGIN
        for distribution in metadata.distributions()
        for entry in distribution.entry_points
    )


def run(folder: Path, *args: str) -> Tuple[int, List[str]]:
    """Run pytest with the plugin; return its exit code and output."""
    options = ["-q", "--strict-markers", "-W", "error", "-p", "no:cacheprovider", "-p", "no:xdist"]
    if not is_installed():
        options += ["-p", PLUGIN]
    path = os.pathsep.join([str(ROOT), *filter(None, sys.path)])
    result = subprocess.run(
        [sys.executable, "-m", "pytest", *options, f"--rootdir={folder}", "-c", os.devnull, *args],
        cwd=str(folder),
        env=dict(os.environ, PYTHONPATH=path),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=60,
    )
    return result.returncode, result.stdout.decode().splitlines()


def test_the_example_suite() -> None:
    code, output = run(ROOT / "examples" / "pytest_suite")
    assert code == 0, "\n".join(output)
    assert output[-1].startswith("6 passed")


SUITES: Dict[str, str] = {
    "asynchronous": """
import asyncio
import pytest
@pytest.mark.wbem_mof("model.mof")
def test_it(async_faked_wbem_connection, faked_wbem_connection):
    assert async_faked_wbem_connection.conn is faked_wbem_connection
    assert asyncio.run(async_faked_wbem_connection.EnumerateClassNames()) == ["T_Disk"]
""",
    "empty": """
def test_it(faked_wbem_connection):
    assert faked_wbem_connection.EnumerateClassNames() == []
""",
    "markers of module, class and function": """
pytestmark = pytest.mark.wbem_mof("model.mof")

@pytest.mark.wbem_mof(text='instance of T_Disk { Id = "class"; };')
class TestIt:
    @pytest.mark.wbem_mof(text='instance of T_Disk { Id = "function"; };')
    def test_it(self, faked_wbem_connection):
        names = faked_wbem_connection.EnumerateInstanceNames("T_Disk")
        assert [name["Id"] for name in names] == ["class", "function"]

    def test_next(self, faked_wbem_connection):
        names = faked_wbem_connection.EnumerateInstanceNames("T_Disk")
        assert [name["Id"] for name in names] == ["class"]
""",
    "namespaces": """
@pytest.mark.wbem_mof("model.mof", namespace="root/a")
@pytest.mark.wbem_mof("model.mof", namespace="root/b")
@pytest.mark.wbem_mof(text="class T_More { string P; };", namespace="/root/b/")
def test_it(faked_wbem_connection):
    conn = faked_wbem_connection
    assert set(conn.namespaces) == {"root/cimv2", "root/a", "root/b"}
    assert conn.EnumerateClassNames(namespace="root/a") == ["T_Disk"]
    assert set(conn.EnumerateClassNames(namespace="root/b")) == {"T_Disk", "T_More"}
    assert conn.EnumerateClassNames() == []
""",
    "strict": """
import pywbem, pytest

@pytest.mark.wbem_strict
class TestStrict:
    def test_it(self, faked_wbem_connection, async_faked_wbem_connection, wbem_server):
        assert faked_wbem_connection.strict
        assert async_faked_wbem_connection.server.strict
        assert wbem_server.server.strict

def test_default(faked_wbem_connection):
    assert not faked_wbem_connection.strict
""",
    "search paths": """
@pytest.mark.wbem_mof(text="class T_Sub : T_Found { };", search_paths=["schema"])
def test_it(faked_wbem_connection):
    assert faked_wbem_connection.GetClass("T_Sub").superclass == "T_Found"
""",
    "server": """
import pywbem

@pytest.mark.wbem_mof("model.mof", text='instance of T_Disk { Id = "a"; };')
def test_it(wbem_server, faked_wbem_connection):
    assert wbem_server.conn is faked_wbem_connection
    with pywbem.WBEMConnection(wbem_server.url) as client:
        client.CreateInstance(pywbem.CIMInstance("T_Disk", {"Id": "b"}))
    names = faked_wbem_connection.EnumerateInstanceNames("T_Disk")
    assert [name["Id"] for name in names] == ["a", "b"]
    global URL
    URL = wbem_server.url

def test_stopped():
    with pywbem.WBEMConnection(URL) as client:
        with pytest.raises(pywbem.ConnectionError):
            client.EnumerateClassNames()
""",
    "fault": """
import pywbem

@pytest.mark.wbem_mof("model.mof")
def test_it(wbem_server, wbem_fault):
    with pywbem.WBEMConnection(wbem_server.url) as client:
        with wbem_fault(classname="T_Disk", http=503) as fault:
            with pytest.raises(pywbem.HTTPError):
                client.GetClass("T_Disk")
        assert client.GetClass("T_Disk").classname == "T_Disk"
        assert fault.count == 1

def test_over(faked_wbem_connection, wbem_fault):
    wbem_fault(status="FAILED")
    global CONN
    CONN = faked_wbem_connection

def test_next():
    assert CONN.EnumerateClassNames() == []
""",
    "closed by the test": """
def test_it(faked_wbem_connection):
    faked_wbem_connection.close()
""",
    "closed by the plugin": """
import pywbem

def test_it(faked_wbem_connection):
    global CONN
    CONN = faked_wbem_connection

def test_next():
    with pytest.raises(pywbem.ConnectionError, match="closed"):
        CONN.close()
""",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with MOF files, for a suite."""
    (tmp_path / "model.mof").write_text(MOF, encoding="utf-8")
    (tmp_path / "schema").mkdir()
    (tmp_path / "schema" / "T_Found.mof").write_text("class T_Found { };", encoding="utf-8")
    return tmp_path


def test_fixtures_and_marker(folder: Path) -> None:
    for number, text in enumerate(SUITES.values()):
        (folder / f"test_{number}.py").write_text(f"import pytest\n{text}", encoding="utf-8")
    code, output = run(folder)
    assert code == 0, "\n".join(output)
    count = sum(text.count("def test_") for text in SUITES.values())
    assert output[-1].startswith(f"{count} passed")


ERRORS = {
    "absent file": ('"absent.mof"', "absent.mof"),
    "directory": ('"."', " is a directory"),
    "MOF": ('text="class"', "MOFParseError"),
    "unknown keyword": (
        "x=1",
        "Wrong marker wbem_mof: there is no argument 'x'; it takes files, text, namespace, "
        "search_paths",
    ),
    "file": ("5", "Wrong marker wbem_mof: a file must be a path, not 5"),
    "list of files": ("['model.mof']", "wbem_mof: a file must be a path, not ['model.mof']"),
    "text": ("text=b'class'", "Wrong marker wbem_mof: text must be a text, not b'class'"),
    "namespace": (
        "text='', namespace=['root/a']",
        "namespace must be the name of a namespace, not",
    ),
    "search paths": (
        "'model.mof', search_paths='schema'",
        "Wrong marker wbem_mof: search_paths must be a list of directories, not 'schema'",
    ),
    "nothing": ("", "Wrong marker wbem_mof: it names neither a file nor a text"),
}


def test_errors_of_the_marker(folder: Path) -> None:
    tests = [
        f"@pytest.mark.wbem_mof({args})\ndef test_{number}(faked_wbem_connection):\n    pass\n"
        for number, (args, _) in enumerate(ERRORS.values())
    ]
    (folder / "test_it.py").write_text("import pytest\n" + "".join(tests), encoding="utf-8")
    code, output = run(folder, "--show-capture=no")
    assert code == 1
    assert output[-1].startswith(f"{len(ERRORS)} errors")
    parts = "\n".join(output).split("ERROR at setup of test_")[1:]
    for part, (name, (_, text)) in zip(parts, ERRORS.items()):
        assert text in part, name
        # The words of the plugin, not the lines of its source; MOF has an error of its own.
        assert ("pytest_plugin.py" in part) == (name == "MOF"), name


def test_errors_of_the_strict_marker(folder: Path) -> None:
    """It is no switch: what it is given was taken for nothing, and the server was strict."""
    tests = [
        f"@pytest.mark.wbem_strict({args})\ndef test_{number}(faked_wbem_connection):\n    pass\n"
        for number, args in enumerate(("False", "strict=False", "'T_Disk', 1"))
    ]
    (folder / "test_it.py").write_text("import pytest\n" + "".join(tests), encoding="utf-8")
    code, output = run(folder)
    assert code == 1
    assert output[-1].startswith("3 errors")
    assert output.count("Wrong marker wbem_strict: it takes no argument") == 3
    assert "pytest_plugin.py" not in "\n".join(output)


def test_the_mock_is_loaded_when_a_fixture_is_used(folder: Path) -> None:
    (folder / "test_it.py").write_text(
        """
import sys

def loaded():
    return {name for name in sys.modules if name.partition(".")[0] in ("pywbem", "pywbem_mock")}

def test_before():
    assert loaded() == {"pywbem_mock", "pywbem_mock.pytest_plugin"}

def test_it(faked_wbem_connection):
    assert "pywbem_mock.connection" in loaded()
    assert "pywbem_mock.http.server" not in loaded()
""",
        encoding="utf-8",
    )
    code, output = run(folder)
    assert code == 0, "\n".join(output)
    assert output[-1].startswith("2 passed")


def test_the_marker_is_described(folder: Path) -> None:
    code, output = run(folder, "--markers")
    assert code == 0
    assert any(line.startswith("@pytest.mark.wbem_mof(*files, text=None") for line in output)


def test_the_fixtures_are_described(folder: Path) -> None:
    output = "\n".join(run(folder, "--fixtures")[1])
    assert "\nfaked_wbem_connection -- " in output
    assert "\nwbem_server -- " in output
    assert "\nwbem_fault -- " in output
