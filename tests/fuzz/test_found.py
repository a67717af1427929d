"""
What ``make fuzz`` begins with and what it has found: no target fails at any of it.
"""

from __future__ import annotations

from typing import List, Tuple

import pytest

from tests.fuzz.search import FOUND
from tests.fuzz.targets import TARGETS, check
from tests.fuzz.wire import WireEndpoint, talk
from tests.integration.exporter import export_request


def found() -> List[Tuple[str, bytes, str]]:
    """Return (target, input, id) of each input that failed once."""
    paths = sorted(path for path in FOUND.glob("*/*") if path.is_file())
    return [(path.parent.name, path.read_bytes(), path.name) for path in paths]


@pytest.mark.parametrize(
    ("name", "data"),
    [pytest.param(name, data, id=f"{name}-{file}") for name, data, file in found()],
)
def test_found(name: str, data: bytes) -> None:
    """A fault that was found once does not come back."""
    check(name, data)


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_seeds(name: str) -> None:
    """Valid inputs hold, and every beginning of each."""
    for data in TARGETS[name].seeds:
        for end in range(0, len(data) + 1, max(1, len(data) // 40)):
            check(name, data[:end])
        check(name, data)


@pytest.mark.parametrize("between", [b"", b"\r\n", b"\n"], ids=["nothing", "CRLF", "LF"])
@pytest.mark.parametrize("cut", [0, 50], ids=["whole", "cut"])
def test_line_end_between_requests(cut: int, between: bytes) -> None:
    """RFC 9112 2.2: empty lines before a request are ignored, however they arrive."""
    data = export_request("a") + between + export_request("b")
    handled, answers = talk(WireEndpoint(), [piece for piece in (data[:cut], data[cut:]) if piece])
    assert len(handled) == answers.count(b"HTTP/1.1 200") == 2
