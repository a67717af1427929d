"""
Elements to CIM objects: what each element gives, what is refused and where.
"""

from __future__ import annotations

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
    CIMQualifier,
    CIMQualifierDeclaration,
    MissingKeybindingsWarning,
    Real32,
    Real64,
    Sint8,
    ToleratedServerIssueWarning,
    Uint8,
    Uint32,
    XMLParseError,
    config,
)
from pywbem._cim_xml.read import objects, properties
from pywbem._cim_xml.read.tree import DecodeError, parse

DECODERS = {
    **objects.DECODERS,
    "PROPERTY": properties.property_,
    "PROPERTY.ARRAY": properties.property_array,
    "PROPERTY.REFERENCE": properties.property_reference,
    "QUALIFIER": properties.qualifier,
}


def decode(text):
    root = parse(text, "It")
    return DECODERS[root.tag](root)


def prop(name, value, type, **kwargs):
    """
    A property as it is decoded: whether it is propagated is always known.
    """
    return CIMProperty(name, value, type, **{"propagated": False, **kwargs})


KEY = '<KEYBINDING NAME="k"><KEYVALUE>v</KEYVALUE></KEYBINDING>'
NAME = f'<INSTANCENAME CLASSNAME="C">{KEY}</INSTANCENAME>'
LOCAL = '<LOCALNAMESPACEPATH><NAMESPACE NAME="root"/><NAMESPACE NAME="x"/></LOCALNAMESPACEPATH>'
REMOTE = f"<NAMESPACEPATH><HOST>h:5989</HOST>{LOCAL}</NAMESPACEPATH>"
PATH = CIMInstanceName("C", {"k": "v"})
LOCAL_PATH = CIMInstanceName("C", {"k": "v"}, namespace="root/x")
REMOTE_PATH = CIMInstanceName("C", {"k": "v"}, namespace="root/x", host="h:5989")

VALUES = [
    ("string", "", ""),
    ("string", "  a\n b ", "  a\n b "),
    ("boolean", "TRUE", True),
    ("boolean", "false", False),
    ("boolean", " tRuE ", True),
    ("char16", "x", "x"),
    ("char16", " ", " "),
    ("uint8", "0", 0),
    ("uint8", "255", 255),
    ("uint8", " 12 ", 12),
    ("uint8", "+5", 5),
    ("uint8", "0x1F", 31),
    ("uint8", "0X1f", 31),
    ("uint8", "+0x1F", 31),
    ("uint8", "101", 101),
    ("uint8", "017", 17),
    ("uint8", "+017", 17),
    ("uint8", "00", 0),
    ("uint8", "007", 7),
    ("uint8", "0000000000255", 255),
    ("uint8", "08", 8),
    ("uint8", "09", 9),
    ("uint8", "1.0", 1),
    ("uint8", "1E2", 100),
    ("sint8", "-128", -128),
    ("sint8", "-0x1F", -31),
    ("sint8", "-017", -17),
    ("sint16", "-0100", -100),
    ("real32", "010", 10.0),
    ("real64", "0777.5", 777.5),
    ("uint64", "18446744073709551615", 2**64 - 1),
    ("sint64", "-9223372036854775808", -(2**63)),
    ("real32", "1.5", 1.5),
    ("real64", "-1.5E+10", -1.5e10),
    ("real64", "7", 7.0),
    ("real64", "INF", float("inf")),
    ("real64", "-inf", float("-inf")),
    ("datetime", "20140924193040.654321+120", CIMDateTime("20140924193040.654321+120")),
    ("datetime", "00000183132542.234567:000", CIMDateTime("00000183132542.234567:000")),
]


@pytest.mark.parametrize(
    ("cimtype", "text", "value"), VALUES, ids=[f"{row[0]} {row[1]!r}" for row in VALUES]
)
def test_value(cimtype, text, value):
    one = decode(f'<PROPERTY NAME="p" TYPE="{cimtype}"><VALUE>{text}</VALUE></PROPERTY>')
    many = decode(
        f'<PROPERTY.ARRAY NAME="p" TYPE="{cimtype}"><VALUE.ARRAY><VALUE>{text}</VALUE>'
        "<VALUE.NULL/></VALUE.ARRAY></PROPERTY.ARRAY>"
    )
    assert one == prop("p", value, cimtype)
    assert type(one.value) is type(prop("p", value, cimtype).value)
    assert many == prop("p", [value, None], cimtype)


INVALID = [
    ("boolean", "yes", "invalid boolean value 'yes'"),
    ("char16", "xy", "invalid char16 value 'xy'"),
    ("char16", "", "invalid char16 value ''"),
    ("char16", "\U0001f600", "invalid char16 value"),
    ("uint8", "", "invalid numeric value ''"),
    ("uint8", "x", "invalid numeric value 'x'"),
    ("uint8", "256", "256 out of the range 0 to 255 of uint8"),
    ("uint8", "-1", "-1 out of the range"),
    ("uint8", "inf", "invalid integer value 'inf'"),
    ("uint8", "nan", "invalid integer value 'nan'"),
    ("uint8", "101b", "invalid numeric value '101b'"),
    ("uint8", "101B", "invalid numeric value '101B'"),
    ("sint8", "-101b", "invalid numeric value '-101b'"),
    ("uint32", "0b101", "invalid numeric value '0b101'"),
    ("uint32", "0o17", "invalid numeric value '0o17'"),
    ("uint32", "0x", "invalid numeric value '0x'"),
    ("real32", "10b", "invalid numeric value '10b'"),
    ("sint8", "128", "out of the range -128 to 127"),
    ("uint64", "9" * 5000, "in"),
    ("real32", "x", "invalid numeric value 'x'"),
    ("datetime", "not a date", "not a date"),
    ("datetime", "20141324193040.654321+120", "20141324193040"),
]
INVALID_IDS = [f"{row[0]} {row[1][:20]!r}" for row in INVALID]


