"""The MOF text of CIM objects: values, escapes, folding, declarations."""

from __future__ import annotations

import re
from typing import Any, List

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pywbem import (
    CIMClass,
    CIMClassName,
    CIMDateTime,
    CIMInstance,
    CIMInstanceName,
    CIMMethod,
    CIMParameter,
    CIMProperty,
    CIMQualifier,
    CIMQualifierDeclaration,
    Real32,
    Real64,
    Sint8,
    Uint8,
    Uint64,
)

SCOPES = ["ANY", "PARAMETER", "METHOD", "REFERENCE", "PROPERTY", "INDICATION", "ASSOCIATION"]


def lines(*rows: str) -> str:
    """Return rows that all end with a line feed."""
    return "".join(row + "\n" for row in rows)


# Values

VALUES = [
    ("null", None, "string", "NULL"),
    ("true", True, None, "true"),
    ("false", False, None, "false"),
    ("uint8", Uint8(255), None, "255"),
    ("sint8", Sint8(-128), None, "-128"),
    ("uint64", Uint64(2**64 - 1), None, "18446744073709551615"),
    ("real", Real64(-1.5), None, "-1.5"),
    ("real-integral", Real32(3), None, "3.0"),
    ("real-exponent", Real64(1.25e30), None, "1.25e+30"),
    ("real-exponent-gets-fraction", Real64(1e30), None, "1.0e+30"),
    ("real-negative-exponent", Real32(-1e-30), None, "-1.0e-30"),
    ("real-infinity", Real64(float("inf")), None, "1.0e+999"),
    ("real-minus-infinity", Real64(float("-inf")), None, "-1.0e+999"),
    ("real-nan", Real64(float("nan")), None, "nan"),
    ("datetime", CIMDateTime("20240229235959.000000+060"), None, '"20240229235959.000000+060"'),
    ("interval", CIMDateTime("00000012010203.******:000"), None, '"00000012010203.******:000"'),
    ("char16", "x", "char16", "'x'"),
    ("char16-quote", "'", "char16", "'\\''"),
    ("char16-control", "\x02", "char16", "'\\x0002'"),
    ("string", "a b", None, '"a b"'),
    ("string-empty", "", None, '""'),
    ("array", ["a", None, "b"], None, '{ "a", NULL, "b" }'),
    ("array-empty", [], "string", "{ }"),
    ("array-of-one", [True], None, "{ true }"),
    ("array-real", [Real32(1e20), Real32(0.5)], None, "{ 1.0e+20, 0.5 }"),
    (
        "reference",
        CIMInstanceName("C", {"k": 'v"'}, namespace="n"),
        None,
        '"/n:C.k=\\"v\\\\\\"\\""',
    ),
    ("reference-class", CIMClassName("C", namespace="n"), "reference", '"/n:C"'),
    (
        "embedded-instance",
        CIMInstance("E", {"s": "q\\"}),
        None,
        '"instance of E {\\n   s = \\"q\\\\\\\\\\";\\n};\\n"',
    ),
    ("embedded-class", CIMClass("E"), "string", '"class E {\\n\\n};\\n"'),
    (
        "embedded-instances",
        [CIMInstance("E"), None],
        None,
        '{ "instance of E {\\n};\\n", NULL }',
    ),
]


@pytest.mark.parametrize(
    "value, cimtype, expected", [row[1:] for row in VALUES], ids=[row[0] for row in VALUES]
)
def test_value(value: Any, cimtype: Any, expected: str) -> None:
    embedded = "object" if isinstance(value, CIMClass) else None
    prop = CIMProperty("P", value, type=cimtype, embedded_object=embedded)
    assert prop.tomof() == f"P = {expected};\n"


TIMESTAMP = CIMDateTime("20240229235959.000000+060")
OF_ANOTHER_TYPE = [
    ("string", TIMESTAMP),
    ("string", Uint8(5)),
    ("string", Real32(1.5)),
    ("string", True),
    ("string", CIMInstanceName("C", {"k": 1})),
    ("string", ["a", TIMESTAMP]),
    ("char16", TIMESTAMP),
    ("char16", CIMInstance("C")),
    ("char16", [Uint8(5)]),
    ("uint8", "5"),
    ("uint8", True),
    ("sint64", TIMESTAMP),
    ("real32", "1.5"),
    ("real64", [Real64(1.5), CIMInstance("C")]),
    ("reference", "/:C.k=1"),
    ("reference", CIMInstance("C")),
    ("reference", TIMESTAMP),
]


