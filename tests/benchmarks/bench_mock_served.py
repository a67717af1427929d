#!/usr/bin/env python3
"""
Measure the served mock: GetInstance by eight clients at once, beside a bare endpoint that answers
the same requests with the same bytes.

The clients are processes of their own that send one request after the other over a plain socket,
so that what is measured is the server.
"""

from __future__ import annotations

import argparse
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, List, Tuple

# At the end: an installed pywbem is used before the one in the checkout.
sys.path.append(str(Path(__file__).resolve().parent.parent.parent))

CLIENTS = 8
END = b"</CIM>"

# The slowest client of the fastest, and the time of the processor that the bare endpoint takes of
# that of the mock, which others on the machine disturb less than the rates.
WANTED_FAIR = 0.8
WANTED_PART = 0.1


def client(port: int, count: int, request: bytes) -> None:
    """Send so many requests, when told to; print the seconds that took."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        print("ready", flush=True)
        sys.stdin.readline()
        started = time.perf_counter()
        for _ in range(count):
            connection.sendall(request)
            received = b""
            while END not in received:
                received += connection.recv(65536)
        print(time.perf_counter() - started, flush=True)


def rate(
    port: int, count: int, request: bytes, number: int = CLIENTS
) -> Tuple[float, float, float]:
    """
    Return the requests in a second, the time of the fastest client of the slowest, and the
    seconds of the processor that the server takes for a request.
    """
    command = [sys.executable, __file__, "--client", str(port), str(count), request.hex()]
    clients = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="ascii")
        for _ in range(number)
    ]
    times: List[float] = []
    for process in clients:
        assert process.stdout is not None
        process.stdout.readline()
    started, used = time.perf_counter(), time.process_time()
    for process in clients:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in clients:
        assert process.stdout is not None
        times.append(float(process.stdout.readline()))
    seconds, used = time.perf_counter() - started, time.process_time() - used
    for process in clients:
        process.communicate()
    total = number * count
    return total / seconds, min(times) / max(times), used / total


def post(port: int, request: bytes) -> bytes:
    """Return the body of the answer to a request."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(request)
        received = b""
        while END not in received:
            received += connection.recv(65536)
    return received.split(b"\r\n\r\n", 1)[1]


def get_instance() -> bytes:
    """Return a request as clients send it."""
    from pywbem import CIMInstanceName

    return request_of("GetInstance", InstanceName=CIMInstanceName("Disk", {"Id": "Disk7"}))


def request_of(operation: str, **params: Any) -> bytes:
    """Return the request for an operation in the default namespace."""
    from pywbem._cim_xml.messages import encode_request
    from pywbem._cim_xml.records import IntrinsicCall

    body = encode_request(IntrinsicCall(operation, "root/cimv2", list(params.items())), "1")
    head = (
        "POST /cimom HTTP/1.1\r\nHost: localhost\r\nCIMOperation: MethodCall\r\n"
        f"CIMMethod: {operation}\r\nCIMObject: root%2Fcimv2\r\n"
        f'Content-Type: application/xml; charset="utf-8"\r\nContent-Length: {len(body)}\r\n\r\n'
    )
    return head.encode("ascii") + body


def report(count: int, repeat: int) -> bool:
    """Print the rates; return whether they are as wanted."""
    from pywbem._endpoint import HTTPEndpoint, Response
    from pywbem_mock import WBEMServerThread
    from tests.benchmarks.bench_mock import instances_mof, server

    conn = server()
    conn.compile_mof_string(instances_mof(10))
    request = get_instance()
    with WBEMServerThread(conn) as served:
        body = post(served.port, request)
        headers = (("Content-Type", 'application/xml; charset="utf-8"'),)
        endpoint = HTTPEndpoint(lambda _: Response(200, headers, body))
        bare_port = endpoint.bind("127.0.0.1", 0)
        endpoint.start()
        try:
            # In turns.
            rates = [
                (rate(served.port, count, request), rate(bare_port, count, request))
                for _ in range(repeat)
            ]
        finally:
            endpoint.stop()
    ours, fair, _ = max(mock for mock, _ in rates)
    bare, _, _ = max(echo for _, echo in rates)
    part = min(echo[2] for _, echo in rates) / min(mock[2] for mock, _ in rates)
    print(f"GetInstance by {CLIENTS} clients: {ours:,.0f} a second; a bare endpoint {bare:,.0f}")
    print(f"the bare endpoint takes {part:.2f} of the time (wanted: at least {WANTED_PART})")
    print(f"the slowest client of the fastest: {fair:.2f} (wanted: at least {WANTED_FAIR})")
    return part >= WANTED_PART and fair >= WANTED_FAIR


def run() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000, help="requests of each client")
    parser.add_argument("--repeat", type=int, default=3, help="runs, of which the best counts")
    parser.add_argument("--client", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.client:
        port, count, request = arguments.client
        client(int(port), int(count), bytes.fromhex(request))
        return 0
    return 0 if report(arguments.count, arguments.repeat) else 1


if __name__ == "__main__":
    sys.exit(run())
