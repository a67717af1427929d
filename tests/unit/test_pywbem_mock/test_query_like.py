"""
The patterns of LIKE in the three query languages.
"""

from __future__ import annotations

import re
from typing import Callable, List, Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pywbem_mock.query.like import Pattern, basic_pattern, regular_expression, sql_pattern

SQL = [
    ("", "", "x"),
    ("abc", "abc", "ab abcd Abc"),
    ("%", "|a|abc", ""),
    ("a%", "a|ab|a%", "ba A"),
    ("%a", "a|ba", "ab"),
    ("%a%", "a|ba|ab|bab", "b"),
    ("a%b%c", "abc|axbxc|abbcc", "acb abcd"),
    ("_", "a|_|\n", "ab"),
    ("a_c", "abc|a_c", "ac abbc"),
    ("[ab]", "a|b", "c [ab]"),
    ("[a-c]x", "ax|bx|cx", "dx -x"),
    ("[^a-c]x", "dx|-x", "ax x"),
    ("[a-]", "a|-", "b"),
    ("[-a]", "a|-", "b"),
    ("[a^]", "a|^", "b"),
    ("[%][_]", "%_", "ab"),
    ("[[]x]", "[x]", "x"),
    ("^a$.*", "^a$.*", "a"),
    ("a\\b", "a\\b", "ab"),
]

BASIC = [
    ("", "", "x"),
    ("abc", "abc", "ab xabc abcx"),
    (".", "a|.|\n", "ab"),
    ("a*", "|a|aaa", "b ab"),
    (".*", "|abc", ""),
    ("a.*c", "ac|abc|abcc", "ab"),
    ("a\\.b", "a.b", "axb"),
    ("a\\*", "a*", "a aa"),
    ("\\\\", "\\", "\\\\"),
    ("a%_[b]+?", "a%_[b]+?", "axb"),
]

REGEX = [
    ("b", "b|abc", "a"),
    ("^b", "b|bc", "ab"),
    ("b$", "b|ab", "bc"),
    ("^b$", "b", "ab bc"),
    ("D.F", "DAF|DBF|xD.Fx", "DF"),
    ("GH[IJ]", "GHI|GHJ", "GH GHK"),
    ("^r[au]t$", "rat|rut", "ret rt"),
    ("^r[au]^t$", "ret|r.t", "rat rut rt"),
    ("^C*$", "|C|CCC", "D"),
    ("^C+$", "C|CCC", "D"),
    ("^C?$", "|C", "CC"),
    ("^[EF]{1,2}$", "E|F|EE|EF|FE|FF", "G EEE"),
    ("^1[.]{2,3}n$", "1..n|1...n", "1.n 1....n"),
    ("^a{2}$", "aa", "a aaa"),
    ("^a{2,}$", "aa|aaaa", "a"),
    ("^a{0}b$", "b", "ab"),
    ("^(XYZ)+$", "XYZ|XYZXYZ", "XY"),
    ("^(DEF)?$|^GHI$", "|DEF|GHI", "DEFGHI"),
    ("^(a|b(c|d))x$", "ax|bcx|bdx", "bx"),
    ("^\\.\\(\\)\\[\\]\\{\\}\\*\\$$", ".()[]{}*$", "x"),
    ("[\\]\\\\]", "]|\\", "x"),
    ("[a-c]", "a|-|c", "b"),
    ("^a^b", None, "ab a^b"),
    ("a/b", "a/b", "ab"),
]


@pytest.mark.parametrize(
    "compiler, pattern, matching, others",
    [(sql_pattern, *case) for case in SQL]
    + [(basic_pattern, *case) for case in BASIC]
    + [(regular_expression, *case) for case in REGEX],
    ids=[
        f"{kind}-{case[0]}"
        for kind, cases in (("sql", SQL), ("basic", BASIC), ("regex", REGEX))
        for case in cases
    ],
)
def test_pattern(
    compiler: Callable[[str], Pattern], pattern: str, matching: Optional[str], others: str
) -> None:
    compiled = compiler(pattern)
    expected = dict.fromkeys([] if matching is None else matching.split("|"), True)
    expected.update(dict.fromkeys(others.split(), False))
    assert {text: compiled.matches(text) for text in expected} == expected


@given(
    st.lists(st.sampled_from(["a", "b", "%", "_", "[ab]", "[^a]"]), max_size=8),
    st.text("abc", max_size=10),
)
def test_sql_patterns_as_regular_expressions_of_python(items: List[str], text: str) -> None:
    python = "".join({"%": ".*", "_": "."}.get(item, item) for item in items)
    expected = re.fullmatch(python, text, re.DOTALL) is not None
    assert sql_pattern("".join(items)).matches(text) is expected


ATOMS = st.sampled_from(["a", "b", ".", "[ab]", "(ab|b)", "(a|c)"])
MULTIPLIED = st.builds(
    "".join, st.tuples(ATOMS, st.sampled_from(["", "*", "+", "?", "{2}", "{1,2}", "{0,}"]))
)
EXPRESSIONS = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "^"]),
    st.lists(MULTIPLIED, min_size=1, max_size=4).map("".join),
    st.sampled_from(["", "$"]),
)


@given(st.lists(EXPRESSIONS, min_size=1, max_size=3).map("|".join), st.text("abc", max_size=10))
def test_regular_expressions_as_those_of_python(expression: str, text: str) -> None:
    expected = re.search(expression.replace("$", r"\Z"), text, re.DOTALL) is not None
    assert regular_expression(expression).matches(text) is expected


@pytest.mark.parametrize(
    "pattern",
    [
        sql_pattern("%a" * 500 + "b"),
        basic_pattern("a*" * 500 + "b"),
        regular_expression("^(a+)+$"),
        regular_expression("^((a*)*)*$"),
        regular_expression("(a|a)*(a|a)*(a|a)*$b"),
        regular_expression("^" + "a?" * 500 + "a{500}$"),
    ],
    ids=["sql", "basic", "nested", "stars", "choices", "optional"],
)
def test_patterns_that_never_end_in_a_matcher_that_backtracks(pattern: Pattern) -> None:
    """They take exponential time there, so this test would not end."""
    assert not pattern.matches("a" * 5000 + "!")


def test_many_different_characters() -> None:
    """What is kept of a pattern is bounded; the result is the same."""
    pattern = sql_pattern("%\u3042%b")
    text = "".join(chr(number) for number in range(0x3000, 0xA000))
    assert pattern.matches(text + "b")
    assert not pattern.matches(text)
    assert pattern.matches("\u3042b")
