"""
URLs of WBEM servers: what a user may write, and what is connected to.

:func:`parse_url` gives the normal form that the ``url``, ``host`` and ``scheme``
properties of a connection show.  It takes nearly any text for a host, as
programs in the field rely on; :class:`Target` is strict, because its parts go
into a socket call and into the request.
"""

from __future__ import annotations

import re
from typing import Match, NamedTuple, Optional, Tuple, Union
from urllib.parse import quote

from .._cim_constants import DEFAULT_URL_PORT_HTTP, DEFAULT_URL_PORT_HTTPS, DEFAULT_URL_SCHEME

#: Seconds that a server has to accept a connection, and again for the TLS handshake,
#: if the timeout of the call leaves more.
HTTP_CONNECT_TIMEOUT = 9.99

_DEFAULT_PORTS = {"http": DEFAULT_URL_PORT_HTTP, "https": DEFAULT_URL_PORT_HTTPS}

# Everything from the first slash on is ignored: the path is always /cimom.
_URL = re.compile(r"(?:(?P<scheme>.+?)://)?(?P<hostport>[^/]+)")

# A colon with digits belongs to an IPv6 address if a bracket or a zone follows it.
_PORT = re.compile(r"(?P<host>.+):(?P<port>[^\[\]:-]+)$", re.DOTALL)

# RFC 6874: the zone stands after "%25"; RFC 4007 writes "%", and "-" is accepted.
_ZONE = re.compile(r"\[(?P<address>.+?)[-%](?P<zone>.+)\]$", re.DOTALL)
_BARE_ZONE = re.compile(r"(?P<address>.*:.*?)[-%](?P<zone>.+)$", re.DOTALL)

