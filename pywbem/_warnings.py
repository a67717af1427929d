"""
The warnings that pywbem issues.
"""

from __future__ import annotations

import sys
import warnings
from builtins import Warning as _BuiltinWarning
from typing import Type

from . import config
from ._exceptions import Error

__all__ = [
    "MissingKeybindingsWarning",
    "OldNameDestinationWarning",
    "OldNameFilterWarning",
    "RequestExceptionWarning",
    "ToleratedSchemaIssueWarning",
    "ToleratedServerIssueWarning",
    "Warning",
]

_OURS = ("pywbem.", "pywbem_mock.")


class Warning(Error, _BuiltinWarning):
    """
    Base class of the warnings of pywbem.

    It is a built-in :exc:`Warning`, so that the :mod:`warnings` module handles
    it, and a :exc:`pywbem.Error`, so that it has a connection id.
    """


class ToleratedServerIssueWarning(Warning):
    """
    A WBEM server did something that the specifications do not allow, and
    pywbem went on in spite of it.
    """


class ToleratedSchemaIssueWarning(Warning):
    """
    A CIM schema contains something that the specifications do not allow, and
    pywbem went on in spite of it.
    """


class MissingKeybindingsWarning(Warning):
    """
    An instance path was built that lacks a keybinding, because the instance it
    was built from has no value for that key property.
    """


class RequestExceptionWarning(Warning):
    """
    The HTTP layer reported something that pywbem did not expect, but that does
    not prevent the result.
    """


class OldNameFilterWarning(Warning):
    """
    An indication filter exists whose name follows the rules of pywbem before
    version 1.3.
    """


class OldNameDestinationWarning(Warning):
    """
    A listener destination exists whose name follows the rules of pywbem before
    version 1.3.
    """


def warn_caller(category: Type[Warning], message: str) -> None:
    """
    Issue a warning that names the line of the program that called pywbem.
    """
    level = 1
    frame = sys._getframe(1)
    if config.DEBUG_WARNING_ORIGIN:
        code = frame.f_code
        place = f"{code.co_filename}:{frame.f_lineno}, in {code.co_name}"
        message = f"{message} (issued by {place})"
    while frame is not None and frame.f_globals.get("__name__", "").startswith(_OURS):
        level += 1
        frame = frame.f_back  # type: ignore[assignment]
    warnings.warn(message, category, stacklevel=level + 1)
