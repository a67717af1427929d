"""
What the qualifiers of a class say to people: descriptions, units, value maps.
"""

from __future__ import annotations

import inspect
from typing import Any, List

from .._cim_obj import CIMClass
from .._units import siunit_obj
from .elements import Element, Method


def description(declared: Any) -> str:
    """
    The description of a class or of an element, empty if there is none.

    Parameters:
        declared (CIMClass, CIMProperty, CIMMethod or CIMParameter): With its qualifiers.
    """
    found = declared.qualifiers.get("Description")
    return str(found.value).strip() if found is not None and found.value else ""


def cim_type(element: Element) -> str:
    """
    The type of an element, with its unit.
    """
    text = element.type + ("[]" if element.is_array else "")
    reference = getattr(element.declared, "reference_class", None)
    if reference and element.type == "reference":
        text = f"{reference} reference"
    try:
        unit = siunit_obj(element.declared)
    except (ValueError, TypeError):
        unit = None  # a unit that no one knows
    return f"{text} in {unit}" if unit else text


def value_lines(element: Element) -> List[str]:
    """
    The values of an element with a value map, a line each.
    """
    made = element.enumeration
    lines = []
    for mapped, text in made.__items__ if made is not None else ():
        shown = mapped
        if mapped is None:
            shown = "others"
        elif isinstance(mapped, tuple):
            shown = "{}..{}".format(*mapped)
        lines.append(f"    {shown}: {text}")
    return lines


def property_text(element: Element) -> str:
    """
    The documentation of a property.
    """
    text = f"{element.name} ({cim_type(element)}): {description(element.declared)}".rstrip(" :")
    return "\n".join([text, *value_lines(element)])


def method_text(method: Method) -> str:
    """
    The documentation of a method and its parameters.
    """
    lines = [description(method.declared), ""]
    outputs = method.outputs.values()
    for title, elements in (("Parameters:", method.inputs), ("Output parameters:", outputs)):
        if elements:
            lines.append(title)
            for element in elements:
                lines += ["    " + line for line in property_text(element).splitlines()]
    values = value_lines(method.result)
    return "\n".join(lines + (["Returned values:", *values] if values else [])).strip()


def class_text(cim_class: CIMClass) -> str:
    """
    The documentation of a class.
    """
    return description(cim_class) or f"The CIM class {cim_class.classname}."


def signature(method: Method) -> inspect.Signature:
    """
    The signature of a method, its input parameters in the order of their declaration.
    """
    parameter = inspect.Parameter
    named = [
        parameter(element.name, parameter.POSITIONAL_OR_KEYWORD, default=None)
        for element in method.inputs
        if element.name.isidentifier()
    ]
    check = parameter("check", parameter.KEYWORD_ONLY, default=False)
    return inspect.Signature([*named, *([] if "check" in {n.name for n in named} else [check])])
