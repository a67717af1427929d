"""
WBEMServer with a server in memory.
"""

from __future__ import annotations

import re
from typing import Any, Dict, List, Optional, Sequence, Tuple, Type

import pytest

import pywbem
from pywbem import (
    CIMClass,
    CIMError,
    CIMInstance,
    CIMInstanceName,
    CIMProperty,
    CIMQualifier,
    CIMQualifierDeclaration,
    ModelError,
    ToleratedServerIssueWarning,
    Uint16,
    Uint32,
)
from pywbem._cim_obj import CIMClassName, CIMParameter
from pywbem._cim_xml.records import ExtrinsicResponse
from pywbem._server import WBEMServer
from tests.integration import shells
from tests.integration.shells import Loop
from tests.unit.interop import Result, TableConnection, Waited


@pytest.fixture(params=["sync", "async"], autouse=True)
def shell(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, loop: Loop) -> str:
    """The shell that a test is about, each in turn."""
    if request.param == "async":
        monkeypatch.setitem(globals(), "WBEMServer", Waited(pywbem.AsyncWBEMServer, loop))
    return str(request.param)


INVALID_NAMESPACE = 3
INVALID_CLASS = 5
NOT_FOUND = 6

CONFORMS = "CIM_ElementConformsToProfile"
REFERENCED = "CIM_ReferencedProfile"


class Model:
    """
    What a server has: the name and instances of its Interop namespace, and
    what it answers for a namespace and a class that it does not have.
    """

    def __init__(
        self,
        interop: Optional[str] = "interop",
        namespace_class: str = "CIM_Namespace",
        names: Sequence[str] = ("interop", "root/cimv2"),
    ) -> None:
        self.interop = interop
        self.namespace_class = namespace_class
        self.names = list(names)
        self.no_namespace = INVALID_NAMESPACE
        self.no_class = INVALID_CLASS
        self.instances: Dict[str, Any] = {}
        self.associated: Dict[Tuple[str, str, str], Any] = {}
        self.conn = TableConnection(
            {
                "EnumerateInstanceNames": self.enumerate_names,
                "EnumerateInstances": self.enumerate,
                "AssociatorNames": self.associators,
                "CreateInstance": self.create,
                "DeleteInstance": self.delete,
                "EnumerateClassNames": [],
                "EnumerateQualifiers": [],
                "GetClass": [registered_profile_class()],
            }
        )
        self.server = WBEMServer(self.conn)
        self.created: List[CIMInstance] = []

    def enumerate(self, namespace: str, ClassName: Any, **_: Any) -> Result:
        if namespace != self.interop:
            return self.no_namespace
        if ClassName.classname == self.namespace_class:
            return [instance(self.namespace_class, namespace, Name=name) for name in self.names]
        result: Result = self.instances.get(ClassName.classname, self.no_class)
        return result

    def enumerate_names(self, namespace: str, ClassName: Any) -> Result:
        result = self.enumerate(namespace, ClassName)
        return [item.path for item in result] if isinstance(result, list) else result

    def associators(
        self,
        namespace: str,
        ObjectName: Any,
        AssocClass: CIMClassName,
        ResultRole: str = "",
        ResultClass: Optional[CIMClassName] = None,
    ) -> Result:
        end = ResultClass.classname if ResultClass else ResultRole
        key = ObjectName["InstanceID"], AssocClass.classname, end
        result: Result = self.associated.get(key, [])
        return result

    def create(self, namespace: str, NewInstance: CIMInstance) -> Result:
        self.created.append(NewInstance)
        self.names.append(NewInstance["Name"])
        return [CIMInstanceName(NewInstance.classname, {"Name": NewInstance["Name"]})]

    def delete(self, namespace: str, InstanceName: CIMInstanceName) -> Result:
        self.names.remove(InstanceName["Name"])
        return None

    @property
    def calls(self) -> List[Tuple[str, str]]:
        """The calls since the last time, as (name, class or instance)."""
        return self.conn.taken()


