"""CIMInstanceName: keybindings in all forms, the dictionary interface, comparison, copies, text."""

from __future__ import annotations

import copy
import datetime
import pickle
import warnings
from collections import OrderedDict
from typing import Any, Callable, List, Tuple

import pytest

from pywbem import (
    Char16,
    CIMClass,
    CIMClassName,
    CIMDateTime,
    CIMInstance,
    CIMInstanceName,
    CIMProperty,
    CIMQualifier,
    Real32,
    Real64,
    Sint8,
    Uint8,
    Uint16,
    config,
)
from pywbem._nocasedict import NocaseDict

TIMESTAMP = CIMDateTime("20140924193040.654321+120")
OTHER_PATH = CIMInstanceName("CIM_Ref", {"Name": "x"})


def items(path: CIMInstanceName) -> List[Tuple[Any, Any, type]]:
    """Return names, values and their classes, in their order."""
    return [(name, value, type(value)) for name, value in path.keybindings.items()]


# Construction

KEYBINDINGS_INPUTS = [
    pytest.param(None, [], id="None"),
    pytest.param({}, [], id="empty dict"),
    pytest.param([], [], id="empty list"),
    pytest.param({"B": "x", "a": Uint8(1)}, [("B", "x"), ("a", 1)], id="dict"),
    pytest.param(OrderedDict([("B", "x"), ("a", 1)]), [("B", "x"), ("a", 1)], id="OrderedDict"),
    pytest.param(NocaseDict([("B", "x"), ("a", 1)]), [("B", "x"), ("a", 1)], id="NocaseDict"),
    pytest.param([("B", "x"), ("a", 1)], [("B", "x"), ("a", 1)], id="list of tuples"),
    pytest.param((("B", "x"), ("a", 1)), [("B", "x"), ("a", 1)], id="tuple of tuples"),
    pytest.param(iter([("B", "x"), ("a", 1)]), [("B", "x"), ("a", 1)], id="iterator"),
    pytest.param([CIMProperty("B", "x"), ("a", 1)], [("B", "x"), ("a", 1)], id="list, property"),
    pytest.param({"b": CIMProperty("B", "x")}, [("b", "x")], id="dict, property in other case"),
    pytest.param([("a", 1), ("B", 2), ("A", 3)], [("A", 3), ("B", 2)], id="the last one stays"),
    pytest.param(CIMInstanceName("X", {"k": 1}), [("k", 1)], id="instance path"),
    pytest.param(CIMInstance("X", {"k": "v"}), [("k", "v")], id="instance"),
    pytest.param({b"k\xc3\xa4": b"v\xc3\xa4"}, [("k\xe4", "v\xe4")], id="bytes"),
    pytest.param({None: "x"}, [(None, "x")], id="unnamed"),
]


@pytest.mark.parametrize("given, expected", KEYBINDINGS_INPUTS)
def test_keybindings_input(given: Any, expected: Any) -> None:
    """All forms of a keybindings input object give the keybindings, in their order."""
    path = CIMInstanceName("CIM_Foo", given)
    assert list(path.keybindings.items()) == expected
    assert len(path) == len(expected)


def test_keybindings_setter_converts_as_the_constructor() -> None:
    """The attribute takes the same forms and replaces the keybindings."""
    path = CIMInstanceName("CIM_Foo", {"old": 1})
    path.keybindings = [CIMProperty("B", "x"), ("a", b"y")]
    assert list(path.keybindings.items()) == [("B", "x"), ("a", "y")]
    path.keybindings = None
    assert list(path.keybindings.items()) == []


def test_keybindings_are_independent_of_the_input() -> None:
    """Changing the input object later does not change the path."""
    given = NocaseDict({"a": 1})
    path = CIMInstanceName("CIM_Foo", given)
    given["a"] = 2
    assert path["a"] == 1


@pytest.mark.parametrize(
    "value",
    [
        "text",
        True,
        42,
        10**30,
        1.5,
        Uint8(1),
        Sint8(-1),
        Real32(1.5),
        Real64(1.5),
        Char16("x"),
        TIMESTAMP,
        OTHER_PATH,
    ],
    ids=lambda value: type(value).__name__,
)
def test_values_are_stored_unchanged(value: Any) -> None:
    """Values of keys keep their class; numbers of Python are not given a CIM type."""
    assert CIMInstanceName("CIM_Foo", {"k": value})["k"] is value


