"""
WBEMListener over real sockets: delivery, order, TLS, errors, stopping.
"""

from __future__ import annotations

import getpass
import http.client
import logging
import os
import re
import socket
import ssl
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Iterator, List, NamedTuple, Optional, Tuple, Union

import pytest

import pywbem
from pywbem._listener import (
    ListenerCertificateError,
    ListenerPortError,
    ListenerPromptError,
    ListenerStartError,
    WBEMListener,
)
from tests.integration.conftest import Authority
from tests.integration.exporter import (
    HEADERS,
    Exporter,
    export_body,
    export_request,
    indication,
    request,
)
from tests.integration.listener_forms import FORMS, Running
from tests.integration.receiver import HOST, Receiver, eventually, port_of
from tests.shared_data import ROOT, TRAFFIC

# Five seconds are promised; a machine that does much else adds its own.
PROMPT = 8.0


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


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind((HOST, 0))
        return int(sock.getsockname()[1])


def texts(count: int, first: int = 0) -> List[str]:
    return [str(number) for number in range(first, count)]


# Delivery


def test_indication_is_delivered(listener: WBEMListener, receiver: Receiver) -> None:
    with Exporter(port_of(listener)) as client:
        answer = client.ask(export_request("text", message_id="4711"))
    assert (answer.status, answer.headers["cimexport"]) == (200, "MethodResponse")
    assert answer.headers["content-type"] == "text/xml"
    assert answer.headers["server"].startswith("pywbem-listener/")
    assert b'ID="4711"' in answer.body
    assert b'<EXPMETHODRESPONSE NAME="ExportIndication"></EXPMETHODRESPONSE>' in answer.body
    assert eventually(lambda: bool(receiver.indications))
    (instance,) = receiver.indications
    assert isinstance(instance, pywbem.CIMInstance)
    assert (instance.classname, instance["Text"], instance.path) == ("TST_Indication", "text", None)
    assert receiver.hosts == [HOST]


def test_client_of_the_standard_library(listener: WBEMListener, receiver: Receiver) -> None:
    client = http.client.HTTPConnection(HOST, port_of(listener), timeout=10)
    for number in range(3):
        client.request("POST", "/path", export_body(indication(number)), HEADERS)
        response = client.getresponse()
        assert (response.status, response.will_close) == (200, False)
        response.read()
    client.close()
    assert eventually(lambda: receiver.texts == texts(3))
    assert listener.counters.connections == 1


def test_burst_of_recorded_server_on_one_connection(
    listener: WBEMListener, receiver: Receiver
) -> None:
    data = (TRAFFIC / "900-ExportIndication.request.http").read_bytes()
    mark = b'TYPE="sint64">\n<VALUE>0<'
    assert data.count(mark) == 1
    with Exporter(port_of(listener)) as client:
        for number in range(10):
            assert client.ask(data.replace(b"<VALUE>0<", b"<VALUE>%d<" % number)).status == 200
    assert eventually(lambda: len(receiver.indications) == 10)
    assert [one["SequenceNumber"] for one in receiver.indications] == list(range(10))
    assert listener.counters == (1, 10, 10, 0, 0, 0, 0, 0)


def test_all_callbacks_in_order_in_one_thread(listener: WBEMListener, receiver: Receiver) -> None:
    calls: List[Tuple[str, str]] = []
    for name in ("one", "two"):
        listener.add_callback(lambda one, host, name=name: calls.append((name, one["Text"])))
    with Exporter(port_of(listener)) as client:
        for number in range(20):
            client.ask(export_request(number))
    listener.stop()
    assert calls == [(name, text) for text in texts(20) for name in ("one", "two")]
    assert receiver.texts == texts(20)
    assert len(set(receiver.threads)) == 1
    assert receiver.threads[0] != threading.current_thread().name


@pytest.mark.parametrize("error", [ValueError("a defect"), SystemExit("a defect")], ids=repr)
def test_callback_that_raises(error: BaseException, caplog: pytest.LogCaptureFixture) -> None:
    def failing(indication: pywbem.CIMInstance, host: str) -> None:
        raise error

    receiver = Receiver()
    with WBEMListener(HOST, 0) as listener:
        listener.add_callback(failing)
        listener.add_callback(receiver)
        listener.start()
        with Exporter(port_of(listener)) as client:
            assert [client.ask(export_request(n)).status for n in range(3)] == [200] * 3
    assert receiver.texts == texts(3)
    assert (listener.counters.delivered, listener.counters.failed) == (3, 3)
    records = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert len(records) == 3
    expected = f"Callback function 'failing' raised {type(error).__name__}: a defect"
    assert {record.getMessage() for record in records} == {expected}
    assert {record.name for record in records} == {listener.logger.name}


