"""
A WBEM server in the process, for tests, demos and prototypes.

:class:`FakedWBEMConnection` is a connection to a server that has a CIM
repository in memory and providers that users can add to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import config
from ._baseprovider import BaseProvider
from ._baserepository import BaseObjectStore, BaseRepository
from ._dmtf_cim_schema import DMTFCIMSchema
from ._inmemoryrepository import InMemoryObjectStore, InMemoryRepository
from ._instancewriteprovider import InstanceWriteProvider
from ._mainprovider import MainProvider
from ._methodprovider import MethodProvider
from ._namespaceprovider import CIMNamespaceProvider
from ._providerdependentregistry import ProviderDependentRegistry
from ._providerdispatcher import ProviderDispatcher
from ._providerregistry import ProviderRegistry
from ._subscriptionproviders import (
    CIMIndicationFilterProvider,
    CIMIndicationSubscriptionProvider,
    CIMListenerDestinationProvider,
)
from ._wbemconnection_mock import FakedWBEMConnection

if TYPE_CHECKING:
    from ._async_connection import AsyncFakedWBEMConnection
    from ._http_server import WBEMServerThread

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
    "InMemoryObjectStore",
    "InMemoryRepository",
    "InstanceWriteProvider",
    "MainProvider",
    "MethodProvider",
    "ProviderDependentRegistry",
    "ProviderDispatcher",
    "ProviderRegistry",
    "WBEMServerThread",
    "config",
]


def __getattr__(name: str) -> Any:
    """
    Import the HTTP server and the asynchronous client when they are used.
    """
    if name == "AsyncFakedWBEMConnection":
        from ._async_connection import AsyncFakedWBEMConnection

        return AsyncFakedWBEMConnection
    if name == "WBEMServerThread":
        from ._http_server import WBEMServerThread

        return WBEMServerThread
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
