"""CIMQualifierDeclaration: construction, attributes, comparison, copies, text."""

from __future__ import annotations

import copy
import pickle
from collections import OrderedDict
from typing import Any, Dict

import pytest

from pywbem import CIMQualifier, CIMQualifierDeclaration, Uint8
from pywbem._nocasedict import NocaseDict

FLAVORS = ["overridable", "tosubclass", "toinstance", "translatable"]


@pytest.mark.parametrize(
    "kwargs, expected",
    [
        pytest.param(
            {"type": "string"},
            {"type": "string", "value": None, "is_array": False, "array_size": None},
            id="defaults",
        ),
        pytest.param({"type": b"uint8", "value": "5"}, {"value": Uint8(5)}, id="converted"),
        pytest.param(
            {"type": "string", "value": ["a", None], "is_array": True, "array_size": 2},
            {"value": ["a", None], "is_array": True, "array_size": 2},
            id="array",
        ),
        pytest.param(
            {"type": "string", "value": ["a"], "is_array": None},
            {"value": ["a"], "is_array": True},
            id="is_array inferred",
        ),
        pytest.param(
            {"type": "string", "is_array": None},
            {"value": None, "is_array": False},
            id="is_array of NULL",
        ),
        pytest.param({"type": "string", "is_array": 1}, {"is_array": True}, id="is_array by truth"),
    ],
)
def test_init(kwargs: Any, expected: Any) -> None:
    """Parameters are kept or converted; is_array None is taken from the value."""
    declaration = CIMQualifierDeclaration("Q", **kwargs)
    assert declaration.name == "Q"
    assert {name: getattr(declaration, name) for name in expected} == expected
    assert type(declaration.value) is type(expected.get("value"))


@pytest.mark.parametrize(
    "args, exc_type, match",
    [
        pytest.param((None, "string"), ValueError, "name", id="no name"),
        pytest.param(("Q", None), ValueError, "'Q'.*None", id="no type"),
        pytest.param(("Q", "reference"), ValueError, "'Q'.*'reference'", id="reference"),
        pytest.param(("Q", "int"), ValueError, "'Q'.*'int'", id="unknown type"),
        pytest.param(("Q", "uint8", "x"), ValueError, "'Q'.*'x'", id="no number"),
        pytest.param(("Q", "uint8", (1,)), ValueError, "is_array.*'Q'", id="tuple as scalar"),
        pytest.param(("Q", "uint8", (1,), True), TypeError, "'Q'.*tuple", id="tuple as array"),
        pytest.param(("Q", "string", ["a"]), ValueError, "is_array.*'Q'", id="array as scalar"),
        pytest.param(("Q", "string", "a", True), ValueError, "is_array.*'Q'", id="scalar as array"),
        pytest.param(("Q", "string", None, False, None, 5), TypeError, "int", id="scopes number"),
        pytest.param(
            ("Q", "string", None, False, None, ["ANY"]), ValueError, "unpack", id="scopes names"
        ),
        pytest.param(
            ("Q", "string", None, False, None, {None: True}), ValueError, "None", id="scope None"
        ),
    ],
)
def test_init_error(args: Any, exc_type: type, match: str) -> None:
    """Wrong parameters raise the documented exception."""
    with pytest.raises(exc_type, match=match):
        CIMQualifierDeclaration(*args)


@pytest.mark.parametrize(
    "scopes, expected",
    [
        pytest.param(None, [], id="None"),
        pytest.param({}, [], id="empty"),
        pytest.param({"ANY": True}, [("ANY", True)], id="dict"),
        pytest.param(NocaseDict(CLASS=True), [("CLASS", True)], id="NocaseDict"),
        pytest.param(
            OrderedDict([("METHOD", True), ("CLASS", False)]),
            [("METHOD", True), ("CLASS", False)],
            id="OrderedDict",
        ),
        pytest.param([("any", False)], [("any", False)], id="pairs in lower case"),
    ],
)
def test_scopes(scopes: Any, expected: Any) -> None:
    """Scopes become a NocaseDict of their own, by the constructor and by the setter."""
    declaration = CIMQualifierDeclaration("Q", "string", scopes=scopes)
    assert isinstance(declaration.scopes, NocaseDict)
    assert declaration.scopes is not scopes
    assert list(declaration.scopes.items()) == expected
    declaration.scopes = {"INDICATION": True}
    assert list(declaration.scopes.items()) == [("INDICATION", True)]
    declaration.scopes = scopes
    assert list(declaration.scopes.items()) == expected
    declaration.scopes["PROPERTY"] = True
    assert declaration.scopes["property"] is True


@pytest.mark.parametrize("flavor", FLAVORS)
@pytest.mark.parametrize("value, expected", [(None, None), (1, True), (0, False), ("x", True)])
def test_flavors(flavor: str, value: Any, expected: Any) -> None:
    """Flavors are taken by their truth; None stays."""
    declaration = CIMQualifierDeclaration("Q", "string", **{flavor: value})
    assert getattr(declaration, flavor) is expected
    setattr(declaration, flavor, not expected)
    setattr(declaration, flavor, value)
    assert getattr(declaration, flavor) is expected


