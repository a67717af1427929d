"""
Import path in use: connections are in :mod:`pywbem._client`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._cim_constants import DEFAULT_NAMESPACE, DEFAULT_TIMEOUT
from ._client._sync.connection import WBEMConnection
from ._client._sync.query_result import IterQueryInstancesReturn
from ._protocol.paging import DEFAULT_ITER_MAXOBJECTCOUNT
from ._protocol.results import (
    pull_inst_result_tuple,
    pull_path_result_tuple,
    pull_query_result_tuple,
)
from ._public_names import public_names

# How often earlier releases had urllib3 repeat a request; programs read these.
# No request is sent twice now, and no redirect is followed.
HTTP_TOTAL_RETRIES = None
HTTP_CONNECT_RETRIES = 2
HTTP_READ_RETRIES = 0
HTTP_STATUS_RETRIES = 0
HTTP_OTHER_RETRIES = 0
HTTP_MAX_REDIRECTS = 5
HTTP_RETRY_BACKOFF_FACTOR = 0.1

__all__ = [
    "DEFAULT_ITER_MAXOBJECTCOUNT",
    "DEFAULT_NAMESPACE",
    "DEFAULT_TIMEOUT",
    "HTTP_CONNECT_RETRIES",
    "HTTP_MAX_REDIRECTS",
    "HTTP_OTHER_RETRIES",
    "HTTP_READ_RETRIES",
    "HTTP_RETRY_BACKOFF_FACTOR",
    "HTTP_STATUS_RETRIES",
    "HTTP_TOTAL_RETRIES",
    "IterQueryInstancesReturn",
    "WBEMConnection",
    "pull_inst_result_tuple",
    "pull_path_result_tuple",
    "pull_query_result_tuple",
]


# What programs import from here, beside the names above.
if not TYPE_CHECKING:
    __getattr__ = public_names(__name__)
