"""
The patterns of LIKE: a grammar for each query language, one matcher.

A pattern becomes the program of a nondeterministic automaton, which is run over the string with
all its states at once: the time is proportional to the length of the string whatever the pattern,
where a backtracking matcher can take exponential time. The sets of states met are kept, with where
each character leads, so that most characters cost one look into a dictionary.
"""

from __future__ import annotations

from typing import Dict, FrozenSet, Iterable, List, NamedTuple, Optional, Tuple, Union

__all__ = ["Pattern", "PatternError", "basic_pattern", "regular_expression", "sql_pattern"]

# Bounds of one pattern: steps of its program, nesting, and transitions that are kept.
_MAX_STEPS = 2000
_MAX_DEPTH = 20
_MAX_MOVES = 20000


class PatternError(Exception):
    """A pattern is not valid; `index` is where."""

    def __init__(self, index: int, message: str) -> None:
        super().__init__(message)
        self.index = index


class CharSet(NamedTuple):
    """A set of characters, or with `negated` all others."""

    negated: bool
    characters: FrozenSet[str]
    ranges: Tuple[Tuple[str, str], ...] = ()

    def admits(self, character: str) -> bool:
        found = character in self.characters or any(
            low <= character <= high for low, high in self.ranges
        )
        return found != self.negated


_ANY = CharSet(True, frozenset())


class _Repeat(NamedTuple):
    item: _Node
    low: int
    high: Optional[int]


class _Sequence(NamedTuple):
    items: List[_Node]


class _Choice(NamedTuple):
    items: List[_Node]


class _Anchor(NamedTuple):
    at_end: bool


_Node = Union[str, CharSet, _Anchor, _Repeat, _Sequence, _Choice]


class _Step(NamedTuple):
    """A step of a program: a character to read, an anchor, or (None) a fork to other steps."""

    test: Union[str, CharSet, _Anchor, None]
    targets: Tuple[int, ...]


class _Compiler:
    """Turns a pattern into a program; step 0 accepts."""

    def __init__(self) -> None:
        self.steps: List[_Step] = [_Step(None, ())]
        self._budget = _MAX_STEPS

    def add(self, test: Union[str, CharSet, _Anchor, None], *targets: int) -> int:
        self.steps.append(_Step(test, targets))
        return len(self.steps) - 1

    def compile(self, node: _Node, target: int) -> int:
        """Add the steps of a node that goes on to a step, and return its first step."""
        self._budget -= 1
        if self._budget < 0:
            raise PatternError(0, f"the pattern needs more than {_MAX_STEPS} steps")
        if isinstance(node, _Sequence):
            for item in reversed(node.items):
                target = self.compile(item, target)
            return target
        if isinstance(node, _Choice):
            return self.add(None, *[self.compile(item, target) for item in node.items])
        if isinstance(node, _Repeat):
            return self._compile_repeat(node, target)
        return self.add(node, target)

    def _compile_repeat(self, node: _Repeat, target: int) -> int:
        first = target
        if node.high is None:
            # The fork is made first and filled in once the item that leads to it is there.
            first = self.add(None)
            self.steps[first] = _Step(None, (self.compile(node.item, first), target))
        else:
            for _ in range(node.high - node.low):
                first = self.add(None, self.compile(node.item, first), target)
        for _ in range(node.low):
            first = self.compile(node.item, first)
        return first


class _State:
    """A set of steps that a program can be at."""

    __slots__ = ("accepts", "accepts_at_end", "moves", "steps")

    def __init__(self, steps: FrozenSet[int], accepts: bool, accepts_at_end: bool) -> None:
        self.steps = steps
        self.accepts = accepts
        self.accepts_at_end = accepts_at_end
        self.moves: Dict[str, _State] = {}


