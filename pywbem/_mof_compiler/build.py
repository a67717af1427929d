"""
From declarations to CIM objects: qualifier declarations and classes.

Nothing is sent to a repository here.  What must be looked up is asked of a ``Context``.
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Sequence, Tuple, Type, Union

from pywbem._cim_obj import (
    CIMClass,
    CIMMethod,
    CIMParameter,
    CIMProperty,
    CIMQualifier,
    CIMQualifierDeclaration,
)
from pywbem._cim_obj.qualifier_declaration import SCOPES
from pywbem._nocasedict import NocaseDict

from .declarations import (
    FLAVORS,
    NO_VALUE,
    Alias,
    ClassDeclaration,
    Feature,
    InstanceDeclaration,
    Parameter,
    Qualifier,
    QualifierDeclaration,
)
from .errors import MOFCompileError, MOFParseError
from .source import Source
from .values import mof_value

__all__ = ["Context", "class_from", "embedded_classes", "qualifier_declaration_from"]

_Items = Dict[Optional[str], Tuple[Any, Any]]


class Context:
    """
    What building an object needs beside its declaration: where it stands, and what it refers to.
    """

    __slots__ = ()

    source: Source
    namespace: str

    def known_qualifiers(self) -> Dict[str, CIMQualifierDeclaration]:
        """Return the qualifier declarations that were looked up already, by name as spelled."""
        raise NotImplementedError

    def qualifier_declaration(self, name: str, pos: int) -> Optional[CIMQualifierDeclaration]:
        """Return the declaration of a qualifier that stands at an offset; None if that fails."""
        raise NotImplementedError

    def element_value(
        self, value: Any, cimtype: str, embedded_object: Optional[str], what: str, pos: int
    ) -> Any:
        """Return the default value of an element, which may be embedded or an alias."""
        raise NotImplementedError

    def report(self, error: MOFCompileError) -> None:
        """Note an error; what is built then is not used, but may have more of them."""
        raise NotImplementedError

    def warn(self, message: str, pos: int) -> None:
        """Tell about what is tolerated."""
        raise NotImplementedError

    def error(
        self,
        message: str,
        pos: int,
        length: Union[int, str] = 1,
        exception: Type[MOFCompileError] = MOFParseError,
    ) -> MOFCompileError:
        """
        Return an exception for a place.

        Parameters:
            message (str): What is wrong.
            pos (int): Where it is.
            length (int or str): How many characters, or the text that stands there.
            exception (type): The class.
        """
        size = len(length) if isinstance(length, str) else length
        return exception(message, self.source.place(pos, size))


def array_attributes(array: Optional[int]) -> Tuple[bool, Optional[int]]:
    """
    Return `is_array` and `array_size` for the array part of a declaration.
    """
    return array is not None, array or None


def flavors_from(flavors: Sequence[str], what: str, pos: int, context: Context) -> Dict[str, bool]:
    """
    Return the flavor attributes for flavors, which must not contradict each other.
    """
    attributes: Dict[str, bool] = {}
    for flavor in flavors:
        name, value = FLAVORS[flavor]
        if attributes.setdefault(name, value) is not value:
            context.report(
                context.error(
                    f"Cannot compile {what} because it specifies conflicting flavors: "
                    f"{', '.join(flavors)}",
                    pos,
                )
            )
    return attributes


# Qualifiers


def qualifier_declaration_from(
    declaration: QualifierDeclaration, context: Context
) -> CIMQualifierDeclaration:
    """
    Return a qualifier declaration.

    It is reported if the default value does not suit the type, or the flavors contradict each
    other.
    """
    name = declaration.name
    what = f"qualifier declaration {name!r}"
    flavors = flavors_from(declaration.flavors, what, declaration.pos, context)
    is_array, array_size = array_attributes(declaration.array)
    value = declaration.value
    if value is NO_VALUE or value is None:
        value = None
    elif isinstance(value, list) is not is_array:
        context.report(array_mismatch(what, is_array, declaration.value_pos, context))
    else:
        value = converted(value, declaration.type, what, declaration.value_pos, context)
    return CIMQualifierDeclaration._trusted(
        name,
        declaration.type,
        value,
        is_array,
        array_size,
        NocaseDict([(scope, scope.lower() in declaration.scopes) for scope in SCOPES]),
        flavors.get("overridable"),
        flavors.get("tosubclass"),
        flavors.get("toinstance"),
        flavors.get("translatable"),
    )


def array_mismatch(what: str, is_array: bool, pos: int, context: Context) -> MOFCompileError:
    """
    Return the exception for an array as the value of a scalar, and the reverse.
    """
    if is_array:
        message = "it is an array but its value is none (array values stand in braces)"
    else:
        message = "it is no array but its value is one"
    return context.error(f"Cannot compile {what} because {message}", pos)


def converted(value: Any, cimtype: str, what: str, pos: int, context: Context) -> Any:
    """
    Return a value in a CIM type.  It is reported if it is none of the type's.
    """
    if cimtype == "boolean":
        _warn_of_texts(value, what, pos, context)
    try:
        return mof_value(value, cimtype)
    except (ValueError, TypeError, OverflowError) as exc:
        error = context.error(f"Cannot compile {what} because its value is invalid: {exc}", pos)
        error.__cause__ = exc
        context.report(error)
        return None


def _warn_of_texts(value: Any, what: str, pos: int, context: Context) -> None:
    """
    Tell about texts that are taken as boolean values.
    """
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str) and item.lower() not in ("true", "false"):
            context.warn(
                f"The text {item!r} is taken as {'TRUE' if item else 'FALSE'} for {what}", pos
            )


def qualifiers_from(
    qualifiers: List[Qualifier], what: str, context: Context
) -> Optional[NocaseDict]:
    """
    Return the qualifiers of an element, with types and flavors of their declarations.
    """
    if not qualifiers:
        return None
    data: _Items = {}
    known = context.known_qualifiers()
    trusted = CIMQualifier._trusted
    for name, value, flavors, pos in qualifiers:
        declaration = known.get(name) or context.qualifier_declaration(name, pos)
        if declaration is None:
            continue
        cimtype = declaration._type
        if value is NO_VALUE:
            # DSP0004: a boolean qualifier that stands alone is true.
            value = True if cimtype == "boolean" else declaration._value
        elif cimtype != "string" or value.__class__ is not str:
            value = converted(value, cimtype, f"qualifier {name!r} of {what}", pos, context)
        overridable, tosubclass = declaration._overridable, declaration._tosubclass
        toinstance, translatable = declaration._toinstance, declaration._translatable
        if flavors:
            given = flavors_from(flavors, f"qualifier {name!r} of {what}", pos, context)
            overridable = given.get("overridable", overridable)
            tosubclass = given.get("tosubclass", tosubclass)
            toinstance = given.get("toinstance", toinstance)
            translatable = given.get("translatable", translatable)
        key = name.casefold()
        if key in data:
            context.warn(f"Qualifier {name!r} of {what} is specified twice; the last counts", pos)
        data[key] = (
            name,
            trusted(name, value, cimtype, None, overridable, tosubclass, toinstance, translatable),
        )
    return NocaseDict._trusted(data)


def embedded_object_of(qualifiers: Optional[NocaseDict], cimtype: str) -> Optional[str]:
    """
    Return the `embedded_object` attribute that the qualifiers of an element ask for.
    """
    if qualifiers is None or cimtype != "string":
        return None
    data = qualifiers._data
    found = data.get("embeddedinstance")
    if found is not None and found[1]._value:
        return "instance"
    found = data.get("embeddedobject")
    return "object" if found is not None and found[1]._value else None


def _has_object(value: Any) -> bool:
    """
    Return whether a value is an instance or an alias, or an array with one.
    """
    items = value if isinstance(value, list) else [value]
    return any(isinstance(item, (Alias, InstanceDeclaration)) for item in items)


def embedded_classes(qualifiers: List[Qualifier]) -> List[Tuple[str, int]]:
    """
    Return the class that a qualifier EmbeddedInstance names, and the place of the qualifier.
    """
    return [
        (value, pos)
        for name, value, _, pos in qualifiers
        if value.__class__ is str and value and name.lower() == "embeddedinstance"
    ]


# Classes


def class_from(declaration: ClassDeclaration, context: Context) -> CIMClass:
    """
    Return a class with its own elements, none inherited.

    It is reported if a value does not suit its type, or a qualifier is not declared.  Of elements
    of the same name the last counts.
    """
    name = declaration.name
    qualifiers = qualifiers_from(declaration.qualifiers, f"class {name!r}", context)
    properties: _Items = {}
    methods: _Items = {}
    for feature in declaration.features:
        feature_name = feature.name
        items = properties if feature.parameters is None else methods
        key = feature_name.casefold()
        if key in items:
            kind = "property" if feature.parameters is None else "method"
            context.warn(
                f"Class {name!r} declares {kind} {feature_name!r} twice; the last counts",
                feature.pos,
            )
        if feature.parameters is None:
            items[key] = (feature_name, _property(feature, name, context))
        else:
            items[key] = (feature_name, _method(feature, feature.parameters, name, context))
    return CIMClass._trusted(
        name,
        NocaseDict._trusted(properties) if properties else None,
        NocaseDict._trusted(methods) if methods else None,
        declaration.superclass,
        qualifiers,
        None,
    )


def _property(feature: Feature, classname: str, context: Context) -> CIMProperty:
    name = feature.name
    what = f"property {name!r} of class {classname!r}"
    qualifiers = qualifiers_from(feature.qualifiers, what, context)
    is_reference = feature.is_reference
    cimtype = "reference" if is_reference else feature.type
    is_array, array_size = array_attributes(feature.array)
    value = feature.value
    # The qualifiers say what a value will be; the attribute goes with a value that is an object.
    embedded_object = embedded_object_of(qualifiers, cimtype) if _has_object(value) else None
    if value is NO_VALUE or value is None:
        value = None
    else:
        if isinstance(value, list) is not is_array:
            context.report(array_mismatch(what, is_array, feature.value_pos, context))
        else:
            value = context.element_value(value, cimtype, embedded_object, what, feature.value_pos)
    return CIMProperty._trusted(
        name,
        value,
        cimtype,
        classname,
        array_size,
        None,
        is_array,
        feature.type if is_reference else None,
        qualifiers,
        embedded_object,
    )


def _method(
    feature: Feature, parameters: List[Parameter], classname: str, context: Context
) -> CIMMethod:
    name = feature.name
    what = f"method {name!r} of class {classname!r}"
    data: _Items = {}
    for parameter in parameters:
        key = parameter.name.casefold()
        if key in data:
            context.warn(
                f"Parameter {parameter.name!r} of {what} is declared twice; the last counts",
                parameter.pos,
            )
        data[key] = (parameter.name, _parameter(parameter, what, context))
    return CIMMethod._trusted(
        name,
        feature.type,
        NocaseDict._trusted(data) if data else None,
        classname,
        None,
        qualifiers_from(feature.qualifiers, what, context),
    )


def _parameter(parameter: Parameter, method: str, context: Context) -> CIMParameter:
    qualifiers = qualifiers_from(
        parameter.qualifiers, f"parameter {parameter.name!r} of {method}", context
    )
    is_reference = parameter.is_reference
    cimtype = "reference" if is_reference else parameter.type
    is_array, array_size = array_attributes(parameter.array)
    return CIMParameter._trusted(
        parameter.name,
        cimtype,
        parameter.type if is_reference else None,
        is_array,
        array_size,
        qualifiers,
        None,
        None,
    )
