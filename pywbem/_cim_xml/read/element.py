"""
What an element may have: the checks that all decoders of elements share.

A check that fails raises :exc:`~pywbem._cim_xml.read.tree.DecodeError` with
the element and what is wrong with it.
"""

from __future__ import annotations

from sys import intern
from typing import Any, Dict, FrozenSet, NoReturn, Optional, Tuple
from xml.etree.ElementTree import Element

from ... import config
from ..._nocasedict import NocaseDict
from ..._warnings import ToleratedServerIssueWarning
from .tree import DecodeError
from .values import BOOLEAN, CONVERTERS, REFERENCE, Converter, reading, warn_of_server

# xml:lang, which is tolerated on every element and has no meaning here.
_LANG = frozenset(
    (
        "{http://www.w3.org/XML/1998/namespace}lang",
        # as expat has it
        "http://www.w3.org/XML/1998/namespace}lang",
    )
)

NONE: FrozenSet[str] = frozenset()

#: Content of a NocaseDict: key -> (name, value).
Names = Dict[Optional[str], Tuple[Optional[str], Any]]


def describe(el: Element) -> str:
    """
    The element with the attribute that names it, for messages.
    """
    name = el.get("NAME", el.get("CLASSNAME"))
    return el.tag if name is None else f"{el.tag} {name!r}"


def fail(el: Element, cause: str) -> NoReturn:
    """
    Raise that the element is wrong.
    """
    raise DecodeError(el, f"{describe(el)} {cause}")


def required(el: Element, name: str) -> str:
    """
    The value of an attribute that must be there.
    """
    try:
        return el.attrib[name]
    except KeyError:
        fail(el, f"has no attribute {name}")


def allow_attributes(el: Element, allowed: FrozenSet[str]) -> None:
    """
    Refuse attributes that the element does not have in the DTD.
    """
    if not el.attrib.keys() <= allowed:
        extra = sorted(el.attrib.keys() - allowed - _LANG)
        if extra:
            fail(el, f"has unknown attribute {extra[0]}")


#: White space of XML (XML 1.0, 2.3); Python knows more.
SPACE = " \t\r\n"


def blank(el: Element, text: str) -> None:
    """
    Refuse text that is not white space.
    """
    if text.strip(SPACE):
        fail(el, f"has unexpected text {text.strip()[:40]!r}")


def no_text(el: Element) -> None:
    """
    Refuse text beside the children of an element.
    """
    if el.text:
        blank(el, el.text)
    for child in el:
        if child.tail:
            blank(el, child.tail)


def unexpected(el: Element, child: Element) -> NoReturn:
    """
    Raise that the child may not be in the element.
    """
    raise DecodeError(child, f"{describe(el)} has unexpected child element {child.tag}")


def only_child(el: Element, *tags: str) -> Element:
    """
    The one child of an element that has exactly one.
    """
    if len(el) == 1:
        child = el[0]
        before, after = el.text, child.tail
        if (
            child.tag in tags
            and (before is None or not before.strip(SPACE))
            and (after is None or not after.strip(SPACE))
        ):
            return child
    no_text(el)
    if len(el) != 1:
        fail(el, f"has {len(el)} child elements, expected one of {', '.join(tags)}")
    unexpected(el, el[0])


def two_children(el: Element, *pairs: Tuple[str, str]) -> Tuple[Element, Element]:
    """
    The two children of an element that has a pair of them, and no attributes.
    """
    no_text(el)
    if el.attrib:
        allow_attributes(el, NONE)
    if len(el) != 2 or (el[0].tag, el[1].tag) not in pairs:
        expected = " or ".join("(" + ", ".join(pair) + ")" for pair in pairs)
        have = ", ".join(child.tag for child in el) or "none"
        fail(el, f"has child elements {have}, expected {expected}")
    return el[0], el[1]


def flag(el: Element, name: str, default: Optional[bool]) -> Optional[bool]:
    """
    The value of a boolean attribute.
    """
    text = el.attrib.get(name)
    if text is None:
        return default
    try:
        return BOOLEAN(text)
    except ValueError as exc:
        fail(el, f"has attribute {name} with {exc}")


def array_size(el: Element) -> Optional[int]:
    text = el.attrib.get("ARRAYSIZE")
    if not text:
        return None
    try:
        return int(text)
    except ValueError:
        fail(el, f"has attribute ARRAYSIZE={text!r}, expected a number")


_MAX_KEYS = 8192
_keys: Dict[str, Tuple[str, str]] = {}


def key_of(name: str) -> Tuple[str, str]:
    """
    A name and its key in a :class:`NocaseDict`, each one object however
    often it comes.
    """
    try:
        return _keys[name]
    except KeyError:
        if len(_keys) >= _MAX_KEYS:
            _keys.clear()
        name = intern(name)
        pair = _keys[name] = (name, intern(name.casefold()))
        return pair


def names(content: Names) -> Optional[NocaseDict]:
    """
    The dictionary with that content, or None for an empty one.
    """
    return NocaseDict._trusted(content) if content else None


def add_item(content: Names, item: Any) -> None:
    """
    Add an object to the content of a dictionary, under its name.
    """
    name, key = key_of(item._name)
    content[key] = (name, item)


def only_value(el: Element) -> str:
    """
    The text of an element that has nothing else, as VALUE.
    """
    if el.attrib:
        allow_attributes(el, NONE)
    if len(el):
        unexpected(el, el[0])
    return el.text or ""


def empty(el: Element, allowed: FrozenSet[str] = NONE) -> None:
    """
    Nothing, of an element that has no content, as VALUE.NULL.
    """
    no_text(el)
    allow_attributes(el, allowed)
    if len(el):
        unexpected(el, el[0])


def converter(el: Element, cimtype: str) -> Converter:
    """
    What makes a value of that CIM type from a text.
    """
    try:
        return CONVERTERS[cimtype]
    except KeyError:
        fail(el, f"has unknown CIM type {cimtype!r}")


def typed_converter(el: Element, cimtype: str) -> Converter:
    """
    What makes a value of that type, which may be a reference, from a text.
    """
    return REFERENCE if cimtype == "reference" else converter(el, cimtype)


def invalid(owner: Element, el: Element, cause: str, malformed: bool = False) -> Any:
    """
    Refuse a value, or warn of it where :data:`config.TOLERATE_INVALID_VALUES`
    says so of servers.
    """
    cause = f"{describe(owner)} has {cause}"
    if not config.TOLERATE_INVALID_VALUES or reading.request:
        raise DecodeError(el, cause, malformed)
    warn_of_server(
        ToleratedServerIssueWarning,
        f"WBEM server sent an invalid value: {cause}; it becomes None because "
        "config.TOLERATE_INVALID_VALUES is set",
    )
    return None
