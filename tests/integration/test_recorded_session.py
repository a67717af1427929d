"""
A session that TestClientRecorder has recorded replays with equal results.
"""

from __future__ import annotations

import copy
import io
import threading
from typing import Any, Callable, Dict, List, Tuple, Union

import pytest
import yaml

from pywbem import (
    Char16,
    CIMClass,
    CIMClassName,
    CIMDateTime,
    CIMError,
    CIMInstance,
    CIMInstanceName,
    CIMMethod,
    CIMParameter,
    CIMProperty,
    CIMQualifier,
    CIMQualifierDeclaration,
    Error,
    Real32,
    Sint64,
    Uint8,
    Uint32,
    WBEMConnection,
)
from pywbem._recorder import (
    BaseOperationRecorder,
    HttpRequest,
    HttpResponse,
    OpArgs,
    OpResult,
    TestClientRecorder,
)
from tests.responder import Fault, Reply, Request, Responder
from tests.vectors import runner

Answers = Dict[str, Union[Reply, Fault]]

USER, PASSWORD = "operator-7", "s3cret-pass"
SECRETS = (USER, PASSWORD, "cookie-value", "b3BlcmF0b3It", "url-pass")


def message(name: str, content: str, kind: str = "IMETHODRESPONSE") -> Reply:
    """A CIM-XML response, with header fields as servers send them."""
    body = (
        '<?xml version="1.0" encoding="utf-8" ?>\n'
        '<CIM CIMVERSION="2.0" DTDVERSION="2.0"><MESSAGE ID="1001" PROTOCOLVERSION="1.0">'
        f'<SIMPLERSP><{kind} NAME="{name}">{content}</{kind}></SIMPLERSP></MESSAGE></CIM>\n'
    )
    return Reply(
        body.encode("utf-8"),
        headers=(
            ("Content-Type", 'application/xml; charset="utf-8"'),
            ("CIMOperation", "MethodResponse"),
            ("Set-Cookie", "session=cookie-value"),
            ("WBEMServerResponseTime", "1500"),
        ),
    )


def returned(name: str, content: str, after: str = "") -> Reply:
    return message(name, f"<IRETURNVALUE>{content}</IRETURNVALUE>{after}")


def output(name: str, value: str) -> str:
    return f'<PARAMVALUE NAME="{name}"><VALUE>{value}</VALUE></PARAMVALUE>'


INSTANCE = """<INSTANCE CLASSNAME="C"><QUALIFIER NAME="Q" TYPE="string"><VALUE>q</VALUE></QUALIFIER>
<PROPERTY NAME="Empty" TYPE="string"><VALUE></VALUE></PROPERTY>
<PROPERTY NAME="Text" TYPE="string"><VALUE>  two
lines &lt;x&gt;&lt;/x&gt; \u2028&#13; ü </VALUE></PROPERTY>
<PROPERTY NAME="Cdata" TYPE="string"><VALUE><![CDATA[<a><b>]]></VALUE></PROPERTY>
<PROPERTY NAME="Null" TYPE="uint8"></PROPERTY>
<PROPERTY.ARRAY NAME="List" TYPE="sint64"><VALUE.ARRAY><VALUE>-1</VALUE><VALUE.NULL/>
</VALUE.ARRAY></PROPERTY.ARRAY>
<PROPERTY NAME="When" TYPE="datetime"><VALUE>20140924193040.654321+120</VALUE></PROPERTY>
<PROPERTY NAME="Real" TYPE="real32"><VALUE>1.5E10</VALUE></PROPERTY>
<PROPERTY NAME="Char" TYPE="char16"><VALUE>x</VALUE></PROPERTY>
<PROPERTY NAME="Yes" TYPE="boolean"><VALUE>TRUE</VALUE></PROPERTY>
<PROPERTY NAME="Embedded" TYPE="string" EmbeddedObject="instance">
<VALUE>&lt;INSTANCE CLASSNAME="E"&gt;&lt;/INSTANCE&gt;</VALUE></PROPERTY>
</INSTANCE>"""
NAME = """<INSTANCENAME CLASSNAME="C">
<KEYBINDING NAME="N"><KEYVALUE VALUETYPE="numeric" TYPE="uint8">3</KEYVALUE></KEYBINDING>
<KEYBINDING NAME="S"><KEYVALUE VALUETYPE="string">a"b</KEYVALUE></KEYBINDING>
<KEYBINDING NAME="B"><KEYVALUE VALUETYPE="boolean">TRUE</KEYVALUE></KEYBINDING>
<KEYBINDING NAME="D"><KEYVALUE VALUETYPE="string" TYPE="datetime">00000003000005.000000:000\
</KEYVALUE></KEYBINDING></INSTANCENAME>"""
NAMESPACE_PATH = """<NAMESPACEPATH><HOST>{host}</HOST><LOCALNAMESPACEPATH>
<NAMESPACE NAME="n"/></LOCALNAMESPACEPATH></NAMESPACEPATH>"""
CLASS = """<CLASS NAME="C" SUPERCLASS="S">
<PROPERTY NAME="P" TYPE="uint8"><VALUE>1</VALUE></PROPERTY>
<PROPERTY.REFERENCE NAME="R" REFERENCECLASS="D"/><METHOD NAME="M" TYPE="string">
<PARAMETER.REFARRAY NAME="A" REFERENCECLASS="D" ARRAYSIZE="3"/></METHOD></CLASS>"""
QUALIFIER = """<QUALIFIER.DECLARATION NAME="Q" TYPE="string" ISARRAY="true" ARRAYSIZE="2">
<SCOPE CLASS="true"/><VALUE.ARRAY><VALUE>v</VALUE></VALUE.ARRAY></QUALIFIER.DECLARATION>"""
ERROR = """<ERROR CODE="5" DESCRIPTION="no">
<INSTANCE CLASSNAME="CIM_Error">
<PROPERTY NAME="A" TYPE="string"><VALUE>b</VALUE></PROPERTY></INSTANCE>
</ERROR>"""

