"""
Qualifier declarations and classes.
"""

from __future__ import annotations

from typing import Any, Dict

import pytest

import pywbem
from pywbem._mof_compiler import MOFCompiler
from tests.unit.test_mof_compiler.repositories import (
    NAMESPACE,
    QUALIFIERS,
    THING,
    Repository,
    compiled,
    last_class,
)

DECLARATIONS: Dict[str, Any] = {
    "least": ("boolean, Scope(any)", {"scopes": ["ANY"]}),
    "default": ('string = "a" "b", Scope(class)', {"value": "ab", "scopes": ["CLASS"]}),
    "default NULL": ("uint8 = NULL, Scope(class)", {"type": "uint8", "scopes": ["CLASS"]}),
    "array": (
        'string[] = { "a", NULL }, Scope(property)',
        {"value": ["a", None], "is_array": True, "scopes": ["PROPERTY"]},
    ),
    "array of a fixed size": (
        "sint8[2] = { -1, 0x7f }, Scope(property)",
        {
            "type": "sint8",
            "value": [-1, 127],
            "is_array": True,
            "array_size": 2,
            "scopes": ["PROPERTY"],
        },
    ),
    "scopes": (
        "string, scope(Class, ASSOCIATION, indication, property, reference, method, parameter)",
        {"scopes": ("CLASS ASSOCIATION INDICATION PROPERTY REFERENCE METHOD PARAMETER".split())},
    ),
    "no scope": ("string, Scope()", {"scopes": []}),
    "scopes that CIM-XML has not": ("string, Scope(schema, qualifier, any)", {"scopes": ["ANY"]}),
    "flavors": (
        "string, Scope(any), Flavor(EnableOverride, ToSubclass, ToInstance, Translatable)",
        {
            "scopes": ["ANY"],
            "overridable": True,
            "tosubclass": True,
            "toinstance": True,
            "translatable": True,
        },
    ),
    "other flavors": (
        "string, Scope(any), flavor(disableoverride, RESTRICTED)",
        {"scopes": ["ANY"], "overridable": False, "tosubclass": False},
    ),
    "no flavor": ("string, Scope(any), Flavor()", {"scopes": ["ANY"]}),
}
SCOPES = "CLASS ASSOCIATION INDICATION PROPERTY REFERENCE METHOD PARAMETER ANY".split()


@pytest.mark.parametrize("mof, expected", DECLARATIONS.values(), ids=DECLARATIONS.keys())
def test_qualifier_declaration(mof: str, expected: Dict[str, Any]) -> None:
    handle = compiled(f"Qualifier TST_Q : {mof};")
    arguments = {"type": mof.split(",")[0].split()[0].split("[")[0], **expected}
    scopes = arguments.pop("scopes")
    assert handle.qualifiers[NAMESPACE]["TST_Q"] == pywbem.CIMQualifierDeclaration(
        "TST_Q", scopes={scope: scope in scopes for scope in SCOPES}, **arguments
    )


QUALIFIER_VALUES: Dict[str, Any] = {
    "boolean that stands alone": ("boolean = false", "Q", True),
    "boolean": ("boolean = true", "Q(false)", False),
    "default": ('string = "d"', "Q", "d"),
    "default array": ('string[] = {"d"}', "Q", ["d"]),
    "no default": ("string", "Q", None),
    "NULL": ('string = "d"', "Q(NULL)", None),
    "string": ("string", 'Q ( "a" "b" )', "ab"),
    "string with a comment": ("string", 'Q ( "a" /* ) */ "b" )', "ab"),
    "array": ("string[]", 'Q { "a", "b", NULL }', ["a", "b", None]),
    "array of strings": ("string[]", 'Q { "a" "b", "c" }', ["ab", "c"]),
    "array, empty": ("string[]", "Q { }", []),
    "number": ("uint8", "Q(0x10)", 16),
    "number in a string": ("uint8", 'Q("16")', 16),
    "array of numbers": ("sint8[]", "Q{-1, 1}", [-1, 1]),
    "real": ("real64", "Q(-1.5e1)", -15.0),
    "char16": ("char16", "Q('x')", "x"),
    "datetime": (
        "datetime",
        'Q("00000001020304.567890:000")',
        pywbem.CIMDateTime("00000001020304.567890:000"),
    ),
}


@pytest.mark.parametrize(
    "declared, mof, value", QUALIFIER_VALUES.values(), ids=QUALIFIER_VALUES.keys()
)
def test_qualifier_value(declared: str, mof: str, value: Any) -> None:
    """The value and the type are the same on all elements that have the qualifier."""
    handle = compiled(
        f"Qualifier Q : {declared}, Scope(any);"
        f"[{mof}] class A {{ [{mof}] string p; [{mof}] uint8 f([{mof}] string a); }};"
    )
    cls = last_class(handle)
    method = cls.methods["f"]
    for element in (cls, cls.properties["p"], method, method.parameters["a"]):
        qualifier = element.qualifiers["Q"]
        assert qualifier.value == value
        assert qualifier.type == declared.split()[0].replace("[]", "")


