"""
Operations that read instances (DSP0200 5.4.2.2, 5.4.2.11, 5.4.2.12).
"""

from __future__ import annotations

from typing import FrozenSet, Iterable, List, Optional

from pywbem._cim_constants import CIM_ERR_INVALID_CLASS, CIM_ERR_NOT_FOUND
from pywbem._cim_obj import CIMInstance, CIMInstanceName
from pywbem._exceptions import CIMError

from ..store.class_view import wanted_names
from ..store.copying import copy_all, copy_path
from ..store.indexes import Entry
from .base import ProviderBase


class InstanceOperations(ProviderBase):
    """
    The operations that read instances.
    """

    def _instances_of(self, namespace: str, classname: str) -> List[Entry]:
        """
        The instances of a class that must exist, and of its subclasses.
        """
        cls = self._required_class(namespace, classname)
        keys = self._classes(namespace).index.keys_with_subclasses(cls.classname)
        store = self._cimrepository.get_instance_store(namespace)
        entries: List[Entry] = store.index.of_classes(keys)
        return entries

    def _enumerated_names(
        self,
        namespace: str,
        classname: str,
        deep: Optional[bool],
        property_list: Optional[Iterable[str]],
    ) -> Optional[FrozenSet[str]]:
        """
        The names of the properties that enumerated instances have.
        """
        names = wanted_names(property_list)
        if deep is not False:
            return names
        properties = self._required_class(namespace, classname)._properties
        known = frozenset(map(str.casefold, properties or ()))
        return known if names is None else names & known

    def EnumerateInstances(
        self,
        namespace: str,
        ClassName: str,
        LocalOnly: Optional[bool] = None,
        DeepInheritance: Optional[bool] = None,
        IncludeQualifiers: Optional[bool] = None,
        IncludeClassOrigin: Optional[bool] = None,
        PropertyList: Optional[Iterable[str]] = None,
    ) -> List[CIMInstance]:
        """
        Return the instances of a class and of its subclasses.

        Parameters:
            namespace (str): The namespace.
            ClassName (str): The class, in any lexical case.
            LocalOnly (bool): Ignored, as DSP0200 allows; properties that the class inherits are
                included.
            DeepInheritance (bool): Include the properties that subclasses add.  None means
                True.
            IncludeQualifiers (bool): Ignored, unless the configuration variables say otherwise.
            IncludeClassOrigin (bool): Ignored, unless the configuration variables say
                otherwise.
            PropertyList (list of str): Names of the properties to include.  None means all.

        Raises:
            CIMError: CIM_ERR_INVALID_NAMESPACE, CIM_ERR_INVALID_CLASS.
        """
        entries = self._instances_of(namespace, ClassName)
        names = self._enumerated_names(namespace, ClassName, DeepInheritance, PropertyList)
        view = self._viewer(names, IncludeQualifiers, IncludeClassOrigin)
        return copy_all(entries, lambda entry: view(entry.obj))

    def EnumerateInstanceNames(self, namespace: str, ClassName: str) -> List[CIMInstanceName]:
        """
        Return the paths of the instances of a class and of its subclasses.

        Parameters:
            namespace (str): The namespace.
            ClassName (str): The class, in any lexical case.

        Raises:
            CIMError: CIM_ERR_INVALID_NAMESPACE, CIM_ERR_INVALID_CLASS.
        """
        entries = self._instances_of(namespace, ClassName)
        return copy_all(entries, lambda entry: copy_path(entry.name))

    def GetInstance(
        self,
        InstanceName: CIMInstanceName,
        LocalOnly: Optional[bool] = None,
        IncludeQualifiers: Optional[bool] = None,
        IncludeClassOrigin: Optional[bool] = None,
        PropertyList: Optional[Iterable[str]] = None,
        shares: bool = False,
    ) -> CIMInstance:
        """
        Return an instance.

        Parameters:
            InstanceName (CIMInstanceName): Its path, with its namespace.
            LocalOnly (bool): Ignored, as DSP0200 allows; properties that the class inherits are
                included.
            IncludeQualifiers (bool): Ignored, unless the configuration variables say otherwise.
            IncludeClassOrigin (bool): Ignored, unless the configuration variables say
                otherwise.
            PropertyList (list of str): Names of the properties to include.  None means all.
            shares (bool): Whether it may have the properties of the repository: it is for one who
                only reads it.

        Raises:
            CIMError: CIM_ERR_INVALID_NAMESPACE, CIM_ERR_INVALID_CLASS,
                CIM_ERR_NOT_FOUND.
        """
        instance = self._instance_at(InstanceName)
        names = wanted_names(PropertyList)
        return self._viewer(names, IncludeQualifiers, IncludeClassOrigin, shares)(instance)

    def _instance_at(self, path: CIMInstanceName) -> CIMInstance:
        """
        The instance of a path that has a namespace, as the repository has it.
        """
        namespace: str = path.namespace  # type: ignore[assignment]
        instance = self._instances(namespace).find(path)
        if instance is None:
            if not self.class_exists(namespace, path.classname):
                raise CIMError(
                    CIM_ERR_INVALID_CLASS,
                    f"Class {path.classname!r} for GetInstance of instance {path!r} does not "
                    "exist.",
                )
            raise CIMError(
                CIM_ERR_NOT_FOUND,
                f"Instance not found in CIM repository namespace {namespace!r}. Path={path!r}",
            )
        return instance
