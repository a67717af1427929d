"""
The fields of the CIM classes: each attribute is written once, in its class.

A class names its fields in the order in which `repr()` shows them::

    class CIMMethod(CIMObject, metaclass=cim_class):
        name = name_field("Name of the method (:class:`str`). Never `None`.")
        qualifiers = items_field(qualifier_dict, "Qualifiers ...")

`cim_class` makes of each field a slot (``_name``) and a property over it, and writes the methods
that handle all fields of an object: ``_trusted()``, ``_copied()``, ``__eq__()``, ``__hash__()``,
``__repr__()`` and ``__str__()``. They are Python source with an expression for each field, so that
they are as fast as if they were typed by hand; all but the first are compiled on first use.
Pickling goes over the slots, and the recorder of test cases over ``_fields``.

An empty dictionary is not allocated: its slot holds `None` until the attribute is read or something
is put into it. Code inside the library reads the slot and takes `None` as empty.
"""

from __future__ import annotations

import linecache
import operator
import re
from typing import (
    TYPE_CHECKING,
    Any,
    Callable,
    Dict,
    Generic,
    Iterable,
    Iterator,
    Match,
    NamedTuple,
    Optional,
    Sequence,
    Tuple,
    TypeVar,
)

from pywbem._cim_types import CIMFloat, CIMInt
from pywbem._nocasedict import NocaseDict

_T_co = TypeVar("_T_co", covariant=True)


class _Kind(NamedTuple):
    """How the fields of a kind are handled: expressions of slots, written ``{0}`` and ``{1}``."""

    equal: str
    hashed: str
    copied: str = "{0}"
    shown: str = "to_repr({0})"
    # The place in comparisons: first what most objects differ in and what takes little time.
    rank: int = 2


# Names are equal in any lexical case.
_TEXT = _Kind("({0} == {1} or eq_name({0}, {1}))", "hash_name({0})")
_NAME = _TEXT._replace(rank=0)
_PLAIN = _Kind("{0} == {1}", "{0}")
_TYPE = _PLAIN._replace(rank=0)
_FLAG = _Kind("{0} is {1}", "{0}")
_VALUE = _Kind("eq_value({0}, {1})", "hash_item({0})", "copied_value({0})", rank=1)
_PATH = _Kind("eq_value({0}, {1})", "{0}", "copied_path({0})", rank=1)
_ITEMS = _Kind(
    "({0} is {1} or eq_dict({0}, {1}))", "hash_dict({0})", "{copy}({0})", "dict_repr({0})", rank=3
)


class Attribute(Generic[_T_co]):
    """
    A field of a class, until `cim_class` has made a slot and a property of it.

    Type checkers see it as the property: anything can be set, one type is read.

    Parameters:
        kind (Kind): How the field is handled.
        doc (:class:`str`): Docstring of the property.
        convert (callable): Function that returns what is stored for a value; `None` stores the
            value itself.
        store (callable): Function that stores a value in an object, where that depends on other
            fields.
        copy (callable): Function that copies a dictionary.
        unnamed (:class:`bool`): Whether one item of a dictionary may have no name.
    """

    def __init__(
        self,
        kind: _Kind,
        doc: str,
        convert: Optional[Callable[..., Any]] = None,
        store: Optional[Callable[[Any, Any], None]] = None,
        copy: Optional[Callable[[Any], Any]] = None,
        unnamed: bool = False,
    ) -> None:
        self.kind = kind
        self.doc = doc
        self.convert = convert
        self.store = store
        self.copy = copy
        self.unnamed = unnamed

    if TYPE_CHECKING:

        def __get__(self, obj: object, cls: Optional[type] = None) -> _T_co: ...
        def __set__(self, obj: object, value: Any) -> None: ...


def name_field(doc: str) -> Attribute[str]:
    """Return a field for a name that must not be `None`."""
    return Attribute(_NAME, doc)


def text_field(
    doc: str, convert: Optional[Callable[[Any], Any]] = None
) -> Attribute[Optional[str]]:
    """Return a field for an optional name, which stores ``convert(value)``, or text."""
    return Attribute(_TEXT, doc, convert or to_text)


def flag_field(doc: str) -> Attribute[Optional[bool]]:
    """Return a field for an optional boolean; any value is taken by its truth."""
    return Attribute(_FLAG, doc, to_bool)


