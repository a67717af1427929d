"""
WBEMListener under load, at its end, and seen from outside.
"""

from __future__ import annotations

import http.client
import logging
import threading
import time
from contextlib import nullcontext
from typing import Any, Dict, List, Tuple

import pytest

import pywbem
from pywbem import WBEMListener
from pywbem._endpoint import Request
from pywbem._listener.receiver import Receiver as RequestReceiver
from pywbem._listener.receiver import Senders
from tests.integration.exporter import HEADERS, Exporter, export_body, export_request, indication
from tests.integration.exporter import request as raw_request
from tests.integration.listener_forms import FORMS, Running
from tests.integration.receiver import HOST, Receiver, eventually, port_of

FULL = b"Indication queue is full"


class Gate:
    """A callback that waits until it is opened."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.entered = threading.Event()
        self.calls = 0

    def __call__(self, instance: pywbem.CIMInstance, host: str) -> None:
        self.entered.set()
        assert self.open.wait(20)
        self.calls += 1


@pytest.mark.parametrize("form", FORMS)
def test_full_queue_is_logged_once_a_second(form: str, caplog: pytest.LogCaptureFixture) -> None:
    gate = Gate()
    with Running(form, gate, max_ind_queue_size=2) as running:
        listener = running.listener
        started = time.monotonic()
        refused = 0
        for _ in range(2):
            # A sender that connects anew each time.
            with Exporter(running.port) as client:
                for _ in range(4):
                    refused += FULL in client.ask(export_request("x")).body
        seconds = time.monotonic() - started
        gate.open.set()
        assert eventually(lambda: listener.ind_queue_empty() is True)
    assert refused == 5
    lines = [one.getMessage() for one in caplog.records if "queue" in one.getMessage()]
    assert 1 < len(lines) <= 3 + seconds
    assert lines[0] == (
        "Refused 1 indication(s): Indication queue is full (size 2), the last one is from 127.0.0.1"
    )
    assert lines[-1].endswith("Indication queue was full") or seconds > 1
    # Each is in one of the lines.
    assert sum(int(line.split()[1]) for line in lines) == refused
    assert listener.counters.dropped == refused
    assert listener.counters.delivered == gate.calls == 3


@pytest.mark.parametrize("form", FORMS)
def test_who_is_refused_again_waits_until_there_is_room(form: str) -> None:
    gate = Gate()
    running = Running(form, gate, max_ind_queue_size=1)
    with running, Exporter(running.port) as client:
        client.ask(export_request(0))
        assert gate.entered.wait(10)
        client.ask(export_request(1))
        times = []
        for _ in range(4):
            started = time.monotonic()
            assert FULL in client.ask(export_request("x")).body
            times.append(time.monotonic() - started)
        # The first refusal comes at once, further ones later and later.
        assert times[0] < 0.2
        assert times[-1] >= 0.1
        # One that waits is answered as soon as there is room.
        assert FULL in client.ask(export_request("x")).body
        client.send(export_request("x"))
        time.sleep(0.05)
        gate.open.set()
        started = time.monotonic()
        assert FULL in client.answer().body
        assert time.monotonic() - started < 0.6
        assert b"ERROR" not in client.ask(export_request(2)).body


def test_bytes_are_bounded() -> None:
    gate = Gate()
    with WBEMListener(HOST, 0, max_ind_queue_bytes=1_000_000) as listener:
        listener.add_callback(gate)
        listener.start()
        with Exporter(port_of(listener)) as client:
            client.ask(export_request(0))
            assert gate.entered.wait(10)
            # One that is larger than the bound has room if nothing else waits.
            for text, accepted in [("x" * 2_000_000, True), ("small", False)]:
                assert (b"ERROR" not in client.ask(export_request(text)).body) is accepted
            gate.open.set()
            assert eventually(lambda: listener.ind_queue_empty() is True)
            assert b"ERROR" not in client.ask(export_request("small")).body
    assert listener.counters.dropped == 1


def test_memory_of_held_ones_is_bounded(receiver: Receiver) -> None:
    with WBEMListener(HOST, 0, max_ind_queue_bytes=1_000_000) as listener:
        listener.add_callback(receiver)
        listener.start()
        with Exporter(port_of(listener)) as client:
            for number in (0, 2, 3, 4, 5):
                client.ask(export_request("x" * 400_000, "c", number))
            assert listener.ind_queue_size() == 2
    assert listener.counters.dropped == 2


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


def test_senders_that_do_not_stop_leave_the_callbacks_their_time() -> None:
    """What is delivered does not fall when eight clients send in place of one."""
    rates = []
    for clients in (1, 8):
        receiver = Receiver()

        def slow(instance: pywbem.CIMInstance, host: str, receiver: Receiver = receiver) -> None:
            time.sleep(0.001)
            receiver(instance, host)

        with WBEMListener(HOST, 0, max_ind_queue_size=100) as listener:
            listener.add_callback(slow)
            listener.start()
            ended = threading.Event()

            def send(port: int = port_of(listener), ended: threading.Event = ended) -> None:
                with Exporter(port) as client:
                    while not ended.is_set():
                        client.ask(export_request("x"))

            threads = [threading.Thread(target=send) for _ in range(clients)]
            for thread in threads:
                thread.start()
            assert eventually(lambda: listener.counters.dropped > 0)
            before = len(receiver.texts)
            time.sleep(1.0)
            rates.append(len(receiver.texts) - before)
            ended.set()
            for thread in threads:
                thread.join(20)
    # The clients are threads of this process, too; apart from that, it is 0.9 and more.
    assert rates[1] > 0.5 * rates[0]


# Stopping


@pytest.mark.parametrize("form", FORMS)
def test_stop_resets_no_connection(receiver: Receiver, form: str) -> None:
    listener = Running(form, receiver)
    body = export_body(indication())
    ends: List[str] = []
    answered: List[int] = []

    def send(port: int) -> None:
        client = http.client.HTTPConnection(HOST, port, timeout=10)
        count = 0
        try:
            while True:
                client.request("POST", "/", body, HEADERS)
                response = client.getresponse()
                assert response.status == 200
                response.read()
                count += 1
        except OSError as exc:
            ends.append(type(exc).__name__)
        finally:
            client.close()
            answered.append(count)

    threads = [threading.Thread(target=send, args=(listener.port,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    assert eventually(lambda: len(receiver.texts) > 100)
    listener.stop()
    for thread in threads:
        thread.join(20)
    # The port is closed before the connections are.
    assert ends == ["ConnectionRefusedError"] * 8
    # What is left when the time to deliver is over (on a busy machine) is counted.
    assert len(receiver.texts) + listener.counters.dropped == sum(answered)


# Seen from outside


def test_metrics() -> None:
    listener = WBEMListener(HOST, 0)
    before = listener.metrics()
    assert before.startswith("# HELP pywbem_listener_connections_total Connections that were ")
    lines = before.splitlines()
    samples = [line.split() for line in lines if not line.startswith("#")]
    assert len(lines) == 3 * len(samples)
    assert {value for _, value in samples} == {"0"}
    for name, _ in samples:
        assert any(line.startswith(f"# TYPE {name} ") for line in lines)
        assert name.startswith("pywbem_listener_")
    with listener:
        listener.start()
        with Exporter(port_of(listener)) as client:
            client.ask(export_request(0, "c", 0))
            client.ask(export_request(2, "c", 2))
            client.ask(export_request(0, "c", 0))
            assert client.ask(raw_request(method="GET", target="/metrics")).status == 405
            text = listener.metrics()
    for line in (
        "pywbem_listener_connections_open 1",
        "pywbem_listener_indications_received_total 3",
        "pywbem_listener_indications_duplicate_total 1",
        "pywbem_listener_queue_held_indications 1",
        "pywbem_listener_requests_refused_total 1",
    ):
        assert line in text.splitlines()


@pytest.mark.parametrize("form", FORMS)
def test_metrics_are_served_when_asked_for(form: str) -> None:
    with Running(form, serve_metrics=True) as running, Exporter(running.port) as client:
        answer = client.ask(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
        assert answer.status == 200
        assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
        assert answer.body.decode() == running.listener.metrics()
        assert client.ask(raw_request(method="GET", target="/")).status == 405
        assert b"ERROR" not in client.ask(export_request()).body


@pytest.mark.parametrize(
    "host, status",
    [("127.0.0.1", None), ("::1", None), ("::ffff:127.0.0.1", None), ("192.0.2.1", 403), ("", 403)],
)
def test_metrics_are_for_this_machine(host: str, status: Any) -> None:
    def nothing(*_: object) -> None:
        raise AssertionError

    counts = WBEMListener(HOST, 0)._counts
    logger = logging.getLogger("test")
    receiver = RequestReceiver(counts, lambda: "text", logger, nullcontext())
    response = receiver.accept(Request("GET", "/metrics", {}, host=host))
    assert (response and response.status) == status


@pytest.mark.parametrize(
    "allow, accepted",
    [
        pytest.param(None, True, id="all"),
        pytest.param(["10.0.0.0/8", "127.0.0.0/8"], True, id="network"),
        pytest.param(["127.0.0.1"], True, id="address"),
        pytest.param(["10.0.0.0/8", "::1"], False, id="others"),
        pytest.param([], False, id="nobody"),
    ],
)
@pytest.mark.parametrize("form", ["threads", "callbacks"])
def test_allow(form: str, allow: Any, accepted: bool, caplog: pytest.LogCaptureFixture) -> None:
    with Running(form, allow=allow) as listener:
        if accepted:
            assert listener.ask("text").status == 200
        else:
            with pytest.raises(OSError):
                listener.ask("text")
            assert eventually(lambda: listener.counters.refused == 1)
            assert "Closing a connection from 127.0.0.1: not allowed" in caplog.text
    assert listener.counters.received == listener.counters.connections == int(accepted)


ADDRESSES: Dict[str, Tuple[str, bool]] = {
    "in the network": ("10.1.2.3", True),
    "outside": ("11.1.2.3", False),
    "IPv4 at a socket for IPv6": ("::ffff:10.1.2.3", True),
    "IPv6": ("fd00::5", True),
    "IPv6 with a zone": ("fe80::1%eth0", True),
    "IPv6 outside": ("2001:db8::1", False),
    "no address": ("", False),
}


@pytest.mark.parametrize("host, allowed", ADDRESSES.values(), ids=ADDRESSES)
def test_networks(host: str, allowed: bool) -> None:
    senders = Senders(["10.0.0.0/8", "fd00::/8", "fe80::1"])
    assert senders.allowed(host) is allowed


@pytest.mark.parametrize(
    "allow, error", [("10.0.0.0/8", TypeError), (["10.0.0.0/99"], ValueError), (["x"], ValueError)]
)
def test_networks_refused(allow: Any, error: Any) -> None:
    with pytest.raises(error):
        WBEMListener(HOST, 0, allow=allow)
