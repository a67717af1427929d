"""
What a strict server does where the released mock is lenient, each beside what a lenient one
does (DSP0200 5.4.2).
"""

from __future__ import annotations

import asyncio
import copy
import pickle
import re
from typing import Any, Callable, Dict, List, NamedTuple

import pytest

import pywbem
import pywbem_mock
from pywbem import CIMClass, CIMInstance, CIMInstanceName, CIMProperty, CIMQualifier, Uint32
from pywbem._cim_xml.records import ExtrinsicCall, IntrinsicCall
from pywbem_mock import AsyncFakedWBEMConnection, FakedWBEMConnection, MockServer
from pywbem_mock.operations.call_handler import OPERATIONS
from tests.shared_data import ROOT
from tests.unit.test_pywbem_mock.model import NAMESPACE

MOF = """
Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride, ToSubclass);
Qualifier Association : boolean = false, Scope(association), Flavor(DisableOverride, ToSubclass);
Qualifier Abstract : boolean = false, Scope(class, association), Flavor(Restricted);
Qualifier Override : string = null, Scope(property, reference, method), Flavor(Restricted);
Qualifier Fixed : string = null, Scope(any), Flavor(DisableOverride, ToSubclass);
Qualifier Free : string = null, Scope(any), Flavor(EnableOverride, ToSubclass);
Qualifier Own : string = null, Scope(any), Flavor(Restricted);
Qualifier EmbeddedInstance : string = null, Scope(property), Flavor(ToSubclass);

[Fixed("class"), Free("class"), Own("class")] class T_Base {
    [Key] string Id;
    uint32 Size = 7;
    uint32 Unset;
    [Fixed("x"), Free("x"), Own("x")] string Label = "label";
    string Tags[] = {"a", "b"};
    [Fixed("method")] uint32 Run([Fixed("p")] uint32 By);
};
class T_Sub : T_Base { [Override("Label")] string Label = "sub"; uint32 More; };
class T_Empty { [Key] string Id; };
class T_DefaultKey { [Key] string Id; [Key] string System = "here"; };
[Abstract] class T_Abstract { [Key] string Id; };
[Association] class T_Link { [Key] T_Base REF Left; [Key] T_Base REF Right; T_Base REF Third; };
class T_SubLink : T_Link { string Note; };
instance of T_Base as $a { Id = "a"; };
instance of T_Sub as $b { Id = "b"; Size = 9; More = 1; };
instance of T_Link { Left = $a; Right = $b; };
"""
LENIENT_MOF = MOF.replace("class T_SubLink", "[Association] class T_SubLink")


def path(value: str, classname: str = "T_Base") -> CIMInstanceName:
    """The path of an instance of the model."""
    return CIMInstanceName(classname, {"Id": value}, namespace=NAMESPACE)


A, B, ABSENT, NO_CLASS = path("a"), path("b", "T_Sub"), path("no"), path("a", "T_No")


def connection(strict: bool) -> FakedWBEMConnection:
    """A connection to a server with the model."""
    conn = FakedWBEMConnection(NAMESPACE, strict=strict)
    conn.compile_mof_string(MOF if strict else LENIENT_MOF)
    return conn


@pytest.fixture
def strict() -> FakedWBEMConnection:
    """A connection to a strict server."""
    return connection(True)


@pytest.fixture
def lenient() -> FakedWBEMConnection:
    """A connection to a lenient server."""
    return connection(False)


def outcome(conn: FakedWBEMConnection, step: Callable[[Any], Any]) -> Any:
    """What a step returns, or the name of the status code with which it fails."""
    try:
        return step(conn)
    except pywbem.CIMError as exc:
        return exc.status_code_name[len("CIM_ERR_") :]


def new(classname: str = "T_Base", **properties: Any) -> CIMInstance:
    """An instance without a path."""
    return CIMInstance(classname, properties)


def values(instance: CIMInstance) -> Dict[str, Any]:
    """The values of an instance by their names."""
    return {name: instance[name] for name in instance}


def modified(target: CIMInstanceName, **properties: Any) -> CIMInstance:
    """An instance with the path of another."""
    instance = CIMInstance(target.classname, properties)
    instance.path = target
    return instance


def created(conn: Any, instance: CIMInstance) -> Dict[str, Any]:
    """The values of an instance after it was created."""
    return values(conn.GetInstance(conn.CreateInstance(instance)))


