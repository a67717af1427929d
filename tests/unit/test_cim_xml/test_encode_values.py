"""
Values of the CIM data types -> CIM-XML text, and that nothing in it gets lost.
"""

from __future__ import annotations

import datetime
import xml.etree.ElementTree as ET
from typing import Any, Dict, Optional, Tuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pywbem import (
    Char16,
    CIMClassName,
    CIMDateTime,
    CIMInstance,
    CIMInstanceName,
    Real32,
    Real64,
    Sint64,
    Uint8,
    Uint64,
    tocimxml,
    tocimxmlstr,
)
from pywbem._cim_xml.write import objects as encode

STAMP = "20240229235959.999999-300"
INTERVAL = "00000012******.******:000"

VALUES: Dict[str, Tuple[Any, str]] = {
    "true": (True, "TRUE"),
    "false": (False, "FALSE"),
    "uint8": (Uint8(255), "255"),
    "sint64": (Sint64(-(2**63)), "-9223372036854775808"),
    "int": (2**70, "1180591620717411303424"),
    "string": ("abc", "abc"),
    "empty": ("", ""),
    "blanks": ("  a  ", "  a  "),
    "bytes": ("\u20ac".encode(), "\u20ac"),
    "special": ("a<b>&\"'", "a&lt;b&gt;&amp;&quot;'"),
    "cdata-end": ("]]>", "]]&gt;"),
    "entity": ("&lt;", "&amp;lt;"),
    "white-space": ("\n\t\r\n", "\n\t&#13;\n"),
    "unicode": ("\x7f\x85\u2028\U0001f600", "\x7f\x85\u2028\U0001f600"),
    "char16": (Char16("<"), "&lt;"),
    "timestamp": (CIMDateTime(STAMP), STAMP),
    "interval": (CIMDateTime(INTERVAL), INTERVAL),
    "datetime": (datetime.datetime(2020, 1, 2), "20200102000000.000000+000"),
    "real32": (Real32(0.1), "0.1"),
    "real32-digits": (Real32(1 / 3), "0.33333333333"),
    "real32-whole": (Real32(16777217), "16777217.0"),
    "real32-large": (Real32(1e11), "1.0E+11"),
    "real64": (Real64(0.1), "0.10000000000000001"),
    "real64-whole": (Real64(-3), "-3.0"),
    "real64-minus-zero": (Real64(-0.0), "-0.0"),
    "real64-large": (Real64(1e17), "1.0E+17"),
    "real64-small": (Real64(5e-324), "4.9406564584124654E-324"),
    "float": (2.5, "2.5"),
    "inf": (Real32("inf"), "INF"),
    "minus-inf": (Real64("-inf"), "-INF"),
    "nan": (float("nan"), "NaN"),
}


@pytest.mark.parametrize("value, expected", list(VALUES.values()), ids=list(VALUES))
def test_scalar(value: Any, expected: str) -> None:
    assert tocimxmlstr(value) == f"<VALUE>{expected}</VALUE>"
    assert tocimxmlstr([value]) == f"<VALUE.ARRAY><VALUE>{expected}</VALUE></VALUE.ARRAY>"


ARRAYS: Dict[str, Tuple[Any, str]] = {
    "empty": ([], "<VALUE.ARRAY/>"),
    "null": ([None, None], "<VALUE.ARRAY><VALUE.NULL/><VALUE.NULL/></VALUE.ARRAY>"),
    "tuple": (("a", "b"), "<VALUE.ARRAY><VALUE>a</VALUE><VALUE>b</VALUE></VALUE.ARRAY>"),
    "mixed": (
        [True, None, Uint8(2)],
        "<VALUE.ARRAY><VALUE>TRUE</VALUE><VALUE.NULL/><VALUE>2</VALUE></VALUE.ARRAY>",
    ),
}


@pytest.mark.parametrize("value, expected", list(ARRAYS.values()), ids=list(ARRAYS))
def test_array(value: Any, expected: str) -> None:
    assert tocimxmlstr(value) == expected
    assert tocimxml(value).toxml() == expected


class Text(str):
    """A string that shows itself as something else."""

    def __str__(self) -> str:
        return "shown"


class Number(int):
    """A number that shows itself as something else."""

    def __str__(self) -> str:
        return "shown"


class Instance(CIMInstance):
    """A subclass as users make them."""

    __slots__ = ()


@pytest.mark.parametrize(
    "value, expected",
    [
        pytest.param(Text("a<"), "<VALUE>a&lt;</VALUE>", id="str"),
        pytest.param(Number(3), "<VALUE>3</VALUE>", id="int"),
        pytest.param([Text("a"), "b"], None, id="mixed"),
        pytest.param(Instance("I"), '<INSTANCE CLASSNAME="I"/>', id="instance"),
    ],
)
def test_subclass(value: Any, expected: Optional[str]) -> None:
    expected = expected or "<VALUE.ARRAY><VALUE>a</VALUE><VALUE>b</VALUE></VALUE.ARRAY>"
    assert tocimxmlstr(value) == expected


# What XML 1.0 can hold, white space and markup more often than chance has it.
XML_TEXT = st.text(
    st.one_of(
        st.sampled_from("\t\n\r<>&\"' ]"),
        st.characters(min_codepoint=0x20, max_codepoint=0xD7FF),
        st.characters(min_codepoint=0xE000, max_codepoint=0xFFFD),
        st.characters(min_codepoint=0x10000),
    )
)


@given(XML_TEXT)
def test_text_is_kept(value: str) -> None:
    """A parser gives back every character, in text, in attributes and embedded."""
    inner = CIMInstance(value or "I", {"p": value})
    root = ET.fromstring(CIMInstance("O", {"s": value, "e": inner}).tocimxmlstr())
    text, embedded = (node.text or "" for node in root.iter("VALUE"))
    assert text == value
    inner_root = ET.fromstring(embedded)
    assert inner_root.get("CLASSNAME") == (value or "I")
    assert (inner_root[0][0].text or "") == value


@given(XML_TEXT)
def test_text_is_kept_by_dom_and_indentation(value: str) -> None:
    obj = CIMInstance(value or "I", {"p": value, "q": [value]})
    assert encode.value_xml(obj.tocimxml()) == obj.tocimxmlstr()
    root = ET.fromstring(obj.tocimxmlstr(indent=2))
    assert [node.text or "" for node in root.iter("VALUE")] == [value, value]


@given(st.floats(allow_nan=False))
def test_real64_is_kept(value: float) -> None:
    assert float(ET.fromstring(tocimxmlstr(Real64(value))).text or "") == value
    assert (
        float(
            ET.fromstring(CIMInstanceName("A", {"k": Real64(value)}).tocimxmlstr())[0][0].text or ""
        )
        == value
    )


@given(st.floats(width=32, allow_nan=False))
def test_real32_is_kept(value: float) -> None:
    """As a single, which is what it is."""
    text = ET.fromstring(tocimxmlstr(Real32(value))).text or ""
    assert float(text) == pytest.approx(value, rel=1e-10, abs=0)


def test_attribute_white_space() -> None:
    text = CIMClassName("a\r\n\tb").tocimxmlstr()
    assert text == '<CLASSNAME NAME="a&#13;&#10;&#9;b"/>'


def test_large_values() -> None:
    lines = "line & more\n" * 100_000
    obj = CIMInstance("I", {"s": lines, "a": [Uint64(n) for n in range(100_000)]})
    root = ET.fromstring(obj.tocimxmlstr())
    assert root[0][0].text == lines
    assert [int(node.text or "") for node in root[1][0]] == list(range(100_000))