@pytest.mark.parametrize(("cimtype", "text", "cause"), INVALID, ids=INVALID_IDS)
def test_invalid_value(cimtype, text, cause):
    with pytest.raises(DecodeError) as excinfo:
        decode(f'<PROPERTY NAME="p" TYPE="{cimtype}"><VALUE>{text}</VALUE></PROPERTY>')
    assert excinfo.value.element.tag == "VALUE"
    assert excinfo.value.cause.startswith("PROPERTY 'p' has ")
    assert cause in excinfo.value.cause


@pytest.mark.parametrize(("cimtype", "text", "cause"), INVALID, ids=INVALID_IDS)
def test_invalid_value_tolerated(monkeypatch, cimtype, text, cause):
    monkeypatch.setattr(config, "TOLERATE_INVALID_VALUES", True)
    xml = (
        '<INSTANCE CLASSNAME="C">'
        f'<PROPERTY NAME="bad" TYPE="{cimtype}"><VALUE>{text}</VALUE></PROPERTY>'
        '<PROPERTY NAME="good" TYPE="uint8"><VALUE>7</VALUE></PROPERTY></INSTANCE>'
    )
    # The second time the shape of the property is known.
    for _ in range(2):
        with pytest.warns(ToleratedServerIssueWarning, match="PROPERTY 'bad'") as record:
            inst = decode(xml)
        assert cause in str(record[0].message)
        assert record[0].filename == __file__
        assert inst["bad"] is None
        assert inst.properties["bad"].type == cimtype
        assert inst["good"] == 7


def test_one_invalid_item_of_an_array_tolerated(monkeypatch):
    monkeypatch.setattr(config, "TOLERATE_INVALID_VALUES", True)
    with pytest.warns(ToleratedServerIssueWarning, match="PROPERTY.ARRAY 'p'"):
        result = decode(
            '<PROPERTY.ARRAY NAME="p" TYPE="uint8"><VALUE.ARRAY><VALUE>1</VALUE>'
            "<VALUE>x</VALUE><VALUE>3</VALUE></VALUE.ARRAY></PROPERTY.ARRAY>"
        )
    assert result.value == [1, None, 3]


def test_range_of_integers_is_not_enforced_when_configured(monkeypatch):
    monkeypatch.setattr(config, "ENFORCE_INTEGER_RANGE", False)
    result = decode('<PROPERTY NAME="p" TYPE="uint8"><VALUE>300</VALUE></PROPERTY>')
    assert result.value == 300
    assert isinstance(result.value, Uint8)
    monkeypatch.setattr(config, "ENFORCE_INTEGER_RANGE", True)
    with pytest.raises(DecodeError):
        decode('<PROPERTY NAME="p" TYPE="uint8"><VALUE>300</VALUE></PROPERTY>')


@pytest.mark.parametrize("attribute", ["", ' TYPE=""', ' TYPE="void"'], ids=repr)
def test_method_without_return_type_is_void(attribute):
    with pytest.warns(ToleratedServerIssueWarning, match="method 'm' without return") as record:
        result = decode(
            f'<CLASS NAME="C"><METHOD NAME="a" TYPE="uint8"/><METHOD NAME="m"{attribute}>'
            '<PARAMETER NAME="p" TYPE="string"/></METHOD><METHOD NAME="z" TYPE="string"/></CLASS>'
        )
    assert len(record) == 1
    assert record[0].filename == __file__
    types = [(method.name, method.return_type) for method in result.methods.values()]
    assert types == [("a", "uint8"), ("m", "void"), ("z", "string")]
    assert list(result.methods["m"].parameters) == ["p"]


@pytest.mark.parametrize("text", ["", "  "], ids=repr)
def test_empty_boolean_is_null_with_a_warning(text):
    with pytest.warns(ToleratedServerIssueWarning, match="empty boolean"):
        result = decode(f'<PROPERTY NAME="p" TYPE="boolean"><VALUE>{text}</VALUE></PROPERTY>')
    assert result.value is None


EMBEDDED = "&lt;INSTANCE CLASSNAME=&quot;E&quot;/&gt;"