PATH = CIMInstanceName(
    "C", [("N", Uint8(3)), ("R", Real32(1.5)), ("D", CIMDateTime("00000003000005.000000:000"))]
)
NEW_INSTANCE = CIMInstance(
    "C",
    [
        CIMProperty("P", Uint32(5), qualifiers=[CIMQualifier("Q", ["a", None], type="string")]),
        ("Lines", "a\nb\n\n"),
        ("Destination", "https://someone:url-pass@listener:5989/"),
        ("Odd", "\t'\"# : - ü \U0001f600"),
        ("When", CIMDateTime("20140924193040.654321+120")),
        ("Real", [Real32(0.1), Real32(1e30)]),
        ("Char", Char16("x")),
        ("Embedded", CIMProperty("Embedded", CIMInstance("E", {"x": "y"}))),
        ("Ref", CIMInstanceName("D", {"k": "v"}, host="other", namespace="n")),
    ],
)
NEW_CLASS = CIMClass(
    "C",
    superclass="S",
    properties=[CIMProperty("P", None, type="string"), CIMProperty("Q", Uint8(1))],
    methods=[
        CIMMethod(
            "M", "uint32", [CIMParameter("A", "reference", reference_class="D", is_array=True)]
        )
    ],
)

Call = Callable[[WBEMConnection], Any]

