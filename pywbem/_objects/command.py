"""
The command ``python -m pywbem.objects stubs``: writes a module of typed classes.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path
from typing import Dict, List, Optional

from .._cim_obj import CIMClass
from .._client._sync.connection import WBEMConnection
from .._exceptions import Error
from .._mof_compiler import MOFCompileError, MOFCompiler, MOFWBEMConnection
from .stubs import module

NAMESPACE = "root/cimv2"


def options(arguments: Optional[List[str]]) -> argparse.Namespace:
    """
    The options of the command line.
    """
    parser = argparse.ArgumentParser(
        prog="python -m pywbem.objects", description="Typed classes for CIM classes."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    stubs = commands.add_parser("stubs", help="write a module of typed classes")
    stubs.add_argument("source", nargs="+", help="URL of a server, or MOF files; then class names")
    stubs.add_argument("-o", "--output", type=Path, help="the module; default: standard output")
    stubs.add_argument("-n", "--namespace", default=NAMESPACE, help="namespace of the classes")
    stubs.add_argument("-u", "--user", help="user at the server; the password is asked for")
    stubs.add_argument("-I", "--include", action="append", default=[], help="folder of MOF files")
    stubs.add_argument("--ca-certs", help="file or folder of certificates of authorities")
    stubs.add_argument("--async", dest="asynchronous", action="store_true", help="for coroutines")
    return parser.parse_args(arguments)


def fetched(url: str, names: List[str], given: argparse.Namespace) -> List[CIMClass]:
    """
    The classes of a server: those that are named with their superclasses, or all.
    """
    creds = (given.user, getpass.getpass()) if given.user else None
    conn = WBEMConnection(url, creds, default_namespace=given.namespace, ca_certs=given.ca_certs)
    with conn:
        if not names:
            found = conn.EnumerateClasses(DeepInheritance=True, LocalOnly=False)
            return [cls for cls in found if isinstance(cls, CIMClass)]
        classes: Dict[str, CIMClass] = {}
        for name in names:
            wanted: Optional[str] = name
            while wanted and wanted.casefold() not in classes:
                cls = conn.GetClass(wanted, LocalOnly=False)
                classes[wanted.casefold()] = cls
                wanted = cls.superclass
        return list(classes.values())


def compiled(files: List[str], names: List[str], given: argparse.Namespace) -> List[CIMClass]:
    """
    The classes of MOF files: those that are named with their superclasses, or all.

    Raises:
        ValueError: There is no class of a name.
    """
    repository = MOFWBEMConnection()
    compiler = MOFCompiler(repository, search_paths=given.include, verbose=False, log_func=None)
    for file in files:
        compiler.compile_file(file, given.namespace)
    own = {name.casefold(): cls for name, cls in repository.classes[given.namespace].items()}
    wanted = list(own) if not names else [name.casefold() for name in names]
    found: Dict[str, CIMClass] = {}
    while wanted:
        key = wanted.pop()
        if key in found:
            continue
        if key not in own:
            raise ValueError(f"The MOF files have no class {key}")
        found[key] = own[key]
        if own[key].superclass:
            wanted.append(str(own[key].superclass).casefold())
    return list(found.values())


def main(arguments: Optional[List[str]] = None) -> int:
    """
    Run the command.

    Parameters:
        arguments (list of str): The command line.

    Returns:
        int: The exit code.
    """
    given = options(arguments)
    files = [name for name in given.source if name.lower().endswith(".mof")]
    names = [name for name in given.source if name not in files]
    try:
        if files:
            classes = compiled(files, names, given)
        else:
            classes = fetched(names[0], names[1:], given)
    except (Error, MOFCompileError, OSError, ValueError) as exc:
        print(f"error: {exc}", file=sys.stderr)
        return 1
    text = module(classes, given.asynchronous)
    if given.output is None:
        sys.stdout.write(text)
    else:
        given.output.write_text(text, "utf-8")
    return 0
