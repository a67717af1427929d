"""
A small model for the tests of the mock server: computers with disks, and
associations between them.
"""

from __future__ import annotations

from typing import Any, List, Optional

from pywbem import (
    CIMClass,
    CIMInstance,
    CIMInstanceName,
    CIMMethod,
    CIMParameter,
    CIMProperty,
    CIMQualifier,
    CIMQualifierDeclaration,
    Sint16,
    Uint32,
)
from pywbem_mock import FakedWBEMConnection

NAMESPACE = "root/cimv2"
HOST = "FakedUrl:5988"


def key(name: str, type: str = "string", **attributes: Any) -> CIMProperty:
    """A key property of a class."""
    return CIMProperty(name, None, type=type, qualifiers=[CIMQualifier("Key", True)], **attributes)


def prop(name: str, type: str = "string", value: Any = None, **attributes: Any) -> CIMProperty:
    """A property of a class."""
    return CIMProperty(name, value, type=type, **attributes)


def override(name: str, *others: CIMQualifier) -> List[CIMQualifier]:
    """The qualifiers of an element that overrides another."""
    return [CIMQualifier("Override", name), *others]


def declaration(
    name: str, type: str = "boolean", scopes: str = "ANY", **attributes: Any
) -> CIMQualifierDeclaration:
    """A qualifier declaration."""
    return CIMQualifierDeclaration(
        name, type, scopes=dict.fromkeys(scopes.split(), True), **attributes
    )


def qualifiers() -> List[CIMQualifierDeclaration]:
    """The qualifier declarations of the model."""
    final = {"overridable": False, "tosubclass": True}
    return [
        declaration("Abstract", scopes="CLASS ASSOCIATION", tosubclass=False),
        declaration("Association", scopes="ASSOCIATION", **final),
        declaration("Description", "string", tosubclass=True, translatable=True),
        declaration("EmbeddedInstance", "string", scopes="PROPERTY"),
        declaration("In", scopes="PARAMETER", **final),
        declaration("Out", scopes="PARAMETER", **final),
        declaration("Key", scopes="PROPERTY REFERENCE", **final),
        declaration("MaxLen", "uint32", scopes="PROPERTY"),
        declaration("Override", "string", scopes="PROPERTY REFERENCE METHOD", tosubclass=False),
        declaration("Static", scopes="METHOD", **final),
        declaration("Version", "string", scopes="CLASS", tosubclass=False),
    ]


def classes() -> List[CIMClass]:
    """The classes of the model."""
    text = CIMQualifier("Description", "what it is")
    reset = CIMMethod(
        "Reset",
        "uint32",
        [CIMParameter("Hard", "boolean"), CIMParameter("Log", "string")],
        qualifiers=[text],
    )
    count = CIMMethod(
        "Count",
        "uint32",
        [CIMParameter("Names", "string", is_array=True)],
        qualifiers=[CIMQualifier("Static", True)],
    )
    association = [CIMQualifier("Association", True)]
    return [
        CIMClass(
            "Element",
            [
                key("Id"),
                prop("Size", "uint32", Uint32(7), qualifiers=[text]),
                prop("Tags", is_array=True),
                prop("Label", qualifiers=[CIMQualifier("MaxLen", Uint32(64))]),
            ],
            [reset, count],
            qualifiers=[text, CIMQualifier("Version", "1.0")],
        ),
        CIMClass(
            "Disk",
            [
                prop("Level", "sint16"),
                prop(
                    "Label", qualifiers=override("Label", CIMQualifier("Description", "of a disk"))
                ),
            ],
            superclass="Element",
        ),
        CIMClass("FastDisk", [prop("Speed", "uint64")], superclass="Disk"),
        CIMClass("Slot", [key("Number", "uint32"), key("Box"), prop("Note", value="new")]),
        CIMClass("Kind", [key("Name")], qualifiers=[CIMQualifier("Abstract", True)]),
        CIMClass(
            "Uses",
            [
                key("User", "reference", reference_class="Element"),
                key("Used", "reference", reference_class="Slot"),
                prop("Since"),
            ],
            qualifiers=association,
        ),
        CIMClass("UsesMuch", [prop("Much", "boolean")], None, "Uses", association),
        CIMClass(
            "Contains",
            [
                key("Whole", "reference", reference_class="Element"),
                key("Part", "reference", reference_class="Element"),
            ],
            qualifiers=association,
        ),
    ]


def element(number: int, classname: str = "Element", **values: Any) -> CIMInstance:
    """An instance of Element or below."""
    values = {"Id": f"e{number}", "Size": Uint32(number), **values}
    return CIMInstance(classname, values, path=element_path(number, classname))


def element_path(
    number: int, classname: str = "Element", namespace: Optional[str] = NAMESPACE
) -> CIMInstanceName:
    """The path of an instance of Element or below."""
    return CIMInstanceName(classname, {"Id": f"e{number}"}, namespace=namespace)


def slot(number: int) -> CIMInstance:
    """An instance of Slot."""
    return CIMInstance("Slot", {"Number": Uint32(number), "Box": "b"}, path=slot_path(number))


def slot_path(number: int, namespace: Optional[str] = NAMESPACE) -> CIMInstanceName:
    """The path of an instance of Slot."""
    return CIMInstanceName("Slot", {"Number": Uint32(number), "Box": "b"}, namespace=namespace)


def link(classname: str, **ends: Any) -> CIMInstance:
    """An association instance; what is no end is an other property."""
    keys = {name: value for name, value in ends.items() if isinstance(value, CIMInstanceName)}
    return CIMInstance(classname, ends, path=CIMInstanceName(classname, keys, namespace=NAMESPACE))


def instances() -> List[CIMInstance]:
    """The instances of the model."""
    e1, e2 = element_path(1), element_path(2)
    d3, f4 = element_path(3, "Disk"), element_path(4, "FastDisk")
    return [
        element(1),
        element(2, Label="two"),
        element(3, "Disk", Level=Sint16(-3)),
        element(4, "FastDisk", Level=Sint16(4)),
        slot(1),
        slot(2),
        slot(3),
        link("Uses", User=e1, Used=slot_path(1), Since="1999"),
        link("Uses", User=e1, Used=slot_path(2)),
        link("Uses", User=e2, Used=slot_path(1)),
        link("UsesMuch", User=d3, Used=slot_path(3), Much=True),
        link("Contains", Whole=e1, Part=e2),
        link("Contains", Whole=e1, Part=d3),
        link("Contains", Whole=d3, Part=f4),
    ]


def server(**settings: Any) -> FakedWBEMConnection:
    """A connection to a server with the model."""
    conn = FakedWBEMConnection(default_namespace=NAMESPACE, **settings)
    conn.add_cimobjects([qualifiers(), classes(), instances()])
    return conn


def ids(objects: Any) -> List[str]:
    """The instances or paths in short, in their order: class and key values."""
    paths = [getattr(obj, "path", obj) for obj in objects]
    return [
        " ".join([path.classname, *(str(value) for value in path.values() if _plain(value))])
        for path in paths
    ]


def _plain(value: Any) -> bool:
    return not isinstance(value, CIMInstanceName)
