"""
Modules of typed classes: how they are written, that they run, and what type checkers say.

The whole DMTF schema is generated, imported and type-checked by
tests/benchmarks/bench_objects.py.
"""

from __future__ import annotations

import importlib.util
import pickle
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any, Callable, List

import pytest

import pywbem_mock
from pywbem.objects import Namespace
from tests.objects_model import MOF, NAMESPACE, connection
from tests.pyright import PYRIGHT, needs_pyright, pyright
from tests.shared_data import ROOT, SCHEMA, needs

CLASSES = MOF.split("instance of")[0]

# Names that Python, the layer or the module itself has, too.
ODD = r"""
Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride, ToSubclass);
Qualifier In : boolean = true, Scope(parameter), Flavor(DisableOverride, ToSubclass);
Qualifier Description : string = null, Scope(any), Flavor(EnableOverride, ToSubclass);
Qualifier EmbeddedInstance : string = null, Scope(property, parameter, method);
Qualifier Override : string = null, Scope(property, method), Flavor(EnableOverride, Restricted);
Qualifier ValueMap : string[], Scope(property, parameter, method);
Qualifier Values : string[], Scope(property, parameter, method);
[Description("Ends with a quote \" and back\\slash \"\"\" three\"")]
class X_A {
    [Key] string Id; string Any; string List[]; string Optional; uint8 int; string str;
    string MethodResult; string save; string None; string class; string __private; string _own;
    string _instance; string self; boolean Twice;
    [ValueMap{"1", "2", "3"}, Values{"One", "1 Two", "mro"}] uint8 B;
    [ValueMap{"a"}, Values{""}] string Empty;
    uint32 OMITTED(); uint32 get(); uint32 id();
    uint32 Run([In] uint8 check, [In] string self, [In] string from, [In] string name,
               [In, ValueMap{"a"}, Values{"A"}] string S, [In, EmbeddedInstance("X_A")] string E[]);
};
class X_A_B { [Key] string Id; [ValueMap{"1"}, Values{"One"}] uint8 C; };
class X_C : X_A {
    [Override("B"), ValueMap{"1"}, Values{"Uno"}] uint8 B;
    [Override("Twice")] boolean TWICE;
    string X_A; uint32 Run([In] uint8 other);
};
"""
PROGRAM = """
from __future__ import annotations
from typing import List
import pywbem
from pywbem.objects import Namespace
import storage

def names(conn: pywbem.WBEMConnection) -> List[str]:
    ns = Namespace(conn)
    found: List[str] = []
    for disk in ns[storage.CIM_DiskDrive].instances(properties=["Name", "OperationalStatus"]):
        states: List[storage.CIM_DiskDrive_OperationalStatus] = disk.OperationalStatus or []
        if storage.CIM_DiskDrive_OperationalStatus.OK in states and disk.Name is not None:
            found.append(disk.Name)
        disk.Caption = "seen"
        result = disk.RequestStateChange(RequestedState="Offline", check=True)
        result.wait(timeout=60)
        for extent in disk.associated(ns[storage.CIM_StorageExtent]):
            size: int = extent.BlockSize or 0
            found.append(str(size))
    return found
"""
ASYNC_PROGRAM = """
from __future__ import annotations
import astorage
import pywbem
from pywbem.objects import AsyncNamespace
async def total(conn: pywbem.AsyncWBEMConnection) -> int:
    ns = AsyncNamespace(conn)
    size = 0
    async for disk in ns[astorage.CIM_DiskDrive].instances():
        size += disk.Size or 0
        result = await disk.RequestStateChange("Offline")
        await result.wait(timeout=3)
        async for extent in disk.associated(ns[astorage.CIM_StorageExtent]):
            size += extent.BlockSize or 0
    one = await ns[astorage.ACME_Disk].get(Name="x")
    return size + (one.Slot or 0)
"""
WRONG = """
from storage import ACME_Disk, CIM_DiskDrive
def wrong(disk: ACME_Disk) -> None:
    disk.Size = "big"
    disk.RequestStateChange(Nothing=1)
    disk.Sise
"""


