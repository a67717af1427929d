"""
``conn.session``: what a program sets, mounts or replaces there has the effect that
requests gives it.
"""

from __future__ import annotations

import base64
import ssl
import sys
import time
from types import FrameType
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Tuple

import pytest
import requests
import urllib3
from requests.adapters import BaseAdapter, HTTPAdapter
from requests.auth import HTTPBasicAuth, HTTPDigestAuth
from urllib3 import exceptions as library

import pywbem
from pywbem_mock import FakedWBEMConnection
from tests.integration.conftest import Authority
from tests.integration.faultserver import CIM_HEADERS, FaultServer, Peer, answer, chunked, reply

ANSWER = (
    b'<?xml version="1.0" encoding="utf-8" ?><CIM CIMVERSION="2.0" DTDVERSION="2.0">'
    b'<MESSAGE ID="1001" PROTOCOLVERSION="1.0"><SIMPLERSP><IMETHODRESPONSE '
    b'NAME="EnumerateClassNames"><IRETURNVALUE><CLASSNAME NAME="C"/></IRETURNVALUE>'
    b"</IMETHODRESPONSE></SIMPLERSP></MESSAGE></CIM>"
)
OK = answer(reply(ANSWER))
URL = "http://wbem.example:5988"
CREDS = ("user", "pass")
BASIC = "Basic " + base64.b64encode(b"user:pass").decode("ascii")


def response(status: int = 200, body: bytes = ANSWER) -> requests.Response:
    """A response that no server has sent."""
    made = requests.Response()
    made.status_code = status
    made.reason = "Reason"
    made.headers.update(dict(CIM_HEADERS))
    made._content = body
    return made


class Recorder(BaseAdapter):
    """Keeps what it is called with, and returns or raises what it was made with."""

    def __init__(self, *results: Any) -> None:
        super().__init__()
        self.calls: List[Tuple[requests.PreparedRequest, Dict[str, Any]]] = []
        self.results = list(results)
        self.closed = False

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        self.calls.append((request, kwargs))
        result = self.results.pop(0) if len(self.results) > 1 else self.results[0]
        if isinstance(result, Exception):
            raise result
        result.request = request
        return result  # type: ignore[no-any-return]

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def connect() -> Iterator[Callable[..., pywbem.WBEMConnection]]:
    """Makes connections, and closes them at the end of the test."""
    made: List[pywbem.WBEMConnection] = []

    def make(url: str = URL, creds: Any = CREDS, **options: Any) -> pywbem.WBEMConnection:
        made.append(
            pywbem.WBEMConnection(url, creds, timeout=options.pop("timeout", 10), **options)
        )
        return made[-1]

    yield make
    for connection in made:
        if connection.session is not None:
            connection.close()


Connect = Callable[..., pywbem.WBEMConnection]


def test_from_making_to_closing(connect: Connect) -> None:
    conn = connect()
    session = conn.session
    assert isinstance(session, requests.Session)
    assert conn.session is session
    assert (session.auth, session.verify, session.cert, session.trust_env) == (
        None,
        True,
        None,
        True,
    )
    assert session.headers["Accept-Encoding"] == "gzip, deflate"
    copied = conn.copy()
    assert copied.session is not session
    copied.close()
    conn.close()
    assert conn.session is None
    with pytest.raises(pywbem.ConnectionError, match="closed"):
        conn.EnumerateClassNames()


def test_closing_while_the_program_keeps_the_session(connect: Connect) -> None:
    with FaultServer(OK) as server:
        conn = connect(server.url)
        session = conn.session
        conn.EnumerateClassNames()
        assert server.open == 1
        conn.close()
        assert session is not None and server.all_closed()


def test_mock_connection() -> None:
    conn = FakedWBEMConnection()
    assert isinstance(conn.session, requests.Session)
    conn.close()
    assert conn.session is None


def test_arguments_of_the_connection_are_settings_of_the_session(
    connect: Connect, authority: Authority
) -> None:
    both = {"cert_file": authority.file, "key_file": authority.file}
    conn = connect("https://h", x509=both, no_verification=True, proxies={"https": "http://p:1"})
    assert conn.session is not None
    assert (conn.session.verify, conn.session.cert) == (False, (authority.file, authority.file))
    assert conn.session.proxies == {"https": "http://p:1"}
    conn = connect("https://h", x509={"cert_file": authority.file}, ca_certs=authority.file)
    assert conn.session is not None
    assert (conn.session.verify, conn.session.cert) == (authority.file, authority.file)


