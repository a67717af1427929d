"""
Receiving indications: from requests that the endpoint brings to callbacks.

The logic is in ``sequences`` (order of reliable indications), ``backlog`` (what waits),
``export`` and ``receiver`` (requests and responses), ``delivery`` (what is handed out)
and ``journal`` (what is kept on disk), none of which has threads, tasks or sockets.  Both
kinds of listener have all of that from ``base``: ``listener`` with ``threads``,
``async_listener`` with ``tasks``.

Imported by programs only; imports the endpoint and CIM-XML.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._exceptions import (
    ListenerCertificateError,
    ListenerError,
    ListenerPortError,
    ListenerPromptError,
    ListenerQueueFullError,
    ListenerStartError,
)
from .._public_names import public_names
from .async_listener import AsyncWBEMListener, ReceivedIndication
from .counters import ListenerCounters
from .listener import WBEMListener, callback_interface

__all__ = [
    "AsyncWBEMListener",
    "ListenerCertificateError",
    "ListenerCounters",
    "ListenerError",
    "ListenerPortError",
    "ListenerPromptError",
    "ListenerQueueFullError",
    "ListenerStartError",
    "ReceivedIndication",
    "WBEMListener",
    "callback_interface",
]

# What programs import from here, beside the names above.
if not TYPE_CHECKING:
    __getattr__ = public_names(__name__)
