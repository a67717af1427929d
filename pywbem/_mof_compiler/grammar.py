"""
The grammar of MOF (DSP0004 annex A) for ``ply.yacc``.

A production has its rules in front of it.  The LALR tables are made from them in memory, once in a
process, when the first compiler is created: that takes less time than to find out whether stored
ones are up to date, and nothing is written anywhere.

Parsing takes time in proportion to the rules applied.  Therefore rules that only rename a token are
avoided, and lists are made by left recursion.
"""

from __future__ import annotations

import copy
import sys
from typing import Any, Callable, List, Optional, Tuple, TypeVar

from ply import yacc

from pywbem._cim_obj.qualifier_declaration import SCOPES

from .declarations import (
    FLAVORS,
    NO_VALUE,
    Alias,
    ClassDeclaration,
    Feature,
    InstanceDeclaration,
    Parameter,
    Pragma,
    QualifierDeclaration,
    Setting,
)
from .lexer import LITERALS, TOKENS, Token
from .syntax_errors import Rejected, unexpected

__all__ = ["STANDARD_PRAGMAS", "new_parser"]

# The names that PLY looks for.
tokens = TOKENS
literals = LITERALS
start = "specification"

#: Instances in the place of values of instances, in the place of values ...
MAX_NESTING = 50

_ProductionT = TypeVar("_ProductionT", bound=Callable[[Any], None])
# Those of DSP0004; CIM-XML has no attribute for the last two.
_SCOPES = frozenset([*(scope.lower() for scope in SCOPES), "schema", "qualifier"])
# DSP0004 annex A.
STANDARD_PRAGMAS = frozenset(
    "include instancelocale locale namespace nonlocal nonlocaltype source sourcetype".split()
)
_PRAGMA_TOKENS = [name for name in TOKENS if name not in ("BAD", "INSTANCES")] + [
    f"'{char}'" for char in "[]{},;:=#"
]


def rules(text: str) -> Callable[[_ProductionT], _ProductionT]:
    """
    Give a production its rules; unlike a docstring they are there under ``python -OO``.
    """

    def decorate(production: _ProductionT) -> _ProductionT:
        production.__doc__ = text
        return production

    return decorate


# What the functions get has the attributes of PLY's YaccProduction that are used here: ``parser``,
# and ``slice``, the symbols of the rule, each with ``type`` and ``value``, tokens with ``lexpos``.


@rules(
    """
    specification :
                  | specification pragma
                  | specification qualifierDeclaration
                  | specification classDeclaration
                  | specification instanceDeclaration
    """
)
def p_specification(p: Any) -> None:
    if len(p.slice) == 3:
        p.parser.declared(*p.slice[2].value)


@rules("specification : specification INSTANCES")
def p_specification_instances(p: Any) -> None:
    for declaration, end in p.slice[2].value:
        p.parser.declared(declaration, end)


@rules(
    """
    pragma : '#' PRAGMA IDENT ENCLOSED
           | '#' PRAGMA IDENT '(' parameters_of_pragma ')'
           | '#' PRAGMA IDENT
    """
)
def p_pragma(p: Any) -> None:
    items = p.slice
    pragma, name, last = items[1], items[3], items[-1]
    parameters = [last] if last.type == "ENCLOSED" else items[5].value if len(items) > 4 else []
    value, value_pos = "", name.lexpos
    if name.value.lower() in STANDARD_PRAGMAS:
        # They have one string.
        first = parameters[0] if parameters else name
        if len(parameters) != 1 or first.type not in ("ENCLOSED", "VALUE"):
            wrong = parameters[1] if len(parameters) > 1 else first
            raise unexpected(wrong, "one string in parentheses")
        if first.value.__class__ is not str:
            raise unexpected(first, "one string in parentheses")
        value, value_pos = first.value, first.lexpos
    items[0].value = (Pragma(name.value, value, pragma.lexpos, value_pos), last.lexpos + 1)


@rules(
    "parameters_of_pragma :\n"
    + "\n".join(f"| parameters_of_pragma {name}" for name in _PRAGMA_TOKENS)
)
def p_parameters_of_pragma(p: Any) -> None:
    if len(p.slice) == 1:
        p.slice[0].value = []
    else:
        p.slice[0].value = tokens_read = p.slice[1].value
        tokens_read.append(p.slice[2])


