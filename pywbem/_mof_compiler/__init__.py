"""
The MOF compiler (DSP0004 annex A).

It has four parts: text becomes tokens (``lexer``), tokens become declarations (``grammar``,
``parser``), declarations become CIM objects in the order of their dependencies (``compilation``,
``build``, ``instances``), and these are written to a CIM repository (``target``, ``journal``,
``repository``).  ``session`` is what goes down from the compiler to all of them.

Imported by the mock and the command; imports the object model, and the client when it is handed a
connection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._public_names import public_names
from .compiler import MOFCompiler
from .errors import (
    MOFCompileError,
    MOFCompilerSetupError,
    MOFDependencyError,
    MOFParseError,
    MOFRepositoryError,
)
from .repository import BaseRepositoryConnection, MOFWBEMConnection

__all__ = [
    "BaseRepositoryConnection",
    "MOFCompileError",
    "MOFCompiler",
    "MOFCompilerSetupError",
    "MOFDependencyError",
    "MOFParseError",
    "MOFRepositoryError",
    "MOFWBEMConnection",
]


# What programs import from here, beside the names above.
if not TYPE_CHECKING:
    __getattr__ = public_names(__name__)
