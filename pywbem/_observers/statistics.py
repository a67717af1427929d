"""
Statistics of the operations of a connection: how many, how long, how large.
"""

from __future__ import annotations

import copy
import threading
import time
from typing import Any, Dict, Hashable, List, Optional, Tuple

from .. import _process
from .._process import ProcessLock

__all__ = ["OperationStatistic", "Statistics"]

# One lock for all statistics: it is held for a few additions.
_LOCK = ProcessLock()

_INFINITE = float("inf")

#: Size of the request, size of the response, time of the server.
Measures = Tuple[Optional[float], Optional[float], Optional[float]]


class _Measure:
    """
    Sum, minimum and maximum of one quantity.
    """

    __slots__ = ("maximum", "minimum", "total")

    def __init__(self) -> None:
        self.total = 0.0
        self.minimum: float = _INFINITE
        self.maximum: float = 0.0

    def add(self, value: Optional[float]) -> None:
        if value is not None:
            self.total += value
            self.minimum = min(self.minimum, value)
            self.maximum = max(self.maximum, value)


class OperationStatistic:
    """
    Statistics of the operations of one name.

    Objects are made by :class:`~pywbem.Statistics` and read by programs.

    Parameters:
        container (:class:`~pywbem.Statistics`): The statistics that it belongs
            to.
        name (str): Name of the operation.
    """

    def __init__(self, container: Statistics, name: str) -> None:
        self._container = container
        self._name = name
        # What is being measured, by run or thread: the process, and the start.
        self._running: Dict[Hashable, Tuple[int, float]] = {}
        self.reset()

    @property
    def container(self) -> Statistics:
        """
        :class:`~pywbem.Statistics`: The statistics that this belongs to.
        """
        return self._container

    @property
    def name(self) -> str:
        """
        str: Name of the operation.
        """
        return self._name

    @property
    def stat_start_time(self) -> Optional[float]:
        """
        float: When the first operation was measured since the creation or last
        reset of this object, in seconds since the epoch; None if none was.
        """
        return self._stat_start_time

    @property
    def count(self) -> int:
        """
        int: Number of measured operations.
        """
        return self._count

    @property
    def exception_count(self) -> int:
        """
        int: Number of measured operations that raised an exception.
        """
        return self._exception_count

    @property
    def avg_time(self) -> float:
        """
        float: Average time of an operation in seconds.
        """
        return self._time.total / self._count if self._count else 0

    @property
    def min_time(self) -> float:
        """
        float: Shortest time of an operation in seconds; infinite if none was
        measured.
        """
        return self._time.minimum

    @property
    def max_time(self) -> float:
        """
        float: Longest time of an operation in seconds.
        """
        return self._time.maximum

    @property
    def avg_server_time(self) -> float:
        """
        float: Average time that the server reported, in seconds; 0 if it did
        not report it for each operation that was performed.
        """
        return self._server_time.total / self._performed if self._performed else 0

    @property
    def min_server_time(self) -> float:
        """
        float: Shortest time that the server reported, in seconds.
        """
        return self._server_time.minimum

    @property
    def max_server_time(self) -> float:
        """
        float: Longest time that the server reported, in seconds.
        """
        return self._server_time.maximum

    @property
    def avg_request_len(self) -> float:
        """
        float: Average size of a CIM-XML request in bytes.
        """
        return self._request_len.total / self._performed if self._performed else 0.0

    @property
    def min_request_len(self) -> float:
        """
        float: Smallest size of a CIM-XML request in bytes.
        """
        return self._request_len.minimum

    @property
    def max_request_len(self) -> float:
        """
        float: Largest size of a CIM-XML request in bytes.
        """
        return self._request_len.maximum

    @property
    def avg_reply_len(self) -> float:
        """
        float: Average size of a CIM-XML response in bytes.
        """
        return self._reply_len.total / self._performed if self._performed else 0.0

    @property
    def min_reply_len(self) -> float:
        """
        float: Smallest size of a CIM-XML response in bytes.
        """
        return self._reply_len.minimum

    @property
    def max_reply_len(self) -> float:
        """
        float: Largest size of a CIM-XML response in bytes.
        """
        return self._reply_len.maximum

    def reset(self) -> None:
        """
        Forget what was measured.
        """
        self._stat_start_time: Optional[float] = None
        self._count = 0
        self._performed = 0
        self._exception_count = 0
        self._time = _Measure()
        self._server_time = _Measure()
        self._server_time_suspended = False
        self._request_len = _Measure()
        self._reply_len = _Measure()

    def start_timer(self) -> None:
        """
        Begin to measure an operation of the current thread.
        """
        if self._container.enabled:
            self._begin(threading.get_ident())

    def stop_timer(
        self,
        request_len: Optional[int] = None,
        reply_len: Optional[int] = None,
        server_time: Optional[float] = None,
        exception: bool = False,
    ) -> Optional[float]:
        """
        End the measurement of an operation of the current thread.

        Parameters:
            request_len (int): Size of the CIM-XML request in bytes, or None.
            reply_len (int): Size of the CIM-XML response in bytes, or None.
            server_time (float): Time that the server reported, in seconds.  If
                None, server times are no longer counted until the next reset.
            exception (bool): Whether the operation raised an exception.

        Returns:
            float: Time of the operation in seconds, or None if the statistics
            are disabled.

        Raises:
            RuntimeError: :meth:`start_timer` was not called.
        """
        run = threading.get_ident()
        if run not in self._running and self._container.enabled and not self._measures_nothing:
            raise RuntimeError("stop_timer() was called without start_timer()")
        return self._end(run, (request_len, reply_len, server_time), exception)

    def _begin(self, run: Hashable) -> None:
        """
        Begin to measure a run of the operation.
        """
        with _LOCK():
            if self._stat_start_time is None:
                self._stat_start_time = time.time()
            self._running[run] = (_process.generation, time.perf_counter())

    def _end(self, run: Hashable, measures: Optional[Measures], failed: bool) -> Optional[float]:
        """
        End the measurement of a run.

        Parameters:
            measures (tuple): What was measured beside the time; None if the
                operation was not performed.
        """
        now = time.perf_counter()
        with _LOCK():
            _, start = self._running.pop(run, (0, now))
            if not self._container.enabled or self._measures_nothing:
                return None
            self._count += 1
            if failed:
                self._exception_count += 1
            self._time.add(now - start)
            if measures is not None:
                self._add(*measures)
        return now - start

    def _add(
        self,
        request_len: Optional[float],
        reply_len: Optional[float],
        server_time: Optional[float],
    ) -> None:
        self._performed += 1
        self._request_len.add(request_len)
        self._reply_len.add(reply_len)
        if server_time is None:
            self._server_time_suspended = True
            self._server_time = _Measure()
        elif not self._server_time_suspended:
            self._server_time.add(server_time)

    @property
    def _has_server_time(self) -> bool:
        return not self._server_time_suspended and (self._performed > 0 or self._count == 0)

    @property
    def _measures_nothing(self) -> bool:
        return self is self._container._disabled_stats

    @property
    def _is_active(self) -> bool:
        # What another thread measured in the parent ends there.
        return any(process == _process.generation for process, _ in self._running.values())

    def __repr__(self) -> str:
        values = [f"name={self.name!r}", f"count={self.count}"]
        values.append(f"exception_count={self.exception_count}")
        for quantity in ("time", "server_time", "request_len", "reply_len"):
            for kind in ("avg", "min", "max"):
                values.append(f"{kind}_{quantity}={getattr(self, f'{kind}_{quantity}')!r}")
        return f"{type(self).__name__}({', '.join(values)})"

    @staticmethod
    def formatted_header(include_server_time: bool, include_lengths: bool) -> str:
        """
        The two lines above the lines of :meth:`formatted`.

        Parameters:
            include_server_time (bool): Include the times that the server reported.
            include_lengths (bool): Include the sizes of requests and responses.
        """
        first = "Count ExcCnt          Time [s]      "
        second = "                Avg     Min     Max "
        if include_server_time:
            first += "       ServerTime [s]   "
            second += "    Avg     Min     Max "
        if include_lengths:
            first += "       RequestLen [B]            ReplyLen [B]   "
            second += "   Avg    Min    Max      Avg      Min      Max "
        return f"{first}Operation\n{second}\n"

    def formatted(self, include_server_time: bool, include_lengths: bool) -> str:
        """
        The statistics as one line of text.

        Parameters:
            include_server_time (bool): Include the times that the server
                reported.
            include_lengths (bool): Include the sizes of requests and responses.
        """
        line = f"{self.count:5d} {self.exception_count:5d} "
        line += f"{self.avg_time:7.3f} {self.min_time:7.3f} {self.max_time:7.3f} "
        if include_server_time:
            line += f"{self.avg_server_time:7.3f} {self.min_server_time:7.3f} "
            line += f"{self.max_server_time:7.3f} "
        if include_lengths:
            line += f"{self.avg_request_len:6.0f} {self.min_request_len:6.0f} "
            line += f"{self.max_request_len:6.0f} "
            line += f"{self.avg_reply_len:8.0f} {self.min_reply_len:8.0f} "
            line += f"{self.max_reply_len:8.0f} "
        return f"{line}{self.name}\n"