def instance(classname: str, namespace: str = "interop", **properties: Any) -> CIMInstance:
    """An instance whose first property is the key."""
    key = next(iter(properties))
    path = CIMInstanceName(classname, {key: properties[key]}, namespace=namespace)
    return CIMInstance(classname, properties, path=path)


def object_manager(name: Optional[str] = "Server", text: Optional[str] = None) -> CIMInstance:
    return instance(
        "X_ObjectManager",
        Name="om",
        CreationClassName="X_ObjectManager",
        SystemName="sys",
        SystemCreationClassName="X_System",
        ElementName=CIMProperty("ElementName", name, "string"),
        Description=CIMProperty("Description", text, "string"),
    )


def registered_profile_class() -> CIMClass:
    qualifiers = [
        CIMQualifier("ValueMap", ["1", "2", "11"], type="string"),
        CIMQualifier("Values", ["Other", "DMTF", "SNIA"], type="string"),
    ]
    prop = CIMProperty("RegisteredOrganization", None, "uint16", qualifiers=qualifiers)
    return CIMClass("CIM_RegisteredProfile", properties=[prop])


def profile(key: str, org: int, name: str, version: str = "1.0.0") -> CIMInstance:
    return instance(
        "CIM_RegisteredProfile",
        InstanceID=key,
        RegisteredOrganization=Uint16(org),
        RegisteredName=name,
        RegisteredVersion=version,
    )


def path(key: str, classname: str = "CIM_RegisteredProfile") -> CIMInstanceName:
    return CIMInstanceName(classname, {"InstanceID": key}, namespace="interop")


# -- The object ---------------------------------------------------------------


@pytest.mark.parametrize("conn", [None, "http://server", 5], ids=repr)
def test_no_connection(conn: Any) -> None:
    with pytest.raises(TypeError, match=r"must be a (Async)?WBEMConnection"):
        WBEMServer(conn)


def test_text() -> None:
    model = Model()
    assert (
        str(model.server)
        .replace("Async", "")
        .startswith("WBEMServer(conn.url='http://server:5988', brand=None")
    )
    model.server.namespaces  # noqa: B018
    assert "namespaces=['interop', 'root/cimv2']" in repr(model.server)
    assert (model.server.url, model.server.conn) == (model.conn.url, model.conn)


# -- Namespaces ---------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2, 3])
def test_interop_namespace(count: int) -> None:
    name = WBEMServer.INTEROP_NAMESPACES[count - 1]
    model = Model(name, names=[name, "root/cimv2"])
    assert model.server.interop_ns == name
    assert model.calls == [("EnumerateInstanceNames", "CIM_Namespace")] * count
    assert model.server.interop_ns == name
    assert model.calls == []


@pytest.mark.parametrize("listed", ["INTEROP", "/interop/", "Interop"])
def test_interop_namespace_as_the_server_writes_it(listed: str) -> None:
    assert Model(names=["root/cimv2", listed]).server.interop_ns == listed.strip("/")


def test_no_interop_namespace() -> None:
    tried = ["interop", "root/interop", "root/PG_Interop"]
    model = Model(None)
    for name in ("interop_ns", "namespaces", "namespace_paths", "namespace_classname"):
        with pytest.raises(ModelError, match=re.escape(f"does not exist (tried {tried})")):
            getattr(model.server, name)


@pytest.mark.parametrize("status", [INVALID_CLASS, NOT_FOUND])
def test_interop_namespace_without_class(status: int) -> None:
    model = Model("root/interop", "__Namespace", ["root/interop"])
    model.no_class = status
    assert model.server.interop_ns == "root/interop"


@pytest.mark.parametrize("status", [1, NOT_FOUND, 7])
def test_wrong_status_for_missing_namespace(status: int) -> None:
    model = Model("root/interop", names=["root/interop"])
    model.no_namespace = status
    assert model.server.interop_ns == "root/interop"


