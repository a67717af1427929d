"""Objects that hypothesis makes, the same ones in each run, as text that makes them again."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Sequence

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import pywbem
from tests.differential.sessions import Session, table
from tests.fuzz import strategies

FIELDS: Dict[type, Sequence[str]] = {
    pywbem.CIMInstanceName: ("classname", "keybindings", "host", "namespace"),
    pywbem.CIMInstance: ("classname", "properties", "qualifiers", "path"),
    pywbem.CIMProperty: (
        *("name", "value", "type", "class_origin", "array_size", "propagated", "is_array"),
        *("reference_class", "qualifiers", "embedded_object"),
    ),
    pywbem.CIMQualifier: (
        *("name", "value", "type", "propagated", "overridable", "tosubclass", "toinstance"),
        "translatable",
    ),
    pywbem.CIMQualifierDeclaration: (
        *("name", "type", "value", "is_array", "array_size", "scopes", "overridable"),
        *("tosubclass", "toinstance", "translatable"),
    ),
    pywbem.CIMParameter: (
        *("name", "type", "reference_class", "is_array", "array_size", "qualifiers", "value"),
    ),
    pywbem.CIMMethod: (
        *("name", "return_type", "parameters", "class_origin", "propagated", "qualifiers"),
    ),
    pywbem.CIMClass: ("classname", "properties", "methods", "superclass", "qualifiers"),
}


def expression(value: Any) -> str:
    """Return Python text that makes `value` again."""
    kind = type(value)
    if kind in FIELDS:
        fields = ", ".join(f"{name}={expression(getattr(value, name))}" for name in FIELDS[kind])
        return f"{kind.__name__}({fields})"
    if isinstance(value, pywbem.NocaseDict):
        items = ", ".join(f"({key!r}, {expression(item)})" for key, item in value.items())
        return f"[{items}]"
    if isinstance(value, list):
        return f"[{', '.join(map(expression, value))}]"
    if isinstance(value, (pywbem.CIMDateTime, pywbem.Char16)):
        return f"{kind.__name__}({str(value)!r})"
    if isinstance(value, pywbem.CIMInt):
        return f"{kind.__name__}({int(value)})"
    if isinstance(value, pywbem.CIMFloat):
        return f"{kind.__name__}({float(value)!r})"
    return repr(value)


def examples(strategy: st.SearchStrategy[Any], number: int) -> List[str]:
    """Return texts for that many examples, which depend on nothing but the strategy."""
    found: Dict[str, None] = {}

    @settings(
        max_examples=number,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(value: Any) -> None:
        found.setdefault(expression(value))

    collect()
    return list(found)


KINDS: Dict[str, Callable[[], st.SearchStrategy[Any]]] = {
    "instance-name": strategies.instance_names,
    "instance": strategies.instances,
    "property": strategies.properties,
    "class": strategies.classes,
    "qualifier": strategies.qualifiers,
    "declaration": strategies.qualifier_declarations,
    "method": strategies.methods,
    "parameter": strategies.parameters,
}


def sessions() -> List[Session]:
    """Return the sessions of this subject."""
    made = {name: examples(kind(), 60) for name, kind in KINDS.items()}
    sent = {
        f"{name}-{number}": f"c = replying(imethod('X', ''))\noutcome(lambda: {call.format(text)})\nbody_of()"
        for name, call in (
            ("instance", "c.CreateInstance({})"),
            ("instance-name", "c.GetInstance({})"),
            ("class", "c.CreateClass({})"),
            ("declaration", "c.SetQualifier({})"),
        )
        for number, text in enumerate(made[name])
    }
    received = {
        f"{name}-{number}": f"x = {text}\nreplying(imethod({operation!r}, x.tocimxml().toxml())).{call}"
        for name, operation, call in (
            ("instance", "GetInstance", "GetInstance(CIMInstanceName('C'))"),
            ("instance-name", "EnumerateInstanceNames", "EnumerateInstanceNames('C')"),
            ("class", "GetClass", "GetClass('C')"),
            ("declaration", "GetQualifier", "GetQualifier('Q')"),
        )
        for number, text in enumerate(made[name])
    }
    return [
        *(
            table(f"generated/{name}", {str(n): text for n, text in enumerate(texts)})
            for name, texts in made.items()
        ),
        table("generated/sent", sent),
        table("generated/received", received),
    ]
