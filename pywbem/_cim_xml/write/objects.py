"""
CIM objects -> CIM-XML text (DSP0201).

The primitive is text: each function returns the text of one element, made in
one pass over the slots of the object.  A slot for a dictionary may hold None
instead of an empty dictionary.

Attributes stand in the order in which servers have always received them.
"""

from __future__ import annotations

import functools
from typing import Any, Callable, Dict, FrozenSet, List, Optional, Sequence, TypeVar, cast

from ... import config
from ..._cim_obj import (
    CIMClass,
    CIMClassName,
    CIMInstance,
    CIMInstanceName,
    CIMMethod,
    CIMParameter,
    CIMProperty,
    CIMQualifier,
    CIMQualifierDeclaration,
)
from ..._cim_obj.method import VOID
from ..._cim_obj.qualifier_declaration import SCOPES
from ..._nocasedict import NocaseDict
from .dom import element, element_xml, pretty
from .paths import Path, classname, instancename, localnamespacepath, reference
from .values import Unfit, attribute_text, brief, name_text, quote, text_maker, value_text

__all__ = [
    "attribute",
    "element",
    "iparamvalue_xml",
    "local_path_xml",
    "localnamespacepath_xml",
    "object_xml",
    "paramvalue_xml",
    "pretty",
    "value_xml",
]

# The entity CIMType of DSP0203; references have elements of their own.
_TYPES: FrozenSet[str] = frozenset(
    ("boolean", "string", "char16", "datetime", "real32", "real64")
    + ("uint8", "uint16", "uint32", "uint64", "sint8", "sint16", "sint32", "sint64")
)

# The attributes of SCOPE, in the order in which they are sent.
_SCOPES = sorted(scope for scope in SCOPES if scope != "ANY")


# -- Attributes ---------------------------------------------------------------


def _flag(name: str, value: Optional[bool]) -> str:
    """A boolean attribute; nothing where the value is unknown."""
    if value is None:
        return ""
    return f' {name}="true"' if value else f' {name}="false"'


def _type(value: str) -> str:
    """The value of a TYPE attribute."""
    if value not in _TYPES:
        raise Unfit(ValueError, f"the CIM type {value!r} is not possible here")
    return value


def _array_size(value: Optional[int]) -> str:
    return "" if value is None else f' ARRAYSIZE="{attribute_text(str(value))}"'


def _origin(class_origin: Optional[str]) -> str:
    return "" if class_origin is None else f' CLASSORIGIN="{name_text(class_origin)}"'


def _reference_class(value: Optional[str]) -> str:
    return "" if value is None else f' REFERENCECLASS="{name_text(value)}"'


def _embedded_object(value: Optional[str]) -> str:
    return "" if value is None else f' EmbeddedObject="{attribute_text(value)}"'


def _tag(tag: str, attributes: str, content: str) -> str:
    return f"<{tag}{attributes}>{content}</{tag}>" if content else f"<{tag}{attributes}/>"


# -- Values -------------------------------------------------------------------


def _entries(value: Any) -> Sequence[Any]:
    """The entries of an array value."""
    if isinstance(value, (list, tuple)):
        return value
    # These can be iterated, too, but what comes out is no entry.
    if not isinstance(value, (str, bytes, dict, NocaseDict, CIMInstance, CIMInstanceName)):
        try:
            return list(value)
        except TypeError:
            pass
    raise Unfit(
        TypeError, f"the value {brief(value)} has the type {type(value)}, but an array needs a list"
    )


def _array_of(tag: str, value: Any, null: str, make: Callable[[Any], str]) -> str:
    """VALUE.ARRAY or VALUE.REFARRAY with elements that `make` makes."""
    parts = [null if entry is None else make(entry) for entry in _entries(value)]
    return _tag(tag, "", "".join(parts))


def _null() -> str:
    # Servers that do not know VALUE.NULL (DSP0201 before 2.2) get an empty VALUE.
    return "<VALUE.NULL/>" if config.SEND_VALUE_NULL else "<VALUE/>"


def _scalar(value: Any) -> str:
    return f"<VALUE>{value_text(value)}</VALUE>"


