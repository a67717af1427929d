"""
Queries (DSP0200 5.4.2.13).
"""

from __future__ import annotations

from typing import List, Optional

from ..._cim_obj import CIMInstance
from ..._protocol import results
from .runner import AsyncOperationRunner


class AsyncQueryOperations(AsyncOperationRunner):
    """
    The operation that executes a query.
    """

    async def ExecQuery(
        self, QueryLanguage: str, Query: str, namespace: Optional[str] = None
    ) -> List[CIMInstance]:
        """
        Execute a query (DSP0200 5.4.2.13).

        Parameters:
            QueryLanguage (str): The query language, for example ``WQL`` or
                ``DMTF:CQL``.
            Query (str): The query.
            namespace (str): The namespace.  None means the default namespace of
                the connection.

        Returns:
            list of CIMInstance: The query result.  The paths have the namespace;
            if the server did not return paths, they have no keys.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.AsyncWBEMConnection`.
            TypeError, ValueError: An argument is wrong.
        """
        return await self._intrinsic(
            "ExecQuery",
            {"namespace": namespace, "QueryLanguage": QueryLanguage, "Query": Query},
            results.queried_instances,
        )
