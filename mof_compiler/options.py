"""
The command line of ``mof_compiler``.
"""

from __future__ import annotations

import argparse
import codecs
import sys
from typing import Iterator, List, Optional, Tuple

from pywbem._cim_constants import DEFAULT_NAMESPACE
from pywbem._version import __version__

_EPILOG = """\
exit codes:
  0  everything was compiled, removed or checked
  1  a MOF file, the server or a file on this machine made it fail; what was
     done to the namespace is undone
  2  the command line is wrong
  130  interrupted by Ctrl-C (143 by SIGTERM); what was done to the namespace
     is undone, but what --remove has deleted stays deleted

environment:
  PYWBEM_MOF_CACHE  directory in which what MOF files are parsed to is kept,
                    or off to keep nothing (the user's directory for caches)

example:
  mof_compiler CIM_Schema.mof -s https://myserver -n root/cimv2 -u me
"""


def parser() -> argparse.ArgumentParser:
    """
    The parser of the command line.
    """
    result = argparse.ArgumentParser(
        prog="mof_compiler",
        usage="%(prog)s [options] moffile ...",
        description="Compile MOF files and update a namespace in a WBEM server with the result.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=False,
    )
    result.add_argument(
        "mof_files",
        metavar="moffile",
        nargs="*",
        help="MOF file; may be repeated; - reads the standard input",
    )
    _add_server(result)
    _add_security(result)
    _add_actions(result)
    _add_general(result)
    return result


def _add_server(result: argparse.ArgumentParser) -> None:
    group = result.add_argument_group("server")
    group.add_argument(
        "-s",
        "--server",
        dest="url",
        metavar="url",
        help="URL of the WBEM server, [scheme://]host[:port]; scheme is http (default, port 5988) "
        "or https (port 5989); IPv6 addresses stand in brackets; required unless --dry-run",
    )
    group.add_argument(
        "-n",
        "--namespace",
        metavar="namespace",
        default=DEFAULT_NAMESPACE,
        help="namespace in the server (%(default)s)",
    )


def _add_security(result: argparse.ArgumentParser) -> None:
    group = result.add_argument_group("security of the connection")
    group.add_argument("-u", "--user", metavar="user", help="user name")
    group.add_argument(
        "-p", "--password", metavar="password", help="password; prompted for if only -u is given"
    )
    group.add_argument(
        "-nvc",
        "--no-verify-cert",
        dest="no_verify_cert",
        action="store_true",
        help="do not verify the certificate and host name of the server (insecure)",
    )
    group.add_argument(
        "--cacerts",
        metavar="path",
        help="file or directory with the CA certificates that the server's certificate is "
        "verified with (those of the Python package certifi)",
    )
    group.add_argument("--certfile", metavar="file", help="client certificate")
    group.add_argument(
        "--keyfile", metavar="file", help="private key of --certfile, if it is not in there"
    )


def _add_actions(result: argparse.ArgumentParser) -> None:
    group = result.add_argument_group("action")
    group.add_argument(
        "-r",
        "--remove",
        action="store_true",
        help="delete the elements that are in the MOF files instead of creating them",
    )
    group.add_argument(
        "-d",
        "--dry-run",
        dest="dry_run",
        action="store_true",
        help="change nothing, only check the MOF; what it depends on is looked up in the server, "
        "if there is one, and in the include directories",
    )


def _add_general(result: argparse.ArgumentParser) -> None:
    group = result.add_argument_group("general")
    group.add_argument(
        "-I",
        "--include",
        dest="include_dirs",
        metavar="dir",
        action="append",
        default=[],
        help="directory in which, and below which, MOF files, included files, missing classes and "
        "qualifier declarations are looked for, before the directories of the MOF files; may be "
        "repeated",
    )
    group.add_argument(
        "--include-root",
        metavar="dir",
        help="directory to which included files are confined (any file can be included)",
    )
    group.add_argument(
        "--encoding",
        metavar="name",
        type=_encoding,
        default="utf-8",
        help="encoding of MOF files without a byte-order mark (%(default)s)",
    )
    group.add_argument("-v", "--verbose", action="store_true", help="tell each step")
    group.add_argument("-V", "--version", action="version", version=f"%(prog)s {__version__}")
    group.add_argument("-h", "--help", action="help", help="show this text and exit")
    group.add_argument(
        "--log",
        metavar="log_spec[,log_spec]",
        help="log what is sent and received, COMP=DEST[:DETAIL]; COMP is api, http or all, DEST "
        "file (mofcompserver.log), stderr or off, DETAIL all, paths, summary or the maximum "
        "length of a log record",
    )


def _encoding(name: str) -> str:
    try:
        codecs.lookup(name)
    except LookupError:
        raise argparse.ArgumentTypeError(f"unknown encoding {name!r}") from None
    return name


def parse(argv: Optional[List[str]]) -> argparse.Namespace:
    """
    The options on the command line; ends the process with code 2 if it is
    wrong.
    """
    result = parser()
    args = result.parse_intermixed_args(argv)
    if not args.mof_files:
        result.error("No MOF files specified")
    if args.mof_files.count("-") > 1:
        result.error("The standard input (-) can be read only once")
    if not args.namespace.strip("/"):
        result.error("No namespace specified (-n/--namespace option)")
    if args.dry_run and args.remove:
        result.error("--dry-run not allowed with --remove.")
    if not args.url and not args.dry_run:
        hint = "" if args.remove else "Without --dry-run a server is needed: "
        result.error(f"{hint}No server specified (-s/--server option)")
    for option, needed in _ignored(args):
        print(f"mof_compiler: warning: {option} has no effect without {needed}", file=sys.stderr)
    return args


def _ignored(args: argparse.Namespace) -> Iterator[Tuple[str, str]]:
    """
    The options that have no effect, each with the one it lacks.
    """
    if not args.url:
        for option in ("user", "no-verify-cert", "cacerts", "certfile", "log"):
            if getattr(args, option.replace("-", "_")):
                yield f"--{option}", "--server"
    if args.password is not None and not args.user:
        yield "--password", "--user"
    if args.keyfile and not args.certfile:
        yield "--keyfile", "--certfile"
