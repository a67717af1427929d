"""
The two shells: which transport a connection has, and what goes with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, Mapping, Optional, Tuple, Union

from .._cim_constants import DEFAULT_TIMEOUT
from .._http.transport import HTTPTransport
from .settings import ConnectionSettings

if TYPE_CHECKING:
    import ssl

    import requests
    from requests.auth import AuthBase

    from .._http.async_transport import AsyncHTTPTransport


class Shell(ConnectionSettings):
    """
    What goes over requests and urllib3.
    """

    def _new_transport(self) -> HTTPTransport:
        return HTTPTransport(**self._transport_arguments())

    @property
    def session(self) -> Optional[requests.Session]:
        """
        :class:`requests.Session`: The session of the Python package requests that
        the operations go through, None after :meth:`close`.  What is mounted
        or set on it (adapters, headers, hooks, ``auth``, ``proxies``,
        ``verify``, ``cert``) has the effect that requests gives it.  Can be
        set.

        From when it has been read, responses are received as a whole before
        they are decoded.
        """
        return None if self._closed else self._open_transport().session

    @session.setter
    def session(self, session: Optional[requests.Session]) -> None:
        self._open_transport().session = session

    # -- Observers ------------------------------------------------------------


class AsyncShell(ConnectionSettings):
    """
    What goes over asyncio.
    """

    _shown_class = "AsyncWBEMConnection"

    def __init__(
        self,
        url: str,
        creds: Union[Tuple[str, str], AuthBase, None] = None,
        default_namespace: Optional[str] = None,
        x509: Optional[Mapping[str, Optional[str]]] = None,
        ca_certs: Optional[str] = None,
        no_verification: bool = False,
        timeout: Optional[float] = DEFAULT_TIMEOUT,
        use_pull_operations: Optional[bool] = False,
        stats_enabled: bool = False,
        proxies: Optional[Mapping[str, str]] = None,
        *,
        ssl_context: Optional[ssl.SSLContext] = None,
        max_connections: int = 10,
    ) -> None:
        """
        The parameters and exceptions are those of
        :class:`~pywbem.WBEMConnection`, with these differences:

        Parameters:

          creds (tuple): (userid, password) for HTTP Basic authentication, or
            an object that sets header fields, as
            :class:`requests.auth.HTTPBasicAuth` does.  Those that answer to
            replies of the server, as for Digest, are not supported.

          proxies (dict): URLs of HTTP proxies, by URL scheme.

          max_connections (int): How many connections with the server there may
            be at a time; further operations wait for one, within their timeout.

        Raises:

          ValueError: ``max_connections`` is less than 1.
        """
        if max_connections < 1:
            raise ValueError(f"max_connections is {max_connections}; it must be at least 1")
        super().__init__(
            url,
            creds,
            default_namespace,
            x509,
            ca_certs,
            no_verification,
            timeout,
            use_pull_operations,
            stats_enabled,
            proxies,
            ssl_context=ssl_context,
        )
        self._max_connections = max_connections

    @property
    def max_connections(self) -> int:
        """
        int: How many connections with the server there may be at a time.
        """
        return self._max_connections

    def _arguments(self) -> Dict[str, Any]:
        return {**super()._arguments(), "max_connections": self._max_connections}

    def _new_transport(self) -> AsyncHTTPTransport:
        from .._http.async_transport import AsyncHTTPTransport

        return AsyncHTTPTransport(
            **self._transport_arguments(), max_connections=self._max_connections
        )
