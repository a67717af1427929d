"""WBEM URIs of class paths and instance paths (DSP0207), written and read."""

from __future__ import annotations

import string
import warnings
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pywbem import (
    Char16,
    CIMClassName,
    CIMDateTime,
    CIMInstance,
    CIMInstanceName,
    MissingKeybindingsWarning,
    Real32,
    Real64,
    Sint8,
    Sint64,
    Uint8,
    Uint64,
)

FORMATS = ["standard", "canonical", "cimobject", "historical"]
TIMESTAMP = CIMDateTime("20140924193040.654321+120")
INTERVAL = CIMDateTime("12345678224455.654321:000")

# Writing

COMPONENTS = [
    # host, namespace, and what comes before the class name in each of the formats
    pytest.param(None, None, ["/:", "/:", ":", ""], id="neither"),
    pytest.param(None, "Root/X", ["/Root/X:", "/root/x:", "Root/X:", "Root/X:"], id="namespace"),
    pytest.param("H:5", None, ["//H:5/:", "//h:5/:", "/:", "//H:5/"], id="host"),
    pytest.param(
        "H:5",
        "Root/X",
        ["//H:5/Root/X:", "//h:5/root/x:", "/Root/X:", "//H:5/Root/X:"],
        id="both",
    ),
    pytest.param(
        "[FE80::1%25eth0]:5989",
        "n",
        ["//[FE80::1%25eth0]:5989/n:", "//[fe80::1%25eth0]:5989/n:", "/n:"]
        + ["//[FE80::1%25eth0]:5989/n:"],
        id="IPv6 with zone",
    ),
]


@pytest.mark.parametrize("host, namespace, prefixes", COMPONENTS)
def test_components(host: Any, namespace: Any, prefixes: Any) -> None:
    """Each format has its way of writing host and namespace, and of leaving them out."""
    for format, prefix in zip(FORMATS, prefixes):
        class_path = CIMClassName("CIM_Foo", host, namespace)
        path = CIMInstanceName("CIM_Foo", {"Key": "Val"}, host, namespace)
        if format == "canonical":
            assert class_path.to_wbem_uri(format) == f"{prefix}cim_foo"
            assert path.to_wbem_uri(format) == f'{prefix}cim_foo.key="Val"'
        else:
            assert class_path.to_wbem_uri(format) == f"{prefix}CIM_Foo"
            assert path.to_wbem_uri(format) == f'{prefix}CIM_Foo.Key="Val"'


@pytest.mark.parametrize("format", ["", "STANDARD", "dsp0207", None])
def test_unknown_format(format: Any) -> None:
    """A format that does not exist is told."""
    with pytest.raises(ValueError, match="Invalid format argument"):
        CIMInstanceName("CIM_Foo", {"k": 1}).to_wbem_uri(format)
    with pytest.raises(ValueError, match="Invalid format argument"):
        CIMClassName("CIM_Foo").to_wbem_uri(format)


def test_default_format() -> None:
    """The default is the standard format."""
    assert CIMInstanceName("C", {"k": 1}).to_wbem_uri() == "/:C.k=1"
    assert CIMClassName("C").to_wbem_uri() == "/:C"


def test_order_of_keybindings() -> None:
    """Keybindings are sorted by name; in the canonical format by name in lower case."""
    path = CIMInstanceName("C", [("b", 1), ("C", 2), ("a", 3)])
    assert path.to_wbem_uri("standard") == "/:C.C=2,a=3,b=1"
    assert path.to_wbem_uri("historical") == "C.C=2,a=3,b=1"
    assert path.to_wbem_uri("canonical") == "/:c.a=3,b=1,c=2"