PROPERTIES = {
    "NULL": ('<PROPERTY NAME="p" TYPE="uint8"/>', prop("p", None, "uint8")),
    "all attributes": (
        '<PROPERTY NAME="p" TYPE="uint8" CLASSORIGIN="O" PROPAGATED="TRUE" xml:lang="fr"/>',
        prop("p", None, "uint8", class_origin="O", propagated=True),
    ),
    "white space": (
        '<PROPERTY NAME="p" TYPE="uint8">\n <VALUE>1</VALUE>\n </PROPERTY>',
        prop("p", 1, "uint8"),
    ),
    "language of a value": (
        '<PROPERTY NAME="p" TYPE="string"><VALUE xml:lang="de">ja</VALUE></PROPERTY>',
        prop("p", "ja", "string"),
    ),
    "qualifiers": (
        '<PROPERTY NAME="p" TYPE="uint8"><QUALIFIER NAME="Key" TYPE="boolean">'
        "<VALUE>TRUE</VALUE></QUALIFIER></PROPERTY>",
        prop(
            "p",
            None,
            "uint8",
            qualifiers=[
                CIMQualifier(
                    "Key",
                    True,
                    propagated=False,
                    overridable=True,
                    tosubclass=True,
                    toinstance=False,
                    translatable=False,
                )
            ],
        ),
    ),
    "array NULL": (
        '<PROPERTY.ARRAY NAME="p" TYPE="string"/>',
        prop("p", None, "string", is_array=True),
    ),
    "array empty, of fixed size": (
        '<PROPERTY.ARRAY NAME="p" TYPE="string" ARRAYSIZE="4"><VALUE.ARRAY/></PROPERTY.ARRAY>',
        prop("p", [], "string", is_array=True, array_size=4),
    ),
    "reference NULL": (
        '<PROPERTY.REFERENCE NAME="p" REFERENCECLASS="R"/>',
        prop("p", None, "reference", reference_class="R"),
    ),
    "reference": (
        f'<PROPERTY.REFERENCE NAME="p"><VALUE.REFERENCE>{NAME}</VALUE.REFERENCE>'
        "</PROPERTY.REFERENCE>",
        prop("p", PATH, "reference"),
    ),
    "embedded instance": (
        '<PROPERTY NAME="p" TYPE="string" EmbeddedObject="instance">'
        f"<VALUE>{EMBEDDED}</VALUE></PROPERTY>",
        prop("p", CIMInstance("E"), "string", embedded_object="instance"),
    ),
    "embedded instance, attribute in upper case": (
        '<PROPERTY NAME="p" TYPE="string" EMBEDDEDOBJECT="instance">'
        f"<VALUE>{EMBEDDED}</VALUE></PROPERTY>",
        prop("p", CIMInstance("E"), "string", embedded_object="instance"),
    ),
    "embedded class": (
        '<PROPERTY NAME="p" TYPE="string" EmbeddedObject="object">'
        "<VALUE>&lt;CLASS NAME='E'/&gt;</VALUE></PROPERTY>",
        prop("p", CIMClass("E"), "string", embedded_object="object"),
    ),
    "embedded NULL": (
        '<PROPERTY NAME="p" TYPE="string" EmbeddedObject="instance"/>',
        prop("p", None, "string", embedded_object="instance"),
    ),
    "embedded in CDATA, with a declaration": (
        '<PROPERTY NAME="p" TYPE="string" EmbeddedObject="instance">'
        '<VALUE><![CDATA[<?xml version="1.0"?><INSTANCE CLASSNAME="E"/>]]></VALUE></PROPERTY>',
        prop("p", CIMInstance("E"), "string", embedded_object="instance"),
    ),
    "embedded object, empty": (
        '<PROPERTY NAME="p" TYPE="string" EmbeddedObject="object"><VALUE/></PROPERTY>',
        prop("p", None, "string", embedded_object="object"),
    ),
    "embedded instance, white space": (
        '<PROPERTY NAME="p" TYPE="string" EmbeddedObject="instance"><VALUE>\n </VALUE></PROPERTY>',
        prop("p", None, "string", embedded_object="instance"),
    ),
    "array of embedded, empty ones": (
        '<PROPERTY.ARRAY NAME="p" TYPE="string" EmbeddedObject="instance"><VALUE.ARRAY>'
        f"<VALUE/><VALUE>{EMBEDDED}</VALUE><VALUE></VALUE></VALUE.ARRAY></PROPERTY.ARRAY>",
        prop("p", [None, CIMInstance("E"), None], "string", embedded_object="instance"),
    ),
    "embedded, with a DTD": (
        '<PROPERTY NAME="p" TYPE="string" EmbeddedObject="instance"><VALUE>'
        f"&lt;!DOCTYPE CIM SYSTEM 'CIM.dtd'&gt;{EMBEDDED}</VALUE></PROPERTY>",
        prop("p", CIMInstance("E"), "string", embedded_object="instance"),
    ),
    "array of a size that is not said": (
        '<PROPERTY.ARRAY NAME="p" TYPE="string" ARRAYSIZE=""/>',
        prop("p", None, "string", is_array=True),
    ),
    "TYPE reference": (
        '<PROPERTY NAME="p" TYPE="reference"/>',
        prop("p", None, "reference"),
    ),
    "TYPE reference, empty": (
        '<PROPERTY NAME="p" TYPE="reference"><VALUE/></PROPERTY>',
        prop("p", None, "reference"),
    ),
    "TYPE reference, as text": (
        """<PROPERTY NAME="p" TYPE="reference"><VALUE>root/x:C.k="v"</VALUE></PROPERTY>""",
        prop("p", CIMInstanceName("C", {"k": "v"}, namespace="root/x"), "reference"),
    ),
    "TYPE reference, array": (
        '<PROPERTY.ARRAY NAME="p" TYPE="reference"/>',
        prop("p", None, "reference", is_array=True),
    ),
    "TYPE reference, empty array": (
        '<PROPERTY.ARRAY NAME="p" TYPE="reference"><VALUE.ARRAY/></PROPERTY.ARRAY>',
        prop("p", [], "reference", is_array=True),
    ),
    "TYPE reference, array of text": (
        '<PROPERTY.ARRAY NAME="p" TYPE="reference"><VALUE.ARRAY><VALUE>C.k="v"</VALUE>'
        "<VALUE.NULL/></VALUE.ARRAY></PROPERTY.ARRAY>",
        prop("p", [CIMInstanceName("C", {"k": "v"}), None], "reference"),
    ),
    "array of embedded": (
        '<PROPERTY.ARRAY NAME="p" TYPE="string" EmbeddedObject="instance"><VALUE.ARRAY>'
        f"<VALUE>{EMBEDDED}</VALUE><VALUE.NULL/></VALUE.ARRAY></PROPERTY.ARRAY>",
        prop("p", [CIMInstance("E"), None], "string", embedded_object="instance"),
    ),
}