@pytest.mark.parametrize("cimtype, value", OF_ANOTHER_TYPE)
def test_value_of_another_type(cimtype: str, value: Any) -> None:
    """The type was set, and the value stayed: there is no MOF that would be read as this value."""
    prop = CIMProperty("P", value, type="string")
    prop.type = cimtype
    with pytest.raises(TypeError, match=cimtype):
        prop.tomof()


@pytest.mark.parametrize("cimtype", ["real32", "real64", "uint8", "sint16"])
def test_number_of_another_type(cimtype: str) -> None:
    """A number stays what it is."""
    for value, expected in ((Uint8(5), "5"), (Real32(1.5), "1.5")):
        prop = CIMProperty("P", value)
        prop.type = cimtype
        assert prop.tomof() == f"P = {expected};\n"


ESCAPES = [
    ("named", "\b\t\n\f\r", "\\b\\t\\n\\f\\r"),
    ("quotes", "\"'", "\\\"\\'"),
    ("backslash", "\\", "\\\\"),
    ("text-that-looks-escaped", "\\n", "\\\\n"),
    ("control", "\x01\x1f", "\\x0001\\x001F"),
    ("control-before-digit", "\x0210", "\\x000210"),
    ("nul", "a\0b", "a\\x0000b"),
    ("delete-stays", "\x7f", "\x7f"),
    ("unicode-stays", "é中\U0001f600\u2028", "é中\U0001f600\u2028"),
]


@pytest.mark.parametrize("text, expected", [r[1:] for r in ESCAPES], ids=[r[0] for r in ESCAPES])
def test_escape(text: str, expected: str) -> None:
    assert CIMQualifier("Q", text).tomof() == f'Q ( "{expected}" )'


# Folding

STRING_FOLDS = [
    ("fits", "aaaa bbbb cccc", 21, ['P = "aaaa bbbb cccc";']),
    ("new-line", "aaaa bbbb cccc", 20, ["P =", '   "aaaa bbbb cccc";']),
    ("behind-space", "aaaa bbbb cccc", 18, ["P =", '   "aaaa bbbb "', '   "cccc";']),
    ("last-space-that-fits", "a b c d e", 11, ["P =", '   "a b c "', '   "d e";']),
    ("space-first", " bcdefgh", 10, ["P =", '   " "', '   "bcdef"', '   "gh";']),
    ("long-word", "abcdefghij", 9, ["P =", '   "abcd"', '   "efgh"', '   "ij";']),
    ("word-as-wide-as-line", "abcdefgh", 13, ["P =", '   "abcdefgh";']),
    ("words-and-long-word", "a bcdefgh", 9, ["P =", '   "a "', '   "bcde"', '   "fgh";']),
    ("spaces", "     ", 8, ["P =", '   "   "', '   "  ";']),
    ("empty-in-no-room", "", 5, ["P =", '   "";']),
    ("escape-kept-whole", 'abc"d', 9, ["P =", '   "abc"', '   "\\"d";']),
    ("escape-at-margin", 'ab"cd', 9, ["P =", '   "ab\\""', '   "cd";']),
    ("hex-escape-kept-whole", "a\x01b", 11, ["P =", '   "a"', '   "\\x0001"', '   "b";']),
    ("hex-escape-wider-than-line", "a\x01b", 7, ["P =", '   "a"', '   "\\x0001"', '   "b";']),
    ("backslashes", "\\\\\\", 8, ["P =", '   "\\\\"', '   "\\\\"', '   "\\\\";']),
    ("backslashes-odd", "a\\\\", 8, ["P =", '   "a\\\\"', '   "\\\\";']),
    ("backslash-before-x", "a\\xy", 8, ["P =", '   "a\\\\"', '   "xy";']),
]


@pytest.mark.parametrize(
    "text, maxline, expected", [r[1:] for r in STRING_FOLDS], ids=[r[0] for r in STRING_FOLDS]
)
def test_fold_string(text: str, maxline: int, expected: List[str]) -> None:
    assert CIMProperty("P", text).tomof(maxline=maxline) == lines(*expected)


