"""
Operations: what a mock server answers to a call.

``main_provider`` performs all operations that users cannot provide, a file for each kind of them
(``classes``, ``instances``, ``properties``, ``associations``, ``qualifiers``, ``pull`` with the
open ``enumerations``); ``call_handler`` takes call records and asks it or the provider of a user;
``strict`` has what both do otherwise on a strict server, and ``rules`` chooses;
``calls`` says what a call is about, ``faults`` are failures on request, and ``misspelt`` finds the
operation that was meant.

Stands on the providers and the store; the server imports it.
"""

from __future__ import annotations

from .enumerations import Enumerations
from .main_provider import MainProvider

__all__ = ["Enumerations", "MainProvider"]
