"""
What the source of a case may use without an import: pywbem, its names, and a few tools.
"""

from __future__ import annotations

import copy
import datetime
import io
import logging
import os
import pickle
import re
import tempfile
import threading
import time
import warnings
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from types import ModuleType
from typing import Any, Dict, Iterator, List

from canned import SERVER, body_of, http, imethod, method, replying, request_of
from normal import class_name, exception_attributes, lineage, normal, scrub

import pywbem
import pywbem_mock
from pywbem import *  # noqa: F403
from pywbem_mock import *  # noqa: F403

_DIRECTORIES: List[tempfile.TemporaryDirectory[str]] = []


class Aspects(Dict[str, Any]):
    """A result of several parts, of which ours may have more than the released one."""


def attributes(value: Any, *ignored: str) -> Aspects:
    """Return the public attributes of an instance; methods by name only."""
    found = Aspects()
    for name in dir(value):
        if not name.startswith("_") and name not in ignored:
            try:
                item = getattr(value, name)
            except Exception as error:
                item = error
            found[name] = "method" if callable(item) else item
    return found


def names(module: Any) -> Aspects:
    """Return which public names `module` gives, and whether they are the same objects."""
    public: Dict[str, Any] = {}
    for package in (pywbem, pywbem_mock):
        for name in dir(package):
            if not name.startswith("_") and not isinstance(getattr(package, name), ModuleType):
                public.setdefault(name, getattr(package, name))
    return Aspects(
        {
            name: "same" if same(getattr(module, name), item) else "other"
            for name, item in public.items()
            if hasattr(module, name)
        }
    )


def same(given: Any, public: Any) -> bool:
    """Whether that is the public object, or the class of another package that it stands for."""
    classes = isinstance(given, type) and isinstance(public, type)
    return given is public or (classes and class_name(given) == class_name(public))


def ordered(found: Any) -> Any:
    """Return objects that come in any order in one order, also those of a pull result."""
    if isinstance(found, list):
        return sorted(found, key=repr)
    return found._replace(**{found._fields[0]: ordered(found[0])})


def directory() -> str:
    """Return a new directory that lives as long as the session."""
    made = tempfile.TemporaryDirectory(prefix="session-")
    _DIRECTORIES.append(made)
    return made.name


def files(contents: Dict[str, Any]) -> str:
    """Return a new directory with these files, text or bytes."""
    root = directory()
    for name, content in contents.items():
        path = os.path.join(root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        data = content if isinstance(content, bytes) else content.encode("utf-8")
        with open(path, "wb") as file:
            file.write(data)
    return root


@contextmanager
def printed() -> Iterator[List[str]]:
    """Collect what is printed, as lines."""
    lines: List[str] = []
    target = io.StringIO()
    with redirect_stdout(target), redirect_stderr(target):
        try:
            yield lines
        finally:
            lines.extend(scrub(target.getvalue()).splitlines())


class _Lines(logging.Handler):
    def __init__(self, lines: List[str]) -> None:
        super().__init__()
        self.lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(scrub(f"{record.name} {record.levelname} {record.getMessage()}"))


@contextmanager
def logged(name: str = "pywbem", level: int = logging.DEBUG) -> Iterator[List[str]]:
    """Collect what is logged, as lines."""
    lines: List[str] = []
    logger = logging.getLogger(name)
    handler = _Lines(lines)
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(level)
    try:
        yield lines
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)


@contextmanager
def warned() -> Iterator[List[str]]:
    """Collect the texts of warnings."""
    texts: List[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            yield texts
        finally:
            texts.extend(f"{item.category.__name__}: {item.message}" for item in caught)


def alike(left: Any, right: Any) -> Dict[str, Any]:
    """Return how two objects compare."""
    facts: Dict[str, Any] = {"eq": left == right, "ne": left != right}
    facts["lt"] = outcome(lambda: left < right)
    facts["hash"] = outcome(lambda: hash(left) == hash(right))
    return facts


def outcome(function: Any) -> Any:
    """Return what `function` returns, or the class of the exception."""
    try:
        return function()
    except Exception as error:
        return f"raises {class_name(type(error))}"


def setting(value: Any, name: str, item: Any) -> Any:
    """Set an attribute; return the object."""
    setattr(value, name, item)
    return value


def reset() -> None:
    """Forget what a session left."""
    SERVER.forget()
    while _DIRECTORIES:
        _DIRECTORIES.pop().cleanup()


USED = (copy, datetime, pickle, re, threading, time, body_of, http, imethod, method)
USED += (replying, request_of, exception_attributes, lineage, normal)  # by the cases