@pytest.mark.parametrize(
    ("status", "calls"),
    [pytest.param(1, 3, id="unspecific"), pytest.param(2, 1, id="access-denied")],
)
def test_interop_namespace_error(status: int, calls: int) -> None:
    model = Model(None)
    model.no_namespace = status
    with pytest.raises(CIMError) as exc_info:
        model.server.interop_ns  # noqa: B018
    assert exc_info.value.status_code == status
    assert len(model.calls) == calls


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("status", [1, INVALID_CLASS, NOT_FOUND, 7])
def test_namespaces(count: int, status: int) -> None:
    classname = WBEMServer.NAMESPACE_CLASSNAMES[count - 1]
    model = Model(namespace_class=classname)
    assert model.server.conn == model.conn
    if count > 1:
        # It must be known that the namespace is there.
        model.conn.table["EnumerateInstanceNames"] = INVALID_CLASS
    model.no_class = status
    assert model.server.namespaces == ["interop", "root/cimv2"]
    assert model.calls[1:] == [
        ("EnumerateInstances", name) for name in WBEMServer.NAMESPACE_CLASSNAMES[:count]
    ]
    assert model.server.namespace_classname == classname
    assert [p["Name"] for p in model.server.namespace_paths] == ["interop", "root/cimv2"]
    assert model.calls == []


def test_no_namespace_class() -> None:
    model = Model(namespace_class="X")
    with pytest.raises(ModelError, match="Namespace class could not be determined"):
        model.server.namespaces  # noqa: B018


def test_interop_namespace_that_is_not_listed(shell: str) -> None:
    model = Model(names=["a"])
    with pytest.warns(ToleratedServerIssueWarning, match="does not return it") as caught:
        assert model.server.namespaces == ["a", "interop"]
    # Who waits for a coroutine is in the shells of the tests.
    asking = __file__ if shell == "sync" else shells.__file__
    assert [item.filename for item in caught] == [asking]
    assert len(model.server.namespace_paths) == 1


def test_namespace_without_name() -> None:
    model = Model()
    nameless = CIMInstance("CIM_Namespace", path=CIMInstanceName("CIM_Namespace", {"X": "x"}))
    model.conn.table["EnumerateInstances"] = [nameless]
    with pytest.raises(ModelError, match="does not have a property 'Name'"):
        model.server.namespaces  # noqa: B018


# -- Brand and version --------------------------------------------------------

BRANDS: List[Tuple[Optional[str], Optional[str], str, Optional[str]]] = [
    ("Pegasus", "Pegasus Version 2.15.0 Development", "OpenPegasus", "2.15.0"),
    ("OpenPegasus", "no", "OpenPegasus", None),
    ("sfcb", "Small Footprint CIM Broker 1.4.9", "SFCB", "1.4.9"),
    ("WBEM Solutions, Inc. J WBEM Server", "Version 2", "WBEM Solutions J WBEM Server", "2"),
    ("emc cim server", "EMC Version V8.4", "EMC CIM Server", "V8.4"),
    ("fujitsu cim object manager", "x", "FUJITSU CIM Object Manager", None),
    ("Foo", "Foo release 3 beta", "Foo", "3 beta"),
    ("Foo", "Foo Version: 3", "Foo", "3"),
    ("Foo", "A version 1 Version 2", "Foo", "2"),
    ("Foo", "Foo version", "Foo", None),
    ("Foo 7 Release 8", None, "Foo 7 Release 8", "8"),
    (None, "Foo Version 3", "unknown", "3"),
    ("", "", "unknown", None),
    (None, None, "unknown", None),
]


@pytest.mark.parametrize(("name", "text", "brand", "version"), BRANDS)
def test_brand_and_version(
    name: Optional[str], text: Optional[str], brand: str, version: Optional[str]
) -> None:
    model = Model()
    model.instances["CIM_ObjectManager"] = [object_manager(name, text)]
    assert (model.server.brand, model.server.version) == (brand, version)
    assert model.server.cimom_inst["Name"] == "om"
    assert model.calls == [
        ("EnumerateInstanceNames", "CIM_Namespace"),
        ("EnumerateInstances", "CIM_ObjectManager"),
    ]


