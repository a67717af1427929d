"""
ValueMapping with a server in memory.
"""

from __future__ import annotations

import gc
import re
import weakref
from typing import Any, Callable, Dict, List, Optional, Tuple, Type

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pywbem
from pywbem import (
    CIMClass,
    CIMError,
    CIMMethod,
    CIMParameter,
    CIMProperty,
    CIMQualifier,
    ModelError,
    Uint8,
    type_from_name,
)
from pywbem._server import WBEMServer
from pywbem._valuemapping import ValueMapping
from pywbem_mock import FakedWBEMConnection
from tests.integration.shells import Loop
from tests.unit.interop import TableConnection, Waited


@pytest.fixture(params=["sync", "async"], autouse=True)
def shell(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, loop: Loop) -> str:
    """The shell that a test is about, each in turn."""
    if request.param == "async":
        monkeypatch.setitem(globals(), "ValueMapping", Waited(pywbem.AsyncValueMapping, loop))
        monkeypatch.setitem(globals(), "WBEMServer", Waited(pywbem.AsyncWBEMServer, loop))
    return str(request.param)


Maps = Optional[List[Any]]
NAMESPACE = "root/x"

INTEGER_TYPES = ["uint8", "uint16", "uint32", "uint64", "sint8", "sint16", "sint32", "sint64"]

VALUE_MAP = ["0", "2..4", "..6", "7..", "9", ".."]
VALUES = ["zero", "two-four", "five-six", "seven-eight", "nine", "unclaimed"]
ITEMS = [
    (0, "zero"),
    ((2, 4), "two-four"),
    ((5, 6), "five-six"),
    ((7, 8), "seven-eight"),
    (9, "nine"),
    (None, "unclaimed"),
]


def make_class(value_map: Maps, values: Maps, cimtype: str = "uint8", array: bool = False) -> Any:
    """A class whose property, method and parameter have the qualifiers."""
    qualifiers = [
        CIMQualifier(name, value, type="string")
        for name, value in (("ValueMap", value_map), ("Values", values))
        if value is not None
    ]
    parameter = CIMParameter("Param", cimtype, is_array=array, qualifiers=qualifiers)
    return CIMClass(
        "CIM_Foo",
        properties=[
            CIMProperty("Prop", None, cimtype, is_array=array, qualifiers=qualifiers),
            CIMProperty("Plain", None, "uint8"),
        ],
        methods=[CIMMethod("Meth", cimtype, [parameter], qualifiers=qualifiers)],
    )


def connect(*args: Any, **kwargs: Any) -> TableConnection:
    return TableConnection({"GetClass": [make_class(*args, **kwargs)]})


def property_mapping(
    value_map: Maps, values: Maps, cimtype: str = "uint8", default: Optional[str] = None
) -> ValueMapping:
    return ValueMapping.for_property(
        connect(value_map, values, cimtype), NAMESPACE, "CIM_Foo", "Prop", default
    )


# -- The element --------------------------------------------------------------


def test_property() -> None:
    conn = connect(VALUE_MAP, VALUES)
    mapping = ValueMapping.for_property(conn, NAMESPACE, "cim_foo", "prop")
    assert list(mapping.items()) == ITEMS
    assert (mapping.conn, mapping.namespace, mapping.classname) == (conn, NAMESPACE, "cim_foo")
    assert (mapping.propname, mapping.methodname, mapping.parametername) == ("prop", None, None)
    assert isinstance(mapping.element, CIMProperty) and mapping.element.name == "Prop"
    assert mapping.values_default is None
    assert "propname='prop'" in repr(mapping)


def test_method() -> None:
    mapping = ValueMapping.for_method(connect(VALUE_MAP, VALUES), NAMESPACE, "CIM_Foo", "meth")
    assert list(mapping.items()) == ITEMS
    assert (mapping.propname, mapping.methodname, mapping.parametername) == (None, "meth", None)
    assert isinstance(mapping.element, CIMMethod)


def test_parameter() -> None:
    mapping = ValueMapping.for_parameter(
        connect(VALUE_MAP, VALUES), NAMESPACE, "CIM_Foo", "meth", "param"
    )
    assert list(mapping.items()) == ITEMS
    assert (mapping.methodname, mapping.parametername) == ("meth", "param")
    assert isinstance(mapping.element, CIMParameter)


def test_server_instead_of_connection() -> None:
    conn = connect(["1"], ["a"])
    mapping = ValueMapping.for_property(WBEMServer(conn), None, "CIM_Foo", "Prop")
    assert mapping.conn == conn
    assert mapping.namespace is None


