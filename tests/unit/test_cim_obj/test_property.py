"""CIMProperty: construction, inference, attributes, comparison, copies, text."""

from __future__ import annotations

import copy
import pickle
from collections import OrderedDict
from datetime import timedelta
from typing import Any, Dict

import pytest

from pywbem import (
    Char16,
    CIMClass,
    CIMClassName,
    CIMDateTime,
    CIMInstance,
    CIMInstanceName,
    CIMMethod,
    CIMProperty,
    CIMQualifier,
    Real32,
    Uint8,
    Uint16,
)
from pywbem._nocasedict import NocaseDict

DEFAULTS: Dict[str, Any] = {
    "class_origin": None,
    "array_size": None,
    "propagated": None,
    "is_array": False,
    "reference_class": None,
    "embedded_object": None,
}


def attributes(prop: CIMProperty) -> Dict[str, Any]:
    """Return the attributes of a property that differ from the defaults, except qualifiers."""
    names = ["name", "value", "type", *DEFAULTS]
    found = {name: getattr(prop, name) for name in names}
    return {k: v for k, v in found.items() if k not in DEFAULTS or v is not DEFAULTS[k]}


@pytest.mark.parametrize(
    "args, kwargs, expected",
    [
        pytest.param(("P", "a"), {}, {"value": "a", "type": "string"}, id="string"),
        pytest.param(("P", ""), {}, {"value": "", "type": "string"}, id="empty string"),
        pytest.param(
            ("P", b"\xc3\xa4"), {}, {"value": "\xe4", "type": "string"}, id="bytes are UTF-8"
        ),
        pytest.param(("P", True), {}, {"value": True, "type": "boolean"}, id="boolean"),
        pytest.param(("P", Uint8(5)), {}, {"value": Uint8(5), "type": "uint8"}, id="number"),
        pytest.param(("P", Real32(1.5)), {}, {"value": Real32(1.5), "type": "real32"}, id="real"),
        pytest.param(("P", Char16("a")), {}, {"value": "a", "type": "char16"}, id="char16"),
        pytest.param(
            ("P", timedelta(1)),
            {},
            {"value": CIMDateTime(timedelta(1)), "type": "datetime"},
            id="timedelta",
        ),
        pytest.param(
            ("P", CIMInstanceName("C")),
            {},
            {"value": CIMInstanceName("C"), "type": "reference"},
            id="reference",
        ),
        pytest.param(
            ("P", ["a", None]),
            {},
            {"value": ["a", None], "type": "string", "is_array": True},
            id="array with NULL",
        ),
        pytest.param(
            ("P", CIMInstance("C")),
            {},
            {"value": CIMInstance("C"), "type": "string", "embedded_object": "instance"},
            id="embedded instance",
        ),
        pytest.param(
            ("P", CIMClass("C")),
            {},
            {"value": CIMClass("C"), "type": "string", "embedded_object": "object"},
            id="embedded class",
        ),
        pytest.param(
            ("P", [CIMInstance("C"), None]),
            {},
            {
                "value": [CIMInstance("C"), None],
                "type": "string",
                "is_array": True,
                "embedded_object": "instance",
            },
            id="array of embedded instances",
        ),
        pytest.param(
            ("P", [None, CIMInstance("C")], "string"),
            {},
            {"value": [None, CIMInstance("C")], "type": "string", "is_array": True},
            id="embedding is inferred from the first item alone",
        ),
    ],
)
def test_inference(args: Any, kwargs: Any, expected: Any) -> None:
    """Type, is_array and embedded_object are taken from the value."""
    assert attributes(CIMProperty(*args, **kwargs)) == {"name": "P", **expected}


