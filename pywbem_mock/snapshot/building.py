"""
Makes objects of the MOF and the side file of a snapshot.

A mock server checks what clients create: that what an association refers to exists, that a
provider agrees.  What a real server has need not pass that, so that none of it is done here.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, List, NamedTuple, NoReturn, Optional, Sequence, Set, Tuple

from pywbem._cim_constants import (
    CIM_ERR_FAILED,
    CIM_ERR_INVALID_NAMESPACE,
    CIM_ERR_INVALID_PARAMETER,
    CIM_ERR_NOT_FOUND,
)
from pywbem._cim_obj import CIMClass, CIMInstance, CIMInstanceName, CIMQualifierDeclaration
from pywbem._cim_obj.qualifier_declaration import SCOPES
from pywbem._exceptions import CIMError
from pywbem._mof_compiler import BaseRepositoryConnection, MOFCompiler

from .. import FakedWBEMConnection
from .layout import CLASSES, INSTANCES, QUALIFIERS, name_of


class Mark(NamedTuple):
    """
    What MOF does not say of a property of an instance, and is the same for all of a class.
    """

    class_origin: Optional[str]
    propagated: Optional[bool]
    reference_class: Optional[str]
    array_size: Optional[int]
    embedded_object: Optional[str]


Marks = Dict[str, Mark]


def marks_of(instance: CIMInstance) -> Marks:
    """
    The marks of the properties of an instance.
    """
    return {
        str(key): Mark(
            prop._class_origin,
            prop._propagated,
            prop._reference_class,
            prop._array_size,
            prop._embedded_object,
        )
        for key, (_, prop) in (instance._properties or instance.properties)._data.items()
    }


# -- What CIM-XML makes of what MOF leaves open ----------------------------------

# DSP0201 5.2.3.2: attributes that are not there have these values.
_FLAVORS = {"_tosubclass": True, "_overridable": True, "_toinstance": False, "_translatable": False}
#: The scopes of a qualifier declaration, which ANY stands for.
ALL_SCOPES = tuple(name for name in SCOPES if name != "ANY")


def _set_flavors(item: Any) -> None:
    for name, default in _FLAVORS.items():
        if getattr(item, name) is None:
            setattr(item, name, default)


def declaration_as_sent(declaration: CIMQualifierDeclaration) -> CIMQualifierDeclaration:
    """
    Make a qualifier declaration what clients receive, and return it.

    Parameters:
        declaration (CIMQualifierDeclaration): The declaration, which is changed.
    """
    _set_flavors(declaration)
    given = declaration.scopes
    declaration.scopes = {name: bool(given.get("ANY") or given.get(name)) for name in ALL_SCOPES}
    return declaration


def overrides(element: Any) -> bool:
    """
    Whether a class overrides a property or method that it inherits.

    Servers differ in whether such an element is propagated; the qualifier is not, unless it is
    one of a superclass (DSP0004 5.6.3.34: it is not passed on).
    """
    override = element.qualifiers.get("Override")
    return override is not None and not override.propagated


def as_sent(
    cls: CIMClass, inherited: bool = True, declared: Optional[Callable[[str], Any]] = None
) -> None:
    """
    Make the flavors of the qualifiers of a class what clients receive.

    Parameters:
        cls (CIMClass): The class, which is changed.
        inherited (bool): Also those of what it inherits.
        declared (callable): Returns the declaration of a qualifier, whose ToInstance flavor, which
            MOF has no word for, is taken.
    """
    owners: List[Any] = [cls]
    elements: List[Any] = [*cls.properties.values(), *cls.methods.values()]
    for element in elements:
        if inherited or overrides(element) or not element.propagated:
            owners.append(element)
            owners += getattr(element, "parameters", {}).values()
    for owner in owners:
        for qualifier in owner.qualifiers.values():
            declaration = declared and declared(qualifier.name)
            if declaration is not None and qualifier._toinstance is None:
                qualifier._toinstance = declaration.toinstance
            _set_flavors(qualifier)
            if qualifier._propagated is None:
                qualifier._propagated = False


class Builder(BaseRepositoryConnection):
    """
    A repository that the compiler fills, with no checks but those of MOF.

    Parameters:
        server (FakedWBEMConnection): Has the objects.
    """

    def __init__(self, server: FakedWBEMConnection) -> None:
        self.server = server
        self._default_namespace = server.default_namespace
        #: Marks of the instances of a class.
        self.marks: Dict[Tuple[str, str], Marks] = {}
        #: Takes an instance that was compiled, with its path.
        self.take: Callable[[CIMInstance], None] = self.add_instance
        #: Names, case folded, of classes that are said to exist: they come later.
        self.expected: Set[str] = set()
        self._preset: Set[Tuple[str, str, str]] = set()

    @property
    def default_namespace(self) -> str:
        """
        str: The namespace for operations that specify none.  Can be set.
        """
        return self._default_namespace

    @default_namespace.setter
    def default_namespace(self, value: str) -> None:
        self._default_namespace = value

    def compiler(self) -> MOFCompiler:
        """
        A compiler that fills this repository.
        """
        return MOFCompiler(self, log_func=None)

    def store(self, kind: str, namespace: Optional[str]) -> Any:
        """
        The objects of a kind in a namespace.

        Raises:
            CIMError: CIM_ERR_INVALID_NAMESPACE.
        """
        repository = self.server.cimrepository
        name = namespace or self._default_namespace
        if not repository.has_namespace(name):
            raise CIMError(CIM_ERR_INVALID_NAMESPACE, f"Namespace {name!r} does not exist")
        if kind == QUALIFIERS:
            return repository.get_qualifier_store(name)
        if kind == CLASSES:
            return repository.get_class_store(name)
        return repository.get_instance_store(name)

    def add_namespace(self, namespace: str) -> None:
        """
        Create a namespace unless it exists.
        """
        if not self.server.cimrepository.has_namespace(namespace):
            self.server.cimrepository.add_namespace(namespace)

    def preset(self, kind: str, namespace: str, obj: Any) -> None:
        """
        Add an object that MOF cannot express at all.
        """
        self.replace(kind, namespace, obj)
        self._preset.add((kind, namespace.casefold(), name_of(obj).casefold()))

    def replace(self, kind: str, namespace: str, obj: Any) -> None:
        """
        Have an object as it is, whether there was another one or none.
        """
        store, name = self.store(kind, namespace), name_of(obj)
        if store.find(name) is None:
            store.adopt(name, obj)
        else:
            store.replace(name, obj)

    def reorder(self, namespace: str, names: Sequence[str]) -> None:
        """
        Bring the classes into an order: the compiler has created each after those it refers to.

        Parameters:
            namespace (str): The namespace.
            names (list of str): The names; classes that are not there come last.
        """
        store = self.store(CLASSES, namespace)
        places = {name.casefold(): place for place, name in enumerate(names)}
        classes = list(store.iter_values(copy=False))
        classes.sort(key=lambda cls: places.get(cls.classname.casefold(), len(places)))
        for cls in classes:
            store.delete(cls.classname)
        for cls in classes:
            store.adopt(cls.classname, cls)

    def add_instance(self, instance: CIMInstance) -> None:
        """
        Add an instance with its path.

        Raises:
            CIMError: CIM_ERR_FAILED: There is one.
        """
        path: Any = instance.path
        try:
            self.store(INSTANCES, path.namespace).adopt(path, instance)
        except ValueError as exc:
            raise CIMError(CIM_ERR_FAILED, str(exc)) from None

    # -- What the compiler calls ----------------------------------------------

    def EnumerateQualifiers(self, namespace: Optional[str] = None) -> List[Any]:
        """Return the qualifier declarations."""
        return list(self.store(QUALIFIERS, namespace).iter_values(copy=False))

    def GetQualifier(self, QualifierName: str, namespace: Optional[str] = None) -> Any:
        """Return a qualifier declaration."""
        return self._found(QUALIFIERS, QualifierName, namespace)

    def SetQualifier(
        self, QualifierDeclaration: CIMQualifierDeclaration, namespace: Optional[str] = None
    ) -> None:
        """Create a qualifier declaration or replace it."""
        target = namespace or self._default_namespace
        self.replace(QUALIFIERS, target, declaration_as_sent(QualifierDeclaration))

    def GetClass(self, ClassName: str, namespace: Optional[str] = None, **_: Any) -> Any:
        """Return a class, which must not be changed."""
        found = self.store(CLASSES, namespace).find(ClassName)
        if found is None and ClassName.casefold() in self.expected:
            return CIMClass(ClassName)
        return found or self._found(CLASSES, ClassName, namespace)

    def _found(self, kind: str, name: str, namespace: Optional[str]) -> Any:
        found = self.store(kind, namespace).find(name)
        if found is None:
            raise CIMError(CIM_ERR_NOT_FOUND, f"{name!r} does not exist in {namespace!r}")
        return found

    def CreateClass(self, NewClass: CIMClass, namespace: Optional[str] = None) -> None:
        """Create a class; the classes that it refers to need not exist."""
        store = self.store(CLASSES, namespace)
        target = (namespace or self._default_namespace).strip("/")
        key = CLASSES, target.casefold(), NewClass.classname.casefold()
        if key in self._preset:
            # Somebody has written MOF for it.
            self._preset.discard(key)
            store.delete(NewClass.classname)
        try:
            self.server.add_cimobjects(NewClass, namespace=namespace)
        except ValueError as exc:
            raise CIMError(CIM_ERR_FAILED, str(exc)) from None
        # What it inherits was made so with its superclass.
        declared = self.store(QUALIFIERS, namespace).find
        as_sent(store.find(NewClass.classname), inherited=False, declared=declared)

    def CreateInstance(
        self, NewInstance: CIMInstance, namespace: Optional[str] = None
    ) -> CIMInstanceName:
        """Make the path of an instance, and hand it over."""
        target = (namespace or self._default_namespace).strip("/")
        cls = self._found(CLASSES, NewInstance.classname, target)
        try:
            path = CIMInstanceName.from_instance(cls, NewInstance, namespace=target, strict=True)
        except ValueError as exc:
            raise CIMError(CIM_ERR_INVALID_PARAMETER, str(exc)) from None
        NewInstance._path = path
        marks = self.marks.get((target.casefold(), NewInstance.classname.casefold()), {})
        for key, (_, prop) in NewInstance.properties._data.items():
            mark = marks.get(str(key))
            # The compiler says nothing, or what the class says.
            if mark is None:
                prop._class_origin = None
            else:
                prop._class_origin, prop._propagated, prop._reference_class = mark[:3]
                prop._array_size, prop._embedded_object = mark[3:]
        self.take(NewInstance)
        return path

    def DeleteClass(self, ClassName: str, namespace: Optional[str] = None) -> None:
        """Undo a failed compilation: nothing of it is used."""

    def DeleteInstance(self, InstanceName: CIMInstanceName) -> None:
        """Undo a failed compilation: nothing of it is used."""

    def DeleteQualifier(self, QualifierName: str, namespace: Optional[str] = None) -> None:
        """Undo a failed compilation: nothing of it is used."""

    def _unused(self, *_: Any, **__: Any) -> NoReturn:
        """Raise CIMError: what exists is not modified."""
        raise CIMError(CIM_ERR_FAILED, "It exists already")

    ModifyClass = ModifyInstance = EnumerateInstanceNames = _unused
