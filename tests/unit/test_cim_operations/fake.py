"""
Connections without a server: one that answers call records with response
records, and one whose transport answers bytes with bytes.
"""

from __future__ import annotations

from typing import (
    Any,
    AsyncGenerator,
    Callable,
    Dict,
    Generator,
    Iterator,
    List,
    Mapping,
    Optional,
    Tuple,
    Union,
)

from pywbem import AsyncWBEMConnection
from pywbem._cim_operations import WBEMConnection
from pywbem._cim_xml.records import (
    Call,
    ErrorRecord,
    ExportCall,
    ExportResponse,
    ExtrinsicCall,
    ExtrinsicResponse,
    IntrinsicResponse,
    Response,
)
from pywbem._observers.exchange import Exchange

NAMESPACE = "root/def"
HOST = "server:5988"

Answer = Union[Response, Exception, Callable[[Call], Response]]


class RecordConnection(WBEMConnection):
    """
    Answers calls with the given responses, one after the other, then with
    empty ones; ``calls`` holds the calls.
    """

    def __init__(self, *answers: Answer, **settings: Any) -> None:
        settings.setdefault("default_namespace", NAMESPACE)
        super().__init__(f"http://{HOST}", **settings)
        self.answers: List[Answer] = list(answers)
        self.calls: List[Call] = []

    def _exchange(self, call: Call, exchange: Exchange) -> Response:
        self.calls.append(call)
        if not self.answers:
            return empty_response(call)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer(call) if callable(answer) else answer

    def _parts(self, call: Call, exchange: Exchange) -> Generator[Response, None, None]:
        yield self._exchange(call, exchange)

    @property
    def names(self) -> List[str]:
        """The names of the calls."""
        return [call.name for call in self.calls]


class AsyncRecordConnection(AsyncWBEMConnection):
    """
    The asynchronous one of :class:`RecordConnection`.
    """

    def __init__(self, *answers: Answer, **settings: Any) -> None:
        self.conn = RecordConnection(*answers, **settings)
        settings.setdefault("default_namespace", NAMESPACE)
        super().__init__(f"http://{HOST}", **settings)
        self.answers, self.calls = self.conn.answers, self.conn.calls

    async def _exchange(self, call: Call, exchange: Exchange) -> Response:
        return self.conn._exchange(call, exchange)

    async def _parts(self, call: Call, exchange: Exchange) -> AsyncGenerator[Response, None]:
        yield await self._exchange(call, exchange)

    @property
    def names(self) -> List[str]:
        """The names of the calls."""
        return self.conn.names


def empty_response(call: Call) -> Response:
    """A response that says nothing."""
    if isinstance(call, ExtrinsicCall):
        return ExtrinsicResponse(call.name)
    if isinstance(call, ExportCall):
        return ExportResponse(call.name)
    return IntrinsicResponse(call.name)


def returned(*objects: Any, **params: Any) -> Callable[[Call], Response]:
    """A response that returns objects and output parameters."""
    return lambda call: IntrinsicResponse(call.name, list(objects), list(params.items()))


def failure(code: int, description: Optional[str] = None, *instances: Any) -> Answer:
    """A response that says that the operation failed."""

    def answer(call: Call) -> Response:
        response: Any = empty_response(call)
        error = ErrorRecord(code, description, list(instances))
        result: Response = response._replace(error=error)
        return result

    return answer


class Reply:
    """An HTTP reply of status 200."""

    version = 11
    status = 200
    reason = "OK"

    def __init__(self, body: bytes, server_response_time: Optional[float] = None) -> None:
        self.body = body
        self.server_response_time = server_response_time
        self.headers = {
            "CIMOperation": "MethodResponse",
            "Content-Length": str(len(body)),
        }
        self.closed = False

    def __enter__(self) -> Reply:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.closed = True

    def __iter__(self) -> Iterator[bytes]:
        half = len(self.body) // 2
        yield self.body[:half]
        yield self.body[half:]


class Transport:
    """Answers requests with the given replies or exceptions."""

    def __init__(self, *answers: Union[Reply, Exception]) -> None:
        self.answers = list(answers)
        self.requests: List[Tuple[bytes, Dict[str, str]]] = []
        self.timeout: Optional[float] = None
        self.closed = False

    def post(self, body: bytes, headers: Mapping[str, str]) -> Reply:
        self.requests.append((body, dict(headers)))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def close(self) -> None:
        self.closed = True


def wired(*answers: Union[Reply, Exception], **settings: Any) -> Tuple[WBEMConnection, Transport]:
    """A connection with such a transport, and the transport."""
    settings.setdefault("default_namespace", NAMESPACE)
    conn = WBEMConnection(f"http://{HOST}", **settings)
    transport = Transport(*answers)
    conn._transport = transport  # type: ignore[assignment]
    return conn, transport


def message(name: str, content: str) -> bytes:
    """The response message of an intrinsic method."""
    return (
        '<?xml version="1.0" encoding="utf-8" ?>\n'
        '<CIM CIMVERSION="2.0" DTDVERSION="2.0"><MESSAGE ID="1001" PROTOCOLVERSION="1.0">'
        f'<SIMPLERSP><IMETHODRESPONSE NAME="{name}">{content}</IMETHODRESPONSE></SIMPLERSP>'
        "</MESSAGE></CIM>"
    ).encode()
