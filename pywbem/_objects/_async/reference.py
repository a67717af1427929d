"""
References to instances, as values of properties.
"""

from __future__ import annotations

from typing import Any

from ..._cim_obj import CIMInstanceName
from ..state import connected


class AsyncReference:
    """A reference: it is printed as path, equals its path, and :meth:`resolve` follows it."""

    __slots__ = ("_namespace", "path")

    def __init__(self, path: CIMInstanceName, namespace: Any = None) -> None:
        """
        Parameters:
            path (:class:`~pywbem.CIMInstanceName`): The path.
            namespace (AsyncNamespace): Where it was found.
        """
        #: The path.
        self.path = path
        self._namespace = namespace

    async def resolve(self) -> Any:
        """
        Return the object that is referenced.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.AsyncWBEMConnection`.
            ValueError: The reference was unpickled and has no connection.
        """
        return await connected(self).get(self.path)

    def __str__(self) -> str:
        return str(self.path)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.path}>"

    def __eq__(self, other: object) -> bool:
        path = other.path if isinstance(other, AsyncReference) else other
        return isinstance(path, CIMInstanceName) and bool(self.path == path)

    def __hash__(self) -> int:
        return hash(self.path)

    def __reduce__(self) -> Any:
        return type(self), (self.path,)
