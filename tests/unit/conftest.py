"""
Fixtures of the tests of single parts.
"""

from __future__ import annotations

from typing import Iterator

import pytest

from tests.integration.shells import Loop


@pytest.fixture(scope="module")
def loop() -> Iterator[Loop]:
    """An event loop in a thread, for tests that ask both shells."""
    with Loop() as loop:
        yield loop
