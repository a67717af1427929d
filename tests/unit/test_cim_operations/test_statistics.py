"""
Statistics and OperationStatistic.
"""

from __future__ import annotations

import copy
import pickle
import time
from typing import Any, Optional

import pytest

from pywbem._statistics import OperationStatistic, Statistics

SHORT_HEADER = """\
Statistics:
Count ExcCnt          Time [s]      Operation
                Avg     Min     Max"""

INFINITE = float("inf")


def measure(
    statistics: Statistics,
    name: str,
    request_len: Optional[int] = None,
    reply_len: Optional[int] = None,
    server_time: Optional[float] = None,
    exception: bool = False,
) -> Optional[float]:
    """Measure an operation that takes no time."""
    return statistics.start_timer(name).stop_timer(request_len, reply_len, server_time, exception)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A clock that goes on by the seconds that are put on it, and that nobody sets."""

    class Clock:
        now = 1000.0

        def perf_counter(self) -> float:
            return self.now

    clock = Clock()
    monkeypatch.setattr(time, "perf_counter", clock.perf_counter)
    monkeypatch.setattr(time, "time", iter(range(1000, 0, -1)).__next__)
    return clock


def test_measures(clock: Any) -> None:
    statistics = Statistics(enable=True)
    for seconds, size in ((0.5, 100), (1.5, 300)):
        statistic = statistics.start_timer("Get")
        clock.now += seconds
        assert statistic.stop_timer(size, 10 * size, seconds / 5) == seconds
    statistic = statistics.get_op_statistic("Get")
    assert statistic.name == "Get"
    assert statistic.container is statistics
    assert statistic.stat_start_time == 1000.0
    assert (statistic.count, statistic.exception_count) == (2, 0)
    assert (statistic.avg_time, statistic.min_time, statistic.max_time) == (1.0, 0.5, 1.5)
    assert statistic.avg_server_time == pytest.approx(0.2)
    assert (statistic.min_server_time, statistic.max_server_time) == (0.1, 0.3)
    assert (statistic.avg_request_len, statistic.min_request_len) == (200, 100)
    assert statistic.max_request_len == 300
    assert (statistic.avg_reply_len, statistic.min_reply_len) == (2000, 1000)
    assert statistic.max_reply_len == 3000


def test_nothing_measured() -> None:
    statistic = Statistics(enable=True).get_op_statistic("Get")
    assert statistic.stat_start_time is None
    assert (statistic.count, statistic.exception_count) == (0, 0)
    assert statistic.avg_time == statistic.avg_server_time == 0
    assert statistic.avg_request_len == statistic.avg_reply_len == 0
    assert statistic.min_time == statistic.min_reply_len == INFINITE
    assert statistic.max_time == statistic.max_request_len == 0


def test_server_time_is_all_or_nothing() -> None:
    """If the server fails to report its time once, it is no longer counted."""
    statistics = Statistics(enable=True)
    measure(statistics, "Get", 1, 1, 0.5)
    assert statistics.get_op_statistic("Get").avg_server_time == 0.5
    measure(statistics, "Get", 1, 1, None)
    measure(statistics, "Get", 1, 1, 0.5)
    statistic = statistics.get_op_statistic("Get")
    assert (statistic.avg_server_time, statistic.max_server_time) == (0, 0)
    statistic.reset()
    measure(statistics, "Get", 1, 1, 0.5)
    assert statistic.avg_server_time == 0.5


@pytest.mark.parametrize(
    "measures, averages, minima",
    [
        ([(5, 6, 0.5)], (5.0, 6.0, 0.5), (5, 6, 0.5)),
        ([(5, 6, 0.5), (None, None, 1.5)], (2.5, 3.0, 1.0), (5, 6, 0.5)),
        ([(None, None, None), (5, 6, 0.5)], (2.5, 3.0, 0.0), (5, 6, INFINITE)),
        ([(0, 0, 0.0)], (0.0, 0.0, 0.0), (0, 0, 0.0)),
    ],
    ids=["one", "no-sizes", "no-server-time", "zeros"],
)
def test_averages(measures: Any, averages: Any, minima: Any) -> None:
    """Averages are over all that was measured; what there is not counts as 0 there."""
    statistics = Statistics(enable=True)
    for one in measures:
        measure(statistics, "Get", *one)
    stat = statistics.get_op_statistic("Get")
    assert (stat.avg_request_len, stat.avg_reply_len, stat.avg_server_time) == averages
    assert (stat.min_request_len, stat.min_reply_len, stat.min_server_time) == minima


def test_disabled() -> None:
    """Disabled statistics measure nothing."""
    statistics = Statistics()
    assert statistics.enabled is False
    statistic = statistics.start_timer("Get")
    assert statistic.name == "disabled"
    assert statistic.stop_timer(1, 2, 3.0) is None
    assert statistic.count == 0
    assert statistics.snapshot() == []
    assert statistics.formatted() == "Statistics:\nDisabled"


def test_disabled_in_the_middle() -> None:
    statistics = Statistics(enable=True)
    statistic = statistics.start_timer("Get")
    statistics.disable()
    assert statistic.stop_timer() is None
    statistics.enable()
    assert statistic.count == 0
    assert statistics.reset() is True


def test_stop_without_start() -> None:
    statistic = Statistics(enable=True).get_op_statistic("Get")
    with pytest.raises(RuntimeError):
        statistic.stop_timer()


def test_reset() -> None:
    """Statistics are not reset while an operation is being measured."""
    statistics = Statistics(enable=True)
    statistic = statistics.start_timer("Get")
    assert statistics.reset() is False
    statistic.stop_timer()
    assert statistics.reset() is True
    assert statistics.snapshot() == []


def test_snapshot_does_not_change() -> None:
    statistics = Statistics(enable=True)
    measure(statistics, "Get", 100)
    ((name, statistic),) = statistics.snapshot()
    measure(statistics, "Get", 300)
    assert name == "Get"
    assert (statistic.count, statistic.max_request_len) == (1, 100)
    assert statistics.get_op_statistic("Get").max_request_len == 300


def test_context_manager() -> None:
    """Programs measure what they do; the measurements can be nested."""
    statistics = Statistics(enable=True)
    with statistics(name="outer") as inside:
        assert inside is statistics
        with statistics("inner"):
            pass
        with pytest.raises(KeyError), statistics("wrong"):
            raise KeyError
    counts = {name: (stat.count, stat.exception_count) for name, stat in statistics.snapshot()}
    assert counts == {"outer": (1, 0), "inner": (1, 0), "wrong": (1, 0)}


def test_formatted(clock: Any) -> None:
    """The table, sorted by decreasing average time; columns only where there are values."""
    statistics = Statistics(enable=True)
    assert statistics.formatted() == SHORT_HEADER
    for name, seconds in (("Short", 0.1), ("Long", 2.0)):
        statistic = statistics.start_timer(name)
        clock.now += seconds
        statistic.stop_timer()
    assert statistics.formatted() == (
        f"{SHORT_HEADER} \n"
        "    1     0   2.000   2.000   2.000 Long\n"
        "    1     0   0.100   0.100   0.100 Short"
    )


def test_formatted_with_sizes(clock: Any) -> None:
    statistics = Statistics(enable=True)
    statistic = statistics.start_timer("Get")
    clock.now += 0.5
    statistic.stop_timer(100, 2000, 0.25, True)
    assert statistics.formatted() == (
        "Statistics:\n"
        "Count ExcCnt          Time [s]             ServerTime [s]          RequestLen [B]"
        "            ReplyLen [B]   Operation\n"
        "                Avg     Min     Max     Avg     Min     Max    Avg    Min    Max"
        "      Avg      Min      Max \n"
        "    1     1   0.500   0.500   0.500   0.250   0.250   0.250    100    100    100"
        "     2000     2000     2000 Get"
    )


SERVER_TIME = "Avg     Min     Max     Avg     Min     Max"
SIZES = "Avg    Min    Max      Avg      Min      Max"


@pytest.mark.parametrize(
    "measures, columns",
    [
        ((None, None, None), "Avg     Min     Max"),
        ((None, None, 0.0), SERVER_TIME),
        ((0, 0, 0.0), SERVER_TIME),
        ((5, None, None), f"Avg     Min     Max    {SIZES}"),
        ((None, 6, 0.5), f"{SERVER_TIME}    {SIZES}"),
        (None, SERVER_TIME),
    ],
    ids=["none", "server-time-0", "zeros", "request", "reply", "not-measured"],
)
def test_columns(measures: Any, columns: str) -> None:
    """Which columns the table has."""
    statistics = Statistics(enable=True)
    if measures is None:
        statistics.get_op_statistic("Get")
    else:
        measure(statistics, "Get", *measures)
    assert statistics.formatted().split("\n")[2].strip() == columns


def test_text() -> None:
    statistics = Statistics(enable=True)
    assert repr(statistics) == "Statistics(\n)"
    statistics.get_op_statistic("Get")
    assert repr(statistics) == (
        "Statistics(\n  OperationStatistic(name='Get', count=0, exception_count=0, avg_time=0, "
        "min_time=inf, max_time=0.0, avg_server_time=0, min_server_time=inf, "
        "max_server_time=0.0, avg_request_len=0.0, min_request_len=inf, max_request_len=0.0, "
        "avg_reply_len=0.0, min_reply_len=inf, max_reply_len=0.0)\n)"
    )


@pytest.mark.parametrize(
    "duplicate",
    [copy.copy, copy.deepcopy, lambda statistics: pickle.loads(pickle.dumps(statistics))],
    ids=["copy", "deepcopy", "pickle"],
)
def test_duplicates(duplicate: Any) -> None:
    statistics = Statistics(enable=True)
    measure(statistics, "Get", 100)
    other = duplicate(statistics)
    assert other.get_op_statistic("Get").max_request_len == 100
    assert isinstance(other.get_op_statistic("Get"), OperationStatistic)
