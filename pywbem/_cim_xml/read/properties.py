"""
Elements of values, qualifiers, properties and instances to CIM objects
(DSP0201 5.3.3, 5.3.5).
"""

from __future__ import annotations

import threading
from sys import intern
from typing import Any, Callable, Dict, List, Optional, Tuple, Union
from xml.etree.ElementTree import Element

from ..._cim_obj import (
    CIMClass,
    CIMInstance,
    CIMInstanceName,
    CIMProperty,
    CIMQualifier,
)
from ..._exceptions import XMLParseError
from ..._nocasedict import NocaseDict
from . import paths
from .element import (
    NONE,
    SPACE,
    Names,
    add_item,
    allow_attributes,
    array_size,
    blank,
    converter,
    empty,
    fail,
    flag,
    invalid,
    key_of,
    names,
    no_text,
    only_value,
    required,
    typed_converter,
    unexpected,
)
from .tree import DecodeError, parse
from .values import CONVERTERS, REFERENCE, Converter

#: Deepest nesting of embedded documents in each other.
MAX_EMBEDDING = 32

# ---------------------------------------------------------------------------
# VALUE elements (DSP0201 5.3.3)


def scalar(owner: Element, el: Element, convert: Converter) -> Any:
    """
    VALUE: what the converter makes of its text.
    """
    text = only_value(el)
    try:
        return convert(text)
    except ValueError as exc:
        return invalid(owner, el, str(exc))


def array(owner: Element, el: Element, convert: Converter) -> List[Any]:
    """
    VALUE.ARRAY: a list, None for VALUE.NULL.
    """
    no_text(el)
    allow_attributes(el, NONE)
    result: List[Any] = []
    for child in el:
        if child.tag == "VALUE":
            result.append(scalar(owner, child, convert))
        elif child.tag == "VALUE.NULL":
            empty(child)
            result.append(None)
        else:
            unexpected(el, child)
    return result


def value_array(el: Element) -> List[Optional[str]]:
    """
    VALUE.ARRAY of strings.
    """
    return array(el, el, str)


#: The function for each element that an embedded document may be.
EMBEDDED: Dict[str, Callable[[Element], Union[CIMInstance, CIMClass]]] = {}

# How deep embedded documents are in each other, in this thread.
_nesting = threading.local()


def embedded_value(owner: Element, el: Element) -> Union[CIMInstance, CIMClass, None]:
    """
    VALUE that holds an embedded object: an INSTANCE or CLASS as a document of
    its own (DSP0201 5.3.3.1).  Some servers send an empty one for None.
    """
    text = only_value(el)
    if not text.strip():
        return None
    depth = getattr(_nesting, "depth", 0)
    if depth >= MAX_EMBEDDING:
        fail(owner, f"has embedded objects more than {depth} deep in each other")
    _nesting.depth = depth + 1
    try:
        root = parse(text, "its embedded object")
        decode = EMBEDDED.get(root.tag)
        if decode is not None:
            return decode(root)
        cause, malformed = f"embedded object {root.tag}, expected INSTANCE or CLASS", False
    except XMLParseError as exc:
        cause, malformed = f"invalid embedded object: {exc.args[0]}", True
    except DecodeError as exc:
        cause, malformed = f"invalid embedded object: {exc.cause}", exc.malformed
    finally:
        _nesting.depth = depth
    invalid(owner, el, cause, malformed)
    return None


def embedded_kind(el: Element) -> Optional[str]:
    """
    The EmbeddedObject attribute, which OpenPegasus also sent in upper case.
    """
    attrib = el.attrib
    kind = attrib.get("EmbeddedObject", attrib.get("EMBEDDEDOBJECT"))
    if not kind:
        return None
    if kind not in ("instance", "object"):
        fail(el, f"has attribute EmbeddedObject={kind!r}, expected 'instance' or 'object'")
    return kind


def check_embedded(el: Element, cimtype: str) -> None:
    """
    Refuse an embedded object whose type is not string.
    """
    if cimtype != "string":
        fail(el, f"has type {cimtype} and attribute EmbeddedObject, which needs type string")


def embedded_array(owner: Element, el: Element) -> List[Any]:
    """
    VALUE.ARRAY as a list of embedded objects.
    """
    items = array(owner, el, str)
    return [
        None if item is None else embedded_value(owner, child) for item, child in zip(items, el)
    ]


