"""CIMInstance: properties in all forms, the dictionary interface, the path, from_class, text."""

from __future__ import annotations

import copy
import datetime
import pickle
from collections import OrderedDict
from typing import Any, Callable, Dict, Iterator, List

import pytest

from pywbem import (
    CIMClass,
    CIMClassName,
    CIMDateTime,
    CIMInstance,
    CIMInstanceName,
    CIMProperty,
    CIMQualifier,
    Real32,
    Real64,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    config,
)
from pywbem._nocasedict import NocaseDict

TIMESTAMP = CIMDateTime("20140924193040.654321+120")
REFERENCE = CIMInstanceName("CIM_Ref", {"Name": "x"})


def path_of(**keybindings: Any) -> CIMInstanceName:
    """Return an instance path with keybindings."""
    return CIMInstanceName("CIM_Foo", keybindings)


# Construction

PROPERTIES_INPUTS = [
    pytest.param(None, [], id="None"),
    pytest.param({}, [], id="empty dict"),
    pytest.param({"B": "x", "a": True}, [("B", "x"), ("a", True)], id="dict"),
    pytest.param(OrderedDict([("B", "x"), ("a", True)]), [("B", "x"), ("a", True)], id="ordered"),
    pytest.param(NocaseDict([("B", "x"), ("a", True)]), [("B", "x"), ("a", True)], id="nocase"),
    pytest.param([("B", "x"), ("a", True)], [("B", "x"), ("a", True)], id="list of tuples"),
    pytest.param(iter([("B", "x"), ("a", True)]), [("B", "x"), ("a", True)], id="iterator"),
    pytest.param([CIMProperty("B", "x"), ("a", True)], [("B", "x"), ("a", True)], id="properties"),
    pytest.param({"b": CIMProperty("B", "x")}, [("b", "x")], id="property in other case"),
    pytest.param([("a", "1"), ("B", "2"), ("A", "3")], [("A", "3"), ("B", "2")], id="last stays"),
    pytest.param(CIMInstance("X", {"k": "v"}), [("k", "v")], id="instance"),
    pytest.param(CIMInstanceName("X", {"k": "v"}), [("k", "v")], id="path"),
    pytest.param({b"k\xc3\xa4": b"v\xc3\xa4"}, [("k\xe4", "v\xe4")], id="bytes"),
]


@pytest.mark.parametrize("given, expected", PROPERTIES_INPUTS)
def test_properties_input(given: Any, expected: Any) -> None:
    """All forms of a properties input object give the properties, in their order."""
    instance = CIMInstance("CIM_Foo", given)
    assert list(instance.items()) == expected
    assert len(instance) == len(expected)


@pytest.mark.parametrize(
    "value, cim_type, is_array, stored",
    [
        ("x", "string", False, "x"),
        (True, "boolean", False, True),
        (Uint16(1), "uint16", False, 1),
        (Real64(1.5), "real64", False, 1.5),
        (TIMESTAMP, "datetime", False, TIMESTAMP),
        (datetime.timedelta(days=1), "datetime", False, CIMDateTime(datetime.timedelta(days=1))),
        (REFERENCE, "reference", False, REFERENCE),
        (CIMInstance("X"), "string", False, CIMInstance("X")),
        (["x", None], "string", True, ["x", None]),
        ([Uint8(1)], "uint8", True, [1]),
    ],
)
def test_types_are_inferred(value: Any, cim_type: str, is_array: bool, stored: Any) -> None:
    """Values become properties of the CIM type that they have."""
    prop = CIMInstance("CIM_Foo", {"p": value}).properties["P"]
    assert (prop.name, prop.type, prop.is_array, prop.value) == ("p", cim_type, is_array, stored)


def test_property_objects_are_stored_as_they_are() -> None:
    """The same object is in the instance afterwards."""
    prop = CIMProperty("p", Uint8(1))
    assert CIMInstance("CIM_Foo", [prop]).properties["p"] is prop
    assert CIMInstance("CIM_Foo", {"P": prop}).properties["p"] is prop


