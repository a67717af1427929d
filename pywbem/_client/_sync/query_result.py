# Made from ../_async/query_result.py by tools/make_sync.py: change that file.
"""
The result of a query that is iterated over.
"""

from __future__ import annotations

from typing import Generator, Iterable, List, Optional

from ..._cim_obj import CIMClass, CIMInstance

Instances = Generator[CIMInstance, None, None]


class IterQueryInstancesReturn:
    """
    The result of :meth:`~pywbem.WBEMConnection.IterQueryInstances`; to iterate over
    it yields the instances.

    The instances are fetched from the server as they are asked for, and kept: each
    iteration begins with the first one.

    Parameters:
        instances (iterable of CIMInstance): The query result.
        query_result_class (CIMClass): The class that describes the instances, or
            None.
    """

    def __init__(
        self, instances: Iterable[CIMInstance], query_result_class: Optional[CIMClass] = None
    ) -> None:
        self._source = instances.__iter__()
        self._fetched: List[CIMInstance] = []
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
        generator: Yields the instances of the query result, as
        :class:`~pywbem.CIMInstance`; those that pull operations fetched have no path.
        """
        return self._from_start()

    def __iter__(self) -> Instances:
        return self._from_start()

    def _from_start(self) -> Instances:
        position = 0
        while position < len(self._fetched) or self._fetch():
            yield self._fetched[position]
            position += 1

    def _fetch(self) -> bool:
        """
        Take one more instance, and return whether there is one.  What could not be
        fetched is not taken for the end by the next iteration.
        """
        if self._failure is not None:
            raise self._failure
        try:
            self._fetched.append(self._source.__next__())
        except StopIteration:
            return False
        except Exception as exc:
            self._failure = exc
            raise
        return True
