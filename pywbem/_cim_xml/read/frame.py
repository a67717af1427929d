"""
The frame of a message, CIM and MESSAGE (DSP0201 5.3.6), and what the decoders of
requests and responses share.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import Iterator, Optional, Tuple, Type
from xml.etree.ElementTree import Element

from ..._exceptions import (
    CIMVersionError,
    CIMXMLParseError,
    DTDVersionError,
    Error,
    ProtocolVersionError,
    VersionError,
    XMLParseError,
)
from .element import NONE, allow_attributes, no_text, only_child, required
from .tree import DecodeError, TreeParser

_CIM = frozenset(("CIMVERSION", "DTDVERSION"))
_MESSAGE = frozenset(("ID", "PROTOCOLVERSION"))
NAME_ONLY = frozenset(("NAME",))


def _check_version(el: Element, name: str, major: str, error: Type[VersionError]) -> None:
    version = required(el, name)
    if not version.startswith(major + "."):
        raise error(f"{name} is {version}, expected {major}.x.y")


def check_cim(el: Element) -> None:
    """
    Refuse a root element that is not CIM, of a version that is known.
    """
    if el.tag != "CIM":
        raise DecodeError(el, f"root element is {el.tag}, expected CIM")
    allow_attributes(el, _CIM)
    _check_version(el, "CIMVERSION", "2", CIMVersionError)
    _check_version(el, "DTDVERSION", "2", DTDVersionError)


def check_message(el: Element) -> None:
    """
    Refuse a MESSAGE without ID, or of another version of the protocol.
    """
    allow_attributes(el, _MESSAGE)
    required(el, "ID")
    _check_version(el, "PROTOCOLVERSION", "1", ProtocolVersionError)


def framed(root: Element, frame: str) -> Tuple[Element, str]:
    """
    The element around the call or response in a message, and the message ID.
    """
    check_cim(root)
    message = only_child(root, "MESSAGE")
    check_message(message)
    child = only_child(message, frame)
    allow_attributes(child, NONE)
    return child, required(message, "ID")


def named(content: Element) -> Element:
    """
    The element with a call or response, which has a name and no text.
    """
    allow_attributes(content, NAME_ONLY)
    no_text(content)
    return content


class MessageDecoder:
    """
    What the decoders of messages share: errors become those of the public interface.

    Parameters:
        tree (TreeParser): Makes elements of the message.
        conn_id (str): Id of the connection, for exceptions.
    """

    _meaning = ""

    def __init__(self, tree: TreeParser, conn_id: Optional[str] = None) -> None:
        self._conn_id = conn_id
        self._tree = tree
        #: The ID of the message, once it was decoded.
        self.message_id = ""

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except DecodeError as exc:
            raise self._invalid(exc) from None
        except XMLParseError as exc:
            raise XMLParseError(exc.args[0], conn_id=self._conn_id) from None
        except VersionError as exc:
            raise type(exc)(exc.args[0], conn_id=self._conn_id) from None

    def _invalid(self, exc: DecodeError) -> Error:
        error = XMLParseError if exc.malformed else CIMXMLParseError
        position = self._tree.position(exc.element)
        where = "" if position is None else " at line {}, column {}".format(*position)
        return error(f"{self._meaning} is invalid{where}: {exc.cause}", conn_id=self._conn_id)
