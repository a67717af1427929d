"""
A server that answers each request with the same bytes, as fast as Python can: what is
measured beside it is the client.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator, List

ROOT = Path(__file__).resolve().parent.parent.parent


def reply() -> bytes:
    """The reply to GetInstance, with its head."""
    from tests.benchmarks.documents import small

    body = small()
    head = (
        'HTTP/1.1 200 OK\r\nContent-Type: application/xml; charset="utf-8"\r\n'
        f"CIMOperation: MethodResponse\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode("ascii") + body


class Canned(asyncio.Protocol):
    """One connection: each request that is complete gets the reply."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer
        self._data = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._data += data
        while True:
            end = self._data.find(b"\r\n\r\n")
            length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", self._data[: max(end, 0)])
            if length is None or len(self._data) < end + 4 + int(length.group(1)):
                return
            self._data = self._data[end + 4 + int(length.group(1)) :]
            self._transport.write(self._answer)


async def serve(count: int) -> None:
    """Serve on so many ports until the standard input is closed."""
    loop = asyncio.get_running_loop()
    answer = reply()
    servers = [
        await loop.create_server(lambda: Canned(answer), "127.0.0.1", 0) for _ in range(count)
    ]
    print(*(server.sockets[0].getsockname()[1] for server in servers), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


@contextmanager
def canned(count: int = 1) -> Iterator[List[str]]:
    """Run the server in another process; yield the URLs of its ports."""
    process = subprocess.Popen(
        [sys.executable, __file__, str(count)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin and process.stdout
    killer = threading.Timer(3600, process.kill)
    killer.daemon = True
    killer.start()
    try:
        yield [f"http://127.0.0.1:{port}" for port in process.stdout.readline().decode().split()]
    finally:
        killer.cancel()
        process.stdin.close()
        process.wait(timeout=60)
        process.stdout.close()


if __name__ == "__main__":
    sys.path.append(str(ROOT))
    asyncio.run(serve(int(sys.argv[1])))
