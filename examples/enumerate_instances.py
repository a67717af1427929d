#!/usr/bin/env python3
"""
List the instances of a CIM class, and of its subclasses, on a WBEM server.

Prints each instance as MOF, and all of them as a table.
"""

from __future__ import annotations

import argparse
import getpass
import os
import shutil
import sys
from typing import Any, List, Optional, Tuple

import pywbem

PASSWORD_VARIABLE = "WBEM_PASSWORD"

EPILOG = f"""\
The password of --user is taken from the environment variable {PASSWORD_VARIABLE},
or asked for.

exit codes:
  0  the instances were listed
  1  the server reported that the operation failed
  2  the command was called with wrong arguments
  3  the server could not be reached, did not answer, was not trusted, refused
     the credentials, or sent something that is not CIM-XML
"""


def parse_arguments(argv: Optional[List[str]]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("url", metavar="URL", help="the server, such as https://server:5989")
    parser.add_argument("classname", metavar="CLASSNAME", help="the class, such as CIM_DiskDrive")
    parser.add_argument(
        "-n", "--namespace", default="root/cimv2", help="CIM namespace (default: %(default)s)"
    )
    parser.add_argument("-u", "--user", help="name of the user for basic authentication")
    trust = parser.add_mutually_exclusive_group()
    trust.add_argument(
        "--ca", metavar="PATH", help="certificates to trust: a PEM file or a directory"
    )
    trust.add_argument(
        "--no-verify", action="store_true", help="do not verify the certificate of the server"
    )
    parser.add_argument(
        "-t", "--timeout", type=int, default=30, help="in seconds (default: %(default)s)"
    )
    parser.add_argument(
        "-o",
        "--output",
        choices=["mof", "table", "both"],
        default="both",
        help="what to print (default: %(default)s)",
    )
    return parser.parse_args(argv)


def credentials(user: Optional[str]) -> Optional[Tuple[str, str]]:
    if user is None:
        return None
    password = os.environ.get(PASSWORD_VARIABLE)
    if password is None:
        password = getpass.getpass(f"Password of {user}: ")
    return user, password


def fetch(args: argparse.Namespace) -> List[pywbem.CIMInstance]:
    """Return the instances, sorted by their paths."""
    connection = pywbem.WBEMConnection(
        args.url,
        credentials(args.user),
        default_namespace=args.namespace,
        ca_certs=args.ca,
        no_verification=args.no_verify,
        timeout=args.timeout,
    )
    with connection:
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


def main(argv: Optional[List[str]] = None) -> int:
    args = parse_arguments(argv)
    try:
        instances = fetch(args)
    except pywbem.CIMError as exc:
        print(f"The server reports {exc.status_code_name}: {exc}", file=sys.stderr)
        return 1
    except pywbem.Error as exc:
        print(f"{type(exc).__name__}: {exc}", file=sys.stderr)
        return 3
    except (OSError, ValueError) as exc:
        print(f"Wrong argument: {exc}", file=sys.stderr)
        return 2
    if instances and args.output in ("mof", "both"):
        print_mof(instances)
    if instances and args.output in ("table", "both"):
        print_table(instances, shutil.get_terminal_size().columns)
    print(f"{len(instances)} instances of {args.classname} in {args.namespace}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # The reader of the output has seen enough (for example `| head`).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
