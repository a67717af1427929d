"""
Queries that are not valid or use what is not supported: where, and what was expected there.
"""

from __future__ import annotations

import time

import pytest

from pywbem._cim_constants import CIM_ERR_INVALID_QUERY
from pywbem._exceptions import CIMError
from pywbem_mock.query import parse
from tests.unit.test_pywbem_mock.query_model import INSTANCES, is_subclass

W, C, F = "WQL", "DMTF:CQL", "DMTF:FQL"
OPERATOR = "a comparison operator, LIKE, ISA or IS"

# Language, query, column of the error, what was expected, what was found.
REJECTED = [
    # SELECT
    (W, "", 1, "SELECT", "the end of the query"),
    (W, "  \t ", 5, "SELECT", "the end of the query"),
    (C, "DELETE FROM X", 1, "SELECT", "'DELETE'"),
    (W, "ASSOCIATORS OF {X.A=1}", 1, "SELECT", "'ASSOCIATORS'"),
    (W, "SELECT", 7, "'*' or the name of a property", "the end of the query"),
    (W, "SELECT FROM X", 8, "'*' or the name of a property", "'FROM'"),
    (C, "SELECT 'A' FROM X", 8, "'*' or the name of a property", "\"'A'\""),
    (C, "SELECT DISTINCT A FROM X", 17, "',' or FROM", "'A'"),
    (C, "SELECT A AS B FROM X", 10, "',' or FROM", "'AS'"),
    (C, "SELECT COUNT(*) FROM X", 13, "',' or FROM", "'('"),
    (W, "SELECT A, FROM X", 11, "the name of a property", "'FROM'"),
    (W, "SELECT A B FROM X", 10, "',' or FROM", "'B'"),
    (W, "SELECT *, A FROM X", 9, "FROM", "','"),
    (W, "SELECT A, X.* FROM X", 13, "the name of a property", "'*'"),
    (C, "SELECT A[0] FROM X", 9, "',' or FROM", "'['"),
    (C, "SELECT A.B FROM X", 8, "the class of the FROM clause, 'X'", "'A'"),
    (W, "SELECT B, Y.A FROM X", 11, "the class of the FROM clause, 'X'", "'Y'"),
    # FROM
    (W, "SELECT *", 9, "FROM", "the end of the query"),
    (W, "SELECT * FROM", 14, "the name of a class", "the end of the query"),
    (W, "SELECT * FROM 'X'", 15, "the name of a class", "\"'X'\""),
    (W, "SELECT * FROM WHERE A = 1", 15, "the name of a class", "'WHERE'"),
    (C, "SELECT * FROM X, Y", 16, "WHERE or the end of the query", "','"),
    (C, "SELECT * FROM X AS Y", 17, "WHERE or the end of the query", "'AS'"),
    (W, "SELECT * FROM X WITHIN 10", 17, "WHERE or the end of the query", "'WITHIN'"),
    (W, "SELECT * FROM X;", 16, "a name, literal or operator", "';'"),
    # WHERE
    (W, "SELECT * FROM X WHERE", 22, "a property or literal", "the end of the query"),
    (W, "SELECT * FROM X WHERE A", 24, OPERATOR, "the end of the query"),
    (W, "SELECT * FROM X WHERE A 1", 25, OPERATOR, "'1'"),
    (C, "SELECT * FROM X WHERE A + 1 = 2", 25, "a number", None),
    (C, "SELECT * FROM X WHERE A||B = 'x'", 24, "a name, literal or operator", "'|'"),
    (C, "SELECT * FROM X WHERE f(A) = 2", 24, OPERATOR, "'('"),
    (C, "SELECT * FROM X WHERE A#'x' = 2", 24, "a name, literal or operator", "'#'"),
    (C, "SELECT * FROM X WHERE A != 2", 25, OPERATOR, "'!='"),
    (W, "SELECT * FROM X WHERE A == 2", 26, "a property or literal", "'='"),
    (W, "SELECT * FROM X WHERE = 2", 23, "a property or literal", "'='"),
    (W, "SELECT * FROM X WHERE A =", 26, "a property or literal", "the end of the query"),
    (
        W,
        "SELECT * FROM X WHERE A = NULL",
        27,
        "a property or literal (IS NULL and IS NOT NULL test for NULL)",
        "'NULL'",
    ),
    (W, "SELECT * FROM X WHERE NULL = A", 23, "a property or literal", "'NULL'"),
    (W, "SELECT * FROM X WHERE A IS 5", 28, "NULL or NOT NULL", "'5'"),
    (W, "SELECT * FROM X WHERE A IS NOT 5", 32, "NULL", "'5'"),
    (C, "SELECT * FROM X WHERE A IS TRUE", 28, "NULL or NOT NULL", "'TRUE'"),
    (W, "SELECT * FROM X WHERE A NOT NULL", 25, OPERATOR, "'NOT'"),
    (W, "SELECT * FROM X WHERE A NOT LIKE 'x'", 25, OPERATOR, "'NOT'"),
    (W, "SELECT * FROM X WHERE A LIKE B", 30, "a pattern as a string", "'B'"),
    (W, "SELECT * FROM X WHERE A LIKE 5", 30, "a pattern as a string", "'5'"),
    (W, "SELECT * FROM X WHERE A ISA 5", 29, "the name of a class", "'5'"),
    (W, "SELECT * FROM X WHERE A ISA LIKE", 29, "the name of a class", "'LIKE'"),
    (W, "SELECT * FROM X WHERE A BETWEEN 1 AND 2", 25, OPERATOR, "'BETWEEN'"),
    (W, "SELECT * FROM X WHERE A IN (1)", 25, OPERATOR, "'IN'"),
    (C, "SELECT * FROM X WHERE ANY A = 1", 27, OPERATOR, "'A'"),
    (C, "SELECT * FROM X WHERE A = {1}", 27, "a property or literal", "'{'"),
    (W, "SELECT * FROM X WHERE A = 1 B", 29, "AND, OR or the end of the query", "'B'"),
    (W, "SELECT * FROM X WHERE A = 1 ORDER BY A", 29, "AND, OR or the end of the query", "'ORDER'"),
    (W, "SELECT * FROM X WHERE A = 1 AND", 32, "a property or literal", "the end of the query"),
    (W, "SELECT * FROM X WHERE A = 1 OR OR B = 2", 32, "a property or literal", "'OR'"),
    (W, "SELECT * FROM X WHERE NOT", 26, "a property or literal", "the end of the query"),
    (W, "SELECT * FROM X WHERE (A = 1", 29, "AND, OR or ')'", "the end of the query"),
    (W, "SELECT * FROM X WHERE (A) = 1", 25, OPERATOR, "')'"),
    (W, "SELECT * FROM X WHERE ()", 24, "a property or literal", "')'"),
    (W, "SELECT * FROM X WHERE A = 1)", 28, "AND, OR or the end of the query", "')'"),
    # paths
    (C, "SELECT * FROM X WHERE A. = 1", 26, "the name of a property", "'='"),
    (C, "SELECT * FROM X WHERE .A = 1", 23, "a property or literal", "'.'"),
    (C, "SELECT * FROM X WHERE A:: = 1", 27, "the name of a property", "'='"),
    (C, "SELECT * FROM X WHERE A::B::C = 1", 27, OPERATOR, "'::'"),
    (C, "SELECT * FROM X WHERE A[] = 1", 25, "an index or '*'", "']'"),
    (C, "SELECT * FROM X WHERE A[-1] = 1", 25, "an index or '*'", "'-1'"),
    (C, "SELECT * FROM X WHERE A[B] = 1", 25, "an index or '*'", "'B'"),
    (C, "SELECT * FROM X WHERE A[1..2] = 1", 26, "']'", "'.'"),
    (C, "SELECT * FROM X WHERE A[1,2] = 1", 26, "']'", "','"),
    (C, "SELECT * FROM X WHERE A[1 = 1", 27, "']'", "'='"),
    (C, "SELECT * FROM X WHERE A[0][0] = 1", 27, OPERATOR, "'['"),
    (C, "SELECT * FROM X WHERE A:B = 1", 24, "a name, literal or operator", "':'"),
    # literals
    (W, "SELECT * FROM X WHERE A = 12x", 27, "a number", None),
    (W, "SELECT * FROM X WHERE A = 0x", 27, "a number", None),
    (W, "SELECT * FROM X WHERE A = 12b", 27, "a number", None),
    (W, "SELECT * FROM X WHERE A = - 1", 27, "a number", None),
    (W, "SELECT * FROM X WHERE A = 1e400", 27, "a number in the range of real64", "'1e400'"),
    (W, "SELECT * FROM X WHERE A = 'x", 27, "a closing ' for the string that begins here", None),
    (W, "SELECT * FROM X WHERE A = \"x'", 27, 'a closing " for the string that begins here', None),
    (W, r"SELECT * FROM X WHERE A = 'x\n'", 29, "an escape of WQL strings", r"'\\n'"),
    (W, r"SELECT * FROM X WHERE A = '\u0041'", 28, "an escape of WQL strings", r"'\\u'"),
    (C, r"SELECT * FROM X WHERE A = '\\\x41'", 30, "an escape of DMTF:CQL strings", r"'\\x'"),
    (C, r"SELECT * FROM X WHERE A = '\u12'", 28, "an escape of DMTF:CQL strings", r"'\\u'"),
    (C, r"SELECT * FROM X WHERE A = '\ud800'", 28, "an escape of DMTF:CQL strings", r"'\\ud800'"),
    (
        C,
        r"SELECT * FROM X WHERE A = '\U00110000'",
        28,
        "an escape of DMTF:CQL strings",
        r"'\\U00110000'",
    ),
    (W, "SELECT * FROM X WHERE A = 'it''s'", 31, "AND, OR or the end of the query", "\"'s'\""),
    (W, "SELECT * FROM X WHERE A = €", 27, "a name, literal or operator", r"'\u20ac'"),
    (W, "SELECT * FROM X WHERE A = \x00", 27, "a name, literal or operator", r"'\x00'"),
    # FQL
    (F, "", 1, "the name of a property", "the end of the query"),
    (F, "SELECT * FROM X", 8, "a comparison operator, LIKE, NOT LIKE or IS", "'*'"),
    (F, "A", 2, "a comparison operator, LIKE, NOT LIKE or IS", "the end of the query"),
    (F, "A B", 3, "a comparison operator, LIKE, NOT LIKE or IS", "'B'"),
    (F, "A = AND", 5, "a property or literal", "'AND'"),
    (F, "A NOT = 1", 7, "LIKE", "'='"),
    (F, "A LIKE B", 8, "a pattern as a string", "'B'"),
    (F, "A = B::C", 6, "AND, OR or the end of the query", "'::'"),
    (F, r"A = '\u12'", 6, "an escape of DMTF:FQL strings", r"'\\u'"),
    (F, r"A = '\ud800'", 6, "an escape of DMTF:FQL strings", r"'\\ud800'"),
    (F, r"A = '\u110000'", 6, "an escape of DMTF:FQL strings", r"'\\u110000'"),
    (C, "SELECT * FROM X WHERE A = 1.", 28, "AND, OR or the end of the query", "'.'"),
    (F, "1 = A", 1, "the name of a property", "'1'"),
    (F, "A ISA B", 3, "a comparison operator, LIKE, NOT LIKE or IS", "'ISA'"),
    (F, "A != 1", 3, "a comparison operator, LIKE, NOT LIKE or IS", "'!='"),
    (F, "A < NULL", 3, "= or <> before NULL", "'<'"),
    (F, "A >= {1}", 3, "= or <> before {", "'>='"),
    (F, "A = {1", 7, "',' or '}'", "the end of the query"),
    (F, "A = {1,}", 8, "a literal", "'}'"),
    (F, "A = {,}", 6, "a literal or '}'", "','"),
    (F, "A = {NULL}", 6, "a literal or '}'", "'NULL'"),
    (F, "ANY A = {1}", 9, "a property or literal", "'{'"),
    (F, "ANY EVERY A = 1", 5, "the name of a property", "'EVERY'"),
    (F, "ANY = 1", 5, "the name of a property", "'='"),
    (F, "A::B = 1", 2, "a comparison operator, LIKE, NOT LIKE or IS", "'::'"),
    (F, "A = 1 AND", 10, "the name of a property", "the end of the query"),
    (F, "A = 1 (B = 2)", 7, "AND, OR or the end of the query", "'('"),
    (F, "A = 1,", 6, "AND, OR or the end of the query", "','"),
]


