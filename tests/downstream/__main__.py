"""
Programs of others on the wheel of this project: `python -m tests.downstream`.

A scratch environment in build/downstream gets the wheel and pywbemtools, and `pip check` must
be content.  Each command of pywbemtools.txt and plugin.txt, run against served mocks and servers
at which something is wrong, must print and return what the file of the same name with `.expected`
says.  The plugin does so with the released package, too, if PEER_PYTHON names its interpreter,
and with `--released` everything does; what is different then is listed in files with
`.released`, and in docs/migration.rst.  All subcommands of wbemcli run against the wheel.

With `--write` the expected output is written, to be read before it is kept.
"""

from __future__ import annotations

import argparse
import contextlib
import difflib
import functools
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Callable, Dict, List, Optional, Tuple

from tests.downstream.servers import HERE, faulty, mock

ROOT = HERE.parent.parent
BUILD = ROOT / "build" / "downstream"
PYWBEMTOOLS = "pywbemtools==1.4.1"
RELEASED = "pywbem==1.9.1"

# What is different from one run to the next.
_VARIES = [
    (re.compile(r"127\.0\.0\.1:\d+"), "SERVER"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"), "TIME"),
    (re.compile(r'"\d{14}\.\d{6}[+-]\d{3}"'), '"DATETIME"'),
    (re.compile(r" +\d+ +TIME"), " PID TIME"),
    (re.compile(r"(?<=PID ) +\d+"), "PID"),
    (re.compile(r"Traceback \(most recent call last\):\n(?: .*\n+)+"), "Traceback ...\n"),
    (re.compile(r"[ \t]+$", re.MULTILINE), ""),
]


class Environment:
    """A virtual environment in build/downstream."""

    def __init__(self, name: str) -> None:
        self.folder = BUILD / name
        self.python = self.folder / "bin" / "python"

    def make(self, *requirements: str) -> bool:
        """Make it with what is required; return whether that can be had here."""
        subprocess.run([sys.executable, "-m", "venv", "--clear", self.folder], check=True)
        return not self.pip("install", *requirements)

    def pip(self, *arguments: str) -> int:
        """Run its pip; return the exit code."""
        pip = [str(self.python), "-m", "pip", "--disable-pip-version-check", "--quiet"]
        return subprocess.run([*pip, *arguments], check=False).returncode


def wheel() -> str:
    """Build the wheel; return its path."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "wheel"]
    command = [*pip, "--no-deps", "--wheel-dir", str(BUILD / "wheels"), "."]
    subprocess.run(command, cwd=ROOT, check=True)
    return str(next((BUILD / "wheels").glob("*.whl")))


def variables(name: str, path: str) -> Dict[str, str]:
    """The environment variables of the programs, with a home of their own."""
    home = BUILD / "homes" / name
    home.mkdir(parents=True)
    return {
        "PATH": path,
        "HOME": str(home),
        "COLUMNS": "100",
        "LC_ALL": "C.UTF-8",
        "NO_PROXY": "*",
        "PYTHONWARNINGS": "ignore",
    }


def lines_of(table: str, names: Dict[str, str]) -> Tuple[List[str], List[List[str]]]:
    """The lines of a table as they stand there, and as arguments."""
    shown = (HERE / f"{table}.txt").read_text(encoding="utf-8").splitlines()
    split = []
    for line in shown:
        program, *arguments = shlex.split(line.replace('"', '\\"'))
        for name, value in names.items():
            arguments = [item.replace(f"{{{name}}}", value) for item in arguments]
        if program == "pywbemcli" and not {"-m", "-s"} & set(arguments):
            arguments = ["-s", names["mock"], *arguments]
        if program.endswith(".py"):
            program = str(HERE / program)
        split.append([program, *arguments])
    return shown, split


def result(shown: str, code: int, text: str, names: Dict[str, str]) -> str:
    """The result of a command as it stands in a file."""
    if shown.endswith(" list") and shown.startswith("pywbemlistener"):
        # There may be listeners of others on the machine.
        text = "\n".join(line for line in text.splitlines() if names["listener"] in line)
    for name, value in names.items():
        text = text.replace(value, "URL" if name == "mock" else f"{{{name}}}")
    for pattern, substitute in _VARIES:
        text = pattern.sub(substitute, text)
    return f"$ {shown}\n{text.rstrip()}\n[{code}]\n\n"


def alone(python: Path, line: List[str], environment: Dict[str, str]) -> Tuple[int, str]:
    """Run a command as a process of its own."""
    start = [str(python)] if line[0].endswith(".py") else []
    done = subprocess.run(
        [*start, *line],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout


def results(table: str, python: Path, server: Path) -> List[str]:
    """
    The results of the commands of a table with an interpreter, those of the server with another.
    """
    name = f"{table}-{python.parent.parent.name}"
    environment = variables(name, os.pathsep.join([str(python.parent), os.environ["PATH"]]))
    home = Path(environment["HOME"])
    credentials = home / "users"
    credentials.write_text("user:secret\n", encoding="utf-8")
    credentials.chmod(0o600)
    with contextlib.ExitStack() as stack:
        names = {"mock": stack.enter_context(mock(server, environment))}
        users = mock(server, environment, "--credentials", str(credentials))
        names["users"] = stack.enter_context(users)
        names.update(stack.enter_context(faulty(home)))
        port = free_port()
        names.update(home=str(home), here=str(HERE), listener=f"listener{port}", port=port)
        shown, lines = lines_of(table, names)
        runner = subprocess.run(
            [str(python), str(HERE / "commands.py"), names["mock"]],
            cwd=home,
            env=environment,
            input=json.dumps(lines),
            stdout=subprocess.PIPE,
            encoding="utf-8",
            timeout=600,
            check=True,
        )
        found = [result(line, *out, names) for line, out in zip(shown, json.loads(runner.stdout))]
        # The first one also runs as users run it.
        first = result(shown[0], *alone(python, lines[0], environment), names)
    return found if first == found[0] else [first, "in place of\n", *found]


def free_port() -> str:
    """A port on which nothing listens now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return str(sock.getsockname()[1])


def by_command(text: str) -> Dict[str, str]:
    """The results in a text, by their command."""
    items = re.split(r"(?<=\]\n\n)(?=\$ )", text)
    return {item.split("\n")[0][2:]: item for item in items}


def differing(table: str) -> List[str]:
    """The commands that the released package answers otherwise, as docs/migration.rst says."""
    terms = (ROOT / "docs" / "migration.rst").read_text(encoding="utf-8").splitlines()
    lines = (HERE / f"{table}.released").read_text(encoding="utf-8").splitlines()
    pairs = [line.split(": ", 1) for line in lines]
    for term, command in pairs:
        if term not in terms:
            raise SystemExit(f"docs/migration.rst does not say: {term} ({command})")
    return [command for _, command in pairs]


def compared(table: str, python: Path, server: Path, released: bool = False) -> str:
    """Run a table; return what is different from what is expected, or nothing."""
    want = by_command((HERE / f"{table}.expected").read_text(encoding="utf-8"))
    have = by_command("".join(results(table, python, server)))
    found = []
    for command in differing(table) if released else []:
        if want.pop(command, None) == have.pop(command, None):
            found.append(f"listed in {table}.released, and not different: {command}")
    expected, printed = ("".join(side.values()).splitlines() for side in (want, have))
    names = ("expected", f"printed with {python}")
    return "\n".join([*found, *difflib.unified_diff(expected, printed, *names, "", "", 3)])


def written(table: str, python: Path) -> str:
    """Write what a table prints."""
    text = "".join(results(table, python, python))
    (HERE / f"{table}.expected").write_text(text, encoding="utf-8")
    return ""


def wbemcli(own: Environment) -> str:
    """Run all subcommands of wbemcli against the wheel; return what fails, or nothing."""
    if shutil.which("wbemcli") is None:
        print("wbemcli is not installed")
        return ""
    environment = variables("wbemcli", os.environ["PATH"])
    test = ROOT / "tests" / "integration" / "test_mock_wbemcli.py"
    options = ["-q", "--noconftest", "--import-mode=importlib", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [str(own.folder / "bin" / "pytest"), "-c", os.devnull, *options, str(test)],
        cwd=environment["HOME"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return done.stdout if done.returncode else ""


def tasks(args: argparse.Namespace) -> Dict[str, Callable[[], str]]:
    """Make the environments; return what there is to run, by its name."""
    shutil.rmtree(BUILD, ignore_errors=True)
    own, tools = Environment("wheel"), not args.plugin
    built = wheel()
    if tools and not own.make(built, PYWBEMTOOLS, "pytest"):
        print(f"{PYWBEMTOOLS} does not install here")
        tools = False
    if not tools and not own.make(built, "pytest"):
        raise SystemExit("the wheel does not install here")
    if own.pip("check"):
        raise SystemExit("pip check is not content")
    found: Dict[str, Callable[[], str]] = {}
    tables = ["pywbemtools", "plugin"] if tools else ["plugin"]
    for table in tables:
        if args.write:
            found[f"write {table}"] = functools.partial(written, table, own.python)
        else:
            found[table] = functools.partial(compared, table, own.python, own.python)
    found["wbemcli"] = functools.partial(wbemcli, own)
    peer = released(args.released)
    if peer is None:
        return found
    for table in tables if args.released else ["plugin"]:
        found[f"{table}, released"] = functools.partial(compared, table, peer, own.python, True)
    return found


def released(install: bool) -> Optional[Path]:
    """An interpreter with the released package."""
    if install:
        environment = Environment("released")
        if not environment.make(RELEASED, PYWBEMTOOLS):
            raise SystemExit(f"{RELEASED} does not install here")
        return environment.python
    return Path(os.environ["PEER_PYTHON"]) if os.environ.get("PEER_PYTHON") else None


def timed(task: Callable[[], str]) -> Tuple[str, float]:
    """What a task returns, and its seconds."""
    started = time.monotonic()
    return task(), time.monotonic() - started


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write what is expected")
    parser.add_argument("--released", action="store_true", help="with the released package, too")
    parser.add_argument("--plugin", action="store_true", help="without pywbemtools")
    args = parser.parse_args()
    wanted = tasks(args)
    status = 0
    with ThreadPoolExecutor(2) as pool:
        for name, (difference, seconds) in zip(wanted, pool.map(timed, wanted.values())):
            if difference:
                status = 1
                print(difference)
            print(f"{name}: {'failed' if difference else 'as expected'} in {seconds:.1f} s")
    return status


if __name__ == "__main__":
    sys.exit(main())
