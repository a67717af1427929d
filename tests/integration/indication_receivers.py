"""
What the tests of the indications of the mock server share: a server with a model, subscriptions,
and receivers that are well or fail on purpose.
"""

from __future__ import annotations

import http.server
import threading
from typing import Any, Callable, Iterator, List, Optional, Tuple

import pywbem
from pywbem._cim_xml.messages import decode_request, encode_response
from pywbem._cim_xml.records import ExportCall, ExportResponse
from pywbem._listener import WBEMListener
from pywbem_mock import FakedWBEMConnection
from tests.integration.receiver import eventually

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
    assert eventually(condition), "did not happen in time"


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
        self.targets: List[str] = []
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
        server.targets.append(self.path)
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
