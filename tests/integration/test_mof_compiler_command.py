"""
The command ``mof_compiler``: a process of its own, against a WBEM server on the
loopback interface.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import ssl
import struct
import subprocess
import sys
import termios
import threading
import time
from pathlib import Path
from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Sequence, Tuple, Union

import pytest

import pywbem
from pywbem_mock import FakedWBEMConnection, InstanceWriteProvider
from pywbem_mock._http_server import WBEMServerThread

from .conftest import Authority

NAMESPACE = "root/cimv2"
TIMEOUT = 60

QUALIFIERS = """
Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride, ToSubclass);
Qualifier Description : string = null, Scope(any), Flavor(EnableOverride, ToSubclass, Translatable);
"""

# What the namespace has before.
BASE = (
    QUALIFIERS
    + """
class T_Disk { [Key] string Id; uint32 Size; };
class T_Box { string Color; };
class T_Refused { [Key] string Id; };
instance of T_Disk { Id = "old"; Size = 5; };
"""
)

FILES = {
    # Modifies what is there, and adds to it.
    "new.mof": """
Qualifier Description : string = "none", Scope(any), Flavor(EnableOverride, ToSubclass);
Qualifier Version : string = null, Scope(class), Flavor(EnableOverride, Restricted);
class T_Box { string Color; [Description("new")] boolean Round; };
class T_Tape { [Key] string Name; };
instance of T_Disk { Id = "old"; Size = 6; };
instance of T_Disk { Id = "new\u00e4"; Size = 7; };
instance of T_Tape { Name = "t"; };
""",
    "qualifiers.mof": QUALIFIERS,
    "all.mof": '#pragma include("qualifiers.mof")\n#pragma include("more/tape.mof")\n',
    "more/tape.mof": "class T_Tape : T_Medium { string Label; };",
    "more/found/T_Medium.mof": "class T_Medium { [Key] string Name; };",
    "elsewhere/T_Far.mof": "class T_Far { [Key] string Name; };",
    "near.mof": "class T_Near : T_Far { };",
    "plain.mof": "class T_P { string X; };",
    "a.mof": "class T_A { [Key] string Id; };",
    "b.mof": "class T_B : T_A { string More; };",
    "syntax.mof": "class T_C {\n  string X\n};\nclass T_D { string; };\nclass T_E { string X; };\n",
    "dependency.mof": 'class T_C { string X; };\ninstance of T_No { Id = "1"; };\n',
    "include.mof": 'class T_C { string X; };\n#pragma include("absent.mof")\n',
    "itself.mof": 'class T_C { string X; };\n#pragma include("itself.mof")\n',
    "host.mof": '#pragma namespace("//other/root/cimv2")\nclass T_C { string X; };\n',
    "space.mof": '#pragma namespace("root/new")\nclass T_C { string X; };\n',
    "refused.mof": 'class T_C { [Key] string X; };\ninstance of T_C { X = "1"; };\n'
    'instance of T_Refused { Id = "1"; };\n',
    "pragma.mof": '#pragma strange("x")\nclass T_C { string X; };\n',
    "many.mof": "".join(f"class T_{i} {{ string X; }};\n" for i in range(40)),
}


def environment() -> Dict[str, str]:
    return dict(os.environ, PYTHONPATH=os.pathsep.join(path for path in sys.path if path))


class Result(NamedTuple):
    code: int
    out: str
    err: str


class Command:
    """Runs the command in a directory with the MOF files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def start(self, *args: str, **options: Any) -> subprocess.Popen[bytes]:
        """Start it, without a terminal unless one is given."""
        return subprocess.Popen(
            [sys.executable, "-m", "mof_compiler", *args],
            **{
                "stdin": subprocess.PIPE,
                "stdout": subprocess.PIPE,
                "stderr": subprocess.PIPE,
                "cwd": str(self.folder),
                "env": environment(),
                "start_new_session": True,
                **options,
            },
        )

    def __call__(self, *args: str, stdin: bytes = b"", **options: Any) -> Result:
        with self.start(*args, **options) as process:
            return finished(process, stdin)


