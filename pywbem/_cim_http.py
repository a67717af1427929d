"""
CIM operations over HTTP (DSP0200): a request goes out, a reply comes in.

Bytes and header fields only; what is in the body is the matter of
:mod:`pywbem._cim_xml`.  :func:`request_headers` makes the CIM header fields of a
call, and the ``check_...`` functions see to the arguments of a connection.  The other
modules have one subject each: :mod:`~pywbem._http_transport` the way of a request,
:mod:`~pywbem._http_url` URLs, :mod:`~pywbem._http_session` the exchange,
:mod:`~pywbem._http_socket` deadlines, :mod:`~pywbem._http_reply` the bytes of a reply,
:mod:`~pywbem._http_tls` trust, :mod:`~pywbem._http_errors` exceptions.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Dict, Mapping, Optional, Union

from . import config
from ._cim_constants import DEFAULT_URL_PORT_HTTP, DEFAULT_URL_PORT_HTTPS, DEFAULT_URL_SCHEME
from ._cim_obj import CIMClassName, CIMInstanceName
from ._cim_xml.records import Call, ExportCall, ExtrinsicCall
from ._http_transport import HTTPTransport, Reply
from ._http_url import HTTP_CONNECT_TIMEOUT, parse_url
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

# DSP0200 6.3: what may not stand in a header value, and "%" itself, so that the
# encoding can be undone.
_NOT_IN_HEADER = re.compile(r"[^\x20-\x24\x26-\x7e]")

# SFCB wants another header field with the one method that an expired password leaves.
_SFCB_METHOD = ("sfcb_account", "updateexpiredpassword")


def request_headers(call: Call) -> Dict[str, str]:
    """
    Return the CIM extension header fields of a call (DSP0200 6.3).

    :param call: the call record.
    :return: header values by name, encoded as DSP0200 requires: characters that a
      header value cannot have are sent as ``%`` and two hexadecimal digits for each
      byte of their UTF-8 form.
    """
    if isinstance(call, ExportCall):
        return {"CIMExport": "MethodRequest", "CIMExportMethod": _encoded(call.name)}
    headers = {"CIMOperation": "MethodCall", "CIMMethod": _encoded(call.name)}
    if isinstance(call, ExtrinsicCall):
        path = call.path
        if path.host is not None:
            path = path.copy()
            path.host = None
        headers["CIMObject"] = _encoded(get_cimobject_header(path))
        called = (path.classname.lower(), call.name.lower())
        if config.AUTO_GENERATE_SFCB_UEP_HEADER and called == _SFCB_METHOD:
            headers["Pragma"] = "UpdateExpiredPassword"
    else:
        headers["CIMObject"] = _encoded(call.namespace)
    return headers


def get_cimobject_header(obj: Union[str, CIMClassName, CIMInstanceName]) -> str:
    """
    Return the value of the CIMObject header for an object (DSP0200 6.3.7), before it
    is encoded.

    :param obj: a namespace, or the path of a class or instance.
    :raises TypeError: another type.
    """
    if isinstance(obj, (CIMClassName, CIMInstanceName)):
        return obj.to_wbem_uri(format="cimobject")
    if isinstance(obj, str):
        return obj
    raise TypeError(f"Invalid object type {type(obj)} to generate CIMObject header value from")


def _encoded(text: str) -> str:
    return _NOT_IN_HEADER.sub(
        lambda match: "".join(f"%{byte:02X}" for byte in match.group().encode("utf-8")), text
    )


def check_x509(x509: Optional[Mapping[str, Optional[str]]]) -> None:
    """
    Check the ``x509`` argument of a connection.

    :raises TypeError: it is no dictionary, or an item no string.
    :raises ValueError: there is no item ``cert_file``.
    :raises OSError: a file does not exist.
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

    :raises TypeError: it is neither None nor a string.
    :raises OSError: there is no such file or directory.
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

    :raises TypeError: it is no dictionary.
    """
    if proxies is not None and not isinstance(proxies, dict):
        raise TypeError(f"The proxies parameter must be a dictionary but has type: {type(proxies)}")


# What programs import from here, beside the names above.
if not TYPE_CHECKING:
    __getattr__ = public_names(__name__)
