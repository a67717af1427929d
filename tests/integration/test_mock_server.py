"""
The mock WBEM server over HTTP and HTTPS: real sockets, our client, raw requests,
another client, and the command in a process of its own.
"""

from __future__ import annotations

import http.client
import ssl
import threading
from typing import Any, Dict, Iterator, List, Optional, Tuple

import pytest
import trustme

import pywbem
import pywbem_mock
from pywbem._listener import WBEMListener
from pywbem_mock import FakedWBEMConnection, MockServer, WBEMServerThread
from tests.integration.processes import ServedMock, run_mock
from tests.shared_data import ROOT, unpack_schema

MOF = """
Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride, ToSubclass);
Qualifier Association : boolean = false, Scope(association), Flavor(DisableOverride, ToSubclass);
class T_Disk { [Key] string Id; uint32 Size; uint32 Erase(); };
class T_BigDisk : T_Disk { uint64 More; };
[Association] class T_Beside { [Key] T_Disk REF Left; [Key] T_Disk REF Right; };
instance of T_Disk as $a { Id = "a"; Size = 5; };
instance of T_BigDisk as $b { Id = "b\u00e4&<"; };
instance of T_Beside { Left = $a; Right = $b; };
"""

NAMESPACE = "root/cimv2"
DISK = pywbem.CIMInstanceName("T_Disk", {"Id": "a"}, namespace=NAMESPACE)


@pytest.fixture(scope="module")
def server() -> Iterator[WBEMServerThread]:
    """A server that tests read from."""
    with WBEMServerThread() as result:
        result.conn.compile_mof_string(MOF)
        yield result


@pytest.fixture
def client(server: WBEMServerThread) -> Iterator[pywbem.WBEMConnection]:
    with pywbem.WBEMConnection(server.url, timeout=10) as conn:
        yield conn


def comparable(result: Any) -> Any:
    """
    A result with all paths made local and what is not said in CIM-XML replaced by its
    default, to compare what came by HTTP with what the same operation gives in the process.
    """
    if isinstance(result, (list, tuple)):
        return [comparable(item) for item in result]
    path = getattr(result, "path", result)
    if isinstance(path, (pywbem.CIMInstanceName, pywbem.CIMClassName)):
        path.host = None
    if isinstance(result, (pywbem.CIMQualifier, pywbem.CIMQualifierDeclaration)):
        result.translatable = bool(result.translatable)
        result.toinstance = bool(result.toinstance)
    if isinstance(result, pywbem.CIMProperty):
        result.propagated = bool(result.propagated)
    for name in ("qualifiers", "properties", "methods", "parameters"):
        for item in getattr(result, name, {}).values():
            comparable(item)
    if isinstance(result, pywbem.CIMQualifierDeclaration):
        result.scopes = {name: True for name, value in result.scopes.items() if value}
    return result


READS: Dict[str, Tuple[str, List[Any], Dict[str, Any]]] = {
    "classes": ("EnumerateClasses", [], {"DeepInheritance": True}),
    "class names": ("EnumerateClassNames", [], {}),
    "class": ("GetClass", ["T_Disk"], {"IncludeClassOrigin": True}),
    "qualifiers": ("EnumerateQualifiers", [], {}),
    "qualifier": ("GetQualifier", ["Key"], {}),
    "instances": ("EnumerateInstances", ["T_Disk"], {}),
    "instances, some properties": ("EnumerateInstances", ["T_Disk"], {"PropertyList": ["Id"]}),
    "instance names": ("EnumerateInstanceNames", ["T_Disk"], {}),
    "instance": ("GetInstance", [DISK], {}),
    "associators": ("Associators", [DISK], {"AssocClass": "T_Beside"}),
    "associator names": ("AssociatorNames", [DISK], {}),
    "references": ("References", [DISK], {"Role": "Left"}),
    "reference names": ("ReferenceNames", [DISK], {}),
    "associators of a class": ("Associators", ["T_Disk"], {}),
    "reference names of a class": ("ReferenceNames", ["T_Disk"], {}),
    "opened instances": ("OpenEnumerateInstances", ["T_Disk"], {"MaxObjectCount": 10}),
    "opened paths": ("OpenEnumerateInstancePaths", ["T_Disk"], {"MaxObjectCount": 10}),
    "opened associators": ("OpenAssociatorInstances", [DISK], {"MaxObjectCount": 10}),
}


@pytest.mark.parametrize(("name", "args", "kwargs"), READS.values(), ids=READS)
def test_reading_by_http_is_reading_in_the_process(
    server: WBEMServerThread,
    client: pywbem.WBEMConnection,
    name: str,
    args: List[Any],
    kwargs: Dict[str, Any],
) -> None:
    remote = getattr(client, name)(*args, **kwargs)
    local = getattr(server.conn, name)(*args, **kwargs)
    assert remote
    assert comparable(remote) == comparable(local)


