"""
FakedWBEMConnection: a connection to a WBEM server in the process.
"""

from __future__ import annotations

import os
import time
from typing import Any, Dict, Generator, Optional, Set, Tuple, Union

from pywbem._cim_constants import DEFAULT_NAMESPACE
from pywbem._cim_obj import CIMClass
from pywbem._cim_xml.records import Call, Response
from pywbem._client._sync.connection import WBEMConnection
from pywbem._observers.exchange import Exchange

from .operations import MainProvider
from .operations.faults import Broken
from .providers.dependents import ProviderDependentRegistry
from .providers.dispatcher import ProviderDispatcher
from .providers.registry import ProviderRegistry
from .server import DEFAULT_URL, MockServer, check_server
from .server_methods import ServerMethods
from .store.memory import InMemoryRepository

__all__ = ["FakedWBEMConnection"]


class FakedWBEMConnection(WBEMConnection, ServerMethods):
    """
    A connection to a WBEM server that lives in the process: the operations of
    :class:`~pywbem.WBEMConnection` are performed on a CIM repository in
    memory.

    The repository begins with the default namespace, which is empty; fill it
    with :meth:`compile_mof_file`, :meth:`compile_mof_string`,
    :meth:`compile_schema_classes` or :meth:`add_cimobjects`, or with the
    operations themselves.  Operation recorders, statistics and logging work as
    with a real server.

    No XML is made: ``last_request`` and the like are None.
    """

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
            use_pull_operations (bool): Whether the ``Iter...`` methods use pull operations:
                True, False, or None to find out.
            stats_enabled (bool): Whether statistics are enabled at first.
            timeout (float): Timeout of an operation in seconds; None means no limit.
            response_delay (float): Delay of each operation in seconds.  None means none.
            disable_pull_operations (bool): Whether the Open... and Pull... operations raise
                CIM_ERR_NOT_SUPPORTED, as with a server that has none.  None means False.
            url (str): URL of the server, which only identifies it.  None means
                ``http://FakedUrl:5988``, or that of ``server``.
            server (MockServer): The server.  None makes one.  A given one keeps its
                namespaces: where it has no ``root/cimv2``, the default of
                ``default_namespace`` is the default namespace of the server.
            strict (bool): Whether operations do what DSP0200 says where the released mock is
                lenient.  None means that of ``server``, or False.
            state (str or path-like): Path of the state file of the server that is made, as for
                :class:`MockServer`; closing the connection closes the file.  None means that of
                ``server``, or none.

        Raises:
            TypeError: ``server`` is no server.
            ValueError: An argument is invalid, ``server`` is not as strict as wanted or has
                another state file, or the file is no state file.
            OSError: The state file cannot be written, or another server has it.
        """
        if server is not None:
            check_server(server, strict, state)
            if default_namespace is None or (
                default_namespace == DEFAULT_NAMESPACE
                and not server.repository.has_namespace(DEFAULT_NAMESPACE)
            ):
                default_namespace = server.default_namespace
            url = url or server.url
        owners: Set[str] = set()
        # Before the rest, which may be logged when the connection is made.
        self.response_delay = response_delay
        super().__init__(
            DEFAULT_URL if url is None else url,
            default_namespace=default_namespace,
            use_pull_operations=use_pull_operations,
            stats_enabled=stats_enabled,
            timeout=timeout,
        )
        if server is None:
            server = MockServer(
                self.default_namespace,
                url,
                disable_pull_operations,
                strict=bool(strict),
                state=state,
            )
            # That of a state file may be another one.
            self.default_namespace = server.default_namespace
            owners = {self.conn_id}
        if disable_pull_operations is None:
            disable_pull_operations = server.disable_pull_operations
        #: The connections for which the server was made: it is closed with the last of them.
        self._owners = owners
        self._server = server
        self._handler = server.make_handler(disable_pull_operations)

    @property
    def server(self) -> MockServer:
        """
        :class:`MockServer`: The server, which other connections may share.
        """
        return self._server

    # Programs that look behind the curtain of the released package find them here.

    @property
    def _cimrepository(self) -> InMemoryRepository:
        return self._server.repository

    @property
    def _provider_registry(self) -> ProviderRegistry:
        return self._server.provider_registry

    @property
    def _provider_dependent_registry(self) -> ProviderDependentRegistry:
        return self._server.dependents

    @property
    def _providerdispatcher(self) -> ProviderDispatcher:
        return self._server.dispatcher

    @property
    def _mainprovider(self) -> MainProvider:
        return self._handler.mainprovider

    def __str__(self) -> str:
        return (
            f"FakedWBEMConnection(response_delay={self._response_delay}, super={super().__str__()})"
        )

    def __repr__(self) -> str:
        made = hasattr(self, "_handler")
        disabled = self.disable_pull_operations if made else None
        return (
            f"FakedWBEMConnection(response_delay={self._response_delay}, "
            f"disable_pull_operations={disabled} "
            f"super={super().__repr__()})"
        )

    def copy(self) -> FakedWBEMConnection:
        """
        Return a new connection to the same server: it has the same settings,
        repository, registries and open enumerations and copies of the
        recorders, and its own id and statistics.
        """
        other = FakedWBEMConnection(
            default_namespace=self.default_namespace,
            use_pull_operations=self.use_pull_operations,
            stats_enabled=self.stats_enabled,
            timeout=self.timeout,
            response_delay=self._response_delay,
            disable_pull_operations=self.disable_pull_operations,
            url=self.url,
            server=self._server,
        )
        other.default_namespace = self.default_namespace
        other.correlators = self.correlators
        other._owners = self._owners
        if self._owners:
            self._owners.add(other.conn_id)
        for recorder in self.operation_recorders:
            other.add_operation_recorder(recorder.copy())
        return other

    def __enter__(self) -> FakedWBEMConnection:
        return self

    def close(self) -> None:
        """
        Close this connection.  The server stays, and operations can still be
        called, as programs do that were written for the released pywbem.

        Raises:
            :exc:`~pywbem.ConnectionError`: The connection is closed.
        """
        super()._verify_open()
        super().close()
        if self._leaves(self.conn_id):
            self._server.close()

    def _leaves(self, conn_id: str) -> bool:
        """
        Return whether the server is to be closed with a connection, which is closed.
        """
        if conn_id not in self._owners:
            return False
        self._owners.remove(conn_id)
        return not self._owners

    def _verify_open(self) -> None:
        """There is nothing that could not be used any more."""

    def _exchange(self, call: Call, exchange: Exchange) -> Response:
        """
        Have a call performed in the process.
        """
        if self._response_delay:
            time.sleep(self._response_delay)
        try:
            return self._handler(call)
        except Broken as exc:
            raise exc.error from None

    @property
    def _known_classes(self) -> Dict[Tuple[str, str], CIMClass]:
        # The repository is changed without the connection, too, and asking it costs nothing.
        return {}

    @_known_classes.setter
    def _known_classes(self, value: Dict[Tuple[str, str], CIMClass]) -> None:
        pass

    def _parts(self, call: Call, exchange: Exchange) -> Generator[Response, None, None]:
        """
        The response in one part.
        """
        yield self._exchange(call, exchange)

    # -- Settings -------------------------------------------------------------

    @property
    def response_delay(self) -> Optional[float]:
        """
        float: Delay of each operation in seconds, or None.  Can be set.
        """
        return self._response_delay

    @response_delay.setter
    def response_delay(self, delay: Optional[float]) -> None:
        if delay is not None and (
            isinstance(delay, bool) or not isinstance(delay, (int, float)) or delay < 0
        ):
            raise ValueError(
                f"Invalid value for response_delay: {delay!r}, must be a positive number"
            )
        self._response_delay = delay

    def __getstate__(self) -> Dict[str, Any]:
        state = super().__getstate__()
        state["_handler"] = self.disable_pull_operations
        return state

    def __setstate__(self, state: Dict[str, Any]) -> None:
        super().__setstate__(state)
        self._handler = self._server.make_handler(state["_handler"])
