#!/usr/bin/env python3
"""
Show what a WBEM server is: its product, namespaces, management profiles and classes.
"""

from __future__ import annotations

import argparse
from typing import List

from wbem_options import add_connection_options, connect, make_parser, run

import pywbem


def parse_arguments() -> argparse.Namespace:
    parser = make_parser(__doc__)
    parser.add_argument("url", metavar="URL", help="the server, such as https://server:5989")
    add_connection_options(parser)
    parser.add_argument(
        "-c", "--classes", action="store_true", help="list the classes of the namespace, as a tree"
    )
    return parser.parse_args()


def show_product(server: pywbem.WBEMServer) -> None:
    """A server without CIM_ObjectManager does not say what it is."""
    print("Interop namespace:", server.interop_ns)
    try:
        print("Product:", server.brand, server.version)
    except (pywbem.CIMError, pywbem.ModelError) as exc:
        print("Product: unknown,", exc)


def show_namespaces(server: pywbem.WBEMServer) -> None:
    print("Namespaces:")
    for namespace in sorted(server.namespaces):
        print("   ", namespace)


def show_profiles(server: pywbem.WBEMServer) -> None:
    try:
        profiles = server.profiles
    except pywbem.CIMError as exc:
        print(f"Profiles: none, {exc.status_code_name}")
        return
    organizations = pywbem.ValueMapping.for_property(
        server, server.interop_ns, "CIM_RegisteredProfile", "RegisteredOrganization"
    )
    lines: List[str] = []
    for profile in profiles:
        organization = organizations.tovalues(profile["RegisteredOrganization"])
        name, version = profile["RegisteredName"], profile["RegisteredVersion"]
        lines.append(f"{organization} {name} {version}")
    print("Profiles:")
    for line in sorted(lines):
        print("   ", line)


def show_classes(connection: pywbem.WBEMConnection) -> None:
    classes = connection.EnumerateClasses(
        DeepInheritance=True, LocalOnly=True, IncludeQualifiers=False
    )
    names = {cls.classname.lower() for cls in classes}
    print(f"Classes in {connection.default_namespace}:")

    def show(superclass: str, depth: int) -> None:
        for cls in sorted(classes, key=lambda cls: cls.classname.lower()):
            above = (cls.superclass or "").lower()
            if above == superclass or (not superclass and above not in names):
                print("    " * depth + cls.classname)
                show(cls.classname.lower(), depth + 1)

    show("", 1)


def main() -> int:
    args = parse_arguments()
    with connect(args.url, args) as connection:
        server = pywbem.WBEMServer(connection)
        show_product(server)
        show_namespaces(server)
        show_profiles(server)
        if args.classes:
            show_classes(connection)
    return 0


if __name__ == "__main__":
    run(main)