def _array(value: Any) -> str:
    """VALUE.ARRAY of scalars."""
    entries = value if value.__class__ is list else _entries(value)
    if len(set(map(type, entries))) == 1 and entries[0] is not None:
        content = "</VALUE><VALUE>".join(map(text_maker(entries[0]), entries))
        return f"<VALUE.ARRAY><VALUE>{content}</VALUE></VALUE.ARRAY>"
    return _array_of("VALUE.ARRAY", entries, _null(), _scalar)


def _embedded(value: Any) -> str:
    """VALUE with CIM-XML as its text (DSP0201: EmbeddedObject)."""
    if isinstance(value, CIMInstance):
        return f"<VALUE>{quote(_instance(value))}</VALUE>"
    if isinstance(value, CIMClass):
        return f"<VALUE>{quote(_class(value))}</VALUE>"
    raise Unfit(
        TypeError,
        f"the value {brief(value)} has the type {type(value)}, "
        "but an embedded object needs CIMInstance or CIMClass",
    )


def _value(value: Any) -> str:
    """The element of a value that is an array if it is a list."""
    if value is None:
        return ""
    return _array(value) if isinstance(value, (list, tuple)) else _scalar(value)


# -- Qualifiers ---------------------------------------------------------------


def _members(members: Any, expected: type, make: Callable[[Any], str]) -> str:
    """The elements of a dictionary of qualifiers, properties, methods or parameters."""
    if members is None:
        return ""
    parts: List[str] = []
    for name, member in members._data.values():
        if not isinstance(member, expected):
            raise Unfit(
                TypeError,
                f"the entry {name!r} is {brief(member)} of type {type(member)}, "
                f"but must be {expected.__name__}",
            )
        parts.append(make(member))
    return "".join(parts)


def _flavors(obj: Any) -> str:
    return (
        _flag("OVERRIDABLE", obj._overridable)
        + _flag("TOSUBCLASS", obj._tosubclass)
        + _flag("TOINSTANCE", obj._toinstance)
        + _flag("TRANSLATABLE", obj._translatable)
    )


def _qualifier(obj: CIMQualifier) -> str:
    """QUALIFIER."""
    try:
        attributes = f' NAME="{name_text(obj._name)}" TYPE="{_type(obj._type)}"'
        attributes += _flag("PROPAGATED", obj._propagated) + _flavors(obj)
        return _tag("QUALIFIER", attributes, _value(obj._value))
    except Unfit as unfit:
        raise unfit.within(f"qualifier {obj._name!r}") from None


def _qualifiers(obj: Any) -> str:
    """The QUALIFIER elements of an object."""
    return _members(obj._qualifiers, CIMQualifier, _qualifier)


def _qualifier_declaration(obj: CIMQualifierDeclaration) -> str:
    """QUALIFIER.DECLARATION."""
    try:
        attributes = f' NAME="{name_text(obj._name)}" TYPE="{_type(obj._type)}"'
        attributes += _flag("ISARRAY", obj._is_array) + _array_size(obj._array_size)
        attributes += _flavors(obj)
        content = _scope(obj._scopes) + _value(obj._value)
        return _tag("QUALIFIER.DECLARATION", attributes, content)
    except Unfit as unfit:
        raise unfit.within(f"qualifier declaration {obj._name!r}") from None


def _scope(scopes: Any) -> str:
    """
    SCOPE.  ANY is every scope there is; that it is not meant is said with an attribute that no
    DTD has, but that clients send.
    """
    if not scopes:
        return ""
    given = {name.upper(): value for name, value in scopes._data.values()}
    if given.get("ANY"):
        given = dict.fromkeys(_SCOPES, True)
    for name in given:
        if name not in _SCOPES and name != "ANY":
            raise Unfit(ValueError, f"the scope {name!r} does not exist in CIM-XML")
    return f"<SCOPE{''.join([_flag(name, bool(given[name])) for name in sorted(given)])}/>"


# -- Properties, methods, parameters ------------------------------------------


