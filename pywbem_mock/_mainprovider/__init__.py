"""
The provider of all operations that users cannot provide.
"""

from __future__ import annotations

from .mainprovider import MainProvider

__all__ = ["MainProvider"]
