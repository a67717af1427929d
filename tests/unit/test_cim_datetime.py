"""
Tests of the CIM data type datetime and of the time zones with a fixed offset.
"""

import copy
import pickle
import time
from datetime import date, datetime, timedelta, timezone, tzinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pywbem
from pywbem import CIMDateTime, CIMType, MinutesFromUTC


def moment(*fields, offset=0):
    """
    Return a point in time with an offset from UTC in minutes.
    """
    return datetime(*fields, tzinfo=timezone(timedelta(minutes=offset)))


def round_trips(value):
    """
    Yield copies of a value.
    """
    yield copy.copy(value)
    yield copy.deepcopy(value)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        yield pickle.loads(pickle.dumps(value, protocol))


class NoOffset(tzinfo):
    """
    A time zone that does not tell its offset.
    """

    def utcoffset(self, dt):
        return None

    dst = utcoffset

    def tzname(self, dt):
        return None


# Text form, point in time, offset, precision.
TIMESTAMPS = [
    ("20140924193040.654321+120", (2014, 9, 24, 19, 30, 40, 654321), 120, None),
    ("20140924193040.654321-120", (2014, 9, 24, 19, 30, 40, 654321), -120, None),
    ("20140924193040.000000+000", (2014, 9, 24, 19, 30, 40), 0, None),
    ("20160229235959.999999+999", (2016, 2, 29, 23, 59, 59, 999999), 999, None),
    ("20160229235959.999999-999", (2016, 2, 29, 23, 59, 59, 999999), -999, None),
    ("00010101000000.000000+720", (1, 1, 1), 720, None),
    ("99991231235959.999999-720", (9999, 12, 31, 23, 59, 59, 999999), -720, None),
    ("20140924193040.65432*+120", (2014, 9, 24, 19, 30, 40, 654320), 120, 20),
    ("20140924193040.6*****+120", (2014, 9, 24, 19, 30, 40, 600000), 120, 16),
    ("20140924193040.******+120", (2014, 9, 24, 19, 30, 40), 120, 15),
    ("201409241930**.******+120", (2014, 9, 24, 19, 30), 120, 12),
    ("2014092419****.******+120", (2014, 9, 24, 19), 120, 10),
    ("20140924******.******+120", (2014, 9, 24), 120, 8),
    ("201409********.******+120", (2014, 9, 1), 120, 6),
    ("2014**********.******+000", (2014, 1, 1), 0, 4),
]

# Text form, interval, precision.
INTERVALS = [
    (
        "12345678112233.654321:000",
        timedelta(days=12345678, hours=11, minutes=22, seconds=33, microseconds=654321),
        None,
    ),
    ("00000000000000.000000:000", timedelta(0), None),
    ("00000001000000.000001:000", timedelta(days=1, microseconds=1), None),
    (
        "99999999235959.999999:000",
        timedelta(days=99999999, hours=23, minutes=59, seconds=59, microseconds=999999),
        None,
    ),
    ("00000007112233.6543**:000", timedelta(7, 40953, 654300), 19),
    ("00000007112233.******:000", timedelta(7, 40953), 15),
    ("000000071122**.******:000", timedelta(7, 40920), 12),
    ("0000000711****.******:000", timedelta(7, 39600), 10),
    ("00000007******.******:000", timedelta(7), 8),
    ("**************.******:000", timedelta(0), 0),
]

TEXTS = [row[0] for row in TIMESTAMPS] + [row[0] for row in INTERVALS]


@pytest.mark.parametrize(("text", "fields", "offset", "precision"), TIMESTAMPS)
def test_timestamp(text, fields, offset, precision):
    obj = CIMDateTime(text)
    assert obj.datetime == moment(*fields, offset=offset)
    assert obj.datetime.utcoffset() == timedelta(minutes=offset)
    assert isinstance(obj.datetime.tzinfo, MinutesFromUTC)
    assert obj.timedelta is None
    assert obj.is_interval is False
    assert obj.minutes_from_utc == offset
    assert obj.precision == precision
    assert str(obj) == f"{obj}" == text


@pytest.mark.parametrize(("text", "interval", "precision"), INTERVALS)
def test_interval(text, interval, precision):
    obj = CIMDateTime(text)
    assert obj.datetime is None
    assert obj.timedelta == interval
    assert obj.is_interval is True
    assert obj.minutes_from_utc == 0
    assert obj.precision == precision
    assert str(obj) == f"{obj}" == text


