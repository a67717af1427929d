"""
InvokeMethod: input parameters in all forms, and output parameters.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Dict, List, Tuple

import pytest

from pywbem._cim_obj import CIMClass, CIMClassName, CIMInstance, CIMInstanceName, CIMParameter
from pywbem._cim_types import Char16, CIMDateTime, MinutesFromUTC, Real32, Uint8, Uint32
from pywbem._cim_xml.records import ExtrinsicCall, ExtrinsicResponse
from pywbem._nocasedict import NocaseDict
from tests.unit.test_cim_operations.fake import NAMESPACE, RecordConnection

PATH = CIMInstanceName("C", {"k": "v"}, namespace="a/b", host="h")
REF = CIMInstanceName("R", {"k": "v"}, namespace="n/r", host="h")
INST = CIMInstance("E", {"p": "x"})
INST_PATH = CIMInstance("E", {"p": "x"}, path=REF)


def sent(params: Any = None, **kwargs: Any) -> List[CIMParameter]:
    """The parameters of the call that InvokeMethod makes."""
    conn = RecordConnection()
    conn.InvokeMethod("M", "C", params, **kwargs)
    (call,) = conn.calls
    assert isinstance(call, ExtrinsicCall)
    return call.params


TARGETS: List[Tuple[str, Any, Any]] = [
    ("str", "C", CIMClassName("C", namespace=NAMESPACE)),
    ("class", CIMClassName("C"), CIMClassName("C", namespace=NAMESPACE)),
    ("class-path", CIMClassName("C", namespace="a/b", host="h"), CIMClassName("C", None, "a/b")),
    ("instance", CIMInstanceName("C", {"k": "v"}),
     CIMInstanceName("C", {"k": "v"}, namespace=NAMESPACE)),
    ("instance-path", PATH, CIMInstanceName("C", {"k": "v"}, namespace="a/b")),
]  # fmt: skip


@pytest.mark.parametrize(
    "target, path", [row[1:] for row in TARGETS], ids=[row[0] for row in TARGETS]
)
def test_target(target: Any, path: Any) -> None:
    """The target has a namespace and no host."""
    conn = RecordConnection()
    assert conn.InvokeMethod("M", target) == (None, NocaseDict())
    assert conn.calls == [ExtrinsicCall("M", path, [])]


# (id, value, type, is_array, embedded_object, value that is sent)
VALUES: List[Tuple[str, Any, Any, bool, Any, Any]] = [
    ("string", "x", "string", False, None, "x"),
    ("boolean", True, "boolean", False, None, True),
    ("uint8", Uint8(5), "uint8", False, None, Uint8(5)),
    ("real32", Real32(1.5), "real32", False, None, Real32(1.5)),
    ("char16", Char16("a"), "char16", False, None, Char16("a")),
    ("array", [Uint8(5), None, Uint8(6)], "uint8", True, None, [Uint8(5), None, Uint8(6)]),
    ("array-null-first", [None, "x"], "string", True, None, [None, "x"]),
    ("reference", REF, "reference", False, None, REF),
    ("class-reference", CIMClassName("R"), "reference", False, None, CIMClassName("R")),
    ("reference-array", [REF], "reference", True, None, [REF]),
    ("instance", INST, "string", False, "instance", INST),
    ("instance-path", INST_PATH, "string", False, "instance", INST),
    ("instance-array", [None, INST_PATH], "string", True, "instance", [None, INST]),
    ("class", CIMClass("K"), "string", False, "object", CIMClass("K")),
    ("datetime", CIMDateTime("20200102030405.000000+000"), "datetime", False, None,
     CIMDateTime("20200102030405.000000+000")),
    ("python-datetime", datetime(2020, 1, 2, 3, 4, 5, tzinfo=MinutesFromUTC(60)), "datetime",
     False, None, CIMDateTime("20200102030405.000000+060")),
    ("python-timedelta", [timedelta(days=1)], "datetime", True, None,
     [CIMDateTime("00000001000000.000000:000")]),
    ("null", None, None, False, None, None),
    ("empty-array", [], None, True, None, []),
    ("null-array", [None], None, True, None, [None]),
]  # fmt: skip


@pytest.mark.parametrize(
    "value, type_name, is_array, embedded_object, expected",
    [row[1:] for row in VALUES],
    ids=[row[0] for row in VALUES],
)
def test_value(
    value: Any, type_name: Any, is_array: bool, embedded_object: Any, expected: Any
) -> None:
    """The parameter that is made of a value."""
    for params, kwargs in (([("P", value)], {}), (None, {"P": value})):
        (param,) = sent(params, **kwargs)
        assert param.name == "P"
        assert param.type == type_name
        assert param.is_array is is_array
        assert param.embedded_object == embedded_object
        assert param.value == expected


FORMS: List[Tuple[str, Any, Dict[str, Any], List[str]]] = [
    ("none", None, {}, []),
    ("empty", [], {}, []),
    ("empty-string", "", {}, []),
    ("tuples", [("b", "x"), ("a", "y")], {}, ["b", "a"]),
    ("lists", [["b", "x"]], {}, ["b"]),
    ("tuple-of-tuples", (("b", "x"),), {}, ["b"]),
    ("iterator", iter([("b", "x")]), {}, ["b"]),
    ("mapping", {"b": "x", "a": "y"}, {}, ["b", "a"]),
    ("nocasedict", NocaseDict([("b", "x")]), {}, ["b"]),
    ("parameters", [CIMParameter("b", "uint8", value=5), ("a", "x")], {}, ["b", "a"]),
    ("keywords", None, {"z": "x", "Y": "y"}, ["z", "Y"]),
    ("both", [("b", "x")], {"z": "x", "b": "y"}, ["b", "z", "b"]),
]


@pytest.mark.parametrize(
    "params, kwargs, names", [row[1:] for row in FORMS], ids=[row[0] for row in FORMS]
)
def test_forms(params: Any, kwargs: Dict[str, Any], names: List[str]) -> None:
    """Input parameters keep their order; keywords come last."""
    assert [param.name for param in sent(params, **kwargs)] == names


def test_parameter_object_is_sent_as_it_is() -> None:
    """A CIMParameter determines the type itself."""
    param = CIMParameter("P", "uint8", value=5)
    assert sent([param]) == [param]


def test_parameter_object_with_embedded_instance() -> None:
    """An embedded instance is sent without its path; the caller's object keeps it."""
    param = CIMParameter("P", "string", value=INST_PATH, embedded_object="instance")
    assert sent([param]) == [CIMParameter("P", "string", value=INST, embedded_object="instance")]
    assert param.value.path == REF


