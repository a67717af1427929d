"""
The command line of ``mof_compiler``, and the signals that end it.
"""

from __future__ import annotations

import argparse
import signal
import sys
from typing import Any, Dict, List, Tuple

import pytest

from mof_compiler.interrupt import Interrupted, Interruption
from mof_compiler.options import parse, parser

SERVER = ["-s", "http://h"]

ACCEPTED: Dict[str, Tuple[List[str], Dict[str, Any]]] = {
    "defaults": (
        ["a.mof", *SERVER],
        {
            "mof_files": ["a.mof"],
            "url": "http://h",
            "namespace": "root/cimv2",
            "user": None,
            "password": None,
            "no_verify_cert": False,
            "cacerts": None,
            "certfile": None,
            "keyfile": None,
            "remove": False,
            "dry_run": False,
            "include_dirs": [],
            "verbose": False,
            "log": None,
        },
    ),
    "server": (["a.mof", "--server", "h:1"], {"url": "h:1"}),
    "last server counts": (["a.mof", "-s", "x", *SERVER], {"url": "http://h"}),
    "several files": (["a.mof", "b.mof", *SERVER], {"mof_files": ["a.mof", "b.mof"]}),
    "files around options": (["a.mof", *SERVER, "b.mof"], {"mof_files": ["a.mof", "b.mof"]}),
    "files after options": ([*SERVER, "a.mof"], {"mof_files": ["a.mof"]}),
    "file after two dashes": ([*SERVER, "--", "a.mof"], {"mof_files": ["a.mof"]}),
    "standard input": (["-", *SERVER], {"mof_files": ["-"]}),
    "namespace": (["a.mof", *SERVER, "-n", "root/x"], {"namespace": "root/x"}),
    "namespace, long": (["a.mof", *SERVER, "--namespace", "x"], {"namespace": "x"}),
    "user": (["a.mof", *SERVER, "-u", "me", "-p", "pw"], {"user": "me", "password": "pw"}),
    "user, long": (
        ["a.mof", *SERVER, "--user", "me", "--password", ""],
        {"user": "me", "password": ""},
    ),
    "no verification": (["a.mof", *SERVER, "-nvc"], {"no_verify_cert": True}),
    "no verification, long": (["a.mof", *SERVER, "--no-verify-cert"], {"no_verify_cert": True}),
    "certificates": (
        ["a.mof", *SERVER, "--cacerts", "c", "--certfile", "d", "--keyfile", "e"],
        {"cacerts": "c", "certfile": "d", "keyfile": "e"},
    ),
    "remove": (["a.mof", *SERVER, "-r"], {"remove": True}),
    "remove, long": (["a.mof", *SERVER, "--remove"], {"remove": True}),
    "dry run": (["a.mof", *SERVER, "-d"], {"dry_run": True, "url": "http://h"}),
    "dry run without a server": (["a.mof", "--dry-run"], {"dry_run": True, "url": None}),
    "include": (["a.mof", *SERVER, "-I", "d", "--include", "e"], {"include_dirs": ["d", "e"]}),
    "verbose": (["a.mof", *SERVER, "-v"], {"verbose": True}),
    "log": (["a.mof", *SERVER, "--log", "all=stderr"], {"log": "all=stderr"}),
    "abbreviated": (["a.mof", "--serv", "h", "--verb"], {"url": "h", "verbose": True}),
}


@pytest.mark.parametrize(("args", "expected"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(
    args: List[str], expected: Dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    result = vars(parse(args))
    assert {name: result[name] for name in expected} == expected
    assert capsys.readouterr() == ("", "")


REFUSED: Dict[str, Tuple[List[str], str]] = {
    "nothing": ([], "No MOF files specified"),
    "no file": (SERVER, "No MOF files specified"),
    "no server": (
        ["a.mof"],
        "Without --dry-run a server is needed: No server specified (-s/--server option)",
    ),
    "encoding": (["a.mof", "-d", "--encoding", "x"], "unknown encoding 'x'"),
    "empty server": (["a.mof", "-s", ""], "No server specified (-s/--server option)"),
    "remove without a server": (["a.mof", "-r"], "No server specified (-s/--server option)"),
    "no namespace": (
        ["a.mof", *SERVER, "-n", ""],
        "No namespace specified (-n/--namespace option)",
    ),
    "remove and dry run": (
        ["a.mof", *SERVER, "-r", "-d"],
        "--dry-run not allowed with --remove.",
    ),
    "standard input twice": (["-", "-", *SERVER], "The standard input (-) can be read only once"),
    "unknown option": (["a.mof", *SERVER, "--blah"], "unrecognized arguments: --blah"),
    "option without its value": (["a.mof", "-s"], "-s/--server: expected one argument"),
}


@pytest.mark.parametrize(("args", "message"), REFUSED.values(), ids=REFUSED)
def test_refused(args: List[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as excinfo:
        parse(args)
    assert excinfo.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("usage: mof_compiler [options] moffile ...\nmof_compiler: error: ")
    assert err.rstrip("\n").endswith(message)


WARNED: Dict[str, Tuple[List[str], List[str]]] = {
    "password": ([*SERVER, "-p", "x"], ["--password has no effect without --user"]),
    "key": ([*SERVER, "--keyfile", "x"], ["--keyfile has no effect without --certfile"]),
    "no server": (
        ["-d", "-u", "x", "-nvc", "--cacerts", "x", "--certfile", "x", "--log", "all"],
        [
            "--user has no effect without --server",
            "--no-verify-cert has no effect without --server",
            "--cacerts has no effect without --server",
            "--certfile has no effect without --server",
            "--log has no effect without --server",
        ],
    ),
}


@pytest.mark.parametrize(("args", "warnings"), WARNED.values(), ids=WARNED)
def test_options_without_effect(
    args: List[str], warnings: List[str], capsys: pytest.CaptureFixture[str]
) -> None:
    parse(["a.mof", *args])
    assert capsys.readouterr().err.splitlines() == [
        f"mof_compiler: warning: {warning}" for warning in warnings
    ]


# Scripts use them.
OPTIONS = """
-s --server -n --namespace -u --user -p --password -nvc --no-verify-cert --cacerts --certfile
--keyfile -r --remove -d --dry-run -I --include --include-root --encoding
-v --verbose -V --version -h --help --log
"""


def actions() -> List[argparse.Action]:
    return parser()._actions


def test_help_tells_every_option(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as excinfo:
        parse(["--help"])
    assert not excinfo.value.code
    text = capsys.readouterr().out
    names = [name for action in actions() for name in action.option_strings]
    assert sorted(names) == sorted(OPTIONS.split())
    for name in names:
        assert f"{name} " in text or f"{name}," in text or f"{name}\n" in text, name
    assert all(action.help for action in actions())
    assert "PYWBEM_MOF_CACHE" in text
    assert max(map(len, text.splitlines())) <= 100


@pytest.mark.parametrize("option", ["-V", "--version"])
def test_version(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    from pywbem import __version__

    with pytest.raises(SystemExit) as excinfo:
        parse([option])
    assert not excinfo.value.code
    assert capsys.readouterr().out == f"mof_compiler {__version__}\n"


def test_signal_within_a_write(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream that is being written to takes nothing from a signal handler."""

    class Busy:
        def write(self, text: str) -> int:
            raise RuntimeError("reentrant call")

    monkeypatch.setattr(sys, "stderr", Busy())
    with Interruption() as interruption:
        interruption.defer()
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(Interrupted):
            interruption.check()
