"""
Resolution of a class: what a client declares, checked against the repository
and completed with what the class inherits (DSP0004).
"""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Tuple, TypeVar, Union

from pywbem._cim_constants import CIM_ERR_INVALID_SUPERCLASS
from pywbem._cim_obj import (
    CIMClass,
    CIMMethod,
    CIMParameter,
    CIMProperty,
    CIMQualifier,
    CIMQualifierDeclaration,
)
from pywbem._exceptions import CIMError
from pywbem._nocasedict import NocaseDict

from .copying import copy_method, copy_property
from .errors import invalid_parameter
from .objects import InMemoryObjectStore

_Element = TypeVar("_Element", CIMProperty, CIMMethod)
# By name, case folded: the name as spelled, and what has it.
_Items = Dict[Optional[str], Tuple[str, Any]]
_DataElement = Union[CIMProperty, CIMParameter]


def _values(items: Optional[NocaseDict]) -> List[Any]:
    """
    The items of a dictionary that may not be allocated.
    """
    return [] if items is None else [item for _, item in items._data.values()]


def find(items: Optional[NocaseDict], name: str) -> Any:
    """
    An item of a dictionary that may not be allocated, or None.
    """
    found = None if items is None else items._data.get(name.casefold())
    return None if found is None else found[1]


def is_true(qualifiers: Optional[NocaseDict], name: str) -> bool:
    """
    Whether a boolean qualifier is there and true.
    """
    qualifier = find(qualifiers, name)
    return bool(qualifier is not None and qualifier.value)


def is_association(cls: CIMClass) -> bool:
    """
    Whether a class is declared to be an association.
    """
    return is_true(cls._qualifiers, "Association")