def subclass(**qualifiers: str) -> CIMClass:
    """A new subclass of T_Base."""
    return CIMClass(
        "T_New",
        superclass="T_Base",
        qualifiers=[CIMQualifier(*item) for item in qualifiers.items()],
    )


def overriding(**qualifiers: str) -> CIMClass:
    """A new subclass of T_Base that overrides a property."""
    quals = [CIMQualifier("Override", "Label"), *(CIMQualifier(*i) for i in qualifiers.items())]
    prop = CIMProperty("Label", None, "string", qualifiers=quals)
    return CIMClass("T_New", superclass="T_Base", properties=[prop])


def method(fixed: str) -> CIMClass:
    """A new subclass of T_Base that overrides a method."""
    param = pywbem.CIMParameter("By", "uint32", qualifiers=[CIMQualifier("Fixed", fixed)])
    run = pywbem.CIMMethod("Run", "uint32", [param], qualifiers=[CIMQualifier("Override", "Run")])
    return CIMClass("T_New", superclass="T_Base", methods=[run])


def grandchild(conn: Any) -> Any:
    """A qualifier changes two levels below, where the level between is silent."""
    conn.CreateClass(overriding(Fixed="x"))
    prop = overriding(Fixed="y").properties["Label"]
    return conn.CreateClass(CIMClass("T_Newer", superclass="T_New", properties=[prop]))


def elements(cls: CIMClass) -> List[str]:
    """The names of the properties and methods of a class."""
    return sorted([*cls.properties, *cls.methods])


def qualifiers(cls: CIMClass) -> Dict[str, Any]:
    """The qualifiers of a class: by name, whether they are propagated."""
    return {name: qualifier.propagated for name, qualifier in cls.qualifiers.items()}


def opened(result: Any) -> Any:
    """How many objects an Open... operation returned, and whether these are all."""
    return len(result[0]), result.eos


def pull_after(failing: Callable[[Any, Any], Any]) -> Callable[[Any], Any]:
    """The number of objects that are pulled after a pull that failed."""

    def step(conn: Any) -> Any:
        context = conn.OpenEnumerateInstances("T_Base", MaxObjectCount=1).context
        with pytest.raises((pywbem.CIMError, ValueError)):
            failing(conn, context)
        return len(conn.PullInstancesWithPath(context, 9).instances)

    return step


def faulty_pull(conn: Any, context: Any) -> Any:
    """A pull that fails because of a fault."""
    with conn.inject(operation="Pull*", status="FAILED"):
        conn.PullInstancesWithPath(context, 1)


def raw(name: str, namespace: str = NAMESPACE, *params: Any) -> Callable[[Any], Any]:
    """An operation with parameters that no client of this package sends."""

    def step(conn: Any) -> Any:
        error = conn._handler(IntrinsicCall(name, namespace, list(params))).error
        if error is not None:
            raise pywbem.CIMError(error.code)
        return "done"

    return step


def raw_pull(conn: Any, context: Any) -> Any:
    """A pull without MaxObjectCount."""
    return raw("PullInstancesWithPath", NAMESPACE, ("EnumerationContext", context[0]))(conn)


def twice(conn: Any) -> Any:
    """A method with a parameter that is given twice."""
    by = pywbem.CIMParameter("By", "uint32", value=Uint32(1))
    error = conn._handler(ExtrinsicCall("Run", A, [by, by])).error
    return pywbem.CIMError(error.code).status_code_name[len("CIM_ERR_") :]


def no_pull(conn: Any, **options: Any) -> Any:
    """An operation of a connection without pull operations."""
    conn.disable_pull_operations = True
    return conn.OpenEnumerateInstances("T_Base", namespace="no", **options)


def modify_class(**attributes: Any) -> Callable[[Any], Any]:
    """A modification of the class T_Base, which has subclasses and instances."""
    return lambda conn: conn.ModifyClass(CIMClass("T_Base", **attributes))


FQL = {"FilterQueryLanguage": "DMTF:FQL"}
WQL = ("WQL", "select * from T_Base")
LONG = {"OperationTimeout": 10**6}
WRONG_TYPE = {"Size": "text"}
DANGLING = CIMClass(
    "T_Base", [CIMProperty("X", None, "string", qualifiers=[CIMQualifier("No", "x")])]
)


class Row(NamedTuple):
    """What an operation does in both modes."""

    name: str
    step: Callable[[Any], Any]
    lenient: Any
    strict: Any


