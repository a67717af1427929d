"""
What was changed in a repository, and how to undo it.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Callable, List, NamedTuple, Optional, Union

from pywbem._cim_obj import CIMClass, CIMInstance, CIMInstanceName, CIMQualifierDeclaration
from pywbem._exceptions import AuthError, ConnectionError, Error, TimeoutError

from .removal import path_text
from .repository import MOFWBEMConnection, found_in

__all__ = ["Journal"]


class _Entry(NamedTuple):
    """How to undo a change, and what to say about it."""

    what: str
    name: object
    undo: Callable[[], Any]

    def __str__(self) -> str:
        name = self.name
        if isinstance(name, CIMInstanceName):
            name = path_text(name)
        return f"{self.what} {name}"


class Journal:
    """
    The changes made to a repository, for undoing them in reverse order.

    A repository in memory replaces what it has without an error; there the state before a change is
    put back directly.  With all other repositories this takes operations.

    Parameters:
        handle: The connection to the repository.
        log (callable): Function that takes a message.
    """

    def __init__(self, handle: Any, log: Callable[[str], Any]) -> None:
        self._handle = handle
        self._log = log
        # The path alone stands for an instance that was created: there may be many.
        self._entries: List[Union[_Entry, CIMInstanceName]] = []
        self._in_memory = isinstance(handle, MOFWBEMConnection) and (
            type(handle).CreateClass is MOFWBEMConnection.CreateClass
        )

    def mark(self) -> int:
        """Return the present state for `undo`."""
        return len(self._entries)

    def add(self, what: str, name: object, undo: Callable[[], Any]) -> None:
        """Note a change that was made."""
        self._entries.append(_Entry(what, name, undo))

    def undo(self, mark: int = 0, verbose: bool = False) -> None:
        """
        Undo the changes made since a mark.  What cannot be undone is told.

        If the connection does not work any more, the rest is kept for another attempt.
        """
        while len(self._entries) > mark:
            entry = self._entries.pop()
            if isinstance(entry, CIMInstanceName):
                entry = self._deletion(entry)
            if verbose:
                self._tell(f"Rollback: {entry}")
            try:
                entry.undo()
            except (ConnectionError, TimeoutError, AuthError) as exc:
                self._entries.append(entry)
                self._tell(f"Rollback stopped with {len(self._entries) - mark} changes left: {exc}")
                return
            except Exception as exc:
                self._tell(f"Rollback failed: {entry}: {exc}")

    def _tell(self, message: str) -> None:
        # What cannot be told is undone all the same.
        with suppress(Exception):
            self._log(message)

    def forget(self) -> None:
        """Forget the changes: they stay."""
        self._entries.clear()

    def keep(self, kind: str, namespace: str, name: Any) -> Optional[Callable[[], Any]]:
        """
        Return a function that puts a class, an instance or a qualifier back as it is now; None if
        only operations can do that.
        """
        keep_object = getattr(self._handle, "keep_object", None)
        return None if keep_object is None else keep_object(kind, namespace, name)

    def before_class(self, name: str, namespace: str) -> None:
        """Note the state of a class before it is created; needed for a repository in memory."""
        if not self._in_memory:
            return
        handle = self._handle
        before = found_in(found_in(handle.classes, namespace), name)
        names_before = len(found_in(handle.class_names, namespace) or ())
        ordered_before = len(handle.compile_ordered_classnames)

        def undo() -> None:
            _restore(handle.classes, namespace, name, before, before and before.classname)
            names = found_in(handle.class_names, namespace) or []
            del names[names_before:]
            del handle.compile_ordered_classnames[ordered_before:]
            if not names:
                handle.class_names.pop(namespace, None)

        self.add("class", f"{namespace}:{name}", undo)

    def created_class(self, name: str, namespace: str) -> None:
        """Note that a class was created."""
        if not self._in_memory:
            self.add(
                "deleting class",
                f"{namespace}:{name}",
                lambda: self._handle.DeleteClass(name, namespace=namespace),
            )

    def modified_class(
        self, before: CIMClass, namespace: str, put_back: Optional[Callable[[], Any]]
    ) -> None:
        """Note that a class was modified."""
        self.add(
            "restoring class",
            f"{namespace}:{before.classname}",
            put_back or (lambda: self._handle.ModifyClass(before, namespace)),
        )

    def created_instance(self, instance: CIMInstance, path: Any, namespace: str) -> None:
        """Note that an instance was created."""
        if not self._in_memory:
            self._entries.append(path)
            return
        instances = self._handle.instances

        def undo() -> None:
            items = instances[namespace]
            items[:] = [item for item in items if item is not instance]
            if not items:
                del instances[namespace]

        self.add("instance", path, undo)

    def _deletion(self, path: CIMInstanceName) -> _Entry:
        return _Entry("deleting instance", path, lambda: self._handle.DeleteInstance(path))

    def modified_instance(self, before: CIMInstance, put_back: Optional[Callable[[], Any]]) -> None:
        """Note that an instance was modified."""
        self.add(
            "restoring instance",
            before.path,
            put_back or (lambda: self._handle.ModifyInstance(before)),
        )

    def lost_instance(self, path: CIMInstanceName) -> None:
        """Note that an instance was modified whose state before is not known."""

        def undo() -> None:
            raise Error("the repository has no operation that reads instances")

        self.add("restoring instance", path, undo)

    def before_qualifier(self, name: str, namespace: str) -> None:
        """Note the state of a qualifier declaration in memory before it is set."""
        if self._in_memory:
            store = self._handle.qualifiers
            before = found_in(found_in(store, namespace), name)
            self.add(
                "qualifier",
                f"{namespace}:{name}",
                lambda: _restore(store, namespace, name, before, before and before.name),
            )

    def set_qualifier(
        self,
        name: str,
        before: Optional[CIMQualifierDeclaration],
        namespace: str,
        put_back: Optional[Callable[[], Any]],
    ) -> None:
        """Note that a qualifier declaration was created, or modified if there was one before."""
        handle = self._handle
        if self._in_memory:
            return
        if before is None:
            self.add(
                "deleting qualifier",
                f"{namespace}:{name}",
                lambda: handle.DeleteQualifier(name, namespace=namespace),
            )
        else:
            self.add(
                "restoring qualifier",
                f"{namespace}:{name}",
                put_back or (lambda: handle.SetQualifier(before, namespace=namespace)),
            )


def _restore(store: Any, namespace: str, name: str, before: Any, spelling: Optional[str]) -> None:
    """
    Put back what a repository in memory had under a name, or delete what was not there.
    """
    items = found_in(store, namespace)
    if items is None:
        return
    if before is not None:
        # In the same place, under the name as it was spelled.
        items[spelling] = before
    elif name in items:
        del items[name]
        if not items:
            del store[namespace]