VALUES = [
    ("", '""'),
    ("text", '"text"'),
    ('a"b\\c', '"a\\"b\\\\c"'),
    ("it's", '"it\'s"'),
    ("\b\t\n\f\r", r'"\b\t\n\f\r"'),
    ("\x00\x1f\x7f", '"\\x0000\\x001F\x7f"'),
    (r"\n", r'"\\n"'),
    ("\xe4\u20ac\U0001f600", '"\xe4\u20ac\U0001f600"'),
    (Char16("x"), "'x'"),
    (Char16("'"), r"'\''"),
    (Char16('"'), "'\"'"),
    (Char16("\\"), r"'\\'"),
    (Char16("\n"), r"'\n'"),
    (Char16("\x01"), r"'\x0001'"),
    (Char16(""), '""'),
    (Char16("xy"), '"xy"'),
    (True, "TRUE"),
    (False, "FALSE"),
    (0, "0"),
    (-3, "-3"),
    (10**30, "1000000000000000000000000000000"),
    (Uint64(18446744073709551615), "18446744073709551615"),
    (Sint8(-128), "-128"),
    (1.5, "1.5"),
    (-0.0, "-0.0"),
    (1e16, "1.0e+16"),
    (1.25e-7, "1.25e-07"),
    (Real32(1.5), "1.5"),
    (Real64(1e300), "1.0e+300"),
    (float("inf"), "INF"),
    (Real64("-inf"), "-INF"),
    (Real32("nan"), "NAN"),
    (TIMESTAMP, '"20140924193040.654321+120"'),
    (INTERVAL, '"12345678224455.654321:000"'),
    (CIMInstanceName("D", {"k": 'x"'}, "h", "n"), r'"//h/n:D.k=\"x\\\"\""'),
]


@pytest.mark.parametrize("value, expected", VALUES, ids=[repr(value) for value, _ in VALUES])
def test_values(value: Any, expected: str) -> None:
    """Values of all types are written as DSP0207 wants them."""
    assert CIMInstanceName("C", {"k": value}).to_wbem_uri() == f"/:C.k={expected}"


@pytest.mark.parametrize(
    "format, expected",
    [
        ("standard", r'/:C.R="//H/N:D.K=\"v\""'),
        ("canonical", r'/:c.r="//h/n:d.k=\"v\""'),
        ("cimobject", r':C.R="/N:D.K=\"v\""'),
        ("historical", r'C.R="//H/N:D.K=\"v\""'),
    ],
)
def test_references_use_the_same_format(format: str, expected: str) -> None:
    """A reference is written in the format of the whole."""
    path = CIMInstanceName("C", {"R": CIMInstanceName("D", {"K": "v"}, "H", "N")})
    assert path.to_wbem_uri(format) == expected


@pytest.mark.parametrize("value", [None, ["x"], CIMInstance("X"), CIMClassName("X")])
def test_values_that_are_no_keys(value: Any) -> None:
    """What was put into the dictionary but cannot be a key has no URI."""
    path = CIMInstanceName("C")
    path["k"] = value
    with pytest.raises(TypeError, match="'k'"):
        path.to_wbem_uri()


def test_unnamed_keybinding() -> None:
    """An unnamed keybinding cannot be written."""
    with pytest.raises(TypeError, match="unnamed"):
        CIMInstanceName("C", {None: "x"}).to_wbem_uri()


@pytest.mark.parametrize("write", [CIMInstanceName.to_wbem_uri, str])
def test_path_without_keybindings(write: Any) -> None:
    """It has the URI of the class, and a warning at the line of the caller."""
    with pytest.warns(MissingKeybindingsWarning, match="'CIM_Foo'") as record:
        uri = write(CIMInstanceName("CIM_Foo", None, "h", "n"))
    assert uri == "//h/n:CIM_Foo"
    assert record[0].filename == __file__


# Reading

