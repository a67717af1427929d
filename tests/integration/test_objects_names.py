"""
Names of CIM that the layer, Python or other names of CIM have, too.
"""

from __future__ import annotations

import inspect
import pickle
from typing import Any, Dict, List

import pytest

import pywbem
import pywbem_mock
from pywbem.objects import Instance, Namespace

NAMES = (
    "save path DELETE Refresh instances get create cim_class changes references cls keys self "
    "name class mro _instance _schema _free __init__"
).split()
MOF = f"""
Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride, ToSubclass);
Qualifier In : boolean = true, Scope(parameter), Flavor(DisableOverride, ToSubclass);
Qualifier Out : boolean = false, Scope(parameter), Flavor(DisableOverride, ToSubclass);
Qualifier Static : boolean = false, Scope(property, method), Flavor(DisableOverride, ToSubclass);
class Odd {{
    [Key] string Id; {" ".join(f"string {name};" for name in NAMES)}
    uint32 Run([In] boolean check, [In] string from, [In] string self,
               [In(false), Out] string value, [In(false), Out] string Wait,
               [In(false), Out] string _method);
}};
class Odder : Odd {{ [Static] uint32 Get(); [Static] uint32 associated(); }};
"""


class Provider(pywbem_mock.MethodProvider):
    provider_classnames = ["Odd", "Odder"]
    calls: List[Any] = []

    def InvokeMethod(self, methodname: str, localobject: Any, params: Any) -> Any:
        self.calls.append((methodname, {name: param.value for name, param in params.items()}))
        outputs = {"value": "v", "Wait": "w", "_method": "m"} if methodname == "Run" else {}
        return pywbem.Uint32(5), [
            pywbem.CIMParameter(name, "string", value=value) for name, value in outputs.items()
        ]


@pytest.fixture(name="ns")
def _ns() -> Namespace:
    conn = pywbem_mock.FakedWBEMConnection(use_pull_operations=True)
    conn.compile_mof_string(MOF)
    conn.register_provider(Provider(conn.cimrepository))
    for classname in ("Odd", "Odder"):
        values = {"Id": classname, **{name: f"the {name}" for name in NAMES}}
        conn.CreateInstance(pywbem.CIMInstance(classname, values))
    return Namespace(conn)


@pytest.fixture(name="odd", params=["Odd", "Odder"])
def _odd(request: Any, ns: Namespace) -> Any:
    # A class of the same names derives from one that is bound already.
    (found,) = ns["Odd"].instances(where={"Id": request.param})
    return found


@pytest.mark.parametrize("name", NAMES)
def test_names_of_cim_are_not_hidden(odd: Any, name: str) -> None:
    assert odd[name] == odd[name.swapcase()] == f"the {name}"
    # What the layer or Python itself needs begins with an underscore.
    if name not in ("_instance", "_schema", "__init__"):
        assert getattr(odd, name) == f"the {name}"
        setattr(odd, name, "changed")
    else:
        with pytest.raises(AttributeError, match="name of this layer"):
            setattr(odd, name, "changed")
        odd[name] = "changed"
    assert (odd[name], Instance.changes.__get__(odd)) == ("changed", [name])
    Instance.save(odd)
    again: Any = type(odd).get(Id=odd.Id)
    assert again[name] == "changed"
    assert pickle.loads(pickle.dumps(again))[name] == "changed"


@pytest.mark.parametrize("name", ["delete", "refresh"])
def test_names_of_the_layer_are_lower_case(odd: Any, name: str) -> None:
    assert inspect.ismethod(getattr(odd, name))
    with pytest.raises(AttributeError, match="name of this layer"):
        setattr(odd, name, "changed")
    assert getattr(odd, name.upper()).casefold() == f"the {name}"


def test_members_of_classes_stay(ns: Namespace) -> None:
    odder: Any = ns.Odder
    for _ in range(2):  # before and after the class was fetched
        assert [found.Id for found in odder.instances()] == ["Odder"]
        assert odder.get(Id="Odder").Id == "Odder"
        assert odder.cim_class().classname == "Odder"
    assert odder.Get().value == odder["get"]().value == odder.associated().value == 5
    assert odder.create(Id="new", cls="a", self="b", keys="c")["cls"] == "a"
    assert odder.get({"Id": "new"})["keys"] == "c"


@pytest.mark.parametrize(
    "args, kwargs, sent",
    [
        pytest.param((True,), {}, {"check": True}, id="check-by-position"),
        pytest.param((), {"check": True}, {"check": True}, id="check-by-name"),
        pytest.param((), {"from": "x", "SELF": "y"}, {"from": "x", "self": "y"}, id="keyword"),
    ],
)
def test_parameters_named_like_those_of_the_layer(
    odd: Any, args: Any, kwargs: Any, sent: Dict[str, Any]
) -> None:
    result = odd.Run(*args, **kwargs)
    assert Provider.calls[-1] == ("Run", sent)
    assert str(inspect.signature(odd.Run)) == "(check=OMITTED, self=OMITTED)"
    assert (result.value, result["value"]) == (5, "v")
    assert (result.Wait, result["wait"], result.wait()) == ("w", "w", result)
    assert result["_METHOD"] == "m"
    with pytest.raises(AttributeError, match="no output parameter 'Nothing'"):
        _ = result.Nothing
    with pytest.raises(KeyError, match="no output parameter 'Nothing'"):
        _ = result["Nothing"]
