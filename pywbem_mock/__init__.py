"""
A WBEM server in the process, for tests, demos and prototypes.

:class:`FakedWBEMConnection` is a connection to a server that has a CIM
repository in memory and providers that users can add to.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Dict, List

if TYPE_CHECKING:
    from . import config
    from ._async_connection import AsyncFakedWBEMConnection
    from ._baseprovider import BaseProvider
    from ._baserepository import BaseObjectStore, BaseRepository
    from ._dmtf_cim_schema import DMTFCIMSchema
    from ._faults import Fault
    from ._http_server import WBEMServerThread
    from ._inmemoryrepository import InMemoryObjectStore, InMemoryRepository
    from ._instancewriteprovider import InstanceWriteProvider
    from ._mainprovider import MainProvider
    from ._methodprovider import MethodProvider
    from ._namespaceprovider import CIMNamespaceProvider
    from ._providerdependentregistry import ProviderDependentRegistry
    from ._providerdispatcher import ProviderDispatcher
    from ._providerregistry import ProviderRegistry
    from ._server import MockServer
    from ._subscriptionproviders import (
        CIMIndicationFilterProvider,
        CIMIndicationSubscriptionProvider,
        CIMListenerDestinationProvider,
    )
    from ._wbemconnection_mock import FakedWBEMConnection

__all__ = [
    "AsyncFakedWBEMConnection",
    "BaseObjectStore",
    "BaseProvider",
    "BaseRepository",
    "CIMIndicationFilterProvider",
    "CIMIndicationSubscriptionProvider",
    "CIMListenerDestinationProvider",
    "CIMNamespaceProvider",
    "DMTFCIMSchema",
    "FakedWBEMConnection",
    "Fault",
    "InMemoryObjectStore",
    "InMemoryRepository",
    "InstanceWriteProvider",
    "MainProvider",
    "MethodProvider",
    "MockServer",
    "ProviderDependentRegistry",
    "ProviderDispatcher",
    "ProviderRegistry",
    "WBEMServerThread",
    "config",
]

# The names of the package are loaded when they are used (PEP 562): pytest loads the package
# in each of its runs, because the plugin is in here.  For that reason nothing of pywbem is
# imported, either, not even what does the same there.
_MODULE_OF: Dict[str, str] = {
    "AsyncFakedWBEMConnection": "_async_connection",
    "BaseObjectStore": "_baserepository",
    "BaseProvider": "_baseprovider",
    "BaseRepository": "_baserepository",
    "CIMIndicationFilterProvider": "_subscriptionproviders",
    "CIMIndicationSubscriptionProvider": "_subscriptionproviders",
    "CIMListenerDestinationProvider": "_subscriptionproviders",
    "CIMNamespaceProvider": "_namespaceprovider",
    "DMTFCIMSchema": "_dmtf_cim_schema",
    "FakedWBEMConnection": "_wbemconnection_mock",
    "Fault": "_faults",
    "InMemoryObjectStore": "_inmemoryrepository",
    "InMemoryRepository": "_inmemoryrepository",
    "InstanceWriteProvider": "_instancewriteprovider",
    "MainProvider": "_mainprovider",
    "MethodProvider": "_methodprovider",
    "MockServer": "_server",
    "ProviderDependentRegistry": "_providerdependentregistry",
    "ProviderDispatcher": "_providerdispatcher",
    "ProviderRegistry": "_providerregistry",
    "WBEMServerThread": "_http_server",
}
# Modules that programs reach as attributes of the package without importing them.
_MODULES = frozenset(
    "_baseprovider _baserepository _dmtf_cim_schema _inmemoryrepository _instancewriteprovider "
    "_mainprovider _methodprovider _mockmofwbemconnection _namespaceprovider "
    "_providerdependentregistry _providerdispatcher _providerregistry _resolvermixin "
    "_subscriptionproviders _wbemconnection_mock config".split()
)


def __getattr__(name: str) -> Any:
    """
    Load what is exported and not loaded yet.
    """
    if name in _MODULES:
        return importlib.import_module(f"{__name__}.{name}")
    module = _MODULE_OF.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{module}"), name)
    globals()[name] = value
    return value


def __dir__() -> List[str]:
    """
    The names of the package, loaded or not.
    """
    return sorted({*globals(), *__all__})
