"""
The CIM data type datetime: points in time and intervals (DSP0004 5.2.4).

Parsing the text form is in the hot path of the decoder.  Timestamps
(``yyyymmddhhmmss.mmmmmmsutc``) and intervals (``ddddddddhhmmss.mmmmmm:000``)
have their digits in the same places, so one pattern matches both, and their
fields are divided out of one integer.  A value with asterisks is noticed
because its digits do not convert.
"""

from __future__ import annotations

import re
import time
from datetime import datetime as PyDatetime
from datetime import timedelta as PyTimedelta
from datetime import tzinfo as PyTzinfo
from typing import Any, ClassVar, Dict, Optional, Tuple, Type, TypeVar, Union

from .base import CIMType, _CIMComparisonMixin

__all__ = ["CIMDateTime", "MinutesFromUTC"]

_SelfT = TypeVar("_SelfT", bound="CIMDateTime")

_ZERO = PyTimedelta(0)

# Text after the value is ignored: some servers pad the value with blanks.  An asterisk
# there is no precision.
_match = re.compile(r"([\d*]{14})\.([\d*]{6})(?:([+-]\d{3})|:000)[^*]*\Z").match

# Length without the UTC offset or ":000".
_LENGTH = 21

# The fields before the fraction, most significant first: name and length.
_TIMESTAMP_FIELDS = (
    ("year", 4),
    ("month", 2),
    ("day", 2),
    ("hour", 2),
    ("minute", 2),
    ("second", 2),
)
_INTERVAL_FIELDS = (("days", 8), ("hours", 2), ("minutes", 2), ("seconds", 2))


class MinutesFromUTC(PyTzinfo):
    """
    A fixed offset from UTC in minutes, as CIM datetime values have it.

    Use it to make :class:`datetime.datetime` objects aware of their time zone
    before passing them to :class:`~pywbem.CIMDateTime`, or to choose the offset
    in :meth:`CIMDateTime.now() <pywbem.CIMDateTime.now>` and
    :meth:`CIMDateTime.fromtimestamp() <pywbem.CIMDateTime.fromtimestamp>`.

    Objects are immutable; they are equal if their offsets are.

    Parameters:
        offset (int): Minutes from UTC, daylight saving time included; positive
            east of UTC.

    Raises:
        TypeError: The offset is not a number.
    """

    __slots__ = ("_offset", "_utcoffset")

    def __init__(self, offset: int) -> None:
        self._offset = offset
        self._utcoffset = PyTimedelta(minutes=offset)

    def utcoffset(self, dt: Optional[PyDatetime]) -> PyTimedelta:
        """
        Return the offset from UTC; it is the same for every ``dt``.

        Parameters:
            dt (:class:`datetime.datetime`): Any; it makes no difference.
        """
        return self._utcoffset

    def dst(self, dt: Optional[PyDatetime]) -> PyTimedelta:
        """
        Return an offset of 0: CIM datetime values do not tell daylight saving
        time from the time zone.

        Parameters:
            dt (:class:`datetime.datetime`): Any; it makes no difference.
        """
        return _ZERO

    def tzname(self, dt: Optional[PyDatetime]) -> str:
        """
        Return the offset as text, for example ``02:00`` or ``-05:00``.

        Parameters:
            dt (:class:`datetime.datetime`): Any; it makes no difference.
        """
        hours, minutes = divmod(abs(int(self._offset)), 60)
        return f"{'-' if self._offset < 0 else ''}{hours:02d}:{minutes:02d}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}(offset={self._offset})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, MinutesFromUTC):
            return NotImplemented
        return self._utcoffset == other._utcoffset

    def __hash__(self) -> int:
        return hash(self._utcoffset)

    def __reduce__(self) -> Tuple[Type[MinutesFromUTC], Tuple[int]]:
        return type(self), (self._offset,)


# The offsets that values had so far; there are at most 1999 of them.
_OFFSETS: Dict[str, MinutesFromUTC] = {}


def _from_offset(offset: str) -> MinutesFromUTC:
    """
    Return the time zone for a UTC offset in its text form, ``+120``.
    """
    zone = _OFFSETS[offset] = MinutesFromUTC(int(offset))
    return zone