ROWS = [
    # -- Instances
    Row(
        "GetInstance has all properties",
        lambda c: values(c.GetInstance(A, PropertyList=["Id", "UNSET", "more"])),
        {"Id": "a"},
        {"Id": "a", "Unset": None},
    ),
    Row(
        "GetInstance has no others",
        lambda c: [
            c.cimrepository.get_instance_store(NAMESPACE).create(
                path("x"), CIMInstance("T_Base", {"Id": "x", "Else": "1"}, path=path("x"))
            ),
            "Else" in c.GetInstance(path("x")),
        ][1],
        True,
        False,
    ),
    Row(
        "EnumerateInstances has all properties",
        lambda c: [sorted(i) for i in c.EnumerateInstances("T_Base", DeepInheritance=False)],
        [["Id"], ["Id", "Size"]],
        [["Id", "Label", "Size", "Tags", "Unset"]] * 2,
    ),
    Row(
        "Associators has all properties",
        lambda c: [sorted(i) for i in c.Associators(A)],
        [["Id", "More", "Size"]],
        [["Id", "Label", "More", "Size", "Tags", "Unset"]],
    ),
    Row(
        "References has all properties",
        lambda c: [sorted(i) for i in c.References(A)],
        [["Left", "Right"]],
        [["Left", "Right", "Third"]],
    ),
    Row(
        "OpenEnumerateInstances has all properties",
        lambda c: [sorted(i) for i in c.OpenEnumerateInstances("T_Sub", MaxObjectCount=9)[0]],
        [["Id", "More", "Size"]],
        [["Id", "Label", "More", "Size", "Tags", "Unset"]],
    ),
    Row(
        "ExecQuery has all properties that are selected",
        lambda c: [values(i) for i in c.ExecQuery("WQL", "select Unset, Id from T_Sub")],
        [{"Id": "b"}],
        [{"Id": "b", "Unset": None}],
    ),
    Row(
        "CreateInstance fills in defaults",
        lambda c: created(c, new(Id="n")),
        {"Id": "n"},
        {"Id": "n", "Size": 7, "Unset": None, "Label": "label", "Tags": ["a", "b"]},
    ),
    Row(
        "CreateInstance does not fill in what is NULL",
        lambda c: created(c, new(Id="n", Label=CIMProperty("Label", None, "string")))["Label"],
        None,
        None,
    ),
    Row(
        "CreateInstance fills in defaults of keys",
        lambda c: str(c.CreateInstance(new("T_DefaultKey", Id="n"))),
        "INVALID_PARAMETER",
        'root/cimv2:T_DefaultKey.Id="n",System="here"',
    ),
    Row(
        "CreateInstance of an abstract class",
        lambda c: str(c.CreateInstance(new("T_Abstract", Id="n"))),
        'root/cimv2:T_Abstract.Id="n"',
        "FAILED",
    ),
    Row(
        "ModifyInstance unknown property",
        lambda c: c.ModifyInstance(modified(A, No="x")),
        "INVALID_PARAMETER",
        "NO_SUCH_PROPERTY",
    ),
    Row(
        "ModifyInstance unknown property in list",
        lambda c: c.ModifyInstance(modified(A, Label="x"), PropertyList=["No"]),
        "INVALID_PARAMETER",
        "NO_SUCH_PROPERTY",
    ),
    Row(
        "ModifyInstance wrong type before absent",
        lambda c: c.ModifyInstance(modified(ABSENT, **WRONG_TYPE)),
        "NOT_FOUND",
        "INVALID_PARAMETER",
    ),
    Row(
        "ModifyInstance wrong type before unknown property",
        lambda c: c.ModifyInstance(modified(A, No="x", **WRONG_TYPE)),
        "INVALID_PARAMETER",
        "INVALID_PARAMETER",
    ),
    Row(
        "ModifyInstance absent before unknown property",
        lambda c: c.ModifyInstance(modified(ABSENT, No="x")),
        "NOT_FOUND",
        "NOT_FOUND",
    ),
    Row(
        "ModifyInstance other key before absent",
        lambda c: c.ModifyInstance(modified(ABSENT, Id="a")),
        "NOT_FOUND",
        "INVALID_PARAMETER",
    ),
    Row(
        "ModifyInstance other key",
        lambda c: c.ModifyInstance(modified(A, Id="b")),
        "INVALID_PARAMETER",
        "INVALID_PARAMETER",
    ),
    Row(
        "ModifyInstance NULL reference",
        lambda c: c.ModifyInstance(
            modified(
                c.EnumerateInstanceNames("T_Link")[0],
                Left=CIMProperty("Left", None, "reference"),
            )
        ),
        "INVALID_PARAMETER",
        "INVALID_PARAMETER",
    ),
    # -- Classes
    Row(
        "DeleteClass with subclasses", lambda c: c.DeleteClass("T_Base"), None, "CLASS_HAS_CHILDREN"
    ),
    Row(
        "DeleteClass with instances", lambda c: c.DeleteClass("T_Sub"), None, "CLASS_HAS_INSTANCES"
    ),
    Row("DeleteClass unused", lambda c: c.DeleteClass("T_Empty"), None, None),
    Row("DeleteClass absent", lambda c: c.DeleteClass("T_No"), "NOT_FOUND", "NOT_FOUND"),
    Row(
        "ModifyClass superclass before subclasses",
        modify_class(superclass="T_Empty"),
        "CLASS_HAS_CHILDREN",
        "INVALID_SUPERCLASS",
    ),
    Row("ModifyClass subclasses", modify_class(), "CLASS_HAS_CHILDREN", "CLASS_HAS_CHILDREN"),
    Row(
        "ModifyClass declaration before subclasses",
        lambda c: c.ModifyClass(DANGLING),
        "CLASS_HAS_CHILDREN",
        "INVALID_PARAMETER",
    ),
    Row(
        "CreateClass declaration before existence",
        lambda c: c.CreateClass(DANGLING),
        "ALREADY_EXISTS",
        "INVALID_PARAMETER",
    ),
    Row(
        "CreateClass existence before superclass",
        lambda c: c.CreateClass(CIMClass("T_Empty", superclass="T_No")),
        "ALREADY_EXISTS",
        "ALREADY_EXISTS",
    ),
    Row(
        "GetClass LocalOnly has what is overridden",
        lambda c: elements(c.GetClass("T_Sub", LocalOnly=True)),
        ["More"],
        ["Label", "More"],
    ),
    Row(
        "EnumerateClasses LocalOnly has what is overridden",
        lambda c: elements(c.EnumerateClasses(ClassName="T_Base", LocalOnly=True)[0]),
        ["More"],
        ["Label", "More"],
    ),
    Row(
        "GetClass inherits qualifiers",
        lambda c: qualifiers(c.GetClass("T_Sub", LocalOnly=False)),
        {},
        {"Fixed": True, "Free": True},
    ),
    Row(
        "GetClass LocalOnly has own qualifiers",
        lambda c: qualifiers(c.GetClass("T_Sub")),
        {},
        {},
    ),
    Row(
        "GetClass LocalOnly has own qualifiers of properties",
        lambda c: [sorted(p.qualifiers) for p in c.GetClass("T_Sub").properties.values()],
        [[]],
        [["Override"], []],
    ),
    Row(
        "References of a class have all elements",
        lambda c: [elements(item[1]) for item in c.References("T_Base", ResultClass="T_SubLink")],
        [["Note"]],
        [["Left", "Note", "Right", "Third"]],
    ),
    Row(
        "Associators of a class have all elements",
        lambda c: [elements(i[1]) for i in c.Associators("T_Sub", AssocClass="T_Link")],
        [["Id", "Label", "Run", "Size", "Tags", "Unset"]],
        [["Id", "Label", "Run", "Size", "Tags", "Unset"]],
    ),
    Row(
        "CreateClass changes fixed qualifier",
        lambda c: c.CreateClass(subclass(Fixed="other")),
        None,
        "INVALID_PARAMETER",
    ),
    Row("CreateClass repeats it", lambda c: c.CreateClass(subclass(Fixed="class")), None, None),
    Row("CreateClass changes free one", lambda c: c.CreateClass(subclass(Free="y")), None, None),
    Row(
        "CreateClass changes restricted one", lambda c: c.CreateClass(subclass(Own="y")), None, None
    ),
    Row(
        "CreateClass changes fixed qualifier of property",
        lambda c: c.CreateClass(overriding(Fixed="y")),
        "INVALID_PARAMETER",
        "INVALID_PARAMETER",
    ),
    Row(
        "CreateClass changes fixed qualifier of property two levels below",
        grandchild,
        None,
        "INVALID_PARAMETER",
    ),
    Row(
        "CreateClass changes fixed qualifier of parameter",
        lambda c: c.CreateClass(method("other")),
        None,
        "INVALID_PARAMETER",
    ),
    Row("CreateClass repeats it of parameter", lambda c: c.CreateClass(method("p")), None, None),
    Row(
        "ModifyClass changes fixed qualifier",
        lambda c: [c.CreateClass(subclass()), c.ModifyClass(subclass(Fixed="other"))][1],
        None,
        "INVALID_PARAMETER",
    ),
    Row(
        "association that does not say so again",
        lambda c: c.CreateClass(
            CIMClass(
                "T_New",
                superclass="T_Link",
                properties=[
                    CIMProperty(
                        "Right",
                        None,
                        "reference",
                        reference_class="T_Sub",
                        qualifiers=[CIMQualifier("Override", "Right")],
                    )
                ],
            )
        ),
        "INVALID_PARAMETER",
        None,
    ),
    # -- Pulled enumerations
    Row(
        "OpenEnumerateInstances without MaxObjectCount",
        lambda c: opened(c.OpenEnumerateInstances("T_Base")),
        (2, True),
        (0, False),
    ),
    Row(
        "OpenEnumerateInstancePaths without MaxObjectCount",
        lambda c: opened(c.OpenEnumerateInstancePaths("T_Base")),
        (2, True),
        (0, False),
    ),
    Row(
        "OpenAssociatorInstances without MaxObjectCount",
        lambda c: opened(c.OpenAssociatorInstances(A)),
        (1, True),
        (0, False),
    ),
    Row(
        "OpenQueryInstances without MaxObjectCount",
        lambda c: opened(c.OpenQueryInstances(*WQL)),
        (2, True),
        (0, False),
    ),
    Row(
        "empty enumeration without MaxObjectCount",
        lambda c: opened(c.OpenEnumerateInstances("T_Empty")),
        (0, True),
        (0, True),
    ),
    *(
        Row(
            f"{name} of absent instance",
            lambda c, name=name: opened(getattr(c, name)(ABSENT)),
            (0, True),
            "NOT_FOUND",
        )
        for name in (
            "OpenAssociatorInstances",
            "OpenAssociatorInstancePaths",
            "OpenReferenceInstances",
            "OpenReferenceInstancePaths",
        )
    ),
    Row(
        "OpenReferenceInstances of absent class",
        lambda c: c.OpenReferenceInstances(NO_CLASS),
        "INVALID_PARAMETER",
        "NOT_FOUND",
    ),
    Row(
        "OpenAssociatorInstances class before absent instance",
        lambda c: c.OpenAssociatorInstances(ABSENT, ResultClass="T_No"),
        "INVALID_PARAMETER",
        "INVALID_PARAMETER",
    ),
    Row("Associators of absent instance", lambda c: c.Associators(ABSENT), [], []),
    Row("ReferenceNames of absent instance", lambda c: c.ReferenceNames(ABSENT), [], []),
    *(
        Row(
            f"{name} ContinueOnError",
            lambda c, name=name, target=target: opened(
                getattr(c, name)(*target, ContinueOnError=True, MaxObjectCount=9)
            )[1],
            True,
            "CONTINUATION_ON_ERROR_NOT_SUPPORTED",
        )
        for name, target in (
            ("OpenEnumerateInstances", ["T_Base"]),
            ("OpenEnumerateInstancePaths", ["T_Base"]),
            ("OpenAssociatorInstances", [A]),
            ("OpenAssociatorInstancePaths", [A]),
            ("OpenReferenceInstances", [A]),
            ("OpenReferenceInstancePaths", [A]),
            ("OpenQueryInstances", WQL),
        )
    ),
    Row(
        "ContinueOnError False",
        lambda c: opened(
            c.OpenEnumerateInstances("T_Sub", MaxObjectCount=9, ContinueOnError=False)
        ),
        (1, True),
        (1, True),
    ),
    Row(
        "FilterQueryLanguage without FilterQuery",
        lambda c: opened(c.OpenEnumerateInstances("T_Base", **FQL))[1],
        True,
        "INVALID_PARAMETER",
    ),
    Row(
        "FilterQuery without FilterQueryLanguage",
        lambda c: c.OpenEnumerateInstances("T_Base", FilterQuery="Size = 1"),
        "INVALID_PARAMETER",
        "INVALID_PARAMETER",
    ),
    Row(
        "FilterQueryLanguage before class",
        lambda c: c.OpenEnumerateInstances("T_No", **FQL),
        "INVALID_CLASS",
        "INVALID_PARAMETER",
    ),
    Row(
        "FilterQueryLanguage before timeout",
        lambda c: c.OpenEnumerateInstances("T_Base", **FQL, **LONG),
        "INVALID_OPERATION_TIMEOUT",
        "INVALID_PARAMETER",
    ),
    Row(
        "class before query",
        lambda c: c.OpenEnumerateInstances("T_No", **FQL, FilterQuery="("),
        "INVALID_CLASS",
        "INVALID_CLASS",
    ),
    Row(
        "failed pull: operation",
        pull_after(lambda c, x: c.PullInstancePaths(x, 1)),
        1,
        "INVALID_ENUMERATION_CONTEXT",
    ),
    Row("failed pull: fault", pull_after(faulty_pull), 1, "INVALID_ENUMERATION_CONTEXT"),
    Row("failed pull: no MaxObjectCount", pull_after(raw_pull), 1, "INVALID_ENUMERATION_CONTEXT"),
    Row(
        "failed other operation",
        pull_after(lambda c, x: c.GetClass("T_No")),
        1,
        1,
    ),
    # -- Queries
    Row(
        "FilterQuery that is none",
        lambda c: c.OpenEnumerateInstances("T_Base", **FQL, FilterQuery="the large ones"),
        "INVALID_QUERY",
        "INVALID_QUERY",
    ),
    Row(
        "ExecQuery from absent class",
        lambda c: c.ExecQuery("WQL", "select * from T_No"),
        "INVALID_CLASS",
        "INVALID_QUERY",
    ),
    Row(
        "OpenQueryInstances from absent class",
        lambda c: c.OpenQueryInstances("WQL", "select * from T_No"),
        "INVALID_CLASS",
        "INVALID_QUERY",
    ),
    # -- Methods
    Row(
        "InvokeMethod of instance of absent class",
        lambda c: c.InvokeMethod("Run", NO_CLASS),
        "INVALID_CLASS",
        "NOT_FOUND",
    ),
    Row(
        "InvokeMethod of absent instance",
        lambda c: c.InvokeMethod("Run", ABSENT),
        "NOT_FOUND",
        "NOT_FOUND",
    ),
    Row(
        "InvokeMethod absent",
        lambda c: c.InvokeMethod("No", A),
        "METHOD_NOT_FOUND",
        "METHOD_NOT_FOUND",
    ),
    Row(
        "InvokeMethod that nobody provides",
        lambda c: c.InvokeMethod("Run", A, By=Uint32(1)),
        "METHOD_NOT_FOUND",
        "METHOD_NOT_AVAILABLE",
    ),
    Row("InvokeMethod duplicate parameter", twice, "METHOD_NOT_FOUND", "INVALID_PARAMETER"),
    # -- All operations
    Row(
        "namespace before parameter",
        raw("GetClass", "no", ("Nix", True)),
        "INVALID_PARAMETER",
        "INVALID_NAMESPACE",
    ),
    Row(
        "namespace before missing parameter",
        raw("DeleteQualifier", "no"),
        "INVALID_PARAMETER",
        "INVALID_NAMESPACE",
    ),
    Row(
        "namespace of a pull",
        raw("CloseEnumeration", "no", ("EnumerationContext", "x")),
        "INVALID_ENUMERATION_CONTEXT",
        "INVALID_NAMESPACE",
    ),
    Row(
        "namespace before timeout",
        lambda c: c.OpenEnumerateInstances("T_Base", namespace="no", **LONG),
        "INVALID_NAMESPACE",
        "INVALID_NAMESPACE",
    ),
    Row(
        "namespace before filter",
        lambda c: c.OpenEnumerateInstances("T_Base", namespace="no", FilterQuery="x"),
        "INVALID_NAMESPACE",
        "INVALID_NAMESPACE",
    ),
    Row(
        "namespace of a modified instance",
        raw("ModifyInstance", "no", ("ModifiedInstance", CIMInstance("T_Base"))),
        "INVALID_PARAMETER",
        "INVALID_NAMESPACE",
    ),
    Row(
        "not supported before namespace",
        lambda c: no_pull(c, ContinueOnError=True, **LONG),
        "NOT_SUPPORTED",
        "NOT_SUPPORTED",
    ),
    Row(
        "not supported before parameter",
        lambda c: [setattr(c, "disable_pull_operations", True), raw("PullInstances")(c)],
        "INVALID_PARAMETER",
        "NOT_SUPPORTED",
    ),
    Row(
        "duplicate parameter",
        raw("GetClass", NAMESPACE, ("ClassName", "T_Base"), ("CLASSNAME", "T_Sub")),
        "done",
        "INVALID_PARAMETER",
    ),
]


