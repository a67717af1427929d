"""
Element tree to CIM objects: one function for each DSP0201 element.

A function takes an element and returns what it stands for.  What the parser
has established is not established again: the objects are built with trusted
constructors.  Anything that DSP0201 does not allow raises
:exc:`~pywbem._cim_xml.read.tree.DecodeError` with the element.  Tolerated are
the order of children, names that occur twice (the last one counts), any case
of TRUE and FALSE, KEYVALUE without TYPE, the EMBEDDEDOBJECT attribute, and
xml:lang on every element.
"""

from __future__ import annotations

from sys import intern
from typing import Any, Callable, Dict, Optional, Union
from xml.etree.ElementTree import Element

from ..._cim_obj import (
    CIMClass,
    CIMClassName,
    CIMInstance,
    CIMMethod,
    CIMParameter,
    CIMQualifierDeclaration,
)
from ..._cim_obj.method import VOID
from ..._cim_obj.qualifier_declaration import SCOPES
from ..._warnings import ToleratedServerIssueWarning
from . import paths
from .element import (
    NONE,
    Names,
    add_item,
    allow_attributes,
    array_size,
    converter,
    empty,
    fail,
    flag,
    key_of,
    names,
    no_text,
    only_child,
    only_value,
    required,
    two_children,
    typed_converter,
    unexpected,
)
from .properties import (
    EMBEDDED,
    FLAVORS,
    PROPERTIES,
    class_origin,
    content_of,
    flavors,
    instance,
    optional_value,
    qualifier,
    reference_class,
    value_array,
)
from .values import warn_of_server

# ---------------------------------------------------------------------------
# Qualifier types (DSP0201 5.3.5)

_QUALIFIER_DECLARATION = frozenset(("NAME", "TYPE", "ISARRAY", "ARRAYSIZE", *FLAVORS))
# ANY is in no DTD, but released clients send it.
_SCOPES = frozenset(SCOPES)


def qualifier_declaration(el: Element) -> CIMQualifierDeclaration:
    """
    QUALIFIER.DECLARATION: a qualifier type.
    """
    allow_attributes(el, _QUALIFIER_DECLARATION)
    name = key_of(required(el, "NAME"))[0]
    cimtype = intern(required(el, "TYPE"))
    is_array = bool(flag(el, "ISARRAY", False))
    result = optional_value(el, cimtype, ignored="SCOPE")
    scopes: Names = {}
    for child in el:
        if child.tag == "SCOPE":
            empty(child, _SCOPES)
            for scope in child.attrib:
                if scope in _SCOPES:
                    scopes[key_of(scope)[1]] = (key_of(scope)[0], flag(child, scope, False))
    if result is not None and isinstance(result, list) != is_array:
        fail(el, f"has ISARRAY={str(is_array).lower()} and the value {result!r}")
    return CIMQualifierDeclaration._trusted(
        name, cimtype, result, is_array, array_size(el), names(scopes), *flavors(el)
    )


# ---------------------------------------------------------------------------
# Classes (DSP0201 5.3.5)

_CLASS = frozenset(("NAME", "SUPERCLASS"))
_METHOD = frozenset(("NAME", "TYPE", "CLASSORIGIN", "PROPAGATED"))


def class_(el: Element, path: Optional[CIMClassName] = None) -> CIMClass:
    """
    CLASS: a class, with the path that came with it.
    """
    allow_attributes(el, _CLASS)
    no_text(el)
    name = key_of(required(el, "NAME"))[0]
    superclass = el.attrib.get("SUPERCLASS")
    quals: Names = {}
    props: Names = {}
    methods: Names = {}
    for child in el:
        tag = child.tag
        if tag == "QUALIFIER":
            add_item(quals, qualifier(child))
        elif tag == "METHOD":
            add_item(methods, method(child))
        elif tag in PROPERTIES:
            add_item(props, PROPERTIES[tag](child))
        else:
            unexpected(el, child)
    return CIMClass._trusted(
        name,
        names(props),
        names(methods),
        None if superclass is None else key_of(superclass)[0],
        names(quals),
        path,
    )


def method(el: Element) -> CIMMethod:
    """
    METHOD: a method declaration.  One without return type is legal in DSP0201, but not in
    DSP0004; it costs no class.
    """
    allow_attributes(el, _METHOD)
    no_text(el)
    name = key_of(required(el, "NAME"))[0]
    cimtype = el.attrib.get("TYPE")
    if not cimtype or cimtype == VOID:
        cimtype = VOID
        warn_of_server(
            ToleratedServerIssueWarning,
            f"WBEM server sent the method {name!r} without return type, which CIM does not have; "
            "it is shown as void",
        )
    else:
        converter(el, cimtype)
    quals: Names = {}
    params: Names = {}
    for child in el:
        if child.tag == "QUALIFIER":
            add_item(quals, qualifier(child))
        elif child.tag in _PARAMETERS:
            add_item(params, parameter(child))
        else:
            unexpected(el, child)
    return CIMMethod._trusted(
        name,
        intern(cimtype),
        names(params),
        class_origin(el),
        flag(el, "PROPAGATED", False),
        names(quals),
    )