OBJECTS = [
    ("C", (None, None)),
    (":C", (None, None)),
    ("/:C", (None, None)),
    ("n:C", (None, "n")),
    ("/n:C", (None, "n")),
    ("Root/cimv2/x:C", (None, "Root/cimv2/x")),
    ("//h/:C", ("h", None)),
    ("//h/n:C", ("h", "n")),
    ("///n:C", (None, "n")),
    ("//Acme-1.com:5989/n/m:C", ("Acme-1.com:5989", "n/m")),
    ("//jdd:te%40st@acme.com:5989/n:C", ("jdd:te%40st@acme.com:5989", "n")),
    ("//10.11.12.13/n:C", ("10.11.12.13", "n")),
    ("//[fe80::1]:5989/n:C", ("[fe80::1]:5989", "n")),
    ("//[fe80::1%25eth0]:5989/n:C", ("[fe80::1%25eth0]:5989", "n")),
    ("//[fe80::1-eth0]/n:C", ("[fe80::1-eth0]", "n")),
    ("http://h/n:C", ("h", "n")),
    ("HTTPS://h/n:C", ("h", "n")),
    ("cimxml-wbem:/n:C", (None, "n")),
    ("cimxml-wbems:/:C", (None, None)),
    ("cimxml.wbem://h/n:C", ("h", "n")),
    ("cimxml.wbems:/n:C", (None, "n")),
    ("CIMXML.WBEM:/:C", (None, None)),
    ("http:C", (None, "http")),
    ("//h\xe4/n\xe4:C", ("h\xe4", "n\xe4")),
]


@pytest.mark.parametrize("uri, expected", OBJECTS)
def test_read_components(uri: str, expected: Any) -> None:
    """Host and namespace are found, with or without namespace type, and in local URIs."""
    host, namespace = expected
    assert repr(CIMClassName.from_wbem_uri(uri)) == repr(CIMClassName("C", host, namespace))
    assert repr(CIMInstanceName.from_wbem_uri(uri + ".k=1")) == repr(
        CIMInstanceName("C", {"k": 1}, host, namespace)
    )


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "/",
        ":",
        "/:",
        "/C",
        "//:C",
        "//h/C",
        "//n:C",
        "//h x/n:C",
        "////n:C",
        "/n/:C",
        "/n//m:C",
        "n m:C",
        "/:C:D",
        "/:C-D",
        " C",
        "C ",
        "http:n:C",
        "http::C",
        "foo.bar://h/n:C",
        "xcimxml.wbem://h/n:C",
        *(f"//h{character}i:5989/n:C" for character in "!$&'()*+,;=~^|<>"),
        "/(class)http://h/n:C",
        "/n:(class)C",
    ],
)
def test_read_invalid_components(uri: str) -> None:
    """What is neither DSP0207 nor a tolerated form is a ValueError that shows it."""
    with pytest.raises(ValueError, match="class path") as class_info:
        CIMClassName.from_wbem_uri(uri)
    assert repr(uri) in str(class_info.value)
    with pytest.raises(ValueError, match="WBEM URI") as info:
        CIMInstanceName.from_wbem_uri(uri + ".k=1")
    assert repr(uri + ".k=1")[-7:] in str(info.value)


@pytest.mark.parametrize("uri", [None, 5, b"/:C.k=1"])
def test_read_something_else(uri: Any) -> None:
    """A URI is a string."""
    with pytest.raises(TypeError):
        CIMClassName.from_wbem_uri(uri)
    with pytest.raises(TypeError):
        CIMInstanceName.from_wbem_uri(uri)


@pytest.mark.parametrize("uri", ["foo://h/n:C", "foo:/n:C"])
def test_unknown_namespace_type(uri: str) -> None:
    """An unknown namespace type is tolerated with a warning at the line of the caller."""
    with pytest.warns(UserWarning, match="namespace type") as record:
        assert CIMClassName.from_wbem_uri(uri).namespace == "n"
        assert CIMInstanceName.from_wbem_uri(uri + ".k=1").namespace == "n"
    assert [warning.filename for warning in record] == [__file__] * 2


def test_string_that_begins_as_a_uri_does_not_warn() -> None:
    """A string that turns out to be no instance path is just a string."""
    assert CIMInstanceName.from_wbem_uri('/:C.k="foo:/n:D.k=x"')["k"] == "foo:/n:D.k=x"