# Qualifier declarations


@rules("qualifierDeclaration : QUALIFIER IDENT ':' DT array default metas ';'")
def p_qualifier_declaration(p: Any) -> None:
    _, _, name, _, datatype, array, default, metas, end = p.slice
    scopes, flavors = _metas(metas.value, end)
    value, value_pos = default.value
    p.slice[0].value = (
        QualifierDeclaration(
            name.value, datatype.value, array.value, value, scopes, flavors, name.lexpos, value_pos
        ),
        end.lexpos + 1,
    )


def _metas(metas: List[Any], end: Token) -> Tuple[Tuple[str, ...], Tuple[str, ...]]:
    """
    Return the scopes and flavors: one Scope(...), and then possibly one Flavor(...).
    """
    found = []
    for expected, (name, items) in zip(("scope", "flavor"), metas):
        if name.value.lower() != expected:
            raise unexpected(name, expected.capitalize())
        known = _SCOPES if expected == "scope" else frozenset(FLAVORS)
        for item in items:
            if item.value.lower() not in known:
                raise unexpected(item, f"one of: {', '.join(sorted(known))}")
        found.append(tuple(item.value.lower() for item in items))
    if len(metas) > 2:
        raise unexpected(metas[2][0], "';'")
    if not metas:
        raise unexpected(end, "', Scope(...)'")
    return found[0], found[1] if len(metas) == 2 else ()


@rules(
    """
    metas :
          | metas ',' IDENT '(' names ')'
          | metas ',' IDENT '(' ')'
    """
)
def p_metas(p: Any) -> None:
    size = len(p.slice)
    p.slice[0].value = metas = p.slice[1].value if size > 1 else []
    if size > 1:
        metas.append((p.slice[3], p.slice[5].value if size == 7 else []))


@rules(
    """
    names : IDENT
          | names ',' IDENT
    """
)
def p_names(p: Any) -> None:
    if len(p.slice) == 2:
        p.slice[0].value = [p.slice[1]]
    else:
        p.slice[0].value = names = p.slice[1].value
        names.append(p.slice[3])


@rules(
    """
    size : '[' ']'
         | '[' VALUE ']'
    """
)
def p_size(p: Any) -> None:
    if len(p.slice) == 3:
        p.slice[0].value = 0
    else:
        value = p.slice[2].value
        if value.__class__ is not int or value < 1:
            raise unexpected(p.slice[2], "the size of the array, a positive number, or ']'")
        p.slice[0].value = value


@rules(
    """
    array :
          | size
    """
)
def p_array(p: Any) -> None:
    p.slice[0].value = p.slice[1].value if len(p.slice) == 2 else None


# Values


@rules(
    """
    default :
            | '=' initializer
    """
)
def p_default(p: Any) -> None:
    p.slice[0].value = p.slice[2].value if len(p.slice) == 3 else (NO_VALUE, 0)


@rules(
    """
    initializer : VALUE
                | STRINGS
    """
)
def p_initializer(p: Any) -> None:
    value = p.slice[1]
    p.slice[0].value = (value.value, value.lexpos)


@rules("initializer : IDENT")
def p_initializer_word(p: Any) -> None:
    word = p.slice[1]
    p.parser.tolerated(
        f"The value {word.value} stands without quotes; it is taken as a string", word.lexpos
    )
    p.slice[0].value = (word.value, word.lexpos)


@rules("initializer : special")
def p_initializer_special(p: Any) -> None:
    p.slice[0].value = p.slice[1].value


@rules(
    """
    initializer : '{' values '}'
                | '{' '}'
    """
)
def p_initializer_array(p: Any) -> None:
    p.slice[0].value = (p.slice[2].value if len(p.slice) == 4 else [], p.slice[1].lexpos)


@rules(
    """
    values : VALUE
           | values ',' VALUE
    """
)
def p_values(p: Any) -> None:
    items = p.slice
    if len(items) == 2:
        items[0].value = [items[1].value]
    else:
        items[0].value = values = items[1].value
        values.append(items[3].value)


