"""
Bytes at the decoder: an object or a documented exception, in bounded time, and the
same whether the bytes come whole or in pieces.
"""

from __future__ import annotations

import os
import random
import time
from typing import Any, Dict, Iterable, List, Tuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pywbem
from pywbem._cim_xml import messages, records
from tests.fuzz.documents import (
    EXTERNAL_ENTITY,
    NESTED_ENTITIES,
    VALID,
    damaged_bytes,
    damaged_tree,
    deep,
)
from tests.fuzz.loopback import Loopback
from tests.shared_data import RecordedExchange, recorded_exchanges

# What is tolerated is told by warnings, which are no failure here.
pytestmark = pytest.mark.filterwarnings("ignore::pywbem.Warning")

DOCUMENTED = (
    pywbem.XMLParseError,
    pywbem.CIMXMLParseError,
    pywbem.CIMVersionError,
    pywbem.DTDVersionError,
    pywbem.ProtocolVersionError,
)
SECONDS = 2.0
OPERATIONS = st.sampled_from(sorted(VALID))


def decode(operation: str, pieces: List[bytes]) -> Any:
    """Return what the pieces are: a response, or the class and text of the exception."""
    call = records.IntrinsicCall(operation, "root/fuzz", [])
    try:
        return messages.decode_response(call, iter(pieces))
    except DOCUMENTED as exc:
        return type(exc), str(exc)


def decode_in_time(operation: str, pieces: List[bytes]) -> Any:
    started = time.process_time()
    result = decode(operation, pieces)
    assert time.process_time() - started < SECONDS
    return result


def is_refused(result: Any, *classes: type) -> bool:
    return type(result) is tuple and result[0] in (classes or DOCUMENTED)


def places(document: bytes) -> Iterable[int]:
    """Return where to cut a document in two: every third place, or all in a long search."""
    return range(0, len(document) + 1, 1 if "HYPOTHESIS_PROFILE" in os.environ else 3)


def cut(data: bytes, positions: List[int]) -> List[bytes]:
    """Return the data in the pieces that end at these positions."""
    ends = [*sorted(position % (len(data) + 1) for position in positions), len(data)]
    return [data[start:end] for start, end in zip([0, *ends], ends)]


# --- an object or a documented exception ---------------------------------------


@pytest.mark.parametrize("operation", sorted(VALID))
def test_valid(operation: str) -> None:
    """The documents that the others are made from are accepted."""
    result = decode(operation, [VALID[operation]])
    assert not is_refused(result), result
    assert result.name == operation


@given(operation=OPERATIONS, data=st.binary(max_size=200))
def test_any_bytes(operation: str, data: bytes) -> None:
    """Bytes without a meaning are refused."""
    assert is_refused(decode_in_time(operation, [data]), pywbem.XMLParseError)


@given(operation=OPERATIONS, data=st.data())
def test_damaged_bytes(operation: str, data: Any) -> None:
    """A damaged document is refused, or is still one."""
    decode_in_time(operation, [data.draw(damaged_bytes(VALID[operation]))])


@given(operation=OPERATIONS, data=st.data())
def test_damaged_tree(operation: str, data: Any) -> None:
    """Well-formed XML that is not CIM-XML is refused as such, or tolerated."""
    result = decode_in_time(operation, [data.draw(damaged_tree(VALID[operation]))])
    assert not is_refused(result, pywbem.XMLParseError) or "depth" in result[1]


@pytest.mark.parametrize("operation", sorted(VALID))
def test_truncated(operation: str) -> None:
    """Every beginning of a document is refused."""
    document = VALID[operation]
    for end in range(len(document)):
        result = decode(operation, [document[:end]])
        assert is_refused(result, pywbem.XMLParseError), document[:end]


HOSTILE = {
    "nested-entities": NESTED_ENTITIES,
    "external-entity": EXTERNAL_ENTITY,
    "internal-subset": b'<?xml version="1.0"?><!DOCTYPE CIM []>'
    + VALID["GetClass"].split(b"?>", 1)[1],
    "deep": deep(10_000),
    "deep-known-element": deep(10_000, "INSTANCE"),
    "deep-never-closed": b"<CIM>" * 10_000,
    "many-attributes": b"<CIM " + b" ".join(b'a%d="1"' % n for n in range(100_000)) + b"/>",
    "same-attribute": b'<CIM a="1" a="2"/>',
    "long-name": b"<" + b"a" * 1_000_000 + b"/>",
    "null-character": VALID["GetClass"].replace(b"1.0</", b"1.\x000</"),
    "forbidden-character": VALID["GetClass"].replace(b"1.0</", b"1.&#1;0</"),
    "lone-surrogate": VALID["GetClass"].replace(b"1.0</", b"\xed\xa0\x80</"),
    "overlong-utf-8": VALID["GetClass"].replace(b"1.0</", b"\xc0\xaf</"),
    "other-encoding": VALID["GetClass"].replace(b"utf-8", b"utf-99"),
    "two-roots": VALID["GetClass"] + b"<CIM/>",
    "text-after": VALID["GetClass"] + b"x",
    "empty": b"",
    "white-space": b" \n ",
}