def finished(process: subprocess.Popen[bytes], stdin: Optional[bytes] = None) -> Result:
    try:
        out, err = process.communicate(stdin, timeout=TIMEOUT)
    finally:
        process.kill()
    result = Result(process.returncode, (out or b"").decode("utf-8"), (err or b"").decode("utf-8"))
    assert "Traceback" not in result.out + result.err, result
    return result


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    result: Path = tmp_path_factory.mktemp("mof")
    for name, text in FILES.items():
        (result / name).parent.mkdir(parents=True, exist_ok=True)
        (result / name).write_text(text, encoding="utf-8")
    (result / "latin.mof").write_bytes(b"class T_C { string X; };\n// caf\xe9\n")
    return result


@pytest.fixture
def command(folder: Path) -> Command:
    return Command(folder)


class Refusing(InstanceWriteProvider):
    """A provider of a class that has no instances."""

    provider_classnames = "T_Refused"

    def CreateInstance(self, namespace: str, new_instance: Any) -> Any:
        raise pywbem.CIMError(pywbem.CIM_ERR_FAILED, "The disk is full")


def faked() -> FakedWBEMConnection:
    conn = FakedWBEMConnection()
    conn.compile_mof_string(BASE)
    conn.register_provider(Refusing(conn.cimrepository))
    return conn


@pytest.fixture
def server() -> Iterator[WBEMServerThread]:
    with WBEMServerThread(faked()) as result:
        yield result


def content(server: WBEMServerThread) -> Dict[str, List[Any]]:
    """Everything that a client sees in the server, by namespace."""
    server.conn.response_delay = None
    result: Dict[str, List[Any]] = {}
    with pywbem.WBEMConnection(server.url, ("me", "s3cret"), no_verification=True) as conn:
        for namespace in server.conn.namespaces:
            classes = conn.EnumerateClasses(
                namespace=namespace, DeepInheritance=True, LocalOnly=False, IncludeClassOrigin=True
            )
            instances = [
                conn.GetInstance(path)
                for cls in classes
                for path in conn.EnumerateInstanceNames(cls.classname, namespace=namespace)
                if path.classname == cls.classname
            ]
            qualifiers = conn.EnumerateQualifiers(namespace=namespace)
            result[namespace] = [
                sorted(qualifiers, key=lambda item: item.name),
                sorted(classes, key=lambda item: item.classname),
                sorted(instances, key=lambda item: str(item.path)),
            ]
    return result


def names(conn: FakedWBEMConnection) -> List[str]:
    return sorted(conn.EnumerateClassNames(DeepInheritance=True))


def head(server: WBEMServerThread, namespace: str = NAMESPACE) -> str:
    return f"MOF repository: Namespace {namespace} in WBEM server {server.url}\n"


# -- Compiling -------------------------------------------------------------------------------


def test_compile(command: Command, server: WBEMServerThread) -> None:
    assert command("new.mof", "-s", server.url) == (0, head(server), "")
    conn = server.conn
    assert names(conn) == ["T_Box", "T_Disk", "T_Refused", "T_Tape"]
    assert conn.GetQualifier("Description").value == "none"
    assert conn.GetClass("T_Box").properties["Round"].qualifiers["Description"].value == "new"
    disks = {inst["Id"]: inst["Size"] for inst in conn.EnumerateInstances("T_Disk")}
    assert disks == {"old": 6, "new\u00e4": 7}


def test_include_and_search(command: Command, server: WBEMServerThread) -> None:
    code, out, err = command(
        "all.mof", "near.mof", "-I", "more", "--include", "elsewhere", "-s", server.url, "-v"
    )
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == head(server).rstrip()
    for line in (
        f"Compiling file {'all.mof'!r}",
        "Setting qualifier root/cimv2:Key",
        "Creating class root/cimv2:T_Medium",
        "Creating class root/cimv2:T_Tape",
    ):
        assert out.splitlines().count(line) == 1, out
    assert {"T_Far", "T_Medium", "T_Near", "T_Tape"} < set(names(server.conn))


