"""
The commands ``snapshot`` and ``diff`` of ``python -m pywbem_mock``.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any, Callable, Dict, Iterable, Iterator, Optional

from pywbem import ConnectionError, Error
from pywbem._command_errors import told

from .comparing import compare
from .options import CACHE_HELP, OPTIONS, Failed, add_server_options, connect, naming, positive
from .reading import Unreachable
from .report import as_json, text_lines
from .sources import of_all_namespaces, open_source
from .taking import Settings, take_snapshot

#: Exit codes.
COMPLETE, INCOMPLETE, FAILED, INTERRUPTED = 0, 1, 2, 130


def say(message: str) -> None:
    """
    Tell the user something beside the result.
    """
    print(message, file=sys.stderr, flush=True)


class Progress:
    """
    A bar on the standard error, if that is a terminal.
    """

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._bar: Optional[Any] = None
        self._what = ""

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *exc_info: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def __call__(self, what: str, done: int, total: int) -> None:
        """
        Show that so many of a number are done.
        """
        if not self._shown:
            return
        from tqdm import tqdm

        if self._bar is None or what != self._what:
            if self._bar is not None:
                self._bar.close()
            self._bar = tqdm(desc=what, total=total, unit=" classes", leave=False, file=sys.stderr)
            self._what = what
        self._bar.total = total
        self._bar.update(done - self._bar.n)


def add_commands(commands: Any) -> None:
    """
    Add the commands to a parser; the attribute ``run`` of the arguments runs the one given.

    Parameters:
        commands: The subparsers of :mod:`argparse`.
    """
    snapshot = commands.add_parser(
        "snapshot",
        help="copy a WBEM server into a directory of MOF files",
        description="Read the qualifier declarations, classes and instances of a WBEM server and "
        "write them into a directory, which 'serve --mof DIR' serves again. A snapshot that was "
        "interrupted is continued by the same command.",
        epilog="exit codes: 0 everything was read; 1 something could not be read, which "
        "snapshot.json names; 2 it failed",
    )
    _add_snapshot_arguments(snapshot)
    snapshot.set_defaults(run=run_snapshot, prog=snapshot.prog)
    diff = commands.add_parser(
        "diff",
        help="compare two WBEM servers, snapshots, state files, or MOF",
        description="Report what B has other than A. Each of them is the URL of a WBEM server, "
        "the directory of a snapshot, a state file, a MOF file, or a directory of MOF files.",
        epilog="exit codes: 0 they are equal; 1 they differ; 2 they could not be compared; "
        + CACHE_HELP,
    )
    _add_diff_arguments(diff)
    diff.set_defaults(run=run_diff, prog=diff.prog)


# -- snapshot -------------------------------------------------------------------


def _add_snapshot_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("url", metavar="URL", help="URL of the server, [scheme://][user[:password]@]host[:port]")
    add("-o", "--output", metavar="DIR", required=True, help="directory of the snapshot")
    names = parser.add_mutually_exclusive_group()
    names.add_argument(
        "-n",
        "--namespace",
        metavar="NS",
        action="append",
        default=[],
        help="a namespace to read; may be repeated (root/cimv2)",
    )
    names.add_argument(
        "--all-namespaces",
        action="store_true",
        help="read all namespaces, which the Interop namespace of the server tells",
    )
    add(
        "--class",
        dest="classes",
        metavar="C",
        action="append",
        default=[],
        help="read only this class, its subclasses, and the classes that these need; may be "
        "repeated",
    )
    add("--no-instances", action="store_true", help="read no instances")
    add(
        "--max-instances",
        metavar="N",
        type=positive,
        help="read no more than so many instances of each class",
    )
    add_server_options(parser)


def run_snapshot(args: argparse.Namespace) -> int:
    """
    Take a snapshot.

    Parameters:
        args (argparse.Namespace): The arguments.

    Returns:
        int: The exit code.
    """
    settings = Settings(
        tuple(args.namespace),
        args.all_namespaces,
        tuple(args.classes),
        not args.no_instances,
        args.max_instances,
    )

    def work() -> int:
        conn = connect(args, args.url)
        try:
            with Progress() as progress, naming("--output"):
                summary = take_snapshot(conn, args.output, settings, progress)
        finally:
            conn.close()
        _tell(summary, args.output)
        return INCOMPLETE if summary["failures"] else COMPLETE

    return guarded(args.prog, work, "the same command goes on where it stopped")


def guarded(prog: str, work: Callable[[], int], after_interrupt: str = "") -> int:
    """
    Run a command; tell what made it fail.
    """
    try:
        return work()
    except KeyboardInterrupt:
        hint = f"; {after_interrupt}" if after_interrupt else ""
        say(f"{prog}: interrupted{hint}")
        return INTERRUPTED
    except Unreachable as exc:
        cause = exc.__cause__
        say(f"{prog}: {told(cause, OPTIONS) if isinstance(cause, Error) else exc}")
    except (Failed, Error, OSError, ValueError) as exc:
        name = f"{type(exc).__name__}: " if isinstance(exc, Error) else ""
        say(f"{prog}: {name}{told(exc, OPTIONS)}")
    return FAILED


def _tell(summary: Dict[str, Any], directory: str) -> None:
    for namespace, item in summary["namespaces"].items():
        counts = item["counts"]
        said = ", ".join(f"{count} {kind}" for kind, count in counts.items())
        print(f"{namespace}: {said} in {os.path.join(directory, item['folder'])}")
        if item["without_provider"]:
            print(f"  {len(item['without_provider'])} classes have no provider for instances")
        if item["cut_off"]:
            print(f"  {len(item['cut_off'])} classes have more instances than --max-instances")
    for failure in summary["failures"]:
        name = f" {failure['name']}" if failure["name"] else ""
        say(f"{failure['namespace']}: {failure['what']}{name}: {failure['error']}")


# -- diff -----------------------------------------------------------------------


def _add_diff_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("a", metavar="A", help="what it was")
    add("b", metavar="B", help="what it is")
    names = parser.add_mutually_exclusive_group()
    names.add_argument(
        "-n",
        "--namespace",
        metavar="NS",
        action="append",
        default=[],
        help="a namespace to compare; may be repeated (all of a snapshot or of MOF, "
        "which are those of a server, too; root/cimv2 of servers)",
    )
    names.add_argument(
        "--all-namespaces",
        action="store_true",
        help="compare all namespaces, which the Interop namespace of a server tells",
    )
    add("--instances", action="store_true", help="compare instances, too")
    add("--json", action="store_true", help="print JSON")
    add(
        "-I",
        "--include",
        metavar="DIR",
        action="append",
        default=[],
        help="where MOF files look for includes and missing classes",
    )
    add_server_options(parser)


def run_diff(args: argparse.Namespace) -> int:
    """
    Compare two servers.

    Parameters:
        args (argparse.Namespace): The arguments.

    Returns:
        int: The exit code.
    """
    return guarded(args.prog, partial(_compared, args))


def _print(lines: Iterable[str]) -> None:
    try:
        for line in lines:
            print(line)
        sys.stdout.flush()
    except BrokenPipeError:
        # Who reads it, such as head, has seen enough; at the exit nothing more is written.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


@contextmanager
def _naming_files(*names: str) -> Iterator[None]:
    """
    Tell of names that were taken for hosts that they are no files either.
    """
    try:
        yield
    except (Unreachable, ConnectionError) as exc:
        hosts = [name for name in names if "://" not in name and not os.path.exists(name)]
        if not hosts:
            raise
        error = exc.__cause__ if isinstance(exc, Unreachable) else exc
        raise Failed(
            f"There is no file or directory {' or '.join(hosts)}. As the URL of a server: "
            f"{told(error or exc, OPTIONS)}"
        ) from exc


def _compared(args: argparse.Namespace) -> int:
    with ExitStack() as stack:
        sources = []
        for text in (args.a, args.b):
            source = open_source(text, partial(connect, args), args.namespace, args.include)
            stack.callback(source.close)
            sources.append(of_all_namespaces(source) if args.all_namespaces else source)
        a, b = sources
        with Progress() as progress, _naming_files(args.a, args.b):
            result = compare(a, b, args.instances, progress)
    if args.json:
        _print([json.dumps(as_json(result, a.name, b.name), indent=2)])
    else:
        _print(text_lines(result, a.name, b.name))
    for failure in result.failures:
        say(f"{args.prog}: {failure}")
    if result.failures:
        return FAILED
    return INCOMPLETE if result.changes else COMPLETE