@pytest.mark.parametrize("attribute", ["brand", "version", "cimom_inst"])
@pytest.mark.parametrize(
    ("answer", "exception"),
    [
        pytest.param([], ModelError, id="none"),
        pytest.param([object_manager(), object_manager()], ModelError, id="two"),
        pytest.param(NOT_FOUND, CIMError, id="no-class"),
    ],
)
def test_no_object_manager(attribute: str, answer: Any, exception: Type[Exception]) -> None:
    model = Model()
    model.instances["CIM_ObjectManager"] = answer
    with pytest.raises(exception):
        getattr(model.server, attribute)


# -- Creating and deleting namespaces -----------------------------------------

KEYS = {
    "ObjectManagerName": "om",
    "ObjectManagerCreationClassName": "X_ObjectManager",
    "SystemName": "sys",
    "SystemCreationClassName": "X_System",
}


@pytest.mark.parametrize(
    ("namespace_class", "manager", "classname", "properties"),
    [
        pytest.param("CIM_Namespace", "Foo", "CIM_Namespace", KEYS, id="dmtf"),
        pytest.param(
            "CIM_Namespace",
            "Pegasus",
            "PG_Namespace",
            {"SchemaUpdatesAllowed": True, **KEYS},
            id="pegasus",
        ),
        pytest.param("CIM_Namespace", None, "CIM_Namespace", {}, id="no-object-manager"),
        pytest.param("__Namespace", "Foo", "__Namespace", None, id="old"),
        pytest.param(
            "CIM_WBEMServerNamespace", "Foo", "CIM_WBEMServerNamespace", None, id="wbem-server"
        ),
    ],
)
def test_create_namespace(
    namespace_class: str,
    manager: Optional[str],
    classname: str,
    properties: Optional[Dict[str, Any]],
) -> None:
    model = Model(namespace_class=namespace_class)
    if manager is not None:
        model.instances["CIM_ObjectManager"] = [object_manager(manager)]
    assert model.server.create_namespace("/new/one/") == "new/one"
    (created,) = model.created
    expected = {"Name": "new/one"}
    if properties is not None:
        expected.update({"CreationClassName": classname, **properties})
    assert created.classname == classname
    assert dict(created.items()) == expected
    assert model.server.namespaces == ["interop", "root/cimv2", "new/one"]


def with_method(answer: Any) -> Model:
    """A server with the WBEM Server profile, whose method has this result."""
    model = Model()
    model.instances["CIM_ObjectManager"] = [object_manager()]
    model.instances["CIM_RegisteredProfile"] = [profile("p", 2, "WBEM Server")]
    model.associated["p", CONFORMS, "ManagedElement"] = [path("ws", "CIM_WBEMServer")]
    model.conn.table["CreateWBEMServerNamespace"] = answer
    return model


def test_create_namespace_by_method(capsys: pytest.CaptureFixture[str]) -> None:
    def create(namespace: str, NamespaceTemplate: CIMInstance) -> Result:
        model.names.append(NamespaceTemplate["Name"])
        return ExtrinsicResponse("CreateWBEMServerNamespace", Uint32(0))

    model = with_method(create)
    assert model.server.create_namespace("new", verbose=True) == "new"
    assert model.created == []
    assert model.server.namespaces[-1] == "new"
    assert (
        capsys.readouterr().out.replace("Async", "") == "Creating namespace new (in WBEMServer)\n"
    )


@pytest.mark.parametrize("status", [1, 7, 16, 17])
def test_create_namespace_without_method(status: int) -> None:
    model = with_method(status)
    model.server.create_namespace("new")
    assert [item["Name"] for item in model.created] == ["new"]


def test_create_namespace_by_method_that_fails() -> None:
    error = CIMInstance("CIM_Error", {"Message": "no more space"})
    errors = CIMParameter("Errors", "string", value=[error], embedded_object="instance")
    model = with_method(ExtrinsicResponse("x", Uint32(4), [errors]))
    with pytest.raises(CIMError, match=r"failed with rc=4 .*: no more space") as exc_info:
        model.server.create_namespace("new")
    assert exc_info.value.status_code == 1
    assert exc_info.value.instances == [error]
    assert model.created == []