def test_directory_of_a_file_is_searched(command: Command, server: WBEMServerThread) -> None:
    assert command("more/tape.mof", "-s", server.url).code == 0
    assert "T_Medium" in names(server.conn)


def test_several_files(command: Command, server: WBEMServerThread) -> None:
    assert command("a.mof", "-s", server.url, "b.mof") == (0, head(server), "")
    assert server.conn.GetClass("T_B").superclass == "T_A"


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "byte-order mark"])
def test_standard_input(command: Command, server: WBEMServerThread, mark: bytes) -> None:
    mof = mark + 'instance of T_Disk { Id = "\u6f22"; };'.encode()
    assert command("-", "-s", server.url, stdin=mof) == (0, head(server), "")
    assert "\u6f22" in [path["Id"] for path in server.conn.EnumerateInstanceNames("T_Disk")]


NAMESPACE_CLASS = """
class CIM_Namespace {
    [Key] string SystemCreationClassName;
    [Key] string SystemName;
    [Key] string ObjectManagerCreationClassName;
    [Key] string ObjectManagerName;
    [Key] string CreationClassName;
    [Key] string Name;
};
"""


def test_namespace_is_created(command: Command, server: WBEMServerThread) -> None:
    server.conn.add_namespace("interop")
    server.conn.compile_mof_string(QUALIFIERS + NAMESPACE_CLASS, namespace="interop")
    server.conn.install_namespace_provider("interop")
    result = command("plain.mof", "-n", "root/new", "-s", server.url)
    assert result == (0, head(server, "root/new"), "")
    assert server.conn.EnumerateClassNames(namespace="root/new") == ["T_P"]


def test_host_without_a_scheme(command: Command, server: WBEMServerThread) -> None:
    assert command("a.mof", "-s", server.url.partition("//")[2]) == (0, head(server), "")


def test_unknown_pragma(command: Command, server: WBEMServerThread) -> None:
    code, out, _ = command("pragma.mof", "-s", server.url)
    assert code == 0
    assert out == head(server) + "Warning:pragma.mof:1:1 Unknown pragma 'strange' is ignored\n"


@pytest.mark.parametrize(
    ("spec", "logged"),
    [("all", True), ("api=file:summary,http=off", True), ("http=stderr:summary", False)],
    ids=["all", "api to a file", "http to standard error"],
)
def test_log(tmp_path: Path, server: WBEMServerThread, spec: str, logged: bool) -> None:
    (tmp_path / "a.mof").write_text(FILES["a.mof"])
    args = ["-u", "me", "-p", "s3cret", "--log", spec]
    code, out, err = Command(tmp_path)("a.mof", "-s", server.url, *args)
    log = tmp_path / "mofcompserver.log"
    assert (code, out, log.exists()) == (0, head(server), logged)
    text = log.read_text() if logged else err
    assert "CreateClass" in text
    assert "s3cret" not in text


@pytest.mark.parametrize("buffered", ["1", ""], ids=["unbuffered", "buffered"])
def test_nobody_reads_the_output(command: Command, server: WBEMServerThread, buffered: str) -> None:
    env = dict(environment(), PYTHONUNBUFFERED=buffered)
    ours, theirs = os.pipe()
    os.close(ours)
    with command.start("a.mof", "-v", "-s", server.url, env=env, stdout=theirs) as process:
        os.close(theirs)
        assert finished(process) == (0, "", "")
    assert "T_A" in names(server.conn)


# -- Removing and checking -------------------------------------------------------------------