def _property(obj: CIMProperty) -> str:
    """PROPERTY, PROPERTY.ARRAY or PROPERTY.REFERENCE."""
    try:
        cimtype = obj._type
        if cimtype not in _TYPES:
            return _property_reference(obj)
        value = obj._value
        content = "" if obj._qualifiers is None else _qualifiers(obj)
        attributes = f' NAME="{name_text(obj._name)}" TYPE="{cimtype}"'
        if obj._is_array:
            return _property_array(obj, attributes, content)
        if obj._class_origin is not None:
            attributes += _origin(obj._class_origin)
        if obj._propagated is not None:
            attributes += _flag("PROPAGATED", obj._propagated)
        if obj._embedded_object is not None:
            attributes += _embedded_object(obj._embedded_object)
            if value is not None:
                content += _embedded(value)
        elif value is not None:
            return f"<PROPERTY{attributes}>{content}{_scalar(value)}</PROPERTY>"
        return _tag("PROPERTY", attributes, content)
    except Unfit as unfit:
        raise unfit.within(f"property {obj._name!r}") from None


def _property_array(obj: CIMProperty, attributes: str, content: str) -> str:
    if obj._array_size is not None:
        attributes += _array_size(obj._array_size)
    if obj._class_origin is not None:
        attributes += _origin(obj._class_origin)
    if obj._embedded_object is not None:
        attributes += _embedded_object(obj._embedded_object)
    if obj._propagated is not None:
        attributes += _flag("PROPAGATED", obj._propagated)
    if obj._value is not None:
        if obj._embedded_object is None:
            content += _array(obj._value)
        else:
            content += _array_of("VALUE.ARRAY", obj._value, _null(), _embedded)
    return _tag("PROPERTY.ARRAY", attributes, content)


def _property_reference(obj: CIMProperty) -> str:
    if obj._type != "reference":
        raise Unfit(ValueError, f"the CIM type {obj._type!r} does not exist")
    if obj._is_array:
        raise Unfit(ValueError, "CIM-XML has no element for arrays of references")
    attributes = (
        f' NAME="{name_text(obj._name)}"'
        + _reference_class(obj._reference_class)
        + _origin(obj._class_origin)
        + _flag("PROPAGATED", obj._propagated)
    )
    content = _qualifiers(obj)
    if obj._value is not None:
        content += reference(obj._value)
    return _tag("PROPERTY.REFERENCE", attributes, content)


def _method(obj: CIMMethod) -> str:
    """METHOD."""
    try:
        attributes = f' NAME="{name_text(obj._name)}"'
        if obj._return_type != VOID:
            attributes += f' TYPE="{_type(obj._return_type)}"'
        attributes += _origin(obj._class_origin) + _flag("PROPAGATED", obj._propagated)
        content = _qualifiers(obj) + _members(obj._parameters, CIMParameter, _parameter)
        return _tag("METHOD", attributes, content)
    except Unfit as unfit:
        raise unfit.within(f"method {obj._name!r}") from None


def _parameter(obj: CIMParameter, as_value: bool = False) -> str:
    """
    PARAMETER, PARAMETER.ARRAY, PARAMETER.REFERENCE or PARAMETER.REFARRAY; as a
    value PARAMVALUE.
    """
    try:
        attributes = f' NAME="{name_text(obj._name)}"'
        is_reference = obj._type == "reference"
        if as_value:
            cimtype: Optional[str] = obj._type
            # A call of a method may pass NULL, or an array with nothing but NULL or with
            # no entries, whose type is not known.
            if cimtype is not None or not _tells_nothing(obj):
                if not is_reference:
                    cimtype = _type(obj._type)
                attributes += f' PARAMTYPE="{cimtype}"{_embedded_object(obj._embedded_object)}'
            return _tag("PARAMVALUE", attributes, _parameter_value(obj))
        if is_reference:
            tag = "PARAMETER.REFARRAY" if obj._is_array else "PARAMETER.REFERENCE"
            attributes += _reference_class(obj._reference_class)
        else:
            tag = "PARAMETER.ARRAY" if obj._is_array else "PARAMETER"
            attributes += f' TYPE="{_type(obj._type)}"'
        if obj._is_array:
            attributes += _array_size(obj._array_size)
        return _tag(tag, attributes, _qualifiers(obj))
    except Unfit as unfit:
        raise unfit.within(f"parameter {obj._name!r}") from None