def test_callback_added_while_started(listener: WBEMListener) -> None:
    late = Receiver()
    listener.add_callback(late)
    with Exporter(port_of(listener)) as client:
        client.ask(export_request("1"))
    assert eventually(lambda: late.texts == ["1"])


def test_large_indication(listener: WBEMListener, receiver: Receiver) -> None:
    text = "large " * 200000
    with Exporter(port_of(listener)) as client:
        assert client.ask(export_request(text)).status == 200
        assert client.ask(export_request("small")).status == 200
    assert eventually(lambda: receiver.texts == [text, "small"])


# Many


def test_many_clients_keep_their_order(listener: WBEMListener, receiver: Receiver) -> None:
    count, clients = 250, 8

    def send(name: int) -> None:
        with Exporter(port_of(listener)) as client:
            for number in range(count):
                assert client.ask(export_request(f"{name} {number}")).status == 200

    threads = [threading.Thread(target=send, args=(name,)) for name in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    listener.stop()
    assert len(receiver.texts) == count * clients
    for name in range(clients):
        mine = [text for text in receiver.texts if text.startswith(f"{name} ")]
        assert mine == [f"{name} {number}" for number in range(count)]
    counters = listener.counters
    assert (counters.connections, counters.received, counters.delivered) == (8, 2000, 2000)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("pipelined", [False, True], ids=["one by one", "pipelined"])
def test_thousand_on_one_connection(receiver: Receiver, pipelined: bool, form: str) -> None:
    requests = [export_request(number, message_id=number) for number in range(1000)]
    started = time.monotonic()
    with Running(form, receiver) as listener, Exporter(listener.port) as client:
        if pipelined:
            sender = threading.Thread(target=client.send, args=(b"".join(requests),))
            sender.start()
            answers = [client.answer() for _ in requests]
            sender.join(10)
        else:
            answers = [client.ask(data) for data in requests]
        # It takes a fifth of the two seconds that are allowed on an idle machine.
        assert time.monotonic() - started < 10
    for number, answer in enumerate(answers):
        assert (answer.status, b'ID="%d"' % number in answer.body) == (200, True)
    assert receiver.texts == texts(1000)
    assert listener.counters.connections == 1


# The queue


def test_queue_that_is_full(caplog: pytest.LogCaptureFixture) -> None:
    go = threading.Event()
    receiver = Receiver()

    def slow(indication: pywbem.CIMInstance, host: str) -> None:
        assert go.wait(10)
        receiver(indication, host)

    with WBEMListener(HOST, 0, max_ind_queue_size=2) as listener:
        listener.add_callback(slow)
        listener.start()
        with Exporter(port_of(listener)) as client:
            assert listener.ind_queue_exists() is True
            assert (listener.ind_queue_empty(), listener.ind_queue_size()) == (True, 0)
            assert b"ERROR" not in client.ask(export_request(0)).body
            assert eventually(lambda: listener.ind_queue_size() == 0)
            # The first one is with the callback, two wait, one is too much.
            for number in (1, 2):
                assert b"ERROR" not in client.ask(export_request(number)).body
            assert (listener.ind_queue_empty(), listener.ind_queue_size()) == (False, 2)
            answer = client.ask(export_request(3))
            assert (answer.status, b'<ERROR CODE="1"' in answer.body) == (200, True)
            assert b"Indication queue is full (size 2)" in answer.body
            go.set()
            assert eventually(lambda: len(receiver.texts) == 3)
            assert b"ERROR" not in client.ask(export_request(4)).body
    assert receiver.texts == ["0", "1", "2", "4"]
    assert "queue is full" in caplog.text
    counters = listener.counters
    assert (counters.received, counters.delivered, counters.dropped) == (5, 4, 1)
    assert counters.refused == 0


# Requests that are refused


@pytest.mark.parametrize(
    "data, status, cimerror",
    [
        pytest.param(request(method="GET"), 405, None, id="GET"),
        pytest.param(request(b"<CIM/>", method="M-POST"), 501, None, id="M-POST"),
        pytest.param(request(b"<CIM/>", Content_Type=None), 406, "header-mismatch", id="no type"),
        pytest.param(
            request(export_body(indication()), CIMExport=None, CIMExportMethod=None),
            400,
            None,
            id="form of a browser",
        ),
        pytest.param(request(b"<CIM"), 400, "request-not-well-formed", id="no XML"),
        pytest.param(request(b"<a/>"), 400, "request-not-valid", id="no CIM-XML"),
        pytest.param(
            export_request().replace(b'LVERSION="1.0"', b'LVERSION="3.0"'),
            501,
            "unsupported-protocol-version",
            id="version",
        ),
    ],
)
def test_refused(
    listener: WBEMListener,
    receiver: Receiver,
    data: bytes,
    status: int,
    cimerror: Optional[str],
) -> None:
    with Exporter(port_of(listener)) as client:
        answer = client.ask(data)
        assert (answer.status, answer.headers.get("cimerror")) == (status, cimerror)
        assert answer.headers["cimexport"] == "MethodResponse"
        # The connection is kept for better requests.
        assert client.ask(export_request("good")).status == 200
    assert eventually(lambda: receiver.texts == ["good"])
    assert listener.counters.refused == 1


def test_entities_are_not_expanded(listener: WBEMListener) -> None:
    entities = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + level)} "{f"&{chr(97 + level)};" * 10}">' for level in range(9)
    )
    with Exporter(port_of(listener)) as client:
        answer = client.ask(request(f"{entities}]><CIM>&j;</CIM>".encode("ascii")))
        assert (answer.status, answer.headers["cimerror"]) == (400, "request-not-well-formed")


