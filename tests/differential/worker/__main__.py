"""
One side of the comparison: run the sessions of a file with the pywbem of this interpreter
and print the outcome of each case as a line of JSON.

Nothing but the standard library and pywbem is needed here.  A session is a line of JSON:
a text that sets up, and cases (id, source), which are run in order in one namespace.
"""

from __future__ import annotations

import ast
import copy
import json
import linecache
import logging
import pickle
import sys
import threading
import warnings
from typing import Any, Callable, Dict, List, TextIO, Type

import toolkit
from normal import class_name, exception_attributes, lineage, normal, scrub

import pywbem
import pywbem_mock

CONFIGURATION = {
    module: {name: getattr(module, name) for name in dir(module) if name.isupper()}
    for module in (pywbem.config, pywbem_mock.config)
}
Aspects = Dict[str, Any]
PLAIN = (bool, int, float, str, bytes, list, tuple, dict, set, type(None))


def reset() -> None:
    """Undo what a session changed for the whole process."""
    for module, settings in CONFIGURATION.items():
        for name, value in settings.items():
            setattr(module, name, value)
    for name in ("pywbem", "pywbem.api", "pywbem.http"):
        logger = logging.getLogger(name)
        logger.handlers[:] = []
        logger.setLevel(logging.NOTSET)
    pywbem.configure_logger("all", log_dest="off", connection=False)
    toolkit.reset()


def evaluate(source: str, namespace: Dict[str, Any]) -> Any:
    """Run `source`; return the value of its last line if that is an expression."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    linecache.clearcache()
    exec(compile(tree, "<case>", "exec"), namespace)
    if last is None:
        return None
    return eval(compile(ast.Expression(last.value), "<case>", "eval"), namespace)


def attempt(function: Callable[[], Any]) -> Any:
    """Return what `function` returns, or the class of what it raises."""
    try:
        return function()
    except Exception as error:
        return f"raises {lineage(type(error))}"


def forms(value: Any) -> Aspects:
    """Return what else a program can do with a result."""
    kind = type(value)
    aspects: Aspects = {}
    if kind not in PLAIN or "pywbem." in json.dumps(normal(value), default=repr):
        aspects["repr"] = attempt(lambda: scrub(repr(value)))
    if not class_name(kind).startswith("pywbem."):
        return aspects
    aspects["str"] = attempt(lambda: scrub(str(value)))
    if isinstance(value, (pywbem.CIMDateTime, pywbem.CIMInt, pywbem.CIMFloat)):
        aspects["hash"] = attempt(lambda: hash(value) == hash(copy.copy(value)))
    if not hasattr(value, "tocimxml"):
        return aspects
    aspects["xml"] = attempt(lambda: value.tocimxml().toxml())
    aspects["xmlstr"] = attempt(lambda: value.tocimxmlstr())
    aspects["xmlindent"] = attempt(lambda: pywbem.tocimxmlstr(value, indent=2))
    aspects["copy"] = attempt(lambda: value.copy() == value and hash(value.copy()) == hash(value))
    aspects["pickle"] = attempt(lambda: pickle.loads(pickle.dumps(value)) == value)
    aspects["deepcopy"] = attempt(lambda: copy.deepcopy(value) == value)
    if hasattr(value, "tomof"):
        aspects["mof"] = attempt(lambda: value.tomof())
    if hasattr(value, "to_wbem_uri"):
        for style in ("standard", "canonical", "cimobject", "historical"):
            aspects[f"uri.{style}"] = attempt(lambda style=style: value.to_wbem_uri(format=style))
    return aspects


def outcome(source: str, namespace: Dict[str, Any], texts: bool) -> Aspects:
    """Run one case; return its aspects."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            value = evaluate(source, namespace)
        except Exception as error:
            aspects: Aspects = {"raised": lineage(type(error))}
            for name, item in exception_attributes(error, scrub if texts else None).items():
                aspects[f"raised.{name}"] = item
            if texts:
                aspects["text"] = scrub(str(error))
        else:
            if isinstance(value, toolkit.Aspects):
                aspects = {f"attribute.{name}": normal(item) for name, item in value.items()}
            else:
                aspects = {"value": attempt(lambda: normal(value)), **forms(value)}
        told = [item for item in caught if item.category is not ResourceWarning]
        aspects["warnings"] = [item.category.__name__ for item in told]
        if texts:
            aspects["warnings.text"] = [scrub(str(item.message)) for item in told]
    return aspects


def run(session: Dict[str, Any], output: TextIO) -> None:
    """Run the cases of one session."""
    namespace: Dict[str, Any] = {**vars(toolkit), "__name__": "session"}
    failed: List[str] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            evaluate(session["setup"], namespace)
    except Exception as error:
        failed = [f"setup: {type(error).__name__}: {scrub(str(error))}"]
    for case, source in session["cases"]:
        aspects = {"setup": failed} if failed else outcome(source, namespace, session["texts"])
        output.write(json.dumps([case, aspects], default=repr) + "\n")
        output.flush()
    reset()


def told(kind: Type[BaseException], value: Any, *_: Any) -> None:
    """Tell an exception by class and text: a traceback would show the source of a package."""
    print(f"{kind.__name__}: {value}", file=sys.stderr)


def main() -> None:
    """Run the sessions of the file that the command line names."""
    sys.excepthook = told
    threading.excepthook = lambda args: told(args.exc_type, args.exc_value)
    # What a session prints must not get among the outcomes.
    output, sys.stdout = sys.stdout, sys.stderr
    print("ready", file=output, flush=True)
    with open(sys.argv[1], encoding="utf-8") as sessions:
        for line in sessions:
            run(json.loads(line), output)


if __name__ == "__main__":
    main()