@pytest.mark.parametrize(
    "value, kwargs, expected",
    [
        pytest.param("5", {"type": "uint8"}, {"value": Uint8(5), "type": "uint8"}, id="converted"),
        pytest.param("a", {"type": b"string"}, {"value": "a", "type": "string"}, id="type bytes"),
        pytest.param(
            Uint8(5), {"type": "uint16"}, {"value": Uint16(5), "type": "uint16"}, id="other number"
        ),
        pytest.param(None, {"type": "uint8"}, {"value": None, "type": "uint8"}, id="NULL"),
        pytest.param(
            None,
            {"type": "uint8", "is_array": True},
            {"value": None, "type": "uint8", "is_array": True},
            id="NULL array",
        ),
        pytest.param(
            [], {"type": "uint8"}, {"value": [], "type": "uint8", "is_array": True}, id="empty"
        ),
        pytest.param(
            [1, None],
            {"type": "uint8", "array_size": 2},
            {"value": [1, None], "type": "uint8", "is_array": True, "array_size": 2},
            id="array size",
        ),
        pytest.param(
            'C.k="v"',
            {"type": "reference", "reference_class": b"C"},
            {
                "value": CIMInstanceName("C", {"k": "v"}),
                "type": "reference",
                "reference_class": "C",
            },
            id="reference from URI",
        ),
        pytest.param(
            CIMClassName("C"),
            {"type": "reference"},
            {"value": CIMClassName("C"), "type": "reference"},
            id="reference to a class",
        ),
        pytest.param(
            CIMInstance("C"),
            {"embedded_object": "object"},
            {"value": CIMInstance("C"), "type": "string", "embedded_object": "object"},
            id="instance as embedded object",
        ),
        pytest.param(
            CIMInstance("C"),
            {"embedded_object": False},
            {"value": CIMInstance("C"), "type": "string"},
            id="not embedded",
        ),
        pytest.param(
            None,
            {"type": "string", "embedded_object": "instance"},
            {"value": None, "type": "string", "embedded_object": "instance"},
            id="NULL embedded instance",
        ),
        pytest.param(
            [None],
            {"type": "string", "embedded_object": "instance"},
            {"value": [None], "type": "string", "is_array": True, "embedded_object": "instance"},
            id="array of a NULL embedded instance",
        ),
        pytest.param(
            [],
            {"type": "string", "embedded_object": "object"},
            {"value": [], "type": "string", "is_array": True, "embedded_object": "object"},
            id="empty array of embedded objects",
        ),
        pytest.param(
            "a",
            {"class_origin": b"O", "propagated": "yes"},
            {"value": "a", "type": "string", "class_origin": "O", "propagated": True},
            id="origin",
        ),
        pytest.param(
            "a",
            {"propagated": 0},
            {"value": "a", "type": "string", "propagated": False},
            id="false",
        ),
    ],
)
def test_parameters(value: Any, kwargs: Any, expected: Any) -> None:
    """Parameters that are given are kept or converted."""
    assert attributes(CIMProperty("P", value, **kwargs)) == {"name": "P", **expected}


def test_positional_order() -> None:
    """The parameters have their documented order."""
    quals = [CIMQualifier("Q", True)]
    prop = CIMProperty("P", None, "string", "O", 5, True, True, None, quals, "object")
    assert (prop.class_origin, prop.array_size, prop.propagated) == ("O", 5, True)
    assert (prop.is_array, prop.reference_class, prop.embedded_object) == (True, None, "object")
    assert prop.qualifiers == {"Q": quals[0]}


