#!/usr/bin/env python3
"""
Measure the MOF compiler with the CIM schema of the DMTF, beside another pywbem.

The floor is tokenizing the same text.  When the environment variable PEER_PYTHON names an
interpreter in which another pywbem is installed (say, the last release), it compiles the same
files in the same run.  Each measure is made in a process of its own, the least of several counts,
and the interpreters take turns.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional

ROOT = Path(__file__).resolve().parent.parent.parent
# At the end: an installed pywbem is used before the one in the checkout.
sys.path.append(str(ROOT))

DATA = Path(os.environ.get("PYWBEM_TEST_DATA") or ROOT.parent / "shared" / "data")
SCHEMA = DATA / "cim_schema_2.49.0Final-MOFs.zip"
NAMESPACE = "root/cimv2"

# The part of the peer's time and memory, and the growth from one to two texts, that are wanted.
WANTED_TIME = 1 / 4
WANTED_MEMORY = 1.0
WANTED_GROWTH = 2.2


def main_file(folder: Path) -> str:
    (found,) = folder.glob("cim_schema*.mof")
    return str(found)


def all_text(folder: Path) -> str:
    """Return the text of all files of the schema, in the order in which they are included."""
    lines = Path(main_file(folder)).read_text(encoding="utf-8").splitlines()
    names = [line.split('"')[1] for line in lines if line.startswith("#pragma include")]
    return "\n".join((folder / name).read_text(encoding="utf-8") for name in names)


def new_compiler(folder: Path) -> Any:
    from pywbem._mof_compiler import MOFCompiler, MOFWBEMConnection

    return MOFCompiler(MOFWBEMConnection(None), search_paths=[str(folder)], log_func=None)


def compile_files(folder: Path) -> Callable[[], Any]:
    compiler = new_compiler(folder)
    return lambda: compiler.compile_file(main_file(folder), NAMESPACE)


def compile_text(folder: Path) -> Callable[[], Any]:
    compiler, text = new_compiler(folder), all_text(folder)
    return lambda: compiler.compile_string(text, NAMESPACE)


def compile_text_twice(folder: Path) -> Callable[[], Any]:
    compiler, text = new_compiler(folder), all_text(folder)
    twice = f'{text}\n#pragma namespace ("root/two")\n{text}'
    return lambda: compiler.compile_string(twice, NAMESPACE)


def tokenize_text(folder: Path) -> Callable[[], Any]:
    from pywbem._mof_compiler.lexer import tokenize

    text = all_text(folder)
    return lambda: sum(1 for _ in tokenize(text))


MEASURES = {
    "compile": compile_files,
    "text": compile_text,
    "twice": compile_text_twice,
    "tokenize": tokenize_text,
}


def measure(name: str, folder: Path) -> None:
    """Print the time of a measure and the peak of the memory of this process, as JSON."""
    import resource

    run = MEASURES[name](folder)
    started = time.perf_counter()
    run()
    seconds = time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": seconds, "memory": memory}))


def measured(python: str, name: str, folder: Path) -> Dict[str, float]:
    """Return a measure in a process of its own."""
    command = [python, __file__, "--measure", name, "--folder", str(folder)]
    found = subprocess.run(command, stdout=subprocess.PIPE, check=True, encoding="utf-8")
    result: Dict[str, float] = json.loads(found.stdout)
    return result


def least(results: List[Dict[str, float]], key: str) -> float:
    return min(result[key] for result in results)


def report(repeat: int, folder: Path) -> bool:
    """Print all measures; return whether they are as wanted."""
    peer: Optional[str] = os.environ.get("PEER_PYTHON")
    runs: Dict[str, List[Dict[str, float]]] = {name: [] for name in [*MEASURES, "peer"]}
    for _ in range(repeat):
        for name in MEASURES:
            runs[name].append(measured(sys.executable, name, folder))
        if peer:
            runs["peer"].append(measured(peer, "compile", folder))
    seconds = least(runs["compile"], "seconds")
    memory = least(runs["compile"], "memory")
    floor = least(runs["tokenize"], "seconds")
    growth = least(runs["twice"], "seconds") / least(runs["text"], "seconds")
    print(f"compile the schema      {seconds:7.2f} s    {memory / 2**20:6.1f} MiB at most")
    print(f"tokenize its text       {floor:7.2f} s    the compilation takes {seconds / floor:.2f}")
    print(f"twice the text          {growth:7.2f} times as long (wanted: {WANTED_GROWTH})")
    good = growth <= WANTED_GROWTH
    if runs["peer"]:
        time_part = seconds / least(runs["peer"], "seconds")
        memory_part = memory / least(runs["peer"], "memory")
        print(
            f"the peer                {least(runs['peer'], 'seconds'):7.2f} s    "
            f"{least(runs['peer'], 'memory') / 2**20:6.1f} MiB at most\n"
            f"part of the peer's      {time_part:7.2f} (wanted: {WANTED_TIME})   "
            f"memory {memory_part:.2f} (wanted: {WANTED_MEMORY})"
        )
        good = good and time_part <= WANTED_TIME and memory_part <= WANTED_MEMORY
    return good


def run() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=3, help="how often each measure is made")
    parser.add_argument("--measure", choices=sorted(MEASURES), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        measure(arguments.measure, arguments.folder)
        return 0
    if not SCHEMA.exists():
        print(f"{SCHEMA.name} is not in the shared test data: nothing is measured")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(SCHEMA) as archive:
            archive.extractall(folder)
        return 0 if report(arguments.repeat, Path(folder)) else 1


if __name__ == "__main__":
    sys.exit(run())
