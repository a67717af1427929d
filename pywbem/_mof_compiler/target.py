"""
The CIM repository that one compilation writes to: operations, what is known from them, and what is
done about their errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Dict, List, Optional, Set, Tuple

from pywbem._cim_constants import (
    CIM_ERR_ALREADY_EXISTS,
    CIM_ERR_INVALID_CLASS,
    CIM_ERR_INVALID_NAMESPACE,
    CIM_ERR_INVALID_PARAMETER,
    CIM_ERR_INVALID_SUPERCLASS,
    CIM_ERR_NOT_FOUND,
    CIM_ERR_NOT_SUPPORTED,
)
from pywbem._cim_obj import (
    CIMClass,
    CIMInstance,
    CIMInstanceName,
    CIMProperty,
    CIMQualifierDeclaration,
)
from pywbem._exceptions import CIMError, Error
from pywbem._nocasedict import NocaseDict

from .errors import MOFCompileError, MOFDependencyError, MOFRepositoryError
from .journal import Journal
from .namespaces import create_namespace, delete_namespace
from .removal import path_text
from .repository import MOFWBEMConnection, found_in, is_key, key_values
from .session import Session

if TYPE_CHECKING:
    from .build import Context

__all__ = ["Target"]

_ABSENT = (CIM_ERR_NOT_FOUND, CIM_ERR_INVALID_CLASS, CIM_ERR_INVALID_NAMESPACE)


def _drop(message: str) -> None:
    """Tell nobody."""


class Target:
    """
    The repository as seen by one compilation.

    A class or qualifier declaration is read at most once, and not at all if the compilation created
    it.

    Parameters:
        session (Session): What the compilation has of its compiler.
        overlay (MOFWBEMConnection): A repository in memory that is written to instead; nobody
            is told.
    """

    def __init__(self, session: Session, overlay: Optional[MOFWBEMConnection] = None) -> None:
        self._names = session.parser
        self.handle: Any = overlay or session.handle
        self.journal = Journal(overlay, _drop) if overlay else session.journal
        self._log = _drop if overlay else session.verbose_log
        self._qualifiers: Dict[str, NocaseDict] = {}
        self._known: Set[Tuple[str, str]] = set()
        self._merged: Dict[Tuple[str, str], CIMClass] = {}

    def _error(
        self,
        message: str,
        exc: CIMError,
        context: Context,
        pos: int,
        length: Any = 1,
    ) -> MOFRepositoryError:
        size = len(length) if isinstance(length, str) else length
        return MOFRepositoryError(message, context.source.place(pos, size), exc)

    def _in_namespace(
        self, namespace: str, context: Context, pos: int, operation: Callable[[], Any]
    ) -> Any:
        """
        Return the result of an operation, before which the namespace is created if it must be.
        """
        try:
            return operation()
        except CIMError as exc:
            if exc.status_code != CIM_ERR_INVALID_NAMESPACE:
                raise
            self._create_namespace(namespace, exc, context, pos)
        return operation()

    def _create_namespace(self, namespace: str, exc: CIMError, context: Context, pos: int) -> None:
        self._log(f"Creating namespace {namespace} (in MOF compiler)")
        try:
            create_namespace(self.handle, namespace)
        except (Error, NotImplementedError) as reason:
            cim_error = reason if isinstance(reason, CIMError) else exc
            raise self._error(
                f"Namespace {namespace!r} does not exist in the CIM repository and cannot be "
                f"created: {reason}",
                cim_error,
                context,
                pos,
            ) from reason
        self.journal.add(
            "deleting namespace", namespace, lambda: delete_namespace(self.handle, namespace)
        )

    # Qualifier declarations

    def qualifiers(self, namespace: str, context: Context, pos: int) -> NocaseDict:
        """
        Return the qualifier declarations of a namespace, by name.
        """
        found = self._qualifiers.get(namespace)
        if found is not None:
            return found
        found = NocaseDict()
        try:
            for declaration in self.handle.EnumerateQualifiers(namespace=namespace):
                found[declaration.name] = declaration
        except CIMError as exc:
            if exc.status_code not in (*_ABSENT, CIM_ERR_NOT_SUPPORTED):
                raise self._error(
                    "Cannot get the qualifier declarations of namespace "
                    f"{namespace!r} because the CIM repository returned an error for "
                    "EnumerateQualifiers",
                    exc,
                    context,
                    pos,
                ) from exc
        self._qualifiers[namespace] = found
        self._names.qualcache[namespace] = found
        return found

    def set_qualifier(
        self, declaration: CIMQualifierDeclaration, namespace: str, context: Context, pos: int
    ) -> None:
        """
        Create or modify a qualifier declaration.
        """
        name = declaration.name
        declared = self.qualifiers(namespace, context, pos)
        self._log(f"Setting qualifier {namespace}:{name}")
        self.journal.before_qualifier(name, namespace)
        before = found_in(declared, name)
        put_back = self.journal.keep("qualifier", namespace, name) if before else None
        try:
            self._in_namespace(
                namespace, context, pos, lambda: self._set_qualifier(declaration, namespace)
            )
        except CIMError as exc:
            raise self._error(
                f"Cannot compile qualifier declaration {name!r} because the CIM repository "
                "returned an error for SetQualifier",
                exc,
                context,
                pos,
                name,
            ) from exc
        self.journal.set_qualifier(name, before, namespace, put_back)
        declared[name] = declaration

    def _set_qualifier(self, declaration: CIMQualifierDeclaration, namespace: str) -> None:
        """
        Set a qualifier declaration, also where that does not replace one that exists.
        """
        try:
            self.handle.SetQualifier(declaration, namespace=namespace)
        except CIMError as exc:
            before = found_in(self._qualifiers[namespace], declaration.name)
            if exc.status_code not in (CIM_ERR_NOT_SUPPORTED, CIM_ERR_ALREADY_EXISTS) or not before:
                raise
            self._log(f"Qualifier {namespace}:{declaration.name} already exists. Deleting...")
            self.handle.DeleteQualifier(declaration.name, namespace=namespace)
            try:
                self.handle.SetQualifier(declaration, namespace=namespace)
            except BaseException:
                self.handle.SetQualifier(before, namespace=namespace)
                raise

    # Classes

    def is_known_class(self, name: str, namespace: str) -> bool:
        """
        Return whether the class was created or read already.
        """
        return (namespace.lower(), name.lower()) in self._known

    def merged_class(
        self, name: str, namespace: str, context: Context, pos: int
    ) -> Optional[CIMClass]:
        """
        Return a class with what it inherits; None if there is none.
        """
        key = namespace.lower(), name.lower()
        found = self._merged.get(key)
        if found is None:
            try:
                found = self.handle.GetClass(
                    name, namespace=namespace, LocalOnly=False, IncludeQualifiers=True
                )
            except CIMError as exc:
                if exc.status_code in _ABSENT:
                    return None
                raise self._error(
                    f"Cannot get class {namespace}:{name} because the CIM repository returned an "
                    "error for GetClass",
                    exc,
                    context,
                    pos,
                    name,
                ) from exc
            self._merged[key] = found
            self._known.add(key)
        return found

    def create_class(self, cls: CIMClass, namespace: str, context: Context, pos: int) -> None:
        """
        Create a class, or modify it if it exists.
        """
        name = cls.classname
        self._log(f"Creating class {namespace}:{name}")
        self.journal.before_class(name, namespace)
        try:
            self._in_namespace(
                namespace, context, pos, lambda: self.handle.CreateClass(cls, namespace=namespace)
            )
        except CIMError as exc:
            if exc.status_code != CIM_ERR_ALREADY_EXISTS:
                raise self._class_error(cls, namespace, exc, context, pos) from exc
            self._modify_class(cls, namespace, context, pos)
        else:
            self.journal.created_class(name, namespace)
        key = namespace.lower(), name.lower()
        if key in self._known:
            # It was there before, and others may have inherited from it.
            self._merged.clear()
        self._known.add(key)
        self._names.classnames.setdefault(namespace, []).append(name.lower())

    def _class_error(
        self, cls: CIMClass, namespace: str, exc: CIMError, context: Context, pos: int
    ) -> MOFCompileError:
        message = f"Cannot compile class {namespace}:{cls.classname} because "
        if exc.status_code in (CIM_ERR_INVALID_SUPERCLASS, CIM_ERR_INVALID_PARAMETER):
            return context.error(
                f"{message}the CIM repository returned an error for CreateClass: {exc}",
                pos,
                cls.classname,
                MOFDependencyError,
            )
        return self._error(
            f"{message}the CIM repository returned an error for CreateClass",
            exc,
            context,
            pos,
            cls.classname,
        )

    def _modify_class(self, cls: CIMClass, namespace: str, context: Context, pos: int) -> None:
        name = cls.classname
        self._log(f"Class already exists - modifying class {namespace}:{name}")
        try:
            before = self._own_part(name, namespace)
            put_back = self.journal.keep("class", namespace, name)
            self.handle.ModifyClass(cls, namespace)
        except CIMError as exc:
            self._log(
                f"Error modifying class {namespace}:{name}: {exc.status_code}, "
                f"{exc.status_description}"
            )
            raise self._error(
                f"Cannot compile class {namespace}:{name} because the class already exists and the "
                "CIM repository returned an error for ModifyClass",
                exc,
                context,
                pos,
                name,
            ) from exc
        self.journal.modified_class(before, namespace, put_back)
        self._known.add((namespace.lower(), name.lower()))

    def _own_part(self, name: str, namespace: str) -> CIMClass:
        """
        Return a class with which the one that exists can be modified back: what it declares itself.

        Servers differ in what LocalOnly leaves out; what an element overrides may be among that.
        """
        cls: CIMClass = self.handle.GetClass(
            name,
            namespace=namespace,
            LocalOnly=False,
            IncludeQualifiers=True,
            IncludeClassOrigin=True,
        )
        elements: List[Any] = [*cls.properties.values(), *cls.methods.values()]
        if any(item.propagated is None and item.class_origin is None for item in elements):
            local: CIMClass = self.handle.GetClass(
                name, namespace=namespace, LocalOnly=True, IncludeQualifiers=True
            )
            return local
        own = cls.copy()
        own.properties = [item for item in own.properties.values() if _is_own(item, name)]
        own.methods = [item for item in own.methods.values() if _is_own(item, name)]
        for item in (own, *own.properties.values(), *own.methods.values()):
            item.qualifiers = [
                qualifier for qualifier in item.qualifiers.values() if not qualifier.propagated
            ]
        return own

    def key_names(self, cls: CIMClass, namespace: str) -> List[str]:
        """
        Return the names of the key properties of a class.
        """
        if isinstance(self.handle, MOFWBEMConnection):
            return self.handle.key_names(cls.classname, namespace)
        return [prop.name for prop in cls.properties.values() if is_key(prop)]

    # Instances

    def create_instance(
        self,
        instance: CIMInstance,
        key_names: List[str],
        namespace: str,
        context: Context,
        pos: int,
    ) -> CIMInstanceName:
        """
        Create an instance, or modify it if it exists; return its path.
        """
        name = instance.classname
        self._log(f"Creating instance of class {namespace}:{name}")

        def made() -> CIMInstanceName:
            return CIMInstanceName(name, key_values(instance, key_names), namespace=namespace)

        try:
            path = self._in_namespace(
                namespace,
                context,
                pos,
                lambda: self.handle.CreateInstance(instance, namespace=namespace),
            )
        except CIMError as exc:
            if exc.status_code != CIM_ERR_ALREADY_EXISTS:
                raise self._error(
                    f"Cannot compile instance of {name!r} because the CIM repository returned an "
                    "error for CreateInstance",
                    exc,
                    context,
                    pos,
                    "instance",
                ) from exc
            existing = instance.path = made()
            self._modify_instance(instance, existing, namespace, context, pos)
            return existing
        if not isinstance(path, CIMInstanceName):
            path = made()
        elif path.namespace is None:
            path = path.copy()
            path.namespace = namespace
        self.journal.created_instance(instance, path, namespace)
        return path

    def _modify_instance(
        self,
        instance: CIMInstance,
        path: CIMInstanceName,
        namespace: str,
        context: Context,
        pos: int,
    ) -> None:
        self._log(
            f"Instance already exists - retrieving its class {path.namespace}:{path.classname}"
        )
        self._log(f"Modifying instance {path_text(path)}")
        get_instance: Optional[Callable[..., CIMInstance]]
        get_instance = getattr(self.handle, "GetInstance", None)
        before = None
        try:
            if get_instance is not None:
                before = get_instance(path, LocalOnly=False)
                before.path = path
                for prop in instance.properties.values():
                    if found_in(before.properties, prop.name) is None:
                        # It had no value; only one that is sent is set.
                        before.properties[prop.name] = _without_value(prop)
            put_back = self.journal.keep("instance", namespace, path)
            self.handle.ModifyInstance(instance)
        except CIMError as exc:
            raise self._error(
                f"Cannot compile instance {path_text(path)} because it already exists and the CIM "
                "repository returned an error for ModifyInstance",
                exc,
                context,
                pos,
                "instance",
            ) from exc
        if before is None:
            self.journal.lost_instance(path)
        else:
            self.journal.modified_instance(before, put_back)


def _is_own(element: Any, classname: str) -> bool:
    """
    Return whether a class declares an element itself.
    """
    if element.propagated is not None:
        return not element.propagated
    return bool(element.class_origin.lower() == classname.lower())


def _without_value(prop: CIMProperty) -> CIMProperty:
    return CIMProperty(
        prop.name,
        None,
        type=prop.type,
        is_array=prop.is_array,
        reference_class=prop.reference_class,
    )
