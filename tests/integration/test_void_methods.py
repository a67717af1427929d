"""
Methods that return nothing: MOF, mock, wire, client, and the layers above.
"""

from __future__ import annotations

import io
import pickle
from pathlib import Path
from typing import Any, Iterator

import pytest

import pywbem
from pywbem import CIMClass, CIMMethod, CIMParameter, objects
from pywbem_mock import FakedWBEMConnection, MethodProvider, WBEMServerThread
from pywbem_mock.snapshot import Settings, load_snapshot, take_snapshot

QUALIFIERS = """
Qualifier Association : boolean = false, Scope(association), Flavor(DisableOverride, ToSubclass);
Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride, ToSubclass);
Qualifier Override : string = null, Scope(property, reference, method), Flavor(Restricted);
Qualifier Static : boolean = false, Scope(property, method), Flavor(DisableOverride, ToSubclass);
"""
CLASS = """
class T_Disk {
    [Key] string Id;
    void Spin(string How);
    [Static] VOID /* here */ Reset // and
        ();
    uint32 void();
    boolean Void2;
};
"""
MOF = f'{QUALIFIERS}{CLASS}instance of T_Disk {{ Id = "a"; }};'
DISK = pywbem.CIMInstanceName("T_Disk", {"Id": "a"}, namespace="root/cimv2")
NO_TYPE = pytest.mark.filterwarnings("ignore::pywbem.ToleratedServerIssueWarning")


class Spins(MethodProvider):
    """Answers with what the caller says."""

    provider_classnames = "T_Disk"
    value: Any = None

    def InvokeMethod(self, methodname: str, localobject: Any, params: Any) -> Any:
        return self.value, [CIMParameter("How", "string", value=methodname)]


@pytest.fixture
def faked() -> FakedWBEMConnection:
    conn = FakedWBEMConnection()
    conn.compile_mof_string(MOF)
    conn.register_provider(Spins(conn.cimrepository))
    return conn


@pytest.fixture
def client(faked: FakedWBEMConnection) -> Iterator[pywbem.WBEMConnection]:
    with WBEMServerThread(faked) as server, pywbem.WBEMConnection(server.url) as conn:
        yield conn


@pytest.fixture(params=["in the process", "over HTTP"])
def conn(request: Any, faked: FakedWBEMConnection) -> Any:
    return faked if request.param == "in the process" else request.getfixturevalue("client")


@pytest.fixture
def cls(faked: FakedWBEMConnection) -> CIMClass:
    return faked.GetClass("T_Disk")


# -- Classes ------------------------------------------------------------------


def test_compiled(cls: CIMClass) -> None:
    types = {name: method.return_type for name, method in cls.methods.items()}
    assert types == {"Spin": "void", "Reset": "void", "void": "uint32"}