@pytest.mark.parametrize(
    ("form", "text"),
    [
        pytest.param(
            b"20140924193040.654321+120", "20140924193040.654321+120", id="bytes-timestamp"
        ),
        pytest.param(
            b"00000007112233.6543**:000", "00000007112233.6543**:000", id="bytes-interval"
        ),
        pytest.param(
            pywbem.Char16("20140924193040.654321+120"), "20140924193040.654321+120", id="str-class"
        ),
        pytest.param("20140924193040.654321-000", "20140924193040.654321+000", id="minus-zero"),
        pytest.param("20140924193040.654321+120  \n", "20140924193040.654321+120", id="padded"),
        pytest.param("00000000236000.000000:000", "00000001000000.000000:000", id="carry-minutes"),
        pytest.param("00000000000099.000000:000", "00000000000139.000000:000", id="carry-seconds"),
        pytest.param(
            datetime(2014, 9, 24, 19, 30, 40, 654321), "20140924193040.654321+000", id="naive"
        ),
        pytest.param(
            moment(2014, 9, 24, 19, 30, 40, offset=330), "20140924193040.000000+330", id="aware"
        ),
        pytest.param(
            moment(2014, 9, 24, offset=-330), "20140924000000.000000-330", id="aware-west"
        ),
        pytest.param(
            datetime(2014, 9, 24, tzinfo=MinutesFromUTC(-60)),
            "20140924000000.000000-060",
            id="minutes-from-utc",
        ),
        pytest.param(
            datetime(2014, 9, 24, tzinfo=timezone(timedelta(seconds=90))),
            "20140924000000.000000+001",
            id="seconds-east",
        ),
        pytest.param(
            datetime(2014, 9, 24, tzinfo=timezone(timedelta(seconds=-90))),
            "20140924000000.000000-001",
            id="seconds-west",
        ),
        pytest.param(
            datetime(2014, 9, 24, tzinfo=NoOffset()), "20140924000000.000000+000", id="no-offset"
        ),
        pytest.param(timedelta(hours=25), "00000001010000.000000:000", id="timedelta"),
    ],
)
def test_forms(form, text):
    obj = CIMDateTime(dtarg=form)
    assert str(obj) == text
    assert obj.precision == (text.index("*") if "*" in text else None)


def test_time_zone_is_kept():
    zone = timezone(timedelta(hours=2))
    value = datetime(2014, 9, 24, tzinfo=zone)
    assert CIMDateTime(value).datetime is value
    assert CIMDateTime(datetime(2014, 9, 24)).datetime.tzinfo == MinutesFromUTC(0)


@pytest.mark.parametrize("text", TEXTS)
def test_copy_constructor(text):
    obj = CIMDateTime(text)
    other = CIMDateTime(obj)
    assert other is not obj
    assert other == obj
    assert str(other) == text
    assert other.precision == obj.precision


FORMAT = "Invalid format of CIM datetime value"
INPUT = "Invalid datetime"
LEAST = "do not include least significant field"
CONSECUTIVE = "are not consecutive"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", FORMAT),
        ("abc", FORMAT),
        ("not a date", FORMAT),
        ("2014-09-24T19:30:40", FORMAT),
        ("20140924193040.654321", FORMAT),
        ("20140924193040654321+120", FORMAT),
        (" 20140924193040.654321+120", FORMAT),
        ("20140924193040,654321+120", FORMAT),
        ("20140924193040.654321 120", FORMAT),
        ("20140924193040.654321*120", FORMAT),
        ("20140924193040.654321+12", FORMAT),
        ("20140924193040.654321+12*", FORMAT),
        ("20140924193040.654321+***", FORMAT),
        ("20140924193040.65432+120", FORMAT),
        ("2014092419304a.654321+120", FORMAT),
        ("20140924193040.654321+120*", FORMAT),
        ("12345678112233.654321:001", FORMAT),
        ("12345678112233.654321:***", FORMAT),
        ("1234567112233.654321:000", FORMAT),
        ("-1234567112233.654321:000", FORMAT),
        (b"x", FORMAT),
        ("20141324193040.654321+120", INPUT),
        ("20140024193040.654321+120", INPUT),
        ("20140931193040.654321+120", INPUT),
        ("20150229193040.654321+120", INPUT),
        ("20140924243040.654321+120", INPUT),
        ("20140924196040.654321+120", INPUT),
        ("20140924193060.654321+120", INPUT),
        ("00000924193040.654321+120", INPUT),
        ("**************.******+000", INPUT),
        ("********193040.654321+120", LEAST),
        ("20140924193040.*54321+120", LEAST),
        ("2014****193040.654321+120", LEAST),
        ("1234567*112233.654321:000", LEAST),
        ("12345678******.654321:000", LEAST),
        ("12345678112*33.******:000", CONSECUTIVE),
        ("20140924**3040.******+120", CONSECUTIVE),
        ("20140924193040.*5****+120", CONSECUTIVE),
        ("2014*9*4193040.654321+120", CONSECUTIVE),
        ("201***********.******+120", "in year field .* begin of field: '201[*]'"),
        ("20160*********.******+000", "in month field .* begin of field: '0[*]'"),
        ("2016023*******.******+000", "in day field .* begin of field: '3[*]'"),
        ("201602290*****.******+000", "in hour field .* begin of field: '0[*]'"),
        ("20160229024***.******+000", "in minute field .* begin of field: '4[*]'"),
        ("2016022902595*.******+000", "in second field .* begin of field: '5[*]'"),
        ("1*************.******:000", "in days field .* begin of field: '1[*]{7}'"),
        ("123456781*****.******:000", "in hours field .* begin of field: '1[*]'"),
        ("12345678112***.******:000", "in minutes field .* begin of field: '2[*]'"),
        ("1234567811223*.******:000", "in seconds field .* begin of field: '3[*]'"),
    ],
)
def test_invalid_text(text, message):
    with pytest.raises(ValueError, match=message) as caught:
        CIMDateTime(text)
    shown = text.decode() if isinstance(text, bytes) else text
    assert repr(shown) in str(caught.value)