def disk_with_more() -> pywbem.CIMInstance:
    """A disk of which the repository knows more than operations tell, and less."""
    qualifiers = [pywbem.CIMQualifier("Key", True)]
    key = pywbem.CIMProperty("Id", "m", class_origin="T_Disk", qualifiers=qualifiers)
    path = pywbem.CIMInstanceName("T_Disk", {"Id": "m"}, namespace=NAMESPACE)
    return pywbem.CIMInstance("T_Disk", {"Id": key}, path=path, qualifiers=qualifiers)


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize(
    "instance",
    [
        pytest.param(disk_with_more(), id="more"),
        pytest.param(pywbem.CIMInstance("T_Disk", {"Id": "a"}, path=DISK), id="less"),
        pytest.param(pywbem.CIMInstance("T_Disk", path=DISK), id="nothing"),
    ],
)
@pytest.mark.parametrize(
    "kwargs",
    [
        pytest.param({}, id="all"),
        pytest.param({"PropertyList": ["size"]}, id="one property"),
        pytest.param({"IncludeQualifiers": True, "IncludeClassOrigin": True}, id="more"),
    ],
)
def test_a_repository_is_as_before_it_was_read(
    strict: bool, instance: pywbem.CIMInstance, kwargs: Dict[str, Any]
) -> None:
    repository = MockServer(strict=strict)
    repository.compile_mof_string(MOF.partition("instance of")[0], NAMESPACE)
    repository.add_cimobjects([instance])
    with WBEMServerThread(server=repository) as served:
        with pywbem.WBEMConnection(served.url, timeout=10) as conn:
            for _ in range(2):
                remote = conn.GetInstance(instance.path, **kwargs)
                assert comparable(remote) == comparable(
                    served.conn.GetInstance(instance.path, **kwargs)
                )
        store = repository.repository.get_instance_store(NAMESPACE)
        assert store.get(instance.path) == instance


def test_writing_pulling_and_deleting(client: pywbem.WBEMConnection) -> None:
    disks = [
        pywbem.CIMInstance("T_Disk", {"Id": f"n{i}", "Size": pywbem.Uint32(i)}) for i in range(10)
    ]
    paths = [client.CreateInstance(disk) for disk in disks]
    changed = client.GetInstance(paths[0])
    changed.path = paths[0]
    changed["Size"] = pywbem.Uint32(99)
    client.ModifyInstance(changed)
    assert client.GetInstance(paths[0])["Size"] == 99
    result = client.OpenEnumerateInstances("T_Disk", MaxObjectCount=4)
    sizes = [len(result.instances)]
    while not result.eos:
        result = client.PullInstancesWithPath(result.context, MaxObjectCount=4)
        sizes.append(len(result.instances))
    assert sizes == [4, 4, 4]
    opened = client.OpenEnumerateInstancePaths("T_Disk", MaxObjectCount=1)
    assert client.EnumerationCount(opened.context) == 12
    client.CloseEnumeration(opened.context)
    for path in paths:
        client.DeleteInstance(path)
    assert len(client.EnumerateInstanceNames("T_Disk")) == 2


ERRORS = {
    "class": (lambda conn: conn.GetClass("T_No"), pywbem.CIM_ERR_NOT_FOUND),
    "instances": (lambda conn: conn.EnumerateInstances("T_No"), pywbem.CIM_ERR_INVALID_CLASS),
    "namespace": (
        lambda conn: conn.EnumerateClassNames(namespace="no"),
        pywbem.CIM_ERR_INVALID_NAMESPACE,
    ),
    "exists": (
        lambda conn: conn.CreateInstance(pywbem.CIMInstance("T_Disk", {"Id": "a"})),
        pywbem.CIM_ERR_ALREADY_EXISTS,
    ),
    "method": (
        lambda conn: conn.InvokeMethod("Erase", DISK),
        pywbem.CIM_ERR_METHOD_NOT_FOUND,
    ),
    "language": (
        lambda conn: conn.ExecQuery("No", "select"),
        pywbem.CIM_ERR_QUERY_LANGUAGE_NOT_SUPPORTED,
    ),
}


@pytest.mark.parametrize(("call", "code"), ERRORS.values(), ids=ERRORS)
def test_errors_are_cim_errors(client: pywbem.WBEMConnection, call: Any, code: int) -> None:
    with pytest.raises(pywbem.CIMError) as excinfo:
        call(client)
    assert excinfo.value.status_code == code


PATHS: Dict[str, Any] = {
    "associators": lambda conn: [item.path for item in conn.Associators(DISK)],
    "associator names": lambda conn: conn.AssociatorNames(DISK),
    "references": lambda conn: [item.path for item in conn.References(DISK)],
    "reference names": lambda conn: conn.ReferenceNames(DISK),
    "class references": lambda conn: conn.ReferenceNames("T_Disk"),
    "opened": lambda conn: conn.OpenEnumerateInstancePaths("T_Disk", MaxObjectCount=9).paths,
}


