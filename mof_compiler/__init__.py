"""
The command ``mof_compiler``: compile MOF files into a namespace of a WBEM server.

It is a console script, and a package for ``python -m mof_compiler``.
"""

from __future__ import annotations

from .command import main

__all__ = ["main"]