@pytest.mark.parametrize(
    ("call", "message"),
    [
        pytest.param(
            lambda conn: ValueMapping.for_property(conn, NAMESPACE, "CIM_Foo", "X"),
            "Class 'CIM_Foo' (in 'root/x') does not have a property 'X'",
            id="property",
        ),
        pytest.param(
            lambda conn: ValueMapping.for_method(conn, NAMESPACE, "CIM_Foo", "X"),
            "Class 'CIM_Foo' (in 'root/x') does not have a method 'X'",
            id="method",
        ),
        pytest.param(
            lambda conn: ValueMapping.for_parameter(conn, NAMESPACE, "CIM_Foo", "X", "Param"),
            "Class 'CIM_Foo' (in 'root/x') does not have a method 'X'",
            id="method-of-parameter",
        ),
        pytest.param(
            lambda conn: ValueMapping.for_parameter(conn, NAMESPACE, "CIM_Foo", "Meth", "X"),
            "Method 'Meth' in class 'CIM_Foo' (in 'root/x') does not have a parameter 'X'",
            id="parameter",
        ),
    ],
)
def test_missing_element(call: Any, message: str) -> None:
    with pytest.raises(KeyError, match=re.escape(message)):
        call(connect(["1"], ["a"]))


def test_no_values_qualifier() -> None:
    with pytest.raises(ValueError, match="has no Values qualifier defined"):
        ValueMapping.for_property(connect(["1"], ["a"]), NAMESPACE, "CIM_Foo", "Plain")


def test_method_that_returns_nothing() -> None:
    qualifiers = [CIMQualifier("Values", ["a"])]
    cls = CIMClass("CIM_Foo", methods=[CIMMethod("Meth", "void", qualifiers=qualifiers)])
    with pytest.raises(ModelError, match="not integer-typed, but has CIM type: void"):
        ValueMapping.for_method(TableConnection({"GetClass": [cls]}), None, "CIM_Foo", "Meth")


@pytest.mark.parametrize("cimtype", ["boolean", "datetime", "real32", "char16", "string"])
def test_type_without_mapping(cimtype: str) -> None:
    with pytest.raises(ModelError, match=f"not integer-typed, but has CIM type: {cimtype}"):
        property_mapping(None, ["a"], cimtype)


# -- Fetching the class -------------------------------------------------------


def test_class_is_fetched_once() -> None:
    conn = connect(VALUE_MAP, VALUES)
    ValueMapping.for_property(conn, NAMESPACE, "CIM_Foo", "Prop")
    ValueMapping.for_method(conn, "ROOT/X/", "cim_foo", "Meth")
    ValueMapping.for_parameter(WBEMServer(conn), NAMESPACE, "CIM_Foo", "Meth", "Param")
    ((name, namespace, params),) = conn.calls
    assert (name, namespace) == ("GetClass", NAMESPACE)
    assert (params["LocalOnly"], params["IncludeQualifiers"]) == (False, True)


def test_class_is_fetched_for_each_namespace_and_connection() -> None:
    conn, other = connect(["1"], ["a"]), connect(["1"], ["a"])
    for connection, namespace in ((conn, "a"), (conn, "b"), (other, "a"), (conn, None)):
        ValueMapping.for_property(connection, namespace, "CIM_Foo", "Prop")
    assert [namespace for _, namespace, _ in conn.calls] == ["a", "b", "root/cimv2"]
    assert [namespace for _, namespace, _ in other.calls] == ["a"]


def test_class_is_fetched_again_for_a_new_element() -> None:
    conn = TableConnection({"GetClass": [CIMClass("CIM_Foo")]})
    with pytest.raises(KeyError):
        ValueMapping.for_property(conn, NAMESPACE, "CIM_Foo", "Prop")
    assert len(conn.calls) == 1
    conn.table["GetClass"] = [make_class(["1"], ["a"])]
    assert ValueMapping.for_property(conn, NAMESPACE, "CIM_Foo", "Prop").tovalues(1) == "a"
    assert len(conn.calls) == 2


def test_classes_can_be_forgotten() -> None:
    conn = connect(["1"], ["a"])
    ValueMapping.for_property(conn, NAMESPACE, "CIM_Foo", "Prop")
    conn.table["GetClass"] = [make_class(["1"], ["b"])]
    assert ValueMapping.for_property(conn, NAMESPACE, "CIM_Foo", "Prop").tovalues(1) == "a"
    ValueMapping.forget_classes(conn)
    assert ValueMapping.for_property(conn, NAMESPACE, "CIM_Foo", "Prop").tovalues(1) == "b"