@pytest.mark.parametrize(("xml", "expected"), PROPERTIES.values(), ids=PROPERTIES)
def test_property(xml, expected):
    alone = decode(xml)
    assert alone == expected
    for _ in range(2):
        inst = decode(f'<INSTANCE CLASSNAME="C">\n{xml}\n</INSTANCE>')
        assert inst.properties["P"] == expected
        assert repr(inst.properties["P"]) == repr(alone)


def test_the_same_property_of_another_type_in_the_next_instance():
    for cimtype, value in [("uint8", Uint8(5)), ("string", "5"), ("uint32", Uint32(5))]:
        inst = decode(
            f'<INSTANCE CLASSNAME="C"><PROPERTY NAME="p" TYPE="{cimtype}"><VALUE>5</VALUE>'
            "</PROPERTY></INSTANCE>"
        )
        assert inst.properties["p"] == prop("p", value, cimtype)
        assert type(inst["p"]) is type(value)


OBJECTS = {
    "INSTANCENAME": (NAME, PATH),
    "INSTANCENAME with unnamed key": (
        '<INSTANCENAME CLASSNAME="C"><KEYVALUE VALUETYPE="numeric">5</KEYVALUE></INSTANCENAME>',
        "CIMInstanceName(classname='C', keybindings=NocaseDict({None: 5}), namespace=None, "
        "host=None)",
    ),
    "INSTANCENAME in a key": (
        f'<INSTANCENAME CLASSNAME="D"><KEYBINDING NAME="r"><VALUE.REFERENCE>{NAME}'
        "</VALUE.REFERENCE></KEYBINDING></INSTANCENAME>",
        CIMInstanceName("D", {"r": PATH}),
    ),
    "LOCALINSTANCEPATH": (f"<LOCALINSTANCEPATH>{LOCAL}{NAME}</LOCALINSTANCEPATH>", LOCAL_PATH),
    "INSTANCEPATH": (f"<INSTANCEPATH>{REMOTE}{NAME}</INSTANCEPATH>", REMOTE_PATH),
    "CLASSNAME": ('<CLASSNAME NAME="C"/>', CIMClassName("C")),
    "LOCALCLASSPATH": (
        f'<LOCALCLASSPATH>{LOCAL}<CLASSNAME NAME="C"/></LOCALCLASSPATH>',
        CIMClassName("C", namespace="root/x"),
    ),
    "CLASSPATH": (
        f'<CLASSPATH>{REMOTE}<CLASSNAME NAME="C"/></CLASSPATH>',
        CIMClassName("C", namespace="root/x", host="h:5989"),
    ),
    "OBJECTPATH": (
        f"<OBJECTPATH><INSTANCEPATH>{REMOTE}{NAME}</INSTANCEPATH></OBJECTPATH>",
        REMOTE_PATH,
    ),
    "VALUE": ("<VALUE>a</VALUE>", "a"),
    "VALUE.ARRAY": ("<VALUE.ARRAY><VALUE>a</VALUE><VALUE.NULL/></VALUE.ARRAY>", ["a", None]),
    "VALUE.REFERENCE": (f"<VALUE.REFERENCE>{NAME}</VALUE.REFERENCE>", PATH),
    "VALUE.REFARRAY": (
        f"<VALUE.REFARRAY><VALUE.REFERENCE>{NAME}</VALUE.REFERENCE><VALUE.NULL/></VALUE.REFARRAY>",
        [PATH, None],
    ),
    "VALUE.OBJECT": (
        '<VALUE.OBJECT><INSTANCE CLASSNAME="C"/></VALUE.OBJECT>',
        CIMInstance("C"),
    ),
    "VALUE.OBJECT with class": ('<VALUE.OBJECT><CLASS NAME="C"/></VALUE.OBJECT>', CIMClass("C")),
    "VALUE.NAMEDINSTANCE": (
        f'<VALUE.NAMEDINSTANCE>{NAME}<INSTANCE CLASSNAME="C"/></VALUE.NAMEDINSTANCE>',
        CIMInstance("C", path=PATH),
    ),
    "VALUE.NAMEDOBJECT": (
        f'<VALUE.NAMEDOBJECT>{NAME}<INSTANCE CLASSNAME="C"/></VALUE.NAMEDOBJECT>',
        CIMInstance("C", path=PATH),
    ),
    "VALUE.NAMEDOBJECT with class": (
        '<VALUE.NAMEDOBJECT><CLASS NAME="C"/></VALUE.NAMEDOBJECT>',
        CIMClass("C"),
    ),
    "VALUE.INSTANCEWITHPATH": (
        f"<VALUE.INSTANCEWITHPATH><INSTANCEPATH>{REMOTE}{NAME}</INSTANCEPATH>"
        '<INSTANCE CLASSNAME="C"/></VALUE.INSTANCEWITHPATH>',
        CIMInstance("C", path=REMOTE_PATH),
    ),
    "VALUE.OBJECTWITHPATH": (
        f"<VALUE.OBJECTWITHPATH><INSTANCEPATH>{REMOTE}{NAME}</INSTANCEPATH>"
        '<INSTANCE CLASSNAME="C"/></VALUE.OBJECTWITHPATH>',
        CIMInstance("C", path=REMOTE_PATH),
    ),
    "VALUE.OBJECTWITHPATH with class": (
        f'<VALUE.OBJECTWITHPATH><CLASSPATH>{REMOTE}<CLASSNAME NAME="C"/></CLASSPATH>'
        '<CLASS NAME="C"/></VALUE.OBJECTWITHPATH>',
        CIMClass("C", path=CIMClassName("C", host="h:5989", namespace="root/x")),
    ),
    "VALUE.OBJECTWITHLOCALPATH": (
        f"<VALUE.OBJECTWITHLOCALPATH><LOCALINSTANCEPATH>{LOCAL}{NAME}</LOCALINSTANCEPATH>"
        '<INSTANCE CLASSNAME="C"/></VALUE.OBJECTWITHLOCALPATH>',
        CIMInstance("C", path=LOCAL_PATH),
    ),
    "VALUE.OBJECTWITHLOCALPATH with class": (
        f'<VALUE.OBJECTWITHLOCALPATH><LOCALCLASSPATH>{LOCAL}<CLASSNAME NAME="C"/>'
        '</LOCALCLASSPATH><CLASS NAME="C"/></VALUE.OBJECTWITHLOCALPATH>',
        CIMClass("C", path=CIMClassName("C", namespace="root/x")),
    ),
    "QUALIFIER": (
        '<QUALIFIER NAME="q" TYPE="uint32" PROPAGATED="true" OVERRIDABLE="false" '
        'TOSUBCLASS="false" TOINSTANCE="true" TRANSLATABLE="true" xml:lang="en">'
        "<VALUE.ARRAY><VALUE>1</VALUE></VALUE.ARRAY></QUALIFIER>",
        CIMQualifier(
            "q",
            [1],
            "uint32",
            propagated=True,
            overridable=False,
            tosubclass=False,
            toinstance=True,
            translatable=True,
        ),
    ),
    "QUALIFIER.DECLARATION": (
        '<QUALIFIER.DECLARATION NAME="q" TYPE="string" ISARRAY="true" ARRAYSIZE="5" '
        'OVERRIDABLE="false"><SCOPE CLASS="true" PROPERTY="FALSE"/><VALUE.ARRAY><VALUE>x</VALUE>'
        "</VALUE.ARRAY></QUALIFIER.DECLARATION>",
        CIMQualifierDeclaration(
            "q",
            "string",
            ["x"],
            is_array=True,
            array_size=5,
            scopes={"CLASS": True, "PROPERTY": False},
            overridable=False,
            tosubclass=True,
            toinstance=False,
            translatable=False,
        ),
    ),
    "QUALIFIER.DECLARATION of a released client": (
        '<QUALIFIER.DECLARATION NAME="q" TYPE="string"><SCOPE ANY="false" CLASS="true"/>'
        "</QUALIFIER.DECLARATION>",
        CIMQualifierDeclaration(
            "q",
            "string",
            scopes={"ANY": False, "CLASS": True},
            overridable=True,
            tosubclass=True,
            toinstance=False,
            translatable=False,
        ),
    ),
    "CLASS": (
        '<CLASS NAME="C" SUPERCLASS="B"><PROPERTY NAME="p" TYPE="uint8"/>'
        '<METHOD NAME="m" TYPE="uint32" CLASSORIGIN="C"><PARAMETER NAME="a" TYPE="string"/>'
        '<PARAMETER.ARRAY NAME="b" TYPE="uint8" ARRAYSIZE="3"/>'
        '<PARAMETER.REFERENCE NAME="c" REFERENCECLASS="R"/>'
        '<PARAMETER.REFARRAY NAME="d"/></METHOD></CLASS>',
        CIMClass(
            "C",
            superclass="B",
            properties=[prop("p", None, "uint8")],
            methods=[
                CIMMethod(
                    "m",
                    "uint32",
                    class_origin="C",
                    propagated=False,
                    parameters=[
                        CIMParameter("a", "string", is_array=False),
                        CIMParameter("b", "uint8", is_array=True, array_size=3),
                        CIMParameter("c", "reference", reference_class="R", is_array=False),
                        CIMParameter("d", "reference", is_array=True),
                    ],
                )
            ],
        ),
    ),
}


