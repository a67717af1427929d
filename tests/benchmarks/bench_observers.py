#!/usr/bin/env python3
"""
Measure what statistics, recorders and logging add to an operation.

A small GetInstance is performed over a transport that answers from memory: there is no
socket whose noise hides the difference.  Beside it stand the seam at which observers
attach, alone and with none attached, and the encoding of the request and decoding of the
response without a connection.
"""

from __future__ import annotations

import argparse
import gc
import io
import logging
import sys
import time
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, Mapping

# At the end: an installed pywbem is used before the one in the checkout.
sys.path.append(str(Path(__file__).resolve().parent.parent.parent))

RESPONSE = b"""<?xml version="1.0" encoding="utf-8" ?>
<CIM CIMVERSION="2.0" DTDVERSION="2.0"><MESSAGE ID="1001" PROTOCOLVERSION="1.0"><SIMPLERSP>
<IMETHODRESPONSE NAME="GetInstance"><IRETURNVALUE><INSTANCE CLASSNAME="TST_Disk">
<PROPERTY NAME="Id" TYPE="string"><VALUE>d1</VALUE></PROPERTY>
<PROPERTY NAME="Size" TYPE="uint64"><VALUE>1000000</VALUE></PROPERTY>
<PROPERTY NAME="Online" TYPE="boolean"><VALUE>TRUE</VALUE></PROPERTY>
</INSTANCE></IRETURNVALUE></IMETHODRESPONSE></SIMPLERSP></MESSAGE></CIM>"""


class Reply:
    """The reply of the transport."""

    version, status, reason, server_response_time = 11, 200, "OK", None
    headers: Mapping[str, str] = {"Content-Type": "application/xml"}

    def __enter__(self) -> Reply:
        return self

    def __exit__(self, *exc_info: object) -> None:
        pass

    def __iter__(self) -> Iterator[bytes]:
        yield RESPONSE


class Transport:
    """Answers each request with that reply."""

    timeout = None

    def post(self, body: bytes, headers: Mapping[str, str]) -> Reply:
        return Reply()

    def close(self) -> None:
        pass


def connect(*recorders: Any, stats: bool = False) -> Any:
    from pywbem import WBEMConnection

    connection: Any = WBEMConnection("http://h", stats_enabled=stats)
    connection._transport = Transport()
    for recorder in recorders:
        connection.add_operation_recorder(recorder)
    return connection


def calls() -> Dict[str, Callable[[], Any]]:
    """What is measured, by name."""
    from pywbem import CIMInstanceName
    from pywbem._cim_http import request_headers
    from pywbem._cim_xml.messages import decode_response, encode_request
    from pywbem._cim_xml.records import IntrinsicCall
    from pywbem._observers.exchange import Exchange
    from pywbem._observers.last import LastCall
    from pywbem._protocol.operation import Operation
    from pywbem._recorder import LogOperationRecorder, TestClientRecorder

    path = CIMInstanceName("TST_Disk", {"Id": "d1"})
    transport = Transport()

    def floor() -> Any:
        call = IntrinsicCall("GetInstance", "root/cimv2", [("InstanceName", path)])
        with transport.post(encode_request(call, "1001"), request_headers(call)) as reply:
            return decode_response(call, reply, None)

    def log(conn_id: str, level: Any) -> Any:
        return LogOperationRecorder(conn_id, {"api": level, "http": level})

    for kind in ("api", "http"):
        logger = logging.getLogger(f"pywbem.{kind}.taken")
        logger.addHandler(logging.NullHandler())
        logger.setLevel(logging.DEBUG)
        logger.propagate = False
    connections = {
        "nothing attached": connect(),
        "statistics": connect(stats=True),
        "log recorder, loggers off": connect(log("off", "all")),
        "log recorder, summary": connect(log("taken", "summary")),
        "log recorder, all": connect(log("taken", "all")),
        "test cases in YAML": connect(TestClientRecorder(io.StringIO())),
    }
    operation = Operation("GetInstance", {}, lambda: None, lambda response: None)

    def seam() -> None:
        exchange = Exchange("1-1", "http://h")
        exchange.begin(operation)
        exchange.sending(RESPONSE, {})
        for _ in exchange.receiving(Reply()):
            exchange.received()
        exchange.last_call(LastCall(), False)
        exchange.end(None, None)

    functions: Dict[str, Callable[[], Any]] = {
        "the seam of observers": seam,
        "no connection": floor,
    }
    for name, connection in connections.items():
        functions[name] = lambda connection=connection: connection.GetInstance(path)
    return functions


def main() -> None:
    parser = argparse.ArgumentParser(description=str(__doc__).strip().split("\n", 1)[0])
    parser.add_argument("--count", type=int, default=300, help="operations in a turn (%(default)s)")
    parser.add_argument(
        "--repeat", type=int, default=10, help="turns, the best counts (%(default)s)"
    )
    args = parser.parse_args()
    functions = calls()
    times = dict.fromkeys(functions, float("inf"))
    for _ in range(args.repeat):
        for name, function in functions.items():
            # The last one takes milliseconds.
            count = args.count if name != "test cases in YAML" else max(1, args.count // 30)
            gc.collect()
            started = time.perf_counter()
            for _ in range(count):
                function()
            times[name] = min(times[name], (time.perf_counter() - started) / count)
    base = times["nothing attached"]
    print(f"{'an operation with':30} {'microseconds':>12} {'ratio':>8}")
    for name, seconds in times.items():
        print(f"{name:30} {seconds * 1e6:12.1f} {seconds / base:8.2f}")


if __name__ == "__main__":
    main()