@pytest.mark.parametrize(
    "given, exception, message",
    [
        pytest.param({"p": None}, ValueError, "'p'", id="NULL has no type"),
        pytest.param({"p": 5}, ValueError, "'p'", id="int has no type"),
        pytest.param({"p": 1.5}, ValueError, "'p'", id="float has no type"),
        pytest.param({"p": []}, ValueError, "array", id="empty list"),
        pytest.param({"p": [None, "x"]}, ValueError, "'p'", id="list with NULL first"),
        pytest.param({"p": ("x",)}, ValueError, "'p'", id="tuple"),
        pytest.param({"p": CIMQualifier("p", "x")}, ValueError, "'p'", id="qualifier"),
        pytest.param({"p": CIMProperty("q", "x")}, ValueError, "'p', but is 'q'", id="other name"),
        pytest.param({None: "x"}, ValueError, "must not be None", id="no name"),
        pytest.param([("p",)], ValueError, "not .name, value.", id="tuple of one"),
        pytest.param(5, TypeError, "not iterable", id="number"),
        pytest.param("abc", TypeError, "invalid item", id="string"),
        pytest.param([5], TypeError, "CIMProperty", id="list of numbers"),
    ],
)
def test_invalid_properties(given: Any, exception: type, message: str) -> None:
    """What cannot be properties is rejected by constructor and setter, which stays as it was."""
    with pytest.raises(exception, match=message):
        CIMInstance("CIM_Foo", given)
    instance = CIMInstance("CIM_Foo", {"p": "x"})
    with pytest.raises(exception, match=message):
        instance.properties = given
    assert list(instance.items()) == [("p", "x")]


def test_qualifiers() -> None:
    """Qualifiers are taken in all forms, and can be replaced."""
    instance = CIMInstance("CIM_Foo", None, {"Q": True})
    assert instance.qualifiers["q"] == CIMQualifier("Q", True)
    instance.qualifiers = [CIMQualifier("R", "x")]
    assert list(instance.qualifiers) == ["R"]
    with pytest.raises(ValueError, match="'Q'"):
        CIMInstance("CIM_Foo", None, {"Q": 5})


def test_classname_must_not_be_none() -> None:
    """An instance has a class name, always."""
    with pytest.raises(ValueError, match="classname"):
        CIMInstance(None)  # type: ignore[arg-type]
    instance = CIMInstance("CIM_Foo", path=path_of(k=1))
    with pytest.raises(ValueError, match="classname"):
        instance.classname = None  # type: ignore[assignment]
    instance.classname = b"CIM_Bar"  # type: ignore[assignment]
    assert instance.classname == "CIM_Bar"
    assert instance.path is not None and instance.path.classname == "CIM_Foo"


# The path


def test_path_is_copied() -> None:
    """Constructor and setter store a copy of the path."""
    path = path_of(k=1)
    instance = CIMInstance("CIM_Foo", path=path)
    assert instance.path == path and instance.path is not path
    other = path_of(k=2)
    instance.path = other
    assert instance.path == other and instance.path is not other
    instance.path = None
    assert instance.path is None


@pytest.mark.parametrize(
    "path, exception",
    [
        pytest.param("CIM_Foo.k=1", AttributeError, id="string"),
        pytest.param(5, AttributeError, id="number"),
        pytest.param(CIMClassName("CIM_Foo"), TypeError, id="class path"),
    ],
)
def test_path_of_another_class(path: Any, exception: type) -> None:
    """Only instance paths are paths of instances."""
    with pytest.raises(exception, match="path of an instance must be a CIMInstanceName, but"):
        CIMInstance("CIM_Foo", path=path)
    instance = CIMInstance("CIM_Foo")
    with pytest.raises(exception, match="path of an instance must be a CIMInstanceName, but"):
        instance.path = path
    assert instance.path is None


def construct(properties: Any, path: CIMInstanceName) -> CIMInstance:
    """Give the properties to the constructor."""
    return CIMInstance("CIM_Foo", properties, path=path)


def set_all(properties: Any, path: CIMInstanceName) -> CIMInstance:
    """Set the attribute."""
    instance = CIMInstance("CIM_Foo", path=path)
    instance.properties = properties
    return instance


