"""
CIM-XML as a DOM tree and with indentation.
"""

from __future__ import annotations

from typing import Any
from xml.dom import minidom

import pytest

from pywbem import (
    CIMClassName,
    CIMInstance,
    CIMInstanceName,
    CIMProperty,
    tocimxmlstr,
)
from pywbem._cim_xml.write import objects as encode

INDENTED = """\
<VALUE.INSTANCEWITHPATH>
{0}<INSTANCEPATH>
{0}{0}<NAMESPACEPATH>
{0}{0}{0}<HOST>h</HOST>
{0}{0}{0}<LOCALNAMESPACEPATH>
{0}{0}{0}{0}<NAMESPACE NAME="n"/>
{0}{0}{0}</LOCALNAMESPACEPATH>
{0}{0}</NAMESPACEPATH>
{0}{0}<INSTANCENAME CLASSNAME="I">
{0}{0}{0}<KEYBINDING NAME="k">
{0}{0}{0}{0}<KEYVALUE VALUETYPE="string" TYPE="string">a
 b</KEYVALUE>
{0}{0}{0}</KEYBINDING>
{0}{0}</INSTANCENAME>
{0}</INSTANCEPATH>
{0}<INSTANCE CLASSNAME="I">
{0}{0}<PROPERTY.ARRAY NAME="p" TYPE="string">
{0}{0}{0}<VALUE.ARRAY>
{0}{0}{0}{0}<VALUE></VALUE>
{0}{0}{0}{0}<VALUE.NULL/>
{0}{0}{0}{0}<VALUE>&lt;a&gt;</VALUE>
{0}{0}{0}</VALUE.ARRAY>
{0}{0}</PROPERTY.ARRAY>
{0}{0}<PROPERTY NAME="q" TYPE="boolean"/>
{0}</INSTANCE>
</VALUE.INSTANCEWITHPATH>
"""


@pytest.mark.parametrize(
    "indent, blank",
    [
        pytest.param(2, "  ", id="two"),
        pytest.param(0, "", id="zero"),
        pytest.param(-1, "", id="negative"),
        pytest.param("", "", id="empty"),
        pytest.param("\t", "\t", id="tab"),
    ],
)
def test_indent(indent: Any, blank: str) -> None:
    obj = CIMInstance(
        "I",
        [("p", ["", None, "<a>"]), CIMProperty("q", None, "boolean")],
        path=CIMInstanceName("I", {"k": "a\n b"}, namespace="n", host="h"),
    )
    assert obj.tocimxmlstr(indent=indent) == INDENTED.format(blank)
    assert tocimxmlstr(obj, indent=indent) == INDENTED.format(blank)
    assert tocimxmlstr(obj.tocimxml(), indent=indent) == INDENTED.format(blank)


@pytest.mark.parametrize("indent", [1.5, b" ", [1]], ids=["float", "bytes", "list"])
def test_indent_type(indent: Any) -> None:
    with pytest.raises(TypeError, match="indent"):
        CIMClassName("C").tocimxmlstr(indent=indent)


def test_indent_of_mixed_content() -> None:
    node = minidom.parseString('<A><B x="1">t</B>u<C/></A>').documentElement
    assert encode.value_xml(node) == '<A><B x="1">t</B>u<C/></A>'
    assert tocimxmlstr(node, indent=1) == '<A>\n <B x="1">t</B>\n u\n <C/>\n</A>\n'