@pytest.mark.parametrize(
    "args, kwargs, exc_type, match",
    [
        pytest.param((None, "a"), {}, ValueError, "name", id="no name"),
        pytest.param(("P", None), {}, ValueError, "'P'.*None", id="NULL without type"),
        pytest.param(("P", 5), {}, ValueError, "'P'.*: 5", id="int without type"),
        pytest.param(("P", 1.5), {}, ValueError, "'P'.*1.5", id="float without type"),
        pytest.param(("P", [5]), {}, ValueError, "'P'.*: 5", id="list of int without type"),
        pytest.param(("P", []), {}, ValueError, "empty", id="empty list without type"),
        pytest.param(("P", [None, "a"]), {}, ValueError, "None", id="NULL first without type"),
        pytest.param(("P", ("a",)), {}, ValueError, "'P'", id="tuple"),
        pytest.param(("P", CIMClassName("C")), {}, ValueError, "CIMClassName", id="class path"),
        pytest.param(("P", 5, "int"), {}, ValueError, "'P'.*'int'", id="unknown type"),
        pytest.param(("P", 5, "UINT8"), {}, ValueError, "'UINT8'", id="type in upper case"),
        pytest.param(("P", 256, "uint8"), {}, ValueError, "'P'.*256", id="out of range"),
        pytest.param(("P", "x", "uint8"), {}, ValueError, "'P'.*'x'", id="no number"),
        pytest.param(("P", (1,), "uint8"), {}, TypeError, "'P'.*tuple", id="tuple as number"),
        pytest.param(("P", 5, "reference"), {}, TypeError, "'P'.*5", id="number as reference"),
        pytest.param(("P", b"\xff"), {}, UnicodeDecodeError, "utf-8", id="bytes not in UTF-8"),
        pytest.param(("P", "a"), {"is_array": True}, ValueError, "is_array.*'P'", id="no array"),
        pytest.param(("P", ["a"]), {"is_array": False}, ValueError, "is_array.*'P'", id="array"),
        pytest.param(
            ("P", ["a"]), {"reference_class": "C"}, ValueError, "reference_class", id="ref array"
        ),
        pytest.param(
            ("P", "a"), {"embedded_object": "class"}, ValueError, "'class'", id="embedded_object"
        ),
        pytest.param(
            ("P", "a"), {"embedded_object": "instance"}, ValueError, "str", id="string embedded"
        ),
        pytest.param(
            ("P", ["a"]), {"embedded_object": "instance"}, ValueError, "str", id="strings embedded"
        ),
        pytest.param(
            ("P", CIMInstanceName("C"), "string"),
            {"embedded_object": "object"},
            ValueError,
            "CIMInstanceName",
            id="path embedded",
        ),
        pytest.param(
            ("P", CIMInstance("C"), "uint8"), {}, ValueError, "'uint8'", id="embedded in uint8"
        ),
        pytest.param(
            ("P", None, "uint8"),
            {"embedded_object": "object"},
            ValueError,
            "'uint8'",
            id="NULL embedded in uint8",
        ),
    ],
)
def test_init_error(args: Any, kwargs: Any, exc_type: type, match: str) -> None:
    """Contradictions and wrong values raise the documented exception, which says where."""
    with pytest.raises(exc_type, match=match) as info:
        CIMProperty(*args, **kwargs)
    assert info.type is exc_type


Q_TRUE = CIMQualifier("Key", True)
Q_TEXT = CIMQualifier("Description", "text")


class Items:
    """Something that is no mapping but has items()."""

    def items(self) -> Any:
        """Return pairs."""
        return [("Key", True)]


@pytest.mark.parametrize(
    "value, expected",
    [
        pytest.param(None, [], id="None"),
        pytest.param({}, [], id="empty dict"),
        pytest.param((), [], id="empty tuple"),
        pytest.param(iter([]), [], id="empty iterator"),
        pytest.param({"Key": Q_TRUE}, [("Key", Q_TRUE)], id="dict of objects"),
        pytest.param({"KEY": Q_TRUE}, [("KEY", Q_TRUE)], id="key in other case"),
        pytest.param({"Key": True}, [("Key", Q_TRUE)], id="dict of values"),
        pytest.param({b"Key": True}, [("Key", Q_TRUE)], id="bytes key"),
        pytest.param(NocaseDict(Key=True), [("Key", Q_TRUE)], id="NocaseDict"),
        pytest.param(
            OrderedDict([("Key", True), ("Description", "text")]),
            [("Key", Q_TRUE), ("Description", Q_TEXT)],
            id="OrderedDict",
        ),
        pytest.param(
            [("Description", "text"), ("Key", True)],
            [("Description", Q_TEXT), ("Key", Q_TRUE)],
            id="list of tuples",
        ),
        pytest.param(
            [Q_TEXT, Q_TRUE], [("Description", Q_TEXT), ("Key", Q_TRUE)], id="list of objects"
        ),
        pytest.param(
            (q for q in [Q_TRUE, Q_TEXT]),
            [("Key", Q_TRUE), ("Description", Q_TEXT)],
            id="generator",
        ),
        pytest.param(
            [Q_TEXT, ("Key", True)], [("Description", Q_TEXT), ("Key", Q_TRUE)], id="mixed list"
        ),
        pytest.param(
            [("Key", False), ("Description", "text"), ("KEY", True)],
            [("KEY", Q_TRUE), ("Description", Q_TEXT)],
            id="the last of a name stays in the place of the first",
        ),
        pytest.param(Items(), [("Key", Q_TRUE)], id="object with items()"),
    ],
)
def test_qualifiers_input(value: Any, expected: Any) -> None:
    """Every form of a qualifiers input object gives a NocaseDict in the same order."""
    prop = CIMProperty("P", "a", qualifiers=value)
    assert isinstance(prop.qualifiers, NocaseDict)
    assert list(prop.qualifiers.items()) == expected