def set_each(properties: Any, path: CIMInstanceName) -> CIMInstance:
    """Set one by one."""
    instance = CIMInstance("CIM_Foo", path=path)
    for name, value in properties.items():
        instance[name] = value
    return instance


def update(properties: Any, path: CIMInstanceName) -> CIMInstance:
    """Update the instance."""
    instance = CIMInstance("CIM_Foo", path=path)
    instance.update(properties)
    return instance


@pytest.mark.parametrize("way", [construct, set_all, set_each, update])
@pytest.mark.parametrize(
    "properties, keybindings, expected",
    [
        pytest.param({"k": Uint8(2)}, {"k": 1}, [("k", 2)], id="value"),
        pytest.param({"K": "X"}, {"k": "x"}, [("K", "X")], id="case of name and value"),
        pytest.param({"k": Uint8(2)}, {"j": 0, "k": 1}, [("j", 0), ("k", 2)], id="one of two"),
        pytest.param({"k": CIMProperty("k", None, "uint8")}, {"k": 1}, [("k", None)], id="NULL"),
        pytest.param({"k": REFERENCE}, {"k": "x"}, [("k", REFERENCE)], id="reference for string"),
        pytest.param({"k": "x"}, {"k": REFERENCE}, [("k", "x")], id="string for reference"),
    ],
)
def test_key_properties_set_keybindings(
    way: Callable[[Any, CIMInstanceName], CIMInstance],
    properties: Dict[str, Any],
    keybindings: Any,
    expected: Any,
) -> None:
    """Setting a property sets the keybinding of the name; that is deprecated and warned of."""
    path = CIMInstanceName("CIM_Foo", keybindings)
    with pytest.warns(DeprecationWarning, match="propagation of key property") as record:
        instance = way(properties, path)
    assert instance.path is not None
    assert list(instance.path.items()) == expected
    assert list(path.items()) == list(keybindings.items())
    assert [warning.filename for warning in record] == [__file__]


@pytest.mark.parametrize("way", [construct, set_all, set_each, update])
@pytest.mark.parametrize(
    "properties",
    [{"other": "x"}, {"k": Uint8(1)}, {"K": Uint16(1)}, {"k": True}],
    ids=["no key", "same value", "other case and type", "boolean"],
)
def test_equal_values_leave_keybindings_alone(way: Any, properties: Any) -> None:
    """There is nothing to set, and nothing to warn of, when the values are equal."""
    instance = way(properties, path_of(k=1))
    assert list(instance.path.items()) == [("k", 1)]
    assert type(instance.path["k"]) is int


def test_what_does_not_set_keybindings() -> None:
    """The properties dictionary, update_existing(), deletion and a new path do not."""
    instance = CIMInstance("CIM_Foo", {"k": Uint8(1)}, path=path_of(k=1))
    instance.properties["k"] = CIMProperty("k", Uint8(2))
    instance.update_existing(k=3)
    assert instance.path == path_of(k=1)
    instance.path = path_of(k=7)
    assert instance["k"] == 3
    del instance["k"]
    assert instance.path == path_of(k=7)


# The dictionary interface


@pytest.fixture
def instance() -> CIMInstance:
    """An instance with two properties."""
    return CIMInstance("CIM_Foo", [("Chicken", "Ham"), ("Beans", Uint8(42))])


def test_lookup(instance: CIMInstance) -> None:
    """Names are looked up in any case, and give values."""
    assert instance["chicken"] == "Ham"
    assert instance.get("BEANS") == 42
    assert instance.get("Cheese") is None
    assert instance.get("Cheese", "none left") == "none left"
    assert "beans" in instance and instance.has_key("beans")
    assert "Cheese" not in instance and not instance.has_key("Cheese")
    with pytest.raises(KeyError, match="'Cheese' not found"):
        instance["Cheese"]


def test_get_of_a_null_property() -> None:
    """The default stands for a missing property, not for NULL."""
    instance = CIMInstance("CIM_Foo", [CIMProperty("p", None, type="string")])
    assert instance.get("p", "default") is None


