"""
The WBEM server that the documentation and the examples are tried with: a mock server,
served over HTTP, that ``examples/acme_server.py`` fills.
"""

from __future__ import annotations

from typing import Any

import pywbem_mock
from examples import acme_server
from tests.shared_data import ROOT

MODELS = ROOT / "examples" / "models"


def storage_connection() -> pywbem_mock.FakedWBEMConnection:
    """Return a connection to a new mock server with the models."""
    conn = pywbem_mock.FakedWBEMConnection(default_namespace="root/cimv2")
    acme_server.setup(conn, None, False)
    return conn


def storage_responder(**options: Any) -> pywbem_mock.WBEMServerThread:
    """Return this server over HTTP; a context manager."""
    return pywbem_mock.WBEMServerThread(storage_connection(), **options)
