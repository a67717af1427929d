"""
What is searched for faults: functions that take any bytes, and hold for all of them.

A target returns, or a fault has been found: an exception that is not documented, or a
property that does not hold.  ``make fuzz`` feeds them, led by what they cover; what it
found is in ``tests/fuzz/found`` and is fed to them by ``test_found``.
"""

from __future__ import annotations

import random
import warnings
from typing import Any, Callable, Dict, List, NamedTuple, Tuple

import pywbem
from pywbem._cim_xml import messages, records
from pywbem._http import reply
from pywbem._mof_compiler import MOFCompileError, MOFCompiler, MOFWBEMConnection
from pywbem._mof_compiler.lexer import tokenize
from pywbem._mof_compiler.parser import MOFParser
from pywbem._mof_compiler.source import mof_text
from tests.fuzz import seeds
from tests.fuzz.wire import WireEndpoint, talk


class Target(NamedTuple):
    """A function, valid inputs to begin with, and words that mean something to it."""

    check: Callable[[bytes], None]
    seeds: List[bytes]
    words: List[bytes]


def _cut(data: bytes, salt: int) -> List[bytes]:
    """Return the data in pieces that are not empty; the same ones for the same salt."""
    chance = random.Random(salt)
    places = {chance.randrange(len(data) + 1) for _ in range(chance.randrange(1, 8))}
    ends = sorted(places - {0, len(data)})
    return [data[start:end] for start, end in zip([0, *ends], [*ends, len(data)])]


# --- CIM-XML ---------------------------------------------------------------------

DOCUMENTED = (
    pywbem.XMLParseError,
    pywbem.CIMXMLParseError,
    pywbem.CIMVersionError,
    pywbem.DTDVersionError,
    pywbem.ProtocolVersionError,
)
_PATH = pywbem.CIMClassName("TST_Disk", namespace="root/fuzz")
CALLS: List[records.Call] = [
    *(records.IntrinsicCall(name, "root/fuzz", []) for name in sorted(seeds.RESPONSES)),
    records.ExtrinsicCall("Wipe", _PATH, []),
    records.ExportCall("ExportIndication", []),
]


def _whole(call: records.Call, pieces: List[bytes]) -> Any:
    try:
        return messages.decode_response(call, pieces)
    except DOCUMENTED as exc:
        return type(exc), str(exc)


def _streamed(call: records.Call, pieces: List[bytes]) -> Any:
    """Return the objects that a stream hands out, and how it ends."""
    decoder = messages.ResponseDecoder(call, stream=True)
    objects: List[Any] = []
    try:
        for piece in pieces:
            objects += decoder.feed(piece)
        objects += decoder.flush()
        response = decoder.close()
    except DOCUMENTED as exc:
        # The excerpt at the end of the text ends with what has arrived; and of a document that
        # is no XML, Expat says what is wrong where it has got to.
        malformed = isinstance(exc, pywbem.XMLParseError)
        return objects, (type(exc), "" if malformed else str(exc.args[0]).splitlines()[0])
    assert isinstance(response, records.IntrinsicResponse)
    return objects + (response.result or []), response._replace(result=None)


def response_decoder(data: bytes) -> None:
    """A response or a documented exception; the same whole, in pieces and as a stream."""
    if len(data) < 2:
        return
    call, pieces = CALLS[data[0] % len(CALLS)], _cut(data[2:], data[1])
    whole = _whole(call, [data[2:]])
    assert repr(_whole(call, pieces)) == repr(whole)
    if isinstance(call, records.IntrinsicCall):
        objects, end = streamed = _streamed(call, [data[2:]])
        assert repr(_streamed(call, pieces)) == repr(streamed)
        assert isinstance(whole, records.IntrinsicResponse) is isinstance(
            end, records.IntrinsicResponse
        )
        if isinstance(whole, records.IntrinsicResponse):
            assert repr(objects) == repr(whole.result or [])


def request_decoder(data: bytes) -> None:
    """A call that can be sent again, or a documented exception."""
    try:
        call, message_id = messages.decode_request(data)
    except DOCUMENTED as exc:
        for _ in range(2):
            try:
                messages.decode_framed_request(data)
            except DOCUMENTED as other:
                assert (type(other), str(other)) == (type(exc), str(exc))
            else:
                raise AssertionError("a framed request that is no request") from exc
        return
    # The second time it comes in a frame that is known.
    for _ in range(2):
        assert repr(messages.decode_framed_request(data)) == repr((call, message_id))
    if getattr(call, "untyped", None):
        # Sent again, these have the type that they were given.
        return
    again = messages.decode_request(messages.encode_request(call, message_id))
    assert repr(again) == repr((call, message_id))


# --- HTTP ------------------------------------------------------------------------


