"""
Snapshots: what a server answers, the server that is filled from its snapshot answers, too.
"""

from __future__ import annotations

import gc
import json
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Optional

import pytest

import pywbem
from pywbem import (
    CIMClass,
    CIMInstance,
    CIMInstanceName,
    CIMMethod,
    CIMParameter,
    CIMProperty,
    CIMQualifier,
    CIMQualifierDeclaration,
    Real32,
    Real64,
    Sint64,
    Uint32,
    Uint64,
)
from pywbem_mock import FakedWBEMConnection, WBEMServerThread
from pywbem_mock.snapshot import Settings, is_snapshot, load_snapshot, take_snapshot
from pywbem_mock.snapshot.settling import InstanceSettler
from tests.unit.test_pywbem_mock.snapshots import (
    MOF,
    NAMESPACE,
    faked,
    loaded,
    put,
    seen,
    snapshot_of,
)


def side(directory: Path, namespace: str = "root_cimv2") -> List[Dict[str, Any]]:
    """The records of the side file that stand for objects."""
    path = directory / namespace / "side.jsonl"
    records = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [record for record in records if "xml" in record]


def test_files(tmp_path: Path) -> None:
    """What the directory of a snapshot has."""
    summary = snapshot_of(faked(), tmp_path / "s")
    assert sorted(str(p.relative_to(tmp_path / "s")) for p in (tmp_path / "s").rglob("*")) == [
        "root_cimv2",
        "root_cimv2/associations.mof",
        "root_cimv2/classes.mof",
        "root_cimv2/instances.mof",
        "root_cimv2/qualifiers.mof",
        "root_cimv2/side.jsonl",
        "snapshot.json",
    ]
    assert json.loads((tmp_path / "s" / "snapshot.json").read_text("utf-8")) == json.loads(
        json.dumps(summary)
    )
    assert summary["namespaces"][NAMESPACE]["counts"] == {
        "qualifiers": 7,
        "classes": 6,
        "instances": 2,
        "associations": 1,
    }
    assert summary["failures"] == []
    assert is_snapshot(str(tmp_path / "s"))
    assert not is_snapshot(str(tmp_path))


def test_mof_is_what_people_write(tmp_path: Path) -> None:
    """Classes stand behind their superclasses, with what they declare themselves."""
    snapshot_of(faked(), tmp_path / "s")
    mof = (tmp_path / "s" / "root_cimv2" / "classes.mof").read_text("utf-8")
    assert "class T_Disk : T_Element" in mof
    assert mof.index("class T_Element") < mof.index("class T_Disk") < mof.index("class T_BigDisk")
    assert mof.count("string Id") == 1
    assert side(tmp_path / "s") == []
    # Any MOF compiler can read it.
    conn = FakedWBEMConnection()
    for kind in ("qualifiers", "classes", "instances", "associations"):
        conn.compile_mof_file(str(tmp_path / "s" / "root_cimv2" / f"{kind}.mof"))
    assert seen(conn) == seen(faked())


# -- What MOF cannot hold ---------------------------------------------------------


def disk(key: str = "k", /, **values: Any) -> CIMInstance:
    """An instance of T_Disk."""
    props = [CIMProperty("Id", key), *(CIMProperty(name, value) for name, value in values.items())]
    return CIMInstance("T_Disk", props, path=CIMInstanceName("T_Disk", {"Id": key}))


def with_property(prop: CIMProperty) -> CIMInstance:
    """An instance of T_Disk with another property."""
    instance = disk()
    instance.properties[prop.name] = prop
    return instance


def at(instance: CIMInstance, **keys: Any) -> CIMInstance:
    """The instance with another path."""
    instance.path = CIMInstanceName(instance.classname, keys)
    return instance


def flavored(name: str, value: Any, **flavors: Any) -> CIMQualifier:
    """A qualifier with all its flavors."""
    told = {"tosubclass": True, "overridable": True, "toinstance": False, "translatable": False}
    told.update(propagated=False)
    return CIMQualifier(name, value, **{**told, **flavors})


def declared(name: str, **attributes: Any) -> CIMQualifierDeclaration:
    """A qualifier declaration with all its attributes."""
    told: Dict[str, Any] = {"tosubclass": True, "overridable": True, "translatable": False}
    told.update(toinstance=False, scopes={"CLASS": True, "PROPERTY": False})
    return CIMQualifierDeclaration(name, "string", **{**told, **attributes})


def own(name: str, **attributes: Any) -> CIMProperty:
    """A property that a class declares itself."""
    return CIMProperty(name, None, type="string", propagated=False, **attributes)