@pytest.mark.parametrize("paths", PATHS.values(), ids=PATHS)
def test_paths_name_the_server(
    server: WBEMServerThread, client: pywbem.WBEMConnection, paths: Any
) -> None:
    places = [(path.host, path.namespace) for path in paths(client)]
    assert set(places) == {(f"127.0.0.1:{server.port}", NAMESPACE)}


# -- HTTP ------------------------------------------------------------------------------------

BODY = (
    b'<?xml version="1.0" encoding="utf-8" ?><CIM CIMVERSION="2.0" DTDVERSION="2.0">'
    b'<MESSAGE ID="1" PROTOCOLVERSION="1.0"><SIMPLEREQ><IMETHODCALL NAME="EnumerateClassNames">'
    b'<LOCALNAMESPACEPATH><NAMESPACE NAME="root"/><NAMESPACE NAME="cimv2"/></LOCALNAMESPACEPATH>'
    b"</IMETHODCALL></SIMPLEREQ></MESSAGE></CIM>"
)
HEADERS = {
    "Content-Type": 'application/xml; charset="utf-8"',
    "CIMOperation": "MethodCall",
    "CIMMethod": "EnumerateClassNames",
    "CIMObject": "root%2Fcimv2",
}


def request(
    server: WBEMServerThread,
    method: str = "POST",
    target: str = "/cimom",
    body: Any = BODY,
    headers: Optional[Dict[str, Optional[str]]] = None,
    **kwargs: Any,
) -> Tuple[int, Any, bytes]:
    merged = {**HEADERS, **(headers or {})}
    conn = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        sent = {name: value for name, value in merged.items() if value is not None}
        conn.request(method, target, body, sent, **kwargs)
        response = conn.getresponse()
        return response.status, response.headers, response.read()
    finally:
        conn.close()


ACCEPTED: Dict[str, Dict[str, Any]] = {
    "as it should be": {},
    "text/xml": {"headers": {"Content-Type": "text/xml"}},
    "root target": {"target": "/"},
    "names in another case": {
        "headers": {
            "CIMOperation": "METHODCALL",
            "CIMMethod": "enumerateclassnames",
            "CIMObject": "Root/CIMV2",
        }
    },
    "protocol version": {"headers": {"CIMProtocolVersion": "1.0"}},
    "chunked": {"body": iter([BODY[:7], BODY[7:]]), "encode_chunked": True,
                "headers": {"Transfer-Encoding": "chunked"}},
}  # fmt: skip


@pytest.mark.parametrize("kwargs", ACCEPTED.values(), ids=ACCEPTED)
def test_accepted_requests(server: WBEMServerThread, kwargs: Dict[str, Any]) -> None:
    status, headers, body = request(server, **kwargs)
    assert status == 200
    assert headers["CIMOperation"] == "MethodResponse"
    assert headers["Content-Type"] == 'application/xml; charset="utf-8"'
    assert int(headers["WBEMServerResponseTime"]) >= 0
    assert b'<CLASSNAME NAME="T_Disk"/>' in body


REFUSED: Dict[str, Tuple[Dict[str, Any], int, Optional[str]]] = {
    "GET": ({"method": "GET", "body": None}, 405, None),
    "M-POST": ({"method": "M-POST"}, 501, None),
    "other target": ({"target": "/no"}, 404, None),
    "no content type": ({"headers": {"Content-Type": None}}, 406, "header-mismatch"),
    "content type": ({"headers": {"Content-Type": "text/html"}}, 406, "header-mismatch"),
    "accept": ({"headers": {"Accept": "text/html"}}, 406, "header-mismatch"),
    "range": ({"headers": {"Range": "bytes=0-1"}}, 406, "header-mismatch"),
    "accept range": ({"headers": {"Accept-Range": "bytes"}}, 406, "header-mismatch"),
    "no operation": ({"headers": {"CIMOperation": None}}, 400, None),
    "operation": ({"headers": {"CIMOperation": "X"}}, 400, "unsupported-operation"),
    "batch": ({"headers": {"CIMBatch": ""}}, 501, "multiple-requests-unsupported"),
    "no method": ({"headers": {"CIMMethod": None}}, 400, "header-mismatch"),
    "no object": ({"headers": {"CIMObject": None}}, 400, "header-mismatch"),
    "protocol version of header": (
        {"headers": {"CIMProtocolVersion": "1.4"}},
        400,
        "header-mismatch",
    ),
    "method": ({"headers": {"CIMMethod": "GetClass"}}, 400, "header-mismatch"),
    "object": ({"headers": {"CIMObject": "root/x"}}, 400, "header-mismatch"),
    "not XML": ({"body": b"hello"}, 400, "request-not-well-formed"),
    "empty": ({"body": b""}, 400, "request-not-well-formed"),
    "document type": ({"body": b"<!DOCTYPE a []><a/>"}, 400, "request-not-well-formed"),
    "not CIM-XML": ({"body": b"<a/>"}, 400, "request-not-valid"),
    "CIM version": (
        {"body": BODY.replace(b'CIMVERSION="2.0"', b'CIMVERSION="3.0"')},
        501,
        "unsupported-cim-version",
    ),
    "DTD version": (
        {"body": BODY.replace(b'DTDVERSION="2.0"', b'DTDVERSION="3.0"')},
        501,
        "unsupported-dtd-version",
    ),
    "protocol version": (
        {"body": BODY.replace(b'PROTOCOLVERSION="1.0"', b'PROTOCOLVERSION="2.0"')},
        501,
        "unsupported-protocol-version",
    ),
    "several requests": (
        {"body": BODY.replace(b"SIMPLEREQ", b"MULTIREQ")},
        400,
        "header-mismatch",
    ),
}


