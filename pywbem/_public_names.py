"""
The public names of the packages, in their private modules.

Programs import public names from private modules (``pywbem._cim_http.AuthError``), and
not always from the one that defines them.  So each module that has a name of the
released package, and does not have all the public names of that one by itself, gives
every name that ``pywbem`` (in ``pywbem_mock``, one of both packages) exports.  A name is
looked up when a program asks for it (PEP 562), which loads nothing before, and is no
import of this package: its own modules import a name from where it is defined.
"""

from __future__ import annotations

import sys
from typing import Any, Callable


def public_names(module: str) -> Callable[[str], Any]:
    """
    Return the ``__getattr__`` of a module that gives the public names.

    Parameters:
        module (str): Name of the module.
    """
    packages = ["pywbem"]
    if module.startswith("pywbem_mock."):
        packages.append("pywbem_mock")

    def __getattr__(name: str) -> Any:
        for package in packages:
            if name in sys.modules[package].__all__:
                return getattr(sys.modules[package], name)
        raise AttributeError(f"module {module!r} has no attribute {name!r}")

    return __getattr__
