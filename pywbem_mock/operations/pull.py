"""
Pulled enumerations (DSP0200 5.4.2.24).
"""

from __future__ import annotations

from typing import Any, Callable, Iterable, List, NamedTuple, Optional, Tuple

from pywbem._cim_constants import (
    CIM_ERR_INVALID_OPERATION_TIMEOUT,
    CIM_ERR_NOT_SUPPORTED,
    CIM_ERR_QUERY_LANGUAGE_NOT_SUPPORTED,
)
from pywbem._cim_obj import CIMInstance, CIMInstanceName
from pywbem._cim_types import Uint64
from pywbem._exceptions import CIMError
from pywbem._protocol.results import (
    pull_inst_result_tuple,
    pull_path_result_tuple,
)

from .. import config
from ..store.class_view import wanted_names
from ..store.copying import copy_path
from ..store.errors import invalid_parameter
from .associations import AssociationOperations, Filters
from .base import ClassFilter
from .enumerations import Enumerations, Part
from .instances import InstanceOperations

_WITH_PATH = "PullInstancesWithPath"
_PATHS = "PullInstancePaths"


class Opening(NamedTuple):
    """
    The parameters that all Open... operations have.
    """

    filter_language: Optional[str]
    filter_query: Optional[str]
    timeout: Optional[int]
    continue_on_error: Optional[bool]
    max_count: Optional[int]


