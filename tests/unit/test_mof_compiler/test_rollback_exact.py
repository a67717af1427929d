"""
A failed compilation leaves a repository exactly as it was: any repository, whatever was compiled.
"""

from __future__ import annotations

import random
from typing import Any, Callable, Iterator, List

import pytest

import pywbem
from pywbem._mof_compiler import MOFCompileError, MOFCompiler, MOFWBEMConnection
from pywbem_mock import FakedWBEMConnection, WBEMServerThread
from tests.unit.test_mof_compiler.repositories import content

NAMESPACES = ("root/one", "root/two")
QUALIFIERS = """
Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride, ToSubclass);
Qualifier Association : boolean = false, Scope(association), Flavor(DisableOverride, ToSubclass);
Qualifier Override : string = null, Scope(property, reference, method), Flavor(Restricted);
Qualifier Description : string = null, Scope(any), Flavor(EnableOverride, ToSubclass, Translatable);
Qualifier EmbeddedInstance : string = null, Scope(property, method, parameter);
"""
CLASSES = """
class A {
    [Key] string K; string Name; [Description("of A")] string X; uint8 N[];
    uint32 M([Description("p")] string p);
};
class B : A { [Override("X"), Description("of B")] string X; string OfB; };
class C : B { [EmbeddedInstance("A")] string E; };
[Association] class L { [Key] A REF From; [Key] A REF To; string Note; };
"""
FAULTS = (
    "class Z : Missing { };",
    "class Z { uint8 u = 256; };",
    "[Missing] class Z { };",
    'instance of A { K = "z"; Missing = 1; };',
    "instance of A { K = NULL; };",
    "class {",
    "instance of L { From = $a; To = $nowhere; };",
    '#pragma include ("missing.mof")',
)


# What a client gets for a flavor that is not said.
FLAVORS = {"overridable": True, "tosubclass": True, "toinstance": False, "translatable": False}


def declarations(rng: random.Random) -> Iterator[str]:
    """Yield MOF of all kinds, most of which modifies what may be there."""
    texts = ['"new"', '"other"', "NULL", '""']

    def settings(*names: str) -> str:
        chosen = [name for name in names if rng.random() < 0.5]
        return " ".join(f"{name} = {rng.choice(texts)};" for name in chosen)

    while True:
        number = rng.randrange(4)
        yield rng.choice(
            [
                f'instance of A {{ K = "{number}"; {settings("Name", "X")} }};',
                f'instance of B {{ K = "{number}"; {settings("Name", "X", "OfB")} }};',
                f'instance of B {{ K = "{number}"; N = {{ 1, {number} }}; }};',
                f'instance of C {{ K = "c{number}"; E = "instance of A {{ X = \\"e\\"; }};"; }};',
                f'instance of L {{ From = "/root/one:A.K=\\"0\\""; To = "/root/one:A.K=\\"1\\""; '
                f"{settings('Note')} }};",
                'class B : A { [Override("X"), Description("new")] string X; string More; };',
                'class B : A { [Override("M"), Description("new")] '
                'uint32 M([Description("q")] string p); };',
                "class B : A { };",
                'class C : B { [EmbeddedInstance("A")] string E; [Description("d")] string F; };',
                '[Description("new")] class D : C { uint16 V = 3; uint8 W(); };',
                "class D { [Key] string K; };",
                'instance of D { K = "d"; };',
                "[Association] class L { [Key] A REF From; [Key] B REF To; uint8 Weight; };",
                'Qualifier Description : string = "d", Scope(any), Flavor(DisableOverride);',
                "Qualifier New : uint8[] = { 1, 2 }, Scope(class, property);",
                f'#pragma namespace ("{rng.choice((*NAMESPACES, "root/three"))}")',
            ]
        )


def text(rng: random.Random, count: int) -> str:
    source = declarations(rng)
    return "\n".join(next(source) for _ in range(count))


def try_to_compile(compile_string: Callable[[str], Any], mof: str) -> None:
    """Compile declarations one by one, as far as they can be."""
    for line in mof.splitlines():
        try:
            compile_string(line)
        except (MOFCompileError, OSError):
            pass


