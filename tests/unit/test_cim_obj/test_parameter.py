"""CIMParameter: construction, attributes, comparison, copies, text, CIM-XML options."""

from __future__ import annotations

import copy
import pickle
from typing import Any, Dict

import pytest

from pywbem import (
    CIMClass,
    CIMClassName,
    CIMInstance,
    CIMInstanceName,
    CIMParameter,
    CIMProperty,
    CIMQualifier,
    Uint8,
)
from pywbem._nocasedict import NocaseDict

DEFAULTS: Dict[str, Any] = {
    "reference_class": None,
    "is_array": False,
    "array_size": None,
    "value": None,
    "embedded_object": None,
}


@pytest.mark.parametrize(
    "type_, kwargs, expected",
    [
        pytest.param("string", {}, {}, id="defaults"),
        pytest.param("uint8", {"value": "5"}, {"value": Uint8(5)}, id="converted"),
        pytest.param(
            "uint8", {"value": [1, None]}, {"value": [1, None], "is_array": True}, id="array"
        ),
        pytest.param(
            "string",
            {"is_array": 1, "array_size": 5},
            {"is_array": True, "array_size": 5},
            id="size",
        ),
        pytest.param(
            "reference", {"reference_class": b"C"}, {"reference_class": "C"}, id="reference"
        ),
        pytest.param(
            "reference",
            {"reference_class": "C", "value": [CIMInstanceName("C")]},
            {"reference_class": "C", "value": [CIMInstanceName("C")], "is_array": True},
            id="array of references",
        ),
        pytest.param(
            "reference",
            {"value": 'C.k="v"'},
            {"value": CIMInstanceName("C", {"k": "v"})},
            id="reference from URI",
        ),
        pytest.param(
            "reference", {"value": CIMClassName("C")}, {"value": CIMClassName("C")}, id="class path"
        ),
        pytest.param(
            "string",
            {"value": CIMInstance("C")},
            {"value": CIMInstance("C"), "embedded_object": "instance"},
            id="embedded instance",
        ),
        pytest.param(
            "string",
            {"value": [CIMClass("C")]},
            {"value": [CIMClass("C")], "embedded_object": "object", "is_array": True},
            id="embedded classes",
        ),
        pytest.param(
            "string",
            {"value": CIMInstance("C"), "embedded_object": False},
            {"value": CIMInstance("C")},
            id="not embedded",
        ),
        pytest.param(
            "string",
            {"embedded_object": "object"},
            {"embedded_object": "object"},
            id="NULL embedded",
        ),
    ],
)
def test_init(type_: str, kwargs: Any, expected: Any) -> None:
    """Parameters are kept or converted; is_array and embedded_object are taken from the value."""
    parameter = CIMParameter("P", type_, **kwargs)
    assert (parameter.name, parameter.type) == ("P", type_)
    assert {name: getattr(parameter, name) for name in DEFAULTS} == {**DEFAULTS, **expected}
    assert type(parameter.value) is type(expected.get("value"))


@pytest.mark.parametrize(
    "args, kwargs, exc_type, match",
    [
        pytest.param((None, "string"), {}, ValueError, "name", id="no name"),
        pytest.param(("P", None), {}, ValueError, "parameter 'P'.*None", id="no type"),
        pytest.param(("P", "int"), {}, ValueError, "parameter 'P'.*'int'", id="unknown type"),
        pytest.param(
            ("P", "uint8"), {"value": "x"}, ValueError, "parameter 'P'.*'x'", id="no number"
        ),
        pytest.param(
            ("P", "reference"), {"value": 5}, TypeError, "parameter 'P'.*5", id="no reference"
        ),
        pytest.param(
            ("P", "string"), {"value": "a", "is_array": True}, ValueError, "is_array", id="no array"
        ),
        pytest.param(
            ("P", "string"), {"value": ["a"], "is_array": False}, ValueError, "is_array", id="array"
        ),
        pytest.param(
            ("P", "uint8"),
            {"value": CIMInstance("C")},
            ValueError,
            "'uint8'",
            id="embedded in uint8",
        ),
        pytest.param(
            ("P", "string"), {"embedded_object": "x"}, ValueError, "'x'", id="embedded_object"
        ),
        pytest.param(
            ("P", "string"),
            {"value": "a", "embedded_object": "object"},
            ValueError,
            "parameter 'P'.*str",
            id="string embedded",
        ),
        pytest.param(("P", "string"), {"qualifiers": 5}, TypeError, "5", id="qualifiers"),
    ],
)
def test_init_error(args: Any, kwargs: Any, exc_type: type, match: str) -> None:
    """Contradictions and wrong values raise the documented exception, which says where."""
    with pytest.raises(exc_type, match=match):
        CIMParameter(*args, **kwargs)


@pytest.mark.parametrize(
    "attribute, value, expected",
    [
        ("name", b"N", "N"),
        ("type", b"string", "string"),
        ("value", "7", Uint8(7)),
        ("value", ["7"], [Uint8(7)]),
        ("reference_class", b"C", "C"),
        ("is_array", 1, True),
        ("array_size", 5, 5),
        ("embedded_object", False, None),
        ("embedded_object", "object", "object"),
    ],
)
def test_setter(attribute: str, value: Any, expected: Any) -> None:
    """Setters normalise as the constructor does."""
    parameter = CIMParameter("P", "uint8", value=5)
    setattr(parameter, attribute, value)
    assert getattr(parameter, attribute) == expected
    assert type(getattr(parameter, attribute)) is type(expected)