@pytest.mark.parametrize(
    "mof, members",
    [
        ("class void { };", []),
        ("class void { string void; };", ["void"]),
        ("class C { string Void[]; };", ["Void"]),
        ("class C { uint8 VOID(string void); };", ["VOID"]),
        ("class C { void void(); };", ["void"]),
        ("class C { [Static] void M(); };", ["M"]),
        ("class C { void ref(); };", ["ref"]),
        ("class void { }; [Association] class Z { [Key] void REF R; };", ["R"]),
        ("class void { }; class C { uint8 M(void REF P); };", ["M"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_name_elsewhere(mof: str, members: Any) -> None:
    conn = FakedWBEMConnection()
    conn.compile_mof_string(QUALIFIERS + mof)
    cls = conn.GetClass(conn.EnumerateClassNames()[-1])
    assert [*cls.properties, *cls.methods] == members


def test_long_white_space_is_no_work() -> None:
    conn = FakedWBEMConnection()
    with pytest.raises(pywbem.MOFParseError):
        conn.compile_mof_string("class C { void" + " \n" * 20000 + "; };")


def test_mof(cls: CIMClass) -> None:
    assert "void Spin(\n" in cls.tomof()
    other = FakedWBEMConnection()
    other.compile_mof_string(QUALIFIERS + cls.tomof())
    assert other.GetClass("T_Disk").tomof() == cls.tomof()


@NO_TYPE
@pytest.mark.parametrize(
    "again",
    [
        pytest.param(lambda cls: pickle.loads(pickle.dumps(cls)), id="pickle"),
        pytest.param(lambda cls: cls.copy(), id="copy"),
        pytest.param(lambda cls: eval(repr(cls), vars(pywbem)), id="repr"),
    ],
)
def test_round_trip(again: Any, cls: CIMClass) -> None:
    assert again(cls) == cls
    assert hash(again(cls)) == hash(cls)


def test_comparison() -> None:
    void, other = CIMMethod("M", "void"), CIMMethod("M", "uint8")
    assert void == CIMMethod("m", "void") != other
    assert "return_type='void'" in repr(void)
    with pytest.raises(ValueError):
        CIMMethod("M")


def test_override(faked: FakedWBEMConnection) -> None:
    faked.compile_mof_string('class T_Sub : T_Disk { [Override("Spin")] void Spin(string How); };')
    with pytest.raises(pywbem.MOFCompileError, match="return type is 'uint8' instead of 'void'"):
        faked.compile_mof_string(
            'class T_No : T_Disk { [Override("Spin")] uint8 Spin(string How); };'
        )


# -- Over the wire ------------------------------------------------------------


@NO_TYPE
def test_class_of_a_server(client: pywbem.WBEMConnection, cls: CIMClass) -> None:
    """Such a method costs nothing but a warning."""
    with pytest.warns(pywbem.ToleratedServerIssueWarning, match="'Spin'"):
        got = client.GetClass("T_Disk")
    assert got.tomof() == cls.tomof()
    assert "TYPE" not in str(client.last_raw_reply).partition('<METHOD NAME="Spin"')[2][:20]


@NO_TYPE
def test_class_for_a_server(client: pywbem.WBEMConnection, faked: FakedWBEMConnection) -> None:
    client.CreateClass(CIMClass("T_New", methods=[CIMMethod("M", "void")]))
    assert faked.GetClass("T_New").methods["M"].return_type == "void"


def test_what_a_client_sends_is_no_matter_of_a_server(client: pywbem.WBEMConnection) -> None:
    client.CreateClass(CIMClass("T_New", methods=[CIMMethod("M", "void")]))


def test_invoked(conn: Any) -> None:
    assert conn.InvokeMethod("Spin", DISK, How="fast") == (None, {"How": "Spin"})
    assert conn.InvokeMethod("Reset", "T_Disk")[0] is None


def test_value_of_a_provider(faked: FakedWBEMConnection, monkeypatch: Any) -> None:
    monkeypatch.setattr(Spins, "value", pywbem.Uint32(0))
    assert faked.InvokeMethod("void", DISK)[0] == 0
    with pytest.raises(ValueError, match=r"Spins returned .* for 'Spin', which is void"):
        faked.InvokeMethod("Spin", DISK)


@NO_TYPE
def test_recorded(client: pywbem.WBEMConnection) -> None:
    recorded = io.StringIO()
    client.add_operation_recorder(pywbem.TestClientRecorder(recorded))
    client.GetClass("T_Disk")
    assert "return_type: void" in recorded.getvalue()


# -- Above --------------------------------------------------------------------


@NO_TYPE
def test_typed_objects(conn: Any) -> None:
    disk = objects.Namespace(conn).T_Disk.get(Id="a")
    result = disk.Spin("fast")
    assert (result.value, result.How) == (None, "Spin")


@NO_TYPE
def test_snapshot(client: pywbem.WBEMConnection, tmp_path: Path, cls: CIMClass) -> None:
    take_snapshot(client, str(tmp_path / "snapshot"), Settings())
    other = FakedWBEMConnection()
    load_snapshot(other, str(tmp_path / "snapshot"))
    assert other.GetClass("T_Disk").methods["Spin"].return_type == "void"
