"""
Import path in use: :class:`~pywbem.Statistics` is in :mod:`pywbem._observers`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._observers.statistics import OperationStatistic, Statistics
from ._public_names import public_names

__all__ = ["OperationStatistic", "Statistics"]


# What programs import from here, beside the names above.
if not TYPE_CHECKING:
    __getattr__ = public_names(__name__)
