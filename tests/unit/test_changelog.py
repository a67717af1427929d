"""
The changelog is made from the fragments.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

import pywbem
from tests.shared_data import ROOT


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The tool, with fragments of its own."""
    spec = importlib.util.spec_from_file_location("tool", ROOT / "tools" / "make_changelog.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "FRAGMENTS", tmp_path)
    monkeypatch.setattr(module, "CHANGELOG", tmp_path / "CHANGELOG.rst")
    (tmp_path / "one.fix.rst").write_text("It is :class:`~pywbem.CIMInstance` now.\n", "utf-8")
    (tmp_path / "two.feature.rst").write_text("See :meth:`~pywbem.CIMInstance.copy`.\n", "utf-8")
    (tmp_path / "README.rst").write_text("no fragment\n", "utf-8")
    return module


def run(tool: Any, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> str:
    monkeypatch.setattr(sys, "argv", ["make_changelog.py", *arguments])
    tool.main()
    text: str = tool.CHANGELOG.read_text("utf-8")
    return text


def test_in_development(tool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is new stands under the version of the package, by kinds, without roles."""
    text = run(tool, monkeypatch)
    assert f"Version {pywbem.__version__} (in development)\n----" in text
    assert "\nNew\n~~~\n\nSee ``pywbem.CIMInstance.copy()``.\n" in text
    assert "\nCorrected\n~~~~~~~~~\n\nIt is ``pywbem.CIMInstance`` now.\n" in text
    assert "no fragment" not in text
    assert run(tool, monkeypatch) == text


def test_release(tool: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A version that is released keeps its text; the next one begins with no fragments."""
    run(tool, monkeypatch)
    text = run(tool, monkeypatch, "--release", "1.10.0")
    assert "Version 1.10.0 (2" in text and "in development" not in text
    assert sorted(path.name for path in tmp_path.glob("*.rst")) == ["CHANGELOG.rst", "README.rst"]
    (tmp_path / "three.fix.rst").write_text("Another one.\n", "utf-8")
    text = run(tool, monkeypatch)
    assert text.index("Another one.") < text.index("Version 1.10.0 (2") < text.index("It is ``")
    assert text.count("It is ``") == 1


def test_changelog_of_the_project() -> None:
    """It is there, and has the version in development or those released."""
    text = (ROOT / "CHANGELOG.rst").read_text("utf-8")
    assert text.count("\nVersion ") >= 1