class Pattern:
    """
    A compiled pattern.

    Parameters:
        node (Node): The pattern.
        search (bool): Whether it may match anywhere in a string, rather than the whole string.
    """

    __slots__ = ("_kept", "_program", "_search", "_start", "_states")

    def __init__(self, node: _Node, search: bool = False) -> None:
        compiler = _Compiler()
        first = compiler.compile(node, 0)
        if search:
            first = compiler.compile(_Repeat(_ANY, 0, None), first)
        self._program = compiler.steps
        self._search = search
        self._forget()
        self._start = self._state([first], at_start=True)

    def matches(self, text: str) -> bool:
        """Return whether a string matches the pattern."""
        state = self._start
        search = self._search
        for character in text:
            if search and state.accepts:
                return True
            following = state.moves.get(character)
            state = self._move(state, character) if following is None else following
        return state.accepts_at_end

    def _forget(self) -> None:
        self._states: Dict[FrozenSet[int], _State] = {}
        self._kept = 0

    def _move(self, state: _State, character: str) -> _State:
        targets = []
        for index in state.steps:
            test, following = self._program[index]
            if test == character or (isinstance(test, CharSet) and test.admits(character)):
                targets.append(following[0])
        if self._kept >= _MAX_MOVES:
            self._forget()
            self._start.moves = {}
        self._kept += 1
        result = self._state(targets)
        state.moves[character] = result
        return result

    def _state(self, targets: Iterable[int], at_start: bool = False) -> _State:
        steps = self._closure(targets, at_start, False)
        state = self._states.get(steps)
        if state is None:
            at_end = 0 in self._closure(targets, at_start, True)
            state = _State(steps, 0 in steps, at_end)
            self._states[steps] = state
        return state

    def _closure(self, targets: Iterable[int], at_start: bool, at_end: bool) -> FrozenSet[int]:
        """Return the steps that can be reached without reading a character."""
        seen = set(targets)
        pending = list(seen)
        while pending:
            test, following = self._program[pending.pop()]
            if test is None or (
                isinstance(test, _Anchor) and (at_end if test.at_end else at_start)
            ):
                for index in following:
                    if index not in seen:
                        seen.add(index)
                        pending.append(index)
        return frozenset(seen)


def sql_pattern(text: str) -> Pattern:
    """
    Return the LIKE pattern of WQL: ``%`` for any characters, ``_`` for one, ``[a-f]`` or
    ``[abc]`` for one of these and ``[^abc]`` for one of the others.
    """
    items: List[_Node] = []
    index = 0
    while index < len(text):
        character = text[index]
        if character == "%":
            items.append(_Repeat(_ANY, 0, None))
        elif character == "_":
            items.append(_ANY)
        elif character == "[":
            charset, index = _sql_set(text, index)
            items.append(charset)
            continue
        else:
            items.append(character)
        index += 1
    return Pattern(_Sequence(items))


def _sql_set(text: str, start: int) -> Tuple[CharSet, int]:
    """Return the set that begins at an index, and the index after it."""
    end = text.find("]", start)
    if end < 0:
        raise PatternError(start, "expected a ] for this [")
    negated = text.startswith("^", start + 1)
    index = start + 2 if negated else start + 1
    if index == end:
        raise PatternError(index, "expected a character in [ ]")
    characters = []
    ranges = []
    while index < end:
        if index + 2 < end and text[index + 1] == "-":
            ranges.append((text[index], text[index + 2]))
            index += 3
        else:
            characters.append(text[index])
            index += 1
    return CharSet(negated, frozenset(characters), tuple(ranges)), end + 1


def basic_pattern(text: str) -> Pattern:
    """
    Return the basic LIKE pattern of DSP0202: ``.`` for any character, ``*`` for any number of
    the character before it, a backslash before these and itself for the character as it is.
    """
    items: List[_Node] = []
    index = 0
    while index < len(text):
        character = text[index]
        if character == "*":
            if not items or isinstance(items[-1], _Repeat):
                raise PatternError(index, "expected a character before *")
            items[-1] = _Repeat(items[-1], 0, None)
        elif character == "\\":
            index += 1
            if text[index : index + 1] not in (".", "*", "\\"):
                raise PatternError(index, "expected . or * or \\ after a backslash")
            items.append(text[index])
        else:
            items.append(_ANY if character == "." else character)
        index += 1
    return Pattern(_Sequence(items))


