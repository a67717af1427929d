"""
Import path in use: programs import public names from here.  Nothing is defined here;
:mod:`pywbem._cim_xml` decodes.
"""

from __future__ import annotations

from ._public_names import public_names

__getattr__ = public_names(__name__)