@pytest.mark.parametrize(
    "form", [None, 5, 5.5, True, [], {}, date(2014, 1, 1), pywbem.Uint8(1), object()]
)
def test_invalid_type(form):
    with pytest.raises(TypeError, match="expected datetime, timedelta, string, or CIMDateTime"):
        CIMDateTime(form)


def test_invalid_utf8():
    with pytest.raises(UnicodeDecodeError):
        CIMDateTime(b"\xff")


@given(st.text(alphabet="0123456789*.:+-", max_size=30))
def test_any_text_gives_value_or_value_error(text):
    try:
        obj = CIMDateTime(text)
    except ValueError:
        return
    assert CIMDateTime(str(obj)) == obj


@given(
    st.datetimes(
        timezones=st.integers(-999, 999).map(lambda offset: timezone(timedelta(minutes=offset)))
    )
)
def test_point_in_time_survives_its_text(value):
    obj = CIMDateTime(str(CIMDateTime(value)))
    assert obj.datetime == value
    assert obj.datetime.utcoffset() == value.utcoffset()


@given(st.timedeltas(timedelta(0), timedelta(days=100000000) - timedelta.resolution))
def test_interval_survives_its_text(value):
    assert CIMDateTime(str(CIMDateTime(value))).timedelta == value


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        ("20140924193040.654321+120", "20140924193040.654321+120", True),
        ("20140924193040.654321+120", "20140924173040.654321+000", True),
        ("20140924193040.654321+120", "20140924193040.654321-120", False),
        ("20140924193040.654321+120", "20140924193040.654320+120", False),
        ("20140924193040.654320+120", "20140924193040.65432*+120", True),
        ("12345678112233.654321:000", "12345678112233.654321:000", True),
        ("12345678112233.654321:000", "12345678112233.654320:000", False),
        ("12345678112233.654320:000", "12345678112233.65432*:000", True),
        ("20140924193040.654321+120", "12345678112233.654321:000", False),
    ],
)
def test_equality(left, right, equal):
    left, right = CIMDateTime(left), CIMDateTime(right)
    assert (left == right) is (right == left) is equal
    assert (left != right) is (right != left) is not equal
    assert (hash(left) == hash(right)) is equal
    assert len({left, right}) == (1 if equal else 2)


@pytest.mark.parametrize(
    "other",
    [
        None,
        5,
        "20140924193040.654321+000",
        datetime(2014, 9, 24, 19, 30, 40, 654321),
        moment(2014, 9, 24, 19, 30, 40, 654321),
        timedelta(7),
    ],
)
@pytest.mark.parametrize("text", ["20140924193040.654321+000", "00000007000000.000000:000"])
def test_equality_with_others(text, other):
    obj = CIMDateTime(text)
    assert (obj == other) is (other == obj) is False
    assert (obj != other) is (other != obj) is True


@pytest.mark.parametrize(
    "compare",
    [
        pytest.param(lambda a, b: a < b, id="lt"),
        pytest.param(lambda a, b: a <= b, id="le"),
        pytest.param(lambda a, b: a > b, id="gt"),
        pytest.param(lambda a, b: a >= b, id="ge"),
    ],
)
@pytest.mark.parametrize(
    "other", [CIMDateTime(timedelta(1)), moment(2014, 9, 24), timedelta(1), 5, None]
)
def test_no_order(compare, other):
    obj = CIMDateTime("20140924193040.654321+120")
    with pytest.raises(TypeError, match="not supported between instances of"):
        compare(obj, other)
    with pytest.raises(TypeError, match="not supported between instances of"):
        compare(other, obj)


