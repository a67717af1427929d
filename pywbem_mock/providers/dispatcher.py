"""
The dispatcher of the operations that user-defined providers can perform.

It checks a request against the repository and hands it to the provider that is
registered for the class, or else to the default provider.
"""

from __future__ import annotations

import contextlib
from typing import Any, ContextManager, Iterable, List, Optional, Tuple

from pywbem._cim_constants import CIM_ERR_METHOD_NOT_FOUND, CIM_ERR_NOT_FOUND
from pywbem._cim_obj import CIMClass, CIMClassName, CIMInstance, CIMInstanceName, CIMMethod
from pywbem._cim_obj.method import VOID
from pywbem._exceptions import CIMError
from pywbem._nocasedict import NocaseDict
from pywbem._warnings import ToleratedSchemaIssueWarning, warn_caller

from ..store.copying import copy_parameter, copy_path, deep_copy
from ..store.errors import invalid_parameter, no_creation_class, no_instance
from ..store.memory import InMemoryRepository
from ..store.resolver import is_true
from .base import BaseProvider, locked
from .checks import (
    Target,
    adjust_names,
    changed_key,
    check_parameter,
    check_property,
    check_references,
    output_parameters,
    reduced,
    same_value,
)
from .instance_write import InstanceWriteProvider
from .method import MethodProvider
from .registry import ProviderRegistry, is_own

__all__ = ["ProviderDispatcher"]

_AS_IT_IS: ContextManager[None] = contextlib.nullcontext()


