"""
Bytes to an element tree, safely and in pieces.

The document goes through the parser of :mod:`xml.etree.ElementTree` into its
:class:`~xml.etree.ElementTree.TreeBuilder`; both are C, and no Python code runs
for an element.  After each piece the finished children of the streamed element
(IRETURNVALUE) are handed over and deleted.  A response of any length thus needs
the memory of its objects and of one piece.

A document type declaration that only names a DTD, as older servers send it, is
passed over: the DTD is never read.  One with an internal subset is refused, and
every entity that is not built into XML.  Malformed input raises
:exc:`~pywbem.XMLParseError` and nothing else.  It takes precedence over errors of
content, so the outcome does not depend on where the pieces were cut.
"""

from __future__ import annotations

import re
from contextlib import nullcontext
from typing import (
    Callable,
    ContextManager,
    Iterable,
    Iterator,
    List,
    Optional,
    Sequence,
    Tuple,
    Union,
)
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser
from xml.parsers import expat

from .. import config
from .._exceptions import XMLParseError
from .._process import resting_collector

#: Bytes given to the XML parser at once, after which the finished children of
#: the streamed element are handed over.  Expat before 2.6 scans a token that
#: is not complete again with each piece; so the pieces grow with the document,
#: and the time stays linear.
PIECE_SIZE = 0x10000
PIECE_SHARE = 16

#: Bytes that are collected from the network before they are parsed.
BATCH_SIZE = 0x100000

#: Deepest nesting of elements in one document.  CIM-XML needs 12, plus 3 for
#: each reference that is a key of another reference.
MAX_DEPTH = 256

# What is small is not worth it.
_NO_REST: ContextManager[None] = nullcontext()

# xml.etree.ElementTree knows namespaces; the other parsers here must judge as it does.
_SEPARATOR = "}"

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


class _Refused(Exception):
    """
    Well-formed XML that is not accepted: what, line and column.
    """

    def __init__(self, what: str, line: int = 1, column: int = 0) -> None:
        super().__init__(what)
        self.position = line, column


def parse(data: Union[str, bytes], meaning: str) -> Element:
    """
    Parse a whole document and return its root element.

    Raises:

        XMLParseError: it is not well-formed, has a document type declaration,
          or is nested too deeply.
    """
    if isinstance(data, str):
        # A declaration in text speaks of the bytes that it once was.
        return Document([data.encode("utf-8", "surrogatepass")], meaning, encoding="utf-8").read()
    return Document([data], meaning).read()


