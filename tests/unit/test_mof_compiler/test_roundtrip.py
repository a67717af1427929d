"""
Object -> MOF -> object, for random classes, instances and qualifier declarations; and random
changes of valid MOF.
"""

from __future__ import annotations

import random
import time
from typing import Any, Dict, List

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pywbem
from pywbem._mof_compiler import MOFCompileError, MOFCompiler, MOFWBEMConnection
from tests.fuzz import strategies
from tests.unit.test_mof_compiler.repositories import (
    NAMESPACE,
    QUALIFIERS,
    THING,
    content,
)

SETTINGS = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

# Constants cannot be names.
NAMES = strategies.IDENTIFIERS.filter(lambda name: name.lower() not in ("true", "false", "null"))
# All characters but those that no encoding has.
TEXT = st.text(
    st.characters(blacklist_categories=["Cs"]) | st.sampled_from("\"'\\\n x"), max_size=30
)
SCALARS: Dict[str, Any] = {
    **strategies.SCALARS,
    "string": TEXT,
    "char16": st.characters(blacklist_categories=["Cs"], max_codepoint=0xFFFF),
    "real64": st.floats(allow_nan=False).map(pywbem.Real64),
}
TYPES = st.sampled_from(sorted(SCALARS))
FLAVORS = {name: st.none() | st.booleans() for name in ("overridable", "tosubclass")}
# MOF has no text for the other values of these.
FLAVORS["translatable"] = st.sampled_from([None, True])
WIDTHS = st.sampled_from([80, 80, 120, 10000])


def values(cimtype: str, is_array: bool) -> Any:
    scalar = st.none() | SCALARS[cimtype]
    return st.none() | (st.lists(scalar, max_size=4) if is_array else scalar)


@st.composite
def typed(draw: st.DrawFn) -> Dict[str, Any]:
    """The type, the array attributes and the value of an element."""
    cimtype = draw(TYPES)
    is_array = draw(st.booleans())
    return {
        "type": cimtype,
        "is_array": is_array,
        "array_size": draw(st.none() | st.integers(1, 99)) if is_array else None,
        "value": draw(values(cimtype, is_array)),
    }


@st.composite
def qualifier_declarations(draw: st.DrawFn) -> pywbem.CIMQualifierDeclaration:
    scopes = "CLASS ASSOCIATION INDICATION PROPERTY REFERENCE METHOD PARAMETER ANY".split()
    return pywbem.CIMQualifierDeclaration(
        draw(NAMES),
        scopes={scope: draw(st.booleans()) for scope in scopes},
        **{name: draw(flavor) for name, flavor in FLAVORS.items()},
        **draw(typed()),
    )


def unique(items: Any, max_size: int = 3) -> Any:
    return st.lists(items, max_size=max_size, unique_by=lambda item: item.name.casefold())


DECLARED = unique(qualifier_declarations(), max_size=4)


def qualifiers(declared: List[pywbem.CIMQualifierDeclaration]) -> Any:
    """Return lists of qualifiers that have declarations."""

    @st.composite
    def one(draw: st.DrawFn) -> pywbem.CIMQualifier:
        of = draw(st.sampled_from(declared))
        return pywbem.CIMQualifier(
            of.name,
            draw(values(of.type, of.is_array)),
            type=of.type,
            overridable=of.overridable,
            tosubclass=of.tosubclass,
            translatable=of.translatable,
        )

    return unique(one()) if declared else st.just([])


@st.composite
def parameters(draw: st.DrawFn, declared: Any) -> pywbem.CIMParameter:
    options = draw(typed())
    del options["value"]
    if draw(st.booleans()):
        options.update(type="reference", reference_class="TST_Thing")
    return pywbem.CIMParameter(draw(NAMES), qualifiers=draw(qualifiers(declared)), **options)


