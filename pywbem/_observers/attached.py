"""
The recorders of a connection: what is called of one, and the list of them.
"""

from __future__ import annotations

from typing import Any, Iterator, Mapping, NamedTuple, Optional, Protocol, Tuple

from .._process import ProcessLock


class Recorder(Protocol):
    """
    What is called of an operation recorder.
    """

    @property
    def enabled(self) -> bool:
        """Whether it records."""

    def enable(self) -> None:
        """Begin to record."""

    def disable(self) -> None:
        """Pause recording."""

    def copy(self) -> Recorder:
        """A copy without the operation that it is about to record."""

    def reset(self, pull_op: Optional[bool] = None) -> None:
        """An operation begins."""

    def stage_wbem_connection(self, wbem_connection: Any) -> None:
        """It was attached to a connection."""

    def stage_pywbem_args(self, method: str, **kwargs: Any) -> None:
        """The operation and its arguments."""

    def stage_http_request(
        self,
        conn_id: str,
        version: int,
        url: str,
        target: str,
        method: str,
        headers: Mapping[str, str],
        payload: bytes,
    ) -> None:
        """The request is about to be sent."""

    def stage_http_response1(
        self,
        conn_id: str,
        version: Optional[int],
        status: Optional[int],
        reason: Optional[str],
        headers: Optional[Mapping[str, str]],
    ) -> None:
        """The head of the response was received."""

    def stage_http_response2(self, payload: Optional[bytes]) -> None:
        """The body of the response was received."""

    def stage_pywbem_result(self, ret: Any, exc: Optional[BaseException]) -> None:
        """The return value, or the exception."""

    def record_staged(self) -> None:
        """The operation has ended."""


class Attached(NamedTuple):
    """
    A recorder of a connection, and the lock under which it is told.
    """

    recorder: Recorder
    lock: ProcessLock


def copy_of(recorder: Recorder) -> Recorder:
    """
    A copy for one run; :func:`copy.copy` takes ten times as long.
    """
    copied = object.__new__(type(recorder))
    copied.__dict__.update(recorder.__dict__)
    return copied


def is_live(recorder: Recorder) -> bool:
    """
    Whether a recorder is told each step as it happens.

    Its class says so itself: a subclass may keep what it was told in attributes.
    """
    return bool(type(recorder).__dict__.get("_live"))


class RecorderList:
    """
    The recorders of a connection.
    """

    def __init__(self) -> None:
        self.attached: Tuple[Attached, ...] = ()
        self._lock = ProcessLock()

    def __iter__(self) -> Iterator[Recorder]:
        return iter(self.all)

    def __bool__(self) -> bool:
        return bool(self.attached)

    def add(self, recorder: Recorder, connection: Any) -> None:
        """
        Attach a recorder.

        Raises:
            ValueError: It is None, or one of the same class is attached.
        """
        if recorder is None:
            raise ValueError("The operation recorder must not be None")
        # One that several connections share has a lock of its own.
        lock = getattr(recorder, "_telling", None) or ProcessLock()
        with self._lock():
            if any(type(other) is type(recorder) for other in self):
                raise ValueError(
                    f"The connection has an operation recorder of class {type(recorder).__name__}; "
                    "it can have one of each class"
                )
            self.attached += (Attached(recorder, lock),)
        with lock():
            recorder.reset()
            recorder.stage_wbem_connection(connection)

    @property
    def all(self) -> Tuple[Recorder, ...]:
        """
        tuple: The recorders.
        """
        return tuple(one.recorder for one in self.attached)
