"""
Elements of names and paths to path objects (DSP0201 5.3.4).
"""

from __future__ import annotations

from sys import intern
from typing import Any, Callable, Dict, List, Optional, Tuple, Union
from xml.etree.ElementTree import Element

from ..._cim_obj import CIMClassName, CIMInstanceName
from ..._warnings import MissingKeybindingsWarning
from .element import (
    NONE,
    Names,
    allow_attributes,
    blank,
    converter,
    empty,
    fail,
    invalid,
    key_of,
    names,
    no_text,
    only_child,
    only_value,
    required,
    two_children,
    unexpected,
)
from .tree import MAX_DEPTH
from .values import BOOLEAN, number, warn_of_server

_NAME = frozenset(("NAME",))
_CLASSNAME = frozenset(("CLASSNAME",))
_KEYVALUE = frozenset(("VALUETYPE", "TYPE"))


def localnamespacepath(el: Element) -> str:
    """
    LOCALNAMESPACEPATH: the namespace name.
    """
    no_text(el)
    allow_attributes(el, NONE)
    parts = []
    for child in el:
        if child.tag != "NAMESPACE":
            unexpected(el, child)
        empty(child, _NAME)
        parts.append(required(child, "NAME"))
    if not parts:
        fail(el, "has no child element NAMESPACE")
    return intern("/".join(parts).strip("/"))


def namespacepath(el: Element) -> Tuple[str, str]:
    """
    NAMESPACEPATH: host and namespace name.
    """
    host, path = two_children(el, ("HOST", "LOCALNAMESPACEPATH"))
    return intern(only_value(host)), localnamespacepath(path)


def classname(
    el: Element, host: Optional[str] = None, namespace: Optional[str] = None
) -> CIMClassName:
    """
    CLASSNAME: a class path without namespace.
    """
    empty(el, _NAME)
    return CIMClassName._trusted(key_of(required(el, "NAME"))[0], host, namespace)


def classpath(el: Element, _depth: int = 0) -> CIMClassName:
    """
    CLASSPATH: a class path with host and namespace.
    """
    path, name = two_children(el, ("NAMESPACEPATH", "CLASSNAME"))
    return classname(name, *namespacepath(path))


def localclasspath(el: Element, _depth: int = 0) -> CIMClassName:
    """
    LOCALCLASSPATH: a class path with namespace.
    """
    path, name = two_children(el, ("LOCALNAMESPACEPATH", "CLASSNAME"))
    return classname(name, None, localnamespacepath(path))


def instancepath(el: Element, depth: int = 0) -> CIMInstanceName:
    """
    INSTANCEPATH: an instance path with host and namespace.
    """
    path, name = two_children(el, ("NAMESPACEPATH", "INSTANCENAME"))
    return instancename(name, *namespacepath(path), depth=depth)


def localinstancepath(el: Element, depth: int = 0) -> CIMInstanceName:
    """
    LOCALINSTANCEPATH: an instance path with namespace.
    """
    path, name = two_children(el, ("LOCALNAMESPACEPATH", "INSTANCENAME"))
    return instancename(name, None, localnamespacepath(path), depth=depth)


def objectpath(el: Element) -> Union[CIMInstanceName, CIMClassName]:
    """
    OBJECTPATH: the path in it.
    """
    allow_attributes(el, NONE)
    child = only_child(el, "INSTANCEPATH", "CLASSPATH")
    return instancepath(child) if child.tag == "INSTANCEPATH" else classpath(child)


_REFERENCES: Dict[str, Callable[..., Any]] = {
    "CLASSPATH": classpath,
    "LOCALCLASSPATH": localclasspath,
    "CLASSNAME": lambda el, _depth: classname(el),
    "INSTANCEPATH": instancepath,
    "LOCALINSTANCEPATH": localinstancepath,
    "INSTANCENAME": lambda el, depth: instancename(el, depth=depth),
}


