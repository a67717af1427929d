"""
Statistics as a context manager of several threads.
"""

from __future__ import annotations

import threading

from pywbem import Statistics


def test_context_manager_of_threads() -> None:
    """Each thread measures what it named itself."""
    statistics = Statistics(enable=True)
    entered = threading.Barrier(2)

    def work(name: str, fails: bool) -> None:
        try:
            with statistics(name=name):
                entered.wait(10)
                if fails:
                    raise KeyError
        except KeyError:
            pass  # not counted, as it is no exception of an operation

    threads = [threading.Thread(target=work, args=row) for row in (("good", False), ("bad", True))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counts = {name: (op.count, op.exception_count) for name, op in statistics.snapshot()}
    assert counts == {"good": (1, 0), "bad": (1, 0)}
    assert statistics.reset() is True


def test_enabled_in_the_middle() -> None:
    """What began while the statistics were disabled is not measured."""
    statistics = Statistics()
    with statistics(name="x"):
        statistics.enable()
    assert statistics.snapshot() == []
