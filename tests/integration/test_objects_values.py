"""
Values of all kinds: how typed objects read them, write them and find them.
"""

from __future__ import annotations

import json
import pickle
from datetime import datetime, timedelta, timezone
from typing import Any, Dict, Iterator, List

import pytest

import pywbem
import pywbem_mock
from pywbem.objects import IntEnumeration, Namespace, StrEnumeration

MOF = """
Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride, ToSubclass);
Qualifier Association : boolean = false, Scope(association), Flavor(DisableOverride, ToSubclass);
Qualifier EmbeddedInstance : string = null, Scope(property, parameter, method);
Qualifier EmbeddedObject : boolean = false, Scope(property, parameter, method);
Qualifier ValueMap : string[], Scope(property, parameter, method);
Qualifier Values : string[], Scope(property, parameter, method);
class Part {
    string Label; [ValueMap{"1", "5..9"}, Values{"One", "Many"}] uint8 Kind;
    [EmbeddedInstance("Part")] string Inner;
};
class End { [Key] string Id; };
[Association] class Kinds {
    [Key] string Id; [Key] uint16 No;
    End REF One; End REF Other;
    boolean Flag; real32 Real; sint8 Small; datetime When; datetime Times[]; string Tags[];
    [EmbeddedInstance("Part")] string Part; [EmbeddedInstance("Part")] string Parts[];
    [EmbeddedObject] string Any;
    [ValueMap{"a", "b", ".."}, Values{"Alpha", "Beta", "Else"}] string Open;
    [ValueMap{"a", "b"}, Values{"Alpha", "Beta"}] string Closed[];
    [Values{"Zero", "One", "Two"}] uint8 Index;
    [ValueMap{"-1", "0..", "10"}, Values{"Negative", "Low", "Ten"}] sint16 Signed;
    [ValueMap{"0..9", "5", "7"}, Values{"Range", "Five", "value"}] uint8 Over;
    [ValueMap{"1"}, Values{"One", "Two"}] uint8 Broken;
};
"""


def part(label: str) -> pywbem.CIMInstance:
    inner = pywbem.CIMInstance("Part", {"Label": "inner", "Kind": pywbem.Uint8(1)})
    made = pywbem.CIMInstance("Part", {"Label": label, "Kind": pywbem.Uint8(7)})
    made["Inner"] = pywbem.CIMProperty("Inner", inner, embedded_object="instance")
    return made


@pytest.fixture(name="ns", scope="module")
def _ns() -> Iterator[Namespace]:
    conn = pywbem_mock.FakedWBEMConnection()
    conn.compile_mof_string(MOF)
    conn.CreateInstance(pywbem.CIMInstance("End", {"Id": "e"}))
    values: Dict[str, Any] = {
        "One": pywbem.CIMInstanceName("End", {"Id": "e"}, namespace="root/cimv2"),
        "Flag": True,
        "When": pywbem.CIMDateTime("20240102030405.000000+060"),
        "Tags": ["x", None],
        "Part": part("outer"),
        "Parts": [part("first"), None],
        "Any": part("any"),
        "Open": "zz",
        "Closed": ["a", "q"],
        "Index": pywbem.Uint8(2),
        "Signed": pywbem.Sint16(5),
        "Over": pywbem.Uint8(5),
        "Broken": pywbem.Uint8(1),
    }
    made = pywbem.CIMInstance("Kinds", {"Id": "k", "No": pywbem.Uint16(1), **values})
    conn.CreateInstance(made)
    with pywbem_mock.WBEMServerThread(conn) as served, pywbem.WBEMConnection(
        served.url, use_pull_operations=True
    ) as client:
        yield Namespace(client)


@pytest.fixture(name="obj")
def _obj(ns: Namespace) -> Any:
    return ns.Kinds.get(Id="k", No=1)


