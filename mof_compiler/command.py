"""
What ``mof_compiler`` does.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
import time
import warnings
from typing import Any, List, Optional

from pywbem import CIM_ERR_INVALID_NAMESPACE, CIMError, Error, WBEMConnection
from pywbem._command_errors import escape_output, told
from pywbem._mof_compiler import (
    MOFCompileError,
    MOFCompiler,
    MOFDependencyError,
    MOFWBEMConnection,
)
from pywbem._mof_compiler.source import decoded

from . import output
from .interrupt import Interrupted, Interruption
from .options import parse
from .progress import Progress

LOG_FILENAME = "mofcompserver.log"

_OPTIONS = {
    "creds": "--user and --password",
    "x509": "--certfile",
    "ca_certs": "--cacerts",
    "no_verification": "--no-verify-cert",
}

# A server that does not answer may be starting again: seconds before each attempt to undo what was
# done, and for all of them.
_PAUSES = (0.0, 0.5, 1.0, 2.0)
_PATIENCE = 10.0


class _Failed(Exception):
    """
    The command cannot go on, for a reason that the user can act on.
    """


def _has_terminal() -> bool:
    """
    Whether a password can be asked for without reading the standard input.
    """
    if os.name == "nt":
        return True
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True


def _password(args: argparse.Namespace) -> str:
    if args.password is not None:
        return str(args.password)
    if "-" in args.mof_files and not _has_terminal():
        raise _Failed("The standard input has the MOF: give the password by --password")
    try:
        with warnings.catch_warnings():
            # It says on the terminal that the input is shown; the stack of the library is no help.
            warnings.simplefilter("ignore", getpass.GetPassWarning)
            return getpass.getpass(f"Enter password for {args.user}: ")
    except EOFError:
        raise _Failed(f"No password for user {args.user}: give it by --password") from None


def _connect(args: argparse.Namespace) -> WBEMConnection:
    """
    The connection to the server; nothing is sent.
    """
    creds = (args.user, _password(args)) if args.user else None
    x509 = None
    if args.certfile:
        x509 = {"cert_file": args.certfile}
        if args.keyfile:
            x509["key_file"] = args.keyfile
    try:
        conn = WBEMConnection(
            args.url,
            creds,
            default_namespace=args.namespace,
            x509=x509,
            ca_certs=args.cacerts,
            no_verification=args.no_verify_cert,
        )
        if args.log:
            from pywbem import configure_loggers_from_string

            configure_loggers_from_string(args.log, LOG_FILENAME, conn)
    except (ValueError, OSError) as exc:
        raise _Failed(str(exc)) from exc
    return conn


def _standard_input(encoding: str) -> str:
    data = sys.stdin.buffer.read()
    try:
        return decoded(data, encoding)
    except UnicodeDecodeError as exc:
        line = data.count(b"\n", 0, exc.start) + 1
        raise _Failed(
            f"The standard input is not {exc.encoding.upper()}: byte 0x{data[exc.start]:02X} in "
            f"line {line}"
        ) from None
    except UnicodeError as exc:
        raise _Failed(f"The standard input cannot be decoded: {exc}") from None


def _directories(args: argparse.Namespace) -> List[str]:
    """
    Where files that the MOF depends on are looked up: the include directories, and those of the
    MOF files.
    """
    for name in args.include_dirs:
        if not os.path.isdir(name):
            print(f"mof_compiler: warning: there is no directory {name} (-I)", file=sys.stderr)
    own = [os.path.dirname(name) or os.curdir for name in args.mof_files if name != "-"]
    return list(dict.fromkeys([*args.include_dirs, *own]))


class _Run:
    """
    One run of the command with a valid command line.

    Parameters:
        args (argparse.Namespace): The options.
        conn (WBEMConnection): The connection to the server; None for none.
        progress (Progress): The progress bar.
        interruption (Interruption): The signals.
    """

    def __init__(
        self,
        args: argparse.Namespace,
        conn: Optional[WBEMConnection],
        progress: Progress,
        interruption: Interruption,
    ) -> None:
        self._args = args
        self._progress = progress
        self._interruption = interruption
        self._in_memory = args.dry_run or args.remove
        handle: Any = MOFWBEMConnection(conn) if self._in_memory else conn
        if conn is None:
            handle.default_namespace = args.namespace
        self._namespace = args.namespace.strip("/")
        self._compiler = MOFCompiler(
            handle,
            search_paths=_directories(args),
            # What is compiled only to know what has to be removed is of no interest.
            verbose=args.verbose and not args.remove,
            log_func=progress.print,
            include_root=args.include_root,
            encoding=args.encoding,
        )
        self._compiler.progress = self._advanced

    def _advanced(self, done: int, total: int) -> None:
        self._interruption.check()
        self._progress.update(done, total)

    def __call__(self) -> None:
        """
        Compile the files; what was done is undone if that fails.
        """
        # Before a signal has to wait: it may be a terminal.
        text = _standard_input(self._args.encoding) if "-" in self._args.mof_files else ""
        if not self._in_memory:
            self._interruption.defer()
        try:
            for name in self._args.mof_files:
                self._progress.begin("standard input" if name == "-" else name)
                if name == "-":
                    self._compiler.verbose_log("Compiling the standard input")
                    self._compiler.compile_string(text, self._namespace, "<stdin>")
                else:
                    self._compiler.compile_file(name, self._namespace)
            self._interruption.check()
        except BaseException:
            if not self._in_memory:
                self._undo()
            raise
        if self._args.remove:
            self._compiler.rollback(verbose=self._args.verbose)

    def _undo(self) -> None:
        """
        Undo what was done; the compiler has already tried that for the file that failed.
        """
        journal = self._compiler.journal
        deadline = time.monotonic() + _PATIENCE
        # Somebody who interrupts twice does not want to wait.
        pauses = _PAUSES if self._interruption.count < 2 else _PAUSES[:1]
        try:
            for pause in pauses:
                if not journal.mark() or time.monotonic() + pause > deadline:
                    break
                time.sleep(pause)
                self._compiler.rollback(verbose=self._args.verbose)
        finally:
            if journal.mark():
                self._progress.print(
                    f"mof_compiler: {journal.mark()} changes to the WBEM server could not be undone"
                )


def _tell_of_namespace(conn: WBEMConnection, namespace: str) -> None:
    """
    Tell if a namespace in which nothing was found is none of the server, but mistyped.
    """
    try:
        conn.EnumerateClassNames(namespace=namespace)
    except CIMError as exc:
        if exc.status_code == CIM_ERR_INVALID_NAMESPACE:
            output.say(f"WBEM server {conn.url} has no namespace {namespace} (--namespace)")
    except Error:
        pass  # what made the command fail is told


def _run(args: argparse.Namespace, interruption: Interruption) -> None:
    conn = _connect(args) if args.url else None
    if conn is None:
        output.say("Checking the MOF without a WBEM server")
    else:
        namespace = args.namespace.strip("/")
        output.say(f"MOF repository: Namespace {namespace} in WBEM server {conn.url}")
    if args.dry_run:
        output.say("Executing in dry-run mode")
    try:
        with Progress(quiet=args.verbose) as progress:
            _Run(args, conn, progress, interruption)()
    except MOFDependencyError:
        if conn is not None:
            _tell_of_namespace(conn, args.namespace.strip("/"))
        raise
    finally:
        if conn is not None:
            conn.close()


def _message(exc: Exception) -> str:
    """
    The last line that the command prints about an exception.
    """
    if isinstance(exc, _Failed):
        return str(exc)
    text = told(exc, _OPTIONS)
    if isinstance(exc, MOFCompileError):
        # The compiler has shown all errors with the lines around them.
        count = len(exc.errors)
        text = f"{count} error{'s' if count > 1 else ''}, see above"
    return f"{type(exc).__name__}: {text}"


def main(argv: Optional[List[str]] = None) -> int:
    """
    Run the command.

    Parameters:
        argv (list of str): Its arguments; None for those of the process.

    Returns:
        int: The exit code.
    """
    escape_output()
    args = parse(argv)
    try:
        with Interruption() as interruption:
            _run(args, interruption)
    except Interrupted as exc:
        output.say("mof_compiler: interrupted")
        return exc.exit_code
    except (_Failed, Error, OSError) as exc:
        output.say(f"mof_compiler: {_message(exc)}")
        return 1
    finally:
        output.finish()
    return 0
