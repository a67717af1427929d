"""
Operations on qualifier declarations (DSP0200 5.4.2.20 to 5.4.2.23).
"""

from __future__ import annotations

from typing import Any, Iterator, List, Optional

from pywbem._cim_constants import CIM_ERR_FAILED, CIM_ERR_NOT_FOUND
from pywbem._cim_obj import CIMClass, CIMQualifierDeclaration
from pywbem._exceptions import CIMError
from pywbem._nocasedict import NocaseDict

from ..store.copying import copy_qualifier_declaration
from ..store.objects import InMemoryObjectStore
from .base import ProviderBase


class QualifierOperations(ProviderBase):
    """
    The operations on qualifier declarations.
    """

    def _declarations(self, namespace: str) -> InMemoryObjectStore[CIMQualifierDeclaration]:
        self.validate_namespace(namespace)
        return self._cimrepository.get_qualifier_store(namespace)

    def EnumerateQualifiers(self, namespace: str) -> List[CIMQualifierDeclaration]:
        """
        Return the qualifier declarations of a namespace.

        Parameters:
            namespace (str): The namespace.

        Raises:
            CIMError: CIM_ERR_INVALID_NAMESPACE.
        """
        return list(self._declarations(namespace).iter_values())

    def GetQualifier(self, namespace: str, QualifierName: str) -> CIMQualifierDeclaration:
        """
        Return a qualifier declaration.

        Parameters:
            namespace (str): The namespace.
            QualifierName (str): Name of the qualifier, in any lexical case.

        Raises:
            CIMError: CIM_ERR_INVALID_NAMESPACE, CIM_ERR_NOT_FOUND.
        """
        declaration = self._declarations(namespace).find(QualifierName)
        if declaration is None:
            raise _not_found(QualifierName, namespace)
        return copy_qualifier_declaration(declaration)

    def SetQualifier(self, namespace: str, QualifierDeclaration: CIMQualifierDeclaration) -> None:
        """
        Create a qualifier declaration or replace it.

        Parameters:
            namespace (str): The namespace.
            QualifierDeclaration (CIMQualifierDeclaration): The declaration.

        Raises:
            CIMError: CIM_ERR_INVALID_NAMESPACE.
        """
        store = self._declarations(namespace)
        if store.object_exists(QualifierDeclaration.name):
            store.update(QualifierDeclaration.name, QualifierDeclaration)
        else:
            store.create(QualifierDeclaration.name, QualifierDeclaration)

    def DeleteQualifier(self, namespace: str, QualifierName: str) -> None:
        """
        Delete a qualifier declaration that no class uses.

        Parameters:
            namespace (str): The namespace.
            QualifierName (str): Name of the qualifier, in any lexical case.

        Raises:
            CIMError: CIM_ERR_INVALID_NAMESPACE, CIM_ERR_NOT_FOUND;
                CIM_ERR_FAILED: A class uses the qualifier.
        """
        store = self._declarations(namespace)
        if not store.object_exists(QualifierName):
            raise _not_found(QualifierName, namespace)
        for cls in self._cimrepository.get_class_store(namespace).iter_values(copy=False):
            if any(QualifierName in qualifiers for qualifiers in _all_qualifiers(cls)):
                raise CIMError(
                    CIM_ERR_FAILED,
                    f"Qualifier declaration {QualifierName!r} in namespace {namespace!r} cannot "
                    f"be deleted: it is used at least in class {cls.classname!r}.",
                )
        store.delete(QualifierName)


def _not_found(name: str, namespace: str) -> CIMError:
    return CIMError(
        CIM_ERR_NOT_FOUND,
        f"Qualifier declaration {name!r} not found in namespace {namespace!r}.",
    )


def _all_qualifiers(cls: CIMClass) -> Iterator[NocaseDict]:
    """
    The dictionaries of qualifiers of a class and its elements that are not
    empty.
    """
    groups: List[Optional[Any]] = [cls._qualifiers]
    groups += [prop._qualifiers for prop in (cls._properties or {}).values()]
    for method in (cls._methods or {}).values():
        groups.append(method._qualifiers)
        groups += [param._qualifiers for param in (method._parameters or {}).values()]
    return (group for group in groups if group)