CASES: Dict[str, Callable[[], Any]] = {
    "key of type real": lambda: at(
        CIMInstance("T_Real", [CIMProperty("R", Real64(1.1)), CIMProperty("Text", "t")]),
        R=Real64(1.1),
    ),
    "key NaN": lambda: at(
        CIMInstance("T_Real", [CIMProperty("R", Real64("nan"))]), R=Real64("nan")
    ),
    "NaN": lambda: disk(Load=Real64("nan")),
    "infinity": lambda: disk(Load=Real64("-inf")),
    "small and large reals": lambda: disk(Load=Real64(5e-324)),
    "largest integer": lambda: disk(Size=Uint64(2**64 - 1)),
    "class origin": lambda: with_property(
        CIMProperty("Size", Uint64(1), class_origin="T_Disk", propagated=False)
    ),
    "propagated": lambda: with_property(CIMProperty("Caption", "c", propagated=True)),
    "NULL": lambda: with_property(CIMProperty("Size", None, type="uint64")),
    "array with NULL": lambda: with_property(CIMProperty("States", [None], type="uint16")),
    "empty array": lambda: with_property(CIMProperty("States", [], type="uint16", is_array=True)),
    "empty string": lambda: disk(Caption=""),
    "control characters": lambda: disk(Caption="".join(map(chr, (9, 10, 13, 127, 128, 0x2028)))),
    "quotes and backslashes": lambda: disk(Caption="\\\"'\\x41\\n /* */ // };"),
    "beyond the basic plane": lambda: disk(Caption="\U0001f4be \ufffd"),
    "looks like the end of an instance": lambda: disk(Caption="};\n\ninstance of X {"),
    "char16": lambda: with_property(CIMProperty("Letter", "'", type="char16")),
    "interval": lambda: disk(Since=pywbem.CIMDateTime("00000001020304.******:000")),
    "wrong type": lambda: disk(Size="many"),
    "array for a scalar": lambda: disk(Size=[Uint64(1)]),
    "unknown property": lambda: disk(Other="x"),
    "property in another case": lambda: disk(CAPTION="x"),
    "embedded instance": lambda: with_property(
        CIMProperty(
            "Setting",
            CIMInstance(
                "T_Setting",
                [CIMProperty("Number", Uint32(1)), CIMProperty("Ratio", Real32("nan"))],
            ),
            embedded_object="instance",
        )
    ),
    "path has other key values": lambda: at(disk("value"), Id="path"),
    "path has more keys": lambda: at(disk(), Id="k", System="s"),
    "path has a key less": lambda: at(
        CIMInstance("T_Beside", []), Left=CIMInstanceName("T_Disk", {"Id": "a"})
    ),
    "no key property": lambda: at(CIMInstance("T_Disk", [CIMProperty("Caption", "c")]), Id="k"),
    "integer key as text": lambda: at(
        CIMInstance("T_Setting", [CIMProperty("Number", Uint32(5))]), Number="5"
    ),
    "reference to another server": lambda: at(
        CIMInstance(
            "T_Beside",
            [
                CIMProperty("Left", CIMInstanceName("T_Disk", {"Id": "z"}, "far.example", "x/y")),
                CIMProperty("Right", CIMInstanceName("T_Disk", {"Id": "a"})),
            ],
        ),
        Left=CIMInstanceName("T_Disk", {"Id": "z"}, "far.example", "x/y"),
        Right=CIMInstanceName("T_Disk", {"Id": "a"}),
    ),
    "reference to nothing": lambda: at(
        CIMInstance(
            "T_Beside",
            [
                CIMProperty("Left", None, type="reference"),
                CIMProperty("Right", CIMInstanceName("T_Gone", {"Id": "a"}, namespace="no/where")),
            ],
        ),
        Right=CIMInstanceName("T_Gone", {"Id": "a"}, namespace="no/where"),
    ),
    "ToInstance": lambda: declared("Told", toinstance=True),
    "declaration of a used qualifier": lambda: declared("Description", scopes={"ANY": True}),
    "default of a qualifier": lambda: declared("Told", value="a\nb", translatable=True),
    "qualifier that is not declared": lambda: CIMClass(
        "T_Odd", [own("P", class_origin="T_Odd")], qualifiers=[flavored("Vendor", "x")]
    ),
    "qualifier of another type": lambda: CIMClass(
        "T_Odd", qualifiers=[flavored("Description", Uint32(1))]
    ),
    "qualifier with other flavors": lambda: CIMClass(
        "T_Odd", qualifiers=[flavored("Description", "x", tosubclass=False, toinstance=True)]
    ),
    "class origin that does not exist": lambda: CIMClass(
        "T_Odd", [own("P", class_origin="T_Gone")], superclass="T_Element"
    ),
    "no class origin": lambda: CIMClass("T_Odd", [own("P")]),
    "property of a missing class": lambda: CIMClass(
        "T_Odd",
        [CIMProperty("R", None, type="reference", reference_class="T_Gone", propagated=False)],
        qualifiers=[flavored("Association", True)],
    ),
    "reference in a class that is no association": lambda: CIMClass(
        "T_Odd",
        [CIMProperty("R", None, type="reference", reference_class="T_Disk", propagated=False)],
    ),
    "subclass without what it inherits": lambda: CIMClass("T_Odd", superclass="T_Element"),
    "method with everything": lambda: CIMClass(
        "T_Odd",
        methods=[
            CIMMethod(
                "M",
                "datetime",
                [
                    CIMParameter("R", "reference", reference_class="T_Disk", is_array=True),
                    CIMParameter("A", "uint8", is_array=True, array_size=3),
                ],
                class_origin="T_Odd",
                propagated=False,
            )
        ],
    ),
    "class whose name has a line break": lambda: CIMClass("T\nOdd", [own("P")]),
    "default value NaN": lambda: CIMClass(
        "T_Odd",
        [CIMProperty("P", Real64("nan"), class_origin="T_Odd", propagated=False)],
    ),
}


