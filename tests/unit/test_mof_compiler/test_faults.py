"""
Faulty MOF: the exception, its place, and a repository that stays as it was.

In the texts, ``@`` stands in front of the place.
"""

from __future__ import annotations

from pathlib import Path
from typing import Tuple, Type

import pytest

from pywbem._mof_compiler import (
    MOFCompileError,
    MOFCompiler,
    MOFDependencyError,
    MOFParseError,
    MOFWBEMConnection,
)
from tests.unit.test_mof_compiler.repositories import (
    NAMESPACE,
    QUALIFIERS,
    THING,
    Repository,
    content,
)


def instance(setting: str) -> str:
    return f'instance of TST_Thing {{ Id = "i";\n   {setting}\n}};\n'


SYNTAX = {
    "no token": "class A {\n  @? };",
    "NUL": "class A {\n  @\0 };",
    "minus alone": instance("S8 = @- 1;"),
    "string not closed": instance('S = @"abc;'),
    "string over two lines": instance('S = @"a\nb";'),
    "escape": instance(r'S = "a" "b@\q";'),
    "escape, hexadecimal": instance(r'S = "@\xg";'),
    "escape in an array": instance(r'SA = { "a", "b@\q" };'),
    "escape in a qualifier": 'class A {\n [Description ("a@\\q")] string S; };',
    "char16 of two": instance("C = @'ab';"),
    "char16 of none": instance("C = @'';"),
    "char16 escape": instance(r"C = @'\q';"),
    "alias without name": instance("Ref = @$;"),
    "comment not closed": "class A { };\n  @/* class B { };",
    "binary": instance("U8 = @12b;"),
    "octal": instance("U8 = @019;"),
    "hexadecimal": instance("U8 = @0xG;"),
    "hexadecimal without digits": instance("U8 = @0x;"),
    "real without fraction": instance("R32 = @1.;"),
    "real without point": instance("R32 = @1e5;"),
    "end in a class": "class A {\n  string S;@",
    "end behind a class": "class A { }@",
    "end in an instance": 'instance of TST_Thing {\n Id = "i";@\n\n',
    "end in a pragma": "#pragma @include",
    "nothing but a brace": "@{ }",
    "semicolon too many": "class A { };@;",
    "semicolon missing": "class A { } @class B { };",
    "semicolon missing behind a property": "class A {\n  string S\n  @uint8 T; };",
    "semicolon missing behind a value": instance('S = "a" @U8 = 1;'),
    "brace missing": "class A {\n  string S;\n@class B { };",
    "class without name": "class @{ };",
    "class with two names": "class A @B { };",
    "superclass without name": "class A : @{ };",
    "alias behind superclass": "class A : TST_Thing @as $A { };",
    "property without type": "class A { S@; };",
    "property without name": "class A { string@; };",
    "property of an unknown type": "class A { @strin S; };",
    "two properties": "class A { string S@, T; };",
    "array size": "class A { string S[@0]; };",
    "array size, a string": 'class A { string S[@"3"]; };',
    "array of references": "class A { TST_Thing REF R@[]; };",
    "method without parentheses": "class A { uint32 F(string S@; };",
    "method that returns an array": "class A { uint32 F[]@(); };",
    "method of an unknown type": "class A { @nothing F(); };",
    "property that is void": "class A { @void S; };",
    "array that is void": "class A { @void S[]; };",
    "parameter that is void": "class A { void F(@void P); };",
    "parameter that is void, a method": "class A { uint8 F([In] void P@()); };",
    "qualifier type that is void": "Qualifier Q : @void, Scope(any);",
    "void method in an instance": "instance of TST_Thing { @void F(); };",
    "parameter with a default": "class A { uint32 F(string S @= NULL); };",
    "qualifier list not closed": "class A { [Key @string S; };",
    "qualifier list, empty": "class A { [@] string S; };",
    "qualifier list, comma at its end": "class A { [Key, @] string S; };",
    "qualifier with two values": 'class A { [Description ("a"@, "b")] string S; };',
    "qualifier without value": "class A { [Description (@)] string S; };",
    "qualifier with an alias": "class A { [ValueMap { @$a }] string S; };",
    "flavor": "class A { [Key : @Overridable] string S; };",
    "value without name": "instance of TST_Thing { @= 1; };",
    "name without value": instance("S@;"),
    "value missing": instance("S = @;"),
    "array of names": instance("SA = { @abc };"),
    "value, a type": instance("@string S = 1;"),
    "array, comma at its end": instance("U8A = { 1, @};"),
    "array, not closed": instance("U8A = { 1, 2@;"),
    "strings in a class": 'class A { @"a" };',
    "strings in parentheses": '@("a") class A { };',
    "instance without of": "instance @TST_Thing { };",
    "instance without class": "instance of @{ };",
    "alias without dollar": "instance of TST_Thing as @a { };",
    "pragma without sign": '@pragma include ("a")',
    "pragma without keyword": '#@include ("a")',
    "pragma with a number": "#pragma include (@1)",
    "pragma with a name": "#pragma include (@a)",
    "declaration without colon": "Qualifier Q @boolean, Scope(any);",
    "declaration of an unknown type": "Qualifier Q : @bool, Scope(any);",
    "declaration, a reference": "Qualifier Q : @TST_Thing REF, Scope(any);",
    "declaration without scope": "Qualifier Q : boolean = true@;",
    "declaration without scope, but flavor": "Qualifier Q : boolean, @Flavor(ToSubclass);",
    "declaration with an unknown scope": "Qualifier Q : boolean, Scope(any, @all);",
    "declaration with an unknown flavor": "Qualifier Q : boolean, Scope(any), Flavor(@All);",
    "declaration with three parts": (
        "Qualifier Q : boolean, Scope(any), Flavor(ToSubclass), @Flavor(ToSubclass);"
    ),
    "scopes without comma": "Qualifier Q : boolean, Scope(any @class);",
}