READ_VALUES = [
    ('""', ""),
    ('"x"', "x"),
    ('"a,b=c"', "a,b=c"),
    (r'"a\"b\\c"', 'a"b\\c'),
    (r'"\b\t\n\f\r\"\'\\"', "\b\t\n\f\r\"'\\"),
    (r'"\x41\X263a\x00e9\x00412\x9z"', "A\u263a\xe9A2\tz"),
    (r'"\q\xg\N"', "qxgN"),
    ('"it\'s"', "it's"),
    ('"x\ty"', "x\ty"),
    ("'x'", Char16("x")),
    ("','", Char16(",")),
    ("'\"'", Char16('"')),
    (r"'\''", Char16("'")),
    (r"'\\'", Char16("\\")),
    (r"'\n'", Char16("\n")),
    (r"'\x41'", Char16("A")),
    (r"'\XE9'", Char16("\xe9")),
    ("TRUE", True),
    ("false", False),
    ("tRue", True),
    ("0", 0),
    ("-0", 0),
    ("42", 42),
    ("+42", 42),
    ("-42", -42),
    ("18446744073709551616", 2**64),
    ("017", 15),
    ("-017", -15),
    ("07", 7),
    ("00b", 0),
    ("00.5", 0.5),
    ("0x1F", 31),
    ("-0X1f", -31),
    ("101b", 5),
    ("-101B", -5),
    ("01b", 1),
    ("1.5", 1.5),
    ("-.5", -0.5),
    ("+1.25E-2", 0.0125),
    ("1.0e+16", 1e16),
    ("INF", float("inf")),
    ("-inf", float("-inf")),
    ('"20140924193040.654321+120"', TIMESTAMP),
    ('"12345678224455.654321:000"', INTERVAL),
    ('"20140924193040.654***+120"', CIMDateTime("20140924193040.654***+120")),
    ('"20149924193040.654321+120"', "20149924193040.654321+120"),
    ('"20140924193040.654321+120x"', "20140924193040.654321+120x"),
    ('"D.k=1"', CIMInstanceName("D", {"k": 1})),
    (r'"//h/n:D.k=\"x\""', CIMInstanceName("D", {"k": "x"}, "h", "n")),
    (
        r'"/:D.k=\"/:E.j=\\\"x\\\"\""',
        CIMInstanceName("D", {"k": CIMInstanceName("E", {"j": "x"})}),
    ),
    ('"/:D"', "/:D"),
    ('"D.k=x"', "D.k=x"),
    ('"D.k=1,"', "D.k=1,"),
    (r'"D.k=1\n"', "D.k=1\n"),
]


@pytest.mark.parametrize("text, expected", READ_VALUES, ids=[text for text, _ in READ_VALUES])
def test_read_values(text: str, expected: Any) -> None:
    """Values get the type that their form says, at any place among the keybindings."""
    path = CIMInstanceName.from_wbem_uri(f'/:C.A={text},b="y",C={text}')
    assert list(path.items()) == [("A", expected), ("b", "y"), ("C", expected)]
    assert type(path["A"]) is type(expected)


def test_read_nan() -> None:
    """NAN is tolerated as the other special real values are."""
    value = CIMInstanceName.from_wbem_uri("/:C.k=NaN")["k"]
    assert isinstance(value, float) and value != value


@pytest.mark.parametrize("value", [TIMESTAMP, INTERVAL], ids=["timestamp", "interval"])
def test_datetime_without_quotes(value: CIMDateTime) -> None:
    """A datetime without quotes is tolerated with a warning at the line of the caller."""
    with pytest.warns(UserWarning, match="without surrounding double quotes") as record:
        assert CIMInstanceName.from_wbem_uri(f"/:C.k={value}")["k"] == value
    assert record[0].filename == __file__


