"""
What is logged of operations on a real connection shows no credentials.
"""

from __future__ import annotations

import base64
import logging
from pathlib import Path
from typing import Any, Callable, Dict, Iterator

import pytest

from pywbem import CIMError, Error, WBEMConnection
from pywbem._logging import configure_logger
from tests.responder import Reply, Request, Responder

PASSWORD = "s3cret-pass"
SECRETS = (
    PASSWORD,
    "proxy-pass",
    "url-pass",
    "cookie-value",
    base64.b64encode(f"me:{PASSWORD}".encode()).decode(),
)
ERROR = (
    b'<CIM CIMVERSION="2.0" DTDVERSION="2.0"><MESSAGE ID="1001" PROTOCOLVERSION="1.0"><SIMPLERSP>'
    b'<IMETHODRESPONSE NAME="GetClass"><ERROR CODE="6" DESCRIPTION="try http://me:url-pass@other"/>'
    b"</IMETHODRESPONSE></SIMPLERSP></MESSAGE></CIM>"
)
COOKIE = ("Set-Cookie", "id=cookie-value")


@pytest.fixture(autouse=True)
def unconfigured() -> Iterator[None]:
    yield
    configure_logger("all", log_dest="off", connection=False)
    for name in ("pywbem.api", "pywbem.http"):
        logging.getLogger(name).setLevel(logging.NOTSET)
        logging.getLogger(name).propagate = True


def refuse(_: Request) -> Reply:
    return Reply(b"", 401, "Unauthorized", (("WWW-Authenticate", 'Basic realm="x"'), COOKIE))


def fail(_: Request) -> Reply:
    return Reply(ERROR, headers=(("Content-Type", "application/xml"), COOKIE))


@pytest.mark.parametrize("level", ["all", "paths", "summary", 40])
@pytest.mark.parametrize(
    "answer, options, exception, seen",
    [
        (fail, {}, CIMError, "Exception:"),
        (refuse, {}, Error, "Response:"),
        (fail, {"proxies": {"http": "http://pu:proxy-pass@127.0.0.1:1"}}, Error, "Exception:"),
    ],
    ids=["error", "unauthorized", "proxy"],
)
def test_no_secret(
    tmp_path: Path,
    answer: Callable[[Request], Reply],
    options: Dict[str, Any],
    exception: Any,
    seen: str,
    level: Any,
) -> None:
    """The operation is logged; the credentials were sent, but are not in the log."""
    path = tmp_path / "x.log"
    with Responder(answer) as responder:
        conn = WBEMConnection(responder.url, ("me", PASSWORD), timeout=5, **options)
        configure_logger("all", "file", level, str(path), conn)
        with conn, pytest.raises(exception):
            conn.GetClass("C")
        if not options:
            assert SECRETS[-1] in responder.requests[0].headers["authorization"]
    text = path.read_text(encoding="utf-8")
    assert seen in text
    for secret in SECRETS:
        assert secret not in text
        assert secret not in repr(conn)
