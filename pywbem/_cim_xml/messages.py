"""
Call and response records to bytes and back (DSP0201 5.3.6, DSP0200 5).

A client needs :func:`encode_request` and :class:`ResponseDecoder`, a server
:class:`RequestDecoder` and :func:`encode_response`.  Decoders are pushed: they
are fed with bytes as these arrive, and know nothing of where they come from.
"""

from __future__ import annotations

from .read.frames import decode_framed_request
from .read.requests import RequestDecoder, decode_request
from .read.responses import ResponseDecoder, decode_response
from .write.messages import encode_request, encode_response

__all__ = [
    "RequestDecoder",
    "ResponseDecoder",
    "decode_framed_request",
    "decode_request",
    "decode_response",
    "encode_request",
    "encode_response",
]