def test_create_namespace_error_of_method() -> None:
    with pytest.raises(CIMError) as exc_info:
        with_method(2).server.create_namespace("new")
    assert exc_info.value.status_code == 2


@pytest.mark.parametrize(
    ("klass", "org"),
    [
        pytest.param(CIMClass("CIM_RegisteredProfile"), Uint16(2), id="class-without-property"),
        pytest.param(
            CIMClass(
                "CIM_RegisteredProfile",
                properties=[CIMProperty("RegisteredOrganization", None, "uint16")],
            ),
            Uint16(2),
            id="property-without-values",
        ),
        pytest.param(registered_profile_class(), "DMTF", id="profile-with-text"),
    ],
)
def test_create_namespace_with_defective_profiles(klass: CIMClass, org: Any) -> None:
    """A server whose profiles cannot be read is used like one that has none."""
    model = with_method(0)
    model.conn.table["GetClass"] = [klass]
    model.instances["CIM_RegisteredProfile"][0]["RegisteredOrganization"] = org
    assert model.server.create_namespace("new") == "new"
    assert [item["Name"] for item in model.created] == ["new"]


def test_create_namespace_without_central_instance() -> None:
    model = with_method(0)
    model.associated.clear()
    with pytest.raises(ModelError, match="Unexpected number of central instances"):
        model.server.create_namespace("new")


def test_delete_namespace(capsys: pytest.CaptureFixture[str]) -> None:
    model = Model()
    model.server.namespaces  # noqa: B018
    assert model.server.delete_namespace("/ROOT/cimv2", verbose=True) == "ROOT/cimv2"
    assert model.calls[2:] == [
        ("EnumerateClassNames", "ROOT/cimv2"),
        ("EnumerateQualifiers", "ROOT/cimv2"),
        ("DeleteInstance", "root/cimv2"),
        ("EnumerateInstances", "CIM_Namespace"),
    ]
    assert model.server.namespaces == ["interop"]
    assert (
        capsys.readouterr().out.replace("Async", "")
        == "Deleting namespace ROOT/cimv2 (in WBEMServer)\n"
    )


@pytest.mark.parametrize(
    ("name", "table", "status", "message"),
    [
        pytest.param("x", {}, NOT_FOUND, "does not exist: 'x'", id="missing"),
        pytest.param(
            "root/cimv2",
            {"EnumerateClassNames": [CIMClassName("C")]},
            20,
            "1 top-level classes and 0 qualifier types",
            id="class",
        ),
        pytest.param(
            "root/cimv2",
            {"EnumerateQualifiers": [CIMQualifierDeclaration("Q", "string")]},
            20,
            "0 top-level classes and 1 qualifier types",
            id="qualifier",
        ),
        pytest.param("root/cimv2", {"DeleteInstance": 2}, 2, "status 2", id="refused"),
    ],
)
def test_namespace_that_cannot_be_deleted(
    name: str, table: Dict[str, Any], status: int, message: str
) -> None:
    model = Model()
    model.conn.table.update(table)
    with pytest.raises(CIMError, match=message) as exc_info:
        model.server.delete_namespace(name)
    assert exc_info.value.status_code == status
    assert model.names == ["interop", "root/cimv2"]


@pytest.mark.parametrize("name", [None, 5])
def test_wrong_namespace_name(name: Any) -> None:
    model = Model()
    for method in (model.server.create_namespace, model.server.delete_namespace):
        with pytest.raises(TypeError, match="namespace must be a string"):
            method(name)
    assert model.calls == []


# -- Profiles -----------------------------------------------------------------

PROFILES = [
    profile("1", 2, "Indications", "1.2.0"),
    profile("2", 2, "indications", "1.1.0"),
    profile("3", 11, "SMI-S", "1.4.0a"),
    profile("4", 99, "Other"),
]