# RFC 3986 3.2.1: what stands before "@" may be a password; here in URLs and URIs, and
# in the hosts of paths, as CIM-XML or as the representation of an object.  Passwords
# are not always encoded: a host and a path with "@" look different from userid,
# password and host only in what follows the colon.
_USER_INFO = re.compile(
    r"""
      (?P<start>//)      (?: [^\s/<>]* | [^\s/<>:\[]* : (?!\d*/) [^\s<>]* ) @
    | (?P<host><HOST>)   [^<]* @
    | (?P<repr>\bhost=(?P<quote>['"]))  (?: \\. | (?!(?P=quote))[^\\] )* @
    """,
    re.VERBOSE,
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")

_HOST_NAME = re.compile(r"[^\s\x00-\x1f\x7f/\\?#\[\]@:%<>^`{|}\"]+")
_IPV6 = re.compile(r"\[(?P<address>[0-9A-Fa-f:.]+)(?:[-%](?P<zone>[A-Za-z0-9._~-]+))?\]")


def parse_url(url: Union[str, bytes], allow_defaults: bool = True) -> Tuple[str, str, str]:
    """
    Return the scheme, the host with port, and the normal form of a server URL.

    Parameters:
        url (str or bytes): ``[{scheme}://]{host}[:{port}][/...]`` with the scheme ``http`` or
            ``https`` in any case; bytes are taken as UTF-8.  The host is a name, an IPv4
            address, or an IPv6 address in brackets, whose zone index follows ``%25``
            (RFC 6874), ``%`` or ``-``.
        allow_defaults (bool): Take ``http`` and the port of the scheme (5988, 5989) if
            missing; if False, they must be there.

    Returns:
        tuple: (scheme in lower case, ``host:port``, ``scheme://host:port``).

    Raises:
        ValueError: The URL is invalid, has userid or password in it, or a part
            without default is missing.
    """
    if isinstance(url, bytes):
        url = url.decode("utf-8")
    if "@" in url:
        # Anywhere: a password need not be encoded.  The message shows nothing of it.
        raise ValueError(
            "Invalid URL: it has an '@', as after userid and password, which do not belong "
            "into an URL. Give them in creds"
        )
    match = _URL.match(url)
    if match is None:
        raise ValueError(f"Invalid URL {url!a}")
    scheme, hostport = match.group("scheme"), match.group("hostport")
    if scheme is None:
        if not allow_defaults:
            raise ValueError(f"Scheme component missing in URL {url!a}")
        scheme = DEFAULT_URL_SCHEME
    scheme = scheme.lower()
    if scheme not in _DEFAULT_PORTS:
        raise ValueError(
            f"Unsupported scheme {match.group('scheme')!a} in URL {url!a}; it is http or https"
        )

    host, port = _split_port(hostport, url)
    if port is None:
        if not allow_defaults:
            raise ValueError(f"Port component missing in URL {url!a}")
        port = _DEFAULT_PORTS[scheme]
    hostport = f"{_normal_host(host)}:{port}"
    return scheme, hostport, f"{scheme}://{hostport}"


def _split_port(hostport: str, url: str) -> Tuple[str, Optional[int]]:
    match = _PORT.match(hostport)
    if match is None:
        return hostport.rstrip("\n"), None
    try:
        return match.group("host"), int(match.group("port"))
    except ValueError:
        raise ValueError(f"Invalid port number {match.group('port')!a} in URL {url!a}") from None


def _normal_host(host: str) -> str:
    if "[" in host or "]" in host:
        return _ZONE.sub(r"[\g<address>-\g<zone>]", host)
    if ":" in host:
        return "[" + _BARE_ZONE.sub(r"\g<address>-\g<zone>", host) + "]"
    return host


def masked(text: str) -> str:
    """
    Return a text with ``XXX`` in the place of the user information of URLs.
    """
    return _USER_INFO.sub(_without_user, text) if "@" in text else text


def masked_before_at(text: str) -> str:
    """
    Return a text with ``XXX`` in the place of all that is before an ``@``: of what is no
    URL, it may be a password, with any characters.
    """
    return re.sub(".*@", "XXX@", text, flags=re.DOTALL)


def _without_user(match: Match[str]) -> str:
    return f"{match.group('start') or match.group('host') or match.group('repr')}XXX@"


def proxy_url(url: str) -> str:
    """
    Return the URL of a proxy in a form that every parser takes apart in the same way:
    with a scheme, and userid and password encoded, whatever characters they have.
    """
    scheme = _SCHEME.match(url)
    start, rest = ("http://", url) if scheme is None else (scheme.group(), url[scheme.end() :])
    user, at, host = rest.rpartition("@")
    return f"{start}{quote(user, safe='%:')}{at}{host}"


class Target(NamedTuple):
    """
    Where a connection goes: scheme, host as a socket wants it, and port.
    """

    scheme: str
    host: str
    port: int

    @property
    def host_header(self) -> str:
        """
        The value of the Host header.

        A zone index means something on this machine only and is not sent
        (RFC 6874 section 4).
        """
        host = self.host
        return f"[{host.partition('%')[0]}]:{self.port}" if ":" in host else f"{host}:{self.port}"

    @property
    def server_name(self) -> str:
        """
        The name that the certificate of the server must have.
        """
        return self.host.partition("%")[0] if ":" in self.host else self.host.rstrip(".")

    @property
    def cimom_url(self) -> str:
        """
        The URL to which operations are posted.
        """
        return f"{self.scheme}://{self.host_header}/cimom"

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def target_of(url: str) -> Target:
    """
    Return the target of a URL in the form that :func:`parse_url` takes or gives.

    Raises:
        ValueError: Host or port cannot be those of a server.
    """
    scheme, hostport, _ = parse_url(url)
    host, _, port_text = hostport.rpartition(":")
    port = int(port_text) if port_text.isdigit() else -1
    if not 0 < port < 65536:
        raise ValueError(f"{port_text} in the URL is not a port number from 1 to 65535")
    ipv6 = _IPV6.fullmatch(host)
    if ipv6 is not None:
        host = ipv6.group("address")
        if ipv6.group("zone"):
            host += "%" + _zone(ipv6.group("zone"))
    elif _HOST_NAME.fullmatch(host):
        host = _ascii_name(host)
    else:
        raise ValueError(f"{host!a} in the URL is not a host name or IP address")
    return Target(scheme, host, port)


def _zone(zone: str) -> str:
    # In the normal form "%25eth0" has become "-25eth0": no interface has such a name.
    return zone[2:] if zone.startswith("25") and len(zone) > 2 else zone


def _ascii_name(host: str) -> str:
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError as exc:
        raise ValueError(f"{host[:80]!a} in the URL is not a host name: {exc}") from None
