"""
Joins the fragments in ``changes/`` into the changelog.

    python tools/make_changelog.py                    # what is new stands in CHANGELOG.rst
    python tools/make_changelog.py --release 1.10.0   # it stays there; the fragments go

A fragment is a file ``<subject>.<kind>.rst``, see ``changes/README.rst``.
"""

from __future__ import annotations

import argparse
import re
from datetime import date
from pathlib import Path
from typing import List

ROOT = Path(__file__).resolve().parent.parent
FRAGMENTS = ROOT / "changes"
CHANGELOG = ROOT / "CHANGELOG.rst"

KINDS = [
    ("incompatible", "Incompatible changes"),
    ("feature", "New"),
    ("fix", "Corrected"),
    ("deprecated", "Deprecated"),
    ("doc", "Documentation"),
]

HEAD = """\
Changelog
=========

Made by ``make changelog`` from the fragments in ``changes``.

"""
# What stands below has been released, and is kept.
MARK = ".. The versions that were released.\n"


def fragments_of(kind: str) -> List[Path]:
    """
    Return the fragments of a kind.

    Parameters:
        kind (str): One of those in KINDS.
    """
    return sorted(FRAGMENTS.glob(f"*.{kind}.rst"))


def section(title: str) -> str:
    """
    Return the section of a version, made from the fragments.

    Parameters:
        title (str): Its heading.
    """
    lines = [title, "-" * len(title), ""]
    for kind, heading in KINDS:
        fragments = fragments_of(kind)
        if fragments:
            lines += [heading, "~" * len(heading), ""]
        for fragment in fragments:
            lines += [fragment.read_text(encoding="utf-8").strip(), ""]
    return "\n".join(lines) + "\n"


def plain(text: str) -> str:
    """
    Return a text that docutils can read without Sphinx: roles become literals.

    Parameters:
        text (str): The text of fragments.
    """
    text = re.sub(r":(?:py:)?meth:`~?([^`<]+)`", r"``\1()``", text)
    return re.sub(r":[a-z:]+:`~?([^`<]+)`", r"``\1``", text)


def current_version() -> str:
    """Return the version in the package, which is not imported."""
    text = (ROOT / "pywbem" / "_version.py").read_text(encoding="utf-8")
    match = re.search(r'^__version__[^=]*= "([^"]+)"', text, re.MULTILINE)
    if match is None:
        raise ValueError("pywbem/_version.py has no version")
    return match[1]


def released() -> str:
    """Return the sections of the versions that were released."""
    text = CHANGELOG.read_text(encoding="utf-8") if CHANGELOG.exists() else ""
    return text.partition(MARK)[2].lstrip()


def main() -> None:
    """Write the changelog."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--release", metavar="VERSION", help="this version is released today")
    args = parser.parse_args()
    before = released()
    if args.release:
        new = plain(section(f"Version {args.release} ({date.today().isoformat()})"))
        CHANGELOG.write_text(f"{HEAD}{MARK}\n{new}{before}", encoding="utf-8")
        for kind, _ in KINDS:
            for fragment in fragments_of(kind):
                fragment.unlink()
        return
    new = plain(section(f"Version {current_version()} (in development)"))
    CHANGELOG.write_text(f"{HEAD}{new}{MARK}\n{before}", encoding="utf-8")


if __name__ == "__main__":
    main()
