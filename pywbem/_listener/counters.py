"""
What a listener has done, for programs and for Prometheus.
"""

from __future__ import annotations

from typing import Dict, List, NamedTuple, Tuple


class ListenerCounters(NamedTuple):
    """
    What a listener has done since it was created.

    ``received`` = ``delivered`` + ``dropped`` + those that wait in the queue or
    for an earlier one.
    """

    #: Connections that were accepted.
    connections: int
    #: Indications that arrived.
    received: int
    #: Indications that were passed to all callbacks.
    delivered: int
    #: Indications that were refused because the queue was full, that were
    #: duplicates of others, or that nobody took before the listener was stopped.
    dropped: int
    #: Calls of callbacks that raised an exception.
    failed: int
    #: Requests that were answered with an error, except for a full queue, and
    #: connections of senders that are not allowed.
    refused: int
    #: Duplicates of other indications (DSP1054), part of ``dropped``.
    duplicates: int
    #: Indications that are missing in their sequence (DSP1054).
    missing: int


class Counts:
    """
    The numbers behind :class:`ListenerCounters`.  Each has one thread that
    changes it, or a lock of the delivery or the receiver.
    """

    def __init__(self) -> None:
        self.connections = 0
        self.received = 0
        self.delivered = 0
        self.overflowed = 0
        self.abandoned = 0
        self.failed = 0
        self.refused = 0
        self.duplicates = 0
        self.missing = 0
        self.restarts = 0


# Name, kind and meaning of a metric, in the order in which they are written.
_METRICS: Tuple[Tuple[str, str, str], ...] = (
    ("connections_total", "counter", "Connections that were accepted."),
    ("connections_open", "gauge", "Connections that are open."),
    ("indications_received_total", "counter", "Indications that arrived."),
    ("indications_delivered_total", "counter", "Indications that all callbacks were called with."),
    ("indications_overflowed_total", "counter", "Indications refused because the queue was full."),
    ("indications_abandoned_total", "counter", "Indications left when the listener was stopped."),
    ("indications_duplicate_total", "counter", "Indications dropped as duplicates of others."),
    ("indications_missing_total", "counter", "Indications that are missing in their sequence."),
    ("sequences_restarted_total", "counter", "Sequences that their sender began again."),
    ("callbacks_failed_total", "counter", "Calls of callbacks that raised an exception."),
    ("requests_refused_total", "counter", "Requests and connections that were refused."),
    ("queue_indications", "gauge", "Indications that wait for their delivery."),
    ("queue_held_indications", "gauge", "Indications among them that wait for an earlier one."),
    ("queue_bytes", "gauge", "Size of the requests of the indications that wait."),
)


def metrics_text(values: Dict[str, int]) -> str:
    """
    The values by their names in the text format of Prometheus, version 0.0.4.
    """
    lines: List[str] = []
    for name, kind, meaning in _METRICS:
        full = f"pywbem_listener_{name}"
        lines += [f"# HELP {full} {meaning}", f"# TYPE {full} {kind}", f"{full} {values[name]}"]
    return "\n".join([*lines, ""])