@pytest.mark.parametrize("make", CASES.values(), ids=CASES.keys())
def test_nothing_is_lost(make: Callable[[], Any], tmp_path: Path) -> None:
    """What MOF cannot hold is in the side file."""
    conn = faked()
    with pywbem_warnings():
        put(conn, make())
        summary = snapshot_of(conn, tmp_path / "s")
        assert summary["failures"] == []
        assert seen(loaded(tmp_path / "s")) == seen(conn)


@contextmanager
def pywbem_warnings() -> Iterator[None]:
    """Objects that no server should have are warned of when they are made and read."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def test_mixed_batch(tmp_path: Path) -> None:
    """Of many instances, those that MOF can hold are in the MOF."""
    conn = faked()
    for number in range(1200):
        put(conn, disk(f"n{number}", Load=Real64("nan" if number % 400 == 7 else number)))
    put(conn, at(disk("value"), Id="path"))
    snapshot_of(conn, tmp_path / "s")
    mof = (tmp_path / "s" / "root_cimv2" / "instances.mof").read_text("utf-8")
    assert mof.count("instance of T_Disk {") >= 1200
    assert len(side(tmp_path / "s")) == 4
    assert seen(loaded(tmp_path / "s")) == seen(conn)


@pytest.mark.parametrize(
    "ids",
    [
        pytest.param({"1": "x", "2": "x", "3": "x"}, id="all have one"),
        pytest.param({"1": "2", "2": "1", "3": "3"}, id="those of each other"),
        pytest.param({"1": "2", "2": "3", "3": "4"}, id="that of the next"),
        pytest.param({"3": "2", "2": "1", "1": "0"}, id="that of the one before"),
        pytest.param({"1": "x", "x": "x", "2": "x"}, id="that of one in the middle"),
        pytest.param({"1": "", "2": "", "": "2"}, id="none"),
    ],
)
@pytest.mark.parametrize("apart", [False, True], ids=["alike", "that differ"])
def test_key_properties_that_are_not_the_keys(
    ids: Dict[str, str], apart: bool, tmp_path: Path
) -> None:
    """The MOF of an instance may have the key of another one, or of several."""
    conn = faked()
    for number, (key, prop) in enumerate(ids.items()):
        put(conn, at(disk(prop, Load=Real64(number if apart else 0)), Id=key))
    summary = snapshot_of(conn, tmp_path / "s")
    assert summary["failures"] == []
    assert seen(loaded(tmp_path / "s")) == seen(conn)


def test_keys_that_python_hashes_alike(tmp_path: Path) -> None:
    conn = faked()
    conn.compile_mof_string("class T_Number { [Key] sint64 N; };")
    for number in (-1, -2, 0, 2**61 - 1):
        path = CIMInstanceName("T_Number", {"N": Sint64(number)}, namespace=NAMESPACE)
        put(conn, CIMInstance("T_Number", {"N": Sint64(number)}, path=path))
    assert snapshot_of(conn, tmp_path / "s")["failures"] == []
    assert seen(loaded(tmp_path / "s")) == seen(conn)


def test_two_instances_of_one_name(tmp_path: Path) -> None:
    """The first counts; that there was a second is told."""

    class Twice(FakedWBEMConnection):
        def EnumerateInstances(self, ClassName: Any, *args: Any, **kwargs: Any) -> Any:
            found = super().EnumerateInstances(ClassName, *args, **kwargs)
            again = [item.copy() for item in found if ClassName == "T_Disk"]
            for item in again:
                item["Caption"] = "again"
            return found + again

    conn = Twice(default_namespace=NAMESPACE)
    conn.compile_mof_string(MOF)
    put(conn, disk("a2"))
    before = seen(conn)
    summary = take_snapshot(conn, str(tmp_path / "s"))
    assert summary["namespaces"][NAMESPACE]["counts"]["instances"] == 3
    (failure,) = summary["failures"]
    assert (failure["what"], failure["name"]) == ("instances", "T_Disk")
    assert 'more than one instance root/cimv2:T_Disk.Id="a' in failure["error"]
    assert seen(loaded(tmp_path / "s")) == before
    summary = take_snapshot(conn, str(tmp_path / "limited"), Settings(max_instances=2))
    assert summary["namespaces"][NAMESPACE]["counts"]["instances"] == 3


@pytest.mark.parametrize(
    "operation", ["Associators", "AssociatorNames", "References", "ReferenceNames"]
)
def test_associations(operation: str, tmp_path: Path) -> None:
    """Associations lead where they led."""
    conn = faked()
    snapshot_of(conn, tmp_path / "s")
    found = []
    for server in (conn, loaded(tmp_path / "s")):
        with WBEMServerThread(server) as thread, pywbem.WBEMConnection(thread.url) as client:
            result = getattr(client, operation)(CIMInstanceName("T_Disk", {"Id": "a"}))
        for item in result:
            getattr(item, "path", item).host = None
        found.append(result)
    assert found[0]
    assert found[0] == found[1]


def test_instances_without_names(tmp_path: Path) -> None:
    """A provider that does not tell paths tells instances."""
    conn = failing()
    conn.fail("EnumerateInstanceNames", "T_Disk", pywbem.CIMError(7, "no paths"))
    summary = take_snapshot(conn, str(tmp_path / "s"))
    assert summary["failures"] == []
    assert seen(loaded(tmp_path / "s")) == seen(conn)


def test_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many instances there are, few are in memory at once."""
    conn = FakedWBEMConnection(default_namespace=NAMESPACE, use_pull_operations=True)
    conn.compile_mof_string(MOF)
    for number in range(6000):
        put(conn, disk(f"n{number}"))
    counts: List[int] = []
    settle = InstanceSettler.settle

    def instances() -> int:
        return sum(type(obj) is CIMInstance for obj in gc.get_objects())

    def counted(self: Any, batch: Any) -> Any:
        counts.append(instances())
        return settle(self, batch)

    monkeypatch.setattr(InstanceSettler, "settle", counted)
    before = instances()
    assert before >= 6000
    take_snapshot(conn, str(tmp_path / "s"))
    assert len(counts) > 10
    # Two results of the server, and a batch with what is compiled of it.
    assert max(counts) - before < 4000


