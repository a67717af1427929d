"""
Valid CIM-XML responses, and strategies that damage them.
"""

from __future__ import annotations

import copy
import xml.etree.ElementTree as ET
from typing import Any, List

from hypothesis import strategies as st

from tests.fuzz.loopback import response

KEY = (
    '<INSTANCENAME CLASSNAME="TST_Disk"><KEYBINDING NAME="Id"><KEYVALUE VALUETYPE="string">'
    "a</KEYVALUE></KEYBINDING></INSTANCENAME>"
)
PATH = (
    '<INSTANCEPATH><NAMESPACEPATH><HOST>server</HOST><LOCALNAMESPACEPATH><NAMESPACE NAME="root"/>'
    f"</LOCALNAMESPACEPATH></NAMESPACEPATH>{KEY}</INSTANCEPATH>"
)
PROPERTIES = (
    '<PROPERTY NAME="Id" TYPE="string"><VALUE>a &amp; \u00e4\u20ac\U0001f600</VALUE></PROPERTY>'
    '<PROPERTY NAME="Size" TYPE="uint64"><VALUE>0x10</VALUE></PROPERTY>'
    '<PROPERTY NAME="When" TYPE="datetime"><VALUE>20240229235959.123456-300</VALUE></PROPERTY>'
    '<PROPERTY NAME="On" TYPE="boolean"><VALUE>TRUE</VALUE></PROPERTY>'
    '<PROPERTY NAME="Heat" TYPE="real32"><VALUE>1.5E3</VALUE></PROPERTY>'
    '<PROPERTY NAME="Char" TYPE="char16"><VALUE>x</VALUE></PROPERTY>'
    '<PROPERTY.ARRAY NAME="Tags" TYPE="sint8"><VALUE.ARRAY><VALUE>-1</VALUE><VALUE.NULL/>'
    "</VALUE.ARRAY></PROPERTY.ARRAY>"
    '<PROPERTY NAME="Inner" TYPE="string" EmbeddedObject="object"><VALUE><![CDATA[<INSTANCE '
    'CLASSNAME="TST_Inner"><PROPERTY NAME="p" TYPE="uint8"><VALUE>1</VALUE></PROPERTY>'
    "</INSTANCE>]]></VALUE></PROPERTY>"
    '<PROPERTY.REFERENCE NAME="Ref" REFERENCECLASS="TST_Disk"><VALUE.REFERENCE>'
    f"{PATH}</VALUE.REFERENCE></PROPERTY.REFERENCE>"
)
INSTANCE = f'<INSTANCE CLASSNAME="TST_Disk">{PROPERTIES}</INSTANCE>'
CLASS = (
    '<CLASS NAME="TST_Disk" SUPERCLASS="TST_Device"><QUALIFIER NAME="Version" TYPE="string">'
    '<VALUE>1.0</VALUE></QUALIFIER><PROPERTY NAME="Id" TYPE="string" CLASSORIGIN="TST_Disk">'
    '<QUALIFIER NAME="Key" TYPE="boolean"><VALUE>TRUE</VALUE></QUALIFIER></PROPERTY>'
    '<METHOD NAME="Wipe" TYPE="uint32"><PARAMETER NAME="p" TYPE="uint8"/>'
    '<PARAMETER.REFARRAY NAME="q" REFERENCECLASS="TST_Disk"/></METHOD></CLASS>'
)
CONTEXT = (
    '<PARAMVALUE NAME="EndOfSequence" PARAMTYPE="boolean"><VALUE>FALSE</VALUE></PARAMVALUE>'
    '<PARAMVALUE NAME="EnumerationContext" PARAMTYPE="string"><VALUE>c</VALUE></PARAMVALUE>'
)
NAMED = f"<VALUE.NAMEDINSTANCE>{KEY}{INSTANCE}</VALUE.NAMEDINSTANCE>"

