"""
Python files that set up a mock server: the mock scripts of pywbemtools, and files that
have only provider classes.
"""

from __future__ import annotations

import importlib.util
import inspect
import os
import re
import sys
import traceback
from types import ModuleType
from typing import Any, List, Type

from pywbem import WBEMServer

from ..connection import FakedWBEMConnection
from ..providers.instance_write import InstanceWriteProvider
from ..providers.method import MethodProvider


def run_provider_file(conn: FakedWBEMConnection, path: str, verbose: bool = False) -> None:
    """
    Run a Python file: call its function ``setup(conn, server, verbose)``; if it has none,
    register its provider classes for all namespaces that have their CIM classes.

    Parameters:
        conn (FakedWBEMConnection): The connection.
        path (str): Path of the file.
        verbose (bool): What ``setup`` is told.

    Raises:
        OSError: The file cannot be read.
        ValueError: Anything that goes wrong in the file, with its line.
    """
    module = _loaded(path)
    setup = getattr(module, "setup", None)
    if setup is not None:
        if not callable(setup):
            raise ValueError(f"{path}: setup is no function, but {setup!r:.100}")
        try:
            made = setup(conn, WBEMServer(conn), verbose)
            if inspect.iscoroutine(made) or inspect.isgenerator(made):
                made.close()
                raise TypeError("setup() must be a plain function: no async, no yield")
        except (Exception, SystemExit) as exc:
            raise _problem(path, exc, setup) from exc
        return
    providers = _provider_classes(module)
    if not providers:
        raise ValueError(
            f"{path}: It has neither a function setup(conn, server, verbose) nor a subclass of "
            "InstanceWriteProvider or MethodProvider with the attribute provider_classnames"
        )
    for provider in providers:
        try:
            _register(conn, provider)
        except (Exception, SystemExit) as exc:
            raise _problem(path, exc, provider) from exc


def _loaded(path: str) -> ModuleType:
    """
    The module of a file; it can import what is beside the file, as a script can.
    """
    with open(path, "rb") as file:
        source = file.read()
    name = "pywbem_mock_script_" + re.sub(r"\W", "_", os.path.splitext(os.path.basename(path))[0])
    spec = importlib.util.spec_from_file_location(_unused(name), path)
    if spec is None:
        raise ValueError(f"{path}: The name of a Python file ends with .py")
    module = importlib.util.module_from_spec(spec)
    folder = os.path.dirname(os.path.abspath(path))
    if folder not in sys.path:
        sys.path.insert(0, folder)
    # Where dataclasses, pickle and others look for it.
    sys.modules[spec.name] = module
    try:
        exec(compile(source, path, "exec", dont_inherit=True), module.__dict__)
    except (Exception, SystemExit) as exc:
        del sys.modules[spec.name]
        raise _problem(path, exc) from exc
    return module


def _unused(name: str) -> str:
    unused, number = name, 1
    while unused in sys.modules:
        number += 1
        unused = f"{name}_{number}"
    return unused


def _provider_classes(module: ModuleType) -> List[Type[Any]]:
    """
    The provider classes that a module defines, in the order of their definitions.
    """
    return [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and value.__module__ == module.__name__
        and issubclass(value, (InstanceWriteProvider, MethodProvider))
        and hasattr(value, "provider_classnames")
    ]


def _register(conn: FakedWBEMConnection, provider_class: Type[Any]) -> None:
    provider = provider_class(conn.cimrepository)
    names = provider.provider_classnames
    classnames = [names] if isinstance(names, str) else list(names)
    namespaces = [
        namespace
        for namespace in conn.namespaces
        if all(map(conn.cimrepository.get_class_store(namespace).object_exists, classnames))
    ]
    if not namespaces:
        raise ValueError(
            f"No namespace has the class {' and '.join(classnames)} of the provider "
            f"{provider_class.__name__}; the namespaces are {', '.join(conn.namespaces)}"
        )
    conn.register_provider(provider, namespaces)


def _problem(path: str, exc: BaseException, where: Any = None) -> ValueError:
    """
    The error with the line of the file at which something went wrong, or at which the
    function or class begins that was used.
    """
    line = None
    if isinstance(exc, SyntaxError) and exc.filename == path:
        line = exc.lineno
        text = f"{type(exc).__name__}: {exc.msg}"
    else:
        text = f"{type(exc).__name__}: {exc}" if str(exc) else type(exc).__name__
        for frame in traceback.extract_tb(exc.__traceback__):
            if frame.filename == path:
                line = frame.lineno
    if line is None and where is not None:
        try:
            line = inspect.getsourcelines(where)[1]
        except (OSError, TypeError):
            pass  # It comes from somewhere else.
    if line is None:
        return ValueError(f"{path}: {text}")
    return ValueError(f"{path}, line {line}: {text}")
