"""
What all providers have: access to the repository, its namespaces and classes.
"""

from __future__ import annotations

import functools
from contextvars import ContextVar
from typing import Any, Callable, Dict, Optional, Sequence, TypeVar, Union, cast

from nocaselist import NocaseList

from pywbem._cim_constants import (
    CIM_ERR_ALREADY_EXISTS,
    CIM_ERR_INVALID_NAMESPACE,
    CIM_ERR_NAMESPACE_NOT_EMPTY,
    CIM_ERR_NOT_FOUND,
)
from pywbem._cim_obj import CIMClass, CIMInstance
from pywbem._cim_xml.records import Correlators
from pywbem._exceptions import CIMError

from ..store.base import BaseObjectStore
from ..store.class_view import class_view, wanted_names
from ..store.errors import invalid_namespace, not_in
from ..store.memory import InMemoryRepository

__all__ = ["BaseProvider"]

# The names that an Interop namespace can have (DSP1033), and that of OpenPegasus.
INTEROP_NAMESPACES = ("interop", "root/interop", "root/PG_Interop")


#: The correlators of the call that is being performed.
CORRELATORS: ContextVar[Correlators] = ContextVar("correlators", default=())

_MethodT = TypeVar("_MethodT", bound=Callable[..., Any])


def locked(method: _MethodT) -> _MethodT:
    """
    A method of a provider that is one step for others: it holds the lock of the repository.
    """

    @functools.wraps(method)
    def hold(self: BaseProvider, *args: Any, **kwargs: Any) -> Any:
        with self._cimrepository.lock:
            return method(self, *args, **kwargs)

    return cast(_MethodT, hold)