def test_qualifiers_setter() -> None:
    """The setter takes the same forms, and shares qualifiers but not the dictionary."""
    prop = CIMProperty("P", "a")
    given = NocaseDict(Key=Q_TRUE)
    prop.qualifiers = given
    assert prop.qualifiers == given
    assert prop.qualifiers is not given
    assert prop.qualifiers["key"] is Q_TRUE
    prop.qualifiers["Description"] = Q_TEXT
    assert list(prop.qualifiers) == ["Key", "Description"]
    prop.qualifiers = None
    assert len(prop.qualifiers) == 0


@pytest.mark.parametrize(
    "value, exc_type, match",
    [
        pytest.param(5, TypeError, "qualifiers.*5", id="number"),
        pytest.param(Q_TRUE, TypeError, "qualifiers", id="a qualifier itself"),
        pytest.param("abc", TypeError, "'a'", id="string"),
        pytest.param([5], TypeError, "5", id="list of number"),
        pytest.param([["Key", True]], TypeError, "Key", id="list of lists"),
        pytest.param([CIMProperty("Key", "a")], TypeError, "CIMProperty", id="list of properties"),
        pytest.param([("Key",)], ValueError, "Key", id="tuple of one"),
        pytest.param([("Key", True, 1)], ValueError, "Key", id="tuple of three"),
        pytest.param({None: True}, ValueError, "Qualifier name", id="None as key"),
        pytest.param({5: True}, AttributeError, "Qualifier name.*5", id="number as key"),
        pytest.param({"Key": None}, ValueError, "'Key'", id="NULL"),
        pytest.param({"Key": 5}, ValueError, "'Key'.*5", id="number as value"),
        pytest.param({"Foo": Q_TRUE}, ValueError, "'Foo'.*'Key'", id="key is another name"),
        pytest.param({"Key": CIMMethod("Key", "uint8")}, ValueError, "'Key'", id="method"),
    ],
)
def test_qualifiers_error(value: Any, exc_type: type, match: str) -> None:
    """Other forms raise the documented exception, in the constructor and the setter."""
    with pytest.raises(exc_type, match=match):
        CIMProperty("P", "a", qualifiers=value)
    prop = CIMProperty("P", "a", qualifiers=[Q_TEXT])
    with pytest.raises(exc_type, match=match):
        prop.qualifiers = value
    assert list(prop.qualifiers) == ["Description"]


@pytest.mark.parametrize(
    "attribute, value, expected",
    [
        ("name", "Q", "Q"),
        ("name", b"Q", "Q"),
        ("value", "7", Uint8(7)),
        ("value", ["7", None], [Uint8(7), None]),
        ("value", None, None),
        ("type", "string", "string"),
        ("type", b"string", "string"),
        ("class_origin", b"C", "C"),
        ("class_origin", None, None),
        ("array_size", 5, 5),
        ("array_size", None, None),
        ("propagated", 0, False),
        ("propagated", "x", True),
        ("propagated", None, None),
        ("is_array", True, True),
        ("is_array", 0, False),
        ("reference_class", b"C", "C"),
        ("reference_class", None, None),
        ("embedded_object", "instance", "instance"),
        ("embedded_object", b"object", "object"),
        ("embedded_object", False, None),
    ],
)
def test_setter(attribute: str, value: Any, expected: Any) -> None:
    """Setters normalise as the constructor does and leave the other attributes alone."""
    prop = CIMProperty("P", 5, "uint8")
    before = attributes(prop)
    setattr(prop, attribute, value)
    assert getattr(prop, attribute) == expected
    assert type(getattr(prop, attribute)) is type(expected)
    for name, old in before.items():
        if name != attribute:
            assert getattr(prop, name) == old