class CIMDateTime(_CIMComparisonMixin, CIMType):
    """
    A value of the CIM data type datetime (DSP0004 5.2.4): a point in time with
    an offset from UTC, or an interval.

    Objects are immutable and hashable.  Two points in time are equal if they
    are the same moment, whatever their offsets; two intervals are equal if they
    have the same length; a point in time never equals an interval.  The
    precision is not compared.  There is no order: ``<`` and the like raise
    :exc:`TypeError`; compare the attributes :attr:`datetime` or
    :attr:`timedelta` instead.

    Parameters:
        dtarg (str, datetime.datetime, datetime.timedelta or CIMDateTime): The value.

            * A string has the format of DSP0004 5.2.4.  It may have asterisks for
              the digits from some field on to the end, or within the microseconds
              for their last digits: ``20180911124613.128***+000``.  In an interval
              the hours, minutes and seconds may exceed their range and are carried
              over: 25 hours are a day and an hour.
            * A :class:`datetime.datetime` is a point in time; without a time zone
              it is taken as UTC.
            * A :class:`datetime.timedelta` is an interval.
            * A :class:`CIMDateTime` is copied.

            Three kinds of value have no text form in DSP0004: negative intervals,
            those of more than 99999999 days, and points in time whose offset from
            UTC exceeds 999 minutes.  They are accepted; their text form has a
            minus sign or more digits, and few servers will understand it.

    Raises:
        ValueError: The string is not in the format, or a field of a point in
            time is out of range; years start at 0001.
        TypeError: The argument has another type.
    """

    __slots__ = ("_datetime", "_precision", "_timedelta")

    cimtype: ClassVar[str] = "datetime"

    _datetime: Optional[PyDatetime]
    _timedelta: Optional[PyTimedelta]
    _precision: Optional[int]

    def __init__(self, dtarg: Union[str, bytes, PyDatetime, PyTimedelta, CIMDateTime]) -> None:
        self._datetime = self._timedelta = self._precision = None
        if isinstance(dtarg, str):
            self._parse(dtarg)
        elif isinstance(dtarg, PyDatetime):
            if dtarg.tzinfo is None:
                dtarg = dtarg.replace(tzinfo=MinutesFromUTC(0))
            self._datetime = dtarg
        elif isinstance(dtarg, PyTimedelta):
            self._timedelta = dtarg
        elif isinstance(dtarg, CIMDateTime):
            self._datetime = dtarg._datetime
            self._timedelta = dtarg._timedelta
            self._precision = dtarg._precision
        elif isinstance(dtarg, bytes):
            self._parse(dtarg.decode("utf-8"))
        else:
            raise TypeError(
                f"dtarg argument {dtarg!a} has an invalid type: {type(dtarg)} "
                f"(expected datetime, timedelta, string, or CIMDateTime)"
            )

    def _parse(self, text: str) -> None:
        """
        Set the value from its text form.
        """
        match = _match(text)
        if match is None:
            raise ValueError(f"Invalid format of CIM datetime value: {text!a}")
        digits, fraction, offset = match.groups()
        try:
            number = int(digits)
            microsecond = int(fraction)
        except ValueError:
            is_interval = offset is None
            self._precision = _check_asterisks(text, is_interval)
            number, microsecond = _lowest_value(digits, fraction, is_interval)
        if offset is None:
            self._timedelta = PyTimedelta(
                number // 1000000,
                number % 100,
                microsecond,
                0,
                number // 100 % 100,
                number // 10000 % 100,
            )
            return
        zone = _OFFSETS.get(offset) or _from_offset(offset)
        try:
            self._datetime = PyDatetime(
                number // 10000000000,
                number // 100000000 % 100,
                number // 1000000 % 100,
                number // 10000 % 100,
                number // 100 % 100,
                number % 100,
                microsecond,
                zone,
            )
        except ValueError as exc:
            # Year 0000, which DSP0004 allows, may also stand for an unknown one.
            hint = "; years start at 0001" if number < 10000000000 else ""
            raise ValueError(
                f"Invalid datetime() input from CIM datetime timestamp value {text!a}: {exc}{hint}"
            ) from None

    @property
    def minutes_from_utc(self) -> int:
        """
        int: Offset of the point in time from UTC in minutes, positive east of
        UTC; 0 for an interval.
        """
        offset = self._datetime.utcoffset() if self._datetime is not None else None
        return int(offset.total_seconds() / 60) if offset is not None else 0

    @property
    def datetime(self) -> Optional[PyDatetime]:
        """
        :class:`datetime.datetime`: The point in time, with its time zone.
        ``None`` for an interval.
        """
        return self._datetime

    @property
    def timedelta(self) -> Optional[PyTimedelta]:
        """
        :class:`datetime.timedelta`: The interval.  ``None`` for a point in
        time.
        """
        return self._timedelta

    @property
    def precision(self) -> Optional[int]:
        """
        int: Index of the first asterisk in the text form, for example 12 for
        ``201809121230**.******+000``.  ``None`` if there is none.
        """
        return self._precision

    @property
    def is_interval(self) -> bool:
        """
        bool: ``True`` for an interval, ``False`` for a point in time.
        """
        return self._timedelta is not None

    @staticmethod
    def get_local_utcoffset() -> int:
        """
        Return the present offset of local time from UTC in minutes, positive
        east of UTC.
        """
        return int(time.localtime().tm_gmtoff / 60)

    @classmethod
    def now(cls: Type[_SelfT], tzi: Optional[PyTzinfo] = None) -> _SelfT:
        """
        Return the present date and time.

        Parameters:
            tzi (:class:`~pywbem.MinutesFromUTC` or another :class:`datetime.tzinfo`):
                Time zone of the result.  ``None`` means local time.
        """
        if tzi is None:
            tzi = MinutesFromUTC(cls.get_local_utcoffset())
        return cls(PyDatetime.now(tzi))

    @classmethod
    def fromtimestamp(cls: Type[_SelfT], ts: float, tzi: Optional[PyTzinfo] = None) -> _SelfT:
        """
        Return the point in time of a POSIX timestamp.

        Parameters:
            ts (int or float): Seconds since 1970-01-01 00:00:00 UTC.
            tzi (:class:`~pywbem.MinutesFromUTC` or another :class:`datetime.tzinfo`):
                Time zone of the result; it changes how the moment is written, not
                the moment.  ``None`` means the present offset of local time.

        Raises:
            ValueError, OverflowError, OSError: The timestamp is out of range.
        """
        if tzi is None:
            tzi = MinutesFromUTC(cls.get_local_utcoffset())
        return cls(PyDatetime.fromtimestamp(ts, tzi))

    def __str__(self) -> str:
        """
        Return the text form of DSP0004 5.2.4.
        """
        if self._timedelta is not None:
            seconds = self._timedelta.seconds
            text = (
                f"{self._timedelta.days:08d}{seconds // 3600:02d}{seconds // 60 % 60:02d}"
                f"{seconds % 60:02d}.{self._timedelta.microseconds:06d}"
            )
            suffix = ":000"
        else:
            assert self._datetime is not None
            dt = self._datetime
            # Two numbers are formatted faster than six.
            days = (dt.year * 100 + dt.month) * 100 + dt.day
            clock = (dt.hour * 100 + dt.minute) * 100 + dt.second
            text = f"{days:08d}{clock:06d}.{dt.microsecond:06d}"
            suffix = f"{self.minutes_from_utc:+04d}"
        if self._precision is not None:
            text = text[: self._precision] + "**************.******"[self._precision :]
        return text + suffix

    def __repr__(self) -> str:
        # The parenthesis in the middle is what programs have always seen.
        return (
            f"{type(self).__name__}(cimtype={self.cimtype!r}, datetime={self._datetime!r}, "
            f"timedelta={self._timedelta!r}, precision={self._precision!r}), "
            f"minutes_from_utc={self.minutes_from_utc!r})"
        )

    def __eq__(self, other: object) -> bool:
        """
        Return whether the other object is the same point in time or interval;
        ``False`` if it is no :class:`CIMDateTime`.
        """
        if not isinstance(other, CIMDateTime):
            return False
        return self._datetime == other._datetime and self._timedelta == other._timedelta

    def __hash__(self) -> int:
        """
        Return a hash value of the point in time or the interval.
        """
        return hash((self._datetime, self._timedelta))

    def __reduce_ex__(self, protocol: Any) -> Any:
        # The older protocols know no slots, and would lose the attributes of subclasses.
        return super().__reduce_ex__(max(protocol, 2))

    def __setstate__(self, state: Any) -> None:
        if isinstance(state, str):  # of pywbem 1.9
            CIMDateTime.__init__(self, state)
        else:
            super().__setstate__(state)