@pytest.mark.parametrize(
    "attribute, value, exc_type",
    [
        ("name", None, ValueError),
        ("type", None, ValueError),
        ("value", "x", ValueError),
        ("qualifiers", [5], TypeError),
        ("class_origin", "C", AttributeError),
    ],
)
def test_setter_error(attribute: str, value: Any, exc_type: type) -> None:
    """A setter that raises changes nothing."""
    parameter = CIMParameter("P", "uint8", value=5)
    with pytest.raises(exc_type):
        setattr(parameter, attribute, value)
    assert parameter == CIMParameter("P", "uint8", value=5)


BASE: Dict[str, Any] = {
    "name": "P",
    "type": "string",
    "reference_class": "R",
    "is_array": True,
    "array_size": 1,
    "qualifiers": [("A", "x"), ("B", True)],
    "value": ["a"],
}


@pytest.mark.parametrize(
    "change, equal",
    [
        pytest.param({}, True, id="same"),
        pytest.param({"name": "p"}, True, id="name in other case"),
        pytest.param({"name": "Q"}, False, id="name"),
        pytest.param({"type": "char16"}, False, id="type"),
        pytest.param({"reference_class": "r"}, True, id="reference_class in other case"),
        pytest.param({"reference_class": None}, False, id="reference_class"),
        pytest.param({"array_size": 2}, False, id="array_size"),
        pytest.param({"qualifiers": {"b": True, "a": "x"}}, True, id="order, case of qualifiers"),
        pytest.param({"qualifiers": {"A": "x"}}, False, id="qualifiers"),
        pytest.param({"value": ["A"]}, False, id="value"),
        pytest.param({"value": None}, False, id="NULL"),
    ],
)
def test_equality(change: Any, equal: bool) -> None:
    """Parameters are equal if all attributes are; names without regard to case."""
    left, right = CIMParameter(**BASE), CIMParameter(**{**BASE, **change})
    assert (left == right) is equal
    assert (right == left) is equal
    assert (left != right) is not equal
    assert (hash(left) == hash(right)) is equal


@pytest.mark.parametrize(
    "left, right",
    [
        pytest.param({"is_array": True}, {"is_array": False}, id="is_array"),
        pytest.param({"embedded_object": "object"}, {}, id="embedded_object"),
        pytest.param({"value": CIMInstance("C")}, {"embedded_object": "instance"}, id="NULL"),
    ],
)
def test_inequality_of_values(left: Any, right: Any) -> None:
    """Parameters without the same kind of value are not equal."""
    assert CIMParameter("P", "string", **left) != CIMParameter("P", "string", **right)
    assert CIMParameter("P", "string", **right) != CIMParameter("P", "string", **left)


@pytest.mark.parametrize("other", [None, "P", CIMProperty("P", "a")])
def test_comparison_error(other: Any) -> None:
    """Objects of other classes cannot be compared, and parameters have no order."""
    parameter = CIMParameter("P", "string")
    with pytest.raises(TypeError, match="CIMParameter"):
        parameter == other  # noqa: B015
    with pytest.raises(TypeError, match="not supported"):
        parameter <= parameter.copy()  # noqa: B015


def test_text() -> None:
    """repr() has all attributes and str() the main ones, in ASCII."""
    parameter = CIMParameter("P", "uint8", is_array=True, value=[1, None])
    assert repr(parameter) == (
        "CIMParameter(name='P', type='uint8', reference_class=None, is_array=True, "
        "array_size=None, qualifiers=NocaseDict({}), value=[1, None], embedded_object=None)"
    )
    assert str(parameter) == (
        "CIMParameter(name='P', type='uint8', reference_class=None, is_array=True, ...)"
    )


@pytest.mark.parametrize(
    "copied, shared",
    [
        pytest.param(CIMParameter.copy, True, id="copy()"),
        pytest.param(copy.deepcopy, False, id="deepcopy"),
        pytest.param(lambda obj: pickle.loads(pickle.dumps(obj)), False, id="pickle"),
    ],
)
def test_copies(copied: Any, shared: bool) -> None:
    """Copies have their own list and dictionary; copy() shares the qualifiers."""
    parameter = CIMParameter(**BASE)
    twin = copied(parameter)
    assert twin == parameter
    assert (twin.qualifiers["A"] is parameter.qualifiers["A"]) is shared
    twin.value.append("b")
    twin.qualifiers["C"] = CIMQualifier("C", True)
    twin.name = "Other"
    assert parameter == CIMParameter(**BASE)


def test_trusted() -> None:
    """What the decoder builds is equal to what the constructor builds."""
    qualifiers = NocaseDict((q, CIMQualifier(q, v)) for q, v in BASE["qualifiers"])
    assert CIMParameter._trusted(
        "P", "string", "R", True, 1, qualifiers, ["a"], None
    ) == CIMParameter(**BASE)
    bare = CIMParameter._trusted("P", "string", None, False, None, None, None, None)
    assert bare == CIMParameter("P", "string")
    assert bare.qualifiers == {}


@pytest.mark.parametrize(
    "kwargs, expected",
    [
        pytest.param({}, '<PARAMETER NAME="P" TYPE="uint8"/>', id="declaration"),
        pytest.param(
            {"as_value": True},
            '<PARAMVALUE NAME="P" PARAMTYPE="uint8"><VALUE>5</VALUE></PARAMVALUE>',
            id="value",
        ),
        pytest.param(
            {"as_value": True, "indent": 1},
            '<PARAMVALUE NAME="P" PARAMTYPE="uint8">\n <VALUE>5</VALUE>\n</PARAMVALUE>\n',
            id="value, indented",
        ),
    ],
)
def test_cimxml(kwargs: Any, expected: str) -> None:
    """A parameter has CIM-XML as a declaration and as a value."""
    parameter = CIMParameter("P", "uint8", value=5)
    assert parameter.tocimxmlstr(**kwargs) == expected
    if "indent" not in kwargs:
        assert parameter.tocimxml(**kwargs).toxml() == expected
