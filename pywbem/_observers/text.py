"""
Text of what recorders write: readable, in ASCII where a repr is, and without
credentials.
"""

from __future__ import annotations

from typing import Any, Mapping, Optional, Union

from .._cim_obj.fields import to_repr
from .._http.url import masked
from .._nocasedict import NocaseDict

# Header fields that carry credentials; what follows the scheme is one.
_CREDENTIAL_HEADERS = frozenset(["authorization", "proxy-authorization"])

# These, and those whose value as a whole lets its owner in.
SECRET_HEADERS = _CREDENTIAL_HEADERS.union(
    ["authentication-info", "cookie", "proxy-authentication-info", "set-cookie", "set-cookie2"]
)

MASK = "XXX"

__all__ = ["SECRET_HEADERS", "decoded", "masked", "masked_header", "masked_headers", "shown"]


def masked_header(name: str, value: Any) -> Any:
    """
    The value of an HTTP header field, without the credentials in it.
    """
    lower = name.lower()
    if lower in _CREDENTIAL_HEADERS:
        scheme, _, credentials = str(value).partition(" ")
        return f"{scheme} {MASK}" if credentials else MASK
    if lower in SECRET_HEADERS:
        return MASK
    return masked(value) if isinstance(value, str) else value


def masked_headers(headers: Mapping[str, Any]) -> Mapping[str, Any]:
    """
    HTTP header fields without the credentials in them.
    """
    return {name: masked_header(name, value) for name, value in headers.items()}


def decoded(payload: Union[bytes, str, None]) -> Optional[str]:
    """
    A payload as text; bytes that are no UTF-8 are shown as escape sequences.
    """
    return payload.decode("utf-8", "backslashreplace") if isinstance(payload, bytes) else payload


def shown(value: Any) -> str:
    """
    The representation of a value in ASCII: as that of the attributes of CIM
    objects, byte strings without prefix, and the items of collections likewise.
    """
    kind = type(value)
    if kind is bytes:
        return ascii(value)[1:]
    if kind is list:
        return f"[{', '.join([shown(item) for item in value])}]"
    if kind is tuple:
        comma = "," if len(value) == 1 else ""
        return f"({', '.join([shown(item) for item in value])}{comma})"
    if kind is dict:
        return f"{{{', '.join([f'{shown(key)}: {shown(item)}' for key, item in value.items()])}}}"
    if kind is NocaseDict:
        return f"NocaseDict({shown(dict(value))})"
    return to_repr(value)
