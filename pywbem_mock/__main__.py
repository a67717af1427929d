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
from typing import TYPE_CHECKING, List, Optional

from pywbem import Error
from pywbem._command_errors import escape_output
from pywbem._version import __version__

from .command.serve_options import (
    NEEDS,
    add_serve_options,
    faults_of,
    given,
    not_listening,
    open_log,
    users_of,
)
from .snapshot.commands import INTERRUPTED, add_commands
from .snapshot.options import CACHE_HELP, naming

if TYPE_CHECKING:
    from . import FakedWBEMConnection, WBEMServerThread

_SUBSCRIPTION_CLASSES = [
    "CIM_IndicationFilter",
    "CIM_ListenerDestinationCIMXML",
    "CIM_IndicationSubscription",
]


def _prog() -> str:
    """
    How the command was called: as a module, or as the console script.
    """
    name = os.path.splitext(os.path.basename(sys.argv[0]))[0]
    return "pywbem-mock" if name == "pywbem-mock" else "python -m pywbem_mock"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=_prog(), description="A mock WBEM server in a process of its own."
    )
    parser.add_argument("--version", action="version", version=f"pywbem_mock {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    serve = commands.add_parser(
        "serve",
        help="serve a repository over HTTP or HTTPS",
        description="Serve a repository, filled from MOF files, over HTTP or HTTPS until it is "
        "interrupted. The URL is printed as soon as clients can connect.",
        epilog=CACHE_HELP,
    )
    add_serve_options(serve)
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
    Compile a MOF file, or load a snapshot.
    """
    # Imported late: ply is needed only for MOF.
    from pywbem import MOFCompileError

    from .filling.mof_errors import errors_shown
    from .snapshot import load_snapshot
    from .snapshot.layout import is_snapshot, is_unfinished

    if os.path.isdir(path) and not (is_snapshot(path) or is_unfinished(path)):
        raise ValueError(
            f"--mof: {path} is a directory, but no snapshot; give the MOF file that includes the "
            "others, or --mof for each"
        )
    try:
        with errors_shown():
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
    if not conn.server.restored:
        for path in args.mof:
            with naming("--mof"):
                _compile(conn, path, args.include)
    elif args.mof:
        print(f"--mof: nothing is compiled, {args.state} is filled already", file=sys.stderr)
    if args.interop:
        with naming("--schema-pragma-file"):
            _install_providers(conn, args.interop, args.schema_pragma_file)
    if args.provider:
        _run_provider_files(conn, args.provider)
    if args.listener_ca_certs:
        from .http.tls_files import check_authorities

        check_authorities(args.listener_ca_certs, "--listener-ca-certs")
    conn.indications.settings.ca_certs = args.listener_ca_certs


def _run_provider_files(conn: FakedWBEMConnection, paths: List[str]) -> None:
    from .command.provider_files import run_provider_file

    # Standard output has the URL.
    with contextlib.redirect_stdout(sys.stderr), naming("--provider"):
        for path in paths:
            run_provider_file(conn, path)


def _server(
    conn: FakedWBEMConnection, args: argparse.Namespace, stack: contextlib.ExitStack
) -> WBEMServerThread:
    """
    Make the server as the arguments say, and start it.
    """
    from . import WBEMServerThread
    from .http.tls_files import server_context

    with naming("--fault", ValueError):
        for fault in faults_of(args):
            conn.inject(**fault)
    context = log = None
    if args.tls_cert:
        context = server_context(args.tls_cert, args.tls_key, ("--tls-cert", "--tls-key"))
    if args.log is not None:
        with naming("--log"):
            log = open_log(args.log)
    if log is not None and log is not sys.stderr:
        stack.enter_context(log)
    port = args.port
    if port is None:
        port = 5989 if args.tls_cert else 5988
    server = WBEMServerThread(
        conn, args.host, port, ssl_context=context, users=users_of(args), log=log
    )
    try:
        return stack.enter_context(server)
    except OSError as exc:
        raise ValueError(not_listening(exc, args.host, port)) from exc


def serve(args: argparse.Namespace) -> None:
    """
    Serve until SIGINT or SIGTERM.
    """
    from . import FakedWBEMConnection, MockServer

    with contextlib.ExitStack() as stack:
        with naming("--state", ValueError):
            mock = MockServer(
                default_namespace=(args.namespace or [None])[0],
                max_enumerations=args.max_enumerations,
                enumeration_timeout=args.enumeration_timeout,
                strict=args.strict,
                state=args.state,
            )
        stack.enter_context(mock)
        conn = FakedWBEMConnection(default_namespace=mock.default_namespace, server=mock)
        stack.enter_context(conn)
        # As a whole: a first start that is killed meanwhile leaves nothing in a state file.
        with mock.repository.as_one():
            _fill(conn, args)
        ended = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: ended.set())
        server = _server(conn, args, stack)
        print(f"Serving {', '.join(conn.namespaces)} at {server.url}", flush=True)
        ended.wait()


def main(argv: Optional[List[str]] = None) -> int:
    """
    Run a command.

    Parameters:
        argv (list of str): The arguments.  None means those of the process.

    Returns:
        int: Exit code of ``serve``: 0 after a signal, 1 for what could not be read or
        served, 130 if it was interrupted before it served.  Those of the other commands
        are in their help.  argparse exits with 2 for wrong arguments.
    """
    escape_output()
    parser = _parser()
    args = parser.parse_args(argv)
    if args.command != "serve":
        return int(args.run(args))
    for option, needed in NEEDS.items():
        if given(args, option) and not given(args, needed):
            parser.error(f"{option} needs {needed}")
    try:
        serve(args)
    except (Error, OSError, ValueError) as exc:
        print(f"{parser.prog}: {exc}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"{parser.prog}: interrupted", file=sys.stderr)
        return INTERRUPTED
    return 0


if __name__ == "__main__":
    sys.exit(main())
