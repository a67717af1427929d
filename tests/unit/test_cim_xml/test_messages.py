"""
Records to bytes and back.
"""

from __future__ import annotations

import contextlib
import re

import pytest

from pywbem import (
    CIMClass,
    CIMClassName,
    CIMDateTime,
    CIMInstance,
    CIMInstanceName,
    CIMMethod,
    CIMParameter,
    CIMProperty,
    CIMQualifierDeclaration,
    CIMVersionError,
    CIMXMLParseError,
    DTDVersionError,
    ProtocolVersionError,
    Real32,
    ToleratedServerIssueWarning,
    Uint8,
    Uint32,
    XMLParseError,
    config,
)
from pywbem._cim_types import Char16
from pywbem._cim_xml.messages import (
    RequestDecoder,
    ResponseDecoder,
    decode_framed_request,
    decode_request,
    decode_response,
    encode_request,
    encode_response,
)
from pywbem._cim_xml.records import (
    ErrorRecord,
    ExportCall,
    ExportResponse,
    ExtrinsicCall,
    ExtrinsicResponse,
    IntrinsicCall,
    IntrinsicResponse,
)
from tests.shared_data import dtd_errors

PATH = CIMInstanceName("C", {"k": "v"})
INSTANCE = CIMInstance("C", [CIMProperty("p", "\xe4<&", propagated=False)])
LOCAL_PATH = CIMInstanceName("C", {"k": "v"}, namespace="root")
REMOTE = CIMInstanceName("C", {"k": "v"}, host="h", namespace="root/x")
CORRELATORS = (
    ("ACME:Job", "a<&\xe4"),
    ("ACME:Retry", True),
    ("ACME:Step", Uint8(3)),
    ("ACME:Share", Real32(0.5)),
    ("ACME:Kind", Char16("x")),
    ("ACME:Begun", CIMDateTime("20260131235959.000000+060")),
    ("", ""),
)

