"""
The connection of the MOF compiler to a mock server that counts its operations.
"""

from __future__ import annotations

from typing import Any, Callable

from .counting import counted
from .mof_connection import MockMOFConnection

_OPERATIONS = (
    "CreateClass",
    "CreateInstance",
    "EnumerateQualifiers",
    "GetClass",
    "ModifyClass",
    "ModifyInstance",
    "SetQualifier",
)


class CountedMOFConnection(MockMOFConnection):
    """
    Counts the operations of the MOF compiler.
    """


def _counting(name: str) -> Callable[..., Any]:
    operation = getattr(MockMOFConnection, name)

    def count(self: CountedMOFConnection, *args: Any, **kwargs: Any) -> Any:
        statistics = self._faked.statistics
        if not statistics.enabled:
            return operation(self, *args, **kwargs)
        with counted(statistics, name):
            return operation(self, *args, **kwargs)

    return count


for _name in _OPERATIONS:
    setattr(CountedMOFConnection, _name, _counting(_name))
