"""
The commands ``snapshot`` and ``diff`` in processes of their own, with servers over real sockets.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pty
import signal
import struct
import subprocess
import termios
import zipfile
from pathlib import Path
from typing import Any, List

import pytest
import trustme

import pywbem
from pywbem_mock import FakedWBEMConnection, WBEMServerThread
from pywbem_mock.snapshot import commands, is_snapshot
from tests.integration.processes import MOCK, ServedMock, environment, run_mock
from tests.integration.receiver import eventually
from tests.shared_data import SCHEMA, needs
from tests.unit.test_pywbem_mock.snapshots import MOF, faked, loaded, seen

PASSWORD = "s3cr3t-p4ss"


def texts(directory: Path) -> str:
    """Everything that was written."""
    return "\n".join(p.read_text("utf-8") for p in directory.rglob("*") if p.is_file())


def test_new_user(tmp_path: Path) -> None:
    """A server, its snapshot and the served snapshot do not differ."""
    (tmp_path / "model.mof").write_text(MOF, encoding="utf-8")
    copy = str(tmp_path / "copy")
    with ServedMock("--mof", str(tmp_path / "model.mof")) as served:
        url = served.url
        done = run_mock("snapshot", url, "-o", copy)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == (
            "root/cimv2: 7 qualifiers, 6 classes, 2 instances, 1 associations in "
            f"{copy}/root_cimv2\n"
        )
        with ServedMock("--mof", copy) as second:
            other = second.url
            done = run_mock("diff", url, other, "--instances")
            assert (done.returncode, done.stdout.splitlines()[2:]) == (0, ["no difference"])
            with pywbem.WBEMConnection(other) as client:
                client.DeleteInstance(
                    pywbem.CIMInstanceName("T_BigDisk", {"Id": "b\u00e4&<"}, None, "root/cimv2")
                )
            done = run_mock("diff", copy, other, "--instances", "--json")
            assert done.returncode == 1
            (change,) = json.loads(done.stdout)["changes"]
            assert (change["change"], change["kind"]) == ("removed", "instance")
    assert run_mock("diff", copy, url).returncode == 2


@needs(SCHEMA)
def test_dmtf_classes(tmp_path: Path) -> None:
    """Classes of the schema of DMTF are in the MOF, and served they are the same."""
    with zipfile.ZipFile(str(SCHEMA)) as archive:
        archive.extractall(str(tmp_path / "schema"))
    pragmas = next((tmp_path / "schema").glob("cim_schema_*.mof"))
    conn = FakedWBEMConnection()
    names = ["CIM_ComputerSystem", "CIM_SystemDevice", "CIM_StorageVolume", "CIM_FCPort"]
    conn.compile_schema_classes(names, str(pragmas))
    with WBEMServerThread(conn) as server:
        done = run_mock("snapshot", server.url, "-o", str(tmp_path / "s"))
        assert (done.returncode, done.stderr) == (0, "")
        with ServedMock("--mof", str(tmp_path / "s")) as served:
            done = run_mock("diff", server.url, served.url, "--instances")
            assert (done.returncode, done.stderr) == (0, "")
    assert seen(loaded(tmp_path / "s")) == seen(conn)
    records = (tmp_path / "s" / "root_cimv2" / "side.jsonl").read_text("utf-8").splitlines()
    assert len([x for x in records if '"kind":"classes"' in x]) < len(conn.EnumerateClassNames())


# -- Credentials ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "way"),
    [
        ("snapshot", "url"),
        ("snapshot", "user"),
        ("snapshot", "variable"),
        ("snapshot", "file"),
        ("snapshot", "marked file"),
        ("diff", "url"),
    ],
)
def test_credentials(command: str, way: str, tmp_path: Path) -> None:
    """Each way to give a password works, and it is written nowhere."""
    # Some editors mark UTF-8.
    encoding = "utf-8-sig" if way == "marked file" else "utf-8"
    (tmp_path / "password").write_text(PASSWORD + "\n", encoding=encoding)
    with WBEMServerThread(faked(), users={"me@here": PASSWORD}) as server:
        url, args, variables = server.url, [], {}
        if way == "url":
            url = server.url.replace("://", f"://me%40here:{PASSWORD}@")
        elif way == "user":
            args = ["--user", f"me@here:{PASSWORD}"]
        elif way == "variable":
            args, variables = ["--user", "me@here"], {"PYWBEM_PASSWORD": PASSWORD}
        else:
            args = ["--user", "me@here", "--password-file", str(tmp_path / "password")]
        rest = [str(tmp_path / "a.mof")] if command == "diff" else ["-o", str(tmp_path / "s")]
        (tmp_path / "a.mof").write_text(MOF, encoding="utf-8")
        done = run_mock(command, url, *rest, *args, **variables)
    assert (done.returncode, done.stderr) == (0, "")
    assert PASSWORD not in done.stdout
    if command == "snapshot":
        assert PASSWORD not in texts(tmp_path / "s")
        assert "me@here" not in texts(tmp_path / "s")


@pytest.mark.parametrize("wrong", ["user", "password", "none"])
def test_wrong_credentials(wrong: str, tmp_path: Path) -> None:
    """Exit code 2, and nothing is left that looks like a snapshot."""
    user = {"user": f"you:{PASSWORD}", "password": f"me:{PASSWORD}", "none": "me"}[wrong]
    with WBEMServerThread(faked(), users={"me": "other"}) as server:
        done = run_mock("snapshot", server.url, "-o", str(tmp_path / "s"), "--user", user)
    assert done.returncode == 2
    assert PASSWORD not in done.stderr
    assert "python -m pywbem_mock snapshot: " in done.stderr.splitlines()[-1]
    assert ("--password-file" if wrong == "none" else "--user") in done.stderr
    assert not is_snapshot(str(tmp_path / "s"))


def test_tls(tmp_path: Path) -> None:
    """Certificates are verified, unless that is switched off."""
    ca = trustme.CA()
    cert = ca.issue_cert("127.0.0.1")
    cert.private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "cert.pem"))
    ca.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    with WBEMServerThread(faked(), certfile=str(tmp_path / "cert.pem")) as server:
        done = run_mock("snapshot", server.url, "-o", str(tmp_path / "a"))
        assert done.returncode == 2
        assert "Give the certificate of that CA in --ca-certs" in done.stderr
        for name, args in (("b", ["--ca-certs", str(tmp_path / "ca.pem")]), ("c", ["--no-verify"])):
            done = run_mock("snapshot", server.url, "-o", str(tmp_path / name), *args)
            assert (done.returncode, done.stderr) == (0, "")


# -- Failures and interruptions ----------------------------------------------------------


class Failing(FakedWBEMConnection):
    """A server whose provider of a class fails."""

    def EnumerateInstances(self, ClassName: Any, *args: Any, **kwargs: Any) -> Any:
        if ClassName == "T_BigDisk":
            raise pywbem.CIMError(1, "no luck")
        return super().EnumerateInstances(ClassName, *args, **kwargs)


def test_exit_code_of_failures(tmp_path: Path, monkeypatch: Any, capsys: Any) -> None:
    """Exit code 1, and the class is named."""
    conn = Failing()
    conn.compile_mof_string(MOF)
    monkeypatch.setattr(commands, "connect", lambda args, url: conn)
    from pywbem_mock.__main__ import main

    assert main(["snapshot", "http://host", "-o", str(tmp_path / "s")]) == 1
    assert "T_BigDisk: CIMError: 1 (CIM_ERR_FAILED): no luck" in capsys.readouterr().err
    summary = json.loads((tmp_path / "s" / "snapshot.json").read_text("utf-8"))
    assert [item["name"] for item in summary["failures"]] == ["T_BigDisk"]


@pytest.mark.parametrize(
    ("number", "operation", "file", "last"),
    [
        (signal.SIGKILL, "GetClass", "root_cimv2.jsonl", 10),
        (signal.SIGKILL, "OpenEnumerateInstances", "journal.jsonl", 10),
        (signal.SIGINT, "OpenEnumerateInstances", "journal.jsonl", 20),
    ],
    ids=["killed in the classes", "killed in the instances", "interrupted"],
)
def test_ended(number: int, operation: str, file: str, last: int, tmp_path: Path) -> None:
    """However it ends, the same command goes on."""
    output = tmp_path / "s"
    conn = faked()
    conn.compile_mof_string("\n".join(f"class T_{n} {{ [Key] string Id; }};" for n in range(30)))
    with WBEMServerThread(conn) as server:
        # The next one is not answered before the end of the process.
        hanging = conn.inject(f"T_{last + 1}", operation, delay=600)
        process = subprocess.Popen(
            [*MOCK, "snapshot", server.url, "-o", str(output)],
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env=environment(PYTHONWARNINGS="error"),
        )
        path = output / ".unfinished" / file
        assert eventually(lambda: path.exists() and f'"T_{last}"' in path.read_text("utf-8"), 30)
        process.send_signal(number)
        _, messages = process.communicate(timeout=30)
        if number == signal.SIGINT:
            assert process.returncode == 130
            assert messages == (
                "python -m pywbem_mock snapshot: interrupted; "
                "the same command goes on where it stopped\n"
            )
        assert not is_snapshot(str(output))
        hanging.end()
        done = run_mock("snapshot", server.url, "-o", str(output))
        assert (done.returncode, done.stderr) == (0, "")
        whole = run_mock("snapshot", server.url, "-o", str(tmp_path / "whole"))
        assert whole.returncode == 0
        assert seen(loaded(output)) == seen(server.conn)
    assert not (output / ".unfinished").exists()
    names = sorted(path.name for path in (output / "root_cimv2").iterdir())
    assert names == sorted(path.name for path in (tmp_path / "whole" / "root_cimv2").iterdir())
    for name in names:
        assert (output / "root_cimv2" / name).read_bytes() == (
            tmp_path / "whole" / "root_cimv2" / name
        ).read_bytes()


def test_server_goes_away(tmp_path: Path) -> None:
    """A server that is gone ends the run; when it is back, the run goes on."""
    conn = faked()
    server = WBEMServerThread(conn)
    with server:
        port = server.port
    done = run_mock("snapshot", f"http://127.0.0.1:{port}", "-o", str(tmp_path / "s"))
    assert done.returncode == 2
    with WBEMServerThread(conn, port=port) as server:
        done = run_mock("snapshot", server.url, "-o", str(tmp_path / "s"))
        assert (done.returncode, done.stderr) == (0, "")


def test_progress_on_a_terminal(tmp_path: Path) -> None:
    """There is a bar only on a terminal."""
    main, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    with WBEMServerThread(faked()) as server:
        process = subprocess.Popen(
            [*MOCK, "snapshot", server.url, "-o", str(tmp_path / "s")],
            stdout=subprocess.DEVNULL,
            stderr=terminal,
            env=environment(PYTHONWARNINGS="error"),
        )
        os.close(terminal)
        shown: List[bytes] = []
        with contextlib.suppress(OSError):
            while True:
                data = os.read(main, 4096)
                if not data:
                    break
                shown.append(data)
        os.close(main)
        assert process.wait(30) == 0
    assert b"root/cimv2 classes" in b"".join(shown)
    assert b"/6" in b"".join(shown)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["snapshot", "http://h"], "-o/--output"),
        (["snapshot", "http://h", "-o", "file"], "--output: Cannot open file/"),
        (["snapshot", "http://h", "-o", "d", "--key", "file"], "--key needs --cert"),
        (["snapshot", "http://h", "-o", "d", "--user", "me", "--password-file", "none"],
         "--password-file: Cannot open none: No such file"),
        (["snapshot", "http://h", "-o", "d", "--user", "me", "--password-file", "file"],
         "--password-file: file is no text in UTF-8"),
        (["snapshot", "http://me:s3cr3t://x@h:x", "-o", "d"], "Invalid port"),
        (["snapshot", "http://h", "-o", "d", "-n", "a", "--all-namespaces"], "not allowed with"),
        (["snapshot", "http://h", "-o", "d", "--max-instances", "0"], "greater than 0"),
        (["snapshot", "ftp://h", "-o", "d"], "scheme"),
        (["diff", "a"], "B"),
    ],
    ids=[
        "output", "output is a file", "key", "no file", "no text", "password in the url",
        "namespaces", "number", "url", "one",
    ],
)  # fmt: skip
def test_wrong_command_line(
    args: List[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_bytes(b"\xff\n")
    done = run_mock(*args)
    assert done.returncode == 2
    assert message in done.stderr
    assert "s3cr3t" not in done.stderr


def test_diff_of_which_only_the_head_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.mof").write_text(MOF, encoding="utf-8")
    more = "".join(f"class T_{number} {{ string P; }};\n" for number in range(3000))
    (tmp_path / "b.mof").write_text(MOF + more, encoding="utf-8")
    process = subprocess.Popen(
        [*MOCK, "diff", str(tmp_path / "a.mof"), str(tmp_path / "b.mof")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(PYTHONWARNINGS="error"),
    )
    assert process.stdout is not None and process.stderr is not None
    with process:
        assert process.stdout.readline().startswith(b"---")
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


def test_output_that_has_no_umlauts(tmp_path: Path) -> None:
    """What cannot be printed is written with backslashes; nothing fails because of it."""
    (tmp_path / "a.mof").write_text(MOF, encoding="utf-8")
    (tmp_path / "b.mof").write_text(MOF + "class T_\u00c4 { string P; };", encoding="utf-8")
    latin = {"PYTHONIOENCODING": "ascii"}
    with ServedMock("-n", "m\u00fc", "--mof", "b.mof", folder=tmp_path, **latin) as server:
        assert server.line.startswith("Serving m\\xfc at http")
        taken = run_mock(
            "snapshot", server.url, "-n", "m\u00fc", "-o", "s", folder=tmp_path, **latin
        )
    assert (taken.returncode, taken.stderr) == (0, "")
    assert taken.stdout.startswith("m\\xfc: ")
    for b in ("b.mof", "s"):
        done = run_mock("diff", "a.mof", b, folder=tmp_path, **latin)
        assert (done.returncode, done.stderr) == (1, "")
        assert done.stdout.endswith("  + class T_\\xc4\nclasses added: 1\n")


def test_namespaces_that_the_server_does_not_tell(tmp_path: Path) -> None:
    with WBEMServerThread(faked()) as server:
        done = run_mock("snapshot", server.url, "-o", str(tmp_path / "s"), "--all-namespaces")
    assert done.returncode == 2
    assert "The server does not tell its namespaces; name them: " in done.stderr
