"""
The synchronous client is made from the asynchronous one.

    python tools/make_sync.py           write pywbem/_client/_sync/
    python tools/make_sync.py --check   exit 1 if it is not what would be written

The files of ``pywbem/_client/_async/`` are the source: in them an operation is a
coroutine.  Their synchronous twins have the same text without ``async`` and
``await``, in code, docstrings and comments, formatted by ruff.
"""

from __future__ import annotations

import argparse
import difflib
import re
import subprocess
import sys
from pathlib import Path
from typing import Dict

CLIENT = Path(__file__).resolve().parent.parent / "pywbem" / "_client"
SOURCE = CLIENT / "_async"
TARGET = CLIENT / "_sync"

# In their order.  Names of classes lose "Async", names of modules "async_".
RULES = [
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r" *# async only\n(?:.*\n)*? *# end of async only\n", ""),
        (r"\basync (def|with|for)\b", r"\1"),
        (r"\bawait ", ""),
        (r"\bAsyncGenerator\[(.*), None\]", r"Generator[\1, None, None]"),
        (r"\bAsyncIterator\b", "Iterator"),
        (r"\bAsyncIterable\b", "Iterable"),
        (r"\bAsyncContextManager\b", "ContextManager"),
        (r"\bAsyncGenerator\b", "Generator"),
        (r"\bAwaitable\[(.*)\]", r"\1"),
        (r"\bStopAsyncIteration\b", "StopIteration"),
        (r"\b__a(enter|exit|iter|next)__\b", r"__\1__"),
        (r"\baclose\b", "close"),
        (r"\basynccontextmanager\b", "contextmanager"),
        (r"\bAsync(?=[A-Z])", ""),
        (r"\basync_(?=\w)", ""),
        (r"\b_async\b", "_sync"),
        (r"\bAn asynchronous\b", "A synchronous"),
        (r"\bcoroutines?\b", lambda found: "functions" if found[0].endswith("s") else "function"),
        (r"\basynchronous (iterator|generator|context manager)\b", r"\1"),
        (r"\bAsynchronous (iterator|generator|context manager)\b", r"\1"),
        (r"\basynchronous\b", "synchronous"),
    )
]

NOTICE = "# Made from ../_async/{name} by tools/make_sync.py: change that file.\n"


def synchronous(text: str) -> str:
    """
    Return the synchronous form of a source text, not yet formatted.
    """
    for pattern, replacement in RULES:
        text = pattern.sub(replacement, text)
    return text


def formatted(text: str, name: str) -> str:
    """
    Return a text as ruff writes it, its imports in order.
    """
    for command in (
        ["check", "--select", "I,F401,UP028", "--fix", "--unsafe-fixes", "--quiet"],
        ["format", "--quiet"],
    ):
        text = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--stdin-filename", str(TARGET / name), "-"],
            input=text,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            check=True,
        ).stdout
    return text


def made() -> Dict[str, str]:
    """
    Return the texts of all synchronous files, by name.
    """
    return {
        source.name: NOTICE.format(name=source.name)
        + formatted(synchronous(source.read_text("utf-8")), source.name)
        for source in sorted(SOURCE.glob("*.py"))
    }


def stale(texts: Dict[str, str]) -> str:
    """
    Return how the files that exist differ, empty if they do not.
    """
    existing = {path.name: path.read_text("utf-8") for path in TARGET.glob("*.py")}
    return "".join(
        line
        for name in sorted({*texts, *existing})
        for line in difflib.unified_diff(
            existing.get(name, "").splitlines(True),
            texts.get(name, "").splitlines(True),
            f"_sync/{name}",
            f"made from _async/{name}",
        )
    )


def main() -> int:
    parser = argparse.ArgumentParser(description="Make the synchronous client.")
    parser.add_argument("--check", action="store_true", help="only say whether it is fresh")
    options = parser.parse_args()
    texts = made()
    if options.check:
        difference = stale(texts)
        print(difference, end="")
        return 1 if difference else 0
    TARGET.mkdir(exist_ok=True)
    for path in TARGET.glob("*.py"):
        if path.name not in texts:
            path.unlink()
    for name, text in texts.items():
        (TARGET / name).write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
