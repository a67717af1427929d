"""
How property tests run: the same examples each time, a limit on the time of each.
"""

from __future__ import annotations

import os
from typing import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.fuzz.loopback import Loopback

# Reproducible on a build machine; a limit that holds on a machine with other work to do.
settings.register_profile(
    "suite",
    derandomize=True,
    database=None,
    deadline=5000,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
# For a long search: HYPOTHESIS_PROFILE=long pytest tests/fuzz
settings.register_profile(
    "long", settings.get_profile("suite"), derandomize=False, max_examples=1000
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


@pytest.fixture(scope="module")
def loopback() -> Iterator[Loopback]:
    with Loopback() as made:
        yield made