REJECTED: List[Tuple[str, Any]] = [
    ("int", [("P", 5)]),
    ("float", [("P", 1.5)]),
    ("int-array", [("P", [5])]),
    ("bytes", [("P", b"x")]),
    ("tuple", [("P", ("x",))]),
    ("dict", [("P", {"x": "y"})]),
    ("parameter-in-tuple", [("P", CIMParameter("P", "uint8", value=5))]),
    ("no-value", [("P",)]),
    ("string-item", ["Px"]),
    ("name-none", [(None, "x")]),
    ("name-int", [(5, "x")]),
    ("params-str", "Px"),
    ("params-int", 5),
    ("params-zero", 0),
]


@pytest.mark.parametrize("params", [row[1] for row in REJECTED], ids=[row[0] for row in REJECTED])
def test_rejected(params: Any) -> None:
    """Values without CIM data type, and items that are no parameters."""
    with pytest.raises(TypeError):
        sent(params)


def test_rejected_integer_says_what_to_do() -> None:
    with pytest.raises(TypeError, match=r"parameter Size .* int, .* Uint32"):
        sent(Size=5)


def test_result() -> None:
    """The return value and the output parameters, whose names have no lexical case."""
    output = [
        CIMParameter("Count", "uint8", value=5),
        CIMParameter("Null", "string"),
        CIMParameter("List", "string", is_array=True, value=["a", None]),
    ]
    conn = RecordConnection(ExtrinsicResponse("M", Uint32(0), output, return_type="uint32"))
    value, params = conn.InvokeMethod("M", "C")
    assert value == 0
    assert type(value) is Uint32
    assert isinstance(params, NocaseDict)
    assert params == {"Count": 5, "Null": None, "List": ["a", None]}
    assert type(params["COUNT"]) is Uint8