@pytest.mark.parametrize("shell", ["sync"], indirect=True)
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda conn: conn.CreateClass(CIMClass("CIM_Foo")), id="create"),
        pytest.param(lambda conn: conn.ModifyClass(CIMClass("CIM_Foo")), id="modify"),
        pytest.param(lambda conn: conn.DeleteClass("CIM_Foo"), id="delete"),
    ],
)
def test_class_is_fetched_again_after_a_change(change: Callable[[Any], None]) -> None:
    conn = connect(["1"], ["a"])
    ValueMapping.for_property(conn, NAMESPACE, "CIM_Foo", "Prop")
    conn.table.update(GetClass=[make_class(["1"], ["b"])], CreateClass=None)
    conn.table.update(ModifyClass=None, DeleteClass=None)
    change(conn)
    assert ValueMapping.for_property(conn, NAMESPACE, "CIM_Foo", "Prop").tovalues(1) == "b"


@pytest.mark.parametrize("shell", ["sync"], indirect=True)
@pytest.mark.parametrize("with_operations", [False, True])
def test_class_of_a_mock_is_compiled_again(with_operations: bool) -> None:
    conn = FakedWBEMConnection()
    mof = """Qualifier ValueMap : string[], Scope(any); Qualifier Values : string[], Scope(any);
        class C {{ [ValueMap {{"1"}}, Values {{"{}"}}] uint8 P; }};"""
    for text in ("old", "new"):
        if with_operations and text == "new":
            conn.DeleteClass("C")
        conn.compile_mof_string(mof.format(text))
        assert ValueMapping.for_property(conn, None, "C", "P").tovalues(1) == text


@pytest.mark.parametrize("shell", ["sync"], indirect=True)
def test_replaced_operation_is_asked_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    conn = connect(["1"], ["a"])
    for text in ("b", "c"):
        monkeypatch.setattr(conn, "GetClass", lambda text=text, **_: make_class(["1"], [text]))
        assert ValueMapping.for_property(conn, NAMESPACE, "CIM_Foo", "Prop").tovalues(1) == text


def test_error_is_not_kept() -> None:
    conn = TableConnection({"GetClass": 6})
    with pytest.raises(CIMError):
        ValueMapping.for_property(conn, NAMESPACE, "CIM_Foo", "Prop")
    conn.table["GetClass"] = [make_class(["1"], ["a"])]
    assert ValueMapping.for_property(conn, NAMESPACE, "CIM_Foo", "Prop")


def test_connection_is_not_kept_alive() -> None:
    conn = connect(["1"], ["a"])
    ValueMapping.for_property(conn, NAMESPACE, "CIM_Foo", "Prop")
    reference = weakref.ref(conn)
    del conn
    gc.collect()
    assert reference() is None


# -- The qualifiers -----------------------------------------------------------


@pytest.mark.parametrize("cimtype", INTEGER_TYPES)
def test_open_ranges_reach_the_limits_of_the_type(cimtype: str) -> None:
    int_type: Any = type_from_name(cimtype)
    mapping = property_mapping(["..3", "4.."], ["low", "high"], cimtype)
    assert mapping.tobinary("low") == (int_type.minvalue, 3)
    assert mapping.tobinary("high") == (4, int_type.maxvalue)


INTEGERS: List[Tuple[str, int]] = [
    ("0", 0),
    ("10", 10),
    ("+1", 1),
    ("-1", -1),
    ("010", 8),
    ("00", 0),
    ("-017", -15),
    ("0x1F", 31),
    ("0XaB", 171),
    ("-0x5", -5),
    ("101b", 5),
    ("-11B", -3),
    ("0x1b", 27),
]


@pytest.mark.parametrize(("text", "value"), INTEGERS, ids=[i[0] for i in INTEGERS])
def test_integer_representations(text: str, value: int) -> None:
    mapping = property_mapping([text, f"{text}..0x100"], ["single", "range"], "sint16")
    assert list(mapping.items()) == [(value, "single"), ((value, 256), "range")]


@pytest.mark.parametrize(
    "entry",
    ["", "x", " 1", "1.0", "08", "0x", "2b", "b", "1_0", "0o7", "1..x", "1 .. 2", "1...2",
     "1..2..3", "..1..", "\u0663"],
)  # fmt: skip
def test_invalid_integers(entry: str) -> None:
    with pytest.raises(ModelError, match="invalid integer representation in a ValueMap entry"):
        property_mapping([entry], ["a"])