ARRAY_FOLDS = [
    ("fits", [1, 2, 3], 18, ["P = { 1, 2, 3 };"]),
    ("last-item-moves", [1, 2, 3], 15, ["P = { 1, 2,", "   3 };"]),
    ("item-moves-first", [123456, 1], 14, ["P = {", "   123456,", "   1 };"]),
    ("items-behind-moved-first-item", [11, 22, 33], 12, ["P = { 11,", "   22, 33 };"]),
    ("comma-behind-moved-item", [11, 22, 33], 11, ["P = { 11,", "   22, 33 };"]),
    ("one-a-line", [11, 22, 33], 10, ["P = {", "   11,", "   22,", "   33 };"]),
    ("null", [None, 11], 10, ["P = {", "   NULL,", "   11 };"]),
    ("strings", ["a", "bb", "c"], 16, ['P = { "a",', '   "bb", "c" };']),
    (
        "folded-string",
        ["aa bb cc", "d", "e"],
        15,
        ["P = {", '   "aa bb "', '   "cc", "d",', '   "e" };'],
    ),
]


@pytest.mark.parametrize(
    "items, maxline, expected", [r[1:] for r in ARRAY_FOLDS], ids=[r[0] for r in ARRAY_FOLDS]
)
def test_fold_array(items: List[Any], maxline: int, expected: List[str]) -> None:
    cimtype = "string" if isinstance(items[0], str) else "uint32"
    assert CIMProperty("P", items, type=cimtype).tomof(maxline=maxline) == lines(*expected)


QUALIFIER_FOLDS = [
    ("indent", CIMQualifier("Q", "aaaa bbbb"), (6, 14, 0), 'Q (\n      "aaaa "\n      "bbbb" )'),
    ("line-pos", CIMQualifier("Q", "aaaa"), (3, 20, 8), 'Q (\n   "aaaa" )'),
    ("line-pos-fits", CIMQualifier("Q", "aaaa"), (3, 21, 8), 'Q ( "aaaa" )'),
    ("number-moves", CIMQualifier("Q", Uint8(7)), (3, 7, 0), "Q (\n   7 )"),
    ("array", CIMQualifier("Q", [True, False]), (3, 19, 0), "Q { true,\n   false }"),
    ("array-fits", CIMQualifier("Q", [True, False]), (3, 20, 0), "Q { true, false }"),
    ("array-moves", CIMQualifier("Q", ["abcdef"]), (3, 16, 0), 'Q {\n   "abcdef" }'),
]


@pytest.mark.parametrize(
    "qualifier, args, expected",
    [r[1:] for r in QUALIFIER_FOLDS],
    ids=[r[0] for r in QUALIFIER_FOLDS],
)
def test_fold_qualifier(qualifier: CIMQualifier, args: Any, expected: str) -> None:
    indent, maxline, line_pos = args
    assert qualifier.tomof(indent=indent, maxline=maxline, line_pos=line_pos) == expected
    assert qualifier.tomof(indent, maxline, line_pos) == expected


NO_ROOM = [
    ("number", CIMProperty("P", Uint64(12345678)), 11),
    ("null", CIMProperty("P", None, "string"), 7),
    ("string", CIMProperty("P", "abc"), 5),
    ("string-negative-room", CIMProperty("P", "a b c d"), 0),
    ("char16", CIMProperty("P", "a", "char16"), 5),
    ("array-item", CIMProperty("P", [Uint8(1), Uint8(200)]), 8),
]


@pytest.mark.parametrize("prop, maxline", [r[1:] for r in NO_ROOM], ids=[r[0] for r in NO_ROOM])
def test_no_room(prop: CIMProperty, maxline: int) -> None:
    with pytest.raises(ValueError, match=f"MOF line of {maxline} characters") as caught:
        prop.tomof(maxline=maxline)
    needed = int(str(caught.value).rsplit(None, 1)[1])
    prop.tomof(maxline=needed)
    with pytest.raises(ValueError, match="at least"):
        prop.tomof(maxline=needed - 1)


LITERAL = re.compile(r'"((?:[^"\\\n]|\\(?:[btnfr"\'\\]|x[0-9A-F]{4}))*)"')


@given(st.text(st.sampled_from("ab \\\"'\n\x01é"), max_size=60), st.integers(6, 40))
def test_folded_literals_concatenate(text: str, maxline: int) -> None:
    unfolded = CIMProperty("P", text).tomof(maxline=10**6)
    folded = CIMProperty("P", text).tomof(maxline=maxline)
    assert LITERAL.sub("", folded).split() == ["P", "=", ";"]
    assert "".join(LITERAL.findall(folded)) == LITERAL.findall(unfolded)[0]
    widest = max(maxline, 3 + len('"\\x0001"'))
    assert all(len(line) <= widest + 1 for line in folded.splitlines())