def with_profiles(*profiles: CIMInstance) -> Model:
    model = Model()
    model.instances["CIM_RegisteredProfile"] = list(profiles)
    return model


def test_profiles() -> None:
    model = with_profiles(*PROFILES)
    assert model.server.profiles == PROFILES
    assert model.server.profiles is model.server.profiles
    assert model.calls == [
        ("EnumerateInstanceNames", "CIM_Namespace"),
        ("EnumerateInstances", "CIM_RegisteredProfile"),
    ]


@pytest.mark.parametrize(
    ("criteria", "selected"),
    [
        pytest.param((), "1234", id="all"),
        pytest.param(("dmtf",), "12", id="organization"),
        pytest.param((None, "INDICATIONS"), "12", id="name"),
        pytest.param((None, None, "1.4.0A"), "3", id="version"),
        pytest.param(("DMTF", "Indications", "1.2.0"), "1", id="each"),
        pytest.param(("SNIA", "Indications"), "", id="none"),
        pytest.param(("",), "", id="empty"),
    ],
)
def test_selected_profiles(criteria: Tuple[Any, ...], selected: str) -> None:
    model = with_profiles(*PROFILES)
    found = model.server.get_selected_profiles(*criteria)
    assert "".join(item["InstanceID"] for item in found) == selected
    # The class is needed for the names of organizations only.
    asked = [name for name, _ in model.calls].count("GetClass")
    assert asked == int(bool(criteria) and criteria[0] is not None)


@pytest.mark.parametrize("name", ["RegisteredOrganization", "RegisteredName", "RegisteredVersion"])
def test_incomplete_profile(name: str) -> None:
    incomplete = PROFILES[0].copy()
    del incomplete.properties[name]
    with pytest.raises(ModelError, match=f"does not have a property '{name}'"):
        with_profiles(incomplete).server.get_selected_profiles()


# -- Central instances --------------------------------------------------------

SYSTEMS = [path("s1", "System"), path("s2", "System")]
FANS = [path("f1", "Fan"), path("f2", "Fan")]
SENSORS = [path("c1", "Sensor"), path("c2", "Sensor"), path("c3", "Sensor")]
SCOPE: Tuple[Any, ...] = ("Sensor", "System", ["SensorFan", "Fan", "FanSystem"])


def with_scope(end: str = "Dependent") -> Model:
    """A server with a component profile that uses the scoping class methodology."""
    model = Model()
    model.associated = {
        ("p", CONFORMS, "ManagedElement"): 7,
        ("p", REFERENCED, end): [path("sp")],
        ("sp", CONFORMS, "ManagedElement"): SYSTEMS,
        ("s1", "FanSystem", "Fan"): FANS[:1],
        ("s2", "FanSystem", "Fan"): FANS[1:],
        ("f1", "SensorFan", "Sensor"): SENSORS[:2],
        ("f2", "SensorFan", "Sensor"): SENSORS[2:],
    }
    return model


def gci(result: Optional[int], **params: Any) -> ExtrinsicResponse:
    value = None if result is None else Uint32(result)
    return ExtrinsicResponse(
        "GetCentralInstances",
        value,
        [CIMParameter(name, "reference", value=paths) for name, paths in params.items()],
    )


def test_central_instances_by_method() -> None:
    model = Model()
    model.conn.table["GetCentralInstances"] = gci(0, CentralInstances=FANS)
    assert model.server.get_central_instances(path("p"), try_gci_method=True) == FANS
    assert [name for name, _ in model.calls] == ["GetCentralInstances"]


def test_central_instances_by_method_that_returns_none() -> None:
    model = Model()
    model.conn.table["GetCentralInstances"] = gci(0)
    assert model.server.get_central_instances(path("p"), try_gci_method=True) == []


@pytest.mark.parametrize("result", [1, None])
def test_central_instances_by_method_that_fails(result: Optional[int]) -> None:
    model = Model()
    model.conn.table["GetCentralInstances"] = gci(result)
    with pytest.raises(ModelError, match=f"implemented but failed with rc={result} "):
        model.server.get_central_instances(path("p"), try_gci_method=True)


