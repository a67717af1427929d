"""
What the grammars of the query languages have in common: expressions, operands and SELECT.

The parsers are written by hand, by recursive descent: a function a rule, which stands above it.
"""

from __future__ import annotations

from typing import Any, ClassVar, Dict, FrozenSet, List, NamedTuple, Optional, Tuple
from typing import Pattern as RegularExpression

from pywbem._exceptions import CIMError

from .conditions import (
    And,
    Compare,
    Condition,
    Isa,
    IsNull,
    Like,
    Literal,
    Not,
    Operand,
    Or,
    Path,
    Step,
)
from .lexer import C_ESCAPES, TOKENS, Escapes, Source, Token, tokenize, unescape
from .like import Pattern, PatternError

__all__ = ["Grammar", "Parsed", "SelectGrammar"]

# Nesting of parentheses and NOT, and length of the path to a property.
_MAX_DEPTH = 64

# Digits of an integer literal: uint64 has 20, as binary digits 64.
_MAX_DIGITS = 64

_COMPARISONS = {"=": "=", "<>": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


class Parsed(NamedTuple):
    """
    A parsed query: the class it selects from, the properties it selects (`None` for all), its
    condition, and the properties of the class that it names, each with its offset.
    """

    classname: Optional[str]
    properties: Optional[Tuple[str, ...]]
    condition: Optional[Condition]
    names: Tuple[Tuple[str, int], ...]


class Grammar:
    """The parser of one query in a language whose grammar a subclass has."""

    language: ClassVar[str]
    reserved: ClassVar[FrozenSet[str]]
    comparisons: ClassVar[Dict[str, str]] = _COMPARISONS
    escapes: ClassVar[Escapes] = C_ESCAPES
    tokens: ClassVar[RegularExpression[str]] = TOKENS

    def __init__(self, source: Source) -> None:
        self.source = source
        self._tokens = tokenize(source, self.tokens)
        self._position = 0
        self._depth = 0
        self.names: List[Tuple[str, int]] = []

    # Tokens

    @property
    def token(self) -> Token:
        """The token that is next."""
        return self._tokens[self._position]

    def advance(self) -> Token:
        """Return the next token and go on to the one after it."""
        token = self._tokens[self._position]
        if token.kind != "end":
            self._position += 1
        return token

    def failure(self, expected: str, token: Optional[Token] = None) -> CIMError:
        """Return the exception for another token than what was expected."""
        token = token or self.token
        found = "the end of the query" if token.kind == "end" else f"{token.text[:40]!a}"
        return self.source.error(token.offset, f"expected {expected}, got {found}")

    def is_word(self, *words: str) -> bool:
        """Return whether the next token is one of some reserved words, in any case."""
        return self.token.kind == "name" and self.token.text.upper() in words

    def accept_word(self, word: str) -> bool:
        """Skip a reserved word if it is next, and return whether it was."""
        found = self.is_word(word)
        if found:
            self._position += 1
        return found

    def is_operator(self, text: str) -> bool:
        """Return whether the next token is an operator."""
        return self.token.kind == "operator" and self.token.text == text

    def accept(self, text: str) -> bool:
        """Skip an operator if it is next, and return whether it was."""
        found = self.is_operator(text)
        if found:
            self._position += 1
        return found

    def expect(self, text: str, expected: Optional[str] = None) -> None:
        """Skip an operator that must be next."""
        if not self.accept(text):
            raise self.failure(expected or repr(text))

    def name(self, expected: str, qualified: bool = False) -> Token:
        """Return the next token, a name; behind a dot it may be one that is a reserved word."""
        if self.token.kind != "name" or (
            not qualified and self.token.text.upper() in self.reserved
        ):
            raise self.failure(expected)
        return self.advance()

    # Rules

    def parse(self) -> Parsed:
        """Return the parsed query."""
        raise NotImplementedError

    def expression(self) -> Condition:
        """``expression = term *( "OR" term )``"""
        terms = [self._term()]
        while self.accept_word("OR"):
            terms.append(self._term())
        return terms[0] if len(terms) == 1 else Or(terms)

    def _term(self) -> Condition:
        """``term = factor *( "AND" factor )``"""
        factors = [self._factor()]
        while self.accept_word("AND"):
            factors.append(self._factor())
        return factors[0] if len(factors) == 1 else And(factors)

    def _factor(self) -> Condition:
        """``factor = "NOT" factor / "(" expression ")" / predicate``"""
        start = self.token
        if not self.is_word("NOT") and not self.is_operator("("):
            return self.predicate()
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise self.failure(f"at most {_MAX_DEPTH} nested parentheses and NOT", start)
        condition: Condition
        if self.advance().text == "(":
            condition = self.expression()
            self.expect(")", "AND, OR or ')'")
        else:
            condition = Not(self._factor())
        self._depth -= 1
        return condition

    def predicate(self) -> Condition:
        """Return the condition that is next."""
        raise NotImplementedError

    def comparison_operator(self) -> Optional[str]:
        """Skip a comparison operator if it is next, and return it."""
        operator = self.comparisons.get(self.token.text) if self.token.kind == "operator" else None
        if operator is not None:
            self._position += 1
        return operator

    def null_test(self, operand: Operand) -> Condition:
        """``"IS" [ "NOT" ] "NULL"``, behind IS"""
        negated = self.accept_word("NOT")
        if not self.accept_word("NULL"):
            raise self.failure("NULL" if negated else "NULL or NOT NULL")
        test = IsNull(operand)
        return Not(test) if negated else test

    def like(self, operand: Operand) -> Condition:
        """``"LIKE" string``, behind LIKE"""
        token = self.token
        if token.kind != "string":
            raise self.failure("a pattern as a string")
        self.advance()
        try:
            return Like(operand, self.pattern(token))
        except PatternError as exc:
            raise self.source.error(
                token.offset, f"character {exc.index + 1} of the pattern: {exc}"
            ) from None

    def pattern(self, token: Token) -> Pattern:
        """Return the pattern of a string token."""
        raise NotImplementedError

    def literal(self, expected: str) -> Literal:
        """Return the string, number or boolean that is next."""
        token = self.token
        value: Any
        if token.kind == "string":
            value = unescape(self.source, token, self.escapes)
        elif token.kind == "number":
            value = self._number(token)
        elif self.is_word("TRUE", "FALSE"):
            value = token.text.upper() == "TRUE"
        else:
            raise self.failure(expected)
        self.advance()
        return Literal(value, token.offset)

    def _number(self, token: Token) -> Any:
        text = token.text
        digits = text.lstrip("+-").lower()
        if digits.startswith("0x"):
            base = 16
        elif digits.endswith("b"):
            base, text = 2, text[:-1]
        elif digits.isdigit():
            base = 10
        else:
            value = float(text)
            if value in (float("inf"), float("-inf")):
                raise self.failure("a number in the range of real64", token)
            return value
        if len(digits) > _MAX_DIGITS + 1:
            raise self.failure(f"an integer of at most {_MAX_DIGITS} digits", token)
        return int(text, base)

    def path(self, expected: str, scoped: bool) -> List[Step]:
        """
        ``path = step *( "." step )``

        ``step = [ class "::" ] property [ "[" index "]" ]``, the class only with `scoped`
        """
        steps = [self._step(expected, scoped, False)]
        while self.accept("."):
            if len(steps) == _MAX_DEPTH:
                raise self.failure(f"at most {_MAX_DEPTH} properties in a path")
            steps.append(self._step("the name of a property", scoped, True))
        return steps

    def _step(self, expected: str, scoped: bool, qualified: bool) -> Step:
        name = self.name(expected, qualified).text
        classname = None
        if scoped and self.accept("::"):
            classname, name = name, self.name("the name of a property", True).text
        return Step(name, classname, self._index() if self.accept("[") else None)

    def _index(self) -> Optional[int]:
        """``index = digits / "*"``, and the bracket behind it; ``*`` is the whole array"""
        index = None
        token = self.token
        if not self.accept("*"):
            if token.kind != "number" or not token.text.isdigit():
                raise self.failure("an index or '*'")
            index = int(self._number(token))
            self.advance()
        self.expect("]")
        return index


class SelectGrammar(Grammar):
    """
    The grammar of WQL and CQL::

        query     = "SELECT" selection "FROM" class [ "WHERE" expression ]
        selection = "*" / property *( "," property )
        predicate = operand ( comparison operand / "LIKE" string / "ISA" class
                              / "IS" [ "NOT" ] "NULL" )
        operand   = path / string / number / "TRUE" / "FALSE"

    Names of properties may be qualified with the class of the FROM clause.
    """

    reserved = frozenset("SELECT FROM WHERE AND OR NOT LIKE ISA IS NULL TRUE FALSE".split())

    classname = ""

    def parse(self) -> Parsed:
        """Return the parsed query."""
        if not self.accept_word("SELECT"):
            raise self.failure("SELECT")
        items = self._selection()
        if not self.accept_word("FROM"):
            raise self.failure("',' or FROM" if items[-1][1].text != "*" else "FROM")
        self.classname = self.name("the name of a class").text
        properties = self._properties(items)
        condition = None
        if self.accept_word("WHERE"):
            condition = self.expression()
            if self.token.kind != "end":
                raise self.failure("AND, OR or the end of the query")
        elif self.token.kind != "end":
            raise self.failure("WHERE or the end of the query")
        return Parsed(self.classname, properties, condition, tuple(self.names))

    def _selection(self) -> List[Tuple[Optional[Token], Token]]:
        """Return the selected properties, each with the class it is qualified with."""
        if self.is_operator("*"):
            return [(None, self.advance())]
        items: List[Tuple[Optional[Token], Token]] = []
        while not items or self.accept(","):
            first = self.name(
                "the name of a property" if items else "'*' or the name of a property"
            )
            if not self.accept("."):
                items.append((None, first))
            elif self.is_operator("*") and not items:
                return [(first, self.advance())]
            else:
                items.append((first, self.name("the name of a property", True)))
        return items

    def _properties(self, items: List[Tuple[Optional[Token], Token]]) -> Optional[Tuple[str, ...]]:
        for qualifier, _ in items:
            if qualifier is not None and qualifier.text.casefold() != self.classname.casefold():
                raise self.failure(f"the class of the FROM clause, {self.classname!a}", qualifier)
        if items[0][1].text == "*":
            return None
        self.names += [(token.text, token.offset) for _, token in items]
        return tuple(token.text for _, token in items)

    def predicate(self) -> Condition:
        """Return the condition that is next."""
        operand = self.operand("a property or literal")
        operator = self.comparison_operator()
        if operator is not None:
            if self.is_word("NULL"):
                raise self.failure("a property or literal (IS NULL and IS NOT NULL test for NULL)")
            return Compare(operator, operand, self.operand("a property or literal"))
        if self.accept_word("LIKE"):
            return self.like(operand)
        if self.accept_word("IS"):
            return self.null_test(operand)
        if self.accept_word("ISA"):
            return Isa(operand, self._class_operand())
        raise self.failure("a comparison operator, LIKE, ISA or IS")

    def _class_operand(self) -> str:
        if self.token.kind == "string":
            return unescape(self.source, self.advance(), self.escapes)
        return self.name("the name of a class").text

    def operand(self, expected: str) -> Operand:
        """Return the path or literal that is next."""
        if self.token.kind != "name" or self.is_word("TRUE", "FALSE"):
            return self.literal(expected)
        start = self.token
        steps = self.path(expected, scoped=True)
        if steps[0][1:] == (None, None) and self.is_this(steps[0].name):
            del steps[0]
        if steps and steps[0].classname is None:
            self.names.append((steps[0].name, start.offset))
        return Path([self.system_step(step) for step in steps], start.offset)

    def is_this(self, name: str) -> bool:
        """Return whether a name at the beginning of a path stands for the instance."""
        return name.casefold() == self.classname.casefold()

    def system_step(self, step: Step) -> Step:
        """Return the step for a property that is no property of the class."""
        return step
