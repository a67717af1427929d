"""
Bytes to response records (DSP0201 5.3.6).

The frame of a message is checked, the content decoded by
:mod:`~pywbem._cim_xml.read.objects`.  Results of intrinsic methods are decoded
while they arrive.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterable, List, Optional, Sequence, Tuple
from xml.etree.ElementTree import Element

from ..._exceptions import Error, VersionError
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
from . import objects, properties
from .element import (
    NONE,
    allow_attributes,
    blank,
    describe,
    fail,
    no_text,
    only_child,
    required,
    unexpected,
)
from .frame import NAME_ONLY, MessageDecoder, check_cim, check_message, framed, named
from .parameters import converted, paramvalue, returnvalue
from .stream import StreamParser
from .tree import DecodeError, TreeParser
from .values import BOOLEAN, forget_texts

_IRETURNVALUE = ("CIM", "MESSAGE", "SIMPLERSP", "IMETHODRESPONSE", "IRETURNVALUE")
_RESULTS = frozenset(objects.DECODERS) - {
    "LOCALCLASSPATH",
    "LOCALINSTANCEPATH",
    "VALUE.NAMEDOBJECT",
    "VALUE.REFARRAY",
}


class ResponseDecoder(MessageDecoder):
    """
    Decodes the response message to a call, which is fed as it arrives.

    Without ``stream``, :meth:`close` returns the whole response, and malformed input
    anywhere means that nothing is returned.  With it, :meth:`feed` returns the objects
    of the result as they are finished, and keeps only what is not; of an error in the
    middle everything before it is returned first.

    Parameters:
        call (Call): The call record.
        conn_id (str): Id of the connection, for exceptions.
        stream (bool): Whether the result of an intrinsic method is handed out by
            :meth:`feed`.
    """

    _meaning = "CIM-XML response"

    def __init__(self, call: Call, conn_id: Optional[str] = None, stream: bool = False) -> None:
        self._call = call
        self._stream = stream and isinstance(call, IntrinsicCall)
        if isinstance(call, IntrinsicCall):
            parser = StreamParser if stream else TreeParser
            tree = parser(self._meaning, _IRETURNVALUE, self._take)
        else:
            tree = TreeParser(self._meaning)
        super().__init__(tree, conn_id)
        self._objects: List[Any] = []
        # Children of IRETURNVALUE are of one kind; text may still come after the last.
        self._tag = ""
        self._last: Optional[Element] = None
        self._failure: Optional[Error] = None

    @property
    def failed(self) -> bool:
        """
        Whether the next call of :meth:`feed` or :meth:`close` will raise what is wrong
        with the objects after those that were returned.
        """
        return self._failure is not None and self._stream

    def feed(self, data: bytes) -> List[Any]:
        """
        Take bytes that have arrived, and return the objects that are finished.

        Raises:
            XMLParseError: The message is not well-formed XML.
            CIMXMLParseError, CIMVersionError, DTDVersionError, ProtocolVersionError: with
                ``stream``, as :meth:`close`.
        """
        if not self._stream:
            with self._errors():
                self._tree.feed(data)
            return []
        return self._finished(self._tree.feed, data)

    def flush(self) -> List[Any]:
        """
        Return the objects that are finished in what :meth:`feed` let wait for more: called
        before :meth:`close`, which returns them only if nothing is wrong after them.

        Raises:
            As :meth:`feed` with ``stream``.
        """
        return self._finished(self._tree.flush) if self._stream else []

    def _finished(self, parse: Callable[..., None], *data: bytes) -> List[Any]:
        if self._failure is None:
            malformed: Optional[Error] = None
            try:
                with self._errors():
                    parse(*data)
            except Error as exc:
                malformed = exc
            self._check_last()
            # What was wrong before that came first.
            self._failure = self._failure or malformed
        finished, self._objects = self._objects, []
        if self._failure is not None and not finished:
            raise self._failure
        return finished

    def close(self) -> Response:
        """
        Return the response that has arrived, without the objects that :meth:`feed`
        returned.

        Raises:
            XMLParseError: The message is not well-formed XML.
            CIMXMLParseError: It is not a response to that call as DSP0201 says.
            CIMVersionError, DTDVersionError, ProtocolVersionError: it is of
                another major version.
        """
        if self.failed and self._failure is not None:
            raise self._failure
        try:
            with self._errors():
                root = self._tree.close()
        except Error:
            self._check_last()
            if self.failed and self._failure is not None:
                raise self._failure from None
            raise
        with self._errors():
            if self._failure is not None:
                # In a version that is not known, errors of content mean nothing.
                check_cim(root)
                check_message(root[0])
                raise self._failure
            response = self._response(root)
        self.message_id = root[0].attrib["ID"]
        forget_texts()
        return response

    def _response(self, root: Element) -> Response:
        if isinstance(self._call, IntrinsicCall):
            if self._last is not None:
                self._check_tail(self._last)
            return _intrinsic_response(self._call, self._objects, root)
        decode = _extrinsic_response if isinstance(self._call, ExtrinsicCall) else _export_response
        return decode(self._call.name, root)

    # Children of IRETURNVALUE

    def _take(self, children: Sequence[Element]) -> None:
        if self._failure is not None:
            return
        try:
            if not self._stream or self._is_result():
                self._decode(children)
        except DecodeError as exc:
            # While the element is still in the tree.
            self._failure = self._invalid(exc)
        except VersionError as exc:
            self._failure = type(exc)(exc.args[0], conn_id=self._conn_id)

    def _is_result(self) -> bool:
        """
        Whether what is before a result that is handed out says that it is one.  What comes
        after it is looked at when it has arrived.
        """
        if self._tag:
            return True
        cim, message, frame, el, container = ancestors = self._tree.ancestors
        check_cim(cim)
        check_message(message)
        for element in (frame, container):
            allow_attributes(element, NONE)
        allow_attributes(el, NAME_ONLY)
        _check_name(el, self._call.name)
        for parent, child in zip(ancestors, ancestors[1:-1]):
            if parent[0] is not child:
                unexpected(parent, parent[0])
        for element in ancestors:
            if element.text:
                blank(element, element.text)
        return el[0].tag != "ERROR"

    def _decode(self, children: Sequence[Element]) -> None:
        if self._last is not None:
            self._check_tail(self._last)
        if not self._tag:
            self._tag = children[0].tag
            if self._tag not in _RESULTS:
                unexpected(self._tree.ancestors[-1], children[0])
        tag, decode, append = self._tag, objects.DECODERS[self._tag], self._objects.append
        for child in children:
            if child.tag != tag:
                raise DecodeError(
                    child, f"IRETURNVALUE has child element {child.tag} among {tag} elements"
                )
            append(decode(child))
            if child.tail is not None:
                self._check_tail(child)
        self._last = children[-1]

    def _check_last(self) -> None:
        """
        See what came after the last object, which was handed out before that was there.
        """
        if self._last is not None and self._failure is None and self._stream:
            try:
                self._check_tail(self._last)
            except DecodeError as exc:
                self._failure = self._invalid(exc)

    def _check_tail(self, child: Element) -> None:
        if child.tail:
            blank(self._tree.ancestors[-1], child.tail)


def decode_response(call: Call, pieces: Iterable[bytes], conn_id: Optional[str] = None) -> Response:
    """
    The response record of a response message that is at hand, in pieces of any size;
    parameters and exceptions are those of :class:`ResponseDecoder`.
    """
    decoder = ResponseDecoder(call, conn_id)
    for piece in pieces:
        decoder.feed(piece)
    return decoder.close()


def _content(root: Element, frame: str, *tags: str) -> Tuple[Element, str]:
    """
    The element with the response in a message, and the message ID.
    """
    child, message_id = framed(root, frame)
    return named(only_child(child, *tags)), message_id


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
            value, value_type = returnvalue(child)
            returned = True
        elif child.tag == "PARAMVALUE":
            params.append(paramvalue(child))
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


# Types of the output parameters of the pull operations (DSP0200 5.4.2.24),
# which not every server declares.
_OUTPUT_TYPES: Dict[str, Callable[[str], Any]] = {"EndOfSequence": BOOLEAN}


def _intrinsic_param(el: Element) -> Tuple[str, Any]:
    param = paramvalue(el)
    return param._name, converted(el, param._value, _OUTPUT_TYPES.get(param._name))
