"""
Writes the changes of a repository into its file before they are answered.

What a thread changes in one go is written in one transaction, without the lock of the
repository, so that nobody who reads waits for the disk.  Of several threads one writes for
all that wait.  What cannot be written is undone.
"""

from __future__ import annotations

import functools
import threading
from collections import deque
from typing import Any, Callable, Deque, Dict, Iterator, List, Optional, Tuple

from pywbem._cim_constants import CIM_ERR_FAILED
from pywbem._exceptions import CIMError

from ..store.indexes import Entry
from ..store.memory import InMemoryRepository, Namespace
from ..store.objects import InMemoryObjectStore
from .encoding import encode
from .file import Row, StateFile, row_of

_Store = InMemoryObjectStore[Any]


def _row(space: Namespace, kind: int, entry: Entry) -> Row:
    return row_of(space.number, kind, entry.seq, entry.name, entry.obj)


class _Go:
    """
    What a thread changes in one go, and what is to be written.
    """

    def __init__(self) -> None:
        # The object before the first change, or None.
        self.objects: Dict[Entry, Tuple[Namespace, _Store, Any]] = {}
        # Whether the namespace existed, by its identity.
        self.namespaces: Dict[int, Tuple[Namespace, bool]] = {}
        self.actions: List[Callable[[], None]] = []
        self.rows: List[Row] = []
        # What was in the file before it.
        self.known: Dict[int, Namespace] = {}
        self.done = False
        self.problem: Optional[BaseException] = None


class StateJournal:
    """
    The journal of a repository that lives in a file.

    Parameters:
        repository (InMemoryRepository): The repository, as it is in the file.
        file (StateFile): The file.
    """

    def __init__(self, repository: InMemoryRepository, file: StateFile) -> None:
        self._repository = repository
        self._file = file
        # By thread; used with the lock of the repository.
        self._open: Dict[int, _Go] = {}
        # The namespaces that are in the file when all that waits is written.
        self._known = {space.number: space for space in repository.spaces()}
        # In the order of the changes.
        self._waiting: Deque[_Go] = deque()
        self._writing = threading.Lock()

    # -- What the repository tells ---------------------------------------------------

    def _go(self) -> _Go:
        return self._open.setdefault(threading.get_ident(), _Go())

    def note(self, space: Namespace, store: _Store, entry: Entry, before: Any) -> None:
        """
        See :meth:`Journal.note`.
        """
        self._go().objects.setdefault(entry, (space, store, before))

    def note_namespace(self, space: Namespace, existed: bool) -> None:
        """
        See :meth:`Journal.note_namespace`.
        """
        self._go().namespaces.setdefault(id(space), (space, existed))

    def when_kept(self, action: Callable[[], None]) -> None:
        """
        See :meth:`Journal.when_kept`.
        """
        go = self._open.get(threading.get_ident())
        if go is None:
            action()
        else:
            go.actions.append(action)

    def undo(self) -> None:
        """
        See :meth:`Journal.undo`.
        """
        go = self._open.pop(threading.get_ident(), None)
        if go is not None:
            self._undo(go)

    def end(self) -> Optional[Callable[[], None]]:
        """
        See :meth:`Journal.end`.
        """
        go = self._open.pop(threading.get_ident(), None)
        if go is None:
            return None
        go.known = dict(self._known)
        try:
            self._file.check()
            go.rows.extend(self._rows(go))
        except (TypeError, ValueError, RecursionError) as exc:
            self._known = go.known
            self._undo(go)
            go.done, go.problem = True, exc
        else:
            self._settle(go)
            self._waiting.append(go)
        return functools.partial(self._keep, go)

    # -- What is written -------------------------------------------------------------

    def _exists(self, space: Namespace) -> bool:
        return any(item is space for item in self._repository.spaces())

    def _rows(self, go: _Go) -> Iterator[Row]:
        """
        What makes the file what the repository is now, as far as that was changed.
        """
        for space, _ in go.namespaces.values():
            if self._known.get(space.number) is space and not self._exists(space):
                yield Row(space.number)
                del self._known[space.number]
        # Also one that another thread has made, which is not finished yet.
        spaces = {id(space): space for space, _ in go.namespaces.values()}
        spaces.update((id(space), space) for space, _, _ in go.objects.values())
        new = [
            space
            for space in spaces.values()
            if self._known.get(space.number) is not space and self._exists(space)
        ]
        complete = {id(space) for space in new}
        for space in new:
            yield Row(space.number, text=encode(space.name))
            self._known[space.number] = space
            for kind, store in enumerate(space.stores):
                for entry in store.entries():
                    yield _row(space, kind, entry)
        for entry, (space, store, _) in go.objects.items():
            if self._known.get(space.number) is space and id(space) not in complete:
                kind = next(kind for kind, item in enumerate(space.stores) if item is store)
                if store.holds(entry):
                    yield _row(space, kind, entry)
                else:
                    yield Row(space.number, kind, entry.seq)

    def _settle(self, go: _Go) -> None:
        """
        What is about to be written is what threads that are not finished return to.
        """
        for other in self._open.values():
            for entry in go.objects.keys() & other.objects.keys():
                space, store, _ = other.objects[entry]
                other.objects[entry] = space, store, entry.obj if store.holds(entry) else None

    def _undo(self, go: _Go) -> None:
        for other in self._open.values():
            for entry in go.objects.keys() & other.objects.keys():
                # It goes on with the object; if that cannot be kept, this is what it returns to.
                other.objects[entry] = go.objects.pop(entry)
        for space, existed in reversed(list(go.namespaces.values())):
            self._repository.restore(space, existed)
        stores: Dict[int, Tuple[_Store, Dict[Entry, Any]]] = {}
        for entry, (_, store, before) in reversed(list(go.objects.items())):
            stores.setdefault(id(store), (store, {}))[1][entry] = before
        for store, entries in stores.values():
            store.restore(entries)

    # -- Writing ---------------------------------------------------------------------

    def _keep(self, go: _Go) -> None:
        """
        Wait until something is written, or write it.
        """
        # What cannot be written waits for nobody, who may hold the lock for ever: in a child of
        # fork there is only one thread.
        if not go.done:
            with self._writing:
                if not go.done:
                    self._write()
        if go.problem is not None:
            raise CIMError(
                CIM_ERR_FAILED,
                f"The change is undone because it cannot be kept in {self._file.path}: "
                f"{go.problem}",
            ) from go.problem

    def _taken(self) -> List[_Go]:
        """
        What waits to be written.
        """
        taken = []
        while self._waiting:
            taken.append(self._waiting.popleft())
        return taken

    def _write(self) -> None:
        batch = self._taken()
        try:
            self._file.write(row for go in batch for row in go.rows)
        except BaseException as exc:
            with self._repository.lock:
                # What came later may build upon it.
                batch += self._taken()
                for go in reversed(batch):
                    self._undo(go)
                    go.problem = exc
                self._known = batch[0].known
            if not isinstance(exc, Exception):
                raise
        else:
            if any(go.actions for go in batch):
                with self._repository.lock:
                    for go in batch:
                        for action in go.actions:
                            action()
        finally:
            for go in batch:
                go.done = True
