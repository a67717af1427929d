"""
The WBEM server of the documentation: two systems with three disks, an Interop namespace,
indications, and a method.  This command serves it, at http://127.0.0.1:5988:

    python -m pywbem_mock serve --provider examples/acme_server.py
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, List, Tuple

import pywbem
import pywbem_mock

MODELS = Path(__file__).resolve().parent / "models"


class StateChange(pywbem_mock.MethodProvider):
    """Performs the method of the model."""

    provider_classnames = "ACME_ComputerSystem"

    def InvokeMethod(
        self, methodname: str, localobject: Any, params: Any
    ) -> Tuple[Any, List[pywbem.CIMParameter]]:
        """Say what the system does now."""
        state = params["RequestedState"].value
        message = f"{localobject['Name']} is now in state {state}"
        return pywbem.Uint32(0), [pywbem.CIMParameter("Message", "string", value=message)]


def setup(conn: pywbem_mock.FakedWBEMConnection, server: Any, verbose: bool) -> None:
    """Fill the server: what ``serve --provider`` calls."""
    conn.add_namespace("interop")
    for name in ("acme_storage.mof", "acme_interop.mof"):
        conn.compile_mof_file(str(MODELS / name))
    conn.install_namespace_provider("interop")
    conn.install_subscription_providers("interop")
    conn.register_provider(StateChange(conn.cimrepository), "root/cimv2")
