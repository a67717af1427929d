"""
Where compiled MOF goes: the interface of a CIM repository, and a repository in memory.
"""

from __future__ import annotations

from abc import ABCMeta, abstractmethod
from typing import Any, Dict, Iterator, List, Optional, Tuple

from pywbem._cim_constants import (
    CIM_ERR_FAILED,
    CIM_ERR_INVALID_SUPERCLASS,
    CIM_ERR_NOT_FOUND,
    DEFAULT_NAMESPACE,
)
from pywbem._cim_obj import (
    CIMClass,
    CIMInstance,
    CIMInstanceName,
    CIMQualifierDeclaration,
)
from pywbem._exceptions import CIMError
from pywbem._nocasedict import NocaseDict
from pywbem._warnings import ToleratedSchemaIssueWarning, warn_caller

from .removal import remove

__all__ = ["BaseRepositoryConnection", "MOFWBEMConnection", "is_key", "key_values"]


class BaseRepositoryConnection(metaclass=ABCMeta):
    """
    What the MOF compiler needs of a CIM repository: these operations, with the parameters, results
    and exceptions of the operations of the same names of :class:`~pywbem.WBEMConnection`.

    To be derived from by classes that connect the MOF compiler to a CIM repository of another
    kind.  The methods raise exceptions derived from :exc:`~pywbem.Error`; the compiler acts on
    :exc:`~pywbem.CIMError`.
    """

    @property
    @abstractmethod
    def default_namespace(self) -> str:
        """
        str: The namespace for operations that specify none.  Can be set.
        """

    @default_namespace.setter
    @abstractmethod
    def default_namespace(self, value: str) -> None: ...

    @abstractmethod
    def EnumerateInstanceNames(self, *args: Any, **kwargs: Any) -> Any:
        """Return the paths of the instances of a class."""

    @abstractmethod
    def CreateInstance(self, *args: Any, **kwargs: Any) -> Any:
        """Create an instance and return its path."""

    @abstractmethod
    def ModifyInstance(self, *args: Any, **kwargs: Any) -> Any:
        """Modify an instance."""

    @abstractmethod
    def DeleteInstance(self, *args: Any, **kwargs: Any) -> Any:
        """Delete an instance."""

    @abstractmethod
    def GetClass(self, *args: Any, **kwargs: Any) -> Any:
        """Return a class."""

    @abstractmethod
    def ModifyClass(self, *args: Any, **kwargs: Any) -> Any:
        """Modify a class."""

    @abstractmethod
    def CreateClass(self, *args: Any, **kwargs: Any) -> Any:
        """Create a class."""

    @abstractmethod
    def DeleteClass(self, *args: Any, **kwargs: Any) -> Any:
        """Delete a class."""

    @abstractmethod
    def EnumerateQualifiers(self, *args: Any, **kwargs: Any) -> Any:
        """Return the qualifier declarations of a namespace."""

    @abstractmethod
    def GetQualifier(self, *args: Any, **kwargs: Any) -> Any:
        """Return a qualifier declaration."""

    @abstractmethod
    def SetQualifier(self, *args: Any, **kwargs: Any) -> Any:
        """Create or modify a qualifier declaration."""

    @abstractmethod
    def DeleteQualifier(self, *args: Any, **kwargs: Any) -> Any:
        """Delete a qualifier declaration."""


def _argument(name: str, args: Tuple[Any, ...], kwargs: Dict[str, Any]) -> Any:
    """
    Return the first argument of an operation, given by position or by name.
    """
    return args[0] if args else kwargs[name]


def found_in(items: Optional[NocaseDict], name: str) -> Any:
    """
    Return an item of a dictionary, or None; None stands for an empty dictionary.

    It takes half of the time of the method `get`.
    """
    if items is None:
        return None
    item = items._data.get(name.casefold())
    return None if item is None else item[1]


def is_key(obj: Any) -> bool:
    """
    Return whether a property of a class has the qualifier Key.
    """
    qualifier = found_in(obj._qualifiers, "key")
    return qualifier is not None and qualifier.value is not False


def key_values(instance: CIMInstance, keys: List[str]) -> Dict[str, Any]:
    """
    Return the keybindings that an instance has values for.
    """
    properties = instance.properties
    values = {}
    for name in keys:
        prop = found_in(properties, name)
        if prop is not None and prop.value is not None:
            values[prop.name] = prop.value
    return values


