"""
What a comparison found, as text and as JSON.
"""

from __future__ import annotations

from typing import Any, Dict, Iterator, List

from pywbem._cim_obj import CIMInstanceName

from .comparing import ADDED, CHANGED, REMOVED, Change, Comparison, ObjectChange

_SIGNS = {ADDED: "+", REMOVED: "-", CHANGED: "~"}
_LONGEST = 200
_PLURALS = {"class": "classes"}


def plain(value: Any) -> Any:
    """
    A CIM value in a form that JSON has.

    Parameters:
        value: The value.
    """
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        # JSON has no NaN and no infinity.
        return float(value) if value - value == 0 else str(float(value))
    if isinstance(value, CIMInstanceName):
        return value.to_wbem_uri()
    tomof = getattr(value, "tomof", None)
    return str(value) if tomof is None else tomof()


def _shown(value: Any) -> str:
    text = repr(plain(value))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text)} characters)"


def _detail(change: Change) -> str:
    if change.field is None:
        return f"    {_SIGNS[change.change]} {change.element}"
    element = f"{change.element}: " if change.element else ""
    before, after = _pair(change)
    return f"    ~ {element}{change.field}: {before} -> {after}"


def _pair(change: Change) -> List[str]:
    """
    Two values; of long texts, where they differ.
    """
    before, after = change.before, change.after
    if isinstance(before, str) and isinstance(after, str) and len(before + after) > _LONGEST:
        same = 0
        while same < min(len(before), len(after)) and before[same] == after[same]:
            same += 1
        start = max(0, same - 20)
        if start:
            before, after = "…" + before[start:], "…" + after[start:]
    return [_shown(before), _shown(after)]


def text_lines(comparison: Comparison, a: str, b: str) -> Iterator[str]:
    """
    Yield the lines of a report for people.

    Parameters:
        comparison (Comparison): What was found.
        a (str): What was compared.
        b (str): What it was compared with.
    """
    yield f"--- {a}"
    yield f"+++ {b}"
    namespace = None
    counts: Dict[str, int] = {}
    for change in comparison.changes:
        if change.namespace != namespace:
            namespace = change.namespace
            yield f"namespace {namespace}"
        yield f"  {_SIGNS[change.change]} {change.kind} {change.name}"
        for detail in change.details:
            yield _detail(detail)
        what = f"{_PLURALS.get(change.kind, change.kind + 's')} {change.change}"
        counts[what] = counts.get(what, 0) + 1
    same = "no difference in what could be read" if comparison.failures else "no difference"
    yield ", ".join(f"{what}: {count}" for what, count in counts.items()) or same


def as_json(comparison: Comparison, a: str, b: str) -> Dict[str, Any]:
    """
    The report for programs.

    Parameters:
        comparison (Comparison): What was found.
        a (str): What was compared.
        b (str): What it was compared with.
    """
    return {
        "a": a,
        "b": b,
        "equal": not (comparison.changes or comparison.failures),
        "changes": [_object(change) for change in comparison.changes],
        "failures": comparison.failures,
    }


def _object(change: ObjectChange) -> Dict[str, Any]:
    result: Dict[str, Any] = {
        "namespace": change.namespace,
        "kind": change.kind,
        "name": change.name,
        "change": change.change,
    }
    if change.details:
        result["details"] = [_element(detail) for detail in change.details]
    return result


def _element(change: Change) -> Dict[str, Any]:
    result = {"element": change.element, "change": change.change}
    if change.field is not None:
        result.update(field=change.field, before=plain(change.before), after=plain(change.after))
    return result