@st.composite
def classes(draw: st.DrawFn, declared: Any) -> pywbem.CIMClass:
    name = "TST_" + draw(NAMES)

    @st.composite
    def properties(draw: st.DrawFn) -> pywbem.CIMProperty:
        options = draw(typed())
        if draw(st.integers(0, 4)) == 0:
            path = pywbem.CIMInstanceName("TST_Thing", {"Id": draw(TEXT)}, namespace="root/x")
            value = draw(st.sampled_from([None, path]))
            options = {"type": "reference", "reference_class": "TST_Thing", "value": value}
        return pywbem.CIMProperty(
            draw(NAMES), class_origin=name, qualifiers=draw(qualifiers(declared)), **options
        )

    @st.composite
    def methods(draw: st.DrawFn) -> pywbem.CIMMethod:
        return pywbem.CIMMethod(
            draw(NAMES),
            return_type=draw(TYPES),
            class_origin=name,
            parameters=draw(unique(parameters(declared))),
            qualifiers=draw(qualifiers(declared)),
        )

    return pywbem.CIMClass(
        name,
        superclass=draw(st.sampled_from([None, "TST_Thing"])),
        properties=draw(unique(properties())),
        methods=draw(unique(methods())),
        qualifiers=draw(qualifiers(declared)),
    )


CLASSES = DECLARED.flatmap(lambda declared: st.tuples(st.just(declared), classes(declared)))


@SETTINGS
@given(qualifier_declarations(), WIDTHS)
def test_qualifier_declaration(declaration: pywbem.CIMQualifierDeclaration, width: int) -> None:
    handle = MOFWBEMConnection()
    mof = declaration.tomof(maxline=width)
    MOFCompiler(handle, log_func=None).compile_string(mof, NAMESPACE)
    assert handle.GetQualifier(declaration.name, namespace=NAMESPACE) == declaration


@SETTINGS
@given(CLASSES, WIDTHS)
def test_class(drawn: Any, width: int) -> None:
    declared, cls = drawn
    handle = MOFWBEMConnection()
    compiler = MOFCompiler(handle, log_func=None)
    compiler.compile_string("class TST_Thing { };", NAMESPACE)
    for declaration in declared:
        handle.SetQualifier(declaration, namespace=NAMESPACE)
    compiler.compile_string(cls.tomof(maxline=width), NAMESPACE)
    found = handle.GetClass(cls.classname, namespace=NAMESPACE, LocalOnly=True)
    assert found == cls
    assert found.tomof(maxline=width) == cls.tomof(maxline=width)


@st.composite
def instances(draw: st.DrawFn, cls: pywbem.CIMClass, depth: int = 2) -> pywbem.CIMInstance:
    properties = []
    for prop in cls.properties.values():
        if draw(st.booleans()):
            continue
        copy = prop.copy()
        copy.qualifiers = []
        if "EmbeddedObject" in prop.qualifiers or "EmbeddedInstance" in prop.qualifiers:
            inner = instances(cls, depth - 1) if depth else st.none()
            value = draw(st.lists(st.none() | inner, max_size=2) if prop.is_array else inner)
            if any(value) if prop.is_array else value:
                is_object = "EmbeddedObject" in prop.qualifiers
                copy.embedded_object = "object" if is_object else "instance"
        elif prop.type == "reference":
            value = pywbem.CIMInstanceName("TST_Thing", {"Id": draw(TEXT)}, namespace="root/x")
        else:
            value = draw(values(prop.type, prop.is_array))
        copy.value = value
        if value is None or (prop.is_array and not value):
            # NULL is no object, and nobody can tell what it would be.
            copy.embedded_object = None
        properties.append(copy)
    return pywbem.CIMInstance(cls.classname, draw(st.permutations(properties)))


def thing() -> pywbem.CIMClass:
    handle = MOFWBEMConnection()
    MOFCompiler(handle, log_func=None).compile_string(QUALIFIERS + THING, NAMESPACE)
    return handle.GetClass("TST_Thing", namespace=NAMESPACE)


@settings(SETTINGS, max_examples=40)
@given(instances(thing()), WIDTHS)
def test_instance(instance: pywbem.CIMInstance, width: int) -> None:
    handle = MOFWBEMConnection()
    compiler = MOFCompiler(handle, log_func=None)
    compiler.compile_string(QUALIFIERS + THING, NAMESPACE)
    mof = instance.tomof(maxline=width)
    compiler.compile_string(mof, NAMESPACE)
    found = handle.instances[NAMESPACE][0].copy()
    found.path = None
    assert found == instance
    assert compiler.compile_embedded_value(mof, NAMESPACE) == [instance]


def test_not_a_number() -> None:
    instance = pywbem.CIMInstance("A", {"r": pywbem.Real64("nan"), "i": pywbem.Real64("-inf")})
    compiler = MOFCompiler(None, log_func=None)
    compiler.compile_string("class A { real64 r; real64 i; };", NAMESPACE)
    (found,) = compiler.compile_embedded_value(instance.tomof(), NAMESPACE)
    assert repr(found["r"]) == repr(instance["r"])
    assert found["i"] == instance["i"]


