"""
WBEMConnection: settings, copies, closing, and what it remembers of the last
operation.
"""

from __future__ import annotations

import copy
import logging
import os
import pickle
import re
import ssl
import threading
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Tuple

import pytest

from pywbem import ValueMapping, WBEMServer, WBEMSubscriptionManager, configure_logger
from pywbem._cim_obj import CIMClass, CIMInstance, CIMInstanceName, CIMProperty, CIMQualifier
from pywbem._cim_operations import WBEMConnection
from pywbem._cim_xml.records import Call, IntrinsicCall, IntrinsicResponse, Response
from pywbem._exceptions import (
    CIMError,
    CIMXMLParseError,
    ConnectionError,
    HTTPError,
    XMLParseError,
)
from pywbem._observers.exchange import Exchange
from pywbem_mock import FakedWBEMConnection
from tests.unit.test_cim_operations.fake import (
    HOST,
    NAMESPACE,
    RecordConnection,
    Reply,
    failure,
    message,
    returned,
    wired,
)

CLASS_REPLY = message("GetClass", '<IRETURNVALUE><CLASS NAME="C"/></IRETURNVALUE>')


# -- Settings ------------------------------------------------------------------


def test_defaults() -> None:
    conn = WBEMConnection("h")
    assert (conn.url, conn.host, conn.scheme) == ("http://h:5988", "h:5988", "http")
    assert conn.default_namespace == "root/cimv2"
    assert conn.timeout == 30
    assert conn.creds is conn.x509 is conn.ca_certs is conn.proxies is None
    assert conn.no_verification is conn.use_pull_operations is conn.stats_enabled is False
    assert conn.debug is conn.operation_recorder_enabled is False
    assert conn.operation_recorders == ()
    assert conn.last_request is conn.last_raw_request is None
    assert conn.last_reply is conn.last_raw_reply is None
    assert conn.last_request_len == conn.last_reply_len == 0
    assert conn.last_operation_time is conn.last_server_response_time is None


def test_settings_are_kept(tmp_path: Path) -> None:
    pem = tmp_path / "client.pem"
    pem.write_text("")
    x509 = {"cert_file": str(pem), "key_file": None}
    proxies = {"https": "http://proxy"}
    conn = WBEMConnection(
        "https://h:1/path",
        ("u", "p"),
        "/a/b/",
        x509,
        str(tmp_path),
        True,
        1.5,
        None,
        True,
        proxies,
    )
    assert (conn.url, conn.host, conn.scheme) == ("https://h:1", "h:1", "https")
    assert conn.creds == ("u", "p")
    assert conn.default_namespace == "a/b"
    assert conn.x509 == x509 and conn.x509 is not x509
    assert conn.ca_certs == str(tmp_path)
    assert conn.no_verification is True
    assert conn.timeout == 1.5
    assert conn.use_pull_operations is None
    assert conn.stats_enabled is conn.statistics.enabled is True
    assert conn.proxies == proxies and conn.proxies is not proxies


WRONG: List[Tuple[str, Dict[str, Any], Any]] = [
    ("url-none", {"url": None}, TypeError),
    ("url-empty", {"url": ""}, ValueError),
    ("url-scheme", {"url": "ftp://h"}, ValueError),
    ("namespace-int", {"default_namespace": 5}, TypeError),
    ("x509-tuple", {"x509": ("a", "b")}, TypeError),
    ("x509-empty", {"x509": {}}, ValueError),
    ("x509-missing", {"x509": {"cert_file": "/no/such/file"}}, OSError),
    ("ca-list", {"ca_certs": ["/"]}, TypeError),
    ("ca-missing", {"ca_certs": "/no/such/file"}, OSError),
    ("proxies-str", {"proxies": "http://proxy"}, TypeError),
]


@pytest.mark.parametrize(
    "settings, exception", [row[1:] for row in WRONG], ids=[row[0] for row in WRONG]
)
def test_wrong_settings(settings: Dict[str, Any], exception: Any) -> None:
    with pytest.raises(exception):
        WBEMConnection(**{"url": "https://h", **settings})


