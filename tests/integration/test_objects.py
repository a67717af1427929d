"""
Typed objects of a synchronous and of an asynchronous connection, against the mock server.
"""

from __future__ import annotations

import asyncio
import inspect
import pickle
from typing import Any, Dict, Iterator, List

import pytest

import pywbem
import pywbem_mock
from pywbem.objects import AsyncNamespace, Instance, JobError, Namespace
from tests.objects_model import NAMESPACE, connection


@pytest.fixture(name="ns")
def _ns() -> Namespace:
    return Namespace(connection(), NAMESPACE)


@pytest.fixture(name="sda")
def _sda(ns: Namespace) -> Any:
    return ns.CIM_DiskDrive.get(Name="sda")


@pytest.mark.parametrize(
    "name, value",
    [
        pytest.param("Name", "sda", id="key"),
        pytest.param("size", 1000, id="other-case"),
        pytest.param("OperationalStatus", [2, 11, 40000, 77], id="array-of-members"),
        pytest.param("KIND", "ssd", id="member-of-strings"),
        pytest.param("LastError", None, id="null"),
        pytest.param("path", "/dev/sda", id="property-named-like-the-layer"),
    ],
)
def test_properties_are_attributes_and_items(sda: Any, name: str, value: Any) -> None:
    assert getattr(sda, name) == value
    assert sda[name] == value


def test_members_have_the_text_of_the_map(sda: Any) -> None:
    assert [member.name for member in sda.OperationalStatus] == [
        "OK",
        "DMTF_Reserved",
        "Vendor_Reserved",
        "Other",
    ]
    assert [str(member) for member in sda.OperationalStatus][1] == "DMTF Reserved"
    assert repr(sda.OperationalStatus[0]) == "<OperationalStatus.OK: 2>"
    assert sda.Kind.name == "Solid_State"
    assert isinstance(sda.Kind, str)


def test_value_outside_of_the_map_is_a_member_too(ns: Namespace) -> None:
    (kind,) = [disk.Kind for disk in ns.CIM_DiskDrive.instances(where={"Name": "sdb"})]
    assert (kind, kind.name, kind.text) == ("nvme", "nvme", "nvme")


def test_datetimes(sda: Any) -> None:
    assert sda.InstallDate.datetime.year == 2024
    assert sda.Uptime.timedelta.days == 1


def test_repr_dir_and_help(sda: Any) -> None:
    assert repr(sda).startswith("CIM_DiskDrive(Name='sda', Size=1000, Caption='first'")
    assert {"Name", "Size", "RequestStateChange", "save"} <= set(dir(sda))
    kind = type(sda)
    assert kind.__doc__ == "A disk."
    assert "uint64 in B): Its capacity." in (kind.Size.__doc__ or "")
    assert "9..15: DMTF Reserved" in kind.OperationalStatus.__doc__
    assert str(inspect.signature(sda.RequestStateChange)) == (
        "(RequestedState=OMITTED, TimeoutPeriod=OMITTED, *, check=False)"
    )
    assert "3: Disabled" in sda.RequestStateChange.__doc__


def test_class_is_fetched_once_and_when_used() -> None:
    conn = connection()
    fetched: List[Any] = []
    get_class = conn.GetClass
    conn.GetClass = lambda *a, **k: (fetched.append(a), get_class(*a, **k))[1]  # type: ignore
    disk = Namespace(conn, NAMESPACE).CIM_DiskDrive
    assert fetched == []
    for _ in range(2):
        assert all(isinstance(found, disk) for found in disk.instances())
    assert sorted(fetched) == [("ACME_Disk",), ("CIM_DiskDrive",)]


@pytest.mark.parametrize(
    "where, names",
    [
        pytest.param(None, ["sda", "sdb"], id="all"),
        pytest.param({"size": 2000}, ["sdb"], id="number"),
        pytest.param({"OperationalStatus": "Degraded"}, ["sdb"], id="in-array"),
        pytest.param({"OperationalStatus": "DMTF Reserved"}, ["sda"], id="text-of-a-range"),
        pytest.param({"OperationalStatus": [3]}, ["sdb"], id="whole-array"),
        pytest.param({"Kind": "Solid State", "Size": 1000}, ["sda"], id="two"),
        pytest.param({"Caption": None}, ["sdb"], id="null"),
        pytest.param("Size > 1500", ["sdb"], id="query"),
    ],
)
def test_where(ns: Namespace, where: Any, names: List[str]) -> None:
    found = ns.CIM_DiskDrive.instances(where=where, properties=["Name"])
    assert sorted(disk["Name"] for disk in found) == names


def test_property_that_was_not_retrieved(ns: Namespace) -> None:
    disk: Any = next(iter(ns.CIM_DiskDrive.instances(properties=["Name"], where={"Name": "sda"})))
    with pytest.raises(AttributeError, match=r"Size .* not retrieved"):
        _ = disk.Size
    disk.refresh()
    assert disk.Size == 1000