@pytest.mark.parametrize(
    "value",
    ["word " * 200_000, "x" * 1_000_000, "\\" * 500_000, "\x01" * 170_000, ["ab"] * 100_000],
    ids=["words", "one-word", "backslashes", "controls", "items"],
)
def test_large_value(value: Any) -> None:
    assert len(CIMProperty("P", value).tomof()) > 600_000


# Qualifiers

QUALIFIERS = [
    ("boolean", CIMQualifier("Key", True), "Key ( true )"),
    ("string", CIMQualifier("Alias", "x"), 'Alias ( "x" )'),
    ("null", CIMQualifier("Alias", None, type="string"), "Alias ( NULL )"),
    ("array", CIMQualifier("Values", ["x", None]), 'Values { "x", NULL }'),
    ("array-empty", CIMQualifier("Values", [], type="string"), "Values { }"),
    ("real", CIMQualifier("R", Real64(1e16)), "R ( 1.0e+16 )"),
    (
        "flavors-are-left-out",
        CIMQualifier("Q", True, overridable=False, tosubclass=True),
        "Q ( true )",
    ),
]


@pytest.mark.parametrize(
    "qualifier, expected", [row[1:] for row in QUALIFIERS], ids=[row[0] for row in QUALIFIERS]
)
def test_qualifier(qualifier: CIMQualifier, expected: str) -> None:
    assert qualifier.tomof() == expected


DECLARATIONS = [
    ("bare", {"type": "string"}, ["Qualifier Q : string,", "    Scope();"]),
    ("array", {"type": "uint8", "is_array": True}, ["Qualifier Q : uint8[],", "    Scope();"]),
    (
        "array-size",
        {"type": "uint8", "is_array": True, "array_size": 4},
        ["Qualifier Q : uint8[4],", "    Scope();"],
    ),
    (
        "value",
        {"type": "boolean", "value": False},
        ["Qualifier Q : boolean = false,", "    Scope();"],
    ),
    (
        "array-value",
        {"type": "string", "value": ["a", "b"], "is_array": True},
        ['Qualifier Q : string[] = { "a", "b" },', "    Scope();"],
    ),
    (
        "array-empty",
        {"type": "string", "value": [], "is_array": True},
        ["Qualifier Q : string[] = {  },", "    Scope();"],
    ),
    (
        "scopes-in-order",
        {"type": "string", "scopes": dict.fromkeys([*SCOPES, "CLASS"], True)},
        [
            "Qualifier Q : string,",
            "    Scope(class, association, indication, property, reference, method, parameter, "
            "any);",
        ],
    ),
    (
        "scopes-false",
        {"type": "string", "scopes": {"class": True, "METHOD": False, "Any": False}},
        ["Qualifier Q : string,", "    Scope(class);"],
    ),
    (
        "flavors-true",
        {
            "type": "string",
            "overridable": True,
            "tosubclass": True,
            "toinstance": True,
            "translatable": True,
        },
        [
            "Qualifier Q : string,",
            "    Scope(),",
            "    Flavor(EnableOverride, ToSubclass, Translatable);",
        ],
    ),
    (
        "flavors-false",
        {
            "type": "string",
            "overridable": False,
            "tosubclass": False,
            "toinstance": False,
            "translatable": False,
        },
        ["Qualifier Q : string,", "    Scope(),", "    Flavor(DisableOverride, Restricted);"],
    ),
    (
        "toinstance-alone-has-no-flavor",
        {"type": "string", "toinstance": True},
        ["Qualifier Q : string,", "    Scope();"],
    ),
]


@pytest.mark.parametrize(
    "kwargs, expected", [row[1:] for row in DECLARATIONS], ids=[row[0] for row in DECLARATIONS]
)
def test_qualifier_declaration(kwargs: Any, expected: List[str]) -> None:
    assert CIMQualifierDeclaration("Q", **kwargs).tomof() == lines(*expected)


DECLARATION_FOLDS = [
    (
        "starts-on-the-line",
        {"value": "aa bb cc dd"},
        32,
        ['Qualifier Q : string = "aa bb "', '   "cc dd",'],
    ),
    ("word-moves", {"value": "aabbccdd"}, 32, ["Qualifier Q : string = ", '   "aabbccdd",']),
    (
        "items",
        {"value": ["aa bb", "cc dd"], "is_array": True},
        40,
        ['Qualifier Q : string[] = { "aa bb",', '   "cc dd" },'],
    ),
    (
        "item-starts-on-the-line",
        {"value": ["aa bb cc dd", "e"], "is_array": True},
        40,
        ['Qualifier Q : string[] = { "aa bb cc "', '   "dd", "e" },'],
    ),
    (
        "item-moves",
        {"value": ["aabbccddeeff"], "is_array": True},
        40,
        ["Qualifier Q : string[] = { ", '   "aabbccddeeff" },'],
    ),
]


