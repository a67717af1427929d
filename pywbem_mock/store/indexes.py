"""
The indexes of object stores, and the keys under which objects are stored.

With them an operation costs in proportion to its result: the subclasses of a
class, the instances of a class, and the association instances that refer to an
instance are found without a walk through the store.
"""

from __future__ import annotations

from contextlib import suppress
from sys import intern
from typing import Any, Dict, FrozenSet, Iterable, Iterator, List, Optional, Set, Tuple

from pywbem._cim_obj import CIMClass, CIMInstance, CIMInstanceName
from pywbem._cim_types import CIMDateTime

# (namespace, class name, ((name of key, value), ...))
PathKey = Tuple[Optional[str], str, Tuple[Tuple[Any, Any], ...]]


_NO_ENDS: FrozenSet[PathKey] = frozenset()

# Characters of a datetime as text.
_DATETIME_SIZE = 25


def _key_value(value: Any, namespace: Optional[str]) -> Any:
    if isinstance(value, CIMInstanceName):
        return path_key(value, namespace)
    if isinstance(value, str) and len(value) == _DATETIME_SIZE:
        # A key in CIM-XML need not say that it is a datetime (DSP0201 KEYVALUE).
        with suppress(ValueError):
            return CIMDateTime(value)
    return value


def path_key(path: CIMInstanceName, namespace: Optional[str] = None) -> PathKey:
    """
    The key of an instance path: equal for paths of the same instance.

    The host does not count.  A reference in a keybinding that has no namespace
    is one into the namespace of the path (DSP0004).

    Parameters:
        path (CIMInstanceName): The path.
        namespace (str): The namespace if the path has none, case folded.
    """
    if path._namespace is not None:
        namespace = intern(path._namespace.casefold())
    # All keys of a class share its name: there may be many.
    classname = intern(path._classname.casefold())
    keybindings = path._keybindings
    if keybindings is None:
        return namespace, classname, ()
    keys = []
    for key, (_, value) in keybindings._data.items():
        if value.__class__ is not str or len(value) == _DATETIME_SIZE:
            value = _key_value(value, namespace)
        keys.append((key, value))
    if len(keys) > 1:
        keys.sort(key=_first)
    return namespace, classname, tuple(keys)


def _first(item: Tuple[Any, Any]) -> Any:
    return item[0]


class Entry:
    """
    An object in a store: its key, its name, the object, and its place in the
    order of creation.

    The object is never changed, only replaced, so it can be used without a
    copy as long as it does not leave the server.
    """

    __slots__ = ("ends", "key", "name", "obj", "seq")

    def __init__(self, key: Any, name: Any, obj: Any, seq: int) -> None:
        self.key = key
        self.name = name
        self.obj = obj
        self.seq = seq
        self.ends: FrozenSet[Any] = frozenset()


class Index:
    """
    What a store tells of its objects; this one does not listen.
    """

    def add(self, entry: Entry) -> None:
        """An object was added or replaced."""

    def remove(self, entry: Entry) -> None:
        """An object is about to be removed or replaced."""


class QualifierIndex(Index):
    """
    How qualifiers may be used, as far as somebody has looked that up in their declarations.
    """

    def __init__(self) -> None:
        #: Name, type and scope of a qualifier that are as declared, case folded.
        self.allowed: Set[Tuple[str, str, str]] = set()

    def add(self, entry: Entry) -> None:
        self.allowed.clear()

    def remove(self, entry: Entry) -> None:
        self.allowed.clear()


