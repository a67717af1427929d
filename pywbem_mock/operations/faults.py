"""
Faults on request: what a WBEM server does on a bad day, for tests of how clients cope.
"""

from __future__ import annotations

import http.client
import random
import re
import threading
import time
from fnmatch import fnmatchcase
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Union

from pywbem import _cim_constants
from pywbem._cim_xml.records import Call, ExtrinsicCall, Response
from pywbem._exceptions import AuthError, CIMError, ConnectionError, Error, HTTPError

from .calls import INVOKE_METHOD, subject_of

__all__ = ["Broken", "Fault", "Faults", "parse_fault"]

#: CIM status codes by their names without the prefix.
STATUS_CODES: Dict[str, int] = {
    name[len("CIM_ERR_") :]: value
    for name, value in vars(_cim_constants).items()
    if name.startswith("CIM_ERR_")
}

_DROPPED = "The WBEM server closed the connection without an answer"
_TRUNCATED = "The WBEM server closed the connection within the body of its answer"


class Broken(Exception):
    """
    An answer does not reach its client as it should.

    Parameters:
        error (Error): What a client raises.
        status (int): HTTP status that is answered, or None.
        response (Response): What is answered and cut off, or None.
    """

    def __init__(
        self, error: Error, status: Optional[int] = None, response: Optional[Response] = None
    ) -> None:
        super().__init__(str(error))
        self.error = error
        self.status = status
        self.response = response


class _What(NamedTuple):
    """
    What happens: see the parameters of :meth:`Faults.inject`.
    """

    status: Optional[int]
    delay: Optional[float]
    drop: bool
    http: Optional[int]
    truncate: bool

    def check(self) -> None:
        """
        Raises:
            ValueError: Nothing happens, or two things that exclude each other.
        """
        given = [name for name, value in self._asdict().items() if value not in (None, False)]
        if not given:
            raise ValueError("A fault needs one of status, delay, drop, http and truncate")
        ends = [name for name in given if name != "delay"]
        if len(ends) > 1:
            raise ValueError(f"A fault cannot have both {ends[0]} and {ends[1]}")

    def __str__(self) -> str:
        items = [
            name if value is True else f"{name}={value}"
            for name, value in self._asdict().items()
            if value not in (None, False)
        ]
        return " ".join(items)


class Fault:
    """
    A fault that is in force until it is ended, by :meth:`end` or as a context manager.
    ``FakedWBEMConnection.inject()`` makes it.

    Parameters:
        what: What happens to a request.
        classname (str): The class that a request must name, or None.
        operation (str): The operation that a request must be, or None.
        rate (float): The share of the requests that meet it.
        times (int): How many requests meet it, or None.
        end (callable): Takes it out of force.
    """

    def __init__(
        self,
        what: _What,
        classname: Optional[str],
        operation: Optional[str],
        rate: float,
        times: Optional[int],
        end: Callable[[Fault], None],
    ) -> None:
        self._what = what
        self._classname = classname
        self._operation = operation
        self._rate = rate
        self._times = times
        self._end = end
        self._lock = threading.Lock()
        self._count = 0

    @property
    def count(self) -> int:
        """
        int: How many requests it has met.
        """
        return self._count

    def end(self) -> None:
        """
        End the fault; without effect if it is over.
        """
        self._end(self)

    def __enter__(self) -> Fault:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.end()

    def __repr__(self) -> str:
        where = "".join(
            f"{name}={value} "
            for name, value in (("class", self._classname), ("operation", self._operation))
            if value is not None
        )
        return f"Fault({where}{self._what}, count={self._count})"

    def _meets(self, call: Call) -> bool:
        """
        Whether the fault happens to a call; it is counted.
        """
        subject = subject_of(call)
        names = [subject.operation]
        if isinstance(call, ExtrinsicCall):
            names.append(INVOKE_METHOD)
        if not any(_matches(self._operation, name) for name in names):
            return False
        if not _matches(self._classname, subject.classname):
            return False
        # The generator of the module: a test that seeds it gets the same faults again.
        if self._rate < 1 and random.random() >= self._rate:
            return False
        with self._lock:
            if self._times is not None and self._count >= self._times:
                return False
            self._count += 1
        return True


def _matches(pattern: Optional[str], name: Optional[str]) -> bool:
    if pattern is None:
        return True
    return name is not None and fnmatchcase(name.lower(), pattern.lower())


