"""
The names that ``pywbem`` exports, and that they are what the interface says.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import os
import subprocess
import sys
from typing import Any, Dict, List

import pytest

import pywbem
import pywbem_mock
from tests import interface
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
    CIMQualifier CIMQualifierDeclaration NocaseDict to_json tocimxml tocimxmlstr
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
OPERATIONS = """
    AsyncIterQueryInstancesReturn AsyncWBEMConnection IterQueryInstancesReturn WBEMConnection
""".split()
STATISTICS = ["OperationStatistic", "Statistics"]
OBSERVERS = """
    BaseOperationRecorder HttpRequest HttpResponse LogOperationRecorder OpArgs OpResult
    TestClientRecorder configure_logger configure_loggers_from_string
""".split()
LISTENER = """
    AsyncWBEMListener ListenerCertificateError ListenerError ListenerPortError ListenerPromptError
    ListenerQueueFullError ListenerStartError WBEMListener callback_interface
""".split()
MOF = """
    BaseRepositoryConnection MOFCompileError MOFCompiler MOFDependencyError MOFParseError
    MOFRepositoryError MOFWBEMConnection
""".split()
LAYERS = """
    AsyncValueMapping AsyncWBEMServer AsyncWBEMSubscriptionManager ValueMapping WBEMServer
    WBEMSubscriptionManager siunit siunit_obj
""".split()

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


RECORDED_INTERFACE = interface.recorded()


@pytest.mark.parametrize("module", interface.MODULES)
def test_recorded_interface(module: str) -> None:
    """What ``tests/interface.txt`` says is there, in its place."""
    now = interface.interface()
    lost = {
        key: (was, now.get(key))
        for key, was in RECORDED_INTERFACE.items()
        if key.split(" ")[1].startswith(f"{module}.")
        and (key not in now or not interface.keeps(key, was, now[key]))
    }
    assert lost == {}


@needs(API)
@needs(CHECK_API)
@pytest.mark.parametrize(
    "name",
    [
        name
        for name in NAMES
        if name not in ("__version__", "to_json") and not name.startswith("Async")
    ],
)
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


# Private modules of the released package that programs import public names from.
ALL_NAMES = """
    _cim_http _cim_obj _cim_operations _listener _mof_compiler _recorder _server
    _subscription_manager _tupleparse _tupletree _units
""".split()
SOME_NAMES = {
    "_cim_constants": [*STATUS_CODES, "DEFAULT_NAMESPACE", "DEFAULT_TIMEOUT", "DEFAULT_URL_SCHEME"],
    "_cim_types": [name for name in TYPES if name != "cimvalue"],
    "_exceptions": [*EXCEPTIONS, *[name for name in LISTENER if name.endswith("Error")]],
    "_features": ["PYWBEM_USES_REQUESTS"],
    "_logging": """
        DEFAULT_LOG_DESTINATION DEFAULT_LOG_DETAIL_LEVEL DEFAULT_LOG_FILENAME
        LOGGER_API_CALLS_NAME LOGGER_HTTP_NAME LOGGER_SIMPLE_NAMES LOG_DESTINATIONS
        LOG_DETAIL_LEVELS configure_logger configure_loggers_from_string
    """.split(),
    "_nocasedict": ["NocaseDict"],
    "_statistics": STATISTICS,
    "_valuemapping": """
        CIMInt CIMMethod CIMParameter CIMProperty ModelError ValueMapping type_from_name
    """.split(),
    "_warnings": [*WARNINGS, "Error"],
}
MOCK_MODULES = """
    _baseprovider _inmemoryrepository _instancewriteprovider _mainprovider _mockmofwbemconnection
    _baserepository _dmtf_cim_schema _methodprovider _namespaceprovider _providerdependentregistry
    _providerdispatcher _providerregistry _resolvermixin _subscriptionproviders
    _wbemconnection_mock
""".split()


@pytest.mark.parametrize(
    "module, names",
    [*[(module, NAMES) for module in ALL_NAMES], *SOME_NAMES.items()],
    ids=[*ALL_NAMES, *SOME_NAMES],
)
def test_private_module(module: str, names: List[str]) -> None:
    """It has the public names, and they are the same objects."""
    private = importlib.import_module(f"pywbem.{module}")
    assert [name for name in names if getattr(private, name) is not getattr(pywbem, name)] == []
    with pytest.raises(AttributeError, match=f"'pywbem.{module}' has no attribute 'Nothing'"):
        private.Nothing  # noqa: B018
    with pytest.raises(ImportError, match="cannot import name 'nothing'"):
        exec(f"from pywbem.{module} import nothing")


@pytest.mark.parametrize("module", MOCK_MODULES)
def test_private_module_of_the_mock(module: str) -> None:
    """It has the public names of both packages."""
    private = importlib.import_module(f"pywbem_mock.{module}")
    for package, names in ((pywbem_mock, pywbem_mock.__all__), (pywbem, NAMES)):
        for name in names:
            if name != "config" and not (package is pywbem and name in pywbem_mock.__all__):
                assert getattr(private, name) is getattr(package, name)


def test_private_modules_load_nothing_heavy() -> None:
    """A program that imports an exception from one pays for no more."""
    code = (
        "import sys; before = set(sys.modules)\n"
        "from pywbem._cim_http import AuthError\n"
        "from pywbem._cim_operations import CIMError, WBEMConnection\n"
        "from pywbem._tupleparse import CIMXMLParseError\n"
        "from pywbem._utils import _format\n"
        f"print([name for name in {HEAVY} if name in sys.modules and name not in before])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        stdout=subprocess.PIPE,
        env=dict(os.environ, PYTHONPATH=os.pathsep.join(path for path in sys.path if path)),
    )
    loaded = shown.stdout.decode()
    assert [name for name in ("requests", "urllib3", "ply", "yaml", "http") if name in loaded] == []


def test_modules_without_import() -> None:
    """``pywbem._utils`` can be reached after ``import pywbem`` alone."""
    for module in (*ALL_NAMES, "_cim_xml", "_cliutils", "_utils"):
        assert getattr(pywbem, module).__name__ == f"pywbem.{module}"


@pytest.mark.parametrize(
    "arguments, keywords, text",
    [
        (("{0} {1!r}", "a", b"b"), {}, "a b'b'"),
        (("{0!A} {x!A}", "\u00e4"), {"x": [b"b", "\u20ac"]}, "'\\u00e4' ['b', '\\u20ac']"),
        (("{{}} {0!s:>3}", 5), {}, "{}   5"),
    ],
)
def test_format(arguments: Any, keywords: Dict[str, Any], text: str) -> None:
    """A function that programs import from a private module."""
    assert pywbem._utils._format(*arguments, **keywords) == text


def test_text_and_bytes() -> None:
    """The others of that module."""
    utils = pywbem._utils
    assert utils._to_unicode(b"\xc3\xa4") == "\u00e4"
    assert [utils._ensure_unicode(value) for value in (b"\xc3\xa4", "a", None, 5)] == [
        "\u00e4",
        "a",
        None,
        5,
    ]
    assert [utils._ensure_bytes(value) for value in ("\u00e4", b"a", None)] == [
        b"\xc3\xa4",
        b"a",
        None,
    ]


def test_help_formatter() -> None:
    """Lines of a help that begins with R| are kept."""
    parser = argparse.ArgumentParser(formatter_class=pywbem._cliutils.SmartFormatter)
    parser.add_argument("--raw", help="R|one\n   two")
    parser.add_argument("--plain", help="one\n   two")
    text = parser.format_help()
    assert "one\n" in text
    assert "   two" in text
    assert "one two" in text