@pytest.mark.parametrize(
    "attribute, value, exc_type",
    [
        ("name", None, ValueError),
        ("type", None, ValueError),
        ("type", "int", ValueError),
        ("value", "x", ValueError),
        ("value", 256, ValueError),
        ("value", (1,), TypeError),
        ("other", 1, AttributeError),
        ("_other", 1, AttributeError),
    ],
)
def test_setter_error(attribute: str, value: Any, exc_type: type) -> None:
    """A setter that raises changes nothing; there are no other attributes."""
    prop = CIMProperty("P", 5, "uint8")
    with pytest.raises(exc_type):
        setattr(prop, attribute, value)
    assert prop == CIMProperty("P", 5, "uint8")


BASE: Dict[str, Any] = {
    "name": "P",
    "value": ["a"],
    "type": "string",
    "class_origin": "O",
    "array_size": 1,
    "propagated": True,
    "qualifiers": [("A", "x"), ("B", True)],
}


@pytest.mark.parametrize(
    "change, equal",
    [
        pytest.param({}, True, id="same"),
        pytest.param({"name": "p"}, True, id="name in other case"),
        pytest.param({"name": "Q"}, False, id="name"),
        pytest.param({"value": ["A"]}, False, id="value in other case"),
        pytest.param({"value": ["a", None]}, False, id="longer value"),
        pytest.param({"value": None, "is_array": True}, False, id="NULL"),
        pytest.param({"type": "char16"}, False, id="type"),
        pytest.param({"class_origin": "o"}, True, id="class_origin in other case"),
        pytest.param({"class_origin": None}, False, id="class_origin"),
        pytest.param({"array_size": None}, False, id="array_size"),
        pytest.param({"propagated": False}, False, id="propagated"),
        pytest.param({"propagated": None}, False, id="propagated unknown"),
        pytest.param(
            {"qualifiers": [("b", True), ("a", "x")]}, True, id="order, case of qualifiers"
        ),
        pytest.param({"qualifiers": [("A", "x"), ("B", False)]}, False, id="qualifier value"),
        pytest.param({"qualifiers": [("A", "x"), ("C", True)]}, False, id="qualifier name"),
        pytest.param({"qualifiers": [("A", "x")]}, False, id="fewer qualifiers"),
        pytest.param({"qualifiers": None}, False, id="no qualifiers"),
    ],
)
def test_equality(change: Any, equal: bool) -> None:
    """Properties are equal if all attributes are; names without regard to case."""
    left = CIMProperty(**BASE)
    right = CIMProperty(**{**BASE, **change})
    assert (left == right) is equal
    assert (right == left) is equal
    assert (left != right) is not equal
    assert (hash(left) == hash(right)) is equal


@pytest.mark.parametrize(
    "left, right, equal",
    [
        pytest.param(
            CIMProperty("P", 1, "uint8"), CIMProperty("P", 1, "uint16"), False, id="number type"
        ),
        pytest.param(
            CIMProperty("P", True), CIMProperty("P", 1, "uint8"), False, id="boolean and number"
        ),
        pytest.param(
            CIMProperty("P", None, "reference", reference_class="c"),
            CIMProperty("P", None, "reference", reference_class="C"),
            True,
            id="reference_class in other case",
        ),
        pytest.param(
            CIMProperty("P", None, "string", embedded_object="instance"),
            CIMProperty("P", None, "string", embedded_object="object"),
            False,
            id="embedded_object",
        ),
        pytest.param(
            CIMProperty("P", CIMInstanceName("C")),
            CIMProperty("P", None, "reference"),
            False,
            id="reference and NULL",
        ),
        pytest.param(
            CIMProperty("P", CIMInstanceName("C")),
            CIMProperty("P", CIMInstanceName("c")),
            True,
            id="equal references",
        ),
        pytest.param(
            CIMProperty("P", CIMDateTime("20200101000000.000000+000")),
            CIMProperty("P", CIMDateTime("20200101010000.000000+060")),
            True,
            id="same moment",
        ),
        pytest.param(
            CIMProperty("P", None, "string"),
            CIMProperty("P", None, "string", is_array=True),
            False,
            id="is_array",
        ),
    ],
)
def test_equality_of_values(left: CIMProperty, right: CIMProperty, equal: bool) -> None:
    """The value counts with its type; NULL is equal to NULL only."""
    assert (left == right) is equal
    assert (right == left) is equal
    if equal:
        assert hash(left) == hash(right)


