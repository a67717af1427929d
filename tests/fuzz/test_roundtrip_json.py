"""
Instance and path, to dictionaries, through JSON, to an equal object.
"""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

import pywbem
from tests.fuzz import strategies as cim


def through_json(form: Any) -> Any:
    return json.loads(json.dumps(form, allow_nan=False))


INSTANCES = st.tuples(cim.instances(), st.none() | cim.instance_names())


@given(instance_and_path=INSTANCES)
def test_instance(instance_and_path: Any) -> None:
    """All kinds of properties; what cannot be seen by == is compared as text, too."""
    inst, path = instance_and_path
    inst.path = path
    form = inst.to_dict()
    assert pywbem.CIMInstance.from_dict(form) == inst
    assert through_json(form) == form
    assert json.loads(json.dumps(inst, default=pywbem.to_json)) == form
    back = pywbem.CIMInstance.from_dict(through_json(form))
    assert back == inst
    assert repr(back) == repr(inst)
    assert back.path == inst.path


@given(path=cim.instance_names() | cim.instance_names(local=True))
def test_path(path: Any) -> None:
    """Keys come back with their types."""
    form = path.to_dict()
    back = pywbem.CIMInstanceName.from_dict(through_json(form))
    assert back == path == pywbem.CIMInstanceName.from_dict(form)
    assert repr(back) == repr(path)
    assert [type(value) for value in back.values()] == [type(value) for value in path.values()]


@given(klass=cim.classes())
def test_embedded_class(klass: Any) -> None:
    """A class with all that is in it; the other objects have a form, too."""
    inst = pywbem.CIMInstance("C", {"Class": klass})
    back = pywbem.CIMInstance.from_dict(through_json(inst.to_dict()))
    assert repr(back) == repr(inst)
    assert (
        json.loads(json.dumps(klass, default=pywbem.to_json))
        == inst.to_dict()["properties"]["Class"]["value"]
    )


@given(declaration=cim.qualifier_declarations())
def test_qualifier_declaration(declaration: Any) -> None:
    """What has no way back can be shown."""
    form = json.loads(json.dumps(declaration, default=pywbem.to_json, allow_nan=False))
    assert form["name"] == declaration.name
    assert form["scopes"] == dict(declaration.scopes.items())
