"""
Where programs import public names from, as from the module of this name in the released
package.  Nothing is defined here; its subject is in :mod:`pywbem_mock.store.memory`
and :mod:`pywbem_mock.store.objects`.
"""

from __future__ import annotations

from pywbem._public_names import public_names

__getattr__ = public_names(__name__)
