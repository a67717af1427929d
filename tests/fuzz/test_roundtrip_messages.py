"""
A request, to bytes, as a server reads it, to an equal request.
"""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

import pywbem
from pywbem._cim_xml import messages, records
from tests.fuzz import strategies as cim
from tests.shared_data import dtd_errors

IPARAMVALUES = st.one_of(
    cim.TEXT,
    st.lists(cim.TEXT, max_size=3),
    cim.classes(),
    cim.instances(),
    cim.instance_names(references=False, local=True),
    cim.qualifier_declarations(),
)


def arrived(call: Any) -> Any:
    """Return the call that a server reads from what is sent for `call`."""
    data = messages.encode_request(call, "1001")
    assert dtd_errors(data) == []
    received, message_id = messages.decode_request(data)
    assert message_id == "1001"
    return received


@given(
    namespace=cim.NAMESPACES,
    params=st.lists(st.tuples(cim.IDENTIFIERS, IPARAMVALUES), max_size=3),
)
def test_intrinsic_call(namespace: str, params: Any) -> None:
    """IMETHODCALL with parameters of all kinds, in their order."""
    call = records.IntrinsicCall("TestOperation", namespace, params)
    assert arrived(call) == call


@st.composite
def method_parameters(draw: st.DrawFn) -> pywbem.CIMParameter:
    """A parameter with a value, as InvokeMethod sends it."""
    cimtype = draw(cim.SCALAR_TYPES)
    array = draw(st.booleans())
    scalar = cim.SCALARS[cimtype]
    value = draw(st.lists(scalar, min_size=1, max_size=3) if array else scalar)
    return pywbem.CIMParameter(draw(cim.IDENTIFIERS), cimtype, is_array=array, value=value)


@given(
    path=st.one_of(
        cim.instance_names(references=False).filter(lambda path: path.host is None),
        st.builds(pywbem.CIMClassName, cim.CLASSNAMES, namespace=cim.NAMESPACES),
    ),
    params=cim.named(method_parameters()),
)
def test_extrinsic_call(path: Any, params: Any) -> None:
    """METHODCALL on an instance or a class."""
    call = records.ExtrinsicCall("Wipe", path, params)
    assert arrived(call) == call


@given(instance=cim.instances())
def test_export_call(instance: Any) -> None:
    """EXPMETHODCALL with an indication."""
    call = records.ExportCall("ExportIndication", [("NewIndication", instance)])
    assert arrived(call) == call