def test_remove(command: Command, server: WBEMServerThread) -> None:
    before = content(server)
    mof = 'class T_Tape { [Key] string Name; }; instance of T_Tape { Name = "t"; };'
    server.conn.compile_mof_string(mof)
    code, out, err = command("-", "-r", "-v", "-s", server.url, stdin=mof.encode())
    assert (code, err) == (0, "")
    assert out == (
        f"{head(server)}"
        'Deleting instance root/cimv2:T_Tape.Name="t"\n'
        "Deleting class root/cimv2:T_Tape\n"
    )
    assert content(server) == before


def test_remove_what_is_not_there(command: Command, server: WBEMServerThread) -> None:
    before = content(server)
    code, out, err = command("a.mof", "-r", "-s", server.url)
    assert (code, err) == (0, "")
    assert out.startswith(f"{head(server)}Error deleting class root/cimv2:T_A\n     6 ")
    assert content(server) == before


@pytest.mark.parametrize("verbose", [False, True], ids=["quiet", "verbose"])
def test_dry_run(command: Command, server: WBEMServerThread, verbose: bool) -> None:
    before = content(server)
    args = ["-v"] if verbose else []
    code, out, err = command("new.mof", "--dry-run", "-s", server.url, *args)
    assert (code, err) == (0, "")
    assert out.startswith(f"{head(server)}Executing in dry-run mode\n")
    assert ("Creating class root/cimv2:T_Tape" in out) == verbose
    assert content(server) == before


DRY = "Checking the MOF without a WBEM server\nExecuting in dry-run mode\n"


def test_dry_run_without_a_server(command: Command) -> None:
    assert command("-d", "qualifiers.mof", "a.mof", "b.mof", "-") == (0, DRY, "")


def test_dry_run_without_a_server_finds_errors(command: Command) -> None:
    code, out, err = command("-d", "a.mof", "syntax.mof")
    assert (code, err) == (1, "")
    assert out.startswith(f"{DRY}MOF parsing error:syntax.mof:3:1 ")
    assert "\nMOF parsing error:syntax.mof:4:" in out
    last = out.splitlines()[-1]
    assert last.startswith("mof_compiler: MOFParseError: MOF parsing error:syntax.mof:3:1 ")
    assert last.endswith("(and 1 more error)")


# -- Failing ---------------------------------------------------------------------------------

UNREACHABLE = "http://127.0.0.1:1"

# What is compiled or given, and the beginning of the last line.
FAILURES: Dict[str, Tuple[List[str], str]] = {
    "syntax": (["syntax.mof"], "MOFParseError: MOF parsing error:syntax.mof:3:1 "),
    "syntax in the second file": (
        ["new.mof", "syntax.mof"],
        "MOFParseError: MOF parsing error:syntax.mof:3:1 ",
    ),
    "dependency": (
        ["new.mof", "dependency.mof"],
        "MOFDependencyError: MOF dependency error:dependency.mof:2:13 Cannot compile instance of "
        "'T_No'",
    ),
    "refused by the server": (
        ["new.mof", "refused.mof"],
        "MOFRepositoryError: CIM repository error:refused.mof:3:",
    ),
    "include that is absent": (
        ["include.mof"],
        "MOFDependencyError: MOF dependency error:include.mof:2:17 Cannot include file "
        "'absent.mof'",
    ),
    "include of itself": (["itself.mof"], "MOFParseError: MOF parsing error:itself.mof:2:"),
    "namespace with a host": (["host.mof"], "MOFParseError: MOF parsing error:host.mof:1:"),
    "namespace that cannot be created": (
        ["new.mof", "space.mof"],
        "MOFRepositoryError: CIM repository error:space.mof:2:7 Namespace 'root/new' does not "
        "exist in the CIM repository and cannot be created",
    ),
    "unknown namespace": (
        ["plain.mof", "-n", "root/x"],
        "MOFRepositoryError: CIM repository error:plain.mof:1:7 Namespace 'root/x' does not exist",
    ),
    "not UTF-8": (["latin.mof"], "MOFParseError: MOF parsing error:latin.mof:2:7 "),
    "standard input is not UTF-8": (
        ["a.mof", "-"],
        "The standard input is not UTF-8: byte 0xE9 in line 2",
    ),
    "file that is absent": (["new.mof", "absent.mof"], "OSError: No such file: 'absent.mof'"),
    "directory": (["new.mof", "more"], "IsADirectoryError: "),
    "remove with an error": (["new.mof", "syntax.mof", "-r"], "MOFParseError: "),
    "server does not exist": (
        ["a.mof", "-s", UNREACHABLE],
        f"ConnectionError: Cannot connect to WBEM server {UNREACHABLE}: Connection refused.",
    ),
    "port": (["a.mof", "-s", "http://h:x"], "Invalid port number 'x' in URL 'http://h:x'"),
    "log component": (["a.mof", "--log", "x=file"], "Invalid simple logger name: 'x'; must be"),
    "CA certificates": (
        ["a.mof", "--cacerts", "absent.pem"],
        "CA certificate file or directory not found: absent.pem",
    ),
    "client certificate": (
        ["a.mof", "--certfile", "absent.pem"],
        "Client certificate file for TLS/SSL 2-way authentication not found: absent.pem",
    ),
    "client key": (
        ["a.mof", "--certfile", "a.mof", "--keyfile", "absent.pem"],
        "Client key file for TLS/SSL 2-way authentication not found: absent.pem",
    ),
}