# Hostile clients

WHOLE = export_request("hostile")
OPENINGS = [
    b"",
    WHOLE[:60],
    WHOLE[:-50],
    b"P",
    b"\x16\x03\x01\x02\x00\x01\x00",
    request(Content_Length=str(1 << 30)) + b"x" * 1000,
    request(b"<!DOCTYPE a><CIM/>"),
    bytes(range(256)) * 20,
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("encrypted", [False, True], ids=["http", "https"])
def test_hostile_clients_harm_nobody(
    encrypted: bool, form: str, authority: Authority, tls: ssl.SSLContext
) -> None:
    ports = {"http_port": None if encrypted else 0, "https_port": 0 if encrypted else None}
    trusting = ssl.create_default_context(cafile=authority.file) if encrypted else None
    receiver = Receiver()
    with Running(form, receiver, **ports, ssl_context=tls) as listener, ExitStack() as stack:
        client = stack.enter_context(Exporter(listener.port, trusting))
        for index in range(200):
            hostile = stack.enter_context(Exporter(listener.port))
            try:
                hostile.send(OPENINGS[index % len(OPENINGS)])
            except OSError:
                pass  # refused already
        started = time.monotonic()
        for number in range(200):
            assert client.ask(export_request(number)).status == 200
        assert time.monotonic() - started < 30
        started = time.monotonic()
        listener.stop()
        assert time.monotonic() - started < PROMPT
    assert receiver.texts == texts(200)


# Starting


def test_start_and_stop(receiver: Receiver) -> None:
    listener = WBEMListener(HOST, 0)
    listener.add_callback(receiver)
    assert listener.http_port == 0
    for text in ("one", "two"):
        listener.start()
        assert (listener.http_started, listener.https_started) == (True, False)
        assert listener.http_port
        with pytest.raises(AssertionError, match="started already"):
            listener.start()
        with Exporter(listener.http_port) as client:
            client.ask(export_request(text))
        listener.stop()
        assert (listener.http_started, listener.https_started) == (False, False)
        assert listener.ind_queue_exists() is False
        assert listener.ind_queue_empty() is None
        assert listener.http_port == 0
        listener.stop()
    assert receiver.texts == ["one", "two"]
    assert listener.counters.connections == 2


def test_context_manager_stops_and_passes_exceptions_on() -> None:
    with pytest.raises(KeyError), WBEMListener(HOST, 0) as listener:
        listener.start()
        raise KeyError("key")
    assert not listener.http_started


def open_files() -> int:
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.exists() else 0


@pytest.mark.parametrize("form", FORMS)
def test_two_hundred_times_on_one_port(receiver: Receiver, form: str) -> None:
    port = free_port()
    before = (threading.active_count(), open_files())
    listener = Running(form, receiver, http_port=port)
    for number in range(200):
        if number:
            listener.start()
        with Exporter(port) as client:
            assert client.ask(export_request(number)).status == 200
            # Some clients stay, for which the listener waits a moment.
            if number % 100 == 0:
                listener.stop()
        listener.stop()
    assert receiver.texts == texts(200)
    assert eventually(lambda: (threading.active_count(), open_files()) <= before)


def test_port_in_use(listener: WBEMListener) -> None:
    other = WBEMListener(HOST, listener.http_port)
    with pytest.raises(ListenerPortError) as caught:
        other.start()
    assert str(caught.value) == f"WBEM listener port {listener.http_port} is already in use"
    assert isinstance(caught.value.__cause__, OSError)
    assert (other.http_started, other.ind_queue_exists()) == (False, False)
    listener.stop()
    other = WBEMListener(HOST, free_port())
    other.start()
    other.stop()


@pytest.mark.parametrize(
    "host, port", [("no-such-host.invalid", 0), ("192.0.2.1", 0), (HOST, 70000), (HOST, -1)]
)
def test_address_that_cannot_be_used(host: str, port: int) -> None:
    listener = WBEMListener(host, port)
    text = f"^Creation of threaded HTTP server for host '{host}' on port {port} failed: .*rror: "
    with pytest.raises(ListenerStartError, match=text):
        listener.start()
    assert not listener.http_started


def test_second_port_fails_and_first_is_free(tls: ssl.SSLContext, listener: WBEMListener) -> None:
    port = free_port()
    other = WBEMListener(HOST, port, listener.http_port, ssl_context=tls)
    with pytest.raises(ListenerPortError):
        other.start()
    assert (other.http_started, other.https_started) == (False, False)
    other = WBEMListener(HOST, port)
    other.start()
    other.stop()


# TLS


class Files(NamedTuple):
    """PEM files: certificate, key, encrypted key (password `secret`), key of another one."""

    cert: str
    key: str
    encrypted: str
    other: str


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory, authority: Authority) -> Files:
    from cryptography.hazmat.primitives import serialization

    folder = tmp_path_factory.mktemp("pem")
    issued = authority.ca.issue_cert(HOST)
    pem = issued.private_key_pem.bytes()
    key = serialization.load_pem_private_key(pem, None)
    contents = {
        "cert": b"".join(blob.bytes() for blob in issued.cert_chain_pems),
        "key": pem,
        "encrypted": key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"secret"),
        ),
        "other": authority.ca.issue_cert(HOST).private_key_pem.bytes(),
    }
    for name, content in contents.items():
        (folder / f"{name}.pem").write_bytes(content)
    return Files(*(str(folder / f"{name}.pem") for name in Files._fields))


