"""
Docstrings have one dialect, and a public method says all its parameters itself, or names the
method or class that has the same ones.
"""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path
from typing import Any, Dict, Iterator, List, Tuple

import pytest

import mof_compiler
import pywbem
import pywbem_mock

PACKAGES = [Path(str(package.__file__)).parent for package in (pywbem, pywbem_mock, mof_compiler)]

# Sections that send the reader elsewhere, and those of another dialect.
FOREIGN = [
    pytest.param(r"^ *:(param|parameter|arg|raises?|returns?|type|rtype)\b[^`\n]*:", id="fields"),
    pytest.param(r"^ *(Parameters|Returns|Raises|Attributes)\b[^\n:]*:[ \t]*\S", id="text-behind"),
    pytest.param(r"^ *(Args|Arguments|Params|Exceptions|Return|Throws):", id="other-names"),
    pytest.param(r"^ *Others:", id="others"),
    pytest.param(r"^ *[\w*, ]+( \(.*\))?: as( in)?\s+:(meth|func|class):", id="entry-as"),
    pytest.param(r"^ {4}\*{0,2}\w+ \((?:[^()\n]|\([^()]*\))*$", id="broken-type"),
    pytest.param(r"^(Parameters|Returns|Raises|Attributes):\n\n", id="blank-line-behind"),
    pytest.param(r"^(Parameters|Returns|Raises|Attributes):\n {1,3}\S", id="fewer-blanks"),
    pytest.param(r"^(Parameters|Returns|Raises|Attributes):\n {5,}\S", id="more-blanks"),
]


def docstrings() -> Iterator[Tuple[str, str]]:
    """Where each docstring stands, and its text."""
    for package in PACKAGES:
        for path in sorted(package.rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(
                    node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
                ):
                    text = ast.get_docstring(node)
                    if text:
                        where = f"{path.relative_to(package.parent)}:{getattr(node, 'name', '')}"
                        yield where, text


ALL = list(docstrings())


@pytest.mark.parametrize("pattern", FOREIGN)
def test_dialect(pattern: str) -> None:
    found = re.compile(pattern, re.MULTILINE)
    assert [where for where, text in ALL if found.search(text)] == []


def functions() -> Dict[str, Tuple[Any, str]]:
    """The public functions and methods that the packages export, and what documents them."""
    found: Dict[str, Tuple[Any, str]] = {}
    for package in (pywbem, pywbem_mock):
        for name in package.__all__:
            item = getattr(package, name)
            if inspect.isfunction(item):
                found[name] = item, inspect.getdoc(item) or ""
            if not inspect.isclass(item):
                continue
            for attribute in dir(item):
                method = getattr(item, attribute)
                method = getattr(method, "__func__", method)
                if not inspect.isfunction(method) or not method.__module__.startswith("pywbem"):
                    continue
                text = method.__doc__ or ""
                if attribute == "__init__":
                    owner = next(base for base in item.__mro__ if "__init__" in vars(base))
                    text += "\n" + (item.__doc__ or "") + "\n" + (owner.__doc__ or "")
                elif attribute.startswith("_"):
                    continue
                found[f"{name}.{attribute}"] = method, text
    return found


FUNCTIONS = functions()


def parameters_of(function: Any) -> List[str]:
    """The names of the parameters of a function or method."""
    return [
        parameter.name
        for parameter in inspect.signature(function).parameters.values()
        if parameter.name not in ("self", "cls")
        and parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
    ]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_parameters(name: str) -> None:
    """Each parameter has its entry."""
    function, text = FUNCTIONS[name]
    if re.search(rf"^ +See :meth:`[~\w.]*\.{function.__name__}`\.", text, re.MULTILINE):
        return
    same = re.search(r"The parameters and exceptions are those of :class:`(\w+)`", text)
    if same:
        other, _ = FUNCTIONS[f"{same[1]}.__init__"]
        assert parameters_of(function) == parameters_of(other)
        return
    missing = [
        parameter
        for parameter in parameters_of(function)
        if not re.search(rf"^ +{parameter}( \((?:[^()]|\([^()]*\))*\))?:", text, re.MULTILINE)
    ]
    assert missing == []