@pytest.mark.parametrize("data", list(HOSTILE.values()), ids=list(HOSTILE))
def test_hostile(data: bytes) -> None:
    """What was made to do harm is refused at once."""
    assert is_refused(decode_in_time("GetClass", [data]))


@pytest.mark.parametrize("data", [EXTERNAL_ENTITY, NESTED_ENTITIES], ids=["external", "nested"])
def test_entities_are_named(data: bytes) -> None:
    """The exception is that of XML, and nothing that an entity stands for is in its text."""
    result = decode("GetClass", [data])
    assert is_refused(result, pywbem.XMLParseError)
    assert "root:x:" not in result[1]
    assert "a" * 20 not in result[1]


KEY = pywbem.CIMInstanceName("TST_Disk", keybindings={"Id": "a"}, namespace="root/fuzz")
ARGUMENTS: Dict[str, Dict[str, Any]] = {
    "AssociatorNames": {"ObjectName": KEY},
    "DeleteInstance": {"InstanceName": KEY},
    "EnumerateClassNames": {},
    "EnumerateInstanceNames": {"ClassName": "TST_Disk"},
    "EnumerateInstances": {"ClassName": "TST_Disk"},
    "GetClass": {"ClassName": "TST_Disk"},
    "GetInstance": {"InstanceName": KEY},
    "GetQualifier": {"QualifierName": "Key"},
    "OpenEnumerateInstances": {"ClassName": "TST_Disk", "MaxObjectCount": 1},
}


@given(operation=OPERATIONS, data=st.data())
def test_connection(loopback: Loopback, operation: str, data: Any) -> None:
    """Seen from the caller of an operation a damaged response is a pywbem.Error, or a result."""
    loopback.body = data.draw(damaged_tree(VALID[operation]))
    try:
        getattr(loopback.connection, operation)(**ARGUMENTS[operation])
    except pywbem.CIMError:
        assert b"ERROR" in loopback.body
    except pywbem.Error as exc:
        assert isinstance(exc, DOCUMENTED)


# --- in pieces -------------------------------------------------------------------


def same_in_pieces(operation: str, data: bytes, pieces: List[bytes], whole: Any) -> None:
    assert b"".join(pieces) == data
    assert decode(operation, pieces) == whole


@pytest.mark.parametrize("operation", sorted(VALID))
def test_every_cut(operation: str) -> None:
    """Cut in two at many places, inside characters and tags, too."""
    document = VALID[operation]
    whole = decode(operation, [document])
    for position in places(document):
        same_in_pieces(operation, document, cut(document, [position]), whole)


@pytest.mark.parametrize("operation", sorted(VALID))
def test_single_bytes(operation: str) -> None:
    """One byte at a time."""
    document = VALID[operation]
    pieces = [document[index : index + 1] for index in range(len(document))]
    same_in_pieces(operation, document, pieces, decode(operation, [document]))


@given(
    operation=OPERATIONS,
    data=st.data(),
    positions=st.lists(st.integers(0, 1_000_000), min_size=1, max_size=12),
)
def test_damaged_in_pieces(operation: str, data: Any, positions: List[int]) -> None:
    """The same exception with the same text, wherever the cuts are."""
    strategy = data.draw(st.sampled_from([damaged_bytes, damaged_tree]))
    document = data.draw(strategy(VALID[operation]))
    whole = decode(operation, [document])
    same_in_pieces(operation, document, cut(document, positions), whole)


