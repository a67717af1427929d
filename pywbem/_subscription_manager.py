"""
Import path in use: the subscription manager is in :mod:`pywbem._client`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._client._sync.subscriptions import WBEMSubscriptionManager
from ._client.owned import (
    DESTINATION_CLASSNAME,
    FILTER_CLASSNAME,
    SUBSCRIPTION_CLASSNAME,
)
from ._public_names import public_names

__all__ = [
    "DESTINATION_CLASSNAME",
    "FILTER_CLASSNAME",
    "SUBSCRIPTION_CLASSNAME",
    "WBEMSubscriptionManager",
]


# What programs import from here, beside the names above.
if not TYPE_CHECKING:
    __getattr__ = public_names(__name__)
