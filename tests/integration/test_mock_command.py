"""
The command pywbem-mock in processes of its own: provider files, faults, the log,
credentials, and what it says when it cannot start.
"""

from __future__ import annotations

import contextlib
import datetime
import re
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import time
from pathlib import Path
from typing import Any, Callable, Dict, List, Tuple

import pytest
import trustme
from cryptography.hazmat.primitives import serialization

import pywbem
from pywbem_mock import FakedWBEMConnection
from pywbem_mock.__main__ import main
from pywbem_mock.command.provider_files import run_provider_file
from tests.integration.processes import ServedMock, run_mock
from tests.shared_data import ROOT

MOF = """
Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride, ToSubclass);
class T_Disk { [Key] string Id; uint32 Erase(); };
instance of T_Disk { Id = "a"; };
"""
DISK = pywbem.CIMInstanceName("T_Disk", {"Id": "a"}, namespace="root/cimv2")

PROVIDER = """
import pywbem
from pywbem_mock import MethodProvider

print("providers are loaded")

class Disks(MethodProvider):
    provider_classnames = "T_Disk"

    def InvokeMethod(self, methodname, localobject, params):
        return 7, []
"""
SETUP = """
import helper

def setup(conn, server, verbose):
    assert server.conn is conn
    assert verbose is False
    conn.register_provider(helper.Disks(conn.cimrepository), "root/cimv2")
    conn.CreateInstance(helper.pywbem.CIMInstance("T_Disk", {"Id": "b"}))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "model.mof").write_text(MOF, encoding="utf-8")
    (tmp_path / "helper.py").write_text(PROVIDER, encoding="utf-8")
    (tmp_path / "script.py").write_text(SETUP, encoding="utf-8")
    return tmp_path


def served(folder: Path, *args: str) -> ServedMock:
    return ServedMock("--mof", "model.mof", *args, folder=folder)


def run(folder: Path, *args: str) -> Tuple[int, str]:
    """The exit code of the command and its standard error."""
    done = run_mock(*args, folder=folder)
    assert done.stdout == ""
    return done.returncode, done.stderr


# -- Provider files ----------------------------------------------------------------------------


def test_provider_files(folder: Path) -> None:
    with served(folder, "--provider", "script.py") as server, server.client() as client:
        assert client.InvokeMethod("Erase", DISK)[0] == 7
        assert len(client.EnumerateInstanceNames("T_Disk")) == 2
    # Standard output is for the URL.
    assert (server.out, server.err) == ("", "providers are loaded\n")


def loaded(folder: Path) -> FakedWBEMConnection:
    conn = FakedWBEMConnection()
    conn.compile_mof_file(str(folder / "model.mof"))
    return conn


def test_provider_classes_without_setup(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "path", list(sys.path))
    with loaded(folder) as conn:
        conn.add_namespace("root/other")
        conn.add_namespace("root/more")
        conn.compile_mof_string(MOF, "root/more")
        run_provider_file(conn, str(folder / "helper.py"))
        for namespace in ("root/cimv2", "root/more"):
            path = pywbem.CIMInstanceName("T_Disk", {"Id": "a"}, namespace=namespace)
            assert conn.InvokeMethod("Erase", path)[0] == 7


def test_several_files_of_one_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", list(sys.path))
    seen: List[str] = []
    with loaded(folder) as conn:
        for name in ("one", "two"):
            (folder / name).mkdir()
            file = folder / name / "my-script.py"
            text = "import dataclasses\n@dataclasses.dataclass\nclass A:\n    x: int = 0\n"
            text += f"def setup(conn, server, verbose):\n    conn.seen.append({name!r})\n"
            file.write_text(text, encoding="utf-8")
            conn.seen = seen  # type: ignore[attr-defined]
            run_provider_file(conn, str(file))
    assert seen == ["one", "two"]


PROVIDER_ERRORS: Dict[str, Tuple[str, str]] = {
    "syntax": ("x = 1\nx = = 2\n", ", line 2: SyntaxError: invalid syntax"),
    "import": ("import absent_module_x\n",
               ", line 1: ModuleNotFoundError: No module named 'absent_module_x'"),
    "in setup": ("def setup(conn, server, verbose):\n    conn.add_namespace('n')\n    1 / 0\n",
                 ", line 3: ZeroDivisionError: division by zero"),
    "below setup": (
        "def setup(conn, server, verbose):\n    conn.add_namespace('root/cimv2')\n",
        ", line 2: CIMError: 11 (CIM_ERR_ALREADY_EXISTS)",
    ),
    "arguments of setup": ("\n\ndef setup(conn):\n    0\n", ", line 3: TypeError: setup() takes"),
    "no function": ("setup = 5\n", ": setup is no function, but 5"),
    "coroutine": ("\nasync def setup(conn, server, verbose):\n    1 / 0\n",
                  ", line 2: TypeError: setup() must be a plain function: no async, no yield"),
    "generator": ("def setup(conn, server, verbose):\n    yield 1 / 0\n",
                  ", line 1: TypeError: setup() must be a plain function: no async, no yield"),
    "exit": ("raise SystemExit(3)\n", ", line 1: SystemExit: 3"),
    "nothing": ("x = 1\n", ": It has neither a function setup(conn, server, verbose) nor a"),
    "class": (
        PROVIDER.replace("T_Disk", "T_Absent"),
        ", line 7: ValueError: No namespace has the class T_Absent of the provider Disks; the "
        "namespaces are root/cimv2",
    ),
    "method": (
        PROVIDER.replace("localobject, params", "localobject"),
        ", line 7: TypeError: The method InvokeMethod of the provider Disks must take",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), PROVIDER_ERRORS.values(), ids=PROVIDER_ERRORS)
def test_errors_of_provider_files(
    folder: Path, monkeypatch: pytest.MonkeyPatch, text: str, expected: str
) -> None:
    monkeypatch.setattr(sys, "path", list(sys.path))
    file = folder / "wrong.py"
    file.write_text(text, encoding="utf-8")
    with loaded(folder) as conn, pytest.raises(ValueError) as info:
        run_provider_file(conn, str(file))
    assert str(info.value).startswith(f"{file}{expected}")


# -- Faults, log, credentials ------------------------------------------------------------------


def test_faults_and_log(folder: Path) -> None:
    faults = ["--fault", "class=T_Disk operation=Get* status=FAILED", "--fault", "http=503 times=1"]
    with served(folder, *faults, "--log") as server, server.client() as client:
        for error in (pywbem.HTTPError, None):
            with contextlib.ExitStack() as stack:
                if error is not None:
                    stack.enter_context(pytest.raises(error))
                client.EnumerateClassNames()
        with pytest.raises(pywbem.CIMError) as info:
            client.GetInstance(DISK)
        assert info.value.status_code == pywbem.CIM_ERR_FAILED
    lines = [line.split(" ") for line in server.err.splitlines()]
    assert [" ".join(line[1:-1]) for line in lines] == [
        "127.0.0.1 EnumerateClassNames root/cimv2 - HTTP 503",
        "127.0.0.1 EnumerateClassNames root/cimv2 - OK",
        "127.0.0.1 GetInstance root/cimv2 T_Disk CIM_ERR_FAILED",
    ]
    for line in lines:
        datetime.datetime.strptime(line[0], "%Y-%m-%dT%H:%M:%S.%fZ")
        assert re.fullmatch(r"\d+\.\d", line[-1])


def test_log_in_a_file_that_goes_on(folder: Path) -> None:
    for _ in range(2):
        with served(folder, "--log", "requests.log") as server, server.client() as client:
            client.EnumerateClassNames()
        assert server.err == ""
    assert (folder / "requests.log").read_text().count("EnumerateClassNames") == 2


def test_number_of_open_enumerations(folder: Path) -> None:
    with served(folder, "--max-enumerations", "2") as server, server.client() as client:
        client.CreateInstance(pywbem.CIMInstance("T_Disk", {"Id": "b"}))
        contexts = [
            client.OpenEnumerateInstances("T_Disk", MaxObjectCount=1).context for _ in range(3)
        ]
        with pytest.raises(pywbem.CIMError) as info:
            client.PullInstancesWithPath(contexts[0], MaxObjectCount=1)
        assert info.value.status_code == pywbem.CIM_ERR_INVALID_ENUMERATION_CONTEXT
        for context in contexts[1:]:
            assert client.PullInstancesWithPath(context, MaxObjectCount=1).eos


def test_timeout_of_enumerations(folder: Path) -> None:
    with served(folder, "--enumeration-timeout", "1") as server, server.client() as client:
        client.CreateInstance(pywbem.CIMInstance("T_Disk", {"Id": "b"}))
        context = client.OpenEnumerateInstances("T_Disk", MaxObjectCount=1).context
        time.sleep(1.3)
        with pytest.raises(pywbem.CIMError) as info:
            client.PullInstancesWithPath(context, MaxObjectCount=1)
        assert info.value.status_code == pywbem.CIM_ERR_INVALID_ENUMERATION_CONTEXT


@pytest.mark.parametrize("args", [[], ["--strict"]], ids=["lenient", "strict"])
def test_strict(folder: Path, args: List[str]) -> None:
    with served(folder, *args) as server, server.client() as client:
        client.CreateInstance(pywbem.CIMInstance("T_Disk", {"Id": "b"}))
        opened = client.OpenEnumerateInstances("T_Disk")
        assert bool(opened.instances) is not bool(args)
        with contextlib.suppress(pywbem.CIMError):
            client.DeleteClass("T_Disk")
        assert client.EnumerateClassNames().count("T_Disk") == len(args)


def test_fault_rate(folder: Path) -> None:
    args = ["--fault", "drop", "--fault", "status=FAILED rate=1", "--fault-rate", "0.000001"]
    with served(folder, *args) as server, server.client() as client, pytest.raises(
        pywbem.CIMError
    ) as info:
        client.EnumerateClassNames()
    assert info.value.status_code == pywbem.CIM_ERR_FAILED


def test_credentials(folder: Path) -> None:
    file = folder / "users"
    file.write_text("# who may\n\nme:p\u00e4ss:word\nyou:other \n", encoding="utf-8")
    file.chmod(0o600)
    args = ["--credentials", "users", "--user", "third:x"]
    with served(folder, *args) as server:
        for creds in (("me", "p\u00e4ss:word"), ("you", "other "), ("third", "x")):
            with server.client(creds) as client:
                assert client.EnumerateClassNames() == ["T_Disk"]
        for wrong in (None, ("me", "pass"), ("# who may", "")):
            with server.client(wrong) as client, pytest.raises(pywbem.AuthError):
                client.EnumerateClassNames()
        if shutil.which("ps"):
            command = ["ps", "-o", "args=", "-p", str(server.process.pid)]
            assert b"word" not in subprocess.run(command, stdout=subprocess.PIPE).stdout
    assert server.err == ""


def test_credentials_of_other_editors(folder: Path) -> None:
    """UTF-8 may be marked, lines end with CR LF, and passwords have line ends of Unicode."""
    (folder / "users").write_bytes("\ufeffme:secret\r\nyou:a\u2028b\x85c\r\n".encode())
    (folder / "users").chmod(0o600)
    with served(folder, "--credentials", "users") as server:
        for creds in (("me", "secret"), ("you", "a\u2028b\x85c")):
            with server.client(creds) as client:
                assert client.EnumerateClassNames() == ["T_Disk"]
    assert server.err == ""


def test_credentials_that_others_may_read(folder: Path) -> None:
    (folder / "users").write_text("me:secret\n")
    (folder / "users").chmod(0o644)
    with served(folder, "--credentials", "users") as server, server.client(("me", "secret")) as c:
        c.EnumerateClassNames()
    assert server.err == (
        "--credentials: Others than you may read users; 'chmod 600 users' keeps them out\n"
    )


# -- Errors at the start -----------------------------------------------------------------------


def test_the_port_is_in_use(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, err = run(folder, "serve", "--port", str(port))
    assert (code, err) == (
        1,
        f"python -m pywbem_mock: Cannot listen on 127.0.0.1, port {port}: Address already in use; "
        "use another --port, or --port 0 for any that is free\n",
    )


START_ERRORS: Dict[str, Tuple[List[str], int, str]] = {
    "address": (["--host", "192.0.2.1"], 1, "Cannot listen on 192.0.2.1, port 0: "),
    "host": (["--host", "no.such.invalid"], 1, "; use another --host"),
    "MOF": (["--mof", "no.mof"], 1, "--mof: No such file: 'no.mof'"),
    "MOF directory": (["--mof", "."], 1, "--mof: . is a directory, but no snapshot; give the MOF"),
    "schema": (["--interop", "--schema-pragma-file", "no.mof"], 1,
               "--schema-pragma-file: Cannot open no.mof: No such file or directory"),
    "provider": (["--provider", "no.py"], 1, "--provider: Cannot open no.py: No such file"),
    "provider error": (["--provider", "users"], 1, "users: The name of a Python file ends with"),
    "log": (["--log", "no/log"], 1, "--log: Cannot open no/log: No such file or directory"),
    "credentials": (["--credentials", "no"], 1, "--credentials: Cannot open no: No such file"),
    "no user": (["--credentials", "empty"], 1, "--credentials: empty has no line USER:PASSWORD"),
    "line": (["--credentials", "users"], 1,
             "--credentials: users, line 2: expected USER:PASSWORD"),
    "authorities": (["--listener-ca-certs", "no.pem"], 1,
                    "--listener-ca-certs: Cannot read no.pem: No such file or directory"),
    "no authorities": (["--listener-ca-certs", "empty"], 1,
                       "--listener-ca-certs: empty has no certificate in PEM form"),
    "fault": (["--fault", "broken"], 2, "argument --fault: 'broken' is not understood; a fault"),
    "status": (["--fault", "status=NO"], 2, "argument --fault: Unknown status 'NO' of a fault"),
    "operation": (["--fault", "operation=GetInstanc status=FAILED"], 1,
                  "--fault: There is no operation 'GetInstanc', and no class with such a method; "
                  "did you mean GetInstance?"),
    "rate": (["--fault", "drop", "--fault-rate", "2"], 2,
             "argument --fault-rate: expected a number above 0 and up to 1"),
    "rate alone": (["--fault-rate", "0.5"], 2, "--fault-rate needs --fault"),
}  # fmt: skip


@pytest.mark.parametrize(("args", "code", "text"), START_ERRORS.values(), ids=START_ERRORS)
def test_errors_at_the_start(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    args: List[str], code: int, text: str,
) -> None:  # fmt: skip
    (folder / "empty").write_text("\n")
    (folder / "users").write_text("me:x\nsecret\n")
    (folder / "users").chmod(0o600)
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "argv", ["pywbem-mock"])
    # The process of the tests keeps its own handlers.
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    if code == 2:
        with pytest.raises(SystemExit) as info:
            main(["serve", "--port", "0", *args])
        assert info.value.code == 2
    else:
        assert main(["serve", "--port", "0", *args]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines()[-1].startswith("pywbem-mock")
    assert text in err
    assert "secret" not in err


def test_interrupted_before_it_serves(folder: Path) -> None:
    """A script that waits stands for a repository that takes long to fill."""
    script = "import os, signal, time\n"
    script += "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    script += "os.kill(os.getpid(), signal.SIGINT)\ntime.sleep(20)\n"
    (folder / "long.py").write_text(script, encoding="utf-8")
    assert run(folder, "serve", "--port", "0", "--provider", "long.py") == (
        130,
        "python -m pywbem_mock: interrupted\n",
    )


Make = Callable[[Path], List[str]]


def write(path: Path, *parts: Any) -> str:
    path.write_bytes(b"".join(getattr(part, "bytes", lambda part=part: part)() for part in parts))
    return path.name


def encrypted(pem: bytes) -> bytes:
    key: Any = serialization.load_pem_private_key(pem, None)
    return bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"x"),
        )
    )


CA = trustme.CA()
ONE, OTHER = CA.issue_cert("127.0.0.1"), CA.issue_cert("127.0.0.1")
CERT, KEY = ONE.cert_chain_pems[0], ONE.private_key_pem

TLS_ERRORS: Dict[str, Tuple[Make, str]] = {
    "missing": (lambda d: ["--tls-cert", "no.pem"],
                "--tls-cert: Cannot read no.pem: No such file or directory"),
    "missing key": (lambda d: ["--tls-cert", write(d / "c", CERT), "--tls-key", "no.pem"],
                    "--tls-key: Cannot read no.pem: No such file or directory"),
    "directory": (lambda d: ["--tls-cert", "."], "--tls-cert: Cannot read .: Is a directory"),
    "no PEM": (lambda d: ["--tls-cert", write(d / "c", b"hello")],
               "--tls-cert: c has no certificate in PEM form"),
    "DER": (lambda d: ["--tls-cert", write(d / "c", b"\x30\x82\x01")],
            "; it looks like DER, which 'openssl x509 -inform DER -in c -out FILE' converts"),
    "no key": (lambda d: ["--tls-cert", write(d / "c", CERT)],
               "--tls-cert: c has no private key in PEM form; give its file as --tls-key"),
    "key file without key": (
        lambda d: ["--tls-cert", write(d / "c", CERT), "--tls-key", write(d / "k", CERT)],
        "--tls-key: k has no private key in PEM form"),
    "swapped": (lambda d: ["--tls-cert", write(d / "c", KEY), "--tls-key", write(d / "k", CERT)],
                "--tls-cert: c has no certificate in PEM form"),
    "another key": (
        lambda d: ["--tls-cert", write(d / "c", CERT),
                   "--tls-key", write(d / "k", OTHER.private_key_pem)],
        "--tls-key: The private key in k does not fit the certificate in c"),
    "another key in one file": (
        lambda d: ["--tls-cert", write(d / "c", CERT, OTHER.private_key_pem)],
        "--tls-cert: The private key in c does not fit the certificate in c"),
    "issuer first": (
        lambda d: ["--tls-cert", write(d / "c", CA.cert_pem, CERT), "--tls-key",
                   write(d / "k", KEY)],
        "--tls-key: The private key in k does not fit the first certificate, which has to be that "
        "of the server, in c"),
    "encrypted": (
        lambda d: ["--tls-cert", write(d / "c", CERT),
                   "--tls-key", write(d / "k", encrypted(KEY.bytes()))],
        "--tls-key: The private key in k is encrypted"),
    "damaged certificate": (
        lambda d: ["--tls-cert", write(d / "c", CERT.bytes()[:200], CERT.bytes()[300:], KEY)],
        "--tls-cert: The certificate in c is damaged"),
    "damaged key": (
        lambda d: ["--tls-cert", write(d / "c", CERT),
                   "--tls-key", write(d / "k", KEY.bytes()[:60], KEY.bytes()[100:])],
        "--tls-key: The private key in k is damaged"),
}  # fmt: skip


@pytest.mark.parametrize(("make", "text"), TLS_ERRORS.values(), ids=TLS_ERRORS)
def test_errors_of_tls_files(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    make: Make, text: str,
) -> None:  # fmt: skip

    monkeypatch.chdir(folder)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    assert main(["serve", "--port", "0", *make(folder)]) == 1
    out, err = capsys.readouterr()
    assert (out, len(err.splitlines())) == ("", 1)
    assert text in err


@pytest.mark.parametrize("files", ["one", "two"])
def test_certificate_and_key_in_one_file_or_two(folder: Path, files: str) -> None:
    CA.cert_pem.write_to_path(str(folder / "ca.pem"))
    if files == "one":
        args = ["--tls-cert", write(folder / "c", KEY, CERT)]
    else:
        args = ["--tls-cert", write(folder / "c", CERT), "--tls-key", write(folder / "k", KEY)]
    with served(folder, *args) as server:
        conn = pywbem.WBEMConnection(server.url, ca_certs=str(folder / "ca.pem"), timeout=10)
        assert conn.EnumerateClassNames() == ["T_Disk"]
        conn.close()


@pytest.mark.parametrize(
    ("command", "page"),
    [("serve", "mock.rst"), ("snapshot", "mock-snapshots.rst"), ("diff", "mock-snapshots.rst")],
    ids=["serve", "snapshot", "diff"],
)
def test_options_are_documented(
    command: str, page: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help"])
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    options = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", capsys.readouterr().out)) - {"--help"}
    assert {option for option in options if f"{option}`" not in text.replace(" ", "`")} == set()


@pytest.mark.parametrize("command", ["serve", "diff"])
def test_help_names_the_switch_of_the_cache(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help"])
    assert "PYWBEM_MOF_CACHE is the directory" in " ".join(capsys.readouterr().out.split())


# -- The console script ------------------------------------------------------------------------


def test_the_console_script() -> None:
    script = Path(sysconfig.get_path("scripts")) / "pywbem-mock"
    if not script.exists():
        pytest.skip("the package is not installed")
    result = subprocess.run([str(script), "--help"], stdout=subprocess.PIPE, timeout=30)
    text = result.stdout.decode()
    assert text.startswith("usage: pywbem-mock ")
    for command in ("serve", "snapshot", "diff"):
        assert f"\n    {command} " in text