@pytest.mark.parametrize(("args", "message"), FAILURES.values(), ids=FAILURES)
def test_failure_leaves_the_namespace_as_it_was(
    command: Command, server: WBEMServerThread, args: List[str], message: str
) -> None:
    before = content(server)
    code, out, err = command("-s", server.url, *args, stdin=b"class T_X { };\n\xe9")
    assert (code, err) == (1, "")
    assert out.splitlines()[-1].startswith(f"mof_compiler: {message}"), out
    assert content(server) == before


def test_server_that_asks_for_a_user(command: Command) -> None:
    with WBEMServerThread(faked(), users={"me": "s3cret"}) as server:
        before = content(server)
        for args in (["-u", "me", "-p", "wrong"], ["-u", "you", "-p", ""], []):
            code, out, err = command("new.mof", "-s", server.url, *args)
            assert (code, err) == (1, "")
            last = out.splitlines()[-1]
            assert last.startswith("mof_compiler: AuthError: ")
            assert "401" in last and "--user and --password" in last
            assert content(server) == before
        assert command("a.mof", "-s", server.url, "-u", "me", "-p", "s3cret").code == 0
        assert "T_A" in names(server.conn)


class Leaving(InstanceWriteProvider):
    """A provider that stops its server; with ``seconds``, it starts again after that time."""

    provider_classnames = "T_Disk"

    def __init__(self, server: WBEMServerThread, seconds: Optional[float]) -> None:
        super().__init__(server.conn.cimrepository)
        self._server = server
        self._seconds = seconds
        self._thread: Optional[threading.Thread] = None

    def _leave(self) -> None:
        self._server.stop()
        if self._seconds is not None:
            time.sleep(self._seconds)
            self._server.start()

    def CreateInstance(self, namespace: str, new_instance: Any) -> Any:
        self._thread = threading.Thread(target=self._leave)
        self._thread.start()
        time.sleep(0.3)
        return super().CreateInstance(namespace, new_instance)

    def join(self) -> None:
        assert self._thread is not None
        self._thread.join(TIMEOUT)


def test_server_gone_for_a_moment(command: Command, server: WBEMServerThread) -> None:
    before = content(server)
    provider = Leaving(server, 0.4)
    server.conn.register_provider(provider)
    code, out, err = command("a.mof", "new.mof", "-s", server.url)
    provider.join()
    assert (code, err) == (1, "")
    assert out.splitlines()[-1].startswith("mof_compiler: ConnectionError: "), out
    assert content(server) == before


