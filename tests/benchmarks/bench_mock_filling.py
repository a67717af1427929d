#!/usr/bin/env python3
"""
Measure filling the mock WBEM server: instances from MOF and from objects, and the CIM schema of
the DMTF, at first and when its files were parsed before.

Each measure is made in a process of its own, in CPU time, and the least of several counts.  When
the environment variable PEER_PYTHON names an interpreter in which another pywbem is installed
(say, the last release), that does the same in the same run, in turns.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional

# At the end: an installed pywbem is used before the one in the checkout.
sys.path.append(str(Path(__file__).resolve().parent.parent.parent))

from tests.benchmarks.bench_mock import NAMESPACE, instances_mof, server
from tests.benchmarks.bench_mof import SCHEMA, main_file

#: Where the parsed files are kept, for a second start.
CACHE = "PYWBEM_MOF_CACHE"

Result = Dict[str, float]


def disks(count: int) -> List[Any]:
    """Return so many instances of five properties."""
    from pywbem import CIMInstance, CIMInstanceName, Uint16, Uint64

    return [
        CIMInstance(
            "Disk",
            {
                "Id": f"Disk{number}",
                "Size": Uint64(number),
                "Label": f"disk {number}",
                "States": [Uint16(2), Uint16(5)],
                "Healthy": True,
            },
            path=CIMInstanceName("Disk", {"Id": f"Disk{number}"}, namespace=NAMESPACE),
        )
        for number in range(count)
    ]


def peak() -> int:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def timed(job: Callable[[], Any]) -> float:
    started = time.process_time()
    job()
    return time.process_time() - started


def compile_instances(count: int) -> Result:
    conn, mof = server(), instances_mof(count)
    before = peak()
    seconds = timed(lambda: conn.compile_mof_string(mof))
    return {"seconds": seconds / count, "memory": (peak() - before) / count}


def add_objects(count: int) -> Result:
    conn, objects = server(), disks(count)
    gc.collect()
    return {"seconds": timed(lambda: conn.add_cimobjects(objects)) / count}


def enumerate_objects(count: int, collector: bool = True) -> Result:
    conn = server()
    conn.add_cimobjects(disks(count))
    gc.collect()
    if not collector:
        gc.disable()
    return {"seconds": timed(lambda: conn.EnumerateInstances("Disk")) / count}


def compile_schema(folder: str) -> Result:
    from pywbem_mock import FakedWBEMConnection

    conn = FakedWBEMConnection(default_namespace=NAMESPACE)
    main = main_file(Path(folder))
    return {"seconds": timed(lambda: conn.compile_mof_file(main, search_paths=[folder]))}


JOBS: Dict[str, Callable[[str], Result]] = {
    "mof": lambda count: compile_instances(int(count)),
    "add": lambda count: add_objects(int(count)),
    "enumerate": lambda count: enumerate_objects(int(count)),
    "enumerate-off": lambda count: enumerate_objects(int(count), collector=False),
    "schema": compile_schema,
}


def measured(python: str, name: str, argument: str, cache: str = "off") -> Result:
    """Return a measure of a process of its own."""
    command = [python, __file__, "--measure", name, argument]
    environment = {**os.environ, CACHE: cache}
    # Elsewhere, so that the peer does not import this checkout.
    output = subprocess.check_output(command, cwd=tempfile.gettempdir(), env=environment)
    result: Result = json.loads(output.splitlines()[-1])
    return result


def least(results: List[Result], key: str = "seconds") -> float:
    return min(result[key] for result in results)


class Report:
    """
    Runs the measures and prints them.

    Parameters:
        repeat (int): How often each is made.
    """

    def __init__(self, repeat: int) -> None:
        self.repeat = repeat
        self.peer: Optional[str] = os.environ.get("PEER_PYTHON") or None
        self.good = True

    def turns(self, *runs: Callable[[], Result]) -> List[List[Result]]:
        results: List[List[Result]] = [[] for _ in runs]
        for _ in range(self.repeat):
            for result, run in zip(results, runs):
                result.append(run())
        return results

    def line(self, text: str, value: float, wanted: float, at_least: bool = False) -> None:
        self.good = self.good and (value >= wanted if at_least else value <= wanted)
        limit = "at least" if at_least else "at most"
        print(f"{text:<62} {value:6.2f} (wanted: {limit} {wanted})")

    def growth(self, name: str, small: int, large: int) -> List[Result]:
        """Measure a job of two sizes; return the results of the small one."""
        few, many = self.turns(
            lambda: measured(sys.executable, name, str(small)),
            lambda: measured(sys.executable, name, str(large)),
        )
        microseconds = least(few) * 1e6
        print(f"{name}: {microseconds:.1f} us an instance of {small:,}")
        self.line(f"  an instance of {large:,}, times that", least(many) / least(few), 1.2)
        if "memory" in few[0]:
            ratio = least(many, "memory") / least(few, "memory")
            self.line("  its memory, times that", ratio, 1.2)
        return few

    def mof(self) -> None:
        few = self.growth("mof", 10_000, 100_000)
        if self.peer is not None:
            peer: str = self.peer
            (theirs,) = self.turns(lambda: measured(peer, "mof", "10000"))
            self.line("  the peer, times as long", least(theirs) / least(few), 5, at_least=True)
            part = least(few, "memory") / least(theirs, "memory")
            self.line("  part of the memory of the peer", part, 1.0)

    def objects(self) -> None:
        few = self.growth("add", 10_000, 100_000)
        if self.peer is not None:
            peer: str = self.peer
            (theirs,) = self.turns(lambda: measured(peer, "add", "10000"))
            self.line("  the peer, times as long", least(theirs) / least(few), 10, at_least=True)
        on, off = self.turns(
            lambda: measured(sys.executable, "enumerate", "100000"),
            lambda: measured(sys.executable, "enumerate-off", "100000"),
        )
        print(f"EnumerateInstances of 100,000: {least(on) * 1e5:.2f} s")
        self.line("  times as long as without a garbage collector", least(on) / least(off), 1.4)

    def schema(self, folder: str) -> None:
        cache = os.path.join(folder, "cache")
        measured(sys.executable, "schema", folder, cache)
        runs = [
            lambda: measured(sys.executable, "schema", folder),
            lambda: measured(sys.executable, "schema", folder, cache),
        ]
        if self.peer is not None:
            peer: str = self.peer
            runs.append(lambda: measured(peer, "schema", folder))
        results = self.turns(*runs)
        first, second = least(results[0]), least(results[1])
        print(f"the CIM schema: {first:.2f} s")
        if len(results) > 2:
            self.line("  the peer, times as long", least(results[2]) / first, 8, at_least=True)
        self.line("  a first start, times a second one", first / second, 2, at_least=True)


def run() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=2, help="how often each measure is made")
    parser.add_argument("--only", choices=["mof", "objects", "schema"], help="one group")
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        name, argument = arguments.measure
        print(json.dumps(JOBS[name](argument)))
        return 0
    report = Report(arguments.repeat)
    if arguments.only in (None, "mof"):
        report.mof()
    if arguments.only in (None, "objects"):
        report.objects()
    if arguments.only in (None, "schema") and SCHEMA.exists():
        with tempfile.TemporaryDirectory() as folder:
            with zipfile.ZipFile(SCHEMA) as archive:
                archive.extractall(folder)
            report.schema(folder)
    return 0 if report.good else 1


if __name__ == "__main__":
    sys.exit(run())
