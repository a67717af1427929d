"""
Elements of parameters and return values to what they say (DSP0201 5.3.6).
"""

from __future__ import annotations

from typing import Any, Callable, Optional, Tuple
from xml.etree.ElementTree import Element

from ..._cim_obj import CIMParameter
from ..._cim_types import Char16
from . import objects, properties
from .element import (
    allow_attributes,
    converter,
    fail,
    no_text,
    only_child,
    required,
    unexpected,
)
from .values import CONVERTERS, REFERENCE, Converter

_CORRELATOR = frozenset(("NAME", "TYPE"))
_PARAMVALUE = frozenset(("NAME", "PARAMTYPE", "TYPE", "EmbeddedObject", "EMBEDDEDOBJECT"))
_RETURNVALUE = frozenset(("PARAMTYPE", "EmbeddedObject", "EMBEDDEDOBJECT"))


def _parameter_content(
    el: Element, reference: Converter
) -> Tuple[Any, Optional[str], Optional[str]]:
    """
    Value, CIM type and kind of embedded object of PARAMVALUE or RETURNVALUE; what
    becomes of a reference that comes as text is told.
    """
    no_text(el)
    # Some servers send TYPE in place of PARAMTYPE, or an empty one.
    param_type = el.get("PARAMTYPE") or el.get("TYPE") or None
    embedded = properties.embedded_kind(el)
    if embedded is None and "EmbeddedObject" in el.attrib:
        embedded = "object"  # an empty one does not say which
    if param_type in ("instance", "object"):
        # Some servers did before embedded objects became strings.
        embedded, param_type = embedded or param_type, "string"
    elif param_type is not None and param_type not in CONVERTERS and param_type != "reference":
        fail(el, f"has unknown CIM type {param_type!r}")
    cimtype = param_type or "string"
    if len(el) == 0:
        return None, param_type, embedded
    if len(el) > 1:
        unexpected(el, el[1])
    child = el[0]
    if child.tag in ("VALUE", "VALUE.ARRAY"):
        is_array = child.tag == "VALUE.ARRAY"
        if embedded is not None:
            properties.check_embedded(el, cimtype)
            decode = properties.embedded_array if is_array else properties.embedded_value
            return decode(el, child), param_type, embedded
        convert = CONVERTERS.get(cimtype, reference)
        value = (properties.array if is_array else properties.scalar)(el, child, convert)
        return value, param_type, None
    if child.tag not in _PARAMETER_OBJECTS:
        unexpected(el, child)
    value = objects.DECODERS[child.tag](child)
    if child.tag in ("CLASS", "INSTANCE", "VALUE.NAMEDINSTANCE"):
        return value, "string", "object" if child.tag == "CLASS" else "instance"
    return value, "reference", None


_PARAMETER_OBJECTS = frozenset(
    (
        "CLASS",
        "CLASSNAME",
        "INSTANCE",
        "INSTANCENAME",
        "VALUE.NAMEDINSTANCE",
        "VALUE.REFARRAY",
        "VALUE.REFERENCE",
    )
)


def paramvalue(el: Element, reference: Converter = str) -> CIMParameter:
    """
    PARAMVALUE: a parameter of a call, or of its result.
    """
    allow_attributes(el, _PARAMVALUE)
    name = required(el, "NAME")
    value, param_type, embedded = _parameter_content(el, reference)
    return CIMParameter._trusted(
        name,
        param_type or "string",
        None,
        isinstance(value, list),
        None,
        None,
        value,
        embedded,
    )


def returnvalue(el: Element) -> Tuple[Any, Optional[str]]:
    """
    RETURNVALUE: the value and its CIM type.
    """
    allow_attributes(el, _RETURNVALUE)
    if len(el) and el[0].tag not in ("VALUE", "VALUE.REFERENCE"):
        unexpected(el, el[0])
    value, param_type, _ = _parameter_content(el, REFERENCE)
    return value, param_type


def converted(el: Element, value: Any, convert: Optional[Callable[[str], Any]]) -> Any:
    """
    The value of a parameter that came as text but has a type of its own.
    """
    if convert is None or not isinstance(value, str):
        return value
    try:
        return convert(value)
    except ValueError as exc:
        fail(el, f"has {exc}")


def correlator(el: Element) -> Tuple[str, Any]:
    """
    The name and the value of CORRELATOR (DSP0203 2.4).
    """
    allow_attributes(el, _CORRELATOR)
    convert = converter(el, required(el, "TYPE"))
    value = properties.scalar(el, only_child(el, "VALUE"), convert)
    if el.attrib["TYPE"] == "char16" and value is not None:
        value = Char16(value)  # says its type
    return required(el, "NAME"), value