@pytest.mark.parametrize(
    "language, query, column, expected, found",
    REJECTED,
    ids=[f"{language}-{query!a}" for language, query, *_ in REJECTED],
)
def test_rejected(language: str, query: str, column: int, expected: str, found: str) -> None:
    with pytest.raises(CIMError) as caught:
        parse(language, query)
    assert caught.value.status_code == CIM_ERR_INVALID_QUERY
    text = f"Invalid {language} query at line 1, column {column}: expected {expected}"
    if found is not None:
        text += f", got {found}"
    assert caught.value.status_description == text


# Language, pattern as it stands in the query, index of the wrong character, what is wrong.
PATTERNS = [
    (W, "a[bc", 2, "expected a ] for this ["),
    (W, "[]", 2, "expected a character in [ ]"),
    (W, "a[^]", 4, "expected a character in [ ]"),
    (C, "*a", 1, "expected a character before *"),
    (C, "a**", 3, "expected a character before *"),
    (C, r"a\b", 2, None),
    (C, r"a\x", 3, r"expected . or * or \ after a backslash"),
    (C, r"a\\", 3, r"expected . or * or \ after a backslash"),
    (F, "", 1, "expected a character"),
    (F, "*a", 1, "expected a character before *"),
    (F, "a+*", 3, "expected a character before *"),
    (F, "(a", 3, "expected a )"),
    (F, "a)", 2, "expected a ( before )"),
    (F, "()", 2, "expected a character"),
    (F, "a||b", 3, "expected a character"),
    (F, "a|", 3, "expected a character"),
    (F, "[ab", 4, "expected a ]"),
    (F, "[]", 2, "expected a character in [ ]"),
    (F, "a]", 2, "expected a character before ]"),
    (F, "^*", 2, "expected no multiplier after an anchor"),
    (F, "a{", 3, "expected {n} or {n,} or {n,m} with numbers up to 9999"),
    (F, "a{x}", 3, "expected {n} or {n,} or {n,m} with numbers up to 9999"),
    (F, "a{,2}", 3, "expected {n} or {n,} or {n,m} with numbers up to 9999"),
    (F, "a{10000}", 3, "expected {n} or {n,} or {n,m} with numbers up to 9999"),
    (F, "a{3,2}", 3, "expected the smaller number first"),
    (F, r"\d", 2, "expected a special character after a backslash"),
    (F, "a{9999}", 1, "the pattern needs more than 2000 steps"),
    (F, "(((a{0}){900}){900}){900}", 1, "the pattern needs more than 2000 steps"),
    (F, "(" * 21 + "a" + ")" * 21, 22, "expected at most 20 nested groups"),
]


