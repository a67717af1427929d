"""
The differences from the released package that stay, each with its reason.

Each reason names a term of docs/migration.rst, where the user reads about it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Iterable, List, NamedTuple, Sequence, Set, Tuple

from tests.differential.pair import Found, shown

MIGRATION = Path(__file__).parents[2] / "docs" / "migration.rst"


class Difference(NamedTuple):
    """
    Parameters:
      cases: the ids of the cases; an asterisk stands for any characters.
      term: the term or heading in docs/migration.rst.
      reason: why it is worth it.
      aspect: what of the cases differs; an asterisk stands for any characters.
      released: what the released package gives, as it is printed; likewise.
    """

    cases: str
    term: str
    reason: str
    aspect: str = "*"
    released: str = "*"

    def covers(self, found: Found) -> bool:
        """Whether this entry speaks of that difference."""
        return (
            matches(self.cases, found.case)
            and matches(self.aspect, found.aspect)
            and matches(self.released, "\n".join(shown(found.released)))
        )


def matches(pattern: str, text: str) -> bool:
    """Whether `text` is `pattern`, in which only the asterisk is special."""
    parts = [re.escape(part) for part in pattern.split("*")]
    return re.fullmatch(".*".join(parts), text, re.DOTALL) is not None


def terms() -> Set[str]:
    """Return the terms and headings of docs/migration.rst."""
    lines = MIGRATION.read_text(encoding="utf-8").splitlines()
    return {
        line
        for line, following in zip(lines, lines[1:])
        if line[:1].strip() and (following.startswith("   ") or following[:3] in ("===", "---"))
    }


def sift(
    found: Iterable[Found], listed: Sequence[Difference]
) -> Tuple[List[Found], List[Difference]]:
    """Return the differences that are not listed, and the entries that speak of none."""
    used: Set[Difference] = set()
    unlisted: List[Found] = []
    for item in found:
        covering = [entry for entry in listed if entry.covers(item)]
        used.update(covering)
        if not covering:
            unlisted.append(item)
    return unlisted, [entry for entry in listed if entry not in used]


DIFFERENCES: Tuple[Difference, ...] = ()
