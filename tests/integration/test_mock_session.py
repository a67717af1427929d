"""
The same calls on the mock server in the process, over HTTP, and over HTTP by another pywbem
(the one of the interpreter that the environment variable PEER_PYTHON names) have equal results.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any, Dict, Iterator, List

import pytest

import pywbem
import pywbem_mock
from tests.integration import mock_session

MOF = """
Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride, ToSubclass);
Qualifier Association : boolean = false, Scope(association), Flavor(DisableOverride, ToSubclass);
Qualifier Description : string = null, Scope(any), Flavor(EnableOverride, ToSubclass, Translatable);
class T_Disk { [Key] string Id; [Description("a & b")] uint32 Size; datetime Since; };
class T_BigDisk : T_Disk { uint64 More[]; };
[Association] class T_Beside { [Key] T_Disk REF Left; [Key] T_Disk REF Right; };
class T_Volume { [Key] string Id; uint32 Grow(uint32 By, uint32 Size); };
instance of T_Disk as $a { Id = "a"; Size = 5; Since = "20260102030405.000000+060"; };
instance of T_BigDisk as $b { Id = "b\u00e4&<"; More = {1, 2}; };
instance of T_Beside { Left = $a; Right = $b; };
instance of T_Volume { Id = "v"; };
"""


class Grow(pywbem_mock.MethodProvider):
    """The method of the model."""

    provider_classnames = "T_Volume"

    def InvokeMethod(self, methodname: str, localobject: Any, params: Any) -> Any:
        size = pywbem.Uint32(params["By"].value + 1)
        return pywbem.Uint32(0), [pywbem.CIMParameter("Size", "uint32", value=size)]


def connection(strict: bool = False) -> pywbem_mock.FakedWBEMConnection:
    conn = pywbem_mock.FakedWBEMConnection(use_pull_operations=True, strict=strict)
    conn.compile_mof_string(MOF)
    conn.register_provider(Grow(conn.cimrepository))
    return conn


@pytest.fixture(scope="module", params=[False, True], ids=["lenient", "strict"])
def strict(request: pytest.FixtureRequest) -> bool:
    """Whether the server is strict."""
    return bool(request.param)


@pytest.fixture(scope="module")
def expected(strict: bool) -> Dict[str, Any]:
    """The results in the process."""
    results = dict(mock_session.session(connection(strict)))
    failed = [name for name, result in results.items() if str(result).startswith("CIMError")]
    assert failed == [
        "EnumerateClassNames no namespace",
        "GetClass absent",
        "DeleteQualifier",
        "CreateInstance again",
        "DeleteInstance",
        "InvokeMethod absent",
        "ExecQuery invalid",
        "CloseEnumeration",
        "EnumerationCount absent",
    ]
    return results


@pytest.fixture
def server(strict: bool) -> Iterator[pywbem_mock.WBEMServerThread]:
    with pywbem_mock.WBEMServerThread(connection(strict)) as result:
        yield result


def test_every_operation_is_called() -> None:
    operations: List[str] = [
        name
        for name in dir(pywbem.WBEMConnection)
        if name[0].isupper() and name != "ExportIndication"
    ]
    source = Path(mock_session.__file__).read_text(encoding="utf-8")
    assert [name for name in operations if name not in source] == []


def test_over_http(expected: Dict[str, Any], server: pywbem_mock.WBEMServerThread) -> None:
    with pywbem.WBEMConnection(server.url, timeout=30, use_pull_operations=True) as client:
        assert dict(mock_session.session(client)) == expected


@pytest.mark.skipif("PEER_PYTHON" not in os.environ, reason="needs PEER_PYTHON")
def test_another_pywbem_over_http(
    expected: Dict[str, Any], server: pywbem_mock.WBEMServerThread, tmp_path: Path
) -> None:
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    # A script runs with its folder in the path, which must not be one of this project.
    script = tmp_path / "session.py"
    script.write_bytes(Path(mock_session.__file__).read_bytes())
    output = subprocess.check_output(
        [os.environ["PEER_PYTHON"], str(script), server.url],
        cwd=str(tmp_path),
        env=environment,
        timeout=60,
    )
    known = {step: result for step, result in expected.items() if step not in mock_session.NEWER}
    assert dict(json.loads(output)) == known