@pytest.mark.parametrize(("kwargs", "status", "cimerror"), REFUSED.values(), ids=REFUSED)
def test_refused_requests(
    server: WBEMServerThread, kwargs: Dict[str, Any], status: int, cimerror: Optional[str]
) -> None:
    got, headers, _ = request(server, **kwargs)
    assert got == status
    assert headers["CIMError"] == cimerror
    assert request(server)[0] == 200


def test_options_tells_what_the_server_can_do(server: WBEMServerThread) -> None:
    status, headers, _ = request(server, "OPTIONS", "*", None)
    assert status == 200
    assert headers["Allow"] == "OPTIONS, POST"
    prefix = headers["Opt"].rpartition("ns=")[2]
    assert headers[f"{prefix}-CIMProtocolVersion"] == "1.4"
    assert "WQL" in headers[f"{prefix}-CIMSupportedQueryLanguages"]


def test_one_connection_takes_many_requests(server: WBEMServerThread) -> None:
    conn = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    conn.connect()
    address = conn.sock.getsockname()
    for _ in range(20):
        conn.request("POST", "/cimom", BODY, HEADERS)
        response = conn.getresponse()
        assert response.status == 200
        response.read()
        assert conn.sock.getsockname() == address
    conn.close()


# -- Users and TLS ---------------------------------------------------------------------------


def test_users() -> None:
    with WBEMServerThread(users={"me": "s\u00e4cret:"}) as server:
        for creds in (None, ("me", "wrong"), ("you", "s\u00e4cret:"), ("you", "")):
            conn = pywbem.WBEMConnection(server.url, creds)
            with conn, pytest.raises(pywbem.AuthError):
                conn.EnumerateClassNames()
        with pywbem.WBEMConnection(server.url, ("me", "s\u00e4cret:")) as conn:
            assert conn.EnumerateClassNames() == []


@pytest.mark.parametrize("given", ["context", "files"])
def test_tls(tmp_path: Any, given: str) -> None:
    ca = trustme.CA()
    cert = ca.issue_cert("127.0.0.1")
    ca.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    if given == "context":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        cert.configure_cert(context)
        server = WBEMServerThread(ssl_context=context)
    else:
        cert.private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "cert.pem"))
        server = WBEMServerThread(certfile=str(tmp_path / "cert.pem"))
    with server:
        assert server.url.startswith("https://")
        with pywbem.WBEMConnection(server.url, ca_certs=str(tmp_path / "ca.pem")) as conn:
            assert conn.EnumerateClassNames() == []


# -- The thread ------------------------------------------------------------------------------


def test_starting_and_stopping() -> None:
    conn = FakedWBEMConnection()
    threads = set(threading.enumerate())
    server = WBEMServerThread(conn)
    states = [server.running]
    for _ in range(3):
        server.start()
        server.start()
        states.append(server.running)
        assert server.conn is conn
        with pywbem.WBEMConnection(server.url) as client:
            assert client.EnumerateClassNames() == []
        server.stop()
        server.stop()
        states.append(server.running)
        client = pywbem.WBEMConnection(server.url)
        with client, pytest.raises(pywbem.ConnectionError):
            client.EnumerateClassNames()
    assert states == [False, True, False, True, False, True, False]
    assert set(threading.enumerate()) <= threads


def test_two_servers_cannot_share_a_port(server: WBEMServerThread) -> None:
    with pytest.raises(OSError, match=r"[Aa]ddress"):
        WBEMServerThread(port=server.port).start()


def test_many_clients_at_once(server: WBEMServerThread) -> None:
    failures: List[BaseException] = []

    def work(number: int) -> None:
        try:
            with pywbem.WBEMConnection(server.url, timeout=30) as conn:
                for i in range(25):
                    path = conn.CreateInstance(
                        pywbem.CIMInstance("T_Disk", {"Id": f"t{number}-{i}"})
                    )
                    assert conn.GetInstance(path)["Id"] == f"t{number}-{i}"
                    conn.DeleteInstance(path)
        except BaseException as exc:
            failures.append(exc)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert len(server.conn.EnumerateInstanceNames("T_Disk")) == 2