@pytest.mark.parametrize(
    "attribute, value, expected",
    [
        ("name", b"N", "N"),
        ("type", b"string", "string"),
        ("value", "7", Uint8(7)),
        ("value", ["7"], [Uint8(7)]),
        ("is_array", "x", True),
        ("array_size", 5, 5),
    ],
)
def test_setter(attribute: str, value: Any, expected: Any) -> None:
    """Setters normalise as the constructor does."""
    declaration = CIMQualifierDeclaration("Q", "uint8", 5)
    setattr(declaration, attribute, value)
    assert getattr(declaration, attribute) == expected
    assert type(getattr(declaration, attribute)) is type(expected)


@pytest.mark.parametrize(
    "attribute, value, exc_type",
    [
        ("name", None, ValueError),
        ("type", "reference", ValueError),
        ("value", "x", ValueError),
        ("scopes", 5, TypeError),
        ("propagated", True, AttributeError),
    ],
)
def test_setter_error(attribute: str, value: Any, exc_type: type) -> None:
    """A setter that raises changes nothing."""
    declaration = CIMQualifierDeclaration("Q", "uint8", 5, scopes={"ANY": True})
    with pytest.raises(exc_type):
        setattr(declaration, attribute, value)
    assert declaration == CIMQualifierDeclaration("Q", "uint8", 5, scopes={"ANY": True})


BASE: Dict[str, Any] = {
    "name": "Q",
    "type": "string",
    "value": ["a"],
    "is_array": True,
    "array_size": 1,
    "scopes": [("CLASS", True), ("METHOD", False)],
    **dict.fromkeys(FLAVORS, True),
}


@pytest.mark.parametrize(
    "change, equal",
    [
        pytest.param({}, True, id="same"),
        pytest.param({"name": "q"}, True, id="name in other case"),
        pytest.param({"name": "R"}, False, id="name"),
        pytest.param({"type": "char16"}, False, id="type"),
        pytest.param({"value": ["A"]}, False, id="value"),
        pytest.param({"value": None}, False, id="NULL"),
        pytest.param({"array_size": None}, False, id="array_size"),
        pytest.param(
            {"scopes": {"method": False, "class": True}}, True, id="order, case of scopes"
        ),
        pytest.param({"scopes": {"CLASS": True}}, False, id="fewer scopes"),
        pytest.param({"scopes": {"CLASS": True, "METHOD": True}}, False, id="scope value"),
        *[pytest.param({flavor: False}, False, id=flavor) for flavor in FLAVORS],
    ],
)
def test_equality(change: Any, equal: bool) -> None:
    """Declarations are equal if all attributes are; names without regard to case."""
    left = CIMQualifierDeclaration(**BASE)
    right = CIMQualifierDeclaration(**{**BASE, **change})
    assert (left == right) is equal
    assert (right == left) is equal
    assert (left != right) is not equal
    assert (hash(left) == hash(right)) is equal


def test_is_array_counts() -> None:
    """A NULL scalar is not equal to a NULL array."""
    scalar = CIMQualifierDeclaration("Q", "string")
    assert scalar != CIMQualifierDeclaration("Q", "string", is_array=True)


@pytest.mark.parametrize("other", [None, "Q", CIMQualifier("Q", "a")])
def test_comparison_error(other: Any) -> None:
    """Objects of other classes cannot be compared, and declarations have no order."""
    declaration = CIMQualifierDeclaration("Q", "string")
    with pytest.raises(TypeError, match="CIMQualifierDeclaration"):
        declaration == other  # noqa: B015
    with pytest.raises(TypeError, match="not supported"):
        declaration > declaration.copy()  # noqa: B015


def test_text() -> None:
    """repr() has all attributes and str() the main ones, in ASCII."""
    declaration = CIMQualifierDeclaration("Q", "uint8", 5, scopes={"B": True, "A": False})
    assert repr(declaration) == (
        "CIMQualifierDeclaration(name='Q', value=5, type='uint8', is_array=False, "
        "array_size=None, scopes=NocaseDict({'B': True, 'A': False}), tosubclass=None, "
        "overridable=None, translatable=None, toinstance=None)"
    )
    assert str(declaration) == (
        "CIMQualifierDeclaration(name='Q', value=5, type='uint8', is_array=False, ...)"
    )


@pytest.mark.parametrize(
    "copied",
    [
        pytest.param(CIMQualifierDeclaration.copy, id="copy()"),
        pytest.param(copy.deepcopy, id="deepcopy"),
        pytest.param(lambda declaration: pickle.loads(pickle.dumps(declaration)), id="pickle"),
    ],
)
def test_copies(copied: Any) -> None:
    """Copies are equal and have their own list and scopes."""
    declaration = CIMQualifierDeclaration(**BASE)
    twin = copied(declaration)
    assert twin == declaration
    twin.value.append("b")
    twin.scopes["ANY"] = True
    twin.overridable = None
    assert declaration == CIMQualifierDeclaration(**BASE)


def test_trusted() -> None:
    """What the decoder builds is equal to what the constructor builds."""
    declaration = CIMQualifierDeclaration._trusted(
        "Q", "string", ["a"], True, 1, NocaseDict(BASE["scopes"]), True, True, True, True
    )
    assert declaration == CIMQualifierDeclaration(**BASE)
    bare = CIMQualifierDeclaration._trusted(
        "Q", "string", None, False, None, None, None, None, None, None
    )
    assert bare == CIMQualifierDeclaration("Q", "string")
    assert bare.scopes == {}
