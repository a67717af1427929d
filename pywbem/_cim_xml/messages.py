"""
Call and response records to bytes and back (DSP0201 5.2.6, DSP0200 5).

A client needs :func:`encode_request` and :func:`decode_response`, a server
:func:`decode_request` and :func:`encode_response`.
"""

from __future__ import annotations

from typing import Any, List, Sequence

from .._cim_obj import CIMInstance, CIMParameter
from .._cim_types import cimtype
from .encode import (
    attribute,
    iparamvalue_xml,
    local_path_xml,
    localnamespacepath_xml,
    object_xml,
    paramvalue_xml,
    value_xml,
)
from .message_reader import decode_request, decode_response
from .records import (
    Call,
    ErrorRecord,
    ExportResponse,
    ExtrinsicCall,
    ExtrinsicResponse,
    IntrinsicCall,
    IntrinsicResponse,
    Response,
)

__all__ = ["decode_request", "decode_response", "encode_request", "encode_response"]

_HEAD = (
    '<?xml version="1.0" encoding="utf-8" ?>\n'
    '<CIM CIMVERSION="2.0" DTDVERSION="2.0">'
    '<MESSAGE ID="%s" PROTOCOLVERSION="1.0">'
)
_TAIL = "</MESSAGE></CIM>"


def _message(message_id: str, parts: Sequence[str]) -> bytes:
    return "".join((_HEAD % attribute(message_id), *parts, _TAIL)).encode("utf-8")


def encode_request(call: Call, message_id: str) -> bytes:
    """
    The request message of a call (DSP0201 5.2.6).

    Parameters:

        call: the call record.
        message_id (str): identifies the message; the response has it too.

    Returns:

        bytes: the message, in UTF-8.

    Raises:

        TypeError, ValueError: a parameter cannot be expressed in CIM-XML.
    """
    name = attribute(call.name)
    if isinstance(call, IntrinsicCall):
        return _message(
            message_id,
            (
                f'<SIMPLEREQ><IMETHODCALL NAME="{name}">',
                localnamespacepath_xml(call.namespace),
                *(iparamvalue_xml(key, value) for key, value in call.params),
                "</IMETHODCALL></SIMPLEREQ>",
            ),
        )
    if isinstance(call, ExtrinsicCall):
        return _message(
            message_id,
            (
                f'<SIMPLEREQ><METHODCALL NAME="{name}">',
                local_path_xml(call.path),
                *(paramvalue_xml(param) for param in call.params),
                "</METHODCALL></SIMPLEREQ>",
            ),
        )
    return _message(
        message_id,
        (
            f'<SIMPLEEXPREQ><EXPMETHODCALL NAME="{name}">',
            *(
                f'<EXPPARAMVALUE NAME="{attribute(key)}">'
                f"{object_xml(value, ignore_path=True)}</EXPPARAMVALUE>"
                for key, value in call.params
            ),
            "</EXPMETHODCALL></SIMPLEEXPREQ>",
        ),
    )


def _error_xml(error: ErrorRecord) -> str:
    description = (
        "" if error.description is None else f' DESCRIPTION="{attribute(error.description)}"'
    )
    instances = "".join(object_xml(inst, ignore_path=True) for inst in error.instances)
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
    return f'<RETURNVALUE PARAMTYPE="{param_type}"{embedded}>{content}</RETURNVALUE>'


def _item_xml(item: Any) -> str:
    """
    A child of IRETURNVALUE.
    """
    if isinstance(item, CIMInstance) and item.path is not None:
        if item.path.host is not None:
            path = object_xml(item.path)
            tag = "VALUE.INSTANCEWITHPATH"
        else:
            path = object_xml(item.path, ignore_namespace=True)
            tag = "VALUE.NAMEDINSTANCE"
        return f"<{tag}>{path}{object_xml(item, ignore_path=True)}</{tag}>"
    return value_xml(item)


def encode_response(response: Response, message_id: str) -> bytes:
    """
    The response message of a response record (DSP0201 5.2.6).

    The elements of the result follow from the objects: an instance with a path
    becomes VALUE.INSTANCEWITHPATH if the path has a host, else
    VALUE.NAMEDINSTANCE; a path becomes the element that its parts allow.

    Raises:

        TypeError, ValueError: the result cannot be expressed in CIM-XML.
    """
    name = attribute(response.name)
    if isinstance(response, ExportResponse):
        content = "" if response.error is None else _error_xml(response.error)
        return _message(
            message_id,
            (
                f'<SIMPLEEXPRSP><EXPMETHODRESPONSE NAME="{name}">{content}',
                "</EXPMETHODRESPONSE></SIMPLEEXPRSP>",
            ),
        )
    intrinsic = isinstance(response, IntrinsicResponse)
    tag = "IMETHODRESPONSE" if intrinsic else "METHODRESPONSE"
    parts: List[str] = [f'<SIMPLERSP><{tag} NAME="{name}">']
    if response.error is not None:
        parts.append(_error_xml(response.error))
    elif isinstance(response, ExtrinsicResponse):
        parts.append(_returnvalue_xml(response))
        parts.extend(paramvalue_xml(param) for param in response.params)
    else:
        if response.result is not None:
            parts.append("<IRETURNVALUE>")
            parts.extend(_item_xml(item) for item in response.result)
            parts.append("</IRETURNVALUE>")
        parts.extend(
            paramvalue_xml(
                CIMParameter(key, "string" if value is None else cimtype(value), value=value)
            )
            for key, value in response.params
        )
    parts.append(f"</{tag}></SIMPLERSP>")
    return _message(message_id, parts)
