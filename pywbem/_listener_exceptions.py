"""
The exceptions of :class:`~pywbem.WBEMListener`.

They are not derived from :exc:`pywbem.Error`, which is about operations.
"""

from __future__ import annotations

__all__ = [
    "ListenerCertificateError",
    "ListenerError",
    "ListenerPortError",
    "ListenerPromptError",
    "ListenerQueueFullError",
    "ListenerStartError",
]


class ListenerError(Exception):
    """
    Base class of the exceptions that :class:`~pywbem.WBEMListener` raises.

    Parameters:

      message (str): Error message; becomes ``args[0]``.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)


class ListenerStartError(ListenerError):
    """
    The listener could not be started, for example because its host name is
    not known.
    """


class ListenerPortError(ListenerStartError):
    """
    The port of the listener is in use.
    """


class ListenerCertificateError(ListenerError):
    """
    The certificate file or the key file for HTTPS cannot be used: it does not
    exist, may not be read, is malformed, does not match the other one, or the
    password of the key is wrong.
    """


class ListenerPromptError(ListenerError):
    """
    The prompt for the password of the key file was interrupted or ended.
    """


class ListenerQueueFullError(ListenerError):
    """
    The queue of indications is full.

    Kept for programs that name it: a full queue is told to the sender of the
    indication, not to the program.
    """