class BaseProvider:
    """
    Base class of all providers.
    """

    def __init__(self, cimrepository: InMemoryRepository) -> None:
        """
        Parameters:
            cimrepository (InMemoryRepository): The CIM repository.
        """
        self._cimrepository = cimrepository

    def __repr__(self) -> str:
        return f"{type(self).__name__}(cimrepository={self._cimrepository!r})"

    @property
    def cimrepository(self) -> InMemoryRepository:
        """
        :class:`InMemoryRepository`: The CIM repository.
        """
        return self._cimrepository

    @property
    def correlators(self) -> Dict[str, Any]:
        """
        dict: The correlators of the call that this thread performs (DSP0201 2.4), by name;
        empty where the client sent none.
        """
        return dict(CORRELATORS.get())

    # -- Namespaces -----------------------------------------------------------

    @property
    def namespaces(self) -> NocaseList:
        """
        :class:`~nocaselist.NocaseList` of str: Names of the namespaces in the
        repository.
        """
        return self._cimrepository.namespaces

    @property
    def interop_namespace_names(self) -> NocaseList:
        """
        :class:`~nocaselist.NocaseList` of str: The names that an Interop
        namespace can have.  A server has at most one Interop namespace.
        """
        return NocaseList(INTEROP_NAMESPACES)

    def is_interop_namespace(self, namespace: str) -> bool:
        """
        Return whether a name is one that an Interop namespace can have.

        Parameters:
            namespace (str): Name of a namespace, which need not exist.
        """
        return namespace in self.interop_namespace_names

    def find_interop_namespace(self) -> Optional[str]:
        """
        Return the name of the Interop namespace in the repository, or None if
        there is none.
        """
        interop = [name for name in self.namespaces if self.is_interop_namespace(name)]
        return interop[0] if interop else None

    def validate_namespace(self, namespace: str) -> None:
        """
        Check that a namespace exists.

        Parameters:
            namespace (str): Name of the namespace.

        Raises:
            CIMError: CIM_ERR_INVALID_NAMESPACE: It does not exist.
        """
        if not self._cimrepository.has_namespace(namespace):
            raise invalid_namespace(namespace)

    @locked
    def add_namespace(self, namespace: str, verbose: bool = False) -> None:
        """
        Add a namespace to the repository.

        Parameters:
            namespace (str): Name of the namespace; leading and trailing slashes
                are removed.
            verbose (bool): Print a message.

        Raises:
            ValueError: The namespace is None.
            CIMError: CIM_ERR_ALREADY_EXISTS: It exists, or it is an Interop
                namespace and there is one already.
        """
        if namespace is None:
            raise ValueError("The argument namespace must not be None")
        name = namespace.strip("/")
        interop = self.find_interop_namespace()
        if interop is not None and self.is_interop_namespace(name):
            raise CIMError(
                CIM_ERR_ALREADY_EXISTS,
                f"An Interop namespace {interop!r} already exists in the CIM repository. "
                f"{name!r} cannot be added.",
            )
        if self._cimrepository.has_namespace(name):
            raise CIMError(
                CIM_ERR_ALREADY_EXISTS, f"Namespace {name!r} already exists in the CIM repository"
            )
        self._cimrepository.add_namespace(name)
        if verbose:
            print(f"Creating namespace {name} (in mock support)")

    @locked
    def remove_namespace(self, namespace: str, verbose: bool = False) -> None:
        """
        Remove an empty namespace from the repository.

        Parameters:
            namespace (str): Name of the namespace.
            verbose (bool): Print a message.

        Raises:
            ValueError: The namespace is None.
            CIMError: CIM_ERR_NOT_FOUND: It does not exist.
                CIM_ERR_INVALID_NAMESPACE: It is the Interop namespace.
                CIM_ERR_NAMESPACE_NOT_EMPTY: It is not empty.
        """
        if namespace is None:
            raise ValueError("The argument namespace must not be None")
        name = namespace.strip("/")
        if not self._cimrepository.has_namespace(name):
            raise CIMError(
                CIM_ERR_NOT_FOUND, f"Namespace {name!r} does not exist in the CIM repository"
            )
        if self.is_interop_namespace(name):
            raise CIMError(
                CIM_ERR_INVALID_NAMESPACE,
                f"The Interop namespace {name!r} cannot be removed from the CIM repository.",
            )
        try:
            self._cimrepository.remove_namespace(name)
        except ValueError:
            raise CIMError(
                CIM_ERR_NAMESPACE_NOT_EMPTY, f"Namespace {name!r} contains objects."
            ) from None
        if verbose:
            print(f"Deleting namespace {name} (in mock support)")

    # -- Classes --------------------------------------------------------------

    def class_exists(self, namespace: str, classname: str) -> bool:
        """
        Return whether a class exists.

        Parameters:
            namespace (str): Name of the namespace.
            classname (str): Name of the class, in any lexical case.

        Raises:
            KeyError: The namespace does not exist.
        """
        return self._cimrepository.get_class_store(namespace).object_exists(classname)

    def get_class(
        self,
        namespace: str,
        classname: str,
        local_only: Optional[bool] = None,
        include_qualifiers: Optional[bool] = None,
        include_classorigin: Optional[bool] = None,
        property_list: Optional[Sequence[str]] = None,
    ) -> CIMClass:
        """
        Return a copy of a class, reduced to what is asked for.

        Parameters:
            namespace (str): Name of the namespace.
            classname (str): Name of the class, in any lexical case.
            local_only (bool): Leave out inherited properties and methods.  None
                means True.
            include_qualifiers (bool): Include qualifiers.  None means True.
            include_classorigin (bool): Include the class origin of properties
                and methods.  None means False.
            property_list (list of str): Names of the properties to include.
                None means all.

        Raises:
            KeyError: The namespace does not exist.
            CIMError: CIM_ERR_NOT_FOUND: The class does not exist.
        """
        cls = self._cimrepository.get_class_store(namespace).find(classname)
        if cls is None:
            raise CIMError(CIM_ERR_NOT_FOUND, not_in(classname, namespace))
        return class_view(
            cls, local_only, include_qualifiers, include_classorigin, wanted_names(property_list)
        )

    def is_subclass(
        self, klass: str, superclass: str, class_store: BaseObjectStore[CIMClass]
    ) -> bool:
        """
        Return whether a class is a subclass of another at any level, or the
        same.

        Parameters:
            klass (str): Name of the class.
            superclass (str): Name of the other class.
            class_store (BaseObjectStore): The classes of the namespace.

        Raises:
            KeyError: One of the classes does not exist.
        """
        wanted = class_store.get(superclass, copy=False).classname.casefold()
        name: Optional[str] = klass
        while name is not None:
            if name.casefold() == wanted:
                return True
            name = class_store.get(name, copy=False).superclass
        return False

    @staticmethod
    def filter_properties(
        obj: Union[CIMClass, CIMInstance], property_list: Optional[Sequence[str]]
    ) -> None:
        """
        Remove the properties of a class or instance that are not in a list.

        Parameters:
            obj (CIMClass or CIMInstance): The object, which is changed.
            property_list (list of str): Names of the properties that stay.  None
                means all.
        """
        names = wanted_names(property_list)
        if names is not None:
            for prop in list(obj.properties.values()):
                if prop.name.casefold() not in names:
                    del obj.properties[prop.name]