def instancename(
    el: Element,
    host: Optional[str] = None,
    namespace: Optional[str] = None,
    depth: int = 0,
) -> CIMInstanceName:
    """
    INSTANCENAME: an instance path, with the host and namespace around it.
    """
    attrib = el.attrib
    if len(attrib) != 1:
        allow_attributes(el, _CLASSNAME)
    name = key_of(required(el, "CLASSNAME"))[0]
    keys: Names = {}
    for child in el:
        if child.tail:
            blank(el, child.tail)
        if child.tag == "KEYBINDING":
            key_name, key = key_of(required(child, "NAME"))
            keys[key] = (key_name, _keybinding(child, depth))
        elif len(el) == 1:
            # A single key whose name is left out.
            keys[None] = (None, _key(el, child, depth))
        else:
            unexpected(el, child)
    if el.text:
        blank(el, el.text)
    if not keys:
        warn_of_server(
            MissingKeybindingsWarning,
            f"WBEM server sent an instance path without keys for class {name}",
        )
    keybindings = names(keys)
    if None in keys and keybindings is not None:
        keybindings.allow_unnamed_keys = True
    return CIMInstanceName._trusted(name, keybindings, host, namespace)


def _keybinding(el: Element, depth: int) -> Any:
    if len(el.attrib) != 1:
        allow_attributes(el, _NAME)
    if len(el) != 1 or el.text or el[0].tail:
        only_child(el, "KEYVALUE", "VALUE.REFERENCE")
    return _key(el, el[0], depth)


def _key(owner: Element, el: Element, depth: int) -> Any:
    if el.tag == "KEYVALUE":
        return _keyvalue(owner, el)
    if el.tag == "VALUE.REFERENCE":
        path = value_reference(el, depth)
        if isinstance(path, CIMClassName):
            fail(owner, f"has class path {path} as its value, expected an instance path")
        return path
    unexpected(owner, el)


def _keyvalue(owner: Element, el: Element) -> Any:
    """
    KEYVALUE: the value of a key.  TYPE, which DSP0201 requires since 2.4,
    counts more than VALUETYPE; without it a number has no CIM type.
    """
    attrib = el.attrib
    if len(el):
        unexpected(el, el[0])
    if not attrib.keys() <= _KEYVALUE:
        allow_attributes(el, _KEYVALUE)
    text = el.text or ""
    # Servers that do not know the type send an empty one, too.
    cimtype = attrib.get("TYPE") or None
    kind = attrib.get("VALUETYPE", "string")
    if cimtype is not None:
        convert = converter(el, cimtype)
    elif kind == "string":
        return text
    elif kind == "numeric":
        convert = number
    elif kind == "boolean":
        convert = BOOLEAN
    else:
        fail(el, f"has attribute VALUETYPE={kind!r}, expected string, boolean or numeric")
    try:
        result = convert(text)
    except ValueError as exc:
        return invalid(owner, el, str(exc))
    if result is None:
        return invalid(owner, el, "an empty boolean value")
    return result


def value_reference(el: Element, depth: int = 0) -> Union[CIMInstanceName, CIMClassName]:
    """
    VALUE.REFERENCE: the path in it.
    """
    allow_attributes(el, NONE)
    if depth * 3 > MAX_DEPTH:
        fail(el, f"is nested more than {depth} deep in other references")
    child = only_child(el, *_REFERENCES)
    path: Union[CIMInstanceName, CIMClassName] = _REFERENCES[child.tag](child, depth + 1)
    return path


def value_refarray(el: Element) -> List[Union[CIMInstanceName, CIMClassName, None]]:
    """
    VALUE.REFARRAY: a list of paths, None for VALUE.NULL.
    """
    no_text(el)
    allow_attributes(el, NONE)
    result: List[Union[CIMInstanceName, CIMClassName, None]] = []
    for child in el:
        if child.tag == "VALUE.REFERENCE":
            result.append(value_reference(child))
        elif child.tag == "VALUE.NULL":
            result.append(empty(child))  # type: ignore[func-returns-value]
        else:
            unexpected(el, child)
    return result