class Statistics:
    """
    Statistics of the operations of a connection, by name of the operation.

    While they are disabled, nothing is measured.  Programs can measure pieces
    of their own, too::

        statistics = Statistics(enable=True)
        with statistics(name="inventory"):
            ...

    Parameters:
        enable (bool): Whether the statistics are enabled at first.
    """

    def __init__(self, enable: bool = False) -> None:
        self._enabled = enable
        self._op_stats: Dict[str, OperationStatistic] = {}
        self._disabled_stats = OperationStatistic(self, "disabled")
        # What `with` statements measure, the innermost last, by thread.
        self._measured: Dict[int, List[Any]] = {}

    def __call__(self, name: str) -> Statistics:
        """
        Set the name for a ``with`` statement, and return this object.
        """
        with _LOCK():
            self._measured.setdefault(threading.get_ident(), []).append(name)
        return self

    def __enter__(self) -> Statistics:
        measured = self._measured.setdefault(threading.get_ident(), [None])
        measured[-1] = self.start_timer(measured[-1])
        return self

    def __exit__(self, exc_type: Any, exc_value: Any, traceback: Any) -> None:
        thread = threading.get_ident()
        with _LOCK():
            statistic = self._measured[thread].pop()
            if not self._measured[thread]:
                del self._measured[thread]
        statistic.stop_timer()

    @property
    def enabled(self) -> bool:
        """
        bool: Whether the statistics are enabled.
        """
        return self._enabled

    def enable(self) -> None:
        """
        Enable the statistics.
        """
        self._enabled = True

    def disable(self) -> None:
        """
        Disable the statistics.
        """
        self._enabled = False

    def start_timer(self, name: str) -> OperationStatistic:
        """
        Begin to measure an operation; call
        :meth:`~pywbem.OperationStatistic.stop_timer` of the returned object at
        its end.

        Parameters:
            name (str): Name of the operation.

        Returns:
            :class:`~pywbem.OperationStatistic`: The statistics; while they are disabled, an
            object that measures nothing.
        """
        statistic = self.get_op_statistic(name)
        statistic.start_timer()
        return statistic

    def get_op_statistic(self, name: str) -> OperationStatistic:
        """
        The statistics of the operations of a name.

        Parameters:
            name (str): Name of the operation.

        Returns:
            :class:`~pywbem.OperationStatistic`: The statistics; while they are
            disabled, an object that measures nothing.
        """
        if not self._enabled:
            return self._disabled_stats
        with _LOCK():
            if name not in self._op_stats:
                self._op_stats[name] = OperationStatistic(self, name)
            return self._op_stats[name]

    def snapshot(self) -> List[Tuple[str, OperationStatistic]]:
        """
        The statistics of this moment.

        Returns:
            list of tuple: (name, :class:`~pywbem.OperationStatistic`); these
            objects do not change any more.
        """
        with _LOCK():
            return [(name, _frozen(statistic)) for name, statistic in self._op_stats.items()]

    def reset(self) -> bool:
        """
        Forget all operations, unless one is being measured.

        Returns:
            bool: Whether it was done.
        """
        with _LOCK():
            if any(statistic._is_active for statistic in self._op_stats.values()):
                return False
            self._op_stats.clear()
            return True

    def __repr__(self) -> str:
        lines = [f"  {statistic!r}\n" for _, statistic in self.snapshot()]
        return f"{type(self).__name__}(\n{''.join(lines)})"

    def formatted(self) -> str:
        """
        The statistics as text, the operations by decreasing average time.

        Columns of server times are there unless no operation has any, those of lengths
        if there are values.
        """
        text = "Statistics:\n"
        if not self._enabled:
            return text + "Disabled"
        statistics = sorted(
            (statistic for _, statistic in self.snapshot()),
            key=lambda statistic: statistic.avg_time,
            reverse=True,
        )
        with_server_time = any(statistic._has_server_time for statistic in statistics)
        with_lengths = any(
            statistic.max_request_len > 0 or statistic.max_reply_len > 0 for statistic in statistics
        )
        text += OperationStatistic.formatted_header(with_server_time, with_lengths)
        lines = [statistic.formatted(with_server_time, with_lengths) for statistic in statistics]
        return (text + "".join(lines)).rstrip()


def _frozen(statistic: OperationStatistic) -> OperationStatistic:
    """
    A copy that no measurement changes any more.
    """
    frozen = copy.copy(statistic)
    frozen._running = {}
    for measure in ("_time", "_server_time", "_request_len", "_reply_len"):
        setattr(frozen, measure, copy.copy(getattr(statistic, measure)))
    return frozen