def test_reading_qualifiers_changes_nothing() -> None:
    """A property whose empty qualifiers were read is equal to one whose were not."""
    read, unread = CIMProperty("P", "a"), CIMProperty("P", "a")
    assert len(read.qualifiers) == 0
    assert read == unread
    assert unread == read
    assert hash(read) == hash(unread)
    assert repr(read) == repr(unread)


@pytest.mark.parametrize("other", [None, 5, "P", CIMQualifier("P", "a"), CIMClass("P")])
def test_comparison_error(other: Any) -> None:
    """Objects of other classes cannot be compared, and properties have no order."""
    prop = CIMProperty("P", "a")
    with pytest.raises(TypeError, match="CIMProperty"):
        prop == other  # noqa: B015
    with pytest.raises(TypeError, match="CIMProperty"):
        prop != other  # noqa: B015
    for operation in ("__lt__", "__le__", "__gt__", "__ge__"):
        for operand in (other, prop):
            with pytest.raises(TypeError, match="not supported"):
                getattr(prop, operation)(operand)


@pytest.mark.parametrize(
    "prop, text, short",
    [
        pytest.param(
            CIMProperty("P", "a"),
            "CIMProperty(name='P', value='a', type='string', reference_class=None, "
            "embedded_object=None, is_array=False, array_size=None, class_origin=None, "
            "propagated=None, qualifiers=NocaseDict({}))",
            "CIMProperty(name='P', value='a', type='string', reference_class=None, "
            "embedded_object=None, is_array=False, ...)",
            id="string",
        ),
        pytest.param(
            CIMProperty("P\xe4", [Uint8(1), None], array_size=2, qualifiers={"Q\u20ac": "\n\x01"}),
            "CIMProperty(name='P\\u00e4', value=[1, None], type='uint8', reference_class=None, "
            "embedded_object=None, is_array=True, array_size=2, class_origin=None, "
            "propagated=None, qualifiers=NocaseDict({'Q\\u20ac': CIMQualifier(name='Q\\u20ac', "
            "value='\\n\\u0001', type='string', tosubclass=None, overridable=None, "
            "translatable=None, toinstance=None, propagated=None)}))",
            "CIMProperty(name='P\\u00e4', value=[1, None], type='uint8', reference_class=None, "
            "embedded_object=None, is_array=True, ...)",
            id="numbers, non-ASCII",
        ),
        pytest.param(
            CIMProperty("P", Real32(1.5), class_origin="O", propagated=True, qualifiers=[]),
            "CIMProperty(name='P', value=1.5, type='real32', reference_class=None, "
            "embedded_object=None, is_array=False, array_size=None, class_origin='O', "
            "propagated=True, qualifiers=NocaseDict({}))",
            "CIMProperty(name='P', value=1.5, type='real32', reference_class=None, "
            "embedded_object=None, is_array=False, ...)",
            id="real",
        ),
        pytest.param(
            CIMProperty("P", "\\x41'\xe4\U0001f600"),
            "CIMProperty(name='P', value=\"\\\\x41'\\u00e4\\U0001f600\", type='string', "
            "reference_class=None, embedded_object=None, is_array=False, array_size=None, "
            "class_origin=None, propagated=None, qualifiers=NocaseDict({}))",
            "CIMProperty(name='P', value=\"\\\\x41'\\u00e4\\U0001f600\", type='string', "
            "reference_class=None, embedded_object=None, is_array=False, ...)",
            id="backslash, quote, beyond the BMP",
        ),
    ],
)
def test_text(prop: CIMProperty, text: str, short: str) -> None:
    """repr() has all attributes and str() the main ones, in ASCII."""
    assert repr(prop) == text
    assert str(prop) == short


