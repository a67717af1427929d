"""Each field of each CIM class: one table, and what holds for all of them."""

from __future__ import annotations

import abc
import copy
import inspect
import pickle
import subprocess
import sys
import traceback
from typing import Any, Dict, List, NamedTuple, Optional, Type

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
    CIMQualifierDeclaration,
    NocaseDict,
    Uint8,
)
from pywbem._cim_obj._base import CIMObject
from pywbem._cim_obj.fields import cim_class, name_field

QUALIFIERS = [CIMQualifier("Q", "q")]
FLAVORS = dict.fromkeys(("overridable", "tosubclass", "toinstance", "translatable"))


class Row(NamedTuple):
    """A field of a class, and another value of it."""

    cls: Type[Any]
    #: Arguments of an object.
    arguments: Dict[str, Any]
    field: str
    #: What the attribute is set to, and what it reads then.
    given: Any
    stored: Any
    #: What is equal to it.
    alike: Optional[Any] = None


def rows() -> List[Row]:
    path: Dict[str, Any] = {"classname": "C"}
    inst: Dict[str, Any] = {"classname": "C"}
    prop: Dict[str, Any] = {"name": "P", "value": None, "type": "string"}
    qual: Dict[str, Any] = {"name": "Q", "value": None, "type": "string"}
    method: Dict[str, Any] = {"name": "M", "return_type": "uint8"}
    by_name = lambda *items: NocaseDict([(item.name, item) for item in items])  # noqa: E731
    all_of = by_name(*QUALIFIERS)
    a, m = CIMProperty("A", "x"), CIMMethod("N", "uint8")
    p = CIMParameter("A", "string")
    host = ("host", b"h", "h", "H")
    namespace = ("namespace", "/n/m/", "n/m", "N/M")
    qualifiers = ("qualifiers", QUALIFIERS, all_of, [CIMQualifier("q", "q")])
    classname = ("classname", b"D", "D", "d")
    name = ("name", b"X", "X", "x")
    size, array = ("array_size", 3, 3), ("is_array", 1, True)
    embedded = ("embedded_object", b"object", "object")
    reference_class = ("reference_class", b"R", "R", "r")
    flavors = [(flavor, 1, True) for flavor in FLAVORS]
    origin, propagated = ("class_origin", b"O", "O", "o"), ("propagated", 1, True)
    cimtype = ("type", b"char16", "char16")
    value = ("value", b"v", "v")
    keybindings = ("keybindings", {"K": b"v"}, NocaseDict(K="v"), {"k": "v"})
    table: List[Any] = [
        (CIMClassName, path, [classname, host, namespace]),
        (CIMInstanceName, path, [classname, keybindings, host, namespace]),
        (
            CIMInstance,
            inst,
            [
                *(classname, qualifiers, ("properties", {"A": "x"}, by_name(a), {"a": "x"})),
                ("path", CIMInstanceName("C"), CIMInstanceName("C"), CIMInstanceName("c")),
            ],
        ),
        (
            CIMClass,
            inst,
            [
                *(classname, qualifiers, ("superclass", b"S", "S", "s")),
                ("properties", [a], by_name(a), {"a": CIMProperty("a", "x")}),
                ("methods", [m], by_name(m), {"n": CIMMethod("n", "uint8")}),
                ("path", CIMClassName("C"), CIMClassName("C"), CIMClassName("c")),
            ],
        ),
        (
            CIMProperty,
            prop,
            [
                *(name, value, cimtype, origin, size, propagated, array, reference_class),
                *(qualifiers, embedded),
            ],
        ),
        (
            CIMMethod,
            method,
            [
                *(name, ("return_type", b"uint16", "uint16"), origin, propagated, qualifiers),
                ("parameters", [p], by_name(p), {"a": CIMParameter("a", "string")}),
            ],
        ),
        (
            CIMParameter,
            {"name": "P", "type": "string"},
            [name, cimtype, reference_class, array, size, qualifiers, value, embedded],
        ),
        (CIMQualifier, qual, [name, value, cimtype, propagated, *flavors]),
        (
            CIMQualifierDeclaration,
            qual,
            [
                *(name, cimtype, value, array, size, *flavors),
                ("scopes", {"CLASS": True}, NocaseDict(CLASS=True), {"class": True}),
            ],
        ),
    ]
    return [Row(cls, arguments, *field) for cls, arguments, fields in table for field in fields]


ROWS = rows()
CLASSES = sorted({row.cls for row in ROWS}, key=lambda cls: cls.__name__)
each_row = pytest.mark.parametrize(
    "row", ROWS, ids=[f"{row.cls.__name__}.{row.field}" for row in ROWS]
)
each_class = pytest.mark.parametrize("cls", CLASSES, ids=[cls.__name__ for cls in CLASSES])


def changed(row: Row, value: Any) -> Any:
    """An object of which the field was set to a value."""
    obj = row.cls(**row.arguments)
    setattr(obj, row.field, value)
    return obj


@each_class
def test_table_is_complete(cls: Type[Any]) -> None:
    """The table, the constructor and the object have the same fields."""
    parameters = list(inspect.signature(cls).parameters)
    assert sorted(row.field for row in ROWS if row.cls is cls) == sorted(parameters)
    assert sorted(cls._fields) == sorted(parameters)
    assert cls.__slots__ == tuple("_" + name for name in parameters)
    assert list(inspect.signature(cls._trusted).parameters) == parameters
    assert type(cls) is type


@each_row
def test_is_converted_when_it_is_set(row: Row) -> None:
    value = getattr(changed(row, row.given), row.field)
    assert value == row.stored
    assert type(value) is type(row.stored)


