"""
Receiving indications: from requests that the endpoint brings to callbacks.

The logic is in ``sequences`` (order of reliable indications), ``backlog`` (what waits),
``export`` and ``receiver`` (requests and responses), none of which has threads, sockets
or a clock; ``delivery`` is the thread that calls the callbacks, ``listener`` puts all
together.

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
from .counters import ListenerCounters
from .listener import WBEMListener, callback_interface

__all__ = [
    "ListenerCertificateError",
    "ListenerCounters",
    "ListenerError",
    "ListenerPortError",
    "ListenerPromptError",
    "ListenerQueueFullError",
    "ListenerStartError",
    "WBEMListener",
    "callback_interface",
]

# What programs import from here, beside the names above.
if not TYPE_CHECKING:
    __getattr__ = public_names(__name__)
