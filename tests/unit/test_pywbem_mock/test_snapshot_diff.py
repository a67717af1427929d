"""
Differences between servers: the command ``python -m pywbem_mock diff``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, List, Tuple

import pytest

import pywbem
from pywbem_mock import FakedWBEMConnection, WBEMServerThread
from pywbem_mock.__main__ import main
from pywbem_mock.snapshot import Settings
from tests.unit.test_pywbem_mock.snapshots import MOF, faked, snapshot_of

DISK = 'instance of T_Disk { Id = "d"; Size = 1; States = {1, 2}; Load = 1.5; };\n'


def run(arguments: List[str], capsys: Any) -> Tuple[int, List[str], str]:
    """The exit code of the command, the lines it prints, and its messages."""
    code = main(["diff", *arguments])
    captured = capsys.readouterr()
    return code, captured.out.splitlines(), captured.err


def mof_file(path: Path, mof: str) -> str:
    path.write_text(mof, encoding="utf-8")
    return str(path)


CHANGES = [
    ("string Caption; };", "uint8 Caption; };", ["  ~ class T_Element",
     "    ~ property Caption: type: 'string' -> 'uint8'"]),
    ("uint64 Size = 7;", "uint64 Size = 8;", ["  ~ class T_Disk",
     "    ~ property Size: value: 7 -> 8"]),
    ("uint64 Size = 7;", "", ["  ~ class T_Disk", "    - property Size"]),
    ("uint16 States[];", "uint16 States[4];", ["  ~ class T_Disk",
     "    ~ property States: array_size: None -> 4"]),
    ("boolean Ok;", "[Description(\"good\")] boolean Ok;", ["  ~ class T_Disk",
     "    + property Ok qualifier Description"]),
    ("Description(\"Erases\")", "Description(\"Wipes\")", ["  ~ class T_Disk",
     "    ~ method Erase qualifier Description: value: 'Erases' -> 'Wipes'"]),
    ("uint8 Times);", "uint16 Times, boolean Now);", ["  ~ class T_Disk",
     "    ~ method Erase parameter Times: type: 'uint8' -> 'uint16'",
     "    + method Erase parameter Now"]),
    ("uint32 Erase(", "uint64 Erase(", ["  ~ class T_Disk",
     "    ~ method Erase: return_type: 'uint32' -> 'uint64'"]),
    ("Description(\"how\")", "Description(\"how often\")", ["  ~ class T_Disk",
     "    ~ method Erase parameter Times qualifier Description: value: 'how' -> 'how often'"]),
    ("class T_Setting {", "class T_Setting : T_Real {", ["  ~ class T_Setting",
     "    ~ superclass: None -> 'T_Real'", "    + property R", "    + property Text"]),
    ("class T_Real { [Key] real64 R; string Text; };", "", ["  - class T_Real"]),
    ("class T_Real {", "class T_New { string P; };\nclass T_Real {", ["  + class T_New"]),
    ("[Abstract] class", "class", ["  ~ class T_Element", "    - qualifier Abstract"]),
    ("[Key] T_Disk REF Left", "[Key] T_Element REF Left", ["  ~ class T_Beside",
     "    ~ property Left: reference_class: 'T_Disk' -> 'T_Element'"]),
    ("Qualifier Values : string[], Scope(property, method), Flavor(Translatable)",
     "Qualifier Values : string[], Scope(property, method, class), Flavor(Translatable)",
     ["  ~ qualifier Values",
      "    ~ scopes: ['PROPERTY', 'METHOD'] -> ['CLASS', 'PROPERTY', 'METHOD']"]),
    ("Qualifier Key :", "Qualifier Unused : string, Scope(class);\nQualifier Key :",
     ["  + qualifier Unused"]),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "lines"), CHANGES, ids=[x[2][-1] for x in CHANGES])
def test_change(before: str, after: str, lines: List[str], tmp_path: Path, capsys: Any) -> None:
    """A change is told once: for the class that declares it."""
    declarations = MOF[: MOF.index("instance of")]
    assert before in declarations
    a = mof_file(tmp_path / "a.mof", declarations)
    b = mof_file(tmp_path / "b.mof", declarations.replace(before, after))
    code, printed, messages = run([a, b], capsys)
    assert (code, messages) == (1, "")
    assert printed[:2] == [f"--- {a}", f"+++ {b}"]
    assert printed[2:-1] == ["namespace root/cimv2", *lines]
    # The other way round, what was added was removed.
    code, printed, _ = run([b, a, "--json"], capsys)
    report = json.loads("\n".join(printed))
    assert code == 1
    assert (report["a"], report["b"], report["equal"]) == (b, a, False)
    (change,) = report["changes"]
    sign = lines[0].strip()[0]
    assert change["change"] == {"+": "removed", "-": "added", "~": "changed"}[sign]
    assert f"{change['kind']} {change['name']}" == lines[0].strip()[2:]
    assert len(change.get("details", ())) == len(lines) - 1


def moved(mof: str) -> str:
    """The MOF with a class at its end, and with properties in another order."""
    lines = mof.splitlines()
    lines.append(lines.pop(next(i for i, x in enumerate(lines) if "class T_Real" in x)))
    size, states = "uint64 Size = 7;", "uint16 States[];"
    return "\n".join(lines).replace(f"{size} {states}", f"{states} {size}")


SAME = [
    ("order", moved),
    ("case", lambda mof: mof.replace("REF Left", "ref LEFT").replace("T_Beside", "t_beside")),
    ("flavors", lambda mof: mof.replace("(Translatable)", "(Translatable, ToSubclass)")),
]


@pytest.mark.parametrize("change", [x[1] for x in SAME], ids=[x[0] for x in SAME])
def test_same(change: Any, tmp_path: Path, capsys: Any) -> None:
    """What means the same is equal."""
    declarations = MOF[: MOF.index("instance of")]
    assert change(declarations) != declarations
    a = mof_file(tmp_path / "a.mof", declarations)
    b = mof_file(tmp_path / "b.mof", change(declarations))
    code, printed, _ = run([a, b], capsys)
    assert (code, printed[2:]) == (0, ["no difference"])


INSTANCES = [
    ("", DISK, ['  + instance t_disk.id="d"']),
    (DISK, "", ['  - instance t_disk.id="d"']),
    (DISK, DISK.replace("Size = 1", "Size = 2"),
     ['  ~ instance t_disk.id="d"', "    ~ property Size: value: 1 -> 2"]),
    (DISK, DISK.replace("Size = 1;", ""),
     ['  ~ instance t_disk.id="d"', "    - property Size"]),
    (DISK, DISK.replace("{1, 2}", "{2, 1}"),
     ['  ~ instance t_disk.id="d"', "    ~ property States: value: [1, 2] -> [2, 1]"]),
    (DISK, DISK.replace("Size = 1;", "Size = NULL;"),
     ['  ~ instance t_disk.id="d"', "    ~ property Size: value: 1 -> None"]),
    (DISK, DISK.replace("Load = 1.5", "Load = 2.5"),
     ['  ~ instance t_disk.id="d"', "    ~ property Load: value: 1.5 -> 2.5"]),
    (DISK, DISK.replace("T_Disk", "T_BigDisk"),
     ['  + instance t_bigdisk.id="d"', '  - instance t_disk.id="d"']),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "lines"), INSTANCES, ids=[x[2][-1] for x in INSTANCES])
def test_instances(before: str, after: str, lines: List[str], tmp_path: Path, capsys: Any) -> None:
    """Instances are compared on request."""
    a = mof_file(tmp_path / "a.mof", MOF + before)
    b = mof_file(tmp_path / "b.mof", MOF + after)
    assert run([a, b], capsys)[0] == 0
    code, printed, _ = run([a, b, "--instances"], capsys)
    assert code == 1
    assert printed[3:-1] == lines


KINDS = """
[Association] class T_Kinds {{
    [Key] string Id; datetime Time; T_Disk REF On; string Text; }};