@pytest.mark.parametrize("status", [1, 7, 16, 17])
def test_central_instances_without_method(status: int) -> None:
    model = Model()
    model.conn.table["GetCentralInstances"] = status
    model.associated["p", CONFORMS, "ManagedElement"] = FANS
    assert model.server.get_central_instances(path("p"), try_gci_method=True) == FANS


def test_central_instances_error_of_method() -> None:
    model = Model()
    model.conn.table["GetCentralInstances"] = 2
    with pytest.raises(CIMError):
        model.server.get_central_instances(path("p"), try_gci_method=True)


def test_central_instances_by_class() -> None:
    model = Model()
    model.associated["p", CONFORMS, "ManagedElement"] = FANS
    assert model.server.get_central_instances(path("p"), *SCOPE) == FANS
    assert len(model.calls) == 1


def test_no_central_instances() -> None:
    assert Model().server.get_central_instances(path("p")) == []
    assert Model().server.get_central_instances(path("p"), *SCOPE) == []


@pytest.mark.parametrize(
    ("direction", "end"), [("dmtf", "Dependent"), ("snia", "Antecedent")], ids=["dmtf", "snia"]
)
@pytest.mark.parametrize("central", [7, []], ids=["not-supported", "empty"])
def test_central_instances_by_scope(direction: str, end: str, central: Any) -> None:
    model = with_scope(end)
    model.associated["p", CONFORMS, "ManagedElement"] = central
    found = model.server.get_central_instances(path("p"), *SCOPE, reference_direction=direction)
    assert found == SENSORS
    assert model.calls == [
        ("AssociatorNames", key) for key in ("p", "p", "sp", "s1", "s2", "f1", "f2")
    ]


def test_scoping_path_of_one_association() -> None:
    model = with_scope()
    found = model.server.get_central_instances(path("p"), "Fan", "System", ["FanSystem"])
    assert found == FANS


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_scope_is_needed(missing: int) -> None:
    arguments = list(SCOPE)
    arguments[missing] = None
    with pytest.raises(ValueError, match="Parameters required for scoping class methodology"):
        with_scope().server.get_central_instances(path("p"), *arguments)


@pytest.mark.parametrize("scoping_path", [[], ["A", "B"], "A"], ids=["empty", "even", "str"])
def test_invalid_scoping_path(scoping_path: Any) -> None:
    with pytest.raises(ValueError, match="scoping_path"):
        with_scope().server.get_central_instances(path("p"), "C", "S", scoping_path)


@pytest.mark.parametrize(
    ("key", "answer", "message"),
    [
        pytest.param(("p", REFERENCED, "Dependent"), [], "No referencing profile", id="none"),
        pytest.param(
            ("p", REFERENCED, "Dependent"),
            [path("a"), path("b")],
            "More than one referencing profile",
            id="two",
        ),
        pytest.param(
            ("sp", CONFORMS, "ManagedElement"), [], "not have any central instances", id="empty"
        ),
    ],
)
def test_wrong_scope(key: Tuple[str, str, str], answer: Any, message: str) -> None:
    model = with_scope()
    model.associated[key] = answer
    with pytest.raises(ModelError, match=message):
        model.server.get_central_instances(path("p"), *SCOPE)


@pytest.mark.parametrize("profile_path", [None, "p", PROFILES[0]], ids=["none", "str", "instance"])
def test_wrong_profile_path(profile_path: Any) -> None:
    with pytest.raises(TypeError, match="profile_path argument must be a CIMInstanceName"):
        Model().server.get_central_instances(profile_path)


@pytest.mark.parametrize("direction", ["DMTF", None])
def test_wrong_direction(direction: Any) -> None:
    with pytest.raises(ValueError, match="must be 'dmtf' or 'snia'"):
        Model().server.get_central_instances(path("p"), reference_direction=direction)
