"""
Import path in use: operation recorders are in :mod:`pywbem._observers`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._observers.log_recorder import LogOperationRecorder
from ._observers.recorder import BaseOperationRecorder, HttpRequest, HttpResponse, OpArgs, OpResult
from ._observers.yaml_recorder import TestClientRecorder
from ._public_names import public_names

__all__ = [
    "BaseOperationRecorder",
    "TestClientRecorder",
    "LogOperationRecorder",
    "OpArgs",
    "OpResult",
    "HttpRequest",
    "HttpResponse",
]


# What programs import from here, beside the names above.
if not TYPE_CHECKING:
    __getattr__ = public_names(__name__)