def test_ca_certs_are_not_needed_without_verification() -> None:
    conn = WBEMConnection("https://h", ca_certs="/no/such/file", no_verification=True)
    assert conn.ca_certs == "/no/such/file"


READONLY = [
    "url", "host", "scheme", "creds", "x509", "ca_certs", "no_verification", "proxies", "conn_id",
    "use_pull_operations", "statistics", "operation_recorders", "last_request",
    "last_raw_request", "last_reply", "last_raw_reply", "last_request_len", "last_reply_len",
    "last_operation_time", "last_server_response_time",
]  # fmt: skip


@pytest.mark.parametrize("name", READONLY)
def test_readonly(name: str) -> None:
    with pytest.raises(AttributeError):
        setattr(WBEMConnection("h"), name, None)


@pytest.mark.parametrize(
    "value, expected",
    [("x/y", "x/y"), ("//x//y/", "x//y"), (None, "root/cimv2"), ("", "")],
    ids=["plain", "slashes", "none", "empty"],
)
def test_set_default_namespace(value: Any, expected: str) -> None:
    """The default namespace is set without slashes around it, and used from then on."""
    conn = RecordConnection()
    conn.default_namespace = value
    assert conn.default_namespace == expected
    conn.EnumerateClasses()
    assert conn.calls == [IntrinsicCall("EnumerateClasses", expected, [])]


def test_set_timeout() -> None:
    """A timeout holds for the operations after it is set."""
    conn, transport = wired()
    conn.timeout = 7
    assert conn.timeout == transport.timeout == 7


def test_set_stats_enabled() -> None:
    conn = WBEMConnection("h")
    conn.stats_enabled = True
    assert conn.statistics.enabled is True
    conn.stats_enabled = False
    assert conn.stats_enabled is conn.statistics.enabled is False


def test_conn_id() -> None:
    """Ids count the connections of the process."""
    first, second = WBEMConnection("h"), WBEMConnection("h")
    pattern = rf"(\d+)-{os.getpid()}"
    numbers = [re.fullmatch(pattern, conn.conn_id) for conn in (first, second)]
    assert numbers[0] and numbers[1]
    assert int(numbers[1][1]) == int(numbers[0][1]) + 1


def test_text() -> None:
    """The text of a connection shows what it is, and no password."""
    conn = WBEMConnection("h", ("user", "secret"), proxies={"http": "http://u:secret@proxy"})
    assert str(conn) == (
        "WBEMConnection(url='http://h:5988', creds=('user', ...), "
        "default_namespace='root/cimv2', ...)"
    )
    assert repr(conn) == (
        f"WBEMConnection(url='http://h:5988', creds=('user', ...), conn_id={conn.conn_id!r}, "
        "default_namespace='root/cimv2', x509=None, ca_certs=None, no_verification=False, "
        "timeout=30, use_pull_operations=False, stats_enabled=False, recorders=[])"
    )
    assert "creds=None" in repr(WBEMConnection("h"))


def test_text_is_ascii() -> None:
    conn = WBEMConnection("http://\u00e4", ("\u00fc", "x"), default_namespace="\u00f6")
    server = WBEMServer(conn)
    manager = WBEMSubscriptionManager("\u00e4")
    shown: List[str] = [
        str(conn),
        repr(conn),
        str(server),
        repr(server),
        str(manager),
        repr(manager),
    ]
    assert [text.isascii() for text in shown] == [True] * 6
    assert str(conn) == (
        "WBEMConnection(url='http://\\u00e4:5988', creds=('\\u00fc', ...), "
        "default_namespace='\\u00f6', ...)"
    )


@pytest.mark.parametrize("creds", ["secret", {"user": "secret"}], ids=["string", "dict"])
def test_text_of_odd_credentials(creds: Any) -> None:
    conn = WBEMConnection("h", creds)
    assert "secret" not in repr(conn) + str(conn)


