"""CIMClass: construction, attributes, comparison, copies, text, CIM-XML functions."""

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
    CIMMethod,
    CIMParameter,
    CIMProperty,
    CIMQualifier,
    Uint8,
    tocimxml,
    tocimxmlstr,
)
from pywbem._nocasedict import NocaseDict

A = CIMProperty("A", "x")
B = CIMProperty("B", None, "uint8")
M = CIMMethod("M", "uint8", [CIMParameter("P", "string")])
N = CIMMethod("N", "string")
Q = CIMQualifier("Q", True)
PATH = CIMClassName("C", host="h", namespace="n")


def test_init() -> None:
    """Parameters are kept or converted; the path is copied."""
    cls = CIMClass(b"C", [A, B], [M], b"S", {"Q": True}, PATH)  # type: ignore[arg-type]
    assert (cls.classname, cls.superclass) == ("C", "S")
    assert list(cls.properties.items()) == [("A", A), ("B", B)]
    assert list(cls.methods.items()) == [("M", M)]
    assert list(cls.qualifiers.items()) == [("Q", Q)]
    assert cls.path == PATH
    assert cls.path is not PATH
    bare = CIMClass("C")
    assert (bare.superclass, bare.path) == (None, None)
    for dictionary in (bare.properties, bare.methods, bare.qualifiers):
        assert isinstance(dictionary, NocaseDict)
        assert len(dictionary) == 0


@pytest.mark.parametrize("attribute, first, second", [("properties", A, B), ("methods", M, N)])
@pytest.mark.parametrize(
    "form",
    [
        pytest.param(lambda items: {item.name: item for item in items}, id="dict"),
        pytest.param(lambda items: [(item.name, item) for item in items], id="tuples"),
        pytest.param(lambda items: tuple(items), id="objects"),
        pytest.param(lambda items: iter(items), id="iterator"),
        pytest.param(lambda items: NocaseDict((i.name, i) for i in items), id="NocaseDict"),
    ],
)
def test_input_objects(attribute: str, first: Any, second: Any, form: Any) -> None:
    """Every form of an input object gives a NocaseDict in the same order that shares the items."""
    cls = CIMClass("C", **{attribute: form([second, first])})
    found = getattr(cls, attribute)
    assert isinstance(found, NocaseDict)
    assert list(found) == [second.name, first.name]
    assert found[first.name.lower()] is first
    setattr(cls, attribute, form([first]))
    assert list(getattr(cls, attribute)) == [first.name]


@pytest.mark.parametrize("attribute", ["properties", "methods"])
@pytest.mark.parametrize(
    "value, exc_type, match",
    [
        pytest.param(5, TypeError, "5", id="number"),
        pytest.param([5], TypeError, "5", id="list of number"),
        pytest.param([Q], TypeError, "CIMQualifier", id="list of qualifiers"),
        pytest.param({"A": "x"}, TypeError, "str.*'A'", id="value"),
        pytest.param({"A": None}, TypeError, "NoneType.*'A'", id="None"),
        pytest.param({"A": Q}, TypeError, "CIMQualifier.*'A'", id="qualifier"),
        pytest.param([("A",)], ValueError, "'A'", id="tuple of one"),
        pytest.param({None: A}, ValueError, "name must not be None", id="None as key"),
    ],
)
def test_input_error(attribute: str, value: Any, exc_type: type, match: str) -> None:
    """Other forms raise the documented exception, in the constructor and the setter."""
    with pytest.raises(exc_type, match=match):
        CIMClass("C", **{attribute: value})
    cls = CIMClass("C")
    with pytest.raises(exc_type, match=match):
        setattr(cls, attribute, value)
    assert cls == CIMClass("C")


@pytest.mark.parametrize(
    "kwargs, exc_type, match",
    [
        pytest.param({"classname": None}, ValueError, "classname", id="no name"),
        pytest.param({"properties": {"X": A}}, ValueError, "'X'.*'A'", id="key of a property"),
        pytest.param({"methods": {"X": M}}, ValueError, "'X'.*'M'", id="key of a method"),
        pytest.param({"qualifiers": {"X": Q}}, ValueError, "'X'.*'Q'", id="key of a qualifier"),
        pytest.param({"qualifiers": {"X": 5}}, ValueError, "'X'.*5", id="qualifier without type"),
        pytest.param({"path": "C"}, AssertionError, "CIMClassName", id="path as string"),
        pytest.param(
            {"path": CIMInstanceName("C")}, AssertionError, "CIMClassName", id="instance path"
        ),
    ],
)
def test_init_error(kwargs: Any, exc_type: type, match: str) -> None:
    """Wrong parameters raise the documented exception."""
    with pytest.raises(exc_type, match=match):
        CIMClass(**{"classname": "C", **kwargs})


