"""
The command ``python -m pywbem.objects stubs``: writes a module of typed classes.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path
from typing import Any, Dict, List, Optional

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
    found: Dict[str, CIMClass] = {}
    for name in names or [cls.classname for cls in own.values()]:
        if name.casefold() not in own:
            raise ValueError(f"The MOF files have no class {name}")
        _complete(name.casefold(), own, found)
    return list(found.values())


def _complete(key: str, own: Dict[str, CIMClass], found: Dict[str, CIMClass]) -> CIMClass:
    """
    A class with what it inherits (DSP0004 5.6.3), its superclasses before it.
    """
    if key not in found:
        cls = own[key].copy()
        superclass = (cls.superclass or "").casefold()
        if superclass in own:
            parent = _complete(superclass, own, found)
            cls.properties = _inherited(parent.properties, cls.properties)
            cls.methods = _inherited(parent.methods, cls.methods)
        found[key] = cls
    return found[key]


def _inherited(inherited: Any, own: Any) -> Any:
    """
    The elements of a class: an overriding one has the qualifiers of the one that it
    overrides, unless it has its own or they are restricted (DSP0004 5.6.1.2).
    """
    elements = inherited.copy()
    for name, element in own.items():
        if name in inherited:
            element = element.copy()
            for qualifier in inherited[name].qualifiers.values():
                if qualifier.name not in element.qualifiers and qualifier.tosubclass is not False:
                    element.qualifiers[qualifier.name] = qualifier
        elements[name] = element
    return elements


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
