#!/usr/bin/env python3
"""
Ask many servers at the same time, by tasks of one event loop: how many instances of a
class does each have?
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from typing import Any, Dict, List

from poll_servers import Answer, print_table
from wbem_options import (
    add_connection_options,
    add_json_option,
    make_parser,
    print_json,
    run,
    settings,
)

import pywbem


def parse_arguments() -> argparse.Namespace:
    parser = make_parser(__doc__)
    parser.add_argument(
        "urls", metavar="URL", nargs="*", help="a server; without any, they are read from stdin"
    )
    parser.add_argument("classname", metavar="CLASSNAME", help="the class, such as CIM_DiskDrive")
    add_connection_options(parser)
    parser.add_argument(
        "-m",
        "--at-a-time",
        type=int,
        default=100,
        help="how many servers are asked at a time (default: %(default)s)",
    )
    add_json_option(parser)
    return parser.parse_args()


async def poll(url: str, classname: str, options: Dict[str, Any]) -> Answer:
    """Ask one server; an error is part of the answer."""
    started = time.monotonic()
    count, error = 0, ""
    try:
        async with pywbem.AsyncWBEMConnection(url, max_connections=1, **options) as connection:
            # Instances are counted as they arrive; none of them is kept.
            async for _ in connection.IterEnumerateInstancePaths(classname):
                count += 1
    except pywbem.Error as exc:
        error = f"{type(exc).__name__}: {exc}"
    except (OSError, ValueError) as exc:
        error = f"Wrong argument: {exc}"
    return Answer(url, None if error else count, time.monotonic() - started, error)


async def poll_all(
    urls: List[str], classname: str, options: Dict[str, Any], at_a_time: int
) -> List[Answer]:
    places = asyncio.Semaphore(at_a_time)

    async def in_turn(url: str) -> Answer:
        async with places:
            return await poll(url, classname, options)

    return list(await asyncio.gather(*(in_turn(url) for url in urls)))


def main() -> int:
    args = parse_arguments()
    if args.at_a_time < 1:
        raise ValueError("--at-a-time must be at least 1")
    urls = args.urls or [line.strip() for line in sys.stdin if line.strip()]
    answers = asyncio.run(poll_all(urls, args.classname, settings(args), args.at_a_time))
    if args.json:
        print_json([answer._asdict() for answer in answers])
    else:
        print_table(answers)
    return 3 if any(answer.instances is None for answer in answers) else 0


if __name__ == "__main__":
    run(main)