@pytest.mark.parametrize(
    "attribute, value, expected",
    [
        ("classname", b"D", "D"),
        ("superclass", b"D", "D"),
        ("superclass", None, None),
        ("properties", [B], {"B": B}),
        ("properties", None, {}),
        ("methods", [N], {"N": N}),
        ("qualifiers", {"Q": True}, {"Q": Q}),
        ("path", PATH, PATH),
        ("path", None, None),
    ],
)
def test_setter(attribute: str, value: Any, expected: Any) -> None:
    """Setters normalise as the constructor does."""
    cls = CIMClass("C", [A], [M], "S", {"R": False}, CIMClassName("X"))
    setattr(cls, attribute, value)
    assert getattr(cls, attribute) == expected
    if value is PATH:
        assert cls.path is not PATH


@pytest.mark.parametrize(
    "attribute, value, exc_type",
    [
        ("classname", None, ValueError),
        ("path", "C", AssertionError),
        ("qualifiers", 5, TypeError),
        ("name", "C", AttributeError),
    ],
)
def test_setter_error(attribute: str, value: Any, exc_type: type) -> None:
    """A setter that raises changes nothing."""
    cls = CIMClass("C", path=PATH)
    with pytest.raises(exc_type):
        setattr(cls, attribute, value)
    assert cls == CIMClass("C", path=PATH)


BASE: Dict[str, Any] = {
    "classname": "C",
    "properties": [A, B],
    "methods": [M, N],
    "superclass": "S",
    "qualifiers": [("Q", True), ("R", "x")],
    "path": PATH,
}


@pytest.mark.parametrize(
    "change, equal",
    [
        pytest.param({}, True, id="same"),
        pytest.param({"classname": "c"}, True, id="name in other case"),
        pytest.param({"classname": "D"}, False, id="name"),
        pytest.param({"superclass": "s"}, True, id="superclass in other case"),
        pytest.param({"superclass": None}, False, id="superclass"),
        pytest.param({"properties": [("b", B), ("a", A)]}, True, id="order, case of properties"),
        pytest.param({"properties": [A]}, False, id="fewer properties"),
        pytest.param({"properties": [A, CIMProperty("B", 1, "uint8")]}, False, id="property"),
        pytest.param({"methods": [N, M]}, True, id="order of methods"),
        pytest.param({"methods": [M]}, False, id="fewer methods"),
        pytest.param({"methods": [CIMMethod("M", "uint8"), N]}, False, id="method"),
        pytest.param({"qualifiers": {"R": "x", "Q": True}}, True, id="order of qualifiers"),
        pytest.param({"qualifiers": {"R": "x", "Q": False}}, False, id="qualifier"),
        pytest.param({"path": CIMClassName("c", "H", "N")}, True, id="path in other case"),
        pytest.param({"path": CIMClassName("C")}, False, id="path"),
        pytest.param({"path": None}, False, id="no path"),
    ],
)
def test_equality(change: Any, equal: bool) -> None:
    """Classes are equal if all attributes are; names without regard to case."""
    left, right = CIMClass(**BASE), CIMClass(**{**BASE, **change})
    assert (left == right) is equal
    assert (right == left) is equal
    assert (left != right) is not equal
    assert (hash(left) == hash(right)) is equal


def test_incomparable_properties_are_not_equal() -> None:
    """Properties whose values cannot be compared make classes unequal."""
    left = CIMClass("C", [CIMProperty("A", CIMInstance("X"), embedded_object="object")])
    right = CIMClass("C", [CIMProperty("A", CIMClass("X"), embedded_object="object")])
    assert left != right


def test_reading_dictionaries_changes_nothing() -> None:
    """A class whose empty dictionaries were read is equal to one whose were not."""
    read, unread = CIMClass("C"), CIMClass("C")
    assert len(read.properties) + len(read.methods) + len(read.qualifiers) == 0
    assert read == unread
    assert unread == read
    assert hash(read) == hash(unread)


@pytest.mark.parametrize("other", [None, "C", CIMInstance("C"), CIMClassName("C")])
def test_comparison_error(other: Any) -> None:
    """Objects of other classes cannot be compared, and classes have no order."""
    cls = CIMClass("C")
    with pytest.raises(TypeError, match="CIMClass"):
        cls == other  # noqa: B015
    with pytest.raises(TypeError, match="not supported"):
        sorted([cls, CIMClass("B")])


