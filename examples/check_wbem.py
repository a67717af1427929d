#!/usr/bin/env python3
"""
A monitoring plugin for Nagios, Icinga and the like: the health of CIM elements.

Enumerates a class and looks at the property HealthState of its instances.  Prints one
line with performance data, then a line for each element that is not well.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from typing import List, NamedTuple, NoReturn, Optional, Tuple

from wbem_options import PASSWORD_VARIABLE, add_connection_options, connect

import pywbem

OK, WARNING, CRITICAL, UNKNOWN = range(4)
WORDS = ("OK", "WARNING", "CRITICAL", "UNKNOWN")

# CIM_ManagedSystemElement.HealthState of the CIM schema.
HEALTH = {
    0: (UNKNOWN, "unknown"),
    5: (OK, "ok"),
    10: (WARNING, "degraded"),
    15: (WARNING, "minor failure"),
    20: (CRITICAL, "major failure"),
    25: (CRITICAL, "critical failure"),
    30: (CRITICAL, "non-recoverable error"),
}

EPILOG = f"""\
RANGE is that of the monitoring plugins: 5 is 0 to 5, 5: at least 5, ~:5 at most 5,
2:5 is 2 to 5; @ before it turns it round.  The level is reached outside of the range.

The password of --user is taken from the environment variable {PASSWORD_VARIABLE}.

exit codes:
  0  OK        all elements are well, or not more are ill than -w and -c allow
  1  WARNING   the number of elements that are degraded or worse is outside of -w
  2  CRITICAL  the number of elements that have failed is outside of -c, there are
               fewer elements than --min, or the server cannot be reached
  3  UNKNOWN   the health cannot be found out, or the arguments are wrong
"""


class Parser(argparse.ArgumentParser):
    """A parser that ends with UNKNOWN, as monitoring systems want it."""

    def error(self, message: str) -> NoReturn:
        print(f"WBEM UNKNOWN - {message}")
        sys.exit(UNKNOWN)


class Range(NamedTuple):
    """A range of the monitoring plugins."""

    low: float
    high: float
    inside: bool

    def is_reached(self, number: int) -> bool:
        return (self.low <= number <= self.high) == self.inside


def parse_range(text: str) -> Range:
    match = re.fullmatch(r"(@?)(?:(~|\d+):)?(\d*)", text)
    if match is None or text in ("", "@"):
        raise argparse.ArgumentTypeError(f"{text!r} is no range")
    inside, low, high = match.groups()
    limits = Range(
        float("-inf") if low == "~" else float(low or 0),
        float(high) if high else float("inf"),
        bool(inside),
    )
    if limits.low > limits.high:
        raise argparse.ArgumentTypeError(f"{text!r} begins above its end")
    return limits


def parse_arguments() -> argparse.Namespace:
    parser = Parser(
        description=__doc__, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "-H",
        "--host",
        dest="url",
        metavar="URL",
        required=True,
        help="the server: https://server:5989, or its name alone, for HTTPS",
    )
    parser.add_argument("classname", metavar="CLASSNAME", help="the class, such as CIM_DiskDrive")
    parser.add_argument(
        *("-w", "--warning"), metavar="RANGE", type=parse_range, default="0", help="default: 0"
    )
    parser.add_argument(
        *("-c", "--critical"), metavar="RANGE", type=parse_range, default="0", help="default: 0"
    )
    add_connection_options(parser)
    parser.add_argument(
        "--min", type=int, default=1, metavar="N", help="elements expected (default: %(default)s)"
    )
    parser.add_argument("-V", "--version", action="version", version=f"pywbem {pywbem.__version__}")
    args = parser.parse_args()
    if "://" not in args.url:
        args.url = f"https://{args.url}"
    return args


class Element(NamedTuple):
    """An element that is not well."""

    level: int
    text: str


def name_of(instance: pywbem.CIMInstance) -> str:
    name: Optional[str] = instance.get("ElementName")
    if name:
        return name
    keys = instance.path.keybindings if instance.path else {}
    last = [str(value) for key, value in keys.items() if key in ("DeviceID", "Name", "InstanceID")]
    return last[0] if last else str(instance.path)


def look_at(instances: List[pywbem.CIMInstance]) -> List[Element]:
    ill = []
    for instance in instances:
        state = instance.get("HealthState")
        unknown = (UNKNOWN, "without HealthState" if state is None else f"HealthState {state}")
        level, text = unknown if state is None else HEALTH.get(int(state), unknown)
        if level != OK:
            ill.append(Element(level, f"{name_of(instance)}: {text}"))
    return ill


def level_of(ill: List[Element], args: argparse.Namespace, count: int) -> int:
    """UNKNOWN is better than CRITICAL and worse than WARNING."""
    levels = [element.level for element in ill]
    if args.critical.is_reached(levels.count(CRITICAL)) or count < args.min:
        return CRITICAL
    if UNKNOWN in levels:
        return UNKNOWN
    return WARNING if args.warning.is_reached(len(levels)) else OK


def check(args: argparse.Namespace) -> Tuple[int, str]:
    started = time.monotonic()
    try:
        with connect(args.url, args) as connection:
            instances = connection.EnumerateInstances(args.classname)
    except pywbem.CIMError as exc:
        return UNKNOWN, f"{exc.status_code_name}: {exc.status_description}"
    except (pywbem.ConnectionError, pywbem.TimeoutError) as exc:
        return CRITICAL, str(exc)
    except pywbem.Error as exc:
        return UNKNOWN, f"{type(exc).__name__}: {exc}"
    except (OSError, ValueError) as exc:
        return UNKNOWN, str(exc)
    ill = look_at(instances)
    level = level_of(ill, args, len(instances))
    text = f"{len(instances) - len(ill)} of {len(instances)} {args.classname} are ok"
    if len(instances) < args.min:
        text += f", {args.min} were expected"
    seconds = time.monotonic() - started
    text += f" | time={seconds:.3f}s elements={len(instances)} ill={len(ill)}"
    return level, "\n".join([text, *(element.text for element in ill)])


def main() -> int:
    level, text = check(parse_arguments())
    print(f"WBEM {WORDS[level]} - {text}")
    return level


if __name__ == "__main__":
    sys.exit(main())
