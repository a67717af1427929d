"""
The scripts in ``examples``, each as a process, as a user runs them.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import re
import signal
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Iterator, List

import pytest

import pywbem
from pywbem_mock import WBEMServerThread
from tests.integration.processes import environment
from tests.shared_data import ROOT
from tests.storage_server import MODELS, storage_responder

EXAMPLES = ROOT / "examples"
SCRIPTS = sorted(
    path.name for path in EXAMPLES.glob("*.py") if "def main" in path.read_text(encoding="utf-8")
)
NOBODY = "http://127.0.0.1:1"
PLAIN_TEXT = {"PYTHONIOENCODING": "utf-8", "COLUMNS": "90"}


def command(script: str, *arguments: str) -> List[str]:
    return [sys.executable, "-W", "error", str(EXAMPLES / script), *arguments]


def run(
    script: str, *arguments: str, given: str = "", **variables: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(script, *arguments),
        env=environment(**PLAIN_TEXT, **variables),
        input=given,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        start_new_session=True,  # without the terminal of who runs the tests
    )


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The URL of a server with the models."""
    with storage_responder() as server:
        yield server.url


# -- What all have in common ---------------------------------------------------------


def test_scripts_are_found() -> None:
    """There are scripts."""
    assert "explore_server.py" in SCRIPTS


@pytest.mark.parametrize("script", SCRIPTS)
def test_help(script: str) -> None:
    """The help tells what the script does, and its exit codes."""
    done = run(script, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "exit codes:" in done.stdout
    for line in done.stdout.splitlines():
        assert len(line) <= 90


NO_SERVER = {
    "enumerate_instances.py": [NOBODY, "ACME_Disk"],
    "pull_instances.py": [NOBODY, "ACME_Disk"],
    "explore_server.py": [NOBODY],
    "manage_disks.py": [NOBODY],
    "send_indication.py": [NOBODY],
    "compile_mof.py": ["-s", NOBODY, str(MODELS / "acme_storage.mof")],
    "listen.py": ["--port", "0", "-s", NOBODY],
    "poll_servers.py": [NOBODY, "ACME_Disk"],
    "poll_servers_async.py": [NOBODY, "ACME_Disk"],
    "check_wbem.py": ["-H", NOBODY, "ACME_Disk"],
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_no_server(script: str) -> None:
    """Nobody listens: a message and an exit code, no traceback."""
    done = run(script, *NO_SERVER[script])
    assert done.returncode == (2 if script == "check_wbem.py" else 3), done.stdout + done.stderr
    assert "Cannot connect to WBEM server http://127.0.0.1:1" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("script", SCRIPTS)
def test_wrong_option(script: str) -> None:
    """A wrong argument is told without a traceback."""
    done = run(script, "--no-such-option")
    assert done.returncode == (3 if script == "check_wbem.py" else 2)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["ACME_Disk", "-n", "root/cimv3"], "'root/cimv3' (explore_server.py lists"),
        (["ACME_Disc"], "'root/cimv2'. (explore_server.py --classes lists the classes)"),
        (["ACME_Disk", "-u", "me"], "no password of me; give it in WBEM_PASSWORD"),
    ],
    ids=["namespace", "class", "nobody to ask for a password"],
)
def test_what_to_do(url: str, arguments: List[str], says: str) -> None:
    """A mistake is told with what to do about it."""
    done = run("enumerate_instances.py", url, *arguments)
    assert done.returncode in (1, 2)
    assert says in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("creds", [False, True], ids=["none", "wrong"])
def test_wrong_user(creds: bool) -> None:
    """The option is named, not the parameter of a connection."""
    with WBEMServerThread(users={"me": "other"}) as server:
        arguments = ["-u", "me"] if creds else []
        done = run("explore_server.py", server.url, *arguments, WBEM_PASSWORD="wrong")
    assert done.returncode == 3
    assert "--user" in done.stderr
    assert "creds" not in done.stderr


