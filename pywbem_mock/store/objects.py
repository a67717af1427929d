"""
The objects of one kind in one namespace, in memory.
"""

from __future__ import annotations

from typing import (
    Any,
    Callable,
    Dict,
    Iterable,
    Iterator,
    List,
    Optional,
    Tuple,
    Type,
)

from pywbem._cim_obj import CIMClass, CIMInstance, CIMInstanceName, CIMQualifierDeclaration
from pywbem._process import ProcessLock

from .base import BaseObjectStore, CIMObjectT, Name
from .copying import copy_path, deep_copy
from .indexes import ClassIndex, Entry, Index, InstanceIndex, QualifierIndex, path_key
from .lock import RepositoryLock

__all__ = ["InMemoryObjectStore"]

_INDEXES: Dict[Any, Type[Index]] = {
    CIMClass: ClassIndex,
    CIMInstance: InstanceIndex,
    CIMQualifierDeclaration: QualifierIndex,
}


def _class_key(name: Any) -> Any:
    if name is None:
        raise ValueError("The name of an object must not be None")
    return name.casefold()


def _instance_key(name: Any) -> Any:
    return path_key(name) if isinstance(name, CIMInstanceName) else (None, str(name), ())


class InMemoryObjectStore(BaseObjectStore[CIMObjectT]):
    """
    The objects of one kind in one namespace, in memory and indexed.

    Objects that go in and out are deep copies.
    """

    def __init__(self, cim_object_type: Type[CIMObjectT]) -> None:
        """
        Parameters:
            cim_object_type (type): The kind of the objects:
                :class:`~pywbem.CIMClass`, :class:`~pywbem.CIMInstance` or
                :class:`~pywbem.CIMQualifierDeclaration`.

        Raises:
            TypeError: It is none of these.
        """
        if cim_object_type not in _INDEXES:
            raise TypeError(
                "The type of the objects of a store must be CIMClass, CIMInstance or "
                f"CIMQualifierDeclaration, not {cim_object_type!r}"
            )
        super().__init__(cim_object_type)
        self._entries: Dict[Any, Entry] = {}
        self._count = 0
        instances = cim_object_type is CIMInstance
        self._key: Callable[[Any], Any] = _instance_key if instances else _class_key
        #: The index of the objects: of the class that suits their kind.
        self.index: Any = _INDEXES[cim_object_type]()
        #: Is told of each change: the entry, the object before it and after it.
        self.on_change: Optional[Callable[[Entry, Any, Any], None]] = None
        #: Guards each change; a repository gives its stores its own.
        self.lock = ProcessLock(RepositoryLock)

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(type={self._cim_object_type.__name__}, "
            f"size={len(self._entries)})"
        )

    def __getstate__(self) -> Dict[str, Any]:
        # The lock is that of the repository, which gives it again.
        return {**self.__dict__, "on_change": None, "lock": ProcessLock(RepositoryLock)}

    def _missing(self, name: Name) -> KeyError:
        return KeyError(f"{self._cim_object_type.__name__} {str(name)!r} does not exist")

    def _entry(self, name: Name) -> Entry:
        entry = self._entries.get(self._key(name))
        if entry is None:
            raise self._missing(name)
        return entry

    def _checked(self, cim_object: CIMObjectT) -> None:
        if not isinstance(cim_object, self._cim_object_type):
            raise TypeError(
                f"An object of this store must be a {self._cim_object_type.__name__}, not a "
                f"{type(cim_object).__name__}"
            )

    def object_exists(self, name: Name) -> bool:
        """
        See :meth:`BaseObjectStore.object_exists`.
        """
        return self._key(name) in self._entries

    def get(self, name: Name, copy: bool = True) -> CIMObjectT:
        """
        See :meth:`BaseObjectStore.get`.
        """
        obj: CIMObjectT = self._entry(name).obj
        return deep_copy(obj) if copy else obj

    def find(self, name: Name) -> Optional[CIMObjectT]:
        """
        Return the object with the name, which must not be changed, or None.

        Parameters:
            name (str or CIMInstanceName): Name of the object; of an instance the path.
        """
        entry = self._entries.get(self._key(name))
        return None if entry is None else entry.obj

    def find_folded(self, key: Optional[str]) -> Optional[CIMObjectT]:
        """
        Return the class or qualifier declaration with a name, which must not be changed, or None.

        Parameters:
            key (str): The name, case folded.
        """
        entry = self._entries.get(key)
        return None if entry is None else entry.obj

    def create(self, name: Name, cim_object: CIMObjectT) -> None:
        """
        See :meth:`BaseObjectStore.create`.
        """
        self._checked(cim_object)
        self.adopt(name, deep_copy(cim_object))

    def adopt(self, name: Name, cim_object: CIMObjectT) -> None:
        """
        Add an object without a copy; nobody else may change it from now on.

        Parameters:
            name (str or CIMInstanceName): Name of the object; of an instance the path, which is
                not copied if it is that of the object itself.
            cim_object (CIM object): The object.

        Raises:
            ValueError: The store has an object with the name.
        """
        with self.lock():
            self.put(name, cim_object)

    def put(self, name: Name, cim_object: CIMObjectT) -> None:
        """
        The same as :meth:`adopt`, by one who holds the lock.

        Parameters:
            name (str or CIMInstanceName): Name of the object.
            cim_object (CIM object): The object.

        Raises:
            ValueError: The store has an object with the name.
        """
        key = self._key(name)
        if key in self._entries:
            raise ValueError(
                f"{self._cim_object_type.__name__} {str(name)!r} already exists in this store"
            )
        self._count += 1
        if name is not getattr(cim_object, "_path", None) and isinstance(name, CIMInstanceName):
            name = copy_path(name)
        entry = Entry(key, name, cim_object, self._count)
        self._entries[key] = entry
        self.index.add(entry)
        if self.on_change is not None:
            self.on_change(entry, None, cim_object)

    def update(self, name: Name, cim_object: CIMObjectT) -> None:
        """
        See :meth:`BaseObjectStore.update`.
        """
        self._checked(cim_object)
        self.replace(name, deep_copy(cim_object))

    def replace(self, name: Name, cim_object: CIMObjectT) -> None:
        """
        Replace an object without a copy; nobody else may change the new one
        from now on.

        Parameters:
            name (str or CIMInstanceName): Name of the object; of an instance the path.
            cim_object (CIM object): The object.

        Raises:
            KeyError: The store has no object with the name.
        """
        with self.lock():
            entry = self._entry(name)
            before = entry.obj
            self.index.remove(entry)
            entry.obj = cim_object
            self.index.add(entry)
            if self.on_change is not None:
                self.on_change(entry, before, cim_object)

    def delete(self, name: Name) -> None:
        """
        See :meth:`BaseObjectStore.delete`.
        """
        with self.lock():
            entry = self._entry(name)
            self.index.remove(entry)
            del self._entries[entry.key]
            if self.on_change is not None:
                self.on_change(entry, entry.obj, None)

    # -- For what keeps the objects elsewhere, too ------------------------------

    def entries(self) -> List[Entry]:
        """
        Return the entries, in the order of creation.
        """
        return list(self._entries.values())

    def holds(self, entry: Entry) -> bool:
        """
        Return whether an entry is one of this store, and was not removed.

        Parameters:
            entry (Entry): The entry.
        """
        return self._entries.get(entry.key) is entry

    def load(self, items: Iterable[Tuple[int, Any, CIMObjectT]]) -> None:
        """
        Fill this store, which is empty; nobody is told.

        Parameters:
            items (iterable of tuple): Place in the order of creation, name and object, in
                that order; nobody else may change the objects.
        """
        for seq, name, obj in items:
            entry = Entry(self._key(name), name, obj, seq)
            self._entries[entry.key] = entry
            self.index.add(entry)
            self._count = seq

    def restore(self, before: Dict[Entry, Any]) -> None:
        """
        Make entries again what they were; nobody is told.

        Parameters:
            before (dict): By entry, the object that it had, or None if it did not exist;
                the last change first.
        """
        for entry, obj in before.items():
            if self.holds(entry):
                self.index.remove(entry)
                del self._entries[entry.key]
            if obj is not None:
                entry.obj = obj
                self._entries[entry.key] = entry
                self.index.add(entry)
        self._entries = dict(sorted(self._entries.items(), key=_sequence))

    # -- All objects ------------------------------------------------------------

    def iter_names(self) -> Iterator[Any]:
        """
        See :meth:`BaseObjectStore.iter_names`.
        """
        for entry in list(self._entries.values()):
            yield deep_copy(entry.name)

    def iter_values(self, copy: bool = True) -> Iterator[CIMObjectT]:
        """
        See :meth:`BaseObjectStore.iter_values`.
        """
        for entry in list(self._entries.values()):
            yield deep_copy(entry.obj) if copy else entry.obj

    def len(self) -> int:
        """
        See :meth:`BaseObjectStore.len`.
        """
        return len(self._entries)


def _sequence(item: Tuple[Any, Entry]) -> int:
    return item[1].seq