@pytest.fixture
def trusting(authority: Authority) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=authority.file)


def exports_by_https(listener: WBEMListener, context: ssl.SSLContext) -> bool:
    """Start the listener, export, stop it; return whether the indication was delivered."""
    receiver = Receiver()
    listener.add_callback(receiver)
    with listener:
        listener.start()
        assert listener.https_started
        assert listener.https_port
        with Exporter(listener.https_port, context) as client:
            assert client.ask(export_request("one")).status == 200
            assert client.ask(export_request("two")).status == 200
    return receiver.texts == ["one", "two"]


def test_https(files: Files, trusting: ssl.SSLContext) -> None:
    assert exports_by_https(WBEMListener(HOST, None, 0, files.cert, files.key), trusting)


def test_https_with_one_file(files: Files, trusting: ssl.SSLContext, tmp_path: Path) -> None:
    both = tmp_path / "both.pem"
    both.write_bytes(Path(files.key).read_bytes() + Path(files.cert).read_bytes())
    listener = WBEMListener(HOST, None, 0, str(both))
    assert listener.keyfile == str(both)
    assert exports_by_https(listener, trusting)


def test_http_and_https(files: Files, trusting: ssl.SSLContext) -> None:
    receiver = Receiver()
    with WBEMListener(HOST, 0, 0, files.cert, files.key) as listener:
        listener.add_callback(receiver)
        listener.start()
        assert listener.http_port and listener.https_port
        with Exporter(listener.http_port) as client:
            client.ask(export_request("http"))
        with Exporter(listener.https_port, trusting) as client:
            client.ask(export_request("https"))
    assert receiver.texts == ["http", "https"]


