"""
From MOF text to declarations, with all syntax errors of the text.

The tables are those of PLY; the loop that follows them is here.  It does what PLY's own does, but
without PLY's recovery from errors, whose bookkeeping costs time for every token, and which knows
nothing of features and declarations.

After an error the text is read on behind it: at the next feature of the class or instance, or at
the next declaration.  What is read then is only looked at for further errors.
"""

from __future__ import annotations

from itertools import chain
from typing import Any, Callable, Iterable, Iterator, List, NamedTuple, Optional

from .declarations import Declaration
from .grammar import new_parser
from .lexer import Token, tokenize
from .plain_instances import plain_instance
from .syntax_errors import ENCLOSING, Rejected, expected_text, unexpected

__all__ = ["MOFParser", "Parsed"]

#: Errors reported of one text.
MAX_ERRORS = 50

_PREFIXES = {
    "CLASS": ("CLASS", "IDENT", "{"),
    "INSTANCE": ("INSTANCE", "OF", "IDENT", "{"),
}

# The last tokens of declarations, of one character.
_LAST = frozenset(";)")


class Parsed(NamedTuple):
    """What a text has: declarations, errors, and warnings about what is tolerated."""

    declarations: List[Declaration]
    errors: List[Rejected]
    warnings: List[Rejected]


class _Restart(NamedTuple):
    """Where to read on, and in the body of what: CLASS, INSTANCE, or empty."""

    pos: int
    body: str


class _Symbol:
    """A nonterminal symbol: what a rule was applied to."""

    __slots__ = ("type", "value")

    type: str
    value: Any


class _Production:
    """What the functions of the rules get: the new symbol and those it is made of."""

    __slots__ = ("parser", "slice")

    parser: Any
    slice: List[Any]


