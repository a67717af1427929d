"""
Locks and the garbage collector, with threads and forks.
"""

from __future__ import annotations

import copy
import gc
import os
import pickle
import subprocess
import sys
import threading
from typing import Any, Callable, Iterator

import pytest

from pywbem._process import RESTING_THRESHOLD, ProcessLock, resting_collector


@pytest.fixture(autouse=True)
def thresholds() -> Iterator[Any]:
    """The thresholds of the collector, which are what they were in the end."""
    before = gc.get_threshold()
    gc.set_threshold(600, 9, 8)
    yield gc.get_threshold()
    gc.set_threshold(*before)


def taken(lock: ProcessLock) -> bool:
    """Whether another thread holds a lock."""
    got = []

    def attempt() -> None:
        inner: Any = lock()
        got.append(inner.acquire(blocking=False))
        if got[0]:
            inner.release()

    thread = threading.Thread(target=attempt)
    thread.start()
    thread.join()
    return not got[0]


def test_lock() -> None:
    lock = ProcessLock()
    with lock():
        with lock():  # it is reentrant
            assert taken(lock)
        assert taken(lock)
    assert not taken(lock)


@pytest.mark.parametrize(
    "duplicate",
    [copy.copy, copy.deepcopy, lambda lock: pickle.loads(pickle.dumps(lock))],
    ids=["copy", "deepcopy", "pickle"],
)
def test_duplicate_of_lock(duplicate: Callable[[ProcessLock], ProcessLock]) -> None:
    lock = ProcessLock()
    with lock():
        other = duplicate(lock)
        assert not taken(other)


def test_rest(thresholds: Any) -> None:
    """It rests until the last one that wanted it; it is never off."""
    with resting_collector():
        assert gc.isenabled()
        first, *older = gc.get_threshold()
        assert first == RESTING_THRESHOLD
        # What has survived once is not looked through again and again.
        assert min(older) > 1000
        with resting_collector():
            pass
        assert gc.get_threshold()[0] == RESTING_THRESHOLD
    assert gc.get_threshold() == thresholds


def test_rest_ends_with_an_exception(thresholds: Any) -> None:
    with pytest.raises(KeyError), resting_collector():
        raise KeyError
    assert gc.get_threshold() == thresholds


@pytest.mark.parametrize(
    "first", [0, RESTING_THRESHOLD, 10 * RESTING_THRESHOLD], ids=["off", "equal", "high"]
)
def test_nothing_to_rest(first: int) -> None:
    """A program that has it off, or has it rest more, finds it so at any time."""
    gc.set_threshold(first, 7, 7)
    with resting_collector():
        assert gc.get_threshold() == (first, 7, 7)
    assert gc.get_threshold() == (first, 7, 7)


# In a process of its own: the heap of the tests is frozen.
_MUCH = """
import gc, weakref
from pywbem import CIMInstanceName
from pywbem_mock.store.copying import copy_all

class Cycle:
    pass

def cycle():
    made = Cycle()
    made.itself = made
    return weakref.ref(made)

paths = [CIMInstanceName("C", {"k": str(number)}) for number in range(50_000)]
gc.collect()
before, walks = gc.get_threshold(), []
held = [Cycle()]
held[0].itself = held
garbage = weakref.ref(held[0])
gc.collect(0)  # It is not among the youngest any more.
del held
gc.callbacks.append(lambda phase, info: walks.append(info["generation"]))
copies = copy_all(paths, CIMInstanceName.copy)
assert garbage() is None, "what was young before is not looked through"
assert gc.get_threshold() == before and gc.isenabled() and not gc.get_freeze_count()
del walks[:]
more = [[] for _ in range(2 * before[0])]
assert walks and max(walks) == 0, "the copies are looked through again"
later = cycle()
gc.collect()
assert later() is None
gc.disable()
copies = copy_all(paths, CIMInstanceName.copy)
assert not gc.isenabled()
gc.enable()
gc.freeze()
frozen = gc.get_freeze_count()
copies = copy_all(paths, CIMInstanceName.copy)
assert gc.get_freeze_count() >= frozen // 2 > 0, "what the program has frozen is so no more"
"""


def test_much_that_is_built_is_not_looked_through_later() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _MUCH], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_thresholds_of_the_program_stay() -> None:
    with resting_collector():
        gc.set_threshold(800, 5, 5)
    assert gc.get_threshold() == (800, 5, 5)