def _reply_events(pieces: List[bytes]) -> Any:
    """Return what a reader makes of a reply, the body decoded and in one piece."""
    reader = reply.ReplyReader()
    head, body, trailers, chain = None, bytearray(), None, []  # type: ignore[var-annotated]
    left = [*pieces]
    try:
        while True:
            event = reader.next_event()
            if isinstance(event, reply.Head):
                head = event
                chain = reply.inflaters(head.get("Content-Encoding"))
            elif isinstance(event, bytes):
                assert event, "an empty piece of the body"
                for piece in reply.decoded([event], chain, False):
                    assert 0 < len(piece) <= max(reply.PIECE, len(event))
                    body += piece
                    if len(body) > 1_000_000:
                        return head, "long"
            elif isinstance(event, reply.Trailers):
                trailers = event
            elif event is reply.END:
                body += b"".join(reply.decoded([], chain, True))
                return head, bytes(body), trailers
            elif left:
                reader.feed(left.pop(0))
            else:
                reader.close()
    except (reply.BadReply, reply.BadHeader, reply.EarlyEnd) as exc:
        return head, bytes(body), trailers, type(exc)


def reply_reader(data: bytes) -> None:
    """The same reply, or the same fault of it, whole and in pieces."""
    if not data:
        return
    whole = _reply_events([data[1:]])
    # A fault in data that is compressed comes before or after what one call could decode.
    pieces = _reply_events(_cut(data[1:], data[0]))
    if whole[-1] is reply.BadReply and pieces[-1] is reply.BadReply:
        whole, pieces = whole[:1], pieces[:1]
    assert pieces == whole


def endpoint(data: bytes) -> None:
    """The same requests and answers, whole and in pieces, with heads that are known, too."""
    if not data:
        return
    whole = talk(WireEndpoint(), [data[1:]])
    knowing = WireEndpoint()
    for pieces in (_cut(data[1:], data[0]), [data[1:]], _cut(data[1:], data[0])):
        assert talk(knowing, pieces) == whole


# --- MOF and WBEM URIs -------------------------------------------------------------

NAMESPACE = "root/fuzz"
_PARSER = MOFParser()


def _repository(text: str) -> Any:
    """Return what a compilation puts into an empty repository, or its exception."""
    handle = MOFWBEMConnection()
    compiler = MOFCompiler(handle, log_func=None)
    try:
        compiler.compile_string(text, NAMESPACE)
    except MOFCompileError as exc:
        assert exc.get_err_msg()
        left = [handle.classes, handle.qualifiers, handle.instances]
        # What it found missing stays an empty dictionary of a namespace.
        assert not any(value for kind in left for value in kind.values()), left
        return exc
    return handle


def mof(data: bytes) -> None:
    """Tokens in order, whatever the text; declarations that are the same when written again."""
    text = mof_text(data.decode("utf-8", "surrogateescape"))
    last = -1
    for token in tokenize(text):
        if token is not None:
            assert last < token.lexpos < len(text)
            last = token.lexpos
    if "include" in text.lower() or _PARSER.parse(text).errors:
        return
    first = _repository(text)
    if isinstance(first, MOFCompileError):
        return
    for namespace, classes in first.classes.items():
        for cls in classes.values():
            written = "\n".join(
                [
                    *(q.tomof() for q in first.qualifiers.get(namespace, {}).values()),
                    *(
                        f"class {other.classname} {{ }};"
                        for other in classes.values()
                        if other.classname != cls.classname
                    ),
                    cls.tomof(),
                ]
            )
            again = _repository(written)
            assert not isinstance(again, MOFCompileError), f"{again}\n{written}"


def uri(data: bytes) -> None:
    """A path that is written and read again as the same, or a ValueError."""
    text = data.decode("utf-8", "surrogateescape")
    for cls in (pywbem.CIMInstanceName, pywbem.CIMClassName):
        try:
            path = cls.from_wbem_uri(text)
        except ValueError:
            continue
        # Without a namespace, the historical format of a path with a host is none that is read.
        historical = ["historical"] if path.namespace or not path.host else []
        for format in ["standard", "canonical", *historical]:
            written = path.to_wbem_uri(format=format)
            again = cls.from_wbem_uri(written)
            assert again.to_wbem_uri(format=format) == written
            if format != "canonical":
                assert again == path or "nan" in written.lower(), written


TARGETS: Dict[str, Target] = {
    "response": Target(response_decoder, seeds.responses(CALLS), seeds.XML_WORDS),
    "request": Target(request_decoder, seeds.requests(), seeds.XML_WORDS),
    "reply": Target(reply_reader, seeds.replies(), seeds.HTTP_WORDS),
    "endpoint": Target(endpoint, seeds.http_requests(), seeds.HTTP_WORDS + seeds.XML_WORDS[:20]),
    "mof": Target(mof, seeds.mof(), seeds.MOF_WORDS),
    "uri": Target(uri, seeds.uris(), seeds.URI_WORDS),
}


def check(name: str, data: bytes) -> None:
    """
    Feed a target; what is tolerated is told by warnings, which are no fault here.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        TARGETS[name].check(data)


def place_of(exc: BaseException) -> Tuple[str, str]:
    """Return the class of an exception and the last line of this project that it came through."""
    place = ""
    traceback = exc.__traceback__
    while traceback is not None:
        filename = traceback.tb_frame.f_code.co_filename
        for package in ("/pywbem/", "/pywbem_mock/", "/tests/fuzz/"):
            if package in filename:
                place = f"{filename.rpartition(package)[2]}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return type(exc).__name__, place