@pytest.mark.parametrize(
    "name, value, error",
    [
        pytest.param("Size", -1, ValueError, id="range"),
        pytest.param("Size", "x", ValueError, id="no-number"),
        pytest.param("OperationalStatus", 3, ValueError, id="no-array"),
        pytest.param("OperationalStatus", ["Fine"], ValueError, id="no-text-of-the-map"),
        pytest.param("OperationalStatus", ["DMTF Reserved"], ValueError, id="text-of-a-range"),
        pytest.param("InstallDate", "yesterday", ValueError, id="no-datetime"),
        pytest.param("Sise", 1, AttributeError, id="no-property"),
    ],
)
def test_wrong_values_are_refused(sda: Any, name: str, value: Any, error: Any) -> None:
    with pytest.raises(error):
        setattr(sda, name, value)
    assert sda.changes == []


def test_save_sends_what_was_changed(ns: Namespace, sda: Any) -> None:
    sda.caption = "spare"
    sda.OperationalStatus = ["OK", 6]
    assert sda.changes == ["Caption", "OperationalStatus"]
    sent: Dict[str, Any] = {}
    modify = ns.conn.ModifyInstance
    ns.conn.ModifyInstance = lambda *a, **k: (sent.update(k), modify(*a, **k))[1]  # type: ignore
    sda.save()
    assert sent["PropertyList"] == ["Caption", "OperationalStatus"]
    assert sda.changes == []
    again: Any = ns.CIM_DiskDrive.get(sda)
    assert (again.Caption, again.OperationalStatus, again.Size) == ("spare", [2, 6], 1000)


def test_create_and_delete(ns: Namespace) -> None:
    made: Any = ns.CIM_DiskDrive.create(Name="new", Size=5, kind="Hard Disk")
    assert (made.Name, made.Kind) == ("new", "hdd")
    made.delete()
    with pytest.raises(pywbem.CIMError):
        ns.CIM_DiskDrive.get({"Name": "new"})


def test_associations(ns: Namespace, sda: Any) -> None:
    (extent,) = sda.associated(ns.CIM_StorageExtent, through=ns.CIM_MediaPresent)
    assert (extent.DeviceID, isinstance(extent, ns.CIM_StorageExtent)) == ("extent-0", True)
    (link,) = sda.references(ns.CIM_MediaPresent)
    assert str(link.Antecedent).endswith('CIM_DiskDrive.Name="sda"')
    assert link.Antecedent.resolve().Size == 1000
    assert list(sda.associated(result_role="Antecedent")) == []


def test_embedded_instances(ns: Namespace, sda: Any) -> None:
    instance = pywbem.CIMInstance("CIM_Error", {"Message": "bad", "ErrorType": pywbem.Uint16(4)})
    sda.LastError = instance
    sda.save()
    again: Any = ns.CIM_DiskDrive.get(Name="sda")
    assert (again.LastError.Message, again.LastError.ErrorType.name) == ("bad", "Hardware_Error")
    with pytest.raises(ValueError, match="has no path"):
        again.LastError.save()


def test_pickle_leaves_the_connection_out(ns: Namespace, sda: Any) -> None:
    sda.Caption = "changed"
    again = pickle.loads(pickle.dumps(sda))
    assert repr(again) == repr(sda)
    assert again.changes == ["Caption"]
    assert pickle.loads(pickle.dumps(sda.OperationalStatus)) == sda.OperationalStatus
    with pytest.raises(ValueError, match="has no connection"):
        again.save()
    ns.wrap(again).save()
    assert ns.CIM_DiskDrive.get(sda)["Caption"] == "changed"


@pytest.fixture(name="url")
def _url() -> Iterator[str]:
    with pywbem_mock.WBEMServerThread(connection()) as server:
        yield server.url


def test_synchronous_over_http(url: str) -> None:
    with pywbem.WBEMConnection(url, default_namespace=NAMESPACE) as conn:
        disks: List[Any] = list(Namespace(conn).CIM_DiskDrive.instances())
        assert [disk.Size for disk in disks] == [1000, 2000]
        assert isinstance(disks[0], Instance)


def test_asynchronous_iteration_that_is_left(url: str) -> None:
    async def session() -> None:
        async with pywbem.AsyncWBEMConnection(url, default_namespace=NAMESPACE) as conn:
            async for disk in AsyncNamespace(conn).CIM_DiskDrive.instances():
                async for _link in disk.references():
                    break
                break

    asyncio.run(session())


def test_asynchronous_over_http(url: str) -> None:
    async def session() -> None:
        async with pywbem.AsyncWBEMConnection(url, default_namespace=NAMESPACE) as conn:
            ns = AsyncNamespace(conn)
            disks: List[Any] = [disk async for disk in ns.CIM_DiskDrive.instances()]
            assert [disk.Size for disk in disks] == [1000, 2000]
            sda = disks[0]
            assert (await ns.CIM_DiskDrive.count()).Number == 2
            links: List[Any] = [link async for link in sda.references()]
            assert (await links[0].Antecedent.resolve()).Name == "sda"
            await (await sda.RequestStateChange("Offline")).wait(timeout=20)
            with pytest.raises(JobError, match="spindle stopped"):
                await (await sda.RequestStateChange("Disabled")).wait(timeout=20)
            sda.Caption = "spare"
            await sda.save()
            assert (await ns.CIM_DiskDrive.get(Name="sda"))["Caption"] == "spare"

    asyncio.run(session())
