"""
Reliable indications (DSP1054) over real sockets: order, duplicates, gaps, restarts.
"""

from __future__ import annotations

import logging
import socket
import time
from typing import Any, Iterator, List, Optional

import pytest

import pywbem
from pywbem import WBEMListener
from tests.integration.exporter import (
    Exporter,
    export_body,
    export_request,
    indication,
    request,
)
from tests.integration.receiver import HOST, Receiver, eventually, port_of


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def listener(receiver: Receiver) -> Iterator[WBEMListener]:
    """A listener that is started, with the receiver as its callback."""
    with WBEMListener(HOST, 0) as started:
        started.add_callback(receiver)
        started.start()
        yield started


def export(client: Exporter, text: object, number: int, context: str = "c", **headers: Any) -> None:
    """Export an indication, which must be accepted."""
    answer = client.ask(request(export_body(indication(text, context, number)), **headers))
    assert (answer.status, b"ERROR" in answer.body) == (200, False)


def test_order_and_duplicates(
    listener: WBEMListener, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    with Exporter(port_of(listener)) as client:
        for number in (0, 1, 1, 3, 2, 4, 7):
            export(client, number, number)
            export(client, "other", 0, "other context")
        client.ask(export_request("unnumbered", "c"))
        client.ask(export_request("no context", None, 0))
    listener.stop()
    mine = [one for one in receiver.indications if one.get("SequenceContext") == "c"]
    assert [one["Text"] for one in mine] == ["0", "1", "2", "3", "4", "unnumbered", "7"]
    assert receiver.texts.count("no context") == 1
    assert receiver.texts.count("other") == 1
    counters = listener.counters
    assert (counters.received, counters.delivered) == (16, 9)
    assert (counters.dropped, counters.duplicates, counters.missing) == (7, 7, 2)
    warnings = [one.getMessage() for one in caplog.records if one.levelno == logging.WARNING]
    sender = "127.0.0.1 (Host listener)"
    assert (
        f"Missing 2 indication(s) of sequence 'c', from number 5 on, sent by {sender}" in warnings
    )
    assert f"Dropped a duplicate of indication 1 of sequence 'c' from {sender}" in warnings
    assert len(warnings) == 8


def test_missing_indication_is_not_waited_for_long(receiver: Receiver) -> None:
    with WBEMListener(HOST, 0, reorder_limit=10, reorder_time=0.3) as listener:
        listener.add_callback(receiver)
        listener.start()
        with Exporter(port_of(listener)) as client:
            for number in (0, 2, 3):
                export(client, number, number)
            assert eventually(lambda: receiver.texts == ["0"])
            assert receiver.texts == ["0"]
            assert eventually(lambda: receiver.texts == ["0", "2", "3"])
            export(client, 1, 1)
            assert eventually(lambda: receiver.texts == ["0", "2", "3", "1"])


def test_beginning_is_missing(receiver: Receiver) -> None:
    with WBEMListener(HOST, 0, reorder_time=0.2) as listener:
        listener.add_callback(receiver)
        listener.start()
        with Exporter(port_of(listener)) as client:
            export(client, 1, 1, "one")
            export(client, 0, 0, "one")
            export(client, 2, 2, "two")
            export(client, 1000, 1000, "begun before")
            assert eventually(lambda: len(receiver.texts) == 4)
    assert receiver.texts == ["0", "1", "1000", "2"]
    assert listener.counters.missing == 2


def test_server_that_is_started_again(listener: WBEMListener, receiver: Receiver) -> None:
    expected: List[str] = []
    for life in ("before", "after", "once more"):
        with Exporter(port_of(listener)) as client:
            for number in range(3):
                expected.append(f"{life} {number}")
                export(client, expected[-1], number)
    listener.stop()
    assert receiver.texts == expected
    counters = listener.counters
    assert (counters.duplicates, counters.missing, counters.dropped) == (0, 0, 0)


@pytest.mark.parametrize("told_by", ["address", "Host"])
def test_two_servers_with_the_same_context(
    listener: WBEMListener, receiver: Receiver, told_by: str
) -> None:
    with Exporter(port_of(listener)) as one, Exporter(port_of(listener)) as other:
        headers = {}
        if told_by == "Host":
            headers = {"Host": "another-name"}
        else:
            other.sock.close()
            try:
                other.sock = socket.create_connection(
                    (HOST, port_of(listener)), 10, ("127.0.0.2", 0)
                )
            except OSError:
                pytest.skip("127.0.0.2 is not an address of this machine")
        for number in (0, 1, 3, 2, 4):
            export(one, f"one {number}", number)
            export(other, f"other {number}", number, **headers)
    listener.stop()
    for name in ("one", "other"):
        mine = [text for text in receiver.texts if text.startswith(f"{name} ")]
        assert mine == [f"{name} {number}" for number in range(5)]
    assert listener.counters.missing == 0


@pytest.mark.parametrize(
    "identifier, time_, delivered",
    [
        pytest.param("4711", None, 1, id="same identifier"),
        pytest.param("4712", None, 2, id="another identifier"),
        pytest.param("4711", "20300101000000.000000+000", 2, id="another time"),
    ],
)
def test_identifier_tells_duplicates(
    listener: WBEMListener,
    receiver: Receiver,
    identifier: str,
    time_: Optional[str],
    delivered: int,
) -> None:
    first, second = indication("text", "c", 0), indication("other text", "c", 0)
    first["IndicationIdentifier"], second["IndicationIdentifier"] = "4711", identifier
    first["IndicationTime"] = pywbem.CIMDateTime("20200101000000.000000+000")
    second["IndicationTime"] = pywbem.CIMDateTime(time_) if time_ else first["IndicationTime"]
    with Exporter(port_of(listener)) as client:
        for instance in (first, second):
            assert client.ask(request(export_body(instance))).status == 200
    listener.stop()
    assert len(receiver.texts) == delivered
    assert listener.counters.duplicates == 2 - delivered


def test_reorder_time_is_kept_while_the_queue_is_never_empty() -> None:
    arrived: List[float] = []

    def slow(instance: pywbem.CIMInstance, host: str) -> None:
        if instance["Text"] == "held":
            arrived.append(time.monotonic())
        time.sleep(0.01)

    with WBEMListener(HOST, 0, reorder_time=0.3) as listener:
        listener.add_callback(slow)
        listener.start()
        with Exporter(port_of(listener)) as client:
            export(client, "first", 0)
            export(client, "held", 2)
            sent = time.monotonic()
            while time.monotonic() < sent + 4 and not arrived:
                client.ask(export_request("more"))
                if (listener.ind_queue_size() or 0) > 50:
                    time.sleep(0.02)
            assert not listener.ind_queue_empty()
            assert 0.25 < arrived[0] - sent < 2
            # What is left may be delivered to the end.
    assert listener.counters.missing == 1


def test_held_ones_count_for_the_size_of_the_queue(receiver: Receiver) -> None:
    with WBEMListener(HOST, 0, max_ind_queue_size=10) as listener:
        listener.add_callback(receiver)
        listener.start()
        largest = 0
        with Exporter(port_of(listener)) as client:
            for context in "abcd":
                for number in (0, *range(2, 10)):
                    client.ask(export_request(f"{context}{number}", context, number))
                    largest = max(largest, listener.ind_queue_size() or 0)
        assert 0 < largest <= 10
    counters = listener.counters
    assert counters.received == counters.delivered + counters.dropped == 36
    assert len(receiver.texts) == counters.delivered
    assert counters.missing >= 4 - counters.dropped


def test_without_sequences(receiver: Receiver) -> None:
    numbers = [0, 2, 2, 1, 0]
    with WBEMListener(HOST, 0, sequences=False) as listener:
        listener.add_callback(receiver)
        listener.start()
        with Exporter(port_of(listener)) as client:
            for number in numbers:
                export(client, number, number)
    assert receiver.texts == [str(number) for number in numbers]
    assert (listener.counters.duplicates, listener.counters.missing) == (0, 0)
