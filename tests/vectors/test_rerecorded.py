"""
Every recorded exchange, recorded once more while it runs, replays.
"""

from __future__ import annotations

import io
from typing import Any, Dict, List

import pytest
import yaml

import pywbem
from pywbem._recorder import TestClientRecorder
from tests.vectors import runner
from tests.vectors.test_vectors import OWN, SHARED_PARAMETERS, parameters


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> List[io.StringIO]:
    """What the connections of the runner record, a file for each."""
    files: List[io.StringIO] = []

    class Connection(pywbem.WBEMConnection):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            files.append(io.StringIO())
            self.add_operation_recorder(TestClientRecorder(files[-1]))

    monkeypatch.setattr(runner.pywbem, "WBEMConnection", Connection)
    return files


@pytest.mark.parametrize("vector", parameters(OWN) + SHARED_PARAMETERS)
def test_rerecorded(vector: Dict[str, Any], recorded: List[io.StringIO]) -> None:
    """It has one operation, which makes the same request and has the same result."""
    runner.check(vector)
    cases = yaml.safe_load(recorded[0].getvalue())
    if cases is None:
        # A call without the arguments that it must have is none.
        assert vector["pywbem_response"]["exception"] == "TypeError"
        return
    (case,) = cases
    assert "ignore_test" not in case
    runner.check(case)
    expected = vector["pywbem_response"]
    for name in ("exception", "cim_status"):
        assert case["pywbem_response"].get(name) == (expected.get(name) or None)