def test_value_of_a_property_is_copied() -> None:
    """A reference in a property is copied, so that the path is independent of it."""
    path = CIMInstanceName("CIM_Foo", [CIMProperty("k", OTHER_PATH)])
    assert path["k"] == OTHER_PATH
    assert path["k"] is not OTHER_PATH


@pytest.mark.parametrize("value", ["x", Char16("x"), ""])
@pytest.mark.parametrize("form", [dict, lambda items: items, lambda items: [items[0][1]]])
def test_char16_property_as_a_key(form: Any, value: str) -> None:
    """The path knows the type of the property, and sends it."""
    path = CIMInstanceName("CIM_Foo", form([("k", CIMProperty("k", value, type="char16"))]))
    path.keybindings = form([("k", CIMProperty("k", value, type="char16"))])
    for made in (path, path.copy(), copy.deepcopy(path)):
        assert type(made["k"]) is Char16
        assert f'TYPE="char16">{value}</KEYVALUE>' in made.tocimxmlstr()


@pytest.mark.parametrize(
    "given, exception, message",
    [
        pytest.param({None: CIMProperty("k", "x")}, TypeError, "'k'", id="property without name"),
        pytest.param([(None, CIMProperty("k", 1, "uint8"))], TypeError, "'k'", id="pair, no name"),
        pytest.param({"k": None}, ValueError, "IGNORE_NULL_KEY_VALUE", id="NULL"),
        pytest.param({"k": CIMProperty("other", "x")}, ValueError, "'other'", id="other name"),
        pytest.param([("k",)], ValueError, "not .name, value.", id="tuple of one"),
        pytest.param([("k", 1, 2)], ValueError, "not .name, value.", id="tuple of three"),
        pytest.param({"k": ["x"]}, TypeError, "'k' cannot be a list", id="list"),
        pytest.param({"k": []}, TypeError, "'k' cannot be a list", id="empty list"),
        pytest.param({"k": ("x",)}, TypeError, "'k' has an invalid type", id="tuple"),
        pytest.param({"k": CIMInstance("X")}, TypeError, "embedded object", id="instance"),
        pytest.param({"k": CIMClass("X")}, TypeError, "embedded object", id="class"),
        pytest.param({"k": CIMClassName("X")}, TypeError, "invalid type", id="class path"),
        pytest.param(
            {"k": datetime.datetime(2020, 1, 1)}, TypeError, "invalid type", id="datetime"
        ),
        pytest.param(5, TypeError, "not iterable", id="not iterable"),
        pytest.param("abc", TypeError, "invalid item", id="string"),
        pytest.param([CIMQualifier("k", "x")], TypeError, "CIMProperty", id="qualifier"),
        pytest.param([["k", "x"]], TypeError, "invalid item", id="list in list"),
    ],
)
def test_invalid_keybindings(given: Any, exception: type, message: str) -> None:
    """What cannot be keybindings is rejected by constructor and setter, which stays as it was."""
    with pytest.raises(exception, match=message):
        CIMInstanceName("CIM_Foo", given)
    path = CIMInstanceName("CIM_Foo", {"k": 1})
    with pytest.raises(exception, match=message):
        path.keybindings = given
    assert path["k"] == 1


def test_null_keys_when_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    """The configuration allows NULL in keys."""
    monkeypatch.setattr(config, "IGNORE_NULL_KEY_VALUE", True)
    path = CIMInstanceName("CIM_Foo", [("k", None)])
    assert list(path.items()) == [("k", None)]
    assert list(path.copy().items()) == [("k", None)]


@pytest.mark.parametrize("namespace, expected", [("//a/b/", "a/b"), (b"n", "n"), (None, None)])
def test_namespace_is_normalized(namespace: Any, expected: Any) -> None:
    """Slashes around a namespace are stripped, by the constructor and by the setter."""
    path = CIMInstanceName("CIM_Foo", namespace=namespace)
    assert path.namespace == expected
    path.namespace = "x"
    path.namespace = namespace
    assert path.namespace == expected


def test_classname_must_not_be_none() -> None:
    """An instance path has a class name, always."""
    with pytest.raises(ValueError, match="classname"):
        CIMInstanceName(None)  # type: ignore[arg-type]
    path = CIMInstanceName("CIM_Foo")
    with pytest.raises(ValueError, match="classname"):
        path.classname = None  # type: ignore[assignment]
    path.classname = b"CIM_Bar"  # type: ignore[assignment]
    path.host = b"h"  # type: ignore[assignment]
    assert (path.classname, path.host) == ("CIM_Bar", "h")


# The dictionary interface


