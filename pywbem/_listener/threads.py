"""
The threads of a listener: one calls the callbacks, one writes the journal if there is one.
"""

from __future__ import annotations

import queue
import threading
import time
from typing import TYPE_CHECKING, Callable, Optional

from .delivery import Call, Delivery

if TYPE_CHECKING:
    from .journal import Journal


class CallbackThread:
    """
    Calls the callbacks with what a delivery hands out, until that ends.
    """

    def __init__(self) -> None:
        self._bell: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._delivery: Delivery
        self._at_end: Callable[[], object]
        self._thread = threading.Thread(target=self._run, name="pywbem-listener-callbacks")

    def ring(self) -> None:
        """
        Have the thread look what is to be delivered.
        """
        self._bell.put(None)

    def start(self, delivery: Delivery, at_end: Callable[[], object]) -> None:
        """
        Start the thread.

        Parameters:
            delivery (Delivery): What is delivered.
            at_end (callable): Is called in the thread when all was delivered.
        """
        self._delivery = delivery
        self._at_end = at_end
        self._thread.start()

    def join(self) -> None:
        """
        Wait for the end of the thread; in a callback, do not.
        """
        if self._thread is not threading.current_thread():
            self._thread.join()

    def _run(self) -> None:
        delivery = self._delivery
        while True:
            call = delivery.next()
            if call is not None:
                self._deliver(call)
            elif delivery.ended:
                break
            else:
                self._wait(delivery.next_due())
        self._at_end()

    def _wait(self, due: float) -> None:
        timeout = None if due == float("inf") else max(0.0, due - time.monotonic())
        try:
            self._bell.get(timeout=timeout)
        except queue.Empty:
            pass  # what was held, or is to be tried again, is due

    def _deliver(self, call: Call) -> None:
        delivery, indication = self._delivery, call.indication
        for callback in call.callbacks:
            keywords = delivery.keywords(callback, indication)
            try:
                callback(indication.instance, indication.host, **keywords)
            except BaseException as exc:  # sys.exit() ends no listener
                delivery.failed(call, callback, exc)
        delivery.done(call)


class JournalThread:
    """
    Writes a journal until that is closed.
    """

    def __init__(self) -> None:
        self._event = threading.Event()
        self._journal: Optional[Journal] = None
        self._thread = threading.Thread(target=self._run, name="pywbem-listener-journal")

    def wake(self) -> None:
        """
        Have the thread look what is to be written.
        """
        self._event.set()

    def start(self, journal: Journal) -> None:
        """
        Start the thread.

        Parameters:
            journal (Journal): The journal.
        """
        self._journal = journal
        self._thread.start()

    def stop(self) -> None:
        """
        Have the thread write what is to be written, and wait for its end.
        """
        if self._journal is not None:
            self._journal.close()
            self._thread.join()

    def _run(self) -> None:
        journal = self._journal
        assert journal is not None
        late = False
        try:
            while True:
                self._event.clear()
                batch = journal.take(late)
                late = False
                if batch is not None:
                    journal.finish(batch, journal.write(batch))
                elif journal.closed:
                    break
                else:
                    late = not self._event.wait(journal.pause())
        finally:
            journal.close_file()
