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
from typing import Any, Dict, List, NamedTuple, Optional

from wbem_options import (
    add_connection_options,
    add_json_option,
    credentials,
    make_parser,
    print_json,
    run,
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


def print_table(answers: List[Answer]) -> None:
    width = max((len(answer.url) for answer in answers), default=0)
    for answer in answers:
        result = answer.error if answer.instances is None else f"{answer.instances} instances"
        print(f"{answer.url:{width}}  {answer.seconds:6.2f} s  {result}")
    failed = sum(answer.instances is None for answer in answers)
    print(f"{len(answers) - failed} of {len(answers)} servers answered")


def main() -> int:
    args = parse_arguments()
    if args.at_a_time < 1:
        raise ValueError("--at-a-time must be at least 1")
    urls = args.urls or [line.strip() for line in sys.stdin if line.strip()]
    options = {
        "creds": credentials(args.user),
        "default_namespace": args.namespace,
        "ca_certs": args.ca,
        "no_verification": args.no_verify,
        "timeout": args.timeout,
    }
    answers = asyncio.run(poll_all(urls, args.classname, options, args.at_a_time))
    if args.json:
        print_json([answer._asdict() for answer in answers])
    else:
        print_table(answers)
    return 3 if any(answer.instances is None for answer in answers) else 0


if __name__ == "__main__":
    run(main)