@rules(
    """
    values : special
           | values ',' special
    """
)
def p_values_special(p: Any) -> None:
    items = p.slice
    if len(items) == 2:
        items[0].value = [items[1].value[0]]
    else:
        items[0].value = values = items[1].value
        values.append(items[3].value[0])


@rules("special : NAN")
def p_special_nan(p: Any) -> None:
    p.slice[0].value = (float("nan"), p.slice[1].lexpos)


@rules("special : ALIAS")
def p_special_alias(p: Any) -> None:
    alias = p.slice[1]
    p.slice[0].value = (Alias(alias.value, alias.lexpos), alias.lexpos)


@rules("special : INSTANCE OF IDENT nested '{' settings '}'")
def p_special_instance(p: Any) -> None:
    _, instance, _, name, _, _, settings, _ = p.slice
    p.parser.nesting -= 1
    value = InstanceDeclaration(name.value, None, settings.value, instance.lexpos, name.lexpos)
    p.slice[0].value = (value, instance.lexpos)


@rules("nested :")
def p_nested(p: Any) -> None:
    p.parser.nesting += 1
    if p.parser.nesting > MAX_NESTING:
        name = p.parser.symstack[-1]
        raise Rejected(
            f"Instances are nested more than {MAX_NESTING} times", name.lexpos, name.lexpos
        )


# Qualifiers of an element


@rules(
    """
    qualifiers :
               | '[' qualifierList ']'
               | '[' flavoredList ']'
    """
)
def p_qualifiers(p: Any) -> None:
    p.slice[0].value = p.slice[2].value if len(p.slice) == 4 else []


# A rule for each form of a qualifier and each place in the list: one rule for the qualifier and one
# for the list would have to be applied for every qualifier.
_QUALIFIER_FORMS = (
    "IDENT",
    "IDENT ENCLOSED",
    "IDENT STRINGS",
    "IDENT '{' '}'",
    "IDENT '(' VALUE ')'",
    "IDENT '(' NAN ')'",
    "IDENT '{' values '}'",
)
_QUALIFIER_LIST = "qualifierList : " + "\n | ".join(
    before + form
    for before in ("", "qualifierList ',' ", "flavoredList ',' ")
    for form in _QUALIFIER_FORMS
)


@rules(_QUALIFIER_LIST)
def p_qualifier_list(p: Any) -> None:
    items = p.slice
    first = items[1]
    if first.__class__ is Token:
        at = 1
        items[0].value = qualifiers = []
    else:
        at = 3
        items[0].value = qualifiers = first.value
    name = items[at]
    size = len(items) - at
    if size == 4:
        value = items[at + 2].value
        if items[at + 2].type == "NAN":
            value = float("nan")
        elif items[at + 2].type == "values":
            _constants_only(value)
    elif size == 2:
        value = items[at + 1].value
    else:
        value = NO_VALUE if size == 1 else []
    qualifiers.append((name.value, value, (), name.lexpos))


def _constants_only(values: List[Any]) -> None:
    for value in values:
        if isinstance(value, (Alias, InstanceDeclaration)):
            raise Rejected(
                "MOF grammar error: a qualifier has neither instances nor aliases as values",
                value.pos,
                value.pos + 1,
            )


@rules(
    """
    flavoredList : qualifierList ':' IDENT
                 | flavoredList IDENT
    """
)
def p_flavored_list(p: Any) -> None:
    flavor = p.slice[-1]
    if flavor.value.lower() not in FLAVORS:
        raise unexpected(flavor, f"a flavor: {', '.join(sorted(FLAVORS))}")
    p.slice[0].value = qualifiers = p.slice[1].value
    name, value, flavors, pos = qualifiers[-1]
    qualifiers[-1] = (name, value, (*flavors, flavor.value.lower()), pos)


# Classes


@rules("classDeclaration : qualifiers CLASS IDENT alias superclass '{' features '}' ';'")
def p_class_declaration(p: Any) -> None:
    _, qualifiers, _, name, alias, superclass, _, features, _, end = p.slice
    super_name, super_pos = superclass.value
    declaration = ClassDeclaration(
        qualifiers.value,
        name.value,
        alias.value,
        super_name,
        features.value,
        name.lexpos,
        super_pos,
    )
    p.slice[0].value = (declaration, end.lexpos + 1)


