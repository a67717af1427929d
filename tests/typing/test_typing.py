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
def test_programs(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    # A mark that nothing was found for is an error, too: strict warns of it.
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path)]
        + [str(program) for program in PROGRAMS],
        cwd=str(ROOT),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"in {len(PROGRAMS)} source files" in done.stdout


@pytest.mark.slow
@needs_pyright
def test_programs_of_pyright(tmp_path: Path) -> None:
    for program in PROGRAMS:
        shutil.copy(str(program), str(tmp_path))
    said = pyright(tmp_path)
    assert "0 errors, 0 warnings" in said, said
    assert f"Total files checked: {len(PROGRAMS)}\n" in said
