"""
Hypothesis strategies for CIM values and objects.

Objects are complete: an attribute for which a receiver assumes a default when it is
absent from CIM-XML (PROPAGATED, the flavors of a qualifier) always has a value here, so
that what comes back can be compared with ``==``.
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from hypothesis import strategies as st

import pywbem

# Characters that XML 1.0 can carry; a bare CR is turned into LF by every XML parser.
TEXT = st.text(
    st.characters(
        blacklist_categories=["Cs"], blacklist_characters="\ufffe\uffff", min_codepoint=32
    )
    | st.sampled_from("\t\n\"'<>&]"),
    max_size=20,
)
IDENTIFIERS = st.from_regex(r"[A-Za-z_\u00e4-\u00f6][A-Za-z0-9_\u00e4-\u00f6]{0,8}", fullmatch=True)
CLASSNAMES = st.builds("TST_{}".format, IDENTIFIERS)
NAMESPACES = st.lists(IDENTIFIERS, min_size=1, max_size=3).map("/".join)
HOSTS = st.sampled_from(["server", "server.example.com:5989", "10.11.12.13", "[2001:db8::1]:5988"])
BOOLEANS = st.booleans()

INTEGERS = {
    "uint8": pywbem.Uint8,
    "uint16": pywbem.Uint16,
    "uint32": pywbem.Uint32,
    "uint64": pywbem.Uint64,
    "sint8": pywbem.Sint8,
    "sint16": pywbem.Sint16,
    "sint32": pywbem.Sint32,
    "sint64": pywbem.Sint64,
}


def two_digits(limit: int) -> st.SearchStrategy[str]:
    return st.integers(0, limit).map("{:02}".format)


# DSP0004 5.2.4: the precision is told by asterisks, from the right.
FRACTIONS = st.one_of(
    st.integers(0, 999999).map("{:06}".format),
    st.sampled_from(["12345*", "1234**", "123***", "12****", "1*****", "******"]),
)
TIMESTAMPS = st.builds(
    "{:04}{:02}{:02}{}{}{}.{}{}".format,
    st.integers(1, 9999).filter(lambda year: 1 < year < 9999),
    st.integers(1, 12),
    st.integers(1, 28),
    two_digits(23),
    two_digits(59),
    two_digits(59),
    FRACTIONS,
    st.builds("{}{:03}".format, st.sampled_from("+-"), st.integers(0, 720)),
)
INTERVALS = st.builds(
    "{:08}{}{}{}.{}:000".format,
    st.integers(0, 99999999),
    two_digits(23),
    two_digits(59),
    two_digits(59),
    FRACTIONS,
)
DATETIMES = st.one_of(TIMESTAMPS, INTERVALS).map(pywbem.CIMDateTime)

# A real32 is sent with the digits that a float of 32 bits has, not with those of a Python float.
REAL32 = st.floats(width=32, allow_nan=False, allow_infinity=False).map(
    lambda value: pywbem.Real32(float(f"{value:.7e}"))
)

SCALARS: Dict[str, st.SearchStrategy[Any]] = {
    "string": TEXT,
    "boolean": BOOLEANS,
    "char16": TEXT.filter(lambda text: len(text) == 1 and ord(text) < 0x10000).map(pywbem.Char16)
    | st.sampled_from("aZ\u00e4\u20ac<").map(pywbem.Char16),
    "datetime": DATETIMES,
    "real32": REAL32,
    "real64": st.floats(width=64, allow_nan=False, allow_infinity=False).map(pywbem.Real64),
    **{
        name: st.integers(kind.minvalue, kind.maxvalue).map(kind) for name, kind in INTEGERS.items()
    },
}
SCALAR_TYPES = st.sampled_from(sorted(SCALARS))


def named(objects: st.SearchStrategy[Any], max_size: int = 4) -> st.SearchStrategy[List[Any]]:
    """Return lists of objects whose names differ in more than case."""
    return st.lists(objects, max_size=max_size, unique_by=lambda item: item.name.casefold())


# --- paths --------------------------------------------------------------------


def keybindings(references: bool = True) -> st.SearchStrategy[Dict[str, Any]]:
    values = st.one_of(
        TEXT,
        BOOLEANS,
        *[st.integers(kind.minvalue, kind.maxvalue).map(kind) for kind in INTEGERS.values()],
        SCALARS["real32"],
        SCALARS["real64"],
        DATETIMES,
    )
    if references:
        values |= instance_names(references=False)
    return st.dictionaries(IDENTIFIERS, values, min_size=1, max_size=3).filter(
        lambda keys: len({key.casefold() for key in keys}) == len(keys)
    )


def instance_names(references: bool = True, local: bool = False) -> st.SearchStrategy[Any]:
    """Return instance paths; with `local` they have neither namespace nor host."""
    namespace: st.SearchStrategy[Optional[str]] = st.none() if local else NAMESPACES
    return st.builds(
        pywbem.CIMInstanceName,
        CLASSNAMES,
        keybindings=keybindings(references),
        namespace=namespace,
        host=st.none() if local else st.none() | HOSTS,
    )


# --- instances ------------------------------------------------------------------


@st.composite
def properties(draw: st.DrawFn, depth: int = 1) -> pywbem.CIMProperty:
    """A property of an instance: a scalar, array, reference or embedded object."""
    name = draw(IDENTIFIERS)
    origin = draw(st.none() | CLASSNAMES)
    propagated = draw(BOOLEANS)
    kinds = ["scalar", "scalar", "array", "array", "reference"] + ["embedded"] * (depth > 0)
    kind = draw(st.sampled_from(kinds))
    more: Dict[str, Any] = {"class_origin": origin, "propagated": propagated}
    if kind == "reference":
        return pywbem.CIMProperty(
            name,
            draw(st.none() | instance_names()),
            type="reference",
            reference_class=draw(st.none() | CLASSNAMES),
            **more,
        )
    if kind == "embedded":
        value = draw(instances(depth=depth - 1))
        array = draw(BOOLEANS)
        return pywbem.CIMProperty(
            name,
            [value, draw(instances(depth=0))] if array else value,
            type="string",
            is_array=array,
            embedded_object=draw(st.sampled_from(["instance", "object"])),
            **more,
        )
    cimtype = draw(SCALAR_TYPES)
    if kind == "array":
        items = draw(st.none() | st.lists(st.none() | SCALARS[cimtype], max_size=4))
        return pywbem.CIMProperty(
            name,
            items,
            type=cimtype,
            is_array=True,
            array_size=draw(st.none() | st.integers(1, 9)),
            **more,
        )
    return pywbem.CIMProperty(
        name, draw(st.none() | SCALARS[cimtype]), type=cimtype, is_array=False, **more
    )


def instances(depth: int = 1) -> st.SearchStrategy[Any]:
    """Return instances without a path."""
    return st.builds(
        pywbem.CIMInstance,
        CLASSNAMES,
        properties=named(properties(depth)),
        qualifiers=named(qualifiers(), max_size=1),
    )


# --- classes --------------------------------------------------------------------

FLAVORS = {
    "overridable": BOOLEANS,
    "tosubclass": BOOLEANS,
    "toinstance": BOOLEANS,
    "translatable": BOOLEANS,
}
QUALIFIER_TYPES = sorted(SCALARS)


@st.composite
def qualifiers(draw: st.DrawFn) -> pywbem.CIMQualifier:
    cimtype = draw(st.sampled_from(QUALIFIER_TYPES))
    value = draw(SCALARS[cimtype] | st.lists(SCALARS[cimtype], min_size=1, max_size=3))
    flavors = {name: draw(flavor) for name, flavor in FLAVORS.items()}
    return pywbem.CIMQualifier(
        draw(IDENTIFIERS), value, type=cimtype, propagated=draw(BOOLEANS), **flavors
    )


@st.composite
def qualifier_declarations(draw: st.DrawFn) -> pywbem.CIMQualifierDeclaration:
    cimtype = draw(st.sampled_from(QUALIFIER_TYPES))
    array = draw(BOOLEANS)
    scalar = SCALARS[cimtype]
    value = draw(st.none() | (st.lists(scalar, min_size=1, max_size=3) if array else scalar))
    scopes = "CLASS ASSOCIATION REFERENCE PROPERTY METHOD PARAMETER INDICATION".split()
    flavors = {name: draw(flavor) for name, flavor in FLAVORS.items()}
    return pywbem.CIMQualifierDeclaration(
        draw(IDENTIFIERS),
        cimtype,
        value=value,
        is_array=array,
        array_size=draw(st.none() | st.integers(1, 9)) if array else None,
        scopes={scope: draw(BOOLEANS) for scope in scopes},
        **flavors,
    )


@st.composite
def parameters(draw: st.DrawFn) -> pywbem.CIMParameter:
    """A parameter of the declaration of a method."""
    cimtype = draw(st.sampled_from([*sorted(SCALARS), "reference"]))
    array = draw(BOOLEANS)
    return pywbem.CIMParameter(
        draw(IDENTIFIERS),
        cimtype,
        reference_class=draw(CLASSNAMES) if cimtype == "reference" else None,
        is_array=array,
        array_size=draw(st.none() | st.integers(1, 9)) if array else None,
        qualifiers=draw(named(qualifiers(), max_size=1)),
    )


def methods() -> st.SearchStrategy[Any]:
    return st.builds(
        pywbem.CIMMethod,
        IDENTIFIERS,
        return_type=SCALAR_TYPES,
        parameters=named(parameters(), max_size=2),
        class_origin=st.none() | CLASSNAMES,
        propagated=BOOLEANS,
        qualifiers=named(qualifiers(), max_size=1),
    )


@st.composite
def class_properties(draw: st.DrawFn) -> pywbem.CIMProperty:
    item = draw(properties(depth=0))
    item.qualifiers = draw(named(qualifiers(), max_size=1))
    return item


def classes() -> st.SearchStrategy[Any]:
    """Return classes without a path."""
    return st.builds(
        pywbem.CIMClass,
        CLASSNAMES,
        superclass=st.none() | CLASSNAMES,
        properties=named(class_properties(), max_size=3),
        methods=named(methods(), max_size=2),
        qualifiers=named(qualifiers(), max_size=2),
    )
