"""
The other type checker: as strict as mypy, and of the same annotations.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Optional

import pytest

from tests.shared_data import ROOT

# PYRIGHT names one that is not installed where programs are found.
PYRIGHT: Optional[str] = os.environ.get("PYRIGHT") or shutil.which("pyright")

needs_pyright = pytest.mark.skipif(PYRIGHT is None, reason="pyright is not installed")


def pyright(folder: Path) -> str:
    """Check all files of a folder in strict mode, and return what is said."""
    config = {
        "include": ["."],
        "extraPaths": [str(ROOT)],
        "typeCheckingMode": "strict",
        "enableTypeIgnoreComments": True,
        "reportUnnecessaryTypeIgnoreComment": True,
    }
    (folder / "pyrightconfig.json").write_text(json.dumps(config), encoding="utf-8")
    done = subprocess.run(
        [str(PYRIGHT), "--project", str(folder), "--pythonpath", sys.executable, "--stats"],
        cwd=str(folder),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return done.stdout + done.stderr
