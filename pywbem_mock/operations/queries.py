"""
Queries (DSP0200 5.4.2.13, 5.4.2.24).
"""

from __future__ import annotations

from typing import Any, List, Optional, Tuple

from pywbem._cim_constants import CIM_ERR_QUERY_LANGUAGE_NOT_SUPPORTED
from pywbem._cim_obj import CIMClass, CIMInstance
from pywbem._exceptions import CIMError
from pywbem._protocol.results import pull_inst_result_tuple, pull_query_result_tuple

from ..store.class_view import wanted_names
from .pull import Opening, PullOperations, pulled_instances

_INSTANCES = "PullInstances"


class QueryOperations(PullOperations):
    """
    The operations that return what a query selects.
    """

    def _query(self, namespace: str, language: str, text: str) -> Tuple[Any, List[CIMInstance]]:
        """
        A parsed query, and the instances of the repository that it selects,
        with the properties that it selects.
        """
        self.validate_namespace(namespace)
        from .. import query as queries

        if language not in queries.QUERY_LANGUAGES:
            raise CIMError(
                CIM_ERR_QUERY_LANGUAGE_NOT_SUPPORTED,
                f"Query language {language!r} not supported; supported are: "
                f"{', '.join(queries.QUERY_LANGUAGES)}",
            )
        query = queries.parse(language, text)
        cls = self._queried_class(namespace, query.classname or "")
        query.check(lambda name: name in cls.properties)
        is_subclass = self._subclass_test(namespace)
        return query, [
            query.project(entry.obj)
            for entry in self._instances_of(namespace, cls.classname)
            if query.holds(entry.obj, is_subclass)
        ]

    def _queried_class(self, namespace: str, classname: str) -> CIMClass:
        """
        The class from which a query selects.
        """
        return self._required_class(namespace, classname)

    def ExecQuery(self, namespace: str, QueryLanguage: str, Query: str) -> List[CIMInstance]:
        """
        Return the instances that a query selects.

        Parameters:
            namespace (str): The namespace.
            QueryLanguage (str): ``WQL`` or ``DMTF:CQL``.
            Query (str): The query.

        Raises:
            CIMError: CIM_ERR_INVALID_NAMESPACE, CIM_ERR_INVALID_CLASS,
                CIM_ERR_QUERY_LANGUAGE_NOT_SUPPORTED, CIM_ERR_INVALID_QUERY.
        """
        query, found = self._query(namespace, QueryLanguage, Query)
        view = self._viewer(wanted_names(query.properties))
        return [view(instance) for instance in found]

    def OpenQueryInstances(
        self,
        namespace: str,
        FilterQueryLanguage: str,
        FilterQuery: str,
        ReturnQueryResultClass: Optional[bool] = None,
        OperationTimeout: Optional[int] = None,
        ContinueOnError: Optional[bool] = None,
        MaxObjectCount: Optional[int] = None,
    ) -> pull_query_result_tuple:
        """
        Open an enumeration of the instances that a query selects.

        Parameters:
            namespace (str): The namespace.
            FilterQueryLanguage (str): ``WQL`` or ``DMTF:CQL``.
            FilterQuery (str): The query.
            ReturnQueryResultClass (bool): Return the class that describes the instances.
            OperationTimeout (int): Seconds for which the enumeration stays open between two
                operations; 0 for ever.
            ContinueOnError (bool): Ignored.
            MaxObjectCount (int): Maximum number of objects to return.  None means that of the
                configuration.

        Returns:
            pull_query_result_tuple: The instances, whether these are the last, the context, and
            the class.

        Raises:
            CIMError: CIM_ERR_INVALID_NAMESPACE, CIM_ERR_INVALID_CLASS; CIM_ERR_NOT_SUPPORTED:
                Pull operations are disabled; CIM_ERR_INVALID_OPERATION_TIMEOUT,
                CIM_ERR_INVALID_QUERY, CIM_ERR_QUERY_LANGUAGE_NOT_SUPPORTED.
        """
        opening = Opening(None, None, OperationTimeout, ContinueOnError, MaxObjectCount)
        self._check_opening(namespace, opening)
        query, found = self._query(namespace, FilterQueryLanguage, FilterQuery)
        view = self._viewer(wanted_names(query.properties))
        part = self._open(
            _INSTANCES, namespace, found, lambda instance: _without_path(view(instance)), opening
        )
        cls = None
        if ReturnQueryResultClass:
            source = self._required_class(namespace, query.classname or "")
            cls = self._class_view(source, False, True, False, query.properties)
        return pull_query_result_tuple(*pulled_instances(part, namespace), cls)

    def PullInstances(self, EnumerationContext: str, MaxObjectCount: int) -> pull_inst_result_tuple:
        """
        Return the next instances of an enumeration of a query result.

        Parameters:
            EnumerationContext (str): Context of the enumeration.
            MaxObjectCount (int): Maximum number of objects to return.

        Returns:
            pull_inst_result_tuple: The instances, whether these are the last, and the context.

        Raises:
            CIMError: CIM_ERR_NOT_SUPPORTED, CIM_ERR_INVALID_ENUMERATION_CONTEXT.
        """
        return pulled_instances(*self._pull(_INSTANCES, EnumerationContext, MaxObjectCount))


def _without_path(instance: CIMInstance) -> CIMInstance:
    instance.path = None
    return instance
