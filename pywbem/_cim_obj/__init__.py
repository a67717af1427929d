"""
The CIM object model of DSP0004: one file a class, and the functions that convert values.

A field of a class is written once, see `fields`. The forms `mof`, `wbem_uri` and `plain` stand
above the classes, which ask for them and for CIM-XML through `forms`. Imported by everything above;
it imports `_cim_types` and what that imports.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._nocasedict import NocaseDict  # programs import it from here, too
from .._public_names import public_names
from ._base import tocimxml, tocimxmlstr
from .cim_class import CIMClass
from .class_name import CIMClassName
from .instance import CIMInstance
from .instance_name import CIMInstanceName
from .method import CIMMethod
from .parameter import CIMParameter
from .property import CIMProperty
from .qualifier import CIMQualifier
from .qualifier_declaration import CIMQualifierDeclaration
from .values import cimvalue

__all__ = [
    "CIMClass",
    "CIMClassName",
    "CIMInstance",
    "CIMInstanceName",
    "CIMMethod",
    "CIMParameter",
    "CIMProperty",
    "CIMQualifier",
    "CIMQualifierDeclaration",
    "NocaseDict",
    "cimvalue",
    "tocimxml",
    "tocimxmlstr",
]


# What programs import from here, beside the names above.
if not TYPE_CHECKING:
    __getattr__ = public_names(__name__)
