"""MOF: what compiles, to what, and what is said about it."""

from __future__ import annotations

from typing import List

from tests.differential.sessions import Session, apart, table

TYPES = [
    "uint8",
    "sint64",
    "real32",
    "string",
    "char16",
    "boolean",
    "datetime",
    "strng",
    "D REF",
    "reference",
    "UINT8",
]
ALIKE = ("strng", "reference", "UINT8")
"""Types with which every value says the same, or what it says with another type."""

VALUES = [
    *(
        "5",
        "-5",
        "+5",
        "0",
        "010",
        "0x1F",
        "0X1f",
        "101b",
        "101B",
        "256",
        "1.5",
        "1e3",
        "1.5e-3",
        ".5",
        "5.",
        "true",
        "TRUE",
        "null",
        "NULL",
    ),
    *(
        '""',
        '"a"',
        '"a" "b"',
        '"a\\"b"',
        '"\\\\"',
        '"\\n\\t"',
        '"\\x41"',
        '"\\X0041z"',
        '"\\q"',
        '"\u00e4"',
        "'a'",
        "'\\''",
        "'\\x41'",
        "''",
        "'ab'",
        "abc",
    ),
    *(
        '"20240229120000.000000+060"',
        '"20240230120000.000000+060"',
        '"00000001020304.000005:000"',
        "{}",
        "{1}",
        "{1, 2}",
        '{"a", "b"}',
        "{null}",
        "{1, null}",
        "$A",
        "-0x1F",
        "1_0",
        "yes",
    ),
    *('"D.k=1"', '"root/cimv2:D.k=\\"a\\""', "18446744073709551616"),
]
PRELUDE = """Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride);
Qualifier Association : boolean = false, Scope(association), Flavor(DisableOverride);
Qualifier Indication : boolean = false, Scope(class, indication), Flavor(DisableOverride);
Qualifier Abstract : boolean = false, Scope(class, association, indication), Flavor(EnableOverride, Restricted);
Qualifier Description : string = null, Scope(any), Flavor(EnableOverride, ToSubclass, Translatable);
Qualifier In : boolean = true, Scope(parameter); Qualifier Out : boolean = false, Scope(parameter);
Qualifier ValueMap : string[], Scope(property, method, parameter); Qualifier Values : string[], Scope(property, method, parameter);
Qualifier EmbeddedInstance : string = null, Scope(property, method, parameter); Qualifier EmbeddedObject : boolean = false, Scope(property, method, parameter);
Qualifier Override : string = null, Scope(property, method, reference), Flavor(Restricted); Qualifier MaxLen : uint32 = null, Scope(property);
Qualifier Version : string = null, Scope(class), Flavor(EnableOverride, Restricted);
class D { [Key] uint8 k; string s; };
"""
CLASSES = {
    "empty": "class C {};",
    "no-semicolon": "class C {}",
    "super": "class C : D { string x; };",
    "no-super": "class C : Nope {};",
    "case": "CLASS c { STRING P; };",
    "twice": "class C {}; class C { string p; };",
    "same-property": "class C { string p; string p; };",
    "same-property-case": "class C { string p; uint8 P; };",
    "same-method": "class C { uint8 m(); uint8 m(); };",
    "same-parameter": "class C { uint8 m(string a, string a); };",
    "same-qualifier": '[Description("a"), Description("b")] class C {};',
    "array": "class C { string p[]; };",
    "sized": "class C { string p[3]; };",
    "sized-0": "class C { string p[0]; };",
    "sized-hex": "class C { string p[0x3]; };",
    "reference": "[Association] class C { [Key] D REF a; [Key] D REF b; };",
    "reference-default": "class C { D REF a = null; };",
    "reference-nope": "class C { Nope REF a; };",
    "reference-array": "class C { D REF a[]; };",
    "method": "class C { uint32 m([In] string a, [In(false), Out] uint8 b[], D REF c, D REF d[]); };",
    "method-void": "class C { void m(); };",
    "method-none": "class C { m(); };",
    "method-array": "class C { uint8[] m(); };",
    "method-reference": "class C { D REF m(); };",
    "qualified": '[Version("1.0"), Description("a" "b")] class C { [Key, Description("k")] string k; };',
    "flavor": '[Description("a") : DisableOverride ToSubclass] class C {};',
    "flavor-bad": '[Description("a") : Foo] class C {};',
    "flavor-both": '[Description("a") : ToSubclass Restricted] class C {};',
    "qualifier-nope": "[Nope] class C {};",
    "qualifier-nope-value": "[Nope(5)] class C {};",
    "qualifier-type": "[Version(5)] class C {};",
    "qualifier-array": 'class C { [ValueMap{"1", "2"}] uint8 p; };',
    "qualifier-array-scalar": 'class C { [ValueMap("1")] uint8 p; };',
    "qualifier-scalar-array": 'class C { [Description{"a"}] uint8 p; };',
    "qualifier-scope": "[Key] class C {};",
    "qualifier-empty": "[] class C {};",
    "qualifier-null": "[Description(null)] class C {};",
    "embedded": 'class C { [EmbeddedInstance("D")] string e; [EmbeddedObject] string o; };',
    "embedded-type": 'class C { [EmbeddedInstance("D")] uint8 e; };',
    "embedded-nope": 'class C { [EmbeddedInstance("Nope")] string e; };',
    "alias": "class C as $c {};",
    "override": 'class C : D { [Override("s")] string s; };',
    "override-none": "class C : D { string s; };",
    "override-nope": 'class C : D { [Override("zz")] string s; };',
    "override-type": 'class C : D { [Override("s")] uint8 s; };',
    "key-again": "class C : D { [Key] uint8 k2; };",
    "name-digit": "class 1C {};",
    "name-keyword": "class class {};",
    "name-unicode": "class \u00c4 { string \u00f6; };",
    "name-schema": "class _C {};",
    "keyword-property": "class C { string ref; string key; string as; string class; };",
    "keyword-property-2": "class C { string instance; string of; string qualifier; string scope; };",
    "keyword-property-3": "class C { string any; string void; string indication; string association; };",
    "keyword-property-4": "class C { string true; };",
    "comments": "/* a\n b */ class C { // x\n string /* y */ p; };",
    "comment-open": "/* class C {};",
    "comment-nested": "/* a /* b */ class C {};",
    "semicolons": ";;",
    "nothing": "",
    "blank": " \n\t\n",
    "comment-only": "// x",
    "crlf": "class C {\r\n string p;\r\n};\r\n",
    "cr": "class C {\r string p;\r};\r// x\rclass E {};",
    "ctrl-z": "class C {};\x1a",
    "nul": "class C {};\x00",
    "bom": "\ufeffclass C {};",
    "bom-middle": "class C {};\ufeffclass E {};",
    "nbsp": "class C\u00a0{};",
    "formfeed": "class C\f{};",
    "self": "class C : C {};",
    "circle": "class C : E {}; class E : C {};",
    "super-later": "class C : E {}; class E {};",
    "reference-self": "class C { C REF c; };",
    "default-array": "class C { uint8 p[] = {1, 2, 3}; };",
    "default-scalar-array": "class C { uint8 p[] = 1; };",
    "default-array-scalar": "class C { uint8 p = {1}; };",
    "indication": "[Indication] class C { uint8 p; };",
    "garbage": "garbage;",
    "two-errors": "class A { strng p; }; class B { strng q; };",
    "missing-brace": "class C { string p; ",
    "extra-brace": "class C {}; };",
    "structure": "structure S {};",
    "enumeration": "enumeration E : string {};",
    "interface": "interface I {};",
    "translatable": '[Description("x") : Translatable] class C {};',
    "amended": '[Description("x") : amended toinstance] class C {};',
    "long": 'class C { [Description("' + "word " * 60 + '")] string p; };',
}
INSTANCES = {
    "good": "instance of D { k = 1; };",
    "case": "INSTANCE OF d { K = 1; };",
    "no-key": 'instance of D { s = "a"; };',
    "null-key": "instance of D { k = null; };",
    "twice": 'instance of D { k = 1; }; instance of D { k = 1; s = "b"; };',
    "nope": "instance of Nope { k = 1; };",
    "property-nope": "instance of D { k = 1; zz = 2; };",
    "same-property": "instance of D { k = 1; k = 2; };",
    "alias": "instance of D as $a { k = 1; }; [Association] class R { [Key] D REF x; }; instance of R { x = $a; };",
    "alias-forward": "class R { [Key] D REF x; }; instance of R { x = $a; }; instance of D as $a { k = 1; };",
    "alias-nope": "class R { [Key] D REF x; }; instance of R { x = $zz; };",
    "alias-twice": "instance of D as $a { k = 1; }; instance of D as $a { k = 2; };",
    "alias-case": "class R { [Key] D REF x; }; instance of D as $A { k = 1; }; instance of R { x = $a; };",
    "alias-bad": "instance of D as a { k = 1; };",
    "reference-text": 'class R { [Key] D REF x; }; instance of R { x = "D.k=1"; };',
    "reference-text-ns": 'class R { [Key] D REF x; }; instance of R { x = "root/cimv2:D.k=1"; };',
    "reference-bad": 'class R { [Key] D REF x; }; instance of R { x = "zz"; };',
    "reference-number": "class R { [Key] D REF x; }; instance of R { x = 5; };",
    "abstract": "[Abstract] class A { [Key] uint8 k; }; instance of A { k = 1; };",
    "qualified": '[Description("x")] instance of D { k = 1; };',
    "property-qualified": 'instance of D { [Description("x")] k = 1; };',
    "typed": "instance of D { uint8 k = 1; };",
    "array": "class A { [Key] uint8 k; uint8 v[]; }; instance of A { k = 1; v = {1, 2}; };",
    "array-scalar": "class A { [Key] uint8 k; uint8 v[]; }; instance of A { k = 1; v = 1; };",
    "scalar-array": "class A { [Key] uint8 k; uint8 v; }; instance of A { k = 1; v = {1}; };",
    "array-long": "class A { [Key] uint8 k; uint8 v[2]; }; instance of A { k = 1; v = {1, 2, 3}; };",
    "default": "class A { [Key] uint8 k; uint8 v = 7; }; instance of A { k = 1; };",
    "embedded": 'class A { [Key] uint8 k; [EmbeddedInstance("D")] string e; }; instance of A { k = 1; e = "instance of D { k = 2; };"; };',
    "embedded-empty": 'class A { [Key] uint8 k; [EmbeddedInstance("D")] string e; }; instance of A { k = 1; e = ""; };',
    "embedded-two": 'class A { [Key] uint8 k; [EmbeddedInstance("D")] string e; }; instance of A { k = 1; e = "instance of D { k = 2; }; instance of D { k = 3; };"; };',
    "embedded-bad": 'class A { [Key] uint8 k; [EmbeddedInstance("D")] string e; }; instance of A { k = 1; e = "zz"; };',
    "embedded-object": 'class A { [Key] uint8 k; [EmbeddedObject] string e; }; instance of A { k = 1; e = "instance of D { k = 2; };"; };',
    "embedded-class": 'class A { [Key] uint8 k; [EmbeddedObject] string e; }; instance of A { k = 1; e = "class X {};"; };',
    "embedded-null": "class A { [Key] uint8 k; [EmbeddedObject] string e; }; instance of A { k = 1; e = null; };",
    "embedded-array": 'class A { [Key] uint8 k; [EmbeddedInstance("D")] string e[]; }; instance of A { k = 1; e = {"instance of D { k = 2; };", "instance of D { k = 3; };"}; };',
    "embedded-other": 'class X {}; class A { [Key] uint8 k; [EmbeddedInstance("D")] string e; }; instance of A { k = 1; e = "instance of X {};"; };',
    "embedded-alias": 'class A { [Key] uint8 k; [EmbeddedInstance("D")] string e; }; instance of D as $d { k = 2; }; instance of A { k = 1; e = $d; };',
    "no-properties": "class A {}; instance of A {};",
    "no-semicolon": "instance of D { k = 1; }",
    "no-braces": "instance of D;",
    "inherited": 'class A : D { string t; }; instance of A { k = 1; s = "x"; t = "y"; };',
    "date-key": 'class A { [Key] datetime k; }; instance of A { k = "20240229120000.000000+060"; };',
    "string-key-5": "class A { [Key] string k; }; instance of A { k = 5; };",
    "word": "class A { [Key] string k; }; instance of A { k = abc; };",
    "word-boolean": "class A { [Key] uint8 k; boolean b; }; instance of A { k = 1; b = yes; };",
    "range": "instance of D { k = 300; };",
    "negative": "instance of D { k = -1; };",
    "text-number": 'instance of D { k = "1"; };',
    "char": "class A { [Key] char16 k; }; instance of A { k = 'a'; };",
    "char-text": 'class A { [Key] char16 k; }; instance of A { k = "a"; };',
    "real-int": "class A { [Key] uint8 k; real32 r; }; instance of A { k = 1; r = 5; };",
}
QUALIFIERS = {
    "plain": "Qualifier Q : string, Scope(class);",
    "value": 'Qualifier Q : string = "x", Scope(class, method);',
    "array": "Qualifier Q : string[], Scope(any);",
    "sized": 'Qualifier Q : string[3] = {"a"}, Scope(any);',
    "array-value": "Qualifier Q : uint8[] = {1, 2}, Scope(any);",
    "array-scalar": "Qualifier Q : uint8[] = 1, Scope(any);",
    "scalar-array": "Qualifier Q : uint8 = {1}, Scope(any);",
    "boolean": "Qualifier Q : boolean, Scope(any);",
    "no-scope": "Qualifier Q : boolean;",
    "scope-bad": "Qualifier Q : boolean, Scope(foo);",
    "scope-none": "Qualifier Q : boolean, Scope();",
    "scope-twice": "Qualifier Q : boolean, Scope(class, class);",
    "scope-all": "Qualifier Q : string, Scope(class, association, indication, property, reference, method, parameter);",
    "flavor": "Qualifier Q : string, Scope(any), Flavor(EnableOverride, ToSubclass, Translatable);",
    "flavor-2": "Qualifier Q : string, Scope(any), Flavor(DisableOverride, Restricted, ToInstance);",
    "flavor-bad": "Qualifier Q : string, Scope(any), Flavor(Foo);",
    "flavor-both": "Qualifier Q : string, Scope(any), Flavor(EnableOverride, DisableOverride);",
    "flavor-first": "Qualifier Q : string, Flavor(ToSubclass), Scope(any);",
    "twice": "Qualifier Q : string, Scope(any); Qualifier Q : uint8, Scope(any);",
    "type-bad": "Qualifier Q : foo, Scope(any);",
    "reference": "Qualifier Q : D REF, Scope(any);",
    "null": "Qualifier Q : string = null, Scope(any);",
    "no-type": "Qualifier Q, Scope(any);",
    "case": "QUALIFIER q : STRING, SCOPE(ANY);",
    "schema": "Qualifier Schema : string, Scope(class, schema);",
    "flavor-none": "Qualifier Q : string, Scope(any), Flavor();",
}
PRAGMAS = {
    "locale": '#pragma locale("en_US")',
    "namespace": '#pragma namespace("root/other")\nclass C {};',
    "namespace-back": '#pragma namespace("root/other")\nclass C {};\n#pragma namespace("root/cimv2")\nclass E {};',
    "namespace-slash": '#pragma namespace("/root/other/")\nclass C {};',
    "namespace-host": '#pragma namespace("\\\\\\\\.\\\\root\\\\x")\nclass C {};',
    "include-missing": '#pragma include("missing.mof")',
    "autorecover": "#pragma autorecover",
    "unknown": '#pragma foo("bar")\nclass C {};',
    "unknown-number": "#pragma foo(5)\nclass C {};",
    "unknown-two": '#pragma foo("a", "b")\nclass C {};',
    "unknown-none": "#pragma foo()\nclass C {};",
    "instancelocale": '#pragma instancelocale("en_US")',
    "source": '#pragma source("x")',
    "nonlocal": '#pragma nonlocal("x")',
    "upper": '#PRAGMA LOCALE("x")',
    "space": '# pragma locale("x")',
    "namespace-none": "#pragma namespace()",
    "namespace-empty": '#pragma namespace("")\nclass C {};',
}
SHORT = """Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride);
class D { [Key] uint8 k; string s; };
"""
SETUP = """
def compile_with(mof, repository=None, **options):
    told = []
    compiler = MOFCompiler(repository, log_func=lambda text: told.append(scrub(text)), **options)
    with printed():
        compiler.compile_string(PRELUDE, 'root/cimv2')
    del told[:]
    with printed() as lines:
        failed = None
        try:
            compiler.compile_string(mof, 'root/cimv2')
        except Exception as error:
            failed = error
    return compiler, failed, told, lines
def objects(handle):
    found = []
    for store in (handle.classes, handle.qualifiers, handle.instances):
        for ns, items in sorted(store.items()):
            for item in (items if isinstance(items, list) else items.values()):
                if re.search(r'(?i)\\b(class|Qualifier) %s\\b' % getattr(item, 'name', getattr(
                        item, 'classname', '')), PRELUDE) is None or isinstance(item, CIMInstance):
                    found.append((ns, item))
    return found
def compiled(mof):
    compiler, failed, told, lines = compile_with(mof)
    if failed:
        raise failed
    return objects(compiler.handle)
def told(mof):
    compiler, failed, told, lines = compile_with(mof, verbose=True)
    return Aspects(log=told, printed=lines)
def mocked(mof):
    conn = FakedWBEMConnection()
    compiler, failed, told, lines = compile_with(mof, conn)
    found = []
    for ns in conn.cimrepository.namespaces:
        names = conn.EnumerateClassNames(ns, DeepInheritance=True)
        found.append((ns, [conn.GetClass(c, ns, LocalOnly=False, IncludeClassOrigin=True) for c in names],
            [q for q in conn.EnumerateQualifiers(ns) if q.name not in PRELUDE],
            [conn.EnumerateInstances(c, ns, LocalOnly=False, DeepInheritance=False) for c in names]))
    return Aspects(failed=failed and type(failed), repository=found)
def rendered(mof):
    return [item.tomof() for ns, item in compiled(mof)]
"""
FILES = {
    "file": "root = files({'a.mof': 'class C {};'})\nrun(root + '/a.mof')",
    "missing": "run('/nonexistent/a.mof')",
    "include": "root = files({'a.mof': '#pragma include(\"b.mof\")', 'b.mof': 'class C {};'})\nrun(root + '/a.mof')",
    "include-subdirectory": "root = files({'a.mof': '#pragma include(\"sub/b.mof\")', 'sub/b.mof': '#pragma include(\"c.mof\")', 'sub/c.mof': 'class C {};'})\nrun(root + '/a.mof')",
    "include-search": "root = files({'x/a.mof': '#pragma include(\"b.mof\")', 'y/b.mof': 'class C {};'})\nrun(root + '/x/a.mof', [root + '/y'])",
    "include-below": "root = files({'x/a.mof': '#pragma include(\"b.mof\")', 'y/z/b.mof': 'class C {};'})\nrun(root + '/x/a.mof', [root + '/y'])",
    "include-case": "root = files({'x/a.mof': '#pragma include(\"B.MOF\")', 'y/z/b.mof': 'class C {};'})\nrun(root + '/x/a.mof', [root + '/y'])",
    "include-missing": "root = files({'a.mof': '#pragma include(\"b.mof\")'})\nrun(root + '/a.mof')",
    "include-twice": "root = files({'a.mof': '#pragma include(\"b.mof\")\\n#pragma include(\"b.mof\")', 'b.mof': 'class C {};'})\nrun(root + '/a.mof')",
    "include-error": "root = files({'a.mof': '#pragma include(\"b.mof\")', 'b.mof': '\\n class {};'})\nrun(root + '/a.mof')",
    "top-search": "root = files({'y/a.mof': 'class C {};'})\nrun('a.mof', [root + '/y'])",
    "depends": "root = files({'a.mof': 'class C : E {};', 'E.mof': 'class E {};'})\nrun(root + '/a.mof', [root])",
    "depends-below": "root = files({'a.mof': 'class C : E {};', 'p/q/E.mof': 'class E {};'})\nrun(root + '/a.mof', [root])",
    "depends-case": "root = files({'a.mof': 'class C : E {};', 'p/e.mof': 'class E {};'})\nrun(root + '/a.mof', [root])",
    "depends-qualifier": "root = files({'a.mof': '[Q] class C {};', 'qualifiers.mof': 'Qualifier Q : boolean, Scope(any);'})\nrun(root + '/a.mof', [root])",
    "depends-qualifiers-optional": "root = files({'a.mof': '[Q] class C {};', 'qualifiers_optional.mof': 'Qualifier Q : boolean, Scope(any);'})\nrun(root + '/a.mof', [root])",
    "depends-qualifier-name": "root = files({'a.mof': '[Q] class C {};', 'Q.mof': 'Qualifier Q : boolean, Scope(any);'})\nrun(root + '/a.mof', [root])",
    "bom": "root = files({'a.mof': b'\\xef\\xbb\\xbfclass C {};'})\nrun(root + '/a.mof')",
    "utf-16": "root = files({'a.mof': 'class C {};'.encode('utf-16')})\nrun(root + '/a.mof')",
    "latin": "root = files({'a.mof': b'class C { // \\xe4\\n};'})\nrun(root + '/a.mof')",
    "empty": "root = files({'a.mof': b''})\nrun(root + '/a.mof')",
    "directory": "root = files({'a/b.mof': b''})\nrun(root + '/a')",
    "backslash": "root = files({'a.mof': '#pragma include(\"sub\\\\\\\\b.mof\")', 'sub/b.mof': 'class C {};'})\nrun(root + '/a.mof')",
    "string-include": "root = files({'b.mof': 'class C {};'})\nrun_string('#pragma include(\"b.mof\")', [root])",
    "string-include-absolute": "root = files({'b.mof': 'class C {};'})\nrun_string('#pragma include(\"%s/b.mof\")' % root)",
    "string-include-missing": "run_string('#pragma include(\"b.mof\")')",
    "reference-depends": "root = files({'a.mof': 'class C { E REF e; };', 'E.mof': 'class E {};'})\nrun(root + '/a.mof', [root])",
    "cr": "root = files({'a.mof': b'// x\\rclass C {};\\r'})\nrun(root + '/a.mof')",
}
FILE_SETUP = """
def told(compiler, call):
    lines = []
    compiler.logger = None
    with printed() as out:
        failed = None
        try:
            call()
        except Exception as error:
            failed = [type(error).__name__, getattr(error, 'lineno', None), scrub(str(getattr(error, 'filename', None) or getattr(error, 'file', None)))]
    return failed, sorted(compiler.handle.classes.get('ns', {}))
def run(path, search=None):
    c = MOFCompiler(None, search_paths=search, verbose=False, log_func=lambda text: None)
    return told(c, lambda: c.compile_file(path, 'ns'))
def run_string(text, search=None):
    c = MOFCompiler(None, search_paths=search, verbose=False, log_func=lambda text: None)
    return told(c, lambda: c.compile_string(text, 'ns'))
"""


