"""
CIM objects and values -> CIM-XML text.
"""

from __future__ import annotations

from typing import Any, Dict, List, Tuple
from xml.dom import minidom

import pytest

from pywbem import (
    Char16,
    CIMClass,
    CIMClassName,
    CIMDateTime,
    CIMInstance,
    CIMInstanceName,
    CIMMethod,
    CIMParameter,
    CIMProperty,
    CIMQualifier,
    CIMQualifierDeclaration,
    Real32,
    Real64,
    Sint64,
    Uint8,
    Uint64,
    config,
    tocimxmlstr,
)
from pywbem._cim_xml.write import objects as encode
from pywbem._protocol.method_parameters import method_parameter
from tests.shared_data import dtd_errors

Case = Tuple[Any, Dict[str, bool], str]

STAMP = "20240229235959.999999-300"
INTERVAL = "00000012******.******:000"

NAME_A = CIMInstanceName("A", {"k": "v"})
NAME_A_XML = (
    '<INSTANCENAME CLASSNAME="A"><KEYBINDING NAME="k">'
    '<KEYVALUE VALUETYPE="string" TYPE="string">v</KEYVALUE></KEYBINDING></INSTANCENAME>'
)
LOCAL_A = CIMInstanceName("A", {"k": "v"}, namespace="root/cimv2")
LOCAL_XML = (
    '<LOCALNAMESPACEPATH><NAMESPACE NAME="root"/><NAMESPACE NAME="cimv2"/></LOCALNAMESPACEPATH>'
)
LOCAL_A_XML = f"<LOCALINSTANCEPATH>{LOCAL_XML}{NAME_A_XML}</LOCALINSTANCEPATH>"
FULL_A = CIMInstanceName("A", {"k": "v"}, namespace="root/cimv2", host="h:5989")
HOST_XML = f"<NAMESPACEPATH><HOST>h:5989</HOST>{LOCAL_XML}</NAMESPACEPATH>"
FULL_A_XML = f"<INSTANCEPATH>{HOST_XML}{NAME_A_XML}</INSTANCEPATH>"
HOST_A = CIMInstanceName("A", {"k": "v"}, host="h")

NAME_C = CIMClassName("C")
LOCAL_C = CIMClassName("C", namespace="root/cimv2")
FULL_C = CIMClassName("C", namespace="root/cimv2", host="h:5989")
LOCAL_C_XML = f'<LOCALCLASSPATH>{LOCAL_XML}<CLASSNAME NAME="C"/></LOCALCLASSPATH>'
FULL_C_XML = f'<CLASSPATH>{HOST_XML}<CLASSNAME NAME="C"/></CLASSPATH>'

Q = CIMQualifier("Q", "x")
Q_XML = '<QUALIFIER NAME="Q" TYPE="string"><VALUE>x</VALUE></QUALIFIER>'
E = CIMInstance("E", {"s": '<"'})
E_TEXT = (
    "&lt;INSTANCE CLASSNAME=&quot;E&quot;&gt;&lt;PROPERTY NAME=&quot;s&quot; "
    "TYPE=&quot;string&quot;&gt;&lt;VALUE&gt;&amp;lt;&amp;quot;&lt;/VALUE&gt;&lt;/PROPERTY&gt;"
    "&lt;/INSTANCE&gt;"
)
EC = CIMClass("EC")
EC_TEXT = "&lt;CLASS NAME=&quot;EC&quot;/&gt;"


def key(value: Any) -> CIMInstanceName:
    return CIMInstanceName("A", {"k": value})


def key_xml(content: str) -> str:
    return f'<INSTANCENAME CLASSNAME="A"><KEYBINDING NAME="k">{content}</KEYBINDING></INSTANCENAME>'


