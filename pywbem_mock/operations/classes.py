"""
Operations on classes (DSP0200 5.4.2.1, 5.4.2.3, 5.4.2.5, 5.4.2.7, 5.4.2.9,
5.4.2.10).
"""

from __future__ import annotations

from typing import Iterable, List, Optional, Type

from pywbem._cim_constants import (
    CIM_ERR_ALREADY_EXISTS,
    CIM_ERR_CLASS_HAS_CHILDREN,
    CIM_ERR_CLASS_HAS_INSTANCES,
    CIM_ERR_INVALID_CLASS,
    CIM_ERR_INVALID_SUPERCLASS,
    CIM_ERR_NOT_FOUND,
)
from pywbem._cim_obj import CIMClass
from pywbem._exceptions import CIMError

from ..store.copying import deep_copy
from ..store.errors import not_in
from ..store.resolver import Resolver
from .base import ProviderBase


class ClassOperations(ProviderBase):
    """
    The operations on classes.
    """

    #: What completes a class with what it inherits.
    _resolver_class: Type[Resolver] = Resolver

    def _subclasses(
        self, namespace: str, classname: Optional[str], deep: Optional[bool]
    ) -> List[CIMClass]:
        """
        The subclasses of a class that must exist, or of the top.
        """
        store = self._classes(namespace)
        if classname is not None and not store.object_exists(classname):
            raise CIMError(
                CIM_ERR_INVALID_CLASS,
                f"The class {classname!r} defined by 'ClassName' parameter does not exist in "
                f"namespace {namespace!r}",
            )
        if deep:
            found: List[CIMClass] = store.index.all_subclasses(classname)
            if classname is None and len(found) < store.len():
                # A snapshot of a server that could not give a class has its subclasses.
                known = set(map(id, found))
                found += [x for x in store.iter_values(copy=False) if id(x) not in known]
        else:
            found = store.index.subclasses(classname)
        return found

    def EnumerateClasses(
        self,
        namespace: str,
        ClassName: Optional[str] = None,
        DeepInheritance: Optional[bool] = None,
        LocalOnly: Optional[bool] = None,
        IncludeQualifiers: Optional[bool] = None,
        IncludeClassOrigin: Optional[bool] = None,
    ) -> List[CIMClass]:
        """
        Return the subclasses of a class, or the top-level classes.

        Parameters:
            namespace (str): The namespace.
            ClassName (str): The class.  None means the top.
            DeepInheritance (bool): Include subclasses at all levels.
            LocalOnly (bool): Leave out inherited properties and methods.  None
                means True.
            IncludeQualifiers (bool): Include qualifiers.  None means True.
            IncludeClassOrigin (bool): Include the class origin of properties and
                methods.

        Raises:
            CIMError: CIM_ERR_INVALID_NAMESPACE, CIM_ERR_INVALID_CLASS.
        """
        return [
            self._class_view(cls, LocalOnly, IncludeQualifiers, IncludeClassOrigin)
            for cls in self._subclasses(namespace, ClassName, DeepInheritance)
        ]

    def EnumerateClassNames(
        self,
        namespace: str,
        ClassName: Optional[str] = None,
        DeepInheritance: Optional[bool] = None,
    ) -> List[str]:
        """
        Return the names of the subclasses of a class, or of the top-level
        classes.

        Parameters:
            namespace (str): The namespace.
            ClassName (str): The class.  None means the top.
            DeepInheritance (bool): Include subclasses at all levels.

        Raises:
            CIMError: CIM_ERR_INVALID_NAMESPACE, CIM_ERR_INVALID_CLASS.
        """
        found = self._subclasses(namespace, ClassName, DeepInheritance)
        return [cls.classname for cls in found]

    def GetClass(
        self,
        namespace: str,
        ClassName: str,
        LocalOnly: Optional[bool] = None,
        IncludeQualifiers: Optional[bool] = None,
        IncludeClassOrigin: Optional[bool] = None,
        PropertyList: Optional[Iterable[str]] = None,
    ) -> CIMClass:
        """
        Return a class.

        Parameters:
            namespace (str): The namespace.
            ClassName (str): The class, in any lexical case.
            LocalOnly (bool): Leave out inherited properties and methods.  None
                means True.
            IncludeQualifiers (bool): Include qualifiers.  None means True.
            IncludeClassOrigin (bool): Include the class origin of properties and
                methods.
            PropertyList (list of str): Names of the properties to include.  None
                means all.

        Raises:
            CIMError: CIM_ERR_INVALID_NAMESPACE, CIM_ERR_NOT_FOUND.
        """
        cls = self._classes(namespace).find(ClassName)
        if cls is None:
            raise CIMError(CIM_ERR_NOT_FOUND, not_in(ClassName, namespace))
        return self._class_view(cls, LocalOnly, IncludeQualifiers, IncludeClassOrigin, PropertyList)

    def _resolver(self, namespace: str) -> Resolver:
        return self._resolver_class(
            namespace,
            self._cimrepository.get_class_store(namespace),
            self._cimrepository.get_qualifier_store(namespace),
        )

    def CreateClass(self, namespace: str, NewClass: CIMClass) -> None:
        """
        Create a class.

        Parameters:
            namespace (str): The namespace.
            NewClass (CIMClass): The class with the elements that it declares or
                overrides.

        Raises:
            CIMError: CIM_ERR_INVALID_NAMESPACE, CIM_ERR_ALREADY_EXISTS,
                CIM_ERR_INVALID_SUPERCLASS; CIM_ERR_INVALID_PARAMETER: The
                declaration is not valid.
        """
        self._create_class(namespace, deep_copy(NewClass), True)

    def _create_class(self, namespace: str, new_class: CIMClass, check: bool) -> None:
        """
        Create a class; with or without a check that the classes exist to which
        it refers.  The class must be one that nobody else uses any more.
        """
        store = self._classes(namespace)
        if store.object_exists(new_class.classname):
            raise CIMError(
                CIM_ERR_ALREADY_EXISTS,
                f"Class {new_class.classname!r} already exists in namespace {namespace!r}.",
            )
        resolved = self._resolver(namespace).resolve(new_class, check)
        store.adopt(new_class.classname, resolved)

    def ModifyClass(self, namespace: str, ModifiedClass: CIMClass) -> None:
        """
        Replace a class that has no subclasses and no instances.

        Parameters:
            namespace (str): The namespace.
            ModifiedClass (CIMClass): The class with the elements that it
                declares or overrides, and the superclass that it has.

        Raises:
            CIMError: CIM_ERR_INVALID_NAMESPACE, CIM_ERR_NOT_FOUND,
                CIM_ERR_CLASS_HAS_CHILDREN, CIM_ERR_CLASS_HAS_INSTANCES;
                CIM_ERR_INVALID_SUPERCLASS: The superclass is another than before;
                CIM_ERR_INVALID_PARAMETER: The declaration is not valid.
        """
        store = self._classes(namespace)
        name = ModifiedClass.classname
        old = store.find(name)
        if old is None:
            raise CIMError(
                CIM_ERR_NOT_FOUND, f"Class {name!r} does not exist in namespace {namespace!r}."
            )
        self._check_modification(namespace, old, ModifiedClass)
        store.replace(name, self._resolver(namespace).resolve(deep_copy(ModifiedClass)))

    def _check_modification(self, namespace: str, old: CIMClass, new: CIMClass) -> None:
        """
        Check that a class may become another.
        """
        self._check_unused(namespace, old.classname, "modified")
        self._check_same_superclass(namespace, old, new)

    def _check_unused(self, namespace: str, classname: str, what: str) -> None:
        """
        Check that a class has neither subclasses nor instances.
        """
        where = f"Class {classname!r} namespace {namespace!r} cannot be {what} because"
        if self._classes(namespace).index.subclasses(classname):
            raise CIMError(CIM_ERR_CLASS_HAS_CHILDREN, f"{where} it has subclasses.")
        if self._cimrepository.get_instance_store(namespace).index.has_instances(classname):
            raise CIMError(CIM_ERR_CLASS_HAS_INSTANCES, f"{where} it has instances.")

    def _check_same_superclass(self, namespace: str, old: CIMClass, new: CIMClass) -> None:
        if (new.superclass or "").casefold() != (old.superclass or "").casefold():
            raise CIMError(
                CIM_ERR_INVALID_SUPERCLASS,
                f"Class {old.classname!r} namespace {namespace!r} cannot be modified because its "
                f"superclass is {old.superclass!r}, and the one of the modified class is "
                f"{new.superclass!r}.",
            )

    def _check_deletion(self, namespace: str, classname: str) -> None:
        """
        Check that a class that exists may be deleted.
        """

    def DeleteClass(self, namespace: str, ClassName: str) -> None:
        """
        Delete a class, its subclasses, and the instances of all these.

        Parameters:
            namespace (str): The namespace.
            ClassName (str): The class, in any lexical case.

        Raises:
            CIMError: CIM_ERR_INVALID_NAMESPACE, CIM_ERR_NOT_FOUND.
        """
        store = self._classes(namespace)
        if not store.object_exists(ClassName):
            raise CIMError(
                CIM_ERR_NOT_FOUND,
                f"Class {ClassName!r} in namespace {namespace!r} not in CIM repository. Nothing "
                "deleted.",
            )
        self._check_deletion(namespace, ClassName)
        instances = self._cimrepository.get_instance_store(namespace)
        keys = list(store.index.keys_with_subclasses(ClassName))
        for entry in instances.index.of_classes(keys):
            instances.delete(entry.name)
        for key in reversed(keys):
            store.delete(key)
