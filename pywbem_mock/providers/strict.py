"""
What a strict server has of its providers: what DSP0200 says where the released mock is lenient.
"""

from __future__ import annotations

from typing import Any, List, Optional, Tuple

from pywbem._cim_constants import (
    CIM_ERR_FAILED,
    CIM_ERR_METHOD_NOT_AVAILABLE,
    CIM_ERR_NO_SUCH_PROPERTY,
)
from pywbem._cim_obj import CIMClass, CIMInstance, CIMInstanceName, CIMProperty
from pywbem._exceptions import CIMError
from pywbem._nocasedict import NocaseDict

from ..store.copying import copy_path
from ..store.errors import null_reference
from ..store.indexes import path_key
from ..store.memory import InMemoryRepository
from ..store.resolver import is_true
from .checks import Target, changed_key, check_property, default_property, reduced
from .dispatcher import ProviderDispatcher
from .method import MethodProvider
from .registry import ProviderRegistry


class NoMethods(MethodProvider):
    """
    The provider of methods that a class declares and nobody provides.
    """

    def InvokeMethod(
        self, methodname: str, localobject: Target, params: NocaseDict
    ) -> Tuple[Any, Any]:
        """
        Refuse the method.

        Parameters:
            methodname (str): Its name.
            localobject (CIMInstanceName or CIMClassName): The target.
            params (NocaseDict): The input parameters.

        Raises:
            CIMError: CIM_ERR_METHOD_NOT_AVAILABLE.
        """
        raise CIMError(
            CIM_ERR_METHOD_NOT_AVAILABLE,
            f"There is no provider for the method {methodname!r} of class "
            f"{localobject.classname!r}",
        )


class StrictDispatcher(ProviderDispatcher):
    """
    The dispatcher of a strict server.
    """

    def __init__(
        self, cimrepository: InMemoryRepository, provider_registry: ProviderRegistry
    ) -> None:
        """
        Parameters:
            cimrepository (InMemoryRepository): The CIM repository.
            provider_registry (ProviderRegistry): The user-defined providers.
        """
        super().__init__(cimrepository, provider_registry)
        self._method_provider = NoMethods(cimrepository)

    def _created_abstract(self, cls: CIMClass, namespace: str) -> None:
        # DSP0200 5.4.2.6 has no status code of its own for that.
        raise CIMError(
            CIM_ERR_FAILED,
            f"The class {cls.classname!r} in namespace {namespace!r} is abstract; it cannot have "
            "instances",
        )

    def _complete(self, instance: CIMInstance, cls: CIMClass) -> None:
        for declared in cls.properties.values():
            if declared.value is not None and declared.name not in instance.properties:
                instance.properties[declared.name] = default_property(declared)

    def _modification(
        self, modified: CIMInstance, cls: CIMClass, property_list: Optional[List[str]]
    ) -> CIMInstance:
        """
        What becomes of a modified instance: CIM_ERR_INVALID_PARAMETER comes before
        CIM_ERR_NOT_FOUND, and that before CIM_ERR_NO_SUCH_PROPERTY (DSP0200 5.4.2.8).
        """
        path: Any = modified.path
        unknown = []
        classes = self._cimrepository.get_class_store(path.namespace)
        for prop in modified.properties.values():
            if prop.name not in cls.properties:
                unknown.append(prop.name)
                continue
            declared = check_property(prop, cls, path.namespace, classes)
            if is_true(declared._qualifiers, "Key") and not _has_key(path, prop):
                raise changed_key(prop.name, cls, path.namespace)
        original = self._instance(path, "Instance to be modified")
        unknown += [name for name in property_list or () if name not in cls.properties]
        if unknown:
            raise CIMError(
                CIM_ERR_NO_SUCH_PROPERTY,
                f"The class {cls.classname!r} in namespace {path.namespace!r} has no property "
                f"{unknown[0]!r}",
            )
        result = reduced(modified, cls, path.namespace, property_list)
        for prop in list(result.properties.values()):
            if prop.type == "reference" and prop.value is None:
                if original.get(prop.name) is not None:
                    raise null_reference(prop.name)
                # A client may write back what it has read.
                del result.properties[prop.name]
        return result

    def _class_of_target(self, namespace: str, classname: str) -> CIMClass:
        # A method is not found where its target is not.
        return self._target_class(namespace, classname)


def _has_key(path: CIMInstanceName, prop: CIMProperty) -> bool:
    """
    Whether the value of a key is the one in a path.
    """
    other = copy_path(path)
    other.keybindings._data[prop.name.casefold()] = (prop.name, prop.value)
    return path_key(other) == path_key(path)
