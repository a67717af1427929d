"""
The idioms of the documentation: what a program gets has its type.
"""

from __future__ import annotations

import json
from typing import Any, Dict, Iterator, List, Optional, Tuple

import pywbem


def build() -> pywbem.CIMInstance:
    inst = pywbem.CIMInstance(
        "CIM_Foo", {"Name": "x", "Size": pywbem.Uint64(5)}, path=pywbem.CIMInstanceName("CIM_Foo")
    )
    inst["Size"] = 6
    inst["Size"] = inst["Size"] - 1
    inst.properties["Free"] = pywbem.CIMProperty("Free", None, type="uint64")
    inst.path = None
    inst.update(Name="y")
    return inst


def look(inst: pywbem.CIMInstance, klass: pywbem.CIMClass) -> List[str]:
    found: List[str] = [inst.classname]
    prop: pywbem.CIMProperty = inst.properties["Size"]
    found += [prop.name, prop.type, prop.reference_class or "", prop.embedded_object or ""]
    is_array: bool = prop.is_array
    maybe: Optional[pywbem.CIMProperty] = inst.properties.get("Other")
    for name, prop in inst.properties.items():
        found += [name.upper(), prop.type]
    found += [prop.type for prop in inst.properties.values()]
    found += list(inst) + list(inst.keys())
    values: Dict[str, Any] = dict(inst.items())
    qualifiers: pywbem.NocaseDict[pywbem.CIMQualifier] = klass.qualifiers
    key: bool = "Key" in klass.properties["Name"].qualifiers
    parameter: pywbem.CIMParameter = klass.methods["Start"].parameters["Force"]
    method: pywbem.CIMMethod = klass.methods["Start"]
    copied: pywbem.NocaseDict[pywbem.CIMProperty] = inst.properties.copy()
    print(is_array, maybe, values, qualifiers, key, parameter.type, method.return_type, copied)
    return found


def own_dictionary() -> int:
    sizes = pywbem.NocaseDict({"a": 1})
    sizes["B"] = 2
    anything: pywbem.NocaseDict = pywbem.NocaseDict(a=1, b="x")
    return sizes["A"] + len(anything)


def wrong(inst: pywbem.CIMInstance) -> None:
    inst.properties["Size"] = 5  # type: ignore[assignment]
    number: int = inst.properties["Size"]  # type: ignore[assignment]
    print(number)


def operate(conn: pywbem.WBEMConnection) -> Iterator[str]:
    for inst in conn.EnumerateInstances("CIM_Foo", PropertyList=["Name"]):
        assert inst.path is not None
        again: pywbem.CIMInstance = conn.GetInstance(inst.path, LocalOnly=False)
        again["Name"] = "z"
        conn.ModifyInstance(again, PropertyList=["Name"])
        for other in conn.Associators(inst.path, ResultClass="CIM_Bar"):
            yield other.classname
        for path in conn.ReferenceNames(inst.path):
            yield path.to_wbem_uri("canonical")
            conn.DeleteInstance(path)
    for inst in conn.IterEnumerateInstances("CIM_Foo", MaxObjectCount=100):
        yield inst.tomof()
    opened = conn.OpenEnumerateInstances("CIM_Foo", MaxObjectCount=10)
    while not opened.eos:
        assert opened.context is not None
        opened_more = conn.PullInstancesWithPath(opened.context, 10)
        yield from (inst.classname for inst in opened_more.instances)
        break
    klass: pywbem.CIMClass = conn.GetClass("CIM_Foo")
    yield klass.superclass or "none"
    names: List[str] = conn.EnumerateClassNames()
    yield from names
    value, output = conn.InvokeMethod("Start", "CIM_Foo", [("Force", True)], Delay=pywbem.Uint8(1))
    yield f"{value} {output['Job']}"
    new: pywbem.CIMInstanceName = conn.CreateInstance(build(), namespace="root/cimv2")
    yield str(new)


def describe(conn: pywbem.WBEMConnection, state: Optional[int]) -> Tuple[str, List[str], int]:
    mapping = pywbem.ValueMapping.for_property(conn, None, "CIM_Foo", "OperationalStatus")
    text: str = mapping.tovalues(2)
    texts: List[str] = mapping.tovalues([2, 3])
    maybe: Optional[str] = mapping.tovalues(state)
    server = pywbem.WBEMServer(conn)
    namespaces: List[str] = server.namespaces
    return text + (maybe or ""), texts + namespaces, len(server.brand)


def as_json(inst: pywbem.CIMInstance, path: pywbem.CIMInstanceName) -> pywbem.CIMInstance:
    text = json.dumps({"inst": inst, "path": path}, default=pywbem.to_json)
    back: pywbem.CIMInstanceName = pywbem.CIMInstanceName.from_dict(path.to_dict())
    print(text, back.keybindings["Name"])
    return pywbem.CIMInstance.from_dict(json.loads(text)["inst"])


def failing(url: str) -> Optional[int]:
    try:
        with pywbem.WBEMConnection(url, ("user", "password"), timeout=10) as conn:
            conn.GetClass("CIM_Foo")
    except pywbem.CIMError as exc:
        return exc.status_code
    except (pywbem.ConnectionError, pywbem.AuthError, pywbem.TimeoutError) as exc:
        print(exc)
    return None


def credentials(url: str, userid: str, password: str) -> List[pywbem.WBEMConnection]:
    encoded = userid.encode("utf-8"), password.encode("utf-8")
    return [pywbem.WBEMConnection(url, encoded), pywbem.WBEMConnection(url, [userid, password])]


def when(inst: pywbem.CIMInstance) -> str:
    now: pywbem.CIMDateTime = pywbem.CIMDateTime.now()
    if now.is_interval or now.datetime is None:
        return str(now.timedelta)
    return now.datetime.isoformat() + str(pywbem.cimvalue(inst["When"], "datetime"))