def regular_expression(text: str) -> Pattern:
    """
    Return the pattern of a regular expression of DSP1001, which DSP0212 uses. It may match
    anywhere in a string, unless it has the anchors ``^`` and ``$``.
    """
    parser = _RegexParser(text)
    node = parser.choice()
    if parser.index < len(text):
        raise PatternError(parser.index, "expected a ( before )")
    return Pattern(node, search=True)


class _RegexParser:
    """
    Reads a regular expression of DSP1001. Beyond its grammar a group may stand among characters
    and may hold choices and groups.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.index = 0
        self._depth = 0

    def _peek(self) -> str:
        return self.text[self.index : self.index + 1]

    def choice(self) -> _Node:
        items = [self._sequence()]
        while self._peek() == "|":
            self.index += 1
            items.append(self._sequence())
        return items[0] if len(items) == 1 else _Choice(items)

    def _sequence(self) -> _Node:
        items: List[_Node] = []
        while self._peek() not in ("", "|", ")"):
            items.append(self._multiplied())
        if not items:
            raise PatternError(self.index, "expected a character")
        return _Sequence(items)

    def _multiplied(self) -> _Node:
        item = self._single()
        multiplier = self._peek()
        if multiplier == "" or multiplier not in "*+?{":
            return item
        if isinstance(item, _Anchor):
            raise PatternError(self.index, "expected no multiplier after an anchor")
        self.index += 1
        if multiplier == "{":
            low, high = self._bounds()
            return _Repeat(item, low, high)
        return _Repeat(item, 1 if multiplier == "+" else 0, 1 if multiplier == "?" else None)

    def _bounds(self) -> Tuple[int, Optional[int]]:
        start = self.index
        end = self.text.find("}", start)
        low, comma, high = self.text[start : max(end, start)].partition(",")
        numbers = [low, high] if high else [low]
        if end < 0 or not all(
            number.isascii() and number.isdigit() and len(number) < 5 for number in numbers
        ):
            raise PatternError(start, "expected {n} or {n,} or {n,m} with numbers up to 9999")
        self.index = end + 1
        if not comma:
            return int(low), int(low)
        if high and int(high) < int(low):
            raise PatternError(start, "expected the smaller number first")
        return int(low), int(high) if high else None

    def _single(self) -> _Node:
        character = self._peek()
        if character in "*+?{}]":
            raise PatternError(self.index, f"expected a character before {character}")
        self.index += 1
        if character == "(":
            return self._group()
        if character == "[":
            return self._character_choice()
        if character == ".":
            return _ANY
        if character in "^$":
            return _Anchor(character == "$")
        return self._escaped() if character == "\\" else character

    def _group(self) -> _Node:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise PatternError(self.index, f"expected at most {_MAX_DEPTH} nested groups")
        node = self.choice()
        if self._peek() != ")":
            raise PatternError(self.index, "expected a )")
        self.index += 1
        self._depth -= 1
        return node

    def _escaped(self) -> str:
        character = self._peek()
        if character == "" or character.isalnum():
            raise PatternError(self.index, "expected a special character after a backslash")
        self.index += 1
        return character

    def _character_choice(self) -> CharSet:
        """Read ``[abc]``, or ``[abc]^`` for the other characters (DSP1001 has the ^ behind)."""
        characters = set()
        while self._peek() != "]":
            character = self._peek()
            if character == "":
                raise PatternError(self.index, "expected a ]")
            self.index += 1
            characters.add(self._escaped() if character == "\\" else character)
        if not characters:
            raise PatternError(self.index, "expected a character in [ ]")
        self.index += 1
        negated = self._peek() == "^"
        if negated:
            self.index += 1
        return CharSet(negated, frozenset(characters))
