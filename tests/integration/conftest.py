"""
Fixtures of the tests over real sockets.
"""

from __future__ import annotations

import contextlib
import ssl
import warnings
from pathlib import Path
from typing import Any, Callable, Iterator, List

import pytest

import pywbem
from pywbem._cim_http import HTTPTransport
from tests.integration.shells import Blocking, BlockingTransport, Loop

with warnings.catch_warnings():
    # cryptography announces that it is going to leave Python 3.8 behind.
    warnings.simplefilter("ignore", DeprecationWarning)
    warnings.simplefilter("ignore", UserWarning)
    import trustme

MakeTransport = Callable[..., Any]


@pytest.fixture(params=["sync", "async"])
def shell(request: pytest.FixtureRequest) -> str:
    """The shell that a test is about, each in turn."""
    return str(request.param)


@pytest.fixture
def transport(shell: str) -> Iterator[MakeTransport]:
    """Makes transports of the shell and closes them at the end of the test."""
    made: List[Any] = []
    with contextlib.ExitStack() as stack:
        loop = stack.enter_context(Loop()) if shell == "async" else None

        def make(url: str, **options: Any) -> Any:
            options.setdefault("timeout", 10)
            made.append(
                HTTPTransport(url, **options)
                if loop is None
                else BlockingTransport(loop, url, **options)
            )
            return made[-1]

        yield make
        for one in made:
            one.close()


@pytest.fixture
def connect(shell: str) -> Iterator[Callable[..., Any]]:
    """Makes connections of the shell, and closes them at the end of the test."""
    made: List[Any] = []
    with contextlib.ExitStack() as stack:
        loop = stack.enter_context(Loop()) if shell == "async" else None

        def make(url: str, **options: Any) -> Any:
            options.setdefault("timeout", 10)
            made.append(
                pywbem.WBEMConnection(url, **options)
                if loop is None
                else Blocking(pywbem.AsyncWBEMConnection(url, **options), loop)
            )
            return made[-1]

        yield make
        for one in made:
            one.__exit__(None, None, None)


class Authority:
    """A certificate authority of the tests, with its certificate in files."""

    def __init__(self, folder: Path, name: str) -> None:
        self.ca = trustme.CA(organization_name=name)
        self.file = str(folder / f"{name}.pem")
        self.ca.cert_pem.write_to_path(self.file)

    def server_context(self, *names: str, **options: Any) -> ssl.SSLContext:
        """A server's SSL context with a certificate for these names."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.ca.issue_cert(*names, **options).configure_cert(context)
        return context


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """The authority that the servers of the tests have their certificates from."""
    return Authority(tmp_path_factory.mktemp("ca"), "trusted")


@pytest.fixture(scope="session")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """An authority that has nothing to do with them."""
    return Authority(tmp_path_factory.mktemp("ca"), "stranger")


@pytest.fixture(scope="session")
def tls(authority: Authority) -> ssl.SSLContext:
    """The SSL context of a server on the loopback interface."""
    return authority.server_context("127.0.0.1", "localhost")
