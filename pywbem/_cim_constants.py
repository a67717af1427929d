"""
CIM status codes (DSP0200) and the defaults of a connection.
"""

from __future__ import annotations

from typing import Any, Dict, Tuple

__all__ = [
    "CIM_ERR_ACCESS_DENIED",
    "CIM_ERR_ALREADY_EXISTS",
    "CIM_ERR_CLASS_HAS_CHILDREN",
    "CIM_ERR_CLASS_HAS_INSTANCES",
    "CIM_ERR_CONTINUATION_ON_ERROR_NOT_SUPPORTED",
    "CIM_ERR_FAILED",
    "CIM_ERR_FILTERED_ENUMERATION_NOT_SUPPORTED",
    "CIM_ERR_INVALID_CLASS",
    "CIM_ERR_INVALID_ENUMERATION_CONTEXT",
    "CIM_ERR_INVALID_NAMESPACE",
    "CIM_ERR_INVALID_OPERATION_TIMEOUT",
    "CIM_ERR_INVALID_PARAMETER",
    "CIM_ERR_INVALID_QUERY",
    "CIM_ERR_INVALID_SUPERCLASS",
    "CIM_ERR_METHOD_NOT_AVAILABLE",
    "CIM_ERR_METHOD_NOT_FOUND",
    "CIM_ERR_NAMESPACE_NOT_EMPTY",
    "CIM_ERR_NOT_FOUND",
    "CIM_ERR_NOT_SUPPORTED",
    "CIM_ERR_NO_SUCH_PROPERTY",
    "CIM_ERR_PULL_CANNOT_BE_ABANDONED",
    "CIM_ERR_PULL_HAS_BEEN_ABANDONED",
    "CIM_ERR_QUERY_LANGUAGE_NOT_SUPPORTED",
    "CIM_ERR_SERVER_IS_SHUTTING_DOWN",
    "CIM_ERR_SERVER_LIMITS_EXCEEDED",
    "CIM_ERR_TYPE_MISMATCH",
    "DEFAULT_LOG_DESTINATION",
    "DEFAULT_LOG_DETAIL_LEVEL",
    "DEFAULT_LOG_FILENAME",
    "DEFAULT_NAMESPACE",
    "DEFAULT_TIMEOUT",
    "DEFAULT_URL_PORT_HTTP",
    "DEFAULT_URL_PORT_HTTPS",
    "DEFAULT_URL_SCHEME",
    "LOGGER_API_CALLS_NAME",
    "LOGGER_HTTP_NAME",
    "LOGGER_SIMPLE_NAMES",
    "LOG_DESTINATIONS",
    "LOG_DETAIL_LEVELS",
]

# DSP0200, "Status codes".  18 and 19 are not assigned.
CIM_ERR_FAILED = 1
CIM_ERR_ACCESS_DENIED = 2
CIM_ERR_INVALID_NAMESPACE = 3
CIM_ERR_INVALID_PARAMETER = 4
CIM_ERR_INVALID_CLASS = 5
CIM_ERR_NOT_FOUND = 6
CIM_ERR_NOT_SUPPORTED = 7
CIM_ERR_CLASS_HAS_CHILDREN = 8
CIM_ERR_CLASS_HAS_INSTANCES = 9
CIM_ERR_INVALID_SUPERCLASS = 10
CIM_ERR_ALREADY_EXISTS = 11
CIM_ERR_NO_SUCH_PROPERTY = 12
CIM_ERR_TYPE_MISMATCH = 13
CIM_ERR_QUERY_LANGUAGE_NOT_SUPPORTED = 14
CIM_ERR_INVALID_QUERY = 15
CIM_ERR_METHOD_NOT_AVAILABLE = 16
CIM_ERR_METHOD_NOT_FOUND = 17
CIM_ERR_NAMESPACE_NOT_EMPTY = 20
CIM_ERR_INVALID_ENUMERATION_CONTEXT = 21
CIM_ERR_INVALID_OPERATION_TIMEOUT = 22
CIM_ERR_PULL_HAS_BEEN_ABANDONED = 23
CIM_ERR_PULL_CANNOT_BE_ABANDONED = 24
CIM_ERR_FILTERED_ENUMERATION_NOT_SUPPORTED = 25
CIM_ERR_CONTINUATION_ON_ERROR_NOT_SUPPORTED = 26
CIM_ERR_SERVER_LIMITS_EXCEEDED = 27
CIM_ERR_SERVER_IS_SHUTTING_DOWN = 28

# The kinds of providers, as WBEM servers that manage them number them.
PROVIDERTYPE_CLASS = 1
PROVIDERTYPE_INSTANCE = 2
PROVIDERTYPE_ASSOCIATION = 3
PROVIDERTYPE_INDICATION = 4
PROVIDERTYPE_METHOD = 5
PROVIDERTYPE_CONSUMER = 6
PROVIDERTYPE_QUERY = 7

