"""
The Iter... methods with traditional operations: objects come as they arrive, and a loop
may be left at any time.  In both shells.
"""

from __future__ import annotations

import gc
import io
import threading
import time
from typing import Any, Callable, List, Tuple, Type

import pytest

import pywbem
from tests.integration.faultserver import (
    CIM_HEADERS,
    FaultServer,
    Peer,
    Script,
    answer,
    chunked,
    reply,
)

Connect = Callable[..., Any]

START = (
    b'<?xml version="1.0" encoding="utf-8" ?><CIM CIMVERSION="2.0" DTDVERSION="2.0">'
    b'<MESSAGE ID="1001" PROTOCOLVERSION="1.0"><SIMPLERSP>'
    b'<IMETHODRESPONSE NAME="EnumerateInstances"><IRETURNVALUE>'
)
END = b"</IRETURNVALUE></IMETHODRESPONSE></SIMPLERSP></MESSAGE></CIM>"
STREAM = reply(headers=(*CIM_HEADERS, ("Transfer-Encoding", "chunked")), length=None)


def named(key: int) -> bytes:
    return (
        b'<VALUE.NAMEDINSTANCE><INSTANCENAME CLASSNAME="C"><KEYBINDING NAME="K">'
        b'<KEYVALUE VALUETYPE="string">%d</KEYVALUE></KEYBINDING></INSTANCENAME>'
        b'<INSTANCE CLASSNAME="C"><PROPERTY NAME="K" TYPE="string"><VALUE>%d</VALUE></PROPERTY>'
        b"</INSTANCE></VALUE.NAMEDINSTANCE>"
    ) % (key, key)


FAULTY = named(9).replace(b"<VALUE>9", b"<VALUE>9<NO/>")


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def waits(*pieces: bytes, go: threading.Event, seconds: float = 20) -> Script:
    """A server that waits before each piece of the body but the first."""

    def script(peer: Peer) -> None:
        while peer.read_request():
            peer.send(STREAM)
            for count, piece in enumerate(pieces):
                if count:
                    go.wait(seconds)
                peer.send(chunk(piece))
            peer.send(b"0\r\n\r\n")

    return script


def keys(instances: Any) -> List[str]:
    return [instance["K"] for instance in instances]


def test_first_object_comes_before_the_last_is_sent(connect: Connect) -> None:
    go = threading.Event()
    script = waits(START + named(1), named(2) + named(3), END, go=go)
    with FaultServer(script) as server:
        conn = connect(server.url)
        instances = conn.IterEnumerateInstances("C")
        assert next(instances)["K"] == "1"
        assert not go.is_set()
        go.set()
        assert keys(instances) == ["2", "3"]
        assert conn.last_raw_reply is None
        assert keys(conn.IterEnumerateInstances("C")) == ["1", "2", "3"]
        assert (server.connections, len(server.requests)) == (1, 2)


def test_timeout_is_for_each_wait(connect: Connect) -> None:
    go = threading.Event()
    with FaultServer(waits(START + named(1), named(2), END, go=go, seconds=0.25)) as server:
        conn = connect(server.url, timeout=0.8)
        got = []
        for instance in conn.IterEnumerateInstances("C"):
            got.append(instance["K"])
            # The work of the caller is not the server's.
            time.sleep(0.9)
        assert got == ["1", "2"]


def test_server_that_stops_in_the_middle(connect: Connect) -> None:
    go_on = threading.Event()
    with FaultServer(waits(START + named(1), END, go=go_on)) as server:
        conn = connect(server.url, timeout=0.8)
        instances = conn.IterEnumerateInstances("C")
        assert next(instances)["K"] == "1"
        started = time.monotonic()
        with pytest.raises(pywbem.TimeoutError):
            next(instances)
        assert time.monotonic() - started < 10
        go_on.set()


def leaves_by_break(conn: Any) -> None:
    for _ in conn.IterEnumerateInstances("C"):
        break


def leaves_by_exception(conn: Any) -> None:
    with pytest.raises(KeyError):
        for instance in conn.IterEnumerateInstances("C"):
            raise KeyError(instance["K"])


def leaves_by_close(conn: Any) -> None:
    instances = conn.IterEnumerateInstances("C")
    next(instances)
    instances.close()


def loses(conn: Any) -> None:
    next(conn.IterEnumerateInstances("C"))
    gc.collect()


