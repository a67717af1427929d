"""
The names that ``pywbem`` exports, and that they are what the interface says.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from typing import Any, Dict, List

import pytest

import pywbem
from tests.shared_data import API, CHECK_API, needs

# A name is exported on purpose: whoever adds one adds it here.
STATUS_CODES = """
    CIM_ERR_ACCESS_DENIED CIM_ERR_ALREADY_EXISTS CIM_ERR_CLASS_HAS_CHILDREN
    CIM_ERR_CLASS_HAS_INSTANCES CIM_ERR_CONTINUATION_ON_ERROR_NOT_SUPPORTED CIM_ERR_FAILED
    CIM_ERR_FILTERED_ENUMERATION_NOT_SUPPORTED CIM_ERR_INVALID_CLASS
    CIM_ERR_INVALID_ENUMERATION_CONTEXT CIM_ERR_INVALID_NAMESPACE
    CIM_ERR_INVALID_OPERATION_TIMEOUT CIM_ERR_INVALID_PARAMETER CIM_ERR_INVALID_QUERY
    CIM_ERR_INVALID_SUPERCLASS CIM_ERR_METHOD_NOT_AVAILABLE CIM_ERR_METHOD_NOT_FOUND
    CIM_ERR_NAMESPACE_NOT_EMPTY CIM_ERR_NOT_FOUND CIM_ERR_NOT_SUPPORTED CIM_ERR_NO_SUCH_PROPERTY
    CIM_ERR_PULL_CANNOT_BE_ABANDONED CIM_ERR_PULL_HAS_BEEN_ABANDONED
    CIM_ERR_QUERY_LANGUAGE_NOT_SUPPORTED CIM_ERR_SERVER_IS_SHUTTING_DOWN
    CIM_ERR_SERVER_LIMITS_EXCEEDED CIM_ERR_TYPE_MISMATCH
""".split()
OTHER_CONSTANTS = """
    DEFAULT_LOG_DESTINATION DEFAULT_LOG_DETAIL_LEVEL DEFAULT_LOG_FILENAME DEFAULT_NAMESPACE
    DEFAULT_TIMEOUT DEFAULT_URL_PORT_HTTP DEFAULT_URL_PORT_HTTPS DEFAULT_URL_SCHEME
    LOGGER_API_CALLS_NAME LOGGER_HTTP_NAME LOGGER_SIMPLE_NAMES LOG_DESTINATIONS
    LOG_DETAIL_LEVELS PYWBEM_USES_REQUESTS __version__ config
""".split()
TYPES = """
    CIMDateTime CIMFloat CIMInt CIMType Char16 MinutesFromUTC Real32 Real64 Sint16 Sint32 Sint64
    Sint8 Uint16 Uint32 Uint64 Uint8 cimtype cimvalue type_from_name
""".split()
OBJECTS = """
    CIMClass CIMClassName CIMInstance CIMInstanceName CIMMethod CIMParameter CIMProperty
    CIMQualifier CIMQualifierDeclaration NocaseDict tocimxml tocimxmlstr
""".split()
EXCEPTIONS = """
    AuthError CIMError CIMVersionError CIMXMLParseError ConnectionError DTDVersionError Error
    HTTPError HeaderParseError ModelError ParseError ProtocolVersionError TimeoutError
    VersionError XMLParseError
""".split()
WARNINGS = """
    MissingKeybindingsWarning OldNameDestinationWarning OldNameFilterWarning
    RequestExceptionWarning ToleratedSchemaIssueWarning ToleratedServerIssueWarning Warning
""".split()
OPERATIONS = ["IterQueryInstancesReturn", "WBEMConnection"]
STATISTICS = ["OperationStatistic", "Statistics"]
OBSERVERS = """
    BaseOperationRecorder HttpRequest HttpResponse LogOperationRecorder OpArgs OpResult
    TestClientRecorder configure_logger configure_loggers_from_string
""".split()
LISTENER = """
    ListenerCertificateError ListenerError ListenerPortError ListenerPromptError
    ListenerQueueFullError ListenerStartError WBEMListener callback_interface
""".split()
MOF = """
    BaseRepositoryConnection MOFCompileError MOFCompiler MOFDependencyError MOFParseError
    MOFRepositoryError MOFWBEMConnection
""".split()
LAYERS = ["ValueMapping", "WBEMServer", "WBEMSubscriptionManager", "siunit", "siunit_obj"]

NAMES = [
    *STATUS_CODES,
    *OTHER_CONSTANTS,
    *TYPES,
    *OBJECTS,
    *EXCEPTIONS,
    *WARNINGS,
    *OPERATIONS,
    *STATISTICS,
    *LAYERS,
    *LISTENER,
    *MOF,
    *OBSERVERS,
]


def test_all() -> None:
    """``__all__`` is exactly that list, each name once."""
    assert sorted(pywbem.__all__) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_name_exists(name: str) -> None:
    """Each name can be had from the package."""
    assert hasattr(pywbem, name)


def test_star_import() -> None:
    """``from pywbem import *`` gives those names."""
    namespace: Dict[str, Any] = {}
    exec("from pywbem import *", namespace)
    assert set(NAMES) <= set(namespace)


def differences(names: List[str]) -> List[str]:
    """Run the check of the shared interface on some names."""
    spec = importlib.util.spec_from_file_location("check_api", CHECK_API)
    assert spec and spec.loader
    check_api = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(check_api)
    with API.open(encoding="utf-8") as file:
        interface = json.load(file)["pywbem"]
    return list(check_api.compare("pywbem", {name: interface[name] for name in names}))


@needs(API)
@needs(CHECK_API)
@pytest.mark.parametrize("name", [name for name in NAMES if name != "__version__"])
def test_interface(name: str) -> None:
    """Members, parameters, defaults, values and bases are those of the interface."""
    assert differences([name]) == []


HEAVY = "asyncio h11 http logging ply requests ssl urllib3 xml.dom xml.parsers yaml".split()


def test_import_loads_nothing_heavy() -> None:
    """What only some programs need is loaded when it is used."""
    code = (
        f"import sys; before = set(sys.modules); import pywbem; "
        f"print([name for name in {HEAVY} if name in sys.modules and name not in before])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        stdout=subprocess.PIPE,
        env=dict(os.environ, PYTHONPATH=os.pathsep.join(path for path in sys.path if path)),
    )
    assert shown.stdout.strip() == b"[]"


def test_names_loaded_on_use_are_listed() -> None:
    """``dir()`` shows the names that are not loaded yet, and modules can be reached."""
    assert set(NAMES) <= set(dir(pywbem))
    assert pywbem._cim_operations.WBEMConnection is pywbem.WBEMConnection
    with pytest.raises(AttributeError, match="'pywbem' has no attribute 'Nothing'"):
        pywbem.Nothing  # noqa: B018
