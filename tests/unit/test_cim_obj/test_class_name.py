"""CIMClassName: construction, attributes, comparison, copies, text."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

from pywbem import CIMClassName, CIMInstanceName

NAMESPACES = [
    pytest.param(None, None, id="none"),
    pytest.param("root/cimv2", "root/cimv2", id="plain"),
    pytest.param("/root/cimv2", "root/cimv2", id="leading slash"),
    pytest.param("root/cimv2/", "root/cimv2", id="trailing slash"),
    pytest.param("//root//cimv2//", "root//cimv2", id="slashes within stay"),
    pytest.param(b"/root/cimv2", "root/cimv2", id="bytes"),
    pytest.param("", "", id="empty"),
    pytest.param("///", "", id="only slashes"),
    pytest.param(" n ", " n ", id="blanks stay"),
]


@pytest.mark.parametrize("namespace, expected", NAMESPACES)
def test_namespace_is_normalized(namespace: Any, expected: Any) -> None:
    """Slashes around a namespace are stripped, by the constructor and by the setter."""
    path = CIMClassName("CIM_Foo", namespace=namespace)
    assert path.namespace == expected
    path.namespace = "other"
    path.namespace = namespace
    assert path.namespace == expected


@pytest.mark.parametrize(
    "attribute, value, expected",
    [
        ("classname", "CIM_Bar", "CIM_Bar"),
        ("classname", b"CIM_B\xc3\xa4r", "CIM_B\xe4r"),
        ("host", "Acme.com:5989", "Acme.com:5989"),
        ("host", b"acme.com", "acme.com"),
        ("host", "[fe80::1%25eth0]:5989", "[fe80::1%25eth0]:5989"),
        ("host", None, None),
    ],
)
def test_attributes(attribute: str, value: Any, expected: Any) -> None:
    """What the constructor takes, the setter takes as well, and both keep the lexical case."""
    arguments = {"classname": "CIM_Foo", attribute: value}
    assert getattr(CIMClassName(**arguments), attribute) == expected
    path = CIMClassName("CIM_Foo", "h", "n")
    setattr(path, attribute, value)
    assert getattr(path, attribute) == expected


def test_classname_must_not_be_none() -> None:
    """A class path has a class name, always."""
    with pytest.raises(ValueError, match="classname"):
        CIMClassName(None)  # type: ignore[arg-type]
    path = CIMClassName("CIM_Foo")
    with pytest.raises(ValueError, match="classname"):
        path.classname = None  # type: ignore[assignment]
    assert path.classname == "CIM_Foo"


def test_no_other_attributes() -> None:
    """Misspelled attributes are found."""
    with pytest.raises(AttributeError):
        CIMClassName("CIM_Foo").name_space = "n"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "left, right, equal",
    [
        pytest.param(("C", "h", "n"), ("C", "h", "n"), True, id="same"),
        pytest.param(("C", "h", "n"), ("c", "H", "N"), True, id="other case"),
        pytest.param(("C", "h", "n"), ("D", "h", "n"), False, id="class name"),
        pytest.param(("C", "h", "n"), ("C", "i", "n"), False, id="host"),
        pytest.param(("C", "h", "n"), ("C", "h", "m"), False, id="namespace"),
        pytest.param(("C", None, "n"), ("C", "h", "n"), False, id="no host"),
        pytest.param(("C", "h", None), ("C", "h", ""), False, id="no namespace, empty namespace"),
    ],
)
def test_equality_and_hash(left: Any, right: Any, equal: bool) -> None:
    """Paths are equal without regard to case, and equal paths have equal hash values."""
    one, other = CIMClassName(*left), CIMClassName(*right)
    assert (one == other) is equal
    assert (other == one) is equal
    assert (one != other) is not equal
    assert len({one, other}) == (1 if equal else 2)


@pytest.mark.parametrize("other", ["CIM_Foo", 5, None, CIMInstanceName("CIM_Foo", {"k": 1})])
def test_comparison_with_another_class(other: Any) -> None:
    """Comparing with something else is an error of the program, which is told."""
    with pytest.raises(TypeError, match="CIMClassName"):
        assert CIMClassName("CIM_Foo") == other
    with pytest.raises(TypeError, match="CIMClassName"):
        assert CIMClassName("CIM_Foo") != other


def test_no_order() -> None:
    """Class paths have no order."""
    with pytest.raises(TypeError, match="not supported"):
        sorted([CIMClassName("A"), CIMClassName("B")])  # type: ignore[type-var]


@pytest.mark.parametrize(
    "duplicate",
    [
        pytest.param(CIMClassName.copy, id="copy()"),
        pytest.param(copy.copy, id="copy.copy"),
        pytest.param(copy.deepcopy, id="copy.deepcopy"),
        pytest.param(lambda path: pickle.loads(pickle.dumps(path)), id="pickle"),
        pytest.param(lambda path: pickle.loads(pickle.dumps(path, 0)), id="pickle protocol 0"),
    ],
)
def test_copies(duplicate: Any) -> None:
    """A copy is equal, exact in case, and independent."""
    path = CIMClassName("CIM_Foo", "Acme.com", "Root")
    copied = duplicate(path)
    assert repr(copied) == repr(path)
    copied.classname = "CIM_Bar"
    assert path.classname == "CIM_Foo"


def test_repr() -> None:
    """The representation names all attributes; it is ASCII."""
    assert (
        repr(CIMClassName("CIM_F\xf6", "h", "n"))
        == "CIMClassName(classname='CIM_F\\u00f6', namespace='n', host='h')"
    )
    assert repr(CIMClassName("C")) == "CIMClassName(classname='C', namespace=None, host=None)"


@pytest.mark.parametrize(
    "arguments, expected",
    [
        (("C", "h", "n"), "//h/n:C"),
        (("C", None, "n"), "n:C"),
        (("C", None, None), "C"),
    ],
)
def test_str_is_the_historical_uri(arguments: Any, expected: str) -> None:
    """``str()`` gives what scripts have parsed for long."""
    assert str(CIMClassName(*arguments)) == expected


@pytest.mark.parametrize(
    "options, expected",
    [
        pytest.param({}, "CLASSPATH", id="full"),
        pytest.param({"ignore_host": True}, "LOCALCLASSPATH", id="without host"),
        pytest.param({"ignore_namespace": True}, "CLASSNAME", id="without namespace"),
    ],
)
def test_cimxml_element(options: Any, expected: str) -> None:
    """The element depends on what is known, and on what is to be left out."""
    path = CIMClassName("CIM_Foo", "h", "n")
    assert path.tocimxml(**options).tagName == expected
    assert path.tocimxmlstr(**options).startswith(f"<{expected}")
