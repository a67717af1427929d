"""
Requests as they come: a client sends many that differ in the message ID and in the
parameters only, a sender of indications many that differ in the message ID and in the
indication.  What is around these is kept once it was decoded, and is not decoded again
where it comes again, byte for byte.
"""

from __future__ import annotations

import re
from typing import Dict, Optional, Tuple

from ... import config
from ..records import Call, ExportCall, IntrinsicCall
from . import properties
from .element import no_text
from .requests import decode_request, input_params, input_value
from .tree import DecodeError, is_plain, parse_plain
from .values import reading

# What is before the ID of a message that ends with a quotation mark: no comment can hide in
# there.  And an ID that says the same in a document as it does in words.
_BEFORE = re.compile(rb"""(?:<\?xml[^<>]*\?>)?[^<>]*<CIM\s[^<>]*>[^<>]*<MESSAGE ID=\"""").fullmatch
_ID = re.compile(rb"[\w.:-]+").fullmatch
_MESSAGE = b'<MESSAGE ID="'
_PARAM, _PARAM_END = b"<IPARAMVALUE ", b"</IPARAMVALUE>"
_INSTANCE, _INSTANCE_END = b"<INSTANCE ", b"</INSTANCE>"
# How many elements are around an element IMETHODCALL, and around the value of a parameter.
_AROUND_CALL = 3
_AROUND_VALUE = 5
# Frames that are kept, their size, and the largest request in which one is looked for.
_MAX_FRAMES = 500
_MAX_FRAME_SIZE = 2048
_MAX_SIZE = 0x10000

_Frame = Tuple[bytes, bytes, bytes]
# The call in a frame, with nothing of what differs.  The frame of one parameter ends where its
# value begins, that of several where the first of them does.
_frames: Dict[_Frame, Call] = {}


def decode_framed_request(data: bytes) -> Tuple[Call, str]:
    """
    The call record and the message ID of a request message that is at hand; exceptions
    are those of :class:`~pywbem._cim_xml.read.requests.RequestDecoder`.

    Parameters:
        data (bytes): The message.

    Returns:
        tuple: Call record and message ID.
    """
    size = len(data)
    at = data.find(_MESSAGE) if size <= _MAX_SIZE and size <= config.MAX_MESSAGE_SIZE else -1
    id_start = at + len(_MESSAGE)
    id_end = data.find(b'"', id_start)
    message_id = data[id_start:id_end]
    if at < 0 or _ID(message_id) is None:
        return decode_request(data)
    begin = data.find(_PARAM, id_end)
    if begin < 0:
        begin = data.find(_INSTANCE, id_end)
        end = data.rfind(_INSTANCE_END) + len(_INSTANCE_END)
    else:
        end = data.rfind(_PARAM_END)
        if data.find(_PARAM, begin + 1) < 0:
            begin = data.find(b">", begin) + 1
        else:
            end += len(_PARAM_END)
    frame = data[:id_start], data[id_end:begin], data[end:]
    known = _frames.get(frame)
    if known is not None:
        call = _framed(known, data[begin:end])
        if call is not None:
            return call, message_id.decode("ascii")
    decoded = decode_request(data)
    if known is None and decoded[1] == message_id.decode("ascii"):
        _learn(frame, decoded[0], data[begin:end])
    return decoded


def _framed(known: Call, piece: bytes) -> Optional[Call]:
    """
    The call in a frame that is known; None if something is wrong with what is in the frame.
    """
    reading.request = True
    try:
        if not known.params:
            el = parse_plain(b"<IMETHODCALL>%b</IMETHODCALL>" % piece, _AROUND_CALL)
            if el is None or not isinstance(known, IntrinsicCall):
                return None
            no_text(el)
            return IntrinsicCall(known.name, known.namespace, input_params(el, el))
        # What a document may begin with may not be in one.
        el = None if piece.startswith(b"<?") else parse_plain(piece, _AROUND_VALUE)
        if el is None:
            return None
        if isinstance(known, IntrinsicCall):
            name = known.params[0][0]
            params = [(name, input_value(name, el, el))]
            return IntrinsicCall(known.name, known.namespace, params)
        if el.tag != "INSTANCE" or not isinstance(known, ExportCall):
            return None
        return ExportCall(known.name, [(known.params[0][0], properties.instance(el))])
    except DecodeError:
        return None
    finally:
        reading.request = False


def _learn(frame: _Frame, call: Call, piece: bytes) -> None:
    """
    Keep a frame if it has the parameters of an operation or one indication, and nothing that
    hides a tag or is no UTF-8.
    """
    before, between, after = frame
    if not piece or call.correlators:
        return  # These may differ from one to the next.
    if isinstance(call, IntrinsicCall) and not piece.startswith(_PARAM):
        known: Call = call._replace(params=[(name, None) for name, _ in call.params])
    elif isinstance(call, IntrinsicCall):
        known = call._replace(params=[])
    elif isinstance(call, ExportCall) and len(call.params) == 1:
        known = call._replace(params=[(call.params[0][0], None)])
    else:
        return
    if sum(map(len, frame)) > _MAX_FRAME_SIZE:
        return
    if _BEFORE(before) is None or not is_plain(before):
        return
    if any(mark in part for part in (between, after) for mark in (b"<!", b"<?")):
        return
    if len(_frames) >= _MAX_FRAMES:
        _frames.clear()
    if _framed(known, piece) == call:
        _frames[frame] = known
