"""
The command ``mof_compiler`` as a process of its own, and the WBEM server that the
tests of it use.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Optional

import pywbem
from pywbem_mock import FakedWBEMConnection, InstanceWriteProvider
from pywbem_mock.http.server import WBEMServerThread
from tests.integration.processes import environment

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


def write_files(folder: Path) -> None:
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "latin.mof").write_bytes(b"class T_C { string X; };\n// caf\xe9\n")


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
