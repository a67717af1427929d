"""
The server of the tests of the mock.
"""

from __future__ import annotations

import pytest

from pywbem_mock import FakedWBEMConnection
from tests.unit.test_pywbem_mock.model import server


@pytest.fixture
def conn() -> FakedWBEMConnection:
    """A connection to a server with the model."""
    return server()