@pytest.fixture
def path() -> CIMInstanceName:
    """A path with two keybindings."""
    return CIMInstanceName("CIM_Foo", [("Chicken", "Ham"), ("Beans", Uint8(42))])


def test_lookup(path: CIMInstanceName) -> None:
    """Names are looked up in any case."""
    assert path["chicken"] == "Ham"
    assert path.get("BEANS") == 42
    assert path.get("Cheese") is None
    assert path.get("Cheese", "none left") == "none left"
    assert "beans" in path and path.has_key("beans")
    assert "Cheese" not in path and not path.has_key("Cheese")


@pytest.mark.parametrize("name", ["Cheese", "", None])
def test_lookup_of_what_is_not_there(path: CIMInstanceName, name: Any) -> None:
    """A name that is not there is a KeyError."""
    with pytest.raises(KeyError, match="not found"):
        path[name]
    with pytest.raises(KeyError, match="not found"):
        del path[name]
    assert name not in path


def test_setting_and_deleting(path: CIMInstanceName) -> None:
    """Setting keeps the position and takes over the case of the name; nothing is checked."""
    path["CHICKEN"] = "Egg"
    path["new"] = None
    assert list(path.items()) == [("CHICKEN", "Egg"), ("Beans", 42), ("new", None)]
    del path["beans"]
    assert list(path.keys()) == ["CHICKEN", "new"]


def test_iteration(path: CIMInstanceName) -> None:
    """Names, values and items come in the order of the keybindings."""
    assert list(path) == ["Chicken", "Beans"]
    assert list(path.keys()) == ["Chicken", "Beans"]
    assert list(path.values()) == ["Ham", 42]
    assert list(path.items()) == [("Chicken", "Ham"), ("Beans", 42)]
    assert next(path.items()) == ("Chicken", "Ham")
    assert dict(path) == {"Chicken": "Ham", "Beans": 42}
    assert len(path) == 2


@pytest.mark.parametrize("method", ["iterkeys", "itervalues", "iteritems"])
def test_deprecated_iteration(path: CIMInstanceName, method: str) -> None:
    """The methods of Python 2 still work, and warn at the line that calls them."""
    with pytest.warns(DeprecationWarning, match=rf"{method}\(\).*Use {method[4:]}\(\)") as record:
        result = list(getattr(path, method)())
    assert result == list(getattr(path, method[4:])())
    assert record[0].filename == __file__


@pytest.mark.parametrize(
    "args, kwargs, expected",
    [
        ([], {}, {"a": 1}),
        ([{"b": 2, "A": 3}], {}, {"A": 3, "b": 2}),
        ([[("b", 2)]], {}, {"a": 1, "b": 2}),
        ([], {"b": 2}, {"a": 1, "b": 2}),
        ([{"b": 2}], {"c": 3}, {"a": 1, "b": 2, "c": 3}),
        ([CIMInstanceName("X", {"b": 2})], {}, {"a": 1, "b": 2}),
        ([CIMInstance("X", {"b": True})], {}, {"a": 1, "b": True}),
    ],
    ids=["nothing", "dict", "tuples", "keyword", "both", "path", "instance"],
)
def test_update(args: Any, kwargs: Any, expected: Any) -> None:
    """Keybindings are set and added."""
    path = CIMInstanceName("CIM_Foo", {"a": 1})
    path.update(*args, **kwargs)
    assert dict(path) == expected


@pytest.mark.parametrize(
    "args, exception",
    [
        ([("b", 2), ("c", 3)], TypeError),
        ([5], TypeError),
        (["ab"], ValueError),
        ([[("b", 2, 3)]], ValueError),
    ],
    ids=["two arguments", "number", "string", "three items"],
)
def test_update_with_something_else(args: Any, exception: type) -> None:
    """What is no mapping of names to values is rejected."""
    with pytest.raises(exception):
        CIMInstanceName("CIM_Foo").update(*args)


def test_truth_is_that_of_a_dictionary() -> None:
    """A path without keybindings is false, as an empty dictionary is."""
    assert not CIMInstanceName("CIM_Foo")
    assert CIMInstanceName("CIM_Foo", {"k": 0})


# Comparison and copies

FULL = ("C", {"a": 1, "B": "x"}, "h", "n")


