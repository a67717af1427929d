"""
Adding CIM objects to a repository beside the operations.
"""

from __future__ import annotations

from typing import Any, Dict, Iterator, List

from pywbem._cim_obj import CIMClass, CIMInstance, CIMQualifierDeclaration

from ..operations import MainProvider
from ..store.copying import deep_copy
from ..store.objects import InMemoryObjectStore


def _flat(objects: Any) -> Iterator[Any]:
    for item in objects:
        if isinstance(item, (list, tuple)):
            yield from _flat(item)
        else:
            yield item


class ObjectAdder:
    """
    Adds objects to a namespace: all of them or none.  The lock of the repository is held.

    Parameters:
        mainprovider (MainProvider): The provider that creates classes.
        namespace (str): The namespace, which exists.
    """

    def __init__(self, mainprovider: MainProvider, namespace: str) -> None:
        repository = mainprovider.cimrepository
        self._mainprovider = mainprovider
        self._namespace = namespace
        self._classes = repository.get_class_store(namespace)
        self._instances = repository.get_instance_store(namespace)
        self._qualifiers = repository.get_qualifier_store(namespace)
        # What was added, by the names in each store.
        self._added: Dict[InMemoryObjectStore[Any], List[Any]] = {
            store: [] for store in (self._qualifiers, self._classes, self._instances)
        }

    def add(self, objects: Any) -> None:
        """
        Add objects; for the exceptions see
        :meth:`FakedWBEMConnection.add_cimobjects`.

        Parameters:
            objects: An object, or a list of objects or lists.
        """
        try:
            for obj in _flat([objects]):
                if isinstance(obj, CIMInstance):
                    self._add_instance(obj)
                else:
                    self._add(obj)
        except Exception:
            for store, names in list(self._added.items())[::-1]:
                for name in reversed(names):
                    store.delete(name)
            raise

    def _add(self, obj: Any) -> None:
        if isinstance(obj, CIMClass):
            self._add_class(obj)
        elif isinstance(obj, CIMQualifierDeclaration):
            self._qualifiers.create(obj.name, obj)
            self._added[self._qualifiers].append(obj.name)
        else:
            raise TypeError(
                "Only CIMClass, CIMInstance and CIMQualifierDeclaration objects can be added to "
                f"the repository, not a {type(obj).__name__}: {obj!r}"
            )

    def _add_class(self, cls: CIMClass) -> None:
        if self._classes.object_exists(cls.classname):
            raise ValueError(
                f"Class {cls.classname!r} already exists in namespace {self._namespace!r}"
            )
        if cls.superclass is not None and not self._classes.object_exists(cls.superclass):
            raise ValueError(
                f"Class {cls.classname!r} defines superclass {cls.superclass!r} but the "
                f"superclass does not exist in namespace {self._namespace!r}"
            )
        self._mainprovider._create_class(self._namespace, deep_copy(cls), False)
        self._added[self._classes].append(cls.classname)

    def _add_instance(self, instance: CIMInstance) -> None:
        instance = deep_copy(instance)
        path: Any = instance._path
        if path is None:
            raise ValueError(f"Instances that are added must have a path: {instance!r}")
        path._namespace = self._namespace
        path._host = None
        try:
            self._instances.put(path, instance)
        except ValueError:
            raise ValueError(f"Instance {instance!r} already exists in CIM repository") from None
        self._added[self._instances].append(path)
