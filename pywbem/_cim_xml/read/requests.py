"""
Bytes to call records (DSP0201 5.3.6): what servers and listeners read.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterable, List, Tuple, Union
from xml.etree.ElementTree import Element

from ..._cim_obj import CIMInstanceName
from ..._exceptions import VersionError
from ..records import Call, Correlators, ExportCall, ExtrinsicCall, IntrinsicCall
from . import objects, paths, properties
from .element import allow_attributes, fail, no_text, only_child, required, unexpected
from .frame import NAME_ONLY, MessageDecoder, framed, named
from .parameters import converted, correlator, paramvalue
from .tree import DecodeError, TreeParser, parse_plain
from .values import BOOLEAN, CONVERTERS, REFERENCE, reading

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


class RequestDecoder(MessageDecoder):
    """
    Decodes a request message, which is fed as it arrives.
    """

    _meaning = "CIM-XML request"

    def __init__(self) -> None:
        super().__init__(TreeParser(self._meaning))

    def feed(self, data: bytes) -> None:
        """
        Take bytes that have arrived.

        Raises:
            XMLParseError: The message is not well-formed XML.
        """
        with self._errors():
            self._tree.feed(data)

    def close(self) -> Tuple[Call, str]:
        """
        Return the call record and the message ID.

        Raises:
            XMLParseError, CIMXMLParseError, CIMVersionError, DTDVersionError,
            ProtocolVersionError: As for :meth:`ResponseDecoder.close`.
        """
        reading.request = True
        try:
            with self._errors():
                call, self.message_id = _request(self._tree.close())
        finally:
            reading.request = False
        return call, self.message_id


def decode_request(data: bytes) -> Tuple[Call, str]:
    """
    The call record and the message ID of a request message that is at hand; exceptions
    are those of :class:`RequestDecoder`.
    """
    root = parse_plain(data)
    if root is not None:
        reading.request = True
        try:
            return _request(root)
        except (DecodeError, VersionError):
            pass  # the decoder says where it is
        finally:
            reading.request = False
    decoder = RequestDecoder()
    decoder.feed(data)
    return decoder.close()


def _request(root: Element) -> Tuple[Call, str]:
    exported = any(el.tag == "SIMPLEEXPREQ" for message in root for el in message)
    request, message_id = framed(root, "SIMPLEEXPREQ" if exported else "SIMPLEREQ")
    calls = _EXPORT_CALLS if exported else _CALLS
    correlators: Correlators = ()
    if len(request) > 1 and request[0].tag == "CORRELATOR":
        no_text(request)
        *before, el = request
        for child in before:
            if child.tag != "CORRELATOR":
                unexpected(request, child)
        if el.tag not in calls:
            unexpected(request, el)
        correlators = tuple(map(correlator, before))
    else:
        el = only_child(request, *calls)
    call = calls[el.tag](named(el))
    return call._replace(correlators=correlators) if correlators else call, message_id


def _intrinsic_call(el: Element) -> IntrinsicCall:
    if not len(el) or el[0].tag != "LOCALNAMESPACEPATH":
        fail(el, "has no LOCALNAMESPACEPATH as its first child element")
    params = input_params(el, el[1:])
    return IntrinsicCall(required(el, "NAME"), paths.localnamespacepath(el[0]), params)


def input_params(el: Element, children: Iterable[Element]) -> List[Tuple[str, Any]]:
    """
    Names and values of the parameters of an operation, which are children of its element;
    NULL is left out.
    """
    params = []
    for child in children:
        if child.tag != "IPARAMVALUE":
            unexpected(el, child)
        item = _iparamvalue(child)
        if item[1] is not None:
            params.append(item)
    return params


def _iparamvalue(el: Element) -> Tuple[str, Any]:
    if len(el.attrib) != 1 or "NAME" not in el.attrib:
        allow_attributes(el, NAME_ONLY)
    name = required(el, "NAME")
    if not len(el):
        no_text(el)
        return name, None
    child = el[0]
    if len(el) != 1 or el.text or child.tail:
        child = only_child(el, *_IPARAMVALUES)
    return name, input_value(name, child, el)


def input_value(name: str, child: Element, el: Element) -> Any:
    """
    The value of a parameter of an operation, in the type that it has; ``el`` is the element
    for errors, ``child`` the one in it.
    """
    if child.tag not in _IPARAMVALUES:
        unexpected(el, child)
    value = objects.DECODERS[child.tag](child)
    if isinstance(value, str):
        value = converted(el, value, _INPUT_TYPES.get(name.lower()))
    return value


def _extrinsic_call(el: Element) -> ExtrinsicCall:
    if not len(el) or el[0].tag not in ("LOCALCLASSPATH", "LOCALINSTANCEPATH"):
        fail(el, "has no LOCALCLASSPATH or LOCALINSTANCEPATH as its first child element")
    params = []
    untyped = set()
    for child in el[1:]:
        if child.tag != "PARAMVALUE":
            unexpected(el, child)
        param = paramvalue(child, _reference_or_text)
        params.append(param)
        if not (child.get("PARAMTYPE") or child.get("TYPE")) and param.type == "string":
            untyped.add(param.name)
    path = objects.DECODERS[el[0].tag](el[0])
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
        allow_attributes(child, NAME_ONLY)
        value = None
        if len(child):
            value = properties.instance(only_child(child, "INSTANCE"))
        else:
            no_text(child)
        params.append((required(child, "NAME"), value))
    return ExportCall(required(el, "NAME"), params)


_CALLS: Dict[str, Callable[[Element], Call]] = {
    "IMETHODCALL": _intrinsic_call,
    "METHODCALL": _extrinsic_call,
}
_EXPORT_CALLS: Dict[str, Callable[[Element], Call]] = {"EXPMETHODCALL": _export_call}