@pytest.mark.filterwarnings("ignore:Tolerating instance creation of abstract class")
@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_both_modes(row: Row, lenient: FakedWBEMConnection, strict: FakedWBEMConnection) -> None:
    assert outcome(lenient, row.step) == row.lenient
    assert outcome(strict, row.step) == row.strict


def test_what_is_deleted_in_order_can_be_deleted(strict: FakedWBEMConnection) -> None:
    strict.DeleteInstance(strict.EnumerateInstanceNames("T_Link")[0])
    strict.DeleteInstance(B)
    strict.DeleteClass("T_Sub")
    strict.DeleteInstance(A)
    strict.DeleteClass("T_Base")
    assert outcome(strict, lambda c: c.GetClass("T_Base")) == "NOT_FOUND"


def test_what_was_read_can_be_written_back(strict: FakedWBEMConnection) -> None:
    for classname in strict.EnumerateClassNames(DeepInheritance=True):
        for instance in strict.EnumerateInstances(classname):
            assert any(prop.value is None for prop in instance.properties.values())
            strict.ModifyInstance(instance)
            assert strict.GetInstance(instance.path) == instance
            for name in instance:
                strict.ModifyInstance(instance, PropertyList=[name])
            assert strict.GetInstance(instance.path) == instance


def test_a_property_that_was_read_as_null_can_be_set(strict: FakedWBEMConnection) -> None:
    instance = strict.GetInstance(A)
    instance.properties["Unset"].value = Uint32(5)
    strict.ModifyInstance(instance)
    assert strict.GetInstance(A)["Unset"] == 5


