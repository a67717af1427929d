"""
Where programs import public names from, as from the module of this name in the released
package.  Nothing is defined here; the connection is :mod:`pywbem_mock._mofconnection`.
"""

from __future__ import annotations

from pywbem._public_names import public_names

__getattr__ = public_names(__name__)