class Document:
    """
    A document that arrives in pieces of bytes.

    :meth:`read` returns its root element.  With ``stream_at`` (tags from the
    root to an element) the children of that element are given to ``consume``
    as they are finished, in order, and are not in the tree.  A
    :exc:`DecodeError` of ``consume`` is raised after the rest of the document
    was found to be well-formed.
    """

    __slots__ = (
        "_consume",
        "_consumed",
        "_fed",
        "_meaning",
        "_parser",
        "_pieces",
        "_prolog",
        "_seen",
        "_size",
        "_stream_at",
        "_top",
        "ancestors",
    )

    def __init__(
        self,
        pieces: Iterable[bytes],
        meaning: str,
        stream_at: Sequence[str] = (),
        consume: Optional[Consumer] = None,
        encoding: Optional[str] = None,
    ) -> None:
        self._pieces = iter(pieces)
        self._seen: List[bytes] = []
        self._size = 0
        self._fed = 0
        self._meaning = meaning
        self._stream_at = stream_at
        self._consume = consume
        self._consumed = 0
        #: The elements from the root to the streamed one, once it was found.
        self.ancestors: List[Element] = []
        builder = TreeBuilder()
        # The root element becomes the child of one that is at hand.
        self._top: Element = builder.start("", {})
        self._parser = XMLParser(target=builder, encoding=encoding)
        self._prolog: Optional[_Prolog] = _Prolog(encoding)

    def read(self) -> Element:
        """
        Read the document to its end and return its root element.

        Raises:

            XMLParseError: the document is malformed or not accepted.
            DecodeError: ``consume`` raised it.
        """
        try:
            try:
                for batch in self._batches():
                    self._feed(batch)
                if self._prolog is not None:
                    self._prolog.ends_in(b"", final=True)
                    _raising_refused(self._parser.feed, self._prolog_read())
                _raising_refused(self._parser.close)
                self._hand_over(everything=True)
            except DecodeError:
                self._rest_is_well_formed()
                raise
            self._check_depth(self._top[0])
        except (expat.ExpatError, ParseError) as exc:
            cause = expat.ErrorString(exc.code)
            line, column = exc.position if isinstance(exc, ParseError) else (exc.lineno, exc.offset)
            raise self._error("is not well-formed XML", cause, line, column) from None
        except _Refused as exc:
            raise self._error("is XML that is not accepted", str(exc), *exc.position) from None
        return self._top[0]

    # Feeding

    def _batches(self) -> Iterator[bytes]:
        """
        Yield the document in batches of at least :data:`BATCH_SIZE`, however
        it arrives.

        Raises:

            XMLParseError: it is larger than ``config.MAX_MESSAGE_SIZE``.
        """
        waiting: List[bytes] = []
        length = 0
        for arrived in self._pieces:
            self._size += len(arrived)
            if self._size > config.MAX_MESSAGE_SIZE:
                raise XMLParseError(
                    f"{self._meaning} is larger than config.MAX_MESSAGE_SIZE, "
                    f"{config.MAX_MESSAGE_SIZE} bytes"
                )
            self._seen.append(arrived)
            waiting.append(arrived)
            length += len(arrived)
            if length >= BATCH_SIZE:
                yield b"".join(waiting)
                waiting = []
                length = 0
        if length:
            yield b"".join(waiting)

    def _feed(self, batch: bytes) -> None:
        # The collector rests for one batch, less than a tenth of a second, and never
        # while waiting for data.
        with resting_collector() if len(batch) > PIECE_SIZE else _NO_REST:
            rest = memoryview(batch)
            while rest:
                size = max(PIECE_SIZE, self._fed // PIECE_SHARE)
                piece, rest = rest[:size], rest[size:]
                self._fed += len(piece)
                if self._prolog is not None:
                    if not self._prolog.ends_in(piece):
                        continue
                    piece = self._prolog_read()
                _raising_refused(self._parser.feed, piece)
                self._hand_over()

    def _prolog_read(self) -> memoryview:
        """
        What the parser of the document gets of a prolog that has ended.
        """
        assert self._prolog is not None
        head = self._prolog.held()
        if self._prolog.has_doctype:
            seen = b"".join(self._seen)
            self._seen = [head, seen[len(head) :]]
        self._prolog = None
        return memoryview(head)

    def _hand_over(self, everything: bool = False) -> None:
        if self._consume is None or not (self.ancestors or self._find_container()):
            return
        container = self.ancestors[-1]
        self._check_depth(container)
        # The last child may be unfinished.
        ready = container[:] if everything else container[:-1]
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
                path = self._path_to(element)
                line, column = (1, 1) if path is None else _locate(self._seen, path)
                raise _Refused(f"elements are nested more than {MAX_DEPTH} deep", line, column - 1)

    def _rest_is_well_formed(self) -> None:
        """
        Raise what makes the document malformed, if anything does.
        """
        for _ in self._batches():
            pass
        # Content was found, so the prolog has ended.
        parser = expat.ParserCreate(None, _SEPARATOR)
        for piece in self._seen:
            parser.Parse(piece, False)
        parser.Parse(b"", True)

    # Errors

    def _error(self, verdict: str, cause: str, line: int, column: int) -> XMLParseError:
        return XMLParseError(
            f"{self._meaning} {verdict}, line {line}, column {column + 1}: "
            f"{cause}{self._excerpt(line, column)}"
        )

    def _excerpt(self, line: int, column: int) -> str:
        data = b"".join(self._seen)
        start = 0
        for _ in range(line - 1):
            start = data.find(b"\n", start) + 1
        end = data.find(b"\n", start)
        text = data[start : end if end >= 0 else len(data)].decode("utf-8", "backslashreplace")
        first = max(0, column - 60)
        text = text[first : first + 120]
        return f"\n{text}\n{' ' * (column - first)}^" if text.strip() else ""

    def position(self, element: Element) -> Optional[Tuple[int, int]]:
        """
        Line and column (from 1) of the start tag of an element of this
        document, or None if it is not in it.
        """
        path = self._path_to(element)
        return None if path is None else _locate(self._seen, path)

    def _path_to(self, element: Element) -> Optional[List[int]]:
        """
        Child indexes from the document to an element.
        """
        if self.ancestors:
            inner = _child_path(self.ancestors[-1], element)
            if inner is not None:
                if inner:
                    inner[0] += self._consumed
                outer = [self._top, *self.ancestors]
                return [list(up).index(down) for up, down in zip(outer, outer[1:])] + inner
        return _child_path(self._top, element)


def _child_path(top: Element, element: Element) -> Optional[List[int]]:
    """
    Child indexes from ``top`` to ``element``, or None if it is not below.
    """
    if top is element:
        return []
    stack = [(top, iter(enumerate(top)))]
    path: List[int] = []
    while stack:
        index, child = next(stack[-1][1], (0, None))
        if child is None:
            stack.pop()
            path = path[:-1]
        elif child is element:
            return [*path, index]
        else:
            stack.append((child, iter(enumerate(child))))
            path = [*path, index]
    return None


def _raising_refused(function: Callable[..., object], *args: object) -> None:
    """
    Call a method of a parser; of an encoding that is unknown or has several
    bytes for a character it tells by other exceptions.
    """
    try:
        function(*args)
    except (LookupError, ValueError) as exc:
        raise _Refused(f"encoding that is not supported: {exc}") from None


class _RootSeen(Exception):
    """
    The prolog ends here.
    """


class _Prolog:
    """
    What is before the root element (XML 1.0, 2.8).

    It is held back until the root element was seen, and given away with blanks
    in the place of a document type declaration.  So the parser of the document
    knows of no DTD, and refuses every entity that it does not know.
    """

    def __init__(self, encoding: Optional[str]) -> None:
        self._parser = parser = expat.ParserCreate(encoding, _SEPARATOR)
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._root
        self._held: List[Union[bytes, memoryview]] = []
        # Where a document type declaration ends.
        self._doctype_end = 0
        self.has_doctype = False

    def ends_in(self, piece: Union[bytes, memoryview], final: bool = False) -> bool:
        """
        Read on and return whether the root element was seen.

        Expat since 2.6 may wait for more before it looks at what it has.
        """
        self._held.append(piece)
        try:
            _raising_refused(self._parser.Parse, piece, final)
        except _RootSeen:
            return True
        return False

    def held(self) -> bytes:
        """
        What was read, without a document type declaration.
        """
        head = b"".join(self._held)
        if not self.has_doctype:
            return head
        start = max(head.rfind(mark, 0, self._doctype_end) for mark in _DOCTYPE)
        end = head.index(b">", self._doctype_end) + 1
        # The lines stay.
        return head[:start] + _NO_LINE_END.sub(b" ", head[start:end]) + head[end:]

    def _root(self, *_: object) -> None:
        raise _RootSeen

    def _doctype(self, name: str, _system: object, _public: object, has_subset: int) -> None:
        if has_subset:
            raise _Refused(
                f"document type declaration with an internal subset (<!DOCTYPE {name} ... [) is "
                "not accepted; CIM-XML messages have none",
                self._parser.CurrentLineNumber,
                self._parser.CurrentColumnNumber,
            )
        self.has_doctype = True
        self._doctype_end = self._parser.CurrentByteIndex


# The start of a document type declaration, and what is in it beside line ends,
# in the encodings of one and of two bytes.
_DOCTYPE = tuple("<!DOCTYPE".encode(name) for name in ("ascii", "utf-16-le", "utf-16-be"))
_NO_LINE_END = re.compile(rb"[^\0\r\n]")


class _Found(Exception):
    """
    The element that is looked for starts at this line and column.
    """


def _locate(pieces: Iterable[bytes], path: List[int]) -> Tuple[int, int]:
    """
    Line and column of the start tag at ``path`` (child indexes from the
    document), found by parsing it again: only an error needs it.
    """
    parser = expat.ParserCreate(None, _SEPARATOR)
    indexes = [-1]
    depth = 0

    def start(_tag: str, _attrib: object) -> None:
        nonlocal depth
        indexes[-1] += 1
        indexes.append(-1)
        depth += 1
        if depth == len(path) and indexes[:-1] == path:
            raise _Found(parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)

    def end(_tag: str) -> None:
        nonlocal depth
        indexes.pop()
        depth -= 1

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except _Found as exc:
        line, column = exc.args
        return line, column
    raise AssertionError("a path in a document leads to an element of it")