@pytest.mark.parametrize(
    "language, pattern, index, message", PATTERNS, ids=[f"{p[0]}-{p[1]}" for p in PATTERNS]
)
def test_invalid_pattern(language: str, pattern: str, index: int, message: str) -> None:
    start = "A LIKE " if language == F else "SELECT * FROM X WHERE A LIKE "
    query = f"{start}'{pattern}'"
    if message is None:
        parse(language, query)
        return
    with pytest.raises(CIMError) as caught:
        parse(language, query)
    assert caught.value.status_code == CIM_ERR_INVALID_QUERY
    assert caught.value.status_description == (
        f"Invalid {language} query at line 1, column {len(start) + 1}: "
        f"character {index} of the pattern: {message}"
    )


@pytest.mark.parametrize(
    "query, line, column",
    [
        ("SELECT *\nFROM X\nWHERE A ! 1", 3, 9),
        ("SELECT *\r\nFROM X\r\nWHERE\r\n", 4, 1),
        ("\n\n\n]", 4, 1),
        ("SELECT *\nFROM X WHERE A = 'two\nlines' B", 3, 8),
    ],
)
def test_lines(query: str, line: int, column: int) -> None:
    with pytest.raises(CIMError, match=f"at line {line}, column {column}: "):
        parse("WQL", query)


