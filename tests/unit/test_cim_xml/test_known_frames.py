"""
Requests of a client that sends many: what is known of them changes no result.
"""

from __future__ import annotations

from typing import Any, Tuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pywbem
from pywbem._cim_xml.messages import decode_framed_request, decode_request, encode_request
from pywbem._cim_xml.records import Call, ExportCall, IntrinsicCall

INSTANCE = (
    '<INSTANCE CLASSNAME="TST_Indication">\n'
    '<PROPERTY NAME="Text" TYPE="string"><VALUE>text</VALUE></PROPERTY></INSTANCE>'
)


def message(
    instance: str = INSTANCE,
    message_id: str = "1",
    start: str = '<?xml version="1.0" encoding="utf-8" ?>\n',
    name: str = "NewIndication",
    end: str = "",
    between: str = "",
) -> bytes:
    return (
        f'{start}<CIM CIMVERSION="2.0" DTDVERSION="2.0">\n'
        f'<MESSAGE ID="{message_id}" PROTOCOLVERSION="1.0">{between}'
        '<SIMPLEEXPREQ><EXPMETHODCALL NAME="ExportIndication">'
        f'<EXPPARAMVALUE NAME="{name}">{instance}</EXPPARAMVALUE>'
        f"</EXPMETHODCALL></SIMPLEEXPREQ></MESSAGE></CIM>\n{end}"
    ).encode()


DISK = (
    '<IPARAMVALUE NAME="InstanceName"><INSTANCENAME CLASSNAME="Disk"><KEYBINDING NAME="Id">'
    '<KEYVALUE VALUETYPE="string">7</KEYVALUE></KEYBINDING></INSTANCENAME></IPARAMVALUE>'
)
FLAG = '<IPARAMVALUE NAME="LocalOnly"><VALUE>TRUE</VALUE></IPARAMVALUE>'


def operation(
    params: str = DISK,
    message_id: str = "1",
    start: str = '<?xml version="1.0" encoding="utf-8" ?>\n',
    cim: str = "",
    before: str = "",
    after: str = "",
) -> bytes:
    return (
        f'{start}<CIM CIMVERSION="2.0" DTDVERSION="2.0"{cim}>'
        f'<MESSAGE ID="{message_id}" PROTOCOLVERSION="1.0"><SIMPLEREQ>'
        '<IMETHODCALL NAME="GetInstance"><LOCALNAMESPACEPATH><NAMESPACE NAME="root"/>'
        f'<NAMESPACE NAME="cimv2"/></LOCALNAMESPACEPATH>{before}{params}{after}'
        "</IMETHODCALL></SIMPLEREQ></MESSAGE></CIM>"
    ).encode()


def nested(depth: int) -> str:
    """A parameter with so many references in references."""
    before, key, after = DISK.partition('<KEYVALUE VALUETYPE="string">7</KEYVALUE>')
    inner = '<VALUE.REFERENCE><INSTANCENAME CLASSNAME="A"><KEYBINDING NAME="B">'
    end = "</KEYBINDING></INSTANCENAME></VALUE.REFERENCE>"
    return f"{before}{inner * depth}{key}{end * depth}{after}"


def correlated(value: str) -> Tuple[Call, ...]:
    correlators = (("C", value),)
    indication = pywbem.CIMInstance("TST_Indication")
    return (
        ExportCall("ExportIndication", [("NewIndication", indication)], correlators),
        IntrinsicCall("GetClass", "root", [("LocalOnly", True)], correlators),
    )


def outcome(decode: Any, data: bytes) -> Tuple[Any, ...]:
    """What a decoder returns, or raises."""
    try:
        return ("returned", *decode(data))
    except pywbem.Error as exc:
        return type(exc), str(exc)


def same(data: bytes) -> Tuple[Any, ...]:
    result = outcome(decode_framed_request, data)
    assert result == outcome(decode_request, data)
    return result


