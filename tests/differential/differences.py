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


INTERNAL = ("AssertionError", "AttributeError", "IndexError*", "KeyError*", "RecursionError*")
INTERNAL += ("UnboundLocalError*",)
"""What a mistake inside the released package raises where an argument or a reply is wrong."""

DIFFERENCES: Tuple[Difference, ...] = (
    *(
        Difference(
            f"{subject}/*",
            "Wrong arguments and replies",
            "a documented exception, or a result, in place of an internal error",
            aspect,
            f"raises {name}",
        )
        for subject, aspect, names in (
            ("config", "raised", ("AttributeError",)),
            ("connection", "raised", ("AttributeError", "IndexError*")),
            ("exceptions", "raised", ("AssertionError",)),
            ("generated", "raised", ("AssertionError",)),
            ("objects", "*", ("AssertionError", "AttributeError")),
            ("replies", "raised", (*INTERNAL[:4], "OverflowError*", "TypeError", "ValueError")),
            ("requests", "*", ("AttributeError", "IndexError*")),
            ("valuemapping", "raised", ("RecursionError*",)),
        )
        for name in names
    ),
    *(
        Difference(
            f"{subject}*",
            "Exceptions",
            "the connection is known, so it is named",
            f"raised.{attribute}",
            released,
        )
        for subject, attributes in (
            ("mock/", ("conn_id", "conn_str")),
            ("server/", ("conn_id",)),
            ("valuemapping/", ("conn_id",)),
        )
        for attribute, released in (("conn_id", "null"), ("conn_str", "Connection id: None"))
        if attribute in attributes
    ),
    Difference(
        "http/reply/*",
        "Exceptions",
        "the body that came with an HTTP error often says why",
        "raised.response_data",
        "null",
    ),
    *(
        Difference(
            f"{subject}/*",
            "Real numbers in URIs",
            "the text with the name of a Python class is no WBEM URI",
            "*",
            "*Real*(cimtype=*",
        )
        for subject in ("generated", "objects", "uri")
    ),
    Difference(
        "exceptions/*Timeout*",
        "The timeout is kept",
        "who catches ConnectionError also catches the timeout",
        "value",
    ),
    *(
        Difference(
            f"mof/{kind}/*",
            "MOF",
            "a value that does not fit is an error with a position",
            "raised",
            f"raises {name}",
        )
        for kind, name in (
            ("value", "ValueError"),
            ("value", "TypeError"),
            ("array-value", "ValueError"),
        )
    ),
    *(
        Difference(
            f"valuemapping/*{form}",
            "Value mappings",
            "the entries as a list, without the tables inside",
            aspect,
            "ValueMapping(*",
        )
        for form, aspect in (
            ("/x", "repr"),
            ("/x", "str"),
            ("/str(x)", "value"),
            ("values_default=5)", "repr"),
            ("values_default=5)", "str"),
        )
    ),
    Difference(
        "valuemapping/duplicate-values*",
        "Value mappings",
        "no entry is lost that has the text of another",
        "value",
        "[*",
    ),
    *(
        Difference(
            f"valuemapping/*{case}*",
            "Value mappings",
            "what DSP0004 allows in ValueMap can be read",
            "raised",
            "raises pywbem.ModelError*",
        )
        for case in ("new/mapping(['0x1F'", "more/mapping(['1'], ['a'], cimtype='string')")
    ),
    *(
        Difference(
            "server/use/x.get_central_instances(*",
            "Central instances",
            "the scoping methodology of DSP1033 is performed",
            aspect,
            released,
        )
        for aspect, released in (("value", "[]"), ("repr", "(absent)"))
    ),
    Difference(
        "server/use/x.create_namespace(None)",
        "Wrong arguments and replies",
        "a documented exception",
        "raised",
        "raises AttributeError",
    ),
    Difference("siunit/*", "Units", "more units are known", "raised", "raises ValueError"),
    *(
        Difference(
            "objects/*",
            "Copies",
            "what could be made can be copied, and the copy is equal",
            "copy",
            released,
        )
        for released in ("raises ValueError", "false")
    ),
    *(
        Difference(
            f"datetime/{cases}",
            "Dates and times",
            "copies, comparison and hashes work",
            aspect,
            released,
        )
        for cases, aspect, released in (
            ("class/MinutesFromUTC(0) ==*", "value", "false"),
            ("class/MinutesFromUTC(*", "raised", "{*"),
            ("class/*(MinutesFromUTC(60))*", "raised", "raises TypeError"),
            ("new/*", "hash", "*"),
            ("new/CIMDateTime(CIMDateTime(*", "*", "*"),
            ("part/CIMDateTime(CIMDateTime(*", "value", "null"),
        )
    ),
    Difference("mof/*", "Messages", "the position of the fault, columns from 1", "raised.column"),
)
