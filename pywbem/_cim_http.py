"""
Import path in use: HTTP for WBEM is in :mod:`pywbem._http`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._cim_constants import DEFAULT_URL_PORT_HTTP, DEFAULT_URL_PORT_HTTPS, DEFAULT_URL_SCHEME
from ._http.arguments import check_ca_certs, check_proxies, check_x509
from ._http.cim import get_cimobject_header, request_headers
from ._http.transport import HTTPTransport, Reply
from ._http.url import HTTP_CONNECT_TIMEOUT, parse_url
from ._public_names import public_names

__all__ = [
    "DEFAULT_URL_PORT_HTTP",
    "DEFAULT_URL_PORT_HTTPS",
    "DEFAULT_URL_SCHEME",
    "HTTPTransport",
    "HTTP_CONNECT_TIMEOUT",
    "Reply",
    "check_ca_certs",
    "check_proxies",
    "check_x509",
    "get_cimobject_header",
    "parse_url",
    "request_headers",
]


# What programs import from here, beside the names above.
if not TYPE_CHECKING:
    __getattr__ = public_names(__name__)