_PARAMETERS = {
    "PARAMETER": frozenset(("NAME", "TYPE")),
    "PARAMETER.ARRAY": frozenset(("NAME", "TYPE", "ARRAYSIZE")),
    "PARAMETER.REFERENCE": frozenset(("NAME", "REFERENCECLASS")),
    "PARAMETER.REFARRAY": frozenset(("NAME", "REFERENCECLASS", "ARRAYSIZE")),
}


def parameter(el: Element) -> CIMParameter:
    """
    PARAMETER, PARAMETER.ARRAY, PARAMETER.REFERENCE, PARAMETER.REFARRAY: a
    parameter declaration.
    """
    allowed = _PARAMETERS[el.tag]
    allow_attributes(el, allowed)
    name = key_of(required(el, "NAME"))[0]
    if "TYPE" in allowed:
        cimtype = intern(required(el, "TYPE"))
        typed_converter(el, cimtype)
    else:
        cimtype = "reference"
    quals, _ = content_of(el, "")
    return CIMParameter._trusted(
        name,
        cimtype,
        reference_class(el),
        "ARRAYSIZE" in allowed,
        array_size(el),
        quals,
        None,
        None,
    )


# ---------------------------------------------------------------------------
# Objects with paths (DSP0201 5.3.3)


def value_namedinstance(el: Element) -> CIMInstance:
    """
    VALUE.NAMEDINSTANCE: an instance with its path.
    """
    name, inst = two_children(el, ("INSTANCENAME", "INSTANCE"))
    return instance(inst, paths.instancename(name))


def value_instancewithpath(el: Element) -> CIMInstance:
    """
    VALUE.INSTANCEWITHPATH: an instance with its path, host and namespace.
    """
    path, inst = two_children(el, ("INSTANCEPATH", "INSTANCE"))
    return instance(inst, paths.instancepath(path))


def value_objectwithpath(el: Element) -> Union[CIMInstance, CIMClass]:
    """
    VALUE.OBJECTWITHPATH: an instance or class with path, host and namespace.
    """
    path, obj = two_children(el, ("INSTANCEPATH", "INSTANCE"), ("CLASSPATH", "CLASS"))
    if obj.tag == "INSTANCE":
        return instance(obj, paths.instancepath(path))
    return class_(obj, paths.classpath(path))


def value_objectwithlocalpath(el: Element) -> Union[CIMInstance, CIMClass]:
    """
    VALUE.OBJECTWITHLOCALPATH: an instance or class with path and namespace.
    """
    path, obj = two_children(el, ("LOCALINSTANCEPATH", "INSTANCE"), ("LOCALCLASSPATH", "CLASS"))
    if obj.tag == "INSTANCE":
        return instance(obj, paths.localinstancepath(path))
    return class_(obj, paths.localclasspath(path))


def value_object(el: Element) -> Union[CIMInstance, CIMClass]:
    """
    VALUE.OBJECT: an instance or class.
    """
    allow_attributes(el, NONE)
    obj = only_child(el, "INSTANCE", "CLASS")
    return instance(obj) if obj.tag == "INSTANCE" else class_(obj)


def value_namedobject(el: Element) -> Union[CIMInstance, CIMClass]:
    """
    VALUE.NAMEDOBJECT: an instance with its path, or a class.
    """
    if len(el) == 1:
        allow_attributes(el, NONE)
        return class_(only_child(el, "CLASS"))
    return value_namedinstance(el)


# An embedded instance that has a path is sent with it.
EMBEDDED.update(
    {
        "CLASS": class_,
        "INSTANCE": instance,
        "VALUE.INSTANCEWITHPATH": value_instancewithpath,
        "VALUE.NAMEDINSTANCE": value_namedinstance,
        "VALUE.OBJECTWITHLOCALPATH": value_objectwithlocalpath,
        "VALUE.OBJECTWITHPATH": value_objectwithpath,
    }
)

#: The function for each element that stands for an object, a path or a value.
DECODERS: Dict[str, Callable[[Element], Any]] = {
    "CLASS": class_,
    "CLASSNAME": paths.classname,
    "CLASSPATH": paths.classpath,
    "INSTANCE": instance,
    "INSTANCENAME": paths.instancename,
    "INSTANCEPATH": paths.instancepath,
    "LOCALCLASSPATH": paths.localclasspath,
    "LOCALINSTANCEPATH": paths.localinstancepath,
    "OBJECTPATH": paths.objectpath,
    "QUALIFIER.DECLARATION": qualifier_declaration,
    "VALUE": only_value,
    "VALUE.ARRAY": value_array,
    "VALUE.INSTANCEWITHPATH": value_instancewithpath,
    "VALUE.NAMEDINSTANCE": value_namedinstance,
    "VALUE.NAMEDOBJECT": value_namedobject,
    "VALUE.OBJECT": value_object,
    "VALUE.OBJECTWITHLOCALPATH": value_objectwithlocalpath,
    "VALUE.OBJECTWITHPATH": value_objectwithpath,
    "VALUE.REFARRAY": paths.value_refarray,
    "VALUE.REFERENCE": paths.value_reference,
}
