"""
Responses of a size, made when they are asked for.
"""

from __future__ import annotations

import functools
import re

from tests.responder import Reply, Request

PROPERTIES = 20
TYPES = ("string", "uint32", "string", "boolean")

MESSAGE = (
    '<?xml version="1.0" encoding="utf-8" ?>\n<CIM CIMVERSION="2.0" DTDVERSION="2.0">'
    '<MESSAGE ID="1001" PROTOCOLVERSION="1.0"><SIMPLERSP><IMETHODRESPONSE NAME="{}">'
    "<IRETURNVALUE>{}</IRETURNVALUE></IMETHODRESPONSE></SIMPLERSP></MESSAGE></CIM>"
)


def _value(row: int, column: int) -> str:
    kind = column % len(TYPES)
    return (
        f"the value number {column} of an instance, as text",
        str(row * column % 4294967296),
        f"some other text {row}",
        "TRUE" if row % 2 else "FALSE",
    )[kind]


def instance_xml(row: int) -> str:
    """Return an INSTANCE with 20 properties of several types."""
    properties = "".join(
        f'<PROPERTY NAME="Property{column:02}" TYPE="{TYPES[column % len(TYPES)]}">'
        f"<VALUE>{_value(row, column)}</VALUE></PROPERTY>"
        for column in range(PROPERTIES)
    )
    return f'<INSTANCE CLASSNAME="TST_Bench">{properties}</INSTANCE>'


def named_instance_xml(row: int) -> str:
    """Return the instance as a child of IRETURNVALUE of EnumerateInstances."""
    return (
        '<VALUE.NAMEDINSTANCE><INSTANCENAME CLASSNAME="TST_Bench"><KEYBINDING NAME="Id">'
        f'<KEYVALUE VALUETYPE="string" TYPE="string">id{row}</KEYVALUE></KEYBINDING>'
        f"</INSTANCENAME>{instance_xml(row)}</VALUE.NAMEDINSTANCE>"
    )


@functools.lru_cache(maxsize=4)
def instances(count: int) -> bytes:
    """Return a response to EnumerateInstances; 5,000 are about 10 MB."""
    rows = "".join(named_instance_xml(row) for row in range(count))
    return MESSAGE.format("EnumerateInstances", rows).encode("ascii")


@functools.lru_cache(maxsize=4)
def lines(count: int) -> bytes:
    """Return a response to GetInstance whose one VALUE has so many lines."""
    text = "\n".join(f"line {number} of a log, with &lt;an&gt; entity" for number in range(count))
    instance = (
        f'<INSTANCE CLASSNAME="TST_Log"><PROPERTY NAME="Text" TYPE="string"><VALUE>{text}</VALUE>'
        "</PROPERTY></INSTANCE>"
    )
    return MESSAGE.format("GetInstance", instance).encode("ascii")


@functools.lru_cache(maxsize=1)
def small() -> bytes:
    """Return a response to GetInstance as monitoring sees them."""
    return MESSAGE.format("GetInstance", instance_xml(1)).encode("ascii")


def answer(request: Request) -> Reply:
    """Serve the documents: the class that is asked for tells kind and count."""
    found = re.search(rb'NAME="TST_(Instances|Lines|Small)_(\d+)"', request.body)
    assert found, request.body
    kind, count = found.group(1), int(found.group(2))
    return Reply(
        instances(count) if kind == b"Instances" else lines(count) if kind == b"Lines" else small()
    )
