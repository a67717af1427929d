"""
The provider that creates, modifies and deletes instances.
"""

from __future__ import annotations

from typing import Any, Iterator, List, Optional, Union

from pywbem._cim_constants import CIM_ERR_NOT_FOUND
from pywbem._cim_obj import CIMClass, CIMInstance, CIMInstanceName, CIMProperty
from pywbem._exceptions import CIMError

from ..store import resolver
from ..store.class_view import class_view
from ..store.copying import copy_path, copy_property, deep_copy
from ..store.errors import (
    instance_exists,
    invalid_parameter,
    no_creation_class,
    no_instance,
    null_reference,
)
from ..store.memory import InMemoryRepository
from .base import BaseProvider, locked

__all__ = ["InstanceWriteProvider"]


class InstanceWriteProvider(BaseProvider):
    """
    The default provider for creating, modifying and deleting instances, and
    the base class of user-defined ones.

    A user-defined provider has the attribute ``provider_classnames`` (str or
    list of str) and overrides some of the methods :meth:`CreateInstance`,
    :meth:`ModifyInstance` and :meth:`DeleteInstance` with the same parameters.
    It may call those of this class.  The parameters that it gets have been
    checked and are copies that it may change.
    """

    #: Type of the provider.
    provider_type = "instance-write"

    def __init__(self, cimrepository: Optional[InMemoryRepository] = None) -> None:
        """
        Parameters:
            cimrepository (InMemoryRepository): The CIM repository.
        """
        super().__init__(cimrepository)  # type: ignore[arg-type]

    def post_register_setup(self, conn: Any) -> None:
        """
        Called when the provider has been registered; for user-defined
        providers to override.

        Parameters:
            conn (FakedWBEMConnection): The connection; operations may be called
                on it.
        """

    # -- Operations -----------------------------------------------------------

    @locked
    def CreateInstance(self, namespace: str, new_instance: CIMInstance) -> CIMInstanceName:
        """
        Create an instance (DSP0200 5.4.2.6).

        An association instance that refers to instances in other namespaces is
        created in these as well.

        Before this is called, it has been checked that the namespace and the
        class exist and that the class has the properties, with these types.

        Parameters:
            namespace (str): The namespace, without leading and trailing slashes.
            new_instance (CIMInstance): The instance, without a path.

        Returns:
            CIMInstanceName: The path of the instance, made of its key
            properties.

        Raises:
            CIMError: CIM_ERR_ALREADY_EXISTS: There is an instance with the path.
                CIM_ERR_INVALID_PARAMETER: A key property is missing or NULL, or an
                instance to which a property refers does not exist.
                CIM_ERR_INVALID_NAMESPACE, CIM_ERR_INVALID_CLASS: The namespace or
                class is gone since that was checked, or another namespace to
                which it refers does not have the class.
        """
        cls = self._creation_class(namespace, new_instance.classname)
        others: List[str] = []
        if resolver.is_association(cls):
            for prop in _references(new_instance):
                self._localize(prop, namespace)
                self.validate_reference_property_endpoint_exists(prop)
            others = self.find_multins_association_ref_namespaces(new_instance, namespace)
        if others:
            return self.create_multi_namespace_instance(new_instance, namespace, others)
        self.create_new_instance_path(cls, new_instance, namespace)
        path: Any = new_instance.path
        if type(self) is InstanceWriteProvider:
            # The instance is the copy that was made for this call.
            self._add(new_instance, adopt=True)
        else:
            self.add_new_instance(new_instance)
        return copy_path(path)

    def _creation_class(self, namespace: str, classname: str) -> CIMClass:
        """
        The class of a new instance, which may be gone since that was checked.
        """
        self.validate_namespace(namespace)
        cls = self._cimrepository.get_class_store(namespace).find(classname)
        if cls is None:
            raise no_creation_class(classname, namespace, "new instance")
        return cls

    @locked
    def ModifyInstance(
        self, modified_instance: CIMInstance, IncludeQualifiers: Optional[bool] = None
    ) -> None:
        """
        Modify an instance (DSP0200 5.4.2.8).

        Before this is called, it has been checked that the instance exists,
        that its class has the properties, with these types, and that no key
        property is changed.

        Parameters:
            modified_instance (CIMInstance): The new values of exactly the
                properties that are to be modified; its path is that of the
                instance.
            IncludeQualifiers (bool): Ignored.

        Raises:
            ValueError: It has no path with a namespace.
            CIMError: CIM_ERR_INVALID_PARAMETER: An instance to which a property
                refers does not exist.  CIM_ERR_NOT_FOUND: The instance is gone
                since that was checked.
        """
        path = modified_instance.path
        if path is None or path.namespace is None:
            raise ValueError("The modified instance must have a path with a namespace")
        for prop in _references(modified_instance):
            self._localize(prop, path.namespace)
            self.validate_reference_property_endpoint_exists(prop)
        store = self._cimrepository.get_instance_store(path.namespace)
        original = store.find(path)
        if original is None:
            # It was there when the request was checked.
            raise no_instance(path)
        others = self.find_multins_association_ref_namespaces(original, path.namespace)
        if others:
            self.modify_multi_namespace_instance(modified_instance, [path.namespace, *others])
        else:
            self._modify(modified_instance, path)

    @locked
    def DeleteInstance(self, InstanceName: CIMInstanceName) -> None:
        """
        Delete an instance (DSP0200 5.4.2.4), and the copies of an association
        instance in other namespaces.

        Before this is called, it has been checked that the instance exists.

        Parameters:
            InstanceName (CIMInstanceName): Path of the instance, with its
                namespace.

        Raises:
            CIMError: CIM_ERR_NOT_FOUND: The instance is gone since that was checked.
        """
        namespace: Any = InstanceName.namespace
        store = self._cimrepository.get_instance_store(namespace)
        instance = store.find(InstanceName)
        if instance is None:
            # It was there when the request was checked.
            raise no_instance(InstanceName)
        store.delete(InstanceName)
        for other in self.find_multins_association_ref_namespaces(instance, namespace):
            path = copy_path(InstanceName, other)
            if self.validate_instance_exists(path):
                self._cimrepository.get_instance_store(other).delete(path)

    # -- For the use of providers ---------------------------------------------

    @locked
    def add_new_instance(self, new_instance: CIMInstance) -> None:
        """
        Add a copy of an instance to the repository.

        Parameters:
            new_instance (CIMInstance): The instance; its path must be set.

        Raises:
            ValueError: It has no path with a namespace.
            CIMError: CIM_ERR_ALREADY_EXISTS: There is an instance with the path.
        """
        self._add(new_instance, adopt=False)

    def _add(self, new_instance: CIMInstance, adopt: bool) -> None:
        path = new_instance.path
        if path is None or path.namespace is None:
            raise ValueError("The new instance must have a path with a namespace")
        store = self._cimrepository.get_instance_store(path.namespace)
        try:
            (store.adopt if adopt else store.create)(path, new_instance)
        except ValueError:
            raise instance_exists(path) from None

    @staticmethod
    def create_new_instance_path(
        creation_class: CIMClass, new_instance: CIMInstance, namespace: str
    ) -> None:
        """
        Set the path of a new instance, made of its key properties.

        Parameters:
            creation_class (CIMClass): The class, with inherited properties and
                qualifiers.
            new_instance (CIMInstance): The instance; its path is set.
            namespace (str): The namespace of the path.

        Raises:
            CIMError: CIM_ERR_INVALID_PARAMETER: A key property is missing or
                NULL.
        """
        try:
            new_instance.path = CIMInstanceName.from_instance(
                creation_class, new_instance, namespace=namespace, strict=True
            )
        except ValueError as exc:
            raise invalid_parameter(str(exc)) from None

    @staticmethod
    def is_association(klass: CIMClass) -> bool:
        """
        Return whether a class is an association.

        Parameters:
            klass (CIMClass): The class.
        """
        return resolver.is_association(klass)

    def get_required_class(self, instance: CIMInstance, namespace: str) -> CIMClass:
        """
        Return a copy of the class of an instance, with inherited properties
        and qualifiers.

        Parameters:
            instance (CIMInstance): The instance.
            namespace (str): The namespace.

        Raises:
            CIMError: CIM_ERR_INVALID_CLASS: The class does not exist in the
                namespace.
        """
        store = self._cimrepository.get_class_store(namespace)
        cls = store.find(instance.classname)
        if cls is None:
            raise no_creation_class(
                instance.classname, namespace, "new multi-namespace association instance"
            )
        return class_view(cls, False, True, True)

    def validate_instance_exists(self, path: Optional[CIMInstanceName]) -> bool:
        """
        Return whether an instance exists; True for None, that is NULL.

        Parameters:
            path (CIMInstanceName): Path of the instance, with its namespace.

        Raises:
            CIMError: CIM_ERR_INVALID_PARAMETER: The namespace does not exist.
        """
        if path is None:
            return True
        namespace = path.namespace
        if namespace is None or not self._cimrepository.has_namespace(namespace):
            raise invalid_parameter(f"Namespace {namespace!r} does not exist in the repository")
        return self._cimrepository.get_instance_store(namespace).object_exists(path)

    def validate_reference_property_endpoint_exists(self, prop: CIMProperty) -> None:
        """
        Check that a property refers to an instance, which exists.

        Parameters:
            prop (CIMProperty): A reference property.

        Raises:
            CIMError: CIM_ERR_INVALID_PARAMETER: It does not exist, or the
                property is NULL.
        """
        path = prop.value
        if path is None:
            raise null_reference(prop.name)
        if not isinstance(path, CIMInstanceName) or not self.validate_instance_exists(path):
            raise invalid_parameter(
                f"Reference property {prop.name!r} association end point {path!r} does not exist"
            )

    def find_multins_association_ref_namespaces(
        self, cim_object: Union[CIMInstance, CIMInstanceName], target_namespace: str
    ) -> List[str]:
        """
        Return the namespaces other than its own to which an association
        instance refers; none if it refers only to its own.

        Parameters:
            cim_object (CIMInstance or CIMInstanceName): The association
                instance, or the path of one in the repository.
            target_namespace (str): Its own namespace.
        """
        if isinstance(cim_object, CIMInstanceName):
            store = self._cimrepository.get_instance_store(target_namespace)
            cim_object = store.get(cim_object, copy=False)
        known = {target_namespace.casefold()}
        result = []
        for prop in _references(cim_object):
            namespace = getattr(prop.value, "namespace", None)
            if namespace is not None and namespace.casefold() not in known:
                known.add(namespace.casefold())
                result.append(namespace)
        return result

    @locked
    def create_multi_namespace_instance(
        self, new_instance: CIMInstance, orig_ns: str, assoc_namespaces: List[str]
    ) -> CIMInstanceName:
        """
        Create an association instance in several namespaces: in all of them or
        in none.

        Parameters:
            new_instance (CIMInstance): The instance.
            orig_ns (str): The namespace of the request.
            assoc_namespaces (list of str): The namespaces to which the instance
                refers.

        Returns:
            CIMInstanceName: Path of the instance in the namespace of the request.

        Raises:
            CIMError: CIM_ERR_INVALID_CLASS: The class does not exist in one of
                the namespaces.  CIM_ERR_ALREADY_EXISTS: The instance exists in one
                of them.  CIM_ERR_INVALID_PARAMETER: A key property is missing.
        """
        paths: List[Any] = []
        for namespace in _unique([orig_ns, *assoc_namespaces]):
            cls = self.get_required_class(new_instance, namespace)
            self.create_new_instance_path(cls, new_instance, namespace)
            path: Any = new_instance.path
            if self.validate_instance_exists(path):
                raise instance_exists(path)
            paths.append(path)
        for path in reversed(paths):
            new_instance.path = path
            self.add_new_instance(new_instance)
        return copy_path(paths[0])

    @locked
    def modify_multi_namespace_instance(
        self, modified_instance: CIMInstance, assoc_namespaces: List[str]
    ) -> None:
        """
        Modify an association instance in several namespaces: in all of them or
        in none.

        Parameters:
            modified_instance (CIMInstance): The new values of the properties
                that are to be modified, and the path.
            assoc_namespaces (list of str): The namespaces.

        Raises:
            CIMError: CIM_ERR_NOT_FOUND: The instance does not exist in one of
                the namespaces.
        """
        paths = []
        for namespace in _unique(assoc_namespaces):
            path = copy_path(modified_instance.path, namespace)  # type: ignore[arg-type]
            if not self.validate_instance_exists(path):
                raise CIMError(
                    CIM_ERR_NOT_FOUND,
                    f"Instance {path!r} to be modified does not exist in namespace {namespace!r}",
                )
            paths.append(path)
        for path in paths:
            self._modify(modified_instance, path)

    def _modify(self, modified_instance: CIMInstance, path: CIMInstanceName) -> None:
        store = self._cimrepository.get_instance_store(path.namespace)  # type: ignore[arg-type]
        instance = deep_copy(store.get(path, copy=False))
        for name, prop in modified_instance.properties.items():
            instance.properties[name] = copy_property(prop)
        store.replace(path, instance)

    @staticmethod
    def _localize(prop: CIMProperty, namespace: str) -> None:
        """
        Give a reference without a namespace that of its instance.
        """
        path = prop.value
        if isinstance(path, CIMInstanceName) and path.namespace is None:
            prop._value = copy_path(path, namespace)


def _references(instance: CIMInstance) -> Iterator[CIMProperty]:
    for prop in (instance._properties or {}).values():
        if prop.type == "reference":
            yield prop


def _unique(namespaces: List[str]) -> List[str]:
    return list({namespace.casefold(): namespace for namespace in reversed(namespaces)}.values())[
        ::-1
    ]
