"""
What is used of urllib3 that it keeps for itself is in the installed version, and is
confined to one file.
"""

from __future__ import annotations

import gc
import inspect
import re
import socket
from pathlib import Path
from typing import Any, Callable, Iterator, Tuple

import pytest
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

import pywbem
from pywbem._http.pools import bounded_pool, taken_from
from pywbem._http.sockets import Deadline, DeadlineExceeded
from pywbem._http.tls import TLSSettings, certificate_names
from pywbem._http.url import Target

FILE = Path("_http") / "pools.py"

PRIVATE = re.compile(
    r"\._(get_conn|put_conn|prepare_proxy|prepare_conn|new_conn|tunnel|tunnel_host|dns_host"
    r"|set_tunnel|validate_conn|make_request)\b"
)


@pytest.mark.parametrize(
    "method, args",
    [
        pytest.param(getattr(owner, name), args, id=f"{owner.__name__}.{name}")
        for owners, name, args in [
            ((HTTPConnectionPool, HTTPSConnectionPool), "_get_conn", ("pool",)),
            ((HTTPConnectionPool, HTTPSConnectionPool), "_put_conn", ("pool", "connection")),
            ((HTTPConnectionPool, HTTPSConnectionPool), "_prepare_proxy", ("pool", "connection")),
            ((HTTPConnection, HTTPSConnection), "_new_conn", ("connection",)),
            ((HTTPConnection, HTTPSConnection), "_tunnel", ("connection",)),
        ]
        for owner in owners
    ],
)
def test_private_methods(method: Callable[..., Any], args: Tuple[str, ...]) -> None:
    """It is there, and takes what it is called with."""
    assert inspect.isfunction(method)
    inspect.signature(method).bind(*args)


@pytest.mark.parametrize("pool_class", [HTTPConnectionPool, HTTPSConnectionPool])
def test_pool(pool_class: Any) -> None:
    """A pool makes its connections by the class, and its sockets by the method, replaced."""
    bounded = bounded_pool(pool_class)
    pool = bounded("host.example.", 1, maxsize=1)
    connection: Any = pool._get_conn()
    assert type(connection) is bounded.ConnectionCls
    assert type(connection)._new_conn is not pool_class.ConnectionCls._new_conn
    assert connection.sock is None
    assert connection._tunnel_host is None
    assert connection._dns_host == "host.example."
    assert connection.host == "host.example"
    pool._put_conn(connection)
    assert pool._get_conn() is connection


class Passes(Deadline):
    """The time of a call, which is over when the socket has been connected."""

    def __init__(self, timeout: float) -> None:
        super().__init__(timeout)
        self._steps = 1

    def step(self) -> float:
        if not self._steps:
            raise DeadlineExceeded
        self._steps -= 1
        return super().step()


@pytest.fixture(name="target")
def target_fixture() -> Iterator[Target]:
    """A port that accepts connections."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield Target("http", *listening.getsockname())


def connect_one(target: Target) -> None:
    """Connect a connection of a pool."""
    connection = taken_from(bounded_pool(HTTPConnectionPool)(target.host, target.port))
    connection.deadline = Passes(20)
    with pytest.raises(DeadlineExceeded):
        connection.connect()


def ask_for_names(target: Target) -> None:
    """Look at the certificate."""
    assert certificate_names(TLSSettings(verify=False), target, Passes(20)) == ""


@pytest.mark.parametrize("use", [connect_one, ask_for_names])
def test_socket_for_which_no_time_is_left(
    use: Callable[[Target], None], target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is closed, not left to the garbage collector."""
    found = []
    monkeypatch.setattr("sys.unraisablehook", lambda seen: found.append(seen.exc_value))
    use(target)
    gc.collect()
    assert found == []


def test_confined() -> None:
    """No other file uses them."""
    package = Path(pywbem.__file__).parent
    found = {
        path.relative_to(package)
        for path in package.rglob("*.py")
        if PRIVATE.search(path.read_text("utf-8"))
    }
    assert found == {FILE}
