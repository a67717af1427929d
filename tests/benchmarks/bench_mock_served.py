#!/usr/bin/env python3
"""
Measure the served mock: GetInstance by eight clients at once, beside a bare endpoint that answers
the same requests with the same bytes.

All clients are in one process, which does no more than to send the same bytes and to look for the
end of an answer, so that what is measured is the server.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import selectors
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
WANTED_RATE = 9000
WANTED_PART = 0.12


def load(port: int, count: int, request: bytes, number: int) -> List[float]:
    """
    Send so many requests over each of a number of connections, the next one when the last is
    answered; return the seconds until each had all its answers.
    """
    left = [count] * number
    times = [0.0] * number
    with contextlib.ExitStack() as stack, selectors.DefaultSelector() as selector:
        for client in range(number):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(connection, selectors.EVENT_READ, (client, connection))
        started = time.perf_counter()
        for key in selector.get_map().values():
            key.data[1].sendall(request)
        while any(left):
            for key, _ in selector.select():
                client, connection = key.data
                # An answer is small: its end comes with its last piece.
                if not connection.recv(65536).endswith(END):
                    continue
                left[client] -= 1
                if left[client]:
                    connection.sendall(request)
                else:
                    times[client] = time.perf_counter() - started
    return times


def rate(
    port: int, count: int, request: bytes, number: int = CLIENTS
) -> Tuple[float, float, float]:
    """
    Return the requests in a second, the time of the fastest client of the slowest, and the
    seconds of the processor that the server takes for a request.
    """
    command = [
        sys.executable,
        __file__,
        "--load",
        str(port),
        str(count),
        request.hex(),
        str(number),
    ]
    used = time.process_time()
    times: List[float] = json.loads(subprocess.check_output(command))
    used = time.process_time() - used
    total = number * count
    return total / max(times), min(times) / max(times), used / total


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
    used = min(mock[2] for mock, _ in rates)
    part = min(echo[2] for _, echo in rates) / used
    print(f"GetInstance by {CLIENTS} clients: {ours:,.0f} a second; a bare endpoint {bare:,.0f}")
    print(
        f"the server takes {used * 1e6:.0f} us of the processor, which is enough for "
        f"{1 / used:,.0f} a second (wanted on an idle machine: at least {WANTED_RATE:,})"
    )
    print(f"the bare endpoint takes {part:.2f} of that (wanted: at least {WANTED_PART})")
    print(f"the slowest client of the fastest: {fair:.2f} (wanted: at least {WANTED_FAIR})")
    return part >= WANTED_PART and fair >= WANTED_FAIR


def run() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000, help="requests of each client")
    parser.add_argument("--repeat", type=int, default=3, help="runs, of which the best counts")
    parser.add_argument("--load", nargs=4, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.load:
        port, count, request, number = arguments.load
        print(json.dumps(load(int(port), int(count), bytes.fromhex(request), int(number))))
        return 0
    return 0 if report(arguments.count, arguments.repeat) else 1


if __name__ == "__main__":
    sys.exit(run())