def command(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "pywbem.objects", "stubs", *arguments],
        cwd=str(ROOT),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def imported(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(name="storage", scope="module")
def _storage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("storage")
    (folder / "storage.mof").write_text(CLASSES, "utf-8")
    command(str(folder / "storage.mof"), "-o", str(folder / "storage.py"))
    return folder


def test_same_classes_same_text(storage: Path) -> None:
    text = (storage / "storage.py").read_text("utf-8")
    assert command(str(storage / "storage.mof")) == text
    with pywbem_mock.WBEMServerThread(connection()) as server:
        names = ["CIM_StorageExtent", "acme_disk", "CIM_MediaPresent", "CIM_ConcreteJob"]
        assert command(server.url, *names, "CIM_Error") == text
        assert command(server.url) == text


def test_only_the_named_classes_and_their_superclasses(storage: Path) -> None:
    text = command(str(storage / "storage.mof"), "ACME_Disk")
    assert [line for line in text.splitlines() if line.startswith("class ") and "_O" not in line][
        -2:
    ] == ["class CIM_DiskDrive(Instance):", "class ACME_Disk(CIM_DiskDrive):"]
    assert "CIM_StorageExtent(" not in text


@pytest.mark.parametrize("names", [["Nope"], ["ACME_Disk", "CIM_Nope"]], ids=["one", "two"])
def test_class_that_is_not_there(storage: Path, names: List[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pywbem.objects", "stubs", str(storage / "storage.mof"), *names],
        cwd=str(ROOT),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == f"error: The MOF files have no class {names[-1]}\n"


def test_module_runs_as_it_is(storage: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = imported(storage / "storage.py")
    ns = Namespace(connection(), NAMESPACE)
    sda, sdb = sorted(ns[module.CIM_DiskDrive].instances(), key=lambda disk: str(disk.Name))
    assert isinstance(sda, module.CIM_DiskDrive)
    assert isinstance(sdb, module.CIM_DiskDrive)
    status = module.CIM_DiskDrive_OperationalStatus
    assert sda.OperationalStatus[0] is status.OK
    assert isinstance(sda.OperationalStatus[1], status)
    assert sda.OperationalStatus[1].text == "DMTF Reserved"
    sda.OperationalStatus = [status.Degraded]
    sda.save()
    assert ns[module.CIM_DiskDrive].get(Name="sda").OperationalStatus == [3]
    assert sda.RequestStateChange("Offline").wait(timeout=20).value == 4096
    assert sda["operationalstatus"][0] is status.Degraded
    monkeypatch.setitem(sys.modules, "storage", module)
    for disk in (sda, sdb):
        again = ns.wrap(pickle.loads(pickle.dumps(disk)))
        assert isinstance(again, module.CIM_DiskDrive)
        assert again.OperationalStatus[0] is status.Degraded
        again.refresh()
    with pytest.raises(ValueError, match="has no connection"):
        module.CIM_DiskDrive.instances()


@pytest.fixture(name="check_types", scope="module")
def _check_types(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """What mypy says of files in a folder; the package is read once."""
    cache = tmp_path_factory.mktemp("mypy")

    def check_types(folder: Path, *files: str) -> str:
        pytest.importorskip("mypy")
        done = subprocess.run(
            [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(cache)]
            + ["--config-file", str(ROOT / "pyproject.toml"), *files],
            cwd=str(folder),
            env={"MYPYPATH": str(ROOT), "PATH": ""},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        return done.stdout + done.stderr

    return check_types


@pytest.mark.slow
def test_odd_names(check_types: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "odd.mof").write_text(ODD, "utf-8")
    command(str(tmp_path / "odd.mof"), "-o", str(tmp_path / "odd.py"))
    command(str(tmp_path / "odd.mof"), "--async", "-o", str(tmp_path / "aodd.py"))
    module = imported(tmp_path / "odd.py")
    assert module.X_A.__doc__.strip() == 'Ends with a quote " and back\\slash """ three"'
    assert [member.name for member in module.X_A_B_] == ["One", "Value_1_Two", "mro_"]
    assert check_types(tmp_path, "odd.py", "aodd.py").startswith("Success")
    if PYRIGHT is not None:
        said = pyright(tmp_path)
        assert "0 errors, 0 warnings" in said, said


@pytest.mark.slow
def test_types(check_types: Callable[..., str], storage: Path) -> None:
    (storage / "program.py").write_text(PROGRAM, "utf-8")
    (storage / "wrong.py").write_text(WRONG, "utf-8")
    (storage / "async_program.py").write_text(ASYNC_PROGRAM, "utf-8")
    command(str(storage / "storage.mof"), "--async", "-o", str(storage / "astorage.py"))
    files = ["program.py", "storage.py", "async_program.py", "astorage.py"]
    assert check_types(storage, *files).startswith("Success")
    found = check_types(storage, "wrong.py")
    assert [line.rpartition("[")[2] for line in found.splitlines() if "error" in line][:2] == [
        "assignment]",
        "call-arg]",
    ]


@pytest.mark.slow
@needs_pyright
def test_types_of_pyright(storage: Path, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM, "utf-8")
    (tmp_path / "async_program.py").write_text(ASYNC_PROGRAM, "utf-8")
    mof = str(storage / "storage.mof")
    command(mof, "-o", str(tmp_path / "storage.py"))
    command(mof, "--async", "-o", str(tmp_path / "astorage.py"))
    said = pyright(tmp_path)
    assert "0 errors, 0 warnings" in said, said
    assert "Total files checked: 4\n" in said


@pytest.mark.slow
@needs(SCHEMA)
def test_classes_of_the_dmtf_schema(check_types: Callable[..., str], tmp_path: Path) -> None:
    with zipfile.ZipFile(SCHEMA) as archive:
        archive.extractall(tmp_path / "mof")
    (mof,) = (tmp_path / "mof").glob("cim_schema_*.mof")
    output = tmp_path / "dmtf.py"
    names = "CIM_DiskDrive CIM_StorageVolume CIM_ConcreteJob CIM_ComputerSystem CIM_Error".split()
    command(str(mof), *names, "-I", str(tmp_path / "mof"), "-o", str(output))
    assert set(names) < set(vars(imported(output)))
    assert check_types(tmp_path, "dmtf.py").startswith("Success")