def test_ssl_context(tls: ssl.SSLContext, trusting: ssl.SSLContext) -> None:
    listener = WBEMListener(HOST, None, 0, ssl_context=tls)
    assert listener.certfile is None
    assert exports_by_https(listener, trusting)


def never(prompt: str) -> str:
    raise AssertionError("there was a prompt")


def test_password_given(
    files: Files, trusting: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(getpass, "getpass", never)
    listener = WBEMListener(HOST, None, 0, files.cert, files.encrypted, keyfile_password="secret")
    assert exports_by_https(listener, trusting)
    assert "secret" not in repr(listener)


def test_password_prompted(
    files: Files, trusting: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    prompts: List[str] = []

    def answer(prompt: str) -> str:
        prompts.append(prompt)
        return "secret"

    monkeypatch.setattr(getpass, "getpass", answer)
    assert exports_by_https(WBEMListener(HOST, None, 0, files.cert, files.encrypted), trusting)
    assert prompts == [f"Enter password for key file {files.encrypted}: "]


INVALID = r"^Invalid password for key file, .* bad certificate file\. Original error: \[SSL"
OPENING = r"^Issue opening certificate file {cert} or key file {key}: \[Errno"


@pytest.mark.parametrize(
    "entered, error, text",
    [
        pytest.param("wrong", ListenerCertificateError, INVALID, id="wrong"),
        pytest.param("", ListenerCertificateError, INVALID, id="empty"),
        pytest.param(
            KeyboardInterrupt(), ListenerPromptError, "prompt was interrupted", id="interrupted"
        ),
        pytest.param(EOFError(), ListenerPromptError, "prompt was ended", id="ended"),
        pytest.param(OSError("no tty"), ListenerCertificateError, "^Issue.*: no tty$", id="tty"),
    ],
)
def test_password_prompt_fails(
    files: Files,
    monkeypatch: pytest.MonkeyPatch,
    entered: Union[str, BaseException],
    error: Any,
    text: str,
) -> None:
    def answer(prompt: str) -> str:
        if isinstance(entered, BaseException):
            raise entered
        return entered

    monkeypatch.setattr(getpass, "getpass", answer)
    port = free_port()
    listener = WBEMListener(HOST, port, 0, files.cert, files.encrypted)
    with pytest.raises(error, match=text):
        listener.start()
    assert (listener.http_started, listener.https_started) == (False, False)
    socket.create_server((HOST, port)).close()


@pytest.mark.parametrize(
    "cert, key, text",
    [
        pytest.param("absent", "key", OPENING, id="no certificate file"),
        pytest.param("cert", "absent", OPENING, id="no key file"),
        pytest.param("folder", "key", OPENING, id="folder"),
        pytest.param("text", "key", INVALID, id="malformed certificate"),
        pytest.param("cert", "text", INVALID, id="malformed key"),
        pytest.param("key", "cert", INVALID, id="exchanged"),
        pytest.param(
            "cert",
            "other",
            r"SSL error when loading the certificate chain: errno=\d+, library=X509: \[X509",
            id="key of another certificate",
        ),
    ],
)
def test_bad_certificate(files: Files, tmp_path: Path, cert: str, key: str, text: str) -> None:
    (tmp_path / "text.pem").write_text("no PEM", encoding="ascii")
    paths = dict(files._asdict())
    paths["absent"] = str(tmp_path / "absent.pem")
    paths["folder"] = str(tmp_path)
    paths["text"] = str(tmp_path / "text.pem")
    listener = WBEMListener(HOST, 0, 0, paths[cert], paths[key])
    text = text.format(cert=re.escape(paths[cert]), key=re.escape(paths[key]))
    with pytest.raises(ListenerCertificateError, match=text):
        listener.start()
    assert (listener.http_started, listener.https_started) == (False, False)


def test_client_certificate_required(
    files: Files, authority: Authority, stranger: Authority, trusting: ssl.SSLContext
) -> None:
    def mutual() -> WBEMListener:
        return WBEMListener(HOST, None, 0, files.cert, files.key, client_ca_certs=authority.file)

    with pytest.raises(OSError):
        exports_by_https(mutual(), trusting)
    unknown = ssl.create_default_context(cafile=authority.file)
    stranger.ca.issue_cert("client.example").configure_cert(unknown)
    with pytest.raises(OSError):
        exports_by_https(mutual(), unknown)
    known = ssl.create_default_context(cafile=authority.file)
    authority.ca.issue_cert("client.example").configure_cert(known)
    assert exports_by_https(mutual(), known)


@pytest.mark.parametrize("content", [None, "no PEM"], ids=["absent", "malformed"])
def test_bad_client_authority(files: Files, tmp_path: Path, content: Optional[str]) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content, encoding="ascii")
    listener = WBEMListener(HOST, None, 0, files.cert, files.key, client_ca_certs=str(path))
    with pytest.raises(ListenerCertificateError, match="CA certificates"):
        listener.start()


# Stopping


def test_stop_delivers_all_that_was_answered() -> None:
    receiver = Receiver()

    def slow(indication: pywbem.CIMInstance, host: str) -> None:
        time.sleep(0.002)
        receiver(indication, host)

    listener = WBEMListener(HOST, 0)
    listener.add_callback(slow)
    listener.start()
    answered: List[str] = []

    def send(name: int) -> None:
        with Exporter(port_of(listener)) as client:
            for number in range(10000):
                text = f"{name} {number}"
                try:
                    answer = client.ask(export_request(text, f"{name}", number))
                except OSError:
                    return
                if b"<ERROR" not in answer.body:
                    answered.append(text)

    threads = [threading.Thread(target=send, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(0.2)
    listener.stop()
    delivered = set(receiver.texts)
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()
    assert len(answered) > 20
    assert set(answered) <= delivered
    assert len(delivered) == len(receiver.texts)


@pytest.mark.parametrize("opening", OPENINGS, ids=lambda data: repr(data[:12]))
def test_stop_is_prompt(listener: WBEMListener, opening: bytes) -> None:
    with Exporter(port_of(listener)) as client:
        client.send(opening)
        time.sleep(0.05)
        started = time.monotonic()
        listener.stop()
        assert time.monotonic() - started < PROMPT


def test_stop_in_a_callback() -> None:
    receiver = Receiver()
    listener = WBEMListener(HOST, 0)

    def stopping(indication: pywbem.CIMInstance, host: str) -> None:
        if indication["Text"] == "stop":
            listener.stop()

    listener.add_callback(receiver)
    listener.add_callback(stopping)
    listener.start()
    with Exporter(port_of(listener)) as client:
        client.ask(export_request("stop"))
        assert client.is_closed()
    assert eventually(lambda: not listener.http_started)
    assert receiver.texts == ["stop"]
    assert eventually(lambda: listener.counters.delivered == 1)


def test_counters_in_a_callback_while_stopping() -> None:
    seen: List[int] = []

    def callback(indication: pywbem.CIMInstance, host: str) -> None:
        time.sleep(0.2)
        listener.stop()
        seen.append(listener.counters.received)

    listener = WBEMListener(HOST, 0)
    listener.add_callback(callback)
    listener.start()
    with Exporter(port_of(listener)) as client:
        client.ask(export_request("1"))
        client.ask(export_request("2"))
    listener.stop()
    assert seen == [2, 2]


def test_stop_from_two_threads(listener: WBEMListener) -> None:
    threads = [threading.Thread(target=listener.stop) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
        assert not thread.is_alive()
    assert not listener.http_started


def test_process_lives_until_the_listener_is_stopped() -> None:
    code = (
        "import threading, time\n"
        "from pywbem._listener import WBEMListener\n"
        "listener = WBEMListener('127.0.0.1', 0)\n"
        "def stop():\n"
        "    time.sleep(0.5)\n"
        "    print(listener.http_started)\n"
        "    listener.stop()\n"
        "listener.start()\n"
        "threading.Thread(target=stop, daemon=True).start()\n"
    )
    environment = dict(os.environ, PYTHONWARNINGS="error")
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=str(ROOT), env=environment, capture_output=True, timeout=30,
    )  # fmt: skip
    assert (result.stdout.strip(), result.stderr, result.returncode) == (b"True", b"", 0)