class PullOperations(InstanceOperations, AssociationOperations):
    """
    The operations that open, continue and close enumerations.
    """

    #: Enumerations: The open enumerations.
    enumerations: Enumerations
    _disable_pull_operations: bool

    # -- Opening --------------------------------------------------------------

    def check_pull_enabled(self) -> None:
        """
        Check that pull operations are supported.

        Raises:
            CIMError: CIM_ERR_NOT_SUPPORTED: They are not.
        """
        if self._disable_pull_operations:
            raise CIMError(
                CIM_ERR_NOT_SUPPORTED,
                "Pull Operations not supported. disable_pull_operations=True",
            )

    def _timeout(self, timeout: Optional[int]) -> float:
        if not timeout and self.enumerations.timeout is not None:
            return self.enumerations.timeout
        if timeout is None:
            return config.OPEN_MAX_TIMEOUT
        if timeout > config.OPEN_MAX_TIMEOUT:
            raise CIMError(
                CIM_ERR_INVALID_OPERATION_TIMEOUT,
                f"The OperationTimeout of {timeout} s is greater than the maximum of "
                f"{config.OPEN_MAX_TIMEOUT} s",
            )
        return timeout

    def _check_opening(self, namespace: str, opening: Opening) -> None:
        self.check_pull_enabled()
        self.validate_namespace(namespace)
        self._timeout(opening.timeout)
        if opening.filter_language is None:
            if opening.filter_query is not None:
                raise invalid_parameter("FilterQuery without FilterQueryLanguage is invalid")
            return
        from .. import query as queries

        if opening.filter_language not in queries.FILTER_LANGUAGES:
            raise CIMError(
                CIM_ERR_QUERY_LANGUAGE_NOT_SUPPORTED,
                f"FilterQueryLanguage {opening.filter_language!r} not supported",
            )

    def _filter(
        self,
        namespace: str,
        opening: Opening,
        objects: Iterable[Any],
        instance_of: Callable[[Any], Optional[CIMInstance]],
    ) -> List[Any]:
        """
        The objects whose instance fulfils the filter query.
        """
        if opening.filter_query is None:
            return list(objects)
        from .. import query as queries

        query = queries.parse(opening.filter_language, opening.filter_query)  # type: ignore[arg-type]
        is_subclass = self._subclass_test(namespace)
        found = []
        for obj in objects:
            instance = instance_of(obj)
            if instance is not None and query.holds(instance, is_subclass):
                found.append(obj)
        return found

    def _subclass_test(self, namespace: str) -> Callable[[str, str], bool]:
        """
        Tells whether a class is below another.
        """
        classes = self._classes(namespace)
        filters: Any = {}

        def is_subclass(classname: str, superclass: str) -> bool:
            key = superclass.casefold()
            if key not in filters:
                filters[key] = ClassFilter(classes, superclass)
            result: bool = filters[key](classname)
            return result

        return is_subclass

    def _open(
        self,
        pull: str,
        namespace: str,
        objects: List[Any],
        view: Callable[[Any], Any],
        opening: Opening,
    ) -> Part:
        count = opening.max_count
        if count is None:
            count = self._default_count()
        timeout = self._timeout(opening.timeout)
        return self.enumerations.open(pull, namespace, objects, view, timeout, count)

    def _default_count(self) -> int:
        """
        How many objects an Open... operation returns that does not say it.
        """
        return config.DEFAULT_MAX_OBJECT_COUNT

    def _check_source(self, namespace: str, path: CIMInstanceName, filters: Filters) -> None:
        """
        Check the source instance of an Open... operation on associations.
        """

    def _instance_of_path(self, path: CIMInstanceName) -> Optional[CIMInstance]:
        return next(self._existing([path]), None)

    def OpenEnumerateInstances(
        self,
        namespace: str,
        ClassName: str,
        DeepInheritance: Optional[bool] = None,
        IncludeClassOrigin: Optional[bool] = None,
        PropertyList: Optional[Iterable[str]] = None,
        FilterQueryLanguage: Optional[str] = None,
        FilterQuery: Optional[str] = None,
        OperationTimeout: Optional[int] = None,
        ContinueOnError: Optional[bool] = None,
        MaxObjectCount: Optional[int] = None,
    ) -> pull_inst_result_tuple:
        """
        Open an enumeration of the instances of a class and of its subclasses.

        Parameters:
            namespace (str): The namespace.
            ClassName (str): The class, in any lexical case.
            DeepInheritance (bool): Include the properties that subclasses add.  None means
                True.
            IncludeClassOrigin (bool): Ignored, unless the configuration variables say
                otherwise.
            PropertyList (list of str): Names of the properties to include.  None means all.
            FilterQueryLanguage (str): Language of the filter, ``DMTF:FQL``.
            FilterQuery (str): A query that the instances fulfil (DSP0212).
            OperationTimeout (int): Seconds for which the enumeration stays open between two
                operations; 0 for ever.
            ContinueOnError (bool): Ignored.
            MaxObjectCount (int): Maximum number of objects to return.  None means that of the
                configuration.

        Returns:
            pull_inst_result_tuple: The instances, whether these are the last, and the context.

        Raises:
            CIMError: CIM_ERR_INVALID_NAMESPACE, CIM_ERR_INVALID_CLASS; CIM_ERR_NOT_SUPPORTED:
                Pull operations are disabled; CIM_ERR_INVALID_OPERATION_TIMEOUT,
                CIM_ERR_INVALID_QUERY, CIM_ERR_QUERY_LANGUAGE_NOT_SUPPORTED.
        """
        opening = Opening(
            FilterQueryLanguage, FilterQuery, OperationTimeout, ContinueOnError, MaxObjectCount
        )
        self._check_opening(namespace, opening)
        found = [entry.obj for entry in self._instances_of(namespace, ClassName)]
        names = self._enumerated_names(namespace, ClassName, DeepInheritance, PropertyList)
        part = self._open(
            _WITH_PATH,
            namespace,
            self._filter(namespace, opening, found, _same),
            self._viewer(names, None, IncludeClassOrigin),
            opening,
        )
        return pulled_instances(part, namespace)

    def OpenEnumerateInstancePaths(
        self,
        namespace: str,
        ClassName: str,
        FilterQueryLanguage: Optional[str] = None,
        FilterQuery: Optional[str] = None,
        OperationTimeout: Optional[int] = None,
        ContinueOnError: Optional[bool] = None,
        MaxObjectCount: Optional[int] = None,
    ) -> pull_path_result_tuple:
        """
        Open an enumeration of the paths of the instances of a class and of its
        subclasses.

        Parameters:
            namespace (str): The namespace.
            ClassName (str): The class, in any lexical case.
            FilterQueryLanguage (str): Language of the filter, ``DMTF:FQL``.
            FilterQuery (str): A query that the instances fulfil (DSP0212).
            OperationTimeout (int): Seconds for which the enumeration stays open between two
                operations; 0 for ever.
            ContinueOnError (bool): Ignored.
            MaxObjectCount (int): Maximum number of objects to return.  None means that of the
                configuration.

        Returns:
            pull_path_result_tuple: The paths, whether these are the last, and the context.

        Raises:
            CIMError: CIM_ERR_INVALID_NAMESPACE, CIM_ERR_INVALID_CLASS; CIM_ERR_NOT_SUPPORTED:
                Pull operations are disabled; CIM_ERR_INVALID_OPERATION_TIMEOUT,
                CIM_ERR_INVALID_QUERY, CIM_ERR_QUERY_LANGUAGE_NOT_SUPPORTED.
        """
        opening = Opening(
            FilterQueryLanguage, FilterQuery, OperationTimeout, ContinueOnError, MaxObjectCount
        )
        self._check_opening(namespace, opening)
        entries = self._instances_of(namespace, ClassName)
        found = self._filter(namespace, opening, entries, lambda entry: entry.obj)
        part = self._open(_PATHS, namespace, [entry.name for entry in found], copy_path, opening)
        return _paths(part, namespace)

    def OpenReferenceInstances(
        self,
        namespace: str,
        InstanceName: CIMInstanceName,
        ResultClass: Optional[str] = None,
        Role: Optional[str] = None,
        IncludeClassOrigin: Optional[bool] = None,
        PropertyList: Optional[Iterable[str]] = None,
        FilterQueryLanguage: Optional[str] = None,
        FilterQuery: Optional[str] = None,
        OperationTimeout: Optional[int] = None,
        ContinueOnError: Optional[bool] = None,
        MaxObjectCount: Optional[int] = None,
    ) -> pull_inst_result_tuple:
        """
        Open an enumeration of the association instances that refer to an
        instance.

        Parameters:
            namespace (str): The namespace.
            InstanceName (CIMInstanceName): Path of the source instance.
            ResultClass (str): Only associations of this class and below.
            Role (str): Only associations that refer to it in this role.
            IncludeClassOrigin (bool): Ignored, unless the configuration variables say
                otherwise.
            PropertyList (list of str): Names of the properties to include.  None means all.
            FilterQueryLanguage (str): Language of the filter, ``DMTF:FQL``.
            FilterQuery (str): A query that the instances fulfil (DSP0212).
            OperationTimeout (int): Seconds for which the enumeration stays open between two
                operations; 0 for ever.
            ContinueOnError (bool): Ignored.
            MaxObjectCount (int): Maximum number of objects to return.  None means that of the
                configuration.

        Returns:
            pull_inst_result_tuple: The instances, whether these are the last, and the context.

        Raises:
            CIMError: CIM_ERR_INVALID_NAMESPACE; CIM_ERR_INVALID_PARAMETER: A class does not
                exist; CIM_ERR_NOT_SUPPORTED: Pull operations are disabled;
                CIM_ERR_INVALID_OPERATION_TIMEOUT, CIM_ERR_INVALID_QUERY,
                CIM_ERR_QUERY_LANGUAGE_NOT_SUPPORTED.
        """
        opening = Opening(
            FilterQueryLanguage, FilterQuery, OperationTimeout, ContinueOnError, MaxObjectCount
        )
        self._check_opening(namespace, opening)
        filters = Filters.of(None, ResultClass, Role)
        self._check_source(namespace, InstanceName, filters)
        entries = self._reference_entries(namespace, InstanceName, filters)
        part = self._open(
            _WITH_PATH,
            namespace,
            self._filter(namespace, opening, entries, lambda entry: entry.obj),
            self._reference_viewer(PropertyList, None, IncludeClassOrigin),
            opening,
        )
        return pulled_instances(part, namespace)

    def OpenReferenceInstancePaths(
        self,
        namespace: str,
        InstanceName: CIMInstanceName,
        ResultClass: Optional[str] = None,
        Role: Optional[str] = None,
        FilterQueryLanguage: Optional[str] = None,
        FilterQuery: Optional[str] = None,
        OperationTimeout: Optional[int] = None,
        ContinueOnError: Optional[bool] = None,
        MaxObjectCount: Optional[int] = None,
    ) -> pull_path_result_tuple:
        """
        Open an enumeration of the paths of the association instances that
        refer to an instance.

        Parameters:
            namespace (str): The namespace.
            InstanceName (CIMInstanceName): Path of the source instance.
            ResultClass (str): Only associations of this class and below.
            Role (str): Only associations that refer to it in this role.
            FilterQueryLanguage (str): Language of the filter, ``DMTF:FQL``.
            FilterQuery (str): A query that the instances fulfil (DSP0212).
            OperationTimeout (int): Seconds for which the enumeration stays open between two
                operations; 0 for ever.
            ContinueOnError (bool): Ignored.
            MaxObjectCount (int): Maximum number of objects to return.  None means that of the
                configuration.

        Returns:
            pull_path_result_tuple: The paths, whether these are the last, and the context.

        Raises:
            CIMError: CIM_ERR_INVALID_NAMESPACE; CIM_ERR_INVALID_PARAMETER: A class does not
                exist; CIM_ERR_NOT_SUPPORTED: Pull operations are disabled;
                CIM_ERR_INVALID_OPERATION_TIMEOUT, CIM_ERR_INVALID_QUERY,
                CIM_ERR_QUERY_LANGUAGE_NOT_SUPPORTED.
        """
        opening = Opening(
            FilterQueryLanguage, FilterQuery, OperationTimeout, ContinueOnError, MaxObjectCount
        )
        self._check_opening(namespace, opening)
        filters = Filters.of(None, ResultClass, Role)
        self._check_source(namespace, InstanceName, filters)
        entries = self._reference_entries(namespace, InstanceName, filters)
        found = self._filter(namespace, opening, entries, lambda entry: entry.obj)
        paths = [entry.name for entry in found]
        return _paths(self._open(_PATHS, namespace, paths, self._with_host, opening), namespace)

    def OpenAssociatorInstances(
        self,
        namespace: str,
        InstanceName: CIMInstanceName,
        AssocClass: Optional[str] = None,
        ResultClass: Optional[str] = None,
        Role: Optional[str] = None,
        ResultRole: Optional[str] = None,
        IncludeClassOrigin: Optional[bool] = None,
        PropertyList: Optional[Iterable[str]] = None,
        FilterQueryLanguage: Optional[str] = None,
        FilterQuery: Optional[str] = None,
        OperationTimeout: Optional[int] = None,
        ContinueOnError: Optional[bool] = None,
        MaxObjectCount: Optional[int] = None,
    ) -> pull_inst_result_tuple:
        """
        Open an enumeration of the instances that are associated with an
        instance.

        Parameters:
            namespace (str): The namespace.
            InstanceName (CIMInstanceName): Path of the source instance.
            AssocClass (str): Only through associations of this class and below.
            ResultClass (str): Only results of this class and below.
            Role (str): Only through associations that refer to it in this role.
            ResultRole (str): Only through associations that refer to the result in this role.
            IncludeClassOrigin (bool): Ignored, unless the configuration variables say
                otherwise.
            PropertyList (list of str): Names of the properties to include.  None means all.
            FilterQueryLanguage (str): Language of the filter, ``DMTF:FQL``.
            FilterQuery (str): A query that the instances fulfil (DSP0212).
            OperationTimeout (int): Seconds for which the enumeration stays open between two
                operations; 0 for ever.
            ContinueOnError (bool): Ignored.
            MaxObjectCount (int): Maximum number of objects to return.  None means that of the
                configuration.

        Returns:
            pull_inst_result_tuple: The instances, whether these are the last, and the context.

        Raises:
            CIMError: CIM_ERR_INVALID_NAMESPACE; CIM_ERR_INVALID_PARAMETER: A class does not
                exist; CIM_ERR_NOT_SUPPORTED: Pull operations are disabled;
                CIM_ERR_INVALID_OPERATION_TIMEOUT, CIM_ERR_INVALID_QUERY,
                CIM_ERR_QUERY_LANGUAGE_NOT_SUPPORTED.
        """
        opening = Opening(
            FilterQueryLanguage, FilterQuery, OperationTimeout, ContinueOnError, MaxObjectCount
        )
        self._check_opening(namespace, opening)
        filters = Filters.of(AssocClass, ResultClass, Role, ResultRole)
        self._check_source(namespace, InstanceName, filters)
        paths = self._associated_paths(namespace, InstanceName, filters)
        names = wanted_names(PropertyList)
        part = self._open(
            _WITH_PATH,
            namespace,
            self._filter(namespace, opening, self._existing(paths), _same),
            self._viewer(names, None, IncludeClassOrigin),
            opening,
        )
        return pulled_instances(part, namespace)

    def OpenAssociatorInstancePaths(
        self,
        namespace: str,
        InstanceName: CIMInstanceName,
        AssocClass: Optional[str] = None,
        ResultClass: Optional[str] = None,
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
        with an instance.

        Parameters:
            namespace (str): The namespace.
            InstanceName (CIMInstanceName): Path of the source instance.
            AssocClass (str): Only through associations of this class and below.
            ResultClass (str): Only results of this class and below.
            Role (str): Only through associations that refer to it in this role.
            ResultRole (str): Only through associations that refer to the result in this role.
            FilterQueryLanguage (str): Language of the filter, ``DMTF:FQL``.
            FilterQuery (str): A query that the instances fulfil (DSP0212).
            OperationTimeout (int): Seconds for which the enumeration stays open between two
                operations; 0 for ever.
            ContinueOnError (bool): Ignored.
            MaxObjectCount (int): Maximum number of objects to return.  None means that of the
                configuration.

        Returns:
            pull_path_result_tuple: The paths, whether these are the last, and the context.

        Raises:
            CIMError: CIM_ERR_INVALID_NAMESPACE; CIM_ERR_INVALID_PARAMETER: A class does not
                exist; CIM_ERR_NOT_SUPPORTED: Pull operations are disabled;
                CIM_ERR_INVALID_OPERATION_TIMEOUT, CIM_ERR_INVALID_QUERY,
                CIM_ERR_QUERY_LANGUAGE_NOT_SUPPORTED.
        """
        opening = Opening(
            FilterQueryLanguage, FilterQuery, OperationTimeout, ContinueOnError, MaxObjectCount
        )
        self._check_opening(namespace, opening)
        filters = Filters.of(AssocClass, ResultClass, Role, ResultRole)
        self._check_source(namespace, InstanceName, filters)
        paths = self._associated_paths(namespace, InstanceName, filters)
        found = self._filter(namespace, opening, paths, self._instance_of_path)
        return _paths(self._open(_PATHS, namespace, found, self._with_host, opening), namespace)

    # -- Continuing and closing -----------------------------------------------

    def _pull(self, pull: str, context: str, count: int) -> Tuple[Part, str]:
        self.check_pull_enabled()
        namespace = self.enumerations.namespace(context)
        return self.enumerations.pull(pull, context, count), namespace

    def PullInstancesWithPath(
        self, EnumerationContext: str, MaxObjectCount: int
    ) -> pull_inst_result_tuple:
        """
        Return the next instances of an enumeration of instances with paths.

        Parameters:
            EnumerationContext (str): Context of the enumeration.
            MaxObjectCount (int): Maximum number of objects to return.

        Raises:
            CIMError: CIM_ERR_NOT_SUPPORTED, CIM_ERR_INVALID_ENUMERATION_CONTEXT.
        """
        return pulled_instances(*self._pull(_WITH_PATH, EnumerationContext, MaxObjectCount))

    def PullInstancePaths(
        self, EnumerationContext: str, MaxObjectCount: int
    ) -> pull_path_result_tuple:
        """
        Return the next paths of an enumeration of instance paths.

        Parameters:
            EnumerationContext (str): Context of the enumeration.
            MaxObjectCount (int): Maximum number of objects to return.

        Returns:
            pull_path_result_tuple: The paths, whether these are the last, and the context.

        Raises:
            CIMError: CIM_ERR_NOT_SUPPORTED, CIM_ERR_INVALID_ENUMERATION_CONTEXT.
        """
        return _paths(*self._pull(_PATHS, EnumerationContext, MaxObjectCount))

    def CloseEnumeration(self, EnumerationContext: str) -> None:
        """
        Close an enumeration.

        Parameters:
            EnumerationContext (str): Context of the enumeration.

        Raises:
            CIMError: CIM_ERR_NOT_SUPPORTED, CIM_ERR_INVALID_ENUMERATION_CONTEXT.
        """
        self.check_pull_enabled()
        self.enumerations.close(EnumerationContext)

    def EnumerationCount(self, EnumerationContext: str) -> Uint64:
        """
        Return the number of all objects of an open enumeration.

        Parameters:
            EnumerationContext (str): Context of the enumeration.

        Raises:
            CIMError: CIM_ERR_NOT_SUPPORTED, CIM_ERR_INVALID_ENUMERATION_CONTEXT.
        """
        self.check_pull_enabled()
        return Uint64(self.enumerations.count(EnumerationContext))


def _same(instance: CIMInstance) -> CIMInstance:
    return instance


def pulled_instances(part: Part, namespace: str) -> pull_inst_result_tuple:
    """
    The result of an operation that returns instances of an enumeration.

    Parameters:
        part (Part): The next objects.
        namespace (str): The namespace.
    """
    context = None if part.context is None else (part.context, namespace)
    return pull_inst_result_tuple(part.objects, part.end, context)


def _paths(part: Part, namespace: str) -> pull_path_result_tuple:
    context = None if part.context is None else (part.context, namespace)
    return pull_path_result_tuple(part.objects, part.end, context)