@pytest.mark.parametrize(("xml", "expected"), OBJECTS.values(), ids=OBJECTS)
def test_object(xml, expected):
    result = decode(xml)
    if isinstance(expected, str) and not isinstance(result, str):
        assert repr(result) == expected
    else:
        assert result == expected
    # What is not there is as absent as in an object that a program makes.
    assert repr(result) == repr(result.copy() if hasattr(result, "copy") else result)


KEYVALUES = [
    ("", "1", "1"),
    ('VALUETYPE="string"', "", ""),
    ('VALUETYPE="numeric"', "5", 5),
    ('VALUETYPE="numeric"', "-0x10", -16),
    ('VALUETYPE="numeric"', "1.5", 1.5),
    ('VALUETYPE="boolean"', "True", True),
    ('VALUETYPE="numeric" TYPE="uint8"', "5", Uint8(5)),
    ('VALUETYPE="numeric" TYPE="sint8"', "-5", Sint8(-5)),
    ('VALUETYPE="numeric" TYPE="real32"', "1.5", Real32(1.5)),
    ('TYPE="real64"', "1.5", Real64(1.5)),
    ('TYPE="boolean"', "false", False),
    ('TYPE="datetime"', "00000183132542.234567:000", CIMDateTime("00000183132542.234567:000")),
    ('VALUETYPE="boolean" TYPE="string"', "true", "true"),
    ('VALUETYPE="numeric" TYPE=""', "5", 5),
]


