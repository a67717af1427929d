"""
What is before the root element of a document (XML 1.0, 2.8).
"""

from __future__ import annotations

import re
from typing import Callable, List, Optional
from xml.parsers import expat

#: xml.etree.ElementTree knows namespaces; the other parsers here must judge as it does.
SEPARATOR = "}"

# The start of a document type declaration, and what is in it beside line ends,
# in the encodings of one and of two bytes.
_DOCTYPE = tuple("<!DOCTYPE".encode(name) for name in ("ascii", "utf-16-le", "utf-16-be"))
_NO_LINE_END = re.compile(rb"[^\0\r\n]")


class Refused(Exception):
    """
    Well-formed XML that is not accepted: what, line and column.
    """

    def __init__(self, what: str, line: int = 1, column: int = 0) -> None:
        super().__init__(what)
        self.position = line, column


def raising_refused(function: Callable[..., object], *args: object) -> None:
    """
    Call a method of a parser; of an encoding that is unknown or has several
    bytes for a character it tells by other exceptions.
    """
    try:
        function(*args)
    except (LookupError, ValueError) as exc:
        raise Refused(f"encoding that is not supported: {exc}") from None


class _RootSeen(Exception):
    """
    The prolog ends here.
    """


class Prolog:
    """
    Reads a document up to its root element.

    What it reads is held back until the root element was seen, and given away with
    blanks in the place of a document type declaration.  So the parser of the document
    knows of no DTD, and refuses every entity that it does not know.
    """

    def __init__(self, encoding: Optional[str] = None) -> None:
        self._parser = parser = expat.ParserCreate(encoding, SEPARATOR)
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._root
        self._held: List[bytes] = []
        #: Where a document type declaration ends, or None.
        self.doctype_end: Optional[int] = None

    def ends_in(self, piece: bytes, final: bool = False) -> bool:
        """
        Read on and return whether the root element was seen.

        Expat since 2.6 may wait for more before it looks at what it has.
        """
        self._held.append(piece)
        try:
            raising_refused(self._parser.Parse, piece, final)
        except _RootSeen:
            return True
        return False

    def held(self) -> bytes:
        """
        What was read, without a document type declaration.
        """
        head = b"".join(self._held)
        if self.doctype_end is None:
            return head
        start = max(head.rfind(mark, 0, self.doctype_end) for mark in _DOCTYPE)
        end = head.index(b">", self.doctype_end) + 1
        # The lines stay.
        return head[:start] + _NO_LINE_END.sub(b" ", head[start:end]) + head[end:]

    def _root(self, *_: object) -> None:
        raise _RootSeen

    def _doctype(self, name: str, _system: object, _public: object, has_subset: int) -> None:
        if has_subset:
            raise Refused(
                f"document type declaration with an internal subset (<!DOCTYPE {name} ... [) is "
                "not accepted; CIM-XML messages have none",
                self._parser.CurrentLineNumber,
                self._parser.CurrentColumnNumber,
            )
        self.doctype_end = self._parser.CurrentByteIndex
