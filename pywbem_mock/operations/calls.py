"""
What a call is about: its operation, its namespace, its class.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple, Optional

from pywbem._cim_xml.records import Call, ExtrinsicCall, IntrinsicCall

#: The operation that calls a method of a class.
INVOKE_METHOD = "InvokeMethod"

# The parameters that say the class, by name or in an object.
_SUBJECTS = frozenset(
    "classname instancename objectname newinstance modifiedinstance newclass modifiedclass".split()
)
_QUERIES = frozenset(("query", "filterquery"))
_FROM = re.compile(r"\bfrom\s+(\w+)", re.IGNORECASE)


class Subject(NamedTuple):
    """
    What a call is about.  ``operation`` is the operation, or the name of the
    method of a class; ``classname`` is None where the call does not say it.
    """

    operation: str
    namespace: Optional[str]
    classname: Optional[str]


def subject_of(call: Call) -> Subject:
    """
    Return what a call is about.

    Parameters:
        call (Call): The call record.
    """
    if isinstance(call, ExtrinsicCall):
        return Subject(call.name, call.path.namespace, call.path.classname)
    if isinstance(call, IntrinsicCall):
        return Subject(call.name, call.namespace.strip("/"), _class_of(call))
    return Subject(call.name, None, None)


def _class_of(call: IntrinsicCall) -> Optional[str]:
    query = call.name.lower() in ("execquery", "openqueryinstances")
    for name, value in call.params:
        if name.lower() in _SUBJECTS:
            return _named(value)
        if query and name.lower() in _QUERIES and isinstance(value, str):
            match = _FROM.search(value)
            return match[1] if match else None
    return None


def _named(value: Any) -> Optional[str]:
    name = value if isinstance(value, str) else getattr(value, "classname", None)
    return name if isinstance(name, str) else None
