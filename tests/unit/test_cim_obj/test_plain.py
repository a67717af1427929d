"""
Instances and paths as dictionaries: the documented forms, and what is refused.
"""

from __future__ import annotations

import json
from typing import Any, Dict

import pytest

import pywbem
from pywbem import CIMClass, CIMClassName, CIMInstance, CIMInstanceName, CIMProperty

PATH = CIMInstanceName("CIM_Disk", {"DeviceID": "sda"}, host="h", namespace="root/cimv2")
PATH_FORM = {
    "classname": "CIM_Disk",
    "keybindings": {"DeviceID": "sda"},
    "namespace": "root/cimv2",
    "host": "h",
}
PROPERTIES = {
    "integer": (pywbem.Uint64(2**64 - 1), {"type": "uint64", "value": 18446744073709551615}),
    "real": (pywbem.Real32(0.5), {"type": "real32", "value": 0.5}),
    "infinite": (pywbem.Real64("-inf"), {"type": "real64", "value": "-INF"}),
    "boolean": (False, {"type": "boolean", "value": False}),
    "text": ("\u00e4", {"type": "string", "value": "\u00e4"}),
    "character": (pywbem.Char16("x"), {"type": "char16", "value": "x"}),
    "datetime": (
        pywbem.CIMDateTime("20260101120000.12****+060"),
        {"type": "datetime", "value": "20260101120000.12****+060"},
    ),
    "reference": (PATH, {"type": "reference", "value": PATH_FORM}),
    "class reference": (
        CIMProperty("P", CIMClassName("C", namespace="n"), type="reference"),
        {"type": "reference", "value": {"classname": "C", "namespace": "n"}},
    ),
    "embedded instance": (
        CIMInstance("C", {"P": "x"}),
        {
            "type": "string",
            "value": {"classname": "C", "properties": {"P": {"type": "string", "value": "x"}}},
            "embedded_object": "instance",
        },
    ),
    "embedded class": (
        CIMClass("C"),
        {
            "type": "string",
            "value": {"classname": "C", "superclass": None, "properties": {}},
            "embedded_object": "object",
        },
    ),
    "no embedded object": (
        CIMProperty("P", CIMInstance("C"), type="string", embedded_object=False),
        {
            "type": "string",
            "value": {"classname": "C", "properties": {}},
            "embedded_object": False,
        },
    ),
    "array": ([pywbem.Sint8(-1), None], {"type": "sint8", "value": [-1, None]}),
    "empty array": (CIMProperty("P", [], type="uint8"), {"type": "uint8", "value": []}),
    "NULL": (CIMProperty("P", None, type="uint8"), {"type": "uint8", "value": None}),
    "NULL array": (
        CIMProperty("P", None, type="uint8", is_array=True, array_size=3, propagated=False),
        {"type": "uint8", "value": None, "is_array": True, "array_size": 3, "propagated": False},
    ),
    "NULL embedded": (
        CIMProperty("P", None, type="string", embedded_object="object", class_origin="C"),
        {"type": "string", "value": None, "embedded_object": "object", "class_origin": "C"},
    ),
    "qualified": (
        CIMProperty("P", "x", qualifiers={"Q": pywbem.CIMQualifier("q", True, tosubclass=True)}),
        {
            "type": "string",
            "value": "x",
            "qualifiers": {
                "Q": {"name": "q", "type": "boolean", "value": True, "tosubclass": True}
            },
        },
    ),
}


def there_and_back(inst: Any) -> Any:
    return type(inst).from_dict(json.loads(json.dumps(inst.to_dict(), allow_nan=False)))


@pytest.mark.parametrize("value, form", PROPERTIES.values(), ids=PROPERTIES.keys())
def test_property(value: Any, form: Dict[str, Any]) -> None:
    """A value with its type, and the attributes that are set."""
    inst = CIMInstance("CIM_Foo", {"P": value})
    assert inst.to_dict() == {"classname": "CIM_Foo", "properties": {"P": form}}
    assert there_and_back(inst) == inst
    assert repr(there_and_back(inst)) == repr(inst)


KEYS = {
    "text": ("x", "x"),
    "number": (5, 5),
    "real": (0.5, 0.5),
    "infinite": (float("inf"), {"type": "real64", "value": "INF"}),
    "boolean": (True, True),
    "typed number": (pywbem.Uint8(5), {"type": "uint8", "value": 5}),
    "typed real": (pywbem.Real32(5), {"type": "real32", "value": 5.0}),
    "character": (pywbem.Char16("x"), {"type": "char16", "value": "x"}),
    "datetime": (
        pywbem.CIMDateTime("00000001000000.000000:000"),
        {"type": "datetime", "value": "00000001000000.000000:000"},
    ),
    "reference": (PATH, {"type": "reference", "value": PATH_FORM}),
}


@pytest.mark.parametrize("value, form", KEYS.values(), ids=KEYS.keys())
def test_keybinding(value: Any, form: Any) -> None:
    """A value as it is, or with its type."""
    path = CIMInstanceName("CIM_Foo", {"K": value})
    assert path.to_dict() == {"classname": "CIM_Foo", "keybindings": {"K": form}}
    assert there_and_back(path) == path
    assert repr(there_and_back(path)) == repr(path)


