"""
GetProperty and SetProperty of the mock server (DSP0200 5.4.2.18, 5.4.2.19).
"""

from __future__ import annotations

from typing import Any, List

import pytest

import pywbem
import pywbem_mock
from pywbem import CIMDateTime, CIMInstance, CIMInstanceName, Uint8
from pywbem._cim_xml.records import IntrinsicCall
from pywbem_mock import FakedWBEMConnection
from tests.unit.test_pywbem_mock.model import NAMESPACE

MOF = """
Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride, ToSubclass);
Qualifier Association : boolean = false, Scope(association), Flavor(DisableOverride, ToSubclass);
Qualifier EmbeddedInstance : string = null, Scope(property), Flavor(ToSubclass);
class T_Part { string Name; };
class T_Thing {
    [Key] string Id;
    string Text;
    uint8 Small;
    sint64 Large;
    real32 Real;
    boolean Flag;
    char16 Char;
    datetime When;
    uint8 Numbers[];
    [EmbeddedInstance("T_Part")] string Part;
    string Defaulted = "default";
};
[Association] class T_Link { [Key] T_Thing REF Left; [Key] T_Thing REF Right; T_Thing REF Third; };
instance of T_Thing as $a { Id = "a"; Text = "text"; Small = 3; };
instance of T_Thing as $b { Id = "b"; };
instance of T_Link { Left = $a; Right = $b; };
"""
A = CIMInstanceName("T_Thing", {"Id": "a"})
B = CIMInstanceName("T_Thing", {"Id": "b"})
LINK = CIMInstanceName("T_Link", {"Left": A, "Right": B})
PART = '<INSTANCE CLASSNAME="T_Part"><PROPERTY NAME="Name" TYPE="string"></PROPERTY></INSTANCE>'
NAME = pywbem.CIMProperty("Name", None, "string", propagated=False)
OTHER = PART.replace("T_Part", "T_Thing")


@pytest.fixture(params=[False, True], ids=["lenient", "strict"])
def conn(request: pytest.FixtureRequest) -> FakedWBEMConnection:
    """A connection to a server with the model, of each mode."""
    conn = FakedWBEMConnection(NAMESPACE, strict=request.param)
    conn.compile_mof_string(MOF)
    return conn


def call(conn: FakedWBEMConnection, name: str, namespace: str = NAMESPACE, **params: Any) -> Any:
    """The result of an operation; what it fails with is raised."""
    response: Any = conn._handler(IntrinsicCall(name, namespace, list(params.items())))
    assert response.name == name
    if response.error is not None:
        raise pywbem.CIMError(response.error.code, response.error.description)
    return response.result


def get(conn: FakedWBEMConnection, path: CIMInstanceName, name: str, **options: Any) -> Any:
    """The value of a property."""
    (prop,) = call(conn, "GetProperty", InstanceName=path, PropertyName=name, **options)
    return prop.value


def set_(conn: FakedWBEMConnection, path: CIMInstanceName, name: str, *value: Any) -> Any:
    """Set a property to a value as it is in a request, or to NULL."""
    params = {"NewValue": value[0]} if value else {}
    return call(conn, "SetProperty", InstanceName=path, PropertyName=name, **params)


