"""
No text shows a password, wherever it was given and whatever characters it has.
"""

from __future__ import annotations

import base64
import contextlib
import io
import logging
import traceback
from typing import Any, Callable, Dict, Iterator, List

import pytest

import pywbem
from pywbem._cim_http import HTTPTransport, parse_url
from pywbem._http.url import masked, proxy_url
from tests.integration.faultserver import FaultServer, answer, reply
from tests.integration.test_http_auth import basic, sent
from tests.integration.test_session import OK

# The word that no text may have, among the characters that take texts apart.
SECRET = "Xyzzy"
PASSWORDS = {
    "plain": f"{SECRET}",
    "quote": f"'{SECRET}",
    "quotes": f"'\"{SECRET}\"'{SECRET}",
    "at": f"@{SECRET}@{SECRET}",
    "slash": f"a/{SECRET}/{SECRET}",
    "digits-slash": f"12/{SECRET}",
    "question": f"?{SECRET}",
    "fragment": f"#{SECRET}",
    "colon": f":{SECRET}:{SECRET}",
    "url": f"http://{SECRET}",
    "space": f"a {SECRET} b",
    "newline": f"a\n{SECRET}",
    "brackets": f"[{SECRET}]",
    "xml": f"<{SECRET}>&amp;",
    "percent": f"%41{SECRET}%",
    "backslash": f"\\{SECRET}\\",
    "umlaut": f"\u00e4{SECRET}\u20ac",
}

parametrized = pytest.mark.parametrize("password", PASSWORDS.values(), ids=PASSWORDS)


def texts_of(exc: BaseException) -> str:
    """All that is shown of an exception, and of what it was raised from."""
    return f"{exc!s} {exc!r} {exc.args!r} " + "".join(
        traceback.format_exception(type(exc), exc, None)
    )


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What is logged, at every level."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    loggers = [logging.getLogger(name) for name in ("pywbem.api", "pywbem.http")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
    yield text
    for logger, level in zip(loggers, levels):
        logger.removeHandler(handler)
        logger.setLevel(level)


FORMS: Dict[str, Callable[[str], Any]] = {
    "http": lambda password: f"http://user:{password}@host",
    "https-port": lambda password: f"https://user:{password}@host:5989",
    "no-scheme": lambda password: f"user:{password}@host",
    "no-userid": lambda password: f"http://:{password}@host",
    "userid-only": lambda password: f"http://{password}@host",
    "other-scheme": lambda password: f"ftp://user:{password}@host",
    "bad-port": lambda password: f"http://user:{password}@host:x",
    "ipv6": lambda password: f"http://user:{password}@[::1]:5988",
    "path": lambda password: f"http://user:{password}@host/cimom",
    "bytes": lambda password: f"http://user:{password}@host".encode(),
}


@parametrized
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_url(form: Callable[[str], Any], password: str) -> None:
    """It is refused, which says where credentials belong."""
    url = form(password)
    for refuse in (pywbem.WBEMConnection, parse_url, lambda url: parse_url(url, False)):
        with pytest.raises(ValueError, match="creds") as caught:
            refuse(url)
        assert SECRET not in texts_of(caught.value)


@parametrized
def test_transport(password: str) -> None:
    transport = HTTPTransport(f"http://user:{password}@host", ("user", password))
    assert SECRET not in repr(transport)
    with pytest.raises(pywbem.ConnectionError, match="creds") as caught:
        transport.post(b"", {})
    assert SECRET not in texts_of(caught.value)


CREDS: Dict[str, Callable[[str], Any]] = {
    "tuple": lambda password: ("user", password),
    "list": lambda password: ["user", password],
    "bytes": lambda password: (b"user", password.encode()),
    "mixed": lambda password: ("user", password.encode()),
    "three": lambda password: ("user", password, password),
}


@parametrized
@pytest.mark.parametrize("form", CREDS.values(), ids=CREDS)
def test_creds(form: Callable[[str], Any], password: str, log: io.StringIO) -> None:
    """They reach the server, and no text."""
    refusal = reply(b"no", "401 Unauthorized", [("WWW-Authenticate", 'Basic realm="x"')])
    record = io.StringIO()
    with FaultServer(answer(refusal)) as server:
        conn = pywbem.WBEMConnection(server.url, form(password), timeout=10)
        pywbem.configure_logger("all", log_dest=None, detail_level="all", connection=conn)
        conn.add_operation_recorder(pywbem.TestClientRecorder(record))
        conn.debug = True
        with pytest.raises(pywbem.AuthError) as caught:
            conn.EnumerateClassNames()
        assert sent(server) == [basic(f"user:{password}")]
        shown = [str(conn), repr(conn), repr(vars(conn)["_transport"]), texts_of(caught.value)]
        shown += [repr(recorder) for recorder in conn.operation_recorders]
        shown += [str(conn.last_raw_request), str(conn.last_request), str(conn.last_raw_reply)]
        conn.close()
    encoded = base64.b64encode(f"user:{password}".encode()).decode("ascii")
    for text in [*shown, log.getvalue(), record.getvalue()]:
        assert SECRET not in text
        assert encoded not in text
    assert "creds=('user', ...)" in str(conn)
    assert "EnumerateClassNames" in log.getvalue()


