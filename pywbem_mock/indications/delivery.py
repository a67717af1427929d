"""
Delivery of indications to a listener, reliably (DSP1054 1.2).

Each destination has a queue and a thread: a destination that is slow or does
not answer delays nobody else, least of all the operation from which an
indication comes.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Deque, Dict, NamedTuple, Optional, Tuple

from pywbem._cim_obj import CIMInstance, CIMProperty
from pywbem._cim_types import Sint64
from pywbem._client._sync.connection import WBEMConnection
from pywbem._exceptions import Error

if TYPE_CHECKING:
    import ssl

    from requests import PreparedRequest
    from requests.auth import AuthBase

_LOGGER = logging.getLogger("pywbem_mock.indications")

# A fragment means nothing to a server.
_URL = re.compile(r"(?P<base>(?:[^/?#]*://)?[^/?#]*)(?P<path>[^#]*)", re.DOTALL)

#: SequenceNumber is a sint64; after the highest one comes 0.
MAX_NUMBER = 2**63 - 1


def _split(url: str) -> Tuple[str, str]:
    """
    The part of an URL that says which server it is, and path and query.
    """
    match = _URL.match(url)
    assert match is not None  # It matches every text.
    path = match["path"]
    return match["base"], path if path.startswith("/") else f"/{path}"


def _to_path(path: str) -> AuthBase:
    """
    What has requests sent to a path in place of that of WBEM servers.  Requests
    gives an authentication the whole request, to change it as it needs.
    """
    from requests.auth import AuthBase
    from requests.utils import requote_uri

    class ToPath(AuthBase):
        def __call__(self, request: PreparedRequest) -> PreparedRequest:
            server, _ = _split(str(request.url))
            request.url = requote_uri(f"{server}{path}")
            return request

    return ToPath()


class DeliverySettings:
    """
    How indications are delivered; the attributes can be set at any time.

    A destination takes those of the TLS connection when it is connected to.
    """

    def __init__(self) -> None:
        #: int: How often the delivery of an indication is tried again.
        self.retries = 3
        #: float: Seconds before the first of these; the next wait twice as long.
        self.retry_interval = 0.5
        #: float: Seconds in which a listener must have answered.
        self.timeout = 5.0
        #: int: Indications that can wait for a destination; further ones are
        #: lost.
        self.queue_size = 10000
        #: float: Seconds in which :meth:`IndicationService.close` begins to
        #: deliver what waits; the rest is lost.
        self.close_time = 2.0
        #: str: Certificates of authorities for listeners with HTTPS, as in
        #: :class:`~pywbem.WBEMConnection`.
        self.ca_certs: Optional[str] = None
        #: dict: Client certificate, as in :class:`~pywbem.WBEMConnection`.
        self.x509: Optional[Dict[str, Optional[str]]] = None
        #: bool: Do not verify the certificates of listeners.
        self.no_verification = False
        #: ssl.SSLContext: TLS settings, in place of the other three.
        self.ssl_context: Optional[ssl.SSLContext] = None

    def connect(self, url: str) -> WBEMConnection:
        """
        Return a connection to a listener, whose requests go to the whole URL.
        """
        base, path = _split(url)
        return WBEMConnection(
            base,
            creds=_to_path(path),
            x509=self.x509,
            ca_certs=self.ca_certs,
            no_verification=self.no_verification,
            timeout=self.timeout,
            ssl_context=self.ssl_context,
        )


class DeliveryCounters(NamedTuple):
    """
    How many indications wait, were delivered, and were lost.
    """

    waiting: int
    delivered: int
    lost: int


class Delivery:
    """
    Delivers indications to one destination, each after the one before, over
    one HTTP connection that is kept.

    The thread begins with the first indication and ends with :meth:`end`.

    Parameters:
        url (str): URL of the listener.
        context (str): The SequenceContext of the indications.
        settings (DeliverySettings): How they are delivered.
    """

    def __init__(self, url: str, context: str, settings: DeliverySettings) -> None:
        self.url = url
        self._context = context
        self._settings = settings
        self._number = 0
        # Guards what follows; told of each change.
        self._changed = threading.Condition()
        # The first one is being delivered.
        self._queue: Deque[CIMInstance] = deque()
        self._thread: Optional[threading.Thread] = None
        self._ending = False
        # When to give up on what still waits; None while there is time.
        self._deadline: Optional[float] = None
        self._delivered = 0
        self._lost = 0

    @property
    def counters(self) -> DeliveryCounters:
        """
        DeliveryCounters: What this destination got.
        """
        with self._changed:
            return DeliveryCounters(len(self._queue), self._delivered, self._lost)

    @property
    def ended(self) -> bool:
        """
        bool: Whether it has no thread, so that nothing waits.
        """
        with self._changed:
            return self._thread is None

    def submit(self, indication: CIMInstance) -> None:
        """
        Put an indication in the queue.

        Parameters:
            indication (CIMInstance): The indication, which becomes part of the
                sequence.  It must not be changed from now on.
        """
        with self._changed:
            for prop in (
                CIMProperty("SequenceContext", self._context),
                # The number of a lost one is not used again: the gap tells of it.
                CIMProperty("SequenceNumber", Sint64(self._number)),
            ):
                indication.properties[prop.name] = prop
            self._number = 0 if self._number == MAX_NUMBER else self._number + 1
            overflow = len(self._queue) >= self._settings.queue_size
            if overflow:
                self._lost += 1
            else:
                self._queue.append(indication)
                self._ending = False
                self._deadline = None
                if self._thread is None:
                    self._thread = threading.Thread(
                        target=self._run, name=f"pywbem-mock-indications-{self.url}", daemon=True
                    )
                    self._thread.start()
            self._changed.notify_all()
        if overflow:
            _LOGGER.warning("Indication for %s lost: too many wait for delivery", self.url)

    def wait(self, deadline: Optional[float]) -> bool:
        """
        Wait until nothing waits for delivery any more.

        Parameters:
            deadline (float): The monotonic time when to give up, or None.

        Returns:
            bool: Whether that is so.
        """
        with self._changed:
            timeout = None if deadline is None else max(0.0, deadline - time.monotonic())
            return self._changed.wait_for(lambda: not self._queue, timeout)

    def end(self, deadline: Optional[float] = None) -> Optional[threading.Thread]:
        """
        Let the thread end when all that waits is delivered; does not wait.

        Parameters:
            deadline (float): The monotonic time when to begin the last delivery,
                at the latest; and what fails is not tried again.  None means that
                there is time.

        Returns:
            :class:`threading.Thread`: The thread, or None if there is none.
        """
        with self._changed:
            self._ending = True
            self._deadline = deadline
            self._changed.notify_all()
            return self._thread

    # -- In the thread --------------------------------------------------------

    def _run(self) -> None:
        client: Optional[WBEMConnection] = None
        try:
            while True:
                indication = self._next()
                if indication is None:
                    return
                try:
                    if client is None:
                        client = self._settings.connect(self.url)
                    failure = self._deliver(client, indication)
                except Exception as exc:
                    # No URL, or values that cannot be expressed in CIM-XML.
                    failure = exc
                self._done(failure)
        finally:
            if client is not None:
                client.close()

    def _next(self) -> Optional[CIMInstance]:
        """
        The indication to deliver, or None if the thread is to end.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._ending)
            if self._queue:
                return self._queue[0]
            self._thread = None
            return None

    def _deliver(self, client: WBEMConnection, indication: CIMInstance) -> Optional[Exception]:
        """
        Deliver an indication; the same one again if that fails.

        Returns:
            None, or why it could not be delivered.
        """
        interval = self._settings.retry_interval
        retries = self._settings.retries
        while True:
            # It may have been set since the client was made.
            if client.timeout != self._settings.timeout:
                client.timeout = self._settings.timeout
            try:
                client.ExportIndication(indication)
                return None
            except Error as exc:
                failure = exc
            if retries <= 0 or self._hurried(interval):
                return failure
            _LOGGER.info("Delivery of an indication to %s is retried: %s", self.url, failure)
            retries -= 1
            interval *= 2

    def _hurried(self, interval: float) -> bool:
        """
        Wait before a retry; whether there is no time for one.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._deadline is not None, interval)
            return self._deadline is not None

    def _done(self, failure: Optional[Exception]) -> None:
        """
        An indication was delivered, or could not be.
        """
        if failure is not None:
            _LOGGER.warning("Indication for %s lost: %s", self.url, failure)
        dropped = 0
        with self._changed:
            if failure is None:
                self._delivered += 1
            self._queue.popleft()
            if self._deadline is not None and (
                failure is not None or time.monotonic() >= self._deadline
            ):
                dropped = len(self._queue)
                self._queue.clear()
            self._lost += dropped + (failure is not None)
            self._changed.notify_all()
        if dropped:
            _LOGGER.warning("%d indications for %s lost: the server is closed", dropped, self.url)