CALLS = {
    "no parameters": IntrinsicCall("EnumerateQualifiers", "root/cimv2", []),
    "intrinsic": IntrinsicCall(
        "GetInstance",
        "root/cimv2",
        [
            ("InstanceName", PATH),
            ("LocalOnly", False),
            ("IncludeQualifiers", True),
            ("PropertyList", ["a", "b"]),
        ],
    ),
    "numbers": IntrinsicCall(
        "OpenEnumerateInstances",
        "root",
        [
            ("ClassName", CIMClassName("C")),
            ("OperationTimeout", Uint32(30)),
            ("ContinueOnError", False),
            ("MaxObjectCount", Uint32(10)),
        ],
    ),
    "objects": IntrinsicCall(
        "ModifyInstance",
        "root",
        [("ModifiedInstance", CIMInstance("C", path=PATH)), ("NewInstance", INSTANCE)],
    ),
    "class": IntrinsicCall("CreateClass", "root", [("NewClass", CIMClass("C"))]),
    "qualifier": IntrinsicCall(
        "SetQualifier",
        "root",
        [
            (
                "QualifierDeclaration",
                CIMQualifierDeclaration(
                    "q",
                    "string",
                    scopes={"CLASS": True},
                    overridable=True,
                    tosubclass=True,
                    toinstance=False,
                    translatable=False,
                ),
            )
        ],
    ),
    "extrinsic on a class": ExtrinsicCall("M", CIMClassName("C", namespace="root"), []),
    "extrinsic on an instance": ExtrinsicCall(
        "M",
        CIMInstanceName("C", {"k": "v"}, namespace="root/x"),
        [
            CIMParameter("s", "string", value="x", is_array=False),
            CIMParameter("u", "uint8", value=[Uint8(1), None], is_array=True),
            CIMParameter("d", "datetime", value=CIMDateTime("00000183132542.234567:000")),
            CIMParameter("r", "reference", value=PATH, is_array=False),
            CIMParameter("e", "string", value=INSTANCE, embedded_object="instance"),
            CIMParameter("n", "boolean", value=None, is_array=False),
        ],
    ),
    "export": ExportCall("ExportIndication", [("NewIndication", INSTANCE)]),
    "correlators": IntrinsicCall("EnumerateQualifiers", "root", [], CORRELATORS),
    "correlators of a method": ExtrinsicCall(
        "M", CIMClassName("C", namespace="root"), [], correlators=CORRELATORS
    ),
    "correlators of an export": ExportCall(
        "ExportIndication", [("NewIndication", INSTANCE)], CORRELATORS
    ),
    "export without a value": ExportCall("ExportIndication", [("NewIndication", None)]),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_request_arrives_as_it_was_sent(call):
    received, message_id = decode_request(encode_request(call, "1<001"))
    assert message_id == "1<001"
    assert type(received) is type(call)
    assert received == call
    assert list(map(type, received.correlators)) == list(map(type, call.correlators))


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_request_is_valid(call):
    """By the DTD, where that is at hand."""
    assert dtd_errors(encode_request(call, "1")) == []


def test_the_versions_of_a_request_with_correlators():
    """DTD 2.0 has none."""
    versions = [
        re.findall(rb'VERSION="([^"]*)"', encode_request(CALLS[name], "1"))
        for name in ("no parameters", "correlators")
    ]
    assert versions == [[b"2.0", b"2.0", b"1.0"], [b"2.0", b"2.4", b"1.4"]]


def test_the_bytes_of_a_request():
    assert encode_request(CALLS["no parameters"], "1001") == (
        b'<?xml version="1.0" encoding="utf-8" ?>\n'
        b'<CIM CIMVERSION="2.0" DTDVERSION="2.0"><MESSAGE ID="1001" PROTOCOLVERSION="1.0">'
        b'<SIMPLEREQ><IMETHODCALL NAME="EnumerateQualifiers"><LOCALNAMESPACEPATH>'
        b'<NAMESPACE NAME="root"/><NAMESPACE NAME="cimv2"/></LOCALNAMESPACEPATH></IMETHODCALL>'
        b"</SIMPLEREQ></MESSAGE></CIM>"
    )


GET = IntrinsicCall("M", "root", [])
INVOKE = ExtrinsicCall("M", CIMClassName("C", namespace="root"), [])
EXPORT = ExportCall("M", [])

ERROR = ErrorRecord(6, 'not "found"', [CIMInstance("CIM_Error")])
RESPONSES = {
    "nothing": (GET, IntrinsicResponse("M")),
    "empty": (GET, IntrinsicResponse("M", [])),
    "instances": (GET, IntrinsicResponse("M", [INSTANCE, INSTANCE])),
    "instances with name": (GET, IntrinsicResponse("M", [CIMInstance("C", path=PATH)])),
    "instances with path": (GET, IntrinsicResponse("M", [CIMInstance("C", path=REMOTE)])),
    "names": (GET, IntrinsicResponse("M", [PATH])),
    "paths": (GET, IntrinsicResponse("M", [REMOTE])),
    "class names": (GET, IntrinsicResponse("M", [CIMClassName("C"), CIMClassName("D")])),
    "classes": (GET, IntrinsicResponse("M", [CIMClass("C")])),
    "pull": (
        GET,
        IntrinsicResponse(
            "M", [INSTANCE], [("EnumerationContext", "ctx"), ("EndOfSequence", False)]
        ),
    ),
    "pulled class": (GET, IntrinsicResponse("M", [], [("QueryResultClass", CIMClass("C"))])),
    "error": (GET, IntrinsicResponse("M", None, [], ERROR)),
    "error without description": (
        GET,
        IntrinsicResponse("M", None, [], ErrorRecord(1, None, [])),
    ),
    "method without result": (INVOKE, ExtrinsicResponse("M")),
    "method": (
        INVOKE,
        ExtrinsicResponse(
            "M",
            Uint32(0),
            [
                CIMParameter("s", "string", value="x", is_array=False),
                CIMParameter("a", "uint8", value=[Uint8(1), None], is_array=True),
                CIMParameter("e", "string", value=INSTANCE, embedded_object="instance"),
            ],
            None,
            "uint32",
        ),
    ),
    "method returning an instance": (
        INVOKE,
        ExtrinsicResponse("M", INSTANCE, [], None, "string"),
    ),
    "method returning a reference": (
        INVOKE,
        ExtrinsicResponse("M", REMOTE, [], None, "reference"),
    ),
    "method error": (INVOKE, ExtrinsicResponse("M", None, [], ERROR)),
    "export": (EXPORT, ExportResponse("M")),
    "export error": (EXPORT, ExportResponse("M", ERROR)),
}


@pytest.mark.parametrize(("call", "response"), RESPONSES.values(), ids=RESPONSES)
def test_a_response_arrives_as_it_was_sent(call, response):
    data = encode_response(response, "1001")
    for size in (len(data), 100, 1):
        pieces = [data[i : i + size] for i in range(0, len(data), size)]
        received = decode_response(call, pieces)
        assert type(received) is type(response)
        assert received == response


def with_languages(data):
    """A message with xml:lang on every element, those of embedded objects, too."""
    return re.sub(rb"(<|&lt;)([A-Z][A-Z.]*)", rb'\1\2 xml:lang="de"', data)


@pytest.mark.parametrize(("call", "response"), RESPONSES.values(), ids=RESPONSES)
def test_languages_of_a_response_mean_nothing(call, response):
    data = with_languages(encode_response(response, "1001"))
    assert decode_response(call, [data]) == response


CLASS = CIMClass("C", path=CIMClassName("C", host="h", namespace="root/x"))
RESULTS = {
    "names of associated instances": ("AssociatorNames", REMOTE, "OBJECTPATH"),
    "names of associated classes": ("ReferenceNames", CLASS.path, "OBJECTPATH"),
    "associated instances": (
        "Associators",
        CIMInstance("C", path=REMOTE),
        "VALUE.OBJECTWITHPATH",
    ),
    "associated classes": ("References", CLASS, "VALUE.OBJECTWITHPATH"),
    "queried instances": ("ExecQuery", CIMInstance("C"), "VALUE.OBJECT"),
    "queried instances with path": (
        "ExecQuery",
        CIMInstance("C", path=REMOTE),
        "VALUE.OBJECTWITHPATH",
    ),
    "queried instances with local path": (
        "ExecQuery",
        CIMInstance("C", path=CIMInstanceName("C", {"k": "v"}, namespace="root/x")),
        "VALUE.OBJECTWITHLOCALPATH",
    ),
}


@pytest.mark.parametrize(("name", "item", "tag"), RESULTS.values(), ids=RESULTS)
def test_the_element_of_a_result_is_that_of_the_operation(name, item, tag):
    data = encode_response(IntrinsicResponse(name, [item, item]), "1")
    assert data.count(f"<{tag}>".encode()) == 2
    received = decode_response(IntrinsicCall(name, "root", []), [data])
    assert received.result == [item, item]


def test_elements_that_can_have_content_are_closed_by_an_end_tag():
    klass = CIMClass("C", [CIMProperty("p", None, "string"), CIMProperty("q", [], "string")])
    data = encode_response(IntrinsicResponse("GetClass", [klass]), "1")
    assert b"</PROPERTY>" in data
    assert b"<VALUE.ARRAY></VALUE.ARRAY>" in data


CLOSED = {
    "class": (
        IntrinsicResponse("GetClass", [CIMClass("C", superclass="B")]),
        '<CLASS NAME="C" SUPERCLASS="B"></CLASS>',
    ),
    "instance": (
        IntrinsicResponse("EnumerateInstances", [CIMInstance("C", path=PATH)]),
        '<INSTANCE CLASSNAME="C"></INSTANCE></VALUE.NAMEDINSTANCE>',
    ),
    "method": (
        IntrinsicResponse("GetClass", [CIMClass("C", methods=[CIMMethod("M", "uint8")])]),
        '<METHOD NAME="M" TYPE="uint8"></METHOD>',
    ),
    "class name": (
        IntrinsicResponse("EnumerateClassNames", [CIMClassName("C")]),
        '<CLASSNAME NAME="C"/>',
    ),
    "embedded": (
        IntrinsicResponse("GetInstance", [CIMInstance("C", {"e": CIMInstance("E")})]),
        "<VALUE>&lt;INSTANCE CLASSNAME=&quot;E&quot;&gt;&lt;/INSTANCE&gt;</VALUE>",
    ),
    "embedded, with a value that looks alike": (
        IntrinsicResponse(
            "GetInstance", [CIMInstance("C", {"e": CIMInstance("E", {"p": '<CLASS NAME="C"/>'})})]
        ),
        "&amp;lt;CLASS NAME=&amp;quot;C&amp;quot;/&amp;gt;",
    ),
    "pulled class": (
        IntrinsicResponse("OpenQueryInstances", [], [("QueryResultClass", CIMClass("C"))]),
        "&lt;CLASS NAME=&quot;C&quot;&gt;&lt;/CLASS&gt;",
    ),
    "return value": (
        ExtrinsicResponse("M", CIMInstance("E"), []),
        "&lt;INSTANCE CLASSNAME=&quot;E&quot;&gt;&lt;/INSTANCE&gt;",
    ),
    "output parameter": (
        ExtrinsicResponse("M", Uint8(0), [CIMParameter("p", "string", value=None)]),
        '<PARAMVALUE NAME="p" PARAMTYPE="string"></PARAMVALUE>',
    ),
    "error": (
        ExtrinsicResponse("M", error=ErrorRecord(1, None, [CIMInstance("CIM_Error")])),
        '<INSTANCE CLASSNAME="CIM_Error"></INSTANCE>',
    ),
}


@pytest.mark.parametrize(("response", "xml"), CLOSED.values(), ids=CLOSED)
def test_empty_elements_of_a_response(response, xml):
    data = encode_response(response, "1")
    assert xml in data.decode()
    call = IntrinsicCall(response.name, "root", [])
    if isinstance(response, ExtrinsicResponse):
        call = INVOKE
    assert type(decode_response(call, [data])) is type(response)


def test_a_request_is_sent_as_it_was():
    call = IntrinsicCall("CreateClass", "root", [("NewClass", CIMClass("C"))])
    assert b'<CLASS NAME="C"/>' in encode_request(call, "1")
    assert CIMInstance("C").tocimxmlstr() == '<INSTANCE CLASSNAME="C"/>'


def message(content, cim='CIMVERSION="2.0" DTDVERSION="2.0"', protocol="1.0"):
    return (
        f'<CIM {cim}><MESSAGE ID="1" PROTOCOLVERSION="{protocol}">{content}</MESSAGE></CIM>'
    ).encode()


def intrinsic(content, name="M"):
    return message(
        f'<SIMPLERSP><IMETHODRESPONSE NAME="{name}">{content}</IMETHODRESPONSE></SIMPLERSP>'
    )


def extrinsic(content, name="M"):
    return message(
        f'<SIMPLERSP><METHODRESPONSE NAME="{name}">{content}</METHODRESPONSE></SIMPLERSP>'
    )


OK = '<SIMPLERSP><IMETHODRESPONSE NAME="M"><IRETURNVALUE/></IMETHODRESPONSE></SIMPLERSP>'


@pytest.mark.parametrize(
    "data",
    [
        message(OK),
        message(OK, 'CIMVERSION="2.8.0" DTDVERSION="2.4.0"', "1.4"),
        b'<?xml version="1.0"?>\r\n ' + message(f"\n{OK}\n") + b"\n",
    ],
    ids=["2.0", "newer", "white space"],
)
def test_versions_and_white_space(data):
    assert decode_response(GET, [data]) == IntrinsicResponse("M", [])


BAD_CONTENT = (
    '<SIMPLERSP><IMETHODRESPONSE NAME="M"><IRETURNVALUE><NEW/><NEW/></IRETURNVALUE>'
    "</IMETHODRESPONSE></SIMPLERSP>"
)


@pytest.mark.parametrize("content", [OK, BAD_CONTENT], ids=["good", "unknown content"])
@pytest.mark.parametrize(
    ("cim", "protocol", "error"),
    [
        ('CIMVERSION="3.0" DTDVERSION="2.0"', "1.0", CIMVersionError),
        ('CIMVERSION="20" DTDVERSION="2.0"', "1.0", CIMVersionError),
        ('CIMVERSION="2.0" DTDVERSION="1.1"', "1.0", DTDVersionError),
        ('CIMVERSION="2.0" DTDVERSION="2.0"', "2.0", ProtocolVersionError),
    ],
    ids=["CIM", "CIM without point", "DTD", "protocol"],
)
def test_other_versions(cim, protocol, error, content):
    with pytest.raises(error) as excinfo:
        decode_response(GET, [message(content, cim, protocol)], "conn-1")
    assert excinfo.value.conn_id == "conn-1"


I = '<INSTANCE CLASSNAME="C"/>'  # noqa: E741
WRONG = {
    "root": (GET, b"<FOO/>", "root element is FOO, expected CIM"),
    "no message": (GET, b'<CIM CIMVERSION="2.0" DTDVERSION="2.0"/>', "has 0 child elements"),
    "no version": (GET, b'<CIM CIMVERSION="2.0"/>', "has no attribute DTDVERSION"),
    "no id": (
        GET,
        b'<CIM CIMVERSION="2.0" DTDVERSION="2.0"><MESSAGE PROTOCOLVERSION="1.0"/></CIM>',
        "MESSAGE has no attribute ID",
    ),
    "attribute": (GET, message(OK, 'CIMVERSION="2.0" DTDVERSION="2.0" X="1"'), "attribute X"),
    "request": (
        GET,
        encode_request(GET, "1"),
        "MESSAGE has unexpected child element SIMPLEREQ",
    ),
    "declaration": (
        GET,
        b'<CIM CIMVERSION="2.0" DTDVERSION="2.0"><DECLARATION/></CIM>',
        "unexpected child element DECLARATION",
    ),
    "two responses": (GET, message(OK + OK), "has 2 child elements"),
    "multiple": (GET, message(f"<MULTIRSP>{OK}{OK}</MULTIRSP>"), "MULTIRSP"),
    "other name": (GET, intrinsic("", "N"), "IMETHODRESPONSE is for 'N', expected 'M'"),
    "extrinsic": (GET, extrinsic(""), "METHODRESPONSE answers a call of the intrinsic method M"),
    "intrinsic": (INVOKE, intrinsic(""), "IMETHODRESPONSE answers a call of the extrinsic"),
    "not export": (EXPORT, intrinsic(""), "unexpected child element SIMPLERSP"),
    "two results": (GET, intrinsic("<IRETURNVALUE/><IRETURNVALUE/>"), "second IRETURNVALUE"),
    "error and result": (
        GET,
        intrinsic('<IRETURNVALUE/><ERROR CODE="1"/>'),
        "unexpected child element ERROR",
    ),
    "unlike results": (
        GET,
        intrinsic(f"<IRETURNVALUE>{I}<VALUE/></IRETURNVALUE>"),
        "VALUE among INSTANCE elements",
    ),
    "not a result": (
        GET,
        intrinsic("<IRETURNVALUE><HOST/></IRETURNVALUE>"),
        "IRETURNVALUE has unexpected child element HOST",
    ),
    "text in the result": (
        GET,
        intrinsic(f"<IRETURNVALUE>x{I}</IRETURNVALUE>"),
        "IRETURNVALUE has unexpected text 'x'",
    ),
    "text between results": (
        GET,
        intrinsic(f"<IRETURNVALUE>{I}x{I}</IRETURNVALUE>"),
        "IRETURNVALUE has unexpected text 'x'",
    ),
    "error code": (GET, intrinsic('<ERROR CODE="x"/>'), "CODE='x'"),
    "no error code": (GET, intrinsic("<ERROR/>"), "has no attribute CODE"),
    "end of sequence": (
        GET,
        intrinsic('<PARAMVALUE NAME="EndOfSequence"><VALUE>x</VALUE></PARAMVALUE>'),
        "invalid boolean value 'x'",
    ),
    "return value": (
        INVOKE,
        extrinsic('<RETURNVALUE PARAMTYPE="uint8"><VALUE>x</VALUE></RETURNVALUE>'),
        "invalid numeric value 'x'",
    ),
    "array returned": (
        INVOKE,
        extrinsic('<RETURNVALUE PARAMTYPE="uint8"><VALUE.ARRAY/></RETURNVALUE>'),
        "unexpected child element VALUE.ARRAY",
    ),
    "two return values": (
        INVOKE,
        extrinsic("<RETURNVALUE/><RETURNVALUE/>"),
        "unexpected child element RETURNVALUE",
    ),
    "type of parameter": (
        INVOKE,
        extrinsic('<PARAMVALUE NAME="p" PARAMTYPE="x"><VALUE>x</VALUE></PARAMVALUE>'),
        "unknown CIM type 'x'",
    ),
    "two values": (
        INVOKE,
        extrinsic('<PARAMVALUE NAME="p"><VALUE/><VALUE/></PARAMVALUE>'),
        "unexpected child element VALUE",
    ),
    "export error": (
        EXPORT,
        message(
            '<SIMPLEEXPRSP><EXPMETHODRESPONSE NAME="M"><X/></EXPMETHODRESPONSE></SIMPLEEXPRSP>'
        ),
        "unexpected child element X",
    ),
}


@pytest.mark.parametrize(("call", "data", "cause"), WRONG.values(), ids=WRONG)
def test_wrong_response(call, data, cause):
    with pytest.raises(CIMXMLParseError) as excinfo:
        decode_response(call, [data], "conn-1")
    assert excinfo.value.conn_id == "conn-1"
    text = excinfo.value.args[0]
    assert text.startswith("CIM-XML response is invalid at line ")
    assert cause in text
    for cut in range(0, len(data), 7):
        with pytest.raises(CIMXMLParseError) as again:
            decode_response(call, [data[:cut], data[cut:]], "conn-1")
        assert again.value.args == excinfo.value.args


@pytest.mark.parametrize("data", [b"", b"<", message(OK)[:-1]], ids=["empty", "tag", "truncated"])
@pytest.mark.parametrize("call", [GET, INVOKE, EXPORT], ids=["get", "invoke", "export"])
def test_malformed_response(call, data):
    with pytest.raises(XMLParseError, match="CIM-XML response is not well-formed") as excinfo:
        decode_response(call, [data], "conn-1")
    assert excinfo.value.conn_id == "conn-1"


def test_position_of_an_error_far_into_a_response():
    good = (
        '<INSTANCE CLASSNAME="C"><PROPERTY NAME="p" TYPE="uint8"><VALUE>1</VALUE></PROPERTY>'
        "</INSTANCE>\n"
    )
    bad = good.replace(">1<", ">x<")
    data = intrinsic("<IRETURNVALUE>\n" + good * 20000 + bad + good * 100 + "</IRETURNVALUE>")
    column = bad.index("<VALUE>") + 1
    with pytest.raises(CIMXMLParseError, match=f"at line 20002, column {column}: PROPERTY 'p'"):
        decode_response(GET, [data])


PARAMETERS = {
    "no type": ("<VALUE>5</VALUE>", "", "5", "string"),
    "TYPE": ("<VALUE>5</VALUE>", 'TYPE="uint8"', Uint8(5), "uint8"),
    "hexadecimal": ("<VALUE>0x10</VALUE>", 'PARAMTYPE="uint8"', Uint8(16), "uint8"),
    "NULL": ("", 'PARAMTYPE="uint8"', None, "uint8"),
    "nothing at all": ("", "", None, "string"),
    "empty type": ("<VALUE>5</VALUE>", 'PARAMTYPE=""', "5", "string"),
    "empty type and nothing": ("", 'PARAMTYPE=""', None, "string"),
    "empty type beside another": (
        "<VALUE>5</VALUE>",
        'PARAMTYPE="" TYPE="uint8"',
        Uint8(5),
        "uint8",
    ),
    "leading zeros": ("<VALUE>010</VALUE>", 'PARAMTYPE="uint8"', Uint8(10), "uint8"),
    "reference as text": ("<VALUE>C.k=1</VALUE>", 'PARAMTYPE="reference"', "C.k=1", "reference"),
    "TYPE reference": ("<VALUE>C.k=1</VALUE>", 'TYPE="reference"', "C.k=1", "reference"),
    "empty text of a reference": ("<VALUE/>", 'PARAMTYPE="reference"', "", "reference"),
    "no reference": ("", 'PARAMTYPE="reference"', None, "reference"),
    "references as text": (
        "<VALUE.ARRAY><VALUE>C.k=1</VALUE><VALUE.NULL/></VALUE.ARRAY>",
        'PARAMTYPE="reference"',
        ["C.k=1", None],
        "reference",
    ),
    "no references": ("<VALUE.ARRAY/>", 'PARAMTYPE="reference"', [], "reference"),
    "embedded, empty": (
        "<VALUE/>",
        'PARAMTYPE="string" EmbeddedObject="instance"',
        None,
        "string",
    ),
    "embedded, empty ones": (
        "<VALUE.ARRAY><VALUE/></VALUE.ARRAY>",
        'EmbeddedObject="object"',
        [None],
        "string",
    ),
    "embedded, of a kind that is not said": (
        "<VALUE>&lt;INSTANCE CLASSNAME='C'/&gt;</VALUE>",
        'PARAMTYPE="string" EmbeddedObject=""',
        CIMInstance("C"),
        "string",
    ),
    "array": ("<VALUE.ARRAY><VALUE>5</VALUE></VALUE.ARRAY>", 'PARAMTYPE="uint8"', [5], "uint8"),
    "embedded": (
        "<VALUE>&lt;INSTANCE CLASSNAME='C'/&gt;</VALUE>",
        'PARAMTYPE="string" EmbeddedObject="instance"',
        CIMInstance("C"),
        "string",
    ),
    "embedded, older": (
        "<VALUE>&lt;INSTANCE CLASSNAME='C'/&gt;</VALUE>",
        'PARAMTYPE="instance"',
        CIMInstance("C"),
        "string",
    ),
    "INSTANCE": ('<INSTANCE CLASSNAME="C"/>', 'PARAMTYPE="instance"', CIMInstance("C"), "string"),
    "CLASS": ('<CLASS NAME="C"/>', "", CIMClass("C"), "string"),
    "CLASSNAME": ('<CLASSNAME NAME="C"/>', "", CIMClassName("C"), "reference"),
    "VALUE.REFERENCE": (
        '<VALUE.REFERENCE><CLASSNAME NAME="C"/></VALUE.REFERENCE>',
        'PARAMTYPE="reference"',
        CIMClassName("C"),
        "reference",
    ),
    "VALUE.REFARRAY": (
        '<VALUE.REFARRAY><VALUE.REFERENCE><CLASSNAME NAME="C"/></VALUE.REFERENCE></VALUE.REFARRAY>',
        'PARAMTYPE="reference"',
        [CIMClassName("C")],
        "reference",
    ),
}


@pytest.mark.parametrize(
    ("content", "attributes", "value", "cimtype"), PARAMETERS.values(), ids=PARAMETERS
)
def test_output_parameter(content, attributes, value, cimtype):
    data = extrinsic(f'<PARAMVALUE NAME="p" {attributes}>{content}</PARAMVALUE>')
    (param,) = decode_response(INVOKE, [data]).params
    assert (param.name, param.value, param.type) == ("p", value, cimtype)
    assert type(param.value) is type(value)
    assert param.is_array is isinstance(value, list)


RETURNED = {
    "path": ('PARAMTYPE="reference"', '<VALUE>root:C.k="v"</VALUE>', LOCAL_PATH),
    "empty path": ('PARAMTYPE="reference"', "<VALUE> </VALUE>", None),
    "no path": ('PARAMTYPE="reference"', "", None),
    "no type": ("", "<VALUE>x</VALUE>", "x"),
    "empty type": ('PARAMTYPE=""', "<VALUE>x</VALUE>", "x"),
    "leading zeros": ('PARAMTYPE="sint32"', "<VALUE>-010</VALUE>", -10),
    "embedded, empty": ('PARAMTYPE="string" EmbeddedObject="instance"', "<VALUE/>", None),
}


@pytest.mark.parametrize(("attributes", "content", "value"), RETURNED.values(), ids=RETURNED)
def test_return_value(attributes, content, value):
    data = extrinsic(f"<RETURNVALUE {attributes}>{content}</RETURNVALUE>")
    received = decode_response(INVOKE, [data]).return_value
    assert received == value
    assert isinstance(received, type(value))


def test_a_method_of_a_class_may_have_parameters_of_type_reference():
    data = intrinsic(
        '<IRETURNVALUE><CLASS NAME="C"><METHOD NAME="M" TYPE="uint32">'
        '<PARAMETER NAME="r" TYPE="reference"/><PARAMETER.ARRAY NAME="a" TYPE="reference"/>'
        '<PARAMETER.ARRAY NAME="s" TYPE="string" ARRAYSIZE=""/>'
        "</METHOD></CLASS></IRETURNVALUE>"
    )
    (klass,) = decode_response(GET, [data]).result
    params = klass.methods["M"].parameters.values()
    assert [(param.name, param.type, param.is_array, param.array_size) for param in params] == [
        ("r", "reference", False, None),
        ("a", "reference", True, None),
        ("s", "string", True, None),
    ]


@pytest.mark.parametrize("paramtype", ["", 'PARAMTYPE="boolean"', 'PARAMTYPE="string"'], ids=str)
def test_end_of_sequence_of_servers_that_declare_it_or_not(paramtype):
    data = intrinsic(
        f'<PARAMVALUE NAME="EndOfSequence" {paramtype}><VALUE>true</VALUE></PARAMVALUE>'
    )
    assert decode_response(GET, [data]).params == [("EndOfSequence", True)]


def test_order_of_return_value_and_parameters_does_not_matter():
    value = '<RETURNVALUE PARAMTYPE="uint8"><VALUE>1</VALUE></RETURNVALUE>'
    param = '<PARAMVALUE NAME="p" PARAMTYPE="uint8"><VALUE>2</VALUE></PARAMVALUE>'
    for content in (value + param, param + value):
        response = decode_response(INVOKE, [extrinsic(content)])
        assert (response.return_value, response.params[0].value) == (1, 2)


def test_error_code_zero_is_an_error():
    response = decode_response(GET, [intrinsic('<ERROR CODE="0"/>')])
    assert response.error == ErrorRecord(0, None, [])


@pytest.mark.parametrize(
    ("call", "data"),
    [
        pytest.param(
            GET, intrinsic(f'<ERROR CODE="6"/><IRETURNVALUE>{I}</IRETURNVALUE>'), id="intrinsic"
        ),
        pytest.param(INVOKE, extrinsic('<ERROR CODE="6"/><RETURNVALUE/>'), id="extrinsic"),
    ],
)
def test_an_error_counts_more_than_the_result_after_it(call, data):
    assert decode_response(call, [data]).error == ErrorRecord(6, None, [])


CORRELATOR = '<CORRELATOR NAME="c" TYPE="string"><VALUE>x</VALUE></CORRELATOR>'
BAD_CORRELATORS = {
    "no name": (CORRELATOR.replace("NAME", "N"), "has unknown attribute N"),
    "no type": (CORRELATOR.replace(' TYPE="string"', ""), "has no attribute TYPE"),
    "unknown type": (CORRELATOR.replace("string", "text"), "has unknown CIM type 'text'"),
    "a reference": (CORRELATOR.replace("string", "reference"), "unknown CIM type 'reference'"),
    "no number": (CORRELATOR.replace("string", "uint8"), "invalid numeric value 'x'"),
    "no value": ('<CORRELATOR NAME="c" TYPE="string"/>', "has 0 child elements"),
    "two values": (CORRELATOR.replace("/VALUE>", "/VALUE><VALUE/>"), "has 2 child elements"),
    "array": (CORRELATOR.replace("VALUE", "VALUE.ARRAY"), "unexpected child element VALUE.ARRAY"),
    "text": (f"{CORRELATOR}x", "has unexpected text 'x'"),
    "another element": (f"{CORRELATOR}<VALUE/>", "has unexpected child element VALUE"),
    "attribute": (CORRELATOR.replace("TYPE", 'A="" TYPE'), "has unknown attribute A"),
}


@pytest.mark.parametrize(("content", "cause"), BAD_CORRELATORS.values(), ids=BAD_CORRELATORS)
@pytest.mark.parametrize("call", ["intrinsic", "export"])
def test_bad_correlators(call, content, cause):
    start = b"<SIMPLEREQ>" if call == "intrinsic" else b"<SIMPLEEXPREQ>"
    data = encode_request(CALLS[call], "1").replace(start, start + content.encode())
    with pytest.raises(CIMXMLParseError, match=re.escape(cause)):
        decode_request(data)


def test_correlators_are_before_the_call():
    data = encode_request(CALLS["intrinsic"], "1")
    with pytest.raises(CIMXMLParseError, match="SIMPLEREQ has"):
        decode_request(data.replace(b"</SIMPLEREQ>", f"{CORRELATOR}</SIMPLEREQ>".encode()))


@pytest.mark.parametrize("content", [CORRELATOR * 2, f"{CORRELATOR}<NEW/>"], ids=["none", "new"])
@pytest.mark.parametrize("frame", ["SIMPLEREQ", "SIMPLEEXPREQ"])
def test_behind_correlators_is_a_call(frame, content):
    with pytest.raises(CIMXMLParseError, match=f"{frame} has unexpected child element"):
        decode_request(message(f"<{frame}>{content}</{frame}>"))


def test_where_an_error_behind_correlators_is():
    data = encode_request(CALLS["intrinsic"], "1").replace(
        b"<SIMPLEREQ>", f"<SIMPLEREQ>\n{CORRELATOR}\n".encode()
    )
    assert decode_request(data)[0].correlators == (("c", "x"),)
    with pytest.raises(CIMXMLParseError, match="at line 4, column 1: "):
        decode_request(data.replace(b"<IMETHODCALL NAME", b"<IMETHODCALL N"))


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_languages_of_a_request_mean_nothing(call):
    assert decode_request(with_languages(encode_request(call, "1"))) == (call, "1")


INPUT = {
    "path as text": ('<VALUE>root:C.k="v"</VALUE>', LOCAL_PATH),
    "text": ("<VALUE>x</VALUE>", "x"),
    "empty text": ("<VALUE/>", None),
    "nothing": ("", None),
    "array of text": (
        '<VALUE.ARRAY><VALUE>root:C.k="v"</VALUE><VALUE/></VALUE.ARRAY>',
        [LOCAL_PATH, None],
    ),
    "empty array": ("<VALUE.ARRAY/>", []),
}


@pytest.mark.parametrize(("content", "value"), INPUT.values(), ids=INPUT)
@pytest.mark.parametrize("attribute", ["PARAMTYPE", "TYPE"])
def test_a_reference_in_a_request(attribute, content, value):
    param = f'<PARAMVALUE NAME="r" {attribute}="reference">{content}</PARAMVALUE>'
    data = encode_request(INVOKE, "1").replace(b"</METHODCALL>", f"{param}</METHODCALL>".encode())
    call, _ = decode_request(data)
    assert [(param.type, param.value) for param in call.params] == [("reference", value)]
    assert not call.untyped


def test_a_parameter_of_a_request_with_an_empty_type_has_none():
    data = encode_request(INVOKE, "1").replace(
        b"</METHODCALL>",
        b'<PARAMVALUE NAME="p" PARAMTYPE=""><VALUE>1</VALUE></PARAMVALUE></METHODCALL>',
    )
    call, _ = decode_request(data)
    assert call.untyped == {"p"}


def test_a_request_causes_no_warning_that_speaks_of_a_server(monkeypatch):
    call = IntrinsicCall("AssociatorNames", "root", [("ObjectName", PATH)])
    data = re.sub(b"<KEYBINDING.*</KEYBINDING>", b"", encode_request(call, "1"))
    assert decode_request(data)[0].params == [("ObjectName", CIMInstanceName("C"))]
    monkeypatch.setattr(config, "TOLERATE_INVALID_VALUES", True)
    data = encode_request(CALLS["numbers"], "1").replace(b">30<", b">x<")
    with pytest.raises(CIMXMLParseError):
        decode_request(data)
    data = encode_request(CALLS["extrinsic on an instance"], "1").replace(
        b"<VALUE>1<", b"<VALUE>x<"
    )
    with pytest.raises(CIMXMLParseError):
        decode_request(data)


REQUEST = encode_request(CALLS["no parameters"], "1")


@pytest.mark.parametrize(
    "decode", [decode_request, decode_framed_request], ids=["request", "framed request"]
)
@pytest.mark.parametrize(
    "data",
    [
        pytest.param(REQUEST, id="plain"),
        pytest.param(b"<!-- -->" + REQUEST, id="not plain"),
        pytest.param(REQUEST.replace(b"root", b"<"), id="malformed"),
        pytest.param(REQUEST.replace(b"MESSAGE ID", b"MESSAGE I"), id="invalid"),
        pytest.param(encode_request(CALLS["export"], "1"), id="export"),
    ],
)
def test_after_a_request_a_response_is_one_of_a_server(decode, data):
    for _ in range(2):
        with contextlib.suppress(XMLParseError, CIMXMLParseError):
            decode(data)
        with pytest.warns(ToleratedServerIssueWarning, match="empty boolean value"):
            decode_response(
                GET,
                [intrinsic('<PARAMVALUE NAME="EndOfSequence"><VALUE> </VALUE></PARAMVALUE>')],
            )


def test_an_export_request_of_a_known_frame_causes_no_warning_either():
    instance = CIMInstance("C", [CIMProperty("p", None, "boolean")])
    data = encode_request(ExportCall("ExportIndication", [("NewIndication", instance)]), "1")
    value = data.replace(b'TYPE="boolean"/>', b'TYPE="boolean"><VALUE></VALUE></PROPERTY>')
    assert value != data
    for _ in range(3):
        assert (
            decode_framed_request(data)[0].params[0][1]
            == decode_framed_request(value)[0].params[0][1]
        )


def test_an_empty_boolean_parameter_of_a_request_is_left_out():
    data = encode_request(CALLS["intrinsic"], "1").replace(b"<VALUE>FALSE<", b"<VALUE><")
    call, _ = decode_request(data)
    assert [name for name, _ in call.params] == [
        "InstanceName",
        "IncludeQualifiers",
        "PropertyList",
    ]


WRONG_REQUESTS = {
    "no namespace": '<SIMPLEREQ><IMETHODCALL NAME="M"/></SIMPLEREQ>',
    "no target": '<SIMPLEREQ><METHODCALL NAME="M"/></SIMPLEREQ>',
    "response": OK,
    "parameter": '<SIMPLEREQ><IMETHODCALL NAME="M"><LOCALNAMESPACEPATH><NAMESPACE NAME="r"/>'
    "</LOCALNAMESPACEPATH><PARAMVALUE/></IMETHODCALL></SIMPLEREQ>",
    "number": '<SIMPLEREQ><IMETHODCALL NAME="M"><LOCALNAMESPACEPATH><NAMESPACE NAME="r"/>'
    '</LOCALNAMESPACEPATH><IPARAMVALUE NAME="MaxObjectCount"><VALUE>x</VALUE></IPARAMVALUE>'
    "</IMETHODCALL></SIMPLEREQ>",
    "export": '<SIMPLEEXPREQ><EXPMETHODCALL NAME="M"><EXPPARAMVALUE NAME="N">x'
    "</EXPPARAMVALUE></EXPMETHODCALL></SIMPLEEXPREQ>",
    "nothing": "",
}


@pytest.mark.parametrize("content", WRONG_REQUESTS.values(), ids=WRONG_REQUESTS)
def test_wrong_request(content):
    with pytest.raises(CIMXMLParseError, match="CIM-XML request is invalid at line 1, column"):
        decode_request(message(content))


# --- pushed ----------------------------------------------------------------------


def one(text, tag="VALUE"):
    return f"<{tag}>{text}</{tag}>".encode()


BEFORE = intrinsic("<IRETURNVALUE>x").split(b"x")[0]
AFTER = intrinsic("x</IRETURNVALUE>").split(b"x")[1]


def test_a_stream_returns_objects_as_they_are_finished():
    decoder = ResponseDecoder(GET, stream=True)
    assert decoder.feed(BEFORE) == []
    assert decoder.feed(one(1)) == ["1"]
    assert decoder.feed(one(2) + one(3)[:-1]) == ["2"]
    assert decoder.feed(b">\n" + one(4)) == ["3", "4"]
    assert decoder.feed(AFTER) == []
    assert decoder.close() == IntrinsicResponse("M", [], [])
    assert decoder.message_id == "1"


@pytest.mark.parametrize("size", [1, 2, 5, 30])
@pytest.mark.parametrize(
    "child",
    [
        pytest.param(one("x"), id="short"),
        pytest.param(one("x" * 5000), id="long"),
        pytest.param(b"<VALUE>x</VALUE >", id="blank in the end tag"),
        pytest.param(b"<VALUE />", id="empty"),
    ],
)
def test_a_stream_does_not_wait_behind_a_child_that_came_in_pieces(child, size):
    """The end of a child may be a small piece after which the server pauses."""
    decoder = ResponseDecoder(GET, stream=True)
    decoder.feed(BEFORE + one(1))
    for _ in range(3):
        pieces = [child[at : at + size] for at in range(0, len(child), size)]
        assert [len(decoder.feed(piece)) for piece in pieces] == [0] * (len(pieces) - 1) + [1]
        assert decoder.feed(b"\n") == []


def test_a_list_returns_nothing_before_the_end():
    decoder = ResponseDecoder(GET)
    assert [decoder.feed(data) for data in (BEFORE, one(1), AFTER)] == [[], [], []]
    assert decoder.close() == IntrinsicResponse("M", ["1"], [])


STREAMED_FAULTS = {
    "content": (one("x", "CLASS"), CIMXMLParseError, "CLASS among VALUE", True),
    "child": (one("<A/>"), CIMXMLParseError, "unexpected child element A", True),
    "text": (b"text" + one(3), CIMXMLParseError, "unexpected text 'text'", True),
    "malformed": (b"</WRONG>", XMLParseError, "mismatched tag", True),
    "malformed after content": (one("<A/>") + b"</WRONG>", CIMXMLParseError, "element A", True),
    "malformed far after content": (
        one("<A/>") + one("x" * 100_000) + b"</WRONG>",
        CIMXMLParseError,
        "element A",
        True,
    ),
    "truncated": (b"", XMLParseError, "no element found", False),
    "second result": (
        b"</IRETURNVALUE><IRETURNVALUE>" + AFTER,
        CIMXMLParseError,
        "has a second IRETURNVALUE",
        False,
    ),
    "error after the result": (
        AFTER.replace(b"</IMETHOD", b'<ERROR CODE="1"/></IMETHOD'),
        CIMXMLParseError,
        "unexpected child element ERROR",
        False,
    ),
}


@pytest.mark.parametrize(
    ("data", "error", "cause", "early"), STREAMED_FAULTS.values(), ids=STREAMED_FAULTS
)
def test_what_is_before_a_fault_in_a_stream_comes_first(data, error, cause, early):
    decoder = ResponseDecoder(GET, "conn-1", stream=True)
    assert decoder.feed(BEFORE + one(1) + one(2) + data) == ["1", "2"]
    assert decoder.failed is early
    with pytest.raises(error, match=cause) as excinfo:
        decoder.close()
    assert excinfo.value.conn_id == "conn-1"
    if early:
        with pytest.raises(error, match=cause):
            decoder.feed(one(4))


FRAMES = {
    "version": (BEFORE.replace(b'CIMVERSION="2', b'CIMVERSION="3'), CIMVersionError),
    "protocol": (
        BEFORE.replace(b'PROTOCOLVERSION="1', b'PROTOCOLVERSION="2'),
        ProtocolVersionError,
    ),
    "name": (BEFORE.replace(b'NAME="M"', b'NAME="N"'), CIMXMLParseError),
    "attribute": (BEFORE.replace(b"<SIMPLERSP>", b'<SIMPLERSP A="">'), CIMXMLParseError),
    "text": (BEFORE + b"text", CIMXMLParseError),
    "text of the message": (BEFORE.replace(b"<SIMPLERSP>", b"text<SIMPLERSP>"), CIMXMLParseError),
    "other element": (BEFORE.replace(b"<SIMPLERSP>", b"<A/><SIMPLERSP>"), CIMXMLParseError),
}


@pytest.mark.parametrize(("before", "error"), FRAMES.values(), ids=FRAMES)
def test_a_stream_of_no_response_returns_nothing(before, error):
    decoder = ResponseDecoder(GET, stream=True)
    with pytest.raises(error):
        decoder.feed(before + one(1) + one(2) + AFTER)


def test_a_stream_with_an_error_before_the_result():
    decoder = ResponseDecoder(GET, stream=True)
    before = BEFORE.replace(b"<IRETURN", b'<ERROR CODE="5" DESCRIPTION="d"/><IRETURN')
    assert decoder.feed(before + one(1) + AFTER) == []
    assert decoder.close().error == ErrorRecord(5, "d", [])


def test_a_stream_with_output_parameters_around_the_result():
    decoder = ResponseDecoder(GET, stream=True)
    first, last = (f'<PARAMVALUE NAME="{name}"><VALUE>v</VALUE></PARAMVALUE>' for name in "ab")
    before = BEFORE.replace(b"<IRETURN", first.encode() + b"<IRETURN")
    after = AFTER.replace(b"</IMETHOD", last.encode() + b"</IMETHOD")
    assert decoder.feed(before + one(1) + after) == ["1"]
    assert decoder.close().params == [("a", "v"), ("b", "v")]


def test_what_is_no_result_of_an_intrinsic_method_is_not_streamed():
    decoder = ResponseDecoder(INVOKE, stream=True)
    data = extrinsic('<RETURNVALUE PARAMTYPE="uint8"><VALUE>1</VALUE></RETURNVALUE>')
    assert decoder.feed(data) == []
    assert decoder.close().return_value == 1


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_request_in_pieces(call):
    data = encode_request(call, "1")
    for size in (1, 7):
        decoder = RequestDecoder()
        for start in range(0, len(data), size):
            decoder.feed(data[start : start + size])
        assert decoder.close() == (call, "1")
        assert decoder.message_id == "1"


def test_scope_without_any() -> None:
    """A response has no attribute ANY of SCOPE, which an object itself may have."""
    declaration = CIMQualifierDeclaration("Q", "string", scopes={"CLASS": True, "ANY": False})
    assert 'ANY="false"' in declaration.tocimxmlstr()
    message = encode_response(IntrinsicResponse("EnumerateQualifiers", [declaration], []), "1")
    assert b'<SCOPE CLASS="true"' in message
    assert "ANY" in declaration.scopes