def test_server_gone(command: Command, server: WBEMServerThread) -> None:
    provider = Leaving(server, None)
    server.conn.register_provider(provider)
    code, out, err = command("a.mof", "new.mof", "-s", server.url)
    provider.join()
    assert (code, err) == (1, "")
    remains, last = out.splitlines()[-2:]
    assert remains == "mof_compiler: 5 changes to the WBEM server could not be undone"
    assert last.startswith("mof_compiler: ConnectionError: "), out


# -- Signals ---------------------------------------------------------------------------------


def wait_for(server: WBEMServerThread, classname: str) -> None:
    """Wait until the server has a class."""
    deadline = time.monotonic() + TIMEOUT
    store = server.conn.cimrepository.get_class_store(NAMESPACE)
    while not store.object_exists(classname):
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143)],
    ids=["interrupt", "terminate"],
)
def test_signal(command: Command, server: WBEMServerThread, number: int, code: int) -> None:
    before = content(server)
    server.conn.response_delay = 0.05
    with command.start("a.mof", "many.mof", "-s", server.url) as process:
        wait_for(server, "T_3")
        process.send_signal(number)
        result = finished(process)
    assert result == (
        code,
        f"{head(server)}mof_compiler: interrupted\n",
        "mof_compiler: interrupted, waiting for the operation in progress; once more breaks it "
        "off\n",
    )
    assert content(server) == before


def test_second_signal_does_not_wait(command: Command, server: WBEMServerThread) -> None:
    server.conn.response_delay = 8
    env = dict(environment(), PYTHONUNBUFFERED="1")
    args = ["plain.mof", "-v", "-s", server.url]
    with command.start(*args, env=env, bufsize=0) as process:
        assert process.stdout is not None and process.stderr is not None
        while b"Creating class" not in process.stdout.readline():
            assert process.poll() is None
        started = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert select.select([process.stderr], [], [], TIMEOUT)[0]
        process.send_signal(signal.SIGINT)
        code, out, _ = finished(process)
    assert (code, out) == (130, "mof_compiler: interrupted\n")
    assert time.monotonic() - started < 6


# -- TLS -------------------------------------------------------------------------------------

TLS: Dict[str, Tuple[List[str], int, str]] = {
    "known authority": (["--cacerts", "{trusted}"], 0, ""),
    "no verification": (["--no-verify-cert"], 0, ""),
    "no verification, short": (["-nvc"], 0, ""),
    "client certificate": (["--cacerts", "{trusted}", "--certfile", "{client}"], 0, ""),
    "unknown authority": ([], 1, "in --cacerts "),
    "other authority": (["--cacerts", "{stranger}"], 1, "certificate"),
    "no certificate in the file": (["--cacerts", "a.mof"], 1, "(from --cacerts) cannot be used"),
    "no certificate for the client": (
        ["--cacerts", "{trusted}", "--certfile", "a.mof"],
        1,
        "(--certfile) cannot be used",
    ),
}


@pytest.mark.parametrize(("args", "code", "message"), TLS.values(), ids=TLS)
def test_tls(
    command: Command,
    tmp_path: Path,
    authority: Authority,
    stranger: Authority,
    tls: ssl.SSLContext,
    args: List[str],
    code: int,
    message: str,
) -> None:
    client = tmp_path / "client.pem"
    authority.ca.issue_cert("me@example.org").private_key_and_cert_chain_pem.write_to_path(
        str(client)
    )
    files = {"trusted": authority.file, "stranger": stranger.file, "client": str(client)}
    with WBEMServerThread(faked(), ssl_context=tls) as server:
        before = content(server)
        result = command("a.mof", "-s", server.url, *(arg.format(**files) for arg in args))
        assert (result.code, result.err) == (code, "")
        if code:
            last = result.out.splitlines()[-1]
            assert last.startswith("mof_compiler: ConnectionError: ")
            assert message in last
            assert content(server) == before
        else:
            assert "T_A" in names(server.conn)


# -- The terminal ----------------------------------------------------------------------------