def embedded_cases() -> Dict[str, Case]:
    """Embedded instances and classes, in properties and parameters."""
    cases: Dict[str, Case] = {}
    for kind, value, text in (
        ("instance", E, f"<VALUE>{E_TEXT}</VALUE>"),
        ("object", E, f"<VALUE>{E_TEXT}</VALUE>"),
        ("object", EC, f"<VALUE>{EC_TEXT}</VALUE>"),
        ("object", [E, None, EC], f"<VALUE>{E_TEXT}</VALUE><VALUE.NULL/><VALUE>{EC_TEXT}</VALUE>"),
        ("instance", [], ""),
        ("instance", None, ""),
    ):
        is_array = isinstance(value, list)
        tag = "PROPERTY.ARRAY" if is_array else "PROPERTY"
        if is_array:
            text = f"<VALUE.ARRAY>{text}</VALUE.ARRAY>" if text else "<VALUE.ARRAY/>"
        name = f"{kind}-{type(value).__name__}-{len(text)}"
        attributes = f'TYPE="string" EmbeddedObject="{kind}"'
        cases[f"property-{name}"] = (
            CIMProperty("p", value, "string", embedded_object=kind),
            {},
            f'<{tag} NAME="p" {attributes}>{text}</{tag}>'
            if text
            else f'<{tag} NAME="p" {attributes}/>',
        )
        cases[f"parameter-{name}"] = (
            CIMParameter("p", "string", value=value, embedded_object=kind),
            {"as_value": True},
            f'<PARAMVALUE NAME="p" PARAM{attributes}>{text}</PARAMVALUE>'
            if text
            else f'<PARAMVALUE NAME="p" PARAM{attributes}/>',
        )
    return cases


PATHS: Dict[str, Case] = {
    "instancename": (NAME_A, {}, NAME_A_XML),
    "instancename-host-only": (HOST_A, {}, NAME_A_XML),
    "instance-local": (LOCAL_A, {}, LOCAL_A_XML),
    "instance-full": (FULL_A, {}, FULL_A_XML),
    "instance-ignore-host": (FULL_A, {"ignore_host": True}, LOCAL_A_XML),
    "instance-ignore-namespace": (FULL_A, {"ignore_namespace": True}, NAME_A_XML),
    "classname": (NAME_C, {}, '<CLASSNAME NAME="C"/>'),
    "class-local": (LOCAL_C, {}, LOCAL_C_XML),
    "class-full": (FULL_C, {}, FULL_C_XML),
    "class-ignore-host": (FULL_C, {"ignore_host": True}, LOCAL_C_XML),
    "class-ignore-namespace": (FULL_C, {"ignore_namespace": True}, '<CLASSNAME NAME="C"/>'),
    "key-order": (
        CIMInstanceName("A", [("b", Uint8(1)), ("A", True)]),
        {},
        '<INSTANCENAME CLASSNAME="A"><KEYBINDING NAME="b"><KEYVALUE VALUETYPE="numeric" '
        'TYPE="uint8">1</KEYVALUE></KEYBINDING><KEYBINDING NAME="A"><KEYVALUE VALUETYPE="boolean" '
        'TYPE="boolean">TRUE</KEYVALUE></KEYBINDING></INSTANCENAME>',
    ),
    "key-empty": (
        key(""),
        {},
        key_xml('<KEYVALUE VALUETYPE="string" TYPE="string"></KEYVALUE>'),
    ),
    "key-false": (
        key(False),
        {},
        key_xml('<KEYVALUE VALUETYPE="boolean" TYPE="boolean">FALSE</KEYVALUE>'),
    ),
    "key-sint64": (
        key(Sint64(-3)),
        {},
        key_xml('<KEYVALUE VALUETYPE="numeric" TYPE="sint64">-3</KEYVALUE>'),
    ),
    "key-real32": (
        key(Real32(0.1)),
        {},
        key_xml('<KEYVALUE VALUETYPE="numeric" TYPE="real32">0.1</KEYVALUE>'),
    ),
    "key-real64": (
        key(Real64(0.1)),
        {},
        key_xml('<KEYVALUE VALUETYPE="numeric" TYPE="real64">0.1</KEYVALUE>'),
    ),
    "key-inf": (
        key(Real64("-inf")),
        {},
        key_xml('<KEYVALUE VALUETYPE="numeric" TYPE="real64">-INF</KEYVALUE>'),
    ),
    "key-datetime": (
        key(CIMDateTime(STAMP)),
        {},
        key_xml(f'<KEYVALUE VALUETYPE="string" TYPE="datetime">{STAMP}</KEYVALUE>'),
    ),
    "key-char16": (
        key(Char16("c")),
        {},
        key_xml('<KEYVALUE VALUETYPE="string" TYPE="char16">c</KEYVALUE>'),
    ),
    "key-reference": (
        key(FULL_A),
        {},
        key_xml(f"<VALUE.REFERENCE>{FULL_A_XML}</VALUE.REFERENCE>"),
    ),
}