def damaged_examples() -> List[Tuple[str, bytes]]:
    """A few documents that are refused for different reasons."""
    document = VALID["EnumerateInstances"]
    second = document.rindex(b'PROPERTY NAME="Size')
    first, end, rest = document.partition(b"</VALUE.NAMEDINSTANCE>")
    text = first + end + b" text "
    return [
        ("not-well-formed", document.replace(b"</VALUE.NAMEDINSTANCE>", b"</VALUE>", 1)),
        ("second-instance", document[:second] + b"x" + document[second:]),
        ("value", document.replace(b"0x10", b"0y10", 1)),
        ("missing-attribute", document.replace(b' CLASSNAME="TST_Disk"', b"", 1)),
        ("unknown-element", document.replace(b"VALUE.NULL", b"VALUE.NONE")),
        ("utf-8", document.replace("\u20ac".encode(), b"\xe2\x82")),
        ("text", document.replace(b"<IRETURNVALUE>", b"<IRETURNVALUE>text")),
        ("text-after-an-object", text + rest),
        ("text-and-then-no-xml", text + b"<VALUE.NAMEDINSTANCE\x07" + rest),
        ("text-that-is-no-xml", text + b"\x07" + rest),
        ("text-and-then-nothing", text),
        ("text-and-half-an-object", text + b"<VALUE.NAMEDINSTANCE>"),
        ("text-and-the-wrong-end", text + b"</VALUE.NAMEDINSTANCE>"),
    ]


@pytest.mark.parametrize(
    "document",
    [document for _, document in damaged_examples()],
    ids=[name for name, _ in damaged_examples()],
)
def test_damaged_every_cut(document: bytes) -> None:
    """A refused document is refused in the same way with a cut at every place."""
    assert is_refused(decode("EnumerateInstances", [document]))
    whole = decode("EnumerateInstances", [document])
    for position in places(document):
        pieces = cut(document, [position])
        same_in_pieces("EnumerateInstances", document, pieces, whole)


# --- as a stream -------------------------------------------------------------------


def stream(operation: str, pieces: List[bytes]) -> Tuple[List[Any], Any]:
    """
    Return the objects that a stream hands out, and the response, or the class and text of
    the exception that follows; of its text not the excerpt, which ends with what arrived.
    """
    decoder = messages.ResponseDecoder(
        records.IntrinsicCall(operation, "root/fuzz", []), stream=True
    )
    result: List[Any] = []
    try:
        for piece in pieces:
            result += decoder.feed(piece)
        result += decoder.flush()
        response = decoder.close()
    except DOCUMENTED as exc:
        return result, (type(exc), str(exc.args[0]).splitlines()[0])
    assert isinstance(response, records.IntrinsicResponse)
    return result + (response.result or []), response._replace(result=None)


def same_as_stream(operation: str, document: bytes, cuts: List[List[int]]) -> None:
    whole = decode(operation, [document])
    objects, end = streamed = stream(operation, [document])
    if is_refused(whole):
        assert is_refused((end[0],)), end
    else:
        assert objects == (whole.result or [])
        assert end == whole._replace(result=None)
    for positions in cuts:
        assert stream(operation, cut(document, positions)) == streamed


@pytest.mark.parametrize("operation", sorted(VALID))
def test_stream_with_every_cut(operation: str) -> None:
    """A stream gives the same objects, wherever the cuts are."""
    document = VALID[operation]
    same_as_stream(operation, document, [[position] for position in places(document)])
    same_as_stream(operation, document, [list(range(len(document)))])


@given(
    operation=OPERATIONS,
    data=st.data(),
    positions=st.lists(st.integers(0, 1_000_000), min_size=1, max_size=12),
)
def test_damaged_stream(operation: str, data: Any, positions: List[int]) -> None:
    """A damaged stream gives the same objects and then the same exception."""
    strategy = data.draw(st.sampled_from([damaged_bytes, damaged_tree]))
    document = data.draw(strategy(VALID[operation]))
    same_as_stream(operation, document, [positions])


@pytest.mark.parametrize(
    "document",
    [document for _, document in damaged_examples()],
    ids=[name for name, _ in damaged_examples()],
)
def test_damaged_stream_with_every_cut(document: bytes) -> None:
    """Everything before the fault comes first, wherever the cuts are."""
    cuts = [[position] for position in places(document)]
    same_as_stream("EnumerateInstances", document, cuts)
    same_as_stream("EnumerateInstances", document, [list(range(len(document)))])


@pytest.mark.parametrize(
    "exchange",
    [e for e in recorded_exchanges() if b"IMETHODRESPONSE" in e.response_body],
    ids=lambda exchange: exchange.name,
)
def test_recorded_in_pieces(exchange: RecordedExchange) -> None:
    """Real responses, in pieces of sizes that the network might give."""
    operation = exchange.name.split("-")[1]
    body = exchange.response_body
    whole = decode(operation, [body])
    assert not is_refused(whole), whole
    chance = random.Random(len(body))
    positions = [chance.randrange(len(body)) for _ in range(min(50, 2 + len(body) // 1000))]
    same_in_pieces(operation, body, cut(body, positions), whole)
    same_as_stream(operation, body, [positions])
