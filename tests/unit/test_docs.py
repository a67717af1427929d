"""
The documentation: its code runs, its output is real, its reference is complete.

In the pages, and in README.rst, a code block with ``:class: run`` is run, together with the
others of its page and in their order; the block with ``:class: output`` that follows it is
what it prints, where ``...`` stands for any text.  With ``:class: like`` numbers may be
others, as times and ports are.  A block of the language ``console`` has commands, after
``$``, and what they print.  A block with ``:class: file`` is written to the file that its
caption names, before anything is run.

The server that the pages serve with the command SERVE, and reach at SERVED, is started by the
test, at another port.
"""

from __future__ import annotations

import codeop
import doctest
import importlib
import inspect
import json
import os
import re
import runpy
import shutil
import subprocess
import sys
import textwrap
from importlib import metadata
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

import pytest

import pywbem
import pywbem_mock
from tests.shared_data import ROOT
from tests.storage_server import storage_responder

DOCS = ROOT / "docs"
PAGES = [ROOT / "README.rst", *sorted(DOCS.glob("*.rst"))]
NOTEBOOKS = sorted((DOCS / "notebooks").glob("*.ipynb"))
REFERENCE = DOCS / "reference"
CONFIGURATION = DOCS / "configuration.rst"

SERVE = "python -m pywbem_mock serve --provider examples/acme_server.py"
SERVED = "http://127.0.0.1:5988"

BLOCK = re.compile(
    r"^\.\. code-block:: (?P<language>\w+)\n(?:   :caption: (?P<caption>\S+)\n)?"
    r"   :class: (?P<kind>run|output|like|file)\n\n(?P<text>(?:   .*\n|\n)+)",
    re.MULTILINE,
)
MARK = "\N{INFORMATION SEPARATOR FOUR}"

PLUGIN = "-p pywbem_mock.pytest_plugin"


def plugin_is_installed() -> bool:
    """Return whether pytest loads the plugin by its entry point."""
    try:
        points = metadata.distribution("pywbem").entry_points
    except metadata.PackageNotFoundError:
        return False
    return any(point.group == "pytest11" for point in points)


# The commands of the pages, whatever is on the PATH.
COMMANDS = f"""
python() {{ '{sys.executable}' -X utf8 "$@"; }}
mof_compiler() {{ python -m mof_compiler "$@"; }}
pytest() {{ python -m pytest -p no:cacheprovider {"" if plugin_is_installed() else PLUGIN} "$@"; }}
"""


class Block(NamedTuple):
    """A marked block of a page: its lines, counted from 0, and its text."""

    kind: str
    language: str
    caption: Optional[str]
    line: int
    text: str
    start: int
    end: int

    @property
    def is_code(self) -> bool:
        """Whether it is Python code that is run."""
        return self.kind == "run" and self.language == "python"


def marked_blocks(page: str) -> List[Block]:
    """Return the marked blocks of the text of a page."""
    blocks = []
    for match in BLOCK.finditer(page):
        text = textwrap.dedent(match.group("text")).rstrip() + "\n"
        start = match.start("text")
        line = page.count("\n", 0, start)
        end = start + len(match.group("text").rstrip()) + 1
        named = match.group("kind", "language", "caption")
        blocks.append(Block(*named, line, text, start, end))
    return blocks


def script_of(blocks: List[Block]) -> str:
    """Return the code of a page as a script in which each line has its line number."""
    lines: List[str] = []
    for block in blocks:
        if block.is_code:
            lines += [""] * (block.line - 1 - len(lines))
            lines += [f"print({MARK!r}, end='')", *block.text.splitlines()]
    return "\n".join(lines) + "\n"


def agree(kind: str, says: str, printed: str) -> bool:
    """Return whether the code printed what a block says."""
    texts = []
    for text in (says, printed):
        lines = [line.rstrip() for line in text.rstrip().splitlines()]
        text = "".join(line + "\n" for line in lines)
        texts.append(re.sub(r" *\d+", " 0", text) if kind == "like" else text)
    return doctest.OutputChecker().check_output(texts[0], texts[1], doctest.ELLIPSIS)


def environment() -> Dict[str, str]:
    """Return the environment in which the code of a page is run."""
    variables = dict(os.environ, PYTHONIOENCODING="utf-8", TZ="UTC", COLUMNS="80")
    variables["PYTHONPATH"] = os.pathsep.join([str(ROOT), *filter(None, sys.path)])
    return variables


def run_script(script: str, name: str, folder: Path) -> List[str]:
    """Run a script in a process and return what it printed after each mark."""
    command = "import sys; exec(compile(sys.stdin.read(), sys.argv[1], 'exec'))"
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-W", "error", "-c", command, name],
        input=script,
        cwd=str(folder),
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split(MARK)[1:]


def at(text: str, url: str, other: str) -> str:
    """Return a text with another host and port of the server."""
    return text.replace(url.partition("//")[2], other.partition("//")[2])


def run_blocks(name: str, blocks: List[Block], folder: Path) -> List[str]:
    """Run the code of a page and return what each block printed."""
    with storage_responder() as server:
        printed = run_script(at(script_of(blocks), SERVED, server.url), name, folder)
        return [at(text, server.url, SERVED) for text in printed]


def commands_of(block: Block) -> List[Tuple[str, str]]:
    """Return the commands of a block, each with what it prints."""
    parts = re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]
    pattern = re.compile(r"((?:[^\n]*\\\n)*[^\n]*\n)(.*)", re.DOTALL)
    return [(match[1], match[2]) for match in map(pattern.match, parts) if match]