FLAVORS: Dict[str, Any] = {
    "declared": ("Flavor(DisableOverride, ToSubclass)", "", (False, True, None, None)),
    "none": ("Flavor()", "", (None, None, None, None)),
    "replaced": (
        "Flavor(DisableOverride, ToSubclass)",
        ": EnableOverride Restricted",
        (True, False, None, None),
    ),
    "added": ("Flavor(ToSubclass)", ": ToInstance Translatable", (None, True, True, True)),
    "same": ("Flavor(ToSubclass)", ":tosubclass", (None, True, None, None)),
}


@pytest.mark.parametrize("declared, given, expected", FLAVORS.values(), ids=FLAVORS.keys())
def test_flavors_of_a_qualifier(declared: str, given: str, expected: Any) -> None:
    handle = compiled(
        f"Qualifier Q : boolean, Scope(any), {declared};"
        "Qualifier R : boolean, Scope(any);"
        f"class A {{ [R, Q{given}, R2] string p; }};".replace(", R2", "")
        + f"class B {{ [Q {given}, R] string p; }};"
    )
    for name in "AB":
        qualifiers = handle.classes[NAMESPACE][name].properties["p"].qualifiers
        found = qualifiers["Q"]
        assert (
            found.overridable,
            found.tosubclass,
            found.toinstance,
            found.translatable,
        ) == expected
        assert qualifiers["R"].tosubclass is None


def test_class_with_everything() -> None:
    handle = compiled(
        QUALIFIERS,
        'class TST_Base as $Base { [Key] string Id = "i"; };',
        """
        [Association, Description ("A \\"class\\"")]
        class TST_Sub as $Sub : TST_Base {
            [Description ("a")] uint8 P = 3;
            string A[] = {"x"};
            uint16 F[4];
            [Key] TST_Base REF R;
            TST_Base REF S = NULL;
            [Description ("m")] uint32 M([In(false), Description ("p")] string p,
                sint8 q[], real32 r[2], TST_Base REF s, TST_Base REF t[]);
            string N();
        };
        """,
    )
    key = pywbem.CIMQualifier("Key", True, overridable=False, tosubclass=True)

    def description(text: str) -> pywbem.CIMQualifier:
        return pywbem.CIMQualifier(
            "Description", text, overridable=True, tosubclass=True, translatable=True
        )

    def prop(name: str, value: Any, cimtype: str, **options: Any) -> pywbem.CIMProperty:
        return pywbem.CIMProperty(name, value, cimtype, class_origin="TST_Sub", **options)

    refer = {"reference_class": "TST_Base"}
    expected = pywbem.CIMClass(
        "TST_Sub",
        superclass="TST_Base",
        qualifiers=[
            pywbem.CIMQualifier("Association", True, overridable=False, tosubclass=True),
            description('A "class"'),
        ],
        properties=[
            prop("P", 3, "uint8", qualifiers=[description("a")]),
            prop("A", ["x"], "string", is_array=True),
            prop("F", None, "uint16", is_array=True, array_size=4),
            prop("R", None, "reference", qualifiers=[key], **refer),
            prop("S", None, "reference", **refer),
        ],
        methods=[
            pywbem.CIMMethod(
                "M",
                "uint32",
                class_origin="TST_Sub",
                qualifiers=[description("m")],
                parameters=[
                    pywbem.CIMParameter(
                        "p",
                        "string",
                        qualifiers=[
                            pywbem.CIMQualifier("In", False, overridable=False, tosubclass=True),
                            description("p"),
                        ],
                    ),
                    pywbem.CIMParameter("q", "sint8", is_array=True),
                    pywbem.CIMParameter("r", "real32", is_array=True, array_size=2),
                    pywbem.CIMParameter("s", "reference", **refer),
                    pywbem.CIMParameter("t", "reference", is_array=True, **refer),
                ],
            ),
            pywbem.CIMMethod("N", "string", class_origin="TST_Sub"),
        ],
    )
    assert last_class(handle) == expected
    merged = handle.GetClass("tst_sub", namespace=NAMESPACE, LocalOnly=False)
    assert [prop.name for prop in merged.properties.values()] == ["P", "A", "F", "R", "S", "Id"]
    assert merged.properties["Id"].class_origin == "TST_Base"


@pytest.mark.parametrize(
    "qualifier",
    ['EmbeddedInstance ("TST_Thing")', "EmbeddedInstance (NULL)", "EmbeddedObject"],
)
@pytest.mark.parametrize("default", ["", ' = "instance of TST_Thing { };"', ' = "some text"'])
def test_qualifiers_alone_say_what_is_embedded(qualifier: str, default: str) -> None:
    handle = compiled(
        QUALIFIERS,
        THING,
        f"class A {{ [{qualifier}] string p{default}; [{qualifier}] string q[];"
        f" uint8 f([{qualifier}] string a); [{qualifier}] uint8 n; }};",
    )
    cls = last_class(handle)
    assert cls.properties["p"].value == (default[4:-1] if default else None)
    assert [prop.embedded_object for prop in cls.properties.values()] == [None] * 3
    assert cls.methods["f"].parameters["a"].embedded_object is None
    assert "EmbeddedObject=" not in cls.tocimxmlstr()


