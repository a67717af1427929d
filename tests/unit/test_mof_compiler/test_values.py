"""
Values in MOF: what constants become in properties of each type (DSP0004 5.2, annex A).
"""

from __future__ import annotations

import math
from typing import Any

import pytest

import pywbem
from tests.unit.test_mof_compiler.repositories import (
    NAMESPACE,
    QUALIFIERS,
    THING,
    compiled,
    last_class,
    last_instance,
)

# id: (property, MOF, value)
VALUES = {
    "decimal": ("U8", "42", 42),
    "decimal, plus": ("U8", "+42", 42),
    "decimal, minus": ("S8", "-42", -42),
    "zero": ("U8", "0", 0),
    "minus zero": ("U8", "-0", 0),
    "binary": ("U8", "101b", 5),
    "binary, upper case": ("U8", "101B", 5),
    "binary, minus": ("S16", "-101b", -5),
    "octal": ("U8", "017", 15),
    "octal, minus": ("S8", "-017", -15),
    "octal zero": ("U8", "00", 0),
    "hexadecimal": ("U8", "0x1f", 31),
    "hexadecimal, upper case": ("U8", "0X1F", 31),
    "hexadecimal, minus": ("S8", "-0x1f", -31),
    "hexadecimal that ends like binary": ("U16", "0x1b", 27),
    "highest uint8": ("U8", "255", 255),
    "highest uint64": ("U64", "18446744073709551615", 2**64 - 1),
    "lowest sint64": ("S64", "-9223372036854775808", -(2**63)),
    "number in a string": ("U8", '"5"', 5),
    "boolean as a number": ("U8", "TRUE", 1),
    "whole real as a number": ("U8", "5.0", 5),
    "real": ("R32", "1.5", 1.5),
    "real without digits in front": ("R64", ".5", 0.5),
    "real with exponent": ("R64", "1.5e3", 1500.0),
    "real with signs": ("R64", "-1.5E-3", -0.0015),
    "real, an integer": ("R32", "3", 3.0),
    "real beyond the range": ("R64", "1.0e+999", math.inf),
    "real beyond the range, minus": ("R64", "-1.0e+999", -math.inf),
    "true": ("B", "TRUE", True),
    "true, lower case": ("B", "true", True),
    "false": ("B", "False", False),
    "boolean, a number": ("B", "1", True),
    "boolean in a string": ("B", '"false"', False),
    "string": ("S", '"text"', "text"),
    "empty string": ("S", '""', ""),
    "string, concatenated": ("S", '"a" "b"\n   "c"', "abc"),
    "string, comment between": ("S", '"a" /* x "y" */ "b" // "z"\n "c"', "abc"),
    "string with comment signs": ("S", '"/* a */ // b"', "/* a */ // b"),
    "string with escapes": ("S", r'"\b\t\n\f\r\"\'\\"', "\b\t\n\f\r\"'\\"),
    "string with hexadecimal escapes": ("S", r'"\x41\X42\x0043"', "ABC"),
    "string, escape of four digits at most": ("S", r'"\x000041"', "\x0041"),
    "string, escape of one digit": ("S", r'"\x1\xAG"', "\x01\nG"),
    "string with NUL": ("S", r'"\x0000"', "\0"),
    "string with a surrogate pair": ("S", r'"\xD83D\xDE00"', "\U0001f600"),
    "string beyond ASCII": ("S", '"\u00e4\u20ac\U0001f600"', "\u00e4\u20ac\U0001f600"),
    "string, a char16": ("S", "'a'", "a"),
    "string, a number": ("S", "5", "5"),
    "char16": ("C", "'a'", "a"),
    "char16, quote": ("C", r"'\''", "'"),
    "char16, double quote": ("C", "'\"'", '"'),
    "char16, escape": ("C", r"'\x20AC'", "\u20ac"),
    "char16, a string": ("C", '"a"', "a"),
    "char16, a number": ("C", "65", "A"),
    "timestamp": (
        "D",
        '"20240131123456.123456+060"',
        pywbem.CIMDateTime("20240131123456.123456+060"),
    ),
    "interval": (
        "D",
        '"00000001020304.5678**:000"',
        pywbem.CIMDateTime("00000001020304.5678**:000"),
    ),
    "null": ("S", "NULL", None),
    "null, lower case": ("U8", "null", None),
    "null array": ("SA", "NULL", None),
    "reference": (
        "Ref",
        r'"root/x:TST_Thing.Id=\"a\""',
        pywbem.CIMInstanceName("TST_Thing", {"Id": "a"}, namespace="root/x"),
    ),
    "array": ("U8A", "{1, 0x2, 11b}", [1, 2, 3]),
    "array, empty": ("U8A", "{}", []),
    "array with NULL": ("U8A", "{NULL, 1, null}", [None, 1, None]),
    "array of strings": ("SA", '{"a", "b" "c", "", "d\\n"}', ["a", "bc", "", "d\n"]),
    "array of strings with NULL": ("SA", '{"a", NULL}', ["a", None]),
    "array of strings with comments": ("SA", '{"a" /*,*/ "b", // "x",\n "c"}', ["ab", "c"]),
    "array of char16": ("CA", r"{'a', '\'', ','}", ["a", "'", ","]),
    "array of booleans": ("BA", "{TRUE, false, NULL}", [True, False, None]),
    "array of datetimes": (
        "DA",
        '{"00000001020304.567890:000"}',
        [pywbem.CIMDateTime("00000001020304.567890:000")],
    ),
    "array of a fixed size": ("Fixed", "{1, 2, 3}", [1, 2, 3]),
}