# Random changes of valid MOF

VALID = (
    QUALIFIERS
    + THING
    + r"""
#pragma locale ("en_US")
/* comment */ // comment
instance of TST_Thing as $a {
    Id = "x\n" "\x41"; U8 = 0x1F; S8 = -101b; R32 = 1.5e3; B = TRUE; C = '\''; SA = {"a", NULL};
    D = "20240131123456.123456+060"; EI = "instance of TST_Thing { U8 = 1; };"; U8A = {1, 2};
    EOA = { instance of TST_Thing { EI = $b; }, "class New { };" }; Ref = $b;
};
instance of TST_Thing as $b { Id = "b"; };
[Association, Description ("a" "b")] class TST_Link : TST_Base {
    [Key] TST_Thing REF From; [Key, Description ("t") : Restricted] TST_Thing REF To;
    uint32 F([In(false)] string a[], TST_Thing REF t, sint64 s[3]);
};
class TST_Base { };
#pragma namespace ("root/other")
class TST_Other { };
"""
)
PIECES = list("{}[]();:,\"'\\=#$/*-+.019 \n\0\ufeff\u00e9") + (
    'class  instance of  as  REF  Qualifier  #pragma include ("x")  NULL nan true /* */ // 0x 1e9 '
    '\\x "" {} $a'
).split("  ")


def changed(rng: random.Random) -> str:
    text = VALID
    for _ in range(rng.randint(0, 4)):
        at, other = rng.randrange(len(text)), rng.randrange(len(text))
        kind = rng.randrange(4)
        if kind == 0:
            text = text[:at] + text[at + rng.randint(1, 20) :]
        elif kind == 1:
            text = text[:at] + rng.choice(PIECES) + text[at:]
        elif kind == 2:
            text = text[:at] + text[other : other + rng.randint(1, 40)] + text[at:]
        else:
            text = text[:at] + text[at : at + 30] * rng.randint(2, 5) + text[at + 30 :]
    return text


@pytest.mark.parametrize("seed", range(10))
def test_random_changes(seed: int) -> None:
    """They cause no other exceptions, and take no longer than other MOF."""
    rng = random.Random(seed)
    good = faulty = 0
    for _ in range(100):
        mof = changed(rng)
        handle = MOFWBEMConnection()
        compiler = MOFCompiler(handle, log_func=None)
        before = content(handle)
        started = time.process_time()
        try:
            compiler.compile_string(mof, NAMESPACE)
            good += 1
        except MOFCompileError as exc:
            faulty += 1
            assert str(exc)
            assert content(handle) == before
        assert time.process_time() - started < 2
    assert good
    assert faulty


N = 20000
HOSTILE = {
    "open comments": "/*" * N,
    "quotes": '"' * N,
    "escaped quotes": '"\\"' * N,
    "open arrays": '{"a", ' * N,
    "open parentheses": '("a" ' * N,
    "array that ends otherwise": "class A { string s[] = {" + '"a", ' * N + "1};",
    "arrays with blanks": '{ "a"' + " " * 500 + '{ "a" , ' * (N // 10),
    "strings with blanks": ('"a"' + " " * 200) * (N // 10),
    "blanks": " " * N * 10 + "?",
    "braces": "{" * N,
    "brackets": "[" * N,
    "open classes": "class A {" * N,
    "nested instances": "instance of A { a = " * N,
    "digits": "1" * N * 10,
    "points": "1." * N,
    "semicolons": ";" * N,
    "names": "a " * N,
    "comments between strings": "class A { string s = " + '"a" /**/ ' * N + ";};",
    "lines": "\n" * N + "?",
    "backslashes": "\\" * N,
    "apostrophes": "'" * N,
    "errors": "class A { x };\n" * N,
}


@pytest.mark.parametrize("mof", HOSTILE.values(), ids=HOSTILE.keys())
def test_time_is_in_proportion(mof: str) -> None:
    compiler = MOFCompiler(None, log_func=None)
    started = time.process_time()
    try:
        compiler.compile_string(mof, NAMESPACE)
    except MOFCompileError as exc:
        assert exc.lineno is not None
    assert time.process_time() - started < 3