# -- Namespaces and choices ---------------------------------------------------------


def test_namespaces(tmp_path: Path) -> None:
    """Several namespaces, of names that are no names of files."""
    conn = faked()
    names = ["root/cimv2", "root_cimv2", "Root", "a.b/c-d$"]
    for name in names[1:]:
        conn.add_namespace(name)
        conn.compile_mof_string(f"class T_{len(name)} {{ string P; }};", name)
    summary = snapshot_of(conn, tmp_path / "s", Settings(namespaces=names))
    assert list(summary["namespaces"]) == names
    assert sorted(p.name for p in (tmp_path / "s").iterdir() if p.is_dir()) == [
        "Root",
        "a_b_c-d_",
        "root_cimv2",
        "root_cimv2-2",
    ]
    assert seen(loaded(tmp_path / "s")) == seen(conn)


@pytest.mark.parametrize(
    "name", ["my disks", 'a"b', "10%", "a\nb", "disks [old]", "host:5988", "{0}", "a\\b"]
)
def test_namespace_of_a_name_that_mof_has_not(name: str, tmp_path: Path) -> None:
    """The snapshot knows the namespace, also where no pragma can say it."""
    conn = faked()
    conn.add_namespace(name)
    conn.compile_mof_string(MOF, name)
    put(conn, disk("x", Load=Real64("nan")), name)
    summary = snapshot_of(conn, tmp_path / "s", Settings(namespaces=conn.namespaces))
    assert summary["failures"] == []
    assert seen(loaded(tmp_path / "s")) == seen(conn)


def test_all_namespaces(tmp_path: Path) -> None:
    """The Interop namespace tells which there are."""
    conn = faked()
    conn.add_namespace("interop")
    conn.compile_mof_string(
        "Qualifier Key : boolean = false, Scope(property), Flavor(DisableOverride);"
        "class CIM_Namespace { [Key] string SystemCreationClassName; [Key] string SystemName;"
        " [Key] string ObjectManagerCreationClassName; [Key] string ObjectManagerName;"
        " [Key] string CreationClassName; [Key] string Name; uint16 ClassInfo;"
        " string DescriptionOfClassInfo; uint16 ClassType; string ClassTypeVersion; };",
        "interop",
    )
    conn.install_namespace_provider("interop")
    summary = snapshot_of(conn, tmp_path / "s", Settings(all_namespaces=True))
    assert sorted(summary["namespaces"]) == ["interop", "root/cimv2"]
    assert seen(loaded(tmp_path / "s")) == seen(conn)


@pytest.mark.parametrize(
    ("settings", "classes", "counts"),
    [
        (Settings(instances=False), 6, (0, 0)),
        (Settings(classes=["t_bigdisk"]), 4, (1, 0)),
        (Settings(classes=["T_Disk"]), 4, (2, 0)),
        (Settings(classes=["T_Beside"]), 4, (0, 1)),
        (Settings(classes=["T_Setting", "T_Real"]), 2, (0, 0)),
        (Settings(max_instances=1), 6, (2, 1)),
    ],
    ids=["no instances", "leaf", "with subclasses", "association", "two", "max is enough"],
)
def test_choice(settings: Settings, classes: int, counts: Any, tmp_path: Path) -> None:
    """A part of a server has what its MOF needs."""
    conn = faked()
    item = snapshot_of(conn, tmp_path / "s", settings)["namespaces"][NAMESPACE]
    assert item["counts"]["classes"] == classes
    assert (item["counts"]["instances"], item["counts"]["associations"]) == counts
    everything = seen(conn)
    part = seen(loaded(tmp_path / "s"))
    for name in part[NAMESPACE, "names"]:
        assert part[NAMESPACE, name] == everything[NAMESPACE, name]
    assert side(tmp_path / "s") == []


def test_max_instances(tmp_path: Path) -> None:
    conn = faked()
    for number in range(5):
        put(conn, disk(f"n{number}"))
    item = snapshot_of(conn, tmp_path / "s", Settings(max_instances=3))["namespaces"][NAMESPACE]
    assert item["counts"]["instances"] == 4
    assert item["cut_off"] == ["T_Disk"]


# -- What fails -----------------------------------------------------------------------


