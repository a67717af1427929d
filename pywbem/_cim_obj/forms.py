"""
The seam through which an object asks for its own CIM-XML, MOF, WBEM URI or plain form.

The modules that write these forms know the classes of the objects, and so stand above them. They
are attributes of this module, and are imported when they are used first; these are the only imports
that go up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pywbem._cim_xml.write import objects as cimxml

    from . import mof, plain, wbem_uri
else:
    import importlib

    _MODULES = {
        "cimxml": "pywbem._cim_xml.write.objects",
        "mof": "pywbem._cim_obj.mof",
        "plain": "pywbem._cim_obj.plain",
        "wbem_uri": "pywbem._cim_obj.wbem_uri",
    }

    def __getattr__(name):
        """Return one of the modules (PEP 562); the next time it is found without this function."""
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        module = globals()[name] = importlib.import_module(_MODULES[name])
        return module


__all__ = ["cimxml", "mof", "plain", "wbem_uri"]