class Terminal:
    """A pseudo terminal; ``side`` is for the process."""

    def __init__(self) -> None:
        self._master, self.side = pty.openpty()
        size = struct.pack("HHHH", 25, 80, 0, 0)
        fcntl.ioctl(self.side, termios.TIOCSWINSZ, size)
        self.text = ""

    def read(self, until: Optional[str] = None) -> str:
        """Read until a text appears, or until the process has ended."""
        while until is None or until not in self.text:
            assert select.select([self._master], [], [], TIMEOUT)[0]
            try:
                data = os.read(self._master, 65536)
            except OSError:
                # Linux says so when nobody has the other side any more.
                data = b""
            if not data:
                assert until is None, self.text
                break
            self.text += data.decode("utf-8")
        return self.text

    def write(self, text: str) -> None:
        os.write(self._master, text.encode())

    def given(self) -> None:
        """The process has its side: close ours."""
        os.close(self.side)

    def close(self) -> None:
        os.close(self._master)


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    result = Terminal()
    yield result
    result.close()


@pytest.mark.parametrize(("typed", "code"), [("s3cret", 0), ("wr0ng", 1)], ids=["right", "wrong"])
def test_password_is_asked_for_and_not_shown(
    command: Command, terminal: Terminal, typed: str, code: int
) -> None:
    with WBEMServerThread(faked(), users={"me": "s3cret"}) as server:
        side = terminal.side
        with command.start(
            "a.mof", "-s", server.url, "-u", "me", stdin=side, stdout=side, stderr=side
        ) as process:
            terminal.given()
            terminal.read("Enter password for me: ")
            terminal.write(f"{typed}\n")
            text = terminal.read()
            assert finished(process).code == code
        assert typed not in text
        assert f"MOF repository: Namespace {NAMESPACE} in WBEM server {server.url}" in text
        assert ("T_A" in names(server.conn)) == (code == 0)


NO_PASSWORD: Dict[str, Tuple[Sequence[str], str]] = {
    "no input": (["a.mof"], "No password for user me: give it by --password"),
    "the input is the MOF": (["-"], "The standard input has the MOF: give the password by"),
}


@pytest.mark.parametrize(("files", "message"), NO_PASSWORD.values(), ids=NO_PASSWORD)
def test_no_password(
    command: Command, server: WBEMServerThread, files: Sequence[str], message: str
) -> None:
    before = content(server)
    stdin = b"class T_X { };\n" if "-" in files else b""
    code, out, _ = command(*files, "-s", server.url, "-u", "me", stdin=stdin)
    assert code == 1
    assert out.startswith(f"mof_compiler: {message}")
    assert content(server) == before


@pytest.mark.parametrize(
    ("options", "shown"),
    [([], True), (["-v"], False)],
    ids=["quiet", "verbose"],
)
def test_progress_bar(
    command: Command,
    server: WBEMServerThread,
    terminal: Terminal,
    options: List[str],
    shown: bool,
) -> None:
    server.conn.response_delay = 0.03
    with command.start("many.mof", "-s", server.url, *options, stderr=terminal.side) as process:
        terminal.given()
        text = terminal.read()
        assert finished(process).code == 0
    assert ("many.mof: " in text and "declarations" in text) == shown
    if not shown:
        assert text == ""


def test_no_progress_bar_without_a_terminal(command: Command, server: WBEMServerThread) -> None:
    server.conn.response_delay = 0.03
    assert command("many.mof", "-s", server.url) == (0, head(server), "")


def test_import_is_light(command: Command) -> None:
    """What only some runs need is not loaded by all."""
    code = "import sys, mof_compiler; print([m for m in sys.argv[1:] if m in sys.modules])"
    result: Union[bytes, str] = subprocess.check_output(
        [sys.executable, "-c", code, "tqdm", "yaml", "pywbem_mock", "http.server"],
        env=environment(),
        timeout=TIMEOUT,
    )
    assert result.strip() == b"[]"
