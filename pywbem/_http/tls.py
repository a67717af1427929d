"""
What a connection trusts: its TLS arguments as one ``ssl.SSLContext``.

A context is made once for a connection with the same settings and decides alone.
Neither environment variables nor the defaults of requests change it, other than by
giving the CA certificates of a connection that names none.
"""

from __future__ import annotations

import contextlib
import os
import ssl
from typing import Any, List, NamedTuple, Optional, Tuple, Union

from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.util.ssl_ import create_urllib3_context

from .sockets import Deadline, connect
from .url import Target


class TLSSettings(NamedTuple):
    """
    What a request says about TLS, in the terms of requests.

    ``verify`` is the file or directory of the CA certificates that are trusted, True
    for those of requests, or false for any certificate; ``cert`` the file of the client
    certificate, or the files of certificate and key.
    """

    verify: Union[bool, str, None] = True
    cert: Union[str, Tuple[str, str], None] = None
    ssl_context: Optional[ssl.SSLContext] = None


class BadTLSSettings(Exception):
    """
    A file of the TLS arguments cannot be used.
    """


def context_of(settings: TLSSettings) -> ssl.SSLContext:
    """
    Return the SSL context for a request; a context among the settings is used as it is.

    Raises:
        BadTLSSettings: A file cannot be read or has not the right content.
    """
    if settings.ssl_context is not None:
        return settings.ssl_context
    context = create_urllib3_context()
    if not settings.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    else:
        context.verify_mode = ssl.CERT_REQUIRED
        context.check_hostname = True
        _load_ca(context, DEFAULT_CA_BUNDLE_PATH if settings.verify is True else settings.verify)
    if settings.cert is not None:
        _load_client_certificate(context, settings.cert)
    return context


def _load_ca(context: ssl.SSLContext, path: str) -> None:
    try:
        if os.path.isdir(path):
            context.load_verify_locations(capath=path)
        else:
            context.load_verify_locations(cafile=path)
    except OSError as exc:
        # SSLError is an OSError, too.
        raise BadTLSSettings(
            f"The CA certificates in {path!r} (from {_source(path)}) cannot be used: {exc}"
        ) from None


def _source(path: str) -> str:
    if path == DEFAULT_CA_BUNDLE_PATH:
        return "the CA certificates of requests"
    if path in (os.environ.get("REQUESTS_CA_BUNDLE"), os.environ.get("CURL_CA_BUNDLE")):
        return "REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE"
    return "ca_certs"


def _load_client_certificate(context: ssl.SSLContext, cert: Union[str, Tuple[str, str]]) -> None:
    cert_file, key_file = (cert, None) if isinstance(cert, str) else cert
    try:
        context.load_cert_chain(cert_file, key_file)
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


def certificate_names(settings: TLSSettings, target: Target, deadline: Deadline) -> str:
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
        context = context_of(settings._replace(cert=None))
        context.check_hostname = False
        with connect(target.host, target.port, deadline) as plain:
            plain.settimeout(deadline.step())
            with context.wrap_socket(plain, server_hostname=target.server_name) as sock:
                certificate: Any = sock.getpeercert() or {}
        names = [str(value) for _kind, value in certificate.get("subjectAltName", ())]
    return ", ".join(repr(name) for name in names)
