"""
Operation recorders: observers of the operations of a connection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._log_recorder import LogOperationRecorder
from ._public_names import public_names
from ._recorder_base import BaseOperationRecorder, HttpRequest, HttpResponse, OpArgs, OpResult
from ._recorder_yaml import TestClientRecorder

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
