"""
pywbem: a WBEM client library (DMTF DSP0200, DSP0201, DSP0004).

The names of this package and of :mod:`pywbem.config` are its interface;
modules whose names start with an underscore are not, with the exception of
import paths that programs have used for long.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, List

from . import config
from ._cim_constants import (
    CIM_ERR_ACCESS_DENIED,
    CIM_ERR_ALREADY_EXISTS,
    CIM_ERR_CLASS_HAS_CHILDREN,
    CIM_ERR_CLASS_HAS_INSTANCES,
    CIM_ERR_CONTINUATION_ON_ERROR_NOT_SUPPORTED,
    CIM_ERR_FAILED,
    CIM_ERR_FILTERED_ENUMERATION_NOT_SUPPORTED,
    CIM_ERR_INVALID_CLASS,
    CIM_ERR_INVALID_ENUMERATION_CONTEXT,
    CIM_ERR_INVALID_NAMESPACE,
    CIM_ERR_INVALID_OPERATION_TIMEOUT,
    CIM_ERR_INVALID_PARAMETER,
    CIM_ERR_INVALID_QUERY,
    CIM_ERR_INVALID_SUPERCLASS,
    CIM_ERR_METHOD_NOT_AVAILABLE,
    CIM_ERR_METHOD_NOT_FOUND,
    CIM_ERR_NAMESPACE_NOT_EMPTY,
    CIM_ERR_NO_SUCH_PROPERTY,
    CIM_ERR_NOT_FOUND,
    CIM_ERR_NOT_SUPPORTED,
    CIM_ERR_PULL_CANNOT_BE_ABANDONED,
    CIM_ERR_PULL_HAS_BEEN_ABANDONED,
    CIM_ERR_QUERY_LANGUAGE_NOT_SUPPORTED,
    CIM_ERR_SERVER_IS_SHUTTING_DOWN,
    CIM_ERR_SERVER_LIMITS_EXCEEDED,
    CIM_ERR_TYPE_MISMATCH,
    DEFAULT_LOG_DESTINATION,
    DEFAULT_LOG_DETAIL_LEVEL,
    DEFAULT_LOG_FILENAME,
    DEFAULT_NAMESPACE,
    DEFAULT_TIMEOUT,
    DEFAULT_URL_PORT_HTTP,
    DEFAULT_URL_PORT_HTTPS,
    DEFAULT_URL_SCHEME,
    LOG_DESTINATIONS,
    LOG_DETAIL_LEVELS,
    LOGGER_API_CALLS_NAME,
    LOGGER_HTTP_NAME,
    LOGGER_SIMPLE_NAMES,
)
from ._cim_obj import (
    CIMClass,
    CIMClassName,
    CIMInstance,
    CIMInstanceName,
    CIMMethod,
    CIMParameter,
    CIMProperty,
    CIMQualifier,
    CIMQualifierDeclaration,
    cimvalue,
    tocimxml,
    tocimxmlstr,
)
from ._cim_types import (
    Char16,
    CIMDateTime,
    CIMFloat,
    CIMInt,
    CIMType,
    MinutesFromUTC,
    Real32,
    Real64,
    Sint8,
    Sint16,
    Sint32,
    Sint64,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    cimtype,
    type_from_name,
)
from ._exceptions import (
    AuthError,
    CIMError,
    CIMVersionError,
    CIMXMLParseError,
    ConnectionError,
    DTDVersionError,
    Error,
    HeaderParseError,
    HTTPError,
    ListenerCertificateError,
    ListenerError,
    ListenerPortError,
    ListenerPromptError,
    ListenerQueueFullError,
    ListenerStartError,
    ModelError,
    ParseError,
    ProtocolVersionError,
    TimeoutError,
    VersionError,
    XMLParseError,
)
from ._features import (
    PYWBEM_USES_REQUESTS,
)
from ._nocasedict import (
    NocaseDict,
)
from ._version import __version__
from ._warnings import (
    MissingKeybindingsWarning,
    OldNameDestinationWarning,
    OldNameFilterWarning,
    RequestExceptionWarning,
    ToleratedSchemaIssueWarning,
    ToleratedServerIssueWarning,
    Warning,
)

if TYPE_CHECKING:
    from ._cim_obj.plain import to_json
    from ._client._async.connection import AsyncWBEMConnection
    from ._client._async.query_result import AsyncIterQueryInstancesReturn
    from ._client._async.server import AsyncWBEMServer
    from ._client._async.subscriptions import AsyncWBEMSubscriptionManager
    from ._client._async.valuemapping import AsyncValueMapping
    from ._client._sync.connection import WBEMConnection
    from ._client._sync.query_result import IterQueryInstancesReturn
    from ._client._sync.server import WBEMServer
    from ._client._sync.subscriptions import WBEMSubscriptionManager
    from ._client._sync.valuemapping import ValueMapping
    from ._listener import AsyncWBEMListener, WBEMListener, callback_interface
    from ._mof_compiler import (
        BaseRepositoryConnection,
        MOFCompileError,
        MOFCompiler,
        MOFDependencyError,
        MOFParseError,
        MOFRepositoryError,
        MOFWBEMConnection,
    )
    from ._observers.log_recorder import LogOperationRecorder
    from ._observers.loggers import configure_logger, configure_loggers_from_string
    from ._observers.recorder import (
        BaseOperationRecorder,
        HttpRequest,
        HttpResponse,
        OpArgs,
        OpResult,
    )
    from ._observers.statistics import OperationStatistic, Statistics
    from ._observers.yaml_recorder import TestClientRecorder
    from ._units import siunit, siunit_obj

__all__ = [
    "AsyncIterQueryInstancesReturn",
    "AsyncValueMapping",
    "AsyncWBEMConnection",
    "AsyncWBEMListener",
    "AsyncWBEMServer",
    "AsyncWBEMSubscriptionManager",
    "AuthError",
    "BaseOperationRecorder",
    "BaseRepositoryConnection",
    "CIMClass",
    "CIMClassName",
    "CIMDateTime",
    "CIMError",
    "CIMFloat",
    "CIMInstance",
    "CIMInstanceName",
    "CIMInt",
    "CIMMethod",
    "CIMParameter",
    "CIMProperty",
    "CIMQualifier",
    "CIMQualifierDeclaration",
    "CIMType",
    "CIMVersionError",
    "CIMXMLParseError",
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
    "Char16",
    "ConnectionError",
    "DEFAULT_LOG_DESTINATION",
    "DEFAULT_LOG_DETAIL_LEVEL",
    "DEFAULT_LOG_FILENAME",
    "DEFAULT_NAMESPACE",
    "DEFAULT_TIMEOUT",
    "DEFAULT_URL_PORT_HTTP",
    "DEFAULT_URL_PORT_HTTPS",
    "DEFAULT_URL_SCHEME",
    "DTDVersionError",
    "Error",
    "HTTPError",
    "HeaderParseError",
    "HttpRequest",
    "HttpResponse",
    "IterQueryInstancesReturn",
    "LOGGER_API_CALLS_NAME",
    "LOGGER_HTTP_NAME",
    "LOGGER_SIMPLE_NAMES",
    "LOG_DESTINATIONS",
    "LOG_DETAIL_LEVELS",
    "ListenerCertificateError",
    "ListenerError",
    "ListenerPortError",
    "ListenerPromptError",
    "ListenerQueueFullError",
    "ListenerStartError",
    "LogOperationRecorder",
    "MOFCompileError",
    "MOFCompiler",
    "MOFDependencyError",
    "MOFParseError",
    "MOFRepositoryError",
    "MOFWBEMConnection",
    "MinutesFromUTC",
    "MissingKeybindingsWarning",
    "ModelError",
    "NocaseDict",
    "OldNameDestinationWarning",
    "OldNameFilterWarning",
    "OpArgs",
    "OpResult",
    "OperationStatistic",
    "PYWBEM_USES_REQUESTS",
    "ParseError",
    "ProtocolVersionError",
    "Real32",
    "Real64",
    "RequestExceptionWarning",
    "Sint16",
    "Sint32",
    "Sint64",
    "Sint8",
    "Statistics",
    "TestClientRecorder",
    "TimeoutError",
    "ToleratedSchemaIssueWarning",
    "ToleratedServerIssueWarning",
    "Uint16",
    "Uint32",
    "Uint64",
    "Uint8",
    "ValueMapping",
    "VersionError",
    "WBEMConnection",
    "WBEMListener",
    "WBEMServer",
    "WBEMSubscriptionManager",
    "Warning",
    "XMLParseError",
    "__version__",
    "callback_interface",
    "cimtype",
    "cimvalue",
    "config",
    "configure_logger",
    "configure_loggers_from_string",
    "siunit",
    "siunit_obj",
    "to_json",
    "tocimxml",
    "tocimxmlstr",
    "type_from_name",
]

# What is loaded when it is first used (PEP 562), so that a program pays for what
# it needs: module -> names.
_LOADED_ON_USE = {
    "_cim_obj.plain": ("to_json",),
    "_client._async.connection": ("AsyncWBEMConnection",),
    "_client._async.query_result": ("AsyncIterQueryInstancesReturn",),
    "_client._async.server": ("AsyncWBEMServer",),
    "_client._async.subscriptions": ("AsyncWBEMSubscriptionManager",),
    "_client._async.valuemapping": ("AsyncValueMapping",),
    "_client._sync.connection": ("WBEMConnection",),
    "_client._sync.query_result": ("IterQueryInstancesReturn",),
    "_client._sync.server": ("WBEMServer",),
    "_client._sync.subscriptions": ("WBEMSubscriptionManager",),
    "_client._sync.valuemapping": ("ValueMapping",),
    "_listener": ("AsyncWBEMListener", "WBEMListener", "callback_interface"),
    "_mof_compiler": (
        "BaseRepositoryConnection",
        "MOFCompileError",
        "MOFCompiler",
        "MOFDependencyError",
        "MOFParseError",
        "MOFRepositoryError",
        "MOFWBEMConnection",
    ),
    "_observers.log_recorder": ("LogOperationRecorder",),
    "_observers.loggers": ("configure_logger", "configure_loggers_from_string"),
    "_observers.recorder": (
        "BaseOperationRecorder",
        "HttpRequest",
        "HttpResponse",
        "OpArgs",
        "OpResult",
    ),
    "_observers.statistics": ("OperationStatistic", "Statistics"),
    "_observers.yaml_recorder": ("TestClientRecorder",),
    "_units": ("siunit", "siunit_obj"),
}
_MODULE_OF = {name: module for module, names in _LOADED_ON_USE.items() for name in names}
_MODULES = frozenset(
    (
        *_LOADED_ON_USE,
        "_cim_http",
        "_cim_operations",
        "_cim_xml",
        "_cliutils",
        "_logging",
        "_recorder",
        "_server",
        "_statistics",
        "_subscription_manager",
        "_tupleparse",
        "_tupletree",
        "_utils",
        "_valuemapping",
    )
)


def __getattr__(name: str) -> Any:
    """
    Load what is exported and not loaded yet.
    """
    if name in _MODULES:
        return importlib.import_module(f"{__name__}.{name}")
    module = _MODULE_OF.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{module}"), name)
    globals()[name] = value
    return value


def __dir__() -> List[str]:
    """
    The names of the package, loaded or not.
    """
    return sorted({*globals(), *__all__})