def test_threads(thresholds: Any) -> None:
    """Threads that rest it at overlapping times leave it as it was."""

    def work() -> None:
        for _ in range(300):
            with resting_collector():
                pass

    workers = [threading.Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert gc.get_threshold() == thresholds


# Programs of their own: forking a process that has threads is not safe.
BEGINNING = """
import gc, os, sys, threading, time, warnings
warnings.simplefilter("ignore", DeprecationWarning)  # of fork, for what is tested here
from pywbem import BaseOperationRecorder, CIMClass, LogOperationRecorder, TestClientRecorder
from pywbem import WBEMConnection
from pywbem import _process
from pywbem._process import ProcessLock, resting_collector

def in_child(function):
    # What a child of fork returns, while another thread is in the middle of something.
    pid = os.fork()
    if not pid:
        code = 1
        try:
            code = 0 if function() else 2
        finally:
            os._exit(code)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return status
        time.sleep(0.01)
    os.kill(pid, 9)
    os.waitpid(pid, 0)
    return "the child hangs"

def meanwhile(work):
    # Starts a thread with that work, which calls the function that it gets and then waits.
    inside = threading.Event()
    over = threading.Event()
    def middle():
        inside.set()
        over.wait(30)
    thread = threading.Thread(target=work, args=(middle,))
    thread.start()
    inside.wait(30)
    return over.set
"""

PROGRAMS = {
    "lock": """
lock = ProcessLock()
def work(middle):
    with lock():
        middle()
end = meanwhile(work)
def child():
    with lock():
        return True
print(in_child(child))
end()
""",
    "lock-given-back": """
lock = ProcessLock()
with lock():
    pid = os.fork()
if not pid:
    with lock():
        os._exit(0)
print(os.waitpid(pid, 0)[1])
""",
    "collector": """
before = gc.get_threshold()
def work(middle):
    with resting_collector():
        middle()
end = meanwhile(work)
def child():
    if gc.get_threshold() != before or not gc.isenabled():
        return False
    with resting_collector():
        pass
    return gc.get_threshold() == before and gc.isenabled()
print(in_child(child))
end()
""",
    "collector-in-the-forking-thread": """
before = gc.get_threshold()
def child():
    return gc.get_threshold() == before and gc.isenabled()
with resting_collector():
    status = in_child(child)
print(status if gc.get_threshold() == before else "not restored")
""",
    "recorder": """
import io
class Mine(BaseOperationRecorder):
    def copy(self):
        return self
    def record(self, *what):
        methods.append(what[0].method)
methods = []
class Connection(WBEMConnection):
    def _exchange(self, call, exchange):
        if call.name == "EnumerateClasses":
            self.middle()
        from pywbem._cim_xml.records import IntrinsicResponse
        return IntrinsicResponse(call.name)
conn = Connection("http://h", stats_enabled=True)
for recorder in (Mine(), TestClientRecorder(io.StringIO()), LogOperationRecorder("x", {})):
    conn.add_operation_recorder(recorder)
def work(middle):
    conn.middle = middle
    conn.EnumerateClasses()
end = meanwhile(work)
def child():
    conn.EnumerateClassNames()
    return methods == ["EnumerateClassNames"] and conn.statistics.reset()
print(in_child(child))
end()
""",
    "recorder-that-records": """
import io
class Slow(io.StringIO):
    def write(self, text):
        if threading.current_thread() is not threading.main_thread():
            self.middle()
        return super().write(text)
class Connection(WBEMConnection):
    def _exchange(self, call, exchange):
        from pywbem._cim_xml.records import IntrinsicResponse
        return IntrinsicResponse(call.name)
conn = Connection("http://h")
file = Slow()
conn.add_operation_recorder(TestClientRecorder(file))
def work(middle):
    file.middle = middle
    conn.EnumerateClasses()
end = meanwhile(work)
def child():
    conn.EnumerateClassNames()
    return "EnumerateClassNames" in file.getvalue()
print(in_child(child))
end()
""",
    "connection-that-is-closed": """
from pywbem._cim_http import HTTPTransport
class Slow(HTTPTransport):
    def _open(self):
        self.middle()
        return super()._open()
transport = Slow("http://127.0.0.1:1")
def work(middle):
    transport.middle = middle
    transport.session
end = meanwhile(work)
def child():
    transport.close()
    return transport.session is None
print(in_child(child))
end()
""",
}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork()")
@pytest.mark.parametrize("program", list(PROGRAMS.values()), ids=list(PROGRAMS))
def test_fork(program: str) -> None:
    """A child of fork finds nothing held or changed by threads that it does not have."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", BEGINNING + program],
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "0\n", "")