def test_no_wbem_server() -> None:
    """A server of something else answers."""
    with pywbem.WBEMListener("127.0.0.1", http_port=0) as listener:
        listener.start()
        done = run("explore_server.py", f"http://127.0.0.1:{listener.http_port}")
    assert done.returncode == 3
    assert done.stderr.startswith("HTTPError: 400 (Bad Request) - is the URL that of a WBEM server")


# -- One by one ----------------------------------------------------------------------


def test_enumerate_instances(url: str) -> None:
    """MOF and a table."""
    done = run("enumerate_instances.py", url, "ACME_Disk")
    assert (done.returncode, done.stderr) == (0, "")
    assert "instance of ACME_SolidStateDisk {" in done.stdout
    assert re.search(r"^sdb +4000787030016 +True", done.stdout, re.MULTILINE)
    assert done.stdout.endswith("3 instances of ACME_Disk in root/cimv2\n")


def test_cim_error(url: str) -> None:
    """What the server reports has an exit code of its own."""
    done = run("enumerate_instances.py", url, "ACME_Tape")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("The server reports CIM_ERR_INVALID_CLASS")


@pytest.mark.parametrize("most", ["1", "2", "1000"])
def test_pull_instances(url: str, most: str) -> None:
    """A line of JSON for each instance, in any number of responses."""
    done = run("pull_instances.py", url, "ACME_Disk", "DeviceID", "Tags", "--max", most)
    assert done.returncode == 0
    assert done.stderr == "3 instances of ACME_Disk in root/cimv2\n"
    found = [json.loads(line) for line in done.stdout.splitlines()]
    disks = [pywbem.CIMInstance.from_dict(disk) for disk in found]
    assert [disk["DeviceID"] for disk in disks] == ["sda", "sdb", "nvme0n1"]
    assert {tuple(disk.keys()) for disk in disks} == {("DeviceID", "Tags")}
    assert disks[0]["Tags"] == ["rack 7"]
    assert disks[0].path is not None and disks[0].path.classname == "ACME_Disk"


JSON = {
    "enumerate_instances.py": ["ACME_Disk"],
    "explore_server.py": ["--classes"],
    "poll_servers.py": ["ACME_Disk"],
    "poll_servers_async.py": ["ACME_Disk"],
}


