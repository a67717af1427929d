"""
What a listener does with the requests that its endpoint brings.  No socket and no
thread here.
"""

from __future__ import annotations

import ipaddress
import logging
from typing import Any, Callable, ContextManager, Iterable, List, Optional, Union

from .._cim_constants import CIM_ERR_FAILED
from .._endpoint import Later, Request, Response
from .._endpoint.cim import EXPORTS, http_error
from .backlog import QueueFull
from .counters import Counts
from .export import (
    Indication,
    Refused,
    check_head,
    cim_error,
    message_id_of,
    read_indication,
    success,
)

_Network = Union[ipaddress.IPv4Network, ipaddress.IPv6Network]

_METRICS_TYPE = ("Content-Type", "text/plain; version=0.0.4; charset=utf-8")


class Senders:
    """
    The addresses from which requests are accepted.

    Parameters:
        allow (iterable of str): Addresses and networks (``10.0.0.0/8``, ``fd00::/8``,
            ``192.0.2.7``); None for all.

    Raises:
        TypeError, ValueError: that is none.
    """

    def __init__(self, allow: Optional[Iterable[str]]) -> None:
        if isinstance(allow, (str, bytes)):
            raise TypeError(f"allow must be a list of networks, but is {allow!r}")
        self._networks: Optional[List[_Network]] = None
        if allow is not None:
            self._networks = [ipaddress.ip_network(item, strict=False) for item in allow]

    def allowed(self, host: str) -> bool:
        """
        Whether a sender at an address is one of them.
        """
        if self._networks is None:
            return True
        address = _address(host)
        return address is not None and any(address in network for network in self._networks)


def _address(host: str) -> Union[ipaddress.IPv4Address, ipaddress.IPv6Address, None]:
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None
    # So an IPv4 client looks to a socket that takes IPv6 as well.
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


class Receiver:
    """
    Turns requests into indications and the fate of these into responses.

    Parameters:
        counts (Counts): Is kept up to date.
        metrics (callable): The text for ``GET /metrics``; None if that is not served.
        logger (logging.Logger): The logger of the listener.
        lock (context manager): Keeps threads from each other, if there are several.
    """

    def __init__(
        self,
        counts: Counts,
        metrics: Optional[Callable[[], str]],
        logger: logging.Logger,
        lock: ContextManager[Any],
    ) -> None:
        self._counts = counts
        self._metrics = metrics
        self._logger = logger
        self._lock = lock
        self._check_room: Callable[[str, int], object]
        self._put: Callable[[Indication], object]
        self._store: Optional[Callable[[Indication, Request, Later], object]]

    def begin(
        self,
        check_room: Callable[[str, int], object],
        put: Callable[[Indication], object],
        store: Optional[Callable[[Indication, Request, Later], object]],
    ) -> None:
        """
        Say where indications go.

        Parameters:
            check_room (callable): Raises QueueFull if there is no room for a request of a
                sender and a size in bytes.
            put (callable): Takes an indication, or raises QueueFull.
            store (callable): Takes an indication with its request and the response that is
                to be given; None if there is no journal.
        """
        self._check_room = check_room
        self._put = put
        self._store = store

    def accept(self, request: Request) -> Optional[Response]:
        """
        Check the head of a request; return the response if it is refused.
        """
        try:
            if self._is_for_metrics(request):
                address = _address(request.host)
                if address is None or not address.is_loopback:
                    raise http_error(EXPORTS, 403)
            else:
                check_head(request)
        except Refused as exc:
            return self._refuse(request, exc)
        return None

    def handle(self, request: Request) -> Union[Response, Later]:
        """
        Answer a request whose head was accepted.
        """
        if self._metrics is not None and self._is_for_metrics(request):
            return Response(200, (_METRICS_TYPE,), self._metrics().encode("utf-8"))
        message_id = message_id_of(request)
        try:
            if message_id is not None:
                self._check_room(request.host, len(request.body))
            indication = read_indication(request)
            message_id = indication.message_id
            if self._store is not None:
                later = Later()
                self._store(indication, request, later)
                return later
            self._put(indication)
        except Refused as exc:
            return self._refuse(request, exc)
        except QueueFull as exc:
            assert message_id is not None
            refused = cim_error("ExportIndication", message_id, CIM_ERR_FAILED, str(exc))
            return refused.response._replace(pause=exc.pause)
        self._logger.debug(
            "Accepted indication %s from %s with message ID %s",
            indication.instance.classname, indication.host, indication.message_id,
        )  # fmt: skip
        return success(indication.message_id)

    def _is_for_metrics(self, request: Request) -> bool:
        return (
            self._metrics is not None
            and request.method == "GET"
            and request.target.partition("?")[0] == "/metrics"
        )

    def _refuse(self, request: Request, refused: Refused) -> Response:
        with self._lock:
            self._counts.refused += 1
        self._logger.warning(
            "Refused a %s request from %s: %s", request.method, request.host, refused
        )
        return refused.response
