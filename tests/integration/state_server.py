"""
Served mocks with a state file in processes of their own, which may be killed at any time.

A line of the standard input starts one: the state file, and a file for what it has added by
itself.  It is forked, so that all is loaded already; its process ID and its port are written to
the standard output, and its exit status when it has ended.  Beside serving, it adds pairs of
instances that belong together, in turn as objects and as MOF, and writes the number of each pair
that is added as a line of the file.
"""

from __future__ import annotations

import json
import os
import sys
import threading

from pywbem import CIMInstance, CIMInstanceName
from pywbem_mock import MockServer, WBEMServerThread

MOF = """
Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride, ToSubclass);
class Item { [Key] string Id; uint32 Value; };
class Half { [Key] string Id; };
"""


def half(number: int, side: str) -> CIMInstance:
    key = f"{number}{side}"
    return CIMInstance("Half", {"Id": key}, path=CIMInstanceName("Half", {"Id": key}))


def add_pairs(server: MockServer, added: str) -> None:
    file = os.open(added, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    store = server.repository.get_instance_store("root/cimv2")
    keys = [item.path["Id"] for item in store.iter_values() if item.classname == "Half"]
    number = max([int(key[:-1]) for key in keys], default=0)
    while True:
        number += 1
        if number % 2:
            server.add_cimobjects([half(number, "a"), half(number, "b")])
        else:
            mof = [f'instance of Half {{ Id = "{number}{side}"; }};' for side in "ab"]
            server.compile_mof_string("".join(mof))
        os.write(file, b"%d\n" % number)


def serve(state: str, added: str) -> None:
    server = MockServer(state=state)
    if not server.restored:
        server.compile_mof_string(MOF)
    with WBEMServerThread(server=server) as served:
        threading.Thread(target=add_pairs, args=(server, added), daemon=True).start()
        print(os.getpid(), served.port, flush=True)
        threading.Event().wait()


def main() -> None:
    # What is used is loaded when it is used first.
    with MockServer() as server:
        server.compile_mof_string(MOF)
    for line in sys.stdin:
        process = os.fork()
        if not process:
            try:
                serve(*json.loads(line))
            finally:
                os._exit(1)
        print(os.waitpid(process, 0)[1], flush=True)


if __name__ == "__main__":
    main()
