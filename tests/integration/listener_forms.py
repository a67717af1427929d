"""
The forms of a listener, run in the same way: one with threads, and one in an event loop
(of a thread that is not the test's) with coroutine callbacks or with a loop over it.
"""

from __future__ import annotations

import asyncio
import inspect
import threading
from types import TracebackType
from typing import Any, Callable, Optional, Type, Union

import pywbem
from tests.integration.exporter import Answer, Exporter, export_request
from tests.integration.receiver import HOST

#: The forms, for tests that are about all of them.
FORMS = ("threads", "callbacks", "loop")

AnyListener = Union[pywbem.WBEMListener, pywbem.AsyncWBEMListener]


class Running:
    """
    A listener that is started, with a callback that may block; a context manager that
    stops it.
    """

    def __init__(
        self, form: str, callback: Optional[Callable[..., object]] = None, **options: Any
    ) -> None:
        self._form = form
        self._callback = callback
        self._told = callback is not None and (
            "redelivered" in inspect.signature(callback).parameters
        )
        options.setdefault("http_port", 0)
        self.listener: AnyListener
        self._thread: Optional[threading.Thread] = None
        self._problem: Optional[BaseException] = None
        if form == "threads":
            self.listener = pywbem.WBEMListener(HOST, **options)
            if callback is not None:
                self.listener.add_callback(callback)
        else:
            self.listener = pywbem.AsyncWBEMListener(HOST, **options)
            if form == "callbacks" and callback is not None:
                self.listener.add_callback(self._coroutine(callback))
        self._loop: asyncio.AbstractEventLoop
        self._enough: asyncio.Event
        self.start()

    def start(self) -> None:
        """Start the listener, again after it was stopped."""
        if isinstance(self.listener, pywbem.WBEMListener):
            self.listener.start()
            return
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        assert self._started.wait(20)
        if self._problem is not None:
            self._thread.join()
            raise self._problem

    def __enter__(self) -> Running:
        return self

    def __exit__(
        self,
        exc_type: Optional[Type[BaseException]],
        exc: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self.stop()

    @property
    def port(self) -> int:
        port = self.listener.http_port or self.listener.https_port
        assert port
        return port

    @property
    def counters(self) -> Any:
        return self.listener.counters

    @property
    def size(self) -> int:
        return self.listener.ind_queue_size() or 0

    def ask(self, text: object) -> Answer:
        """Export one indication."""
        with Exporter(self.port) as client:
            return client.ask(export_request(text))

    def stop(self) -> None:
        """Stop the listener and wait for that."""
        if isinstance(self.listener, pywbem.WBEMListener):
            self.listener.stop()
        elif self._thread is not None:
            try:
                self._loop.call_soon_threadsafe(self._enough.set)
            except RuntimeError:
                pass  # it has ended meanwhile
            self._thread.join(30)
            assert not self._thread.is_alive()
            if self._problem is not None:
                raise self._problem

    def _run(self) -> None:
        try:
            asyncio.run(self._main())
        except BaseException as exc:
            self._problem = exc
        finally:
            self._started.set()

    async def _main(self) -> None:
        listener, callback = self.listener, self._callback
        assert isinstance(listener, pywbem.AsyncWBEMListener)
        self._loop = asyncio.get_running_loop()
        self._enough = asyncio.Event()
        async with listener:
            consumer = None
            if self._form == "loop" and callback is not None:
                consumer = asyncio.ensure_future(self._consume(callback))
            self._started.set()
            await self._enough.wait()
        if consumer is not None:
            await consumer

    def _coroutine(self, callback: Callable[..., object]) -> Callable[..., object]:
        async def waiting(indication: pywbem.CIMInstance, host: str) -> None:
            await self._loop.run_in_executor(None, callback, indication, host)

        async def told(indication: pywbem.CIMInstance, host: str, redelivered: bool) -> None:
            await self._loop.run_in_executor(None, callback, indication, host, redelivered)

        return told if self._told else waiting

    async def _consume(self, callback: Callable[..., object]) -> None:
        assert isinstance(self.listener, pywbem.AsyncWBEMListener)
        async for item in self.listener:
            arguments = (*item, item.redelivered) if self._told else item
            await self._loop.run_in_executor(None, callback, *arguments)
