"""
Call and response records to bytes (DSP0201 5.3.6, DSP0200 5).
"""

from __future__ import annotations

import re
from functools import lru_cache, partial
from typing import Any, Callable, Dict, Sequence, Tuple, Union

from ..._cim_obj import (
    CIMClass,
    CIMClassName,
    CIMInstance,
    CIMInstanceName,
    CIMParameter,
    CIMProperty,
    CIMQualifierDeclaration,
)
from ..._cim_types import cimtype
from ..records import (
    Call,
    ErrorRecord,
    ExportResponse,
    ExtrinsicCall,
    ExtrinsicResponse,
    IntrinsicCall,
    IntrinsicResponse,
    Response,
)
from .objects import (
    attribute,
    iparamvalue_xml,
    local_path_xml,
    localnamespacepath_xml,
    object_xml,
    paramvalue_xml,
    value_xml,
)

_HEAD = (
    '<?xml version="1.0" encoding="utf-8" ?>\n'
    '<CIM CIMVERSION="2.0" DTDVERSION="%s">'
    '<MESSAGE ID="%s" PROTOCOLVERSION="%s">'
)
#: The versions of the DTD and of the protocol: the lowest ones, which every peer takes.
_VERSIONS = ("2.0", "1.0")
#: The ones that have correlators; senders have always had these from a listener, too.
_LATER_VERSIONS = ("2.4", "1.4")
_TAIL = "</MESSAGE></CIM>"


def _message(message_id: str, parts: Sequence[str], versions: Tuple[str, str] = _VERSIONS) -> bytes:
    dtd, protocol = versions
    # Letters and digits are written as they are.
    shown = message_id if message_id.isalnum() else attribute(message_id)
    head = _HEAD % (dtd, shown, protocol)
    return "".join((head, *parts, _TAIL)).encode("utf-8")


def encode_request(call: Call, message_id: str) -> bytes:
    """
    The request message of a call (DSP0201 5.3.6).

    Parameters:
        call (Call): The call record.
        message_id (str): Identifies the message; the response has it too.

    Returns:
        bytes: the message, in UTF-8.

    Raises:
        TypeError, ValueError: a parameter cannot be expressed in CIM-XML.
    """
    name = attribute(call.name)
    versions = _LATER_VERSIONS if call.correlators else _VERSIONS
    correlators = "".join(map(_correlator_xml, call.correlators))
    if isinstance(call, IntrinsicCall):
        parts = (
            f'<SIMPLEREQ>{correlators}<IMETHODCALL NAME="{name}">',
            localnamespacepath_xml(call.namespace),
            *(iparamvalue_xml(key, value) for key, value in call.params),
            "</IMETHODCALL></SIMPLEREQ>",
        )
    elif isinstance(call, ExtrinsicCall):
        parts = (
            f'<SIMPLEREQ>{correlators}<METHODCALL NAME="{name}">',
            local_path_xml(call.path),
            *(paramvalue_xml(param) for param in call.params),
            "</METHODCALL></SIMPLEREQ>",
        )
    else:
        parts = (
            f'<SIMPLEEXPREQ>{correlators}<EXPMETHODCALL NAME="{name}">',
            *(
                f'<EXPPARAMVALUE NAME="{attribute(key)}">'
                f"{'' if value is None else object_xml(value, ignore_path=True)}</EXPPARAMVALUE>"
                for key, value in call.params
            ),
            "</EXPMETHODCALL></SIMPLEEXPREQ>",
        )
    return _message(message_id, parts, versions)


def _correlator_xml(correlator: Tuple[str, Any]) -> str:
    name, value = correlator
    start = f'<CORRELATOR NAME="{attribute(name)}" TYPE="{cimtype(value)}">'
    return f"{start}{value_xml(value)}</CORRELATOR>"


def _error_xml(error: ErrorRecord) -> str:
    description = (
        "" if error.description is None else f' DESCRIPTION="{attribute(error.description)}"'
    )
    instances = "".join(
        _open_and_close(object_xml(inst, ignore_path=True)) for inst in error.instances
    )
    return f'<ERROR CODE="{error.code}"{description}>{instances}</ERROR>'


def _returnvalue_xml(response: ExtrinsicResponse) -> str:
    value = response.return_value
    if value is None:
        return ""
    embedded = ""
    if isinstance(value, CIMInstance):
        param_type, embedded = "string", ' EmbeddedObject="instance"'
    else:
        param_type = response.return_type or cimtype(value)
    # A return value has the same content as a parameter of its type.
    content = paramvalue_xml(CIMParameter("ReturnValue", param_type, value=value))
    content = content[content.index(">") + 1 : content.rindex("<")]
    xml = f'<RETURNVALUE PARAMTYPE="{param_type}"{embedded}>{content}</RETURNVALUE>'
    return _open_and_close(xml)


def _named(item: Any) -> str:
    """
    VALUE.NAMEDINSTANCE of an instance, VALUE.INSTANCEWITHPATH if its path has a
    host; of other results the element that their parts allow.
    """
    if not isinstance(item, CIMInstance):
        if isinstance(item, CIMQualifierDeclaration) and "ANY" in item.scopes:
            item = _without_any(item)
        return value_xml(item)
    if item.path is None:
        return object_xml(item)
    if item.path.host is not None:
        return _with_path("VALUE.INSTANCEWITHPATH", item)
    path = object_xml(item.path, ignore_namespace=True)
    inst = object_xml(item, ignore_path=True)
    return f"<VALUE.NAMEDINSTANCE>{path}{inst}</VALUE.NAMEDINSTANCE>"


