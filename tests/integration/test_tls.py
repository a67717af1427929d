"""
HTTPS: whom a connection trusts, why it refuses, and that its own arguments decide.
"""

from __future__ import annotations

import datetime
import ssl
import subprocess
import time
from pathlib import Path
from typing import Any, Dict, List, Optional

import pytest

import pywbem
from pywbem._cim_http import HTTPTransport, check_ca_certs, check_x509
from tests.integration.conftest import Authority, MakeTransport
from tests.integration.faultserver import FaultServer, Peer, answer, reply

ANSWER = b"<CIM/>"
HEADERS = {"CIMOperation": "MethodCall"}
OK = answer(reply(ANSWER))
TIMEOUT = 1.0
SLACK = 10.0


def ask(transport: HTTPTransport) -> bytes:
    """Post a request and return the body of the reply."""
    with transport.post(b"<CIM/>", HEADERS) as answered:
        return b"".join(answered)


# Trust


@pytest.fixture
def ca_folder(tmp_path: Path, authority: Authority) -> str:
    """A folder of CA certificates as OpenSSL wants it: under the hash of the subject."""
    run = ["openssl", "x509", "-hash", "-noout", "-in", authority.file]
    try:
        name = subprocess.run(run, check=True, capture_output=True, text=True).stdout.strip()
    except OSError:
        pytest.skip("no openssl command")
    (tmp_path / f"{name}.0").write_bytes(Path(authority.file).read_bytes())
    return str(tmp_path)


def test_ca_file(transport: MakeTransport, authority: Authority, tls: ssl.SSLContext) -> None:
    with FaultServer(OK, tls) as server:
        client = transport(server.url, ca_certs=authority.file)
        assert [ask(client), ask(client)] == [ANSWER, ANSWER]
        assert (server.connections, len(server.requests)) == (1, 2)


def test_ca_folder(transport: MakeTransport, ca_folder: str, tls: ssl.SSLContext) -> None:
    with FaultServer(OK, tls) as server:
        assert ask(transport(server.url, ca_certs=ca_folder)) == ANSWER


def test_name_in_certificate(
    transport: MakeTransport, authority: Authority, tls: ssl.SSLContext
) -> None:
    with FaultServer(OK, tls) as server:
        assert ask(transport(server.url_for("localhost"), ca_certs=authority.file)) == ANSWER


def test_no_verification(transport: MakeTransport, stranger: Authority) -> None:
    with FaultServer(OK, stranger.server_context("other.example")) as server:
        assert ask(transport(server.url, no_verification=True)) == ANSWER


def test_ssl_context_is_used_as_it_is(transport: MakeTransport, authority: Authority) -> None:
    context = ssl.create_default_context(cafile=authority.file)
    with FaultServer(OK, authority.server_context("other.example")) as server:
        with pytest.raises(pywbem.ConnectionError, match=r"not valid for '127\.0\.0\.1'"):
            ask(transport(server.url, ssl_context=context))
        context.check_hostname = False
        assert ask(transport(server.url, ssl_context=context)) == ANSWER
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert not context.check_hostname


def test_default_trust_is_not_the_test_authority(
    transport: MakeTransport, tls: ssl.SSLContext
) -> None:
    with FaultServer(OK, tls) as server:
        with pytest.raises(pywbem.ConnectionError, match="unknown CA"):
            ask(transport(server.url))
        assert server.requests == []