UNTYPED_KEYS: Dict[str, Case] = {
    # DSP0203 wants a TYPE here; a plain number has none, and a wrong one does harm.
    "key-int": (key(1), {}, key_xml('<KEYVALUE VALUETYPE="numeric">1</KEYVALUE>')),
    "key-float": (key(1.5), {}, key_xml('<KEYVALUE VALUETYPE="numeric">1.5</KEYVALUE>')),
}

ELEMENTS: Dict[str, Case] = {
    "property": (
        CIMProperty("p", "v"),
        {},
        '<PROPERTY NAME="p" TYPE="string"><VALUE>v</VALUE></PROPERTY>',
    ),
    "property-empty-string": (
        CIMProperty("p", ""),
        {},
        '<PROPERTY NAME="p" TYPE="string"><VALUE></VALUE></PROPERTY>',
    ),
    "property-null": (
        CIMProperty("p", None, "uint8"),
        {},
        '<PROPERTY NAME="p" TYPE="uint8"/>',
    ),
    "property-all": (
        CIMProperty("p", 5, "uint8", class_origin="O", propagated=True, qualifiers=[Q]),
        {},
        '<PROPERTY NAME="p" TYPE="uint8" CLASSORIGIN="O" PROPAGATED="true">'
        f"{Q_XML}<VALUE>5</VALUE></PROPERTY>",
    ),
    "property-null-qualified": (
        CIMProperty("p", None, "boolean", propagated=False, qualifiers=[Q]),
        {},
        f'<PROPERTY NAME="p" TYPE="boolean" PROPAGATED="false">{Q_XML}</PROPERTY>',
    ),
    "array": (
        CIMProperty("p", [1, 2], "sint8"),
        {},
        '<PROPERTY.ARRAY NAME="p" TYPE="sint8"><VALUE.ARRAY><VALUE>1</VALUE><VALUE>2</VALUE>'
        "</VALUE.ARRAY></PROPERTY.ARRAY>",
    ),
    "array-all": (
        CIMProperty(
            "p",
            ["a", None, ""],
            array_size=3,
            class_origin="O",
            propagated=True,
            qualifiers=[Q],
        ),
        {},
        '<PROPERTY.ARRAY NAME="p" TYPE="string" ARRAYSIZE="3" CLASSORIGIN="O" PROPAGATED="true">'
        f"{Q_XML}<VALUE.ARRAY><VALUE>a</VALUE><VALUE.NULL/><VALUE></VALUE></VALUE.ARRAY>"
        "</PROPERTY.ARRAY>",
    ),
    "array-empty": (
        CIMProperty("p", [], "string"),
        {},
        '<PROPERTY.ARRAY NAME="p" TYPE="string"><VALUE.ARRAY/></PROPERTY.ARRAY>',
    ),
    "array-of-null": (
        CIMProperty("p", [None], "string"),
        {},
        '<PROPERTY.ARRAY NAME="p" TYPE="string"><VALUE.ARRAY><VALUE.NULL/></VALUE.ARRAY>'
        "</PROPERTY.ARRAY>",
    ),
    "array-null": (
        CIMProperty("p", None, "string", is_array=True),
        {},
        '<PROPERTY.ARRAY NAME="p" TYPE="string"/>',
    ),
    "embedded-array-all": (
        CIMProperty("p", [EC], array_size=1, class_origin="O", propagated=True),
        {},
        '<PROPERTY.ARRAY NAME="p" TYPE="string" ARRAYSIZE="1" CLASSORIGIN="O" '
        'EmbeddedObject="object" PROPAGATED="true"><VALUE.ARRAY>'
        f"<VALUE>{EC_TEXT}</VALUE></VALUE.ARRAY></PROPERTY.ARRAY>",
    ),
    "reference-name": (
        CIMProperty("p", NAME_A),
        {},
        f'<PROPERTY.REFERENCE NAME="p"><VALUE.REFERENCE>{NAME_A_XML}</VALUE.REFERENCE>'
        "</PROPERTY.REFERENCE>",
    ),
    "reference-local-all": (
        CIMProperty(
            "p", LOCAL_A, reference_class="R", class_origin="O", propagated=True, qualifiers=[Q]
        ),
        {},
        '<PROPERTY.REFERENCE NAME="p" REFERENCECLASS="R" CLASSORIGIN="O" PROPAGATED="true">'
        f"{Q_XML}<VALUE.REFERENCE>{LOCAL_A_XML}</VALUE.REFERENCE></PROPERTY.REFERENCE>",
    ),
    "reference-class": (
        CIMProperty("p", FULL_C, "reference"),
        {},
        f'<PROPERTY.REFERENCE NAME="p"><VALUE.REFERENCE>{FULL_C_XML}</VALUE.REFERENCE>'
        "</PROPERTY.REFERENCE>",
    ),
    "reference-null": (
        CIMProperty("p", None, "reference", reference_class="R"),
        {},
        '<PROPERTY.REFERENCE NAME="p" REFERENCECLASS="R"/>',
    ),
    "qualifier-flavors": (
        CIMQualifier(
            "q",
            True,
            propagated=True,
            overridable=False,
            tosubclass=True,
            toinstance=False,
            translatable=True,
        ),
        {},
        '<QUALIFIER NAME="q" TYPE="boolean" PROPAGATED="true" OVERRIDABLE="false" '
        'TOSUBCLASS="true" TOINSTANCE="false" TRANSLATABLE="true"><VALUE>TRUE</VALUE></QUALIFIER>',
    ),
    "qualifier-array": (
        CIMQualifier("q", ["a", None], "string"),
        {},
        '<QUALIFIER NAME="q" TYPE="string"><VALUE.ARRAY><VALUE>a</VALUE><VALUE.NULL/>'
        "</VALUE.ARRAY></QUALIFIER>",
    ),
    "qualifier-null": (
        CIMQualifier("q", None, "string"),
        {},
        '<QUALIFIER NAME="q" TYPE="string"/>',
    ),
    "declaration": (
        CIMQualifierDeclaration("q", "string"),
        {},
        '<QUALIFIER.DECLARATION NAME="q" TYPE="string" ISARRAY="false"/>',
    ),
    "declaration-all": (
        CIMQualifierDeclaration(
            "q",
            "uint8",
            [1],
            is_array=True,
            array_size=4,
            scopes=[("PARAMETER", True), ("CLASS", True), ("METHOD", False)],
            overridable=True,
            tosubclass=False,
            toinstance=True,
            translatable=False,
        ),
        {},
        '<QUALIFIER.DECLARATION NAME="q" TYPE="uint8" ISARRAY="true" ARRAYSIZE="4" '
        'OVERRIDABLE="true" TOSUBCLASS="false" TOINSTANCE="true" TRANSLATABLE="false">'
        '<SCOPE CLASS="true" METHOD="false" PARAMETER="true"/>'
        "<VALUE.ARRAY><VALUE>1</VALUE></VALUE.ARRAY></QUALIFIER.DECLARATION>",
    ),
    "declaration-any": (
        CIMQualifierDeclaration("q", "boolean", False, scopes={"any": True, "CLASS": False}),
        {},
        '<QUALIFIER.DECLARATION NAME="q" TYPE="boolean" ISARRAY="false"><SCOPE ASSOCIATION="true" '
        'CLASS="true" INDICATION="true" METHOD="true" PARAMETER="true" PROPERTY="true" '
        'REFERENCE="true"/><VALUE>FALSE</VALUE></QUALIFIER.DECLARATION>',
    ),
    "method": (CIMMethod("m", "uint32"), {}, '<METHOD NAME="m" TYPE="uint32"/>'),
    "method-void": (CIMMethod("m", "void"), {}, '<METHOD NAME="m"/>'),
    "method-all": (
        CIMMethod(
            "m",
            "uint32",
            [CIMParameter("p", "string", value="v")],
            class_origin="O",
            propagated=True,
            qualifiers=[Q],
        ),
        {},
        f'<METHOD NAME="m" TYPE="uint32" CLASSORIGIN="O" PROPAGATED="true">{Q_XML}'
        '<PARAMETER NAME="p" TYPE="string"/></METHOD>',
    ),
    "parameter": (
        CIMParameter("p", "uint8", value=3, qualifiers=[Q]),
        {},
        f'<PARAMETER NAME="p" TYPE="uint8">{Q_XML}</PARAMETER>',
    ),
    "parameter-array": (
        CIMParameter("p", "uint8", is_array=True, array_size=3),
        {},
        '<PARAMETER.ARRAY NAME="p" TYPE="uint8" ARRAYSIZE="3"/>',
    ),
    "parameter-reference": (
        CIMParameter("p", "reference", reference_class="R"),
        {},
        '<PARAMETER.REFERENCE NAME="p" REFERENCECLASS="R"/>',
    ),
    "parameter-refarray": (
        CIMParameter("p", "reference", reference_class="R", is_array=True, array_size=3),
        {},
        '<PARAMETER.REFARRAY NAME="p" REFERENCECLASS="R" ARRAYSIZE="3"/>',
    ),
    "parameter-embedded": (
        CIMParameter("p", "string", embedded_object="instance", value=E),
        {},
        '<PARAMETER NAME="p" TYPE="string"/>',
    ),
    "paramvalue": (
        CIMParameter("p", "uint8", value=3, qualifiers=[Q]),
        {"as_value": True},
        '<PARAMVALUE NAME="p" PARAMTYPE="uint8"><VALUE>3</VALUE></PARAMVALUE>',
    ),
    "paramvalue-null": (
        CIMParameter("p", "uint8", is_array=True),
        {"as_value": True},
        '<PARAMVALUE NAME="p" PARAMTYPE="uint8"/>',
    ),
    "paramvalue-array": (
        CIMParameter("p", "uint8", value=[3, None]),
        {"as_value": True},
        '<PARAMVALUE NAME="p" PARAMTYPE="uint8"><VALUE.ARRAY><VALUE>3</VALUE><VALUE.NULL/>'
        "</VALUE.ARRAY></PARAMVALUE>",
    ),
    "paramvalue-array-empty": (
        method_parameter("p", []),
        {"as_value": True},
        '<PARAMVALUE NAME="p"><VALUE.ARRAY/></PARAMVALUE>',
    ),
    "paramvalue-array-of-null": (
        method_parameter("p", [None]),
        {"as_value": True},
        '<PARAMVALUE NAME="p"><VALUE.ARRAY><VALUE.NULL/></VALUE.ARRAY></PARAMVALUE>',
    ),
    "paramvalue-reference": (
        CIMParameter("p", "reference", value=FULL_C),
        {"as_value": True},
        f'<PARAMVALUE NAME="p" PARAMTYPE="reference"><VALUE.REFERENCE>{FULL_C_XML}'
        "</VALUE.REFERENCE></PARAMVALUE>",
    ),
    "paramvalue-refarray": (
        CIMParameter("p", "reference", value=[FULL_A, None]),
        {"as_value": True},
        '<PARAMVALUE NAME="p" PARAMTYPE="reference"><VALUE.REFARRAY><VALUE.REFERENCE>'
        f"{FULL_A_XML}</VALUE.REFERENCE><VALUE.NULL/></VALUE.REFARRAY></PARAMVALUE>",
    ),
    "instance-empty": (CIMInstance("I"), {}, '<INSTANCE CLASSNAME="I"/>'),
    "instance": (
        CIMInstance("I", [("b", Uint64(1)), ("A", CIMDateTime(INTERVAL))], [Q]),
        {},
        f'<INSTANCE CLASSNAME="I">{Q_XML}<PROPERTY NAME="b" TYPE="uint64"><VALUE>1</VALUE>'
        f'</PROPERTY><PROPERTY NAME="A" TYPE="datetime"><VALUE>{INTERVAL}</VALUE></PROPERTY>'
        "</INSTANCE>",
    ),
    "instance-named": (
        CIMInstance("A", path=HOST_A),
        {},
        f'<VALUE.NAMEDINSTANCE>{NAME_A_XML}<INSTANCE CLASSNAME="A"/></VALUE.NAMEDINSTANCE>',
    ),
    "instance-local-path": (
        CIMInstance("A", path=LOCAL_A),
        {},
        f'<VALUE.OBJECTWITHLOCALPATH>{LOCAL_A_XML}<INSTANCE CLASSNAME="A"/>'
        "</VALUE.OBJECTWITHLOCALPATH>",
    ),
    "instance-full-path": (
        CIMInstance("A", path=FULL_A),
        {},
        f'<VALUE.INSTANCEWITHPATH>{FULL_A_XML}<INSTANCE CLASSNAME="A"/></VALUE.INSTANCEWITHPATH>',
    ),
    "instance-ignore-path": (
        CIMInstance("A", path=FULL_A),
        {"ignore_path": True},
        '<INSTANCE CLASSNAME="A"/>',
    ),
    "class-empty": (CIMClass("C", path=FULL_C), {}, '<CLASS NAME="C"/>'),
    "class": (
        CIMClass(
            "C",
            [CIMProperty("p", 1, "uint8"), CIMProperty("r", None, "reference")],
            [CIMMethod("m", "boolean")],
            "S",
            [Q],
        ),
        {},
        f'<CLASS NAME="C" SUPERCLASS="S">{Q_XML}<PROPERTY NAME="p" TYPE="uint8">'
        '<VALUE>1</VALUE></PROPERTY><PROPERTY.REFERENCE NAME="r"/>'
        '<METHOD NAME="m" TYPE="boolean"/></CLASS>',
    ),
}
ELEMENTS.update(PATHS)
ELEMENTS.update(embedded_cases())
ALL: Dict[str, Case] = {**ELEMENTS, **UNTYPED_KEYS}


