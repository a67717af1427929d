"""
Credentials go where they belong, to the server or the proxy, and nowhere else.
"""

from __future__ import annotations

import base64
import socket
import ssl
import time
from pathlib import Path
from typing import Any, List, Optional

import pytest
import requests
from requests.auth import AuthBase, HTTPDigestAuth

import pywbem
from tests.integration.conftest import Authority, MakeTransport
from tests.integration.faultserver import FaultServer, Peer, answer, reply
from tests.integration.test_tls import ANSWER, OK, SLACK, TIMEOUT, ask


def sent(server: FaultServer) -> List[Optional[str]]:
    """The credentials that the server saw."""
    return [request.header("Authorization") for request in server.requests]


def basic(pair: str) -> str:
    """Credentials as they are sent."""
    return "Basic " + base64.b64encode(pair.encode("utf-8")).decode("ascii")


@pytest.mark.parametrize(
    "creds, pair",
    [
        (("user", "pass"), "user:pass"),
        (["user", "pass"], "user:pass"),
        ((b"user", b"p\xc3\xa4ss"), "user:p\u00e4ss"),
        (("us\u00e9r", "p\u00e4\u20ac:\U0001f600"), "us\u00e9r:p\u00e4\u20ac:\U0001f600"),
        (("user", ""), "user:"),
    ],
)
def test_basic_authentication(transport: MakeTransport, creds: Any, pair: str) -> None:
    with FaultServer(OK) as server:
        ask(transport(server.url, creds=creds))
        assert sent(server) == [basic(pair)]


@pytest.mark.parametrize(
    "creds", [(), ("s3cr3t",), {"user": "s3cr3t"}, 5], ids=["none", "one", "dictionary", "number"]
)
def test_credentials_of_no_kind(transport: MakeTransport, creds: Any) -> None:
    with pytest.raises(TypeError, match=r"creds parameter must be \(userid, password\)") as caught:
        ask(transport("http://127.0.0.1:1", creds=creds))
    assert "s3cr3t" not in str(caught.value)


class Failing(AuthBase):
    """An authentication that raises what it is given, or sets it as a header field."""

    def __init__(self, what: Any) -> None:
        self.what = what

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if isinstance(self.what, Exception):
            raise self.what
        request.headers["X-Token"] = self.what
        return request


@pytest.mark.parametrize(
    "what, exception, text",
    [
        pytest.param(KeyError("token"), KeyError, "token", id="own"),
        pytest.param(OSError("no file"), OSError, "^no file$", id="file"),
        pytest.param(pywbem.AuthError("no token"), pywbem.AuthError, "no token", id="pywbem"),
        pytest.param(
            requests.ConnectionError("no server"),
            pywbem.ConnectionError,
            "no server$",
            id="asks-a-server",
        ),
        pytest.param(
            requests.ReadTimeout("no answer"), pywbem.TimeoutError, "no answer$", id="waits"
        ),
        pytest.param("a\nb", pywbem.ConnectionError, "'X-Token' of the request", id="two-lines"),
        pytest.param("\u20ac", pywbem.ConnectionError, "UnicodeEncodeError", id="not-latin"),
    ],
)
def test_authentication_that_fails(
    transport: MakeTransport, what: Any, exception: Any, text: str
) -> None:
    """The exceptions of the program are its own, and those of requests are ours."""
    with FaultServer(OK) as server:
        with pytest.raises(exception, match=text) as caught:
            ask(transport(server.url, creds=Failing(what)))
        assert type(caught.value) is exception
        assert server.requests == []


def test_no_credentials(transport: MakeTransport) -> None:
    with FaultServer(OK) as server:
        ask(transport(server.url))
        assert sent(server) == [None]