def _tells_nothing(obj: CIMParameter) -> bool:
    """Whether there is no value from which a type could be known."""
    value = obj._value
    return value is None or (obj._is_array and all(item is None for item in value))


def _parameter_value(obj: CIMParameter) -> str:
    """The child of PARAMVALUE."""
    value = obj._value
    if value is None:
        return ""
    if obj._type == "reference":
        if obj._is_array:
            # An empty VALUE is no reference, whatever SEND_VALUE_NULL says.
            return _array_of("VALUE.REFARRAY", value, "<VALUE.NULL/>", reference)
        return reference(value)
    if obj._embedded_object is not None:
        if obj._is_array:
            return _array_of("VALUE.ARRAY", value, _null(), _embedded)
        return _embedded(value)
    return _array(value) if obj._is_array else _scalar(value)


# -- Instances and classes ----------------------------------------------------


def _instance(obj: CIMInstance, ignore_path: bool = False) -> str:
    """INSTANCE, or with a path what DSP0201 has for its degree of detail."""
    try:
        content = _members(obj._properties, CIMProperty, _property)
        if obj._qualifiers is not None:
            content = _qualifiers(obj) + content
        instance = _tag("INSTANCE", f' CLASSNAME="{name_text(obj._classname)}"', content)
        path = obj._path
        if path is None or ignore_path:
            return instance
        xml = instancename(path)
        if path._namespace is None:
            return f"<VALUE.NAMEDINSTANCE>{xml}{instance}</VALUE.NAMEDINSTANCE>"
        if path._host is None:
            return f"<VALUE.OBJECTWITHLOCALPATH>{xml}{instance}</VALUE.OBJECTWITHLOCALPATH>"
        return f"<VALUE.INSTANCEWITHPATH>{xml}{instance}</VALUE.INSTANCEWITHPATH>"
    except Unfit as unfit:
        raise unfit.within(f"instance of class {obj._classname!r}") from None


def _class(obj: CIMClass) -> str:
    """CLASS; the path is not part of it."""
    try:
        attributes = f' NAME="{name_text(obj._classname)}"'
        if obj._superclass is not None:
            attributes += f' SUPERCLASS="{name_text(obj._superclass)}"'
        content = _qualifiers(obj) + _members(obj._properties, CIMProperty, _property)
        content += _members(obj._methods, CIMMethod, _method)
        return _tag("CLASS", attributes, content)
    except Unfit as unfit:
        raise unfit.within(f"class {obj._classname!r}") from None


# -- What others call ---------------------------------------------------------

_ENCODERS: Dict[type, Callable[..., str]] = {
    CIMInstance: _instance,
    CIMInstanceName: instancename,
    CIMClass: _class,
    CIMClassName: classname,
    CIMProperty: _property,
    CIMMethod: _method,
    CIMParameter: _parameter,
    CIMQualifier: _qualifier,
    CIMQualifierDeclaration: _qualifier_declaration,
}

_Function = TypeVar("_Function", bound=Callable[..., str])


def _raising(function: _Function) -> _Function:
    """Turn the :exc:`Unfit` that a function raises into its ValueError or TypeError."""

    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> str:
        try:
            return function(*args, **kwargs)
        except Unfit as unfit:
            error = unfit.error()
        raise error

    return cast(_Function, wrapper)


def _encoder(value: object) -> Optional[Callable[..., str]]:
    """The function for an object, None for what is no CIM object."""
    encoder = _ENCODERS.get(type(value))
    if encoder is None:
        for base in type(value).__mro__:
            if base in _ENCODERS:
                return _ENCODERS[base]
    return encoder


