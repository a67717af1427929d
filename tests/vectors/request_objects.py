"""
Reads the arguments of an operation from a recorded CIM-XML request.

A reader of its own, so that what the library sends is compared with something
that the library did not make.  It knows the elements that occur in requests.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any, Dict, NamedTuple, Optional, Tuple

import pywbem

# Parameters of intrinsic methods whose VALUE is no string (DSP0200 5.4.2).
BOOLEANS = frozenset(
    ["DeepInheritance", "LocalOnly", "IncludeQualifiers", "IncludeClassOrigin", "ContinueOnError"]
)
INTEGERS = frozenset(["MaxObjectCount", "OperationTimeout"])
TRUTH = {"true": True, "false": False, None: None}


class Call(NamedTuple):
    """A method of WBEMConnection with its arguments."""

    method: str
    namespace: str
    arguments: Dict[str, Any]


def read_call(body: bytes) -> Call:
    """Return the call that a recorded request makes."""
    root = ET.fromstring(body)
    element = root.find("MESSAGE/*/*")
    assert element is not None, "no call in the request"
    name = element.get("NAME", "")
    namespace = "/".join(part.get("NAME", "") for part in element.iter("NAMESPACE"))
    if element.tag == "METHODCALL":
        return Call("InvokeMethod", namespace, _method_arguments(name, namespace, element))
    arguments = {
        str(parameter.get("NAME")): _parameter(str(parameter.get("NAME")), parameter[0])
        for parameter in element
        if parameter.tag in ("IPARAMVALUE", "EXPPARAMVALUE")
    }
    if "EnumerationContext" in arguments:
        arguments["context"] = (arguments.pop("EnumerationContext"), namespace)
    return Call(name, namespace, arguments)


def _method_arguments(name: str, namespace: str, element: ET.Element) -> Dict[str, Any]:
    target: Any = element.find("LOCALCLASSPATH/CLASSNAME")
    assert target is not None, "only methods of classes are recorded"
    path = pywbem.CIMClassName(target.get("NAME"), namespace=namespace)
    parameters = [
        pywbem.CIMParameter(
            item.get("NAME"), item.get("PARAMTYPE"), value=_value(item, item.get("PARAMTYPE"))
        )
        for item in element.iter("PARAMVALUE")
    ]
    return {"MethodName": name, "ObjectName": path, "Params": parameters}


def _parameter(name: str, element: ET.Element) -> Any:
    """Return the value of IPARAMVALUE."""
    if element.tag == "VALUE":
        if name in BOOLEANS:
            return TRUTH[str(element.text).lower()]
        return int(str(element.text)) if name in INTEGERS else element.text or ""
    if element.tag == "VALUE.ARRAY":
        return [item.text or "" for item in element]
    readers: Dict[str, Any] = {
        "CLASSNAME": lambda item: pywbem.CIMClassName(item.get("NAME")),
        "INSTANCENAME": _instance_name,
        "INSTANCE": _instance,
        "CLASS": _class,
        "QUALIFIER.DECLARATION": _qualifier_declaration,
        "VALUE.NAMEDINSTANCE": lambda item: _instance(item[1], _instance_name(item[0])),
    }
    return readers[element.tag](element)


def _instance_name(element: ET.Element) -> pywbem.CIMInstanceName:
    keys: Dict[str, Any] = {}
    for binding in element.iter("KEYBINDING"):
        key = binding[0]
        text = key.text or ""
        keys[str(binding.get("NAME"))] = int(text) if key.get("VALUETYPE") == "numeric" else text
    return pywbem.CIMInstanceName(element.get("CLASSNAME"), keybindings=keys)


def _instance(
    element: ET.Element, path: Optional[pywbem.CIMInstanceName] = None
) -> pywbem.CIMInstance:
    properties = [_property(item) for item in element]
    instance = pywbem.CIMInstance(element.get("CLASSNAME"), properties=properties)
    instance.path = path
    return instance


def _class(element: ET.Element) -> pywbem.CIMClass:
    return pywbem.CIMClass(
        element.get("NAME"),
        superclass=element.get("SUPERCLASS"),
        properties=[_property(item) for item in element],
    )


def _property(element: ET.Element) -> pywbem.CIMProperty:
    is_array = element.tag == "PROPERTY.ARRAY"
    return pywbem.CIMProperty(
        element.get("NAME"),
        _value(element, element.get("TYPE")),
        type=element.get("TYPE"),
        is_array=is_array,
        propagated=TRUTH[element.get("PROPAGATED")],
        qualifiers=[_qualifier(item) for item in element if item.tag == "QUALIFIER"],
    )


def _qualifier(element: ET.Element) -> pywbem.CIMQualifier:
    return pywbem.CIMQualifier(
        element.get("NAME"), _value(element, element.get("TYPE")), **_flavors(element)
    )


def _qualifier_declaration(element: ET.Element) -> pywbem.CIMQualifierDeclaration:
    scope = element.find("SCOPE")
    assert scope is not None, "a declaration without a scope is not recorded"
    kind = element.get("TYPE")
    return pywbem.CIMQualifierDeclaration(
        element.get("NAME"),
        kind,
        value=_value(element, kind),
        is_array=TRUTH[element.get("ISARRAY")],
        scopes={name: TRUTH[value] for name, value in scope.attrib.items()},
        **_flavors(element),
    )


def _flavors(element: ET.Element) -> Dict[str, Any]:
    names: Tuple[str, ...] = ("OVERRIDABLE", "TOSUBCLASS", "TOINSTANCE", "TRANSLATABLE")
    return {name.lower(): TRUTH[element.get(name)] for name in names}


def _value(element: ET.Element, kind: Optional[str]) -> Any:
    """Return the value of a property, qualifier or parameter; None if it has none."""
    array = element.find("VALUE.ARRAY")
    if array is not None:
        return [pywbem.cimvalue(item.text or "", kind) for item in array]
    value = element.find("VALUE")
    if value is None:
        return None
    text = value.text or ""
    return TRUTH[text.lower()] if kind == "boolean" else pywbem.cimvalue(text, kind)
