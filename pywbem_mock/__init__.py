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
    from .async_connection import AsyncFakedWBEMConnection
    from .connection import FakedWBEMConnection
    from .filling.dmtf_schema import DMTFCIMSchema
    from .http.server import WBEMServerThread
    from .operations import MainProvider
    from .operations.faults import Fault
    from .providers.base import BaseProvider
    from .providers.dependents import ProviderDependentRegistry
    from .providers.dispatcher import ProviderDispatcher
    from .providers.instance_write import InstanceWriteProvider
    from .providers.method import MethodProvider
    from .providers.namespaces import CIMNamespaceProvider
    from .providers.registry import ProviderRegistry
    from .providers.subscriptions import (
        CIMIndicationFilterProvider,
        CIMIndicationSubscriptionProvider,
        CIMListenerDestinationProvider,
    )
    from .server import MockServer
    from .store.base import BaseObjectStore, BaseRepository
    from .store.memory import InMemoryRepository
    from .store.objects import InMemoryObjectStore

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
    "AsyncFakedWBEMConnection": "async_connection",
    "BaseObjectStore": "store.base",
    "BaseProvider": "providers.base",
    "BaseRepository": "store.base",
    "CIMIndicationFilterProvider": "providers.subscriptions",
    "CIMIndicationSubscriptionProvider": "providers.subscriptions",
    "CIMListenerDestinationProvider": "providers.subscriptions",
    "CIMNamespaceProvider": "providers.namespaces",
    "DMTFCIMSchema": "filling.dmtf_schema",
    "FakedWBEMConnection": "connection",
    "Fault": "operations.faults",
    "InMemoryObjectStore": "store.objects",
    "InMemoryRepository": "store.memory",
    "InstanceWriteProvider": "providers.instance_write",
    "MainProvider": "operations",
    "MethodProvider": "providers.method",
    "MockServer": "server",
    "ProviderDependentRegistry": "providers.dependents",
    "ProviderDispatcher": "providers.dispatcher",
    "ProviderRegistry": "providers.registry",
    "WBEMServerThread": "http.server",
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
