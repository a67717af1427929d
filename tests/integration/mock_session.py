"""
Every operation, called on the model of a mock server by whatever pywbem the interpreter has:
``python mock_session.py URL`` prints the results as JSON.

Results are shown as text in which is equal what means the same: paths without host, and the
defaults of CIM-XML for what is not said.
"""

from __future__ import annotations

import json
import sys
from typing import Any, Callable, Dict, List, Tuple

import pywbem

NAMESPACE = "root/cimv2"
DISK = pywbem.CIMInstanceName("T_Disk", {"Id": "a"}, namespace=NAMESPACE)
NEW = pywbem.CIMInstanceName("T_Disk", {"Id": "new"}, namespace=NAMESPACE)
VOLUME = pywbem.CIMInstanceName("T_Volume", {"Id": "v"}, namespace=NAMESPACE)

_DEFAULTS = {"translatable": False, "toinstance": False, "propagated": False}


def _complete(obj: Any) -> None:
    for name, value in _DEFAULTS.items():
        if getattr(obj, name, value) is None:
            setattr(obj, name, value)
    for name in ("qualifiers", "properties", "methods", "parameters"):
        for item in getattr(obj, name, {}).values():
            _complete(item)


def shown(result: Any) -> Any:
    """A result as text, or a list of such."""
    if isinstance(result, (list, tuple)):
        return [shown(item) for item in result]
    path = getattr(result, "path", result)
    if isinstance(path, (pywbem.CIMInstanceName, pywbem.CIMClassName)):
        path.host = None
    if isinstance(result, (pywbem.CIMInstance, pywbem.CIMClass, pywbem.CIMQualifierDeclaration)):
        _complete(result)
        # An object may say that ANY is false, a response does not.
        text = result.tocimxmlstr().replace(' ANY="false"', "")
        return f"{path if result is not path else ''} {text}"
    return str(result)


def _opened(result: Any) -> Any:
    return [*result[:2], result.context is not None]


def _walk(conn: Any, opened: Any, pull: str) -> Any:
    """An enumeration to its end: what each response had."""
    parts = [opened[0]]
    while not opened.eos:
        opened = getattr(conn, pull)(opened.context, MaxObjectCount=1)
        parts.append(opened[0])
    return parts


def _closed(conn: Any) -> Any:
    opened = conn.OpenEnumerateInstances("T_Disk", MaxObjectCount=1)
    conn.CloseEnumeration(opened.context)
    return conn.PullInstancesWithPath(opened.context, MaxObjectCount=1)


def _counted(conn: Any) -> Any:
    return conn.EnumerationCount(conn.OpenEnumerateInstances("T_Disk", **ONE).context)


def _disk(**properties: Any) -> Any:
    return pywbem.CIMInstance("T_Disk", properties)


def _new_class(name: str) -> Any:
    prop = pywbem.CIMProperty(name, None, type="uint8")
    return pywbem.CIMClass("T_New", superclass="T_Disk", properties=[prop])


def _declaration(value: str) -> Any:
    return pywbem.CIMQualifierDeclaration(
        "Nice", "string", value=value, scopes={"CLASS": True}, overridable=True, tosubclass=True
    )


WQL = ("WQL", "select * from T_Disk")
ONE = {"MaxObjectCount": 1}
MANY = {"MaxObjectCount": 9}
FQL = {"FilterQueryLanguage": "DMTF:FQL", "FilterQuery": "Size = 5", "MaxObjectCount": 9}
PULL = "PullInstancesWithPath"