def plain_field(doc: str, convert: Optional[Callable[[Any], Any]] = None) -> Any:
    """Return a field that stores what it is given, or ``convert(value)``."""
    return Attribute(_PLAIN, doc, convert)


def cim_type_field(doc: str, store: Callable[[Any, Any], None]) -> Attribute[str]:
    """Return a field for the name of a CIM type, which is set by ``store(object, value)``."""
    return Attribute(_TYPE, doc, store=store)


def value_field(doc: str, store: Callable[[Any, Any], None]) -> Attribute[Any]:
    """Return a field for a CIM value, which is set by ``store(object, value)``."""
    return Attribute(_VALUE, doc, store=store)


def path_field(doc: str, convert: Callable[[Any], Any]) -> Any:
    """Return a field for an optional path, which stores ``convert(value)``."""
    return Attribute(_PATH, doc, convert)


def items_field(
    convert: Optional[Callable[[Any], Optional[NocaseDict]]],
    doc: str,
    copy: Optional[Callable[[Any], Optional[NocaseDict]]] = None,
    unnamed: bool = False,
    store: Optional[Callable[[Any, Any], None]] = None,
) -> Any:
    """
    Return a field for a dictionary.

    Parameters:
        convert (callable): Function that returns what is stored for a value, unless there is
            `store`.
        doc (:class:`str`): Docstring of the attribute.
        copy (callable): Function that copies what is stored; by default the copy shares the items.
        unnamed (:class:`bool`): Whether one item may have no name.
        store (callable): Function that stores a value in an object.
    """
    return Attribute(_ITEMS, doc, convert, store, copy or copy_dict, unnamed)


# Making a class


def _cim_class(name: str, bases: Tuple[type, ...], namespace: Dict[str, Any]) -> type:
    """
    Return a class with slots, properties and methods for the fields in its body.

    It stands as the metaclass in the class statement, but the class is an ordinary one: its
    subclasses have a dictionary of attributes, and can have another metaclass. The constructor must
    have a parameter for each field; ``_trusted()`` takes them in the same order.
    """
    fields = {key: item for key, item in namespace.items() if isinstance(item, Attribute)}
    code = namespace["__init__"].__code__
    parameters = code.co_varnames[1 : code.co_argcount]
    if set(parameters) != set(fields):
        raise TypeError(f"The constructor of {name} must have its fields as parameters")
    namespace["_fields"] = tuple(fields)
    namespace["__slots__"] = tuple(["_" + key for key in parameters])
    cls: Any = type(name, bases, namespace)
    made = _compiled(cls, _first_source(fields, parameters), fields)
    cls._trusted = classmethod(made["_trusted"])
    for key, item in fields.items():
        getter = made.get(f"get_{key}") or operator.attrgetter("_" + key)
        setattr(cls, key, property(getter, _setter(key, item), None, item.doc))
    _writers[cls] = lambda: _write(cls, fields)
    return cls  # type: ignore[no-any-return]


if TYPE_CHECKING:
    cim_class = type
else:
    cim_class = _cim_class


def _setter(key: str, item: Attribute[Any]) -> Callable[[Any, Any], None]:
    """Return a function that stores what becomes of a value in the slot of a field."""
    slot = "_" + key
    convert = item.convert or _same

    def set_name(obj: Any, value: Any) -> None:
        setattr(obj, slot, required_name(value, type(obj).__name__, key))

    def set_converted(obj: Any, value: Any) -> None:
        setattr(obj, slot, convert(value))

    return item.store or (set_name if item.kind is _NAME else set_converted)


def _same(value: Any) -> Any:
    return value


# What writes the other methods of each class: compiling takes time that programs would spend on
# import.
_writers: Dict[type, Callable[[], None]] = {}


def written(obj: object) -> Any:
    """Return the class that has the fields of an object, with its methods written."""
    for cls in type(obj).__mro__:
        if cls in _writers:
            if "_copied" not in cls.__dict__:
                _writers[cls]()
            return cls
    raise TypeError(f"{type(obj).__name__} has no fields")


def _write(cls: type, fields: Dict[str, Attribute[Any]]) -> None:
    """Write those of the methods of a class that its body has not."""
    short = cls.__dict__.get("_shown_short", 0)
    for key, function in _compiled(cls, _source(cls.__name__, fields, short), fields).items():
        if key not in cls.__dict__:
            setattr(cls, key, function)


