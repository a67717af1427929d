"""CIMDateTime and MinutesFromUTC."""

from __future__ import annotations

from typing import List

from tests.differential.sessions import Session, table

TEXTS = [
    "20240229120000.000000+060",
    "20240229120000.000000-720",
    "20240229120000.123456+000",
    "20240229120000.12345*+060",
    "20240229120000.1*****+060",
    "20240229120000.******+060",
    "2024022912****.******+060",
    "20240229******.******+060",
    "202402********.******+060",
    "2024**********.******+060",
    "**************.******+060",
    "20240229120000.*23456+060",
    "2024022912000*.******+060",
    "20240230120000.000000+060",
    "20230229120000.000000+060",
    "20241301000000.000000+060",
    "20240100000000.000000+060",
    "20240101240000.000000+060",
    "20240101006000.000000+060",
    "20240101000060.000000+060",
    "00000101000000.000000+000",
    "00010101000000.000000+000",
    "99991231235959.999999+000",
    "20240101000000.000000+999",
    "20240101000000.000000-999",
    "20240101000000.000000+0600",
    "20240101000000.000000 060",
    "20240101000000.000000",
    "20240101000000",
    "2024-01-01T00:00:00",
    "00000000000000.000000:000",
    "00000001020304.000005:000",
    "99999999235959.999999:000",
    "00000001250304.000005:000",
    "00000001026004.000005:000",
    "00000001020360.000005:000",
    "0000000102****.******:000",
    "000000010203**.******:000",
    "00000001020304.12****:000",
    "********020304.000005:000",
    "********235959.999999:000",
    "00000001020304.000005:001",
    "00000001020304.000005:0000",
    "-0000001020304.000005:000",
    "+0000001020304.000005:000",
    " 20240229120000.000000+060",
    "20240229120000.000000+060 ",
    "20240229120000.000000+060\n",
    "\u0662\u0660240229120000.000000+060",
    "",
    "abc",
]
ARGUMENTS = [
    "datetime(2024, 2, 29, 12)",
    "datetime(2024, 2, 29, 12, 1, 2, 3)",
    "datetime(2024, 2, 29, 12, tzinfo=MinutesFromUTC(-90))",
    "datetime(2024, 2, 29, 12, tzinfo=timezone.utc)",
    "datetime(2024, 2, 29, 12, tzinfo=timezone(timedelta(minutes=999)))",
    "datetime(2024, 2, 29, 12, tzinfo=timezone(timedelta(minutes=1000)))",
    "datetime(2024, 2, 29, 12, tzinfo=timezone(timedelta(seconds=90)))",
    "datetime(1, 1, 1)",
    "datetime.max",
    "timedelta(0)",
    "timedelta(days=5, hours=4, microseconds=3)",
    "timedelta(seconds=-1)",
    "timedelta(days=-5)",
    "timedelta(days=99999999)",
    "timedelta(days=100000000)",
    "timedelta.max",
    "date(2024, 1, 1)",
    "time(1, 2)",
    "b'20240229120000.000000+060'",
    "CIMDateTime('20240229120000.000000+060')",
    "CIMDateTime('2024022912****.******+060')",
    "CIMDateTime('00000001020304.000005:000')",
    "None",
    "5",
    "1.5",
    "True",
    "[]",
    "",
    "dtarg='20240229120000.000000+060'",
]
PARTS = ["minutes_from_utc", "datetime", "timedelta", "precision", "is_interval"]
PAIRS = [
    "20240229120000.000000+060",
    "20240229110000.000000+000",
    "20240229120000.000000+000",
    "20240229120000.12345*+060",
    "2024022912****.******+060",
    "00000001020304.000005:000",
    "00000001020304.******:000",
]
OTHERS = [
    "'20240229120000.000000+060'",
    "datetime(2024, 2, 29, 11, tzinfo=MinutesFromUTC(0))",
    "datetime(2024, 2, 29, 11)",
    "timedelta(1, 7384, 5)",
    "None",
    "5",
]
STATIC = [
    "CIMDateTime.cimtype",
    "CIMDateTime.get_local_utcoffset()",
    "CIMDateTime.fromtimestamp(0)",
    "CIMDateTime.fromtimestamp(1700000000.25)",
    "CIMDateTime.fromtimestamp(1700000000, MinutesFromUTC(120))",
    "CIMDateTime.fromtimestamp(1700000000, tzi=timezone.utc)",
    "CIMDateTime.fromtimestamp(-1)",
    "CIMDateTime.fromtimestamp(1e20)",
    "CIMDateTime.fromtimestamp('x')",
    "CIMDateTime.now().is_interval",
    "CIMDateTime.now(MinutesFromUTC(60)).minutes_from_utc",
    "type(CIMDateTime.now().datetime.tzinfo).__name__",
    "MinutesFromUTC(60).utcoffset(None)",
    "MinutesFromUTC(-60).utcoffset(None)",
    "MinutesFromUTC(60).dst(None)",
    "MinutesFromUTC(60).tzname(None)",
    "MinutesFromUTC(0) == MinutesFromUTC(0)",
    "MinutesFromUTC('a')",
    "MinutesFromUTC(None)",
    "MinutesFromUTC(1440)",
    "MinutesFromUTC(1440).utcoffset(None)",
    "MinutesFromUTC(offset=60).utcoffset(None)",
    "copy.copy(MinutesFromUTC(60)).utcoffset(None)",
    "pickle.loads(pickle.dumps(MinutesFromUTC(60))).utcoffset(None)",
    "pickle.loads(pickle.dumps(CIMDateTime('20240229120000.000000+060')))",
    "copy.deepcopy(CIMDateTime('00000001020304.000005:000'))",
    "MinutesFromUTC(60)",
    "setting(CIMDateTime('20240229120000.000000+060'), 'precision', 5)",
    "setting(CIMDateTime('20240229120000.000000+060'), 'minutes_from_utc', 5)",
    "setting(CIMDateTime('20240229120000.000000+060'), 'more', 5).more",
    "Sub('20240229120000.000000+060', 'x').more",
    "type(Sub('20240229120000.000000+060', 'x')).__name__",
    "copy.copy(Sub('20240229120000.000000+060', 'x')).more",
    "copy.deepcopy(Sub('20240229120000.000000+060', 'x')).more",
    "CIMDateTime(Sub('20240229120000.000000+060', 'x'))",
    "Sub('20240229120000.000000+060', 'x') == CIMDateTime('20240229120000.000000+060')",
    "isinstance(Sub.now('x'), Sub)",
    "isinstance(CIMDateTime.now(), CIMType)",
]
SETUP = """
from datetime import date, datetime, time, timedelta, timezone
class Sub(CIMDateTime):
    def __new__(cls, value, more=None):
        made = super().__new__(cls)
        return made
    def __init__(self, value, more=None):
        super().__init__(value)
        self.more = more
"""


def sessions() -> List[Session]:
    """Return the sessions of this subject."""
    made = [f"CIMDateTime({text!r})" for text in TEXTS] + [f"CIMDateTime({a})" for a in ARGUMENTS]
    return [
        table("datetime/new", made, SETUP),
        table("datetime/part", [f"{text}.{part}" for text in made for part in PARTS], SETUP),
        table(
            "datetime/compare",
            [
                f"alike(CIMDateTime({one!r}), {other})"
                for one in PAIRS
                for other in [*(f"CIMDateTime({text!r})" for text in PAIRS), *OTHERS]
            ],
            SETUP,
        ),
        table("datetime/class", STATIC, SETUP),
    ]
