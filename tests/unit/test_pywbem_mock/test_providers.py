"""
User-defined providers, their registration, and the invocation of methods.
"""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

import pytest

from pywbem import (
    CIMClassName,
    CIMError,
    CIMInstance,
    CIMInstanceName,
    CIMParameter,
    CIMProperty,
    Uint8,
    Uint32,
)
from pywbem_mock import (
    BaseProvider,
    FakedWBEMConnection,
    InstanceWriteProvider,
    MethodProvider,
    ProviderDependentRegistry,
    ProviderRegistry,
)
from tests.unit.test_pywbem_mock.model import (
    NAMESPACE,
    element,
    element_path,
    link,
    slot_path,
)

INVALID_PARAMETER = 4
INVALID_CLASS = 5
NOT_FOUND = 6
METHOD_NOT_FOUND = 17


class Writer(InstanceWriteProvider):
    """Notes what it gets and does what the default provider does."""

    provider_classnames: Any = "Element"

    def __init__(self, cimrepository: Any = None) -> None:
        super().__init__(cimrepository)
        self.seen: List[Tuple[Any, ...]] = []

    def post_register_setup(self, conn: FakedWBEMConnection) -> None:
        self.seen.append(("setup", conn.default_namespace))

    def CreateInstance(self, namespace: str, new_instance: CIMInstance) -> CIMInstanceName:
        self.seen.append(("create", namespace, new_instance.path, sorted(new_instance)))
        new_instance["Label"] = "provided"
        return super().CreateInstance(namespace, new_instance)

    def ModifyInstance(
        self, modified_instance: CIMInstance, IncludeQualifiers: Optional[bool] = None
    ) -> None:
        self.seen.append(
            ("modify", modified_instance.path, list(modified_instance), IncludeQualifiers)
        )
        super().ModifyInstance(modified_instance, IncludeQualifiers)

    def DeleteInstance(self, InstanceName: CIMInstanceName) -> None:
        self.seen.append(("delete", InstanceName))
        super().DeleteInstance(InstanceName)


class Invoker(MethodProvider):
    """Notes what it gets and returns what it was given, or raises it."""

    provider_classnames: Any = ["Element", "slot"]

    def __init__(self, cimrepository: Any, result: Any) -> None:
        super().__init__(cimrepository)
        self.result = result
        self.seen: List[Tuple[Any, ...]] = []

    def InvokeMethod(self, methodname: str, localobject: Any, params: Any) -> Any:
        self.seen.append((methodname, localobject, params))
        if isinstance(self.result, Exception):
            raise self.result
        return self.result


# -- Providers of instances ---------------------------------------------------


def test_provider_gets_the_operations_of_its_class(conn: FakedWBEMConnection) -> None:
    provider = Writer(conn.cimrepository)
    conn.register_provider(provider)
    assert provider.seen.pop() == ("setup", NAMESPACE)
    new = CIMInstance("ELEMENT", {"id": "e9", "SIZE": Uint32(1)})
    path = conn.CreateInstance(new)
    assert path == element_path(9)
    assert provider.seen.pop() == ("create", NAMESPACE, None, ["Id", "Size"])
    assert "Label" not in new
    assert conn.GetInstance(path)["Label"] == "provided"
    changed = CIMInstance("element", {"size": Uint32(2), "label": "x"}, path=path)
    conn.ModifyInstance(changed, PropertyList=["SIZE"], IncludeQualifiers=False)
    assert provider.seen.pop() == ("modify", path, ["Size"], False)
    conn.DeleteInstance(CIMInstanceName("element", {"id": "e9"}, host="h"))
    assert provider.seen.pop() == ("delete", path)
    assert provider.seen == []


def test_provider_does_not_get_those_of_other_classes(conn: FakedWBEMConnection) -> None:
    provider = Writer(conn.cimrepository)
    conn.register_provider(provider)
    provider.seen.clear()
    conn.DeleteInstance(element_path(3, "Disk"))
    conn.CreateInstance(element(9, "Disk"))
    assert provider.seen == []


def test_request_is_checked_before_the_provider_gets_it(conn: FakedWBEMConnection) -> None:
    provider = Writer(conn.cimrepository)
    conn.register_provider(provider)
    provider.seen.clear()
    with pytest.raises(CIMError):
        conn.CreateInstance(CIMInstance("Element", {"Nix": "x"}))
    with pytest.raises(CIMError):
        conn.DeleteInstance(element_path(9))
    assert provider.seen == []


