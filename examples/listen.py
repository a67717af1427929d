#!/usr/bin/env python3
"""
Listen for indications and print each one, until Ctrl-C or a number of them.

With --server the script also subscribes at a WBEM server, and ends the subscription
when it ends; the listener must then be reachable under --advertise.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from contextlib import ExitStack
from typing import Optional, TextIO

from wbem_options import (
    EPILOG,
    add_connection_options,
    add_json_option,
    connect,
    make_parser,
    print_json,
    run,
)

import pywbem


def parse_arguments() -> argparse.Namespace:
    parser = make_parser(__doc__, EPILOG + "  4  the listener could not be started\n")
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: %(default)s)"
    )
    parser.add_argument(
        "--port", type=int, default=5990, help="port, 0 for any free one (default: %(default)s)"
    )
    parser.add_argument("--certfile", help="certificate in PEM format: listen with HTTPS")
    parser.add_argument("--keyfile", help="private key of the certificate, if in another file")
    parser.add_argument(
        "--journal", metavar="FILE", help="keep indications in this file until they are printed"
    )
    parser.add_argument(
        "-c", "--count", type=int, metavar="N", help="end after this number of indications"
    )
    parser.add_argument("-s", "--server", metavar="URL", help="subscribe at this server")
    parser.add_argument(
        "-q",
        "--query",
        default="SELECT * FROM CIM_InstIndication",
        help="what to subscribe for, in WQL (default: %(default)s)",
    )
    parser.add_argument(
        "--advertise", metavar="URL", help="URL of the listener for the server (default: --host)"
    )
    add_connection_options(parser)
    add_json_option(parser)
    return parser.parse_args()


def told(args: argparse.Namespace) -> TextIO:
    """Return where to tell what happens: the output for programs has nothing but JSON."""
    return sys.stderr if args.json else sys.stdout


def make_listener(args: argparse.Namespace) -> pywbem.WBEMListener:
    if args.certfile is None:
        return pywbem.WBEMListener(args.host, http_port=args.port, journal=args.journal)
    return pywbem.WBEMListener(
        args.host,
        https_port=args.port,
        certfile=args.certfile,
        keyfile=args.keyfile or args.certfile,
        journal=args.journal,
    )


def subscribe(stack: ExitStack, args: argparse.Namespace, url: str) -> None:
    """Subscribe at the server until the stack is left."""
    server = pywbem.WBEMServer(stack.enter_context(connect(args.server, args)))
    manager = stack.enter_context(pywbem.WBEMSubscriptionManager("pywbem-listen"))
    server_id = manager.add_server(server)
    manager.add_destination(server_id, url, destination_id="listen")
    filter_ = manager.add_filter(server_id, [args.namespace], args.query, filter_id="listen")
    assert filter_.path is not None
    manager.add_subscriptions(server_id, filter_.path)
    print(f"Subscribed at {args.server}: {args.query}", file=told(args), flush=True)


class Printer:
    """
    The callback of the listener: an indication is out when it returns, so that a journal
    may forget it.
    """

    def __init__(self, count: Optional[int], as_json: bool) -> None:
        self.left = count
        self.as_json = as_json
        self.ended = threading.Event()

    def __call__(self, indication: pywbem.CIMInstance, host: str) -> None:
        if self.as_json:
            print_json({"host": host, "indication": indication}, indent=None)
        else:
            self.print_text(indication, host)
        if self.left is not None:
            self.left -= 1
            if self.left <= 0:
                self.ended.set()

    def print_text(self, indication: pywbem.CIMInstance, host: str) -> None:
        print(f"{indication.classname} from {host}")
        for name, value in indication.items():
            if value is not None:
                text = value.tomof() if isinstance(value, pywbem.CIMInstance) else value
                print(f"    {name} = {text}")
        sys.stdout.flush()


def main() -> int:
    args = parse_arguments()
    printer = Printer(args.count, args.json)
    signal.signal(signal.SIGTERM, lambda *_: printer.ended.set())
    # Ctrl-C works in the background of a shell, too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    listener = make_listener(args)
    listener.add_callback(printer)
    with ExitStack() as stack:
        stack.enter_context(listener)
        try:
            listener.start()
        except pywbem.ListenerError as exc:
            hint = "; --port has another" if isinstance(exc, pywbem.ListenerPortError) else ""
            print(f"{type(exc).__name__}: {exc}{hint}", file=sys.stderr)
            return 4
        scheme = "http" if args.certfile is None else "https"
        port = listener.http_port or listener.https_port
        url = args.advertise or f"{scheme}://{args.host}:{port}"
        print(f"Listening at {url}", file=told(args), flush=True)
        if args.server:
            subscribe(stack, args, url)
        try:
            # In pieces, so that a signal is seen.
            while not printer.ended.wait(0.2):
                pass
        except KeyboardInterrupt:
            pass  # the usual end
    return 0


if __name__ == "__main__":
    run(main)