@pytest.mark.parametrize(
    "data, accepted",
    [
        pytest.param(message(), True, id="the same"),
        pytest.param(message(message_id="2:a.b-c"), True, id="another ID"),
        pytest.param(message(INSTANCE.replace("text<", "a &lt; b<")), True, id="another text"),
        pytest.param(
            message(INSTANCE.replace("text<", "<![CDATA[<INSTANCE >]]><")), True, id="CDATA"
        ),
        pytest.param(message(INSTANCE.replace("text<", "\u00e4<")), True, id="no ASCII"),
        pytest.param(message('<INSTANCE CLASSNAME="TST_Indication"/>'), True, id="empty instance"),
        pytest.param(message(INSTANCE * 2), False, id="two instances"),
        pytest.param(message("<INSTANCE >" + INSTANCE), False, id="instance in an instance"),
        pytest.param(message(INSTANCE + "text"), False, id="text behind it"),
        pytest.param(message(INSTANCE.replace("</V", "</W")), False, id="not well-formed"),
        pytest.param(message(INSTANCE.replace("TYPE", "KIND")), False, id="unknown attribute"),
        pytest.param(message(INSTANCE.replace('"string"', '"uint8"')), False, id="no number"),
        pytest.param(message(INSTANCE.replace("CLASSNAME", "NAME")), False, id="no class name"),
        pytest.param(message(INSTANCE.replace("text<", "&text;<")), False, id="entity"),
        pytest.param(message(INSTANCE.replace("INSTANCE", "CLASS")), False, id="no instance"),
        pytest.param(message(message_id=""), True, id="empty ID"),
        pytest.param(message(end="<x/>"), False, id="second root"),
        pytest.param(message(end="<!-- INSTANCE -->"), True, id="comment at the end"),
        pytest.param(message(between='<!-- <INSTANCE x="1"> -->'), True, id="comment before it"),
        pytest.param(message(start="<!DOCTYPE CIM>"), True, id="DTD"),
        pytest.param(
            message(start='<!DOCTYPE CIM [<!ENTITY a "b">]>'), False, id="DTD with entity"
        ),
        pytest.param(
            message(start='<!-- <CIM ><MESSAGE ID="7"> -->'), True, id="comment at the start"
        ),
        pytest.param(
            message(
                INSTANCE.replace("text<", "\u00e4<"),
                start='<?xml version="1.0" encoding="ISO-8859-1"?>',
            ),
            True,
            id="another encoding",
        ),
    ],
)
def test_what_follows_a_message_of_that_frame(data: bytes, accepted: bool) -> None:
    for _ in range(2):
        assert same(message())[0] == "returned"
        assert (same(data)[0] == "returned") is accepted