@pytest.mark.parametrize(
    ("attributes", "text", "value"), KEYVALUES, ids=[f"{row[0]} {row[1]}" for row in KEYVALUES]
)
def test_keyvalue(attributes, text, value):
    path = decode(
        f'<INSTANCENAME CLASSNAME="C"><KEYBINDING NAME="k"><KEYVALUE {attributes}>{text}'
        "</KEYVALUE></KEYBINDING></INSTANCENAME>"
    )
    assert path["K"] == value
    assert type(path["K"]) is type(value)


def test_namespace_with_an_empty_part():
    text = LOCAL.replace('"root"', '""')
    path = decode(f"<LOCALINSTANCEPATH>{text}{NAME}</LOCALINSTANCEPATH>")
    assert path.namespace == "x"


def test_path_without_keys_is_warned_of():
    with pytest.warns(MissingKeybindingsWarning, match="class C"):
        path = decode('<INSTANCENAME CLASSNAME="C"/>')
    assert repr(path) == (
        "CIMInstanceName(classname='C', keybindings=NocaseDict({}), namespace=None, host=None)"
    )


def test_the_last_of_two_items_with_one_name_counts():
    inst = decode(
        '<INSTANCE CLASSNAME="C"><PROPERTY NAME="p" TYPE="uint8"><VALUE>1</VALUE></PROPERTY>'
        '<PROPERTY NAME="P" TYPE="uint8"><VALUE>2</VALUE></PROPERTY></INSTANCE>'
    )
    assert [(key, inst[key]) for key in inst] == [("P", 2)]


def test_many_names_and_texts():
    """What is kept of them has an end."""
    for _ in range(2):
        xml = "".join(
            f'<PROPERTY NAME="p{number}" TYPE="string"><VALUE>v{number}</VALUE></PROPERTY>'
            for number in range(9000)
        )
        inst = decode(f'<INSTANCE CLASSNAME="C">{xml}</INSTANCE>')
        assert dict(inst.items()) == {f"p{number}": f"v{number}" for number in range(9000)}


