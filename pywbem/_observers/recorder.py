"""
What an operation recorder is: the records of an operation, and the base class.

A connection tells its recorders the steps of an operation (the ``stage_...``
methods).  The base class keeps what it was told, and hands it over as a whole at
the last step.
"""

from __future__ import annotations

from typing import IO, Any, Dict, Mapping, NamedTuple, Optional, Union

from .._process import ProcessLock
from .text import masked, masked_headers, shown

__all__ = ["BaseOperationRecorder", "HttpRequest", "HttpResponse", "OpArgs", "OpResult"]

Payload = Union[bytes, str, None]
Headers = Optional[Mapping[str, str]]


def _tuple_repr(record: Any, **replaced: Any) -> str:
    values = {**record._asdict(), **replaced}
    items = ", ".join([f"{name}={shown(value)}" for name, value in values.items()])
    return masked(f"{type(record).__name__}({items})")


class OpArgsTuple(NamedTuple):
    """
    The fields of :class:`OpArgs`.
    """

    method: Optional[str]
    args: Optional[Dict[str, Any]]


class OpArgs(OpArgsTuple):
    """
    Name and arguments of an operation.

    Attributes:
        method (str): Name of the method of :class:`~pywbem.WBEMConnection`.
        args (dict): Its arguments by name, as they were passed.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return _tuple_repr(self)


class OpResultTuple(NamedTuple):
    """
    The fields of :class:`OpResult`.
    """

    ret: Any
    exc: Optional[BaseException]


class OpResult(OpResultTuple):
    """
    Result of an operation.

    Attributes:
        ret: The return value; None if an exception was raised, and of operations
            that return nothing.
        exc (Exception): The exception that was raised, or None.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return _tuple_repr(self)


class HttpRequestTuple(NamedTuple):
    """
    The fields of :class:`HttpRequest`.
    """

    version: Optional[int]
    url: Optional[str]
    target: Optional[str]
    method: Optional[str]
    headers: Headers
    payload: Payload


class HttpRequest(HttpRequestTuple):
    """
    HTTP request of an operation; all fields are None if none was sent.

    Its text representation shows no credentials.

    Attributes:
        version (int): HTTP version, 11 for HTTP/1.1.
        url (str): URL of the server.
        target (str): Target of the request line, ``/cimom``.
        method (str): HTTP method, ``POST``.
        headers (dict): Header fields: those of the operation (DSP0200 6.3).
        payload (bytes): The CIM-XML message.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return _tuple_repr(self, headers=self.headers and masked_headers(self.headers))


class HttpResponseTuple(NamedTuple):
    """
    The fields of :class:`HttpResponse`.
    """

    version: Optional[int]
    status: Optional[int]
    reason: Optional[str]
    headers: Headers
    payload: Payload


class HttpResponse(HttpResponseTuple):
    """
    HTTP response to an operation; all fields are None if none was received.

    Its text representation shows no credentials.

    Attributes:
        version (int): HTTP version, 11 for HTTP/1.1.
        status (int): Status code.
        reason (str): Reason phrase.
        headers (dict): Header fields.
        payload (bytes): The CIM-XML message; None if the response was refused
            because of its status or header fields.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return _tuple_repr(self, headers=self.headers and masked_headers(self.headers))


class _Staged:
    """
    What was told of an operation.
    """

    pull_op: Optional[bool] = None
    conn_id: Optional[str] = None
    op_args = OpArgs(None, None)
    result = OpResult(None, None)
    request = HttpRequest(None, None, None, None, None, None)
    response = HttpResponse(None, None, None, None, None)


