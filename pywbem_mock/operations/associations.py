"""
Association operations (DSP0200 5.4.2.14 to 5.4.2.17).

A *link* is an association instance as seen from one of the instances to which
it refers.  The index of the instance store finds the links of an instance, that
of the class store the association classes of a class.
"""

from __future__ import annotations

from typing import Callable, Dict, Iterable, Iterator, List, NamedTuple, Optional, Tuple, Union

from pywbem._cim_obj import CIMClass, CIMClassName, CIMInstance, CIMInstanceName, CIMProperty
from pywbem._exceptions import CIMError

from ..store.class_view import wanted_names
from ..store.copying import copy_path
from ..store.errors import invalid_parameter, not_in
from ..store.indexes import Entry, PathKey, path_key
from ..store.memory import InMemoryRepository
from ..store.objects import InMemoryObjectStore
from ..store.resolver import is_association
from .base import ClassFilter, ProviderBase

ObjectName = Union[CIMInstanceName, str]
ClassResult = Tuple[CIMClassName, CIMClass]


class Filters(NamedTuple):
    """
    The filters of an association operation; None filters nothing.
    """

    assoc_class: Optional[str] = None
    result_class: Optional[str] = None
    role: Optional[str] = None
    result_role: Optional[str] = None

    @classmethod
    def of(cls, *given: Optional[str]) -> Filters:
        """
        The filters that a request has; empty ones are none.
        """
        return cls(*(name or None for name in given))


class EndFilter:
    """
    Tells whether classes are a class or below it, in a namespace or in those of
    the objects at the other ends: an association may cross namespaces, whose
    classes differ.

    Parameters:
        repository (InMemoryRepository): The repository.
        namespace (str): The namespace.
        name (str): Name of the parameter of the operation.
        classname (str): Name of the class.  None means that every class is.
    """

    def __init__(
        self, repository: InMemoryRepository, namespace: str, name: str, classname: Optional[str]
    ) -> None:
        self._repository = repository
        self._namespace = namespace
        self._name = name
        self._classname = classname
        # By namespace; None where the class does not exist.
        self._filters: Dict[str, Optional[ClassFilter]] = {}

    def __call__(self, classname: str, ends: Iterable[CIMProperty]) -> bool:
        """
        Whether a class is; the ends are reference properties.
        """
        return self._classname is None or any(
            found is not None and found(classname) for found in self._of(ends)
        )

    def check(self, ends: Iterable[CIMProperty]) -> None:
        """
        Check that the class exists in one of the namespaces.

        Raises:
            CIMError: CIM_ERR_INVALID_PARAMETER: It does not.
        """
        if self._classname is not None and not any(self._of(ends)):
            raise _class_not_found(self._classname, self._name, self._namespace)

    def _of(self, ends: Iterable[CIMProperty]) -> Iterator[Optional[ClassFilter]]:
        """
        The filters of the namespace and of those of the ends.
        """
        yield self._filter(self._namespace)
        for prop in ends:
            namespace = getattr(prop.value, "namespace", None)
            if namespace is not None:
                yield self._filter(namespace)

    def _filter(self, namespace: str) -> Optional[ClassFilter]:
        key = namespace.casefold()
        if key not in self._filters:
            self._filters[key] = None
            if self._repository.has_namespace(namespace):
                store = self._repository.get_class_store(namespace)
                if store.object_exists(self._classname):  # type: ignore[arg-type]
                    self._filters[key] = ClassFilter(store, self._classname)
        return self._filters[key]


def _class_not_found(classname: str, name: str, namespace: str) -> CIMError:
    return invalid_parameter(
        f"Class {classname!r} {name} parameter not found in namespace {namespace!r}."
    )


def _has_role(prop: CIMProperty, role: Optional[str]) -> bool:
    return role is None or prop.name.casefold() == role.casefold()


def _references(properties: Iterable[CIMProperty]) -> List[CIMProperty]:
    return [prop for prop in properties if prop._type == "reference"]