@pytest.mark.parametrize("script", list(JSON))
def test_json(url: str, script: str) -> None:
    """What is data can be had as JSON, and nothing else is in the output."""
    done = run(script, url, *JSON[script], "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    if script == "enumerate_instances.py":
        assert pywbem.CIMInstance.from_dict(found[0])["DeviceID"] == "sda"
    elif script == "explore_server.py":
        assert found["product"] == "ACME CIM Server 3.1"
        assert found["classes"]["ACME_SolidStateDisk"] == "ACME_Disk"
        assert "DMTF Indications 1.2.0" in found["profiles"]
    else:
        assert [(one["url"], one["instances"], one["error"]) for one in found] == [(url, 3, "")]


def test_manage_disks_as_json(url: str) -> None:
    """A line for each disk; what is done stands elsewhere."""
    done = run("manage_disks.py", url, "--health", "Degraded", "--state", "2", "--json")
    assert (done.returncode, done.stderr) == (0, "alpha: Completed\n")
    assert json.loads(done.stdout) == {"id": "sdb", "size": 4000787030016, "health": "Degraded"}


def test_explore_server(url: str) -> None:
    """Product, namespaces, profiles and the tree of classes."""
    done = run("explore_server.py", url, "--classes")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Product: ACME CIM Server 3.1\n" in done.stdout
    assert "Namespaces:\n    interop\n    root/cimv2\n" in done.stdout
    assert "    DMTF Indications 1.2.0\n" in done.stdout
    assert "    ACME_Disk\n        ACME_SolidStateDisk\n" in done.stdout


def test_explore_server_with_a_strange_profile() -> None:
    """A profile that says less than it should is shown as far as it goes."""
    with storage_responder() as server, pywbem.WBEMConnection(server.url) as conn:
        properties = {"InstanceID": "x", "RegisteredOrganization": pywbem.Uint16(7)}
        profile = pywbem.CIMInstance("CIM_RegisteredProfile", properties)
        conn.CreateInstance(profile, namespace="interop")
        done = run("explore_server.py", server.url)
    assert (done.returncode, done.stderr) == (0, "")
    assert "    7 ? ?\n" in done.stdout


def test_manage_disks(url: str) -> None:
    """The disks of a health get a tag, their systems another state."""
    done = run("manage_disks.py", url, "--health", "Degraded", "--tag", "rack 9", "--state", "2")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "sdb: 4000787030016 bytes, Degraded\nalpha: Completed\n"
    done = run("pull_instances.py", url, "ACME_Disk", "DeviceID", "Tags")
    tags = [json.loads(line)["properties"]["Tags"]["value"] for line in done.stdout.splitlines()]
    assert sorted(tags) == [["rack 7"], ["rack 7"], ["rack 9"]]


def test_compile_mof_check() -> None:
    """Without a server the files are checked, and what they contain is listed."""
    done = run("compile_mof.py", str(MODELS / "acme_storage.mof"))
    assert (done.returncode, done.stderr) == (0, "")
    assert "class ACME_SolidStateDisk\n" in done.stdout
    assert 'instance root/cimv2:ACME_Disk.DeviceID="sda"\n' in done.stdout


def test_compile_mof_wrong(tmp_path: Path) -> None:
    """Every error is shown with its place, and has an exit code of its own."""
    path = tmp_path / "wrong.mof"
    path.write_text("class A { string s };\nclass B { strng t; };\n", encoding="utf-8")
    done = run("compile_mof.py", str(path))
    assert (done.returncode, done.stdout) == (5, "")
    assert "wrong.mof:1:20 " in done.stderr
    assert "wrong.mof:2:11 " in done.stderr


def test_compile_mof_into_server(tmp_path: Path) -> None:
    """What is compiled into a server is there."""
    path = tmp_path / "tape.mof"
    path.write_text("class ACME_Tape : ACME_Disk { uint32 Reels; };\n", encoding="utf-8")
    with storage_responder() as server:
        done = run("compile_mof.py", "--server", server.url, str(path))
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == "1 files compiled\n"
        with pywbem.WBEMConnection(server.url) as conn:
            assert "Reels" in conn.GetClass("ACME_Tape").properties


def test_poll_servers(url: str) -> None:
    """Each server has a line, an unreachable one its reason."""
    done = run("poll_servers.py", "ACME_Disk", given=f"{url}\n{NOBODY}\n{url}\n")
    assert (done.returncode, done.stderr) == (3, "")
    assert done.stdout.count("3 instances") == 2
    assert "ConnectionError" in done.stdout
    assert done.stdout.endswith("2 of 3 servers answered\n")


def test_poll_servers_async(url: str) -> None:
    """Each server has a line, or an object, an unreachable one its reason."""
    given = f"{url}\n{NOBODY}\n{url}\n"
    done = run("poll_servers_async.py", "ACME_Disk", "-m", "2", given=given)
    assert (done.returncode, done.stderr) == (3, "")
    assert done.stdout.count("3 instances") == 2
    assert "ConnectionError" in done.stdout
    assert done.stdout.endswith("2 of 3 servers answered\n")
    done = run("poll_servers_async.py", "--json", url, url, "ACME_Disk")
    assert (done.returncode, done.stderr) == (0, "")
    answers = json.loads(done.stdout)
    assert [(answer["url"], answer["instances"], answer["error"]) for answer in answers] == [
        (url, 3, "")
    ] * 2


CLUSTER = """
import sys
from distributed import LocalCluster
with LocalCluster(
    n_workers=1, processes=False, protocol="tcp://", host="127.0.0.1", dashboard_address=None
) as cluster:
    print(cluster.scheduler_address, flush=True)
    sys.stdin.read()
"""


@contextlib.contextmanager
def running_cluster() -> Iterator[str]:
    """The address of a scheduler that is running."""
    with subprocess.Popen(
        [sys.executable, "-c", CLUSTER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(**PLAIN_TEXT),
        encoding="utf-8",
    ) as cluster:
        assert cluster.stdout is not None
        yield cluster.stdout.readline().strip()
        cluster.communicate()


@pytest.mark.slow
@pytest.mark.parametrize("where", ["local", "cluster"])
def test_poll_servers_with_dask(url: str, where: str) -> None:
    """The same with Dask: a scheduler in the script, and one that is running."""
    if importlib.util.find_spec("distributed") is None:
        pytest.skip("distributed is not installed")
    with running_cluster() if where == "cluster" else contextlib.nullcontext(where) as address:
        # Without -W error: Dask has warnings of its own.
        done = subprocess.run(
            [sys.executable, str(EXAMPLES / "poll_servers.py"), url, url, "ACME_Disk"]
            + ["--dask", address],
            env=environment(**PLAIN_TEXT),
            capture_output=True,
            encoding="utf-8",
            timeout=180,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("3 instances") == 2
    assert done.stdout.endswith("2 of 2 servers answered\n")


def test_poll_servers_without_dask(url: str) -> None:
    """Where Dask is not installed, the script says so."""
    if importlib.util.find_spec("distributed") is not None:
        pytest.skip("distributed is installed")
    done = run("poll_servers.py", url, "ACME_Disk", "--dask", "local")
    assert (done.returncode, done.stdout) == (2, "")
    assert "needs the Python package distributed" in done.stderr


CHECKS = [
    (["ACME_Disk", "-w", "1"], 0, "WBEM OK - 2 of 3 ACME_Disk are ok | ", ["sdb: degraded"]),
    (["-w", "0", "-c", "1:", "ACME_Disk"], 2, "WBEM CRITICAL - 2 of 3 ", ["sdb: degraded"]),
    (["ACME_Disk", "-w", "@0", "-t", "7"], 0, "WBEM OK - 2 of 3 ", []),
    (["ACME_Disk", "-w", "~:3"], 0, "WBEM OK - 2 of 3 ", []),
    (["ACME_Disk", "-w", "5:2"], 3, "WBEM UNKNOWN - argument -w/--warning: '5:2' begins ", []),
    (["ACME_Disk", "-c", "x"], 3, "WBEM UNKNOWN - argument -c/--critical: 'x' is no range", []),
    (["ACME_Disk"], 1, "WBEM WARNING - 2 of 3 ACME_Disk are ok | ", ["sdb: degraded"]),
    (["ACME_SolidStateDisk"], 0, "WBEM OK - 1 of 1 ACME_SolidStateDisk are ok | ", []),
    (["ACME_SolidStateDisk", "--min", "2"], 2, "WBEM CRITICAL - 1 of 1 ", []),
    (["ACME_Tape"], 3, "WBEM UNKNOWN - CIM_ERR_INVALID_CLASS: ", []),
    (["ACME_ComputerSystem"], 3, "WBEM UNKNOWN - 0 of 2 ", ["alpha: without HealthState"]),
]


@pytest.mark.parametrize(
    ("arguments", "code", "begin", "lines"),
    CHECKS,
    ids=[
        "few",
        "range",
        "turned",
        "at-most",
        "wrong-range",
        "no-range",
        "warning",
        "ok",
        "too-few",
        "no-class",
        "no-health",
    ],
)
def test_check_wbem(
    url: str, arguments: List[str], code: int, begin: str, lines: List[str]
) -> None:
    """One line with performance data, the exit codes of monitoring systems."""
    done = run("check_wbem.py", "-H", url, *arguments)
    assert (done.returncode, done.stderr) == (code, "")
    first, *others = done.stdout.splitlines()
    assert first.startswith(begin)
    assert code == 3 or re.search(r" \| time=[\d.]+s elements=\d+ ill=\d+$", first)
    assert [line for line in lines if line not in others] == []


# -- Indications ---------------------------------------------------------------------


def started(*arguments: str) -> subprocess.Popen[str]:
    """Start a listener, and wait until it listens."""
    return subprocess.Popen(
        command("listen.py", "--port", "0", *arguments),
        env=environment(**PLAIN_TEXT),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def listening_url(listener: subprocess.Popen[str]) -> str:
    assert listener.stdout is not None
    line = listener.stdout.readline()
    assert line.startswith("Listening at http://127.0.0.1:"), line
    return line.split()[-1]


def test_listen_as_json() -> None:
    """A line of JSON for each indication; where it listens stands elsewhere."""
    with started("--count", "1", "--json") as listener:
        try:
            assert listener.stderr is not None
            url = listener.stderr.readline().split()[-1]
            assert run("send_indication.py", url, "Message=hello").returncode == 0
            printed, _ = listener.communicate(timeout=60)
        finally:
            listener.kill()
    heard = json.loads(printed)
    assert heard["host"] == "127.0.0.1"
    assert pywbem.CIMInstance.from_dict(heard["indication"])["Message"] == "hello"


@pytest.mark.parametrize("journal", [False, True], ids=["", "journal"])
def test_send_and_listen(tmp_path: Path, journal: bool) -> None:
    """What one script sends, the other one prints; it ends after their number."""
    options = ["--journal", str(tmp_path / "journal")] if journal else []
    with started("--count", "2", *options) as listener:
        try:
            url = listening_url(listener)
            done = run("send_indication.py", url, "Message=hello", "--repeat", "2")
            assert (done.returncode, done.stderr) == (0, "")
            assert done.stdout == f"2 indications sent to {url}\n"
            printed, errors = listener.communicate(timeout=60)
        finally:
            listener.kill()
    assert (listener.returncode, errors) == (0, "")
    assert printed.count("CIM_AlertIndication from 127.0.0.1\n    Message = hello\n") == 2
    assert printed.index("IndicationIdentifier = 1") < printed.index("IndicationIdentifier = 2")


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "kill"])
def test_listen_subscribes(number: signal.Signals) -> None:
    """The subscription exists while the script runs, and is gone afterwards."""
    with storage_responder() as server, pywbem.WBEMConnection(server.url) as conn:
        with started("--server", server.url) as listener:
            try:
                listening_url(listener)
                assert listener.stdout is not None
                assert listener.stdout.readline().startswith("Subscribed at ")
                assert len(subscriptions(conn)) == 1
                conn.CreateInstance(pywbem.CIMInstance("ACME_Disk", {"DeviceID": "sdd"}))
                assert listener.stdout.readline() == "CIM_InstCreation from 127.0.0.1\n"
                listener.send_signal(number)
                _, errors = listener.communicate(timeout=60)
            finally:
                listener.kill()
        assert (listener.returncode, errors) == (0, "")
        assert subscriptions(conn) == []


def subscriptions(conn: pywbem.WBEMConnection) -> List[pywbem.CIMInstanceName]:
    return conn.EnumerateInstanceNames("CIM_IndicationSubscription", namespace="interop")


def test_listen_port_in_use() -> None:
    """A port in use has an exit code of its own."""
    with started() as listener:
        try:
            port = listening_url(listener).rpartition(":")[2]
            done = run("listen.py", "--port", port)
        finally:
            listener.kill()
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith("ListenerPortError: ")


def test_suite_with_mock() -> None:
    """The pytest suite passes, with the plugin as it is installed."""
    plugin = [] if plugin_is_installed() else ["-p", "pywbem_mock.pytest_plugin"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *plugin]
        + ["-c", os.devnull, "--rootdir", str(EXAMPLES), "examples/test_with_mock.py"],
        cwd=str(ROOT),
        env=environment(**PLAIN_TEXT),
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 passed" in done.stdout


def plugin_is_installed() -> bool:
    """Tell whether pytest loads the plugin by its entry point."""
    try:
        points = metadata.distribution("pywbem").entry_points
    except metadata.PackageNotFoundError:
        return False
    return any(point.group == "pytest11" for point in points)
