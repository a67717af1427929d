"""
pytest plugin: a mock WBEM server for each test.

It is active where pywbem is installed.  The fixture ``faked_wbem_connection``
is a :class:`~pywbem_mock.FakedWBEMConnection`, the fixture
``async_faked_wbem_connection`` an asynchronous connection to the same server, and the
fixture ``wbem_server`` the same repository served over HTTP, for programs that make
their own connection.
The marker ``wbem_mof`` fills it::

    @pytest.mark.wbem_mof("model.mof", namespace="root/cimv2")
    def test_disks(wbem_server):
        with pywbem.WBEMConnection(wbem_server.url) as conn:
            assert conn.EnumerateInstanceNames("CIM_Disk") == []

The marker ``wbem_strict`` makes it strict: its operations do what DSP0200 says where the
released mock is lenient.

The fixture ``wbem_fault`` makes requests fail, as a server does on a bad day; it is the
method ``inject`` of the connection, and its faults end with the test::

    def test_busy_server(wbem_server, wbem_fault):
        wbem_fault(operation="EnumerateInstances", http=503)

``examples/pytest_suite`` is a suite that uses them.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Callable, Iterable, Iterator, Optional

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from . import AsyncFakedWBEMConnection, FakedWBEMConnection, WBEMServerThread
    from .operations.faults import Fault

_MARKER = (
    "wbem_mof(*files, text=None, namespace=None, search_paths=()): fill the repository of the "
    "server that the fixtures of pywbem_mock share from MOF files, whose paths are relative to "
    "the file of the test, and from a MOF text. May be repeated; the marker of the module comes "
    "first, then that of the class, then that of the function."
)

_STRICT_MARKER = (
    "wbem_strict: the server that the fixtures of pywbem_mock share does what DSP0200 says where "
    "the mock is lenient."
)


def pytest_configure(config: pytest.Config) -> None:
    """
    Make the markers known.
    """
    config.addinivalue_line("markers", _MARKER)
    config.addinivalue_line("markers", _STRICT_MARKER)


def _is_path(value: object) -> bool:
    return isinstance(value, (str, os.PathLike))


def _is_text(value: object) -> bool:
    return value is None or isinstance(value, str)


def _are_paths(value: object) -> bool:
    return isinstance(value, (list, tuple, set, frozenset)) and all(map(_is_path, value))


# What the marker takes by keyword.
_KEYWORDS = {
    "text": (_is_text, "a text"),
    "namespace": (_is_text, "the name of a namespace"),
    "search_paths": (_are_paths, "a list of directories"),
}


def _check(mark: pytest.Mark) -> None:
    """
    Let the test fail, in words of the marker, if what it has is not what it takes.
    """
    problem = None
    for value in mark.args:
        if not _is_path(value):
            problem = f"a file must be a path, not {value!r}"
    for name, value in mark.kwargs.items():
        if name not in _KEYWORDS:
            problem = f"there is no argument {name!r}; it takes files, {', '.join(_KEYWORDS)}"
        elif not _KEYWORDS[name][0](value):
            problem = f"{name} must be {_KEYWORDS[name][1]}, not {value!r}"
    if not mark.args and not mark.kwargs:
        problem = "it names neither a file nor a text"
    if problem is not None:
        pytest.fail(f"Wrong marker wbem_mof: {problem}", pytrace=False)


def _is_strict(node: pytest.Item) -> bool:
    """
    Whether a test has the marker for it, which says nothing but its name.
    """
    marks = list(node.iter_markers("wbem_strict"))
    if any(mark.args or mark.kwargs for mark in marks):
        pytest.fail("Wrong marker wbem_strict: it takes no argument", pytrace=False)
    return bool(marks)


def _load(
    conn: FakedWBEMConnection,
    folder: Path,
    *files: str,
    text: Optional[str] = None,
    namespace: Optional[str] = None,
    search_paths: Iterable[str] = (),
) -> None:
    """
    Do what one marker says.
    """
    from .filling.mof_errors import errors_shown

    if namespace is not None and namespace.strip("/") not in conn.namespaces:
        conn.add_namespace(namespace)
    for path in files:
        file = folder / path
        if not file.is_file():
            wrong = f"{file} is a directory" if file.is_dir() else f"there is no file {file}"
            pytest.fail(f"Wrong marker wbem_mof: {wrong}", pytrace=False)
    paths = [str(folder / path) for path in search_paths]
    with errors_shown():
        for name in files:
            conn.compile_mof_file(str(folder / name), namespace=namespace, search_paths=paths)
        if text is not None:
            conn.compile_mof_string(text, namespace=namespace, search_paths=paths)


@pytest.fixture
def faked_wbem_connection(request: pytest.FixtureRequest) -> Iterator[FakedWBEMConnection]:
    """
    A connection to a mock WBEM server in the process, new for each test.
    """
    # Not before it is used: most runs of pytest do not need it.
    from . import FakedWBEMConnection

    with FakedWBEMConnection(strict=_is_strict(request.node)) as conn:
        # The nearest marker is the first.
        for marker in reversed(list(request.node.iter_markers("wbem_mof"))):
            _check(marker)
            _load(conn, request.node.path.parent, *marker.args, **marker.kwargs)
        yield conn


@pytest.fixture
def async_faked_wbem_connection(
    faked_wbem_connection: FakedWBEMConnection,
) -> AsyncFakedWBEMConnection:
    """
    An asynchronous connection to the mock WBEM server of
    ``faked_wbem_connection``.  It has no sockets, and any event loop can use it.
    """
    from . import AsyncFakedWBEMConnection

    return AsyncFakedWBEMConnection.of(faked_wbem_connection)


@pytest.fixture
def wbem_server(faked_wbem_connection: FakedWBEMConnection) -> Iterator[WBEMServerThread]:
    """
    The mock WBEM server of ``faked_wbem_connection``, served over HTTP on a
    free port of the loopback interface.
    """
    from . import WBEMServerThread

    with WBEMServerThread(faked_wbem_connection) as server:
        yield server


@pytest.fixture
def wbem_fault(faked_wbem_connection: FakedWBEMConnection) -> Iterator[Callable[..., Fault]]:
    """
    Make requests to the mock WBEM server of ``faked_wbem_connection`` fail: its method
    ``inject(classname, operation, status, delay, drop, http, truncate, rate, times)``.
    The faults end with the test, or before it by the ``end()`` of what is returned.
    """
    faults = []

    def inject(*args: Any, **kwargs: Any) -> Fault:
        faults.append(faked_wbem_connection.inject(*args, **kwargs))
        return faults[-1]

    yield inject
    for fault in faults:
        fault.end()