class Creator(InstanceWriteProvider):
    """Returns what it was given, or raises it."""

    provider_classnames = "Element"
    result: Any = None

    def CreateInstance(self, namespace: str, new_instance: CIMInstance) -> Any:
        if isinstance(self.result, Exception):
            raise self.result
        return self.result


def test_error_of_a_provider(conn: FakedWBEMConnection) -> None:
    provider = Creator(conn.cimrepository)
    conn.register_provider(provider)
    details = [CIMInstance("CIM_Error")]
    provider.result = CIMError(12, "no", instances=details)
    with pytest.raises(CIMError) as info:
        conn.CreateInstance(element(9))
    assert (info.value.status_code, info.value.status_description) == (12, "no")
    assert info.value.instances == details
    assert info.value.conn_id == conn.conn_id
    provider.result = RuntimeError("defect")
    with pytest.raises(RuntimeError, match="defect"):
        conn.CreateInstance(element(9))


@pytest.mark.parametrize("result", [None, "e9", CIMInstance("Element")], ids=repr)
def test_provider_that_returns_no_path(conn: FakedWBEMConnection, result: Any) -> None:
    provider = Creator(conn.cimrepository)
    conn.register_provider(provider)
    provider.result = result
    with pytest.raises(TypeError, match="provider Creator returned"):
        conn.CreateInstance(element(9))


# -- What providers can use ---------------------------------------------------


def test_namespaces_and_classes(conn: FakedWBEMConnection) -> None:
    provider = BaseProvider(conn.cimrepository)
    assert list(provider.namespaces) == [NAMESPACE]
    assert provider.class_exists(NAMESPACE, "DISK")
    assert not provider.class_exists(NAMESPACE, "Nix")
    with pytest.raises(KeyError):
        provider.class_exists("nix", "Disk")
    provider.validate_namespace("ROOT/cimv2")
    with pytest.raises(CIMError):
        provider.validate_namespace("nix")
    store = provider.cimrepository.get_class_store(NAMESPACE)
    assert provider.is_subclass("FastDisk", "element", store)
    assert provider.is_subclass("Element", "Element", store)
    assert not provider.is_subclass("Element", "Disk", store)
    for names in (("Nix", "Element"), ("Element", "Nix")):
        with pytest.raises(KeyError):
            provider.is_subclass(*names, store)
    cls = provider.get_class(NAMESPACE, "disk", local_only=False, property_list=["id"])
    assert list(cls.properties) == ["Id"]
    with pytest.raises(CIMError) as info:
        provider.get_class(NAMESPACE, "nix")
    assert info.value.status_code == NOT_FOUND


@pytest.mark.parametrize(
    "names, left", [(None, ["Id", "Size"]), (["SIZE", "x"], ["Size"]), ([], [])]
)
def test_filter_properties(names: Any, left: List[str]) -> None:
    instance = element(1)
    BaseProvider.filter_properties(instance, names)
    assert list(instance) == left


def test_making_paths(conn: FakedWBEMConnection) -> None:
    cls = conn.GetClass("Slot")
    instance = CIMInstance("slot", {"box": "b", "number": Uint32(1)})
    InstanceWriteProvider.create_new_instance_path(cls, instance, "ns")
    assert instance.path == slot_path(1, "ns")
    with pytest.raises(CIMError) as info:
        InstanceWriteProvider.create_new_instance_path(cls, CIMInstance("Slot"), "ns")
    assert info.value.status_code == INVALID_PARAMETER


def test_checks_of_references(conn: FakedWBEMConnection) -> None:
    provider = InstanceWriteProvider(conn.cimrepository)
    assert provider.validate_instance_exists(element_path(1))
    assert provider.validate_instance_exists(None)
    assert not provider.validate_instance_exists(element_path(9))
    with pytest.raises(CIMError):
        provider.validate_instance_exists(element_path(1, namespace="nix"))
    check = provider.validate_reference_property_endpoint_exists
    check(CIMProperty("r", element_path(1)))
    for prop in (
        CIMProperty("r", element_path(9)),
        CIMProperty("r", None, type="reference"),
    ):
        with pytest.raises(CIMError) as info:
            check(prop)
        assert info.value.status_code == INVALID_PARAMETER
    assert provider.is_association(conn.GetClass("Uses"))
    assert not provider.is_association(conn.GetClass("Slot"))


