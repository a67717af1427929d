"""
A CIM repository in memory.
"""

from __future__ import annotations

import contextlib
import functools
import sys
from typing import (
    Any,
    Callable,
    Dict,
    Iterator,
    List,
    NamedTuple,
    Optional,
    TextIO,
    Tuple,
)

from nocaselist import NocaseList

from pywbem._cim_obj import CIMClass, CIMInstance, CIMQualifierDeclaration
from pywbem._process import ProcessLock

from .base import BaseRepository
from .indexes import Entry
from .journal import Journal
from .lock import RepositoryLock
from .objects import InMemoryObjectStore

__all__ = ["InMemoryRepository"]

# What is told of a change of an instance: the namespace, the instance before
# the change and the instance after it; None before a creation and after a
# deletion.  The instances are those of the repository and must not be changed.
Observer = Callable[[str, Optional[CIMInstance], Optional[CIMInstance]], None]


class Namespace(NamedTuple):
    """
    A namespace: its place in the order of creation, its name, and its objects.
    """

    number: int
    name: str
    classes: InMemoryObjectStore[CIMClass]
    instances: InMemoryObjectStore[CIMInstance]
    qualifiers: InMemoryObjectStore[CIMQualifierDeclaration]

    @property
    def stores(self) -> List[InMemoryObjectStore[Any]]:
        """
        The stores.
        """
        return [self.classes, self.instances, self.qualifiers]


def _made_namespace(number: int, name: str) -> Namespace:
    return Namespace(
        number,
        name,
        InMemoryObjectStore(CIMClass),
        InMemoryObjectStore(CIMInstance),
        InMemoryObjectStore(CIMQualifierDeclaration),
    )


