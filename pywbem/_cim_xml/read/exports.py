"""
Export requests (DSP0200 5.4): a sender of indications sends many that differ in the
message ID and in the indication only.  What is around these two is kept once it was
decoded, and is not decoded again where it comes again, byte for byte.
"""

from __future__ import annotations

import re
from typing import Dict, Optional, Tuple

from ..records import Call, ExportCall
from . import properties
from .requests import decode_request
from .tree import DecodeError, is_plain, parse_plain
from .values import reading

# What is before the ID of a message, and the ID: no comment can hide in there.
_START = re.compile(
    rb"""((?:<\?xml[^<>]*\?>)?[^<>]*<CIM\s[^<>]*>[^<>]*<MESSAGE\s+ID\s*=\s*["'])([\w.:-]+)["']"""
)
_INSTANCE, _INSTANCE_END = b"<INSTANCE ", b"</INSTANCE>"
# Frames that are kept, and the largest request in which one is looked for.
_MAX_FRAMES = 100
_MAX_SIZE = 0x10000

_Frame = Tuple[bytes, bytes, bytes]
# The names of method and parameter.
_frames: Dict[_Frame, Tuple[str, str]] = {}


def decode_export_request(data: bytes) -> Tuple[Call, str]:
    """
    The call record and the message ID of a request message that is at hand; exceptions
    are those of :class:`~pywbem._cim_xml.read.requests.RequestDecoder`.

    Parameters:
        data (bytes): The message.

    Returns:
        tuple: Call record and message ID.
    """
    start = _START.match(data) if len(data) <= _MAX_SIZE else None
    if start is None:
        return decode_request(data)
    begin = data.find(_INSTANCE, start.end())
    end = data.rfind(_INSTANCE_END) + len(_INSTANCE_END)
    frame = start[1], data[start.end(2) : begin], data[end:]
    message_id = start[2].decode("ascii")
    names = _frames.get(frame)
    if names is not None:
        call = _known(names, data[begin:end])
        if call is not None:
            return call, message_id
    decoded = decode_request(data)
    if names is None and decoded[1] == message_id:
        _learn(frame, decoded[0], data[begin:end])
    return decoded


def _known(names: Tuple[str, str], instance: bytes) -> Optional[ExportCall]:
    """
    The call in a frame that is known; None if something is wrong with its instance.
    """
    el = parse_plain(instance)
    if el is None or el.tag != "INSTANCE":
        return None
    reading.request = True
    try:
        return ExportCall(names[0], [(names[1], properties.instance(el))])
    except DecodeError:
        return None
    finally:
        reading.request = False


def _learn(frame: _Frame, call: Call, instance: bytes) -> None:
    """
    Keep a frame if it has one indication, and nothing that hides a tag or is no UTF-8.
    """
    before, between, after = frame
    if not isinstance(call, ExportCall) or len(call.params) != 1 or not is_plain(before):
        return
    if call.correlators:
        return  # They may differ from one to the next.
    if any(mark in part for part in (between, after) for mark in (b"<!", b"<?")):
        return
    if len(_frames) >= _MAX_FRAMES:
        _frames.clear()
    name, _ = call.params[0]
    known = _known((call.name, name), instance)
    if known is not None and known == call:
        _frames[frame] = call.name, name