def _compiled(cls: type, source: str, fields: Dict[str, Attribute[Any]]) -> Dict[str, Any]:
    """Return the functions of a source text by name; tracebacks show its lines."""
    name, module = cls.__name__, cls.__module__
    known = {**_HELPERS, name: cls, "__name__": module}
    known.update((f"copy_{key}", item.copy) for key, item in fields.items())
    part = "" if "_trusted" in cls.__dict__ else " (trusted)"
    file = f"<fields of {module}.{name}{part}>"
    made: Dict[str, Any] = {}
    exec(compile(source, file, "exec"), known, made)
    linecache.cache[file] = (len(source), None, source.splitlines(True), file)
    for key, function in made.items():
        function.__qualname__ = f"{name}.{key}"
    return made


def _first_source(fields: Dict[str, Attribute[Any]], parameters: Sequence[str]) -> str:
    """Return the source text of what decoding and the first use of a class need."""
    lines = [
        f"def _trusted(cls, {', '.join(parameters)}):",
        '    """Return an object of what is known to be valid; nothing is checked or copied."""',
        "    self = new(cls)",
        *[f"    self._{key} = {key}" for key in parameters],
        "    return self",
    ]
    for key, item in fields.items():
        if item.kind is _ITEMS:
            lines += [
                f"def get_{key}(self):",
                f"    value = self._{key}",
                "    if value is None:",
                f"        value = self._{key} = NocaseDict()",
            ]
            if item.unnamed:
                lines += [
                    "    if not value.allow_unnamed_keys:",
                    "        value.allow_unnamed_keys = True",
                ]
            lines.append("    return value")
    return "\n".join(lines) + "\n"


def _source(name: str, fields: Dict[str, Attribute[Any]], short: int) -> str:
    """Return the source text of the functions for the fields of a class."""
    shown = [f"{key}={{{item.kind.shown.format('self._' + key)}}}" for key, item in fields.items()]
    compared = sorted(fields.items(), key=lambda pair: pair[1].kind.rank)
    lines = [
        "def __eq__(self, other):",
        '    """Return whether all attributes are equal; raises `TypeError` for another class."""',
        "    if self is other:",
        "        return True",
        f"    if not isinstance(other, {name}):",
        "        raise not_comparable(self, other)",
        f"    return {' and '.join(_each(compared, '', lambda kind: kind.equal))}",
        "def __hash__(self):",
        '    """Return a hash value of all attributes."""',
        "    return hash((",
        *_each(fields.items(), "        ", lambda kind: kind.hashed + ","),
        "    ))",
        "def __repr__(self):",
        '    """Return a text of all attributes, in ASCII; dictionaries are in their order."""',
        f"    return f{name + '(' + ', '.join(shown) + ')'!r}",
        "def __str__(self):",
        '    """Return a short text of the main attributes, in ASCII."""',
        f"    return f{name + '(' + ', '.join([*shown[:short], '...']) + ')'!r}",
        # The last one: where it is, the others are, also for another thread.
        "def _copied(self):",
        f"    copied = new({name})",
        *_each(fields.items(), "    copied._{1} = ", lambda kind: kind.copied),
        "    return copied",
    ]
    return "\n".join(lines) + "\n"


def _each(
    fields: Iterable[Tuple[str, Attribute[Any]]], lead: str, part: Callable[[_Kind], str]
) -> Iterator[str]:
    """Yield a line for each field, with an expression of its kind."""
    for key, item in fields:
        slots = (f"self._{key}", f"other._{key}")
        yield lead.format("", key) + part(item.kind).format(*slots, copy="copy_" + key)


def not_comparable(obj: object, other: object) -> TypeError:
    """Return the exception for ``==`` with an object of another class."""
    return TypeError(f"other must be {type(obj).__name__}, but is: {type(other)}")


# What is stored


def to_text(value: Any) -> Any:
    """Return a byte string decoded from UTF-8, and anything else as it is."""
    return value.decode("utf-8") if isinstance(value, bytes) else value


def to_bool(value: Any) -> Optional[bool]:
    """Return the truth value of something, and `None` for `None`."""
    return value if value is None else bool(value)