class Faults:
    """
    The faults of a mock server.
    """

    def __init__(self) -> None:
        self._faults: List[Fault] = []

    def __bool__(self) -> bool:
        return bool(self._faults)

    def inject(
        self,
        classname: Optional[str] = None,
        operation: Optional[str] = None,
        status: Union[int, str, None] = None,
        delay: Optional[float] = None,
        drop: bool = False,
        http: Optional[int] = None,
        truncate: bool = False,
        rate: float = 1.0,
        times: Optional[int] = None,
    ) -> Fault:
        """
        Put a fault in force: see :meth:`FakedWBEMConnection.inject`.
        """
        what = _What(
            _status_code(status),
            _number("delay", delay, 0, None),
            _flag("drop", drop),
            _whole("http", http, 400, 599),
            _flag("truncate", truncate),
        )
        what.check()
        share = _number("rate", rate, 0, 1)
        if not share:
            raise ValueError(f"The rate of a fault must be above 0 and up to 1, not {rate!r}")
        fault = Fault(
            what,
            _pattern("classname", classname),
            _pattern("operation", operation),
            share,
            _whole("times", times, 1, None),
            self._ended,
        )
        # A new list: requests under way go through the old one.
        self._faults = [*self._faults, fault]
        return fault

    def _ended(self, fault: Fault) -> None:
        self._faults = [other for other in self._faults if other is not fault]

    def perform(self, call: Call, perform: Callable[[Call], Response]) -> Response:
        """
        Have a call performed, as far as the faults let it.

        Parameters:
            call (Call): The call record.
            perform (callable): Performs it.

        Returns:
            The response record.

        Raises:
            CIMError: A fault with a status.
            Broken: The client gets no response.
        """
        cut = False
        for fault in self._faults:
            if cut and fault._what.truncate:
                continue
            if not fault._meets(call):
                continue
            what = fault._what
            if what.delay:
                time.sleep(what.delay)
            if what.status is not None:
                raise CIMError(what.status, "Injected fault")
            if what.drop:
                raise Broken(ConnectionError(_DROPPED))
            if what.http is not None:
                raise Broken(_http_error(what.http), what.http)
            cut = cut or what.truncate
        response = perform(call)
        if cut:
            raise Broken(ConnectionError(_TRUNCATED), response=response)
        return response


def _http_error(status: int) -> Error:
    reason = http.client.responses.get(status, "")
    if status == 401:
        return AuthError(f"The WBEM server returned HTTP status 401 ({reason})")
    return HTTPError(status, reason)


# -- Arguments -----------------------------------------------------------------


def _status_code(status: Union[int, str, None]) -> Optional[int]:
    if isinstance(status, str):
        name = status.upper()
        if name.startswith("CIM_ERR_"):
            name = name[len("CIM_ERR_") :]
        if name not in STATUS_CODES:
            raise ValueError(
                f"Unknown status {status!r} of a fault; known are {', '.join(STATUS_CODES)} and "
                "numbers"
            )
        return STATUS_CODES[name]
    return _whole("status", status, 1, None)


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"The {name} of a fault must be True or False, not {value!r}")
    return value


def _number(name: str, value: Any, low: float, high: Optional[float]) -> Any:
    valid = isinstance(value, (int, float)) and not isinstance(value, bool)
    if value is None and name == "delay":
        return None
    if not valid or not low <= value <= (float("1e9") if high is None else high):
        wanted = f"a number from {low}" + ("" if high is None else f" to {high}")
        raise ValueError(f"The {name} of a fault must be {wanted}, not {value!r}")
    return value


def _whole(name: str, value: Any, low: int, high: Optional[int]) -> Optional[int]:
    if value is None:
        return None
    valid = isinstance(value, int) and not isinstance(value, bool)
    if not valid or value < low or (high is not None and value > high):
        wanted = f"a whole number from {low}" + ("" if high is None else f" to {high}")
        raise ValueError(f"The {name} of a fault must be {wanted}, not {value!r}")
    return int(value)


def _pattern(name: str, value: Any) -> Optional[str]:
    if value is not None and (not isinstance(value, str) or not value):
        raise ValueError(f"The {name} of a fault must be a name, not {value!r}")
    return value


# -- Text ----------------------------------------------------------------------

_FORM = (
    "'[class=NAME] [operation=NAME] [rate=P] [times=N] "
    "status=CODE | delay=SECONDS | drop | http=STATUS | truncate'"
)


def _float(text: str) -> float:
    if not re.fullmatch(r"\d*\.?\d+|\d+\.", text):
        raise ValueError(text)
    return float(text)


def _int(text: str) -> int:
    if not re.fullmatch("[0-9]{1,9}", text):
        raise ValueError(text)
    return int(text)


def _code(text: str) -> Union[int, str]:
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else text


# For each item: the argument of inject(), and what makes its value of the text.
_ITEMS: Dict[str, Any] = {
    "class": ("classname", str),
    "operation": ("operation", str),
    "status": ("status", _code),
    "delay": ("delay", _float),
    "http": ("http", _int),
    "rate": ("rate", _float),
    "times": ("times", _int),
}
_FLAGS = ("drop", "truncate")


def parse_fault(text: str) -> Dict[str, Any]:
    """
    Return the arguments of :meth:`Faults.inject` that a text says, such as
    ``class=CIM_Disk operation=GetInstance status=FAILED``.

    Parameters:
        text (str): The text.

    Raises:
        ValueError: It is wrong.
    """
    arguments: Dict[str, Any] = {}
    for item in text.split():
        name, equals, value = item.partition("=")
        if name in _FLAGS and not equals:
            argument: str = name
            converted: Any = True
        elif name in _ITEMS and value:
            argument, convert = _ITEMS[name]
            try:
                converted = convert(value)
            except ValueError:
                raise ValueError(f"{item!r} needs a number") from None
        else:
            raise ValueError(f"{item!r} is not understood; a fault is {_FORM}")
        if argument in arguments:
            raise ValueError(f"{name} is given twice")
        arguments[argument] = converted
    # Says what is wrong with the values.
    Faults().inject(**arguments)
    return arguments