def test_a_result_belongs_to_its_client(strict: FakedWBEMConnection) -> None:
    strict.EnumerateInstances("T_Base")[0]["Unset"] = Uint32(5)
    assert [instance["Unset"] for instance in strict.EnumerateInstances("T_Base")] == [None, None]


def test_an_instance_without_its_class_is_returned_as_it_is(strict: FakedWBEMConnection) -> None:
    lost = CIMInstance("T_Lost", {"Id": "x"}, path=path("x", "T_Lost"))
    strict.add_cimobjects(lost)
    assert values(strict.GetInstance(lost.path)) == {"Id": "x"}


def test_a_provider_gets_the_defaults(strict: FakedWBEMConnection) -> None:
    seen: List[Any] = []

    class Provider(pywbem_mock.InstanceWriteProvider):
        provider_classnames = "T_Base"

        def CreateInstance(self, namespace: str, new_instance: CIMInstance) -> Any:
            seen.append(values(new_instance))
            return super().CreateInstance(namespace, new_instance)

    strict.register_provider(Provider(strict.cimrepository))
    strict.CreateInstance(new(Id="n", Size=Uint32(1)))
    assert seen == [{"Id": "n", "Size": 1, "Label": "label", "Tags": ["a", "b"]}]


def test_a_compilation_that_fails_is_undone(strict: FakedWBEMConnection) -> None:
    before = strict.EnumerateClassNames(DeepInheritance=True)
    mof = """
    class T_X { [Key] string Id; };
    class T_Y : T_X { };
    instance of T_Y { Id = "1"; };
    instance of T_Y { Id = "1"; No = "x"; };
    """
    with pytest.raises(pywbem.MOFCompileError):
        strict.compile_mof_string(mof)
    assert strict.EnumerateClassNames(DeepInheritance=True) == before