@_raising
def object_xml(obj: object, **options: bool) -> str:
    """
    The CIM-XML of a CIM object.

    Parameters:
        obj (CIM object): The object.
        options: What its method ``tocimxml()`` can be told: `ignore_host` and
            `ignore_namespace` for paths, `ignore_path` for instances, `as_value`
            for parameters.

    Returns:
        str: One element, without white space between elements.

    Raises:
        TypeError: `obj`, or something in it, has a type that cannot be there.
        ValueError: Something in it cannot be expressed, such as a character that
            XML does not have.
    """
    encoder = _encoder(obj)
    if encoder is None:
        raise Unfit(TypeError, f"the value {brief(obj)} has the type {type(obj)}: no CIM object")
    return encoder(obj, **options)


@_raising
def value_xml(value: Any) -> str:
    """
    The CIM-XML of any value: a CIM object, a scalar, a list or tuple of scalars
    and None, or an :class:`xml.dom.minidom.Element`, which is only printed.

    Parameters:
        value: The value.

    Returns:
        str: The element of a CIM object, else VALUE or VALUE.ARRAY.

    Raises:
        TypeError: The value has a type that cannot be expressed.
        ValueError: The value is None or cannot be expressed.
    """
    encoder = _encoder(value)
    if encoder is not None:
        return encoder(value)
    if value is None:
        raise Unfit(ValueError, "None has no CIM-XML of its own")
    if getattr(value, "nodeType", None) == 1:  # an element of a DOM tree
        return element_xml(value)
    return _value(value)


@_raising
def iparamvalue_xml(name: str, value: Any) -> str:
    """
    IPARAMVALUE, a parameter of an intrinsic method (DSP0201).

    Paths are sent as names: the namespace of the call is theirs.  Of instances
    only ModifiedInstance keeps its path.

    Parameters:
        name (str): Name of the parameter.
        value: A CIM object, a scalar, a list of scalars, or None for NULL.

    Returns:
        str: The element.

    Raises:
        TypeError: The value has a type that cannot be expressed.
        ValueError: The value cannot be expressed.
    """
    try:
        if isinstance(value, CIMInstance):
            content = _instance(value, ignore_path=True)
            if name == "ModifiedInstance" and value._path is not None:
                path = instancename(value._path, ignore_namespace=True)
                content = f"<VALUE.NAMEDINSTANCE>{path}{content}</VALUE.NAMEDINSTANCE>"
        elif isinstance(value, CIMInstanceName):
            content = instancename(value, ignore_namespace=True)
        elif isinstance(value, CIMClassName):
            content = classname(value, ignore_namespace=True)
        elif isinstance(value, CIMClass):
            content = _class(value)
        elif isinstance(value, CIMQualifierDeclaration):
            content = _qualifier_declaration(value)
        else:
            content = _value(value)
        return _tag("IPARAMVALUE", f' NAME="{name_text(name)}"', content)
    except Unfit as unfit:
        raise unfit.within(f"parameter {name!r}") from None


def paramvalue_xml(param: CIMParameter) -> str:
    """
    PARAMVALUE, a parameter of an extrinsic method (DSP0201); raises as
    :func:`object_xml` does.
    """
    return object_xml(param, as_value=True)


@_raising
def local_path_xml(path: Path) -> str:
    """
    LOCALINSTANCEPATH or LOCALCLASSPATH, the target of an extrinsic method; its
    host is left out.

    Parameters:
        path (CIMInstanceName or CIMClassName): The path, with a namespace.

    Returns:
        str: The element.

    Raises:
        ValueError: The path has no namespace, or cannot be expressed.
    """
    if path._namespace is None:
        raise Unfit(ValueError, f"the path {brief(path)} has no namespace")
    if isinstance(path, CIMInstanceName):
        return instancename(path, ignore_host=True)
    return classname(path, ignore_host=True)


@_raising
def attribute(value: str) -> str:
    """
    The escaped value of an attribute, without the quotes around it.

    Raises:
        ValueError: The value has a character that XML does not have.
    """
    return attribute_text(value)


@_raising
def localnamespacepath_xml(namespace: str) -> str:
    """
    LOCALNAMESPACEPATH (DSP0201) of a namespace such as ``root/cimv2``.

    Raises:
        ValueError: The namespace has a character that XML does not have.
    """
    return localnamespacepath(namespace)
