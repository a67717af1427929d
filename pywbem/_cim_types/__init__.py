"""
The CIM data types (DSP0004 5.2) as Python types.

=================  =========================================================
CIM data type      Python type
=================  =========================================================
boolean            :class:`bool`
char16             :class:`~pywbem.Char16` or :class:`str`
string             :class:`str`
uint8 ... sint64   :class:`~pywbem.Uint8` ... :class:`~pywbem.Sint64`
real32, real64     :class:`~pywbem.Real32`, :class:`~pywbem.Real64`
datetime           :class:`~pywbem.CIMDateTime`
<classname> ref    :class:`~pywbem.CIMInstanceName` (reference)
=================  =========================================================

NULL is ``None``, an array is a :class:`list`.

`scalars` has them but for datetime, which is in `datetime`; `base` is what both stand on.
Imported by everything above; imports only the configuration.
"""

from __future__ import annotations

from .base import CIMType, _CIMComparisonMixin
from .datetime import CIMDateTime, MinutesFromUTC
from .scalars import (
    Char16,
    CIMFloat,
    CIMInt,
    Real32,
    Real64,
    Sint8,
    Sint16,
    Sint32,
    Sint64,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    cimtype,
    type_from_name,
)
from .scalars import atomic_to_cim_xml as atomic_to_cim_xml

__all__ = [
    "CIMDateTime",
    "CIMFloat",
    "CIMInt",
    "CIMType",
    "Char16",
    "MinutesFromUTC",
    "Real32",
    "Real64",
    "Sint8",
    "Sint16",
    "Sint32",
    "Sint64",
    "Uint8",
    "Uint16",
    "Uint32",
    "Uint64",
    "_CIMComparisonMixin",
    "cimtype",
    "type_from_name",
]