# The constructor checks the other fields against the value.
BY_ITSELF = [row for row in ROWS if row.field not in ("is_array", "embedded_object")]


@pytest.mark.parametrize(
    "row", BY_ITSELF, ids=[f"{row.cls.__name__}.{row.field}" for row in BY_ITSELF]
)
def test_is_stored_alike_by_the_constructor(row: Row) -> None:
    made = row.cls(**{**row.arguments, row.field: row.given})
    assert getattr(made, row.field) == row.stored
    assert made == changed(row, row.given)


@each_row
def test_counts_in_comparisons(row: Row) -> None:
    obj = changed(row, row.given)
    other = row.cls(**row.arguments)
    assert obj != other
    assert other != obj
    assert hash(obj) != hash(other)
    assert obj == changed(row, row.given)
    assert hash(obj) == hash(changed(row, row.given))


@each_row
def test_names_are_equal_in_any_case(row: Row) -> None:
    if row.alike is not None:
        assert changed(row, row.given) == changed(row, row.alike)
        assert hash(changed(row, row.given)) == hash(changed(row, row.alike))


@each_row
@pytest.mark.parametrize(
    "copied",
    [
        lambda obj: obj.copy(),
        copy.copy,
        copy.deepcopy,
        lambda obj: pickle.loads(pickle.dumps(obj)),
        lambda obj: pickle.loads(pickle.dumps(obj, protocol=2)),
    ],
    ids=["method", "copy", "deepcopy", "pickle", "pickle-2"],
)
def test_is_copied(row: Row, copied: Any) -> None:
    obj = changed(row, row.given)
    other = copied(obj)
    assert other == obj
    assert repr(other) == repr(obj)
    assert getattr(other, row.field) == row.stored


@each_row
def test_is_shown(row: Row) -> None:
    obj = changed(row, row.given)
    assert f"{row.field}=" in repr(obj)
    assert repr(obj) != repr(row.cls(**row.arguments))


@each_row
def test_has_a_docstring(row: Row) -> None:
    assert inspect.getdoc(getattr(row.cls, row.field))


@each_row
def test_dictionaries_are_copied_and_not_allocated(row: Row) -> None:
    if not isinstance(row.stored, NocaseDict):
        return
    assert getattr(row.cls(**row.arguments), "_" + row.field) is None
    obj = row.cls(**row.arguments)
    assert getattr(obj, row.field) is getattr(obj, row.field)
    assert obj == obj.copy() == row.cls(**row.arguments)
    obj = changed(row, row.given)
    getattr(obj.copy(), row.field).clear()
    assert getattr(obj, row.field) == row.stored


@each_row
def test_is_taken_by_the_trusted_constructor(row: Row) -> None:
    obj = changed(row, row.given)
    slots = {name: getattr(obj, "_" + name) for name in row.cls._fields}
    assert row.cls._trusted(**slots) == obj
    assert row.cls._trusted(*[getattr(obj, slot) for slot in row.cls.__slots__]) == obj


@each_class
def test_other_classes_cannot_be_compared(cls: Type[Any]) -> None:
    arguments = next(row.arguments for row in ROWS if row.cls is cls)
    for other in (None, "x", object()):
        with pytest.raises(TypeError, match=f"other must be {cls.__name__}, but is"):
            assert cls(**arguments) == other


@each_class
def test_subclasses_have_attributes_of_their_own(cls: Type[Any]) -> None:
    """They can have another metaclass, and are shown and compared as the class."""
    arguments = next(row.arguments for row in ROWS if row.cls is cls)

    class Own(cls, abc.ABC):  # type: ignore[misc]
        pass

    own = Own(**arguments)
    own.more = 5
    assert own == cls(**arguments)
    assert repr(own) == repr(cls(**arguments))
    assert copy.copy(own).more == 5
    assert type(copy.copy(own)) is Own
    assert type(own.copy()) is cls
    assert type(Own._trusted(*[None] * len(cls._fields))) is Own


def test_subclasses_can_extend_a_method_that_was_not_called_before() -> None:
    code = """if 1:
        from pywbem import CIMQualifier
        class Own(CIMQualifier):
            def __repr__(self):
                return "<" + super().__repr__() + ">"
        print(repr(Own("Q", "q"))[:23], repr(Own("Q", "q"))[:23])
    """
    printed = subprocess.run(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, check=True, text=True
    ).stdout
    assert printed.split() == ["<CIMQualifier(name='Q',", "<CIMQualifier(name='Q',"]


def test_empty_keybindings_of_a_copy_are_its_own() -> None:
    path = CIMInstanceName("C")
    path.keybindings.clear()
    path.copy()["K"] = "v"
    assert len(path) == 0


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (CIMQualifier("Q", Uint8(1)), CIMQualifier("Q", CIMInstance("C"), "string")),
        (
            CIMQualifierDeclaration("Q", "string", CIMInstance("C")),
            CIMQualifierDeclaration("Q", "uint8", 1),
        ),
    ],
    ids=["qualifier", "declaration"],
)
def test_values_of_other_types_are_not_compared(left: Any, right: Any) -> None:
    assert left != right
    assert right != left


def test_constructor_must_have_the_fields() -> None:
    with pytest.raises(TypeError, match="constructor of Wrong must have its fields"):

        class Wrong(CIMObject, metaclass=cim_class):
            name = name_field("Name.")

            def __init__(self, other: str) -> None: ...


def test_traceback_shows_the_lines() -> None:
    with pytest.raises(TypeError) as info:
        assert CIMMethod("M", "uint8") == 5
    assert "raise not_comparable(self, other)" in "".join(
        traceback.format_exception(info.type, info.value, info.tb)
    )
