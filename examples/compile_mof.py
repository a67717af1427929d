#!/usr/bin/env python3
"""
Compile MOF files into a server, or check them without one, and list what they contain.

The command mof_compiler does more; this script shows how to use the compiler in a
program of your own.
"""

from __future__ import annotations

import argparse
import sys

from wbem_options import EPILOG, add_connection_options, connect, make_parser, run

import pywbem


def parse_arguments() -> argparse.Namespace:
    parser = make_parser(__doc__, EPILOG + "  5  the MOF is wrong\n")
    parser.add_argument("files", metavar="FILE", nargs="+", help="MOF file")
    parser.add_argument(
        "-s", "--server", metavar="URL", help="compile into this server (default: check only)"
    )
    parser.add_argument(
        "-I",
        "--include",
        metavar="DIR",
        action="append",
        default=[],
        help="where classes that are missing are looked up; may be repeated",
    )
    add_connection_options(parser)
    return parser.parse_args()


def show(repository: pywbem.MOFWBEMConnection, namespace: str) -> None:
    """Print what was compiled into the repository in memory."""
    for name in sorted(repository.classes.get(namespace, {})):
        print("class", name)
    for instance in repository.instances.get(namespace, []):
        print("instance", instance.path)


def main() -> int:
    args = parse_arguments()
    connection = connect(args.server, args) if args.server else None
    repository = connection or pywbem.MOFWBEMConnection()
    compiler = pywbem.MOFCompiler(repository, search_paths=args.include, log_func=None)
    try:
        for file in args.files:
            compiler.compile_file(file, args.namespace)
    except pywbem.MOFCompileError as exc:
        for error in exc.errors:
            print(error, file=sys.stderr)
        return 5
    finally:
        compiler.conn_close()
    if isinstance(repository, pywbem.MOFWBEMConnection):
        show(repository, args.namespace)
    print(f"{len(args.files)} files compiled")
    return 0


if __name__ == "__main__":
    run(main)
