"""
One connection, used by several threads or forked processes at once.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import threading
from typing import Any, Callable, List

import pytest

import pywbem
from tests.responder import Reply, Request, Responder

THREADS = 8
OPERATIONS = 2000

MESSAGE = (
    '<?xml version="1.0" encoding="utf-8" ?><CIM CIMVERSION="2.0" DTDVERSION="2.0">'
    '<MESSAGE ID="{id}" PROTOCOLVERSION="1.0"><SIMPLERSP>{response}</SIMPLERSP></MESSAGE></CIM>'
)
INSTANCE = (
    '<INSTANCE CLASSNAME="TST_Echo"><PROPERTY NAME="Echo" TYPE="string"><VALUE>{0}</VALUE>'
    "</PROPERTY></INSTANCE>"
)
NAME = (
    '<INSTANCENAME CLASSNAME="TST_Echo"><KEYBINDING NAME="Key"><KEYVALUE VALUETYPE="string">'
    "{0}</KEYVALUE></KEYBINDING></INSTANCENAME>"
)


def answer(request: Request) -> Reply:
    """Answer each operation with the token that its request carries."""
    body = request.body.decode("utf-8")
    token = re.search(r"token_[0-9a-z_]+", body)
    message_id = re.search(r'MESSAGE ID="(\d+)"', body)
    assert token and message_id
    value = token.group()
    method = request.headers["cimmethod"]
    results = {
        "GetInstance": INSTANCE,
        "EnumerateInstanceNames": NAME * 3,
        "EnumerateInstances": "<VALUE.NAMEDINSTANCE>" + NAME + INSTANCE + "</VALUE.NAMEDINSTANCE>",
        "GetClass": '<CLASS NAME="{0}"/>',
        "DeleteInstance": "",
    }
    if method == "Echo":
        response = (
            f'<METHODRESPONSE NAME="Echo"><RETURNVALUE PARAMTYPE="string"><VALUE>{value}</VALUE>'
            f'</RETURNVALUE><PARAMVALUE NAME="Out" PARAMTYPE="string"><VALUE>{value}</VALUE>'
            "</PARAMVALUE></METHODRESPONSE>"
        )
    elif method == "GetQualifier":
        response = (
            '<IMETHODRESPONSE NAME="GetQualifier">'
            f'<ERROR CODE="6" DESCRIPTION="{value}"/></IMETHODRESPONSE>'
        )
    else:
        result = results[method].format(value)
        result = f"<IRETURNVALUE>{result}</IRETURNVALUE>" if result else ""
        response = f'<IMETHODRESPONSE NAME="{method}">{result}</IMETHODRESPONSE>'
    return Reply(MESSAGE.format(id=message_id.group(1), response=response).encode("utf-8"))


# --- operations: each sends a token and checks that it comes back -----------------


def path(token: str) -> pywbem.CIMInstanceName:
    return pywbem.CIMInstanceName("TST_Echo", keybindings={"Key": token})


def get_instance(connection: Any, token: str) -> None:
    assert connection.GetInstance(path(token))["Echo"] == token


def enumerate_names(connection: Any, token: str) -> None:
    names = connection.EnumerateInstanceNames(token)
    assert [name["Key"] for name in names] == [token] * 3


def enumerate_instances(connection: Any, token: str) -> None:
    (instance,) = connection.EnumerateInstances(token)
    assert instance["Echo"] == token
    assert instance.path["Key"] == token


def get_class(connection: Any, token: str) -> None:
    assert connection.GetClass(token).classname == token


def delete_instance(connection: Any, token: str) -> None:
    assert connection.DeleteInstance(path(token)) is None


def invoke_method(connection: Any, token: str) -> None:
    result, parameters = connection.InvokeMethod("Echo", "TST_Echo", In=token)
    assert (result, parameters["Out"]) == (token, token)


def failing(connection: Any, token: str) -> None:
    try:
        connection.GetQualifier(token)
    except pywbem.CIMError as exc:
        assert token in exc.status_description
    else:
        raise AssertionError("the operation did not fail")


KINDS: List[Callable[[Any, str], None]] = [
    get_instance,
    enumerate_names,
    enumerate_instances,
    get_class,
    delete_instance,
    invoke_method,
    failing,
]


def test_answers_belong_to_their_questions() -> None:
    """8 threads, 2,000 mixed operations, one connection."""
    problems: List[BaseException] = []
    start = threading.Barrier(THREADS)

    def work(number: int, connection: Any) -> None:
        chance = random.Random(number)
        try:
            start.wait(timeout=30)
            for count in range(OPERATIONS // THREADS):
                chance.choice(KINDS)(connection, f"token_{number}_{count}")
        except BaseException as exc:
            problems.append(exc)

    with Responder(answer) as responder, pywbem.WBEMConnection(
        responder.url, default_namespace="root/tst", timeout=60
    ) as connection:
        threads = [
            threading.Thread(target=work, args=(number, connection)) for number in range(THREADS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=120)
        assert not any(thread.is_alive() for thread in threads)
    if problems:
        raise problems[0]
    # Each was sent once.
    assert len(responder.requests) == OPERATIONS


# A program of its own: forking a process that has threads is not safe.
FORKS = """
import os, sys
import pywbem
connection = pywbem.WBEMConnection(sys.argv[1], default_namespace="root/tst", timeout=60)
connection.GetClass("token_0")
children = [os.fork() for _ in range(3) if os.getpid() == int(os.environ["PARENT"])]
name = "token_" + str(os.getpid())
wrong = [n for n in range(50) if connection.GetClass(f"{name}_{n}").classname != f"{name}_{n}"]
if 0 in children:
    os._exit(len(wrong))
statuses = [os.waitpid(child, 0)[1] for child in children]
sys.exit(f"wrong: {wrong}, of children: {statuses}" if wrong or any(statuses) else 0)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork()")
def test_forked_processes_have_sockets_of_their_own() -> None:
    """A connection that was used before the fork, used by parent and children."""
    code = f"import os; os.environ['PARENT'] = str(os.getpid())\n{FORKS}"
    with Responder(answer) as responder:
        subprocess.run([sys.executable, "-c", code, responder.url], check=True, timeout=60)
        assert len(responder.requests) == 1 + 4 * 50


class Recording(pywbem.BaseOperationRecorder):
    """Remembers which operations it was told, in attributes of its own in between."""

    def __init__(self) -> None:
        super().__init__()
        self.classes: List[Any] = []

    def copy(self) -> Recording:
        return Recording()

    def stage_pywbem_args(self, method: str, **kwargs: Any) -> None:
        super().stage_pywbem_args(method, **kwargs)
        self.of_args = kwargs["ClassName"]

    def record(self, pywbem_args: Any, pywbem_result: Any, *http: Any) -> None:
        self.classes.append((self.of_args, pywbem_result.ret.classname))


def test_recorded_operations_wait_at_the_same_time() -> None:
    """A server that answers when all have asked: nobody waits for the turn of another."""
    together = threading.Barrier(4)

    def answer_all(request: Request) -> Reply:
        together.wait(20)
        return answer(request)

    with Responder(answer_all) as responder:
        connection = pywbem.WBEMConnection(responder.url, timeout=20)
        recorder = Recording()
        connection.add_operation_recorder(recorder)
        names = [f"token_{number}" for number in range(4)]
        threads = [threading.Thread(target=connection.GetClass, args=(name,)) for name in names]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        connection.close()
    assert sorted(recorder.classes) == [(name, name) for name in names]
