"""
Change the code here and there, and see whether the tests notice: `python -m tests.mutants`.

A mutant is a copy of the packages in which one comparison, operator, constant or condition
is another.  It is killed if a test of its area fails, or takes three times as long as without.
Which mutants are tried is decided by the seed; the survivors are printed.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Dict, List, Tuple

ROOT = Path(__file__).resolve().parent.parent.parent

#: The files of an area, and the tests that are to notice.
AREAS: Dict[str, Tuple[str, List[str]]] = {
    "cim_xml": ("pywbem/_cim_xml/*/*.py", ["tests/unit/test_cim_xml", "tests/fuzz/test_found.py"]),
    "http": ("pywbem/_http/*.py", ["tests/unit", "-k", "test_http"]),
    "sequences": ("pywbem/_listener/sequences.py", ["tests/unit/test_listener_sequences.py"]),
}
_COMPARISONS = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_OPERATORS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult}


def changes(tree: ast.Module) -> List[ast.AST]:
    """Return the nodes that can be changed, in order."""
    found: List[ast.AST] = []
    for function in ast.walk(tree):
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        # Outside annotations and docstrings.
        for statement in function.body:
            found += [node for node in ast.walk(statement) if _can_change(node)]
    return list(dict.fromkeys(found))


def _can_change(node: ast.AST) -> bool:
    if isinstance(node, ast.Compare):
        return type(node.ops[0]) in _COMPARISONS
    if isinstance(node, ast.BinOp):
        return type(node.op) in _OPERATORS
    if isinstance(node, ast.Constant):
        return type(node.value) in (bool, int)
    return isinstance(node, (ast.BoolOp, ast.IfExp))


def change(node: ast.AST) -> None:
    """Make a node mean something else."""
    if isinstance(node, ast.Compare):
        node.ops[0] = _COMPARISONS[type(node.ops[0])]()
    elif isinstance(node, ast.BinOp):
        node.op = _OPERATORS[type(node.op)]()
    elif isinstance(node, ast.Constant):
        node.value = not node.value if isinstance(node.value, bool) else int(node.value) + 1
    elif isinstance(node, ast.BoolOp):
        node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    elif isinstance(node, ast.IfExp):
        node.body, node.orelse = node.orelse, node.body


def notices(copy: Path, tests: List[str], seconds: float) -> bool:
    """Run the tests on a copy; return whether one fails."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:xdist", "--no-header"]
    command += ["-p", "no:cacheprovider", *tests]
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command, cwd=copy, env=environment, capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return True
    return done.returncode != 0


def try_area(name: str, copy: Path, count: int, seed: int, end: float) -> Tuple[int, int]:
    """Try mutants of an area until the time is over; return how many, and how many died."""
    pattern, tests = AREAS[name]
    started = time.monotonic()
    if notices(copy, tests, 600):
        raise SystemExit(f"{name}: its tests fail without any change")
    limit = 3 * (time.monotonic() - started) + 10
    files = sorted(path for path in copy.glob(pattern) if path.name != "__init__.py")
    sites = [
        (path, number)
        for path in files
        for number in range(len(changes(ast.parse(path.read_text(encoding="utf-8")))))
    ]
    random.Random(seed).shuffle(sites)
    tried = killed = 0
    for path, number in sites[:count]:
        if time.monotonic() > end:
            break
        source = path.read_text(encoding="utf-8")
        tree = ast.parse(source)
        node = changes(tree)[number]
        before = ast.unparse(node)
        change(node)
        path.write_text(ast.unparse(tree), encoding="utf-8")
        try:
            dead = notices(copy, tests, limit)
        finally:
            path.write_text(source, encoding="utf-8")
        tried += 1
        killed += dead
        if not dead:
            where = f"{path.relative_to(copy)}:{getattr(node, 'lineno', 0)}"
            print(f"survived: {where}: {before}  ->  {ast.unparse(node)}", flush=True)
    print(f"{name}: {killed} of {tried} killed, of {len(sites)} there are", flush=True)
    return tried, killed


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("area", nargs="*", help="of " + ", ".join(AREAS) + "; default: all")
    parser.add_argument("--count", type=int, default=40, help="mutants of each area")
    parser.add_argument("--all", action="store_true", help="all of them, without a time limit")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=600, help="for each area")
    args = parser.parse_args()
    tried = killed = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in ("pywbem", "pywbem_mock", "mof_compiler", "tests"):
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, copy / name, ignore=ignored)
        shutil.copy(ROOT / "pyproject.toml", copy)
        for name in args.area or AREAS:
            end = float("inf") if args.all else time.monotonic() + args.seconds
            count = sys.maxsize if args.all else args.count
            one = try_area(name, copy, count, args.seed, end)
            tried, killed = tried + one[0], killed + one[1]
    print(f"{killed} of {tried} killed, {100 * killed / max(1, tried):.0f} %")
    return 0 if killed >= 0.8 * tried else 1


if __name__ == "__main__":
    sys.exit(main())
