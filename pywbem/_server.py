"""
Import path in use: :class:`~pywbem.WBEMServer` is in :mod:`pywbem._client`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._client._sync.server import WBEMServer
from ._public_names import public_names

__all__ = ["WBEMServer"]


# What programs import from here, beside the names above.
if not TYPE_CHECKING:
    __getattr__ = public_names(__name__)
