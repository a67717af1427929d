#!/usr/bin/env python3
"""
Measure the indication listener beside its floor, and beside another pywbem.

Eight clients send indications over kept connections, each the next one when the last
one was answered; a listener in a process of its own takes them.  The floor is an asyncio
server with h11 that parses the body as XML and keeps nothing.  Further listeners have a
journal on disk, run in an event loop, and have callbacks that take their time.  When the
environment variable PEER_PYTHON names an interpreter in which another pywbem is installed
(say, the last release), its listener takes the same indications.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import selectors
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Dict, Iterator, NamedTuple, Tuple

# At the end: an installed pywbem is used before the one in the checkout.
sys.path.append(str(Path(__file__).resolve().parent.parent.parent))

HOST = "127.0.0.1"
CLIENTS = 8
HOSTILE = 200

BODY = """<?xml version="1.0" encoding="utf-8" ?>
<CIM CIMVERSION="2.0" DTDVERSION="2.0">
<MESSAGE ID="{number}" PROTOCOLVERSION="1.0">
<SIMPLEEXPREQ><EXPMETHODCALL NAME="ExportIndication">
<EXPPARAMVALUE NAME="NewIndication">
<INSTANCE CLASSNAME="TST_Indication">
<PROPERTY NAME="IndicationIdentifier" TYPE="string"><VALUE>{client}:{number}</VALUE></PROPERTY>
<PROPERTY NAME="IndicationTime" TYPE="datetime">
<VALUE>20250101120000.000000+000</VALUE></PROPERTY>
<PROPERTY.ARRAY NAME="CorrelatedIndications" TYPE="string"><VALUE.ARRAY>
</VALUE.ARRAY></PROPERTY.ARRAY>
<PROPERTY NAME="MethodName" TYPE="string"><VALUE>SendTestIndications</VALUE></PROPERTY>
<PROPERTY NAME="SequenceContext" TYPE="string"><VALUE>bench:{client}</VALUE></PROPERTY>
<PROPERTY NAME="SequenceNumber" TYPE="sint64"><VALUE>{number}</VALUE></PROPERTY>
</INSTANCE></EXPPARAMVALUE></EXPMETHODCALL></SIMPLEEXPREQ></MESSAGE></CIM>
"""
HEAD = (
    "POST / HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/xml; charset=utf-8\r\n"
    "Content-Length: {length:010}\r\nTE: chunked, trailers\r\nCIMExport: MethodRequest\r\n"
    "CIMExportMethod: ExportIndication\r\n\r\n"
)


def request(client: str, number: int) -> bytes:
    body = BODY.format(client=client, number=number).encode("ascii")
    return HEAD.format(host=HOST, length=len(body)).encode("ascii") + body


# --- servers, each in a process of its own ------------------------------------------


def serve_journal(port: int) -> None:
    """The same with a journal in a file."""
    with tempfile.TemporaryDirectory() as folder:
        serve_listener(port, journal=str(Path(folder) / "journal"))


def serve_listener(port: int, **options: Any) -> None:
    """Serve until the standard input is closed, then print what was delivered."""
    import pywbem

    last: Dict[str, int] = {}
    counts = {"delivered": 0, "disordered": 0}

    def callback(indication: Any, host: str) -> None:
        client, _, number = indication["IndicationIdentifier"].partition(":")
        counts["delivered"] += 1
        counts["disordered"] += int(number) <= last.get(client, -1)
        last[client] = int(number)

    try:
        listener_class = pywbem.WBEMListener
    except AttributeError:
        from pywbem._listener import WBEMListener as listener_class
    listener = listener_class(HOST, port, max_ind_queue_size=0, **options)
    listener.add_callback(callback)
    listener.start()
    begun = time.process_time()
    print("ready", pywbem.__version__, flush=True)
    sys.stdin.read()
    listener.stop()
    print(json.dumps(dict(counts, cpu=time.process_time() - begun)), flush=True)


def serve_async(port: int) -> None:
    """The same in an event loop: with a loop over the listener."""
    import asyncio

    import pywbem

    counts = {"delivered": 0, "disordered": 0}

    async def main() -> None:
        last: Dict[str, int] = {}
        async with pywbem.AsyncWBEMListener(HOST, port, max_ind_queue_size=0) as listener:
            begun[0] = time.process_time()
            print("ready", pywbem.__version__, flush=True)
            end = asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
            end.add_done_callback(lambda _: asyncio.ensure_future(listener.stop()))
            async for indication, _ in listener:
                client, _, number = indication["IndicationIdentifier"].partition(":")
                counts["delivered"] += 1
                counts["disordered"] += int(number) <= last.get(client, -1)
                last[client] = int(number)

    begun = [0.0]
    asyncio.run(main())
    print(json.dumps(dict(counts, cpu=time.process_time() - begun[0])), flush=True)


def serve_slow(port: int) -> None:
    """A callback of 1 ms and a short queue."""
    _serve_slow(port, 0.001, 100)


def serve_many(port: int) -> None:
    """A callback that is slower than the senders, and the queue as it is by default."""
    _serve_slow(port, 0.0002, 5000)


def _serve_slow(port: int, pause: float, queue_size: int) -> None:
    import logging

    import pywbem

    logging.getLogger("pywbem").setLevel(logging.ERROR)
    times = [0.0]
    delivered = 0

    def callback(indication: Any, host: str) -> None:
        nonlocal delivered
        times[0] = times[0] or time.perf_counter()
        delivered += 1
        time.sleep(pause)

    listener = pywbem.WBEMListener(HOST, port, max_ind_queue_size=queue_size)
    listener.add_callback(callback)
    listener.start()
    print("ready", pywbem.__version__, flush=True)
    sys.stdin.read()
    result = {"delivered": delivered, "seconds": time.perf_counter() - times[0]}
    listener.stop()
    print(json.dumps(dict(result, total=delivered)), flush=True)


def serve_floor(port: int) -> None:
    """The least that a server does with h11: parse the body, answer, keep the connection."""
    import asyncio
    import xml.etree.ElementTree as ET

    import h11

    answer = b"x" * 200
    headers = [("Content-Type", "text/xml"), ("Content-Length", str(len(answer)))]

    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        protocol = h11.Connection(h11.SERVER)
        body = b""
        while True:
            event = protocol.next_event()
            if event is h11.NEED_DATA:
                protocol.receive_data(await reader.read(65536))
            elif isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.EndOfMessage):
                ET.fromstring(body)
                body = b""
                parts = (
                    h11.Response(status_code=200, headers=headers),
                    h11.Data(data=answer),
                    h11.EndOfMessage(),
                )
                writer.write(b"".join(protocol.send(part) or b"" for part in parts))
                await writer.drain()
                protocol.start_next_cycle()
            elif isinstance(event, h11.ConnectionClosed):
                writer.close()
                return

    async def main() -> None:
        server = await asyncio.start_server(client, HOST, port)
        begun[0] = time.process_time()
        print("ready floor", flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
        server.close()

    begun = [0.0]
    asyncio.run(main())
    print(json.dumps({"cpu": time.process_time() - begun[0]}), flush=True)


class Server(NamedTuple):
    """A server that runs."""

    port: int
    name: str
    process: subprocess.Popen[bytes]
    result: Dict[str, Any]


@contextmanager
def server(python: str, kind: str) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [python, __file__, "--serve", kind, "--port", str(port)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin and process.stdout
    killer = threading.Timer(600, process.kill)
    killer.daemon = True
    killer.start()
    result: Dict[str, Any] = {}
    try:
        ready, _, name = process.stdout.readline().decode("ascii").strip().partition(" ")
        if ready != "ready":
            raise SystemExit(f"the server did not start: {kind}")
        yield Server(port, name, process, result)
        process.stdin.close()
        result.update(json.loads(process.stdout.readline()))
        process.wait(timeout=60)
    finally:
        killer.cancel()
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def memory(process: subprocess.Popen[bytes]) -> int:
    """Return the resident memory of a process in bytes, 0 where it is not known."""
    status = Path(f"/proc/{process.pid}/status")
    if status.exists():
        for line in status.read_text(encoding="ascii").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
    return 0


# --- clients --------------------------------------------------------------------------


class Client:
    """Sends its indications, the next one when the last one was answered."""

    def __init__(
        self,
        selector: selectors.BaseSelector,
        port: int,
        name: str,
        count: int,
        patient: bool = False,
    ) -> None:
        self.selector = selector
        #: Whether it sends again what is refused.
        self.patient = patient
        self.address = (HOST, port)
        self.requests = [request(name, number) for number in range(count)]
        self.answered = 0
        self.connections = 0
        self.received = b""
        self.connect()

    def connect(self) -> None:
        self.connections += 1
        self.sock = socket.socket()
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock.setblocking(False)
        self.sock.connect_ex(self.address)
        self.selector.register(self.sock, selectors.EVENT_WRITE, self)

    def close(self) -> None:
        self.selector.unregister(self.sock)
        self.sock.close()

    def ready(self, events: int) -> bool:
        """Go on; return whether there are more requests to be answered."""
        if events & selectors.EVENT_WRITE:
            problem = self.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            assert problem == 0, os.strerror(problem)
            self.sock.setblocking(True)
            self.selector.modify(self.sock, selectors.EVENT_READ, self)
            self.send()
            return True
        data = self.sock.recv(65536)
        assert data, "the connection was closed without an answer"
        self.received += data
        return not self.is_answered() or self.next()

    def send(self) -> None:
        self.sock.sendall(self.requests[self.answered])

    def is_answered(self) -> bool:
        head, found, body = self.received.partition(b"\r\n\r\n")
        if not found:
            return False
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        if len(body) < length:
            return False
        assert head.split(b" ", 2)[1] == b"200", self.received
        if b"<ERROR" in body:
            assert self.patient, self.received
            self.received = b""
            self.send()
            return False
        return True

    def next(self) -> bool:
        self.answered += 1
        kept = not self.received.startswith(b"HTTP/1.0")
        self.received = b""
        if self.answered == len(self.requests):
            self.close()
            return False
        if kept:
            self.send()
        else:
            self.close()
            self.connect()
        return True


def send_all(port: int, count: int, prefix: str) -> Tuple[float, int]:
    """Send `count` indications; return the seconds and the number of connections."""
    with selectors.DefaultSelector() as selector:
        each = count // CLIENTS
        clients = [Client(selector, port, f"{prefix}{index}", each) for index in range(CLIENTS)]
        started = time.perf_counter()
        left = len(clients)
        while left:
            ready = selector.select(30)
            assert ready, "no answer for 30 seconds"
            left -= sum(not key.data.ready(events) for key, events in ready)
        seconds = time.perf_counter() - started
    return seconds, sum(client.connections for client in clients)


def send_for(port: int, clients: int, seconds: float) -> None:
    """Have clients send until the time is over, and again what is refused."""
    with selectors.DefaultSelector() as selector:
        each = int(seconds * 5000)
        all_clients = [Client(selector, port, f"s{n}", each, True) for n in range(clients)]
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            for key, events in selector.select(0.1):
                key.data.ready(events)
        for client in all_clients:
            client.close()


def overload(clients: int) -> float:
    """Return the deliveries a second of a callback of 1 ms."""
    with server(sys.executable, "slow") as target:
        send_for(target.port, clients, 4.0)
    return float(target.result["delivered"] / target.result["seconds"])


def growth_of_many(count: int) -> Tuple[int, int]:
    """Return what a listener delivered through a slow callback, and how its memory grew."""
    with server(sys.executable, "many") as target:
        send_all(target.port, CLIENTS * 10, "warm")
        before = most = memory(target.process)
        with selectors.DefaultSelector() as selector:
            each = count // CLIENTS
            for index in range(CLIENTS):
                Client(selector, target.port, f"m{index}", each, True)
            left, looked = CLIENTS, time.perf_counter()
            while left:
                left -= sum(not key.data.ready(events) for key, events in selector.select(30))
                if time.perf_counter() > looked + 0.5:
                    looked = time.perf_counter()
                    most = max(most, memory(target.process))
    return int(target.result["total"]), most - before


def back_to_back(port: int, count: int, pipelined: bool, prefix: str) -> float:
    """Send all on one connection, without waiting for answers or with; return seconds."""
    requests = [request(prefix, number) for number in range(count)]
    with socket.create_connection((HOST, port), timeout=30) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        started = time.perf_counter()
        if pipelined:
            sender = threading.Thread(target=sock.sendall, args=(b"".join(requests),))
            sender.start()
            answers = b""
            while answers.count(b"</CIM>") < count:
                answers += sock.recv(1 << 18)
            sender.join()
            ids = [int(part.split(b'"')[0]) for part in answers.split(b'MESSAGE ID="')[1:]]
            assert ids == list(range(count)), "the answers are not in order"
        else:
            for item in requests:
                sock.sendall(item)
                answer = b""
                while b"</CIM>" not in answer:
                    answer += sock.recv(65536)
        return time.perf_counter() - started


# --- hostile clients -------------------------------------------------------------------


@contextmanager
def hostile_connections(port: int) -> Iterator[None]:
    """Have connections that harm, of eight kinds."""
    whole = request("hostile", 0)
    head, _, body = whole.partition(b"\r\n\r\n")
    length = f"Content-Length: {len(body):010}".encode("ascii")
    entities = (
        b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
        + b"".join(
            b'<!ENTITY %c "%s">' % (98 + level, b"&%c;" % (97 + level) * 10) for level in range(9)
        )
        + b"]><CIM>&j;</CIM>"
    )
    openings = [
        b"",  # silent
        whole[:60],  # half a head
        whole[: len(head) + 300],  # half a body
        b"P",  # slow drip, one byte at a time
        b"\x16\x03\x01\x02\x00\x01\x00",  # half a TLS handshake
        head.replace(length, b"Content-Length: 1073741824") + b"\r\n\r\n" + body,
        head.replace(length, b"Content-Length: %d" % len(entities)) + b"\r\n\r\n" + entities,
        bytes(range(256)) * 20,  # garbage
    ]
    sockets = []
    for index in range(HOSTILE):
        sock = socket.create_connection((HOST, port), timeout=10)
        try:
            sock.sendall(openings[index % len(openings)])
        except OSError:
            pass  # closed by the server already
        sockets.append(sock)
    dripping = [(sock, iter(whole[1:])) for sock in sockets[3 :: len(openings)]]
    done = threading.Event()

    def drip() -> None:
        while not done.wait(0.2):
            for sock, rest in dripping:
                try:
                    sock.sendall(bytes([next(rest)]))
                except OSError:
                    pass

    dripper = threading.Thread(target=drip)
    dripper.start()
    try:
        yield
    finally:
        done.set()
        dripper.join()
        for sock in sockets:
            sock.close()


def with_hostile(target: Server, count: int) -> Tuple[float, float, int]:
    """Return the rates without and with hostile connections, and the growth of memory."""
    quiet = loud = 0.0
    before = most = memory(target.process)
    for turn in range(3):
        seconds, _ = send_all(target.port, count, f"quiet{turn}.")
        quiet = max(quiet, count / seconds)
        with hostile_connections(target.port):
            seconds, _ = send_all(target.port, count, f"loud{turn}.")
            loud = max(loud, count / seconds)
            most = max(most, memory(target.process))
    return quiet, loud, most - before


# --- the table ----------------------------------------------------------------------------


class Rate(NamedTuple):
    """How fast a server is; the processor time per indication is without the clients'."""

    per_second: float
    connections: int
    cpu: float
    name: str


