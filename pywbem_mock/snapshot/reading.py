"""
What is read of a server, and in which order.

Qualifier declarations first, with one operation; then classes, each after its superclass, with all
that they inherit; then the instances, class by class, with pull operations if the server has them.
An operation on the instances of a class returns those of its subclasses, too.  They are read with
their own class, so a superclass is enumerated only if paths show that it has instances itself.
"""

from __future__ import annotations

from contextlib import closing
from typing import Any, Callable, Dict, Iterable, Iterator, List, NamedTuple, Optional, Set, TypeVar

from pywbem import WBEMServer
from pywbem._cim_obj import CIMClass, CIMInstance, CIMInstanceName, CIMQualifierDeclaration
from pywbem._exceptions import (
    AuthError,
    CIMError,
    ConnectionError,
    Error,
    ModelError,
    TimeoutError,
)

_T = TypeVar("_T")

#: How many instances an operation returns.
PULL_SIZE = 1000
#: How often a server is asked whether it is still there.
_PROBES = 3


class Unreachable(Exception):
    """
    There is no use in going on: the server is not there, or does not let us in.
    """


class ClassFacts(NamedTuple):
    """
    What has to be known of a class to read its instances.
    """

    name: str
    superclass: Optional[str]
    abstract: bool
    association: bool


def is_true(cls: CIMClass, qualifier: str) -> bool:
    """
    Whether a class has a boolean qualifier that is true.
    """
    found = cls.qualifiers.get(qualifier)
    return found is not None and found.value is True


def facts_of(cls: CIMClass) -> ClassFacts:
    """
    What has to be known of a class.
    """
    abstract = cls.qualifiers.get("Abstract")
    return ClassFacts(
        cls.classname,
        cls.superclass,
        # Abstract is not passed on to subclasses (DSP0004 5.6.3.1).
        abstract is not None and abstract.value is True and not abstract.propagated,
        is_true(cls, "Association"),
    )


def _localized(value: Any, hosts: Set[str]) -> Any:
    """
    A value in which references to instances of the server itself have no host.
    """
    if isinstance(value, CIMInstanceName):
        local = value.host is None or value.host.casefold() in hosts
        keys = value.keybindings
        if (
            local
            and value.host is None
            and not any(isinstance(item, CIMInstanceName) for item in keys.values())
        ):
            return value
        result = value.copy()
        if local:
            result.host = None
        for name, item in keys.items():
            result.keybindings[name] = _localized(item, hosts)
        return result
    if isinstance(value, list):
        return [_localized(item, hosts) for item in value]
    return value


def localize(instance: CIMInstance, namespace: str, hosts: Set[str]) -> CIMInstance:
    """
    Make an instance that a server returned say nothing of where the server is.

    Parameters:
        instance (CIMInstance): The instance, which is changed.
        namespace (str): The namespace from which it was read.
        hosts (set of str): The names of the server, case folded.

    Raises:
        ValueError: It has no path.
    """
    path = instance.path
    if path is None:
        raise ValueError(f"The server returned an instance of {instance.classname} without path")
    own = hosts | {path.host.casefold()} if path.host else hosts
    path.host = None
    path.namespace = namespace
    for name, key in list(path.keybindings.items()):
        if isinstance(key, CIMInstanceName):
            path.keybindings[name] = _localized(key, own)
    for prop in instance.properties.values():
        if prop.type == "reference":
            prop._value = _localized(prop._value, own)
    return instance


