"""
The documentation: its code runs, its output is real, its reference is complete.

In the pages a code block with ``:class: run`` is run, together with the others of its
page and in their order; the block with ``:class: output`` that follows it is what it
prints, where ``...`` stands for any text.  With ``:class: like`` numbers may be others,
as times and ports are.  ``url`` is the URL of a WBEM server that the test starts.
"""

from __future__ import annotations

import doctest
import importlib
import inspect
import json
import os
import re
import runpy
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

import pytest

import pywbem
import pywbem_mock
from tests.shared_data import ROOT
from tests.storage_server import storage_responder

DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("*.rst"))
NOTEBOOKS = sorted((DOCS / "notebooks").glob("*.ipynb"))
REFERENCE = DOCS / "reference"
CONFIGURATION = DOCS / "configuration.rst"

BLOCK = re.compile(
    r"^\.\. code-block:: \w+\n   :class: (?P<kind>run|output|like)\n\n(?P<text>(?:   .*\n|\n)+)",
    re.MULTILINE,
)
MARK = "\N{INFORMATION SEPARATOR FOUR}"


class Block(NamedTuple):
    """A marked block of a page: its lines, counted from 0, and its text."""

    kind: str
    line: int
    text: str
    start: int
    end: int


def marked_blocks(page: str) -> List[Block]:
    """Return the marked blocks of the text of a page."""
    blocks = []
    for match in BLOCK.finditer(page):
        text = textwrap.dedent(match.group("text")).rstrip() + "\n"
        start = match.start("text")
        line = page.count("\n", 0, start)
        end = start + len(match.group("text").rstrip()) + 1
        blocks.append(Block(match.group("kind"), line, text, start, end))
    return blocks


def script_of(blocks: List[Block]) -> str:
    """Return the code of a page as a script in which each line has its line number."""
    lines = ["import os; url = os.environ['WBEM_URL']"]
    for block in blocks:
        if block.kind == "run":
            lines += [""] * (block.line - 1 - len(lines))
            lines += [f"print({MARK!r}, end='')", *block.text.splitlines()]
    return "\n".join(lines) + "\n"


def agree(block: Block, printed: str) -> bool:
    """Return whether the code printed what the block with its output says."""
    texts = []
    for text in (block.text, printed):
        lines = [line.rstrip() for line in text.rstrip().splitlines()]
        text = "".join(line + "\n" for line in lines)
        texts.append(re.sub(r" *\d+", " 0", text) if block.kind == "like" else text)
    return doctest.OutputChecker().check_output(texts[0], texts[1], doctest.ELLIPSIS)


def run_script(script: str, name: str, folder: Path, **variables: str) -> List[str]:
    """Run a script in a process and return what it printed after each mark."""
    environment = dict(os.environ, PYTHONIOENCODING="utf-8", TZ="UTC", **variables)
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), *filter(None, sys.path)])
    command = "import sys; exec(compile(sys.stdin.read(), sys.argv[1], 'exec'))"
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-W", "error", "-c", command, name],
        input=script,
        cwd=str(folder),
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split(MARK)[1:]


def run_blocks(name: str, blocks: List[Block], folder: Path) -> List[str]:
    """Run the code of a page and return what each block printed."""
    with storage_responder() as server:
        return run_script(script_of(blocks), name, folder, WBEM_URL=server.url)


RUN_PAGES = [page for page in PAGES if marked_blocks(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("page", RUN_PAGES, ids=[page.stem for page in RUN_PAGES])
def test_code_runs(page: Path, tmp_path: Path) -> None:
    """The code of a page runs, and prints what the page says."""
    blocks = marked_blocks(page.read_text(encoding="utf-8"))
    printed = run_blocks(page.name, blocks, tmp_path)
    got: Optional[str] = None
    for block in blocks:
        if block.kind == "run":
            assert not got, f"{page.name}:{block.line}: not in the page: {got}"
            got = printed.pop(0)
            continue
        assert got is not None, f"{page.name}:{block.line}: output without code"
        assert agree(block, got), (
            f"{page.name}:{block.line}: the page says\n{block.text}\nthe code prints\n{got}"
        )
        got = None
    assert not got, f"{page.name}: not in the page: {got}"


def code_cells(notebook: Path) -> List[Dict[str, Any]]:
    """Return the code cells of a notebook."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


def run_notebook(notebook: Path) -> List[str]:
    """Run the code cells of a notebook, in its folder, and return what each printed."""
    script = "".join(
        f"print({MARK!r}, end='')\n{''.join(cell['source'])}\n" for cell in code_cells(notebook)
    )
    return run_script(script, notebook.name, notebook.parent)


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_notebook_runs(notebook: Path) -> None:
    """The cells of a notebook run, and print what is stored in it."""
    printed = run_notebook(notebook)
    for number, (cell, got) in enumerate(zip(code_cells(notebook), printed), start=1):
        want = "".join("".join(output["text"]) for output in cell["outputs"])
        assert got == want, f"{notebook.name}, code cell {number}"
    assert len(printed) == len(code_cells(notebook))


def test_pages_have_code() -> None:
    """The pages are found, and code in them."""
    assert len(RUN_PAGES) >= 5
    assert len(NOTEBOOKS) >= 5


@pytest.mark.parametrize(
    "module_name", ["pywbem", "pywbem_mock", "pywbem.config", "pywbem_mock.config"]
)
def test_reference_is_complete(module_name: str) -> None:
    """Each public name has an entry in the reference."""
    module = importlib.import_module(module_name)
    names = set(module.__all__) - {"config", "__version__"}
    described = set()
    conf = runpy.run_path(str(DOCS / "conf.py"))
    texts = [page.read_text(encoding="utf-8") for page in [*REFERENCE.glob("*.rst"), CONFIGURATION]]
    for text in [*texts, conf["constants_page"]()]:
        found = re.findall(r"^\.\. (?:auto|py:)\w+:: (\S+)", text, re.MULTILINE)
        described |= {name.rpartition(".")[2] for name in found}
    assert sorted(names - described) == []


@pytest.mark.parametrize("package", [pywbem, pywbem_mock], ids=["pywbem", "pywbem_mock"])
def test_all_have_docstrings(package: Any) -> None:
    """Each public class, function, method and property has a docstring."""
    without = []
    for name in package.__all__:
        thing = getattr(package, name)
        members: List[Tuple[str, Any]] = []
        members += [(name, thing)] if inspect.isclass(thing) or inspect.isfunction(thing) else []
        if inspect.isclass(thing):
            members += [
                (f"{name}.{key}", member)
                for key, member in inspect.getmembers(thing)
                if not key.startswith("_")
                and (isinstance(member, property) or inspect.isfunction(member))
            ]
        without += [key for key, member in members if not inspect.getdoc(member)]
    assert without == []


@pytest.mark.parametrize("page", [*PAGES, *sorted(REFERENCE.glob("*.rst"))], ids=lambda p: p.stem)
def test_named_files_exist(page: Path) -> None:
    """The examples that a page names are there."""
    text = page.read_text(encoding="utf-8")
    named = set(re.findall(r"examples/[\w/.]+\w", text))
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


@pytest.mark.slow
def test_build_has_no_warning(tmp_path: Path) -> None:
    """Sphinx builds the pages without a warning."""
    pytest.importorskip("sphinx")
    pytest.importorskip("sphinx_rtd_theme")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html"]
    done = subprocess.run(
        [*command, "-d", str(tmp_path / "doctrees"), str(DOCS), str(tmp_path / "html")],
        cwd=str(ROOT),
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "html" / "index.html").exists()
