#!/usr/bin/env python3
"""
List the disks of a server by their health, move them to another rack, and ask their
systems to change state, with typed objects.
"""

from __future__ import annotations

import argparse
import sys
from typing import Any, TextIO

import tqdm
from wbem_options import (
    add_connection_options,
    add_json_option,
    connect,
    make_parser,
    print_json,
    run,
)

from pywbem.objects import Namespace


def parse_arguments() -> argparse.Namespace:
    parser = make_parser(__doc__)
    parser.add_argument("url", metavar="URL", help="the server, such as https://server:5989")
    add_connection_options(parser)
    parser.add_argument("--health", metavar="TEXT", help="only disks of this health, such as OK")
    parser.add_argument("--tag", metavar="TEXT", help="give the disks this tag")
    parser.add_argument(
        "--state", metavar="N", type=int, help="ask the systems of the disks for this state"
    )
    add_json_option(parser)
    return parser.parse_args()


def change_state(system: Any, state: int, told: TextIO) -> None:
    """A job may take its time: show how far it is."""
    result = system.RequestStateChange(RequestedState=state, check=True)
    with tqdm.tqdm(total=100, disable=result.job is None) as bar:
        result.wait(progress=lambda job: bar.update((job.PercentComplete or 0) - bar.n))
    print(f"{system.Name}: {result.value.text}", file=told)


def main() -> int:
    args = parse_arguments()
    told = sys.stderr if args.json else sys.stdout
    with connect(args.url, args) as conn:
        ns = Namespace(conn)
        disks: Any = ns.ACME_Disk
        where = None if args.health is None else {"HealthState": args.health}
        for disk in disks.instances(where=where):
            if args.json:
                health = disk.HealthState.text
                print_json({"id": disk.DeviceID, "size": disk.Size, "health": health}, indent=None)
            else:
                print(f"{disk.DeviceID}: {disk.Size} bytes, {disk.HealthState.text}")
            if args.tag is not None:
                disk.Tags = [args.tag]
                disk.save()
            if args.state is not None:
                for system in disk.associated(ns.ACME_ComputerSystem):
                    change_state(system, args.state, told)
    return 0


if __name__ == "__main__":
    run(main)
