"""
Object, to CIM-XML, over a socket, to an equal object.
"""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

import pywbem
from tests.fuzz import strategies as cim
from tests.fuzz.loopback import NAMESPACE, Loopback, response
from tests.vectors.runner import canonical

END = (
    '<PARAMVALUE NAME="EndOfSequence" PARAMTYPE="boolean"><VALUE>TRUE</VALUE></PARAMVALUE>'
    '<PARAMVALUE NAME="EnumerationContext" PARAMTYPE="string"><VALUE></VALUE></PARAMVALUE>'
)
KEY = pywbem.CIMInstanceName("TST_Key", keybindings={"k": "v"}, namespace=NAMESPACE)


def same(one: Any, other: Any) -> None:
    """Compare as ``==`` does, and the types and order that ``==`` does not see."""
    assert one == other
    assert repr(one) == repr(other)


@given(instance=cim.instances())
def test_instance(loopback: Loopback, instance: Any) -> None:
    """INSTANCE, as GetInstance returns it."""
    loopback.body = response("GetInstance", instance.tocimxmlstr())
    result = loopback.connection.GetInstance(KEY)
    instance.path = KEY.copy()
    same(result, instance)


@given(instance=cim.instances(), path=cim.instance_names(local=True))
def test_named_instance(loopback: Loopback, instance: Any, path: Any) -> None:
    """VALUE.NAMEDINSTANCE, as EnumerateInstances returns it."""
    path.classname = instance.classname
    instance.path = path
    loopback.body = response("EnumerateInstances", instance.tocimxmlstr())
    result = loopback.connection.EnumerateInstances("TST_Class")
    instance.path.namespace = NAMESPACE
    assert len(result) == 1
    same(result[0], instance)


@given(instance=cim.instances(), path=cim.instance_names(), host=cim.HOSTS)
def test_instance_with_path(loopback: Loopback, instance: Any, path: Any, host: str) -> None:
    """VALUE.INSTANCEWITHPATH, as OpenEnumerateInstances returns it."""
    path.classname = instance.classname
    path.host = host
    instance.path = path
    loopback.body = response("OpenEnumerateInstances", instance.tocimxmlstr(), END)
    result = loopback.connection.OpenEnumerateInstances("TST_Class", MaxObjectCount=1)
    assert (result.eos, result.context) == (True, None)
    assert len(result.instances) == 1
    same(result.instances[0], instance)


@given(paths=st.lists(cim.instance_names(local=True), max_size=4))
def test_instance_names(loopback: Loopback, paths: Any) -> None:
    """INSTANCENAME, as EnumerateInstanceNames returns it."""
    loopback.body = response("EnumerateInstanceNames", "".join(p.tocimxmlstr() for p in paths))
    result = loopback.connection.EnumerateInstanceNames("TST_Class")
    for path in paths:
        path.namespace = NAMESPACE
    same(result, paths)


@given(class_=cim.classes())
def test_class(loopback: Loopback, class_: Any) -> None:
    """CLASS, as GetClass returns it."""
    loopback.body = response("GetClass", class_.tocimxmlstr())
    result = loopback.connection.GetClass("TST_Class")
    assert (result.path.classname, result.path.namespace) == (class_.classname, NAMESPACE)
    result.path = None
    same(result, class_)


@given(declaration=cim.qualifier_declarations())
def test_qualifier_declaration(loopback: Loopback, declaration: Any) -> None:
    """QUALIFIER.DECLARATION, as GetQualifier returns it."""
    loopback.body = response("GetQualifier", declaration.tocimxmlstr())
    assert loopback.connection.GetQualifier("TST_Qualifier") == declaration


@given(instance=cim.instances())
def test_document_object_model(instance: Any) -> None:
    """``tocimxml()`` is the same document as ``tocimxmlstr()``."""
    # What the DOM quotes in text depends on the version of Python.
    document = instance.tocimxml().toxml().encode("utf-8")
    assert canonical(document) == canonical(instance.tocimxmlstr().encode("utf-8"))


@given(instance=cim.instances(), indent=st.sampled_from([1, 3, "\t"]))
def test_indented(loopback: Loopback, instance: Any, indent: Any) -> None:
    """White space that an indentation puts between elements does not change the object."""
    loopback.body = response("GetInstance", instance.tocimxmlstr(indent=indent))
    result = loopback.connection.GetInstance(KEY)
    instance.path = KEY.copy()
    same(result, instance)
