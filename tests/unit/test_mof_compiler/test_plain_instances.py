"""
Instances that are read without the grammar: the same result, the same errors, no other time.
"""

from __future__ import annotations

import random
import time
from typing import Any, List

import pytest

from pywbem._mof_compiler import parser as parser_module
from pywbem._mof_compiler.parser import MOFParser

TEXTS = {
    "all kinds": 'instance of A { X = 1; Y = "a" ; Z = {"a", "b,c"}; B = true; N = Null; '
    "S = {1 , -2}; R = $x; };",
    "comments": "/* c */ instance of A as $b {};\n// x\ninstance of B { X = 1; // c\n Y = 2; };",
    "keywords as names": 'INSTANCE OF of { class = 3; of = "x"; as = 5; };',
    "between others": "class C { string a; }; instance of D { a = 1; }; #pragma x (y) "
    "instance of D { b = 2; };",
    "other values": "instance of A { X = 1.5; }; instance of A { X = 0x1F; }; instance of A { "
    'X = "a" "b"; Y = "\\n"; }; instance of A { X = 99999999999999999999; Y = {}; Z = {nan}; };',
    "long strings": 'instance of A { X = "a" \n "b" "c\\\\d"; Y = "N.Id=\\"1\\",B=\\"\\\\""; };',
    "wrong escapes": 'instance of A { X = "a\\q"; Y = "\\x41 \\n"; }; I = "\\x"; };',
    "comments in strings": 'instance of A { X = "a" /* c */ "b" // d\n ; };',
    "reals": "instance of A { X = 1.0E+00; Y = -.5; Z = 1.; V = 1.5e400; W = 0.1e-5; };",
    "octal number": "instance of A { X = 007; Y = 08; };",
    "word as a value": "instance of A { X = foo; }; instance of A { X = 1; }",
    "two semicolons": "instance of A { X = 1; };; instance of B { };",
    "in a class": "class A { string x; instance of B { X = 1; }; };",
    "no semicolon": "instance of A { X = 5; } instance of B { X = 6; }; instance of C { Y = 1; };",
    "qualifiers": "instance of A { [Q] X = 5; }; [Q] instance of A { X = 5; };",
    "no class": "instance of $a { X = 5; }; instance of a as q { a = 1; };",
    "other letters": "instance of \u00e9t\u00e9 { \u00e9 = 5; }; instance of \u212a { a = 1; };",
    "embedded": "instance of A { X = instance of B { Y = 1; }; }; instance of A { X = 1; };",
}


def outcome(text: str) -> Any:
    parsed = MOFParser().parse(text)
    # With errors, declarations are missing, and nobody looks at them.
    declarations = None if parsed.errors else parsed.declarations
    rejected = [(item.message, item.pos, item.end) for item in parsed.errors + parsed.warnings]
    return repr((declarations, rejected))


def same(texts: List[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Check that texts are parsed as the grammar alone does it."""
    plain = [outcome(text) for text in texts]
    monkeypatch.setattr(parser_module, "plain_instance", lambda text, pos: None)
    assert plain == [outcome(text) for text in texts]


@pytest.mark.parametrize("name", TEXTS)
def test_same_as_the_grammar(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    same([TEXTS[name]], monkeypatch)


def test_same_when_something_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """Characters are replaced and left out anywhere."""
    generator = random.Random(11)
    texts = []
    for _ in range(300):
        text = "".join(generator.sample(sorted(TEXTS.values()), 3))
        place = generator.randrange(len(text))
        wrong = generator.choice(["", ";", "}", "{", '"', "x", "1", "=", "$", " ", ","])
        texts.append(text[:place] + wrong + text[place + generator.randrange(3) :])
    same(texts, monkeypatch)


@pytest.mark.parametrize(
    "text",
    ["instance of A {" + " " * 100_000 + "x", "instance of A { X = 1;" * 5_000, "/* x */" * 50_000],
    ids=["spaces", "open", "comments"],
)
def test_no_text_takes_long(text: str) -> None:
    """The patterns do not try what can be skipped in all ways there are."""
    parser = MOFParser()
    started = time.process_time()
    parser.parse(text)
    assert time.process_time() - started < 30