def test_other_namespaces_of_an_association(conn: FakedWBEMConnection) -> None:
    provider = InstanceWriteProvider(conn.cimrepository)
    find = provider.find_multins_association_ref_namespaces
    far = link("Uses", User=element_path(1, namespace="b"), Used=slot_path(1, "a"))
    assert find(far, NAMESPACE) == ["b", "a"]
    assert find(far, "A") == ["b"]
    near = conn.EnumerateInstanceNames("Uses")[0]
    assert find(near, NAMESPACE) == []


def test_adding_instances(conn: FakedWBEMConnection) -> None:
    provider = InstanceWriteProvider(conn.cimrepository)
    provider.add_new_instance(element(9))
    with pytest.raises(CIMError) as info:
        provider.add_new_instance(element(9))
    assert info.value.status_code == 11
    with pytest.raises(ValueError, match="path"):
        provider.add_new_instance(CIMInstance("Element"))
    with pytest.raises(CIMError) as info:
        provider.get_required_class(CIMInstance("Nix"), NAMESPACE)
    assert info.value.status_code == INVALID_CLASS


# -- Registration -------------------------------------------------------------


def registered(conn: FakedWBEMConnection) -> List[Tuple[Any, ...]]:
    return sorted(row[:3] for row in conn._provider_registry.iteritems())


def test_registration(conn: FakedWBEMConnection, capsys: pytest.CaptureFixture[str]) -> None:
    conn.add_namespace("root/b")
    conn.add_cimobjects(conn.cimrepository.get_qualifier_store(NAMESPACE).get("Key"), "root/b")
    conn.register_provider(Writer(conn.cimrepository))
    conn.register_provider(Invoker(conn.cimrepository, None), "/ROOT/cimv2/")
    assert registered(conn) == [
        (NAMESPACE, "Element", "instance-write"),
        (NAMESPACE, "Element", "method"),
        (NAMESPACE, "slot", "method"),
    ]
    conn.display_registered_providers()
    assert capsys.readouterr().out == (
        "Registered Providers:\n"
        "namespace: root/cimv2\n"
        "  Element  instance-write  Writer \n"
        "  Element  method          Invoker\n"
        "  slot     method          Invoker\n"
    )


def test_later_provider_replaces(conn: FakedWBEMConnection) -> None:
    first, second = Writer(conn.cimrepository), Writer(conn.cimrepository)
    conn.register_provider(first)
    conn.register_provider(second)
    registry = conn._provider_registry
    assert registry.get_registered_provider(NAMESPACE, "instance-write", "ELEMENT") is second
    assert registry.get_registered_provider(NAMESPACE, "method", "Element") is None
    assert registry.get_registered_provider("nix", "method", "Element") is None
    assert registry.provider_namespaces() == [NAMESPACE]
    assert registry.provider_classes(NAMESPACE) == ["Element"]
    assert registry.provider_types(NAMESPACE, "element") == ["instance-write"]
    assert registry.provider_obj(NAMESPACE, "element", "instance-write") is second
    with pytest.raises(KeyError):
        registry.provider_classes("nix")


def provider_class(base: type = InstanceWriteProvider, **attributes: Any) -> Any:
    return type("Bad", (base,), attributes)(None)


