"""
The command: its options, and where the classes come from.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path
from typing import Any, Dict, Iterable, List, Optional

from .._cim_obj import CIMClass
from .._client._sync.connection import WBEMConnection
from .._command_errors import told
from .._exceptions import Error
from .._mof_compiler import MOFCompileError, MOFCompiler, MOFWBEMConnection
from .module import module

_OPTIONS = {"creds": "--user", "ca_certs": "--ca-certs"}


def options(arguments: Optional[List[str]]) -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m pywbem.objects", description="Typed classes for CIM classes."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    stubs = commands.add_parser("stubs", help="write a module of typed classes")
    stubs.add_argument("source", nargs="+", help="URL of a server, or MOF files; then class names")
    stubs.add_argument("-o", "--output", type=Path, help="the module; default: standard output")
    stubs.add_argument("-n", "--namespace", default="root/cimv2", help="namespace of the classes")
    stubs.add_argument("-u", "--user", help="user at the server; the password is asked for")
    stubs.add_argument("-I", "--include", action="append", default=[], help="folder of MOF files")
    stubs.add_argument("--ca-certs", help="file or folder of certificates of authorities")
    stubs.add_argument("--async", dest="asynchronous", action="store_true", help="for coroutines")
    return parser.parse_args(arguments)


def classes(given: argparse.Namespace) -> List[CIMClass]:
    """
    Return the classes that are named, with their superclasses, or all classes.

    Raises:
        ValueError: The MOF files have no class of a name.
    """
    files = [name for name in given.source if name.lower().endswith(".mof")]
    names = [name for name in given.source if name not in files]
    if files:
        repository = MOFWBEMConnection()
        compiler = MOFCompiler(repository, search_paths=given.include, verbose=False, log_func=None)
        for file in files:
            compiler.compile_file(file, given.namespace)
        known = repository.classes[given.namespace]
        for name in names:
            if name not in known:
                raise ValueError(f"The MOF files have no class {name}")
        repository.default_namespace = given.namespace
        return with_superclasses(repository, names or known)
    creds = (given.user, getpass.getpass()) if given.user else None
    url, *names = names
    with WBEMConnection(
        url, creds, default_namespace=given.namespace, ca_certs=given.ca_certs
    ) as conn:
        if names:
            return with_superclasses(conn, names)
        found: Any = conn.EnumerateClasses(DeepInheritance=True, LocalOnly=False)
        return list(found)


def with_superclasses(conn: Any, names: Iterable[str]) -> List[CIMClass]:
    """Return classes and their superclasses, each with what it inherits."""
    found: Dict[str, CIMClass] = {}

    def fetch(name: str) -> CIMClass:
        if name.casefold() not in found:
            cls = conn.GetClass(name, LocalOnly=False, IncludeQualifiers=True)
            if cls.superclass:
                inherit(cls, fetch(cls.superclass))
            found[name.casefold()] = cls
        return found[name.casefold()]

    for name in names:
        fetch(name)
    return list(found.values())


def inherit(cls: CIMClass, superclass: CIMClass) -> None:
    """
    Give overriding elements the qualifiers of those that they override, unless they have
    their own or these are restricted (DSP0004 5.6.1.2).
    """
    elements: Any = [(cls.properties, superclass.properties), (cls.methods, superclass.methods)]
    for own, inherited in elements:
        for name, element in own.items():
            overridden = inherited[name].qualifiers.values() if name in inherited else ()
            for qualifier in overridden:
                if qualifier.tosubclass is not False:
                    element.qualifiers.setdefault(qualifier.name, qualifier)


def main(arguments: Optional[List[str]] = None) -> int:
    """Run the command and return its exit code."""
    given = options(arguments)
    try:
        text = module(classes(given), given.asynchronous)
        if given.output is None:
            sys.stdout.write(text)
        else:
            given.output.write_text(text, "utf-8")
    except (Error, MOFCompileError, OSError, ValueError) as exc:
        print(f"error: {told(exc, _OPTIONS)}", file=sys.stderr)
        return 1
    return 0
