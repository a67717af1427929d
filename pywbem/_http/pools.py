"""
The connection pools of urllib3, direct or through a proxy, with sockets that keep to the
deadline of the call.

This is the one file that uses what urllib3 keeps for itself, which is the same from
urllib3 1.26 to 2:

``HTTPConnectionPool._get_conn()``, ``_put_conn()``
    A connection is lent and given back.  ``urlopen()``, the public way, sends the request
    itself, and again, and reads the reply with http.client.
``HTTPConnectionPool._prepare_proxy()``
    A connection is established through a proxy.  Only this knows what has to be told to a
    connection before CONNECT, and in which way TLS goes to the proxy.
``HTTPConnection._new_conn()``
    Where a connection makes its socket: the only place in which it can get one that was
    connected within the deadline, whatever is built on top, such as SOCKS.
``HTTPConnection._tunnel()``, ``_tunnel_host``
    CONNECT, of http.client: in its place, a proxy is asked and understood as a server is.
``HTTPConnection._dns_host``
    The name to look up, which may end in a dot that ``host`` has no more.
"""

from __future__ import annotations

import functools
import queue
import time
from typing import Any, Optional, Type

from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.util.proxy import connection_requires_http_tunnel

from .reply import ReplyReader
from .request import check_tunnel
from .sockets import BoundSocket, Deadline, connect, read_head


class BoundConnection:
    """
    Mixed into a connection class of urllib3: what it does stays within
    ``deadline``, which is set before each use.
    """

    deadline: Deadline
    #: Host to connect with in place of the one that urllib3 knows, which has no zone.
    dial: Optional[str] = None
    #: What asks the proxy for a tunnel.
    tunnel = b""
    sock: Any

    def _new_conn(self) -> Any:
        conn: Any = self
        base: Any = super()
        if base._new_conn.__func__ is not HTTPConnection._new_conn:
            # SOCKS: PySocks connects, and takes the timeout of the connection.
            conn.timeout = self.deadline.step()
            sock = base._new_conn()
        else:
            host = self.dial or getattr(conn, "_dns_host", conn.host)
            sock = connect(host, conn.port, self.deadline, conn.socket_options, conn.source_address)
        try:
            # For the TLS handshake, which as a whole takes no longer than this.
            sock.settimeout(self.deadline.step())
        except BaseException:
            sock.close()
            raise
        return sock

    def _tunnel(self) -> None:
        sock = BoundSocket(self.sock, self.deadline)
        sock.sendall(self.tunnel)
        check_tunnel(read_head(sock, ReplyReader()))
        self.sock.settimeout(self.deadline.step())

    def connect(self) -> None:
        """
        Connect; the socket is then bound to the deadline.
        """
        conn: Any = self
        context = getattr(conn, "ssl_context", None)
        if context is None or (conn.proxy is not None and conn.proxy.scheme == "https"):
            # Plain HTTP, or TLS inside of the TLS with a proxy, which urllib3 knows.
            base: Any = super()
            base.connect()
        else:
            # Not by urllib3, which changes contexts, differently in its versions.
            plain = self._new_conn()
            try:
                if conn._tunnel_host:
                    self.sock = plain
                    self._tunnel()
                self.sock = context.wrap_socket(plain, server_hostname=conn.server_hostname)
            except BaseException:
                plain.close()
                raise
        self.sock = BoundSocket(self.sock, self.deadline)


class _IdleConnections(queue.LifoQueue):  # type: ignore[type-arg]
    # Any number of threads may give connections back; none of them is thrown away.
    def __init__(self, maxsize: int = 0) -> None:
        super().__init__(0)


@functools.lru_cache(maxsize=None)
def bounded_pool(pool_class: Type[HTTPConnectionPool]) -> Type[HTTPConnectionPool]:
    """
    Return a subclass of a urllib3 pool class whose connections keep to deadlines.
    """
    connection_class = type(
        "Bound" + pool_class.ConnectionCls.__name__,
        (BoundConnection, pool_class.ConnectionCls),
        {},
    )
    return type(
        "Bound" + pool_class.__name__,
        (pool_class,),
        {"ConnectionCls": connection_class, "QueueCls": _IdleConnections},
    )


def taken_from(pool: Any) -> Any:
    """
    Return a connection of a pool, not connected if there is none that can be used again.

    One on which the server has sent anything, such as its end, comes closed.
    """
    connection = pool._get_conn()
    if connection.sock is not None and connection.sock.expires <= time.monotonic():
        connection.close()
    return connection


def give_back(pool: Any, connection: Any) -> None:
    """
    Give a connection back to its pool, closed or to be used again.
    """
    pool._put_conn(connection)


def tunnelled(pool: Any) -> bool:
    """
    Return whether the connections of a pool go through a proxy with CONNECT.
    """
    return pool.proxy is not None and connection_requires_http_tunnel(
        pool.proxy, pool.proxy_config, pool.scheme
    )


def establish(pool: Any, connection: Any) -> None:
    """
    Connect a connection of a pool, through the proxy if there is one.
    """
    if tunnelled(pool):
        pool._prepare_proxy(connection)
    else:
        connection.connect()
