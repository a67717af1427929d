"""
Programs that the type checker must accept, and in which it must find what is marked.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pyright import needs_pyright, pyright
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


@pytest.mark.slow
@needs_pyright
def test_programs_of_pyright(tmp_path: Path) -> None:
    for program in PROGRAMS:
        shutil.copy(str(program), str(tmp_path))
    said = pyright(tmp_path)
    assert "0 errors, 0 warnings" in said, said
    assert f"Total files checked: {len(PROGRAMS)}\n" in said
