"""
What is used of urllib3 that it keeps for itself is in the installed version, and is
confined to one file.
"""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any, Callable, Tuple

import pytest
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

import pywbem
from pywbem._http.pools import bounded_pool

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


def test_confined() -> None:
    """No other file uses them."""
    package = Path(pywbem.__file__).parent
    found = {
        path.relative_to(package)
        for path in package.rglob("*.py")
        if PRIVATE.search(path.read_text("utf-8"))
    }
    assert found == {FILE}