@pytest.mark.parametrize("name, mof, value", VALUES.values(), ids=VALUES.keys())
def test_value_of_an_instance(name: str, mof: str, value: Any) -> None:
    handle = compiled(QUALIFIERS, THING, f'instance of TST_Thing {{ Id = "i"; {name} = {mof}; }};')
    declared = handle.classes[NAMESPACE]["TST_Thing"].properties[name]
    prop = last_instance(handle).properties[name]
    assert prop.value == value
    assert prop.type == declared.type
    assert prop.is_array == declared.is_array
    assert prop.array_size == declared.array_size
    items = prop.value if isinstance(prop.value, list) else [prop.value]
    kind = pywbem.type_from_name(prop.type)
    assert all(item is None or isinstance(item, (kind, str, bool)) for item in items)


@pytest.mark.parametrize("name, mof, value", VALUES.values(), ids=VALUES.keys())
def test_default_value_of_a_class(name: str, mof: str, value: Any) -> None:
    handle = compiled(QUALIFIERS, THING)
    declared = handle.classes[NAMESPACE]["TST_Thing"].properties[name]
    handle = compiled(
        QUALIFIERS, THING, f"class TST_New {{ {declared.tomof(False).split(';')[0]} = {mof}; }};"
    )
    prop = last_class(handle).properties[name]
    assert prop.value == value
    assert prop.type == declared.type


@pytest.mark.parametrize("mof", ["nan", "NaN", "NAN"])
def test_not_a_number(mof: str) -> None:
    handle = compiled(
        QUALIFIERS,
        THING,
        f'instance of TST_Thing {{ Id = "i"; R64 = {mof}; R32A = {{ 1.0, {mof} }}; }};',
    )
    instance = last_instance(handle)
    assert math.isnan(instance["R64"])
    assert instance["R32A"][0] == 1.0
    assert math.isnan(instance["R32A"][1])


def test_nan_is_also_a_name() -> None:
    handle = compiled(QUALIFIERS, "class nan { [Key] uint8 nan; }; instance of nan { nan = 5; };")
    assert last_instance(handle)["nan"] == 5


# Names that are keywords, in all places where names stand.
KEYWORDS = "class instance of as ref qualifier pragma string uint8 any scope flavor nan".split()


@pytest.mark.parametrize("name", KEYWORDS)
def test_keyword_as_a_name(name: str) -> None:
    handle = compiled(
        "Qualifier Key : boolean, Scope(any);"
        f"Qualifier {name} : string = NULL, Scope(any);"
        f'[{name} ("q"), Key] class {name} {{'
        f"  [Key, {name}] string {name};"
        f"  [{name} : ToSubclass] uint8 f([Key, {name}] string {name}, uint8 {name}2);"
        "};"
        f"class TST_Sub : {name} {{ }};"
        f'instance of {name} {{ {name} = "v"; }};'
    )
    cls = handle.classes[NAMESPACE][name]
    assert cls.qualifiers[name].value == "q"
    assert list(cls.properties) == [name]
    assert list(cls.methods["f"].parameters) == [name, name + "2"]
    assert cls.methods["f"].qualifiers[name].tosubclass is True
    assert last_instance(handle)[name] == "v"
    assert handle.classes[NAMESPACE]["TST_Sub"].superclass == name
