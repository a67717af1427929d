"""
What DSP0201 does not give an element is refused in it, wherever the element is: an
attribute, text, a child.
"""

from __future__ import annotations

import copy
import warnings
from typing import Any, Callable, Iterator, List, Tuple, Type
from xml.etree.ElementTree import Element, SubElement, fromstring, tostring

import pytest

from pywbem import CIMXMLParseError
from pywbem._cim_xml.messages import (
    ResponseDecoder,
    decode_request,
    decode_response,
    encode_request,
    encode_response,
)
from pywbem._cim_xml.read.tree import DecodeError, parse
from pywbem._cim_xml.records import IntrinsicCall, IntrinsicResponse
from tests.unit.test_cim_xml.test_messages import (
    CALLS,
    INVOKE,
    PARAMETERS,
    RESPONSES,
    RESULTS,
    RETURNED,
    extrinsic,
)
from tests.unit.test_cim_xml.test_objects import DECODERS, OBJECTS, PROPERTIES

# They have text.
TEXTS = {"VALUE", "KEYVALUE", "HOST"}


def attribute(el: Element) -> None:
    el.set("X", "1")


def child_first(el: Element) -> None:
    el.insert(0, Element("NEW"))


def child_last(el: Element) -> None:
    SubElement(el, "NEW")


def first_child_of_another_name(el: Element) -> None:
    el[0].tag = "NEW"


def last_child_of_another_name(el: Element) -> None:
    other = copy.deepcopy(el[-1])
    other.tag = "NEW"
    el.append(other)


def text_first(el: Element) -> None:
    el.text = f"x{el.text or ''}"


def text_after_a_child(el: Element) -> None:
    el[0].tail = f"x{el[0].tail or ''}"


def text_last(el: Element) -> None:
    el[-1].tail = f"{el[-1].tail or ''}x"


Spoil = Callable[[Element], None]


def spoils(el: Element) -> Iterator[Spoil]:
    """What cannot be right in an element, whatever is in it."""
    yield attribute
    yield child_first
    # After an error nothing counts.
    if not len(el) or el[0].tag != "ERROR":
        yield child_last
    if len(el) and el[0].tag != "ERROR":
        yield last_child_of_another_name
    if len(el):
        yield first_child_of_another_name
    if el.tag not in TEXTS:
        yield text_first
        if len(el):
            yield text_after_a_child
            yield text_last


def spoiled(root: Element) -> Iterator[Tuple[str, bytes]]:
    """A document with each of its elements spoiled in each way, and what was done."""
    for index, el in enumerate(root.iter()):
        for spoil in spoils(el):
            other = copy.deepcopy(root)
            spoil(list(other.iter())[index])
            yield f"{spoil.__name__} in {el.tag}", tostring(other)


def accepted(root: Element, decode: Callable[[bytes], Any], error: Type[Exception]) -> List[str]:
    """What is not refused of that; the document itself is."""
    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        decode(tostring(root))
        for what, data in spoiled(root):
            try:
                decode(data)
            except error:
                continue
            found.append(what)
    return found


def method_response(attributes: str, content: str, tag: str) -> Element:
    return fromstring(extrinsic(f"<{tag} {attributes}>{content}</{tag}>"))


REQUESTS = {
    **{name: fromstring(encode_request(call, "1")) for name, call in CALLS.items()},
    "parameter without a value": fromstring(
        encode_request(CALLS["class"], "1").replace(b'<CLASS NAME="C"/>', b"")
    ),
}
ANSWERS = {
    **{
        name: (call, fromstring(encode_response(response, "1")))
        for name, (call, response) in RESPONSES.items()
    },
    **{
        name: (
            IntrinsicCall(operation, "root", []),
            fromstring(encode_response(IntrinsicResponse(operation, [item]), "1")),
        )
        for name, (operation, item, _tag) in RESULTS.items()
    },
    **{
        f"parameter, {name}": (
            INVOKE,
            method_response(f'NAME="p" {attributes}', content, "PARAMVALUE"),
        )
        for name, (content, attributes, *_) in PARAMETERS.items()
    },
    **{
        f"returned, {name}": (INVOKE, method_response(attributes, content, "RETURNVALUE"))
        for name, (attributes, content, _value) in RETURNED.items()
    },
}
CONTENT = {**PROPERTIES, **OBJECTS}


@pytest.mark.parametrize("root", REQUESTS.values(), ids=REQUESTS)
def test_requests(root: Element) -> None:
    assert accepted(root, decode_request, CIMXMLParseError) == []


@pytest.mark.parametrize(("call", "root"), ANSWERS.values(), ids=ANSWERS)
def test_responses(call: Any, root: Element) -> None:
    def decode(data: bytes) -> None:
        decode_response(call, [data])

    assert accepted(root, decode, CIMXMLParseError) == []


@pytest.mark.parametrize(
    ("call", "root"),
    [answer for answer in ANSWERS.values() if isinstance(answer[0], IntrinsicCall)],
    ids=[name for name, answer in ANSWERS.items() if isinstance(answer[0], IntrinsicCall)],
)
def test_streams(call: Any, root: Element) -> None:
    def decode(data: bytes) -> None:
        decoder = ResponseDecoder(call, stream=True)
        decoder.feed(data)
        decoder.flush()
        decoder.close()

    assert accepted(root, decode, CIMXMLParseError) == []


@pytest.mark.parametrize("xml", [xml for xml, _ in CONTENT.values()], ids=CONTENT)
def test_objects(xml: str) -> None:
    def decode(data: bytes) -> None:
        root = parse(data, "It")
        DECODERS[root.tag](root)

    assert accepted(parse(xml, "It"), decode, DecodeError) == []