class Failing(FakedWBEMConnection):
    """A server of which some operations on some classes fail."""

    def fail(
        self, operation: str, name: str, exc: BaseException, times: Optional[int] = None
    ) -> None:
        """Have an operation fail from now on, or so many times."""
        self.__dict__.setdefault("faults", {})[operation, name.lower()] = [exc, times]

    def _check(self, operation: str, name: Any) -> None:
        fault = self.__dict__.get("faults", {}).get((operation, str(name).lower()))
        if fault is not None and fault[1] != 0:
            fault[1] = fault[1] and fault[1] - 1
            raise fault[0]

    def GetClass(self, ClassName: Any, *args: Any, **kwargs: Any) -> Any:
        self._check("GetClass", ClassName)
        return super().GetClass(ClassName, *args, **kwargs)

    def EnumerateInstances(self, ClassName: Any, *args: Any, **kwargs: Any) -> Any:
        self._check("EnumerateInstances", ClassName)
        return super().EnumerateInstances(ClassName, *args, **kwargs)

    def EnumerateInstanceNames(self, ClassName: Any, *args: Any, **kwargs: Any) -> Any:
        self._check("EnumerateInstanceNames", ClassName)
        return super().EnumerateInstanceNames(ClassName, *args, **kwargs)

    def EnumerateClassNames(self, *args: Any, **kwargs: Any) -> Any:
        self._check("EnumerateClassNames", "")
        return super().EnumerateClassNames(*args, **kwargs)

    def EnumerateQualifiers(self, *args: Any, **kwargs: Any) -> Any:
        self._check("EnumerateQualifiers", "")
        return super().EnumerateQualifiers(*args, **kwargs)


def failing() -> Failing:
    """Such a server, on which nothing fails yet."""
    conn = Failing(default_namespace=NAMESPACE)
    conn.compile_mof_string(MOF)
    return conn


@pytest.mark.parametrize(
    ("operation", "name", "exc", "what"),
    [
        ("EnumerateInstances", "T_BigDisk", pywbem.CIMError(1, "broken"), "instances"),
        ("EnumerateInstances", "T_BigDisk", pywbem.TimeoutError("slow", "c"), "instances"),
        ("EnumerateInstances", "T_BigDisk", pywbem.HTTPError(500, "oh"), "instances"),
        ("EnumerateInstances", "T_BigDisk", pywbem.ConnectionError("cut", "c"), "instances"),
        ("EnumerateInstances", "T_BigDisk", pywbem.XMLParseError("bad"), "instances"),
        ("GetClass", "T_Real", pywbem.CIMError(1, "broken"), "class"),
        ("EnumerateQualifiers", "", pywbem.CIMError(7, "none"), "qualifiers"),
    ],
    ids=["provider", "timeout", "http", "connection", "xml", "class", "qualifiers"],
)
def test_failure_is_named(
    operation: str, name: str, exc: pywbem.Error, what: str, tmp_path: Path
) -> None:
    """What cannot be read is named, and the rest is read."""
    conn = failing()
    conn.fail(operation, name, exc)
    summary = take_snapshot(conn, str(tmp_path / "s"))
    (failure,) = summary["failures"]
    assert failure["namespace"] == NAMESPACE
    assert failure["what"] == what
    assert failure["name"] == (name or None)
    assert failure["error"].startswith(type(exc).__name__)
    counts = summary["namespaces"][NAMESPACE]["counts"]
    assert counts["classes"] == 6 - (what == "class")
    assert counts["instances"] == 2 - (what == "instances")
    load_snapshot(FakedWBEMConnection(), str(tmp_path / "s"))


@pytest.mark.parametrize(
    ("operation", "name"),
    [
        ("EnumerateQualifiers", ""),
        ("EnumerateClassNames", ""),
        ("GetClass", "T_Disk"),
        ("EnumerateInstances", "T_Disk"),
    ],
)
def test_connection_breaks_once(operation: str, name: str, tmp_path: Path) -> None:
    """What a broken connection has kept from being read is read again."""
    conn = failing()
    put(conn, with_property(CIMProperty("Size", Uint64(1), propagated=False)))
    conn.fail(operation, name, pywbem.ConnectionError("cut", "c"), times=1)
    assert take_snapshot(conn, str(tmp_path / "s"))["failures"] == []
    assert seen(loaded(tmp_path / "s")) == seen(conn)


def test_superclass_fails(tmp_path: Path) -> None:
    """A class whose superclass cannot be read is read."""
    conn = failing()
    conn.fail("GetClass", "T_Disk", pywbem.CIMError(1, "broken"))
    summary = take_snapshot(conn, str(tmp_path / "s"))
    assert [item["name"] for item in summary["failures"]] == ["T_Disk"]
    conn.faults.clear()  # type: ignore[attr-defined]
    read: List[CIMClass] = []
    for server in (conn, loaded(tmp_path / "s")):
        with WBEMServerThread(server) as thread, pywbem.WBEMConnection(thread.url) as client:
            read.append(client.GetClass("T_BigDisk", LocalOnly=False, IncludeClassOrigin=True))
            read[-1].path = None
            names = client.EnumerateClassNames(DeepInheritance=True)
            classes = client.EnumerateClasses(DeepInheritance=True)
            assert "T_BigDisk" in names
            assert [cls.classname for cls in classes] == names
            assert [path["Id"] for path in client.EnumerateInstanceNames("T_BigDisk")] == ["bä&<"]
    assert read[0] == read[1]


