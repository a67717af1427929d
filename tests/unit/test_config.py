"""
That each configuration variable has the effect that config.py describes.
"""

from __future__ import annotations

import ast
import warnings
from pathlib import Path
from typing import Any, Callable, Dict, List

import pytest

import pywbem
from pywbem import (
    CIMInstance,
    CIMInstanceName,
    CIMProperty,
    CIMXMLParseError,
    MissingKeybindingsWarning,
    ToleratedServerIssueWarning,
    XMLParseError,
    config,
)
from tests.unit.test_cim_operations.fake import RecordConnection, Reply, message, wired


def outcome(function: Callable[[], Any]) -> Any:
    """What a function returns, or the class of what it raises."""
    try:
        return function()
    except Exception as exc:
        return type(exc)


def integer() -> Any:
    return int(pywbem.Uint8(300))


def null_in_array() -> Any:
    xml = CIMProperty("P", ["a", None], type="string").tocimxmlstr()
    return "VALUE.NULL" in xml


def null_key() -> Any:
    return CIMInstanceName("C", {"k": None}).keybindings["k"]


def page_size() -> Any:
    conn = RecordConnection(use_pull_operations=True)
    outcome(lambda: list(conn.IterEnumerateInstances("C")))
    (call,) = conn.calls
    return dict(call.params)["MaxObjectCount"]


def pragma() -> Any:
    body = (
        b'<CIM CIMVERSION="2.0" DTDVERSION="2.0"><MESSAGE ID="1001" PROTOCOLVERSION="1.0">'
        b'<SIMPLERSP><METHODRESPONSE NAME="UpdateExpiredPassword"/></SIMPLERSP></MESSAGE></CIM>'
    )
    conn, transport = wired(Reply(body))
    conn.InvokeMethod("UpdateExpiredPassword", "SFCB_Account")
    return transport.requests[0][1].get("Pragma")


def warning_names_its_origin() -> Any:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        CIMInstanceName("C").to_wbem_uri()
        CIMInstanceName("C").tocimxml()
    assert [w.category for w in caught] == [MissingKeybindingsWarning] * 2
    assert [w.filename for w in caught] == [__file__] * 2
    return ["(issued by " in str(w.message) and ".py:" in str(w.message) for w in caught]


def received(value: str) -> Any:
    body = message(
        "GetInstance",
        '<IRETURNVALUE><INSTANCE CLASSNAME="C"><PROPERTY NAME="P" TYPE="uint8"><VALUE>'
        f"{value}</VALUE></PROPERTY></INSTANCE></IRETURNVALUE>",
    )
    conn, _ = wired(Reply(body))
    instance: CIMInstance = conn.GetInstance(CIMInstanceName("C", {"k": "v"}))
    return instance["P"]


def invalid_value() -> Any:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        return received("x"), [w.category for w in caught]


EFFECTS: Dict[str, List[Any]] = {
    "ENFORCE_INTEGER_RANGE": [integer, (True, ValueError), (False, 300)],
    "SEND_VALUE_NULL": [null_in_array, (True, True), (False, False)],
    "IGNORE_NULL_KEY_VALUE": [null_key, (False, ValueError), (True, None)],
    "DEFAULT_ITER_MAXOBJECTCOUNT": [page_size, (1000, 1000), (3, 3)],
    "AUTO_GENERATE_SFCB_UEP_HEADER": [
        pragma, (True, "UpdateExpiredPassword"), (False, None),
    ],
    "DEBUG_WARNING_ORIGIN": [
        warning_names_its_origin, (False, [False, False]), (True, [True, True]),
    ],
    "TOLERATE_INVALID_VALUES": [
        invalid_value,
        (False, CIMXMLParseError), (True, (None, [ToleratedServerIssueWarning])),
    ],
    "MAX_MESSAGE_SIZE": [lambda: received("5"), (10000, 5), (100, XMLParseError)],
}  # fmt: skip


@pytest.mark.parametrize("name", list(EFFECTS))
def test_effect(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each value has its effect from the moment it is set."""
    function, *cases = EFFECTS[name]
    for value, expected in [*cases, cases[0]]:
        monkeypatch.setattr(config, name, value)
        assert outcome(function) == expected


def test_every_variable_is_public() -> None:
    """What the module assigns is in __all__, and has its effect tested here."""
    tree = ast.parse(Path(config.__file__).read_text(encoding="utf-8"))
    names = {node.target.id for node in tree.body if isinstance(node, ast.AnnAssign)}  # type: ignore[union-attr]
    assert names == set(config.__all__) == set(EFFECTS)