def test_setting_and_deleting(instance: CIMInstance) -> None:
    """Setting a value makes a new property of the type of the value."""
    instance["CHICKEN"] = Uint16(7)
    instance["new"] = CIMProperty("New", None, type="string")
    assert list(instance.items()) == [("CHICKEN", 7), ("Beans", 42), ("new", None)]
    assert instance.properties["chicken"].type == "uint16"
    del instance["beans"]
    assert list(instance.keys()) == ["CHICKEN", "new"]
    with pytest.raises(KeyError, match="'Beans' not found"):
        del instance["Beans"]


@pytest.mark.parametrize(
    "name, value",
    [
        ("New", 5),
        ("New", None),
        ("New", []),
        ("New", CIMProperty("Other", "x")),
        ("Beans", None),
        ("Beans", []),
        ("Beans", CIMProperty("Other", "x")),
    ],
    ids=[
        *("new number", "new NULL", "new empty array", "new property of another name"),
        *("NULL", "empty array", "property of another name"),
    ],
)
def test_setting_what_has_no_type(instance: CIMInstance, name: str, value: Any) -> None:
    """A value without CIM type, or a property of another name, is rejected."""
    with pytest.raises(ValueError):
        instance[name] = value
    assert list(instance.items()) == [("Chicken", "Ham"), ("Beans", 42)]
    with pytest.raises(ValueError, match="must not be None"):
        instance[None] = "x"  # type: ignore[index]


def test_views(instance: CIMInstance) -> None:
    """Keys, values and items are views: they have a length and follow the instance."""
    keys, values, items = instance.keys(), instance.values(), instance.items()
    instance["new"] = "x"
    assert list(instance) == list(keys) == ["Chicken", "Beans", "new"]
    assert list(values) == ["Ham", 42, "x"]
    assert list(items) == [("Chicken", "Ham"), ("Beans", 42), ("new", "x")]
    assert len(keys) == len(values) == len(items) == len(instance) == 3
    assert list(reversed(items)) == [("new", "x"), ("Beans", 42), ("Chicken", "Ham")]  # type: ignore[call-overload]
    assert list(reversed(values)) == ["x", 42, "Ham"]  # type: ignore[call-overload]
    assert "Ham" in values and "Spam" not in values
    assert ("Beans", 42) in items and ("beans", 42) not in items and "Beans" not in items
    assert items & {("Beans", 42), ("Beans", 41)} == {("Beans", 42)}
    assert repr(items) == f"propvalue_items({instance.properties!r})"
    assert repr(values) == f"propvalue_values({instance.properties!r})"


@pytest.mark.parametrize("method", ["iterkeys", "itervalues", "iteritems"])
def test_deprecated_iteration(instance: CIMInstance, method: str) -> None:
    """The methods of Python 2 still work, and warn at the line that calls them."""
    with pytest.warns(DeprecationWarning, match=rf"{method}\(\).*Use {method[4:]}\(\)") as record:
        result = getattr(instance, method)()
    assert next(result) == next(iter(getattr(instance, method[4:])()))
    assert record[0].filename == __file__


def pairs(*items: Any) -> Iterator[Any]:
    """Return an iterator."""
    return iter(items)


UPDATES = [
    pytest.param(lambda: ([], {}), [], id="nothing"),
    pytest.param(lambda: ([{"b": "2", "A": "3"}], {}), [("b", "2"), ("A", "3")], id="dict"),
    pytest.param(lambda: ([pairs(("b", "2"), ["c", "3"])], {}), [("b", "2"), ("c", "3")], id="it"),
    pytest.param(lambda: ([{"b": "2"}, [("c", "3")]], {}), [("b", "2"), ("c", "3")], id="two"),
    pytest.param(lambda: ([], {"b": "2"}), [("b", "2")], id="keyword"),
    pytest.param(lambda: ([CIMInstance("X", {"b": "2"})], {}), [("b", "2")], id="instance"),
    pytest.param(lambda: ([CIMInstanceName("X", {"b": "2"})], {}), [("b", "2")], id="path"),
]