# -- Methods ---------------------------------------------------------------------------------


class Grow(pywbem_mock.MethodProvider):
    """The method of a class that clients call."""

    provider_classnames = "T_Volume"

    def InvokeMethod(self, methodname: str, localobject: Any, params: Any) -> Tuple[Any, Any]:
        size = params["By"].value + 1
        return pywbem.Uint32(0), [pywbem.CIMParameter("Size", "uint32", value=size)]


VOLUME_MOF = """
class T_Volume { [Key] string Id; uint32 Grow(uint32 By, uint32 Size); };
instance of T_Volume { Id = "v"; };
"""


UNTYPED = (
    '<?xml version="1.0" encoding="utf-8" ?><CIM CIMVERSION="2.0" DTDVERSION="2.0">'
    '<MESSAGE ID="1" PROTOCOLVERSION="1.0"><SIMPLEREQ><METHODCALL NAME="Grow"><LOCALINSTANCEPATH>'
    '<LOCALNAMESPACEPATH><NAMESPACE NAME="root"/><NAMESPACE NAME="cimv2"/></LOCALNAMESPACEPATH>'
    '<INSTANCENAME CLASSNAME="T_Volume"><KEYBINDING NAME="Id"><KEYVALUE>v</KEYVALUE></KEYBINDING>'
    "</INSTANCENAME></LOCALINSTANCEPATH>%s</METHODCALL></SIMPLEREQ></MESSAGE></CIM>"
)


@pytest.mark.parametrize(
    ("param", "expected"),
    [
        ('<PARAMVALUE NAME="By"><VALUE>3</VALUE></PARAMVALUE>', "<VALUE>4</VALUE>"),
        ('<PARAMVALUE NAME="by"><VALUE>3</VALUE></PARAMVALUE>', "<VALUE>4</VALUE>"),
        ('<PARAMVALUE NAME="By"><VALUE>x</VALUE></PARAMVALUE>', '<ERROR CODE="4"'),
        (
            '<PARAMVALUE NAME="By" PARAMTYPE="string"><VALUE>3</VALUE></PARAMVALUE>',
            '<ERROR CODE="4"',
        ),
        ('<PARAMVALUE NAME="No"><VALUE>3</VALUE></PARAMVALUE>', '<ERROR CODE="4"'),
    ],
    ids=["untyped", "lower case", "no number", "string", "unknown"],
)
def test_parameters_without_a_type(param: str, expected: str) -> None:
    with WBEMServerThread() as server:
        conn = server.conn
        conn.compile_mof_string(MOF)
        conn.compile_mof_string(VOLUME_MOF)
        conn.register_provider(Grow(conn.cimrepository))
        headers = {"CIMMethod": "Grow", "CIMObject": "root/cimv2:T_Volume.Id=%22v%22"}
        status, _, body = request(server, body=(UNTYPED % param).encode(), headers=headers)
    assert status == 200
    assert expected in body.decode()


def test_namespace_with_a_dot() -> None:
    conn = FakedWBEMConnection(default_namespace="root/v1.2")
    conn.compile_mof_string(MOF)
    conn.compile_mof_string(VOLUME_MOF)
    conn.register_provider(Grow(conn.cimrepository), namespaces=["root/v1.2"])
    with WBEMServerThread(conn) as server, pywbem.WBEMConnection(server.url) as client:
        client.default_namespace = "root/v1.2"
        (volume,) = client.EnumerateInstanceNames("T_Volume")
        assert client.InvokeMethod("Grow", volume, By=pywbem.Uint32(3)) == (0, {"Size": 4})


# -- Clients of others -----------------------------------------------------------------------


def intrinsic(
    server: WBEMServerThread, name: str, params: str, method: Optional[str] = None
) -> str:
    """What the server answers to an operation as another client writes it."""
    call = f'<IMETHODCALL NAME="{name}">'
    body = BODY.decode().replace('<IMETHODCALL NAME="EnumerateClassNames">', call)
    body = body.replace("</IMETHODCALL>", f"{params}</IMETHODCALL>")
    headers = {"CIMMethod": method or name}
    status, _, answer = request(server, body=body.encode(), headers=headers)
    assert status == 200
    return answer.decode()


def value(name: str, text: str) -> str:
    return f'<IPARAMVALUE NAME="{name}"><VALUE>{text}</VALUE></IPARAMVALUE>'


DISKS = '<IPARAMVALUE NAME="%s"><CLASSNAME NAME="T_Disk"/></IPARAMVALUE>'
KEYLESS = '<IPARAMVALUE NAME="ObjectName"><INSTANCENAME CLASSNAME="T_Disk"/></IPARAMVALUE>'


