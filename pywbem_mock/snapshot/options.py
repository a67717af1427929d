"""
Options that the commands share: how a server is reached, and as whom.
"""

from __future__ import annotations

import argparse
import contextlib
import getpass
import os
import re
import warnings
from typing import Iterator, Optional, Tuple, Type
from urllib.parse import unquote

from pywbem import WBEMConnection
from pywbem._command_errors import told

PASSWORD_VARIABLE = "PYWBEM_PASSWORD"
#: The options of parameters that messages of the client name.
OPTIONS = {
    "creds": "--user",
    "x509": "--cert",
    "ca_certs": "--ca-certs",
    "no_verification": "--no-verify",
}
#: What the help of the commands that compile MOF ends with.
CACHE_HELP = (
    "environment: PYWBEM_MOF_CACHE is the directory in which what MOF files are parsed to is kept, "
    "or off to keep nothing"
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


class Failed(Exception):
    """
    A command cannot do its work, for a reason that the user can act on.
    """


@contextlib.contextmanager
def naming(option: str, *others: Type[Exception]) -> Iterator[None]:
    """
    Make the error of a file that cannot be used name the option that has it.

    Parameters:
        option (str): The option.
        others (type): Exceptions beside OSError that are errors of the file and name it.

    Raises:
        ValueError: In place of these.
    """
    errors: Tuple[Type[Exception], ...] = (OSError, *others)
    try:
        yield
    except errors as exc:
        raise ValueError(f"{option}: {told(exc, OPTIONS)}") from exc


def positive(text: str) -> int:
    """
    A number of which there must be at least one.
    """
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("expected a number greater than 0")
    return int(text)


def add_server_options(parser: argparse.ArgumentParser) -> None:
    """
    Add the options for a connection to a server.

    Parameters:
        parser (argparse.ArgumentParser): Gets them.
    """
    group = parser.add_argument_group("connection")
    add = group.add_argument
    add(
        "--user",
        metavar="USER[:PASSWORD]",
        help="user name; a password that is not given is read from --password-file or the "
        f"environment variable {PASSWORD_VARIABLE}, or asked for. It is written nowhere",
    )
    add("--password-file", metavar="FILE", help="file with the password in its first line")
    add(
        "--ca-certs",
        metavar="PATH",
        help="file or directory with the certificates that the server's certificate is verified "
        "with (those of the Python package certifi)",
    )
    add(
        "--no-verify",
        action="store_true",
        help="do not verify the certificate and host name of the server (insecure)",
    )
    add("--cert", metavar="FILE", help="client certificate")
    add("--key", metavar="FILE", help="private key of --cert, if it is not in there")
    add(
        "--timeout",
        metavar="SECONDS",
        type=positive,
        default=30,
        help="how long an operation may take (%(default)s)",
    )
    add(
        "--no-pull",
        action="store_true",
        help="do not use pull operations, not even if the server has them",
    )


def split_user(url: str) -> Tuple[str, Optional[str]]:
    """
    Take the user, and password, out of a URL.

    Parameters:
        url (str): The URL.

    Returns:
        tuple: The URL without them; ``user[:password]`` or None.
    """
    scheme = _SCHEME.match(url)
    start = scheme.end() if scheme else 0
    user, at, host = url[start:].rpartition("@")
    return (url[:start] + host, user) if at else (url, None)


def _password(args: argparse.Namespace, user: str) -> str:
    if args.password_file:
        # Some editors mark UTF-8.
        with naming("--password-file"), open(args.password_file, encoding="utf-8-sig") as file:
            try:
                return file.readline().rstrip("\r\n")
            except UnicodeDecodeError:
                raise Failed(f"--password-file: {args.password_file} is no text in UTF-8") from None
    given = os.environ.get(PASSWORD_VARIABLE)
    if given is not None:
        return given
    try:
        with warnings.catch_warnings():
            # It says itself on the terminal that the input is shown.
            warnings.simplefilter("ignore", getpass.GetPassWarning)
            return getpass.getpass(f"Password of {user}: ")
    except (EOFError, OSError):
        raise Failed(
            f"No password for user {user}: use --password-file or {PASSWORD_VARIABLE}"
        ) from None


def _credentials(args: argparse.Namespace, in_url: Optional[str]) -> Optional[Tuple[str, str]]:
    if in_url is not None:
        user, colon, password = (unquote(part) for part in in_url.partition(":"))
    elif args.user is not None:
        user, colon, password = args.user.partition(":")
    else:
        return None
    return user, password if colon else _password(args, user)


def connect(args: argparse.Namespace, url: str) -> WBEMConnection:
    """
    The connection to a server; nothing is sent.

    Parameters:
        args (argparse.Namespace): The options.
        url (str): The URL.

    Raises:
        Failed: The options are wrong.
    """
    bare, in_url = split_user(url)
    if args.key and not args.cert:
        raise Failed("--key needs --cert")
    x509 = None
    if args.cert:
        x509 = {"cert_file": args.cert, "key_file": args.key}
    try:
        return WBEMConnection(
            bare,
            _credentials(args, in_url),
            x509=x509,
            ca_certs=args.ca_certs,
            no_verification=args.no_verify,
            timeout=args.timeout,
            use_pull_operations=False if args.no_pull else None,
        )
    except (ValueError, OSError) as exc:
        raise Failed(str(exc)) from exc