def test_netrc_only_without_credentials(
    transport: MakeTransport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login file password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with FaultServer(OK) as server:
        ask(transport(server.url))
        ask(transport(server.url, creds=("user", "pass")))
        assert sent(server) == [basic("file:secret"), basic("user:pass")]


class Token(AuthBase):
    """Another kind of authentication."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = "Bearer token"
        return request


def test_authentication_object(transport: MakeTransport) -> None:
    with FaultServer(OK) as server:
        client = transport(server.url, creds=Token())
        assert [ask(client), ask(client)] == [ANSWER, ANSWER]
        assert sent(server) == ["Bearer token"] * 2


@pytest.mark.parametrize("shell", ["sync"])
def test_digest_authentication(transport: MakeTransport) -> None:
    challenge = 'Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256'
    headers = [("WWW-Authenticate", challenge), ("Set-Cookie", "session=1")]
    refusal = reply(b"no", "401 Unauthorized", headers)
    with FaultServer(answer(refusal, reply(ANSWER))) as server:
        assert ask(transport(server.url, creds=HTTPDigestAuth("user", "pass"))) == ANSWER
        first, second = sent(server)
        assert first is None
        assert second is not None
        assert second.startswith('Digest username="user"')
        assert [request.body for request in server.requests] == [b"<CIM/>", b"<CIM/>"]
        assert server.requests[1].header("Cookie") == "session=1"


@pytest.mark.parametrize("shell", ["async"])
def test_authentication_that_answers_to_replies(transport: MakeTransport) -> None:
    with FaultServer(OK) as server:
        with pytest.raises(ValueError, match=r"\(HTTPDigestAuth\) answers to replies"):
            ask(transport(server.url, creds=HTTPDigestAuth("user", "Secret!")))
        assert server.connections == 0


@pytest.mark.parametrize(
    "creds, challenges, text",
    [
        (None, ['Basic realm="x"'], "has none: give them in creds"),
        (("user", "Secret!"), ['Basic realm="x"'], "does not accept userid and password"),
        (("user", "Secret!"), ["Negotiate", 'basic realm="x"'], "does not accept"),
        (("user", "Secret!"), [], "does not accept userid and password"),
        (("user", "Secret!"), ['Digest realm="x", nonce="y"'], "authentication Digest;"),
        (Token(), ['Basic realm="x"'], "does not accept"),
    ],
)
def test_unauthorized(
    transport: MakeTransport, creds: Any, challenges: List[str], text: str
) -> None:
    headers = [("WWW-Authenticate", challenge) for challenge in challenges]
    with FaultServer(answer(reply(b"no", "401 Unauthorized", headers))) as server:
        client = transport(server.url, creds=creds, conn_id="conn")
        with pytest.raises(pywbem.AuthError) as caught:
            ask(client)
        assert len(server.requests) == 1
    assert text in str(caught.value)
    assert "HTTP status 401 (Unauthorized)" in str(caught.value)
    assert caught.value.conn_id == "conn"
    assert "Secret!" not in str(caught.value) + repr(client)


def test_unauthorized_without_end(transport: MakeTransport) -> None:
    def script(peer: Peer) -> None:
        peer.read_request()
        peer.send(reply(b"", "401 Unauthorized", [("PGErrorDetail", "User%20expired")], None))
        peer.hang()

    with FaultServer(script) as server:
        started = time.monotonic()
        with pytest.raises(pywbem.AuthError, match="PGErrorDetail: User expired"):
            ask(transport(server.url, timeout=30))
        assert time.monotonic() - started < SLACK


def test_cookies_are_kept(transport: MakeTransport) -> None:
    first = reply(ANSWER, headers=[("Set-Cookie", "session=1"), ("Set-Cookie", "b=2; path=/")])
    with FaultServer(answer(first, reply(ANSWER))) as server:
        client = transport(server.url)
        ask(client)
        ask(client)
        ask(transport(server.url))
        cookies = [request.header("Cookie") for request in server.requests]
    assert cookies[0] is cookies[2] is None
    assert sorted(str(cookies[1]).split("; ")) == ["b=2", "session=1"]


# Proxies


def tunnel(context: ssl.SSLContext) -> Any:
    """A proxy that answers CONNECT, and then is the TLS server itself."""

    def script(peer: Peer) -> None:
        peer.read_request()
        peer.send(b"HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n")
        peer.start_tls(context)
        while peer.read_request():
            peer.send(reply(ANSWER))
        peer.sock.close()

    return script


def test_https_through_proxy(
    transport: MakeTransport, authority: Authority, stranger: Authority
) -> None:
    context = authority.server_context("wbem.example")
    with FaultServer(tunnel(context)) as proxy:
        url = proxy.url.replace("//", "//puser:ppass@")
        client = transport(
            "https://wbem.example",
            proxies={"https": url},
            ca_certs=authority.file,
            creds=("user", "pass"),
        )
        assert [ask(client), ask(client)] == [ANSWER, ANSWER]
        assert proxy.connections == 1
        connect, first, second = proxy.requests
        assert (connect.method, connect.target) == ("CONNECT", "wbem.example:5989")
        assert connect.header("Proxy-Authorization") == basic("puser:ppass")
        assert connect.header("Authorization") is None
        assert (first.method, first.target) == ("POST", "/cimom")
        assert first.header("Proxy-Authorization") is None
        assert second.header("Authorization") == basic("user:pass")
        with pytest.raises(pywbem.ConnectionError, match="unknown CA") as caught:
            ask(transport("https://wbem.example", proxies={"https": url}, ca_certs=stranger.file))
        assert "ppass" not in str(caught.value)


@pytest.mark.parametrize(
    "answer_of_proxy, text",
    [
        pytest.param(
            b"",
            "Cannot connect to {peer}: the proxy closed the connection without an answer.",
            id="none",
        ),
        pytest.param(
            b"HTTP/1.1 200 Conn",
            "Cannot connect to {peer}: the proxy closed the connection inside the header fields.",
            id="cut",
        ),
        pytest.param(
            b"HTTP/1.1 407 Who\r\nContent-Length: 0\r\n\r\n",
            "Cannot connect to {peer}: Tunnel connection failed: 407 Who. "
            "Check the host and the port in the URL, and the network.",
            id="refusal",
        ),
        pytest.param(
            b"220 mail.example ESMTP\r\n",
            "Cannot understand the proxy on the way to {peer}: "
            "it does not speak HTTP/1.1, its answer begins with "
            "b'220 mail.example ESMTP\\r\\n'.",
            id="other-protocol",
        ),
        pytest.param(
            b"HTTP/1.1 OK\r\n\r\n",
            "Cannot understand the proxy on the way to {peer}: "
            "it does not speak HTTP/1.1, its answer begins with "
            "b'HTTP/1.1 OK'.",
            id="no-status",
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nX: " + b"y" * 300_000,
            "Cannot understand the proxy on the way to {peer}: "
            "the header fields are longer than 262144 bytes.",
            id="endless",
        ),
    ],
)
def test_proxy_that_does_not_connect(
    transport: MakeTransport, answer_of_proxy: bytes, text: str
) -> None:
    """Nothing can have arrived at the server, and nothing else is said."""

    def script(peer: Peer) -> None:
        peer.read_request()
        peer.send(answer_of_proxy)

    with FaultServer(script) as proxy:
        client = transport("https://wbem.example", proxies={"https": proxy.url})
        with pytest.raises(pywbem.ConnectionError) as caught:
            ask(client)
        peer = f"WBEM server https://wbem.example:5989 through proxy {proxy.url}"
        assert str(caught.value) == text.format(peer=peer)
        assert len(proxy.requests) == 1


def test_http_through_proxy(transport: MakeTransport) -> None:
    with FaultServer(OK) as proxy:
        url = proxy.url.replace("//", "//puser:ppass@")
        assert ask(transport("http://wbem.example:80", proxies={"http": url})) == ANSWER
        assert proxy.requests[0].target == "http://wbem.example:80/cimom"
        assert proxy.requests[0].header("Host") == "wbem.example:80"
        assert proxy.requests[0].header("Proxy-Authorization") == basic("puser:ppass")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_proxy_without_a_port(
    transport: MakeTransport, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    asked = set()

    def ask_nobody(host: str, port: int, *_: Any) -> None:
        asked.add((host, port))
        raise socket.gaierror(socket.EAI_NONAME, "nobody")

    monkeypatch.setattr(socket, "getaddrinfo", ask_nobody)
    proxies = {scheme: "http://proxy.example"}
    with pytest.raises(pywbem.ConnectionError, match=r"Cannot find the host .*: nobody"):
        ask(transport(f"{scheme}://wbem.example", proxies=proxies))
    assert asked == {("proxy.example", 80)}


def test_proxy_of_the_environment(
    transport: MakeTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FaultServer(OK) as proxy, FaultServer(OK) as server:
        monkeypatch.setenv("http_proxy", proxy.url)
        ask(transport(server.url))
        assert (len(proxy.requests), len(server.requests)) == (1, 0)
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        ask(transport(server.url))
        assert (len(proxy.requests), len(server.requests)) == (1, 1)


@pytest.mark.parametrize("status", ["407 Proxy Authentication Required", "502 Bad Gateway"])
def test_proxy_that_refuses(transport: MakeTransport, status: str) -> None:
    with FaultServer(answer(reply(b"no", status))) as proxy:
        url = proxy.url.replace("//", "//puser:ppass@")
        with pytest.raises(pywbem.ConnectionError, match=f"through proxy.*{status[:3]}") as caught:
            ask(transport("https://wbem.example", proxies={"https": url}))
        assert "ppass" not in str(caught.value)
        assert len(proxy.requests) == 1


@pytest.mark.parametrize("shell", ["sync"])
def test_proxy_that_is_asked_by_tls(
    transport: MakeTransport,
    authority: Authority,
    tls: ssl.SSLContext,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", authority.file)
    with FaultServer(answer(reply(b"no", "403 Forbidden")), tls=tls) as proxy:
        client = transport("https://wbem.example", proxies={"https": proxy.url})
        with pytest.raises(pywbem.ConnectionError, match=r"through proxy https:.*403"):
            ask(client)
        assert [request.method for request in proxy.requests] == ["CONNECT"]


def test_proxy_that_drips(transport: MakeTransport) -> None:
    def script(peer: Peer) -> None:
        peer.read_request()
        peer.drip(b"HTTP/1.1 200 Fine\r\n" + b"X: y\r\n" * 100, 0.02)

    with FaultServer(script) as proxy:
        started = time.monotonic()
        with pytest.raises(pywbem.TimeoutError):
            ask(transport("https://wbem.example", proxies={"https": proxy.url}, timeout=TIMEOUT))
        assert time.monotonic() - started < TIMEOUT + SLACK
