"""
The Iter... methods: generators over pulled enumerations, or over the result of
the traditional operation where the server has no pull operations.
"""

from __future__ import annotations

from typing import AsyncGenerator, Optional

from ..._cim_obj import CIMInstanceName
from ..._protocol.arguments import ClassNameArg, PropertyListArg
from ..._protocol.paging import (
    DEFAULT_ITER_MAXOBJECTCOUNT,
    check_limits,
    only_pulled,
    page_size,
)
from .paging import AsyncPagedOperations
from .query_result import AsyncIterQueryInstancesReturn, Instances

Paths = AsyncGenerator[CIMInstanceName, None]


class AsyncIterOperations(AsyncPagedOperations):
    """
    The methods that iterate over the results of operations.
    """

    def IterEnumerateInstances(
        self,
        ClassName: ClassNameArg,
        namespace: Optional[str] = None,
        LocalOnly: Optional[bool] = None,
        DeepInheritance: Optional[bool] = None,
        IncludeQualifiers: Optional[bool] = None,
        IncludeClassOrigin: Optional[bool] = None,
        PropertyList: PropertyListArg = None,
        FilterQueryLanguage: Optional[str] = None,
        FilterQuery: Optional[str] = None,
        OperationTimeout: Optional[int] = None,
        ContinueOnError: Optional[bool] = None,
        MaxObjectCount: int = DEFAULT_ITER_MAXOBJECTCOUNT,
    ) -> Instances:
        """
        Iterate over the instances of a class and of its subclasses.

        The instances are fetched with OpenEnumerateInstances and
        PullInstancesWithPath, or with EnumerateInstances: see
        ``use_pull_operations`` of :class:`~pywbem.AsyncWBEMConnection`.  A
        generator that is closed before its end closes the enumeration.

        Parameters:
            ClassName (str or CIMClassName): The class, in any lexical case.
            namespace (str): The namespace.  None means the namespace of ``ClassName``
                if it is a path that has one, else the default namespace of the
                connection.
            LocalOnly (bool): Exclude inherited properties.  Deprecated by DSP0200; pull
                operations do not have it and ignore it.
            DeepInheritance (bool): Include the properties that subclasses add.
            IncludeQualifiers (bool): Include qualifiers.  Deprecated by DSP0200; pull
                operations do not have it and ignore it.
            IncludeClassOrigin (bool): Include the class origin of properties.
            PropertyList (str, or list or tuple of str): Include only these properties.
                An empty list means none, None means all.
            FilterQueryLanguage (str): Language of ``FilterQuery``, for example
                ``DMTF:FQL``; only pull operations have it.
            FilterQuery (str): A query that the returned objects fulfil; only pull
                operations have it.
            OperationTimeout (int): Seconds for which the server keeps the enumeration
                open between two operations; 0 for ever.  It is ignored without pull
                operations.
            ContinueOnError (bool): Continue the enumeration after an error; only pull
                operations have it.
            MaxObjectCount (int): How many objects are fetched with one operation.  Must
                be greater than 0.

        Returns:
            generator of CIMInstance: The instances; their paths have namespace and
            host.

        Exceptions are raised when the generator is asked for its first object.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.AsyncWBEMConnection`.
            ValueError: ``MaxObjectCount`` is not greater than 0, or an argument was
                passed that only pull operations have, and they are not used.
            TypeError, ValueError: An argument is wrong.
        """
        return self._iterate(
            "OpenEnumerateInstances",
            lambda size: self.OpenEnumerateInstances(
                ClassName,
                namespace=namespace,
                DeepInheritance=DeepInheritance,
                IncludeClassOrigin=IncludeClassOrigin,
                PropertyList=PropertyList,
                FilterQueryLanguage=FilterQueryLanguage,
                FilterQuery=FilterQuery,
                OperationTimeout=OperationTimeout,
                ContinueOnError=ContinueOnError,
                MaxObjectCount=size,
            ),
            self.PullInstancesWithPath,
            "EnumerateInstances",
            lambda on: on.EnumerateInstances(
                ClassName,
                namespace=namespace,
                LocalOnly=LocalOnly,
                DeepInheritance=DeepInheritance,
                IncludeQualifiers=IncludeQualifiers,
                IncludeClassOrigin=IncludeClassOrigin,
                PropertyList=PropertyList,
            ),
            (FilterQueryLanguage, FilterQuery, ContinueOnError),
            OperationTimeout,
            MaxObjectCount,
            lambda item: self._placed(item, ClassName, namespace),
        )

    def IterEnumerateInstancePaths(
        self,
        ClassName: ClassNameArg,
        namespace: Optional[str] = None,
        FilterQueryLanguage: Optional[str] = None,
        FilterQuery: Optional[str] = None,
        OperationTimeout: Optional[int] = None,
        ContinueOnError: Optional[bool] = None,
        MaxObjectCount: int = DEFAULT_ITER_MAXOBJECTCOUNT,
    ) -> Paths:
        """
        Iterate over the paths of the instances of a class and of its
        subclasses, with OpenEnumerateInstancePaths and PullInstancePaths, or
        with EnumerateInstanceNames.

        Parameters:
            ClassName (str or CIMClassName): The class, in any lexical case.
            namespace (str): The namespace.  None means the namespace of ``ClassName``
                if it is a path that has one, else the default namespace of the
                connection.
            FilterQueryLanguage (str): Language of ``FilterQuery``, for example
                ``DMTF:FQL``; only pull operations have it.
            FilterQuery (str): A query that the returned objects fulfil; only pull
                operations have it.
            OperationTimeout (int): Seconds for which the server keeps the enumeration
                open between two operations; 0 for ever.  It is ignored without pull
                operations.
            ContinueOnError (bool): Continue the enumeration after an error; only pull
                operations have it.
            MaxObjectCount (int): How many objects are fetched with one operation.  Must
                be greater than 0.

        Returns:
            generator of CIMInstanceName: The paths, with namespace and host.

        Exceptions are raised when the generator is asked for its first object.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.AsyncWBEMConnection`.
            ValueError: ``MaxObjectCount`` is not greater than 0, or an argument was
                passed that only pull operations have, and they are not used.
            TypeError, ValueError: An argument is wrong.
        """
        return self._iterate(
            "OpenEnumerateInstancePaths",
            lambda size: self.OpenEnumerateInstancePaths(
                ClassName,
                namespace=namespace,
                FilterQueryLanguage=FilterQueryLanguage,
                FilterQuery=FilterQuery,
                OperationTimeout=OperationTimeout,
                ContinueOnError=ContinueOnError,
                MaxObjectCount=size,
            ),
            self.PullInstancePaths,
            "EnumerateInstanceNames",
            lambda on: on.EnumerateInstanceNames(ClassName, namespace=namespace),
            (FilterQueryLanguage, FilterQuery, ContinueOnError),
            OperationTimeout,
            MaxObjectCount,
            lambda item: self._placed(item, ClassName, namespace),
        )

    def IterReferenceInstances(
        self,
        InstanceName: CIMInstanceName,
        ResultClass: Optional[ClassNameArg] = None,
        Role: Optional[str] = None,
        IncludeQualifiers: Optional[bool] = None,
        IncludeClassOrigin: Optional[bool] = None,
        PropertyList: PropertyListArg = None,
        FilterQueryLanguage: Optional[str] = None,
        FilterQuery: Optional[str] = None,
        OperationTimeout: Optional[int] = None,
        ContinueOnError: Optional[bool] = None,
        MaxObjectCount: int = DEFAULT_ITER_MAXOBJECTCOUNT,
    ) -> Instances:
        """
        Iterate over the association instances that reference an instance, with
        OpenReferenceInstances and PullInstancesWithPath, or with References.

        Parameters:
            InstanceName (CIMInstanceName): Path of the source instance.  Without a
                namespace, the default namespace of the connection is used.  Its host is
                ignored.
            ResultClass (str or CIMClassName): Return only associations of this class
                and its subclasses.
            Role (str): Return only associations in which the source has this role.
            IncludeQualifiers (bool): Include qualifiers.  Deprecated by DSP0200; pull
                operations do not have it and ignore it.
            IncludeClassOrigin (bool): Include the class origin of properties.
            PropertyList (str, or list or tuple of str): Include only these properties.
                An empty list means none, None means all.
            FilterQueryLanguage (str): Language of ``FilterQuery``, for example
                ``DMTF:FQL``; only pull operations have it.
            FilterQuery (str): A query that the returned objects fulfil; only pull
                operations have it.
            OperationTimeout (int): Seconds for which the server keeps the enumeration
                open between two operations; 0 for ever.  It is ignored without pull
                operations.
            ContinueOnError (bool): Continue the enumeration after an error; only pull
                operations have it.
            MaxObjectCount (int): How many objects are fetched with one operation.  Must
                be greater than 0.

        Returns:
            generator of CIMInstance: The instances; their paths are those that the
            server gave.

        Exceptions are raised when the generator is asked for its first object.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.AsyncWBEMConnection`.
            ValueError: ``MaxObjectCount`` is not greater than 0, or an argument was
                passed that only pull operations have, and they are not used.
            TypeError, ValueError: An argument is wrong.
        """
        return self._iterate(
            "OpenReferenceInstances",
            lambda size: self.OpenReferenceInstances(
                InstanceName,
                ResultClass=ResultClass,
                Role=Role,
                IncludeClassOrigin=IncludeClassOrigin,
                PropertyList=PropertyList,
                FilterQueryLanguage=FilterQueryLanguage,
                FilterQuery=FilterQuery,
                OperationTimeout=OperationTimeout,
                ContinueOnError=ContinueOnError,
                MaxObjectCount=size,
            ),
            self.PullInstancesWithPath,
            "References",
            lambda on: on.References(
                InstanceName,
                ResultClass=ResultClass,
                Role=Role,
                IncludeQualifiers=IncludeQualifiers,
                IncludeClassOrigin=IncludeClassOrigin,
                PropertyList=PropertyList,
            ),
            (FilterQueryLanguage, FilterQuery, ContinueOnError),
            OperationTimeout,
            MaxObjectCount,
        )

    def IterReferenceInstancePaths(
        self,
        InstanceName: CIMInstanceName,
        ResultClass: Optional[ClassNameArg] = None,
        Role: Optional[str] = None,
        FilterQueryLanguage: Optional[str] = None,
        FilterQuery: Optional[str] = None,
        OperationTimeout: Optional[int] = None,
        ContinueOnError: Optional[bool] = None,
        MaxObjectCount: int = DEFAULT_ITER_MAXOBJECTCOUNT,
    ) -> Paths:
        """
        Iterate over the paths of the association instances that reference an
        instance, with OpenReferenceInstancePaths and PullInstancePaths, or
        with ReferenceNames.

        Parameters:
            InstanceName (CIMInstanceName): Path of the source instance.  Without a
                namespace, the default namespace of the connection is used.  Its host is
                ignored.
            ResultClass (str or CIMClassName): Return only associations of this class
                and its subclasses.
            Role (str): Return only associations in which the source has this role.
            FilterQueryLanguage (str): Language of ``FilterQuery``, for example
                ``DMTF:FQL``; only pull operations have it.
            FilterQuery (str): A query that the returned objects fulfil; only pull
                operations have it.
            OperationTimeout (int): Seconds for which the server keeps the enumeration
                open between two operations; 0 for ever.  It is ignored without pull
                operations.
            ContinueOnError (bool): Continue the enumeration after an error; only pull
                operations have it.
            MaxObjectCount (int): How many objects are fetched with one operation.  Must
                be greater than 0.

        Returns:
            generator of CIMInstanceName: The paths, as the server gave them.

        Exceptions are raised when the generator is asked for its first object.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.AsyncWBEMConnection`.
            ValueError: ``MaxObjectCount`` is not greater than 0, or an argument was
                passed that only pull operations have, and they are not used.
            TypeError, ValueError: An argument is wrong.
        """
        return self._iterate(
            "OpenReferenceInstancePaths",
            lambda size: self.OpenReferenceInstancePaths(
                InstanceName,
                ResultClass=ResultClass,
                Role=Role,
                FilterQueryLanguage=FilterQueryLanguage,
                FilterQuery=FilterQuery,
                OperationTimeout=OperationTimeout,
                ContinueOnError=ContinueOnError,
                MaxObjectCount=size,
            ),
            self.PullInstancePaths,
            "ReferenceNames",
            lambda on: on.ReferenceNames(InstanceName, ResultClass=ResultClass, Role=Role),
            (FilterQueryLanguage, FilterQuery, ContinueOnError),
            OperationTimeout,
            MaxObjectCount,
        )

    def IterAssociatorInstances(
        self,
        InstanceName: CIMInstanceName,
        AssocClass: Optional[ClassNameArg] = None,
        ResultClass: Optional[ClassNameArg] = None,
        Role: Optional[str] = None,
        ResultRole: Optional[str] = None,
        IncludeQualifiers: Optional[bool] = None,
        IncludeClassOrigin: Optional[bool] = None,
        PropertyList: PropertyListArg = None,
        FilterQueryLanguage: Optional[str] = None,
        FilterQuery: Optional[str] = None,
        OperationTimeout: Optional[int] = None,
        ContinueOnError: Optional[bool] = None,
        MaxObjectCount: int = DEFAULT_ITER_MAXOBJECTCOUNT,
    ) -> Instances:
        """
        Iterate over the instances that are associated with an instance, with
        OpenAssociatorInstances and PullInstancesWithPath, or with Associators.

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
            IncludeQualifiers (bool): Include qualifiers.  Deprecated by DSP0200; pull
                operations do not have it and ignore it.
            IncludeClassOrigin (bool): Include the class origin of properties.
            PropertyList (str, or list or tuple of str): Include only these properties.
                An empty list means none, None means all.
            FilterQueryLanguage (str): Language of ``FilterQuery``, for example
                ``DMTF:FQL``; only pull operations have it.
            FilterQuery (str): A query that the returned objects fulfil; only pull
                operations have it.
            OperationTimeout (int): Seconds for which the server keeps the enumeration
                open between two operations; 0 for ever.  It is ignored without pull
                operations.
            ContinueOnError (bool): Continue the enumeration after an error; only pull
                operations have it.
            MaxObjectCount (int): How many objects are fetched with one operation.  Must
                be greater than 0.

        Returns:
            generator of CIMInstance: The instances; their paths are those that the
            server gave.

        Exceptions are raised when the generator is asked for its first object.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.AsyncWBEMConnection`.
            ValueError: ``MaxObjectCount`` is not greater than 0, or an argument was
                passed that only pull operations have, and they are not used.
            TypeError, ValueError: An argument is wrong.
        """
        return self._iterate(
            "OpenAssociatorInstances",
            lambda size: self.OpenAssociatorInstances(
                InstanceName,
                AssocClass=AssocClass,
                ResultClass=ResultClass,
                Role=Role,
                ResultRole=ResultRole,
                IncludeClassOrigin=IncludeClassOrigin,
                PropertyList=PropertyList,
                FilterQueryLanguage=FilterQueryLanguage,
                FilterQuery=FilterQuery,
                OperationTimeout=OperationTimeout,
                ContinueOnError=ContinueOnError,
                MaxObjectCount=size,
            ),
            self.PullInstancesWithPath,
            "Associators",
            lambda on: on.Associators(
                InstanceName,
                AssocClass=AssocClass,
                ResultClass=ResultClass,
                Role=Role,
                ResultRole=ResultRole,
                IncludeQualifiers=IncludeQualifiers,
                IncludeClassOrigin=IncludeClassOrigin,
                PropertyList=PropertyList,
            ),
            (FilterQueryLanguage, FilterQuery, ContinueOnError),
            OperationTimeout,
            MaxObjectCount,
        )

    def IterAssociatorInstancePaths(
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
        MaxObjectCount: int = DEFAULT_ITER_MAXOBJECTCOUNT,
    ) -> Paths:
        """
        Iterate over the paths of the instances that are associated with an
        instance, with OpenAssociatorInstancePaths and PullInstancePaths, or
        with AssociatorNames.

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
                ``DMTF:FQL``; only pull operations have it.
            FilterQuery (str): A query that the returned objects fulfil; only pull
                operations have it.
            OperationTimeout (int): Seconds for which the server keeps the enumeration
                open between two operations; 0 for ever.  It is ignored without pull
                operations.
            ContinueOnError (bool): Continue the enumeration after an error; only pull
                operations have it.
            MaxObjectCount (int): How many objects are fetched with one operation.  Must
                be greater than 0.

        Returns:
            generator of CIMInstanceName: The paths, as the server gave them.

        Exceptions are raised when the generator is asked for its first object.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.AsyncWBEMConnection`.
            ValueError: ``MaxObjectCount`` is not greater than 0, or an argument was
                passed that only pull operations have, and they are not used.
            TypeError, ValueError: An argument is wrong.
        """
        return self._iterate(
            "OpenAssociatorInstancePaths",
            lambda size: self.OpenAssociatorInstancePaths(
                InstanceName,
                AssocClass=AssocClass,
                ResultClass=ResultClass,
                Role=Role,
                ResultRole=ResultRole,
                FilterQueryLanguage=FilterQueryLanguage,
                FilterQuery=FilterQuery,
                OperationTimeout=OperationTimeout,
                ContinueOnError=ContinueOnError,
                MaxObjectCount=size,
            ),
            self.PullInstancePaths,
            "AssociatorNames",
            lambda on: on.AssociatorNames(
                InstanceName,
                AssocClass=AssocClass,
                ResultClass=ResultClass,
                Role=Role,
                ResultRole=ResultRole,
            ),
            (FilterQueryLanguage, FilterQuery, ContinueOnError),
            OperationTimeout,
            MaxObjectCount,
        )

    async def IterQueryInstances(
        self,
        FilterQueryLanguage: str,
        FilterQuery: str,
        namespace: Optional[str] = None,
        ReturnQueryResultClass: Optional[bool] = None,
        OperationTimeout: Optional[int] = None,
        ContinueOnError: Optional[bool] = None,
        MaxObjectCount: int = DEFAULT_ITER_MAXOBJECTCOUNT,
    ) -> AsyncIterQueryInstancesReturn:
        """
        Execute a query, with OpenQueryInstances and PullInstances, or with
        ExecQuery.

        Parameters:
            FilterQueryLanguage (str): The query language, for example ``DMTF:CQL``.
            FilterQuery (str): The query.
            namespace (str): The namespace.  None means the default namespace of the
                connection.
            ReturnQueryResultClass (bool): Ask for the class that describes the
                instances; ExecQuery does not have it.
            OperationTimeout (int): Seconds for which the server keeps the enumeration
                open between two operations; 0 for ever.  It is ignored without pull
                operations.
            ContinueOnError (bool): Continue the enumeration after an error; only pull
                operations have it.
            MaxObjectCount (int): How many objects are fetched with one operation.  Must
                be greater than 0.

        Returns:
            :class:`~pywbem.AsyncIterQueryInstancesReturn`: Its ``generator`` yields the
            instances.  The query is sent by this method, more instances are fetched by
            the generator.

        Exceptions are raised by this method, or by the generator.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.AsyncWBEMConnection`.
            ValueError: ``MaxObjectCount`` is not greater than 0, or an argument was
                passed that only pull operations have, and they are not used.
            TypeError, ValueError: An argument is wrong.
        """
        size = page_size(MaxObjectCount)
        check_limits(OperationTimeout, size)
        opened = await self._open(
            "OpenQueryInstances",
            lambda: self.OpenQueryInstances(
                FilterQueryLanguage,
                FilterQuery,
                namespace=namespace,
                ReturnQueryResultClass=ReturnQueryResultClass,
                OperationTimeout=OperationTimeout,
                ContinueOnError=ContinueOnError,
                MaxObjectCount=size,
            ),
        )
        if opened is not None:
            pages = self._pages(opened, self.PullInstances, size)
            return AsyncIterQueryInstancesReturn(pages, opened.query_result_class)
        only_pulled("ExecQuery", "ReturnQueryResultClass", ReturnQueryResultClass)
        only_pulled("ExecQuery", "ContinueOnError", ContinueOnError)
        result = AsyncIterQueryInstancesReturn(
            self._at_once(
                "ExecQuery",
                lambda on: on.ExecQuery(FilterQueryLanguage, FilterQuery, namespace=namespace),
            )
        )
        # The query is sent now, and what the server says against it is said now.
        await result._fetch(0)
        return result
