#!/usr/bin/env python3
"""
Measure the mock with a state file beside one without: modifications and GetInstance over HTTP, by
one and by eight clients, and the start from a file.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Callable, Optional

# At the end: an installed pywbem is used before the one in the checkout.
sys.path.append(str(Path(__file__).resolve().parent.parent.parent))

# Modifications a second with a state file; the rate of GetInstance with one of that without.
WANTED_CHANGES = 300
WANTED_READS = 0.8
INSTANCES = 10000


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


def modify(conn: Any, number: int, count: int) -> None:
    from pywbem import CIMInstance, CIMInstanceName, Uint32

    path = CIMInstanceName("Disk", {"Id": f"Disk{number}"}, namespace="root/cimv2")
    for size in range(count):
        conn.ModifyInstance(CIMInstance("Disk", {"Size": Uint32(size)}, path=path))


def get(conn: Any, number: int, count: int) -> None:
    from pywbem import CIMInstanceName

    path = CIMInstanceName("Disk", {"Id": f"Disk{number}"})
    for _ in range(count):
        conn.GetInstance(path)


def rate(server: Any, work: Callable[[Any, int, int], None], clients: int, count: int) -> float:
    """Return the operations in a second of so many clients at once."""
    from pywbem import WBEMConnection
    from pywbem_mock import WBEMServerThread

    def client(number: int) -> None:
        with WBEMConnection(f"http://127.0.0.1:{served.port}") as conn:
            work(conn, number, count)

    with WBEMServerThread(server=server) as served:
        threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
        started = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return clients * count / (time.perf_counter() - started)


def report(count: int, repeat: int) -> bool:
    """Print the rates; return whether they are as wanted."""
    from pywbem_mock import MockServer

    good = True
    with tempfile.TemporaryDirectory() as folder:
        with made(Path(folder, "state"), 100) as kept, made(None, 100) as plain:
            for name, work in (("ModifyInstance", modify), ("GetInstance", get)):
                for clients in (1, 8):
                    each = max(1, count // clients)
                    # In turns.
                    rates = [
                        (rate(kept, work, clients, each), rate(plain, work, clients, each))
                        for _ in range(repeat)
                    ]
                    ours, bare = (max(column) for column in zip(*rates))
                    print(
                        f"{name}, {clients} clients: {ours:,.0f} a second with a state file, "
                        f"{bare:,.0f} without ({ours / bare:.2f})"
                    )
                    good &= (
                        ours >= WANTED_CHANGES if work is modify else ours / bare >= WANTED_READS
                    )
        made(Path(folder, "many"), INSTANCES).close()
        started = time.perf_counter()
        MockServer(state=Path(folder, "many")).close()
        print(f"start with {INSTANCES:,} instances: {time.perf_counter() - started:.2f} s")
    print(f"wanted: {WANTED_CHANGES} modifications a second; reads {WANTED_READS} of those without")
    return good


def run() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000, help="operations of all clients")
    parser.add_argument("--repeat", type=int, default=3, help="runs, of which the best counts")
    arguments = parser.parse_args()
    return 0 if report(arguments.count, arguments.repeat) else 1


if __name__ == "__main__":
    sys.exit(run())