def run_commands(name: str, blocks: List[Block], folder: Path) -> None:
    """Run the commands of a page; each prints what the page says."""
    (folder / "examples").symlink_to(ROOT / "examples")
    with storage_responder() as server:
        for block in blocks:
            if block.kind == "file":
                assert block.caption
                text = at(block.text, SERVED, server.url)
                (folder / block.caption).write_text(text, encoding="utf-8")
        for block in blocks:
            for command, says in commands_of(block) if block.language == "console" else []:
                if command.strip() == SERVE:
                    assert says.strip() in ("", f"Serving root/cimv2, interop at {SERVED}")
                    continue
                done = subprocess.run(
                    ["bash", "-c", COMMANDS + at(command, SERVED, server.url)],
                    cwd=str(folder),
                    env=environment(),
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    encoding="utf-8",
                    timeout=60,
                    check=False,
                )
                printed = at(done.stdout, server.url, SERVED)
                assert says or done.returncode == 0, f"{name}:{block.line}: {command}{printed}"
                assert agree(block.kind, says, printed), (
                    f"{name}:{block.line}: {command}the page says\n{says}\nit prints\n{printed}"
                )


RUN_PAGES = [
    page for page in PAGES if any(b.is_code for b in marked_blocks(page.read_text("utf-8")))
]
COMMAND_PAGES = [
    page
    for page in PAGES
    if re.search(r"^\.\. code-block:: console\n   :class: run", page.read_text("utf-8"), re.M)
]


@pytest.mark.parametrize("page", RUN_PAGES, ids=[page.stem for page in RUN_PAGES])
def test_code_runs(page: Path, tmp_path: Path) -> None:
    """The code of a page runs, and prints what the page says."""
    blocks = marked_blocks(page.read_text(encoding="utf-8"))
    printed = run_blocks(page.name, blocks, tmp_path)
    got: Optional[str] = None
    for block in blocks:
        if block.is_code:
            assert not got, f"{page.name}:{block.line}: not in the page: {got}"
            got = printed.pop(0)
        elif block.kind in ("output", "like"):
            assert got is not None, f"{page.name}:{block.line}: output without code"
            assert agree(block.kind, block.text, got), (
                f"{page.name}:{block.line}: the page says\n{block.text}\nthe code prints\n{got}"
            )
            got = None
    assert not got, f"{page.name}: not in the page: {got}"


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
@pytest.mark.parametrize("page", COMMAND_PAGES, ids=[page.stem for page in COMMAND_PAGES])
def test_commands_run(page: Path, tmp_path: Path) -> None:
    """The commands of a page run, and print what the page says."""
    run_commands(page.name, marked_blocks(page.read_text(encoding="utf-8")), tmp_path)


@pytest.mark.parametrize("page", RUN_PAGES, ids=[page.stem for page in RUN_PAGES])
def test_first_program_can_be_pasted(page: Path) -> None:
    """The interactive interpreter takes it, in which an empty line ends a block."""
    first = next(b for b in marked_blocks(page.read_text(encoding="utf-8")) if b.is_code)
    waiting: List[str] = []
    for line in [*first.text.splitlines(), ""]:
        waiting.append(line)
        if codeop.compile_command("\n".join(waiting)) is not None:
            waiting = []
    assert not waiting


@pytest.mark.parametrize("page", RUN_PAGES, ids=[page.stem for page in RUN_PAGES])
def test_code_says_where_the_url_comes_from(page: Path) -> None:
    """A page whose code uses a server tells, before that, the command that serves it."""
    text = page.read_text(encoding="utf-8")
    for block in marked_blocks(text):
        if block.is_code and re.search(r"(?<![.\w])url\b", block.text):
            assert f'url = "{SERVED}"\n' in block.text
            assert f"$ {SERVE}\n" in text[: block.start]
            break


def code_cells(notebook: Path) -> List[Dict[str, Any]]:
    """Return the code cells of a notebook."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


def run_notebook(notebook: Path, folder: Path) -> List[str]:
    """Run the code cells of a notebook, in any folder, and return what each printed."""
    script = "".join(
        f"print({MARK!r}, end='')\n{''.join(cell['source'])}\n" for cell in code_cells(notebook)
    )
    return run_script(script, notebook.name, folder)


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_notebook_runs(notebook: Path, tmp_path: Path) -> None:
    """The cells of a notebook run, and print what is stored in it."""
    printed = run_notebook(notebook, tmp_path)
    for number, (cell, got) in enumerate(zip(code_cells(notebook), printed), start=1):
        want = "".join("".join(output["text"]) for output in cell["outputs"])
        assert got == want, f"{notebook.name}, code cell {number}"
    assert len(printed) == len(code_cells(notebook))


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_model_of_notebook(notebook: Path) -> None:
    """The model that stands in a notebook, so that it runs anywhere, is that of the examples."""
    model = "".join(code_cells(notebook)[0]["source"])
    names = ["acme_qualifiers.mof", "acme_storage.mof"]
    names += ["acme_interop.mof"] if "INTEROP" in model else []
    for name in names:
        text = (ROOT / "examples" / "models" / name).read_text(encoding="utf-8")
        text = re.sub(r'^(// |#pragma include \("acme_qualifiers).*\n\n*', "", text, flags=re.M)
        assert text.strip() in model


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


def test_differences_are_told_once() -> None:
    """No subject occurs twice in the list of differences."""
    text = (DOCS / "migration.rst").read_text(encoding="utf-8")
    terms = re.findall(r"^(\w.*)\n   \S", text, re.MULTILINE)
    assert len(terms) > 20
    assert [term for term in sorted(set(terms)) if terms.count(term) > 1] == []


@pytest.mark.slow
def test_build_has_no_warning(tmp_path: Path) -> None:
    """Sphinx builds the pages without a warning."""
    pytest.importorskip("sphinx")
    pytest.importorskip("sphinx_rtd_theme")
    pytest.importorskip("myst_nb")
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