class ClassIndex(Index):
    """
    Classes by superclass, and by the classes to which they refer.
    """

    def __init__(self) -> None:
        self._subclasses: Dict[Any, Dict[Any, Entry]] = {}
        self._referring: Dict[Any, Dict[Any, Entry]] = {}
        #: By class, what its subclasses inherit of it, as long as it is not changed.
        self.inherited: Dict[Any, Any] = {}

    def add(self, entry: Entry) -> None:
        cls: CIMClass = entry.obj
        _put(self._subclasses, cls._superclass and cls._superclass.casefold(), entry)
        entry.ends = _referred_classes(cls)
        for end in entry.ends:
            _put(self._referring, end, entry)

    def remove(self, entry: Entry) -> None:
        cls: CIMClass = entry.obj
        self.inherited.pop(entry.key, None)
        _drop(self._subclasses, cls._superclass and cls._superclass.casefold(), entry)
        for end in entry.ends:
            _drop(self._referring, end, entry)

    def referring_to(self, classnames: Iterable[str]) -> List[CIMClass]:
        """
        The classes with a reference property whose class is one of the given,
        in the order of their creation.
        """
        found: Dict[Any, Entry] = {}
        for name in classnames:
            found.update(self._referring.get(name.casefold(), {}))
        return [entry.obj for entry in sorted(found.values(), key=_sequence)]

    def subclasses(self, classname: Optional[str]) -> List[CIMClass]:
        """
        The direct subclasses of a class, or the top-level classes for None.
        """
        if classname is not None:
            classname = classname.casefold()
        entries = sorted(self._subclasses.get(classname, {}).values(), key=_sequence)
        return [entry.obj for entry in entries]

    def all_subclasses(self, classname: Optional[str]) -> List[CIMClass]:
        """
        All subclasses of a class, or all classes for None: the direct ones,
        then those below each of them.
        """
        result: List[CIMClass] = []
        known: Set[int] = set()
        pending = [self.subclasses(classname)]
        while pending:
            group = [cls for cls in pending.pop() if id(cls) not in known]
            known.update(map(id, group))
            result.extend(group)
            below = (self.subclasses(cls._classname) for cls in reversed(group))
            pending.extend(group for group in below if group)
        return result

    def keys_with_subclasses(self, classname: str) -> Iterator[str]:
        """
        The keys of a class and of all its subclasses.
        """
        pending = [classname.casefold()]
        known = set()
        while pending:
            key = pending.pop()
            # Servers may have classes that are derived from each other, and snapshots have them.
            if key not in known:
                known.add(key)
                yield key
                pending.extend(entry.key for entry in self._subclasses.get(key, {}).values())


class InstanceIndex(Index):
    """
    Instances by class, and by the instances to which they refer.
    """

    def __init__(self) -> None:
        self._by_class: Dict[Any, Dict[Any, Entry]] = {}
        self._by_end: Dict[Any, Dict[Any, Entry]] = {}

    def add(self, entry: Entry) -> None:
        namespace, classname, _ = entry.key
        _put(self._by_class, classname, entry)
        entry.ends = _ends(entry.obj, namespace)
        for end in entry.ends:
            _put(self._by_end, end, entry)

    def remove(self, entry: Entry) -> None:
        _drop(self._by_class, entry.key[1], entry)
        for end in entry.ends:
            _drop(self._by_end, end, entry)

    def of_classes(self, classnames: Iterable[str]) -> List[Entry]:
        """
        The instances whose class is one of the given, in the order of their
        creation.
        """
        groups = [self._by_class[name] for name in classnames if name in self._by_class]
        entries = [entry for group in groups for entry in group.values()]
        entries.sort(key=_sequence)
        return entries

    def has_instances(self, classname: str) -> bool:
        """
        Whether there are instances of a class; those of subclasses do not
        count.
        """
        return classname.casefold() in self._by_class

    def referring_to(self, end: PathKey) -> List[Entry]:
        """
        The instances that refer to an instance, in the order of their
        creation.
        """
        return sorted(self._by_end.get(end, {}).values(), key=_sequence)


def _put(index: Dict[Any, Dict[Any, Entry]], key: Any, entry: Entry) -> None:
    entries = index.get(key)
    if entries is None:
        entries = index[key] = {}
    entries[entry.seq] = entry


def _drop(index: Dict[Any, Dict[Any, Entry]], key: Any, entry: Entry) -> None:
    entries = index[key]
    del entries[entry.seq]
    if not entries:
        del index[key]


def _referred_classes(cls: CIMClass) -> FrozenSet[Any]:
    """
    The classes of the reference properties of a class.
    """
    return frozenset(
        [
            prop._reference_class.casefold()
            for prop in (cls._properties or {}).values()
            if prop._type == "reference" and prop._reference_class
        ]
    )


def _sequence(entry: Entry) -> int:
    return entry.seq


def _ends(instance: CIMInstance, namespace: Optional[str]) -> FrozenSet[PathKey]:
    """
    The keys of the instances to which an instance refers.
    """
    ends = []
    if instance._properties is not None:
        for _, prop in instance._properties._data.values():
            if prop._type == "reference" and isinstance(prop._value, CIMInstanceName):
                ends.append(path_key(prop._value, namespace))
    return frozenset(ends) if ends else _NO_ENDS