class Resolver:
    """
    Resolves classes of one namespace.

    Parameters:
        namespace (str): Name of the namespace.
        classes (InMemoryObjectStore): Its classes.
        qualifiers (InMemoryObjectStore): Its qualifier declarations.
    """

    def __init__(
        self,
        namespace: str,
        classes: InMemoryObjectStore[CIMClass],
        qualifiers: InMemoryObjectStore[CIMQualifierDeclaration],
    ) -> None:
        self._namespace = namespace
        self._classes = classes
        self._qualifiers = qualifiers

    def resolve(self, new_class: CIMClass, check_dependencies: bool = True) -> CIMClass:
        """
        Return the class as it is stored: with inherited properties and methods,
        class origins, and flavors of qualifiers.

        Parameters:
            new_class (CIMClass): What the client declares; nobody else may use it any more.
            check_dependencies (bool): Whether the classes must exist to which
                references and embedded instances refer.

        Raises:
            CIMError: CIM_ERR_INVALID_SUPERCLASS: The superclass does not exist.
                CIM_ERR_INVALID_PARAMETER: The declaration is not valid.
        """
        superclass = self._superclass(new_class)
        if check_dependencies:
            self._check_dependencies(new_class)
        self._check_qualifiers(new_class)
        self._check_association(new_class, superclass)
        classname = new_class.classname
        properties, methods = self._passed_on(superclass)
        return CIMClass._trusted(
            classname,
            self._elements(
                classname,
                new_class._properties,
                None if superclass is None else superclass._properties,
                properties,
                _check_property,
            ),
            self._elements(
                classname,
                new_class._methods,
                None if superclass is None else superclass._methods,
                methods,
                _check_method,
            ),
            new_class._superclass,
            self._own_qualifiers(new_class._qualifiers),
            None,
        )

    # -- Checks of the declaration --------------------------------------------

    def _superclass(self, new_class: CIMClass) -> Optional[CIMClass]:
        if new_class._superclass is None:
            return None
        superclass = self._classes.find(new_class._superclass)
        if superclass is None:
            raise CIMError(
                CIM_ERR_INVALID_SUPERCLASS,
                f"Superclass {new_class._superclass!r} for class {new_class.classname!r} not "
                f"found in namespace {self._namespace!r}.",
            )
        return superclass

    def _check_dependencies(self, new_class: CIMClass) -> None:
        for element in _data_elements(new_class):
            if element._type == "reference":
                self._check_class(new_class, element, element._reference_class, "referenced by")
            embedded = find(element._qualifiers, "EmbeddedInstance")
            if embedded is not None and embedded.value is not None:
                self._check_class(
                    new_class, element, embedded.value, "in the qualifier EmbeddedInstance of"
                )

    def _check_class(
        self, new_class: CIMClass, element: _DataElement, classname: Any, how: str
    ) -> None:
        where = (
            f"{how} {element.name!r} of class {new_class.classname!r} in namespace "
            f"{self._namespace!r}"
        )
        if not isinstance(classname, str):
            raise invalid_parameter(f"No class is specified: the class {where} is {classname!r}")
        if classname.casefold() == new_class.classname.casefold():
            return
        if not self._classes.object_exists(classname):
            raise invalid_parameter(f"Class {classname!r} {where} does not exist")

    def _check_association(self, new_class: CIMClass, superclass: Optional[CIMClass]) -> None:
        if is_association(new_class):
            if superclass is not None and not is_association(superclass):
                raise invalid_parameter(
                    f"New class {new_class.classname!r} is an association, but its superclass "
                    f"{superclass.classname!r} in namespace {self._namespace!r} is not"
                )
            return
        for prop in _values(new_class._properties):
            if prop._type == "reference":
                raise invalid_parameter(
                    f"Reference property {prop.name!r} not allowed on non-association class "
                    f"{new_class.classname!r}"
                )

    def _check_qualifiers(self, new_class: CIMClass) -> None:
        """
        Check that the qualifiers are declared, of the right type, and where
        they may be (DSP0004).
        """
        scope = "CLASS"
        for name in ("Association", "Indication"):
            if name in (new_class._qualifiers or ()):
                scope = name.upper()
        self._check_scope(new_class, new_class._qualifiers, scope)
        for prop in _values(new_class._properties):
            is_reference = prop._type == "reference"
            self._check_scope(
                new_class, prop._qualifiers, "REFERENCE" if is_reference else "PROPERTY"
            )
        for method in _values(new_class._methods):
            self._check_scope(new_class, method._qualifiers, "METHOD")
            for param in _values(method._parameters):
                self._check_scope(new_class, param._qualifiers, "PARAMETER")

    def _check_scope(
        self, new_class: CIMClass, qualifiers: Optional[NocaseDict], scope: str
    ) -> None:
        if qualifiers is None:
            return
        wanted = scope.casefold()
        allowed = self._qualifiers.index.allowed
        for key, (_, qualifier) in qualifiers._data.items():
            use = key, qualifier._type, wanted
            if use in allowed:
                continue
            declaration = self._qualifiers.find_folded(key)
            if (
                declaration is not None
                and declaration._type == qualifier._type
                and (_allows(declaration, wanted) or _allows(declaration, "any"))
            ):
                allowed.add(use)
                continue
            where = f"Qualifier {qualifier.name!r} used in new class {new_class.classname!r}"
            if declaration is None:
                raise invalid_parameter(
                    f"{where} has no qualifier declaration in namespace {self._namespace!r}."
                )
            if declaration.type != qualifier.type:
                raise invalid_parameter(
                    f"{where} has invalid type {qualifier.type!r} (Qualifier declaration type: "
                    f"{declaration.type!r})."
                )
            scopes: Mapping[str, bool] = declaration._scopes or {}
            allowed = ", ".join(name for name, is_set in scopes.items() if is_set)
            raise invalid_parameter(
                f"{where} is used in invalid scope: {scope!r} (Qualifier declaration scopes: "
                f"{allowed})"
            )

    # -- Qualifiers -----------------------------------------------------------

    def _initialize(self, qualifier: CIMQualifier) -> None:
        """
        Complete a qualifier that the class itself specifies with the flavors
        of its declaration (DSP0004).
        """
        qualifier._propagated = False
        flavors = qualifier._overridable, qualifier._tosubclass, qualifier._translatable
        if None not in flavors:
            return
        declaration = self._qualifiers.find(qualifier._name)
        if qualifier._overridable is None:
            declared = None if declaration is None else declaration._overridable
            qualifier._overridable = True if declared is None else declared
        if qualifier._tosubclass is None:
            declared = None if declaration is None else declaration._tosubclass
            qualifier._tosubclass = True if declared is None else declared
        if qualifier._translatable is None and declaration is not None:
            qualifier._translatable = declaration._translatable

    def _own_qualifiers(self, qualifiers: Optional[NocaseDict]) -> Optional[NocaseDict]:
        for qualifier in _values(qualifiers):
            self._initialize(qualifier)
        return qualifiers

    def _overriding_qualifiers(
        self,
        where: str,
        qualifiers: Optional[NocaseDict],
        inherited: Optional[NocaseDict],
    ) -> Optional[NocaseDict]:
        """
        The qualifiers of an element that overrides another: its own, then
        those that are passed on to subclasses.
        """
        result = NocaseDict() if qualifiers is None else qualifiers
        above: Mapping[str, CIMQualifier] = inherited or {}
        for qualifier in _values(result):
            overridden = above.get(qualifier.name)
            if overridden is None or (overridden.tosubclass and overridden.overridable):
                self._initialize(qualifier)
                continue
            if overridden.overridable is False and overridden.value != qualifier.value:
                raise invalid_parameter(
                    f"Qualifier {qualifier.name!r} of {where} cannot be overridden: its flavor is "
                    "DisableOverride"
                )
            qualifier._propagated = True
        for qualifier in _values(inherited):
            if qualifier.name not in result and qualifier.tosubclass is not False:
                result[qualifier.name] = propagated_qualifier(qualifier)
        return result

    # -- Properties and methods -----------------------------------------------

    def _elements(
        self,
        classname: str,
        own: Optional[NocaseDict],
        inherited: Optional[NocaseDict],
        passed_on: _Items,
        check: Callable[[str, _Element, _Element], None],
    ) -> NocaseDict:
        """
        The properties or methods of a class: its own, then the inherited ones
        that it does not override.
        """
        data: _Items = {}
        above = inherited._data if inherited else {}
        for new in _values(own):
            key = new._name.casefold()
            if key in above:
                self._override(classname, new, above[key][1], inherited, check)
            else:
                new._propagated = False
                new._class_origin = classname
                new._qualifiers = self._own_qualifiers(new._qualifiers)
            data[key] = (new._name, new)
        for key, item in passed_on.items():
            if key not in data:
                data[key] = item
        return NocaseDict._trusted(data)

    def _passed_on(self, superclass: Optional[CIMClass]) -> Tuple[_Items, _Items]:
        """
        The properties and methods that subclasses inherit.  They share them: what is in the
        repository is not changed.
        """
        if superclass is None:
            return {}, {}
        known: Dict[Any, Tuple[_Items, _Items]] = self._classes.index.inherited
        key = superclass._classname.casefold()
        found = known.get(key)
        if found is None:
            found = known[key] = (
                _passed_on(superclass._properties, copy_property),
                _passed_on(superclass._methods, copy_method),
            )
        return found

    def _override(
        self,
        classname: str,
        new: _Element,
        same: _Element,
        inherited: Optional[NocaseDict],
        check: Callable[[str, _Element, _Element], None],
    ) -> None:
        """
        Complete an element that overrides one of the superclass.
        """
        kind = type(new).__name__[3:]
        override = find(new._qualifiers, "Override")
        if override is None:
            raise invalid_parameter(
                f"{kind} {new.name!r} in {classname!r} duplicates {kind} in class "
                f"{same.class_origin!r} without override."
            )
        overridden = same
        if isinstance(override.value, str) and override.value.casefold() != new.name.casefold():
            overridden = find(inherited, override.value)
            if overridden is None:
                raise invalid_parameter(
                    f"{kind} {new.name!r} in {classname!r} overrides {override.value!r}, which "
                    "its superclass does not have"
                )
        check(classname, new, overridden)
        new._propagated = True
        new._class_origin = overridden._class_origin
        new._qualifiers = self._overriding_qualifiers(
            f"{kind} {new.name!r} in class {classname!r}", new._qualifiers, overridden._qualifiers
        )


