"""CIMQualifier: construction, inference, attributes, comparison, copies, text."""

from __future__ import annotations

import copy
import pickle
from typing import Any, Dict

import pytest

from pywbem import CIMInstanceName, CIMProperty, CIMQualifier, Real64, Sint8, Uint8

FLAVORS = ["propagated", "overridable", "tosubclass", "toinstance", "translatable"]


@pytest.mark.parametrize(
    "value, type_, expected_value, expected_type",
    [
        pytest.param("a", None, "a", "string", id="string"),
        pytest.param(b"a", None, "a", "string", id="bytes"),
        pytest.param(True, None, True, "boolean", id="boolean"),
        pytest.param(Uint8(5), None, Uint8(5), "uint8", id="number"),
        pytest.param(["a", None], None, ["a", None], "string", id="array"),
        pytest.param("5", "sint8", Sint8(5), "sint8", id="converted"),
        pytest.param([1, None], "uint8", [Uint8(1), None], "uint8", id="array converted"),
        pytest.param(1, "real64", Real64(1), "real64", id="int to real"),
        pytest.param(None, "string", None, "string", id="NULL"),
        pytest.param([], "string", [], "string", id="empty array"),
        pytest.param("a", b"string", "a", "string", id="type as bytes"),
    ],
)
def test_value_and_type(value: Any, type_: Any, expected_value: Any, expected_type: str) -> None:
    """The type is inferred from the value, or the value is converted to the type."""
    qualifier = CIMQualifier("Q", value, type_)
    assert qualifier.name == "Q"
    assert qualifier.type == expected_type
    assert qualifier.value == expected_value
    assert type(qualifier.value) is type(expected_value)


@pytest.mark.parametrize(
    "args, exc_type, match",
    [
        pytest.param((None, "a"), ValueError, "name", id="no name"),
        pytest.param(("Q", None), ValueError, "qualifier 'Q'.*None", id="NULL without type"),
        pytest.param(("Q", 5), ValueError, "qualifier 'Q'.*: 5", id="int without type"),
        pytest.param(("Q", []), ValueError, "empty", id="empty list without type"),
        pytest.param(("Q", CIMInstanceName("C")), ValueError, "reference", id="reference value"),
        pytest.param(("Q", None, "reference"), ValueError, "reference", id="reference"),
        pytest.param(("Q", "a", "String"), ValueError, "'Q'.*'String'", id="unknown type"),
        pytest.param(("Q", "a", "uint8"), ValueError, "qualifier 'Q'.*'a'", id="no number"),
        pytest.param(("Q", (1,), "uint8"), TypeError, "qualifier 'Q'.*tuple", id="tuple"),
    ],
)
def test_init_error(args: Any, exc_type: type, match: str) -> None:
    """Wrong names, types and values raise the documented exception."""
    with pytest.raises(exc_type, match=match):
        CIMQualifier(*args)


@pytest.mark.parametrize("flavor", FLAVORS)
@pytest.mark.parametrize(
    "value, expected", [(None, None), (True, True), (False, False), ("false", True), (0, False)]
)
def test_flavors(flavor: str, value: Any, expected: Any) -> None:
    """Flavors are taken by their truth, in the constructor and the setters; None stays."""
    qualifier = CIMQualifier("Q", "a", **{flavor: value})
    assert getattr(qualifier, flavor) is expected
    setattr(qualifier, flavor, not expected)
    setattr(qualifier, flavor, value)
    assert getattr(qualifier, flavor) is expected
    assert [getattr(qualifier, other) for other in FLAVORS if other != flavor] == [None] * 4


def test_positional_order() -> None:
    """The parameters have their documented order."""
    qualifier = CIMQualifier("Q", 1, "uint8", True, False, True, False, True)
    assert [getattr(qualifier, name) for name in FLAVORS] == [True, False, True, False, True]


@pytest.mark.parametrize(
    "attribute, value, expected",
    [
        ("name", b"N", "N"),
        ("value", "7", Uint8(7)),
        ("value", [7], [Uint8(7)]),
        ("value", None, None),
        ("type", b"string", "string"),
    ],
)
def test_setter(attribute: str, value: Any, expected: Any) -> None:
    """Setters normalise as the constructor does; the type does not convert the value."""
    qualifier = CIMQualifier("Q", 5, "uint8")
    setattr(qualifier, attribute, value)
    assert getattr(qualifier, attribute) == expected
    assert type(getattr(qualifier, attribute)) is type(expected)
    if attribute != "value":
        assert qualifier.value == 5


