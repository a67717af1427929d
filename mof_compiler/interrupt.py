"""
Ending ``mof_compiler`` by a signal, so that what it did can be undone.

An operation that was sent is carried out by the server, whether anybody waits for
the reply or not.  So a signal does not break off an operation: the command ends
after the declaration it works on, when it is known what has to be undone.  A second
signal breaks off what goes on then.
"""

from __future__ import annotations

import signal
import sys
import threading
from contextlib import suppress
from types import FrameType
from typing import Any, Dict, Optional

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupted(BaseException):
    """
    The command was ended by a signal.

    Parameters:
        number (int): Number of the signal.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        #: What a shell returns for a command that the signal ended.
        self.exit_code = 128 + number


class Interruption:
    """
    Takes the signals of the process while it is entered.
    """

    def __init__(self) -> None:
        self._before: Dict[int, Any] = {}
        self._deferred = False
        self._pending: Optional[int] = None
        #: How many signals there were.
        self.count = 0

    def __enter__(self) -> Interruption:
        # Other threads cannot take signals.
        if threading.current_thread() is threading.main_thread():
            for number in _SIGNALS:
                self._before[number] = signal.signal(number, self._received)
        return self

    def __exit__(self, *exc_info: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def defer(self) -> None:
        """
        From now on, a first signal waits for :meth:`check`.
        """
        self._deferred = True

    def check(self) -> None:
        """
        Raise what a signal asked for.

        Raises:
            Interrupted: There was a signal.
        """
        if self._pending is not None:
            number, self._pending = self._pending, None
            raise Interrupted(number)

    def _received(self, number: int, frame: Optional[FrameType]) -> None:
        self.count += 1
        if not self._deferred or self.count > 1:
            raise Interrupted(number)
        self._pending = number
        # A write to the same file that the signal came into cannot be entered again.
        with suppress(RuntimeError):
            print(
                "mof_compiler: interrupted, waiting for the operation in progress; "
                "once more breaks it off",
                file=sys.stderr,
                flush=True,
            )
