"""
Export requests of a sender that sends many: what is known of them changes no result.
"""

from __future__ import annotations

from typing import Any, Tuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pywbem
from pywbem._cim_xml.messages import decode_export_request, decode_request, encode_request
from pywbem._cim_xml.records import ExportCall

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


def correlated(value: str) -> ExportCall:
    indication = pywbem.CIMInstance("TST_Indication")
    return ExportCall("ExportIndication", [("NewIndication", indication)], (("C", value),))


def outcome(decode: Any, data: bytes) -> Tuple[Any, ...]:
    """What a decoder returns, or raises."""
    try:
        return ("returned", *decode(data))
    except pywbem.Error as exc:
        return type(exc), str(exc)


def same(data: bytes) -> Tuple[Any, ...]:
    result = outcome(decode_export_request, data)
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


def test_many_frames() -> None:
    for number in [*range(250), *range(250)]:
        (_, call, _) = same(message(name=f"P{number}"))
        assert [name for name, _ in call.params] == [f"P{number}"]


def test_correlators_are_those_of_each_request() -> None:
    for value in ("a", "b"):
        call = correlated(value)
        (_, received, _) = same(encode_request(call, "1"))
        assert received == call


@given(data=st.data())
def test_changed_bytes(data: st.DataObject) -> None:
    assert same(message())[0] == "returned"
    changed = bytearray(message())
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
