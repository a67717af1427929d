#!/usr/bin/env python3
"""
Measure the served mock with a state file: modifications beside those without one and beside
SQLite alone, which is what the disk takes for each; GetInstance beside that without one; and the
start from a file.

A modification is on the disk before it is answered, so how many there are in a second depends on
the disk, and on who else uses it.  What is wanted is a part of what it takes at least: the time
of a modification without a file, and that of SQLite for the same row with the same settings.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any, Optional, Tuple

# At the end: an installed pywbem is used before the one in the checkout.
sys.path.append(str(Path(__file__).resolve().parent.parent.parent))

from tests.benchmarks.bench_mock_served import get_instance, rate, request_of

# Modifications a second by one client, on a machine that does nothing else.
GOAL = 300
# What one takes at least, of what it takes; and the time of the processor for a GetInstance
# without a state file, of that with one.
WANTED_CHANGES = 0.2
WANTED_READS = 0.8
INSTANCES = 10000
TURNS = 5
# About the size of that of an instance.
ROW = "x" * 250


def made(state: Optional[Path], count: int) -> Any:
    from pywbem import CIMClass, CIMInstance, CIMInstanceName, CIMProperty, Uint32
    from pywbem_mock import MockServer

    server = MockServer(state=state)
    server.add_cimobjects(
        CIMClass("Disk", [CIMProperty("Id", None, "string"), CIMProperty("Size", None, "uint32")])
    )
    paths = [CIMInstanceName("Disk", {"Id": f"Disk{number}"}) for number in range(count)]
    server.add_cimobjects(
        [CIMInstance("Disk", {"Id": path["Id"], "Size": Uint32(0)}, path=path) for path in paths]
    )
    return server


def modify_instance() -> bytes:
    """Return the request that modifies an instance."""
    from pywbem import CIMInstance, CIMInstanceName, Uint32

    path = CIMInstanceName("Disk", {"Id": "Disk7"}, namespace="root/cimv2")
    inst = CIMInstance("Disk", {"Size": Uint32(5)}, path=path)
    return request_of("ModifyInstance", ModifiedInstance=inst)


def commits(path: Path, count: int) -> float:
    """Return how many rows SQLite alone writes in a second, each on the disk before the next."""
    with closing(sqlite3.connect(str(path), isolation_level=None)) as database:
        for setting in ("locking_mode = EXCLUSIVE", "journal_mode = WAL", "synchronous = FULL"):
            database.execute(f"PRAGMA {setting}").fetchall()
        database.execute("CREATE TABLE rows (number INTEGER PRIMARY KEY, object TEXT)")
        started = time.perf_counter()
        for number in range(count):
            database.execute("REPLACE INTO rows VALUES (?, ?)", (number % 100, ROW))
        return count / (time.perf_counter() - started)


def modifications(kept: Any, plain: Any, folder: Path, count: int, repeat: int) -> bool:
    """Print how many there are in a second; return whether that is as wanted."""
    request, good = modify_instance(), True
    for clients in (1, 8):
        # In short turns: the disk is not always the same.
        turns = []
        for _ in range(TURNS * repeat):
            (folder / "rows").unlink(missing_ok=True)
            each = count // TURNS // clients
            rates = [served_rate(server, each, request, clients)[0] for server in (kept, plain)]
            turns.append([1 / one for one in (*rates, commits(folder / "rows", count // TURNS))])
        with_file, without, bare = (sum(column) / len(turns) for column in zip(*turns))
        part = (without + bare) / with_file
        print(
            f"ModifyInstance, {clients} clients: {1 / with_file:,.0f} a second (goal: {GOAL}), "
            f"{1 / without:,.0f} without a state file, SQLite alone {1 / bare:,.0f}"
        )
        print(f"  these two take {part:.2f} of the time (wanted: at least {WANTED_CHANGES})")
        good &= part >= WANTED_CHANGES
    return good


def reads(kept: Any, plain: Any, count: int, repeat: int) -> bool:
    """Print how many there are in a second; return whether that is as wanted."""
    request, good = get_instance(), True
    for clients in (1, 8):
        rates = [
            [served_rate(server, count // clients, request, clients) for server in (kept, plain)]
            for _ in range(2 * repeat)
        ]
        ours, bare = (max(rate[0] for rate in column) for column in zip(*rates))
        used, least = (min(rate[2] for rate in column) for column in zip(*rates))
        print(f"GetInstance, {clients} clients: {ours:,.0f} a second, {bare:,.0f} without")
        print(f"  without, it takes {least / used:.2f} of the time (wanted: {WANTED_READS})")
        good &= least / used >= WANTED_READS
    return good


def served_rate(server: Any, count: int, request: bytes, clients: int) -> Tuple[float, ...]:
    """See :func:`rate`; the server is served as long as that takes."""
    from pywbem_mock import WBEMServerThread

    with WBEMServerThread(server=server) as served:
        return rate(served.port, count, request, clients)


def report(count: int, repeat: int) -> bool:
    """Print all; return whether it is as wanted."""
    from pywbem_mock import MockServer

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with made(folder / "state", 100) as kept, made(None, 100) as plain:
            good = modifications(kept, plain, folder, count, repeat)
            good &= reads(kept, plain, count, repeat)
        made(folder / "many", INSTANCES).close()
        started = time.perf_counter()
        MockServer(state=folder / "many").close()
        print(f"start with {INSTANCES:,} instances: {time.perf_counter() - started:.2f} s")
    return good


def run() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000, help="operations of all clients")
    parser.add_argument("--repeat", type=int, default=3, help="runs, of which the best counts")
    arguments = parser.parse_args()
    return 0 if report(arguments.count, arguments.repeat) else 1


if __name__ == "__main__":
    sys.exit(run())