# In this order: some see what an earlier one has done.
STEPS: Dict[str, Callable[[Any], Any]] = {
    "EnumerateClassNames": lambda c: c.EnumerateClassNames(),
    "EnumerateClassNames deep": lambda c: c.EnumerateClassNames(DeepInheritance=True),
    "EnumerateClassNames no namespace": lambda c: c.EnumerateClassNames(namespace="no"),
    "EnumerateClasses": lambda c: c.EnumerateClasses(DeepInheritance=True, LocalOnly=False),
    "GetClass": lambda c: c.GetClass("T_BigDisk", LocalOnly=False, IncludeClassOrigin=True),
    "GetClass property": lambda c: c.GetClass("T_Disk", PropertyList=["Id"]),
    "GetClass absent": lambda c: c.GetClass("T_No"),
    "CreateClass": lambda c: [c.CreateClass(_new_class("P")), c.GetClass("T_New")],
    "ModifyClass": lambda c: [c.ModifyClass(_new_class("Q")), c.GetClass("T_New")],
    "DeleteClass": lambda c: [c.DeleteClass("T_New"), c.EnumerateClassNames()],
    "EnumerateQualifiers": lambda c: c.EnumerateQualifiers(),
    "GetQualifier": lambda c: c.GetQualifier("Key"),
    "SetQualifier": lambda c: [c.SetQualifier(_declaration("x")), c.GetQualifier("Nice")],
    "DeleteQualifier": lambda c: [c.DeleteQualifier("Nice"), c.GetQualifier("Nice")],
    "CreateInstance": lambda c: c.CreateInstance(_disk(Id="new", Size=pywbem.Uint32(1))),
    "CreateInstance again": lambda c: c.CreateInstance(_disk(Id="new")),
    "GetInstance": lambda c: c.GetInstance(NEW),
    "ModifyInstance": lambda c: c.ModifyInstance(
        pywbem.CIMInstance("T_Disk", {"Size": pywbem.Uint32(7)}, path=NEW)
    ),
    "GetInstance property": lambda c: c.GetInstance(NEW, PropertyList=["Size"]),
    "DeleteInstance": lambda c: [c.DeleteInstance(NEW), c.GetInstance(NEW)],
    "EnumerateInstances": lambda c: c.EnumerateInstances("T_Disk"),
    "EnumerateInstances property": lambda c: c.EnumerateInstances("T_Disk", PropertyList=["Id"]),
    "EnumerateInstanceNames": lambda c: c.EnumerateInstanceNames("T_Disk"),
    "Associators": lambda c: c.Associators(DISK),
    "AssociatorNames": lambda c: c.AssociatorNames(DISK, ResultClass="T_BigDisk"),
    "References": lambda c: c.References(DISK),
    "ReferenceNames": lambda c: c.ReferenceNames(DISK, Role="Right"),
    "Associators class": lambda c: c.Associators("T_Disk"),
    "AssociatorNames class": lambda c: c.AssociatorNames("T_Disk"),
    "References class": lambda c: c.References("T_Disk"),
    "ReferenceNames class": lambda c: c.ReferenceNames("T_Disk"),
    "InvokeMethod": lambda c: list(c.InvokeMethod("Grow", VOLUME, By=pywbem.Uint32(4))),
    "InvokeMethod absent": lambda c: c.InvokeMethod("Shrink", VOLUME),
    "ExecQuery": lambda c: c.ExecQuery("WQL", "select * from T_Disk where Size = 5"),
    "ExecQuery invalid": lambda c: c.ExecQuery("WQL", "select"),
    "OpenQueryInstances": lambda c: _walk(c, c.OpenQueryInstances(*WQL, **ONE), "PullInstances"),
    "OpenEnumerateInstances": lambda c: _opened(c.OpenEnumerateInstances("T_Disk", **ONE)),
    "Open...Instances filter": lambda c: _opened(c.OpenEnumerateInstances("T_Disk", **FQL)),
    PULL: lambda c: _walk(c, c.OpenEnumerateInstances("T_Disk", **ONE), PULL),
    "PullInstancePaths": lambda c: _walk(
        c, c.OpenEnumerateInstancePaths("T_Disk", **ONE), "PullInstancePaths"
    ),
    "CloseEnumeration": _closed,
    "EnumerationCount": _counted,
    "EnumerationCount absent": lambda c: c.EnumerationCount(("no", "root/cimv2")),
    "OpenAssociatorInstances": lambda c: _opened(c.OpenAssociatorInstances(DISK, **MANY)),
    "OpenAssociatorInstancePaths": lambda c: _opened(c.OpenAssociatorInstancePaths(DISK, **MANY)),
    "OpenReferenceInstances": lambda c: _opened(c.OpenReferenceInstances(DISK, **MANY)),
    "OpenReferenceInstancePaths": lambda c: _opened(c.OpenReferenceInstancePaths(DISK, **MANY)),
    "IterEnumerateInstances": lambda c: list(c.IterEnumerateInstances("T_Disk", **ONE)),
    "IterEnumerateInstancePaths": lambda c: list(c.IterEnumerateInstancePaths("T_Disk", **ONE)),
    "IterAssociatorInstances": lambda c: list(c.IterAssociatorInstances(DISK, **ONE)),
    "IterAssociatorInstancePaths": lambda c: list(c.IterAssociatorInstancePaths(DISK, **ONE)),
    "IterReferenceInstances": lambda c: list(c.IterReferenceInstances(DISK, **ONE)),
    "IterReferenceInstancePaths": lambda c: list(c.IterReferenceInstancePaths(DISK, **ONE)),
    "IterQueryInstances": lambda c: list(c.IterQueryInstances(*WQL, **ONE).generator),
}
# The released package does not have these.
NEWER = ("EnumerationCount", "EnumerationCount absent")


def session(conn: Any) -> List[Tuple[str, Any]]:
    """The name and the shown result, or exception, of each step."""
    results = []
    for name, step in STEPS.items():
        if name in NEWER and not hasattr(conn, name.split()[0]):
            continue
        try:
            result = shown(step(conn))
        except pywbem.CIMError as exc:
            result = f"{type(exc).__name__} {exc.status_code_name}"
        results.append((name, result))
    return results


if __name__ == "__main__":
    with pywbem.WBEMConnection(sys.argv[1], timeout=30, use_pull_operations=True) as connection:
        json.dump(session(connection), sys.stdout)
