"""
A connection to a responder that answers what a test puts into it.
"""

from __future__ import annotations

from types import TracebackType
from typing import Optional, Type

import pywbem
from tests.responder import Reply, Request, Responder

NAMESPACE = "root/fuzz"

MESSAGE = (
    '<?xml version="1.0" encoding="utf-8" ?>\n'
    '<CIM CIMVERSION="2.0" DTDVERSION="2.0"><MESSAGE ID="1001" PROTOCOLVERSION="1.0">'
    '<SIMPLERSP><IMETHODRESPONSE NAME="{name}">{result}{parameters}</IMETHODRESPONSE>'
    "</SIMPLERSP></MESSAGE></CIM>"
)


def response(name: str, result: str, parameters: str = "") -> bytes:
    """Return the message with these children of IRETURNVALUE."""
    text = MESSAGE.format(
        name=name, result=f"<IRETURNVALUE>{result}</IRETURNVALUE>", parameters=parameters
    )
    return text.encode("utf-8")


class Loopback:
    """A connection whose next answers are `body`; a context manager."""

    def __init__(self) -> None:
        self.body = b""
        self.responder = Responder(self._answer)
        self.connection = pywbem.WBEMConnection(
            self.responder.url, default_namespace=NAMESPACE, timeout=20
        )

    def _answer(self, _: Request) -> Reply:
        return Reply(self.body)

    def __enter__(self) -> Loopback:
        return self

    def __exit__(
        self,
        exc_type: Optional[Type[BaseException]],
        exc: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self.connection.close()
        self.responder.close()