# The texts are those that CIMError.status_description has always returned.
_STATUS_CODES: Dict[int, Tuple[str, str]] = {
    1: ("CIM_ERR_FAILED", "A general error occurred"),
    2: ("CIM_ERR_ACCESS_DENIED", "Resource not available"),
    3: ("CIM_ERR_INVALID_NAMESPACE", "The target namespace does not exist"),
    4: ("CIM_ERR_INVALID_PARAMETER", "Parameter value(s) invalid"),
    5: ("CIM_ERR_INVALID_CLASS", "The specified Class does not exist"),
    6: ("CIM_ERR_NOT_FOUND", "Requested object could not be found"),
    7: ("CIM_ERR_NOT_SUPPORTED", "Operation not supported"),
    8: ("CIM_ERR_CLASS_HAS_CHILDREN", "Class has subclasses"),
    9: ("CIM_ERR_CLASS_HAS_INSTANCES", "Class has instances"),
    10: ("CIM_ERR_INVALID_SUPERCLASS", "Superclass does not exist"),
    11: ("CIM_ERR_ALREADY_EXISTS", "Object already exists"),
    12: ("CIM_ERR_NO_SUCH_PROPERTY", "Property does not exist"),
    13: ("CIM_ERR_TYPE_MISMATCH", "Value incompatible with type"),
    14: ("CIM_ERR_QUERY_LANGUAGE_NOT_SUPPORTED", "Query language not supported"),
    15: ("CIM_ERR_INVALID_QUERY", "Query not valid"),
    16: ("CIM_ERR_METHOD_NOT_AVAILABLE", "Extrinsic method not executed"),
    17: ("CIM_ERR_METHOD_NOT_FOUND", "Extrinsic method does not exist"),
    20: ("CIM_ERR_NAMESPACE_NOT_EMPTY", "Namespace not empty"),
    21: ("CIM_ERR_INVALID_ENUMERATION_CONTEXT", "Enumeration context is invalid"),
    22: ("CIM_ERR_INVALID_OPERATION_TIMEOUT", "Operation timeout not supported"),
    23: ("CIM_ERR_PULL_HAS_BEEN_ABANDONED", "Pull operation has been abandoned"),
    24: ("CIM_ERR_PULL_CANNOT_BE_ABANDONED", "Attempt to abandon a pull operation failed"),
    25: (
        "CIM_ERR_FILTERED_ENUMERATION_NOT_SUPPORTED",
        "Filtered pulled enumeration not supported",
    ),
    26: (
        "CIM_ERR_CONTINUATION_ON_ERROR_NOT_SUPPORTED",
        "WBEM server does not support continuation on error",
    ),
    27: ("CIM_ERR_SERVER_LIMITS_EXCEEDED", "WBEM server limits exceeded"),
    28: ("CIM_ERR_SERVER_IS_SHUTTING_DOWN", "WBEM server is shutting down"),
}

#: Namespace of operations when neither the call nor the connection has one.
DEFAULT_NAMESPACE = "root/cimv2"

#: Scheme and ports of a server URL that has none.
DEFAULT_URL_SCHEME = "http"
DEFAULT_URL_PORT_HTTP = 5988
DEFAULT_URL_PORT_HTTPS = 5989

#: Time in seconds that an operation may take.
DEFAULT_TIMEOUT = 30

#: Names of the loggers of the API calls and of the HTTP messages, and the short
#: names by which they are configured.
LOGGER_API_CALLS_NAME = "pywbem.api"
LOGGER_HTTP_NAME = "pywbem.http"
LOGGER_SIMPLE_NAMES = ["api", "http", "all"]

#: Where log records go, how much of a message they contain, and the defaults.
LOG_DESTINATIONS = ["file", "stderr", "off"]
LOG_DETAIL_LEVELS = ["all", "paths", "summary"]
DEFAULT_LOG_DESTINATION = "file"
DEFAULT_LOG_DETAIL_LEVEL = "all"
DEFAULT_LOG_FILENAME = "pywbem.log"


def _statuscode2name(status_code: Any) -> str:
    """
    Return the symbolic name of a CIM status code, for example
    ``CIM_ERR_NOT_FOUND``; for an unknown one a text that says so.
    """
    entry = _STATUS_CODES.get(status_code)
    return entry[0] if entry else f"Invalid status code {status_code}"


def _statuscode2string(status_code: Any) -> str:
    """
    Return a short description of a CIM status code; for an unknown one a text
    that says so.
    """
    entry = _STATUS_CODES.get(status_code)
    return entry[1] if entry else f"Invalid status code {status_code}"
