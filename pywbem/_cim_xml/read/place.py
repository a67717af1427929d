"""
Where something is in a document: line and column of an element, and the text there.

Nobody needs that before there is an error; so it is found by parsing again what was
kept of the document.
"""

from __future__ import annotations

from typing import Iterable, List, NamedTuple, Optional, Tuple
from xml.etree.ElementTree import Element
from xml.parsers import expat

from .prolog import SEPARATOR


class Place(NamedTuple):
    """
    A place in a document: bytes before it, line (from 1) and column (from 0).
    """

    offset: int
    line: int
    column: int


_START = Place(0, 1, 0)


class Kept:
    """
    The bytes of a document that an error may need: all of them, or its head and what
    follows after a cut.
    """

    __slots__ = ("_cut", "_head", "_head_end", "_pieces", "size")

    def __init__(self) -> None:
        self._pieces: List[bytes] = []
        self._head = b""
        self._head_end = self._cut = _START
        #: How many bytes are kept.
        self.size = 0

    def add(self, data: bytes) -> None:
        """
        Keep what has arrived.
        """
        self._pieces.append(data)
        self.size += len(data)

    def replace_start(self, head: bytes) -> None:
        """
        Have other bytes, of that number, at the start of the document.
        """
        self._pieces = [head, b"".join(self._pieces)[len(head) :]]

    def keep_head(self, end: Place) -> bytes:
        """
        Have all before a place stay when the document is cut, and return it.
        """
        data = b"".join(self._pieces)
        self._head = data[: end.offset]
        self._pieces = [data[end.offset :]]
        self._head_end = self._cut = end
        return self._head

    def cut(self, at: Place) -> None:
        """
        Forget what is between the head and a place.
        """
        rest = b"".join(self._pieces)[at.offset - self._cut.offset :]
        self._pieces = [rest]
        self._cut = at
        self.size = len(self._head) + len(rest)

    def locate(self, path: List[int]) -> Tuple[int, int]:
        """
        Line and column (from 1) of the start tag at a path of child indexes, of which
        those after the head count from the cut.
        """
        line, column = _locate([self._head, *self._pieces], path)
        head, cut = self._head_end, self._cut
        if (line, column) >= (head.line, head.column):
            if line == head.line:
                column += cut.column - head.column
            line += cut.line - head.line
        return line, column + 1

    def excerpt(self, line: int, column: int) -> str:
        """
        The text at a line and column (from 0), with a mark below it; empty if there
        is none.
        """
        data, base = self._head, _START
        if (line, column) >= (self._cut.line, self._cut.column):
            data, base = b"".join(self._pieces), self._cut
        if line == base.line:
            column -= base.column
        start = 0
        for _ in range(line - base.line):
            start = data.find(b"\n", start) + 1
        end = data.find(b"\n", start)
        text = data[start : end if end >= 0 else len(data)].decode("utf-8", "backslashreplace")
        first = max(0, column - 60)
        text = text[first : first + 120]
        return f"\n{text}\n{' ' * (column - first)}^" if text.strip() else ""


def child_path(top: Element, element: Element) -> Optional[List[int]]:
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


class _Found(Exception):
    """
    The element that is looked for starts at this line and column.
    """


def _locate(pieces: Iterable[bytes], path: List[int]) -> Tuple[int, int]:
    parser = expat.ParserCreate(None, SEPARATOR)
    indexes = [-1]
    depth = 0

    def start(_tag: str, _attrib: object) -> None:
        nonlocal depth
        indexes[-1] += 1
        indexes.append(-1)
        depth += 1
        if depth == len(path) and indexes[:-1] == path:
            raise _Found(parser.CurrentLineNumber, parser.CurrentColumnNumber)

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
