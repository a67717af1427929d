"""
Servers of which snapshots are taken, and what clients see of them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Optional

import pywbem
from pywbem_mock import FakedWBEMConnection, WBEMServerThread
from pywbem_mock.snapshot import Settings, load_snapshot, take_snapshot

NAMESPACE = "root/cimv2"

MOF = """
Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride, ToSubclass);
Qualifier Abstract : boolean = false, Scope(class, association, indication), Flavor(Restricted);
Qualifier Association : boolean = false, Scope(association), Flavor(DisableOverride, ToSubclass);
Qualifier Description : string = null, Scope(any), Flavor(Translatable);
Qualifier EmbeddedInstance : string = null, Scope(property, method, parameter);
Qualifier Override : string = null, Scope(property, reference, method), Flavor(Restricted);
Qualifier Values : string[], Scope(property, method), Flavor(Translatable);
[Abstract] class T_Element { [Key] string Id; string Caption; };
[Description("A disk")] class T_Disk : T_Element {
  uint64 Size = 7; uint16 States[]; datetime Since; boolean Ok; real64 Load; char16 Letter;
  [EmbeddedInstance("T_Setting")] string Setting;
  [Description("Erases"), Values{"a", "b"}] uint32 Erase([Description("how")] uint8 Times);
};
class T_BigDisk : T_Disk { [Override("Caption"), Description("long")] string Caption; };
class T_Setting { [Key] uint32 Number; real32 Ratio; };
class T_Real { [Key] real64 R; string Text; };
[Association] class T_Beside { [Key] T_Disk REF Left; [Key] T_Disk REF Right; };
instance of T_Disk as $a { Id = "a"; Size = 5; States = {1, 2}; Caption = "x\\"\\\\\\n\\ty"; };
instance of T_BigDisk as $b { Id = "b\u00e4&<"; Since = "20240102030405.000006+060"; Ok = true; };
instance of T_Beside { Left = $a; Right = $b; };
"""


def faked(mof: str = MOF) -> FakedWBEMConnection:
    """A server with the classes and a few instances."""
    conn = FakedWBEMConnection(default_namespace=NAMESPACE)
    conn.compile_mof_string(mof)
    return conn


def put(conn: FakedWBEMConnection, obj: Any, namespace: str = NAMESPACE) -> None:
    """Put an object into the repository as it is, as a provider of a real server gives it."""
    repository = conn.cimrepository
    if isinstance(obj, pywbem.CIMClass):
        repository.get_class_store(namespace).create(obj.classname, obj)
    elif isinstance(obj, pywbem.CIMQualifierDeclaration):
        store = repository.get_qualifier_store(namespace)
        (store.update if store.object_exists(obj.name) else store.create)(obj.name, obj)
    else:
        obj.path.namespace = namespace
        repository.get_instance_store(namespace).create(obj.path, obj)


def seen(conn: FakedWBEMConnection) -> Dict[str, Any]:
    """What clients receive of a server, with paths that say nothing of where it is."""
    result: Dict[str, Any] = {}
    with WBEMServerThread(conn) as server, pywbem.WBEMConnection(server.url) as client:
        for namespace in conn.namespaces:
            names = client.EnumerateClassNames(namespace, DeepInheritance=True)
            result[namespace, "names"] = names
            result[namespace, "qualifiers"] = client.EnumerateQualifiers(namespace)
            for name in names:
                cls = client.GetClass(
                    name,
                    namespace,
                    LocalOnly=False,
                    IncludeQualifiers=True,
                    IncludeClassOrigin=True,
                )
                cls.path = None
                for prop in cls.properties.values():
                    if prop.value != prop.value:
                        prop._value = "NaN"
                result[namespace, name] = cls
                instances = client.EnumerateInstances(name, namespace)
                paths = client.EnumerateInstanceNames(name, namespace)
                result[namespace, name, "instances"] = [
                    (str(path), xml(inst)) for path, inst in in_order(paths, instances)
                ]
    return result


def xml(instance: pywbem.CIMInstance) -> str:
    """A form of an instance that is equal for NaN, too."""
    instance.path = None
    return str(instance.tocimxmlstr())


def in_order(paths: List[Any], instances: List[Any]) -> Any:
    """Paths and instances in the order of the paths."""
    return sorted(zip(paths, instances), key=lambda pair: str(pair[0]))


def snapshot_of(
    conn: FakedWBEMConnection, directory: Path, settings: Optional[Settings] = None
) -> Dict[str, Any]:
    """Take a snapshot of a server over HTTP."""
    with WBEMServerThread(conn) as server, pywbem.WBEMConnection(
        server.url, use_pull_operations=None
    ) as client:
        return take_snapshot(client, str(directory), settings)


def loaded(directory: Path) -> FakedWBEMConnection:
    """A server that a snapshot has filled."""
    conn = FakedWBEMConnection(default_namespace=NAMESPACE)
    load_snapshot(conn, str(directory))
    return conn
