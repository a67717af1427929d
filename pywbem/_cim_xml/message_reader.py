"""
Bytes to call and response records (DSP0201 5.3.6).

The frame of a message is checked, the content decoded by
:mod:`~pywbem._cim_xml.tupleparse`.  Responses to intrinsic methods are decoded
while they arrive.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Callable, Dict, Iterable, List, Optional, Sequence, Tuple, Type, Union
from xml.etree.ElementTree import Element

from .._cim_obj import CIMInstanceName, CIMParameter
from .._exceptions import (
    CIMVersionError,
    CIMXMLParseError,
    DTDVersionError,
    ProtocolVersionError,
    VersionError,
    XMLParseError,
)
from . import paths, properties, tupleparse
from .element import (
    NONE,
    SPACE,
    allow_attributes,
    describe,
    fail,
    no_text,
    only_child,
    required,
    unexpected,
)
from .records import (
    Call,
    ErrorRecord,
    ExportCall,
    ExportResponse,
    ExtrinsicCall,
    ExtrinsicResponse,
    IntrinsicCall,
    IntrinsicResponse,
    Response,
)
from .tupletree import DecodeError, Document
from .values import BOOLEAN, CONVERTERS, REFERENCE, Converter, reading

# ---------------------------------------------------------------------------
# The frame of a message

_CIM = frozenset(("CIMVERSION", "DTDVERSION"))
_MESSAGE = frozenset(("ID", "PROTOCOLVERSION"))
_NAME = frozenset(("NAME",))


def _check_version(el: Element, name: str, major: str, error: Type[VersionError]) -> None:
    version = required(el, name)
    if not version.startswith(major + "."):
        raise error(f"{name} is {version}, expected {major}.x.y")


def _check_cim(el: Element) -> None:
    if el.tag != "CIM":
        raise DecodeError(el, f"root element is {el.tag}, expected CIM")
    allow_attributes(el, _CIM)
    _check_version(el, "CIMVERSION", "2", CIMVersionError)
    _check_version(el, "DTDVERSION", "2", DTDVersionError)


def _check_message(el: Element) -> None:
    allow_attributes(el, _MESSAGE)
    required(el, "ID")
    _check_version(el, "PROTOCOLVERSION", "1", ProtocolVersionError)


def _content(root: Element, frame: str, *tags: str) -> Tuple[Element, str]:
    """
    The element with the call or response in a message, and the message ID.
    """
    _check_cim(root)
    message = only_child(root, "MESSAGE")
    _check_message(message)
    child = only_child(message, frame)
    allow_attributes(child, NONE)
    content = only_child(child, *tags)
    allow_attributes(content, _NAME)
    no_text(content)
    return content, required(message, "ID")


class _Reader:
    """
    Reads a document and turns its errors into those of the public interface.
    """

    def __init__(self, meaning: str, conn_id: Optional[str]) -> None:
        self.meaning = meaning
        self.conn_id = conn_id

    def read(self, document: Document, decode: Callable[[Element], Any]) -> Any:
        try:
            return self._read(document, decode)
        except DecodeError as exc:
            error = XMLParseError if exc.malformed else CIMXMLParseError
            position = document.position(exc.element)
            where = "" if position is None else " at line {}, column {}".format(*position)
            raise error(
                f"{self.meaning} is invalid{where}: {exc.cause}", conn_id=self.conn_id
            ) from None
        except XMLParseError as exc:
            raise XMLParseError(exc.args[0], conn_id=self.conn_id) from None
        except VersionError as exc:
            raise type(exc)(exc.args[0], conn_id=self.conn_id) from None

    @staticmethod
    def _read(document: Document, decode: Callable[[Element], Any]) -> Any:
        try:
            root = document.read()
        except DecodeError:
            # In a version that is not known, errors of content mean nothing.
            if document.ancestors:
                _check_cim(document.ancestors[0])
                _check_message(document.ancestors[1])
            raise
        return decode(root)


# ---------------------------------------------------------------------------
# Responses

_IRETURNVALUE = ("CIM", "MESSAGE", "SIMPLERSP", "IMETHODRESPONSE", "IRETURNVALUE")
_RESULTS = frozenset(tupleparse.DECODERS) - {
    "LOCALCLASSPATH",
    "LOCALINSTANCEPATH",
    "VALUE.NAMEDOBJECT",
    "VALUE.REFARRAY",
}


def decode_response(
    call: Call,
    pieces: Iterable[bytes],
    conn_id: Optional[str] = None,
    identified: Optional[Callable[[str], None]] = None,
) -> Response:
    """
    The response record of the response message to a call.

    Parameters:

        call: the call record.
        pieces: the message, in pieces of any size.
        conn_id (str): id of the connection, for exceptions.
        identified: is called with the message ID of the response.

    Raises:

        XMLParseError: the message is not well-formed XML.
        CIMXMLParseError: it is not a response to that call as DSP0201 says.
        CIMVersionError, DTDVersionError, ProtocolVersionError: it is of
          another major version.
    """
    reader = _Reader("CIM-XML response", conn_id)
    decode: Callable[[Element], Response]
    if isinstance(call, IntrinsicCall):
        result: List[Any] = []
        document = Document(pieces, reader.meaning, _IRETURNVALUE, _ResultDecoder(result))
        decode = partial(_intrinsic_response, call, result)
    else:
        document = Document(pieces, reader.meaning)
        decoder = _extrinsic_response if isinstance(call, ExtrinsicCall) else _export_response
        decode = partial(decoder, call.name)

    def decode_message(root: Element) -> Response:
        response = decode(root)
        if identified is not None:
            identified(root[0].attrib["ID"])
        return response

    response: Response = reader.read(document, decode_message)
    return response


class _ResultDecoder:
    """
    Decodes the children of IRETURNVALUE, which are all of one kind.
    """

    def __init__(self, result: List[Any]) -> None:
        self.result = result
        self.tag = ""

    def __call__(self, children: Sequence[Element]) -> None:
        if not self.tag:
            self.tag = children[0].tag
            if self.tag not in _RESULTS:
                raise DecodeError(
                    children[0], f"IRETURNVALUE has unexpected child element {self.tag}"
                )
        tag, decode, append = self.tag, tupleparse.DECODERS[self.tag], self.result.append
        for child in children:
            if child.tag != tag:
                raise DecodeError(
                    child, f"IRETURNVALUE has child element {child.tag} among {tag} elements"
                )
            append(decode(child))
            tail = child.tail
            if tail is not None and tail.strip(SPACE):
                raise DecodeError(child, f"IRETURNVALUE has unexpected text {tail.strip()[:40]!r}")


def _check_name(el: Element, name: str) -> None:
    have = required(el, "NAME")
    if have != name:
        raise DecodeError(el, f"{el.tag} is for {have!r}, expected {name!r}")


def _intrinsic_response(call: IntrinsicCall, result: List[Any], root: Element) -> IntrinsicResponse:
    el, _ = _content(root, "SIMPLERSP", "IMETHODRESPONSE", "METHODRESPONSE")
    if el.tag != "IMETHODRESPONSE":
        raise DecodeError(el, f"{el.tag} answers a call of the intrinsic method {call.name}")
    _check_name(el, call.name)
    returned = False
    params = []
    for child in el:
        if child.tag == "IRETURNVALUE":
            if returned:
                raise DecodeError(child, f"{describe(el)} has a second IRETURNVALUE")
            allow_attributes(child, NONE)
            no_text(child)
            returned = True
        elif child.tag == "PARAMVALUE":
            params.append(_intrinsic_param(child))
        elif child.tag == "ERROR" and child is el[0]:
            return IntrinsicResponse(el.attrib["NAME"], None, [], _error(child))
        else:
            unexpected(el, child)
    return IntrinsicResponse(el.attrib["NAME"], result if returned else None, params)


def _extrinsic_response(name: str, root: Element) -> ExtrinsicResponse:
    el, _ = _content(root, "SIMPLERSP", "METHODRESPONSE", "IMETHODRESPONSE")
    if el.tag != "METHODRESPONSE":
        raise DecodeError(el, f"{el.tag} answers a call of the extrinsic method {name}")
    _check_name(el, name)
    params = []
    value: Any = None
    value_type: Optional[str] = None
    returned = False
    for child in el:
        if child.tag == "RETURNVALUE" and not returned:
            value, value_type = _returnvalue(child)
            returned = True
        elif child.tag == "PARAMVALUE":
            params.append(_paramvalue(child))
        elif child.tag == "ERROR" and child is el[0]:
            return ExtrinsicResponse(name, None, [], _error(child))
        else:
            unexpected(el, child)
    return ExtrinsicResponse(name, value, params, None, value_type)


def _export_response(name: str, root: Element) -> ExportResponse:
    el, _ = _content(root, "SIMPLEEXPRSP", "EXPMETHODRESPONSE")
    _check_name(el, name)
    for child in el:
        if child.tag == "ERROR" and child is el[0]:
            return ExportResponse(name, _error(child))
        if child.tag != "IRETURNVALUE":
            unexpected(el, child)
    return ExportResponse(name)


_ERROR = frozenset(("CODE", "DESCRIPTION"))


def _error(el: Element) -> ErrorRecord:
    allow_attributes(el, _ERROR)
    no_text(el)
    text = required(el, "CODE")
    try:
        code = int(text)
    except ValueError:
        fail(el, f"has attribute CODE={text!r}, expected a number")
    for child in el:
        if child.tag != "INSTANCE":
            unexpected(el, child)
    return ErrorRecord(
        code,
        el.get("DESCRIPTION"),
        [properties.instance(child) for child in el],
    )


# ---------------------------------------------------------------------------
# Parameters and return values

_PARAMVALUE = frozenset(("NAME", "PARAMTYPE", "TYPE", "EmbeddedObject", "EMBEDDEDOBJECT"))
_RETURNVALUE = frozenset(("PARAMTYPE", "EmbeddedObject", "EMBEDDEDOBJECT"))


def _parameter_content(
    el: Element, reference: Converter
) -> Tuple[Any, Optional[str], Optional[str]]:
    """
    Value, CIM type and kind of embedded object of PARAMVALUE or RETURNVALUE; what
    becomes of a reference that comes as text is told.
    """
    no_text(el)
    # Some servers send TYPE in place of PARAMTYPE, or an empty one.
    param_type = el.get("PARAMTYPE") or el.get("TYPE") or None
    embedded = properties.embedded_kind(el)
    if embedded is None and "EmbeddedObject" in el.attrib:
        embedded = "object"  # an empty one does not say which
    if param_type in ("instance", "object"):
        # Some servers did before embedded objects became strings.
        embedded, param_type = embedded or param_type, "string"
    elif param_type is not None and param_type not in CONVERTERS and param_type != "reference":
        fail(el, f"has unknown CIM type {param_type!r}")
    cimtype = param_type or "string"
    if len(el) == 0:
        return None, param_type, embedded
    if len(el) > 1:
        unexpected(el, el[1])
    child = el[0]
    if child.tag in ("VALUE", "VALUE.ARRAY"):
        is_array = child.tag == "VALUE.ARRAY"
        if embedded is not None:
            properties.check_embedded(el, cimtype)
            decode = properties.embedded_array if is_array else properties.embedded_value
            return decode(el, child), param_type, embedded
        convert = CONVERTERS.get(cimtype, reference)
        value = (properties.array if is_array else properties.scalar)(el, child, convert)
        return value, param_type, None
    if child.tag not in _PARAMETER_OBJECTS:
        unexpected(el, child)
    value = tupleparse.DECODERS[child.tag](child)
    if child.tag in ("CLASS", "INSTANCE", "VALUE.NAMEDINSTANCE"):
        return value, "string", "object" if child.tag == "CLASS" else "instance"
    return value, "reference", None


_PARAMETER_OBJECTS = frozenset(
    (
        "CLASS",
        "CLASSNAME",
        "INSTANCE",
        "INSTANCENAME",
        "VALUE.NAMEDINSTANCE",
        "VALUE.REFARRAY",
        "VALUE.REFERENCE",
    )
)


def _paramvalue(el: Element, reference: Converter = str) -> CIMParameter:
    allow_attributes(el, _PARAMVALUE)
    name = required(el, "NAME")
    value, param_type, embedded = _parameter_content(el, reference)
    return CIMParameter._trusted(
        name,
        param_type or "string",
        None,
        isinstance(value, list),
        None,
        None,
        value,
        embedded,
    )


def _returnvalue(el: Element) -> Tuple[Any, Optional[str]]:
    allow_attributes(el, _RETURNVALUE)
    if len(el) and el[0].tag not in ("VALUE", "VALUE.REFERENCE"):
        unexpected(el, el[0])
    value, param_type, _ = _parameter_content(el, REFERENCE)
    return value, param_type


# Types of the output parameters of the pull operations (DSP0200 5.4.2.24),
# which not every server declares.
_OUTPUT_TYPES: Dict[str, Callable[[str], Any]] = {"EndOfSequence": BOOLEAN}


def _intrinsic_param(el: Element) -> Tuple[str, Any]:
    param = _paramvalue(el)
    return param._name, _converted(el, param._value, _OUTPUT_TYPES.get(param._name))


def _converted(el: Element, value: Any, convert: Optional[Callable[[str], Any]]) -> Any:
    """
    The value of a parameter that came as text but has a type of its own.
    """
    if convert is None or not isinstance(value, str):
        return value
    try:
        return convert(value)
    except ValueError as exc:
        fail(el, f"has {exc}")


# ---------------------------------------------------------------------------
# Requests

_BOOLEAN_PARAMS = (
    "ContinueOnError",
    "DeepInheritance",
    "IncludeClassOrigin",
    "IncludeQualifiers",
    "LocalOnly",
    "ReturnQueryResultClass",
)
_INPUT_TYPES: Dict[str, Callable[[str], Any]] = {
    **{name.lower(): BOOLEAN for name in _BOOLEAN_PARAMS},
    "maxobjectcount": CONVERTERS["uint32"],
    "operationtimeout": CONVERTERS["uint32"],
}
_IPARAMVALUES = (
    "CLASS",
    "CLASSNAME",
    "INSTANCE",
    "INSTANCENAME",
    "QUALIFIER.DECLARATION",
    "VALUE",
    "VALUE.ARRAY",
    "VALUE.NAMEDINSTANCE",
    "VALUE.REFERENCE",
)


def decode_request(data: bytes) -> Tuple[Call, str]:
    """
    The call record and the message ID of a request message.

    Raises:

        XMLParseError, CIMXMLParseError, CIMVersionError, DTDVersionError,
        ProtocolVersionError: as for :func:`decode_response`.
    """
    reader = _Reader("CIM-XML request", None)
    reading.request = True
    try:
        result: Tuple[Call, str] = reader.read(Document([data], reader.meaning), _request)
    finally:
        reading.request = False
    return result


def _request(root: Element) -> Tuple[Call, str]:
    frame = "SIMPLEEXPREQ" if root.find("MESSAGE/SIMPLEEXPREQ") is not None else "SIMPLEREQ"
    request = root.find(f"MESSAGE/{frame}")
    if request is not None:
        # Correlators are for the log of a server.
        for correlator in request.findall("CORRELATOR"):
            request.remove(correlator)
    if frame == "SIMPLEEXPREQ":
        el, message_id = _content(root, frame, "EXPMETHODCALL")
        return _export_call(el), message_id
    el, message_id = _content(root, frame, "IMETHODCALL", "METHODCALL")
    return (_intrinsic_call if el.tag == "IMETHODCALL" else _extrinsic_call)(el), message_id


def _intrinsic_call(el: Element) -> IntrinsicCall:
    if not len(el) or el[0].tag != "LOCALNAMESPACEPATH":
        fail(el, "has no LOCALNAMESPACEPATH as its first child element")
    params = []
    for child in el[1:]:
        if child.tag != "IPARAMVALUE":
            unexpected(el, child)
        item = _iparamvalue(child)
        if item[1] is not None:
            params.append(item)
    return IntrinsicCall(required(el, "NAME"), paths.localnamespacepath(el[0]), params)


def _iparamvalue(el: Element) -> Tuple[str, Any]:
    allow_attributes(el, _NAME)
    name = required(el, "NAME")
    if not len(el):
        no_text(el)
        return name, None
    child = only_child(el, *_IPARAMVALUES)
    value = tupleparse.DECODERS[child.tag](child)
    return name, _converted(el, value, _INPUT_TYPES.get(name.lower()))


def _extrinsic_call(el: Element) -> ExtrinsicCall:
    if not len(el) or el[0].tag not in ("LOCALCLASSPATH", "LOCALINSTANCEPATH"):
        fail(el, "has no LOCALCLASSPATH or LOCALINSTANCEPATH as its first child element")
    params = []
    untyped = set()
    for child in el[1:]:
        if child.tag != "PARAMVALUE":
            unexpected(el, child)
        param = _paramvalue(child, _reference_or_text)
        params.append(param)
        if not (child.get("PARAMTYPE") or child.get("TYPE")) and param.type == "string":
            untyped.add(param.name)
    path = tupleparse.DECODERS[el[0].tag](el[0])
    return ExtrinsicCall(required(el, "NAME"), path, params, frozenset(untyped))


def _reference_or_text(text: str) -> Union[CIMInstanceName, str, None]:
    """
    The path that a text says; what is none is left for the server to refuse.
    """
    try:
        return REFERENCE(text)
    except ValueError:
        return text


def _export_call(el: Element) -> ExportCall:
    params = []
    for child in el:
        if child.tag != "EXPPARAMVALUE":
            unexpected(el, child)
        allow_attributes(child, _NAME)
        value = None
        if len(child):
            value = properties.instance(only_child(child, "INSTANCE"))
        else:
            no_text(child)
        params.append((required(child, "NAME"), value))
    return ExportCall(required(el, "NAME"), params)
