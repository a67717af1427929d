"""
Where programs import public names from, as from the module of this name in the released
package.  Nothing is defined here; :mod:`pywbem._cim_xml` parses.
"""

from __future__ import annotations

from ._public_names import public_names

__getattr__ = public_names(__name__)
