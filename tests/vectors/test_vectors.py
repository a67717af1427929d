"""
Every recorded exchange: those of the shared test data, and the repository's own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List

import pytest

from tests.shared_data import VECTORS, needs
from tests.vectors.runner import check, load

OWN = Path(__file__).parent / "own"


def parameters(folder: Path) -> List[Any]:
    """Return a parameter for each vector; names that occur twice are numbered."""
    found = []
    for path in sorted(folder.glob("*.yaml")):
        seen: Dict[str, int] = {}
        for vector in load(path):
            name = vector["name"]
            seen[name] = seen.get(name, 0) + 1
            number = f"#{seen[name]}" if seen[name] > 1 else ""
            found.append(pytest.param(vector, id=f"{path.stem}-{name}{number}".replace(" ", "_")))
    return found


SHARED_PARAMETERS = parameters(VECTORS)


@needs(VECTORS)
@pytest.mark.parametrize("vector", SHARED_PARAMETERS or [pytest.param({}, id="absent")])
def test_shared(vector: Dict[str, Any]) -> None:
    """The request and the result of an exchange of the shared test data."""
    check(vector)


@pytest.mark.parametrize("vector", parameters(OWN))
def test_own(vector: Dict[str, Any]) -> None:
    """The request and the result of an exchange in this repository."""
    check(vector)


@needs(VECTORS)
def test_all_shared_vectors_are_here() -> None:
    """A folder of vectors that cannot be read is not a reason to pass."""
    assert len(SHARED_PARAMETERS) >= 134
