"""
Indications of the mock server: from a change in the repository to a listener, over real
sockets.  The listener is that of this package, or a receiver that fails on purpose.
"""

from __future__ import annotations

import gc
import http.server
import logging
import pickle
import socket
import threading
import time
from typing import Any, Callable, Dict, Iterator, List, Optional, Tuple

import pytest

import pywbem
from pywbem._cim_xml.messages import decode_request, encode_response
from pywbem._cim_xml.records import ExportCall, ExportResponse
from pywbem._listener import WBEMListener
from pywbem_mock import FakedWBEMConnection, WBEMServerThread

INTEROP = "interop"
NAMESPACE = "root/cimv2"

QUALIFIERS = """
Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride, ToSubclass);
Qualifier Association : boolean = false, Scope(association), Flavor(DisableOverride, ToSubclass);
"""
INTEROP_MOF = (
    QUALIFIERS
    + """
class CIM_IndicationFilter {
  [Key] string SystemCreationClassName; [Key] string SystemName;
  [Key] string CreationClassName; [Key] string Name;
  string SourceNamespace; string SourceNamespaces[];
  string Query; string QueryLanguage;
};
class CIM_ListenerDestination {
  [Key] string SystemCreationClassName; [Key] string SystemName;
  [Key] string CreationClassName; [Key] string Name;
  uint16 PersistenceType; string Destination; uint16 Protocol;
};
class CIM_ListenerDestinationCIMXML : CIM_ListenerDestination { };
[Association] class CIM_IndicationSubscription {
  [Key] CIM_IndicationFilter REF Filter; [Key] CIM_ListenerDestination REF Handler;
  uint16 SubscriptionState;
};
"""
)
MODEL_MOF = (
    QUALIFIERS
    + """
class T_Disk { [Key] string Id; uint32 Size; };
class T_BigDisk : T_Disk { };
class T_Other { [Key] string Id; };
"""
)
ALL = "SELECT * FROM CIM_InstIndication"


@pytest.fixture
def conn() -> Iterator[FakedWBEMConnection]:
    """A server with a model, and subscription providers that retry at once."""
    with new_connection() as result:
        yield result


def new_connection() -> FakedWBEMConnection:
    result = FakedWBEMConnection(default_namespace=NAMESPACE)
    result.add_namespace(INTEROP)
    result.add_namespace("root/other")
    result.compile_mof_string(INTEROP_MOF, INTEROP)
    for name in (NAMESPACE, "root/other"):
        result.compile_mof_string(MODEL_MOF, name)
    result.install_subscription_providers(INTEROP)
    result.indications.settings.retry_interval = 0.01
    return result


class Received(List[pywbem.CIMInstance]):
    """The indications that arrived, in their order."""

    def __init__(self) -> None:
        super().__init__()
        self.url = ""

    def take(self, indication: pywbem.CIMInstance, host: str) -> None:
        self.append(indication)

    def wait(self, count: int) -> List[pywbem.CIMInstance]:
        """All of them when so many are there."""
        until(lambda: len(self) >= count)
        return list(self)


def until(condition: Callable[[], Any]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.005)


@pytest.fixture
def received() -> Iterator[Received]:
    """What a listener of this package receives."""
    yield from listening(WBEMListener("127.0.0.1", http_port=0))


def listening(listener: WBEMListener) -> Iterator[Received]:
    result = Received()
    listener.add_callback(result.take)
    with listener:
        listener.start()
        scheme = "https" if listener.https_started else "http"
        result.url = f"{scheme}://127.0.0.1:{listener.https_port or listener.http_port}"
        yield result


