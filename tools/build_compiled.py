"""
Builds a wheel in which the modules that work hardest are machine code, for the Python and
the system at hand; what they are compiled from is in it, too.

    python tools/build_compiled.py build/compiled

The directory gets the wheel, and ``venv`` with the wheel installed in it.  Cython compiles the
sources as they are; everything else is the pure package.  docs/installation.rst has the figures.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Those in which decoding, building objects, MOF and the mock spend their time.  The grammar is
# not among them: PLY asks its functions for their lines.
MODULES = """
    pywbem/_nocasedict
    pywbem/_cim_types/base pywbem/_cim_types/datetime pywbem/_cim_types/scalars
    pywbem/_cim_obj/_base pywbem/_cim_obj/fields pywbem/_cim_obj/items pywbem/_cim_obj/values
    pywbem/_cim_obj/instance pywbem/_cim_obj/instance_name pywbem/_cim_obj/property
    pywbem/_cim_xml/read/tree pywbem/_cim_xml/read/element pywbem/_cim_xml/read/values
    pywbem/_cim_xml/read/paths pywbem/_cim_xml/read/properties pywbem/_cim_xml/read/objects
    pywbem/_mof_compiler/lexer pywbem/_mof_compiler/parser pywbem/_mof_compiler/values
    pywbem_mock/store/memory pywbem_mock/store/objects pywbem_mock/store/copying
    pywbem_mock/store/class_view pywbem_mock/operations/base pywbem_mock/operations/instances
""".split()

SETUP = """\
from Cython.Build import cythonize
from setuptools import Extension, setup

# Optimizing more takes longer than it saves.
FLAGS = {flags!r}
MODULES = {modules!r}
extensions = [
    Extension(name.replace("/", "."), [name + ".py"], extra_compile_args=FLAGS) for name in MODULES
]
setup(
    ext_modules=cythonize(
        extensions,
        nthreads={jobs},
        language_level=3,
        # Annotations are for people and mypy: a subclass may be passed, as in Python.
        compiler_directives={{"annotation_typing": False, "binding": True}},
    ),
    options={{"build_ext": {{"parallel": {jobs}}}}},
)
"""

# What imports all of it, and proves that it is compiled.
CHECK = """\
import importlib, sys
names = sys.argv[1:]
pure = [name for name in names if importlib.import_module(name).__file__.endswith(".py")]
assert not pure, f"not compiled: {pure}"
import pywbem, pywbem_mock, mof_compiler
conn = pywbem_mock.FakedWBEMConnection()
conn.compile_mof_string("class C { uint8 P; };")
assert conn.GetClass("C").properties["P"].type == "uint8"
print(f"{len(names)} modules of {pywbem.__version__} are machine code")
"""


def copy_sources(target: Path) -> None:
    """Copy what a wheel is made of, with a setup.py beside it."""
    shutil.rmtree(str(target), ignore_errors=True)
    target.mkdir(parents=True)
    ignored = shutil.ignore_patterns("__pycache__", "*.so", "*.pyd", "*.c")
    for package in ("pywbem", "pywbem_mock", "mof_compiler"):
        shutil.copytree(str(ROOT / package), str(target / package), ignore=ignored)
    for name in ("pyproject.toml", "setup.cfg", "README.rst", "LICENSE"):
        shutil.copy(str(ROOT / name), str(target / name))
    flags = [] if os.name == "nt" else ["-O1", "-g0"]
    text = SETUP.format(flags=flags, modules=MODULES, jobs=os.cpu_count() or 1)
    (target / "setup.py").write_text(text, encoding="utf-8")


def build(directory: Path) -> Path:
    """Build the wheel."""
    source = directory / "source"
    copy_sources(source)
    for old in directory.glob("*.whl"):
        old.unlink()
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    options = ["--no-deps", "--no-build-isolation", "--wheel-dir", str(directory)]
    subprocess.run([*pip, "wheel", *options, str(source)], check=True)
    (wheel,) = directory.glob("*.whl")
    return wheel


def install(wheel: Path, directory: Path) -> None:
    """Install the wheel in an environment of its own, and import it there."""
    venv.create(str(directory), clear=True, with_pip=True)
    python = str(directory / ("Scripts" if os.name == "nt" else "bin") / "python")
    pip = [python, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run([*pip, "install", str(wheel)], check=True)
    names = [name.replace("/", ".") for name in MODULES]
    subprocess.run([python, "-c", CHECK, *names], check=True, cwd=str(directory))


def main() -> None:
    directory = Path(sys.argv[1]).resolve()
    wheel = build(directory)
    install(wheel, directory / "venv")
    print(wheel)


if __name__ == "__main__":
    main()