@pytest.mark.parametrize(
    "name, names, texts",
    [
        pytest.param("Open", ["Else"], ["Else"], id="unclaimed"),
        pytest.param("Closed", ["Alpha", "q"], ["Alpha", "q"], id="outside"),
        pytest.param("Index", ["Two"], ["Two"], id="without-value-map"),
        pytest.param("Signed", ["Low"], ["Low"], id="open-range"),
        pytest.param("Over", ["Five"], ["Five"], id="value-in-a-range"),
    ],
)
def test_members(obj: Any, name: str, names: List[str], texts: List[str]) -> None:
    found = obj[name] if isinstance(obj[name], list) else [obj[name]]
    assert [member.name for member in found] == names
    assert [member.text for member in found] == texts
    assert all(isinstance(member, (IntEnumeration, StrEnumeration)) for member in found)
    assert pickle.loads(pickle.dumps(found)) == found
    assert json.loads(json.dumps(found)) == found


def test_members_are_formatted_as_text_and_as_numbers(obj: Any) -> None:
    assert f"{obj.Index}|{obj.Index:>5}|{obj.Index:03d}|{obj.Index!r}" == (
        "Two|  Two|002|<Index.Two: 2>"
    )
    assert f"{obj.Closed[0]:<6}|" == "Alpha |"
    assert type(obj.Over)(7).name == "value_"


@pytest.mark.parametrize(
    "name, given, value",
    [
        pytest.param("Open", "Alpha", "a", id="text"),
        pytest.param("Open", "own", "own", id="unclaimed-string"),
        pytest.param("Closed", ["Alpha", "b"], ["a", "b"], id="text-and-value"),
        pytest.param("Signed", "Ten", 10, id="text-of-a-number"),
        pytest.param("Over", "value_", 7, id="name-of-a-member"),
        pytest.param("Index", 9, 9, id="number-outside"),
        pytest.param("Flag", False, False, id="boolean"),
        pytest.param("Real", 2, 2.0, id="real"),
        pytest.param("Tags", None, None, id="null"),
        pytest.param("Times", [timedelta(hours=3)], [timedelta(hours=3)], id="timedelta"),
    ],
)
def test_values_that_fit_are_converted(obj: Any, name: str, given: Any, value: Any) -> None:
    obj[name] = given
    found = obj[name]
    if name == "Times":
        found = [item.timedelta for item in found]
    assert found == value


@pytest.mark.parametrize(
    "name, given, error",
    [
        pytest.param("Open", "Else", ValueError, id="text-of-the-unclaimed"),
        pytest.param("Closed", ["zz"], ValueError, id="no-value"),
        pytest.param("Signed", "Low", ValueError, id="text-of-a-range"),
        pytest.param("Index", 300, ValueError, id="range"),
        pytest.param("Small", -129, ValueError, id="signed-range"),
        pytest.param("Flag", "False", TypeError, id="text-for-a-boolean"),
        pytest.param("Flag", 1, TypeError, id="number-for-a-boolean"),
        pytest.param("Id", 5, TypeError, id="number-for-a-string"),
        pytest.param("Tags", ["x", 5], TypeError, id="number-among-strings"),
        pytest.param("Tags", "x", ValueError, id="no-array"),
        pytest.param("Id", timedelta(1), TypeError, id="timedelta-for-a-string"),
        pytest.param("Id", ["x"], ValueError, id="array"),
        pytest.param("When", "yesterday", ValueError, id="no-datetime"),
        pytest.param("Part", 5, ValueError, id="no-instance"),
        pytest.param("One", 5, TypeError, id="no-path"),
        pytest.param("Nothing", 5, KeyError, id="no-property"),
    ],
)
def test_values_that_do_not_fit_are_refused(obj: Any, name: str, given: Any, error: Any) -> None:
    with pytest.raises(error):
        obj[name] = given
    assert obj.changes == []


