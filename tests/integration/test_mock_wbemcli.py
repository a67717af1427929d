"""
All subcommands of wbemcli, a client in C++ of another project, with served mock servers that
are lenient and strict.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import Any, Iterator, List, NamedTuple, Optional, Tuple

import pytest

import pywbem
import pywbem_mock
from pywbem_mock import MockServer, WBEMServerThread

pytestmark = pytest.mark.skipif(
    shutil.which("wbemcli") is None,
    reason="needs the command wbemcli (package sblim-wbemcli of Debian)",
)

NAMESPACE = "root/cimv2"
MOF = """
Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride, ToSubclass);
Qualifier Association : boolean = false, Scope(association), Flavor(DisableOverride, ToSubclass);
class T_Disk { [Key] string Id; uint32 Size = 3; boolean Hot; string Tags[]; };
class T_BigDisk : T_Disk { uint64 More[]; };
[Association] class T_Beside { [Key] T_Disk REF Left; [Key] T_Disk REF Right; };
class T_Volume { [Key] string Id; uint32 Grow(uint32 By, uint32 Size); };
class T_Unused { [Key] string Id; };
instance of T_Disk as $a { Id = "a"; Size = 5; Tags = {"x", "y"}; };
instance of T_BigDisk as $b { Id = "b\u00e4&<"; More = {1, 2}; };
instance of T_Beside { Left = $a; Right = $b; };
instance of T_Volume { Id = "v"; };
"""


class Grow(pywbem_mock.MethodProvider):
    """The method of the model."""

    provider_classnames = "T_Volume"

    def InvokeMethod(self, methodname: str, localobject: Any, params: Any) -> Tuple[Any, Any]:
        size = pywbem.Uint32(params["By"].value + 1)
        return pywbem.Uint32(0), [pywbem.CIMParameter("Size", "uint32", value=size)]


@pytest.fixture
def served(strict: bool) -> Iterator[WBEMServerThread]:
    """A server with the model."""
    mock = MockServer(strict=strict)
    mock.compile_mof_string(MOF)
    mock.register_provider(Grow(mock.cimrepository))
    with WBEMServerThread(server=mock) as server:
        yield server


def wbemcli(server: WBEMServerThread, command: str, target: str, *args: str) -> Tuple[int, str]:
    """The exit code and the output of a subcommand with its options."""
    url = f"http://127.0.0.1:{server.port}/{NAMESPACE}:{target}"
    operation, *options = command.split()
    result = subprocess.run(
        ["wbemcli", operation, *options, url, *args],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=30,
    )
    output = result.stdout.decode()
    return result.returncode, output.replace(f"127.0.0.1:{server.port}/{NAMESPACE}:", "")


class Row(NamedTuple):
    """
    A subcommand, with what its output has, line by line; only lines that begin so count.  A
    strict server answers the same, unless it is said.
    """

    command: str
    target: str
    args: List[str]
    expected: List[str]
    strict: Optional[List[str]] = None


A, B, VOLUME = 'T_Disk.Id="a"', 'T_BigDisk.Id="b', 'T_Volume.Id="v"'
LINK = 'T_Beside.Left=root/cimv2:T_Disk.Id="a",Right=root/cimv2:T_BigDisk.Id="b'
OWN_A = [A, '-Id="a"', "-Size=5", '-Tags="x","y"']
OWN_B = [B, '-Id="b', "-More=1,2"]
DISK = ["-Id=", "-Size=", "-Hot=", "-Tags="]

READS = [
    Row("gc -nl", "T_Disk", [], ["T_Disk", *DISK]),
    Row("gc -nl -t", "T_Disk", ["Id"], ["T_Disk", "-Id#="]),
    Row("gcd", "T_Disk", [], ['<CLASS NAME="T_Disk"><PROPERTY NAME="Id" TYPE="string"']),
    Row("ec -nl", "T_Disk", [], ["T_BigDisk : T_Disk", "-More=", *DISK]),
    Row("ecn", "T_Disk", [], ["T_BigDisk"]),
    Row("ecn", "", [], ["T_Disk", "T_Beside", "T_Volume", "T_Unused", "T_BigDisk"]),
    Row(
        "ei -nl",
        "T_Disk",
        [],
        [*OWN_A, *OWN_B],
        [*OWN_A, "-Hot=", *OWN_B, "-Size=3", "-Hot=", "-Tags="],
    ),
    Row("ei -nl -cte", "T_Disk", ["Size"], [A, "-Size=5", B], [A, "-Size=5", B, "-Size=3"]),
    Row("ein", "T_Disk", [], [A, B]),
    Row("gi -nl", A, [], OWN_A, [*OWN_A, "-Hot="]),
    Row("gi -nl", A, ["Size,Hot"], [A, "-Size=5"], [A, "-Size=5", "-Hot="]),
    Row("ai -nl", A, [], OWN_B, [*OWN_B, "-Size=3", "-Hot=", "-Tags="]),
    Row("ain", A, [], [B]),
    Row("ain -ac T_Beside -ar Left -arc T_BigDisk -arr Right", A, [], [B]),
    Row("ain -ar Right", A, [], []),
    Row("ri -nl", A, [], [LINK, "-Left=root/cimv2:T_Disk", "-Right=root/cimv2:T_BigDisk"]),
    Row("rin", A, [], [LINK]),
    Row("rin -ar Right", A, [], []),
    Row("gp", A, ["Size"], ["5"]),
    Row("gp", A, ["Tags"], ["x,y"]),
    Row("gp", A, ["Hot"], []),
    Row("cm -nl", VOLUME, ["Grow.By=3"], [f"{VOLUME} Grow: 0", "Size (uint32): 4"]),
    Row("cmx", VOLUME, ["Grow.By=3"], ['<METHODRESPONSE NAME="Grow"><RETURNVALUE PARAMTYPE="u']),
]


@pytest.fixture(scope="module")
def servers() -> Iterator[List[WBEMServerThread]]:
    """The lenient server and the strict one, which tests read from."""
    made = [MockServer(strict=strict) for strict in (False, True)]
    for mock in made:
        mock.compile_mof_string(MOF)
        mock.register_provider(Grow(mock.cimrepository))
    with WBEMServerThread(server=made[0]) as lenient, WBEMServerThread(server=made[1]) as strict:
        yield [lenient, strict]


@pytest.mark.parametrize("strict", [False, True], ids=["lenient", "strict"])
@pytest.mark.parametrize("row", READS, ids=[" ".join([r.command, *r.args]) for r in READS])
def test_reads(servers: List[WBEMServerThread], row: Row, strict: bool) -> None:
    code, output = wbemcli(servers[strict], row.command, row.target, *row.args)
    assert code == 0, output
    lines = [line for line in output.splitlines() if line.strip()]
    expected = row.strict if strict and row.strict is not None else row.expected
    assert len(lines) == len(expected), output
    for line, start in zip(lines, expected):
        assert line.startswith(start)


@pytest.fixture(params=[False, True], ids=["lenient", "strict"])
def strict(request: pytest.FixtureRequest) -> bool:
    """Whether the server is strict."""
    return bool(request.param)


def test_writes(served: WBEMServerThread, strict: bool) -> None:
    conn = served.conn
    new = 'T_Disk.Id="w"'
    path = pywbem.CIMInstanceName("T_Disk", {"Id": "w"})
    assert wbemcli(served, "ci", new, 'Id=w,Tags="k","l"') == (0, f"{new}\n")
    assert conn.GetInstance(path).get("Size") == (3 if strict else None)
    # The command modifies what it reads; a property that is not there it refuses itself.
    code, output = wbemcli(served, "mi", new, "Size=8")
    assert (code, "Undefined attribute" in output) == ((0, False) if strict else (16, True))
    assert wbemcli(served, "mi", new, 'Tags="m"')[0] == 0
    assert conn.GetInstance(path)["Tags"] == ["m"]
    assert wbemcli(served, "sp", new, "Size=9")[0] == 0
    assert wbemcli(served, "sp", new, "Hot=true")[0] == 0
    assert [conn.GetInstance(path)[name] for name in ("Size", "Hot")] == [9, True]
    assert wbemcli(served, "di", new)[0] == 0
    assert path not in conn.EnumerateInstanceNames("T_Disk")
    assert wbemcli(served, "dc", "T_Unused")[0] == 0
    assert "T_Unused" not in conn.EnumerateClassNames()


FAILURES = [
    ("gi", 'T_Disk.Id="no"', [], "NOT_FOUND", None),
    ("ei", "T_No", [], "INVALID_CLASS", None),
    ("gc", "T_No", [], "NOT_FOUND", None),
    ("di", 'T_Disk.Id="no"', [], "NOT_FOUND", None),
    ("ci", A, ["Id=a"], "ALREADY_EXISTS", None),
    ("gp", A, ["No"], "NO_SUCH_PROPERTY", None),
    ("gp", 'T_Disk.Id="no"', ["Size"], "NOT_FOUND", None),
    ("sp", A, ["Size=x"], "TYPE_MISMATCH", None),
    ("sp", A, ["Id=b"], "INVALID_PARAMETER", None),
    ("dc", "T_Disk", [], "", "CLASS_HAS_CHILDREN"),
    ("dc", "T_BigDisk", [], "", "CLASS_HAS_INSTANCES"),
    ("cm", VOLUME, ["Shrink"], "METHOD_NOT_FOUND", None),
]


@pytest.mark.parametrize(
    ("command", "target", "args", "lenient", "other"),
    FAILURES,
    ids=[" ".join([row[0], row[1], *row[2]]) for row in FAILURES],
)
def test_failures(
    served: WBEMServerThread,
    strict: bool,
    command: str,
    target: str,
    args: List[str],
    lenient: str,
    other: Optional[str],
) -> None:
    status = other if strict and other is not None else lenient
    code, output = wbemcli(served, command, target, *args)
    assert code == (16 if status else 0), output
    assert f"CIM_ERR_{status}" in output if status else not output.strip()


def test_all_subcommands_are_called() -> None:
    result = subprocess.run(["wbemcli", "-h"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    usage = re.search(r"wbemcli ([a-z]+(?:\|[a-z]+)+)", result.stdout.decode())
    assert usage is not None
    called = {row.command.split()[0] for row in READS} | {"ci", "mi", "sp", "di", "dc"}
    assert called == set(usage[1].split("|"))
