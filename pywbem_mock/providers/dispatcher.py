"""
The dispatcher of the operations that user-defined providers can perform.

It checks a request against the repository and hands it to the provider that is
registered for the class, or else to the default provider.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from typing import Any, ContextManager, Iterable, List, Optional, Tuple, Union

from pywbem._cim_constants import (
    CIM_ERR_INVALID_CLASS,
    CIM_ERR_METHOD_NOT_FOUND,
    CIM_ERR_NOT_FOUND,
)
from pywbem._cim_obj import (
    CIMClass,
    CIMClassName,
    CIMInstance,
    CIMInstanceName,
    CIMMethod,
    CIMParameter,
    CIMProperty,
)
from pywbem._cim_obj.method import VOID
from pywbem._cim_types import cimtype
from pywbem._exceptions import CIMError
from pywbem._nocasedict import NocaseDict
from pywbem._warnings import ToleratedSchemaIssueWarning, warn_caller

from ..store.class_view import wanted_names
from ..store.copying import copy_instance, copy_parameter, copy_path, copy_property, deep_copy
from ..store.errors import invalid_parameter, null_reference
from ..store.indexes import path_key
from ..store.memory import InMemoryRepository
from ..store.resolver import find, is_true
from .base import BaseProvider, locked
from .instance_write import InstanceWriteProvider
from .method import MethodProvider
from .registry import ProviderRegistry, is_own

__all__ = ["ProviderDispatcher"]

Target = Union[CIMInstanceName, CIMClassName]

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
            raise CIMError(
                CIM_ERR_INVALID_CLASS,
                f"Creation class {classname!r} of {what} does not exist in namespace "
                f"{namespace!r} of the CIM repository.",
            )
        return cls

    def _instance(self, path: CIMInstanceName, what: str) -> CIMInstance:
        store = self._cimrepository.get_instance_store(path.namespace)  # type: ignore[arg-type]
        instance = store.find(path)
        if instance is None:
            raise CIMError(
                CIM_ERR_NOT_FOUND, f"{what} does not exist in the CIM repository: {path!r}"
            )
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
        for prop in NewInstance.properties.values():
            self._check_property(prop, cls, namespace)
        instance = deep_copy(NewInstance)
        instance.path = None
        _adjust_names(instance, cls)
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
        _check_references(modified)
        original = self._instance(path, "Instance to be modified")
        for prop in modified.properties.values():
            declared = self._check_property(prop, cls, path.namespace)
            if is_true(declared._qualifiers, "Key") and not _same_value(
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

    def _check_property(self, prop: CIMProperty, cls: CIMClass, namespace: str) -> CIMProperty:
        """
        Check a property of an instance against its class.

        Returns:
            CIMProperty: The declaration of the property.
        """
        found = cls.properties._data.get(prop.name.casefold())
        if found is None:
            raise invalid_parameter(
                f"Property {prop.name!r} in the instance does not exist in "
                f"{_creation_class(cls, namespace)}"
            )
        declared: CIMProperty = found[1]
        if prop._type != declared._type or prop._is_array != declared._is_array:
            raise _of_other_type(prop, declared, cls, namespace)
        self._check_embedded(prop, declared, cls, namespace)
        return declared

    def _check_embedded(
        self, prop: CIMProperty, declared: CIMProperty, cls: CIMClass, namespace: str
    ) -> None:
        """
        Check that a property may have embedded objects, and their classes.
        """
        values = prop._value if prop._is_array and prop._value else [prop._value]
        objects = [value for value in values if isinstance(value, (CIMInstance, CIMClass))]
        if not objects or is_true(declared._qualifiers, "EmbeddedObject"):
            return
        embedded = find(declared._qualifiers, "EmbeddedInstance")
        classname = None if embedded is None else embedded.value
        for value in objects:
            if classname is None:
                raise invalid_parameter(
                    f"Property {prop.name!r} in the instance is an embedded object of class "
                    f"{value.classname!r}, but the property declaration has neither "
                    f"EmbeddedInstance nor EmbeddedObject set in {_creation_class(cls, namespace)}"
                )
            if isinstance(value, CIMClass):
                raise invalid_parameter(
                    f"Property {prop.name!r} in the instance is an embedded class "
                    f"{value.classname!r}, but the property declaration does not have "
                    f"EmbeddedObject set in {_creation_class(cls, namespace)}"
                )
            if not self._is_a(namespace, value.classname, classname):
                raise invalid_parameter(
                    f"Property {prop.name!r} in the instance is an embedded instance of class "
                    f"{value.classname!r}, but should be of class {classname!r} according to "
                    f"{_creation_class(cls, namespace)}"
                )

    def _is_a(self, namespace: str, classname: str, superclass: str) -> bool:
        if classname.casefold() == superclass.casefold():
            return True
        try:
            return self.is_subclass(
                classname, superclass, self._cimrepository.get_class_store(namespace)
            )
        except KeyError:
            return False

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
                _check_parameter(param, method, cls, target)
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
        return result[0], _output_parameters(result[1])

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


def _of_other_type(
    prop: CIMProperty, declared: CIMProperty, cls: CIMClass, namespace: str
) -> CIMError:
    """
    The exception for a property of an instance that has not the type of its declaration.
    """
    name = "type" if prop._type != declared._type else "is_array"
    return invalid_parameter(
        f"Property {prop.name!r} in the instance has incorrect {name}={getattr(prop, name)!r}, "
        f"but should have {name}={getattr(declared, name)!r} according to "
        f"{_creation_class(cls, namespace)}"
    )


def _creation_class(cls: CIMClass, namespace: str) -> str:
    return f"its creation class {cls.classname!r} in namespace {namespace!r} of the CIM repository"


def changed_key(name: str, cls: CIMClass, namespace: str) -> CIMError:
    """
    The exception for a modified instance whose key is another one.

    Parameters:
        name (str): The key property.
        cls (CIMClass): The class of the instance.
        namespace (str): Its namespace.
    """
    return invalid_parameter(
        f"Property {name!r} in the instance is a key property and thus cannot be modified, "
        f"according to {_creation_class(cls, namespace)}"
    )


def _adjust_names(instance: CIMInstance, cls: CIMClass) -> None:
    """
    Give the properties of an instance the lexical case of their names in the
    class.
    """
    data = instance.properties._data
    declared = cls.properties._data
    for key, (name, prop) in data.items():
        known = declared[key][0]
        if name != known or prop._name != known:
            prop._name = known
            data[key] = (known, prop)


def reduced(
    modified: CIMInstance, cls: CIMClass, namespace: str, property_list: Optional[List[str]]
) -> CIMInstance:
    """
    A copy of a modified instance with exactly the properties to be modified
    (DSP0200 5.4.2.8).

    Parameters:
        modified (CIMInstance): The modified instance.
        cls (CIMClass): Its class.
        namespace (str): Its namespace.
        property_list (list of str): The names of the properties.  None means those that it has.

    Raises:
        CIMError: CIM_ERR_INVALID_PARAMETER: The class has no such property.
    """
    instance = copy_instance(modified, wanted_names(property_list))
    _adjust_names(instance, cls)
    for name in property_list or ():
        declared = cls.properties.get(name)
        if declared is None:
            raise invalid_parameter(
                f"Property {name!r} in PropertyList does not exist in creation class "
                f"{cls.classname!r} in namespace {namespace!r} of the CIM repository"
            )
        if name not in instance.properties and not is_true(declared._qualifiers, "Key"):
            instance.properties[declared.name] = default_property(declared)
    return instance


def default_property(declared: CIMProperty) -> CIMProperty:
    """
    A property of an instance with the default value of its class.

    Parameters:
        declared (CIMProperty): The property of the class.
    """
    prop = copy_property(declared, qualifiers=False, class_origin=False)
    prop.propagated = None
    return prop


def _check_references(instance: CIMInstance) -> None:
    """
    Check that no reference of an instance is NULL.
    """
    for prop in instance.properties.values():
        if prop.type == "reference" and prop.value is None:
            raise null_reference(prop.name)


def _same_value(value: Any, other: Any, namespace: str) -> bool:
    """
    Whether two values of a key are equal; a reference without a namespace is
    one into the given.
    """
    if isinstance(value, CIMInstanceName) and isinstance(other, CIMInstanceName):
        default = namespace.casefold()
        return path_key(value, default) == path_key(other, default)
    same: bool = value == other
    return same


def _check_parameter(param: CIMParameter, method: CIMMethod, cls: CIMClass, target: Target) -> None:
    where = (
        f"method {method.name!r} in class {cls.classname!r} in namespace "
        f"{target.namespace!r} of the CIM repository"
    )
    declared: Optional[CIMParameter] = method.parameters.get(param.name)
    if declared is None:
        raise invalid_parameter(
            f"The specified input parameter {param.name!r} is not defined in {where}"
        )
    if param.type is not None and param.type != declared.type:
        raise invalid_parameter(
            f"The specified input parameter {param.name!r} has incorrect type={param.type!r}, but "
            f"should have type={declared.type!r} according to {where}"
        )
    # NULL for an array need not say that it is one.
    given_as_array = param.value is not None or param.is_array
    if given_as_array and bool(param.is_array) != bool(declared.is_array):
        raise invalid_parameter(
            f"The specified input parameter {param.name!r} has incorrect "
            f"is_array={param.is_array!r}, but should have is_array={declared.is_array!r} "
            f"according to {where}"
        )
    if param.embedded_object is not None and not is_embedded(declared):
        raise invalid_parameter(
            f"The specified input parameter {param.name!r} has incorrect "
            f"embedded_object={param.embedded_object!r}, but should have embedded_object=None "
            f"according to {where}"
        )


def is_embedded(declared: Union[CIMParameter, CIMProperty]) -> bool:
    """
    Whether the values of a parameter or property are embedded objects; a
    compiled class says so only in its qualifiers.

    Parameters:
        declared (CIMParameter or CIMProperty): The declaration.
    """
    instance = find(declared._qualifiers, "EmbeddedInstance")
    return (
        declared.embedded_object is not None
        or (instance is not None and instance.value is not None)
        or is_true(declared._qualifiers, "EmbeddedObject")
    )


def _output_parameters(params: Any) -> NocaseDict:
    """
    The output parameters that a provider returned, as values by name.
    """
    result = NocaseDict()
    if isinstance(params, Mapping):
        for name, value in params.items():
            if isinstance(value, CIMParameter):
                value = value.value
            _check_value(name, value)
            result[name] = value
    elif isinstance(params, Sequence):
        for param in params:
            if not isinstance(param, CIMParameter):
                raise TypeError(
                    "The method InvokeMethod of the provider returned a sequence of output "
                    f"parameters with {param!r}; its items must be CIMParameter objects"
                )
            result[param.name] = param.value
    else:
        raise TypeError(
            f"The method InvokeMethod of the provider returned {params!r} as output parameters; "
            "they must be a sequence of CIMParameter objects or a mapping"
        )
    return result


def _check_value(name: str, value: Any) -> None:
    for item in value if isinstance(value, list) else [value]:
        if item is not None and not isinstance(item, (CIMInstance, CIMClass, CIMClassName)):
            try:
                cimtype(item)
            except (TypeError, ValueError):
                raise TypeError(
                    "The method InvokeMethod of the provider returned the output parameter "
                    f"{name!r} with the value {item!r}, which has no CIM data type"
                ) from None