@pytest.mark.parametrize("given, items", UPDATES)
def test_update(given: Any, items: Any) -> None:
    """Properties are set and added, as by ``instance[name] = value``."""
    args, kwargs = given()
    instance = CIMInstance("CIM_Foo", {"a": Uint8(1)})
    expected = CIMInstance("CIM_Foo", {"a": Uint8(1)})
    for name, value in items:
        expected[name] = value
    instance.update(*args, **kwargs)
    assert list(instance.items()) == list(expected.items())


@pytest.mark.parametrize("given, items", UPDATES)
def test_update_existing(given: Any, items: Any) -> None:
    """Only properties that exist are set; they keep name and type, and values are converted."""
    args, kwargs = given()
    values = {"a": 1, "b": 0}
    instance = CIMInstance("CIM_Foo", [CIMProperty(n, v, "uint8") for n, v in values.items()])
    properties = list(instance.properties.values())
    instance.update_existing(*args, **kwargs)
    values.update((name.lower(), int(value)) for name, value in items if name in "abAB")
    assert dict(instance.items()) == values
    assert all(type(value) is Uint8 for value in instance.values())
    assert [id(prop) for prop in instance.properties.values()] == [id(prop) for prop in properties]


@pytest.mark.parametrize(
    "argument, exception",
    [(5, TypeError), (None, TypeError), ([5], TypeError), (("a", "x"), ValueError)],
)
def test_update_with_something_else(argument: Any, exception: type) -> None:
    """What is no mapping of names to values is rejected by both methods."""
    instance = CIMInstance("CIM_Foo", {"a": "x"})
    with pytest.raises(exception):
        instance.update(argument)
    with pytest.raises(exception):
        instance.update_existing(argument)


def test_update_existing_with_a_value_out_of_range() -> None:
    """A value that does not suit the type of the property is rejected."""
    instance = CIMInstance("CIM_Foo", {"a": Uint8(1)})
    with pytest.raises(ValueError, match="300"):
        instance.update_existing(a=300)
    assert instance["a"] == 1


# Comparison and copies

FULL: List[Any] = ["C", {"a": Uint8(1), "B": "x"}, {"Q": True}, CIMInstanceName("C", {"Id": "x"})]


def changed(index: int, value: Any) -> List[Any]:
    """Return the arguments of FULL with one replaced."""
    return [*FULL[:index], value, *FULL[index + 1 :]]


@pytest.mark.parametrize(
    "other, equal",
    [
        pytest.param(FULL, True, id="same"),
        pytest.param(changed(0, "c"), True, id="case of class name"),
        pytest.param(changed(1, {"b": "x", "A": Uint8(1)}), True, id="case and order of names"),
        pytest.param(changed(2, {"q": True}), True, id="case of qualifier"),
        pytest.param(changed(3, CIMInstanceName("c", {"ID": "x"})), True, id="case in path"),
        pytest.param(changed(0, "D"), False, id="class name"),
        pytest.param(changed(1, {"a": Uint8(2), "B": "x"}), False, id="value"),
        pytest.param(changed(1, {"a": Uint16(1), "B": "x"}), False, id="type"),
        pytest.param(changed(1, {"a": Uint8(1), "B": "X"}), False, id="case of value"),
        pytest.param(changed(1, {"a": Uint8(1)}), False, id="less properties"),
        pytest.param(changed(2, {"Q": False}), False, id="qualifier"),
        pytest.param(changed(2, None), False, id="no qualifiers"),
        pytest.param(changed(3, CIMInstanceName("D", {"Id": "x"})), False, id="path"),
        pytest.param(changed(3, None), False, id="no path"),
    ],
)
def test_equality_and_hash(other: Any, equal: bool) -> None:
    """Instances are equal without regard to case and order; equal ones have equal hash values."""
    one, two = CIMInstance(*FULL), CIMInstance(*other)
    assert (one == two) is equal
    assert (two == one) is equal
    assert (one != two) is not equal
    assert len({one, two}) == (1 if equal else 2)


