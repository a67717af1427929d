"""
What the operations return for response records, and which responses they
reject.
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple

import pytest

from pywbem._cim_obj import (
    CIMClass,
    CIMClassName,
    CIMInstance,
    CIMInstanceName,
    CIMQualifierDeclaration,
)
from pywbem._cim_operations import (
    pull_inst_result_tuple,
    pull_path_result_tuple,
    pull_query_result_tuple,
)
from pywbem._cim_types import Uint64
from pywbem._exceptions import CIMError, CIMXMLParseError
from tests.unit.test_cim_operations.fake import (
    HOST,
    RecordConnection,
    failure,
    returned,
)

SOURCE = CIMInstanceName("S", {"s": "t"}, namespace="n/s", host="hs")
SOURCE_CLASS = CIMClassName("S", namespace="n/s")


def name(namespace: Any = None, host: Any = None) -> CIMInstanceName:
    return CIMInstanceName("C", {"k": "v"}, namespace=namespace, host=host)


def inst(path: Any = None) -> CIMInstance:
    return CIMInstance("C", {"p": "x"}, path=path)


def klass(path: Any = None) -> CIMClass:
    return CIMClass("C", path=path)


def class_path(namespace: Any = "n/s", host: Any = HOST) -> CIMClassName:
    return CIMClassName("C", namespace=namespace, host=host)


QUALIFIER = CIMQualifierDeclaration("Q", "string")

# (id, operation, arguments, returned objects, return value)
RETURNED: List[Tuple[str, str, Tuple[Any, ...], List[Any], Any]] = [
    ("instances", "EnumerateInstances", ("C", "n/s"), [inst(name()), inst(name("x", "h"))],
     [inst(name("n/s")), inst(name("n/s", "h"))]),
    ("no-instances", "EnumerateInstances", ("C",), [], []),
    ("paths", "EnumerateInstanceNames", ("C", "n/s"), [name(), name("x", "h")],
     [name("n/s"), name("n/s", "h")]),
    ("instance", "GetInstance", (SOURCE,), [inst(name("x", "y"))],
     inst(CIMInstanceName("S", {"s": "t"}, namespace="n/s"))),
    ("created", "CreateInstance", (inst(), "n/s"), [name()], name("n/s")),
    ("classes", "EnumerateClasses", ("n/s",), [klass()], [klass(class_path())]),
    ("class-names", "EnumerateClassNames", ("n/s",), [class_path(), CIMClassName("D")], ["C", "D"]),
    ("class", "GetClass", ("C", "n/s"), [klass()], klass(class_path())),
    ("qualifiers", "EnumerateQualifiers", (), [QUALIFIER], [QUALIFIER]),
    ("qualifier", "GetQualifier", ("Q",), [QUALIFIER], QUALIFIER),
    ("associators", "Associators", (SOURCE,), [inst(name("x", "h")), inst(name("x"))],
     [inst(name("x", "h")), inst(name("x"))]),
    ("associators-of-class", "Associators", (SOURCE_CLASS,), [klass(class_path("x", "h"))],
     [(class_path("x", "h"), klass(class_path("x", "h")))]),
    ("associator-names", "AssociatorNames", (SOURCE,), [name("x", "h")], [name("x", "h")]),
    ("associator-names-of-class", "AssociatorNames", ("S",), [class_path("x", "h")],
     [class_path("x", "h")]),
    ("references", "References", (SOURCE,), [inst(name("x", "h"))], [inst(name("x", "h"))]),
    ("references-of-class", "References", ("S",), [klass(class_path("x"))],
     [(class_path("x"), klass(class_path("x")))]),
    ("reference-names", "ReferenceNames", (SOURCE,), [name("x", "h")], [name("x", "h")]),
    ("query", "ExecQuery", ("L", "q", "n/s"), [inst(), inst(name("x", "h"))],
     [inst(CIMInstanceName("C", namespace="n/s")), inst(name("n/s", "h"))]),
]  # fmt: skip


@pytest.mark.filterwarnings("ignore::pywbem._warnings.MissingKeybindingsWarning")
@pytest.mark.parametrize(
    "operation, args, objects, expected",
    [row[1:] for row in RETURNED],
    ids=[row[0] for row in RETURNED],
)
def test_returned(operation: str, args: Tuple[Any, ...], objects: List[Any], expected: Any) -> None:
    """The return value, with the paths completed."""
    conn = RecordConnection(returned(*objects))
    assert getattr(conn, operation)(*args) == expected


COUNTS = {
    "number": (["5"], 5),
    "spaces": ([" 05\n"], 5),
    "hexadecimal": (["0x1F"], 31),
    "largest": ([str(2**64 - 1)], 2**64 - 1),
    "of-a-mock": ([Uint64(7)], 7),
    "not-known": ([], None),
    "null": ([None], None),
    "empty": ([""], None),
}


@pytest.mark.parametrize("objects, expected", COUNTS.values(), ids=COUNTS)
def test_count(objects: List[Any], expected: Optional[int]) -> None:
    """The count of an enumeration, which comes without its type, or None."""
    count = RecordConnection(returned(*objects)).EnumerationCount(("x", "n"))
    assert (type(count), count) == (type(None) if expected is None else Uint64, expected)


def test_count_without_return_value() -> None:
    """A server that does not know the count may return nothing."""
    assert RecordConnection().EnumerationCount(("x", "n")) is None


VOID: List[Tuple[str, Tuple[Any, ...]]] = [
    ("ModifyInstance", (inst(name()),)),
    ("DeleteInstance", (name(),)),
    ("CreateClass", (klass(),)),
    ("ModifyClass", (klass(),)),
    ("DeleteClass", ("C",)),
    ("SetQualifier", (QUALIFIER,)),
    ("DeleteQualifier", ("Q",)),
    ("CloseEnumeration", (("x", "n"),)),
    ("ExportIndication", (inst(),)),
]


@pytest.mark.parametrize("operation, args", VOID, ids=[row[0] for row in VOID])
def test_void(operation: str, args: Tuple[Any, ...]) -> None:
    """Operations that return nothing return None."""
    assert getattr(RecordConnection(), operation)(*args) is None


@pytest.mark.parametrize("operation, args", VOID[:-1], ids=[row[0] for row in VOID[:-1]])
def test_void_with_result(operation: str, args: Tuple[Any, ...]) -> None:
    """A return value of an operation that has none is an error, even an empty one."""
    with pytest.raises(CIMXMLParseError, match=operation):
        getattr(RecordConnection(returned()), operation)(*args)


WRONG: List[Tuple[str, str, Tuple[Any, ...], Any]] = [
    ("instances-class", "EnumerateInstances", ("C",), returned(klass())),
    ("instances-second", "EnumerateInstances", ("C",), returned(inst(name()), name())),
    ("instances-no-path", "EnumerateInstances", ("C",), returned(inst())),
    ("count-text", "EnumerationCount", (("x", "n"),), returned("many")),
    ("count-negative", "EnumerationCount", (("x", "n"),), returned("-1")),
    ("count-large", "EnumerationCount", (("x", "n"),), returned(str(2**64))),
    ("count-array", "EnumerationCount", (("x", "n"),), returned(["1"])),
    ("count-path", "EnumerationCount", (("x", "n"),), returned(name())),
    ("count-param", "EnumerationCount", (("x", "n"),), returned("1", Count=1)),
    ("instances-param", "EnumerateInstances", ("C",), returned(EndOfSequence=True)),
    ("paths-instance", "EnumerateInstanceNames", ("C",), returned(inst(name()))),
    ("instance-nothing", "GetInstance", (SOURCE,), returned()),
    ("instance-name", "GetInstance", (SOURCE,), returned(name())),
    ("class-instance", "GetClass", ("C",), returned(inst())),
    ("class-nothing", "GetClass", ("C",), returned()),
    ("class-names-str", "EnumerateClassNames", (), returned("C")),
    ("qualifier-class", "GetQualifier", ("Q",), returned(klass())),
    ("created-instance", "CreateInstance", (inst(),), returned(inst())),
    ("created-nothing", "CreateInstance", (inst(),), returned()),
    ("associators-class", "Associators", (SOURCE,), returned(klass(class_path()))),
    ("associators-of-class-instance", "Associators", ("S",), returned(inst(name("x", "h")))),
    ("references-of-class-no-path", "References", ("S",), returned(klass())),
    ("names-class", "ReferenceNames", (SOURCE,), returned(class_path())),
    ("names-of-class-instance", "AssociatorNames", ("S",), returned(name())),
    ("query-class", "ExecQuery", ("L", "q"), returned(klass())),
    ("open-class", "OpenEnumerateInstances", ("C",), returned(klass(), EndOfSequence=True)),
    ("open-paths", "OpenEnumerateInstancePaths", ("C",), returned(inst(), EndOfSequence=True)),
    ("pull-paths", "PullInstancePaths", (("x", "n"), 1), returned(inst(), EndOfSequence=True)),
    ("open-nothing", "OpenEnumerateInstances", ("C",), returned()),
    ("open-no-context", "OpenEnumerateInstances", ("C",), returned(EndOfSequence=False)),
    ("open-null-context", "OpenEnumerateInstances", ("C",),
     returned(EndOfSequence="false", EnumerationContext=None)),
    ("open-array-context", "OpenEnumerateInstances", ("C",),
     returned(EndOfSequence=False, EnumerationContext=["x"])),
    ("open-reference-context", "OpenEnumerateInstances", ("C",),
     returned(EndOfSequence=False, EnumerationContext=name())),
    ("open-embedded-context", "OpenEnumerateInstances", ("C",),
     returned(EndOfSequence=False, EnumerationContext=inst())),
    ("open-bad-end", "OpenEnumerateInstances", ("C",),
     returned(EndOfSequence="maybe", EnumerationContext="x")),
    ("open-lower-case", "OpenEnumerateInstances", ("C",),
     returned(endofsequence=True, enumerationcontext="x")),
    ("query-no-class", "OpenQueryInstances", ("L", "q", None, True), returned(EndOfSequence=True)),
    ("query-class-str", "OpenQueryInstances", ("L", "q", None, True),
     returned(EndOfSequence=True, QueryResultClass="C")),
]  # fmt: skip


@pytest.mark.parametrize(
    "operation, args, answer", [row[1:] for row in WRONG], ids=[row[0] for row in WRONG]
)
def test_wrong_response(operation: str, args: Tuple[Any, ...], answer: Any) -> None:
    """A response that is not one of the operation is an error that names it."""
    with pytest.raises(CIMXMLParseError, match=operation):
        getattr(RecordConnection(answer), operation)(*args)


PROGRESS: List[Tuple[str, Dict[str, Any], bool, Any]] = [
    ("end", {"EndOfSequence": True}, True, None),
    ("end-with-context", {"EndOfSequence": True, "EnumerationContext": "x"}, True, None),
    ("end-text", {"EndOfSequence": "TRUE", "EnumerationContext": ""}, True, None),
    ("more", {"EndOfSequence": False, "EnumerationContext": "x"}, False, ("x", "n/s")),
    ("more-text", {"EndOfSequence": "False", "EnumerationContext": "x"}, False, ("x", "n/s")),
    ("more-empty-context", {"EndOfSequence": False, "EnumerationContext": ""}, False, ("", "n/s")),
    ("number-context", {"EndOfSequence": False, "EnumerationContext": 7}, False, ("7", "n/s")),
    ("boolean-context", {"EnumerationContext": True}, False, ("true", "n/s")),
    ("context-only", {"EnumerationContext": "x"}, False, ("x", "n/s")),
    ("end-null", {"EndOfSequence": None, "EnumerationContext": "x"}, False, ("x", "n/s")),
    ("other-parameter", {"EndOfSequence": True, "Foo": 1}, True, None),
]


@pytest.mark.parametrize(
    "params, eos, context", [row[1:] for row in PROGRESS], ids=[row[0] for row in PROGRESS]
)
def test_progress(params: Dict[str, Any], eos: bool, context: Any) -> None:
    """How far an enumeration is, from what servers send."""
    path = name("x", "h")
    conn = RecordConnection(
        returned(inst(path), **params),
        returned(path, **params),
        returned(inst(path), **params),
        returned(path, **params),
    )
    assert conn.OpenEnumerateInstances("C", "n/s") == pull_inst_result_tuple(
        [inst(path)], eos, context
    )
    assert conn.OpenReferenceInstancePaths(SOURCE) == pull_path_result_tuple([path], eos, context)
    assert conn.PullInstancesWithPath(("c", "n/s"), 1) == pull_inst_result_tuple(
        [inst(path)], eos, context
    )
    assert conn.PullInstancePaths(("c", "n/s"), 1) == pull_path_result_tuple([path], eos, context)


@pytest.mark.parametrize(
    "asked, expected", [(True, klass()), (False, None), (None, None)], ids=["yes", "no", "none"]
)
def test_query_result_class(asked: Any, expected: Any) -> None:
    """The class of a query result is returned if it was asked for."""
    conn = RecordConnection(returned(inst(), EndOfSequence=True, QueryResultClass=klass()))
    assert conn.OpenQueryInstances(
        "L", "q", ReturnQueryResultClass=asked
    ) == pull_query_result_tuple([inst()], True, None, expected)


def test_result_tuples_are_named() -> None:
    """Programs use the items of the results by name, and in messages their text."""
    result = RecordConnection(returned(EndOfSequence=True)).OpenEnumerateInstances("C")
    assert (result.instances, result.eos, result.context) == ([], True, None)
    assert repr(result) == "pull_inst_result_tuple(instances=[], eos=True, context=None)"
    paths = RecordConnection(returned(EndOfSequence=True)).OpenEnumerateInstancePaths("C")
    assert repr(paths) == "pull_path_result_tuple(paths=[], eos=True, context=None)"
    query = RecordConnection(returned(EndOfSequence=True)).OpenQueryInstances("L", "q")
    assert repr(query) == (
        "pull_query_result_tuple(instances=[], eos=True, context=None, query_result_class=None)"
    )


FAILING: List[Tuple[str, Tuple[Any, ...]]] = [
    ("EnumerateInstances", ("C",)),
    ("DeleteInstance", (name(),)),
    ("OpenEnumerateInstances", ("C",)),
    ("InvokeMethod", ("M", "C")),
    ("ExportIndication", (inst(),)),
]


@pytest.mark.parametrize("operation, args", FAILING, ids=[row[0] for row in FAILING])
def test_error(operation: str, args: Tuple[Any, ...]) -> None:
    """An error response raises CIMError, with all that the server said."""
    error = inst()
    conn = RecordConnection(failure(6, "not there", error))
    with pytest.raises(CIMError) as excinfo:
        getattr(conn, operation)(*args)
    assert excinfo.value.args == (6, "not there", [error])
    assert excinfo.value.conn_id == conn.conn_id


def test_error_without_description() -> None:
    """An error without description and instances."""
    with pytest.raises(CIMError) as excinfo:
        RecordConnection(failure(5)).GetClass("C")
    assert excinfo.value.args == (5, "Error code 5", None)


def test_error_with_empty_description() -> None:
    """What the server says is not replaced in the arguments of the exception."""
    with pytest.raises(CIMError) as excinfo:
        RecordConnection(failure(6, "")).GetClass("C")
    assert excinfo.value.args == (6, "", None)
    assert excinfo.value.status_description == "Requested object could not be found"