@pytest.mark.parametrize(
    "left, right, equal",
    [
        pytest.param(FULL, FULL, True, id="same"),
        pytest.param(FULL, ("c", {"b": "x", "A": 1}, "H", "N"), True, id="case and order"),
        pytest.param(FULL, ("D", {"a": 1, "B": "x"}, "h", "n"), False, id="class name"),
        pytest.param(FULL, ("C", {"a": 1, "B": "x"}, "i", "n"), False, id="host"),
        pytest.param(FULL, ("C", {"a": 1, "B": "x"}, None, "n"), False, id="no host"),
        pytest.param(FULL, ("C", {"a": 1, "B": "x"}, "h", "m"), False, id="namespace"),
        pytest.param(FULL, ("C", {"a": 1}, "h", "n"), False, id="less keys"),
        pytest.param(FULL, ("C", {"a": 1, "c": "x"}, "h", "n"), False, id="other key"),
        pytest.param(FULL, ("C", {"a": 1, "B": "X"}, "h", "n"), False, id="case of a value"),
        pytest.param(("C", {}), ("C", None), True, id="no keys"),
        pytest.param(("C", {"a": Uint8(1)}), ("C", {"a": Uint16(1)}), True, id="integers"),
        pytest.param(("C", {"a": 1}), ("C", {"a": 1.0}), True, id="integer, real"),
        pytest.param(("C", {"a": 1}), ("C", {"a": True}), True, id="integer, boolean"),
        pytest.param(("C", {"a": 1}), ("C", {"a": "1"}), False, id="integer, string"),
        pytest.param(("C", {"a": True}), ("C", {"a": "TRUE"}), False, id="boolean, string"),
        pytest.param(("C", {"a": TIMESTAMP}), ("C", {"a": str(TIMESTAMP)}), False, id="datetime"),
        pytest.param(
            ("C", {"a": OTHER_PATH}),
            ("C", {"a": CIMInstanceName("cim_ref", {"NAME": "x"})}),
            True,
            id="references",
        ),
        pytest.param(("C", {"a": OTHER_PATH}), ("C", {"a": "x"}), False, id="reference, string"),
    ],
)
def test_equality_and_hash(left: Any, right: Any, equal: bool) -> None:
    """Paths are equal without regard to case and order; equal ones have equal hash values."""
    one, other = CIMInstanceName(*left), CIMInstanceName(*right)
    assert (one == other) is equal
    assert (other == one) is equal
    assert (one != other) is not equal
    assert len({one, other}) == (1 if equal else 2)


def test_reading_keybindings_does_not_change_equality() -> None:
    """Whether the attribute was read makes no difference."""
    read, unread = CIMInstanceName("C"), CIMInstanceName("C")
    assert len(read.keybindings) == 0
    assert read == unread and unread == read
    assert hash(read) == hash(unread)
    assert repr(read) == repr(unread)


@pytest.mark.parametrize("other", ["CIM_Foo", 5, None, CIMClassName("CIM_Foo")])
def test_comparison_with_another_class(other: Any) -> None:
    """Comparing with something else is an error of the program, which is told."""
    with pytest.raises(TypeError, match="CIMInstanceName"):
        assert CIMInstanceName("CIM_Foo") == other
    with pytest.raises(TypeError, match="not supported"):
        assert CIMInstanceName("CIM_Foo") < other


Duplicate = Callable[[CIMInstanceName], CIMInstanceName]


@pytest.mark.parametrize(
    "duplicate, shares_values",
    [
        pytest.param(CIMInstanceName.copy, True, id="copy()"),
        pytest.param(copy.deepcopy, False, id="copy.deepcopy"),
        pytest.param(lambda path: pickle.loads(pickle.dumps(path)), False, id="pickle"),
    ],
)
def test_copies(duplicate: Duplicate, shares_values: bool) -> None:
    """A copy is equal, exact in case and order, and has its own dictionary."""
    path = CIMInstanceName("CIM_Foo", [("R", OTHER_PATH), ("a", Uint8(1))], "Host", "Ns")
    copied = duplicate(path)
    assert repr(copied) == repr(path)
    assert type(copied["a"]) is Uint8
    assert (copied["R"] is path["R"]) is shares_values
    copied["a"] = 2
    copied.namespace = "other"
    assert path["a"] == 1
    assert path.namespace == "Ns"


def test_shallow_copy_shares_the_dictionary() -> None:
    """``copy.copy()`` copies nothing but the object itself."""
    path = CIMInstanceName("CIM_Foo", {"a": 1})
    copied = copy.copy(path)
    copied.classname = "CIM_Bar"
    assert copied.keybindings is path.keybindings
    assert path.classname == "CIM_Foo"


def test_unnamed_keybinding_survives_copies() -> None:
    """The name None, which servers may cause, is kept by all kinds of copies."""
    path = CIMInstanceName("CIM_Foo", {None: "x"})
    for duplicate in (CIMInstanceName.copy, copy.deepcopy, copy.copy):
        copied = duplicate(path)
        assert copied == path
        assert copied[None] == "x"  # type: ignore[index]


