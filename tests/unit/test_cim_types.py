"""
Tests of the CIM data types except datetime.
"""

import copy
import decimal
import math
import pickle
from datetime import date, datetime, timedelta

import pytest

import pywbem
from pywbem import (
    Char16,
    CIMDateTime,
    CIMFloat,
    CIMInt,
    CIMType,
    Real32,
    Real64,
    Sint8,
    Sint16,
    Sint32,
    Sint64,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    cimtype,
    config,
    type_from_name,
)
from pywbem._cim_types import atomic_to_cim_xml

# Class, CIM type name, lowest and highest value (DSP0004 5.2).
INTEGERS = [
    (Uint8, "uint8", 0, 255),
    (Sint8, "sint8", -128, 127),
    (Uint16, "uint16", 0, 65535),
    (Sint16, "sint16", -32768, 32767),
    (Uint32, "uint32", 0, 4294967295),
    (Sint32, "sint32", -2147483648, 2147483647),
    (Uint64, "uint64", 0, 18446744073709551615),
    (Sint64, "sint64", -9223372036854775808, 9223372036854775807),
]
INTEGER_CLASSES = [row[0] for row in INTEGERS]
REAL_CLASSES = [Real32, Real64]

each_integer = pytest.mark.parametrize("cls", INTEGER_CLASSES)
each_real = pytest.mark.parametrize("cls", REAL_CLASSES)


class Index:
    """
    An object that can stand for an integer.
    """

    def __index__(self):
        return 7

    __int__ = __index__


@pytest.fixture
def no_range(monkeypatch):
    """
    Switch the enforcement of integer ranges off.
    """
    monkeypatch.setattr(config, "ENFORCE_INTEGER_RANGE", False)


def round_trips(value):
    """
    Yield copies of a value.
    """
    yield copy.copy(value)
    yield copy.deepcopy(value)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        yield pickle.loads(pickle.dumps(value, protocol))


@pytest.mark.parametrize(("cls", "name", "minvalue", "maxvalue"), INTEGERS)
def test_integer_class(cls, name, minvalue, maxvalue):
    assert issubclass(cls, (CIMInt, CIMType, int))
    assert cls.cimtype == name
    assert cls.minvalue == minvalue
    assert cls.maxvalue == maxvalue


@pytest.mark.parametrize(("cls", "name", "minvalue", "maxvalue"), INTEGERS)
def test_integer_range(cls, name, minvalue, maxvalue):
    for value in (minvalue, maxvalue):
        assert cls(value) == value
        assert cls(str(value)) == value
    for value in (minvalue - 1, maxvalue + 1, 10**30):
        for form in (value, str(value)):
            with pytest.raises(ValueError) as caught:
                cls(form)
            assert str(caught.value) == (
                f"Integer value {value} is out of range for CIM datatype {name}"
            )


@pytest.mark.parametrize(
    ("args", "kwargs", "value"),
    [
        pytest.param((), {}, 0, id="nothing"),
        pytest.param((42,), {}, 42, id="int"),
        pytest.param((True,), {}, 1, id="bool"),
        pytest.param((1.9,), {}, 1, id="float-is-truncated"),
        pytest.param((-0.5,), {}, 0, id="float-towards-zero"),
        pytest.param((Uint64(5),), {}, 5, id="cim-int"),
        pytest.param((Real32(5.5),), {}, 5, id="cim-float"),
        pytest.param((decimal.Decimal("5.5"),), {}, 5, id="decimal"),
        pytest.param((Index(),), {}, 7, id="index"),
        pytest.param(("42",), {}, 42, id="str"),
        pytest.param((" 42\n",), {}, 42, id="str-with-white-space"),
        pytest.param(("+5",), {}, 5, id="str-with-sign"),
        pytest.param(("010",), {}, 10, id="str-with-leading-zero"),
        pytest.param((b"42",), {}, 42, id="bytes"),
        pytest.param(("2A", 16), {}, 42, id="base"),
        pytest.param(("2A",), {"base": 16}, 42, id="base-keyword"),
        pytest.param(("0x2A", 0), {}, 42, id="base-prefix-hex"),
        pytest.param(("0b11", 0), {}, 3, id="base-prefix-binary"),
        pytest.param((), {"x": 42}, 42, id="x"),
        pytest.param((), {"x": "42"}, 42, id="x-str"),
        pytest.param((), {"x": "2A", "base": 16}, 42, id="x-and-base"),
    ],
)
@each_integer
def test_integer_forms(cls, args, kwargs, value):
    obj = cls(*args, **kwargs)
    assert type(obj) is cls
    assert int(obj) == value


