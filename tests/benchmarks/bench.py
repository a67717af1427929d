#!/usr/bin/env python3
"""
Measure pywbem beside the floor of each job, and beside another pywbem.

The floor is the least that a job can cost: bare expat, ElementTree or requests, on
the same data in the same process.  When the environment variable PEER_PYTHON names an
interpreter in which another pywbem is installed (say, the last release), the same
measures run there, too.  A responder in a process of its own serves the data.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Dict, Iterator, List

# At the end: an installed pywbem is used before the one in the checkout.
sys.path.append(str(Path(__file__).resolve().parent.parent.parent))
# The modules beside this script are not meant by `import documents`.
sys.path.remove(str(Path(__file__).resolve().parent))

# What is wanted: {measure: (times the floor, part of the peer)}
WANTED: Dict[str, Any] = {
    "decode 5000 instances": (2.0, 1 / 6),
    "memory, 5000 instances": (None, 1 / 4),
    "stream 20000 instances": (1.2, None),
    "encode 300 instances": (None, 1 / 10),
    "build 300 instances": (None, 1 / 2),
    "tomof 300 instances": (None, 1),
    "500 small GetInstance calls": (1.3, None),
    "500 canned GetInstance calls": (None, 1 / 3),
    "import": (1.2, None),
}
# The most bytes that a measure of memory may show.
LIMITS = {
    "memory, 20000 streamed": 4_000_000,
    "memory, 200000 streamed": 4_000_000,
    "memory, left of 20000": 20_000_000,
}
# Measures that are to grow in proportion: (large, small, factor)
LINEAR = [
    ("decode 20000 instances", "decode 5000 instances", 4),
    ("memory, 20000 streamed", "memory, 5000 streamed", 1),
    ("decode value of 100000 lines", "decode value of 10000 lines", 10),
]


def serve() -> None:
    """Serve until the standard input is closed."""
    from tests.benchmarks.documents import answer
    from tests.responder import Responder

    with Responder(answer) as responder:
        print(responder.url, flush=True)
        sys.stdin.read()


@contextmanager
def server() -> Iterator[str]:
    """Run the responder in another process; yield its URL."""
    process = subprocess.Popen(
        [sys.executable, __file__, "--serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin and process.stdout
    # Should it not start, the pipe is closed and the line empty.
    killer = threading.Timer(3600, process.kill)
    killer.daemon = True
    killer.start()
    try:
        url = process.stdout.readline().decode("ascii").strip()
        if not url:
            raise SystemExit("the responder did not start")
        yield url
    finally:
        killer.cancel()
        process.stdin.close()
        process.wait(timeout=60)
        process.stdout.close()


def run_peer(python: str, url: str, args: argparse.Namespace) -> Dict[str, Any]:
    """Run the measures under another interpreter."""
    command = [python, __file__, "--json", "--url", url, "--repeat", str(max(1, args.repeat - 1))]
    if args.only:
        command += ["--only", args.only]
    result: Dict[str, Any] = json.loads(subprocess.check_output(command).splitlines()[-1])
    return result


def amount(name: str, value: float) -> str:
    if name.startswith("memory"):
        return f"{value / 1e6:.1f} MB"
    return f"{value * 1000:.1f} ms" if value < 1 else f"{value:.2f} s"


def rows(ours: Dict[str, Any], peer: Dict[str, Any]) -> Iterator[List[str]]:
    """Yield the lines of the table."""
    yield ["measure", "pywbem", "floor", "", "ratio", "wanted", "peer", "of peer", "wanted"]
    for name, result in ours.items():
        floors = [(key, value) for key, value in result.items() if key != "pywbem"]
        other = peer.get(name, {}).get("pywbem")
        most, part = WANTED.get(name, (None, None))
        for index, (floor, value) in enumerate(floors or [("", None)]):
            first = index == 0
            yield [
                name if first else "",
                amount(name, result["pywbem"]) if first else "",
                floor,
                amount(name, value) if value else "",
                f"{result['pywbem'] / value:.2f}" if value else "",
                f"{most:.1f}" if most and first and value else "",
                amount(name, other) if other and first else "",
                f"1/{other / result['pywbem']:.1f}" if other and first else "",
                f"1/{1 / part:.0f}" if part and other and first else "",
            ]


def print_table(table: List[List[str]]) -> None:
    widths = [max(len(line[column]) for line in table) for column in range(len(table[0]))]
    for line in table:
        cells = [
            cell.ljust(width) if column in (0, 2) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths))
        ]
        print("  ".join(cells).rstrip())


def print_growth(ours: Dict[str, Any]) -> None:
    for large, small, factor in LINEAR:
        if large in ours and small in ours:
            grown = [f"{key} {ours[large][key] / ours[small][key]:.2f}" for key in ours[large]]
            print(f"{large}: times {small}: {', '.join(grown)}; in proportion: {factor}")


def print_verdicts(ours: Dict[str, Any], peer: Dict[str, Any]) -> None:
    """Say of each figure that is wanted whether it is met."""
    found = []
    for name, (most, part) in WANTED.items():
        result = ours.get(name, {})
        floors = [value for key, value in result.items() if key != "pywbem"]
        other = peer.get(name, {}).get("pywbem")
        if most and floors:
            found.append(
                (f"{name}: at most {most:.1f} of the floor", result["pywbem"] / floors[0], most)
            )
        if part and result and other:
            found.append(
                (f"{name}: at most 1/{1 / part:.0f} of the peer", result["pywbem"] / other, part)
            )
    for name, limit in LIMITS.items():
        if name in ours:
            found.append(
                (f"{name}: at most {limit / 1e6:.0f} MB", ours[name]["pywbem"] / 1e6, limit / 1e6)
            )
    for text, value, limit in found:
        print(f"{'met' if value <= limit else 'NOT MET':8} {text} ({value:.3g})")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeat", type=int, default=4, help="runs, of which the best counts")
    groups = ["decode", "stream", "memory", "objects", "calls", "import"]
    parser.add_argument("--only", choices=groups, help="one group of measures")
    for internal in ("--url", "--memory"):
        parser.add_argument(internal, help=argparse.SUPPRESS)
    for internal in ("--streamed", "--dropped"):
        parser.add_argument(internal, type=int, default=0, help=argparse.SUPPRESS)
    for internal in ("--serve", "--json"):
        parser.add_argument(internal, action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.serve:
        serve()
        return 0

    from tests.benchmarks import measures

    if args.memory:
        print(measures.memory_in_this_process(args.memory, args.streamed, args.dropped))
        return 0
    if args.json:
        print(measures.dump(measures.everything(args.url, args.repeat, args.only)))
        return 0
    python = os.environ.get("PEER_PYTHON")
    with server() as url:
        ours = measures.everything(url, args.repeat, args.only)
        peer = run_peer(python, url, args) if python else {"results": {}}
    version = json.loads(measures.dump({}))["version"]
    print(f"pywbem {version}, Python {platform.python_version()}, best of {args.repeat}", end="")
    print(f"; peer: pywbem {peer['version']}" if python else "; no PEER_PYTHON")
    print_table(list(rows(ours, peer["results"])))
    print_growth(ours)
    print_verdicts(ours, peer["results"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