def _check_asterisks(text: str, is_interval: bool) -> int:
    """
    Return the index of the first asterisk in the text form, if the asterisks
    are where they may be.

    DSP0004 5.2.4: they start at the begin of a field, or anywhere in the
    microseconds, and all less significant digits are asterisks, too.
    """
    kind = "interval" if is_interval else "timestamp"
    first = text.index("*")
    last = text.rindex("*")
    if text[first:last].replace(".", "").strip("*"):
        raise ValueError(f"Asterisks in CIM datetime {kind} value are not consecutive: {text!a}")
    if last != _LENGTH - 1:
        raise ValueError(
            f"Asterisks in CIM datetime {kind} value do not include least significant field: "
            f"{text!a}"
        )
    start = 0
    for name, length in _INTERVAL_FIELDS if is_interval else _TIMESTAMP_FIELDS:
        if start < first < start + length:
            raise ValueError(
                f"Asterisks in {name} field of CIM datetime value {text!a} do not start at "
                f"begin of field: {text[start : start + length]!a}"
            )
        start += length
    return first


def _lowest_value(digits: str, fraction: str, is_interval: bool) -> Tuple[int, int]:
    """
    Return the digits before and after the dot of a value with asterisks, as
    integers, with unknown fields at their lowest value.
    """
    if not is_interval and "*" in digits[4:8]:
        # Month and day count from 1.  An unknown year becomes 0, which is rejected.
        digits = digits[:4] + digits[4:8].replace("**", "01") + digits[8:]
    return int(digits.replace("*", "0")), int(fraction.replace("*", "0"))
