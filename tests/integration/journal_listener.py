"""
Listeners with a journal in processes of their own, which may be killed at any time.

A line of the standard input starts one: its form, the journal, a file, and how long the
callback takes.  It is forked, so that all is loaded already; its process ID and its port
are written to the standard output, and its exit status when it has ended.  SIGTERM stops
it.  It writes the text of each indication that is delivered, and whether it is
redelivered, as a line of the file.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time

import pywbem
from tests.integration.listener_forms import Running


def serve(form: str, journal: str, delivered: str, pause: float) -> None:
    file = os.open(delivered, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())

    def callback(indication: pywbem.CIMInstance, host: str, redelivered: bool = False) -> None:
        time.sleep(pause)
        os.write(file, f"{indication['Text']} {redelivered:d}\n".encode())

    options = {"journal": journal} if journal else {}
    with Running(form, callback, **options) as running:
        print(os.getpid(), running.port, flush=True)
        # In pieces: a signal may have come to another thread.
        while not stop.wait(0.02):
            pass


def main() -> None:
    # What is used is loaded when it is used first.
    assert pywbem.WBEMListener and pywbem.AsyncWBEMListener
    for line in sys.stdin:
        process = os.fork()
        if not process:
            status = 1
            try:
                serve(*json.loads(line))
                status = 0
            finally:
                os._exit(status)
        print(os.waitpid(process, 0)[1], flush=True)


if __name__ == "__main__":
    main()
