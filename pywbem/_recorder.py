"""
Operation recorders: observers of the operations of a connection.
"""

from __future__ import annotations

from ._log_recorder import LogOperationRecorder
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