def test_embedded_instances_and_references(ns: Namespace, obj: Any) -> None:
    assert [item and item.Label for item in obj.Parts] == ["first", None]
    assert (obj.Any.Kind.text, obj.Part.Inner.Kind.name) == ("Many", "One")
    with pytest.raises(ValueError, match="without path"):
        obj.One = obj.Part
    changed = obj.Part
    changed.Label = "new"
    obj.Parts = [changed, part("second")]
    obj.save()
    assert [item.Label for item in ns.Kinds.get(obj)["Parts"]] == ["new", "second"]
    obj.One = obj
    assert obj.One == obj.path
    again = pickle.loads(pickle.dumps(obj))
    assert again.Part.Inner.Kind.name == "One"
    for ask in (again.refresh, again.save, again.delete, again.references, again.Part.save):
        with pytest.raises(ValueError, match="has no connection"):
            ask()


@pytest.mark.parametrize(
    "where, count",
    [
        pytest.param({"Index": "Two"}, 1, id="text"),
        pytest.param({"Signed": "Low"}, 1, id="text-of-a-range"),
        pytest.param({"Open": "Else", "Flag": True}, 1, id="text-of-the-unclaimed"),
        pytest.param({"Closed": "Alpha"}, 1, id="text-in-an-array"),
        pytest.param({"Tags": None}, 0, id="no-null"),
        pytest.param({"Real": None}, 1, id="null"),
        pytest.param(
            {"When": datetime(2024, 1, 2, 2, 4, 5, tzinfo=timezone.utc)}, 1, id="datetime"
        ),
        pytest.param({"Id": "K"}, 0, id="case-of-strings"),
        pytest.param("Index = 2", 1, id="query"),
    ],
)
def test_where(ns: Namespace, where: Any, count: int) -> None:
    assert len(list(ns.Kinds.instances(where=where, properties="Index"))) == count


def test_where_with_objects(ns: Namespace, obj: Any) -> None:
    # Over HTTP the path of an instance has a host, a reference to it has none.
    (end,) = ns.End.instances()
    assert end.path is not None
    assert end.path.host
    for value in (end, end.path, obj.One, 'End.Id="e"'):
        assert len(list(ns.Kinds.instances(where={"One": value}))) == 1


@pytest.mark.parametrize(
    "ask, error, text",
    [
        pytest.param(lambda ns: ns.Kinds.get(), ValueError, "keys of Kinds are: Id, No", id="none"),
        pytest.param(lambda ns: ns.Kinds.get(Id="k"), ValueError, "Id, No", id="key-missing"),
        pytest.param(
            lambda ns: ns.Kinds.get(Id="k", No=1, Flag=True), ValueError, "Id, No", id="no-key"
        ),
        pytest.param(lambda ns: ns.Kinds.get(Ids="k"), AttributeError, "'Ids'", id="no-property"),
        pytest.param(lambda ns: ns.Kinds.get("k"), TypeError, "mapping", id="no-mapping"),
        pytest.param(
            lambda ns: ns.Kinds.get(Id="k", No=-1), ValueError, "out of range", id="range"
        ),
        pytest.param(lambda ns: ns.get("k"), TypeError, "instance path", id="no-path"),
        pytest.param(lambda ns: ns.wrap("k"), TypeError, "not 'k'", id="no-instance"),
        pytest.param(lambda ns: ns[5], TypeError, "5 is neither", id="no-class"),
        pytest.param(lambda ns: ns.Nope.get(Id=1), pywbem.CIMError, "Nope", id="class-not-there"),
        pytest.param(
            lambda ns: list(ns.Kinds.instances(where={"Nope": 1})),
            AttributeError,
            "no property 'Nope'",
            id="where-no-property",
        ),
        pytest.param(
            lambda ns: list(ns.Kinds.instances(where={"Index": "Nope"})),
            ValueError,
            "its texts are: 'Zero', 'One', 'Two'",
            id="where-no-text",
        ),
        pytest.param(lambda ns: ns.Kinds.Nope(), AttributeError, "no method 'Nope'", id="method"),
    ],
)
def test_what_does_not_fit_is_said(ns: Namespace, ask: Any, error: Any, text: str) -> None:
    with pytest.raises(error, match=text):
        ask(ns)