# -- Copies --------------------------------------------------------------------


def test_copy() -> None:
    """A copy has the settings, but is a connection of its own."""
    context = ssl.create_default_context()
    conn = RecordConnection(
        creds=("u", "p"),
        default_namespace="x/y",
        timeout=7,
        use_pull_operations=None,
        stats_enabled=True,
        proxies={"http": "http://proxy"},
        ssl_context=context,
    )
    conn.debug = True
    conn.EnumerateClasses()
    other = conn.copy()
    assert type(other) is WBEMConnection
    assert (other.url, other.creds, other.timeout) == (conn.url, ("u", "p"), 7)
    assert (other.default_namespace, other.use_pull_operations) == ("x/y", None)
    assert other.stats_enabled is True
    assert other.statistics.snapshot() == []
    assert other.proxies == conn.proxies and other.proxies is not conn.proxies
    assert other._ssl_context is context
    assert other.conn_id != conn.conn_id
    assert other.debug is False


def test_copy_of_closed_connection_is_open() -> None:
    conn = WBEMConnection("h")
    conn.close()
    assert conn.session is None
    with conn.copy() as other:
        assert other.session is not None


COPIES: List[Callable[[WBEMConnection], WBEMConnection]] = [
    copy.copy,
    copy.deepcopy,
    lambda conn: pickle.loads(pickle.dumps(conn)),
]


@pytest.mark.parametrize("duplicate", COPIES, ids=["copy", "deepcopy", "pickle"])
def test_duplicates(duplicate: Callable[[WBEMConnection], WBEMConnection]) -> None:
    """A used connection can be copied and pickled, and the duplicate works."""
    conn, _ = wired(Reply(CLASS_REPLY), creds=("u", "p"), timeout=7, stats_enabled=True)
    conn.debug = True
    conn.GetClass("C")
    other = duplicate(conn)
    assert repr(other) == repr(conn)
    assert other.debug is True
    assert other.last_raw_reply == CLASS_REPLY
    transport = wired(Reply(CLASS_REPLY))[1]
    other._transport = transport  # type: ignore[assignment]
    assert other.GetClass("C").classname == "C"
    assert b'ID="1001"' in transport.requests[0][0]


def test_pickled_without_the_classes_of_value_mappings() -> None:
    """They are fetched again, and would make large what is sent to another process."""
    values = CIMQualifier("Values", ["a"] * 5000, type="string")
    element = CIMProperty("P", None, "uint16", qualifiers=[values])
    conn = RecordConnection()
    size = len(pickle.dumps(conn))
    conn.answers = [returned(CIMClass("C", properties=[element]))]
    ValueMapping.for_property(conn, None, "C", "P")
    assert len(pickle.dumps(conn)) < size + 1000


# -- Closing -------------------------------------------------------------------


def test_close() -> None:
    """A closed connection releases its transport and says what it is."""
    conn, transport = wired()
    conn.close()
    assert transport.closed
    for use in (lambda: conn.GetClass("C"), conn.close):
        with pytest.raises(ConnectionError, match="closed") as excinfo:
            use()
        assert excinfo.value.conn_id == conn.conn_id
    with pytest.raises(TypeError):
        conn.GetClass(5)  # type: ignore[arg-type]
    assert transport.requests == []


def test_close_unused() -> None:
    """A connection that never was used can be closed."""
    conn = WBEMConnection("h")
    conn.close()
    with pytest.raises(ConnectionError):
        conn.GetClass("C")


def test_context_manager() -> None:
    conn, transport = wired(Reply(CLASS_REPLY))
    with conn as inside:
        assert inside is conn
        conn.GetClass("C")
        assert not transport.closed
    assert transport.closed


def test_context_manager_of_closed_connection() -> None:
    """Closing in the block is not an error at its end."""
    with WBEMConnection("h") as conn:
        conn.close()
    with pytest.raises(KeyError), WBEMConnection("h"):
        raise KeyError


