"""Names: modules, attributes of classes and of instances, signatures, configuration, constants."""

from __future__ import annotations

from typing import List

from tests.differential.sessions import Session, apart, table

# The private modules of the released package are found where they are: in its interpreter.
MODULES = """
import importlib, inspect, pkgutil
def private_modules(package):
    return sorted(found.name for found in pkgutil.iter_modules(package.__path__))
def parameters(prefix, value):
    items = inspect.signature(value).parameters.values()
    positional = [i.name for i in items if i.kind in (i.POSITIONAL_ONLY, i.POSITIONAL_OR_KEYWORD)]
    found = Aspects({f'{prefix}({i.name})': (str(i.kind), scrub(repr(i.default))) for i in items})
    found.update({f'{prefix}[{n}]': name for n, name in enumerate(positional)})
    return found
def signatures(kind):
    found = Aspects()
    members = [n for n in dir(kind) if not n.startswith('_') and callable(getattr(kind, n))]
    for name, value in [('', kind), *((n, getattr(kind, n)) for n in (members if isinstance(kind, type) else []))]:
        try:
            found.update(parameters(name, value))
        except ValueError:  # written in C
            found[name] = 'callable'
    return found
def bases(kind):
    return Aspects({name: True for name in lineage(kind).split(' < ') if not re.search(r'(^|[.])_', name)})
def members(kind):
    found = Aspects()
    for name in dir(kind):
        if not name.startswith('_'):
            item = inspect.getattr_static(kind, name)
            found[name] = type(item).__name__ if isinstance(item, (property, staticmethod, classmethod)) else (
                'function' if callable(item) else item if isinstance(item, (int, str, bool, type(None))) else 'value')
    return found
"""
PRIVATE = [
    *("_cim_constants", "_cim_http", "_cim_obj", "_cim_operations", "_cim_types", "_cim_xml"),
    *("_exceptions", "_features", "_listener", "_logging", "_mof_compiler", "_nocasedict"),
    *("_recorder", "_server", "_statistics", "_subscription_manager", "_tupleparse", "_tupletree"),
    *("_units", "_utils", "_valuemapping", "_version", "_warnings", "config", "_cliutils"),
]
PRIVATE_MOCK = [
    *("_baseprovider", "_baserepository", "_dmtf_cim_schema", "_inmemoryrepository"),
    *("_instancewriteprovider", "_mainprovider", "_methodprovider", "_mockmofwbemconnection"),
    *("_namespaceprovider", "_providerdependentregistry", "_providerdispatcher"),
    *("_providerregistry", "_resolvermixin", "_subscriptionproviders", "_utils"),
    *("_wbemconnection_mock", "config"),
]
CLASSES = [
    *(
        "BaseOperationRecorder",
        "BaseRepositoryConnection",
        "CIMClass",
        "CIMClassName",
        "CIMDateTime",
    ),
    *(
        "CIMError",
        "CIMFloat",
        "CIMInstance",
        "CIMInstanceName",
        "CIMInt",
        "CIMMethod",
        "CIMParameter",
    ),
    *("CIMProperty", "CIMQualifier", "CIMQualifierDeclaration", "CIMType", "Char16", "HttpRequest"),
    *(
        "HttpResponse",
        "LogOperationRecorder",
        "MOFCompileError",
        "MOFCompiler",
        "MOFWBEMConnection",
    ),
    *("MinutesFromUTC", "NocaseDict", "OpArgs", "OpResult", "OperationStatistic", "Statistics"),
    *("TestClientRecorder", "Uint8", "Real32", "ValueMapping", "WBEMConnection", "WBEMListener"),
    *(
        "WBEMServer",
        "WBEMSubscriptionManager",
        "AuthError",
        "ConnectionError",
        "HTTPError",
        "HeaderParseError",
    ),
    *("ListenerCertificateError", "ListenerError", "ListenerPortError", "ListenerPromptError"),
    *("ListenerQueueFullError", "ListenerStartError", "ModelError", "ParseError", "TimeoutError"),
    *("VersionError", "XMLParseError", "CIMXMLParseError", "Error", "Warning", "MOFParseError"),
    *(
        "MOFDependencyError",
        "MOFRepositoryError",
        "IterQueryInstancesReturn",
        "RequestExceptionWarning",
    ),
]
MOCK_CLASSES = [
    *(
        "FakedWBEMConnection",
        "DMTFCIMSchema",
        "BaseProvider",
        "InstanceWriteProvider",
        "MethodProvider",
    ),
    *("BaseRepository", "BaseObjectStore", "InMemoryRepository", "InMemoryObjectStore"),
    *("CIMNamespaceProvider", "CIMIndicationFilterProvider", "CIMListenerDestinationProvider"),
    *("CIMIndicationSubscriptionProvider",),
]
FUNCTIONS = [
    *("cimtype", "cimvalue", "tocimxml", "tocimxmlstr", "type_from_name", "siunit", "siunit_obj"),
    *("configure_logger", "configure_loggers_from_string", "callback_interface"),
]
EXCEPTIONS = [
    *("Error", "ConnectionError", "AuthError", "HTTPError", "HeaderParseError", "TimeoutError"),
    *("CIMError", "ModelError", "ParseError", "CIMXMLParseError", "XMLParseError", "VersionError"),
    *("CIMVersionError", "DTDVersionError", "ProtocolVersionError", "ListenerError"),
    *(
        "ListenerCertificateError",
        "ListenerPortError",
        "ListenerPromptError",
        "ListenerQueueFullError",
    ),
    *(
        "ListenerStartError",
        "MOFCompileError",
        "MOFParseError",
        "MOFDependencyError",
        "MOFRepositoryError",
    ),
    *(
        "Warning",
        "MissingKeybindingsWarning",
        "ToleratedServerIssueWarning",
        "RequestExceptionWarning",
    ),
    *("OldNameDestinationWarning", "OldNameFilterWarning", "ToleratedSchemaIssueWarning"),
]
ARGUMENTS = [
    *(
        "",
        "'m'",
        "message='m'",
        "'m', 'id'",
        "'m', conn_id='id'",
        "5, 'd'",
        "'m', 5, 'x'",
        "None",
        "foo=1",
    ),
    *(
        "'m', 'id', 'data', 'req'",
        "500, 'reason', 'e', {'PGErrorDetail': 'x'}",
        "6",
        "6, 'd', [], 'id', 'req'",
    ),
    *("msg='m'", "msg='m', parser_token=None", "msg='m', cim_error=CIMError(6, 'x')"),
    *(
        "500, 'reason'",
        "6, 'd', error_instances=[CIMInstance('CIM_Error')]",
        "'m', request_data='r'",
        "999",
        "'6'",
    ),
    *(
        "'m', response_data=b'r'",
        "'m', request_data='r', response_data='s'",
        "500, 'r', request_data='d'",
    ),
    *("500, 'reason', cimerror='e', cimdetails={'a': 'b'}, conn_id='i'",),
]
PARTS = [
    "pickle.loads(pickle.dumps({0}))",
    "copy.copy({0})",
    "attributes({0})",
]
INSTANCES = {
    "connection": "WBEMConnection('http://localhost')",
    "connection-https": "WBEMConnection('https://localhost:5', ('u', 'p'), 'n', timeout=3)",
    "fake": "FakedWBEMConnection()",
    "fake-provider": "x = FakedWBEMConnection()\nx._mainprovider",
    "fake-dispatcher": "x = FakedWBEMConnection()\nx._providerdispatcher",
    "fake-registry": "x = FakedWBEMConnection()\nx._provider_registry",
    "repository": "x = FakedWBEMConnection()\nx.cimrepository",
    "store": "x = FakedWBEMConnection()\nx.cimrepository.get_class_store('root/cimv2')",
    "log-recorder": "LogOperationRecorder('id', {'api': 100, 'http': 'all'})",
    "log-recorder-paths": "LogOperationRecorder('id', {'all': 'paths'})",
    "log-recorder-none": "LogOperationRecorder('id')",
    "log-recorder-summary": "LogOperationRecorder('id', 'summary')",
    "client-recorder": "import io\nTestClientRecorder(io.StringIO())",
    "base-recorder": "class Own(BaseOperationRecorder):\n    def record_staged(self): pass\nOwn()",
    "statistics": "Statistics()",
    "statistics-on": "Statistics(True)",
    "operation-statistic": "x = Statistics(True)\nx.get_op_statistic('a')",
    "listener": "WBEMListener('127.0.0.1', http_port=5988)",
    "listener-https": "WBEMListener('', https_port='5989', certfile='c', keyfile='k')",
    "server": "WBEMServer(FakedWBEMConnection())",
    "server-http": "WBEMServer(WBEMConnection('http://localhost'))",
    "manager": "WBEMSubscriptionManager('id')",
    "compiler": "MOFCompiler(FakedWBEMConnection())",
    "compiler-search": "MOFCompiler(FakedWBEMConnection(), ['a'], True, print)",
    "repository-connection": "MOFWBEMConnection(WBEMConnection('http://localhost'))",
    "schema": "DMTFCIMSchema",
    "op-args": "OpArgs('m', {'a': 1})",
    "op-result": "OpResult('ret', 'exc')",
    "http-request": "HttpRequest('1.1', 'u', 't', 'm', {'h': 'v'}, b'p')",
    "http-response": "HttpResponse('1.1', 200, 'OK', {'h': 'v'}, b'p')",
    "datetime": "CIMDateTime('20240229120000.000000+060')",
    "minutes": "MinutesFromUTC(60)",
    "nocasedict": "NocaseDict(a=1)",
    "uint8": "Uint8(5)",
    "char16": "Char16('a')",
    "iter-query": "IterQueryInstancesReturn([1, 2], 'c')",
}
# Values of these depend on the process.
CHANGING = ("conn_id", "start_time", "last_reset_time", "datetime", "now")


