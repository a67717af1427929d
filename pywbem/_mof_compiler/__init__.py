"""
The MOF compiler (DSP0004 annex A).

It has four parts: text becomes tokens (``lexer``), tokens become declarations (``grammar``,
``parser``), declarations become CIM objects in the order of their dependencies (``compilation``,
``build``, ``instances``), and these are written to a CIM repository (``target``, ``journal``,
``repository``).
"""

from __future__ import annotations

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
