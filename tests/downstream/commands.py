"""
Run commands that are written in Python, each in a child of one process that has imported them:
`python commands.py URL`, with a list of command lines in JSON on standard input.

A child begins like a process of its own, without the second that the imports take.  URL is a
server that is asked once before, so that what is imported late is imported, too.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
import sys
import tempfile
import traceback
from typing import Any, Callable, List, NoReturn, Tuple

import pywbem


def program(name: str) -> Callable[[], Any]:
    """Return the function of an installed command, or ``main`` of a Python file."""
    if not name.endswith(".py"):
        points = importlib.metadata.distribution("pywbemtools").entry_points
        function: Callable[[], Any] = next(x for x in points if x.name == name).load()
        return function
    spec = importlib.util.spec_from_file_location("script", name)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.main  # type: ignore[no-any-return]


def end(function: Callable[[], Any]) -> NoReturn:
    """
    Run a program and end the process as the interpreter would, without its last works, which
    take longer than the program.
    """
    code: Any = 1
    try:
        code = function()
    except SystemExit as exc:
        code = exc.code
    except BaseException:
        traceback.print_exc()
    if not isinstance(code, (int, type(None))):
        print(code, file=sys.stderr)
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code or 0)


def run(function: Callable[[], Any], line: List[str]) -> Tuple[int, str]:
    """Run a command line in a child; return its exit code and what it prints."""
    with tempfile.TemporaryFile() as output:
        child = os.fork()
        if not child:
            os.dup2(output.fileno(), 1)
            os.dup2(output.fileno(), 2)
            sys.argv = [os.path.basename(line[0]), *line[1:]]
            end(function)
        status = os.waitpid(child, 0)[1]
        output.seek(0)
        return os.WEXITSTATUS(status), output.read().decode("utf-8")


def main() -> None:
    lines: List[List[str]] = json.load(sys.stdin)
    programs = {name: program(name) for name in {line[0] for line in lines}}
    with pywbem.WBEMConnection(sys.argv[1]) as conn:
        conn.EnumerateClassNames()
    json.dump([run(programs[line[0]], line) for line in lines], sys.stdout)


if __name__ == "__main__":
    main()
