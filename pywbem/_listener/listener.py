"""
:class:`WBEMListener` receives the indications of WBEM servers (DSP0200, DSP1054).

The way of an indication: endpoint (HTTP, its own thread) → export request →
queue → callbacks (one more thread).  The sender has its answer as soon as the
indication is in the queue.
"""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Optional, Type

from .._cim_obj import CIMInstance
from .base import Listener
from .delivery import Delivery
from .threads import CallbackThread, JournalThread

# Larger bodies are decoded in a worker thread, so that the others need not wait.
_INLINE_SIZE = 64 * 1024
_WORKERS = 2


def callback_interface(indication: CIMInstance, host: str) -> None:
    """
    The interface of a callback of :class:`~pywbem.WBEMListener`, called for
    each indication that is received.

    An exception that it raises is logged as an error with the logger of the
    listener; the next callback is called.

    If the listener has a journal and the callback has a parameter with the name
    ``redelivered``, that is passed as well: whether the callback may have been
    called with the indication before.

    If the callback has a parameter with the name ``correlators``, it gets the
    correlators of the request (DSP0201 2.4), a dictionary of values by name.

    A callback of :class:`~pywbem.AsyncWBEMListener` may be a coroutine function.

    Parameters:
        indication (:class:`~pywbem.CIMInstance`): The indication.  Its ``path``
            is ``None``.
        host (str): IP address from which the indication was sent.

    Raises:
        NotImplementedError: This function itself is called.
    """
    raise NotImplementedError


class WBEMListener(Listener):
    """
    Receives indications from WBEM servers by HTTP and HTTPS, and passes each
    one to the registered callbacks.

    :meth:`start` starts it and :meth:`stop` stops it.  As a context manager,
    it is stopped at the end of the ``with`` block; it is not started at its
    begin.

    Indications with the properties ``SequenceContext`` and ``SequenceNumber``
    (reliable indications, DSP1054 1.2) are delivered in the order of their
    sequence and once each; what is missing is logged as a warning and counted.
    A sequence belongs to its sender and begins again if that does.

    Requests that are no indication are answered with an HTTP status and the
    header ``CIMError`` as DSP0200 says.
    """

    #: int: Kept for programs that read or set it; the queue needs no timeout.
    queue_get_timeout = 2

    _delivery: Optional[Delivery] = None
    _caller: Optional[CallbackThread] = None

    def __enter__(self) -> WBEMListener:
        """
        Return the listener, which is not started by that.
        """
        return self

    def __exit__(
        self,
        exc_type: Optional[Type[BaseException]],
        exc_value: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        """
        Stop the listener.
        """
        self.stop()

    def start(self) -> None:
        """
        Start the listener, which must not be started.

        The ports are open when this method returns.  The process does not end
        before the listener is stopped.

        Raises:
            :exc:`~pywbem.ListenerCertificateError`: The certificate file or the
                key file cannot be used, or the password is wrong.
            :exc:`~pywbem.ListenerPromptError`: There was no password entered.
            :exc:`~pywbem.ListenerPortError`: A port is in use.
            :exc:`~pywbem.ListenerStartError`: Another problem with the host or
                a port, or the journal.
            AssertionError: The listener is started already.
        """
        with self._lock:
            if self._endpoint is not None:
                raise AssertionError(f"The listener is started already: {self}")
            receiver = self._make_receiver(threading.Lock())
            endpoint = self._make_endpoint(
                receiver, workers=_WORKERS, inline_size=_INLINE_SIZE, daemon=False
            )
            caller, writer = CallbackThread(), JournalThread()
            journal = None
            try:
                journal = self._open_journal(threading.Lock(), writer.wake)
                delivery = self._make_delivery(
                    *(endpoint, receiver, journal, threading.Lock()),
                    lambda: endpoint.soon(caller.ring),
                )
                self._load(delivery)
            except BaseException:
                endpoint.stop()
                self._closed(endpoint)
                self._backlog = None
                if journal is not None:
                    journal.close_file()
                raise
            if journal is not None:
                writer.start(journal)
            caller.start(delivery, writer.stop)
            endpoint.start("pywbem-listener-http")
            self._endpoint, self._delivery, self._caller = endpoint, delivery, caller
        self._logger.info("Started %s", self)

    def stop(self) -> None:
        """
        Stop the listener; no problem if it is not started.

        First the ports are closed, requests that are under way answered, and the
        connections closed, which takes less than five seconds.  Then all
        indications that were accepted are delivered; this method returns when the
        callbacks are through with them.  In a callback, it returns before that.
        """
        with self._lock:
            endpoint, delivery, caller = self._endpoint, self._delivery, self._caller
            if endpoint is None or delivery is None or caller is None:
                return
        self._logger.info("Stopping %s", self)
        # Without the lock: a callback may stop the listener, too.
        endpoint.stop()
        delivery.close()
        caller.join()
        with self._lock:
            if self._endpoint is endpoint:
                self._closed(endpoint)
                self._delivery = self._caller = self._backlog = None
        self._logger.info("Stopped %s", self)