def sessions() -> List[Session]:
    """Return the sessions of this subject."""
    values = {
        f"{kind} = {value}": f"compiled({f'class C {{ {kind} p = {value}; }};'!r})"
        for kind in TYPES
        for value in (VALUES[::10] if kind in ALIKE else VALUES)
    }
    in_instance = {
        f"{kind} = {value}": f"compiled({f'class C {{ [Key] uint8 i; {kind} p; }}; instance of C {{ i = 1; p = {value}; }};'!r})"
        for kind in TYPES
        if kind in ("uint8", "string", "boolean", "datetime", "D REF")
        for value in VALUES
    }
    in_array = {
        f"{kind}[] = {value}": f"compiled({f'class C {{ {kind} p[] = {{ {value} }}; }};'!r})"
        for kind in ("uint8", "string", "boolean")
        for value in VALUES
    }
    made = {"class": CLASSES, "instance": INSTANCES, "qualifier": QUALIFIERS, "pragma": PRAGMAS}
    short, whole = f"PRELUDE = {SHORT!r}\n{SETUP}", f"PRELUDE = {PRELUDE!r}\n{SETUP}"
    calls = [
        table(f"mof/{kind}-{function}", {n: f"{function}({m!r})" for n, m in mofs.items()}, whole)
        for kind, mofs in made.items()
        for function in ("compiled", "told", "mocked", "rendered")
    ]
    return [
        table("mof/value", values, short),
        table("mof/instance-value", in_instance, short),
        table("mof/array-value", in_array, short),
        *calls,
        *apart("mof/files", FILES, FILE_SETUP),
    ]
