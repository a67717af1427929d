#!/usr/bin/env python3
"""
The main job, shown: list the instances of a class over real sockets.

Starts a responder on the loopback interface that answers with recorded server
traffic (that of the shared test data, or the small one of the repository), and runs
``examples/enumerate_instances.py`` against it: over HTTP, over HTTPS with the
certificate authority that signed the server's certificate, and over HTTPS without
it, which must be refused.  Exits 0 if each ended as it must.
"""

from __future__ import annotations

import os
import ssl
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path
from typing import List

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # cryptography tells that it will leave Python 3.8
    import trustme

ROOT = Path(__file__).resolve().parent.parent
# At the end: an installed pywbem is used before the one in the checkout.
sys.path.append(str(ROOT))

from tests.responder import RecordedTraffic, Responder  # noqa: E402

RECORDED = Path(os.environ.get("PYWBEM_TEST_DATA") or ROOT.parent / "shared/data") / "recorded"
OWN = ROOT / "tests" / "traffic"
EXAMPLE = Path("examples") / "enumerate_instances.py"


def run(title: str, expected: int, *arguments: str) -> bool:
    """Run the example and tell whether it exits with the expected code."""
    print(f"\n=== {title}")
    print("$ python", EXAMPLE, *arguments, flush=True)
    # The environment must not bring proxies or other certificates.
    names = ("PROXY", "CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR")
    environment = {
        name: value for name, value in os.environ.items() if not name.upper().endswith(names)
    }
    environment["PYTHONIOENCODING"] = "utf-8"
    code = subprocess.run(
        [sys.executable, str(EXAMPLE), *arguments],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        timeout=120,
        check=False,
    ).returncode
    print(f"(exit code {code}{'' if code == expected else f', {expected} was expected'})")
    return code == expected


def main() -> int:
    if RECORDED.is_dir():
        folder, classname, namespace = RECORDED, "CIM_RegisteredProfile", "root/PG_InterOp"
    else:
        folder, classname, namespace = OWN, "TST_Disk", "root/tst"
    traffic = RecordedTraffic(folder)
    options = ["--namespace", namespace]
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    results: List[bool] = []
    with tempfile.TemporaryDirectory() as temporary:
        ca = str(Path(temporary) / "ca.pem")
        authority.cert_pem.write_to_path(ca)
        with Responder(traffic) as server:
            results.append(run("Instances over HTTP", 0, server.url, classname, *options))
        with Responder(traffic, context) as server:
            table = [*options, "--output", "table"]
            results.append(
                run("The table over HTTPS", 0, server.url, classname, *table, "--ca", ca)
            )
            refused = run("HTTPS, certificate not trusted", 3, server.url, classname, *table)
            results.append(refused)
    print(f"\n{sum(results)} of {len(results)} runs ended as they must")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
