"""
The one place where observers of a connection attach.

A :class:`Trace` goes along with one run of an operation.  It remembers what was
sent and received, for the exceptions and for the ``last_...`` properties of the
connection, and tells the recorders of the connection each step as it happens.
With no recorders attached the telling is a loop over an empty tuple.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import (
    Any,
    Callable,
    Dict,
    Iterable,
    Iterator,
    List,
    Mapping,
    Optional,
    Protocol,
    Tuple,
)

from .._exceptions import Error, HTTPError, XMLParseError
from .last import LastCall, without_declaration
from .operation import Operation

HTTP_VERSION = 11
HTTP_TARGET = "/cimom"
HTTP_METHOD = "POST"

# Version, status, reason and header fields.
ReplyHead = Tuple[int, int, Optional[str], Mapping[str, str]]

_new_connection_hooks: Tuple[Callable[[Any], None], ...] = ()


def on_new_connection(hook: Callable[[Any], None]) -> None:
    """
    Have a function called with each connection that is made from now on.
    """
    global _new_connection_hooks
    if hook not in _new_connection_hooks:
        _new_connection_hooks += (hook,)


def connection_made(connection: Any) -> None:
    """
    A connection was made: call those functions.
    """
    for hook in _new_connection_hooks:
        hook(connection)


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


class Trace:
    """
    One run of an operation.

    Parameters:

      conn_id (str): Id of the connection.

      url (str): URL of the connection.

      recorders (tuple): The recorders of the connection.
    """

    __slots__ = (
        "conn_id",
        "pieces",
        "recorders",
        "reply_len",
        "reply_started",
        "request",
        "server_time",
        "url",
        "well_formed",
    )

    def __init__(self, conn_id: str, url: str, recorders: Tuple[Recorder, ...]) -> None:
        self.conn_id = conn_id
        self.url = url
        self.recorders = recorders
        self.request: Optional[bytes] = None
        self.pieces: List[bytes] = []
        self.reply_len = 0
        self.reply_started = False
        self.server_time: Optional[float] = None
        self.well_formed = True

    # -- The steps, in their order --------------------------------------------

    def begin(self, operation: Operation[Any]) -> None:
        """
        The operation begins; its arguments have not been checked.
        """
        for recorder in self.recorders:
            recorder.reset(operation.is_pull)
        args = _keywords(operation.args) if self.recorders else {}
        for recorder in self.recorders:
            recorder.stage_pywbem_args(operation.name, **args)

    def sending(self, request: bytes, headers: Mapping[str, str]) -> None:
        """
        The request is about to be sent.
        """
        self.request = request
        for recorder in self.recorders:
            recorder.stage_http_request(
                self.conn_id, HTTP_VERSION, self.url, HTTP_TARGET, HTTP_METHOD, headers, request
            )
            # Recorders rely on seeing that there is no response so far.
            recorder.stage_http_response1(self.conn_id, None, None, None, None)
            recorder.stage_http_response2(None)

    def receiving(self, reply: Any) -> Iterator[bytes]:
        """
        The response begins.

        Parameters:

          reply: The reply of the transport.

        Returns:

          iterator of bytes: The pieces of the body, each remembered when it is
          taken.
        """
        self.server_time = reply.server_response_time
        self.reply_started = True
        for recorder in self.recorders:
            recorder.stage_http_response1(
                self.conn_id, reply.version, reply.status, reply.reason, reply.headers
            )
        return self._remembered(reply)

    def _remembered(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self.pieces.append(piece)
            self.reply_len += len(piece)
            yield piece

    def received(self) -> None:
        """
        The response has ended, or what followed could not be understood.
        """
        if self.recorders:
            body = self.reply
            for recorder in self.recorders:
                recorder.stage_http_response2(body)

    def failed(self, exc: BaseException) -> None:
        """
        The operation failed: tell the exception what it knows not.
        """
        if isinstance(exc, XMLParseError):
            self.well_formed = False
        if self.recorders and not self.reply_started:
            head = _reply_head(exc)
            if head is not None:
                for recorder in self.recorders:
                    recorder.stage_http_response1(self.conn_id, *head)
        if isinstance(exc, Error):
            if exc._conn_id is None:
                exc._conn_id = self.conn_id
            if getattr(exc, "request_data", "") is None:
                exc.request_data = self.request_text  # type: ignore[attr-defined]
            if getattr(exc, "response_data", "") is None and self.pieces:
                exc.response_data = self.reply  # type: ignore[attr-defined]

    def end(self, result: Any, exc: Optional[BaseException]) -> None:
        """
        The operation has ended.
        """
        for recorder in self.recorders:
            recorder.stage_pywbem_result(result, exc)
            recorder.record_staged()

    # -- What is left of it ---------------------------------------------------

    @property
    def reply(self) -> bytes:
        """
        bytes: What was received of the body of the response.
        """
        return b"".join(self.pieces)

    @property
    def request_text(self) -> Optional[str]:
        """
        str: The request without the XML declaration, or None if none was sent.
        """
        if self.request is None:
            return None
        return without_declaration(self.request).decode("utf-8")

    @property
    def measures(self) -> Tuple[Optional[int], Optional[int], Optional[float]]:
        """
        tuple: Size of the request, size of the response, time of the server;
        None for what there was not.
        """
        if self.request is None:
            return None, None, None
        return len(without_declaration(self.request)), self.reply_len, self.server_time

    def last_call(
        self, previous: LastCall, operation_time: Optional[float], debug: bool
    ) -> LastCall:
        """
        What the connection remembers of this run; of one in which nothing was
        sent only its time.
        """
        if self.request is None:
            return previous._replace(operation_time=operation_time)
        return LastCall(
            request=self.request,
            reply=tuple(self.pieces) if self.reply_started else None,
            reply_len=self.reply_len,
            server_time=self.server_time,
            operation_time=operation_time,
            well_formed=self.well_formed,
            debug=debug,
        )


def _keywords(args: Mapping[str, Any]) -> Mapping[str, Any]:
    """
    Arguments that a recorder can be called with: parameters of a CIM method
    whose names it uses itself are told as items of ``Params``.
    """
    taken = [name for name in ("self", "method") if name in args]
    if not taken:
        return args
    keywords = {name: value for name, value in args.items() if name not in taken}
    params = keywords.get("Params")
    if isinstance(params, Mapping):
        params = list(params.items())
    elif not isinstance(params, (list, tuple)):
        params = [] if params is None else [params]  # an iterator is not to be used up
    keywords["Params"] = [*params, *((name, args[name]) for name in taken)]
    return keywords


def _reply_head(exc: BaseException) -> Optional[ReplyHead]:
    """
    The head of the reply that the transport refused with this exception; None
    if there was no reply.
    """
    head: Optional[ReplyHead] = getattr(exc, "_reply_head", None)
    if head is None and isinstance(exc, HTTPError):
        head = (HTTP_VERSION, exc.status, exc.reason, dict(exc.cimdetails))
    return head


class RecorderList:
    """
    The recorders of a connection.

    A recorder may hold the state of one operation, so while there are such
    recorders, the operations of the connection run one after the other.  A
    class of recorders with a true attribute ``_concurrent`` of its own keeps
    threads apart itself.
    """

    def __init__(self) -> None:
        self._recorders: Tuple[Recorder, ...] = ()
        self._lock = threading.RLock()

    def __getstate__(self) -> Dict[str, Any]:
        return {"_recorders": self._recorders}

    def __setstate__(self, state: Dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._lock = threading.RLock()

    def __iter__(self) -> Iterator[Recorder]:
        return iter(self._recorders)

    @contextmanager
    def operation(self) -> Iterator[Tuple[Recorder, ...]]:
        """
        The time of an operation that is recorded.
        """
        recorders = self._recorders
        if all(type(recorder).__dict__.get("_concurrent") for recorder in recorders):
            yield recorders
        else:
            with self._lock:
                yield recorders

    def __bool__(self) -> bool:
        return bool(self._recorders)

    def add(self, recorder: Recorder, connection: Any) -> None:
        """
        Attach a recorder.

        Raises:

          ValueError: It is None, or one of the same class is attached.
        """
        if recorder is None:
            raise ValueError("The operation recorder must not be None")
        with self._lock:
            if any(type(other) is type(recorder) for other in self._recorders):
                raise ValueError(
                    f"The connection has an operation recorder of class {type(recorder).__name__}; "
                    "it can have one of each class"
                )
            self._recorders += (recorder,)
        recorder.reset()
        recorder.stage_wbem_connection(connection)

    @property
    def all(self) -> Tuple[Recorder, ...]:
        """
        tuple: The recorders.
        """
        return self._recorders
