"""
:class:`AsyncWBEMListener`: the same listener in the event loop of the program.

The way of an indication: endpoint → export request → queue → the task that calls the
callbacks, or those of the program that iterate over the listener.
"""

from __future__ import annotations

import time
from contextlib import nullcontext
from types import MappingProxyType, TracebackType
from typing import Any, Mapping, NamedTuple, Optional, Type

from .._cim_obj import CIMInstance
from .base import Listener
from .delivery import Callback, Delivery, is_redelivered
from .tasks import JournalTask, Takers

#: Seconds that the end of a listener may take, most of which its callbacks have.
STOP_TIME = 4.0
_NEVER = float("inf")


class _Received(NamedTuple):
    indication: CIMInstance
    host: str


class ReceivedIndication(_Received):
    """
    An item of the loop over an :class:`~pywbem.AsyncWBEMListener`: a pair of the indication
    and the address from which it was sent.
    """

    #: bool: Whether it was in the journal when the listener was started, so that the
    #: program may have got it before.
    redelivered: bool = False

    #: dict: The correlators of the request (DSP0201 2.4), by name.
    correlators: Mapping[str, Any] = MappingProxyType({})


class AsyncWBEMListener(Listener):
    """
    Receives indications from WBEM servers by HTTP and HTTPS in the event loop of the
    program, without threads of its own except for the flushes of a journal.

    The parameters are those of :class:`~pywbem.WBEMListener`, and so is what it does.  An
    ``async with`` block starts it and stops it.  In the block, the program iterates over
    the listener::

        async with AsyncWBEMListener("0.0.0.0", http_port=5990) as listener:
            async for indication, host in listener:
                ...

    or it adds callbacks, which are coroutine functions or plain functions, and waits for
    something else.  What nobody takes waits in the queue.

    Each item of the loop is a pair with the attributes ``redelivered`` and
    ``correlators``.  It counts as delivered, and leaves the journal, when the task that got
    it asks for the next one, or leaves the block without an exception.  Several tasks may
    iterate; each gets other indications.
    """

    _takers: Optional[Takers] = None
    _writer: Optional[JournalTask] = None
    _delivery: Optional[Delivery] = None

    async def __aenter__(self) -> AsyncWBEMListener:
        """
        Start the listener: its ports are open.

        Raises:
            :exc:`~pywbem.ListenerCertificateError`: The certificate file or the
                key file cannot be used, or the password is wrong.
            :exc:`~pywbem.ListenerPromptError`: There was no password entered.
            :exc:`~pywbem.ListenerPortError`: A port is in use.
            :exc:`~pywbem.ListenerStartError`: Another problem with the host or
                a port, or the journal.
            AssertionError: The listener is started already.
        """
        if self._takers is not None:
            raise AssertionError(f"The listener is started already: {self}")
        receiver = self._make_receiver(nullcontext())
        endpoint = self._make_endpoint(receiver)
        takers, writer = Takers(), JournalTask()
        journal = None
        try:
            journal = self._open_journal(nullcontext(), writer.wake)
            delivery = self._make_delivery(endpoint, receiver, journal, nullcontext(), takers.wake)
            if journal is not None:
                await writer.run(self._load, delivery)
                writer.start(journal)
                self._writer = writer
        except BaseException:
            endpoint.stop()
            self._closed(endpoint)
            self._backlog = None
            await writer.close_file(journal)
            raise
        takers.begin(delivery)
        if self._callbacks:
            takers.call_back()
        endpoint.open()
        self._endpoint, self._takers, self._delivery = endpoint, takers, delivery
        self._logger.info("Started %s", self)
        return self

    async def __aexit__(
        self,
        exc_type: Optional[Type[BaseException]],
        exc_value: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        """
        Stop the listener within five seconds, see :meth:`stop`.  What is not delivered
        then stays in the journal; without a journal, it is logged as warnings and counted
        as ``dropped``.
        """
        takers, writer = self._takers, self._writer
        assert takers is not None
        try:
            await self.stop()
        finally:
            try:
                await takers.end(exc_type is None)
            finally:
                self._takers = self._backlog = self._writer = self._delivery = None
                if writer is not None:
                    await writer.end()
        self._logger.info("Stopped %s", self)

    async def stop(self, timeout: Optional[float] = STOP_TIME) -> None:
        """
        Receive no more, and wait until what was received is delivered.

        The ports are closed, requests that are under way answered, and the connections
        closed.  Loops over the listener get what there is, and end then.  In a callback,
        and in the body of such a loop, this method does not wait for that.

        Parameters:
            timeout (float): How many seconds to wait, all in all; ``None``: as long as it
                takes.
        """
        end = _NEVER if timeout is None else time.monotonic() + timeout
        takers, endpoint = self._takers, self._endpoint
        if takers is None:
            return
        if endpoint is not None:
            self._logger.info("Stopping %s", self)
            await endpoint.close()
            if self._endpoint is endpoint:
                self._closed(endpoint)
        if self._delivery is not None:
            self._delivery.close()
        await takers.drain(end)

    def add_callback(self, callback: Callback) -> None:
        """
        Add a function that is called for each indication, or a coroutine function of
        which the result is waited for.

        The callbacks are called one after the other, in the order in which they were
        added, in a task of the listener.  A function that was added before is not added
        again.

        Parameters:
            callback (:func:`~pywbem.callback_interface`): The function.

        Raises:
            TypeError: It cannot be called.
        """
        super().add_callback(callback)
        if self._takers is not None:
            self._takers.call_back()

    def __aiter__(self) -> AsyncWBEMListener:
        """
        Return the listener, which hands out its indications.
        """
        return self

    async def __anext__(self) -> ReceivedIndication:
        """
        Wait for the next indication.

        Raises:
            RuntimeError: The listener has callbacks, which get the indications.
        """
        if self._callbacks:
            raise RuntimeError("The callbacks of the listener get the indications")
        indication = None if self._takers is None else await self._takers.take()
        if indication is None:
            raise StopAsyncIteration
        received = ReceivedIndication(indication.instance, indication.host)
        if is_redelivered(indication):
            received.redelivered = True
        if indication.correlators:
            received.correlators = dict(indication.correlators)
        return received
