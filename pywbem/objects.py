"""
Typed objects: CIM classes as Python classes.

``python -m pywbem.objects stubs`` writes modules of typed classes.
"""

from __future__ import annotations

import sys

from ._objects._async.instance import AsyncInstance
from ._objects._async.namespace import AsyncNamespace
from ._objects._async.reference import AsyncReference
from ._objects._async.result import AsyncMethodResult
from ._objects._sync.instance import Instance
from ._objects._sync.namespace import Namespace
from ._objects._sync.reference import Reference
from ._objects._sync.result import MethodResult
from ._objects.elements import OMITTED
from ._objects.enumeration import IntEnumeration, StrEnumeration
from ._objects.jobs import JobError, MethodError

__all__ = [
    "OMITTED",
    "AsyncInstance",
    "AsyncMethodResult",
    "AsyncNamespace",
    "AsyncReference",
    "Instance",
    "IntEnumeration",
    "JobError",
    "MethodError",
    "MethodResult",
    "Namespace",
    "Reference",
    "StrEnumeration",
]

if __name__ == "__main__":
    from ._object_stubs.command import main

    sys.exit(main())
