"""
What the example scripts have in common: the options of a connection, and how errors
become messages and exit codes.

    0  it worked
    1  the server reported that the operation failed
    2  the script was called with wrong arguments
    3  the server could not be reached, did not answer, was not trusted, refused the
       credentials, or sent something that is not CIM-XML
"""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
from typing import Any, Callable, Dict, Optional, Tuple

import pywbem

PASSWORD_VARIABLE = "WBEM_PASSWORD"

HINTS = {
    pywbem.CIM_ERR_INVALID_NAMESPACE: " (explore_server.py lists the namespaces)",
    pywbem.CIM_ERR_INVALID_CLASS: " (explore_server.py --classes lists the classes)",
}

EPILOG = f"""\
The password of --user is taken from the environment variable {PASSWORD_VARIABLE},
or asked for.

exit codes:
  0  it worked
  1  the server reported that the operation failed
  2  the script was called with wrong arguments
  3  the server could not be reached, did not answer, was not trusted, refused
     the credentials, or sent something that is not CIM-XML
"""


def make_parser(description: Optional[str], epilog: str = EPILOG) -> argparse.ArgumentParser:
    """Return a parser without arguments."""
    return argparse.ArgumentParser(
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def add_connection_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of a connection, other than its URL."""
    parser.add_argument(
        "-n", "--namespace", default="root/cimv2", help="CIM namespace (default: %(default)s)"
    )
    parser.add_argument("-u", "--user", help="name of the user for basic authentication")
    trust = parser.add_mutually_exclusive_group()
    trust.add_argument(
        "--ca", metavar="PATH", help="certificates to trust: a PEM file or a directory"
    )
    trust.add_argument(
        "--no-verify", action="store_true", help="do not verify the certificate of the server"
    )
    parser.add_argument(
        "-t", "--timeout", type=int, default=30, help="in seconds (default: %(default)s)"
    )


def add_json_option(parser: argparse.ArgumentParser) -> None:
    """Add the option for programs that read the output."""
    parser.add_argument("--json", action="store_true", help="print JSON, for other programs")


def print_json(data: Any, indent: Optional[int] = 2) -> None:
    """Print data, with CIM objects anywhere in it, as JSON."""
    print(json.dumps(data, default=pywbem.to_json, indent=indent), flush=True)


def credentials(user: Optional[str]) -> Optional[Tuple[str, str]]:
    """Return user and password, or None without a user."""
    if user is None:
        return None
    password = os.environ.get(PASSWORD_VARIABLE)
    if password is None:
        try:
            password = getpass.getpass(f"Password of {user}: ")
        except (EOFError, getpass.GetPassWarning):  # there is no terminal
            raise ValueError(f"no password of {user}; give it in {PASSWORD_VARIABLE}") from None
    return user, password


def settings(args: argparse.Namespace) -> Dict[str, Any]:
    """Return what the command line says of a connection, as its keyword arguments."""
    return {
        "creds": credentials(args.user),
        "default_namespace": args.namespace,
        "ca_certs": args.ca,
        "no_verification": args.no_verify,
        "timeout": args.timeout,
    }


def connect(url: str, args: argparse.Namespace, **options: Any) -> pywbem.WBEMConnection:
    """Return a connection with the options of the command line."""
    return pywbem.WBEMConnection(url, **settings(args), **options)


def message(exc: pywbem.Error) -> str:
    """Return what to tell of an error: with the options of the scripts, and what to look at."""
    text = str(exc)
    if isinstance(exc, pywbem.CIMError):
        text = f"The server reports {exc.status_code_name}: {exc.status_description}"
        return text + HINTS.get(exc.status_code, "")
    if isinstance(exc, (pywbem.AuthError, pywbem.ConnectionError)):
        text = text.replace("ca_certs", "--ca").replace("creds", "--user")
    if isinstance(exc, pywbem.HTTPError) and exc.status < 500:
        text += " - is the URL that of a WBEM server, or of a listener for indications?"
    return f"{type(exc).__name__}: {text}"


def run(main: Callable[[], int]) -> None:
    """Run a script: its errors become messages and exit codes."""
    try:
        sys.exit(main())
    except pywbem.CIMError as exc:
        print(message(exc), file=sys.stderr)
        sys.exit(1)
    except pywbem.Error as exc:
        print(message(exc), file=sys.stderr)
        sys.exit(3)
    except BrokenPipeError:
        # The reader of the output has seen enough (for example `| head`).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except (OSError, ValueError) as exc:
        print(f"Wrong argument: {exc}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