@pytest.mark.parametrize(
    ("name", "params", "expected"),
    [
        ("enumerateclassnames", value("DEEPINHERITANCE", "true"), '<CLASSNAME NAME="T_BigDisk"/>'),
        ("ENUMERATEINSTANCES", DISKS % "classname", "<VALUE.NAMEDINSTANCE>"),
        (
            "openEnumerateInstances",
            DISKS % "className" + value("maxobjectcount", "1") + value("CONTINUEONERROR", "FALSE"),
            '<PARAMVALUE NAME="EndOfSequence" PARAMTYPE="boolean"><VALUE>FALSE</VALUE>',
        ),
        ("associatornames", KEYLESS.replace("ObjectName", "OBJECTNAME"), "<OBJECTPATH><CLASSPATH>"),
        ("EnumerateClassNames", value("Nix", "x"), '<ERROR CODE="4"'),
    ],
    ids=["operation", "class", "numbers", "object", "unknown"],
)
def test_names_in_any_case(server: WBEMServerThread, name: str, params: str, expected: str) -> None:
    assert expected in intrinsic(server, name, params)


PROPERTIES_MOF = """
Qualifier EmbeddedObject : boolean = false, Scope(property), Flavor(ToSubclass);
class T_Old { [Key] string Id; string Text; uint8 Numbers[]; [EmbeddedObject] string Part; };
[Association] class T_Old_Beside { [Key] T_Old REF Left; };
instance of T_Old as $a { Id = "a"; Text = "<&"; Numbers = {1, NULL}; };
instance of T_Old_Beside { Left = $a; };
"""
OLD = (
    '<IPARAMVALUE NAME="InstanceName"><INSTANCENAME CLASSNAME="T_Old"><KEYBINDING NAME="Id">'
    '<KEYVALUE VALUETYPE="string">a</KEYVALUE></KEYBINDING></INSTANCENAME></IPARAMVALUE>'
)
REFERENCE = (
    "<VALUE.REFERENCE><LOCALINSTANCEPATH><LOCALNAMESPACEPATH><NAMESPACE "
    'NAME="root"/><NAMESPACE NAME="cimv2"/></LOCALNAMESPACEPATH><INSTANCENAME CLASSNAME="T_Old">'
    '<KEYBINDING NAME="Id"><KEYVALUE VALUETYPE="string" TYPE="string">a</KEYVALUE></KEYBINDING>'
    "</INSTANCENAME></LOCALINSTANCEPATH></VALUE.REFERENCE>"
)
OLD_LINK = (
    '<IPARAMVALUE NAME="InstanceName"><INSTANCENAME CLASSNAME="T_Old_Beside"><KEYBINDING '
    f'NAME="Left">{REFERENCE}</KEYBINDING></INSTANCENAME></IPARAMVALUE>'
)
EMBEDDED = "&lt;INSTANCE CLASSNAME=&quot;T_Part&quot;&gt;&lt;/INSTANCE&gt;"


def new_value(content: str) -> str:
    return f'<IPARAMVALUE NAME="NewValue">{content}</IPARAMVALUE>'


@pytest.mark.parametrize("strict", [False, True], ids=["lenient", "strict"])
def test_properties_of_instances(strict: bool) -> None:
    mock = MockServer(strict=strict)
    mock.compile_mof_string(MOF + PROPERTIES_MOF)
    with WBEMServerThread(server=mock) as server:

        def get(name: str, path: str = OLD) -> str:
            answer = intrinsic(server, "GetProperty", path + value("PropertyName", name))
            return answer.partition("<IRETURNVALUE>")[2].partition("</IRETURNVALUE>")[0]

        def set_(name: str, content: str) -> str:
            params = OLD + value("PropertyName", name) + content
            answer = intrinsic(server, "SetProperty", params)
            return answer.partition('NAME="SetProperty">')[2][:16]

        assert get("Text") == "<VALUE>&lt;&amp;</VALUE>"
        assert (
            get("Numbers") == "<VALUE.ARRAY><VALUE>1</VALUE><VALUE.NULL></VALUE.NULL></VALUE.ARRAY>"
        )
        assert get("Part") == ""
        assert get("Left", OLD_LINK) == REFERENCE
        done = set_("Part", new_value(f"<VALUE>{EMBEDDED}</VALUE>"))
        assert done.startswith("</IMETHODRESPONS")
        assert get("Part") == f"<VALUE>{EMBEDDED}</VALUE>"
        assert set_("Text", new_value("")) == set_("Text", "") == done
        assert get("Text") == ""
        assert set_("Numbers", new_value("<VALUE>1</VALUE>")) == '<ERROR CODE="13"'
        assert set_("Numbers", new_value(REFERENCE)) == '<ERROR CODE="13"'
        assert set_("No", "") == '<ERROR CODE="12"'


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("AssociatorNames", '<CLASSNAME NAME="T_Disk"/></CLASSPATH>'),
        ("Associators", '<CLASS NAME="T_Disk"'),
        ("ReferenceNames", '<CLASSNAME NAME="T_Beside"/></CLASSPATH>'),
        ("References", '<CLASS NAME="T_Beside"'),
    ],
)
def test_associations_of_an_instance_path_without_keys_are_those_of_the_class(
    server: WBEMServerThread, name: str, expected: str, recwarn: pytest.WarningsRecorder
) -> None:
    assert expected in intrinsic(server, name, KEYLESS)
    assert list(recwarn) == []


