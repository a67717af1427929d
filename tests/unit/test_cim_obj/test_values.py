"""cimvalue(): conversion of values to every CIM type, and what cannot be converted."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any

import pytest

from pywbem import (
    Char16,
    CIMClass,
    CIMClassName,
    CIMDateTime,
    CIMInstance,
    CIMInstanceName,
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
    cimvalue,
)

TIMESTAMP = "20200131235959.000000+060"
INTERVAL = "00000001000000.000000:000"
ALL_TYPES = [
    "boolean",
    "string",
    "char16",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "sint8",
    "sint16",
    "sint32",
    "sint64",
    "real32",
    "real64",
    "datetime",
    "reference",
]
NUMBERS = [
    ("uint8", Uint8),
    ("uint16", Uint16),
    ("uint32", Uint32),
    ("uint64", Uint64),
    ("sint8", Sint8),
    ("sint16", Sint16),
    ("sint32", Sint32),
    ("sint64", Sint64),
    ("real32", Real32),
    ("real64", Real64),
]


@pytest.mark.parametrize("type_", [*ALL_TYPES, None, "", "Uint8"])
def test_null(type_: Any) -> None:
    """NULL is NULL in every type; the type is not looked at."""
    assert cimvalue(None, type_) is None


@pytest.mark.parametrize("type_, cls", NUMBERS)
@pytest.mark.parametrize(
    "value, expected",
    [
        pytest.param(42, 42, id="int"),
        pytest.param(0, 0, id="zero"),
        pytest.param(True, 1, id="bool"),
        pytest.param("42", 42, id="string"),
        pytest.param(" 42 ", 42, id="string with blanks"),
        pytest.param(b"42", 42, id="bytes"),
        pytest.param(42.0, 42, id="float"),
        pytest.param(Sint64(42), 42, id="another integer type"),
        pytest.param(Real64(42), 42, id="a real type"),
        pytest.param(Char16("4"), 4, id="char16"),
    ],
)
def test_to_number(type_: str, cls: type, value: Any, expected: Any) -> None:
    """What int() and float() take becomes an object of exactly the class of the type."""
    result = cimvalue(value, type_)
    assert type(result) is cls
    assert result == expected


@pytest.mark.parametrize("type_, cls", NUMBERS)
def test_number_of_the_type_is_returned(type_: str, cls: Any) -> None:
    """A number that is of the type already is not converted again."""
    value = cls(7)
    assert cimvalue(value, type_) is value


@pytest.mark.parametrize("type_, cls", NUMBERS[:8])
def test_integer_range(type_: str, cls: Any) -> None:
    """The limits of an integer type are in it, the next numbers are not."""
    assert cimvalue(cls.minvalue, type_) == cls.minvalue
    assert cimvalue(cls.maxvalue, type_) == cls.maxvalue
    for value in (cls.minvalue - 1, cls.maxvalue + 1):
        with pytest.raises(ValueError, match="out of range"):
            cimvalue(value, type_)


@pytest.mark.parametrize(
    "value, type_, expected",
    [
        pytest.param(1.9, "uint8", Uint8(1), id="float is truncated"),
        pytest.param("1.5", "real32", Real32(1.5), id="real from string"),
        pytest.param("1e3", "real64", Real64(1000), id="real with exponent"),
        pytest.param("inf", "real64", Real64(math.inf), id="infinity"),
        pytest.param("abc", "string", "abc", id="string"),
        pytest.param("", "string", "", id="empty string"),
        pytest.param(b"\xe2\x82\xac", "string", "\u20ac", id="utf-8 bytes"),
        pytest.param(b"a", "char16", "a", id="char16 bytes"),
        pytest.param(5, "string", 5, id="number as string stays"),
        pytest.param(True, "boolean", True, id="true"),
        pytest.param(False, "boolean", False, id="false"),
        pytest.param("false", "boolean", True, id="non-empty string is true"),
        pytest.param("", "boolean", False, id="empty string is false"),
        pytest.param(0, "boolean", False, id="zero is false"),
        pytest.param(TIMESTAMP, "datetime", CIMDateTime(TIMESTAMP), id="timestamp"),
        pytest.param(INTERVAL, "datetime", CIMDateTime(timedelta(1)), id="interval"),
        pytest.param(INTERVAL.encode(), "datetime", CIMDateTime(INTERVAL), id="interval bytes"),
        pytest.param(timedelta(1), "datetime", CIMDateTime(INTERVAL), id="timedelta"),
        pytest.param(
            datetime(2020, 1, 31),
            "datetime",
            CIMDateTime("20200131000000.000000+000"),
            id="datetime",
        ),
        pytest.param(
            '/root/cimv2:C.k="v"',
            "reference",
            CIMInstanceName("C", {"k": "v"}, namespace="root/cimv2"),
            id="instance path as URI",
        ),
    ],
)
def test_conversion(value: Any, type_: str, expected: Any) -> None:
    """A value of another Python type becomes the object of the CIM type."""
    result = cimvalue(value, type_)
    assert result == expected
    assert type(result) is type(expected)


@pytest.mark.parametrize(
    "value, type_",
    [
        pytest.param("abc", "string", id="string"),
        pytest.param(Char16("a"), "char16", id="char16"),
        pytest.param(CIMDateTime(TIMESTAMP), "datetime", id="datetime"),
        pytest.param(CIMInstanceName("C"), "reference", id="instance path"),
        pytest.param(CIMClassName("C"), "reference", id="class path"),
        pytest.param(CIMInstance("C"), "string", id="embedded instance"),
        pytest.param(CIMClass("C"), "string", id="embedded class"),
    ],
)
def test_same_object(value: Any, type_: str) -> None:
    """What represents the type already is returned itself."""
    assert cimvalue(value, type_) is value


@pytest.mark.parametrize(
    "value, type_, expected",
    [
        pytest.param([], "uint8", [], id="empty"),
        pytest.param([None], "uint8", [None], id="null item"),
        pytest.param(["1", None, 2], "sint8", [Sint8(1), None, Sint8(2)], id="numbers"),
        pytest.param(["a", b"b", None], "string", ["a", "b", None], id="strings"),
        pytest.param([1, 0], "boolean", [True, False], id="booleans"),
        pytest.param([INTERVAL], "datetime", [CIMDateTime(INTERVAL)], id="datetimes"),
        pytest.param([[1]], "uint8", [[Uint8(1)]], id="nested"),
        pytest.param([], "no type", [], id="empty list of an unknown type"),
    ],
)
def test_list(value: Any, type_: str, expected: Any) -> None:
    """A list becomes a new list of converted items; items can be NULL."""
    result = cimvalue(value, type_)
    assert result == expected
    assert result is not value
    assert [type(item) for item in result] == [type(item) for item in expected]


@pytest.mark.parametrize(
    "value, expected",
    [
        pytest.param("a", "a", id="string"),
        pytest.param(b"a", "a", id="bytes"),
        pytest.param(True, True, id="boolean"),
        pytest.param(Uint8(1), Uint8(1), id="number"),
        pytest.param(timedelta(1), CIMDateTime(INTERVAL), id="timedelta"),
        pytest.param(
            [Uint8(1), 2], [Uint8(1), Uint8(2)], id="list is of the type of its first item"
        ),
        pytest.param(CIMInstanceName("C"), CIMInstanceName("C"), id="reference"),
    ],
)
def test_type_of_the_value(value: Any, expected: Any) -> None:
    """Without a type the value is of the type it has of itself."""
    result = cimvalue(value, None)
    assert result == expected
    assert type(result) is type(expected)


@pytest.mark.parametrize(
    "value, type_, exc_type, match",
    [
        pytest.param("abc", "uint8", ValueError, "abc", id="no integer"),
        pytest.param("1.5", "uint8", ValueError, "1.5", id="fraction as integer"),
        pytest.param("0x10", "uint8", ValueError, "0x10", id="hexadecimal"),
        pytest.param("", "sint64", ValueError, "int", id="empty as integer"),
        pytest.param(math.nan, "uint8", ValueError, "NaN", id="NaN as integer"),
        pytest.param(math.inf, "uint8", OverflowError, "infinity", id="infinity as integer"),
        pytest.param("abc", "real32", ValueError, "abc", id="no real"),
        pytest.param((1, 2), "uint8", TypeError, "tuple", id="tuple as integer"),
        pytest.param(CIMInstanceName("C"), "uint8", TypeError, "CIMInstanceName", id="path as int"),
        pytest.param(b"\xff", "string", UnicodeDecodeError, "utf-8", id="bytes not in UTF-8"),
        pytest.param("abc", "datetime", ValueError, "abc", id="no datetime"),
        pytest.param(5, "datetime", TypeError, "5", id="number as datetime"),
        pytest.param("C", "reference", ValueError, "URI", id="no URI"),
        pytest.param("/n:C", "reference", ValueError, "URI", id="class path as URI"),
        pytest.param(b'/n:C.k="v"', "reference", TypeError, "CIM reference", id="URI as bytes"),
        pytest.param(CIMInstance("C"), "reference", TypeError, "CIM reference", id="instance"),
        pytest.param(5, "reference", TypeError, "CIM reference", id="number as reference"),
        pytest.param(1, "Uint8", ValueError, "Uint8", id="type in wrong case"),
        pytest.param(1, "", ValueError, "Unknown CIM data type", id="empty type"),
        pytest.param([1], "uint128", ValueError, "uint128", id="list of an unknown type"),
        pytest.param("a", b"string", ValueError, "Unknown CIM data type", id="type as bytes"),
        pytest.param(5, None, TypeError, "5", id="int without type"),
        pytest.param(1.5, None, TypeError, "1.5", id="float without type"),
        pytest.param([], None, ValueError, "empty", id="empty list without type"),
        pytest.param([None], None, TypeError, "None", id="list of NULL without type"),
        pytest.param(CIMClassName("C"), None, TypeError, "CIMClassName", id="class path, no type"),
    ],
)
def test_error(value: Any, type_: Any, exc_type: type, match: str) -> None:
    """What cannot be converted raises the documented exception, which names it."""
    with pytest.raises(exc_type, match=match) as info:
        cimvalue(value, type_)
    assert info.type is exc_type


@pytest.mark.parametrize(
    "value, expected",
    [
        pytest.param(CIMInstanceName("C"), "reference", id="CIMInstanceName"),
        pytest.param(CIMInstance("C"), "string", id="CIMInstance"),
        pytest.param(CIMClass("C"), "string", id="CIMClass"),
        pytest.param([CIMClass("C")], "string", id="list of CIMClass"),
    ],
)
def test_cimtype_of_objects(value: Any, expected: str) -> None:
    """cimtype() knows the CIM objects that can be values."""
    assert cimtype(value) == expected
