"""
The servers that the command lines name: `{mock}`, `{refused}` and so on.
"""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import subprocess
from pathlib import Path
from typing import Dict, Iterator, List

import trustme

from tests.integration.faultserver import FaultServer, Peer, Script, answer, reply

HERE = Path(__file__).resolve().parent
MODELS = [HERE / "model.mof", HERE.parent.parent / "examples" / "models" / "acme_interop.mof"]


@contextlib.contextmanager
def mock(python: Path, environment: Dict[str, str], *options: str) -> Iterator[str]:
    """The URL of the mock server of an environment, with the models."""
    command = [str(python), "-m", "pywbem_mock", "serve", "--interop", "--port", "0", *options]
    for model in MODELS:
        command += ["--mof", str(model)]
    with subprocess.Popen(
        command, cwd=environment["HOME"], env=environment, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        try:
            found = re.search(r"https?://\S+", server.stdout.readline())
            if found is None:
                raise SystemExit("the mock server does not start")
            yield found[0]
        finally:
            server.terminate()


NOTHING = "<IRETURNVALUE></IRETURNVALUE>"


def message(content: str, name: str = "EnumerateInstances", versions: str = "2.0 2.0 1.0") -> bytes:
    """A reply with the content of IMETHODRESPONSE, and versions of CIM, DTD and protocol."""
    cim, dtd, protocol = versions.split()
    return reply(
        (
            f'<?xml version="1.0" encoding="utf-8" ?><CIM CIMVERSION="{cim}" DTDVERSION="{dtd}">'
            f'<MESSAGE ID="1001" PROTOCOLVERSION="{protocol}"><SIMPLERSP>'
            f'<IMETHODRESPONSE NAME="{name}">{content}</IMETHODRESPONSE>'
            "</SIMPLERSP></MESSAGE></CIM>"
        ).encode()
    )


PLAIN = [("Content-Type", "text/plain")]
CIM_FAULT = [("CIMError", "request-not-valid"), ("PGErrorDetail", "bad%20key"), *PLAIN]

REPLIES = {
    "http403": reply(b"no", "403 Forbidden", PLAIN),
    "http404": reply(b"no", "404 Not Found", PLAIN),
    "http500": reply(b"", "500 Internal Server Error", PLAIN),
    "http501": reply(b"", "501 Not Implemented", CIM_FAULT),
    "cimerror": reply(b"", "500 Internal Server Error", CIM_FAULT),
    "http503": reply(b"later", "503 Service Unavailable", [("Retry-After", "9"), *PLAIN]),
    "html": reply(b"<html>", headers=[("Content-Type", "text/html")]),
    "untyped": reply(b"<CIM/>", headers=[]),
    "malformed": message("<IRETURNVALUE>"),
    "empty": reply(b""),
    "latin": reply(b'<?xml version="1.0"?><CIM A="\xe4">'),
    "notcim": reply(b"<other/>"),
    "version": message(NOTHING, versions="9.0 2.0 1.0"),
    "dtd": message(NOTHING, versions="2.0 9.0 1.0"),
    "protocol": message(NOTHING, versions="2.0 2.0 9.0"),
    "othername": message(NOTHING, "GetClass"),
    "otherthing": message("<IRETURNVALUE><VALUE>1</VALUE></IRETURNVALUE>"),
    "denied": message('<ERROR CODE="2" DESCRIPTION="not you"/>'),
    "unknowncode": message('<ERROR CODE="99" DESCRIPTION="?"/>'),
    "nocode": message('<ERROR DESCRIPTION="?"/>'),
    "badvalue": message(
        '<IRETURNVALUE><VALUE.NAMEDINSTANCE><INSTANCENAME CLASSNAME="TST_Disk"/>'
        '<INSTANCE CLASSNAME="TST_Disk"><PROPERTY NAME="Size" TYPE="uint64">'
        "<VALUE>many</VALUE></PROPERTY></INSTANCE></VALUE.NAMEDINSTANCE></IRETURNVALUE>"
    ),
}


def _closes(peer: Peer) -> None:
    peer.read_request()


def _cuts(peer: Peer) -> None:
    peer.read_request()
    peer.send(message(NOTHING)[:-9])


def _resets(peer: Peer) -> None:
    peer.read_request()
    peer.reset()


def _hangs(peer: Peer) -> None:
    peer.read_request()
    peer.hang()


def _talks_otherwise(peer: Peer) -> None:
    peer.read_request()
    peer.send(b"220 mail.example.com ESMTP\r\n")


def _takes_no_tls(peer: Peer) -> None:
    peer.sock.recv(5)
    peer.send(reply(b"", "400 Bad Request"))


SCRIPTS: Dict[str, Script] = {
    "closes": _closes,
    "truncated": _cuts,
    "resets": _resets,
    "hangs": _hangs,
    "smtp": _talks_otherwise,
    "notls": _takes_no_tls,
}


def _context(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    return context


@contextlib.contextmanager
def faulty(folder: Path) -> Iterator[Dict[str, str]]:
    """The URLs of servers at which something is wrong, and `{ca}`, a file of an authority."""
    authority, stranger = trustme.CA(), trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    scripts = {name: answer(data) for name, data in REPLIES.items()}
    scripts.update(SCRIPTS)
    servers: List[FaultServer] = []
    with contextlib.ExitStack() as stack:
        urls = {"ca": str(folder / "ca.pem")}
        for name, script in scripts.items():
            servers.append(stack.enter_context(FaultServer(script)))
            urls[name] = servers[-1].url
        for name, context in (
            ("trusted", _context(authority, "127.0.0.1")),
            ("untrusted", _context(stranger, "127.0.0.1")),
            ("othercert", _context(authority, "other.example.com")),
        ):
            servers.append(stack.enter_context(FaultServer(answer(message(NOTHING)), tls=context)))
            urls[name] = servers[-1].url
        urls["notls"] = urls["notls"].replace("http:", "https:")
        # A port that is bound and does not listen refuses connections.
        taken = stack.enter_context(socket.socket())
        taken.bind(("127.0.0.1", 0))
        urls["refused"] = f"http://127.0.0.1:{taken.getsockname()[1]}"
        yield urls