# (id, name in the request, reply or fault, call)
CALLS: List[Tuple[str, str, Any, Call]] = [
    (
        "get-instance",
        "GetInstance",
        returned("GetInstance", INSTANCE),
        lambda conn: conn.GetInstance(PATH, LocalOnly=False, PropertyList=("a", "b")),
    ),
    (
        "enumerate-instances",
        "EnumerateInstances",
        returned(
            "EnumerateInstances", f"<VALUE.NAMEDINSTANCE>{NAME}{INSTANCE}</VALUE.NAMEDINSTANCE>"
        ),
        lambda conn: conn.EnumerateInstances("C", namespace="other/ns"),
    ),
    (
        "iterate-names",
        "EnumerateInstanceNames",
        returned("EnumerateInstanceNames", NAME),
        lambda conn: list(conn.IterEnumerateInstancePaths("C")),
    ),
    (
        "open",
        "OpenEnumerateInstances",
        returned(
            "OpenEnumerateInstances",
            f"<VALUE.INSTANCEWITHPATH><INSTANCEPATH>{NAMESPACE_PATH}{NAME}</INSTANCEPATH>{INSTANCE}"
            "</VALUE.INSTANCEWITHPATH>",
            output("EnumerationContext", "ctx") + output("EndOfSequence", "FALSE"),
        ),
        lambda conn: conn.OpenEnumerateInstances(
            "C", MaxObjectCount=3, OperationTimeout=Uint32(10), FilterQueryLanguage="DMTF:FQL"
        ),
    ),
    (
        "pull-paths",
        "PullInstancePaths",
        returned(
            "PullInstancePaths",
            f"<INSTANCEPATH>{NAMESPACE_PATH}{NAME}</INSTANCEPATH>",
            output("EnumerationContext", "ctx") + output("EndOfSequence", "TRUE"),
        ),
        lambda conn: conn.PullInstancePaths(("ctx", "ns"), 5),
    ),
    (
        "open-query",
        "OpenQueryInstances",
        returned(
            "OpenQueryInstances",
            "",
            output("EnumerationContext", "ctx")
            + output("EndOfSequence", "TRUE")
            + f'<PARAMVALUE NAME="QueryResultClass">{CLASS}</PARAMVALUE>',
        ),
        lambda conn: conn.OpenQueryInstances("DMTF:CQL", "SELECT *", ReturnQueryResultClass=True),
    ),
    (
        "create-instance",
        "CreateInstance",
        returned("CreateInstance", NAME),
        lambda conn: conn.CreateInstance(NEW_INSTANCE),
    ),
    (
        "create-class",
        "CreateClass",
        message("CreateClass", ""),
        lambda conn: conn.CreateClass(NEW_CLASS, namespace="ns"),
    ),
    (
        "get-class",
        "GetClass",
        returned("GetClass", CLASS),
        lambda conn: conn.GetClass("C"),
    ),
    (
        "class-names",
        "EnumerateClassNames",
        returned("EnumerateClassNames", '<CLASSNAME NAME="C"/><CLASSNAME NAME="D"/>'),
        lambda conn: conn.EnumerateClassNames(),
    ),
    (
        "qualifiers",
        "EnumerateQualifiers",
        returned("EnumerateQualifiers", QUALIFIER),
        lambda conn: conn.EnumerateQualifiers(),
    ),
    (
        "set-qualifier",
        "SetQualifier",
        message("SetQualifier", ""),
        lambda conn: conn.SetQualifier(
            CIMQualifierDeclaration(
                "Q", "uint8", [Uint8(1)], is_array=True, scopes=[("CLASS", True)], tosubclass=False
            )
        ),
    ),
    (
        "associators-of-class",
        "Associators",
        returned(
            "Associators",
            f'<VALUE.OBJECTWITHPATH><CLASSPATH>{NAMESPACE_PATH}<CLASSNAME NAME="C"/></CLASSPATH>'
            f"{CLASS}</VALUE.OBJECTWITHPATH>",
        ),
        lambda conn: conn.Associators(CIMClassName("C", namespace="n"), ResultClass="D"),
    ),
    (
        "method",
        "M",
        message(
            "M",
            '<RETURNVALUE PARAMTYPE="uint32"><VALUE>0</VALUE></RETURNVALUE>'
            '<PARAMVALUE NAME="A" PARAMTYPE="uint8"><VALUE>3</VALUE></PARAMVALUE>'
            '<PARAMVALUE NAME="D" PARAMTYPE="datetime"><VALUE>20140924193040.654321+120</VALUE>'
            "</PARAMVALUE>"
            '<PARAMVALUE NAME="E" PARAMTYPE="string" EmbeddedObject="instance"><VALUE>'
            "&lt;INSTANCE CLASSNAME='E'&gt;&lt;/INSTANCE&gt;</VALUE></PARAMVALUE>",
            "METHODRESPONSE",
        ),
        lambda conn: conn.InvokeMethod(
            "M",
            PATH,
            [
                ("A", Uint8(3)),
                ("B", [Real32(0.5)]),
                CIMParameter("C", "sint64", value=Sint64(-1)),
                ("D", CIMInstance("E", {"x": "y"})),
            ],
            Q="q",
            When=CIMDateTime("20140924193040.654321+120"),
            method=Real32(2.5),
            Path=CIMInstanceName("D", {"k": "v"}),
            Yes=True,
            Names=["a", "b"],
        ),
    ),
    (
        "cim-error",
        "ModifyInstance",
        message("ModifyInstance", ERROR),
        lambda conn: conn.ModifyInstance(CIMInstance("C", {"a": "b"}, path=PATH)),
    ),
    (
        "http-error",
        "DeleteClass",
        Reply(b"oops", 500, "Internal", (("CIMError", "internal"), ("PGErrorDetail", "a%20b"))),
        lambda conn: conn.DeleteClass("C"),
    ),
    (
        "unauthorized",
        "DeleteQualifier",
        Reply(b"", 401, "Unauthorized", (("WWW-Authenticate", 'Basic realm="x"'),)),
        lambda conn: conn.DeleteQualifier("Q"),
    ),
    (
        "not-xml",
        "GetQualifier",
        Reply(b"<html/>", headers=(("Content-Type", "text/html"),)),
        lambda conn: conn.GetQualifier("Q"),
    ),
    (
        "malformed",
        "EnumerateClasses",
        Reply(b"<CIM><CIM>", headers=(("Content-Type", "text/xml"),)),
        lambda conn: conn.EnumerateClasses(DeepInheritance=True),
    ),
    (
        "broken-connection",
        "CloseEnumeration",
        Fault.RESET,
        lambda conn: conn.CloseEnumeration(("ctx", "ns")),
    ),
    (
        "timeout",
        "ExecQuery",
        Fault.SILENCE,
        lambda conn: conn.ExecQuery("WQL", "SELECT *"),
    ),
    (
        "wrong-argument",
        "",
        None,
        lambda conn: conn.DeleteInstance(5),  # type: ignore[arg-type]
    ),
]