@pytest.mark.parametrize("obj, options, expected", list(ALL.values()), ids=list(ALL))
def test_object(obj: Any, options: Dict[str, bool], expected: str) -> None:
    assert obj.tocimxmlstr(**options) == expected


@pytest.mark.parametrize("obj, options, expected", list(ALL.values()), ids=list(ALL))
def test_object_dom(obj: Any, options: Dict[str, bool], expected: str) -> None:
    node = obj.tocimxml(**options)
    assert isinstance(node, minidom.Element)
    assert node.parentNode is None
    assert encode.value_xml(node) == expected


@pytest.mark.parametrize("obj, options, expected", list(ELEMENTS.values()), ids=list(ELEMENTS))
def test_object_dtd(obj: Any, options: Dict[str, bool], expected: str) -> None:
    assert dtd_errors(obj.tocimxmlstr(**options).encode("utf-8")) == []


@pytest.mark.parametrize(
    "scopes, expected",
    [
        ({"ANY": False}, ' ANY="false"'),
        ({"any": False, "CLASS": True}, ' ANY="false" CLASS="true"'),
        ({"METHOD": False, "ANY": False}, ' ANY="false" METHOD="false"'),
    ],
)
def test_not_any_scope(scopes: Dict[str, bool], expected: str) -> None:
    """No DTD has the attribute; clients send it all the same."""
    declaration = CIMQualifierDeclaration("q", "boolean", scopes=scopes)
    assert f"<SCOPE{expected}/>" in declaration.tocimxmlstr()


