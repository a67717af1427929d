"""
What commands tell of an error of a connection or a file: in their words, with what can be done;
and that they can tell everything.
"""

from __future__ import annotations

import io
import re
import sys
from typing import Mapping

from ._exceptions import AuthError, ConnectionError, HTTPError

_PARAMETERS = re.compile(r"(?:\w+=)?\b(creds|x509|ca_certs|no_verification)\b(?:=\w+)?")


def escape_output() -> None:
    """
    Let every character be printed, also where the terminal does not have it.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def told(exc: BaseException, options: Mapping[str, str]) -> str:
    """
    The text of an exception for the user of a command.

    Parameters:
        exc (BaseException): The exception.
        options (mapping): The option of the command for each parameter of a connection that
            messages name: ``creds``, ``x509``, ``ca_certs``, ``no_verification``.

    Returns:
        str: The text, with options in place of parameters.
    """
    text = str(exc)
    if isinstance(exc, OSError) and exc.filename is not None:
        return f"Cannot open {exc.filename}: {exc.strerror}"
    if isinstance(exc, (AuthError, ConnectionError)):
        return _PARAMETERS.sub(lambda match: options.get(match[1], match[0]), text)
    if isinstance(exc, HTTPError) and 400 <= exc.status < 500 and not exc.cimerror:
        # A server that knows CIM operations says what it dislikes (CIMError of DSP0200).
        text += ". What answers there takes no CIM operations; is the URL that of a WBEM server?"
    return text
