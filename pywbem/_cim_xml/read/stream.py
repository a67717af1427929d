"""
Bytes to elements for a document of any length, in the memory of one child.

Expat says where in the bytes it is, which the parser of :mod:`xml.etree.ElementTree`
does not, but it calls its handlers through the interpreter.  They are methods of the C
tree builder, and no Python code runs for an element, except in the last child of each
piece: there it is watched where the child starts and whether it ends.  So children are
handed over as soon as they are finished, and only the bytes from the start of the first
unfinished one on are kept, beside those before the first of all.
"""

from __future__ import annotations

import itertools
from typing import Any, Dict, List, Optional, Tuple
from xml.etree.ElementTree import Element
from xml.parsers import expat

from .place import Place
from .prolog import SEPARATOR, Refused, raising_refused
from .tree import PIECE_SHARE, PIECE_SIZE, TreeParser

#: While more than that is kept, a piece is watched from its start: what looks like the
#: start of a child need not be one.
_MUCH = 4 * PIECE_SIZE

#: What the start of a tag does not exceed.
_TAIL = 64


class StreamParser(TreeParser):
    """
    A :class:`TreeParser` that keeps only what is not finished.

    Malformed input raises after everything before it was handed over.
    ``config.MAX_MESSAGE_SIZE`` is the limit of what is kept.
    """

    __slots__ = (
        "_child",
        "_closed",
        "_first_kept",
        "_in_tag",
        "_marks",
        "_tail",
        "_tried",
    )

    def _make_parser(self, encoding: Optional[str]) -> Any:
        # The last child that was seen to start, and the one from which on the bytes are
        # kept: where, and how many started before it.
        self._child: Optional[Tuple[Place, int]] = None
        self._first_kept: Optional[Tuple[Place, int]] = None
        # The last child that was seen to end.
        self._closed: Optional[Element] = None
        # What the tags of a child and the end tag of their parent start with, once there
        # was a child, in a document where that can be found; and of the last piece the
        # end, where such a tag may have begun, and whether any has.
        self._marks: Optional[Tuple[bytes, bytes, bytes]] = None
        self._tail = b""
        self._in_tag = False
        # How many children had been handed over when one was last looked for early: once
        # for each, as what is not finished may be scanned again.
        self._tried = -1
        parser = expat.ParserCreate(encoding, SEPARATOR)
        # Expat since 2.6 waits before it looks at a token again that was not complete;
        # here _enough() bounds that time, and what is finished is not to wait.
        if hasattr(parser, "SetReparseDeferralEnabled"):
            parser.SetReparseDeferralEnabled(False)
        parser.buffer_text = True
        parser.CharacterDataHandler = self._builder.data
        return parser

    def _enough(self) -> bool:
        if self._length >= self._kept.size // PIECE_SHARE:
            return True
        if self._tried == self._consumed or not self._may_end_child():
            return False
        self._tried = self._consumed
        return True

    def _may_end_child(self) -> bool:
        """
        Whether what waits ends with the end of a child, behind which the server may pause.
        """
        if self._marks is None or not self._waiting[-1].rstrip().endswith(b">"):
            return False
        text = b""
        for piece in itertools.chain(reversed(self._waiting), (self._tail,)):
            text = piece[-_TAIL:] + text
            if len(text) >= _TAIL:
                break
        tag = text[text.rfind(b"<") :].rstrip()
        start, end, _end_of_all = self._marks
        return tag.startswith(end) or (tag.startswith(start) and tag.endswith(b"/>"))

    @property
    def _forgotten(self) -> int:
        return 0 if self._first_kept is None else self._first_kept[1]

    def _parse(self, piece: bytes) -> None:
        first, last = self._watched(piece)
        if first:
            self._push(piece[:first], watched=True)
        if first < last:
            self._push(piece[first:last], watched=False)
        if last < len(piece):
            self._push(piece[last:], watched=True)
        self._hand_over()

    def _parse_end(self) -> None:
        self._push(b"", watched=True, final=True)
        self._hand_over(everything=True)
        # They and this object hold each other.
        self._handlers(None, None)

    def _push(self, piece: bytes, watched: bool, final: bool = False) -> None:
        if watched:
            self._handlers(self._start, self._end)
        else:
            self._handlers(self._builder.start, self._builder.end)
        try:
            raising_refused(self._parser.Parse, piece, final)
        except (expat.ExpatError, Refused):
            self._handlers(None, None)
            # Expat has given it out, and what calls the handlers has kept it.
            self._parser.buffer_text = False
            self._see_what_has_ended()
            self._hand_over()
            raise

    def _handlers(self, start: object, end: object) -> None:
        self._parser.StartElementHandler = start
        self._parser.EndElementHandler = end

    # Watching

    def _watched(self, piece: bytes) -> Tuple[int, int]:
        """
        Up to where in a piece, and from where on again, it is to be seen what starts and
        ends: in a tag that began in the last piece, and from the start of the last child
        or the end of all.
        """
        tail, self._tail = self._tail, piece[-_TAIL:]
        in_tag = self._in_tag
        opened, closed = piece.rfind(b"<"), piece.rfind(b">")
        if opened != closed:
            self._in_tag = opened > closed
        if self._marks is None or self._child is None:
            return 0, 0
        if self._fed - self._child[0].offset > _MUCH:
            return 0, 0
        first = piece.find(b">") + 1 if in_tag else 0
        text = tail + piece
        # A tag that is not complete is nothing yet.
        complete = text.rfind(b">") + 1
        start, end, end_of_all = self._marks
        last = text.rfind(start, 0, complete)
        if last < 0:
            last = text.rfind(end, 0, complete)
        after = text.find(end_of_all)
        if last < 0 or 0 <= after < last:
            last = after
        if last < 0:
            return first, len(piece)
        last -= len(tail)
        return (first, last) if last > first else (0, 0)

    def _start(self, tag: str, attrib: Dict[str, str]) -> None:
        element = self._builder.start(tag, attrib)
        if not self.ancestors:
            if self._consume is not None:
                self._find_container()
            return
        container = self.ancestors[-1]
        if not len(container) or container[-1] is not element:
            return
        parser = self._parser
        place = Place(parser.CurrentByteIndex, parser.CurrentLineNumber, parser.CurrentColumnNumber)
        if self._child is None:
            head = self._kept.keep_head(place)
            if b"\0" not in head:
                child, parent = tag.encode("utf-8"), container.tag.encode("utf-8")
                self._marks = b"<" + child, b"</" + child, b"</" + parent
        self._child = place, self._consumed + len(container) - 1

    def _end(self, tag: str) -> None:
        element = self._builder.end(tag)
        if self.ancestors:
            container = self.ancestors[-1]
            if len(container) and (element is container or element is container[-1]):
                self._closed = container[-1]

    def _see_what_has_ended(self) -> None:
        """
        See whether the last child has ended in a document that is not read on: a new
        element would not be in it.  What text came before that is then in its place.
        """
        if not self.ancestors:
            return
        container = self.ancestors[-1]
        new = self._builder.start("", {})
        parent = element = container
        while len(element):
            parent, element = element, element[-1]
        if element is new:
            parent.remove(new)
        if len(container) and (element is not new or parent is container):
            self._closed = container[-1]

    # Handing over

    def _finished(self, container: Element) -> List[Element]:
        if len(container) and container[-1] is self._closed:
            return container[:]
        return container[:-1]

    def _parse_waiting(self) -> None:
        super()._parse_waiting()
        if self._child is not None and self._child is not self._first_kept:
            self._first_kept = self._child
            self._kept.cut(self._child[0])
