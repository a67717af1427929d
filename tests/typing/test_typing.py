"""
Programs that the type checker must accept, and in which it must find what is marked.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.shared_data import ROOT

PROGRAMS = sorted(
    path for path in Path(__file__).parent.glob("*.py") if not path.name.startswith("test_")
)


@pytest.mark.slow
@pytest.mark.parametrize("program", PROGRAMS, ids=[path.stem for path in PROGRAMS])
def test_program(program: Path, tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    # A mark that nothing was found for is an error, too: strict warns of it.
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path), str(program)],
        cwd=str(ROOT),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


PYRIGHT = shutil.which("pyright")


@pytest.mark.slow
@pytest.mark.skipif(
    PYRIGHT is None,
    reason="pyright is not installed: it needs Node.js, which it would download",
)
def test_program_of_pyright(tmp_path: Path) -> None:
    """The other type checker: it is as strict, and reads the same annotations."""
    shutil.copy(str(Path(__file__).parent / "idioms_program.py"), str(tmp_path))
    config = tmp_path / "pyrightconfig.json"
    config.write_text(
        json.dumps(
            {
                "include": ["."],
                "extraPaths": [str(ROOT)],
                "typeCheckingMode": "strict",
                "enableTypeIgnoreComments": True,
                "reportUnnecessaryTypeIgnoreComment": True,
            }
        ),
        encoding="utf-8",
    )
    assert PYRIGHT is not None
    done = subprocess.run(
        [PYRIGHT, "--project", str(config), "--pythonpath", sys.executable, "--stats"],
        cwd=str(tmp_path),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Total files checked: 1\n" in done.stdout
