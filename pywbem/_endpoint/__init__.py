"""
The server side of HTTP, which the indication listener and the served mock use.

``server`` listens and owns the connections, ``connection`` turns bytes into requests and
responses into bytes, both of which are in ``messages``; ``cim`` has the rules of CIM
messages in HTTP (DSP0200).  The client side is not imported here, nor is anything that
decides what a request means.
"""

from __future__ import annotations

from .connection import Limits
from .messages import Later, Request, Response
from .server import HTTPEndpoint

__all__ = ["HTTPEndpoint", "Later", "Limits", "Request", "Response"]