# -- What is sent and remembered -----------------------------------------------


def test_request() -> None:
    """A request has the CIM header fields and the message id of recorded exchanges."""
    conn, transport = wired(Reply(CLASS_REPLY), Reply(CLASS_REPLY))
    conn.GetClass("C")
    conn.GetClass("C", namespace="n")
    (first, headers), (second, other_headers) = transport.requests
    assert headers == {
        "CIMOperation": "MethodCall",
        "CIMMethod": "GetClass",
        "CIMObject": NAMESPACE,
    }
    assert other_headers["CIMObject"] == "n"
    assert first.startswith(b"<?xml")
    assert b'<MESSAGE ID="1001"' in first and b'<MESSAGE ID="1001"' in second


def test_reply_is_left() -> None:
    """The transport gets its reply back."""
    reply = Reply(CLASS_REPLY)
    conn, _ = wired(reply)
    conn.GetClass("C")
    assert reply.closed


@pytest.mark.parametrize("debug", [False, True], ids=["off", "on"])
def test_last_operation(debug: bool) -> None:
    """What is remembered of an operation; the readable forms only with debug."""
    conn, transport = wired(Reply(CLASS_REPLY, server_response_time=0.25))
    conn.debug = debug
    conn.GetClass("C")
    declaration, _, body = transport.requests[0][0].partition(b"?>")
    assert declaration.startswith(b"<?xml")
    body = body.lstrip()
    assert conn.last_raw_request == body.decode()
    assert conn.last_request_len == len(body)
    assert conn.last_raw_reply == CLASS_REPLY
    assert conn.last_reply_len == len(CLASS_REPLY)
    assert conn.last_server_response_time == 0.25
    assert conn.last_operation_time is None
    if not debug:
        assert conn.last_request is conn.last_reply is None
        return
    assert conn.last_request is not None and conn.last_reply is not None
    assert '\n      <IMETHODCALL NAME="GetClass">\n' in conn.last_request
    assert conn.last_request.startswith("<CIM ")
    assert conn.last_reply.startswith('<?xml version="1.0" ?>\n<CIM ')
    assert '\n          <CLASS NAME="C"/>\n' in conn.last_reply


def readable_reply(body: bytes) -> str:
    """The readable form of a response to GetInstance."""
    conn, _ = wired(Reply(body))
    conn.debug = True
    conn.GetInstance(CIMInstanceName("C", {"k": "v"}))
    assert conn.last_reply is not None
    return conn.last_reply


VALUE_REPLY = message(
    "GetInstance",
    '<IRETURNVALUE><INSTANCE CLASSNAME="C"><PROPERTY NAME="p" TYPE="string"><VALUE>x</VALUE>'
    "</PROPERTY></INSTANCE></IRETURNVALUE>",
)
READABLE = """\
<?xml version="1.0" ?>
<CIM CIMVERSION="2.0" DTDVERSION="2.0">
  <MESSAGE ID="1001" PROTOCOLVERSION="1.0">
    <SIMPLERSP>
      <IMETHODRESPONSE NAME="GetInstance">
        <IRETURNVALUE>
          <INSTANCE CLASSNAME="C">
            <PROPERTY NAME="p" TYPE="string">
              <VALUE>x</VALUE>
            </PROPERTY>
          </INSTANCE>
        </IRETURNVALUE>
      </IMETHODRESPONSE>
    </SIMPLERSP>
  </MESSAGE>
</CIM>
"""
LATIN1 = VALUE_REPLY.replace(b"utf-8", b"iso-8859-1")
UTF16 = VALUE_REPLY.decode().replace("utf-8", "utf-16").replace(">x<", ">\u4e2d<").encode("utf-16")