def _data_elements(cls: CIMClass) -> Iterator[_DataElement]:
    """
    The properties of a class and the parameters of its methods.
    """
    yield from _values(cls._properties)
    for method in _values(cls._methods):
        yield from _values(method._parameters)


def _allows(declaration: CIMQualifierDeclaration, scope: str) -> bool:
    """
    Whether a qualifier may be in a scope, which is case folded.
    """
    scopes = declaration._scopes
    found = None if scopes is None else scopes._data.get(scope)
    return found is not None and bool(found[1])


def propagated_qualifier(qualifier: CIMQualifier) -> CIMQualifier:
    """
    A qualifier as a subclass has it that does not specify it.

    Parameters:
        qualifier (CIMQualifier): The qualifier of the superclass.
    """
    new = qualifier.copy()
    new._propagated = True
    return new


def _passed_on(items: Optional[NocaseDict], copy: Callable[[Any], Any]) -> _Items:
    if items is None:
        return {}
    return {key: (name, _propagated(item, copy)) for key, (name, item) in items._data.items()}


def _propagated(element: _Element, copy: Callable[[_Element], _Element]) -> _Element:
    """
    An inherited element in a subclass.  One that the superclass has inherited
    is shared with it: what is in the repository is not changed.
    """
    if element._propagated and all(q._propagated for q in _values(element._qualifiers)):
        return element
    new = copy(element)
    new._propagated = True
    for qualifier in _values(new._qualifiers):
        qualifier._propagated = True
    return new


def _check_property(classname: str, new: CIMProperty, overridden: CIMProperty) -> None:
    for name in ("type", "is_array", "embedded_object"):
        value, expected = getattr(new, name), getattr(overridden, name)
        # Compiled classes leave the attribute embedded_object to their qualifiers.
        if value != expected and value is not None and expected is not None:
            raise invalid_parameter(
                f"Property {new.name!r} in {classname!r} does not match the overridden property "
                f"{overridden.name!r}: its {name} is {value!r} instead of {expected!r}"
            )


def _check_method(classname: str, new: CIMMethod, overridden: CIMMethod) -> None:
    if new.return_type != overridden.return_type:
        raise invalid_parameter(
            f"Method {new.name!r} in {classname!r} does not match the overridden method "
            f"{overridden.name!r}: its return type is {new.return_type!r} instead of "
            f"{overridden.return_type!r}"
        )
    names = {param.name.casefold() for param in _values(new._parameters)}
    expected = {param.name.casefold() for param in _values(overridden._parameters)}
    if names != expected:
        raise invalid_parameter(
            f"Method {new.name!r} in {classname!r} does not match the overridden method "
            f"{overridden.name!r}: its parameters are {sorted(names)!r} instead of "
            f"{sorted(expected)!r}"
        )
