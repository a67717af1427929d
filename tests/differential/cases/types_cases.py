"""Scalars of CIM: conversion, limits, arithmetic, text."""

from __future__ import annotations

from typing import List

from tests.differential.sessions import Session, table

INTEGERS = [f"{sign}int{bits}" for sign in ("U", "S") for bits in (8, 16, 32, 64)]
NUMBERS = [
    *("0", "1", "-1", "42", "127", "128", "255", "256", "-128", "-129", "2**15", "2**31", "2**32"),
    *("2**63", "2**64", "-2**63", "1.9", "-0.5", "True", "None", "''", "'5'", "' 7 '", "'0x10'"),
    *("'1_0'", "'a'", "b'5'", "[1]", "'10', 16", "'z', 36", "float('inf')", "float('nan')"),
    *("x=3", "x='3'", "x='11', base=2", "'11', base=8", "Uint8(5)", "Sint64(5)", "Real32(2.5)"),
    *("", "1, 2", "'0b11', 0", "'0o17', 0"),
]
FLOATS = [
    *("0", "1", "-1.5", "'1.5'", "'1e3'", "' 2 '", "'nan'", "'-inf'", "float('inf')", "1e39"),
    *("3.4028235e38", "1e-50", "1e308", "'x'", "''", "None", "[1.0]", "Uint8(3)", "Real64(0.1)"),
    *("True", "b'1.5'", "0.1", "1.17549435e-38", "", "x=1"),
]
OPERATIONS = [
    *("{0}(5) + 1", "{0}(5) - {0}(6)", "-{0}(5)", "{0}(7) // 2", "{0}(7) / 2", "{0}(5) == 5"),
    *("{0}(5) == {0}(5)", "{0}(5) < 6", "hash({0}(5)) == hash(5)", "int({0}(5))", "'%s' % {0}(5)"),
    *("'{{}}'.format({0}(5))", "f'{{{0}(5):03}}'", "{0}.cimtype", "{0}(5).cimtype", "bool({0}(0))"),
    *(
        "isinstance({0}(5), CIMType)",
        "sorted([{0}(3), {0}(1)])",
        "pickle.loads(pickle.dumps({0}(5)))",
    ),
    *(
        "copy.deepcopy({0}(5))",
        "setting({0}(5), 'anything', 1).anything",
        "{0}.__mro__[1].__name__",
    ),
]
VALUES = [
    *("None", "True", "1", "1.5", "'a'", "''", "b'a'", "Uint8(5)", "Sint32(-5)", "Real32(1.5)"),
    *("Char16('a')", "CIMDateTime('20240229120000.000000+060')", "timedelta(1)", "[]", "[1]"),
    *("['a']", "[None]", "[None, 'a']", "[Uint8(5)]", "CIMInstance('C')", "CIMClass('C')"),
    *("CIMInstanceName('C')", "CIMClassName('C')", "[CIMInstance('C')]", "object()", "('a',)"),
    *("CIMProperty('P', 'a')", "[[1]]", "datetime(2024, 1, 1, tzinfo=MinutesFromUTC(60))", "{}"),
    *("[True]", "[1.5]", "['a', 1]", "set()", "10**30"),
]
TYPE_NAMES = [
    *("boolean", "string", "char16", "datetime", "real32", "real64", "reference", "uint8"),
    *("uint16", "uint32", "uint64", "sint8", "sint16", "sint32", "sint64"),
]
CONVERTED = [
    *("None", "True", "False", "0", "1", "-1", "300", "1.5", "'abc'", "''", "'true'", "'FALSE'"),
    *("'42'", "'0x1F'", "'-0'", "'1.5'", "b'abc'", "Uint8(5)", "Real32(1.5)", "Char16('x')", "'x'"),
    *("'20240229120000.000000+060'", "'00000001020304.000005:000'", "[]", "[1, None]", "['a']"),
    *("CIMInstanceName('C', {'k': 1})", "CIMClassName('C')", "CIMInstance('C')", "CIMClass('C')"),
    *("'/root/cimv2:C.k=1'", "timedelta(hours=1)", "datetime(2024, 1, 1)", "object()", "(1, 2)"),
]


def sessions() -> List[Session]:
    """Return the sessions of this subject."""
    setup = "from datetime import datetime, timedelta"
    return [
        table("types/int", [f"{name}({text})" for name in INTEGERS for text in NUMBERS]),
        table(
            "types/lenient",
            [
                f"{name}({text})"
                for name in ("Uint8", "Sint64")
                for text in ("256", "-1", "2**64", "'x'", "1.5")
            ],
            "config.ENFORCE_INTEGER_RANGE = False",
        ),
        table(
            "types/real", [f"{name}({text})" for name in ("Real32", "Real64") for text in FLOATS]
        ),
        table(
            "types/char16",
            [
                f"Char16({text})"
                for text in (
                    "'a'",
                    "'ab'",
                    "''",
                    "'\\u20ac'",
                    "'\\U0001f600'",
                    "b'a'",
                    "None",
                    "5",
                    "content='a'",
                )
            ],
        ),
        table(
            "types/use",
            [
                text.format(name)
                for name in ("Uint8", "Sint32", "Real32", "Real64")
                for text in OPERATIONS
            ],
        ),
        table("types/cimtype", [f"cimtype({text})" for text in VALUES], setup),
        table(
            "types/from_name",
            [
                f"type_from_name({name!r})"
                for name in [*TYPE_NAMES, "", "Uint8", "STRING", "object", None, 5]
            ],
        ),
        table(
            "types/cimvalue",
            [
                f"cimvalue({text}, {name!r})"
                for text in CONVERTED
                for name in [*TYPE_NAMES, None, "Uint8", "foo"]
            ],
            setup,
        ),
        table("types/tocimxml", [f"tocimxmlstr({text})" for text in VALUES], setup),
        table(
            "types/tocimxml-value", [f"tocimxml({text}, as_string=True)" for text in VALUES], setup
        ),
    ]