def test_classes_that_are_derived_from_each_other(tmp_path: Path) -> None:
    """They and their instances are told, and nobody goes round in circles."""
    conn = faked()
    for name, superclass in (("T_One", "T_Two"), ("T_Two", "T_One"), ("T_Self", "T_Self")):
        put(
            conn,
            CIMClass(name, [own("Id", qualifiers=[flavored("Key", True)])], superclass=superclass),
        )
    put(conn, CIMInstance("T_One", {"Id": "1"}, path=CIMInstanceName("T_One", {"Id": "1"})))
    snapshot_of(conn, tmp_path / "s")
    copy = loaded(tmp_path / "s")
    assert seen(copy) == seen(conn)
    assert {"T_One", "T_Two", "T_Self"} < set(copy.EnumerateClassNames(DeepInheritance=True))
    for name in ("T_One", "T_Two"):
        assert len(copy.EnumerateInstanceNames(name)) == 1
    assert copy.EnumerateInstanceNames("T_Self") == []


def test_without_provider(tmp_path: Path) -> None:
    """A class of which nobody provides instances is no failure."""
    conn = failing()
    conn.fail("EnumerateInstances", "T_BigDisk", pywbem.CIMError(7, "no provider"))
    summary = take_snapshot(conn, str(tmp_path / "s"))
    assert summary["failures"] == []
    assert summary["namespaces"][NAMESPACE]["without_provider"] == ["T_BigDisk"]


@pytest.mark.parametrize(
    "exc",
    [pywbem.AuthError("no", "c"), pywbem.ConnectionError("refused", "c")],
    ids=["user", "server"],
)
def test_unreachable(exc: pywbem.Error, tmp_path: Path) -> None:
    """A server that is not there any more ends the run, which goes on later."""
    conn = failing()
    for operation, name in (
        ("EnumerateInstances", "T_BigDisk"),
        ("EnumerateClassNames", ""),
    ):
        conn.fail(operation, name, exc)
    with pytest.raises(Exception, match=str(exc)):
        take_snapshot(conn, str(tmp_path / "s"))
    assert not is_snapshot(str(tmp_path / "s"))
    conn.faults.clear()  # type: ignore[attr-defined]
    assert take_snapshot(conn, str(tmp_path / "s"))["failures"] == []
    assert seen(loaded(tmp_path / "s")) == seen(conn)


