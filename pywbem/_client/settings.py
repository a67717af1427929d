"""
The settings of a connection: what both kinds of connections share.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Dict, Mapping, Optional, Tuple

from .._cim_constants import DEFAULT_NAMESPACE, DEFAULT_TIMEOUT
from .._cim_obj import CIMClass
from .._cim_obj.fields import to_repr
from .._cim_xml.records import Call
from .._exceptions import ConnectionError
from .._http.arguments import check_ca_certs, check_proxies, check_x509
from .._http.url import parse_url
from .._observers.observed import Observed
from .._process import ProcessLock
from .._protocol.arguments import correlators as checked_correlators
from .._protocol.operation import Operation

if TYPE_CHECKING:
    import ssl

    from .._http.cim import Credentials


def _shown_creds(creds: Any) -> str:
    """
    Credentials as text that shows no password.
    """
    if creds is None:
        return "None"
    if isinstance(creds, (tuple, list)) and creds:
        userid = creds[0]
        if isinstance(userid, bytes):
            userid = userid.decode("utf-8", "backslashreplace")
        return f"({to_repr(userid)}, ...)"
    return f"<{type(creds).__name__}>"


class ConnectionSettings(Observed):
    """
    What a connection is made with.
    """

    # Subclasses are shown as this.
    _shown_class = "WBEMConnection"

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
        correlators: Optional[Mapping[str, Any]] = None,
    ) -> None:
        """
        Parameters:
            url (str): URL of the server, ``[{scheme}://]{host}[:{port}]``,
                without userid and password, which are given in ``creds``.  The
                scheme is ``http`` (default) or ``https``; the port is 5988 or 5989
                if it is missing.  IPv6 addresses stand in brackets, with a zone
                index after ``%25`` (RFC 6874) or ``-``.
            creds (tuple): (userid, password) for HTTP Basic authentication, as
                str or as bytes in UTF-8, or any :class:`requests.auth.AuthBase`.
                None means the entry for the host of the server in the netrc file
                of the user (the file that the environment variable ``NETRC``
                names, or ``~/.netrc`` or ``~/_netrc``), and no credentials if
                there is none.
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
            proxies (dict): URLs of HTTP or SOCKS proxies, by URL scheme, as in
                the Python package requests.  For a scheme that is not there, and
                with None for all, the environment decides: ``HTTP_PROXY``,
                ``HTTPS_PROXY``, ``ALL_PROXY`` and ``NO_PROXY``, in upper or lower
                case, or the settings of the system on Windows and macOS.
            ssl_context (:class:`ssl.SSLContext`): The TLS settings; if given,
                ``x509``, ``ca_certs`` and ``no_verification`` are not used.
            correlators (dict): Correlators, by name, that go with each request
                (DSP0201 2.4), as of :attr:`correlators`.  None means none.

        Raises:
            ValueError: The URL, or an item of ``x509``, is invalid or missing.
            TypeError: An argument has a wrong type.
            OSError: A file or directory does not exist.
        """
        self._scheme, self._host, self._url = parse_url(url)
        self._creds = creds
        self._set_default_namespace(default_namespace)
        check_x509(x509)
        self._x509 = None if x509 is None else dict(x509)
        if not no_verification:
            check_ca_certs(ca_certs)
        self._ca_certs = ca_certs
        self._no_verification = no_verification
        self._timeout = timeout
        self._use_pull_operations = use_pull_operations
        check_proxies(proxies)
        self._proxies = None if proxies is None else dict(proxies)
        self._ssl_context = ssl_context
        self._correlators = checked_correlators(correlators)
        self._init_observers(stats_enabled)
        self._closed = False
        self._pull_support: Dict[str, bool] = {}
        self._make_ready()
        self._made()

    def _make_ready(self) -> None:
        """
        Make what belongs to this process and is not copied or pickled.
        """
        self._transport_lock = ProcessLock()
        self._transport: Any = None
        self._known_classes: Dict[Tuple[str, str], CIMClass] = {}

    def __getstate__(self) -> Dict[str, Any]:
        state = self.__dict__.copy()
        # Those of a mock are kept elsewhere.
        state.pop("_known_classes", None)
        for name in ("_transport_lock", "_transport"):
            del state[name]
        return state

    def __setstate__(self, state: Dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._make_ready()

    def __str__(self) -> str:
        return (
            f"{self._shown_class}(url={to_repr(self._url)}, creds={_shown_creds(self._creds)}, "
            f"default_namespace={to_repr(self._default_namespace)}, ...)"
        )

    def __repr__(self) -> str:
        recorders = [type(recorder).__name__ for recorder in self._recorders]
        return (
            f"{self._shown_class}(url={to_repr(self._url)}, creds={_shown_creds(self._creds)}, "
            f"conn_id={self._conn_id!r}, default_namespace={to_repr(self._default_namespace)}, "
            f"x509={self._x509!a}, ca_certs={to_repr(self._ca_certs)}, "
            f"no_verification={self._no_verification!r}, timeout={self._timeout!r}, "
            f"use_pull_operations={self._use_pull_operations!r}, "
            f"stats_enabled={self.stats_enabled!r}, recorders={recorders!r})"
        )

    # -- Settings -------------------------------------------------------------

    @property
    def url(self) -> str:
        """
        str: URL of the server, with scheme and port and without path.
        """
        return self._url

    @property
    def scheme(self) -> str:
        """
        str: Scheme of the URL, ``http`` or ``https``.
        """
        return self._scheme

    @property
    def host(self) -> str:
        """
        str: Host and port of the server, as ``host:port``.  It is used for
        the paths of returned objects that came without host.
        """
        return self._host

    @property
    def creds(self) -> Optional[Credentials]:
        """
        tuple: Credentials for HTTP authentication, as passed.
        """
        return self._creds

    @property
    def default_namespace(self) -> str:
        """
        str: The namespace of operations that name none.  Can be set; None
        means ``root/cimv2``.
        """
        return self._default_namespace

    @default_namespace.setter
    def default_namespace(self, default_namespace: Optional[str]) -> None:
        self._set_default_namespace(default_namespace)

    def _set_default_namespace(self, default_namespace: Optional[str]) -> None:
        if default_namespace is None:
            default_namespace = DEFAULT_NAMESPACE
        elif not isinstance(default_namespace, str):
            raise TypeError(
                "The default namespace must be a string or None, not "
                f"{type(default_namespace).__name__}"
            )
        self._default_namespace = default_namespace.strip("/")

    @property
    def x509(self) -> Optional[Dict[str, Optional[str]]]:
        """
        dict: The client certificate for TLS, as passed.
        """
        return self._x509

    @property
    def ca_certs(self) -> Optional[str]:
        """
        str: The certificates of authorities, as passed.
        """
        return self._ca_certs

    @property
    def no_verification(self) -> bool:
        """
        bool: Whether the certificate of the server is not verified.
        """
        return self._no_verification

    @property
    def timeout(self) -> Optional[float]:
        """
        float: Timeout of an operation in seconds.  Can be set.
        """
        return self._timeout

    @timeout.setter
    def timeout(self, timeout: Optional[float]) -> None:
        with self._transport_lock():
            self._timeout = timeout
            if self._transport is not None:
                self._transport.timeout = timeout

    @property
    def use_pull_operations(self) -> Optional[bool]:
        """
        bool: Whether the ``Iter...`` methods use pull operations, as passed.
        """
        return self._use_pull_operations

    @property
    def proxies(self) -> Optional[Dict[str, str]]:
        """
        dict: URLs of proxies, as passed.
        """
        return self._proxies

    @property
    def correlators(self) -> Dict[str, Any]:
        """
        dict: The correlators that go with each request (DSP0201 2.4): names and values with
        which servers that know them mark their logs, and listeners their indications.  A
        value is a string, a boolean, or of another CIM data type.  Can be set; None means
        none.
        """
        return dict(self._correlators)

    @correlators.setter
    def correlators(self, correlators: Optional[Mapping[str, Any]]) -> None:
        self._correlators = checked_correlators(correlators)

    def _call_of(self, operation: Operation[Any]) -> Call:
        """
        The call record of an operation, with the correlators.
        """
        call = operation.call
        return call._replace(correlators=self._correlators) if self._correlators else call

    # -- Copies ---------------------------------------------------------------

    def _arguments(self) -> Dict[str, Any]:
        """
        The arguments that make a connection with the same settings.
        """
        return {
            "url": self._url,
            "creds": copy.copy(self._creds),
            "default_namespace": self._default_namespace,
            "x509": self._x509,
            "ca_certs": self._ca_certs,
            "no_verification": self._no_verification,
            "timeout": self._timeout,
            "use_pull_operations": self._use_pull_operations,
            "stats_enabled": self.stats_enabled,
            "proxies": self._proxies,
            "ssl_context": self._ssl_context,
            "correlators": self.correlators,
        }

    # -- The transport --------------------------------------------------------

    def _transport_arguments(self) -> Dict[str, Any]:
        return {
            "url": self._url,
            "creds": self._creds,
            "x509": self._x509,
            "ca_certs": self._ca_certs,
            "no_verification": self._no_verification,
            "timeout": self._timeout,
            "proxies": self._proxies,
            "ssl_context": self._ssl_context,
            "conn_id": self._conn_id,
        }

    def _new_transport(self) -> Any:
        """
        Make a transport of the kind of the connection.
        """
        raise NotImplementedError

    def _open_transport(self) -> Any:
        """
        The transport, which is made for the first operation.
        """
        with self._transport_lock():
            self._verify_open()
            if self._transport is None:
                self._transport = self._new_transport()
            return self._transport

    def _closed_transport(self) -> Any:
        """
        Close the connection, and return the transport, or None if there is none.
        """
        with self._transport_lock():
            self._verify_open()
            self._closed = True
            transport, self._transport = self._transport, None
        return transport

    def _verify_open(self) -> None:
        if self._closed:
            raise ConnectionError("WBEMConnection is closed", conn_id=self._conn_id)