@pytest.mark.parametrize("text", TEXTS)
def test_round_trips(text):
    obj = CIMDateTime(text)
    for other in round_trips(obj):
        assert type(other) is CIMDateTime
        assert other == obj
        assert str(other) == text
        assert other.precision == obj.precision
        assert other.minutes_from_utc == obj.minutes_from_utc


def test_repr():
    assert repr(CIMDateTime("20140924193040.65****+120")) == (
        "CIMDateTime(cimtype='datetime', datetime=datetime.datetime(2014, 9, 24, 19, 30, 40, "
        "650000, tzinfo=MinutesFromUTC(offset=120)), timedelta=None, precision=17), "
        "minutes_from_utc=120)"
    )
    assert repr(CIMDateTime("00000007112233.000000:000")) == (
        "CIMDateTime(cimtype='datetime', datetime=None, timedelta=datetime.timedelta(days=7, "
        "seconds=40953), precision=None), minutes_from_utc=0)"
    )


@pytest.mark.parametrize(
    "name",
    ["datetime", "timedelta", "precision", "is_interval", "minutes_from_utc", "cimtype", "other"],
)
def test_immutable(name):
    with pytest.raises(AttributeError):
        setattr(CIMDateTime("20140924193040.654321+120"), name, 1)


def test_class():
    assert issubclass(CIMDateTime, CIMType)
    assert CIMDateTime.cimtype == "datetime"
    assert pywbem._cim_types.CIMDateTime is CIMDateTime


@pytest.fixture(params=["UTC0", "CET-1CEST", "NST3:30NDT", "UTC-14"])
def local_zone(request, monkeypatch):
    """
    Run the test in a local time zone.
    """
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def test_local_offset(local_zone):
    offset = datetime.now().astimezone().utcoffset() // timedelta(minutes=1)
    assert CIMDateTime.get_local_utcoffset() == offset
    assert CIMDateTime.now().minutes_from_utc == offset
    assert CIMDateTime.fromtimestamp(0).minutes_from_utc == offset
    assert CIMDateTime.fromtimestamp(0).datetime == moment(1970, 1, 1)


@pytest.mark.parametrize(
    ("zone", "offset"),
    [
        pytest.param(MinutesFromUTC(120), 120, id="east"),
        pytest.param(MinutesFromUTC(-300), -300, id="west"),
        pytest.param(timezone.utc, 0, id="python-zone"),
    ],
)
def test_now(zone, offset):
    before = datetime.now(timezone.utc)
    objects = [CIMDateTime.now(zone), CIMDateTime.now(tzi=zone)]
    after = datetime.now(timezone.utc)
    for obj in objects:
        assert before <= obj.datetime <= after
        assert obj.minutes_from_utc == offset
        assert obj.datetime.tzinfo is zone
        assert obj.precision is None


@pytest.mark.parametrize(
    ("timestamp", "zone", "text"),
    [
        (0, MinutesFromUTC(0), "19700101000000.000000+000"),
        (0, MinutesFromUTC(120), "19700101020000.000000+120"),
        (-1, MinutesFromUTC(-300), "19691231185959.000000-300"),
        (1411579840.654321, MinutesFromUTC(120), "20140924193040.654321+120"),
        (1411579840, timezone.utc, "20140924173040.000000+000"),
        (pywbem.Uint64(5), MinutesFromUTC(60), "19700101010005.000000+060"),
    ],
)
def test_fromtimestamp(timestamp, zone, text):
    assert str(CIMDateTime.fromtimestamp(timestamp, zone)) == text
    assert str(CIMDateTime.fromtimestamp(ts=timestamp, tzi=zone)) == text


@pytest.mark.parametrize(
    ("timestamp", "exc_type"),
    [
        pytest.param("5", TypeError, id="str"),
        pytest.param(None, TypeError, id="none"),
        pytest.param(float("nan"), ValueError, id="nan"),
        pytest.param(10**14, (ValueError, OverflowError), id="too-late"),
        pytest.param(-62135596801, (ValueError, OverflowError), id="too-early"),
    ],
)
def test_fromtimestamp_fails(timestamp, exc_type):
    with pytest.raises(exc_type):
        CIMDateTime.fromtimestamp(timestamp, MinutesFromUTC(0))