@pytest.mark.parametrize(
    "leave",
    [leaves_by_break, leaves_by_exception, leaves_by_close, loses],
    ids=lambda f: f.__name__,
)
def test_loop_that_is_left(connect: Connect, leave: Callable[[Any], None]) -> None:
    go = threading.Event()
    with FaultServer(waits(START + named(1), named(2), END, go=go)) as server:
        conn = connect(server.url, stats_enabled=True)
        leave(conn)
        gc.collect()
        go.set()
        assert server.all_closed()
        assert conn.last_raw_reply is None
        assert keys(conn.IterEnumerateInstances("C")) == ["1", "2"]
        assert (server.connections, len(server.requests)) == (2, 2)
        ((_name, statistic),) = conn.statistics.snapshot()
        assert (statistic.count, statistic.exception_count) == (2, 0)


ERROR = b'</IRETURNVALUE><ERROR CODE="1" DESCRIPTION="late"/></IMETHODRESPONSE>'
GOOD = START + named(1) + named(2)
STATUS = [("CIMStatusCode", "1"), ("CIMStatusCodeDescription", "late")]

BROKEN: List[Tuple[str, bytes, Type[Exception]]] = [
    ("faulty-object", reply(GOOD + FAULTY + named(3) + END), pywbem.CIMXMLParseError),
    ("malformed", reply(GOOD + b"<VALUE.NAMEDINSTANCE></X>"), pywbem.XMLParseError),
    ("ends-early", reply(GOOD), pywbem.XMLParseError),
    ("trailers", chunked([GOOD], STATUS), pywbem.CIMError),
    ("trailers-behind-the-end", chunked([GOOD, END], STATUS), pywbem.CIMError),
    (
        "bad-chunk",
        chunked([GOOD]).replace(b"\r\n0\r\n", b"\r\nzz\r\n"),
        pywbem.ConnectionError,
    ),
    ("length", reply(GOOD, length="99999"), pywbem.ConnectionError),
]


def sends_and_closes(data: bytes) -> Script:
    def script(peer: Peer) -> None:
        peer.read_request()
        peer.send(data)

    return script


@pytest.mark.parametrize(
    "data, exception", [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN]
)
def test_error_in_the_middle(connect: Connect, data: bytes, exception: Type[Exception]) -> None:
    """A stream delivers what came before the error; a list is not returned."""
    with FaultServer(sends_and_closes(data)) as server:
        conn = connect(server.url)
        got = []
        with pytest.raises(exception) as caught:
            for instance in conn.IterEnumerateInstances("C"):
                got.append(instance["K"])
        assert got == ["1", "2"]
        assert server.all_closed()
        with pytest.raises(exception) as other:
            conn.EnumerateInstances("C")
        assert type(caught.value) is type(other.value)
        assert len(server.requests) == 2


def test_last_piece_is_small(connect: Connect) -> None:
    """What waits for more is looked at before the end of a broken reply is told."""
    data = reply(GOOD)

    def script(peer: Peer) -> None:
        peer.read_request()
        peer.send(data[:-1])
        time.sleep(0.1)
        peer.send(data[-1:])

    with FaultServer(script) as server:
        got = []
        with pytest.raises(pywbem.XMLParseError):
            for instance in connect(server.url).IterEnumerateInstances("C"):
                got.append(instance["K"])
    assert got == ["1", "2"]


def test_recorder_keeps_what_it_needs(connect: Connect) -> None:
    texts = []
    with FaultServer(answer(reply(GOOD + END))) as server:
        for method in ("EnumerateInstances", "IterEnumerateInstances"):
            conn = connect(server.url)
            file = io.StringIO()
            conn.add_operation_recorder(pywbem.TestClientRecorder(file))
            assert keys(getattr(conn, method)("C")) == ["1", "2"]
            assert conn.last_raw_reply is not None
            texts.append(file.getvalue())
    assert texts[0].count("VALUE.NAMEDINSTANCE") == texts[1].count("VALUE.NAMEDINSTANCE") > 0


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(START + named(1), id="cut"),
        pytest.param(START + FAULTY + named(2), id="faulty-and-cut"),
        pytest.param(
            b'<!DOCTYPE CIM [<!ENTITY e "x">]>' + START[START.index(b"<CIM") :] + END, id="entity"
        ),
    ],
)
@pytest.mark.parametrize("method", ["EnumerateInstances", "IterEnumerateInstances"])
def test_last_reply_of_what_is_not_well_formed(connect: Connect, method: str, body: bytes) -> None:
    """A late error of the server comes before the decoder has looked at all there is."""
    trailers = (("CIMStatusCode", "1"),)
    with FaultServer(answer(chunked([body], trailers))) as server:
        conn = connect(server.url)
        conn.debug = True
        conn.add_operation_recorder(pywbem.TestClientRecorder(io.StringIO()))
        with pytest.raises(pywbem.Error):
            list(getattr(conn, method)("C"))
        assert conn.last_raw_reply == body
        assert conn.last_reply is None
