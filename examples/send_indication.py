#!/usr/bin/env python3
"""
Send an indication to a listener, as a WBEM server does: to try a listener out.
"""

from __future__ import annotations

import argparse
from datetime import datetime, timezone
from typing import Tuple

from wbem_options import add_connection_options, connect, make_parser, run

import pywbem


def parse_property(text: str) -> Tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise argparse.ArgumentTypeError("expected NAME=VALUE")
    return name, value


def parse_arguments() -> argparse.Namespace:
    parser = make_parser(__doc__)
    parser.add_argument("url", metavar="URL", help="the listener, such as http://host:5990")
    parser.add_argument(
        "properties",
        metavar="NAME=VALUE",
        nargs="*",
        type=parse_property,
        help="string properties of the indication",
    )
    parser.add_argument(
        "-c", "--classname", default="CIM_AlertIndication", help="class (default: %(default)s)"
    )
    parser.add_argument(
        "-r", "--repeat", type=int, default=1, help="how many to send (default: %(default)s)"
    )
    add_connection_options(parser)
    return parser.parse_args()


def main() -> int:
    args = parse_arguments()
    with connect(args.url, args) as connection:
        for number in range(1, args.repeat + 1):
            indication = pywbem.CIMInstance(args.classname, dict(args.properties))
            indication["IndicationIdentifier"] = str(number)
            indication["IndicationTime"] = pywbem.CIMDateTime(datetime.now(timezone.utc))
            connection.ExportIndication(indication)
    print(f"{args.repeat} indications sent to {connection.url}")
    return 0


if __name__ == "__main__":
    run(main)
