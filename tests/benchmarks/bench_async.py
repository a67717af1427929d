#!/usr/bin/env python3
"""
Measure the asynchronous client: beside bare httpx that posts the same bytes, beside the
synchronous client, and with a thousand connections to a thousand servers.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Dict, List, Optional

# At the end: an installed pywbem is used before the one in the checkout.
sys.path.append(str(Path(__file__).resolve().parent.parent.parent))

import pywbem
from tests.benchmarks.canned import canned

NAME = pywbem.CIMInstanceName("TST_Small_1", keybindings={"Id": "id"})
TASKS = 50
# Beside bare httpx, and beside the synchronous client.
WANTED = {"httpx": 1.5, "synchronous": 0.7}
CONNECTIONS = 1000
AT_A_TIME = 200
OPERATIONS = 10
MOST_GROWTH = 60_000
# A process begins with buffers for its first requests.
WARM = 20


def synchronous(url: str, count: int) -> float:
    """Seconds of so many operations in one thread."""
    with pywbem.WBEMConnection(url, default_namespace="root/bench") as connection:
        connection.GetInstance(NAME)
        started = time.perf_counter()
        for _ in range(count):
            connection.GetInstance(NAME)
        return time.perf_counter() - started


async def in_tasks(perform: Any, count: int) -> float:
    """Seconds of so many operations in 50 tasks."""

    async def task() -> None:
        for _ in range(count // TASKS):
            await perform()

    await perform()
    started = time.perf_counter()
    await asyncio.gather(*(task() for _ in range(TASKS)))
    return time.perf_counter() - started


async def asynchronous(url: str, count: int) -> float:
    """Seconds of the operations over one connection object."""
    async with pywbem.AsyncWBEMConnection(url, default_namespace="root/bench") as connection:

        async def perform() -> None:
            instance = await connection.GetInstance(NAME)
            assert len(instance) == 20

        return await in_tasks(perform, count)


async def bare_httpx(url: str, count: int) -> Optional[float]:
    """Seconds of httpx for the same bytes; None without it."""
    try:
        import httpx
    except ImportError:
        return None
    with pywbem.WBEMConnection(url, default_namespace="root/bench") as connection:
        connection.GetInstance(NAME)
        body = str(connection.last_raw_request).encode("utf-8")
    headers = {
        "Content-Type": 'application/xml; charset="utf-8"',
        "CIMOperation": "MethodCall",
        "CIMMethod": "GetInstance",
        "CIMObject": "root/bench",
    }
    async with httpx.AsyncClient(timeout=60) as client:

        async def perform() -> None:
            reply = await client.post(f"{url}/cimom", content=body, headers=headers)
            assert reply.status_code == 200

        return await in_tasks(perform, count)


def resident() -> int:
    """The resident memory of this process, in bytes."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def sockets() -> int:
    """How many sockets this process has."""
    found = 0
    for entry in os.listdir("/proc/self/fd"):
        try:
            found += os.readlink(f"/proc/self/fd/{entry}").startswith("socket:")
        except OSError:
            pass  # the one of the listing itself
    return found


async def many(urls: List[str]) -> Dict[str, int]:
    """Growth a connection, right answers, and sockets left, of a connection for each URL."""
    gate = asyncio.Semaphore(AT_A_TIME)
    right = 0

    async def work(connection: Any) -> None:
        nonlocal right
        async with gate:
            for _ in range(OPERATIONS):
                instance = await connection.GetInstance(NAME)
                right += instance["Property00"].startswith("the value number 0")

    async def connect(some: List[str]) -> List[Any]:
        made = [pywbem.AsyncWBEMConnection(url, default_namespace="root/bench") for url in some]
        await asyncio.gather(*(work(connection) for connection in made))
        return made

    warm = await connect(urls[:WARM])
    for connection in warm:
        await connection.close()
    gc.collect()
    right = 0
    open_before, before = sockets(), resident()
    connections = await connect(urls)
    growth = (resident() - before) // len(urls)
    await asyncio.gather(*(connection.close() for connection in connections))
    await asyncio.sleep(0.1)
    return {"growth": growth, "right": right, "sockets": sockets() - open_before}


def verdict(met: bool) -> str:
    """What the last column says."""
    return "met" if met else "NOT MET"


def rates(count: int, repeat: int) -> None:
    """Print operations a second of the three."""
    best: Dict[str, float] = {}
    with canned() as urls:
        for _ in range(repeat):
            for name, seconds in (
                ("asynchronous", asyncio.run(asynchronous(urls[0], count))),
                ("synchronous", synchronous(urls[0], count)),
                ("httpx", asyncio.run(bare_httpx(urls[0], count))),
            ):
                if seconds is not None:
                    best[name] = max(best.get(name, 0), count / seconds)
    print(f"{count} GetInstance in {TASKS} tasks: {best['asynchronous']:.0f} operations a second")
    for name, factor in WANTED.items():
        if name not in best:
            print(f"  {name}: not installed, not compared")
            continue
        ratio = best["asynchronous"] / best[name]
        print(
            f"  {name}: {best[name]:.0f}; ratio {ratio:.2f}, wanted {factor}: "
            f"{verdict(ratio >= factor)}"
        )


def thousand() -> None:
    """Print what the thousand connections came to."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, limit[1]), limit[1]))
    with canned(CONNECTIONS) as urls:
        found = asyncio.run(many(urls))
    wanted = CONNECTIONS * OPERATIONS
    print(f"{CONNECTIONS} connections to {CONNECTIONS} servers, {AT_A_TIME} at a time:")
    print(f"  right answers {found['right']} of {wanted}: {verdict(found['right'] == wanted)}")
    print(
        f"  growth a connection {found['growth'] / 1000:.1f} kB, wanted "
        f"{MOST_GROWTH / 1000:.0f}: {verdict(found['growth'] <= MOST_GROWTH)}"
    )
    print(f"  sockets left {found['sockets']}, wanted 0: {verdict(found['sockets'] == 0)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=str(__doc__).strip())
    parser.add_argument("--count", type=int, default=5000, help="operations (%(default)s)")
    parser.add_argument("--repeat", type=int, default=3, help="turns; the best counts")
    parser.add_argument("--many", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.many:
        thousand()
        return
    rates(args.count, args.repeat)
    # In a fresh process: its growth is that of the connections alone.
    sys.stdout.flush()
    subprocess.check_call([sys.executable, __file__, "--many"])


if __name__ == "__main__":
    main()