@pytest.mark.parametrize(
    "value, exception", [(None, ValueError), (["x"], TypeError), (CIMInstance("X"), TypeError)]
)
def test_copy_checks_what_was_put_into_the_dictionary(value: Any, exception: type) -> None:
    """Values that bypassed the checks are found when the path is copied."""
    path = CIMInstanceName("CIM_Foo", {"a": 1})
    path["a"] = value
    with pytest.raises(exception):
        path.copy()


# Text


@pytest.mark.parametrize("value, text", [(b"x", "'x'"), (b"\xff", "'\\\\xff'")])
def test_repr_of_bytes(value: bytes, text: str) -> None:
    """They were put into the dictionary, and are shown as the text that is sent."""
    path = CIMInstanceName("CIM_Foo")
    path["k"] = value
    assert f"{{'k': {text}}}" in repr(path)


def test_repr() -> None:
    """The representation names all attributes; keybindings are in their order."""
    path = CIMInstanceName("CIM_Foo", [("b", Uint8(1)), ("a", "\xe4")], "h", "n")
    assert repr(path) == (
        "CIMInstanceName(classname='CIM_Foo', keybindings=NocaseDict({'b': 1, 'a': '\\u00e4'}), "
        "namespace='n', host='h')"
    )


def test_str_is_the_historical_uri() -> None:
    """``str()`` gives the WBEM URI in historical format, with sorted keybindings."""
    assert str(CIMInstanceName("C", [("b", 1), ("a", "x")], "h", "n")) == '//h/n:C.a="x",b=1'
    assert str(CIMInstanceName("C", {"a": True})) == "C.a=TRUE"


@pytest.mark.parametrize(
    "options, expected",
    [
        pytest.param({}, "INSTANCEPATH", id="full"),
        pytest.param({"ignore_host": True}, "LOCALINSTANCEPATH", id="without host"),
        pytest.param({"ignore_namespace": True}, "INSTANCENAME", id="without namespace"),
    ],
)
def test_cimxml_element(options: Any, expected: str) -> None:
    """The element depends on what is known, and on what is to be left out."""
    path = CIMInstanceName("CIM_Foo", {"k": 1}, "h", "n")
    assert path.tocimxml(**options).tagName == expected
    assert path.tocimxmlstr(**options).startswith(f"<{expected}")


# from_instance

KEY = CIMQualifier("Key", True)
CLASS = CIMClass(
    "CIM_Foo",
    properties=[
        CIMProperty("First", None, type="string", qualifiers=[KEY]),
        CIMProperty("Second", None, type="uint8", qualifiers=[CIMQualifier("KEY", True)]),
        CIMProperty("Other", None, type="string"),
    ],
)


def test_from_instance() -> None:
    """The values of the key properties become keybindings, in the order of the class."""
    instance = CIMInstance("CIM_Sub", [("SECOND", Uint8(2)), ("first", "1"), ("Other", "x")])
    path = CIMInstanceName.from_instance(CLASS, instance, "/root/", "h")
    assert items(path) == [("First", "1", str), ("Second", 2, Uint8)]
    assert (path.classname, path.namespace, path.host) == ("CIM_Foo", "root", "h")


def test_from_instance_with_missing_keys() -> None:
    """A missing key is left out, or an error in strict mode."""
    instance = CIMInstance("CIM_Foo", {"First": "1"})
    assert list(CIMInstanceName.from_instance(CLASS, instance)) == ["First"]
    with pytest.raises(ValueError, match="'Second' of class 'CIM_Foo' missing"):
        CIMInstanceName.from_instance(CLASS, instance, strict=True)


def test_from_instance_with_null_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key without value is an error unless the configuration allows it."""
    instance = CIMInstance("CIM_Foo", [CIMProperty("First", None, type="string")])
    with pytest.raises(ValueError, match="'First'"):
        CIMInstanceName.from_instance(CLASS, instance)
    monkeypatch.setattr(config, "IGNORE_NULL_KEY_VALUE", True)
    assert dict(CIMInstanceName.from_instance(CLASS, instance)) == {"First": None}


def test_from_instance_without_keys_in_the_class() -> None:
    """A class that was retrieved without qualifiers has no keys."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        path = CIMInstanceName.from_instance(CIMClass("CIM_Foo"), CIMInstance("CIM_Foo"))
    assert len(path) == 0
