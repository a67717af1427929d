"""
Bytes to an element tree, safely and in pieces.

The document goes through the parser of :mod:`xml.etree.ElementTree` into its
:class:`~xml.etree.ElementTree.TreeBuilder`; both are C, and no Python code runs
for an element.  After each piece the finished children of the streamed element
(IRETURNVALUE) are handed over and deleted, so that a tree of the whole document
is never there.

A document type declaration that only names a DTD, as older servers send it, is
passed over: the DTD is never read.  One with an internal subset is refused, and
every entity that is not built into XML.  Malformed input raises
:exc:`~pywbem.XMLParseError` and nothing else.
"""

from __future__ import annotations

import re
from contextlib import nullcontext
from typing import Any, Callable, ContextManager, Dict, List, Optional, Sequence, Tuple, Union
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser
from xml.parsers import expat

from ... import config
from ..._exceptions import XMLParseError
from ..._process import resting_collector
from .place import Kept, child_path
from .prolog import SEPARATOR, Prolog, Refused, raising_refused

#: Bytes given to the XML parser at once, after which the finished children of
#: the streamed element are handed over.  Expat before 2.6 scans a token that
#: is not complete again with each piece; so the pieces grow with the document,
#: and the time stays linear.
PIECE_SIZE = 0x10000
PIECE_SHARE = 16

#: Bytes that are collected before they are parsed.
BATCH_SIZE = 0x100000

#: Deepest nesting of elements in one document.  CIM-XML needs 12, plus 3 for
#: each reference that is a key of another reference.
MAX_DEPTH = 256

# The root element comes first, or after the XML declaration: there is no DTD.
_PLAIN = re.compile(
    rb"""(?:<\?xml version=["']1\.0["'](?: encoding=["'][uU][tT][fF]-8["'])? ?\?>\s*)?<[A-Za-z]"""
)

# Up to that size a document is a small one; the names of elements and attributes of such.
_SMALL_SIZE = 500
_MAX_NAMES = 1000
_names: Dict[str, str] = {}

# What is small is not worth it.
_NO_REST: ContextManager[None] = nullcontext()

Consumer = Callable[[Sequence[Element]], None]


class DecodeError(Exception):
    """
    An element is not what DSP0201 says.

    ``element`` is where, ``cause`` what; ``malformed`` is set when it holds an
    embedded document that is not even XML.
    """

    def __init__(self, element: Element, cause: str, malformed: bool = False) -> None:
        super().__init__(cause)
        self.element = element
        self.cause = cause
        self.malformed = malformed


def parse(data: Union[str, bytes], meaning: str) -> Element:
    """
    Parse a whole document and return its root element.

    Raises:
        XMLParseError: It is not well-formed, has an internal DTD subset, or is
            nested too deeply.
    """
    encoding = None
    if isinstance(data, str):
        # A declaration in text speaks of the bytes that it once was.
        data, encoding = data.encode("utf-8", "surrogatepass"), "utf-8"
    tree = TreeParser(meaning, encoding=encoding)
    tree.feed(data)
    return tree.close()


def is_plain(data: bytes) -> bool:
    """
    Whether a document that begins in this way is in UTF-8 and has no DTD.
    """
    return _PLAIN.match(data) is not None


def parse_plain(data: bytes, around: int = 0) -> Optional[Element]:
    """
    Parse a document that is at hand and has nothing out of the ordinary; return its root
    element, or None if :class:`TreeParser` has to look at it.

    Parameters:
        data (bytes): The document.
        around (int): How many elements are around it if it is a part of another document.
    """
    if len(data) > PIECE_SIZE or not is_plain(data):
        return None
    try:
        root = _small_tree(data) if len(data) <= _SMALL_SIZE else _tree(data)
    except (ParseError, expat.ExpatError, LookupError, ValueError):
        return None
    element, depth = root, around
    while len(element):
        element = element[-1]
        depth += 1
    return root if depth < MAX_DEPTH and len(data) <= config.MAX_MESSAGE_SIZE else None