@pytest.mark.parametrize(
    "body, readable",
    [
        (VALUE_REPLY, READABLE),
        (VALUE_REPLY.partition(b"?>")[2].strip(), READABLE),
        (b"\xef\xbb\xbf" + VALUE_REPLY, READABLE),
        (VALUE_REPLY.replace(b"><", b">\r\n\t<"), READABLE),
        (VALUE_REPLY + b"\n\n", READABLE),
        (VALUE_REPLY + b"<!-- a > b -->", READABLE + "<!-- a > b -->\n"),
        (
            VALUE_REPLY.replace(b"<VALUE>", b"<!-- <c> --><VALUE>"),
            READABLE.replace("<VALUE>", f"<!-- <c> -->\n{14 * ' '}<VALUE>"),
        ),
        (
            VALUE_REPLY.replace(b"<CIM ", b"<?pi a > b?><CIM "),
            READABLE.replace("<CIM ", "<?pi a > b?>\n<CIM "),
        ),
        (
            VALUE_REPLY.replace(b'NAME="p"', b"NAME='p' CLASSORIGIN='a>b'"),
            READABLE.replace('NAME="p"', 'NAME="p" CLASSORIGIN="a&gt;b"').replace(
                'TYPE="string" CLASS', 'CLASS'
            ),
        ),
        (
            VALUE_REPLY.replace(b"x<", b"<![CDATA[<a>]]><"),
            READABLE.replace("x<", "<![CDATA[<a>]]><"),
        ),
        (VALUE_REPLY.replace(b"x<", b"a>b<"), READABLE.replace("x<", "a&gt;b<")),
        (VALUE_REPLY.replace(b"x<", b"   <"), READABLE.replace("x<", "   <")),
        (VALUE_REPLY.replace(b"x<", b"1\n 2<"), READABLE.replace("x<", "1\n 2<")),
        (VALUE_REPLY.replace(b">x<", b"><"), READABLE.replace("<VALUE>x</VALUE>", "<VALUE/>")),
        (VALUE_REPLY.replace(b"x<", b"&#228;<"), READABLE.replace("x<", "\u00e4<")),
        (LATIN1.replace(b"x<", b"\xe4<"), READABLE.replace("x<", "\u00e4<")),
        (UTF16, READABLE.replace("x<", "\u4e2d<")),
    ],
    ids=[
        "plain", "no-declaration", "bom", "white-space", "newlines-after", "comment-after",
        "comment", "instruction", "attribute", "cdata", "greater", "blanks", "lines", "empty",
        "reference", "iso-8859-1", "utf-16",
    ],
)  # fmt: skip
def test_readable_reply(body: bytes, readable: str) -> None:
    """Whatever the style of a response is, one line for each element."""
    assert readable_reply(body) == readable


@pytest.mark.parametrize("exception", [ConnectionError("broken"), KeyError("x")], ids=str)
def test_reply_that_breaks_off_is_not_readable(exception: Exception) -> None:
    class Broken(Reply):
        def __iter__(self) -> Iterator[bytes]:
            yield self.body[:100]
            raise exception

    conn, _ = wired(Broken(CLASS_REPLY))
    conn.debug = True
    with pytest.raises(type(exception)):
        conn.GetClass("C")
    assert conn.last_raw_reply == CLASS_REPLY[:100]
    assert conn.last_reply is None


ODD_ID = CLASS_REPLY.replace(b'ID="1001"', b'ID="7"')
NO_OPERATION = "The response has no header field CIMOperation"
OTHER_ID = "has the message ID '7' in place of '1001'"


