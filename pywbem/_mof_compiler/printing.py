"""
Messages on the standard output.
"""

from __future__ import annotations

__all__ = ["_print_logger"]


def _print_logger(message: str) -> None:
    """
    Print a message, also where the terminal has no characters for all of it.
    """
    # Has the name that users see as the default of log_func.
    try:
        print(message)
    except UnicodeEncodeError:
        print(message.encode("ascii", "backslashreplace").decode("ascii"))
