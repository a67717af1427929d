#!/usr/bin/env python3
"""
Ask many servers at the same time: how many instances of a class does each have?

Without --dask the servers are polled by a pool of threads.  With --dask they are polled
by the workers of a Dask cluster, for which the Python package distributed is needed;
its address is that of a scheduler, or "local" for one that is started here.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Dict, List, NamedTuple, Optional

from wbem_options import (
    add_connection_options,
    add_json_option,
    make_parser,
    print_json,
    run,
    settings,
)

import pywbem


class Answer(NamedTuple):
    """What a server answered."""

    url: str
    instances: Optional[int]
    seconds: float
    error: str


def parse_arguments() -> argparse.Namespace:
    parser = make_parser(__doc__)
    parser.add_argument(
        "urls", metavar="URL", nargs="*", help="a server; without any, they are read from stdin"
    )
    parser.add_argument("classname", metavar="CLASSNAME", help="the class, such as CIM_DiskDrive")
    add_connection_options(parser)
    parser.add_argument(
        "-w", "--workers", type=int, default=16, help="number of threads (default: %(default)s)"
    )
    parser.add_argument("--dask", metavar="ADDRESS", help="poll with a Dask cluster")
    add_json_option(parser)
    return parser.parse_args()


def poll(url: str, classname: str, options: Dict[str, Any]) -> Answer:
    """Ask one server; an error is part of the answer."""
    started = time.monotonic()
    count, error = None, ""
    try:
        with pywbem.WBEMConnection(url, **options) as connection:
            count = len(connection.EnumerateInstanceNames(classname))
    except pywbem.Error as exc:
        error = f"{type(exc).__name__}: {exc}"
    except (OSError, ValueError) as exc:
        error = f"Wrong argument: {exc}"
    return Answer(url, count, time.monotonic() - started, error)


def poll_by_threads(
    urls: List[str], classname: str, options: Dict[str, Any], workers: int
) -> List[Answer]:
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(lambda url: poll(url, classname, options), urls))


def poll_by_dask(
    urls: List[str], classname: str, options: Dict[str, Any], address: str
) -> List[Answer]:
    try:
        distributed = importlib.import_module("distributed")
    except ImportError:
        raise ValueError("--dask needs the Python package distributed") from None
    where: Dict[str, Any] = {"address": address}
    if address == "local":
        where = {"processes": False, "dashboard_address": None}
    with distributed.Client(**where) as client:
        futures = [client.submit(poll, url, classname, options, pure=False) for url in urls]
        return list(client.gather(futures))


def print_table(answers: List[Answer]) -> None:
    width = max((len(answer.url) for answer in answers), default=0)
    for answer in answers:
        result = answer.error if answer.instances is None else f"{answer.instances} instances"
        print(f"{answer.url:{width}}  {answer.seconds:6.2f} s  {result}")
    failed = sum(answer.instances is None for answer in answers)
    print(f"{len(answers) - failed} of {len(answers)} servers answered")


def main() -> int:
    args = parse_arguments()
    urls = args.urls or [line.strip() for line in sys.stdin if line.strip()]
    options = settings(args)
    if args.dask:
        answers = poll_by_dask(urls, args.classname, options, args.dask)
    else:
        answers = poll_by_threads(urls, args.classname, options, args.workers)
    if args.json:
        print_json([answer._asdict() for answer in answers])
    else:
        print_table(answers)
    return 3 if any(answer.instances is None for answer in answers) else 0


if __name__ == "__main__":
    run(main)