P = '<PROPERTY NAME="p" TYPE="string">'
WRONG = {
    "no name": ('<PROPERTY TYPE="string"/>', "PROPERTY", "has no attribute NAME"),
    "no type": ('<PROPERTY NAME="p"/>', "PROPERTY", "has no attribute TYPE"),
    "type": ('<PROPERTY NAME="p" TYPE="STRING"/>', "PROPERTY", "unknown CIM type 'STRING'"),
    "type of array": ('<PROPERTY.ARRAY NAME="p" TYPE="x"/>', "PROPERTY.ARRAY", "unknown CIM type"),
    "type of method": (
        '<CLASS NAME="C"><METHOD NAME="m" TYPE="x"/></CLASS>',
        "METHOD",
        "unknown CIM type",
    ),
    "attribute": ('<PROPERTY NAME="p" TYPE="string" X="1"/>', "PROPERTY", "unknown attribute X"),
    "attribute of VALUE": (f'{P}<VALUE X="1"/></PROPERTY>', "VALUE", "unknown attribute X"),
    "boolean attribute": (
        '<PROPERTY NAME="p" TYPE="string" PROPAGATED="1"/>',
        "PROPERTY",
        "PROPAGATED with invalid boolean value '1'",
    ),
    "array size": (
        '<PROPERTY.ARRAY NAME="p" TYPE="string" ARRAYSIZE="x"/>',
        "PROPERTY.ARRAY",
        "ARRAYSIZE='x'",
    ),
    "kind of embedded object": (
        '<PROPERTY NAME="p" TYPE="string" EmbeddedObject="x"/>',
        "PROPERTY",
        "EmbeddedObject='x'",
    ),
    "type of embedded object": (
        f'<PROPERTY NAME="p" TYPE="uint8" EmbeddedObject="instance"><VALUE>{EMBEDDED}</VALUE>'
        "</PROPERTY>",
        "PROPERTY",
        "needs type string",
    ),
    "child": (f"{P}<VALUE.NULL/></PROPERTY>", "VALUE.NULL", "unexpected child element VALUE.NULL"),
    "second value": (f"{P}<VALUE/><VALUE/></PROPERTY>", "VALUE", "unexpected child element VALUE"),
    "child of VALUE": (f"{P}<VALUE><B/></VALUE></PROPERTY>", "B", "unexpected child element B"),
    "text": (f"{P}x<VALUE/></PROPERTY>", "PROPERTY", "unexpected text 'x'"),
    "text behind": (f"{P}<VALUE/>x</PROPERTY>", "PROPERTY", "unexpected text 'x'"),
    "text in instance": (
        f'<INSTANCE CLASSNAME="C">{P}</PROPERTY>x</INSTANCE>',
        "INSTANCE",
        "unexpected text 'x'",
    ),
    "no class name": ("<INSTANCE/>", "INSTANCE", "has no attribute CLASSNAME"),
    "child of instance": ('<INSTANCE CLASSNAME="C"><B/></INSTANCE>', "B", "INSTANCE 'C'"),
    "child of class": ('<CLASS NAME="C"><B/></CLASS>', "B", "CLASS 'C'"),
    "child of method": (
        '<CLASS NAME="C"><METHOD NAME="m" TYPE="uint8"><B/></METHOD></CLASS>',
        "B",
        "METHOD 'm'",
    ),
    "empty reference": (
        '<PROPERTY.REFERENCE NAME="p"><VALUE.REFERENCE/></PROPERTY.REFERENCE>',
        "VALUE.REFERENCE",
        "has 0 child elements",
    ),
    "value array": ("<VALUE.ARRAY><B/></VALUE.ARRAY>", "B", "VALUE.ARRAY"),
    "path without name": (f"<INSTANCEPATH>{REMOTE}</INSTANCEPATH>", "INSTANCEPATH", "expected"),
    "path order": (f"<INSTANCEPATH>{NAME}{REMOTE}</INSTANCEPATH>", "INSTANCEPATH", "expected"),
    "empty namespace": (
        '<LOCALCLASSPATH><LOCALNAMESPACEPATH/><CLASSNAME NAME="C"/></LOCALCLASSPATH>',
        "LOCALNAMESPACEPATH",
        "has no child element NAMESPACE",
    ),
    "key without value": (
        '<INSTANCENAME CLASSNAME="C"><KEYBINDING NAME="k"/></INSTANCENAME>',
        "KEYBINDING",
        "has 0 child elements",
    ),
    "class path as key": (
        '<INSTANCENAME CLASSNAME="C"><KEYBINDING NAME="k"><VALUE.REFERENCE>'
        '<CLASSNAME NAME="D"/></VALUE.REFERENCE></KEYBINDING></INSTANCENAME>',
        "KEYBINDING",
        "expected an instance path",
    ),
    "two unnamed keys": (
        '<INSTANCENAME CLASSNAME="C"><KEYVALUE/><KEYVALUE/></INSTANCENAME>',
        "KEYVALUE",
        "unexpected child element",
    ),
    "kind of key": (
        '<INSTANCENAME CLASSNAME="C"><KEYVALUE VALUETYPE="x"/></INSTANCENAME>',
        "KEYVALUE",
        "VALUETYPE='x'",
    ),
    "value of key": (
        '<INSTANCENAME CLASSNAME="C"><KEYBINDING NAME="k"><KEYVALUE VALUETYPE="numeric">x'
        "</KEYVALUE></KEYBINDING></INSTANCENAME>",
        "KEYVALUE",
        "KEYBINDING 'k' has invalid numeric value 'x'",
    ),
    "scalar for array qualifier": (
        '<QUALIFIER.DECLARATION NAME="q" TYPE="string" ISARRAY="true"><VALUE>x</VALUE>'
        "</QUALIFIER.DECLARATION>",
        "QUALIFIER.DECLARATION",
        "ISARRAY=true",
    ),
    "text of a reference": (
        '<PROPERTY NAME="p" TYPE="reference"><VALUE>x</VALUE></PROPERTY>',
        "VALUE",
        "PROPERTY 'p' has Invalid format",
    ),
    "reference as a qualifier": (
        '<QUALIFIER NAME="q" TYPE="reference"/>',
        "QUALIFIER",
        "'reference'",
    ),
    "reference that is embedded": (
        '<PROPERTY NAME="p" TYPE="reference" EmbeddedObject="instance"/>',
        "PROPERTY",
        "needs type string",
    ),
    "number that is embedded": (
        '<PROPERTY.ARRAY NAME="p" TYPE="uint8" EmbeddedObject="object"/>',
        "PROPERTY.ARRAY",
        "needs type string",
    ),
    "text between keys": (
        f'<INSTANCENAME CLASSNAME="C">{KEY}x</INSTANCENAME>',
        "INSTANCENAME",
        "unexpected text 'x'",
    ),
    "no-break space": (
        '<PROPERTY NAME="p" TYPE="uint8">\xa0<VALUE>1</VALUE></PROPERTY>',
        "PROPERTY",
        "unexpected text",
    ),
    "text in NAMESPACE": (
        '<LOCALCLASSPATH><LOCALNAMESPACEPATH><NAMESPACE NAME="x">x</NAMESPACE>'
        '</LOCALNAMESPACEPATH><CLASSNAME NAME="C"/></LOCALCLASSPATH>',
        "NAMESPACE",
        "unexpected text 'x'",
    ),
    "text in SCOPE": (
        '<QUALIFIER.DECLARATION NAME="q" TYPE="string"><SCOPE>x</SCOPE></QUALIFIER.DECLARATION>',
        "SCOPE",
        "unexpected text 'x'",
    ),
    "scope": (
        '<QUALIFIER.DECLARATION NAME="q" TYPE="string"><SCOPE X="true"/></QUALIFIER.DECLARATION>',
        "SCOPE",
        "unknown attribute X",
    ),
}


@pytest.mark.parametrize(("xml", "tag", "cause"), WRONG.values(), ids=WRONG)
def test_wrong(xml, tag, cause):
    with pytest.raises(DecodeError) as excinfo:
        decode(xml)
    assert excinfo.value.element.tag == tag
    assert cause in excinfo.value.cause
    assert not excinfo.value.malformed


