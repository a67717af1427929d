"""
Programs of others on the wheel of this project: `python -m tests.downstream`.

A scratch environment in build/downstream gets the wheel and pywbemtools.  `pip check` must be
content, and each command of commands.txt, run against the served mock, must print and return
what expected.txt says.  With `--write` that file is written, to be read before it is kept.
"""

from __future__ import annotations

import argparse
import difflib
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Dict, List, Optional

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WHERE = ROOT / "build" / "downstream"
PYTHON = WHERE / "bin" / "python"
PYWBEMTOOLS = "pywbemtools==1.4.1"

# What is different from one run to the next.
_VARIES = [
    (re.compile(r"127\.0\.0\.1:\d+"), "SERVER"),
    (re.compile(r"[ \t]+$", re.MULTILINE), ""),
]


def prepare() -> bool:
    """Make the environment; return whether that is possible here."""
    wheels = WHERE / "wheels"
    shutil.rmtree(WHERE, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", str(WHERE)], check=True)
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run(
        [*pip, "wheel", "--no-deps", "--wheel-dir", str(wheels), "."], cwd=ROOT, check=True
    )
    built = [str(path) for path in wheels.glob("*.whl")]
    if subprocess.run([*pip, "install", *built, PYWBEMTOOLS], check=False).returncode:
        print(f"{PYWBEMTOOLS} does not install here: nothing to do")
        return False
    subprocess.run([*pip, "check"], check=True)
    return True


def run(command: str, url: str, environment: Dict[str, str]) -> str:
    """Run a command line; return what it prints and returns, as it stands in expected.txt."""
    program, *arguments = shlex.split(command.replace('"', '\\"'))
    server = ["-s", url] if program == "pywbemcli" else []
    done = subprocess.run(
        [str(WHERE / "bin" / program), *server, *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    text = done.stdout.replace(url, "URL")
    for pattern, substitute in _VARIES:
        text = pattern.sub(substitute, text)
    return f"$ {command}\n{text.rstrip()}\n[{done.returncode}]\n\n"


def serve(environment: Dict[str, str]) -> subprocess.Popen[str]:
    """Start the mock server, with the model, on a port of its own."""
    return subprocess.Popen(
        [str(PYTHON), "-m", "pywbem_mock", "serve", "--mof", str(HERE / "model.mof")]
        + ["--interop", "--port", "0"],
        cwd=WHERE,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )


def results() -> List[str]:
    """Return the results of all commands."""
    home = WHERE / "home"
    home.mkdir()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "COLUMNS": "100",
        "LC_ALL": "C.UTF-8",
        "NO_PROXY": "*",
    }
    server = serve(environment)
    try:
        assert server.stdout is not None
        found: Optional[re.Match[str]] = None
        for line in server.stdout:
            found = re.search(r"https?://\S+", line)
            if found:
                break
        if found is None:
            raise SystemExit("the mock server does not start")
        lines = (HERE / "commands.txt").read_text(encoding="utf-8").splitlines()
        return [run(line, found[0], environment) for line in lines]
    finally:
        server.terminate()
        server.wait()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write expected.txt")
    args = parser.parse_args()
    if not prepare():
        return 0
    have = "".join(results())
    path = HERE / "expected.txt"
    if args.write:
        path.write_text(have, encoding="utf-8")
        return 0
    want = path.read_text(encoding="utf-8")
    names = ("expected", "printed")
    difference = list(difflib.unified_diff(want.splitlines(), have.splitlines(), *names, "", "", 3))
    count = len((HERE / "commands.txt").read_text(encoding="utf-8").splitlines())
    print("\n".join(difference) or f"{count} commands print and return what they should")
    return 1 if difference else 0


if __name__ == "__main__":
    sys.exit(main())
