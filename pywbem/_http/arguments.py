"""
Checks of those arguments of a connection that are for HTTP.
"""

from __future__ import annotations

import os
from typing import Mapping, Optional


def check_x509(x509: Optional[Mapping[str, Optional[str]]]) -> None:
    """
    Check the ``x509`` argument of a connection.

    Raises:
        TypeError: It is no dictionary, or an item no string.
        ValueError: There is no item ``cert_file``.
        OSError: A file does not exist.
    """
    if x509 is None:
        return
    if not isinstance(x509, dict):
        raise TypeError(f"The x509 parameter must be a dictionary but has type: {type(x509)}")
    if "cert_file" not in x509:
        raise ValueError(f"The x509 parameter does not have the required key 'cert_file': {x509}")
    items = (("cert_file", "certificate"), ("key_file", "key"))
    for key, _what in items:
        item = x509.get(key)
        if not isinstance(item, str) and (key == "cert_file" or item is not None):
            raise TypeError(
                f"The {key!r} item in the x509 parameter must be a string but has type: "
                f"{type(item)}"
            )
    for key, what in items:
        path = x509.get(key)
        if path is not None and not os.path.isfile(path):
            raise OSError(f"Client {what} file for TLS/SSL 2-way authentication not found: {path}")


def check_ca_certs(ca_certs: Optional[str]) -> None:
    """
    Check the ``ca_certs`` argument of a connection that verifies.

    Raises:
        TypeError: It is neither None nor a string.
        OSError: There is no such file or directory.
    """
    if ca_certs is None:
        return
    if not isinstance(ca_certs, str):
        raise TypeError(f"The ca_certs parameter has invalid type: {type(ca_certs)}")
    if not os.path.exists(ca_certs):
        raise OSError(f"CA certificate file or directory not found: {ca_certs}")


def check_proxies(proxies: Optional[Mapping[str, str]]) -> None:
    """
    Check the ``proxies`` argument of a connection.

    Raises:
        TypeError: It is no dictionary.
    """
    if proxies is not None and not isinstance(proxies, dict):
        raise TypeError(f"The proxies parameter must be a dictionary but has type: {type(proxies)}")
