"""
The provider of all operations that users cannot provide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywbem._public_names import public_names

from .enumerations import Enumerations
from .mainprovider import MainProvider

__all__ = ["Enumerations", "MainProvider"]


# What programs import from here, beside the names above.
if not TYPE_CHECKING:
    __getattr__ = public_names(__name__)