NULLS: Dict[str, Tuple[Any, str]] = {
    "value": (lambda: tocimxmlstr([None, "a"]), "<VALUE/><VALUE>a</VALUE>"),
    "property": (
        lambda: CIMProperty("p", [None], "string").tocimxmlstr(),
        "<VALUE.ARRAY><VALUE/></VALUE.ARRAY>",
    ),
    "qualifier": (
        lambda: CIMQualifier("q", ["a", None]).tocimxmlstr(),
        "<VALUE>a</VALUE><VALUE/>",
    ),
    "embedded": (lambda: CIMProperty("p", [EC, None]).tocimxmlstr(), "&gt;</VALUE><VALUE/>"),
    "reference": (
        lambda: CIMParameter("p", "reference", value=[None]).tocimxmlstr(as_value=True),
        "<VALUE.REFARRAY><VALUE.NULL/></VALUE.REFARRAY>",
    ),
}


@pytest.mark.parametrize("make, expected", list(NULLS.values()), ids=list(NULLS))
def test_send_value_null_off(make: Any, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "SEND_VALUE_NULL", False)
    assert expected in make()


IPARAMS: Dict[str, Tuple[str, Any, str]] = {
    "true": ("LocalOnly", True, "<VALUE>TRUE</VALUE>"),
    "int": ("MaxObjectCount", 10, "<VALUE>10</VALUE>"),
    "str": ("Role", "a<", "<VALUE>a&lt;</VALUE>"),
    "list": (
        "PropertyList",
        ["a", "b"],
        "<VALUE.ARRAY><VALUE>a</VALUE><VALUE>b</VALUE></VALUE.ARRAY>",
    ),
    "empty-list": ("PropertyList", [], "<VALUE.ARRAY/>"),
    "instancename": ("InstanceName", FULL_A, NAME_A_XML),
    "classname": ("ClassName", FULL_C, '<CLASSNAME NAME="C"/>'),
    "class": ("NewClass", CIMClass("C"), '<CLASS NAME="C"/>'),
    "declaration": (
        "QualifierDeclaration",
        CIMQualifierDeclaration("q", "string"),
        '<QUALIFIER.DECLARATION NAME="q" TYPE="string" ISARRAY="false"/>',
    ),
    "new-instance": (
        "NewInstance",
        CIMInstance("A", path=FULL_A),
        '<INSTANCE CLASSNAME="A"/>',
    ),
    "modified-instance": (
        "ModifiedInstance",
        CIMInstance("A", path=FULL_A),
        f'<VALUE.NAMEDINSTANCE>{NAME_A_XML}<INSTANCE CLASSNAME="A"/></VALUE.NAMEDINSTANCE>',
    ),
}