@pytest.mark.parametrize(
    "body, headers, texts",
    [
        (CLASS_REPLY, {"CIMOperation": "MethodResponse"}, []),
        (CLASS_REPLY, {"CIMExport": "MethodResponse"}, []),
        (CLASS_REPLY, {}, [NO_OPERATION]),
        (ODD_ID, {"CIMOperation": "MethodResponse"}, [f"The response {OTHER_ID}"]),
        (ODD_ID, {}, [f"{NO_OPERATION} and {OTHER_ID}"]),
    ],
    ids=["good", "export", "no-operation", "message-id", "both"],
)
def test_odd_responses_are_accepted(
    body: bytes, headers: Dict[str, str], texts: List[str], caplog: pytest.LogCaptureFixture
) -> None:
    """One line of the log says what a response should have said."""
    reply = Reply(body)
    reply.headers = headers
    conn, _ = wired(reply)
    with caplog.at_level(logging.DEBUG, "pywbem"):
        assert conn.GetClass("C").classname == "C"
    assert [(r.name, r.levelname, r.getMessage()) for r in caplog.records] == [
        ("pywbem.http", "DEBUG", f"Accepted:{conn.conn_id} {text}") for text in texts
    ]


def test_odd_response_to_a_method(caplog: pytest.LogCaptureFixture) -> None:
    """Of each kind of response."""
    body = (
        b'<CIM CIMVERSION="2.0" DTDVERSION="2.0"><MESSAGE ID="7" PROTOCOLVERSION="1.0"><SIMPLERSP>'
        b'<METHODRESPONSE NAME="M"/></SIMPLERSP></MESSAGE></CIM>'
    )
    conn, _ = wired(Reply(body))
    with caplog.at_level(logging.DEBUG, "pywbem"):
        assert conn.InvokeMethod("M", "C") == (None, {})
    assert [record.getMessage() for record in caplog.records] == [
        f"Accepted:{conn.conn_id} The response {OTHER_ID}"
    ]


def test_last_operation_of_non_ascii() -> None:
    """Lengths count bytes."""
    conn, _ = wired(Reply(CLASS_REPLY))
    conn.GetClass("Cä")
    assert conn.last_raw_request is not None and "Cä" in conn.last_raw_request
    assert conn.last_request_len == len(conn.last_raw_request.encode("utf-8"))


def test_last_operation_time() -> None:
    conn, _ = wired(Reply(CLASS_REPLY), stats_enabled=True)
    conn.GetClass("C")
    assert conn.last_operation_time is not None
    assert 0 < conn.last_operation_time < 30


def test_last_operation_after_failures() -> None:
    """Each operation replaces all that the one before left."""
    conn, _ = wired(
        Reply(CLASS_REPLY, 0.5),
        HTTPError(500, "Oops"),
        Reply(b"<CIM>"),
        Reply(message("GetClass", '<ERROR CODE="6"/>')),
    )
    conn.debug = True
    conn.GetClass("First")
    with pytest.raises(HTTPError):
        conn.GetClass("Second")
    assert conn.last_request is not None and "Second" in conn.last_request
    assert conn.last_raw_reply is conn.last_reply is conn.last_server_response_time is None
    assert conn.last_reply_len == 0
    with pytest.raises(XMLParseError):
        conn.GetClass("Third")
    assert conn.last_raw_reply == b"<CIM>"
    assert conn.last_reply is None
    with pytest.raises(CIMError):
        conn.GetClass("Fourth")
    assert conn.last_reply is not None and "<ERROR" in conn.last_reply


def test_last_operation_is_left_by_rejected_arguments() -> None:
    """Of an operation that sent nothing there is nothing to remember."""
    conn, _ = wired(Reply(CLASS_REPLY))
    conn.GetClass("C")
    before = conn.last_raw_request
    with pytest.raises(TypeError):
        conn.GetClass(5)  # type: ignore[arg-type]
    assert conn.last_raw_request == before
    assert conn.last_raw_reply == CLASS_REPLY


def test_large_reply_is_kept() -> None:
    """The reply is there in any size, debug or not."""
    comment = f"<!--{'x' * 2 * 1024 * 1024}-->"
    reply = CLASS_REPLY.replace(b"</CIM>", f"</CIM>{comment}".encode())
    conn, _ = wired(Reply(reply))
    conn.GetClass("C")
    assert conn.last_reply_len == len(reply)
    assert conn.last_raw_reply == reply


# -- Exceptions ----------------------------------------------------------------