@pytest.mark.parametrize("query", ["SELECT * FROM T_Disk", "SELECT Size FROM T_Disk"])
def test_result_of_a_query_has_paths(
    server: WBEMServerThread, client: pywbem.WBEMConnection, query: str
) -> None:
    params = value("QueryLanguage", "WQL") + value("Query", query)
    answer = intrinsic(server, "ExecQuery", params)
    path = f"<HOST>127.0.0.1:{server.port}</HOST><LOCALNAMESPACEPATH>"
    assert answer.count(f"<VALUE.OBJECTWITHPATH><INSTANCEPATH><NAMESPACEPATH>{path}") == 2
    found = client.ExecQuery("WQL", query)
    assert [item.path["Id"] for item in found] == ["a", "b\u00e4&<"]


@pytest.mark.parametrize("name", ["EnumerateClasses", "EnumerateInstances"])
def test_elements_without_content_have_an_end_tag(name: str) -> None:
    with WBEMServerThread() as server:
        path = pywbem.CIMInstanceName("T_Disk", {"Id": "a"}, namespace=NAMESPACE)
        objects = [pywbem.CIMClass("T_Disk"), pywbem.CIMInstance("T_Disk", path=path)]
        server.conn.add_cimobjects(objects)
        answer = intrinsic(server, name, DISKS % "ClassName" if "Instances" in name else "")
    tag = "INSTANCE" if "Instances" in name else "CLASS"
    assert f"></{tag}>" in answer


def test_method_in_a_namespace_with_a_dot() -> None:
    with WBEMServerThread(default_namespace="root/v1.2.x") as server:
        conn = server.conn
        conn.compile_mof_string(MOF)
        conn.compile_mof_string(VOLUME_MOF)
        conn.register_provider(Grow(conn.cimrepository))
        path = conn.EnumerateInstanceNames("T_Volume")[0]
        url = server.url
        with pywbem.WBEMConnection(url, default_namespace="root/v1.2.x", timeout=10) as client:
            value, params = client.InvokeMethod("Grow", path, By=pywbem.Uint32(3))
    assert (value, params["Size"]) == (0, 4)


@pytest.mark.parametrize("text", ["\x00", "a\x0bb", "\ufffe", "\ud800"], ids=ascii)
def test_value_that_xml_cannot_hold(text: str) -> None:
    with WBEMServerThread() as server:
        server.conn.compile_mof_string(MOF)
        disk = pywbem.CIMInstance("T_Disk", {"Id": text})
        path = pywbem.CIMInstanceName("T_Disk", {"Id": text}, namespace=NAMESPACE)
        disk.path = path
        server.conn.add_cimobjects(disk)
        with pywbem.WBEMConnection(server.url, timeout=10) as client:
            with pytest.raises(pywbem.CIMError) as info:
                client.EnumerateInstances("T_Disk")
            assert len(client.EnumerateClassNames()) == 2
    assert info.value.status_code == pywbem.CIM_ERR_FAILED


# -- The command -----------------------------------------------------------------------------


MODELS = ROOT / "examples" / "models"


def test_serve_command(tmp_path: Any) -> None:
    (tmp_path / "model.mof").write_text(MOF, encoding="utf-8")
    args = ["--mof", str(tmp_path / "model.mof"), "--user", "u:p"]
    with ServedMock(*args, "--namespace", NAMESPACE, "--namespace", "interop") as served:
        assert served.line.startswith("Serving root/cimv2, interop at http://127.0.0.1:")
        with served.client(("u", "p")) as conn:
            assert len(conn.EnumerateInstances("T_Disk")) == 2
            assert conn.EnumerateClassNames(namespace="interop") == []
    assert (served.code, served.out, served.err) == (0, "", "")


def test_serve_command_searches_for_included_files(tmp_path: Any) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "Model.mof").write_text(MOF, encoding="utf-8")
    (tmp_path / "main.mof").write_text('#pragma include ("model.mof")', encoding="utf-8")
    args = ["--mof", str(tmp_path / "main.mof"), "-I", str(tmp_path)]
    with ServedMock(*args) as served, served.client() as conn:
        assert len(conn.EnumerateInstances("T_Disk")) == 2