@rules(
    """
    alias :
          | AS ALIAS
    """
)
def p_alias(p: Any) -> None:
    p.slice[0].value = p.slice[2].value if len(p.slice) == 3 else None


@rules(
    """
    superclass :
               | ':' IDENT
    """
)
def p_superclass(p: Any) -> None:
    if len(p.slice) == 3:
        name = p.slice[2]
        p.slice[0].value = (name.value, name.lexpos)
    else:
        p.slice[0].value = (None, 0)


@rules(
    """
    features :
             | features feature
    settings :
             | settings setting
    """
)
def p_features(p: Any) -> None:
    if len(p.slice) == 3:
        p.slice[0].value = features = p.slice[1].value
        features.append(p.slice[2].value)
    else:
        p.slice[0].value = []


@rules(
    """
    feature : qualifiers DT IDENT ';'
            | qualifiers DT IDENT size ';'
            | qualifiers DT IDENT '=' initializer ';'
            | qualifiers DT IDENT size '=' initializer ';'
    """
)
def p_property(p: Any) -> None:
    items = p.slice
    name = items[3]
    value, value_pos = items[-2].value if len(items) > 6 else (NO_VALUE, 0)
    items[0].value = Feature(
        items[1].value,
        items[2].value,
        False,
        name.value,
        items[4].value if items[4].type == "size" else None,
        value,
        name.lexpos,
        value_pos,
        None,
    )


@rules("feature : qualifiers IDENT REF IDENT default ';'")
def p_reference(p: Any) -> None:
    _, qualifiers, classname, _, name, default, _ = p.slice
    value, value_pos = default.value
    p.slice[0].value = Feature(
        qualifiers.value,
        classname.value,
        True,
        name.value,
        None,
        value,
        name.lexpos,
        value_pos,
        None,
    )


@rules(
    """
    feature : qualifiers DT IDENT '(' parameters ')' ';'
            | qualifiers DT IDENT '(' ')' ';'
    """
)
def p_method(p: Any) -> None:
    items = p.slice
    name = items[3]
    parameters = items[5].value if len(items) == 8 else []
    items[0].value = Feature(
        items[1].value,
        items[2].value,
        False,
        name.value,
        None,
        NO_VALUE,
        name.lexpos,
        0,
        parameters,
    )


@rules(
    """
    parameters : parameter
               | parameters ',' parameter
    """
)
def p_parameters(p: Any) -> None:
    items = p.slice
    if len(items) == 2:
        items[0].value = [items[1].value]
    else:
        items[0].value = parameters = items[1].value
        parameters.append(items[3].value)


@rules("parameter : qualifiers DT IDENT array")
def p_parameter(p: Any) -> None:
    _, qualifiers, datatype, name, array = p.slice
    p.slice[0].value = Parameter(
        qualifiers.value, datatype.value, False, name.value, array.value, name.lexpos
    )


@rules("parameter : qualifiers IDENT REF IDENT array")
def p_parameter_reference(p: Any) -> None:
    _, qualifiers, classname, _, name, array = p.slice
    p.slice[0].value = Parameter(
        qualifiers.value, classname.value, True, name.value, array.value, classname.lexpos
    )


# Instances


@rules("instanceDeclaration : qualifiers INSTANCE OF IDENT alias '{' settings '}' ';'")
def p_instance_declaration(p: Any) -> None:
    _, _, instance, _, name, alias, _, settings, _, end = p.slice
    declaration = InstanceDeclaration(
        name.value, alias.value, settings.value, instance.lexpos, name.lexpos
    )
    p.slice[0].value = (declaration, end.lexpos + 1)


@rules("setting : qualifiers IDENT '=' initializer ';'")
def p_setting(p: Any) -> None:
    _, _, name, _, initializer, _ = p.slice
    value, value_pos = initializer.value
    p.slice[0].value = Setting(name.value, value, name.lexpos, value_pos)


_template: Optional[Any] = None


def new_parser() -> Any:
    """
    Return a parser; parsers share their tables, and only these.
    """
    global _template
    if _template is None:
        _template = yacc.yacc(
            module=sys.modules[__name__],
            tabmodule="no_tables_are_stored",
            debug=False,
            write_tables=False,
            errorlog=yacc.NullLogger(),
        )
    return copy.copy(_template)