def subscribe(
    conn: pywbem.WBEMConnection,
    url: str,
    query: str = ALL,
    language: Optional[str] = "WQL",
    name: str = "x",
    **properties: Any,
) -> pywbem.CIMInstanceName:
    """Create a filter, a destination and a subscription; return the path of the last."""
    if "SourceNamespace" not in properties:
        properties.setdefault("SourceNamespaces", [NAMESPACE])
    filter_properties = {"Name": name, "Query": query, "QueryLanguage": language, **properties}
    paths = [
        conn.CreateInstance(
            pywbem.CIMInstance(
                classname,
                {name: value for name, value in given.items() if value is not None},
            ),
            namespace=INTEROP,
        )
        for classname, given in (
            ("CIM_IndicationFilter", filter_properties),
            ("CIM_ListenerDestinationCIMXML", {"Name": name, "Destination": url}),
        )
    ]
    subscription = pywbem.CIMInstance(
        "CIM_IndicationSubscription", {"Filter": paths[0], "Handler": paths[1]}
    )
    return conn.CreateInstance(subscription, namespace=INTEROP)


def disk(
    ident: str, size: int = 1, classname: str = "T_Disk", namespace: str = NAMESPACE
) -> pywbem.CIMInstance:
    path = pywbem.CIMInstanceName(classname, {"Id": ident}, namespace=namespace)
    return pywbem.CIMInstance(classname, {"Id": ident, "Size": pywbem.Uint32(size)}, path=path)


def life(conn: pywbem.WBEMConnection, *args: Any) -> None:
    """Create an instance, modify it, and delete it."""
    instance = disk(*args)
    path = instance.path
    assert path is not None
    conn.CreateInstance(instance, namespace=path.namespace)
    instance["Size"] = pywbem.Uint32(99)
    conn.ModifyInstance(instance)
    conn.DeleteInstance(path)


def numbers(indications: List[pywbem.CIMInstance]) -> List[int]:
    return [indication["SequenceNumber"] for indication in indications]


def delivery_threads() -> List[str]:
    return [t.name for t in threading.enumerate() if t.name.startswith("pywbem-mock-indications")]


# -- What is delivered -----------------------------------------------------------------------


def test_the_life_of_an_instance(conn: FakedWBEMConnection, received: Received) -> None:
    subscribe(conn, received.url)
    life(conn, "a", 5)
    created, modified, deleted = received.wait(3)
    assert [item.classname for item in (created, modified, deleted)] == [
        "CIM_InstCreation",
        "CIM_InstModification",
        "CIM_InstDeletion",
    ]
    embedded = [
        created["SourceInstance"],
        modified["PreviousInstance"],
        modified["SourceInstance"],
        deleted["SourceInstance"],
    ]
    assert [(item.classname, item.path) for item in embedded] == [("T_Disk", None)] * 4
    assert [(item["Id"], item["Size"]) for item in embedded] == [
        ("a", 5), ("a", 5), ("a", 99), ("a", 99)
    ]  # fmt: skip
    assert "PreviousInstance" not in created
    assert "PreviousInstance" not in deleted
    for item in (created, modified, deleted):
        assert item["SourceInstanceModelPath"] == 'root/cimv2:T_Disk.Id="a"'
        assert item["IndicationFilterName"] == "x"
        assert isinstance(item["IndicationTime"], pywbem.CIMDateTime)
        assert item.properties["SourceInstance"].embedded_object == "object"
        assert item["SequenceContext"] == created["SequenceContext"]
        assert isinstance(item["SequenceNumber"], pywbem.Sint64)
    assert numbers([created, modified, deleted]) == [0, 1, 2]
    assert len({item["IndicationIdentifier"] for item in received}) == 3
    assert conn.indications.flush(10)
    assert conn.indications.counters == (0, 3, 0)


