"""
The idioms of typed objects: classes of a namespace without and with a module of typed classes.
"""

from __future__ import annotations

from typing import Any, ClassVar, List, Optional

import pywbem
from pywbem.objects import (
    OMITTED,
    AsyncInstance,
    AsyncNamespace,
    Instance,
    JobError,
    MethodError,
    MethodResult,
    Namespace,
)


class Disk(Instance):
    """A typed class."""

    _classname: ClassVar[str] = "CIM_DiskDrive"
    Size: Optional[int]

    def Start(self, Mode: Optional[int] = OMITTED, *, check: bool = False) -> MethodResult:
        return self._invoke("Start", Mode, check=check)


def show(job: Any) -> None:
    print(job.PercentComplete)


def untyped(conn: pywbem.WBEMConnection) -> List[str]:
    ns = Namespace(conn, "root/cimv2")
    found: List[str] = []
    for disk in ns.CIM_DiskDrive.instances(where={"Size": 5}, properties=["Name"]):
        found += [disk.Name, disk["Size"]]
        disk.Caption = "spare"
        disk["Caption"] = None
        disk.save()
        for extent in disk.associated(ns.CIM_StorageExtent, through=ns["CIM_MediaPresent"]):
            path: Optional[pywbem.CIMInstanceName] = extent.path
            found.append(str(path))
        try:
            disk.RequestStateChange("Offline").wait(timeout=60, progress=show)
        except JobError as exc:
            found.append(exc.error.Message)
    ns.CIM_DiskDrive.Count(check=True)
    cim_class: pywbem.CIMClass = ns.CIM_DiskDrive.cim_class()
    return [*found, cim_class.classname, ns.CIM_DiskDrive.get(Name="sda").Caption]


def typed(conn: pywbem.WBEMConnection) -> int:
    disks = Namespace(conn)[Disk]
    disk: Disk = disks.create(Size=5)
    disk.Size = 7
    disk.Size = "big"  # type: ignore[assignment]
    total = sum(found.Size or 0 for found in disks.instances())
    try:
        disk.Start(None, check=True).wait()
    except MethodError as exc:
        total += exc.result.value
    for other in disk.associated(disks):
        total += other.Size or 0
    return total


async def asynchronous(conn: pywbem.AsyncWBEMConnection) -> List[AsyncInstance]:
    ns = AsyncNamespace(conn)
    disks = [disk async for disk in ns.CIM_DiskDrive.instances(where="Size > 5")]
    for disk in disks:
        await disk.refresh()
        result = await disk.RequestStateChange(RequestedState=3)
        await result.wait(timeout=5)
    return disks