INSTANCE_XML = '<INSTANCE CLASSNAME="C"/>'
CLASS_XML = '<CLASS NAME="C"/>'
LOCAL = '<LOCALNAMESPACEPATH><NAMESPACE NAME="x"/></LOCALNAMESPACEPATH>'
HOSTED = f"<NAMESPACEPATH><HOST>h</HOST>{LOCAL}</NAMESPACEPATH>"
CLASSNAME_XML = '<CLASSNAME NAME="C"/>'
INSTANCEPATH_XML = f"<INSTANCEPATH>{HOSTED}{NAME}</INSTANCEPATH>"
LOCALINSTANCEPATH_XML = f"<LOCALINSTANCEPATH>{LOCAL}{NAME}</LOCALINSTANCEPATH>"
CLASSPATH_XML = f"<CLASSPATH>{HOSTED}{CLASSNAME_XML}</CLASSPATH>"
LOCALCLASSPATH_XML = f"<LOCALCLASSPATH>{LOCAL}{CLASSNAME_XML}</LOCALCLASSPATH>"
WITHOUT_ATTRIBUTES = [
    CLASSPATH_XML,
    LOCALCLASSPATH_XML,
    INSTANCEPATH_XML,
    LOCALINSTANCEPATH_XML,
    f"<OBJECTPATH>{INSTANCEPATH_XML}</OBJECTPATH>",
    f"<VALUE.REFERENCE>{NAME}</VALUE.REFERENCE>",
    f"<VALUE.REFARRAY><VALUE.REFERENCE>{NAME}</VALUE.REFERENCE></VALUE.REFARRAY>",
    f"<VALUE.NAMEDINSTANCE>{NAME}{INSTANCE_XML}</VALUE.NAMEDINSTANCE>",
    f"<VALUE.INSTANCEWITHPATH>{INSTANCEPATH_XML}{INSTANCE_XML}</VALUE.INSTANCEWITHPATH>",
    f"<VALUE.OBJECTWITHPATH>{CLASSPATH_XML}{CLASS_XML}</VALUE.OBJECTWITHPATH>",
    f"<VALUE.OBJECTWITHPATH>{INSTANCEPATH_XML}{INSTANCE_XML}</VALUE.OBJECTWITHPATH>",
    f"<VALUE.OBJECTWITHLOCALPATH>{LOCALCLASSPATH_XML}{CLASS_XML}</VALUE.OBJECTWITHLOCALPATH>",
    f"<VALUE.OBJECT>{INSTANCE_XML}</VALUE.OBJECT>",
    f"<VALUE.NAMEDOBJECT>{CLASS_XML}</VALUE.NAMEDOBJECT>",
    f"<VALUE.NAMEDOBJECT>{NAME}{INSTANCE_XML}</VALUE.NAMEDOBJECT>",
    "<VALUE>x</VALUE>",
    "<VALUE.ARRAY><VALUE>x</VALUE></VALUE.ARRAY>",
]
# Each start tag that has no attributes: the document, and where it ends.
BARE_TAGS = [
    (xml, found.end() - 1, f"{index} {found.group(1)}")
    for index, xml in enumerate(WITHOUT_ATTRIBUTES)
    for found in re.finditer(r"<([A-Z.]+)>", xml)
]


@pytest.mark.parametrize(
    ("xml", "position"), [row[:2] for row in BARE_TAGS], ids=[row[2] for row in BARE_TAGS]
)
def test_elements_without_attributes_have_none(xml, position):
    decode(xml)
    with pytest.raises(DecodeError, match="has unknown attribute X"):
        decode(f'{xml[:position]} X="1"{xml[position:]}')


@pytest.mark.parametrize(
    ("text", "malformed"),
    [("garbage", True), ("&lt;A", True), ("&lt;A/&gt;", False),
     ("&lt;INSTANCE/&gt;", False), ("&lt;!DOCTYPE A []&gt;&lt;A/&gt;", True)],
    ids=["garbage", "truncated", "other element", "wrong instance", "document type"],
)  # fmt: skip
def test_wrong_embedded_object(monkeypatch, text, malformed):
    xml = (
        '<PROPERTY NAME="p" TYPE="string" EmbeddedObject="instance">'
        f"<VALUE>{text}</VALUE></PROPERTY>"
    )
    with pytest.raises(DecodeError, match="PROPERTY 'p' has") as excinfo:
        decode(xml)
    assert excinfo.value.malformed is malformed
    monkeypatch.setattr(config, "TOLERATE_INVALID_VALUES", True)
    with pytest.warns(ToleratedServerIssueWarning, match="embedded object"):
        assert decode(xml).value is None


def nested_embedded(depth):
    inst = CIMInstance("E", {"p": "x"})
    for _ in range(depth):
        inst = CIMInstance("E", {"p": inst})
    return inst


def test_embedded_objects_in_each_other():
    inst = nested_embedded(8)
    assert decode(inst.tocimxmlstr())["p"]["p"]["p"]["p"]["p"]["p"]["p"]["p"]["p"] == "x"


def test_embedded_objects_too_deep_in_each_other():
    # Escaped once more for each level, so long before memory is short.
    inst = nested_embedded(properties.MAX_EMBEDDING + 1)
    with pytest.raises(DecodeError, match="embedded objects more than"):
        decode(inst.tocimxmlstr())
    assert decode(nested_embedded(2).tocimxmlstr()).classname == "E"


@pytest.mark.parametrize("tag", sorted(DECODERS), ids=str)
@pytest.mark.parametrize("depth", [100, 10000], ids=str)
def test_nesting_is_limited(tag, depth):
    inner = f"<{tag}>" * depth + f"</{tag}>" * depth
    with pytest.raises((DecodeError, XMLParseError)):
        decode(inner)


@pytest.mark.parametrize("levels", [100, 2000], ids=str)
def test_references_too_deep_in_each_other(levels):
    inner = NAME
    for _ in range(levels):
        inner = (
            '<INSTANCENAME CLASSNAME="C"><KEYBINDING NAME="k"><VALUE.REFERENCE>'
            f"{inner}</VALUE.REFERENCE></KEYBINDING></INSTANCENAME>"
        )
    with pytest.raises((DecodeError, XMLParseError), match="nested more than"):
        decode(f"{inner}")
    with pytest.raises(DecodeError, match="nested more than"):
        decode(
            f"<VALUE.REFARRAY><VALUE.REFERENCE>{inner}</VALUE.REFERENCE><VALUE.NULL/></VALUE.REFARRAY>"
        )
