"""
The result of a query, iterated over by several at once, or not to its end.
"""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any, AsyncIterator, Iterator, List

import pytest

import pywbem
from pywbem import AsyncIterQueryInstancesReturn, CIMInstance, IterQueryInstancesReturn

INSTANCES = [CIMInstance("C", {"N": str(number)}) for number in range(20)]


def test_threads() -> None:
    """Each gets all instances, of which each is fetched once."""
    both = threading.Barrier(2)

    def fetched() -> Iterator[CIMInstance]:
        for instance in INSTANCES:
            with pytest.raises(threading.BrokenBarrierError):
                both.wait(0.01)  # the other one does not come in here
            both.reset()
            yield instance

    result = IterQueryInstancesReturn(fetched())
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(lambda _: list(result), range(2))) == [INSTANCES, INSTANCES]


async def fetched_slowly() -> AsyncIterator[CIMInstance]:
    for instance in INSTANCES:
        await asyncio.sleep(0)
        yield instance


async def taken(result: AsyncIterQueryInstancesReturn) -> List[CIMInstance]:
    return [instance async for instance in result]


def test_tasks() -> None:
    """Each gets all instances."""

    async def main() -> List[List[CIMInstance]]:
        result = AsyncIterQueryInstancesReturn(fetched_slowly())
        return list(await asyncio.gather(taken(result), taken(result), taken(result)))

    assert asyncio.run(main()) == [INSTANCES] * 3


def test_task_that_is_cancelled() -> None:
    """What it did not fetch is not taken for the end."""

    async def never() -> AsyncIterator[CIMInstance]:
        yield INSTANCES[0]
        await asyncio.sleep(60)

    async def main() -> None:
        result = AsyncIterQueryInstancesReturn(never())
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(taken(result), 0.01)
        for _ in range(2):
            again: Any = result.generator
            assert await again.__anext__() == INSTANCES[0]
            with pytest.raises(pywbem.ConnectionError, match="not fetched to its end"):
                await again.__anext__()

    asyncio.run(main())


def test_iteration_that_is_interrupted() -> None:
    def interrupted() -> Iterator[CIMInstance]:
        yield INSTANCES[0]
        raise KeyboardInterrupt

    result = IterQueryInstancesReturn(interrupted())
    with pytest.raises(KeyboardInterrupt):
        list(result)
    with pytest.raises(pywbem.ConnectionError, match="not fetched to its end"):
        list(result)