@pytest.mark.parametrize(
    "kwargs, maxline, expected",
    [row[1:] for row in DECLARATION_FOLDS],
    ids=[row[0] for row in DECLARATION_FOLDS],
)
def test_fold_qualifier_declaration(kwargs: Any, maxline: int, expected: List[str]) -> None:
    text = CIMQualifierDeclaration("Q", "string", **kwargs).tomof(maxline=maxline)
    assert text == lines(*expected, "    Scope();")


# Elements of classes

Q1 = CIMQualifier("Key", True)
Q2 = CIMQualifier("Description", "Some words that do not fit on one line.")

PROPERTIES = [
    ("no-default", CIMProperty("P", None, "uint8"), ["  uint8 P;"]),
    ("default", CIMProperty("P", Uint8(3)), ["  uint8 P = 3;"]),
    ("array", CIMProperty("P", None, "uint8", is_array=True), ["  uint8 P[];"]),
    (
        "fixed-array",
        CIMProperty("P", ["a"], is_array=True, array_size=2),
        ['  string P[2] = { "a" };'],
    ),
    ("reference", CIMProperty("P", None, "reference", reference_class="C"), ["  C REF P;"]),
    (
        "qualifiers",
        CIMProperty("P", None, "string", qualifiers=[Q1, Q2]),
        [
            "     [Key ( true ),",
            "      Description (",
            '         "Some words that do not "',
            '         "fit on one line." )]',
            "  string P;",
        ],
    ),
]


@pytest.mark.parametrize(
    "prop, expected", [row[1:] for row in PROPERTIES], ids=[row[0] for row in PROPERTIES]
)
def test_property_declaration(prop: CIMProperty, expected: List[str]) -> None:
    assert prop.tomof(is_instance=False, indent=2, maxline=36) == lines(*expected)
    assert prop.tomof(False, 2, 36, 17) == lines(*expected)


def test_property_in_instance_has_no_qualifiers() -> None:
    prop = CIMProperty("P", "a", is_array=False, qualifiers=[Q1])
    assert prop.tomof(True, 4) == '    P = "a";\n'


PARAMETERS = [
    ("scalar", CIMParameter("P", "string"), "  string P"),
    ("array", CIMParameter("P", "string", is_array=True), "  string P[]"),
    ("fixed-array", CIMParameter("P", "string", is_array=True, array_size=2), "  string P[2]"),
    ("reference", CIMParameter("P", "reference", reference_class="C"), "  C REF P"),
    (
        "reference-array",
        CIMParameter("P", "reference", reference_class="C", is_array=True),
        "  C REF P[]",
    ),
    ("value-is-left-out", CIMParameter("P", "string", value="v"), "  string P"),
    ("qualifier", CIMParameter("P", "string", qualifiers=[Q1]), "     [Key ( true )]\n  string P"),
]


@pytest.mark.parametrize(
    "parameter, expected", [row[1:] for row in PARAMETERS], ids=[row[0] for row in PARAMETERS]
)
def test_parameter(parameter: CIMParameter, expected: str) -> None:
    assert parameter.tomof(indent=2) == expected


METHODS = [
    ("no-parameters", CIMMethod("M", "uint32"), [" uint32 M();"]),
    (
        "parameters",
        CIMMethod("M", "uint32", [CIMParameter("A", "string"), CIMParameter("B", "boolean")]),
        [" uint32 M(", "    string A,", "    boolean B);"],
    ),
    (
        "qualifiers",
        CIMMethod("M", "uint32", [CIMParameter("A", "string", qualifiers=[Q1])], qualifiers=[Q1]),
        [
            "    [Key ( true )]",
            " uint32 M(",
            "       [Key ( true )]",
            "    string A);",
        ],
    ),
]


@pytest.mark.parametrize(
    "method, expected", [row[1:] for row in METHODS], ids=[row[0] for row in METHODS]
)
def test_method(method: CIMMethod, expected: List[str]) -> None:
    assert method.tomof(indent=1) == lines(*expected)