class Reader:
    """
    Reads one namespace of a server.

    Parameters:
        conn (WBEMConnection): The connection.
        namespace (str): The namespace.
    """

    def __init__(self, conn: Any, namespace: str) -> None:
        self._conn = conn
        self._namespace = namespace
        host = str(conn.host)
        name, _, _ = host.rpartition(":")
        self._hosts = {host.casefold(), (name or host).casefold()}

    def check_reachable(self, exc: Error) -> None:
        """
        Raise Unreachable for an error that every other operation would meet, too.

        Parameters:
            exc (Error): What an operation raised.

        Raises:
            Unreachable: Another operation meets it.
        """
        if isinstance(exc, AuthError):
            raise Unreachable(str(exc)) from exc
        if not isinstance(exc, ConnectionError) or isinstance(exc, TimeoutError):
            return
        for _ in range(_PROBES):
            try:
                self._conn.EnumerateClassNames(namespace=self._namespace, DeepInheritance=False)
            except ConnectionError:
                continue
            except Error:
                pass
            return
        raise Unreachable(str(exc)) from exc

    def attempt(self, work: Callable[[], _T]) -> _T:
        """
        Do something that reads, once more if the connection broke; a server that does not answer in
        time is not asked again.

        Parameters:
            work (callable): Reads, and raises what the operation raises.

        Raises:
            Error: It could not be read.
            Unreachable: The server is not there.
        """
        try:
            return work()
        except TimeoutError:
            raise
        except ConnectionError as exc:
            self.check_reachable(exc)
            return work()

    def received(self, obj: _T) -> _T:
        """
        What a client receives of an object that this reader has read: that object.

        Parameters:
            obj (CIMQualifierDeclaration, CIMClass or CIMInstance): The object.
        """
        return obj

    def qualifiers(self) -> List[CIMQualifierDeclaration]:
        """
        The qualifier declarations.

        Raises:
            Error: They could not be read.
        """
        return self.attempt(lambda: self._conn.EnumerateQualifiers(namespace=self._namespace))

    def class_names(self, classname: Optional[str] = None) -> List[str]:
        """
        The names of the subclasses of a class at all levels, or of all classes.

        Parameters:
            classname (str): The class.  None means that all are wanted.

        Raises:
            Error: They could not be read.
        """
        return self.attempt(
            lambda: self._conn.EnumerateClassNames(
                namespace=self._namespace, ClassName=classname, DeepInheritance=True
            )
        )

    def get_class(self, name: str) -> CIMClass:
        """
        A class with everything that the server gives.

        Parameters:
            name (str): Name of the class.

        Raises:
            Error: It could not be read.
        """
        cls: CIMClass = self.attempt(
            lambda: self._conn.GetClass(
                name,
                namespace=self._namespace,
                LocalOnly=False,
                IncludeQualifiers=True,
                IncludeClassOrigin=True,
            )
        )
        cls.path = None
        return cls

    def instances(self, classname: str, has_subclasses: bool = False) -> Iterator[CIMInstance]:
        """
        Yield the instances of a class, without those of its subclasses.

        Parameters:
            classname (str): The class.
            has_subclasses (bool): Whether the class has subclasses.

        Raises:
            Error: They could not be read, or not to the end.
            ValueError: One has no path.
        """
        if has_subclasses and not self._has_own(classname):
            return
        found = self._conn.IterEnumerateInstances(
            classname,
            namespace=self._namespace,
            LocalOnly=False,
            DeepInheritance=True,
            IncludeClassOrigin=True,
            MaxObjectCount=PULL_SIZE,
        )
        key = classname.casefold()
        with closing(found):
            for instance in found:
                if instance.classname.casefold() == key:
                    yield localize(instance, self._namespace, self._hosts)

    def _has_own(self, classname: str) -> bool:
        key = classname.casefold()
        paths = self._conn.IterEnumerateInstancePaths(
            classname, namespace=self._namespace, MaxObjectCount=PULL_SIZE
        )
        try:
            with closing(paths):
                return any(path.classname.casefold() == key for path in paths)
        except CIMError:
            # The instances themselves tell.
            return True


def needed_classes(cls: CIMClass) -> List[str]:
    """
    The classes without which the MOF of a class does not compile.

    Parameters:
        cls (CIMClass): The class.
    """
    names = [cls.superclass] if cls.superclass else []
    for prop in cls.properties.values():
        if prop.reference_class:
            names.append(prop.reference_class)
        embedded = prop.qualifiers.get("EmbeddedInstance")
        if embedded is not None and isinstance(embedded.value, str):
            names.append(embedded.value)
    return names


def by_superclass(classes: Iterable[ClassFacts]) -> List[str]:
    """
    The names of classes, each after its superclass, otherwise in the order given.

    Parameters:
        classes (iterable of ClassFacts): The classes.
    """
    known: Dict[str, ClassFacts] = {item.name.casefold(): item for item in classes}
    result: Dict[str, str] = {}
    for item in known.values():
        chain: List[ClassFacts] = []
        current: Optional[ClassFacts] = item
        # A server may have classes that are derived from each other.
        while current is not None and current.name.casefold() not in result:
            if current in chain:
                break
            chain.append(current)
            current = known.get((current.superclass or "").casefold())
        for link in reversed(chain):
            result[link.name.casefold()] = link.name
    return list(result.values())


def all_namespaces(conn: Any) -> List[str]:
    """
    The namespaces of a server, which its Interop namespace tells.

    Parameters:
        conn (WBEMConnection): The connection.

    Raises:
        Error: They could not be read.
    """
    try:
        return [str(name) for name in WBEMServer(conn).namespaces]
    except ModelError as exc:
        text = f"The server does not tell its namespaces; name them: {exc}"
        raise ModelError(text, conn_id=exc.conn_id) from exc