def test_reading_dictionaries_does_not_change_equality() -> None:
    """Whether the attributes were read makes no difference."""
    read, unread = CIMInstance("C"), CIMInstance("C")
    assert len(read.properties) == len(read.qualifiers) == 0
    assert read == unread and unread == read
    assert hash(read) == hash(unread)
    assert repr(read) == repr(unread)


def test_arrays_are_hashable() -> None:
    """An instance with an array can be put into a set."""
    instance = CIMInstance("C", {"a": ["x", "y"]})
    assert {instance, instance.copy()} == {instance}


@pytest.mark.parametrize("other", ["C", None, CIMInstanceName("C"), CIMClass("C")])
def test_comparison_with_another_class(other: Any) -> None:
    """Comparing with something else is an error of the program, which is told."""
    with pytest.raises(TypeError, match="CIMInstance"):
        assert CIMInstance("C") == other
    with pytest.raises(TypeError, match="not supported"):
        assert CIMInstance("C") < CIMInstance("D")


@pytest.mark.parametrize(
    "duplicate, shares_properties",
    [
        pytest.param(CIMInstance.copy, True, id="copy()"),
        pytest.param(copy.deepcopy, False, id="copy.deepcopy"),
        pytest.param(lambda instance: pickle.loads(pickle.dumps(instance)), False, id="pickle"),
    ],
)
def test_copies(duplicate: Any, shares_properties: bool) -> None:
    """A copy is equal, and has its own path and dictionaries."""
    instance = CIMInstance(*FULL)
    copied = duplicate(instance)
    assert repr(copied) == repr(instance)
    assert (copied.properties["a"] is instance.properties["a"]) is shares_properties
    assert (copied.qualifiers["Q"] is instance.qualifiers["Q"]) is shares_properties
    copied["new"] = "x"
    copied.qualifiers["new"] = CIMQualifier("new", "x")
    copied.path["new"] = "x"
    assert instance == CIMInstance(*FULL)


def test_copy_makes_properties_of_what_was_put_into_the_dictionary() -> None:
    """Values that bypassed the conversion are converted when the instance is copied."""
    instance = CIMInstance("C", {"a": "x"}, {"q": True})
    instance.properties["b"] = Uint8(1)
    instance.qualifiers["r"] = "y"
    copied = instance.copy()
    assert copied.properties["b"] == CIMProperty("b", Uint8(1))
    assert copied.qualifiers["r"] == CIMQualifier("r", "y")


def test_copy_does_not_set_keybindings() -> None:
    """A keybinding that differs from its property stays different."""
    instance = CIMInstance("C", {"k": Uint8(1)})
    instance.path = path_of(k=2)
    assert instance.copy().path == path_of(k=2)


# Text


def test_repr_and_str() -> None:
    """The representation names all attributes; str() leaves out the dictionaries."""
    instance = CIMInstance("CIM_F\xf6", {"a": Uint8(1)}, {"Q": True}, path_of(a=1))
    path = (
        "CIMInstanceName(classname='CIM_Foo', keybindings=NocaseDict({'a': 1}), namespace=None, "
        "host=None)"
    )
    assert str(instance) == f"CIMInstance(classname='CIM_F\\u00f6', path={path}, ...)"
    assert repr(instance) == (
        f"CIMInstance(classname='CIM_F\\u00f6', path={path}, "
        f"properties=NocaseDict({{'a': {instance.properties['a']!r}}}), "
        f"qualifiers=NocaseDict({{'Q': {instance.qualifiers['Q']!r}}}))"
    )


def test_mof() -> None:
    """The MOF of an instance is that of its properties."""
    assert (
        CIMInstance("CIM_Foo", {"a": Uint8(1), "b": ["x", None]}).tomof()
        == 'instance of CIM_Foo {\n   a = 1;\n   b = { "x", NULL };\n};\n'
    )


