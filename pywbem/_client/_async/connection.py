"""
AsyncWBEMConnection: all operations, and how they are run.
"""

from __future__ import annotations

from typing import Any, AsyncGenerator, List, Optional

from ..._cim_xml.messages import ResponseDecoder, encode_request
from ..._cim_xml.records import Call, IntrinsicResponse, Response
from ..._http.cim import request_headers
from ..._observers.exchange import MESSAGE_ID, Exchange
from ..._protocol.operation import Operation, T
from ..shell import AsyncShell
from .classes import AsyncClassOperations
from .exports import AsyncExportOperations
from .iterate import AsyncIterOperations
from .methods import AsyncMethodOperations
from .qualifiers import AsyncQualifierOperations


class AsyncWBEMConnection(
    AsyncShell,
    AsyncIterOperations,
    AsyncClassOperations,
    AsyncQualifierOperations,
    AsyncMethodOperations,
    AsyncExportOperations,
):
    """
    A client's connection to a WBEM server, or to a WBEM listener.

    Making the object sends nothing.  Each operation is one HTTP request; the
    sockets are kept for the next ones until :meth:`close`.  The object is an
    asynchronous context manager that closes itself, and can be shared by
    tasks of one event loop.

    The operations raise these exceptions:

    * :exc:`~pywbem.ConnectionError`, :exc:`~pywbem.TimeoutError`,
      :exc:`~pywbem.AuthError`: The server could not be reached, did not answer
      in time, or did not accept the credentials.

    * :exc:`~pywbem.HTTPError`, :exc:`~pywbem.HeaderParseError`,
      :exc:`~pywbem.XMLParseError`, :exc:`~pywbem.CIMXMLParseError`,
      :exc:`~pywbem.VersionError`: The server answered with an HTTP error, or
      with something that is no valid CIM-XML response.

    * :exc:`~pywbem.CIMError`: The server says that the operation failed.

    * :exc:`TypeError`, :exc:`ValueError`: An argument is wrong; nothing was
      sent.
    """

    def copy(self) -> AsyncWBEMConnection:
        """
        Return a new connection with the same settings and copies of the
        recorders; it has its own id, sockets and statistics.
        """
        other = AsyncWBEMConnection(**self._arguments())
        other._copy_recorders(self)
        return other

    async def close(self) -> None:
        """
        Close this connection: release its sockets.

        Operations on a closed connection raise :exc:`~pywbem.ConnectionError`.

        Raises:
            :exc:`~pywbem.ConnectionError`: The connection is closed.
        """
        transport = self._closed_transport()
        if transport is not None:
            await transport.close()

    async def __aenter__(self) -> AsyncWBEMConnection:
        return self

    async def __aexit__(self, exc_type: Any, exc_value: Any, traceback: Any) -> None:
        if not self._closed:
            await self.close()

    # -- Running operations ---------------------------------------------------

    async def _run(self, operation: Operation[T]) -> T:
        """
        Run an operation, under the eyes of the observers.
        """
        exchange = self._new_exchange()
        try:
            exchange.begin(operation)
            call = self._call_of(operation)
            self._verify_open()
            exchange.performed = True
            result = operation.finish(await self._exchange(call, exchange))
        except BaseException as exc:
            self._end(exchange, None, exc)
            raise
        self._end(exchange, result, None)
        return result

    async def _stream(self, operation: Operation[Any]) -> AsyncGenerator[Any, None]:
        """
        Run an operation that returns a list, and yield its items as they arrive.
        """
        exchange = self._new_exchange(streamed=True)
        # For recorders, which show the result.
        kept: Optional[List[Any]] = [] if exchange.keeps else None
        try:
            exchange.begin(operation)
            call = self._call_of(operation)
            self._verify_open()
            exchange.performed = True
            parts = self._parts(call, exchange)
            try:
                async for response in parts:
                    items = operation.finish(response)
                    if kept is not None:
                        # The caller may change the objects before they are shown.
                        kept += [item.copy() for item in items]
                    for item in items:
                        yield item
            finally:
                await parts.aclose()
        except GeneratorExit:
            self._end(exchange, kept, None)
            raise
        except BaseException as exc:
            self._end(exchange, None, exc)
            raise
        self._end(exchange, kept, None)

    async def _exchange(self, call: Call, exchange: Exchange) -> Response:
        """
        Have a call performed.

        With :meth:`_parts`, this is the only method that knows CIM-XML and HTTP;
        a connection to something that is no server overrides both.

        Parameters:
            call (Call): The call record.
            exchange (Exchange): Is told what is sent and received.

        Returns:
            The response record.
        """
        request = encode_request(call, MESSAGE_ID)
        headers = request_headers(call)
        exchange.sending(request, headers)
        async with await self._open_transport().post(request, headers) as reply:
            exchange.receiving(reply)
            decoder = ResponseDecoder(call, self._conn_id)
            try:
                async for piece in reply:
                    exchange.received(piece)
                    decoder.feed(piece)
                response = decoder.close()
                exchange.identified(decoder.message_id)
                return response
            finally:
                exchange.ended()

    async def _parts(self, call: Call, exchange: Exchange) -> AsyncGenerator[Response, None]:
        """
        Have a call performed, and yield its response in parts: response records
        with the objects that are finished.

        The parameters and exceptions are those of :meth:`_exchange`; exceptions are raised
        in the order of the response.
        """
        request = encode_request(call, MESSAGE_ID)
        headers = request_headers(call)
        exchange.sending(request, headers)
        async with await self._open_transport().post(request, headers) as reply:
            exchange.receiving(reply)
            decoder = ResponseDecoder(call, self._conn_id, stream=True)
            try:
                async for piece in reply:
                    exchange.received(piece)
                    objects = decoder.feed(piece)
                    if objects:
                        yield IntrinsicResponse(call.name, objects)
                        reply.restart_timeout()
                    if decoder.failed:
                        # What is wrong is not to wait for what follows.
                        break
                objects = decoder.flush()
                if objects:
                    yield IntrinsicResponse(call.name, objects)
                response = decoder.close()
                exchange.identified(decoder.message_id)
                yield response
            finally:
                exchange.ended()