class AssociationOperations(ProviderBase):
    """
    The association operations.
    """

    # Whether classes that are found are without what they inherit; None means that they are.
    _local_results: Optional[bool] = None

    def _class_filter(
        self, store: InMemoryObjectStore[CIMClass], namespace: str, name: str, value: Optional[str]
    ) -> ClassFilter:
        """
        The filter for a class that must exist if it is given.
        """
        if value is not None and not store.object_exists(value):
            raise _class_not_found(value, name, namespace)
        return ClassFilter(store, value)

    # -- Of instances ---------------------------------------------------------

    def _end_filter(
        self, path: CIMInstanceName, namespace: str, name: str, value: Optional[str]
    ) -> EndFilter:
        """
        The filter for a class that must exist if it is given, here or at the
        other end of an association of an instance.
        """
        result = EndFilter(self._cimrepository, namespace, name, value)
        store = self._cimrepository.get_instance_store(namespace)
        result.check(
            prop
            for entry in store.index.referring_to(path_key(path, namespace.casefold()))
            for prop in _references(entry.obj._properties.values())
        )
        return result

    def _links(
        self, path: CIMInstanceName, namespace: str, assoc_class: EndFilter, role: Optional[str]
    ) -> Iterator[Tuple[Entry, List[CIMProperty], PathKey]]:
        """
        The association instances that refer to an instance in a role: each
        with its references and the key of the instance.
        """
        source = path_key(path, namespace.casefold())
        store = self._cimrepository.get_instance_store(namespace)
        for entry in store.index.referring_to(source):
            references = _references(entry.obj._properties.values())
            if assoc_class(entry.name.classname, references) and (
                role is None
                or any(_has_role(prop, role) and _refers_to(prop, source) for prop in references)
            ):
                yield entry, references, source

    def _checked_source(self, path: CIMInstanceName, namespace: str) -> None:
        if not self._classes(namespace).object_exists(path.classname):
            raise invalid_parameter(not_in(path.classname, namespace))

    def _reference_entries(
        self, namespace: str, path: CIMInstanceName, filters: Filters
    ) -> List[Entry]:
        """
        The association instances that refer to an instance.
        """
        self._checked_source(path, namespace)
        result_class = self._end_filter(path, namespace, "ResultClass", filters.result_class)
        return [entry for entry, _, _ in self._links(path, namespace, result_class, filters.role)]

    def _associated_paths(
        self, namespace: str, path: CIMInstanceName, filters: Filters
    ) -> List[CIMInstanceName]:
        """
        The paths of the other instances that are associated with an instance,
        as the association instances have them.
        """
        self._checked_source(path, namespace)
        result_class = self._end_filter(path, namespace, "ResultClass", filters.result_class)
        assoc_class = self._end_filter(path, namespace, "AssocClass", filters.assoc_class)
        found: Dict[PathKey, CIMInstanceName] = {}
        for _, references, source in self._links(path, namespace, assoc_class, filters.role):
            for prop in references:
                target = prop.value
                if (
                    isinstance(target, CIMInstanceName)
                    and _has_role(prop, filters.result_role)
                    and not _refers_to(prop, source)
                    and result_class(target.classname, [prop])
                ):
                    if target.namespace is None:
                        target = copy_path(target, namespace)
                    found.setdefault(path_key(target), target)
        return list(found.values())

    def _with_host(self, path: CIMInstanceName) -> CIMInstanceName:
        copy = copy_path(path)
        # A reference may name another host.
        if copy._host is None:
            copy._host = self.host
        return copy

    def _existing(self, paths: Iterable[CIMInstanceName]) -> Iterator[CIMInstance]:
        """
        The instances of paths, as far as they exist.
        """
        for path in paths:
            namespace = path.namespace
            if namespace is not None and self._cimrepository.has_namespace(namespace):
                instance = self._cimrepository.get_instance_store(namespace).find(path)
                if instance is not None:
                    yield instance

    def _reference_viewer(
        self,
        property_list: Optional[Iterable[str]],
        include_qualifiers: Optional[bool],
        include_classorigin: Optional[bool],
    ) -> Callable[[Entry], CIMInstance]:
        view = self._viewer(wanted_names(property_list), include_qualifiers, include_classorigin)

        def with_host(entry: Entry) -> CIMInstance:
            instance = view(entry.obj)
            instance._path._host = self.host  # type: ignore[union-attr]
            return instance

        return with_host

    # -- Of classes -----------------------------------------------------------

    def _class_links(
        self, namespace: str, classname: str, assoc_class: ClassFilter, role: Optional[str]
    ) -> Iterator[Tuple[CIMClass, List[CIMProperty]]]:
        """
        The association classes that refer to a class in a role, each with its
        references.
        """
        store = self._classes(namespace)
        lineage = []
        name: Optional[str] = classname
        while name is not None:
            lineage.append(name.casefold())
            name = store.get(name, copy=False).superclass
        for cls in store.index.referring_to(lineage):
            if is_association(cls) and assoc_class(cls.classname):
                references = _references(cls.properties.values())
                if any(
                    _has_role(prop, role) and (prop.reference_class or "").casefold() in lineage
                    for prop in references
                ):
                    yield cls, references

    def _checked_class(self, namespace: str, classname: str) -> InMemoryObjectStore[CIMClass]:
        store = self._classes(namespace)
        self._class_filter(store, namespace, "TargetClass", classname)
        return store

    def _reference_classes(
        self, namespace: str, classname: str, filters: Filters
    ) -> List[CIMClass]:
        store = self._checked_class(namespace, classname)
        result_class = self._class_filter(store, namespace, "ResultClass", filters.result_class)
        links = self._class_links(namespace, classname, result_class, filters.role)
        return [cls for cls, _ in links]

    def _associated_classes(
        self, namespace: str, classname: str, filters: Filters
    ) -> List[CIMClass]:
        store = self._checked_class(namespace, classname)
        result_class = self._class_filter(store, namespace, "ResultClass", filters.result_class)
        assoc_class = self._class_filter(store, namespace, "AssocClass", filters.assoc_class)
        found: Dict[str, CIMClass] = {}
        source = classname.casefold()
        for _, references in self._class_links(namespace, classname, assoc_class, filters.role):
            ends = [(prop, (prop.reference_class or "").casefold()) for prop in references]
            # The end of the class itself leads to it only if there is another one.
            itself = sum(end == source for _, end in ends) > 1
            for prop, end in ends:
                cls = store.find(end)
                if (
                    cls is not None
                    and (itself or end != source)
                    and _has_role(prop, filters.result_role)
                    and result_class(cls.classname)
                ):
                    found[end] = cls
        return list(found.values())

    def _class_name(self, namespace: str, cls: CIMClass) -> CIMClassName:
        return CIMClassName(cls.classname, host=self.host, namespace=namespace)

    def _class_results(
        self,
        namespace: str,
        classes: List[CIMClass],
        include_qualifiers: Optional[bool],
        include_classorigin: Optional[bool],
        property_list: Optional[Iterable[str]],
    ) -> List[ClassResult]:
        result = []
        for cls in classes:
            view = self._class_view(
                cls, self._local_results, include_qualifiers, include_classorigin, property_list
            )
            view.path = self._class_name(namespace, cls)
            result.append((self._class_name(namespace, cls), view))
        return result

    # -- The operations -------------------------------------------------------

    def ReferenceNames(
        self,
        namespace: str,
        ObjectName: ObjectName,
        ResultClass: Optional[str] = None,
        Role: Optional[str] = None,
    ) -> Union[List[CIMInstanceName], List[CIMClassName]]:
        """
        Return the paths of the association instances that refer to an
        instance, or of the association classes that refer to a class.

        Parameters:
            namespace (str): The namespace.
            ObjectName (CIMInstanceName or str): The instance or class.
            ResultClass (str): Only associations of this class and below.
            Role (str): Only associations that refer to it in this role.

        Raises:
            CIMError: CIM_ERR_INVALID_NAMESPACE; CIM_ERR_INVALID_PARAMETER: A
                class does not exist.
        """
        filters = Filters.of(None, ResultClass, Role)
        if isinstance(ObjectName, CIMInstanceName):
            entries = self._reference_entries(namespace, ObjectName, filters)
            return [self._with_host(entry.name) for entry in entries]
        classes = self._reference_classes(namespace, ObjectName, filters)
        return [self._class_name(namespace, cls) for cls in classes]

    def References(
        self,
        namespace: str,
        ObjectName: ObjectName,
        ResultClass: Optional[str] = None,
        Role: Optional[str] = None,
        IncludeQualifiers: Optional[bool] = None,
        IncludeClassOrigin: Optional[bool] = None,
        PropertyList: Optional[Iterable[str]] = None,
    ) -> Union[List[CIMInstance], List[ClassResult]]:
        """
        Return the association instances that refer to an instance, or the
        association classes that refer to a class.

        Parameters:
            namespace (str): The namespace.
            ObjectName (CIMInstanceName or str): The instance or class.
            ResultClass (str): Only associations of this class and below.
            Role (str): Only associations that refer to it in this role.
            IncludeQualifiers (bool): Include qualifiers; for instances ignored, unless the
                configuration variables say otherwise.
            IncludeClassOrigin (bool): Include class origins; for instances ignored, unless the
                configuration variables say otherwise.
            PropertyList (list of str): Names of the properties to include.  None means all.

        Returns:
            list: Instances, or tuples (class path, class).

        Raises:
            CIMError: CIM_ERR_INVALID_NAMESPACE; CIM_ERR_INVALID_PARAMETER: A class does not
                exist.
        """
        filters = Filters.of(None, ResultClass, Role)
        if isinstance(ObjectName, CIMInstanceName):
            entries = self._reference_entries(namespace, ObjectName, filters)
            view = self._reference_viewer(PropertyList, IncludeQualifiers, IncludeClassOrigin)
            return [view(entry) for entry in entries]
        classes = self._reference_classes(namespace, ObjectName, filters)
        return self._class_results(
            namespace, classes, IncludeQualifiers, IncludeClassOrigin, PropertyList
        )

    def AssociatorNames(
        self,
        namespace: str,
        ObjectName: ObjectName,
        AssocClass: Optional[str] = None,
        ResultClass: Optional[str] = None,
        Role: Optional[str] = None,
        ResultRole: Optional[str] = None,
    ) -> Union[List[CIMInstanceName], List[CIMClassName]]:
        """
        Return the paths of the instances that are associated with an instance,
        or of the classes that are associated with a class.

        Parameters:
            namespace (str): The namespace.
            ObjectName (CIMInstanceName or str): The instance or class.
            AssocClass (str): Only through associations of this class and below.
            ResultClass (str): Only results of this class and below.
            Role (str): Only through associations that refer to it in this role.
            ResultRole (str): Only through associations that refer to the result
                in this role.

        Raises:
            CIMError: CIM_ERR_INVALID_NAMESPACE; CIM_ERR_INVALID_PARAMETER: A
                class does not exist.
        """
        filters = Filters.of(AssocClass, ResultClass, Role, ResultRole)
        if isinstance(ObjectName, CIMInstanceName):
            paths = self._associated_paths(namespace, ObjectName, filters)
            return [self._with_host(path) for path in paths]
        classes = self._associated_classes(namespace, ObjectName, filters)
        return [self._class_name(namespace, cls) for cls in classes]

    def Associators(
        self,
        namespace: str,
        ObjectName: ObjectName,
        AssocClass: Optional[str] = None,
        ResultClass: Optional[str] = None,
        Role: Optional[str] = None,
        ResultRole: Optional[str] = None,
        IncludeQualifiers: Optional[bool] = None,
        IncludeClassOrigin: Optional[bool] = None,
        PropertyList: Optional[Iterable[str]] = None,
    ) -> Union[List[CIMInstance], List[ClassResult]]:
        """
        Return the instances that are associated with an instance, or the
        classes that are associated with a class.

        Parameters:
            namespace (str): The namespace.
            ObjectName (CIMInstanceName or str): The instance or class.
            AssocClass (str): Only through associations of this class and below.
            ResultClass (str): Only results of this class and below.
            Role (str): Only through associations that refer to it in this role.
            ResultRole (str): Only through associations that refer to the result in this role.
            IncludeQualifiers (bool): Include qualifiers; for instances ignored, unless the
                configuration variables say otherwise.
            IncludeClassOrigin (bool): Include class origins; for instances ignored, unless the
                configuration variables say otherwise.
            PropertyList (list of str): Names of the properties to include.  None means all.

        Returns:
            list: Instances, or tuples (class path, class).

        Raises:
            CIMError: CIM_ERR_INVALID_NAMESPACE; CIM_ERR_INVALID_PARAMETER: A class does not
                exist.
        """
        filters = Filters.of(AssocClass, ResultClass, Role, ResultRole)
        if isinstance(ObjectName, CIMInstanceName):
            paths = self._associated_paths(namespace, ObjectName, filters)
            view = self._viewer(wanted_names(PropertyList), IncludeQualifiers, IncludeClassOrigin)
            return [view(instance) for instance in self._existing(paths)]
        classes = self._associated_classes(namespace, ObjectName, filters)
        return self._class_results(
            namespace, classes, IncludeQualifiers, IncludeClassOrigin, PropertyList
        )


def _refers_to(prop: CIMProperty, source: PathKey) -> bool:
    value = prop.value
    return isinstance(value, CIMInstanceName) and path_key(value, source[0]) == source
