#!/usr/bin/env python3
"""
Measure the mock WBEM server.

An operation is to cost in proportion to its result: GetInstance and Associators
are measured in repositories of different sizes.  When the environment variable
PEER_PYTHON names an interpreter in which another pywbem is installed (say, the
last release), what that can do in reasonable time is measured there, too.

CIM_SCHEMA_ZIP names the archive of the MOF of a CIM schema; without it, the
measure that needs one is left out.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any, Callable, Dict, List

# At the end: an installed pywbem is used before the one in the checkout.
sys.path.append(str(Path(__file__).resolve().parent.parent.parent))

NAMESPACE = "root/cimv2"
MOF = """
Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride, ToSubclass);
Qualifier Association : boolean = false, Scope(association), Flavor(DisableOverride, ToSubclass);
class Disk { [Key] string Id; uint64 Size; string Label; uint16 States[]; boolean Healthy; };
class Slot { [Key] string Id; uint32 Number; };
[Association] class Mounted { [Key] Disk REF Disk; [Key] Slot REF Slot; };
"""

# Measures of which the peer is to take so many times as long.
WANTED = {
    "200 GetInstance calls": 4,
    "20 Associators calls, 300 associations": 20,
    "EnumerateInstances of 1000": 4,
    "compile 1000 instances of MOF": 3,
}


def best(repeat: int, job: Callable[[], Any]) -> float:
    """The shortest time of a job, in seconds."""
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        job()
        times.append(time.perf_counter() - start)
    return min(times)


def per_call(repeat: int, job: Callable[[], Any], calls: int = 200) -> float:
    """The shortest time of a job that is called many times, for one call."""

    def run() -> None:
        for _ in range(calls):
            job()

    return best(repeat, run) / calls


def server() -> Any:
    """A connection to a server with the classes."""
    from pywbem_mock import FakedWBEMConnection

    conn = FakedWBEMConnection(default_namespace=NAMESPACE)
    conn.compile_mof_string(MOF)
    return conn


def path(classname: str, number: int) -> Any:
    """The path of an instance."""
    from pywbem import CIMInstanceName

    return CIMInstanceName(classname, {"Id": f"{classname}{number}"}, namespace=NAMESPACE)


def fill(conn: Any, count: int) -> None:
    """Add so many disks in slots: instances of each class, and associations."""
    from pywbem import CIMInstance, CIMInstanceName, Uint16, Uint32, Uint64

    objects: List[Any] = []
    for number in range(count):
        disk, slot = path("Disk", number), path("Slot", number)
        values = {
            "Id": disk["Id"],
            "Size": Uint64(number),
            "Label": f"disk {number}",
            "States": [Uint16(2), Uint16(5)],
            "Healthy": True,
        }
        objects.append(CIMInstance("Disk", values, path=disk))
        objects.append(CIMInstance("Slot", {"Id": slot["Id"], "Number": Uint32(number)}, path=slot))
        ends = {"Disk": disk, "Slot": slot}
        mounted = CIMInstanceName("Mounted", ends, namespace=NAMESPACE)
        objects.append(CIMInstance("Mounted", ends, path=mounted))
    conn.add_cimobjects(objects)


def instances_mof(count: int) -> str:
    """MOF of so many instances."""
    return "".join(
        f'instance of Disk {{ Id = "Disk{number}"; Size = {number}; Label = "disk {number}"; '
        "States = {2, 5}; Healthy = true; };\n"
        for number in range(count)
    )


def compiled(count: int) -> float:
    """The time to compile so many instances."""
    conn, mof = server(), instances_mof(count)
    return best(1, lambda: conn.compile_mof_string(mof))


def compared(repeat: int) -> Dict[str, float]:
    """What is measured beside a peer."""
    conn = server()
    fill(conn, 300)
    source = path("Disk", 150)
    results = {
        "200 GetInstance calls": best(
            repeat, lambda: [conn.GetInstance(source) for _ in range(200)]
        ),
        "20 Associators calls, 300 associations": best(
            repeat, lambda: [conn.Associators(source) for _ in range(20)]
        ),
        "compile 1000 instances of MOF": min(compiled(1000) for _ in range(repeat)),
    }
    conn = server()
    fill(conn, 1000)
    results["EnumerateInstances of 1000"] = best(repeat, lambda: conn.EnumerateInstances("Disk"))
    return results


def growth(repeat: int, small: int, large: int) -> Dict[str, Dict[str, float]]:
    """The times of operations in a small and a large repository."""
    times: Dict[str, Dict[str, float]] = {}
    for label, count in (("small", small), ("large", large)):
        for name, value in measured(repeat, count).items():
            times.setdefault(name, {})[label] = value
    return times


def measured(repeat: int, count: int) -> Dict[str, float]:
    """The times of operations in a repository of so many instances."""
    conn = server()
    fill(conn, count // 3)
    source = path("Disk", count // 6)
    return {
        "GetInstance": per_call(repeat, lambda: conn.GetInstance(source)),
        "Associators": per_call(repeat, lambda: conn.Associators(source)),
        "ReferenceNames": per_call(repeat, lambda: conn.ReferenceNames(source)),
        "EnumerateInstances, for each instance": best(
            repeat, lambda: conn.EnumerateInstances("Disk")
        )
        / (count // 3),
    }


def enumerate_schema(repeat: int, archive: str) -> float:
    """The time of EnumerateClassNames over all classes of a CIM schema."""
    from pywbem_mock import FakedWBEMConnection

    with tempfile.TemporaryDirectory() as directory:
        with zipfile.ZipFile(archive) as opened:
            opened.extractall(directory)
        pragma_file = next(Path(directory).rglob("cim_schema_*.mof"))
        conn = FakedWBEMConnection(default_namespace=NAMESPACE)
        conn.compile_mof_file(str(pragma_file), search_paths=[str(pragma_file.parent)])
    count = len(conn.EnumerateClassNames(DeepInheritance=True))
    print(f"CIM schema: {count} classes")
    return best(repeat, lambda: conn.EnumerateClassNames(DeepInheritance=True))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeat", type=int, default=5, help="runs, of which the best counts")
    parser.add_argument("--small", type=int, default=1000, help="instances in the small one")
    parser.add_argument("--large", type=int, default=100000, help="instances in the large one")
    parser.add_argument("--json", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    ours = compared(args.repeat)
    if args.json:
        print(json.dumps(ours))
        return 0
    peer: Dict[str, float] = {}
    python = os.environ.get("PEER_PYTHON")
    if python:
        command = [python, __file__, "--json", "--repeat", "2"]
        # Elsewhere, so that the peer does not import this checkout.
        output = subprocess.check_output(command, cwd=tempfile.gettempdir())
        peer = json.loads(output.splitlines()[-1])
    for name, value in ours.items():
        line = f"{name}: {value * 1000:.2f} ms"
        if name in peer:
            line += (
                f", peer {peer[name] * 1000:.2f} ms, 1/{peer[name] / value:.1f} "
                f"(wanted: 1/{WANTED[name]})"
            )
        print(line)
    for name, times in growth(args.repeat, args.small, args.large).items():
        ratio = times["large"] / times["small"]
        print(
            f"{name} of {args.small} instances: {times['small'] * 1e6:.0f} us, of {args.large}: "
            f"{times['large'] * 1e6:.0f} us, ratio {ratio:.2f} (wanted: below 1.2)"
        )
    archive = os.environ.get("CIM_SCHEMA_ZIP")
    if archive:
        value = enumerate_schema(args.repeat, archive)
        print(f"EnumerateClassNames of it: {value * 1000:.1f} ms (wanted: below 50 ms)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
