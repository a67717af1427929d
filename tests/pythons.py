#!/usr/bin/env python3
"""
Run the test suite on every installed CPython from 3.8 to 3.13.

Interpreters are found on PATH and in the versions of pyenv.  Each has its own
virtual environment below build/, which is kept: it is made again only when
pyproject.toml or the interpreter changes.  With --lowest the suite runs once, on
the oldest interpreter, with the lowest dependencies that pyproject.toml admits; with
--ends, there and on the newest interpreter with the newest dependencies.
Further arguments go to pytest.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Dict, List, Tuple

ROOT = Path(__file__).resolve().parent.parent
VERSIONS = [(3, minor) for minor in range(8, 14)]
Version = Tuple[int, int]

IDENTITY = (
    "import platform, sys; print(platform.python_implementation(), *sys.version_info[:3], "
    "sys.executable)"
)


def identify(candidate: str) -> Tuple[str, Version, str] | None:
    """Return (full version, (major, minor), real executable) if it is a CPython that runs."""
    try:
        out = subprocess.run(
            [candidate, "-c", IDENTITY], capture_output=True, text=True, timeout=60, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None  # a shim without a version behind it, or no interpreter at all
    kind, major, minor, micro, executable = out.rstrip("\n").split(" ", 4)
    if kind != "CPython":
        return None
    return f"{major}.{minor}.{micro}", (int(major), int(minor)), executable


def candidates() -> List[str]:
    """Return the paths that may be interpreters."""
    found = []
    for major, minor in VERSIONS:
        path = shutil.which(f"python{major}.{minor}")
        if path:
            found.append(path)
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    found.extend(str(path) for path in sorted(pyenv.glob("3.*/bin/python")))
    return [*found, sys.executable]


def interpreters() -> Dict[Version, Tuple[str, str]]:
    """Return {(major, minor): (full version, executable)}, one of each version."""
    found: Dict[Version, Tuple[str, str]] = {}
    for candidate in candidates():
        identity = identify(candidate)
        if identity and identity[1] in VERSIONS:
            found.setdefault(identity[1], (identity[0], identity[2]))
    return dict(sorted(found.items()))


def lowest_requirements(version: Version) -> List[str]:
    """Return the lower bounds of the dependencies in pyproject.toml as exact versions."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = re.search(r"^dependencies = \[(.*?)^\]", text, re.MULTILINE | re.DOTALL)
    if not block:
        raise SystemExit("pyproject.toml: no dependencies found")
    pins = []
    for name, lower, marker in re.findall(
        r'"([A-Za-z0-9-]+)>=([0-9.]+)(?:; (.*?))?"', block.group(1)
    ):
        limit = re.fullmatch(r"python_version (<|>=) '3\.([0-9]+)'", marker)
        if limit and (version < (3, int(limit.group(2)))) != (limit.group(1) == "<"):
            continue
        pins.append(f"{name}=={lower}")
    return pins


def environment(name: str, executable: str, pins: List[str]) -> str:
    """Make the environment unless it is there and fits; return its interpreter."""
    where = ROOT / "build" / f"venv-{name}"
    python = where / "bin" / "python"
    stamp = where / ".stamp"
    wanted = hashlib.sha256(
        "\n".join([executable, *pins]).encode() + (ROOT / "pyproject.toml").read_bytes()
    ).hexdigest()
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return str(python)
    print(f"== {name}: making {where.relative_to(ROOT)}", flush=True)
    subprocess.run([executable, "-m", "venv", "--clear", str(where)], check=True)
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    subprocess.run([*pip, "--editable", ".[test]", *pins], cwd=ROOT, check=True)
    stamp.write_text(wanted, encoding="utf-8")
    return str(python)


def run_suite(name: str, executable: str, pins: List[str], pytest_args: List[str]) -> str:
    """Run the suite in an environment; return a line for the summary."""
    try:
        python = environment(name, executable, pins)
    except subprocess.CalledProcessError as exc:
        return f"environment could not be made (exit code {exc.returncode})"
    print(f"== {name}: pytest", flush=True)
    command = [python, "-m", "pytest", "-n", "2", "-q", "-p", "no:cacheprovider", *pytest_args]
    code = subprocess.run(command, cwd=ROOT, check=False).returncode
    return "passed" if code == 0 else f"failed (exit code {code})"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--lowest", action="store_true", help="lowest dependencies, oldest interpreter"
    )
    parser.add_argument("--ends", action="store_true", help="the same, and the newest interpreter")
    args, pytest_args = parser.parse_known_args()
    found = interpreters()
    results: Dict[str, str] = {}
    if args.lowest or args.ends:
        version, (_, executable) = next(iter(found.items()))
        pins = lowest_requirements(version)
        name = f"lowest-{version[0]}.{version[1]}"
        print(f"== {name}: {' '.join(pins)}", flush=True)
        results[name] = run_suite(name, executable, pins, pytest_args)
    wanted = [] if args.lowest else VERSIONS
    if args.ends:
        wanted = [max(found)]
    for version in wanted:
        name = f"{version[0]}.{version[1]}"
        if version in found:
            full, executable = found[version]
            results[f"{name} ({full})"] = run_suite(name, executable, [], pytest_args)
        else:
            results[name] = "not installed"
    print("== results")
    for name, result in results.items():
        print(f"{name:16} {result}")
    return 1 if any(result not in ("passed", "not installed") for result in results.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