RANGES: List[Tuple[str, List[str], List[Any]]] = [
    ("closed", ["1..3"], [(1, 3)]),
    ("one-value", ["5..5"], [5]),
    ("after-value", ["0", "..5", "..10"], [0, (1, 5), (6, 10)]),
    ("before-value", ["1..", "5"], [(1, 4), 5]),
    ("before-range", ["1..", "5..6"], [(1, 4), (5, 6)]),
    ("before-open", ["1..", "2.."], [1, (2, 255)]),
    ("around-unclaimed", ["1..", "..", "9"], [(1, 8), None, 9]),
    ("after-unclaimed", ["..", "..5"], [None, (0, 5)]),
    ("overlapping", ["..5", "1.."], [(0, 5), (1, 255)]),
]


@pytest.mark.parametrize(
    ("value_map", "mapped"), [r[1:] for r in RANGES], ids=[r[0] for r in RANGES]
)
def test_ranges(value_map: List[str], mapped: List[Any]) -> None:
    values = [f"v{i}" for i in range(len(value_map))]
    assert list(property_mapping(value_map, values).items()) == list(zip(mapped, values))


def test_neighbours_that_are_open_to_each_other() -> None:
    with pytest.raises(ModelError, match="open to each other"):
        property_mapping(["1..", "..5"], ["a", "b"])


def test_no_value_map() -> None:
    assert list(property_mapping(None, ["a", "b"]).items()) == [(0, "a"), (1, "b")]


@pytest.mark.parametrize(
    ("value_map", "values", "default", "result"),
    [
        pytest.param(["0", "1", "2"], ["a"], "d", ["a", "d", "d"], id="short"),
        pytest.param(["0", "1"], ["a"], "", ["a", ""], id="short-empty"),
        pytest.param(["0"], ["a", "b"], "d", ["a"], id="long"),
        pytest.param(["0"], ["a"], "d", ["a"], id="same"),
        pytest.param(None, ["a", "b"], "d", ["a", "b"], id="no-value-map"),
    ],
)
def test_values_default(value_map: Maps, values: Maps, default: str, result: List[str]) -> None:
    mapping = property_mapping(value_map, values, default=default)
    assert [text for _, text in mapping.items()] == result
    assert mapping.values_default == default


@pytest.mark.parametrize(
    ("value_map", "values", "message"),
    [
        pytest.param(["0", "1"], ["a"], "than its Values qualifier: ['1']", id="short"),
        pytest.param(["0"], ["a", "b"], "than its ValueMap qualifier: ['b']", id="long"),
    ],
)
def test_different_lengths(value_map: Maps, values: Maps, message: str) -> None:
    with pytest.raises(ModelError, match=re.escape(message)):
        property_mapping(value_map, values)


def test_qualifiers_without_value() -> None:
    def mapping(**qualifiers: Any) -> ValueMapping:
        prop = CIMProperty(
            "Prop",
            None,
            "uint8",
            qualifiers=[CIMQualifier(*item, type="string") for item in qualifiers.items()],
        )
        conn = TableConnection({"GetClass": [CIMClass("CIM_Foo", properties=[prop])]})
        return ValueMapping.for_property(conn, NAMESPACE, "CIM_Foo", "Prop")

    assert list(mapping(Values=["a"], ValueMap=None).items()) == [(0, "a")]
    with pytest.raises(ValueError, match="no Values"):
        mapping(Values=None)


# -- Mapping ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "result"),
    [
        pytest.param(1, "unclaimed", id="unclaimed"),
        pytest.param(3, "two-four", id="in-range"),
        pytest.param(Uint8(9), "nine", id="cim-type"),
        pytest.param(None, None, id="none"),
        pytest.param([0, 9], ["zero", "nine"], id="list"),
        pytest.param((0,), ["zero"], id="tuple"),
        pytest.param([], [], id="empty"),
        pytest.param(1000, "unclaimed", id="outside-type"),
    ],
)
@pytest.mark.parametrize("array", [False, True], ids=["scalar", "array"])
def test_tovalues(value: Any, result: Any, array: bool) -> None:
    conn = connect(VALUE_MAP, VALUES, array=array)
    assert ValueMapping.for_property(conn, None, "CIM_Foo", "Prop").tovalues(value) == result


