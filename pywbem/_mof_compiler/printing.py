"""
Messages on the standard output.
"""

from __future__ import annotations

__all__ = ["print_message"]


def print_message(message: str) -> None:
    """
    Print a message, also where the terminal has no characters for all of it.
    """
    try:
        print(message)
    except UnicodeEncodeError:
        print(message.encode("ascii", "backslashreplace").decode("ascii"))
