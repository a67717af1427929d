"""
A served mock with a state file is killed under load: what was answered is kept, nothing is half
done.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Dict, List, Optional, Set, Tuple

import pytest

from pywbem import (
    CIMClass,
    CIMError,
    CIMInstance,
    CIMInstanceName,
    CIMProperty,
    Error,
    Uint32,
    WBEMConnection,
)
from tests.shared_data import ROOT

KILLS = 50
CLIENTS = 4

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the server is forked")


class Client:
    """Changes what is its own, and knows what must be there, and what may."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.random = random.Random(number)
        self.count = 0
        self.items: Dict[str, int] = {}
        self.classes: Set[str] = set()
        # What was asked and not answered: the key of an item and its value, or None if it was
        # to be deleted.
        self.item: Optional[Tuple[str, Optional[int]]] = None
        self.classname: Optional[str] = None
        self.problem: Optional[Exception] = None

    def run(self, port: int) -> None:
        try:
            with WBEMConnection(f"http://127.0.0.1:{port}", timeout=60) as conn:
                while True:
                    self.change(conn)
        except CIMError as exc:
            self.problem = exc
        except Error:
            pass

    def change(self, conn: WBEMConnection) -> None:
        self.count += 1
        key = f"{self.number}-{self.count}"
        kind = self.random.choice("ccccmmmddk")
        if kind == "k":
            self.classname = f"C_{self.number}_{self.count}"
            prop = CIMProperty("P", None, type="string")
            conn.CreateClass(CIMClass(self.classname, properties=[prop]))
            self.classes.add(self.classname)
            self.classname = None
            return
        if kind != "c" and self.items:
            key = self.random.choice(sorted(self.items))
        path = CIMInstanceName("Item", {"Id": key}, namespace="root/cimv2")
        inst = CIMInstance("Item", {"Id": key, "Value": Uint32(self.count)}, path=path)
        if key not in self.items:
            self.item = key, self.count
            conn.CreateInstance(inst)
        elif kind == "m":
            self.item = key, self.count
            conn.ModifyInstance(inst)
        else:
            self.item = key, None
            conn.DeleteInstance(path)
        self.settle(self.item[1])

    def settle(self, value: Optional[int]) -> None:
        assert self.item is not None
        if value is None:
            self.items.pop(self.item[0], None)
        else:
            self.items[self.item[0]] = value
        self.item = None

    def check(self, items: Dict[str, int], classes: List[str]) -> None:
        """Compare what is there; what was not answered is there or not, and is known then."""
        mine = {key: items[key] for key in items if key.startswith(f"{self.number}-")}
        if self.item is not None:
            key, value = self.item
            assert mine.get(key) in (self.items.get(key), value)
            self.settle(mine.get(key))
        assert mine == self.items
        if self.classname in classes:
            self.classes.add(str(self.classname))
        self.classname = None
        assert {name for name in classes if name.startswith(f"C_{self.number}_")} == self.classes


def check_all(port: int, clients: List[Client]) -> None:
    with WBEMConnection(f"http://127.0.0.1:{port}", timeout=60) as conn:
        found = conn.EnumerateInstances("Item")
        classes = conn.EnumerateClassNames()
    for client in clients:
        client.check({item["Id"]: item["Value"] for item in found}, classes)


def check_pairs(port: int, added: Path) -> int:
    """All pairs that were added are there, and no half of one; return how many."""
    # Before the question: pairs are added meanwhile.
    known = [int(line) for line in added.read_bytes().split()] if added.exists() else []
    with WBEMConnection(f"http://127.0.0.1:{port}", timeout=60) as conn:
        keys = [path["Id"] for path in conn.EnumerateInstanceNames("Half")]
    left, right = ({int(key[:-1]) for key in keys if key[-1] == side} for side in "ab")
    assert left == right
    assert left >= set(known)
    return len(known)


def start(starter: Any, *arguments: str) -> Tuple[int, int]:
    starter.stdin.write(json.dumps(arguments).encode() + b"\n")
    starter.stdin.flush()
    process, port = map(int, starter.stdout.readline().split())
    return process, port


def load_and_kill(starter: Any, process: int, port: int, clients: List[Client], more: int) -> None:
    """Let the clients make so many more changes, and kill the server in the middle of some."""
    threads = [threading.Thread(target=client.run, args=(port,)) for client in clients]
    wanted, end = sum(client.count for client in clients) + more, time.monotonic() + 60
    for thread in threads:
        thread.start()
    try:
        while sum(client.count for client in clients) < wanted and time.monotonic() < end:
            time.sleep(0.001)
    finally:
        os.kill(process, signal.SIGKILL)
        for thread in threads:
            thread.join()
    assert int(starter.stdout.readline()) == signal.SIGKILL
    assert [client.problem for client in clients] == [None] * len(clients)


def test_killed_under_load(tmp_path: Path) -> None:
    """Fifty times; after each start everything that was answered is there."""
    state, added = tmp_path / "state", tmp_path / "added"
    clients = [Client(number) for number in range(CLIENTS)]
    numbers = random.Random(11)
    pairs = 0
    with subprocess.Popen(
        [sys.executable, "-m", "tests.integration.state_server"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=str(ROOT),
    ) as starter:
        assert starter.stdin
        for turn in range(KILLS + 1):
            process, port = start(starter, str(state), str(added))
            more = numbers.randint(1, 40) if turn < KILLS else 0
            try:
                check_all(port, clients)
                pairs = check_pairs(port, added)
            except BaseException:
                os.kill(process, signal.SIGKILL)
                raise
            load_and_kill(starter, process, port, clients, more)
        starter.stdin.close()
        assert starter.wait(20) == 0
    assert pairs > KILLS
    assert sum(client.count for client in clients) > 10 * KILLS