class MOFParser:
    """
    Parses MOF texts, one after the other.

    The parser of PLY is the attribute ``yacc``.
    """

    def __init__(self) -> None:
        self.yacc: Any = new_parser()
        self.yacc.declared = self._declared
        self.yacc.tolerated = self._tolerated
        self._rules = [(rule.name, rule.len, rule.callable) for rule in self.yacc.productions]
        self._declarations: List[Declaration] = []
        self._warnings: List[Rejected] = []
        self._start = _Restart(0, "")
        self._text = ""

    def parse(self, text: str) -> Parsed:
        """
        Parse a text; with errors, declarations are missing.
        """
        declarations: List[Declaration] = []
        warnings: List[Rejected] = []
        self._declarations, self._warnings = declarations, warnings
        self._start = _Restart(0, "")
        self._text = text
        errors: List[Rejected] = []
        tokens: Iterator[Optional[Token]] = self._tokens(text)
        while True:
            self.yacc.nesting = 0
            try:
                self._follow(tokens.__next__)
                break
            except Rejected as exc:
                if exc.pos < 0:
                    exc.pos = exc.end = len(text.rstrip())
                errors.append(exc)
            restart = _restart(text, self._start, errors[-1].pos)
            if restart is None or len(errors) >= MAX_ERRORS:
                break
            self._start = restart
            tokens = chain(_prefix(restart), tokenize(text, restart.pos))
        self._declarations, self._warnings = [], []
        self._text = ""
        return Parsed(declarations, errors, warnings)

    def _tokens(self, text: str) -> Iterator[Optional[Token]]:
        """
        Yield the tokens of a text; the plain instances in a row are one.
        """
        pos = 0
        while pos >= 0:
            instances = Token()
            instances.type, instances.lexpos, instances.value = "INSTANCES", pos, []
            found = plain_instance(text, pos)
            while found is not None:
                instances.value.append(found)
                pos = found[1]
                found = plain_instance(text, pos)
            if instances.value:
                yield instances
            start, pos = pos, -1
            for token in tokenize(text, start):
                yield token
                if token is not None and token.type in _LAST and self._may_follow("INSTANCES"):
                    pos = token.lexpos + 1
                    break

    def _may_follow(self, kind: str) -> bool:
        return kind in self.yacc.action[self.yacc.statestack[-1]]

    def _declared(self, declaration: Declaration, end: int) -> None:
        """Note a declaration that was read to its end; PLY's rules call this."""
        self._declarations.append(declaration)
        self._start = _Restart(end, "")

    def _tolerated(self, message: str, pos: int) -> None:
        """Note what is no MOF but taken; PLY's rules call this."""
        self._warnings.append(Rejected(message, pos, pos + 1))

    def _follow(self, next_token: Callable[[], Optional[Token]]) -> None:
        """
        Follow the tables until all tokens are accepted.

        Raises:
            Rejected: A token is not.
        """
        actions, goto, defaults = self.yacc.action, self.yacc.goto, self.yacc.defaulted_states
        rules = self._rules
        production = _Production()
        production.parser = self.yacc
        end = _Symbol()
        end.type = "$end"
        states = [0]
        symbols: List[Any] = [end]
        self.yacc.statestack, self.yacc.symstack = states, symbols
        state = 0
        lookahead: Any = None
        while True:
            action = defaults.get(state)
            if action is None:
                if lookahead is None:
                    lookahead = next_token() or end
                action = actions[state].get(lookahead.type)
                if action is None:
                    self._reject(lookahead)
                if action > 0:
                    states.append(action)
                    symbols.append(lookahead)
                    state = action
                    lookahead = None
                    continue
                if action == 0:
                    return
            name, size, function = rules[-action]
            symbol = _Symbol()
            symbol.type = name
            symbol.value = None
            if size:
                production.slice = items = symbols[-size - 1 :]
                items[0] = symbol
                function(production)
                del symbols[-size:]
                del states[-size:]
            else:
                production.slice = [symbol]
                function(production)
            symbols.append(symbol)
            state = goto[states[-1]][name]
            states.append(state)

    def _reject(self, token: Any) -> None:
        """Raise the exception for a token that no rule takes."""
        expected = expected_text(self.yacc)
        if token.type == "$end":
            raise Rejected(f"Unexpected end of MOF, expected {expected}", -1, -1)
        actions = self.yacc.action[self.yacc.statestack[-1]]
        opening = ENCLOSING.get(token.type)
        if opening in actions:
            # What cannot stand here is the string behind it.
            pos = self._text.index('"', token.lexpos)
            raise Rejected("MOF grammar error: unexpected string", pos, pos + 1)
        if opening is not None:
            token.lexpos = self._text.rindex(opening, 0, token.lexpos + 1)
        misspelt = self._misspelt_type(token, actions)
        raise unexpected(token, expected) if misspelt is None else misspelt

    def _misspelt_type(self, token: Any, actions: Any) -> Optional[Rejected]:
        """Return the exception for a name where a data type is needed."""
        if token.type != "IDENT":
            return None
        found = token
        if list(actions) == ["REF"]:
            # The name before it was taken as that of the class of a reference.
            found = self.yacc.symstack[-1]
        elif "DT" not in actions or "IDENT" in actions:
            return None
        name = found.value
        return Rejected(
            f"MOF grammar error: {name!r} is no data type", found.lexpos, found.lexpos + len(name)
        )


def _prefix(restart: _Restart) -> Iterable[Token]:
    """
    Return the tokens that bring the parser into the body of a class or instance.
    """
    for kind in _PREFIXES.get(restart.body, ()):
        token = Token()
        token.type = kind
        token.value = kind
        token.lexpos = restart.pos
        yield token


def _restart(text: str, start: _Restart, error: int) -> Optional[_Restart]:
    """
    Return where to read on after an error, or None for nowhere.

    That is behind a semicolon between features or declarations, or at the keyword of another
    declaration, wherever it stands.

    Parameters:
        text (str): The text.
        start (Restart): Where the declaration in error starts.
        error (int): Offset of the error.
    """
    body = start.body
    depth = 1 if body else 0
    previous = ""
    for token in tokenize(text, start.pos):
        if token is None:
            break
        kind = token.type
        if kind == "{":
            depth += 1
        elif kind == "}":
            depth = max(0, depth - 1)
            body = body if depth else ""
        elif token.lexpos >= error:
            if kind == ";" and (depth == 0 or (depth == 1 and body)):
                return _Restart(token.lexpos + 1, body)
            if (previous or start.body) and _starts_declaration(kind, previous):
                return _Restart(token.lexpos, "")
        if depth == 0 and kind in _PREFIXES:
            body = kind
        previous = kind
    return None


def _starts_declaration(kind: str, previous: str) -> bool:
    return kind in ("CLASS", "QUALIFIER", "#") or (
        kind == "INSTANCE" and previous not in ("=", "{", ",")
    )