def test_embedded_default_value_that_is_no_text() -> None:
    handle = compiled(
        QUALIFIERS,
        THING,
        'class A { [EmbeddedInstance ("TST_Thing")] string p = instance of TST_Thing { U8 = 1; };'
        " [EmbeddedObject] string q[] ="
        '    { "class B { string s; };", instance of TST_Thing { } }; };',
    )
    properties = last_class(handle).properties
    assert properties["p"].value["U8"] == 1
    assert properties["p"].embedded_object == "instance"
    assert [type(item) for item in properties["q"].value] == [pywbem.CIMClass, pywbem.CIMInstance]
    assert properties["q"].value[0].properties["s"].class_origin == "B"


ORDERS = {
    "superclass behind": "class B : A { }; class A { };",
    "chain in reverse": "class C : B { }; class B : A { }; class A { };",
    "reference behind": "class B { A REF a; }; class A { };",
    "references to each other": "class A { B REF b; }; class B { A REF a; };",
    "reference to itself": "class A { A REF a; };",
    "embedded class behind": 'class B { [EmbeddedInstance ("A")] string a; }; class A { };',
    "qualifier behind": "[Later] class A { }; Qualifier Later : boolean, Scope(any);",
    "instance before its class": "instance of A { a = 1; }; class A { [Key] uint8 a; };",
}


@pytest.mark.parametrize("mof", ORDERS.values(), ids=ORDERS.keys())
def test_use_before_declaration(mof: str) -> None:
    handle = compiled(QUALIFIERS, mof)
    assert sorted(handle.classes[NAMESPACE]) == sorted(
        name for name in "ABC" if f"class {name}" in mof
    )
    assert len(handle.compile_ordered_classnames) == len(handle.classes[NAMESPACE])


def test_long_chains_of_dependencies() -> None:
    count = 3000
    mof = "".join(f"class C{number} : C{number + 1} {{ }};" for number in range(count))
    handle = compiled(mof + f"class C{count} {{ }};")
    assert handle.compile_ordered_classnames[0] == f"C{count}"
    assert len(handle.classes[NAMESPACE]) == count + 1


def test_class_that_only_a_method_mentions_may_be_missing_in_a_server() -> None:
    repository = Repository()
    compiler = MOFCompiler(repository, log_func=None)
    compiler.compile_string("class A { uint8 f(Missing REF a); };", NAMESPACE)
    method = repository.classes[NAMESPACE, "a"].methods["f"]
    assert method.parameters["a"].reference_class == "Missing"


@pytest.mark.parametrize("name", ["_", "a1_", "T\u00e4st_\u03a9", "\u4e2d\u6587", "A" * 300])
def test_names(name: str) -> None:
    handle = compiled(f"class {name} {{ string {name}; }};")
    assert list(handle.classes[NAMESPACE]) == [name]
    assert list(last_class(handle).properties) == [name]


@pytest.mark.parametrize(
    "space",
    [" ", "\t", "\n", "\r\n", "\f", "\v", "/**/", "/* ; */", "// }\n", "/* \n // */ ", "/***/"],
    ids=repr,
)
def test_white_space_and_comments(space: str) -> None:
    tokens = "class A { [ Q ( 1 ) , R { 1 , 2 } ] string s [ 2 ] = { 'a' , NULL } ; } ;".split()
    handle = compiled(
        "Qualifier Q : uint8, Scope(any); Qualifier R : uint8[], Scope(any);",
        space + space.join(tokens) + space,
    )
    prop = last_class(handle).properties["s"]
    assert prop.value == ["a", None]
    assert prop.qualifiers["R"].value == [1, 2]


# DSP0004 annex A
NAMES = {
    "ASCII": "A_b9",
    "first letter": "\u0080",
    "last letter": "\uffef",
    "both kinds": "a\u00e9b9\u00e9\u00e9_",
    "begins with another": "\u00e99a",
}
NO_NAMES = {
    "beyond": "\ufff0",
    "beyond in it": "a\ufff0b",
    "other planes": "a\U00010000",
    "digit": "9a",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_name(name: str) -> None:
    assert last_class(compiled(f"class {name} {{ uint8 {name}; }};")).properties[name].name == name


@pytest.mark.parametrize("name", NO_NAMES.values(), ids=NO_NAMES)
def test_no_name(name: str) -> None:
    with pytest.raises(pywbem.MOFParseError):
        compiled(f"class {name} {{ }};")
