"""
The files of the packages import each other in one direction.

The import contract in pyproject.toml says which way is down; here is that no files import
each other in a circle, imports in functions and for type checking counted.
"""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Set

import pytest

grimp = pytest.importorskip("grimp")  # import-linter has it, on Python 3.9 and newer

PACKAGES = ["pywbem", "pywbem_mock", "mof_compiler"]

# An object asks for its own CIM-XML, MOF and WBEM URI: the exception of the import contract.
SEAM = "pywbem._cim_obj.forms"


def room(module: str) -> str:
    """The folder of the package that a module is in, or the package."""
    package, *names = module.split(".")
    return f"{package}.{names[0]}" if len(names) > 1 else package


def circles(graph: Any) -> Iterator[Set[str]]:
    """The sets of modules that import each other in a circle."""
    imported = {name: set(graph.find_modules_directly_imported_by(name)) for name in graph.modules}
    imported[SEAM].clear()
    reached: Dict[str, Set[str]] = {}
    for name in imported:
        found: Set[str] = set()
        new: List[str] = [name]
        while new:
            for other in imported[new.pop()]:
                if other not in found:
                    found.add(other)
                    new.append(other)
        reached[name] = found
    for name, found in reached.items():
        if name in found:
            yield {other for other in found if name in reached[other]}


@pytest.fixture(scope="module")
def graph() -> Any:
    return grimp.build_graph(*PACKAGES, include_external_packages=False, cache_dir=None)


def test_files_import_in_one_direction(graph: Any) -> None:
    assert {", ".join(sorted(circle)) for circle in circles(graph)} == set()


def test_all_rooms_are_looked_at(graph: Any) -> None:
    assert {
        "mof_compiler",
        "pywbem",
        "pywbem._cim_obj",
        "pywbem._client",
        "pywbem._mof_compiler",
        "pywbem._observers",
        "pywbem_mock",
    } <= {room(module) for module in graph.modules}
