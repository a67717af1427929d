"""
LogOperationRecorder: writes operations and HTTP messages to Python loggers.

Each text is made only if the logger takes it.  Credentials are left out.
"""

from __future__ import annotations

import logging
from typing import Any, Dict, Mapping, Optional, Union

from .._cim_constants import LOGGER_API_CALLS_NAME, LOGGER_HTTP_NAME
from .._cim_obj import CIMClass, CIMInstance
from .recorder import (
    BaseOperationRecorder,
    Headers,
    HttpRequest,
    HttpResponse,
    OpArgs,
    OpResult,
    Payload,
)
from .text import decoded, masked, masked_headers, shown

__all__ = ["DetailLevel", "LogOperationRecorder"]

DetailLevel = Union[str, int, None]


class LogOperationRecorder(BaseOperationRecorder):
    """
    An operation recorder that logs the operations, with the logger
    ``pywbem.api.<conn_id>``, and the HTTP requests and responses, with the
    logger ``pywbem.http.<conn_id>``, at level DEBUG.

    :func:`~pywbem.configure_logger` attaches it to connections.
    """

    _live = True

    def __init__(
        self, conn_id: str, detail_levels: Optional[Mapping[str, DetailLevel]] = None
    ) -> None:
        """
        Parameters:
            conn_id (str): Id of the connection.
            detail_levels (dict): How much is logged, by ``api`` and ``http``: one
                of :data:`~pywbem.LOG_DETAIL_LEVELS`, or the number of characters
                after which arguments, results and payloads are cut off (0 for no
                limit).  A logger that is not there is not used.
        """
        super().__init__()
        self._takes_conn_id = False
        self._set_conn_id(conn_id)
        #: Detail level of the operations and of the HTTP messages; None if they are
        #: not logged.
        self.api_detail_level: DetailLevel = None
        self.http_detail_level: DetailLevel = None
        #: The number of characters that a detail level is, or None.
        self.api_maxlen: Optional[int] = None
        self.http_maxlen: Optional[int] = None
        self.set_detail_level(detail_levels)

    def _set_conn_id(self, conn_id: str) -> None:
        self._conn_id = conn_id
        self.apilogger = logging.getLogger(f"{LOGGER_API_CALLS_NAME}.{conn_id}")
        self.httplogger = logging.getLogger(f"{LOGGER_HTTP_NAME}.{conn_id}")

    def set_detail_level(self, detail_levels: Optional[Mapping[str, DetailLevel]]) -> None:
        """
        Change how much is logged.

        Parameters:
            detail_levels (dict): As for the constructor; loggers that are not
                there stay as they are.
        """
        self.detail_levels = dict(detail_levels or {})
        if "api" in self.detail_levels:
            self.api_detail_level = level = self.detail_levels["api"]
            self.api_maxlen = level if isinstance(level, int) else None
        if "http" in self.detail_levels:
            self.http_detail_level = level = self.detail_levels["http"]
            self.http_maxlen = level if isinstance(level, int) else None

    @property
    def _api(self) -> _Detail:
        return _Detail(self.api_detail_level, self.api_maxlen)

    @property
    def _http(self) -> _Detail:
        return _Detail(self.http_detail_level, self.http_maxlen)

    @property
    def _levels(self) -> Dict[str, DetailLevel]:
        levels = {"api": self.api_detail_level, "http": self.http_detail_level}
        return {name: level for name, level in levels.items() if level is not None}

    def copy(self) -> LogOperationRecorder:
        """
        Return a recorder with the same detail levels.  It takes the id of the
        connection that it will be attached to.
        """
        other = type(self)(self._conn_id, self._levels)
        other._takes_conn_id = True
        return other

    def record(
        self,
        pywbem_args: OpArgs,
        pywbem_result: OpResult,
        http_request: HttpRequest,
        http_response: HttpResponse,
    ) -> None:
        """
        Do nothing: each step has been logged when it happened.

        Parameters:
            pywbem_args (:class:`~pywbem.OpArgs`): The operation.
            pywbem_result (:class:`~pywbem.OpResult`): Its result.
            http_request (:class:`~pywbem.HttpRequest`): The request.
            http_response (:class:`~pywbem.HttpResponse`): The response.
        """

    def record_staged(self) -> None:
        """
        Forget the operation: each step has been logged when it happened.
        """
        self.reset()

    @property
    def _logs_api(self) -> bool:
        return (
            self._enabled
            and self.api_detail_level is not None
            and self.apilogger.isEnabledFor(logging.DEBUG)
        )

    @property
    def _logs_http(self) -> bool:
        return (
            self._enabled
            and self.http_detail_level is not None
            and self.httplogger.isEnabledFor(logging.DEBUG)
        )

    def stage_wbem_connection(self, wbem_connection: Any) -> None:
        """
        Log the connection, with the logger of the operations if it is used.

        Parameters:
            wbem_connection (:class:`~pywbem.WBEMConnection`): The connection.
        """
        if self._takes_conn_id:
            self._takes_conn_id = False
            self._set_conn_id(wbem_connection.conn_id)
        self._conn_id = wbem_connection.conn_id
        if self.api_detail_level is not None:
            logs, detail, logger = self._logs_api, self._api, self.apilogger
        else:
            logs, detail, logger = self._logs_http, self._http, self.httplogger
        if logs:
            text = _connection_text(wbem_connection, detail.is_summary)
            logger.debug("Connection:%s %s", self._conn_id, detail.cut(text))

    def stage_pywbem_args(self, method: str, **kwargs: Any) -> None:
        """
        Log an operation and its arguments.

        Parameters:
            method (str): Name of the operation.
            **kwargs: Its arguments.
        """
        self._staged.op_args = OpArgs(method, None)
        if self._logs_api:
            args = ", ".join([f"{name}={kwargs[name]!r}" for name in sorted(kwargs)])
            self.apilogger.debug("Request:%s %s(%s)", self._conn_id, method, self._api.cut(args))

    def stage_pywbem_result(self, ret: Any, exc: Optional[BaseException]) -> None:
        """
        Log the return value of the operation, or its exception.

        Parameters:
            ret: The return value; None if an exception was raised.
            exc (Exception): The exception, or None.
        """
        response = self._staged.response
        if response.status is not None and response.payload is None:
            # The response was refused: its body was not read.
            self._log_response(response)
        if self._logs_api:
            if exc is None:
                what, text = "Return", self._api.of_result(ret)
            else:
                what, text = "Exception", self._api.of_exception(exc)
            method = self._staged.op_args.method
            self.apilogger.debug("%s:%s %s(%s)", what, self._conn_id, method, text)

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
        Log an HTTP request.

        Parameters:
            conn_id (str): Id of the connection.
            version (int): HTTP version, 11 for HTTP/1.1.
            url (str): URL of the server.
            target (str): Target of the request line.
            method (str): HTTP method.
            headers (dict): Header fields.
            payload (bytes): The CIM-XML message.
        """
        if self._logs_http:
            self.httplogger.debug(
                "Request:%s %s %s %s %s %s %s",
                conn_id,
                method,
                target,
                version,
                masked(url),
                _headers_text(headers),
                self._http.of_payload(payload),
            )

    def stage_http_response1(
        self,
        conn_id: str,
        version: Optional[int],
        status: Optional[int],
        reason: Optional[str],
        headers: Headers,
    ) -> None:
        """
        Take the head of the HTTP response, which is logged with the body.

        Parameters:
            conn_id (str): Id of the connection.
            version (int): HTTP version, 11 for HTTP/1.1.
            status (int): Status code.
            reason (str): Reason phrase.
            headers (dict): Header fields.
        """
        self._staged.conn_id = conn_id
        self._staged.response = HttpResponse(version, status, reason, headers, None)

    def stage_http_response2(self, payload: Payload) -> None:
        """
        Log an HTTP response.

        Parameters:
            payload (bytes): The CIM-XML message; None if there is none so far.
        """
        response = self._staged.response
        if payload is None and response.status is None:
            return  # there is none so far
        self._staged.response = HttpResponse(*response[:4], payload)
        self._log_response(self._staged.response)

    def _log_response(self, response: HttpResponse) -> None:
        if self._logs_http:
            self.httplogger.debug(
                "Response:%s %s:%s %s %s %s",
                self._staged.conn_id,
                response.status,
                response.reason,
                response.version,
                _headers_text(response.headers),
                self._http.of_payload(response.payload),
            )


class _Detail:
    """
    A detail level, and the texts of that level.
    """

    __slots__ = ("is_paths", "is_summary", "level", "limit")

    def __init__(self, level: DetailLevel, limit: Optional[int]) -> None:
        self.level = level
        self.is_paths = level == "paths"
        self.is_summary = level == "summary"
        self.limit = limit

    def cut(self, text: str) -> str:
        """
        A text without credentials, cut off at the limit.
        """
        text = masked(text)
        return f"{text[: self.limit]}..." if self.limit and len(text) > self.limit else text

    def of_payload(self, payload: Payload) -> str:
        """
        The payload of an HTTP message.
        """
        if self.is_summary:
            return "''"
        text = decoded(payload)
        return repr(text and self.cut(text))

    def of_exception(self, exc: BaseException) -> str:
        """
        An exception; a summary is one line of it.
        """
        text = f"{type(exc).__name__}({exc})"
        return self.cut(shown(text.split("\n", 1)[0] if self.is_summary else text))

    def of_result(self, ret: Any) -> str:
        """
        The return value of an operation.
        """
        if not (isinstance(ret, tuple) and hasattr(ret, "_asdict")):
            return self._of_value(ret)
        # One of the pull operations.
        fields = ret._asdict()
        names = ("context", "eos", "query_result_class", "instances", "paths")
        texts: Dict[str, str] = {}
        for name in (*names, *fields):
            if name in fields and name not in texts:
                value = fields[name]
                if isinstance(value, list):
                    texts[name] = self._of_value(value)
                else:
                    text = str(value) if name == "query_result_class" else shown(value)
                    texts[name] = masked(text)
        items = ", ".join([f"{name}={text}" for name, text in texts.items()])
        return f"{type(ret).__name__}({items})"

    def _of_value(self, value: Any) -> str:
        if self.is_summary:
            return _summary(value)
        if self.is_paths:
            if isinstance(value, list) and all(isinstance(item, _WITH_PATH) for item in value):
                return ", ".join([self._path_text(item) for item in value])
            if isinstance(value, _WITH_PATH):
                return self._path_text(value)
        return self.cut(shown(value))

    @staticmethod
    def _path_text(value: Any) -> str:
        return masked(shown(str(value.path)))


_WITH_PATH = (CIMInstance, CIMClass)


def _summary(value: Any) -> str:
    if isinstance(value, list):
        if not value:
            return "Empty"
        return f"list of {type(value[0]).__name__}; count={len(value)}"
    name = getattr(value, "classname", None) or getattr(value, "name", "")
    return f"{type(value).__name__} {name}"


def _headers_text(headers: Headers) -> str:
    return " ".join([f"{name}:{value!r}" for name, value in masked_headers(headers or {}).items()])


def _connection_text(connection: Any, summary: bool) -> str:
    try:
        return str(connection) if summary else repr(connection)
    except AttributeError:
        # It is being made: a subclass has not set all that it shows.
        return f"{type(connection).__name__}(url={connection.url!r}, ...)"
