#!/usr/bin/env python3
"""
Measure what typed objects add to the client, and write typed classes for a whole schema.

CIM_SCHEMA_ZIP names the archive of the MOF of a CIM schema; with it, all its classes are
written, imported and, where mypy is installed, type-checked.
"""

from __future__ import annotations

import gc
import importlib.util
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any, Callable, List

ROOT = Path(__file__).resolve().parent.parent.parent
# At the end: an installed pywbem is used before the one in the checkout.
sys.path.append(str(ROOT))

import pywbem  # noqa: E402
import pywbem_mock  # noqa: E402
from pywbem.objects import Namespace  # noqa: E402

COUNT = 1000
MOST = 1.3
MOF = """
Qualifier Key : boolean = false, Scope(property, reference);
Qualifier ValueMap : string[], Scope(property);
Qualifier Values : string[], Scope(property);
class Disk {
    [Key] string Id; uint64 Size; string Label; boolean Healthy; uint32 BlockSize;
    [ValueMap {"0", "2", "3"}, Values {"Unknown", "OK", "Degraded"}] uint16 States[];
    datetime Installed; string Vendor; string Model; uint64 Hours;
};
"""


def server() -> Any:
    """A served mock with the instances."""
    conn = pywbem_mock.FakedWBEMConnection(default_namespace="root/cimv2")
    conn.compile_mof_string(MOF)
    for number in range(COUNT):
        values = {
            "Id": f"disk-{number}",
            "Size": pywbem.Uint64(number),
            "Label": "a disk",
            "Healthy": True,
            "BlockSize": pywbem.Uint32(512),
            "States": [pywbem.Uint16(2)],
            "Installed": pywbem.CIMDateTime("20240102030405.000000+000"),
            "Vendor": "Acme",
            "Model": "M1",
            "Hours": pywbem.Uint64(17),
        }
        conn.CreateInstance(pywbem.CIMInstance("Disk", values))
    return pywbem_mock.WBEMServerThread(conn)


def seconds(job: Callable[[], Any]) -> float:
    gc.collect()
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def reading(url: str) -> float:
    """How many times as long as the client alone the layer takes to read all instances."""
    with pywbem.WBEMConnection(url, default_namespace="root/cimv2") as conn:
        disk: Any = Namespace(conn).Disk

        def client() -> List[Any]:
            return [(i["Id"], i["Size"]) for i in conn.IterEnumerateInstances("Disk")]

        def layer() -> List[Any]:
            return [(i.Id, i.Size) for i in disk.instances()]

        assert client() == layer()
        # By turns, so that what else the machine does hits both.
        pairs = [(seconds(client), seconds(layer)) for _ in range(9)]
    return min(pair[1] for pair in pairs) / min(pair[0] for pair in pairs)


def whole_schema(archive: str) -> bool:
    """Whether all classes of a schema are written, imported and type-checked."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with zipfile.ZipFile(archive) as opened:
            opened.extractall(folder / "mof")
        (mof,) = (folder / "mof").glob("cim_schema_*.mof")
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "MYPYPATH": str(ROOT)}
        command = [sys.executable, "-m", "pywbem.objects", "stubs", str(mof)]
        steps = {
            "written": [*command, "-I", str(folder / "mof"), "-o", "schema.py"],
            "imported": [sys.executable, "-W", "error", "-c", "import schema"],
        }
        if importlib.util.find_spec("mypy"):
            config = ["--config-file", str(ROOT / "pyproject.toml")]
            steps["type-checked"] = [sys.executable, "-m", "mypy", "--strict", *config, "schema.py"]
        good = True
        for step, arguments in steps.items():
            start = time.perf_counter()
            done = subprocess.run(arguments, cwd=name, env=environment, check=False)
            good = good and done.returncode == 0
            print(f"schema {step}: {time.perf_counter() - start:.1f} s, exit {done.returncode}")
        text = (folder / "schema.py").read_text("utf-8")
        print("classes:", text.count("    _classname: "))
        return good


def main() -> int:
    with server() as served:
        ratio = reading(served.url)
    good = ratio <= MOST
    print(f"read {COUNT} instances through typed objects: {ratio:.2f} x (at most {MOST} x)")
    archive = os.environ.get("CIM_SCHEMA_ZIP")
    if archive:
        good = whole_schema(archive) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
