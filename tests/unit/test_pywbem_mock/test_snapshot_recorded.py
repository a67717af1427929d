"""
Snapshots of what a real OpenPegasus has: its recorded answers, put into a repository as they are.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any, Iterator

import pywbem
from pywbem import CIMClass, CIMInstance, CIMProperty, CIMQualifier
from pywbem._cim_xml.read import objects
from pywbem._cim_xml.read.tree import parse
from pywbem_mock import FakedWBEMConnection
from pywbem_mock.snapshot import Settings
from tests.shared_data import RECORDED, needs
from tests.unit.test_pywbem_mock.snapshots import loaded, put, seen, snapshot_of

DECODERS = {
    "CLASS": objects.class_,
    "QUALIFIER.DECLARATION": objects.qualifier_declaration,
    "VALUE.NAMEDINSTANCE": objects.value_namedinstance,
    "VALUE.OBJECTWITHPATH": objects.value_objectwithpath,
    "VALUE.INSTANCEWITHPATH": objects.value_instancewithpath,
}

#: Numbers of the exchanges whose answers have objects, and the namespaces of these.
EXCHANGES = [
    ("004", "root/cimv2"),
    ("003", "root/cimv2"),
    ("005", "root/cimv2"),
    ("012", "root/benchmark"),
    ("013", "root/SampleProvider"),
    ("014", "root/PG_InterOp"),
    ("015", "root/PG_InterOp"),
    ("016", "root/PG_InterOp"),
    ("020", "root/PG_InterOp"),
    ("022", "root/SampleProvider"),
    ("024", "root/SampleProvider"),
    ("038", "root/SampleProvider"),
]


def answered(number: str) -> Iterator[Any]:
    """The objects of an answer."""
    (path,) = RECORDED.glob(f"{number}-*.response.http")
    body = path.read_bytes().split(b"<?xml", 1)[1]
    root = parse(b"<?xml" + body, "response")
    for child in next(root.iter("IRETURNVALUE")):
        if child.tag in DECODERS:
            yield DECODERS[child.tag](child)


def flavored(name: str, **flavors: Any) -> CIMQualifier:
    told: Any = {"overridable": False, "tosubclass": True, "translatable": False}
    return CIMQualifier(name, True, propagated=False, **{**told, "toinstance": True, **flavors})


def class_for(instance: CIMInstance) -> CIMClass:
    """A class of which an instance can be, for one that was not recorded."""
    path: Any = instance.path
    name = instance.classname
    properties = [
        CIMProperty(
            prop.name,
            None,
            type=prop.type,
            is_array=prop.is_array,
            reference_class=prop.reference_class,
            class_origin=name,
            propagated=False,
            qualifiers=[flavored("Key")] if prop.name in path.keybindings else [],
        )
        for prop in instance.properties.values()
    ]
    association = any(prop.type == "reference" for prop in properties)
    qualifiers = [flavored("Association", toinstance=False)] if association else []
    return CIMClass(name, properties, qualifiers=qualifiers)


def pegasus() -> FakedWBEMConnection:
    """A server with the recorded objects."""
    conn = FakedWBEMConnection()
    repository = conn.cimrepository
    declarations = list(answered(EXCHANGES[0][0]))
    for namespace in dict.fromkeys(namespace for _, namespace in EXCHANGES):
        if not repository.has_namespace(namespace):
            repository.add_namespace(namespace)
        for declaration in declarations:
            put(conn, declaration, namespace)
    for number, namespace in EXCHANGES[1:]:
        classes = repository.get_class_store(namespace)
        instances = repository.get_instance_store(namespace)
        for obj in answered(number):
            if isinstance(obj, CIMInstance):
                path: Any = obj.path
                path.host, path.namespace = None, namespace
                if not classes.object_exists(obj.classname):
                    put(conn, class_for(obj), namespace)
                if not instances.object_exists(path):
                    put(conn, obj, namespace)
                continue
            if obj.superclass and not classes.object_exists(obj.superclass):
                put(conn, CIMClass(obj.superclass), namespace)
            if not classes.object_exists(obj.classname):
                put(conn, obj, namespace)
    return conn


@needs(RECORDED)
def test_recorded_server(tmp_path: Path) -> None:
    """Class names, classes, qualifier declarations, instance names and instances are equal."""
    with warnings.catch_warnings():
        # Servers deviate from the schema.
        warnings.simplefilter("ignore", pywbem.Warning)
        conn = pegasus()
        summary = snapshot_of(conn, tmp_path / "s", Settings(namespaces=list(conn.namespaces)))
        assert summary["failures"] == []
        assert summary["namespaces"]["root/PG_InterOp"]["counts"]["instances"] == 229
        assert seen(loaded(tmp_path / "s")) == seen(conn)
