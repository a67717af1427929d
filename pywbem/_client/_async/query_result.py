"""
The result of a query that is iterated over.
"""

from __future__ import annotations

import asyncio
from typing import AsyncGenerator, AsyncIterable, List, Optional

from ..._cim_obj import CIMClass, CIMInstance
from ..._exceptions import ConnectionError

Instances = AsyncGenerator[CIMInstance, None]


class AsyncIterQueryInstancesReturn:
    """
    The result of :meth:`~pywbem.AsyncWBEMConnection.IterQueryInstances`; to iterate over
    it yields the instances.

    The instances are fetched from the server as they are asked for, and kept: each
    iteration begins with the first one.  They can be shared by tasks of one event loop.

    Parameters:
        instances (asynchronous iterable of CIMInstance): The query result.
        query_result_class (CIMClass): The class that describes the instances, or
            None.
    """

    def __init__(
        self, instances: AsyncIterable[CIMInstance], query_result_class: Optional[CIMClass] = None
    ) -> None:
        self._source = instances.__aiter__()
        self._fetched: List[CIMInstance] = []
        # Held by the one that fetches.
        self._turn = asyncio.Lock()
        self._failure: Optional[Exception] = None
        self._query_result_class = query_result_class

    @property
    def query_result_class(self) -> Optional[CIMClass]:
        """
        CIMClass: The class that describes the instances, or None if it was not
        asked for.
        """
        return self._query_result_class

    @property
    def generator(self) -> Instances:
        """
        asynchronous generator: Yields the instances of the query result, as
        :class:`~pywbem.CIMInstance`; those that pull operations fetched have no path.
        """
        return self._from_start()

    def __aiter__(self) -> Instances:
        return self._from_start()

    async def _from_start(self) -> Instances:
        position = 0
        while position < len(self._fetched) or await self._fetch(position):
            yield self._fetched[position]
            position += 1

    async def _fetch(self, position: int) -> bool:
        """
        Fetch the instance at a position, and return whether there is one.  What could not be
        fetched is not taken for the end by the next iteration.
        """
        async with self._turn:
            if position < len(self._fetched):
                return True
            if self._failure is not None:
                raise self._failure
            try:
                self._fetched.append(await self._source.__anext__())
            except StopAsyncIteration:
                return False
            except Exception as exc:
                self._failure = exc
                raise
            except BaseException:
                # What is left of the generator cannot go on.
                self._failure = ConnectionError(
                    "The query result was not fetched to its end: an iteration over it was "
                    "interrupted; execute the query again"
                )
                raise
            return True
