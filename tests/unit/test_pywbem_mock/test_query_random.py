"""
Random queries: their results, against an evaluator of a few lines, and random text.
"""

from __future__ import annotations

import operator
import re
from typing import Any, Dict, Optional, Tuple

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pywbem._cim_constants import CIM_ERR_INVALID_QUERY
from pywbem._cim_obj import CIMInstance, CIMProperty
from pywbem._exceptions import CIMError
from pywbem_mock.query import parse
from tests.unit.test_pywbem_mock.query_model import INSTANCES, is_subclass

# A machine with much else to do is slow now and then.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

LANGUAGES = ("WQL", "DMTF:CQL", "DMTF:FQL")

OPERATORS = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

NUMBERS = st.integers(0, 4)
STRINGS = st.text("a'\\b", max_size=2)
TYPES = {"A": "uint8", "B": "uint64", "S": "string", "T": "string", "L": "uint8"}

Values = Dict[str, Any]
# An expression: (operation, operand, operand).
Expression = Tuple[str, Any, Any]

VALUES = st.fixed_dictionaries(
    {
        "A": st.none() | NUMBERS,
        "B": st.none() | NUMBERS,
        "S": st.none() | STRINGS,
        "T": st.none() | STRINGS,
        "L": st.none() | st.lists(st.none() | NUMBERS, max_size=3),
    }
)

PREDICATES = st.one_of(
    st.tuples(st.sampled_from(sorted(OPERATORS)), st.sampled_from("AB"), NUMBERS),
    st.tuples(st.sampled_from(sorted(OPERATORS)), st.sampled_from("ST"), STRINGS),
    st.tuples(st.just("NULL"), st.sampled_from("ABSTL"), st.booleans()),
    st.tuples(st.just("LIKE"), st.sampled_from("ST"), st.sampled_from(["a", "%a", "b%", "%"])),
    st.tuples(st.sampled_from(["ITEM0", "ITEM1"]), st.just("L"), NUMBERS),
)
QUANTIFIED = st.tuples(st.sampled_from(["ANY", "EVERY"]), st.just("L"), NUMBERS)


def expressions(predicates: Any) -> Any:
    return st.recursive(
        predicates,
        lambda inner: st.one_of(
            st.tuples(st.just("NOT"), inner, st.none()),
            st.tuples(st.sampled_from(["AND", "OR"]), inner, inner),
        ),
        max_leaves=12,
    )


def instance_of(values: Values) -> CIMInstance:
    return CIMInstance(
        "X",
        [
            CIMProperty(name, value, type=TYPES[name], is_array=name == "L")
            for name, value in values.items()
        ],
    )


def literal(value: Any) -> str:
    if isinstance(value, int):
        return str(value)
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def written(expression: Expression, language: str) -> str:
    """Return the text of an expression, with no more parentheses than it needs."""
    operation, left, right = expression
    if operation == "NOT":
        return f"NOT {enclosed(left, language, ('AND', 'OR'))}"
    if operation == "AND":
        return " AND ".join(enclosed(part, language, ("OR",)) for part in (left, right))
    if operation == "OR":
        return " or ".join(written(part, language) for part in (left, right))
    if operation == "NULL":
        return f"{left} IS {'' if right else 'NOT '}NULL"
    if operation == "LIKE":
        return f"{left} LIKE '{pattern(right, language)}'"
    if operation.startswith("ITEM"):
        return f"{left}[{operation[-1]}] = {right}"
    if operation in ("ANY", "EVERY"):
        return f"{operation} {left} = {right}"
    return f"{left} {operation} {literal(right)}"


def enclosed(expression: Expression, language: str, weaker: Tuple[str, ...]) -> str:
    text = written(expression, language)
    return f"({text})" if expression[0] in weaker else text


def pattern(text: str, language: str) -> str:
    if language == "WQL":
        return text
    text = text.replace("%", ".*")
    return text if language == "DMTF:CQL" else f"^{text}$"


def naive(expression: Expression, values: Values) -> Optional[bool]:
    """Return the truth of an expression: AND is the least, OR the greatest of its operands."""
    operation, left, right = expression
    order = [False, None, True]
    if operation == "NOT":
        return order[2 - order.index(naive(left, values))]
    if operation in ("AND", "OR"):
        both = [order.index(naive(part, values)) for part in (left, right)]
        return order[min(both) if operation == "AND" else max(both)]
    value = values[left]
    if operation == "NULL":
        return (value is None) == right
    if operation in ("ANY", "EVERY"):
        if value is None:
            return None
        results = [1 if item is None else 2 * (item == right) for item in value]
        return order[max(results, default=0) if operation == "ANY" else min(results, default=2)]
    if operation.startswith("ITEM"):
        index = int(operation[-1])
        value = None if value is None or index >= len(value) else value[index]
        return None if value is None else value == right
    if value is None:
        return None
    if operation == "LIKE":
        return re.fullmatch(right.replace("%", ".*"), value) is not None
    return bool(OPERATORS[operation](value, right))


@pytest.mark.parametrize("language", LANGUAGES[:2])
@unhurried
@given(expression=expressions(PREDICATES), values=VALUES)
def test_queries(language: str, expression: Expression, values: Values) -> None:
    query = parse(language, f"SELECT * FROM X WHERE {written(expression, language)}")
    assert query.matches(instance_of(values), is_subclass) is (naive(expression, values) is True)


@unhurried
@given(expression=expressions(PREDICATES | QUANTIFIED), values=VALUES)
def test_filters(expression: Expression, values: Values) -> None:
    query = parse("DMTF:FQL", written(expression, "DMTF:FQL"))
    assert query.matches(instance_of(values), is_subclass) is (naive(expression, values) is True)


WORDS = st.sampled_from(
    "SELECT FROM WHERE AND OR NOT LIKE ISA IS NULL TRUE ANY EVERY * ( ) , . :: [ ] { } = <> < "
    "!= 1 -2 0x1 1.5 'x' '%' '.*' '(a|b)' \"y\" ' \\ T_Disk Id Name Size On When Life Code States "
    "Tags Owner Detail Speed __CLASS".split()
)
SENTENCES = st.lists(WORDS, max_size=15).map(" ".join)
STARTS = st.sampled_from(["", "SELECT * FROM T_Disk WHERE ", "SELECT Id FROM T_Disk WHERE "])


@pytest.mark.parametrize("language", LANGUAGES)
@unhurried
@given(text=st.builds("{}{}".format, STARTS, SENTENCES | st.text()))
@example(text="SELECT * FROM T_Disk WHERE Id = '\ud800'")
@example(text="SELECT * FROM T_Disk WHERE Id = ²")
@example(text="States[99999999999999999999] = 1")
@example(text="When = '99991231235959.999999-999'")
def test_random_text(language: str, text: str) -> None:
    """Whatever the text: a result for every instance, or the one exception."""
    try:
        query = parse(language, text)
        for instance in INSTANCES:
            assert query.matches(instance, is_subclass) in (True, False)
    except CIMError as exc:
        assert exc.status_code == CIM_ERR_INVALID_QUERY
        assert f"Invalid {language} query at line " in exc.status_description
        assert exc.status_description.isprintable()