@pytest.mark.parametrize(
    "creds",
    [("user", f"{SECRET}\ud800"), (b"user", f"{SECRET}\xff".encode("latin-1"))],
    ids=["text", "bytes"],
)
def test_creds_that_have_no_form_in_utf8(creds: Any) -> None:
    conn = pywbem.WBEMConnection("http://127.0.0.1:1", creds)
    with pytest.raises(ValueError, match="creds") as caught:
        conn.EnumerateClassNames()
    assert SECRET not in texts_of(caught.value)
    assert "ud800" not in texts_of(caught.value)


def unread(scheme: str) -> Callable[[str], str]:
    """The URL of a proxy that cannot be used."""
    return lambda password: f"{scheme}user:{password}@127.0.0.1:1"


PROXIES = {
    "http": unread("http://"),
    "https": unread("https://"),
    "socks": unread("socks5://"),
    "unknown": unread("gopher://"),
    "no-scheme": unread(""),
}


@parametrized
@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("form", PROXIES.values(), ids=PROXIES)
@pytest.mark.parametrize("seen", [False, True], ids=["", "session read"])
def test_proxy(form: Callable[[str], str], scheme: str, password: str, seen: bool) -> None:
    proxies = {"http": form(password), "https": form(password)}
    conn = pywbem.WBEMConnection(f"{scheme}://wbem.example", proxies=proxies, timeout=10)
    assert not seen or conn.session is not None
    # On Linux a refused connection is tried again after a pause; not here.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pywbem._http.session.CONNECT_RETRIES", 0)
        with pytest.raises(pywbem.ConnectionError) as caught:
            conn.EnumerateClassNames()
    assert SECRET not in texts_of(caught.value) + str(conn) + repr(conn)
    assert SECRET not in repr(vars(conn)["_transport"])
    conn.close()


@parametrized
def test_password_for_a_proxy_arrives(password: str) -> None:
    """As it is, unless it is encoded already."""
    with FaultServer(OK) as proxy:
        url = proxy.url.replace("//", f"//user:{password}@")
        with contextlib.closing(
            pywbem.WBEMConnection("http://wbem.example", proxies={"http": url}, timeout=10)
        ) as conn:
            conn.EnumerateClassNames()
        expected = f"user:{password}".replace("%41", "A")
        assert proxy.requests[0].header("Proxy-Authorization") == basic(expected)


@pytest.mark.parametrize(
    "url, normal",
    [
        ("http://proxy:80", "http://proxy:80"),
        ("proxy:80", "http://proxy:80"),
        ("user:pass@proxy", "http://user:pass@proxy"),
        ("http://u:a%2Fb@proxy/", "http://u:a%2Fb@proxy/"),
        ("http://u:a/b@proxy", "http://u:a%2Fb@proxy"),
        ("http://u@x:p?#@proxy", "http://u%40x:p%3F%23@proxy"),
        ("socks5://[::1]:1080", "socks5://[::1]:1080"),
    ],
)
def test_proxy_url(url: str, normal: str) -> None:
    assert proxy_url(url) == normal


HIDDEN: List[Any] = [
    # Text, and what of it is shown
    (
        "http://user:{}@host/x",
        "http://XXX@host/x",
        "quote quotes at colon backslash umlaut brackets",
    ),
    ("to http://u:{}@h, x@y", "to http://XXX@h, x@y", "plain quote quotes colon percent slash"),
    ("<HOST>u:{}@h</HOST>", "<HOST>XXX@h</HOST>", "quote quotes at slash digits-slash space url"),
    ("C(host='u:{}@h', x='y@z')", "C(host='XXX@h', x='y@z')", "plain slash space colon url at"),
    ('C(host="u:{}@h")', 'C(host="XXX@h")', "plain quote slash space newline"),
]


@pytest.mark.parametrize(
    "text, shown, name",
    [(text, shown, name) for text, shown, names in HIDDEN for name in names.split()],
)
def test_masked_data(text: str, shown: str, name: str) -> None:
    assert masked(text.format(PASSWORDS[name])) == shown


@pytest.mark.parametrize(
    "text",
    [
        "http://host/root/cimv2:C.k=1",
        "//host:5988/root/cimv2:C.mail=x@y",
        "http://[::1]:5988/root:C.k=x@y",
        "mail me@here",
        "host='h', x='y@z'",
        "<HOST>h</HOST><KEYVALUE>x@y</KEYVALUE>",
    ],
)
def test_nothing_else_is_masked(text: str) -> None:
    assert masked(text) == text
