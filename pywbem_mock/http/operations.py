"""
CIM operations over HTTP (DSP0200): what a WBEM server accepts and answers.  No
socket here; the endpoint calls the handler.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import logging
import time
from typing import Callable, Mapping, Optional, Set, Tuple

from pywbem._cim_constants import CIM_ERR_FAILED
from pywbem._cim_xml.records import Call, ErrorRecord
from pywbem._cim_xml.records import Response as ResponseRecord
from pywbem._endpoint import Request, Response
from pywbem._endpoint.cim import (
    OPERATIONS,
    Refused,
    check_call,
    check_head,
    cim_response,
    http_error,
    read_call,
)

from ..operations.calls import subject_of
from ..operations.faults import Broken
from .request_log import RequestLog, status_of

_LOGGER = logging.getLogger("pywbem_mock.server")

#: Paths to which requests may be sent.  DSP0200 leaves them to the server;
#: the first is what most servers have and all clients know.
TARGETS = frozenset(("/cimom", "/"))

# Operations on one object: what they cost does not grow with the repository.
_QUICK = frozenset(
    (
        "closeenumeration",
        "createinstance",
        "deleteinstance",
        "getclass",
        "getinstance",
        "getproperty",
        "getqualifier",
        "modifyinstance",
        "setproperty",
    )
)
# The largest body of a request that is read in the thread of the endpoint, in bytes.
_QUICK_SIZE = 16 * 1024

# Heads that are known to be accepted.
_MAX_ACCEPTED = 1000

# DSP0200: what a client learns by OPTIONS.
_CAPABILITIES: Tuple[Tuple[str, str], ...] = (
    ("Allow", "OPTIONS, POST"),
    ("Opt", "http://www.dmtf.org/cim/mapping/http/v1.0 ; ns=77"),
    ("77-CIMProtocolVersion", "1.4"),
    (
        "77-CIMSupportedFunctionalGroups",
        "Basic Read, Basic Write, Schema Manipulation, Instance Manipulation, "
        "Association Traversal, Query Execution, Qualifier Declaration",
    ),
    ("77-CIMSupportedQueryLanguages", "WQL, DMTF:CQL"),
)


class OperationHandler:
    """
    Turns HTTP requests into calls and response records into HTTP responses.

    Parameters:
        dispatch (callable): Performs a call and returns the response record.
        attempt (callable): The same, but returns None if it would have to wait.
        users (dict): Passwords by user name; with None or an empty dictionary no
            authentication is asked for.
        log (RequestLog): Is told of each request, or None.
    """

    def __init__(
        self,
        dispatch: Callable[[Call], ResponseRecord],
        attempt: Callable[[Call], Optional[ResponseRecord]],
        users: Optional[Mapping[str, str]] = None,
        log: Optional[RequestLog] = None,
    ) -> None:
        self._dispatch = dispatch
        self._attempt = attempt
        self._users = dict(users or {})
        self._log = log
        # Heads that were accepted, as far as they come again.
        self._accepted: Set[object] = set()

    def accept(self, request: Request) -> Optional[Response]:
        """
        Look at the head of a request, before its body is received.

        Returns:
            None, or the response that refuses the request.
        """
        known = request.known
        if known in self._accepted:
            return None
        try:
            self._check_user(request)
            if request.method != "OPTIONS":
                if request.target.partition("?")[0] not in TARGETS:
                    raise http_error(OPERATIONS, 404)
                check_head(OPERATIONS, request)
        except Refused as refused:
            return self._refuse(request, refused)
        if known is not None:
            if len(self._accepted) >= _MAX_ACCEPTED:
                self._accepted.clear()
            self._accepted.add(known)
        return None

    def __call__(self, request: Request) -> Response:
        """
        Answer a request whose head was accepted.
        """
        response = self._answered(request, self._dispatch)
        assert response is not None
        return response

    def quick(self, request: Request) -> Optional[Response]:
        """
        Answer a request whose head was accepted if that takes a moment, without waiting for
        anybody.

        Returns:
            The response, or None if it may take longer: nothing was done then.
        """
        method = request.headers.get("cimmethod", "").lower()
        if method not in _QUICK or len(request.body) > _QUICK_SIZE:
            return None
        return self._answered(request, self._attempt)

    def _answered(
        self, request: Request, perform: Callable[[Call], Optional[ResponseRecord]]
    ) -> Optional[Response]:
        started = time.perf_counter()
        if request.method == "OPTIONS":
            self._tell(request, None, "HTTP 200", started)
            return Response(200, _CAPABILITIES)
        try:
            call, message_id = read_call(OPERATIONS, request)
            check_call(OPERATIONS, request, call)
        except Refused as refused:
            return self._refuse(request, refused)
        try:
            record = perform(call)
            if record is None:
                return None
            response = _answer(record, message_id)
        except Broken as broken:
            status, response = _broken(broken, message_id)
            self._tell(request, call, status, started)
        except BaseException as exc:
            self._tell(request, call, type(exc).__name__, started)
            if isinstance(exc, Exception):
                raise
            # Who exits ends the call, and not the thread of the server that would answer.
            raise RuntimeError(f"{call.name} was ended by {exc!r}") from exc
        else:
            if self._log is not None:
                self._tell(request, call, status_of(record), started)
        microseconds = round((time.perf_counter() - started) * 1e6)
        varying = (("WBEMServerResponseTime", str(microseconds)),)
        if response.cut is not None:
            return response._replace(varying=varying)
        return Response(response.status, response.headers, response.body, varying=varying)

    def _tell(self, request: Request, call: Optional[Call], status: str, started: float) -> None:
        if self._log is not None:
            subject = subject_of(call) if call is not None else None
            seconds = time.perf_counter() - started
            correlators = () if call is None else call.correlators
            self._log.write(request.host, subject, status, seconds, correlators)

    def _refuse(self, request: Request, refused: Refused) -> Response:
        _LOGGER.info("%s from %s refused: %s", request.method, request.host, refused)
        self._tell(request, None, f"HTTP {refused.response.status}", time.perf_counter())
        return refused.response

    def _check_user(self, request: Request) -> None:
        if not self._users:
            return
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "basic":
            try:
                text = base64.b64decode(value.strip(), validate=True).decode("utf-8")
            except (binascii.Error, UnicodeDecodeError):
                text = ""
            user, _, password = text.partition(":")
            expected = self._users.get(user, "").encode("utf-8")
            if hmac.compare_digest(password.encode("utf-8"), expected) and user in self._users:
                return
        refused = http_error(OPERATIONS, 401)
        refused.response = refused.response._replace(
            headers=(("WWW-Authenticate", 'Basic realm="WBEM", charset="UTF-8"'),)
        )
        raise refused


def _answer(record: ResponseRecord, message_id: str) -> Response:
    """
    The HTTP response with a response record, or with an error if the record has
    what cannot be expressed in CIM-XML, such as control characters.
    """
    try:
        return cim_response(OPERATIONS, record, message_id)
    except (TypeError, ValueError) as exc:
        _LOGGER.warning("The result of %s is not sent: %s", record.name, exc)
        text = f"The result cannot be expressed in CIM-XML: {exc!a}"
        error = ErrorRecord(CIM_ERR_FAILED, text, [])
        return cim_response(OPERATIONS, type(record)(record.name, error=error), message_id)


def _broken(broken: Broken, message_id: str) -> Tuple[str, Response]:
    """
    What the log says of an answer that a fault spoils, and the answer.
    """
    if broken.status is not None:
        return f"HTTP {broken.status}", http_error(OPERATIONS, broken.status).response
    if broken.response is None:
        return "dropped", Response(200, cut=-1)
    response = _answer(broken.response, message_id)
    return "truncated", response._replace(cut=len(response.body) // 2)