instance of T_Kinds {{ Id = "k"; Time = "{}"; On = "T_Disk.Id=\\"{}\\""; Text = "{}"; }};
"""


def test_values_of_other_kinds(tmp_path: Path, capsys: Any) -> None:
    """References and times are text; of long texts those parts are shown that differ."""
    long, time = "x" * 500, "0101000000.000000+000"
    conns = [
        faked(MOF + DISK + KINDS.format(f"2026{time}", "a", f"{long}a{long}")),
        faked(MOF + DISK + KINDS.format(f"2027{time}", "d", f"{long}b{long}")),
    ]
    for name, conn in zip("ab", conns):
        snapshot_of(conn, tmp_path / name)
    arguments = [str(tmp_path / "a"), str(tmp_path / "b"), "--instances"]
    code, printed, _ = run(arguments, capsys)
    shown = [f"'…{'x' * 20}{one}{'x' * 177}… (524 characters)" for one in "ab"]
    assert code == 1
    assert printed[4:-1] == [
        "    ~ property Time: value: '20260101000000.000000+000' -> '20270101000000.000000+000'",
        """    ~ property On: value: '/root/cimv2:T_Disk.Id="a"' -> '/root/cimv2:T_Disk.Id="d"'""",
        f"    ~ property Text: value: {shown[0]} -> {shown[1]}",
    ]
    code, printed, _ = run([*arguments, "--json"], capsys)
    (change,) = json.loads("\n".join(printed))["changes"]
    assert [detail["after"] for detail in change["details"]] == [
        "20270101000000.000000+000",
        '/root/cimv2:T_Disk.Id="d"',
        f"{long}b{long}",
    ]


def test_nan_and_infinity(tmp_path: Path, capsys: Any) -> None:
    """A number that is not equal to itself is the same; JSON has it as text."""
    conn = faked(MOF + DISK)
    disk = conn.GetInstance(pywbem.CIMInstanceName("T_Disk", {"Id": "d"}))
    for name, value in (("a", "nan"), ("b", "nan"), ("c", "inf")):
        disk["Load"] = pywbem.Real64(value)
        conn.ModifyInstance(disk)
        snapshot_of(conn, tmp_path / name)
    paths = [str(tmp_path / name) for name in "abc"]
    assert run([*paths[:2], "--instances"], capsys)[0] == 0
    code, printed, _ = run([*paths[1:], "--instances", "--json"], capsys)
    assert code == 1
    (change,) = json.loads("\n".join(printed))["changes"]
    assert change["details"] == [
        {
            "element": "property Load",
            "change": "changed",
            "field": "value",
            "before": "nan",
            "after": "inf",
        }
    ]


# -- What is compared -------------------------------------------------------------------


def test_all_kinds(tmp_path: Path, capsys: Any) -> None:
    """A server, its snapshot and the MOF of it, a file or a directory, are equal."""
    conn = faked()
    snapshot_of(conn, tmp_path / "s")
    (tmp_path / "mof").mkdir()
    mof_file(tmp_path / "mof" / "all.mof", MOF)
    with WBEMServerThread(conn) as server:
        sources = [
            server.url,
            str(tmp_path / "s"),
            str(tmp_path / "mof"),
            str(tmp_path / "mof" / "all.mof"),
        ]
        for a in sources:
            for b in sources:
                code, printed, messages = run([a, b, "--instances"], capsys)
                assert (code, printed[2:], messages) == (0, ["no difference"], ""), (a, b)


ODD = """
Qualifier Ratio : real32 = 1.123456789012345, Scope(class, property);
Qualifier EmbeddedObject : boolean = false, Scope(property, method, parameter);
[Ratio(0.123456789012345)] class T_Odd {
    [Key] real32 Ratio; [Key] char16 Letter;
    real64 Exact = 0.1234567890123456789;
    [EmbeddedObject] string Any;
    uint32 Take([EmbeddedInstance("T_Setting")] string Setting, [EmbeddedObject] string All[]);
};
instance of T_Odd { Ratio = 0.123456789012345; Letter = 'x'; };
instance of T_Odd { Ratio = 0.25; Letter = 'y'; Exact = 0.2234567890123456789; };
"""


def test_what_xml_makes_different(tmp_path: Path, capsys: Any) -> None:
    """
    What is in a state file or made of MOF is compared as clients receive it: in CIM-XML, real32
    numbers are shorter, keys of type char16 are texts, and embedded objects have less in them.
    """
    conn = faked(MOF + ODD)
    setting = pywbem.CIMInstance(
        "T_Setting",
        [
            pywbem.CIMProperty("Number", pywbem.Uint32(1), class_origin="T_Setting"),
            pywbem.CIMProperty("Ratio", pywbem.Real32(0.123456789012345)),
        ],
        path=pywbem.CIMInstanceName("T_Setting", {"Number": pywbem.Uint32(1)}),
    )
    conn.CreateInstance(pywbem.CIMInstance("T_Disk", {"Id": "e", "Setting": setting}))
    snapshot_of(conn, tmp_path / "s")
    conn.server.save(tmp_path / "state")
    with WBEMServerThread(conn) as server:
        for other in (server.url, str(tmp_path / "s")):
            for pair in ([str(tmp_path / "state"), other], [other, str(tmp_path / "state")]):
                code, printed, messages = run([*pair, "--instances"], capsys)
                assert (code, printed[2:], messages) == (0, ["no difference"], "")
    conn = faked(MOF + ODD)
    with WBEMServerThread(conn) as server:
        mof = mof_file(tmp_path / "all.mof", MOF + ODD)
        code, printed, messages = run([mof, server.url, "--instances"], capsys)
        assert (code, printed[2:], messages) == (0, ["no difference"], "")


@pytest.mark.parametrize("b", ["state", "s"])
def test_references_within_namespaces_of_two_names(b: str, tmp_path: Path, capsys: Any) -> None:
    """What refers to the namespace itself is the same in each, whatever its name."""
    snapshot_of(faked(), tmp_path / "a")
    conn = FakedWBEMConnection(default_namespace="root/other")
    conn.compile_mof_string(MOF)
    snapshot_of(conn, tmp_path / "s", Settings(namespaces=["root/other"]))
    conn.server.save(tmp_path / "state")
    arguments = [str(tmp_path / "a"), str(tmp_path / b), "--instances"]
    code, printed, messages = run(arguments, capsys)
    assert (code, printed[2:], messages) == (0, ["no difference"], "")


def test_namespaces(tmp_path: Path, capsys: Any) -> None:
    """Namespaces have to be there; one is compared with one of another name."""
    conn = faked("class T_A { string P; };")
    conn.add_namespace("root/more")
    conn.compile_mof_string("class T_A { string P; };", "root/more")
    snapshot_of(conn, tmp_path / "a", Settings(namespaces=["root/cimv2", "root/more"]))
    snapshot_of(conn, tmp_path / "b", Settings(namespaces=["ROOT/more"]))
    mof = mof_file(tmp_path / "c.mof", "class T_A { string P; };")
    a, b = str(tmp_path / "a"), str(tmp_path / "b")
    code, printed, _ = run([a, b], capsys)
    assert (code, printed[2:]) == (
        1,
        ["namespace root/cimv2", "  - namespace root/cimv2", "namespaces removed: 1"],
    )
    assert run([b, mof], capsys)[0] == 0
    assert run([a, b, "-n", "root/more"], capsys)[0] == 0
    with WBEMServerThread(conn) as server:
        assert run([server.url, a], capsys)[0] == 0
        assert run([server.url, b], capsys)[0] == 0


class Failing(FakedWBEMConnection):
    """A server whose instances of a class cannot be read."""

    def EnumerateInstances(self, ClassName: Any, *args: Any, **kwargs: Any) -> Any:
        if ClassName == "T_Disk":
            raise pywbem.CIMError(1, "broken")
        return super().EnumerateInstances(ClassName, *args, **kwargs)


def test_what_cannot_be_read(capsys: Any) -> None:
    """A comparison that is not complete has failed; what was found is told."""
    from pywbem_mock.snapshot.comparing import compare
    from pywbem_mock.snapshot.report import as_json, text_lines
    from pywbem_mock.snapshot.sources import Source

    conn = Failing()
    conn.compile_mof_string(MOF)
    a, b = (Source(x, server, [], print) for x, server in (("a", conn), ("b", faked(MOF + DISK))))
    result = compare(a, b, instances=True)
    assert result.failures == ["root/cimv2: instances of T_Disk: 1 (CIM_ERR_FAILED): broken"]
    assert result.changes == []
    assert list(text_lines(result, "a", "b"))[2:] == ["no difference in what could be read"]
    assert as_json(result, "a", "b")["equal"] is False


@pytest.mark.parametrize(
    ("b", "message"),
    [
        ("gone.mof", "There is no file or directory"),
        ("127.0.0.1:9", "no file or directory 127.0.0.1:9. As the URL of a server: Cannot connect"),
        ("bad.mof", "1 error in MOF"),
        ("empty", "There is no MOF file in"),
        ("include.mof", "empty/: Is a directory; name the MOF file in it that includes the others"),
        ("broken", "snapshot.json"),
        ("http://127.0.0.1:9", "Cannot connect to WBEM server"),
        ("ftp://host", "scheme"),
    ],
    ids=[
        "no file",
        "neither file nor host",
        "mof",
        "empty directory",
        "include",
        "snapshot",
        "server",
        "url",
    ],
)
def test_failed(b: str, message: str, tmp_path: Path, capsys: Any) -> None:
    """Exit code 2, and a message that names it."""
    mof_file(tmp_path / "bad.mof", "class {")
    (tmp_path / "empty").mkdir()
    mof_file(tmp_path / "include.mof", '#pragma include ("empty/")')
    (tmp_path / "broken").mkdir()
    mof_file(tmp_path / "broken" / "snapshot.json", "{}")
    a = mof_file(tmp_path / "a.mof", MOF)
    other = b if ":" in b else str(tmp_path / b)
    code, printed, messages = run([a, other], capsys)
    assert (code, printed) == (2, [])
    assert message in messages
    assert "Traceback" not in messages