@pytest.mark.parametrize(
    "element",
    [
        CIMClass("C", [CIMProperty("R", None, "reference")]),
        CIMParameter("R", "reference"),
        CIMMethod("M", "string", [CIMParameter("R", "reference")]),
    ],
    ids=["class", "parameter", "method"],
)
def test_reference_without_class(element: Any) -> None:
    with pytest.raises(TypeError, match="reference R has no reference_class"):
        element.tomof()


# Classes and instances

CLASSES = [
    ("empty", CIMClass("C"), ["class C {", "", "};"]),
    ("superclass", CIMClass("C", superclass="S"), ["class C : S {", "", "};"]),
    ("qualifiers", CIMClass("C", qualifiers=[Q1]), ["   [Key ( true )]", "class C {", "", "};"]),
    (
        "path-is-left-out",
        CIMClass("C", path=CIMClassName("C", host="h", namespace="n")),
        ["class C {", "", "};"],
    ),
    (
        "elements",
        CIMClass(
            "C",
            [CIMProperty("P", None, "string", qualifiers=[Q1]), CIMProperty("A", [Uint8(1)])],
            [CIMMethod("M", "uint32", [CIMParameter("I", "string")])],
        ),
        [
            "class C {",
            "",
            "      [Key ( true )]",
            "   string P;",
            "",
            "   uint8 A[] = { 1 };",
            "",
            "   uint32 M(",
            "      string I);",
            "",
            "};",
        ],
    ),
]


@pytest.mark.parametrize("cls, expected", [r[1:] for r in CLASSES], ids=[r[0] for r in CLASSES])
def test_class(cls: CIMClass, expected: List[str]) -> None:
    assert cls.tomof() == lines(*expected)


def test_class_folds_all_elements() -> None:
    parameter = CIMParameter("I", "string", qualifiers=[Q2])
    cls = CIMClass(
        "C",
        [CIMProperty("P", "aaaa bbbb")],
        [CIMMethod("M", "uint8", [parameter])],
        qualifiers=[Q2],
    )
    assert cls.tomof(maxline=20) == lines(
        "   [Description (",
        '       "Some words "',
        '       "that do "',
        '       "not fit on "',
        '       "one "',
        '       "line." )]',
        "class C {",
        "",
        "   string P =",
        '      "aaaa bbbb";',
        "",
        "   uint8 M(",
        "         [Description (",
        '             "Some "',
        '             "words"',
        '             " "',
        '             "that "',
        '             "do "',
        '             "not "',
        '             "fit "',
        '             "on "',
        '             "one "',
        '             "line." )]',
        "      string I);",
        "",
        "};",
    )


INSTANCES = [
    ("empty", CIMInstance("C"), ["instance of C {", "};"]),
    (
        "properties-in-order",
        CIMInstance("C", [("z", "a"), ("b", Uint8(1)), CIMProperty("a", None, "string")]),
        ["instance of C {", '   z = "a";', "   b = 1;", "   a = NULL;", "};"],
    ),
    (
        "qualifiers-and-path-are-left-out",
        CIMInstance(
            "C",
            [CIMProperty("p", True, qualifiers=[Q1])],
            qualifiers=[Q1],
            path=CIMInstanceName("C", {"p": True}),
        ),
        ["instance of C {", "   p = true;", "};"],
    ),
]


@pytest.mark.parametrize(
    "instance, expected", [row[1:] for row in INSTANCES], ids=[row[0] for row in INSTANCES]
)
def test_instance(instance: CIMInstance, expected: List[str]) -> None:
    assert instance.tomof() == lines(*expected)


def test_instance_folds() -> None:
    instance = CIMInstance("C", {"p": "aaaa bbbb cccc", "e": CIMInstance("E", {"s": "x"})})
    assert instance.tomof(maxline=22) == lines(
        "instance of C {",
        "   p =",
        '      "aaaa bbbb "',
        '      "cccc";',
        "   e =",
        '      "instance of E "',
        '      "{\\n   s = "',
        '      "\\"x\\";\\n};\\n";',
        "};",
    )


def test_nested_embedded_instance_is_escaped_twice() -> None:
    inner = CIMInstance("I", {"s": "x"})
    outer = CIMInstance("O", {"i": CIMInstance("E", {"n": inner})})
    assert '\\"instance of I {\\\\n   s = \\\\\\"x\\\\\\";\\\\n};\\\\n\\"' in outer.tomof(
        maxline=999
    )
