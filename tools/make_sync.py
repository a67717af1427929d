"""
The synchronous client is made from the asynchronous one, and so are its typed objects.

    python tools/make_sync.py           write pywbem/_client/_sync/ and pywbem/_objects/_sync/
    python tools/make_sync.py --check   exit 1 if they are not what would be written

The files of the folders ``_async/`` beside them are the source: in them an operation is a
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

PACKAGE = Path(__file__).resolve().parent.parent / "pywbem"
ROOMS = [PACKAGE / "_client", PACKAGE / "_objects"]

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
        (r"\bimport asyncio\b", "import threading"),
        (r"\basyncio\.Lock\b", "threading.Lock"),
        (r"\bAsync(?=[A-Z])", ""),
        (r"\basync_(?=\w)", ""),
        (r"\b_async\b", "_sync"),
        (r"\bcoroutines?\b", lambda found: "functions" if found[0].endswith("s") else "function"),
        (r"\ban(\s+)asynchronous (generator|context manager)\b", r"a\1\2"),
        (r"\basynchronous (iterator|iterable|generator|context manager)\b", r"\1"),
        (r"\btasks of one event loop\b", "threads"),
        (r"\bAsynchronous (iterator|generator|context manager)\b", r"\1"),
        (r"\b([Aa])n asynchronous\b", r"\1 synchronous"),
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


def formatted(text: str, path: Path) -> str:
    """
    Return a text as ruff writes it, its imports in order.
    """
    for command in (
        ["check", "--select", "I,F401,UP028", "--fix", "--unsafe-fixes", "--quiet"],
        ["format", "--quiet"],
    ):
        text = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--stdin-filename", str(path), "-"],
            input=text,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            check=True,
        ).stdout
    return text


def made(room: Path) -> Dict[str, str]:
    """
    Return the texts of all synchronous files of a room, by name.
    """
    return {
        source.name: NOTICE.format(name=source.name)
        + formatted(synchronous(source.read_text("utf-8")), room / "_sync" / source.name)
        for source in sorted((room / "_async").glob("*.py"))
    }


def stale(room: Path, texts: Dict[str, str]) -> str:
    """
    Return how the files that exist differ, empty if they do not.
    """
    existing = {path.name: path.read_text("utf-8") for path in (room / "_sync").glob("*.py")}
    return "".join(
        line
        for name in sorted({*texts, *existing})
        for line in difflib.unified_diff(
            existing.get(name, "").splitlines(True),
            texts.get(name, "").splitlines(True),
            f"{room.name}/_sync/{name}",
            f"made from {room.name}/_async/{name}",
        )
    )


def write(room: Path, texts: Dict[str, str]) -> None:
    """
    Write the files, and remove those that have no source.
    """
    target = room / "_sync"
    target.mkdir(exist_ok=True)
    for path in target.glob("*.py"):
        if path.name not in texts:
            path.unlink()
    for name, text in texts.items():
        (target / name).write_text(text, "utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description="Make the synchronous client.")
    parser.add_argument("--check", action="store_true", help="only say whether it is fresh")
    options = parser.parse_args()
    texts = {room: made(room) for room in ROOMS}
    if options.check:
        difference = "".join(stale(room, texts[room]) for room in ROOMS)
        print(difference, end="")
        return 1 if difference else 0
    for room in ROOMS:
        write(room, texts[room])
    return 0


if __name__ == "__main__":
    sys.exit(main())
