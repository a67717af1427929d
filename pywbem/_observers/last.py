"""
What a connection remembers of its last operation.
"""

from __future__ import annotations

from typing import NamedTuple, Optional, Tuple

from .._cim_xml.read.tree import parse
from .._cim_xml.write.dom import pretty, pretty_document
from .._exceptions import XMLParseError


class LastCall(NamedTuple):
    """
    The last operation of a connection; replaced as a whole, so that a thread
    never sees parts of two operations.
    """

    request: Optional[bytes] = None
    reply: Optional[Tuple[bytes, ...]] = None
    reply_len: int = 0
    server_time: Optional[float] = None
    operation_time: Optional[float] = None
    debug: bool = False


def without_declaration(message: bytes) -> bytes:
    """
    A message without the XML declaration, as last_raw_request and
    last_request_len take it.
    """
    if message.startswith(b"<?xml"):
        return message.partition(b"?>")[2].lstrip()
    return message


class LastOperation:
    """
    The properties of a connection that show its last operation.
    """

    _debug = False
    _last = LastCall()

    @property
    def debug(self) -> bool:
        """
        bool: Whether :attr:`last_request` and :attr:`last_reply` are kept.
        Can be set.
        """
        return self._debug

    @debug.setter
    def debug(self, debug: bool) -> None:
        self._debug = debug

    @property
    def last_request(self) -> Optional[str]:
        """
        str: The last CIM-XML request, indented for reading.  None if there was
        none, or if debug was off.
        """
        last = self._last
        if last.request is None or not last.debug:
            return None
        return pretty(without_declaration(last.request).decode("utf-8"), 2)

    @property
    def last_raw_request(self) -> Optional[str]:
        """
        str: The last CIM-XML request as it was sent, without the XML
        declaration.  None if there was none.
        """
        request = self._last.request
        return None if request is None else without_declaration(request).decode("utf-8")

    @property
    def last_reply(self) -> Optional[str]:
        """
        str: The last CIM-XML response, indented for reading.  None if there was
        none, if it was not well-formed, or if debug was off.
        """
        last = self._last
        if last.reply is None or not last.debug:
            return None
        reply = b"".join(last.reply)
        try:
            # It may have been refused, or not been read to its end.
            parse(reply, "CIM-XML response")
        except XMLParseError:
            return None
        return pretty_document(reply)

    @property
    def last_raw_reply(self) -> Optional[bytes]:
        """
        bytes: The last CIM-XML response as it was received.  None if there was
        none.  It stays in memory until the next operation.
        """
        reply = self._last.reply
        return None if reply is None else b"".join(reply)

    @property
    def last_request_len(self) -> int:
        """
        int: Size of the last CIM-XML request in bytes, without the XML
        declaration; 0 if there was none.
        """
        request = self._last.request
        return 0 if request is None else len(without_declaration(request))

    @property
    def last_reply_len(self) -> int:
        """
        int: Size of the last CIM-XML response in bytes; 0 if there was none.
        """
        return self._last.reply_len

    @property
    def last_operation_time(self) -> Optional[float]:
        """
        float: Time of the last operation in seconds.  None if there was none,
        or if statistics were disabled.
        """
        return self._last.operation_time

    @property
    def last_server_response_time(self) -> Optional[float]:
        """
        float: Time in seconds that the server says the last operation took it
        (header field WBEMServerResponseTime), or None.
        """
        return self._last.server_time
