"""
The differences between two servers.

What a subclass inherits changes with its superclass; that is said once, for the superclass.  What
CIM-XML takes for the same is the same: a flavor that is not given has its default, and the order of
declarations is none.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Optional, Sequence, Set, Tuple

from pywbem._cim_constants import CIM_ERR_NOT_SUPPORTED
from pywbem._cim_obj import CIMClass, CIMInstance, CIMInstanceName, CIMQualifierDeclaration
from pywbem._exceptions import CIMError, Error

from .building import ALL_SCOPES
from .reading import Reader, facts_of
from .sources import Source

ADDED, REMOVED, CHANGED = "added", "removed", "changed"


class Change(NamedTuple):
    """
    One difference: of an element, such as ``property Name qualifier MaxLen``, or of one of its
    fields, such as ``type``.
    """

    element: str
    change: str
    field: Optional[str] = None
    before: Any = None
    after: Any = None


class ObjectChange(NamedTuple):
    """
    The differences of an object, which is there only once if it was added or removed.
    """

    namespace: str
    kind: str
    name: str
    change: str
    details: Sequence[Change] = ()


class Comparison(NamedTuple):
    """
    What a comparison found, and what could not be read for it.
    """

    changes: List[ObjectChange]
    failures: List[str]


# -- Elements ----------------------------------------------------------------------

# DSP0201 5.2.3.2 and 5.2.3.3: what is meant where nothing is said.
_DEFAULTS = {
    "propagated": False,
    "overridable": True,
    "tosubclass": True,
    "toinstance": False,
    "translatable": False,
}
_FLAVORS = ("overridable", "tosubclass", "toinstance", "translatable")
_QUALIFIER = ("type", "value", "propagated", *_FLAVORS)
_DATA = ("type", "value", "is_array", "array_size", "reference_class", "embedded_object")
_PROPERTY = (*_DATA, "class_origin", "propagated")
_METHOD = ("return_type", "class_origin", "propagated")
_DECLARATION = ("type", "value", "is_array", "array_size", *_FLAVORS)
_NAMES = frozenset(("class_origin", "reference_class", "superclass"))


def _comparable(field: str, value: Any) -> Any:
    """
    A form of a value in which what is the same is equal.
    """
    if value is None:
        return _DEFAULTS.get(field)
    if field in _NAMES:
        return value.casefold()
    if isinstance(value, list):
        return [_comparable(field, item) for item in value]
    if isinstance(value, float) and value != value:
        return "NaN"
    if isinstance(value, (CIMInstance, CIMClass)):
        return value.tocimxmlstr()
    if isinstance(value, CIMInstanceName):
        return value.to_wbem_uri(format="canonical")
    return value


def _fields(element: str, a: Any, b: Any, names: Sequence[str]) -> Iterator[Change]:
    for name in names:
        before, after = getattr(a, name), getattr(b, name)
        if before != after and _comparable(name, before) != _comparable(name, after):
            yield Change(element, CHANGED, name, before, after)


def _paired(
    a: Any, b: Any, prefix: str, compare: Callable[[str, Any, Any], Iterator[Change]]
) -> Iterator[Change]:
    """
    The differences of the elements of two dictionaries.
    """
    for name, before in a.items():
        element = f"{prefix}{name}"
        after = b.get(name)
        if after is None:
            yield Change(element, REMOVED)
        elif before is not after and before != after:
            yield from compare(element, before, after)
    for name in b:
        if name not in a:
            yield Change(f"{prefix}{name}", ADDED)


def _qualifiers(element: str, a: Any, b: Any) -> Iterator[Change]:
    prefix = f"{element} qualifier " if element else "qualifier "
    yield from _paired(
        a.qualifiers, b.qualifiers, prefix, lambda name, x, y: _fields(name, x, y, _QUALIFIER)
    )


def _property(element: str, a: Any, b: Any) -> Iterator[Change]:
    yield from _fields(element, a, b, _PROPERTY)
    yield from _qualifiers(element, a, b)


def _parameter(element: str, a: Any, b: Any) -> Iterator[Change]:
    yield from _fields(element, a, b, _DATA)
    yield from _qualifiers(element, a, b)


def _method(element: str, a: Any, b: Any) -> Iterator[Change]:
    yield from _fields(element, a, b, _METHOD)
    yield from _qualifiers(element, a, b)
    yield from _paired(a.parameters, b.parameters, f"{element} parameter ", _parameter)


def class_changes(a: CIMClass, b: CIMClass) -> List[Change]:
    """
    The differences of a class.

    Parameters:
        a (CIMClass): The class as it was.
        b (CIMClass): The class as it is.
    """
    result = list(_fields("", a, b, ["superclass"]))
    result += _qualifiers("", a, b)
    result += _paired(a.properties, b.properties, "property ", _property)
    result += _paired(a.methods, b.methods, "method ", _method)
    return result


def declaration_changes(a: CIMQualifierDeclaration, b: CIMQualifierDeclaration) -> List[Change]:
    """
    The differences of a qualifier declaration.

    Parameters:
        a (CIMQualifierDeclaration): The declaration as it was.
        b (CIMQualifierDeclaration): The declaration as it is.
    """
    result = list(_fields("", a, b, _DECLARATION))
    before, after = _scopes(a), _scopes(b)
    if before != after:
        result.append(Change("", CHANGED, "scopes", before, after))
    return result


def _scopes(declaration: CIMQualifierDeclaration) -> List[str]:
    scopes = declaration.scopes
    return [name for name in ALL_SCOPES if scopes.get("ANY") or scopes.get(name)]


def instance_changes(a: CIMInstance, b: CIMInstance) -> List[Change]:
    """
    The differences of an instance.

    Parameters:
        a (CIMInstance): The instance as it was.
        b (CIMInstance): The instance as it is.
    """

    def compare(element: str, x: Any, y: Any) -> Iterator[Change]:
        yield from _fields(element, x, y, ("type", "value", "is_array"))

    return list(_paired(a.properties, b.properties, "property ", compare))


def _relative(value: Any, namespace: str) -> Any:
    """
    A value in which references to a namespace do not name it.

    Parameters:
        value (any): The value.
        namespace (str): The namespace, case folded.
    """
    if isinstance(value, list):
        return [_relative(item, namespace) for item in value]
    if not isinstance(value, CIMInstanceName):
        return value
    result = value.copy()
    if result.host is None and (result.namespace or "").casefold() == namespace:
        result.namespace = None
    for name, key in result.keybindings.items():
        result.keybindings[name] = _relative(key, namespace)
    return result


def _make_relative(instance: CIMInstance, namespace: str) -> None:
    instance._path = _relative(instance.path, namespace)
    for prop in instance.properties.values():
        if prop.type == "reference":
            prop._value = _relative(prop._value, namespace)


def _may_have_instances(cls: Optional[CIMClass]) -> bool:
    return cls is not None and not facts_of(cls).abstract


# -- Servers -----------------------------------------------------------------------


def compare(
    a: Source,
    b: Source,
    instances: bool = False,
    advance: Optional[Callable[[str, int, int], None]] = None,
) -> Comparison:
    """
    Compare two servers.

    Parameters:
        a (Source): The server as it was.
        b (Source): The server as it is.
        instances (bool): Compare instances, too.
        advance (callable): Is called with what is compared, what is done and how much that is in
            all.

    Raises:
        Error: One of them could not be read at all.
    """
    result = Comparison([], [])
    pairs, alone = _namespaces(a, b)
    for namespace, change in alone:
        result.changes.append(ObjectChange(namespace, "namespace", namespace, change))
    for before, after in pairs:
        _Namespace(a, before, b, after, result, advance or (lambda *_: None)).compare(instances)
    return result


def _namespaces(a: Source, b: Source) -> Tuple[List[Tuple[str, str]], List[Tuple[str, str]]]:
    """
    The namespaces that are compared, and those that only one of them has.
    """
    # One of which no namespaces are known is asked for those of the other one.
    left = a.namespaces or b.namespaces or [a.conn.default_namespace]
    right = b.namespaces or a.namespaces or [b.conn.default_namespace]
    if len(left) == len(right) == 1:
        return [(left[0], right[0])], []
    names = {name.casefold(): name for name in right}
    pairs, alone = [], []
    for name in left:
        other = names.pop(name.casefold(), None)
        if other is None:
            alone.append((name, REMOVED))
        else:
            pairs.append((name, other))
    return pairs, alone + [(name, ADDED) for name in names.values()]


class _Namespace:
    """
    The comparison of one namespace.
    """

    def __init__(
        self,
        a: Source,
        before: str,
        b: Source,
        after: str,
        result: Comparison,
        advance: Callable[[str, int, int], None],
    ) -> None:
        self._a, self._b = a.reader(before), b.reader(after)
        self._name = before
        # Names of namespaces that are compared although they differ.
        self._own_names = (before, after) if before.casefold() != after.casefold() else ("", "")
        self._result = result
        self._advance = advance
        self._all: Dict[str, List[Change]] = {}
        self._above: Dict[str, List[str]] = {}
        self._alone: Dict[str, str] = {}
        #: Names of the classes that have subclasses, on each side.
        self._superclasses: Tuple[Set[str], Set[str]] = (set(), set())

    def _add(self, kind: str, name: str, change: str, details: Sequence[Change] = ()) -> None:
        self._result.changes.append(ObjectChange(self._name, kind, name, change, details))

    def compare(self, instances: bool) -> None:
        """
        Compare everything.
        """
        self._compare_qualifiers()
        both = self._compare_classes()
        if instances:
            for number, (name, facts) in enumerate(both, 1):
                self._compare_instances(name, *facts)
                self._advance(f"{self._name} instances", number, len(both))

    def _compare_qualifiers(self) -> None:
        try:
            left = {item.name.casefold(): item for item in self._a.qualifiers()}
            right = {item.name.casefold(): item for item in self._b.qualifiers()}
        except CIMError as exc:
            self._result.failures.append(f"{self._name}: qualifier declarations: {exc}")
            return
        for key in sorted({*left, *right}):
            a, b = left.get(key), right.get(key)
            if a is None or b is None:
                present: Any = a or b
                self._add("qualifier", present.name, REMOVED if b is None else ADDED)
            elif a != b:
                details = declaration_changes(self._a.received(a), self._b.received(b))
                if details:
                    self._add("qualifier", a.name, CHANGED, details)

    # -- Classes ---------------------------------------------------------------

    def _compare_classes(self) -> List[Tuple[str, Tuple[bool, bool]]]:
        """
        Compare the classes; return those that may have instances, and where.
        """
        left = {name.casefold(): name for name in self._a.class_names()}
        right = {name.casefold(): name for name in self._b.class_names()}
        keys = sorted({*left, *right})
        concrete = []
        for number, key in enumerate(keys, 1):
            a = self._class(self._a, left.get(key))
            b = self._class(self._b, right.get(key))
            if a is not None and b is not None:
                self._note(key, a, b)
            elif key not in left or key not in right:
                present = b if a is None else a
                if present is not None:
                    self._alone[key] = REMOVED if b is None else ADDED
            for above, cls in zip(self._superclasses, (a, b)):
                if cls is not None and cls.superclass is not None:
                    above.add(cls.superclass.casefold())
            where = _may_have_instances(a), _may_have_instances(b)
            if any(where):
                concrete.append((left.get(key) or right[key], where))
            self._advance(f"{self._name} classes", number, len(keys))
        for key in keys:
            if key in self._alone:
                self._add("class", left.get(key) or right[key], self._alone[key])
            details = self._own(key)
            if details:
                self._add("class", left.get(key) or right[key], CHANGED, details)
        return concrete

    def _class(self, reader: Reader, name: Optional[str]) -> Optional[CIMClass]:
        if name is None:
            return None
        try:
            return reader.get_class(name)
        except Error as exc:
            reader.check_reachable(exc)
            self._result.failures.append(f"{self._name}: class {name}: {exc}")
            return None

    def _note(self, key: str, a: CIMClass, b: CIMClass) -> None:
        details = [] if a == b else class_changes(self._a.received(a), self._b.received(b))
        if details:
            self._all[key] = details
            self._above[key] = [(x.superclass or "").casefold() for x in (a, b)]

    def _own(self, key: str) -> List[Change]:
        """
        The differences of a class that its superclass does not have.
        """
        details = self._all.get(key, [])
        inherited = [
            change for above in self._above.get(key, ()) for change in self._all.get(above, ())
        ]
        # Qualifiers of the class itself are not told apart from those of the superclass.
        return [x for x in details if not (x.element and x in inherited)]

    # -- Instances -------------------------------------------------------------

    def _compare_instances(self, name: str, in_a: bool, in_b: bool) -> None:
        in_subclasses = [name.casefold() in above for above in self._superclasses]
        own = self._own_names
        left = self._instances(self._a, name, in_subclasses[0], own[0]) if in_a else {}
        right = self._instances(self._b, name, in_subclasses[1], own[1]) if in_b else {}
        if left is None or right is None:
            return
        for key in sorted({*left, *right}):
            a, b = left.get(key), right.get(key)
            if a is None or b is None:
                self._add("instance", key, REMOVED if b is None else ADDED)
            elif a != b:
                details = instance_changes(self._a.received(a), self._b.received(b))
                if details:
                    self._add("instance", key, CHANGED, details)

    def _instances(
        self, reader: Reader, name: str, has_subclasses: bool, own_name: str
    ) -> Optional[Dict[str, CIMInstance]]:
        result: Dict[str, CIMInstance] = {}
        try:
            for instance in reader.instances(name, has_subclasses):
                if own_name:
                    _make_relative(instance, own_name.casefold())
                path: Any = instance.path
                path.namespace = None
                # Of two of one name the first, as in a snapshot.
                result.setdefault(path.to_wbem_uri(format="canonical").lstrip("/:"), instance)
        except (Error, ValueError) as exc:
            if isinstance(exc, Error):
                reader.check_reachable(exc)
                if isinstance(exc, CIMError) and exc.status_code == CIM_ERR_NOT_SUPPORTED:
                    # Nobody provides instances of the class.
                    return result
            self._result.failures.append(f"{self._name}: instances of {name}: {exc}")
            return None
        return result
