"""
Normal forms: what a value, an exception or a text is to a program that uses it, as
plain JSON, with everything gone that differs between two runs (addresses, ports, times).
"""

from __future__ import annotations

import os
import re
import tempfile
from typing import Any, Callable, Dict, Optional

import pywbem
import pywbem_mock

ATTRIBUTES = {
    "CIMInstanceName": ("classname", "keybindings", "namespace", "host"),
    "CIMClassName": ("classname", "namespace", "host"),
    "CIMInstance": ("classname", "properties", "qualifiers", "path"),
    "CIMClass": ("classname", "superclass", "properties", "methods", "qualifiers", "path"),
    "CIMProperty": (
        "name",
        "value",
        "type",
        "reference_class",
        "embedded_object",
        "is_array",
        "array_size",
        "class_origin",
        "propagated",
        "qualifiers",
    ),
    "CIMMethod": ("name", "return_type", "parameters", "class_origin", "propagated", "qualifiers"),
    "CIMParameter": (
        "name",
        "type",
        "reference_class",
        "is_array",
        "array_size",
        "qualifiers",
        "value",
        "embedded_object",
    ),
    "CIMQualifier": (
        "name",
        "value",
        "type",
        "propagated",
        "overridable",
        "tosubclass",
        "toinstance",
        "translatable",
    ),
    "CIMQualifierDeclaration": (
        "name",
        "type",
        "value",
        "is_array",
        "array_size",
        "scopes",
        "overridable",
        "tosubclass",
        "toinstance",
        "translatable",
    ),
}
"""The attributes that make up the value of a CIM object."""

SCRUBS = [
    (re.compile(re.escape(tempfile.gettempdir()) + r"/[^\s'\":,)]*/"), "TMP/"),
    (re.compile(re.escape(os.getcwd()) + "/"), "TMP/"),
    (re.compile(re.escape(pywbem.__version__)), "VERSION"),
    (re.compile(r"\b0x[0-9a-f]{6,}"), "ADDRESS"),
    (re.compile(r"<generator object [\w.]+"), "<generator object"),
    (re.compile(r"<(\w+\.)+(?=\w+ object at )"), "<"),
    (re.compile(r"\bpywbem(_mock)?\.[_a-z.]+\.(?=[A-Z])"), r"pywbem\1."),
    (re.compile(r"(127\.0\.0\.1|localhost|\[::1\]):\d{4,5}"), r"\1:PORT"),
    (re.compile(r"\bpywbem\.listener\.\d+"), "LISTENER"),
    (re.compile(r"\bport[ =]\d{4,5}"), "port PORT"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d([.,]\d+)?"), "TIME"),
    (re.compile(r"\b\d{1,5}-\d{4,6}\b|\bconn_id[ =:']+[\w.-]+"), "CONNECTION"),
]

INSIDE = ("pywbem", "pywbem_mock", "nocasedict", "nocaselist")
"""The packages whose classes have a name to a program only if pywbem gives them one."""

EVERYWHERE = ("object", "BaseException", "Exception")


def scrub(text: str) -> str:
    """Return `text` without what differs between two runs."""
    for pattern, name in SCRUBS:
        text = pattern.sub(name, text)
    return text


def class_name(kind: type) -> str:
    """Name `kind`, or where that is nothing public, what it is derived from."""
    for ancestor in kind.__mro__:
        if ancestor.__name__ in ("NocaseDict", "NocaseList"):
            return f"pywbem.{ancestor.__name__}"
        root = ancestor.__module__.split(".")[0]
        if root in INSIDE:
            if getattr(pywbem, ancestor.__name__, None) is ancestor:
                return f"pywbem.{ancestor.__name__}"
            if getattr(pywbem_mock, ancestor.__name__, None) is ancestor:
                return f"pywbem_mock.{ancestor.__name__}"
        elif not ancestor.__name__.startswith("_"):
            return ancestor.__name__ if root == "builtins" else f"{root}.{ancestor.__name__}"
    return "object"


def lineage(kind: type) -> str:
    """Name the public classes that an `except` or `isinstance` can meet in `kind`."""
    names = dict.fromkeys(class_name(ancestor) for ancestor in kind.__mro__)
    return " < ".join(name for name in names if name not in EVERYWHERE)


def normal(value: Any, text: Callable[[str], str] = scrub) -> Any:
    """Return the normal form of `value`; `text` is applied to the strings in it."""

    def inner(item: Any) -> Any:
        return normal(item, text)

    if value is None or isinstance(value, bool):
        return value
    kind = type(value)
    if kind is str:
        return text(value)
    if kind in (int, float):
        return value if kind is int else {"float": repr(value)}
    if kind in (bytes, bytearray):
        return {kind.__name__: text(value.decode("latin-1"))}
    if kind is list:
        return [inner(item) for item in value]
    name = class_name(kind)
    attributes = ATTRIBUTES.get(name.split(".")[-1]) if name.startswith("pywbem.") else None
    if attributes:
        return {name: {key: inner(getattr(value, key)) for key in attributes}}
    if isinstance(value, tuple):
        fields = getattr(value, "_fields", None)
        if fields:
            return {name: {key: inner(getattr(value, key)) for key in fields}}
        return {name: [inner(item) for item in value]}
    if isinstance(value, (set, frozenset)):
        return {name: sorted((inner(item) for item in value), key=repr)}
    if isinstance(value, list):
        return {name: [inner(item) for item in value]}
    if hasattr(value, "items") and hasattr(value, "keys"):
        return {name: [[inner(key), inner(item)] for key, item in value.items()]}
    if isinstance(value, type):
        return {"class": class_name(value)}
    if isinstance(value, BaseException):
        return {"exception": lineage(kind)}
    if isinstance(value, (int, float, str)):
        return {name: text(str(value))}
    if hasattr(value, "toxml"):
        return {"xml": text(value.toxml())}
    if name in ("pywbem.CIMDateTime", "datetime.datetime", "datetime.timedelta"):
        return {name: str(value)}
    if callable(value) and hasattr(value, "__name__"):
        return {"callable": value.__name__}
    return {"object": name}


def exception_attributes(
    error: BaseException, text: Optional[Callable[[str], str]] = None
) -> Dict[str, Any]:
    """Return the public attributes of `error`; their texts only if `text` says how."""
    shape = text or (lambda _: "...")
    attributes: Dict[str, Any] = {"args": len(error.args)}
    for name in dir(type(error)):
        if name.startswith("_") or hasattr(OSError, name) or hasattr(AttributeError, name):
            continue
        value = getattr(error, name, "(not set)")
        if not callable(value):
            attributes[name] = normal(value, scrub if name == "status_code_name" else shape)
    return attributes
