"""
MOF texts: reading files in their encoding, and places in a text that messages point at.
"""

from __future__ import annotations

import codecs
import errno
import os
import re
from typing import List, NamedTuple, Optional

__all__ = ["Place", "Source", "decoded", "locate", "mof_text", "read_mof"]

# Lines shown before the one in error.
_LINES_BEFORE = 4
# A longer line is shown in part, around the place.
_MAX_LINE = 400
# UTF-32 first: its mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# In a string literal the character is one as any other.
_MARK_OR_LITERAL = re.compile("\ufeff|" + r'("[^"\\\n]*(?:\\[^\n][^"\\\n]*)*")')
# What old editors and tools put at the end of a file, with white space around it.
_END = "\0\x1a\ufeff \t\r\n\f\v"
_DIRECTORY = (
    f"{os.strerror(errno.EISDIR)}; name the MOF file in it that includes the others, or each file"
)


class Place(NamedTuple):
    """
    A place in MOF text, as the exceptions show it.
    """

    file: Optional[str]
    lineno: int
    column: int
    context: List[str]


class Source:
    """
    A MOF text and the file it was read from.

    Parameters:
        text (str): The text.
        file (str): Path name of the file, or None for a string.
        encoding (str): The encoding with which the file can be read again; None for a text that
            cannot.
    """

    __slots__ = ("encoding", "file", "text")

    def __init__(
        self, text: str, file: Optional[str] = None, encoding: Optional[str] = None
    ) -> None:
        self.text: Optional[str] = text
        self.file = file
        self.encoding = encoding

    def forget(self) -> None:
        """
        Give the text free if it can be read again; it is needed only for messages.
        """
        if self.encoding is not None:
            self.text = None

    def place(self, pos: int, length: int = 1) -> Place:
        """
        Return the place of ``length`` characters at an offset of the text.
        """
        text = self.text
        if text is None:
            try:
                text = read_mof(str(self.file), str(self.encoding))
            except (OSError, UnicodeDecodeError):
                text = ""
        return locate(text, self.file, pos, length)


def read_mof(filename: str, encoding: str) -> str:
    """
    Return the text of a MOF file.

    Raises:
        OSError: The file cannot be read.
        UnicodeDecodeError: It is not in the encoding.
    """
    try:
        with open(filename, "rb") as file:
            return decoded(file.read(), encoding)
    except OSError as exc:
        # Windows says that permission is denied.
        if os.path.isdir(filename):
            raise IsADirectoryError(errno.EISDIR, _DIRECTORY, filename) from exc
        raise


def decoded(data: bytes, encoding: str) -> str:
    """
    Return the text of the bytes of a file: in the Unicode encoding of its byte-order mark, or in
    the encoding that is given if it has none.

    Raises:
        UnicodeDecodeError: It is not in that encoding.
    """
    for mark, marked in _MARKS:
        if data.startswith(mark):
            encoding = marked
            break
    return mof_text(data.decode(encoding))


def mof_text(text: str) -> str:
    """
    Return a text with line feeds as the only ends of lines, without what may stand behind it, and
    without byte-order marks: there are some where files that had one each were put together.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\ufeff" in text:
        text = _MARK_OR_LITERAL.sub(lambda match: match[1] or " ", text)
    return text.rstrip(_END)


def locate(text: str, file: Optional[str], pos: int, length: int = 1) -> Place:
    """
    Return a place of a text, with the line, the lines before it, and a caret line below it.
    """
    pos = min(max(pos, 0), len(text))
    lineno = text.count("\n", 0, pos) + 1
    start = text.rfind("\n", 0, pos) + 1
    end = text.find("\n", pos)
    line = text[start : len(text) if end < 0 else end]
    column = pos - start
    before: List[str] = []
    line_start = start
    for _ in range(_LINES_BEFORE):
        if line_start == 0:
            break
        previous = text.rfind("\n", 0, line_start - 1) + 1
        before.insert(0, text[previous : line_start - 1][:_MAX_LINE])
        line_start = previous
    shown, caret = line, column
    if len(line) > _MAX_LINE:
        cut = max(0, column - _MAX_LINE // 2)
        shown, caret = line[cut : cut + _MAX_LINE], column - cut
    # Tabs are kept, so that the caret stands below the place.
    indent = "".join("\t" if char == "\t" else " " for char in shown[:caret].ljust(caret))
    carets = "^" * max(1, min(length, len(shown) - caret))
    return Place(file, lineno, column + 1, [*before, shown, indent + carets])