def test_exceptions_know_the_exchange() -> None:
    """An exception has the id of the connection, the request and the response."""
    wrong_kind = message("GetClass", '<IRETURNVALUE><INSTANCE CLASSNAME="C"/></IRETURNVALUE>')
    not_xml = b'<?xml version="1.0"?><CIM><MESSAGE></CIM>'
    cases = ((wrong_kind, CIMXMLParseError), (not_xml, XMLParseError), (b"", XMLParseError))
    for reply, exception in cases:
        conn, _ = wired(Reply(reply))
        with pytest.raises(exception) as excinfo:
            conn.GetClass("C")
        assert excinfo.value.conn_id == conn.conn_id
        assert excinfo.value.request_data == conn.last_raw_request
        assert excinfo.value.response_data == reply


def test_exceptions_of_a_stream_know_what_came_last() -> None:
    reply = message("EnumerateInstances", "<IRETURNVALUE><X/></IRETURNVALUE>")
    conn, _ = wired(Reply(reply))
    with pytest.raises(CIMXMLParseError) as excinfo:
        list(conn.IterEnumerateInstances("C"))
    last = excinfo.value.response_data
    assert isinstance(last, bytes)
    assert last
    assert last in reply


def test_cim_error_knows_the_request() -> None:
    conn, _ = wired(Reply(message("GetClass", '<ERROR CODE="6" DESCRIPTION="nix"/>')))
    with pytest.raises(CIMError) as excinfo:
        conn.GetClass("C")
    assert (excinfo.value.status_code, excinfo.value.status_description) == (6, "nix")
    assert excinfo.value.conn_id == conn.conn_id
    assert excinfo.value.request_data == conn.last_raw_request


def test_transport_exceptions_get_the_id() -> None:
    conn, _ = wired(ConnectionError("broken"))
    with pytest.raises(ConnectionError) as excinfo:
        conn.GetClass("C")
    assert excinfo.value.conn_id == conn.conn_id


# -- Subclasses of classes -----------------------------------------------------


def superclasses(**names: Any) -> Callable[[Call], Response]:
    """A server with these classes and superclasses."""

    def answer(call: Call) -> Response:
        assert isinstance(call, IntrinsicCall)
        name = dict(call.params)["ClassName"].classname
        return IntrinsicResponse(call.name, [CIMClass(name, superclass=names[name])])

    return answer


SUBCLASS: List[Tuple[str, Any, Any, bool, int]] = [
    ("same", "D", "D", True, 1),
    ("same-case", "D", "d", True, 1),
    ("direct", "D", "C", True, 1),
    ("indirect", "D", "B", True, 2),
    ("no", "D", "X", False, 3),
    ("reverse", "B", "D", False, 1),
    ("object", CIMClass("D", superclass="C"), "c", True, 0),
    ("object-indirect", CIMClass("D", superclass="C"), CIMClass("B"), True, 1),
    ("object-top", CIMClass("B"), "X", False, 0),
]


@pytest.mark.parametrize(
    "klass, superclass, expected, requests",
    [row[1:] for row in SUBCLASS],
    ids=[row[0] for row in SUBCLASS],
)
def test_is_subclass(klass: Any, superclass: Any, expected: bool, requests: int) -> None:
    """The superclasses are followed, and no class is fetched without need."""
    tree = superclasses(D="C", C="B", B=None)
    conn = RecordConnection(tree, tree, tree)
    assert conn.is_subclass("n", klass, superclass) is expected
    assert conn.names == ["GetClass"] * requests
    if requests:
        call = conn.calls[0]
        assert isinstance(call, IntrinsicCall)
        assert call.namespace == "n"
        assert dict(call.params)["PropertyList"] == []
        assert dict(call.params)["LocalOnly"] is True


def test_is_subclass_with_circular_superclasses() -> None:
    """A class that is its own superclass does not keep the caller for ever."""
    tree = superclasses(D="C", C="d")
    conn = RecordConnection(tree, tree)
    assert conn.is_subclass("n", "D", "X") is False
    assert conn.names == ["GetClass"] * 2