@pytest.mark.parametrize(
    ("value", "exception", "message"),
    [
        pytest.param(5, ValueError, "outside of the set defined by its ValueMap", id="outside"),
        pytest.param([0, 5], ValueError, "qualifier: 5", id="outside-list"),
        pytest.param("0", TypeError, "not integer-typed", id="str"),
        pytest.param(1.0, TypeError, "not integer-typed", id="float"),
        pytest.param([None], TypeError, "not integer-typed", id="none-in-list"),
    ],
)
def test_tovalues_errors(value: Any, exception: Type[Exception], message: str) -> None:
    with pytest.raises(exception, match=message):
        property_mapping(["0", "1..3"], ["a", "b"]).tovalues(value)


@pytest.mark.parametrize(("mapped", "text"), ITEMS, ids=VALUES)
def test_tobinary(mapped: Any, text: str) -> None:
    assert property_mapping(VALUE_MAP, VALUES).tobinary(text) == mapped


@pytest.mark.parametrize(
    ("text", "exception"), [("ZERO", ValueError), (None, TypeError), (5, TypeError)], ids=repr
)
def test_tobinary_errors(text: Any, exception: Type[Exception]) -> None:
    with pytest.raises(exception):
        property_mapping(VALUE_MAP, VALUES).tobinary(text)


def test_repeated_entries() -> None:
    mapping = property_mapping(["0", "1", "1"], ["a", "a", "b"])
    assert list(mapping.items()) == [(0, "a"), (1, "a"), (1, "b")]
    assert mapping.tobinary("a") == 1
    assert mapping.tovalues([0, 1]) == ["a", "b"]


def test_strings() -> None:
    mapping = property_mapping(["x", "1..3", ".."], ["ex", "one", "other"], "string")
    assert list(mapping.items()) == [("x", "ex"), ("1..3", "one"), (None, "other")]
    assert mapping.tovalues(["x", "1..3", "2"]) == ["ex", "one", "other"]
    assert mapping.tobinary("one") == "1..3"
    with pytest.raises(TypeError, match="not string-typed"):
        mapping.tovalues(5)


def test_unknown_string() -> None:
    with pytest.raises(ValueError, match="ValueMap qualifier: 'y'"):
        property_mapping(["x"], ["ex"], "string").tovalues("y")


# -- Properties of ranges -----------------------------------------------------


@st.composite
def partitions(draw: Any) -> Tuple[str, Dict[str, Tuple[int, int]], List[str]]:
    """A type, and ranges beside each other that cover it, with their ValueMap entries."""
    cimtype = draw(st.sampled_from(INTEGER_TYPES))
    int_type: Any = type_from_name(cimtype)
    low, high = int_type.minvalue, int_type.maxvalue
    starts = sorted(draw(st.sets(st.integers(low + 1, high), min_size=1, max_size=6)))
    bounds = list(zip([low, *starts], [start - 1 for start in starts] + [high]))
    entries: List[str] = []
    for first, last in bounds:
        shapes = [f"{first}..{last}"]
        # Open ends that face each other are no bound.
        if not entries or not entries[-1].endswith(".."):
            shapes.append(f"..{last}")
        shapes.append(f"{first}..")
        entry = draw(st.sampled_from(shapes))
        entries.append(str(first) if first == last and draw(st.booleans()) else entry)
    return cimtype, {f"v{i}": pair for i, pair in enumerate(bounds)}, entries


@given(partitions(), st.data())
def test_partition(partition: Any, data: st.DataObject) -> None:
    cimtype, ranges, entries = partition
    mapping = property_mapping(entries, list(ranges), cimtype)
    assert list(mapping.items()) == [
        (low if low == high else (low, high), text) for text, (low, high) in ranges.items()
    ]
    for text, (low, high) in ranges.items():
        inside = data.draw(st.integers(low, high))
        assert mapping.tovalues([low, inside, high]) == [text] * 3
        for value in (low - 1, high + 1):
            if min(ranges.values())[0] <= value <= max(ranges.values())[1]:
                assert mapping.tovalues(value) != text


@given(
    st.lists(st.one_of(st.sampled_from(["..", "1..", "..5", "3", "7..9", ""]), st.text(max_size=6)))
)
def test_any_value_map_is_read_or_a_model_error(value_map: List[str]) -> None:
    values = [f"v{i}" for i in range(len(value_map))]
    try:
        mapping = property_mapping(value_map, values, "sint32")
    except ModelError:
        return
    for mapped, text in mapping.items():
        assert mapping.tobinary(text) == mapped