def _tree(data: bytes) -> Element:
    parser = XMLParser()
    parser.feed(data)
    root: Element = parser.close()
    return root


def _small_tree(data: bytes) -> Element:
    """
    The same with a parser that costs less to make, but more for each element.
    """
    if len(_names) > _MAX_NAMES:
        _names.clear()
    builder = TreeBuilder()
    parser = expat.ParserCreate(None, SEPARATOR, _names)
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.Parse(data, True)
    root: Element = builder.close()
    return root


class TreeParser:
    """
    Makes elements of the bytes of a document, which are fed as they arrive.

    :meth:`close` returns the root element.  With ``stream_at`` (tags from the root to
    an element) the children of that element are given to ``consume`` as they are
    finished, in order, and are not in the tree; what it is given, ``consume`` must take
    without raising or waiting.  ``meaning`` says in messages what the document is.
    """

    __slots__ = (
        "_builder",
        "_consume",
        "_consumed",
        "_fed",
        "_kept",
        "_length",
        "_meaning",
        "_parser",
        "_prolog",
        "_stream_at",
        "_top",
        "_waiting",
        "ancestors",
    )

    def __init__(
        self,
        meaning: str,
        stream_at: Sequence[str] = (),
        consume: Optional[Consumer] = None,
        encoding: Optional[str] = None,
    ) -> None:
        self._meaning = meaning
        self._stream_at = stream_at
        self._consume = consume
        #: How many children were handed over.
        self._consumed = 0
        #: The elements from the root to the streamed one, once it was found.
        self.ancestors: List[Element] = []
        self._kept = Kept()
        self._waiting: List[bytes] = []
        self._length = 0
        self._fed = 0
        self._builder = builder = TreeBuilder()
        # The root element becomes the child of one that is at hand.
        self._top: Element = builder.start("", {})
        self._prolog: Optional[Prolog] = Prolog(encoding)
        self._parser = self._make_parser(encoding)

    # What a parser that keeps less does in another way.

    def _make_parser(self, encoding: Optional[str]) -> Any:
        return XMLParser(target=self._builder, encoding=encoding)

    def _parse(self, piece: bytes) -> None:
        raising_refused(self._parser.feed, piece)
        self._hand_over()

    def _parse_end(self) -> None:
        raising_refused(self._parser.close)
        self._hand_over(everything=True)

    def _enough(self) -> bool:
        """
        Whether what waits is to be parsed.
        """
        return self._length >= BATCH_SIZE

    def _finished(self, container: Element) -> List[Element]:
        # The last child may be unfinished.
        return container[:-1]

    @property
    def _forgotten(self) -> int:
        """
        How many children were handed over before all that is kept.
        """
        return 0

    # Feeding

    def feed(self, data: bytes) -> None:
        """
        Take bytes that have arrived.

        Raises:
            XMLParseError: The document is malformed, not accepted, or larger than
                ``config.MAX_MESSAGE_SIZE``.
        """
        self._kept.add(data)
        if self._kept.size > config.MAX_MESSAGE_SIZE:
            raise XMLParseError(
                f"{self._meaning} is larger than config.MAX_MESSAGE_SIZE, "
                f"{config.MAX_MESSAGE_SIZE} bytes"
            )
        self._waiting.append(data)
        self._length += len(data)
        if self._enough():
            self.flush()

    def flush(self) -> None:
        """
        Parse what waits for more; exceptions are those of :meth:`feed`.
        """
        self._guarded(self._parse_waiting)

    def close(self) -> Element:
        """
        Return the root element of a document that has arrived.

        Raises:
            XMLParseError: The document is malformed, not accepted, too large, or not at its
                end.
        """
        self._guarded(self._finish)
        return self._top[0]

    def _parse_waiting(self) -> None:
        batch = b"".join(self._waiting)
        self._waiting = []
        self._length = 0
        # What the parser makes is kept: to look for cycles in it while it is half-built
        # costs as much as the parsing.  The collector rests for one batch, less than a
        # tenth of a second, and never while waiting for data.
        with resting_collector() if len(batch) > PIECE_SIZE else _NO_REST:
            start = 0
            while start < len(batch):
                size = max(PIECE_SIZE, self._fed // PIECE_SHARE)
                self._parse_piece(batch[start : start + size])
                start += size

    def _parse_piece(self, piece: bytes) -> None:
        self._fed += len(piece)
        if self._prolog is not None:
            if not self._prolog.ends_in(piece):
                return
            piece = self._prolog_read(self._prolog)
        self._parse(piece)

    def _finish(self) -> None:
        self._parse_waiting()
        if self._prolog is not None:
            # Raises, or sees the root element only now.
            self._prolog.ends_in(b"", final=True)
            self._parse(self._prolog_read(self._prolog))
        self._parse_end()
        self._check_depth(self._top[0])

    def _prolog_read(self, prolog: Prolog) -> bytes:
        """
        What the parser of the document gets of a prolog that has ended.
        """
        head = prolog.held()
        if prolog.doctype_end is not None:
            self._kept.replace_start(head)
        self._prolog = None
        return head

    def _guarded(self, function: Callable[[], None]) -> None:
        try:
            function()
        except (expat.ExpatError, ParseError) as exc:
            cause = expat.ErrorString(exc.code)
            line, column = exc.position if isinstance(exc, ParseError) else (exc.lineno, exc.offset)
            raise self._error("is not well-formed XML", cause, line, column) from None
        except Refused as exc:
            raise self._error("is XML that is not accepted", str(exc), *exc.position) from None

    def _hand_over(self, everything: bool = False) -> None:
        if self._consume is None or not (self.ancestors or self._find_container()):
            return
        container = self.ancestors[-1]
        self._check_depth(container)
        ready = container[:] if everything else self._finished(container)
        if ready:
            self._consume(ready)
            del container[: len(ready)]
            self._consumed += len(ready)

    def _find_container(self) -> bool:
        element = self._top
        found = []
        for tag in self._stream_at:
            child = element.find(tag)
            if child is None:
                return False
            found.append(child)
            element = child
        self.ancestors = found
        return True

    def _check_depth(self, element: Element) -> None:
        """
        Refuse an open element that is nested too deeply.

        Only the last child of an element can be unfinished, so the way down
        the last children is the stack of the parser.  Finished children are
        limited by the decoder, which knows what may be in what.
        """
        depth = 0
        while len(element):
            element = element[-1]
            depth += 1
            if depth > MAX_DEPTH:
                line, column = self.position(element) or (1, 1)
                raise Refused(f"elements are nested more than {MAX_DEPTH} deep", line, column - 1)

    # Errors

    def _error(self, verdict: str, cause: str, line: int, column: int) -> XMLParseError:
        return XMLParseError(
            f"{self._meaning} {verdict}, line {line}, column {column + 1}: "
            f"{cause}{self._kept.excerpt(line, column)}"
        )

    def position(self, element: Element) -> Optional[Tuple[int, int]]:
        """
        Line and column (from 1) of the start tag of an element of this
        document, or None if it is not in it.
        """
        path = self._path_to(element)
        return None if path is None else self._kept.locate(path)

    def _path_to(self, element: Element) -> Optional[List[int]]:
        """
        Child indexes from the document, as far as it is kept, to an element.
        """
        if self.ancestors:
            inner = child_path(self.ancestors[-1], element)
            if inner is not None:
                if inner:
                    inner[0] += self._consumed - self._forgotten
                outer = [self._top, *self.ancestors]
                return [list(up).index(down) for up, down in zip(outer, outer[1:])] + inner
        return child_path(self._top, element)