def required_name(value: Any, class_name: str, attribute_name: str = "name") -> Any:
    """
    Return the name as text.

    Raises:
        ValueError: The name is `None`.
    """
    if value is None:
        raise ValueError(f"{class_name} {attribute_name!r} parameter must not be None")
    return value.decode("utf-8") if isinstance(value, bytes) else value


# What is compared and copied. The parameters are what the slots of two objects hold.


def copy_dict(value: Optional[NocaseDict]) -> Optional[NocaseDict]:
    """Return a copy of the dictionary of a slot that shares its items."""
    return value.copy() if value else None


def copied_value(value: Any) -> Any:
    """Return a copy of a value: a new list for an array, the same object for a scalar."""
    return value[:] if isinstance(value, list) else value


def copied_path(path: Any) -> Any:
    """Return a copy of an optional path."""
    return None if path is None else path.copy()


def eq_dict(left: Optional[NocaseDict], right: Optional[NocaseDict]) -> bool:
    """
    Return whether the dictionaries of two slots are equal: the case of names and the order of items
    do not count.

    Items that cannot be compared with each other are not equal.
    """
    if left is right:
        return True
    if not left or not right:
        return not left and not right
    data = right._data
    if len(left._data) != len(data):
        return False
    try:
        for key, (_, item) in left._data.items():
            if key not in data:
                return False
            other = data[key][1]
            if item is other or item == other:
                continue
            return False
    except TypeError:
        return False
    return True


def eq_value(left: Any, right: Any) -> bool:
    """
    Return whether two CIM values are equal; NULL is equal to nothing else.

    Raises:
        TypeError: They are CIM objects that cannot be compared with each other.
    """
    if left is None or right is None:
        return left is right
    return bool(left == right)


def eq_name(left: Optional[str], right: Optional[str]) -> bool:
    """Return whether two optional names are equal, lexical case ignored."""
    if left == right:
        return True
    return left is not None and right is not None and left.lower() == right.lower()


def hash_dict(value: Optional[NocaseDict]) -> int:
    """Return a hash value for the dictionary of a slot that agrees with `eq_dict`."""
    if not value:
        return 0
    return hash(frozenset([(key, hash_item(item)) for key, (_, item) in value._data.items()]))


def hash_name(name: Optional[str]) -> int:
    """Return a hash value for an optional name that agrees with `eq_name`."""
    return hash(name and name.lower())


def hash_item(value: Any) -> int:
    """Return a hash value for a CIM value; arrays are hashed by their items."""
    return hash(tuple(value)) if isinstance(value, list) else hash(value)


# Representation. The text is ASCII, so that it can be printed anywhere.

_HEX_ESCAPE = re.compile(r"\\(?:\\|x([0-9a-f]{2}))")


def to_repr(value: Any) -> str:
    """
    Return the representation of an attribute: strings in ASCII with ``\\u`` escapes, CIM numbers as
    plain numbers, and the items of lists likewise.
    """
    if isinstance(value, str):
        text = ascii(str.__str__(value))
        return _HEX_ESCAPE.sub(_u_escape, text) if "\\x" in text else text
    if isinstance(value, list):
        return f"[{', '.join([to_repr(item) for item in value])}]"
    if isinstance(value, CIMInt):
        return int.__repr__(value)
    if isinstance(value, CIMFloat):
        return float.__repr__(value)
    if isinstance(value, bytes):
        return to_repr(value.decode("utf-8", "backslashreplace"))
    return ascii(value)


def _u_escape(match: Match[str]) -> str:
    digits = match.group(1)
    return match.group() if digits is None else "\\u00" + digits


def dict_repr(value: Optional[NocaseDict]) -> str:
    """Return the representation of the dictionary of a slot."""
    if not value:
        return "NocaseDict({})"
    items = [f"{to_repr(name)}: {to_repr(item)}" for name, item in value._data.values()]
    return f"NocaseDict({{{', '.join(items)}}})"


# What the written methods call, beside the functions of the fields.
_HELPERS: Dict[str, Any] = {
    "new": object.__new__,
    "NocaseDict": NocaseDict,
    **{
        function.__name__: function
        for function in (
            *(copied_path, copied_value, dict_repr, eq_dict, eq_name, eq_value, hash_dict),
            *(hash_item, hash_name, not_comparable, to_repr),
        )
    },
}