def test_mounted_adapter(connect: Connect) -> None:
    conn = connect(timeout=5)
    adapter = Recorder(response())
    conn.session.mount("http://", adapter)
    assert conn.EnumerateClassNames() == ["C"]
    request, options = adapter.calls[0]
    assert (request.method, request.url) == ("POST", f"{URL}/cimom")
    assert isinstance(request.body, bytes)
    assert request.headers["Content-Length"] == str(len(request.body))
    assert request.headers["CIMMethod"] == "EnumerateClassNames"
    assert request.headers["Authorization"] == BASIC
    assert options.pop("proxies") == {}
    connect_time, read_time = options.pop("timeout")
    assert (connect_time > 0, read_time) == (True, 5)
    assert options == {"stream": False, "verify": True, "cert": None}
    conn.close()
    assert adapter.closed


def test_adapter_for_one_host(connect: Connect) -> None:
    """The adapter with the longest prefix is used, and others as before."""
    conn = connect()
    mine, other = Recorder(response()), Recorder(RuntimeError("not this one"))
    conn.session.mount(f"{URL}/", mine)
    conn.session.mount("http://other/", other)
    assert conn.EnumerateClassNames() == ["C"]
    assert (len(mine.calls), other.calls) == (1, [])


def test_adapters_of_requests(connect: Connect) -> None:
    with FaultServer(OK) as server:
        conn = connect(server.url)
        conn.session.mount("http://", HTTPAdapter(max_retries=3))
        assert conn.EnumerateClassNames() == ["C"]
        conn.close()
    conn = connect("http://127.0.0.1:1")
    conn.session.mount("http://", HTTPAdapter())
    with pytest.raises(pywbem.ConnectionError, match=r"^Cannot connect to WBEM server http"):
        conn.EnumerateClassNames()


def set_to(**attributes: Any) -> Callable[[requests.Session], None]:
    """A change of attributes of a session."""

    def change(session: requests.Session) -> None:
        for name, value in attributes.items():
            setattr(session, name, value)

    return change