def test_text() -> None:
    """repr() has all attributes and str() the name, in ASCII."""
    cls = CIMClass("C\xe4", [A], path=CIMClassName("C"))
    assert repr(cls) == (
        "CIMClass(classname='C\\u00e4', superclass=None, "
        f"properties=NocaseDict({{'A': {A!r}}}), methods=NocaseDict({{}}), "
        "qualifiers=NocaseDict({}), path=CIMClassName(classname='C', namespace=None, host=None))"
    )
    assert str(cls) == "CIMClass(classname='C\\u00e4', ...)"


@pytest.mark.parametrize(
    "copied, shared",
    [
        pytest.param(CIMClass.copy, True, id="copy()"),
        pytest.param(copy.deepcopy, False, id="deepcopy"),
        pytest.param(lambda obj: pickle.loads(pickle.dumps(obj)), False, id="pickle"),
    ],
)
def test_copies(copied: Any, shared: bool) -> None:
    """Copies have their own dictionaries and path; copy() shares what is in the dictionaries."""
    cls = CIMClass(**BASE)
    twin = copied(cls)
    assert twin == cls
    assert (twin.properties["A"] is cls.properties["A"]) is shared
    assert (twin.methods["M"] is cls.methods["M"]) is shared
    assert (twin.qualifiers["Q"] is cls.qualifiers["Q"]) is shared
    twin.path.namespace = "other"
    del twin.properties["A"]
    del twin.methods["M"]
    del twin.qualifiers["Q"]
    assert cls == CIMClass(**BASE)


def test_trusted() -> None:
    """What the decoder builds is equal to what the constructor builds, and takes no copies."""
    cls = CIMClass._trusted(
        "C", NocaseDict([("A", A)]), NocaseDict([("M", M)]), "S", NocaseDict([("Q", Q)]), PATH
    )
    assert cls == CIMClass("C", [A], [M], "S", [Q], PATH)
    assert cls.path is PATH
    bare = CIMClass._trusted("C", None, None, None, None, None)
    assert bare == CIMClass("C")
    assert bare.methods is bare.methods


CLASS_XML = (
    '<CLASS NAME="C"><QUALIFIER NAME="Q" TYPE="boolean"><VALUE>TRUE</VALUE></QUALIFIER></CLASS>'
)


@pytest.mark.parametrize(
    "value, expected",
    [
        pytest.param(CIMClass("C", qualifiers=[Q]), CLASS_XML, id="class"),
        pytest.param("a<b", "<VALUE>a&lt;b</VALUE>", id="string"),
        pytest.param(True, "<VALUE>TRUE</VALUE>", id="boolean"),
        pytest.param(Uint8(5), "<VALUE>5</VALUE>", id="number"),
        pytest.param(5, "<VALUE>5</VALUE>", id="int"),
        pytest.param(
            ["a", None], "<VALUE.ARRAY><VALUE>a</VALUE><VALUE.NULL/></VALUE.ARRAY>", id="list"
        ),
    ],
)
def test_cimxml(value: Any, expected: str) -> None:
    """Methods and functions give the same CIM-XML, as an element and as text."""
    assert tocimxml(value).toxml() == expected
    assert tocimxmlstr(value) == expected
    assert tocimxmlstr(tocimxml(value)) == expected
    if isinstance(value, CIMClass):
        assert value.tocimxml().toxml() == expected
        assert value.tocimxmlstr() == expected


@pytest.mark.parametrize("indent", [2, "  "])
def test_cimxml_indent(indent: Any) -> None:
    """CIM-XML can be indented by a number of blanks or by a string."""
    expected = '<CLASS NAME="C">\n  <METHOD NAME="N" TYPE="string"/>\n</CLASS>\n'
    cls = CIMClass("C", methods=[N])
    assert cls.tocimxmlstr(indent) == expected
    assert tocimxmlstr(cls, indent=indent) == expected
    assert tocimxmlstr(cls.tocimxml(), indent) == expected


@pytest.mark.parametrize(
    "value, indent, exc_type",
    [
        pytest.param(None, None, ValueError, id="None"),
        pytest.param(object(), None, TypeError, id="object"),
        pytest.param({}, None, TypeError, id="dict"),
        pytest.param("a", 1.5, TypeError, id="indent"),
    ],
)
def test_cimxml_error(value: Any, indent: Any, exc_type: type) -> None:
    """What has no CIM-XML raises the documented exception."""
    with pytest.raises(exc_type):
        tocimxmlstr(value, indent)
    if indent is None:
        with pytest.raises(exc_type):
            tocimxml(value)
