"""
What each operation sends for its arguments, and which arguments it rejects.
"""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

import pytest

from pywbem._cim_obj import (
    CIMClass,
    CIMClassName,
    CIMInstance,
    CIMInstanceName,
    CIMProperty,
    CIMQualifierDeclaration,
)
from pywbem._cim_types import Uint8, Uint32
from pywbem._cim_xml.records import ExportCall, IntrinsicCall
from tests.unit.test_cim_operations.fake import NAMESPACE, RecordConnection, returned

NAME = CIMInstanceName("C", {"k": "v"})
NAME_NS = CIMInstanceName("C", {"k": "v"}, namespace="a/b", host="h")
CLASS = CIMClassName("C")
CLASS_NS = CIMClassName("C", namespace="a/b", host="h")
INST = CIMInstance("C", [CIMProperty("p", Uint8(1))])
INST_PATH = CIMInstance("C", [CIMProperty("p", Uint8(1))], path=NAME)
INST_PATH_NS = CIMInstance("C", [CIMProperty("p", Uint8(1))], path=NAME_NS)
DECLARATION = CIMClass("C")
DECLARATION_NS = CIMClass("C", path=CLASS_NS)
QUALIFIER = CIMQualifierDeclaration("Q", "string")

FLAGS = {"LocalOnly": True, "IncludeQualifiers": False, "IncludeClassOrigin": True}
FILTER = {"FilterQueryLanguage": "L", "FilterQuery": "q"}
LIMITS = {"OperationTimeout": 3, "ContinueOnError": False, "MaxObjectCount": 7}
SOURCE = {"AssocClass": CLASS_NS, "ResultClass": "R", "Role": "r", "ResultRole": "rr"}
SENT_SOURCE = [
    ("AssocClass", CLASS),
    ("ResultClass", CIMClassName("R")),
    ("Role", "r"),
    ("ResultRole", "rr"),
]
REFERENCE = {"ResultClass": "R", "Role": "r"}
SENT_REFERENCE = [("ResultClass", CIMClassName("R")), ("Role", "r")]
INSTANCE_PROPERTIES = [
    ("IncludeClassOrigin", True),
    ("PropertyList", ["p"]),
]

