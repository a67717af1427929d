"""
The WBEM server that the documentation and the examples are tried with: a mock server,
served over HTTP, with the models in ``examples/models``.
"""

from __future__ import annotations

from typing import Any, Tuple

import pywbem
import pywbem_mock
from tests.shared_data import ROOT

MODELS = ROOT / "examples" / "models"


class StateChange(pywbem_mock.MethodProvider):
    """Provides the method of the model."""

    provider_classnames = "ACME_ComputerSystem"

    def InvokeMethod(self, methodname: str, localobject: Any, params: Any) -> Tuple[Any, Any]:
        """Say what the system does now."""
        state = params["RequestedState"].value
        message = f"{localobject['Name']} is now in state {state}"
        out = [pywbem.CIMParameter("Message", "string", value=message)]
        return pywbem.Uint32(0), out


def storage_connection() -> pywbem_mock.FakedWBEMConnection:
    """Return a connection to a new mock server with the models."""
    conn = pywbem_mock.FakedWBEMConnection(default_namespace="root/cimv2")
    conn.add_namespace("interop")
    for name in ("acme_storage.mof", "acme_interop.mof"):
        conn.compile_mof_file(str(MODELS / name))
    conn.install_namespace_provider("interop")
    conn.install_subscription_providers("interop")
    conn.register_provider(StateChange(conn.cimrepository), "root/cimv2")
    return conn


def storage_responder(**options: Any) -> pywbem_mock.WBEMServerThread:
    """Return this server over HTTP; a context manager."""
    return pywbem_mock.WBEMServerThread(storage_connection(), **options)