def test_copy_method() -> None:
    """copy() shares qualifiers and array items, but neither dictionary nor list."""
    instance = CIMInstance("C")
    prop = CIMProperty("P", [instance], class_origin="O", array_size=1, qualifiers=[Q_TRUE])
    twin = prop.copy()
    assert twin == prop
    assert twin.qualifiers is not prop.qualifiers
    assert twin.qualifiers["Key"] is Q_TRUE
    assert twin.value is not prop.value
    assert twin.value[0] is instance
    twin.value.append(None)
    twin.name = "Other"
    del twin.qualifiers["Key"]
    assert prop == CIMProperty("P", [instance], class_origin="O", array_size=1, qualifiers=[Q_TRUE])


@pytest.mark.parametrize(
    "change",
    [
        {"value": [5]},
        {"type": "uint8"},
        {"embedded_object": "object"},
        {"is_array": True},
        {"reference_class": "C"},
    ],
)
def test_copy_of_changed(change: Dict[str, Any]) -> None:
    """A copy has the attributes of the original as they are, whatever they were set to."""
    prop = CIMProperty("P", "a")
    for name, value in change.items():
        setattr(prop, name, value)
    assert prop.copy() == prop


class SubProperty(CIMProperty):
    """A subclass with an attribute of its own."""

    extra: Any


COPIES = [
    pytest.param(copy.deepcopy, id="deepcopy"),
    *[
        pytest.param(lambda o, p=p: pickle.loads(pickle.dumps(o, p)), id=f"pickle {p}")
        for p in range(pickle.HIGHEST_PROTOCOL + 1)
    ],
]


@pytest.mark.parametrize("copied", COPIES)
@pytest.mark.parametrize(
    "prop",
    [
        pytest.param(CIMProperty("P", "a"), id="plain"),
        pytest.param(CIMProperty("P", [Uint8(1)], qualifiers=[Q_TRUE]), id="array"),
        pytest.param(CIMProperty("P", CIMInstance("C", {"p": "x"})), id="embedded"),
    ],
)
def test_deep_copies(prop: CIMProperty, copied: Any) -> None:
    """Deep copies and pickles are equal and share nothing that can change."""
    twin = copied(prop)
    assert type(twin) is CIMProperty
    assert twin == prop
    assert repr(twin) == repr(prop)
    assert twin.qualifiers is not prop.qualifiers
    for name in prop.qualifiers:
        assert twin.qualifiers[name] is not prop.qualifiers[name]
    if not isinstance(prop.value, str):
        assert twin.value is not prop.value


@pytest.mark.parametrize("copied", [*COPIES, pytest.param(copy.copy, id="copy")])
def test_copies_of_a_subclass(copied: Any) -> None:
    """Copies of an object of a subclass keep its class and its attributes."""
    prop = SubProperty("P", "a")
    prop.extra = 5
    twin = copied(prop)
    assert type(twin) is SubProperty
    assert twin.extra == 5
    assert twin == prop
    assert twin == CIMProperty("P", "a")
    assert str(twin).startswith("CIMProperty(")


def test_shallow_copy() -> None:
    """copy.copy() shares what the attributes refer to."""
    prop = CIMProperty("P", ["a"], qualifiers=[Q_TRUE])
    twin = copy.copy(prop)
    assert twin == prop
    assert twin.value is prop.value
    assert twin.qualifiers is prop.qualifiers


def test_value_list_is_copied() -> None:
    """A list is copied when it is set; objects in it are not."""
    instance = CIMInstance("C")
    given = [instance]
    prop = CIMProperty("P", given)
    assert prop.value == given
    assert prop.value is not given
    assert prop.value[0] is instance
    prop.value = given
    assert prop.value is not given


def test_trusted() -> None:
    """What the decoder builds is equal to what the constructor builds."""
    prop = CIMProperty._trusted(
        "P", ["a"], "string", "O", 1, True, True, None, NocaseDict([("Key", Q_TRUE)]), None
    )
    assert prop == CIMProperty(
        "P", ["a"], class_origin="O", array_size=1, propagated=True, qualifiers=[Q_TRUE]
    )
    bare = CIMProperty._trusted("P", "a", "string", None, None, None, False, None, None, None)
    assert bare == CIMProperty("P", "a")
    assert bare.qualifiers is bare.qualifiers


def test_no_dictionaries() -> None:
    """Objects have slots only, and no qualifiers dictionary before it is asked for."""
    prop = CIMProperty("P", "a")
    assert not hasattr(prop, "__dict__")
    assert prop._qualifiers is None