def everything(conn: FakedWBEMConnection, wire: bool = False) -> List[str]:
    """
    Return all that a mock server has; with wire=True what a client can tell of it.
    """
    repository = conn.cimrepository
    found: List[str] = []
    for name in sorted(repository.namespaces):
        found.append(name)
        for declaration in repository.get_qualifier_store(name).iter_values():
            if wire:
                everywhere = declaration.scopes.pop("ANY", False)
                declaration.scopes = {
                    scope: declaration.scopes[scope] or everywhere
                    for scope in sorted(declaration.scopes)
                }
            found.append(repr(declaration))
        found += map(repr, repository.get_class_store(name).iter_values())
        for instance in repository.get_instance_store(name).iter_values():
            if wire:
                # Whether a property that has no value is there, no operation changes.
                values = [prop for prop in instance.properties.values() if prop.value is not None]
                for prop in values:
                    prop.propagated = None
                instance.properties = sorted(values, key=lambda prop: prop.name)
            found.append(repr(instance))
    if wire:
        for flavor, default in FLAVORS.items():
            found = [item.replace(f"{flavor}=None", f"{flavor}={default}") for item in found]
    return found


def prepared(seed: int) -> FakedWBEMConnection:
    conn = FakedWBEMConnection(NAMESPACES[0])
    conn.add_namespace(NAMESPACES[1])
    for namespace in NAMESPACES:
        conn.compile_mof_string(QUALIFIERS + CLASSES, namespace)
    conn.compile_mof_string('instance of A { K = "0"; }; instance of A { K = "1"; };')
    try_to_compile(conn.compile_mof_string, text(random.Random(f"before {seed}"), 12))
    return conn


@pytest.mark.filterwarnings("ignore::pywbem.Warning")
@pytest.mark.parametrize("seed", range(60))
def test_mock(seed: int) -> None:
    conn = prepared(seed)
    rng = random.Random(seed)
    compilers: List[Callable[[str], Any]] = [
        conn.compile_mof_string,
        lambda mof: MOFCompiler(conn, log_func=None).compile_string(mof, None),
    ]
    for compile_string in compilers:
        before = everything(conn)
        for _ in range(4):
            mof = text(rng, rng.randrange(1, 9))
            with pytest.raises((MOFCompileError, OSError)):
                compile_string(f"{mof}\n{rng.choice(FAULTS)}")
            assert everything(conn) == before


@pytest.mark.filterwarnings("ignore::pywbem.Warning")
@pytest.mark.parametrize("seed", range(8))
def test_server(seed: int) -> None:
    rng = random.Random(seed)
    conn = prepared(seed)
    with WBEMServerThread(conn) as server, pywbem.WBEMConnection(server.url) as client:
        client.default_namespace = NAMESPACES[0]
        for _ in range(4):
            before = everything(conn, wire=True)
            mof = text(rng, rng.randrange(1, 9))
            with pytest.raises((MOFCompileError, OSError)):
                MOFCompiler(client, log_func=None).compile_string(
                    f"{mof}\n{rng.choice(FAULTS)}", None
                )
            assert everything(conn, wire=True) == before


@pytest.mark.filterwarnings("ignore::pywbem.Warning")
@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("underlying", [False, True], ids=["alone", "in front of a mock"])
def test_memory(underlying: bool, seed: int) -> None:
    rng = random.Random(seed)
    conn = prepared(seed) if underlying else None
    handle = MOFWBEMConnection(conn)
    compiler = MOFCompiler(handle, log_func=None)
    if rng.random() < 0.8:
        for namespace in NAMESPACES:
            compiler.compile_string(QUALIFIERS + CLASSES, namespace)
    try_to_compile(lambda mof: compiler.compile_string(mof, NAMESPACES[0]), text(rng, 8))
    before = content(handle), conn and everything(conn)
    for _ in range(4):
        mof = text(rng, rng.randrange(1, 9))
        try:
            compiler.compile_string(f"{mof}\n{rng.choice(FAULTS)}", NAMESPACES[0])
        except (MOFCompileError, OSError):
            assert (content(handle), conn and everything(conn)) == before
        else:
            # In memory a key may be NULL.
            before = content(handle), conn and everything(conn)
