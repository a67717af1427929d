"""
A small model for the tests of the query languages: classes, and instances with an id each.
"""

from __future__ import annotations

from typing import Dict, Iterable, List, Optional

from pywbem._cim_obj import CIMInstance, CIMInstanceName, CIMProperty
from pywbem._cim_types import Char16, CIMDateTime, Real32, Real64, Sint32, Uint16, Uint64

SUPERCLASSES: Dict[str, Optional[str]] = {
    "T_Element": None,
    "T_Disk": "T_Element",
    "T_FastDisk": "T_Disk",
    "T_Host": "T_Element",
    "T_Detail": None,
    "T_MoreDetail": "T_Detail",
    "CIM_Indication": None,
    "CIM_InstIndication": "CIM_Indication",
    "CIM_InstModification": "CIM_InstIndication",
}


def is_subclass(classname: str, superclass: str) -> bool:
    """Return whether the first class is a subclass of the second."""
    parents = {name.lower(): parent for name, parent in SUPERCLASSES.items()}
    parent = parents.get(classname.lower())
    while parent is not None:
        if parent.lower() == superclass.lower():
            return True
        parent = parents[parent.lower()]
    return False


def host_path(name: str) -> CIMInstanceName:
    return CIMInstanceName("T_Host", {"Name": name}, namespace="root/t")


def detail(classname: str, speed: Optional[int], **properties: object) -> CIMInstance:
    return CIMInstance(
        classname,
        [CIMProperty("Speed", speed, type="uint16"), *properties.items()],
    )


INSTANCES: List[CIMInstance] = [
    CIMInstance(
        "T_Disk",
        [
            ("Id", "d1"),
            ("Name", "disk one"),
            ("Size", Uint64(100)),
            ("Delta", Sint32(-5)),
            ("Ratio", Real64(0.5)),
            ("Small", Real32(1.25)),
            ("On", True),
            ("When", CIMDateTime("20240101120000.000000+000")),
            ("Life", CIMDateTime("00000010000000.000000:000")),
            ("Code", Char16("x")),
            ("States", [Uint16(2), Uint16(5)]),
            ("Tags", ["a", "b"]),
            ("Owner", host_path("h1")),
            ("Detail", detail("T_Detail", 7, Parts=["p", "q"])),
        ],
    ),
    CIMInstance(
        "T_Disk",
        [
            ("Id", "d2"),
            ("Name", "Disk 2_%"),
            ("Size", Uint64(18446744073709551615)),
            ("Delta", Sint32(5)),
            ("Ratio", Real64(2.0)),
            ("On", False),
            # The same moment as that of d1.
            ("When", CIMDateTime("20240101140000.000000+120")),
            ("Life", CIMDateTime("00000000000001.000000:000")),
            CIMProperty("States", [], type="uint16"),
            ("Tags", ["b", None]),
            ("Owner", host_path("h2")),
            ("Detail", detail("T_MoreDetail", None, Extra=Uint16(9))),
        ],
    ),
    CIMInstance(
        "T_FastDisk",
        [
            ("Id", "f1"),
            ("Name", 'it\'s "quoted" \\ back'),
            ("Size", Uint64(7)),
            ("Bare", "only fast"),
            ("On", True),
            ("When", CIMDateTime("20230630000000.000000-300")),
            ("States", [Uint16(2), Uint16(2)]),
            CIMProperty("Tags", None, type="string", is_array=True),
            CIMProperty("Detail", None, type="string", embedded_object="instance"),
        ],
    ),
    CIMInstance(
        "T_FastDisk",
        [
            ("Id", "f2"),
            CIMProperty("Name", None, type="string"),
            CIMProperty("Size", None, type="uint64"),
            CIMProperty("On", None, type="boolean"),
            CIMProperty("When", None, type="datetime"),
            CIMProperty("Like", "reserved", type="string"),
            CIMProperty("States", [None, Uint16(9)], type="uint16"),
        ],
    ),
    CIMInstance("T_Host", [("Id", "h1"), ("Name", "h1"), ("Größe", Uint16(3))]),
]


def instances_of(classname: str) -> Iterable[CIMInstance]:
    """Return the instances of a class and its subclasses."""
    return [
        instance
        for instance in INSTANCES
        if instance.classname.lower() == classname.lower()
        or is_subclass(instance.classname, classname)
    ]