SEMANTICS = {
    "uint8 too large": instance("U8 = @256;"),
    "uint8 negative": instance("U8 = @-1;"),
    "sint8 too small": instance("S8 = @-129;"),
    "uint64 too large": instance("U64 = @18446744073709551616;"),
    "integer, a fraction": instance("U8 = @1.5;"),
    "integer, a text": instance('U8 = @"x";'),
    "array item too large": instance("U8A = @{1, 256};"),
    "real, a text": instance('R32 = @"x";'),
    "datetime": instance('D = @"2024-01-31";'),
    "datetime, a number": instance("D = @20240131;"),
    "char16, a text": instance('C = @"ab";'),
    "char16, a number": instance("C = @65536;"),
    "reference, a text": instance('Ref = @"no path";'),
    "reference, a number": instance("Ref = @1;"),
    "reference, an instance": instance("Ref = @instance of TST_Thing { };"),
    "array for a scalar": instance("U8 = @{1};"),
    "scalar for an array": instance("U8A = @1;"),
    "alias for a string": instance("S = @$a;"),
    "alias not defined": instance("Ref = @$a;"),
    "instance for a string": instance("S = @instance of TST_Thing { };"),
    "property twice": instance("U8 = 1; @u8 = 2;"),
    "embedded instance, a number": instance("EI = @1;"),
    "embedded instance, no MOF": instance('EI = @"x";'),
    "embedded instance, blank": instance('EI = @" ";'),
    "embedded instances, all empty": instance('EIA = @{ "", "" };'),
    "embedded instance and a class": instance('EI = @"instance of TST_Thing { }; class A { };";'),
    "embedded instance, a class": instance('EI = @"class A { };";'),
    "embedded instance with a fault": instance('EI = @"instance of TST_Thing { U8 = 256; };";'),
    "embedded literal with a fault": instance("EI = instance of TST_Thing { U8 = @256; };"),
    "embedded object, a declaration": instance('EO = @"Qualifier Q : boolean, Scope(any);";'),
    "default value": "class A { uint8 U = @256; };",
    "default value, an array": "class A { uint8 U = @{1}; };",
    "default value, no array": "class A { uint8 U[] = @1; };",
    "default value, an alias": "class A { TST_Thing REF R = @$a; };",
    "qualifier value": "class A { [@MaxLen (4294967296)] string S; };",
    "qualifier value, a text": 'class A { [@MaxLen ("x")] string S; };',
    "flavors in conflict": "class A { [@Key : ToSubclass Restricted] string S; };",
    "declared flavors in conflict": (
        "Qualifier @Q : boolean, Scope(any), Flavor(EnableOverride, DisableOverride);"
    ),
    "declared value": "Qualifier Q : uint8 = @256, Scope(any);",
    "declared value, an array": "Qualifier Q : uint8 = @{1}, Scope(any);",
    "declared value, no array": "Qualifier Q : uint8[] = @1, Scope(any);",
    "namespace with a host": '#pragma namespace (@"http://host:5989/root/x")\nclass A { };',
    "namespace with a host, no scheme": '#pragma namespace (@"//host/root/x")\nclass A { };',
    "namespace, empty": '#pragma namespace (@"")\nclass A { };',
    "namespace with a blank": '#pragma namespace (@"root x")\nclass A { };',
}

