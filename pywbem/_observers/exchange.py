"""
One run of an operation, and what its observers are told.

An :class:`Exchange` is one run of an operation.  It remembers what was sent and
received, for the exceptions and for the ``last_...`` properties of the connection,
measures the time, and tells the recorders: the one that writes logs each step as
it happens, the others the whole when the operation has ended.  They may keep what
they are told until they are told the next step, so they are told one operation
after the other.
"""

from __future__ import annotations

import logging
from typing import Any, List, Mapping, Optional, Tuple

from .._cim_constants import LOGGER_HTTP_NAME
from .._exceptions import Error, HTTPError
from .._protocol.operation import Operation
from .attached import Attached, Recorder, copy_of, is_live
from .last import LastCall, without_declaration
from .statistics import Measures, OperationStatistic, Statistics

HTTP_VERSION = 11
HTTP_TARGET = "/cimom"
HTTP_METHOD = "POST"

# It tells apart the messages of one HTTP connection (DSP0201), where a request
# is answered before the next is sent.  Recorded exchanges have this one.
MESSAGE_ID = "1001"

_LOGGER = logging.getLogger(LOGGER_HTTP_NAME)

# Version, status, reason and header fields.
ReplyHead = Tuple[int, int, Optional[str], Mapping[str, str]]


class Exchange:
    """
    One run of an operation: all that is known of it only while it runs.

    Nothing of it is kept in a recorder, in the statistics or by a thread, so that
    operations run beside each other, and no lock is held while one waits.

    Parameters:
        conn_id (str): Id of the connection.
        url (str): URL of the connection.
        attached (tuple): The recorders of the connection.
        statistics (:class:`~pywbem.Statistics`): The statistics of the connection.
        streamed (bool): Whether the objects of the response are handed out as they
            arrive.  Then only recorders make it keep the bytes.
    """

    __slots__ = (
        "_live",
        "_names_operation",
        "_observed",
        "_oddities",
        "_staged",
        "_statistic",
        "_statistics",
        "_steps",
        "conn_id",
        "elapsed",
        "keeps",
        "performed",
        "pieces",
        "reply_len",
        "reply_started",
        "request",
        "server_time",
        "url",
    )

    def __init__(
        self,
        conn_id: str,
        url: str,
        attached: Tuple[Attached, ...] = (),
        statistics: Optional[Statistics] = None,
        streamed: bool = False,
    ) -> None:
        self.conn_id = conn_id
        self.url = url
        self.request: Optional[bytes] = None
        self.pieces: List[bytes] = []
        self.reply_len = 0
        self.reply_started = False
        self.server_time: Optional[float] = None
        self.performed = False
        self._names_operation = True
        self._oddities: List[str] = []
        self.keeps = bool(attached) or not streamed
        self.elapsed: Optional[float] = None
        self._statistics = statistics
        self._statistic: Optional[OperationStatistic] = None
        # Recorders that are told at once, by a copy that is of this run; the
        # others, and what they will be told.
        self._live: List[Recorder] = []
        self._staged: List[Attached] = []
        self._steps: List[Tuple[str, Tuple[Any, ...], Mapping[str, Any]]] = []
        for one in attached:
            if is_live(one.recorder):
                self._live.append(copy_of(one.recorder))
            else:
                self._staged.append(one)
        self._observed = bool(attached)

    # -- The steps, in their order --------------------------------------------

    def begin(self, operation: Operation[Any]) -> None:
        """
        The operation begins; its arguments have not been checked.
        """
        if self._statistics is not None and self._statistics.enabled:
            self._statistic = self._statistics.get_op_statistic(operation.name)
            self._statistic._begin(self)
        if self._observed:
            self._tell("reset", operation.is_pull)
            self._tell("stage_pywbem_args", operation.name, **_keywords(operation.args))

    def sending(self, request: bytes, headers: Mapping[str, str]) -> None:
        """
        The request is about to be sent.
        """
        self.request = request
        if self._observed:
            http = (HTTP_VERSION, self.url, HTTP_TARGET, HTTP_METHOD, headers, request)
            self._tell("stage_http_request", self.conn_id, *http)
            # Recorders rely on seeing that there is no response so far.
            self._tell("stage_http_response1", self.conn_id, None, None, None, None)
            self._tell("stage_http_response2", None)

    def receiving(self, reply: Any) -> None:
        """
        The response begins.

        Parameters:
            reply: The reply of the transport.
        """
        self.server_time = reply.server_response_time
        self.reply_started = True
        self._names_operation = "CIMOperation" in reply.headers or "CIMExport" in reply.headers
        if self._observed:
            head = (reply.version, reply.status, reply.reason, reply.headers)
            self._tell("stage_http_response1", self.conn_id, *head)

    def identified(self, message_id: str) -> None:
        """
        The response is one to the call.  What else it should say is not required of it
        (DSP0200 6.3.3): servers in use do not, and each request has its own response.

        Parameters:
            message_id (str): The message ID of the response.
        """
        if not self._names_operation:
            self._oddities.append("has no header field CIMOperation")
        if message_id != MESSAGE_ID:
            self._oddities.append(
                f"has the message ID {message_id[:40]!r} in place of {MESSAGE_ID!r}"
            )

    def received(self, piece: bytes) -> None:
        """
        A piece of the body of the response was received.
        """
        self.reply_len += len(piece)
        if not self.keeps:
            # For an exception: the piece that is wrong is mostly the last one.
            self.pieces.clear()
        self.pieces.append(piece)

    def ended(self) -> None:
        """
        The response has ended, or what followed could not be understood.
        """
        if self._observed:
            self._tell("stage_http_response2", self.reply)
        if self._oddities:
            _LOGGER.debug("Accepted:%s The response %s", self.conn_id, " and ".join(self._oddities))

    def failed(self, exc: BaseException) -> None:
        """
        The operation failed: tell the exception what it knows not.
        """
        if self._observed and not self.reply_started:
            head = _reply_head(exc)
            if head is not None:
                self._tell("stage_http_response1", self.conn_id, *head)
        if isinstance(exc, Error):
            if exc._conn_id is None:
                exc._conn_id = self.conn_id
            if getattr(exc, "request_data", "") is None:
                exc.request_data = self.request_text  # type: ignore[attr-defined]
            if getattr(exc, "response_data", "") is None and self.reply_started:
                exc.response_data = self.reply  # type: ignore[attr-defined]

    def measured(self, failed: bool) -> None:
        """
        The time of the operation has ended.
        """
        if self._statistic is not None:
            self.elapsed = self._statistic._end(self, self._measures, failed)

    def end(self, result: Any, exc: Optional[BaseException]) -> None:
        """
        The operation has ended: recorders that were not told so far are told
        all of it, one operation after the other.
        """
        if not self._observed:
            return
        self._tell("stage_pywbem_result", result, exc)
        self._tell("record_staged")
        for recorder, lock in self._staged:
            with lock():
                for step, args, kwargs in self._steps:
                    getattr(recorder, step)(*args, **kwargs)

    def _tell(self, step: str, /, *values: Any, **kwargs: Any) -> None:
        for recorder in self._live:
            getattr(recorder, step)(*values, **kwargs)
        if self._staged:
            self._steps.append((step, values, kwargs))

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
    def _measures(self) -> Optional[Measures]:
        """
        Size of the request, size of the response, time of the server; None if
        the operation was not performed, because an argument was wrong.
        """
        if not self.performed:
            return None
        if self.request is None:
            return 0, 0, None
        return len(without_declaration(self.request)), self.reply_len, self.server_time

    def last_call(self, previous: LastCall, debug: bool) -> LastCall:
        """
        What the connection remembers of this run; of one in which nothing was
        sent only its time.
        """
        if self.request is None:
            return previous._replace(operation_time=self.elapsed)
        return LastCall(
            request=self.request,
            reply=tuple(self.pieces) if self.reply_started and self.keeps else None,
            reply_len=self.reply_len,
            server_time=self.server_time,
            operation_time=self.elapsed,
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
