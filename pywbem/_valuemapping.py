"""
Import path in use: :class:`~pywbem.ValueMapping` is in :mod:`pywbem._client`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._client._sync.valuemapping import ValueMapping
from ._public_names import public_names

__all__ = ["ValueMapping"]


# What programs import from here, beside the names above.
if not TYPE_CHECKING:
    __getattr__ = public_names(__name__)
