"""
The options of the command ``serve``, and what they stand for.
"""

from __future__ import annotations

import argparse
import errno
import os
import sys
from typing import Any, Dict, List, TextIO

from ..operations.faults import parse_fault
from ..snapshot.options import naming, positive

# What --log has without a file.
STANDARD_ERROR = "-"
# Others than the owner who may read or write a file.
_OTHERS = 0o077
#: Options that mean nothing without another one.
NEEDS = {
    "--tls-key": "--tls-cert",
    "--schema-pragma-file": "--interop",
    "--fault-rate": "--fault",
}


def _user(text: str) -> Dict[str, str]:
    user, colon, password = text.partition(":")
    if not user or not colon:
        raise argparse.ArgumentTypeError("expected USER:PASSWORD")
    return {user: password}


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError("expected a number up to 65535")
    return int(text)


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = 0.0
    if not 0 < rate <= 1:
        raise argparse.ArgumentTypeError("expected a number above 0 and up to 1")
    return rate


def _fault(text: str) -> Dict[str, Any]:
    try:
        return parse_fault(text)
    except ValueError as exc:
        raise argparse.ArgumentTypeError(str(exc)) from None


def add_serve_options(parser: argparse.ArgumentParser) -> None:
    """
    Add the options.

    Parameters:
        parser (argparse.ArgumentParser): Gets them.
    """
    _add_repository_options(parser)
    _add_network_options(parser)
    _add_fault_options(parser)


def _add_repository_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--mof", metavar="FILE", action="append", default=[],
        help="compile this file first, or load this snapshot, a directory")  # fmt: skip
    add(
        "-I",
        "--include",
        metavar="DIR",
        action="append",
        default=[],
        help="where MOF files look for includes and missing classes",
    )
    add(
        "-n",
        "--namespace",
        metavar="NAME",
        action="append",
        default=[],
        help="a namespace; the first is the default (root/cimv2)",
    )
    add(
        "--strict",
        action="store_true",
        help="do what DSP0200 says where the mock is lenient",
    )
    add(
        "--state",
        metavar="FILE",
        help="keep the repository in this file: each change is in it before it is answered; "
        "--mof fills it only the first time",
    )
    add(
        "--interop",
        metavar="NAME",
        nargs="?",
        const="interop",
        help="add this Interop namespace (interop) with the providers for namespaces and for "
        "subscriptions, as far as the MOF files have their classes",
    )
    add(
        "--schema-pragma-file",
        metavar="FILE",
        help="with --interop: compile the classes that are missing from this schema",
    )
    add(
        "--provider",
        metavar="FILE.py",
        action="append",
        default=[],
        help="run this file after the MOF files: its function setup(conn, server, verbose), or "
        "without one, its provider classes are registered; may be repeated",
    )


def _add_network_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "--listener-ca-certs",
        metavar="FILE",
        help="certificates of the authorities for listeners to which indications are sent",
    )
    add("--host", default="127.0.0.1", help="name or address to listen on (%(default)s)")
    add("--port", type=_port, help="port to listen on (5988, with TLS 5989; 0: any)")
    add("--tls-cert", metavar="FILE", help="certificate: serve HTTPS")
    add("--tls-key", metavar="FILE", help="private key of the certificate, if not in its file")
    add(
        "--user",
        metavar="USER:PASSWORD",
        type=_user,
        action="append",
        default=[],
        help="ask for this user by HTTP Basic authentication; may be repeated. Whoever lists the "
        "processes of the machine sees the password; see --credentials",
    )
    add(
        "--credentials",
        metavar="FILE",
        help="ask for the users of this file, a line USER:PASSWORD each; only you should be able "
        "to read it (chmod 600)",
    )
    add(
        "--max-enumerations",
        metavar="N",
        type=positive,
        default=1000,
        help="how many enumerations can be open; the oldest one is closed to open another "
        "(%(default)s)",
    )
    add(
        "--enumeration-timeout",
        metavar="SECONDS",
        type=positive,
        help="close an enumeration that nobody continues after this time, if its client asked for "
        "no timeout",
    )
    add(
        "--log",
        metavar="FILE",
        nargs="?",
        const=STANDARD_ERROR,
        help="write a line a request: time, client, operation, namespace, class, status, "
        "milliseconds; to this file, at its end, or to the standard error",
    )


def _add_fault_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "--fault",
        metavar="FAULT",
        type=_fault,
        action="append",
        default=[],
        help="make requests fail: [class=NAME] [operation=NAME] [rate=P] [times=N] and one of "
        "status=CODE, delay=SECONDS, drop, http=STATUS or truncate; may be repeated",
    )
    add(
        "--fault-rate",
        metavar="P",
        type=_rate,
        help="the share of the requests that meet a --fault without a rate (1)",
    )


def given(args: argparse.Namespace, option: str) -> bool:
    """
    Return whether an option is given.

    Parameters:
        args (argparse.Namespace): The arguments.
        option (str): The option.
    """
    return bool(getattr(args, option.strip("-").replace("-", "_")))


def not_listening(exc: OSError, host: str, port: int) -> str:
    """
    Return why a server cannot listen, and what to do.

    Parameters:
        exc (OSError): The error.
        host (str): Name or address.
        port (int): The port.
    """
    reason = exc.strerror or str(exc)
    where = f"Cannot listen on {host or 'all addresses'}, port {port}: {reason}"
    if exc.errno == errno.EADDRINUSE:
        return f"{where}; use another --port, or --port 0 for any that is free"
    if exc.errno in (errno.EACCES, errno.EPERM):
        return f"{where}; use a --port above 1023, or --port 0 for any that is free"
    return f"{where}; use another --host"


def users_of(args: argparse.Namespace) -> Dict[str, str]:
    """
    Return the passwords by user name.

    Parameters:
        args (argparse.Namespace): The arguments.

    Raises:
        OSError: The file cannot be read.
        ValueError: It is not as it should be.
    """
    users = _read_credentials(args.credentials) if args.credentials else {}
    for user in args.user:
        users.update(user)
    return users


def _read_credentials(path: str) -> Dict[str, str]:
    users: Dict[str, str] = {}
    try:
        # Some editors mark UTF-8.
        with naming("--credentials"), open(path, encoding="utf-8-sig") as file:
            if os.name == "posix" and os.fstat(file.fileno()).st_mode & _OTHERS:
                print(
                    f"--credentials: Others than you may read {path}; 'chmod 600 {path}' keeps "
                    "them out",
                    file=sys.stderr,
                )
            # A password may have what Unicode takes for the end of a line, too.
            lines = file.read().split("\n")
    except UnicodeDecodeError:
        raise ValueError(f"--credentials: {path} is no text in UTF-8") from None
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        user, colon, password = line.partition(":")
        if not user or not colon:
            # The line may be a password.
            raise ValueError(f"--credentials: {path}, line {number}: expected USER:PASSWORD")
        users[user] = password
    if not users:
        raise ValueError(f"--credentials: {path} has no line USER:PASSWORD")
    return users


def faults_of(args: argparse.Namespace) -> List[Dict[str, Any]]:
    """
    Return the arguments of each fault that is to be injected.

    Parameters:
        args (argparse.Namespace): The arguments.
    """
    rate = {} if args.fault_rate is None else {"rate": args.fault_rate}
    return [{**rate, **fault} for fault in args.fault]


def open_log(path: str) -> TextIO:
    """
    Open the file of the log; several servers may write to one.

    Parameters:
        path (str): What --log has.

    Raises:
        OSError: The file cannot be written.
    """
    if path == STANDARD_ERROR:
        return sys.stderr
    return open(path, "a", encoding="utf-8")
