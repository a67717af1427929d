"""
What a repository tells of its changes to what keeps them.
"""

from __future__ import annotations

from typing import Any, Callable, Optional, Protocol

from .indexes import Entry


class Journal(Protocol):
    """
    Keeps the changes of a repository, those that a thread makes in one go as a whole.

    In one go is what a thread does while it holds the lock of the repository, also if it
    gives that back for a while in between.  All methods are called with the lock held.
    """

    def note(self, space: Any, store: Any, entry: Entry, before: Any) -> None:
        """An object of a namespace was changed; before the change it was this, or None."""

    def note_namespace(self, space: Any, existed: bool) -> None:
        """A namespace was added or removed."""

    def when_kept(self, action: Callable[[], None]) -> None:
        """Do something, with the lock held, as soon as what this thread has changed is kept."""

    def undo(self) -> None:
        """Undo what this thread has changed in this go."""

    def end(self) -> Optional[Callable[[], None]]:
        """
        This thread gives the lock back for good.  Return what waits until the changes are kept;
        it is called without the lock.
        """