class ProviderDispatcher(BaseProvider):
    """
    Hands the operations that create, modify and delete instances and that
    invoke methods to their providers.
    """

    def __init__(
        self, cimrepository: InMemoryRepository, provider_registry: ProviderRegistry
    ) -> None:
        """
        Parameters:
            cimrepository (InMemoryRepository): The CIM repository.
            provider_registry (ProviderRegistry): The user-defined providers.
        """
        super().__init__(cimrepository)
        #: ProviderRegistry: The user-defined providers.
        self.provider_registry = provider_registry
        self._instance_write_provider = InstanceWriteProvider(cimrepository)
        self._method_provider = MethodProvider(cimrepository)

    @property
    def default_instance_write_provider(self) -> InstanceWriteProvider:
        """
        :class:`InstanceWriteProvider`: The default provider for instances.
        """
        return self._instance_write_provider

    @property
    def default_method_provider(self) -> MethodProvider:
        """
        :class:`MethodProvider`: The default provider for methods.
        """
        return self._method_provider

    def _instance_provider(self, namespace: str, classname: str) -> InstanceWriteProvider:
        provider = self.provider_registry.get_registered_provider(
            namespace, "instance-write", classname
        )
        return provider or self._instance_write_provider

    def _freed_for(self, provider: BaseProvider) -> ContextManager[None]:
        """
        The context in which a method of a provider is called: without the lock, which the
        checks before it needed, unless it is one of this package, that keeps nobody waiting.
        """
        if is_own(provider):
            return _AS_IT_IS
        return self._cimrepository.lock.released()

    def _class(self, namespace: str, classname: str, what: str) -> CIMClass:
        """
        The class of an instance.
        """
        self.validate_namespace(namespace)
        cls = self._cimrepository.get_class_store(namespace).find(classname)
        if cls is None:
            raise no_creation_class(classname, namespace, what)
        return cls

    def _instance(self, path: CIMInstanceName, what: str) -> CIMInstance:
        store = self._cimrepository.get_instance_store(path.namespace)  # type: ignore[arg-type]
        instance = store.find(path)
        if instance is None:
            raise no_instance(path, what)
        return instance

    # -- Instances ------------------------------------------------------------

    @locked
    def CreateInstance(self, namespace: str, NewInstance: CIMInstance) -> CIMInstanceName:
        """
        Create an instance.

        Parameters:
            namespace (str): The namespace.
            NewInstance (CIMInstance): The instance; it is not changed, its path
                is ignored.

        Returns:
            CIMInstanceName: The path of the instance.

        Raises:
            TypeError: The provider returned no path.
            CIMError: The operation failed.
        """
        cls = self._class(namespace, NewInstance.classname, "new instance")
        if is_true(cls._qualifiers, "Abstract"):
            self._created_abstract(cls, namespace)
        classes = self._cimrepository.get_class_store(namespace)
        for prop in NewInstance.properties.values():
            check_property(prop, cls, namespace, classes)
        instance = deep_copy(NewInstance)
        instance.path = None
        adjust_names(instance, cls)
        self._complete(instance, cls)
        provider = self._instance_provider(namespace, cls.classname)
        with self._freed_for(provider):
            path = provider.CreateInstance(namespace, instance)
        if not isinstance(path, CIMInstanceName):
            raise TypeError(
                f"The method CreateInstance of the provider {type(provider).__name__} returned "
                f"{path!r}; it must return the path of the new instance as a CIMInstanceName"
            )
        return path

    def _created_abstract(self, cls: CIMClass, namespace: str) -> None:
        """
        What happens when an instance of an abstract class is created.
        """
        warn_caller(
            ToleratedSchemaIssueWarning,
            f"Tolerating instance creation of abstract class {cls.classname} in namespace "
            f"{namespace} which is forbidden by DMTF DSP0004.",
        )

    def _complete(self, instance: CIMInstance, cls: CIMClass) -> None:
        """
        Give a new instance what its client left to the server.
        """

    @locked
    def ModifyInstance(
        self,
        ModifiedInstance: CIMInstance,
        IncludeQualifiers: Optional[bool] = None,
        PropertyList: Optional[Iterable[str]] = None,
    ) -> None:
        """
        Modify an instance.

        Parameters:
            ModifiedInstance (CIMInstance): The new values, with the path of the
                instance; it is not changed.
            IncludeQualifiers (bool): Is passed on to the provider.
            PropertyList (list of str): Names of the properties to modify; those
                that ModifiedInstance does not have get the default value of the
                class.  None means those of ModifiedInstance.

        Raises:
            CIMError: The operation failed.
        """
        path = ModifiedInstance.path
        if path is None or path.namespace is None:
            raise ValueError("The modified instance must have a path with a namespace")
        namespace = path.namespace
        if ModifiedInstance.classname.casefold() != path.classname.casefold():
            raise invalid_parameter(
                "Modified instance has inconsistent class names: "
                f"{ModifiedInstance.classname!r} in the instance, and {path.classname!r} in the "
                "instance path."
            )
        cls = self._class(namespace, path.classname, "modified instance")
        if isinstance(PropertyList, str):
            PropertyList = [PropertyList]
        names = None if PropertyList is None else list(PropertyList)
        instance = self._modification(ModifiedInstance, cls, names)
        provider = self._instance_provider(namespace, cls.classname)
        with self._freed_for(provider):
            provider.ModifyInstance(instance, IncludeQualifiers)

    def _modification(
        self, modified: CIMInstance, cls: CIMClass, property_list: Optional[List[str]]
    ) -> CIMInstance:
        """
        What becomes of a modified instance that is checked against its class and what it is
        now: a copy with exactly the properties to be modified.
        """
        path: Any = modified.path
        # The NULL of a key is in the path, too, which no instance has then.
        check_references(modified)
        original = self._instance(path, "Instance to be modified")
        classes = self._cimrepository.get_class_store(path.namespace)
        for prop in modified.properties.values():
            declared = check_property(prop, cls, path.namespace, classes)
            if is_true(declared._qualifiers, "Key") and not same_value(
                prop.value, original.get(prop.name), path.namespace
            ):
                raise changed_key(prop.name, cls, path.namespace)
        return reduced(modified, cls, path.namespace, property_list)

    @locked
    def DeleteInstance(self, InstanceName: CIMInstanceName) -> None:
        """
        Delete an instance.

        Parameters:
            InstanceName (CIMInstanceName): The path of the instance, with its
                namespace; it is not changed.

        Raises:
            CIMError: The operation failed.
        """
        path = copy_path(InstanceName)
        path.host = None
        cls = self._class(path.namespace, path.classname, "instance to be deleted")  # type: ignore[arg-type]
        self._instance(path, "Instance to be deleted")
        provider = self._instance_provider(path.namespace, cls.classname)  # type: ignore[arg-type]
        with self._freed_for(provider):
            provider.DeleteInstance(path)

    # -- Methods --------------------------------------------------------------

    def InvokeMethod(
        self, methodname: str, localobject: Target, params: NocaseDict
    ) -> Tuple[Any, NocaseDict]:
        """
        Invoke a method.

        Parameters:
            methodname (str): Name of the method.
            localobject (CIMInstanceName or CIMClassName): The target, with its
                namespace; it is not changed.
            params (NocaseDict): The input parameters, :class:`CIMParameter` by
                name.

        Returns:
            tuple: (return value, output parameters), the latter as a
            :class:`NocaseDict` of values by name.

        Raises:
            TypeError, ValueError: The provider returned something else.
            CIMError: The operation failed.
        """
        target = deep_copy(localobject)
        target.host = None
        with self._cimrepository.lock:
            cls, method = self.find_method(methodname, target)
            for param in params.values():
                check_parameter(param, method, cls, target)
        provider = (
            self.provider_registry.get_registered_provider(
                target.namespace,  # type: ignore[arg-type]
                "method",
                cls.classname,
            )
            or self._method_provider
        )
        copies = NocaseDict([(name, copy_parameter(param)) for name, param in params.items()])
        with self._freed_for(provider):
            result = provider.InvokeMethod(methodname, target, copies)
        if not isinstance(result, (list, tuple)):
            raise TypeError(
                f"The method InvokeMethod of the provider {type(provider).__name__} returned "
                f"{result!r}; it must return a tuple (return value, output parameters)"
            )
        if len(result) != 2:
            raise ValueError(
                f"The method InvokeMethod of the provider {type(provider).__name__} returned "
                f"{len(result)} items; it must return a tuple (return value, output parameters)"
            )
        if method.return_type == VOID and result[0] is not None:
            raise ValueError(
                f"The method InvokeMethod of the provider {type(provider).__name__} returned "
                f"{result[0]!r} for {method.name!r}, which is void"
            )
        return result[0], output_parameters(result[1])

    def find_method(self, methodname: str, target: Target) -> Tuple[CIMClass, CIMMethod]:
        """
        Return the class of a target and the method that it has there.

        Parameters:
            methodname (str): Name of the method.
            target (CIMInstanceName or CIMClassName): The instance or class.

        Returns:
            tuple: The class, and its method.

        Raises:
            CIMError: The target or the method does not exist, or the method
                cannot be invoked on a class.
        """
        namespace: Any = target.namespace
        if isinstance(target, CIMInstanceName):
            cls = self._class_of_target(namespace, target.classname)
            self._instance(target, "Target instance")
        else:
            cls = self._target_class(namespace, target.classname)
        method: Optional[CIMMethod] = cls.methods.get(methodname)
        if method is None:
            raise CIMError(
                CIM_ERR_METHOD_NOT_FOUND,
                f"Method {methodname!r} is not exposed by class {cls.classname!r} in namespace "
                f"{namespace!r} of the CIM repository.",
            )
        if isinstance(target, CIMClassName) and not is_true(method._qualifiers, "Static"):
            raise invalid_parameter(
                f"Non-static method {methodname!r} in class {cls.classname!r} in namespace "
                f"{namespace!r} cannot be invoked on a class object."
            )
        return cls, method

    def _class_of_target(self, namespace: str, classname: str) -> CIMClass:
        """
        The class of an instance of which a method is invoked.
        """
        return self._class(namespace, classname, "target instance")

    def _target_class(self, namespace: str, classname: str) -> CIMClass:
        """
        A class of which a method is invoked.
        """
        self.validate_namespace(namespace)
        cls = self._cimrepository.get_class_store(namespace).find(classname)
        if cls is None:
            raise CIMError(
                CIM_ERR_NOT_FOUND,
                f"Target class {classname!r} does not exist in namespace {namespace!r} of the CIM "
                "repository.",
            )
        return cls
