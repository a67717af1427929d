"""
The log of a served mock: a line a request.
"""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timezone
from typing import Optional, TextIO

from pywbem._cim_constants import _statuscode2name
from pywbem._cim_xml.records import Correlators, Response

from ..operations.calls import Subject

_LOGGER = logging.getLogger("pywbem_mock.server")


def status_of(response: Response) -> str:
    """
    Return what the log says of a response.

    Parameters:
        response (Response): The response record.
    """
    if response.error is None:
        return "OK"
    name = _statuscode2name(response.error.code)
    return name if name.startswith("CIM_ERR_") else f"CIM_ERR_{response.error.code}"


class RequestLog:
    """
    Writes a line a request: time (UTC), client, operation, namespace, class, status and
    milliseconds, with a ``-`` for what the request does not say, and then its correlators
    as ``name=value``.

    Parameters:
        file (file): A text file.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._lock = threading.Lock()

    def write(
        self,
        client: str,
        subject: Optional[Subject],
        status: str,
        seconds: float,
        correlators: Correlators = (),
    ) -> None:
        """
        Write the line of a request.

        Parameters:
            client (str): Address of the client.
            subject (Subject): What the request is about, if that is known.
            status (str): What came of it.
            seconds (float): How long it took.
            correlators (tuple): Its correlators.
        """
        now = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
        operation, namespace, classname = subject or (None, None, None)
        words = [now.replace("+00:00", "Z"), client, operation, namespace, classname]
        line = " ".join(_word(word) for word in words)
        marks = "".join(f" {_word(f'{name}={value}')}" for name, value in correlators)
        try:
            with self._lock:
                self._file.write(f"{line} {status} {seconds * 1000:.1f}{marks}\n")
                self._file.flush()
        except (OSError, ValueError) as exc:
            # The client gets its answer all the same.
            _LOGGER.warning("Cannot log a request: %s", exc)


def _word(text: Optional[str]) -> str:
    """
    A text as one word: what a client sends cannot make a line look like another one.
    """
    if not text:
        return "-"
    return "".join(
        char if char.isprintable() and char != " " else f"\\x{ord(char):02x}" for char in text
    )
