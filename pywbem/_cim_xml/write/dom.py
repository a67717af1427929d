"""
CIM-XML text as a DOM tree and with indentation.

Text comes first: a tree is parsed from it, and a tree that a user hands in is
turned into text before anything else happens to it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, List, Union

from .values import attribute_text, text

if TYPE_CHECKING:
    from xml.dom.minidom import Element

_TOKENS = re.compile("<[^>]*>|[^<]+").findall


def element(xml: str) -> Element:
    """
    The DOM tree of CIM-XML text.

    Parameters:
        xml (str): One element, as the functions of this package make it.

    Returns:
        xml.dom.minidom.Element: The element, not attached to a document.
    """
    from xml.dom.minidom import parseString

    document = parseString(xml.encode("utf-8"))
    root = document.documentElement
    assert root is not None  # the parser would have refused it
    if "></" in xml:
        _restore_empty_text(root)
    document.removeChild(root)
    return root


def _restore_empty_text(root: Element) -> None:
    """
    Give elements that have an empty string as their text that text: parsing
    leaves nothing behind, and printing the tree would give an empty element.
    """
    document = root.ownerDocument
    assert document is not None
    for tag in ("VALUE", "KEYVALUE", "HOST"):
        found = [root] if root.tagName == tag else root.getElementsByTagName(tag)
        for node in found:
            if not node.childNodes:
                node.appendChild(document.createTextNode(""))


def element_xml(node: Element) -> str:
    """The text of a DOM tree; unlike ``node.toxml()`` it keeps CR, LF and tabs."""
    attributes = "".join(
        f' {name}="{attribute_text(value)}"' for name, value in node.attributes.items()
    )
    parts: List[str] = []
    for child in node.childNodes:
        if child.nodeType == node.ELEMENT_NODE:
            parts.append(element_xml(child))
        elif child.nodeType in (node.TEXT_NODE, node.CDATA_SECTION_NODE):
            parts.append(text(child.data))
    if not node.childNodes:
        return f"<{node.tagName}{attributes}/>"
    return f"<{node.tagName}{attributes}>{''.join(parts)}</{node.tagName}>"


def pretty(xml: str, indent: Union[str, int]) -> str:
    """
    CIM-XML text with a line for each element.

    Parameters:
        xml (str): One element, as the functions of this package make it.
        indent (str or int): What each level is indented by; a number is so many
            blanks.

    Returns:
        str: The text; it ends with a newline.  The text in elements is unchanged.

    Raises:
        TypeError: `indent` is neither a string nor an integer.
    """
    if isinstance(indent, int):
        indent = " " * indent
    elif not isinstance(indent, str):
        raise TypeError(f"indent must be a string or an integer, not {type(indent)}")
    tokens = _TOKENS(xml)
    lines: List[str] = []
    depth = position = 0
    while position < len(tokens):
        token = tokens[position]
        size = 1
        if token.startswith("</"):
            depth -= 1
        level = depth
        if token[0] == "<" and token[1] != "/" and not token.endswith("/>"):
            size = _inline(tokens, position)
            if size == 1:
                depth += 1
        lines.append(indent * level + "".join(tokens[position : position + size]) + "\n")
        position += size
    return "".join(lines)


def pretty_document(xml: bytes) -> str:
    """
    An XML document of any style and encoding, with a line for each element.

    Parameters:
        xml (bytes): A document that was decoded before, and is known to be well-formed and
            to have no entities of its own.

    Returns:
        str: The text.  Of elements that have nothing but text, that text is unchanged.
    """
    from xml.dom.minidom import parseString

    document = parseString(xml)
    if document.documentElement is not None:
        _remove_blanks(document.documentElement)
    return document.toprettyxml(indent="  ")


def _remove_blanks(node: Element) -> None:
    """
    Remove the white space between the child elements of an element.
    """
    children = list(node.childNodes)
    for child in children:
        if child.nodeType == child.ELEMENT_NODE:
            _remove_blanks(child)
        elif (
            child.nodeType == child.TEXT_NODE
            and len(children) > 1
            and not child.data.strip(" \t\r\n")
        ):
            node.removeChild(child)


def _inline(tokens: List[str], position: int) -> int:
    """
    How many tokens, from the start tag at a position, go onto one line: all of
    an element with nothing but text, else the start tag alone.
    """
    if tokens[position + 1].startswith("</"):
        return 2
    if tokens[position + 1][0] != "<" and tokens[position + 2].startswith("</"):
        return 3
    return 1
