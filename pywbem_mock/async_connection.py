"""
AsyncFakedWBEMConnection: an asynchronous connection to a WBEM server in the process.
"""

from __future__ import annotations

import asyncio
import os
from typing import AsyncGenerator, Dict, Optional, Tuple, Union

from pywbem._cim_constants import DEFAULT_NAMESPACE
from pywbem._cim_obj import CIMClass
from pywbem._cim_xml.records import Call, Response
from pywbem._client._async.connection import AsyncWBEMConnection
from pywbem._observers.exchange import Exchange

from .connection import FakedWBEMConnection
from .operations.faults import Broken
from .server import MockServer

__all__ = ["AsyncFakedWBEMConnection"]


class AsyncFakedWBEMConnection(AsyncWBEMConnection):
    """
    An asynchronous connection to a WBEM server that lives in the process: the
    operations of :class:`~pywbem.AsyncWBEMConnection` are performed on the CIM
    repository of a :class:`FakedWBEMConnection`.

    That one is :attr:`conn`; fill the repository through it.  Operations are performed at
    once, but those that a provider of a user or a fault may delay in a thread, so that one
    that waits holds no other task.

    No XML is made: ``last_request`` and the like are None.
    """

    _shown_class = "AsyncFakedWBEMConnection"

    def __init__(
        self,
        default_namespace: Optional[str] = DEFAULT_NAMESPACE,
        use_pull_operations: Optional[bool] = False,
        stats_enabled: bool = False,
        timeout: Optional[float] = 30,
        response_delay: Optional[float] = None,
        disable_pull_operations: Optional[bool] = None,
        url: Optional[str] = None,
        server: Optional[MockServer] = None,
        strict: Optional[bool] = None,
        state: Union[str, os.PathLike[str], None] = None,
    ) -> None:
        """
        Parameters:
            default_namespace (str): The namespace of operations that name none; it exists at
                first.  None means ``root/cimv2``.
            use_pull_operations (bool): Whether the ``Iter...`` methods use pull operations: True,
                False, or None to find out.
            stats_enabled (bool): Whether statistics are enabled at first.
            timeout (float): Timeout of an operation in seconds; None means no limit.
            response_delay (float): Delay of each operation in seconds.  None means none.
            disable_pull_operations (bool): Whether the Open... and Pull... operations raise
                CIM_ERR_NOT_SUPPORTED, as with a server that has none.  None means False.
            url (str): URL of the server, which only identifies it.  None means
                ``http://FakedUrl:5988``, or that of ``server``.
            server (MockServer): The server, as for :class:`FakedWBEMConnection`.  None makes one.
            strict (bool): Whether operations do what DSP0200 says where the released mock is
                lenient.  None means that of ``server``, or False.
            state (str or path-like): Path of the state file of the server that is made, as for
                :class:`FakedWBEMConnection`.  None means that of ``server``, or none.

        Raises:
            TypeError: ``server`` is no server.
            ValueError: An argument is invalid, ``server`` is not as strict as wanted or has
                another state file, or the file is no state file.
            OSError: The state file cannot be written, or another server has it.
        """
        self._connect(
            FakedWBEMConnection(
                default_namespace,
                use_pull_operations,
                stats_enabled,
                timeout,
                response_delay,
                disable_pull_operations,
                url,
                server,
                strict,
                state,
            )
        )
        owners = self._conn._owners
        if owners:
            owners.clear()
            owners.add(self.conn_id)

    @classmethod
    def of(cls, conn: FakedWBEMConnection) -> AsyncFakedWBEMConnection:
        """
        Return a connection with the settings and to the server of another one:
        what is changed through one is seen through both.

        Parameters:
            conn (FakedWBEMConnection): The other connection; it becomes
                :attr:`conn`.

        Raises:
            TypeError: It is none.
        """
        if not isinstance(conn, FakedWBEMConnection):
            raise TypeError(f"conn must be a FakedWBEMConnection, not a {type(conn).__name__}")
        self = cls.__new__(cls)
        self._connect(conn)
        return self

    def _connect(self, conn: FakedWBEMConnection) -> None:
        self._conn = conn
        super().__init__(
            conn.url,
            default_namespace=conn.default_namespace,
            use_pull_operations=conn.use_pull_operations,
            stats_enabled=conn.stats_enabled,
            timeout=conn.timeout,
            correlators=conn.correlators,
        )

    @property
    def conn(self) -> FakedWBEMConnection:
        """
        FakedWBEMConnection: The connection whose server this one uses.
        """
        return self._conn

    @property
    def server(self) -> MockServer:
        """
        :class:`MockServer`: The server, which other connections may share.
        """
        return self._conn.server

    def copy(self) -> AsyncFakedWBEMConnection:
        """
        Return a new connection to the same server: it has the same settings and
        copies of the recorders, and its own id and statistics.
        """
        other = AsyncFakedWBEMConnection.of(self._conn)
        other.default_namespace = self.default_namespace
        other.timeout = self.timeout
        other.correlators = self.correlators
        other._copy_recorders(self)
        if self.conn_id in self._conn._owners:
            self._conn._owners.add(other.conn_id)
        return other

    async def close(self) -> None:
        """
        Close this connection.  A server that was made for it is closed with it, as
        :meth:`MockServer.close` says.

        Raises:
            :exc:`~pywbem.ConnectionError`: The connection is closed.
        """
        await super().close()
        if self._conn._leaves(self.conn_id):
            # The disk may be slow.
            await self.server.workers.run(self.server.close)

    async def _exchange(self, call: Call, exchange: Exchange) -> Response:
        """
        Have a call performed in the process.
        """
        conn = self._conn
        if conn.response_delay:
            await asyncio.sleep(conn.response_delay)
        server = conn.server
        try:
            if not server.may_wait(call):
                return conn._handler(call)
            return await server.workers.run(conn._handler, call)
        except Broken as exc:
            raise exc.error from None

    async def _parts(self, call: Call, exchange: Exchange) -> AsyncGenerator[Response, None]:
        """
        The response in one part.
        """
        yield await self._exchange(call, exchange)

    @property
    def _known_classes(self) -> Dict[Tuple[str, str], CIMClass]:
        # As in FakedWBEMConnection.
        return {}

    @_known_classes.setter
    def _known_classes(self, value: Dict[Tuple[str, str], CIMClass]) -> None:
        pass
