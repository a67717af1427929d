"""
What both kinds of listener have: settings, state, and how their parts are put together.
"""

from __future__ import annotations

import errno
import logging
import os
import threading
import time
from contextlib import contextmanager
from typing import (
    TYPE_CHECKING,
    Any,
    Callable,
    ContextManager,
    Dict,
    Iterable,
    Iterator,
    List,
    Optional,
    Tuple,
    Union,
)

from .._endpoint import HTTPEndpoint, Limits
from .._exceptions import ListenerPortError, ListenerStartError
from .._version import __version__
from .backlog import Backlog
from .counters import Counts, ListenerCounters, metrics_text
from .delivery import Callback, Delivery
from .receiver import Receiver, Senders
from .retries import Retries
from .sequences import Sequencer

if TYPE_CHECKING:
    import ssl

    from .journal import Journal

# An indication is small, even with an embedded instance.
_LIMITS = Limits(body_size=8 * 1024 * 1024, buffered=24 * 1024 * 1024, stop_time=1.0)


class Listener:
    """
    A listener that nobody has started.
    """

    def __init__(
        self,
        host: Optional[str],
        http_port: Union[int, str, None] = None,
        https_port: Union[int, str, None] = None,
        certfile: Optional[str] = None,
        keyfile: Optional[str] = None,
        max_ind_queue_size: int = 5000,
        *,
        keyfile_password: Optional[str] = None,
        client_ca_certs: Optional[str] = None,
        ssl_context: Optional[ssl.SSLContext] = None,
        reorder_limit: int = 100,
        reorder_time: float = 5.0,
        sequences: bool = True,
        max_ind_queue_bytes: int = 256 * 1024 * 1024,
        allow: Optional[Iterable[str]] = None,
        serve_metrics: bool = False,
        journal: Union[str, os.PathLike[str], None] = None,
        on_error: str = "log",
        error_retries: int = 10,
        error_retry_time: float = 1.0,
    ) -> None:
        """
        Parameters:
            host (str): Host name or IP address to listen on.  ``0.0.0.0`` means
                all interfaces with IPv4, ``::`` all interfaces with IPv6 and IPv4,
                the empty string all interfaces.
            http_port (int or str): Port for HTTP; 0 for any free port.  ``None``:
                no HTTP.
            https_port (int or str): Port for HTTPS; 0 for any free port.
                ``None``: no HTTPS.
            certfile (str): File with the server certificate, in PEM format.
                Required for HTTPS unless ``ssl_context`` is given.
            keyfile (str): File with the private key of the certificate.  ``None``:
                it is in ``certfile``, too.
            max_ind_queue_size (int): Number of indications that may wait for
                their delivery; 0 for no limit.  Beyond that, the sender of an
                indication gets the CIM status ``CIM_ERR_FAILED``.
            keyfile_password (str): Password of the private key.  ``None``: it is
                prompted for at the start if there is one.
            client_ca_certs (str): File or directory of CA certificates.  Clients
                that use HTTPS must have a certificate of one of them.  ``None``:
                they need no certificate.
            ssl_context (:class:`py:ssl.SSLContext`): The server side of TLS, in
                place of ``certfile`` and ``keyfile``.
            reorder_limit (int): Number of reliable indications of a sequence
                that are held back, at most, while an earlier one is missing.
            reorder_time (float): Seconds for which they are held back, at most.
            sequences (bool): Whether indications with the properties
                ``SequenceContext`` and ``SequenceNumber`` are put in order and
                delivered once.  False: all are delivered as they arrive.
            max_ind_queue_bytes (int): Like ``max_ind_queue_size``, for the bytes
                that the requests of the waiting indications had; 0 for no limit.
            allow (list of str): Addresses and networks from which connections are
                accepted, such as ``10.0.0.0/8``, ``fd00::/8`` and ``192.0.2.7``.
                ``None``: all.
            serve_metrics (bool): Whether ``GET /metrics`` is answered with the
                text of :meth:`metrics`, on all ports, to clients of this machine.
            journal (str or path): File in which indications are kept until all
                callbacks have returned; it is created if it does not exist.  An
                indication is answered with success when it is on disk.  What is
                left in there is delivered first at the next start.  ``None``: no
                journal.
            on_error (str): What happens to an indication when a callback raises:
                with ``log``, the error is logged; with ``keep``, the indication
                also stays in the journal, and the callback gets it again.
            error_retries (int): With ``keep``, how often; then the indication is
                moved to the table ``failures`` of the journal.
            error_retry_time (float): Seconds before the first time; the next
                pauses are twice as long each, and at most a minute.

        Raises:
            TypeError: A port, the size of the queue or ``allow`` has a wrong
                type.
            ValueError: Neither port is given, a port is no number, the size of the
                queue is negative, ``allow`` has something that is no network,
                ``on_error`` is unknown or ``keep`` without a journal, or the
                arguments for HTTPS are missing or contradict each other.
        """
        self._host = host
        self._http_port = _port("http_port", http_port)
        self._https_port = _port("https_port", https_port)
        if self._http_port is None and self._https_port is None:
            raise ValueError("Listener requires at least one active port")
        self._certfile: Optional[str] = None
        self._keyfile: Optional[str] = None
        self._ssl_context: Optional[ssl.SSLContext] = None
        if self._https_port is not None:
            if ssl_context is not None:
                if certfile is not None or keyfile is not None or client_ca_certs is not None:
                    raise ValueError(
                        "ssl_context cannot be combined with certfile, keyfile or client_ca_certs"
                    )
            elif certfile is None:
                raise ValueError("https_port requires certfile")
            elif keyfile is None:
                from .tls import has_private_key

                if not has_private_key(certfile):
                    raise ValueError(
                        "https_port requires keyfile, or a certfile with the private key, too"
                    )
                keyfile = certfile
            self._certfile = certfile
            self._keyfile = keyfile
            self._ssl_context = ssl_context
        self._keyfile_password = keyfile_password
        self._client_ca_certs = client_ca_certs
        self._max_ind_queue_size = _limit("max_ind_queue_size", max_ind_queue_size)
        self._max_ind_queue_bytes = _limit("max_ind_queue_bytes", max_ind_queue_bytes)
        self._reorder = (reorder_limit, reorder_time)
        self._sequences = sequences
        self._senders = Senders(allow)
        self._serve_metrics = serve_metrics
        if on_error not in ("log", "keep"):
            raise ValueError(f"on_error must be 'log' or 'keep', but is {on_error!r}")
        if on_error == "keep" and journal is None:
            raise ValueError("on_error='keep' requires a journal")
        self._journal = None if journal is None else os.fspath(journal)
        self._keep = on_error == "keep"
        self._retry = (error_retries, error_retry_time)
        self._logger = logging.getLogger(f"pywbem.listener.{id(self)}")
        self._callbacks: List[Callback] = []
        # Guards starting and stopping.
        self._lock = threading.Lock()
        self._endpoint: Optional[HTTPEndpoint] = None
        self._backlog: Optional[Backlog] = None
        # The ports for HTTP and HTTPS while it is started.
        self._bound: Tuple[Optional[int], Optional[int]] = (None, None)
        self._counts = Counts()

    def __getstate__(self) -> Dict[str, Any]:
        """
        Copies and pickles are of listeners that are not started.
        """
        if self._endpoint is not None:
            raise TypeError(f"A listener cannot be copied while it is started: {self}")
        state = dict(vars(self))
        del state["_lock"]
        return state

    def __setstate__(self, state: Dict[str, Any]) -> None:
        vars(self).update(state)
        self._lock = threading.Lock()

    def __str__(self) -> str:
        """
        Host and ports of the listener.
        """
        return (
            f"{type(self).__name__}(_host={self._host!r}, _http_port={self.http_port!r}, "
            f"_https_port={self.https_port!r}, ...)"
        )

    def __repr__(self) -> str:
        """
        All attributes of the listener, for debugging.
        """
        return (
            f"{type(self).__name__}(_host={self._host!r}, _http_port={self.http_port!r}, "
            f"_https_port={self.https_port!r}, _certfile={self._certfile!r}, "
            f"_keyfile={self._keyfile!r}, _logger={self._logger!r}, "
            f"_callbacks={self._callbacks!r}, _max_ind_queue_size={self._max_ind_queue_size!r})"
        )

    # Settings

    @property
    def host(self) -> Optional[str]:
        """
        str: Host name or IP address that the listener listens on.
        """
        return self._host

    @property
    def http_port(self) -> Optional[int]:
        """
        int: Port for HTTP; ``None`` if there is none.  If it was given as 0,
        it is the port that is used while the listener is started.
        """
        return self._bound[0] or self._http_port

    @property
    def https_port(self) -> Optional[int]:
        """
        int: Port for HTTPS; ``None`` if there is none.  If it was given as 0,
        it is the port that is used while the listener is started.
        """
        return self._bound[1] or self._https_port

    @property
    def certfile(self) -> Optional[str]:
        """
        str: File with the server certificate; ``None`` if there is no port for
        HTTPS, or an SSL context was given.
        """
        return self._certfile

    @property
    def keyfile(self) -> Optional[str]:
        """
        str: File with the private key; ``None`` if there is no port for HTTPS,
        or an SSL context was given.
        """
        return self._keyfile

    @property
    def logger(self) -> logging.Logger:
        """
        :class:`py:logging.Logger`: The logger of this listener.  Its name is
        ``pywbem.listener.`` and something unique.
        """
        return self._logger

    @property
    def max_ind_queue_size(self) -> int:
        """
        int: Number of indications that may wait for their delivery; 0 means
        that there is no limit.
        """
        return self._max_ind_queue_size

    # State

    @property
    def http_started(self) -> bool:
        """
        bool: Whether the listener is started and has a port for HTTP.
        """
        return self._bound[0] is not None

    @property
    def https_started(self) -> bool:
        """
        bool: Whether the listener is started and has a port for HTTPS.
        """
        return self._bound[1] is not None

    @property
    def counters(self) -> ListenerCounters:
        """
        ListenerCounters: What the listener has done since it was created: a
        named tuple with the numbers of ``connections`` accepted, indications
        ``received``, ``delivered`` and ``dropped``, calls of callbacks that
        ``failed``, requests ``refused``, ``duplicates`` dropped and
        indications ``missing``.
        """
        counts, endpoint = self._counts, self._endpoint
        return ListenerCounters(
            connections=counts.connections + (endpoint.accepted if endpoint else 0),
            received=counts.received,
            delivered=counts.delivered,
            dropped=counts.overflowed + counts.duplicates + counts.abandoned,
            failed=counts.failed,
            refused=counts.refused + (endpoint.refused if endpoint else 0),
            duplicates=counts.duplicates,
            missing=counts.missing,
        )

    def metrics(self) -> str:
        """
        Return the counters and the state of the queue in the text format of
        Prometheus.  The names begin with ``pywbem_listener_``.
        """
        counts, endpoint, backlog = self._counts, self._endpoint, self._backlog
        counters = self.counters
        return metrics_text(
            {
                "connections_total": counters.connections,
                "connections_open": endpoint.open_connections if endpoint else 0,
                "indications_received_total": counters.received,
                "indications_delivered_total": counters.delivered,
                "indications_overflowed_total": counts.overflowed,
                "indications_abandoned_total": counts.abandoned,
                "indications_duplicate_total": counters.duplicates,
                "indications_missing_total": counters.missing,
                "sequences_restarted_total": counts.restarts,
                "callbacks_failed_total": counters.failed,
                "requests_refused_total": counters.refused,
                "queue_indications": backlog.size if backlog else 0,
                "queue_held_indications": backlog.held if backlog else 0,
                "queue_bytes": backlog.bytes if backlog else 0,
            }
        )

    def ind_queue_exists(self) -> bool:
        """
        Return whether the queue of indications exists, which it does while the
        listener is started.
        """
        return self._backlog is not None

    def ind_queue_empty(self) -> Optional[bool]:
        """
        Return whether the queue of indications is empty, or ``None`` if it
        does not exist.
        """
        size = self.ind_queue_size()
        return None if size is None else size == 0

    def ind_queue_size(self) -> Optional[int]:
        """
        Return the number of indications in the queue, those included that wait
        for an earlier one, or ``None`` if it does not exist.
        """
        backlog = self._backlog
        return None if backlog is None else backlog.size

    # Actions

    def add_callback(self, callback: Callback) -> None:
        """
        Add a function that is called for each indication.

        The callbacks are called one after the other, in the order in which
        they were added, in a thread of the listener.  A function that was
        added before is not added again.

        Parameters:
            callback (:func:`~pywbem.callback_interface`): The function.

        Raises:
            TypeError: It cannot be called.
        """
        if not callable(callback):
            raise TypeError(f"callback must be callable, but is {callback!r}")
        if callback not in self._callbacks:
            self._callbacks.append(callback)

    # How it is put together

    def _make_receiver(self, lock: ContextManager[Any]) -> Receiver:
        """
        What answers the requests.
        """
        metrics = self.metrics if self._serve_metrics else None
        return Receiver(self._counts, metrics, self._logger, lock)

    def _make_endpoint(self, receiver: Receiver, **options: Any) -> HTTPEndpoint:
        """
        The endpoint, with its ports open, which does not serve yet.
        """
        endpoint = HTTPEndpoint(
            receiver.handle,
            accept=receiver.accept,
            admit=self._senders.allowed,
            limits=_LIMITS,
            server=f"pywbem-listener/{__version__}",
            logger=self._logger,
            **options,
        )
        try:
            bound_http = self._bind(endpoint, self._http_port, None)
            bound_https = None
            if self._https_port is not None:
                bound_https = self._bind(endpoint, self._https_port, self._server_context())
        except BaseException:
            endpoint.stop()
            raise
        self._bound = (bound_http, bound_https)
        return endpoint

    def _make_delivery(
        self,
        endpoint: HTTPEndpoint,
        receiver: Receiver,
        journal: Optional[Journal],
        lock: ContextManager[Any],
        wake: Callable[[], object],
    ) -> Delivery:
        """
        The delivery of what the endpoint receives.
        """
        self._backlog = Backlog(
            self._max_ind_queue_size,
            self._max_ind_queue_bytes,
            Sequencer(*self._reorder) if self._sequences else None,
            self._counts,
        )
        delivery = Delivery(
            self._callbacks,
            self._backlog,
            self._counts,
            self._logger,
            journal,
            Retries(*self._retry) if self._keep else None,
            lock,
            wake,
            endpoint.go_on,
            time.monotonic,
        )
        store = None if journal is None else journal.add
        receiver.begin(delivery.check_room, delivery.put, store)
        if journal is not None:
            journal.begin(delivery.put, delivery.next_number)
        return delivery

    def _closed(self, endpoint: HTTPEndpoint) -> None:
        """
        Note that the ports are closed.
        """
        self._counts.connections += endpoint.accepted
        self._counts.refused += endpoint.refused
        self._endpoint = None
        self._bound = (None, None)

    def _server_context(self) -> ssl.SSLContext:
        from .tls import server_context

        if self._ssl_context is not None:
            return self._ssl_context
        assert self._certfile is not None and self._keyfile is not None
        return server_context(
            self._certfile, self._keyfile, self._keyfile_password, self._client_ca_certs
        )

    def _open_journal(
        self, lock: ContextManager[Any], wake: Callable[[], object]
    ) -> Optional[Journal]:
        if self._journal is None:
            return None
        with self._using_journal():
            from .journal import Journal

            return Journal(self._journal, self._logger, lock, wake)

    def _load(self, delivery: Delivery) -> None:
        """
        Put what is left in the journal first.
        """
        if self._journal is not None:
            with self._using_journal():
                delivery.load()

    @contextmanager
    def _using_journal(self) -> Iterator[None]:
        # Some Pythons are without SQLite, and most listeners without a journal.
        import sqlite3

        try:
            yield
        except sqlite3.Error as exc:
            raise ListenerStartError(f"The journal {self._journal} cannot be used: {exc}") from exc

    def _bind(
        self, endpoint: HTTPEndpoint, port: Optional[int], context: Optional[ssl.SSLContext]
    ) -> Optional[int]:
        if port is None:
            return None
        try:
            return endpoint.bind(self._host, port, context)
        except OSError as exc:
            if exc.errno == errno.EADDRINUSE:
                raise ListenerPortError(f"WBEM listener port {port} is already in use") from exc
            scheme = "HTTP" if context is None else "HTTPS"
            raise ListenerStartError(
                f"Creation of threaded {scheme} server for host {self._host!r} on port {port} "
                f"failed: {type(exc).__name__}: {exc}"
            ) from exc


def _limit(name: str, value: Any) -> int:
    if not isinstance(value, int):
        raise TypeError(f"{name} must be an integer, but is {type(value)}")
    if value < 0:
        raise ValueError(f"{name} must not be negative, but is {value}")
    return value


def _port(name: str, port: Union[int, str, None]) -> Optional[int]:
    if port is None:
        return None
    if not isinstance(port, (int, str)):
        raise TypeError(f"Invalid type for {name}: {type(port)}")
    return int(port)
