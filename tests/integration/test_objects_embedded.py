"""
Instances in values: in output parameters, in other namespaces, and after pickling.
"""

from __future__ import annotations

import copy
import pickle
from typing import Any, List

import pytest

import pywbem
import pywbem_mock
from pywbem.objects import Instance, Namespace, Reference

MOF = """
Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride, ToSubclass);
Qualifier Association : boolean = false, Scope(association), Flavor(DisableOverride, ToSubclass);
Qualifier In : boolean = true, Scope(parameter), Flavor(DisableOverride, ToSubclass);
Qualifier Out : boolean = false, Scope(parameter), Flavor(DisableOverride, ToSubclass);
Qualifier EmbeddedInstance : string = null, Scope(property, parameter, method);
class Part { string Label; };
class End { [Key] string Id; };
[Association] class Box {
    [Key] string Id;
    [EmbeddedInstance("Part")] string First;
    End REF Next;
    [EmbeddedInstance("Part")] string Open([In(false), Out, EmbeddedInstance("Part")] string All[],
                                           [In(false), Out] Box REF Boxes[]);
};
"""
END = pywbem.CIMInstanceName("End", {"Id": "e"}, namespace="root/b")
PATH = pywbem.CIMInstanceName("Box", {"Id": "b"}, namespace="root/b")


def part(label: str, classname: str = "Part") -> pywbem.CIMInstance:
    return pywbem.CIMInstance(classname, {"Label": label})


@pytest.fixture(name="ns")
def _ns() -> Namespace:
    """A namespace without classes, beside one with a box."""
    conn = pywbem_mock.FakedWBEMConnection(default_namespace="root/a", use_pull_operations=True)
    conn.add_namespace("root/b")
    conn.compile_mof_string(MOF, namespace="root/b")
    first = pywbem.CIMProperty("First", part("one"), embedded_object="instance")
    values = {"Id": "b", "First": first, "Next": END}
    conn.CreateInstance(pywbem.CIMInstance("End", {"Id": "e"}), namespace="root/b")
    conn.CreateInstance(pywbem.CIMInstance("Box", values), namespace="root/b")
    return Namespace(conn)


def opened(ns: Namespace, value: Any, **outputs: Any) -> Any:
    """What the method of the box returns."""
    box = Namespace(ns.conn, "root/b")["Box"].get(PATH)
    reply = (value, pywbem.NocaseDict(outputs))
    ns.conn.InvokeMethod = lambda *args: reply  # type: ignore[method-assign]
    return box["Open"]()


@pytest.mark.parametrize(
    "show, text",
    [
        pytest.param(lambda ns: ns, "<Namespace root/b of http://FakedUrl:5988>", id="namespace"),
        pytest.param(lambda ns: ns["Box"], "<CIM class Box in root/b>", id="class"),
        pytest.param(lambda ns: Instance, "<CIM class Instance>", id="class-of-no-namespace"),
        pytest.param(lambda ns: ns.get(END), "End(Id='e')", id="object"),
        pytest.param(
            lambda ns: opened(ns, None, All=[part("x")], Boxes=[PATH]),
            "<Open: None, All=[Part(Label='x')], Boxes=[<Reference root/b:Box.Id=\"b\">]>",
            id="result",
        ),
    ],
)
def test_reprs(ns: Namespace, show: Any, text: str) -> None:
    assert repr(show(Namespace(ns.conn, "root/b"))) == text


def test_names_of_a_result(ns: Namespace) -> None:
    assert dir(opened(ns, None, All=[])) == ["All", "check", "job", "value", "wait"]


def test_references_equal_their_paths(ns: Namespace) -> None:
    box = ns.get(PATH)
    assert len({box.Next, ns.get(PATH).Next}) == 1
    assert (str(box.Next), hash(box.Next)) == (str(END), hash(END))
    assert [box.Next == other for other in (END, PATH, box.Next, None, "x")] == [
        True,
        False,
        True,
        False,
        False,
    ]


def test_path_without_namespace(ns: Namespace) -> None:
    there = Namespace(ns.conn, "root/b")
    assert there.get(pywbem.CIMInstanceName("Box", {"Id": "b"})).Id == "b"
    with pytest.raises(pywbem.CIMError):
        ns.get(pywbem.CIMInstanceName("Box", {"Id": "b"}))


def test_nothing_is_sent_without_changes(ns: Namespace) -> None:
    box = ns.get(PATH)
    ns.conn.ModifyInstance = None  # type: ignore[method-assign, assignment]
    box.save()


def test_embedded_instances_of_another_namespace(ns: Namespace) -> None:
    box = ns.get(PATH)
    again = ns.wrap(pickle.loads(pickle.dumps(box)))
    for found in (box, again, ns.wrap(box.instance)):
        assert (found.First.Label, found.Next.resolve().Id) == ("one", "e")
        found.refresh()
        assert found.First.Label == "one"


def test_instances_and_paths_of_output_parameters(ns: Namespace) -> None:
    result = opened(ns, part("value"), all=[part("first"), None], Boxes=[PATH], More=[PATH, 5])
    assert result.value.Label == "value"
    assert [item and item.Label for item in result.All] == ["first", None]
    assert [type(item) for item in (*result.Boxes, *result.More)] == [Reference, Reference, int]
    assert result.boxes[0].resolve().Id == "b"


def test_instances_whose_class_is_not_there_are_read_as_they_are(ns: Namespace) -> None:
    result = opened(ns, part("value", "Nope"), All=[part("first", "Nope")])
    assert (result.value["Label"], result.All) == ("value", [part("first", "Nope")])
    box = ns.get(PATH)
    box.First = part("other", "Nope")
    assert box.First == part("other", "Nope")
    assert pickle.loads(pickle.dumps(box)).First == part("other", "Nope")


def test_what_is_unpickled_has_no_connection(ns: Namespace) -> None:
    box = ns.get(PATH)
    for again in (pickle.loads(pickle.dumps(box)), copy.deepcopy(box)):
        assert (again.First.Label, again.Next, again.path) == ("one", END, PATH)
        asked: List[Any] = [again.Open, again.Next.resolve, again.associated, again.First.delete]
        asked += [type(again).instances, pickle.loads(pickle.dumps(box.Next)).resolve]
        for ask in asked:
            with pytest.raises(ValueError, match="no connection"):
                ask()
        again = pickle.loads(pickle.dumps(again))
        again.First = part("two")
        assert ns.wrap(again).changes == ["First"]
        assert (
            repr(again)
            == "Box(Id='b', First=Part(Label='two'), Next=<Reference root/b:End.Id=\"e\">)"
        )