def test_a_subclass_of_a_class_of_a_lenient_time() -> None:
    lenient = connection(False)
    strict = FakedWBEMConnection(NAMESPACE, strict=True)
    strict.cimrepository.load(lenient.cimrepository)
    step = lambda c: c.CreateClass(  # noqa: E731
        CIMClass("T_New", superclass="T_Sub", qualifiers=[CIMQualifier("Fixed", "other")])
    )
    assert outcome(strict, step) == "INVALID_PARAMETER"


def test_subscriptions_work() -> None:
    conn = FakedWBEMConnection(strict=True)
    conn.add_namespace("interop")
    conn.compile_mof_file(str(ROOT / "examples/models/acme_interop.mof"), namespace="interop")
    conn.install_subscription_providers("interop")
    server = pywbem.WBEMServer(conn)
    manager = pywbem.WBEMSubscriptionManager("strict")
    server_id = manager.add_server(server)
    destination = manager.add_destination(
        server_id, "http://127.0.0.1:5000", owned=True, destination_id="d"
    )
    filter_ = manager.add_filter(
        server_id, NAMESPACE, "SELECT * FROM CIM_Error", query_language="WQL", filter_id="f"
    )
    (subscription,) = manager.add_subscriptions(server_id, filter_.path, destination.path)
    assert manager.get_owned_subscriptions(server_id) == [subscription]
    conn.ModifyInstance(conn.GetInstance(subscription.path), PropertyList=["SubscriptionState"])
    manager.remove_all_servers()