@pytest.mark.parametrize(
    "provider, exception, message",
    [
        ("x", TypeError, "provider_type and provider_classnames"),
        (provider_class(), TypeError, "provider_classnames"),
        (provider_class(provider_classnames=3), ValueError, "provider_classnames"),
        (provider_class(provider_classnames=["Element", 3]), ValueError, "list of strings"),
        (provider_class(provider_classnames="Nix"), ValueError, "'Nix' .* does not exist"),
        (provider_class(provider_classnames="Slot", provider_type="x"), ValueError, "valid types"),
        (provider_class(provider_classnames="Slot", provider_type=3), ValueError, "valid types"),
        (provider_class(provider_classnames="Slot", provider_type="method"), TypeError, "subclass"),
        (
            provider_class(
                MethodProvider, provider_classnames="Slot", provider_type="instance-write"
            ),
            TypeError,
            "subclass of InstanceWriteProvider",
        ),
        (Writer, TypeError, "object of a subclass"),
        (
            provider_class(provider_classnames="Slot", CreateInstance=lambda self, one: None),
            TypeError,
            "CreateInstance .* must take 2 arguments",
        ),
        (
            provider_class(MethodProvider, provider_classnames="Slot", InvokeMethod=3),
            TypeError,
            "InvokeMethod .* cannot be called",
        ),
    ],
    ids=[
        "no provider",
        "no class names",
        "class names",
        "one of the class names",
        "unknown class",
        "unknown type",
        "type no string",
        "type of another base class",
        "base class of another type",
        "class",
        "parameters",
        "no method",
    ],
)
def test_registration_fails(
    conn: FakedWBEMConnection, provider: Any, exception: type, message: str
) -> None:
    with pytest.raises(exception, match=message):
        conn.register_provider(provider)
    assert registered(conn) == []


@pytest.mark.parametrize(
    "namespaces, exception",
    [("nix", ValueError), ([NAMESPACE, "nix"], ValueError), (3, TypeError), ([3], TypeError)],
)
def test_namespaces_of_registration(
    conn: FakedWBEMConnection, namespaces: Any, exception: type
) -> None:
    with pytest.raises(exception, match="namespaces"):
        conn.register_provider(Writer(conn.cimrepository), namespaces)
    assert registered(conn) == []


def test_registry_can_be_loaded(tmp_path: Path, conn: FakedWBEMConnection) -> None:
    conn.register_provider(Writer(conn.cimrepository))
    registry = ProviderRegistry()
    registry.load(pickle.loads(pickle.dumps(conn._provider_registry)))
    assert [row[:3] for row in registry.iteritems()] == [(NAMESPACE, "Element", "instance-write")]
    registry.display_registered_providers(str(tmp_path / "out"))
    assert "Writer" in (tmp_path / "out").read_text()
    assert registry.PROVIDER_TYPES == ["instance-write", "method"]


# -- Methods ------------------------------------------------------------------


SUCCESS = Uint32(0), []


def invoker(conn: FakedWBEMConnection, result: Any = SUCCESS) -> Invoker:
    provider = Invoker(conn.cimrepository, result)
    conn.register_provider(provider)
    return provider


def test_invoke_on_an_instance(conn: FakedWBEMConnection) -> None:
    log = CIMParameter("Log", "string", value="done")
    provider = invoker(conn, (Uint32(3), [log]))
    target = CIMInstanceName("element", {"ID": "e1"}, host="h")
    value, output = conn.InvokeMethod("reset", target, Hard=True)
    assert (value, dict(output.items())) == (3, {"Log": "done"})
    [(name, path, params)] = provider.seen
    assert (name, path) == ("reset", element_path(1))
    assert params["HARD"].value is True
    assert params["Hard"].type == "boolean"


def test_invoke_on_a_class(conn: FakedWBEMConnection) -> None:
    provider = invoker(conn, ("text", {"Names": ["a"], "Other": log_parameter()}))
    value, output = conn.InvokeMethod("Count", "ELEMENT", [("Names", ["x"])])
    assert value == "text"
    assert dict(output.items()) == {"Names": ["a"], "Other": "done"}
    [(name, path, params)] = provider.seen
    assert (name, path) == ("Count", CIMClassName("Element", namespace=NAMESPACE))
    assert params["Names"].value == ["x"]


def log_parameter() -> CIMParameter:
    return CIMParameter("Log", "string", value="done")


def test_parameters_of_a_provider_are_copies(conn: FakedWBEMConnection) -> None:
    provider = invoker(conn)
    given = CIMParameter("Names", "string", value=["a"], is_array=True)
    conn.InvokeMethod("Count", "Element", [given])
    provider.seen[0][2]["Names"].value.append("changed")
    assert given.value == ["a"]


E1 = element_path(1)


