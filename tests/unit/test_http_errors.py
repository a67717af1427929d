"""
What is raised for a failure of a socket, TLS, urllib3 or requests: the class, and what its
text says.
"""

from __future__ import annotations

import errno
import socket
import ssl
from typing import Any, Dict, Optional, Tuple, Type

import pytest
import requests
import urllib3

import pywbem
from pywbem._http.errors import Failures
from pywbem._http.url import Target

CERTIFICATE = "The certificate of WBEM server https://h:5989 is refused: "


def failures(scheme: str = "https") -> Failures:
    return Failures(Target(scheme, "h", 5989), 5, "conn-1")


def verification(code: int, message: Optional[str] = None) -> ssl.SSLCertVerificationError:
    exc = ssl.SSLCertVerificationError("as OpenSSL says it")
    exc.verify_code, exc.verify_message = code, message or ""
    return exc


def of_tls(exc: ssl.SSLError, reason: Optional[str] = None) -> ssl.SSLError:
    exc.reason = reason  # type: ignore[assignment]
    return exc


def refused(cause: Exception) -> Exception:
    """What requests raises if no connection was made, because of that."""
    pool: Any = None
    try:
        try:
            raise cause
        except Exception:
            raise urllib3.exceptions.ConnectTimeoutError(pool, "no connection")  # noqa: B904
    except Exception as exc:
        return requests.ConnectionError(urllib3.exceptions.MaxRetryError(pool, "/", exc))


def read_timeout() -> Exception:
    pool: Any = None
    exc = urllib3.exceptions.ReadTimeoutError(pool, "/", "late")
    return requests.ConnectionError(urllib3.exceptions.MaxRetryError(pool, "/", exc))