@pytest.mark.parametrize("directory", ["{}/s", "s"], ids=["absolute", "relative"])
def test_nothing_could_be_read(
    directory: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A namespace that does not exist is no snapshot."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Exception, match=r"Nothing could be read: .*INVALID_NAMESPACE"):
        take_snapshot(faked(), directory.format(tmp_path), Settings(namespaces=["no/where"]))
    assert list((tmp_path / "s").iterdir()) == []


# -- Interruptions --------------------------------------------------------------------

STEPS = [
    ("GetClass", "T_Disk"),
    ("GetClass", "T_Beside"),
    ("EnumerateInstances", "T_Disk"),
    ("EnumerateInstances", "T_Setting"),
    ("EnumerateInstances", "T_Beside"),
]


@pytest.mark.parametrize("step", STEPS, ids=["-".join(step) for step in STEPS])
def test_interrupted(step: Any, tmp_path: Path) -> None:
    """An interrupted run goes on where it stopped: the files are as if it never was."""
    conn = failing()
    for number in range(600):
        put(conn, disk(f"n{number}", Load=Real64("nan")))
    take_snapshot(conn, str(tmp_path / "whole"))
    conn.fail(*step, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        take_snapshot(conn, str(tmp_path / "s"))
    assert not is_snapshot(str(tmp_path / "s"))
    with pytest.raises(ValueError, match="is not a snapshot yet"):
        load_snapshot(FakedWBEMConnection(), str(tmp_path / "s"))
    # What was written after the last step that was noted.
    for path in (tmp_path / "s" / "root_cimv2").iterdir():
        with path.open("a", encoding="utf-8") as file:
            file.write("half a li")
    for path in (tmp_path / "s" / ".unfinished").iterdir():
        with path.open("a", encoding="utf-8") as file:
            file.write('{"half": ')
    conn.faults.clear()  # type: ignore[attr-defined]
    asked: List[str] = []
    get_class = conn.GetClass

    def counted(name: str, *args: Any, **kwargs: Any) -> Any:
        asked.append(name)
        return get_class(name, *args, **kwargs)

    conn.GetClass = counted  # type: ignore[method-assign, assignment]
    take_snapshot(conn, str(tmp_path / "s"))
    # Classes that were read are not read again.
    assert "T_Element" not in asked
    for path in (tmp_path / "whole" / "root_cimv2").iterdir():
        assert (tmp_path / "s" / "root_cimv2" / path.name).read_text("utf-8") == path.read_text(
            "utf-8"
        ), path.name


@pytest.mark.parametrize("settings", [Settings(), Settings(instances=False)], ids=["same", "other"])
def test_directory_in_use(settings: Settings, tmp_path: Path) -> None:
    """A directory with something else is left alone."""
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "file").write_text("x", "utf-8")
    with pytest.raises(ValueError, match="is not empty"):
        take_snapshot(faked(), str(tmp_path / "s"), settings)
    conn = failing()
    conn.fail("EnumerateInstances", "T_Disk", KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        take_snapshot(conn, str(tmp_path / "t"))
    with pytest.raises(ValueError, match="with other options"):
        take_snapshot(conn, str(tmp_path / "t"), Settings(max_instances=3))
    take_snapshot(faked(), str(tmp_path / "u"))
    with pytest.raises(ValueError, match="has a snapshot that is finished: another one needs"):
        take_snapshot(faked(), str(tmp_path / "u"), settings)


@pytest.mark.parametrize("journal", [None, b"", b'{"settings": {"ser'], ids=["no", "empty", "torn"])
def test_interrupted_at_the_very_beginning(journal: Any, tmp_path: Path) -> None:
    """Nothing is known of what was begun, and nothing of it is there."""
    folder = tmp_path / "s" / ".unfinished"
    folder.mkdir(parents=True)
    if journal is not None:
        (folder / "journal.jsonl").write_bytes(journal)
    assert take_snapshot(faked(), str(tmp_path / "s"))["failures"] == []
    assert seen(loaded(tmp_path / "s")) == seen(faked())


# -- Loading --------------------------------------------------------------------------


def test_changed_mof(tmp_path: Path) -> None:
    """Who changes the MOF gets what it says, also of what is in the side file."""
    conn = faked()
    put(conn, disk("one", Load=Real64("nan"), Caption="before"))
    put(conn, disk("two", Load=Real64("nan"), Caption="stays"))
    put(conn, disk("three", Load=Real64("nan"), Caption="goes"))
    snapshot_of(conn, tmp_path / "s")
    path = tmp_path / "s" / "root_cimv2" / "instances.mof"
    parts = path.read_text("utf-8").split("instance of")
    parts = [part.replace("before", "after") for part in parts if "goes" not in part]
    parts.append(' T_Disk { Id = "new"; };\n')
    path.write_text("instance of".join(parts).replace("nan", "1.0"), "utf-8")
    copy = loaded(tmp_path / "s")
    captions = {item["Id"]: item["Caption"] for item in copy.EnumerateInstances("T_Disk")
                if "Caption" in item}  # fmt: skip
    assert captions["one"] == "after"
    assert captions["two"] == "stays"
    assert "three" not in captions
    assert copy.GetInstance(CIMInstanceName("T_Disk", {"Id": "new"}))


def test_written_mof(tmp_path: Path) -> None:
    """Who writes MOF for what was only in the side file gets what it says."""
    conn = faked()
    with pywbem_warnings():
        put(conn, CIMClass("T_Odd", [own("P")], qualifiers=[flavored("Vendor", "x")]))
        put(conn, at(CIMInstance("T_Disk", [CIMProperty("Caption", "c")]), Id="k"))
    snapshot_of(conn, tmp_path / "s")
    folder = tmp_path / "s" / "root_cimv2"
    for name, text, mof in (
        ("classes.mof", "// T_Odd: only in the side file", "class T_Odd { string Q; };"),
        ("instances.mof", "", '\ninstance of T_Disk { Id = "k"; Caption = "mine"; };\n'),
    ):
        content = (folder / name).read_text("utf-8")
        assert text in content
        (folder / name).write_text(content + mof, "utf-8")
    copy = loaded(tmp_path / "s")
    assert list(copy.GetClass("T_Odd").properties) == ["Q"]
    assert copy.GetInstance(CIMInstanceName("T_Disk", {"Id": "k"}))["Caption"] == "mine"


@pytest.mark.parametrize(
    ("name", "text", "exception"),
    [
        ("root_cimv2/instances.mof", "instance of T_Disk { Id = ", pywbem.MOFCompileError),
        ("root_cimv2/associations.mof", "instance of T_Gone { };", pywbem.MOFCompileError),
        ("root_cimv2/classes.mof", "class T_New : T_Gone { };", pywbem.MOFCompileError),
        ("root_cimv2/side.jsonl", "{", ValueError),
        ("root_cimv2/side.jsonl", '{"kind": "instances", "mof": null, "xml": "<"}', pywbem.Error),
        ("snapshot.json", "{", ValueError),
    ],
    ids=["instance", "association", "class", "record", "xml", "summary"],
)
def test_all_or_nothing(name: str, text: str, exception: Any, tmp_path: Path, capsys: Any) -> None:
    """A snapshot that is not valid leaves the server as it was."""
    conn = faked()
    put(conn, disk("nan", Load=Real64("nan")))
    snapshot_of(conn, tmp_path / "s")
    path = tmp_path / "s" / name
    path.write_text(path.read_text("utf-8") + text, "utf-8")
    target = FakedWBEMConnection(default_namespace="other")
    with pytest.raises(exception):
        load_snapshot(target, str(tmp_path / "s"))
    assert list(target.namespaces) == ["other"]


CLASS_XML = "<CLASS NAME='X'/>"
WRONG_RECORDS: Dict[str, Dict[str, Any]] = {
    "no kind": {"class": "T_Disk", "properties": {}},
    "another kind": {"kind": "methods", "mof": None, "xml": CLASS_XML},
    "strange kind": {"kind": {}},
    "no xml": {"kind": "classes", "mof": None},
    "strange digest": {"kind": "classes", "mof": [], "xml": CLASS_XML},
    "moved without digest": {"kind": "instances", "compiled": CLASS_XML, "xml": CLASS_XML},
    "no names": {"kind": "order"},
    "strange name": {"kind": "order", "classes": ["T_Disk", {}]},
    "no marks": {"kind": "marks", "class": "T_Disk"},
    "strange marks": {"kind": "marks", "class": "T_Disk", "properties": [1]},
    "too few marks": {"kind": "marks", "class": "T_Disk", "properties": {"Id": [None]}},
}
WRONG_OBJECTS: Dict[str, Dict[str, Any]] = {
    "class for a qualifier": {"kind": "qualifiers", "mof": None, "xml": CLASS_XML},
    "class for an instance": {"kind": "instances", "mof": None, "xml": CLASS_XML},
    "class for what is moved": {"kind": "instances", "mof": "1", "xml": "", "compiled": CLASS_XML},
    "no object": {"kind": "classes", "mof": None, "xml": "<A/>"},
}


@pytest.mark.parametrize(
    ("record", "message"),
    [
        *((record, "side.jsonl, line 1: it is no record") for record in WRONG_RECORDS.values()),
        *((record, "In a side file, the element") for record in WRONG_OBJECTS.values()),
    ],
    ids=[*WRONG_RECORDS, *WRONG_OBJECTS],
)
def test_side_file_that_somebody_has_edited(
    record: Dict[str, Any], message: str, tmp_path: Path
) -> None:
    """It is said what is wrong, and where."""
    snapshot_of(faked(), tmp_path / "s")
    path = tmp_path / "s" / "root_cimv2" / "side.jsonl"
    path.write_text(json.dumps(record) + "\n" + path.read_text("utf-8"), "utf-8")
    with pytest.raises(ValueError, match=message):
        load_snapshot(FakedWBEMConnection(), str(tmp_path / "s"))


@pytest.mark.parametrize("name", ["qualifiers", "classes", "instances", "associations"])
def test_mof_that_is_no_utf8(name: str, tmp_path: Path) -> None:
    """The file and the line are told."""
    snapshot_of(faked(), tmp_path / "s")
    path = tmp_path / "s" / "root_cimv2" / f"{name}.mof"
    path.write_bytes(path.read_bytes() + b"// \xe4\n")
    with pytest.raises(pywbem.MOFParseError, match="not UTF-8") as caught:
        load_snapshot(FakedWBEMConnection(), str(tmp_path / "s"))
    assert caught.value.file == str(path)


def test_present_object(tmp_path: Path) -> None:
    """A snapshot is loaded beside other objects, but not over them."""
    snapshot_of(faked(), tmp_path / "s")
    target = FakedWBEMConnection()
    target.compile_mof_string("class T_Before { string P; };")
    load_snapshot(target, str(tmp_path / "s"))
    assert "T_Before" in target.EnumerateClassNames()
    before = seen(target)
    with pytest.raises(ValueError, match="exists in namespace root/cimv2 already"):
        load_snapshot(target, str(tmp_path / "s"))
    assert seen(target) == before


def test_no_snapshot(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"is not a snapshot: it has no snapshot\.json"):
        load_snapshot(FakedWBEMConnection(), str(tmp_path))
    with pytest.raises(OSError, match="nowhere"):
        load_snapshot(FakedWBEMConnection(), str(tmp_path / "nowhere"))


@pytest.mark.parametrize(
    "change",
    [
        lambda summary: summary["namespaces"][NAMESPACE].update(folder="../elsewhere"),
        lambda summary: summary.update(format=99),
        lambda summary: summary.pop("namespaces"),
    ],
    ids=["folder", "format", "part"],
)
def test_strange_summary(change: Callable[[Any], Any], tmp_path: Path) -> None:
    """A summary does not lead out of the directory."""
    snapshot_of(faked(), tmp_path / "s")
    path = tmp_path / "s" / "snapshot.json"
    summary = json.loads(path.read_text("utf-8"))
    change(summary)
    path.write_text(json.dumps(summary), "utf-8")
    with pytest.raises(ValueError, match=r"snapshot\.json"):
        load_snapshot(FakedWBEMConnection(), str(tmp_path / "s"))


def test_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large file is compiled in pieces; what holds for the rest of a file does not get lost."""
    monkeypatch.setattr("pywbem_mock.snapshot.loading._PIECE", 500)
    conn = faked()
    for number in range(50):
        put(conn, disk(f"n{number}", Caption="/* };\n #pragma"[: number % 20]))
    snapshot_of(conn, tmp_path / "s")
    assert seen(loaded(tmp_path / "s")) == seen(conn)
    path = tmp_path / "s" / "root_cimv2" / "instances.mof"
    text = path.read_text("utf-8")
    middle = text.index("instance of", len(text) // 2)
    changed = text[:middle] + '#pragma namespace ("root/new")\n' + text[middle:]
    path.write_text(changed, "utf-8")
    with pytest.raises(pywbem.MOFCompileError):
        loaded(tmp_path / "s")
    path.write_text(text[:middle] + "/*\n" + text[middle:] + "*/", "utf-8")
    assert len(loaded(tmp_path / "s").EnumerateInstances("T_Disk")) < 45