def _without_any(item: CIMQualifierDeclaration) -> CIMQualifierDeclaration:
    """
    A qualifier declaration whose scopes have no ANY that is false: SCOPE has no such
    attribute, and clients refuse it (DSP0203).
    """
    item = item.copy()
    if not item.scopes["ANY"]:
        del item.scopes["ANY"]
    return item


def _with_path(tag: str, item: Union[CIMInstance, CIMClass]) -> str:
    obj = object_xml(item, ignore_path=True) if isinstance(item, CIMInstance) else object_xml(item)
    return f"<{tag}>{object_xml(item.path)}{obj}</{tag}>"


def _object_with_path(item: Union[CIMInstance, CIMClass]) -> str:
    return _with_path("VALUE.OBJECTWITHPATH", item)


def _object_path(item: Union[CIMInstanceName, CIMClassName]) -> str:
    return f"<OBJECTPATH>{object_xml(item)}</OBJECTPATH>"


def _object(item: Union[CIMInstance, CIMClass]) -> str:
    """
    A result of a query, which may be without a path.
    """
    if item.path is None:
        return f"<VALUE.OBJECT>{object_xml(item)}</VALUE.OBJECT>"
    if item.path.host is None:
        return _with_path("VALUE.OBJECTWITHLOCALPATH", item)
    return _with_path("VALUE.OBJECTWITHPATH", item)


def _property_value(item: CIMProperty) -> str:
    """
    The value of a property, nothing for NULL.
    """
    xml = object_xml(item)
    return "" if xml.endswith("/>") else xml[xml.index(">") + 1 : xml.rindex("<")]


# DSP0200 5.4.2: the elements that the result of an operation consists of, where
# they do not follow from the objects.
_RESULTS: Dict[str, Callable[[Any], str]] = {
    "AssociatorNames": _object_path,
    "Associators": _object_with_path,
    "ExecQuery": _object,
    "GetProperty": _property_value,
    "ReferenceNames": _object_path,
    "References": _object_with_path,
}

# Clients such as sblim-wbemcli do not take an element that can have content for
# complete when its start tag is closed; in an embedded object neither.
_CAN_HAVE_CONTENT = (
    r"((?:PROPERTY|METHOD|PARAMETER|PARAMVALUE|VALUE|QUALIFIER)[A-Z.]*"
    r"|CLASS|INSTANCE(?:NAME)?|KEYVALUE|ERROR|HOST)"
)
_closed = partial(re.compile(rf"<{_CAN_HAVE_CONTENT}( [^<>]*)?/>").sub, r"<\1\2></\1>")
_closed_in_text = partial(
    re.compile(rf"&lt;{_CAN_HAVE_CONTENT}( (?:(?!&[lg]t;)[^<>])*)?/&gt;").sub,
    r"&lt;\1\2&gt;&lt;/\1&gt;",
)


def _open_and_close(xml: str) -> str:
    if "/&gt;" in xml:
        xml = _closed_in_text(xml)
    return _closed(xml) if "/>" in xml else xml


def encode_response(response: Response, message_id: str) -> bytes:
    """
    The response message of a response record (DSP0201 5.3.6).

    The elements of the result are those of the operation (DSP0200 5.4.2) and of
    the objects: an instance with a path becomes VALUE.INSTANCEWITHPATH if the
    path has a host, else VALUE.NAMEDINSTANCE.

    Raises:
        TypeError, ValueError: the result cannot be expressed in CIM-XML.
    """
    if isinstance(response, ExportResponse):
        start, end = _response_tags("EXPRSP", "EXPMETHODRESPONSE", response.name)
        content = "" if response.error is None else _error_xml(response.error)
        return _message(message_id, (start, content, end), _LATER_VERSIONS)
    if isinstance(response, IntrinsicResponse):
        start, end = _response_tags("RSP", "IMETHODRESPONSE", response.name)
    else:
        start, end = _response_tags("RSP", "METHODRESPONSE", response.name)
    parts = [start]
    if response.error is not None:
        parts.append(_error_xml(response.error))
    elif isinstance(response, ExtrinsicResponse):
        parts.append(_returnvalue_xml(response))
        parts += [_open_and_close(paramvalue_xml(param)) for param in response.params]
    else:
        if response.result is not None:
            parts.append("<IRETURNVALUE>")
            make = _RESULTS.get(response.name, _named)
            parts += [_open_and_close(make(item)) for item in response.result]
            parts.append("</IRETURNVALUE>")
        for key, value in response.params:
            value_type = "string" if value is None else cimtype(value)
            param = CIMParameter(key, value_type, value=value)
            parts.append(_open_and_close(paramvalue_xml(param)))
    parts.append(end)
    return _message(message_id, parts)


@lru_cache(maxsize=100)
def _response_tags(kind: str, tag: str, name: str) -> Tuple[str, str]:
    """
    What is before and behind the content of a response to an operation.
    """
    return f'<SIMPLE{kind}><{tag} NAME="{attribute(name)}">', f"</{tag}></SIMPLE{kind}>"