LIFE = ["CIM_InstCreation", "CIM_InstModification", "CIM_InstDeletion"]
# The filter, and how many of the indications of `test_filters` it selects, by class.
FILTERS: Dict[str, Tuple[Dict[str, Any], List[int]]] = {
    "all": ({"query": ALL}, [3, 3, 3]),
    "root class": ({"query": "select * from cim_indication"}, [3, 3, 3]),
    "creations": ({"query": "SELECT * FROM CIM_InstCreation"}, [3, 0, 0]),
    "CQL": ({"query": "SELECT * FROM CIM_InstDeletion", "language": "DMTF:CQL"}, [0, 0, 3]),
    "no language": ({"query": ALL, "language": None}, [3, 3, 3]),
    "class": (
        {"query": f"{ALL} WHERE SourceInstance ISA T_Disk", "language": "DMTF:CQL"},
        [2, 2, 2],
    ),
    "subclass": ({"query": f"{ALL} WHERE SourceInstance ISA T_BigDisk"}, [1, 1, 1]),
    "value": (
        {"query": f"{ALL} WHERE SourceInstance.Size > 50", "language": "DMTF:CQL"},
        [0, 2, 2],
    ),
    "changed value": (
        {
            "query": "SELECT * FROM CIM_InstModification WHERE PreviousInstance.Size = 7 "
            "AND SourceInstance.Size <> 7",
            "language": "DMTF:CQL",
        },
        [0, 1, 0],
    ),
    "namespaces": ({"query": ALL, "SourceNamespaces": ["/ROOT/other/", "x"]}, [1, 1, 1]),
    "one namespace": ({"query": ALL, "SourceNamespace": "root/other"}, [1, 1, 1]),
    # The subscription itself
    "own namespace": ({"query": ALL, "SourceNamespaces": None}, [1, 0, 0]),
    "other indications": ({"query": "SELECT * FROM CIM_AlertIndication"}, [0, 0, 0]),
    "invalid": ({"query": "SELECT"}, [0, 0, 0]),
    "unknown language": ({"query": ALL, "language": "X"}, [0, 0, 0]),
}


@pytest.mark.parametrize(("given", "expected"), FILTERS.values(), ids=FILTERS)
def test_filters(
    conn: FakedWBEMConnection, received: Received, given: Dict[str, Any], expected: List[int]
) -> None:
    subscribe(conn, received.url, **given)
    life(conn, "a", 7)
    life(conn, "b", 8, "T_BigDisk")
    life(conn, "c", 8, "T_Disk", "root/other")
    other = pywbem.CIMInstance("T_Other", {"Id": "o"})
    if "namespace" not in str(given).lower():
        path = conn.CreateInstance(other)
        conn.ModifyInstance(pywbem.CIMInstance("T_Other", {}, path=path))
        conn.DeleteInstance(path)
    assert conn.indications.flush(10)
    classes = [item.classname for item in received.wait(conn.indications.counters.delivered)]
    assert [classes.count(name) for name in LIFE] == expected


def test_the_select_list(conn: FakedWBEMConnection, received: Received) -> None:
    subscribe(conn, received.url, "SELECT SourceInstance FROM CIM_InstCreation")
    life(conn, "a")
    (indication,) = received.wait(1)
    assert set(indication) == {
        "SourceInstance",
        "IndicationFilterName",
        "SequenceContext",
        "SequenceNumber",
    }


