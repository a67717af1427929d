"""
The messages of CIM operations as plain records (DSP0200 5.4, DSP0201 5.3.6).

A *call* record says what is asked, a *response* record what came back.  Both
hold CIM objects and Python values and know nothing of XML, HTTP or sockets:
:mod:`pywbem._cim_xml.messages` turns them into bytes and back, a connection
makes calls and reads responses, a server does the reverse.
"""

from __future__ import annotations

from typing import Any, FrozenSet, List, NamedTuple, Optional, Tuple, Union

from .._cim_obj import CIMClassName, CIMInstance, CIMInstanceName, CIMParameter

#: Names and values of the correlators of a call (DSP0201 2.4), each of a CIM data type:
#: what a client says of it to those who read its traces at the server.
Correlators = Tuple[Tuple[str, Any], ...]


class IntrinsicCall(NamedTuple):
    """
    Call of an intrinsic method (IMETHODCALL, DSP0200 5.4.2).

    ``params`` holds (name, value) in the order in which they are sent.  A
    value is a CIM object, a path, a ``bool``, an ``int``, a ``str`` or a list
    of ``str``; parameters that were not given are left out.
    """

    name: str
    namespace: str
    params: List[Tuple[str, Any]]
    correlators: Correlators = ()


class ExtrinsicCall(NamedTuple):
    """
    Call of a method of a class (METHODCALL).

    ``path`` is the target with its namespace; its host is not sent.
    ``untyped`` has the names of the parameters of which a request did not say
    the type (DSP0201 5.3.6.5): they are strings until a server has looked at
    the declaration of the method.
    """

    name: str
    path: Union[CIMInstanceName, CIMClassName]
    params: List[CIMParameter]
    untyped: FrozenSet[str] = frozenset()
    correlators: Correlators = ()


class ExportCall(NamedTuple):
    """
    Call of an export method (EXPMETHODCALL).
    """

    name: str
    params: List[Tuple[str, Optional[CIMInstance]]]
    correlators: Correlators = ()


class ErrorRecord(NamedTuple):
    """
    The ERROR element (DSP0201 5.3.6): a CIM status code, its description and
    the instances of CIM_Error that explain it.
    """

    code: int
    description: Optional[str]
    instances: List[CIMInstance]


class IntrinsicResponse(NamedTuple):
    """
    Response to an intrinsic method (IMETHODRESPONSE).

    ``result`` holds the decoded children of IRETURNVALUE, or is None if there
    was none.  Instances and classes that came with a path have it in their
    ``path`` attribute.  ``params`` holds (name, value) of the output
    parameters (PARAMVALUE), as the pull operations have them.
    """

    name: str
    result: Optional[List[Any]] = None
    params: List[Tuple[str, Any]] = []
    error: Optional[ErrorRecord] = None


class ExtrinsicResponse(NamedTuple):
    """
    Response to a method of a class (METHODRESPONSE).

    ``return_type`` is the CIM type of the return value, or None if the server
    did not give one; the encoder then takes it from the value.
    """

    name: str
    return_value: Any = None
    params: List[CIMParameter] = []
    error: Optional[ErrorRecord] = None
    return_type: Optional[str] = None


class ExportResponse(NamedTuple):
    """
    Response to an export method (EXPMETHODRESPONSE).
    """

    name: str
    error: Optional[ErrorRecord] = None


Call = Union[IntrinsicCall, ExtrinsicCall, ExportCall]
Response = Union[IntrinsicResponse, ExtrinsicResponse, ExportResponse]
