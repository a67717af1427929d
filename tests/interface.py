"""
The public interface in lines of text: what programs rely on stays.

``tests/interface.txt`` has a line for each name, member and constant of the packages:
parameters with their defaults, base classes, values.  ``python -m tests.interface`` writes it
again; a line that goes, or changes in another way than by additions, is a decision.
"""

from __future__ import annotations

import builtins
import importlib
import inspect
from pathlib import Path
from typing import Any, Dict, Iterator, Tuple

FILE = Path(__file__).with_suffix(".txt")
MODULES = ("pywbem", "pywbem_mock", "pywbem.config", "pywbem_mock.config", "pywbem.objects")
Entry = Tuple[str, str]


def parameters(function: Any) -> str:
    """Return the parameters of a function, in one line."""
    texts = []
    for parameter in inspect.signature(function).parameters.values():
        stars = {"VAR_POSITIONAL": "*", "VAR_KEYWORD": "**"}.get(parameter.kind.name, "")
        text = stars + parameter.name
        if parameter.default is not parameter.empty:
            default = repr(parameter.default)
            text += "=..." if " at 0x" in default or "object" in default else f"={default}"
        texts.append(text)
    return ", ".join(texts)


def is_public(name: str) -> bool:
    """Return whether a base class is one that programs know."""
    return hasattr(builtins, name) or any(
        name in importlib.import_module(module).__all__ for module in MODULES
    )


def own_members(cls: type) -> Iterator[Tuple[str, Any]]:
    """Yield the public members that classes of these packages define, and the constructor."""
    for name in sorted(dir(cls)):
        definer = next((base for base in cls.__mro__ if name in vars(base)), None)
        public = not name.startswith("_") or name == "__init__"
        if public and definer is not None and definer.__module__.startswith("pywbem"):
            yield name, inspect.getattr_static(cls, name)


def is_function(thing: Any) -> bool:
    """Whether a thing is a function, of Python or compiled."""
    return inspect.isfunction(thing) or type(thing).__name__ == "cython_function_or_method"


def entries_of(name: str, thing: Any) -> Iterator[Entry]:
    """Yield the lines of a public name: what is described, and how."""
    if inspect.isclass(thing):
        yield f"class {name}", ", ".join(filter(is_public, (b.__name__ for b in thing.__mro__[1:])))
        for key, member in own_members(thing):
            function = getattr(member, "__func__", member)
            if is_function(function):
                yield f"def {name}.{key}", parameters(function)
            else:
                yield f"value {name}.{key}", ""
    elif is_function(thing):
        yield f"def {name}", parameters(thing)
    elif not inspect.ismodule(thing):
        yield f"value {name}", "" if name.endswith("__version__") else repr(thing)


def interface() -> Dict[str, str]:
    """Return the public interface."""
    lines: Dict[str, str] = {}
    for module_name in MODULES:
        module = importlib.import_module(module_name)
        for name in sorted(module.__all__):
            lines.update(entries_of(f"{module_name}.{name}", getattr(module, name)))
    return lines


def recorded() -> Dict[str, str]:
    """Return the interface that is written down."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return {key: rest for key, _, rest in (line.partition(" : ") for line in lines)}


def keeps(key: str, was: str, now: str) -> bool:
    """Return whether what was there is there, in its place; more may have come."""
    if key.startswith("value"):
        return was == now
    old, new = was.split(", "), now.split(", ")
    if key.startswith("class"):
        return set(old) <= set(new)
    plain = [text for text in old if not text.startswith("*")]
    return [text for text in new if not text.startswith("*")][: len(plain)] == plain


if __name__ == "__main__":
    text = "".join(f"{key} : {rest}\n" for key, rest in interface().items())
    FILE.write_text(text, encoding="utf-8")