@pytest.mark.parametrize(
    ("args", "kwargs", "exc_type"),
    [
        pytest.param((None,), {}, TypeError, id="none"),
        pytest.param(([],), {}, TypeError, id="list"),
        pytest.param((1j,), {}, TypeError, id="complex"),
        pytest.param((100, 10), {}, TypeError, id="int-with-base"),
        pytest.param(("10", None), {}, TypeError, id="base-none"),
        pytest.param((1, 2, 3), {}, TypeError, id="three"),
        pytest.param((), {"base": 10}, TypeError, id="base-only"),
        pytest.param((), {"y": 1}, TypeError, id="unknown-keyword"),
        pytest.param((5,), {"x": 5}, TypeError, id="x-twice"),
        pytest.param((), {"x": None}, TypeError, id="x-none"),
        pytest.param(("",), {}, ValueError, id="empty"),
        pytest.param(("x",), {}, ValueError, id="text"),
        pytest.param(("1.5",), {}, ValueError, id="real-text"),
        pytest.param(("0x10",), {}, ValueError, id="hex-text"),
        pytest.param(("10", 37), {}, ValueError, id="base-37"),
        pytest.param((float("nan"),), {}, ValueError, id="nan"),
        pytest.param((float("inf"),), {}, OverflowError, id="infinity"),
    ],
)
@each_integer
def test_integer_forms_fail(cls, args, kwargs, exc_type):
    with pytest.raises(exc_type):
        cls(*args, **kwargs)


@each_integer
def test_integer_range_not_enforced(cls, no_range):
    for value in (cls.minvalue - 1, cls.maxvalue + 1):
        obj = cls(value)
        assert type(obj) is cls
        assert obj == value
    with pytest.raises(ValueError):
        cls("x")


def test_integer_range_is_read_at_call_time():
    # No fixture: the variable is set after the import and set back.
    config.ENFORCE_INTEGER_RANGE = False
    try:
        assert Uint8(300) == 300
    finally:
        config.ENFORCE_INTEGER_RANGE = True
    with pytest.raises(ValueError):
        Uint8(300)


@pytest.mark.parametrize(("cls", "name", "minvalue", "maxvalue"), INTEGERS)
def test_integer_text(cls, name, minvalue, maxvalue):
    obj = cls(42)
    assert str(obj) == "42"
    assert f"{obj}" == "42"
    assert f"{obj:>5}" == "   42"
    assert "%s %d" % (obj, obj) == "42 42"  # noqa: UP031
    assert repr(obj) == (
        f"{cls.__name__}(cimtype='{name}', minvalue={minvalue}, maxvalue={maxvalue}, 42)"
    )


