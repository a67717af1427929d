"""
Statistics of what fills a repository: as operations of the connection, they are
in its statistics.
"""

from __future__ import annotations

import contextlib
from typing import ContextManager, Iterator, Optional

from pywbem._observers.statistics import Statistics


@contextlib.contextmanager
def counted(statistics: Statistics, name: str, exceptions: bool = True) -> Iterator[None]:
    """
    Count what is done in this context.

    Parameters:
        statistics (Statistics): The statistics of the connection.
        name (str): Name of the operation.
        exceptions (bool): Count exceptions, too.
    """
    statistic = statistics.start_timer(name)
    failed = False
    try:
        yield
    except Exception:
        failed = exceptions
        raise
    finally:
        statistic.stop_timer(0, 0, exception=failed)


def filling(statistics: Statistics, method: str, namespace: Optional[str]) -> ContextManager[None]:
    """
    The context in which a method of the connection that fills the repository is
    counted.
    """
    return counted(statistics, f"{method}(ns={namespace!r})", exceptions=False)
