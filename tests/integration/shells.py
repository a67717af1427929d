"""
What is asynchronous with the methods of what is not, so that one test asks both shells.
"""

from __future__ import annotations

import asyncio
import gc
import inspect
import threading
from typing import (
    Any,
    AsyncGenerator,
    Awaitable,
    Coroutine,
    Dict,
    Iterator,
    List,
    Mapping,
    TypeVar,
)

import pywbem
from pywbem._http.async_transport import AsyncHTTPTransport, AsyncReply

T = TypeVar("T")


class Loop:
    """
    An event loop in a thread, from ``__enter__`` to ``__exit__``.
    """

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        #: What the loop had to say about tasks and callbacks that failed.
        self.complaints: List[Dict[str, Any]] = []
        self._thread = threading.Thread(target=self.loop.run_forever)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait for a coroutine that runs in the loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60)

    def __enter__(self) -> Loop:
        self.loop.set_exception_handler(lambda _loop, context: self.complaints.append(context))
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        gc.collect()
        self.run(self.loop.shutdown_asyncgens())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(20)
        self.loop.close()
        gc.collect()
        assert self.complaints == []


class BlockingReply:
    """
    An asynchronous reply whose pieces are waited for.
    """

    def __init__(self, reply: AsyncReply, loop: Loop) -> None:
        self._reply = reply
        self._loop = loop

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reply, name)

    def __iter__(self) -> Iterator[bytes]:
        while True:
            try:
                yield self._loop.run(self._reply.__anext__())
            except StopAsyncIteration:
                return

    def __enter__(self) -> BlockingReply:
        return self

    def __exit__(self, *exc: object) -> None:
        self._loop.run(self._reply.__aexit__(*exc))


class BlockingTransport:
    """
    An asynchronous transport whose replies are waited for.
    """

    def __init__(self, loop: Loop, url: str, **options: Any) -> None:
        self._loop = loop
        self._transport = AsyncHTTPTransport(url, **options)

    @property
    def timeout(self) -> Any:
        """The timeout."""
        return self._transport.timeout

    @timeout.setter
    def timeout(self, timeout: Any) -> None:
        self._transport.timeout = timeout

    def __repr__(self) -> str:
        return repr(self._transport)

    def post(self, body: bytes, headers: Mapping[str, str]) -> BlockingReply:
        """Send a request."""
        return BlockingReply(self._loop.run(self._transport.post(body, headers)), self._loop)

    def close(self) -> None:
        """Close the sockets."""
        self._loop.run(self._transport.close())


class Blocking:
    """
    An asynchronous object of pywbem (connection, server, value mapping, subscription
    manager) whose coroutines are waited for, and whose asynchronous generators are
    generators.
    """

    def __init__(self, wrapped: Any, loop: Loop) -> None:
        object.__setattr__(self, "wrapped", wrapped)
        object.__setattr__(self, "_loop", loop)

    def __getattr__(self, name: str) -> Any:
        return self._waited(getattr(self.wrapped, name))

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self.wrapped, name, value)

    def __str__(self) -> str:
        return str(self.wrapped)

    def __repr__(self) -> str:
        return repr(self.wrapped)

    def _waited(self, value: Any) -> Any:
        if inspect.isawaitable(value):
            value = self._loop.run(_awaited(value))
        if isinstance(value, AsyncGenerator):
            return self._items(value)
        if isinstance(value, pywbem.AsyncIterQueryInstancesReturn):
            return Blocking(value, self._loop)
        if inspect.ismethod(value):
            return lambda *args, **kwargs: self._waited(value(*map(_unwrapped, args), **kwargs))
        return value

    def _items(self, items: AsyncGenerator[Any, None]) -> Iterator[Any]:
        try:
            while True:
                try:
                    yield self._loop.run(_awaited(items.__anext__()))
                except StopAsyncIteration:
                    return
        finally:
            self._loop.run(_awaited(items.aclose()))

    def __enter__(self) -> Blocking:
        self._loop.run(self.wrapped.__aenter__())
        return self

    def __exit__(self, *exc: object) -> None:
        self._loop.run(self.wrapped.__aexit__(*exc))


def _unwrapped(value: Any) -> Any:
    return value.wrapped if isinstance(value, Blocking) else value


async def _awaited(value: Awaitable[T]) -> T:
    return await value
