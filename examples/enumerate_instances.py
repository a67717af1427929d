#!/usr/bin/env python3
"""
List the instances of a CIM class, and of its subclasses, on a WBEM server.

Prints each instance as MOF, and all of them as a table.
"""

from __future__ import annotations

import argparse
import shutil
from typing import Any, List

from wbem_options import (
    add_connection_options,
    add_json_option,
    connect,
    make_parser,
    print_json,
    run,
)

import pywbem


def parse_arguments() -> argparse.Namespace:
    parser = make_parser(__doc__)
    parser.add_argument("url", metavar="URL", help="the server, such as https://server:5989")
    parser.add_argument("classname", metavar="CLASSNAME", help="the class, such as CIM_DiskDrive")
    add_connection_options(parser)
    parser.add_argument(
        "-o",
        "--output",
        choices=["mof", "table", "both"],
        default="both",
        help="what to print (default: %(default)s)",
    )
    add_json_option(parser)
    return parser.parse_args()


def fetch(args: argparse.Namespace) -> List[pywbem.CIMInstance]:
    """Return the instances, sorted by their paths."""
    with connect(args.url, args) as connection:
        instances = connection.EnumerateInstances(args.classname)
    return sorted(instances, key=lambda instance: str(instance.path))


def print_mof(instances: List[pywbem.CIMInstance]) -> None:
    for instance in instances:
        print(f"// {instance.path}")
        print(instance.tomof())


def cell(value: Any) -> str:
    """Return a value as the text of a table cell, in one line."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(cell(item) for item in value)
    return " ".join(str(value).split())


def print_table(instances: List[pywbem.CIMInstance], width: int) -> None:
    """Print the keys and as many other properties that have values as fit into the width."""
    names: List[str] = []
    for instance in instances:
        keys = instance.path.keys() if instance.path else []
        names += [name for name in keys if name not in names]
    for instance in instances:
        names += [name for name in instance if name not in names]
    table = {name: [cell(instance.get(name)) for instance in instances] for name in names}
    left = width
    columns: List[List[str]] = []
    for name in names:
        if not any(table[name]):
            continue
        texts = [name, *table[name]]
        size = min(max(map(len, texts)), 30)
        if columns and size > left:
            continue
        columns.append([shorten(text, size) for text in texts])
        left -= size + 2
    heading, *rows = zip(*columns)
    print("  ".join(heading).rstrip())
    print("  ".join("-" * len(text) for text in heading))
    for row in rows:
        print("  ".join(row).rstrip())
    if len(columns) < len(names):
        print(f"({len(names) - len(columns)} more properties, empty or too wide)")


def shorten(text: str, size: int) -> str:
    """Return the text in exactly that many characters."""
    return text.ljust(size) if len(text) <= size else text[: size - 1] + "\N{HORIZONTAL ELLIPSIS}"


def main() -> int:
    args = parse_arguments()
    instances = fetch(args)
    if args.json:
        print_json(instances)
        return 0
    if instances and args.output in ("mof", "both"):
        print_mof(instances)
    if instances and args.output in ("table", "both"):
        print_table(instances, shutil.get_terminal_size().columns)
    print(f"{len(instances)} instances of {args.classname} in {args.namespace}")
    return 0


if __name__ == "__main__":
    run(main)