@pytest.mark.parametrize(
    "method, target, params, status",
    [
        ("Nix", E1, {}, METHOD_NOT_FOUND),
        ("Reset", element_path(9), {}, NOT_FOUND),
        ("Reset", CIMInstanceName("Nix", {"a": "b"}), {}, INVALID_CLASS),
        ("Reset", element_path(1, namespace="nix"), {}, 3),
        ("Count", "Nix", {}, NOT_FOUND),
        ("Reset", "Element", {}, INVALID_PARAMETER),
        ("Reset", E1, {"Nix": "x"}, INVALID_PARAMETER),
        ("Reset", E1, {"Hard": "x"}, INVALID_PARAMETER),
        ("Reset", E1, {"Log": ["x"]}, INVALID_PARAMETER),
        ("Reset", element_path(3, "Disk"), {}, METHOD_NOT_FOUND),
    ],
    ids=[
        "method",
        "instance",
        "class of instance",
        "namespace",
        "class",
        "not static",
        "parameter",
        "type",
        "array",
        "class without provider",
    ],
)
def test_invoke_fails(
    conn: FakedWBEMConnection, method: str, target: Any, params: Dict[str, Any], status: int
) -> None:
    provider = invoker(conn)
    with pytest.raises(CIMError) as info:
        conn.InvokeMethod(method, target, **params)
    assert info.value.status_code == status
    assert provider.seen == []


def test_default_provider_has_no_methods(conn: FakedWBEMConnection) -> None:
    with pytest.raises(CIMError) as info:
        conn.InvokeMethod("Reset", E1)
    assert info.value.status_code == METHOD_NOT_FOUND


@pytest.mark.parametrize(
    "result, exception",
    [
        (None, TypeError),
        (Uint32(0), TypeError),
        ((Uint32(0),), ValueError),
        ((Uint32(0), None), TypeError),
        ((Uint32(0), "x"), TypeError),
        ((Uint32(0), [("Log", "x")]), TypeError),
        ((Uint32(0), {"Log": 5}), TypeError),
        (ValueError("x"), ValueError),
    ],
    ids=repr,
)
def test_provider_that_returns_something_else(
    conn: FakedWBEMConnection, result: Any, exception: type
) -> None:
    invoker(conn, result)
    with pytest.raises(exception):
        conn.InvokeMethod("Reset", E1)


@pytest.mark.parametrize(
    "value",
    [None, "x", Uint8(1), ["a", None], element_path(2), element(2), [element(2)]],
    ids=["NULL", "string", "number", "array", "reference", "instance", "instances"],
)
def test_output_values(conn: FakedWBEMConnection, value: Any) -> None:
    invoker(conn, (Uint32(0), {"Log": value}))
    assert conn.InvokeMethod("Reset", E1)[1]["log"] == value


def test_provider_can_call_operations(conn: FakedWBEMConnection) -> None:
    class Calling(MethodProvider):
        provider_classnames = "Element"
        conn: Any = None

        def post_register_setup(self, conn: FakedWBEMConnection) -> None:
            self.conn = conn

        def InvokeMethod(self, methodname: str, localobject: Any, params: Any) -> Any:
            return Uint32(len(self.conn.EnumerateInstances("Element"))), []

    conn.register_provider(Calling(conn.cimrepository))
    assert conn.InvokeMethod("Reset", E1)[0] == 4


def test_method_that_deletes_its_target(conn: FakedWBEMConnection) -> None:
    class Deleting(MethodProvider):
        provider_classnames = "Element"

        def InvokeMethod(self, methodname: str, localobject: Any, params: Any) -> Any:
            self.cimrepository.get_instance_store(NAMESPACE).delete(localobject)
            return Uint32(0), {"Log": "deleted"}

    conn.register_provider(Deleting(conn.cimrepository))
    value, output = conn.InvokeMethod("Reset", E1)
    assert (value, output["Log"]) == (0, "deleted")


# -- Dependent files ----------------------------------------------------------


def test_dependent_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    (home / "work").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.chdir(home / "work")
    registry = ProviderDependentRegistry()
    registry.add_dependents(str(home / "work" / "script.py"), "../a.mof")
    registry.add_dependents("script.py", [str(home / "b.mof"), "./x/../c.mof"])
    expected = [os.path.join("..", "a.mof"), os.path.join("..", "b.mof"), "c.mof"]
    assert list(registry.iter_dependents("../work/script.py")) == expected
    assert list(registry.iter_dependents("other.py")) == []
    other = ProviderDependentRegistry()
    other.load(pickle.loads(pickle.dumps(registry)))
    assert list(other.iter_dependents("script.py")) == expected
    assert "script.py" in repr(other)
