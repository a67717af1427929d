"""
``python -m pywbem_mock``: commands of the mock WBEM server.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, Dict, List, Optional

from pywbem import Error
from pywbem._version import __version__

from .snapshot.commands import add_commands

if TYPE_CHECKING:
    from . import FakedWBEMConnection

_SUBSCRIPTION_CLASSES = [
    "CIM_IndicationFilter",
    "CIM_ListenerDestinationCIMXML",
    "CIM_IndicationSubscription",
]


def _user(text: str) -> Dict[str, str]:
    user, colon, password = text.partition(":")
    if not user or not colon:
        raise argparse.ArgumentTypeError("expected USER:PASSWORD")
    return {user: password}


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError("expected a number up to 65535")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m pywbem_mock", description="A mock WBEM server in a process of its own."
    )
    parser.add_argument("--version", action="version", version=f"pywbem_mock {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    serve = commands.add_parser(
        "serve",
        help="serve a repository over HTTP or HTTPS",
        description="Serve a repository, filled from MOF files, over HTTP or HTTPS until it is "
        "interrupted. The URL is printed as soon as clients can connect.",
    )
    add = serve.add_argument
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
        "--listener-ca-certs",
        metavar="FILE",
        help="certificates of the authorities for listeners to which indications are sent",
    )
    add("--host", default="127.0.0.1", help="name or address to listen on (%(default)s)")
    add("--port", type=_port, help="port to listen on (5988, with TLS 5989; 0: any)")
    add("--tls-cert", metavar="FILE", help="certificate: serve HTTPS")
    add("--tls-key", metavar="FILE", help="private key of the certificate, if not in its file")
    add("--user", metavar="USER:PASSWORD", type=_user, action="append", default=[],
        help="ask for this user by HTTP Basic authentication; may be repeated")  # fmt: skip
    add_commands(commands)
    return parser


def _install_providers(conn: FakedWBEMConnection, interop: str, schema: Optional[str]) -> None:
    """
    Install the providers whose classes exist, or all if there is a schema.
    """
    for install, what, classnames in (
        (conn.install_namespace_provider, "namespaces", ["CIM_Namespace"]),
        (conn.install_subscription_providers, "subscriptions", _SUBSCRIPTION_CLASSES),
    ):
        classes = conn.cimrepository.get_class_store(interop)
        missing = [name for name in classnames if not classes.object_exists(name)]
        if schema is None and missing:
            print(
                f"No provider for {what}: {', '.join(missing)} missing in namespace {interop}; "
                "see --schema-pragma-file",
                file=sys.stderr,
            )
        else:
            install(interop, schema)


def _compile(conn: FakedWBEMConnection, path: str, include: List[str]) -> None:
    """
    Compile a MOF file.  The compiler shows all errors with the lines around them.
    """
    # Imported late: ply is needed only for MOF.
    from pywbem import MOFCompileError

    from .snapshot import load_snapshot

    # Standard output has the URL.
    with contextlib.redirect_stdout(sys.stderr):
        try:
            if os.path.isdir(path):
                load_snapshot(conn, path)
            else:
                conn.compile_mof_file(path, search_paths=include)
        except MOFCompileError as exc:
            count = len(exc.errors)
            raise ValueError(f"{path}: {count} error{'s' if count > 1 else ''} in MOF") from exc


def _fill(conn: FakedWBEMConnection, args: argparse.Namespace) -> None:
    """
    Make the repository as the arguments say.
    """
    interop = [args.interop] if args.interop else []
    for name in [*args.namespace[1:], *interop]:
        if name not in conn.namespaces:
            conn.add_namespace(name)
    for path in args.mof:
        _compile(conn, path, args.include)
    if args.interop:
        _install_providers(conn, args.interop, args.schema_pragma_file)
    conn.indications.settings.ca_certs = args.listener_ca_certs


def serve(args: argparse.Namespace) -> None:
    """
    Serve until SIGINT or SIGTERM.
    """
    from . import FakedWBEMConnection, WBEMServerThread

    port = args.port
    if port is None:
        port = 5989 if args.tls_cert else 5988
    users = {name: password for user in args.user for name, password in user.items()}
    with FakedWBEMConnection(default_namespace=(args.namespace or [None])[0]) as conn:
        _fill(conn, args)
        server = WBEMServerThread(
            conn, args.host, port, certfile=args.tls_cert, keyfile=args.tls_key, users=users
        )
        ended = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: ended.set())
        with server:
            print(f"Serving {', '.join(conn.namespaces)} at {server.url}", flush=True)
            ended.wait()


def main(argv: Optional[List[str]] = None) -> int:
    """
    Run a command.

    Returns:
        int: Exit code: 0 after a signal, 1 for what could not be read or served;
        argparse exits with 2 for wrong arguments.
    """
    parser = _parser()
    args = parser.parse_args(argv)
    if args.command != "serve":
        return int(args.run(args))
    if args.tls_key and not args.tls_cert:
        parser.error("--tls-key needs --tls-cert")
    if args.schema_pragma_file and not args.interop:
        parser.error("--schema-pragma-file needs --interop")
    try:
        serve(args)
    except (Error, OSError, ValueError) as exc:
        print(f"{parser.prog}: {exc}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