def test_serve_command_tells_mof_errors_once(tmp_path: Any) -> None:
    path = tmp_path / "bad.mof"
    path.write_text("class A { strng S; };\nclass B { uint9 U; };", encoding="utf-8")
    with ServedMock("--mof", str(path)) as served:
        pass
    assert (served.code, served.line, served.out) == (1, "", "")
    for name in ("strng", "uint9"):
        assert served.err.count(f"'{name}' is no data type") == 1
    assert served.err.splitlines()[-1] == f"python -m pywbem_mock: {path}: 2 errors in MOF"


SUBSCRIPTION_CLASSES = (
    "CIM_IndicationFilter",
    "CIM_ListenerDestination",
    "CIM_IndicationSubscription",
)


def subscription_counts(client: pywbem.WBEMConnection) -> List[int]:
    """How many filters, destinations and subscriptions the server has."""
    return [
        len(client.EnumerateInstanceNames(name, namespace="interop"))
        for name in SUBSCRIPTION_CLASSES
    ]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_subscriptions_at_a_served_mock(tmp_path: Any, scheme: str) -> None:
    """From the command to the callback; nothing is left of the subscription."""
    received: List[pywbem.CIMInstance] = []
    arrived = threading.Event()

    def take(indication: pywbem.CIMInstance, host: str) -> None:
        received.append(indication)
        arrived.set()

    args = ["--mof", str(MODELS / "acme_storage.mof"), "--mof", str(MODELS / "acme_interop.mof")]
    if scheme == "https":
        ca = trustme.CA()
        ca.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
        cert = ca.issue_cert("127.0.0.1")
        cert.private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "cert.pem"))
        pem = str(tmp_path / "cert.pem")
        args += ["--listener-ca-certs", str(tmp_path / "ca.pem")]
        own = WBEMListener("127.0.0.1", https_port=0, certfile=pem, keyfile=pem)
    else:
        own = WBEMListener("127.0.0.1", 0)
    with ServedMock(*args, "--interop") as served, served.client() as client, own:
        own.add_callback(take)
        own.start()
        port = own.http_port if scheme == "http" else own.https_port
        before = subscription_counts(client)
        with pywbem.WBEMSubscriptionManager("test") as manager:
            server = pywbem.WBEMServer(client)
            server_id = manager.add_server(server)
            manager.add_destination(server_id, f"{scheme}://127.0.0.1:{port}", destination_id="own")
            wanted = manager.add_filter(
                server_id,
                NAMESPACE,
                "SELECT * FROM CIM_InstDeletion",
                "WQL",
                filter_id="deletions",
            )
            manager.add_subscriptions(server_id, wanted.path)  # type: ignore[arg-type]
            assert subscription_counts(client) == [count + 1 for count in before]
            assert sorted(server.namespaces) == ["interop", NAMESPACE]
            (gone, *_) = client.EnumerateInstanceNames("ACME_ComputerSystem")
            client.DeleteInstance(gone)
            assert arrived.wait(10)
        assert subscription_counts(client) == before
    assert (served.out, served.err) == ("", "")
    (indication,) = received
    assert indication.classname == "CIM_InstDeletion"
    assert indication["SourceInstance"]["Name"] == gone["Name"]


def test_interop_without_classes() -> None:
    with ServedMock("--interop", "root/interop") as served, served.client() as client:
        assert client.EnumerateClassNames(namespace="root/interop") == []
    assert (served.code, served.out) == (0, "")
    assert served.err.count("missing in namespace root/interop; see --schema-pragma-file") == 2


def test_classes_from_a_schema(tmp_path: Any) -> None:
    pragma = str(unpack_schema(tmp_path))
    args = ["--interop", "interop", "--schema-pragma-file", pragma]
    with ServedMock(*args) as served, served.client() as client:
        client.default_namespace = "interop"
        names = [item["Name"] for item in client.EnumerateInstances("CIM_Namespace")]
        assert sorted(names) == ["interop", NAMESPACE]
        assert client.EnumerateInstances("CIM_IndicationSubscription") == []


@pytest.mark.parametrize(
    ("args", "code", "text"),
    [
        ([], 2, "COMMAND"),
        (["serve", "--port", "x"], 2, "expected a number up to 65535"),
        (["serve", "--user", "x"], 2, "expected USER:PASSWORD"),
        (["serve", "--tls-key", "x"], 2, "--tls-key needs --tls-cert"),
        (["serve", "--schema-pragma-file", "x"], 2, "--schema-pragma-file needs --interop"),
        (["serve", "--interop", "--schema-pragma-file", "absent.mof"], 1, "absent.mof"),
        (["serve", "--mof", "absent.mof", "--port", "0"], 1, "absent.mof"),
        (["serve", "--tls-cert", "absent.pem", "--port", "0"], 1, "No such file"),
    ],
    ids=["no command", "port", "user", "key", "schema", "no schema", "MOF", "certificate"],
)
def test_serve_command_errors(args: List[str], code: int, text: str) -> None:
    done = run_mock(*args)
    assert done.returncode == code
    assert text in done.stderr