# -- How strictness is asked for ----------------------------------------------


def asks_for_all(conn: Any) -> bool:
    """Whether a connection is to a strict server."""
    with pytest.raises(pywbem.CIMError) as info:
        conn.InvokeMethod("Run", A)
    return bool(info.value.status_code == pywbem.CIM_ERR_METHOD_NOT_AVAILABLE)


def test_the_default_is_lenient() -> None:
    assert [FakedWBEMConnection().strict, MockServer().strict] == [False, False]
    assert AsyncFakedWBEMConnection().conn.strict is False


MADE: Dict[str, Callable[[], FakedWBEMConnection]] = {
    "connection": lambda: FakedWBEMConnection(strict=True),
    "server": lambda: FakedWBEMConnection(server=MockServer(strict=True)),
    "both": lambda: FakedWBEMConnection(server=MockServer(strict=True), strict=True),
    "copy": lambda: FakedWBEMConnection(strict=True).copy(),
    "pickled": lambda: pickle.loads(pickle.dumps(FakedWBEMConnection(strict=True))),
    "copied": lambda: copy.deepcopy(FakedWBEMConnection(strict=True)),
    "asynchronous": lambda: AsyncFakedWBEMConnection(strict=True).conn,
    "asynchronous, of a server": lambda: (
        AsyncFakedWBEMConnection(server=MockServer(strict=True)).conn
    ),
}