@pytest.mark.parametrize("name, value, content", list(IPARAMS.values()), ids=list(IPARAMS))
def test_iparamvalue(name: str, value: Any, content: str) -> None:
    text = encode.iparamvalue_xml(name, value)
    assert text == f'<IPARAMVALUE NAME="{name}">{content}</IPARAMVALUE>'
    assert dtd_errors(text.encode()) == []


def test_iparamvalue_null() -> None:
    assert encode.iparamvalue_xml("Role", None) == '<IPARAMVALUE NAME="Role"/>'


def test_iparamvalue_wrong_type() -> None:
    with pytest.raises(TypeError, match="parameter 'Role'"):
        encode.iparamvalue_xml("Role", object())


def test_paramvalue() -> None:
    text = encode.paramvalue_xml(CIMParameter("p", "string", value="v"))
    assert text == '<PARAMVALUE NAME="p" PARAMTYPE="string"><VALUE>v</VALUE></PARAMVALUE>'


@pytest.mark.parametrize(
    "path, expected",
    [
        pytest.param(LOCAL_A, LOCAL_A_XML, id="instance"),
        pytest.param(FULL_A, LOCAL_A_XML, id="instance-with-host"),
        pytest.param(LOCAL_C, LOCAL_C_XML, id="class"),
        pytest.param(FULL_C, LOCAL_C_XML, id="class-with-host"),
    ],
)
def test_local_path(path: Any, expected: str) -> None:
    assert encode.local_path_xml(path) == expected


def test_local_path_needs_a_namespace() -> None:
    with pytest.raises(ValueError, match="namespace"):
        encode.local_path_xml(NAME_A)


@pytest.mark.parametrize(
    "namespace, names",
    [
        pytest.param("root", ["root"], id="one"),
        pytest.param("root/cimv2", ["root", "cimv2"], id="two"),
        pytest.param("a//b", ["a", "", "b"], id="empty-part"),
        pytest.param('a&"\n', ["a&amp;&quot;&#10;"], id="special"),
    ],
)
def test_localnamespacepath(namespace: str, names: List[str]) -> None:
    parts = "".join(f'<NAMESPACE NAME="{name}"/>' for name in names)
    expected = f"<LOCALNAMESPACEPATH>{parts}</LOCALNAMESPACEPATH>"
    assert encode.localnamespacepath_xml(namespace) == expected
