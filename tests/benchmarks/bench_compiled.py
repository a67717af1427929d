#!/usr/bin/env python3
"""
Measure the wheel of machine code that `make buildc` builds beside the pure package: decoding,
building objects, MOF, and the mock, in turns, in CPU time.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Callable, Dict, List

ROOT = Path(__file__).resolve().parent.parent.parent
COMPILED = ROOT / "build" / "compiled" / "venv" / "bin" / "python"
TURNS = 6
#: From this on it is worth having.
WANTED = 1.3

MOF = """
Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride, ToSubclass);
Qualifier Description : string = null, Scope(any), Flavor(EnableOverride, ToSubclass);
Qualifier ValueMap : string[], Scope(property, method, parameter);
"""
CLASS = """
[Description("A class with properties and " "a method")]
class TST_%d {
  [Key, Description("The key")] string Id;
  [Description("A state"), ValueMap{"1", "2", "3"}] uint16 State; uint32 Size; boolean On;
  string Text = "a text"; uint8 Codes[]; datetime When; real32 Share;
  [Description("A method")] uint32 Go([Description("Where")] string To, uint8 By[]);
};
instance of TST_%d { Id = "x"; State = 3; Codes = {1, 2, 3}; };
"""


def jobs() -> Dict[str, Callable[[], Any]]:
    """What is measured."""
    import pywbem
    import pywbem_mock
    from pywbem._cim_xml.messages import decode_response, encode_response
    from pywbem._cim_xml.records import IntrinsicCall, IntrinsicResponse

    def disk(number: int) -> Any:
        values = {f"N{index}": pywbem.Uint32(number + index) for index in range(9)}
        texts = {f"T{index}": f"text {number} {index}" for index in range(9)}
        when = pywbem.CIMDateTime("20260131235959.000000+060")
        codes = [pywbem.Uint16(1), pywbem.Uint16(2)]
        path = pywbem.CIMInstanceName("TST_Disk", {"T0": texts["T0"]}, namespace="root/x")
        properties = {**values, **texts, "On": True, "When": when, "Codes": codes}
        return pywbem.CIMInstance("TST_Disk", properties, path=path)

    call = IntrinsicCall("EnumerateInstances", "root/x", [])
    disks = [disk(number) for number in range(200)]
    body = encode_response(IntrinsicResponse(call.name, disks), "1001")
    mof = MOF + "".join(CLASS % (number, number) for number in range(20))
    conn = pywbem_mock.FakedWBEMConnection()
    conn.compile_mof_string(mof)
    for number in range(100):
        conn.CreateInstance(pywbem.CIMInstance("TST_1", {"Id": str(number), "On": True}))
    paths = conn.EnumerateInstanceNames("TST_1")
    return {
        "decode 200 instances": lambda: decode_response(call, [body]),
        "build 100 instances": lambda: [disk(number) for number in range(100)],
        "compile MOF of 20 classes": lambda: pywbem_mock.FakedWBEMConnection().compile_mof_string(
            mof
        ),
        "mock: enumerate 100, get each": lambda: [
            conn.EnumerateInstances("TST_1"),
            *map(conn.GetInstance, paths),
        ],
    }


def measured() -> Dict[str, float]:
    """The least CPU time of each job in this process."""
    times = {}
    for name, job in jobs().items():
        times[name] = math.inf
        for _ in range(20):
            started = time.process_time()
            job()
            times[name] = min(times[name], time.process_time() - started)
    return times


def run(python: str, path: str) -> Dict[str, float]:
    """The times in another process; its modules come from a path, or are installed."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    environment["PYTHONHASHSEED"] = "0"
    if path:
        environment["PYTHONPATH"] = path
    command = [python, __file__, "--json"]
    result: Dict[str, float] = json.loads(
        subprocess.check_output(command, env=environment, cwd=str(COMPILED.parent))
    )
    return result


def main() -> int:
    if "--json" in sys.argv:
        print(json.dumps(measured()))
        return 0
    if not COMPILED.exists():
        print("no compiled wheel; make buildc builds one")
        return 0
    pure: List[Dict[str, float]] = []
    compiled: List[Dict[str, float]] = []
    for _ in range(TURNS):
        # The same interpreter: what differs is the code.
        pure.append(run(str(COMPILED), str(ROOT)))
        compiled.append(run(str(COMPILED), ""))
    ratios = []
    print(f"{'measure':32}{'pure':>10}{'compiled':>12}{'times':>8}")
    for name in pure[0]:
        before, after = (min(turn[name] for turn in turns) for turns in (pure, compiled))
        ratios.append(before / after)
        print(f"{name:32}{before * 1e3:7.2f} ms{after * 1e3:9.2f} ms{ratios[-1]:8.2f}")
    together = math.exp(sum(map(math.log, ratios)) / len(ratios))
    verdict = "worth having" if together >= WANTED else "less than is worth having"
    print(f"together {together:.2f} times as fast; {verdict} ({WANTED})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
