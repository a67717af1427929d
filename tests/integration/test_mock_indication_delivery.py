"""
Indications of the mock server: TLS, listeners that fail, and the end of the delivery.
"""

from __future__ import annotations

import gc
import logging
import threading
import time
from typing import Any, Iterator, Optional

import pytest

import pywbem
from pywbem._listener import WBEMListener
from pywbem_mock import FakedWBEMConnection
from pywbem_mock.indications.delivery import Delivery
from tests.integration.indication_receivers import (
    Received,
    Receiver,
    alerts,
    delivery_threads,
    disk,
    got_numbers,
    life,
    listening,
    new_connection,
    numbers,
    subscribe,
    until,
)


@pytest.fixture
def conn() -> Iterator[FakedWBEMConnection]:
    """A server with a model, and subscription providers that retry at once."""
    with new_connection() as result:
        yield result


@pytest.fixture
def received() -> Iterator[Received]:
    """What a listener of this package receives."""
    yield from listening(WBEMListener("127.0.0.1", http_port=0))


# -- TLS -------------------------------------------------------------------------------------


@pytest.fixture
def received_by_tls(tls: Any) -> Iterator[Received]:
    yield from listening(WBEMListener("127.0.0.1", https_port=0, ssl_context=tls))


def test_https(conn: FakedWBEMConnection, received_by_tls: Received, authority: Any) -> None:
    conn.indications.settings.ca_certs = authority.file
    subscribe(conn, received_by_tls.url)
    life(conn, "a")
    assert numbers(received_by_tls.wait(3)) == [0, 1, 2]


def test_https_of_a_stranger(
    conn: FakedWBEMConnection,
    received_by_tls: Received,
    stranger: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    conn.indications.settings.ca_certs = stranger.file
    conn.indications.settings.retries = 1
    subscribe(conn, received_by_tls.url, "SELECT * FROM T_Alert")
    conn.send_indication(pywbem.CIMInstance("T_Alert"))
    assert conn.indications.flush(10)
    assert conn.indications.counters == (0, 0, 1)
    assert "certificate" in caplog.text
    conn.indications.settings.no_verification = True
    assert received_by_tls == []


# -- Where they go ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "destination, target",
    [
        ("", "/"),
        ("/", "/"),
        ("/cimom", "/cimom"),
        ("/a/b%20c", "/a/b%20c"),
        ("/a b/\u00e4", "/a%20b/%C3%A4"),
        ("/in?token=x&y=%2F", "/in?token=x&y=%2F"),
        ("?x=1", "/?x=1"),
        ("/in?who=me@home", "/in?who=me@home"),
        ("/twice//", "/twice//"),
        ("/in#part", "/in"),
    ],
)
def test_they_go_to_the_whole_url(conn: FakedWBEMConnection, destination: str, target: str) -> None:
    with Receiver() as receiver:
        subscribe(conn, receiver.url + destination)
        conn.CreateInstance(disk("a"))
        assert conn.indications.flush(10)
        assert receiver.targets == [target]
        # Its connection is not waited for.
        conn.close()
    assert conn.indications.counters.delivered == 1


# -- Listeners that fail ---------------------------------------------------------------------


def test_order_over_one_connection(conn: FakedWBEMConnection) -> None:
    with Receiver() as receiver:
        subscribe(conn, receiver.url, "SELECT * FROM T_Alert")
        alerts(conn, 100)
        assert conn.indications.flush(20)
        assert got_numbers(receiver) == list(range(100))
        assert len(set(receiver.ports)) == 1
        conn.close()


@pytest.mark.parametrize("failure", [503, 0, 400], ids=["503", "closed", "400"])
def test_retries_keep_the_order(conn: FakedWBEMConnection, failure: int) -> None:
    with Receiver(failure, failure, 200, failure) as receiver:
        subscribe(conn, receiver.url, "SELECT * FROM T_Alert")
        alerts(conn, 4)
        assert conn.indications.flush(20)
        assert got_numbers(receiver) == [0, 0, 0, 1, 1, 2, 3]
        assert conn.indications.counters == (0, 4, 0)
        conn.close()


def test_what_cannot_be_delivered_is_lost(
    conn: FakedWBEMConnection, caplog: pytest.LogCaptureFixture
) -> None:
    conn.indications.settings.retries = 2
    with Receiver(500, 500, 500) as receiver:
        subscribe(conn, receiver.url, "SELECT * FROM T_Alert")
        alerts(conn, 2)
        assert conn.indications.flush(20)
        assert got_numbers(receiver) == [0, 0, 0, 1]
        assert conn.indications.counters == (0, 1, 1)
        assert f"Indication for {receiver.url} lost" in caplog.text
        conn.close()


def test_a_timeout_that_is_set_later(conn: FakedWBEMConnection) -> None:
    conn.indications.settings.retries = 0
    with Receiver(200, None) as receiver:
        subscribe(conn, receiver.url, "SELECT * FROM T_Alert")
        alerts(conn, 1)
        assert conn.indications.flush(10)
        conn.indications.settings.timeout = 0.1
        alerts(conn, 1)
        assert conn.indications.flush(3)
    assert conn.indications.counters == (0, 1, 1)


def test_timeout_and_listener_that_comes_back(conn: FakedWBEMConnection) -> None:
    conn.indications.settings.timeout = 0.3
    with Receiver(None) as receiver:
        subscribe(conn, receiver.url, "SELECT * FROM T_Alert")
        alerts(conn, 2)
        assert conn.indications.flush(20)
        assert got_numbers(receiver) == [0, 0, 1]
        conn.close()