CHANGES: Dict[str, Callable[[FakedWBEMConnection], Any]] = {
    "add_cimobjects": lambda conn: conn.add_cimobjects(disk("a")),
    "MOF": lambda conn: conn.compile_mof_string('instance of T_Disk { Id = "a"; };'),
    "CreateInstance": lambda conn: conn.CreateInstance(disk("a")),
    "copy": lambda conn: conn.copy().CreateInstance(disk("a")),
    "store": lambda conn: conn.cimrepository.get_instance_store(NAMESPACE).create(
        disk("a").path, disk("a")  # type: ignore[arg-type]
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_all_ways_of_change(
    conn: FakedWBEMConnection, received: Received, change: Callable[[FakedWBEMConnection], Any]
) -> None:
    subscribe(conn, received.url)
    change(conn)
    (indication,) = received.wait(1)
    assert indication["SourceInstance"]["Id"] == "a"


def test_changes_by_http(conn: FakedWBEMConnection, received: Received) -> None:
    with WBEMServerThread(conn) as server, pywbem.WBEMConnection(server.url) as client:
        subscribe(client, received.url)
        life(client, "a")
        assert [item.classname for item in received.wait(3)] == LIFE


def test_without_providers_nothing_is_delivered(
    conn: FakedWBEMConnection, received: Received
) -> None:
    path = subscribe(conn, received.url)
    with FakedWBEMConnection(default_namespace=INTEROP) as other:
        other.add_namespace(NAMESPACE)
        other.compile_mof_string(INTEROP_MOF)
        other.compile_mof_string(MODEL_MOF, NAMESPACE)
        for one in (path["Filter"], path["Handler"], path):
            instance = conn.GetInstance(one)
            instance.path = one
            other.add_cimobjects(instance)
        life(other, "a")
        assert other.send_indication(pywbem.CIMInstance("CIM_InstCreation"), NAMESPACE) == 0
        other.install_subscription_providers(INTEROP)
        assert other.send_indication(pywbem.CIMInstance("CIM_InstCreation"), NAMESPACE) == 1


# -- send_indication -------------------------------------------------------------------------


def test_send_indication(conn: FakedWBEMConnection, received: Received) -> None:
    subscribe(
        conn,
        received.url,
        "SELECT * FROM CIM_AlertIndication WHERE PerceivedSeverity > 3",
        "DMTF:CQL",
    )
    sent = pywbem.CIMInstance(
        "CIM_AlertIndication", {"PerceivedSeverity": pywbem.Uint16(6), "Message": "a<b"}
    )
    original = sent.copy()
    assert conn.send_indication(sent) == 1
    assert conn.send_indication(sent, namespace="root/other") == 0
    sent["PerceivedSeverity"] = pywbem.Uint16(3)
    assert conn.send_indication(sent) == 0
    (got,) = received.wait(1)
    assert got.classname == "CIM_AlertIndication"
    for name in original:
        assert got[name] == original[name]
    assert got["IndicationTime"] is not None
    assert got["SequenceNumber"] == 0
    assert set(sent) == set(original)


def test_given_identity_is_kept(conn: FakedWBEMConnection, received: Received) -> None:
    subscribe(conn, received.url, "SELECT * FROM T_Alert")
    when = pywbem.CIMDateTime("20260102030405.000000+000")
    given = {"IndicationIdentifier": "me:1", "IndicationTime": when}
    conn.send_indication(pywbem.CIMInstance("T_Alert", given))
    (got,) = received.wait(1)
    assert {name: got[name] for name in given} == given


def test_send_indication_of_a_subclass(conn: FakedWBEMConnection, received: Received) -> None:
    conn.compile_mof_string("class T_Alert { }; class T_DiskAlert : T_Alert { };")
    subscribe(conn, received.url, "SELECT * FROM T_Alert")
    assert conn.send_indication(pywbem.CIMInstance("T_DiskAlert")) == 1
    assert conn.send_indication(pywbem.CIMInstance("T_Other")) == 0
    assert [item.classname for item in received.wait(1)] == ["T_DiskAlert"]


def test_each_subscription_gets_it(conn: FakedWBEMConnection, received: Received) -> None:
    for name in ("one", "two"):
        subscribe(conn, received.url, "SELECT * FROM T_Alert", name=name)
    assert conn.send_indication(pywbem.CIMInstance("T_Alert")) == 2
    got = received.wait(2)
    assert {item["IndicationFilterName"] for item in got} == {"one", "two"}
    assert len({item["SequenceContext"] for item in got}) == 2
    assert numbers(got) == [0, 0]


def test_send_indication_refuses(conn: FakedWBEMConnection) -> None:
    with pytest.raises(TypeError, match="must be a CIMInstance"):
        conn.send_indication("x")  # type: ignore[arg-type]
    with pytest.raises(pywbem.CIMError) as excinfo:
        conn.send_indication(pywbem.CIMInstance("T_Alert"), namespace="no")
    assert excinfo.value.status_code == pywbem.CIM_ERR_INVALID_NAMESPACE


# -- Subscriptions ---------------------------------------------------------------------------


def test_disabled_subscriptions(conn: FakedWBEMConnection, received: Received) -> None:
    path = subscribe(conn, received.url, "SELECT * FROM T_Alert")

    def set_state(state: int) -> None:
        properties = {"SubscriptionState": pywbem.Uint16(state)}
        conn.ModifyInstance(pywbem.CIMInstance(path.classname, properties, path=path))

    sent = []
    for state in (2, 4, 3):
        set_state(state)
        sent.append(conn.send_indication(pywbem.CIMInstance("T_Alert")))
    assert sent == [1, 0, 1]
    assert numbers(received.wait(2)) == [0, 1]


def test_the_last_subscription_ends_the_thread(
    conn: FakedWBEMConnection, received: Received
) -> None:
    path = subscribe(conn, received.url, "SELECT * FROM T_Alert")
    assert delivery_threads() == []
    conn.send_indication(pywbem.CIMInstance("T_Alert"))
    assert len(delivery_threads()) == 1
    conn.DeleteInstance(path)
    assert conn.send_indication(pywbem.CIMInstance("T_Alert")) == 0
    until(lambda: delivery_threads() == [])
    assert numbers(received.wait(1)) == [0]
    # The destination is the same, so its sequence goes on.
    conn.CreateInstance(
        pywbem.CIMInstance(path.classname, dict(path.keybindings)), namespace=INTEROP
    )
    conn.send_indication(pywbem.CIMInstance("T_Alert"))
    assert numbers(received.wait(2)) == [0, 1]


def test_a_new_destination_has_a_new_sequence(
    conn: FakedWBEMConnection, received: Received
) -> None:
    for _ in range(2):
        path = subscribe(conn, received.url, "SELECT * FROM T_Alert")
        conn.send_indication(pywbem.CIMInstance("T_Alert"))
        conn.DeleteInstance(path)
        conn.DeleteInstance(path["Filter"])
        conn.DeleteInstance(path["Handler"])
    got = received.wait(2)
    assert numbers(got) == [0, 0]
    assert got[0]["SequenceContext"] != got[1]["SequenceContext"]
    until(lambda: delivery_threads() == [])


def test_pickled_connections(conn: FakedWBEMConnection, received: Received) -> None:
    subscribe(conn, received.url)
    with pickle.loads(pickle.dumps(conn)) as other:
        other.CreateInstance(disk("a"))
        (indication,) = received.wait(1)
    assert indication.classname == "CIM_InstCreation"
    assert conn.indications.counters == (0, 0, 0)


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


# -- Listeners that fail ---------------------------------------------------------------------


class Receiver(http.server.ThreadingHTTPServer):
    """
    Answers with the given statuses, one a request, then with success; 0 closes the
    connection instead, None waits for `silence`.  Keeps what it got, and from where.
    """

    daemon_threads = False

    def __init__(self, *script: Optional[int]) -> None:
        self.script = list(script)
        self.got: List[Tuple[str, int]] = []
        self.ports: List[int] = []
        self.silence = threading.Event()
        super().__init__(("127.0.0.1", 0), ReceiverHandler)
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def __enter__(self) -> Receiver:
        self.thread.start()
        return self

    def __exit__(self, *args: Any) -> None:
        self.silence.set()
        self.shutdown()
        self.thread.join()
        self.server_close()


class ReceiverHandler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 5
    server: Receiver

    def do_POST(self) -> None:
        server = self.server
        call, message_id = decode_request(self.rfile.read(int(self.headers["Content-Length"])))
        assert isinstance(call, ExportCall)
        ((_, indication),) = call.params
        server.got.append((indication["SequenceContext"], indication["SequenceNumber"]))
        server.ports.append(self.client_address[1])
        status = server.script.pop(0) if server.script else 200
        if status is None:
            server.silence.wait(30)
            status = 0
        if status == 0:
            self.close_connection = True
            return
        body = b""
        if status == 200:
            body = encode_response(ExportResponse("ExportIndication"), message_id)
        self.send_response(status)
        self.send_header("Content-Type", "application/xml")
        self.send_header("CIMExport", "MethodResponse")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        pass


def got_numbers(receiver: Receiver) -> List[int]:
    assert len({context for context, _ in receiver.got}) == 1
    return [number for _, number in receiver.got]


def alerts(conn: FakedWBEMConnection, count: int) -> None:
    for _ in range(count):
        assert conn.send_indication(pywbem.CIMInstance("T_Alert")) == 1


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


def test_ports_are_free_after_the_tests() -> None:
    # Guards the helper: a receiver that kept its port would hide leaks.
    with Receiver() as receiver:
        port = receiver.server_port
    with socket.socket() as sock:
        sock.settimeout(1)
        assert sock.connect_ex(("127.0.0.1", port)) != 0