@pytest.mark.parametrize(
    "data, accepted",
    [
        pytest.param(operation(), True, id="the same"),
        pytest.param(operation(message_id="2:a.b-c"), True, id="another ID"),
        pytest.param(operation(DISK.replace("7", "a &lt; b")), True, id="another value"),
        pytest.param(
            operation(DISK.replace("<INSTANCE", '<?xml version="1.0"?><INSTANCE')),
            False,
            id="declaration before the value",
        ),
        pytest.param(
            operation(DISK.replace("<INSTANCE", "<?p?><INSTANCE")), True, id="instruction before it"
        ),
        pytest.param(
            operation(DISK.replace("<INSTANCE", " <INSTANCE")), True, id="space before it"
        ),
        pytest.param(operation(DISK.replace("</IPAR", "x</IPAR")), False, id="text behind it"),
        pytest.param(operation(DISK.replace("InstanceName", "a>b")), True, id="sign in the name"),
        pytest.param(
            operation(f"{FLAG}{FLAG}".replace("</IPARAMVALUE><IPARAMVALUE ", "<IPARAMVALUE\t")),
            False,
            id="parameter in a parameter",
        ),
        pytest.param(
            operation(f"{DISK}{FLAG}".replace("<IPARAMVALUE ", "<IPARAMVALUE\t")),
            True,
            id="tabulators in tags",
        ),
        pytest.param(
            operation(f"{DISK}{FLAG}".replace('<IPARAMVALUE NAME="L', '<IPARAMVALUE\tNAME="L')),
            True,
            id="tabulator in the second tag",
        ),
        pytest.param(operation(FLAG.replace("<VALUE>TRUE</VALUE>", "")), True, id="empty"),
        pytest.param(
            operation(FLAG.replace("VALUE>", "CLASSNAME>").replace("ICLASSNAME", "IPARAMVALUE")),
            False,
            id="other element",
        ),
        pytest.param(operation(DISK + FLAG), True, id="two parameters"),
        pytest.param(operation(f"{FLAG}\n{FLAG}"), True, id="white space between parameters"),
        pytest.param(operation(f"{FLAG}x{FLAG}"), False, id="text between parameters"),
        pytest.param(operation(FLAG + "<VALUE/>" + FLAG), False, id="other element between them"),
        pytest.param(operation('<IPARAMVALUE NAME="LocalOnly"/>'), True, id="NULL"),
        pytest.param(operation(FLAG.replace("LocalOnly", "Unknown")), True, id="unknown parameter"),
        pytest.param(operation(FLAG.replace("TRUE", "7")), False, id="no boolean"),
        pytest.param(operation(FLAG.replace("NAME", "NAMES")), False, id="unknown attribute"),
        pytest.param(operation(FLAG.replace("TRUE", "&true;")), False, id="entity"),
        pytest.param(operation(DISK.replace("7<", "</IMETHODCALL><")), False, id="end of the call"),
        pytest.param(operation(f"{FLAG}</IMETHODCALL><IMETHODCALL>{FLAG}"), False, id="two calls"),
        pytest.param(
            operation(f"{FLAG}</IPARAMVALUE><IPARAMVALUE >{FLAG}"), False, id="end of a parameter"
        ),
        pytest.param(operation(f"<!-- {DISK} -->{DISK}"), True, id="comment before them"),
        pytest.param(operation(f"{DISK}<!-- {DISK} -->"), True, id="comment behind them"),
        pytest.param(
            operation(DISK.replace("7<", f"<![CDATA[{DISK}]]><")), True, id="parameter in CDATA"
        ),
        pytest.param(operation(DISK.replace("CLASSNAME", "x:CLASSNAME")), False, id="prefix"),
        pytest.param(
            operation(DISK.replace("CLASSNAME", "x:CLASSNAME"), cim=' xmlns:x="urn:x"'),
            False,
            id="declared prefix",
        ),
        pytest.param(operation(cim=' xmlns="urn:x"'), False, id="other namespace"),
        pytest.param(operation(before="x"), False, id="text before them"),
        pytest.param(operation(after="x"), False, id="text behind them"),
        pytest.param(operation(""), True, id="no parameters"),
        pytest.param(operation(nested(82)), True, id="nested"),
        pytest.param(operation(nested(83)), True, id="nested as deeply as possible"),
        pytest.param(operation(nested(84)), False, id="nested a little too deeply"),
        pytest.param(operation(nested(85)), False, id="nested more than a little too deeply"),
        pytest.param(operation(nested(90)), False, id="nested much too deeply"),
        pytest.param(operation(start="<!DOCTYPE CIM>"), True, id="DTD"),
        pytest.param(
            operation(
                DISK.replace("7", "\u00e4"), start='<?xml version="1.0" encoding="ISO-8859-1"?>'
            ),
            True,
            id="another encoding",
        ),
    ],
)
def test_what_follows_an_operation_of_that_frame(data: bytes, accepted: bool) -> None:
    for _ in range(2):
        assert same(operation())[0] == "returned"
        assert (same(data)[0] == "returned") is accepted


def test_a_request_that_is_larger_than_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert same(operation())[0] == "returned"
    monkeypatch.setattr(pywbem.config, "MAX_MESSAGE_SIZE", len(operation()) - 1)
    assert same(operation())[0] is pywbem.XMLParseError


def test_params_belong_to_one_call() -> None:
    (_, first, _) = same(operation())
    first.params.append(("LocalOnly", True))
    (_, second, _) = same(operation())
    assert [name for name, _ in second.params] == ["InstanceName"]


def test_many_frames() -> None:
    for number in [*range(550), *range(550)]:
        (_, call, _) = same(message(name=f"P{number}"))
        assert [name for name, _ in call.params] == [f"P{number}"]


def test_correlators_are_those_of_each_request() -> None:
    for value in ("a", "b"):
        for call in correlated(value):
            (_, received, _) = same(encode_request(call, "1"))
            assert received == call


@pytest.mark.parametrize(
    "whole",
    [pytest.param(message(), id="indication"), pytest.param(operation(DISK + FLAG), id="call")],
)
@given(data=st.data())
def test_changed_bytes(data: st.DataObject, whole: bytes) -> None:
    assert same(whole)[0] == "returned"
    changed = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(changed) - 1))
        piece = data.draw(
            st.sampled_from([b"", b"<", b">", b'"', b"&", b"a", b"<!--", b"-->", b" "])
        )
        changed[at : at + data.draw(st.integers(0, 3))] = piece
    same(bytes(changed))


@given(text=st.text(), message_id=st.text("09azAZ_.:-", max_size=8))
def test_texts(text: str, message_id: str) -> None:
    instance = pywbem.CIMInstance("TST_Indication", {"Text": text})
    try:
        xml = instance.tocimxmlstr()
    except ValueError:
        return  # it cannot be said in XML
    same(message(xml, message_id))