def rate(python: str, kind: str, count: int) -> Rate:
    with server(python, kind) as target:
        seconds, connections = send_all(target.port, count, "c")
    if kind != "floor":
        assert target.result["delivered"] == count, target.result
        assert target.result["disordered"] == 0, target.result
    return Rate(count / seconds, connections, target.result["cpu"] / count, target.name)


SERVERS = {
    "async": serve_async,
    "floor": serve_floor,
    "journal": serve_journal,
    "listener": serve_listener,
    "many": serve_many,
    "slow": serve_slow,
}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=20000, help="indications; a multiple of 8")
    parser.add_argument(
        "--many", type=int, default=200000, help="indications for the bound of the memory"
    )
    parser.add_argument("--repeat", type=int, default=2, help="runs, of which the best counts")
    parser.add_argument("--serve", choices=sorted(SERVERS), help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.serve:
        SERVERS[args.serve](args.port)
        return 0

    peer = os.environ.get("PEER_PYTHON")
    runs = [
        ("pywbem", sys.executable, "listener"),
        ("async", sys.executable, "async"),
        ("journal", sys.executable, "journal"),
        ("floor", sys.executable, "floor"),
    ]
    if peer:
        runs.append(("peer", peer, "listener"))
    best: Dict[str, Rate] = {}
    for _ in range(args.repeat):
        for label, python, kind in runs:
            result = rate(python, kind, args.count)
            best[label] = max(result, best.get(label, result))
    print(f"Python {platform.python_version()}, {args.count} indications, {CLIENTS} clients")
    for label, result in best.items():
        print(
            f"{label:8} {result.name:12} {result.per_second:6.0f}/s, {result.cpu * 1e6:5.0f} us of "
            f"processor each, {result.connections} connections"
        )
    ours = best["pywbem"]
    for label in list(best)[1:]:
        times, cpu = ours.per_second / best[label].per_second, best[label].cpu / ours.cpu
        print(f"times the {label}: {times:.2f} (by processor time {cpu:.2f})", end="")
        print(", wanted: 5" if label == "peer" else "")
    if "peer" in best:
        times = best["async"].per_second / best["peer"].per_second
        print(f"asynchronous, times the peer: {times:.2f}")
    if "peer" in best:
        times = best["journal"].per_second / best["peer"].per_second
        print(f"with a journal, times the peer: {times:.2f}, wanted: 1.5")

    with server(sys.executable, "listener") as target:
        for pipelined in (False, True):
            seconds = back_to_back(target.port, 1000, pipelined, f"p{pipelined}")
            how = "pipelined" if pipelined else "one by one"
            print(f"1000 on one connection, {how}: {seconds:.2f} s, wanted 2.0")
        quiet, loud, growth = with_hostile(target, args.count // 4 // CLIENTS * CLIENTS)
    print(
        f"with {HOSTILE} hostile connections: {loud:.0f}/s of {quiet:.0f}/s, "
        f"{100 * (1 - loud / quiet):.0f} % less (wanted: less than 20 %), "
        f"memory +{growth / 1e6:.0f} MB (wanted: less than 50 MB)"
    )
    one, several = overload(1), overload(CLIENTS)
    print(
        f"callback of 1 ms: {several:.0f}/s with {CLIENTS} clients that do not stop, "
        f"{several / one:.2f} of one alone (wanted: 0.9)"
    )
    total, growth = growth_of_many(args.many)
    print(
        f"{total} indications through a slow callback: memory +{growth / 1e6:.0f} MB "
        f"(wanted: less than 60 MB, which 5000 in the queue may need)"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
