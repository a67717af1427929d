"""
A callback that keeps what it gets, and waiting for what is to happen.
"""

from __future__ import annotations

import threading
import time
from typing import Any, Callable, List

import pywbem

HOST = "127.0.0.1"


class Receiver:
    """A callback that keeps what it gets."""

    def __init__(self) -> None:
        self.indications: List[pywbem.CIMInstance] = []
        self.hosts: List[str] = []
        self.threads: List[str] = []

    def __call__(self, indication: pywbem.CIMInstance, host: str) -> None:
        self.indications.append(indication)
        self.hosts.append(host)
        self.threads.append(threading.current_thread().name)

    @property
    def texts(self) -> List[str]:
        return [instance["Text"] for instance in self.indications]


def eventually(condition: Callable[[], Any], within: float = 15.0) -> bool:
    """Wait until something is so; return whether it is."""
    end = time.monotonic() + within
    while not condition() and time.monotonic() < end:
        time.sleep(0.005)
    return bool(condition())


def port_of(listener: pywbem.WBEMListener) -> int:
    """The port of a listener that is started."""
    port = listener.http_port
    assert port
    return port