@pytest.mark.parametrize(
    "keybindings",
    [
        "k",
        "k=",
        "=1",
        "k=1,",
        ",k=1",
        "k=1,,j=2",
        "k=1, j=2",
        "k =1",
        "k= 1",
        "k=1 ",
        "k-j=1",
        "k.j=1",
        'k="x',
        'k=x"',
        'k="x"y',
        'k="x"y"',
        'k="/:D.j="x""',
        "k=''",
        "k='xy'",
        "k='''",
        "k=x",
        "k=NULL",
        "k=1.",
        "k=1e3",
        "k=08",
        "k=00",
        "k=007",
        "k=0102",
        "k=-0120",
        'k="a\nb"',
        'k="a\\\nb"',
        "k='\n'",
        r"k='\x00412'",
        "k=0x",
        "k=0b1",
        "k=2b",
        "k=+INF",
        "k=1_000",
        "k=\u0661",
        "k=\u0131nf",
        "k=/:D.j=1",
        "k=99999999999999.999999+120",
        "k=20140924193040.654321+120x",
        'k=(string)"x"',
        "k=1\n,j=2",
    ],
)
def test_read_invalid_keybindings(keybindings: str) -> None:
    """What is neither DSP0207 nor a tolerated form is a ValueError."""
    with pytest.raises(ValueError, match="WBEM URI"):
        CIMInstanceName.from_wbem_uri(f"/n:C.{keybindings}")


def test_instance_path_without_keybindings() -> None:
    """The URI of a class is not that of an instance, and the reverse."""
    for uri in ("/n:C", "/n:C."):
        with pytest.raises(ValueError, match="instance path"):
            CIMInstanceName.from_wbem_uri(uri)
    with pytest.raises(ValueError, match="class path"):
        CIMClassName.from_wbem_uri("/n:C.k=1")


def test_line_end_is_tolerated() -> None:
    """A line read from a file is taken with its line feed."""
    assert CIMClassName.from_wbem_uri("/n:C\n").classname == "C"
    assert dict(CIMInstanceName.from_wbem_uri('/n:C.a="x",b=1\n')) == {"a": "x", "b": 1}


def test_same_key_twice() -> None:
    """The last one stays, in the place of the first."""
    path = CIMInstanceName.from_wbem_uri("/:C.a=1,b=2,A=3")
    assert list(path.items()) == [("A", 3), ("b", 2)]


@pytest.mark.parametrize(
    "uri",
    [
        pytest.param("a/" * 100_000, id="namespaces"),
        pytest.param("//" + "h:" * 100_000, id="authority"),
        pytest.param("a-" * 100_000 + ":", id="namespace type"),
        pytest.param('/:C.k="' + "\\x" * 100_000, id="escapes"),
        pytest.param("/:C." + "k=1," * 50_000, id="keybindings"),
        pytest.param('/:C.k="' + "x=" * 100_000 + '"x', id="text"),
        pytest.param("/:C.k=" + "1" * 200_000 + "x", id="digits"),
    ],
)
def test_long_invalid_strings(uri: str) -> None:
    """They are rejected, without trying each way to read them."""
    with pytest.raises(ValueError):
        CIMInstanceName.from_wbem_uri(uri)


# Round trips

WORD = st.text(string.ascii_letters + string.digits + "_\xe4\xd6\u03a3\u4e2d", min_size=1)
NAMESPACE = st.lists(WORD, min_size=1, max_size=3).map("/".join)
HOST = st.sampled_from(
    ["h", "Acme-1.com:5989", "10.1.2.3", "[::1]", "[FE80::1%25eth0]:5989", "[fe80::1-eth0]"]
)
# A blank in front: what looks like an instance path or a datetime would be read as one.
TEXT = st.one_of(st.just(""), st.text().map(lambda text: " " + text))
SCALAR = st.one_of(
    TEXT,
    st.booleans(),
    st.integers(),
    st.integers(0, 255).map(Uint8),
    st.integers(-(2**63), 2**63 - 1).map(Sint64),
    st.floats(allow_nan=False),
    st.floats(allow_nan=False, width=32).map(Real32),
    st.characters().map(Char16),
    st.datetimes().map(CIMDateTime),
    st.timedeltas(min_value=INTERVAL.timedelta * 0, max_value=INTERVAL.timedelta).map(CIMDateTime),
)