@each_integer
def test_integer_behaves_like_int(cls):
    obj = cls(5)
    assert obj == 5 == cls(5)
    assert obj == 5.0 == Real64(5)
    assert obj == Uint64(5)
    assert obj != 6
    assert obj != "5"
    assert 4 < obj < 6
    assert hash(obj) == hash(5)
    assert len({obj, 5, Sint16(5)}) == 1
    assert ["x"] * obj == ["x"] * 5
    for result, value in [(obj + 1, 6), (1 + obj, 6), (obj * obj, 25), (-obj, -5), (obj // 2, 2)]:
        assert type(result) is int
        assert result == value
    assert obj * 1.5 == 7.5
    assert sum([obj, obj]) == 10


@each_integer
def test_integer_is_immutable(cls):
    for name in ("cimtype", "minvalue", "other"):
        with pytest.raises(AttributeError):
            setattr(cls(5), name, 1)


@each_integer
def test_integer_round_trips(cls):
    for value in (cls.minvalue, 5, cls.maxvalue):
        for other in round_trips(cls(value)):
            assert type(other) is cls
            assert other == value


def test_integer_built_without_check():
    # What the decoder does with a value whose range it has checked.
    obj = int.__new__(Uint8, 5)
    assert type(obj) is Uint8
    assert obj == Uint8(5)


def test_integer_base_class():
    assert CIMInt.cimtype is CIMInt.minvalue is CIMInt.maxvalue is None
    with pytest.raises(TypeError, match="subclasses"):
        CIMInt(5)


def test_integer_user_class():
    class Small(CIMInt):
        cimtype = "small"
        minvalue = 2
        maxvalue = 4

    assert repr(Small(3)) == "Small(cimtype='small', minvalue=2, maxvalue=4, 3)"
    with pytest.raises(ValueError, match="5 is out of range for CIM datatype small"):
        Small(5)


@pytest.mark.parametrize(
    ("args", "value"),
    [
        pytest.param((), 0.0, id="nothing"),
        pytest.param((1.5,), 1.5, id="float"),
        pytest.param((3,), 3.0, id="int"),
        pytest.param((Uint8(3),), 3.0, id="cim-int"),
        pytest.param((Real64(3.3),), 3.3, id="cim-float"),
        pytest.param(("1.5",), 1.5, id="str"),
        pytest.param((b"1.5",), 1.5, id="bytes"),
        pytest.param((" 1E2 ",), 100.0, id="exponent"),
        pytest.param(("inf",), float("inf"), id="infinity"),
        pytest.param((3.5e38,), 3.5e38, id="beyond-32-bits"),
        pytest.param((1 / 3,), 1 / 3, id="not-rounded"),
    ],
)
@each_real
def test_real_forms(cls, args, value):
    obj = cls(*args)
    assert type(obj) is cls
    assert isinstance(obj, (CIMFloat, CIMType, float))
    assert float(obj) == value


@each_real
def test_real_nan(cls):
    assert math.isnan(cls("NaN"))
    assert str(cls("nan")) == "nan"


@pytest.mark.parametrize(
    ("args", "kwargs", "exc_type"),
    [
        pytest.param((None,), {}, TypeError, id="none"),
        pytest.param(([],), {}, TypeError, id="list"),
        pytest.param((1, 2), {}, TypeError, id="two"),
        pytest.param(("x",), {}, ValueError, id="text"),
        pytest.param(("",), {}, ValueError, id="empty"),
        pytest.param((10**400,), {}, OverflowError, id="too-big"),
    ],
)
@each_real
def test_real_forms_fail(cls, args, kwargs, exc_type):
    with pytest.raises(exc_type):
        cls(*args, **kwargs)


@pytest.mark.parametrize(("cls", "name"), [(Real32, "real32"), (Real64, "real64")])
def test_real_behaves_like_float(cls, name):
    obj = cls(2.5)
    assert cls.cimtype == name
    assert str(obj) == f"{obj}" == "2.5"
    assert f"{obj:.2f}" == "2.50"
    assert str(cls(1e22)) == "1e+22"
    assert repr(obj) == f"{cls.__name__}(cimtype='{name}', 2.5)"
    assert obj == 2.5 == Real32(2.5)
    assert obj != "2.5"
    assert hash(obj) == hash(2.5)
    assert type(obj + 1) is float
    for other in round_trips(obj):
        assert type(other) is cls
        assert other == 2.5
    with pytest.raises(AttributeError):
        obj.other = 1


@pytest.mark.parametrize(
    ("args", "value"),
    [
        pytest.param((), "", id="nothing"),
        pytest.param(("a",), "a", id="str"),
        pytest.param(("\u20ac",), "\u20ac", id="non-ascii"),
        pytest.param((b"\xc3\xa4",), "\u00e4", id="utf-8"),
        pytest.param((Char16("q"),), "q", id="char16"),
        pytest.param((5,), "5", id="int"),
    ],
)
def test_char16_forms(args, value):
    obj = Char16(*args)
    assert type(obj) is Char16
    assert isinstance(obj, (CIMType, str))
    assert str(obj) == value


def test_char16_keyword():
    assert Char16(content="x") == "x"


def test_char16_invalid_utf8():
    with pytest.raises(UnicodeDecodeError):
        Char16(b"\xff")


def test_char16_behaves_like_str():
    obj = Char16("a")
    assert obj.cimtype == "char16"
    assert obj == "a" == Char16("a")
    assert obj != "b"
    assert hash(obj) == hash("a")
    assert repr(obj) == "'a'"
    assert type(str(obj)) is str
    assert type(obj + "b") is str
    for other in round_trips(obj):
        assert type(other) is Char16
        assert other == "a"
    with pytest.raises(AttributeError):
        obj.other = 1


@pytest.mark.parametrize(
    ("value", "name"),
    [
        pytest.param(True, "boolean", id="bool"),
        pytest.param("s", "string", id="str"),
        pytest.param("", "string", id="empty-str"),
        pytest.param(b"s", "string", id="bytes"),
        pytest.param(Char16("x"), "char16", id="char16"),
        *[pytest.param(row[0](1), row[1], id=row[1]) for row in INTEGERS],
        pytest.param(Real32(1), "real32", id="real32"),
        pytest.param(Real64(1), "real64", id="real64"),
        pytest.param(CIMDateTime(timedelta(1)), "datetime", id="datetime"),
        pytest.param(datetime(2020, 1, 1), "datetime", id="python-datetime"),
        pytest.param(timedelta(1), "datetime", id="python-timedelta"),
        pytest.param([Uint8(1)], "uint8", id="array"),
        pytest.param(["a", 5], "string", id="array-first-item"),
        pytest.param([timedelta(1)], "datetime", id="array-timedelta"),
        pytest.param(pywbem.CIMInstanceName("C"), "reference", id="instance-name"),
        pytest.param(pywbem.CIMInstance("C"), "string", id="instance"),
        pytest.param(pywbem.CIMClass("C"), "string", id="class"),
        pytest.param([pywbem.CIMInstanceName("C")], "reference", id="array-instance-name"),
    ],
)
def test_cimtype(value, name):
    assert cimtype(value) == name


@pytest.mark.parametrize(
    ("value", "exc_type"),
    [
        pytest.param(None, TypeError, id="none"),
        pytest.param(5, TypeError, id="int"),
        pytest.param(5.0, TypeError, id="float"),
        pytest.param(1j, TypeError, id="complex"),
        pytest.param((), TypeError, id="empty-tuple"),
        pytest.param(("a",), TypeError, id="tuple"),
        pytest.param({}, TypeError, id="dict"),
        pytest.param(date(2020, 1, 1), TypeError, id="date"),
        pytest.param(Uint8, TypeError, id="class"),
        pytest.param(pywbem.CIMClassName("C"), TypeError, id="class-name"),
        pytest.param(pywbem.CIMProperty("P", "x"), TypeError, id="property"),
        pytest.param(CIMType(), TypeError, id="base-class"),
        pytest.param(CIMFloat(5), TypeError, id="float-base-class"),
        pytest.param([None, "x"], TypeError, id="array-with-null-first"),
        pytest.param([5], TypeError, id="array-of-int"),
        pytest.param([], ValueError, id="empty-array"),
        pytest.param([[]], ValueError, id="nested-empty-array"),
    ],
)
def test_cimtype_fails(value, exc_type):
    with pytest.raises(exc_type) as caught:
        cimtype(value)
    if exc_type is TypeError and not isinstance(value, list):
        assert ascii(value) in str(caught.value)


@pytest.mark.parametrize(
    ("name", "cls"),
    [
        ("boolean", bool),
        ("string", str),
        ("char16", str),
        ("datetime", CIMDateTime),
        ("real32", Real32),
        ("real64", Real64),
        ("reference", pywbem.CIMInstanceName),
        *[(row[1], row[0]) for row in INTEGERS],
    ],
)
def test_type_from_name(name, cls):
    assert type_from_name(name) is cls


@pytest.mark.parametrize("name", ["", "UINT8", " uint8", "int", "instance", None, 5, b"uint8"])
def test_type_from_name_fails(name):
    with pytest.raises(ValueError, match="Unknown CIM data type name"):
        type_from_name(name)


@pytest.mark.parametrize("name", pywbem._cim_types.__all__)
def test_import_path(name):
    if not name.startswith("_"):
        assert getattr(pywbem._cim_types, name) is getattr(pywbem, name)


class NotedUint8(Uint8):
    """A class of a user, with attributes."""

    note: str


def test_subclass_with_attributes_is_pickled():
    value = NotedUint8(5)
    value.note = "n"
    for other in round_trips(value):
        assert (type(other), other, other.note) == (NotedUint8, 5, "n")


@pytest.mark.parametrize(
    "value, text",
    [
        (None, None),
        ("a<b", "a<b"),
        (b"\xc3\xa4", "\xe4"),
        (Char16("x"), "x"),
        (True, "TRUE"),
        (False, "FALSE"),
        (-5, "-5"),
        (Uint64(2**64 - 1), "18446744073709551615"),
        (0.1, "0.10000000000000001"),
        (Real32(0.1), "0.1"),
        (Real64(1e17), "1.0E+17"),
        (Real32("-inf"), "-INF"),
        (float("nan"), "NaN"),
        (datetime(2024, 2, 29), "20240229000000.000000+000"),
        (CIMDateTime(timedelta(1)), "00000001000000.000000:000"),
    ],
    ids=repr,
)
def test_atomic_to_cim_xml(value, text):
    assert atomic_to_cim_xml(value) == text


@pytest.mark.parametrize("value", [[1], timedelta(1), pywbem.CIMInstance("C"), object], ids=repr)
def test_atomic_to_cim_xml_of_something_else(value):
    with pytest.raises(TypeError):
        atomic_to_cim_xml(value)