# ---------------------------------------------------------------------------
# Qualifiers (DSP0201 5.3.5)

FLAVORS = ("OVERRIDABLE", "TOSUBCLASS", "TOINSTANCE", "TRANSLATABLE")
_QUALIFIER = frozenset(("NAME", "TYPE", "PROPAGATED", *FLAVORS))


def flavors(el: Element) -> Tuple[Optional[bool], ...]:
    # The defaults of the DTD.
    return (
        flag(el, "OVERRIDABLE", True),
        flag(el, "TOSUBCLASS", True),
        flag(el, "TOINSTANCE", False),
        flag(el, "TRANSLATABLE", False),
    )


def optional_value(el: Element, cimtype: str, ignored: str = "") -> Any:
    """
    The value of a qualifier: VALUE, VALUE.ARRAY or nothing.
    """
    convert = converter(el, cimtype)
    no_text(el)
    result, seen = None, False
    for child in el:
        if child.tag == ignored:
            ignored = ""
            continue
        if seen or child.tag not in ("VALUE", "VALUE.ARRAY"):
            unexpected(el, child)
        seen = True
        if child.tag == "VALUE":
            result = scalar(el, child, convert)
        else:
            result = array(el, child, convert)
    return result


def qualifier(el: Element) -> CIMQualifier:
    """
    QUALIFIER: a qualifier value.
    """
    allow_attributes(el, _QUALIFIER)
    name = key_of(required(el, "NAME"))[0]
    cimtype = intern(required(el, "TYPE"))
    result = optional_value(el, cimtype)
    return CIMQualifier._trusted(name, result, cimtype, flag(el, "PROPAGATED", False), *flavors(el))


# ---------------------------------------------------------------------------
# Properties and instances (DSP0201 5.3.5)

_PROPERTY = frozenset(
    ("NAME", "TYPE", "CLASSORIGIN", "PROPAGATED", "EmbeddedObject", "EMBEDDEDOBJECT")
)
_PROPERTY_ARRAY = _PROPERTY | {"ARRAYSIZE"}
_PROPERTY_REFERENCE = frozenset(("NAME", "REFERENCECLASS", "CLASSORIGIN", "PROPAGATED"))


def class_origin(el: Element) -> Optional[str]:
    name = el.attrib.get("CLASSORIGIN")
    return None if name is None else intern(name)


def content_of(el: Element, tag: str) -> Tuple[Optional[NocaseDict], Optional[Element]]:
    """
    The qualifiers of a property and the element of its value.
    """
    no_text(el)
    quals: Names = {}
    found = None
    for child in el:
        if child.tag == "QUALIFIER":
            add_item(quals, qualifier(child))
        elif child.tag == tag and found is None:
            found = child
        else:
            unexpected(el, child)
    return names(quals), found


def property_(el: Element) -> CIMProperty:
    """
    PROPERTY: a property that is no array and no reference.
    """
    attrib = el.attrib
    try:
        name = attrib["NAME"]
        cimtype = attrib["TYPE"]
        convert = CONVERTERS[cimtype]
    except KeyError:
        name, cimtype = required(el, "NAME"), required(el, "TYPE")
        convert = typed_converter(el, cimtype)
    name = key_of(name)[0]
    origin = embedded = quals = None
    propagated: Optional[bool] = False
    if len(attrib) != 2:
        allow_attributes(el, _PROPERTY)
        origin = class_origin(el)
        propagated = flag(el, "PROPAGATED", False)
        embedded = embedded_kind(el)
        if embedded is not None:
            check_embedded(el, cimtype)
    if len(el) == 1 and el[0].tag == "VALUE":
        child: Optional[Element] = el[0]
        if el.text or el[0].tail:
            no_text(el)
    else:
        quals, child = content_of(el, "VALUE")
    if child is None:
        value = None
    elif embedded is not None:
        value = embedded_value(el, child)
    elif len(child) or child.attrib:
        value = scalar(el, child, convert)
    else:
        try:
            value = convert(child.text or "")
        except ValueError as exc:
            value = invalid(el, child, str(exc))
    return CIMProperty._trusted(
        name, value, intern(cimtype), origin, None, propagated, False, None, quals, embedded
    )