def test_class_methods_of_subclass():
    class Sub(CIMDateTime):
        pass

    assert type(Sub.now()) is Sub
    assert type(Sub.fromtimestamp(1)) is Sub
    assert Sub("20140924193040.654321+120") == CIMDateTime("20140924193040.654321+120")


@pytest.mark.parametrize(
    ("offset", "name"),
    [
        (0, "00:00"),
        (1, "00:01"),
        (120, "02:00"),
        (-120, "-02:00"),
        (-330, "-05:30"),
        (999, "16:39"),
        (1439, "23:59"),
        (-1439, "-23:59"),
    ],
)
def test_minutes_from_utc(offset, name):
    zone = MinutesFromUTC(offset)
    value = datetime(2014, 9, 24, 1, 2, 3, tzinfo=zone)
    for dt in (None, value):
        assert zone.utcoffset(dt) == timedelta(minutes=offset)
        assert zone.dst(dt) == timedelta(0)
        assert zone.tzname(dt) == name
    assert value.tzname() == name
    assert value == moment(2014, 9, 24, 1, 2, 3, offset=offset)
    assert moment(2014, 9, 24, 12).astimezone(zone) == moment(2014, 9, 24, 12)
    assert moment(2014, 9, 24, 12).astimezone(zone).tzinfo is zone
    assert repr(zone) == str(zone) == f"MinutesFromUTC(offset={offset})"
    for other in round_trips(zone):
        assert type(other) is MinutesFromUTC
        assert other == zone
        assert other.utcoffset(None) == timedelta(minutes=offset)
    for other in round_trips(value):
        assert other == value
        assert other.tzinfo == zone


def test_minutes_from_utc_equality():
    assert MinutesFromUTC(offset=60) == MinutesFromUTC(60)
    assert MinutesFromUTC(60) != MinutesFromUTC(61)
    assert MinutesFromUTC(60) != 60
    assert len({MinutesFromUTC(60), MinutesFromUTC(60), MinutesFromUTC(61)}) == 2


@pytest.mark.parametrize("offset", ["5", None, []])
def test_minutes_from_utc_fails(offset):
    with pytest.raises(TypeError):
        MinutesFromUTC(offset)


def test_minutes_from_utc_has_no_other_attributes():
    with pytest.raises(AttributeError):
        MinutesFromUTC(60).other = 1


class Attributes(CIMDateTime):
    def __init__(self, value, more):
        super().__init__(value)
        self.more = more


class Slots(CIMDateTime):
    __slots__ = ("__private", "more", "unset")

    @property
    def private(self):
        return self.__private

    @private.setter
    def private(self, value):
        self.__private = value


class Both(Slots):
    pass


@pytest.mark.parametrize("text", ["20180911124613.12****+120", "00000004121314.567890:000"])
def test_copies_of_subclasses_keep_their_attributes(text):
    original = Attributes(text, ["a"])
    for value in round_trips(original):
        assert type(value) is Attributes
        assert (value, value.more, str(value)) == (original, ["a"], text)
    original = Both(text)
    original.more, original.private, original.other = 1, 2, 3
    for value in round_trips(original):
        assert (value.more, value.private, value.other) == (1, 2, 3)
        assert not hasattr(value, "unset")
        assert str(value) == text


@pytest.mark.parametrize(
    "text, carried",
    [
        ("00000001250000.000000:000", "00000002010000.000000:000"),
        ("00000001006000.000000:000", "00000001010000.000000:000"),
        ("00000000000099.000000:000", "00000000000139.000000:000"),
        ("99999999240000.000000:000", "100000000000000.000000:000"),
    ],
)
def test_fields_of_intervals_are_carried_over(text, carried):
    assert str(CIMDateTime(text)) == carried


@pytest.mark.parametrize(
    "value, text",
    [
        (timedelta(days=-5), "-0000005000000.000000:000"),
        (timedelta(seconds=-1), "-0000001235959.000000:000"),
        (timedelta(days=100000000), "100000000000000.000000:000"),
        (
            datetime(2018, 9, 11, tzinfo=timezone(timedelta(minutes=-1000))),
            "20180911000000.000000-1000",
        ),
    ],
)
def test_values_that_have_no_text_form(value, text):
    """They are accepted, and show that they are out of range."""
    made = CIMDateTime(value)
    assert str(made) == text
    assert all(copied == made for copied in round_trips(made))


@pytest.mark.parametrize("text", ["00000101000000.000000+000", "**************.******+000"])
def test_year_that_is_zero_or_unknown(text):
    with pytest.raises(ValueError, match="years start at 0001"):
        CIMDateTime(text)