@pytest.mark.parametrize(
    "path, options, expected",
    [
        (None, {}, "INSTANCE"),
        (("C", {"k": 1}, "h", "n"), {"ignore_path": True}, "INSTANCE"),
        (("C", {"k": 1}), {}, "VALUE.NAMEDINSTANCE"),
        (("C", {"k": 1}, None, "n"), {}, "VALUE.OBJECTWITHLOCALPATH"),
        (("C", {"k": 1}, "h", "n"), {}, "VALUE.INSTANCEWITHPATH"),
    ],
)
def test_cimxml_element(path: Any, options: Any, expected: str) -> None:
    """The element depends on what the path has, and on whether it is to be left out."""
    instance = CIMInstance("C", {"p": "x"}, path=path and CIMInstanceName(*path))
    assert instance.tocimxml(**options).tagName == expected
    assert instance.tocimxmlstr(**options).startswith(f"<{expected}")


# from_class

KEY = CIMQualifier("Key", True)
CLASS = CIMClass(
    "CIM_Foo",
    properties=[
        CIMProperty("Id", None, type="uint8", qualifiers=[KEY], class_origin="CIM_Base"),
        CIMProperty("Name", "dflt", qualifiers=[KEY, CIMQualifier("Description", "d")]),
        CIMProperty("Sizes", [1, 2], type="uint32", array_size=4, propagated=True),
        CIMProperty("Ref", None, type="reference", reference_class="CIM_Ref"),
        CIMProperty("Emb", None, type="string", embedded_object="instance"),
        CIMProperty("When", None, type="datetime"),
    ],
)


def test_from_class() -> None:
    """The instance has all properties of the class, with given values, defaults or NULL."""
    instance = CIMInstance.from_class(CLASS, "root", {"ID": 7, "When": str(TIMESTAMP)})
    assert instance.classname == "CIM_Foo"
    assert instance.path == CIMInstanceName("CIM_Foo", {"Id": 7, "Name": "dflt"}, namespace="root")
    assert instance == CIMInstance(
        "CIM_Foo",
        [
            CIMProperty("Id", Uint8(7)),
            CIMProperty("Name", "dflt"),
            CIMProperty("Sizes", [Uint32(1), Uint32(2)], array_size=4, propagated=True),
            CIMProperty("Ref", None, type="reference", reference_class="CIM_Ref"),
            CIMProperty("Emb", None, type="string", embedded_object="instance"),
            CIMProperty("When", TIMESTAMP),
        ],
        path=instance.path,
    )
    assert list(instance) == list(CLASS.properties)


def test_from_class_does_not_share_with_the_class() -> None:
    """Changing an array value of the instance leaves the class alone."""
    instance = CIMInstance.from_class(CLASS, include_path=False)
    instance["Sizes"].append(3)
    assert CLASS.properties["Sizes"].value == [1, 2]


def test_from_class_with_class_origin() -> None:
    """Class origins are included on request."""
    values = {"Id": 7}
    assert CIMInstance.from_class(CLASS, None, values).properties["Id"].class_origin is None
    instance = CIMInstance.from_class(CLASS, None, values, include_class_origin=True)
    assert instance.properties["Id"].class_origin == "CIM_Base"


@pytest.mark.parametrize(
    "values, options, expected",
    [
        ({"Name": "x"}, {"include_path": False}, ["Name"]),
        ({"when": None, "NAME": "x", "id": 1}, {}, ["Id", "Name", "When"]),
        (NocaseDict({"NAME": "x"}), {"include_path": False}, ["Name"]),
        ({}, {"include_path": False}, []),
        (None, {"include_path": False}, []),
    ],
)
def test_from_class_without_missing_properties(values: Any, options: Any, expected: Any) -> None:
    """Only properties with values are included, in the order of the class."""
    instance = CIMInstance.from_class(
        CLASS, property_values=values, include_missing_properties=False, **options
    )
    assert list(instance) == expected
    assert (instance.path is None) is bool(options)