def sessions() -> List[Session]:
    """Return the sessions of this subject."""
    exceptions = [f"{name}({text})" for name in EXCEPTIONS for text in ARGUMENTS]
    parts = [f"{name}({text})" for name in EXCEPTIONS for text in ("'m'", "6, 'd'", "'m', 'id'")]
    ignored = ", ".join(repr(name) for name in CHANGING)
    instances = {
        name: "\n".join([*lines[:-1], f"attributes({lines[-1]}, {ignored})"])
        for name, lines in ((name, text.splitlines()) for name, text in INSTANCES.items())
    }
    shown = {
        f"{name}-{form}": "\n".join([*lines[:-1], f"{form}({lines[-1]})"])
        for name, lines in ((name, text.splitlines()) for name, text in INSTANCES.items())
        for form in ("str", "repr")
    }
    return [
        table(
            "names/module",
            {name: f"names(importlib.import_module('pywbem.{name}'))" for name in PRIVATE},
            MODULES,
        ),
        table(
            "names/mock-module",
            {
                name: f"names(importlib.import_module('pywbem_mock.{name}'))"
                for name in PRIVATE_MOCK
            },
            MODULES,
        ),
        table(
            "names/package",
            {
                # A compiled function is a function.
                name: f"Aspects((name, type(getattr({name}, name)).__name__"
                f".replace('cython_function_or_method', 'function')) for name in dir({name})"
                " if not name.startswith('_') and not inspect.ismodule(getattr(%s, name)))" % name
                for name in ("pywbem", "pywbem_mock", "pywbem.config", "pywbem_mock.config")
            },
            MODULES,
        ),
        table(
            "names/star",
            {
                module: f"space = {{}}\nexec('from {module} import *', space)\n"
                "Aspects({name: True for name in space if name[0] != '_' and not inspect.ismodule(space[name])})"
                for module in ("pywbem", "pywbem_mock", "pywbem.config", "pywbem_mock.config")
            },
            MODULES,
        ),
        table(
            "names/class", {name: f"members({name})" for name in CLASSES + MOCK_CLASSES}, MODULES
        ),
        table("names/lineage", [f"bases({name})" for name in CLASSES + MOCK_CLASSES], MODULES),
        table(
            "names/signature",
            {name: f"signatures({name})" for name in CLASSES + MOCK_CLASSES + FUNCTIONS},
            MODULES,
        ),
        table(
            "names/constant",
            {
                name: f"Aspects((name, item) for name, item in vars({name}).items() if name.isupper() and name[0] != '_' "
                "and isinstance(item, (int, str, tuple, dict, list, float, type(None))))"
                for name in (
                    "pywbem",
                    "pywbem_mock",
                    "pywbem.config",
                    "pywbem_mock.config",
                    "pywbem._cim_constants",
                )
            },
        ),
        table("exceptions/new", exceptions),
        table("exceptions/part", [part.format(text) for text in parts for part in PARTS]),
        *apart("instances/attribute", instances),
        *apart("instances/shown", shown),
    ]