@pytest.mark.parametrize(
    ("path", "name", "expected"),
    [
        (A, "Text", "text"),
        (A, "tEXT", "text"),
        (A, "Small", Uint8(3)),
        (A, "Large", None),
        (A, "Numbers", None),
        (LINK, "Left", CIMInstanceName("T_Thing", {"Id": "a"}, namespace=NAMESPACE)),
        (LINK, "Third", None),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_get(conn: FakedWBEMConnection, path: CIMInstanceName, name: str, expected: Any) -> None:
    assert get(conn, path, name) == expected


SET = [
    ("Text", "new", "new"),
    ("TEXT", "", ""),
    ("Small", "0xFF", Uint8(255)),
    ("Large", "-5", -5),
    ("Real", "1.5", 1.5),
    ("Flag", "true", True),
    ("Char", "x", "x"),
    ("When", "20260102030405.000000+060", CIMDateTime("20260102030405.000000+060")),
    ("Numbers", ["1", None, "2"], [1, None, 2]),
    ("Numbers", [], []),
    ("Part", PART, CIMInstance("T_Part", [NAME])),
    ("Id", "a", "a"),
]


@pytest.mark.parametrize(("name", "value", "expected"), SET, ids=[row[0] for row in SET])
def test_set(conn: FakedWBEMConnection, name: str, value: Any, expected: Any) -> None:
    assert set_(conn, A, name, value) is None
    assert get(conn, A, name) == expected
    assert conn.GetInstance(A)[name] == expected


def test_set_null(conn: FakedWBEMConnection) -> None:
    set_(conn, A, "Small")
    set_(conn, A, "Defaulted")
    assert get(conn, A, "Small") is None
    assert get(conn, A, "Defaulted") is None


def test_set_reference(conn: FakedWBEMConnection) -> None:
    set_(conn, LINK, "Third", A)
    assert get(conn, LINK, "Third") == CIMInstanceName("T_Thing", {"Id": "a"}, namespace=NAMESPACE)


def test_set_changes_nothing_else(conn: FakedWBEMConnection) -> None:
    before = conn.GetInstance(A)
    set_(conn, A, "Small", "9")
    before["Small"] = Uint8(9)
    assert conn.GetInstance(A) == before


NO_CLASS = CIMInstanceName("T_No", {"Id": "a"})
ABSENT = CIMInstanceName("T_Thing", {"Id": "no"})
TARGETS = [
    ("namespace", "no", NO_CLASS, "No", "INVALID_NAMESPACE"),
    ("class", NAMESPACE, NO_CLASS, "No", "INVALID_CLASS"),
    ("instance", NAMESPACE, ABSENT, "No", "NOT_FOUND"),
    ("property", NAMESPACE, A, "No", "NO_SUCH_PROPERTY"),
]


@pytest.mark.parametrize("operation", ["GetProperty", "SetProperty"])
@pytest.mark.parametrize(
    ("namespace", "path", "name", "status"),
    [row[1:] for row in TARGETS],
    ids=[r[0] for r in TARGETS],
)
def test_target_fails(
    conn: FakedWBEMConnection,
    operation: str,
    namespace: str,
    path: CIMInstanceName,
    name: str,
    status: str,
) -> None:
    with pytest.raises(pywbem.CIMError) as info:
        call(conn, operation, namespace, InstanceName=path, PropertyName=name)
    assert info.value.status_code_name == f"CIM_ERR_{status}"


VALUES = [
    ("text for number", A, "Small", "x", "TYPE_MISMATCH"),
    ("too large", A, "Small", "256", "TYPE_MISMATCH"),
    ("empty for number", A, "Small", "", "TYPE_MISMATCH"),
    ("array for scalar", A, "Small", ["1"], "TYPE_MISMATCH"),
    ("scalar for array", A, "Numbers", "1", "TYPE_MISMATCH"),
    ("item of array", A, "Numbers", ["1", "x"], "TYPE_MISMATCH"),
    ("text for boolean", A, "Flag", "yes", "TYPE_MISMATCH"),
    ("text for datetime", A, "When", "now", "TYPE_MISMATCH"),
    ("texts for char16", A, "Char", "xy", "TYPE_MISMATCH"),
    ("text for embedded instance", A, "Part", "x", "TYPE_MISMATCH"),
    ("reference for text", A, "Text", A, "TYPE_MISMATCH"),
    ("text for reference", LINK, "Third", "x", "TYPE_MISMATCH"),
    ("wrong embedded instance", A, "Part", OTHER, "INVALID_PARAMETER"),
    ("reference to nothing", LINK, "Third", ABSENT, "INVALID_PARAMETER"),
    ("key", A, "Id", "b", "INVALID_PARAMETER"),
    ("an object", A, "Text", CIMInstance("T_Part"), "INVALID_PARAMETER"),
]


@pytest.mark.parametrize(
    ("path", "name", "value", "status"), [row[1:] for row in VALUES], ids=[row[0] for row in VALUES]
)
def test_value_fails(
    conn: FakedWBEMConnection, path: CIMInstanceName, name: str, value: Any, status: str
) -> None:
    before = conn.GetInstance(path)
    with pytest.raises(pywbem.CIMError) as info:
        set_(conn, path, name, value)
    assert info.value.status_code_name == f"CIM_ERR_{status}"
    assert conn.GetInstance(path) == before


def test_a_result_belongs_to_its_client(conn: FakedWBEMConnection) -> None:
    set_(conn, A, "Numbers", ["1"])
    get(conn, A, "Numbers").append(Uint8(2))
    assert get(conn, A, "Numbers") == [1]


def test_a_provider_sets(conn: FakedWBEMConnection) -> None:
    seen: List[Any] = []

    class Provider(pywbem_mock.InstanceWriteProvider):
        provider_classnames = "T_Thing"

        def ModifyInstance(
            self, modified_instance: CIMInstance, IncludeQualifiers: Any = None
        ) -> None:
            seen.append(dict(modified_instance))
            super().ModifyInstance(modified_instance, IncludeQualifiers)

    conn.register_provider(Provider(conn.cimrepository))
    set_(conn, A, "small", "4")
    assert seen == [{"Small": 4}]
    assert conn.server.may_wait(IntrinsicCall("setproperty", NAMESPACE, []))
    assert not conn.server.may_wait(IntrinsicCall("GetProperty", NAMESPACE, []))
