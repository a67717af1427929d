"""
What CIM-XML cannot express: the errors and warnings of the encoder.
"""

from __future__ import annotations

import datetime
import warnings
from typing import Any, Dict, Tuple
from xml.dom import minidom

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
    MissingKeybindingsWarning,
    tocimxmlstr,
)
from pywbem._cim_xml.write import objects as encode

NAME_A = CIMInstanceName("A", {"k": "v"})
Q = CIMQualifier("Q", "x")
E = CIMInstance("E", {"s": "a"})


BAD_CHARACTERS = ["\x00", "\x01", "\x0b", "\x1f", "\ufffe", "\uffff", "\ud800", "\udfff"]


@pytest.mark.parametrize("bad", BAD_CHARACTERS, ids=[f"U+{ord(c):04X}" for c in BAD_CHARACTERS])
def test_forbidden_character(bad: str) -> None:
    obj = CIMInstance("I", {"p": CIMInstance("E", {"inner": ["ok", "a" + bad]})})
    with pytest.raises(ValueError) as caught:
        obj.tocimxmlstr()
    message = str(caught.value)
    assert f"U+{ord(bad):04X} at index 1" in message
    assert "property 'inner' of instance of class 'E' of property 'p' of instance" in message
    message.encode("utf-8")


@pytest.mark.parametrize(
    "obj, where",
    [
        pytest.param(CIMClass("C\x01"), "class", id="class"),
        pytest.param(CIMClass("C", superclass="S\x01"), "class 'C'", id="superclass"),
        pytest.param(CIMClassName("C", namespace="n\x01"), "class path", id="namespace"),
        pytest.param(
            CIMInstanceName("A", {"k": "v"}, namespace="n", host="h\x01"),
            "instance path of class 'A'",
            id="host",
        ),
        pytest.param(CIMInstanceName("A", {"k": "\x01"}), "keybinding 'k'", id="key"),
        pytest.param(CIMInstanceName("A", {"k\x01": 1}), "keybinding", id="key-name"),
        pytest.param(CIMQualifier("q", "\x01"), "qualifier 'q'", id="qualifier"),
        pytest.param(
            CIMQualifierDeclaration("q", "string", "\x01"),
            "qualifier declaration 'q'",
            id="declaration",
        ),
        pytest.param(
            CIMClass("C", methods=[CIMMethod("m", "uint8", [CIMParameter("\x01", "uint8")])]),
            "method 'm' of class 'C'",
            id="parameter-name",
        ),
        pytest.param("a\x01", "a value", id="value"),
    ],
)
def test_forbidden_character_names_the_place(obj: Any, where: str) -> None:
    with pytest.raises(ValueError, match=r"U\+0001") as caught:
        tocimxmlstr(obj)
    assert where in str(caught.value)


def with_value(obj: Any, value: Any) -> Any:
    obj.value = value
    return obj


def with_entry(obj: Any, attribute: str, value: Any) -> Any:
    getattr(obj, attribute)["p"] = value
    return obj


