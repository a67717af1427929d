"""
The repository of a mock server, as the MOF compiler sees it.
"""

from __future__ import annotations

from typing import Any, Callable, ContextManager, List, Optional

from pywbem._cim_obj import (
    CIMClass,
    CIMInstance,
    CIMInstanceName,
    CIMQualifierDeclaration,
)
from pywbem._mof_compiler import BaseRepositoryConnection

from ..operations import MainProvider
from ..providers.dispatcher import ProviderDispatcher
from ..providers.host import ProviderHost
from ..store.copying import copy_path
from ..store.memory import InMemoryRepository


def kept_object(
    repository: InMemoryRepository, kind: str, namespace: str, name: Any
) -> Callable[[], None]:
    """
    Return a function that puts an object back as it is now.

    No operation does that exactly: one that modifies an instance does not take a property away.

    Parameters:
        repository (InMemoryRepository): The repository.
        kind (str): ``class``, ``instance`` or ``qualifier``.
        namespace (str): The namespace of a class or a qualifier declaration.
        name (str or CIMInstanceName): The name; the path of an instance stands for those of the
            same keys in other namespaces, too, where associations across namespaces are.
    """
    kept = []
    if kind == "instance":
        for other in repository.namespaces:
            instances = repository.get_instance_store(other)
            path = copy_path(name, other)
            kept.append((instances, path, instances.find(path)))
    else:
        store: Any = (
            repository.get_class_store(namespace)
            if kind == "class"
            else repository.get_qualifier_store(namespace)
        )
        kept.append((store, name, store.find(name)))

    def put_back() -> None:
        for objects, key, before in kept:
            if before is not None and objects.find(key) is not before:
                objects.replace(key, before)

    return put_back


class MockMOFConnection(BaseRepositoryConnection):
    """
    Hands the operations of the MOF compiler to the providers of a connection.

    Nothing observes them, and they are not delayed.

    Parameters:
        conn (FakedWBEMConnection): The connection.
        mainprovider (MainProvider): Its provider of most operations.
        dispatcher (ProviderDispatcher): Its dispatcher of the others.
    """

    def __init__(
        self, conn: ProviderHost, mainprovider: MainProvider, dispatcher: ProviderDispatcher
    ) -> None:
        self._faked = conn
        self._main = mainprovider
        self._dispatcher = dispatcher
        self._default_namespace = conn.default_namespace

    @property
    def default_namespace(self) -> str:
        """
        str: The namespace for operations that specify none.  Can be set.
        """
        return self._default_namespace

    @default_namespace.setter
    def default_namespace(self, value: str) -> None:
        self._default_namespace = value

    def _namespace(self, namespace: Optional[str]) -> str:
        return (self._default_namespace if namespace is None else namespace).strip("/")

    def _localized(self, path: CIMInstanceName) -> CIMInstanceName:
        return copy_path(path, self._namespace(path.namespace))

    # -- Namespaces -----------------------------------------------------------

    def add_namespace(self, namespace: str) -> None:
        """Create a namespace that the MOF names."""
        self._faked.add_namespace(namespace)

    def remove_namespace(self, namespace: str) -> None:
        """Undo that."""
        self._faked.remove_namespace(namespace)

    def compiling(self) -> ContextManager[None]:
        """Return the context of a compilation: what it does is told when it has succeeded."""
        return self._faked.compiling()

    def keep_object(self, kind: str, namespace: str, name: Any) -> Callable[[], None]:
        """Return a function that puts an object back as it is now."""
        return kept_object(self._faked.cimrepository, kind, namespace, name)

    # -- Classes --------------------------------------------------------------

    def GetClass(self, ClassName: str, namespace: Optional[str] = None, **kwargs: Any) -> CIMClass:
        """Return a class."""
        return self._main.GetClass(self._namespace(namespace), ClassName, **kwargs)

    def CreateClass(self, NewClass: CIMClass, namespace: Optional[str] = None) -> None:
        """Create a class; what the compiler makes, it uses no more."""
        self._main._create_class(self._namespace(namespace), NewClass, True)

    def ModifyClass(self, ModifiedClass: CIMClass, namespace: Optional[str] = None) -> None:
        """Modify a class."""
        self._main.ModifyClass(self._namespace(namespace), ModifiedClass)

    def DeleteClass(self, ClassName: str, namespace: Optional[str] = None) -> None:
        """Delete a class."""
        self._main.DeleteClass(self._namespace(namespace), ClassName)

    # -- Qualifier declarations -----------------------------------------------

    def EnumerateQualifiers(self, namespace: Optional[str] = None) -> List[CIMQualifierDeclaration]:
        """Return the qualifier declarations of a namespace."""
        return self._main.EnumerateQualifiers(self._namespace(namespace))

    def GetQualifier(
        self, QualifierName: str, namespace: Optional[str] = None
    ) -> CIMQualifierDeclaration:
        """Return a qualifier declaration."""
        return self._main.GetQualifier(self._namespace(namespace), QualifierName)

    def SetQualifier(
        self, QualifierDeclaration: CIMQualifierDeclaration, namespace: Optional[str] = None
    ) -> None:
        """Create a qualifier declaration or replace it."""
        self._main.SetQualifier(self._namespace(namespace), QualifierDeclaration)

    def DeleteQualifier(self, QualifierName: str, namespace: Optional[str] = None) -> None:
        """Delete a qualifier declaration."""
        self._main.DeleteQualifier(self._namespace(namespace), QualifierName)

    # -- Instances ------------------------------------------------------------

    def EnumerateInstanceNames(
        self, ClassName: str, namespace: Optional[str] = None
    ) -> List[CIMInstanceName]:
        """Return the paths of the instances of a class."""
        return self._main.EnumerateInstanceNames(self._namespace(namespace), ClassName)

    def GetInstance(self, InstanceName: CIMInstanceName, **kwargs: Any) -> CIMInstance:
        """Return an instance."""
        return self._main.GetInstance(self._localized(InstanceName), **kwargs)

    def CreateInstance(
        self, NewInstance: CIMInstance, namespace: Optional[str] = None
    ) -> CIMInstanceName:
        """Create an instance and return its path."""
        if namespace is None and NewInstance.path is not None:
            namespace = NewInstance.path.namespace
        return self._dispatcher.CreateInstance(self._namespace(namespace), NewInstance)

    def ModifyInstance(
        self,
        ModifiedInstance: CIMInstance,
        IncludeQualifiers: Optional[bool] = None,
        PropertyList: Any = None,
    ) -> None:
        """Modify an instance."""
        path = ModifiedInstance.path
        if path is None:
            raise ValueError("The modified instance must have a path")
        modified = CIMInstance._trusted(
            ModifiedInstance._classname,
            ModifiedInstance._properties,
            ModifiedInstance._qualifiers,
            self._localized(path),
        )
        self._dispatcher.ModifyInstance(modified, IncludeQualifiers, PropertyList)

    def DeleteInstance(self, InstanceName: CIMInstanceName) -> None:
        """Delete an instance."""
        self._dispatcher.DeleteInstance(self._localized(InstanceName))