# (operation, arguments, namespace, parameters in the order in which they are sent)
SENT: List[Tuple[str, Dict[str, Any], str, List[Tuple[str, Any]]]] = [
    ("EnumerateInstances", {"ClassName": "C"}, NAMESPACE, [("ClassName", CLASS)]),
    (
        "EnumerateInstances",
        {"ClassName": CLASS_NS, "PropertyList": ("a", "b"), "DeepInheritance": True, **FLAGS},
        "a/b",
        [
            ("ClassName", CLASS),
            ("LocalOnly", True),
            ("DeepInheritance", True),
            ("IncludeQualifiers", False),
            ("IncludeClassOrigin", True),
            ("PropertyList", ["a", "b"]),
        ],
    ),
    (
        "EnumerateInstances",
        {"ClassName": CLASS_NS, "namespace": "/x//y/"},
        "x//y",
        [("ClassName", CLASS)],
    ),
    ("EnumerateInstanceNames", {"ClassName": "C", "namespace": "n"}, "n", [("ClassName", CLASS)]),
    (
        "GetInstance",
        {"InstanceName": NAME_NS, "PropertyList": "p", **FLAGS},
        "a/b",
        [
            ("InstanceName", NAME),
            ("LocalOnly", True),
            ("IncludeQualifiers", False),
            ("IncludeClassOrigin", True),
            ("PropertyList", ["p"]),
        ],
    ),
    ("GetInstance", {"InstanceName": NAME, "PropertyList": []}, NAMESPACE,
     [("InstanceName", NAME), ("PropertyList", [])]),
    ("DeleteInstance", {"InstanceName": NAME_NS}, "a/b", [("InstanceName", NAME)]),
    ("CreateInstance", {"NewInstance": INST}, NAMESPACE, [("NewInstance", INST)]),
    ("CreateInstance", {"NewInstance": INST_PATH}, NAMESPACE, [("NewInstance", INST)]),
    ("CreateInstance", {"NewInstance": INST_PATH_NS}, "a/b", [("NewInstance", INST)]),
    ("CreateInstance", {"NewInstance": INST_PATH_NS, "namespace": "n"}, "n",
     [("NewInstance", INST)]),
    (
        "ModifyInstance",
        {"ModifiedInstance": INST_PATH_NS, "IncludeQualifiers": True, "PropertyList": ["p"]},
        "a/b",
        [
            ("ModifiedInstance", INST_PATH),
            ("IncludeQualifiers", True),
            ("PropertyList", ["p"]),
        ],
    ),
    ("EnumerateClasses", {}, NAMESPACE, []),
    (
        "EnumerateClasses",
        {"ClassName": CLASS_NS, "DeepInheritance": False, **FLAGS},
        "a/b",
        [
            ("ClassName", CLASS),
            ("DeepInheritance", False),
            ("LocalOnly", True),
            ("IncludeQualifiers", False),
            ("IncludeClassOrigin", True),
        ],
    ),
    (
        "EnumerateClassNames",
        {"ClassName": "C", "DeepInheritance": True},
        NAMESPACE,
        [("ClassName", CLASS), ("DeepInheritance", True)],
    ),
    (
        "GetClass",
        {"ClassName": "C", "namespace": "n", "PropertyList": ["p"], **FLAGS},
        "n",
        [
            ("ClassName", CLASS),
            ("LocalOnly", True),
            ("IncludeQualifiers", False),
            ("IncludeClassOrigin", True),
            ("PropertyList", ["p"]),
        ],
    ),
    ("DeleteClass", {"ClassName": CLASS_NS}, "a/b", [("ClassName", CLASS)]),
    ("CreateClass", {"NewClass": DECLARATION_NS}, NAMESPACE, [("NewClass", DECLARATION_NS)]),
    ("ModifyClass", {"ModifiedClass": DECLARATION, "namespace": "n"}, "n",
     [("ModifiedClass", DECLARATION)]),
    ("EnumerateQualifiers", {"namespace": "n"}, "n", []),
    ("GetQualifier", {"QualifierName": "Q"}, NAMESPACE, [("QualifierName", "Q")]),
    ("DeleteQualifier", {"QualifierName": "Q"}, NAMESPACE, [("QualifierName", "Q")]),
    ("SetQualifier", {"QualifierDeclaration": QUALIFIER}, NAMESPACE,
     [("QualifierDeclaration", QUALIFIER)]),
    (
        "Associators",
        {"ObjectName": NAME_NS, "PropertyList": "p", "IncludeQualifiers": True,
         "IncludeClassOrigin": True, **SOURCE},
        "a/b",
        [("ObjectName", NAME), *SENT_SOURCE, ("IncludeQualifiers", True), *INSTANCE_PROPERTIES],
    ),
    ("AssociatorNames", {"ObjectName": "C", **SOURCE}, NAMESPACE,
     [("ObjectName", CLASS), *SENT_SOURCE]),
    (
        "References",
        {"ObjectName": CLASS_NS, "PropertyList": "p", "IncludeQualifiers": True,
         "IncludeClassOrigin": True, **REFERENCE},
        "a/b",
        [("ObjectName", CLASS), *SENT_REFERENCE, ("IncludeQualifiers", True),
         *INSTANCE_PROPERTIES],
    ),
    ("ReferenceNames", {"ObjectName": NAME, **REFERENCE}, NAMESPACE,
     [("ObjectName", NAME), *SENT_REFERENCE]),
    ("ExecQuery", {"QueryLanguage": "L", "Query": "q"}, NAMESPACE,
     [("QueryLanguage", "L"), ("Query", "q")]),
    (
        "OpenEnumerateInstances",
        {"ClassName": "C", "DeepInheritance": True, "IncludeClassOrigin": True,
         "PropertyList": "p", **FILTER, **LIMITS},
        NAMESPACE,
        [("ClassName", CLASS), ("DeepInheritance", True), *INSTANCE_PROPERTIES,
         *FILTER.items(), *LIMITS.items()],
    ),
    ("OpenEnumerateInstancePaths", {"ClassName": CLASS_NS, **FILTER, **LIMITS}, "a/b",
     [("ClassName", CLASS), *FILTER.items(), *LIMITS.items()]),
    (
        "OpenAssociatorInstances",
        {"InstanceName": NAME_NS, "IncludeClassOrigin": True, "PropertyList": "p", **SOURCE,
         **FILTER, **LIMITS},
        "a/b",
        [("InstanceName", NAME), *SENT_SOURCE, *INSTANCE_PROPERTIES, *FILTER.items(),
         *LIMITS.items()],
    ),
    ("OpenAssociatorInstancePaths", {"InstanceName": NAME, **SOURCE, **FILTER, **LIMITS},
     NAMESPACE, [("InstanceName", NAME), *SENT_SOURCE, *FILTER.items(), *LIMITS.items()]),
    (
        "OpenReferenceInstances",
        {"InstanceName": NAME, "IncludeClassOrigin": True, "PropertyList": "p", **REFERENCE,
         **FILTER, **LIMITS},
        NAMESPACE,
        [("InstanceName", NAME), *SENT_REFERENCE, *INSTANCE_PROPERTIES, *FILTER.items(),
         *LIMITS.items()],
    ),
    ("OpenReferenceInstancePaths", {"InstanceName": NAME, **REFERENCE, **FILTER, **LIMITS},
     NAMESPACE, [("InstanceName", NAME), *SENT_REFERENCE, *FILTER.items(), *LIMITS.items()]),
    ("OpenQueryInstances",
     {"ReturnQueryResultClass": False, "namespace": "n", **FILTER, **LIMITS}, "n",
     [*FILTER.items(), ("ReturnQueryResultClass", False), *LIMITS.items()]),
    ("PullInstancesWithPath", {"context": ("x", "a/b"), "MaxObjectCount": Uint32(5)}, "a/b",
     [("EnumerationContext", "x"), ("MaxObjectCount", 5)]),
    ("PullInstancePaths", {"context": ["x", "/a/b/"], "MaxObjectCount": 0}, "a/b",
     [("EnumerationContext", "x"), ("MaxObjectCount", 0)]),
    ("PullInstances", {"context": ("x", "a/b"), "MaxObjectCount": None}, "a/b",
     [("EnumerationContext", "x")]),
    ("CloseEnumeration", {"context": ("x", "a/b")}, "a/b", [("EnumerationContext", "x")]),
    ("CloseEnumeration", {"context": (None, "a/b")}, "a/b", []),
    ("EnumerationCount", {"context": ("x", "a/b")}, "a/b", [("EnumerationContext", "x")]),
]  # fmt: skip