class InMemoryRepository(BaseRepository):
    """
    A CIM repository in memory.

    It can be pickled; its observers are left out.
    """

    def __init__(self, initial_namespace: Optional[str] = None) -> None:
        """
        Parameters:
            initial_namespace (str): Name of a namespace to begin with, or None.
        """
        self._namespaces: Dict[str, Namespace] = {}
        self._observers: List[Observer] = []
        self._journal: Optional[Journal] = None
        self._lock = ProcessLock(RepositoryLock)
        if initial_namespace:
            self.add_namespace(initial_namespace)

    def __repr__(self) -> str:
        content = {space.name: space.stores for space in self._namespaces.values()}
        return f"{type(self).__name__}(data={content!r})"

    def __getstate__(self) -> Dict[str, Any]:
        return {"_namespaces": self._namespaces}

    def __setstate__(self, state: Dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._observers = []
        self._journal = None
        self._lock = ProcessLock(RepositoryLock)
        for space in self._namespaces.values():
            self._listen(space)

    @property
    def lock(self) -> RepositoryLock:
        """
        The lock that checks and changes hold, and that nobody holds who waits.  It is
        reentrant.
        """
        lock: RepositoryLock = self._lock()
        return lock

    # -- Namespaces -----------------------------------------------------------

    @staticmethod
    def _given(namespace: Optional[str]) -> str:
        if namespace is None:
            raise ValueError("The namespace must not be None")
        if not isinstance(namespace, str):
            raise TypeError(f"The namespace must be a string, not {type(namespace).__name__}")
        return namespace.strip("/")

    def _space(self, namespace: str) -> Namespace:
        name = self._given(namespace)
        space = self._namespaces.get(name.casefold())
        if space is None:
            raise KeyError(f"Namespace {name!r} does not exist in the CIM repository")
        return space

    @property
    def namespaces(self) -> NocaseList:
        """
        :class:`~nocaselist.NocaseList` of str: Names of the namespaces, without
        leading and trailing slashes.
        """
        return NocaseList([space.name for space in list(self._namespaces.values())])

    def validate_namespace(self, namespace: str) -> None:
        """
        See :meth:`BaseRepository.validate_namespace`.
        """
        self._space(namespace)

    def has_namespace(self, namespace: str) -> bool:
        """
        Return whether a namespace exists.

        Parameters:
            namespace (str): Name of the namespace, in any lexical case.

        Returns:
            bool: Whether it exists.
        """
        return self._given(namespace).casefold() in self._namespaces

    def add_namespace(self, namespace: str) -> None:
        """
        See :meth:`BaseRepository.add_namespace`.
        """
        with self.lock:
            name = self._given(namespace)
            if name.casefold() in self._namespaces:
                raise ValueError(f"Namespace {name!r} already exists in the CIM repository")
            self._namespaces[name.casefold()] = space = _made_namespace(self._next(), name)
            self._listen(space)
            if self._journal is not None:
                self._journal.note_namespace(space, existed=False)

    def _next(self) -> int:
        return max([space.number for space in self._namespaces.values()], default=0) + 1

    def remove_namespace(self, namespace: str) -> None:
        """
        See :meth:`BaseRepository.remove_namespace`.
        """
        with self.lock:
            space = self._space(namespace)
            if any(store.len() for store in space.stores):
                raise ValueError(f"Namespace {space.name!r} cannot be removed: it is not empty")
            del self._namespaces[space.name.casefold()]
            if self._journal is not None:
                self._journal.note_namespace(space, existed=True)

    # -- Stores ---------------------------------------------------------------

    def get_class_store(self, namespace: str) -> InMemoryObjectStore[CIMClass]:
        """
        See :meth:`BaseRepository.get_class_store`.
        """
        return self._space(namespace).classes

    def get_instance_store(self, namespace: str) -> InMemoryObjectStore[CIMInstance]:
        """
        See :meth:`BaseRepository.get_instance_store`.
        """
        return self._space(namespace).instances

    def get_qualifier_store(self, namespace: str) -> InMemoryObjectStore[CIMQualifierDeclaration]:
        """
        See :meth:`BaseRepository.get_qualifier_store`.
        """
        return self._space(namespace).qualifiers

    # -- Observers ------------------------------------------------------------

    def add_observer(self, observer: Observer) -> None:
        """
        Attach an observer of the creations, modifications and deletions of
        instances.

        Parameters:
            observer (Observer): Called as ``observer(namespace, before, after)`` after each
                change, with the instance before and after it; ``before`` is None
                for a creation, ``after`` for a deletion.  The instances must not
                be changed.  What it raises is raised by the operation, so it
                should do no more than take note.
        """
        with self.lock:
            # A new list: the present one may be gone through.
            self._observers = [*self._observers, observer]

    def remove_observer(self, observer: Observer) -> None:
        """
        Detach an observer.

        Parameters:
            observer (Observer): The observer, as it was attached.

        Raises:
            ValueError: It is not attached.
        """
        with self.lock:
            observers = self._observers[:]
            observers.remove(observer)
            self._observers = observers

    def _listen(self, space: Namespace) -> None:
        for store in space.stores:
            store.lock = self._lock
            store.on_change = self._listener(space, store)

    def _listener(
        self, space: Namespace, store: InMemoryObjectStore[Any]
    ) -> Optional[Callable[[Entry, Any, Any], None]]:
        """
        What a store tells of its changes to, if anybody wants to know.
        """
        journal = self._journal
        told = store is space.instances
        if journal is None and not told:
            return None

        def changed(entry: Entry, before: Any, after: Any) -> None:
            if journal is not None:
                journal.note(space, store, entry, before)
            if told:
                for observer in self._observers:
                    observer(space.name, before, after)

        return changed

    # -- Keeping what changes --------------------------------------------------

    def attach(self, journal: Journal) -> None:
        """
        Have all changes from now on kept by a journal, and what changes them wait for that.

        Parameters:
            journal (Journal): The journal.
        """
        self._journal = journal
        self._lock = ProcessLock(functools.partial(RepositoryLock, journal))
        for space in self._namespaces.values():
            self._listen(space)

    def when_kept(self, action: Callable[[], None]) -> None:
        """
        Do something as soon as what this thread is changing is kept, and not at all if that
        fails; without a journal at once.

        Parameters:
            action (callable): What to do; it is called with the lock held.
        """
        if self._journal is None:
            action()
        else:
            self._journal.when_kept(action)

    @contextlib.contextmanager
    def as_one(self) -> Iterator[None]:
        """
        Have all that this thread changes in this context kept as a whole, or not at all if the
        context is left by an exception; then it is undone.  Without a journal that changes
        nothing.  The lock is not held.
        """
        with self.lock as lock:
            try:
                with lock.released():
                    yield
            except BaseException:
                if self._journal is not None:
                    self._journal.undo()
                raise

    def spaces(self) -> List[Namespace]:
        """
        Return the namespaces with their objects.
        """
        return list(self._namespaces.values())

    def load_namespace(self, number: int, name: str) -> Namespace:
        """
        Add an empty namespace of which nobody is told, and return it.

        Parameters:
            number (int): Its place in the order of creation, after those that exist.
            name (str): Its name.
        """
        space = self._namespaces[name.casefold()] = _made_namespace(number, name)
        self._listen(space)
        return space

    def restore(self, space: Namespace, existed: bool) -> None:
        """
        Make a namespace exist, or not exist, again; nobody is told.

        Parameters:
            space (Namespace): The namespace.
            existed (bool): Whether it exists then.
        """
        key = space.name.casefold()
        if self._namespaces.get(key) is space:
            del self._namespaces[key]
        if existed:
            spaces = sorted([*self._namespaces.values(), space], key=lambda item: item.number)
            self._namespaces = {item.name.casefold(): item for item in spaces}

    # -- As a whole -----------------------------------------------------------

    def load(self, other: InMemoryRepository) -> None:
        """
        Replace the content of this repository by that of another, for example
        one that was unpickled.

        Parameters:
            other (InMemoryRepository): The other repository.
        """
        with self.lock:
            before, self._namespaces = self._namespaces, other._namespaces
            for space in self._namespaces.values():
                self._listen(space)
            if self._journal is not None:
                for space in before.values():
                    self._journal.note_namespace(space, existed=True)
                for space in self._namespaces.values():
                    self._journal.note_namespace(space, existed=False)

    def print_repository(self, dest: Optional[str] = None) -> None:
        """
        Print what the repository contains, for debugging.

        Parameters:
            dest (str): Path of a file.  None means the standard output.
        """
        if dest is None:
            self._print(sys.stdout)
        else:
            with open(dest, "w", encoding="utf-8") as file:
                self._print(file)

    def _print(self, file: TextIO) -> None:
        print(f"NAMESPACES: {', '.join(self.namespaces)}", file=file)
        for space in self._namespaces.values():
            stores: List[Tuple[str, str, InMemoryObjectStore[Any]]] = [
                ("QUALIFIERS", "qualifier", space.qualifiers),
                ("CLASSES", "class", space.classes),
                ("INSTANCES", "instance", space.instances),
            ]
            for title, kind, store in stores:
                print(f"{title}: Namespace: {space.name} Repo: {kind} len:{store.len()}", file=file)
                for obj in store.iter_values(copy=False):
                    print(obj, file=file)
                print(file=file)
