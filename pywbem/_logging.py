"""
Import path in use: the configuration of loggers is in :mod:`pywbem._observers`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._cim_constants import (
    DEFAULT_LOG_DESTINATION,
    DEFAULT_LOG_DETAIL_LEVEL,
    DEFAULT_LOG_FILENAME,
    LOG_DESTINATIONS,
    LOG_DETAIL_LEVELS,
    LOGGER_API_CALLS_NAME,
    LOGGER_HTTP_NAME,
    LOGGER_SIMPLE_NAMES,
)
from ._observers.loggers import configure_logger, configure_loggers_from_string
from ._public_names import public_names

__all__ = [
    "configure_logger",
    "configure_loggers_from_string",
    "LOGGER_API_CALLS_NAME",
    "LOGGER_HTTP_NAME",
    "LOGGER_SIMPLE_NAMES",
    "LOG_DESTINATIONS",
    "DEFAULT_LOG_DESTINATION",
    "LOG_DETAIL_LEVELS",
    "DEFAULT_LOG_DETAIL_LEVEL",
    "DEFAULT_LOG_FILENAME",
]


# What programs import from here, beside the names above.
if not TYPE_CHECKING:
    __getattr__ = public_names(__name__)