def answer_for(operation: str) -> Any:
    """A response that the operation accepts."""
    if operation.startswith(("Open", "Pull")):
        return returned(EndOfSequence=True)
    objects = {
        "GetInstance": CIMInstance("C"),
        "GetClass": CIMClass("C"),
        "GetQualifier": QUALIFIER,
        "CreateInstance": CIMInstanceName("C", {"k": "v"}),
    }
    return returned(objects[operation]) if operation in objects else None


@pytest.mark.parametrize(
    "operation, args, namespace, params", SENT, ids=[f"{row[0]}-{i}" for i, row in enumerate(SENT)]
)
def test_sent(
    operation: str, args: Dict[str, Any], namespace: str, params: List[Tuple[str, Any]]
) -> None:
    """The call record that an operation makes of its arguments."""
    answer = answer_for(operation)
    conn = RecordConnection(*([answer] if answer else []))
    getattr(conn, operation)(**args)
    assert conn.calls == [IntrinsicCall(operation, namespace, params)]


@pytest.mark.parametrize(
    "path, name",
    [(NAME_NS, "GetInstance"), (INST_PATH_NS, "CreateInstance"), (INST_PATH_NS, "ModifyInstance")],
    ids=["GetInstance", "CreateInstance", "ModifyInstance"],
)
def test_arguments_are_not_changed(path: Any, name: str) -> None:
    """An operation sends paths without namespace, but leaves the caller's alone."""
    before = path.copy()
    answer = answer_for(name)
    conn = RecordConnection(*([answer] if answer else []))
    getattr(conn, name)(path)
    assert path == before


def test_export_indication_sends_no_path() -> None:
    conn = RecordConnection()
    conn.ExportIndication(INST_PATH_NS)
    assert conn.calls == [ExportCall("ExportIndication", [("NewIndication", INST)])]


CONTEXT = {"context": ("x", "n"), "MaxObjectCount": 1}

