"""
The open enumerations of a server (DSP0200 5.4.2.24).
"""

from __future__ import annotations

import logging
import time
import uuid
from typing import Any, Callable, Dict, List, NamedTuple, Optional

from pywbem._cim_constants import CIM_ERR_INVALID_ENUMERATION_CONTEXT
from pywbem._exceptions import CIMError

from ..store.copying import copy_all

_LOGGER = logging.getLogger("pywbem_mock.server")

# Expired enumerations are looked for at most once in this many seconds.
_SWEEP = 1.0


class Part(NamedTuple):
    """
    A part of the objects of an enumeration: the objects, whether they are the
    last, and the context to continue with, or None.
    """

    objects: List[Any]
    end: bool
    context: Optional[str]


class _Enumeration:
    """
    An open enumeration: the objects of the repository that are left, and what
    is returned of each.  They are copied when they are returned.
    """

    __slots__ = ("at", "deadline", "namespace", "objects", "pull", "timeout", "view")

    def __init__(
        self,
        pull: str,
        namespace: str,
        objects: List[Any],
        view: Callable[[Any], Any],
        timeout: float,
    ) -> None:
        self.pull = pull
        self.namespace = namespace
        self.objects = objects
        self.view = view
        self.timeout = timeout
        self.at = 0
        self.deadline: Optional[float] = None

    def take(self, count: int) -> List[Any]:
        part = self.objects[self.at : self.at + count]
        self.at += len(part)
        # 0 means that there is no timeout (DSP0200 5.4.2.24).
        self.deadline = time.monotonic() + self.timeout if self.timeout else None
        return copy_all(part, self.view)

    @property
    def is_read(self) -> bool:
        return self.at >= len(self.objects)

    def has_expired(self, now: float) -> bool:
        return self.deadline is not None and self.deadline < now


class Enumerations:
    """
    The open enumerations of a server, by context.

    Parameters:
        limit (int): How many can be open; the oldest one is closed to open another.
        timeout (float): Seconds after which one is closed that nobody continues, if the
            client asked for no timeout.  None means never.

    Raises:
        ValueError: The limit is no positive whole number, or the timeout no positive number.
    """

    def __init__(self, limit: int = 1000, timeout: Optional[float] = None) -> None:
        if not isinstance(limit, int) or limit < 1:
            raise ValueError(
                f"The limit of open enumerations is {limit!r}; it must be a positive whole number"
            )
        if timeout is not None and not (isinstance(timeout, (int, float)) and timeout > 0):
            raise ValueError(
                f"The timeout of enumerations is {timeout!r}; it must be a positive number"
            )
        self._limit = limit
        #: float: The timeout of those for which the client asked for none, or None.
        self.timeout = timeout
        #: dict: The open enumerations.
        self.contexts: Dict[str, _Enumeration] = {}
        self._swept = time.monotonic()

    def __len__(self) -> int:
        return len(self.contexts)

    def described(self) -> Dict[str, Dict[str, Any]]:
        """
        Return what a test may want to know of the open enumerations, by context.
        """
        return {
            context: {
                "pull_type": enumeration.pull,
                "data": copy_all(enumeration.objects[enumeration.at :], enumeration.view),
                "namespace": enumeration.namespace,
                "interoptimeout": enumeration.timeout,
            }
            for context, enumeration in list(self.contexts.items())
        }

    def open(
        self,
        pull: str,
        namespace: str,
        objects: List[Any],
        view: Callable[[Any], Any],
        timeout: float,
        count: int,
    ) -> Part:
        """
        Open an enumeration and return its first part.

        Parameters:
            pull (str): Name of the operation that continues it.
            namespace (str): Its namespace.
            objects (list): The objects.
            view (callable): Returns what is returned of an object.
            timeout (float): Seconds after which it is closed if nobody continues
                it; 0 for never.
            count (int): Maximum number of objects of the part.
        """
        self._sweep()
        enumeration = _Enumeration(pull, namespace, objects, view, timeout)
        part = enumeration.take(count)
        if enumeration.is_read:
            return Part(part, True, None)
        context = str(uuid.uuid4())
        self.contexts[context] = enumeration
        self._make_room()
        return Part(part, False, context)

    def _make_room(self) -> None:
        """
        Close the oldest enumerations that are too many.
        """
        while len(self.contexts) > self._limit:
            oldest = next(iter(self.contexts))
            closed = self.contexts.pop(oldest)
            _LOGGER.warning(
                "Closing the oldest of more than %d open enumerations: %s, to be continued with %s",
                self._limit,
                oldest,
                closed.pull,
            )

    def _find(self, context: str) -> _Enumeration:
        self._sweep()
        found = self.contexts.get(context)
        if found is not None and found.has_expired(time.monotonic()):
            del self.contexts[context]
            found = None
        if found is None:
            raise CIMError(
                CIM_ERR_INVALID_ENUMERATION_CONTEXT,
                f"EnumerationContext {context!r} does not exist; it was closed or has expired.",
            )
        return found

    def pull(self, pull: str, context: str, count: int) -> Part:
        """
        Return the next part of an enumeration.

        Parameters:
            pull (str): Name of the operation.
            context (str): The context.
            count (int): Maximum number of objects of the part.

        Raises:
            CIMError: CIM_ERR_INVALID_ENUMERATION_CONTEXT: It is not open, or is
                continued with another operation.
        """
        enumeration = self._find(context)
        if enumeration.pull != pull:
            raise CIMError(
                CIM_ERR_INVALID_ENUMERATION_CONTEXT,
                f"The enumeration with the EnumerationContext {context!r} is continued with "
                f"{enumeration.pull!r}, not with {pull!r}",
            )
        part = enumeration.take(count)
        if not enumeration.is_read:
            return Part(part, False, context)
        del self.contexts[context]
        return Part(part, True, None)

    def namespace(self, context: str) -> str:
        """
        The namespace of an open enumeration.
        """
        return self._find(context).namespace

    def count(self, context: str) -> int:
        """
        The number of all objects of an open enumeration.
        """
        return len(self._find(context).objects)

    def close(self, context: str) -> None:
        """
        Close an enumeration.

        Raises:
            CIMError: CIM_ERR_INVALID_ENUMERATION_CONTEXT: It is not open.
        """
        self._find(context)
        del self.contexts[context]

    def discard(self, context: str) -> None:
        """
        Close an enumeration if it is open.

        Parameters:
            context (str): The context.
        """
        self.contexts.pop(context, None)

    def _sweep(self) -> None:
        now = time.monotonic()
        if now - self._swept < _SWEEP:
            return
        self._swept = now
        for context, enumeration in list(self.contexts.items()):
            if enumeration.has_expired(now):
                del self.contexts[context]
