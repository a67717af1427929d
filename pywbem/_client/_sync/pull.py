# Made from ../_async/pull.py by tools/make_sync.py: change that file.
"""
Pulled enumerations: the Open..., Pull..., CloseEnumeration and EnumerationCount
operations (DSP0200 5.4.2.24).
"""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Optional, Tuple, TypeVar

from ..._cim_obj import CIMInstanceName
from ..._cim_types import Uint64
from ..._cim_xml.records import IntrinsicCall, IntrinsicResponse
from ..._protocol import results
from ..._protocol.arguments import ClassNameArg, Context, PropertyListArg, count
from ..._protocol.arguments import context as checked_context
from ..._protocol.operation import Operation
from ..._protocol.results import (
    pull_inst_result_tuple,
    pull_path_result_tuple,
    pull_query_result_tuple,
)
from .runner import OperationRunner

_Result = TypeVar("_Result")

_NOT_GIVEN: Any = object()


class PullOperations(OperationRunner):
    """
    The operations that open, continue and close enumerations.
    """

    def OpenEnumerateInstances(
        self,
        ClassName: ClassNameArg,
        namespace: Optional[str] = None,
        DeepInheritance: Optional[bool] = None,
        IncludeClassOrigin: Optional[bool] = None,
        PropertyList: PropertyListArg = None,
        FilterQueryLanguage: Optional[str] = None,
        FilterQuery: Optional[str] = None,
        OperationTimeout: Optional[int] = None,
        ContinueOnError: Optional[bool] = None,
        MaxObjectCount: Optional[int] = None,
    ) -> pull_inst_result_tuple:
        """
        Open an enumeration of the instances of a class and of its subclasses
        (DSP0200 5.4.2.24).

        Continue it with :meth:`PullInstancesWithPath`.

        Parameters:
            ClassName (str or CIMClassName): The class, in any lexical case.
            namespace (str): The namespace.  None means the namespace of ``ClassName``
                if it is a path that has one, else the default namespace of the
                connection.
            DeepInheritance (bool): Include the properties that subclasses add.
            IncludeClassOrigin (bool): Include the class origin of properties.
            PropertyList (str, or list or tuple of str): Include only these properties.
                An empty list means none, None means all.
            FilterQueryLanguage (str): Language of ``FilterQuery``, for example
                ``DMTF:FQL``.
            FilterQuery (str): A query that the returned objects fulfil.
            OperationTimeout (int): Seconds for which the server keeps the enumeration
                open between two operations; 0 for ever.
            ContinueOnError (bool): Continue the enumeration after an error.
            MaxObjectCount (int): How many objects this operation may return.  None
                means the default of the server, which is none.

        A parameter that is None is not sent; the default of the server applies.

        Returns:
            :class:`~pywbem._cim_operations.pull_inst_result_tuple`: The (``instances``,
            ``eos``, ``context``).  The paths of the instances are those that the server
            gave.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.WBEMConnection`.
            TypeError, ValueError: An argument is wrong.
        """
        return self._intrinsic(
            "OpenEnumerateInstances",
            {
                "namespace": namespace,
                "ClassName": ClassName,
                "DeepInheritance": DeepInheritance,
                "IncludeClassOrigin": IncludeClassOrigin,
                "PropertyList": PropertyList,
                "FilterQueryLanguage": FilterQueryLanguage,
                "FilterQuery": FilterQuery,
                "OperationTimeout": OperationTimeout,
                "ContinueOnError": ContinueOnError,
                "MaxObjectCount": MaxObjectCount,
            },
            results.pulled_instances,
        )

    def OpenEnumerateInstancePaths(
        self,
        ClassName: ClassNameArg,
        namespace: Optional[str] = None,
        FilterQueryLanguage: Optional[str] = None,
        FilterQuery: Optional[str] = None,
        OperationTimeout: Optional[int] = None,
        ContinueOnError: Optional[bool] = None,
        MaxObjectCount: Optional[int] = None,
    ) -> pull_path_result_tuple:
        """
        Open an enumeration of the paths of the instances of a class and of its
        subclasses (DSP0200 5.4.2.24).

        Continue it with :meth:`PullInstancePaths`.

        Parameters:
            ClassName (str or CIMClassName): The class, in any lexical case.
            namespace (str): The namespace.  None means the namespace of ``ClassName``
                if it is a path that has one, else the default namespace of the
                connection.
            FilterQueryLanguage (str): Language of ``FilterQuery``, for example
                ``DMTF:FQL``.
            FilterQuery (str): A query that the returned objects fulfil.
            OperationTimeout (int): Seconds for which the server keeps the enumeration
                open between two operations; 0 for ever.
            ContinueOnError (bool): Continue the enumeration after an error.
            MaxObjectCount (int): How many objects this operation may return.  None
                means the default of the server, which is none.

        A parameter that is None is not sent; the default of the server applies.

        Returns:
            :class:`~pywbem._cim_operations.pull_path_result_tuple`: The (``paths``,
            ``eos``, ``context``).

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.WBEMConnection`.
            TypeError, ValueError: An argument is wrong.
        """
        return self._intrinsic(
            "OpenEnumerateInstancePaths",
            {
                "namespace": namespace,
                "ClassName": ClassName,
                "FilterQueryLanguage": FilterQueryLanguage,
                "FilterQuery": FilterQuery,
                "OperationTimeout": OperationTimeout,
                "ContinueOnError": ContinueOnError,
                "MaxObjectCount": MaxObjectCount,
            },
            results.pulled_paths,
        )

    def OpenAssociatorInstances(
        self,
        InstanceName: CIMInstanceName,
        AssocClass: Optional[ClassNameArg] = None,
        ResultClass: Optional[ClassNameArg] = None,
        Role: Optional[str] = None,
        ResultRole: Optional[str] = None,
        IncludeClassOrigin: Optional[bool] = None,
        PropertyList: PropertyListArg = None,
        FilterQueryLanguage: Optional[str] = None,
        FilterQuery: Optional[str] = None,
        OperationTimeout: Optional[int] = None,
        ContinueOnError: Optional[bool] = None,
        MaxObjectCount: Optional[int] = None,
    ) -> pull_inst_result_tuple:
        """
        Open an enumeration of the instances that are associated with an
        instance (DSP0200 5.4.2.24).

        Continue it with :meth:`PullInstancesWithPath`.

        Parameters:
            InstanceName (CIMInstanceName): Path of the source instance.  Without a
                namespace, the default namespace of the connection is used.  Its host is
                ignored.
            AssocClass (str or CIMClassName): Follow only associations of this class and
                its subclasses.
            ResultClass (str or CIMClassName): Return only objects of this class and its
                subclasses.
            Role (str): Follow only associations in which the source has this role.
            ResultRole (str): Follow only associations in which the result has this
                role.
            IncludeClassOrigin (bool): Include the class origin of properties.
            PropertyList (str, or list or tuple of str): Include only these properties.
                An empty list means none, None means all.
            FilterQueryLanguage (str): Language of ``FilterQuery``, for example
                ``DMTF:FQL``.
            FilterQuery (str): A query that the returned objects fulfil.
            OperationTimeout (int): Seconds for which the server keeps the enumeration
                open between two operations; 0 for ever.
            ContinueOnError (bool): Continue the enumeration after an error.
            MaxObjectCount (int): How many objects this operation may return.  None
                means the default of the server, which is none.

        A parameter that is None is not sent: there is no such filter, and the default
        of the server applies.

        Returns:
            :class:`~pywbem._cim_operations.pull_inst_result_tuple`: The (``instances``,
            ``eos``, ``context``).  The paths of the instances are those that the server
            gave.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.WBEMConnection`.
            TypeError, ValueError: An argument is wrong.
        """
        return self._intrinsic(
            "OpenAssociatorInstances",
            {
                "InstanceName": InstanceName,
                "AssocClass": AssocClass,
                "ResultClass": ResultClass,
                "Role": Role,
                "ResultRole": ResultRole,
                "IncludeClassOrigin": IncludeClassOrigin,
                "PropertyList": PropertyList,
                "FilterQueryLanguage": FilterQueryLanguage,
                "FilterQuery": FilterQuery,
                "OperationTimeout": OperationTimeout,
                "ContinueOnError": ContinueOnError,
                "MaxObjectCount": MaxObjectCount,
            },
            results.pulled_instances,
        )

    def OpenAssociatorInstancePaths(
        self,
        InstanceName: CIMInstanceName,
        AssocClass: Optional[ClassNameArg] = None,
        ResultClass: Optional[ClassNameArg] = None,
        Role: Optional[str] = None,
        ResultRole: Optional[str] = None,
        FilterQueryLanguage: Optional[str] = None,
        FilterQuery: Optional[str] = None,
        OperationTimeout: Optional[int] = None,
        ContinueOnError: Optional[bool] = None,
        MaxObjectCount: Optional[int] = None,
    ) -> pull_path_result_tuple:
        """
        Open an enumeration of the paths of the instances that are associated
        with an instance (DSP0200 5.4.2.24).

        Continue it with :meth:`PullInstancePaths`.

        Parameters:
            InstanceName (CIMInstanceName): Path of the source instance.  Without a
                namespace, the default namespace of the connection is used.  Its host is
                ignored.
            AssocClass (str or CIMClassName): Follow only associations of this class and
                its subclasses.
            ResultClass (str or CIMClassName): Return only objects of this class and its
                subclasses.
            Role (str): Follow only associations in which the source has this role.
            ResultRole (str): Follow only associations in which the result has this
                role.
            FilterQueryLanguage (str): Language of ``FilterQuery``, for example
                ``DMTF:FQL``.
            FilterQuery (str): A query that the returned objects fulfil.
            OperationTimeout (int): Seconds for which the server keeps the enumeration
                open between two operations; 0 for ever.
            ContinueOnError (bool): Continue the enumeration after an error.
            MaxObjectCount (int): How many objects this operation may return.  None
                means the default of the server, which is none.

        A parameter that is None is not sent: there is no such filter, and the default
        of the server applies.

        Returns:
            :class:`~pywbem._cim_operations.pull_path_result_tuple`: The (``paths``,
            ``eos``, ``context``).

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.WBEMConnection`.
            TypeError, ValueError: An argument is wrong.
        """
        return self._intrinsic(
            "OpenAssociatorInstancePaths",
            {
                "InstanceName": InstanceName,
                "AssocClass": AssocClass,
                "ResultClass": ResultClass,
                "Role": Role,
                "ResultRole": ResultRole,
                "FilterQueryLanguage": FilterQueryLanguage,
                "FilterQuery": FilterQuery,
                "OperationTimeout": OperationTimeout,
                "ContinueOnError": ContinueOnError,
                "MaxObjectCount": MaxObjectCount,
            },
            results.pulled_paths,
        )

    def OpenReferenceInstances(
        self,
        InstanceName: CIMInstanceName,
        ResultClass: Optional[ClassNameArg] = None,
        Role: Optional[str] = None,
        IncludeClassOrigin: Optional[bool] = None,
        PropertyList: PropertyListArg = None,
        FilterQueryLanguage: Optional[str] = None,
        FilterQuery: Optional[str] = None,
        OperationTimeout: Optional[int] = None,
        ContinueOnError: Optional[bool] = None,
        MaxObjectCount: Optional[int] = None,
    ) -> pull_inst_result_tuple:
        """
        Open an enumeration of the association instances that reference an
        instance (DSP0200 5.4.2.24).

        Continue it with :meth:`PullInstancesWithPath`.

        Parameters:
            InstanceName (CIMInstanceName): Path of the source instance.  Without a
                namespace, the default namespace of the connection is used.  Its host is
                ignored.
            ResultClass (str or CIMClassName): Return only associations of this class
                and its subclasses.
            Role (str): Return only associations in which the source has this role.
            IncludeClassOrigin (bool): Include the class origin of properties.
            PropertyList (str, or list or tuple of str): Include only these properties.
                An empty list means none, None means all.
            FilterQueryLanguage (str): Language of ``FilterQuery``, for example
                ``DMTF:FQL``.
            FilterQuery (str): A query that the returned objects fulfil.
            OperationTimeout (int): Seconds for which the server keeps the enumeration
                open between two operations; 0 for ever.
            ContinueOnError (bool): Continue the enumeration after an error.
            MaxObjectCount (int): How many objects this operation may return.  None
                means the default of the server, which is none.

        A parameter that is None is not sent: there is no such filter, and the default
        of the server applies.

        Returns:
            :class:`~pywbem._cim_operations.pull_inst_result_tuple`: The (``instances``,
            ``eos``, ``context``).  The paths of the instances are those that the server
            gave.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.WBEMConnection`.
            TypeError, ValueError: An argument is wrong.
        """
        return self._intrinsic(
            "OpenReferenceInstances",
            {
                "InstanceName": InstanceName,
                "ResultClass": ResultClass,
                "Role": Role,
                "IncludeClassOrigin": IncludeClassOrigin,
                "PropertyList": PropertyList,
                "FilterQueryLanguage": FilterQueryLanguage,
                "FilterQuery": FilterQuery,
                "OperationTimeout": OperationTimeout,
                "ContinueOnError": ContinueOnError,
                "MaxObjectCount": MaxObjectCount,
            },
            results.pulled_instances,
        )

    def OpenReferenceInstancePaths(
        self,
        InstanceName: CIMInstanceName,
        ResultClass: Optional[ClassNameArg] = None,
        Role: Optional[str] = None,
        FilterQueryLanguage: Optional[str] = None,
        FilterQuery: Optional[str] = None,
        OperationTimeout: Optional[int] = None,
        ContinueOnError: Optional[bool] = None,
        MaxObjectCount: Optional[int] = None,
    ) -> pull_path_result_tuple:
        """
        Open an enumeration of the paths of the association instances that
        reference an instance (DSP0200 5.4.2.24).

        Continue it with :meth:`PullInstancePaths`.

        Parameters:
            InstanceName (CIMInstanceName): Path of the source instance.  Without a
                namespace, the default namespace of the connection is used.  Its host is
                ignored.
            ResultClass (str or CIMClassName): Return only associations of this class
                and its subclasses.
            Role (str): Return only associations in which the source has this role.
            FilterQueryLanguage (str): Language of ``FilterQuery``, for example
                ``DMTF:FQL``.
            FilterQuery (str): A query that the returned objects fulfil.
            OperationTimeout (int): Seconds for which the server keeps the enumeration
                open between two operations; 0 for ever.
            ContinueOnError (bool): Continue the enumeration after an error.
            MaxObjectCount (int): How many objects this operation may return.  None
                means the default of the server, which is none.

        A parameter that is None is not sent: there is no such filter, and the default
        of the server applies.

        Returns:
            :class:`~pywbem._cim_operations.pull_path_result_tuple`: The (``paths``,
            ``eos``, ``context``).

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.WBEMConnection`.
            TypeError, ValueError: An argument is wrong.
        """
        return self._intrinsic(
            "OpenReferenceInstancePaths",
            {
                "InstanceName": InstanceName,
                "ResultClass": ResultClass,
                "Role": Role,
                "FilterQueryLanguage": FilterQueryLanguage,
                "FilterQuery": FilterQuery,
                "OperationTimeout": OperationTimeout,
                "ContinueOnError": ContinueOnError,
                "MaxObjectCount": MaxObjectCount,
            },
            results.pulled_paths,
        )

    def OpenQueryInstances(
        self,
        FilterQueryLanguage: str,
        FilterQuery: str,
        namespace: Optional[str] = None,
        ReturnQueryResultClass: Optional[bool] = None,
        OperationTimeout: Optional[int] = None,
        ContinueOnError: Optional[bool] = None,
        MaxObjectCount: Optional[int] = None,
    ) -> pull_query_result_tuple:
        """
        Open an enumeration of a query result (DSP0200 5.4.2.24).

        Continue it with :meth:`PullInstances`.

        Parameters:
            FilterQueryLanguage (str): The query language, for example ``DMTF:CQL``.
            FilterQuery (str): The query.
            namespace (str): The namespace.  None means the default namespace of the
                connection.
            ReturnQueryResultClass (bool): Ask for the class that describes the
                instances.
            OperationTimeout (int): Seconds for which the server keeps the enumeration
                open between two operations; 0 for ever.
            ContinueOnError (bool): Continue the enumeration after an error.
            MaxObjectCount (int): How many objects this operation may return.  None
                means the default of the server, which is none.

        A parameter that is None is not sent; the default of the server applies.

        Returns:
            :class:`~pywbem._cim_operations.pull_query_result_tuple`: The
            (``instances``, ``eos``, ``context``, ``query_result_class``).

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.WBEMConnection`.
            TypeError, ValueError: An argument is wrong.
        """
        return self._intrinsic(
            "OpenQueryInstances",
            {
                "namespace": namespace,
                "FilterQueryLanguage": FilterQueryLanguage,
                "FilterQuery": FilterQuery,
                "ReturnQueryResultClass": ReturnQueryResultClass,
                "OperationTimeout": OperationTimeout,
                "ContinueOnError": ContinueOnError,
                "MaxObjectCount": MaxObjectCount,
            },
            lambda response, namespace: results.opened_query(
                response, namespace, ReturnQueryResultClass
            ),
        )

    def PullInstancesWithPath(
        self, context: Optional[Context], MaxObjectCount: Optional[int]
    ) -> pull_inst_result_tuple:
        """
        Continue an enumeration of instances with paths (DSP0200 5.4.2.24).

        Parameters:
            context (tuple): The context that the open operation, or the previous pull
                operation, returned.
            MaxObjectCount (int): How many objects this operation may return.

        Returns:
            :class:`~pywbem._cim_operations.pull_inst_result_tuple`: The (``instances``,
            ``eos``, ``context``).  The paths of the instances are those that the server
            gave.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.WBEMConnection`.
            ValueError: ``context`` is None because the enumeration is at its end, or it
                is no context.
            TypeError: An argument is wrong.
        """
        return self._continue(
            "PullInstancesWithPath", results.pulled_instances, context, MaxObjectCount
        )

    def PullInstancePaths(
        self, context: Optional[Context], MaxObjectCount: Optional[int]
    ) -> pull_path_result_tuple:
        """
        Continue an enumeration of instance paths (DSP0200 5.4.2.24).

        Parameters:
            context (tuple): The context that the open operation, or the previous pull
                operation, returned.
            MaxObjectCount (int): How many objects this operation may return.

        Returns:
            :class:`~pywbem._cim_operations.pull_path_result_tuple`: The (``paths``,
            ``eos``, ``context``).

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.WBEMConnection`.
            ValueError: ``context`` is None because the enumeration is at its end, or it
                is no context.
            TypeError: An argument is wrong.
        """
        return self._continue("PullInstancePaths", results.pulled_paths, context, MaxObjectCount)

    def PullInstances(
        self, context: Optional[Context], MaxObjectCount: Optional[int]
    ) -> pull_inst_result_tuple:
        """
        Continue an enumeration of a query result (DSP0200 5.4.2.24).

        Parameters:
            context (tuple): The context that the open operation, or the previous pull
                operation, returned.
            MaxObjectCount (int): How many objects this operation may return.

        Returns:
            :class:`~pywbem._cim_operations.pull_inst_result_tuple`: The (``instances``,
            ``eos``, ``context``).  The instances have no path.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.WBEMConnection`.
            ValueError: ``context`` is None because the enumeration is at its end, or it
                is no context.
            TypeError: An argument is wrong.
        """
        return self._continue("PullInstances", results.pulled_instances, context, MaxObjectCount)

    def CloseEnumeration(self, context: Optional[Context]) -> None:
        """
        Close an enumeration that is not at its end (DSP0200 5.4.2.24).

        Parameters:
            context (tuple): The context that the open operation, or the previous pull
                operation, returned.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.WBEMConnection`.
            ValueError: ``context`` is None because the enumeration is at its end, or it
                is no context.
            TypeError: An argument is wrong.
        """
        self._continue(
            "CloseEnumeration", lambda response, namespace: results.nothing(response), context
        )

    def EnumerationCount(self, context: Optional[Context]) -> Optional[Uint64]:
        """
        Return how many objects an enumeration that is not at its end has in all
        (DSP0200 5.4.2.24).

        The count is an estimate of the server.  The operation is optional and deprecated
        in DSP0200: many servers raise CIM_ERR_NOT_SUPPORTED.

        Parameters:
            context (tuple): The context that the open operation, or the previous pull
                operation, returned.

        Returns:
            :class:`~pywbem.Uint64`: The count, or None if the server does not know it.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.WBEMConnection`.
            ValueError: ``context`` is None because the enumeration is at its end, or it
                is no context.
            TypeError: An argument is wrong.
        """
        return self._continue(
            "EnumerationCount", lambda response, namespace: results.counted(response), context
        )

    def _continue(
        self,
        name: str,
        make_result: Callable[[IntrinsicResponse, str], _Result],
        context: Optional[Context],
        MaxObjectCount: Any = _NOT_GIVEN,
    ) -> _Result:
        """
        Run an operation on an open enumeration: its context holds the
        namespace, too.
        """
        args: Dict[str, Any] = {"context": context}
        if MaxObjectCount is not _NOT_GIVEN:
            args["MaxObjectCount"] = MaxObjectCount
        namespace = ""

        def make_call() -> IntrinsicCall:
            nonlocal namespace
            server_context, namespace = checked_context("context", context)
            params: List[Tuple[str, Any]] = []
            if server_context is not None:
                params.append(("EnumerationContext", server_context))
            if args.get("MaxObjectCount") is not None:
                params.append(("MaxObjectCount", count("MaxObjectCount", MaxObjectCount)))
            return IntrinsicCall(name, namespace, params)

        return self._run(
            Operation(name, args, make_call, lambda response: make_result(response, namespace))
        )
