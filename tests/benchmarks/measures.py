"""
What is measured: each function returns seconds (or bytes), of pywbem and of the floor
that is the least it can cost.

Runs with any pywbem that has the public interface, so that two can be compared.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any, Callable, Dict, Optional, Tuple
from xml.parsers import expat

import requests

import pywbem
from tests.benchmarks import documents
from tests.benchmarks.canned import canned

Result = Dict[str, float]
# The others would make a list of 200,000 instances, and take gigabytes.
STREAMS = hasattr(pywbem, "AsyncWBEMConnection")
SCRIPT = Path(__file__).with_name("bench.py")


def best(repeat: int, *functions: Callable[[], Any]) -> Tuple[float, ...]:
    """Return the least time of each function; they take turns, while that takes no minute."""
    times = [float("inf")] * len(functions)
    end = time.perf_counter() + 60
    for turn in range(repeat):
        if turn and time.perf_counter() > end:
            break
        for index, function in enumerate(functions):
            gc.collect()
            started = time.perf_counter()
            result = function()
            times[index] = min(times[index], time.perf_counter() - started)
            del result
    return tuple(times)


def connect(url: str) -> Any:
    return pywbem.WBEMConnection(url, default_namespace="root/bench", timeout=120)


def path(kind: str, count: int) -> Any:
    return pywbem.CIMInstanceName(f"TST_{kind}_{count}", keybindings={"Id": "id"})


def bare_expat(data: bytes) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: None
    parser.EndElementHandler = lambda name: None
    parser.CharacterDataHandler = lambda text: None
    parser.Parse(data, True)


# --- decoding -----------------------------------------------------------------


def decode(url: str, repeat: int) -> Dict[str, Result]:
    """5,000 and 20,000 instances, and one value of many lines: call to result."""
    results: Dict[str, Result] = {}
    with connect(url) as connection:
        for count in (5000, 20000):
            data = documents.instances(count)

            def call(classname: str = f"TST_Instances_{count}", count: int = count) -> Any:
                found = connection.EnumerateInstances(classname)
                assert len(found) == count
                return found

            def tree(data: bytes = data) -> Any:
                return ET.fromstring(data)

            def parse(data: bytes = data) -> None:
                bare_expat(data)

            connection.EnumerateInstances("TST_Instances_10")
            times = best(repeat, call, tree, parse)
            keys = ("pywbem", "ElementTree", "expat")
            results[f"decode {count} instances"] = dict(zip(keys, times))
        for count in (10000, 100000):
            data = documents.lines(count)

            def value(count: int = count) -> Any:
                text = connection.GetInstance(path("Lines", count))["Text"]
                assert text.count("\n") == count - 1
                return text

            def tree_of_lines(data: bytes = data) -> Any:
                return ET.fromstring(data)

            keys = ("pywbem", "ElementTree")
            times = best(repeat, value, tree_of_lines)
            results[f"decode value of {count} lines"] = dict(zip(keys, times))
    return results


def iterate(connection: Any, count: int) -> None:
    """Take so many instances one by one, without pull operations."""
    found = connection.IterEnumerateInstances(f"TST_Instances_{count}")
    assert sum(1 for _ in found) == count


def stream(url: str, repeat: int) -> Dict[str, Result]:
    """20,000 instances one by one, beside the same as a list."""
    with pywbem.WBEMConnection(
        url, default_namespace="root/bench", timeout=120, use_pull_operations=False
    ) as connection:
        iterate(connection, 10)
        times = best(
            repeat,
            lambda: iterate(connection, 20000),
            lambda: connection.EnumerateInstances("TST_Instances_20000"),
        )
    return {"stream 20000 instances": dict(zip(("pywbem", "list"), times))}


def memory_in_this_process(url: str, streamed: int = 0, dropped: int = 0) -> int:
    """
    Return by how many bytes the peak of the resident memory grows in a call: of a list of
    5,000 instances, or of so many that are streamed.  Or what is left of the growth when a
    list of so many was dropped, beside the reply that the connection keeps.
    """
    with pywbem.WBEMConnection(
        url, default_namespace="root/bench", timeout=120, use_pull_operations=False
    ) as connection:
        connection.EnumerateInstances("TST_Instances_10")
        iterate(connection, 10)
        if dropped:
            before = resident_memory()
            connection.EnumerateInstances(f"TST_Instances_{dropped}")
            gc.collect()
            return resident_memory() - before - int(connection.last_reply_len)
        before = peak_memory()
        if streamed:
            iterate(connection, streamed)
        else:
            found = connection.EnumerateInstances("TST_Instances_5000")
            assert len(found) == 5000
        return peak_memory() - before


def resident_memory() -> int:
    """Return the resident memory of this process, in bytes."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def peak_memory() -> int:
    """Return the highest resident memory of this process, in bytes."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    import resource

    usage = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return usage if sys.platform == "darwin" else usage * 1024


def memory(url: str) -> Dict[str, Result]:
    """The growth of memory, in a fresh process each."""
    results: Dict[str, Result] = {}
    work: Dict[str, Tuple[str, ...]] = {
        "memory, 5000 instances": (),
        "memory, 5000 streamed": ("--streamed", "5000"),
        "memory, 20000 streamed": ("--streamed", "20000"),
        "memory, left of 20000": ("--dropped", "20000"),
    }
    if STREAMS:
        work["memory, 200000 streamed"] = ("--streamed", "200000")
    for name, options in work.items():
        command = [sys.executable, str(SCRIPT), "--memory", url, *options]
        grown = min(int(subprocess.check_output(command)) for _ in range(2))
        results[name] = {"pywbem": grown}
    return results


# --- objects --------------------------------------------------------------------


def make_instance(row: int = 1) -> Any:
    properties = [
        pywbem.CIMProperty(f"Property{column:02}", value, type=cimtype)
        for column, (cimtype, value) in enumerate(row_values(row))
    ]
    return pywbem.CIMInstance(
        "TST_Bench",
        properties,
        path=pywbem.CIMInstanceName("TST_Bench", {"Id": f"id{row}"}, namespace="root/bench"),
    )


def row_values(row: int) -> Any:
    for column in range(documents.PROPERTIES):
        cimtype = documents.TYPES[column % len(documents.TYPES)]
        if cimtype == "uint32":
            yield cimtype, row * column
        elif cimtype == "boolean":
            yield cimtype, bool(row % 2)
        else:
            yield cimtype, f"the value number {column} of an instance, as text"


def plain(row: int = 1) -> Any:
    """The same data in a dict."""
    return {
        f"Property{column:02}": (cimtype, value)
        for column, (cimtype, value) in enumerate(row_values(row))
    }


def objects(repeat: int) -> Dict[str, Result]:
    """Build, encode, copy, compare and show as MOF instances of 20 properties."""
    count = 300
    some = [make_instance(row) for row in range(count)]
    others = [make_instance(row) for row in range(count)]
    dicts = [plain(row) for row in range(count)]
    more_dicts = [plain(row) for row in range(count)]
    trees = [ET.fromstring(documents.named_instance_xml(row)) for row in range(count)]
    work: Dict[str, Tuple[str, Callable[[], Any], Callable[[], Any]]] = {
        "build": (
            "dict",
            lambda: [make_instance(row) for row in range(count)],
            lambda: [plain(row) for row in range(count)],
        ),
        "encode": (
            "ElementTree",
            lambda: [item.tocimxmlstr() for item in some],
            lambda: [ET.tostring(tree) for tree in trees],
        ),
        "copy": (
            "dict",
            lambda: [item.copy() for item in some],
            lambda: [{k: tuple(v) for k, v in item.items()} for item in dicts],
        ),
        "compare": (
            "dict",
            lambda: [one == other for one, other in zip(some, others)],
            lambda: [one == other for one, other in zip(dicts, more_dicts)],
        ),
        "tomof": (
            "dict",
            lambda: [item.tomof() for item in some],
            lambda: ["".join(f"{k} = {v[1]!r};\n" for k, v in item.items()) for item in dicts],
        ),
    }
    results = {}
    for name, (floor, ours, bare) in work.items():
        times = best(repeat + 2, ours, bare)
        results[f"{name} {count} instances"] = dict(zip(("pywbem", floor), times))
    return results


# --- round trips and import -------------------------------------------------------


def round_trips(url: str, repeat: int) -> Dict[str, Result]:
    """500 calls of GetInstance, beside a session of requests that posts the same bytes."""
    count = 500
    name = path("Small", 1)
    with connect(url) as connection, requests.Session() as session:
        connection.debug = True
        connection.GetInstance(name)
        body = connection.last_raw_request
        connection.debug = False
        data = body.encode("utf-8") if isinstance(body, str) else bytes(body)
        headers = {
            "Content-Type": 'application/xml; charset="utf-8"',
            "CIMOperation": "MethodCall",
            "CIMMethod": "GetInstance",
            "CIMObject": "root/bench",
        }

        def ours() -> None:
            for _ in range(count):
                connection.GetInstance(name)

        def bare() -> None:
            for _ in range(count):
                assert session.post(f"{url}/cimom", data=data, headers=headers).content

        times = best(repeat, ours, bare)
    return {f"{count} small GetInstance calls": dict(zip(("pywbem", "requests"), times))}


def canned_round_trips(repeat: int) -> Dict[str, Result]:
    """500 calls of GetInstance to a server that costs next to nothing."""
    count = 500
    name = path("Small", 1)
    with canned() as urls, connect(urls[0]) as connection:

        def ours() -> None:
            for _ in range(count):
                connection.GetInstance(name)

        ours()
        times = best(repeat, ours)
    return {f"{count} canned GetInstance calls": dict(zip(("pywbem",), times))}


IMPORT = "import time; t = time.perf_counter(); import {}; print(time.perf_counter() - t)"


def import_time(repeat: int) -> Dict[str, Result]:
    """The time of the import statement in a fresh interpreter."""
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path))

    def once(module: str) -> float:
        command = [sys.executable, "-c", IMPORT.format(module)]
        # Not from a directory that has a package of that name.
        return float(subprocess.check_output(command, env=environment, cwd=SCRIPT.parent))

    times = {"pywbem": float("inf"), "requests": float("inf")}
    for _ in range(3 * repeat):
        for module, time_ in times.items():
            times[module] = min(time_, once(module))
    return {"import": times}


def everything(url: str, repeat: int, only: Optional[str] = None) -> Dict[str, Result]:
    """Run all measures, or those of the one group that is named."""
    groups: Dict[str, Callable[[], Dict[str, Result]]] = {
        "decode": lambda: decode(url, repeat),
        "stream": lambda: stream(url, repeat),
        "memory": lambda: memory(url),
        "objects": lambda: objects(repeat),
        "calls": lambda: {**round_trips(url, repeat), **canned_round_trips(repeat)},
        "import": lambda: import_time(repeat),
    }
    results: Dict[str, Result] = {}
    for name, group in groups.items():
        if only in (None, name):
            results.update(group())
    return results


def dump(results: Dict[str, Result]) -> str:
    return json.dumps({"version": pywbem.__version__, "results": results})
