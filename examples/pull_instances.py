#!/usr/bin/env python3
"""
Fetch many instances piece by piece, and print each as a line of JSON.

Pull operations keep the memory small, however many instances there are; with a server
that has none, the whole result is fetched at once.
"""

from __future__ import annotations

import argparse
import sys

from wbem_options import add_connection_options, connect, make_parser, print_json, run


def parse_arguments() -> argparse.Namespace:
    parser = make_parser(__doc__)
    parser.add_argument("url", metavar="URL", help="the server, such as https://server:5989")
    parser.add_argument("classname", metavar="CLASSNAME", help="the class, such as CIM_DiskDrive")
    parser.add_argument(
        "properties", metavar="PROPERTY", nargs="*", help="only these properties (default: all)"
    )
    add_connection_options(parser)
    parser.add_argument(
        "-m",
        "--max",
        type=int,
        default=1000,
        metavar="COUNT",
        help="instances in one response (default: %(default)s)",
    )
    return parser.parse_args()


def main() -> int:
    args = parse_arguments()
    count = 0
    with connect(args.url, args, use_pull_operations=None) as connection:
        instances = connection.IterEnumerateInstances(
            args.classname, PropertyList=args.properties or None, MaxObjectCount=args.max
        )
        for instance in instances:
            print_json(instance, indent=None)
            count += 1
    print(f"{count} instances of {args.classname} in {args.namespace}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    run(main)
