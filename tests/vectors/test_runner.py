"""
The runner of the vectors notices when an exchange is not what a vector tells.
"""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any, Callable, Dict

import pytest

import pywbem
from tests.vectors.runner import canonical, check, load, relocated

OWN = Path(__file__).parent / "own"
Vector = Dict[str, Any]


def vector(stem: str, name: str) -> Vector:
    return next(item for item in load(OWN / f"{stem}.yaml") if item["name"] == name)


def replace(section: str, field: str, old: str, new: str) -> Callable[[Vector], None]:
    def change(item: Vector) -> None:
        assert old in item[section][field]
        item[section][field] = item[section][field].replace(old, new)

    return change


def put(*path: Any) -> Callable[[Vector], None]:
    *keys, last, value = path

    def change(item: Any) -> None:
        for key in keys:
            item = item[key]
        assert item.get(last) != value
        item[last] = value

    return change


CHANGES = {
    "header": ("instances", "EnumerateInstances", put("http_request", "headers", "CIMMethod", "x")),
    "header-not-sent": ("instances", "GetInstance", put("http_request", "headers", "X-None", "x")),
    "target": ("instances", "GetInstance", put("http_request", "url", "http://acme.com:80/other")),
    "verb": ("instances", "GetInstance", put("http_request", "verb", "M-POST")),
    "sent": ("instances", "GetInstance", replace("http_request", "data", "Size", "Siz")),
    "received": ("instances", "EnumerateInstances", replace("http_response", "data", "512", "51")),
    "no-request": ("instances", "GetInstance", put("http_request", None)),
    "exception": ("instances", "GetInstance", put("pywbem_response", "exception", "CIMError")),
    "other-exception": ("faults", "Reset", put("pywbem_response", "exception", "TimeoutError")),
    "status": ("instances", "GetInstance", put("pywbem_response", "cim_status", 1)),
    "other-status": ("methods", "InvokeMethodError", put("pywbem_response", "cim_status", 1)),
    "error-instances": (
        "instances",
        "GetInstanceNotFound",
        put("pywbem_response", "error_instances", []),
    ),
    "request-length": ("instances", "Lengths", put("pywbem_response", "request_len", 1)),
    "reply-length": ("instances", "Lengths", put("pywbem_response", "reply_len", 1)),
    "result": ("methods", "InvokeMethod", put("pywbem_response", "result", [0, {}])),
    "eos": (
        "pull",
        "OpenEnumerateInstancePaths",
        put("pywbem_response", "pullresult", "eos", True),
    ),
}


@pytest.mark.parametrize("change", list(CHANGES.values()), ids=list(CHANGES))
def test_difference_is_noticed(change: Any) -> None:
    """An exchange that differs in one place from its vector does not pass."""
    stem, name, alter = change
    altered = copy.deepcopy(vector(stem, name))
    alter(altered)
    with pytest.raises((AssertionError, pywbem.Error)):
        check(altered)


SAME = {
    "white-space": (b"<A> <B/>\n</A>", b"<A><B/></A>"),
    "order-of-names": (
        b'<A><IPARAMVALUE NAME="x"/><IPARAMVALUE NAME="y"/></A>',
        b'<A><IPARAMVALUE NAME="y"/><IPARAMVALUE NAME="x"/></A>',
    ),
    "order-of-attributes": (b'<A x="1" y="2"/>', b'<A y="2" x="1"/>'),
    "embedded": (
        b'<P EmbeddedObject="instance"><VALUE>&lt;A&gt; &lt;/A&gt;</VALUE></P>',
        b'<P EmbeddedObject="instance"><VALUE><![CDATA[<A/>]]></VALUE></P>',
    ),
}
DIFFERENT = {
    "white-space-in-a-value": (b"<VALUE> a</VALUE>", b"<VALUE>a</VALUE>"),
    "order-of-values": (
        b"<A><VALUE>1</VALUE><VALUE>2</VALUE></A>",
        b"<A><VALUE>2</VALUE><VALUE>1</VALUE></A>",
    ),
    "order-of-namespaces": (
        b'<A><NAMESPACE NAME="x"/><NAMESPACE NAME="y"/></A>',
        b'<A><NAMESPACE NAME="y"/><NAMESPACE NAME="x"/></A>',
    ),
    "attribute": (b'<A x="1"/>', b'<A x="2"/>'),
    "text-between": (b"<A><B/>x</A>", b"<A><B/></A>"),
}


@pytest.mark.parametrize("pair", list(SAME.values()), ids=list(SAME))
def test_same_xml(pair: Any) -> None:
    """What does not count is ignored."""
    assert canonical(pair[0]) == canonical(pair[1])


@pytest.mark.parametrize("pair", list(DIFFERENT.values()), ids=list(DIFFERENT))
def test_different_xml(pair: Any) -> None:
    """What counts is not."""
    assert canonical(pair[0]) != canonical(pair[1])


def test_relocated() -> None:
    """The name of the server is replaced at any depth."""
    value = {"a": ["http://acme.com:80/cimom", 1], "b": {"host": "acme.com:80"}}
    assert relocated(value, "here:1") == {"a": ["http://here:1/cimom", 1], "b": {"host": "here:1"}}