@pytest.mark.parametrize(
    "values, options, exception, message",
    [
        pytest.param({"Other": 1}, {}, ValueError, "'Other'.*'CIM_Foo'", id="not in class"),
        pytest.param({"Id": 300}, {}, ValueError, "300", id="out of range"),
        pytest.param({"Id": "x"}, {}, ValueError, "'x'", id="no number"),
        pytest.param({"Sizes": 3}, {}, ValueError, "array", id="no array"),
        pytest.param({"Name": ["x"]}, {}, ValueError, "array", id="array"),
        pytest.param({"Emb": "x"}, {}, ValueError, "Emb", id="no embedded instance"),
        pytest.param({"Ref": 5}, {}, TypeError, "reference", id="no reference"),
        pytest.param({}, {}, ValueError, "'Id'", id="NULL key"),
        pytest.param(
            {"Id": 1}, {"include_missing_properties": False}, ValueError, "'Name'", id="no key"
        ),
        pytest.param([("Id", 1)], {}, TypeError, "must be a dictionary", id="list"),
        pytest.param(REFERENCE, {}, TypeError, "must be a dictionary", id="path"),
    ],
)
def test_from_class_errors(values: Any, options: Any, exception: type, message: str) -> None:
    """Values that do not suit the class, and missing keys, are told."""
    with pytest.raises(exception, match=message):
        CIMInstance.from_class(CLASS, "root", values, **options)


def test_from_class_with_null_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """The configuration allows NULL in keys."""
    monkeypatch.setattr(config, "IGNORE_NULL_KEY_VALUE", True)
    path = CIMInstance.from_class(CLASS).path
    assert path is not None and dict(path) == {"Id": None, "Name": "dflt"}


NUMBERS = [
    pytest.param("Size", 7, Uint8(7), id="integer"),
    pytest.param("Size", 700, ValueError, id="out-of-range"),
    pytest.param("Size", -1, ValueError, id="negative"),
    pytest.param("Size", 7.0, ValueError, id="real-to-integer"),
    pytest.param("Null", 7, Uint8(7), id="had-no-value"),
    pytest.param("Load", 2, Real32(2), id="integer-to-real"),
    pytest.param("Load", 2.5, Real32(2.5), id="real"),
    pytest.param("States", [3, None], [Uint8(3), None], id="array"),
    pytest.param("States", 3, ValueError, id="scalar-to-array"),
    pytest.param("States", [], ValueError, id="empty-array"),
    pytest.param("Size", [3], ValueError, id="array-to-scalar"),
    pytest.param("Name", 3, ValueError, id="string"),
    pytest.param("Online", 3, ValueError, id="boolean"),
    pytest.param("New", 3, ValueError, id="new-property"),
    pytest.param(None, 3, ValueError, id="no-name"),
    # What says its type replaces the property, as ever.
    pytest.param("Size", True, True, id="boolean-replaces"),
    pytest.param("Size", Uint16(7), Uint16(7), id="other-type-replaces"),
    pytest.param("Size", "7", "7", id="string-replaces"),
]


@pytest.mark.parametrize("name, value, expected", NUMBERS)
@pytest.mark.parametrize("way", ["item", "update"])
def test_plain_numbers_take_the_type_of_the_property(
    way: str, name: Any, value: Any, expected: Any
) -> None:
    instance = CIMInstance(
        "CIM_Foo",
        [
            CIMProperty("Size", 5, "uint8"),
            CIMProperty("Null", None, "uint8"),
            CIMProperty("Load", 1.5, "real32"),
            CIMProperty("States", [1], "uint8", is_array=True),
            CIMProperty("Name", "x", "string"),
            CIMProperty("Online", True, "boolean"),
        ],
    )

    def assign() -> None:
        if way == "item":
            instance[name] = value
        else:
            instance.update({name: value})

    if expected is ValueError:
        before = instance.copy()
        with pytest.raises(ValueError):
            assign()
        assert instance == before
    else:
        assign()
        assert instance[name] == expected
        assert type(instance[name]) is type(expected)


def test_result_of_arithmetic_can_be_assigned_back() -> None:
    instance = CIMInstance("CIM_Foo", {"Size": Uint64(2**64 - 1)})
    instance["Size"] = instance["Size"] - 1
    assert instance.properties["Size"].type == "uint64"
    assert instance["Size"] == 2**64 - 2
    with pytest.raises(ValueError, match="out of range"):
        instance["Size"] += 2