def property_array(el: Element) -> CIMProperty:
    """
    PROPERTY.ARRAY: a property that is an array of values.
    """
    name, cimtype = required(el, "NAME"), required(el, "TYPE")
    convert = CONVERTERS.get(cimtype) or typed_converter(el, cimtype)
    embedded = None
    if len(el.attrib) != 2:
        allow_attributes(el, _PROPERTY_ARRAY)
        embedded = embedded_kind(el)
        if embedded is not None:
            check_embedded(el, cimtype)
    quals, child = content_of(el, "VALUE.ARRAY")
    if child is None:
        value = None
    elif embedded is not None:
        value = embedded_array(el, child)
    else:
        value = array(el, child, convert)
    return CIMProperty._trusted(
        key_of(name)[0],
        value,
        intern(cimtype),
        class_origin(el),
        array_size(el),
        flag(el, "PROPAGATED", False),
        True,
        None,
        quals,
        embedded,
    )


def property_reference(el: Element) -> CIMProperty:
    """
    PROPERTY.REFERENCE: a property that is a reference.
    """
    allow_attributes(el, _PROPERTY_REFERENCE)
    name = required(el, "NAME")
    quals, child = content_of(el, "VALUE.REFERENCE")
    return CIMProperty._trusted(
        key_of(name)[0],
        None if child is None else paths.value_reference(child),
        "reference",
        class_origin(el),
        None,
        flag(el, "PROPAGATED", False),
        False,
        reference_class(el),
        quals,
        None,
    )


def reference_class(el: Element) -> Optional[str]:
    name = el.attrib.get("REFERENCECLASS")
    return None if name is None else key_of(name)[0]


PROPERTIES = {
    "PROPERTY": property_,
    "PROPERTY.ARRAY": property_array,
    "PROPERTY.REFERENCE": property_reference,
}
_CLASSNAME = frozenset(("CLASSNAME",))


# NAME of a PROPERTY -> its name, key, type and converter when it came last.
_shapes: Dict[str, Tuple[str, str, str, Converter]] = {}
_MAX_SHAPES = 8192


def _remember(prop: CIMProperty) -> None:
    """
    Keep what the next property of that name will most likely have.
    """
    if len(_shapes) >= _MAX_SHAPES:
        _shapes.clear()
    convert = CONVERTERS.get(prop._type, REFERENCE)
    _shapes[prop._name] = (*key_of(prop._name), prop._type, convert)


def instance(el: Element, path: Optional[CIMInstanceName] = None) -> CIMInstance:
    """
    INSTANCE: an instance, with the path that came with it.
    """
    if len(el.attrib) != 1:
        allow_attributes(el, _CLASSNAME)
    props: Names = {}
    quals: Names = {}
    shape_of, new = _shapes.get, CIMProperty._trusted
    for child in el:
        tail = child.tail
        if tail is not None and tail.strip(SPACE):
            blank(el, tail)
        if child.tag == "PROPERTY":
            # Nearly every property has a name, a type and a value, and comes
            # again in the next instance: what follows is property_() for it.
            attrib = child.attrib
            shape = shape_of(attrib.get("NAME"))  # type: ignore[arg-type]
            if shape is not None and len(attrib) == 2 and len(child) == 1:
                name, key, cimtype, convert = shape
                content = child[0]
                before, after = child.text, content.tail
                if (
                    attrib.get("TYPE") == cimtype
                    and content.tag == "VALUE"
                    and not len(content)
                    and not content.keys()
                    and (before is None or not before.strip(SPACE))
                    and (after is None or not after.strip(SPACE))
                ):
                    try:
                        value = convert(content.text or "")
                    except ValueError as exc:
                        value = invalid(child, content, str(exc))
                    prop = new(name, value, cimtype, None, None, False, False, None, None, None)
                    props[key] = (name, prop)
                    continue
        _add_to_instance(el, child, props, quals)
    if el.text:
        blank(el, el.text)
    return CIMInstance._trusted(
        key_of(required(el, "CLASSNAME"))[0], names(props), names(quals), path
    )


def _add_to_instance(el: Element, child: Element, props: Names, quals: Names) -> None:
    decode = PROPERTIES.get(child.tag)
    if decode is not None:
        prop = decode(child)
        add_item(props, prop)
        if decode is property_:
            _remember(prop)
    elif child.tag == "QUALIFIER":
        add_item(quals, qualifier(child))
    else:
        unexpected(el, child)