ROWS: Dict[str, Tuple[Exception, str, Type[pywbem.Error], str]] = {
    "one of pywbem": (pywbem.HTTPError(500, "no"), "send", pywbem.HTTPError, "500"),
    "host unknown": (
        socket.gaierror(-2, "unknown"),
        "connect",
        pywbem.ConnectionError,
        "Cannot find the host of WBEM server https://h:5989: unknown. Check the host name",
    ),
    "refused": (
        ConnectionRefusedError(errno.ECONNREFUSED, "refused"),
        "connect",
        pywbem.ConnectionError,
        "https://h:5989: refused. Check that the server runs",
    ),
    "no route": (
        OSError(errno.EHOSTUNREACH, "no route"),
        "connect",
        pywbem.ConnectionError,
        "https://h:5989: no route. Check the host and the port in the URL, and the network.",
    ),
    "broke": (
        ConnectionResetError(errno.ECONNRESET, "reset"),
        "send",
        pywbem.ConnectionError,
        "The connection with WBEM server https://h:5989 broke: reset.",
    ),
    "without a reason": (OSError(), "receive", pywbem.ConnectionError, "broke: OSError."),
    "a text": (OSError("text"), "receive", pywbem.ConnectionError, "broke: text."),
    "timeout while sending": (
        socket.timeout(),
        "send",
        pywbem.TimeoutError,
        "within 5 seconds: the request was not sent completely.",
    ),
    "timeout while connecting": (
        socket.timeout(),
        "connect",
        pywbem.TimeoutError,
        "the connection was not established. Check that the host is up and no firewall blocks "
        "the port, and that the port speaks TLS.",
    ),
    "timeout of requests": (
        requests.ReadTimeout("late"),
        "receive",
        pywbem.TimeoutError,
        "late",
    ),
    "retries of requests": (
        requests.exceptions.RetryError("often"),
        "receive",
        pywbem.TimeoutError,
        "often",
    ),
    "timeout of urllib3": (
        read_timeout(),
        "receive",
        pywbem.TimeoutError,
        "within 5 seconds: the answer was not complete.",
    ),
    "refused, of urllib3": (
        refused(ConnectionRefusedError(errno.ECONNREFUSED, "refused")),
        "connect",
        pywbem.ConnectionError,
        "Cannot connect to WBEM server https://h:5989: refused. Check that the server runs",
    ),
    "silent, of urllib3": (
        refused(socket.timeout("silent")),
        "connect",
        pywbem.ConnectionError,
        "The connection with WBEM server https://h:5989 failed: ",
    ),
    "without arguments": (
        requests.RequestException(),
        "receive",
        pywbem.ConnectionError,
        "The connection with WBEM server https://h:5989 failed: ",
    ),
    "closed": (
        urllib3.exceptions.ClosedPoolError(None, "closed"),  # type: ignore[arg-type]
        "send",
        pywbem.ConnectionError,
        "WBEMConnection is closed",
    ),
    "unknown": (KeyError("x"), "receive", pywbem.ConnectionError, "failed: KeyError: 'x'"),
    "TLS, closed": (
        of_tls(ssl.SSLEOFError("EOF")),
        "connect",
        pywbem.ConnectionError,
        "TLS handshake with WBEM server https://h:5989 failed: the server closed the connection.",
    ),
    "TLS, later": (
        of_tls(ssl.SSLError("odd")),
        "receive",
        pywbem.ConnectionError,
        "TLS connection with WBEM server https://h:5989 failed: ('odd',).",
    ),
    "TLS, odd": (
        of_tls(ssl.SSLError("odd"), "VERY_ODD"),
        "receive",
        pywbem.ConnectionError,
        "TLS connection with WBEM server https://h:5989 failed: VERY_ODD.",
    ),
    "TLS, versions": (
        of_tls(ssl.SSLError("odd"), "unsupported protocol"),
        "connect",
        pywbem.ConnectionError,
        "have no TLS version in common; pywbem offered  (unsupported protocol).",
    ),
    "certificate, unknown reason": (
        verification(9999),
        "connect",
        pywbem.ConnectionError,
        CERTIFICATE + "('as OpenSSL says it',).",
    ),
    "certificate, reason of OpenSSL": (
        verification(9999, " strange. "),
        "connect",
        pywbem.ConnectionError,
        CERTIFICATE + "strange.",
    ),
    "certificate, known reason": (
        verification(10, "certificate has expired"),
        "connect",
        pywbem.ConnectionError,
        "or check the clock of this system (certificate has expired).",
    ),
    "certificate, known reason without words": (
        verification(10),
        "connect",
        pywbem.ConnectionError,
        "or check the clock of this system.",
    ),
    "certificate of another name": (
        verification(62),
        "connect",
        pywbem.ConnectionError,
        CERTIFICATE + "it is not valid for 'h', but for 'a'. Use a name of the certificate",
    ),
}


@pytest.mark.parametrize(("exc", "stage", "error", "text"), ROWS.values(), ids=ROWS)
def test_failure(exc: Exception, stage: str, error: Type[pywbem.Error], text: str) -> None:
    result = failures().translate(exc, stage, "'a'" if "62" in repr(vars(exc)) else "")
    assert type(result) is error
    assert text in str(result)
    assert result is exc or result.conn_id == "conn-1"


@pytest.mark.parametrize(
    ("scheme", "stage", "hint"),
    [
        ("http", "receive", True),
        ("http", "answered", False),
        ("https", "receive", False),
        ("https", "answered", False),
    ],
)
def test_hint_at_tls(scheme: str, stage: str, hint: bool) -> None:
    result = failures(scheme).translate(ConnectionResetError(errno.ECONNRESET, "reset"), stage)
    assert ("use https:// in the URL" in str(result)) is hint


def test_password_of_a_proxy_is_not_shown() -> None:
    result = failures("http").translate(requests.RequestException("a:p@ss@proxy fails"), "send")
    assert "p@ss" not in str(result) and "ss@" not in str(result)
    assert "XXX@proxy fails" in str(result)