@pytest.mark.parametrize(
    ("url", "why"),
    [("ftp://x", "Unsupported scheme"), ("http://127.0.0.1:1", "refused")],
    ids=["scheme", "refused"],
)
def test_destinations_that_cannot_be_reached(
    conn: FakedWBEMConnection, url: str, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    conn.indications.settings.retries = 1
    subscribe(conn, url, "SELECT * FROM T_Alert")
    alerts(conn, 2)
    assert conn.indications.flush(10)
    assert conn.indications.counters == (0, 0, 2)
    assert caplog.text.count(f"for {url} lost: ") == 2
    assert why in caplog.text


def test_a_silent_listener_delays_nobody(conn: FakedWBEMConnection, received: Received) -> None:
    conn.indications.settings.timeout = 60
    with Receiver(None) as silent:
        subscribe(conn, silent.url, name="silent")
        subscribe(conn, received.url, name="well")
        for i in range(50):
            conn.CreateInstance(disk(str(i)))
        assert numbers(received.wait(50)) == list(range(50))
        until(lambda: conn.indications.counters.delivered == 50)
        assert conn.indications.flush(0) is False
        assert conn.indications.counters == (50, 50, 0)
        silent.silence.set()
        assert conn.indications.flush(20)
        assert got_numbers(silent) == [0, *range(50)]
        conn.close()


def test_the_queue_has_an_end(conn: FakedWBEMConnection, caplog: pytest.LogCaptureFixture) -> None:
    conn.indications.settings.queue_size = 3
    with Receiver(None) as receiver:
        subscribe(conn, receiver.url, "SELECT * FROM T_Alert")
        alerts(conn, 5)
        assert conn.indications.counters == (3, 0, 2)
        receiver.silence.set()
        assert conn.indications.flush(20)
        alerts(conn, 1)
        assert conn.indications.flush(20)
        assert got_numbers(receiver) == [0, 0, 1, 2, 5]
        assert "too many wait" in caplog.text
        conn.close()


# -- The end ---------------------------------------------------------------------------------


def test_close_delivers_what_waits(conn: FakedWBEMConnection, received: Received) -> None:
    subscribe(conn, received.url, "SELECT * FROM T_Alert")
    alerts(conn, 20)
    conn.close()
    assert delivery_threads() == []
    assert numbers(received.wait(20)) == list(range(20))


def test_close_does_not_retry(conn: FakedWBEMConnection) -> None:
    conn.indications.settings.retry_interval = 60.0
    with Receiver(503, 503) as receiver:
        subscribe(conn, receiver.url, "SELECT * FROM T_Alert")
        alerts(conn, 5)
        until(lambda: receiver.got)
        started = time.monotonic()
        conn.close()
        assert time.monotonic() - started < 30
        assert delivery_threads() == []
        assert conn.indications.counters == (0, 0, 5)


def test_close_with_a_silent_listener(conn: FakedWBEMConnection) -> None:
    conn.indications.settings.timeout = 0.5
    with Receiver(None) as receiver:
        subscribe(conn, receiver.url, "SELECT * FROM T_Alert")
        alerts(conn, 5)
        until(lambda: receiver.got)
        conn.close()
        assert delivery_threads() == []


def test_a_copy_goes_on_after_close(conn: FakedWBEMConnection, received: Received) -> None:
    subscribe(conn, received.url, "SELECT * FROM T_Alert")
    alerts(conn, 1)
    with conn.copy() as other:
        conn.close()
        alerts(other, 1)
        assert numbers(received.wait(2)) == [0, 1]
    assert delivery_threads() == []


def test_a_forgotten_connection_leaves_no_thread(received: Received) -> None:
    conn: Optional[FakedWBEMConnection] = new_connection()
    subscribe(conn, received.url, "SELECT * FROM T_Alert")  # type: ignore[arg-type]
    alerts(conn, 1)  # type: ignore[arg-type]
    assert len(delivery_threads()) == 1
    conn = None
    gc.collect()
    until(lambda: delivery_threads() == [])
    assert len(received.wait(1)) == 1


def test_deleted_destinations_are_forgotten(conn: FakedWBEMConnection, received: Received) -> None:
    def deliveries() -> int:
        gc.collect()
        return sum(isinstance(item, Delivery) for item in gc.get_objects())

    before = deliveries()
    for count in range(1, 6):
        subscription = subscribe(conn, received.url, "SELECT * FROM T_Alert", name=str(count))
        alerts(conn, 1)
        received.wait(count)
        for path in (subscription, subscription["Filter"], subscription["Handler"]):
            conn.DeleteInstance(path)
        until(lambda: not delivery_threads())
    # The last one may be remembered until the next one is deleted.
    assert deliveries() <= before + 1


def test_threads_that_write_at_once(conn: FakedWBEMConnection, received: Received) -> None:
    logging.getLogger("pywbem_mock.indications").setLevel(logging.ERROR)
    subscribe(conn, received.url, "SELECT * FROM CIM_InstCreation")

    def write(number: int) -> None:
        for i in range(20):
            conn.CreateInstance(disk(f"{number}-{i}"))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert numbers(received.wait(80)) == list(range(80))
    assert len({item["SourceInstance"]["Id"] for item in received}) == 80
