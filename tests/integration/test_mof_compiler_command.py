"""
The command ``mof_compiler`` against a WBEM server on the loopback interface: what it
compiles, removes, checks and refuses.
"""

from __future__ import annotations

import os
import ssl
from pathlib import Path
from typing import Dict, Iterator, List, Tuple

import pytest

from pywbem import WBEMListener
from pywbem_mock.http.server import WBEMServerThread

from .conftest import Authority
from .mof_command import (
    FILES,
    QUALIFIERS,
    Command,
    content,
    environment,
    faked,
    finished,
    head,
    names,
    write_files,
)


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Command:
    result = Command(tmp_path_factory.mktemp("mof"))
    write_files(result.folder)
    return result


@pytest.fixture
def server() -> Iterator[WBEMServerThread]:
    with WBEMServerThread(faked()) as result:
        yield result


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
        assert line in out.splitlines(), out
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
    assert out.splitlines()[-1] == "mof_compiler: MOFParseError: 2 errors, see above"
    assert out.count("MOF parsing error:syntax.mof:3:1 ") == 1


def test_dry_run_in_another_encoding(command: Command) -> None:
    assert command("-d", "latin.mof").code == 1
    assert command("-d", "latin.mof", "--encoding", "latin-1") == (0, DRY, "")
    assert command("-d", "-", "--encoding", "cp1252", stdin=b"// \x80\nclass T_X { };").code == 0
    code, out, err = command("-d", "latin.mof", "--encoding", "nonsense")
    assert (code, out) == (2, "")
    assert "unknown encoding 'nonsense'" in err


def test_dry_run_with_confined_includes(command: Command) -> None:
    assert command("-d", "all.mof", "--include-root", ".").code == 0
    code, out, err = command("-d", "all.mof", "--include-root", "more")
    assert (code, err) == (1, "")
    assert "MOF dependency error:all.mof:" in out
    assert "confined" in out


def test_included_files_are_searched_for(command: Command) -> None:
    mof = (
        b'#pragma include ("qualifiers.mof")\n#pragma include ("TAPE.mof")\nclass T_X : T_Tape { };'
    )
    assert command("-d", "-", stdin=mof).code == 1
    code, out, err = command("-d", "-", "-I", "more", stdin=mof)
    assert (code, err) == (0, ""), out


def test_directory_that_is_absent(command: Command) -> None:
    code, _, err = command("-d", "a.mof", "-I", "absent")
    assert (code, err) == (0, "mof_compiler: warning: there is no directory absent (-I)\n")


# -- Failing ---------------------------------------------------------------------------------

UNREACHABLE = "http://127.0.0.1:1"

# What is compiled or given, and the beginning of the last line; what the compiler tells of the MOF
# stands before it, and only there.
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
        "OSError: No such file: 'absent.mof' (included in include.mof, line 2)",
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
    "directory": (
        ["new.mof", "more"],
        "IsADirectoryError: Cannot open more: Is a directory; name the MOF file in it that "
        "includes the others, or each file",
    ),
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
    kind, _, text = message.partition(": ")
    if text.startswith(("MOF ", "CIM ")):
        assert out.count(f"\n{text}") == 1, out
        assert out.splitlines()[-1] == f"mof_compiler: {kind}: {errors(out)}, see above"
    else:
        assert out.splitlines()[-1].startswith(f"mof_compiler: {message}"), out
    assert content(server) == before


def errors(out: str) -> str:
    count = sum(" error:" in line for line in out.splitlines()[1:-1])
    return "1 error" if count == 1 else f"{count} errors"


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


def test_namespace_that_is_mistyped(command: Command, server: WBEMServerThread) -> None:
    """Where the server has no such namespace, nothing that the MOF needs is found in it."""
    server.conn.add_namespace("interop")
    server.conn.compile_mof_string(QUALIFIERS + NAMESPACE_CLASS, namespace="interop")
    server.conn.install_namespace_provider("interop")
    code, out, err = command("new.mof", "-s", server.url, "-n", "root/cimv3")
    assert (code, err) == (1, "")
    assert out.splitlines()[-2:] == [
        f"WBEM server {server.url} has no namespace root/cimv3 (--namespace)",
        f"mof_compiler: MOFDependencyError: {errors(out)}, see above",
    ]


def test_what_answers_is_no_wbem_server(command: Command) -> None:
    """The message says what to look at."""
    with WBEMListener("127.0.0.1", http_port=0) as listener:
        listener.start()
        url = f"http://127.0.0.1:{listener.http_port}"
        code, out, err = command("new.mof", "-s", url)
    assert (code, err) == (1, "")
    assert out.splitlines()[-1] == (
        "mof_compiler: HTTPError: 400 (Bad Request). What answers there takes no CIM operations; "
        "is the URL that of a WBEM server?"
    )


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