class BaseOperationRecorder:
    """
    Base class of operation recorders.

    A recorder is attached with
    :meth:`~pywbem.WBEMConnection.add_operation_recorder`.  From then on
    :meth:`record` is called at the end of each operation of the connection,
    while the recorder is enabled, which it is at first.  An operation is one
    exchange with the server: the ``Iter...`` methods are recorded as the
    operations that they execute.

    A subclass implements :meth:`record` and :meth:`copy`.  What these or the
    ``stage_...`` methods raise is raised from the operation.

    The ``stage_...`` methods and :meth:`record` are called when the operation has
    ended, in their order and without another operation in between, also if
    several threads share the connection.
    """

    #: Whether the recorder is told each step as it happens.  Then each operation
    #: has a copy of it, so that what it keeps in attributes is of that operation.
    #: Looked up in the class of a recorder itself, not in its base classes.
    _live = False

    def __init__(self) -> None:
        self._enabled = True
        # Held while it is told of an operation.
        self._telling = ProcessLock()
        self.reset()

    @staticmethod
    def open_file(filename: str, file_mode: str = "w") -> IO[str]:
        """
        Open a file for a recorder: text, in UTF-8.  The caller closes it.

        Parameters:
            filename (str): Path of the file.
            file_mode (str): ``w`` to replace an existing file, ``a`` to append to
                it.

        Returns:
            The open file.

        Raises:
            OSError: It cannot be opened.
        """
        return open(filename, file_mode, encoding="utf-8")

    @property
    def enabled(self) -> bool:
        """
        bool: Whether operations are recorded.
        """
        return self._enabled

    def enable(self) -> None:
        """
        Record operations from now on.
        """
        self._enabled = True

    def disable(self) -> None:
        """
        Record no operations until :meth:`enable`.
        """
        self._enabled = False

    def copy(self) -> BaseOperationRecorder:
        """
        Return a recorder with the same settings, for a copy of the connection.

        Raises:
            NotImplementedError: The subclass does not implement it.
        """
        raise NotImplementedError

    def record(
        self,
        pywbem_args: OpArgs,
        pywbem_result: OpResult,
        http_request: HttpRequest,
        http_response: HttpResponse,
    ) -> None:
        """
        Record an operation; called only while the recorder is enabled.

        Parameters:
            pywbem_args (:class:`~pywbem.OpArgs`): The operation.
            pywbem_result (:class:`~pywbem.OpResult`): Its result.
            http_request (:class:`~pywbem.HttpRequest`): The request.
            http_response (:class:`~pywbem.HttpResponse`): The response.

        Raises:
            NotImplementedError: The subclass does not implement it.
        """
        raise NotImplementedError

    # -- The steps of an operation, in their order -----------------------------

    def stage_wbem_connection(self, wbem_connection: Any) -> None:
        """
        The recorder was attached to a connection.

        Parameters:
            wbem_connection (:class:`~pywbem.WBEMConnection`): The connection.
        """

    def reset(self, pull_op: Optional[bool] = None) -> None:
        """
        An operation begins: forget the one before.

        Parameters:
            pull_op (bool): Whether it opens or continues a pulled enumeration.
        """
        self._staged = _Staged()
        self._staged.pull_op = pull_op

    def stage_pywbem_args(self, method: str, **kwargs: Any) -> None:
        """
        Take the name of the operation and its arguments.

        Parameters:
            method (str): Name of the operation.
            **kwargs: Its arguments.
        """
        self._staged.op_args = OpArgs(method, kwargs)

    def stage_http_request(
        self,
        conn_id: str,
        version: int,
        url: str,
        target: str,
        method: str,
        headers: Headers,
        payload: Payload,
    ) -> None:
        """
        Take the HTTP request, which is about to be sent.

        Parameters:
            conn_id (str): Id of the connection.
            version (int): HTTP version, 11 for HTTP/1.1.
            url (str): URL of the server.
            target (str): Target of the request line.
            method (str): HTTP method.
            headers (dict): Header fields.
            payload (bytes): The CIM-XML message.
        """
        self._staged.request = HttpRequest(version, url, target, method, headers, payload)

    def stage_http_response1(
        self,
        conn_id: str,
        version: Optional[int],
        status: Optional[int],
        reason: Optional[str],
        headers: Headers,
    ) -> None:
        """
        Take the head of the HTTP response; None for all that follows
        ``conn_id`` says that there is none so far.

        Parameters:
            conn_id (str): Id of the connection.
            version (int): HTTP version, 11 for HTTP/1.1.
            status (int): Status code.
            reason (str): Reason phrase.
            headers (dict): Header fields.
        """
        self._staged.conn_id = conn_id
        payload = self._staged.response.payload
        self._staged.response = HttpResponse(version, status, reason, headers, payload)

    def stage_http_response2(self, payload: Payload) -> None:
        """
        Take the body of the HTTP response.

        Parameters:
            payload (bytes): The CIM-XML message; None if there is none so far.
        """
        self._staged.response = HttpResponse(*self._staged.response[:4], payload)

    def stage_pywbem_result(self, ret: Any, exc: Optional[BaseException]) -> None:
        """
        Take the return value of the operation, or its exception.

        Parameters:
            ret: The return value; None if an exception was raised.
            exc (Exception): The exception, or None.
        """
        self._staged.result = OpResult(ret, exc)

    def record_staged(self) -> None:
        """
        The operation has ended: record it, if the recorder is enabled.
        """
        if self.enabled:
            staged = self._staged
            self.record(staged.op_args, staged.result, staged.request, staged.response)