DEPENDENCIES = {
    "superclass": "class A : @Missing { };",
    "superclass, itself": "class A : @A { };",
    "superclasses in a circle": "class A : B { }; class B : @A { };",
    "class of a reference": "class A { Missing REF @R; };",
    "class of a parameter, in memory": "class A { uint8 F(@Missing REF R); };",
    "class of an embedded instance": 'class A { [@EmbeddedInstance ("Missing")] string S; };',
    "class of an instance": 'instance of @Missing { Id = "i"; };',
    "class of an embedded literal": instance("EI = instance of @Missing { };"),
    "property": instance("@Missing = 1;"),
    "qualifier": "class A { [@Missing] string S; };",
    "qualifier of a class": "[Key, @Missing] class A { };",
    "qualifier of a parameter": "class A { uint8 F([@Missing] string a); };",
}

FAULTS = {
    **{f"syntax: {name}": (text, MOFParseError) for name, text in SYNTAX.items()},
    **{f"semantics: {name}": (text, MOFParseError) for name, text in SEMANTICS.items()},
    **{f"dependency: {name}": (text, MOFDependencyError) for name, text in DEPENDENCIES.items()},
}
assert len(FAULTS) >= 60

# What stands before the fault in the same compilation, and must not stay.
BEFORE = (
    "class TST_Before { [Key] string Id; };\n"
    'instance of TST_Before { Id = "before"; };\n'
    "Qualifier TST_Before : boolean, Scope(any);\n"
    "Qualifier Key : boolean = true, Scope(any);\n"
    "class TST_Thing { [Key] string Id; string Replaced; uint8 U8; uint8 S8; };\n"
)


def place(text: str) -> Tuple[str, int, int]:
    """Return the text without its mark, and line and column of the mark."""
    before, _, after = text.partition("@")
    return before + after, before.count("\n") + 1, len(before) - before.rfind("\n")


@pytest.mark.parametrize("text, expected", FAULTS.values(), ids=FAULTS.keys())
def test_fault_in_a_string(text: str, expected: Type[MOFCompileError]) -> None:
    handle = MOFWBEMConnection()
    compiler = MOFCompiler(handle, log_func=None)
    compiler.compile_string(QUALIFIERS + THING, NAMESPACE)
    before = content(handle)
    mof, lineno, column = place(text)
    with pytest.raises(MOFCompileError) as caught:
        compiler.compile_string(mof, NAMESPACE)
    error = caught.value
    assert (type(error), error.file, error.lineno, error.column) == (expected, None, lineno, column)
    assert error.context is not None
    caret = error.context[-1]
    assert len(caret.rstrip("^")) == column - 1
    assert set(caret) <= {" ", "\t", "^"}
    assert content(handle) == before


@pytest.mark.parametrize(
    "text, expected",
    [fault for name, fault in FAULTS.items() if "in memory" not in name],
    ids=[name for name in FAULTS if "in memory" not in name],
)
def test_fault_in_an_included_file(
    text: str, expected: Type[MOFCompileError], tmp_path: Path
) -> None:
    """The file that is at fault is named; what was done before, in other files, does not stay."""
    mof, lineno, column = place(text)
    (tmp_path / "dir").mkdir()
    main = tmp_path / "main.mof"
    faulty = tmp_path / "dir" / "faulty.mof"
    main.write_text(
        QUALIFIERS + '#pragma include ("dir/faulty.mof")\nclass TST_Behind { };', encoding="utf-8"
    )
    faulty.write_bytes(mof.encode("utf-8"))
    repository = Repository()
    compiler = MOFCompiler(repository, log_func=None)
    compiler.compile_string(QUALIFIERS + THING, NAMESPACE)
    before = repository.state()
    with pytest.raises(MOFCompileError) as caught:
        compiler.compile_file(str(main), NAMESPACE)
    error = caught.value
    assert isinstance(error, expected)
    assert error.file is not None
    assert Path(error.file) == faulty
    assert (error.lineno, error.column) == (lineno, column)
    assert repository.state() == before


@pytest.mark.parametrize(
    "text",
    [text for text, _ in FAULTS.values() if not text.startswith("class A")],
    ids=[name for name, (text, _) in FAULTS.items() if not text.startswith("class A")],
)
def test_what_stands_before_a_fault_does_not_stay(text: str) -> None:
    repository = Repository()
    compiler = MOFCompiler(repository, log_func=None)
    compiler.compile_string(QUALIFIERS + THING + 'instance of TST_Thing { Id = "x"; };', NAMESPACE)
    before = repository.state()
    with pytest.raises(MOFCompileError):
        compiler.compile_string(BEFORE + place(text)[0], NAMESPACE)
    assert repository.state() == before
