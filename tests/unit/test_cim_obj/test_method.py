"""CIMMethod: construction, parameters, attributes, comparison, copies, text."""

from __future__ import annotations

import copy
import pickle
from typing import Any, Dict

import pytest

from pywbem import CIMMethod, CIMParameter, CIMProperty, CIMQualifier
from pywbem._nocasedict import NocaseDict

A = CIMParameter("A", "string")
B = CIMParameter("B", "uint8", is_array=True)
Q = CIMQualifier("Q", True)


def test_init() -> None:
    """Parameters are kept or converted."""
    method = CIMMethod(b"M", b"uint32", [A], b"O", 1, {"Q": True})  # type: ignore[arg-type]
    assert (method.name, method.return_type) == ("M", "uint32")
    assert (method.class_origin, method.propagated) == ("O", True)
    assert list(method.parameters.items()) == [("A", A)]
    assert list(method.qualifiers.items()) == [("Q", Q)]
    bare = CIMMethod("M", "string")
    assert (bare.class_origin, bare.propagated) == (None, None)
    assert bare.parameters == {}
    assert bare.qualifiers == {}


@pytest.mark.parametrize(
    "args, exc_type, match",
    [
        pytest.param((), ValueError, "name", id="nothing"),
        pytest.param((None, "uint8"), ValueError, "name", id="no name"),
        pytest.param(("M",), ValueError, "'M'.*None", id="no return type"),
        pytest.param(("M", "Void"), ValueError, "'M'.*'Void'", id="no type"),
        pytest.param(("M", "reference"), ValueError, "'M'.*reference", id="reference"),
    ],
)
def test_init_error(args: Any, exc_type: type, match: str) -> None:
    """Wrong names and return types raise the documented exception."""
    with pytest.raises(exc_type, match=match):
        CIMMethod(*args)


@pytest.mark.parametrize(
    "value, expected",
    [
        pytest.param(None, [], id="None"),
        pytest.param([], [], id="empty list"),
        pytest.param({"B": B, "A": A}, [("B", B), ("A", A)], id="dict"),
        pytest.param({b"a": A}, [("a", A)], id="bytes key in other case"),
        pytest.param(NocaseDict([("B", B), ("A", A)]), [("B", B), ("A", A)], id="NocaseDict"),
        pytest.param([("B", B), ("A", A)], [("B", B), ("A", A)], id="tuples"),
        pytest.param([B, A], [("B", B), ("A", A)], id="objects"),
        pytest.param(iter([B, ("A", A)]), [("B", B), ("A", A)], id="iterator"),
    ],
)
def test_parameters_input(value: Any, expected: Any) -> None:
    """Every form of a parameters input object gives a NocaseDict in the same order."""
    method = CIMMethod("M", "uint8", value)
    assert isinstance(method.parameters, NocaseDict)
    assert method.parameters is not value
    assert list(method.parameters.items()) == expected


@pytest.mark.parametrize(
    "value, exc_type, match",
    [
        pytest.param(5, TypeError, "parameters.*5", id="number"),
        pytest.param([5], TypeError, "parameters.*5", id="list of number"),
        pytest.param([Q], TypeError, "CIMQualifier", id="list of qualifiers"),
        pytest.param({"A": "x"}, TypeError, "CIMParameter.*str.*'A'", id="string as parameter"),
        pytest.param({"A": None}, TypeError, "CIMParameter.*'A'", id="None as parameter"),
        pytest.param([("A", Q)], TypeError, "CIMParameter.*CIMQualifier", id="qualifier"),
        pytest.param({"B": A}, ValueError, "'B'.*'A'", id="key is another name"),
        pytest.param({None: A}, ValueError, "Parameter name", id="None as key"),
    ],
)
def test_parameters_error(value: Any, exc_type: type, match: str) -> None:
    """Other forms raise the documented exception, in the constructor and the setter."""
    with pytest.raises(exc_type, match=match):
        CIMMethod("M", "uint8", value)
    method = CIMMethod("M", "uint8", [A])
    with pytest.raises(exc_type, match=match):
        method.parameters = value
    assert list(method.parameters) == ["A"]


@pytest.mark.parametrize(
    "attribute, value, expected",
    [
        ("name", b"N", "N"),
        ("return_type", b"string", "string"),
        ("return_type", "void", "void"),
        ("return_type", b"void", "void"),
        ("parameters", [B], {"B": B}),
        ("class_origin", b"C", "C"),
        ("propagated", 0, False),
        ("propagated", None, None),
        ("qualifiers", {"Q": True}, {"Q": Q}),
    ],
)
def test_setter(attribute: str, value: Any, expected: Any) -> None:
    """Setters normalise as the constructor does."""
    method = CIMMethod("M", "uint8", [A], "O", True, {"R": False})
    setattr(method, attribute, value)
    assert getattr(method, attribute) == expected


