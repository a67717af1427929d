"""
A listener with a journal in a process of its own, which may be killed at any time.

It writes the text of each indication that is delivered, and whether it is redelivered,
as a line of a file.
"""

from __future__ import annotations

import os
import sys
import time

import pywbem


def main(journal: str, delivered: str, pause: str) -> None:
    file = os.open(delivered, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def callback(indication: pywbem.CIMInstance, host: str, redelivered: bool) -> None:
        time.sleep(float(pause))
        os.write(file, f"{indication['Text']} {redelivered:d}\n".encode())

    listener = pywbem.WBEMListener("127.0.0.1", 0, journal=journal)
    listener.add_callback(callback)
    with listener:
        listener.start()
        print(listener.http_port, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