class MOFWBEMConnection(BaseRepositoryConnection):
    """
    A CIM repository in memory, possibly in front of another one.

    What is created stays in memory.  With an underlying connection, classes and qualifier
    declarations that are not in memory are read from it; it is changed only by :meth:`rollback`,
    which removes from it what was created here.  The command that removes the elements of a MOF
    file works this way, and the one that only checks it.

    Namespaces exist when they are used.  Creating a class or a qualifier declaration replaces one
    that exists.  The path of a created instance is made from its key properties; it is appended
    without looking for one of the same path.

    Parameters:
        conn (WBEMConnection or BaseRepositoryConnection): The underlying connection.  ``None``
            for none.
    """

    def __init__(self, conn: Any = None) -> None:
        self.conn: Any = conn
        self.conn_id: Optional[str] = getattr(conn, "conn_id", None)
        #: Names of the created classes by namespace, in order of creation.
        self.class_names: NocaseDict = NocaseDict()
        #: Created qualifier declarations by namespace and name.
        self.qualifiers: NocaseDict = NocaseDict()
        #: Created instances by namespace, in order of creation.
        self.instances: NocaseDict = NocaseDict()
        #: Classes by namespace and name, without what they inherit; also those that were read from
        #: the underlying connection, which have it.
        self.classes: NocaseDict = NocaseDict()
        #: Names of the created classes in order of creation.
        self.compile_ordered_classnames: List[str] = []
        self._default_namespace: str = DEFAULT_NAMESPACE
        self._read: NocaseDict = NocaseDict()
        self._reads: List[Tuple[str, str]] = []
        self._qualifiers_read: NocaseDict = NocaseDict()

    def getns(self) -> str:
        """
        Return the default namespace.
        """
        if self.conn is not None:
            return str(self.conn.default_namespace)
        return self._default_namespace

    def setns(self, value: str) -> None:
        """
        Set the default namespace, that of the underlying connection if there is one.

        Parameters:
            value (str): The namespace.
        """
        if self.conn is not None:
            self.conn.default_namespace = value
        self._default_namespace = value

    default_namespace = property(
        getns,
        setns,
        None,
        "str: The namespace for operations that specify none: that of the underlying connection if "
        "there is one.  Can be set.",
    )

    def _namespace(self, kwargs: Dict[str, Any]) -> str:
        return str(kwargs.get("namespace") or self.default_namespace).strip("/")

    def _unused(self, name: str) -> CIMError:
        return CIMError(
            CIM_ERR_FAILED,
            f"{name} is not supported by a CIM repository in memory",
            conn_id=self.conn_id,
        )

    # Classes

    def _class(self, name: str, namespace: str) -> CIMClass:
        """
        Return a class as it is in memory, to which it is read if it is not there.

        Raises:
            CIMError: There is none.
        """
        found: Optional[CIMClass] = found_in(found_in(self.classes, namespace), name)
        if found is None:
            if self.conn is None:
                raise CIMError(
                    CIM_ERR_NOT_FOUND,
                    f"Class {name!r} not found in namespace {namespace!r}",
                    conn_id=self.conn_id,
                )
            read: CIMClass = self.conn.GetClass(
                name, namespace=namespace, LocalOnly=False, IncludeQualifiers=True
            )
            found = read
            self.classes.setdefault(namespace, NocaseDict())[read.classname] = read
            self._read.setdefault(namespace, NocaseDict())[read.classname] = read
            self._reads.append((namespace, read.classname))
        return found

    def _is_read(self, cls: CIMClass, namespace: str) -> bool:
        """
        Return whether a class was read, and so has what it inherits.
        """
        return found_in(found_in(self._read, namespace), cls.classname) is cls

    def reads(self) -> int:
        """Return how many classes were read, for `forget_reads`."""
        return len(self._reads)

    def forget_reads(self, count: int) -> None:
        """
        Forget the classes that were read after so many others.

        Parameters:
            count (int): How many classes had been read before.
        """
        while len(self._reads) > count:
            namespace, name = self._reads.pop()
            for classes in (self.classes, self._read):
                items = found_in(classes, namespace)
                if items and name in items:
                    del items[name]
                    if not items:
                        del classes[namespace]

    def _chain(self, name: str, namespace: str) -> Iterator[CIMClass]:
        """
        Yield a class and its superclasses, up to one that has what it inherits.
        """
        next_name: Optional[str] = name
        while next_name is not None:
            cls = self._class(next_name, namespace)
            yield cls
            next_name = None if self._is_read(cls, namespace) else cls.superclass

    def GetClass(self, *args: Any, **kwargs: Any) -> CIMClass:
        """
        Return a class, from memory or from the underlying connection, with the properties and
        methods it inherits if ``LocalOnly=False`` is specified.

        See :meth:`pywbem.WBEMConnection.GetClass`.
        """
        name = str(_argument("ClassName", args, kwargs))
        namespace = self._namespace(kwargs)
        if not kwargs.get("LocalOnly", True):
            return _merged(list(self._chain(name, namespace)))
        found = self._class(name, namespace)
        return _local_part(found) if self._is_read(found, namespace) else found.copy()

    def CreateClass(self, *args: Any, **kwargs: Any) -> None:
        """
        Create or replace a class in memory.

        See :meth:`pywbem.WBEMConnection.CreateClass`.

        Raises:
            CIMError: CIM_ERR_INVALID_SUPERCLASS: there is no such superclass.
        """
        new: CIMClass = _argument("NewClass", args, kwargs)
        namespace = self._namespace(kwargs)
        if new.superclass:
            self._check_superclass(new, namespace)
        self.classes.setdefault(namespace, NocaseDict())[new.classname] = new
        self.class_names.setdefault(namespace, []).append(new.classname)
        self.compile_ordered_classnames.append(new.classname)

    def _check_superclass(self, new: CIMClass, namespace: str) -> None:
        try:
            self._class(str(new.superclass), namespace)
        except CIMError as exc:
            if exc.status_code != CIM_ERR_NOT_FOUND:
                raise
            raise CIMError(
                CIM_ERR_INVALID_SUPERCLASS,
                f"Superclass {new.superclass!r} of class {new.classname!r} not found in namespace "
                f"{namespace!r}",
                conn_id=self.conn_id,
            ) from exc

    def ModifyClass(self, *args: Any, **kwargs: Any) -> Any:
        """Raise CIMError; :meth:`CreateClass` replaces."""
        raise self._unused("ModifyClass")

    def DeleteClass(self, *args: Any, **kwargs: Any) -> Any:
        """Raise CIMError; :meth:`rollback` deletes."""
        raise self._unused("DeleteClass")

    # Instances

    def EnumerateInstanceNames(self, *args: Any, **kwargs: Any) -> Any:
        """Raise CIMError; namespaces exist when they are used."""
        raise self._unused("EnumerateInstanceNames")

    def CreateInstance(self, *args: Any, **kwargs: Any) -> CIMInstanceName:
        """
        Create an instance in memory, give it the path of its key properties, and return the path.

        See :meth:`pywbem.WBEMConnection.CreateInstance`.
        """
        instance: CIMInstance = _argument("NewInstance", args, kwargs)
        namespace = self._namespace(kwargs)
        keys = self.key_names(instance.classname, namespace)
        cls = found_in(found_in(self.classes, namespace), instance.classname)
        abstract = None if cls is None else found_in(cls._qualifiers, "abstract")
        if abstract is not None and abstract.value:
            warn_caller(
                ToleratedSchemaIssueWarning,
                f"Tolerating an instance of the abstract class {cls.classname!r} in namespace "
                f"{namespace!r}, which DSP0004 does not permit",
            )
        # The name as the class spells it.
        name = instance.classname if cls is None else cls.classname
        path = CIMInstanceName(name, key_values(instance, keys), namespace=namespace)
        instance.path = path
        self.instances.setdefault(namespace, []).append(instance)
        return path

    def key_names(self, classname: str, namespace: str) -> List[str]:
        """
        Return the names of the key properties of a class.

        A property that is overridden is a key if the one in the superclass is (DSP0004).

        Parameters:
            classname (str): Name of the class.
            namespace (str): Its namespace.

        Returns:
            list of str: The names, as the class that introduces each spells them.
        """
        names: Dict[str, str] = {}
        try:
            for cls in self._chain(classname, namespace):
                for prop in cls.properties.values():
                    if is_key(prop):
                        names.setdefault(prop.name.lower(), prop.name)
        except CIMError:
            pass  # a class that is not there has no keys to tell
        return list(names.values())

    def ModifyInstance(self, *args: Any, **kwargs: Any) -> Any:
        """Raise CIMError; :meth:`CreateInstance` never finds an existing instance."""
        raise self._unused("ModifyInstance")

    def DeleteInstance(self, *args: Any, **kwargs: Any) -> Any:
        """Raise CIMError; :meth:`rollback` deletes."""
        raise self._unused("DeleteInstance")

    # Qualifier declarations

    def _read_qualifiers(self, namespace: str) -> NocaseDict:
        """
        Return the qualifier declarations of the underlying connection, which are read once.
        """
        found: Optional[NocaseDict] = found_in(self._qualifiers_read, namespace)
        if found is None:
            found = NocaseDict()
            if self.conn is not None:
                for declaration in self.conn.EnumerateQualifiers(namespace=namespace):
                    found[declaration.name] = declaration
            self._qualifiers_read[namespace] = found
        return found

    def EnumerateQualifiers(self, *args: Any, **kwargs: Any) -> List[CIMQualifierDeclaration]:
        """
        Return the qualifier declarations in memory and of the underlying connection.

        See :meth:`pywbem.WBEMConnection.EnumerateQualifiers`.
        """
        namespace = str((args[0] if args else None) or self._namespace(kwargs))
        merged = self._read_qualifiers(namespace).copy()
        merged.update(found_in(self.qualifiers, namespace) or {})
        return list(merged.values())

    def GetQualifier(self, *args: Any, **kwargs: Any) -> CIMQualifierDeclaration:
        """
        Return a qualifier declaration, from memory or from the underlying connection.

        See :meth:`pywbem.WBEMConnection.GetQualifier`.
        """
        name = str(_argument("QualifierName", args, kwargs))
        namespace = self._namespace(kwargs)
        found: Optional[CIMQualifierDeclaration]
        found = found_in(found_in(self.qualifiers, namespace), name)
        if found is None:
            found = found_in(self._read_qualifiers(namespace), name)
        if found is not None:
            return found
        raise CIMError(
            CIM_ERR_NOT_FOUND,
            f"Qualifier declaration {name!r} not found in namespace {namespace!r}",
            conn_id=self.conn_id,
        )

    def SetQualifier(self, *args: Any, **kwargs: Any) -> None:
        """
        Create or replace a qualifier declaration in memory.

        See :meth:`pywbem.WBEMConnection.SetQualifier`.
        """
        declaration: CIMQualifierDeclaration = _argument("QualifierDeclaration", args, kwargs)
        namespace = self._namespace(kwargs)
        self.qualifiers.setdefault(namespace, NocaseDict())[declaration.name] = declaration

    def DeleteQualifier(self, *args: Any, **kwargs: Any) -> Any:
        """Raise CIMError; :meth:`rollback` deletes."""
        raise self._unused("DeleteQualifier")

    # Removal

    def rollback(self, verbose: bool = False) -> None:
        """
        Remove everything that was created here: from memory and, if there is one, from the
        underlying connection.

        There, first instances are deleted, then classes, each in reverse order of creation, then
        those qualifier declarations that no class of the namespace has any more.  What cannot be
        deleted is told, and stays.

        Parameters:
            verbose (bool): Tell what is deleted.
        """
        if self.conn is not None:
            remove(self.conn, self.instances, self.class_names, self.qualifiers, verbose)
        for content in (self.class_names, self.qualifiers, self.instances, self.classes):
            content.clear()
        self._read.clear()
        self._reads.clear()
        self._qualifiers_read.clear()
        self.compile_ordered_classnames.clear()


def _merged(chain: List[CIMClass]) -> CIMClass:
    """
    Return a class with the properties and methods of its superclasses behind its own.

    The elements themselves are shared: nobody changes those of a class in a repository.
    """
    merged = chain[0].copy()
    for attribute in ("_properties", "_methods"):
        data: Any = {}
        for cls in chain:
            items = getattr(cls, attribute)
            if items:
                # What is nearer comes first, and again last because it wins.
                data = {**data, **items._data, **data}
        setattr(merged, attribute, NocaseDict._trusted(data) if data else None)
    return merged


def _local_part(merged: CIMClass) -> CIMClass:
    """
    Return a class without what it inherits.
    """
    name = merged.classname.lower()

    def own(items: NocaseDict) -> NocaseDict:
        return NocaseDict(
            [
                (item.name, item)
                for item in items.values()
                if item.class_origin is None or item.class_origin.lower() == name
            ]
        )

    local = merged.copy()
    local.properties = own(merged.properties)
    local.methods = own(merged.methods)
    return local