def paths(value: Any) -> Any:
    """Return a strategy of instance paths with values."""
    keybindings = st.lists(
        st.tuples(WORD, value), min_size=1, max_size=4, unique_by=lambda item: item[0].casefold()
    )
    located = st.one_of(
        st.tuples(st.none(), st.none()),
        st.tuples(st.none(), NAMESPACE),
        st.tuples(HOST, NAMESPACE),
    )
    return st.builds(
        lambda name, keys, where: CIMInstanceName(name, keys, *where), WORD, keybindings, located
    )


PATH = paths(st.one_of(SCALAR, paths(st.one_of(SCALAR, paths(SCALAR)))))


@given(PATH, st.sampled_from(["standard", "canonical", "historical"]))
def test_instance_path_round_trip(path: CIMInstanceName, format: str) -> None:
    """What is written is read as an equal path, and is written the same way again."""
    uri = path.to_wbem_uri(format)
    again = CIMInstanceName.from_wbem_uri(uri)
    assert again == path
    assert again.to_wbem_uri(format) == uri


@given(paths(SCALAR))
def test_cimobject_round_trip(path: CIMInstanceName) -> None:
    """The CIMObject header has everything but the host."""
    again = CIMInstanceName.from_wbem_uri(path.to_wbem_uri("cimobject"))
    path.host = None
    assert again == path


@given(PATH)
def test_case_and_order_in_canonical_uris(path: CIMInstanceName) -> None:
    """Neither makes a difference in the canonical format."""
    other = CIMInstanceName(
        path.classname.lower(),
        [(name.lower(), value) for name, value in reversed(list(path.items()))],
        path.host and path.host.lower(),
        path.namespace and path.namespace.lower(),
    )
    assert other == path
    assert other.to_wbem_uri("canonical") == path.to_wbem_uri("canonical")


@pytest.mark.parametrize(
    "left, right",
    [
        ({"k": 1}, {"k": True}),
        ({"k": 1}, {"k": 1.0}),
        ({"k": "a"}, {"k": Char16("a")}),
        ({"Stra\xdfe": 1}, {"STRASSE": 1}),
    ],
)
def test_canonical_uris_are_stricter_than_equality(left: Any, right: Any) -> None:
    one, other = CIMInstanceName("C", left), CIMInstanceName("C", right)
    assert one == other
    assert one.to_wbem_uri("canonical") != other.to_wbem_uri("canonical")


@given(WORD, st.none() | HOST, NAMESPACE, st.sampled_from(["standard", "canonical", "historical"]))
def test_class_path_round_trip(name: str, host: Any, namespace: str, format: str) -> None:
    """What is written is read as an equal path."""
    path = CIMClassName(name, host, namespace)
    assert CIMClassName.from_wbem_uri(path.to_wbem_uri(format)) == path


@given(
    st.lists(
        st.one_of(
            st.sampled_from(["/:", "//h", "n:", "C.", "k=", '"', "'", "\\", ",", "=", "1", "0x"]),
            st.sampled_from(["http:", "TRUE", "INF", ".5", '"20140924193040.654321+120"', "\n"]),
            st.text(max_size=3),
        )
    ).map("".join)
)
def test_any_string_gives_a_path_or_a_value_error(uri: str) -> None:
    """Nothing but ValueError is raised for a string, and what is read can be written."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            path = CIMInstanceName.from_wbem_uri(uri)
        except ValueError:
            return
    assert CIMInstanceName.from_wbem_uri(path.to_wbem_uri()) == path