@pytest.mark.parametrize("opening, closing", [("(", ")"), ("NOT ", "")], ids=["paren", "not"])
def test_nesting(opening: str, closing: str) -> None:
    def nested(depth: int) -> str:
        return opening * depth + "Id = 'd1'" + closing * depth

    parse("DMTF:FQL", nested(64)).matches(INSTANCES[0], is_subclass)
    with pytest.raises(CIMError, match=f"column {64 * len(opening) + 1}: expected at most 64"):
        parse("DMTF:FQL", nested(65))
    with pytest.raises(CIMError, match="expected at most 64"):
        parse("DMTF:FQL", nested(10000))


def test_length_of_a_path() -> None:
    parse("DMTF:FQL", ".".join("a" * 64) + " = 1")
    with pytest.raises(CIMError, match="at most 64 properties"):
        parse("DMTF:FQL", ".".join("a" * 65) + " = 1")


@pytest.mark.parametrize("digits", ["1" * 66, "9" * 60000, "0x" + "f" * 65], ids=len)
def test_length_of_an_integer(digits: str) -> None:
    with pytest.raises(CIMError, match="column 5: expected an integer of at most 64 digits"):
        parse("DMTF:FQL", f"A = {digits}")


def test_length_of_a_query() -> None:
    conditions = " OR ".join(["Id='x'"] * 6553)
    assert parse("DMTF:FQL", conditions).matches(INSTANCES[0], is_subclass) is False
    with pytest.raises(CIMError, match="column 65537: expected at most 65536 characters"):
        parse("DMTF:FQL", conditions + " " * 65536)


@pytest.mark.parametrize(
    "text",
    [
        "'" + "\\'" * 32000,
        "1" * 65000 + "x",
        "1e" + "1" * 65000 + "x",
        "0" * 32000 + "." * 9,
        "_" * 65000 + "?",
    ],
    ids=["string", "digits", "exponent", "dots", "name"],
)
def test_time_to_reject(text: str) -> None:
    start = time.process_time()
    with pytest.raises(CIMError):
        parse("DMTF:FQL", f"A = {text}")
    assert time.process_time() - start < 2