# {operation: a response to it}
VALID = {
    "EnumerateInstances": response("EnumerateInstances", f"\n{NAMED}\n{NAMED}\n"),
    "EnumerateInstanceNames": response("EnumerateInstanceNames", KEY * 2),
    "GetInstance": response("GetInstance", INSTANCE),
    "GetClass": response("GetClass", CLASS),
    "EnumerateClassNames": response("EnumerateClassNames", '<CLASSNAME NAME="TST_Disk"/>'),
    "GetQualifier": response(
        "GetQualifier",
        '<QUALIFIER.DECLARATION NAME="Key" TYPE="boolean" ISARRAY="false">'
        '<SCOPE PROPERTY="true"/><VALUE>FALSE</VALUE></QUALIFIER.DECLARATION>',
    ),
    "OpenEnumerateInstances": response(
        "OpenEnumerateInstances",
        f"<VALUE.INSTANCEWITHPATH>{PATH}{INSTANCE}</VALUE.INSTANCEWITHPATH>",
        CONTEXT,
    ),
    "DeleteInstance": response("DeleteInstance", "").replace(b"<IRETURNVALUE></IRETURNVALUE>", b""),
    "AssociatorNames": response("AssociatorNames", "").replace(
        b"<IRETURNVALUE></IRETURNVALUE>",
        b'<ERROR CODE="1" DESCRIPTION="x">' + INSTANCE.encode("utf-8") + b"</ERROR>",
    ),
}

NESTED_ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE CIM [<!ENTITY a0 "aaaaaaaaaa">'
    + b"".join(
        b'<!ENTITY a%d "%s">' % (level, b"&a%d;" % (level - 1) * 10) for level in range(1, 30)
    )
    + b"]><CIM>&a29;</CIM>"
)
EXTERNAL_ENTITY = (
    b'<?xml version="1.0"?><!DOCTYPE CIM [<!ENTITY e SYSTEM "file:///etc/passwd">]><CIM>&e;</CIM>'
)


def deep(levels: int, tag: str = "VALUE.ARRAY") -> bytes:
    """Return a response that has elements nested that deeply."""
    inner = f"<{tag}>" * levels + f"</{tag}>" * levels
    return response(
        "EnumerateInstances", f"<VALUE.NAMEDINSTANCE>{KEY}{inner}</VALUE.NAMEDINSTANCE>"
    )


@st.composite
def damaged_bytes(draw: st.DrawFn, document: bytes) -> bytes:
    """The document with some of its bytes removed, repeated or replaced."""
    data = document
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 20)))
        middle = draw(
            st.binary(max_size=6)
            | st.sampled_from([b"<", b"&", b"]]>", b"<!--", b"<![CDATA[", b"&#0;", b"<?x ?>"])
            | st.just(data[start:end] * 2)
        )
        data = data[:start] + middle + data[end:]
    return data


TAGS = sorted({element.tag for data in VALID.values() for element in ET.fromstring(data).iter()})
ATTRIBUTES = sorted(
    {
        name
        for data in VALID.values()
        for element in ET.fromstring(data).iter()
        for name in element.attrib
    }
)
VALUES = st.text(st.characters(min_codepoint=32, blacklist_categories=["Cs"]), max_size=4)
VALUES |= st.sampled_from(["true", "uint8", "reference", "-1", "2.5", "1e999", "instance", "0x"])

DAMAGES = ["remove", "repeat", "rename", "set", "unset", "text", "move"]


@st.composite
def damaged_tree(draw: st.DrawFn, document: bytes) -> bytes:
    """The document, still well-formed, with elements or attributes that do not belong."""
    root = ET.fromstring(document)
    for _ in range(draw(st.integers(1, 3))):
        parents: List[Any] = [element for element in root.iter() if len(element)]
        if not parents:
            break
        parent = draw(st.sampled_from(parents))
        index = draw(st.integers(0, len(parent) - 1))
        child = parent[index]
        damage = draw(st.sampled_from(DAMAGES))
        if damage == "remove":
            parent.remove(child)
        elif damage == "repeat":
            parent.insert(index, copy.deepcopy(child))
        elif damage == "rename":
            child.tag = draw(st.sampled_from(TAGS))
        elif damage == "set":
            child.set(draw(st.sampled_from(ATTRIBUTES)), draw(VALUES))
        elif damage == "unset" and child.attrib:
            del child.attrib[draw(st.sampled_from(sorted(child.attrib)))]
        elif damage == "text":
            child.text = draw(VALUES)
        elif damage == "move":
            other = draw(st.sampled_from(list(root.iter())))
            other.append(copy.deepcopy(child))
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="utf-8")
