#!/usr/bin/env python3
"""
Show what a WBEM server is: its product, namespaces, management profiles and classes.
"""

from __future__ import annotations

import argparse
from contextlib import suppress
from typing import Any, Dict, List, Optional, Sequence

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
    add_connection_options(parser)
    parser.add_argument(
        "-c", "--classes", action="store_true", help="list the classes of the namespace, as a tree"
    )
    add_json_option(parser)
    return parser.parse_args()


def product_of(server: pywbem.WBEMServer) -> Optional[str]:
    """A server without CIM_ObjectManager does not say what it is."""
    try:
        return f"{server.brand} {server.version}"
    except (pywbem.CIMError, pywbem.ModelError):
        return None


def profiles_of(server: pywbem.WBEMServer) -> List[str]:
    """Not every server has profiles."""
    try:
        profiles = server.profiles
    except pywbem.CIMError:
        return []
    organizations = pywbem.ValueMapping.for_property(
        server, server.interop_ns, "CIM_RegisteredProfile", "RegisteredOrganization"
    )
    lines: List[str] = []
    for profile in profiles:
        organization = profile.get("RegisteredOrganization")
        with suppress(ValueError):
            organization = organizations.tovalues(organization)
        parts = [organization, profile.get("RegisteredName"), profile.get("RegisteredVersion")]
        lines.append(" ".join("?" if part is None else str(part) for part in parts))
    return sorted(lines)


def superclasses_of(connection: pywbem.WBEMConnection) -> Dict[str, Optional[str]]:
    """Return the classes of the namespace, in the order of their names, with their superclasses."""
    classes = connection.EnumerateClasses(
        DeepInheritance=True, LocalOnly=True, IncludeQualifiers=False
    )
    return {
        cls.classname: cls.superclass
        for cls in sorted(classes, key=lambda cls: cls.classname.lower())
    }


def print_tree(classes: Dict[str, Optional[str]]) -> None:
    names = {name.lower() for name in classes}

    def show(above: str, depth: int) -> None:
        for name, superclass in classes.items():
            over = (superclass or "").lower()
            if over == above or (not above and over not in names):
                print("    " * depth + name)
                show(name.lower(), depth + 1)

    show("", 1)


def print_list(title: str, lines: Sequence[str]) -> None:
    print(f"{title}:" if lines else f"{title}: none")
    for line in lines:
        print("   ", line)


def main() -> int:
    args = parse_arguments()
    with connect(args.url, args) as connection:
        server = pywbem.WBEMServer(connection)
        found: Dict[str, Any] = {
            "interop": server.interop_ns,
            "product": product_of(server),
            "namespaces": sorted(server.namespaces),
            "profiles": profiles_of(server),
        }
        if args.classes:
            found["classes"] = superclasses_of(connection)
    if args.json:
        print_json(found)
        return 0
    print("Interop namespace:", found["interop"])
    print("Product:", found["product"] or "unknown")
    print_list("Namespaces", found["namespaces"])
    print_list("Profiles", found["profiles"])
    if args.classes:
        print(f"Classes in {args.namespace}:")
        print_tree(found["classes"])
    return 0


if __name__ == "__main__":
    run(main)