def bearer(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """An authentication of requests."""
    request.headers["Authorization"] = "Bearer token"
    return request


CHANGES: List[Tuple[str, Callable[[requests.Session], Any], Any, str, Optional[str]]] = [
    ("header", lambda s: s.headers.update({"X-Own": "1"}), CREDS, "X-Own", "1"),
    (
        "header-replaced",
        lambda s: s.headers.update({"user-agent": "me"}),
        CREDS,
        "User-Agent",
        "me",
    ),
    ("header-removed", lambda s: s.headers.pop("Accept"), CREDS, "Accept", None),
    (
        "header-of-the-operation",
        lambda s: s.headers.update({"CIMMethod": "Other"}),
        CREDS,
        "CIMMethod",
        "EnumerateClassNames",
    ),
    ("header-auth", lambda s: s.headers.update(Authorization="T x"), None, "Authorization", "T x"),
    (
        "header-auth-creds",
        lambda s: s.headers.update(Authorization="x"),
        CREDS,
        "Authorization",
        BASIC,
    ),
    ("auth", set_to(auth=("a", "b")), CREDS, "Authorization", "Basic YTpi"),
    ("auth-function", set_to(auth=bearer), None, "Authorization", "Bearer token"),
    ("cookie", lambda s: s.cookies.set("k", "v"), CREDS, "Cookie", "k=v"),
    ("nothing", lambda s: None, CREDS, "Authorization", BASIC),
]


@pytest.mark.parametrize(
    "change, creds, name, value", [case[1:] for case in CHANGES], ids=[case[0] for case in CHANGES]
)
@pytest.mark.parametrize("used", [False, True], ids=["before use", "after use"])
def test_what_is_sent(
    connect: Connect,
    change: Callable[[requests.Session], Any],
    creds: Any,
    name: str,
    value: Optional[str],
    used: bool,
) -> None:
    with FaultServer(OK) as server:
        conn = connect(server.url, creds)
        if used:
            conn.EnumerateClassNames()
        change(conn.session)
        assert conn.EnumerateClassNames() == ["C"]
        assert server.requests[-1].header(name) == value
        assert server.connections == 1
        conn.close()


def test_parameters(connect: Connect) -> None:
    with FaultServer(OK) as server:
        conn = connect(server.url)
        conn.session.params = {"q": "1"}
        assert conn.EnumerateClassNames() == ["C"]
        assert server.requests[0].target == "/cimom?q=1"
        conn.close()


def test_hooks(connect: Connect) -> None:
    seen: List[Tuple[int, bytes]] = []

    def hook(answered: requests.Response, **_kwargs: Any) -> None:
        seen.append((answered.status_code, answered.content))

    def failing(_answered: requests.Response, **_kwargs: Any) -> None:
        raise RuntimeError("of the program")

    with FaultServer(OK) as server:
        conn = connect(server.url)
        conn.session.hooks["response"].append(hook)
        assert conn.EnumerateClassNames() == ["C"]
        assert seen == [(200, ANSWER)]
        conn.session.hooks["response"].append(failing)
        with pytest.raises(RuntimeError, match="of the program"):
            conn.EnumerateClassNames()
        conn.close()


def test_digest_authentication(connect: Connect) -> None:
    challenge = 'Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256'
    refusal = reply(b"no", "401 Unauthorized", [("WWW-Authenticate", challenge)])
    with FaultServer(answer(refusal, reply(ANSWER))) as server:
        conn = connect(server.url, None)
        conn.session.auth = HTTPDigestAuth("user", "pass")
        assert conn.EnumerateClassNames() == ["C"]
        assert str(server.requests[1].header("Authorization")).startswith("Digest ")
        conn.close()


def test_authentication_object_in_creds(connect: Connect) -> None:
    """It is that of the session, until the program sets another one there."""
    with FaultServer(OK) as server:
        conn = connect(server.url, HTTPBasicAuth("user", "pass"))
        for auth in (conn.session.auth, HTTPBasicAuth("other", "pass")):
            conn.session.auth = auth
            assert conn.EnumerateClassNames() == ["C"]
        sent = [str(request.header("Authorization")) for request in server.requests]
        assert sent == [BASIC, "Basic " + base64.b64encode(b"other:pass").decode("ascii")]
        conn.close()


def test_proxies(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    with FaultServer(OK) as proxy:
        conn = connect()
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
        conn.session.proxies = {"http": proxy.url}
        assert conn.EnumerateClassNames() == ["C"]
        assert proxy.requests[0].target == f"{URL}/cimom"
        # Of a request of the program, its own.
        conn.session.proxies = {"http": "http://127.0.0.1:1"}
        conn.session.get("http://wbem.example/x", proxies={"http": proxy.url})
        assert proxy.requests[1].target == "http://wbem.example/x"
        conn.close()


def test_verification(
    connect: Connect, authority: Authority, tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each setting counts from the next operation on, whatever the environment says."""
    with FaultServer(OK, tls) as server:
        conn = connect(server.url)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", authority.file)
        assert conn.session.verify is True
        assert conn.EnumerateClassNames() == ["C"]
        monkeypatch.delenv("REQUESTS_CA_BUNDLE")
        with pytest.raises(pywbem.ConnectionError, match="unknown CA"):
            conn.EnumerateClassNames()
        for verify in (authority.file, False):
            conn.session.verify = verify
            assert conn.EnumerateClassNames() == ["C"]
        conn.session.verify = True
        with pytest.raises(pywbem.ConnectionError, match="unknown CA"):
            conn.EnumerateClassNames()
        conn.close()


def test_client_certificate(connect: Connect, authority: Authority, tmp_path: Any) -> None:
    context = authority.server_context("127.0.0.1")
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(authority.file)
    issued = authority.ca.issue_cert("client")
    issued.private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "client.pem"))
    with FaultServer(OK, context) as server:
        conn = connect(server.url, ca_certs=authority.file)
        with pytest.raises(pywbem.ConnectionError):
            conn.EnumerateClassNames()
        conn.session.cert = str(tmp_path / "client.pem")
        assert conn.EnumerateClassNames() == ["C"]
        conn.close()


def test_own_requests_of_the_program(connect: Connect) -> None:
    with FaultServer(OK) as server, FaultServer(OK) as other:
        conn = connect(server.url)
        for url in (f"{server.url}/cimom", f"{other.url}/x"):
            answered = conn.session.post(url, data=b"x", headers={"A": "b"}, timeout=(3, 5))
            assert (answered.status_code, answered.content) == (200, ANSWER)
        assert [len(one.requests) for one in (server, other)] == [1, 1]
        assert other.requests[0].header("Authorization") is None
        conn.close()


# What stands in the place of the session, or of the methods of requests


class Double:
    """No session of requests, and no response of requests."""

    def __init__(self, status: int = 200, headers: Optional[Mapping[str, str]] = None) -> None:
        self.calls: List[Tuple[str, bytes, Mapping[str, str], Any]] = []
        self.status_code = status
        self.reason = "Reason"
        self.headers = dict(CIM_HEADERS) if headers is None else headers
        self.content = ANSWER
        self.closed = False

    def post(self, url: str, data: bytes, headers: Mapping[str, str], timeout: Any) -> Double:
        self.calls.append((url, data, headers, timeout))
        return self

    def close(self) -> None:
        self.closed = True


def test_replaced_session(connect: Connect) -> None:
    conn = connect(timeout=5)
    double: Any = Double()
    conn.session = double
    assert conn.session is double
    assert conn.EnumerateClassNames() == ["C"]
    url, data, headers, timeout = double.calls[0]
    assert url == f"{URL}/cimom"
    assert data.startswith(b"<?xml")
    assert isinstance(timeout, tuple)
    assert timeout[1] == 5
    assert dict(headers) == {
        "Content-type": 'application/xml; charset="utf-8"',
        "Content-length": str(len(data)),
        "CIMOperation": "MethodCall",
        "CIMMethod": "EnumerateClassNames",
        "CIMObject": "root/cimv2",
        "Authorization": BASIC,
    }
    conn.close()
    assert double.closed
    assert conn.session is None


@pytest.mark.parametrize(
    "status, headers, exception",
    [
        (401, {}, pywbem.AuthError),
        (500, {"cimerror": "x"}, pywbem.HTTPError),
        (302, {"location": "/"}, pywbem.HTTPError),
        (200, {"content-type": "text/html"}, pywbem.HeaderParseError),
    ],
)
def test_replies_of_a_replaced_session(
    connect: Connect, status: int, headers: Mapping[str, str], exception: Any
) -> None:
    conn = connect()
    double: Any = Double(status, headers)
    conn.session = double
    with pytest.raises(exception):
        conn.EnumerateClassNames()


def test_session_set_to_none(connect: Connect) -> None:
    conn = connect()
    conn.session = None
    assert conn.session is None
    with pytest.raises(pywbem.ConnectionError, match="closed"):
        conn.EnumerateClassNames()


def test_plain_session(connect: Connect) -> None:
    with FaultServer(OK) as server, requests.Session() as session:
        conn = connect(server.url)
        conn.session = session
        assert conn.EnumerateClassNames() == ["C"]


@pytest.mark.parametrize(
    "owner, method",
    [
        (requests.Session, "post"),
        (requests.Session, "request"),
        (requests.Session, "send"),
        (requests.Session, "get_adapter"),
        (HTTPAdapter, "send"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
@pytest.mark.parametrize("used", [False, True], ids=["unused", "used"])
def test_replaced_methods(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, owner: Any, method: str, used: bool
) -> None:
    """As libraries for tests do it; the session itself is not touched."""
    with FaultServer(OK) as server:
        conn = connect(server.url)
        if used:
            conn.EnumerateClassNames()
        before = len(server.requests)
        with monkeypatch.context() as context:
            result = Recorder(response()) if method == "get_adapter" else response()
            context.setattr(owner, method, lambda *args, **kwargs: result)
            assert conn.EnumerateClassNames() == ["C"]
            assert len(server.requests) == before
        assert conn.EnumerateClassNames() == ["C"]
        assert len(server.requests) == before + 1
        conn.close()


POOL = urllib3.HTTPConnectionPool("h", 1)
LATE = library.ReadTimeoutError(POOL, "/cimom", "Read timed out.")
FAILURES: List[Tuple[Exception, Any]] = [
    (requests.exceptions.ReadTimeout("x"), pywbem.TimeoutError),
    (requests.exceptions.RetryError("x"), pywbem.TimeoutError),
    (requests.ConnectionError(library.MaxRetryError(POOL, "/", LATE)), pywbem.TimeoutError),
    (requests.exceptions.ConnectTimeout("x"), pywbem.ConnectionError),
    (requests.exceptions.SSLError("x"), pywbem.ConnectionError),
    (requests.exceptions.ProxyError("x"), pywbem.ConnectionError),
    (requests.exceptions.ChunkedEncodingError("x"), pywbem.ConnectionError),
    (requests.exceptions.TooManyRedirects("x"), pywbem.ConnectionError),
    (requests.RequestException(), pywbem.ConnectionError),
    (OSError(5, "x"), OSError),
    (ssl.SSLError(1, "x"), ssl.SSLError),
    (ValueError("x"), ValueError),
    (pywbem.CIMError(6, "x"), pywbem.CIMError),
]


@pytest.mark.parametrize(
    "raised, exception", FAILURES, ids=[f"{type(case[0]).__name__}" for case in FAILURES]
)
def test_failures_of_an_adapter(connect: Connect, raised: Exception, exception: Any) -> None:
    conn = connect()
    conn.session.mount("http://", Recorder(raised))
    with pytest.raises(exception) as caught:
        conn.EnumerateClassNames()
    assert type(caught.value) is exception


@pytest.mark.parametrize("raised", [LATE, library.ProtocolError("x"), library.SSLError("x")])
def test_failures_of_urllib3(connect: Connect, raised: Exception) -> None:
    conn = connect()
    conn.session.mount("http://", Recorder(raised))
    with pytest.warns(pywbem.RequestExceptionWarning, match="directly"), pytest.raises(
        pywbem.ConnectionError
    ):
        conn.EnumerateClassNames()


# The guarantees stay


def drip(peer: Peer) -> None:
    """A server that sends a byte now and then."""
    peer.read_request()
    peer.drip(reply(ANSWER), 0.02)


def test_the_timeout_holds(connect: Connect) -> None:
    with FaultServer(drip) as server:
        conn = connect(server.url, timeout=0.5)
        conn.session.headers["X"] = "y"
        started = time.monotonic()
        with pytest.raises(pywbem.TimeoutError):
            conn.EnumerateClassNames()
        assert 0.4 < time.monotonic() - started < 4
        conn.close()


def test_trailers_are_read(connect: Connect) -> None:
    late = chunked([ANSWER], [("CIMStatusCode", "6"), ("CIMStatusCodeDescription", "late")])
    with FaultServer(answer(late)) as server:
        conn = connect(server.url)
        conn.session.headers["X"] = "y"
        with pytest.raises(pywbem.CIMError, match="late"):
            conn.EnumerateClassNames()
        conn.close()


def test_the_size_is_bounded(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pywbem.config, "MAX_MESSAGE_SIZE", 100_000)
    with FaultServer(answer(reply(ANSWER + b" " * 300_000))) as server:
        conn = connect(server.url)
        conn.session.headers["X"] = "y"
        with pytest.raises(pywbem.ConnectionError, match="MAX_MESSAGE_SIZE"):
            conn.EnumerateClassNames()
        conn.close()


def test_no_redirect(connect: Connect) -> None:
    with FaultServer(answer(reply(b"", "307 Moved", [("Location", "/x")]))) as server:
        conn = connect(server.url)
        conn.session.headers["X"] = "y"
        with pytest.raises(pywbem.HTTPError, match="307"):
            conn.EnumerateClassNames()
        assert len(server.requests) == 1
        conn.close()


def test_credentials_come_before_netrc(
    connect: Connect, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login file password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with FaultServer(OK) as server:
        for creds, expected in ((CREDS, BASIC), (None, "Basic ZmlsZTpzZWNyZXQ=")):
            conn = connect(server.url, creds)
            conn.session.headers["X"] = "y"
            conn.EnumerateClassNames()
            assert server.requests[-1].header("Authorization") == expected
            conn.close()


def runs_through_requests(conn: pywbem.WBEMConnection) -> bool:
    """Whether an operation merges all settings, as requests does it."""
    code = requests.Session.request.__code__
    seen = False

    def look(frame: FrameType, event: str, _arg: Any) -> None:
        nonlocal seen
        seen = seen or (event == "call" and frame.f_code is code)

    earlier = sys.getprofile()
    sys.setprofile(look)
    try:
        conn.EnumerateClassNames()
    finally:
        sys.setprofile(earlier)
    return seen


def test_the_short_way_as_long_as_nobody_looks(connect: Connect) -> None:
    with FaultServer(OK) as server:
        conn = connect(server.url)
        assert not runs_through_requests(conn)
        assert conn.session is not None
        assert runs_through_requests(conn)
        assert server.connections == 1
        conn.close()
