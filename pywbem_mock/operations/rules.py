"""
The rules by which a server performs operations: those of the released mock, or DSP0200.
"""

from __future__ import annotations

from typing import NamedTuple, Type

from ..providers.dispatcher import ProviderDispatcher
from ..providers.strict import StrictDispatcher
from .call_handler import CallHandler
from .main_provider import MainProvider
from .strict import StrictCallHandler, StrictMainProvider


class Rules(NamedTuple):
    """
    What performs the operations of a server.  The classes of a strict server are those of the
    lenient one with other answers to single questions.
    """

    dispatcher: Type[ProviderDispatcher]
    mainprovider: Type[MainProvider]
    handler: Type[CallHandler]


#: The rules of a server, by whether it is strict.
RULES = {
    False: Rules(ProviderDispatcher, MainProvider, CallHandler),
    True: Rules(StrictDispatcher, StrictMainProvider, StrictCallHandler),
}
