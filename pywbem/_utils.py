"""
Import path in use: functions on text.  This package does not use them.
"""

from __future__ import annotations

import string
from typing import Any, Optional

from ._observers.text import shown as _ascii2

__all__ = ["_ascii2", "_ensure_bytes", "_ensure_unicode", "_format", "_to_unicode"]


def _to_unicode(obj: bytes) -> str:
    """
    Return bytes in UTF-8 as text.
    """
    return obj.decode("utf-8")


def _ensure_unicode(obj: Any) -> Any:
    """
    Return bytes in UTF-8 as text, and anything else as it is.
    """
    return obj.decode("utf-8") if isinstance(obj, bytes) else obj


def _ensure_bytes(obj: Any) -> Any:
    """
    Return text as bytes in UTF-8, and anything else as it is.
    """
    return obj.encode("utf-8") if isinstance(obj, str) else obj


class _Formatter(string.Formatter):
    def convert_field(self, value: Any, conversion: Optional[str]) -> Any:
        if conversion == "A":
            return _ascii2(value)
        return super().convert_field(value, conversion)


def _format(format_str: str, *args: Any, **kwargs: Any) -> str:
    """
    Do what ``format_str.format()`` does, with the conversion ``!A`` beside: the
    representation in ASCII, in which byte strings have no prefix.
    """
    return _Formatter().vformat(format_str, args, kwargs)