@pytest.fixture(params=["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "both"])
def bundle(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets the variables for CA certificates, one and both."""

    def name(path: str) -> None:
        for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
            if request.param in (variable, "both"):
                monkeypatch.setenv(variable, path)

    return name


def test_environment_if_nothing_is_given(
    transport: MakeTransport, authority: Authority, tls: ssl.SSLContext, bundle: Any
) -> None:
    bundle(authority.file)
    with FaultServer(OK, tls) as server:
        assert ask(transport(server.url)) == ANSWER


def test_environment_that_names_no_file(
    transport: MakeTransport, tls: ssl.SSLContext, bundle: Any
) -> None:
    bundle("/nonexistent/ca.pem")
    with FaultServer(OK, tls) as server:
        with pytest.raises(pywbem.ConnectionError, match="from REQUESTS_CA_BUNDLE"):
            ask(transport(server.url))
        assert server.connections == 0


def test_ca_certs_win_over_environment(
    transport: MakeTransport,
    authority: Authority,
    stranger: Authority,
    tls: ssl.SSLContext,
    bundle: Any,
) -> None:
    with FaultServer(OK, tls) as server:
        bundle(stranger.file)
        assert ask(transport(server.url, ca_certs=authority.file)) == ANSWER
        # And the other way: the environment cannot widen what is trusted.
        bundle(authority.file)
        with pytest.raises(pywbem.ConnectionError, match="unknown CA"):
            ask(transport(server.url, ca_certs=stranger.file))


def test_no_verification_wins_over_environment(
    transport: MakeTransport, stranger: Authority, tls: ssl.SSLContext, bundle: Any
) -> None:
    for path in (stranger.file, "/nonexistent/ca.pem"):
        bundle(path)
        with FaultServer(OK, tls) as server:
            assert ask(transport(server.url, no_verification=True)) == ANSWER


def test_ssl_context_wins_over_environment(
    transport: MakeTransport,
    authority: Authority,
    stranger: Authority,
    tls: ssl.SSLContext,
    bundle: Any,
) -> None:
    with FaultServer(OK, tls) as server:
        bundle(stranger.file)
        trusting = ssl.create_default_context(cafile=authority.file)
        assert ask(transport(server.url, ssl_context=trusting)) == ANSWER
        bundle(authority.file)
        refusing = ssl.create_default_context(cafile=stranger.file)
        with pytest.raises(pywbem.ConnectionError, match="unknown CA"):
            ask(transport(server.url, ssl_context=refusing))


# Refusals


EXPIRED = {"not_after": datetime.datetime(2002, 1, 1)}


@pytest.mark.parametrize(
    "names, options, texts",
    [
        pytest.param(["127.0.0.1"], EXPIRED, ["it has expired"], id="expired"),
        pytest.param(
            ["one.example", "*.two.example", "10.0.0.1"],
            {},
            ["not valid for '127.0.0.1'", "'one.example', '*.two.example', '10.0.0.1'"],
            id="wrong-name",
        ),
    ],
)
def test_certificate_refused(
    transport: MakeTransport,
    authority: Authority,
    names: List[str],
    options: Dict[str, Any],
    texts: List[str],
) -> None:
    with FaultServer(OK, authority.server_context(*names, **options)) as server:
        with pytest.raises(pywbem.ConnectionError) as caught:
            ask(transport(server.url, ca_certs=authority.file))
        assert server.requests == []
    assert type(caught.value) is pywbem.ConnectionError
    for text in [*texts, f"The certificate of WBEM server {server.url} is refused"]:
        assert text in str(caught.value)


def test_self_signed_certificate(transport: MakeTransport, authority: Authority) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with authority.ca.private_key_pem.tempfile() as key, authority.ca.cert_pem.tempfile() as cert:
        context.load_cert_chain(cert, key)
    with FaultServer(OK, context) as server, pytest.raises(
        pywbem.ConnectionError, match="self-signed and not trusted"
    ):
        ask(transport(server.url))


@pytest.mark.skipif(not ssl.HAS_TLSv1_3, reason="needs TLS 1.3")
def test_no_common_tls_version(
    transport: MakeTransport, authority: Authority, tls: ssl.SSLContext
) -> None:
    server_context = authority.server_context("127.0.0.1")
    server_context.minimum_version = ssl.TLSVersion.TLSv1_3
    context = ssl.create_default_context(cafile=authority.file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with FaultServer(OK, server_context) as server, pytest.raises(
        pywbem.ConnectionError, match=r"no TLS version in common; pywbem offered TLS 1\.2 \("
    ):
        ask(transport(server.url, ssl_context=context))


def test_https_to_a_port_that_answers_in_plain_http(transport: MakeTransport) -> None:
    def script(peer: Peer) -> None:
        peer.sock.recv(1000)
        peer.send(reply(b"", "400 Bad Request"))

    with FaultServer(script) as server:
        url = server.url.replace("http:", "https:")
        with pytest.raises(pywbem.ConnectionError, match="use http:// in the URL"):
            ask(transport(url, no_verification=True))
        assert server.connections == 1


@pytest.mark.parametrize("certain", [True, False])
def test_http_to_a_tls_port(transport: MakeTransport, tls: ssl.SSLContext, certain: bool) -> None:
    def script(peer: Peer) -> None:
        peer.sock.recv(1000)
        if certain:
            peer.send(b"\x15\x03\x01\x00\x02\x02\x46")

    servers = [FaultServer(script), FaultServer(OK, tls)]
    for each in servers:
        with each as server:
            url = server.url.replace("https:", "http:")
            with pytest.raises(pywbem.ConnectionError, match="use https:// in the URL"):
                ask(transport(url))
            assert server.connections == 1


@pytest.mark.parametrize("data", [b"", b"\x16\x03\x03\x40\x00"], ids=["silence", "slow-drip"])
def test_handshake_that_does_not_end(transport: MakeTransport, data: bytes) -> None:
    def script(peer: Peer) -> None:
        peer.drip(data + b"\x02" * 2000 * bool(data), 0.02)
        peer.hang()

    with FaultServer(script) as server:
        started = time.monotonic()
        with pytest.raises(pywbem.TimeoutError, match="connection was not established"):
            ask(transport(server.url.replace("http:", "https:"), timeout=TIMEOUT))
        assert TIMEOUT * 0.9 <= time.monotonic() - started < TIMEOUT + SLACK


@pytest.mark.parametrize("reset", [True, False], ids=["reset", "close"])
def test_handshake_that_breaks(transport: MakeTransport, reset: bool) -> None:
    def script(peer: Peer) -> None:
        peer.sock.recv(10000)
        if reset:
            peer.reset()

    with FaultServer(script) as server:
        with pytest.raises(pywbem.ConnectionError):
            ask(transport(server.url.replace("http:", "https:")))
        assert server.connections == 1


@pytest.mark.parametrize("at", [60, 5], ids=["headers", "body"])
def test_slow_drip_inside_tls(
    transport: MakeTransport, authority: Authority, tls: ssl.SSLContext, at: int
) -> None:
    def script(peer: Peer) -> None:
        peer.read_request()
        data = reply(b"x" * 500)
        peer.send(data[:-at] if at == 5 else data[:20])
        peer.drip(data[20:] * 20, 0.02)

    with FaultServer(script, tls) as server:
        client = transport(server.url, ca_certs=authority.file, timeout=TIMEOUT)
        started = time.monotonic()
        if at == 5:
            # The body is complete soon: bytes of the drip belong to no request.
            assert ask(client)[:10] == b"x" * 10
        else:
            with pytest.raises(pywbem.TimeoutError):
                ask(client)
        assert time.monotonic() - started < TIMEOUT + SLACK
        assert len(server.requests) == 1


def test_truncated_body_inside_tls(
    transport: MakeTransport, authority: Authority, tls: ssl.SSLContext
) -> None:
    def script(peer: Peer) -> None:
        peer.read_request()
        peer.send(reply(b"x" * 500)[:-100])

    with FaultServer(script, tls) as server:
        with pytest.raises(pywbem.ConnectionError, match="400 of 500 bytes"):
            ask(transport(server.url, ca_certs=authority.file))
        assert len(server.requests) == 1


@pytest.mark.parametrize("highest", ["TLSv1_2", "TLSv1_3"])
def test_reset_inside_tls(transport: MakeTransport, authority: Authority, highest: str) -> None:
    """It is the end, as the close without close_notify is: Python does not always tell them."""
    context = authority.server_context("127.0.0.1")
    context.maximum_version = ssl.TLSVersion[highest]
    replies = [reply(ANSWER, length=None), reply(ANSWER)[:-2]]

    def script(peer: Peer) -> None:
        peer.read_request()
        peer.send(replies.pop(0))
        time.sleep(0.2)
        peer.reset()

    with FaultServer(script, context) as server:
        client = transport(server.url, ca_certs=authority.file)
        assert ask(client) == ANSWER
        with pytest.raises(pywbem.ConnectionError, match="4 of 6 bytes into the body"):
            ask(client)
        assert len(server.requests) == 2


def test_large_messages_inside_tls(
    transport: MakeTransport, authority: Authority, tls: ssl.SSLContext
) -> None:
    body = b"<" + b"y" * 3_000_000 + b">"
    with FaultServer(answer(reply(body)), tls) as server:
        client = transport(server.url, ca_certs=authority.file)
        with client.post(body, HEADERS) as answered:
            assert b"".join(answered) == body
        assert server.requests[0].body == body


# Client certificates


@pytest.fixture
def x509(authority: Authority, tmp_path: Path) -> Dict[str, Optional[str]]:
    """A client certificate and its key, in files."""
    certificate = authority.ca.issue_cert("client@example.com")
    cert_file, key_file = tmp_path / "cert.pem", tmp_path / "key.pem"
    certificate.cert_chain_pems[0].write_to_path(str(cert_file))
    certificate.private_key_pem.write_to_path(str(key_file))
    return {"cert_file": str(cert_file), "key_file": str(key_file)}


def test_client_certificate(
    transport: MakeTransport, authority: Authority, x509: Dict[str, Optional[str]]
) -> None:
    context = authority.server_context("127.0.0.1")
    context.verify_mode = ssl.CERT_REQUIRED
    authority.ca.configure_trust(context)
    with FaultServer(OK, context) as server:
        assert ask(transport(server.url, ca_certs=authority.file, x509=x509)) == ANSWER
        with pytest.raises(pywbem.ConnectionError):
            ask(transport(server.url, ca_certs=authority.file))
        assert len(server.requests) == 1


def test_client_certificate_without_key(
    transport: MakeTransport, tls: ssl.SSLContext, authority: Authority
) -> None:
    with FaultServer(OK, tls) as server:
        with pytest.raises(pywbem.ConnectionError, match=r"\(x509\) cannot be used"):
            ask(transport(server.url, x509={"cert_file": authority.file}))
        assert server.connections == 0


def test_ca_file_with_something_else(
    transport: MakeTransport, tls: ssl.SSLContext, tmp_path: Path
) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    with FaultServer(OK, tls) as server:
        with pytest.raises(pywbem.ConnectionError, match=r"\(from ca_certs\) cannot be used"):
            ask(transport(server.url, ca_certs=str(tmp_path / "ca.pem")))
        assert server.connections == 0


@pytest.mark.parametrize(
    "x509, exception",
    [
        pytest.param("cert.pem", TypeError, id="string"),
        pytest.param({"key_file": "key.pem"}, ValueError, id="no-cert-file"),
        pytest.param({"cert_file": None}, TypeError, id="cert-file-none"),
        pytest.param({"cert_file": "/nonexistent"}, OSError, id="no-such-file"),
        pytest.param(
            {"cert_file": "/nonexistent", "key_file": 5}, TypeError, id="no-such-file-and-type"
        ),
        pytest.param(
            {"cert_file": 5, "key_file": "/nonexistent"}, TypeError, id="type-and-no-file"
        ),
    ],
)
def test_x509_checked(x509: Any, exception: Any) -> None:
    with pytest.raises(exception):
        check_x509(x509)


def test_x509_key_file_checked(authority: Authority) -> None:
    check_x509(None)
    check_x509({"cert_file": authority.file, "key_file": None})
    with pytest.raises(OSError, match="/nonexistent"):
        check_x509({"cert_file": authority.file, "key_file": "/nonexistent"})


def test_ca_certs_checked(authority: Authority) -> None:
    check_ca_certs(None)
    check_ca_certs(authority.file)
    with pytest.raises(OSError, match="/nonexistent"):
        check_ca_certs("/nonexistent")
    with pytest.raises(TypeError):
        check_ca_certs([authority.file])  # type: ignore[arg-type]