def test_is_subclass_of_missing_class() -> None:
    with pytest.raises(CIMError):
        RecordConnection(failure(6)).is_subclass("n", "C", "B")


# -- Threads -------------------------------------------------------------------


class Echo(WBEMConnection):
    """Answers a GetInstance with the key that was asked for."""

    def _exchange(self, call: Call, exchange: Exchange) -> Response:
        assert isinstance(call, IntrinsicCall)
        key = dict(call.params)["InstanceName"].keybindings["k"]
        exchange.request = key.encode()
        exchange.reply_started = True
        exchange.pieces.append(key.encode())
        exchange.reply_len = len(key)
        return IntrinsicResponse(call.name, [CIMInstance("C", {"p": key})])


def test_threads_share_a_connection() -> None:
    """Every answer belongs to its question, and what is remembered to one of them."""
    conn = Echo(HOST, stats_enabled=True)
    wrong: List[Any] = []

    def work(number: int) -> None:
        for count in range(100):
            key = f"{number}-{count}"
            instance = conn.GetInstance(CIMInstanceName("C", {"k": key}))
            if instance["p"] != key or instance.path is None or instance.path["k"] != key:
                wrong.append(key)
            last = conn._last
            if last.reply is None or last.request != b"".join(last.reply):
                wrong.append(last)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert conn.statistics.get_op_statistic("GetInstance").count == 800


def test_exchange_is_all_that_a_mock_overrides() -> None:
    """A connection to something else gets call records and gives response records."""
    conn = RecordConnection(returned(CIMClass("C")))
    assert conn.GetClass("C").classname == "C"
    assert conn.last_raw_request is conn.last_raw_reply is None
    conn.close()
    with pytest.raises(ConnectionError):
        conn.GetClass("C")
    assert conn.names == ["GetClass"]


class Derived(WBEMConnection):
    """A class of a program."""


class DerivedMock(FakedWBEMConnection):
    """Another one."""


@pytest.mark.parametrize(
    "made, derived",
    [
        (lambda cls: cls("http://h", ("u", "p")), (WBEMConnection, Derived)),
        (lambda cls: cls(response_delay=1), (FakedWBEMConnection, DerivedMock)),
        (lambda cls: cls(disable_pull_operations=True), (FakedWBEMConnection, DerivedMock)),
    ],
    ids=["connection", "mock", "mock without pull"],
)
@pytest.mark.parametrize("shown", [str, repr])
def test_subclasses_are_shown_as_their_base(made: Any, derived: Any, shown: Any) -> None:
    base, own = [re.sub("conn_id='[^']*'", "", shown(made(cls))) for cls in derived]
    assert own == base
    assert base.startswith(derived[0].__name__ + "(")
    assert "WBEMConnection(url='http://" in base


@pytest.mark.parametrize("detail", ["summary", "all"])
def test_the_log_line_of_a_mock_that_is_made(detail: str, caplog: pytest.LogCaptureFixture) -> None:
    configure_logger("api", log_dest=None, detail_level=detail, connection=True)
    try:
        with caplog.at_level("DEBUG", "pywbem.api"):
            DerivedMock(response_delay=1)
    finally:
        configure_logger("api", log_dest="off", connection=False)
    assert "FakedWBEMConnection(response_delay=1, " in caplog.text
    assert "super=WBEMConnection(url='http://FakedUrl:5988'" in caplog.text


@pytest.mark.parametrize(
    "creds, text",
    [
        (None, "None"),
        (("user", "pass"), "('user', ...)"),
        ((b"user", b"pass"), "('user', ...)"),
        (("us\u00e9r", "pass"), "('us\\u00e9r', ...)"),
    ],
)
def test_creds_are_shown_without_password(creds: Any, text: str) -> None:
    assert f"creds={text}, " in str(WBEMConnection("h", creds))