@pytest.mark.parametrize(
    "attribute, value, exc_type",
    [
        ("name", None, ValueError),
        ("type", None, ValueError),
        ("type", "reference", ValueError),
        ("value", "x", ValueError),
        ("value", (1,), TypeError),
        ("scope", 1, AttributeError),
    ],
)
def test_setter_error(attribute: str, value: Any, exc_type: type) -> None:
    """A setter that raises changes nothing."""
    qualifier = CIMQualifier("Q", 5, "uint8")
    with pytest.raises(exc_type):
        setattr(qualifier, attribute, value)
    assert qualifier == CIMQualifier("Q", 5, "uint8")


@pytest.mark.parametrize(
    "change, equal",
    [
        pytest.param({}, True, id="same"),
        pytest.param({"name": "q"}, True, id="name in other case"),
        pytest.param({"name": "R"}, False, id="name"),
        pytest.param({"value": "A"}, False, id="value in other case"),
        pytest.param({"value": None}, False, id="NULL"),
        pytest.param({"value": ["a"]}, False, id="array"),
        pytest.param({"type": "char16"}, False, id="type"),
        *[pytest.param({flavor: False}, False, id=flavor) for flavor in FLAVORS],
        *[pytest.param({flavor: None}, False, id=f"no {flavor}") for flavor in FLAVORS],
    ],
)
def test_equality(change: Any, equal: bool) -> None:
    """Qualifiers are equal if all attributes are; the name without regard to case."""
    base: Dict[str, Any] = {
        "name": "Q",
        "value": "a",
        "type": "string",
        **dict.fromkeys(FLAVORS, True),
    }
    left, right = CIMQualifier(**base), CIMQualifier(**{**base, **change})
    assert (left == right) is equal
    assert (right == left) is equal
    assert (left != right) is not equal
    assert (hash(left) == hash(right)) is equal


def test_array_is_hashable() -> None:
    """The items of an array value count in the hash value."""
    assert hash(CIMQualifier("Q", ["a", "b"])) == hash(CIMQualifier("q", ["a", "b"]))
    assert hash(CIMQualifier("Q", ["a", "b"])) != hash(CIMQualifier("Q", ["a", "c"]))


@pytest.mark.parametrize("other", [None, "Q", CIMProperty("Q", "a")])
def test_comparison_error(other: Any) -> None:
    """Objects of other classes cannot be compared, and qualifiers have no order."""
    qualifier = CIMQualifier("Q", "a")
    with pytest.raises(TypeError, match="CIMQualifier"):
        qualifier == other  # noqa: B015
    for operand in (other, qualifier):
        with pytest.raises(TypeError, match="not supported"):
            qualifier < operand  # noqa: B015


def test_text() -> None:
    """repr() has all attributes and str() the main ones, in ASCII."""
    qualifier = CIMQualifier("Q", ["\xe4"], tosubclass=True, propagated=False)
    assert repr(qualifier) == (
        "CIMQualifier(name='Q', value=['\\u00e4'], type='string', tosubclass=True, "
        "overridable=None, translatable=None, toinstance=None, propagated=False)"
    )
    assert str(qualifier) == "CIMQualifier(name='Q', value=['\\u00e4'], type='string', ...)"


@pytest.mark.parametrize(
    "copied",
    [
        pytest.param(CIMQualifier.copy, id="copy()"),
        pytest.param(copy.deepcopy, id="deepcopy"),
        pytest.param(lambda qualifier: pickle.loads(pickle.dumps(qualifier)), id="pickle"),
    ],
)
def test_copies(copied: Any) -> None:
    """Copies are equal and have their own list."""
    qualifier = CIMQualifier("Q", ["a"], propagated=True, translatable=False)
    twin = copied(qualifier)
    assert twin == qualifier
    twin.value.append("b")
    twin.propagated = None
    assert qualifier == CIMQualifier("Q", ["a"], propagated=True, translatable=False)


def test_trusted() -> None:
    """What the decoder builds is equal to what the constructor builds."""
    assert CIMQualifier._trusted(
        "Q", ["a"], "string", True, False, True, False, None
    ) == CIMQualifier("Q", ["a"], "string", True, False, True, False, None)