WRONG: Dict[str, Tuple[Any, str]] = {
    "list-in-scalar": (with_value(CIMProperty("p", "a"), ["l"]), "property 'p'"),
    "dict-in-scalar": (with_value(CIMProperty("p", "a"), {"a": 1}), "property 'p'"),
    "path-in-string": (with_value(CIMProperty("p", "a"), NAME_A), "property 'p'"),
    "object-in-string": (with_value(CIMProperty("p", "a"), E), "property 'p'"),
    "str-in-array": (with_value(CIMProperty("p", ["a"]), "str"), "property 'p'"),
    "bytes-in-array": (with_value(CIMProperty("p", ["a"]), b"str"), "property 'p'"),
    "number-in-array": (with_value(CIMProperty("p", ["a"]), 5), "property 'p'"),
    "mapping-in-array": (with_value(CIMProperty("p", ["a"]), {"a": 1}), "property 'p'"),
    "instance-in-array": (with_value(CIMProperty("p", [E]), E), "property 'p'"),
    "list-in-array": (with_value(CIMProperty("p", ["a"]), [["b"]]), "property 'p'"),
    "str-embedded": (with_value(CIMProperty("p", E), "str"), "property 'p'"),
    "path-embedded": (with_value(CIMProperty("p", [E]), [NAME_A]), "property 'p'"),
    "list-in-qualifier": (with_value(CIMQualifier("q", ["a"]), [["b"]]), "qualifier 'q'"),
    "property": (with_entry(CIMInstance("I"), "properties", "str"), "instance of class 'I'"),
    "class-property": (with_entry(CIMClass("C"), "properties", Q), "class 'C'"),
    "method": (with_entry(CIMClass("C"), "methods", Q), "class 'C'"),
    "parameter": (with_entry(CIMMethod("m", "uint8"), "parameters", Q), "method 'm'"),
    "qualifier": (with_entry(CIMProperty("p", "a"), "qualifiers", None), "property 'p'"),
    "keybinding": (
        with_entry(CIMInstanceName("A"), "keybindings", object()),
        "keybinding 'p' of instance path of class 'A'",
    ),
}


@pytest.mark.parametrize("obj, where", list(WRONG.values()), ids=list(WRONG))
def test_wrong_type(obj: Any, where: str) -> None:
    with pytest.raises(TypeError) as caught:
        obj.tocimxmlstr()
    assert where in str(caught.value)


@pytest.mark.parametrize(
    "value, error",
    [
        pytest.param(None, ValueError, id="none"),
        pytest.param({"a": 1}, TypeError, id="dict"),
        pytest.param({"a"}, TypeError, id="set"),
        pytest.param(object(), TypeError, id="object"),
        pytest.param([["a"]], TypeError, id="nested-list"),
        pytest.param([NAME_A], TypeError, id="list-of-paths"),
        pytest.param([E, None], TypeError, id="list-of-instances"),
        pytest.param(datetime.timedelta(5), TypeError, id="timedelta"),
        pytest.param(minidom.Document(), TypeError, id="document"),
        pytest.param(b"\xff", UnicodeDecodeError, id="bytes"),
    ],
)
def test_wrong_value(value: Any, error: type) -> None:
    with pytest.raises(error):
        encode.value_xml(value)


@pytest.mark.parametrize(
    "obj, attribute, value, error",
    [
        pytest.param(
            CIMQualifierDeclaration("q", "string"), "scopes", {"FOO": True}, ValueError, id="scope"
        ),
        pytest.param(
            CIMProperty("p", "a"), "embedded_object", "instance", TypeError, id="embedded"
        ),
        *(
            pytest.param(CIMProperty("p", "a"), "_type", kind, ValueError, id=f"type {kind}")
            for kind in ("text", "")
        ),
    ],
)
def test_inconsistent(obj: Any, attribute: str, value: Any, error: type) -> None:
    setattr(obj, attribute, value)
    with pytest.raises(error):
        obj.tocimxmlstr()


def test_no_object() -> None:
    with pytest.raises(TypeError, match="no CIM object"):
        encode.object_xml("text")


@pytest.mark.parametrize(
    "obj",
    [
        pytest.param(CIMInstanceName("Bare"), id="path"),
        pytest.param(CIMInstance("I", path=CIMInstanceName("Bare")), id="instance"),
        pytest.param(CIMProperty("p", CIMInstanceName("Bare")), id="reference"),
    ],
)
def test_missing_keybindings(obj: Any) -> None:
    """The warning points to the code that asked, however deep the path is."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        text = obj.tocimxmlstr()
    assert '<INSTANCENAME CLASSNAME="Bare"/>' in text
    (warning,) = caught
    assert warning.category is MissingKeybindingsWarning
    assert "'Bare'" in str(warning.message)
    assert warning.filename == __file__