@pytest.mark.parametrize(
    "attribute, value, exc_type",
    [
        ("name", None, ValueError),
        ("return_type", None, ValueError),
        ("return_type", "reference", ValueError),
        ("qualifiers", {"Q": 5}, ValueError),
        ("value", 5, AttributeError),
    ],
)
def test_setter_error(attribute: str, value: Any, exc_type: type) -> None:
    """A setter that raises changes nothing."""
    method = CIMMethod("M", "uint8")
    with pytest.raises(exc_type):
        setattr(method, attribute, value)
    assert method == CIMMethod("M", "uint8")


BASE: Dict[str, Any] = {
    "name": "M",
    "return_type": "uint8",
    "parameters": [A, B],
    "class_origin": "O",
    "propagated": True,
    "qualifiers": [("Q", True), ("R", "x")],
}


@pytest.mark.parametrize(
    "change, equal",
    [
        pytest.param({}, True, id="same"),
        pytest.param({"name": "m"}, True, id="name in other case"),
        pytest.param({"name": "N"}, False, id="name"),
        pytest.param({"return_type": "uint16"}, False, id="return type"),
        pytest.param({"parameters": [("b", B), ("a", A)]}, True, id="order, case of parameters"),
        pytest.param({"parameters": [A]}, False, id="fewer parameters"),
        pytest.param(
            {"parameters": [A, CIMParameter("B", "uint16", is_array=True)]}, False, id="parameter"
        ),
        pytest.param({"class_origin": "o"}, True, id="class_origin in other case"),
        pytest.param({"class_origin": None}, False, id="class_origin"),
        pytest.param({"propagated": None}, False, id="propagated"),
        pytest.param({"qualifiers": {"r": "x", "q": True}}, True, id="order, case of qualifiers"),
        pytest.param({"qualifiers": None}, False, id="qualifiers"),
    ],
)
def test_equality(change: Any, equal: bool) -> None:
    """Methods are equal if all attributes are; names without regard to case."""
    left, right = CIMMethod(**BASE), CIMMethod(**{**BASE, **change})
    assert (left == right) is equal
    assert (right == left) is equal
    assert (left != right) is not equal
    assert (hash(left) == hash(right)) is equal


@pytest.mark.parametrize("other", [None, "M", A])
def test_comparison_error(other: Any) -> None:
    """Objects of other classes cannot be compared, and methods have no order."""
    method = CIMMethod("M", "uint8")
    with pytest.raises(TypeError, match="CIMMethod"):
        method == other  # noqa: B015
    with pytest.raises(TypeError, match="not supported"):
        method >= method.copy()  # noqa: B015


def test_text() -> None:
    """repr() has all attributes and str() the main ones, in ASCII."""
    method = CIMMethod("M", "uint8", [A], "O")
    assert repr(method) == (
        "CIMMethod(name='M', return_type='uint8', class_origin='O', propagated=None, "
        f"parameters=NocaseDict({{'A': {A!r}}}), qualifiers=NocaseDict({{}}))"
    )
    assert str(method) == "CIMMethod(name='M', return_type='uint8', ...)"


@pytest.mark.parametrize(
    "copied, shared",
    [
        pytest.param(CIMMethod.copy, True, id="copy()"),
        pytest.param(copy.deepcopy, False, id="deepcopy"),
        pytest.param(lambda obj: pickle.loads(pickle.dumps(obj)), False, id="pickle"),
    ],
)
def test_copies(copied: Any, shared: bool) -> None:
    """Copies have their own dictionaries; copy() shares what is in them."""
    method = CIMMethod(**BASE)
    twin = copied(method)
    assert twin == method
    assert (twin.parameters["A"] is method.parameters["A"]) is shared
    assert (twin.qualifiers["Q"] is method.qualifiers["Q"]) is shared
    del twin.parameters["A"]
    del twin.qualifiers["Q"]
    assert method == CIMMethod(**BASE)


def test_raw_item_is_not_equal() -> None:
    """Something that cannot be compared with the other's item is not equal to it."""
    left, right = CIMMethod("M", "uint8", [A]), CIMMethod("M", "uint8")
    right.parameters["A"] = CIMProperty("A", "x")
    assert left != right
    right.parameters["A"] = None
    assert left != right


def test_trusted() -> None:
    """What the decoder builds is equal to what the constructor builds."""
    method = CIMMethod._trusted(
        "M", "uint8", NocaseDict([("A", A)]), "O", False, NocaseDict([("Q", Q)])
    )
    assert method == CIMMethod("M", "uint8", [A], "O", False, [Q])
    bare = CIMMethod._trusted("M", "uint8", None, None, None, None)
    assert bare == CIMMethod("M", "uint8")
    assert bare.parameters is bare.parameters
