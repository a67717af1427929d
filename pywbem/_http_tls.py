"""
What a connection trusts: its TLS arguments as one ``ssl.SSLContext``.

The context is made once for a connection and decides alone.  Neither environment
variables nor the defaults of requests change it, other than by giving the CA
certificates of a connection that names none.
"""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
from typing import Any, List, Mapping, NamedTuple, Optional

from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.util.ssl_ import create_urllib3_context

from ._http_socket import Deadline, connect
from ._http_url import Target


class TLSSettings(NamedTuple):
    """
    The TLS arguments of a connection, as :class:`pywbem.WBEMConnection` has them.
    """

    x509: Optional[Mapping[str, Optional[str]]] = None
    ca_certs: Optional[str] = None
    no_verification: bool = False
    ssl_context: Optional[ssl.SSLContext] = None


class BadTLSSettings(Exception):
    """
    A file of the TLS arguments cannot be used.
    """


def context_of(settings: TLSSettings, environment_ca: Optional[str]) -> ssl.SSLContext:
    """
    Return the SSL context of a connection.

    :param settings: its TLS arguments; a context among them is used as it is.
    :param environment_ca: CA certificates that the environment names, used if the
      arguments say nothing about verification.
    :raises BadTLSSettings: a file cannot be read or has not the right content.
    """
    if settings.ssl_context is not None:
        return settings.ssl_context
    context = create_urllib3_context()
    if settings.no_verification:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    else:
        context.verify_mode = ssl.CERT_REQUIRED
        context.check_hostname = True
        if settings.ca_certs is not None:
            _load_ca(context, settings.ca_certs, "ca_certs")
        elif environment_ca is not None:
            _load_ca(context, environment_ca, "REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE")
        else:
            _load_ca(context, DEFAULT_CA_BUNDLE_PATH, "the CA certificates of requests")
    if settings.x509 is not None:
        _load_client_certificate(context, settings.x509)
    return context


def _load_ca(context: ssl.SSLContext, path: str, source: str) -> None:
    try:
        if os.path.isdir(path):
            context.load_verify_locations(capath=path)
        else:
            context.load_verify_locations(cafile=path)
    except OSError as exc:
        # SSLError is an OSError, too.
        raise BadTLSSettings(
            f"The CA certificates in {path!r} (from {source}) cannot be used: {exc}"
        ) from None


def _load_client_certificate(context: ssl.SSLContext, x509: Mapping[str, Optional[str]]) -> None:
    cert_file, key_file = x509.get("cert_file"), x509.get("key_file")
    try:
        context.load_cert_chain(str(cert_file), key_file)
    except OSError as exc:
        key = f" with the key in {key_file!r}" if key_file else ""
        raise BadTLSSettings(
            f"The client certificate in {cert_file!r}{key} (x509) cannot be used: {exc}"
        ) from None


def versions_of(context: ssl.SSLContext) -> str:
    """
    Return the TLS versions that a client with this context offers, for messages.
    """
    lowest, highest = context.minimum_version, context.maximum_version
    low = "TLS 1.0" if lowest < ssl.TLSVersion.TLSv1 else _version_name(lowest)
    high = (
        ("TLS 1.3" if ssl.HAS_TLSv1_3 else "TLS 1.2")
        if highest == ssl.TLSVersion.MAXIMUM_SUPPORTED
        else _version_name(highest)
    )
    return low if low == high else f"{low} to {high}"


def _version_name(version: ssl.TLSVersion) -> str:
    digits = version.name.replace("TLSv", "").replace("_", ".")
    return f"TLS {digits}" if "." in digits else f"TLS {digits}.0"


def certificate_names(
    settings: TLSSettings, environment_ca: Optional[str], target: Target, deadline: Deadline
) -> str:
    """
    Return the names in the certificate of a server, for the message that it has
    not the right one.

    OpenSSL ends the handshake without showing the certificate.  A second handshake
    that verifies everything but the name shows it; nothing is sent over it.
    """
    if settings.ssl_context is not None:
        return ""
    names: List[str] = []
    with contextlib.suppress(Exception):
        context = context_of(settings._replace(x509=None), environment_ca)
        context.check_hostname = False
        plain = connect(target.host, target.port, deadline)
        plain.settimeout(deadline.step())
        with contextlib.closing(_wrapped(context, plain, target)) as sock:
            certificate: Any = sock.getpeercert() or {}
        names = [str(value) for _kind, value in certificate.get("subjectAltName", ())]
    return ", ".join(repr(name) for name in names)


def _wrapped(context: ssl.SSLContext, plain: socket.socket, target: Target) -> ssl.SSLSocket:
    try:
        return context.wrap_socket(plain, server_hostname=target.server_name)
    except BaseException:
        plain.close()
        raise