def test_unnamed_key() -> None:
    """JSON has no key without a name."""
    path = CIMInstanceName("CIM_Foo", {None: pywbem.Uint8(1)})
    form = {"classname": "CIM_Foo", "keybindings": [[None, {"type": "uint8", "value": 1}]]}
    assert path.to_dict() == form
    assert there_and_back(path) == path


def test_path_is_not_changed() -> None:
    """A property that differs from the key of the path changes nothing, and warns of nothing."""
    inst = CIMInstance("CIM_Disk", {"DeviceID": "sdb"})
    inst.path = PATH
    assert inst.to_dict()["path"] == PATH_FORM
    assert there_and_back(inst) == inst
    assert there_and_back(inst).path == PATH


def test_subclass() -> None:
    """The object is of the class that is asked."""

    class Mine(CIMInstance):
        pass

    assert type(there_and_back(Mine("C", {"P": "x"}))) is Mine


REFUSED = {
    "no form": ("x", TypeError, "must be a dictionary"),
    "no class": ({}, TypeError, "needs 'classname'"),
    "number for a class": ({"classname": 1}, TypeError, "needs 'classname', which is a string"),
    "keys no pairs": (
        {"classname": "C", "path": {"classname": "C", "keybindings": [["k"]]}},
        TypeError,
        "must be one of pairs",
    ),
    "unknown item": ({"classname": "C", "class": 1}, ValueError, "'class', which is none of"),
    "property no form": ({"classname": "C", "properties": {"P": 1}}, TypeError, "of P must be"),
    "properties no form": ({"classname": "C", "properties": [1]}, TypeError, "of properties must"),
    "keys no form": (
        {"classname": "C", "path": {"classname": "C", "keybindings": "k"}},
        TypeError,
        "of keybindings must be",
    ),
}
VALUES = {
    "no type": ({"value": 5}, ValueError, "name of its CIM type, but that is: None"),
    "unknown type": ({"type": "int", "value": 5}, ValueError, "'int'"),
    "range": ({"type": "uint8", "value": 256}, ValueError, "out of range"),
    "text for a number": ({"type": "uint8", "value": "5"}, TypeError, "uint8 cannot be: '5'"),
    "real for an integer": ({"type": "uint8", "value": 5.5}, TypeError, "cannot be: 5.5"),
    "boolean for a number": ({"type": "uint8", "value": True}, TypeError, "cannot be: True"),
    "text for a boolean": ({"type": "boolean", "value": "false"}, TypeError, "'false'"),
    "number for text": ({"type": "string", "value": 5}, TypeError, "cannot be: 5"),
    "no datetime": ({"type": "datetime", "value": "today"}, ValueError, "today"),
    "text for a reference": ({"type": "reference", "value": "C.k=1"}, TypeError, "C.k=1"),
    "text for infinity": ({"type": "uint8", "value": "INF"}, TypeError, "'INF'"),
    "item of an array": ({"type": "uint8", "value": [1, "2"]}, TypeError, "cannot be: '2'"),
}


@pytest.mark.parametrize(
    "form, error, text",
    [
        *REFUSED.values(),
        *[
            ({"classname": "C", "properties": {"P": form}}, *more)
            for form, *more in VALUES.values()
        ],
    ],
    ids=[*REFUSED, *VALUES],
)
def test_refused(form: Any, error: Any, text: str) -> None:
    """Nothing is taken for what it is not."""
    with pytest.raises(error, match=text):
        CIMInstance.from_dict(form)


@pytest.mark.parametrize("key", [[1], {"type": "uint8", "value": "1"}, {"kind": 1}])
def test_refused_key(key: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        CIMInstanceName.from_dict({"classname": "C", "keybindings": {"K": key}})


def test_to_json() -> None:
    """Lists of what operations return, values and dictionaries among other things."""
    inst = CIMInstance("C", {"P": pywbem.Uint64(2**63)}, path=PATH)
    value = {
        "instances": [inst],
        "paths": (PATH, CIMClassName("C")),
        "property": inst.properties["P"],
        "properties": inst.properties,
        "values": [pywbem.Uint8(1), pywbem.Real32(0.5), pywbem.Char16("x")],
        "when": pywbem.CIMDateTime("20260101120000.000000+000"),
    }
    form = {"type": "uint64", "value": 9223372036854775808}
    assert json.loads(json.dumps(value, default=pywbem.to_json)) == {
        "instances": [inst.to_dict()],
        "paths": [PATH_FORM, {"classname": "C"}],
        "property": {"name": "P", **form},
        "properties": {"P": {"name": "P", **form}},
        "values": [1, 0.5, "x"],
        "when": "20260101120000.000000+000",
    }
    with pytest.raises(TypeError, match="Object of type set is not JSON serializable"):
        json.dumps({1}, default=pywbem.to_json)


def test_value_of_no_type() -> None:
    """What was put into the keybindings unchecked has no form."""
    path = CIMInstanceName("C")
    path["K"] = object()
    with pytest.raises(TypeError, match="none of a CIM data type"):
        path.to_dict()