@pytest.mark.parametrize("make", MADE.values(), ids=list(MADE))
def test_strict(make: Callable[[], FakedWBEMConnection]) -> None:
    conn = make()
    conn.compile_mof_string(MOF)
    assert conn.strict
    assert conn.server.strict
    assert asks_for_all(conn)


@pytest.mark.parametrize("strict", [True, False])
def test_a_connection_is_as_strict_as_its_server(strict: bool) -> None:
    for make in (FakedWBEMConnection, AsyncFakedWBEMConnection):
        with pytest.raises(ValueError, match="strict"):
            make(server=MockServer(strict=not strict), strict=strict)


def test_asynchronous_operations_are_strict() -> None:
    async def run() -> Any:
        async with AsyncFakedWBEMConnection(strict=True) as conn:
            conn.conn.compile_mof_string(MOF)
            await conn.DeleteClass("T_Base")

    with pytest.raises(pywbem.CIMError) as info:
        asyncio.run(run())
    assert info.value.status_code == pywbem.CIM_ERR_CLASS_HAS_CHILDREN


# -- The table of the documentation -------------------------------------------


def documented() -> List[List[str]]:
    """The rows of the table of operations: the text of each cell."""
    page = (ROOT / "docs" / "mock.rst").read_text(encoding="utf-8")
    table = page.partition(".. list-table:: The operations of the mock\n")[2]
    table = re.split(r"\n(?=\S)", table)[0]
    rows = [re.split(r"\n {5}- ", row) for row in table.split("\n   * - ")[1:]]
    return [[" ".join(cell.split()) for cell in row] for row in rows]


def test_the_table_has_all_operations() -> None:
    heading, *rows = documented()
    assert heading == ["Operation", "By default", "Strict"]
    names = [name for row in rows for name in re.findall("``(.*?)``", row[0])]
    assert sorted(names) == sorted([*OPERATIONS, "InvokeMethod"])
    assert all(len(row) == 3 and all(row) for row in rows)


def test_the_table_tells_what_differs() -> None:
    equal = {
        name
        for row in documented()
        if row[2] == "the same"
        for name in re.findall("``(.*?)``", row[0])
    }
    different = {row.name.split()[0] for row in ROWS if row.lenient != row.strict}
    assert equal & different == set()
    assert different & set(OPERATIONS) > {"GetClass", "DeleteClass", "ExecQuery", "CreateInstance"}