# (id, operation, arguments, exception, text in its message)
REJECTED: List[Tuple[str, str, Dict[str, Any], type, str]] = [
    ("instance-name-none", "GetInstance", {"InstanceName": None}, TypeError, "InstanceName"),
    ("instance-name-str", "GetInstance", {"InstanceName": "C"}, TypeError, "CIMInstanceName"),
    ("instance-name-class", "DeleteInstance", {"InstanceName": CLASS}, TypeError, "CIMClassName"),
    ("instance-name-instance", "GetInstance", {"InstanceName": INST_PATH}, TypeError, "path"),
    ("flag-str", "GetInstance", {"InstanceName": NAME, "LocalOnly": "true"}, TypeError, "bool"),
    ("flag-int", "GetClass", {"ClassName": "C", "IncludeQualifiers": 1}, TypeError, "bool"),
    ("class-none", "EnumerateInstances", {"ClassName": None}, TypeError, "ClassName"),
    ("class-bytes", "GetClass", {"ClassName": b"C"}, TypeError, "bytes"),
    ("class-instance-name", "DeleteClass", {"ClassName": NAME}, TypeError, "CIMInstanceName"),
    ("optional-class", "EnumerateClasses", {"ClassName": 5}, TypeError, "ClassName"),
    ("assoc-class", "Associators", {"ObjectName": "C", "AssocClass": NAME}, TypeError, "Assoc"),
    ("namespace-int", "EnumerateClasses", {"namespace": 5}, TypeError, "namespace"),
    ("namespace-path", "GetClass", {"ClassName": "C", "namespace": CLASS}, TypeError, "namespace"),
    ("object-none", "References", {"ObjectName": None}, TypeError, "ObjectName"),
    ("object-instance", "AssociatorNames", {"ObjectName": INST}, TypeError, "CIMInstance"),
    ("list-set", "GetClass", {"ClassName": "C", "PropertyList": {"p"}}, TypeError, "set"),
    ("list-iterator", "GetClass", {"ClassName": "C", "PropertyList": iter("p")}, TypeError, "list"),
    ("list-dict", "GetClass", {"ClassName": "C", "PropertyList": {"p": 1}}, TypeError, "dict"),
    ("role-int", "References", {"ObjectName": "C", "Role": 5}, TypeError, "Role"),
    ("qualifier-none", "GetQualifier", {"QualifierName": None}, TypeError, "QualifierName"),
    ("new-none", "CreateInstance", {"NewInstance": None}, TypeError, "NewInstance"),
    ("new-class", "CreateInstance", {"NewInstance": DECLARATION}, TypeError, "CIMInstance"),
    ("modified-no-path", "ModifyInstance", {"ModifiedInstance": INST}, ValueError, "path"),
    ("modified-str", "ModifyInstance", {"ModifiedInstance": "C"}, TypeError, "CIMInstance"),
    ("new-class-none", "CreateClass", {"NewClass": None}, TypeError, "NewClass"),
    ("modified-class-inst", "ModifyClass", {"ModifiedClass": INST}, TypeError, "CIMClass"),
    ("declaration-str", "SetQualifier", {"QualifierDeclaration": "Q"}, TypeError, "Qualifier"),
    ("query-none", "ExecQuery", {"QueryLanguage": "L", "Query": None}, TypeError, "Query"),
    ("indication-none", "ExportIndication", {"NewIndication": None}, TypeError, "NewIndication"),
    ("count-negative", "PullInstances", {**CONTEXT, "MaxObjectCount": -1}, ValueError, "-1"),
    ("count-float", "PullInstances", {**CONTEXT, "MaxObjectCount": 1.5}, TypeError, "float"),
    ("timeout-negative", "OpenEnumerateInstances", {"ClassName": "C", "OperationTimeout": -3},
     ValueError, "OperationTimeout"),
    ("timeout-str", "OpenQueryInstances", {**FILTER, "OperationTimeout": "3"}, TypeError, "str"),
    ("filter-int", "OpenEnumerateInstancePaths", {"ClassName": "C", "FilterQuery": 5}, TypeError,
     "FilterQuery"),
    ("context-none", "PullInstancePaths", {**CONTEXT, "context": None}, ValueError, "context"),
    ("context-str", "PullInstancesWithPath", {**CONTEXT, "context": "x"}, TypeError, "context"),
    ("context-short", "CloseEnumeration", {"context": ("x",)}, ValueError, "1 items"),
    ("context-long", "CloseEnumeration", {"context": ("x", "y", "z")}, ValueError, "3 items"),
    ("context-end", "EnumerationCount", {"context": None}, ValueError, "to its end"),
    ("context-namespace", "CloseEnumeration", {"context": ("x", None)}, TypeError, "context"),
    ("method-none", "InvokeMethod", {"MethodName": None, "ObjectName": "C"}, TypeError, "Method"),
    ("target-none", "InvokeMethod", {"MethodName": "M", "ObjectName": None}, TypeError, "Object"),
    ("subclass-int", "is_subclass", {"namespace": "n", "klass": 5, "superclass": "C"}, TypeError,
     "klass"),
    ("superclass-path", "is_subclass", {"namespace": "n", "klass": "C", "superclass": CLASS},
     TypeError, "superclass"),
]  # fmt: skip


@pytest.mark.parametrize(
    "operation, args, exception, text", [row[1:] for row in REJECTED], ids=[r[0] for r in REJECTED]
)
def test_rejected(operation: str, args: Dict[str, Any], exception: type, text: str) -> None:
    """A wrong argument raises an exception that names it, and nothing is sent."""
    conn = RecordConnection()
    with pytest.raises(exception) as excinfo:  # type: ignore[call-overload]
        getattr(conn, operation)(**args)
    assert type(excinfo.value) is exception
    assert text in str(excinfo.value)
    assert conn.calls == []
