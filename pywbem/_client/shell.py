"""
The two shells: which transport a connection has, and what goes with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, Mapping, Optional

from .._cim_constants import DEFAULT_TIMEOUT
from .._http.transport import HTTPTransport
from .._protocol.arguments import positive_count
from .settings import ConnectionSettings

if TYPE_CHECKING:
    import ssl

    import requests

    from .._http.async_transport import AsyncHTTPTransport
    from .._http.cim import Credentials


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
        creds: Optional[Credentials] = None,
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
        correlators: Optional[Mapping[str, Any]] = None,
    ) -> None:
        """
        Parameters:
            url (str): URL of the server, ``[{scheme}://]{host}[:{port}]``,
                without userid and password, which are given in ``creds``.  The
                scheme is ``http`` (default) or ``https``; the port is 5988 or 5989
                if it is missing.  IPv6 addresses stand in brackets, with a zone
                index after ``%25`` (RFC 6874) or ``-``.
            creds (tuple): (userid, password) for HTTP Basic authentication, or
                an object that sets header fields, as
                :class:`requests.auth.HTTPBasicAuth` does.  Those that answer to
                replies of the server, as for Digest, are not supported.
            default_namespace (str): The namespace of operations that name none.
                Leading and trailing slashes are removed.  None means
                ``root/cimv2``.
            x509 (dict): The client certificate for TLS: the path of the file
                with the certificate as ``cert_file``, and, if it is not in there,
                of the one with the private key as ``key_file``.  None means none.
            ca_certs (str): The certificates of authorities that the certificate
                of the server is verified with: path of a PEM file or of a
                directory.  None means what the environment variable
                ``REQUESTS_CA_BUNDLE`` or ``CURL_CA_BUNDLE`` names, or else those
                of the Python package certifi.
            no_verification (bool): Do not verify the certificate and host name
                of the server.  This is insecure.
            timeout (float): Time in seconds after which an operation raises
                :exc:`~pywbem.TimeoutError`.  None means no limit.
            use_pull_operations (bool): Whether the ``Iter...`` methods use pull
                operations: True, False, or None to find out.
            stats_enabled (bool): Whether statistics are enabled at first.
            proxies (dict): URLs of HTTP proxies, by URL scheme.
            ssl_context (:class:`ssl.SSLContext`): The TLS settings; if given,
                ``x509``, ``ca_certs`` and ``no_verification`` are not used.
            max_connections (int): How many connections with the server there may
                be at a time; further operations wait for one, within their timeout.
            correlators (dict): Correlators, by name, that go with each request
                (DSP0201 2.4), as of :attr:`correlators`.  None means none.

        Raises:
            ValueError: The URL, or an item of ``x509``, is invalid or missing, or
                ``max_connections`` is less than 1.
            TypeError: An argument has a wrong type.
            OSError: A file or directory does not exist.
        """
        self._max_connections = positive_count("max_connections", max_connections)
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
            correlators=correlators,
        )

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