class Results(BaseOperationRecorder):
    """Keeps the results of operations."""

    def __init__(self) -> None:
        super().__init__()
        self.results: List[Any] = []

    def record(
        self,
        pywbem_args: OpArgs,
        pywbem_result: OpResult,
        http_request: HttpRequest,
        http_response: HttpResponse,
    ) -> None:
        self.results.append(pywbem_result.exc or copy.deepcopy(pywbem_result.ret))


class Session:
    """What was recorded, and what came out of the operations."""

    def __init__(self) -> None:
        self.text = ""
        self.host = ""
        self.outcomes: List[Any] = []

    @property
    def vectors(self) -> List[runner.Vector]:
        vectors: List[runner.Vector] = yaml.safe_load(self.text)
        return vectors


@pytest.fixture(scope="module")
def session() -> Session:
    """All calls, recorded on one connection."""
    session = Session()
    answers: Answers = {name: reply for _, name, reply, _ in CALLS if name}

    def answer(request: Request) -> Any:
        reply = answers[request.headers["cimmethod"]]
        if isinstance(reply, Reply):
            return reply._replace(body=reply.body.replace(b"{host}", session.host.encode()))
        return reply

    file = io.StringIO()
    results = Results()
    with Responder(answer) as responder:
        session.host = responder.host
        with WBEMConnection(
            responder.url, (USER, PASSWORD), default_namespace="root/def", timeout=0.5
        ) as conn:
            conn.add_operation_recorder(TestClientRecorder(file))
            conn.add_operation_recorder(results)
            for _, _, _, call in CALLS:
                try:
                    call(conn)
                except (Error, TypeError):
                    pass  # the recorders have seen it
    session.outcomes = results.results
    session.text = file.getvalue()
    return session


def test_complete(session: Session) -> None:
    """There is one test case for each call, and none is marked."""
    assert len(session.vectors) == len(CALLS)
    assert [vector["name"] for vector in session.vectors if "ignore_test" in vector] == []


@pytest.mark.parametrize("index", range(len(CALLS)), ids=[row[0] for row in CALLS])
def test_replay(session: Session, index: int) -> None:
    """The call makes the same request again, and has the same result."""
    runner.check(session.vectors[index])


@pytest.mark.parametrize("index", range(len(CALLS)), ids=[row[0] for row in CALLS])
def test_result(session: Session, index: int) -> None:
    """What is recorded is what came out."""
    vector = runner.relocated(session.vectors[index], session.host)
    expected, outcome = vector["pywbem_response"], session.outcomes[index]
    if isinstance(outcome, CIMError):
        assert expected["cim_status"] == outcome.status_code
        runner.equal(outcome.instances, runner.built(expected["error_instances"]), "instances")
    elif isinstance(outcome, Exception):
        assert expected == {"exception": type(outcome).__name__}
    elif "pullresult" in expected:
        runner.equal(outcome._asdict(), runner.built(expected["pullresult"]), "result")
    else:
        runner.equal(outcome, runner.built(expected.get("result")), "result")


@pytest.mark.parametrize("secret", SECRETS)
def test_no_secret(session: Session, secret: str) -> None:
    """The file shows no credentials."""
    assert secret not in session.text


def test_no_host(session: Session) -> None:
    """The file does not show the server."""
    assert session.host not in session.text
    assert session.text.count("<HOST>acme.com:80</HOST>") == 3


def test_threads() -> None:
    """Threads that share a connection: each test case is whole, and they overlap."""
    count = 8
    together = threading.Barrier(count)

    def answer(request: Request) -> Reply:
        together.wait(10)  # breaks if the calls are made one after the other
        name = request.headers["cimobject"]
        return returned("EnumerateClassNames", f'<CLASSNAME NAME="{name}"/>')

    file = io.StringIO()
    with Responder(answer) as responder, WBEMConnection(responder.url, timeout=20) as conn:
        conn.add_operation_recorder(TestClientRecorder(file))
        threads = [
            threading.Thread(target=conn.EnumerateClassNames, args=(f"ns{index}",))
            for index in range(count)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    vectors = yaml.safe_load(file.getvalue())
    names = sorted(vector["pywbem_request"]["operation"]["namespace"] for vector in vectors)
    assert names == [f"ns{index}" for index in range(count)]
    for vector in vectors:
        name = vector["pywbem_request"]["operation"]["namespace"]
        assert vector["pywbem_response"] == {"result": [name]}
        assert vector["http_request"]["headers"]["CIMObject"] == name
        assert f'NAME="{name}"' in vector["http_response"]["data"]
